-- Claims, events, who is in, and the person's own day.

-- claim_place(terminal int8, person int8, ip text) one
-- Where the code was shown, and what that branch asks of a place.
SELECT t.active, t.branch, b.place_rule, b.latitude, b.longitude, b.radius_m,
       cardinality(b.networks) AS n_networks,
       (:ip::inet <<= ANY (b.networks)) IS TRUE AS in_network,
       e.id IS NULL OR e.branch = t.branch OR EXISTS (
		SELECT FROM employee_branch o
		 WHERE o.employee = e.id AND o.branch = t.branch) AS home,
       e.id AS employee
  FROM terminal t
  JOIN branch b ON b.id = t.branch
  LEFT JOIN employee e ON e.person = :person AND e.is_primary AND e.left_on IS NULL
 WHERE t.id = :terminal;

-- claim_new(person int8, terminal int8, nonce bytea, now timestamptz, pending bool, flags text, latitude float8?, longitude float8?) one
-- The nonce's primary key makes the code single-use, also in parallel.
WITH used AS (
	INSERT INTO used_code (nonce, used_at) VALUES (:nonce, :now)
), t AS (
	UPDATE terminal SET sequence = sequence + 1
	 WHERE id = :terminal AND active
	RETURNING id, branch
), c AS (
	INSERT INTO claim (person, terminal, branch, at, expires_at, pending,
		flags, latitude, longitude)
	SELECT :person, t.id, t.branch, :now, :now + interval '2 minutes',
		:pending, :flags::text[], :latitude, :longitude
	  FROM t
	RETURNING *
)
SELECT c.id, c.at, c.expires_at, c.pending, to_json(c.flags) AS flags,
       b.name AS branch_name,
       b.time_zone
  FROM c JOIN branch b ON b.id = c.branch;

-- claim_get(claim int8, person int8) one
-- A scan that was still pending a moment ago is as good as any other.  One that
-- was redundant is answered with what was open (W5).
SELECT c.id, c.at, c.expires_at, c.pending, c.branch, c.terminal, c.flags,
       b.time_zone, b.max_shift_minutes * 60 AS limit_seconds,
       coalesce(o.in_event, v.id) AS event
  FROM claim c
  JOIN branch b ON b.id = c.branch
  LEFT JOIN event v ON v.claim = c.id
  LEFT JOIN event_meaning m ON m.event = v.id
  LEFT JOIN LATERAL (
	SELECT i.in_event FROM interval i
	 WHERE m.effect = 'redundant' AND i.employee = v.employee AND i.in_at <= v.at
	 ORDER BY i.in_at DESC LIMIT 1) o ON true
 WHERE c.id = :claim AND c.person = :person;

-- event_list(person int8, manager bool, branches text?, from_day text?, to_day text?, employee int8?, branch int8?, kind text?, irregular bool, after int8?, now timestamptz, limit int4) many
-- One's own, and of a manager's branches, newest first.  What is voided is shown
-- too, as such.
-- null: voided_by
SELECT v.id, v.at, coalesce(m.kind, v.kind, c.was) AS kind,
       coalesce(m.effect, 'voided') AS effect, v.employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       v.branch, b.name AS branch_name, v.time_zone, v.source,
       to_json(v.flags) AS flags, v.receipt, v.reason,
       coalesce(is_missing_out(i.state, i.limit_at, :now), false) AS missing_out,
       v.voided_by
  FROM event v
  LEFT JOIN event_meaning m ON m.event = v.id
  LEFT JOIN correction c ON c.id = v.voided_by
  JOIN employee e ON e.id = v.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = v.branch
  LEFT JOIN interval i ON i.in_event = v.id
 WHERE (e.person = :person OR (:manager AND (:branches::int8[] IS NULL
		OR v.branch = ANY (:branches::int8[])
		OR e.branch = ANY (:branches::int8[]))))
   AND (:from_day::date IS NULL OR v.at >= day_start(:from_day::date, v.time_zone))
   AND (:to_day::date IS NULL OR v.at < day_start(:to_day::date + 1, v.time_zone))
   AND (:employee::int8 IS NULL OR v.employee = :employee)
   AND (:branch::int8 IS NULL OR v.branch = :branch)
   AND (:kind::text IS NULL OR coalesce(m.kind, v.kind, c.was) = :kind)
   AND (NOT :irregular OR v.flags <> '{}' OR m.effect IN ('missing_in', 'redundant')
	OR is_missing_out(i.state, i.limit_at, :now))
   AND (:after::int8 IS NULL OR (v.at, v.id) <
	(SELECT at, id FROM event WHERE id = :after))
 ORDER BY v.at DESC, v.id DESC
 LIMIT :limit + 1;

