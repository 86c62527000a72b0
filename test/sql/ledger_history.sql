-- The recorded life of a certificate.  Looks for: a step that is missing, twice
-- or out of order; the lives of two certificates mixed up where numbers were
-- swapped, passed on or used again; a value that the certificate did not have
-- then; values shown to those who may not read the table, or kept from those
-- who may; a life that is not found by a former number, after a detach, under a
-- partition.
\pset format unaligned
\t on
\set database ledger_history
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/own_database.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE ROLE ledger_history_officer IN ROLE certdata_officer;
CREATE ROLE ledger_history_auditor IN ROLE certdata_auditor;
CREATE ROLE ledger_history_reader IN ROLE certdata_officer;
CREATE ROLE ledger_history_nobody;

-- #01 stands for certificate number S000013010001223000001
CREATE FUNCTION run(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
BEGIN
	EXECUTE regexp_replace(statement, '#(\d\d)', 'S0000130100012230000\1', 'g') INTO got;
	RETURN COALESCE(regexp_replace(got, 'S0000130100012230000(\d\d)', '#\1', 'g'), 'null');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || regexp_replace(SQLERRM, 'S0000130100012230000(\d\d)', '#\1', 'g');
END $$;
-- one line for each step
CREATE FUNCTION life(target text, number text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT regexp_replace(concat_ws(' ', h.life_seq::text, h.kind, h.number::text, h.changed::text,
			'old ' || h.old_values::text, 'new ' || CASE WHEN h.kind IN ('insert', 'attach') THEN h.new_values ->> '姓名' || ' ' || (SELECT count(*) FROM jsonb_each(h.new_values))
				ELSE h.new_values::text END,
			'erased ' || h.erased::text, h.state::text, 'reason ' || h.reason, 'approval ' || h.approval, 'exception ' || h.exception,
			CASE WHEN h.entry IS NULL THEN 'not sealed' END),
		'S0000130100012230000(\d\d)', '#\1', 'g')
	FROM certdata.history(target::regclass, regexp_replace(number, '#(\d\d)', 'S0000130100012230000\1')) AS h
$$;
CREATE FUNCTION fill(target text, first int, last int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT ''张'' || i, ''居民身份证'', ''130102199003071233'', ''甲公司'', ''车工'', ''三级'', (''S000013010001223'' || lpad(i::text, 6, ''0''))::certdata.certno,
			''2022-02-09'', ''甲校'', ''甲中心'' FROM generate_series($1, $2) AS i', target) USING first, last;
END $$;

-- ---- one life, with everything that can happen to it
SELECT certdata.create_registry('zs');
SELECT fill('zs', 1, 9);
SELECT run($$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'typing error', 'doc 1')$$);
SELECT certdata.seal() > 0;
SELECT run($$SELECT certdata.correct('zs', '#01', '{"姓名": "王五", "所在单位": null}', 'again', 'doc 2')$$);
SELECT run($$SELECT certdata.correct('zs', '#01', '{"证件号码": "13010219900307002X"}', 'moved', 'doc 3', 'correction.one_item: court')$$);
SELECT run($$SELECT certdata.suspend('zs', '#01', 'doubtful')$$), run($$SELECT certdata.resume('zs', '#01', 'clear')$$);
SELECT run($$SELECT certdata.renumber('zs', '#01', '#21', 'filing', 'doc 4')$$);
SELECT run($$SELECT certdata.retire('zs', '#21', 'fraud', 'doc 5', true)$$), run($$SELECT certdata.reinstate('zs', '#21', 'appeal', 'doc 6')$$);
SELECT life('zs', '#21');
-- by the former number the same
SELECT 'same' FROM (SELECT array_agg(l) AS a FROM life('zs', '#01') AS l) AS x, (SELECT array_agg(l) AS a FROM life('zs', '#21') AS l) AS y WHERE x.a = y.a;
-- what the row was on insert, all of it
SELECT run($$SELECT h.new_values::text FROM certdata.history('zs', '#01') AS h WHERE h.life_seq = 1$$);
-- who and when
SELECT bool_and(h.session_user_name = session_user AND h.current_user_name = current_user AND h.application_name = current_setting('application_name')
		AND h.at BETWEEN now() - interval '10 min' AND clock_timestamp() AND h.actor IS NULL AND h.address IS NULL)
	FROM certdata.history('zs', 'S000013010001223000001') AS h;
SELECT bool_and(h.at >= before) FROM (SELECT h.at, lag(h.at, 1, '-infinity') OVER (ORDER BY h.life_seq) AS before FROM certdata.history('zs', 'S000013010001223000021') AS h) AS h;
SELECT run($$SELECT string_agg(h.detail::text, ' ') FROM certdata.history('zs', '#01') AS h$$);
-- the leaf is the entry's
SELECT h.entry = certdata.leaf_of(h.act, 1) FROM certdata.history('zs', 'S000013010001223000021') AS h WHERE h.entry IS NOT NULL;
-- this transaction's own acts, and what it took back
BEGIN;
SELECT run($$SELECT certdata.suspend('zs', '#09', 'a')$$);
SAVEPOINT s;
SELECT run($$SELECT certdata.resume('zs', '#09', 'b')$$);
SELECT life('zs', '#09');
ROLLBACK TO s;
SELECT count(*) FROM life('zs', '#09');
ROLLBACK;
SELECT life('zs', '#09');
-- numbers of whatever notation; unknown ones have no history
SELECT count(*) FROM certdata.history('zs', 's000013010001223000009') AS a, certdata.history('zs', 'S000013010001223000009'::certdata.certno) AS b;
SELECT count(*) FROM life('zs', '#99');

-- ---- swapped, passed on, swapped back
SELECT run($$SELECT certdata.renumber('zs', '{#02,#03}', '{#03,#02}', 'swap', 'a')$$);
SELECT run($$SELECT certdata.correct('zs', '#03', '{"姓名": "甲二"}', 'r', 'a')$$), run($$SELECT certdata.correct('zs', '#02', '{"姓名": "甲三"}', 'r', 'a')$$);
SELECT run($$SELECT certdata.renumber('zs', '{#03,#02}', '{#02,#03}', 'swap back', 'a')$$);
SELECT life('zs', '#02');
SELECT life('zs', '#03');
-- a ring, and out of it; the old number of the one that left is the next one's
SELECT run($$SELECT certdata.renumber('zs', '{#04,#05,#06}', '{#05,#06,#24}', 'ring', 'a')$$);
SELECT life('zs', '#05');
SELECT life('zs', '#06');
SELECT life('zs', '#24');
SELECT 'same' FROM (SELECT array_agg(l) AS a FROM life('zs', '#04') AS l) AS x, (SELECT array_agg(l) AS a FROM life('zs', '#05') AS l) AS y WHERE x.a = y.a;

-- ---- an altered row shows no value that was not recorded
SET session_replication_role = replica;
ALTER TABLE zs DISABLE TRIGGER ALL;
UPDATE zs SET employer = 'unseen' WHERE cert_no = 'S000013010001223000007';
ALTER TABLE zs ENABLE TRIGGER ALL;
RESET session_replication_role;
SELECT run($$SELECT h.new_values::text FROM certdata.history('zs', '#07') AS h$$);

-- ---- drafts: withdrawn, and reported again under the number
CREATE TABLE drafts (LIKE zs);
ALTER TABLE drafts DROP COLUMN state;
CREATE UNIQUE INDEX ON drafts (cert_no);
SELECT certdata.attach('drafts', publication => 'by_call') IS NOT NULL;
SELECT fill('drafts', 1, 3);
SELECT run($$SELECT certdata.withdraw('drafts', '#01', 'returned')$$);
SELECT fill('drafts', 1, 1);
SELECT run($$SELECT certdata.correct('drafts', '#01', '{"姓名": "张一"}', 'mended')$$), run($$SELECT certdata.publish('drafts', '#01')$$);
SELECT life('drafts', '#01');

-- ---- columns that are called and coded otherwise; a partition
CREATE TABLE coded (bh text, lx text, hm text, xm text, dj text, zy text, rq date);
CREATE UNIQUE INDEX ON coded (certdata.number_key(bh));
SELECT certdata.attach('coded', '{"姓名": "xm", "证件类型": {"column": "lx", "map": {"01": "居民身份证", "02": "港澳居民来往内地通行证"}}, "证件号码": "hm", "所在单位": {"value": "某厂"},
	"职业名称": "zy", "工种名称": {"value": ""}, "职业技能等级": "dj", "证书编号": "bh", "发证日期": "rq", "评价机构": {"value": "甲校"}, "发证机构": {"value": "甲校"}}') IS NOT NULL;
INSERT INTO coded VALUES ('S000013010001223000001', '01', '130102199003071233', '张三', '三级', '车工', '2022-02-09');
SELECT run($$SELECT certdata.correct('coded', '#01', '{"证件类型": "港澳居民来往内地通行证", "证件号码": "H12345678"}', 'r', 'a')$$);
SELECT run($$SELECT string_agg(h.old_values::text || h.new_values::text, ' ') FROM certdata.history('coded', '#01') AS h WHERE h.life_seq > 1$$);
SELECT run($$SELECT h.new_values::text FROM certdata.history('coded', '#01') AS h WHERE h.life_seq = 1$$);
CREATE TABLE parts (LIKE zs) PARTITION BY RANGE (cert_no);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM (MINVALUE) TO ('S000013010001223000005');
CREATE TABLE parts_b PARTITION OF parts DEFAULT;
SELECT certdata.attach('parts') IS NOT NULL;
SELECT fill('parts', 1, 2);
SELECT run($$SELECT certdata.renumber('parts', '#01', '#11', 'r', 'a')$$);
SELECT life('parts_a', '#11');

-- ---- who may: EXECUTE, and values in clear for whoever may SELECT them
SELECT has_function_privilege(r, p.oid, 'EXECUTE') FROM pg_proc AS p,
	unnest(ARRAY['ledger_history_officer', 'ledger_history_auditor', 'certdata_admin', 'ledger_history_nobody']) AS r
	WHERE p.pronamespace = 'certdata'::regnamespace AND p.proname = 'history' ORDER BY r, p.oid;
CREATE FUNCTION values_of(target text, number text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT (h.old_values ->> '姓名') || ' ' || (h.new_values ->> '姓名') FROM certdata.history(target::regclass, number) AS h WHERE h.life_seq = 2
	UNION ALL
	SELECT concat_ws(' ', h.new_values ->> '姓名', h.new_values ->> '证件号码', h.new_values ->> '证书编号') FROM certdata.history(target::regclass, number) AS h WHERE h.life_seq = 1
$$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA t TO PUBLIC;
SET ROLE ledger_history_auditor;
SELECT values_of('zs', 'S000013010001223000021');
RESET ROLE;
GRANT SELECT (name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator) ON zs TO ledger_history_reader;
SET ROLE ledger_history_reader;
SELECT values_of('zs', 'S000013010001223000021');
RESET ROLE;
GRANT SELECT (issuer) ON zs TO ledger_history_reader;
SET ROLE ledger_history_reader;
SELECT values_of('zs', 'S000013010001223000021');
RESET ROLE;
-- row security: of the rows that it shows
ALTER TABLE zs ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_row ON zs USING (cert_no = 'S000013010001223000002');
GRANT SELECT ON zs TO ledger_history_officer;
SET ROLE ledger_history_officer;
SELECT values_of('zs', 'S000013010001223000021');
SELECT values_of('zs', 'S000013010001223000002');
RESET ROLE;
-- nor does it keep the row from those who see it masked, if it binds the owner, too
ALTER TABLE zs FORCE ROW LEVEL SECURITY;
ALTER TABLE zs OWNER TO ledger_history_nobody;
SET ROLE ledger_history_auditor;
SELECT values_of('zs', 'S000013010001223000021');
RESET ROLE;
ALTER TABLE zs OWNER TO CURRENT_USER;
ALTER TABLE zs DISABLE ROW LEVEL SECURITY;
-- numbers of another table of the register are not told in clear by this one's privileges
CREATE TABLE one (LIKE drafts);
CREATE TABLE two (LIKE drafts);
CREATE UNIQUE INDEX ON one (cert_no);
CREATE UNIQUE INDEX ON two (cert_no);
SELECT certdata.attach('one', register => '全省') IS NOT NULL, certdata.attach('two', register => '全省') IS NOT NULL;
SELECT fill('one', 31, 31), fill('two', 32, 32);
SELECT run($$SELECT certdata.correct('two', '#32', '{"姓名": "李四"}', 'r', 'a')$$);
GRANT SELECT ON one TO ledger_history_officer;
SET ROLE ledger_history_officer;
SELECT values_of('one', 'S000013010001223000031'), values_of('one', 'S000013010001223000032');
RESET ROLE;

-- ---- detached: what was recorded stays
SELECT certdata.detach('zs', 'end of test');
UPDATE zs SET name = '无' WHERE cert_no = 'S000013010001223000021';
SELECT life('zs', '#21') LIMIT 3;
DROP TABLE two CASCADE;
SELECT values_of('one', 'S000013010001223000032');
SET ROLE ledger_history_officer;
SELECT values_of('one', 'S000013010001223000032');
RESET ROLE;
-- nothing to ask
CREATE TABLE plain (LIKE drafts);
SELECT run($$SELECT 1 FROM certdata.history('plain', '#01')$$);
SELECT run($$SELECT 1 FROM certdata.history(0::regclass, '#01')$$);
SELECT run($$SELECT 1 FROM certdata.history(NULL, '#01')$$);
SELECT run($$SELECT 1 FROM certdata.history('drafts', NULL::text)$$);
SELECT run($$SELECT 1 FROM certdata.history('drafts', '{#01,#02}')$$);
SELECT run($$SELECT 1 FROM certdata.history('drafts', '130102199003071233')$$);

\c contrib_regression
DROP DATABASE ledger_history;
DROP ROLE ledger_history_officer, ledger_history_auditor, ledger_history_reader, ledger_history_nobody;
