#!/bin/sh
#
# run.sh SRCDIR SECONDS TARGET...: each parser from its corpus, so long.
#
# Builds the targets in ./fuzz with clang and its sanitizers and runs as many
# at once as there are processors.  New finds go to fuzz/corpus/TARGET, what
# breaks a target to fuzz/found/TARGET-*, what it said to fuzz/TARGET.log.
# Prints TAP.
set -eu

# one TARGET SECONDS CORPUS: run it, say how it went.
one() {
	mkdir -p "corpus/$1" found
	if "tests/fuzz/$1" -max_total_time="$2" -max_len=4096 -timeout=10 \
		-rss_limit_mb=1024 -artifact_prefix="found/$1-" \
		"corpus/$1" "$3/$1" >"$1.log" 2>&1; then
		status=ok
	else
		status='not ok'
		tail -n 30 "$1.log" | sed 's/^/# /' >&2
	fi
	runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$1.log")
	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$1.log" | tail -n 1)
	printf '%s - %s, %s runs, %s edges\n' "$status" "$1" "${runs:-?}" \
		"${edges:-?}"
}

if [ "$1" = --one ]; then
	one "$4" "$2" "$3"
	exit
fi

srcdir=$(cd "$1" && pwd)
duration=$2
shift 2
mkdir -p fuzz
cd fuzz
sanitize=-fsanitize=fuzzer-no-link,address,undefined
[ -e Makefile ] || "$srcdir/configure" --quiet --enable-werror CC=clang \
	CFLAGS="-O1 -g $sanitize -fno-sanitize-recover=undefined"
{
	"${MAKE:-make}" -s statements &&
		printf 'tests/fuzz/%s\n' "$@" |
		xargs "${MAKE:-make}" -s -j "$(nproc)" \
			LDFLAGS=-fsanitize=fuzzer,address,undefined
} >make.log 2>&1 || {
	cat make.log
	exit 1
}
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" \
	"$srcdir/tests/fuzz/run.sh" --one "$duration" \
	"$srcdir/tests/fuzz/corpus" >results
cat results
printf '1..%d\n# pass %d\n# fail %d\n' $# "$(grep -c '^ok' results)" \
	"$(grep -c '^not ok' results)"
! grep -q '^not ok' results
