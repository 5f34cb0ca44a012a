-- Facts and what they mean: lib/work/event.c is their only caller.

-- employee_lock(person int8) one
-- One at a time per person; what is read next is read after the lock.
SELECT id FROM employee
 WHERE person = :person AND is_primary AND left_on IS NULL
   FOR UPDATE;

-- employee_lock_id(employee int8) one
SELECT id FROM employee WHERE id = :employee FOR UPDATE;

-- fact_period(employee int8, kind text?, at timestamptz, time_zone text) many
-- The closed period that the fact would change (W19); it stays as it is until
-- the transaction ends.
SELECT period_detail(branch, month) AS detail
  FROM fact_period(:employee, :kind, :at, :time_zone);

-- pairing_state(employee int8, at timestamptz) one
-- The last accepted fact and the open interval, the state of the fold before a
-- fact of that instant; a tap that is no event yet is a fact too.  What was
-- given up since, but not yet then, is still open.
SELECT l.id AS last, l.at AS last_at, l.kind AS last_kind, l.last_out,
       o.in_event AS open, o.in_at AS open_at,
       extract(epoch FROM o.limit_at - o.in_at)::int8 AS open_limit,
       newest.at AS newest_at,
       EXISTS (SELECT FROM schedule WHERE employee = :employee)
	OR EXISTS (SELECT FROM schedule_exception WHERE employee = :employee) AS planned
  FROM (VALUES (1)) one
  LEFT JOIN LATERAL (
	SELECT e.id, e.at, m.kind, last_out(e, m.kind, i.limit_at) AS last_out
	  FROM event e
	  JOIN event_meaning m ON m.event = e.id
	  LEFT JOIN interval i ON i.in_event = e.id
	 WHERE e.employee = :employee
	   AND m.effect IN ('opens', 'closes', 'missing_in')
	 ORDER BY e.at DESC, i.id IS NOT NULL AND i.out_at IS DISTINCT FROM e.at DESC,
		m.kind = 'out' DESC, e.id DESC
	 LIMIT 1) l ON true
  LEFT JOIN LATERAL (
	SELECT greatest(
		(SELECT max(at) FROM event
		  WHERE employee = :employee AND voided_by IS NULL),
		(SELECT max(at) FROM tap
		  WHERE employee = :employee AND state = 'accepted')) AS at) newest ON true
  LEFT JOIN interval o ON o.employee = :employee
   AND (o.state = 'open' OR (o.state = 'missing_out' AND o.in_event = l.id
	AND o.limit_at >= :at AND employee_spell(:employee, o.in_at)
		= employee_spell(:employee, :at)));

