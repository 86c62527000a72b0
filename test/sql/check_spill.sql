-- Defect looked for: a statement whose new rows, or whose findings, outgrow
-- work_mem and come back from disk crashes the server or loses rows.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET work_mem = '64kB';
SET certdata.language = 'en';
CREATE TABLE spill (
	name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
	level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name);
CREATE TRIGGER check_new_rows AFTER INSERT ON spill
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE VIEW source_rows AS
	SELECT '张三' AS name, '居民身份证' AS id_type, '130102199003071233' AS id_number, NULL AS employer,
		'车工' AS occupation, NULL AS work_type, '三级' AS level,
		'S000013000001223' || lpad(n::text, 6, '0') AS cert_no, '2022-02-09' AS issue_date,
		'甲校' AS evaluator, '甲校' AS issuer
	FROM generate_series(1, 20000) AS n;
INSERT INTO spill SELECT name, id_type::certdata.id_type, id_number::certdata.id_number, employer, occupation,
	work_type, level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator, issuer
	FROM source_rows;
SELECT count(*), count(DISTINCT cert_no) FROM spill;
-- every row refused: the list stays short, the counts are whole
INSERT INTO spill SELECT name, '居民身份证', '130102199003071231', employer, occupation,
	work_type, '三级', cert_no::certdata.certno, '2021-02-09', evaluator, issuer
	FROM source_rows;
-- repeated numbers merged into findings that are on disk
SELECT rule, count(*), min(row_no), max(row_no) FROM certdata.check_rows('spill') GROUP BY rule;
INSERT INTO spill SELECT * FROM spill;
ALTER TABLE spill DISABLE TRIGGER check_new_rows;
INSERT INTO spill SELECT * FROM spill;
UPDATE spill SET level = '四级';
SELECT rule, count(*), min(row_no), max(row_no) FROM certdata.check_rows('spill') GROUP BY rule ORDER BY rule;
WITH f AS (SELECT row_no, lag(row_no, 1, 0::bigint) OVER () AS before FROM certdata.check_rows('spill'))
	SELECT count(*) FILTER (WHERE row_no < before) AS out_of_order FROM f;
DROP VIEW source_rows;
DROP TABLE spill;
