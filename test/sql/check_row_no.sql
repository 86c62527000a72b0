-- Defect looked for: rows named by a place that is not theirs in the file.  A
-- table's physical order is not that of COPY (rows go into gaps of earlier
-- pages), so a column row_no, where there is one, has to decide.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = 'en';
SET search_path = public;
CREATE TEMP TABLE file (bytes bytea);
INSERT INTO file SELECT convert_to(E'姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\n'
	|| string_agg(format('%s,居民身份证,130102199003071233,,车工,,三级,S000013000001223%s,2022-02-09,甲校,甲校',
		CASE WHEN n % 100 = 0 THEN '张 三' ELSE '张三' END, lpad(n::text, 6, '0'))
		|| repeat(E'\n,,,,,,,,,,', (n % 7 = 0)::int), E'\n' ORDER BY n), 'UTF8')
	FROM generate_series(1, 1000) AS n;
-- shuffled on disk, numbered as in the file
CREATE TEMP TABLE staging AS
	SELECT r.* FROM file, certdata.read_report(bytes) AS r ORDER BY md5(r."证书编号");
SELECT count(*) AS differing FROM (
	SELECT row_no, cell, rule FROM certdata.check_rows('staging')
	EXCEPT SELECT row_no, cell, rule FROM file, certdata.check_report(bytes)) AS d;
SELECT count(*), min(row_no), min(cell), max(row_no), max(cell) FROM certdata.check_rows('staging');
CREATE TEMP TABLE registry (
	name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
	level certdata.skill_level, cert_no certdata.certno UNIQUE, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name);
SELECT count(*), min(row_no), max(row_no) FROM certdata.rejected('staging', 'registry');
SELECT * FROM certdata.load('staging', 'registry', partial => true);
-- loaded in the order of the file
SELECT count(*) AS out_of_order FROM (
	SELECT cert_no, lag(cert_no) OVER (ORDER BY ctid) AS before FROM registry) AS r WHERE cert_no <= before;
-- a row_no that numbers nothing
\set SHOW_CONTEXT never
UPDATE staging SET row_no = 5 WHERE row_no = 6;
SELECT count(*) FROM certdata.check_rows('staging');
DELETE FROM staging WHERE row_no = 5;
UPDATE staging SET row_no = NULL WHERE "证书编号" LIKE '%000009';
SELECT count(*) FROM certdata.check_rows('staging');
ALTER TABLE staging RENAME row_no TO line;
SELECT count(*) FROM certdata.check_rows('staging');
-- arguments that are missing
SELECT * FROM certdata.load(NULL, 'registry');
\set VERBOSITY terse
SELECT * FROM certdata.load('staging', 'registry', NULL);
-- rows that a staging table cannot show as the file has them
SELECT row_no, "姓名", "发证机构" FROM certdata.read_report(convert_to(
	E'姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\n'
	|| E'甲,b,c,d,e,f,g,h,i,j,k\n乙,b,c,d,e,f,g,h,i,j,k,多\n丙,b,c\n', 'UTF8'));
