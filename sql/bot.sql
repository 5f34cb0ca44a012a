-- The bot: updates, dialogues, and what it says.

-- update_new(body text, now timestamptz) one
-- Each once, whatever is in it.
INSERT INTO bot_update (update_id, chat, received_at, body, due_at)
SELECT id, update_chat(u), :now, u, :now
  FROM (SELECT :body::jsonb AS u) x
 CROSS JOIN LATERAL (SELECT CASE WHEN u ->> 'update_id' ~ '^[0-9]{1,18}$'
	THEN (u ->> 'update_id')::int8 END AS id) y
 WHERE id IS NOT NULL
ON CONFLICT (update_id) DO NOTHING
RETURNING update_id;

-- updates_new(answer text, now timestamptz) one
-- What getUpdates gave, and where to go on; no row if it gave nothing.
WITH got AS (
	SELECT (u ->> 'update_id')::int8 AS update_id, u
	  FROM jsonb_array_elements(:answer::jsonb -> 'result') u
), kept AS (
	INSERT INTO bot_update (update_id, chat, received_at, body, due_at)
	SELECT update_id, update_chat(u), :now, u, :now FROM got
	ON CONFLICT (update_id) DO NOTHING
)
INSERT INTO bot_poll AS p (next_update, polled_at)
SELECT max(update_id) + 1, :now FROM got HAVING count(*) > 0
ON CONFLICT (one) DO UPDATE
   SET next_update = excluded.next_update, polled_at = excluded.polled_at
RETURNING next_update;

-- poll_offset(now timestamptz) one
-- After a week of silence Telegram numbers updates anew.
SELECT coalesce((SELECT next_update FROM bot_poll
	WHERE polled_at > :now - interval '6 days'), 0) AS next_update;

-- update_take(now timestamptz) one
-- The oldest whose chat has no older one that waits: in order per chat, also
-- with several workers.
SELECT u.update_id, u.chat, u.body
  FROM bot_update u
 WHERE u.state = 'waiting' AND u.due_at <= :now
   AND NOT EXISTS (SELECT FROM bot_update e
	WHERE e.chat = u.chat AND e.state = 'waiting'
	  AND e.update_id < u.update_id AND u.chat <> 0)
 ORDER BY u.update_id
 LIMIT 1
   FOR UPDATE OF u SKIP LOCKED;

-- update_done(update_id int8, fault text?) none
UPDATE bot_update SET state = 'done', fault = :fault
 WHERE update_id = :update_id;

-- update_later(update_id int8, fault text, tries int4, now timestamptz) one
-- Again after 1, 2, 4 ... seconds; failed after so many tries.
UPDATE bot_update
   SET attempts = attempts + 1, fault = :fault,
       due_at = :now + make_interval(secs => 2 ^ attempts),
       state = CASE WHEN attempts + 1 >= :tries THEN 'failed' ELSE 'waiting' END
 WHERE update_id = :update_id AND state = 'waiting'
RETURNING state = 'failed' AS failed;

-- updates_wait(now timestamptz) one
SELECT EXISTS (SELECT FROM bot_update
	WHERE state = 'waiting' AND due_at <= :now) AS wait;

-- bot_who(person int8) one
-- What the bot must know of somebody who writes to it.
SELECT p.state, p.language,
       coalesce(bool_or(r.role = 'admin'), false) AS admin,
       array_agg(r.branch) FILTER (WHERE r.role = 'manager') AS branches,
       (SELECT json_build_object('branch', b.name, 'position', o.name)
	  FROM employee e JOIN branch b ON b.id = e.branch
	  JOIN position o ON o.id = e.position
	 WHERE e.person = p.id AND e.is_primary AND e.left_on IS NULL) AS work,
       (SELECT json_build_object('branch', b.name)
	  FROM registration g JOIN branch b ON b.id = g.branch
	 WHERE g.person = p.id AND g.state = 'pending') AS pending
  FROM person p
  LEFT JOIN person_role r ON r.person = p.id
 WHERE p.id = :person
 GROUP BY p.id;

-- dialogue_get(chat int8, now timestamptz) one
-- Registering may take days; of anything else a message is the answer for an
-- hour, or what somebody says later would become the reason of a rejection.
SELECT state, data FROM dialogue
 WHERE chat = :chat AND (state IN ('name', 'contact', 'email', 'branch')
	OR changed_at > :now - interval '1 hour')
   FOR UPDATE;

