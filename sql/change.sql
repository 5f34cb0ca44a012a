-- Facts that are entered and voided by hand: lib/work/change.c is their only
-- caller.

-- change_since(event int8?, at timestamptz?) one
-- From where on the change can be seen: nothing before it is paired anew, but
-- it may be of the day before.
SELECT least((SELECT at FROM event WHERE id = :event), :at)
	- interval '4 days' AS since;

-- change_place(employee int8, event int8?, at timestamptz) one
-- Where a fact of the past was, as of then (W1): with the one that it
-- replaces, or the nearest; else as scheduled, else where he works now.
SELECT branch, time_zone, limit_seconds FROM (
	SELECT v.branch, v.time_zone, v.limit_seconds, 0 AS rank, 0 AS far
	  FROM event v WHERE v.id = :event
	UNION ALL
	(SELECT v.branch, v.time_zone, v.limit_seconds, 1,
		abs(extract(epoch FROM v.at - :at)) AS far
	   FROM event v
	  WHERE v.employee = :employee AND v.voided_by IS NULL
	    AND v.at BETWEEN :at - interval '36 hours' AND :at + interval '36 hours'
	  ORDER BY far, v.id LIMIT 1)
	UNION ALL
	SELECT b.id, s.time_zone, b.max_shift_minutes * 60, 2, 0
	  FROM schedule s JOIN branch b ON b.id = s.branch
	 WHERE s.employee = :employee
	   AND local_day(:at, s.time_zone) >= s.valid_from
	   AND (s.valid_to IS NULL OR local_day(:at, s.time_zone) <= s.valid_to)
	UNION ALL
	SELECT b.id, b.time_zone, b.max_shift_minutes * 60, 3, 0
	  FROM employee e JOIN branch b ON b.id = e.branch
	 WHERE e.id = :employee) p
 ORDER BY rank, far
 LIMIT 1;

-- change_void(event int8, employee int8, correction int8) one
-- Once: of two the second finds nothing.  What is voided means nothing.
WITH v AS (
	UPDATE event SET voided_by = :correction
	 WHERE id = :event AND employee = :employee AND voided_by IS NULL
	RETURNING id, at
), m AS (
	DELETE FROM event_meaning WHERE event IN (SELECT id FROM v)
)
SELECT at FROM v;

-- change_span(event int8, now timestamptz) one
-- Does it lack its other end, and how long is the interval that it is of?
SELECT (m.effect = 'missing_in' OR is_missing_out(i.state, i.limit_at, :now)) IS TRUE AS missing,
       coalesce(extract(epoch FROM i.out_at - i.in_at), 0)::int8 AS seconds
  FROM event_meaning m
  LEFT JOIN interval i ON m.event IN (i.in_event, i.out_event)
 WHERE m.event = :event;

-- change_state(employee int8, since timestamptz, now timestamptz) one
-- What a change may change, to be compared by change_effect.
SELECT jsonb_build_object(
	'days', (
		SELECT coalesce(jsonb_object_agg(w.day, jsonb_build_object(
			'planned_seconds', w.planned_seconds,
			'worked_seconds', w.worked_seconds,
			'late_seconds', w.late_seconds,
			'early_seconds', w.early_seconds,
			'night_seconds', w.night_seconds,
			'overtime_seconds', w.overtime_seconds,
			'missing_out', w.missing_out + (w.open_until < :now IS TRUE)::int,
			'missing_in', w.missing_in)), '{}')
		  FROM workday w
		 WHERE w.employee = :employee AND w.day >= :since::date),
	'missing_out', (
		SELECT coalesce(jsonb_object_agg(i.in_event, jsonb_build_object(
			'at', utc(i.in_at), 'time_zone', i.time_zone)), '{}')
		  FROM interval i
		 WHERE i.employee = :employee AND i.in_at >= :since
		   AND is_missing_out(i.state, i.limit_at, :now)),
	'missing_in', (
		SELECT coalesce(jsonb_object_agg(v.id, jsonb_build_object(
			'at', utc(v.at), 'time_zone', v.time_zone)), '{}')
		  FROM event v
		  JOIN event_meaning m ON m.event = v.id AND m.effect = 'missing_in'
		 WHERE v.employee = :employee AND v.at >= :since),
	'ins', (
		SELECT coalesce(jsonb_object_agg(i.in_event,
			i.state = 'open' AND i.limit_at >= :now), '{}')
		  FROM interval i
		 WHERE i.employee = :employee AND i.in_at >= :since))::text AS state;

