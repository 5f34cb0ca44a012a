#!/usr/bin/env bash
#
# statements.sh: PREPARE every statement of sql/*.sql, as the application
# role, against a database made by the migrations.  Prints TAP.
#
# TOP_SRCDIR and AWK come from the Makefile.
set -euo pipefail
. "${TOP_SRCDIR:-.}/tests/cluster.sh"

awk=${AWK:-awk}
n=0
for file in "$top"/sql/*.sql; do
	group=$(basename "$file")
	grep -q '^-- [a-z_0-9]*(.*) \(one\|many\|none\|csv\)$' "$file" || continue
	n=$((n + 1))
	if "$awk" -f "$top/sql/embed.awk" -v out=check "$file" |
		psql -X -q -v ON_ERROR_STOP=1 -h "$dir" -U tabel_app -d tabel \
			>"$dir/out" 2>&1; then
		echo "ok $n - $group"
	else
		sed 's/^/# /' "$dir/out"
		echo "not ok $n - $group"
	fi
done

# Whatever awk there is writes the same C.
embed() {
	for out in h c check; do
		for file in "$top"/sql/*.sql; do
			"$1" -f "$top/sql/embed.awk" -v out=$out "$file"
		done
	done
}
embed "$awk" >"$dir/ours"
for other in gawk mawk original-awk; do
	n=$((n + 1))
	if ! command -v $other >/dev/null; then
		echo "ok $n - $other # SKIP not here"
	elif embed $other 2>&1 | cmp "$dir/ours" - >&2; then
		echo "ok $n - $other"
	else
		echo "not ok $n - $other"
	fi
done
echo "1..$n"