-- event_add(employee int8, kind text?, at timestamptz, branch int8, time_zone text, limit_seconds int4, recorded_at timestamptz, source text, flags text, terminal int8?, claim int8?, made_by int8?, reason text?, longest int4, meant text, effect text, missing_out bool, open int8?, interval_limit int4) one
-- The fact, its meaning, its interval and its notices, together.
-- null: since, interval_seconds
WITH new AS (
	INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds,
		recorded_at, source, flags, terminal, claim, made_by, reason,
		longest_seconds, receipt)
	SELECT :employee, :kind, :at, :branch, :time_zone, :limit_seconds,
		:recorded_at, :source, :flags::text[], :terminal, :claim, :made_by,
		:reason, nullif(:longest, 0),
		encode(sha256(convert_to(concat_ws('|',
			coalesce((SELECT receipt FROM event WHERE employee = :employee
				ORDER BY id DESC LIMIT 1), ''),
			:employee, coalesce(:kind, 'none'),
			extract(epoch FROM :at)::int8, :branch, :source),
			'UTF8')), 'hex')
	RETURNING *
), meaning AS (
	INSERT INTO event_meaning (event, kind, effect)
	SELECT id, :meant, :effect FROM new
), lost AS (
	UPDATE interval SET state = 'missing_out'
	 WHERE employee = :employee AND state = 'open' AND :missing_out
	RETURNING id
), closed AS (
	UPDATE interval i SET state = 'closed', out_event = new.id, out_at = new.at
	  FROM new
	 WHERE i.in_event = :open AND :effect = 'closes' AND NOT :missing_out
), opened AS (
	-- after the one that was lost is no longer open
	INSERT INTO interval (employee, in_event, in_at, limit_at, branch,
		time_zone, day, state)
	SELECT employee, new.id, at, at + make_interval(secs => :interval_limit),
		branch, time_zone, local_day(at, time_zone), 'open'
	  FROM new, (SELECT count(*) FROM lost) before
	 WHERE :effect = 'opens'
), notice AS (
	INSERT INTO notification (person, chat, key, params, language, due_at,
		dedupe, created_at)
	SELECT t.person, t.chat,
	       'notice.' || CASE WHEN :missing_out THEN 'missing_out'
			WHEN :effect = 'missing_in' THEN 'missing_in'
			ELSE :meant END,
	       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
			'time', to_char(new.at AT TIME ZONE new.time_zone, 'HH24:MI'),
			'branch', b.name),
	       t.language, :recorded_at,
	       'event:' || new.id || ':' || coalesce('chat' || t.chat, t.person::text),
	       :recorded_at
	  FROM new
	  JOIN branch b ON b.id = new.branch
	  JOIN employee e ON e.id = new.employee
	  JOIN person p ON p.id = e.person
	  JOIN notice_recipient t ON t.branch = b.id
	 WHERE new.source NOT IN ('manual', 'correction') AND :effect <> 'redundant'
	   AND (b.notice = 'all' OR (b.notice = 'irregular'
		AND (:missing_out OR :effect = 'missing_in' OR new.flags <> '{}')))
)
SELECT new.id, new.at, :meant AS kind, :effect AS effect, new.branch,
       b.name AS branch_name, new.time_zone, new.source,
       to_json(new.flags) AS flags, new.receipt, new.recorded_at,
       CASE :effect WHEN 'opens' THEN new.at WHEN 'closes' THEN o.at END AS since,
       CASE :effect WHEN 'closes'
		THEN extract(epoch FROM new.at - o.at)::int8 END AS interval_seconds
  FROM new
  JOIN branch b ON b.id = new.branch
  LEFT JOIN event o ON o.id = :open;

-- notice_late(event int8, late int8, now timestamptz) none
-- Somebody came too late: told where everything is, and where only that is.
INSERT INTO notification (person, chat, key, params, language, due_at, dedupe,
	created_at)
SELECT t.person, t.chat, 'notice.late',
       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
		'time', to_char(v.at AT TIME ZONE v.time_zone, 'HH24:MI'),
		'minutes', :late / 60, 'branch', b.name),
       t.language, :now,
       'event:' || v.id || ':' || coalesce('chat' || t.chat, t.person::text), :now
  FROM event v
  JOIN branch b ON b.id = v.branch AND b.notice <> 'off'
  JOIN employee e ON e.id = v.employee
  JOIN person p ON p.id = e.person
  JOIN notice_recipient t ON t.branch = b.id
 WHERE v.id = :event
ON CONFLICT (dedupe) DO UPDATE SET key = excluded.key, params = excluded.params
	WHERE notification.key = 'notice.in';

-- event_get(id int8) one
-- The same members as event_add.
-- null: since, interval_seconds
SELECT e.id, e.at, coalesce(m.kind, e.kind) AS kind,
       coalesce(m.effect, 'voided') AS effect, e.branch, b.name AS branch_name,
       e.time_zone, e.source, to_json(e.flags) AS flags, e.receipt, e.recorded_at,
       coalesce(i.in_at, o.in_at) AS since,
       extract(epoch FROM o.out_at - o.in_at)::int8 AS interval_seconds
  FROM event e
  JOIN branch b ON b.id = e.branch
  LEFT JOIN event_meaning m ON m.event = e.id
  LEFT JOIN interval i ON i.in_event = e.id
  LEFT JOIN interval o ON o.out_event = e.id
 WHERE e.id = :id;

