-- Employees, positions, branches, registrations, web sign-in.
--
-- Each list is also how one row is read: with an id it gives that one only.
-- The version of a row is the digest of what a PUT may write; it is compared
-- under the lock of the row (if_match() in lib/web/api.h).

-- after_known(entity text, id int8) one
-- Is the row there after which a page was asked for?
SELECT CASE :entity
	WHEN 'employee' THEN EXISTS (SELECT FROM employee WHERE id = :id)
	WHEN 'position' THEN EXISTS (SELECT FROM position WHERE id = :id)
	WHEN 'branch' THEN EXISTS (SELECT FROM branch WHERE id = :id)
	WHEN 'registration' THEN EXISTS (SELECT FROM registration WHERE id = :id)
	END AS known;

----------------------------------------------------------------- employees

-- employee_list(id int8?, branches text?, search text?, branch int8?, position int8?, state text, after int8?, limit int4) many
-- By name; each word of a search is part of a name or a number.
SELECT e.id, e.person, p.last_name, p.first_name, p.middle_name, p.phone,
       p.language, p.telegram_id IS NOT NULL AS telegram,
       p.telegram_blocked_at IS NOT NULL AS blocked, p.username,
       e.branch, b.name AS branch_name, e.position, o.name AS position_name,
       e.personnel_number, e.card_uid, e.hired_on, e.left_on,
       p.state = 'active' AS active, r.admin, r.manager_of, r.other_branches,
       md5(ROW(p.last_name, p.first_name, p.middle_name, p.phone, p.language,
		p.telegram_id IS NULL, e.branch, e.position, e.personnel_number,
		e.card_uid, e.hired_on, e.left_on, p.state, r.*)::text) AS version
  FROM employee e
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  JOIN position o ON o.id = e.position
 CROSS JOIN LATERAL (
	SELECT EXISTS (SELECT FROM person_role r
		WHERE r.person = p.id AND r.role = 'admin') AS admin,
	       (SELECT coalesce(jsonb_agg(r.branch ORDER BY r.branch), '[]')
		  FROM person_role r
		 WHERE r.person = p.id AND r.role = 'manager') AS manager_of,
	       (SELECT coalesce(jsonb_agg(x.branch ORDER BY x.branch), '[]')
		  FROM employee_branch x WHERE x.employee = e.id) AS other_branches
	) r
 WHERE e.is_primary
   AND (:id::int8 IS NULL OR e.id = :id)
   AND (:branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]))
   AND (:branch::int8 IS NULL OR e.branch = :branch)
   AND (:position::int8 IS NULL OR e.position = :position)
   AND (:state = 'all' OR (:state = 'active') = (p.state = 'active'))
   AND NOT EXISTS (
	SELECT FROM string_to_table(:search, ' ') word
	 WHERE strpos(translate(lower(concat_ws(' ', p.last_name, p.first_name,
			p.middle_name, p.phone, p.username, e.personnel_number,
			e.card_uid)), 'ё', 'е'),
		translate(lower(word), 'ё', 'е')) = 0)
   AND (:after::int8 IS NULL OR (p.last_name COLLATE "und-x-icu",
		p.first_name COLLATE "und-x-icu", e.id) > (
	SELECT q.last_name, q.first_name, a.id
	  FROM employee a JOIN person q ON q.id = a.person
	 WHERE a.id = :after))
 ORDER BY p.last_name COLLATE "und-x-icu", p.first_name COLLATE "und-x-icu", e.id
 LIMIT :limit + 1;

-- employee_check(branch int8, position int8, manager_of text, other_branches text) one
-- What is named must exist, and stays until the transaction ends.
WITH b AS MATERIALIZED (
	SELECT id FROM branch
	 WHERE id = ANY (:manager_of::int8[] || :other_branches::int8[] || :branch::int8)
	   FOR KEY SHARE
), o AS MATERIALIZED (
	SELECT id FROM position WHERE id = :position FOR KEY SHARE
)
SELECT :branch IN (SELECT id FROM b) AS branch,
       EXISTS (SELECT FROM o) AS position,
       :manager_of::int8[] <@ ARRAY(SELECT id FROM b) AS manager_of,
       :other_branches::int8[] <@ ARRAY(SELECT id FROM b) AS other_branches;

