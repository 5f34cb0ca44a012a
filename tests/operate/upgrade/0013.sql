-- What schema version 13 had: of who left and came back only the log knew.
-- Never edited afterwards.

INSERT INTO audit (at, actor, action, entity, entity_id, old, new) VALUES
	('2026-01-05 08:00:00.7Z', 'person:1', 'update', 'employee', '2', '{"left_on": null}', '{"left_on": "2026-01-05"}'),
	('2026-01-06 08:00:00Z', 'person:1', 'update', 'employee', '2', '{"left_on": "2026-01-05"}', '{"left_on": null}'),
	('2026-01-07 08:00:00Z', 'person:1', 'update', 'employee', '2', '{"card_uid": null}', '{"card_uid": "04B2"}'),
	('2026-01-31 22:30:00Z', 'person:1', 'update', 'employee', '2', '{"left_on": null}', '{"left_on": "2026-01-31"}');
