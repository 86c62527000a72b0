-- Drafts that need what only published data needs, or published data that
-- does not; a draft that cannot be mended or is lost when it is withdrawn; a
-- number that stays taken, or that is freed from published data.
CREATE SCHEMA act_publish;
SET search_path = act_publish;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

CREATE TABLE zs (LIKE certdata.report);
ALTER TABLE zs RENAME "姓名" TO name;
ALTER TABLE zs RENAME "证件类型" TO id_type;
ALTER TABLE zs RENAME "证件号码" TO id_number;
ALTER TABLE zs RENAME "所在单位" TO employer;
ALTER TABLE zs RENAME "职业名称" TO occupation;
ALTER TABLE zs RENAME "工种名称" TO work_type;
ALTER TABLE zs RENAME "职业技能等级" TO level;
ALTER TABLE zs ALTER "证书编号" TYPE certdata.certno;
ALTER TABLE zs RENAME "证书编号" TO cert_no;
ALTER TABLE zs RENAME "发证日期" TO issue_date;
ALTER TABLE zs RENAME "评价机构" TO evaluator;
ALTER TABLE zs RENAME "发证机构" TO issuer;
CREATE UNIQUE INDEX ON zs (cert_no);
CREATE TABLE shown (LIKE zs);
ALTER TABLE shown ADD state text, ADD seq int;
CREATE UNIQUE INDEX ON shown (cert_no);
SELECT certdata.attach('zs', publication => 'by_call') <> certdata.attach('shown', publication => 'by_call', state_column => 'state');
SELECT fill('zs', 20), fill('shown', 20);
UPDATE shown SET seq = certdata.certno_serial(cert_no);
CREATE FUNCTION items(number text, target regclass) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN e.state & 64 = 0 THEN concat_ws(' ', CASE WHEN e.state & 1 <> 0 THEN 'name' END, CASE WHEN e.state & 2 <> 0 THEN 'document' END) END
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_shape AS s ON s.id = e.shape JOIN certdata.attachment AS a ON a.registry = s.registry
	WHERE a.relation = target AND a.detached_at IS NULL AND e.cert_no = number ORDER BY e.life_seq DESC LIMIT 1 $$;
CREATE FUNCTION life(number text, target regclass DEFAULT 'zs') RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE(NULLIF(concat_ws(' ', NULLIF(items(number, target), ''), (SELECT concat_ws(' ', CASE WHEN l.suspended THEN 'suspended' END, CASE WHEN l.retired THEN 'retired' END, CASE WHEN l.published THEN 'published' END,
		CASE WHEN l.reserved THEN 'reserved' END)
		FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry
		WHERE a.relation = target AND a.detached_at IS NULL AND l.cert_no = number)), ''), 'nothing') $$;

-- a draft: a reason will do, and no item is used up
SELECT pg_temp.expect('QC010 correction.reason', $$UPDATE zs SET name = '李四' WHERE cert_no = '#01'$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'r')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"证件号码": "13010219900307002X"}', 'r')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"姓名": "王五", "证件号码": "130102199003071217"}', 'r')$$);
SELECT pg_temp.expect('nothing', $$SELECT life('#01')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#02', '#42', 'r')$$);
SELECT pg_temp.expect('reserved, nothing', $$SELECT life('#02') || ', ' || life('#42')$$);
SELECT pg_temp.expect('23514 name.required', $$SELECT certdata.correct('zs', '#01', '{"姓名": null}', 'r')$$);
SELECT pg_temp.expect('QC014 deletion.physical', $$DELETE FROM zs WHERE cert_no = '#01'$$);
-- neither retired, which is withdrawing, nor suspended, which is from the query system
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.suspend('zs', '#01', 'r')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.resume('zs', '#01', 'r')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.reinstate('zs', '#01', 'r', 'a')$$);

