-- What schema version 6 added to an installation: a calendar.  Never edited
-- afterwards.

INSERT INTO calendar_link (person, hash, made_at) VALUES (1, 'c1', '2026-02-01 06:00Z');
