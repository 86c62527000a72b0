-- Looks for alarms of certdata.verify_ledger() where nothing was changed: tables
-- of all shapes, whatever lawful acts did to them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
\pset format unaligned
\t on
-- other tests' tables and lives are not ours to judge: a database of its own
SELECT current_database() AS was \gset
CREATE DATABASE ledger_lawful;
\c ledger_lawful
SET client_min_messages = warning;
SET certdata.language = en;
CREATE EXTENSION certdata;
\set VERBOSITY terse
SELECT * FROM certdata.verify_ledger();
\set VERBOSITY default
SELECT certdata.start_ledger('sm3') IS NOT NULL;
SELECT * FROM certdata.verify_ledger();

CREATE FUNCTION no(n int) RETURNS text LANGUAGE sql AS $$ SELECT 'S000013010001223' || lpad(n::text, 6, '0') $$;
-- text columns, codes, a constant, padding; rows that were there, one without a number that is one
CREATE TABLE plain (xm text, lx char(4), hm varchar, dw text, zy text, gz text, dj text, bh text, rq date, jg text, state text);
CREATE FUNCTION fill(target regclass, a int, b int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s SELECT ''张三'', ''01'', ''130102199003071233'', ''甲厂'', ''车工'', NULL, ''三级'', no(i), ''2022-02-09'', ''甲校'' FROM generate_series($1, $2) AS i', target) USING a, b;
END $$;
SELECT fill('plain', 1, 20);
INSERT INTO plain SELECT '李四', '01', '130102199003071233', '甲厂', '车工', NULL, '三级', 'none', '2022-02-09', '甲校';
SELECT certdata.attach('plain', '{"姓名": "xm", "证件类型": {"column": "lx", "map": {"01": "居民身份证"}}, "证件号码": "hm", "所在单位": "dw", "职业名称": "zy", "工种名称": "gz",
	"职业技能等级": "dj", "证书编号": "bh", "发证日期": "rq", "评价机构": "jg", "发证机构": {"value": "甲中心"}}', existing => 'record', validate => false, publication => 'by_call', state_column => 'state') IS NOT NULL;
SELECT problem, relation, detail FROM certdata.verify_ledger();
-- acts on rows that are not recorded yet
SELECT certdata.correct('plain', no(1), '{"姓名": "李四"}', 'r');
SELECT certdata.publish('plain', ARRAY[no(2), no(3), no(4)]);
SELECT certdata.correct('plain', no(3), '{"姓名": "李四"}', 'r', 'a');
SELECT certdata.retire('plain', no(2), 'r', 'a', true);
SELECT certdata.suspend('plain', no(4), 'r');
SELECT certdata.renumber('plain', no(4), no(104), 'r', 'a');
SELECT certdata.withdraw('plain', no(5), 'r');
BEGIN;
SET LOCAL certdata.reason = 'r';
UPDATE plain SET bh = no(60) WHERE bh = 'none';
COMMIT;
SELECT problem, relation, detail FROM certdata.verify_ledger();
SELECT certdata.validate('plain');
SELECT problem, relation, detail FROM certdata.verify_ledger();
-- a number that was given up, again
SELECT fill('plain', 5, 5);
SELECT certdata.correct('plain', no(5), '{"姓名": "李六"}', 'r');
-- insertion and correction by one statement, in one transaction, rolled back in part
BEGIN;
SET LOCAL certdata.reason = 'r';
SAVEPOINT s;
UPDATE plain SET dw = '丙厂' WHERE bh = no(7);
ROLLBACK TO s;
UPDATE plain SET dw = '丁厂' WHERE bh = no(7);
UPDATE plain SET dw = '戊厂' WHERE bh = no(7);
COMMIT;
-- settings, and what outer systems do
INSERT INTO certdata.organisation (id, name, kind) VALUES ('p', '省中心', 'province'), ('c', '市中心', 'city');
UPDATE certdata.organisation SET parent = 'p' WHERE id = 'c';
DELETE FROM certdata.organisation WHERE id = 'c';
SELECT certdata.record_act('review', 'plain', no(7), 'r', '{"by": "x"}') > 0;
SELECT certdata.record_act('receive', 'plain', NULL, 'r') > 0;
SELECT certdata.correct('plain', no(7), '{"所在单位": "己厂"}', 'r', 'a');
SELECT * FROM certdata.verify_ledger();

-- partitions, in a register with another table
CREATE TABLE parts (xm text, lx char(4), hm varchar, dw text, zy text, gz text, dj text, bh certdata.certno, rq certdata.issue_date, jg text, dropped int, state text) PARTITION BY RANGE (bh);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM (MINVALUE) TO ('S000013010001223000500');
CREATE TABLE parts_b (state text, dw text, xm text, lx char(4), hm varchar, zy text, gz text, dj text, bh certdata.certno, rq certdata.issue_date, jg text);
ALTER TABLE parts DROP COLUMN dropped;
ALTER TABLE parts ATTACH PARTITION parts_b FOR VALUES FROM ('S000013010001223000500') TO (MAXVALUE);
CREATE UNIQUE INDEX ON parts (bh);
CREATE TABLE beside (LIKE plain);
SELECT certdata.attach(t, '{"姓名": "xm", "证件类型": {"column": "lx", "map": {"01": "居民身份证"}}, "证件号码": "hm", "所在单位": "dw", "职业名称": "zy", "工种名称": "gz",
	"职业技能等级": "dj", "证书编号": "bh", "发证日期": "rq", "评价机构": "jg", "发证机构": {"value": "甲中心"}}', state_column => 'state', register => 'r') IS NOT NULL FROM unnest(ARRAY['parts', 'beside']::regclass[]) AS t;
SELECT fill('parts', 480, 520);
SELECT fill('beside', 530, 540);
SELECT certdata.renumber('parts', ARRAY[no(490), no(510)], ARRAY[no(510), no(490)], 'r', 'a');
SELECT certdata.renumber('parts', ARRAY[no(491)], ARRAY[no(591)], 'r', 'a');
SELECT certdata.renumber('parts', ARRAY[no(591)], ARRAY[no(491 + 200)], 'r', 'a');
SELECT certdata.correct('parts', no(691), '{"姓名": "李六"}', 'r', 'a');
SELECT certdata.retire('parts', no(691), 'r', 'a', true, no(490));
SELECT * FROM certdata.verify_ledger();
SELECT certdata.seal() > 0;
SELECT * FROM certdata.verify_ledger();

-- detached, and attached again: what happened in between was recorded by nobody
SELECT certdata.detach('beside', 'r');
UPDATE beside SET xm = '王五' WHERE bh = no(530);
SELECT * FROM certdata.verify_ledger();
SELECT certdata.attach('beside', '{"姓名": "xm", "证件类型": {"column": "lx", "map": {"01": "居民身份证"}}, "证件号码": "hm", "所在单位": "dw", "职业名称": "zy", "工种名称": "gz",
	"职业技能等级": "dj", "证书编号": "bh", "发证日期": "rq", "评价机构": "jg", "发证机构": {"value": "甲中心"}}', state_column => 'state', register => 'r') IS NOT NULL;
SELECT problem, relation, cert_no, detail FROM certdata.verify_ledger();
SELECT certdata.correct('beside', no(530), '{"所在单位": "丙厂"}', 'r', 'a');
SELECT * FROM certdata.verify_ledger();

-- a ledger that is younger than the tables: as if it began now
TRUNCATE certdata.ledger, certdata.ledger_incarnation, certdata.ledger_shape, certdata.ledger_act, certdata.ledger_entry,
	certdata.ledger_order, certdata.ledger_tile, certdata.ledger_head;
\c ledger_lawful
SET client_min_messages = warning;
SET certdata.language = en;
SELECT certdata.retire('parts', no(495), 'r', 'a', true, no(496));
SELECT certdata.correct('beside', no(531), '{"姓名": "王五"}', 'r', 'a');
SELECT certdata.suspend('plain', no(3), 'r');
SELECT certdata.start_ledger() IS NOT NULL;
SELECT problem, relation, detail FROM certdata.verify_ledger() ORDER BY relation::text;
SELECT certdata.correct('beside', no(531), '{"所在单位": "丙厂"}', 'r', 'a');
SELECT certdata.validate(t) FROM unnest(ARRAY['plain', 'parts', 'beside']::regclass[]) AS t;
SELECT certdata.resume('plain', no(3), 'r');
SELECT certdata.renumber('beside', no(531), no(631), 'r', 'a');
SELECT certdata.seal() > 0;
SELECT problem, relation, cert_no, detail FROM certdata.verify_ledger();

\c :was
DROP DATABASE ledger_lawful;