-- facts_load(since text) many
-- Of each employee the last accepted fact before his instant, if there is one,
-- and all facts from it on: by at, then as recorded; a tap that is no event yet
-- has no id.  Of the same second the last is what is still open after it, else
-- an out: the fold ends with that.  What was open in one spell is lost in the
-- next (W7).
SELECT s.employee, f.*, s.planned, s.spells,
       CASE WHEN s.spells > 0 THEN employee_spell(s.employee, f.at) ELSE 0 END AS spell
  FROM (
	SELECT employee, since,
	       (SELECT count(*) FROM employee_state p WHERE p.employee = x.employee) AS spells,
	       EXISTS (SELECT FROM schedule p WHERE p.employee = x.employee)
		OR EXISTS (SELECT FROM schedule_exception p
			WHERE p.employee = x.employee) AS planned
	  FROM jsonb_to_recordset(:since::jsonb)
		AS x(employee int8, since timestamptz)) s
 CROSS JOIN LATERAL (
	(SELECT true AS before, v.id, NULL::int8 AS tap, v.at, m.kind, m.effect = 'opens' AS opens,
		coalesce(extract(epoch FROM i.limit_at - i.in_at)::int4,
			v.limit_seconds) AS limit_seconds, 0 AS longest_seconds,
		false AS by_hand, last_out(v, m.kind, i.limit_at) AS last_out
	   FROM event v
	   JOIN event_meaning m ON m.event = v.id
	   LEFT JOIN interval i ON i.in_event = v.id
	  WHERE v.employee = s.employee AND v.at < s.since
	    AND m.effect IN ('opens', 'closes', 'missing_in')
	  ORDER BY v.at DESC, i.id IS NOT NULL AND i.out_at IS DISTINCT FROM v.at DESC,
		m.kind = 'out' DESC, v.id DESC
	  LIMIT 1)
	UNION ALL
	SELECT false, id, NULL, at, kind, false, limit_seconds,
		coalesce(longest_seconds, 0), source IN ('manual', 'correction'), NULL
	  FROM event
	 WHERE employee = s.employee AND at >= s.since AND voided_by IS NULL
	UNION ALL
	SELECT false, NULL, t.id, t.at, t.kind, false, t.limit_seconds, 0, false, NULL
	  FROM tap t
	 WHERE t.employee = s.employee AND t.at >= s.since AND t.state = 'accepted'
	   AND NOT EXISTS (SELECT FROM event v WHERE v.tap = t.id)
	   -- what repeated a fact that was voided since is no news either (W3)
	   AND NOT EXISTS (SELECT FROM event v
		  JOIN correction c ON c.id = v.voided_by
		   AND (c.decided_at >= t.received_at) IS NOT FALSE
		WHERE v.employee = t.employee
		  AND v.at BETWEEN t.at - interval '5 minutes' AND t.at)) f
 ORDER BY s.employee, f.before DESC, f.at, f.id, f.tap;

-- events_of_taps(made text, now timestamptz) many
-- The events of these taps, in that order, and their notices; is it to be told
-- if one comes too late?
WITH m AS (
	SELECT * FROM jsonb_to_recordset(:made::jsonb)
		AS m(n int4, tap int8, kind text, effect text, missing_out bool)
), previous AS MATERIALIZED (
	SELECT e.employee, (SELECT receipt FROM event v
		WHERE v.employee = e.employee ORDER BY id DESC LIMIT 1) AS receipt
	  FROM (SELECT DISTINCT t.employee FROM m JOIN tap t ON t.id = m.tap) e
), new AS (
	INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds,
		recorded_at, source, flags, terminal, tap, receipt)
	SELECT t.employee, t.kind, t.at, t.branch, t.time_zone, t.limit_seconds,
		:now, CASE WHEN t.offline THEN 'offline' ELSE 'nfc' END,
		CASE WHEN e.branch = t.branch OR EXISTS (SELECT FROM employee_branch o
			WHERE o.employee = e.id AND o.branch = t.branch)
		THEN '{}' ELSE '{other_branch}' END::text[],
		t.terminal, t.id,
		receipt_chain(p.receipt, concat_ws('|', t.employee,
			coalesce(t.kind, 'none'), extract(epoch FROM t.at)::int8,
			t.branch, CASE WHEN t.offline THEN 'offline' ELSE 'nfc' END))
			OVER (PARTITION BY t.employee ORDER BY m.n)
	  FROM m
	  JOIN tap t ON t.id = m.tap
	  JOIN employee e ON e.id = t.employee
	  JOIN previous p ON p.employee = t.employee
	 ORDER BY m.n
	RETURNING *
), notice AS (
	INSERT INTO notification (person, chat, key, params, language, due_at,
		dedupe, created_at)
	SELECT t.person, t.chat,
	       'notice.' || CASE WHEN m.missing_out THEN 'missing_out'
			WHEN m.effect = 'missing_in' THEN 'missing_in'
			ELSE m.kind END,
	       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
			'time', to_char(new.at AT TIME ZONE new.time_zone, 'HH24:MI'),
			'branch', b.name),
	       t.language, :now,
	       'event:' || new.id || ':' || coalesce('chat' || t.chat, t.person::text),
	       :now
	  FROM new
	  JOIN m ON m.tap = new.tap
	  JOIN branch b ON b.id = new.branch
	  JOIN employee e ON e.id = new.employee
	  JOIN person p ON p.id = e.person
	  JOIN notice_recipient t ON t.branch = b.id
	 WHERE b.notice = 'all' OR (b.notice = 'irregular'
		AND (m.missing_out OR m.effect = 'missing_in' OR new.flags <> '{}'))
)
SELECT new.id, b.notice <> 'off' AND m.effect = 'opens' AS tell
  FROM new
  JOIN m ON m.tap = new.tap
  JOIN branch b ON b.id = new.branch
 ORDER BY m.n;

