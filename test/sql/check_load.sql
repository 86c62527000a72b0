-- load() that loads a bad row, loses a good one, stores what was not checked,
-- or leaves half a load behind; rejected() that gives back something else
-- than the rows refused; an error that does not say what broke where.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;

CREATE TABLE staging (LIKE certdata.report);
CREATE TABLE registry (seq int GENERATED ALWAYS AS IDENTITY, name certdata.person_name, id_type certdata.id_type,
	id_number certdata.id_number, employer certdata.org_name, occupation certdata.occupation_name,
	work_type certdata.work_type_name, level certdata.skill_level, cert_no certdata.certno PRIMARY KEY, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name, noted text DEFAULT 'by default',
	year int GENERATED ALWAYS AS (certdata.certno_year(cert_no)) STORED);
CREATE FUNCTION pg_temp.fill(n int) RETURNS void LANGUAGE sql AS $$
	TRUNCATE staging;
	INSERT INTO staging SELECT '张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
		'S000013000001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲中心' FROM generate_series(1, n) AS i
$$;
-- what an error says, field by field
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS TABLE (item text, value text) LANGUAGE plpgsql AS $$
DECLARE
	a text; b text; c text; d text; e text; f text; g text; h text;
BEGIN
	EXECUTE statement;
	RETURN QUERY SELECT 'none', '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS a = RETURNED_SQLSTATE, b = MESSAGE_TEXT, c = PG_EXCEPTION_DETAIL, d = PG_EXCEPTION_HINT,
		e = CONSTRAINT_NAME, f = SCHEMA_NAME, g = TABLE_NAME, h = COLUMN_NAME;
	RETURN QUERY SELECT * FROM unnest(
		ARRAY['sqlstate', 'message', 'detail', 'hint', 'constraint', 'schema', 'table', 'column'], ARRAY[a, b, c, d, e, f, g, h]);
END $$;
\pset format unaligned

-- all or nothing
SELECT pg_temp.fill(30);
UPDATE staging SET "工种名称" = '无' WHERE "证书编号" ~ '00[12].$';
UPDATE staging SET "姓名" = '李四王五 ', "证件号码" = '130102199003071234' WHERE "证书编号" ~ '029$';
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'registry')$$);
SELECT count(*) FROM registry;
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'registry', partial => NULL)$$);
SELECT count(*) AS rejected, min(row_no), max(row_no) FROM certdata.rejected('staging', 'registry');
SELECT * FROM certdata.load('staging', 'registry', partial => true);
SELECT count(*), min(cert_no), max(cert_no), min(noted), max(year), max(level) FROM registry;
TRUNCATE registry;

-- rejected() gives rows back byte for byte; mended, they load, and nothing is
-- there twice
SELECT pg_temp.fill(6);
UPDATE staging SET "姓名" = ' 张三' || E'\t', "工种名称" = '' WHERE "证书编号" ~ '2$';
UPDATE staging SET "证书编号" = ' s000013000001223000004', "职业技能等级" = '高 级工' WHERE "证书编号" ~ '4$';
UPDATE staging SET "职业名称" = NULL, "所在单位" = '' WHERE "证书编号" ~ '6$';
CREATE TEMP TABLE mended AS SELECT r."姓名", r."证件类型", r."证件号码", r."所在单位", r."职业名称", r."工种名称", r."职业技能等级", r."证书编号",
	r."发证日期", r."评价机构", r."发证机构" FROM certdata.rejected('staging', 'registry') AS r;
SELECT m.* FROM mended AS m EXCEPT SELECT s.* FROM staging AS s;
SELECT count(*) AS as_they_were FROM mended AS m JOIN staging AS s ON m IS NOT DISTINCT FROM s;
SELECT * FROM certdata.load('staging', 'registry', true);
SELECT * FROM certdata.load('staging', 'registry', true);
SELECT rule, count(*) FROM certdata.check_rows('mended') GROUP BY rule ORDER BY rule COLLATE "C";
UPDATE mended SET "姓名" = btrim("姓名", E' \t'), "证书编号" = btrim("证书编号"), "职业技能等级" = replace("职业技能等级", ' ', ''),
	"职业名称" = COALESCE("职业名称", '焊工');
SELECT * FROM certdata.load('mended', 'registry');
SELECT cert_no, name, level, occupation, employer IS NULL AS no_employer, work_type IS NULL AS no_work_type FROM registry ORDER BY cert_no;

-- numbers that the target has already
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('mended', 'registry')$$) WHERE item IN ('sqlstate', 'message', 'detail', 'constraint', 'column');
SELECT row_no, "证书编号" FROM certdata.rejected('mended', 'registry') ORDER BY row_no;
SELECT * FROM certdata.load('registry', 'registry', true);
SELECT count(*) FROM registry;

