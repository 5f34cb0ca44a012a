-- What schema version 7 added to an installation: the bot's, and a token of
-- another system.  Never edited afterwards.

INSERT INTO bot_update (update_id, chat, received_at, body, due_at) VALUES (10, 501, '2026-02-01 06:00Z', '{"update_id": 10}', '2026-02-01 06:00Z');
INSERT INTO bot_poll (next_update, polled_at) VALUES (11, '2026-02-01 06:00Z');
INSERT INTO dialogue (chat, state, changed_at) VALUES (501, 'welcome.name', '2026-02-01 06:00Z');
INSERT INTO service_token (name, key_hash, scopes, created_at, created_by) VALUES ('ERP', 's1', '{staff}', '2026-02-01 06:00Z', 2);
