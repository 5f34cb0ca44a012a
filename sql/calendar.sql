-- One's own shifts as a calendar that can be subscribed to.

-- calendar_link(person int8) one
-- null: made_at, last_read_at
SELECT c.person IS NOT NULL AS subscribed, c.made_at, c.last_read_at
  FROM (VALUES (1)) one
  LEFT JOIN calendar_link c ON c.person = :person;

-- calendar_link_new(person int8, hash text, now timestamptz) none
-- The one before is worth nothing any more.
INSERT INTO calendar_link (person, hash, made_at) VALUES (:person, :hash, :now)
ON CONFLICT (person) DO UPDATE
	SET hash = excluded.hash, made_at = excluded.made_at, last_read_at = NULL;

-- calendar_link_delete(person int8) none
DELETE FROM calendar_link WHERE person = :person;

-- calendar_reader(hash text, now timestamptz) one
-- Whose it is, and what it shows: two weeks back, three months ahead.  That
-- it was read is noted once an hour.
WITH c AS (
	SELECT c.person, p.language, own_zone(p.id) AS time_zone
	  FROM calendar_link c JOIN person p ON p.id = c.person
	 WHERE c.hash = :hash AND p.state = 'active'
), noted AS (
	UPDATE calendar_link l SET last_read_at = :now
	  FROM c
	 WHERE l.person = c.person
	   AND coalesce(l.last_read_at < :now - interval '1 hour', true)
)
SELECT c.person, c.language, c.time_zone,
       local_day(:now, c.time_zone) - 14 AS from_day,
       (local_day(:now, c.time_zone) + interval '3 months')::date AS to_day,
       day_start(local_day(:now, c.time_zone), c.time_zone) AS stamp,
       coalesce((SELECT value FROM setting WHERE name = 'organisation'), 'Tabel')
		AS organisation
  FROM c;

-- calendar_shifts(person int8, from_day text, to_day text) many
-- Each by its place in the day, so that one that moves is the same one.
SELECT e.id AS employee, to_char(s.day, 'YYYYMMDD') AS day,
       row_number() OVER (PARTITION BY e.id, s.day ORDER BY s.starts_at) AS n,
       s.starts_at, s.ends_at, b.name AS branch_name, o.name AS position_name
  FROM employee e
  JOIN position o ON o.id = e.position
 CROSS JOIN LATERAL planned_shifts(e.id, :from_day::date, :to_day::date) s
  JOIN branch b ON b.id = s.branch
 WHERE e.person = :person AND s.ends_at > s.starts_at
 ORDER BY s.starts_at, e.id;

-- calendar_absences(person int8, from_day text, to_day text) many
SELECT a.id, a.kind, to_char(a.from_day, 'YYYYMMDD') AS from_day,
       to_char(a.to_day + 1, 'YYYYMMDD') AS end_day
  FROM absence a JOIN employee e ON e.id = a.employee
 WHERE e.person = :person AND a.state = 'approved'
   AND a.from_day <= :to_day::date AND a.to_day >= :from_day::date
 ORDER BY a.from_day, a.id;
