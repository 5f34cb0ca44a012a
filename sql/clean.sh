#!/bin/sh
#
# clean.sh: forget what is older than an age and that no report reads.
#
#	clean.sh AGE [CONNECTION]
#
# AGE is a number with d, w, m or y: 90d, 5y; at least 30 days.  CONNECTION
# is as in migrate.sh: the programs themselves may not delete these rows.
# Scans and card taps that became no event go, unless somebody still waits to be
# confirmed, and messages that were sent or given up.  Events, intervals and the audit
# log stay.
set -eu

case ${1:-} in
*[!0-9]?* | '' | [!0-9]*) unit='' ;;
*d) unit=days ;;
*w) unit=weeks ;;
*m) unit=months ;;
*y) unit=years ;;
*) unit='' ;;
esac
n=${1%?}
if [ -z "$unit" ] || [ -z "$n" ] || [ ${#n} -gt 4 ]; then
	echo 'An age is a number with d, w, m or y, as 90d or 5y.' >&2
	exit 1
fi
shift

export PGOPTIONS="${PGOPTIONS:-} -c role=tabel_owner"
psql -X -q -A -t -v ON_ERROR_STOP=1 -v age="$n $unit" \
	${1:+--dbname="$1"} -f - <<'SQL'
SELECT interval :'age' < interval '30 days' AS young \gset
\if :young
	\warn 'Nothing younger than 30 days is removed.'
	\set VERBOSITY terse
	DO 'BEGIN RAISE ''give an age of 30d or more''; END';
\endif
WITH claims AS (
	DELETE FROM claim c
	 WHERE c.at < now() - interval :'age'
	   AND NOT EXISTS (SELECT FROM event e WHERE e.claim = c.id)
	   AND NOT (c.pending AND EXISTS (SELECT FROM registration r
		WHERE r.person = c.person AND r.state = 'pending'))
	RETURNING 1
), taps AS (
	DELETE FROM tap t
	 WHERE t.received_at < now() - interval :'age'
	   AND NOT EXISTS (SELECT FROM event e WHERE e.tap = t.id)
	RETURNING 1
), messages AS (
	DELETE FROM notification
	 WHERE state <> 'waiting' AND created_at < now() - interval :'age'
	RETURNING 1
), logged AS (
	INSERT INTO audit (actor, action, entity, entity_id, new)
	SELECT 'tabelctl', 'clean', 'claim', '*',
	       jsonb_build_object('older_than', :'age',
			'claims', (SELECT count(*) FROM claims),
			'taps', (SELECT count(*) FROM taps),
			'messages', (SELECT count(*) FROM messages))
)
SELECT (SELECT count(*) FROM claims) || ' scans, ' ||
       (SELECT count(*) FROM taps) || ' taps, ' ||
       (SELECT count(*) FROM messages) || ' messages';
SQL
