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
echo "1..$n"
