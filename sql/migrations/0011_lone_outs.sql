-- Outs: the day of one without an in, and the last one before a fact.

-- An out without an in has its day as an interval has (W11, W19): one rule for
-- figures, lists and the months that are closed.

-- The day of a fact by the plan alone.  An out is of the shift that runs, else
-- of the nearer of what ended up to 4 hours ago and what begins within them.
CREATE OR REPLACE FUNCTION fact_day(employee bigint, kind text, at timestamptz,
	time_zone text)
	RETURNS date
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(
		(SELECT s.day
		   FROM planned_shifts(fact_day.employee,
			local_day(fact_day.at, fact_day.time_zone) - 2,
			local_day(fact_day.at, fact_day.time_zone) + 2) s
		  WHERE fact_day.at >= s.starts_at - interval '4 hours'
		    AND (fact_day.at < s.ends_at
			OR (fact_day.kind IS DISTINCT FROM 'in'
			    AND fact_day.at <= s.ends_at + interval '4 hours'))
		  ORDER BY fact_day.at >= s.starts_at AND fact_day.at < s.ends_at DESC,
			CASE WHEN fact_day.at >= s.ends_at THEN fact_day.at - s.ends_at
			     WHEN fact_day.at < s.starts_at THEN s.starts_at - fact_day.at
			     ELSE fact_day.at - s.starts_at END,
			s.starts_at LIMIT 1),
		local_day(fact_day.at, fact_day.time_zone))
$$;

-- Derived: of an out without an in.
ALTER TABLE event_meaning ADD day date;
UPDATE event_meaning m SET day = fact_day(v.employee, 'out', v.at, v.time_zone)
  FROM event v
 WHERE v.id = m.event AND m.effect = 'missing_in';

DROP INDEX event_meaning_missing_in;
CREATE INDEX event_meaning_missing_in ON event_meaning (day)
	WHERE effect = 'missing_in';

CREATE OR REPLACE FUNCTION missing_ins(from_day date, to_day date)
	RETURNS TABLE (day date, employee bigint, branch bigint, time_zone text,
		at timestamptz, flags text[])
	LANGUAGE sql STABLE AS $$
	SELECT m.day, v.employee, v.branch, v.time_zone, v.at, v.flags
	  FROM event_meaning m
	  JOIN event v ON v.id = m.event
	 WHERE m.effect = 'missing_in' AND m.day BETWEEN from_day AND to_day
$$;

-- The last out (W8) when this was the last accepted fact: itself, or what was
-- before an in whose limit may pass while that out is still near.
CREATE FUNCTION last_out(fact event, meant text, limit_at timestamptz)
	RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN CASE
		WHEN meant = 'out' THEN fact.at
		WHEN limit_at < fact.at + interval '2 hours' THEN (
			SELECT max(v.at)
			  FROM event v
			  JOIN event_meaning m ON m.event = v.id
			   AND m.kind = 'out' AND m.effect IN ('closes', 'missing_in')
			 WHERE v.employee = fact.employee AND v.at <= fact.at
			   AND v.at > fact.at - interval '2 hours') END;
