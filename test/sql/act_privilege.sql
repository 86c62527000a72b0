-- Acts by those who may not change the table, or not that row of it; an
-- approval or an exception by somebody who may not give it; an act in a
-- transaction that was to change nothing, or by nobody when somebody must be
-- named.
CREATE SCHEMA act_privilege;
SET search_path = act_privilege;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

CREATE ROLE regress_act_approver;
CREATE ROLE regress_act_officer;
CREATE ROLE regress_act_reader;
CREATE ROLE regress_act_app;
CREATE ROLE regress_act_head;
GRANT certdata_officer TO regress_act_officer, regress_act_reader, regress_act_head;
GRANT regress_act_approver TO regress_act_head;
GRANT USAGE ON SCHEMA act_privilege TO certdata_officer, regress_act_officer, regress_act_reader, regress_act_app, regress_act_head;

SELECT certdata.create_registry('zs');
SELECT certdata.create_registry('approved');
SELECT certdata.detach('approved', 'otherwise');
SELECT certdata.attach('approved', state_column => 'state', approver => 'regress_act_approver') IS NOT NULL;
SELECT fill('zs', 20), fill('approved', 20);
CREATE TABLE drafts (LIKE zs);
ALTER TABLE drafts DROP COLUMN state;
CREATE UNIQUE INDEX ON drafts (cert_no);
SELECT certdata.attach('drafts', publication => 'by_call', require_actor => true) IS NOT NULL;
SET certdata.actor = 'regress';
SELECT fill('drafts', 20);
RESET certdata.actor;
GRANT SELECT, UPDATE ON zs, zs_live, approved, drafts TO regress_act_officer, regress_act_app, regress_act_head;
GRANT SELECT ON zs TO regress_act_reader;

-- EXECUTE is the officers' and administrators'
SELECT pg_temp.expect('0', $$SELECT count(*) FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace
	AND p.proname IN ('correct', 'renumber', 'retire', 'reinstate', 'suspend', 'resume', 'publish', 'withdraw')
	AND (has_function_privilege('regress_act_app', p.oid, 'EXECUTE') OR NOT has_function_privilege('regress_act_officer', p.oid, 'EXECUTE')
		OR NOT has_function_privilege('certdata_admin', p.oid, 'EXECUTE') OR p.prosecdef OR p.proparallel <> 'u' OR p.provolatile <> 'v' OR p.proisstrict
		OR obj_description(p.oid, 'pg_proc') IS NULL)$$);
SELECT pg_temp.expect('30', $$SELECT count(*) FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace
	AND p.proname IN ('correct', 'renumber', 'retire', 'reinstate', 'suspend', 'resume', 'publish', 'withdraw')$$);
GRANT EXECUTE ON FUNCTION pg_temp.expect(text, text) TO PUBLIC;
SELECT pg_my_temp_schema()::regnamespace AS temp \gset
GRANT USAGE ON SCHEMA :temp TO PUBLIC;
SET SESSION AUTHORIZATION regress_act_app;
SELECT pg_temp.expect('42501', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.publish('drafts', '#01')$$);

-- an officer who may only read changes nothing, not even a life
SET SESSION AUTHORIZATION regress_act_reader;
SELECT pg_temp.expect('42501', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.suspend('zs', '#01', 'r')$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.renumber('zs', '#01', '#41', 'r', 'a')$$);
SET certdata.actor = 'reader';
SELECT pg_temp.expect('42501', $$SELECT certdata.publish('drafts', '#01')$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.withdraw('drafts', '#01', 'r')$$);
RESET certdata.actor;

-- one who may update the table needs nothing else
SET SESSION AUTHORIZATION regress_act_officer;
SELECT pg_temp.expect('42501', $$SELECT count(*) FROM certdata.life$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true, '#02')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#03', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('zs', '#03', 'r')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#04', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#04,#05}', '{#05,#04}', 'r', 'a')$$);
-- who acts has to be said
SELECT pg_temp.expect('QC010 actor.required', $$SELECT certdata.publish('drafts', '#01')$$);
SELECT pg_temp.expect('QC010 actor.required', $$SELECT certdata.withdraw('drafts', '#01', 'r')$$);
SELECT pg_temp.expect('QC010 actor.required', $$SELECT certdata.correct('drafts', '#01', '{"姓名": "李四"}', 'r')$$);
SELECT pg_temp.expect('QC010 actor.required', $$SELECT certdata.renumber('drafts', '#01', '#41', 'r')$$);
SET certdata.actor = ' ';
SELECT pg_temp.expect('QC010 actor.required', $$SELECT certdata.publish('drafts', '#01')$$);
SET certdata.actor = 'officer';
SELECT pg_temp.expect('2', $$SELECT certdata.publish('drafts', '{#01,#02}')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.withdraw('drafts', '#03', 'r')$$);
RESET certdata.actor;

