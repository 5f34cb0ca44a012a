-- The branch of a day is the one to which somebody belongs on it, whichever
-- drew his schedule: its holidays cancel the day (W18), its sheet has it.
CREATE OR REPLACE FUNCTION plan_days(employee bigint, from_day date, to_day date)
	RETURNS TABLE (day date, schedule bigint, exception bigint, branch bigint,
		holiday boolean, absence text, cancelled boolean)
	LANGUAGE sql STABLE AS $$
	SELECT d.day, s.id, x.id, b.id,
	       h.is, a.kind,
	       a.kind IS NOT NULL OR (h.is AND x.id IS NULL AND s.kind = 'weekly')
	  FROM employee e
	 CROSS JOIN LATERAL (
		SELECT e.hired_on + n AS day
		  FROM generate_series(greatest(plan_days.from_day - e.hired_on, 0),
			least(plan_days.to_day, e.left_on) - e.hired_on) n) d
	  LEFT JOIN schedule s ON s.employee = e.id
		AND d.day >= s.valid_from AND (s.valid_to IS NULL OR d.day <= s.valid_to)
	  LEFT JOIN schedule_exception x ON x.employee = e.id AND x.day = d.day
	 CROSS JOIN LATERAL (
		SELECT coalesce((SELECT y.branch FROM employee_stay y
				WHERE y.employee = e.id AND y.until > d.day
				ORDER BY y.until LIMIT 1),
			e.branch) AS id) b
	 CROSS JOIN LATERAL (
		SELECT EXISTS (SELECT FROM holiday h WHERE h.day = d.day
			AND (h.branch IS NULL OR h.branch = b.id)) AS is) h
	  LEFT JOIN absence a ON a.employee = e.id AND a.state = 'approved'
		AND d.day BETWEEN a.from_day AND a.to_day
	 WHERE e.id = plan_days.employee
$$;

-- The planned shifts of an employee, as instants (W12): wall-clock times in
-- the zone that the branch had when it drew the schedule or, of somebody who
-- belongs to another one on that day, in its zone; by PostgreSQL's rule for the
-- gap and the doubled hour.  A shift within the gap has no length.
CREATE OR REPLACE FUNCTION planned_shifts(employee bigint, from_day date, to_day date)
	RETURNS TABLE (day date, starts_at timestamptz, ends_at timestamptz,
		starts time, ends time, time_zone text, branch bigint,
		schedule bigint, exception bigint, grace_seconds integer,
		break_after_seconds integer, break_seconds integer)
	LANGUAGE sql STABLE AS $$
	SELECT p.day, at.starts_at,
	       greatest(at.starts_at, (p.day + (t.ends <= t.starts)::int + t.ends)
		AT TIME ZONE t.time_zone),
	       t.starts, t.ends, t.time_zone, p.branch, p.schedule, p.exception,
	       coalesce(s.grace_minutes, 5) * 60,
	       s.break_after_minutes * 60, s.break_minutes * 60
	  FROM plan_days(planned_shifts.employee, planned_shifts.from_day,
		planned_shifts.to_day) p
	  JOIN branch b ON b.id = p.branch
	  LEFT JOIN schedule s ON s.id = p.schedule
	 CROSS JOIN LATERAL (
		SELECT c.starts, c.ends,
		       CASE p.branch WHEN s.branch THEN s.time_zone
			ELSE b.time_zone END AS time_zone
		  FROM schedule_shift c
		 WHERE c.schedule = p.schedule AND p.exception IS NULL
		   AND c.day = ((p.day - s.anchor) % s.cycle_days + s.cycle_days) % s.cycle_days
		UNION ALL
		SELECT c.starts, c.ends, x.time_zone
		  FROM schedule_exception x
		  JOIN schedule_exception_shift c ON c.exception = x.id
		 WHERE x.id = p.exception) t
	 CROSS JOIN LATERAL (
		SELECT (p.day + t.starts) AT TIME ZONE t.time_zone AS starts_at) at
	 WHERE NOT p.cancelled
	 ORDER BY at.starts_at, p.day
$$;

-- The days that were drawn one by one come along.
CREATE FUNCTION employee_moved() RETURNS trigger
	LANGUAGE plpgsql AS $$
BEGIN
	UPDATE schedule_exception x SET time_zone = b.time_zone
	  FROM branch b
	 WHERE b.id = NEW.branch AND x.employee = NEW.id
	   AND x.day >= NEW.branch_since AND x.time_zone <> b.time_zone;
	RETURN NULL;
END $$;
CREATE TRIGGER moved AFTER UPDATE OF branch ON employee
	FOR EACH ROW WHEN (NEW.branch <> OLD.branch) EXECUTE FUNCTION employee_moved();

-- A holiday changes the days of a branch, or of all.
CREATE OR REPLACE FUNCTION guard_holiday_of(branch bigint, day date) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	hit record;
	branches bigint[] := ARRAY(
		SELECT b.id FROM branch b WHERE guard_holiday_of.branch IS NULL
			OR b.id = guard_holiday_of.branch);
BEGIN
	PERFORM period_share(branches);
	SELECT p.branch, p.month INTO hit FROM period p
	 WHERE p.branch = ANY (branches) AND p.state = 'closed'
	   AND month_days(p.month) @> guard_holiday_of.day
	 ORDER BY p.branch LIMIT 1;
	IF FOUND THEN
		PERFORM period_refuse(hit.branch, hit.month);
	END IF;
END $$;
