-- Pairing codes, and the lock that everything takes that changes a terminal's
-- key or codes.

-- terminal_lock(id int8) one
-- Whatever changes a terminal's key or codes takes this lock first.
SELECT id FROM terminal WHERE id = :id FOR UPDATE;

-- terminal_pairing_void(id int8) none
DELETE FROM one_time_code
 WHERE terminal = :id AND purpose = 'pairing' AND used_at IS NULL;

-- terminal_pairing(id int8, hash text, expires_at timestamptz, now timestamptz) one
-- The place of a dead code may be taken; no row: that code is alive.
INSERT INTO one_time_code AS c (purpose, hash, terminal, expires_at)
VALUES ('pairing', :hash, :id, :expires_at)
ON CONFLICT (purpose, hash) DO UPDATE SET
	terminal = excluded.terminal, expires_at = excluded.expires_at,
	used_at = NULL
 WHERE c.used_at IS NOT NULL OR c.expires_at <= :now
RETURNING c.id;
