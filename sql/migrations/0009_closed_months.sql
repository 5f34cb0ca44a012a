-- Closed months, import and erasure.

-- The closed month that another employment would change, as 2026-10; NULL if
-- there is none.  Days that were and are no part of it are not changed.
CREATE FUNCTION import_closed(branches bigint[], hired_before date, left_before date,
	hired_on date, left_on date) RETURNS text
	LANGUAGE plpgsql STABLE SET plan_cache_mode = 'auto' AS $$
DECLARE
	before datemultirange := '{}';
	after datemultirange := '{}';
BEGIN
	IF hired_before IS NOT NULL THEN
		before := datemultirange(daterange(hired_before, left_before, '[]'));
	END IF;
	IF hired_on IS NOT NULL AND coalesce(left_on >= hired_on, true) THEN
		after := datemultirange(daterange(hired_on, left_on, '[]'));
	END IF;
	IF before = after THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT to_char(max(p.month), 'YYYY-MM') FROM period p
		 WHERE p.branch = ANY (branches) AND p.state = 'closed'
		   AND month_days(p.month) && ((before - after) + (after - before)));
END $$;

CREATE OR REPLACE FUNCTION import_detail(code text, about text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE code
		WHEN 'before_hired' THEN 'Not before the day of hiring.'
		WHEN 'closed' THEN 'The month ' || about || ' is closed.'
		WHEN 'erased' THEN 'This employee has left, and his data is erased.'
		WHEN 'future' THEN 'Not after today.'
		WHEN 'is_admin' THEN 'An administrator does not leave by a file.'
		WHEN 'required' THEN 'This is required.'
		WHEN 'taken' THEN 'It belongs to ' || about || '.'
		WHEN 'twice' THEN 'Line ' || about || ' has the same.'
		WHEN 'unknown' THEN 'There is no ' || about || '.' END;

-- A closed month guards what a fact says; the words about it are overwritten
-- when its person is erased.
CREATE FUNCTION guard_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	facts CONSTANT bigint[] := ARRAY(
		SELECT c.id FROM changed c JOIN former b USING (id)
		 WHERE to_jsonb(c) - 'reason' <> to_jsonb(b) - 'reason');
BEGIN
	IF facts = '{}' THEN
		RETURN NULL;
	END IF;
	PERFORM period_share(ARRAY(
		SELECT e.branch FROM event c JOIN employee e ON e.id = c.employee
		 WHERE c.id = ANY (facts)
		UNION
		SELECT s.branch FROM event c JOIN employee_stay s ON s.employee = c.employee
		 WHERE c.id = ANY (facts)));
	PERFORM period_refuse(f.branch, f.month)
	   FROM event c
	  CROSS JOIN LATERAL fact_period(c.employee, c.kind, c.at, c.time_zone) f
	  WHERE c.id = ANY (facts) AND EXISTS (SELECT FROM period p
		WHERE p.state = 'closed' AND p.closed_at > c.at
		  AND p.month > c.at - interval '35 days'
		  AND p.month < c.at + interval '4 days')
	  LIMIT 1;
	RETURN NULL;
END $$;
DROP TRIGGER guard_update ON event;
CREATE TRIGGER guard_update AFTER UPDATE ON event
	REFERENCING OLD TABLE AS former NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION guard_event_change();
