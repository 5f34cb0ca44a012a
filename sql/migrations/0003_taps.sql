-- Card taps (T4; WORKTIME W3, W4).
--
-- A tap is kept as its terminal sent it, whatever becomes of it.  Of one that
-- is accepted and means something new there is an event; one that repeats the
-- event before it has none, and is judged again when earlier taps arrive late.

CREATE TABLE tap (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	terminal	bigint NOT NULL REFERENCES terminal,
	number		text NOT NULL,		-- the terminal's own
	uid		text NOT NULL,
	-- as given; NULL: to be worked out (W2)
	kind		text CONSTRAINT tap_kind CHECK (kind IN ('in', 'out')),
	device_at	timestamptz,		-- as sent; NULL: at once
	at		timestamptz NOT NULL,
	offline		boolean NOT NULL,	-- it was not sent at once
	received_at	timestamptz NOT NULL,
	branch		bigint NOT NULL REFERENCES branch,	-- as of then
	time_zone	text NOT NULL,
	limit_seconds	integer NOT NULL,
	state		text NOT NULL CONSTRAINT tap_state CHECK
		(state IN ('accepted', 'unknown', 'refused', 'dismissed')),
	reason		text,			-- the fault
	employee	bigint REFERENCES employee ON DELETE SET NULL,
	CONSTRAINT tap_once UNIQUE (terminal, number),
	CONSTRAINT tap_whole_second CHECK (at = date_trunc('second', at)),
	CONSTRAINT tap_reason CHECK (state <> 'refused' OR reason IS NOT NULL),
	CONSTRAINT tap_employee CHECK (state <> 'unknown' OR employee IS NULL)
);
CREATE INDEX tap_employee_at ON tap (employee, at) WHERE state = 'accepted';
CREATE INDEX tap_unknown ON tap (uid, at) WHERE state = 'unknown';
CREATE INDEX tap_refused ON tap (id) WHERE state = 'refused';

ALTER TABLE event ADD tap bigint CONSTRAINT tap_used UNIQUE REFERENCES tap;

-- The chain of receipts over rows that are made together: each is a hash over
-- the one before; previous is the one before the first.
CREATE FUNCTION receipt_next(receipt text, previous text, fact text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN encode(sha256(convert_to(concat_ws('|',
		coalesce(receipt, previous, ''), fact), 'UTF8')), 'hex');
CREATE AGGREGATE receipt_chain(previous text, fact text) (
	SFUNC = receipt_next, STYPE = text
);

-- What somebody does with a tap; that it came is its terminal's own doing.
CREATE TRIGGER audit AFTER UPDATE OF state ON tap
	FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
	EXECUTE FUNCTION audit_row();

GRANT SELECT ON tap TO tabel_reader;
GRANT SELECT, INSERT ON tap TO tabel_app;
GRANT UPDATE (state, reason, employee) ON tap TO tabel_app;
