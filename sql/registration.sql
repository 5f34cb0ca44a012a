-- Registrations: lib/work/registration.c is their only caller, but that
-- employees have rights and scans that wait, too.

-- person_hold(person int8) one
SELECT state, telegram_id FROM person WHERE id = :person FOR UPDATE;

-- branch_open(branch int8) one
SELECT id FROM branch WHERE id = :branch AND active FOR KEY SHARE;

-- registration_new(person int8, branch int8, last_name text, first_name text, middle_name text, phone text?, verified bool, email text?, language text?, now timestamptz) one
-- The managers of the branch and the administrators are told, each by one
-- message with buttons (lib/bot/desk.c) that is changed when it is decided.
WITH p AS (
	UPDATE person
	   SET last_name = :last_name, first_name = :first_name,
	       middle_name = :middle_name, phone = coalesce(:phone, phone),
	       phone_verified = CASE WHEN :phone::text IS NULL
			THEN phone_verified ELSE :verified END,
	       email = coalesce(:email, email),
	       language = coalesce(:language, language), state = 'unconfirmed'
	 WHERE id = :person
	RETURNING id, concat_ws(' ', last_name, first_name) AS name,
		coalesce(phone || CASE WHEN phone_verified THEN ' ✓' ELSE '' END, '—') AS phone,
		coalesce(email, '—') AS email
), g AS (
	INSERT INTO registration (person, branch, created_at)
	VALUES (:person, :branch, :now)
	RETURNING *
), sole AS (
	SELECT min(id) AS position, min(name) AS name FROM position
	HAVING count(*) = 1
), told AS (
	INSERT INTO notification (person, key, params, language, due_at, dedupe,
		created_at, about, buttons, priority)
	SELECT m.id, 'message.registration',
	       jsonb_build_object('name', p.name, 'branch', b.name,
			'phone', p.phone, 'email', p.email), m.language,
	       :now, 'registration:' || g.id || '/' || m.id, :now,
	       'registration:' || g.id,
	       registration_buttons(g.id, b.id, b.name, o.position, o.name), 2
	  FROM g
	  JOIN p ON p.id = g.person
	  JOIN branch b ON b.id = g.branch
	  LEFT JOIN sole o ON true
	  JOIN person m ON m.state = 'active' AND m.telegram_id IS NOT NULL
	 WHERE EXISTS (SELECT FROM person_role r
		WHERE r.person = m.id AND (r.role = 'admin' OR r.branch = g.branch))
)
SELECT g.id, g.state, g.branch, b.name AS branch_name, g.created_at
  FROM g JOIN branch b ON b.id = g.branch;

-- registration_hold(id int8, branches text?) one
-- Of two who decide at once the second sees what the first has decided; a
-- scan that is being made is waited for, or waits.
SELECT g.person, g.state,
       :branches::int8[] IS NULL OR g.branch = ANY (:branches::int8[]) AS mine
  FROM registration g JOIN person p ON p.id = g.person
 WHERE g.id = :id
   FOR UPDATE OF g, p;

-- confirm_check(branch int8, position int8, branches text?) one
WITH b AS MATERIALIZED (
	SELECT id FROM branch WHERE id = :branch FOR KEY SHARE
), o AS MATERIALIZED (
	SELECT id FROM position WHERE id = :position FOR KEY SHARE
)
SELECT EXISTS (SELECT FROM b) AS branch, EXISTS (SELECT FROM o) AS position,
       :branches::int8[] IS NULL OR :branch = ANY (:branches::int8[]) AS mine;

-- registration_decide(id int8, state text, decided_by int8, reason text?, now timestamptz) one
UPDATE registration
   SET state = :state, decided_at = :now, decided_by = :decided_by,
       reason = :reason
 WHERE id = :id AND state = 'pending'
RETURNING person;

-- registration_employ(person int8, branch int8, position int8, personnel_number text?, now timestamptz) one
-- Hired on the day of the first scan that waits, or today; not in a period
-- that is closed.
WITH p AS (
	UPDATE person SET state = 'active' WHERE id = :person RETURNING id
)
INSERT INTO employee (person, branch, position, personnel_number, hired_on)
SELECT p.id, :branch, :position, :personnel_number, greatest(coalesce((
		SELECT local_day(c.at, at.time_zone)
		  FROM claim c JOIN branch at ON at.id = c.branch
		 WHERE c.person = p.id AND c.pending
		 ORDER BY c.at LIMIT 1),
	local_day(:now, b.time_zone)),
	(SELECT upper(month_days(max(month))) FROM period
	  WHERE branch = b.id AND state = 'closed'))
  FROM p, branch b
 WHERE b.id = :branch
RETURNING id;

