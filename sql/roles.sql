-- The roles and the database of an installation.  A superuser runs this once
-- per server; running it again does no harm:
--
--	psql -d postgres -f sql/roles.sql
--
-- tabel_owner	owns everything, nobody signs in as it
-- tabel_migrator	changes the schema (sql/migrate.sh)
-- tabel_app		is what the programs are
-- tabel_reader		reads, for reports of the house

\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I %s', name, kind)
FROM (VALUES
	('tabel_owner', 'NOLOGIN'),
	('tabel_migrator', 'LOGIN NOINHERIT'),
	('tabel_app', 'LOGIN'),
	('tabel_reader', 'LOGIN')) AS wanted (name, kind)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

GRANT tabel_owner TO tabel_migrator;

-- Whatever the server's own locale is: names are compared and folded by
-- Unicode's rules.
SELECT 'CREATE DATABASE tabel OWNER tabel_owner TEMPLATE template0
	ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tabel') \gexec

REVOKE ALL ON DATABASE tabel FROM PUBLIC;
GRANT CONNECT ON DATABASE tabel TO tabel_migrator, tabel_app, tabel_reader;

-- lock_timeout below statement_timeout, or it never fires.
ALTER ROLE tabel_migrator SET search_path = public;
ALTER ROLE tabel_migrator SET timezone = 'UTC';

ALTER ROLE tabel_app SET search_path = public;
ALTER ROLE tabel_app SET timezone = 'UTC';
ALTER ROLE tabel_app SET statement_timeout = '5s';
ALTER ROLE tabel_app SET lock_timeout = '1500ms';
ALTER ROLE tabel_app SET idle_in_transaction_session_timeout = '10s';

ALTER ROLE tabel_reader SET search_path = public;
ALTER ROLE tabel_reader SET timezone = 'UTC';
ALTER ROLE tabel_reader SET default_transaction_read_only = on;
ALTER ROLE tabel_reader SET statement_timeout = '5min';
ALTER ROLE tabel_reader SET lock_timeout = '1500ms';
ALTER ROLE tabel_reader SET idle_in_transaction_session_timeout = '1min';
