-- People, work and operation: the schema that QR attendance stands on.
--
-- Three kinds of rows.  Facts (event, claim, audit) are appended and never
-- changed.  Things have a state that moves by compare-and-swap.  Derivations
-- (interval, event_meaning) can be thrown away and made again from facts.
--
-- A constraint that a client can meet is named after the fault that he then
-- sees (lib/base/faults.def).  Instants are timestamptz in whole seconds,
-- local days are date, lengths are seconds.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The one function that turns an instant into a local day.
CREATE FUNCTION local_day(at timestamptz, time_zone text) RETURNS date
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN (at AT TIME ZONE time_zone)::date;

-- The instant at which a local day begins.  A wall time in the gap is taken
-- after it, in the doubled hour the later one: PostgreSQL's rule.
CREATE FUNCTION day_start(day date, time_zone text) RETURNS timestamptz
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN day::timestamp AT TIME ZONE time_zone;

-- An instant as RFC 3339 has it, for answers that are built as JSON.
CREATE FUNCTION utc(at timestamptz) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- A text that a spreadsheet would run as a formula gets an apostrophe before
-- it (OWASP, CSV injection).  Not STRICT, so that it can be inlined.
CREATE FUNCTION csv_safe(t text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN left(t, 1) IN ('=', '+', '-', '@', E'\t', E'\r', E'\n')
		THEN '''' || t ELSE t END;

-- True for a name in the IANA database.
CREATE FUNCTION is_time_zone(name text) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
	PERFORM now() AT TIME ZONE name;
	RETURN name ~ '^(UTC|[A-Z][A-Za-z_+-]+(/[A-Z][A-Za-z0-9_+-]+){1,2})$';
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN false;
END $$;

-------------------------------------------------------------------- access

CREATE TABLE branch (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name		text NOT NULL,
	time_zone	text NOT NULL
		CONSTRAINT branch_time_zone CHECK (is_time_zone(time_zone)),
	rotation_seconds integer NOT NULL DEFAULT 30
		CONSTRAINT branch_rotation CHECK (rotation_seconds BETWEEN 10 AND 60),
	max_shift_minutes integer NOT NULL DEFAULT 960
		CONSTRAINT branch_max_shift CHECK (max_shift_minutes BETWEEN 60 AND 2160),
	-- off; flag what is elsewhere; refuse it (Q8)
	place_rule	text NOT NULL DEFAULT 'off'
		CONSTRAINT branch_place_rule CHECK (place_rule IN ('off', 'flag', 'refuse')),
	networks	cidr[] NOT NULL DEFAULT '{}',
	latitude	double precision
		CONSTRAINT branch_latitude CHECK (latitude >= -90 AND latitude <= 90),
	longitude	double precision
		CONSTRAINT branch_longitude CHECK (longitude >= -180 AND longitude <= 180),
	radius_m	integer
		CONSTRAINT branch_radius CHECK (radius_m BETWEEN 10 AND 100000),
	-- which events are told to the managers, or to the chat if there is one
	notice		text NOT NULL DEFAULT 'off'
		CONSTRAINT branch_notice CHECK (notice IN ('off', 'all', 'irregular')),
	notice_chat	bigint,
	active		boolean NOT NULL DEFAULT true,
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT branch_circle CHECK
		(num_nonnulls(latitude, longitude, radius_m) IN (0, 3))
);
CREATE UNIQUE INDEX branch_name_taken ON branch (lower(name));

CREATE TABLE position (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name		text NOT NULL,
	web_access	boolean NOT NULL DEFAULT false,
	weekly_minutes	integer
		CONSTRAINT position_weekly CHECK (weekly_minutes BETWEEN 60 AND 10080),
	created_at	timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX position_name_taken ON position (lower(name));

CREATE TABLE person (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	last_name	text NOT NULL DEFAULT '',
	first_name	text NOT NULL DEFAULT '',
	middle_name	text NOT NULL DEFAULT '',
	phone		text,
	phone_verified	boolean NOT NULL DEFAULT false,
	email		text,
	language	text NOT NULL DEFAULT 'ru'
		CONSTRAINT person_language CHECK (language IN ('ru', 'uk', 'en')),
	telegram_id	bigint CONSTRAINT telegram_id_taken UNIQUE,
	-- the bot was told that this chat does not want it
	telegram_blocked_at timestamptz,
	username	text,
	password_hash	text,
	state		text NOT NULL DEFAULT 'new'
		CONSTRAINT person_state CHECK
		(state IN ('new', 'unconfirmed', 'active', 'inactive', 'erased')),
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT person_login CHECK (num_nonnulls(username, password_hash) IN (0, 2))
);
CREATE UNIQUE INDEX username_taken ON person (lower(username));
CREATE INDEX person_name ON person (last_name, first_name, id);

CREATE TABLE person_role (
	person		bigint NOT NULL REFERENCES person ON DELETE CASCADE,
	role		text NOT NULL
		CONSTRAINT person_role_known CHECK (role IN ('admin', 'manager')),
	branch		bigint REFERENCES branch,
	CONSTRAINT person_role_branch CHECK ((role = 'manager') = (branch IS NOT NULL)),
	CONSTRAINT person_role_once UNIQUE NULLS NOT DISTINCT (person, role, branch)
);

-- One employment of a person; a second job is a second row.
CREATE TABLE employee (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person		bigint NOT NULL REFERENCES person,
	branch		bigint NOT NULL,
	position	bigint NOT NULL,
	personnel_number text CONSTRAINT personnel_number_taken UNIQUE,
	card_uid	text CONSTRAINT card_uid_taken UNIQUE
		CONSTRAINT employee_card_uid CHECK (card_uid ~ '^[0-9A-F]{8,20}$'),
	hired_on	date NOT NULL,
	left_on		date,
	is_primary	boolean NOT NULL DEFAULT true,
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT branch_in_use FOREIGN KEY (branch) REFERENCES branch,
	CONSTRAINT position_in_use FOREIGN KEY (position) REFERENCES position,
	CONSTRAINT employee_dates CHECK (left_on >= hired_on)
);
CREATE UNIQUE INDEX employee_one_primary ON employee (person) WHERE is_primary;
CREATE INDEX employee_branch_index ON employee (branch);

-- Further branches where an employee may check in; scans elsewhere count,
-- with the flag other_branch.
CREATE TABLE employee_branch (
	employee	bigint NOT NULL REFERENCES employee ON DELETE CASCADE,
	branch		bigint NOT NULL REFERENCES branch,
	PRIMARY KEY (employee, branch)
);

CREATE TABLE registration (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person		bigint NOT NULL REFERENCES person,
	branch		bigint NOT NULL REFERENCES branch,
	state		text NOT NULL DEFAULT 'pending'
		CONSTRAINT registration_state CHECK
		(state IN ('pending', 'confirmed', 'rejected')),
	created_at	timestamptz NOT NULL,
	decided_at	timestamptz,
	decided_by	bigint REFERENCES person,
	reason		text,
	CONSTRAINT registration_decision CHECK
		((state = 'pending') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX registration_pending ON registration (person)
	WHERE state = 'pending';
CREATE INDEX registration_waiting ON registration (id) WHERE state = 'pending';

CREATE TABLE session (
	id		text PRIMARY KEY,
	person		bigint NOT NULL REFERENCES person ON DELETE CASCADE,
	kind		text NOT NULL
		CONSTRAINT session_kind CHECK (kind IN ('telegram', 'password')),
	created_at	timestamptz NOT NULL,
	expires_at	timestamptz NOT NULL,
	revoked_at	timestamptz
);
CREATE INDEX session_person ON session (person);

-- Single-use secrets, of which only a hash is kept.
CREATE TABLE one_time_code (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	purpose		text NOT NULL
		CONSTRAINT one_time_code_purpose CHECK (purpose IN ('pairing')),
	hash		text NOT NULL,
	terminal	bigint,
	expires_at	timestamptz NOT NULL,
	used_at		timestamptz,
	CONSTRAINT one_time_code_once UNIQUE (purpose, hash)
);

-- Failed tries that slow down whoever makes more; grows and decays.
CREATE TABLE throttle (
	key		text PRIMARY KEY,
	failures	integer NOT NULL,
	last_at		timestamptz NOT NULL,
	until		timestamptz NOT NULL
);

CREATE TABLE key (
	id		smallint PRIMARY KEY
		CONSTRAINT key_id CHECK (id BETWEEN 1 AND 255),
	purpose		text NOT NULL
		CONSTRAINT key_purpose CHECK (purpose IN ('seal', 'token', 'pepper')),
	wrapped		bytea NOT NULL,
	active_from	timestamptz NOT NULL,
	retired_at	timestamptz
);
CREATE UNIQUE INDEX key_one_active ON key (purpose) WHERE retired_at IS NULL;

-- The answer to a request that carried an Idempotency-Key.
CREATE TABLE idempotency (
	owner		text NOT NULL,		-- 'person:1', 'terminal:2'
	key		text NOT NULL,
	request		text NOT NULL,		-- hash of method, path, body
	status		integer,		-- NULL while it is being made
	body		text,
	created_at	timestamptz NOT NULL,
	PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

---------------------------------------------------------------------- work

CREATE TABLE terminal (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name		text NOT NULL,
	location	text NOT NULL DEFAULT '',
	branch		bigint NOT NULL,
	kind		text NOT NULL DEFAULT 'tablet'
		CONSTRAINT terminal_kind CHECK (kind IN ('tablet', 'nfc')),
	key_hash	text CONSTRAINT terminal_key UNIQUE,
	active		boolean NOT NULL DEFAULT true,
	paired_at	timestamptz,
	last_seen_at	timestamptz,
	clock_offset_ms	integer,
	-- goes up with every claim, so that the code on the screen changes
	sequence	bigint NOT NULL DEFAULT 0,
	created_at	timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT branch_in_use FOREIGN KEY (branch) REFERENCES branch
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX terminal_name_taken ON terminal (lower(name));
ALTER TABLE one_time_code ADD FOREIGN KEY (terminal) REFERENCES terminal
	ON DELETE CASCADE;

-- What makes a code single-use.
CREATE TABLE used_code (
	nonce		bytea CONSTRAINT code_used PRIMARY KEY,
	used_at		timestamptz NOT NULL
);
CREATE INDEX used_code_age ON used_code (used_at);

CREATE TABLE claim (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person		bigint NOT NULL REFERENCES person,
	terminal	bigint NOT NULL REFERENCES terminal,
	branch		bigint NOT NULL REFERENCES branch,
	at		timestamptz NOT NULL,
	expires_at	timestamptz NOT NULL,
	-- made before the person was confirmed: waits, does not expire
	pending		boolean NOT NULL,
	flags		text[] NOT NULL DEFAULT '{}',
	latitude	double precision,
	longitude	double precision,
	CONSTRAINT claim_whole_second CHECK (at = date_trunc('second', at))
);
CREATE INDEX claim_person ON claim (person, at DESC);
CREATE INDEX claim_terminal ON claim (terminal, at DESC);

CREATE TABLE event (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee,
	-- as given; NULL: to be worked out (W2)
	kind		text CONSTRAINT event_kind CHECK (kind IN ('in', 'out')),
	at		timestamptz NOT NULL,
	branch		bigint NOT NULL REFERENCES branch,
	time_zone	text NOT NULL,			-- as of then (W1)
	limit_seconds	integer NOT NULL,		-- as of then (W6)
	recorded_at	timestamptz NOT NULL,
	source		text NOT NULL CONSTRAINT event_source CHECK
		(source IN ('qr', 'nfc', 'manual', 'correction', 'offline')),
	flags		text[] NOT NULL DEFAULT '{}',
	terminal	bigint REFERENCES terminal,
	claim		bigint CONSTRAINT claim_used UNIQUE REFERENCES claim,
	made_by		bigint REFERENCES person,
	reason		text,
	receipt		text NOT NULL,	-- hash over this and the previous one
	CONSTRAINT event_whole_second CHECK (at = date_trunc('second', at))
);
CREATE INDEX event_employee ON event (employee, at, id);
CREATE INDEX event_at ON event (at, id);

-- Derived: what an event means and did.
CREATE TABLE event_meaning (
	event		bigint PRIMARY KEY REFERENCES event,
	kind		text NOT NULL CHECK (kind IN ('in', 'out')),
	effect		text NOT NULL CONSTRAINT event_meaning_effect CHECK
		(effect IN ('opens', 'closes', 'redundant', 'repeat', 'missing_in'))
);

-- Derived: a paired in and out, or one that waits for its out.
CREATE TABLE interval (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee,
	in_event	bigint NOT NULL CONSTRAINT interval_in UNIQUE REFERENCES event,
	out_event	bigint CONSTRAINT interval_out UNIQUE REFERENCES event,
	in_at		timestamptz NOT NULL,
	out_at		timestamptz,
	-- beyond it the interval is never closed by a scan (W7)
	limit_at	timestamptz NOT NULL,
	branch		bigint NOT NULL REFERENCES branch,
	time_zone	text NOT NULL,
	day		date NOT NULL,			-- W11
	state		text NOT NULL CONSTRAINT interval_state CHECK
		(state IN ('open', 'closed', 'missing_out')),
	CONSTRAINT interval_closed CHECK
		((state = 'closed') = (out_at IS NOT NULL)
		 AND (state = 'closed') = (out_event IS NOT NULL)),
	CONSTRAINT interval_order CHECK (out_at >= in_at),
	-- no two overlap; an in in the second of an out is allowed
	CONSTRAINT interval_overlap EXCLUDE USING gist
		(employee WITH =, tstzrange(in_at, out_at, '[)') WITH &&)
		WHERE (state = 'closed') DEFERRABLE INITIALLY IMMEDIATE
);
CREATE UNIQUE INDEX interval_one_open ON interval (employee)
	WHERE state = 'open';
CREATE INDEX interval_day ON interval (day, employee);
CREATE INDEX interval_employee ON interval (employee, in_at);

------------------------------------------------------- messages, operation

-- The outbox: written in the transaction that causes it.
CREATE TABLE notification (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	person		bigint REFERENCES person,
	chat		bigint,			-- if not to a person
	key		text NOT NULL,		-- of the catalogues
	params		jsonb NOT NULL DEFAULT '{}',
	language	text NOT NULL DEFAULT 'ru',
	due_at		timestamptz NOT NULL,
	dedupe		text NOT NULL CONSTRAINT notification_once UNIQUE,
	attempts	integer NOT NULL DEFAULT 0,
	state		text NOT NULL DEFAULT 'waiting'
		CONSTRAINT notification_state CHECK
		(state IN ('waiting', 'sent', 'blocked', 'failed')),
	last_error	text,
	message		bigint,			-- Telegram's id of it
	created_at	timestamptz NOT NULL,
	sent_at		timestamptz,
	CONSTRAINT notification_to CHECK (num_nonnulls(person, chat) = 1)
);
CREATE INDEX notification_due ON notification (due_at, id)
	WHERE state = 'waiting';

-- What admins change at run time (lib/work/setting.def).
CREATE TABLE setting (
	name		text PRIMARY KEY,
	value		text NOT NULL,
	changed_at	timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE job_run (
	job		text NOT NULL,
	started_at	timestamptz NOT NULL,
	finished_at	timestamptz,
	result		text,
	PRIMARY KEY (job, started_at)
);

-- Append-only by privilege.
CREATE TABLE audit (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at		timestamptz NOT NULL DEFAULT clock_timestamp(),
	actor		text NOT NULL,	-- 'person:1', 'terminal:2', 'job:x', 'tabelctl'
	action		text NOT NULL,	-- insert, update, delete, or a verb
	entity		text NOT NULL,	-- a table, or what the verb is about
	entity_id	text NOT NULL,
	old		jsonb,		-- only the columns that changed
	new		jsonb,
	request_id	text
);
CREATE INDEX audit_entity ON audit (entity, entity_id, id);
CREATE INDEX audit_actor ON audit (actor, id);

CREATE FUNCTION audit_row() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	-- never copied into the log
	secret CONSTANT text[] := '{password_hash,key_hash,wrapped}';
	-- not somebody's change
	noise CONSTANT text[] := '{last_seen_at,clock_offset_ms,sequence,changed_at,telegram_blocked_at}';
	before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - noise END;
	after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - noise END;
	one jsonb := coalesce(after, before);
	name text;
BEGIN
	IF before = after THEN
		RETURN NULL;
	END IF;
	FOREACH name IN ARRAY secret LOOP
		IF before ? name AND before -> name <> 'null' THEN
			before := jsonb_set(before, ARRAY[name], to_jsonb('*' ||
			    left(md5(before ->> name), 6)));
		END IF;
		IF after ? name AND after -> name <> 'null' THEN
			after := jsonb_set(after, ARRAY[name], to_jsonb('*' ||
			    left(md5(after ->> name), 6)));
		END IF;
	END LOOP;
	IF TG_OP = 'UPDATE' THEN
		SELECT jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, a.value)
		  INTO before, after
		  FROM jsonb_each(before) b JOIN jsonb_each(after) a USING (key)
		 WHERE b.value IS DISTINCT FROM a.value;
	END IF;
	INSERT INTO audit (actor, action, entity, entity_id, old, new, request_id)
	VALUES (coalesce(nullif(current_setting('tabel.actor', true), ''), session_user),
		lower(TG_OP), TG_TABLE_NAME,
		coalesce(one ->> 'id', one ->> 'name', one ->> 'person', one ->> 'employee', '?'),
		before, after,
		nullif(current_setting('tabel.request_id', true), ''));
	RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON branch
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON position
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON person
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON person_role
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON employee
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON employee_branch
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON registration
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON terminal
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON key
	FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON setting
	FOR EACH ROW EXECUTE FUNCTION audit_row();

--------------------------------------------------------------- privileges

-- Roles are made by sql/migrate.sh, because they belong to the cluster.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tabel_app, tabel_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO tabel_reader;
REVOKE SELECT (wrapped) ON key FROM tabel_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON
	branch, position, person, person_role, employee, employee_branch,
	registration, session, one_time_code, throttle, key, idempotency,
	terminal, used_code, event_meaning, interval, notification, setting, job_run
	TO tabel_app;
-- Facts are appended.
GRANT SELECT, INSERT ON claim, event TO tabel_app;
GRANT SELECT ON audit TO tabel_app;
GRANT INSERT (actor, action, entity, entity_id, old, new, request_id) ON audit TO tabel_app;
GRANT SELECT ON schema_version TO tabel_app, tabel_reader;
