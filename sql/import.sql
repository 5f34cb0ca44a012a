-- Employees from a file: matched, judged and written as a set, so that a file
-- of 50,000 lines takes some dozens of statements.

-- import_begin() none
-- One at a time; each statement may take its time, and is planned for what
-- is there: of a table that is always empty there are no statistics, and a
-- loop in a loop over 50,000 lines would take hours.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('enable_nestloop', 'off', true),
       set_config('enable_mergejoin', 'off', true),
       set_config('statement_timeout', '5min', true),
       set_config('lock_timeout', '1min', true),
       set_config('idle_in_transaction_session_timeout', '1min', true),
       pg_advisory_xact_lock(hashtextextended('tabel.import', 0));

-- import_add(import text, lines text) none
INSERT INTO import_line (import, line, id, personnel_number, last_name,
	first_name, middle_name, phone, language, branch_name, position_name,
	card_uid, hired_on, left_on, errors)
SELECT :import, l.*
  FROM jsonb_to_recordset(:lines::jsonb) AS l (line int4, id int8,
	personnel_number text, last_name text, first_name text, middle_name text,
	phone text, language text, branch_name text, position_name text,
	card_uid text, hired_on date, left_on date, errors jsonb);

-- import_match(import text, given text) none
-- Whom a line is about: by id, or else by personnel number.  What the file
-- has no column for stays as it is.
UPDATE import_line l
   SET employee = e.id, person = e.person,
       personnel_number = CASE WHEN 'personnel_number' = ANY (:given::text[])
		THEN x.personnel_number ELSE e.personnel_number END,
       last_name = CASE WHEN 'last_name' = ANY (:given::text[])
		THEN x.last_name ELSE p.last_name END,
       first_name = CASE WHEN 'first_name' = ANY (:given::text[])
		THEN x.first_name ELSE p.first_name END,
       middle_name = CASE WHEN 'middle_name' = ANY (:given::text[])
		THEN coalesce(x.middle_name, '') ELSE coalesce(p.middle_name, '') END,
       phone = CASE WHEN 'phone' = ANY (:given::text[])
		THEN x.phone ELSE p.phone END,
       language = coalesce(x.language, p.language,
		(SELECT value FROM setting WHERE name = 'language'), 'ru'),
       branch = CASE WHEN 'branch' = ANY (:given::text[])
		THEN b.id ELSE e.branch END,
       position = CASE WHEN 'position' = ANY (:given::text[])
		THEN o.id ELSE e.position END,
       card_uid = CASE WHEN 'card_uid' = ANY (:given::text[])
		THEN x.card_uid ELSE e.card_uid END,
       hired_on = coalesce(x.hired_on, e.hired_on),
       left_on = CASE WHEN 'left_on' = ANY (:given::text[])
		THEN x.left_on ELSE e.left_on END
  FROM import_line x
  LEFT JOIN employee i ON i.id = x.id AND i.is_primary
  LEFT JOIN employee n ON n.personnel_number = x.personnel_number
	AND n.is_primary AND x.id IS NULL
  LEFT JOIN employee e ON e.id = coalesce(i.id, n.id)
  LEFT JOIN person p ON p.id = e.person
  LEFT JOIN branch b ON lower(b.name) = lower(x.branch_name)
  LEFT JOIN position o ON lower(o.name) = lower(x.position_name)
 WHERE x.import = :import AND l.import = x.import AND l.line = x.line;

-- import_hold(import text) none
SELECT FROM employee e JOIN person p ON p.id = e.person
 WHERE e.id IN (SELECT employee FROM import_line WHERE import = :import)
 ORDER BY e.id
   FOR UPDATE;

