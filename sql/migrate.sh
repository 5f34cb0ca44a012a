#!/bin/sh
#
# migrate.sh: bring a database to the schema of sql/migrations.
#
#	sql/migrate.sh [CONNECTION]
#
# CONNECTION is a libpq connection string of the role tabel_migrator; without
# it the PG* environment decides.  sql/roles.sql makes the roles and the
# database.  Each file is one transaction together with its row in
# schema_version; a file that was changed after it was applied is refused,
# unless migrations/sums knows both texts.
# One advisory lock makes two runs at once safe.  A table that is in use is
# waited for shortly and then tried again, so that nobody queues behind us.
set -eu

migrations=$(cd "$(dirname "$0")/migrations" && pwd)

script() {
	cat <<-'SQL'
	\set ON_ERROR_STOP on
	\set VERBOSITY verbose
	SET client_min_messages = warning;
	SELECT current_setting('server_encoding') <> 'UTF8' AS legacy \gset
	\if :legacy
		\warn the database is not in UTF8; sql/roles.sql says how to make one
		DO 'BEGIN RAISE ''nothing was applied''; END';
	\endif
	SET ROLE tabel_owner;
	SELECT pg_advisory_lock(hashtext('tabel migrations')) \g /dev/null
	CREATE TABLE IF NOT EXISTS schema_version (
		version		integer PRIMARY KEY,
		name		text NOT NULL,
		sha256		text NOT NULL,
		applied_at	timestamptz NOT NULL DEFAULT now()
	);
	SET lock_timeout = '2s';
	SQL
	for file in "$migrations"/[0-9][0-9][0-9][0-9]_*.sql; do
		name=$(basename "$file" .sql)
		sum=$(sha256sum <"$file")
		known=$(awk -v name="$name.sql" '$2 == name { print $1 }' \
			"$migrations/sums" | paste -sd, -)
		cat <<-SQL
		\set version ${name%%_*}
		\set name '$name'
		\set sha256 '${sum%% *}'
		SELECT count(*) = 0 AS missing,
		       bool_or(sha256 <> :'sha256'
			AND NOT ARRAY[sha256, :'sha256'] <@ '{$known}') AS changed
		FROM schema_version WHERE version = :version \gset
		\if :missing
			\echo applying :name
			BEGIN;
			\i '$file'
			INSERT INTO schema_version (version, name, sha256)
			VALUES (:version, :'name', :'sha256');
			COMMIT;
		\elif :changed
			\warn :name was changed after it was applied
			DO 'BEGIN RAISE ''nothing more was applied''; END';
		\endif
		SQL
	done
}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

for try in 1 2 3 4 5; do
	if script | psql -X -q "$@" 2>"$errors"; then
		cat "$errors" >&2
		exit 0
	fi
	grep -q 55P03 "$errors" || break	# lock_not_available
	sleep "$try"
done
cat "$errors" >&2
exit 1
