-- Defect looked for: a refusal that stays English where certdata.language is
-- zh, or loses its detail, its hint or a name on the way; one whose two texts
-- are two different SQLSTATEs.
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA words_both;
SET search_path = words_both;
\pset format unaligned
\t on

CREATE FUNCTION said(statement text, language text, OUT text text[]) LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	PERFORM set_config('certdata.language', language, true);
	EXECUTE statement;
	text := ARRAY['done'];
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	text := ARRAY[SQLSTATE, SQLERRM, detail, hint];
END $$;
-- what stands between quotation marks, and all digits: what both have to say
CREATE FUNCTION names(said text) RETURNS text[] LANGUAGE sql AS $$
	SELECT ARRAY(SELECT (m.found)[1] FROM regexp_matches(translate(said, '“”', '""'), '"([a-z_.0-9]+)"|(\d+)', 'g') AS m(found) WHERE m.found IS NOT NULL ORDER BY 1)
$$;
CREATE FUNCTION refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	en text[] := said(statement, 'en');
	zh text[] := said(statement, 'zh');
	wrong text;
BEGIN
	wrong := CASE
		WHEN en[1] = 'done' THEN 'was not refused'
		WHEN en[1] <> zh[1] THEN en[1] || ' in English'
		WHEN (en[3] = '') <> (zh[3] = '') OR (en[4] = '') <> (zh[4] = '') THEN 'detail or hint in one language only'
		WHEN regexp_replace(en[2], '证书编号|姓名|发证机构', '', 'g') ~ '[一-龥]' THEN 'Chinese in English: ' || en[2]
		WHEN zh[2] !~ '[一-龥]' OR zh[3] <> '' AND zh[3] !~ '[一-龥]' OR zh[4] <> '' AND zh[4] !~ '[一-龥]' AND zh[4] !~ '^(ALTER|CREATE) ' THEN 'not in Chinese'
		WHEN names(en[2]) <> names(zh[2]) THEN 'names differ: ' || en[2] END;
	RETURN concat_ws(E'\n  ', CASE WHEN wrong IS NULL THEN '' ELSE 'NOT OK (' || wrong || ') ' END || zh[1] || ' ' || zh[2], NULLIF(zh[3], ''), NULLIF(zh[4], ''));
END $$;
CREATE FUNCTION fill(target regclass, n int DEFAULT 1) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		VALUES (''张三'', ''居民身份证'', ''130102199003071233'', ''甲公司'', ''车工'', ''三级'', (''S00001301000122300000'' || $1)::certdata.certno, ''2022-02-09'', ''甲校'', ''甲中心'')', target) USING n;
END $$;

-- rules and the report's format
SELECT refused($$INSERT INTO certdata.report DEFAULT VALUES$$);
SELECT refused($$INSERT INTO certdata.rule_setting (rule, severity) VALUES ('no.such', 'error')$$);
SELECT refused($$INSERT INTO certdata.rule_setting (rule, severity) VALUES ('id.checksum', 'warning')$$);
SELECT refused($$INSERT INTO certdata.rule_setting (rule, severity) VALUES ('no.case', 'error')$$);
SELECT refused($$UPDATE certdata.rule SET clause = 'x' WHERE rule = 'id.age'$$);
SELECT refused($$UPDATE certdata.rule SET severity = NULL WHERE rule = 'id.age'$$);
BEGIN;
INSERT INTO certdata.rule_setting (rule, severity, valid) VALUES ('id.age', 'error', '[2020-01-01,2021-01-01)');
SELECT refused($$UPDATE certdata.rule SET severity = 'error' WHERE rule = 'id.age'$$);
ROLLBACK;

