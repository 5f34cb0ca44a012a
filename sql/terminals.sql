-- The statements of cgi-bin/terminals.c.

-- terminal_list(only int8?, after int8, limit int4) many
SELECT t.id, t.name, t.location, t.branch, b.name AS branch_name, t.kind,
       t.active, t.key_hash IS NOT NULL AS paired, t.paired_at,
       t.last_seen_at, t.clock_offset_ms,
       md5(ROW(t.name, t.location, t.branch, t.kind)::text) AS version
  FROM terminal t
  JOIN branch b ON b.id = t.branch
 WHERE t.id > :after AND (:only::int8 IS NULL OR t.id = :only)
 ORDER BY t.id
 LIMIT :limit + 1;

-- terminal_new(name text, location text, branch int8, kind text) one
-- No row: there is no such branch.
INSERT INTO terminal (name, location, branch, kind)
SELECT :name, :location, id, :kind FROM branch WHERE id = :branch
RETURNING id;

-- terminal_change(id int8, name text, location text, branch int8, kind text) one
UPDATE terminal t
   SET name = :name, location = :location, branch = b.id, kind = :kind
  FROM branch b
 WHERE t.id = :id AND b.id = :branch
RETURNING t.id;

-- terminal_delete(id int8) one
-- Only while no claim, no tap and no event names it.
DELETE FROM terminal t
 WHERE t.id = :id
   AND NOT EXISTS (SELECT FROM claim WHERE terminal = t.id)
   AND NOT EXISTS (SELECT FROM tap WHERE terminal = t.id)
   AND NOT EXISTS (SELECT FROM event WHERE terminal = t.id)
RETURNING t.id;

-- terminal_revoke(id int8) one
WITH void AS (
	DELETE FROM one_time_code
	 WHERE terminal = :id AND purpose = 'pairing' AND used_at IS NULL
)
UPDATE terminal SET active = false, key_hash = NULL
 WHERE id = :id
RETURNING id;

-- terminal_register(hash text, key_hash text, now timestamptz) one
-- The code is used up and the terminal has a new key, or there is no row.
-- The terminal is locked first, as for a new code, and speaks for itself in
-- the audit log.
WITH named AS (
	SELECT c.id AS code, t.id,
	       set_config('tabel.actor', 'terminal:' || t.id, false)
	  FROM one_time_code c
	  JOIN terminal t ON t.id = c.terminal
	 WHERE c.purpose = 'pairing' AND c.hash = :hash
	   AND c.used_at IS NULL AND c.expires_at > :now
	   FOR UPDATE OF t
), used AS (
	UPDATE one_time_code c SET used_at = :now
	  FROM named n
	 WHERE c.id = n.code AND c.used_at IS NULL
	RETURNING n.id
), paired AS (
	UPDATE terminal t
	   SET key_hash = :key_hash, active = true, paired_at = :now
	  FROM used u
	 WHERE t.id = u.id
	RETURNING t.id, t.name, t.branch
)
SELECT p.id, p.name, b.name AS branch_name
  FROM paired p
  JOIN branch b ON b.id = p.branch;

-- feed(terminal int8, now timestamptz) one
-- The whole ordinary poll.  The echo is who has just scanned here.
SELECT t.id, t.name, t.sequence,
       t.last_seen_at IS NULL OR t.last_seen_at <= :now - interval '15 s'
		OR t.last_seen_at > :now AS unseen,
       b.id AS branch, b.name AS branch_name, b.time_zone, b.rotation_seconds,
       (SELECT coalesce(json_agg(json_build_object('id', c.id,
		'name', CASE WHEN p.first_name = '' THEN '…' ELSE concat(
			p.first_name, ' ' || left(nullif(p.last_name, ''), 1) || '.')
			END,
		'at', to_char(c.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'kind', e.kind, 'time_zone', b.time_zone) ORDER BY c.id), '[]')
	  FROM claim c
	  JOIN person p ON p.id = c.person
	  LEFT JOIN event e ON e.claim = c.id
	 WHERE c.terminal = t.id AND c.at > :now - interval '10 s') AS echo
  FROM terminal t
  JOIN branch b ON b.id = t.branch
 WHERE t.id = :terminal;

-- feed_seen(terminal int8, now timestamptz, offset_ms int8?) none
-- A row that a claim is changing right now is left to the next poll.
UPDATE terminal
   SET last_seen_at = :now,
       clock_offset_ms = CASE WHEN :offset_ms IS NULL THEN clock_offset_ms
		ELSE LEAST(GREATEST(:offset_ms, -2147483647), 2147483647) END
 WHERE id = (SELECT id FROM terminal WHERE id = :terminal
	FOR NO KEY UPDATE SKIP LOCKED);
