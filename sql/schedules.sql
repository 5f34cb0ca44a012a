-- Schedules, days that are not as scheduled, absences, holidays, and the plan
-- that they come to.  Days that follow from a change are numbers from
-- 1970-01-01 (lib/work/workday.h).
--
-- The version of a row is the digest of what a PUT may write; it is compared
-- under the lock of the employee, or of the row (if_match() in lib/web/api.h).

-- planned_employees(employees text, branches text?) many
-- Whom a plan is for; one at a time with their events, always in this order.
SELECT id, (:branches::int8[] IS NULL OR branch = ANY (:branches::int8[])) AS mine
  FROM employee
 WHERE id = ANY (:employees::int8[])
 ORDER BY id
   FOR UPDATE;

-- schedule_list(ids text?, branches text?, employee int8?, branch int8?, day text?, after int8?, limit int4) many
SELECT s.id, s.employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       s.branch, b.name AS branch_name, s.time_zone, s.kind, s.valid_from,
       s.valid_to, s.cycle_days, s.anchor, s.break_after_minutes,
       s.break_minutes, s.grace_minutes,
       c.shifts, md5(s::text || c.shifts::text) AS version
  FROM schedule s
  JOIN employee e ON e.id = s.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = s.branch
 CROSS JOIN LATERAL (
	SELECT coalesce(json_agg(c.day || ' ' || to_char(c.starts, 'HH24:MI')
		|| '-' || to_char(c.ends, 'HH24:MI')
		ORDER BY c.day, c.starts), '[]') AS shifts
	  FROM schedule_shift c WHERE c.schedule = s.id) c
 WHERE (:ids::int8[] IS NULL OR s.id = ANY (:ids::int8[]))
   AND (:branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]))
   AND (:employee IS NULL OR s.employee = :employee)
   AND (:branch IS NULL OR e.branch = :branch)
   AND (:day::date IS NULL OR (s.valid_from <= :day::date
	AND (s.valid_to IS NULL OR s.valid_to >= :day::date)))
   AND (:after IS NULL OR s.id > :after)
 ORDER BY s.id
 LIMIT :limit + 1;

-- schedule_get(id int8) one
SELECT id, employee, valid_from - date '1970-01-01' AS from_day,
       coalesce(valid_to - date '1970-01-01', 100000) AS to_day
  FROM schedule WHERE id = :id;

-- schedule_new(employee int8, kind text, valid_from text, valid_to text?, cycle_days int4, anchor text?, break_after int8?, break_minutes int8?, grace int4) one
-- The week of a weekly one begins on Monday, wherever it is joined.
INSERT INTO schedule (employee, branch, time_zone, kind, valid_from, valid_to,
	cycle_days, anchor, break_after_minutes, break_minutes, grace_minutes)
SELECT e.id, e.branch, b.time_zone, :kind, :valid_from::date, :valid_to::date,
       :cycle_days, CASE :kind WHEN 'weekly'
		THEN date_trunc('week', :valid_from::date::timestamp)::date
		ELSE coalesce(:anchor::date, :valid_from::date) END,
       :break_after, :break_minutes, :grace
  FROM employee e JOIN branch b ON b.id = e.branch
 WHERE e.id = :employee
RETURNING id, valid_from - date '1970-01-01' AS from_day,
	coalesce(valid_to - date '1970-01-01', 100000) AS to_day;

-- schedule_put(id int8, kind text, valid_from text, valid_to text?, cycle_days int4, anchor text?, break_after int8?, break_minutes int8?, grace int4) one
UPDATE schedule SET kind = :kind, valid_from = :valid_from::date,
       valid_to = :valid_to::date, cycle_days = :cycle_days,
       anchor = CASE :kind WHEN 'weekly'
		THEN date_trunc('week', :valid_from::date::timestamp)::date
		ELSE coalesce(:anchor::date, :valid_from::date) END,
       break_after_minutes = :break_after, break_minutes = :break_minutes,
       grace_minutes = :grace
 WHERE id = :id
RETURNING id, valid_from - date '1970-01-01' AS from_day,
	coalesce(valid_to - date '1970-01-01', 100000) AS to_day;

-- schedule_end(employee int8, before text) one
-- Which days that changes: the first of them, and the last that it had.
WITH was AS (
	SELECT id, valid_to FROM schedule
	 WHERE employee = :employee AND valid_from < :before::date
	   AND (valid_to IS NULL OR valid_to >= :before::date)
)
UPDATE schedule s SET valid_to = :before::date - 1
  FROM was WHERE s.id = was.id
RETURNING :before::date - date '1970-01-01' AS from_day,
	coalesce(was.valid_to - date '1970-01-01', 100000) AS to_day;

