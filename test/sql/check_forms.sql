-- A record that is judged differently according to the form it comes in:
-- eleven texts, a certdata.report, a row with columns named, typed, padded or
-- ordered otherwise; a column taken for another; a value shown in clear.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;

-- one lawful record; each case below replaces one field
CREATE TEMP TABLE lawful (LIKE certdata.report);
INSERT INTO lawful VALUES ('张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
CREATE TEMP TABLE wanted (i serial, field text, value text, rules text);
INSERT INTO wanted (field, value, rules) VALUES
	('姓名', '张三', ''),
	('姓名', NULL, 'name.required error'),
	('姓名', '', 'name.required error'),
	('姓名', ' ', 'name.space error'),
	('姓名', '张•三', 'name.separator error'),
	('证件类型', NULL, 'idtype.required error'),
	('证件类型', '身份证', 'idtype.unknown error'),
	('证件号码', '', 'id.required error'),
	('证件号码', '130102199003071234', 'id.checksum error'),
	('证件号码', '13010219900307002x', 'id.case warning'),
	('所在单位', NULL, ''),
	('所在单位', '甲 公司', 'employer.space error'),
	('职业名称', NULL, 'occupation.required error'),
	('工种名称', '', ''),
	('工种名称', '无', 'worktype.placeholder error'),
	('职业技能等级', '高级工', 'level.form warning'),
	('职业技能等级', '四级', 'no.level error'),
	('证书编号', '', 'no.required error'),
	('证书编号', 's000013000001223000001', 'no.case warning'),
	('证书编号', 'S000013000001213000001', 'no.year error'),
	('发证日期', '', 'date.required error'),
	('发证日期', '2022/2/9', 'date.form error'),
	('评价机构', NULL, 'evaluator.required error'),
	('发证机构', E'甲\u0001', 'issuer.control error');

-- the same record in each form, as its rules found
CREATE FUNCTION pg_temp.rules_of(form text, r certdata.report) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	IF form = 'texts' THEN
		SELECT string_agg(f.rule || ' ' || f.severity, ', ') INTO found
		FROM certdata.check_record(r."姓名", r."证件类型", r."证件号码", r."所在单位", r."职业名称", r."工种名称",
			r."职业技能等级", r."证书编号", r."发证日期", r."评价机构", r."发证机构") AS f;
	ELSIF form = 'report' THEN
		SELECT string_agg(f.rule || ' ' || f.severity, ', ') INTO found FROM certdata.check_record(r) AS f;
	ELSIF form = 'headers in another order' THEN
		SELECT string_agg(f.rule || ' ' || f.severity, ', ') INTO found
		FROM (SELECT r."发证机构", 1 AS n, r."评价机构", r."发证日期", r."证书编号", r."职业技能等级", r."工种名称",
			'x' AS note, r."职业名称", r."所在单位", r."证件号码", r."证件类型", r."姓名") AS t,
			certdata.check_record(t) AS f;
	ELSIF form = 'names' THEN
		SELECT string_agg(f.rule || ' ' || f.severity, ', ') INTO found
		FROM (SELECT r."证书编号" AS cert_no, r."姓名" AS name, r."证件类型" AS id_type, r."证件号码" AS id_number,
			r."所在单位" AS employer, r."职业名称" AS occupation, r."工种名称" AS work_type, r."职业技能等级" AS level,
			r."发证日期" AS issue_date, r."评价机构" AS evaluator, r."发证机构" AS issuer) AS t,
			certdata.check_record(t) AS f;
	ELSIF form = 'position' THEN
		SELECT string_agg(f.rule || ' ' || f.severity, ', ') INTO found
		FROM certdata.check_record(ROW(r."姓名", r."证件类型", r."证件号码", r."所在单位", r."职业名称", r."工种名称",
			r."职业技能等级", r."证书编号", r."发证日期", r."评价机构", r."发证机构", 'more', 2)) AS f;
	ELSIF form = 'varchar' THEN
		SELECT string_agg(f.rule || ' ' || f.severity, ', ') INTO found
		FROM (SELECT r."姓名"::varchar(50) AS xm, r."证件类型"::varchar AS lx, r."证件号码"::varchar, r."所在单位"::varchar,
			r."职业名称"::varchar, r."工种名称"::varchar, r."职业技能等级"::varchar, r."证书编号"::varchar, r."发证日期"::varchar,
			r."评价机构"::varchar, r."发证机构"::varchar) AS t(a, b, c, d, e, f, g, h, i, j, k),
			certdata.check_record(t) AS f;
	END IF;
	RETURN COALESCE(found, '');
END $$;
CREATE FUNCTION pg_temp.with_field(field text, value text) RETURNS certdata.report LANGUAGE plpgsql AS $$
DECLARE
	r certdata.report;
BEGIN
	SELECT l.* INTO r FROM lawful AS l;
	EXECUTE format('SELECT t.* FROM (SELECT %s) AS t',
		(SELECT string_agg(CASE WHEN a.attname = field THEN '$2' ELSE format('($1).%I', a.attname) END, ', ' ORDER BY a.attnum)
		 FROM pg_attribute AS a WHERE a.attrelid = 'certdata.report'::regclass AND a.attnum > 0)) INTO r USING r, value;
	RETURN r;
END $$;
SELECT w.field, w.value, form, w.rules, found
FROM wanted AS w, unnest(ARRAY['texts', 'report', 'headers in another order', 'names', 'position', 'varchar']) AS form,
	pg_temp.rules_of(form, pg_temp.with_field(w.field, w.value)) AS found
WHERE found <> w.rules ORDER BY w.i, form;
SELECT count(*) AS cases FROM wanted;

-- a null row has nothing filled in; so has an empty one
SELECT rule, field, severity FROM certdata.check_record(NULL::certdata.report);
SELECT count(*), min(rule), max(rule) FROM certdata.check_record(NULL::certdata.report);
SELECT count(*) FROM certdata.check_record(NULL::record);
SELECT count(*) FROM certdata.check_record(ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
SELECT count(*) FROM certdata.check_record('', '', '', '', '', '', '', '', '', '', '');
SELECT count(*) FROM certdata.check_record(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- typed columns: canonical values carry no notation to be faulted, the rest is judged
CREATE TEMP TABLE typed (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
	level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name);
INSERT INTO typed VALUES
	('张三', '居民身份证', '13010219900307002x', '甲公司', '电工', '', '高级工', 's000013000001223000001', '2022-02-09', '甲校', '甲中心'),
	('张 三', '居民身份证', '130102199003071234', '甲公司', NULL, '无', '四级', 'J000099000001213000001', '2099-02-09', '甲校', NULL),
	(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT t.cert_no, f.rule, f.severity FROM typed AS t, certdata.check_record(t) AS f ORDER BY t.cert_no, f.rule COLLATE "C";

-- resident_id, date, domains and padded characters say the same as text
CREATE DOMAIN pg_temp.number_domain AS certdata.certno;
CREATE DOMAIN pg_temp.name_domain AS varchar(30);
CREATE TEMP TABLE mixed (name pg_temp.name_domain, id_type char(20), id_number certdata.resident_id, employer char(30),
	occupation char(30), work_type char(10), level char(8), cert_no pg_temp.number_domain, issue_date date,
	evaluator varchar(100), issuer char(40), id_text char(18), no_text char(30));
INSERT INTO mixed VALUES
	('张三', '居民身份证', '130102199003071233', '甲公司', '电工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心',
	 '130102199003071233', 'S000013000001223000001'),
	('张三 ', '中国护照', '130102199003071233', '甲 公司', '电工', '', '三级 ', 'S000013000001213000001', 'infinity', '甲校', NULL,
	 'E12345678', 'S00001300000121300000');
SELECT row_number() OVER w AS n, f.rule, f.severity
FROM mixed AS m, certdata.check_record(m) AS f WINDOW w AS (ORDER BY f.rule COLLATE "C");
SELECT f.rule FROM (SELECT m.name, m.id_type, m.id_text AS id_number, m.employer, m.occupation, m.work_type, m.level,
	m.no_text AS cert_no, m.issue_date, m.evaluator, m.issuer FROM mixed AS m) AS t, certdata.check_record(t) AS f
ORDER BY f.rule COLLATE "C";
-- whatever DateStyle
SET DateStyle = 'German, DMY';
SELECT f.rule FROM mixed AS m, certdata.check_record(m) AS f WHERE m.issue_date = '2022-02-09' ORDER BY 1;
RESET DateStyle;

-- columns that are missing: all named, in one error
\set VERBOSITY sqlstate
SELECT * FROM certdata.check_record(ROW('张三', '居民身份证'));
SELECT * FROM certdata.check_record(ROW());
SELECT f.* FROM (SELECT '张三' AS name, '居民身份证' AS id_type) AS t, certdata.check_record(t) AS f;
SELECT * FROM certdata.check_record(1);
SELECT * FROM certdata.check_record();
\set VERBOSITY default
SELECT f.* FROM (SELECT '张三' AS name, '居民身份证' AS id_type, '' AS cert_no, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS t, certdata.check_record(t) AS f;

-- dropped and added columns
CREATE TEMP TABLE dropped AS SELECT 1 AS a, l.* FROM lawful AS l;
ALTER TABLE dropped DROP COLUMN a, ADD COLUMN added text DEFAULT '无';
SELECT count(*) FROM dropped AS d, certdata.check_record(d);
ALTER TABLE dropped DROP COLUMN "评价机构", ADD COLUMN evaluator text DEFAULT '乙 校';
SELECT f.rule, f.field FROM dropped AS d, certdata.check_record(d) AS f;
-- by position, dropped columns do not count
CREATE TEMP TABLE plain (a text, x text, b text, c text, d text, e text, f text, g text, h text, i text, j text, k text);
INSERT INTO plain SELECT l."姓名", 'x', l."证件类型", l."证件号码", l."所在单位", l."职业名称", l."工种名称", l."职业技能等级",
	l."证书编号", l."发证日期", l."评价机构", l."发证机构" FROM lawful AS l;
ALTER TABLE plain DROP COLUMN x;
SELECT count(*) FROM plain AS p, certdata.check_record(p);

-- one call site, rows of changing types
SELECT t.i, f.rule FROM (VALUES (1, ROW('张 三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL::text, '三级',
		'S000013000001223000001', '2022-02-09', '甲校', '甲中心')),
	(2, ROW('张三', '居民身份证', '130102199003071233', '甲公司', '电工', '无', '三级',
		'S000013000001223000001'::certdata.certno, date '2022-02-09', '甲校', '甲中心'))) AS t(i, r),
	certdata.check_record(t.r) AS f ORDER BY t.i;

-- the columns of a finding, in both languages; auto follows lc_messages
SET certdata.language = zh;
SELECT * FROM certdata.check_record('张三', '居民身份证', '130102199003071234', '', '电工', '', '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
SET certdata.language = en;
SELECT * FROM certdata.check_record('张三', '居民身份证', '130102199003071234', '', '电工', '', '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
SET certdata.language = auto;
SET lc_messages = 'C';
SELECT message FROM certdata.check_record('', '居民身份证', '130102199003071233', '', '电工', '', '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
-- where the machine has a Chinese locale; elsewhere the setting is refused
DO $$
BEGIN
	BEGIN
		SET LOCAL lc_messages = 'zh_CN.UTF-8';
	EXCEPTION WHEN invalid_parameter_value THEN
		RETURN;
	END;
	ASSERT (SELECT message FROM certdata.check_record('', '居民身份证', '130102199003071233', '', '电工', '', '三级',
		'S000013000001223000001', '2022-02-09', '甲校', '甲中心')) = '姓名未填写';
END $$;
RESET lc_messages;
SET certdata.language = en;
SET certdata.language = 'fr';

-- no message or hint of a finding quotes a document's number, a name or a whole certificate number
CREATE TEMP TABLE secret (LIKE certdata.report);
INSERT INTO secret VALUES
	('欧阳娜•古丽', '居民身份证', '110105194912310029', '甲公司', '电工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心'),
	('欧阳*', '居民身份证', '11010519491231*****', '甲公司', '电工', '', '三级', 'S000013000001223', '2022-02-09', '甲校', '甲中心'),
	(E'欧阳娜 古丽\u0003', '中国护照', '110105 194912310029000', '110105194912310029', '电工110105194912310029', '110105194912310029', '三级',
		'1101051949123100291234', '2022-02-09', '110105194912310029 甲', '甲中心?');
CREATE TEMP VIEW shown AS
	SELECT v.message || v.hint || COALESCE(v.value, '') AS text FROM certdata.check_rows('secret') AS v
	UNION ALL
	SELECT f.message || f.hint FROM secret AS s, certdata.check_record(s) AS f;
SELECT count(*) > 20 AS many, count(*) FILTER (WHERE text ~ '194912310029|19491231|阳娜|古丽') AS told FROM shown;
SET certdata.language = zh;
SELECT count(*) FILTER (WHERE text ~ '194912310029|19491231|阳娜|古丽') AS told FROM shown;
SELECT row_no, cell, rule, value FROM certdata.check_rows('secret') ORDER BY row_no, cell, rule COLLATE "C";