-- dialogue_put(chat int8, state text, data text, now timestamptz) none
-- What is new is added to what is known.
INSERT INTO dialogue AS d (chat, state, data, changed_at)
VALUES (:chat, :state, :data::jsonb, :now)
ON CONFLICT (chat) DO UPDATE
   SET state = excluded.state, data = d.data || excluded.data,
       changed_at = excluded.changed_at;

-- dialogue_drop(chat int8) one
DELETE FROM dialogue WHERE chat = :chat RETURNING state;

-- dialogue_end(chat int8) none
-- Registering may go on after a fault; what was asked about something that is
-- settled may not.
DELETE FROM dialogue
 WHERE chat = :chat AND state NOT IN ('name', 'contact', 'email', 'branch');

-- say(chat int8, kind text, key text, params text, body text?, buttons text?, language text, message int8?, callback text?, about text?, dedupe text, secret bool, now timestamptz, expires_at timestamptz?) none
-- To the person of the chat, so that it is seen when he blocks us.
INSERT INTO notification (person, chat, kind, key, params, body, buttons,
	language, message, callback, about, dedupe, due_at, created_at,
	expires_at, priority, secret)
SELECT p.id, CASE WHEN p.id IS NULL THEN :chat::int8 END, :kind, :key,
       :params::jsonb, :body, :buttons::jsonb, :language, :message, :callback,
       :about, :dedupe, :now, :now, :expires_at, 1, :secret
  FROM (VALUES (1)) one
  LEFT JOIN person p ON p.telegram_id = :chat
ON CONFLICT (dedupe) DO NOTHING;

-- chat_blocked(chat int8, blocked bool, now timestamptz) none
-- Who comes back gets what he missed of the last day; so does a group that
-- takes us back.
WITH p AS (
	UPDATE person
	   SET telegram_blocked_at = CASE WHEN :blocked THEN :now END
	 WHERE telegram_id = :chat
	RETURNING id
)
UPDATE notification n SET state = 'waiting', due_at = :now
 WHERE (n.chat = :chat OR n.person IN (SELECT id FROM p))
   AND n.state = 'blocked' AND NOT :blocked
   AND NOT n.secret AND coalesce(n.expires_at > :now, true)
   AND n.created_at > :now - interval '1 day';

-- chat_moved(chat int8, moved_to int8) none
WITH branches AS (
	UPDATE branch SET notice_chat = :moved_to WHERE notice_chat = :chat
)
UPDATE notification SET chat = :moved_to
 WHERE chat = :chat AND state = 'waiting';

-- branch_choice(branches text?) many
-- Where somebody may say that he works.
SELECT id, name FROM branch
 WHERE active AND (:branches::int8[] IS NULL OR id = ANY (:branches::int8[]))
 ORDER BY name COLLATE "und-x-icu", id;

-- position_choice() many
SELECT id, name FROM position ORDER BY name COLLATE "und-x-icu", id;

-- name_check(last_name text, first_name text) one
-- Letters of any script: not only pictures, or what cannot be seen (the
-- fillers of Hangul are letters, too).
SELECT bool_and(translate(part, U&'\115F\1160\3164\FFA0', '')
	~ ('\w' COLLATE "und-x-icu")) AS good
  FROM (VALUES (:last_name), (:first_name)) name (part);

-- email_free(email text, person int8) one
SELECT NOT EXISTS (SELECT FROM person
	WHERE lower(email) = lower(:email) AND id <> :person) AS free;

-- registration_menu(id int8, branches text?, branch int8, position int8) one
-- What a registration says, and the buttons below it with what is chosen;
-- nobody decides it meanwhile.
SELECT g.state, :branches::int8[] IS NULL OR g.branch = ANY (:branches::int8[]) AS mine,
       concat_ws(' ', p.last_name, p.first_name) AS name,
       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
		'branch', b.name,
		'phone', coalesce(p.phone || CASE WHEN p.phone_verified THEN ' ✓' ELSE '' END, '—'),
		'email', coalesce(p.email, '—')) AS params,
       registration_buttons(g.id, :branch, (SELECT name FROM branch WHERE id = :branch),
		:position, (SELECT name FROM position WHERE id = :position)) AS buttons
  FROM registration g
  JOIN person p ON p.id = g.person
  JOIN branch b ON b.id = g.branch
 WHERE g.id = :id
   FOR UPDATE OF g;

