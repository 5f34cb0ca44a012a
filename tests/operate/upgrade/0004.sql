-- What schema version 4 added to an installation: corrections.  Never edited
-- afterwards.

INSERT INTO correction (employee, action, event, was, at, kind, reason, asked_by, asked_at, state, decided_by, decided_at, decision) VALUES
	(1, 'change', 6, 'out', '2026-02-03 15:00Z', 'out', 'забыла отметиться', 1, '2026-02-06 07:00Z', 'rejected', 2, '2026-02-06 08:00Z', 'тогда было закрыто'),
	(1, 'add', NULL, NULL, '2026-02-03 15:00Z', 'out', 'забыла отметиться', 1, '2026-02-06 09:00Z', 'pending', NULL, NULL, NULL);
