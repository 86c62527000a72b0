-- A report file read in another encoding than it was written or asked for in,
-- an argument that brings the function down, rows returned that
-- check_report numbers otherwise.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
-- rows that cannot be read whole are warned of (check_row_no looks at that)
SET client_min_messages = error;

CREATE TEMP TABLE file AS SELECT E'\uFEFF姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\r\n'
	'张三,居民身份证,130102199003071233,甲公司,电工,,三级,S000013000001223000001,2022-02-09,甲校,甲中心\r\n'
	',,,,,,,,,,\r\n'
	'"李, ""四""",居民身份证,130102199003071234,甲公司,电工,无,三级,S000013000001223000002,2022-02-09,甲校,"甲\n中心"\r\n'
	'\r\n'
	'王五,居民身份证,130102199003071233,甲公司,电工,,三级,S000013000001223000001,2022-02-09,甲校,甲中心' AS t;
-- UTF-16 of text without characters beyond the basic plane
CREATE FUNCTION pg_temp.utf16(t text, big boolean) RETURNS bytea LANGUAGE sql AS $$
	SELECT string_agg(CASE WHEN big THEN set_byte(set_byte('\x0000', 0, ascii(c) / 256), 1, ascii(c) % 256)
		ELSE set_byte(set_byte('\x0000', 0, ascii(c) % 256), 1, ascii(c) / 256) END, '' ORDER BY i)
	FROM string_to_table(t, NULL) WITH ORDINALITY AS x(c, i)
$$;
CREATE TEMP TABLE written AS
	SELECT 'UTF8' AS encoding, convert_to(t, 'UTF8') AS bytes FROM file
	UNION ALL SELECT 'UTF8 without BOM', convert_to(substr(t, 2), 'UTF8') FROM file
	UNION ALL SELECT 'GB18030', convert_to(substr(t, 2), 'GB18030') FROM file
	UNION ALL SELECT 'UTF16LE', pg_temp.utf16(t, false) FROM file
	UNION ALL SELECT 'UTF16BE', pg_temp.utf16(t, true) FROM file;

-- found out by itself
SELECT row_no, cell, field, rule, value, message FROM written, certdata.check_report(bytes) WHERE encoding = 'UTF8';
SELECT encoding, string_agg(cell || ' ' || rule, ', ' ORDER BY row_no, cell, rule COLLATE "C") FROM written, certdata.check_report(bytes)
GROUP BY encoding ORDER BY encoding COLLATE "C";
SELECT r.* FROM written, certdata.read_report(bytes) AS r WHERE encoding = 'UTF8';
SELECT encoding, count(*), array_agg(r.row_no ORDER BY r.row_no) AS rows, md5(string_agg(r::text, '' ORDER BY r.row_no)) =
	(SELECT md5(string_agg(q::text, '' ORDER BY q.row_no)) FROM certdata.read_report((SELECT bytes FROM written WHERE encoding = 'UTF8')) AS q) AS same
FROM written, certdata.read_report(bytes) AS r GROUP BY encoding ORDER BY encoding COLLATE "C";

-- by the names people know
SELECT name, count(*) FILTER (WHERE f.rule IN ('id.checksum', 'worktype.placeholder', 'no.duplicate', 'name.space', 'issuer.space')) AS found,
	count(*) FILTER (WHERE f.rule ~ '^(file|row)') AS of_file
FROM (VALUES ('UTF8', 'UTF8'), ('utf-8', 'UTF8'), ('Unicode', 'UTF16LE'), ('GB18030', 'GB18030'), ('gb18030', 'GB18030'), ('GBK', 'GB18030'),
	('gb2312', 'GB18030'), ('GB-2312', 'GB18030'), ('EUC_CN', 'GB18030'), ('UTF16', 'UTF16LE'), ('utf-16le', 'UTF16LE'), ('UTF-16BE', 'UTF16BE'))
	AS n(name, encoding) JOIN written AS w USING (encoding), certdata.check_report(w.bytes, n.name) AS f
GROUP BY name ORDER BY name COLLATE "C";
-- the wrong name: findings, no error and no crash
SELECT n.name, w.encoding, count(f.rule) > 0 AS finds FROM (VALUES ('UTF8'), ('GB18030'), ('UTF16LE'), ('UTF16BE')) AS n(name)
	CROSS JOIN written AS w, certdata.check_report(w.bytes, n.name) AS f 
	GROUP BY n.name, w.encoding ORDER BY n.name COLLATE "C", w.encoding COLLATE "C";
SELECT count(*) >= 0 AS read FROM (VALUES ('UTF8'), ('GB18030'), ('UTF16LE'), ('UTF16BE')) AS n(name)
	CROSS JOIN written AS w, certdata.read_report(w.bytes, n.name) AS r;
