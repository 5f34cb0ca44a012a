-- Reports: days and events, one's own and those of a manager's branches.
--
-- An interval has its day, and so has an out without an in (W11).

-- report_begin(patience text) one
-- A large report takes as long as its reader does.  What is asked for decides
-- how much is read: the plan is made for it each time.
SELECT set_config('statement_timeout', :patience, true),
       set_config('plan_cache_mode', 'force_custom_plan', true);

-- day_list(person int8, manager bool, branches text?, from_day text, to_day text, employee int8?, branch int8?, irregular bool, after_day text?, after int8?, now timestamptz, limit int4) many
-- First which days are on the page, then what happened on them, and what
-- workday says of them.  A shift that nobody came to is a day too.
-- null: first_in, last_out
WITH shift AS NOT MATERIALIZED (
	SELECT i.*, CASE WHEN is_missing_out(i.state, i.limit_at, :now)
			THEN 'missing_out' ELSE i.state END AS state_now
	  FROM interval i
	  JOIN employee e ON e.id = i.employee
	 WHERE i.day BETWEEN :from_day::date AND :to_day::date
	   AND (:employee IS NULL OR i.employee = :employee)
	   AND (:branch IS NULL OR i.branch = :branch)
	   AND may_see(e.person = :person, :manager, :branches::int8[], e.branch, i.branch)
), lost AS (
	SELECT v.*
	  FROM missing_ins(:from_day::date, :to_day::date) v
	  JOIN employee e ON e.id = v.employee
	 WHERE v.employee = coalesce(:employee, v.employee)
	   AND v.branch = coalesce(:branch, v.branch)
	   AND may_see(e.person = :person, :manager, :branches::int8[], e.branch, v.branch)
), nobody AS (
	SELECT w.day, w.employee
	  FROM workday w
	  JOIN employee e ON e.id = w.employee
	 WHERE w.day BETWEEN :from_day::date AND :to_day::date
	   AND w.unexplained_from <> '{}' AND shifts_missed(w.unexplained_from, :now) > 0
	   AND w.employee = coalesce(:employee, w.employee)
	   AND w.branch = coalesce(:branch, w.branch)
	   AND may_see(e.person = :person, :manager, :branches::int8[], e.branch, w.branch)
), page AS (
	(SELECT DISTINCT s.day, s.employee
	   FROM shift s
	  WHERE (:after IS NULL OR (:after_day::date, s.employee) > (s.day, :after))
	    AND (NOT :irregular OR s.state_now = 'missing_out'
		OR EXISTS (SELECT FROM event v
			WHERE v.id IN (s.in_event, s.out_event) AND v.flags <> '{}')
		OR EXISTS (SELECT FROM workday w
			WHERE w.employee = s.employee AND w.day = s.day
			  AND (w.late_seconds > 0 OR w.early_seconds > 0)))
	  ORDER BY s.day DESC, s.employee LIMIT :limit + 1)
	UNION
	SELECT *
	  FROM (SELECT day, employee FROM lost UNION SELECT day, employee FROM nobody) l
	 WHERE :after IS NULL OR (:after_day::date, l.employee) > (l.day, :after)
	 ORDER BY day DESC, employee LIMIT :limit + 1
), fact AS (
	SELECT s.day, s.employee, s.branch, s.time_zone, s.in_at, s.out_at,
	       s.state_now AS state, a.flags || coalesce(z.flags, '{}') AS flags
	  FROM page
	  JOIN shift s ON (s.day, s.employee) = (page.day, page.employee)
	  JOIN event a ON a.id = s.in_event
	  LEFT JOIN event z ON z.id = s.out_event
	UNION ALL
	SELECT l.day, l.employee, l.branch, l.time_zone, NULL, l.at, 'missing_in', l.flags
	  FROM page
	  JOIN lost l ON (l.day, l.employee) = (page.day, page.employee)
), day AS (
	SELECT day, employee, min(in_at) AS first_in, max(out_at) AS last_out,
	       coalesce(sum(extract(epoch FROM out_at - in_at)), 0)::int8 AS gross,
	       greatest(sum(extract(epoch FROM :now - in_at)) FILTER (WHERE state = 'open'), 0)::int8 AS running,
	       bool_or(state = 'open') IS TRUE AS open,
	       count(*) FILTER (WHERE state = 'missing_out') AS missing_out,
	       count(*) FILTER (WHERE state = 'missing_in') AS missing_in,
	       (array_agg(branch ORDER BY in_at, out_at))[1] AS branch,
	       (array_agg(time_zone ORDER BY in_at, out_at))[1] AS time_zone,
	       string_agg(array_to_string(flags, ','), ',') AS flags,
	       json_agg(json_build_object('in_at', utc(in_at), 'out_at', utc(out_at),
			'state', state) ORDER BY in_at)
			FILTER (WHERE in_at IS NOT NULL) AS intervals
	  FROM page
	  LEFT JOIN fact USING (day, employee)
	 GROUP BY day, employee
)
SELECT d.day || '.' || d.employee AS id, d.day, d.employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       b.id AS branch, b.name AS branch_name,
       coalesce(d.time_zone, b.time_zone) AS time_zone, d.first_in, d.last_out,
       d.running + day_worked(d.gross, w.worked_seconds, w.break_seconds) AS worked_seconds,
       coalesce(w.planned_seconds, 0) AS planned_seconds,
       coalesce(w.late_seconds, 0) AS late_seconds,
       coalesce(w.early_seconds, 0) AS early_seconds,
       d.open, d.missing_out, d.missing_in,
       coalesce(shifts_missed(w.unexplained_from, :now), 0) AS unexplained,
       (SELECT coalesce(json_agg(DISTINCT flag), '[]')
	  FROM string_to_table(d.flags, ',') flag WHERE flag <> '') AS flags,
       coalesce(d.intervals, '[]') AS intervals
  FROM day d
  JOIN employee e ON e.id = d.employee
  JOIN person p ON p.id = e.person
  LEFT JOIN workday w ON w.employee = d.employee AND w.day = d.day
  JOIN branch b ON b.id = coalesce(d.branch, w.branch)
 ORDER BY d.day DESC, d.employee;