-- employee_left(id int8, branch int8, hired_on text?, left_on text, now timestamptz) one
SELECT :left_on::date < coalesce(:hired_on::date, e.hired_on) AS before,
       :left_on::date > local_day(:now, b.time_zone)
	AND :left_on::date IS DISTINCT FROM e.left_on AS future
  FROM employee e, branch b
 WHERE e.id = :id AND b.id = :branch;

-- employee_new(last_name text, first_name text, middle_name text, phone text?, language text?, telegram_id int8?, branch int8, position int8, personnel_number text?, card_uid text?, hired_on text?, active bool, now timestamptz) one
-- A stranger who opened the Mini App, or an administrator without employment,
-- becomes this employee; the Telegram account of anybody else gives no row.
WITH made AS (
	INSERT INTO person AS p (last_name, first_name, middle_name, phone,
		language, telegram_id, state)
	VALUES (:last_name, :first_name, :middle_name, :phone,
		coalesce(:language, (SELECT value FROM setting
			WHERE name = 'language'), 'ru'),
		nullif(:telegram_id::int8, 0),
		CASE WHEN :active THEN 'active' ELSE 'inactive' END)
	ON CONFLICT ON CONSTRAINT telegram_id_taken DO UPDATE SET
		last_name = excluded.last_name,
		first_name = excluded.first_name,
		middle_name = excluded.middle_name,
		phone = excluded.phone,
		phone_verified = coalesce(p.phone_verified
			AND p.phone = excluded.phone, false),
		language = coalesce(:language, p.language),
		state = excluded.state
	 WHERE p.state IN ('new', 'active')
	   AND NOT EXISTS (SELECT FROM employee e WHERE e.person = p.id)
	RETURNING id
), hired AS (
	SELECT made.id AS person, coalesce(:hired_on::date, greatest(coalesce((
			SELECT local_day(c.at, at.time_zone)
			  FROM claim c JOIN branch at ON at.id = c.branch
			 WHERE c.person = made.id AND c.pending
			 ORDER BY c.at LIMIT 1),
		local_day(:now, b.time_zone)),
		(SELECT upper(month_days(max(month))) FROM period
		  WHERE branch = b.id AND state = 'closed'))) AS day,
	       local_day(:now, b.time_zone) AS today
	  FROM made, branch b
	 WHERE b.id = :branch
)
INSERT INTO employee (person, branch, position, personnel_number, card_uid,
	hired_on, left_on)
SELECT person, :branch, :position, :personnel_number, :card_uid, day,
       CASE WHEN NOT :active THEN greatest(day, today) END
  FROM hired
RETURNING id, person;

-- employee_hold(id int8) one
-- Somebody erased stays as he is.
SELECT e.person
  FROM employee e JOIN person p ON p.id = e.person
 WHERE e.id = :id AND p.state <> 'erased'
   FOR UPDATE OF e, p;

-- telegram_release(telegram_id int8?, person int8, now timestamptz) none
-- A stranger who has opened the Mini App and done nothing gives way to the
-- employee that he turns out to be.
WITH gone AS (
	UPDATE person p SET telegram_id = NULL
	 WHERE telegram_id = :telegram_id AND id <> :person AND state = 'new'
	   AND NOT EXISTS (SELECT FROM claim c WHERE c.person = p.id)
	RETURNING id
)
UPDATE session SET revoked_at = :now
 WHERE person IN (SELECT id FROM gone) AND revoked_at IS NULL;

-- employee_put(id int8, last_name text, first_name text, middle_name text, phone text?, language text?, telegram_id int8?, branch int8, position int8, personnel_number text?, card_uid text?, hired_on text?, left_on text?, active bool, now timestamptz) none
-- The Telegram account stays if none is given, and goes if it is 0.
-- Whoever goes to another branch does so today.
WITH e AS (
	UPDATE employee x
	   SET branch = :branch, position = :position,
	       branch_since = CASE WHEN x.branch = :branch THEN x.branch_since
			ELSE local_day(:now, b.time_zone) END,
	       personnel_number = :personnel_number, card_uid = :card_uid,
	       hired_on = coalesce(:hired_on::date, x.hired_on),
	       left_on = CASE WHEN NOT :active THEN greatest(
			coalesce(:hired_on::date, x.hired_on),
			coalesce(:left_on::date, x.left_on,
				local_day(:now, b.time_zone))) END
	  FROM branch b
	 WHERE x.id = :id AND b.id = :branch
	RETURNING x.person
), state AS (
	INSERT INTO employee_state (employee, at, active)
	SELECT id, :now, :active FROM employee
	 WHERE id = :id AND (left_on IS NULL) <> :active
)
UPDATE person p
   SET last_name = :last_name, first_name = :first_name,
       middle_name = :middle_name, phone = :phone,
       phone_verified = coalesce(phone_verified AND phone = :phone, false),
       language = coalesce(:language, language),
       telegram_id = nullif(coalesce(:telegram_id::int8, telegram_id), 0),
       telegram_blocked_at = CASE WHEN coalesce(:telegram_id::int8, telegram_id)
		= telegram_id THEN telegram_blocked_at END,
       state = CASE WHEN :active THEN 'active' ELSE 'inactive' END
  FROM e
 WHERE p.id = e.person;

