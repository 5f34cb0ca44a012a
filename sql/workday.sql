-- Worked time per day: lib/work/workday.c is their only caller.  Days are
-- numbers from 1970-01-01.  Arrays name several employees, each once, in the
-- order of their ids, and the days of each.

-- plan_load(employees text, from_days text, to_days text) many
SELECT s.employee, p.day - date '1970-01-01' AS day, p.starts_at, p.ends_at,
       p.grace_seconds, coalesce(p.break_after_seconds, 0) AS break_after,
       coalesce(p.break_seconds, 0) AS break_length
  FROM unnest(:employees::int8[], :from_days::int4[], :to_days::int4[])
	AS s(employee, from_day, to_day)
 CROSS JOIN LATERAL planned_shifts(s.employee, date '1970-01-01' + s.from_day,
	date '1970-01-01' + s.to_day) p
 ORDER BY s.employee, p.starts_at, p.day;

-- work_load(employees text, from_days text, to_days text) many
-- Intervals, outs without an in, and the nights of the zones they are in.
-- What happened after a period was closed, though it is a day of it still in
-- its zone or by its shift, is of the first day after (W19).
WITH span AS (
	SELECT employee, date '1970-01-01' + from_day AS from_day,
	       date '1970-01-01' + to_day AS to_day
	  FROM unnest(:employees::int8[], :from_days::int4[], :to_days::int4[])
		AS s(employee, from_day, to_day)
), shut AS (
	SELECT span.employee, b.days * month_days(p.month) AS days,
	       upper(month_days(p.month)) AS next, p.closed_at
	  FROM span
	 CROSS JOIN LATERAL employee_branches(span.employee) b
	  JOIN period p ON p.branch = b.branch AND p.state = 'closed'
), worked AS (
	SELECT i.employee, i.id, i.state, i.in_at, i.out_at, i.limit_at, i.time_zone,
	       span.from_day, span.to_day,
	       coalesce((SELECT s.next FROM shut s
			WHERE s.employee = i.employee AND s.closed_at <= i.in_at
			  AND s.days @> local_day(i.in_at, i.time_zone)),
		local_day(i.in_at, i.time_zone)) AS day
	  FROM span
	  JOIN interval i ON i.employee = span.employee
		AND i.in_at >= span.from_day - interval '14 hours'
		AND i.in_at < span.to_day + interval '38 hours'
), zone AS (
	SELECT DISTINCT employee, time_zone, from_day, to_day FROM worked
)
SELECT employee, id, state AS what, in_at AS at, coalesce(out_at, limit_at) AS until,
       day - date '1970-01-01' AS day, 0 AS since, time_zone
  FROM worked
UNION ALL
SELECT v.employee, v.id, 'stray', v.at, v.at,
       coalesce((SELECT s.next FROM shut s
			WHERE s.employee = v.employee AND s.closed_at <= v.at
			  AND s.days @> local_day(v.at, v.time_zone)),
		local_day(v.at, v.time_zone)) - date '1970-01-01',
       coalesce((SELECT max(s.next) FROM shut s
			WHERE s.employee = v.employee AND s.closed_at <= v.at)
		- date '1970-01-01', 0),
       v.time_zone
  FROM span
  JOIN event v ON v.employee = span.employee
	AND v.at >= span.from_day - interval '14 hours'
	AND v.at < span.to_day + interval '38 hours'
  JOIN event_meaning m ON m.event = v.id AND m.effect = 'missing_in'
UNION ALL
SELECT zone.employee, NULL, 'night', (d.day + time '22:00') AT TIME ZONE zone.time_zone,
       (d.day + 1 + time '06:00') AT TIME ZONE zone.time_zone, NULL, NULL,
       zone.time_zone
  FROM zone
 CROSS JOIN LATERAL (
	SELECT zone.from_day + n AS day
	  FROM generate_series(-2, zone.to_day - zone.from_day + 4) n) d
 ORDER BY employee, time_zone, at, id;

