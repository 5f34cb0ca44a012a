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
