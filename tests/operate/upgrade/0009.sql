-- What schema versions 4 to 9 added to an installation: corrections, a closed
-- month with its sheet, overtime, a move, a calendar, the bot's.  Never edited
-- afterwards.

INSERT INTO correction (employee, action, event, was, at, kind, reason, asked_by, asked_at, state, decided_by, decided_at, decision) VALUES
	(1, 'change', 6, 'out', '2026-02-03 15:00Z', 'out', 'забыла отметиться', 1, '2026-02-06 07:00Z', 'rejected', 2, '2026-02-06 08:00Z', 'тогда было закрыто'),
	(1, 'add', NULL, NULL, '2026-02-03 15:00Z', 'out', 'забыла отметиться', 1, '2026-02-06 09:00Z', 'pending', NULL, NULL, NULL);
INSERT INTO employee_stay (employee, branch, until) VALUES (1, 2, '2025-01-01');
UPDATE employee SET branch_since = '2025-01-01' WHERE id = 1;
INSERT INTO overtime (employee, day, seconds, approved, decided_by, decided_at) VALUES
	(1, '2026-02-02', 1200, true, 2, '2026-02-03 06:00Z');
INSERT INTO period (branch, month, revision, state, closed_at, closed_by, reason) VALUES
	(2, '2026-01-01', 1, 'closed', '2026-02-02 06:00Z', 2, 'не та смена'), (1, '2026-01-01', 1, 'open', NULL, NULL, 'отпуск');
INSERT INTO timesheet (branch, month, revision, sheet, closed_at, closed_by, reason) VALUES
	(2, '2026-01-01', 0, '{"rows": []}', '2026-02-01 06:00Z', 2, NULL), (2, '2026-01-01', 1, '{"rows": []}', '2026-02-02 06:00Z', 2, 'не та смена');
INSERT INTO calendar_link (person, hash, made_at) VALUES (1, 'c1', '2026-02-01 06:00Z');
INSERT INTO bot_update (update_id, chat, received_at, body, due_at) VALUES (10, 501, '2026-02-01 06:00Z', '{"update_id": 10}', '2026-02-01 06:00Z');
INSERT INTO bot_poll (next_update, polled_at) VALUES (11, '2026-02-01 06:00Z');
INSERT INTO dialogue (chat, state, changed_at) VALUES (501, 'welcome.name', '2026-02-01 06:00Z');
INSERT INTO service_token (name, key_hash, scopes, created_at, created_by) VALUES ('ERP', 's1', '{staff}', '2026-02-01 06:00Z', 2);
