-- Where rows of certdata.ledger_entry lie in the table must decide nothing but
-- how fast they are found.  Looks for: an entry that seal, export or
-- verification does not find, or takes another for, because it is not behind
-- the first of its group; a second row in the place of one, a row beyond the
-- last, of no act or with a place below 1 that verification does not see
-- because no index has it.  The export and the leaves of the table as it was
-- written are what every other order of its rows has to give.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
\pset format unaligned
\t on
SELECT current_database() AS was \gset
CREATE DATABASE ledger_scatter;
\c ledger_scatter
SET client_min_messages = warning;
SET certdata.language = en;
CREATE EXTENSION certdata;
CREATE FUNCTION no(n int) RETURNS certdata.certno LANGUAGE sql AS $$ SELECT ('S000013010001223' || lpad(n::text, 6, '0'))::certdata.certno $$;
SELECT certdata.create_registry('zs');
CREATE FUNCTION fill(a int, b int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO zs (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT '张三', '居民身份证', '130102199003071233', '甲厂', '车工', '三级', no(i), '2022-02-09', '甲校', '甲中心' FROM generate_series(a, b) AS i $$;

-- acts of one entry, of a group and a bit, of many blocks
SELECT count(fill(i, i)) FROM generate_series(1, 40) AS i;
SELECT fill(41, 73), fill(74, 105), fill(106, 169), fill(1001, 7000), fill(170, 180);
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
UPDATE zs SET employer = '乙厂' WHERE cert_no BETWEEN no(1001) AND no(3500);
COMMIT;
SELECT certdata.seal() > 8000;
SELECT fill(7001, 10000), fill(181, 182), fill(183, 183);
CREATE TABLE at AS SELECT (SELECT id FROM certdata.ledger_act WHERE entries = 6000) AS sealed, (SELECT id FROM certdata.ledger_act WHERE entries = 3000) AS open;

CREATE FUNCTION exported() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT md5(string_agg(x, ' ')) FROM certdata.export_ledger() AS x); EXCEPTION WHEN SQLSTATE 'QC023' THEN RETURN 'none'; END $$;
CREATE FUNCTION leaves() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(certdata.leaf_hash(certdata.leaf_of(act, n))::text, ' ' ORDER BY act, n)) FROM certdata.ledger_entry WHERE act < (SELECT open FROM at) $$;
CREATE TABLE was AS SELECT exported(), leaves();
SELECT problem FROM certdata.verify_ledger();

