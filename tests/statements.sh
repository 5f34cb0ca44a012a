#!/usr/bin/env bash
#
# statements.sh: PREPARE every statement of sql/*.sql, as the application
# role, against a database made by the migrations.  Prints TAP.
#
# TOP_SRCDIR and AWK come from the Makefile.
set -euo pipefail

top=$(cd "${TOP_SRCDIR:-.}" && pwd)
awk=${AWK:-awk}
PATH=$PATH:/usr/lib/postgresql/15/bin
dir=$(mktemp -d /tmp/tabel-statements.XXXXXX)
as_user() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	chown postgres "$dir"
	as_user() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi
finish() {
	as_user pg_ctl -D "$dir/pg" -m immediate -w stop >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap finish EXIT

cd "$dir"
as_user initdb -D "$dir/pg" -U postgres --auth=trust -E UTF8 \
	--locale=C.UTF-8 --no-sync >/dev/null
as_user pg_ctl -D "$dir/pg" -o "-k $dir -c listen_addresses= -c fsync=off" \
	-l "$dir/log" -w start >/dev/null
psql -X -q -h "$dir" -U postgres -d postgres -f "$top/sql/roles.sql"
"$top/sql/migrate.sh" "host=$dir user=tabel_migrator dbname=tabel" >/dev/null

n=0
for file in "$top"/sql/*.sql; do
	group=$(basename "$file")
	grep -q '^-- [a-z_0-9]*(.*) \(one\|many\|none\|stream\)$' "$file" || continue
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