-- day_csv(person int8, branches text?, from_day text, to_day text, employee int8?, branch int8?, now timestamptz) csv
-- First and last by the instant, not by what the clock showed then.
WITH fact AS (
	SELECT i.day, i.employee, i.branch, i.time_zone, i.in_at, i.out_at,
	       CASE WHEN is_missing_out(i.state, i.limit_at, :now)
			THEN 'missing_out' ELSE i.state END AS state
	  FROM interval i
	 WHERE i.day BETWEEN :from_day::date AND :to_day::date
	UNION ALL
	SELECT v.day, v.employee, v.branch, v.time_zone, NULL, v.at, 'missing_in'
	  FROM missing_ins(:from_day::date, :to_day::date) v
	UNION ALL
	SELECT w.day, w.employee, w.branch, b.time_zone, NULL, NULL, 'unexplained'
	  FROM workday w JOIN branch b ON b.id = w.branch
	 WHERE w.day BETWEEN :from_day::date AND :to_day::date
	   AND w.unexplained_from <> '{}' AND shifts_missed(w.unexplained_from, :now) > 0
), day AS (
	SELECT f.day, f.employee,
	       (array_agg(f.branch ORDER BY f.in_at, f.out_at))[1] AS branch,
	       (array_agg(f.in_at AT TIME ZONE f.time_zone ORDER BY f.in_at))[1] AS first_in,
	       (array_agg(f.out_at AT TIME ZONE f.time_zone
			ORDER BY f.out_at DESC NULLS LAST))[1] AS last_out,
	       coalesce(sum(extract(epoch FROM f.out_at - f.in_at)) FILTER (WHERE f.state = 'closed'), 0) AS gross,
	       coalesce(sum(extract(epoch FROM greatest(:now, f.in_at) - f.in_at))
			FILTER (WHERE f.state = 'open'), 0) AS running,
	       bool_or(f.state = 'missing_out') AS missing_out,
	       bool_or(f.state = 'missing_in') AS missing_in,
	       bool_or(f.state = 'open') AS open,
	       bool_or(f.state = 'unexplained') AS unexplained,
	       bool_or(f.state = 'closed') AS closed
	  FROM fact f
	  JOIN employee e ON e.id = f.employee
	 WHERE (:employee IS NULL OR f.employee = :employee)
	   AND (:branch IS NULL OR f.branch = :branch)
	   AND (e.person = :person OR :branches::int8[] IS NULL
		OR f.branch = ANY (:branches::int8[])
		OR e.branch = ANY (:branches::int8[]))
	 GROUP BY f.day, f.employee
)
SELECT d.day AS date, d.employee AS employee_id,
       csv_safe(e.personnel_number) AS personnel_number,
       csv_safe(concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, ''))) AS name,
       csv_safe(b.name) AS branch, d.first_in, d.last_out,
       round((d.running + day_worked(d.gross::bigint, w.worked_seconds,
		w.break_seconds)) / 3600, 2) AS worked_hours,
       round(coalesce(w.planned_seconds, 0) / 3600.0, 2) AS planned_hours,
       coalesce(w.late_seconds, 0) / 60 AS late_minutes,
       coalesce(w.early_seconds, 0) / 60 AS early_minutes,
       concat_ws(' ', CASE WHEN d.missing_out THEN 'missing_out' END,
		CASE WHEN d.missing_in THEN 'missing_in' END,
		CASE WHEN d.unexplained THEN 'unexplained' END,
		CASE WHEN d.open THEN 'open'
		     WHEN d.closed AND NOT d.missing_out AND NOT d.missing_in THEN 'closed' END) AS state
  FROM day d
  JOIN employee e ON e.id = d.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = d.branch
  LEFT JOIN workday w ON w.employee = d.employee AND w.day = d.day
 ORDER BY d.day, d.employee;

