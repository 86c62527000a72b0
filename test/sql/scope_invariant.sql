-- A certificate out of scope that one way lets in and another refuses: the
-- verdict about filing, organisations and scope must be one in check_record,
-- check_rows, check_report, rejected, load, and the trigger on a table of text
-- and of types, however many rows come at once and in whatever order; also
-- when more is looked up than is kept, in parallel workers, and within
-- transactions that change what is looked up.
SET client_min_messages = error;	-- the trigger's warnings are not compared
CREATE EXTENSION IF NOT EXISTS certdata;
SET certdata.language = en;
SET DateStyle = ISO;

INSERT INTO certdata.organisation (id, name, parent, ceased_on, dissolved_on) VALUES
	('centre', '甲中心', NULL, NULL, NULL), ('one', '甲校', NULL, NULL, NULL), ('head', '总校（北京）', NULL, NULL, NULL), ('branch', '一分校', 'head', NULL, '2023-06-30'),
	('two', '乙 校', NULL, '2023-06-30', NULL);
INSERT INTO certdata.organisation_name VALUES ('one', '甲技校', '(,2022-03-01)');
INSERT INTO certdata.filing (code, organisation, valid, grace_days) VALUES
	('S000013000001', 'one', '(,)', 0), ('S000013000002', 'head', '[2022-01-01,2023-07-01)', 30), ('S000013000003', 'two', '(,)', 0), ('J000013000001', 'one', '(,)', 0);
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid)
SELECT f, o.*, '(,)' FROM unnest(ARRAY['S000013000001', 'S000013000002', 'S000013000003', 'J000013000001']) AS f, (VALUES ('电工', NULL, '三级'::certdata.skill_level), ('电工', '维修（甲）', '四级'), ('焊工', '电 焊', '三级')) AS o;
INSERT INTO certdata.scope VALUES ('S000013000001', '车工（甲）', '', '三级', '[2022-01-01,2022-12-31]'), ('S000013000002', '车工（甲）', '', '三级', '[2022-01-01,2023-06-30]');

