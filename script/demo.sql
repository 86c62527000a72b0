-- The main job: a report file goes in, every fault of every row comes out, the
-- good rows are stored in typed columns.  Called by script/demo.sh with
-- :report_b64 (the file in base64) and :report_name.

\pset footer off
\pset null ''
\pset linestyle unicode
SET client_min_messages = warning;
CREATE EXTENSION certdata;

\echo
\echo == 1. What is wrong with the file :report_name ? Findings by rule:
SELECT rule, severity, count(*) AS findings, min(cell) AS "e.g. in", min(message) AS message
FROM certdata.check_report(decode(:'report_b64', 'base64'))
GROUP BY rule, severity
ORDER BY severity, count(*) DESC, rule
LIMIT 15;

\echo == The same in Chinese, by cell, as the officer mends them (the first ten):
SET certdata.language = 'zh';
SELECT cell AS "单元格", field AS "字段", value AS "内容", message AS "问题", clause AS "依据", hint AS "改法"
FROM certdata.check_report(decode(:'report_b64', 'base64'))
LIMIT 10;

\echo == 2. Staged and loaded: first all or nothing, then the good rows
CREATE TABLE staging AS
	SELECT * FROM certdata.read_report(decode(:'report_b64', 'base64'));

CREATE TABLE certificate (
	name certdata.person_name,
	id_type certdata.id_type,
	id_number certdata.id_number,
	employer certdata.org_name,
	occupation certdata.occupation_name,
	work_type certdata.work_type_name,
	level certdata.skill_level,
	cert_no certdata.certno UNIQUE,
	issue_date certdata.issue_date,
	evaluator certdata.org_name,
	issuer certdata.org_name
);
SET certdata.language = 'en';
\set ON_ERROR_STOP 0
\set VERBOSITY terse
SELECT * FROM certdata.load('staging', 'certificate');
\set VERBOSITY default
\set ON_ERROR_STOP 1
CREATE TABLE to_mend AS SELECT * FROM certdata.rejected('staging', 'certificate');
SELECT * FROM certdata.load('staging', 'certificate', partial => true);
SELECT count(*) AS "rows to mend, unchanged" FROM to_mend;

\echo == 3. What is stored is typed and canonical; numbers are found by index
SELECT overlay(name::text PLACING '*' FROM 2) AS name, id_type, level, cert_no, issue_date
FROM certificate ORDER BY level DESC, cert_no LIMIT 3;
SELECT certdata.certno_filing(cert_no) AS filing, level, count(*)
FROM certificate GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 6;
ANALYZE certificate;
EXPLAIN (COSTS off) SELECT * FROM certificate WHERE cert_no ^@ 'S000013010026253';

\echo == 4. From here on the types and the rules hold for plain SQL, too
CREATE TRIGGER check_new_rows AFTER INSERT ON certificate
	REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
\set ON_ERROR_STOP 0
\echo '-- a wrong check character:'
INSERT INTO certificate VALUES ('张三', '居民身份证', '130102199003071231', NULL, '车工', NULL,
	'三级', 'S000013010026253900001', '2025-03-18', '甲校', '甲校');
\echo '-- a number that is none:'
INSERT INTO certificate VALUES ('张三', '居民身份证', '130102199003071233', NULL, '车工', NULL,
	'三级', 'S0000130100262539', '2025-03-18', '甲校', '甲校');
\set ON_ERROR_STOP 1
\echo '-- fixable forms (lower case, 高级工) are stored canonically:'
INSERT INTO certificate VALUES ('张三', '居民身份证', '13010219900307002x', NULL, '车工', NULL,
	'高级工', 's000013010026253900002', '2025-03-18', '甲校', '甲校')
	RETURNING id_number, level, cert_no;
