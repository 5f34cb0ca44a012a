-- Keys, each wrapped under the master key (lib/trust/keyring.c).

-- key_list() many
SELECT id::int8 AS id, purpose, wrapped, active_from, retired_at
  FROM key
 ORDER BY id;

-- key_add(id int4, purpose text, wrapped bytea, old int4, now timestamptz) one
-- A new active key in place of the old one (0: there is none).  Nothing
-- happens if somebody else was quicker.
WITH retired AS (
	UPDATE key SET retired_at = :now
	 WHERE id = :old AND purpose = :purpose AND retired_at IS NULL
	RETURNING id
)
INSERT INTO key (id, purpose, wrapped, active_from)
SELECT :id, :purpose, :wrapped, :now
  FROM (SELECT count(*) AS n FROM retired) r
 WHERE r.n = (CASE WHEN :old = 0 THEN 0 ELSE 1 END)
ON CONFLICT DO NOTHING
RETURNING id::int8 AS id;

-- key_retire_all(now timestamptz) none
UPDATE key SET retired_at = :now WHERE retired_at IS NULL;

-- key_restore(id int4, purpose text, wrapped bytea, active_from timestamptz, retired_at timestamptz?) none
INSERT INTO key (id, purpose, wrapped, active_from, retired_at)
VALUES (:id, :purpose, :wrapped, :active_from, :retired_at)
ON CONFLICT (id) DO UPDATE
   SET purpose = excluded.purpose, wrapped = excluded.wrapped,
       active_from = excluded.active_from, retired_at = excluded.retired_at;

-- key_due(purpose text, age_seconds int8, now timestamptz) one
-- Is the active key of a purpose older than that?
SELECT EXISTS (SELECT FROM key
	WHERE purpose = :purpose AND retired_at IS NULL
	  AND active_from <= :now::timestamptz - make_interval(secs => :age_seconds)) AS due;

-- key_prune(now timestamptz) many
-- What nothing valid can hang on any more: a code lives a minute, a token at
-- most a day (TOKEN_MINUTES).  Peppers stay.
DELETE FROM key
 WHERE retired_at < :now::timestamptz - CASE purpose
	WHEN 'seal' THEN interval '1 day'
	WHEN 'token' THEN interval '2 days' END
RETURNING id::int8 AS id, purpose;
