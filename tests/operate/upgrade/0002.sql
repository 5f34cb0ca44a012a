-- What schema version 2 added to an installation: plans, and the days that
-- were worked by them.  Never edited afterwards.

INSERT INTO schedule (employee, branch, time_zone, kind, valid_from, valid_to, cycle_days, anchor, break_after_minutes, break_minutes) VALUES
	(1, 1, 'Europe/Kyiv', 'weekly', '2026-02-02', '2026-02-06', 7, '2026-02-02', 360, 60),
	(2, 2, 'Asia/Vladivostok', 'rotation', '2026-01-29', '2026-01-31', 2, '2026-01-29', NULL, NULL);
INSERT INTO schedule_shift (schedule, cycle_days, day, starts, ends) VALUES
	(1, 7, 0, '09:00', '18:00'), (1, 7, 1, '09:00', '18:00'), (1, 7, 2, '09:00', '18:00'),
	(1, 7, 3, '09:00', '18:00'), (1, 7, 4, '09:00', '18:00'), (2, 2, 0, '20:00', '08:00');
INSERT INTO schedule_exception (employee, day, time_zone, reason) VALUES (1, '2026-02-07', 'Europe/Kyiv', 'замена');
INSERT INTO schedule_exception_shift (exception, starts, ends) VALUES (1, '10:00', '14:00');
INSERT INTO holiday (day, branch, name) VALUES ('2026-02-04', 1, 'День города');
INSERT INTO absence (employee, kind, from_day, to_day, made_by) VALUES (1, 'sick', '2026-02-05', '2026-02-05', 2);
-- Early by 3580 s; an out that is missing; a holiday; an out without an in on
-- a day of illness; one that runs; a shift that nobody came to; a night.
INSERT INTO workday (employee, day, branch, shifts, planned_seconds, worked_seconds, break_seconds, late_seconds, early_seconds,
	night_seconds, overtime_seconds, missing_out, missing_in, open_until, unexplained_from, holiday, absence, conflict) VALUES
	(1, '2026-02-02', 1, 1, 28800, 28810, 3600, 0, 3580, 0, 0, 0, 0, NULL, '{}', false, NULL, false),
	(1, '2026-02-03', 1, 1, 28800, 0, 0, 0, 0, 0, 0, 1, 0, NULL, '{}', false, NULL, false),
	(1, '2026-02-04', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '{}', true, NULL, false),
	(1, '2026-02-05', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, NULL, '{}', false, 'sick', true),
	(1, '2026-02-06', 1, 1, 28800, 0, 0, 0, 0, 0, 0, 0, 0, '2026-02-06 22:00Z', '{}', false, NULL, false),
	(1, '2026-02-07', 1, 1, 14400, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '{2026-02-07 12:00Z}', false, NULL, false),
	(2, '2026-01-29', 2, 1, 43200, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '{2026-01-29 22:00Z}', false, NULL, false),
	(2, '2026-01-31', 2, 1, 43200, 43200, 0, 0, 0, 28800, 0, 0, 0, NULL, '{}', false, NULL, false);
INSERT INTO workday_horizon VALUES (1, '2026-04-30'), (2, '2026-04-30');