\set VERBOSITY sqlstate
SELECT * FROM certdata.check_report('x', 'latin1');
SELECT * FROM certdata.read_report('x', 'no such encoding');
SELECT count(*) FILTER (WHERE rule = 'header.absent') FROM certdata.check_report('x', '');
SELECT * FROM certdata.check_report('x', 'SQL_ASCII');
\set VERBOSITY default
SELECT * FROM certdata.check_report('x', 'big5');

-- nothing, and next to nothing
SELECT count(*) FROM certdata.check_report(NULL);
SELECT count(*) FROM certdata.read_report(NULL, NULL);
SELECT row_no, cell, field, rule FROM certdata.check_report('');
SELECT count(*) FROM certdata.read_report('');
SELECT x, string_agg(f.cell || ' ' || f.rule, ', ' ORDER BY f.cell, f.rule COLLATE "C"), (SELECT count(*) FROM certdata.read_report(x)) AS rows
FROM unnest(ARRAY['\x00', '\x0a', '\x0d0a0d0a', '\x2c2c2c', '\x22', '\xff', '\xfffe', '\xfeff', '\xefbbbf', '\x81', '\x81308130', '\x00ff00ff',
	'\xfffe00d8', '\xfeffd800d800', '\x504b0304', '\xd0cf11e0a1b11ae1']::bytea[]) AS x, certdata.check_report(x) AS f
GROUP BY x ORDER BY x;
-- cut at every byte: always rows and findings, never an error
SELECT encoding, count(*) = max(length(bytes)) AS all_read FROM (
	SELECT w.encoding, w.bytes, (SELECT count(*) FROM certdata.check_report(substr(w.bytes, 1, n))) + (SELECT count(*) FROM certdata.read_report(substr(w.bytes, 1, n))) AS c
	FROM written AS w, generate_series(1, length(w.bytes)) AS n) AS t WHERE c >= 0 GROUP BY encoding ORDER BY encoding COLLATE "C";

-- compressed and out of line, many files in one query, which keeps none of them
CREATE TEMP TABLE kept (i int, bytes bytea);
INSERT INTO kept SELECT i, bytes || convert_to(repeat(E'\r\n张三,居民身份证,130102199003071233,甲公司,电工,,三级,S000013000001223000009,2022-02-09,甲校,甲中心', 2000), 'UTF8')
	FROM written, generate_series(1, 20) AS i WHERE encoding = 'UTF8';
SELECT bool_and(pg_column_size(bytes) < length(bytes) / 4) AS compressed FROM kept;
SELECT DISTINCT (SELECT count(*) FROM certdata.check_report(bytes)) AS findings, (SELECT count(*) FROM certdata.read_report(bytes)) AS rows FROM kept;
CREATE FUNCTION pg_temp.memory() RETURNS bigint LANGUAGE sql AS 'SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts';
SELECT max(m) - min(m) < 4000000 AS small FROM (SELECT pg_temp.memory() AS m, t.n, u.n FROM kept,
	LATERAL (SELECT count(*) AS n FROM certdata.check_report(bytes) OFFSET 0) AS t, LATERAL (SELECT count(*) AS n FROM certdata.read_report(bytes) OFFSET 0) AS u) AS x;
-- a column of the result, a limit, a cursor
SELECT (certdata.check_report(bytes)).cell FROM written WHERE encoding = 'GB18030' LIMIT 2;
SELECT "姓名" FROM written, certdata.read_report(bytes) WHERE encoding = 'UTF16LE' LIMIT 2;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT r.row_no FROM written, certdata.read_report(bytes) AS r WHERE encoding = 'UTF8';
FETCH LAST FROM c;
FETCH FIRST FROM c;
COMMIT;

-- Into a staging table and through check_rows: the same faults of the same cells.
CREATE TEMP TABLE staging (LIKE certdata.report);
INSERT INTO staging SELECT "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"
	FROM certdata.read_report((SELECT bytes FROM written WHERE encoding = 'UTF8')) ORDER BY row_no;
SELECT row_no, cell, rule FROM certdata.check_rows('staging');
-- 25 codes of GB18030 that were private use in 2000 and are characters today
-- (expected: what iconv(3) of a current C library makes of them)
RESET client_min_messages;
SELECT regexp_replace("姓名", '(.)', '\1 ', 'g') AS characters,
	"姓名" = E'\uFE10\uFE12\uFE11\uFE13\uFE14\uFE15\uFE16\uFE17\uFE18\uFE19\u1E3F\U00020087\U00020089\U000200CC\u9FB4\u9FB5\u9FB6\u9FB7\U000215D7\u9FB8\U0002298F\u9FB9\u9FBA\U000241FE\u9FBB' AS as_today
	FROM certdata.read_report(convert_to('姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构', 'GB18030')
	|| '\x0a' || '\xa6d9a6daa6dba6dca6dda6dea6dfa6eca6eda6f3a8bcfe51fe52fe53fe59fe61fe66fe67fe6cfe6dfe76fe7efe90fe91fea0'
	|| convert_to(',b,c,d,e,f,g,h,i,j,k', 'GB18030'));
