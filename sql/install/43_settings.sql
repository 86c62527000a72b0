-- What goes into the ledger besides changes of attached tables: changes of
-- rules, scope and calendar, and acts that outer systems report.

-- ---------------------------------------------------------------- settings

-- Ranges print their dates as DateStyle says.
CREATE FUNCTION certdata.record_settings() RETURNS trigger
	LANGUAGE c
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO, YMD'
	AS 'MODULE_PATHNAME', 'certdata_record_settings';
REVOKE EXECUTE ON FUNCTION certdata.record_settings() FROM PUBLIC;
COMMENT ON FUNCTION certdata.record_settings() IS
'trigger of the tables of rules, scope and calendar: once the ledger is started, each statement is an act of kind settings, with an entry for each row: {"old": row, "new": row}. QC021 if the ledger is another cluster''s or database''s, but for INSERT, as a restore does';

DO $$
DECLARE
	target text;
BEGIN
	-- settings.c has the same list
	FOREACH target IN ARRAY ARRAY['rule_setting', 'category_setting', 'level_letter', 'organisation', 'organisation_name',
			'filing', 'scope', 'calendar_day_setting', 'calendar_year_setting', 'period_setting'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER ledger_insert AFTER INSERT ON certdata.%I'
			' REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.record_settings()', target);
		EXECUTE pg_catalog.format('CREATE TRIGGER ledger_update AFTER UPDATE ON certdata.%I'
			' REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.record_settings()', target);
		EXECUTE pg_catalog.format('CREATE TRIGGER ledger_delete AFTER DELETE ON certdata.%I'
			' REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.record_settings()', target);
		-- before: afterwards nobody knows what was there
		EXECUTE pg_catalog.format('CREATE TRIGGER ledger_truncate BEFORE TRUNCATE ON certdata.%I'
			' FOR EACH STATEMENT EXECUTE FUNCTION certdata.record_settings()', target);
		EXECUTE pg_catalog.format('ALTER TABLE certdata.%I ENABLE ALWAYS TRIGGER ledger_insert, ENABLE ALWAYS TRIGGER ledger_update,'
			' ENABLE ALWAYS TRIGGER ledger_delete, ENABLE ALWAYS TRIGGER ledger_truncate', target);
	END LOOP;
END $$;

-- ---------------------------------------------------------------- acts of outer systems

CREATE FUNCTION certdata.record_act(act text, target regclass, cert_no certdata.certno, reason text, detail jsonb DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_record_act';
REVOKE EXECUTE ON FUNCTION certdata.record_act(text, regclass, certdata.certno, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION certdata.record_act(text, regclass, certdata.certno, text, jsonb) IS
'writes an act of an outer system into the ledger (第十三条 传输、审核): receive, review, return, forward, share, query, or another lower-case word that is no act of certdata''s (22023). cert_no: whose life it goes into, NULL: it is about the whole table. reason may be NULL. detail is kept for good and shown to auditors: no personal data. Returns the number of the act; P0002: no such certificate, QC016: not attached, QC020, QC021: no ledger here; 42501 without SELECT on the table';

CREATE FUNCTION certdata.record_act(act text, target regclass, cert_no text, reason text, detail jsonb DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_record_act';
REVOKE EXECUTE ON FUNCTION certdata.record_act(text, regclass, text, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION certdata.record_act(text, regclass, text, text, jsonb) IS
'writes an act of an outer system into the ledger (第十三条 传输、审核): receive, review, return, forward, share, query, or another lower-case word that is no act of certdata''s (22023). cert_no: whose life it goes into, NULL: it is about the whole table. reason may be NULL. detail is kept for good and shown to auditors: no personal data. Returns the number of the act; P0002: no such certificate, QC016: not attached, QC020, QC021: no ledger here; 42501 without SELECT on the table';
