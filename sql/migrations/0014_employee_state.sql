-- When somebody left or came back: what was open then is lost, whenever it is
-- worked out (W7).

CREATE TABLE employee_state (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	at		timestamptz NOT NULL,
	active		boolean NOT NULL	-- from then on
);
CREATE INDEX employee_state_employee ON employee_state (employee, at);

-- How often an employee had left or come back before a fact of that instant:
-- what is of the second of leaving is before it, of coming back after it.
CREATE FUNCTION employee_spell(employee bigint, at timestamptz) RETURNS bigint
	LANGUAGE sql STABLE
	RETURN (SELECT count(*) FROM employee_state s
		 WHERE s.employee = employee_spell.employee
		   AND (s.at < employee_spell.at
			OR (s.at = employee_spell.at AND s.active)));

-- What the log remembers.
INSERT INTO employee_state (employee, at, active)
SELECT e.id, date_trunc('second', a.at), a.new -> 'left_on' = 'null'
  FROM audit a
  JOIN employee e ON e.id::text = a.entity_id
 WHERE a.entity = 'employee' AND a.action = 'update'
   AND (a.old -> 'left_on' = 'null') <> (a.new -> 'left_on' = 'null')
 ORDER BY a.id;

GRANT SELECT ON employee_state TO tabel_app, tabel_reader;
GRANT INSERT (employee, at, active) ON employee_state TO tabel_app;