CREATE FUNCTION put(o text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	CREATE TABLE copy AS TABLE certdata.ledger_entry;
	TRUNCATE certdata.ledger_entry;
	EXECUTE 'INSERT INTO certdata.ledger_entry SELECT * FROM copy ORDER BY ' || o;
	DROP TABLE copy;
END $$;

-- What is not as it was; and whether a seal of it all gives the same leaves.
CREATE FUNCTION judge(change text, tamper text DEFAULT '', sealing boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
BEGIN
	BEGIN
		EXECUTE change;
		EXECUTE tamper;
		SELECT string_agg(x.problem || CASE WHEN n < 9 THEN ': ' || p ELSE ' ' || n END, '; ' ORDER BY x.problem) INTO got
		FROM (SELECT problem, count(*) AS n, string_agg(regexp_replace(detail, 'act \d+', 'act A', 'gi') || COALESCE(' ' || right(cert_no::text, 5), ''), ', ' ORDER BY detail, cert_no) AS p
			FROM certdata.verify_ledger() GROUP BY problem) AS x;
		IF exported() <> (SELECT exported FROM was) THEN got := concat_ws('; ', got, 'another export'); END IF;
		IF sealing THEN
			TRUNCATE certdata.ledger_order, certdata.ledger_tile, certdata.ledger_head;
			DELETE FROM certdata.ledger_act WHERE kind = 'seal';
			PERFORM certdata.seal();
			IF leaves() IS DISTINCT FROM (SELECT leaves FROM was) THEN got := concat_ws('; ', got, 'other leaves'); END IF;
			IF (SELECT count(*) FROM certdata.ledger_order) <> (SELECT count(*) FROM certdata.ledger_act) THEN got := concat_ws('; ', got, 'not sealed'); END IF;
		END IF;
		RAISE EXCEPTION USING ERRCODE = 'QZ999';
	EXCEPTION WHEN SQLSTATE 'QZ999' THEN
		RETURN COALESCE(got, 'the same') || '  <-  ' || concat_ws(', ', change, NULLIF(tamper, ''));
	END;
END $$;

SELECT judge('');
SELECT judge(format('SELECT put(%L)', o)) FROM unnest(ARRAY['md5(act || '' '' || n)', 'act DESC, n DESC', 'n, act', 'cert_no', 'act, n % 3, n']) WITH ORDINALITY AS x(o, i) ORDER BY i;
-- as erasure and triggers move them
SELECT judge('UPDATE certdata.ledger_entry SET n = n WHERE n % 32 = 1');
SELECT judge('UPDATE certdata.ledger_entry SET n = n WHERE n % 7 = 3');
SELECT judge('UPDATE certdata.ledger_entry SET n = n WHERE n % 2000 = 40');
SELECT judge('UPDATE certdata.ledger_entry SET salts = sha256(''\x04'' || salts) WHERE length(commitments) = 96 AND n % 500 IN (33, 40, 41)', '', false);
-- what the list is made from
SELECT judge('SELECT brin_summarize_new_values(''certdata.ledger_entry_act_range'')', 'SELECT put(''n, act'')');
SELECT judge('SELECT put(''cert_no''); SELECT brin_summarize_new_values(''certdata.ledger_entry_act_range'')', 'UPDATE certdata.ledger_entry SET n = n WHERE n % 7 = 3');
SELECT judge('DROP INDEX certdata.ledger_entry_act_range', 'SELECT put(''n, act'')');
-- an index of all rows, as there was one before
SELECT judge('DROP INDEX certdata.ledger_entry_act', 'ALTER TABLE certdata.ledger_entry ADD PRIMARY KEY (act, n); SELECT put(''cert_no'')');

-- rows that are missing or one too many
CREATE FUNCTION added(which text, n int, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO certdata.ledger_entry SELECT (jsonb_populate_record(e, ''{"n": %s, "cert_no": null%s}'')).* FROM certdata.ledger_entry AS e, at WHERE e.act = at.%I AND e.n = 1', n, more, which) $$;
SELECT judge(o, t, false)
FROM unnest(ARRAY['', 'SELECT put(''cert_no'')', 'SELECT put(''n, act'')']) WITH ORDINALITY AS x(o, i),
	unnest(ARRAY[added('sealed', 7), added('sealed', 33), added('sealed', 6001), added('sealed', 20000), added('sealed', 0), added('sealed', -31),
		added('open', 7), added('open', 2977), added('open', 3001), added('open', 0), added('sealed', 7, ', "act": 9999'), added('sealed', 1, ', "act": 9999'),
		'UPDATE certdata.ledger_entry SET n = 6001 FROM at WHERE act = sealed AND n = 5999']) WITH ORDINALITY AS y(t, j) ORDER BY i, j;
SELECT judge(o, t, false)
FROM unnest(ARRAY['', 'SELECT put(''cert_no'')']) WITH ORDINALITY AS x(o, i),
	unnest(ARRAY['DELETE FROM certdata.ledger_entry USING at WHERE act = open AND n IN (1, 33, 40, 3000)']) AS t ORDER BY i;
-- of a sealed act the export ends there
SELECT judge('DELETE FROM certdata.ledger_entry USING at WHERE act = sealed AND n = 40', '', false);
SELECT problem FROM certdata.verify_ledger();

-- what the writer puts into its indexes is what they ought to have
BEGIN;
SET LOCAL enable_seqscan = off;
CREATE FUNCTION by(plan text, condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	found text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN SELECT FROM certdata.ledger_entry WHERE ' || condition LOOP
		IF line ~ plan THEN found := plan; END IF;
	END LOOP;
	EXECUTE 'SELECT concat_ws('' '', $1, count(*), md5(string_agg(act || '' '' || n, '' '' ORDER BY act, n)) = (SELECT md5(string_agg(act || '' '' || n, '' '' ORDER BY act, n)) FROM copy WHERE '
		|| condition || ')) FROM certdata.ledger_entry WHERE ' || condition INTO found USING found;
	RETURN found;
END $$;
CREATE TABLE copy AS TABLE certdata.ledger_entry;
SELECT by('ledger_entry_act', '(n % 32 = 1 OR 2 * octet_length(salts) <> octet_length(commitments)) AND act > 0');
SELECT brin_summarize_new_values('certdata.ledger_entry_act_range') IS NOT NULL;
SELECT fill(10001, 12000), fill(12001, 12001);
DROP TABLE copy;
CREATE TABLE copy AS TABLE certdata.ledger_entry;
SET LOCAL enable_indexscan = off;
SELECT DISTINCT by('ledger_entry_act_range', 'act = ' || act) ~ '^ledger_entry_act_range \d+ t' FROM (SELECT act FROM copy GROUP BY act ORDER BY act DESC LIMIT 12) AS a;
ROLLBACK;

\c :was
DROP DATABASE ledger_scatter;