-- import_judge(import text, now timestamptz) none
-- What only the whole file and the database can tell.
WITH twin AS (
	SELECT line,
	       min(line) OVER (PARTITION BY employee) AS employee_line,
	       min(line) OVER (PARTITION BY personnel_number) AS number_line,
	       min(line) OVER (PARTITION BY card_uid) AS card_line,
	       min(line) OVER (PARTITION BY phone) AS phone_line
	  FROM import_line WHERE import = :import
), phones AS (
	SELECT DISTINCT ON (p.phone) p.phone, p.id AS person,
	       concat_ws(' ', p.last_name, p.first_name) AS name
	  FROM person p
	 WHERE p.state = 'active' AND p.phone IS NOT NULL
	   AND EXISTS (SELECT FROM employee e WHERE e.person = p.id)
	 ORDER BY p.phone, p.id
), judged AS (
	SELECT l.line, jsonb_agg(jsonb_build_object('field', v.field,
			'code', v.code, 'detail', import_detail(v.code, v.about),
			'about', v.about) ORDER BY v.n) AS errors
	  FROM import_line l
	  JOIN twin t USING (line)
	  LEFT JOIN employee e ON e.id = l.employee
	  LEFT JOIN person p ON p.id = l.person
	  LEFT JOIN branch b ON b.id = l.branch
	  LEFT JOIN employee number ON number.personnel_number = l.personnel_number
		AND number.id IS DISTINCT FROM l.employee
	  LEFT JOIN person numbered ON numbered.id = number.person
	  LEFT JOIN employee card ON card.card_uid = l.card_uid
		AND card.id IS DISTINCT FROM l.employee
	  LEFT JOIN person carded ON carded.id = card.person
	  LEFT JOIN phones phone ON phone.phone = l.phone
		AND phone.person IS DISTINCT FROM l.person
		AND p.phone IS DISTINCT FROM l.phone
	 CROSS JOIN LATERAL (VALUES
		(1, l.id IS NOT NULL AND e.id IS NULL, 'id', 'unknown', l.id::text),
		(2, p.state = 'erased', 'id', 'erased', NULL),
		(3, l.employee IS NOT NULL AND t.employee_line < l.line,
			CASE WHEN l.id IS NULL THEN 'personnel_number' ELSE 'id' END, 'twice',
			t.employee_line::text),
		(4, l.personnel_number IS NULL AND l.id IS NULL, 'personnel_number',
			'required', NULL),
		(5, l.personnel_number IS NOT NULL AND t.number_line < l.line
			AND (l.employee IS NULL OR t.employee_line = l.line),
			'personnel_number', 'twice', t.number_line::text),
		(6, number.id IS NOT NULL AND t.number_line = l.line, 'personnel_number',
			'taken', concat_ws(' ', numbered.last_name, numbered.first_name)),
		(7, l.last_name IS NULL AND (l.id IS NULL OR e.id IS NOT NULL),
			'last_name', 'required', NULL),
		(8, l.first_name IS NULL AND (l.id IS NULL OR e.id IS NOT NULL),
			'first_name', 'required', NULL),
		(9, l.phone IS DISTINCT FROM p.phone AND t.phone_line < l.line
			AND l.phone IS NOT NULL, 'phone', 'twice', t.phone_line::text),
		(10, phone.person IS NOT NULL AND t.phone_line = l.line, 'phone', 'taken',
			phone.name),
		(11, l.branch IS NULL AND l.branch_name IS NOT NULL, 'branch', 'unknown',
			l.branch_name),
		(12, l.branch IS NULL AND l.branch_name IS NULL
			AND (l.id IS NULL OR e.id IS NOT NULL), 'branch', 'required', NULL),
		(13, l.position IS NULL AND l.position_name IS NOT NULL, 'position',
			'unknown', l.position_name),
		(14, l.position IS NULL AND l.position_name IS NULL
			AND (l.id IS NULL OR e.id IS NOT NULL), 'position', 'required', NULL),
		(15, l.card_uid IS NOT NULL AND t.card_line < l.line, 'card_uid', 'twice',
			t.card_line::text),
		(16, card.id IS NOT NULL AND t.card_line = l.line, 'card_uid', 'taken',
			concat_ws(' ', carded.last_name, carded.first_name)),
		(17, l.left_on < coalesce(l.hired_on, local_day(:now, b.time_zone)),
			'left_on', 'before_hired', NULL),
		(18, l.left_on > local_day(:now, b.time_zone), 'left_on', 'future', NULL),
		(19, l.left_on IS NOT NULL AND e.left_on IS NULL AND EXISTS (
			SELECT FROM person_role r
			 WHERE r.person = l.person AND r.role = 'admin'),
			'left_on', 'is_admin', NULL)
		) v (n, wrong, field, code, about)
	 WHERE l.import = :import AND v.wrong
	   -- said already by whoever read the line
	   AND NOT EXISTS (SELECT FROM jsonb_array_elements(l.errors) said
		WHERE said ->> 'field' = v.field)
	 GROUP BY l.line
)
UPDATE import_line l SET errors = l.errors || j.errors
  FROM judged j
 WHERE l.import = :import AND l.line = j.line;

