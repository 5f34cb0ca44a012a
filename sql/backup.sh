#!/bin/sh
#
# backup.sh: what "tabelctl backup" and "tabelctl restore" do besides keys.
#
#	backup.sh dump DIRECTORY [CONNECTION]	database and manifest into it
#	backup.sh pack DIRECTORY FILE		into one tar file
#	backup.sh unpack FILE DIRECTORY
#	backup.sh load DIRECTORY [CONNECTION]	into an empty installation
#
# CONNECTION is a libpq connection string of the role tabel_migrator; without
# it the PG* environment decides.  The file holds
#
#	manifest	a line "tabel-backup 1", then "name value" per line
#	database	what pg_dump --format=custom writes
#	keys		the keys under a passphrase (lib/trust/keyring_backup.c)
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
export PGOPTIONS="${PGOPTIONS:-} -c role=tabel_owner"

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

dump() {	# dump DIRECTORY [CONNECTION]
	dir=$1
	shift
	pg_dump --format=custom --role=tabel_owner --file="$dir/database" \
		${1:+--dbname="$1"}
	{
		printf 'tabel-backup 1\n'
		date -u '+created %Y-%m-%dT%H:%M:%SZ'
		psql -X -q -A -t ${1:+--dbname="$1"} -c \
			"SELECT 'schema ' || max(version) FROM schema_version"
	} >"$dir/manifest"
}

pack() {	# pack DIRECTORY FILE
	tar -C "$1" -cf "$1/packed" manifest database keys
	sync "$1/packed"
	mv -n "$1/packed" "$2"
	[ ! -e "$1/packed" ] || die "$2 is there already."
}

unpack() {	# unpack FILE DIRECTORY
	tar -C "$2" -xf "$1" --no-same-owner --no-same-permissions \
		manifest database keys 2>/dev/null ||
		die "$1 is no backup of Tabel, or not a whole one."
	[ "$(head -n 1 "$2/manifest")" = 'tabel-backup 1' ] ||
		die "$1 is a backup of another kind."
}

# A database that has a schema but nobody in it is empty, too.
before_load() {
	cat <<-'SQL'
	SET client_min_messages = warning;
	SELECT to_regclass('public.person') IS NOT NULL AS there \gset
	\if :there
		SELECT EXISTS (SELECT FROM public.person)
		    OR EXISTS (SELECT FROM public.branch) AS used \gset
		\if :used
			\warn 'The installation is not empty: nothing was restored.'
			\set VERBOSITY terse
			ROLLBACK;
			DO 'BEGIN RAISE ''restore into a new database''; END';
		\endif
	\endif
	DROP OWNED BY tabel_owner;
	SQL
}

load() {	# load DIRECTORY [CONNECTION]
	dir=$1
	shift
	schema=$(sed -n 's/^schema //p' "$dir/manifest")
	newest=$(find "$here/migrations" -name '[0-9]*.sql' | sort | tail -n 1)
	newest=$(basename "$newest" | sed 's/^0*\([0-9]*\)_.*/\1/')
	[ "${schema:-0}" -le "$newest" ] || die "The backup has schema version" \
		"$schema, these programs know $newest: install newer ones."
	before_load >"$dir/before"
	pg_restore --no-comments --file="$dir/script" "$dir/database"
	psql -X -q -v ON_ERROR_STOP=1 --single-transaction ${1:+--dbname="$1"} \
		-f "$dir/before" -f "$dir/script" >/dev/null
	"$here/migrate.sh" "$@"
}

case ${1:-} in
dump | pack | unpack | load) "$@" ;;
*) die 'usage: backup.sh dump|pack|unpack|load ...' ;;
esac
