-- What 120_attack.sh attacks: three attached tables of different make, things
-- beside them that nobody protects, and the roles that attack.  Run as the
-- superuser who installs; CREATE EXTENSION certdata and the roles are there.

-- what each role holds is as much as an application is ever given, and more
GRANT CREATE ON DATABASE attack TO holder;
GRANT certdata_admin TO holder;
GRANT certdata_officer TO clerk;
GRANT other TO holder;
CREATE SCHEMA reg AUTHORIZATION holder;
CREATE SCHEMA reg2 AUTHORIZATION holder;
GRANT USAGE, CREATE ON SCHEMA reg, reg2 TO clerk, other;
CREATE EXTENSION pg_surgery;
SELECT 'CREATE EXTENSION adminpack' FROM pg_available_extensions WHERE name = 'adminpack' \gexec
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE public.file (line text) SERVER files OPTIONS (filename '/dev/null');

-- kept from before anything was protected, for RESET ALL to take away
ALTER ROLE other SET certdata.progress = off;
ALTER ROLE ALL SET certdata.progress = off;
ALTER ROLE other IN DATABASE attack SET certdata.progress = off;
ALTER ROLE holder SET certdata.progress = off;
ALTER ROLE clerk SET certdata.progress = off;
ALTER ROLE chief SET certdata.progress = off;
ALTER DATABASE attack SET certdata.progress = off;

SELECT certdata.start_ledger();

SET ROLE holder;
SET search_path = reg, public;

-- zs: certdata's own registry
CREATE FUNCTION certificate(n int) RETURNS certdata.certno LANGUAGE sql IMMUTABLE AS
$$ SELECT ('S000013000001223' || lpad(n::text, 6, '0'))::certdata.certno $$;
SELECT certdata.create_registry('reg.zs');
INSERT INTO zs SELECT '张三', '居民身份证', '130102199003071233', NULL, '车工', NULL, '三级', certificate(n), '2022-02-09', '甲校', '甲校'
	FROM generate_series(1, 6) AS n;

-- cert: text columns of other names, columns of the application's own, a key,
-- a check, a policy that is not in force, and a foreign key that cascades
CREATE TABLE region (id int PRIMARY KEY, name text);
INSERT INTO region VALUES (1, '甲市'), (2, '乙市'), (3, '丙市');
CREATE TABLE cert (xm varchar(40), lx varchar(40), hm char(18), dw text, zy text, gz text, dj text CHECK (dj <> ''), bh char(22) PRIMARY KEY,
	rq date, pj text, fz text, note text, score int, region_id int REFERENCES region ON DELETE CASCADE ON UPDATE CASCADE);
CREATE POLICY everyone ON cert USING (true);
CREATE INDEX cert_note ON cert (note);
SELECT certdata.attach('cert', columns => '{"姓名": "xm", "证件类型": "lx", "证件号码": "hm", "所在单位": "dw", "职业名称": "zy", "工种名称": "gz",
	"职业技能等级": "dj", "证书编号": "bh", "发证日期": "rq", "评价机构": "pj", "发证机构": "fz"}');
INSERT INTO cert SELECT '李四', '居民身份证', '13010219900307002X', NULL, '焊工', NULL, '三级', certificate(n)::text, '2022-02-09', '甲校', '甲校', 'a', n, n
	FROM generate_series(1, 2) AS n;

-- part: partitioned, one partition partitioned again
CREATE TABLE part (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number, employer certdata.org_name,
	occupation certdata.occupation_name, work_type certdata.work_type_name, level certdata.skill_level, cert_no certdata.certno PRIMARY KEY,
	issue_date certdata.issue_date, evaluator certdata.org_name, issuer certdata.org_name, note text) PARTITION BY RANGE (cert_no);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (MINVALUE) TO ('S000013000001223000100');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('S000013000001223000100') TO ('S000013000001223000200') PARTITION BY RANGE (cert_no);
CREATE TABLE part_2a PARTITION OF part_2 FOR VALUES FROM ('S000013000001223000100') TO ('S000013000001223000200');
SELECT certdata.attach('part');
INSERT INTO part SELECT '王五', '居民身份证', '130102199003071233', NULL, '车工', NULL, '三级', certificate(n), '2022-02-09', '甲校', '甲校', 'n'
	FROM unnest(ARRAY[11, 12, 111, 112]) AS n;

