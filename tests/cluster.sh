# cluster.sh: a private PostgreSQL with the schema of the migrations, in $dir,
# until the script that reads this ends.  TOP_SRCDIR comes from the Makefile.

top=$(cd "${TOP_SRCDIR:-.}" && pwd)
PATH=$PATH:/usr/lib/postgresql/15/bin
dir=$(mktemp -d /tmp/tabel-cluster.XXXXXX)
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
cd "$OLDPWD"