-- presence(branches text?, branch int8?, now timestamptz) many
-- Active employees: those who are in first.  The shift is the one that runs,
-- else the next of today, else the last; where it stands is W18.
-- null: since, last_at, running_seconds, plan, shift_starts_at, shift_ends_at
SELECT e.id AS employee, e.person,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       pos.name AS position_name, coalesce(i.branch, e.branch) AS branch,
       b.name AS branch_name, b.time_zone,
       CASE WHEN i.id IS NULL THEN 'out'
	    WHEN i.limit_at < :now THEN 'missing_out' ELSE 'in' END AS state,
       i.in_at AS since, last.at AS last_at,
       CASE WHEN i.limit_at >= :now
	    THEN greatest(0, extract(epoch FROM :now - i.in_at))::int8 END AS running_seconds,
       (SELECT coalesce(sum(extract(epoch FROM d.out_at - d.in_at)), 0)::int8
	  FROM interval d
	 WHERE d.employee = e.id AND d.state = 'closed'
	   AND d.day = coalesce(i.day, local_day(:now, b.time_zone)))
       + CASE WHEN i.limit_at >= :now
	    THEN greatest(0, extract(epoch FROM :now - i.in_at))::int8 ELSE 0 END AS worked_seconds,
       s.plan, s.starts_at AS shift_starts_at, s.ends_at AS shift_ends_at,
       coalesce(s.late_seconds, 0) AS late_seconds, today.absence
  FROM employee e
  JOIN person p ON p.id = e.person AND p.state = 'active'
  JOIN position pos ON pos.id = e.position
  LEFT JOIN interval i ON i.employee = e.id AND i.state = 'open'
  JOIN branch b ON b.id = coalesce(i.branch, e.branch)
 CROSS JOIN LATERAL (SELECT local_day(:now, b.time_zone) AS day) local
  LEFT JOIN workday today ON today.employee = e.id AND today.day = local.day
  LEFT JOIN LATERAL (
	SELECT in_at, limit_at FROM interval
	 WHERE employee = e.id AND state <> 'closed' AND in_at > :now - interval '4 days'
	 ORDER BY in_at DESC LIMIT 1) o ON true
  LEFT JOIN LATERAL (
	SELECT t.starts_at, t.ends_at, w.late_seconds,
	       CASE WHEN t.own OR (t.ends_at <> ALL (w.unexplained_from)
			AND NOT (t.maybe AND o.limit_at + interval '1 second' = ANY (w.unexplained_from)
				AND NOT EXISTS (SELECT FROM event v
					JOIN event_meaning m ON m.event = v.id AND m.effect = 'missing_in'
					WHERE v.employee = e.id
					  AND v.at BETWEEN t.starts_at - interval '4 hours'
						AND t.ends_at + interval '4 hours')))
			THEN 'came'
		    WHEN :now < t.starts_at THEN 'expected'
		    WHEN i.in_at < t.ends_at AND i.limit_at >= :now THEN 'came'
		    WHEN :now < t.ends_at THEN 'not_here' ELSE 'unexplained' END AS plan
	  FROM (
		-- what has no end is of one shift (W11), and may reach into others
		-- until it is lost
		SELECT p.*, near AND p.starts_at = first_value(p.starts_at) OVER (
				ORDER BY near DESC, o.in_at >= p.starts_at DESC,
				abs(extract(epoch FROM p.starts_at - o.in_at))) AS own,
		       (o.in_at < p.ends_at AND o.limit_at >= p.ends_at) IS TRUE AS maybe
		  FROM planned_shifts(e.id, local.day - 1, local.day) p
		 CROSS JOIN LATERAL (SELECT (o.in_at >= p.starts_at - interval '4 hours'
			AND o.in_at < p.ends_at) IS TRUE AS near) n) t
	  LEFT JOIN workday w ON w.employee = e.id AND w.day = t.day
	 WHERE t.day = local.day OR t.ends_at > :now
	 ORDER BY t.starts_at <= :now AND :now < t.ends_at DESC, t.starts_at > :now DESC,
	       abs(extract(epoch FROM t.starts_at - :now))
	 LIMIT 1) s ON true
  LEFT JOIN LATERAL (
	SELECT at FROM event v WHERE v.employee = e.id AND v.voided_by IS NULL
	 ORDER BY at DESC, id DESC LIMIT 1) last ON true
 WHERE e.left_on IS NULL
   AND (:branches::int8[] IS NULL OR coalesce(i.branch, e.branch) = ANY (:branches::int8[]))
   AND (:branch::int8 IS NULL OR coalesce(i.branch, e.branch) = :branch)
 ORDER BY CASE WHEN i.id IS NULL THEN 2 WHEN i.limit_at < :now THEN 1 ELSE 0 END,
       p.last_name, p.first_name, e.id;