-- local_times(times text, zones text) many
-- Instants of RFC 3339 as clocks on those walls show them.
SELECT to_char(t AT TIME ZONE z, 'HH24:MI') AS time,
       to_char(t AT TIME ZONE z, 'DD.MM') AS day
  FROM unnest(:times::timestamptz[], :zones::text[]) WITH ORDINALITY u (t, z, n)
 ORDER BY n;

-- month_days(month text, back int4, today text) one
-- The first and last day of "2026-11", and a day so many days ago.
SELECT (:month || '-01')::date::text AS first,
       ((:month || '-01')::date + interval '1 month' - interval '1 day')::date::text AS last,
       (:today::date - :back)::text AS ago;

-- own_shifts(person int8, day text) many
SELECT to_char(s.starts, 'HH24:MI') AS starts, to_char(s.ends, 'HH24:MI') AS ends
  FROM employee e
 CROSS JOIN LATERAL planned_shifts(e.id, :day::date, :day::date) s
 WHERE e.person = :person AND e.left_on IS NULL
 ORDER BY s.starts_at;

-- own_figures(person int8, first text, last text) one
SELECT coalesce(sum(w.planned_seconds), 0)::int8 AS planned_seconds,
       coalesce(sum(w.late_seconds), 0)::int8 AS late_seconds,
       coalesce(sum(w.early_seconds), 0)::int8 AS early_seconds,
       coalesce(sum(w.overtime_seconds), 0)::int8 AS overtime_seconds,
       count(w.absence) AS absence_days
  FROM employee e
  JOIN workday w ON w.employee = e.id
	AND w.day BETWEEN :first::date AND :last::date
 WHERE e.person = :person;

-- own_unexplained(person int8, first text, last text, now timestamptz) many
-- Days whose shifts are over, without a mark and without an absence.
SELECT w.day::text AS day, b.name AS branch_name
  FROM employee e
  JOIN workday w ON w.employee = e.id
	AND w.day BETWEEN :first::date AND :last::date
  JOIN branch b ON b.id = w.branch
 WHERE e.person = :person
   AND EXISTS (SELECT FROM unnest(w.unexplained_from) u WHERE u <= :now)
 ORDER BY w.day;

-- open_interval(event int8, person int8) one
-- His own, whose out is missing.
SELECT i.employee, i.time_zone, i.in_at
  FROM interval i JOIN employee e ON e.id = i.employee
 WHERE i.in_event = :event AND e.person = :person
   AND i.state IN ('open', 'missing_out');

-- local_clock(at timestamptz, zone text) one
SELECT to_char(:at AT TIME ZONE :zone, 'HH24:MI') AS time,
       to_char(:at AT TIME ZONE :zone, 'DD.MM') AS day;

-- clock_after(since timestamptz, zone text, minutes int4) one
-- When the clocks on those walls show that for the first time afterwards.
SELECT CASE WHEN this > :since THEN this ELSE next END AS at
  FROM (SELECT (day + make_interval(mins => :minutes)) AT TIME ZONE :zone AS this,
	       (day + interval '1 day' + make_interval(mins => :minutes)) AT TIME ZONE :zone AS next
	  FROM (SELECT date_trunc('day', :since AT TIME ZONE :zone) AS day) d) t;

-- registrations_waiting(branches text?, limit int4) many
-- Those that he may decide, in the order they came.
SELECT g.id, g.branch, 'registration:' || g.id AS about
  FROM registration g
 WHERE g.state = 'pending'
   AND (:branches::int8[] IS NULL OR g.branch = ANY (:branches::int8[]))
 ORDER BY g.id
 LIMIT :limit;

-- requests_waiting(id int8?, branches text?, person int8, limit int4) many
-- Those that he may decide, in the order they came; or one that waits.
SELECT c.id, 'message.correction_' || c.action AS key,
       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
		'branch', b.name, 'reason', c.reason, 'effect', '',
		'day', to_char(coalesce(c.at, v.at) AT TIME ZONE
			coalesce(v.time_zone, b.time_zone), 'DD.MM'),
		'time', to_char(coalesce(c.at, v.at) AT TIME ZONE
			coalesce(v.time_zone, b.time_zone), 'HH24:MI')) AS params,
       'correction:' || c.id AS about
  FROM correction c
  JOIN employee e ON e.id = c.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = e.branch
  LEFT JOIN event v ON v.id = c.event
 WHERE c.state = 'pending' AND (:id IS NULL OR c.id = :id)
   AND :person NOT IN (c.asked_by, e.person)
   AND (:branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]))
 ORDER BY c.id
 LIMIT :limit;

