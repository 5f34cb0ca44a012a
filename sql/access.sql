-- Who asks: the first statement of every request.  It also names the request
-- to PostgreSQL (application_name) and to the audit log.

-- session_who(session text, request_id text, now timestamptz) one
SELECT s.person, p.state, p.language, s.expires_at,
       s.revoked_at IS NOT NULL AS revoked, s.expires_at <= :now AS expired,
       coalesce(bool_or(r.role = 'admin'), false) AS admin,
       array_agg(r.branch) FILTER (WHERE r.role = 'manager') AS branches,
       set_config('application_name', :request_id, false),
       set_config('tabel.request_id', :request_id, false),
       set_config('tabel.actor', 'person:' || s.person, false)
  FROM session s
  JOIN person p ON p.id = s.person
  LEFT JOIN person_role r ON r.person = s.person
 WHERE s.id = :session
 GROUP BY s.id, p.id;

-- terminal_who(key_hash text, request_id text) one
SELECT t.id, t.active,
       set_config('application_name', :request_id, false),
       set_config('tabel.request_id', :request_id, false),
       set_config('tabel.actor', 'terminal:' || t.id, false)
  FROM terminal t
 WHERE t.key_hash = :key_hash;

-- service_who(key_hash text, scope text?, request_id text, now timestamptz) one
-- When it was last used is known to the minute.
WITH seen AS (
	UPDATE service_token SET last_seen_at = :now
	 WHERE key_hash = :key_hash AND revoked_at IS NULL
	   AND coalesce(last_seen_at, '-infinity') < :now - interval '1 minute'
)
SELECT s.id, coalesce(:scope = ANY (s.scopes), false) AS in_scope,
       set_config('application_name', :request_id, false),
       set_config('tabel.request_id', :request_id, false),
       set_config('tabel.actor', 'service:' || s.id, false)
  FROM service_token s
 WHERE s.key_hash = :key_hash AND s.revoked_at IS NULL;

-- nobody_who(request_id text) one
SELECT set_config('application_name', :request_id, false),
       set_config('tabel.request_id', :request_id, false),
       set_config('tabel.actor', 'nobody', false);

-- actor_set(actor text) one
SELECT set_config('tabel.actor', :actor, false);

-- idempotency_begin(owner text, key text, request text, now timestamptz) one
-- Waits while another request of the same key is being answered.
WITH made AS (
	INSERT INTO idempotency (owner, key, request, created_at)
	VALUES (:owner, :key, :request, :now)
	ON CONFLICT (owner, key) DO NOTHING
	RETURNING true
)
SELECT EXISTS (SELECT FROM made) AS made;

-- idempotency_get(owner text, key text) one
SELECT request, status, body FROM idempotency
 WHERE owner = :owner AND key = :key;

-- idempotency_end(owner text, key text, status int4, body text) none
UPDATE idempotency SET status = :status, body = :body
 WHERE owner = :owner AND key = :key;

-- throttle_try(key text, now timestamptz, free int4, longest int4) one
-- One try, which counts as failed until throttle_clear(): tries made at once
-- cannot all slip through.  The free ones cost nothing, then each costs 1, 2,
-- 4 ... seconds up to the longest; each hour in peace halves what has added up.
-- While there is something to wait for nothing is counted.
WITH tried AS (
	INSERT INTO throttle AS t (key, failures, last_at, until)
	VALUES (:key, 1, :now, :now)
	ON CONFLICT (key) DO UPDATE SET (failures, last_at, until) = (
		SELECT n, :now, :now + make_interval(secs => CASE
				WHEN n < :free THEN 0
				ELSE LEAST(:longest, 2 ^ LEAST(n - :free, 20)) END)
		  FROM (SELECT 1 + LEAST(999, floor(t.failures * 0.5 ^ GREATEST(0,
			floor(extract(epoch FROM :now - t.last_at) / 3600))))::int4)
			AS x (n))
	 WHERE t.until <= :now
	RETURNING failures
)
SELECT failures, 0::int8 AS wait FROM tried
UNION ALL
SELECT 0, GREATEST(1, (SELECT ceil(extract(epoch FROM until - :now))::int8
	FROM throttle WHERE key = :key))
 WHERE NOT EXISTS (SELECT FROM tried);

-- throttle_clear(key text) none
DELETE FROM throttle WHERE key = :key;

-- throttle_known(key text) one
SELECT EXISTS (SELECT FROM throttle WHERE key = :key) AS known;

-- throttle_know(key text, now timestamptz) none
INSERT INTO throttle (key, failures, last_at, until) VALUES (:key, 0, :now, :now)
ON CONFLICT (key) DO UPDATE SET failures = 0, last_at = :now, until = :now;
