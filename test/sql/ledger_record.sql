-- What each way of changing a row, and each act, leaves in the ledger.  Looks
-- for: changes that are not recorded, or what rolled back that is; wrong kinds,
-- states, fields, old values, images, digests of the entry before; acts of one
-- statement that are not told to be so; users and claims mixed up; shapes that
-- do not exist, or are not those of the moment; lives that begin twice.
-- Columns: number, place, act, statement and entry since mark(); test/data/ledger_lives.sql.
CREATE ROLE ledger_record_app;
CREATE ROLE ledger_record_owner;
\set database ledger_record
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/ledger_lives.sql'
\set ECHO none
\i :helper
\set ECHO all
SET client_min_messages = error;

-- ---- the first attach() starts the ledger, unless it rolls back
CREATE TABLE g (LIKE plain, note text, UNIQUE (cert_no));
SELECT fill('g', 1, 2);
BEGIN;
SELECT FROM certdata.attach('g');
SELECT fill('g', 3, 3);
ROLLBACK;
SELECT count(*) FROM certdata.ledger;
BEGIN;
SAVEPOINT s;
SELECT FROM certdata.attach('g');
SELECT fill('g', 3, 3);
ROLLBACK TO s;
SELECT FROM certdata.attach('g');
COMMIT;
SELECT act, statement, kind, entries, attachment IS NOT NULL AS attached, shape > 0 AS shaped, reason FROM act;
TABLE lives;
SELECT * FROM images('g');

-- ---- INSERT, COPY; a load that fails leaves nothing
SELECT mark();
SELECT fill('g', 3, 4);
COPY g (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) FROM stdin;
张三	居民身份证	130102199003071233	电工	三级	S000013000001223000005	2022-02-09	甲校	甲中心
张三	居民身份证	130102199003071233	电工	三级	S000013000001223000006	2022-02-09	甲校	甲中心
\.
COPY g (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) FROM stdin;
张三	居民身份证	130102199003071233	电工	三级	S000013000001223000007	2022-02-09	甲校	甲中心
张三	居民身份证
\.
COPY g (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) FROM stdin;
张三	居民身份证	130102199003071233	电工	三级	S000013000001223000007	2022-02-09	甲校	甲中心
张三	居民身份证	130102199003071234	电工	三级	S000013000001223000008	2022-02-09	甲校	甲中心
\.
TABLE lives;

-- ---- UPDATE: what changes by value, of mapped columns; a statement that changes none is no act
SELECT mark();
SELECT said($$UPDATE g SET note = 'x'$$);
SELECT said($$UPDATE g SET employer = employer, work_type = ''$$);
SELECT said($$UPDATE g SET employer = '甲厂', work_type = '外线电工' WHERE cert_no <= no(2)$$);
SELECT said($$UPDATE g SET employer = CASE cert_no WHEN no(1) THEN '甲厂' ELSE '乙厂' END WHERE cert_no <= no(3)$$);
SELECT said($$UPDATE g SET name = '李四' WHERE cert_no = no(4)$$);
SELECT said($$UPDATE g SET id_number = '13010219900307002X' WHERE cert_no = no(4)$$);
SELECT said($$DELETE FROM g WHERE cert_no = no(4)$$);
TABLE lives;
SELECT act, kind, entries, reason, approval, exception FROM act;
SELECT * FROM images('g');
BEGIN;
SELECT say('second', 'a', 'correction.one_item: court order');
UPDATE g SET id_number = '13010219900307002X' WHERE cert_no = no(4);
COMMIT;
SELECT kind, reason, approval, exception, state FROM act JOIN certdata.ledger_entry AS e ON e.act = act.id ORDER BY id DESC LIMIT 1;

-- ---- several acts of one statement
SELECT mark();
SELECT said($$INSERT INTO g SELECT r.name, id_type, id_number, '并', occupation, work_type, level, cert_no, issue_date, evaluator, issuer
	FROM new_row AS r WHERE i IN (1, 11) ON CONFLICT (cert_no) DO UPDATE SET employer = excluded.employer$$);
SELECT said($$INSERT INTO g SELECT r.name, id_type, id_number, '并', occupation, '外线电工', level, cert_no, issue_date, evaluator, issuer
	FROM new_row AS r WHERE i = 1 ON CONFLICT (cert_no) DO UPDATE SET employer = excluded.employer$$);
SELECT said($$MERGE INTO g USING (SELECT * FROM new_row WHERE i IN (2, 12)) AS s ON g.cert_no = s.cert_no
	WHEN MATCHED THEN UPDATE SET employer = '合'
	WHEN NOT MATCHED THEN INSERT VALUES (s.name, s.id_type, s.id_number, '合', s.occupation, s.work_type, s.level, s.cert_no, s.issue_date, s.evaluator, s.issuer)$$);