-- missing_outs_waiting(event int8?, branches text?, person int8, all bool, now timestamptz, limit int4) many
-- Shifts without an end that he may decide, or that one; not those that an
-- employee has said something about, which waits itself, and not of months
-- that are closed.
SELECT i.in_event AS event, i.employee, i.in_at, i.time_zone,
       :branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]) AS mine,
       e.person = :person AND NOT :all AS own,
       jsonb_build_object('name', concat_ws(' ', p.last_name, p.first_name),
		'branch', b.name,
		'day', to_char(i.in_at AT TIME ZONE i.time_zone, 'DD.MM'),
		'time', to_char(i.in_at AT TIME ZONE i.time_zone, 'HH24:MI')) AS params,
       left_buttons('m', i.in_event, i.in_at, i.time_zone,
		likely_end(i.employee, i.day, i.in_at), :now) AS buttons,
       'missing:' || i.in_event AS about
  FROM interval i
  JOIN employee e ON e.id = i.employee
  JOIN person p ON p.id = e.person
  JOIN branch b ON b.id = i.branch
 WHERE is_missing_out(i.state, i.limit_at, :now)
   AND CASE WHEN :event IS NOT NULL THEN i.in_event = :event
	ELSE i.in_at > :now - interval '2 months'
	 AND (e.person <> :person OR :all)
	 AND (:branches::int8[] IS NULL OR e.branch = ANY (:branches::int8[]))
	 AND NOT EXISTS (SELECT FROM period m
		WHERE m.branch = i.branch AND m.state = 'closed'
		  AND i.day <@ month_days(m.month))
	 AND NOT EXISTS (SELECT FROM correction c
		WHERE c.employee = i.employee AND c.state = 'pending'
		  AND (c.event = i.in_event
			OR c.at BETWEEN i.in_at AND i.in_at + interval '36 hours')) END
 ORDER BY i.in_at, i.id
 LIMIT :limit;

-- missing_settled(event int8?, now timestamptz) none
-- Messages about shifts that have an end now, however it came to be, say so.
WITH due AS (
	SELECT n.*, i.out_at, i.time_zone,
	       concat_ws(' ', d.last_name, d.first_name) AS by
	  FROM notification n
	 CROSS JOIN LATERAL (SELECT substr(n.about, 9)::int8 AS event) of
	  LEFT JOIN interval i ON i.in_event = of.event
	  LEFT JOIN event v ON v.id = i.out_event
	  LEFT JOIN person d ON d.id = v.made_by
	 WHERE n.kind = 'send' AND n.about LIKE 'missing:%'
	   AND (:event IS NULL OR of.event = :event)
	   AND (i.id IS NULL OR i.state = 'closed'
		OR (i.state = 'open' AND i.limit_at >= :now))
	   AND NOT EXISTS (SELECT FROM notification s
		WHERE s.dedupe = 'settled:' || n.id)
), stale AS (
	DELETE FROM notification n USING due
	 WHERE n.about = due.about AND n.kind = 'edit' AND n.state = 'waiting'
)
INSERT INTO notification (person, chat, kind, edits, key, params, language,
	due_at, dedupe, created_at, about, priority)
SELECT person, chat, 'edit', id,
       CASE WHEN out_at IS NULL THEN 'message.missing_void'
	    WHEN by = '' THEN 'message.missing_closed'
	    ELSE 'message.missing_done' END,
       params || jsonb_build_object('by', by,
		'out', to_char(out_at AT TIME ZONE time_zone, 'HH24:MI')),
       language, :now, 'settled:' || id, :now, about, 1
  FROM due
ON CONFLICT (dedupe) DO NOTHING;

-- code_choice(text text, limit int4) many
-- Who works where the pages may be used, by a part of his name or his number.
SELECT e.id, concat_ws(' ', p.last_name, p.first_name, nullif(p.middle_name, ''),
		'·', b.name) AS name
  FROM employee e
  JOIN person p ON p.id = e.person AND p.state = 'active'
  JOIN position o ON o.id = e.position AND o.web_access
  JOIN branch b ON b.id = e.branch
 WHERE e.left_on IS NULL
   AND (strpos(lower(concat_ws(' ', p.last_name, p.first_name, p.middle_name)),
		lower(:text)) > 0
	OR lower(e.personnel_number) = lower(:text))
 ORDER BY p.last_name COLLATE "und-x-icu", p.first_name COLLATE "und-x-icu", e.id
 LIMIT :limit;
