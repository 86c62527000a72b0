-- Checks that show or load more than the caller may read or write; checks
-- that fail for want of a right nobody should need; row security passed by.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
DROP ROLE IF EXISTS certdata_test_clerk, certdata_test_officer, certdata_test_admin, certdata_test_owner;
RESET client_min_messages;
SET certdata.language = en;
CREATE ROLE certdata_test_clerk;
CREATE ROLE certdata_test_officer IN ROLE certdata_officer;
CREATE ROLE certdata_test_admin IN ROLE certdata_admin;
CREATE ROLE certdata_test_owner;
CREATE SCHEMA power;
GRANT USAGE ON SCHEMA power TO PUBLIC;
CREATE TABLE power.staging (LIKE certdata.report);
CREATE TABLE power.registry (LIKE certdata.report);
INSERT INTO power.staging SELECT '张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
	'S000013000001223' || lpad(i::text, 6, '0'), '2022-02-09', CASE WHEN i % 2 = 0 THEN '甲校' ELSE '乙 校' END, '甲中心' FROM generate_series(1, 6) AS i;
\set VERBOSITY sqlstate

-- nothing but a schema's usage: own data can be checked, settings are obeyed
INSERT INTO certdata.rule_setting (rule, severity) VALUES ('evaluator.space', 'warning');
SET ROLE certdata_test_clerk;
SELECT rule, severity FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级',
	'S000013000001223000001', '2022-02-09', '甲 校', '甲中心');
CREATE TEMP TABLE own (LIKE certdata.report);
INSERT INTO own SELECT '张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
	'S000013000001223000001', '2022-02-09', '甲 校', '甲中心';
SELECT rule, severity FROM certdata.check_rows('own');
SELECT count(*) FROM certdata.check_report(convert_to('姓名', 'UTF8'));
SELECT count(*) > 60 AS rules FROM certdata.rule;
SELECT certdata.today() >= '2026-11-01' AS today;
-- settings withdrawn even from view: the checks read them all the same
RESET ROLE;
REVOKE SELECT ON certdata.rule_setting, certdata.category_setting, certdata.level_letter FROM PUBLIC;
SET ROLE certdata_test_clerk;
SELECT rule, severity FROM certdata.check_rows('own');
SELECT count(*) FROM certdata.rule_setting;
RESET ROLE;
GRANT SELECT ON certdata.rule_setting, certdata.category_setting, certdata.level_letter TO PUBLIC;
-- row security on a settings table hides nothing from the checks
ALTER TABLE certdata.rule_setting ENABLE ROW LEVEL SECURITY;
SET ROLE certdata_test_clerk;
SELECT rule, severity FROM certdata.check_rows('own');
RESET ROLE;
ALTER TABLE certdata.rule_setting DISABLE ROW LEVEL SECURITY;
DELETE FROM certdata.rule_setting;

-- check_rows needs SELECT on the eleven columns, no more
SET ROLE certdata_test_clerk;
SELECT count(*) FROM certdata.check_rows('power.staging');
RESET ROLE;
ALTER TABLE power.staging ADD COLUMN secret text DEFAULT 'x';
GRANT SELECT ("姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构")
	ON power.staging TO certdata_test_clerk;
SET ROLE certdata_test_clerk;
SELECT count(*) FROM certdata.check_rows('power.staging');
RESET ROLE;
GRANT SELECT ("发证机构") ON power.staging TO certdata_test_clerk;
SET ROLE certdata_test_clerk;
SELECT count(*) FROM certdata.check_rows('power.staging');
-- nobody but officers loads or takes back, whatever the tables allow
SELECT certdata.load('own', 'own');
SELECT certdata.rejected('own', 'own');
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false);
INSERT INTO certdata.category (letter) VALUES ('J');
INSERT INTO certdata.category_setting (letter) VALUES ('J');
INSERT INTO certdata.level_letter (letter, level) VALUES ('T', '特级技师');
DELETE FROM certdata.category_builtin;
UPDATE certdata.category_builtin SET letter = 'Z';
INSERT INTO certdata.report ("姓名") VALUES ('x');
RESET ROLE;
INSERT INTO certdata.report ("姓名") VALUES ('x');

