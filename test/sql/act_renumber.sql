-- A number that comes to mean another certificate, or comes back; a life that
-- stays behind or gets lost when numbers are swapped; a new number that nobody
-- judged; half of an act done.
CREATE SCHEMA act_renumber;
SET search_path = act_renumber;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

-- certificate c07 is the one that began as #07
SELECT certdata.create_registry('zs');
CREATE FUNCTION fill(target regclass, a int, b int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT ''张三'', ''居民身份证'', ''130102199003071233'', ''c'' || lpad(i::text, 2, ''0''), ''车工'', ''三级'', (''S000013010001223'' || lpad(i::text, 6, ''0''))::certdata.certno,
			''2022-02-09'', ''甲校'', ''甲中心'' FROM generate_series($1, $2) AS i', target) USING a, b;
END $$;
SELECT fill('zs', 1, 30);
CREATE FUNCTION numbers(VARIADIC which text[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(employer || '=' || cert_no, ' ' ORDER BY employer) FROM zs WHERE employer = ANY (which) $$;
-- what is known of a number
CREATE FUNCTION items(number text, target regclass) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN e.state & 64 = 0 THEN concat_ws(' ', CASE WHEN e.state & 1 <> 0 THEN 'name' END, CASE WHEN e.state & 2 <> 0 THEN 'document' END) END
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_shape AS s ON s.id = e.shape JOIN certdata.attachment AS a ON a.registry = s.registry
	WHERE a.relation = target AND a.detached_at IS NULL AND e.cert_no = number ORDER BY e.life_seq DESC LIMIT 1 $$;
CREATE FUNCTION life(number text, target regclass DEFAULT 'zs') RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE(NULLIF(concat_ws(' ', NULLIF(items(number, target), ''), (SELECT concat_ws(' ', CASE WHEN l.suspended THEN 'suspended' END, CASE WHEN l.retired THEN 'retired' END, CASE WHEN l.published THEN 'published' END,
		CASE WHEN l.reserved THEN 'reserved' END, 'now ' || l.renumbered_to, 'by ' || l.replaced_by)
		FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry
		WHERE a.relation = target AND a.detached_at IS NULL AND l.cert_no = number)), ''), 'nothing') $$;

-- one; its former number is nobody's any more
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#01', '#41', 'r', 'a')$$);
SELECT pg_temp.expect('c01=#41', $$SELECT numbers('c01')$$);
SELECT pg_temp.expect('reserved now #41, nothing', $$SELECT life('#01') || ', ' || life('#41')$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT fill('zs', 1, 1)$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('zs', '#02', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('zs', '#41', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.correct('zs', '#01', '{"所在单位": "c99"}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#41', '#42', 'r', 'a')$$);
SELECT pg_temp.expect('reserved now #41, reserved now #42', $$SELECT life('#01') || ', ' || life('#41')$$);
-- a plain UPDATE does not do it
SELECT pg_temp.expect('QC013 correction.number', $$UPDATE zs SET cert_no = '#43' WHERE cert_no = '#02'$$);
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
SELECT pg_temp.expect('QC013 correction.number', $$UPDATE zs SET cert_no = '#43' WHERE cert_no = '#02'$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#02', '#43', NULL)$$);
ROLLBACK;

-- the life goes along
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#02', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#02', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#02', '#43', 'r', 'a')$$);
SELECT pg_temp.expect('reserved now #43, name suspended', $$SELECT life('#02') || ', ' || life('#43')$$);
SELECT pg_temp.expect('suspended', $$SELECT state FROM zs WHERE cert_no = '#43'$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT certdata.correct('zs', '#43', '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('zs', '#43', 'r')$$);
SELECT pg_temp.expect('blank', $$SELECT COALESCE(state, 'blank') FROM zs WHERE cert_no = '#43'$$);

-- swapped: each life stays with its certificate, no number is reserved
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#04', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#04,#05}', '{#05,#04}', 'r', 'a')$$);
SELECT pg_temp.expect('c04=#05 c05=#04', $$SELECT numbers('c04', 'c05')$$);
SELECT pg_temp.expect('nothing, name', $$SELECT life('#04') || ', ' || life('#05')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#05,#04}', '{#04,#05}', 'r', 'a')$$);
SELECT pg_temp.expect('c04=#04 c05=#05', $$SELECT numbers('c04', 'c05')$$);
SELECT pg_temp.expect('name, nothing', $$SELECT life('#04') || ', ' || life('#05')$$);
-- three in a ring, all of whom have a life
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#06', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#07', '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#08', 'r')$$);
SELECT pg_temp.expect('3', $$SELECT certdata.renumber('zs', '{#06,#07,#08}', '{#07,#08,#06}', 'r', 'a')$$);
SELECT pg_temp.expect('c06=#07 c07=#08 c08=#06', $$SELECT numbers('c06', 'c07', 'c08')$$);
SELECT pg_temp.expect('suspended, name, document', $$SELECT concat_ws(', ', life('#06'), life('#07'), life('#08'))$$);
SELECT pg_temp.expect('#06', $$SELECT cert_no FROM zs WHERE state = 'suspended'$$);
-- a chain: only its first number is left behind
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#10', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('3', $$SELECT certdata.renumber('zs', ARRAY['#09', '#10', '#11'], ARRAY['#10', '#11', '#44'], 'r', 'a')$$);
SELECT pg_temp.expect('c09=#10 c10=#11 c11=#44', $$SELECT numbers('c09', 'c10', 'c11')$$);
SELECT pg_temp.expect('reserved now #10, nothing, name, nothing', $$SELECT concat_ws(', ', life('#09'), life('#10'), life('#11'), life('#44'))$$);
-- a ring, a chain and one by itself in one act, in any order
SELECT pg_temp.expect('6', $$SELECT certdata.renumber('zs', '{#17,#12,#15,#13,#16,#14}', '{#47,#13,#46,#12,#15,#45}', 'r', 'a')$$);
SELECT pg_temp.expect('c12=#13 c13=#12 c14=#45 c15=#46 c16=#15 c17=#47', $$SELECT numbers('c12', 'c13', 'c14', 'c15', 'c16', 'c17')$$);
SELECT pg_temp.expect('nothing, nothing, reserved now #45, nothing, reserved now #15, reserved now #47',
	$$SELECT concat_ws(', ', life('#12'), life('#13'), life('#14'), life('#15'), life('#16'), life('#17'))$$);
-- numbers to stand aside with: the last serials of all are taken
INSERT INTO zs SELECT name, id_type, id_number, 'top', occupation, work_type, level, ('S000013010001223' || i)::certdata.certno, issue_date, evaluator, issuer
	FROM zs, generate_series(999990, 999999) AS i WHERE employer = 'c20';
SELECT pg_temp.expect('4', $$SELECT certdata.renumber('zs', '{#20,#21,#22,#23}', '{#21,#20,#23,#22}', 'r', 'a')$$);
SELECT pg_temp.expect('c20=#21 c21=#20 c22=#23 c23=#22', $$SELECT numbers('c20', 'c21', 'c22', 'c23')$$);
SELECT pg_temp.expect('10', $$SELECT count(*) FROM zs WHERE employer = 'top' AND certdata.certno_serial(cert_no) >= 999990$$);

-- refused
SELECT pg_temp.expect('23505 no.registered', $$SELECT certdata.renumber('zs', '#24', '#25', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.registered', $$SELECT certdata.renumber('zs', '#24', '#04', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.registered', $$SELECT certdata.renumber('zs', '{#24,#25}', '{#25,#26}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.renumber('zs', '{#24,#25}', '{#51}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.renumber('zs', '{#24,#24}', '{#51,#52}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.renumber('zs', '{#24,#25}', '{#51,#51}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.renumber('zs', '#24', lower('#24'), 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.renumber('zs', '{}', '{}', 'r', 'a')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.renumber('zs', '#24', NULL, 'r', 'a')$$);
SELECT pg_temp.expect('22P02 no.length', $$SELECT certdata.renumber('zs', '#24', 'S1', 'r', 'a')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.renumber('zs', '{#24,#90}', '{#90,#24}', 'r', 'a')$$);
SELECT pg_temp.expect('QC010 correction.reason', $$SELECT certdata.renumber('zs', '#24', '#51', NULL, 'a')$$);
SELECT pg_temp.expect('QC010 correction.approval', $$SELECT certdata.renumber('zs', '#24', '#51', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#26', 'r', 'a', true)$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.renumber('zs', '#26', '#51', 'r', 'a')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.renumber('zs', '{#24,#26}', '{#51,#52}', 'r', 'a')$$);
SELECT pg_temp.expect('QC015 state.change', $$SELECT certdata.renumber('zs', '{#24,#26}', '{#26,#24}', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.registered', $$SELECT certdata.renumber('zs', '#24', '#26', 'r', 'a')$$);
SELECT pg_temp.expect('c24=#24 c25=#25 c26=#26', $$SELECT numbers('c24', 'c25', 'c26')$$);
SELECT pg_temp.expect('nothing, nothing, retired', $$SELECT concat_ws(', ', life('#24'), life('#25'), life('#26'))$$);
-- new numbers are judged like any other
SELECT pg_temp.expect('23514 no.level', $$SELECT certdata.renumber('zs', '#24', 'S000013010001224000001', 'r', 'a')$$);
SELECT pg_temp.expect('23514 no.year', $$SELECT certdata.renumber('zs', '#24', 'S000013010001213000001', 'r', 'a')$$);
SELECT pg_temp.expect('23514 no.level', $$SELECT certdata.renumber('zs', '{#24,#25}', '{#25,S000013010001224000001}', 'r', 'a')$$);
SELECT pg_temp.expect('c24=#24 c25=#25', $$SELECT numbers('c24', 'c25')$$);

-- rolled back: the number is as if it had never left
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#27,#28}', '{#28,#53}', 'r', 'a')$$);
ROLLBACK TO a;
SELECT pg_temp.expect('c27=#27 c28=#28', $$SELECT numbers('c27', 'c28')$$);
SELECT pg_temp.expect('nothing, nothing, nothing', $$SELECT concat_ws(', ', life('#27'), life('#28'), life('#53'))$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#29', '#53', 'r', 'a')$$);
-- several acts of one transaction
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#53', '#54', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('zs', '#54', '#29', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#54', 'r', 'a', true, '#30')$$);
COMMIT;
SELECT pg_temp.expect('reserved now #53, reserved now #54, retired by #30', $$SELECT concat_ws(', ', life('#29'), life('#53'), life('#54'))$$);
-- a former number stays one when the table is attached again
SELECT certdata.detach('zs', 'for a while');
SELECT certdata.attach('zs', state_column => 'state') IS NOT NULL;
SELECT pg_temp.expect('23505 no.used', $$SELECT fill('zs', 1, 1)$$);

-- tables that share a register
CREATE TABLE north (LIKE zs);
CREATE TABLE south (LIKE zs);
CREATE UNIQUE INDEX ON north (cert_no);
CREATE UNIQUE INDEX ON south (cert_no);
SELECT certdata.attach('north', register => 'act_renumber') <> certdata.attach('south', register => 'act_renumber');
SELECT fill('north', 1, 5), fill('south', 6, 9);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('north', '#01', '#06', 'r', 'a')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('north', '{#01,#02}', '{#02,#10}', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT certdata.renumber('south', '#06', '#01', 'r', 'a')$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT fill('south', 1, 1)$$);
SELECT pg_temp.expect('23505 no.used', $$SELECT fill('south', 10, 10)$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('north', '{#03,#04}', '{#04,#03}', 'r', 'a')$$);
SELECT pg_temp.expect('10', $$SELECT count(*) FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry WHERE a.relation = 'north'::regclass$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.retire('north', '#06', 'r', 'a', true)$$);

-- in words
\t off
SELECT certdata.renumber('zs', 'S000013010001223000024', 'S000013010001223000001', 'r', 'a');
SELECT certdata.renumber('zs', '{S000013010001223000024,S000013010001223000025}', '{S000013010001223000061}', 'r', 'a');
SELECT certdata.renumber('zs', 'S000013010001223000026', 'S000013010001223000061', 'r', 'a');
SET certdata.language = zh;
SELECT certdata.renumber('zs', 'S000013010001223000024', 'S000013010001223000001', 'r', 'a');
SELECT certdata.renumber('zs', 'S000013010001223000024', 'S000013010001224000001', 'r', 'a');
SET certdata.language = en;
\t on

SELECT certdata.detach('zs', 'end of test'), certdata.detach('north', 'end of test'), certdata.detach('south', 'end of test');
DROP SCHEMA act_renumber CASCADE;