-- organisations
BEGIN;
INSERT INTO certdata.organisation (id, name) VALUES ('w1', '甲校'), ('w2', '乙校'), ('w3', '丙校');
UPDATE certdata.organisation SET parent = 'w2' WHERE id = 'w1';
UPDATE certdata.organisation SET successor = 'w3' WHERE id = 'w2';
INSERT INTO certdata.filing (code, organisation) VALUES ('S000013000001', 'w1');
INSERT INTO certdata.organisation_name (organisation, name) VALUES ('w2', '乙学校');
SELECT refused($$UPDATE certdata.organisation SET parent = 'nobody' WHERE id = 'w1'$$);
SELECT refused($$UPDATE certdata.organisation SET parent = 'w1' WHERE id = 'w2'$$);
SELECT refused($$UPDATE certdata.organisation SET successor = 'w2' WHERE id = 'w3'$$);
SELECT refused(format('DELETE FROM certdata.organisation WHERE id = %L', o.id)) FROM unnest('{w1,w2,w3}'::text[]) AS o(id);
UPDATE certdata.organisation SET parent = NULL, successor = NULL WHERE id = 'w1' OR id = 'w2';
SELECT refused($$DELETE FROM certdata.organisation WHERE id = 'w2'$$);
SELECT refused($$TRUNCATE certdata.organisation$$);
SELECT refused($$INSERT INTO certdata.filing (code, organisation) VALUES ('S000013000002', 'nobody')$$);
ROLLBACK;

-- calendar
SELECT refused($$INSERT INTO certdata.calendar_day (day, kind) VALUES ('2026-11-25', 'ordinary')$$);
SELECT refused($$INSERT INTO certdata.calendar_day SELECT * FROM certdata.calendar_day LIMIT 1$$);
SELECT refused($$INSERT INTO certdata.calendar_year SELECT * FROM certdata.calendar_year ORDER BY year LIMIT 1$$);
SELECT refused($$UPDATE certdata.calendar_year SET status = 'withdrawn' WHERE year = 2022$$);
SELECT refused($$INSERT INTO certdata.period (step) VALUES ('x')$$);
SELECT refused($$DELETE FROM certdata.period$$);
SELECT refused($$UPDATE certdata.period SET step = 'x'$$);

-- checks
SELECT refused($$SELECT certdata.load(NULL, 'certdata.report')$$);
SELECT refused($$SELECT certdata.check_rows(99999::regclass)$$);
CREATE TABLE numbered (row_no int, LIKE certdata.report);
INSERT INTO numbered (row_no) VALUES (NULL);
SELECT refused($$SELECT certdata.check_rows('numbered')$$);
UPDATE numbered SET row_no = 0;
SELECT refused($$SELECT certdata.check_rows('numbered')$$);
SELECT refused($$SELECT certdata.new_row('(0,1)')$$);
SELECT refused($$SELECT certdata.gone_row('(0,1)')$$);
CREATE TABLE judged (LIKE certdata.report);
SELECT certdata.check_inserts('judged');
CREATE TRIGGER other AFTER UPDATE ON judged FOR EACH ROW WHEN (new.ctid <> '(0,0)') EXECUTE FUNCTION suppress_redundant_updates_trigger();
SELECT refused($$INSERT INTO judged DEFAULT VALUES$$);
DROP TRIGGER other ON judged;
DROP TRIGGER check_new_rows_each ON judged;
SELECT refused($$INSERT INTO judged DEFAULT VALUES$$);
CREATE TRIGGER wrong AFTER INSERT ON numbered FOR EACH ROW EXECUTE FUNCTION certdata.check_new_rows();
SELECT refused($$INSERT INTO numbered DEFAULT VALUES$$);
CREATE VIEW looked AS TABLE certdata.report;
CREATE TABLE parted (LIKE certdata.report) PARTITION BY LIST ("姓名");
SELECT refused(format('SELECT certdata.check_inserts(%L)', name)) FROM unnest('{looked,parted}'::text[]) AS name;

-- attach
SELECT refused($$SELECT certdata.attach(NULL)$$);
CREATE TABLE poor (name text);
SELECT refused($$SELECT certdata.attach('poor')$$);
CREATE TABLE t (LIKE certdata.report, state text);
SELECT refused(format('SELECT certdata.attach(%L, %s)', 't', options)) FROM unnest(ARRAY[$$'[1]'$$, $$'{"x": "a"}'$$, $$'{"姓名": "a"}'$$, $$'{"姓名": 1}'$$, $$'{"证书编号": {"value": "x"}}'$$,
	$$profile => 'x'$$, $$existing => NULL$$, $$register => ' '$$, $$state_column => 'x'$$]) AS options;
