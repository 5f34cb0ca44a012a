-- The bot's desk: shifts without an end are decided in the chat, too.

-- When somebody has most likely left who came then: at the end of his shift,
-- or after eight hours.
CREATE FUNCTION likely_end(employee bigint, day date, in_at timestamptz)
	RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce((SELECT max(s.ends_at)
		FROM planned_shifts(likely_end.employee, likely_end.day, likely_end.day) s
		WHERE s.ends_at > likely_end.in_at),
		date_bin('30 minutes', in_at + interval '8 hours', '2000-01-01Z'));

-- Buttons with times around that one, none of them after the last, and one
-- for another: a press says <verb>:<event>:<minutes since 1970>, or 1.
CREATE FUNCTION left_buttons(verb text, event bigint, in_at timestamptz,
	time_zone text, likely timestamptz, last timestamptz) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (
		SELECT coalesce(jsonb_agg(line ORDER BY part), '[]')
		  FROM (SELECT n / 3 AS part, jsonb_agg(jsonb_build_object(
			'text', to_char(t AT TIME ZONE time_zone, 'HH24:MI'),
			'data', concat(verb, ':', event, ':',
				extract(epoch FROM t)::int8 / 60)) ORDER BY t) AS line
			  FROM generate_series(0, 5) n
			 CROSS JOIN LATERAL (SELECT date_trunc('minute', likely)
				+ (n - 2) * interval '30 minutes' AS t) x
			 WHERE t > in_at AND t <= last
			 GROUP BY n / 3) l)
	|| jsonb_build_array(jsonb_build_array(jsonb_build_object(
		'key', 'bot.button.other_time', 'data', concat(verb, ':', event, ':', 1))));

-- Changes of a message are found with it, also when it is removed.
CREATE INDEX notification_edits ON notification (edits)
	WHERE edits IS NOT NULL;
-- Messages about shifts without an end: 'missing:<event of the in>'.
CREATE INDEX notification_missing ON notification (about)
	WHERE kind = 'send' AND about LIKE 'missing:%';

-- Telegram wants nothing at all until this one is due.
ALTER TABLE notification ADD pauses boolean NOT NULL DEFAULT false;

-- What a request does to the hours is said with it from now on.
UPDATE notification SET params = params || '{"effect": ""}'
 WHERE key IN ('message.correction_add', 'message.correction_change',
	'message.correction_void') AND kind = 'send' AND state <> 'sent';
