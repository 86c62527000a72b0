-- An application that knows nothing of certdata: its role has rights on its
-- own table only, and its search_path does not name the schema.  Everything
-- below must work as on text and date columns, or mean the same.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
DROP ROLE IF EXISTS certdata_test_app;
RESET client_min_messages;
CREATE ROLE certdata_test_app;
CREATE SCHEMA plain_sql;
GRANT USAGE ON SCHEMA plain_sql TO certdata_test_app;
CREATE TABLE plain_sql.register (
	name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name,
	work_type certdata.work_type_name, level certdata.skill_level,
	cert_no certdata.certno, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name, citizen certdata.resident_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON plain_sql.register TO certdata_test_app;
SET ROLE certdata_test_app;
SET search_path = plain_sql;
SET DateStyle = 'SQL, DMY';

INSERT INTO register VALUES
	('张三', '居民身份证', '130102199003071233', '甲厂', '电工', NULL, '三级/高级工',
	 'S000013000001223000001', '2022-02-09', '甲中心', '甲中心', '130102199003071233'),
	('李四', '居民身份证', '13010219900307002x', '甲厂', '焊工', '', '四级',
	 's000013000001224000002', '2022-03-01', '甲中心', '甲中心', '13010219900307002x'),
	('阿里·买买提', '外国护照', 'e12345678', '乙厂', '电工', '装表接电工', '学徒工',
	 'Y00001300000223Z000003', '2023-12-31', '乙中心', '乙中心', NULL);
INSERT INTO register (name, cert_no, issue_date, level)
SELECT v.n, v.c, v.d, v.l FROM (VALUES ('王五'::text, 'Y000013000002231000004'::varchar,
	date '2023-06-30', '一级'::text)) AS v(n, c, d, l);

-- what the application reads is canonical, dates are ISO whatever DateStyle
SELECT name, id_type, id_number, level, cert_no, issue_date, citizen FROM register ORDER BY cert_no;

-- literals
SELECT name FROM register WHERE cert_no = 'S000013000001223000001';
SELECT name FROM register WHERE cert_no IN ('S000013000001223000001', 'S000013000001224000002') ORDER BY name COLLATE "C";
SELECT name FROM register WHERE cert_no BETWEEN 'S' || repeat('0', 21) AND 'T' || repeat('0', 21) ORDER BY cert_no;
SELECT name FROM register WHERE cert_no ^@ 'Y0000130000022' ORDER BY cert_no;
SELECT name FROM register WHERE level >= '三级' ORDER BY level;
SELECT name FROM register WHERE level = '高级工';
SELECT name FROM register WHERE issue_date = '2022-02-09';
SELECT name FROM register WHERE issue_date >= '2022-03-01' AND issue_date < '2024-01-01' ORDER BY issue_date;
SELECT name FROM register WHERE id_type = '外国护照' AND id_number = 'e12345678';
SELECT name FROM register WHERE name = '张三' AND name LIKE '张%' AND name ~ '三$' AND length(name) = 2;
SELECT name FROM register WHERE citizen = '130102199003071233' OR citizen > '130102199003071233';

-- text, varchar and char operands compare with the printed form
SELECT name FROM register WHERE cert_no = 'S000013000001223000001'::text;
SELECT name FROM register WHERE 'S000013000001223000001'::varchar(30) = cert_no;
SELECT name FROM register WHERE cert_no = 'S000013000001223000001'::char(30);
SELECT name FROM register WHERE cert_no = ANY (ARRAY['S000013000001223000001', 'x']);
SELECT count(*) FROM register WHERE cert_no <> 's000013000001223000001'::text;
SELECT name FROM register WHERE id_number = 'E12345678'::text OR citizen = '130102199003071233'::text ORDER BY name COLLATE "C";
SELECT count(*) AS all_rows FROM register
WHERE cert_no > 'S'::text AND 'Z'::text > cert_no AND cert_no <> 'garbage'::text AND NOT cert_no = 'garbage'::text;
SELECT name FROM register WHERE level = '高级工'::text OR level = '4'::text ORDER BY name COLLATE "C";
SELECT count(*) FROM register WHERE level <> 'nonsense'::text AND '三级'::text <> level;
SELECT name FROM register WHERE issue_date = '2022-02-09'::text;
SELECT count(*) FROM register WHERE issue_date <> '2022/02/09'::text;
SELECT name FROM register WHERE id_type = '外国护照'::text;

-- dates
SELECT name FROM register WHERE issue_date < date '2022-03-01';
SELECT name FROM register WHERE date '2022-03-01' = issue_date;
SELECT count(*) FROM register WHERE issue_date <= CURRENT_DATE AND issue_date < now() AND issue_date < localtimestamp;
SELECT to_char(issue_date, 'YYYY.MM.DD'), issue_date + 1 = date '2022-02-10' AS plus,
	1 + issue_date = date '2022-02-10' AS plus, issue_date - 1 = date '2022-02-08' AS minus,
	issue_date - date '2022-01-01' AS days, date '2022-03-01' - issue_date AS days,
	issue_date - issue_date AS zero, pg_typeof(issue_date + interval '6 months'),
	(issue_date + interval '6 months')::date = date '2022-08-09' AS months,
	extract(year FROM issue_date) AS year, date_part('month', issue_date) AS month,
	date_trunc('month', issue_date)::date = date '2022-02-01' AS trunc
FROM register WHERE name = '张三';

-- grouping, sorting, aggregates; max(issue_date) is an issue_date, not a timestamp
SELECT min(issue_date), max(issue_date), pg_typeof(max(issue_date)) FROM register;
SELECT min(cert_no), max(cert_no), min(level), max(level), max(name) IS NOT NULL AS max FROM register;
SELECT DISTINCT level FROM register ORDER BY level DESC;
SELECT employer, count(*), count(DISTINCT cert_no) FROM register GROUP BY employer ORDER BY employer COLLATE "C";
SELECT id_type, array_agg(id_number ORDER BY id_number) FROM register GROUP BY id_type ORDER BY id_type;
SELECT name, count(*) OVER (ORDER BY issue_date RANGE BETWEEN interval '1 month' PRECEDING AND CURRENT ROW)
FROM register ORDER BY issue_date;
SELECT name FROM register ORDER BY name COLLATE "C" LIMIT 1;
SELECT name || '/' || coalesce(employer, '无') AS text, upper(name), substring(employer, 1, 1)
FROM register WHERE name = '张三';
SELECT name FROM (SELECT name FROM register UNION SELECT '赵六'::text) x ORDER BY name COLLATE "C";

-- joins with text and with each other
CREATE TEMP TABLE texts AS
	SELECT cert_no::text AS no, id_number::varchar(18) AS id, issue_date::date AS day FROM register;
SELECT count(*) FROM register JOIN texts ON cert_no = no;
SELECT count(*) FROM register JOIN texts ON id = id_number AND day = issue_date;
SELECT count(*) FROM register a JOIN register b USING (cert_no, name, issue_date, level);
SELECT count(*) FROM register WHERE cert_no NOT IN (SELECT no FROM texts);
SELECT count(*) FROM register WHERE citizen = ANY (SELECT id FROM texts);

-- parameters whose type the driver leaves open, and those it declares text
PREPARE open AS SELECT name FROM register WHERE cert_no = $1 AND issue_date >= $2;
EXECUTE open ('s000013000001223000001', '2022-01-01');
PREPARE declared(text, varchar) AS SELECT name FROM register WHERE cert_no = $1 AND name = $2;
EXECUTE declared ('S000013000001223000001', '张三');

-- changes
UPDATE register SET name = upper(name), level = '二级/技师', cert_no = 'S000013000001222000009'::text
WHERE cert_no = 'S000013000001223000001' RETURNING name, level, cert_no;
UPDATE register SET issue_date = issue_date + 1 WHERE name = '张三' RETURNING issue_date;
DELETE FROM register WHERE cert_no = 'S000013000001222000009' RETURNING name;
SELECT row_to_json(r) FROM (SELECT name, level, cert_no, issue_date FROM register WHERE name = '李四') r;
SELECT jsonb_populate_record(NULL::register, '{"cert_no": "s000013000001224000002", "issue_date": "2022-03-01"}');

RESET ROLE;
RESET search_path;
DROP TABLE texts;

-- the types' operators change nothing for other types
SELECT '2022-02-09' = date '2022-02-09' AS date, 'a' = 'a'::text AS text, 'a'::varchar = 'a'::text AS varchar,
	'1' = 1 AS int, date '2022-02-09' = timestamp '2022-02-09' AS timestamp, 'ab'::text ^@ 'a' AS prefix;

DROP TABLE plain_sql.register;
DROP SCHEMA plain_sql;
DROP ROLE certdata_test_app;
