-- Looks for: memory that a session does not give back for what it has recorded,
-- rolled back, sealed, proved or verified.
SET client_min_messages = warning;
DROP DATABASE IF EXISTS ledger_leak;
CREATE DATABASE ledger_leak;
\c ledger_leak
SET client_min_messages = warning;
CREATE EXTENSION certdata;
\set VERBOSITY terse
CREATE TABLE ledger_leak (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text, note text) WITH (fillfactor = 50);
SELECT count(*) FROM (SELECT certdata.attach('ledger_leak')) AS a;
CREATE FUNCTION no(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'S000013000001223' || lpad(n::text, 6, '0') $$;
CREATE FUNCTION add(first int, last int) RETURNS void LANGUAGE sql AS $$ INSERT INTO ledger_leak
	SELECT '张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级', no(i)::certdata.certno, '2022-02-09', '甲校', '甲中心' FROM generate_series(first, last) AS i $$;
CREATE TABLE used (what text, bytes bigint);
CREATE FUNCTION now_used() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name NOT IN ('AfterTriggerEvents', 'Combo CIDs') $$;
-- what was not given back since it was noted
CREATE FUNCTION kept(which text) RETURNS bigint LANGUAGE sql AS $$ SELECT now_used() - bytes FROM used WHERE what = which $$;
CREATE FUNCTION change(statement text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	EXECUTE statement;
END $$;

-- ---- many rows to a statement: new ones, old values, lives looked up
SELECT add(1, 20000);
SELECT change('UPDATE ledger_leak SET employer = ''1''');
INSERT INTO used VALUES ('rows', now_used());
SELECT add(20001, 60000);
SELECT change(format('UPDATE ledger_leak SET employer = %L WHERE cert_no > no(20000)::certdata.certno', i)) FROM generate_series(2, 4) AS i;
SELECT kept('rows') < 200000 AS given_back;

-- ---- many statements of a row each, in transactions of their own and in one
CREATE PROCEDURE one_by_one(first int, last int, together boolean) LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN first .. last LOOP
		PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
		PERFORM add(i, i);
		UPDATE ledger_leak SET name = CASE i % 2 WHEN 0 THEN '李四' ELSE '王五' END WHERE cert_no = no(i % 1000 + 1)::certdata.certno;
		PERFORM certdata.record_act('query', 'ledger_leak', no(i)::certdata.certno, 'r');
		IF i % 100 = 0 THEN
			PERFORM certdata.suspend('ledger_leak', no(i), 'r'), certdata.resume('ledger_leak', no(i), 'r');
			PERFORM certdata.renumber('ledger_leak', no(i), no(i + 400000), 'r', 'a');
		END IF;
		IF NOT together THEN
			COMMIT;
		END IF;
	END LOOP;
END $$;
CALL one_by_one(200001, 201000, false);
INSERT INTO used VALUES ('statements', now_used());
CALL one_by_one(201001, 205000, false);
SELECT kept('statements') < 100000 AS given_back;
BEGIN;
CALL one_by_one(210001, 211000, true);
INSERT INTO used VALUES ('statements of one transaction', now_used());
CALL one_by_one(211001, 215000, true);
SELECT kept('statements of one transaction') < 400000 AS given_back;
COMMIT;

-- ---- rolled back, by errors and to savepoints
CREATE PROCEDURE given_up(first int, last int) LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN first .. last LOOP
		BEGIN
			PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
			PERFORM add(i * 10, i * 10 + 5);
			UPDATE ledger_leak SET name = '赵六' WHERE cert_no = no(1001)::certdata.certno;
			PERFORM certdata.record_act('query', 'ledger_leak', no(i)::certdata.certno, 'r');
			PERFORM CASE i % 2 WHEN 0 THEN add(1, 1) ELSE add(1 / (i - i), 1) END;
		EXCEPTION WHEN unique_violation OR division_by_zero THEN
		END;
	END LOOP;
END $$;
CALL given_up(30001, 30200);
INSERT INTO used VALUES ('given up', now_used());
CALL given_up(30001, 31000);
SELECT kept('given up') < 100000 AS given_back;

-- ---- seals, heads, proofs; the nodes that are kept of tiles come to an end
CREATE PROCEDURE seal_all(times int) LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN 1 .. times LOOP
		PERFORM certdata.record_act('query', 'ledger_leak', no(1)::certdata.certno, 'r');
		COMMIT;
		PERFORM certdata.seal(), certdata.head();
		COMMIT;
	END LOOP;
END $$;
CALL seal_all(50);
INSERT INTO used VALUES ('seals', now_used());
CALL seal_all(500);
SELECT kept('seals') < 100000 AS given_back;
INSERT INTO used VALUES ('proofs', now_used());
SELECT count(certdata.inclusion_proof(i)) = 50000 AS proved FROM generate_series(0, 49999) AS i;
SELECT count(certdata.consistency_proof(i, 150000)) = 10000 AS proved FROM generate_series(1, 10000) AS i;
SELECT count(certdata.verify_inclusion('sha256', i, 150000, '\x00', '{}', '\x00')) = 10000 AS tried FROM generate_series(1, 10000) AS i;
SELECT kept('proofs') < 4500000 AS within_the_cache;
INSERT INTO used VALUES ('proofs again', now_used());
SELECT count(certdata.inclusion_proof(i)) = 50000 AS proved FROM generate_series(0, 49999) AS i;
SELECT kept('proofs again') < 100000 AS given_back;

-- ---- reading and verifying
SELECT count(*) FROM certdata.verify_ledger();
INSERT INTO used VALUES ('verified', now_used());
SELECT count(*) FROM certdata.verify_ledger();
SELECT kept('verified') < 100000 AS given_back;
CREATE FUNCTION read_lives(first int, last int) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM generate_series(first, last) AS i, LATERAL certdata.history('ledger_leak', no(i)) $$;
SELECT read_lives(1, 100) > 0 AS read, count(certdata.evidence('ledger_leak', no(i))) = 20 AS given FROM generate_series(1, 20) AS i;
INSERT INTO used VALUES ('read', now_used());
SELECT read_lives(1, 1000) > 0 AS read, count(certdata.evidence('ledger_leak', no(i))) = 200 AS given FROM generate_series(1, 200) AS i;
SELECT kept('read') < 100000 AS given_back;
\c contrib_regression
DROP DATABASE ledger_leak;
