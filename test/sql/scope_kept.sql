-- Looks for: settings, filings or scope that a session keeps from one
-- transaction to the next although they have changed: by whatever statement,
-- undone or not, with triggers off or replication's role; a verdict of before
-- that lets a certificate in, or keeps one out; memory of what was kept that
-- is not given back; and a session that keeps nothing.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA scope_kept;
SET search_path = scope_kept;
\set VERBOSITY terse
\pset format unaligned
\t on
INSERT INTO certdata.organisation (id, name) VALUES ('one', '甲校'), ('two', '乙校');
INSERT INTO certdata.filing (code, organisation) VALUES ('S000013000001', 'one'), ('S000013000002', 'two');
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级'), ('S000013000002', '电工', '三级');
SELECT certdata.create_registry('zs');
CREATE TABLE typed (LIKE zs);
SELECT certdata.check_inserts('typed');

CREATE SEQUENCE serial;
CREATE PROCEDURE put(target regclass, filing text DEFAULT 'S000013000001') LANGUAGE plpgsql AS $$ BEGIN
	EXECUTE format('INSERT INTO %1$s (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
		VALUES (''张三'', ''居民身份证'', ''130102199003071233'', ''电工'', ''三级'', (%2$L || ''223'' || lpad(nextval(''serial'')::text, 6, ''0''))::certdata.certno, ''2022-02-09'', %3$L, %3$L)',
		target, filing, CASE filing WHEN 'S000013000001' THEN '甲校' ELSE '乙校' END);
END $$;
-- rules of the first finding, or taken
CREATE FUNCTION judged(target regclass, filing text DEFAULT 'S000013000001') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	rule text;
BEGIN
	CALL put(target, filing);
	RETURN 'taken';
EXCEPTION WHEN check_violation THEN
	GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
	RETURN rule;
END $$;
CREATE FUNCTION in_both() RETURNS text LANGUAGE sql AS $$ SELECT judged('zs') || ', ' || judged('typed') $$;
-- scans of these tables in the transaction so far
CREATE FUNCTION scans() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(pg_stat_get_xact_numscans(c.oid)) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = 'certdata' AND (c.relname IN ('rule_setting', 'category_setting', 'level_letter', 'filing', 'scope', 'organisation')
		OR c.relname ~ '^(filing|scope|organisation)_')
$$;
-- a moment may pass: other transactions, a vacuum of these tables
CREATE PROCEDURE see_it_kept() LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
BEGIN
	FOR i IN 1 .. 500 LOOP
		before := scans();
		CALL put('zs');
		CALL put('typed');
		IF scans() = before THEN
			RAISE INFO 'kept';
			RETURN;
		END IF;
		COMMIT;
		PERFORM pg_sleep(0.01);
	END LOOP;
	RAISE INFO 'never kept';
END $$;
CALL see_it_kept();

-- every table, every kind of change
UPDATE certdata.scope SET valid = '(,2022-02-08]' WHERE filing = 'S000013000001';
SELECT in_both();
UPDATE certdata.scope SET valid = '(,)' WHERE filing = 'S000013000001';
CALL see_it_kept();
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT in_both();
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级');
SELECT in_both();
CALL see_it_kept();
UPDATE certdata.filing SET organisation = 'two' WHERE code = 'S000013000001';
SELECT in_both();
UPDATE certdata.filing SET organisation = 'one' WHERE code = 'S000013000001';
CALL see_it_kept();
UPDATE certdata.organisation SET name = '丙校' WHERE id = 'one';
SELECT in_both();
INSERT INTO certdata.organisation_name VALUES ('one', '甲校', '[2022-01-01,2023-01-01)');
SELECT in_both();
CALL see_it_kept();
DELETE FROM certdata.organisation_name;
UPDATE certdata.organisation SET name = '甲校' WHERE id = 'one';
CALL see_it_kept();
INSERT INTO certdata.category_setting (letter, meaning, accepted) VALUES ('S', '', false);
SELECT in_both();
DELETE FROM certdata.category_setting WHERE letter = 'S';
CALL see_it_kept();
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('occupation.scope', false);
SELECT in_both();
CALL see_it_kept();
UPDATE certdata.rule_setting SET enabled = true WHERE rule = 'occupation.scope';
SELECT in_both();
DELETE FROM certdata.rule_setting WHERE rule = 'occupation.scope';
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级');
CALL see_it_kept();
BEGIN;
TRUNCATE certdata.scope;
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000002', '电工', '三级');
SELECT in_both();
ROLLBACK;
SELECT in_both();
CALL see_it_kept();
CREATE TEMP TABLE copied AS TABLE certdata.scope;
TRUNCATE certdata.scope;
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000002', '电工', '三级');
SELECT in_both();
TRUNCATE certdata.scope;
INSERT INTO certdata.scope TABLE copied;
SELECT in_both();
CALL see_it_kept();

-- undone: by the transaction, by a savepoint, by a block
BEGIN;
DELETE FROM certdata.filing WHERE code = 'S000013000001';
SELECT in_both();
ROLLBACK;
SELECT in_both();
CALL see_it_kept();
BEGIN;
SELECT in_both();
SAVEPOINT s;
DELETE FROM certdata.filing WHERE code = 'S000013000001';
SELECT in_both();
ROLLBACK TO s;
SELECT in_both();
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT in_both();
ROLLBACK TO s;
SELECT in_both();
RELEASE s;
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT in_both();
ROLLBACK;
SELECT in_both();
CALL see_it_kept();
DO $$ BEGIN
	BEGIN
		DELETE FROM certdata.filing WHERE code = 'S000013000001';
		RAISE INFO 'in the block: %', in_both();
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
		RAISE INFO 'after it: %', in_both();
	END;
	DELETE FROM certdata.filing WHERE code = 'S000013000001';
	RAISE INFO 'the same again: %', in_both();
	ROLLBACK;
	RAISE INFO 'after all: %', in_both();
