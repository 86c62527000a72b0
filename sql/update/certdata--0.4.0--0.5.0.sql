-- From 0.4.0: what a preloaded library refuses, what a doctor sees, and
-- that attach() runs nothing of the user's as the extension's owner.

\include sql/install/36_protect.sql
\include sql/install/50_apply.sql

-- They no longer plan queries on the user's table.
DROP FUNCTION certdata.attach_check_states(regclass, uuid, uuid, name, text);
DROP FUNCTION certdata.register_numbers(regclass, uuid, uuid, text);
DROP FUNCTION IF EXISTS certdata.attach_rows(regclass, name, name);
\include sql/install/33_attach_rows.sql

DROP FUNCTION certdata.doctor();
\include sql/install/47_doctor.sql
\include sql/install/47_doctor_check.sql
\include sql/install/47_doctor_attached.sql
\include sql/install/47_doctor_guard.sql
\include sql/install/47_doctor_ledger.sql
\include sql/install/47_doctor_server.sql
\include sql/install/48_doctor.sql

ALTER FUNCTION certdata.attach_options(text, text, text, boolean, boolean) PARALLEL SAFE;
COMMENT ON COLUMN certdata.attachment.relation IS
'the table; -: it was dropped, its name is in the ledger (act drop)';
COMMENT ON COLUMN certdata.recorded_act."table" IS
'attached table, or table of rules, scope or calendar; -: an attached table that was dropped, its name is in the detail of its act drop; NULL: the ledger itself';

-- Of 90_acl.sql what is new.
GRANT SELECT ON certdata.attempt, certdata.maintenance TO certdata_admin, certdata_auditor;
GRANT EXECUTE ON FUNCTION certdata.library() TO certdata_admin, certdata_auditor;
GRANT EXECUTE ON FUNCTION certdata.doctor() TO certdata_admin, certdata_auditor;