-- row security: rows out of sight are neither numbered nor shown
ALTER TABLE power.staging ENABLE ROW LEVEL SECURITY;
CREATE POLICY even ON power.staging USING (right("证书编号", 1) IN ('2', '3', '4')) WITH CHECK (true);
SET ROLE certdata_test_clerk;
SELECT row_no, cell, rule FROM certdata.check_rows('power.staging');
RESET ROLE;
SELECT row_no, cell, rule FROM certdata.check_rows('power.staging');
SET row_security = off;
SET ROLE certdata_test_clerk;
SELECT count(*) FROM certdata.check_rows('power.staging');
RESET ROLE;
RESET row_security;

-- load: the officer's own rights on both tables, each needed
SET ROLE certdata_test_officer;
SELECT certdata.load('power.staging', 'power.registry');
RESET ROLE;
GRANT SELECT ON power.staging TO certdata_test_officer;
SET ROLE certdata_test_officer;
SELECT certdata.load('power.staging', 'power.registry', true);
RESET ROLE;
GRANT INSERT ON power.registry TO certdata_test_officer;
SET ROLE certdata_test_officer;
SELECT certdata.load('power.staging', 'power.registry', true);
RESET ROLE;
GRANT SELECT ("证书编号") ON power.registry TO certdata_test_officer;
SET ROLE certdata_test_officer;
SELECT * FROM certdata.load('power.staging', 'power.registry', true);
SELECT row_no, "证书编号" FROM certdata.rejected('power.staging', 'power.registry') ORDER BY 1;
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
RESET ROLE;
SELECT "证书编号" FROM power.registry;
-- numbers in rows out of the officer's sight: the unique index has the last word, and nothing is told
ALTER TABLE power.registry ENABLE ROW LEVEL SECURITY, ADD UNIQUE ("证书编号");
CREATE POLICY none ON power.registry FOR SELECT USING (false);
CREATE POLICY add ON power.registry FOR INSERT WITH CHECK (true);
SET ROLE certdata_test_officer;
SELECT certdata.load('power.staging', 'power.registry', true);
RESET ROLE;

-- a view shows what its owner may read, unless it says otherwise
CREATE VIEW power.open AS SELECT * FROM power.staging WHERE "评价机构" <> '甲校';
GRANT SELECT ON power.open TO certdata_test_clerk;
SET ROLE certdata_test_clerk;
SELECT count(*) FROM certdata.check_rows('power.open');
RESET ROLE;
ALTER VIEW power.open SET (security_invoker = true);
REVOKE SELECT ON power.staging FROM certdata_test_clerk;
SET ROLE certdata_test_clerk;
SELECT count(*) FROM certdata.check_rows('power.open');
RESET ROLE;

-- the trigger checks for roles that have INSERT on the table and nothing else
CREATE TABLE power.guarded (LIKE certdata.report);
CREATE TRIGGER check_new AFTER INSERT ON power.guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
GRANT INSERT ON power.guarded TO certdata_test_clerk;
SET ROLE certdata_test_clerk;
INSERT INTO power.guarded SELECT * FROM own;
UPDATE own SET "评价机构" = '甲校';
INSERT INTO power.guarded SELECT * FROM own;
RESET ROLE;
SELECT count(*) FROM power.guarded;

-- the administrator changes settings through views and tables; fixed things stay
SET ROLE certdata_test_admin;
BEGIN;
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
INSERT INTO certdata.category (letter, meaning) VALUES ('J', '技工院校');
DELETE FROM certdata.category WHERE letter = 'S';
INSERT INTO certdata.level_letter (letter, level) VALUES ('T', '特级技师');
SELECT letter, accepted FROM certdata.category ORDER BY letter;
ROLLBACK;
DELETE FROM certdata.category_builtin;
UPDATE certdata.rule SET enabled = false WHERE rule = 'id.checksum';
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA power CASCADE;
DROP TABLE own;
DROP ROLE certdata_test_clerk, certdata_test_officer, certdata_test_admin, certdata_test_owner;
