-- Acts of outer systems that are written for a certificate that is not there,
-- under a name of certdata's own, by somebody who may not see the row, or into
-- a table that is not guarded; that change the certificate's state or break
-- its chain; that need more than reading the table.
CREATE SCHEMA ledger_record_act;
SET search_path = ledger_record_act;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

SELECT certdata.create_registry('zs');
SELECT fill('zs', 9);
CREATE TABLE plain (LIKE zs);
CREATE TABLE mark AS SELECT max(id) AS act FROM certdata.ledger_act;

-- every way to write it; the number of the act is the one that is there
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('review', 'zs', '#01', '审核通过') > (SELECT act FROM mark)$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('a', 'zs', NULL, NULL) - 1 = (SELECT max(id) FROM certdata.ledger_act)$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('share', 'zs', '#01'::certdata.certno, NULL, '{"to": "税务"}') > 0$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act(act => 'query', target => 'zs', cert_no => '#02', reason => 'r', detail => NULL) > 0$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('receive', 'zs', NULL, '第3批') > 0$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('a', 'zs', NULL::certdata.certno, NULL) > 0$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('a' || repeat('_0', 31), 'zs', '{#02}', '  ') > 0$$);
SELECT l.kind, l.entries, l.reason, l.detail, e.n, right(e.cert_no::text, 2) AS no, e.life_seq, e.state, e.changed, e.salts, e.commitments, e.old_values
	FROM certdata.ledger_act AS l LEFT JOIN certdata.ledger_entry AS e ON e.act = l.id WHERE l.id > (SELECT act FROM mark) ORDER BY l.id;

-- no act, no certificate, no number, no table of ours
SELECT a, pg_temp.expect('22023', format('SELECT certdata.record_act(%L, ''zs'', ''#01'', ''r'')', a))
	FROM unnest(ARRAY['', 'Review', '审核', '1st', '_x', 're view', 'review ', 'review;', 'a' || repeat('b', 63),
		'insert', 'correct', 'renumber', 'retire', 'reinstate', 'suspend', 'resume', 'publish', 'withdraw', 'apply', 'attach', 'validate', 'detach',
		'shape', 'start', 'adopt', 'seal', 'settings', 'erase', 'maintenance', 'drop', 'partition']) AS a;
