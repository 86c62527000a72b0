-- For tests of what is recorded, in the database :database: the digests of
-- doc/ledger.md once more, in SQL, and views of the ledger that print nothing
-- that changes from run to run.  Acts are called by their order since mark().
\ir own_database.sql
\pset null -
\pset format unaligned
\pset fieldsep ' '
\pset footer off

CREATE FUNCTION value(v bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
	$$SELECT COALESCE(int4send(length(v)) || v, '\xffffffff')$$;
CREATE FUNCTION value(v text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$SELECT t.value(convert_to(v, 'UTF8'))$$;
CREATE FUNCTION body(e certdata.ledger_entry) RETURNS bytea LANGUAGE sql AS $$
	SELECT t.value(e.shape::text) || t.value(e.cert_no::text) || t.value(e.life_seq::text) || t.value(e.state::text)
		|| t.value(e.changed::text) || t.value(e.previous)
		|| t.value(CASE WHEN length(e.commitments) = 128
			THEN sha256('\x04' || sha256('\x04' || substr(e.salts, 1, 48)) || sha256('\x04' || substr(e.salts, 49)))
			ELSE sha256('\x04' || e.salts) END)
		|| t.value(e.commitments)
$$;
CREATE FUNCTION previous(e certdata.ledger_entry) RETURNS bytea LANGUAGE sql AS $$SELECT sha256('\x03' || t.body(e))$$;

CREATE FUNCTION header(i integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT ('{姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构}'::text[])[i]
$$;
-- is it the commitment to these values?
CREATE FUNCTION commits(e certdata.ledger_entry, part integer, letter text, field integer[], v jsonb) RETURNS boolean LANGUAGE sql AS $$
	SELECT substr(e.commitments, 1 + 32 * part, 32) = sha256(substr(e.salts, 1 + 16 * part, 16) || convert_to(letter, 'UTF8')
		|| CASE WHEN letter = 'N' THEN convert_to(COALESCE(v ->> t.header(1), ''), 'UTF8')
			ELSE (SELECT string_agg(t.value(COALESCE(v ->> t.header(f), '')), '' ORDER BY o) FROM unnest(field) WITH ORDINALITY AS u (f, o)) END)
$$;
CREATE FUNCTION is_image(e certdata.ledger_entry, v jsonb) RETURNS boolean LANGUAGE sql AS $$
	SELECT t.commits(e, 0, 'N', '{1}', v) AND t.commits(e, 1, 'D', '{2,3}', v) AND t.commits(e, 2, 'R', '{4,5,6,7,8,9,10,11}', v)
$$;

CREATE TABLE marked (act bigint);
INSERT INTO marked VALUES (0);
CREATE FUNCTION mark() RETURNS void LANGUAGE sql AS $$UPDATE t.marked SET act = (SELECT COALESCE(max(id), 0) FROM certdata.ledger_act)$$;
CREATE VIEW act AS
	SELECT a.*, dense_rank() OVER (ORDER BY a.id) AS act, s.act AS statement
	FROM certdata.ledger_act AS a
	JOIN (SELECT id, dense_rank() OVER (ORDER BY id) AS act FROM certdata.ledger_act WHERE id > (SELECT act FROM t.marked)) AS s
		ON s.id = (SELECT min(m.id) FROM certdata.ledger_act AS m WHERE m.statement_id = a.statement_id)
	WHERE a.id > (SELECT act FROM t.marked);
-- entries in the order of each life; follows: is previous the digest of the entry before it in the life?
CREATE VIEW lives AS
	SELECT right(e.cert_no::text, 2) AS no, e.life_seq AS seq, a.act, a.statement AS stmt, e.n, a.kind, e.state,
		(SELECT string_agg(t.header(i + 1), ',' ORDER BY i) FROM generate_series(0, 10) AS i WHERE e.changed & (1 << i) <> 0) AS changed,
		COALESCE(length(e.commitments) / 32, 0) AS parts,
		CASE WHEN e.previous IS NULL AND p IS NULL THEN 'first'
			WHEN e.previous = t.previous(p) THEN 'follows'
			WHEN e.old_values ? '证书编号' AND EXISTS (SELECT FROM certdata.ledger_entry AS f
				WHERE f.cert_no::text = e.old_values ->> '证书编号' AND f.old_values ->> 'renumbered_to' = e.cert_no::text
					AND f.state & 64 <> 0 AND e.previous = t.previous(f)) THEN 'arrives'
			ELSE 'BROKEN' END AS follows,
		e.old_values AS old
	FROM certdata.ledger_entry AS e JOIN t.act AS a ON a.id = e.act JOIN certdata.ledger_shape AS s ON s.id = e.shape
	LEFT JOIN LATERAL (SELECT b.* FROM certdata.ledger_entry AS b JOIN certdata.ledger_shape AS bs ON bs.id = b.shape
		WHERE b.cert_no = e.cert_no AND bs.registry = s.registry AND b.life_seq < e.life_seq ORDER BY b.life_seq DESC LIMIT 1) AS p ON true
	ORDER BY 1, 2, a.id, e.n;

-- A life backward, from the row as it is now: does each image follow from the
-- next one and what that one replaced?  How many did, or what is wrong.
CREATE FUNCTION images(tab regclass) RETURNS TABLE (no text, images text) LANGUAGE plpgsql AS $$
DECLARE
	v jsonb;
	number text;
	e certdata.ledger_entry;
	seen integer;
BEGIN
	FOR v IN EXECUTE format('SELECT to_jsonb(r) FROM %s AS r ORDER BY cert_no', tab) LOOP
		v := (SELECT jsonb_object_agg(t.header(f.ord::integer), v -> f.col) FROM unnest(
			'{name,id_type,id_number,employer,occupation,work_type,level,cert_no,issue_date,evaluator,issuer}'::text[]) WITH ORDINALITY AS f (col, ord));
		number := v ->> '证书编号';
		no := right(number, 2);
		seen := 0;
		images := NULL;
		e := NULL;
		LOOP
			SELECT x.* INTO e FROM certdata.ledger_entry AS x
			WHERE x.cert_no::text = number AND (e IS NULL OR x.life_seq < e.life_seq) ORDER BY x.life_seq DESC LIMIT 1;
			EXIT WHEN NOT FOUND OR e.state & 32 <> 0;
			IF length(e.commitments) >= 96 THEN
				IF NOT t.is_image(e, v) THEN
					images := 'place ' || e.life_seq || ' is another image than ' || v::text;
					EXIT;
				END IF;
				seen := seen + 1;
				v := v || COALESCE(e.old_values, '{}');
				IF e.old_values ->> '证书编号' IS NOT NULL THEN
					number := e.old_values ->> '证书编号';
					SELECT x.* INTO e FROM certdata.ledger_entry AS x WHERE x.cert_no::text = number AND e.previous = t.previous(x);
					e.life_seq := e.life_seq + 1;
				END IF;
			END IF;
		END LOOP;
		images := COALESCE(images, seen || ' images');
		RETURN NEXT;
	END LOOP;
END $$;

-- A table of certificates, not attached; rows i to j of it; one statement with what is to be said.
CREATE TABLE plain (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no text, issue_date text, evaluator text, issuer text);
CREATE FUNCTION no(i integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'S000013000001223' || lpad(i::text, 6, '0')$$;
CREATE VIEW new_row AS
	SELECT '张三' AS name, '居民身份证' AS id_type, '130102199003071233' AS id_number, NULL::text AS employer, '电工' AS occupation, NULL::text AS work_type,
		'三级' AS level, t.no(i) AS cert_no, '2022-02-09' AS issue_date, '甲校' AS evaluator, '甲中心' AS issuer, i
	FROM generate_series(1, 99) AS i;
CREATE FUNCTION fill(tab regclass, i integer, j integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer)
		SELECT name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer
		FROM t.new_row WHERE i BETWEEN $1 AND $2 ORDER BY i', tab) USING i, j;
END $$;
CREATE FUNCTION say(reason text, approval text DEFAULT 'approved', exception text DEFAULT '') RETURNS void LANGUAGE sql AS $$
	SELECT set_config('certdata.reason', reason, true), set_config('certdata.approval', approval, true), set_config('certdata.exception', exception, true)
$$;
CREATE FUNCTION said(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	rule text;
BEGIN
	PERFORM t.say('said');
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME;
	RETURN concat_ws(' ', SQLSTATE, NULLIF(rule, ''), SQLERRM);
END $$;
