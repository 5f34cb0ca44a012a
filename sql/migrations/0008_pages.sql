-- Who is told of what happens at a branch: the chat that it names, else its
-- managers (Q10).
CREATE VIEW notice_recipient AS
SELECT b.id AS branch, NULL::bigint AS person, b.notice_chat AS chat,
       coalesce((SELECT value FROM setting WHERE name = 'language'), 'ru') AS language
  FROM branch b
 WHERE b.notice_chat IS NOT NULL
UNION ALL
SELECT b.id, m.id, NULL, m.language
  FROM branch b
  JOIN person_role r ON r.role = 'manager' AND r.branch = b.id
  JOIN person m ON m.id = r.person
 WHERE b.notice_chat IS NULL AND m.state = 'active'
   AND m.telegram_id IS NOT NULL;

-- The events of a day that is going on (W13): those of its intervals, and what
-- else happened on that date.
CREATE FUNCTION day_events(employee bigint, day date, now timestamptz)
	RETURNS SETOF bigint
	LANGUAGE sql STABLE AS $$
	SELECT v.id
	  FROM event v
	  LEFT JOIN interval i ON i.employee = v.employee
		AND v.at BETWEEN i.in_at AND CASE i.state WHEN 'open' THEN day_events.now
			ELSE coalesce(i.out_at, i.in_at) END
	 WHERE v.employee = day_events.employee
	   AND v.at > day_events.now - interval '4 days'
	   AND coalesce(i.day, local_day(v.at, v.time_zone)) = day_events.day
$$;

-- The outs without an in, on their local dates.  A date lies within 14 hours
-- of the same date in UTC, which bounds the search in the index.
CREATE FUNCTION missing_ins(from_day date, to_day date)
	RETURNS TABLE (day date, employee bigint, branch bigint, time_zone text,
		at timestamptz, flags text[])
	LANGUAGE sql STABLE AS $$
	SELECT local_day(v.at, v.time_zone), v.employee, v.branch, v.time_zone,
	       v.at, v.flags
	  FROM event v
	  JOIN event_meaning m ON m.event = v.id AND m.effect = 'missing_in'
	 WHERE v.at >= from_day - interval '14 hours'
	   AND v.at < to_day + interval '38 hours'
	   AND local_day(v.at, v.time_zone) BETWEEN from_day AND to_day
$$;

-- The break (W14) is of the whole day: it is not taken off a part of one.
CREATE FUNCTION day_worked(closed bigint, worked integer, pause integer)
	RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN closed = worked + pause THEN worked ELSE closed END
$$;

-- May somebody see it who has these branches (NULL: all)?
CREATE FUNCTION may_see(own boolean, manager boolean, branches bigint[],
	home bigint, at bigint)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT own OR (manager AND (branches IS NULL OR home = ANY (branches)
		OR at = ANY (branches)))
$$;

-- Of shifts that nobody came to (workday.unexplained_from): those whose time
-- to be explained has begun.
CREATE FUNCTION shifts_missed(unexplained_from timestamptz[], now timestamptz)
	RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT count(*) FROM unnest(unexplained_from) u WHERE u <= now
$$;

GRANT SELECT ON notice_recipient TO tabel_app, tabel_reader;
