-- The order of what one transaction does.  Looks for: entries of statements
-- that triggers run before those of the statement that fired them; two entries
-- with one place, or a digest that is not the one before's; intermediate images
-- that were never there; state of later on earlier entries; statements taken
-- for one another, because a foreign key or a function ran one within another.
-- Who follows whom is written down beside each case.
\set database ledger_order
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/ledger_lives.sql'
\set ECHO none
\i :helper
\set ECHO all

-- ---- triggers after the row, several levels deep, and after the statement
CREATE TABLE g (LIKE plain);
SELECT FROM certdata.attach('g');
CREATE FUNCTION step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_LEVEL = 'ROW' THEN
		IF COALESCE(length(NEW.employer), 0) < 3 THEN
			UPDATE g SET employer = COALESCE(employer, '') || '行' WHERE cert_no = NEW.cert_no;
		END IF;
	ELSIF pg_trigger_depth() = 1 THEN
		UPDATE g SET employer = TG_ARGV[0] || COALESCE(employer, '');
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER row AFTER INSERT OR UPDATE ON g FOR EACH ROW EXECUTE FUNCTION step();
-- before and after certdata's own
CREATE TRIGGER a_stmt AFTER INSERT ON g EXECUTE FUNCTION step('前');
CREATE TRIGGER z_stmt AFTER INSERT ON g EXECUTE FUNCTION step('后');
-- each: insert, 行, 行行, 行行行, 前行行行, 后前行行行
SELECT mark();
SELECT said($$SELECT fill('g', 1, 2)$$);
TABLE lives;
SELECT * FROM images('g');
SELECT employer FROM g;
DROP TRIGGER a_stmt ON g;
DROP TRIGGER z_stmt ON g;
DROP TRIGGER row ON g;

-- a trigger that changes other rows, which fire it again
CREATE FUNCTION chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE g SET work_type = '随' || right(NEW.cert_no, 1) || COALESCE(work_type, '')
	WHERE cert_no = t.no(right(NEW.cert_no, 2)::integer + 1) AND COALESCE(work_type, '') NOT LIKE '%随%随%';
	RETURN NULL;
END $$;
CREATE TRIGGER chain AFTER UPDATE ON g FOR EACH ROW EXECUTE FUNCTION chain();
SELECT fill('g', 11, 13);
SELECT mark();
-- 11: outer; 12: outer, from 11; 13: outer, from what 11 did to 12, from 12's own
SELECT said($$UPDATE g SET issuer = '乙中心' WHERE cert_no >= no(11)$$);
TABLE lives;
SELECT * FROM images('g') WHERE no > '10';
DROP TRIGGER chain ON g;

-- ---- nothing of a nested statement that is undone, all of what is not
CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		UPDATE g SET employer = '废' WHERE cert_no = NEW.cert_no;
		RAISE 'undone';
	EXCEPTION WHEN raise_exception THEN
		UPDATE g SET employer = '存' WHERE cert_no = NEW.cert_no;
	END;
	RETURN NULL;
END $$;
CREATE TRIGGER undo AFTER INSERT ON g FOR EACH ROW EXECUTE FUNCTION undo();
SELECT mark();
BEGIN;
SELECT say('r');
SAVEPOINT a;
SELECT fill('g', 21, 21);
ROLLBACK TO a;
SELECT fill('g', 22, 22);
SAVEPOINT b;
UPDATE g SET employer = '后' WHERE cert_no = no(22);
RELEASE b;
COMMIT;
TABLE lives;
SELECT * FROM images('g') WHERE no > '20';
DROP TRIGGER undo ON g;