-- me(person int8, branches text?, manager bool, now timestamptz) one
-- W13: today is the day of the running interval, or of one that ended less
-- than 4 h ago, else the local date.  Its events are those of its intervals,
-- and what else happened on that date (W11).
WITH who AS (
	SELECT p.*, e.id AS employee, e.branch, b.name AS branch_name,
	       b.time_zone, e.position, pos.name AS position_name
	  FROM person p
	  LEFT JOIN employee e ON e.person = p.id AND e.is_primary AND e.left_on IS NULL
	  LEFT JOIN branch b ON b.id = e.branch
	  LEFT JOIN position pos ON pos.id = e.position
	 WHERE p.id = :person
), running AS (
	SELECT i.* FROM interval i, who
	 WHERE i.employee = who.employee AND i.state = 'open' AND i.limit_at >= :now
), today AS (
	SELECT coalesce(
		(SELECT day FROM running),
		(SELECT i.day FROM interval i WHERE i.employee = who.employee
		    AND i.state = 'closed' AND i.out_at > :now - interval '4 hours'
		  ORDER BY i.in_at DESC LIMIT 1),
		local_day(:now, who.time_zone)) AS day
	  FROM who WHERE who.employee IS NOT NULL
), worked AS (
	SELECT sum(w.worked_seconds) FILTER (WHERE w.day = today.day) AS today,
	       sum(w.worked_seconds) AS month, sum(w.planned_seconds) AS planned,
	       array_agg(w.day) FILTER (WHERE w.worked_seconds > 0) AS days
	  FROM workday w, who, today
	 WHERE w.employee = who.employee
	   AND w.day >= date_trunc('month', today.day)::date
	   AND w.day < date_trunc('month', today.day)::date + interval '1 month'
), so_far AS (
	SELECT greatest(0, extract(epoch FROM :now - in_at))::int8 AS seconds, day FROM running
)
SELECT json_build_object(
	'now', utc(:now),
	'state', CASE who.state WHEN 'new' THEN 'unknown' ELSE who.state END,
	'roles', to_json(array_remove(ARRAY[
		CASE WHEN who.state = 'active' THEN 'employee' END,
		CASE WHEN :manager THEN 'manager' END,
		CASE WHEN :manager AND :branches::int8[] IS NULL THEN 'admin' END], NULL)),
	'organisation', coalesce((SELECT value FROM setting WHERE name = 'organisation'), 'Tabel'),
	'person', json_build_object('id', who.id, 'last_name', who.last_name,
		'first_name', who.first_name, 'middle_name', who.middle_name,
		'language', who.language, 'phone', who.phone),
	'branches', CASE WHEN :manager THEN (
		SELECT coalesce(json_agg(json_build_object('id', b.id, 'name', b.name)
			ORDER BY b.name), '[]')
		  FROM branch b
		 WHERE :branches::int8[] IS NULL OR b.id = ANY (:branches::int8[]))
		ELSE '[]'::json END,
	'employee', CASE WHEN who.employee IS NOT NULL THEN json_build_object(
		'id', who.employee, 'branch', who.branch, 'branch_name', who.branch_name,
		'time_zone', who.time_zone, 'position', who.position,
		'position_name', who.position_name) END,
	'registration', (
		SELECT json_build_object('id', g.id, 'state', g.state, 'reason', g.reason,
			'branch_name', b.name, 'created_at', utc(g.created_at))
		  FROM registration g JOIN branch b ON b.id = g.branch
		 WHERE g.person = who.id ORDER BY g.id DESC LIMIT 1),
	'pending', (
		SELECT coalesce(json_agg(json_build_object('id', c.id, 'at', utc(c.at),
			'branch_name', b.name, 'time_zone', b.time_zone) ORDER BY c.at), '[]')
		  FROM claim c JOIN branch b ON b.id = c.branch
		 WHERE c.person = who.id AND c.pending AND who.state IN ('new', 'unconfirmed')),
	'today', (
		SELECT json_build_object('day', today.day,
			'open', (SELECT json_build_object('since', utc(i.in_at),
				'branch_name', b.name, 'time_zone', i.time_zone,
				'limit_at', utc(i.limit_at))
				FROM running i JOIN branch b ON b.id = i.branch),
			'worked_seconds', coalesce((SELECT worked.today FROM worked), 0)
				+ coalesce((SELECT seconds FROM so_far), 0),
			'events', (
				SELECT coalesce(json_agg(json_build_object('id', v.id,
					'at', utc(v.at), 'kind', m.kind, 'effect', m.effect,
					'branch_name', b.name, 'time_zone', v.time_zone,
					'source', v.source, 'receipt', v.receipt)
					ORDER BY v.at, v.id), '[]')
				  FROM event v
				  JOIN event_meaning m ON m.event = v.id
				  JOIN branch b ON b.id = v.branch
				 WHERE v.id IN (SELECT day_events(who.employee, today.day, :now))))
		  FROM today),
	'month', (
		SELECT json_build_object('month', to_char(today.day, 'YYYY-MM'),
			'worked_seconds', coalesce((SELECT worked.month FROM worked), 0)
				+ coalesce((SELECT seconds FROM so_far), 0),
			'planned_seconds', coalesce((SELECT planned FROM worked), 0),
			'days', (SELECT count(*) FROM (
				SELECT unnest(days) FROM worked
				UNION SELECT day FROM so_far) d))
		  FROM today)
) AS me
  FROM who;

