-- Defect looked for: rows that were there taken as good, or their faults held
-- against a lawful correction, or forgotten; a correction that leaves or adds a
-- fault; a register in which a number is used twice; a life that is lost when
-- the table is detached.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_existing;
SET search_path = attach_existing;
SET certdata.language = en;
SET client_min_messages = error;
\set VERBOSITY terse

CREATE TABLE t (LIKE certdata.report);
INSERT INTO t VALUES
	('张三', '居民身份证', '130102199003071233', '', '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校'),
	('李 四', '居民身份证', '130102199003071231', '', '车工', '无', '三级', 'S000013000001213000002', '2022-02-09', '甲校', '甲校'),
	('', '居民身份证', '13010219900307002X', '', '车工', '', '三级', '', '2022-02-09', '甲校', '甲校'),
	('王五', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'none', '2022-02-09', '甲校', '甲校');
SELECT certdata.attach('t');
SELECT count(*) FROM certdata.attachment WHERE relation = 't'::regclass;
SELECT tgname FROM pg_trigger WHERE tgrelid = 't'::regclass;
SELECT certdata.attach('t', validate => false) IS NOT NULL AS attached;
SELECT validated FROM certdata.attachment WHERE relation = 't'::regclass;
SELECT certdata.validate('t');
SELECT certdata.detach('t', 'with faults, then');
SELECT certdata.attach('t', existing => 'record', validate => false) IS NOT NULL AS attached;
SELECT certdata.validate('t');
SELECT certdata.validate('t');
SELECT validated FROM certdata.attachment WHERE relation = 't'::regclass;
SELECT cert_no, field, rule, severity FROM certdata.known_fault JOIN certdata.attachment AS a ON a.id = attachment AND a.relation = 't'::regclass ORDER BY 1, 2, 3;

