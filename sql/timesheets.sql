-- Periods, overtime and timesheets.  A month is given as its first day.

-- period_branch(branch int8, branches text?, now timestamptz, month text) one
-- Whether it is the caller's, and whether the month has begun there.
SELECT :branches::int8[] IS NULL OR id = ANY (:branches::int8[]) AS mine,
       local_day(:now, time_zone) >= :month::date AS begun,
       :month::date - date '1970-01-01' AS from_day,
       upper(month_days(:month::date)) - 1 - date '1970-01-01' AS to_day
  FROM branch WHERE id = :branch;

-- period_behind(branch int8, month text) many
-- Whose plan is not in workday up to the end of the month.
SELECT e.id, coalesce(h.through + 1, e.hired_on) - date '1970-01-01' AS first_day
  FROM employee e
  LEFT JOIN workday_horizon h ON h.employee = e.id
 WHERE (e.branch = :branch
	OR EXISTS (SELECT FROM employee_stay s WHERE s.employee = e.id AND s.branch = :branch))
   AND e.hired_on < upper(month_days(:month::date))
   AND (e.left_on IS NULL OR e.left_on >= :month::date)
   AND (h.through IS NULL OR h.through < upper(month_days(:month::date)) - 1)
 ORDER BY e.id;

-- period_hold(branch int8) none
SELECT period_hold(:branch);

-- period_get(branch int8, month text, now timestamptz, most int4) one
-- Where the month stands, what prevents its closing (W19), and what was
-- closed before.
WITH m AS (
	SELECT b.id AS branch, b.name AS branch_name, b.time_zone, month_days(:month::date) AS days
	  FROM branch b WHERE b.id = :branch
), p AS (
	SELECT p.state, p.revision, p.closed_at, p.closed_by, p.reason FROM period p
	 WHERE p.branch = :branch AND p.month = :month::date
), blocker AS MATERIALIZED (
	SELECT x.* FROM m CROSS JOIN LATERAL period_blockers(m.branch, lower(m.days), :now) x
	 WHERE NOT EXISTS (SELECT FROM p WHERE state = 'closed')
)
SELECT json_build_object('branch', m.branch, 'branch_name', m.branch_name,
	'time_zone', m.time_zone, 'month', to_char(lower(m.days), 'YYYY-MM'),
	'from', lower(m.days), 'to', upper(m.days) - 1,
	'state', coalesce(p.state, 'open'), 'revision', coalesce(p.revision, 0),
	'closed_at', utc(p.closed_at),
	'closed_by_name', (SELECT concat_ws(' ', last_name, first_name) FROM person WHERE id = p.closed_by),
	'reason', p.reason,
	'blocked', (SELECT count(*) FROM blocker),
	'counts', coalesce((SELECT json_object_agg(reason, n ORDER BY reason) FROM (
		SELECT reason, count(*) AS n FROM blocker GROUP BY reason) c), '{}'),
	'blockers', coalesce((SELECT json_agg(json_strip_nulls(json_build_object(
			'reason', b.reason, 'employee', b.employee, 'name', b.name, 'day', b.day,
			'overtime_seconds', b.seconds, 'until', utc(b.until),
			'correction', b.correction)) ORDER BY b.rank, b.day, b.name, b.employee)
		  FROM (SELECT * FROM blocker ORDER BY rank, day, name, employee LIMIT :most) b), '[]'),
	'revisions', coalesce((SELECT json_agg(json_build_object(
			'revision', t.revision, 'closed_at', utc(t.closed_at),
			'closed_by_name', t.sheet ->> 'closed_by_name',
			'reason', t.reason) ORDER BY t.revision)
		  FROM timesheet t
		 WHERE t.branch = :branch AND t.month = :month::date), '[]')) AS period
  FROM m LEFT JOIN p ON true;

-- period_blocked(branch int8, month text) one
SELECT state, revision, reason FROM period
 WHERE branch = :branch AND month = :month::date;

