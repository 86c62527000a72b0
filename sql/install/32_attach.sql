-- Attaching tables: any table with the eleven fields gains the rules by one
-- call, whatever its columns are called.
--
-- The functions that are called check who calls and then go on as the
-- extension's owner in functions ..._as_owner, which nobody else may execute.
-- Nothing that the table's owner wrote (functions of column types, of row
-- security, of indexes and constraints) runs there: rows are looked at as the
-- caller, or as they lie.  No query there names the user's table: to plan it is
-- to run functions of constants in its indexes.

CREATE FUNCTION certdata.number_key(number text) RETURNS certdata.certno
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_number_key';
COMMENT ON FUNCTION certdata.number_key(text) IS
'the certificate number that a text is, whatever its notation; NULL if it is none. For unique indexes on numbers kept as text';

CREATE FUNCTION certdata.is_live(attachment uuid, cert_no certdata.certno) RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_is_live';
COMMENT ON FUNCTION certdata.is_live(uuid, certdata.certno) IS
'whether a certificate is neither suspended, retired nor withdrawn; for the views made by certdata.attach(). Needs SELECT on the attached table (42501)';

-- ---------------------------------------------------------------- mapping

CREATE FUNCTION certdata.report_fields(OUT ord int, OUT header text, OUT column_name text)
	RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 11
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT f.ord::int, f.header, f.column_name FROM ROWS FROM (
		unnest(ARRAY['姓名', '证件类型', '证件号码', '所在单位', '职业名称', '工种名称',
			'职业技能等级', '证书编号', '发证日期', '评价机构', '发证机构']),
		unnest(ARRAY['name', 'id_type', 'id_number', 'employer', 'occupation', 'work_type',
			'level', 'cert_no', 'issue_date', 'evaluator', 'issuer'])) WITH ORDINALITY AS f(header, column_name, ord)
$$;
COMMENT ON FUNCTION certdata.report_fields() IS
'the eleven headers of Annex 1 in order, with the names that certdata''s own tables have for them';