-- event_csv(person int8, branches text?, from_day text, to_day text, employee int8?, branch int8?, kind text?, irregular bool, now timestamptz) csv
-- The date and the time are one column, which the program takes apart: to
-- turn an instant into local time is what costs here.
WITH who AS MATERIALIZED (
	SELECT e.id, e.person, e.branch, csv_safe(e.personnel_number) AS personnel_number,
	       csv_safe(concat_ws(' ', p.last_name, p.first_name,
			nullif(p.middle_name, ''))) AS name
	  FROM employee e JOIN person p ON p.id = e.person
)
SELECT v.at AT TIME ZONE v.time_zone AS "date time", v.time_zone,
       v.employee AS employee_id, w.personnel_number, w.name, csv_safe(b.name) AS branch,
       m.kind, m.effect, v.source, nullif(array_to_string(v.flags, ' '), '') AS flags,
       v.receipt
  FROM event v
  JOIN event_meaning m ON m.event = v.id
  JOIN who w ON w.id = v.employee
  JOIN branch b ON b.id = v.branch
 WHERE v.at >= :from_day::date - interval '14 hours'
   AND v.at < :to_day::date + interval '38 hours'
   AND local_day(v.at, v.time_zone) BETWEEN :from_day::date AND :to_day::date
   AND (:employee IS NULL OR v.employee = :employee)
   AND (:branch IS NULL OR v.branch = :branch)
   AND (w.person = :person OR :branches::int8[] IS NULL
	OR v.branch = ANY (:branches::int8[]) OR w.branch = ANY (:branches::int8[]))
   AND (:kind IS NULL OR m.kind = :kind)
   AND (NOT :irregular OR v.flags <> '{}' OR m.effect IN ('missing_in', 'redundant')
	OR EXISTS (SELECT FROM interval i
		WHERE i.in_event = v.id AND is_missing_out(i.state, i.limit_at, :now)))
 ORDER BY v.at, v.id;

