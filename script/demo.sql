-- The main job: a report file goes in, every fault of every row comes out, the
-- good rows are stored in typed columns; then what needs more than the file:
-- organisations, registered scope, working days; then a guarded registry.  Called by script/demo.sh with
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
EXPLAIN (COSTS off) SELECT * FROM certificate WHERE cert_no ^@ 'S00001301002726300001';

\echo == 4. From here on the types and the rules hold for plain SQL, too
SELECT certdata.check_inserts('certificate');
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

\echo == 5. Organisations, filings (机构备案) and registered scope (评价范围): entered as data, here for the body of this report
SELECT COALESCE(mode() WITHIN GROUP (ORDER BY certdata.certno_filing(cert_no)), 'S000013010027') AS filing,
	COALESCE(mode() WITHIN GROUP (ORDER BY evaluator::text), '甲校') AS body
FROM certificate \gset
INSERT INTO certdata.organisation (id, name, kind, parent) VALUES
	('P', '某省人力资源和社会保障厅', 'province', NULL),
	('C', '某市人力资源和社会保障局', 'city', 'P'),
	('E', :'body', 'evaluation', 'C');
INSERT INTO certdata.filing (code, organisation, valid) VALUES (:'filing', 'E', '[2021-01-01,)');
-- what it has issued so far up to 二级, 养老护理员 up to 一级, 焊接设备操作工 from February 2026 only
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid)
SELECT DISTINCT :'filing', occupation, work_type, level,
	CASE WHEN work_type = '焊接设备操作工' THEN '[2026-02-01,)' ELSE '(,)' END::daterange
FROM certificate WHERE level <= '二级' OR occupation = '养老护理员';
SELECT c.code, o.name AS organisation, c.valid, (SELECT count(*) FROM certdata.scope) AS "rows of scope"
FROM certdata.filing AS c JOIN certdata.organisation AS o ON o.id = c.organisation;

\echo '-- the staged rows again, of those that were loaded: what the file alone could not tell'
SELECT cell, rule, value, hint FROM certdata.check_rows('staging')
WHERE rule LIKE '%.scope' AND row_no NOT IN (SELECT row_no FROM to_mend)
ORDER BY row_no, cell LIMIT 8;
\echo '-- may the body certify 焊工 (焊接设备操作工), 四级 ?'
SELECT to_char(day, 'YYYY-MM-DD') AS day, certdata.in_scope(:'filing', '焊工', '焊接设备操作工', '四级', day)
FROM (VALUES (date '2026-01-31'), ('2026-02-01')) AS d(day);
\echo '-- the trigger of part 4 asks, too, from the next statement on:'
\set ON_ERROR_STOP 0
INSERT INTO certificate VALUES ('张三', '居民身份证', '130102199003071233', NULL, '铣工', NULL,
	'三级', :'filing' || '263900003', '2026-03-20', :'body', :'body');
\set ON_ERROR_STOP 1

\echo
\echo == 6. Working days: when an upload was due (20 working days, 第十条), and how late it is when handed in on 2026-12-01 (第十二条)
SELECT "from", certdata.due_date('upload', "from"), certdata.lateness('upload', "from", '2026-12-01')
FROM (VALUES (date '2026-11-06'), ('2026-09-25'), ('2026-05-18')) AS d("from");
SELECT rule, severity, value AS "issued on", count(*) AS rows, min(message) AS message
FROM certdata.check_rows('staging', received_on => '2026-12-01')
WHERE rule IN ('date.late', 'date.beyond') AND row_no NOT IN (SELECT row_no FROM to_mend)
GROUP BY rule, severity, value ORDER BY value DESC LIMIT 8;

\echo == 7. The body ceases, then is dissolved: who answers for its certificates (第十六条)
UPDATE certdata.organisation SET ceased_on = '2026-12-31', dissolved_on = '2027-03-31' WHERE id = 'E';
SELECT to_char(day, 'YYYY-MM-DD') AS day, name AS "answers for the filing"
FROM (VALUES (date '2026-12-31'), ('2027-03-31'), ('2027-04-01')) AS d(day)
JOIN certdata.organisation AS o ON o.id = certdata.responsible(:'filing', day) ORDER BY day;

\echo == 8. A guarded registry: plain SQL, lawful corrections only (第十四条), nothing deleted but logically (第十五条)
SELECT certdata.create_registry('registry');
SELECT rows, loaded, rejected FROM certdata.load('certificate', 'registry', partial => true);
SELECT min(cert_no) AS no, max(cert_no) AS other FROM registry \gset
\set ON_ERROR_STOP 0
\echo '-- a correction without a reason:'
UPDATE registry SET name = '章三' WHERE cert_no = :'no';
\echo '-- with reason and approval, said for this transaction:'
BEGIN;
SET LOCAL certdata.reason = '姓名录入错误';
SET LOCAL certdata.approval = '省鉴更〔2026〕17号';
UPDATE registry SET name = '章三' WHERE cert_no = :'no' RETURNING name, cert_no;
COMMIT;
\echo '-- later the other of the two items, in one call:'
SELECT certdata.correct('registry', :'no', '{"证件号码": "13010219900307002X"}', '证件号码录入错误', '省鉴更〔2026〕18号');
\echo '-- deletion:'
DELETE FROM registry WHERE cert_no = :'other';
\set ON_ERROR_STOP 1
SELECT certdata.retire('registry', :'other', '重复发证', '省鉴删〔2026〕3号', benefits_cancelled => true) AS retired;
SELECT (SELECT count(*) FROM registry) AS "rows", (SELECT count(*) FROM registry_live) AS "live rows",
	(SELECT state FROM registry WHERE cert_no = :'other') AS "state of the retired one";

\echo == 9. Who, when, why, and what was before (第十三条); a head that outsiders keep
SELECT life_seq, kind, changed, old_values, reason, approval FROM certdata.history('registry', :'no');
SELECT certdata.seal() AS "leaves sealed";
SELECT certdata.head() AS head \gset
\echo :head
SELECT count(*) AS problems FROM certdata.verify_ledger();
\echo '-- somebody who owns the table goes behind the guard''s back:'
ALTER TABLE registry DISABLE TRIGGER USER;
UPDATE registry SET level = '一级' WHERE cert_no = :'other';
ALTER TABLE registry ENABLE ALWAYS TRIGGER certdata_update;
SELECT problem, relation, cert_no, detail FROM certdata.verify_ledger();
\echo '-- and somebody who may write files touches the ledger itself:'
UPDATE certdata.ledger_act SET reason = '上级要求' WHERE kind = 'correct';
SELECT problem, act, detail FROM certdata.verify_ledger() ORDER BY 1, 2;