-- {"姓名": "xm"} into {"姓名": {"column": "xm"}, ...} for all eleven.
CREATE FUNCTION certdata.attach_mapping(target regclass, columns jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	given jsonb := COALESCE(columns, '{}');
	mapping jsonb := '{}';
	missing text[] := '{}';
	f record;
	spec jsonb;
	found_column name;
BEGIN
	IF jsonb_typeof(given) <> 'object' THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = certdata.words('columns 须是 JSON 对象', 'columns must be a JSON object'),
			HINT = certdata.words('例如 {"姓名": "xm", "评价机构": {"value": "甲校"}}。', 'For example {"姓名": "xm", "评价机构": {"value": "甲校"}}.');
	END IF;
	FOR spec IN SELECT to_jsonb(k) FROM jsonb_object_keys(given) AS k
			WHERE k NOT IN (SELECT r.header FROM certdata.report_fields() AS r) LOOP
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('columns 中的字段 %s 附件1没有', 'columns names a field %s that Annex 1 does not have'), spec),
			HINT = format(certdata.words('字段有：%s。', 'The fields are %s.'),
				(SELECT string_agg(r.header, '、' ORDER BY r.ord) FROM certdata.report_fields() AS r));
	END LOOP;
	FOR f IN SELECT * FROM certdata.report_fields() LOOP
		spec := given -> f.header;
		IF spec IS NULL OR spec = 'null' THEN
			SELECT a.attname INTO found_column FROM pg_attribute AS a
				WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped
					AND a.attname::text IN (f.header, f.column_name)
				ORDER BY a.attname::text = f.header DESC LIMIT 1;
			IF NOT FOUND THEN
				missing := missing || f.header;
				CONTINUE;
			END IF;
			spec := jsonb_build_object('column', found_column);
		ELSIF jsonb_typeof(spec) = 'string' THEN
			spec := jsonb_build_object('column', spec);
		ELSIF spec -> 'map' = '{}' THEN
			spec := spec - 'map';
		END IF;
		IF jsonb_typeof(spec) <> 'object'
			OR (spec ? 'column') = (spec ? 'value')
			OR EXISTS (SELECT FROM jsonb_object_keys(spec) AS k WHERE k NOT IN ('column', 'map', 'value'))
			OR (spec ? 'map' AND (spec ? 'value' OR jsonb_typeof(spec -> 'map') <> 'object'))
			OR jsonb_typeof(COALESCE(spec -> 'column', spec -> 'value')) <> 'string'
			OR EXISTS (SELECT FROM jsonb_each(CASE WHEN jsonb_typeof(spec -> 'map') = 'object' THEN spec -> 'map' END) AS m
					   WHERE jsonb_typeof(m.value) <> 'string') THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('字段“%s”既没有写成列，也没有写成固定值', 'field %s is not described as a column or a value'), f.header),
				HINT = certdata.words('写作 "列名"、{"column": "列名"}、{"column": "列名", "map": {"代码": "文本"}} 或 {"value": "文本"}。',
					'Write "column", {"column": "name"}, {"column": "name", "map": {"code": "text"}} or {"value": "text"}.');
		END IF;
		IF spec ? 'column' AND NOT EXISTS (SELECT FROM pg_attribute AS a
				WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped
					AND a.attname::text = spec ->> 'column') THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('表 %3$s 没有字段“%2$s”的列“%1$s”', 'column "%s" for field %s does not exist in table %s'),
					spec ->> 'column', f.header, target);
		END IF;
		mapping := mapping || jsonb_build_object(f.header, spec);
	END LOOP;
	IF missing <> '{}' THEN
		RAISE EXCEPTION USING ERRCODE = 'QC003',
			MESSAGE = format(certdata.words('%s 不是报表的格式', '%s is not shaped like a report'), target),
			DETAIL = format(certdata.words('缺少字段：%s。', 'It has no column for %s.'), array_to_string(missing, '、')),
			HINT = format(certdata.words('写明各列：certdata.attach(..., columns => ''{"%s": "列名"}'')；各行相同的字段写作 {"value": "文本"}。',
				'Name the columns: certdata.attach(..., columns => ''{"%s": "column"}''); a field that all rows share is {"value": "text"}.'), missing[1]);
	END IF;
	RETURN mapping;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_mapping(regclass, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_mapping(regclass, jsonb) IS
'what certdata.attach() makes of its argument columns: for each header its column or constant; QC003 if fields are missing, QC017 if the argument is wrong';

-- ---------------------------------------------------------------- what can be attached

CREATE FUNCTION certdata.attach_check_table(target regclass) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	c pg_class;
	why text;
	hint text := certdata.words('接入普通的永久表，或按证书编号分区的表。',
		'Attach an ordinary, permanent table, or one partitioned by the certificate number.');
	bad regclass;
BEGIN
	SELECT * INTO c FROM pg_class WHERE oid = target;
	why := CASE
		WHEN c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'certdata'::regnamespace) THEN
			certdata.words('它属于系统或 certdata。', 'It belongs to the system or to certdata.')
		WHEN c.relkind NOT IN ('r', 'p') THEN certdata.words('它不是表。', 'It is not a table.')
		WHEN c.relpersistence = 't' THEN certdata.words('它是临时表。', 'It is a temporary table.')
		WHEN c.relpersistence = 'u' THEN certdata.words('它是不写日志的表，崩溃后会被清空。', 'It is unlogged: a crash would empty it.')
	END;
	IF why IS NULL AND c.relispartition THEN
		why := certdata.words('它是分区。', 'It is a partition.');
		hint := format(certdata.words('接入它所属的表 %s：经由那张表写入的行，在这里看不到。',
			'Attach the table it is a partition of, %s: rows that come through that one would not be seen here.'),
			(SELECT p.relid FROM pg_partition_ancestors(target) AS p WHERE p.relid <> target LIMIT 1));
	END IF;
	IF why IS NULL AND c.relkind = 'r' THEN
		SELECT i.inhrelid INTO bad FROM pg_inherits AS i WHERE i.inhparent = target LIMIT 1;
		IF NOT FOUND THEN
			SELECT i.inhparent INTO bad FROM pg_inherits AS i WHERE i.inhrelid = target LIMIT 1;
		END IF;
		IF bad IS NOT NULL THEN
			why := format(certdata.words('它与 %s 有继承关系，对一方的语句会更改另一方的行。',
				'It is parent or child of %s by inheritance, so statements on one change rows of the other.'), bad);
			hint := certdata.words('用 ALTER TABLE ... NO INHERIT 解除继承，或改用分区。', 'ALTER TABLE ... NO INHERIT, or use partitions.');
		END IF;
	END IF;
	IF why IS NULL AND c.relkind = 'p' THEN
		SELECT p.relid INTO bad FROM pg_partition_tree(target) AS p
			JOIN pg_class AS l ON l.oid = p.relid
			WHERE l.relkind NOT IN ('r', 'p') OR l.relpersistence <> 'p' LIMIT 1;
		IF bad IS NOT NULL THEN
			why := format(certdata.words('它的分区 %s 是外部表、临时表或不写日志的表。',
				'Its partition %s is a foreign, temporary or unlogged table.'), bad);
		END IF;
	END IF;
	IF why IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017', DETAIL = why, HINT = hint,
			MESSAGE = format(certdata.words('表 %s 不能接入', 'table %s cannot be attached'), target);
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_check_table(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_check_table(regclass) IS
'refuses tables that cannot be guarded (QC017)';

-- The number: its type, its place in partition keys, its unique index.
CREATE FUNCTION certdata.attach_check_number(target regclass, number_column name) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	a pg_attribute;
	partitioned boolean := (SELECT c.relkind = 'p' FROM pg_class AS c WHERE c.oid = target);
	base oid;
	typed boolean;
	bad regclass;
BEGIN
	SELECT * INTO a FROM pg_attribute WHERE attrelid = target AND attname = number_column;
	typed := a.atttypid = 'certdata.certno'::regtype;
	IF NOT typed AND a.atttypid NOT IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %2$s 的列“%1$s”不能存放证书编号', 'column "%s" of table %s cannot hold certificate numbers'),
				number_column, target),
			DETAIL = format(certdata.words('它的类型是 %s。', 'It is of type %s.'), format_type(a.atttypid, a.atttypmod)),
			HINT = certdata.words('使用 certdata.certno、text、varchar 或 char。', 'Use certdata.certno, text, varchar or char.');
	END IF;
	IF partitioned THEN
		SELECT p.relid INTO bad FROM pg_partition_tree(target) AS p
			JOIN pg_partitioned_table AS k ON k.partrelid = p.relid
			JOIN pg_attribute AS n ON n.attrelid = p.relid AND n.attname = number_column
			WHERE k.partnatts <> 1 OR k.partattrs[0] <> n.attnum LIMIT 1;
		IF bad IS NOT NULL OR NOT typed THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('分区表 %s 不能接入', 'partitioned table %s cannot be attached'), target),
				DETAIL = CASE WHEN typed THEN format(certdata.words('%s 不是仅按列“%s”分区，没有索引能保证编号在各分区之间唯一。',
						'%s is not partitioned by column "%s" alone, so no index could keep numbers unique across partitions.'), bad, number_column)
					ELSE format(certdata.words('列“%s”的类型不是 certdata.certno，编号写法不同时，没有索引能保证其在各分区之间唯一。',
						'Column "%s" is not of type certdata.certno, so no index could keep numbers unique across partitions whatever their notation.'), number_column) END,
				HINT = certdata.words('按类型为 certdata.certno 的证书编号分区（HASH，或按开头字符的 RANGE），或者使用不分区的表。',
					'Partition it by the certificate number (by HASH, or by RANGE of its first characters), of type certdata.certno; or use a table without partitions.');
		END IF;
	END IF;
	IF EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = target AND i.indisunique AND i.indisvalid AND i.indisready
			AND i.indislive AND i.indimmediate AND i.indpred IS NULL AND i.indnkeyatts = 1
			AND CASE WHEN typed THEN i.indkey[0] = a.attnum
				ELSE i.indkey[0] = 0 AND pg_get_indexdef(i.indexrelid, 1, false) IN (
					format('certdata.number_key(%I)', number_column), format('certdata.number_key((%I)::text)', number_column)) END) THEN
		RETURN;
	END IF;
	RAISE NOTICE USING
		MESSAGE = format(certdata.words('正在为 %s 的证书编号建立唯一索引', 'building a unique index on the certificate numbers of %s'), target),
		HINT = format(certdata.words('大表可预先建立而不阻塞：CREATE UNIQUE INDEX CONCURRENTLY ON %s (%s)。',
			'On a large table build it beforehand without blocking it: CREATE UNIQUE INDEX CONCURRENTLY ON %s (%s).'),
			target, CASE WHEN typed THEN quote_ident(number_column) ELSE format('certdata.number_key(%I)', number_column) END);
	EXECUTE format('CREATE UNIQUE INDEX ON %s (%s)', target,
		CASE WHEN typed THEN quote_ident(number_column) ELSE format('certdata.number_key(%I)', number_column) END);
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_check_number(regclass, name) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_check_number(regclass, name) IS
'sees to the unique index on certificate numbers: a valid, immediate, whole one that is there, else a new one; QC017 for columns and partition keys that do not allow it';

