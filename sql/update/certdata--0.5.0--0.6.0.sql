-- From 0.5.0: the same rules, faster.

\include sql/install/21_stream.sql
COMMENT ON FUNCTION certdata.check_new_rows() IS
'trigger AFTER INSERT, or AFTER UPDATE, FOR EACH STATEMENT, REFERENCING NEW TABLE: all record rules on the new rows in one pass; refuses with 23514 and names the bad rows, warnings come as one WARNING. certdata.check_inserts() makes triggers that need no transition table';
GRANT EXECUTE ON FUNCTION certdata.check_inserts(regclass) TO certdata_officer, certdata_admin;

-- New rows of attached tables are seen as they come, but for partitioned ones.
DROP FUNCTION IF EXISTS certdata.add_triggers_as_owner(regclass, uuid, name[]);
DROP FUNCTION IF EXISTS certdata.enable_triggers_as_owner(regclass);
\include sql/install/31_triggers.sql
DO $$
DECLARE
	attached regclass;
	attachment uuid;
BEGIN
	FOR attached, attachment IN SELECT a.relation, a.id FROM certdata.attachment AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.relation
			WHERE a.detached_at IS NULL AND c.relkind = 'r' AND NOT c.relispartition LOOP
		EXECUTE pg_catalog.format('DROP TRIGGER certdata_insert ON %s', attached);
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_insert AFTER INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION certdata.guard_insert(%L)',
			attached, attachment);
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_row AFTER INSERT ON %s FOR EACH ROW WHEN (certdata.new_row(new.ctid)) EXECUTE FUNCTION certdata.guard_row(%L)',
			attached, attachment);
		EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ALWAYS TRIGGER certdata_insert, ENABLE ALWAYS TRIGGER certdata_row', attached);
	END LOOP;
END $$;

DROP FUNCTION IF EXISTS certdata.doctor_trigger_faults();
DROP FUNCTION IF EXISTS certdata.doctor_triggers_wanted();
\include sql/install/47_doctor_attached.sql