-- import_closed(import text, now timestamptz) none
-- Days of employment, or in a branch, that would be others in a closed month
-- (W19): what guard_employee() will say of each line.
WITH line AS (
	SELECT l.line, l.branch AS new_branch, e.id, e.branch, e.hired_on AS was,
	       x.hired_on, e.branch <> l.branch AS moves,
	       -- the day of a move
	       CASE WHEN x.today > coalesce(e.branch_since, '-infinity')
		    THEN x.today ELSE e.branch_since END AS since,
	       datemultirange(daterange(x.hired_on, l.left_on, '[]')) AS new,
	       CASE WHEN e.id IS NULL THEN '{}'::datemultirange
		    ELSE datemultirange(daterange(e.hired_on, e.left_on, '[]')) END AS old
	  FROM import_line l
	  JOIN branch b ON b.id = l.branch
	  LEFT JOIN employee e ON e.id = l.employee
	 CROSS JOIN LATERAL (
		SELECT y.today, coalesce(l.hired_on, e.hired_on, y.today) AS hired_on
		  FROM (SELECT local_day(:now, b.time_zone) AS today) y) x
	 WHERE l.import = :import AND l.errors = '[]'
	   AND (l.left_on IS NULL OR l.left_on >= x.hired_on)
), changed AS (
	SELECT line, 'branch' AS field, y.branch,
	       old * datemultirange(daterange(since, NULL)) AS days
	  FROM line CROSS JOIN LATERAL (VALUES (line.branch), (new_branch)) y(branch)
	 WHERE moves
	UNION ALL
	SELECT line, CASE WHEN was = hired_on THEN 'left_on' ELSE 'hired_on' END,
	       s.branch, ((new - old) + (old - new)) * datemultirange(s.days)
	  FROM line
	 CROSS JOIN LATERAL (
		SELECT new_branch AS branch, daterange(NULL, NULL) AS days WHERE line.id IS NULL
		UNION ALL
		SELECT b.branch, CASE WHEN moves THEN b.days - daterange(since, NULL)
			ELSE b.days END
		  FROM employee_branches(line.id) b
		 WHERE NOT moves OR lower_inf(b.days) OR lower(b.days) < since
		UNION ALL
		SELECT new_branch, daterange(since, NULL) WHERE moves) s
	 WHERE new <> old
), closed AS (
	SELECT c.line, max(c.field) AS field, to_char(max(p.month), 'YYYY-MM') AS month
	  FROM changed c
	  JOIN period p ON p.branch = c.branch AND p.state = 'closed'
	   AND c.days && month_days(p.month)
	 GROUP BY c.line
)
UPDATE import_line l SET errors = jsonb_build_array(jsonb_build_object(
	'field', c.field, 'code', 'closed', 'about', c.month,
	'detail', 'That changes ' || c.month || ', which is closed.'))
  FROM closed c
 WHERE l.import = :import AND l.line = c.line;

