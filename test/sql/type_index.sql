-- An index family that is incomplete, or whose members disagree: an index scan,
-- a hash or merge join that finds other rows than a plain scan; a hash value
-- that changed, so that hash indexes and partitions on disk are no longer
-- found.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;

SELECT amname, opcname, amvalidate(c.oid)
FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
WHERE opcnamespace = 'certdata'::regnamespace AND opcintype::regtype::text LIKE 'certdata.%'
ORDER BY amname, opcname COLLATE "C";

-- Frozen hash values: MurmurHash64A of the printed form, computed outside.
SELECT to_hex(certdata.certno_hash_extended('S000013123456193000001', 0)) AS certno,
	to_hex(certdata.certno_hash_extended('S000013123456193000001', 42)) AS seeded,
	to_hex(certdata.certno_hash('S000013123456193000001')) AS low,
	to_hex(certdata.resident_id_hash_extended('13010219900307002X', 0)) AS resident_id,
	to_hex(certdata.id_number_hash_extended('E12345678', 0)) AS id_number,
	to_hex(certdata.text_hash_extended('', 0)) AS empty,
	to_hex(certdata.text_hash_extended('a', 1)) AS a,
	to_hex(certdata.skill_level_hash_extended('三级', 0)) AS level,
	to_hex(certdata.issue_date_hash_extended('2022-02-09', 0)) AS day;
SELECT certdata.certno_hash('S000013123456193000001') = certdata.text_hash('S000013123456193000001') AS certno,
	certdata.id_number_hash('13010219900307002X') = certdata.text_hash('13010219900307002X') AS id_number,
	certdata.resident_id_hash('13010219900307002X') = certdata.id_number_hash('13010219900307002X') AS resident_id,
	certdata.issue_date_hash('2022-02-09') = certdata.date_hash('2022-02-09') AS day;

-- 20,000 numbers of many bodies, in no order, some of them twice
CREATE TEMP TABLE numbers AS
SELECT i, (CASE i % 3 WHEN 0 THEN 'S' WHEN 1 THEN 'Y' ELSE 'J' END ||
	lpad((i * 7919::bigint % 30)::text, 4, '0') || (ARRAY['13', '11', '65'])[1 + i % 3] ||
	lpad((i * 104729::bigint % 5)::text, 6, '0') || lpad((i % 7 + 19)::text, 2, '0') ||
	substr('12345ABZ', i % 8 + 1, 1) || lpad((i * 31 % 9973)::text, 6, '0')) AS no
FROM generate_series(1, 20000) AS i;
CREATE TEMP TABLE typed AS
SELECT i, no, no::certdata.certno AS cert_no,
	CASE WHEN i % 2 = 0 THEN substr(no, 1, 9) ELSE substr(no, 5, 18) END AS id,
	(CASE WHEN i % 2 = 0 THEN substr(no, 1, 9) ELSE substr(no, 5, 18) END)::certdata.id_number AS id_number,
	(date '2019-01-01' + i % 2000)::certdata.issue_date AS issue_date
FROM numbers;
CREATE INDEX typed_no ON typed (cert_no);
CREATE INDEX typed_no_hash ON typed USING hash (cert_no);
CREATE INDEX typed_no_brin ON typed USING brin (cert_no) WITH (pages_per_range = 1);
CREATE INDEX typed_id ON typed (id_number);
CREATE INDEX typed_id_hash ON typed USING hash (id_number);
CREATE INDEX typed_date ON typed (issue_date);
CREATE INDEX typed_date_hash ON typed USING hash (issue_date);
CREATE INDEX typed_date_brin ON typed USING brin (issue_date) WITH (pages_per_range = 1);
ANALYZE typed;

-- order is text order, by sort and by index
SELECT count(*) AS out_of_order FROM (
	SELECT cert_no::text COLLATE "C" AS no, lag(cert_no::text COLLATE "C") OVER (ORDER BY cert_no) AS before FROM typed) x
WHERE no < before;
SELECT count(*) AS out_of_order FROM (
	SELECT id COLLATE "C" AS id, lag(id COLLATE "C") OVER (ORDER BY id_number) AS before FROM typed) x
WHERE id < before;
SET enable_sort = off;
SELECT md5(string_agg(cert_no::text, ',')) = (SELECT md5(string_agg(no, ',' ORDER BY no COLLATE "C")) FROM numbers) AS index_order
FROM (SELECT cert_no FROM typed ORDER BY cert_no) x;
RESET enable_sort;

-- each way of looking, each of 100 numbers that exist and 100 that do not
CREATE FUNCTION pg_temp.count_by(condition text, indexes boolean) RETURNS TABLE (found bigint, ids bigint)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('enable_seqscan', CASE WHEN indexes THEN 'off' ELSE 'on' END, true),
		set_config('enable_indexscan', CASE WHEN indexes THEN 'on' ELSE 'off' END, true),
		set_config('enable_indexonlyscan', CASE WHEN indexes THEN 'on' ELSE 'off' END, true),
		set_config('enable_bitmapscan', CASE WHEN indexes THEN 'on' ELSE 'off' END, true);
	RETURN QUERY EXECUTE 'SELECT count(*), sum(i)::bigint FROM typed WHERE ' || condition;
