-- An auditor who cannot find out who did what on a day, or finds names and
-- document numbers that he has no right to; days cut at the wrong hour; a view
-- that loses acts without a table, or of a table that is detached; state and
-- fields in words that are not theirs.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA ledger_views;
SET search_path = ledger_views;
SET certdata.language = en;
\pset format unaligned
\t on
SELECT certdata.create_registry('zs');
CREATE TABLE mark AS SELECT max(id) AS act FROM certdata.ledger_act;
GRANT SELECT ON mark TO PUBLIC;
GRANT USAGE ON SCHEMA ledger_views TO PUBLIC;
SET certdata.actor = '经办';
SET certdata.actor_org = '甲局';
INSERT INTO zs (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT '张三丰', '居民身份证', '130102199003071233', '甲公司130102199003071233', '车工', '三级', ('S000013010001223' || lpad(i::text, 6, '0'))::certdata.certno,
		'2022-02-09', '甲校', '甲中心' FROM generate_series(1, 4) AS i;
SELECT certdata.correct('zs', 'S000013010001223000001', '{"姓名": "李四"}', 'r1', 'a1');
SELECT certdata.correct('zs', 'S000013010001223000002', '{"证件号码": "13010219900307002X", "所在单位": "乙公司", "工种名称": "工种"}', 'r2', 'a2', NULL);
SELECT certdata.suspend('zs', 'S000013010001223000002', 'r3');
SELECT certdata.retire('zs', 'S000013010001223000003', 'r4', 'a4', true);
SELECT certdata.renumber('zs', 'S000013010001223000001', 'S000013010001223000009', 'r5', 'a5');
SELECT certdata.record_act('share', 'zs', 'S000013010001223000004', NULL, '{"to": "税务"}') > 0;
BEGIN;
SET LOCAL certdata.exception = 'correction.one_item: 判决';
SELECT certdata.correct('zs', 'S000013010001223000002', '{"姓名": "李四"}', 'r6', 'a6');
INSERT INTO certdata.level_letter VALUES ('Z', '特级技师');
DELETE FROM certdata.level_letter WHERE letter = 'Z';
COMMIT;
SELECT certdata.detach('zs', 'end of test');

SET ROLE certdata_auditor;
SELECT kind, "table", entries, address, actor, actor_org, reason, approval, exception, CASE WHEN kind IN ('share', 'settings') THEN detail END
	FROM certdata.recorded_act WHERE act > (SELECT act FROM mark) AND kind <> 'shape' ORDER BY act;
SELECT kind, "table", n, cert_no, life_seq, state, changed, old_values, actor
	FROM certdata.recorded_entry WHERE act > (SELECT act FROM mark) ORDER BY act, n;
SELECT count(*), bool_and(at <= clock_timestamp()), bool_and(session_user_name = session_user), bool_and(current_user_name = session_user), bool_and(application_name ~ 'ledger_views')
	FROM certdata.recorded_act WHERE act > (SELECT act FROM mark);
-- one life, by its number; an act, by its own
SELECT array_agg(kind ORDER BY life_seq) FROM certdata.recorded_entry WHERE cert_no = 'S000013010001223000002' AND act > (SELECT act FROM mark);
-- acts of the ledger itself are no table's
SELECT kind, "table" FROM certdata.recorded_act WHERE kind = 'start';
-- every act once, whether it is sealed or not
RESET ROLE;
SELECT (SELECT count(*) FROM certdata.recorded_act) = (SELECT count(*) FROM certdata.ledger_act), (SELECT count(*) FROM certdata.recorded_entry) = (SELECT count(*) FROM certdata.ledger_entry),
	(SELECT bool_and(sealed = (leaf IS NOT NULL)) FROM certdata.recorded_act);
SELECT certdata.seal() > 0;
SELECT count(*) > 0, bool_and(certdata.leaf_of(act) = leaf) FROM certdata.recorded_act WHERE sealed;

-- days are those of the time zone, whatever the session's
SET certdata.time_zone = 'Asia/Shanghai';
SET TimeZone = 'America/New_York';
SELECT d, certdata.day_of(d::timestamptz) FROM unnest(ARRAY['2026-01-01 15:59:59.999999+00', '2026-01-01 16:00+00', '2026-01-01 16:00+08', '-infinity', 'infinity']) AS d;
SET TimeZone = 'UTC';
SET DateStyle = ISO;
SELECT certdata.day_begins('2026-01-02'), certdata.day_of(certdata.day_begins('2026-01-02')), certdata.day_of(certdata.day_begins('2026-01-02') - interval '1 microsecond');
SET certdata.time_zone = 'America/Sao_Paulo';
-- there midnight of 2018-11-04 was none
SELECT certdata.day_begins('2018-11-04'), certdata.day_of(certdata.day_begins('2018-11-04'));
RESET certdata.time_zone;
SELECT count(*) > 10, bool_and(day = certdata.today()) FROM certdata.acts_of(certdata.today()) AS r, mark WHERE r.act > mark.act;
SELECT (SELECT count(*) FROM certdata.acts_of('2000-01-01', '2100-01-01')) = (SELECT count(*) FROM certdata.recorded_act);
SELECT count(*) FROM certdata.acts_of(certdata.today() - 1) AS r, mark WHERE r.act > mark.act;
SELECT (SELECT count(*) FROM certdata.acts_of(certdata.today())) = (SELECT count(*) FROM certdata.recorded_act WHERE day = certdata.today());

-- what is masked
SELECT f || ': ' || certdata.masked(f, v) FROM (VALUES ('姓名', '王小明'), ('name', '王小明'), ('证件号码', '130102199003071233'), ('id_number', 'E12345678'), ('证书编号', 'S000013010001223000001'),
	('所在单位', '甲公司'), ('所在单位', '甲130102199003071233'), ('nosuch', '130102199003071233'), ('姓名', ''), ('职业名称', repeat('长', 70))) AS v(f, v);
SELECT certdata.masked('姓名', NULL) IS NULL, certdata.masked(NULL, '王小明') IS NULL;
SET certdata.mask_last = 0;
SELECT certdata.masked('证件号码', '130102199003071233');
RESET certdata.mask_last;

DROP SCHEMA ledger_views CASCADE;
