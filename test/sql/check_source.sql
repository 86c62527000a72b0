-- check_rows on a relation that is not the staging table it was written for:
-- a row counted twice or not at all, a cell that names another row, a
-- duplicate that does not name its fellows, a name that breaks the query.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;

CREATE SCHEMA "weird schema";
CREATE TABLE "weird schema"."tab""le; --" (LIKE certdata.report);
CREATE VIEW pg_temp.good AS
	SELECT i, '张三'::text AS a, '居民身份证'::text AS b, '130102199003071233'::text AS c, '甲公司'::text AS d, '电工'::text AS e,
		NULL::text AS f, '三级'::text AS g, 'S000013000001223' || lpad(i::text, 6, '0') AS h, '2022-02-09'::text AS j,
		'甲校'::text AS k, '甲中心'::text AS l
	FROM generate_series(1, 100000) AS i;

-- no rows, one row, names that need quotes
SELECT * FROM certdata.check_rows('certdata.report');
SELECT * FROM certdata.check_rows('"weird schema"."tab""le; --"');
INSERT INTO "weird schema"."tab""le; --" SELECT a, b, c, d, e, f, g, h, j, k, ' ' || l FROM pg_temp.good WHERE i = 1;
SELECT * FROM certdata.check_rows('"weird schema"."tab""le; --"');
CREATE TABLE "weird schema"."列" (" " int, "证书编号" text, "a""b" text, "姓名" text, "证件类型" text, "证件号码" text, "所在单位" text,
	"职业名称" text, "工种名称" text, "职业技能等级" text, "发证日期" text, "评价机构" text, "发证机构" text);
INSERT INTO "weird schema"."列" SELECT 1, h, '', a, b, c, d, e, '无', g, j, k, l FROM pg_temp.good WHERE i = 2;
SELECT row_no, cell, field, rule, value FROM certdata.check_rows('"weird schema"."列"');

-- Numbering follows the physical order.  A row deleted leaves no gap, an
-- update moves its row to where the new version stands.
CREATE TABLE staging (LIKE certdata.report);
INSERT INTO staging SELECT a, b, c, d, e, f, g, h, j, k, l FROM pg_temp.good WHERE i <= 10;
UPDATE staging SET "工种名称" = '/' WHERE "证书编号" ~ '[39]$';
SELECT row_no, cell FROM certdata.check_rows('staging') ORDER BY row_no;
DELETE FROM staging WHERE "证书编号" ~ '[12]$';
SELECT row_no, cell FROM certdata.check_rows('staging') ORDER BY row_no;
BEGIN;
DELETE FROM staging WHERE "证书编号" ~ '[45]$';
SELECT row_no, cell FROM certdata.check_rows('staging') ORDER BY row_no;
ROLLBACK;
SELECT row_no, cell FROM certdata.check_rows('staging') ORDER BY row_no;
TRUNCATE staging;

-- duplicates: a pair, a triple in several spellings, more than ten; a number
-- that cannot be read takes no part, nor does an empty one
INSERT INTO staging SELECT a, b, c, d, e, f, g, n, j, k, l FROM pg_temp.good, (VALUES
	(1, 'S000013000001223000001'), (2, 'S000013000001223000002'), (3, 'S000013000001223000001'),
	(4, 's000013000001223000003'), (5, 'Ｓ０００013000001223000003'), (6, 'S0000130000012 23000003'),
	(7, 'S00001300000122300004'), (8, 'S00001300000122300004'), (9, NULL), (10, ''),
	(11, 'S0000130000012230000*1')) AS t(m, n) WHERE i = 1 ORDER BY m;
INSERT INTO staging SELECT a, b, c, d, e, f, g, 'S000013000001223999999', j, k, l FROM pg_temp.good WHERE i <= 13;
SELECT row_no, cell, message FROM certdata.check_rows('staging') WHERE rule = 'no.duplicate' ORDER BY row_no;
-- the findings of a row stand together, in the order of the rows
SELECT array_agg(row_no ORDER BY n) = array_agg(row_no ORDER BY row_no, n) AS in_order, count(*)
FROM (SELECT row_no, row_number() OVER () AS n FROM certdata.check_rows('staging')) AS t;

