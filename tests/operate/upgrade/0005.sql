-- What schema version 5 added to an installation: a closed month with its
-- sheet, overtime, a move.  Never edited afterwards.

INSERT INTO employee_stay (employee, branch, until) VALUES (1, 2, '2025-01-01');
UPDATE employee SET branch_since = '2025-01-01' WHERE id = 1;
INSERT INTO overtime (employee, day, seconds, approved, decided_by, decided_at) VALUES
	(1, '2026-02-02', 1200, true, 2, '2026-02-03 06:00Z');
INSERT INTO period (branch, month, revision, state, closed_at, closed_by, reason) VALUES
	(2, '2026-01-01', 1, 'closed', '2026-02-02 06:00Z', 2, 'не та смена'), (1, '2026-01-01', 1, 'open', NULL, NULL, 'отпуск');
INSERT INTO timesheet (branch, month, revision, sheet, closed_at, closed_by, reason) VALUES
	(2, '2026-01-01', 0, '{"rows": []}', '2026-02-01 06:00Z', 2, NULL), (2, '2026-01-01', 1, '{"rows": []}', '2026-02-02 06:00Z', 2, 'не та смена');
