-- Looks for: memory that a session does not give back for rows or statements
-- it has judged, refused or given up; references it keeps (the server warns
-- of them); an announcement, or an act begun by a function, that survives an
-- error and is taken for somebody else's statement.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
\set VERBOSITY terse
CREATE TABLE leak (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text, note text) WITH (fillfactor = 50);
CREATE TABLE leak_parted (LIKE leak, PRIMARY KEY (cert_no)) PARTITION BY HASH (cert_no);
CREATE TABLE leak_parted_0 PARTITION OF leak_parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE leak_parted_1 PARTITION OF leak_parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
SELECT count(*) FROM (SELECT certdata.attach('leak') UNION ALL SELECT certdata.attach('leak_parted')) AS a;
CREATE FUNCTION no(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'S000013000001223' || lpad(n::text, 6, '0') $$;
CREATE VIEW leak_new AS SELECT '张三' AS name, '居民身份证' AS id_type, '130102199003071233' AS id_number, '甲公司' AS employer, '电工' AS occupation, NULL AS work_type,
	'三级' AS level, no(i)::certdata.certno AS cert_no, '2022-02-09' AS issue_date, '甲校' AS evaluator, '甲中心' AS issuer, '' AS note, i FROM generate_series(1, 100000) AS i;
INSERT INTO leak SELECT name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer FROM leak_new;
INSERT INTO leak_parted SELECT * FROM leak WHERE cert_no <= no(1000);
CREATE TABLE used (what text, bytes bigint);
CREATE FUNCTION now_used() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name NOT IN ('AfterTriggerEvents', 'Combo CIDs') $$;

-- ---- a million rows, a hundred thousand at a time
CREATE PROCEDURE change_all(new_employer text) LANGUAGE plpgsql AS $$ BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	UPDATE leak SET employer = new_employer;
END $$;
CALL change_all('1');
CALL change_all('2');
INSERT INTO used VALUES ('rows', now_used());
CALL change_all('3');
CALL change_all('4');
CALL change_all('5');
CALL change_all('6');
CALL change_all('7');
CALL change_all('8');
CALL change_all('9');
CALL change_all('10');
SELECT what, now_used() - bytes < 100000 AS given_back FROM used WHERE what = 'rows';
SELECT count(*), min(employer), max(employer) FROM leak;

-- ---- statements of one row each, in transactions of their own and in one
CREATE PROCEDURE one_by_one(target regclass, first int, last int, together boolean) LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN first .. last LOOP
		PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
		EXECUTE format('UPDATE %s SET name = %L WHERE cert_no = %L', target, CASE i % 2 WHEN 0 THEN '李四' ELSE '王五' END, no(i % 1000 + 1));
		EXECUTE format('UPDATE %s SET note = %L WHERE cert_no = %L', target, i, no(i % 1000 + 1));
		IF NOT together THEN
			COMMIT;
		END IF;
	END LOOP;
END $$;
CALL one_by_one('leak', 1, 1000, false);
CALL one_by_one('leak_parted', 1, 1000, false);
INSERT INTO used VALUES ('statements', now_used());
CALL one_by_one('leak', 1001, 6000, false);
CALL one_by_one('leak_parted', 1001, 6000, false);
SELECT what, now_used() - bytes < 100000 AS given_back FROM used WHERE what = 'statements';
-- core keeps some twenty bytes of every statement until the end of the
-- transaction; a hundred of ours would be two million here
BEGIN;
CALL one_by_one('leak', 1, 1000, true);
CALL one_by_one('leak_parted', 1, 1000, true);
INSERT INTO used VALUES ('statements of one transaction', now_used());
CALL one_by_one('leak', 1001, 6000, true);
CALL one_by_one('leak_parted', 1001, 6000, true);
SELECT what, now_used() - bytes < 800000 AS given_back FROM used WHERE what = 'statements of one transaction';
COMMIT;

-- ---- refused, in subtransactions
CREATE PROCEDURE refused(times int) LANGUAGE plpgsql AS $$
DECLARE
	states text[] := '{}';
	statement text;
BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	FOR i IN 1 .. times LOOP
		FOREACH statement IN ARRAY ARRAY['DELETE FROM leak WHERE cert_no = no(1)', 'TRUNCATE leak_parted', 'UPDATE leak SET name = ''张 三'' WHERE cert_no <= no(100)',
			'UPDATE leak SET id_number = ''13010219900307002X'' WHERE cert_no = no(1)', 'UPDATE leak_parted SET cert_no = no(999999)::certdata.certno WHERE cert_no = no(1)',
			'INSERT INTO leak SELECT * FROM leak WHERE cert_no = no(1)', 'INSERT INTO leak_parted (cert_no) VALUES (no(5000)::certdata.certno)',
			'SELECT certdata.correct(''leak'', no(1), ''{"姓名": "李 四"}'', ''r'', ''a'')', 'SELECT certdata.retire(''leak'', no(999999), ''r'', ''a'', true)',
			'SELECT certdata.renumber(''leak'', no(1), no(2), ''r'', ''a'')', 'SELECT certdata.renumber(''leak_parted'', no(1), no(2), ''r'', ''a'')', 'SELECT certdata.retire(''used'', no(1), ''r'', ''a'', true)'] LOOP
			BEGIN
				EXECUTE statement;
				RAISE 'not refused: %', statement;
			EXCEPTION WHEN OTHERS THEN
				states := states || SQLSTATE::text;
			END;
		END LOOP;
	END LOOP;
	IF states[1:12] <> '{QC014,QC014,23514,QC011,QC013,23505,23514,23514,P0002,23505,23505,QC016}' THEN
		RAISE WARNING 'states %', states[1:12];
	END IF;
END $$;
CALL refused(50);
INSERT INTO used VALUES ('refusals', now_used());
CALL refused(500);
SELECT what, now_used() - bytes < 100000 AS given_back FROM used WHERE what = 'refusals';
BEGIN;
CALL refused(50);
INSERT INTO used VALUES ('refusals of one transaction', now_used());
CALL refused(300);
SELECT what, now_used() - bytes < 200000 AS given_back FROM used WHERE what = 'refusals of one transaction';
COMMIT;

-- ---- given up in the middle
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
SAVEPOINT s;
SET LOCAL statement_timeout = '20ms';
UPDATE leak SET employer = 'cancelled';
ROLLBACK TO s;
SET LOCAL statement_timeout = '150ms';
UPDATE leak SET employer = 'cancelled';
ROLLBACK TO s;
SET LOCAL statement_timeout = '100ms';
SELECT certdata.retire('leak', array_agg(cert_no), 'r', 'a', true) FROM leak;
ROLLBACK TO s;
SET LOCAL statement_timeout = '30ms';
SELECT certdata.renumber('leak', array_agg(cert_no), array_agg(no(200000 + i)::certdata.certno), 'r', 'a') FROM leak_new;
ROLLBACK TO s;
UPDATE leak SET employer = '11' WHERE cert_no = no(1);
COMMIT;
SELECT count(*) FILTER (WHERE employer = 'cancelled') AS cancelled, count(*) FILTER (WHERE employer = '11') AS changed FROM leak;
SELECT count(*) FROM certdata.life WHERE retired OR reserved;

-- ---- what a function has begun is over with it, however it ends
CREATE FUNCTION after_error(act text, plain text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	BEGIN
		EXECUTE act;
	EXCEPTION WHEN OTHERS THEN
		NULL;
	END;
	EXECUTE plain;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT after_error(act, plain) FROM (VALUES
	($$SELECT certdata.correct('leak', no(7), '{"姓名": "李 四"}', 'r', 'a')$$, $$UPDATE leak SET name = '赵六' WHERE cert_no = no(7)$$),
	($$SELECT certdata.correct('leak', no(999999), '{"姓名": "李四"}', 'r', 'a')$$, $$UPDATE leak SET name = '赵六' WHERE cert_no = no(7)$$),
	($$SELECT certdata.correct('leak', no(7), '{"姓名": "李四"}', 'r', 'a')$$, $$UPDATE leak SET employer = '乙公司' WHERE cert_no = no(7)$$),
	($$SELECT certdata.correct('leak', no(7), '{}', 'r', 'a')$$, $$UPDATE leak SET employer = '乙公司' WHERE cert_no = no(7)$$),
	($$SELECT certdata.renumber('leak', no(7), no(8), 'r', 'a')$$, $$UPDATE leak SET cert_no = no(300000)::certdata.certno WHERE cert_no = no(7)$$),
	($$SELECT certdata.renumber('leak', no(7), no(300001), 'r', 'a')$$, $$UPDATE leak SET cert_no = no(300000)::certdata.certno WHERE cert_no = no(9)$$),
	($$SELECT certdata.renumber('leak', '{}'::text[], '{}', 'r', 'a')$$, $$UPDATE leak SET cert_no = no(300000)::certdata.certno WHERE cert_no = no(9)$$),
	($$SELECT certdata.renumber('leak', ARRAY[no(10), no(11)], ARRAY[no(11), no(10)], 'r', 'a')$$, $$UPDATE leak SET cert_no = no(300000)::certdata.certno WHERE cert_no = no(9)$$)) AS v(act, plain);
-- and is not what a trigger of the table does meanwhile
CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE TG_ARGV[0]; RETURN NULL; END $$;
CREATE FUNCTION with_trigger(definition text, act text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	EXECUTE definition;
	EXECUTE act;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT w, with_trigger(format('CREATE TRIGGER %I %s UPDATE ON leak FOR EACH %s WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION meanwhile(%L)', n, w, e,
	'UPDATE leak SET cert_no = no(300000)::certdata.certno WHERE cert_no = no(9)'), $$SELECT certdata.renumber('leak', no(12), no(300002), 'r', 'a')$$)
FROM (VALUES ('aaa'), ('zzz')) AS a(n), (VALUES ('BEFORE', 'STATEMENT'), ('AFTER', 'STATEMENT'), ('AFTER', 'ROW')) AS b(w, e);
SELECT w, with_trigger(format('CREATE TRIGGER %I %s UPDATE ON leak FOR EACH %s WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION meanwhile(%L)', n, w, e,
	'UPDATE leak SET employer = ''乙公司'' WHERE cert_no = no(9)'), $$SELECT certdata.correct('leak', no(12), '{"姓名": "赵六"}', 'r', 'a')$$)
FROM (VALUES ('aaa'), ('zzz')) AS a(n), (VALUES ('BEFORE', 'STATEMENT'), ('AFTER', 'STATEMENT'), ('AFTER', 'ROW')) AS b(w, e);

SELECT certdata.detach('leak', 'end of test'), certdata.detach('leak_parted', 'end of test');
DROP VIEW leak_new;
DROP TABLE leak, leak_parted, used CASCADE;
DROP FUNCTION now_used, after_error, meanwhile, with_trigger, no;
DROP PROCEDURE change_all, one_by_one, refused;
DELETE FROM certdata.life;
DELETE FROM certdata.attachment;
