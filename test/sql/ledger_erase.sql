-- Lawful erasure.  Looks for: values that go before their time, or stay behind
-- anywhere in the ledger, or can be guessed by a salt that stays; proofs, leaves
-- or what is known of the certificate today that break by it; a life that cannot
-- be followed any more; erasure without reason, approval, a trace.
\pset format unaligned
\t on
\set database ledger_erase
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/own_database.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE ROLE ledger_erase_admin IN ROLE certdata_admin;
CREATE ROLE ledger_erase_officer IN ROLE certdata_officer;
CREATE ROLE ledger_erase_approver;

-- #01 stands for certificate number S000013010001223000001; days as they are reckoned
CREATE FUNCTION run(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
	constraint_name text;
BEGIN
	EXECUTE regexp_replace(statement, '#(\d\d)', 'S0000130100012230000\1', 'g') INTO got;
	RETURN COALESCE(regexp_replace(got, 'S0000130100012230000(\d\d)', '#\1', 'g'), 'null');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS constraint_name = CONSTRAINT_NAME;
	RETURN rtrim(SQLSTATE || ' ' || constraint_name) || CASE WHEN SQLSTATE = 'QC022' THEN ': '
		|| replace(regexp_replace(SQLERRM, 'S0000130100012230000(\d\d)', '#\1', 'g'), to_char((now() AT TIME ZONE 'Asia/Shanghai')::date + interval '5 years', 'YYYY-MM-DD'), 'TODAY + 5 YEARS') ELSE '' END;
END $$;
CREATE FUNCTION life(target text, number text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT regexp_replace(concat_ws(' ', h.life_seq::text, h.kind, h.number::text, h.changed::text,
			'old ' || h.old_values::text, 'new ' || CASE WHEN h.kind = 'insert' THEN COALESCE(h.new_values ->> '姓名', '-') || ' ' || (SELECT count(*) FROM jsonb_each(h.new_values))
				ELSE h.new_values::text END, 'erased ' || h.erased::text, CASE WHEN h.kind = 'erase' THEN 'reason ' || h.reason || ' approval ' || h.approval END),
		'S0000130100012230000(\d\d)', '#\1', 'g')
	FROM certdata.history(target::regclass, regexp_replace(number, '#(\d\d)', 'S0000130100012230000\1')) AS h
$$;
CREATE FUNCTION fill(target text, first int, last int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT ''张三'', ''居民身份证'', ''130102199003071233'', ''甲公司'', ''车工'', ''三级'', (''S000013010001223'' || lpad(i::text, 6, ''0''))::certdata.certno,
			''2022-02-09'', ''甲校'', ''甲中心'' FROM generate_series($1, $2) AS i', target) USING first, last;
END $$;
-- before it is sealed, an act can be made older
CREATE FUNCTION age(by interval) RETURNS void LANGUAGE sql AS $$
	UPDATE certdata.ledger_act SET recorded_at = recorded_at - by WHERE id NOT IN (SELECT act FROM certdata.ledger_order) AND recorded_at > now() - interval '1 year'
$$;
-- leaves as the rows have them are those of the tree
CREATE FUNCTION leaves_hold() RETURNS boolean LANGUAGE sql AS $$
	SELECT bool_and(certdata.leaf_hash(split_part(l, E'\t', 1)::bigint) = sha256('\x00' || decode(split_part(l, E'\t', 2), 'base64'))) FROM certdata.export_ledger() AS l
$$;
-- parts that evidence discloses
CREATE FUNCTION parts(number text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((b -> 'acts' -> (e ->> 'act')::int ->> 'kind') || ':' || COALESCE((SELECT string_agg(d ->> 'part', '') FROM jsonb_array_elements(e -> 'disclosed') AS d), ''), ' ' ORDER BY x.ord)
	FROM CAST(certdata.evidence('zs'::text::regclass, regexp_replace(number, '#(\d\d)', 'S0000130100012230000\1'), '{姓名,证件号码,证书编号}') AS jsonb) AS b, jsonb_array_elements(b -> 'entries') WITH ORDINALITY AS x(e, ord)
$$;

SELECT certdata.create_registry('zs');
SELECT fill('zs', 1, 9);
SELECT run($$SELECT certdata.correct('zs', '#01', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT run($$SELECT certdata.renumber('zs', '#01', '#21', 'r', 'a')$$);
SELECT run($$SELECT certdata.correct('zs', '#21', '{"姓名": "王五", "所在单位": "乙公司"}', 'r', 'a')$$);
SELECT run($$SELECT certdata.correct('zs', '#02', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT run($$SELECT certdata.renumber('zs', '#04', '#24', 'r', 'a')$$);
SELECT age(interval '5 years 1 day');
SELECT run($$SELECT certdata.correct('zs', '#03', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT age(interval '5 years -2 days');
SELECT run($$SELECT certdata.correct('zs', '#21', '{"姓名": "赵六"}', 'r', 'a')$$);
SELECT run($$SELECT certdata.suspend('zs', '#21', 'r')$$);
SELECT certdata.seal() > 0;
CREATE TABLE before AS SELECT e.*, certdata.leaf_hash(certdata.leaf_of(e.act, e.n)) AS leaf FROM certdata.ledger_entry AS e;
CREATE TABLE head_before AS SELECT certdata.head() AS head;

-- ---- not without reason and approval, not of what there is not
SELECT run($$SELECT certdata.erase_old_values('zs', '#21', NULL, 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('zs', '#21', ' ', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('zs', '#21', 'r', NULL)$$);
SELECT run($$SELECT certdata.erase_old_values('zs', '#99', 'r', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('zs', NULL::text, 'r', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('zs', '{#21,#02}', 'r', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values(NULL, '#21', 'r', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('before', '#21', 'r', 'a')$$);
BEGIN READ ONLY;
SELECT run($$SELECT certdata.erase_old_values('zs', '#21', 'r', 'a')$$);
COMMIT;
-- ---- nor before its time
SELECT run($$SELECT certdata.correct('zs', '#05', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('zs', '#05', 'r', 'a')$$);
SELECT left(run($$SELECT certdata.erase_old_values('zs', '#03', 'r', 'a')$$), 5);
SET certdata.language = zh;
SELECT run($$SELECT certdata.erase_old_values('zs', '#05', 'r', 'a')$$);
SET certdata.language = en;
SET certdata.retention_years = 4;
SET certdata.retention_years = 6;
SELECT left(run($$SELECT certdata.erase_old_values('zs', '#21', 'r', 'a')$$), 5);
RESET certdata.retention_years;
SELECT boot_val, min_val, context FROM pg_settings WHERE name = 'certdata.retention_years';
-- where nothing was replaced, or the number only, there is nothing to erase, nor an act
SELECT run($$SELECT certdata.erase_old_values('zs', '#06', 'r', 'a')$$), run($$SELECT certdata.erase_old_values('zs', '#24', 'r', 'a')$$);
SELECT count(*) FROM certdata.ledger_act WHERE kind = 'erase';
SELECT leaves_hold();

-- ---- what is older goes, by whatever number it is asked for
SELECT parts('#21');
SELECT run($$SELECT certdata.erase_old_values('zs', '#01', '依申请删除', 'doc 9')$$);
SELECT life('zs', '#21');
SELECT life('zs', '#02');
-- salts: gone with the values, and with every image before; kept of what the number was, and of the image since
SELECT a.kind, e.life_seq, length(b.salts) AS before, length(e.salts) AS after, length(e.commitments)
	FROM certdata.ledger_entry AS e JOIN before AS b USING (act, n) JOIN certdata.ledger_act AS a ON a.id = e.act
	WHERE e.cert_no IN ('S000013010001223000001', 'S000013010001223000021') ORDER BY e.act;
SELECT count(*) FROM certdata.ledger_entry AS e JOIN before AS b USING (act, n) WHERE e.cert_no NOT IN ('S000013010001223000001', 'S000013010001223000021') AND ROW(e.*) IS DISTINCT FROM
	ROW(b.act, b.n, b.shape, b.cert_no, b.life_seq, b.state, b.changed, b.previous, b.salts, b.commitments, b.old_values)::certdata.ledger_entry;
-- nothing but salts and old values changed
SELECT count(*) FROM certdata.ledger_entry AS e JOIN before AS b USING (act, n) WHERE (e.shape, e.cert_no, e.life_seq, e.state, e.changed, e.previous, e.commitments) IS DISTINCT FROM (b.shape, b.cert_no, b.life_seq, b.state, b.changed, b.previous, b.commitments);
-- the act names what it touched
SELECT count(*) = jsonb_array_length(a.detail -> 'entries') AND bool_and(a.detail -> 'entries' @> jsonb_build_array(jsonb_build_array(e.act, e.n)))
	FROM certdata.ledger_act AS a, certdata.ledger_entry AS e JOIN before AS b USING (act, n)
	WHERE a.kind = 'erase' AND (e.salts IS DISTINCT FROM b.salts OR e.old_values IS DISTINCT FROM b.old_values) GROUP BY a.detail;
-- the first name can not be found by trying it: neither with the salts that are left nor with their digests
SELECT count(*) FROM certdata.ledger_entry AS e, generate_series(1, 65) AS at, unnest(ARRAY['张三', '李四', '{"姓名": "张三"}', '{"姓名": "李四", "所在单位": "甲公司"}']) AS v, unnest(ARRAY['N', 'O']) AS p
	WHERE e.cert_no IN ('S000013010001223000001', 'S000013010001223000021')
		AND position(sha256(substr(e.salts, at, 16) || convert_to(p || v, 'UTF8')) IN e.commitments) > 0;
-- … which could be done before
SELECT count(*) > 0 FROM before AS e, generate_series(1, 65) AS at, unnest(ARRAY['张三', '李四', '{"姓名": "张三"}', '{"姓名": "李四", "所在单位": "甲公司"}']) AS v, unnest(ARRAY['N', 'O']) AS p
	WHERE e.cert_no IN ('S000013010001223000001', 'S000013010001223000021')
		AND position(sha256(substr(e.salts, at, 16) || convert_to(p || v, 'UTF8')) IN e.commitments) > 0;
-- proofs stay whole
SELECT leaves_hold(), bool_and(certdata.leaf_hash(certdata.leaf_of(b.act, b.n)) = b.leaf), certdata.head() = (SELECT head FROM head_before) FROM before AS b;
SELECT certdata.seal() > 0;
SELECT leaves_hold();
SET client_min_messages = notice;
SELECT parts('#21');
-- again there is nothing to erase but what must stay
SELECT run($$SELECT certdata.erase_old_values('zs', '#21', 'r', 'a')$$);
SELECT run($$SELECT certdata.erase_old_values('zs', '#02', 'r', 'a')$$), run($$SELECT certdata.erase_old_values('zs', '#02', 'r', 'a')$$);
SET client_min_messages = warning;
-- the certificate's life goes on
SELECT run($$SELECT certdata.resume('zs', '#21', 'r')$$), run($$SELECT certdata.correct('zs', '#21', '{"姓名": "孙七"}', 'r', 'a')$$);
SELECT certdata.seal() > 0;
SELECT leaves_hold(), parts('#21');
-- 第十四条 still counts the item as used
SELECT run($$SELECT certdata.correct('zs', '#02', '{"证件号码": "13010219900307002X"}', 'r', 'a')$$);
-- it can be taken back like any act
BEGIN;
SELECT run($$SELECT certdata.correct('zs', '#06', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT age(interval '6 years');
SELECT run($$SELECT certdata.erase_old_values('zs', '#06', 'r', 'a')$$);
ROLLBACK;
SELECT life('zs', '#06');
-- not sealed yet, and one that was corrected twice in one transaction
BEGIN;
SELECT run($$SELECT certdata.correct('zs', '#06', '{"姓名": "李四"}', 'r', 'a')$$), run($$SELECT certdata.correct('zs', '#06', '{"姓名": "张三"}', 'r', 'a')$$);
COMMIT;
SELECT age(interval '6 years');
SELECT run($$SELECT certdata.erase_old_values('zs', '#06', 'r', 'a')$$);
SELECT life('zs', '#06');
SELECT certdata.seal() > 0;
SELECT leaves_hold(), parts('#06');

-- verify_ledger() finds nothing amiss, but for a value that somebody puts back
SELECT * FROM certdata.verify_ledger();
BEGIN;
UPDATE certdata.ledger_entry SET old_values = '{"姓名": "张三"}' WHERE cert_no = 'S000013010001223000002' AND life_seq = 2;
SELECT count(*) > 0 FROM certdata.verify_ledger();
ROLLBACK;

-- ---- who may
SELECT r, bool_and(has_function_privilege(r, p.oid, 'EXECUTE')), bool_or(has_function_privilege(r, p.oid, 'EXECUTE'))
	FROM pg_proc AS p, unnest(ARRAY['ledger_erase_admin', 'ledger_erase_officer', 'certdata_auditor']) AS r
	WHERE p.pronamespace = 'certdata'::regnamespace AND p.proname = 'erase_old_values' GROUP BY 1 ORDER BY 1;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA t TO PUBLIC;
SELECT run($$SELECT certdata.correct('zs', '#07', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT age(interval '6 years');
SET ROLE ledger_erase_officer;
SELECT run($$SELECT certdata.erase_old_values('zs', '#07', 'r', 'a')$$);
SET certdata.retention_years = 10;
SET ROLE ledger_erase_admin;
SELECT run($$SELECT certdata.erase_old_values('zs', '#07', 'r', 'a')$$);
RESET ROLE;
GRANT SELECT, UPDATE ON zs TO ledger_erase_admin;
SET ROLE ledger_erase_admin;
SELECT run($$SELECT certdata.erase_old_values('zs', '#07', 'r', 'a')$$);
RESET ROLE;
-- approvals are the approver's
SELECT certdata.detach('zs', 'otherwise');
SELECT run($$SELECT certdata.erase_old_values('zs', '#08', 'r', 'a')$$);
SELECT certdata.attach('zs', state_column => 'state', approver => 'ledger_erase_approver') IS NOT NULL;
SELECT run($$SELECT certdata.erase_old_values('zs', '#08', 'r', 'a')$$);

\c contrib_regression
DROP DATABASE ledger_erase;
DROP ROLE ledger_erase_admin, ledger_erase_officer, ledger_erase_approver;