-- timesheet_make(branch int8, month text, organisation text, organisation_code text, now timestamptz) one
-- The sheet as the figures are now.
WITH m AS (
	SELECT b.id AS branch, b.name, b.time_zone, month_days(:month::date) AS days
	  FROM branch b WHERE b.id = :branch
), who AS MATERIALIZED (
	SELECT e.id, e.personnel_number, pos.name AS position_name,
	       q.last_name, q.first_name, q.middle_name
	  FROM m
	 CROSS JOIN LATERAL sheet_people(m.branch, lower(m.days)) s
	  JOIN employee e ON e.id = s.employee
	  JOIN position pos ON pos.id = e.position
	  JOIN person q ON q.id = e.person
), part AS MATERIALIZED (
	SELECT d.* FROM m CROSS JOIN LATERAL sheet_days(m.branch, lower(m.days), :now) d
), kind AS MATERIALIZED (
	SELECT p.employee, p.n, k.rank, k.kind, k.seconds
	  FROM part p
	 CROSS JOIN LATERAL (VALUES
		(1, 'rest_work', CASE WHEN p.rest THEN p.worked ELSE 0 END),
		(2, 'work', CASE WHEN p.rest THEN 0 ELSE p.worked - p.night - p.over_day END),
		(3, 'night', CASE WHEN p.rest THEN 0 ELSE p.night - p.over_night END),
		(4, 'overtime', CASE WHEN p.rest THEN 0 ELSE p.over_day + p.over_night END)) k(rank, kind, seconds)
	 WHERE k.seconds > 0
	UNION ALL
	SELECT p.employee, p.n, 5, p.idle, NULL FROM part p WHERE p.idle IS NOT NULL
), said AS (
	SELECT employee, n, json_agg(CASE WHEN seconds IS NULL
			THEN json_build_object('kind', kind)
			ELSE json_build_object('kind', kind, 'seconds', seconds) END
			ORDER BY rank) AS kinds
	  FROM kind GROUP BY employee, n
), day AS (
	SELECT p.employee, json_agg(json_build_object('day', p.day, 'kinds', s.kinds,
		'planned_seconds', p.planned, 'worked_seconds', p.worked,
		'night_seconds', p.night, 'overtime_seconds', p.overtime,
		'proposed_seconds', p.proposed, 'conflict', p.conflict) ORDER BY p.day) AS days
	  FROM part p JOIN said s ON s.employee = p.employee AND s.n = p.n
	 GROUP BY p.employee
), kinds AS (
	SELECT employee, json_object_agg(kind, figures ORDER BY kind) AS kinds
	  FROM (SELECT employee, kind, json_strip_nulls(json_build_object(
			'days', count(*), 'seconds', sum(seconds))) AS figures
		  FROM kind WHERE kind <> 'outside' GROUP BY employee, kind) k
	 GROUP BY employee
), total AS (
	SELECT p.employee,
	       json_build_array(
		json_build_object('days', count(*) FILTER (WHERE p.worked > 0 AND p.n <= 15),
			'worked_seconds', coalesce(sum(p.worked) FILTER (WHERE p.n <= 15), 0)),
		json_build_object('days', count(*) FILTER (WHERE p.worked > 0 AND p.n > 15),
			'worked_seconds', coalesce(sum(p.worked) FILTER (WHERE p.n > 15), 0))) AS halves,
	       count(*) FILTER (WHERE p.worked > 0) AS days,
	       sum(p.planned) AS planned, sum(p.worked) AS worked, sum(p.night) AS night,
	       sum(p.overtime) AS overtime
	  FROM part p GROUP BY p.employee
)
SELECT json_build_object('branch', m.branch, 'branch_name', m.name,
	'time_zone', m.time_zone, 'organisation', :organisation::text,
	'organisation_code', :organisation_code::text,
	'month', to_char(lower(m.days), 'YYYY-MM'), 'from', lower(m.days),
	'to', upper(m.days) - 1,
	'rows', coalesce((SELECT json_agg(json_build_object('employee', who.id,
			'name', concat_ws(' ', who.last_name, who.first_name, nullif(who.middle_name, '')),
			'short_name', concat_ws(' ', who.last_name,
				nullif(concat(left(who.first_name, 1) || '.',
					nullif(left(who.middle_name, 1), '') || '.'), '.')),
			'personnel_number', who.personnel_number,
			'position_name', who.position_name,
			'days', day.days, 'halves', t.halves, 'worked_days', t.days,
			'planned_seconds', t.planned, 'worked_seconds', t.worked,
			'night_seconds', t.night, 'overtime_seconds', t.overtime,
			'kinds', coalesce(kinds.kinds, '{}'))
			ORDER BY who.last_name, who.first_name, who.middle_name, who.id)
		  FROM who
		  JOIN day ON day.employee = who.id
		  JOIN total t ON t.employee = who.id
		  LEFT JOIN kinds ON kinds.employee = who.id), '[]'),
	'worked_seconds', (SELECT coalesce(sum(worked), 0) FROM total),
	'planned_seconds', (SELECT coalesce(sum(planned), 0) FROM total),
	'night_seconds', (SELECT coalesce(sum(night), 0) FROM total),
	'overtime_seconds', (SELECT coalesce(sum(overtime), 0) FROM total),
	'worked_days', (SELECT coalesce(sum(days), 0) FROM total))::text AS sheet
  FROM m;

