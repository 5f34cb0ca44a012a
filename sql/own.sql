-- Everything that is kept about one person, for that person (X6).  The
-- statements give the same columns: where it belongs, its local time, what it
-- is at a glance, and the row itself.

-- own_about(person int8) csv
-- Who he is, and who says so.
SELECT section, at, until, what, place, item FROM (
	SELECT 1 AS n, p.id AS i, 'person' AS section,
	       local_text(p.created_at, own_zone(p.id)) AS at, NULL AS until,
	       csv_safe(concat_ws(' ', p.last_name, p.first_name,
			nullif(p.middle_name, ''))) AS what,
	       NULL AS place,
	       to_jsonb(p) - 'password_hash' || jsonb_build_object('has_password',
			p.password_hash IS NOT NULL) AS item
	  FROM person p WHERE p.id = :person
	UNION ALL
	SELECT 2, e.id, 'employments', e.hired_on::text, e.left_on::text,
	       csv_safe(o.name), csv_safe(b.name),
	       to_jsonb(e) || jsonb_build_object('branch_name', b.name,
			'position_name', o.name, 'other_branches', (
			SELECT coalesce(jsonb_agg(x.branch ORDER BY x.branch), '[]')
			  FROM employee_branch x WHERE x.employee = e.id),
			'states', (
			SELECT coalesce(jsonb_agg(jsonb_build_object('at', x.at,
				'active', x.active) ORDER BY x.id), '[]')
			  FROM employee_state x WHERE x.employee = e.id))
	  FROM employee e
	  JOIN branch b ON b.id = e.branch
	  JOIN position o ON o.id = e.position
	 WHERE e.person = :person
	UNION ALL
	SELECT 3, coalesce(r.branch, 0), 'roles', NULL, NULL, r.role, csv_safe(b.name),
	       to_jsonb(r) || jsonb_build_object('branch_name', b.name)
	  FROM person_role r LEFT JOIN branch b ON b.id = r.branch
	 WHERE r.person = :person
	UNION ALL
	SELECT 4, g.id, 'registrations', local_text(g.created_at, own_zone(g.person)),
	       local_text(g.decided_at, own_zone(g.person)), g.state, csv_safe(b.name),
	       to_jsonb(g) || jsonb_build_object('branch_name', b.name)
	  FROM registration g JOIN branch b ON b.id = g.branch
	 WHERE g.person = :person
	UNION ALL
	-- its name is what a token is worth
	SELECT 5, extract(epoch FROM s.created_at)::int8, 'sessions',
	       local_text(s.created_at, own_zone(s.person)),
	       local_text(coalesce(s.revoked_at, s.expires_at), own_zone(s.person)),
	       s.kind, NULL, to_jsonb(s) - 'id'
	  FROM session s WHERE s.person = :person
	UNION ALL
	SELECT 6, 1, 'calendar_link', local_text(c.made_at, own_zone(c.person)), NULL,
	       NULL, NULL, to_jsonb(c) - 'hash'
	  FROM calendar_link c WHERE c.person = :person
	UNION ALL
	-- that he was told; the words may be about others, and secret
	SELECT 7, n.id, 'messages', local_text(n.created_at, own_zone(n.person)),
	       local_text(n.sent_at, own_zone(n.person)), n.key, NULL,
	       to_jsonb(n) - '{params,body,buttons}'::text[]
	  FROM notification n WHERE n.person = :person) about
 ORDER BY n, i;

-- own_work(person int8) csv
-- When he came and went, and what it comes to.
SELECT section, at, until, what, place, item FROM (
	SELECT 1 AS n, c.at AS by, c.id AS i, 'scans' AS section,
	       local_text(c.at, b.time_zone) AS at, NULL AS until,
	       CASE WHEN c.pending THEN 'pending' END AS what,
	       csv_safe(b.name) AS place, to_jsonb(c) AS item
	  FROM claim c JOIN branch b ON b.id = c.branch
	 WHERE c.person = :person
	UNION ALL
	SELECT 2, v.at, v.id, 'events', local_text(v.at, v.time_zone), NULL,
	       coalesce(m.kind, v.kind), csv_safe(b.name),
	       to_jsonb(v) || jsonb_build_object('kind', coalesce(m.kind, v.kind),
			'effect', m.effect, 'branch_name', b.name)
	  FROM employee e
	  JOIN event v ON v.employee = e.id
	  JOIN branch b ON b.id = v.branch
	  LEFT JOIN event_meaning m ON m.event = v.id
	 WHERE e.person = :person
	UNION ALL
	SELECT 3, t.at, t.id, 'taps', local_text(t.at, t.time_zone), NULL,
	       t.state, csv_safe(b.name), to_jsonb(t)
	  FROM employee e
	  JOIN tap t ON t.employee = e.id
	  JOIN branch b ON b.id = t.branch
	 WHERE e.person = :person
	UNION ALL
	SELECT 4, i.in_at, i.id, 'intervals', local_text(i.in_at, i.time_zone),
	       local_text(i.out_at, i.time_zone), i.state, csv_safe(b.name), to_jsonb(i)
	  FROM employee e
	  JOIN interval i ON i.employee = e.id
	  JOIN branch b ON b.id = i.branch
	 WHERE e.person = :person
	UNION ALL
	SELECT 5, w.day, w.employee, 'days', w.day::text, NULL,
	       to_char(make_interval(secs => w.worked_seconds), 'HH24:MI'),
	       csv_safe(b.name), to_jsonb(w)
	  FROM employee e
	  JOIN workday w ON w.employee = e.id
	  JOIN branch b ON b.id = w.branch
	 WHERE e.person = :person) work
 ORDER BY n, by, i;

