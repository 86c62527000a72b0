-- Edges that are easily wrong in silence: a range that ends at an infinity, a
-- list written for another DateStyle, an index that is not what its name says,
-- a placeholder in the scope itself, a kept verdict that tells another row's
-- facts, a row that a trigger of the same statement has made lawful.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;
\set SHOW_CONTEXT never

INSERT INTO certdata.organisation (id, name) VALUES ('a', '甲校');
INSERT INTO certdata.filing (code, organisation, valid) VALUES ('S000013000001', 'a', '[2023-01-01,2024-01-01)');
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid) VALUES
	('S000013000001', '电工', '无', '三级', '[2020-01-01,infinity]'),
	('S000013000001', '车工', ' ', '三级', '(,infinity)'),
	('S000013000002', '电工', NULL, '三级', '[2020-01-01,infinity]');

-- a placeholder or spaces in the scope are no work type, and one key with it
SELECT certdata.in_scope('S000013000001', '电工', NULL, '三级', '2023-05-05') AS placeholder,
	certdata.in_scope('S000013000001', '车工', '', '三级', '2023-05-05') AS spaces;
SELECT rule FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '无', '三级', 'S000013000001233000001', '2023-02-09', '甲校', '甲校');
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级');
-- infinite bounds: no end; a range of no day is refused
INSERT INTO certdata.scope VALUES ('S000013000002', '焊工', NULL, '三级', '(,-infinity]');
INSERT INTO certdata.scope VALUES ('S000013000002', '焊工', NULL, '三级', '[infinity,)');
SELECT certdata.in_scope('S000013000002', '电工', NULL, '三级', d) AS from_2020
FROM unnest(ARRAY['2019-12-31', '2020-01-01', '9999-12-31', 'infinity', '-infinity']::date[]) AS d;
INSERT INTO certdata.organisation (id, name, ceased_on) VALUES ('x', '乙', '0044-03-15 BC');
INSERT INTO certdata.organisation (id, name, dissolved_on) VALUES ('x', '乙', '10000-01-01');

-- the list for certdata-check is the same whatever the session's DateStyle
CREATE TEMP TABLE iso AS SELECT * FROM certdata.scope_file;
SET DateStyle = 'SQL, DMY';
SELECT count(*) FROM (SELECT * FROM certdata.scope_file EXCEPT SELECT * FROM iso) AS differ;
SET DateStyle = ISO;
SELECT DISTINCT "from", "to" FROM iso WHERE record IN ('filing', 'scope') ORDER BY 1, 2;

-- rows that differ in their days only share no words that are one row's own
CREATE TEMP TABLE r (LIKE certdata.report);
INSERT INTO r SELECT '张三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'S000013000001243' || lpad(i::text, 6, '0'),
	(date '2024-03-01' + i * 20)::text, '甲校', '甲校' FROM generate_series(1, 3) AS i;
SELECT row_no, message, hint FROM certdata.check_rows('r') WHERE rule = 'no.filing_valid';

-- what an earlier trigger of the statement has written counts
CREATE TABLE guarded (LIKE certdata.report);
CREATE TRIGGER check_new AFTER INSERT ON guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE FUNCTION widen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '钳工', '三级');
	RETURN NULL;
END $$;
\set lawful '''张三'', ''居民身份证'', ''130102199003071233'', '''', ''钳工'', '''', ''三级'', ''S000013000001233000001'', ''2023-02-09'', ''甲校'', ''甲校'''
\set VERBOSITY terse
INSERT INTO guarded VALUES (:lawful);
CREATE TRIGGER before_it BEFORE INSERT ON guarded FOR EACH STATEMENT EXECUTE FUNCTION widen();
INSERT INTO guarded VALUES (:lawful);
SELECT count(*) FROM guarded;
-- a body that has ceased: nothing new, but what it issued before is corrected (第十六条)
CREATE TRIGGER check_changed AFTER UPDATE ON guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
DROP TRIGGER before_it ON guarded;
UPDATE certdata.organisation SET ceased_on = '2023-06-30';
INSERT INTO guarded SELECT '张三', '居民身份证', '130102199003071233', '', '钳工', '', '三级', 'S00001300000123300000' || i, d, '甲校', '甲校'
	FROM (VALUES (2, '2023-06-30')) AS v(i, d);
INSERT INTO guarded SELECT '张三', '居民身份证', '130102199003071233', '', '钳工', '', '三级', 'S00001300000123300000' || i, d, '甲校', '甲校'
	FROM (VALUES (3, '2023-07-01')) AS v(i, d);
UPDATE guarded SET "姓名" = '张珊' WHERE "证书编号" = 'S000013000001233000001';
SELECT "姓名", "发证日期" FROM guarded ORDER BY 2;
DROP TABLE guarded;
DROP FUNCTION widen;

-- an index that is missing, or another's under its name, is an error and no answer
\set VERBOSITY default
BEGIN;
DROP INDEX certdata.scope_match_form;
SELECT certdata.in_scope('S000013000001', '电工', NULL, '三级', '2023-05-05');
ROLLBACK;
BEGIN;
DROP INDEX certdata.scope_match_form;
CREATE INDEX scope_match_form ON certdata.organisation (id);
SELECT certdata.in_scope('S000013000001', '电工', NULL, '三级', '2023-05-05');
ROLLBACK;
BEGIN;
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'certdata.filing_code'::regclass;
SELECT certdata.in_scope('S000013000001', '电工', NULL, '三级', '2023-05-05');
ROLLBACK;
SELECT certdata.in_scope('S000013000001', '电工', NULL, '三级', '2023-05-05') AS as_before;

-- a list cut short says so, and does not say that there is nothing
INSERT INTO certdata.scope (filing, occupation, level, valid)
	SELECT 'S000013000001', 'A' || i, '三级', '(,2020-01-01)' FROM generate_series(1, 4200) AS i;
SELECT hint FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '木工', '', '三级', 'S000013000001233000001', '2023-02-09', '甲校', '甲校');

TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope;