-- ---- state is that of the moment: suspended and 姓名 corrected by what the first one fires, resumed by what the second one does
CREATE FUNCTION states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.employer = '停' AND OLD.employer IS NULL THEN
		PERFORM certdata.suspend('g', NEW.cert_no, 'r', 'a');
		PERFORM certdata.correct('g', NEW.cert_no, '{"姓名": "李四"}', 'r', 'a');
	ELSIF NEW.employer = '复' THEN
		PERFORM certdata.resume('g', NEW.cert_no, 'r', 'a');
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER states AFTER UPDATE ON g FOR EACH ROW EXECUTE FUNCTION states();
SELECT fill('g', 31, 31);
SELECT mark();
SELECT said($$UPDATE g SET employer = '停' WHERE cert_no = no(31)$$);
SELECT said($$UPDATE g SET employer = '复' WHERE cert_no = no(31)$$);
TABLE lives;
SELECT * FROM images('g') WHERE no = '31';
DROP TRIGGER states ON g;

-- ---- a function that the statement calls: 41 is changed by the statement, then by the function that 42 calls
CREATE FUNCTION inner_update(no text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF no = t.no(42) THEN
		UPDATE t.g SET work_type = '内' WHERE cert_no = t.no(41);
		INSERT INTO t.g SELECT * FROM t.g WHERE false;
	END IF;
	RETURN '外';
END $$;
SELECT fill('g', 41, 42);
SELECT mark();
SELECT said($$UPDATE g SET employer = inner_update(cert_no) WHERE cert_no IN (no(41), no(42))$$);
TABLE lives;
SELECT * FROM images('g') WHERE no > '40';

-- ---- foreign keys: two that cascade to one row, then a trigger on it
CREATE TABLE org (name text PRIMARY KEY);
INSERT INTO org VALUES ('甲校'), ('甲中心');
CREATE TABLE f (LIKE plain, FOREIGN KEY (evaluator) REFERENCES org ON UPDATE CASCADE, FOREIGN KEY (issuer) REFERENCES org ON UPDATE CASCADE);
SELECT FROM certdata.attach('f', register => 'f');
SELECT fill('f', 51, 52);
SELECT mark();
SELECT said($$UPDATE f SET issuer = '甲校' WHERE cert_no = no(51)$$);
SELECT said($$UPDATE org SET name = '乙校' WHERE name = '甲校'$$);
TABLE lives;
CREATE FUNCTION cascaded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.employer IS NULL THEN
		UPDATE f SET employer = '随' WHERE cert_no = NEW.cert_no;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER cascaded AFTER UPDATE ON f FOR EACH ROW EXECUTE FUNCTION cascaded();
SELECT mark();
SELECT said($$UPDATE org SET name = '丙校' WHERE name = '乙校'$$);
TABLE lives;
-- … and in one transaction with statements that triggers run on their own account
CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE f SET work_type = '一' WHERE cert_no = t.no(51);
	UPDATE f SET work_type = '二' WHERE cert_no = t.no(51);
	RETURN NULL;
END $$;
CREATE TRIGGER twice AFTER INSERT ON marked EXECUTE FUNCTION twice();
SELECT mark();
BEGIN;
SELECT say('r');
UPDATE org SET name = '丁校' WHERE name = '丙校';
INSERT INTO marked SELECT 0 WHERE false;
-- one statement for the table itself and the cascade
WITH own AS (UPDATE f SET work_type = '三' WHERE cert_no = no(52)) UPDATE org SET name = '戊校' WHERE name = '丁校';
COMMIT;
TABLE lives;
SELECT * FROM images('f');

-- ---- a draft that a trigger before the row withdraws, so that the new row can have its number; then one after the row
CREATE TABLE d (LIKE plain);
SELECT FROM certdata.attach('d', publication => 'by_call');
CREATE FUNCTION replace_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM d WHERE cert_no = NEW.cert_no) THEN
		PERFORM certdata.withdraw('d', NEW.cert_no, 'r');
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER replace_draft BEFORE INSERT ON d FOR EACH ROW EXECUTE FUNCTION replace_draft();
CREATE FUNCTION complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM certdata.correct('d', NEW.cert_no, '{"所在单位": "甲厂"}', 'r');
	RETURN NULL;