-- workday_rewrite(employees text, from_days text, to_days text, figures text, days text, keep_closed bool) none
-- What was derived of those days is replaced.  A holiday within annual leave
-- stays a holiday (W18).  That of a closed period stays as it was if that is
-- asked for, else another one is refused, but for overtime that is proposed by
-- a setting of today.
WITH span AS (
	SELECT employee, date '1970-01-01' + from_day AS from_day,
	       date '1970-01-01' + to_day AS to_day
	  FROM unnest(:employees::int8[], :from_days::int4[], :to_days::int4[])
		AS s(employee, from_day, to_day)
), closed AS MATERIALIZED (
	SELECT span.employee, b.days * month_days(p.month) AS days
	  FROM span
	 CROSS JOIN LATERAL employee_branches(span.employee) b
	  JOIN period p ON p.branch = b.branch AND p.state = 'closed'
	   AND p.month BETWEEN date_trunc('month', span.from_day)::date AND span.to_day
	 WHERE :keep_closed
), f AS (
	SELECT date '1970-01-01' + f.number AS day, f.*
	  FROM jsonb_to_recordset(:figures::jsonb) AS f(employee int8, number int, shifts int,
		planned_seconds int, worked_seconds int, break_seconds int,
		late_seconds int, early_seconds int, night_seconds int,
		overtime_seconds int, missing_out int, missing_in int,
		intervals int, open_until timestamptz, unexplained_from timestamptz[])
), p AS (
	SELECT span.employee, p.*
	  FROM span
	 CROSS JOIN LATERAL plan_days(span.employee, span.from_day, span.to_day) p
), d AS (
	SELECT e.id AS employee, coalesce(p.day, f.day) AS day,
	       coalesce(p.branch, e.branch) AS branch,
	       coalesce(f.shifts, 0) AS shifts,
	       coalesce(f.planned_seconds, 0) AS planned_seconds,
	       coalesce(f.worked_seconds, 0) AS worked_seconds,
	       coalesce(f.break_seconds, 0) AS break_seconds,
	       coalesce(f.late_seconds, 0) AS late_seconds,
	       coalesce(f.early_seconds, 0) AS early_seconds,
	       coalesce(f.night_seconds, 0) AS night_seconds,
	       coalesce(f.overtime_seconds, 0) AS overtime_seconds,
	       coalesce(f.missing_out, 0) AS missing_out,
	       coalesce(f.missing_in, 0) AS missing_in,
	       f.open_until,
	       coalesce(f.unexplained_from, '{}') AS unexplained_from,
	       coalesce(p.holiday, false) AS holiday,
	       CASE WHEN p.holiday AND p.absence IN ('annual_leave', 'extra_leave')
		    THEN NULL ELSE p.absence END AS absence,
	       p.absence IS NOT NULL AND coalesce(f.intervals + f.missing_in, 0) > 0 AS conflict
	  FROM p
	  FULL JOIN f ON f.employee = p.employee AND f.day = p.day
	  JOIN employee e ON e.id = coalesce(p.employee, f.employee)
	 WHERE (f.day IS NOT NULL OR p.holiday OR p.absence IS NOT NULL)
	   AND NOT EXISTS (SELECT FROM closed c WHERE c.employee = e.id
		AND c.days @> coalesce(p.day, f.day))
), gone AS (
	DELETE FROM workday w
	 USING span
	 WHERE w.employee = span.employee
	   AND w.day BETWEEN span.from_day AND span.to_day
	   AND NOT EXISTS (SELECT FROM d WHERE d.employee = w.employee AND d.day = w.day)
	   AND NOT EXISTS (SELECT FROM closed c WHERE c.employee = w.employee
		AND c.days @> w.day)
), moved AS (
	UPDATE interval i SET day = date '1970-01-01' + m.day
	  FROM jsonb_to_recordset(:days::jsonb) AS m(interval int8, day int)
	 WHERE i.id = m.interval AND i.day <> date '1970-01-01' + m.day
), moved_out AS (
	UPDATE event_meaning e SET day = date '1970-01-01' + m.day
	  FROM jsonb_to_recordset(:days::jsonb) AS m(event int8, day int)
	 WHERE e.event = m.event AND e.day IS DISTINCT FROM date '1970-01-01' + m.day
)
INSERT INTO workday AS w (employee, day, branch, shifts, planned_seconds,
	worked_seconds, break_seconds, late_seconds, early_seconds,
	night_seconds, overtime_seconds, missing_out, missing_in, open_until,
	unexplained_from, holiday, absence, conflict)
SELECT * FROM d
ON CONFLICT (employee, day) DO UPDATE SET (employee, day, branch, shifts,
	planned_seconds, worked_seconds, break_seconds, late_seconds,
	early_seconds, night_seconds, overtime_seconds, missing_out, missing_in,
	open_until, unexplained_from, holiday, absence, conflict)
	= ROW(excluded.*)
 WHERE w.* IS DISTINCT FROM excluded.*
   AND (to_jsonb(w) - 'overtime_seconds' <> to_jsonb(excluded) - 'overtime_seconds'
	OR NOT EXISTS (SELECT FROM period p WHERE p.state = 'closed'
		AND p.branch = branch_on(w.employee, w.day)
		AND p.month = date_trunc('month', w.day)::date));

-- workday_bounds(employee int8, now timestamptz) one
-- The first day about which anything is known, and the last whose plan is
-- kept: the end of the month after next.
SELECT coalesce(least(
		(SELECT min(at)::date - 1 FROM event WHERE employee = :employee),
		(SELECT min(valid_from) FROM schedule WHERE employee = :employee),
		(SELECT min(day) FROM schedule_exception WHERE employee = :employee),
		(SELECT min(from_day) FROM absence WHERE employee = :employee),
		(SELECT min(day) FROM workday WHERE employee = :employee),
		(SELECT hired_on FROM employee WHERE id = :employee
		    AND hired_on > :now::date - 366)),
	:now::date - 31) - date '1970-01-01' AS first_day,
       (date_trunc('month', :now) + interval '3 months')::date - 1
	- date '1970-01-01' AS last_day,
       EXISTS (SELECT FROM workday_horizon WHERE employee = :employee
	AND through >= (date_trunc('month', :now) + interval '3 months')::date - 1) AS kept;

-- workday_through(employee int8, day int4) none
INSERT INTO workday_horizon AS h (employee, through)
VALUES (:employee, date '1970-01-01' + :day)
ON CONFLICT (employee) DO UPDATE
	SET through = excluded.through WHERE h.through <> excluded.through;

-- workday_behind(now timestamptz) many
-- Whose plan does not reach as far as it should.
SELECT e.id, coalesce(h.through + 1, greatest(e.hired_on, :now::date - 62)) - date '1970-01-01' AS first_day,
       (date_trunc('month', :now) + interval '3 months')::date - 1
	- date '1970-01-01' AS last_day
  FROM employee e
  LEFT JOIN workday_horizon h ON h.employee = e.id
 WHERE e.left_on IS NULL
   AND (h.employee IS NULL
	OR h.through < (date_trunc('month', :now) + interval '3 months')::date - 1)
 ORDER BY e.id LIMIT 50
   FOR UPDATE OF e SKIP LOCKED;