END $$;
CALL see_it_kept();

-- what is judged at the end of a statement that has changed filings itself
CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	UPDATE certdata.filing SET organisation = 'two' WHERE code = 'S000013000001';
	RETURN NULL;
END $$;
CREATE TRIGGER a_ends AFTER INSERT ON zs FOR EACH ROW WHEN (new.name = '李四') EXECUTE FUNCTION ends();
BEGIN;
INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	VALUES ('李四', '居民身份证', '130102199003071233', '电工', '三级', 'S000013000001223900001', '2022-02-09', '甲校', '甲校');
SELECT in_both();
ROLLBACK;
DROP TRIGGER a_ends ON zs;
CALL see_it_kept();

-- replication's role, in which other triggers do not fire
SET session_replication_role = replica;
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
RESET session_replication_role;
SELECT in_both();
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级');
CALL see_it_kept();

-- snapshots that stay
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT in_both();
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT in_both();
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT in_both(), scans() > 0 AS read_again;
COMMIT;
CALL see_it_kept();

-- a trigger that does not fire: nothing is kept, and nothing missed
ALTER TABLE certdata.scope DISABLE TRIGGER certdata_told;
SELECT in_both();
SELECT in_both();
SELECT in_both();
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT in_both();
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级');
SELECT in_both();
BEGIN;
SELECT in_both(), scans() > 0 AS read_again;
COMMIT;
SELECT check_name, status, advice FROM certdata.doctor() WHERE check_name = 'guard.own';
ALTER TABLE certdata.scope ENABLE ALWAYS TRIGGER certdata_told;
CALL see_it_kept();

-- called by hand it does nothing; whoever may change settings may call it
SELECT certdata.setting_changed();
CREATE ROLE scope_kept_admin IN ROLE certdata_admin;
SET ROLE scope_kept_admin;
UPDATE certdata.scope SET valid = '(,2022-02-08]' WHERE filing = 'S000013000001';
RESET ROLE;
SELECT in_both();
UPDATE certdata.scope SET valid = '(,)' WHERE filing = 'S000013000001';
CALL see_it_kept();

-- memory: change and insert in turn, in one transaction; and amid a statement
CREATE FUNCTION kept() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name LIKE 'certdata%'
$$;
CREATE PROCEDURE in_turn(n int) LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN 1 .. n LOOP
		UPDATE certdata.filing SET grace_days = i WHERE code = 'S000013000001';
		CALL put('zs');
		CALL put('typed');
	END LOOP;
END $$;
CREATE FUNCTION amid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	UPDATE certdata.filing SET grace_days = grace_days + 1 WHERE code = 'S000013000001';
	CALL put('typed');
	RETURN NULL;
END $$;
DO $$
DECLARE
	before bigint;
BEGIN
	CALL in_turn(20);
	before := kept();
	CALL in_turn(1000);
	RAISE INFO 'in turn: %', kept() - before < 100000;
	CREATE TRIGGER amid AFTER INSERT ON zs FOR EACH ROW EXECUTE FUNCTION amid();
	FOR i IN 1 .. 20 LOOP CALL put('zs'); END LOOP;
	before := kept();
	FOR i IN 1 .. 1000 LOOP CALL put('zs'); END LOOP;
	RAISE INFO 'amid statements: %', kept() - before < 100000;
END $$;
DROP TRIGGER amid ON zs;
-- statements that fail, where nothing lasts
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE division_by_zero; END $$;
CREATE TRIGGER fails AFTER INSERT ON zs FOR EACH ROW EXECUTE FUNCTION fails();
CREATE TRIGGER fails AFTER INSERT ON typed FOR EACH ROW EXECUTE FUNCTION fails();
CREATE PROCEDURE fail(n int) LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN 1 .. n LOOP
		BEGIN CALL put('zs'); EXCEPTION WHEN division_by_zero THEN NULL; END;
		BEGIN CALL put('typed'); EXCEPTION WHEN division_by_zero THEN NULL; END;
	END LOOP;
END $$;
BEGIN ISOLATION LEVEL SERIALIZABLE;
DO $$
DECLARE
	before bigint;
BEGIN
	CALL fail(20);
	before := kept();
	CALL fail(500);
	RAISE INFO 'failed statements: %', kept() - before < 100000;
END $$;
COMMIT;
DROP TRIGGER fails ON zs;
DROP TRIGGER fails ON typed;

-- and what a session keeps at most
INSERT INTO certdata.scope (filing, occupation, level) SELECT 'S000013000002', '职业' || repeat('长', 50) || i, '三级' FROM generate_series(1, 20000) AS i;
INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT '张三', '居民身份证', '130102199003071233', '职业' || repeat('长', 50) || i, '三级', ('S000013000002223' || lpad((800000 + i)::text, 6, '0'))::certdata.certno, '2022-02-09', '乙校', '乙校'
	FROM generate_series(1, 20000) AS i;
SELECT kept() < 6000000 AS bounded;

SET client_min_messages = warning;
SELECT certdata.detach('zs', 'end of test');
DROP SCHEMA scope_kept CASCADE;
TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope;
DROP ROLE scope_kept_admin;