END $$;
CREATE TRIGGER complete AFTER INSERT ON d FOR EACH ROW EXECUTE FUNCTION complete();
SELECT mark();
SELECT fill('d', 61, 61);
SELECT fill('d', 61, 62);
TABLE lives;
SELECT * FROM images('d') WHERE no IS NOT NULL;
DROP TRIGGER replace_draft ON d;
DROP TRIGGER complete ON d;
-- withdrawn at once, within the statement that inserts it
CREATE FUNCTION give_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM certdata.withdraw('d', NEW.cert_no, 'r');
	RETURN NULL;
END $$;
CREATE TRIGGER give_back AFTER INSERT ON d FOR EACH ROW EXECUTE FUNCTION give_back();
SELECT mark();
SELECT fill('d', 63, 63);
TABLE lives;

-- ---- numbers: what triggers do under the new one comes after it
CREATE TABLE r (LIKE plain);
SELECT FROM certdata.attach('r');
CREATE FUNCTION renumbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.cert_no <> OLD.cert_no THEN
		UPDATE r SET employer = '随' || COALESCE(employer, '') WHERE cert_no = NEW.cert_no;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER renumbered AFTER UPDATE ON r FOR EACH ROW EXECUTE FUNCTION renumbered();
SELECT fill('r', 71, 73);
SELECT said($$SELECT certdata.correct('r', no(71), '{"姓名": "李四"}', 'r', 'a')$$);
SELECT said($$SELECT certdata.suspend('r', no(71), 'r', 'a')$$);
SELECT mark();
SELECT said($$SELECT certdata.renumber('r', ARRAY[no(71)], ARRAY[no(74)], 'r', 'a')$$);
SELECT said($$SELECT certdata.renumber('r', ARRAY[no(74)], ARRAY[no(75)], 'r', 'a')$$);
TABLE lives;
SELECT * FROM images('r');
-- under a number of nobody's, in which certificates stand aside to be swapped, nothing is recorded, so nothing may happen
SELECT said($$SELECT certdata.renumber('r', ARRAY[no(72), no(73)], ARRAY[no(73), no(72)], 'r', 'a')$$);
DROP TRIGGER renumbered ON r;
CREATE FUNCTION aside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.cert_no >= 'S000013000001223999000' THEN
		PERFORM certdata.suspend('r', NEW.cert_no, 'r', 'a');
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER aside AFTER UPDATE ON r FOR EACH ROW EXECUTE FUNCTION aside();
SELECT said($$SELECT certdata.renumber('r', ARRAY[no(72), no(73)], ARRAY[no(73), no(72)], 'r', 'a')$$);
DROP TRIGGER aside ON r;
SELECT mark();
SELECT said($$SELECT certdata.renumber('r', ARRAY[no(72), no(73)], ARRAY[no(73), no(72)], 'r', 'a')$$);
SELECT said($$SELECT certdata.renumber('r', ARRAY[no(72), no(73), no(75)], ARRAY[no(73), no(75), no(72)], 'r', 'a')$$);
TABLE lives;
SELECT * FROM images('r');
-- a trigger that renumbers what the statement is not over with: another number's life would go on from an entry that is not there yet
CREATE FUNCTION renumber_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.employer = '变' THEN
		PERFORM certdata.renumber('r', ARRAY[NEW.cert_no], ARRAY[t.no(79)], 'r', 'a');
	ELSIF NEW.employer = '换' THEN
		PERFORM certdata.renumber('r', ARRAY[t.no(72), t.no(73)], ARRAY[t.no(73), t.no(72)], 'r', 'a');
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER renumber_now AFTER UPDATE OF employer ON r FOR EACH ROW EXECUTE FUNCTION renumber_now();
SELECT mark();
SELECT said($$UPDATE r SET employer = '变' WHERE cert_no = no(72)$$);
SELECT said($$UPDATE r SET employer = '换' WHERE cert_no = no(72)$$);
TABLE lives;

-- ---- on the whole
SELECT certdata.seal() > 0;
SELECT problem, relation, right(cert_no::text, 2) AS no, detail FROM certdata.verify_ledger();
\c contrib_regression
DROP DATABASE ledger_order;
