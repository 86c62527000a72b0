-- Evidence and export.  Looks for: a bundle that does not prove what it shows,
-- by the format in doc/ledger.md, computed here once more in SQL; entries that
-- are left out, or not sealed yet; values that were not asked for, or that open
-- no commitment; values for those who may not read the table; an export that
-- is not the tree's, whole or in part, or that takes memory.
\pset format unaligned
\t on
\set database ledger_evidence
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/own_database.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE ROLE ledger_evidence_officer IN ROLE certdata_officer;
CREATE ROLE ledger_evidence_auditor IN ROLE certdata_auditor;
CREATE ROLE ledger_evidence_admin IN ROLE certdata_admin;
CREATE ROLE ledger_evidence_nobody;

-- ---- the format, in SQL
CREATE FUNCTION value(v bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
	$$SELECT COALESCE(int4send(length(v)) || v, '\xffffffff')$$;
CREATE FUNCTION value(v text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$SELECT t.value(convert_to(v, 'UTF8'))$$;
CREATE FUNCTION hex(v text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$SELECT decode(v, 'hex')$$;
CREATE FUNCTION act_data(a jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
	SELECT t.value('certdata-act/1') || string_agg(t.value(a ->> k), '' ORDER BY ord)
	FROM unnest(ARRAY['id', 'incarnation', 'transaction', 'statement_id', 'kind', 'attachment', 'shape', 'entries', 'recorded_at',
		'session_user_name', 'current_user_name', 'address', 'application_name', 'actor', 'actor_org', 'reason', 'approval', 'exception', 'detail'])
		WITH ORDINALITY AS f(k, ord)
$$;
CREATE FUNCTION body(e jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
	SELECT t.value(e ->> 'shape') || t.value(e ->> 'cert_no') || t.value(e ->> 'life_seq') || t.value(e ->> 'state') || t.value(e ->> 'changed')
		|| t.value(t.hex(e ->> 'previous')) || t.value(t.hex(e ->> 'salts_digest')) || t.value(t.hex(e ->> 'commitments'))
$$;
CREATE FUNCTION act_hash(a jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$SELECT sha256('\x00' || t.act_data(a))$$;
CREATE FUNCTION entry_hash(b jsonb, e jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
	SELECT sha256('\x00' || t.value('certdata-entry/1') || t.value(t.act_hash(b -> 'acts' -> (e ->> 'act')::int)) || t.value(e ->> 'n') || t.body(e))
$$;
CREATE FUNCTION proof(p jsonb) RETURNS bytea[] LANGUAGE sql IMMUTABLE AS
	$$SELECT COALESCE(array_agg(decode(n, 'base64') ORDER BY ord), '{}') FROM jsonb_array_elements_text(p -> 'proof') WITH ORDINALITY AS x(n, ord)$$;
-- values of a part as they are committed to
CREATE FUNCTION part_value(d jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE d ->> 'part'
		WHEN 'N' THEN convert_to(COALESCE(d -> 'values' ->> '姓名', ''), 'UTF8')
		WHEN 'O' THEN convert_to(d ->> 'text', 'UTF8')
		ELSE (SELECT string_agg(t.value(COALESCE(d -> 'values' ->> k, '')), '' ORDER BY ord) FROM unnest(CASE d ->> 'part' WHEN 'D' THEN ARRAY['证件类型', '证件号码']
			ELSE ARRAY['所在单位', '职业名称', '工种名称', '职业技能等级', '证书编号', '发证日期', '评价机构', '发证机构'] END) WITH ORDINALITY AS f(k, ord)) END
$$;
CREATE FUNCTION opens(e jsonb, d jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT substr(t.hex(e ->> 'commitments'), 32 * (CASE WHEN length(e ->> 'commitments') = 64 THEN 0 ELSE strpos('NDRO', d ->> 'part') - 1 END) + 1, 32)
		= sha256(t.hex(d ->> 'salt') || convert_to(d ->> 'part', 'UTF8') || t.part_value(d))
$$;
-- what a bundle is worth: each false is named
CREATE FUNCTION verify(b jsonb) RETURNS text LANGUAGE sql AS $$
	WITH head AS (SELECT split_part(b ->> 'head', E'\n', 2)::bigint AS size, decode(split_part(b ->> 'head', E'\n', 3), 'base64') AS root),
	entry AS (SELECT e, ord, lag(e) OVER (ORDER BY ord) AS before FROM jsonb_array_elements(b -> 'entries') WITH ORDINALITY AS x(e, ord))
	SELECT COALESCE(string_agg(problem, ', '), 'proved') FROM (
		SELECT 'head' AS problem FROM head WHERE root <> certdata.tree_root(size) OR b ->> 'head' <> certdata.head(size)
			OR b ->> 'origin' <> split_part(b ->> 'head', E'\n', 1) OR b ->> 'origin' <> 'certdata/' || (b ->> 'ledger')
		UNION ALL SELECT 'act ' || (a ->> 'id') FROM head, jsonb_array_elements(b -> 'acts') AS a
			WHERE NOT certdata.verify_inclusion(b ->> 'algorithm', (a ->> 'leaf')::bigint, size, t.act_hash(a), t.proof(a), root)
		UNION ALL SELECT 'entry ' || ord FROM head, entry
			WHERE NOT certdata.verify_inclusion(b ->> 'algorithm', (e ->> 'leaf')::bigint, size, t.entry_hash(b, e), t.proof(e), root)
		UNION ALL SELECT 'life at ' || ord FROM entry WHERE t.hex(e ->> 'previous') IS DISTINCT FROM CASE WHEN before IS NOT NULL THEN sha256('\x03' || t.body(before)) END
		UNION ALL SELECT 'disclosed at ' || ord FROM entry, jsonb_array_elements(e -> 'disclosed') AS d WHERE NOT t.opens(e, d)
		UNION ALL SELECT 'consistency ' || (c ->> 'size') FROM head, jsonb_array_elements(b -> 'consistency') AS c
			WHERE NOT certdata.verify_consistency(b ->> 'algorithm', (c ->> 'size')::bigint, size, t.proof(c), certdata.tree_root((c ->> 'size')::bigint), root)
		UNION ALL SELECT 'number' FROM entry WHERE ord = (SELECT max(ord) FROM entry) AND e ->> 'cert_no' <> b ->> 'cert_no') AS p
$$;
-- entries, each with its act's kind and the parts disclosed
CREATE FUNCTION shown(b jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg((b -> 'acts' -> (e ->> 'act')::int ->> 'kind') || ':' || right(e ->> 'cert_no', 2) || ':'
		|| COALESCE((SELECT string_agg(d ->> 'part', '') FROM jsonb_array_elements(e -> 'disclosed') AS d), ''), ' ' ORDER BY ord)
	FROM jsonb_array_elements(b -> 'entries') WITH ORDINALITY AS x(e, ord)
$$;
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
BEGIN
	EXECUTE statement INTO got;
	RETURN got;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE FUNCTION fill(target text, first int, last int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT ''张三'', ''居民身份证'', ''130102199003071233'', ''甲公司'', ''车工'', ''三级'', (''S000013010001223'' || lpad(i::text, 6, ''0''))::certdata.certno,
			''2022-02-09'', ''甲校'', ''甲中心'' FROM generate_series($1, $2) AS i', target) USING first, last;
END $$;

-- ---- before anything is sealed
SELECT certdata.create_registry('zs');
SELECT fill('zs', 1, 300);
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000001')$$);
SELECT try($$SELECT certdata.export_ledger()$$);
SELECT certdata.seal() > 300;
SELECT fill('zs', 301, 301);
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000301')$$);
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000999')$$);

-- ---- one life; what is newer than the head is told of
SET application_name = E'psql "\\\u4e00';
SELECT certdata.correct('zs', 'S000013010001223000001', '{"姓名": "李四"}', E'typing "error"\n\\', 'doc 1');
SELECT certdata.seal() > 0;
SELECT certdata.correct('zs', 'S000013010001223000001', '{"姓名": "王五", "所在单位": null}', 'again', 'doc 2');
SELECT certdata.suspend('zs', 'S000013010001223000001', 'doubtful');
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000001') AS jsonb) AS b;
SELECT certdata.seal() > 0;
SELECT certdata.renumber('zs', '{S000013010001223000001,S000013010001223000002}'::certdata.certno[],
	'{S000013010001223000002,S000013010001223000401}'::certdata.certno[], 'r', 'a');
SELECT certdata.seal() > 0;
SELECT shown(b), verify(b), b ->> 'table', b ->> 'cert_no', b ->> 'format', jsonb_array_length(b -> 'consistency') FROM CAST(certdata.evidence('zs', 'S000013010001223000002') AS jsonb) AS b;
-- whoever asks by the number it had before the swap gets the one that had it last
SELECT shown(b), verify(b), b ->> 'cert_no' FROM CAST(certdata.evidence('zs', 'S000013010001223000401'::certdata.certno) AS jsonb) AS b;
SELECT shown(b), verify(b), b ->> 'cert_no' FROM CAST(certdata.evidence('zs', 'S000013010001223000001') AS jsonb) AS b;

-- ---- disclosed in part
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{姓名}') AS jsonb) AS b;
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{证件号码}') AS jsonb) AS b;
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{评价机构}') AS jsonb) AS b;
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{证件类型,姓名,证书编号,证书编号}') AS jsonb) AS b;
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', NULL) AS jsonb) AS b;
SELECT jsonb_path_query_array(b, '$.entries[*].disclosed[*].values."姓名"') FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{姓名}') AS jsonb) AS b;
-- nothing of what was not asked for is anywhere in it
SELECT b ~ '甲公司|13010219900307|张三', b ~ '李四|王五' FROM CAST(certdata.evidence('zs', 'S000013010001223000002') AS text) AS b;
SELECT b ~ '甲公司|13010219900307', b ~ '张三' AND b ~ '李四' AND b ~ '王五' FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{姓名}') AS text) AS b;
-- the test itself: a bundle that was tampered with proves nothing
SELECT verify(jsonb_set(b, '{acts,1,reason}', '"another"')) FROM CAST(certdata.evidence('zs', 'S000013010001223000002') AS jsonb) AS b;
SELECT verify(jsonb_set(b, '{entries,1,disclosed,0,values,姓名}', '"赵六"')) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{姓名}') AS jsonb) AS b;
SELECT verify(b #- '{entries,2}') FROM CAST(certdata.evidence('zs', 'S000013010001223000002') AS jsonb) AS b;
-- headers that there are not; one could be somebody's name
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000002', '{姓名,欧阳娜}')$$), try($$SELECT certdata.evidence('zs', 'S000013010001223000002', '{NULL}')$$);
SELECT certdata.evidence('zs', 'S000013010001223000002', '{name}');

-- ---- consistency
SELECT verify(b), jsonb_path_query_array(b, '$.consistency[*].size') @> '[7]', jsonb_array_length(b -> 'consistency')
	FROM CAST(certdata.evidence('zs', 'S000013010001223000002', since => 7) AS jsonb) AS b;
SELECT verify(b), jsonb_array_length(b -> 'consistency') FROM (SELECT split_part(certdata.head(), E'\n', 2)::bigint AS size) AS h,
	CAST(certdata.evidence('zs', 'S000013010001223000002', since => size) AS jsonb) AS b;
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000002', since => 0)$$);
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000002', since => -1)$$);
SELECT try($$SELECT certdata.evidence('zs', 'S000013010001223000002', since => 1000000)$$) ~ '^22023';
-- of many heads the newest, and some of all the others
DO $$ BEGIN FOR i IN 1..97 LOOP PERFORM certdata.suspend('zs', ('S0000130100012230001' || lpad(i::text, 2, '0'))::certdata.certno, 'r'); COMMIT; PERFORM certdata.seal(); COMMIT; END LOOP; END $$;
SELECT count(*) FROM certdata.ledger_head;
CREATE FUNCTION sizes() RETURNS SETOF bigint LANGUAGE sql AS $$
	SELECT s::bigint FROM jsonb_path_query(CAST(certdata.evidence('zs', 'S000013010001223000002') AS jsonb), '$.consistency[*].size') AS s
$$;
SELECT count(*), array_agg(s ORDER BY s) = (SELECT array_agg(size ORDER BY size) FROM certdata.ledger_head WHERE size < (SELECT max(size) FROM certdata.ledger_head)) FROM sizes() AS s;
DO $$ BEGIN FOR i IN 1..97 LOOP PERFORM certdata.resume('zs', ('S0000130100012230001' || lpad(i::text, 2, '0'))::certdata.certno, 'r'); COMMIT; PERFORM certdata.seal(); COMMIT; END LOOP; END $$;
SELECT count(*), min(s) = (SELECT min(size) FROM certdata.ledger_head), count(*) = count(DISTINCT s), bool_and(s IN (SELECT size FROM certdata.ledger_head)),
	bool_and(s > before) FROM (SELECT s, lag(s, 1, 0::bigint) OVER () AS before FROM sizes() AS s) AS s;
SELECT array_agg(s ORDER BY s DESC) = (SELECT array_agg(size ORDER BY size DESC) FROM (SELECT size FROM certdata.ledger_head ORDER BY size DESC OFFSET 1 LIMIT 50) AS h) FROM (SELECT * FROM sizes() AS s ORDER BY s DESC LIMIT 50) AS s;
SELECT verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002') AS jsonb) AS b;

-- ---- a head of this transaction is none so far
BEGIN;
SELECT certdata.seal() > 0;
SELECT certdata.suspend('zs', 'S000013010001223000020', 'r');
SELECT verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000020') AS jsonb) AS b;
ROLLBACK;
-- read only, and with an older snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{姓名}') AS jsonb) AS b;
COMMIT;

-- ---- a row that was altered behind the ledger's back is not disclosed as if it had been recorded
ALTER TABLE zs DISABLE TRIGGER ALL;
UPDATE zs SET name = '冒名' WHERE cert_no = 'S000013010001223000030';
ALTER TABLE zs ENABLE TRIGGER ALL;
SELECT shown(b), verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000030', '{姓名,证件号码}') AS jsonb) AS b;

-- ---- export
SELECT count(*) = (SELECT max(size) FROM certdata.ledger_head), bool_and(split_part(l, E'\t', 1)::bigint = ord - 1) FROM certdata.export_ledger() WITH ORDINALITY AS x(l, ord);
SELECT bool_and(certdata.leaf_hash(split_part(l, E'\t', 1)::bigint) = sha256('\x00' || decode(split_part(l, E'\t', 2), 'base64'))) FROM certdata.export_ledger() AS l;
SELECT (SELECT array_agg(l) FROM certdata.export_ledger(n) AS l) IS NOT DISTINCT FROM (SELECT array_agg(l) FROM (SELECT l FROM certdata.export_ledger() AS l LIMIT n) AS m), n
	FROM unnest(ARRAY[0, 1, 5, 6, 255, 256, 257, 300]) AS n;
SELECT count(*) FROM certdata.export_ledger() AS l WHERE position(convert_to('张三', 'UTF8') IN decode(split_part(l, E'\t', 2), 'base64')) > 0;
SELECT try('SELECT certdata.export_ledger(-1)'), try('SELECT certdata.export_ledger(1000000)') ~ '^22023';
-- it ends where nobody wants more, and leaves nothing open
SELECT length(certdata.export_ledger()) > 0 LIMIT 1;
BEGIN;
DECLARE c CURSOR FOR SELECT certdata.export_ledger();
MOVE 300 FROM c;
FETCH 1 FROM c \gset
SELECT split_part(:'export_ledger', E'\t', 1);
CLOSE c;
COMMIT;
-- a row that is gone
BEGIN;
DELETE FROM certdata.ledger_entry WHERE act = (SELECT act FROM certdata.ledger_entry WHERE cert_no = 'S000013010001223000050') AND n = 50;
SELECT try('SELECT count(*) FROM certdata.export_ledger()');
ROLLBACK;

-- ---- who may
SELECT p.proname, r, bool_and(has_function_privilege(r, p.oid, 'EXECUTE')), bool_or(has_function_privilege(r, p.oid, 'EXECUTE'))
	FROM pg_proc AS p, unnest(ARRAY['ledger_evidence_officer', 'ledger_evidence_auditor', 'ledger_evidence_admin', 'ledger_evidence_nobody']) AS r
	WHERE p.pronamespace = 'certdata'::regnamespace AND p.proname IN ('evidence', 'export_ledger') GROUP BY 1, 2 ORDER BY 1, 2;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA t TO PUBLIC;
SET ROLE ledger_evidence_auditor;
SELECT certdata.evidence('zs', 'S000013010001223000002') IS NOT NULL;
SELECT certdata.evidence('zs', 'S000013010001223000002', '{姓名}');
RESET ROLE;
GRANT SELECT ON zs TO ledger_evidence_auditor;
SET ROLE ledger_evidence_auditor;
SELECT verify(b) FROM CAST(certdata.evidence('zs', 'S000013010001223000002', '{姓名}') AS jsonb) AS b;
RESET ROLE;

\c contrib_regression
DROP DATABASE ledger_evidence;
DROP ROLE ledger_evidence_officer, ledger_evidence_auditor, ledger_evidence_admin, ledger_evidence_nobody;
