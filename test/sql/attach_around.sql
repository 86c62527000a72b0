-- Defect looked for: a way around the guard of an attached table: through a
-- parent that it is given, by partitions that slip in with another statement or
-- come from another table, by rows that the transaction's snapshot or row
-- security hides from attach; a partition that its table's owner cannot make.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_around;
SET search_path = attach_around;
SET certdata.language = en;
\set SHOW_CONTEXT never
CREATE TABLE shape (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno, issue_date text, evaluator text, issuer text);
\set row '\'张三\', \'居民身份证\', \'130102199003071233\', \'\', \'车工\', \'\', \'三级\''
\set rest '\'2022-02-09\', \'甲校\', \'甲校\''

-- a parent
CREATE TABLE plain (LIKE shape);
INSERT INTO plain VALUES (:row, 'S000013000001223000001', :rest);
SELECT certdata.attach('plain') IS NOT NULL AS attached;
CREATE TABLE upper (LIKE shape) PARTITION BY LIST (cert_no);
ALTER TABLE upper ATTACH PARTITION plain DEFAULT;
DELETE FROM upper;
CREATE TABLE ancestor (LIKE shape);
ALTER TABLE plain INHERIT ancestor;
CREATE TABLE root (LIKE shape) PARTITION BY LIST (cert_no);
SELECT certdata.attach('root') IS NOT NULL AS attached;
ALTER TABLE upper ATTACH PARTITION root DEFAULT;
CREATE TABLE top (LIKE shape) PARTITION BY LIST (cert_no);
ALTER TABLE top ATTACH PARTITION upper DEFAULT;
ALTER TABLE upper ATTACH PARTITION root DEFAULT;
SELECT count(*) FROM pg_inherits WHERE inhrelid IN ('plain'::regclass, 'root'::regclass);

-- another statement
CREATE SCHEMA attach_around_2 CREATE TABLE part PARTITION OF attach_around.root FOR VALUES IN ('S000013000001223000001');
SELECT string_agg(tgname, ', ' ORDER BY tgname) FROM pg_trigger WHERE tgrelid = 'attach_around_2.part'::regclass;
CREATE SCHEMA attach_around_3 CREATE TABLE child () INHERITS (attach_around.plain);
DO $$ BEGIN EXECUTE 'CREATE TABLE attach_around.part PARTITION OF attach_around.root DEFAULT'; END $$;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'part'::regclass;

-- another table's partition: its certificates' life is that table's
CREATE TABLE other (LIKE shape) PARTITION BY LIST (cert_no);
SELECT certdata.attach('other') IS NOT NULL AS attached;
INSERT INTO part VALUES (:row, 'S000013000001223000002', :rest);
SELECT certdata.retire('root', 'S000013000001223000002', 'r', 'a', true);
SELECT certdata.detach('part', 'x');
SELECT certdata.validate('part');
ALTER TABLE root DETACH PARTITION part;
DELETE FROM part;
ALTER TABLE other ATTACH PARTITION part DEFAULT;
SELECT certdata.attach('part');
ALTER TABLE root ATTACH PARTITION part DEFAULT;
SELECT count(*) FROM root_live;
ALTER TABLE root DETACH PARTITION part;
SELECT certdata.detach('part', 'leaves the register');
SELECT relation, detached_at IS NULL AS attached FROM certdata.attachment WHERE relation::text LIKE '%root';
ALTER TABLE other ATTACH PARTITION part DEFAULT;

-- a snapshot from before; a table of the transaction itself has no rows from elsewhere
CREATE TABLE before (LIKE shape);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT certdata.attach('before');
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT certdata.validate('plain');
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT certdata.create_registry('registry');
CREATE TABLE before_2 (LIKE shape);
SELECT certdata.attach('before_2', register => 'r');
ROLLBACK;

-- row security
CREATE ROLE attach_around_owner;
GRANT certdata_admin TO attach_around_owner;
GRANT USAGE, CREATE ON SCHEMA attach_around TO attach_around_owner;
GRANT SELECT ON shape TO attach_around_owner;
SET ROLE attach_around_owner;
CREATE TABLE hidden (LIKE shape);
INSERT INTO hidden (name) VALUES ('x');
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT certdata.attach('hidden');
SELECT certdata.attach('hidden', validate => false) IS NOT NULL AS attached;
SELECT certdata.validate('hidden');
ALTER TABLE hidden NO FORCE ROW LEVEL SECURITY;
SELECT certdata.validate('hidden');

-- a partition made by an owner who is not a superuser, nor certdata's administrator
RESET ROLE;
REVOKE certdata_admin FROM attach_around_owner;
SET ROLE attach_around_owner;
CREATE TABLE owned (LIKE shape) PARTITION BY LIST (cert_no);
RESET ROLE;
SELECT certdata.attach('owned') IS NOT NULL AS attached;
SET ROLE attach_around_owner;
CREATE TABLE owned_1 PARTITION OF owned FOR VALUES IN ('S000013000001223000001');
CREATE TABLE owned_2 (LIKE shape);
ALTER TABLE owned ATTACH PARTITION owned_2 DEFAULT;
SELECT tgrelid::regclass, string_agg(replace(tgname, 'certdata_', '') || ' ' || tgenabled::text, ', ' ORDER BY tgname)
	FROM pg_trigger WHERE tgrelid IN ('owned_1'::regclass, 'owned_2'::regclass) GROUP BY 1 ORDER BY 1;
-- the function that this needs is of no use to others
CREATE TABLE elsewhere (a int);
CREATE TRIGGER own AFTER INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION certdata.guard_apply();
INSERT INTO elsewhere VALUES (1);
RESET ROLE;

SET client_min_messages = error;
DROP SCHEMA attach_around, attach_around_2 CASCADE;
DROP OWNED BY attach_around_owner;
DROP ROLE attach_around_owner;
