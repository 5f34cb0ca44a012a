-- Corrections of events, and manual entries (T5, T6, WORKTIME W2 and W10).
--
-- A fact is never overwritten: what turned out wrong is voided, what is right
-- is added, and both are kept.

-- A request to change the events of an employee: asked by one, decided by
-- another.
CREATE TABLE correction (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	employee	bigint NOT NULL REFERENCES employee,
	action		text NOT NULL CONSTRAINT correction_action CHECK
		(action IN ('add', 'void', 'change')),
	event		bigint REFERENCES event,	-- the one that is wrong
	-- what that event was taken for when it was asked
	was		text CONSTRAINT correction_was CHECK (was IN ('in', 'out')),
	-- what is right
	at		timestamptz,
	kind		text CONSTRAINT correction_kind CHECK (kind IN ('in', 'out')),
	reason		text NOT NULL
		CONSTRAINT correction_reason CHECK (reason <> ''),
	asked_by	bigint NOT NULL REFERENCES person,
	asked_at	timestamptz NOT NULL,
	state		text NOT NULL DEFAULT 'pending'
		CONSTRAINT correction_state CHECK
		(state IN ('pending', 'approved', 'rejected', 'withdrawn')),
	decided_by	bigint REFERENCES person,
	decided_at	timestamptz,
	decision	text,				-- why
	made		bigint REFERENCES event,	-- the fact that came of it
	CONSTRAINT correction_fields CHECK (
		(action = 'add') = (event IS NULL)
		AND (action = 'add') = (was IS NULL)
		AND (action = 'void') = (at IS NULL)
		AND (action = 'void') = (kind IS NULL)),
	CONSTRAINT correction_whole_second CHECK (at = date_trunc('second', at)),
	CONSTRAINT correction_past CHECK (at <= asked_at),
	CONSTRAINT correction_own CHECK (decided_by <> asked_by),
	CONSTRAINT correction_decision CHECK
		((state = 'pending') = (decided_at IS NULL)
		AND (state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)
		AND (state <> 'rejected' OR decision IS NOT NULL)),
	CONSTRAINT correction_made CHECK
		((state = 'approved' AND action <> 'void') = (made IS NOT NULL))
);
-- One that waits for each event, or for each instant and kind to be added.
CREATE UNIQUE INDEX correction_pending ON correction (employee, event,
	(CASE WHEN event IS NULL THEN at END),
	(CASE WHEN event IS NULL THEN kind END)) NULLS NOT DISTINCT
	WHERE state = 'pending';
CREATE INDEX correction_waiting ON correction (id) WHERE state = 'pending';
CREATE INDEX correction_employee ON correction (employee, id);
CREATE INDEX correction_event ON correction (event) WHERE event IS NOT NULL;
CREATE INDEX correction_made_index ON correction (made) WHERE made IS NOT NULL;

ALTER TABLE event
	-- this fact no longer counts: it has no meaning, and is in no interval
	ADD voided_by bigint REFERENCES correction,
	-- whoever entered it confirmed an interval of that length, beyond the
	-- limit, which this fact begins or ends (W10)
	ADD longest_seconds integer CONSTRAINT event_longest CHECK
		(longest_seconds BETWEEN 1 AND 129600),
	ADD CONSTRAINT event_longest_entered CHECK
		(longest_seconds IS NULL OR source IN ('manual', 'correction')),
	ADD CONSTRAINT event_entered CHECK (source NOT IN ('manual', 'correction')
		OR (made_by IS NOT NULL AND reason IS NOT NULL));

---------------------------------------------------------- audit, privileges

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON correction
	FOR EACH ROW EXECUTE FUNCTION audit_row();
-- Entries by hand, and what is voided; a scan is nobody's change.
CREATE TRIGGER audit AFTER INSERT ON event
	FOR EACH ROW WHEN (NEW.source IN ('manual', 'correction'))
	EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit_voided AFTER UPDATE ON event
	FOR EACH ROW EXECUTE FUNCTION audit_row();

GRANT SELECT ON correction TO tabel_reader;
GRANT SELECT, INSERT, UPDATE ON correction TO tabel_app;
-- Nothing else of a fact changes.
GRANT UPDATE (voided_by) ON event TO tabel_app;