-- own_plan(person int8) csv
-- When he is to come, and when not.
SELECT section, at, until, what, place, item FROM (
	SELECT 1 AS n, s.valid_from AS by, s.id AS i, 'schedules' AS section,
	       s.valid_from::text AS at, s.valid_to::text AS until, s.kind AS what,
	       csv_safe(b.name) AS place,
	       to_jsonb(s) || jsonb_build_object('shifts', (
			SELECT coalesce(jsonb_agg(jsonb_build_object('day', x.day,
				'starts', x.starts, 'ends', x.ends)
				ORDER BY x.day, x.starts), '[]')
			  FROM schedule_shift x WHERE x.schedule = s.id)) AS item
	  FROM employee e
	  JOIN schedule s ON s.employee = e.id
	  JOIN branch b ON b.id = s.branch
	 WHERE e.person = :person
	UNION ALL
	SELECT 2, x.day, x.id, 'schedule_exceptions', x.day::text, NULL,
	       csv_safe(x.reason), NULL,
	       to_jsonb(x) || jsonb_build_object('shifts', (
			SELECT coalesce(jsonb_agg(jsonb_build_object('starts', y.starts,
				'ends', y.ends) ORDER BY y.starts), '[]')
			  FROM schedule_exception_shift y WHERE y.exception = x.id))
	  FROM employee e
	  JOIN schedule_exception x ON x.employee = e.id
	 WHERE e.person = :person
	UNION ALL
	SELECT 3, a.from_day, a.id, 'absences', a.from_day::text, a.to_day::text,
	       a.kind, NULL, to_jsonb(a)
	  FROM employee e
	  JOIN absence a ON a.employee = e.id
	 WHERE e.person = :person
	UNION ALL
	SELECT 4, c.asked_at::date, c.id, 'corrections',
	       local_text(c.asked_at, own_zone(e.person)),
	       local_text(c.decided_at, own_zone(e.person)), c.state, NULL,
	       to_jsonb(c)
	  FROM employee e
	  JOIN correction c ON c.employee = e.id
	 WHERE e.person = :person) plan
 ORDER BY n, by, i;

-- own_log(person int8) csv
-- What was changed about him, and by him: of others only that it was.
WITH own AS MATERIALIZED (
	SELECT 'person' AS entity, :person::text AS id
	UNION ALL SELECT 'person_role', :person::text
	UNION ALL SELECT x.entity, e.id::text
	  FROM employee e, (VALUES ('employee'), ('employee_branch')) x (entity)
	 WHERE e.person = :person
	UNION ALL SELECT 'registration', id::text
	  FROM registration WHERE person = :person
	UNION ALL SELECT 'schedule', s.id::text
	  FROM schedule s JOIN employee e ON e.id = s.employee WHERE e.person = :person
	UNION ALL SELECT 'schedule_exception', s.id::text
	  FROM schedule_exception s JOIN employee e ON e.id = s.employee
	 WHERE e.person = :person
	UNION ALL SELECT 'correction', c.id::text
	  FROM correction c JOIN employee e ON e.id = c.employee
	 WHERE e.person = :person
	UNION ALL SELECT 'event', v.id::text
	  FROM event v JOIN employee e ON e.id = v.employee
	 WHERE e.person = :person AND (v.source IN ('manual', 'correction')
		OR v.voided_by IS NOT NULL)
	UNION ALL SELECT 'tap', t.id::text
	  FROM tap t JOIN employee e ON e.id = t.employee WHERE e.person = :person
	UNION ALL SELECT 'absence', a.id::text
	  FROM absence a JOIN employee e ON e.id = a.employee WHERE e.person = :person
)
SELECT 'log' AS section, local_text(l.at, own_zone(:person)) AS at, NULL AS until,
       l.action || ' ' || l.entity AS what, NULL AS place, l.item
  FROM (
	SELECT a.id, a.at, a.action, a.entity, to_jsonb(a) AS item
	  FROM own JOIN audit a ON a.entity = own.entity AND a.entity_id = own.id
	UNION ALL
	SELECT a.id, a.at, a.action, a.entity,
	       to_jsonb(a) - '{old,new}'::text[]
	  FROM audit a
	 WHERE a.actor = 'person:' || :person
	   AND NOT EXISTS (SELECT FROM own
		WHERE own.entity = a.entity AND own.id = a.entity_id)) l
 ORDER BY l.id;
