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