------------------------------------------------------- card taps (T4)

-- taps_answer(terminal int8, taps text) many
-- What a terminal is told of each, now and whenever it asks again: a repeat
-- with the event that it repeats.
-- null: reason, event, kind, name, time_zone
SELECT t.number AS id,
       CASE WHEN x.other THEN 'refused'
	    WHEN t.state = 'dismissed' AND t.reason IS NULL THEN 'unknown'
	    WHEN t.state = 'dismissed' THEN 'refused'
	    WHEN x.again THEN 'repeated' ELSE t.state END AS state,
       CASE WHEN x.other THEN 'TAP_NUMBER_TAKEN' ELSE t.reason END AS reason,
       v.id AS event, CASE WHEN x.other THEN i.at ELSE coalesce(v.at, t.at) END AS at, v.kind, v.time_zone,
       CASE WHEN v.id IS NOT NULL THEN concat(p.first_name,
		' ' || left(nullif(p.last_name, ''), 1) || '.') END AS name
  FROM jsonb_to_recordset(:taps::jsonb) AS i(n int4, number text, uid text,
	kind text, device_at timestamptz, at timestamptz)
  JOIN tap t ON t.terminal = :terminal AND t.number = i.number
  LEFT JOIN event own ON own.tap = t.id
  LEFT JOIN event_meaning m ON m.event = own.id
 CROSS JOIN LATERAL (
	SELECT (t.uid, t.kind, t.device_at) IS DISTINCT FROM
		(i.uid, i.kind, i.device_at) AS other,
	       t.state = 'accepted' AND (own.id IS NULL
		OR coalesce(m.effect IN ('repeat', 'redundant'), false)) AS again) x
  LEFT JOIN LATERAL (
	SELECT own.id, own.at, coalesce(m.kind, own.kind) AS kind, own.time_zone
	 WHERE own.id IS NOT NULL AND NOT x.again AND NOT x.other
	UNION ALL
	(SELECT a.id, a.at, am.kind, a.time_zone
	   FROM event a JOIN event_meaning am ON am.event = a.id
	  WHERE x.again AND NOT x.other AND a.employee = t.employee AND a.at <= t.at
	    AND am.effect IN ('opens', 'closes', 'missing_in')
	  ORDER BY a.at DESC, a.id DESC
	  LIMIT 1)) v ON true
  LEFT JOIN employee e ON e.id = t.employee
  LEFT JOIN person p ON p.id = e.person
 ORDER BY i.n;

-- taps_waiting() one
-- What an admin has to look at.
SELECT count(DISTINCT uid) FILTER (WHERE state = 'unknown') AS unknown_cards,
       count(*) FILTER (WHERE state = 'refused') AS refused_taps
  FROM tap WHERE state IN ('unknown', 'refused');