SELECT pg_temp.expect('22004', $$SELECT certdata.record_act(NULL, 'zs', '#01', 'r')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.record_act('review', NULL, '#01', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.record_act('review', 'zs', '#99', 'r')$$);
SELECT pg_temp.expect('22P02 no.length', $$SELECT certdata.record_act('review', 'zs', 'x', 'r')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.record_act('review', 'zs', '{#01,#02}', 'r')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.record_act('review', 'zs', '{}', 'r')$$);
SELECT pg_temp.expect('QC016', $$SELECT certdata.record_act('review', 'plain', '#01', 'r')$$);
SELECT pg_temp.expect('42P01', $$SELECT certdata.record_act('review', 4294967295::oid, '#01', 'r')$$);
BEGIN READ ONLY;
SELECT pg_temp.expect('25006', $$SELECT certdata.record_act('review', 'zs', '#01', 'r')$$);
COMMIT;
SELECT pg_temp.expect('7', $$SELECT count(*) FROM certdata.ledger_act, mark WHERE id > act$$);

-- it takes its place among the others of the life, and leaves the state as it is
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('forward', 'zs', '#01', 'r') > 0$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#01', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('query', 'zs', '#01', 'r') > 0$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#01', '#21', 'r', 'a')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.record_act('query', 'zs', '#01', 'r')$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('query', 'zs', '#21', 'r') > 0$$);
SELECT l.kind, right(e.cert_no::text, 2) AS no, e.life_seq, e.state, e.previous IS NOT NULL AS follows
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS l ON l.id = e.act JOIN certdata.ledger_shape AS s ON s.id = e.shape
	JOIN certdata.attachment AS a ON a.id = s.attachment AND a.relation = 'zs'::regclass
	WHERE e.cert_no IN ('S000013010001223000001', 'S000013010001223000021') ORDER BY e.life_seq, l.id;
-- in the transaction that wrote the row, and twice in one
BEGIN;
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#03', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('x', 'zs', '#03', 'r') < certdata.record_act('x', 'zs', '#03', 'r')$$);
SELECT array_agg(e.life_seq || '/' || e.state ORDER BY e.act) FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS l ON l.id = e.act
	WHERE e.cert_no = 'S000013010001223000003' AND l.transaction = pg_current_xact_id();
ROLLBACK;

-- SELECT is enough, and needed; of the row, too
CREATE ROLE regress_record_officer;
GRANT certdata_officer TO regress_record_officer;
GRANT USAGE ON SCHEMA ledger_record_act TO regress_record_officer;
SELECT nspname AS temp FROM pg_namespace WHERE oid = pg_my_temp_schema() \gset
GRANT USAGE ON SCHEMA :temp TO PUBLIC;
SET ROLE regress_record_officer;
SELECT pg_temp.expect('42501', $$SELECT certdata.record_act('review', 'zs', '#04', 'r')$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.record_act('review', 'zs', NULL, 'r')$$);
RESET ROLE;
GRANT SELECT ON zs TO regress_record_officer;
SET ROLE regress_record_officer;
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('review', 'zs', '#04', 'r') > 0$$);
SELECT pg_temp.expect('regress_record_officer', $$SELECT current_user$$);
SELECT pg_temp.expect('42501', $$UPDATE zs SET employer = 'x'$$);
RESET ROLE;
SELECT pg_temp.expect('review regress_record_officer', $$SELECT kind || ' ' || current_user_name FROM certdata.ledger_act ORDER BY id DESC LIMIT 1$$);
ALTER TABLE zs ENABLE ROW LEVEL SECURITY;
CREATE POLICY later ON zs FOR SELECT USING (cert_no > 'S000013010001223000004');
SET ROLE regress_record_officer;
SELECT pg_temp.expect('P0002', $$SELECT certdata.record_act('review', 'zs', '#04', 'r')$$);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('review', 'zs', '#05', 'r') > 0$$);
RESET ROLE;
-- not everybody's to call
CREATE ROLE regress_record_app;
GRANT SELECT ON zs TO regress_record_app;
GRANT USAGE ON SCHEMA ledger_record_act TO regress_record_app;
SET ROLE regress_record_app;
SELECT pg_temp.expect('42501', $$SELECT certdata.record_act('review', 'zs', '#05', 'r')$$);
RESET ROLE;

-- who acts, if somebody has to
CREATE TABLE named (LIKE zs);
SELECT certdata.attach('named', state_column => 'state', require_actor => true) IS NOT NULL;
SELECT pg_temp.expect('QC010 actor.required', $$SELECT certdata.record_act('review', 'named', NULL, 'r')$$);
SET certdata.actor = '张';
SET certdata.actor_org = '甲局';
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('review', 'named', NULL, 'r') > 0$$);
SELECT actor, actor_org FROM certdata.ledger_act ORDER BY id DESC LIMIT 1;
-- a leaf is its root, a number that is text is a number
CREATE TABLE parts (LIKE zs) PARTITION BY RANGE (cert_no);
CREATE TABLE parts_a PARTITION OF parts DEFAULT;
SELECT certdata.attach('parts', state_column => 'state') IS NOT NULL;
SELECT fill('parts', 2);
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('review', 'parts_a', '#02', 'r') > 0$$);
CREATE TABLE texts (LIKE certdata.report);
SELECT certdata.attach('texts') IS NOT NULL;
INSERT INTO texts VALUES ('张三', '居民身份证', '130102199003071233', '甲公司', '车工', '', '三级', 'S000013010001223000001', '2022-02-09', '甲校', '甲中心');
SELECT pg_temp.expect('true', $$SELECT certdata.record_act('review', 'texts', '#01', 'r') > 0$$);
SELECT a.relation, e.life_seq, right(e.cert_no::text, 2) FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS l ON l.id = e.act JOIN certdata.attachment AS a ON a.id = l.attachment
	WHERE l.kind = 'review' ORDER BY e.act DESC LIMIT 2;

SELECT certdata.detach(t, 'end of test') FROM unnest(ARRAY['zs', 'named', 'parts', 'texts']::regclass[]) AS t;
DROP SCHEMA ledger_record_act CASCADE;
REVOKE USAGE ON SCHEMA :temp FROM PUBLIC;
DROP ROLE regress_record_officer, regress_record_app;