-- roles_set(person int8, admin bool, manager_of text) none
-- Those rights and no others; what stays is not touched.
WITH wanted AS (
	SELECT 'admin' AS role, NULL::int8 AS branch WHERE :admin
	UNION
	SELECT 'manager', unnest(:manager_of::int8[])
), gone AS (
	DELETE FROM person_role r
	 WHERE r.person = :person AND NOT EXISTS (
		SELECT FROM wanted w
		 WHERE w.role = r.role AND w.branch IS NOT DISTINCT FROM r.branch)
)
INSERT INTO person_role (person, role, branch)
SELECT :person, role, branch FROM wanted
ON CONFLICT ON CONSTRAINT person_role_once DO NOTHING;

-- claims_pending(employee int8) many
-- Scans from before he was known, in the order they were made.
SELECT c.id, c.at, c.branch, b.time_zone, c.terminal,
       b.max_shift_minutes * 60 AS limit_seconds,
       CASE WHEN c.branch = e.branch OR 'other_branch' = ANY (c.flags)
		OR EXISTS (SELECT FROM employee_branch x
			WHERE x.employee = e.id AND x.branch = c.branch)
	    THEN c.flags ELSE c.flags || 'other_branch'::text END AS flags
  FROM employee e
  JOIN claim c ON c.person = e.person AND c.pending
  JOIN branch b ON b.id = c.branch
 WHERE e.id = :employee
   AND NOT EXISTS (SELECT FROM event v WHERE v.claim = c.id)
 ORDER BY c.at, c.id;

-- registration_confirmed(id int8, employee int8, events int4, now timestamptz) one
-- The person is told, and the answer.
WITH told AS (
	INSERT INTO notification (person, key, params, language, due_at, dedupe,
		created_at)
	SELECT p.id, 'message.confirmed',
	       jsonb_build_object('branch', b.name, 'position', o.name),
	       p.language, :now, 'registration:' || g.id || '/confirmed', :now
	  FROM registration g
	  JOIN person p ON p.id = g.person AND p.telegram_id IS NOT NULL
	  JOIN employee e ON e.id = :employee
	  JOIN branch b ON b.id = e.branch
	  JOIN position o ON o.id = e.position
	 WHERE g.id = :id
)
SELECT id, state, :employee::int8 AS employee, :events::int4 AS events
  FROM registration WHERE id = :id;

-- registration_rejected(id int8, now timestamptz) one
-- He is told why, and may register again.
WITH p AS (
	UPDATE person SET state = 'new'
	 WHERE id = (SELECT person FROM registration WHERE id = :id)
	RETURNING id, language, telegram_id
), told AS (
	INSERT INTO notification (person, key, params, language, due_at, dedupe,
		created_at)
	SELECT p.id, 'message.rejected', jsonb_build_object('reason', g.reason),
	       p.language, :now, 'registration:' || g.id || '/rejected', :now
	  FROM registration g JOIN p ON p.id = g.person
	 WHERE g.id = :id AND p.telegram_id IS NOT NULL
)
SELECT id, state FROM registration WHERE id = :id;

-- registration_settled(id int8, now timestamptz) none
-- Every message about it says how it ended, whoever was first; what was
-- chosen meanwhile does not matter any more.  If the position may use the web
-- pages, administrators can give him his code for them.
WITH about AS (
	SELECT g.state, 'registration:' || g.id AS about, jsonb_build_object(
		'name', concat_ws(' ', p.last_name, p.first_name),
		'branch', b.name, 'position', coalesce(o.name, ''),
		'reason', coalesce(g.reason, ''),
		'by', concat_ws(' ', d.last_name, d.first_name)) AS params,
	       CASE WHEN g.state = 'confirmed' AND o.web_access AND p.username IS NULL
		THEN jsonb_build_array(jsonb_build_array(jsonb_build_object(
			'key', 'bot.button.activation', 'data', 'a:' || e.id))) END AS buttons
	  FROM registration g
	  JOIN person p ON p.id = g.person
	  JOIN person d ON d.id = g.decided_by
	  LEFT JOIN employee e ON e.person = p.id AND e.is_primary
	  LEFT JOIN position o ON o.id = e.position
	  JOIN branch b ON b.id = coalesce(e.branch, g.branch)
	 WHERE g.id = :id
), stale AS (
	DELETE FROM notification n USING about a
	 WHERE n.about = a.about AND n.kind = 'edit' AND n.state = 'waiting'
)
INSERT INTO notification (person, chat, kind, edits, key, params, buttons,
	language, due_at, dedupe, created_at, about, priority)
SELECT n.person, n.chat, 'edit', n.id, 'message.registration_' || a.state,
       a.params, CASE WHEN EXISTS (SELECT FROM person_role r
		WHERE r.person = n.person AND r.role = 'admin') THEN a.buttons END,
       n.language, :now, 'settled:' || n.id, :now, a.about, 1
  FROM notification n JOIN about a ON n.about = a.about
 WHERE n.kind = 'send' AND n.key = 'message.registration'
ON CONFLICT (dedupe) DO NOTHING;