-- nobody's business
CREATE TABLE plain (id int PRIMARY KEY, note text);
INSERT INTO plain VALUES (1, 'x');
CREATE TABLE loose (LIKE part_1);
CREATE TABLE other_parent (LIKE part_1) PARTITION BY RANGE (cert_no);
CREATE TABLE zs_parent (LIKE zs);
CREATE TABLE zs_partitioned (LIKE zs) PARTITION BY RANGE (cert_no);
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION unguard() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN ALTER TABLE reg.zs DISABLE TRIGGER USER; END $$;
CREATE PROCEDURE commit_and_truncate() LANGUAGE plpgsql AS $$ BEGIN COMMIT; TRUNCATE reg.zs; END $$;
GRANT ALL ON ALL TABLES IN SCHEMA reg TO clerk;

BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
UPDATE zs SET name = '张山' WHERE cert_no = certificate(2);
UPDATE part SET name = '王武' WHERE cert_no = certificate(111);
COMMIT;
SELECT certdata.retire('zs', certificate(3), 'r', 'a', benefits_cancelled => true);
RESET ROLE;
CREATE FUNCTION reg.unrecord() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM certdata.ledger_act; END $$;
CREATE FUNCTION reg.uncatalog() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ UPDATE pg_catalog.pg_trigger SET tgenabled = 'D' $$;
CREATE FUNCTION reg.retire(target text, cert_no certdata.certno, reason text, approval text, benefits_cancelled boolean) RETURNS void
	LANGUAGE sql SECURITY DEFINER AS $$ UPDATE certdata.life SET retired = true $$;
SELECT certdata.seal();

-- ---------------------------------------------------------------- what is looked at

CREATE SCHEMA t;
GRANT USAGE ON SCHEMA t TO PUBLIC;
CREATE TABLE t.guarded (relation oid PRIMARY KEY, attached boolean);
INSERT INTO t.guarded SELECT c.oid, c.relname IN ('zs', 'cert', 'part') FROM pg_class AS c
	WHERE c.relnamespace = 'reg'::regnamespace AND c.relname IN ('zs', 'zs_live', 'zs_report', 'cert', 'cert_live', 'cert_report',
		'part', 'part_1', 'part_2', 'part_2a', 'part_live', 'part_report');
-- the worker writes attempt, and maintenance has a scenario of its own
CREATE TABLE t.ledger (relation oid PRIMARY KEY, name name);
INSERT INTO t.ledger SELECT 'certdata'::regnamespace::oid, 'certdata';
INSERT INTO t.ledger SELECT c.oid, c.relname FROM pg_class AS c WHERE c.relnamespace = 'certdata'::regnamespace AND c.relkind = 'r'
	AND (c.relname LIKE 'ledger%' OR c.relname IN ('attachment', 'life', 'withdrawn', 'known_fault'));

-- acts, acts of maintenance, then digests of the ledger, rows, triggers, and
-- of the structure of all that is protected; a thing that is gone shows as such
CREATE FUNCTION t.look() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	namespace oid := (SELECT relation FROM t.ledger WHERE name = 'certdata');
	act oid := (SELECT relation FROM t.ledger WHERE name = 'ledger_act');
	acts text := 'gone';
	ledger text := '';
	rows text := '';
	rels oid[] := ARRAY(SELECT relation FROM t.guarded);
	own oid[] := ARRAY(SELECT oid FROM pg_class WHERE relnamespace = namespace AND relkind IN ('r', 'v'));
	r oid;
	one text;
	parts text[];
