-- The ledger as an auditor reads it.  Names and document numbers are masked
-- here; certdata.history() shows them to those who may read the table.

CREATE FUNCTION certdata.day_of(at timestamptz) RETURNS date
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_day_of';
COMMENT ON FUNCTION certdata.day_of(timestamptz) IS
'the day that it is then in certdata.time_zone';

CREATE FUNCTION certdata.day_begins(day date) RETURNS timestamptz
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_day_begins';
COMMENT ON FUNCTION certdata.day_begins(date) IS
'when the day begins in certdata.time_zone';

CREATE FUNCTION certdata.masked(field text, value text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_masked';
COMMENT ON FUNCTION certdata.masked(text, text) IS
'a value of a field of the report as it may be shown: 姓名 and 证件号码 masked (certdata.mask_first, certdata.mask_last), of others long runs of digits; cut after 60 characters';

-- Rows come in the order of time, so this costs a write next to nothing.
CREATE INDEX ledger_act_recorded_at ON certdata.ledger_act USING brin (recorded_at);

CREATE VIEW certdata.recorded_act AS
	SELECT l.id AS act, l.recorded_at AS at, certdata.day_of(l.recorded_at) AS day, l.kind,
		COALESCE(a.relation, CASE WHEN l.kind = 'settings' THEN to_regclass(l.detail ->> 'table') END) AS "table",
		l.entries, l.session_user_name, l.current_user_name, l.address,
		l.actor, l.actor_org, l.application_name, l.reason, l.approval, l.exception, l.detail,
		l.statement_id, l.incarnation, l.transaction, o.act IS NOT NULL AS sealed, o.first_leaf AS leaf
	FROM certdata.ledger_act AS l
	LEFT JOIN certdata.attachment AS a ON a.id = l.attachment
	LEFT JOIN certdata.ledger_order AS o ON o.act = l.id;
COMMENT ON VIEW certdata.recorded_act IS
'the acts in the ledger (第十三条): what was done, when, by whom, to which table; of certain days quickest by certdata.acts_of()';
COMMENT ON COLUMN certdata.recorded_act.day IS 'in certdata.time_zone';
COMMENT ON COLUMN certdata.recorded_act."table" IS
'attached table, or table of rules, scope or calendar; -: an attached table that was dropped, its name is in the detail of its act drop; NULL: the ledger itself';
COMMENT ON COLUMN certdata.recorded_act.entries IS 'how many rows of certdata.recorded_entry it has';
COMMENT ON COLUMN certdata.recorded_act.session_user_name IS 'observed: who logged in';
COMMENT ON COLUMN certdata.recorded_act.current_user_name IS 'observed: as whom the statement ran';
COMMENT ON COLUMN certdata.recorded_act.address IS 'observed: where the client is; NULL: a local connection';
COMMENT ON COLUMN certdata.recorded_act.actor IS 'claimed (certdata.actor), as are actor_org and application_name';
COMMENT ON COLUMN certdata.recorded_act.reason IS 'claimed, as are approval and exception';
COMMENT ON COLUMN certdata.recorded_act.statement_id IS 'the same for the acts of one statement';
COMMENT ON COLUMN certdata.recorded_act.sealed IS 'it is in the tree (certdata.seal)';
COMMENT ON COLUMN certdata.recorded_act.leaf IS 'its leaf in the tree, from 0; those of its entries follow';

CREATE FUNCTION certdata.acts_of(first date, last date DEFAULT NULL) RETURNS SETOF certdata.recorded_act
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
	BEGIN ATOMIC
		SELECT r.* FROM certdata.recorded_act AS r
		WHERE r.at >= certdata.day_begins(first) AND r.at < certdata.day_begins(COALESCE(last, first) + 1);
	END;
REVOKE EXECUTE ON FUNCTION certdata.acts_of(date, date) FROM PUBLIC;
COMMENT ON FUNCTION certdata.acts_of(date, date) IS
'acts of one day, or from the first day to the last, in certdata.time_zone: the rows of certdata.recorded_act, found by an index';

CREATE VIEW certdata.recorded_entry AS
	SELECT e.act, e.n, l.kind, l.recorded_at AS at, l.session_user_name, l.actor, l.actor_org,
		COALESCE(a.relation, CASE WHEN l.kind = 'settings' THEN to_regclass(l.detail ->> 'table') END) AS "table",
		e.cert_no, e.life_seq,
		ARRAY(SELECT w.word
			FROM unnest(ARRAY['name corrected', 'document corrected', 'published', 'suspended', 'retired', 'withdrawn', 'renumbered'])
				WITH ORDINALITY AS w(word, bit)
			WHERE e.state & (1 << (w.bit::integer - 1)) <> 0
			ORDER BY w.bit) AS state,
		ARRAY(SELECT f.header FROM certdata.report_fields() AS f
			WHERE e.changed & (1 << (f.ord - 1)) <> 0
			ORDER BY f.ord) AS changed,
		CASE WHEN l.kind = 'settings' THEN e.old_values
			WHEN e.old_values IS NOT NULL THEN
				(SELECT jsonb_object_agg(v.key, certdata.masked(CASE v.key WHEN 'renumbered_to' THEN '证书编号' ELSE v.key END, v.value))
				 FROM jsonb_each_text(e.old_values) AS v)
		END AS old_values,
		l.shape
	FROM certdata.ledger_entry AS e
	JOIN certdata.ledger_act AS l ON l.id = e.act
	LEFT JOIN certdata.attachment AS a ON a.id = l.attachment;
COMMENT ON VIEW certdata.recorded_entry IS
'the records that acts concern, one row each (第十三条); values of certificates masked: certdata.history() shows them to those who may read the table';
COMMENT ON COLUMN certdata.recorded_entry.n IS 'place within the act, from 1';
COMMENT ON COLUMN certdata.recorded_entry.session_user_name IS 'observed: who logged in';
COMMENT ON COLUMN certdata.recorded_entry.actor IS 'claimed, as is actor_org';
COMMENT ON COLUMN certdata.recorded_entry.life_seq IS
'place in the life of the certificate, from 1; 0: no certificate''s';
COMMENT ON COLUMN certdata.recorded_entry.state IS
'of the certificate after the act: name corrected, document corrected, published (by publish()), suspended, retired, withdrawn, renumbered (it goes by another number now)';
COMMENT ON COLUMN certdata.recorded_entry.changed IS 'fields that changed';
COMMENT ON COLUMN certdata.recorded_entry.old_values IS
'what the fields that changed held before, masked; of rules, scope and calendar the row before and after: {"old": {...}, "new": {...}}';
COMMENT ON COLUMN certdata.recorded_entry.shape IS 'certdata.ledger_shape; 0: none';