SELECT said($$WITH a AS (UPDATE g SET employer = '甲' WHERE cert_no = no(2)), b AS (UPDATE g SET employer = '乙' WHERE cert_no = no(3))
	INSERT INTO g SELECT r.* FROM new_row AS n, LATERAL (SELECT n.name, id_type, id_number, '丙', occupation, work_type, level, cert_no, issue_date, evaluator, issuer) AS r WHERE i = 13$$);
TABLE lives;
SELECT * FROM images('g');

-- ---- other roads: a cursor, a prepared statement, a view, a session in the replica role, a procedure that commits
SELECT mark();
BEGIN;
SELECT say('r');
DECLARE c CURSOR FOR SELECT * FROM g WHERE cert_no = no(5) FOR UPDATE;
FETCH c;
UPDATE g SET employer = '游' WHERE CURRENT OF c;
COMMIT;
PREPARE p AS UPDATE g SET employer = $1 WHERE cert_no = no(5);
BEGIN;
SELECT say('r');
EXECUTE p('备');
ALTER TABLE g ADD COLUMN more text;
EXECUTE p('再');
COMMIT;
CREATE VIEW v AS SELECT cert_no, employer FROM g;
SELECT said($$UPDATE v SET employer = '视' WHERE cert_no = no(5)$$);
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT say('r');
UPDATE g SET employer = '副' WHERE cert_no = no(5);
COMMIT;
CREATE PROCEDURE each() LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 3 LOOP
		PERFORM t.say('r');
		UPDATE t.g SET employer = '第' || i WHERE cert_no = t.no(5);
		IF i = 2 THEN
			ROLLBACK;
		ELSE
			COMMIT;
		END IF;
	END LOOP;
END $$;
CALL each();
TABLE lives;
SELECT * FROM images('g') WHERE no = '05';
SELECT count(DISTINCT transaction) FROM act;

-- ---- acts on certificates
CREATE TABLE c (LIKE plain, state text);
SELECT FROM certdata.attach('c', publication => 'by_call', state_column => 'state');
SELECT fill('c', 21, 25);
SELECT mark();
SELECT certdata.publish('c', ARRAY[no(21), no(22), no(23)]);
SELECT certdata.publish('c', ARRAY[no(22), no(24)]);
SELECT certdata.suspend('c', no(21), 'complaint', 'a');
SELECT certdata.correct('c', no(21), '{"姓名": "李四"}', 'name', 'a');
SELECT certdata.resume('c', no(21), 'settled', 'a');
SELECT certdata.retire('c', no(22), 'double', 'a', true, no(23));
SELECT certdata.reinstate('c', no(22), 'not double', 'a');
SELECT certdata.withdraw('c', no(25), 'returned');
SELECT fill('c', 25, 25);
SELECT said($$SELECT certdata.suspend('c', ARRAY[no(23), no(25)], 'r', 'a')$$);
SELECT certdata.detach('c', 'over');
TABLE lives;
SELECT act, statement, kind, entries, reason, approval, detail - 'table' AS detail FROM act;
SELECT * FROM images('c') WHERE no IS NOT NULL;

