-- What only the library writes, logical replication must not write either: a
-- subscriber has a ledger of its own.  The apply worker fires row triggers in
-- the replica role; the library itself fires none.

CREATE FUNCTION certdata.refuse_apply() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_refuse_apply';
REVOKE EXECUTE ON FUNCTION certdata.refuse_apply() FROM PUBLIC;
COMMENT ON FUNCTION certdata.refuse_apply() IS
'trigger of the tables that only certdata writes: refuses what logical replication brings (QC031)';

DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['attachment', 'life', 'withdrawn', 'known_fault', 'attempt', 'maintenance',
		'ledger', 'ledger_incarnation', 'ledger_shape', 'ledger_act', 'ledger_entry', 'ledger_order', 'ledger_tile', 'ledger_head'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_apply BEFORE INSERT OR UPDATE OR DELETE ON certdata.%I FOR EACH ROW EXECUTE FUNCTION certdata.refuse_apply()', t);
		EXECUTE pg_catalog.format('CREATE TRIGGER certdata_apply_truncate BEFORE TRUNCATE ON certdata.%I FOR EACH STATEMENT EXECUTE FUNCTION certdata.refuse_apply()', t);
		EXECUTE pg_catalog.format('ALTER TABLE certdata.%I ENABLE REPLICA TRIGGER certdata_apply, ENABLE REPLICA TRIGGER certdata_apply_truncate', t);
	END LOOP;
END $$;
