-- What 080_matrix.sh runs: tables, acts, routes, and what is to come of each.
-- Certificates are numbered 501 ... in every table, the same in each:
--	501 fresh  502 姓名 corrected  503 证件号码 corrected  504 retired
--	505 suspended  506 with a permit  507 with an old fault in 姓名
--	508 with a Latin name  509 with a passport  510 renumbered to 511
CREATE SCHEMA m;
GRANT USAGE ON SCHEMA m TO PUBLIC;

CREATE FUNCTION m.no(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'S000013000001223' || lpad(n::text, 6, '0') $$;
CREATE FUNCTION m.resident(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT b || substr('10X98765432', 1 + (SELECT sum(substr(b, i, 1)::int * (ARRAY[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2])[i]) FROM generate_series(1, 17) AS i)::int % 11, 1)
	FROM (SELECT '13010219900307' || lpad(n::text, 3, '0') AS b) AS v $$;

-- ---- tables: p plain, q partitioned, t of text columns, codes and a constant

CREATE TABLE m.plain (note text, gone int, name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name, level certdata.skill_level,
	cert_no certdata.certno PRIMARY KEY, issue_date certdata.issue_date, evaluator certdata.org_name, issuer certdata.org_name, state text);
ALTER TABLE m.plain DROP COLUMN gone;
CREATE TABLE m.parted (LIKE m.plain, PRIMARY KEY (cert_no)) PARTITION BY RANGE (cert_no);
CREATE TABLE m.parted_low PARTITION OF m.parted FOR VALUES FROM (MINVALUE) TO ('S000013000001223000500');
CREATE TABLE m.parted_high (state text, issuer certdata.org_name, gone text, evaluator certdata.org_name, issue_date certdata.issue_date,
	cert_no certdata.certno NOT NULL, level certdata.skill_level, work_type certdata.work_type_name, occupation certdata.occupation_name,
	employer certdata.org_name, id_number certdata.id_number, id_type certdata.id_type, name certdata.person_name, note text);
ALTER TABLE m.parted_high DROP COLUMN gone;
ALTER TABLE m.parted ATTACH PARTITION m.parted_high FOR VALUES FROM ('S000013000001223000500') TO (MAXVALUE);
CREATE TABLE m.codes (note text, xm text, zjlx char(2), zjhm varchar(20), dw text, zy text, gz text, dj text, bh varchar(30) PRIMARY KEY, rq date, pj text);

-- what a field is called in a table
CREATE TABLE m.field (field text, text_column text, header text);
INSERT INTO m.field VALUES ('note', 'note', NULL), ('name', 'xm', '姓名'), ('id_type', 'zjlx', '证件类型'), ('id_number', 'zjhm', '证件号码'),
	('employer', 'dw', '所在单位'), ('occupation', 'zy', '职业名称'), ('work_type', 'gz', '工种名称'), ('level', 'dj', '职业技能等级'),
	('cert_no', 'bh', '证书编号'), ('issue_date', 'rq', '发证日期'), ('evaluator', 'pj', '评价机构'), ('issuer', NULL, '发证机构'), ('state', NULL, NULL);
CREATE TABLE m.tab (tab char PRIMARY KEY, relation text, leaf text, no_column text);
INSERT INTO m.tab VALUES ('p', 'm.plain', 'm.plain', 'cert_no'), ('q', 'm.parted', 'm.parted_high', 'cert_no'), ('t', 'm.codes', 'm.codes', 'bh');

-- a change in words of fields into one in columns of a table
CREATE FUNCTION m.in_columns(tab char, change jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT COALESCE(jsonb_object_agg(CASE WHEN tab = 't' THEN f.text_column ELSE f.field END,
		CASE WHEN tab = 't' AND c.key = 'id_type' THEN to_jsonb((ARRAY['01', '02', '03', '04'])[
			array_position(ARRAY['居民身份证', '中国护照', '港澳居民来往内地通行证', '外国护照'], c.value #>> '{}')]) ELSE c.value END), '{}')
	FROM jsonb_each(change) AS c JOIN m.field AS f ON f.field = c.key WHERE tab <> 't' OR f.text_column IS NOT NULL $$;
CREATE FUNCTION m.fresh(n int, change jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('name', '张' || translate(n::text, '0123456789', '零一二三四五六七八九'), 'id_type', '居民身份证', 'id_number', m.resident(n),
		'employer', '甲公司', 'occupation', '电工', 'level', '三级', 'cert_no', m.no(n), 'issue_date', '2022-02-09', 'evaluator', '甲校', 'issuer', '甲中心',
		'note', 'old') || change $$;
CREATE PROCEDURE m.fill(tab char) LANGUAGE plpgsql AS $$
DECLARE
	rel text := (SELECT relation FROM m.tab AS t WHERE t.tab = fill.tab);
	r record;
BEGIN
	FOR r IN SELECT m.in_columns(tab, m.fresh(n, CASE n WHEN 506 THEN '{"id_type": "港澳居民来往内地通行证", "id_number": "H1234567801"}'
			WHEN 507 THEN '{"name": "王 七"}' WHEN 508 THEN '{"name": "JOHN"}' WHEN 509 THEN '{"id_type": "中国护照", "id_number": "E12345678"}' ELSE '{}' END::jsonb)) AS new
			FROM generate_series(501, 510) AS n LOOP
		EXECUTE format('INSERT INTO %s SELECT * FROM jsonb_populate_record(NULL::%1$s, $1)', rel) USING r.new;
	END LOOP;
END $$;
CALL m.fill('p');
CALL m.fill('q');
CALL m.fill('t');

-- the application has its table, and nothing in certdata
CREATE ROLE m_app LOGIN;
CREATE ROLE m_owner LOGIN;
CREATE ROLE m_officer LOGIN IN ROLE certdata_officer;
GRANT CREATE, USAGE ON SCHEMA m TO m_owner;
ALTER TABLE m.plain OWNER TO m_owner;
ALTER TABLE m.parted OWNER TO m_owner;
ALTER TABLE m.parted_low OWNER TO m_owner;
ALTER TABLE m.parted_high OWNER TO m_owner;
ALTER TABLE m.codes OWNER TO m_owner;
GRANT SELECT, INSERT, UPDATE ON m.plain, m.parted, m.parted_low, m.parted_high, m.codes TO m_app, m_officer;
GRANT certdata_admin TO m_owner;

SET client_min_messages = error;
SELECT certdata.attach('m.plain', existing => 'record', state_column => 'state');
SELECT certdata.attach('m.parted', existing => 'record', state_column => 'state');
SELECT certdata.attach('m.codes', '{"姓名": "xm", "证件类型": {"column": "zjlx", "map": {"01": "居民身份证", "02": "中国护照", "03": "港澳居民来往内地通行证", "04": "外国护照"}},
	"证件号码": "zjhm", "所在单位": "dw", "职业名称": "zy", "工种名称": "gz", "职业技能等级": "dj", "证书编号": "bh", "发证日期": "rq", "评价机构": "pj", "发证机构": {"value": "甲中心"}}',
	existing => 'record', register => 'm');
SELECT format($f$BEGIN; SET LOCAL certdata.reason = '原因'; SET LOCAL certdata.approval = '文号';
	UPDATE %1$s SET %2$I = '赵二' WHERE %3$I = %4$L;
	UPDATE %1$s SET %5$I = m.resident(3) WHERE %3$I = %6$L;
	SELECT certdata.retire(%1$L, m.no(504), '原因', '文号', true);
	SELECT certdata.suspend(%1$L, m.no(505), '原因');
	SELECT certdata.renumber(%1$L, m.no(510), m.no(511), '原因', '文号'); COMMIT;$f$, relation, f ->> 0, no_column, m.no(502), f ->> 1, m.no(503))
FROM m.tab, LATERAL (SELECT CASE tab WHEN 't' THEN '["xm", "zjhm"]' ELSE '["name", "id_number"]' END::jsonb AS f) AS v \gexec