-- warnings are counted, values stored in their canonical form
TRUNCATE registry;
SELECT pg_temp.fill(3);
UPDATE staging SET "证件号码" = '１３０１０２199003071233', "证书编号" = 's' || substr("证书编号", 2), "职业技能等级" = '三级（高级工）' WHERE "证书编号" ~ '2$';
UPDATE staging SET "证件类型" = '外国人工作许可证（A类）', "证件号码" = 'abc123' WHERE "证书编号" ~ '3$';
SELECT * FROM certdata.load('staging', 'registry');
SELECT cert_no, id_type, id_number, level FROM registry ORDER BY cert_no;

-- targets of other types: text, char, varchar, date, domains, columns in another order
CREATE DOMAIN short_name AS varchar(20) CHECK (VALUE <> '禁用');
CREATE TABLE as_text (LIKE certdata.report);
CREATE TABLE as_char ("发证机构" char(20), "评价机构" char(20), "发证日期" date, "证书编号" char(22), "职业技能等级" char(4), "工种名称" char(5),
	"职业名称" varchar, "所在单位" short_name, "证件号码" certdata.resident_id, "证件类型" varchar(20), "姓名" short_name);
UPDATE staging SET "证件类型" = '居民身份证', "证件号码" = '13010219900307002x';
UPDATE staging SET "职业技能等级" = '3';
SELECT * FROM certdata.load('staging', 'as_text');
SELECT * FROM as_text ORDER BY "证书编号";
SET DateStyle = 'SQL, DMY';
SELECT * FROM certdata.load('staging', 'as_char');
SELECT "证书编号", "发证日期", "职业技能等级", "工种名称" IS NULL AS empty FROM as_char ORDER BY 1;
-- and back: a source of such columns; rejected shows a date as the guide writes it
TRUNCATE registry;
SELECT * FROM certdata.load('as_char', 'registry');
UPDATE as_char SET "姓名" = '张 三', "发证日期" = '2022-02-28' WHERE "证书编号" ~ '1$';
SELECT row_no, "姓名", "证书编号", "发证日期", "职业技能等级" FROM certdata.rejected('as_char', 'registry');
SELECT row_no, cell, rule, value FROM certdata.check_rows('as_char');
UPDATE as_char SET "发证日期" = 'infinity' WHERE "证书编号" ~ '1$';
SELECT row_no, cell, rule, value FROM certdata.check_rows('as_char');
RESET DateStyle;

-- what the target itself refuses: the error of its making, nothing lost or half loaded
CREATE TABLE narrow (name varchar(2), id_type text, id_number char(10), employer text, occupation text, work_type text, level text,
	cert_no text, issue_date text, evaluator text, issuer text);
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'narrow')$$) WHERE item IN ('sqlstate', 'message', 'table');
ALTER TABLE narrow ALTER id_number TYPE int USING NULL;
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'narrow')$$) WHERE item IN ('sqlstate');
ALTER TABLE narrow ALTER id_number TYPE text, ADD CHECK (cert_no !~ '3$');
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'narrow')$$) WHERE item IN ('sqlstate', 'constraint', 'table');
ALTER TABLE narrow ADD COLUMN needed int NOT NULL;
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'narrow', true)$$) WHERE item IN ('sqlstate', 'column');
SELECT count(*) FROM narrow;
ALTER TABLE narrow DROP COLUMN cert_no;
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'narrow')$$) WHERE item IN ('sqlstate', 'message', 'detail');
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('narrow', 'registry')$$) WHERE item IN ('sqlstate', 'message', 'detail');
SELECT * FROM pg_temp.refusal($$SELECT certdata.load(4294967295::oid::regclass, 'registry')$$) WHERE item IN ('sqlstate', 'message');
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 4294967295::oid::regclass)$$) WHERE item IN ('sqlstate', 'message');

-- triggers, views and partitions of the target work as for any INSERT
CREATE TABLE parted (LIKE registry) PARTITION BY RANGE (cert_no);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
ALTER TABLE parted ALTER seq SET DEFAULT 1;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.noted := 'by trigger'; RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON parted FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER check_new AFTER INSERT ON parted REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE VIEW on_top AS SELECT name AS "姓名", id_type AS "证件类型", id_number AS "证件号码", employer AS "所在单位", occupation AS "职业名称",
	work_type AS "工种名称", level AS "职业技能等级", cert_no AS "证书编号", issue_date AS "发证日期", evaluator AS "评价机构", issuer AS "发证机构" FROM parted;