-- change_effect(before text, after text, employee int8, voids int8?, made int8?, there bool, long_seconds int8) one
-- The days that differ, and what is lost: an in or out that is missing counts
-- as new unless the fact that it replaces was missing its other end before.
-- null: made, kind, effect
WITH s AS (
	SELECT :before::jsonb AS b, :after::jsonb AS a
), day AS (
	SELECT day, coalesce(s.b -> 'days' -> day, none) AS b,
	       coalesce(s.a -> 'days' -> day, none) AS a
	  FROM s
	 CROSS JOIN (SELECT '{"planned_seconds":0,"worked_seconds":0,"late_seconds":0,
		"early_seconds":0,"night_seconds":0,"overtime_seconds":0,
		"missing_out":0,"missing_in":0}'::jsonb AS none) zero
	 CROSS JOIN LATERAL (
		SELECT jsonb_object_keys(s.b -> 'days') AS day
		UNION
		SELECT jsonb_object_keys(s.a -> 'days')) keys
), changed AS (
	SELECT day, b, a, (b ->> 'worked_seconds')::int AS worked_b,
	       (a ->> 'worked_seconds')::int AS worked_a
	  FROM day WHERE b <> a
), missing AS (
	SELECT what, x.key::int8 AS event, x.value ->> 'at' AS at,
	       x.value ->> 'time_zone' AS time_zone
	  FROM s
	 CROSS JOIN (VALUES ('missing_in'), ('missing_out')) w(what)
	 CROSS JOIN LATERAL jsonb_each(s.a -> what) x
	 WHERE NOT s.b -> what ? x.key
	   AND NOT (x.key::int8 IS NOT DISTINCT FROM :made
		AND (s.b -> what ? :voids::int8::text) IS TRUE)
)
SELECT :employee::int8 AS employee,
       CASE WHEN NOT :there THEN m.event END AS made, m.kind, m.effect,
       :there::bool AS there,
       (SELECT coalesce(sum(worked_b), 0)::int8 FROM changed) AS worked_seconds_before,
       (SELECT coalesce(sum(worked_a), 0)::int8 FROM changed) AS worked_seconds_after,
       (SELECT greatest(0, coalesce(sum(worked_b - worked_a), 0))::int8 FROM changed) AS lost_seconds,
       (SELECT count(*) FROM missing)::int AS missing,
       (SELECT coalesce(json_agg(json_build_object('event', event, 'at', at,
			'time_zone', time_zone) ORDER BY at), '[]')
	  FROM missing WHERE what = 'missing_in') AS missing_in,
       (SELECT coalesce(json_agg(json_build_object('event', event, 'at', at,
			'time_zone', time_zone) ORDER BY at), '[]')
	  FROM missing WHERE what = 'missing_out') AS missing_out,
       EXISTS (SELECT FROM jsonb_each(s.b -> 'ins') x
		WHERE x.value = 'true' AND NOT s.a -> 'ins' ? x.key
		  AND NOT ((x.key::int8 = :voids) IS TRUE
			AND (s.a -> 'ins' ? :made::int8::text) IS TRUE)) AS ends_running,
       :long_seconds::int8 AS long_seconds,
       (SELECT coalesce(json_agg(json_build_object('day', day, 'before', b,
			'after', a) ORDER BY day), '[]') FROM changed) AS days
  FROM s
  LEFT JOIN event_meaning m ON m.event = :made;
