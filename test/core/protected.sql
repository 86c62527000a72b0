-- What there is to protect while PostgreSQL's own tests run (script/check_core.sh).
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION certdata;
CREATE SCHEMA certificates;
SET search_path = certificates;
SELECT certdata.create_registry('registry') \g /dev/null
INSERT INTO registry (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', ('S000013000001223' || lpad(i::text, 6, '0'))::certdata.certno,
		'2022-02-09', '甲校', '甲校' FROM generate_series(1, 100) AS i;
SELECT certdata.correct('registry', 'S000013000001223000001', '{"姓名": "李四"}', '姓名录入错误', '冀鉴更〔2026〕1号') \g /dev/null
SELECT certdata.retire('registry', 'S000013000001223000002', '重复发证', '冀鉴删〔2026〕1号', benefits_cancelled => true) \g /dev/null
SELECT certdata.seal() \g /dev/null
