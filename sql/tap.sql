-- Card taps: what a terminal sent, and whose they are.  lib/work/tap.c and
-- cgi-bin/events_taps.c are their callers.

-- tap_terminal(terminal int8, now timestamptz, offset_ms int8?) one
-- One request of a terminal at a time.  While its taps are looked up no card
-- changes hands; terminals do not wait for each other.
UPDATE terminal
   SET last_seen_at = :now,
       clock_offset_ms = CASE WHEN :offset_ms IS NULL THEN clock_offset_ms
		ELSE least(greatest(:offset_ms, -2147483647), 2147483647) END
 WHERE id = :terminal AND active
RETURNING kind, pg_advisory_xact_lock_shared(hashtextextended('tabel.cards', 0));

-- cards_hold() none
-- Whoever gives a card to somebody waits for taps that are being looked up.
SELECT pg_advisory_xact_lock(hashtextextended('tabel.cards', 0));

-- taps_new(terminal int8, taps text, now timestamptz) many
-- Those that are not there yet; accepted, of an unknown card, or refused.  One
-- that comes late is of whoever had the card then, as the log remembers, and
-- counts if he had not left then.
WITH i AS (
	SELECT * FROM jsonb_to_recordset(:taps::jsonb) AS i(n int4, number text,
		uid text, kind text, device_at timestamptz, at timestamptz,
		offline bool, reason text)
), lost AS MATERIALIZED (
	SELECT e.id AS employee, a.entity_id, a.old ->> 'card_uid' AS uid,
	       date_trunc('second', a.at) AS at
	  FROM audit a JOIN employee e ON e.id = a.entity_id::int8
	 WHERE a.entity = 'employee' AND a.old ->> 'card_uid' IS NOT NULL
	   AND a.at > :now - interval '18 hours'
), new AS (
	INSERT INTO tap (terminal, number, uid, kind, device_at, at, offline,
		received_at, branch, time_zone, limit_seconds, state, reason, employee)
	SELECT t.id, i.number, i.uid, i.kind, i.device_at, i.at, i.offline, :now,
	       b.id, b.time_zone, b.max_shift_minutes * 60,
	       CASE WHEN i.reason IS NOT NULL OR gone.reason IS NOT NULL THEN 'refused'
		    WHEN e.id IS NULL THEN 'unknown' ELSE 'accepted' END,
	       coalesce(i.reason, gone.reason), e.id
	  FROM i
	  JOIN terminal t ON t.id = :terminal
	  JOIN branch b ON b.id = t.branch
	  LEFT JOIN employee e ON e.id = coalesce((
		SELECT l.employee FROM lost l
		 WHERE l.uid = i.uid AND l.at > i.at
		   -- and had it before
		   AND NOT EXISTS (SELECT FROM audit a
			WHERE a.entity = 'employee' AND a.entity_id = l.entity_id
			  AND a.new ->> 'card_uid' = i.uid
			  AND date_trunc('second', a.at) BETWEEN i.at + interval '1 second' AND l.at)
		 ORDER BY l.at LIMIT 1),
		(SELECT x.id FROM employee x WHERE x.card_uid = i.uid))
	  LEFT JOIN LATERAL (
		SELECT 'PERSON_INACTIVE' AS reason FROM person p
		 WHERE p.id = e.person AND p.state <> 'active'
		   AND (SELECT s.active FROM employee_state s
			 WHERE s.employee = e.id AND s.at > i.at
			 ORDER BY s.at, s.id LIMIT 1) IS NOT FALSE) gone ON true
	 ORDER BY i.n
	ON CONFLICT ON CONSTRAINT tap_once DO NOTHING
	RETURNING id, employee, at, state
)
SELECT id, employee, at FROM new WHERE state = 'accepted' ORDER BY employee, at;

-- taps_adopt(employee int8) many
-- Those of his card that nobody had.
WITH his AS (
	UPDATE tap t SET state = 'accepted', employee = e.id
	  FROM employee e
	 WHERE e.id = :employee AND t.uid = e.card_uid AND t.state = 'unknown'
	RETURNING t.id, t.employee, t.at
)
SELECT id, employee, at FROM his ORDER BY at, id;

-- employees_lock(employees text) none
-- Always in this order, so that two who want several never wait for each other.
SELECT id FROM employee WHERE id = ANY (:employees::int8[])
 ORDER BY id FOR UPDATE;

-- taps_aside(taps text) none
UPDATE tap t SET employee = NULL
  FROM unnest(:taps::int8[]) AS i(id) WHERE t.id = i.id;

-- tap_count(tap int8, employee int8) none
UPDATE tap SET employee = :employee WHERE id = :tap;

-- tap_refuse(tap int8, employee int8, reason text) none
UPDATE tap SET state = 'refused', reason = :reason, employee = :employee
 WHERE id = :tap;

-- taps_made(taps text) one
SELECT count(v.id) AS events, count(*) FILTER (WHERE t.state = 'refused') AS refused
  FROM unnest(:taps::int8[]) AS i(id)
  JOIN tap t ON t.id = i.id
  LEFT JOIN event v ON v.tap = t.id;