-- facts_since(employee int8, day int4) one
-- Is there anything that a plan of that day and later ones may have paired?
SELECT EXISTS (SELECT FROM event WHERE employee = :employee
	AND at > date '1970-01-01' + :day - interval '3 days') AS any;

-- facts_open(employee int8) one
-- The first day and instant after his closed months, if there are some.
SELECT p.day, day_start(p.day, p.time_zone) AS since
  FROM (VALUES (1)) one
  LEFT JOIN LATERAL (
	SELECT upper(month_days(p.month)) AS day, b.time_zone
	  FROM employee_branches(:employee) s
	  JOIN period p ON p.branch = s.branch AND p.state = 'closed'
	   AND month_days(p.month) && s.days
	  JOIN branch b ON b.id = p.branch
	 ORDER BY p.month DESC LIMIT 1) p ON true;

-- facts_rewrite(meanings text, intervals text, now timestamptz) none
-- Replaces what was derived by what the fold says now.  Nothing is open of
-- somebody who has left (W7).
WITH m AS (
	SELECT event, kind, effect FROM jsonb_to_recordset(:meanings::jsonb)
		AS m(event int8, kind text, effect text)
), meaning AS (
	INSERT INTO event_meaning AS t (event, kind, effect) SELECT * FROM m
	ON CONFLICT (event) DO UPDATE
		SET kind = excluded.kind, effect = excluded.effect
		WHERE (t.kind, t.effect) <> (excluded.kind, excluded.effect)
)
INSERT INTO interval (employee, in_event, out_event, in_at, out_at, limit_at,
	branch, time_zone, day, state)
SELECT e.employee, e.id, o.id, e.at, o.at,
       e.at + make_interval(secs => i.limit_seconds), e.branch, e.time_zone,
       local_day(e.at, e.time_zone),
       CASE WHEN o.id IS NOT NULL THEN 'closed'
	    WHEN i.missing OR e.at + make_interval(secs => i.limit_seconds) < :now
		OR EXISTS (SELECT FROM employee x
			WHERE x.id = e.employee AND x.left_on IS NOT NULL)
	    THEN 'missing_out' ELSE 'open' END
  FROM jsonb_to_recordset(:intervals::jsonb)
	AS i(in_event int8, out_event int8, missing bool, limit_seconds int4)
  JOIN event e ON e.id = i.in_event
  LEFT JOIN event o ON o.id = i.out_event;

-- intervals_drop(since text) none
-- Those that began since then, and the one that was open then.
DELETE FROM interval i
 USING jsonb_to_recordset(:since::jsonb)
	AS s(employee int8, since timestamptz, open int8)
 WHERE i.employee = s.employee AND (i.in_at >= s.since OR i.in_event = s.open);

-- open_lost(employee int8) none
-- W7: the open interval of somebody who is deactivated.
UPDATE interval SET state = 'missing_out'
 WHERE employee = :employee AND state = 'open';