-- approval and exception count from a member of the approver role, not from
-- others, a superuser included
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('approved', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC010 correction.approval', $$SELECT certdata.correct('approved', '#01', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC010 correction.approval', $$SELECT certdata.renumber('approved', '#01', '#41', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('approved', '#02', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('approved', '#02', 'r')$$);
BEGIN;
SET LOCAL certdata.approval = 'a';
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('approved', '#01', 'r', NULL, true)$$);
ROLLBACK;
\t off
SELECT certdata.retire('approved', 'S000013010001223000001', 'r', 'a', true);
SET certdata.language = zh;
SELECT certdata.retire('approved', 'S000013010001223000001', 'r', 'a', true);
SET certdata.language = en;
\t on
RESET SESSION AUTHORIZATION;
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('approved', '#01', 'r', 'a', true)$$);
SET SESSION AUTHORIZATION regress_act_head;
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('approved', '#01', 'r', 'a', false)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('approved', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('approved', '#02', '{"姓名": "李四"}', 'r', 'a')$$);
BEGIN;
SET LOCAL certdata.exception = 'deletion.benefits: why';
SELECT pg_temp.expect('1', $$SELECT certdata.retire('approved', '#03', 'r', 'a', false)$$);
COMMIT;
SELECT pg_temp.expect('done', $$SELECT certdata.correct('approved', '#02', '{"证件号码": "13010219900307002X"}', 'r', 'a', 'correction.one_item: why')$$);
-- said by the head, acted on in a role that is none: the one who acts says it
BEGIN;
SET LOCAL certdata.approval = 'a';
SET LOCAL certdata.exception = 'deletion.benefits: why';
SET LOCAL ROLE certdata_officer;
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('approved', '#04', 'r', NULL, false)$$);
ROLLBACK;
SET SESSION AUTHORIZATION regress_act_officer;
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.reinstate('approved', '#01', 'r', 'a')$$);
SET SESSION AUTHORIZATION regress_act_head;
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('approved', '#01', 'r', 'a')$$);
RESET SESSION AUTHORIZATION;

-- row security: what is hidden is not there, what may not be changed is not changed
CREATE POLICY readable ON zs FOR SELECT USING (cert_no < 'S000013010001223000015');
CREATE POLICY writable ON zs FOR UPDATE USING (cert_no < 'S000013010001223000012') WITH CHECK ((cert_no < 'S000013010001223000012' OR cert_no = 'S000013010001223000016') AND state IS DISTINCT FROM 'retired');
ALTER TABLE zs ENABLE ROW LEVEL SECURITY;
SET SESSION AUTHORIZATION regress_act_officer;
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#11', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.suspend('zs', '{#10,#13}', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.suspend('zs', '{#10,#16}', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.correct('zs', '#13', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.retire('zs', '#10', 'r', 'a', true)$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.renumber('zs', '#10', '#61', 'r', 'a')$$);
SELECT pg_temp.expect('42501', $$SELECT certdata.renumber('zs', '#10', '#16', 'r', 'a')$$);
RESET SESSION AUTHORIZATION;
ALTER TABLE zs DISABLE ROW LEVEL SECURITY;
SELECT pg_temp.expect('#11', $$SELECT string_agg(cert_no::text, ' ') FROM zs WHERE state IS NOT NULL$$);
SELECT pg_temp.expect('1', $$SELECT count(*) FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry
	WHERE a.relation = 'zs'::regclass AND certdata.certno_serial(l.cert_no) BETWEEN 9 AND 20$$);

-- nothing is changed in a transaction that reads only
BEGIN READ ONLY;
SELECT pg_temp.expect('25006', $$SELECT certdata.suspend('zs', '#01', 'r')$$);
SELECT pg_temp.expect('25006', $$SELECT certdata.correct('zs', '#01', '{"姓名": "张三"}', 'r', 'a')$$);
SELECT pg_temp.expect('25006', $$SELECT certdata.renumber('zs', '#01', '#41', 'r', 'a')$$);
SELECT pg_temp.expect('25006', $$SELECT certdata.publish('drafts', '#01')$$);
COMMIT;
-- what the act says is seen by the next statement, at every level of isolation
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 correction.retired', $$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'r', 'a')$$);
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#01,#02}', '{#02,#01}', 'r', 'a')$$);
COMMIT;

SELECT certdata.detach('zs', 'end of test'), certdata.detach('approved', 'end of test');
SELECT pg_temp.expect('done', $$SELECT certdata.detach('drafts', 'end of test')$$);
DROP SCHEMA act_privilege CASCADE;
REVOKE USAGE ON SCHEMA :temp FROM PUBLIC;
DROP ROLE regress_act_approver, regress_act_officer, regress_act_reader, regress_act_app, regress_act_head;
