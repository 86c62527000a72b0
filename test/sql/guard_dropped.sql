-- Defect looked for: an attached table, or a partition of one, that goes
-- without a trace: dropped by itself, with others, with its schema or its
-- owner, as a leaf, detached from its table; an attachment that outlives its
-- table, or is taken over by the next table of that name; a drop that is
-- recorded although it was rolled back, or of a table that was never attached;
-- an owner who needs rights of ours to drop a table; a partition that nobody
-- can detach any more; a partition's end that hides changes of its table.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA guard_dropped;
SET search_path = guard_dropped;
SET certdata.language = en;
\pset format unaligned
\t on

CREATE FUNCTION pg_temp.say(expected text, got text, what text) RETURNS text LANGUAGE sql AS
$$ SELECT CASE WHEN got IS NOT DISTINCT FROM expected THEN 'ok      ' ELSE 'NOT OK  ' || COALESCE(got, 'null') || ', not ' END || COALESCE(expected, 'null') || '  <-  ' || what $$;
CREATE TEMP TABLE mark AS SELECT 0::bigint AS act;
-- the acts since it was asked last
CREATE FUNCTION pg_temp.acts(expected text, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text := (SELECT string_agg(concat_ws(' ', kind, replace(detail ->> 'table', 'guard_dropped.', ''), 'of ' || replace(detail ->> 'partition_of', 'guard_dropped.', ''), reason), ', ' ORDER BY id)
		FROM certdata.ledger_act WHERE id > (SELECT act FROM mark) AND kind IN ('drop', 'partition', 'detach'));
BEGIN
	UPDATE mark SET act = (SELECT max(id) FROM certdata.ledger_act);
	RETURN pg_temp.say(expected, got, what);
END $$;
CREATE TEMP TABLE known (name text, id uuid);
CREATE FUNCTION pg_temp.attach(name text) RETURNS void LANGUAGE sql AS $$ INSERT INTO known SELECT name, certdata.attach(name::regclass) $$;
CREATE FUNCTION pg_temp.attachment(n text) RETURNS text LANGUAGE sql AS
$$ SELECT concat_ws(' ', a.relation::text, CASE WHEN a.detached_at IS NULL THEN 'attached' END, a.detach_reason) FROM known AS k JOIN certdata.attachment AS a ON a.id = k.id WHERE k.name = n $$;
CREATE FUNCTION fill(target regclass, numbers text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT ''张三'', ''居民身份证'', ''130102199003071233'', ''车工'', ''三级'', (''S000013%s22300000'' || i)::certdata.certno, ''2022-02-09'', ''甲校'', ''甲校'' FROM generate_series(1, 3) AS i', target, numbers);
END $$;
CREATE FUNCTION make_parts(root text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE %1$I (LIKE form) PARTITION BY RANGE (cert_no);
		CREATE TABLE %2$I PARTITION OF %1$I FOR VALUES FROM (MINVALUE) TO (''S000013000002000000000'');
		CREATE TABLE %3$I PARTITION OF %1$I FOR VALUES FROM (''S000013000002000000000'') TO (''S000013000003000000000'');
		CREATE TABLE %4$I PARTITION OF %1$I FOR VALUES FROM (''S000013000003000000000'') TO (MAXVALUE) PARTITION BY HASH (cert_no);
		CREATE TABLE %5$I PARTITION OF %4$I FOR VALUES WITH (MODULUS 2, REMAINDER 0);
		CREATE TABLE %6$I PARTITION OF %4$I FOR VALUES WITH (MODULUS 2, REMAINDER 1)', root, root || '1', root || '2', root || '3', root || '3a', root || '3b');
	PERFORM pg_temp.attach(root);
END $$;
SELECT certdata.create_registry('form');
UPDATE mark SET act = (SELECT max(id) FROM certdata.ledger_act);

-- ---- what is none of our business
CREATE TABLE plain (LIKE form);
CREATE TEMP TABLE temporary (LIKE form) ON COMMIT DROP;
CREATE TEMP TABLE temporary (LIKE form);
DROP TABLE plain, temporary;
ALTER TABLE form ADD COLUMN gone int;
ALTER TABLE form DROP COLUMN gone;
CREATE INDEX gone ON form (name);
DROP INDEX gone;
SELECT pg_temp.acts(NULL, 'tables never attached, columns, indexes');

-- ---- tables
CREATE TABLE a (LIKE form);
CREATE TABLE b (LIKE form);
CREATE TABLE "c D" (LIKE form);
SELECT pg_temp.attach(t) FROM unnest(ARRAY['a', 'b', '"c D"']) AS t;
SELECT fill('a', '000001');
DROP TABLE a CASCADE;
SELECT pg_temp.acts('drop a', 'a table');
SELECT pg_temp.say('- dropped', pg_temp.attachment('a'), 'its attachment');
SELECT pg_temp.say('b attached', pg_temp.attachment('b'), 'that of another');
BEGIN;
SET LOCAL certdata.reason = 'because';
CREATE TABLE plain (LIKE form);
DROP TABLE b, plain, "c D" CASCADE;
COMMIT;
SELECT pg_temp.acts('drop b because, drop "c D" because', 'three tables, two of them attached');
SELECT pg_temp.say('- dropped - dropped', pg_temp.attachment('b') || ' ' || pg_temp.attachment('"c D"'), 'their attachments');

CREATE TABLE a (LIKE form);
SELECT fill('a', '000001');
INSERT INTO known SELECT 'new a', certdata.attach('a');
SELECT pg_temp.say('true', (count(DISTINCT id) = 2)::text, 'a new table of the old name has an attachment of its own') FROM known WHERE name IN ('a', 'new a');
SELECT pg_temp.say('- dropped, a attached', pg_temp.attachment('a') || ', ' || pg_temp.attachment('new a'), 'both');
BEGIN;
DROP TABLE a CASCADE;
SELECT pg_temp.say('- dropped', pg_temp.attachment('new a'), 'before the rollback');
ROLLBACK;
SELECT pg_temp.say('a attached', pg_temp.attachment('new a'), 'rolled back');
BEGIN;
SAVEPOINT s;
DROP TABLE a CASCADE;
ROLLBACK TO s;
COMMIT;
SELECT pg_temp.acts(NULL, 'rolled back');
UPDATE a SET name = '李四';
CREATE FUNCTION drop_and_catch() RETURNS text LANGUAGE plpgsql AS $$ BEGIN DROP TABLE a CASCADE; RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN RETURN 'caught'; END $$;
SELECT drop_and_catch();
SELECT pg_temp.acts(NULL, 'caught');
BEGIN;
CREATE TABLE short (LIKE form);
SELECT pg_temp.attach('short');
DROP TABLE short CASCADE;
COMMIT;
SELECT pg_temp.acts('drop short', 'attached and dropped in one transaction');
CREATE TABLE twice (LIKE form);
SELECT pg_temp.attach('twice');
SELECT certdata.detach('twice', 'no more');
DROP TABLE twice;
SELECT pg_temp.acts('detach twice no more', 'detached first');
SELECT pg_temp.say('no more', split_part(pg_temp.attachment('twice'), ' ', 2) || ' ' || split_part(pg_temp.attachment('twice'), ' ', 3), 'what its attachment says');

-- ---- schemas, owners
CREATE SCHEMA guard_dropped_2;
CREATE TABLE guard_dropped_2.s1 (LIKE form);
CREATE TABLE guard_dropped_2.s2 (LIKE form);
SELECT pg_temp.attach('guard_dropped_2.s1'), pg_temp.attach('guard_dropped_2.s2');
DROP SCHEMA guard_dropped_2 CASCADE;
SELECT pg_temp.acts('drop guard_dropped_2.s1, drop guard_dropped_2.s2', 'with the schema');
SELECT pg_temp.say('- dropped - dropped', pg_temp.attachment('guard_dropped_2.s1') || ' ' || pg_temp.attachment('guard_dropped_2.s2'), 'their attachments');
CREATE ROLE guard_dropped_owner;
CREATE TABLE o1 (LIKE form);
CREATE TABLE o2 (LIKE form);
SELECT pg_temp.attach('o1'), pg_temp.attach('o2');
ALTER TABLE o1 OWNER TO guard_dropped_owner;
ALTER TABLE o2 OWNER TO guard_dropped_owner;
GRANT USAGE ON SCHEMA guard_dropped TO guard_dropped_owner;
-- who has no privilege in certdata, not even to see what is there
REVOKE USAGE ON SCHEMA certdata FROM PUBLIC;
SET ROLE guard_dropped_owner;
DROP TABLE o1 CASCADE;
RESET ROLE;
GRANT USAGE ON SCHEMA certdata TO PUBLIC;
SELECT pg_temp.say('guard_dropped_owner', current_user_name, 'recorded as who did it') FROM certdata.ledger_act ORDER BY id DESC LIMIT 1;
DROP OWNED BY guard_dropped_owner CASCADE;
SELECT pg_temp.acts('drop o1, drop o2', 'by its owner, with its owner');
SELECT pg_temp.say('- dropped - dropped', pg_temp.attachment('o1') || ' ' || pg_temp.attachment('o2'), 'their attachments');
DROP ROLE guard_dropped_owner;

-- ---- partitions
SELECT make_parts('p');
SELECT fill('p', '000001');
SELECT fill('p', '000003');
DROP TABLE p2;
SELECT pg_temp.acts('drop p2 of p', 'a leaf');
DROP TABLE p3a, p1;
SELECT pg_temp.acts('drop p1 of p, drop p3a of p', 'two leaves');
SELECT pg_temp.say('p attached', pg_temp.attachment('p'), 'the attachment goes on');
DELETE FROM p3b;
DROP TABLE p3;
SELECT pg_temp.acts('drop p3 of p, drop p3b of p', 'a part of the tree');
CREATE TABLE p4 PARTITION OF p DEFAULT;
SELECT pg_temp.say('true', (certdata.guarded_as('p4') IS NOT NULL)::text, 'a partition made after that is guarded');
DROP TABLE p CASCADE;
SELECT pg_temp.acts('drop p', 'the whole table is one act');
SELECT pg_temp.say('- dropped', pg_temp.attachment('p'), 'its attachment');
SELECT make_parts('q');
BEGIN;
CREATE TABLE plain (LIKE form);
DROP TABLE plain, q3b;
ROLLBACK;
DROP TABLE q3b, q CASCADE;
SELECT pg_temp.acts('drop q', 'the table and, named apart, a leaf');

-- detached partitions
SELECT make_parts('r');
SELECT fill('r', '000001');
SELECT fill('r', '000002');
SELECT fill('r', '000003');
ALTER TABLE r DETACH PARTITION r1;
SELECT pg_temp.acts('partition r1 of r', 'DETACH PARTITION');
ALTER TABLE r DETACH PARTITION r2 CONCURRENTLY;
SELECT pg_temp.acts('partition r2 of r', 'DETACH PARTITION CONCURRENTLY');
BEGIN;
SET LOCAL certdata.reason = 'moved';
SET LOCAL search_path = public;
ALTER TABLE guard_dropped.r DETACH PARTITION guard_dropped.r3;
COMMIT;
SELECT pg_temp.acts('partition r3 of r moved', 'with partitions of its own');
BEGIN;
ALTER TABLE r ATTACH PARTITION r3 FOR VALUES FROM ('S000013000003000000000') TO (MAXVALUE);
ALTER TABLE r DETACH PARTITION r3;
ROLLBACK;
SELECT pg_temp.acts(NULL, 'rolled back');
ALTER TABLE r ATTACH PARTITION r3 FOR VALUES FROM ('S000013000003000000000') TO (MAXVALUE);
SELECT pg_temp.acts(NULL, 'it is taken back');
DELETE FROM r1;
SELECT certdata.detach('r1', ' ');
SELECT certdata.detach('r1', 'given away');
SELECT pg_temp.acts('detach r1 of r given away', 'a former partition');
SELECT pg_temp.say('r attached', pg_temp.attachment('r'), 'its table stays attached');
DELETE FROM r1;
DROP TABLE r2;
SELECT pg_temp.acts('drop r2 of r', 'a former partition that is still guarded');
-- what the end of one partition's guard must not excuse
ALTER TABLE r3a DISABLE TRIGGER USER;
ALTER TABLE r3b DISABLE TRIGGER USER;
UPDATE r3a SET employer = '乙公司' WHERE cert_no = 'S000013000003223000001';
UPDATE r3b SET employer = '乙公司' WHERE cert_no = 'S000013000003223000001';
SELECT pg_temp.say(e, g.got, 'verify_ledger, problems of the table')
	FROM (VALUES ('row.changed r3 1, row.missing r 6')) AS v(e),
		(SELECT string_agg(concat_ws(' ', problem, relation, n), ', ' ORDER BY problem) FROM (
			SELECT problem, CASE WHEN relation::text ~ '^r3' THEN 'r3' ELSE relation::text END AS relation, count(*) AS n FROM certdata.verify_ledger()
			WHERE relation::text IN ('r', 'r1', 'r2', 'r3a', 'r3b') GROUP BY 1, 2) AS s) AS g(got);
SELECT pg_temp.say('Not as recorded: 其他.', detail, 'was not detached') FROM certdata.verify_ledger() WHERE problem = 'row.changed' AND relation::text LIKE 'r3_';
-- a former partition of a table that is no more
SELECT make_parts('s');
ALTER TABLE s DETACH PARTITION s1;
ALTER TABLE s DETACH PARTITION s3;
DROP TABLE s CASCADE;
SELECT pg_temp.acts('partition s1 of s, partition s3 of s, drop s', 'partitions left behind');
SELECT fill('s1', '000001');
SELECT certdata.detach('s1', 'left over'), certdata.detach('s3', 'left over');
SELECT pg_temp.acts('detach s1 of - left over, detach s3 of - left over', 'they can be detached');
SELECT fill('s1', '000001');
SELECT pg_temp.say('0', count(*)::text, 'no triggers are left') FROM pg_trigger WHERE tgrelid IN ('s1'::regclass, 's3'::regclass, 's3a'::regclass);

-- ---- what the ledger says of tables that are gone: those that had certificates
SELECT pg_temp.say('a 3, p 6', string_agg(regexp_replace(v.detail, '^The attached table guard_dropped.(.*) was dropped; certificates that it had: ([0-9]*)\.$', '\1 \2'), ', ' ORDER BY v.act), 'table.missing')
	FROM certdata.verify_ledger() AS v JOIN certdata.ledger_act AS l ON l.id = v.act WHERE v.problem = 'table.missing' AND l.detail ->> 'table' LIKE 'guard\_dropped%';
SELECT pg_temp.say(NULL, string_agg(v.problem, ', '), 'the acts themselves are in order') FROM certdata.verify_ledger() AS v WHERE v.problem ~ '^(act|entry|order)' AND v.act IN (SELECT id FROM certdata.ledger_act WHERE kind IN ('drop', 'partition'));

-- ---- not as event triggers
SELECT certdata.guard_drops();
SELECT certdata.guard_leaving();
CREATE EVENT TRIGGER wrong ON ddl_command_end EXECUTE FUNCTION certdata.guard_drops();
CREATE TABLE wrongly (a int);
DROP EVENT TRIGGER wrong;

DROP TABLE r CASCADE;
DROP TABLE a CASCADE;
\t off
RESET search_path;
DROP SCHEMA guard_dropped CASCADE;
