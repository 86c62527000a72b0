-- Rows that come by the report view, or by correct(), as text.  Looks for: a
-- value that is lost, or stored as another, because the column has another
-- type or serves two fields; a row that check_record refuses, and the view
-- takes.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
SET certdata.language = en;
CREATE SCHEMA guard_report;
SET search_path = guard_report, public;
CREATE TABLE dated (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no text, issue_date date, evaluator text, issuer text);
CREATE TABLE shared (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no text, issue_date text, body text);
SELECT FROM certdata.attach('dated');
SELECT FROM certdata.attach('shared', '{"评价机构": "body", "发证机构": "body"}');
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN 'refused';
END $$;
CREATE FUNCTION new_row(t text, n int, day text, evaluator text, issuer text) RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO %s_report VALUES (''张三'', ''居民身份证'', ''130102199003071233'', NULL, ''电工'', NULL, ''三级'', ''S00001300000122300000%s'', %L, %L, %L)', t, n, day, evaluator, issuer) $$;

-- a date is text of exactly YYYY-MM-DD, whatever the column's type and DateStyle
SELECT day, try(new_row('dated', n::int, day, '甲校', '甲中心')), (SELECT string_agg(f.rule || ' ' || f.severity, ' ') FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级',
	'S00001300000122300000' || n, day, '甲校', '甲中心') AS f) AS check_record
FROM unnest(ARRAY['2022-02-09', '2022-2-9', '02/09/2022', '20220209', '2022-02-09 12:00', 'Feb 9 2022']) WITH ORDINALITY AS d(day, n);
SET DateStyle = 'SQL, DMY';
SELECT try(new_row('dated', 8, '02/09/2022', '甲校', '甲中心')), try(new_row('dated', 9, '2022-02-09', '甲校', '甲中心'));
SELECT day, try(format('SELECT certdata.correct(''dated'', ''S000013000001223000001'', jsonb_build_object(''发证日期'', %L::text), ''r'', ''a'')', day)) AS corrected,
	try(format('UPDATE dated_report SET "发证日期" = %L WHERE "证书编号" = ''S000013000001223000001''', day)) AS updated FROM unnest(ARRAY['10/02/2022', '2022-2-10', '2022-02-10']) AS day;
SET DateStyle = ISO;
SELECT right(cert_no, 1) AS no, issue_date FROM dated ORDER BY 1;

-- a column that serves two fields has one value
SELECT try(new_row('shared', 1, '2022-02-09', '甲校', '甲校')) AS alike, try(new_row('shared', 2, '2022-02-09', '甲校', '乙校')) AS different;
SELECT try('UPDATE shared_report SET "评价机构" = ''丙校'', "发证机构" = ''丙校''') AS alike, try('UPDATE shared_report SET "评价机构" = ''丁校'', "发证机构" = ''戊校''') AS different,
	try($$SELECT certdata.correct('shared', 'S000013000001223000001', '{"评价机构": "丁校", "发证机构": "戊校"}', 'r', 'a')$$) AS corrected;
SELECT right(cert_no, 1) AS no, body FROM shared ORDER BY 1;

RESET DateStyle;
RESET search_path;
SELECT certdata.detach(t::regclass, 'end of test') FROM unnest(ARRAY['guard_report.dated', 'guard_report.shared']) AS t;
DROP SCHEMA guard_report CASCADE;
DELETE FROM certdata.life;
DELETE FROM certdata.attachment;
