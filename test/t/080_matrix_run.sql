-- Makes the script that 080_matrix.sh runs: for each cell a transaction of its
-- own, undone in the end, whose statements are sent as an application would.

CREATE TABLE m.cell (id int GENERATED ALWAYS AS IDENTITY, name text, tab char, role text, said text, setup text, run text,
	state text, probe text, change jsonb, adds int, life text);
CREATE TABLE m.result (id int PRIMARY KEY, state text, message text, before jsonb, after jsonb, added int, life_before text, life_after text);
GRANT SELECT ON m.tab TO PUBLIC;

CREATE FUNCTION m.row_of(tab char, number text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	found jsonb;
BEGIN
	EXECUTE (SELECT format('SELECT to_jsonb(x) FROM %s AS x WHERE %I::text IS NOT DISTINCT FROM $1', t.relation, t.no_column) FROM m.tab AS t WHERE t.tab = row_of.tab)
		INTO found USING number;
	RETURN found;
END $$;
CREATE FUNCTION m.count_of(tab char) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
BEGIN
	EXECUTE (SELECT format('SELECT count(*) FROM %s', t.relation) FROM m.tab AS t WHERE t.tab = count_of.tab) INTO found;
	RETURN found;
END $$;
-- What certdata knows about a number: nothing, and that there is nothing to know, are alike.
CREATE FUNCTION m.life_of(tab char, number text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT NULLIF(concat_ws(' ', CASE WHEN e.state & 65 = 1 THEN 'name' END, CASE WHEN e.state & 66 = 2 THEN 'document' END), '')
		FROM certdata.ledger_entry AS e JOIN certdata.ledger_shape AS s ON s.id = e.shape JOIN certdata.attachment AS a ON a.registry = s.registry
			JOIN m.tab AS t ON a.relation = t.relation::regclass
		WHERE t.tab = life_of.tab AND e.cert_no = number::certdata.certno ORDER BY e.life_seq DESC LIMIT 1),
		(SELECT NULLIF(concat_ws(' ', CASE WHEN l.suspended THEN 'suspended' END, CASE WHEN l.retired THEN 'retired' END, CASE WHEN l.reserved THEN 'reserved' END), '')
		FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry JOIN m.tab AS t ON a.relation = t.relation::regclass
		WHERE t.tab = life_of.tab AND l.cert_no = number::certdata.certno)) $$;
