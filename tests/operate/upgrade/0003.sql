-- What schema version 3 added to an installation: card taps.  A repeat of the
-- event of a scan, a card that nobody has, one refused, one dismissed.  Never
-- edited afterwards.

INSERT INTO terminal (name, branch, kind, paired_at, key_hash) VALUES ('Считыватель', 1, 'nfc', '2026-01-01', 'h3');
INSERT INTO tap (terminal, number, uid, kind, device_at, at, offline, received_at, branch, time_zone, limit_seconds, state, reason, employee)
SELECT t.id, x.* FROM terminal t, (VALUES
	('1', '04A1B2C3D4E5F6', NULL, timestamptz '2026-02-02 06:02:00Z', timestamptz '2026-02-02 06:02:00Z', true,
		timestamptz '2026-02-02 09:00:00Z', 1, 'Europe/Kyiv', 57600, 'accepted', NULL, 1),
	('2', '04FFEE01', 'in', NULL, '2026-02-03 06:00:00Z', false, '2026-02-03 06:00:00Z', 1, 'Europe/Kyiv', 57600, 'unknown', NULL, NULL),
	('3', '04A1B2C3D4E5F6', NULL, '2026-02-01 06:00:00Z', '2026-02-01 06:00:00Z', true, '2026-02-03 06:00:00Z', 1, 'Europe/Kyiv', 57600,
		'refused', 'TAP_TOO_OLD', 1),
	('4', '04FFEE02', NULL, NULL, '2026-02-04 06:00:00Z', false, '2026-02-04 06:00:00Z', 1, 'Europe/Kyiv', 57600, 'dismissed', NULL, NULL)) x
 WHERE t.kind = 'nfc';