-- worktime(person int8, manager bool, branches text?, from_day text, to_day text, employee int8?, branch int8?, by_day bool, now timestamptz) csv
-- The figures of each employee in a period, as lines of JSON, by day or in
-- total, also of work outside an employment, as on sheets.  An interval that
-- was open when its row was made may be lost since.
WITH who AS MATERIALIZED (
	SELECT e.id, e.personnel_number, e.branch, b.name AS branch_name,
	       pos.name AS position_name, pos.weekly_minutes,
	       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name
	  FROM employee e
	  JOIN person p ON p.id = e.person
	  JOIN branch b ON b.id = e.branch
	  JOIN position pos ON pos.id = e.position
	 WHERE (:employee IS NULL OR e.id = :employee)
	   AND (:branch IS NULL OR e.branch = :branch)
	   AND (e.person = :person OR (:manager AND (:branches::int8[] IS NULL
		OR e.branch = ANY (:branches::int8[]))))
	   AND ((e.hired_on <= :to_day::date AND (e.left_on IS NULL OR e.left_on >= :from_day::date))
		OR EXISTS (SELECT FROM workday w
			WHERE w.employee = e.id AND w.day BETWEEN :from_day::date AND :to_day::date
			  AND w.worked_seconds + w.missing_out + w.missing_in > 0))
)
SELECT json_build_object('employee', who.id, 'name', who.name,
	'personnel_number', who.personnel_number, 'branch', who.branch,
	'branch_name', who.branch_name, 'position_name', who.position_name,
	'weekly_minutes', who.weekly_minutes, 'days', coalesce(t.days, 0),
	'shifts', coalesce(t.shifts, 0), 'worked_seconds', coalesce(t.worked, 0),
	'planned_seconds', coalesce(t.planned, 0),
	'difference_seconds', coalesce(t.worked - t.planned, 0),
	'break_seconds', coalesce(t.pause, 0),
	'late_seconds', coalesce(t.late, 0), 'late_days', coalesce(t.late_days, 0),
	'early_seconds', coalesce(t.early, 0), 'early_days', coalesce(t.early_days, 0),
	'overtime_seconds', coalesce(t.overtime, 0), 'night_seconds', coalesce(t.night, 0),
	'missing_out', coalesce(t.lost, 0), 'missing_in', coalesce(t.missing_in, 0),
	'unexplained', coalesce(t.unexplained, 0), 'absence_days', coalesce(t.absences, 0),
	'absences', CASE WHEN t.absences > 0 THEN (
		SELECT json_object_agg(kind, n ORDER BY kind) FROM (
			SELECT w.absence AS kind, count(*) AS n FROM workday w
			 WHERE w.employee = who.id AND w.absence IS NOT NULL
			   AND w.day BETWEEN :from_day::date AND :to_day::date
			 GROUP BY w.absence) k) ELSE '{}'::json END,
	'conflicts', coalesce(t.conflicts, 0), 'open', coalesce(t.open, false))::text AS item,
       who.name AS by_name, who.id AS by_id, NULL::date AS by_date
  FROM who
 CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE worked_seconds > 0) AS days,
	       sum(shifts) AS shifts, sum(planned_seconds) AS planned,
	       sum(worked_seconds) AS worked, sum(break_seconds) AS pause,
	       sum(late_seconds) AS late, count(*) FILTER (WHERE late_seconds > 0) AS late_days,
	       sum(early_seconds) AS early, count(*) FILTER (WHERE early_seconds > 0) AS early_days,
	       sum(overtime_seconds) AS overtime, sum(night_seconds) AS night,
	       sum(missing_out) + count(*) FILTER (WHERE open_until < :now) AS lost,
	       sum(missing_in) AS missing_in,
	       sum(CASE WHEN unexplained_from = '{}' THEN 0 ELSE
			(SELECT count(*) FROM unnest(unexplained_from) u WHERE u <= :now) END)
		AS unexplained, count(absence) AS absences,
	       count(*) FILTER (WHERE conflict) AS conflicts, bool_or(open_until >= :now) AS open
	  FROM workday w
	 WHERE w.employee = who.id AND w.day BETWEEN :from_day::date AND :to_day::date) t
 WHERE NOT :by_day
UNION ALL
SELECT json_build_object('employee', who.id, 'name', who.name, 'day', d.day,
	'branch', d.branch, 'shifts', d.shifts, 'worked_seconds', d.worked_seconds,
	'planned_seconds', d.planned_seconds,
	'difference_seconds', d.worked_seconds - d.planned_seconds,
	'break_seconds', d.break_seconds, 'late_seconds', d.late_seconds,
	'early_seconds', d.early_seconds, 'overtime_seconds', d.overtime_seconds,
	'night_seconds', d.night_seconds,
	'missing_out', d.missing_out + (d.open_until < :now IS TRUE)::int, 'missing_in', d.missing_in,
	'unexplained', (SELECT count(*) FROM unnest(d.unexplained_from) u WHERE u <= :now),
	'holiday', d.holiday, 'absence', d.absence, 'conflict', d.conflict,
	'open', d.open_until >= :now IS TRUE)::text, who.name, who.id, d.day
  FROM who
  JOIN workday d ON d.employee = who.id AND d.day BETWEEN :from_day::date AND :to_day::date
 WHERE :by_day
 ORDER BY by_name, by_id, by_date;