-- timesheet_draft(branch int8, month text, sheet text) one
-- A sheet that is not closed, with the members of one that is.
SELECT (:sheet::jsonb || jsonb_build_object('state', 'open',
	'revision', coalesce(p.revision, 0), 'reason', p.reason,
	'closed_at', NULL, 'closed_on', NULL, 'closed_by_name', NULL))::json AS sheet
  FROM (VALUES (1)) one
  LEFT JOIN period p ON p.branch = :branch AND p.month = :month::date;

-- timesheet_get(branch int8, month text, revision int8?) one
-- As it was frozen: the given one, or the one that is closed now.
SELECT t.sheet::json AS sheet
  FROM timesheet t
  JOIN period p ON p.branch = t.branch AND p.month = t.month
 WHERE t.branch = :branch AND t.month = :month::date
   AND CASE WHEN :revision IS NULL
	THEN p.state = 'closed' AND t.revision = p.revision
	ELSE t.revision = :revision END;

-- period_close(branch int8, month text, sheet text, person int8, now timestamptz) one
-- The caller is alone with the branch and has seen that nothing prevents it.
WITH p AS (
	INSERT INTO period AS p (branch, month, state, closed_at, closed_by)
	VALUES (:branch, :month::date, 'closed', :now, :person)
	ON CONFLICT (branch, month) DO UPDATE
		SET state = 'closed', closed_at = :now, closed_by = :person
	RETURNING p.branch, p.month, p.revision, p.reason
)
INSERT INTO timesheet (branch, month, revision, sheet, closed_at, closed_by, reason)
SELECT p.branch, p.month, p.revision,
       :sheet::jsonb || jsonb_build_object('state', 'closed', 'revision', p.revision,
		'reason', p.reason, 'closed_at', utc(:now),
		'closed_on', local_day(:now, b.time_zone),
		'closed_by_name', concat_ws(' ', q.last_name, q.first_name)),
       :now, :person, p.reason
  FROM p
  JOIN branch b ON b.id = p.branch
  JOIN person q ON q.id = :person
RETURNING revision;

-- period_reopen(branch int8, month text, reason text) one
UPDATE period SET state = 'open', revision = revision + 1, reason = :reason,
       closed_at = NULL, closed_by = NULL
 WHERE branch = :branch AND month = :month::date AND state = 'closed'
RETURNING revision;

-- period_late(branch int8, month text) many
-- Whose scans after the closing were counted on the day after the month.
SELECT DISTINCT v.employee AS id
  FROM event v
  JOIN period p ON p.branch = :branch AND p.month = :month::date
   AND p.state = 'closed' AND v.at >= p.closed_at
 WHERE v.at BETWEEN :month::date AND upper(month_days(:month::date)) + interval '2 days'
   AND branch_on(v.employee, upper(month_days(:month::date)) - 1) = :branch
 ORDER BY 1;