END $$;
CREATE TEMP TABLE condition AS
SELECT format(shape, literal) AS condition, format(plain, literal) AS plain
FROM (VALUES
	('cert_no = %1$L', 'no = %1$L'), ('cert_no = %1$L::text', 'no = %1$L'),
	('%1$L::varchar = cert_no', 'no = %1$L'), ('cert_no < %1$L::text', 'no COLLATE "C" < %1$L'),
	('cert_no >= %1$L::text AND cert_no < %1$L::text || ''9''', 'no COLLATE "C" >= %1$L AND no COLLATE "C" < %1$L || ''9'''),
	('%1$L::text > cert_no', 'no COLLATE "C" < %1$L'), ('cert_no >= %1$L', 'no COLLATE "C" >= %1$L'),
	('cert_no = ANY (ARRAY[%1$L, ''x''])', 'no = %1$L'),
	('cert_no ^@ left(%1$L, 9)', 'starts_with(no, left(%1$L, 9))'),
	('cert_no ^@ %1$L', 'no = %1$L')) AS s(shape, plain),
	(SELECT no FROM numbers WHERE i % 1000 = 1
	 UNION ALL SELECT left(no, 16) || '999999' FROM numbers WHERE i % 2000 = 1) AS l(literal)
UNION ALL
SELECT format(shape, literal), format(plain, literal)
FROM (VALUES
	('id_number = %1$L::text', 'id = %1$L'), ('id_number = %1$L', 'id = %1$L'),
	('id_number <= %1$L::text', 'id COLLATE "C" <= %1$L'), ('%1$L::text < id_number', 'id COLLATE "C" > %1$L')) AS s(shape, plain),
	(SELECT id FROM typed WHERE i % 1000 < 2 UNION ALL VALUES ('S'), ('000013000'), ('13010219900307002X')) AS l(literal)
UNION ALL
SELECT format(shape, literal), format(plain, literal)
FROM (VALUES
	('issue_date = %1$L', 'i %% 2000 = date %1$L - date ''2019-01-01'''),
	('issue_date = date %1$L', 'i %% 2000 = date %1$L - date ''2019-01-01'''),
	('date %1$L > issue_date', 'i %% 2000 < date %1$L - date ''2019-01-01'''),
	('issue_date BETWEEN %1$L AND ''2020-06-30''', 'i %% 2000 BETWEEN date %1$L - date ''2019-01-01'' AND date ''2020-06-30'' - date ''2019-01-01''')) AS s(shape, plain),
	(VALUES ('2019-01-01'), ('2020-02-29'), ('2030-01-01')) AS l(literal);
SELECT count(*) FROM condition;
SELECT condition FROM condition,
	LATERAL pg_temp.count_by(condition, true) AS a, LATERAL pg_temp.count_by(plain, false) AS b
WHERE a IS DISTINCT FROM b;
SELECT cert_no FROM typed WHERE cert_no ^@ NULL;
SELECT count(*) FROM typed WHERE cert_no ^@ '';

-- joins with text: by hash, by merge, by index must agree
SET enable_mergejoin = off; SET enable_nestloop = off;
SELECT count(*), sum(t.i * n.i % 97) FROM typed t JOIN numbers n ON t.cert_no = n.no;
SELECT count(*), sum(t.i) FROM typed t JOIN typed n ON t.id_number = n.id AND n.i <= 3000;
SELECT count(*), sum(t.i) FROM typed t JOIN (SELECT issue_date::date AS d FROM typed WHERE i <= 2000) x ON t.issue_date = x.d;
RESET enable_mergejoin; SET enable_hashjoin = off;
SELECT count(*), sum(t.i * n.i % 97) FROM typed t JOIN numbers n ON t.cert_no = n.no;
SELECT count(*), sum(t.i) FROM typed t JOIN typed n ON t.id_number = n.id AND n.i <= 3000;
SELECT count(*), sum(t.i) FROM typed t JOIN (SELECT issue_date::date AS d FROM typed WHERE i <= 2000) x ON t.issue_date = x.d;
RESET enable_nestloop; SET enable_mergejoin = off;
SELECT count(*), sum(t.i * n.i % 97) FROM typed t JOIN numbers n ON t.cert_no = n.no;
RESET enable_hashjoin; RESET enable_mergejoin;

-- constraints, keys, partitions
CREATE TABLE parent (cert_no certdata.certno PRIMARY KEY, level certdata.skill_level);
CREATE TABLE child (no certdata.certno REFERENCES parent);
INSERT INTO parent VALUES ('S000013123456193000001', '三级');
INSERT INTO child VALUES ('S000013123456193000001');
\set VERBOSITY terse
INSERT INTO parent VALUES ('s000013123456193000001', '三级');
INSERT INTO parent VALUES ('S000013123456193000001'::text, '四级') ON CONFLICT (cert_no) DO UPDATE SET level = excluded.level;
INSERT INTO child VALUES ('S000013123456193000002');
DELETE FROM parent;
UPDATE parent SET cert_no = 'S000013123456193000001'::text;
SELECT * FROM parent JOIN child ON no = cert_no;
\set VERBOSITY default
DROP TABLE child, parent;
CREATE TEMP TABLE by_hash (cert_no certdata.certno) PARTITION BY HASH (cert_no);
CREATE TEMP TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_hash SELECT cert_no FROM typed;
SELECT tableoid::regclass::text, count(*) FROM by_hash GROUP BY 1 ORDER BY 1;
CREATE TEMP TABLE by_day (issue_date certdata.issue_date, level certdata.skill_level) PARTITION BY RANGE (issue_date);
CREATE TEMP TABLE by_day_1 PARTITION OF by_day FOR VALUES FROM ('2019-01-01') TO ('2021-01-01');
CREATE TEMP TABLE by_day_2 PARTITION OF by_day FOR VALUES FROM ('2021-01-01') TO (MAXVALUE);
INSERT INTO by_day SELECT issue_date, '三级' FROM typed;
SELECT tableoid::regclass::text, min(issue_date), max(issue_date) FROM by_day GROUP BY 1 ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT * FROM by_day WHERE issue_date >= '2022-01-01';
DROP TABLE by_hash, by_day, typed, numbers, condition;
