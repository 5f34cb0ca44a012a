-- Codes for the first sign-in: made by the API and by the bot.

-- activation_who(employee int8) one
-- Who would get one, and whether his position lets him.
SELECT p.id AS person, o.web_access, p.state = 'active' AS active,
       p.username IS NOT NULL AS has_user,
       p.telegram_id IS NOT NULL AS telegram,
       concat_ws(' ', p.last_name, p.first_name) AS name
  FROM employee e
  JOIN person p ON p.id = e.person
  JOIN position o ON o.id = e.position
 WHERE e.id = :employee AND e.left_on IS NULL
   FOR UPDATE OF p;

-- activation_void(person int8) none
-- One that was given out before is of no use any more.
DELETE FROM one_time_code WHERE person = :person AND purpose = 'activation';

-- activation_new(person int8, hash text, code text?, url text, hours int8, now timestamptz) one
-- With the code itself, the bot tells it to him.
WITH c AS (
	INSERT INTO one_time_code (purpose, hash, person, expires_at)
	VALUES ('activation', :hash, :person, :now + make_interval(hours => :hours::int4))
	RETURNING id, person, expires_at
), told AS (
	INSERT INTO notification (person, key, params, language, due_at, dedupe,
		created_at, expires_at, priority, secret)
	SELECT p.id, 'message.activation', jsonb_build_object('code', :code,
		'url', :url, 'hours', :hours), p.language, :now,
	       'activation:' || c.id, :now, c.expires_at, 1, true
	  FROM c JOIN person p ON p.id = c.person
	 WHERE :code IS NOT NULL AND p.telegram_id IS NOT NULL
	RETURNING id
)
SELECT c.expires_at, EXISTS (SELECT FROM told) AS sent FROM c;
