-- New rows seen as they come, without a transition table.

CREATE FUNCTION certdata.new_row(at tid) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_new_row';
COMMENT ON FUNCTION certdata.new_row(tid) IS
'WHEN of a trigger AFTER INSERT FOR EACH ROW, with new.ctid: shows the row to the statement''s other triggers where it stands; always false. 39P01 for any other use';

GRANT EXECUTE ON FUNCTION certdata.new_row(tid) TO PUBLIC;

CREATE FUNCTION certdata.check_inserts(target regclass) RETURNS void
	LANGUAGE plpgsql STRICT VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	kind "char" := (SELECT c.relkind FROM pg_class AS c WHERE c.oid = target);
	made record;
BEGIN
	IF kind <> 'r' THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = format(certdata.words('无法逐行查看 %s 的新行', 'the rows of %s cannot be seen one by one'), target),
			DETAIL = certdata.words('它不是普通表。', 'It is no ordinary table.'),
			HINT = CASE kind WHEN 'p' THEN certdata.words('分区表使用带过渡表的触发器 certdata.check_new_rows()。',
					'A partitioned table takes the trigger certdata.check_new_rows() with a transition table.')
				ELSE certdata.words('写明要校验的表。', 'Name the table whose rows are to be judged.') END;
	END IF;
	-- what is missing or disabled of an earlier call comes back; another trigger of that name is in the way
	FOR made IN SELECT d.*, CASE WHEN t.oid IS NOT NULL THEN 'OR REPLACE' ELSE '' END AS again
			FROM (VALUES ('check_new_rows_begin', 6, 'BEFORE INSERT', 'STATEMENT', ''),
				('check_new_rows_each', 5, 'AFTER INSERT', 'ROW', 'WHEN (certdata.new_row(new.ctid))'),
				('check_new_rows', 4, 'AFTER INSERT', 'STATEMENT', '')) AS d (name, type, event, each, condition)
			LEFT JOIN pg_trigger AS t ON t.tgrelid = target AND t.tgname = d.name AND t.tgtype = d.type AND t.tgnewtable IS NULL
				AND t.tgfoid = 'certdata.check_new_rows()'::regprocedure LOOP
		EXECUTE format('CREATE %s TRIGGER %I %s ON %s FOR EACH %s %s EXECUTE FUNCTION certdata.check_new_rows()',
			made.again, made.name, made.event, target, made.each, made.condition);
	END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.check_inserts(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.check_inserts(regclass) IS
'gives a table of one''s own the triggers by which every INSERT and COPY is judged by all record rules (certdata.check_new_rows); they see the rows as they come, which is faster than a transition table. Called again, it brings back what is missing or disabled; 42710: another trigger has one of the names. Needs the table''s owner';
