-- A closed month is opened again only as the next revision, for a reason;
-- nothing else about it changes, whoever writes.
CREATE FUNCTION guard_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (NEW.branch, NEW.month) <> (OLD.branch, OLD.month)
		OR NEW.revision <> OLD.revision + (OLD.state = 'closed')::int
		OR OLD.state = 'closed' AND NEW.state = 'closed'
		OR OLD.state = 'open' AND NEW.reason IS DISTINCT FROM OLD.reason
	THEN
		PERFORM period_refuse(OLD.branch, OLD.month);
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON period
	FOR EACH ROW EXECUTE FUNCTION guard_period();