-- the same rows from a typed table, a view, columns in another order
CREATE TABLE typed (seq int GENERATED ALWAYS AS IDENTITY, issuer certdata.org_name, name certdata.person_name, id_type certdata.id_type,
	id_number certdata.id_number, employer certdata.org_name, occupation certdata.occupation_name,
	work_type certdata.work_type_name, level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
	evaluator certdata.org_name);
INSERT INTO typed (name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer)
	SELECT "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"
	FROM staging WHERE "证书编号" ~ '^S[0-9]{21}$';
CREATE VIEW staging_view AS SELECT "发证机构" AS issuer, "发证日期" AS issue_date, "姓名", "证件类型", "证件号码", "所在单位", "职业名称",
	"工种名称", "职业技能等级", "证书编号", "评价机构" FROM staging WHERE "证书编号" ~ '^S[0-9]{21}$';
SELECT t.row_no, t.cell, t.rule, t.value, t.message FROM certdata.check_rows('typed') AS t WHERE t.row_no < 5
EXCEPT ALL SELECT t.row_no, t.cell, t.rule, t.value, t.message FROM certdata.check_rows('staging_view') AS t;
SELECT count(*), min(cell), max(value) FROM certdata.check_rows('typed');
SELECT row_no, cell, value, message FROM certdata.check_rows('typed') WHERE row_no < 4;

-- partitions: numbered through, duplicates across them
CREATE TABLE parted (LIKE certdata.report) PARTITION BY LIST ("姓名");
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN ('张三');
CREATE TABLE parted_2 ("发证机构" text, "评价机构" text, "发证日期" text, "证书编号" text, "职业技能等级" text, "工种名称" text,
	"职业名称" text, "所在单位" text, "证件号码" text, "证件类型" text, "姓名" text);
ALTER TABLE parted ATTACH PARTITION parted_2 DEFAULT;
INSERT INTO parted SELECT CASE WHEN i = 2 THEN '李 四' ELSE a END, b, c, d, e, f, g, 'S000013000001223000001', j, k, l
	FROM pg_temp.good WHERE i <= 3;
SELECT row_no, cell, rule, message FROM certdata.check_rows('parted') ORDER BY row_no, rule COLLATE "C";
SELECT row_no, cell, rule FROM certdata.check_rows('parted_2');
-- an inheritance child's rows are its parent's, too
CREATE TABLE parent (LIKE certdata.report);
CREATE TABLE child (more int) INHERITS (parent);
INSERT INTO child SELECT a, b, c, d, e, '-', g, h, j, k, l FROM pg_temp.good WHERE i = 1;
SELECT row_no, cell, rule FROM certdata.check_rows('parent');
-- a materialized view, a view with an order of its own
CREATE MATERIALIZED VIEW kept AS SELECT * FROM staging_view;
SELECT count(*) FROM certdata.check_rows('kept');
CREATE TEMP VIEW backwards AS SELECT a, b, c, d, e, CASE i % 4 WHEN 1 THEN '无' END AS f, g, h, j, k, l FROM pg_temp.good WHERE i <= 9 ORDER BY i DESC;
SELECT row_no, cell FROM certdata.check_rows('backwards');

-- a big table whose scan another could have begun in the middle
SET synchronize_seqscans = on;
CREATE TABLE big (LIKE certdata.report) WITH (fillfactor = 10);
INSERT INTO big SELECT a, b, c, repeat('甲', 40), e, CASE WHEN i % 4000 = 0 THEN '/' END, g, h, j, k, l FROM pg_temp.good WHERE i <= 16000;
SELECT pg_relation_size('big') > pg_size_bytes(current_setting('shared_buffers')) / 4 AS scans_would_be_shared;
BEGIN;
DECLARE c CURSOR FOR SELECT "证书编号" FROM big;
MOVE 7000 FROM c;
SELECT "证书编号" > 'S000013000001223006000' AS a_plain_scan_begins_there FROM big LIMIT 1;
SELECT row_no, cell FROM certdata.check_rows('big') ORDER BY 1;
COMMIT;
SELECT current_setting('synchronize_seqscans') AS synchronize_seqscans, current_setting('max_parallel_workers_per_gather') > '0' AS parallel;
-- parallel plans would deliver the rows in any order
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT row_no, cell FROM certdata.check_rows('big') ORDER BY 1;
SELECT row_no FROM certdata.check_rows('big') LIMIT 1;
RESET ALL;
SET certdata.language = en;

