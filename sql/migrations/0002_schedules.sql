-- Schedules, absences and worked time (WORKTIME W11 to W18).
--
-- Planned shifts are wall-clock times and are computed, not stored; what was
-- worked on a day is derived from them and from the intervals.

-- What somebody is to work, for a time.  The branch and its zone are kept as
-- they were then (W1).
CREATE TABLE schedule (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	branch		bigint NOT NULL,
	time_zone	text NOT NULL
		CONSTRAINT schedule_time_zone CHECK (is_time_zone(time_zone)),
	-- a holiday cancels the days of a week, not those of a rotation (W18)
	kind		text NOT NULL
		CONSTRAINT schedule_kind CHECK (kind IN ('weekly', 'rotation')),
	valid_from	date NOT NULL,
	valid_to	date,
	cycle_days	integer NOT NULL
		CONSTRAINT schedule_cycle CHECK (cycle_days BETWEEN 1 AND 366),
	anchor		date NOT NULL,		-- day 0 of a cycle
	-- after so much work a break is taken off (W14)
	break_after_minutes integer
		CONSTRAINT schedule_break_after CHECK (break_after_minutes BETWEEN 0 AND 1440),
	break_minutes	integer
		CONSTRAINT schedule_break CHECK (break_minutes BETWEEN 1 AND 480),
	grace_minutes	integer NOT NULL DEFAULT 5
		CONSTRAINT schedule_grace CHECK (grace_minutes BETWEEN 0 AND 240),
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT branch_in_use FOREIGN KEY (branch) REFERENCES branch,
	CONSTRAINT schedule_days UNIQUE (id, cycle_days),
	CONSTRAINT schedule_dates CHECK (valid_to >= valid_from),
	CONSTRAINT schedule_week CHECK
		(kind = 'rotation' OR (cycle_days = 7 AND extract(isodow FROM anchor) = 1)),
	CONSTRAINT schedule_break_whole CHECK
		(num_nonnulls(break_after_minutes, break_minutes) IN (0, 2)),
	CONSTRAINT schedule_overlap EXCLUDE USING gist
		(employee WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX schedule_branch ON schedule (branch);

-- The minutes of a cycle that a shift takes; it may run over the cycle's end.
CREATE FUNCTION shift_minutes(day integer, starts time, ends time, cycle_days integer)
	RETURNS int4multirange
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT CASE WHEN last <= cycle
		THEN int4multirange(int4range(first, last))
		ELSE int4multirange(int4range(first, cycle), int4range(0, last - cycle)) END
	  FROM (SELECT day * 1440 + extract(epoch FROM starts)::int / 60 AS first,
		(day + (ends <= starts)::int) * 1440 + extract(epoch FROM ends)::int / 60 AS last,
		cycle_days * 1440 AS cycle) s
$$;

-- An end that is not after the start is on the next day; equal is 24 hours.
CREATE TABLE schedule_shift (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	schedule	bigint NOT NULL,
	cycle_days	integer NOT NULL,
	day		integer NOT NULL,
	starts		time(0) NOT NULL,
	ends		time(0) NOT NULL,
	minutes		int4multirange GENERATED ALWAYS AS
		(shift_minutes(day, starts, ends, cycle_days)) STORED,
	FOREIGN KEY (schedule, cycle_days) REFERENCES schedule (id, cycle_days)
		ON DELETE CASCADE,
	CONSTRAINT shift_day CHECK (day >= 0 AND day < cycle_days),
	CONSTRAINT shift_whole_minutes CHECK (extract(second FROM starts) = 0
		AND extract(second FROM ends) = 0 AND starts < '24:00' AND ends < '24:00'),
	CONSTRAINT shift_overlap EXCLUDE USING gist
		(schedule WITH =, minutes WITH &&)
);

-- One day that is not as scheduled: other shifts, or none.
CREATE TABLE schedule_exception (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	day		date NOT NULL,
	time_zone	text NOT NULL
		CONSTRAINT schedule_exception_time_zone CHECK (is_time_zone(time_zone)),
	reason		text NOT NULL DEFAULT '',
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT schedule_exception_once UNIQUE (employee, day)
);
CREATE TABLE schedule_exception_shift (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	exception	bigint NOT NULL REFERENCES schedule_exception ON DELETE CASCADE,
	starts		time(0) NOT NULL,
	ends		time(0) NOT NULL,
	minutes		int4multirange GENERATED ALWAYS AS
		(shift_minutes(0, starts, ends, 2)) STORED,
	CONSTRAINT shift_whole_minutes CHECK (extract(second FROM starts) = 0
		AND extract(second FROM ends) = 0 AND starts < '24:00' AND ends < '24:00'),
	CONSTRAINT exception_overlap EXCLUDE USING gist
		(exception WITH =, minutes WITH &&)
);

CREATE TABLE holiday (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	day		date NOT NULL,
	branch		bigint REFERENCES branch ON DELETE CASCADE,	-- NULL: all
	name		text NOT NULL,
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT holiday_taken UNIQUE NULLS NOT DISTINCT (day, branch)
);

-- The kinds are neutral: the letter is a form's business.
CREATE TABLE absence (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	kind		text NOT NULL CONSTRAINT absence_kind CHECK (kind IN
		('annual_leave', 'extra_leave', 'study_leave', 'study_unpaid',
		'unpaid_leave', 'unpaid_by_law', 'maternity', 'childcare', 'sick',
		'sick_unpaid', 'business_trip', 'training', 'public_duty', 'day_off',
		'day_off_unpaid', 'idle', 'suspended', 'strike', 'truancy', 'other')),
	from_day	date NOT NULL,
	to_day		date NOT NULL,
	state		text NOT NULL DEFAULT 'approved' CONSTRAINT absence_state CHECK
		(state IN ('requested', 'approved', 'declined', 'cancelled')),
	note		text NOT NULL DEFAULT '',
	made_by		bigint REFERENCES person,
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT absence_dates CHECK (to_day >= from_day),
	CONSTRAINT absence_overlap EXCLUDE USING gist
		(employee WITH =, daterange(from_day, to_day, '[]') WITH &&)
		WHERE (state IN ('requested', 'approved'))
);
CREATE INDEX absence_days ON absence (from_day, to_day);

-- Derived: the figures of an employee's day.  A day on which nothing was
-- planned, done or recorded has no row.  Nothing in it depends on the clock:
-- what becomes of an open interval or an empty shift is known beforehand.
CREATE TABLE workday (
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	day		date NOT NULL,
	branch		bigint NOT NULL REFERENCES branch,
	shifts		integer NOT NULL,		-- planned ones
	planned_seconds	integer NOT NULL,
	worked_seconds	integer NOT NULL,
	break_seconds	integer NOT NULL,		-- taken off by itself
	late_seconds	integer NOT NULL,
	early_seconds	integer NOT NULL,
	night_seconds	integer NOT NULL,
	overtime_seconds integer NOT NULL,		-- proposed
	missing_out	integer NOT NULL,
	missing_in	integer NOT NULL,
	-- the running interval is lost after this instant
	open_until	timestamptz,
	-- the instants from which each empty shift is unexplained
	unexplained_from timestamptz[] NOT NULL,
	holiday		boolean NOT NULL,
	absence		text,
	conflict	boolean NOT NULL,		-- work on a day of absence
	PRIMARY KEY (employee, day),
	CONSTRAINT workday_positive CHECK (least(shifts, planned_seconds,
		worked_seconds, break_seconds, late_seconds, early_seconds,
		night_seconds, overtime_seconds, missing_out, missing_in) >= 0),
	CONSTRAINT workday_night CHECK (night_seconds <= worked_seconds)
);
CREATE INDEX workday_day ON workday (day, employee);

-- Derived: up to which day the plan of an employee is in workday.
CREATE TABLE workday_horizon (
	employee	bigint PRIMARY KEY REFERENCES employee ON DELETE CASCADE,
	through		date NOT NULL
);

---------------------------------------------------------------- the plan

-- What applies to each day of an employee: the schedule or the exception, and
-- what cancels it.  Only days of the employment.
CREATE FUNCTION plan_days(employee bigint, from_day date, to_day date)
	RETURNS TABLE (day date, schedule bigint, exception bigint, branch bigint,
		holiday boolean, absence text, cancelled boolean)
	LANGUAGE sql STABLE AS $$
	SELECT d.day, s.id, x.id, coalesce(s.branch, e.branch),
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
		SELECT EXISTS (SELECT FROM holiday h WHERE h.day = d.day
			AND (h.branch IS NULL OR h.branch = coalesce(s.branch, e.branch))) AS is) h
	  LEFT JOIN absence a ON a.employee = e.id AND a.state = 'approved'
		AND d.day BETWEEN a.from_day AND a.to_day
	 WHERE e.id = plan_days.employee
$$;

-- The planned shifts of an employee, as instants (W12): wall-clock times in
-- the zone of the schedule, by PostgreSQL's rule for the gap and the doubled
-- hour.  A shift within the gap has no length.
CREATE FUNCTION planned_shifts(employee bigint, from_day date, to_day date)
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
	  LEFT JOIN schedule s ON s.id = p.schedule
	 CROSS JOIN LATERAL (
		SELECT c.starts, c.ends, s.time_zone FROM schedule_shift c
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

---------------------------------------------------------- audit, privileges

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON schedule
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON schedule_shift
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON schedule_exception
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON schedule_exception_shift
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON holiday
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON absence
	FOR EACH ROW EXECUTE FUNCTION audit_row();

GRANT SELECT ON schedule, schedule_shift, schedule_exception,
	schedule_exception_shift, holiday, absence, workday, workday_horizon
	TO tabel_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule, schedule_shift,
	schedule_exception, schedule_exception_shift, holiday, absence, workday,
	workday_horizon
	TO tabel_app;
