-- A refusal that shows somebody's identity number or name whole: in its own
-- text, in COPY's context line, or in the line COPY was reading.  And one that
-- names no rule, type, table or column, so that a program must read prose.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
CREATE TEMP TABLE person (name certdata.person_name, number certdata.resident_id,
	pair certdata.id_number[], no certdata.certno, evaluator certdata.org_name);
CREATE TEMP TABLE staged (name text, number text,
	typed certdata.resident_id GENERATED ALWAYS AS (certdata.text_to_resident_id(number)) STORED);

-- run a statement, tell its error
CREATE FUNCTION pg_temp.error_of(statement text, with_places boolean DEFAULT false) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	state text; message text; detail text; hint text; context text;
	rule text; type text; in_schema text; in_table text; in_column text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
		context = PG_EXCEPTION_CONTEXT, rule = CONSTRAINT_NAME, type = PG_DATATYPE_NAME,
		in_schema = SCHEMA_NAME, in_table = TABLE_NAME, in_column = COLUMN_NAME;
	RETURN NEXT state || ': ' || message;
	RETURN NEXT detail;
	RETURN NEXT hint;
	RETURN NEXT 'rule ' || rule || ', type ' || type;
	IF with_places THEN
		RETURN NEXT format('schema "%s", table "%s", column "%s"',
			regexp_replace(in_schema, '^pg_temp_\d+', 'pg_temp'), in_table, in_column);
		RETURN NEXT (regexp_match(context, '^COPY.*?$', 'n'))[1];
	END IF;
END $$;

SELECT pg_temp.error_of($$SELECT '130102199003071231'::certdata.resident_id$$, true);
SELECT pg_temp.error_of($$SELECT '130102199013071231'::text::certdata.resident_id$$);
SELECT pg_temp.error_of($$SELECT '1301 0219900307123'::text::certdata.id_number$$);
SELECT pg_temp.error_of($$SELECT '130102199003071233'::certdata.certno$$);
SELECT pg_temp.error_of($$SELECT 'S00001312345619300000A'::certdata.certno$$);
SELECT pg_temp.error_of($$SELECT repeat('张三', 21)::certdata.person_name$$);
SELECT pg_temp.error_of($$SELECT repeat('甲', 101)::certdata.org_name$$);
SELECT pg_temp.error_of($$SELECT '130102199003071233'::certdata.skill_level$$);
SELECT pg_temp.error_of($$SELECT '2022/2/9'::certdata.issue_date$$);
SELECT pg_temp.error_of($$SELECT '44601'::certdata.issue_date$$);

SET certdata.language = zh;
SELECT pg_temp.error_of($$SELECT '130102199003071231'::certdata.resident_id$$);
SELECT pg_temp.error_of($$SELECT 'S00001312345619300000A'::certdata.certno$$);
-- org_name serves three fields and must name none of them
SELECT pg_temp.error_of($$SELECT repeat('甲', 101)::certdata.org_name$$);
SELECT pg_temp.error_of($$SELECT '44601'::certdata.issue_date$$);
SET certdata.language = en;

-- COPY: a value; a name too long; an array of two numbers, one of them good; a
-- value refused while COPY still holds the whole line
SELECT pg_temp.error_of($$COPY person (name, number) FROM PROGRAM
	'printf "王小明\t130102199003071231\n"'$$, true);
SELECT pg_temp.error_of($$COPY person (name, number) FROM PROGRAM
	'printf "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十甲,130102199003071233\n"'
	WITH (FORMAT csv)$$, true);
SELECT pg_temp.error_of($$COPY person (name, pair) FROM PROGRAM
	'printf "王小明\t{130102199003071233,\"1301 02199003071233\"}\n"'$$, true);
SELECT pg_temp.error_of($$COPY staged (name, number) FROM PROGRAM
	'printf "王小明\t130102199003071231\n"'$$, true);

-- as a client sees it
COPY person (name, number) FROM stdin;
王小明	130102199003071231
\.

-- a statement of a function's own, which the server would quote as context
DO $$ BEGIN EXECUTE format('SELECT %L::text::certdata.resident_id', '130102199003071231'); END $$;

-- what the caller does not ask for is not cut, but neither shown: a long value
SELECT length(t) < 200 AS short
FROM pg_temp.error_of($$SELECT repeat('9', 1000000)::text::certdata.id_number$$) WITH ORDINALITY AS e(t, i)
WHERE i = 2;
DROP TABLE person, staged;
