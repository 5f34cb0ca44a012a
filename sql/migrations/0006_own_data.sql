-- Employees from a file, one's own data: shifts as a calendar, and erasure.

-------------------------------------------------------------------- import

-- The lines of a file while it is imported; nothing of it is ever committed.
-- What a file does not say is filled in from the database.
CREATE UNLOGGED TABLE import_line (
	import		text NOT NULL,		-- the request
	line		integer NOT NULL,
	id		bigint,
	personnel_number text,
	last_name	text,
	first_name	text,
	middle_name	text,
	phone		text,
	language	text,
	branch_name	text,
	position_name	text,
	card_uid	text,
	hired_on	date,
	left_on		date,
	errors		jsonb NOT NULL,
	-- what it is about, and what becomes of it
	employee	bigint,
	person		bigint,
	branch		bigint,
	position	bigint,
	changes		text[],
	action		text CONSTRAINT import_line_action CHECK
		(action IN ('create', 'update', 'same', 'refused')),
	PRIMARY KEY (import, line)
);
-- What is wrong with a line, as a sentence.
CREATE FUNCTION import_detail(code text, about text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE code
		WHEN 'before_hired' THEN 'Not before the day of hiring.'
		WHEN 'erased' THEN 'This employee has left, and his data is erased.'
		WHEN 'future' THEN 'Not after today.'
		WHEN 'is_admin' THEN 'An administrator does not leave by a file.'
		WHEN 'required' THEN 'This is required.'
		WHEN 'taken' THEN 'It belongs to ' || about || '.'
		WHEN 'twice' THEN 'Line ' || about || ' has the same.'
		WHEN 'unknown' THEN 'There is no ' || about || '.' END;
GRANT SELECT, INSERT, UPDATE, DELETE ON import_line TO tabel_app;
-- Their numbers are drawn before the rows are made.
GRANT USAGE ON SEQUENCE person_id_seq, employee_id_seq TO tabel_app;

------------------------------------------------------------------ own data

-- The zone of somebody whose rows have none of their own.
CREATE FUNCTION own_zone(person bigint) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN coalesce((SELECT b.time_zone FROM employee e JOIN branch b ON b.id = e.branch
		WHERE e.person = own_zone.person ORDER BY e.is_primary DESC, e.id DESC LIMIT 1), 'UTC');

-- An instant as a clock on the wall shows it.
CREATE FUNCTION local_text(at timestamptz, time_zone text) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN to_char(at AT TIME ZONE time_zone, 'YYYY-MM-DD HH24:MI:SS');

------------------------------------------------------------------ calendar

-- The secret address at which somebody's shifts can be subscribed to; only a
-- hash of it is kept.
CREATE TABLE calendar_link (
	person		bigint PRIMARY KEY REFERENCES person ON DELETE CASCADE,
	hash		text NOT NULL CONSTRAINT calendar_link_hash UNIQUE,
	made_at		timestamptz NOT NULL,
	last_read_at	timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_link TO tabel_app;
GRANT SELECT (person, made_at, last_read_at) ON calendar_link TO tabel_reader;

------------------------------------------------------------------- erasure

-- An object of the audit log without what is personal: that it was changed
-- stays, from what to what does not.
CREATE FUNCTION audit_redacted(changed jsonb, personal text[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT jsonb_object_agg(key, CASE WHEN key = ANY (personal)
		AND value <> 'null' THEN to_jsonb('*'::text) ELSE value END)
		FROM jsonb_each(changed));

-- Overwrites all that is personal about somebody who has left.  Hours stay, by
-- his personnel number or, without one, by the number of the employment.
-- Only the owner may change facts and the audit log, and only this does.
CREATE FUNCTION erase_person(who bigint) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	p person%ROWTYPE;
	jobs CONSTANT bigint[] := ARRAY(SELECT id FROM employee WHERE person = who);
	cards CONSTANT text[] := ARRAY(SELECT card_uid FROM employee
		WHERE person = who AND card_uid IS NOT NULL);
	label CONSTANT text := coalesce((SELECT coalesce(personnel_number, id::text)
		FROM employee WHERE person = who ORDER BY is_primary DESC, id LIMIT 1), who::text);
	full_name text;
BEGIN
	SELECT * INTO STRICT p FROM person WHERE id = who FOR UPDATE;
	-- as it stands within a text of JSON
	full_name := trim(BOTH '"' FROM to_jsonb(concat_ws(' ', p.last_name, p.first_name))::text);

	UPDATE person SET last_name = '№', first_name = label, middle_name = '',
		phone = NULL, phone_verified = false, email = NULL,
		telegram_id = NULL, telegram_blocked_at = NULL,
		username = NULL, password_hash = NULL, state = 'erased'
	 WHERE id = who;
	UPDATE employee SET card_uid = NULL WHERE person = who AND card_uid IS NOT NULL;
	UPDATE registration SET reason = NULL WHERE person = who AND reason IS NOT NULL;
	UPDATE absence SET note = '' WHERE employee = ANY (jobs) AND note <> '';
	UPDATE schedule_exception SET reason = ''
	 WHERE employee = ANY (jobs) AND reason <> '';
	UPDATE event SET reason = '*' WHERE employee = ANY (jobs) AND reason IS NOT NULL;
	UPDATE correction SET reason = '*',
		decision = CASE WHEN decision IS NOT NULL THEN '*' END
	 WHERE employee = ANY (jobs);
	UPDATE tap SET state = 'dismissed' WHERE state = 'unknown' AND uid = ANY (cards);
	UPDATE tap SET uid = '*' WHERE employee = ANY (jobs) OR uid = ANY (cards);
	UPDATE claim SET latitude = NULL, longitude = NULL
	 WHERE person = who AND latitude IS NOT NULL;

	IF to_regclass('public.timesheet') IS NOT NULL THEN
		UPDATE timesheet t SET sheet = jsonb_set(t.sheet, '{rows}', (
			SELECT jsonb_agg(CASE WHEN (r ->> 'employee')::bigint = ANY (jobs)
				THEN r || jsonb_build_object('name', '№ ' || label,
					'short_name', '№ ' || label) ELSE r END ORDER BY n)
			  FROM jsonb_array_elements(t.sheet -> 'rows') WITH ORDINALITY x (r, n)))
		 WHERE EXISTS (SELECT FROM jsonb_array_elements(t.sheet -> 'rows') r
			WHERE (r ->> 'employee')::bigint = ANY (jobs));
	END IF;

	DELETE FROM person_role WHERE person = who;
	DELETE FROM session WHERE person = who;
	DELETE FROM calendar_link WHERE person = who;
	DELETE FROM idempotency WHERE owner = 'person:' || who;
	DELETE FROM throttle WHERE key IN ('password:' || who, 'login:' || lower(p.username));
	-- tables that later migrations make
	DELETE FROM one_time_code WHERE person = who;
	DELETE FROM dialogue WHERE chat = p.telegram_id;
	DELETE FROM bot_update WHERE chat = p.telegram_id;
	DELETE FROM notification n
	 WHERE n.person = who OR n.chat = p.telegram_id
	    OR (length(full_name) > 2 AND n.state <> 'waiting'
		AND strpos(to_jsonb(n)::text, full_name) > 0);

	UPDATE audit SET
		old = audit_redacted(old, '{last_name,first_name,middle_name,phone,email,telegram_id,username,password_hash}'),
		new = audit_redacted(new, '{last_name,first_name,middle_name,phone,email,telegram_id,username,password_hash}')
	 WHERE entity = 'person' AND entity_id = who::text;
	UPDATE audit SET old = audit_redacted(old, '{card_uid}'),
		new = audit_redacted(new, '{card_uid}')
	 WHERE entity = 'employee' AND entity_id = ANY (jobs::text[]);
	UPDATE audit SET old = audit_redacted(old, '{uid}'),
		new = audit_redacted(new, '{uid}')
	 WHERE entity = 'tap' AND entity_id IN (
		SELECT id::text FROM tap WHERE employee = ANY (jobs) OR uid = '*');
	-- words about him; of what was removed, too
	UPDATE audit SET old = audit_redacted(old, '{note,reason,decision}'),
		new = audit_redacted(new, '{note,reason,decision}')
	 WHERE (entity, entity_id) IN (
		SELECT entity, entity_id FROM audit
		 WHERE entity IN ('absence', 'correction', 'event', 'schedule_exception')
		   AND coalesce(new, old) ->> 'employee' = ANY (jobs::text[])
		UNION
		SELECT 'registration', id::text FROM registration WHERE person = who
		UNION
		SELECT 'event', id::text FROM event
		 WHERE employee = ANY (jobs) AND reason IS NOT NULL);
	INSERT INTO audit (actor, action, entity, entity_id, request_id)
	VALUES (coalesce(nullif(current_setting('tabel.actor', true), ''), session_user),
		'erase', 'person', who, nullif(current_setting('tabel.request_id', true), ''));
END $$;
REVOKE EXECUTE ON FUNCTION erase_person FROM PUBLIC;

-- Erases one person whose time has come; false if there is none.  It has come
-- when so many months have passed since the last day of somebody who is not
-- active, or since a stranger was last here, who never was confirmed.
CREATE FUNCTION erase_next(now timestamptz, months integer) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	limit_at CONSTANT timestamptz := erase_next.now - make_interval(months => months);
	who bigint;
BEGIN
	IF months < 1 THEN
		RETURN false;
	END IF;
	SELECT p.id INTO who
	  FROM person p
	 WHERE p.created_at < limit_at
	   AND (p.state = 'inactive' OR (p.state = 'new'
		AND NOT EXISTS (SELECT FROM employee e WHERE e.person = p.id)))
	   AND NOT EXISTS (SELECT FROM employee e
		WHERE e.person = p.id AND coalesce(e.left_on >= limit_at::date, true))
	   AND NOT EXISTS (SELECT FROM session s
		WHERE s.person = p.id AND s.created_at >= limit_at)
	   AND NOT EXISTS (SELECT FROM registration r
		WHERE r.person = p.id AND coalesce(r.decided_at >= limit_at, true))
	 ORDER BY p.id
	 LIMIT 1
	   FOR UPDATE OF p SKIP LOCKED;
	IF who IS NULL THEN
		RETURN false;
	END IF;
	PERFORM erase_person(who);
	RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION erase_next FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_next TO tabel_app;

-- A closed period guards what a fact says, not the words about it.
DO $$ BEGIN
	IF EXISTS (SELECT FROM pg_trigger
		WHERE tgname = 'guard' AND tgrelid = 'event'::regclass)
	THEN
		DROP TRIGGER guard ON event;
		CREATE TRIGGER guard BEFORE INSERT OR UPDATE OF employee, kind, at,
			branch, time_zone, limit_seconds, voided_by, longest_seconds ON event
			FOR EACH ROW EXECUTE FUNCTION guard_event();
	END IF;
END $$;