-- published: the whole of it, from now on
SELECT pg_temp.expect('1', $$SELECT certdata.publish('zs', '#01')$$);
SELECT pg_temp.expect('published', $$SELECT life('#01')$$);
SELECT pg_temp.expect('QC010 correction.approval', $$SELECT certdata.correct('zs', '#01', '{"所在单位": "乙公司"}', 'r')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"姓名": "赵六"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT certdata.correct('zs', '#01', '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
SELECT pg_temp.expect('published', $$SELECT regexp_replace(life('#01'), 'name ', '')$$);
SELECT pg_temp.expect('QC010 correction.approval', $$SELECT certdata.renumber('zs', '{#03,#01}', '{#43,#41}', 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#03,#01}', '{#01,#03}', 'r', 'a')$$);
SELECT pg_temp.expect('nothing, name published', $$SELECT life('#01') || ', ' || life('#03')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#01', '{"所在单位": "乙公司"}', 'r')$$);
-- again is no error, and one that is not there is
SELECT pg_temp.expect('0', $$SELECT certdata.publish('zs', '#03')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.publish('zs', '{#03,#04,#05}')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.publish('zs', '{#06,#99}')$$);
SELECT pg_temp.expect('nothing', $$SELECT life('#06')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#04', 'r')$$);
SELECT pg_temp.expect('0', $$SELECT certdata.publish('zs', '#04')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#05', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.publish('zs', '{#06,#05}')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#05', 'r', 'a')$$);
SELECT pg_temp.expect('published', $$SELECT life('#05')$$);
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('1', $$SELECT certdata.publish('zs', '#06')$$);
ROLLBACK TO a;
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#06', '{"所在单位": "乙公司"}', 'r')$$);
COMMIT;
-- the state column tells it from no draft, and is left alone
SELECT pg_temp.expect('3', $$SELECT certdata.publish('shown', '{#01,#02,#03}')$$);
SELECT pg_temp.expect('20', $$SELECT count(*) FROM shown WHERE state IS NULL$$);

-- withdrawn: the row stays, its number is free for the data reported again
SELECT pg_temp.expect('QC010 state.reason', $$SELECT certdata.withdraw('shown', '#11', NULL)$$);
SELECT pg_temp.expect('QC010 state.reason', $$SELECT certdata.withdraw('shown', '#11', '　')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.withdraw('shown', '{#11,#01}', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.withdraw('shown', '{#11,#99}', 'r')$$);
SELECT pg_temp.expect('#11 (null)', $$SELECT concat_ws(' ', cert_no, COALESCE(state, '(null)')) FROM shown WHERE seq = 11$$);
SELECT pg_temp.expect('2', $$SELECT certdata.withdraw('shown', '{#11,#12}', 'returned')$$);
SELECT pg_temp.expect('(null) withdrawn', $$SELECT concat_ws(' ', COALESCE(cert_no::text, '(null)'), state) FROM shown WHERE seq = 11$$);
SELECT pg_temp.expect('18', $$SELECT count(*) FROM shown_live$$);
SELECT pg_temp.expect('#11 returned t, #12 returned t', $$SELECT string_agg(concat_ws(' ', w.cert_no, w.reason, w.withdrawn_by = current_user), ', ' ORDER BY w.cert_no)
	FROM certdata.withdrawn AS w JOIN certdata.attachment AS a ON a.id = w.attachment WHERE a.relation = 'shown'::regclass$$);
SELECT pg_temp.expect('nothing', $$SELECT life('#11', 'shown')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.withdraw('shown', '#11', 'r')$$);
INSERT INTO shown SELECT name, id_type, id_number, '再报', occupation, work_type, level, 'S000013010001223000011', issue_date, evaluator, issuer FROM zs WHERE cert_no = 'S000013010001223000006';
SELECT pg_temp.expect('再报', $$SELECT employer FROM shown_live WHERE cert_no = '#11'$$);
SELECT pg_temp.expect('1', $$SELECT certdata.withdraw('shown', '#11', 'once more')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('shown', '#13', '#12', 'r')$$);
SELECT pg_temp.expect('3', $$SELECT count(*) FROM shown WHERE cert_no IS NULL AND state = 'withdrawn'$$);
-- the withdrawn row itself is past mending
SELECT pg_temp.expect('QC013 correction.number', $$UPDATE shown SET cert_no = '#11' WHERE seq = 11$$);
SELECT pg_temp.expect('QC018 state.column', $$UPDATE shown SET state = NULL WHERE seq = 11$$);
SELECT pg_temp.expect('QC014 deletion.physical', $$DELETE FROM shown WHERE seq = 11$$);
-- without a state column it is known by having no number
SELECT pg_temp.expect('1', $$SELECT certdata.withdraw('zs', '#07', 'r')$$);
SELECT pg_temp.expect('0', $$SELECT count(*) FROM zs_live WHERE cert_no IS NULL$$);
SELECT pg_temp.expect('1', $$SELECT count(*) FROM zs WHERE cert_no IS NULL$$);
-- never of published data, whatever became of it
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.withdraw('zs', '#03', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#05', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.withdraw('zs', '#05', 'r')$$);
-- rolled back, nothing has happened
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('1', $$SELECT certdata.withdraw('shown', '#14', 'r')$$);
ROLLBACK TO a;
SELECT pg_temp.expect('#14 0', $$SELECT concat_ws(' ', s.cert_no, (SELECT count(*) FROM certdata.withdrawn AS w JOIN certdata.attachment AS a ON a.id = w.attachment WHERE a.relation = 'shown'::regclass AND w.cert_no = '#14')) FROM shown AS s WHERE s.seq = 14$$);
SELECT pg_temp.expect('1', $$SELECT certdata.publish('shown', '#14')$$);
COMMIT;
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.withdraw('shown', '#14', 'r')$$);
-- a number that may not be null cannot be given up
SELECT certdata.detach('shown', 'for a while');
CREATE TABLE strict (LIKE shown);
ALTER TABLE strict ADD PRIMARY KEY (cert_no);
SELECT certdata.attach('strict', publication => 'by_call', state_column => 'state') IS NOT NULL;
SELECT fill('strict', 3);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.withdraw('strict', '#01', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.publish('strict', '#01')$$);

-- in a shared register the number is free for the other table, too
CREATE TABLE north (LIKE zs);
CREATE TABLE south (LIKE zs);
CREATE UNIQUE INDEX ON north (cert_no);
CREATE UNIQUE INDEX ON south (cert_no);
SELECT certdata.attach('north', register => 'act_publish', publication => 'by_call') <> certdata.attach('south', register => 'act_publish', publication => 'by_call');
SELECT fill('north', 2);
SELECT pg_temp.expect('23505 no.used', $$SELECT fill('south', 1)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.withdraw('north', '#01', 'r')$$);
SELECT pg_temp.expect('done', $$SELECT fill('south', 1)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.publish('south', '#01')$$);

-- in words
\t off
SELECT certdata.retire('zs', 'S000013010001223000009', 'r', 'a', true);
SELECT certdata.withdraw('zs', 'S000013010001223000003', 'r');
SELECT certdata.withdraw('strict', 'S000013010001223000002', 'r');
SET certdata.language = zh;
SELECT certdata.retire('zs', 'S000013010001223000009', 'r', 'a', true);
SELECT certdata.withdraw('strict', 'S000013010001223000002', 'r');
SELECT certdata.suspend('zs', 'S000013010001223000009', 'r');
SET certdata.language = en;
\t on

SELECT certdata.detach('zs', 'end of test'), certdata.detach('strict', 'end of test'), certdata.detach('north', 'end of test'), certdata.detach('south', 'end of test');
DROP SCHEMA act_publish CASCADE;
