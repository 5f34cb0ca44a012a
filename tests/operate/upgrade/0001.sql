-- What an installation of schema version 1 held.  Never edited afterwards:
-- later migrations are tried on it.

INSERT INTO branch (name, time_zone) VALUES ('Центр', 'Europe/Kyiv'), ('Порт', 'Asia/Vladivostok');
INSERT INTO position (name, weekly_minutes) VALUES ('Врач', 2400), ('Администратор', NULL);
INSERT INTO person (last_name, first_name, telegram_id, state, username, password_hash) VALUES
	('Котова', 'Анна', 501, 'active', NULL, NULL),
	('Лис', 'Борис', 502, 'active', 'boris', '$2b$10$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu'),
	('Новая', 'Вера', 503, 'unconfirmed', NULL, NULL),
	('', 'Кто-то', 504, 'new', NULL, NULL);
INSERT INTO person_role (person, role, branch) VALUES (2, 'admin', NULL), (1, 'manager', 1);
INSERT INTO employee (person, branch, position, personnel_number, card_uid, hired_on, left_on) VALUES
	(1, 1, 1, '001', '04A1B2C3D4E5F6', '2020-01-01', NULL),
	(2, 2, 2, NULL, NULL, '2021-05-01', '2026-01-31');
INSERT INTO employee_branch VALUES (1, 2);
INSERT INTO registration (person, branch, state, created_at, decided_at, decided_by, reason) VALUES
	(3, 1, 'pending', '2026-02-01 06:00Z', NULL, NULL, NULL),
	(4, 1, 'rejected', '2026-02-01 06:00Z', '2026-02-01 07:00Z', 2, 'не наш сотрудник');
INSERT INTO session (id, person, kind, created_at, expires_at) VALUES
	('s1', 1, 'telegram', '2026-02-01 06:00Z', '2026-02-01 07:00Z');
INSERT INTO key (id, purpose, wrapped, active_from, retired_at) VALUES
	(1, 'seal', '\x00', '2026-01-01', '2026-02-01'), (2, 'seal', '\x01', '2026-02-01', NULL),
	(3, 'token', '\x02', '2026-01-01', NULL), (4, 'pepper', '\x03', '2026-01-01', NULL);
INSERT INTO terminal (name, branch, paired_at, key_hash) VALUES ('У входа', 1, '2026-01-01', 'h1'), ('Порт', 2, NULL, NULL);
INSERT INTO one_time_code (purpose, hash, terminal, expires_at) VALUES ('pairing', 'p', 2, '2026-02-01');
INSERT INTO used_code VALUES ('\x0a', '2026-02-01 06:00Z');
INSERT INTO throttle VALUES ('login:x', 3, '2026-02-01', '2026-02-01');
INSERT INTO idempotency VALUES ('person:1', 'k', 'r', 201, '{}', '2026-02-01');
INSERT INTO claim (person, terminal, branch, at, expires_at, pending, flags) VALUES
	(1, 1, 1, '2026-02-02 06:00:10Z', '2026-02-02 06:02:10Z', false, '{}'),
	(1, 1, 1, '2026-02-02 15:00:20Z', '2026-02-02 15:02:20Z', false, '{no_place}'),
	(3, 1, 1, '2026-02-02 06:30:00Z', '2026-02-02 06:32:00Z', true, '{}');
-- A day, a night over the end of the month, an out that is missing, one that
-- has no in, and one that runs.
INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds, recorded_at, source, flags, terminal, claim, made_by, reason, receipt) VALUES
	(1, 'in', '2026-02-02 06:00:10Z', 1, 'Europe/Kyiv', 57600, '2026-02-02 06:00:12Z', 'qr', '{}', 1, 1, NULL, NULL, 'r1'),
	(1, 'out', '2026-02-02 15:00:20Z', 1, 'Europe/Kyiv', 57600, '2026-02-02 15:00:22Z', 'qr', '{no_place}', 1, 2, NULL, NULL, 'r2'),
	(2, 'in', '2026-01-31 10:00:00Z', 2, 'Asia/Vladivostok', 57600, '2026-01-31 10:00:00Z', 'manual', '{}', NULL, NULL, 1, 'забыл телефон', 'r3'),
	(2, 'out', '2026-01-31 22:00:00Z', 2, 'Asia/Vladivostok', 57600, '2026-01-31 22:00:00Z', 'manual', '{}', NULL, NULL, 1, 'забыл телефон', 'r4'),
	(1, 'in', '2026-02-03 06:00:00Z', 1, 'Europe/Kyiv', 57600, '2026-02-03 06:00:00Z', 'qr', '{}', 1, NULL, NULL, NULL, 'r5'),
	(1, 'out', '2026-02-05 15:00:00Z', 1, 'Europe/Kyiv', 57600, '2026-02-05 15:00:00Z', 'qr', '{}', 1, NULL, NULL, NULL, 'r6'),
	(1, 'in', '2026-02-06 06:00:00Z', 1, 'Europe/Kyiv', 57600, '2026-02-06 06:00:00Z', 'qr', '{}', 1, NULL, NULL, NULL, 'r7');
INSERT INTO event_meaning VALUES (1, 'in', 'opens'), (2, 'out', 'closes'), (3, 'in', 'opens'),
	(4, 'out', 'closes'), (5, 'in', 'opens'), (6, 'out', 'missing_in'), (7, 'in', 'opens');
INSERT INTO interval (employee, in_event, out_event, in_at, out_at, limit_at, branch, time_zone, day, state) VALUES
	(1, 1, 2, '2026-02-02 06:00:10Z', '2026-02-02 15:00:20Z', '2026-02-02 22:00:10Z', 1, 'Europe/Kyiv', '2026-02-02', 'closed'),
	(2, 3, 4, '2026-01-31 10:00:00Z', '2026-01-31 22:00:00Z', '2026-02-01 02:00:00Z', 2, 'Asia/Vladivostok', '2026-01-31', 'closed'),
	(1, 5, NULL, '2026-02-03 06:00:00Z', NULL, '2026-02-03 22:00:00Z', 1, 'Europe/Kyiv', '2026-02-03', 'missing_out'),
	(1, 7, NULL, '2026-02-06 06:00:00Z', NULL, '2026-02-06 22:00:00Z', 1, 'Europe/Kyiv', '2026-02-06', 'open');
INSERT INTO notification (person, chat, key, due_at, dedupe, state, created_at) VALUES
	(1, NULL, 'notice.in', '2026-02-02', 'd1', 'sent', '2026-02-02'),
	(NULL, -100, 'notice.out', '2026-02-02', 'd2', 'waiting', '2026-02-02');
INSERT INTO setting (name, value) VALUES ('organisation', 'Клиника'), ('language', 'uk');
INSERT INTO job_run VALUES ('prune', '2026-02-01', '2026-02-01', '1 codes');
