-- Statements of the worker.

-- notice_take(now timestamptz, waiting text) one
-- The next message that may go out, claimed for a minute before it is sent:
-- if the worker dies in between, it is tried again then.  A change waits for
-- the message that it changes; what answers a button is no message.  The
-- queue is walked in its order, however long it is.  The claim need not be on
-- disk before the message is out: the log is in order, so where the one is
-- lost the other is, and it is sent again as if the worker had died.
WITH due AS MATERIALIZED (
	SELECT n.id, coalesce(n.chat, (SELECT telegram_id FROM person
		WHERE id = n.person)) AS address,
	       coalesce(n.message, (SELECT o.message FROM notification o
		WHERE o.id = n.edits)) AS target,
	       n.taken_at IS NOT NULL AS repeats
	  FROM notification n
	 WHERE n.state = 'waiting' AND n.due_at <= :now
	   AND (n.kind = 'answer' OR coalesce(n.chat, (SELECT telegram_id FROM person
		WHERE id = n.person), 0) <> ALL (:waiting::int8[]))
	   AND coalesce((SELECT o.state FROM notification o
		WHERE o.id = n.edits), '') <> 'waiting'
	 ORDER BY n.priority, n.due_at, n.id
	 LIMIT 1
	   FOR UPDATE OF n SKIP LOCKED
)
UPDATE notification n
   SET attempts = n.attempts + 1, due_at = :now + interval '1 minute',
       taken_at = :now, repeats = n.repeats + due.repeats::int
  FROM due
 WHERE n.id = due.id
RETURNING n.id, due.address, due.target, due.repeats, n.kind, n.key, n.params, n.body,
	n.buttons, n.callback, n.language, n.attempts, n.created_at,
	n.expires_at <= :now AS expired,
	set_config('synchronous_commit', 'off', true) AS soon;

-- notice_sent(id int8, message int8?, now timestamptz) none
WITH sent AS (
	UPDATE notification
	   SET state = 'sent', message = coalesce(:message, message), sent_at = :now,
	       last_error = NULL, taken_at = NULL, params = CASE WHEN secret THEN '{}' ELSE params END
	 WHERE id = :id
	RETURNING person
)
UPDATE person p SET telegram_blocked_at = NULL
  FROM sent
 WHERE p.id = sent.person AND p.telegram_blocked_at IS NOT NULL;

-- notice_blocked(id int8, why text, now timestamptz) none
WITH blocked AS (
	UPDATE notification SET state = 'blocked', last_error = :why, taken_at = NULL,
	       params = CASE WHEN secret THEN '{}' ELSE params END
	 WHERE id = :id
	RETURNING person
)
UPDATE person p SET telegram_blocked_at = :now
  FROM blocked
 WHERE p.id = blocked.person;

-- notice_later(id int8, due_at timestamptz, why text) none
UPDATE notification SET due_at = :due_at, last_error = :why, taken_at = NULL
 WHERE id = :id;

-- notice_failed(id int8, why text) one
-- It was not sent: nothing is lost if that is found out again.
UPDATE notification SET state = 'failed', last_error = :why, taken_at = NULL,
       params = CASE WHEN secret THEN '{}' ELSE params END
 WHERE id = :id
RETURNING set_config('synchronous_commit', 'off', true) AS soon;

-- notice_moved(id int8, chat int8, moved_to int8, now timestamptz) none
-- A group got a new address: everything that waits for it goes there.
WITH branches AS (
	UPDATE branch SET notice_chat = :moved_to WHERE notice_chat = :chat
)
UPDATE notification
   SET chat = :moved_to, due_at = CASE WHEN id = :id THEN :now ELSE due_at END,
       taken_at = CASE WHEN id <> :id THEN taken_at END
 WHERE chat = :chat AND state = 'waiting';

-- notice_waits(now timestamptz) one
SELECT EXISTS (SELECT FROM notification
	WHERE state = 'waiting' AND due_at <= :now) AS waits;