-- worktime_csv(person int8, branches text?, from_day text, to_day text, employee int8?, branch int8?, by_day bool, now timestamptz) csv
-- The same figures, in hours; the date is empty in a line of totals.
WITH who AS MATERIALIZED (
	SELECT e.id, e.personnel_number, b.name AS branch_name, pos.name AS position_name,
	       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name
	  FROM employee e
	  JOIN person p ON p.id = e.person
	  JOIN branch b ON b.id = e.branch
	  JOIN position pos ON pos.id = e.position
	 WHERE (:employee IS NULL OR e.id = :employee)
	   AND (:branch IS NULL OR e.branch = :branch)
	   AND (e.person = :person OR :branches::int8[] IS NULL
		OR e.branch = ANY (:branches::int8[]))
	   AND ((e.hired_on <= :to_day::date AND (e.left_on IS NULL OR e.left_on >= :from_day::date))
		OR EXISTS (SELECT FROM workday w
			WHERE w.employee = e.id AND w.day BETWEEN :from_day::date AND :to_day::date
			  AND w.worked_seconds + w.missing_out + w.missing_in > 0))
)
SELECT t.date, who.id AS employee_id,
       csv_safe(who.personnel_number) AS personnel_number, csv_safe(who.name) AS name,
       csv_safe(who.branch_name) AS branch, csv_safe(who.position_name) AS position,
       coalesce(t.days, 0) AS days, coalesce(t.shifts, 0) AS shifts,
       round(coalesce(t.worked, 0) / 3600.0, 2) AS worked_hours,
       round(coalesce(t.planned, 0) / 3600.0, 2) AS planned_hours,
       round(coalesce(t.worked - t.planned, 0) / 3600.0, 2) AS difference_hours,
       round(coalesce(t.pause, 0) / 3600.0, 2) AS break_hours,
       coalesce(t.late, 0) / 60 AS late_minutes, coalesce(t.early, 0) / 60 AS early_minutes,
       round(coalesce(t.overtime, 0) / 3600.0, 2) AS overtime_hours,
       round(coalesce(t.night, 0) / 3600.0, 2) AS night_hours,
       coalesce(t.lost, 0) AS missing_out, coalesce(t.missing_in, 0) AS missing_in,
       coalesce(t.unexplained, 0) AS unexplained, coalesce(t.absences, 0) AS absence_days,
       CASE WHEN :by_day THEN t.absence END AS absence
  FROM who
  LEFT JOIN LATERAL (
	SELECT CASE WHEN :by_day THEN day END AS date,
	       count(*) FILTER (WHERE worked_seconds > 0) AS days,
	       sum(shifts) AS shifts, sum(planned_seconds) AS planned,
	       sum(worked_seconds) AS worked, sum(break_seconds) AS pause,
	       sum(late_seconds) AS late, sum(early_seconds) AS early,
	       sum(overtime_seconds) AS overtime, sum(night_seconds) AS night,
	       sum(missing_out) + count(*) FILTER (WHERE open_until < :now) AS lost,
	       sum(missing_in) AS missing_in,
	       sum((SELECT count(*) FROM unnest(unexplained_from) u WHERE u <= :now)) AS unexplained,
	       count(absence) AS absences, min(absence) AS absence
	  FROM workday w
	 WHERE w.employee = who.id AND w.day BETWEEN :from_day::date AND :to_day::date
	 GROUP BY 1
	HAVING :by_day OR count(*) > 0) t ON true
 WHERE t.days IS NOT NULL OR NOT :by_day
 ORDER BY who.name, who.id, t.date;

