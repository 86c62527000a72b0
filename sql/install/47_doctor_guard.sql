-- doctor(): attached tables and what guards them.

-- ---------------------------------------------------------------- triggers

CREATE FUNCTION certdata.doctor_again(target regclass) RETURNS text
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT format(certdata.words('SELECT certdata.detach(%L, ''原因''); 然后按原来的选项（见 certdata.attachment）重新 certdata.attach(%1$L, …)',
		'SELECT certdata.detach(%L, ''reason''); then certdata.attach(%1$L, …) with the options that it had (certdata.attachment)'), target)
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_again(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_again(regclass) IS
'how to attach a table again';

CREATE FUNCTION certdata.doctor_guard_triggers(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		CASE WHEN count(*) = 0 THEN format(certdata.words('有保护的表（含分区）%s 张', 'tables under guard, partitions included: %s'), (SELECT count(*) FROM certdata.doctor_guarded()))
			ELSE certdata.doctor_names(array_agg(format('%s: %s %s', f.relation, f.name, f.fault))) END,
		certdata.doctor_cure(certdata.doctor_commands(array_agg(f.cure) || array_agg(certdata.doctor_again(f.root)) FILTER (WHERE f.cure IS NULL)))
		FROM certdata.doctor_trigger_faults() AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_triggers() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_triggers() IS
'doctor(): do attached tables, their partitions and views have all triggers';

CREATE FUNCTION certdata.doctor_guard_events(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH fault AS (
		SELECT w.name, t.oid AS found, w.event, w.func
			FROM (VALUES ('certdata_partitions', 'ddl_command_end', 'guard_partitions'), ('certdata_drops', 'sql_drop', 'guard_drops')) AS w(name, event, func)
			LEFT JOIN pg_event_trigger AS t ON t.evtname = w.name AND t.evtevent = w.event
				AND t.evtfoid = (SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace AND p.proname = w.func)
			WHERE t.evtenabled IS DISTINCT FROM 'A' OR (w.name = 'certdata_partitions' AND t.evttags IS NOT NULL AND NOT t.evttags @> ARRAY['CREATE TABLE', 'ALTER TABLE']))
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		certdata.words('事件触发器缺失或未启用，新分区、删除的表不受看管：', 'event triggers missing or not enabled, so that later partitions and dropped tables go unseen: ') ||
			certdata.doctor_names(array_agg(f.name ORDER BY f.name)),
		certdata.doctor_cure(certdata.doctor_commands(array_agg(
			CASE WHEN f.found IS NULL THEN format('DROP EVENT TRIGGER IF EXISTS %I; CREATE EVENT TRIGGER %1$I ON %s EXECUTE FUNCTION certdata.%I(); ', f.name, f.event, f.func) ELSE '' END ||
			format('ALTER EVENT TRIGGER %I ENABLE ALWAYS;', f.name) ORDER BY f.name)))
		FROM fault AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_events() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_events() IS
'doctor(): are the event triggers there and enabled';

-- The triggers of the tables of rules, scope and calendar record their
-- changes; those of the tables that the library alone writes keep logical
-- replication out.
CREATE FUNCTION certdata.doctor_guard_own(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH wanted AS (
		SELECT c.oid::regclass AS relation, w.name, w.func, w.fires
			FROM pg_class AS c
			CROSS JOIN (VALUES ('ledger_insert', 'record_settings', 'A'), ('ledger_update', 'record_settings', 'A'), ('ledger_delete', 'record_settings', 'A'),
				('ledger_truncate', 'record_settings', 'A'), ('attachment_changed', 'attachment_changed', 'A'), ('certdata_told', 'setting_told', 'A'),
				('certdata_apply', 'refuse_apply', 'R'), ('certdata_apply_truncate', 'refuse_apply', 'R')) AS w(name, func, fires)
			WHERE c.relnamespace = 'certdata'::regnamespace AND c.relkind = 'r' AND CASE w.func
				WHEN 'record_settings' THEN c.relname IN ('rule_setting', 'category_setting', 'level_letter', 'organisation', 'organisation_name',
					'filing', 'scope', 'calendar_day_setting', 'calendar_year_setting', 'period_setting')
				WHEN 'attachment_changed' THEN c.relname = 'attachment'
				WHEN 'setting_told' THEN c.relname IN ('rule_setting', 'category_setting', 'level_letter', 'organisation', 'organisation_name', 'filing', 'scope')
				ELSE certdata.doctor_is_internal(c.oid) END),
	fault AS (
		SELECT w.relation, w.name AS trigger, t.oid IS NULL AS missing, format('ALTER TABLE %s ENABLE %s TRIGGER %I;', w.relation, CASE w.fires WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END, w.name) AS cure
			FROM wanted AS w LEFT JOIN pg_trigger AS t ON t.tgrelid = w.relation AND t.tgname = w.name
				AND t.tgfoid = (SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace AND p.proname = w.func)
			WHERE t.tgenabled::text IS DISTINCT FROM w.fires
		UNION ALL
		-- what else there is: checks of what is entered
		SELECT t.tgrelid::regclass, t.tgname, false, format('ALTER TABLE %s ENABLE TRIGGER %I;', t.tgrelid::regclass, t.tgname)
			FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'certdata'::regnamespace
			WHERE t.tgenabled IN ('D', 'R') AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.relation = t.tgrelid AND w.name = t.tgname))
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		certdata.words('certdata 自己的表上缺失或未启用的触发器：', 'triggers on certdata''s own tables that are missing or not enabled: ') ||
			certdata.doctor_names(array_agg(format('%s: %s', f.relation, f.trigger) ORDER BY f.relation::text, f.trigger)),
		certdata.doctor_cure(certdata.doctor_commands(array_agg(CASE WHEN f.missing THEN
			certdata.words('按安装脚本重新建立缺失的触发器', 'make those that are missing again, as the installation script does')
			ELSE f.cure END ORDER BY f.missing, f.relation::text, f.trigger)))
		FROM fault AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_own() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_own() IS
'doctor(): are the triggers of certdata''s own tables there and enabled';

-- ---------------------------------------------------------------- tables

CREATE FUNCTION certdata.doctor_guard_tables(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		certdata.words('登记为受保护、却已不存在的表：', 'attached tables that do not exist any more: ') || certdata.doctor_names(array_agg(format('%s (%s)', a.relation, a.id) ORDER BY a.attached_at)),
		certdata.doctor_cure(certdata.doctor_commands(array_agg(format('UPDATE certdata.attachment SET detached_at = clock_timestamp(), detach_reason = ''dropped'' WHERE id = %L;', a.id) ORDER BY a.attached_at)))
		FROM certdata.attachment AS a
		WHERE a.detached_at IS NULL AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.relation)
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_tables() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_tables() IS
'doctor(): do attached tables still exist';

-- What certdata.attach() would refuse today.
CREATE FUNCTION certdata.doctor_guard_shape(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	target regclass;
	why text;
	hint text;
	faults text[] := '{}';
	hints text[] := '{}';
BEGIN
	FOR target IN SELECT g.relation FROM certdata.doctor_guarded() AS g WHERE g.relation = g.root ORDER BY g.root::text LOOP
		BEGIN
			PERFORM certdata.attach_check_table(target);
		EXCEPTION WHEN SQLSTATE 'QC017' THEN
			GET STACKED DIAGNOSTICS why = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			faults := faults || format('%s: %s', target, why);
			hints := hints || hint;
		END;
	END LOOP;
	status := CASE WHEN faults = '{}' THEN 'ok' ELSE 'error' END;
	detail := certdata.doctor_names(faults);
	advice := certdata.doctor_commands(hints);
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_shape() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_shape() IS
'doctor(): are attached tables such as can be guarded: permanent, without children by inheritance, partitions of a kind';

CREATE FUNCTION certdata.doctor_guard_index(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH number AS (
		SELECT g.root, n.attnum, n.attname, n.atttypid = 'certdata.certno'::regtype AS typed, g.leaf
			FROM certdata.doctor_guarded() AS g
			JOIN certdata.attached_column AS c ON c.attachment = g.attachment AND c.field = '证书编号'
			JOIN pg_attribute AS n ON n.attrelid = g.root AND n.attname = c.column_name
			WHERE g.relation = g.root),
	fault AS (
		-- as certdata.attach_check_number()
		SELECT n.*, CASE WHEN n.typed THEN quote_ident(n.attname) ELSE format('certdata.number_key(%I)', n.attname) END AS key FROM number AS n
			WHERE NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = n.root AND i.indisunique AND i.indisvalid AND i.indisready
				AND i.indislive AND i.indimmediate AND i.indpred IS NULL AND i.indnkeyatts = 1
				AND CASE WHEN n.typed THEN i.indkey[0] = n.attnum
					ELSE i.indkey[0] = 0 AND pg_get_indexdef(i.indexrelid, 1, false) IN (
						format('certdata.number_key(%I)', n.attname), format('certdata.number_key((%I)::text)', n.attname)) END))
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		certdata.words('证书编号没有（有效、即时、完整的）唯一索引：', 'no unique index (valid, immediate, whole) keeps the numbers apart in ') ||
			certdata.doctor_names(array_agg(f.root::text ORDER BY f.root::text)),
		certdata.doctor_commands(array_agg(format('CREATE UNIQUE INDEX%s ON %s (%s);', CASE WHEN f.leaf THEN ' CONCURRENTLY' ELSE '' END, f.root, f.key) ORDER BY f.root::text))
		FROM fault AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_index() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_index() IS
'doctor(): does an index keep the numbers of attached tables unique';

CREATE FUNCTION certdata.doctor_guard_rules(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH place AS (
		SELECT g.relation FROM certdata.doctor_guarded() AS g
		UNION
		SELECT t.tgrelid::regclass FROM certdata.doctor_guarded() AS g
			JOIN pg_trigger AS t ON t.tgname IN ('certdata_live', 'certdata_report') AND left(encode(t.tgargs, 'escape'), 36) = g.attachment::text)
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		certdata.words('规则（RULE）会改写或吞掉语句：', 'rules that rewrite or swallow statements: ') ||
			certdata.doctor_names(array_agg(format('%s: %I', p.relation, r.rulename) ORDER BY p.relation::text, r.rulename)),
		certdata.doctor_cure(certdata.doctor_commands(array_agg(format('DROP RULE %I ON %s;', r.rulename, p.relation) ORDER BY p.relation::text, r.rulename)))
		FROM place AS p JOIN pg_rewrite AS r ON r.ev_class = p.relation AND r.rulename <> '_RETURN'
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_rules() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_rules() IS
'doctor(): have attached tables or their views rules that change statements';

CREATE FUNCTION certdata.doctor_guard_row_security(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'error' END,
		certdata.words('FORCE ROW LEVEL SECURITY 对表的所有者隐藏行：', 'FORCE ROW LEVEL SECURITY hides rows from the owner of ') || certdata.doctor_names(array_agg(g.relation::text ORDER BY g.relation::text)),
		certdata.doctor_cure(certdata.doctor_commands(array_agg(format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', g.relation) ORDER BY g.relation::text)))
		FROM certdata.doctor_guarded() AS g JOIN pg_class AS c ON c.oid = g.relation AND c.relforcerowsecurity
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_row_security() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_row_security() IS
'doctor(): does row security hide rows of attached tables from their owner';

CREATE FUNCTION certdata.doctor_guard_partitions(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.words('已分离、但仍带有触发器的分区：', 'former partitions that are still guarded as such: ') ||
			certdata.doctor_names(array_agg(format('%s (%s)', t.tgrelid::regclass, COALESCE(a.relation::text, '-')) ORDER BY t.tgrelid::regclass::text)),
		certdata.doctor_commands(array_agg(CASE WHEN a.detached_at IS NULL AND a.relation IS NOT NULL
			THEN format(certdata.words('ALTER TABLE %s ATTACH PARTITION %s …; 或 ', 'ALTER TABLE %s ATTACH PARTITION %s …; or '), a.relation, t.tgrelid::regclass) ELSE '' END ||
			format(certdata.words('SELECT certdata.detach(%L, ''原因'');', 'SELECT certdata.detach(%L, ''reason'');'), t.tgrelid::regclass) ORDER BY t.tgrelid::regclass::text))
		FROM pg_trigger AS t
		JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relkind IN ('r', 'p')
		LEFT JOIN certdata.attachment AS a ON a.id::text = left(encode(t.tgargs, 'escape'), 36)
		WHERE t.tgname = 'certdata_columns' AND t.tgfoid = 'certdata.guard_columns()'::regprocedure
			AND NOT EXISTS (SELECT FROM certdata.doctor_guarded() AS g WHERE g.relation = t.tgrelid)
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_partitions() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_partitions() IS
'doctor(): are there tables that were partitions of attached ones';

-- ---------------------------------------------------------------- what the server prints

-- Constraints whose violation makes the server print a row, or names and
-- document numbers.  Of a primary key only the missing number itself would.
CREATE FUNCTION certdata.doctor_personal_faults(OUT relation regclass, OUT what text, OUT cure text) RETURNS SETOF record
	LANGUAGE sql STABLE ROWS 5
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH guarded AS (SELECT * FROM certdata.doctor_guarded()),
	personal AS (
		SELECT g.relation, n.attnum FROM guarded AS g
			JOIN certdata.attached_column AS c ON c.attachment = g.attachment AND c.field IN ('姓名', '证件号码')
			JOIN pg_attribute AS n ON n.attrelid = g.relation AND n.attname = c.column_name)
	SELECT g.relation, format('%I NOT NULL', n.attname), format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL;', g.relation, n.attname)
		FROM guarded AS g JOIN pg_attribute AS n ON n.attrelid = g.relation AND n.attnum > 0 AND n.attnotnull AND NOT n.attisdropped
		WHERE NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = g.relation AND i.indisprimary AND n.attnum = ANY (i.indkey))
			AND NOT EXISTS (SELECT FROM pg_inherits AS h JOIN pg_attribute AS o ON o.attrelid = h.inhparent AND o.attname = n.attname AND o.attnotnull
				WHERE h.inhrelid = g.relation)
	UNION ALL
	SELECT g.relation, format('%s %I', CASE c.contype WHEN 'c' THEN 'CHECK' ELSE 'FOREIGN KEY' END, c.conname), format('ALTER TABLE %s DROP CONSTRAINT %I;', g.relation, c.conname)
		FROM guarded AS g JOIN pg_constraint AS c ON c.conrelid = g.relation AND c.conislocal
		WHERE c.contype = 'c' OR c.contype = 'f' AND c.conparentid = 0 AND EXISTS (SELECT FROM personal AS p WHERE p.relation = g.relation AND p.attnum = ANY (c.conkey))
	UNION ALL
	SELECT i.indrelid::regclass, format('UNIQUE %s', i.indexrelid::regclass),
		COALESCE((SELECT format('ALTER TABLE %s DROP CONSTRAINT %I;', c.conrelid::regclass, c.conname) FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x') LIMIT 1),
			format('DROP INDEX %s;', i.indexrelid::regclass))
		FROM pg_index AS i
		WHERE (i.indisunique OR i.indisexclusion) AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
			AND EXISTS (SELECT FROM personal AS p WHERE p.relation = i.indrelid AND (p.attnum = ANY (i.indkey)
				OR EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
					AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid = p.attnum)))
	ORDER BY 1, 2
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_personal_faults() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_personal_faults() IS
'constraints of attached tables whose violation makes the server print personal data (doc/limits.md)';

CREATE FUNCTION certdata.doctor_guard_personal(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.words('违反时服务器会在错误中显示个人信息：', 'whoever breaks these makes the server print personal data: ') ||
			certdata.doctor_names(array_agg(format('%s: %s', f.relation, f.what) ORDER BY f.relation::text, f.what)),
		certdata.doctor_cure(certdata.doctor_commands(array_agg(f.cure ORDER BY f.relation::text, f.what)))
		FROM certdata.doctor_personal_faults() AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_personal() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_personal() IS
'doctor(): constraints of attached tables that make the server print personal data';

-- ---------------------------------------------------------------- what is open

CREATE FUNCTION certdata.doctor_guard_validated(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.words('原有的行尚未检查：', 'rows that were there before have not been looked at in ') || certdata.doctor_names(array_agg(a.relation::text ORDER BY a.relation::text)),
		certdata.doctor_commands(array_agg(format('SELECT certdata.validate(%L);', a.relation) ORDER BY a.relation::text))
		FROM certdata.attachment AS a JOIN pg_class AS c ON c.oid = a.relation
		WHERE a.detached_at IS NULL AND NOT a.validated
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_validated() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_validated() IS
'doctor(): have the rows of attached tables been looked at';

CREATE FUNCTION certdata.doctor_guard_maintenance(now timestamptz DEFAULT clock_timestamp(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.words('维护开放中：', 'maintenance is open: ') || certdata.doctor_names(array_agg(
			format(certdata.words('%s，至 %s，原因：%s', '%s until %s, reason: %s'), m.role, m.until, m.reason) ORDER BY m.until, m.id)),
		CASE WHEN count(*) > 0 THEN certdata.words('以该角色执行 SELECT certdata.close_maintenance();', 'as that role: SELECT certdata.close_maintenance();') END
		FROM certdata.maintenance AS m WHERE m.closed_at IS NULL AND m.until > now
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_maintenance(timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_maintenance(timestamptz) IS
'doctor(): who may do what is refused otherwise';

CREATE FUNCTION certdata.doctor_guard_attempts(now timestamptz DEFAULT clock_timestamp(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH refused AS (
		SELECT count(*) AS n, (array_agg(a ORDER BY a.attempted_at DESC, a.id DESC))[1] AS last
			FROM certdata.attempt AS a WHERE a.outcome = 'refused' AND a.attempted_at > now - interval '24 hours')
	SELECT CASE WHEN r.n = 0 THEN 'ok' ELSE 'warning' END,
		CASE WHEN r.n > 0 THEN format(certdata.words('24 小时内拒绝 %s 次，最近一次 %s：%s %s，会话用户 %s', 'refused within 24 hours: %s, the last one at %s: %s, %s, session user %s'),
			r.n, (r.last).attempted_at, (r.last).kind, (r.last).object, (r.last).session_user_name) END,
		CASE WHEN r.n > 0 THEN 'SELECT * FROM certdata.attempt WHERE outcome = ''refused'' ORDER BY attempted_at DESC LIMIT 100;' END
		FROM refused AS r
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_attempts(timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_attempts(timestamptz) IS
'doctor(): what was refused within a day';

CREATE FUNCTION certdata.doctor_guard_lost(now timestamptz DEFAULT clock_timestamp(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH lost AS (SELECT count(*) AS n, max(a.attempted_at) AS last FROM certdata.attempt AS a WHERE a.outcome = 'lost' AND a.attempted_at > now - interval '30 days')
	SELECT CASE WHEN l.lost > 0 OR t.n > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN l.lost > 0 OR t.n > 0 THEN format(certdata.words('自服务器启动以来 %s 次尝试没有记入 certdata.attempt；近 30 天这样的记录 %s 条，最近 %s',
			'attempts that certdata.attempt lacks since the server was started: %s; rows of it that tell of such in the last 30 days: %s, the last at %s'), COALESCE(l.lost, 0), t.n, COALESCE(t.last::text, '-')) END,
		CASE WHEN l.lost > 0 OR t.n > 0 THEN certdata.words('它们在服务器日志中；SELECT * FROM certdata.attempt WHERE outcome = ''lost'';', 'they are in the server log; SELECT * FROM certdata.attempt WHERE outcome = ''lost'';') END
		FROM certdata.library() AS l, lost AS t
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guard_lost(timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guard_lost(timestamptz) IS
'doctor(): were there more attempts than could be kept';