-- schedule_shifts_drop(id int8, cycle_days int4, keep text) none
-- Those that are not among the new ones: what stays is not touched.
DELETE FROM schedule_shift
 WHERE schedule = :id
   AND (cycle_days <> :cycle_days
	OR day || ' ' || to_char(starts, 'HH24:MI') || '-' || to_char(ends, 'HH24:MI')
		<> ALL (:keep::text[]));

-- schedule_shift_new(schedule int8, shift text) none
-- "0 09:00-18:00": the day of the cycle, from and to; not one that stayed.
INSERT INTO schedule_shift (schedule, cycle_days, day, starts, ends)
SELECT s.id, s.cycle_days, part[1]::int, part[2]::time, part[3]::time
  FROM schedule s, regexp_match(:shift, '^(\d+) (\d\d:\d\d)-(\d\d:\d\d)$') part
 WHERE s.id = :schedule
   AND NOT EXISTS (SELECT FROM schedule_shift t WHERE t.schedule = s.id
	AND (t.day, t.starts, t.ends) = (part[1]::int, part[2]::time, part[3]::time));

-- schedule_delete(id int8) none
DELETE FROM schedule WHERE id = :id;

-- exception_list(id int8?, branches text?, employee int8?, from_day text?, to_day text?, after int8?, limit int4) many
SELECT x.id, x.employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       x.day, x.time_zone, x.reason, c.shifts,
       md5(x::text || c.shifts::text) AS version
  FROM schedule_exception x
  JOIN employee e ON e.id = x.employee
  JOIN person p ON p.id = e.person
 CROSS JOIN LATERAL (
	SELECT coalesce(json_agg(to_char(c.starts, 'HH24:MI') || '-' ||
		to_char(c.ends, 'HH24:MI') ORDER BY c.starts), '[]') AS shifts
	  FROM schedule_exception_shift c WHERE c.exception = x.id) c
 WHERE (:id IS NULL OR x.id = :id)
   AND (:branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]))
   AND (:employee IS NULL OR x.employee = :employee)
   AND (:from_day::date IS NULL OR x.day >= :from_day::date)
   AND (:to_day::date IS NULL OR x.day <= :to_day::date)
   AND (:after IS NULL OR x.id > :after)
 ORDER BY x.id
 LIMIT :limit + 1;

-- exception_put(employee int8, day text, reason text) one
-- The one of that day, in place of what it was; its hours are those of the
-- branch of that day (W1, W12).
WITH x AS (
	INSERT INTO schedule_exception AS x (employee, day, time_zone, reason)
	SELECT e.id, :day::date, b.time_zone, :reason
	  FROM employee e JOIN branch b ON b.id = branch_on(e.id, :day::date)
	 WHERE e.id = :employee
	ON CONFLICT (employee, day) DO UPDATE
		SET reason = excluded.reason, time_zone = excluded.time_zone
	RETURNING id, day
), gone AS (
	DELETE FROM schedule_exception_shift c USING x WHERE c.exception = x.id
)
SELECT id, day - date '1970-01-01' AS day FROM x;

-- exception_shift_new(exception int8, shift text) none
INSERT INTO schedule_exception_shift (exception, starts, ends)
SELECT :exception, part[1]::time, part[2]::time
  FROM regexp_match(:shift, '^(\d\d:\d\d)-(\d\d:\d\d)$') part;

-- exception_get(id int8) one
SELECT employee, day - date '1970-01-01' AS from_day, day - date '1970-01-01' AS to_day
  FROM schedule_exception WHERE id = :id;

-- exception_delete(id int8) none
DELETE FROM schedule_exception WHERE id = :id;

-- absence_list(id int8?, person int8, manager bool, branches text?, employee int8?, branch int8?, state text?, from_day text?, to_day text?, after int8?, limit int4) many
-- One's own, and those of a manager's branches.
SELECT a.id, a.employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       e.branch, b.name AS branch_name, a.kind, a.from_day AS "from",
       a.to_day AS "to", a.state, a.note, a.created_at,
       md5(a::text) AS version
  FROM absence a
  JOIN employee e ON e.id = a.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
 WHERE (:id IS NULL OR a.id = :id)
   AND (e.person = :person OR (:manager AND (:branches::int8[] IS NULL
	OR e.branch = ANY (:branches::int8[]))))
   AND (:employee IS NULL OR a.employee = :employee)
   AND (:branch IS NULL OR e.branch = :branch)
   AND (:state::text IS NULL OR a.state = :state)
   AND (:from_day::date IS NULL OR a.to_day >= :from_day::date)
   AND (:to_day::date IS NULL OR a.from_day <= :to_day::date)
   AND (:after IS NULL OR a.id > :after)
 ORDER BY a.id
 LIMIT :limit + 1;