-- ---------------------------------------------------------------- triggers

CREATE FUNCTION certdata.guarded_as(target regclass) RETURNS uuid
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT left(encode(t.tgargs, 'escape'), 36)::uuid FROM pg_trigger AS t
		WHERE t.tgrelid = target AND t.tgname = 'certdata_columns' AND t.tgfoid = 'certdata.guard_columns()'::regprocedure
$$;
REVOKE EXECUTE ON FUNCTION certdata.guarded_as(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.guarded_as(regclass) IS
'the attachment whose triggers a table carries; a partition keeps them when it is detached from its table';

CREATE FUNCTION certdata.tree_of(target regclass, OUT relid regclass, OUT level int) RETURNS SETOF record
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT p.relid, p.level FROM pg_partition_tree(target) AS p
	UNION ALL
	SELECT target, 0 WHERE NOT EXISTS (SELECT FROM pg_partition_tree(target))
$$;
REVOKE EXECUTE ON FUNCTION certdata.tree_of(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.tree_of(regclass) IS
'a table and all its partitions, with their depth';

-- ---------------------------------------------------------------- views

-- A field of a row as the report has it.
CREATE FUNCTION certdata.report_expression(target regclass, spec jsonb) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	type oid;
	base oid;
	value text;
BEGIN
	IF spec ? 'value' THEN
		RETURN format('%L::text', spec ->> 'value');
	END IF;
	SELECT a.atttypid INTO type FROM pg_attribute AS a
		WHERE a.attrelid = target AND a.attname::text = spec ->> 'column';
	LOOP
		SELECT y.typbasetype INTO base FROM pg_type AS y WHERE y.oid = type AND y.typtype = 'd';
		EXIT WHEN NOT FOUND;
		type := base;
	END LOOP;
	value := format(CASE WHEN type = 'date'::regtype THEN 'to_char(t.%I, ''YYYY-MM-DD'')' ELSE 't.%I::text' END, spec ->> 'column');
	IF spec ? 'map' THEN
		value := 'CASE ' || value ||
			(SELECT string_agg(format(' WHEN %L THEN %L', m.key, m.value), '' ORDER BY m.key) FROM jsonb_each_text(spec -> 'map') AS m)
			|| ' ELSE ' || value || ' END';
	END IF;
	RETURN value;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.report_expression(regclass, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION certdata.report_expression(regclass, jsonb) IS
'SQL for one field of an attached table as text, constants and codes put in';

CREATE FUNCTION certdata.report_change() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_report_change';
REVOKE EXECUTE ON FUNCTION certdata.report_change() FROM PUBLIC;
COMMENT ON FUNCTION certdata.report_change() IS
'INSTEAD OF trigger of the view "<table>_report": INSERT and UPDATE go to the table, as the caller; DELETE is refused (QC014)';

CREATE FUNCTION certdata.add_views_as_owner(target regclass, id uuid, mapping jsonb, state_column name) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	c pg_class;
	nsp name;
	number text := mapping -> '证书编号' ->> 'column';
	live text;
	listed text;
	suffix text;
	r record;
BEGIN
	SELECT * INTO c FROM pg_class WHERE oid = target;
	SELECT n.nspname INTO nsp FROM pg_namespace AS n WHERE n.oid = c.relnamespace;
	FOREACH suffix IN ARRAY ARRAY['_live', '_report'] LOOP
		IF octet_length(c.relname || suffix) > 63 THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('表 %2$s 的视图名“%1$s”过长', 'name "%s" is too long for a view of table %s'), c.relname || suffix, target),
				HINT = certdata.words('为表改名。', 'Rename the table.');
		END IF;
		IF to_regclass(format('%I.%I', nsp, c.relname || suffix)) IS NOT NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('关系“%s.%s”已经存在', 'relation "%s.%s" already exists'), nsp, c.relname || suffix),
				DETAIL = format(CASE suffix WHEN '_live'
					THEN certdata.words('以此为名的视图要显示表 %s 的有效行。', 'A view of that name shows the live rows of table %s.')
					ELSE certdata.words('以此为名的视图要显示表 %s 的报表。', 'A view of that name shows the report of table %s.') END, target),
				HINT = certdata.words('为其中之一改名。', 'Rename one of them.');
		END IF;
	END LOOP;
	live := CASE WHEN state_column IS NOT NULL THEN format('t.%I IS NULL', state_column)
		WHEN (SELECT a.atttypid FROM pg_attribute AS a WHERE a.attrelid = target AND a.attname = number) = 'certdata.certno'::regtype
			THEN format('certdata.is_live(%L, t.%I)', id, number)
		ELSE format('certdata.is_live(%L, certdata.number_key(t.%I))', id, number) END;
	-- not the other columns: a view would keep them from being dropped or altered
	SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum) INTO listed FROM pg_attribute AS a
		WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped
			AND (a.attname = state_column
				OR a.attname::text IN (SELECT m.value ->> 'column' FROM jsonb_each(mapping) AS m)
				OR EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = target AND i.indisprimary AND a.attnum = ANY (i.indkey)));
	EXECUTE format('CREATE VIEW %I.%I WITH (security_invoker) AS SELECT %s FROM %s AS t WHERE %s',
		nsp, c.relname || '_live', listed, target, live);
	EXECUTE format('COMMENT ON VIEW %I.%I IS %L', nsp, c.relname || '_live',
		'certificates that are neither suspended, retired nor withdrawn');
	-- never fires: by it detach() knows the view, whatever becomes of its name
	EXECUTE format('CREATE TRIGGER certdata_live BEFORE UPDATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION certdata.guard_columns(%L)',
		nsp, c.relname || '_live', id);
	EXECUTE format('CREATE VIEW %I.%I WITH (security_invoker) AS SELECT %s FROM %s AS t WHERE %s',
		nsp, c.relname || '_report',
		(SELECT string_agg(certdata.report_expression(target, mapping -> f.header) || format(' AS %I', f.header), ', ' ORDER BY f.ord)
		 FROM certdata.report_fields() AS f), target, live);
	EXECUTE format('COMMENT ON VIEW %I.%I IS %L', nsp, c.relname || '_report',
		'live certificates as a report (Annex 1): COPY (SELECT * FROM it) TO; rows can be inserted and corrected');
	EXECUTE format('CREATE TRIGGER certdata_report INSTEAD OF INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION certdata.report_change(%L)',
		nsp, c.relname || '_report', id);
	FOREACH suffix IN ARRAY ARRAY['_live', '_report'] LOOP
		EXECUTE format('ALTER VIEW %I.%I OWNER TO %I', nsp, c.relname || suffix, pg_get_userbyid(c.relowner));
		FOR r IN SELECT x.grantee, x.privilege_type FROM aclexplode(c.relacl) AS x
				WHERE x.grantee <> c.relowner AND x.privilege_type IN ('SELECT', 'INSERT', 'UPDATE') LOOP
			EXECUTE format('GRANT %s ON %I.%I TO %s', r.privilege_type, nsp, c.relname || suffix,
				CASE r.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.grantee)) END);
		END LOOP;
	END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.add_views_as_owner(regclass, uuid, jsonb, name) FROM PUBLIC;