-- older faults are no obstacle, but none may stay in what is changed
CREATE FUNCTION change(number text, changes text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	rule text;
BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	EXECUTE format('UPDATE t SET %s WHERE "证书编号" = %L', changes, number);
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
	RETURN SQLSTATE || ' ' || rule;
END $$;
SELECT change('S000013000001213000002', $$"所在单位" = '丙厂'$$);
SELECT change('S000013000001213000002', $$"姓名" = '李  四'$$);
SELECT change('S000013000001213000002', $$"发证日期" = '2022-02-10'$$);
SELECT change('S000013000001213000002', $$"发证日期" = '2021-02-10'$$);
SELECT change('S000013000001213000002', $$"职业技能等级" = '四级'$$);
SELECT change('S000013000001213000002', $$"工种名称" = ''$$);
SELECT change('S000013000001213000002', $$"姓名" = '李四'$$);
SELECT change('S000013000001213000002', $$"证件号码" = '130102199003071233'$$);
SELECT change('', $$"姓名" = '赵六'$$);
SELECT change('', $$"证书编号" = 'S000013000001223000001'$$);
SELECT change('', $$"证书编号" = 'S000013000001223000003'$$);
SELECT change('none', $$"证书编号" = 'S000013000001223000004'$$);
SELECT rule FROM certdata.check_rows('t') ORDER BY row_no, rule;

-- life outlives detachment
SELECT certdata.retire('t', 'S000013000001223000001', 'r', 'a', true);
SELECT certdata.renumber('t', ARRAY['S000013000001223000003'], ARRAY['S000013000001223000005'], 'r', 'a');
SELECT id AS before FROM certdata.attachment WHERE relation = 't'::regclass \gset
SELECT certdata.detach('t', 'for a while');
DELETE FROM t WHERE "证书编号" = 'none';
SELECT certdata.attach('t', existing => 'record') = :'before' AS same;
SELECT change('S000013000001213000002', $$"证件号码" = '130102199003071233'$$);
SELECT change('S000013000001223000001', $$"姓名" = '张四'$$);
INSERT INTO t VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000003', '2022-02-09', '甲校', '甲校');
SELECT "证书编号" FROM t_live ORDER BY 1;

-- one register
CREATE TABLE u (LIKE certdata.report);
INSERT INTO u VALUES ('钱七', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校');
CREATE TABLE w (LIKE certdata.report);
INSERT INTO w VALUES ('钱七', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 's000013000001223000001', '2022-02-09', '甲校', '甲校');
SELECT certdata.attach('u', register => '全省') IS NOT NULL AS attached;
SELECT certdata.attach('w', register => '全省') IS NOT NULL AS attached;
UPDATE w SET "证书编号" = 'S000013000001223000002';
SELECT certdata.attach('w', register => '全省') IS NOT NULL AS attached;
INSERT INTO w VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校');
INSERT INTO w VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000009', '2022-02-09', '甲校', '甲校');
INSERT INTO u VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000009', '2022-02-09', '甲校', '甲校');
SELECT certdata.renumber('u', ARRAY['S000013000001223000001'], ARRAY['S000013000001223000009'], 'r', 'a');
SELECT certdata.renumber('u', ARRAY['S000013000001223000001'], ARRAY['S000013000001223000011'], 'r', 'a');
INSERT INTO w VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校');
SELECT certdata.detach('w', 'x');
SELECT certdata.attach('w') IS NOT NULL AS attached;
SELECT l.cert_no, a.relation, l.reserved FROM certdata.life AS l JOIN certdata.attachment AS a ON a.id = l.attachment
WHERE a.register = '全省' ORDER BY 1;

-- the other profile, and settings of one attachment
CREATE TABLE c (LIKE certdata.report);
SELECT certdata.attach('c', profile => 'competition') AS c \gset
INSERT INTO certdata.organisation (id, name) VALUES ('o', '甲校');
INSERT INTO certdata.filing (code, organisation) VALUES ('S000013000009', 'o');
INSERT INTO c VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校');
INSERT INTO u VALUES ('孙八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000012', '2022-02-09', '甲校', '甲校');
INSERT INTO certdata.rule_setting (rule, attachment, severity) VALUES ('name.space', :'c', 'warning');
INSERT INTO c VALUES ('孙 八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000002', '2022-02-09', '甲校', '甲校');
SELECT row_no, rule, severity FROM certdata.check_rows('c');
TRUNCATE certdata.filing;
INSERT INTO u VALUES ('孙 八', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000012', '2022-02-09', '甲校', '甲校');
-- a state column that comes later, or with words of somebody else's
CREATE TABLE s (LIKE certdata.report);
INSERT INTO s SELECT '张三', '居民身份证', '130102199003071233', '', '车工', '', '三级', 'S00001300000122300003' || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 5) AS i;
SELECT certdata.attach('s') IS NOT NULL AS attached;
SELECT certdata.retire('s', 'S000013000001223000031', 'r', 'a', true);
SELECT certdata.suspend('s', '{S000013000001223000032,S000013000001223000033}', 'r');
SELECT certdata.detach('s', 'x');
ALTER TABLE s ADD state text;
UPDATE s SET state = 'retired' WHERE "证书编号" = 'S000013000001223000034';
SELECT certdata.attach('s', state_column => 'state') IS NOT NULL AS attached;
UPDATE s SET state = NULL;
SELECT certdata.attach('s', state_column => 'state') IS NOT NULL AS attached;
SELECT "证书编号", state FROM s ORDER BY 1;
SELECT "证书编号" FROM s_live ORDER BY 1;
SELECT certdata.detach('s', 'x');
SELECT certdata.attach('s', state_column => 'state') IS NOT NULL AS attached;
-- withdrawn rows are no faults
SELECT certdata.detach('s', 'x');
SELECT certdata.attach('s', state_column => 'state', publication => 'by_call') IS NOT NULL AS attached;
SELECT certdata.withdraw('s', 'S000013000001223000035', 'r');
SELECT certdata.validate('s');
SELECT certdata.detach('s', 'x');
SELECT certdata.attach('s', state_column => 'state', publication => 'by_call') IS NOT NULL AS attached;
SELECT "证书编号", state FROM s ORDER BY 1;
SELECT "证书编号" FROM s_live ORDER BY 1;

SET client_min_messages = warning;
DROP SCHEMA attach_existing CASCADE;
TRUNCATE certdata.attachment, certdata.life, certdata.known_fault;
DELETE FROM certdata.rule_setting;
TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope;
