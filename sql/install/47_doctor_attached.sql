-- doctor(): the triggers that attached tables ought to have.

CREATE FUNCTION certdata.doctor_triggers_wanted(OUT name name, OUT func name, OUT type int, OUT fires "char", OUT holder text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 11
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT w.name::name, w.func::name, w.type, w.fires::"char", w.holder FROM (VALUES
		-- pg_trigger.tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead
		('certdata_begin', 'guard_begin', 2 + 4 + 8 + 16, 'A', 'table'),
		('certdata_columns', 'guard_columns', 2 + 16, 'A', 'table'),
		('certdata_insert', 'guard_insert', 4, 'A', 'table'),
		('certdata_row', 'guard_row', 1 + 4, 'A', 'table'),	-- of tables that hold rows, if certdata_insert has no transition table
		('certdata_gone', 'guard_gone', 1 + 8, 'A', 'table'),	-- of partitions that hold rows
		('certdata_update', 'guard_update', 16, 'A', 'table'),
		('certdata_delete', 'guard_delete', 8, 'A', 'table'),
		('certdata_truncate', 'guard_truncate', 2 + 32, 'A', 'table'),
		('certdata_apply', 'guard_apply', 1 + 4 + 8 + 16, 'R', 'table'),
		('certdata_live', 'guard_columns', 2 + 16, NULL, 'view'),	-- never fires
		('certdata_report', 'report_change', 1 + 64 + 4 + 8 + 16, 'O', 'view')) AS w(name, func, type, fires, holder)
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_triggers_wanted() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_triggers_wanted() IS
'the triggers that attached tables and their views have (certdata.add_triggers_as_owner, add_views_as_owner)';

CREATE FUNCTION certdata.doctor_trigger_faults(OUT root regclass, OUT relation regclass, OUT name name, OUT fault text, OUT cure text) RETURNS SETOF record
	LANGUAGE sql VOLATILE ROWS 5
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH holder AS (
		SELECT g.attachment, g.root, g.relation, 'table' AS kind FROM certdata.doctor_guarded() AS g
		UNION ALL
		-- a view is found by its trigger, whatever it is called today
		SELECT g.attachment, g.root, NULL, 'view' FROM certdata.doctor_guarded() AS g WHERE g.relation = g.root),
	compared AS (
		SELECT h.root, COALESCE(h.relation, t.tgrelid::regclass, h.root) AS relation, w.name, w.fires, w.holder, t.oid AS found, t.tgenabled,
			t.tgtype = w.type AND CASE w.name WHEN 'certdata_row' THEN pg_get_triggerdef(t.oid) ~ ' WHEN \(certdata\.new_row\(new\.ctid\)\) '
				WHEN 'certdata_gone' THEN pg_get_triggerdef(t.oid) ~ ' WHEN \(certdata\.gone_row\(old\.ctid\)\) ' ELSE t.tgqual IS NULL END AND left(encode(t.tgargs, 'escape'), 36) = h.attachment::text
				AND f.pronamespace = 'certdata'::regnamespace AND f.proname = w.func AND f.prosrc = 'certdata_' || w.func AND l.lanname = 'c' AS as_made
			FROM holder AS h JOIN certdata.doctor_triggers_wanted() AS w ON w.holder = h.kind
			LEFT JOIN pg_trigger AS t ON t.tgname = w.name AND CASE h.kind WHEN 'table' THEN t.tgrelid = h.relation
				ELSE left(encode(t.tgargs, 'escape'), 36) = h.attachment::text AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.tgrelid AND c.relkind = 'v') END
			LEFT JOIN pg_proc AS f ON f.oid = t.tgfoid LEFT JOIN pg_language AS l ON l.oid = f.prolang
			WHERE CASE w.name WHEN 'certdata_row' THEN EXISTS (SELECT FROM pg_class AS c WHERE c.oid = h.relation AND c.relkind = 'r') AND
					NOT EXISTS (SELECT FROM pg_trigger AS i WHERE i.tgrelid = h.relation AND i.tgname = 'certdata_insert' AND i.tgnewtable IS NOT NULL)
				WHEN 'certdata_gone' THEN EXISTS (SELECT FROM pg_class AS c WHERE c.oid = h.relation AND c.relkind = 'r' AND c.relispartition)
				ELSE true END)
	SELECT c.root, c.relation, c.name,
		CASE WHEN c.found IS NULL AND c.holder = 'view' THEN certdata.words('与其视图一起缺失', 'missing, with its view')
			WHEN c.found IS NULL THEN certdata.words('缺失', 'missing')
			WHEN c.as_made IS NOT TRUE THEN certdata.words('不是 certdata 建立的样子', 'not as certdata made it')
			ELSE certdata.words('未按应有方式启用', 'not enabled as it should be') END,
		CASE WHEN c.found IS NOT NULL AND c.as_made THEN format('ALTER TABLE %s ENABLE %sTRIGGER %I;', c.relation,
			CASE c.fires WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END, c.name) END
		FROM compared AS c
		WHERE c.found IS NULL OR c.as_made IS NOT TRUE OR c.tgenabled <> c.fires
		ORDER BY c.root::text, c.relation::text, c.name
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_trigger_faults() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_trigger_faults() IS
'triggers of attached tables and their views that are missing, altered, or do not fire when they should; the command that mends it, if one does';
