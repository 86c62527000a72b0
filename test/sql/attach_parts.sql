-- Defect looked for: a partition that is not guarded: one made or attached
-- later, one below another, one reached by its own name; triggers that fire for
-- the wrong roles; rows that come into a guarded table unjudged; a row that
-- vanishes between two partitions.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_parts;
SET search_path = attach_parts;
SET certdata.language = en;
\set VERBOSITY terse

CREATE TABLE p (
	state text, name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number, employer certdata.org_name,
	occupation certdata.occupation_name, work_type certdata.work_type_name, level certdata.skill_level,
	cert_no certdata.certno, issue_date certdata.issue_date, evaluator certdata.org_name, issuer certdata.org_name)
	PARTITION BY RANGE (cert_no);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE) TO ('S000013000002000000000');
SELECT certdata.attach('p', state_column => 'state') IS NOT NULL AS attached;

-- later: a partition with its columns elsewhere, one below another
CREATE TABLE p2 (gone int, issuer certdata.org_name, issue_date certdata.issue_date, cert_no certdata.certno, level certdata.skill_level,
	evaluator certdata.org_name, work_type certdata.work_type_name, occupation certdata.occupation_name, employer certdata.org_name,
	id_number certdata.id_number, id_type certdata.id_type, name certdata.person_name, state text);
ALTER TABLE p2 DROP COLUMN gone;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('S000013000002000000000') TO ('S000013000003000000000');
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM ('S000013000003000000000') TO (MAXVALUE) PARTITION BY HASH (cert_no);
CREATE TABLE p3a PARTITION OF p3 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE p3b PARTITION OF p3 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
SELECT c.relname, string_agg(replace(t.tgname, 'certdata_', '') || ' ' || t.tgenabled::text, ', ' ORDER BY t.tgname)
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE t.tgname LIKE 'certdata\_%' AND c.relname LIKE 'p%' AND c.relnamespace = 'attach_parts'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1 ORDER BY 1;

-- by the root, by an intermediate table, by leaves
INSERT INTO p (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) VALUES
	('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校'),
	('李四', '居民身份证', '13010219900307002X', '车工', '三级', 'S000013000002223000002', '2022-02-09', '甲校', '甲校');
INSERT INTO p3 (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type, id_number, occupation, level, 'S000013000003223000003', issue_date, evaluator, issuer FROM p1;
INSERT INTO p2 (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type, id_number, occupation, level, 'S000013000002224000004', issue_date, evaluator, issuer FROM p1;
INSERT INTO p3b (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type, id_number, occupation, level, 'S000013000003224000004', issue_date, evaluator, issuer FROM p1;
INSERT INTO p3a (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type, id_number, occupation, level, 'S000013000003224000004', issue_date, evaluator, issuer FROM p1;
UPDATE p2 SET name = '李五';
UPDATE p3 SET name = '李五';
UPDATE p SET name = '李五';
DELETE FROM p2;
DELETE FROM p;
DELETE FROM ONLY p;
TRUNCATE p3a;
TRUNCATE p;
BEGIN;
SET LOCAL certdata.reason = '错字';
SET LOCAL certdata.approval = '省';
UPDATE p2 SET name = '李五';
COMMIT;
SELECT certdata.correct('p', 'S000013000002223000002', '{"证件号码": "130102199003071233"}', '错', '省');
SELECT certdata.retire('p', 'S000013000002223000002', '错', '省', true);
SELECT tableoid::regclass, cert_no, name, state FROM p ORDER BY cert_no;
SELECT cert_no FROM p_live ORDER BY 1;

-- a number that moves its row to another partition
SELECT certdata.renumber('p', ARRAY['S000013000001223000001', 'S000013000003223000003'], ARRAY['S000013000003223000009', 'S000013000001223000009'], '错', '省');
SELECT tableoid::regclass AS part, cert_no FROM p WHERE cert_no IN ('S000013000003223000009', 'S000013000001223000009') ORDER BY 2;
SELECT cert_no, reserved, renumbered_to FROM certdata.life JOIN certdata.attachment AS a ON a.id = attachment AND a.relation = 'p'::regclass WHERE reserved ORDER BY 1;
-- a user's trigger that would let it vanish on the way
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER a_swallow BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION swallow();
SELECT certdata.renumber('p', ARRAY['S000013000002223000002'], ARRAY['S000013000001223000010'], '错', '省');
SELECT certdata.reinstate('p', 'S000013000002223000002', '错', '省');
SELECT certdata.renumber('p', ARRAY['S000013000002223000002'], ARRAY['S000013000001223000010'], '错', '省');
SELECT count(*) FROM p;
DROP TRIGGER a_swallow ON p1;

-- what is refused: rows brought along, another key, foreign and unlogged ones, children
ALTER TABLE p DETACH PARTITION p3;
SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'p3a'::regclass AND tgname = 'certdata_update';
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM ('S000013000003000000000') TO (MAXVALUE);
CREATE TABLE filled (LIKE p);
INSERT INTO filled (cert_no) VALUES ('S000013000009223000001');
ALTER TABLE p3 DETACH PARTITION p3b;
ALTER TABLE p3 ATTACH PARTITION filled FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE UNLOGGED TABLE p3u PARTITION OF p3 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
\set VERBOSITY sqlstate
CREATE TABLE p3n PARTITION OF p3 FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY LIST (name);
\set VERBOSITY terse
CREATE TABLE plain (LIKE certdata.report);
SELECT certdata.attach('plain') IS NOT NULL AS attached;
CREATE TABLE plain_child () INHERITS (plain);
CREATE TABLE other_child (LIKE plain);
ALTER TABLE other_child INHERIT plain;
SET client_min_messages = warning;
DROP SCHEMA attach_parts CASCADE;
TRUNCATE certdata.attachment, certdata.life;