-- every odd value in a lawful record of each filing, then many of them together
CREATE TEMP TABLE odd (field text, value text);
INSERT INTO odd SELECT 'f', unnest(ARRAY['S000013000001', 'S000013000002', 'S000013000003', 'J000013000001', 'S000013000009', 's000013000001', 'Ｓ000013000002', 'S0000130 00001', 'S00001300000', 'S00001300000A', E'\tS000013000001', '''S000013000001']);
INSERT INTO odd SELECT 'd', unnest(ARRAY['2022-02-28', '2022-03-01', '2021-12-31', '2022-01-01', '2022-12-31', '2023-01-01', '2023-06-30', '2023-07-01', '2023-07-30', '2023-07-31', '', NULL, '2022-02-30', '2022/03/01', ' 2022-03-01', '="2022-03-01"', '0001-01-01', '9999-12-31']);
INSERT INTO odd SELECT 'e', unnest(ARRAY['甲校', '甲技校', '甲 校', '总校（北京）', '总校(北京)', '总校（北京)', E'总\u3000校(北京)', '一分校', '乙校', '乙 校', '无人校', '', NULL, ' ', '#N/A', '="甲校"', '=""', '''甲校', E'\t甲校', E'甲校\n', E'甲\u0001校', '甲?校', '甲校*', '（）', '甲,校', '甲"校']);
INSERT INTO odd SELECT 'e', repeat('甲校', 60);
INSERT INTO odd SELECT 'i', unnest(ARRAY['甲中心', '甲校', '总校（北京）', '总校(北京)', ' 总校（北京）', '乙校', '无人中心', '', NULL, '#REF!', '="甲中心"', '''甲中心', '甲中心 ', E'甲中\ufffd心', '无']);
INSERT INTO odd SELECT 'i', repeat('甲', 101);
INSERT INTO odd SELECT 'o', unnest(ARRAY['电工', '电 工', '车工（甲）', '车工(甲)', '焊工', '厨师', '', NULL, ' ', '#N/A', '="电工"', '''电工', E'\t电工', '电工?', E'电工\u200b', '无']);
INSERT INTO odd SELECT 'o', repeat('电工', 41);
INSERT INTO odd SELECT 'w', unnest(ARRAY['', NULL, '维修（甲）', '维修(甲)', '维修 （甲）', '电焊', '电 焊', '无', '/', ' ', '#N/A', '="无"', '="电焊"', '''电焊', '打磨', E'电焊\u0001']);
INSERT INTO odd SELECT 'l', unnest(ARRAY['三级', '四级', '三级/高级工', '高级工', '3', '六级', '', NULL, ' 三级', '="三级"', '一级', '学徒工']);
CREATE TEMP TABLE lawful (fields jsonb);
INSERT INTO lawful VALUES ('{"f":"S000013000001","d":"2022-05-01","e":"甲校","i":"甲中心","o":"电工","w":"","l":"三级"}'), ('{"f":"S000013000002","d":"2022-05-01","e":"一分校","i":"总校（北京）","o":"车工（甲）","w":null,"l":"三级"}'),
	('{"f":"S000013000003","d":"2022-05-01","e":"乙校","i":"乙校","o":"焊工","w":"电焊","l":"三级"}');
CREATE TABLE scope_cases (i serial, fields jsonb);
INSERT INTO scope_cases (fields) SELECT l.fields || jsonb_build_object(o.field, o.value) FROM lawful AS l, odd AS o ORDER BY l.fields, o.field, o.value COLLATE "C";
SELECT setseed(0.75) IS NOT NULL AS seeded;
-- each field odd with some likelihood, most often lawfully so
INSERT INTO scope_cases (fields)
SELECT l.fields || COALESCE(x.changes, '{}') FROM (SELECT fields, g, random() * 0.5 AS p FROM lawful, generate_series(1, 180) AS g) AS l,
	LATERAL (SELECT jsonb_object_agg(f.field, (SELECT o.value FROM odd AS o WHERE o.field = f.field ORDER BY random() LIMIT 1)) AS changes
		FROM (SELECT DISTINCT field FROM odd) AS f WHERE random() < l.p) AS x;
CREATE TABLE scope_source (LIKE certdata.report);
ALTER TABLE scope_source ADD row_no int;
INSERT INTO scope_source
SELECT '张三', '居民身份证', '130102199003071233', '甲公司', fields->>'o', fields->>'w', fields->>'l',
	(fields->>'f') || substr(regexp_replace(fields->>'d', '[^0-9]', '', 'g'), 3, 2) || CASE fields->>'l' WHEN '四级' THEN '4' WHEN '一级' THEN '1' ELSE '3' END || to_char(i, 'FM000000'),
	fields->>'d', fields->>'e', fields->>'i', i FROM scope_cases ORDER BY md5(i::text);
SELECT count(*) > 700 AS many FROM scope_source;

-- ---------------------------------------------------------------- what is found

CREATE TABLE of_record AS SELECT s.row_no, f.field, f.rule, f.severity, f.message, f.hint FROM scope_source AS s, LATERAL (SELECT s."姓名", s."证件类型", s."证件号码", s."所在单位", s."职业名称", s."工种名称",
	s."职业技能等级", s."证书编号", s."发证日期", s."评价机构", s."发证机构") AS r, certdata.check_record(r) AS f;
SELECT count(DISTINCT rule) > 35 AS many_rules, count(DISTINCT rule) FILTER (WHERE rule ~ '^(no\.filing|no\.filing_valid|evaluator\.(filing|brackets)|issuer\.(unknown|brackets)|(occupation|worktype)\.(scope|brackets)|level\.scope|date\.(scope|ceased))$') AS ours FROM of_record;
CREATE FUNCTION pg_temp.csv(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT COALESCE('"' || replace(t, '"', '""') || '"', '') $$;
CREATE TEMP TABLE file AS SELECT convert_to(E'姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\r\n' ||
	string_agg(concat_ws(',', pg_temp.csv("姓名"), pg_temp.csv("证件类型"), pg_temp.csv("证件号码"), pg_temp.csv("所在单位"), pg_temp.csv("职业名称"), pg_temp.csv("工种名称"), pg_temp.csv("职业技能等级"), pg_temp.csv("证书编号"),
		pg_temp.csv("发证日期"), pg_temp.csv("评价机构"), pg_temp.csv("发证机构")), E'\r\n' ORDER BY row_no), 'UTF8') AS bytes FROM scope_source;
CREATE TABLE of_rows AS SELECT row_no, field, rule, severity, message, hint FROM certdata.check_rows('scope_source') WHERE rule <> 'no.duplicate';
CREATE TABLE of_report AS SELECT row_no, field, rule, severity, message, hint FROM file, certdata.check_report(bytes) WHERE rule <> 'no.duplicate';
-- in another order: a verdict kept from an earlier row is of no other use
CREATE TABLE scope_turned AS SELECT * FROM scope_source ORDER BY row_no DESC;
CREATE TABLE of_turned AS SELECT row_no, field, rule, severity, message, hint FROM certdata.check_rows('scope_turned') WHERE rule <> 'no.duplicate';
SELECT way, count(*) AS differences FROM (
	(SELECT 'rows' AS way, * FROM (TABLE of_record EXCEPT ALL TABLE of_rows) AS a) UNION ALL (SELECT 'rows', * FROM (TABLE of_rows EXCEPT ALL TABLE of_record) AS a)
	UNION ALL (SELECT 'report', * FROM (TABLE of_record EXCEPT ALL TABLE of_report) AS a) UNION ALL (SELECT 'report', * FROM (TABLE of_report EXCEPT ALL TABLE of_record) AS a)
	UNION ALL (SELECT 'turned', * FROM (TABLE of_record EXCEPT ALL TABLE of_turned) AS a) UNION ALL (SELECT 'turned', * FROM (TABLE of_turned EXCEPT ALL TABLE of_record) AS a)) AS d GROUP BY way ORDER BY way;

-- ---------------------------------------------------------------- what is let in

CREATE TABLE verdict AS SELECT s.row_no, NOT EXISTS (SELECT FROM of_record AS f WHERE f.row_no = s.row_no AND f.severity <> 'warning') AS lawful FROM scope_source AS s;
SELECT count(*) FILTER (WHERE lawful) > 150 AS many_good, count(*) FILTER (WHERE NOT lawful) > 400 AS many_bad FROM verdict;
CREATE TABLE scope_typed (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number, employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
	level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date, evaluator certdata.org_name, issuer certdata.org_name);
CREATE TABLE scope_padded (name text, id_type text, id_number text, employer text, occupation char(90), work_type varchar(70), level text, cert_no text, issue_date text, evaluator char(130), issuer char(110));
CREATE TABLE scope_texts (LIKE certdata.report);
CREATE TABLE scope_loaded (LIKE scope_typed);
CREATE TABLE one (LIKE certdata.report);
CREATE TRIGGER check_new AFTER INSERT ON scope_typed REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TRIGGER check_changed AFTER UPDATE ON scope_typed REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TRIGGER check_new AFTER INSERT ON scope_texts REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TRIGGER check_changed AFTER UPDATE ON scope_texts REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TRIGGER check_new AFTER INSERT ON scope_padded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
-- each by itself; '' if it succeeds, else the state: what is neither a type's nor a rule's refusal is an error
CREATE FUNCTION pg_temp.try(statement text, r scope_source) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	EXECUTE statement USING r;
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	IF state NOT IN ('23514', CASE WHEN statement ~ 'scope_typed' THEN '22P02' END, CASE WHEN statement ~ 'scope_padded' THEN '22001' END) THEN
		RAISE;
	END IF;
	RETURN state;
END $$;
CREATE TABLE outcome (row_no int, texts boolean, typed boolean, padded boolean, loaded boolean);
DO $$
DECLARE
	r scope_source;
	texts text := '($1)."姓名", ($1)."证件类型", ($1)."证件号码", ($1)."所在单位", ($1)."职业名称", ($1)."工种名称", ($1)."职业技能等级", ($1)."证书编号", ($1)."发证日期", ($1)."评价机构", ($1)."发证机构"';
	types text := '($1)."姓名", ($1)."证件类型", ($1)."证件号码", ($1)."所在单位", ($1)."职业名称", ($1)."工种名称", NULLIF(($1)."职业技能等级", ''''), NULLIF(($1)."证书编号", ''''), NULLIF(($1)."发证日期", ''''), ($1)."评价机构", ($1)."发证机构"';
BEGIN
	FOR r IN SELECT * FROM scope_source LOOP
		DELETE FROM one;
		INSERT INTO one VALUES (r."姓名", r."证件类型", r."证件号码", r."所在单位", r."职业名称", r."工种名称", r."职业技能等级", r."证书编号", r."发证日期", r."评价机构", r."发证机构");
		INSERT INTO outcome VALUES (r.row_no, pg_temp.try('INSERT INTO scope_texts SELECT ' || texts, r) = '', pg_temp.try('INSERT INTO scope_typed SELECT ' || types, r) = '',
			pg_temp.try('INSERT INTO scope_padded SELECT ' || texts, r) = '', pg_temp.try('SELECT certdata.load(''one'', ''scope_loaded'')', r) = '');
	END LOOP;
END $$;
-- each row below is let in here and refused there; (a column of padded text knows no trailing spaces)
SELECT v.row_no, v.lawful, o.texts, o.typed, o.padded, o.loaded, c.fields, (SELECT string_agg(f.rule, ' ') FROM of_record AS f WHERE f.row_no = v.row_no) AS rules
FROM verdict AS v JOIN outcome AS o USING (row_no) JOIN scope_cases AS c ON c.i = v.row_no
WHERE NOT (v.lawful = o.texts AND v.lawful = o.typed AND v.lawful = o.loaded AND (v.lawful = o.padded OR concat_ws('|', fields->>'o', fields->>'e', fields->>'i') ~ ' (\||$)')) ORDER BY 1 LIMIT 20;
-- and what was let in is without fault where it is now
SELECT count(*) AS faults FROM certdata.check_rows('scope_typed') WHERE severity <> 'warning' AND rule <> 'no.duplicate';
SELECT count(*) AS faults FROM certdata.check_rows('scope_loaded') WHERE severity <> 'warning' AND rule <> 'no.duplicate';

-- many at once
TRUNCATE scope_texts, scope_typed, scope_loaded;
CREATE FUNCTION pg_temp.message_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN check_violation THEN
	RETURN SQLERRM;
END $$;
CREATE VIEW scope_good AS SELECT "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构" FROM scope_source JOIN verdict USING (row_no) WHERE lawful;
CREATE VIEW scope_all AS SELECT "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构" FROM scope_source;
SELECT pg_temp.message_of('INSERT INTO scope_texts TABLE scope_good') AS good, pg_temp.message_of('INSERT INTO scope_typed TABLE scope_good') AS typed,
	pg_temp.message_of('INSERT INTO scope_texts TABLE scope_all') = format('of %s rows, %s break rules of certificate data', count(*), count(*) FILTER (WHERE NOT lawful)) AS all_counted FROM verdict;
SELECT pg_temp.message_of($$UPDATE scope_texts SET "评价机构" = "评价机构"$$) AS same, pg_temp.message_of($$UPDATE scope_typed SET evaluator = evaluator$$) AS same_typed,
	pg_temp.message_of($$UPDATE scope_texts SET "评价机构" = '无人校'$$) = format('of %1$s rows, %1$s break rules of certificate data', count(*)) AS all_refused,
	pg_temp.message_of($$UPDATE scope_typed SET evaluator = '无人校'$$) = format('of %1$s rows, %1$s break rules of certificate data', count(*)) AS all_refused_typed FROM scope_good;
-- load and rejected part the rows alike, but for numbers given twice
CREATE TEMP TABLE refused AS SELECT row_no FROM certdata.rejected('scope_source', 'scope_loaded');
CREATE TEMP TABLE refusable AS SELECT row_no::bigint FROM verdict WHERE NOT lawful UNION SELECT row_no FROM certdata.check_rows('scope_source') WHERE rule = 'no.duplicate';
SELECT count(*) AS differences FROM ((TABLE refused EXCEPT TABLE refusable) UNION ALL (TABLE refusable EXCEPT TABLE refused)) AS d;
SELECT rejected = (SELECT count(*) FROM refused) AS alike, loaded > 100 AS many, loaded + rejected = rows AS all_rows FROM certdata.load('scope_source', 'scope_loaded', true);

-- ---------------------------------------------------------------- more than is kept

-- a hundred thousand evaluators nobody knows: one finding each, and those asked
-- for again at the end are still judged right
CREATE TABLE scope_many (LIKE certdata.report);
INSERT INTO scope_many
SELECT '张三', '居民身份证', '130102199003071233', '', CASE WHEN i % 10 = 0 THEN '厨师' ELSE '电工' END, '', '三级', 'S000013000001223' || to_char(i, 'FM000000'), '2022-05-01', CASE WHEN i <= 100000 THEN '校' || i WHEN i % 2 = 0 THEN '甲校' ELSE '校1' END, '甲中心'
FROM generate_series(0, 100999) AS i;
SELECT rule, CASE rule WHEN 'evaluator.filing' THEN min(hint) END AS hint, max(hint) = min(hint) AS same, count(*), count(*) FILTER (WHERE row_no > 100001) AS at_the_end FROM certdata.check_rows('scope_many') GROUP BY rule ORDER BY rule COLLATE "C";
DROP TABLE scope_many;

-- ---------------------------------------------------------------- parallel workers

SELECT set_config(name, CASE setting WHEN 'off' THEN 'on' ELSE setting END, false) = 'on' AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION scope_faults(r scope_turned) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT count(*) FROM certdata.check_record(r.*));
END $$;
ALTER TABLE scope_turned SET (parallel_workers = 2);
ANALYZE scope_turned;
EXPLAIN (COSTS OFF) SELECT sum(scope_faults(t)) FROM scope_turned AS t;
SELECT sum(scope_faults(t)) = (SELECT count(*) FROM of_record) AS same FROM scope_turned AS t;
SELECT count(*) FILTER (WHERE certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01')) = count(*) AS all_in_scope FROM scope_turned;
BEGIN;
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT count(*) FILTER (WHERE certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01')) AS none_in_scope FROM scope_turned;
SELECT sum(scope_faults(t)) > (SELECT count(*) FROM of_record) AS more FROM scope_turned AS t;
DELETE FROM certdata.filing;
SELECT sum(scope_faults(t)) = (SELECT count(*) FROM of_record WHERE rule !~ '^(no\.filing|no\.filing_valid|evaluator\.(filing|brackets)|issuer\.(unknown|brackets)|(occupation|worktype)\.(scope|brackets)|level\.scope|date\.(scope|ceased))$') AS nothing_of_it FROM scope_turned AS t;
ROLLBACK;
SELECT sum(scope_faults(t)) = (SELECT count(*) FROM of_record) AS same FROM scope_turned AS t;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT set_config(name, 'off', false) AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');

-- ---------------------------------------------------------------- what a transaction has changed itself

TRUNCATE scope_texts;
CREATE TEMP TABLE mine (LIKE certdata.report);
INSERT INTO mine VALUES ('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'S000013000001223000001', '2022-05-01', '甲校', '甲中心');
CREATE FUNCTION pg_temp.five() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT concat_ws(' ', certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01'), (SELECT count(*) FROM mine AS m, certdata.check_record(m)), (SELECT count(*) FROM certdata.check_rows('mine')),
		pg_temp.message_of('INSERT INTO scope_texts TABLE mine'), (SELECT count(*) FROM certdata.rejected('mine', 'scope_texts')))
$$;
BEGIN;
SELECT pg_temp.five();
DELETE FROM certdata.scope WHERE filing = 'S000013000001' AND occupation = '电工';
SELECT pg_temp.five();
SAVEPOINT a;
INSERT INTO certdata.scope (filing, occupation, level, valid) VALUES ('S000013000001', '电工', '三级', '[2022-05-01,2022-05-01]');
SELECT pg_temp.five();
SAVEPOINT b;
UPDATE certdata.scope SET valid = '[2022-05-02,)' WHERE valid = '[2022-05-01,2022-05-01]';
SELECT pg_temp.five();
ROLLBACK TO b;
SELECT pg_temp.five();
ROLLBACK TO a;
SELECT pg_temp.five();
ROLLBACK;
SELECT pg_temp.five();
-- a statement that changes the scope is judged by what was before it
WITH gone AS (DELETE FROM certdata.scope WHERE filing = 'S000013000001' AND occupation = '电工' RETURNING 1)
SELECT count(*) AS gone, certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01') AS yet FROM gone;
SELECT pg_temp.five();
WITH back AS (INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级') RETURNING 1)
SELECT count(*) AS back, certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01') AS yet FROM back;
SELECT pg_temp.five();
DO $$
DECLARE
	seen text := '';
BEGIN
	FOR i IN 1 .. 3 LOOP
		seen := seen || CASE WHEN certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01') THEN 'y' ELSE 'n' END;
		BEGIN
			DELETE FROM certdata.scope WHERE filing = 'S000013000001' AND occupation = '电工';
			seen := seen || CASE WHEN certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01') THEN 'y' ELSE 'n' END;
			RAISE division_by_zero;
		EXCEPTION WHEN division_by_zero THEN
			seen := seen || CASE WHEN certdata.in_scope('S000013000001', '电工', '', '三级', '2022-05-01') THEN 'y' ELSE 'n' END;
		END;
	END LOOP;
	RAISE INFO '%', seen;
END $$;

DROP FUNCTION pg_temp.try(text, scope_source);
DROP VIEW scope_good, scope_all;
DROP FUNCTION scope_faults;
DROP TABLE scope_cases, scope_source, scope_turned, of_record, of_rows, of_report, of_turned, verdict, outcome, scope_typed, scope_padded, scope_texts, scope_loaded, one;
DELETE FROM certdata.scope;
DELETE FROM certdata.filing;
DELETE FROM certdata.organisation_name;
DELETE FROM certdata.organisation;