-- other_branches_set(employee int8, other_branches text) none
WITH wanted AS (
	SELECT DISTINCT unnest(:other_branches::int8[]) AS branch
	EXCEPT
	SELECT branch FROM employee WHERE id = :employee
), gone AS (
	DELETE FROM employee_branch
	 WHERE employee = :employee
	   AND branch NOT IN (SELECT branch FROM wanted)
)
INSERT INTO employee_branch (employee, branch)
SELECT :employee, branch FROM wanted
ON CONFLICT DO NOTHING;

-- admins_hold() none
-- Whoever may take an administrator away waits for others who do.
SELECT pg_advisory_xact_lock(hashtextextended('tabel.admins', 0));

-- admins_left() one
SELECT count(*) AS n
  FROM person_role r JOIN person p ON p.id = r.person
 WHERE r.role = 'admin' AND p.state = 'active';

-- sessions_end(person int8, now timestamptz) none
UPDATE session SET revoked_at = :now
 WHERE person = :person AND revoked_at IS NULL;

-- employee_facts(id int8, person int8) one
-- Has he left traces that must keep a name?
SELECT EXISTS (SELECT FROM event WHERE employee = :id OR made_by = :person)
	OR EXISTS (SELECT FROM claim WHERE person = :person)
	OR EXISTS (SELECT FROM correction
		WHERE employee = :id OR :person IN (asked_by, decided_by))
	OR EXISTS (SELECT FROM registration WHERE decided_by = :person)
	OR EXISTS (SELECT FROM timesheet WHERE closed_by = :person
		OR sheet -> 'rows' @> jsonb_build_array(
			jsonb_build_object('employee', :id::int8)))
	OR EXISTS (SELECT FROM audit WHERE actor = 'person:' || :person::int8) AS facts;

-- employee_deactivate(id int8, now timestamptz) one
WITH e AS (
	UPDATE employee x
	   SET left_on = greatest(x.hired_on,
		coalesce(x.left_on, local_day(:now, b.time_zone)))
	  FROM branch b
	 WHERE x.id = :id AND b.id = x.branch
	RETURNING x.person
), state AS (
	INSERT INTO employee_state (employee, at, active)
	SELECT id, :now, false FROM employee WHERE id = :id AND left_on IS NULL
)
UPDATE person p SET state = 'inactive'
  FROM e
 WHERE p.id = e.person
RETURNING false AS deleted, true AS deactivated;

-- employee_delete(id int8) one
DELETE FROM employee WHERE id = :id
RETURNING true AS deleted, false AS deactivated;

-- person_strip(person int8, now timestamptz) none
-- Back to a stranger: no rights, no sign-in.
WITH roles AS (
	DELETE FROM person_role WHERE person = :person
), sessions AS (
	UPDATE session SET revoked_at = :now
	 WHERE person = :person AND revoked_at IS NULL
)
UPDATE person SET state = 'new', username = NULL, password_hash = NULL
 WHERE id = :person;

-- person_delete(person int8) none
-- Unless he once registered: that is kept.
WITH told AS (
	DELETE FROM notification n
	 WHERE n.person = :person
	   AND NOT EXISTS (SELECT FROM registration g WHERE g.person = :person)
)
DELETE FROM person
 WHERE id = :person
   AND NOT EXISTS (SELECT FROM registration g WHERE g.person = :person);

-- employee_login(id int8, username text, hash text) one
-- Whoever guessed at the one before does not keep him waiting.
WITH p AS (
	UPDATE person SET username = :username, password_hash = :hash
	 WHERE id = (SELECT person FROM employee WHERE id = :id)
	   AND state <> 'erased'
	RETURNING id, username
), calm AS (
	DELETE FROM throttle t USING p WHERE t.key = 'login:' || lower(p.username)
)
SELECT username FROM p;

