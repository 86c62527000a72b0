-- Privileges.  Types and checks are for everyone; what changes settings is the
-- administrators', what loads or gives data back the officers'.

GRANT USAGE ON SCHEMA certdata TO PUBLIC;
GRANT SELECT ON certdata.report, certdata.rule, certdata.rule_setting, certdata.category,
	certdata.category_builtin, certdata.category_setting, certdata.level_letter TO PUBLIC;

GRANT INSERT, UPDATE, DELETE ON certdata.rule_setting, certdata.category_setting,
	certdata.level_letter, certdata.category TO certdata_admin;
GRANT UPDATE ON certdata.rule TO certdata_admin;

GRANT SELECT ON certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope,
	certdata.scope_file TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON certdata.organisation, certdata.organisation_name, certdata.filing,
	certdata.scope TO certdata_admin;

GRANT SELECT ON certdata.calendar_day, certdata.calendar_day_setting, certdata.calendar_year,
	certdata.calendar_year_setting, certdata.period, certdata.period_setting TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON certdata.calendar_day, certdata.calendar_day_setting,
	certdata.calendar_year, certdata.calendar_year_setting, certdata.period, certdata.period_setting TO certdata_admin;

GRANT EXECUTE ON FUNCTION certdata.load(regclass, regclass, boolean) TO certdata_officer, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.check_inserts(regclass) TO certdata_officer, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.rejected(regclass, regclass) TO certdata_officer, certdata_admin, certdata_auditor;

GRANT SELECT ON certdata.attachment, certdata.attached_column TO certdata_admin, certdata_officer, certdata_auditor;
GRANT SELECT ON certdata.life, certdata.withdrawn, certdata.known_fault TO certdata_admin, certdata_auditor;
GRANT SELECT ON certdata.attempt, certdata.maintenance TO certdata_admin, certdata_auditor;
GRANT EXECUTE ON FUNCTION certdata.library() TO certdata_admin, certdata_auditor;
-- The server copies this trigger to new partitions with the rights of whoever
-- makes them.  By itself the function is of no use: it wants an attached table.
GRANT EXECUTE ON FUNCTION certdata.guard_apply() TO PUBLIC;
GRANT EXECUTE ON FUNCTION
	certdata.attach(regclass, jsonb, text, boolean, text, boolean, regrole, text, text, name),
	certdata.validate(regclass), certdata.detach(regclass, text), certdata.create_registry(text)
	TO certdata_admin;

DO $$
DECLARE
	act regprocedure;
BEGIN
	FOR act IN SELECT p.oid FROM pg_catalog.pg_proc AS p
			WHERE p.pronamespace = 'certdata'::regnamespace
				AND p.proname IN ('correct', 'renumber', 'retire', 'reinstate', 'suspend', 'resume', 'publish', 'withdraw', 'record_act') LOOP
		EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO certdata_officer, certdata_admin', act);
	END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION certdata.start_ledger(text), certdata.adopt_ledger(text), certdata.seal() TO certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.inclusion_proof(bigint, bigint), certdata.consistency_proof(bigint, bigint),
	certdata.tree_root(bigint), certdata.leaf_of(bigint, integer), certdata.leaf_hash(bigint)
	TO certdata_admin, certdata_officer, certdata_auditor;

GRANT SELECT ON certdata.recorded_act, certdata.recorded_entry TO certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.acts_of(date, date) TO certdata_auditor, certdata_admin;

GRANT EXECUTE ON FUNCTION certdata.verify_ledger() TO certdata_admin, certdata_auditor;
GRANT EXECUTE ON FUNCTION certdata.history(regclass, certdata.certno), certdata.history(regclass, text),
	certdata.evidence(regclass, certdata.certno, text[], bigint), certdata.evidence(regclass, text, text[], bigint)
	TO certdata_officer, certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.export_ledger(bigint) TO certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.erase_old_values(regclass, certdata.certno, text, text),
	certdata.erase_old_values(regclass, text, text, text) TO certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.doctor() TO certdata_admin, certdata_auditor;