BEGIN
	FOR r IN SELECT relation FROM t.ledger WHERE name <> 'certdata' ORDER BY 1 LOOP
		IF NOT EXISTS (SELECT FROM pg_class WHERE oid = r) THEN ledger := ledger || ' gone'; CONTINUE; END IF;
		-- a table that is renamed shows its new name
		EXECUTE format('SELECT md5(string_agg(%2$s, ''|'' ORDER BY %2$s)) FROM %1$s AS x', r::regclass,
			CASE WHEN r = (SELECT relation FROM t.ledger WHERE name = 'attachment') THEN '(to_jsonb(x) - ''relation'')::text || x.relation::oid' ELSE 'x::text' END) INTO one;
		ledger := ledger || COALESCE(one, '-');
	END LOOP;
	IF EXISTS (SELECT FROM pg_class WHERE oid = act) THEN
		EXECUTE format('SELECT count(*) || ''|'' || count(*) FILTER (WHERE kind = ''maintenance'') FROM %s', act::regclass) INTO acts;
	ELSE
		acts := 'gone|gone';
	END IF;
	FOR r IN SELECT relation FROM t.guarded WHERE attached ORDER BY 1 LOOP
		IF NOT EXISTS (SELECT FROM pg_class WHERE oid = r) THEN rows := rows || ' gone'; CONTINUE; END IF;
		EXECUTE format('SELECT md5(string_agg(x.tableoid || x::text, ''|'' ORDER BY x.tableoid, x::text)) FROM %s AS x', r::regclass) INTO one;
		rows := rows || COALESCE(one, 'empty');
	END LOOP;
	parts := ARRAY[
		(SELECT string_agg(md5(concat_ws(',', tgrelid, tgname, tgfoid, tgenabled, tgtype, tgattr, tgargs, tgqual)), '' ORDER BY tgrelid, tgname)
			FROM pg_trigger WHERE NOT tgisinternal AND (tgrelid = ANY (own) OR tgrelid = ANY (rels) AND tgname LIKE 'certdata%')
				OR tgname = 'certdata_apply' AND tgrelid = ANY (rels)),
		(SELECT string_agg(md5(concat_ws(',', CASE WHEN relkind NOT IN ('i', 'I') THEN oid END, relname, relnamespace, relowner, relpersistence, relkind, relrowsecurity, relforcerowsecurity, relispartition)), '' ORDER BY relname)
			FROM pg_class WHERE oid = ANY (rels) OR oid = ANY (own) OR relnamespace = namespace),
		(SELECT string_agg(md5(concat_ws(',', attrelid, attname, atttypid, atttypmod, attisdropped)), '' ORDER BY attrelid, attnum)
			FROM pg_attribute WHERE attnum > 0 AND (attrelid = ANY (rels) OR attrelid = ANY (own))),
		(SELECT string_agg(md5(concat_ws(',', indrelid, indexrelid::regclass, indisunique, indisvalid, indisready, indislive, indimmediate, indkey)), '' ORDER BY indexrelid::regclass::text)
			FROM pg_index WHERE indrelid = ANY (rels) OR indrelid = ANY (own)),
		(SELECT string_agg(md5(concat_ws(',', conrelid, conname, contype, condeferrable)), '' ORDER BY oid) FROM pg_constraint WHERE conrelid = ANY (rels) OR conrelid = ANY (own)),
		(SELECT string_agg(md5(p::text), '' ORDER BY oid) FROM pg_policy AS p WHERE polrelid = ANY (rels) OR polrelid = ANY (own)),
		(SELECT string_agg(md5(concat_ws(',', ev_class, rulename, ev_type, is_instead, ev_enabled, ev_action)), '' ORDER BY oid) FROM pg_rewrite WHERE ev_class = ANY (rels) OR ev_class = ANY (own)),
		(SELECT string_agg(md5(i::text), '' ORDER BY inhrelid) FROM pg_inherits AS i WHERE inhrelid = ANY (rels) OR inhparent = ANY (rels)),
		(SELECT string_agg(concat_ws(',', evtname, evtenabled, evtfoid, evtowner), '' ORDER BY oid) FROM pg_event_trigger WHERE evtname LIKE 'certdata%'),
		(SELECT count(*) || md5(string_agg(concat_ws(',', proname, prosrc, probin, prosecdef, proowner, proconfig, proisstrict, provolatile), '' ORDER BY oid)) FROM pg_proc WHERE pronamespace = namespace),
		(SELECT count(*) || md5(string_agg(concat_ws(',', oid, proname, prosrc, provolatile, prosecdef), '' ORDER BY oid)) FROM pg_proc WHERE pronamespace = 11 AND proname ~ '^(now|pg_get_userbyid|array_position)$'),
		(SELECT md5(string_agg(concat_ws(',', oid, typname, typowner, typreceive, typstorage), '' ORDER BY oid)) FROM pg_type WHERE typnamespace = namespace),
		(SELECT count(*) || md5(string_agg(concat_ws(',', o.oid, oprname, oprrest, oprjoin, oprcanmerge), '' ORDER BY o.oid)) FROM pg_operator AS o JOIN pg_type AS y ON y.oid = o.oprleft WHERE y.typnamespace = namespace),
		(SELECT count(*)::text FROM pg_amop AS a JOIN pg_opfamily AS f ON f.oid = a.amopfamily WHERE f.opfnamespace = namespace),
		(SELECT count(*)::text FROM pg_cast AS c JOIN pg_type AS y ON y.oid = c.casttarget WHERE y.typnamespace = namespace),
		(SELECT concat_ws(',', nspname, nspowner) FROM pg_namespace WHERE oid = namespace),
		(SELECT count(*)::text FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid WHERE d.refclassid = 'pg_extension'::regclass AND e.extname = 'certdata' AND d.deptype = 'e'),
		(SELECT string_agg(s::text, ',') FROM pg_db_role_setting AS s)];
	FOR i IN 1 .. cardinality(parts) LOOP
		parts[i] := left(md5(COALESCE(parts[i], '-')), 8);
	END LOOP;
	RETURN concat_ws('|', 'look', acts, left(md5(ledger), 8), left(md5(rows), 8), parts[1], array_to_string(parts[2:], '.'));
END $$;
