-- The bot: what Telegram told us, dialogues, messages with buttons that can
-- be changed later; one-time codes for people; tokens for other systems.

-- The chat that an update belongs to; 0 if it is of none, or of a kind that
-- we do not know.  Nothing in it can make this fail.
CREATE FUNCTION update_chat(body jsonb) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN coalesce((
		SELECT CASE WHEN c.id ~ '^-?[0-9]{1,18}$' THEN c.id::bigint END
		  FROM jsonb_each(body) part
		 CROSS JOIN LATERAL (SELECT coalesce(
			part.value #>> '{chat,id}',
			part.value #>> '{message,chat,id}',
			part.value #>> '{from,id}',
			part.value #>> '{user,id}') AS id) c
		 WHERE jsonb_typeof(part.value) = 'object' AND c.id IS NOT NULL
		 LIMIT 1), 0);

-- The buttons below a registration, with what is chosen so far: a press says
-- r:<registration>:<verb>:<branch>:<position>, and 0 is nothing.
CREATE FUNCTION registration_buttons(registration bigint, branch bigint,
	branch_name text, "position" bigint, position_name text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (WITH press AS (
		SELECT 'r:' || registration || ':' AS head,
		       ':' || branch || ':' || coalesce("position", 0) AS tail)
	SELECT jsonb_build_array(
		jsonb_build_array(jsonb_build_object('key', 'bot.button.branch',
			'params', jsonb_build_object('name', branch_name),
			'data', head || 'b' || tail)),
		jsonb_build_array(jsonb_build_object('key', 'bot.button.position',
			'params', jsonb_build_object('name', coalesce(position_name, '—')),
			'data', head || 'p' || tail)),
		jsonb_build_array(
			jsonb_build_object('key', 'bot.button.confirm', 'data', head || 'c' || tail),
			jsonb_build_object('key', 'bot.button.reject', 'data', head || 'n' || tail)))
	  FROM press);

-- Updates as they came, each once, handled in order per chat.
CREATE TABLE bot_update (
	update_id	bigint PRIMARY KEY,
	chat		bigint NOT NULL,	-- 0: of none
	received_at	timestamptz NOT NULL,
	body		jsonb NOT NULL,
	state		text NOT NULL DEFAULT 'waiting'
		CONSTRAINT bot_update_state CHECK
		(state IN ('waiting', 'done', 'failed')),
	attempts	integer NOT NULL DEFAULT 0,
	due_at		timestamptz NOT NULL,
	fault		text			-- why it failed, or was refused
);
CREATE INDEX bot_update_next ON bot_update (update_id)
	WHERE state = 'waiting';
CREATE INDEX bot_update_waiting ON bot_update (chat, update_id)
	WHERE state = 'waiting';
CREATE INDEX bot_update_age ON bot_update (received_at);

-- Where long polling goes on; one row.
CREATE TABLE bot_poll (
	one		boolean PRIMARY KEY DEFAULT true
		CONSTRAINT bot_poll_one CHECK (one),
	next_update	bigint NOT NULL,
	polled_at	timestamptz NOT NULL
);

-- What a chat was asked and has answered so far.
CREATE TABLE dialogue (
	chat		bigint PRIMARY KEY,
	state		text NOT NULL,
	data		jsonb NOT NULL DEFAULT '{}',
	changed_at	timestamptz NOT NULL
);

-- Other systems that may call, each with its scopes; only a hash is kept.
CREATE TABLE service_token (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name		text NOT NULL,
	key_hash	text NOT NULL CONSTRAINT service_key_hash UNIQUE,
	scopes		text[] NOT NULL
		CONSTRAINT service_token_scopes CHECK
		(scopes <@ '{staff}' AND scopes <> '{}'),
	created_at	timestamptz NOT NULL,
	created_by	bigint REFERENCES person,
	last_seen_at	timestamptz,
	revoked_at	timestamptz
);
CREATE UNIQUE INDEX service_name_taken ON service_token (lower(name))
	WHERE revoked_at IS NULL;

ALTER TABLE one_time_code
	ADD person bigint REFERENCES person ON DELETE CASCADE,
	ADD tries_left integer,
	DROP CONSTRAINT one_time_code_purpose,
	ADD CONSTRAINT one_time_code_purpose CHECK
		(purpose IN ('pairing', 'login', 'activation'));
CREATE INDEX one_time_code_person ON one_time_code (person);

ALTER TABLE session
	DROP CONSTRAINT session_kind,
	ADD CONSTRAINT session_kind CHECK
		(kind IN ('telegram', 'password', 'code'));

CREATE UNIQUE INDEX email_taken ON person (lower(email));

-- A message is sent, or changes one that was, or answers a pressed button.
ALTER TABLE notification
	ADD kind text NOT NULL DEFAULT 'send' CONSTRAINT notification_kind
		CHECK (kind IN ('send', 'edit', 'answer')),
	ADD edits bigint REFERENCES notification ON DELETE CASCADE,
	ADD callback text,		-- of an answer
	ADD body text,			-- HTML, instead of the key's text
	ADD buttons jsonb,		-- lib/out/buttons.h
	ADD about text,			-- 'registration:1': what may change it
	ADD priority smallint NOT NULL DEFAULT 5, -- 0 is first
	ADD expires_at timestamptz,	-- of no use afterwards
	-- the parameters are forgotten when it is done
	ADD secret boolean NOT NULL DEFAULT false,
	-- a worker is at it; if it died, the message may go out once more
	ADD taken_at timestamptz,
	ADD repeats integer NOT NULL DEFAULT 0,
	ADD CONSTRAINT notification_target CHECK (CASE kind
		WHEN 'edit' THEN num_nonnulls(edits, message) >= 1
		WHEN 'answer' THEN callback IS NOT NULL
		ELSE edits IS NULL END);
DROP INDEX notification_due;
CREATE INDEX notification_due ON notification (priority, due_at, id)
	WHERE state = 'waiting';
CREATE INDEX notification_about ON notification (about)
	WHERE about IS NOT NULL;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON service_token
	FOR EACH ROW EXECUTE FUNCTION audit_row();

GRANT SELECT, INSERT, UPDATE, DELETE ON
	bot_update, bot_poll, dialogue, service_token TO tabel_app;
GRANT SELECT ON bot_update, bot_poll, dialogue, service_token TO tabel_reader;
REVOKE SELECT ON service_token FROM tabel_reader;
GRANT SELECT (id, name, scopes, created_at, created_by, last_seen_at, revoked_at)
	ON service_token TO tabel_reader;