-- employee_login_delete(id int8) one
UPDATE person SET username = NULL, password_hash = NULL
 WHERE id = (SELECT person FROM employee WHERE id = :id)
RETURNING id;

-- web_sessions_end(employee int8, now timestamptz) none
-- After the password was changed: the statement that does it would not see those
-- that were just being made with the one of before.
UPDATE session SET revoked_at = :now
 WHERE person = (SELECT person FROM employee WHERE id = :employee)
   AND kind <> 'telegram' AND revoked_at IS NULL;

----------------------------------------------------------------- positions

-- position_list(id int8?, after int8?, limit int4) many
SELECT o.id, o.name, o.web_access, o.weekly_minutes,
       (SELECT count(*) FROM employee e JOIN person p ON p.id = e.person
	 WHERE e.position = o.id AND p.state = 'active') AS employees,
       md5(o::text) AS version
  FROM position o
 WHERE (:id::int8 IS NULL OR o.id = :id)
   AND (:after::int8 IS NULL OR (o.name COLLATE "und-x-icu", o.id) >
	(SELECT a.name, a.id FROM position a WHERE a.id = :after))
 ORDER BY o.name COLLATE "und-x-icu", o.id
 LIMIT :limit + 1;

-- position_new(name text, web_access bool, weekly_minutes int4?) one
INSERT INTO position (name, web_access, weekly_minutes)
VALUES (:name, :web_access, :weekly_minutes)
RETURNING id;

-- position_edit(id int8) one
SELECT id FROM position WHERE id = :id FOR NO KEY UPDATE;

-- position_put(id int8, name text, web_access bool, weekly_minutes int4?) one
UPDATE position
   SET name = :name, web_access = :web_access, weekly_minutes = :weekly_minutes
 WHERE id = :id
RETURNING id;

-- position_delete(id int8) one
DELETE FROM position WHERE id = :id RETURNING id;

------------------------------------------------------------------ branches

-- branch_names(after int8?, limit int4) many
-- What a stranger may know, to register.
SELECT b.id, b.name, b.time_zone
  FROM branch b
 WHERE b.active
   AND (:after::int8 IS NULL OR (b.name COLLATE "und-x-icu", b.id) >
	(SELECT a.name, a.id FROM branch a WHERE a.id = :after))
 ORDER BY b.name COLLATE "und-x-icu", b.id
 LIMIT :limit + 1;

-- branch_list(id int8?, branches text?, after int8?, limit int4) many
SELECT b.id, b.name, b.time_zone, b.rotation_seconds, b.max_shift_minutes,
       b.place_rule, to_jsonb(b.networks::text[]) AS networks, b.latitude,
       b.longitude, b.radius_m, b.notice, b.notice_chat, b.active,
       (SELECT count(*) FROM employee e JOIN person p ON p.id = e.person
	 WHERE e.branch = b.id AND p.state = 'active') AS employees,
       (SELECT count(*) FROM terminal t
	 WHERE t.branch = b.id AND t.active) AS terminals,
       md5(b::text) AS version
  FROM branch b
 WHERE (:id::int8 IS NULL OR b.id = :id)
   AND (:branches::int8[] IS NULL OR b.id = ANY (:branches::int8[]))
   AND (:after::int8 IS NULL OR (b.name COLLATE "und-x-icu", b.id) >
	(SELECT a.name, a.id FROM branch a WHERE a.id = :after))
 ORDER BY b.name COLLATE "und-x-icu", b.id
 LIMIT :limit + 1;

-- time_zone_known(name text) one
SELECT is_time_zone(:name) AS known;

-- branch_new(name text, time_zone text, rotation_seconds int4, max_shift_minutes int4, place_rule text, networks text, latitude float8?, longitude float8?, radius_m int4?, notice text, notice_chat int8?, active bool) one
INSERT INTO branch (name, time_zone, rotation_seconds, max_shift_minutes,
	place_rule, networks, latitude, longitude, radius_m, notice,
	notice_chat, active)
VALUES (:name, :time_zone, :rotation_seconds, :max_shift_minutes, :place_rule,
	ARRAY(SELECT jsonb_array_elements_text(:networks::jsonb)::cidr),
	:latitude, :longitude, :radius_m, :notice, :notice_chat, :active)