-- ---- who: observed and claimed.  The application's role has nothing in certdata; names of its own mislead nobody
GRANT USAGE ON SCHEMA t TO ledger_record_app, ledger_record_owner;
GRANT SELECT, INSERT, UPDATE ON g TO ledger_record_app, ledger_record_owner;
CREATE FUNCTION as_owner(statement text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN EXECUTE statement; END $$;
ALTER FUNCTION as_owner(text) OWNER TO ledger_record_owner;
GRANT SELECT ON new_row TO ledger_record_app;
SET application_name = 'ledger_record';
SELECT mark();
SET ROLE ledger_record_app;
CREATE TEMP TABLE ledger_act (id integer);
CREATE TEMP TABLE ledger_shape (id integer);
CREATE FUNCTION pg_temp.jsonb_object_agg(text, jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
SET search_path = pg_temp, t;
RESET ROLE;
ALTER TABLE g RENAME employer TO firm;
SET ROLE ledger_record_app;
BEGIN;
SELECT say(E' \u3000\u00a0why ', 'by whom');
SET LOCAL certdata.actor = '王五';
SET LOCAL certdata.actor_org = ' ';
UPDATE g SET firm = '一' WHERE cert_no = no(6);
SELECT as_owner('UPDATE t.g SET firm = ''二'' WHERE cert_no = t.no(6)');
COMMIT;
SET certdata.actor = 'from the pool';
SET certdata.actor_org = 'org';
INSERT INTO g SELECT n.name, n.id_type, n.id_number, NULL, n.occupation, n.work_type, n.level, n.cert_no, n.issue_date, n.evaluator, n.issuer FROM new_row AS n WHERE i = 14;
RESET ROLE;
RESET certdata.actor;
RESET certdata.actor_org;
SET search_path = t;
RESET application_name;
DROP FUNCTION pg_temp.jsonb_object_agg;
DROP TABLE pg_temp.ledger_act, pg_temp.ledger_shape;
SELECT act, kind, session_user_name = session_user AS session, current_user_name AS as, address IS NULL AS local, application_name, actor, actor_org,
	reason, approval FROM act;
ALTER TABLE g RENAME firm TO employer;
-- a claim may be long
BEGIN;
SELECT say(repeat('长', 350000));
UPDATE g SET employer = '长' WHERE cert_no = no(6);
COMMIT;
SELECT length(reason) FROM act ORDER BY id DESC LIMIT 1;
SELECT * FROM images('g') WHERE no = '06';

-- ---- partitions: by root and leaf, and from one to another
CREATE TABLE p (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno, issue_date text, evaluator text, issuer text) PARTITION BY RANGE (cert_no);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('S000013000001223000000') TO ('S000013000001223000040');
CREATE TABLE p2 (more text, LIKE p);
SELECT FROM certdata.attach('p');
SELECT mark();
SELECT fill('p', 31, 31);
SELECT fill('p1', 32, 32);
SELECT said($$UPDATE p1 SET employer = '叶' WHERE cert_no = no(31)$$);
SELECT said($$UPDATE p SET employer = '根' WHERE cert_no = no(31)$$);
ALTER TABLE p2 DROP COLUMN more;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('S000013000001223000040') TO ('S000013000001224000000');
SELECT fill('p2', 41, 41);
SELECT said($$SELECT certdata.renumber('p', ARRAY[no(32)], ARRAY[no(42)], 'r', 'a')$$);
SELECT said($$UPDATE p2 SET employer = '移' WHERE cert_no = no(42)$$);
TABLE lives;
SELECT * FROM images('p');

-- ---- numbers as text in other notation, and none
CREATE TABLE n (LIKE plain);
SELECT fill('n', 51, 54);
UPDATE n SET cert_no = 'ｓ000013000001223000051' WHERE cert_no = no(51);
UPDATE n SET cert_no = cert_no || ' ' WHERE cert_no = no(52);
UPDATE n SET cert_no = NULL WHERE cert_no = no(53);
SELECT mark();
SELECT FROM certdata.attach('n', existing => 'record');
SELECT certdata.correct('n', no(51), '{"姓名": "李四"}', 'r', 'a');
SELECT certdata.correct('n', no(52), '{"姓名": "李四"}', 'r', 'a');
-- the item is used up, however the number is written
SELECT said($$SELECT certdata.correct('n', no(52), '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
SELECT said($$UPDATE n SET employer = '无' WHERE cert_no IS NULL$$);
SELECT said($$UPDATE n SET cert_no = no(53) WHERE cert_no IS NULL$$);
SELECT said($$UPDATE n SET employer = '有' WHERE cert_no = no(53)$$);
TABLE lives;

-- ---- rows that were there: changed before they are looked at
CREATE TABLE x (LIKE plain);
SELECT fill('x', 55, 56);
SELECT mark();
SELECT FROM certdata.attach('x', validate => false);
SELECT said($$UPDATE x SET employer = '先' WHERE cert_no = no(55)$$);
SELECT certdata.validate('x');
SELECT certdata.validate('x');
SELECT certdata.correct('x', no(55), '{"所在单位": "后"}', 'r', 'a');
TABLE lives;
SELECT kind, entries FROM act WHERE kind = 'validate';

-- ---- a register: a number that one table gave up begins again in another, by whatever road
CREATE TABLE r1 (LIKE plain);
CREATE TABLE r2 (LIKE plain);
CREATE TABLE r3 (LIKE plain);
SELECT FROM certdata.attach('r1', publication => 'by_call', register => 'r');
SELECT FROM certdata.attach('r2', register => 'r');
SELECT mark();
SELECT fill('r1', 61, 62);
SELECT certdata.withdraw('r1', ARRAY[no(61), no(62)], 'r');
SELECT fill('r2', 61, 61);
SELECT fill('r3', 62, 62);
SELECT FROM certdata.attach('r3', register => 'r');
TABLE lives;
SELECT * FROM images('r2');
SELECT * FROM images('r3');

-- ---- detached and attached again: 71 as it was, 72 changed in between, which verify_ledger() tells, 73 gone and back; 74 was retired, which its number stays
CREATE TABLE d (LIKE plain);
SELECT FROM certdata.attach('d');
SELECT mark();
SELECT fill('d', 71, 74);
SELECT certdata.suspend('d', no(72), 'r', 'a');
SELECT certdata.retire('d', no(74), 'r', 'a', true);
SELECT certdata.detach('d', 'repair');
UPDATE d SET employer = '离' WHERE cert_no = no(72);
DELETE FROM d WHERE cert_no >= no(73);
SELECT FROM certdata.attach('d');
SELECT fill('d', 73, 73);
SELECT said($$SELECT fill('d', 74, 74)$$);
SELECT said($$UPDATE d SET employer = '续' WHERE cert_no = no(71)$$);
TABLE lives;
SELECT kind, entries FROM act WHERE kind = 'validate';

-- ---- shapes: of the moment; one that rolled back is never used
CREATE TABLE s (LIKE plain);
SELECT FROM certdata.attach('s');
CREATE VIEW shapes AS
	SELECT e.act, COALESCE(s.columns -> '所在单位' ->> 'column', 'NO SUCH SHAPE') AS column, s.columns -> '所在单位' ->> 'type' AS type
	FROM t.act AS e JOIN certdata.ledger_entry AS n ON n.act = e.id LEFT JOIN certdata.ledger_shape AS s ON s.id = n.shape
	WHERE e.shape = n.shape ORDER BY e.id;
ALTER TABLE s RENAME employer TO firm1;
INSERT INTO s SELECT n.name, n.id_type, CASE i WHEN 82 THEN '1' ELSE n.id_number END, NULL, n.occupation, n.work_type, n.level, n.cert_no, n.issue_date, n.evaluator, n.issuer
	FROM new_row AS n WHERE i IN (81, 82);
SELECT mark();
INSERT INTO s SELECT n.name, n.id_type, n.id_number, NULL, n.occupation, n.work_type, n.level, n.cert_no, n.issue_date, n.evaluator, n.issuer
	FROM new_row AS n WHERE i IN (81);
BEGIN;
SELECT say('r');
ALTER TABLE s RENAME firm1 TO firm2;
SAVEPOINT a;
UPDATE s SET firm2 = '二';
ROLLBACK TO a;
UPDATE s SET firm2 = '二';
SAVEPOINT b;
ALTER TABLE s RENAME firm2 TO firm3;
UPDATE s SET firm3 = '三';
ROLLBACK TO b;
UPDATE s SET firm2 = '又二';
SAVEPOINT c;
ALTER TABLE s ADD COLUMN more text;
ALTER TABLE s RENAME firm2 TO firm4;
UPDATE s SET firm4 = '四', more = 'x';
RELEASE c;
COMMIT;
ALTER TABLE s DROP COLUMN more;
SELECT said($$UPDATE s SET firm4 = '又四'$$);
-- renamed by another session since the transaction's snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT say('r');
SELECT count(*) FROM plain;
\! psql -Xq -d ledger_record -c 'ALTER TABLE t.s RENAME firm4 TO firm5'
UPDATE s SET firm5 = '五';
COMMIT;
SELECT said($$UPDATE s SET firm5 = '又五'$$);
TABLE shapes;

-- ---- indexes of others on the ledger's tables are kept
CREATE FUNCTION upper_of(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN upper($1); END $$;
CREATE INDEX entry_expression ON certdata.ledger_entry (upper_of(old_values::text)) WHERE changed > 0;
CREATE INDEX entry_brin ON certdata.ledger_entry USING brin (act);
CREATE INDEX act_expression ON certdata.ledger_act (upper_of(left(reason, 10))) WHERE kind = 'correct';
SELECT fill('g', 91, 93);
SELECT said($$UPDATE g SET employer = 'idx' || right(cert_no, 1) WHERE cert_no > no(90)$$);
SELECT said($$UPDATE g SET employer = '索引' WHERE cert_no > no(90)$$);
SET enable_seqscan = off;
SELECT cert_no, life_seq FROM certdata.ledger_entry WHERE upper_of(old_values::text) LIKE '%IDX%' AND changed > 0 ORDER BY 1;
SELECT count(*) > 0 FROM certdata.ledger_act WHERE upper_of(left(reason, 10)) = 'SAID' AND kind = 'correct';
RESET enable_seqscan;

-- ---- on the whole: what happened while a table was detached, nothing else
SELECT certdata.seal() > 0;
SELECT problem, relation, right(cert_no::text, 2) AS no, detail FROM certdata.verify_ledger();

-- ---- the extension dropped and created again, in one session
DROP VIEW shapes, lives, act;
DROP FUNCTION images, previous, body, commits, is_image, mark;
CREATE TABLE z (LIKE plain);
SELECT fill('z', 99, 99);
DROP EXTENSION certdata CASCADE;
CREATE EXTENSION certdata;
SELECT FROM certdata.attach('z');
SELECT certdata.correct('z', no(99), '{"所在单位": "甲厂"}', 'r', 'a');
SELECT cert_no, life_seq, shape, previous IS NOT NULL AS follows FROM certdata.ledger_entry ORDER BY act;

\c contrib_regression
DROP DATABASE ledger_record;
DROP ROLE ledger_record_app, ledger_record_owner;