-- overtime_list(branch int8, branches text?, month text, employee int8?, day text?, state text?) many
-- null: decided_by_name, decided_at
SELECT w.employee, concat_ws(' ', q.last_name, q.first_name, nullif(q.middle_name, '')) AS name,
       w.day, w.planned_seconds, w.worked_seconds, w.overtime_seconds,
       w.holiday, w.absence,
       CASE WHEN o.approved THEN 'approved' WHEN NOT o.approved THEN 'declined'
	ELSE 'pending' END AS state,
       nullif(concat_ws(' ', d.last_name, d.first_name), '') AS decided_by_name, o.decided_at
  FROM employee e
  JOIN person q ON q.id = e.person
  JOIN workday w ON w.employee = e.id AND w.overtime_seconds > 0
   AND w.day BETWEEN :month::date AND upper(month_days(:month::date)) - 1
  LEFT JOIN overtime o ON o.employee = w.employee AND o.day = w.day
   AND o.seconds = w.overtime_seconds
  LEFT JOIN person d ON d.id = o.decided_by
 WHERE (e.branch = :branch
	OR EXISTS (SELECT FROM employee_stay s WHERE s.employee = e.id AND s.branch = :branch))
   AND (:employee IS NULL OR e.id = :employee)
   AND (:day::date IS NULL OR w.day = :day::date)
   AND branch_on(e.id, w.day) = :branch
   AND (:branches::int8[] IS NULL OR :branch = ANY (:branches::int8[]))
   AND (:state::text IS NULL OR :state = CASE WHEN o.approved THEN 'approved'
	WHEN NOT o.approved THEN 'declined' ELSE 'pending' END)
 ORDER BY w.day, name, w.employee;

-- overtime_employee(employee int8, day text, branches text?) one
-- One at a time with his events.
SELECT branch_on(e.id, :day::date) AS branch, e.person,
       (:branches::int8[] IS NULL
	OR branch_on(e.id, :day::date) = ANY (:branches::int8[])) AS mine,
       to_char(:day::date, 'YYYY-MM-01') AS month
  FROM employee e WHERE e.id = :employee
   FOR UPDATE OF e;

-- overtime_decide(employee int8, day text, seconds int4, approved bool, person int8, now timestamptz) one
-- Of the length that whoever decides has seen.
INSERT INTO overtime AS o (employee, day, seconds, approved, decided_by, decided_at)
SELECT w.employee, w.day, w.overtime_seconds, :approved, :person, :now
  FROM workday w
 WHERE w.employee = :employee AND w.day = :day::date
   AND w.overtime_seconds = :seconds
ON CONFLICT (employee, day) DO UPDATE SET seconds = excluded.seconds,
	approved = excluded.approved, decided_by = excluded.decided_by,
	decided_at = excluded.decided_at
RETURNING employee;

-- overtime_decide_month(branch int8, month text, pending int4, approved bool, person int8, own bool, now timestamptz) one
-- All that is undecided, if it is as much as whoever decides has seen; own
-- overtime only if he may.
WITH todo AS (
	SELECT w.employee, w.day, w.overtime_seconds
	  FROM employee e
	  JOIN workday w ON w.employee = e.id AND w.overtime_seconds > 0
	   AND w.day BETWEEN :month::date AND upper(month_days(:month::date)) - 1
	  LEFT JOIN overtime o ON o.employee = w.employee AND o.day = w.day
	   AND o.seconds = w.overtime_seconds
	 WHERE o.employee IS NULL
	   AND (e.branch = :branch
		OR EXISTS (SELECT FROM employee_stay s WHERE s.employee = e.id AND s.branch = :branch))
	   AND branch_on(e.id, w.day) = :branch
	   AND (:own OR e.person <> :person)
), done AS (
	INSERT INTO overtime AS o (employee, day, seconds, approved, decided_by, decided_at)
	SELECT employee, day, overtime_seconds, :approved, :person, :now FROM todo
	 WHERE (SELECT count(*) FROM todo) = :pending
	ON CONFLICT (employee, day) DO UPDATE SET seconds = excluded.seconds,
		approved = excluded.approved, decided_by = excluded.decided_by,
		decided_at = excluded.decided_at
	RETURNING 1
)
SELECT (SELECT count(*) FROM todo) AS pending, count(*) AS decided FROM done;
