-- Periods, timesheets and overtime (T9, WORKTIME W17 and W19).
--
-- A closed period refuses whatever would change it, here in the database:
-- the one exception from the rule that triggers only write the audit log.
-- The fault PERIOD_CLOSED carries as detail which branch and month it is.

-- A month of a branch.  One that was never closed has no row; the revision is
-- that of the sheet that was frozen, or of the one to come.
CREATE TABLE period (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	branch		bigint NOT NULL,
	month		date NOT NULL			-- its first day
		CONSTRAINT period_month CHECK (extract(day FROM month) = 1),
	revision	integer NOT NULL DEFAULT 0
		CONSTRAINT period_revision CHECK (revision >= 0),
	state		text NOT NULL
		CONSTRAINT period_state CHECK (state IN ('open', 'closed')),
	closed_at	timestamptz,
	closed_by	bigint REFERENCES person,
	reason		text,				-- of the last reopening
	CONSTRAINT branch_in_use FOREIGN KEY (branch) REFERENCES branch,
	CONSTRAINT period_once UNIQUE (branch, month),
	CONSTRAINT period_closing CHECK ((state = 'closed') = (closed_at IS NOT NULL)
		AND (state = 'closed') = (closed_by IS NOT NULL)),
	CONSTRAINT period_corrected CHECK ((revision = 0) = (reason IS NULL))
);
CREATE INDEX period_closed_month ON period (month) WHERE state = 'closed';

-- What was closed, as it is printed for ever.
CREATE TABLE timesheet (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	branch		bigint NOT NULL,
	month		date NOT NULL,
	revision	integer NOT NULL,
	sheet		jsonb NOT NULL,
	closed_at	timestamptz NOT NULL,
	closed_by	bigint NOT NULL REFERENCES person,
	reason		text,				-- of the correction
	CONSTRAINT timesheet_period FOREIGN KEY (branch, month)
		REFERENCES period (branch, month),
	CONSTRAINT timesheet_once UNIQUE (branch, month, revision)
);

-- What was decided about the overtime of a day, of the length that it had
-- then: if the day comes to another length, there is nothing decided (W17).
CREATE TABLE overtime (
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	day		date NOT NULL,
	seconds		integer NOT NULL
		CONSTRAINT overtime_seconds CHECK (seconds > 0),
	approved	boolean NOT NULL,
	decided_by	bigint NOT NULL REFERENCES person,
	decided_at	timestamptz NOT NULL,
	PRIMARY KEY (employee, day)
);

-------------------------------------------------- where somebody belonged to

-- A person who changes his branch does not change the past (W1): up to, and
-- not including, that day he belonged to the branch that is named here.
CREATE TABLE employee_stay (
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	branch		bigint NOT NULL,
	until		date NOT NULL,
	PRIMARY KEY (employee, until),
	CONSTRAINT branch_in_use FOREIGN KEY (branch) REFERENCES branch
);
CREATE INDEX employee_stay_branch ON employee_stay (branch);
-- The first day in the present branch, if it is not the first one.
ALTER TABLE employee ADD branch_since date;

CREATE FUNCTION employee_branches(employee bigint)
	RETURNS TABLE (branch bigint, days daterange)
	LANGUAGE sql STABLE AS $$
	SELECT s.branch, daterange(lag(s.until) OVER (ORDER BY s.until), s.until)
	  FROM employee_stay s WHERE s.employee = employee_branches.employee
	UNION ALL
	SELECT e.branch, daterange((SELECT max(s.until) FROM employee_stay s
		WHERE s.employee = e.id), NULL)
	  FROM employee e WHERE e.id = employee_branches.employee
$$;

CREATE FUNCTION branch_on(employee bigint, day date) RETURNS bigint
	LANGUAGE sql STABLE
	RETURN coalesce((SELECT s.branch FROM employee_stay s
			WHERE s.employee = branch_on.employee AND s.until > branch_on.day
			ORDER BY s.until LIMIT 1),
		(SELECT e.branch FROM employee e WHERE e.id = branch_on.employee));