SELECT refused(format('SELECT certdata.attach(%L)', name)) FROM unnest('{looked,parted,pg_class}'::text[]) AS name;
CREATE TEMP TABLE lost (LIKE certdata.report);
CREATE UNLOGGED TABLE unlogged (LIKE certdata.report);
CREATE TABLE parent (LIKE certdata.report);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE part PARTITION OF parted FOR VALUES IN ('x');
CREATE TABLE by_number (LIKE certdata.report) PARTITION BY HASH ("证书编号");
CREATE TABLE odd (LIKE certdata.report);
ALTER TABLE odd ALTER "证书编号" TYPE bytea USING '';
CREATE TABLE has_unlogged (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno, issue_date date, evaluator text, issuer text)
	PARTITION BY LIST (cert_no);
CREATE UNLOGGED TABLE has_unlogged_1 PARTITION OF has_unlogged DEFAULT;
SELECT refused(format('SELECT certdata.attach(%L)', name)) FROM unnest('{lost,unlogged,child,part,by_number,odd,has_unlogged}'::text[]) AS name;
CREATE TABLE t_live ();
SELECT refused($$SELECT certdata.attach('t')$$);
DROP TABLE t_live;
CREATE TABLE a23456789012345678901234567890123456789012345678901234567 (LIKE certdata.report);
SELECT refused($$SELECT certdata.attach('a23456789012345678901234567890123456789012345678901234567')$$);
UPDATE t SET state = 'x';
SELECT refused($$SELECT certdata.create_registry('a.b.c')$$);
SELECT refused($$SET LOCAL search_path = nowhere; SELECT certdata.create_registry('a')$$);

-- attached
SELECT certdata.create_registry('zs');
SELECT refused($$SELECT certdata.attach('zs')$$);
SELECT fill('zs');
CREATE VIEW on_live AS TABLE zs_live;
SELECT refused($$SELECT certdata.detach('zs', 'x')$$);
DROP VIEW on_live;
SELECT certdata.detach('zs', 'x');
UPDATE zs SET state = 'x';
SELECT refused($$SELECT certdata.attach('zs', state_column => 'state')$$);
UPDATE zs SET state = NULL;
SELECT count(certdata.attach('zs', state_column => 'state'));
CREATE TABLE r1 (LIKE zs);
CREATE TABLE r2 (LIKE zs);
SELECT fill('r1'), fill('r2');
SELECT count(certdata.attach('r1', register => 'one'));
SELECT refused($$SELECT certdata.attach('r2', register => 'one')$$);
SELECT certdata.detach('r1', 'x');
CREATE TABLE r3 (LIKE zs);
SELECT count(certdata.attach('r3', register => 'two'));
SELECT refused($$SELECT certdata.attach('r1', register => 'two')$$);
CREATE TABLE p (LIKE zs) PARTITION BY HASH (cert_no);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
SELECT count(certdata.attach('p'));
CREATE TABLE whole (LIKE zs) PARTITION BY HASH (cert_no);
SELECT count(certdata.attach('whole'));
SELECT refused($$ALTER TABLE whole ATTACH PARTITION r2 FOR VALUES WITH (MODULUS 1, REMAINDER 0)$$);
CREATE TABLE sub (LIKE zs) PARTITION BY LIST (name);
BEGIN;
DROP INDEX whole_cert_no_idx;
SELECT refused($$ALTER TABLE whole ATTACH PARTITION sub FOR VALUES WITH (MODULUS 1, REMAINDER 0)$$);
ROLLBACK;
CREATE TABLE above (LIKE zs) PARTITION BY LIST (cert_no);
SELECT refused($$ALTER TABLE above ATTACH PARTITION p DEFAULT$$);
ALTER TABLE p DETACH PARTITION p0;
SELECT refused($$SELECT certdata.attach('p0')$$);
CREATE TABLE q (LIKE zs) PARTITION BY HASH (cert_no);
SELECT count(certdata.attach('q'));
SELECT refused($$ALTER TABLE q ATTACH PARTITION p0 FOR VALUES WITH (MODULUS 2, REMAINDER 1)$$);