COMMENT ON FUNCTION certdata.add_views_as_owner(regclass, uuid, jsonb, name) IS
'makes the views "<table>_live" and "<table>_report", with the table''s owner and privileges';

-- ---------------------------------------------------------------- attach

CREATE FUNCTION certdata.attach_options(publication text, profile text, existing text, validate boolean, require_actor boolean) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	o record;
BEGIN
	FOR o IN SELECT * FROM (VALUES
		('publication', publication, ARRAY['always', 'by_call']),
		('profile', profile, ARRAY['hebei-2022', 'competition']),
		('existing', existing, ARRAY['refuse', 'record']),
		('validate', validate::text, ARRAY['true', 'false']),
		('require_actor', require_actor::text, ARRAY['true', 'false'])) AS v(name, value, allowed) LOOP
		IF o.value = ANY (o.allowed) IS NOT TRUE THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('参数 %s 不能是 %s', 'option %s cannot be %s'), o.name, COALESCE('"' || o.value || '"', 'null')),
				HINT = format(certdata.words('可取的值：%s。', 'It is one of: %s.'), array_to_string(o.allowed, ', '));
		END IF;
	END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_options(text, text, text, boolean, boolean) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_options(text, text, text, boolean, boolean) IS
'refuses values that the options of certdata.attach() do not have (QC017)';

-- What the state column is to show of lives that are known already: those of
-- a table that was attached before.
CREATE FUNCTION certdata.states_as_owner(target regclass, caller regrole, OUT numbers certdata.certno[], OUT words text[])
	LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT array_agg(l.cert_no), array_agg(CASE WHEN l.retired THEN 'retired' ELSE 'suspended' END)
	FROM certdata.attachment AS a JOIN certdata.life AS l ON l.registry = a.registry AND l.attachment = a.id
	WHERE a.relation = target AND a.detached_at IS NULL AND (l.retired OR l.suspended)
