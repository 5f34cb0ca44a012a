-- Closed months and erasure.

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
