-- Entries of many rows are looked up at once, and tell which items are used up
-- (第十四条).  Looks for: a second item that goes through among many rows, or
-- because certdata.life does not know of the first; a life that goes on from
-- another certificate's entry, from one that was rolled back or is not the
-- newest; numbers taken again that are another's.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
\pset format unaligned
\t on
-- other tests' ledger is not ours to verify: a database of its own
SELECT current_database() AS was \gset
CREATE DATABASE act_many;
\c act_many
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE FUNCTION no(n int) RETURNS certdata.certno LANGUAGE sql AS $$ SELECT ('S000013010001223' || lpad(n::text, 6, '0'))::certdata.certno $$;
CREATE FUNCTION fill(target regclass, a int, b int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	-- in the order of no number
	EXECUTE format('INSERT INTO %s SELECT ''张三'', ''居民身份证'', ''130102199003071233'', NULL, ''车工'', NULL, ''三级'', no(i), ''2022-02-09'', ''甲校'', ''甲中心''
		FROM generate_series($1, $2) AS i ORDER BY md5(i::text)', target) USING a, b;
END $$;
CREATE FUNCTION set(target regclass, field name, value text, what text DEFAULT 'true') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	EXECUTE format('UPDATE %s SET %I = %L WHERE %s', target, field, value, what);
	RETURN '';
END $$;
CREATE FUNCTION name(target regclass, value text, what text DEFAULT 'true') RETURNS text LANGUAGE sql AS $$ SELECT set(target, 'name', value, what) $$;
CREATE FUNCTION doc(target regclass, what text DEFAULT 'true') RETURNS text LANGUAGE sql AS $$ SELECT set(target, 'id_number', '13010219900307002X', what) $$;
-- how many entries each number has, from which place on, and how many numbers that is
CREATE FUNCTION lives(target regclass) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(l || ' ' || n, ', ' ORDER BY l) FROM (
		SELECT l, count(*) AS n FROM (SELECT string_agg(e.life_seq::text, '-' ORDER BY e.life_seq) AS l
			FROM certdata.ledger_entry AS e JOIN certdata.ledger_shape AS s ON s.id = e.shape JOIN certdata.attachment AS a ON a.id = s.attachment
			WHERE a.relation = target AND e.cert_no IS NOT NULL GROUP BY e.cert_no) AS e GROUP BY l) AS x $$;
-- two registries of the same numbers; the columns of one are text
SELECT certdata.create_registry('zs');
CREATE TABLE plain (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no text, issue_date text, evaluator text, issuer text);
CREATE UNIQUE INDEX ON plain (certdata.number_key(cert_no));
SELECT certdata.attach('plain') IS NOT NULL;
SELECT fill('zs', 1, 3000), fill('plain', 1, 1500);
SELECT * FROM certdata.verify_ledger();

-- neighbours, and others far away
SELECT pg_temp.expect('done', $$SELECT set('zs', 'employer', '乙厂', 'cert_no <= no(300) OR cert_no > no(2700)')$$);
SELECT lives('zs');
SELECT * FROM certdata.verify_ledger();
-- each goes on from its own; a life has no row of its own for that
SELECT pg_temp.expect('done', $$SELECT name('zs', '李四')$$);
SELECT lives('zs');
SELECT pg_temp.expect('done', $$SELECT name('plain', '李四')$$);
SELECT lives('plain');
SELECT count(*) FROM certdata.life;
SELECT * FROM certdata.verify_ledger();
-- all of them, one among many, many with few that change
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('zs')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('plain')$$);
SELECT fill('zs', 3001, 6000);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('zs', 'cert_no > no(3000) OR cert_no = no(2999)')$$);
SELECT pg_temp.expect('done', $$SELECT doc('zs', 'cert_no > no(3000)')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('zs', '王五', 'cert_no <= no(3000) OR cert_no = no(3001)')$$);
ALTER TABLE zs ADD note text;
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
UPDATE zs SET note = 'x', name = CASE WHEN certdata.certno_serial(cert_no) IN (7, 1000, 2900) THEN '赵六' ELSE name END;
COMMIT;
SELECT lives('zs');
SELECT * FROM certdata.verify_ledger();
-- rows on disk
SET work_mem = '64kB';
SELECT pg_temp.expect('done', $$SELECT name('zs', '王五', 'cert_no <= no(3000)')$$);
RESET work_mem;
SELECT lives('zs');
SELECT * FROM certdata.verify_ledger();
-- entries that were rolled back leave their traces in the index
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('done', $$SELECT name('zs', '钱七', 'cert_no <= no(3000)')$$);
ROLLBACK TO a;
SELECT pg_temp.expect('done', $$SELECT name('zs', '孙八', 'cert_no <= no(3000)')$$);
SELECT pg_temp.expect('done', $$SELECT name('zs', '周九', 'cert_no <= no(3000)')$$);
COMMIT;
SELECT lives('zs');
SELECT * FROM certdata.verify_ledger();
-- in a register of many, few at a time
SELECT pg_temp.expect('done', $$SELECT name('zs', '吴十', 'cert_no <= no(3000) AND certdata.certno_serial(cert_no) % 29 = 0')$$);
SELECT lives('zs');
SELECT * FROM certdata.verify_ledger();
-- rows without a number among them
BEGIN;
ALTER TABLE plain DISABLE TRIGGER ALL;
UPDATE plain SET cert_no = CASE WHEN certdata.certno_serial(cert_no::certdata.certno) % 2 = 0 THEN NULL ELSE '无' || cert_no END WHERE certdata.certno_serial(cert_no::certdata.certno) % 3 = 0;
ALTER TABLE plain ENABLE TRIGGER ALL;
SELECT pg_temp.expect('done', $$SELECT name('plain', '王五', 'cert_no IS NULL OR cert_no LIKE ''S%''')$$);
SELECT lives('plain');
ROLLBACK;