RETURNING id;

-- branch_guests(id int8, time_zone text) many
-- If that is to be another zone: those who are, or were, here by a schedule of
-- another branch, for it goes by the zone of here (W12).
SELECT e.id
  FROM employee e
  JOIN branch b ON b.id = :id AND b.time_zone <> :time_zone
 WHERE EXISTS (SELECT FROM schedule s WHERE s.employee = e.id AND s.branch <> b.id)
   AND (e.branch = b.id
	OR EXISTS (SELECT FROM employee_stay y WHERE y.employee = e.id AND y.branch = b.id))
 ORDER BY e.id
   FOR UPDATE OF e;

-- branch_put(id int8, name text, time_zone text, rotation_seconds int4, max_shift_minutes int4, place_rule text, networks text, latitude float8?, longitude float8?, radius_m int4?, notice text, notice_chat int8?, active bool) one
UPDATE branch
   SET name = :name, time_zone = :time_zone,
       rotation_seconds = :rotation_seconds,
       max_shift_minutes = :max_shift_minutes, place_rule = :place_rule,
       networks = ARRAY(SELECT jsonb_array_elements_text(:networks::jsonb)::cidr),
       latitude = :latitude, longitude = :longitude, radius_m = :radius_m,
       notice = :notice, notice_chat = :notice_chat, active = :active
 WHERE id = :id
RETURNING id;

-- branch_edit(id int8) one
-- Who only refers to it need not wait.
SELECT id FROM branch WHERE id = :id FOR NO KEY UPDATE;

-- branch_hold(id int8) one
SELECT id FROM branch WHERE id = :id FOR UPDATE;

-- branch_delete(id int8) one
-- Employees and terminals are guarded by the constraint branch_in_use.
DELETE FROM branch b
 WHERE b.id = :id
   AND NOT EXISTS (SELECT FROM person_role r WHERE r.branch = b.id)
   AND NOT EXISTS (SELECT FROM employee_branch x WHERE x.branch = b.id)
   AND NOT EXISTS (SELECT FROM registration g WHERE g.branch = b.id)
   AND NOT EXISTS (SELECT FROM claim c WHERE c.branch = b.id)
   AND NOT EXISTS (SELECT FROM event v WHERE v.branch = b.id)
RETURNING b.id;

------------------------------------------------------------- registrations

-- registration_list(state text, branches text?, after int8?, limit int4) many
-- Those who wait in the order they came, what was decided newest first.
-- null: decided_by_name
SELECT g.id, g.person, p.last_name, p.first_name, p.middle_name, p.phone,
       p.phone_verified, g.branch, b.name AS branch_name, g.state,
       g.created_at, g.decided_at,
       nullif(concat_ws(' ', d.last_name, d.first_name), '') AS decided_by_name,
       g.reason,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('at', utc(c.at),
			'branch_name', at.name, 'time_zone', at.time_zone)
			ORDER BY c.at, c.id), '[]')
	  FROM claim c JOIN branch at ON at.id = c.branch
	 WHERE c.person = g.person AND c.pending AND g.state = 'pending')
       AS pending_scans
  FROM registration g
  JOIN person p ON p.id = g.person
  JOIN branch b ON b.id = g.branch
  LEFT JOIN person d ON d.id = g.decided_by
 WHERE g.state = :state
   AND (:branches::int8[] IS NULL OR g.branch = ANY (:branches::int8[]))
   AND (:after::int8 IS NULL OR CASE WHEN :state = 'pending'
	THEN g.id > :after ELSE g.id < :after END)
 ORDER BY CASE WHEN :state = 'pending' THEN g.id ELSE -g.id END
 LIMIT :limit + 1;

--------------------------------------------------------------------- staff

-- branch_only() one
SELECT min(id) AS id FROM branch WHERE active HAVING count(*) = 1;

-- person_email(person int8, email text) none
UPDATE person SET email = :email WHERE id = :person;

-- staff_row(id int8) one
SELECT e.id, e.person, p.last_name, p.first_name, p.middle_name, p.email,
       p.phone, e.branch, b.name AS branch_name, e.position,
       o.name AS position_name, o.web_access, e.personnel_number, e.hired_on
  FROM employee e
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  JOIN position o ON o.id = e.position
 WHERE e.id = :id;
