-- Defect looked for: an index that a DBA has added to certdata's own tables, or
-- made anew in another shape under the name of ours, that is left without
-- entries, gets wrong ones, or stops the server; a constraint of his that is
-- not enforced.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA own_indexes;
SET search_path = own_indexes;
\set VERBOSITY terse
\pset format unaligned
\t on
CREATE EXTENSION amcheck SCHEMA own_indexes;
SELECT certdata.create_registry('zs');
CREATE FUNCTION put(first int, last int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT '张三', '居民身份证', '130102199003071233', '电工', '三级', ('S000013000001223' || lpad(i::text, 6, '0'))::certdata.certno, '2022-02-09', '甲校', '甲校' FROM generate_series(first, last) AS i $$;
CREATE FUNCTION no(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'S000013000001223' || lpad(n::text, 6, '0') $$;
-- acts of every kind, of one row and of many
CREATE FUNCTION act(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	PERFORM put(n, n), put(n + 1, n + 99);
	PERFORM certdata.correct('zs', no(n), '{"姓名": "李四"}', 'r', 'a');
	PERFORM certdata.suspend('zs', no(n + 1), 'r'), certdata.resume('zs', no(n + 1), 'r');
	PERFORM certdata.retire('zs', no(n + 2), 'r', 'a', true), certdata.reinstate('zs', no(n + 2), 'r', 'a');
	PERFORM certdata.renumber('zs', no(n + 3), no(n + 500000), 'r', 'a');
	PERFORM certdata.seal();
	BEGIN
		PERFORM put(n + 200, n + 300);
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN NULL;
	END;
END $$;
-- every B-tree of these tables has what its table has; what the ledger finds is whole
CREATE FUNCTION sound() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	PERFORM bt_index_check(i.indexrelid, true) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam
		WHERE m.amname = 'btree' AND i.indrelid IN ('certdata.ledger_entry'::regclass, 'certdata.ledger_act'::regclass, 'certdata.life'::regclass, 'certdata.ledger_tile'::regclass);
	RETURN (SELECT count(*) FROM certdata.verify_ledger() AS v WHERE v.relation = 'zs'::regclass) || ' problems, ' || (SELECT count(*) FROM certdata.history('zs', no(500001))) || ' steps';
END $$;
CREATE FUNCTION counts() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT count(*) FROM certdata.ledger_act WHERE to_tsvector('simple', kind) @@ 'suspend'::tsquery),
		(SELECT count(*) FROM certdata.ledger_entry WHERE changed <> 0),
		(SELECT count(*) FROM certdata.ledger_entry WHERE left(cert_no::text, 13) = 'S000013000001')) $$;
SELECT act(1);
SELECT sound();

-- of his own: expressions, parts, other methods, included columns
BEGIN;
CREATE INDEX ON certdata.ledger_entry (left(cert_no::text, 13), act) INCLUDE (state);
CREATE INDEX ON certdata.ledger_entry (changed) WHERE changed <> 0;
CREATE UNIQUE INDEX ON certdata.ledger_entry (act, n) INCLUDE (salts);
CREATE INDEX ON certdata.ledger_entry USING hash (life_seq);
CREATE INDEX ON certdata.ledger_act USING gin (to_tsvector('simple', kind));
CREATE INDEX ON certdata.ledger_act USING brin (recorded_at, kind);
CREATE INDEX ON certdata.life USING brin ((suspended::int), (retired::int));
CREATE UNIQUE INDEX ON certdata.life (registry, (cert_no::text));
CREATE INDEX ON certdata.ledger_tile USING brin (level);
SELECT act(1001);
SELECT sound();
SET LOCAL enable_seqscan = off;
SELECT counts() AS by_index \gset
SET LOCAL enable_seqscan = on;
SET LOCAL enable_indexscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_indexonlyscan = off;
SELECT counts() = :'by_index' AS the_same;
ROLLBACK;

-- of our names, in other shapes
BEGIN;
DROP INDEX certdata.ledger_entry_cert_no, certdata.ledger_entry_act, certdata.ledger_entry_act_range;
CREATE INDEX ledger_entry_cert_no ON certdata.ledger_entry (cert_no, life_seq) INCLUDE (salts) WHERE cert_no IS NOT NULL;
CREATE INDEX ledger_entry_act ON certdata.ledger_entry (act, n, state) INCLUDE (salts);
CREATE INDEX ledger_entry_act_range ON certdata.ledger_entry USING brin (act, n, salts);
SELECT act(2001);
SELECT sound();
ROLLBACK;

-- constraints
BEGIN;
ALTER TABLE certdata.ledger_act ADD CONSTRAINT only_once EXCLUDE USING hash (kind WITH =) WHERE (kind = 'only_once');
SELECT certdata.record_act('only_once', 'zs', NULL::text, 'r') > 0;
SELECT certdata.record_act('only_once', 'zs', NULL::text, 'r') > 0;
ROLLBACK;
SELECT sound();

SELECT certdata.detach('zs', 'end of test');
DROP SCHEMA own_indexes CASCADE;