UPDATE staging SET "姓名" = 'X' WHERE "证书编号" ~ '1$';
SELECT * FROM certdata.load('staging', 'on_top');
SELECT cert_no, noted FROM parted ORDER BY cert_no;
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'on_top')$$) WHERE item IN ('sqlstate', 'constraint', 'table', 'column');
-- a view as source, and an empty one
CREATE VIEW part AS SELECT * FROM staging WHERE "姓名" = 'X';
CREATE VIEW none AS SELECT * FROM staging WHERE false;
TRUNCATE parted;
SELECT * FROM certdata.load('part', 'parted');
SELECT * FROM certdata.load('none', 'parted');
SELECT * FROM certdata.rejected('none', 'parted');
-- in the order of the source
SELECT pg_temp.fill(2000);
TRUNCATE registry RESTART IDENTITY;
SELECT * FROM certdata.load('staging', 'registry');
SELECT count(*) AS out_of_order FROM registry WHERE seq <> certdata.certno_serial(cert_no)::int;
-- source and target in one transaction, undone together
BEGIN;
SAVEPOINT a;
DELETE FROM registry;
SELECT * FROM certdata.load('staging', 'registry');
ROLLBACK TO a;
SELECT * FROM certdata.load('staging', 'registry', true);
COMMIT;
SELECT count(*) FROM registry;

-- attacks: operators, types and tables that shadow what load's own statements mean
CREATE SCHEMA evil;
CREATE FUNCTION evil.yes(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.yes);
CREATE FUNCTION evil.yes(certdata.certno, certdata.certno) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR evil.= (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = evil.yes);
CREATE DOMAIN evil.text AS int;
CREATE DOMAIN evil.certno AS int;
CREATE TABLE evil.certdata_rows AS SELECT 1 AS row_no;
CREATE TABLE evil.certdata_numbers AS SELECT 1 AS row_no, 'x' AS f0;
CREATE TABLE evil.registry (LIKE staging);
CREATE TEMP TABLE certdata_rows AS SELECT 1 AS row_no;
CREATE TEMP TABLE certdata_numbers AS SELECT 1 AS row_no, 'x' AS f0;
SELECT pg_temp.fill(3);
TRUNCATE registry, as_text;
SELECT 'staging'::regclass::oid AS staging, 'registry'::regclass::oid AS registry, 'as_text'::regclass::oid AS as_text \gset
SET search_path = evil, pg_catalog, public;
SELECT * FROM certdata.load(:staging::oid::regclass, :registry::oid::regclass);
SELECT * FROM certdata.load(:staging::oid::regclass, :as_text::oid::regclass);
SELECT * FROM certdata.check_rows(:registry::oid::regclass);
SELECT count(*) FROM certdata.rejected(:staging::oid::regclass, :registry::oid::regclass);
RESET search_path;
SELECT cert_no, name FROM registry ORDER BY cert_no;
SELECT "证书编号", "姓名" FROM as_text ORDER BY 1;
SELECT count(*) FROM evil.registry;
DROP TABLE certdata_rows, certdata_numbers;
DROP SCHEMA evil CASCADE;

-- a table of that name in the target's place
CREATE TABLE "certdata_rows" (LIKE certdata.report);
SELECT * FROM certdata.load('staging', 'certdata_rows');
SELECT count(*) FROM certdata_rows;
DROP TABLE certdata_rows;
CREATE TABLE "Ta""ble; DROP TABLE registry; --" ("姓""名; --" text, b text, c text, d text, e text, f text, g text, h text, i text, j text, k text);
SELECT * FROM certdata.load('staging', '"Ta""ble; DROP TABLE registry; --"');
SELECT * FROM certdata.load('"Ta""ble; DROP TABLE registry; --"', '"Ta""ble; DROP TABLE registry; --"', true);
SELECT count(*) FROM "Ta""ble; DROP TABLE registry; --";
DROP TABLE "Ta""ble; DROP TABLE registry; --";

-- load inside load: a trigger of the target that loads elsewhere
CREATE TABLE second (LIKE registry);
ALTER TABLE second ALTER seq SET DEFAULT 1;
CREATE FUNCTION load_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM certdata.load('staging', 'second', true);
	RETURN NULL;
END $$;
CREATE TRIGGER load_more AFTER INSERT ON registry FOR EACH STATEMENT EXECUTE FUNCTION load_more();
TRUNCATE registry;
SELECT * FROM certdata.load('staging', 'registry');
SELECT count(*) FROM second;

-- a source that shows other rows when it is read again: what was not judged is not stored
CREATE SEQUENCE turn;
CREATE VIEW turning AS SELECT CASE WHEN nextval('turn') > 3 THEN '张 三' ELSE "姓名" END AS "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称",
	"职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构" FROM staging;
TRUNCATE as_text;
DO $$
BEGIN
	PERFORM certdata.load('turning', 'as_text');
EXCEPTION WHEN OTHERS THEN
END $$;
SELECT count(*) AS bad_rows_stored FROM certdata.check_rows('as_text') WHERE severity <> 'warning';
TRUNCATE as_text;
SELECT loaded FROM certdata.load('staging', 'as_text');
DROP VIEW turning;
DROP SEQUENCE turn;

-- in Chinese
SET certdata.language = zh;
UPDATE staging SET "工种名称" = '无';
SELECT * FROM pg_temp.refusal($$SELECT certdata.load('staging', 'as_text')$$);

DROP VIEW part, none, on_top;
DROP TABLE staging, registry, as_text, as_char, narrow, parted, second;
DROP FUNCTION note, load_more;
DROP DOMAIN short_name;
