-- Who had a card before is asked of the log with each batch of taps.

CREATE INDEX audit_card ON audit (at)
	WHERE entity = 'employee' AND old ->> 'card_uid' IS NOT NULL;
