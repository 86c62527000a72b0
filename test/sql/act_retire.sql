-- A deletion that is not logical, that nobody answers for, that hides half of
-- what was named or leaves a holder his benefits unseen; a state that allows
-- what it must not, is lost by another act, or is shown otherwise than it is.
CREATE SCHEMA act_retire;
SET search_path = act_retire;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

-- every test on a table that shows the state and on one that does not
SELECT certdata.create_registry('zs');
CREATE TABLE bare (LIKE zs);
ALTER TABLE bare DROP COLUMN state;
CREATE UNIQUE INDEX ON bare (cert_no);
SELECT certdata.attach('bare') IS NOT NULL;
SELECT fill('zs', 20), fill('bare', 20);
CREATE FUNCTION state(target regclass, number text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	shown text;
	live boolean;
	known text;
BEGIN
	EXECUTE format('SELECT to_jsonb(t) ->> ''state'' FROM %s AS t WHERE cert_no = $1', target) INTO shown USING number;
	EXECUTE format('SELECT count(*) = 1 FROM %s_live AS t WHERE cert_no = $1', target) INTO live USING number;
	SELECT concat_ws('+', CASE WHEN l.suspended THEN 'suspended' END, CASE WHEN l.retired THEN 'retired' END, 'by ' || l.replaced_by) INTO known
		FROM certdata.life AS l JOIN certdata.attachment AS a ON a.id = l.attachment WHERE a.relation = target AND l.cert_no = number;
	RETURN concat_ws(', ', CASE WHEN target = 'zs'::regclass THEN COALESCE(shown, 'blank') END,
		CASE WHEN live THEN 'live' ELSE 'hidden' END, NULLIF(known, ''));
END $$;

-- reason and approval, said and not blank
SELECT pg_temp.expect('QC010 deletion.reason', $$SELECT certdata.retire('zs', '#01', NULL, 'a', true)$$);
SELECT pg_temp.expect('QC010 deletion.reason', $$SELECT certdata.retire('zs', '#01', '', 'a', true)$$);
SELECT pg_temp.expect('QC010 deletion.reason', $$SELECT certdata.retire('zs', '#01', E' \t　', 'a', true)$$);
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('zs', '#01', 'r', NULL, true)$$);
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('zs', '#01', 'r', ' ', true)$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.retire('zs', '#01', 'r', 'a', NULL)$$);
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#01', 'r', 'a', false)$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#01')$$);
-- standing values say nothing, those of the transaction do
SET certdata.reason = 'standing';
SET certdata.approval = 'standing';
SELECT pg_temp.expect('QC010 deletion.reason', $$SELECT certdata.retire('zs', '#01', NULL, 'a', true)$$);
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.retire('zs', '#01', 'r', NULL, true)$$);
RESET certdata.reason;
RESET certdata.approval;
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#01', NULL, NULL, true)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#02', '', ' ', true)$$);
COMMIT;
SELECT pg_temp.expect('QC010 deletion.reason', $$SELECT certdata.retire('zs', '#03', NULL, NULL, true)$$);
SELECT pg_temp.expect('retired, hidden, retired', $$SELECT state('zs', '#01')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('bare', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('hidden, retired', $$SELECT state('bare', '#01')$$);
SELECT pg_temp.expect('20', $$SELECT count(*) FROM zs$$);

-- retired is retired: not again, not corrected, not suspended, not deleted, its number not used
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.retire('zs', '{#03,#01}', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.retire('bare', '{#03,#01}', 'r', 'a', true)$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#03')$$);
SELECT pg_temp.expect('live', $$SELECT state('bare', '#03')$$);
SELECT pg_temp.expect('QC015 correction.retired', $$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC015 correction.retired', $$SELECT certdata.correct('bare', '#01', '{"所在单位": null}', 'r', 'a')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.renumber('zs', '#01', '#91', 'r', 'a')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.suspend('zs', '#01', 'r')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.resume('zs', '#01', 'r')$$);
SELECT pg_temp.expect('QC014 deletion.physical', $$DELETE FROM zs WHERE cert_no = '#01'$$);
SELECT pg_temp.expect('23505 zs_cert_no_idx', $$INSERT INTO zs SELECT name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer
	FROM zs WHERE cert_no = '#01'$$);
SELECT pg_temp.expect('QC018 state.column', $$UPDATE zs SET state = NULL WHERE cert_no = '#01'$$);

-- and back
SELECT pg_temp.expect('QC010 deletion.reason', $$SELECT certdata.reinstate('zs', '#01', NULL, 'a')$$);
SELECT pg_temp.expect('QC010 deletion.approval', $$SELECT certdata.reinstate('zs', '#01', 'r', NULL)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.reinstate('zs', '{#01,#03}', 'r', 'a')$$);
SELECT pg_temp.expect('retired, hidden, retired', $$SELECT state('zs', '#01')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.reinstate('zs', '{#02,#01}', 'r', 'a')$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#01')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('bare', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('live', $$SELECT state('bare', '#01')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"所在单位": "乙公司"}', 'r', 'a')$$);

-- suspension: corrected and retired all the same, and there again afterwards
SELECT pg_temp.expect('QC010 state.reason', $$SELECT certdata.suspend('zs', '#04', NULL)$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', '{#04,#05}', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('bare', '#04', 'r')$$);
SELECT pg_temp.expect('suspended, hidden, suspended', $$SELECT state('zs', '#04')$$);
SELECT pg_temp.expect('hidden, suspended', $$SELECT state('bare', '#04')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.suspend('zs', '{#06,#04}', 'r')$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#06')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#04', '{"所在单位": "乙公司"}', 'r', 'a')$$);
SELECT pg_temp.expect('suspended, hidden, suspended', $$SELECT state('zs', '#04')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#04', 'r', 'a', true)$$);
SELECT pg_temp.expect('retired, hidden, suspended+retired', $$SELECT state('zs', '#04')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.resume('zs', '#04', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#04', 'r', 'a')$$);
SELECT pg_temp.expect('suspended, hidden, suspended', $$SELECT state('zs', '#04')$$);
SELECT pg_temp.expect('QC010 state.reason', $$SELECT certdata.resume('zs', '#04', ' ')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.resume('zs', '{#04,#06}', 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.resume('zs', '{#04,#05}', 'r')$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#04')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.resume('zs', '#04', 'r')$$);

-- replaced by another one that is there and is none of them
SELECT pg_temp.expect('22023', $$SELECT certdata.retire('zs', '{#07,#08}', 'r', 'a', true, '#08')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.retire('zs', '#07', 'r', 'a', true, '{#08,#09}')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.retire('zs', '{#07,#08}', 'r', 'a', true, '#99')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.retire('zs', '{#07,#09}', 'r', 'a', true, '#08')$$);
SELECT pg_temp.expect('retired, hidden, retired+by #08', $$SELECT state('zs', '#09')$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#08')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.retire('zs', '#10', 'r', 'a', true, '#09')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#09', 'r', 'a')$$);
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#09')$$);

-- benefits: an exception for that rule, with a reason; as the rule is set
BEGIN;
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#11', 'r', 'a', false)$$);
SET LOCAL certdata.exception = 'correction.one_item: why';
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#11', 'r', 'a', false)$$);
SET LOCAL certdata.exception = 'deletion.benefits';
SELECT pg_temp.expect('QC002', $$SELECT certdata.retire('zs', '#11', 'r', 'a', false)$$);
SET LOCAL certdata.exception = 'deletion.benefits: why';
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#11', 'r', 'a', false)$$);
COMMIT;
SET certdata.exception = 'deletion.benefits: why';
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#12', 'r', 'a', false)$$);
RESET certdata.exception;
BEGIN;
UPDATE certdata.rule SET severity = 'error' WHERE rule = 'deletion.benefits';
SET LOCAL certdata.exception = 'deletion.benefits: why';
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#12', 'r', 'a', false)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#12', 'r', 'a', true)$$);
ROLLBACK;
BEGIN;
UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'deletion.benefits';
SELECT pg_temp.expect('2', $$SELECT certdata.retire('zs', '{#12,#13}', 'r', 'a', false)$$);
SET LOCAL client_min_messages = error;
UPDATE certdata.rule SET enabled = false WHERE rule = 'deletion.benefits';
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#14', 'r', 'a', false)$$);
ROLLBACK;
-- by the issue date, of that table
BEGIN;
INSERT INTO certdata.rule_setting (rule, severity, enabled, valid) VALUES ('deletion.benefits', NULL, false, '[2022-01-01,2023-01-01)');
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#12', 'r', 'a', false)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('bare', '#12', 'r', 'a', false)$$);
ROLLBACK;
BEGIN;
INSERT INTO certdata.rule_setting (rule, severity, enabled, valid) VALUES ('deletion.benefits', NULL, false, '[2023-01-01,2100-01-01)');
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#12', 'r', 'a', false)$$);
ROLLBACK;
BEGIN;
INSERT INTO certdata.rule_setting (rule, attachment, severity, enabled) SELECT 'deletion.benefits', id, NULL, false
	FROM certdata.attachment WHERE relation = 'bare'::regclass AND detached_at IS NULL;
SELECT pg_temp.expect('1', $$SELECT certdata.retire('bare', '#12', 'r', 'a', false)$$);
SELECT pg_temp.expect('QC012 deletion.benefits', $$SELECT certdata.retire('zs', '#12', 'r', 'a', false)$$);
ROLLBACK;

-- what was rolled back has not been
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#15', 'r', 'a', true)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('bare', '#15', 'r', 'a', true)$$);
ROLLBACK TO a;
SELECT pg_temp.expect('blank, live', $$SELECT state('zs', '#15')$$);
SELECT pg_temp.expect('live', $$SELECT state('bare', '#15')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#15', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#15', 'r', 'a', true)$$);
SAVEPOINT b;
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#15', 'r', 'a')$$);
ROLLBACK TO b;
SELECT pg_temp.expect('retired, hidden, suspended+retired', $$SELECT state('zs', '#15')$$);
COMMIT;
SELECT pg_temp.expect('retired, hidden, suspended+retired', $$SELECT state('zs', '#15')$$);

-- drafts are withdrawn; a table published by INSERT has none
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.publish('zs', '#16')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.withdraw('zs', '#16', 'r')$$);

-- in words
\t off
SELECT certdata.retire('zs', '{S000013010001223000016,S000013010001223000015}', 'r', 'a', true);
SELECT certdata.retire('zs', '{S000013010001223000016,S000013010001223000017}', 'r', 'a', false);
SELECT certdata.withdraw('zs', 'S000013010001223000016', 'r');
SET certdata.language = zh;
SELECT certdata.retire('zs', '{S000013010001223000016,S000013010001223000015}', 'r', 'a', true);
SELECT certdata.retire('zs', 'S000013010001223000016', 'r', 'a', false);
SELECT certdata.publish('zs', 'S000013010001223000016');
SELECT certdata.retire('zs', 'S000013010001223000016', ' ', 'a', true);
SET certdata.language = en;
\t on

SELECT certdata.detach('zs', 'end of test'), certdata.detach('bare', 'end of test');
DROP SCHEMA act_retire CASCADE;
