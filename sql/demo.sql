-- Statements of tabelctl demo and links.  The people are in
-- tools/tabelctl_clinic.c; their facts are made by lib/work/event.

-- demo_anybody() one
SELECT EXISTS (SELECT FROM branch) OR EXISTS (SELECT FROM employee) AS anybody;

-- demo_branch(name text, time_zone text) one
INSERT INTO branch (name, time_zone) VALUES (:name, :time_zone)
RETURNING id, extract(epoch FROM make_interval(mins => max_shift_minutes))::int8 AS max_shift;

-- demo_branch_notice(branch int8, notice text) none
UPDATE branch SET notice = :notice WHERE id = :branch;

-- demo_position(name text, web_access bool, weekly_minutes int4) one
INSERT INTO position (name, web_access, weekly_minutes)
VALUES (:name, :web_access, :weekly_minutes)
RETURNING id;

-- demo_terminal(name text, location text, branch int8) one
INSERT INTO terminal (name, location, branch)
VALUES (:name, :location, :branch)
RETURNING id;

-- demo_person(last_name text, first_name text, middle_name text, phone text, telegram_id int8?, state text) one
INSERT INTO person (last_name, first_name, middle_name, phone, telegram_id, state)
VALUES (:last_name, :first_name, :middle_name, :phone, :telegram_id, :state)
RETURNING id;

-- demo_employee(person int8, branch int8, position int8, personnel_number text, hired_on text) one
INSERT INTO employee (person, branch, position, personnel_number, hired_on)
VALUES (:person, :branch, :position, :personnel_number, :hired_on::date)
RETURNING id;

-- demo_schedule(employee int8, now timestamptz, days int4, kind text, cycle_days int4, worked int4, ago int4, starts int4, ends int4, break_minutes int8?) none
-- The same hours on the first days of a cycle, which began so many days ago.
WITH s AS (
	INSERT INTO schedule (employee, branch, time_zone, kind, valid_from,
		cycle_days, anchor, break_after_minutes, break_minutes)
	SELECT e.id, b.id, b.time_zone, :kind, t.today - :days, :cycle_days,
	       CASE :kind WHEN 'weekly' THEN date_trunc('week', t.today - :days)::date
		    ELSE t.today - :ago END,
	       CASE WHEN :break_minutes IS NOT NULL THEN 360 END, :break_minutes
	  FROM employee e
	  JOIN branch b ON b.id = e.branch
	 CROSS JOIN LATERAL (SELECT local_day(:now, b.time_zone) AS today) t
	 WHERE e.id = :employee
	RETURNING id, cycle_days
)
INSERT INTO schedule_shift (schedule, cycle_days, day, starts, ends)
SELECT s.id, s.cycle_days, n, time '00:00' + make_interval(mins => :starts),
       time '00:00' + make_interval(mins => :ends)
  FROM s, generate_series(0, :worked - 1) n;

-- demo_leave(employee int8, now timestamptz, starts_in int4, days int4, state text) none
INSERT INTO absence (employee, kind, from_day, to_day, state)
SELECT :employee, 'annual_leave', :now::date + :starts_in,
       :now::date + :starts_in + :days - 1, :state;

-- demo_exception(employee int8, now timestamptz, in_days int4, starts text, ends text, reason text) none
WITH x AS (
	INSERT INTO schedule_exception (employee, day, time_zone, reason)
	SELECT e.id, local_day(:now, b.time_zone) + :in_days, b.time_zone, :reason
	  FROM employee e JOIN branch b ON b.id = e.branch
	 WHERE e.id = :employee
	RETURNING id
)
INSERT INTO schedule_exception_shift (exception, starts, ends)
SELECT id, :starts::time, :ends::time FROM x;

-- demo_holidays(now timestamptz) none
INSERT INTO holiday (day, name)
SELECT (date_trunc('year', :now::timestamp) + interval '1 year')::date + v.n, v.name
  FROM (VALUES (0, 'Новый год'), (6, 'Рождество')) v (n, name);