-- job_lock(job text) one
SELECT pg_try_advisory_lock(hashtextextended('tabel.job.' || :job, 0)) AS mine;

-- job_unlock(job text) one
SELECT pg_advisory_unlock(hashtextextended('tabel.job.' || :job, 0)) AS was_mine;

-- job_ran(job text, started_at timestamptz, finished_at timestamptz, result text?) none
-- Two workers may have been at it in the same second.
INSERT INTO job_run AS j (job, started_at, finished_at, result)
VALUES (:job, :started_at, :finished_at, :result)
ON CONFLICT (job, started_at) DO UPDATE SET
	finished_at = excluded.finished_at,
	result = nullif(concat_ws(', ', j.result, excluded.result), '');

-- heartbeat(now timestamptz) none
-- One row, whose times are when a worker was last seen.
WITH beat AS (
	UPDATE job_run SET started_at = :now, finished_at = :now
	 WHERE job = 'heartbeat'
	RETURNING job
)
INSERT INTO job_run (job, started_at, finished_at)
SELECT 'heartbeat', :now, :now
 WHERE NOT EXISTS (SELECT FROM beat)
ON CONFLICT (job, started_at) DO NOTHING;

-- ask_still_there(now timestamptz) one
-- Whoever is in half an hour after his shift, or for twelve hours without
-- one, is asked once; at the latest an hour before the interval is lost.  The
-- times to choose from lie around the end of the shift, or eight hours.
WITH due AS (
	SELECT i.in_event, i.in_at, i.time_zone, p.id AS person, p.language,
	       coalesce(plan.ends_at,
			date_bin('30 minutes', i.in_at + interval '8 hours', '2000-01-01Z')) AS likely
	  FROM interval i
	  JOIN employee e ON e.id = i.employee
	  JOIN person p ON p.id = e.person AND p.state = 'active'
		AND p.telegram_id IS NOT NULL
	 CROSS JOIN LATERAL (SELECT max(s.ends_at) AS ends_at
		FROM planned_shifts(i.employee, i.day, i.day) s
		WHERE s.ends_at > i.in_at) plan
	 WHERE i.state = 'open' AND i.limit_at > :now
	   AND :now >= least(coalesce(plan.ends_at + interval '30 minutes',
			i.in_at + interval '12 hours'), i.limit_at - interval '1 hour')
	   AND :now >= i.in_at + interval '1 hour'
	   AND NOT EXISTS (SELECT FROM notification n
		WHERE n.dedupe = 'still:' || i.in_event)
), asked AS (
	INSERT INTO notification (person, key, params, language, due_at, dedupe,
		created_at, buttons, priority)
	SELECT person, 'message.still',
	       jsonb_build_object('day', to_char(in_at AT TIME ZONE time_zone, 'DD.MM'),
			'time', to_char(in_at AT TIME ZONE time_zone, 'HH24:MI')),
	       language, :now, 'still:' || in_event, :now,
	       times.rows || jsonb_build_array(
			jsonb_build_array(jsonb_build_object('key', 'bot.button.other_time',
				'data', concat('s:', in_event, ':', 1))),
			jsonb_build_array(jsonb_build_object('key', 'bot.button.still',
				'data', concat('s:', in_event, ':', 0)))), 3
	  FROM due
	 CROSS JOIN LATERAL (
		SELECT coalesce(jsonb_agg(line ORDER BY part), '[]') AS rows
		  FROM (SELECT n / 3 AS part, jsonb_agg(jsonb_build_object(
				'text', to_char(t AT TIME ZONE time_zone, 'HH24:MI'),
				'data', concat('s:', in_event, ':',
					extract(epoch FROM t)::int8 / 60)) ORDER BY t) AS line
			  FROM generate_series(0, 5) n
			 CROSS JOIN LATERAL (SELECT date_trunc('minute', likely)
				+ (n - 2) * interval '30 minutes' AS t) x
			 WHERE t > in_at AND t <= :now
			 GROUP BY n / 3) l) times
	ON CONFLICT (dedupe) DO NOTHING
	RETURNING 1
)
SELECT count(*) AS n FROM asked;