-- certdata.life may know of more: from before the ledger
BEGIN;
INSERT INTO certdata.life (registry, cert_no, attachment, name_used) SELECT a.registry, no(7001), a.id, true FROM certdata.attachment AS a WHERE relation = 'zs'::regclass;
SELECT fill('zs', 7001, 7002);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('zs', 'cert_no = no(7001)')$$);
SELECT pg_temp.expect('done', $$SELECT doc('zs', 'cert_no = no(7002)')$$);
ROLLBACK;

-- a trigger that corrects the other item
CREATE FUNCTION other_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE zs SET id_number = '13010219900307002X' WHERE cert_no = NEW.cert_no;
	RETURN NEW;
END $$;
SELECT fill('zs', 8001, 8100);
CREATE TRIGGER other_item AFTER UPDATE OF name ON zs FOR EACH ROW EXECUTE FUNCTION other_item();
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('zs', '李四', 'cert_no > no(8000)')$$);
DROP TRIGGER other_item ON zs;
SELECT pg_temp.expect('done', $$SELECT name('zs', '李四', 'cert_no > no(8000)')$$);
-- two foreign keys that cascade to one row within a statement
CREATE TABLE person (name certdata.person_name UNIQUE, id_number certdata.id_number UNIQUE);
INSERT INTO person VALUES ('郑一', '130102199003071233');
SELECT fill('zs', 9001, 9003);
SELECT pg_temp.expect('done', $$SELECT name('zs', '郑一', 'cert_no > no(9000)')$$);
CREATE TABLE held AS SELECT * FROM zs WHERE cert_no > no(9000);
UPDATE held SET cert_no = no(certdata.certno_serial(cert_no) + 100);
CREATE UNIQUE INDEX ON held (cert_no);
SELECT certdata.attach('held') IS NOT NULL;
ALTER TABLE held ADD FOREIGN KEY (name) REFERENCES person (name) ON UPDATE CASCADE, ADD FOREIGN KEY (id_number) REFERENCES person (id_number) ON UPDATE CASCADE;
SELECT pg_temp.expect('QC011 correction.one_item', $$WITH said AS MATERIALIZED (SELECT set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true))
	UPDATE person SET name = '郑二', id_number = '13010219900307002X' WHERE (SELECT count(*) FROM said) = 1 RETURNING ''$$);
SELECT pg_temp.expect('done', $$WITH said AS MATERIALIZED (SELECT set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true))
	UPDATE person SET name = '郑二' WHERE (SELECT count(*) FROM said) = 1 RETURNING ''$$);
SELECT lives('held');
SELECT pg_temp.expect('QC011 correction.one_item', $$WITH said AS MATERIALIZED (SELECT set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true))
	UPDATE person SET id_number = '13010219900307002X' WHERE (SELECT count(*) FROM said) = 1 RETURNING ''$$);
SELECT * FROM certdata.verify_ledger();

-- certificates that went while nobody looked: their numbers are not free
SELECT certdata.detach('zs', 'for a while');
DELETE FROM zs WHERE cert_no IN (no(1), no(2), no(3));
SELECT certdata.attach('zs') IS NOT NULL;
SELECT pg_temp.expect('23505 no.used', $$SELECT fill('zs', 1, 1)$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('zs', '#10', '#02', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#10', no(7777), 'r', 'a')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('zs', 'cert_no = no(7777)')$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('zs', '#11', '#10', 'r', 'a')$$);

\c :was
DROP DATABASE act_many;
