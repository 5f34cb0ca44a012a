-- The statements of cgi-bin/auth.c.

-- auth_login(username text) one
SELECT id, password_hash
  FROM person
 WHERE lower(username) = lower(:username) AND state = 'active';

-- session_new(id text, person int8, kind text, now timestamptz, expires_at timestamptz, password_hash text?) one
-- The lock waits for a change of the password that is under way, so that
-- nobody gets in with the old one after the sessions of old have ended.
INSERT INTO session (id, person, kind, created_at, expires_at)
SELECT :id, p.id, :kind, :now, :expires_at
  FROM person p
 WHERE p.id = :person
   AND (:password_hash IS NULL OR p.password_hash = :password_hash)
   FOR SHARE
RETURNING person;

-- session_about(person int8) one
-- What an answer that hands out a token says about its person.
SELECT CASE p.state WHEN 'new' THEN 'unknown' WHEN 'erased' THEN 'inactive'
		ELSE p.state END AS state,
       json_build_object('id', p.id, 'last_name', p.last_name,
		'first_name', p.first_name, 'middle_name', p.middle_name,
		'language', p.language) AS person,
       CASE WHEN p.state <> 'active' THEN '[]'::json ELSE to_json(
		array['employee']
		|| CASE WHEN r.admin OR r.manager THEN array['manager'] END
		|| CASE WHEN r.admin THEN array['admin'] END) END AS roles
  FROM person p,
       LATERAL (SELECT coalesce(bool_or(role = 'admin'), false) AS admin,
		coalesce(bool_or(role = 'manager'), false) AS manager
	  FROM person_role WHERE person = p.id) r
 WHERE p.id = :person;

-- session_end(person int8, everywhere bool, session text, now timestamptz) none
-- That session, or all others too.
UPDATE session SET revoked_at = :now
 WHERE person = :person AND (:everywhere OR id = :session)
   AND revoked_at IS NULL;

-- session_end_others(person int8, session text, now timestamptz) none
UPDATE session SET revoked_at = :now
 WHERE person = :person AND id <> :session AND revoked_at IS NULL;

-- password_of(person int8) one
SELECT username, password_hash FROM person WHERE id = :person;

-- auth_password(person int8, old_hash text, new_hash text, session text, now timestamptz, expires_at timestamptz) one
-- A new password ends all sessions and begins one; no row: it was changed
-- by somebody else just now.
WITH changed AS (
	UPDATE person SET password_hash = :new_hash
	 WHERE id = :person AND password_hash = :old_hash
	RETURNING id
), ended AS (
	UPDATE session s SET revoked_at = :now
	  FROM changed c
	 WHERE s.person = c.id AND s.revoked_at IS NULL
)
INSERT INTO session (id, person, kind, created_at, expires_at)
SELECT :session, id, 'password', :now, :expires_at FROM changed
RETURNING person;

-- login_code_void(telegram_id int8) none
DELETE FROM one_time_code c USING person p
 WHERE p.telegram_id = :telegram_id AND c.person = p.id AND c.purpose = 'login';

-- login_code_new(telegram_id int8, hash text, code text, tries int4, now timestamptz, expires_at timestamptz) none
-- The bot tells it, if there is somebody.
WITH c AS (
	INSERT INTO one_time_code (purpose, hash, person, tries_left, expires_at)
	SELECT 'login', :hash, id, :tries, :expires_at
	  FROM person
	 WHERE telegram_id = :telegram_id AND state = 'active'
	RETURNING id, person, expires_at
)
INSERT INTO notification (person, key, params, language, due_at, dedupe,
	created_at, expires_at, priority, secret)
SELECT p.id, 'message.login_code', jsonb_build_object('code', :code),
       p.language, :now, 'login:' || c.id, :now, c.expires_at, 0, true
  FROM c JOIN person p ON p.id = c.person;

-- login_code_try(telegram_id int8, hash text, now timestamptz) one
-- Each try costs one; the right one uses the code up.
WITH tried AS (
	UPDATE one_time_code c
	   SET tries_left = tries_left - 1,
	       used_at = CASE WHEN c.hash = :hash THEN :now END
	  FROM person p
	 WHERE p.telegram_id = :telegram_id AND p.state = 'active'
	   AND c.person = p.id AND c.purpose = 'login' AND c.used_at IS NULL
	   AND c.tries_left > 0 AND c.expires_at > :now
	RETURNING c.person, c.used_at
)
SELECT person FROM tried WHERE used_at IS NOT NULL;

-- activation_find(hash text, now timestamptz) one
SELECT c.person
  FROM one_time_code c JOIN person p ON p.id = c.person
 WHERE c.purpose = 'activation' AND c.hash = :hash AND c.used_at IS NULL
   AND c.expires_at > :now AND p.state = 'active';

-- activate(hash text, username text, password_hash text, now timestamptz) one
-- All of it or nothing; whoever was signed in with a password is not any more.
WITH used AS (
	UPDATE one_time_code SET used_at = :now
	 WHERE purpose = 'activation' AND hash = :hash AND used_at IS NULL
	   AND expires_at > :now
	RETURNING person
), changed AS (
	UPDATE person p SET username = :username, password_hash = :password_hash
	  FROM used
	 WHERE p.id = used.person AND p.state = 'active'
	RETURNING p.id
), ended AS (
	UPDATE session s SET revoked_at = :now
	  FROM changed c
	 WHERE s.person = c.id AND s.kind <> 'telegram' AND s.revoked_at IS NULL
)
SELECT id FROM changed;
