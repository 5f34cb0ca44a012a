-- Statements of tabelctl.

-- admin_make(username text, hash text, now timestamptz) one
-- An administrator who can sign in on the web; his other sessions end.
WITH made AS (
	INSERT INTO person (first_name, username, password_hash, state)
	VALUES (:username, :username, :hash, 'active')
	ON CONFLICT (lower(username)) DO UPDATE
		SET password_hash = excluded.password_hash, state = 'active'
	RETURNING id
), role AS (
	INSERT INTO person_role (person, role) SELECT id, 'admin' FROM made
	ON CONFLICT DO NOTHING
), ended AS (
	UPDATE session SET revoked_at = :now
	 WHERE person = (SELECT id FROM made) AND revoked_at IS NULL
)
SELECT id FROM made;

-- rebuild_list() many
SELECT id FROM employee ORDER BY id;

-- keys_list() many
SELECT id, purpose, active_from, retired_at FROM key ORDER BY purpose, id;

-- installation() one
-- What tabelctl check and tabelctl links tell.
SELECT (SELECT count(*) FROM person_role r JOIN person p ON p.id = r.person
	 WHERE r.role = 'admin' AND p.state = 'active') AS admins,
       (SELECT coalesce(string_agg(p.username, ', ' ORDER BY p.username), '')
	  FROM person_role r JOIN person p ON p.id = r.person
	 WHERE r.role = 'admin' AND p.state = 'active'
	   AND p.username IS NOT NULL) AS admin_names,
       (SELECT max(finished_at) FROM job_run WHERE job = 'heartbeat') AS worker_at;

-- schema_version() one
SELECT coalesce(max(version), 0) AS version FROM schema_version;

-- tablets() many
SELECT t.id, t.name, b.name AS branch_name, t.paired_at IS NOT NULL AS paired
  FROM terminal t
  JOIN branch b ON b.id = t.branch
 WHERE t.active AND t.kind = 'tablet' AND b.active
 ORDER BY t.id;
