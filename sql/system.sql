-- Operation: health, metrics, settings, audit, keys, notifications.

-- schema_version() one
SELECT coalesce(max(version), 0) AS version FROM schema_version;

-- health(now timestamptz) one
-- What a watchman wants to know.  A notice that failed waits for its next
-- try, so its age counts from when it was made.
SELECT (SELECT count(*) FROM job_run
	 WHERE job = 'heartbeat' AND finished_at >= :now - interval '2 minutes') AS workers,
       (SELECT count(*) FROM notification
	 WHERE state = 'waiting' AND (due_at <= :now - interval '5 minutes'
		OR (attempts > 0 AND created_at <= :now - interval '5 minutes'))) AS backlog,
       (SELECT count(*) FROM terminal WHERE active AND paired_at IS NOT NULL) AS terminals,
       (SELECT count(*) FROM terminal WHERE active AND paired_at IS NOT NULL
		AND coalesce(last_seen_at, paired_at) < :now - interval '5 minutes') AS silent;

-- gauges(now timestamptz) many
SELECT 'tabel_people' AS name, 'state' AS label, s.state AS value, count(p.id) AS n
  FROM unnest('{new,unconfirmed,active,inactive,erased}'::text[]) s (state)
  LEFT JOIN person p ON p.state = s.state
 GROUP BY s.state
UNION ALL
SELECT 'tabel_intervals_open', NULL, NULL, count(*) FROM interval
 WHERE state = 'open' AND limit_at >= :now
UNION ALL
SELECT 'tabel_notifications', 'state', s.state, count(n.id)
  FROM unnest('{waiting,sent,blocked,failed}'::text[]) s (state)
  LEFT JOIN notification n ON n.state = s.state
 GROUP BY s.state
UNION ALL
SELECT 'tabel_notifications_repeats', NULL, NULL, coalesce(sum(repeats), 0)
  FROM notification
UNION ALL
SELECT 'tabel_registrations_pending', NULL, NULL, count(*) FROM registration
 WHERE state = 'pending'
UNION ALL
SELECT 'tabel_terminals_seen', NULL, NULL, count(*) FROM terminal
 WHERE active AND last_seen_at >= :now - interval '1 minute'
UNION ALL
SELECT 'tabel_worker_seen_timestamp_seconds', NULL, NULL,
       extract(epoch FROM finished_at)::int8
  FROM job_run WHERE job = 'heartbeat'
 ORDER BY 1, 3;

-- audit_list(entity text?, entity_id text?, actor text?, after int8?, limit int4) many
-- null: actor_name, subject
SELECT a.id, date_trunc('second', a.at) AS at, a.actor,
       CASE split_part(a.actor, ':', 1)
	WHEN 'person' THEN (
		SELECT coalesce(nullif(concat_ws(' ', nullif(p.last_name, ''),
			nullif(p.first_name, '')), ''), p.username)
		  FROM person p WHERE p.id = split_part(a.actor, ':', 2)::int8)
	WHEN 'terminal' THEN (
		SELECT t.name FROM terminal t WHERE t.id = split_part(a.actor, ':', 2)::int8)
	WHEN 'service' THEN (
		SELECT s.name FROM service_token s WHERE s.id = split_part(a.actor, ':', 2)::int8)
	END AS actor_name,
       a.action, a.entity, a.entity_id,
       CASE
	WHEN a.entity = 'terminal' THEN (
		SELECT t.name FROM terminal t WHERE t.id::text = a.entity_id)
	WHEN a.entity IN ('person', 'person_role') THEN (
		SELECT nullif(concat_ws(' ', p.last_name, p.first_name), '')
		  FROM person p WHERE p.id::text = a.entity_id)
	ELSE (
		SELECT nullif(concat_ws(' ', p.last_name, p.first_name), '')
		  FROM employee e JOIN person p ON p.id = e.person
		 WHERE e.id::text = CASE
			WHEN a.entity IN ('employee', 'employee_branch') THEN a.entity_id
			ELSE coalesce(a.new, a.old) ->> 'employee' END)
	END AS subject,
       a.old, a.new, a.request_id
  FROM audit a
 WHERE (:entity IS NULL OR a.entity = :entity)
   AND (:entity_id IS NULL OR a.entity_id = :entity_id)
   AND (:actor IS NULL OR a.actor = :actor)
   AND (:after IS NULL OR a.id < :after)
 ORDER BY a.id DESC
 LIMIT :limit + 1;

-- key_page(after int8?, limit int4) many
SELECT id, purpose, active_from, retired_at FROM key
 WHERE :after IS NULL OR id > :after
 ORDER BY id
 LIMIT :limit + 1;

-- key_active(purpose text) one
SELECT id, purpose, active_from, retired_at FROM key
 WHERE purpose = :purpose AND retired_at IS NULL;

-- key_backup() none
-- That somebody took the keys along, and which.
INSERT INTO audit (actor, action, entity, entity_id, new, request_id)
SELECT current_setting('tabel.actor'), 'backup', 'key', 'all',
       jsonb_build_object('keys', jsonb_agg(id ORDER BY id)),
       nullif(current_setting('tabel.request_id'), '')
  FROM key;

-- notification_list(state text?, after int8?, limit int4, now timestamptz) many
-- What answers a pressed button is no message.
-- null: to_name
SELECT n.id, nullif(concat_ws(' ', p.last_name, p.first_name), '') AS to_name,
       n.chat, n.key, n.state, n.attempts, n.repeats, n.due_at,
       n.last_error, n.created_at, n.sent_at,
       n.state IN ('failed', 'blocked') AND NOT n.secret
	AND coalesce(n.expires_at > :now, true) AS retry
  FROM notification n
  LEFT JOIN person p ON p.id = n.person
 WHERE n.kind <> 'answer'
   AND (:state IS NULL OR n.state = :state)
   AND (:after IS NULL OR n.id < :after)
 ORDER BY n.id DESC
 LIMIT :limit + 1;

-- notification_retry(id int8, now timestamptz) one
-- With all its tries; a secret was forgotten when it was given up.
UPDATE notification
   SET state = 'waiting', attempts = 0, due_at = :now
 WHERE id = :id AND state IN ('failed', 'blocked') AND kind <> 'answer'
   AND NOT secret AND coalesce(expires_at > :now, true)
RETURNING id, state, due_at;

-- notification_there(id int8) one
SELECT id FROM notification WHERE id = :id AND kind <> 'answer';

-- service_list(after int8?, limit int4) many
SELECT s.id, s.name, to_jsonb(s.scopes) AS scopes, s.created_at,
       nullif(concat_ws(' ', p.last_name, p.first_name), '') AS created_by_name,
       s.last_seen_at, s.revoked_at
  FROM service_token s
  LEFT JOIN person p ON p.id = s.created_by
 WHERE :after IS NULL OR s.id > :after
 ORDER BY s.id
 LIMIT :limit + 1;

-- service_new(name text, key_hash text, scopes text, created_by int8, now timestamptz) one
INSERT INTO service_token (name, key_hash, scopes, created_by, created_at)
VALUES (:name, :key_hash, :scopes::text[], :created_by, :now)
RETURNING id, name, to_jsonb(scopes) AS scopes, created_at, last_seen_at, revoked_at;

-- service_revoke(id int8, now timestamptz) one
UPDATE service_token SET revoked_at = coalesce(revoked_at, :now)
 WHERE id = :id
RETURNING id;
