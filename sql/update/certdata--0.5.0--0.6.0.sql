-- From 0.5.0: the same rules, faster.

\include sql/install/21_stream.sql
COMMENT ON FUNCTION certdata.check_new_rows() IS
'trigger AFTER INSERT, or AFTER UPDATE, FOR EACH STATEMENT, REFERENCING NEW TABLE: all record rules on the new rows in one pass; refuses with 23514 and names the bad rows, warnings come as one WARNING. certdata.check_inserts() makes triggers that need no transition table';
GRANT EXECUTE ON FUNCTION certdata.check_inserts(regclass) TO certdata_officer, certdata_admin;

-- New rows of attached tables are seen as they come, and rows that MERGE moves to another partition as they go.
DROP FUNCTION IF EXISTS certdata.add_triggers_as_owner(regclass, uuid, name[]);
DROP FUNCTION IF EXISTS certdata.enable_triggers_as_owner(regclass);
\include sql/install/31_triggers.sql
DO $$
DECLARE
	attached record;
BEGIN
	-- partitions that were detached keep their triggers, and may be attached again
	FOR attached IN SELECT t.tgrelid::regclass AS relid, left(pg_catalog.encode(t.tgargs, 'escape'), 36)::uuid AS id, c.relkind = 'r' AS holds_rows,
				NOT EXISTS (SELECT FROM certdata.attachment AS a WHERE a.relation = t.tgrelid AND a.detached_at IS NULL) AS is_partition
			FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
			WHERE t.tgname = 'certdata_insert' AND t.tgfoid = 'certdata.guard_insert()'::regprocedure LOOP
		EXECUTE pg_catalog.format('DROP TRIGGER certdata_insert ON %s', attached.relid);
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_insert AFTER INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION certdata.guard_insert(%L)',
			attached.relid, attached.id);
		EXECUTE pg_catalog.format('ALTER TABLE ONLY %s ENABLE ALWAYS TRIGGER certdata_insert', attached.relid);
		CONTINUE WHEN NOT attached.holds_rows;
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_row AFTER INSERT ON %s FOR EACH ROW WHEN (certdata.new_row(new.ctid)) EXECUTE FUNCTION certdata.guard_row(%L)',
			attached.relid, attached.id);
		EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ALWAYS TRIGGER certdata_row', attached.relid);
		CONTINUE WHEN NOT attached.is_partition;
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_gone AFTER DELETE ON %s FOR EACH ROW WHEN (certdata.gone_row(old.ctid)) EXECUTE FUNCTION certdata.guard_gone(%L)',
			attached.relid, attached.id);
		EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ALWAYS TRIGGER certdata_gone', attached.relid);
	END LOOP;
END $$;

DROP FUNCTION IF EXISTS certdata.doctor_trigger_faults();
DROP FUNCTION IF EXISTS certdata.doctor_triggers_wanted();
\include sql/install/47_doctor_attached.sql

COMMENT ON COLUMN certdata.life.name_used IS
'姓名 was corrected (第十四条: 只能更改其中的一项) before there was a ledger, or by certdata.item_span = request; else certdata.ledger_entry.state tells';
COMMENT ON COLUMN certdata.life.document_used IS
'证件号码 was corrected (第十四条) before there was a ledger, or by certdata.item_span = request; else certdata.ledger_entry.state tells';

-- Entries are found by the first of each group, and many of them in one place.
ALTER TABLE certdata.ledger_entry DROP CONSTRAINT IF EXISTS ledger_entry_pkey;
CREATE INDEX IF NOT EXISTS ledger_entry_act ON certdata.ledger_entry (act, n)
	WHERE n % 32 = 1 OR 2 * octet_length(salts) <> octet_length(commitments);
CREATE INDEX IF NOT EXISTS ledger_entry_act_range ON certdata.ledger_entry USING brin (act);
ALTER TABLE certdata.ledger_entry REPLICA IDENTITY FULL;
COMMENT ON INDEX certdata.ledger_entry_act IS
'where entries of an act begin: the first of each 32, behind which the others lie, and what was erased, which lies elsewhere';
COMMENT ON INDEX certdata.ledger_entry_act_range IS
'for queries by act';
