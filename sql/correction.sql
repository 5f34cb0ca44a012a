-- Requests to change events: lib/work/correction.c is the only caller of
-- those that change something.

-- correction_employed(employee int8) one
-- The instants between which facts of his may lie.  A night shift ends on the
-- day after the last.
-- null: until_at
SELECT day_start(e.hired_on, b.time_zone) AS from_at,
       day_start(e.left_on + 2, b.time_zone) AS until_at
  FROM employee e JOIN branch b ON b.id = e.branch
 WHERE e.id = :employee;

-- correction_event(event int8, employee int8) one
SELECT v.at, coalesce(m.kind, v.kind) AS kind, v.voided_by IS NOT NULL AS voided
  FROM event v
  LEFT JOIN event_meaning m ON m.event = v.id
 WHERE v.id = :event AND v.employee = :employee;

-- correction_new(employee int8, action text, event int8?, was text?, at timestamptz?, kind text?, reason text, asked_by int8, now timestamptz) one
-- The branch's chat or its managers are told, if its notices are on.
WITH c AS (
	INSERT INTO correction (employee, action, event, was, at, kind, reason,
		asked_by, asked_at)
	VALUES (:employee, :action, :event, :was, :at, :kind, :reason,
		:asked_by, :now)
	RETURNING *
), told AS (
	INSERT INTO notification (person, chat, key, params, language, due_at,
		dedupe, created_at, about, buttons, priority)
	SELECT t.person, t.chat, CASE c.action
			WHEN 'add' THEN 'message.correction_add'
			WHEN 'void' THEN 'message.correction_void'
			ELSE 'message.correction_change' END,
	       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
			'branch', b.name, 'reason', c.reason,
			'day', to_char(what.at AT TIME ZONE what.time_zone, 'DD.MM'),
			'time', to_char(what.at AT TIME ZONE what.time_zone, 'HH24:MI')),
	       t.language, :now,
	       'correction:' || c.id || '/' || coalesce('chat' || t.chat, t.person::text),
	       :now, 'correction:' || c.id,
	       -- a group is not asked: whoever presses there is not known
	       CASE WHEN t.person IS NOT NULL THEN jsonb_build_array(jsonb_build_array(
			jsonb_build_object('key', 'bot.button.approve',
				'data', concat('c:', c.id, ':', 1)),
			jsonb_build_object('key', 'bot.button.refuse',
				'data', concat('c:', c.id, ':', 0)))) END,
	       2
	  FROM c
	  JOIN employee e ON e.id = c.employee
	  JOIN person p ON p.id = e.person
	  JOIN branch b ON b.id = e.branch
	  LEFT JOIN event v ON v.id = c.event
	 CROSS JOIN LATERAL (
		SELECT coalesce(c.at, v.at) AS at,
		       coalesce(v.time_zone, b.time_zone) AS time_zone) what
	 CROSS JOIN LATERAL (
		SELECT NULL::int8 AS person, b.notice_chat AS chat,
		       coalesce((SELECT value FROM setting WHERE name = 'language'),
				'ru') AS language
		 WHERE b.notice_chat IS NOT NULL
		UNION ALL
		SELECT m.id, NULL, m.language
		  FROM person_role r JOIN person m ON m.id = r.person
		 WHERE b.notice_chat IS NULL AND r.role = 'manager'
		   AND r.branch = b.id AND m.state = 'active'
		   AND m.telegram_id IS NOT NULL
		   AND m.id NOT IN (c.asked_by, e.person)) t
	 WHERE b.notice <> 'off'
)
SELECT id FROM c;

-- correction_withdraw(id int8, person int8, now timestamptz) one
WITH gone AS (
	UPDATE correction SET state = 'withdrawn', decided_at = :now
	 WHERE id = :id AND asked_by = :person AND state = 'pending'
	RETURNING id
)
SELECT EXISTS (SELECT FROM gone) AS done
  FROM correction WHERE id = :id AND asked_by = :person;

-- correction_hold(id int8, branches text?, person int8?) one
-- Of two who decide at once the second sees what the first has decided.
SELECT c.employee, c.action, c.event, c.at, c.kind, c.reason, c.asked_by, c.state,
       :branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]) AS mine,
       (:person IN (c.asked_by, e.person)) IS TRUE AS own
  FROM correction c JOIN employee e ON e.id = c.employee
 WHERE c.id = :id
   FOR UPDATE OF c;

