-- What 0001 said differently for a while, so that it may say again what it
-- said first: the same schema whichever of the two made an installation.

CREATE INDEX IF NOT EXISTS event_meaning_missing_in ON event_meaning (event)
	WHERE effect = 'missing_in';

-- A column that key gets later is not the reader's by itself.
REVOKE SELECT ON key FROM tabel_reader;
GRANT SELECT (id, purpose, active_from, retired_at) ON key TO tabel_reader;