-- absence_get(id int8) one
SELECT employee, from_day - date '1970-01-01' AS from_day,
       to_day - date '1970-01-01' AS to_day
  FROM absence WHERE id = :id;

-- absence_new(employee int8, kind text, from_day text, to_day text, state text, note text, made_by int8, now timestamptz) one
INSERT INTO absence (employee, kind, from_day, to_day, state, note, made_by,
	created_at)
VALUES (:employee, :kind, :from_day::date, :to_day::date, :state, :note,
	:made_by, :now)
RETURNING id, from_day - date '1970-01-01' AS from_day,
	to_day - date '1970-01-01' AS to_day;

-- absence_put(id int8, kind text, from_day text, to_day text, state text, note text) one
UPDATE absence SET kind = :kind, from_day = :from_day::date,
       to_day = :to_day::date, state = :state, note = :note
 WHERE id = :id
RETURNING id, from_day - date '1970-01-01' AS from_day,
	to_day - date '1970-01-01' AS to_day;

-- absence_delete(id int8) none
DELETE FROM absence WHERE id = :id;

-- holiday_list(id int8?, branch int8?, from_day text?, to_day text?, after int8?, limit int4) many
SELECT h.id, h.day, h.branch, b.name AS branch_name, h.name,
       md5(h::text) AS version
  FROM holiday h
  LEFT JOIN branch b ON b.id = h.branch
 WHERE (:id IS NULL OR h.id = :id)
   AND (:branch IS NULL OR h.branch IS NULL OR h.branch = :branch)
   AND (:from_day::date IS NULL OR h.day >= :from_day::date)
   AND (:to_day::date IS NULL OR h.day <= :to_day::date)
   AND (:after IS NULL OR h.id > :after)
 ORDER BY h.id
 LIMIT :limit + 1;

-- holiday_branch(branch int8, branches text?) one
SELECT :branches::int8[] IS NULL OR id = ANY (:branches::int8[]) AS mine
  FROM branch WHERE id = :branch;

-- holiday_get(id int8) one
SELECT id, branch, day - date '1970-01-01' AS day FROM holiday
 WHERE id = :id FOR UPDATE;

-- holiday_new(day text, branch int8?, name text) one
INSERT INTO holiday (day, branch, name) VALUES (:day::date, :branch, :name)
RETURNING id, branch, day - date '1970-01-01' AS day;

-- holiday_put(id int8, day text, branch int8?, name text) one
UPDATE holiday SET day = :day::date, branch = :branch, name = :name
 WHERE id = :id
RETURNING id, branch, day - date '1970-01-01' AS day;

-- holiday_delete(id int8) none
DELETE FROM holiday WHERE id = :id;

-- holiday_employees(branch int8?, day int4) many
-- Whose day it changes, in an order that cannot deadlock.
SELECT e.id FROM employee e
 WHERE (e.left_on IS NULL OR e.left_on >= date '1970-01-01' + :day)
   AND (:branch IS NULL OR e.branch = :branch
	OR EXISTS (SELECT FROM employee_stay s WHERE s.employee = e.id AND s.branch = :branch))
 ORDER BY e.id
   FOR UPDATE OF e;

-- plan_employee(employee int8?, person int8, manager bool, branches text?) one
-- One's own, or somebody of a manager's branches.
SELECT e.id FROM employee e
 WHERE CASE WHEN :employee IS NULL
	THEN e.person = :person AND e.is_primary
	ELSE e.id = :employee AND (e.person = :person OR (:manager
		AND (:branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[])))) END;

-- plan_list(employee int8, from_day text, to_day text) many
-- null: absence
SELECT d.day, d.branch, b.name AS branch_name, d.holiday, d.absence, d.cancelled,
       d.exception IS NOT NULL AS changed,
       coalesce(t.time_zone, b.time_zone) AS time_zone,
       coalesce(t.shifts, '[]') AS shifts
  FROM plan_days(:employee, :from_day::date, :to_day::date) d
  JOIN branch b ON b.id = d.branch
  LEFT JOIN (
	SELECT s.day, min(s.time_zone) AS time_zone,
	       json_agg(json_build_object('start', to_char(s.starts, 'HH24:MI'),
			'end', to_char(s.ends, 'HH24:MI'),
			'starts_at', utc(s.starts_at), 'ends_at', utc(s.ends_at),
			'seconds', extract(epoch FROM s.ends_at - s.starts_at)::int8)
			ORDER BY s.starts_at) AS shifts
	  FROM planned_shifts(:employee, :from_day::date, :to_day::date) s
	 GROUP BY s.day) t ON t.day = d.day
 ORDER BY d.day;
