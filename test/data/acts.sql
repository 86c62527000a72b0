-- For tests of acts: certdata, what a statement is expected to give, and
-- certificates to act on.  fill() is made in the schema that search_path names.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
SET certdata.language = en;
\pset format unaligned
\t on

-- #01 stands for certificate number S000013010001223000001; expected is what
-- the statement gives, or SQLSTATE and rule of its refusal
CREATE FUNCTION pg_temp.expect(expected text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
	rule text;
BEGIN
	BEGIN
		EXECUTE regexp_replace(statement, '#(\d\d)', 'S0000130100012230000\1', 'g') INTO got;
		got := CASE got WHEN '' THEN 'done' ELSE COALESCE(regexp_replace(got, 'S0000130100012230000(\d\d)', '#\1', 'g'), 'null') END;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
		got := rtrim(SQLSTATE || ' ' || rule);
		IF got <> expected THEN
			got := got || ': ' || SQLERRM;
		END IF;
	END;
	RETURN CASE WHEN got = expected THEN 'ok      ' ELSE 'NOT OK  ' || got || ', not ' END || expected || '  <-  ' || statement;
END $$;

-- certificates #01 to #n
CREATE FUNCTION fill(target regclass, n int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT ''张三'', ''居民身份证'', ''130102199003071233'', ''甲公司'', ''车工'', ''三级'', (''S000013010001223'' || lpad(i::text, 6, ''0''))::certdata.certno,
			''2022-02-09'', ''甲校'', ''甲中心'' FROM generate_series(1, $1) AS i', target) USING n;
END $$;