-- unknown_card_list(after text?, limit int4) many
-- Cards that nobody has, the last seen first.  A page goes on after a card that
-- was given to somebody meanwhile, too.
SELECT c.uid, c.first_at, c.last_at, c.taps, c.terminal,
       t.name AS terminal_name, b.name AS branch_name, b.time_zone
  FROM (
	SELECT uid, min(at) AS first_at, max(at) AS last_at, count(*) AS taps,
	       (array_agg(terminal ORDER BY at DESC, id DESC))[1] AS terminal
	  FROM tap WHERE state = 'unknown'
	 GROUP BY uid) c
  JOIN terminal t ON t.id = c.terminal
  JOIN branch b ON b.id = t.branch
 WHERE :after::text IS NULL
    OR (c.last_at, c.uid) < ((SELECT coalesce(max(at) FILTER (WHERE state = 'unknown'),
		max(at) FILTER (WHERE state <> 'refused')) FROM tap WHERE uid = :after), :after)
 ORDER BY c.last_at DESC, c.uid DESC
 LIMIT :limit + 1;

-- card_tapped(uid text) one
-- Has it ever been held to a terminal, whosever it is?
SELECT EXISTS (SELECT FROM tap WHERE uid = :uid) AS known;

-- unknown_card(uid text) one
SELECT count(*) AS taps FROM tap WHERE uid = :uid AND state = 'unknown';

-- card_assign(uid text, employee int8) one
-- No row: nobody is active under that number.
UPDATE employee e SET card_uid = :uid
  FROM person p
 WHERE e.id = :employee AND p.id = e.person AND p.state = 'active'
   AND e.left_on IS NULL
RETURNING e.id;

-- card_assigned(employee int8, taps int8, events int8, refused int8) one
-- Of so many taps so many events were made, and so many refused.
SELECT e.card_uid AS uid, e.id AS employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       :taps AS taps, :events AS events, :refused AS refused
  FROM employee e JOIN person p ON p.id = e.person
 WHERE e.id = :employee;

-- unknown_card_dismiss(uid text) many
UPDATE tap SET state = 'dismissed' WHERE uid = :uid AND state = 'unknown'
RETURNING id;

-- taps_taken(terminal int8, taps text, now timestamptz) none
-- Those whose number is another's are kept under a number of their own.
INSERT INTO tap (terminal, number, uid, kind, device_at, at, offline,
	received_at, branch, time_zone, limit_seconds, state, reason, employee)
SELECT r.id, t.number || '/' || left(md5(concat_ws('|', i.uid, i.kind,
		extract(epoch FROM i.device_at))), 8),
       i.uid, i.kind, i.device_at, i.at, i.offline, :now,
       b.id, b.time_zone, b.max_shift_minutes * 60, 'refused', 'TAP_NUMBER_TAKEN', e.id
  FROM jsonb_to_recordset(:taps::jsonb) AS i(number text, uid text, kind text,
	device_at timestamptz, at timestamptz, offline bool)
  JOIN terminal r ON r.id = :terminal
  JOIN branch b ON b.id = r.branch
  JOIN tap t ON t.terminal = r.id AND t.number = i.number
	AND (t.uid, t.kind, t.device_at) IS DISTINCT FROM (i.uid, i.kind, i.device_at)
  LEFT JOIN employee e ON e.card_uid = i.uid
ON CONFLICT ON CONSTRAINT tap_once DO NOTHING;

-- refused_tap_list(after int8?, limit int4) many
-- The last first.
-- null: employee, name
SELECT t.id, t.number, t.uid, t.kind, t.at, t.received_at, t.reason, t.terminal,
       r.name AS terminal_name, b.name AS branch_name, t.time_zone, t.employee,
       nullif(concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')), '') AS name
  FROM tap t
  JOIN terminal r ON r.id = t.terminal
  JOIN branch b ON b.id = t.branch
  LEFT JOIN employee e ON e.id = t.employee
  LEFT JOIN person p ON p.id = e.person
 WHERE t.state = 'refused' AND (:after::int8 IS NULL OR t.id < :after)
 ORDER BY t.id DESC
 LIMIT :limit + 1;

-- refused_taps_dismiss(taps text) one
WITH gone AS (
	UPDATE tap SET state = 'dismissed'
	 WHERE id = ANY (:taps::int8[]) AND state = 'refused'
	RETURNING id
)
SELECT count(*) AS dismissed FROM gone;