-- As before, but where no schedule says so, the branch is that of the day.
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
		SELECT coalesce(s.branch, (SELECT y.branch FROM employee_stay y
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

------------------------------------------------------------ what is refused

CREATE FUNCTION month_days(month date) RETURNS daterange
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN daterange(month, (month + interval '1 month')::date);

-- Closing is alone with a branch (period_hold); whoever changes days of its
-- people is there together with others like him (period_share), so that
-- what is looked up afterwards cannot change before he has committed.
CREATE FUNCTION period_lock_id(branch bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN hashtextextended('tabel.period.' || branch, 0);

CREATE FUNCTION period_hold(branch bigint) RETURNS void
	LANGUAGE sql VOLATILE AS $$
	SELECT pg_advisory_xact_lock(period_lock_id(period_hold.branch))
$$;

CREATE FUNCTION period_share(branches bigint[]) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	one bigint;
BEGIN
	FOR one IN SELECT DISTINCT b FROM unnest(branches) b
		WHERE b IS NOT NULL ORDER BY b
	LOOP
		PERFORM pg_advisory_xact_lock_shared(period_lock_id(one));
	END LOOP;
END $$;

CREATE FUNCTION period_share_employee(employee bigint) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM period_share(ARRAY(
		SELECT e.branch FROM employee e WHERE e.id = period_share_employee.employee
		UNION ALL
		SELECT s.branch FROM employee_stay s
		 WHERE s.employee = period_share_employee.employee));
END $$;

-- What the client is told: {"branch": ..., "branch_name": ..., "month": ...}.
CREATE FUNCTION period_detail(branch bigint, month date) RETURNS text
	LANGUAGE sql STABLE
	RETURN (SELECT json_build_object('branch', b.id, 'branch_name', b.name,
			'month', to_char(period_detail.month, 'YYYY-MM'))::text
		  FROM branch b WHERE b.id = period_detail.branch);

CREATE FUNCTION period_refuse(branch bigint, month date) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	IF period_refuse.month IS NOT NULL THEN
		RAISE EXCEPTION 'the period is closed' USING
			ERRCODE = 'check_violation', CONSTRAINT = 'period_closed',
			DETAIL = period_detail(period_refuse.branch, period_refuse.month);
	END IF;
END $$;

-- Days of an employee that somebody is about to change.
CREATE FUNCTION period_guard(employee bigint, days datemultirange) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	hit record;
BEGIN
	IF isempty(days) THEN
		RETURN;
	END IF;
	PERFORM period_share_employee(period_guard.employee);
	SELECT p.branch, p.month INTO hit
	  FROM employee_branches(period_guard.employee) b
	  JOIN period p ON p.branch = b.branch AND p.state = 'closed'
	   AND period_guard.days * datemultirange(b.days) && month_days(p.month)
	 ORDER BY p.month DESC LIMIT 1;
	IF FOUND THEN
		PERFORM period_refuse(hit.branch, hit.month);
	END IF;
END $$;

-- The same, of days on which he is employed: others have no plan.
CREATE FUNCTION period_guard_plan(employee bigint, days datemultirange) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM period_guard(e.id, period_guard_plan.days *
			datemultirange(daterange(e.hired_on, e.left_on, '[]')))
	   FROM employee e WHERE e.id = period_guard_plan.employee;
END $$;

-- The day of a fact by the plan alone (W11).  An out that is not within a
-- shift may be the end of one that ended up to 4 hours ago.
CREATE FUNCTION fact_day(employee bigint, kind text, at timestamptz, time_zone text)
	RETURNS date
	LANGUAGE sql STABLE AS $$
	WITH shift AS (
		SELECT s.day, s.starts_at, s.ends_at
		  FROM planned_shifts(fact_day.employee,
			local_day(fact_day.at, fact_day.time_zone) - 2,
			local_day(fact_day.at, fact_day.time_zone) + 2) s
		 WHERE fact_day.at >= s.starts_at - interval '4 hours'
		   AND fact_day.at < s.ends_at + interval '4 hours'
	)
	SELECT coalesce(
		(SELECT day FROM shift WHERE fact_day.at < ends_at
		  ORDER BY fact_day.at >= starts_at DESC,
			abs(extract(epoch FROM starts_at - fact_day.at)), starts_at LIMIT 1),
		(SELECT day FROM shift WHERE fact_day.kind IS DISTINCT FROM 'in'
		  ORDER BY ends_at DESC LIMIT 1),
		local_day(fact_day.at, fact_day.time_zone))
$$;

-- The closed period that a fact would change, if there is one; the caller's
-- transaction keeps it as it is.  What happened after the closing is late for
-- nothing: a scan is never refused for a period's sake (W19).
CREATE FUNCTION fact_period(employee bigint, kind text, at timestamptz, time_zone text)
	RETURNS TABLE (branch bigint, month date)
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM period_share_employee(fact_period.employee);
	IF NOT EXISTS (SELECT FROM period p
		WHERE p.state = 'closed' AND p.closed_at > fact_period.at
		  AND p.month > fact_period.at - interval '35 days'
		  AND p.month < fact_period.at + interval '4 days')
	THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT p.branch, p.month
	  FROM fact_day(fact_period.employee, fact_period.kind, fact_period.at,
		fact_period.time_zone) AS day
	  JOIN period p ON p.branch = branch_on(fact_period.employee, day)
	   AND p.state = 'closed' AND p.closed_at > fact_period.at
	   AND month_days(p.month) @> day;
END $$;

-- Many facts are looked at together: taps come in batches.
CREATE FUNCTION guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM period_share(ARRAY(
		SELECT e.branch FROM changed c JOIN employee e ON e.id = c.employee
		UNION
		SELECT s.branch FROM changed c JOIN employee_stay s ON s.employee = c.employee));
	PERFORM period_refuse(f.branch, f.month)
	   FROM changed c
	  CROSS JOIN LATERAL fact_period(c.employee, c.kind, c.at, c.time_zone) f
	  WHERE EXISTS (SELECT FROM period p
		WHERE p.state = 'closed' AND p.closed_at > c.at
		  AND p.month > c.at - interval '35 days'
		  AND p.month < c.at + interval '4 days')
	  LIMIT 1;
	RETURN NULL;
END $$;
CREATE TRIGGER guard_insert AFTER INSERT ON event
	REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION guard_event();
CREATE TRIGGER guard_update AFTER UPDATE ON event
	REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION guard_event();

-- An absence that only gets longer or shorter changes the days that differ.
CREATE FUNCTION guard_absence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	before datemultirange := '{}';
	after datemultirange := '{}';
BEGIN
	IF TG_OP <> 'INSERT' AND OLD.state IN ('requested', 'approved') THEN
		before := datemultirange(daterange(OLD.from_day, OLD.to_day, '[]'));
	END IF;
	IF TG_OP <> 'DELETE' AND NEW.state IN ('requested', 'approved') THEN
		after := datemultirange(daterange(NEW.from_day, NEW.to_day, '[]'));
	END IF;
	IF TG_OP = 'UPDATE' AND (OLD.employee, OLD.kind, OLD.state) =
		(NEW.employee, NEW.kind, NEW.state)
	THEN
		PERFORM period_guard_plan(NEW.employee, (before - after) + (after - before));
		RETURN NULL;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		PERFORM period_guard_plan(OLD.employee, before);
	END IF;
	IF TG_OP <> 'DELETE' THEN
		PERFORM period_guard_plan(NEW.employee, after);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON absence
	FOR EACH ROW EXECUTE FUNCTION guard_absence();

-- A schedule that only ends sooner or later changes the days that differ.
CREATE FUNCTION guard_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	before datemultirange := '{}';
	after datemultirange := '{}';
BEGIN
	IF TG_OP <> 'INSERT' THEN
		before := datemultirange(daterange(OLD.valid_from, OLD.valid_to, '[]'));
	END IF;
	IF TG_OP <> 'DELETE' THEN
		after := datemultirange(daterange(NEW.valid_from, NEW.valid_to, '[]'));
	END IF;
	IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - '{valid_from,valid_to,anchor}'::text[] =
		to_jsonb(NEW) - '{valid_from,valid_to,anchor}'::text[]
		AND (OLD.anchor - NEW.anchor) % NEW.cycle_days = 0
	THEN
		PERFORM period_guard_plan(NEW.employee, (before - after) + (after - before));
		RETURN NULL;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		PERFORM period_guard_plan(OLD.employee, before);
	END IF;
	IF TG_OP <> 'DELETE' THEN
		PERFORM period_guard_plan(NEW.employee, after);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON schedule
	FOR EACH ROW EXECUTE FUNCTION guard_schedule();

-- Shifts that go with their schedule are that one's business.
CREATE FUNCTION guard_schedule_shift() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT s.employee, s.valid_from, s.valid_to FROM schedule s
		WHERE (TG_OP <> 'INSERT' AND s.id = OLD.schedule)
		   OR (TG_OP <> 'DELETE' AND s.id = NEW.schedule)
	LOOP
		PERFORM period_guard_plan(one.employee,
			datemultirange(daterange(one.valid_from, one.valid_to, '[]')));
	END LOOP;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON schedule_shift
	FOR EACH ROW EXECUTE FUNCTION guard_schedule_shift();

CREATE FUNCTION guard_exception() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND (OLD.employee, OLD.day, OLD.time_zone) =
		(NEW.employee, NEW.day, NEW.time_zone)
	THEN
		RETURN NULL;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		PERFORM period_guard_plan(OLD.employee,
			datemultirange(daterange(OLD.day, OLD.day, '[]')));
	END IF;
	IF TG_OP <> 'DELETE' THEN
		PERFORM period_guard_plan(NEW.employee,
			datemultirange(daterange(NEW.day, NEW.day, '[]')));
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON schedule_exception
	FOR EACH ROW EXECUTE FUNCTION guard_exception();

CREATE FUNCTION guard_exception_shift() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT x.employee, x.day FROM schedule_exception x
		WHERE (TG_OP <> 'INSERT' AND x.id = OLD.exception)
		   OR (TG_OP <> 'DELETE' AND x.id = NEW.exception)
	LOOP
		PERFORM period_guard_plan(one.employee,
			datemultirange(daterange(one.day, one.day, '[]')));
	END LOOP;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON schedule_exception_shift
	FOR EACH ROW EXECUTE FUNCTION guard_exception_shift();

-- A holiday changes the days of a branch, of those who work by a schedule of
-- it elsewhere, or of all.
CREATE FUNCTION guard_holiday_of(branch bigint, day date) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	hit record;
	branches bigint[] := ARRAY(
		SELECT b.id FROM branch b WHERE guard_holiday_of.branch IS NULL
			OR b.id = guard_holiday_of.branch
		UNION
		SELECT branch_on(s.employee, guard_holiday_of.day) FROM schedule s
		 WHERE s.branch = guard_holiday_of.branch
		   AND s.valid_from <= guard_holiday_of.day
		   AND (s.valid_to IS NULL OR s.valid_to >= guard_holiday_of.day));
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

CREATE FUNCTION guard_holiday() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.day = NEW.day
		AND OLD.branch IS NOT DISTINCT FROM NEW.branch
	THEN
		RETURN NULL;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		PERFORM guard_holiday_of(OLD.branch, OLD.day);
	END IF;
	IF TG_OP <> 'DELETE' THEN
		PERFORM guard_holiday_of(NEW.branch, NEW.day);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON holiday
	FOR EACH ROW EXECUTE FUNCTION guard_holiday();

-- Employments: who is hired, leaves, or goes to another branch.
CREATE FUNCTION guard_employee() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	before datemultirange := '{}';
	after datemultirange := '{}';
	hit record;
	since date;
BEGIN
	IF TG_OP = 'UPDATE' AND NEW.branch <> OLD.branch THEN
		IF NEW.branch_since > coalesce(OLD.branch_since, '-infinity') THEN
			INSERT INTO employee_stay (employee, branch, until)
			VALUES (NEW.id, OLD.branch, NEW.branch_since);
			since := NEW.branch_since;
		ELSE
			since := OLD.branch_since;
		END IF;
		PERFORM period_share(ARRAY[OLD.branch, NEW.branch]);
		SELECT p.branch, p.month INTO hit FROM period p
		 WHERE p.branch IN (OLD.branch, NEW.branch) AND p.state = 'closed'
		   AND month_days(p.month) && daterange(since, NULL)
			* daterange(OLD.hired_on, OLD.left_on, '[]')
		 ORDER BY p.month DESC LIMIT 1;
		IF FOUND THEN
			PERFORM period_refuse(hit.branch, hit.month);
		END IF;
	END IF;
	IF TG_OP <> 'INSERT' THEN
		before := datemultirange(daterange(OLD.hired_on, OLD.left_on, '[]'));
	END IF;
	IF TG_OP <> 'DELETE' THEN
		after := datemultirange(daterange(NEW.hired_on, NEW.left_on, '[]'));
	END IF;
	IF TG_OP = 'DELETE' THEN
		PERFORM period_guard(OLD.id, before);
		RETURN OLD;
	END IF;
	PERFORM period_guard(NEW.id, (before - after) + (after - before));
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OF branch, hired_on, left_on ON employee
	FOR EACH ROW EXECUTE FUNCTION guard_employee();
CREATE TRIGGER guard_delete BEFORE DELETE ON employee
	FOR EACH ROW EXECUTE FUNCTION guard_employee();

CREATE FUNCTION guard_overtime() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP <> 'INSERT' THEN
		PERFORM period_guard(OLD.employee,
			datemultirange(daterange(OLD.day, OLD.day, '[]')));
	END IF;
	IF TG_OP <> 'DELETE' THEN
		PERFORM period_guard(NEW.employee,
			datemultirange(daterange(NEW.day, NEW.day, '[]')));
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON overtime
	FOR EACH ROW EXECUTE FUNCTION guard_overtime();

-- The figures themselves: whatever the way to them, those of a closed period
-- stay.  This is what finds that a change of one day moved another.  A row
-- that only says that it is a holiday says nothing new.
CREATE FUNCTION guard_workday() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	hit record;
BEGIN
	SELECT p.branch, p.month INTO hit
	  FROM changed r
	  JOIN period p ON p.state = 'closed' AND r.day >= p.month
	   AND r.day < p.month + interval '1 month'
	   AND p.branch = branch_on(r.employee, r.day)
	 WHERE TG_OP = 'UPDATE' OR r.shifts + r.worked_seconds + r.missing_out
		+ r.missing_in > 0 OR r.absence IS NOT NULL OR r.open_until IS NOT NULL
	 LIMIT 1;
	IF FOUND THEN
		PERFORM period_refuse(hit.branch, hit.month);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER guard_insert AFTER INSERT ON workday
	REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION guard_workday();
CREATE TRIGGER guard_update AFTER UPDATE ON workday
	REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION guard_workday();
CREATE TRIGGER guard_delete AFTER DELETE ON workday
	REFERENCING OLD TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION guard_workday();

---------------------------------------------------------------- the sheet

-- Who is on the sheet of a branch, and on which days of the month.
CREATE FUNCTION sheet_people(branch bigint, month date)
	RETURNS TABLE (employee bigint, here datemultirange)
	LANGUAGE sql STABLE AS $$
	SELECT e.id, range_agg(b.days * month_days(sheet_people.month))
	  FROM employee e
	 CROSS JOIN LATERAL employee_branches(e.id) b
	 WHERE (e.branch = sheet_people.branch OR EXISTS (SELECT FROM employee_stay s
		WHERE s.employee = e.id AND s.branch = sheet_people.branch))
	   AND b.branch = sheet_people.branch
	   AND b.days && month_days(sheet_people.month)
	   AND (daterange(e.hired_on, e.left_on, '[]') * b.days
			&& month_days(sheet_people.month)
		OR EXISTS (SELECT FROM workday w WHERE w.employee = e.id
			AND b.days * month_days(sheet_people.month) @> w.day
			AND w.worked_seconds + w.missing_out + w.missing_in > 0))
	 GROUP BY e.id
$$;

-- The days of a sheet.  A day without work is one kind of idle; the parts of
-- one with work add up to it: on a day off or a holiday (rest) all of it is
-- work of that kind, else approved overtime is taken from day hours before
-- night hours (W14, W16, W17).
CREATE FUNCTION sheet_days(branch bigint, month date, now timestamptz)
	RETURNS TABLE (employee bigint, day date, n integer, planned integer,
		worked integer, night integer, proposed integer, overtime integer,
		conflict boolean, rest boolean, over_day integer,
		over_night integer, idle text)
	LANGUAGE sql STABLE AS $$
	SELECT s.employee, d.day, extract(day FROM d.day)::int,
	       coalesce(w.planned_seconds, 0), f.worked, f.night,
	       coalesce(w.overtime_seconds, 0), f.overtime,
	       coalesce(w.conflict, false),
	       f.worked > 0 AND (f.holiday
		OR (f.scheduled AND w.shifts = 0 AND w.absence IS NULL)),
	       least(f.overtime, f.worked - f.night),
	       f.overtime - least(f.overtime, f.worked - f.night),
	       CASE WHEN f.worked > 0 THEN NULL
		WHEN NOT s.here @> d.day THEN 'outside'
		WHEN w.open_until >= sheet_days.now THEN 'open'
		WHEN w.missing_out + w.missing_in > 0 OR w.open_until IS NOT NULL THEN 'missing'
		WHEN w.absence IS NOT NULL THEN w.absence
		WHEN EXISTS (SELECT FROM unnest(w.unexplained_from) u
			WHERE u <= sheet_days.now) THEN 'unexplained'
		WHEN w.shifts > 0 THEN 'expected'
		WHEN p.day IS NULL THEN 'outside'
		WHEN f.holiday THEN 'holiday'
		WHEN f.scheduled THEN 'rest'
		ELSE 'unplanned' END
	  FROM sheet_people(sheet_days.branch, sheet_days.month) s
	 CROSS JOIN LATERAL (SELECT sheet_days.month + g AS day
		FROM generate_series(0, upper(month_days(sheet_days.month))
			- sheet_days.month - 1) g) d
	  LEFT JOIN LATERAL plan_days(s.employee, sheet_days.month,
		upper(month_days(sheet_days.month)) - 1) p ON p.day = d.day
	  LEFT JOIN workday w ON w.employee = s.employee AND w.day = d.day
		AND s.here @> d.day
	  LEFT JOIN overtime o ON o.employee = w.employee AND o.day = w.day
		AND o.approved AND o.seconds = w.overtime_seconds
	 CROSS JOIN LATERAL (
		SELECT coalesce(w.worked_seconds, 0) AS worked,
		       coalesce(w.night_seconds, 0) AS night,
		       coalesce(o.seconds, 0) AS overtime,
		       coalesce(w.holiday, p.holiday, false) AS holiday,
		       p.schedule IS NOT NULL OR p.exception IS NOT NULL AS scheduled) f
$$;

-- What prevents a month from being closed (W19).
CREATE FUNCTION period_blockers(branch bigint, month date, now timestamptz)
	RETURNS TABLE (rank integer, reason text, employee bigint, name text,
		day date, seconds integer, until timestamptz, correction bigint)
	LANGUAGE sql STABLE AS $$
	WITH open AS (
		SELECT b.id AS branch, b.time_zone, month_days(period_blockers.month) AS days,
		       day_start(upper(month_days(period_blockers.month)), b.time_zone) AS ends_at
		  FROM branch b WHERE b.id = period_blockers.branch
	), who AS MATERIALIZED (
		SELECT s.employee, s.here,
		       concat_ws(' ', q.last_name, q.first_name, nullif(q.middle_name, '')) AS name
		  FROM sheet_people(period_blockers.branch, period_blockers.month) s
		  JOIN employee e ON e.id = s.employee
		  JOIN person q ON q.id = e.person
	), day AS MATERIALIZED (
		SELECT who.name, w.*,
		       w.missing_out + (w.open_until < period_blockers.now IS TRUE)::int AS lost,
		       EXISTS (SELECT FROM unnest(w.unexplained_from) u
				WHERE u <= period_blockers.now) AS unexplained
		  FROM who JOIN workday w ON w.employee = who.employee AND who.here @> w.day
	)
	SELECT 1, 'not_over', NULL::int8, NULL::text, NULL::date, NULL::int, open.ends_at, NULL::int8
	  FROM open WHERE open.ends_at > period_blockers.now
	UNION ALL
	SELECT 2, 'shift_runs', who.employee, who.name, s.day, NULL, s.ends_at, NULL
	  FROM open, who
	 CROSS JOIN LATERAL planned_shifts(who.employee, upper(open.days) - 2, upper(open.days) - 1) s
	 WHERE open.ends_at <= period_blockers.now AND who.here @> s.day
	   AND s.ends_at > period_blockers.now
	UNION ALL
	SELECT 3, 'open', d.employee, d.name, d.day, NULL, d.open_until, NULL
	  FROM day d WHERE d.open_until >= period_blockers.now
	UNION ALL
	-- scanned, and not yet said what it is
	SELECT 3, 'scan', who.employee, who.name, x.day, NULL, c.expires_at, NULL
	  FROM open, who
	  JOIN employee e ON e.id = who.employee AND e.is_primary
	  JOIN claim c ON c.person = e.person AND NOT c.pending
	   AND c.at >= period_blockers.now - interval '1 hour'
	   AND c.expires_at >= period_blockers.now
	   AND NOT EXISTS (SELECT FROM event v WHERE v.claim = c.id)
	 CROSS JOIN LATERAL (SELECT fact_day(who.employee, NULL, c.at, open.time_zone)) x(day)
	 WHERE who.here @> x.day
	UNION ALL
	SELECT 4, 'missing_out', d.employee, d.name, d.day, NULL, NULL, NULL
	  FROM day d WHERE d.lost > 0
	UNION ALL
	SELECT 5, 'missing_in', d.employee, d.name, d.day, NULL, NULL, NULL
	  FROM day d WHERE d.missing_in > 0
	UNION ALL
	SELECT 6, 'unexplained', d.employee, d.name, d.day, NULL, NULL, NULL
	  FROM day d WHERE d.unexplained
	UNION ALL
	SELECT 7, 'correction', who.employee, who.name, x.day, NULL, NULL, c.id
	  FROM open, who
	  JOIN correction c ON c.employee = who.employee AND c.state = 'pending'
	  LEFT JOIN event v ON v.id = c.event
	  LEFT JOIN interval i ON v.id IN (i.in_event, i.out_event)
	 CROSS JOIN LATERAL (SELECT unnest(ARRAY[
		coalesce(i.day, fact_day(c.employee, c.was, v.at, v.time_zone)),
		fact_day(c.employee, c.kind, c.at,
			coalesce(v.time_zone, open.time_zone))])) x(day)
	 WHERE who.here @> x.day
	 GROUP BY who.employee, who.name, x.day, c.id
	UNION ALL
	SELECT 8, 'absence', who.employee, who.name, lower(x.days), NULL, NULL, NULL
	  FROM who JOIN absence a ON a.employee = who.employee AND a.state = 'requested'
	 CROSS JOIN LATERAL (SELECT who.here
		* datemultirange(daterange(a.from_day, a.to_day, '[]')) AS days) x
	 WHERE NOT isempty(x.days)
	UNION ALL
	SELECT 9, 'overtime', d.employee, d.name, d.day, d.overtime_seconds, NULL, NULL
	  FROM day d
	  LEFT JOIN overtime o ON o.employee = d.employee AND o.day = d.day
	   AND o.seconds = d.overtime_seconds
	 WHERE d.overtime_seconds > 0 AND o.employee IS NULL
$$;

---------------------------------------------------------- audit, privileges

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON period
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON overtime
	FOR EACH ROW EXECUTE FUNCTION audit_row();

GRANT SELECT ON period, timesheet, overtime, employee_stay TO tabel_reader;
GRANT SELECT, INSERT, UPDATE ON period TO tabel_app;
-- What was frozen stays.
GRANT SELECT, INSERT ON timesheet TO tabel_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON overtime TO tabel_app;
-- Written by the trigger on employee alone.
GRANT SELECT ON employee_stay TO tabel_app;