-- acts
SELECT refused(format('SELECT certdata.suspend(%L, %s, %L)', 'zs', number, 'x')) FROM unnest(ARRAY['NULL', $$'{}'$$, 'ARRAY[NULL]::text[]']) AS number;
SELECT refused($$SELECT certdata.correct('zs', '{S000013010001223000001,S000013010001223000002}', '{}', 'x', 'y')$$);
SELECT refused($$SELECT certdata.correct('zs', 'S000013010001223000001', '{}', 'x', 'y')$$);
SELECT refused($$SELECT certdata.correct('zs', 'S000013010001223000001', NULL, 'x', 'y')$$);
SELECT refused($$SELECT certdata.renumber('zs', 'S000013010001223000001', '{S000013010001223000001,S000013010001223000002}', 'x', 'y')$$);
SELECT refused($$SELECT certdata.renumber('zs', 'S000013010001223000001', 'S000013010001223000001', 'x', 'y')$$);
SELECT refused($$SELECT certdata.retire('zs', 'S000013010001223000001', 'x', 'y', NULL)$$);
SELECT refused($$SELECT certdata.retire('zs', 'S000013010001223000001', 'x', 'y', true, 'S000013010001223000001')$$);
BEGIN;
SET LOCAL certdata.exception = 'no.such: x';
SELECT refused($$UPDATE zs SET name = '李四'$$);
SET LOCAL certdata.exception = 'correction.one_item: ';
SELECT refused($$UPDATE zs SET name = '李四'$$);
ROLLBACK;
CREATE TRIGGER ours AFTER UPDATE ON poor FOR EACH ROW EXECUTE FUNCTION certdata.guard_insert();
INSERT INTO poor VALUES ('x');
SELECT refused($$UPDATE poor SET name = 'y'$$);
CREATE TABLE one_column (LIKE zs);
SELECT count(certdata.attach('one_column', '{"评价机构": "evaluator", "发证机构": "evaluator"}'));
SELECT refused($$INSERT INTO one_column_report ("姓名", "证件类型", "证件号码", "职业名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构")
	VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013010001223000009', '2022-02-09', '甲校', '甲中心')$$);

-- the ledger
SELECT refused(format('SELECT certdata.record_act(%s)', arguments)) FROM unnest(ARRAY[$$NULL, 'zs', NULL::text, 'x'$$, $$'Query', 'zs', NULL::text, 'x'$$, $$'retire', 'zs', NULL::text, 'x'$$,
	$$'query', 'zs', '{S000013010001223000001,S000013010001223000002}'::text, 'x'$$]) AS arguments;
SELECT refused($$SELECT certdata.start_ledger('md5')$$);
SELECT refused($$SELECT certdata.start_ledger('sm3')$$);
SELECT refused($$SELECT certdata.adopt_ledger(' ')$$);
SELECT refused($$SELECT certdata.history('zs', '{S000013010001223000001,S000013010001223000002}')$$);
SELECT refused($$SELECT certdata.history(NULL, 'S000013010001223000001')$$);

-- what is broken
BEGIN;
ALTER TABLE zs DISABLE TRIGGER certdata_row;
SELECT refused($$SELECT fill('zs', 2)$$);
ROLLBACK;
BEGIN;
UPDATE certdata.attachment SET fields = fields - '姓名' WHERE relation = 'zs'::regclass;
SELECT refused($$UPDATE zs SET name = '李四'$$);
ROLLBACK;
BEGIN;
ALTER INDEX certdata.life_reserved RENAME TO renamed;
SELECT refused($$SELECT fill('one_column', 2)$$);
ROLLBACK;

SET client_min_messages = error;
DROP SCHEMA words_both CASCADE;
TRUNCATE certdata.attachment, certdata.life;