-- worktime_grid(person int8, manager bool, branches text?, from_day text, to_day text, employee int8?, branch int8?, now timestamptz) csv
-- The same for a page that shows people by days: what is nothing is left out.
SELECT json_build_object('employee', e.id, 'name', n.name,
	'personnel_number', e.personnel_number, 'branch', e.branch,
	'branch_name', b.name, 'position_name', pos.name,
	'worked_seconds', coalesce(g.worked, 0), 'planned_seconds', coalesce(g.planned, 0),
	'difference_seconds', coalesce(g.worked - g.planned, 0),
	'grid', coalesce(g.days, '[]'))::text AS item
  FROM employee e
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  JOIN position pos ON pos.id = e.position
 CROSS JOIN LATERAL (SELECT concat_ws(' ', p.last_name, p.first_name,
	nullif(p.middle_name, '')) AS name) n
  LEFT JOIN LATERAL (
	SELECT sum(w.worked_seconds) AS worked, sum(w.planned_seconds) AS planned,
	       json_agg(json_strip_nulls(json_build_object('day', w.day,
			'worked_seconds', nullif(w.worked_seconds, 0),
			'planned_seconds', nullif(w.planned_seconds, 0),
			'late_seconds', nullif(w.late_seconds, 0),
			'early_seconds', nullif(w.early_seconds, 0),
			'overtime_seconds', nullif(w.overtime_seconds, 0),
			'night_seconds', nullif(w.night_seconds, 0),
			'missing_out', nullif(w.missing_out + (w.open_until < :now IS TRUE)::int, 0),
			'missing_in', nullif(w.missing_in, 0),
			'unexplained', CASE WHEN w.unexplained_from <> '{}' THEN
				nullif(shifts_missed(w.unexplained_from, :now), 0) END,
			'holiday', nullif(w.holiday, false), 'absence', w.absence,
			'conflict', nullif(w.conflict, false),
			'open', nullif(w.open_until >= :now IS TRUE, false))) ORDER BY w.day) AS days
	  FROM workday w
	 WHERE w.employee = e.id AND w.day BETWEEN :from_day::date AND :to_day::date) g ON true
 WHERE (:employee IS NULL OR e.id = :employee)
   AND (:branch IS NULL OR e.branch = :branch)
   AND (e.person = :person OR (:manager AND (:branches::int8[] IS NULL
	OR e.branch = ANY (:branches::int8[]))))
   AND ((e.hired_on <= :to_day::date AND (e.left_on IS NULL OR e.left_on >= :from_day::date))
	OR EXISTS (SELECT FROM workday w
		WHERE w.employee = e.id AND w.day BETWEEN :from_day::date AND :to_day::date
		  AND w.worked_seconds + w.missing_out + w.missing_in > 0))
 ORDER BY n.name, e.id;

-- worktime_employee(person int8, manager bool, branches text?, employee int8, day text) one
-- Somebody whose figures the caller may see, and what is recorded of his day.
SELECT e.id AS employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       b.name AS branch_name, b.time_zone, coalesce(d.holiday, false) AS holiday,
       d.absence, coalesce(d.cancelled, false) AS cancelled,
       :day::date - date '1970-01-01' AS number
  FROM employee e
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  LEFT JOIN plan_days(:employee, :day::date, :day::date) d ON true
 WHERE e.id = :employee
   AND (e.person = :person OR (:manager AND (:branches::int8[] IS NULL
	OR e.branch = ANY (:branches::int8[]))));

-- worktime_events(employee int8, day text, strays text) one
-- The facts behind a day: those of its intervals, outs without an in, what
-- changed nothing and what was voided; and the corrections behind them.
SELECT coalesce(json_agg(json_build_object('id', v.id, 'at', utc(v.at),
	'given', v.kind, 'kind', coalesce(m.kind, v.kind, c.was),
	'effect', coalesce(m.effect, 'voided'), 'source', v.source,
	'flags', v.flags, 'reason', v.reason, 'receipt', v.receipt,
	'branch_name', b.name, 'time_zone', v.time_zone, 'correction', c.it)
	ORDER BY v.at, v.id), '[]') AS events
  FROM event v
  LEFT JOIN event_meaning m ON m.event = v.id
  JOIN branch b ON b.id = v.branch
  LEFT JOIN LATERAL (
	SELECT c.was, json_build_object('id', c.id, 'action', c.action,
		'event', c.event, 'made', c.made, 'reason', c.reason,
		'asked_by_name', concat_ws(' ', a.last_name, a.first_name),
		'asked_at', utc(c.asked_at), 'decision', c.decision,
		'decided_by_name', concat_ws(' ', d.last_name, d.first_name),
		'decided_at', utc(c.decided_at)) AS it
	  FROM correction c
	  JOIN person a ON a.id = c.asked_by
	  JOIN person d ON d.id = c.decided_by
	 WHERE c.id = v.voided_by
	    OR (v.voided_by IS NULL AND v.source = 'correction' AND c.made = v.id)
	 ORDER BY c.id LIMIT 1) c ON true
 WHERE v.employee = :employee
   AND (v.id IN (SELECT unnest(ARRAY[i.in_event, i.out_event]) FROM interval i
		WHERE i.employee = :employee AND i.day = :day::date)
	OR v.id = ANY (:strays::int8[])
	OR ((v.voided_by IS NOT NULL OR m.effect IN ('redundant', 'repeat'))
		AND local_day(v.at, v.time_zone) = :day::date));
