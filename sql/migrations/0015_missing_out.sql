-- An interval that was still open when its row was made has lost its end once
-- its limit is over, whether or not the worker has been by since (W4).
CREATE FUNCTION is_missing_out(state text, limit_at timestamptz, now timestamptz)
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT state = 'missing_out' OR (state = 'open' AND limit_at < now)
$$;
