-- From 0.2.0: guarded tables.

\include sql/install/30_guard.sql
\include sql/install/32_attach.sql
\include sql/install/33_attach_rows.sql
\include sql/install/34_act.sql

-- Of 90_acl.sql what is new; the rest may have been changed since.
GRANT SELECT ON certdata.attachment, certdata.attached_column TO certdata_admin, certdata_officer, certdata_auditor;
GRANT SELECT ON certdata.life, certdata.withdrawn, certdata.known_fault TO certdata_admin, certdata_auditor;
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
				AND p.proname IN ('correct', 'renumber', 'retire', 'reinstate', 'suspend', 'resume', 'publish', 'withdraw') LOOP
		EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO certdata_officer, certdata_admin', act);
	END LOOP;
END $$;