-- null and empty are the same
CREATE FUNCTION m.values_of(r jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(key, value) FILTER (WHERE value NOT IN ('null', '""')) FROM jsonb_each(r) $$;
CREATE FUNCTION m.set_list(change jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%I = %L', key, value), ', ') FROM jsonb_each_text(change) $$;
CREATE FUNCTION m.by_header(tab char, change jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT COALESCE(jsonb_object_agg(f.header, c.value), '{}') FROM jsonb_each(change) AS c JOIN m.field AS f ON f.field = c.key
	WHERE f.header IS NOT NULL AND (tab <> 't' OR f.text_column IS NOT NULL) $$;
CREATE FUNCTION m.copy_line(r jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT E'\n' || string_agg(COALESCE(value, '\N'), E'\t') || E'\n\\.' FROM jsonb_each_text(r) $$;
-- what the words in braces stand for: change in words of fields, row a whole one
CREATE FUNCTION m.expand(template text, tab char, number text, change jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	t m.tab := (SELECT x FROM m.tab AS x WHERE x.tab = expand.tab);
	mine jsonb := m.in_columns(tab, change);
	headers jsonb := m.by_header(tab, change);
	columns text[] := ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = t.relation::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum);
	all_columns text := (SELECT string_agg(quote_ident(c), ', ') FROM unnest(columns) AS c);
	r record;
	s text := template;
BEGIN
	FOR r IN SELECT * FROM (VALUES
		('HA', (SELECT string_agg(quote_ident(k), ', ') FROM jsonb_object_keys(headers) AS k)),
		('HI', (SELECT string_agg(quote_nullable(value), ', ') FROM jsonb_each_text(headers))),
		('HD', m.copy_line(headers)),
		('D', m.copy_line((SELECT jsonb_object_agg(c, mine -> c) FROM unnest(columns) AS c))),
		('I', (SELECT string_agg(quote_nullable(mine ->> c), ', ' ORDER BY o) FROM unnest(columns) WITH ORDINALITY AS u(c, o))),
		('X', (SELECT string_agg('x.' || quote_ident(c), ', ') FROM unnest(columns) AS c)),
		('B', (SELECT string_agg(quote_ident(c), ', ') FROM unnest(columns) AS c WHERE c <> 'note')),
		('Y', (SELECT string_agg('x.' || quote_ident(c), ', ') FROM unnest(columns) AS c WHERE c <> 'note')),
		('E', (SELECT string_agg('excluded.' || quote_ident(c), ', ') FROM unnest(columns) AS c)),
		('T', t.relation), ('L', t.leaf), ('V', t.relation || '_live'), ('R', t.relation || '_report'), ('O', t.no_column),
		('N', quote_literal(number)), ('P', quote_literal(change ->> 'cert_no')), ('S', m.set_list(mine)), ('H', m.set_list(headers)),
		('K', (SELECT quote_ident(min(k)) FROM jsonb_object_keys(mine) AS k)), ('W', (SELECT quote_nullable(min(value)) FROM jsonb_each_text(mine))),
		('C', quote_literal(mine) || '::jsonb'), ('J', quote_literal(headers)),
		('F', quote_literal(m.in_columns(tab, m.fresh(603))) || '::jsonb'), ('G', quote_literal(m.in_columns(tab, m.fresh(602))) || '::jsonb')) AS v(word, meaning) LOOP
		s := replace(s, '{' || r.word || '}', COALESCE(r.meaning, '{' || r.word || '}'));
	END LOOP;
	-- COPY's columns stand in the order of jsonb
	IF s ~ '^COPY|; COPY' THEN
		RETURN replace(s, '{A}', (SELECT string_agg(quote_ident(k), ', ') FROM jsonb_object_keys((SELECT jsonb_object_agg(c, 0) FROM unnest(columns) AS c)) AS k));
	END IF;
	RETURN replace(s, '{A}', all_columns);
END $$;
-- one statement each, as psql reads them; it does not tell that a COPY failed
-- (:ERROR), so one more statement follows
CREATE FUNCTION m.statements(run text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT CASE WHEN run ~ '\$do\$' THEN run WHEN s ~ '\\\.$' THEN s || E'\nSELECT;' WHEN s ~ ';$' THEN s ELSE s || ';' END
	FROM regexp_split_to_table(CASE WHEN run ~ '\$do\$' THEN 'x' ELSE run END, '; ') AS s $$;
CREATE FUNCTION m.holds(needs text, act text, change jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	answer boolean;
BEGIN
	EXECUTE 'SELECT ' || needs || ' FROM (SELECT $1 AS act, $2 AS change) AS v' INTO answer USING act, change;
	RETURN answer;
END $$;

-- ---- cells

INSERT INTO m.cell (name, tab, role, said, setup, run, state, probe, change, adds, life)
SELECT format('%s: %s, %s, %s', r.route, a.act, t.relation, role), t.tab, role, a.said,
	replace(replace(m.expand(r.setup, t.tab, m.no(a.cert), a.change), '{Q}', quote_literal(m.expand('UPDATE {T} SET {S} WHERE {O} = {N}', t.tab, m.no(a.cert), a.change))), '::jsonb);', ');'),
	replace(m.expand(r.run, t.tab, m.no(a.cert), a.change), '{M}', CASE a.said WHEN 'full' THEN '''原因'', ''文号''' WHEN 'reason' THEN '''原因''' ELSE 'NULL' END),
	COALESCE(e.state, a.state), m.no(a.cert),
	CASE WHEN a.state = '00000' AND (e.state IS NULL OR r.route = 'error swallowed') THEN m.in_columns(t.tab, r.also || a.change) END, 0,
	CASE WHEN a.state = '00000' AND (e.state IS NULL OR r.route = 'error swallowed') THEN a.life END
FROM m.route AS r JOIN m.act AS a ON true JOIN m.tab AS t ON r.tabs ~ t.tab AND a.tabs ~ t.tab
	CROSS JOIN LATERAL string_to_table(r.roles, NULL) AS role
	LEFT JOIN m.exception AS e ON r.route ~ ('^(' || e.route || ')$') AND a.act ~ ('^(' || e.act || ')$')
WHERE m.holds(r.needs, a.act, a.change);

INSERT INTO m.cell (name, tab, role, said, setup, run, state, probe, change, adds)
SELECT format('%s: %s, %s, %s', r.route, a.act, t.relation, role), t.tab, role, 'nothing',
	replace(replace(m.expand(r.setup, t.tab, m.no(a.n), m.fresh(a.n, a.change)), '{Q}', quote_literal(m.expand('INSERT INTO {T} SELECT * FROM jsonb_populate_record(NULL::{T}, {C})', t.tab, m.no(a.n), m.fresh(a.n, a.change)))), '::jsonb);', ');'),
	m.expand(r.run, t.tab, m.no(a.n), m.fresh(a.n, a.change)), COALESCE(e.state, a.state), m.no(a.n),
	CASE WHEN a.state = '00000' AND r.adds > 0 THEN m.in_columns(t.tab, m.fresh(a.n, a.change)) END,
	CASE WHEN a.state = '00000' THEN r.adds ELSE 0 END
FROM m.insert_route AS r JOIN m.insert_act AS a ON true JOIN m.tab AS t ON r.tabs ~ t.tab AND a.tabs ~ t.tab
	CROSS JOIN LATERAL string_to_table(r.roles, NULL) AS role
	LEFT JOIN m.insert_exception AS e ON e.tabs ~ t.tab AND r.route ~ ('^(' || e.route || ')$') AND a.act ~ ('^(' || e.act || ')$')
WHERE m.holds(r.needs, a.act, a.change);

INSERT INTO m.cell (name, tab, role, said, setup, run, state, probe, adds)
SELECT format('deletion by %s, %s, %s', r.route, t.relation, role), t.tab, role, 'nothing',
	replace(m.expand(r.setup, t.tab, m.no(501), m.fresh(601)), '{Q}', quote_literal(m.expand('DELETE FROM {T} WHERE {O} = {N}', t.tab, m.no(501), '{}'))),
	m.expand(r.run, t.tab, m.no(501), m.fresh(601)), r.state, m.no(501), 0
FROM m.deletion AS r JOIN m.tab AS t ON r.tabs ~ t.tab CROSS JOIN LATERAL string_to_table(r.roles, NULL) AS role;

INSERT INTO m.cell (name, tab, role, said, setup, run, state, probe, change, adds, life)
SELECT format('certdata.%s, %s, %s', d.deed, t.relation, role), t.tab, role, 'nothing', '', m.expand('SELECT certdata.' || d.run || ';', t.tab, m.no(d.cert), '{}'),
	d.state, m.no(d.probe), CASE d.change WHEN 'null' THEN d.change ELSE m.in_columns(t.tab, d.change) END, 0, d.life
FROM m.deed AS d JOIN m.tab AS t ON d.tabs ~ t.tab CROSS JOIN LATERAL string_to_table(d.roles, NULL) AS role;

-- ---- the script

SELECT format($f$BEGIN;
%1$s
%2$s
SELECT COALESCE(m.row_of('%3$s', %4$L)::text, '') AS before, m.count_of('%3$s') AS rows, m.life_of('%3$s', %4$L) AS life \gset
SET LOCAL SESSION AUTHORIZATION %5$s;
SAVEPOINT act;
\set fine 1
\warn cell %7$s
%6$s
\if :fine
\else
ROLLBACK TO act;
\endif
RESET SESSION AUTHORIZATION;
SET LOCAL session_replication_role = origin;
SELECT COALESCE(m.row_of('%3$s', %4$L)::text, '') AS after, m.count_of('%3$s') - :rows AS added, m.life_of('%3$s', %4$L) AS life_after \gset
ROLLBACK;
DEALLOCATE ALL;
RESET ALL;
SET client_min_messages = fatal;
INSERT INTO m.result VALUES (%7$s, :'state', :'message', NULLIF(:'before', '')::jsonb, NULLIF(:'after', '')::jsonb, :added, :'life', :'life_after');
$f$, CASE c.said WHEN 'session' THEN E'SET certdata.reason = ''原因'';\nSET certdata.approval = ''文号'';'
		WHEN 'reason' THEN 'SET LOCAL certdata.reason = ''原因'';'
		WHEN 'full' THEN E'SET LOCAL certdata.reason = ''原因'';\nSET LOCAL certdata.approval = ''文号'';' ELSE '' END,
	c.setup, c.tab, c.probe, CASE c.role WHEN 'a' THEN 'm_app' WHEN 'o' THEN 'm_owner' WHEN 'f' THEN 'm_officer' WHEN 'x' THEN 'm_reader' ELSE 'postgres' END,
	(SELECT string_agg(format(E'%s\n\\if :fine\n\\set state :SQLSTATE\n\\set message :LAST_ERROR_MESSAGE\n\\if :ERROR\n\\set fine 0\n\\endif\n\\endif', s), E'\n' ORDER BY o)
	 FROM m.statements(c.run) WITH ORDINALITY AS u(s, o)), c.id)
FROM m.cell AS c ORDER BY c.id