-- missing_outs(now timestamptz) one
-- W7: beyond its limit an open interval is lost, whether somebody scans or
-- not; those who get the notices of the branch are told.
WITH lost AS (
	UPDATE interval SET state = 'missing_out'
	 WHERE state = 'open' AND limit_at < :now
	RETURNING *
), notice AS (
	INSERT INTO notification (person, chat, key, params, language, due_at,
		dedupe, created_at)
	SELECT t.person, t.chat, 'notice.forgotten',
	       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
			'day', to_char(lost.in_at AT TIME ZONE lost.time_zone, 'DD.MM'),
			'time', to_char(lost.in_at AT TIME ZONE lost.time_zone, 'HH24:MI'),
			'branch', b.name),
	       t.language, :now,
	       'forgotten:' || lost.in_event || ':' ||
			coalesce('chat' || t.chat, t.person::text),
	       :now
	  FROM lost
	  JOIN branch b ON b.id = lost.branch
	  JOIN employee e ON e.id = lost.employee
	  JOIN person p ON p.id = e.person
	  JOIN notice_recipient t ON t.branch = b.id
	 WHERE b.notice IN ('all', 'irregular')
	ON CONFLICT (dedupe) DO NOTHING
)
SELECT count(*) AS n FROM lost;

-- erase_next(now timestamptz, months int4) one
SELECT erase_next(:now, :months) AS erased;

-- prune(now timestamptz, notification_days int8) one
-- What nobody can need any more, and how much of it there was.
WITH codes AS (
	DELETE FROM used_code WHERE used_at < :now - interval '1 day'
	RETURNING 1
), answers AS (
	DELETE FROM idempotency WHERE created_at < :now - interval '2 days'
	RETURNING 1
), sessions AS (
	DELETE FROM session WHERE expires_at < :now - interval '30 days'
	RETURNING 1
), secrets AS (
	DELETE FROM one_time_code WHERE expires_at < :now - interval '1 day'
	RETURNING 1
), throttles AS (
	DELETE FROM throttle WHERE until < :now - interval '1 day'
	   AND last_at < :now - CASE WHEN key LIKE 'known:%' THEN interval '90 days'
		ELSE interval '1 day' END
	RETURNING 1
), updates AS (
	DELETE FROM bot_update WHERE received_at < :now - interval '3 days'
	   AND state <> 'waiting'
	RETURNING 1
), dialogues AS (
	DELETE FROM dialogue WHERE changed_at < :now - interval '7 days'
	RETURNING 1
), presses AS (
	DELETE FROM notification WHERE kind = 'answer'
	   AND created_at < :now - interval '1 day'
	RETURNING 1
), runs AS (
	DELETE FROM job_run WHERE started_at < :now - interval '90 days'
	   AND job <> 'heartbeat'
	RETURNING 1
), messages AS (
	DELETE FROM notification
	 WHERE state <> 'waiting'
	   AND created_at < :now - make_interval(days => :notification_days::int4)
	RETURNING 1
)
SELECT (SELECT count(*) FROM codes) AS codes,
       (SELECT count(*) FROM answers) AS answers,
       (SELECT count(*) FROM sessions) AS sessions,
       (SELECT count(*) FROM secrets) AS secrets,
       (SELECT count(*) FROM throttles) AS throttles,
       (SELECT count(*) FROM runs) AS runs,
       (SELECT count(*) FROM updates) AS updates,
       (SELECT count(*) FROM dialogues) AS dialogues,
       (SELECT count(*) FROM presses) AS presses,
       (SELECT count(*) FROM messages) AS messages;
