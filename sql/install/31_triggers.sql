-- The triggers of attached tables.

CREATE FUNCTION certdata.guard_row() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_row';
REVOKE EXECUTE ON FUNCTION certdata.guard_row() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_row() IS
'trigger of attached tables: its WHEN, certdata.new_row(), shows new rows to certdata.guard_insert() as they come';

CREATE FUNCTION certdata.gone_row(at tid) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_gone_row';
COMMENT ON FUNCTION certdata.gone_row(tid) IS
'WHEN of a trigger AFTER DELETE FOR EACH ROW, with old.ctid: notes a row that a statement moves to another partition; always false. 39P01 for any other use';
GRANT EXECUTE ON FUNCTION certdata.gone_row(tid) TO PUBLIC;

CREATE FUNCTION certdata.guard_gone() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_gone';
REVOKE EXECUTE ON FUNCTION certdata.guard_gone() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_gone() IS
'trigger of partitions of attached tables: its WHEN, certdata.gone_row(), shows to certdata.guard_update() what leaves for another partition';

CREATE FUNCTION certdata.add_triggers_as_owner(target regclass, id uuid, columns name[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	listed text := (SELECT string_agg(quote_ident(c), ', ' ORDER BY o) FROM unnest(columns) WITH ORDINALITY AS u(c, o));
	holds_rows boolean;
	is_partition boolean;
	t record;
BEGIN
	SELECT c.relkind = 'r', c.relispartition INTO holds_rows, is_partition FROM pg_class AS c WHERE c.oid = target;
	FOR t IN SELECT * FROM (VALUES
		('certdata_begin', 'BEFORE INSERT OR UPDATE OR DELETE', '', 'guard_begin'),
		('certdata_columns', 'BEFORE UPDATE OF ' || listed, '', 'guard_columns'),
		('certdata_insert', 'AFTER INSERT', '', 'guard_insert'),
		('certdata_update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows', 'guard_update'),
		('certdata_delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS old_rows', 'guard_delete'),
		('certdata_truncate', 'BEFORE TRUNCATE', '', 'guard_truncate')) AS v(name, event, tables, func) LOOP
		EXECUTE format('CREATE TRIGGER %I %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION certdata.%I(%L)',
			t.name, t.event, target, t.tables, t.func, id);
	END LOOP;
	IF holds_rows THEN
		EXECUTE format('CREATE TRIGGER certdata_row AFTER INSERT ON %s FOR EACH ROW WHEN (certdata.new_row(new.ctid)) EXECUTE FUNCTION certdata.guard_row(%L)',
			target, id);
	END IF;
	IF holds_rows AND is_partition THEN
		EXECUTE format('CREATE TRIGGER certdata_gone AFTER DELETE ON %s FOR EACH ROW WHEN (certdata.gone_row(old.ctid)) EXECUTE FUNCTION certdata.guard_gone(%L)',
			target, id);
	END IF;
	-- core gives a partitioned table's row triggers to its partitions
	IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = target AND tgname = 'certdata_apply') THEN
		EXECUTE format('CREATE TRIGGER certdata_apply AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION certdata.guard_apply(%L)',
			target, id);
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.add_triggers_as_owner(regclass, uuid, name[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.add_triggers_as_owner(regclass, uuid, name[]) IS
'gives one table its triggers; columns: the mapped ones in the attachment''s order, then the state column';

-- Apart from making them, because ALTER TABLE fires certdata_partitions again,
-- which is to find all tables of a tree with their triggers.
CREATE FUNCTION certdata.enable_triggers_as_owner(target regclass) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	t record;
BEGIN
	EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER certdata_begin, ENABLE ALWAYS TRIGGER certdata_columns,
		ENABLE ALWAYS TRIGGER certdata_insert, ENABLE ALWAYS TRIGGER certdata_update,
		ENABLE ALWAYS TRIGGER certdata_delete, ENABLE ALWAYS TRIGGER certdata_truncate', target);
	FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = target AND tgname IN ('certdata_row', 'certdata_gone') LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', target, t.tgname);
	END LOOP;
	IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = target AND tgname = 'certdata_apply' AND tgparentid = 0) THEN
		EXECUTE format('ALTER TABLE %s ENABLE REPLICA TRIGGER certdata_apply', target);
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.enable_triggers_as_owner(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.enable_triggers_as_owner(regclass) IS
'sets when the triggers of an attached table fire: always, that of single rows in the replica role';
