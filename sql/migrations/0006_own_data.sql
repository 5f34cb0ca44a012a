-- Employees from a file, one's own data: shifts as a calendar, and erasure.

-------------------------------------------------------------------- import

-- The lines of a file while it is imported; nothing of it is ever committed.
-- What a file does not say is filled in from the database.
CREATE UNLOGGED TABLE import_line (
	import		text NOT NULL,		-- the request
	line		integer NOT NULL,
	id		bigint,
	personnel_number text,
	last_name	text,
	first_name	text,
	middle_name	text,
	phone		text,
	language	text,
	branch_name	text,
	position_name	text,
	card_uid	text,
	hired_on	date,
	left_on		date,
	errors		jsonb NOT NULL,
	-- what it is about, and what becomes of it
	employee	bigint,
	person		bigint,
	branch		bigint,
	position	bigint,
	changes		text[],
	action		text CONSTRAINT import_line_action CHECK
		(action IN ('create', 'update', 'same', 'refused')),
	PRIMARY KEY (import, line)
);
-- What is wrong with a line, as a sentence.
CREATE FUNCTION import_detail(code text, about text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE code
		WHEN 'before_hired' THEN 'Not before the day of hiring.'
		WHEN 'erased' THEN 'This employee has left, and his data is erased.'
		WHEN 'future' THEN 'Not after today.'
		WHEN 'is_admin' THEN 'An administrator does not leave by a file.'
		WHEN 'required' THEN 'This is required.'
		WHEN 'taken' THEN 'It belongs to ' || about || '.'
		WHEN 'twice' THEN 'Line ' || about || ' has the same.'
		WHEN 'unknown' THEN 'There is no ' || about || '.' END;
GRANT SELECT, INSERT, UPDATE, DELETE ON import_line TO tabel_app;
-- Their numbers are drawn before the rows are made.
GRANT USAGE ON SEQUENCE person_id_seq, employee_id_seq TO tabel_app;

------------------------------------------------------------------ calendar

-- The secret address at which somebody's shifts can be subscribed to; only a
-- hash of it is kept.
CREATE TABLE calendar_link (
	person		bigint PRIMARY KEY REFERENCES person ON DELETE CASCADE,
	hash		text NOT NULL CONSTRAINT calendar_link_hash UNIQUE,
	made_at		timestamptz NOT NULL,
	last_read_at	timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_link TO tabel_app;
GRANT SELECT (person, made_at, last_read_at) ON calendar_link TO tabel_reader;