-- correction_decide(id int8, state text, decided_by int8, decision text?, made int8?, now timestamptz) one
-- Whoever asked is told, and whose events they are.
WITH c AS (
	UPDATE correction
	   SET state = :state, decided_by = :decided_by, decided_at = :now,
	       decision = :decision, made = :made
	 WHERE id = :id AND state = 'pending'
	RETURNING *
), told AS (
	INSERT INTO notification (person, key, params, language, due_at, dedupe,
		created_at)
	SELECT t.id,
	       CASE WHEN c.state = 'rejected' THEN 'message.correction_rejected'
		    WHEN c.decision IS NULL THEN 'message.correction_approved'
		    ELSE 'message.correction_approved_why' END,
	       -- at the time that it was approved for
	       jsonb_build_object('reason', c.decision,
			'day', to_char(what.at AT TIME ZONE what.time_zone, 'DD.MM'),
			'time', to_char(what.at AT TIME ZONE what.time_zone, 'HH24:MI')),
	       t.language, :now,
	       'correction:' || c.id || '/' || c.state || '/' || t.id, :now
	  FROM c
	  JOIN employee e ON e.id = c.employee
	  JOIN branch b ON b.id = e.branch
	  LEFT JOIN event v ON v.id = c.event
	  LEFT JOIN event m ON m.id = c.made
	 CROSS JOIN LATERAL (
		SELECT coalesce(m.at, c.at, v.at) AS at,
		       coalesce(m.time_zone, v.time_zone, b.time_zone) AS time_zone) what
	  JOIN person t ON t.id IN (c.asked_by, e.person)
		AND t.id <> :decided_by AND t.state = 'active'
		AND t.telegram_id IS NOT NULL
)
SELECT id, state FROM c;

-- correction_settled(id int8, now timestamptz) none
-- Every message about it says how it ended, whoever was first.
INSERT INTO notification (person, chat, kind, edits, key, params, language,
	due_at, dedupe, created_at, about, priority)
SELECT n.person, n.chat, 'edit', n.id, 'message.correction_was_' || c.state,
       n.params || jsonb_build_object('decision', coalesce(c.decision, ''),
		'by', concat_ws(' ', d.last_name, d.first_name))
	|| CASE WHEN m.at <> c.at THEN jsonb_build_object(
		'day', to_char(m.at AT TIME ZONE m.time_zone, 'DD.MM'),
		'time', to_char(m.at AT TIME ZONE m.time_zone, 'HH24:MI'))
	   ELSE '{}' END,
       n.language, :now, 'settled:' || n.id, :now, n.about, 1
  FROM correction c
  LEFT JOIN person d ON d.id = c.decided_by
  LEFT JOIN event m ON m.id = c.made
  JOIN notification n ON n.about = 'correction:' || c.id AND n.kind = 'send'
 WHERE c.id = :id
ON CONFLICT (dedupe) DO NOTHING;

-- correction_list(id int8?, person int8, manager bool, branches text?, state text?, employee int8?, branch int8?, own bool, from_day text?, to_day text?, after int8?, limit int4) many
-- One's own, and those of a manager's branches: those that wait in the order
-- they came, others newest first.  The day is that of the event.
-- null: was, kind, at, event_at, decided_by_name, decided_at, decision, made_at
SELECT c.id, c.employee,
       concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, '')) AS name,
       e.branch, b.name AS branch_name, what.time_zone, what.day, c.action,
       c.event, v.at AS event_at, c.was, c.at, c.kind, c.reason, c.state,
       c.asked_by, concat_ws(' ', a.last_name, a.first_name) AS asked_by_name,
       c.asked_at,
       nullif(concat_ws(' ', d.last_name, d.first_name), '') AS decided_by_name,
       c.decided_at, c.decision, c.made, m.at AS made_at,
       c.state = 'pending' AND c.asked_by = :person AS may_withdraw,
       c.state = 'pending' AND c.asked_by <> :person AND e.person <> :person
	AND :manager AND (:branches::int8[] IS NULL
		OR e.branch = ANY (:branches::int8[])) AS may_decide
  FROM correction c
  JOIN employee e ON e.id = c.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  JOIN person a ON a.id = c.asked_by
  LEFT JOIN person d ON d.id = c.decided_by
  LEFT JOIN event v ON v.id = c.event
  LEFT JOIN event m ON m.id = c.made
 CROSS JOIN LATERAL (
	SELECT coalesce(v.time_zone, b.time_zone) AS time_zone,
	       local_day(coalesce(c.at, v.at),
			coalesce(v.time_zone, b.time_zone)) AS day) what
 WHERE (:id IS NULL OR c.id = :id)
   AND (e.person = :person OR c.asked_by = :person
	OR (NOT :own AND :manager AND (:branches::int8[] IS NULL
		OR e.branch = ANY (:branches::int8[]))))
   AND (:state::text IS NULL OR c.state = :state)
   AND (:employee IS NULL OR c.employee = :employee)
   AND (:branch IS NULL OR e.branch = :branch)
   AND (:from_day::date IS NULL OR what.day >= :from_day::date)
   AND (:to_day::date IS NULL OR what.day <= :to_day::date)
   AND (:after IS NULL OR CASE WHEN :state::text = 'pending'
	THEN c.id > :after ELSE c.id < :after END)
 ORDER BY CASE WHEN :state::text = 'pending' THEN c.id ELSE -c.id END
 LIMIT :limit + 1;

-- correction_whose(employee int8?, person int8, manager bool, branches text?) one
-- One's own employment, or one in a manager's branches.
SELECT e.id, e.person = :person AS own,
       :manager AND (:branches::int8[] IS NULL
	OR e.branch = ANY (:branches::int8[])) AS mine
  FROM employee e
 WHERE CASE WHEN :employee IS NULL THEN e.person = :person AND e.is_primary
	ELSE e.id = :employee END;