-- import_decide(import text, now timestamptz) none
-- What becomes of each line.
UPDATE import_line l
   SET hired_on = coalesce(l.hired_on, local_day(:now, b.time_zone)),
       changes = c.changes,
       action = CASE WHEN x.errors <> '[]' THEN 'refused'
		WHEN x.employee IS NULL THEN 'create'
		WHEN c.changes <> '{}' THEN 'update' ELSE 'same' END
  FROM import_line x
  LEFT JOIN branch b ON b.id = x.branch
  LEFT JOIN employee e ON e.id = x.employee
  LEFT JOIN person p ON p.id = x.person
 CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
	CASE WHEN x.personnel_number IS DISTINCT FROM e.personnel_number
		THEN 'personnel_number' END,
	CASE WHEN x.last_name IS DISTINCT FROM p.last_name THEN 'last_name' END,
	CASE WHEN x.first_name IS DISTINCT FROM p.first_name THEN 'first_name' END,
	CASE WHEN x.middle_name IS DISTINCT FROM p.middle_name THEN 'middle_name' END,
	CASE WHEN x.phone IS DISTINCT FROM p.phone THEN 'phone' END,
	CASE WHEN x.language IS DISTINCT FROM p.language THEN 'language' END,
	CASE WHEN x.branch IS DISTINCT FROM e.branch THEN 'branch' END,
	CASE WHEN x.position IS DISTINCT FROM e.position THEN 'position' END,
	CASE WHEN x.card_uid IS DISTINCT FROM e.card_uid THEN 'card_uid' END,
	CASE WHEN x.hired_on IS DISTINCT FROM e.hired_on THEN 'hired_on' END,
	CASE WHEN x.left_on IS DISTINCT FROM e.left_on THEN 'left_on' END],
	NULL) AS changes) c
 WHERE x.import = :import AND l.import = x.import AND l.line = x.line;

-- import_counts(import text) one
SELECT count(*) AS lines,
       count(*) FILTER (WHERE action = 'create') AS "create",
       count(*) FILTER (WHERE action = 'update') AS "update",
       count(*) FILTER (WHERE action = 'same') AS same,
       count(*) FILTER (WHERE action = 'refused') AS refused
  FROM import_line WHERE import = :import;

-- import_refused(import text) many
-- The first few, for an answer that names them.
SELECT l.line, e ->> 'field' AS field, e ->> 'detail' AS detail
  FROM import_line l, jsonb_array_elements(l.errors) e
 WHERE l.import = :import AND l.action = 'refused'
 ORDER BY l.line
 LIMIT 16;

-- import_write() none
-- Triggers run for each row: their statements are planned once.
SELECT set_config('plan_cache_mode', 'auto', true);

-- import_create(import text) none
WITH numbered AS (
	UPDATE import_line
	   SET person = nextval('person_id_seq'),
	       employee = nextval('employee_id_seq')
	 WHERE import = :import AND action = 'create'
	RETURNING *
), people AS (
	INSERT INTO person (id, last_name, first_name, middle_name, phone,
		language, state) OVERRIDING SYSTEM VALUE
	SELECT person, last_name, first_name, middle_name, phone, language,
	       CASE WHEN left_on IS NULL THEN 'active' ELSE 'inactive' END
	  FROM numbered ORDER BY line
)
INSERT INTO employee (id, person, branch, position, personnel_number, card_uid,
	hired_on, left_on) OVERRIDING SYSTEM VALUE
SELECT employee, person, branch, position, personnel_number, card_uid,
       hired_on, left_on
  FROM numbered ORDER BY line;