$$;
REVOKE EXECUTE ON FUNCTION certdata.states_as_owner(regclass, regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.states_as_owner(regclass, regrole) IS
'numbers of a table''s certificates that are retired or suspended, and these words';

CREATE FUNCTION certdata.attach_as_owner(
	target regclass, columns jsonb, existing text, validate boolean, publication text,
	require_actor boolean, approver regrole, profile text, register text, state_column name, caller regrole)
	RETURNS uuid
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_variable
DECLARE
	mapping jsonb;
	listed name[];
	id uuid;
	registry uuid;
	old record;
	former regclass;
	part regclass;
BEGIN
	PERFORM certdata.attach_options(publication, profile, existing, validate, require_actor);
	PERFORM certdata.attach_check_table(target);
	EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', target);
	-- what it became while we waited for the lock
	PERFORM certdata.attach_check_table(target);
	SELECT a.* INTO old FROM certdata.attachment AS a WHERE a.relation = target ORDER BY a.detached_at DESC NULLS FIRST LIMIT 1;
	IF old.id IS NOT NULL AND old.detached_at IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %s 已经接入', 'table %s is already attached'), target),
			HINT = certdata.words('要以其他方式接入，先调用 certdata.detach()；证书的状态予以保留。',
				'To attach it in another way, call certdata.detach() first; the life of its certificates goes on.');
	END IF;
	SELECT a.relation INTO former FROM certdata.attachment AS a WHERE a.id = certdata.guarded_as(target);
	IF former IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %s 不能接入', 'table %s cannot be attached'), target),
			DETAIL = format(certdata.words('它原是已接入的表 %s 的分区，现仍按该分区受防护。',
				'It was a partition of attached table %s and is still guarded as such.'), former),
			HINT = certdata.words('用 ALTER TABLE ... ATTACH PARTITION 归还原表；certdata.detach() 解除防护，证书的状态留在原表。',
				'ALTER TABLE ... ATTACH PARTITION takes it back. certdata.detach() ends the guard; the life of its certificates stays with that table.');
	END IF;
	register := COALESCE(register, old.register);
	mapping := certdata.attach_mapping(target, columns);
	IF NOT mapping -> '证书编号' ? 'column' OR mapping -> '证书编号' ? 'map' THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = certdata.words('证书编号须是一列，且不用代码', '证书编号 must be a column without codes');
	END IF;
	SELECT array_agg(l.c ORDER BY l.o) INTO listed FROM (
		SELECT (mapping -> f.header ->> 'column')::name AS c, min(f.ord) AS o FROM certdata.report_fields() AS f
		WHERE mapping -> f.header ? 'column' GROUP BY 1) AS l;
	IF state_column IS NOT NULL AND (state_column = ANY (listed) OR NOT EXISTS (
			SELECT FROM pg_attribute AS a WHERE a.attrelid = target AND a.attname = state_column AND a.attnum > 0
				AND NOT a.attisdropped AND NOT a.attnotnull AND NOT a.atthasdef
				AND (a.atttypid = 'text'::regtype OR a.atttypid = 'varchar'::regtype AND a.atttypmod NOT BETWEEN 0 AND 12))) THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %2$s 的列“%1$s”不能显示状态', 'column "%s" of table %s cannot show the state'), state_column, target),
			DETAIL = certdata.words('它不存在，或类型不是 text（或 9 个字符以上的 varchar），或为 NOT NULL、有 DEFAULT，或是报表的字段。',
				'It does not exist, is not of type text (or varchar of 9 or more), is NOT NULL or has a DEFAULT, or is a field of the report.'),
			HINT = format('ALTER TABLE %s ADD COLUMN state text;', target);
	END IF;
	IF btrim(register) = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017', MESSAGE = certdata.words('登记册须有名称', 'a register needs a name');
	END IF;
	PERFORM certdata.attach_check_number(target, (mapping -> '证书编号' ->> 'column')::name);
	id := COALESCE(old.id, gen_random_uuid());
	-- one register is made by one transaction at a time
	LOCK TABLE certdata.attachment IN SHARE ROW EXCLUSIVE MODE;
	registry := CASE WHEN register IS NULL THEN COALESCE(old.registry, id)
		ELSE COALESCE((SELECT a.registry FROM certdata.attachment AS a WHERE a.register = register ORDER BY a.attached_at LIMIT 1), id) END;
	IF old.id IS NOT NULL AND registry <> old.registry THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %s 原属另一登记册', 'table %s had another register'), target),
			DETAIL = format(CASE WHEN old.register IS NULL
				THEN certdata.words('其证书的状态保存在它自己的登记册中。', 'The life of its certificates is kept under a register of its own.')
				ELSE certdata.words('其证书的状态保存在登记册“%s”中。', 'The life of its certificates is kept under register "%s".') END, old.register),
			HINT = certdata.words('接入原来的登记册。', 'Attach it to the same register as before.');
	END IF;
	IF state_column IS NOT NULL THEN
		PERFORM certdata.attach_check_states(target, id, registry, state_column, mapping -> '证书编号' ->> 'column');
	END IF;
	FOR part IN SELECT p.relid FROM certdata.tree_of(target) AS p ORDER BY p.level, p.relid LOOP
		PERFORM certdata.add_triggers_as_owner(part, id, CASE WHEN state_column IS NULL THEN listed ELSE listed || state_column END);
	END LOOP;
	FOR part IN SELECT p.relid FROM certdata.tree_of(target) AS p ORDER BY p.level, p.relid LOOP
		PERFORM certdata.enable_triggers_as_owner(part);
	END LOOP;
	DELETE FROM certdata.attachment AS a WHERE a.id = id;
	INSERT INTO certdata.attachment VALUES (id, target, registry, register, listed, mapping, state_column,
		publication, require_actor, approver, profile, existing, false,
		clock_timestamp(), caller::text, NULL, NULL, old.id IS NOT NULL);
	PERFORM certdata.add_views_as_owner(target, id, mapping, state_column);
	IF register IS NOT NULL THEN
		PERFORM certdata.register_numbers(target, id, registry, mapping -> '证书编号' ->> 'column');
	END IF;
	RETURN id;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_as_owner(regclass, jsonb, text, boolean, text, boolean, regrole, text, text, name, regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_as_owner(regclass, jsonb, text, boolean, text, boolean, regrole, text, text, name, regrole) IS
'the part of certdata.attach() that runs as the extension''s owner';

CREATE FUNCTION certdata.attach(
	target regclass, columns jsonb DEFAULT NULL, existing text DEFAULT 'refuse', validate boolean DEFAULT true,
	publication text DEFAULT 'always', require_actor boolean DEFAULT false, approver regrole DEFAULT NULL,
	profile text DEFAULT 'hebei-2022', register text DEFAULT NULL, state_column name DEFAULT NULL)
	RETURNS uuid
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_attach';
REVOKE EXECUTE ON FUNCTION certdata.attach(regclass, jsonb, text, boolean, text, boolean, regrole, text, text, name) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach(regclass, jsonb, text, boolean, text, boolean, regrole, text, text, name) IS
'puts a table under guard: from now on its rows obey the rules, are corrected lawfully and are deleted logically only. columns: {"姓名": "column", "证件类型": {"column": "c", "map": {"01": "居民身份证"}}, "评价机构": {"value": "甲校"}}; what is not named is found by name. existing: refuse or record faults of rows that are there; validate => false looks at them later (certdata.validate). publication: always, by_call. approver: role whose members approve. profile: hebei-2022, competition. register: tables that share numbers. state_column: a text column that shows the state. Needs the table''s owner; returns the attachment''s id; QC003 for missing fields, QC017 for what cannot be attached, 23514 for faulty rows';

CREATE FUNCTION certdata.validate(target regclass) RETURNS bigint
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_validate';
REVOKE EXECUTE ON FUNCTION certdata.validate(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.validate(regclass) IS
'looks at the rows of an attached table that were there before, while others read and write it; returns how many rows; 23514 if some are faulty and the table was attached with existing => ''refuse''';

CREATE FUNCTION certdata.validated_as_owner(target regclass, caller regrole) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM certdata.known_fault AS k USING certdata.attachment AS a
		WHERE a.relation = target AND a.detached_at IS NULL AND k.attachment = a.id;
	UPDATE certdata.attachment AS a SET validated = true WHERE a.relation = target AND a.detached_at IS NULL;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.validated_as_owner(regclass, regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.validated_as_owner(regclass, regrole) IS
'the part of certdata.validate() that runs as the extension''s owner';

-- ---------------------------------------------------------------- detach

CREATE FUNCTION certdata.detach_as_owner(target regclass, reason text, caller regrole) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_variable
DECLARE
	part regclass;
	t name;
	v regclass;
BEGIN
	EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', target);
	-- core drops a row trigger's copies on partitions with it, and has dropped that of a former partition
	IF EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = target AND g.tgname = 'certdata_apply') THEN
		EXECUTE format('DROP TRIGGER certdata_apply ON %s', target);
	END IF;
	FOR part, t IN SELECT p.relid, g.tgname FROM certdata.tree_of(target) AS p
			JOIN pg_trigger AS g ON g.tgrelid = p.relid AND NOT g.tgisinternal
			JOIN pg_proc AS f ON f.oid = g.tgfoid AND f.pronamespace = 'certdata'::regnamespace AND f.proname LIKE 'guard\_%' LOOP
		EXECUTE format('DROP TRIGGER %I ON %s', t, part);
	END LOOP;
	-- the views of this table, whatever they are called today
	FOR v IN SELECT g.tgrelid FROM pg_trigger AS g
			JOIN pg_class AS c ON c.oid = g.tgrelid AND c.relkind = 'v'
			JOIN certdata.attachment AS a ON a.relation = target AND a.detached_at IS NULL
			WHERE g.tgfoid IN ('certdata.report_change()'::regprocedure, 'certdata.guard_columns()'::regprocedure)
				AND left(encode(g.tgargs, 'escape'), 36) = a.id::text LOOP
		BEGIN
			EXECUTE format('DROP VIEW %s', v);
		EXCEPTION WHEN dependent_objects_still_exist THEN
			RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist',
				MESSAGE = format(certdata.words('其他对象依赖表 %1$s 的视图 %2$s，不能解除接入',
					'table %1$s cannot be detached while other objects use its view %2$s'), target, v),
				HINT = certdata.words('先删除那些对象。', 'Drop those first.');
		END;
	END LOOP;
	UPDATE certdata.attachment AS a SET detached_at = clock_timestamp(), detach_reason = reason
		WHERE a.relation = target AND a.detached_at IS NULL;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.detach_as_owner(regclass, text, regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.detach_as_owner(regclass, text, regrole) IS
'the part of certdata.detach() that runs as the extension''s owner';

CREATE FUNCTION certdata.detach(target regclass, reason text) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_detach';
REVOKE EXECUTE ON FUNCTION certdata.detach(regclass, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.detach(regclass, text) IS
'ends the guard over a table; the life of its certificates is kept and goes on when it is attached again. Needs the table''s owner and a reason (QC010)';

-- ---------------------------------------------------------------- create_registry

CREATE FUNCTION certdata.create_registry(name text) RETURNS regclass
	LANGUAGE plpgsql STRICT VOLATILE PARALLEL UNSAFE
	AS $$
#variable_conflict use_variable
DECLARE
	parts text[] := pg_catalog.parse_ident(name);
	qualified text := CASE pg_catalog.array_length(parts, 1)
		WHEN 1 THEN pg_catalog.format('%I.%I', COALESCE(pg_catalog.current_schema(), ''), parts[1])
		WHEN 2 THEN pg_catalog.format('%I.%I', parts[1], parts[2]) END;
BEGIN
	IF pg_catalog.array_length(parts, 1) = 1 AND pg_catalog.current_schema() IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_schema_name',
			MESSAGE = certdata.words('没有选定用于创建的模式', 'no schema has been selected to create in'),
			HINT = certdata.words('写作 模式.表，或设置 search_path。', 'Write schema.table, or set search_path.');
	END IF;
	IF qualified IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_name',
			MESSAGE = pg_catalog.format(certdata.words('登记表的名称“%s”无效', 'invalid name "%s" for a registry'), name),
			HINT = certdata.words('写作 表 或 模式.表。', 'Write it as table or schema.table.');
	END IF;
	EXECUTE 'CREATE TABLE ' || qualified || ' (
		name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
		employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
		level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
		evaluator certdata.org_name, issuer certdata.org_name,
		state pg_catalog.text)';
	EXECUTE 'CREATE UNIQUE INDEX ON ' || qualified || ' (cert_no)';
	-- a number may be withdrawn from its row, so it is no primary key
	EXECUTE 'ALTER TABLE ' || qualified || ' REPLICA IDENTITY FULL';
	EXECUTE 'COMMENT ON COLUMN ' || qualified || '.state IS ''certdata''''s: NULL, suspended, retired or withdrawn''';
	PERFORM certdata.attach(qualified::pg_catalog.regclass, state_column => 'state');
	RETURN qualified::pg_catalog.regclass;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.create_registry(text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.create_registry(text) IS
'makes a table of the eleven typed columns name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer, then state, and attaches it; in the current schema unless one is named';

-- ---------------------------------------------------------------- what is attached

CREATE VIEW certdata.attached_column AS
	SELECT a.id AS attachment, a.relation, f.header AS field, c.attname AS column_name,
		pg_catalog.format_type(c.atttypid, c.atttypmod) AS data_type,
		a.fields -> f.header ->> 'value' AS constant, a.fields -> f.header -> 'map' AS map
	FROM certdata.attachment AS a
	CROSS JOIN certdata.report_fields() AS f
	LEFT JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = a.relation AND t.tgname = 'certdata_columns'
	LEFT JOIN pg_catalog.pg_attribute AS c ON c.attrelid = a.relation
		AND c.attnum = t.tgattr[pg_catalog.array_position(a.columns, (a.fields -> f.header ->> 'column')::name) - 1]
	WHERE a.detached_at IS NULL
	ORDER BY a.attached_at, a.id, f.ord;
COMMENT ON VIEW certdata.attached_column IS
'for each attached table what its eleven fields are called today, their types, codes, constants';

-- ---------------------------------------------------------------- later partitions

CREATE FUNCTION certdata.joins_table(command pg_ddl_command) RETURNS boolean
	LANGUAGE c STABLE STRICT
	AS 'MODULE_PATHNAME', 'certdata_joins_table';
REVOKE EXECUTE ON FUNCTION certdata.joins_table(pg_ddl_command) FROM PUBLIC;
COMMENT ON FUNCTION certdata.joins_table(pg_ddl_command) IS
'whether a DDL command makes a table a partition or child of another';

CREATE FUNCTION certdata.has_rows(target regclass) RETURNS boolean
	LANGUAGE c VOLATILE STRICT
	AS 'MODULE_PATHNAME', 'certdata_has_rows';
REVOKE EXECUTE ON FUNCTION certdata.has_rows(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.has_rows(regclass) IS
'whether a table has rows now, whatever the transaction''s snapshot and row security show';

CREATE FUNCTION certdata.guard_partitions() RETURNS event_trigger
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	touched oid;
	part regclass;
	parts regclass[];
	a record;
	names name[];
BEGIN
	-- most statements of a database have nothing to do with us
	IF NOT EXISTS (SELECT FROM certdata.attachment AS t WHERE t.detached_at IS NULL) THEN
		RETURN;
	END IF;
	FOR touched IN SELECT DISTINCT d.objid FROM pg_event_trigger_ddl_commands() AS d
			WHERE d.classid = 'pg_class'::regclass AND certdata.joins_table(d.command) LOOP
		FOR part IN SELECT t.relation FROM certdata.attachment AS t
				WHERE t.detached_at IS NULL AND t.relation <> touched
					AND EXISTS (SELECT FROM pg_partition_ancestors(t.relation) AS p WHERE p.relid = touched) LOOP
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('已接入的表 %s 不能成为 %s 的分区', 'attached table %s cannot become a partition of %s'), part, touched::regclass),
				DETAIL = format(certdata.words('对 %s 的语句会不经防护更改它的行。', 'Statements on %s would change its rows unseen.'), touched::regclass),
				HINT = format(certdata.words('先对它调用 certdata.detach()，再接入 %s。', 'Call certdata.detach() for it first, then attach %s.'), touched::regclass);
		END LOOP;
		SELECT t.id, t.relation, t.fields INTO a FROM certdata.attachment AS t
			WHERE t.detached_at IS NULL
				AND t.relation IN (SELECT p.relid FROM pg_partition_ancestors(touched) AS p UNION ALL SELECT touched::regclass);
		IF a.id IS NOT NULL THEN
			IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = a.relation AND c.relkind = 'r')
				AND EXISTS (SELECT FROM pg_inherits AS i WHERE a.relation IN (i.inhparent, i.inhrelid)) THEN
				PERFORM certdata.attach_check_table(a.relation);
			END IF;
			-- the names that the columns have today, in the order of the mapping
			SELECT array_agg(c.attname ORDER BY k.ord) INTO names
				FROM pg_trigger AS g
				CROSS JOIN LATERAL unnest(g.tgattr::int2[]) WITH ORDINALITY AS k(attnum, ord)
				JOIN pg_attribute AS c ON c.attrelid = g.tgrelid AND c.attnum = k.attnum
				WHERE g.tgrelid = a.relation AND g.tgname = 'certdata_columns';
			CONTINUE WHEN names IS NULL;
			parts := ARRAY(SELECT p.relid FROM certdata.tree_of(a.relation) AS p
				WHERE certdata.guarded_as(p.relid) IS DISTINCT FROM a.id ORDER BY p.level);
			CONTINUE WHEN parts = '{}';
			PERFORM certdata.attach_check_table(a.relation);
			FOREACH part IN ARRAY parts LOOP
				PERFORM certdata.attach_check_partition(a.relation, part,
					(SELECT c.column_name FROM certdata.attached_column AS c WHERE c.attachment = a.id AND c.field = '证书编号'));
				PERFORM certdata.add_triggers_as_owner(part, a.id, names);
			END LOOP;
			FOREACH part IN ARRAY parts LOOP
				PERFORM certdata.enable_triggers_as_owner(part);
			END LOOP;
		END IF;
		-- a child by inheritance of an attached table
		FOR part IN SELECT i.inhparent FROM pg_inherits AS i
				JOIN certdata.attachment AS t ON t.relation = i.inhparent AND t.detached_at IS NULL
				JOIN pg_class AS c ON c.oid = i.inhparent AND c.relkind = 'r'
				WHERE i.inhrelid = touched LOOP
			PERFORM certdata.attach_check_table(part);
		END LOOP;
	END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.guard_partitions() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_partitions() IS
'event trigger: partitions made or attached later get the triggers of the table they belong to; children by inheritance are refused (QC017)';

CREATE FUNCTION certdata.attach_check_partition(root regclass, part regclass, number_column name) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	kind "char" := (SELECT c.relkind FROM pg_class AS c WHERE c.oid = part);
	other regclass;
BEGIN
	SELECT a.relation INTO other FROM certdata.attachment AS a WHERE a.id = certdata.guarded_as(part);
	IF other IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %s 不能成为已接入的表 %s 的分区', 'table %s cannot become a partition of attached table %s'), part, root),
			DETAIL = format(certdata.words('它原是已接入的表 %s 的分区，现仍按该分区受防护。',
				'It was a partition of attached table %s and is still guarded as such.'), other),
			HINT = certdata.words('certdata.detach() 解除该防护，证书的状态留在原表。',
				'certdata.detach() ends that guard; the life of its certificates stays with that table.');
	END IF;
	IF kind = 'p' THEN
		IF EXISTS (SELECT FROM pg_partitioned_table AS k JOIN pg_attribute AS n ON n.attrelid = part AND n.attname = number_column
				WHERE k.partrelid = part AND (k.partnatts <> 1 OR k.partattrs[0] <> n.attnum)) THEN
			RAISE EXCEPTION USING ERRCODE = 'QC017',
				MESSAGE = format(certdata.words('已接入的表 %2$s 的分区 %1$s 不是按证书编号再分区',
					'partition %s of attached table %s is partitioned by something else than the certificate number'), part, root),
				HINT = format(certdata.words('仅按 %I 分区。', 'Partition it by %I alone.'), number_column);
		END IF;
		RETURN;
	END IF;
	IF certdata.has_rows(part) THEN
		RAISE EXCEPTION USING ERRCODE = 'QC017',
			MESSAGE = format(certdata.words('表 %s 中已有行，不能成为已接入的表 %s 的分区',
				'table %s has rows, so it cannot become a partition of attached table %s'), part, root),
			DETAIL = certdata.words('这些行没有经过校验。', 'They have not been checked.'),
			HINT = format(certdata.words('先附加空的分区，再从原表 INSERT INTO %s SELECT ...。',
				'Attach an empty partition, then INSERT INTO %s SELECT ... FROM the old table.'), root);
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.attach_check_partition(regclass, regclass, name) FROM PUBLIC;
COMMENT ON FUNCTION certdata.attach_check_partition(regclass, regclass, name) IS
'refuses partitions of an attached table that bring rows along or are partitioned otherwise (QC017)';

CREATE EVENT TRIGGER certdata_partitions ON ddl_command_end
	WHEN TAG IN ('CREATE TABLE', 'CREATE SCHEMA', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE')
	EXECUTE FUNCTION certdata.guard_partitions();
ALTER EVENT TRIGGER certdata_partitions ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER certdata_partitions IS
'gives partitions made or attached later the triggers of the attached table they belong to';