-- demo_gap(employee int8, now timestamptz) one
-- What somebody forgot last, and when it would have been by the plan.
SELECT g.kind, g.at FROM (
	SELECT 'out' AS kind, s.ends_at AS at
	  FROM interval i
	 CROSS JOIN LATERAL planned_shifts(i.employee, i.day, i.day) s
	 WHERE i.employee = :employee AND i.state <> 'closed'
	UNION ALL
	SELECT 'in', s.starts_at
	  FROM event v
	  JOIN event_meaning m ON m.event = v.id AND m.effect = 'missing_in'
	 CROSS JOIN LATERAL planned_shifts(v.employee, local_day(v.at, v.time_zone),
		local_day(v.at, v.time_zone)) s
	 WHERE v.employee = :employee) g
 WHERE g.at < :now - interval '3 hours'
 ORDER BY g.at DESC LIMIT 1;

-- demo_cards(name text, location text, branch int8, now timestamptz) none
-- A reader whose key nobody knows, at which a card of nobody was tapped, and
-- one too late.
WITH t AS (
	INSERT INTO terminal (name, location, branch, kind, key_hash, last_seen_at)
	VALUES (:name, :location, :branch, 'nfc',
		encode(sha256(uuid_send(gen_random_uuid())), 'hex'),
		:now - interval '4 minutes')
	RETURNING id, branch
)
INSERT INTO tap (terminal, number, uid, device_at, at, offline, received_at,
	branch, time_zone, limit_seconds, state, reason)
SELECT t.id, v.n, v.uid, v.at, v.at, v.late, CASE WHEN v.late THEN :now ELSE v.at END,
       b.id, b.time_zone, b.max_shift_minutes * 60, v.state, v.reason
  FROM t
  JOIN branch b ON b.id = t.branch
 CROSS JOIN LATERAL (VALUES
	('1', '04A2B3C4D5E680', date_trunc('second', :now - interval '31 hours'), false,
		'unknown', NULL),
	('2', '04A2B3C4D5E680', date_trunc('second', :now - interval '22 hours'), false,
		'unknown', NULL),
	('3', '04C1D2E3F4A580', date_trunc('second', :now - interval '20 hours'), true,
		'refused', 'TAP_TOO_OLD')) v (n, uid, at, late, state, reason);

-- demo_told() none
-- What is long past was told then.
UPDATE notification SET state = 'sent', attempts = 1, sent_at = due_at;

-- demo_role(person int8, role text, branch int8?) none
INSERT INTO person_role (person, role, branch) VALUES (:person, :role, :branch);

-- demo_login(person int8, username text, hash text) one
-- Nothing if somebody has that name already.
UPDATE person SET username = :username, password_hash = :hash
 WHERE id = :person
   AND NOT EXISTS (SELECT FROM person WHERE lower(username) = lower(:username))
RETURNING id;

-- demo_days(now timestamptz, time_zone text, days int4) many
-- The local days up to today, oldest first.
SELECT day_start(local_day(:now, :time_zone) - ago, :time_zone) AS midnight,
       extract(isodow FROM local_day(:now, :time_zone) - ago)::int8 AS weekday,
       ago
  FROM generate_series(:days, 0, -1) ago;

-- demo_claim(person int8, terminal int8, branch int8, at timestamptz, pending bool) one
INSERT INTO claim (person, terminal, branch, at, expires_at, pending)
VALUES (:person, :terminal, :branch, :at, :at + interval '2 minutes', :pending)
RETURNING id;

-- demo_registration(person int8, branch int8, created_at timestamptz) one
INSERT INTO registration (person, branch, created_at)
VALUES (:person, :branch, :created_at)
RETURNING id;

-- demo_user(telegram_id int8) one
-- Somebody as Telegram's "user" of initData.
SELECT format('{"id": %s,"first_name": %s,"last_name": %s,"language_code": "%s",'
	'"allows_write_to_pm": true}', telegram_id, to_json(first_name),
	to_json(last_name), language) AS telegram_user,
       concat_ws(' ', first_name, last_name) AS name
  FROM person
 WHERE telegram_id = :telegram_id;