-- import_update(import text, now timestamptz) none
-- Whoever leaves is signed out; what was open is lost when his facts are paired
-- again (W7).
WITH changed AS (
	SELECT l.*, e.is_primary,
	       l.left_on IS NOT NULL AND e.left_on IS NULL AS leaves
	  FROM import_line l JOIN employee e ON e.id = l.employee
	 WHERE l.import = :import AND l.action = 'update'
), people AS (
	UPDATE person p
	   SET last_name = c.last_name, first_name = c.first_name,
	       middle_name = c.middle_name, phone = c.phone,
	       phone_verified = coalesce(p.phone_verified AND p.phone = c.phone, false),
	       language = c.language,
	       state = CASE WHEN NOT c.is_primary OR NOT 'left_on' = ANY (c.changes)
			THEN p.state
			WHEN c.left_on IS NULL THEN 'active' ELSE 'inactive' END
	  FROM changed c
	 WHERE p.id = c.person
), ended AS (
	UPDATE session s SET revoked_at = :now
	  FROM changed c
	 WHERE s.person = c.person AND c.leaves AND c.is_primary
	   AND s.revoked_at IS NULL
), state AS (
	INSERT INTO employee_state (employee, at, active)
	SELECT c.employee, :now, c.left_on IS NULL
	  FROM changed c JOIN employee e ON e.id = c.employee
	 WHERE (c.left_on IS NULL) <> (e.left_on IS NULL)
)
UPDATE employee e
   SET branch = c.branch, position = c.position,
       branch_since = CASE WHEN e.branch = c.branch THEN e.branch_since
		ELSE local_day(:now, b.time_zone) END,
       personnel_number = c.personnel_number, card_uid = c.card_uid,
       hired_on = c.hired_on, left_on = c.left_on
  FROM changed c JOIN branch b ON b.id = c.branch
 WHERE e.id = c.employee;

-- import_replanned(import text) many
-- Those whose days depend on what was changed.
SELECT l.employee
  FROM import_line l
 WHERE l.import = :import AND l.action = 'update'
   AND l.changes && '{branch,hired_on,left_on}'
   AND (EXISTS (SELECT FROM schedule s WHERE s.employee = l.employee)
	OR EXISTS (SELECT FROM schedule_exception x WHERE x.employee = l.employee)
	OR EXISTS (SELECT FROM absence a WHERE a.employee = l.employee)
	OR EXISTS (SELECT FROM event v WHERE v.employee = l.employee))
 ORDER BY l.employee;

-- import_cards(import text) many
-- Those who get a card that has been tapped already.
SELECT l.employee
  FROM import_line l
 WHERE l.import = :import AND l.left_on IS NULL AND l.card_uid IS NOT NULL
   AND (l.action = 'create' OR l.action = 'update'
	AND l.changes && '{card_uid,left_on}')
   AND EXISTS (SELECT FROM tap t
	WHERE t.uid = l.card_uid AND t.state = 'unknown')
 ORDER BY l.employee;

-- import_result(import text) csv
SELECT jsonb_build_object('line', line, 'action', action, 'employee', employee,
	'personnel_number', personnel_number,
	'name', concat_ws(' ', last_name, first_name, nullif(middle_name, '')),
	'changes', CASE action WHEN 'update' THEN to_jsonb(changes) ELSE '[]' END,
	'errors', errors) AS item
  FROM import_line WHERE import = :import
 ORDER BY line;

-- import_end(import text) none
DELETE FROM import_line WHERE import = :import;

-- employee_csv(search text?, branch int8?, position int8?, state text) csv
-- As it can be imported again.
SELECT e.id, csv_safe(e.personnel_number) AS personnel_number,
       csv_safe(p.last_name) AS last_name,
       csv_safe(p.first_name) AS first_name,
       csv_safe(p.middle_name) AS middle_name, csv_safe(p.phone) AS phone,
       p.language, csv_safe(b.name) AS branch, csv_safe(o.name) AS position,
       e.card_uid, e.hired_on, e.left_on
  FROM employee e
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  JOIN position o ON o.id = e.position
 WHERE p.state <> 'erased' AND e.is_primary
   AND (:branch::int8 IS NULL OR e.branch = :branch)
   AND (:position::int8 IS NULL OR e.position = :position)
   AND NOT EXISTS (
	SELECT FROM string_to_table(:search, ' ') word
	 WHERE strpos(translate(lower(concat_ws(' ', p.last_name, p.first_name,
			p.middle_name, p.phone, p.username, e.personnel_number,
			e.card_uid)), 'ё', 'е'),
		translate(lower(word), 'ё', 'е')) = 0)
   AND (:state = 'all' OR (:state = 'active') = (p.state = 'active'))
 ORDER BY p.last_name COLLATE "und-x-icu", p.first_name COLLATE "und-x-icu", e.id;
