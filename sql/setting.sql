-- setting_get(name text) one
SELECT value FROM setting WHERE name = :name;

-- setting_hold(name text) none
-- There may be no row to lock.
SELECT pg_advisory_xact_lock(hashtextextended('tabel.setting.' || :name, 0));

-- setting_list() many
SELECT name, value, changed_at FROM setting ORDER BY name;

-- setting_put(name text, value text) one
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = now()
RETURNING name, value, changed_at;