-- what is no relation of rows, or not of that shape
\set VERBOSITY terse
SELECT * FROM certdata.check_rows(NULL);
SELECT * FROM certdata.check_rows('no_such_table');
SELECT * FROM certdata.check_rows(4294967295::oid::regclass);
CREATE TABLE narrow (name text, cert_no text);
SELECT * FROM certdata.check_rows('narrow');
CREATE TABLE few (a text, b text);
SELECT * FROM certdata.check_rows('few');
CREATE TABLE nothing ();
SELECT * FROM certdata.check_rows('nothing');
CREATE INDEX few_a ON few (a);
SELECT * FROM certdata.check_rows('few_a');
CREATE SEQUENCE counting;
SELECT * FROM certdata.check_rows('counting');
\set VERBOSITY default

-- several at once: none disturbs the other, each call begins anew
SELECT count(*), count(DISTINCT (a.rule, b.rule)) > 1 AS both FROM certdata.check_rows('staging') AS a
	JOIN certdata.check_rows('parted') AS b ON a.row_no = b.row_no;
SELECT x.t, count(*) FROM (VALUES ('staging'::regclass), ('typed'), ('parted'), ('staging')) AS x(t), LATERAL certdata.check_rows(x.t) AS f
GROUP BY x.t ORDER BY x.t::text;
SELECT (certdata.check_rows('parted_2')).cell;
DO $$
DECLARE
	c CURSOR FOR SELECT row_no FROM certdata.check_rows('staging');
	n int := 0;
BEGIN
	FOR f IN c LOOP
		n := n + (SELECT count(*) FROM certdata.check_rows('parted_2'));
		IF n = 3 THEN
			BEGIN
				PERFORM certdata.check_rows('narrow');
			EXCEPTION WHEN SQLSTATE 'QC003' THEN
			END;
		END IF;
	END LOOP;
	RAISE INFO 'parted_2 checked % times', n;
END $$;

-- A view whose rows are checked while check_rows runs, by a function that
-- changes a rule meanwhile: the statement keeps to what it saw at its start.
CREATE FUNCTION pg_temp.meddle() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO certdata.rule_setting (rule, enabled) SELECT r.rule, false FROM certdata.rule AS r
		WHERE NOT r.fixed AND r.rule NOT IN (SELECT s.rule FROM certdata.rule_setting AS s);
	INSERT INTO certdata.category_setting (letter, valid) SELECT chr(64 + i), daterange(date '2020-01-01' + i, NULL)
		FROM generate_series(1, 18) AS i ON CONFLICT DO NOTHING;
	RETURN (SELECT '三级' FROM certdata.check_record('', '', '', '', '', '', '', '', '', '', '') LIMIT 1);
END $$;
BEGIN;
CREATE TEMP VIEW meddling AS SELECT '张 三' AS name, '居民身份证' AS id_type, '130102199003071233' AS id_number, '' AS employer, '电工' AS occupation,
	'' AS work_type, COALESCE(pg_temp.meddle(), '三级') AS level, 'S000013000001223000001' AS cert_no, '2022-02-09' AS issue_date,
	'甲校' AS evaluator, '甲中心' AS issuer FROM generate_series(1, 3);
SELECT row_no, rule FROM certdata.check_rows('meddling');
SELECT row_no, rule FROM certdata.check_rows('meddling');
ROLLBACK;
SELECT count(*) FROM certdata.rule_setting;

-- memory: one query of many calls keeps none of them
CREATE FUNCTION pg_temp.memory() RETURNS bigint LANGUAGE sql AS 'SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts';
SELECT max(m) - min(m) < 300 * 5000 AS small FROM (SELECT pg_temp.memory() AS m FROM generate_series(1, 300) AS i,
	LATERAL (SELECT count(*) FROM certdata.check_rows(CASE WHEN i > 0 THEN 'staging' END::regclass) OFFSET 0) AS t) AS u;

DROP SCHEMA "weird schema" CASCADE;
DROP MATERIALIZED VIEW kept;
DROP VIEW staging_view;
DROP TABLE staging, typed, parted, parent, child, big, narrow, few, nothing;
DROP SEQUENCE counting;
