-- Acts that work on certdata's own tables only: numbers kept as text, columns
-- whose names clash with those in our statements, partitions, foreign keys,
-- triggers of the table's owner that stop or bend what an act writes.
CREATE SCHEMA act_table;
SET search_path = act_table;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

-- ---- columns with names that our statements use, numbers as text in any notation
CREATE TABLE u ("t" text, "u" text, "old" text, "new" text, "word" text, "i" text, "f" text, "no" varchar(22), "c" text, "o" text, "s" text, "$1" text, "select" varchar(9));
CREATE UNIQUE INDEX ON u (certdata.number_key("no"));
SELECT certdata.attach('u', '{"姓名": "t", "证件类型": "u", "证件号码": "old", "所在单位": "new", "职业名称": "word", "工种名称": "i", "职业技能等级": "f", "证书编号": "no", "发证日期": "c",
	"评价机构": "o", "发证机构": "$1"}', state_column => 'select') IS NOT NULL;
SET client_min_messages = error;
INSERT INTO u SELECT '张三', '居民身份证', '130102199003071233', '', '车工', '', '三级', lower('S000013010001223' || lpad(i::text, 6, '0')), '2022-02-09', '甲校', i::text, '甲中心'
	FROM generate_series(1, 9) AS i;
SET client_min_messages = warning;
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('u', '{#01,#02}', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('u', lower('#01'), 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('u', '#02', 'r', 'a', true, '#03')$$);
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('u', '#04', 'r', 'a', false)$$);
SELECT pg_temp.expect('2 retired', $$SELECT string_agg(s || ' ' || "select", ', ' ORDER BY s) FROM u WHERE "select" IS NOT NULL$$);
SET client_min_messages = error;
SELECT pg_temp.expect('done', $$SELECT certdata.correct('u', '#01', '{"new": "乙公司", "职业名称": "钳工"}', 'r', 'a')$$);
SET client_min_messages = warning;
SELECT pg_temp.expect('乙公司 钳工', $$SELECT concat_ws(' ', "new", word) FROM u WHERE s = '1'$$);
-- new numbers are written as they ought to be, others are left as they are
SELECT pg_temp.expect('3', $$SELECT certdata.renumber('u', '{#05,#06,#07}', '{#06,#05,#41}', 'r', 'a')$$);
SELECT pg_temp.expect('4=s000013010001223000004 5=#06 6=#05 7=#41', $$SELECT string_agg(s || '=' || "no", ' ' ORDER BY s) FROM u WHERE s BETWEEN '4' AND '7'$$);
SELECT pg_temp.expect('23505 no.used', $$INSERT INTO u ("t", "u", "old", "word", "f", "no", "c", "o", "$1") VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'ｓ000013010001223000007', '2022-02-09', '甲校', '甲中心')$$);
SELECT certdata.detach('u', 'by call from now on');
SELECT certdata.attach('u', '{"姓名": "t", "证件类型": "u", "证件号码": "old", "所在单位": "new", "职业名称": "word", "工种名称": "i", "职业技能等级": "f", "证书编号": "no", "发证日期": "c",
	"评价机构": "o", "发证机构": "$1"}', state_column => 'select', publication => 'by_call', validate => false) IS NOT NULL;
SELECT pg_temp.expect('2', $$SELECT certdata.withdraw('u', '{#08,#09}', 'r')$$);
SELECT pg_temp.expect('8- withdrawn, 9- withdrawn', $$SELECT string_agg(concat_ws(' ', s || COALESCE("no", '-'), "select"), ', ' ORDER BY s) FROM u WHERE s IN ('8', '9')$$);

-- ---- partitions: by the root, and by a partition, which stands for the root
CREATE TABLE part (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno NOT NULL UNIQUE,
	issue_date text, evaluator text, issuer text, state text) PARTITION BY RANGE (cert_no);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (MINVALUE) TO ('S000013010001223000011');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('S000013010001223000011') TO (MAXVALUE) PARTITION BY RANGE (cert_no);
CREATE TABLE part_2a PARTITION OF part_2 FOR VALUES FROM (MINVALUE) TO ('S000013010001223000031');
SELECT certdata.attach('part', state_column => 'state') IS NOT NULL;
CREATE TABLE part_2b (LIKE part);
ALTER TABLE part_2b ADD UNIQUE (cert_no);
ALTER TABLE part_2 ATTACH PARTITION part_2b FOR VALUES FROM ('S000013010001223000031') TO (MAXVALUE);
INSERT INTO part SELECT '张三', '居民身份证', '130102199003071233', 'c' || i, '车工', '', '三级', ('S000013010001223' || lpad(i::text, 6, '0'))::certdata.certno, '2022-02-09', '甲校', '甲中心'
	FROM generate_series(1, 40) AS i;
