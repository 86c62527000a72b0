-- Sessions keep what they have read of settings, filings and scope, until word
-- comes that something has changed.

CREATE FUNCTION certdata.setting_changed() RETURNS boolean
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_setting_changed';
COMMENT ON FUNCTION certdata.setting_changed() IS
'WHEN of the trigger certdata_told: has every session read settings, filings and scope again when the transaction commits; always false, and nothing when called by hand';

CREATE FUNCTION certdata.setting_told() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_setting_told';
REVOKE EXECUTE ON FUNCTION certdata.setting_told() FROM PUBLIC;
COMMENT ON FUNCTION certdata.setting_told() IS
'trigger function of certdata_told, whose WHEN does all; is never called';

DO $$
DECLARE
	target text;
BEGIN
	FOREACH target IN ARRAY ARRAY['rule_setting', 'category_setting', 'level_letter', 'organisation', 'organisation_name', 'filing', 'scope'] LOOP
		-- of no row an event is queued, and COPY writes many at once
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_told AFTER INSERT OR UPDATE OR DELETE ON certdata.%I'
			' FOR EACH ROW WHEN (certdata.setting_changed()) EXECUTE FUNCTION certdata.setting_told()', target);
		EXECUTE pg_catalog.format('ALTER TABLE certdata.%I ENABLE ALWAYS TRIGGER certdata_told', target);
	END LOOP;
END $$;
