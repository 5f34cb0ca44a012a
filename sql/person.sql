-- Who a Telegram account is: lib/work/person.c is their only caller.

-- person_telegram(telegram_id int8, first_name text?, last_name text?, language text, phone text?) one
-- The person of a Telegram account, made at first contact.  What Telegram
-- says about him counts until he registers; a phone that Telegram vouches
-- for, until he is confirmed.  No row: made by somebody else just now.
WITH known AS (
	UPDATE person SET
		first_name = CASE state WHEN 'new'
			THEN coalesce(:first_name, '') ELSE first_name END,
		last_name = CASE state WHEN 'new'
			THEN coalesce(:last_name, '') ELSE last_name END,
		language = CASE state WHEN 'new'
			THEN :language ELSE language END,
		phone = CASE WHEN state IN ('new', 'unconfirmed')
			THEN coalesce(:phone, phone) ELSE phone END,
		phone_verified = phone_verified OR :phone IS NOT NULL
			AND state IN ('new', 'unconfirmed')
	 WHERE telegram_id = :telegram_id
	RETURNING id
), made AS (
	INSERT INTO person (telegram_id, first_name, last_name, language, phone,
		phone_verified)
	SELECT :telegram_id, coalesce(:first_name, ''), coalesce(:last_name, ''),
	       :language, :phone, :phone IS NOT NULL
	 WHERE NOT EXISTS (SELECT FROM known)
	ON CONFLICT (telegram_id) DO NOTHING
	RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM made;

-- first_admin(person int8) one
-- Somebody must be the first; nothing happens once there is one.
WITH made AS (
	INSERT INTO person_role (person, role)
	SELECT :person, 'admin'
	 WHERE NOT EXISTS (SELECT FROM person_role r
		JOIN person p ON p.id = r.person
		WHERE r.role = 'admin' AND p.state = 'active')
	ON CONFLICT DO NOTHING
	RETURNING person
)
UPDATE person p SET state = 'active'
  FROM made
 WHERE p.id = made.person
RETURNING p.id;