CREATE FUNCTION at(which text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', tableoid::regclass, cert_no, state) FROM part WHERE employer = which $$;
SELECT pg_temp.expect('3', $$SELECT certdata.suspend('part', '{#01,#20,#35}', 'r')$$);
SELECT pg_temp.expect('part_1 #01 suspended; part_2a #20 suspended; part_2b #35 suspended', $$SELECT concat_ws('; ', at('c1'), at('c20'), at('c35'))$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('part_1', '#01', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('part_2', '#20', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('part_1', '#35', 'r')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('part_2b', '#35', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT certdata.correct('part', '#35', '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
-- numbers take their rows to other partitions
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('part', '#02', '#50', 'r', 'a')$$);
SELECT pg_temp.expect('part_2b #50', $$SELECT at('c2')$$);
SELECT pg_temp.expect('3', $$SELECT certdata.renumber('part_1', '{#03,#21,#36}', '{#21,#36,#03}', 'r', 'a')$$);
SELECT pg_temp.expect('part_2a #21; part_2b #36; part_1 #03', $$SELECT concat_ws('; ', at('c3'), at('c21'), at('c36'))$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('part', '#04', '#02', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('part', '#36', 'r', 'a', true, '#03')$$);
SELECT pg_temp.expect('part_2b #36 retired', $$SELECT at('c21')$$);
SELECT pg_temp.expect('40 39', $$SELECT concat_ws(' ', (SELECT count(*) FROM part), (SELECT count(*) FROM part_live))$$);

-- ---- foreign keys follow
CREATE TABLE zs (LIKE part INCLUDING INDEXES);
SELECT certdata.attach('zs', state_column => 'state') IS NOT NULL;
INSERT INTO zs SELECT * FROM part WHERE cert_no < 'S000013010001223000010' AND state IS NULL;
CREATE TABLE copy (cert_no certdata.certno REFERENCES zs (cert_no) ON UPDATE CASCADE, note text);
CREATE TABLE stub (cert_no certdata.certno REFERENCES zs (cert_no), note text);
INSERT INTO copy SELECT cert_no, cert_no FROM zs WHERE certdata.certno_serial(cert_no) IN (5, 6);
INSERT INTO stub SELECT cert_no FROM zs WHERE certdata.certno_serial(cert_no) = 7;
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#05,#06}', '{#06,#05}', 'r', 'a')$$);
SELECT pg_temp.expect('#05>#06, #06>#05', $$SELECT string_agg(note || '>' || cert_no, ', ' ORDER BY note) FROM copy$$);
SELECT pg_temp.expect('23503 stub_cert_no_fkey', $$SELECT certdata.renumber('zs', '#07', '#57', 'r', 'a')$$);
SELECT pg_temp.expect('0', $$SELECT count(*) FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry WHERE a.relation = 'zs'::regclass AND l.cert_no IN ('#07', '#57')$$);

-- ---- triggers of the table's owner
CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	CASE TG_ARGV[0]
		WHEN 'skip' THEN
			RETURN CASE WHEN NEW.cert_no IN ('S000013010001223000008', 'S000013010001223000058') THEN NULL ELSE NEW END;
		WHEN 'state' THEN
			NEW.state := NULL;
		WHEN 'number' THEN
			NEW.cert_no := 'S000013010001223000077';
		WHEN 'nested' THEN
			IF pg_trigger_depth() = 1 THEN
				UPDATE zs SET state = 'retired' WHERE cert_no = 'S000013010001223000009';
			END IF;
		WHEN 'name' THEN
			NEW.name := '李四';
	END CASE;
	RETURN NEW;
END $$;
CREATE FUNCTION with_trigger(kind text, timing text DEFAULT 'BEFORE') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	DROP TRIGGER IF EXISTS meddle ON zs;
	EXECUTE format('CREATE TRIGGER meddle %s UPDATE ON zs FOR EACH ROW EXECUTE FUNCTION meddle(%L)', timing, kind);
END $$;
CREATE FUNCTION state_of_8() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', z.cert_no, z.name, z.state, l.suspended, l.retired) FROM zs AS z LEFT JOIN (certdata.life AS l JOIN certdata.attachment AS a
		ON a.id = l.attachment AND a.relation = 'zs'::regclass) ON l.cert_no = z.cert_no WHERE z.employer = 'c8' $$;
SELECT with_trigger('skip');
SELECT pg_temp.expect('27000', $$SELECT certdata.suspend('zs', '{#01,#08}', 'r')$$);
SELECT pg_temp.expect('27000', $$SELECT certdata.renumber('zs', '#08', '#58', 'r', 'a')$$);
SELECT with_trigger('state');
SELECT pg_temp.expect('27000', $$SELECT certdata.suspend('zs', '#08', 'r')$$);
SELECT with_trigger('number');
SELECT pg_temp.expect('27000', $$SELECT certdata.renumber('zs', '#08', '#58', 'r', 'a')$$);
SELECT pg_temp.expect('QC013 correction.number', $$SELECT certdata.suspend('zs', '#08', 'r')$$);
SELECT with_trigger('nested');
SELECT pg_temp.expect('QC018 state.column', $$SELECT certdata.suspend('zs', '#08', 'r')$$);
SELECT with_trigger('nested', 'AFTER');
SELECT pg_temp.expect('QC018 state.column', $$SELECT certdata.suspend('zs', '#08', 'r')$$);
-- nothing else is changed by the way
SELECT with_trigger('name');
SELECT pg_temp.expect('27000', $$SELECT certdata.suspend('zs', '#08', 'r')$$);
SELECT pg_temp.expect('#08 张三', $$SELECT state_of_8()$$);
SELECT pg_temp.expect('27000', $$SELECT certdata.renumber('zs', '#08', '#58', 'r', 'a')$$);
DROP TRIGGER meddle ON zs;
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#08', '#58', 'r', 'a')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#58', '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
-- in words
SELECT with_trigger('skip');
\t off
SELECT certdata.suspend('zs', 'S000013010001223000058', 'r');
SET certdata.language = zh;
SELECT certdata.suspend('zs', 'S000013010001223000058', 'r');
SET certdata.language = en;
\t on
DROP TRIGGER meddle ON zs;

SELECT certdata.detach('u', 'end of test'), certdata.detach('part', 'end of test'), certdata.detach('zs', 'end of test');
DROP SCHEMA act_table CASCADE;
