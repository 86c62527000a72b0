-- Looks for a change of the ledger, of a guarded row or of certdata.life that
-- certdata.verify_ledger() does not see, or calls by another name, and for
-- alarms where nothing was changed.  What each change is to be called was
-- written down first; a column without an expectation is a failure, too.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
\pset format unaligned
\t on

-- other tests' tables and lives are not ours to judge: a database of its own
SELECT current_database() AS was \gset
CREATE DATABASE ledger_tamper;
\c ledger_tamper
SET client_min_messages = warning;
SET certdata.language = en;
CREATE EXTENSION certdata;
SELECT * FROM certdata.verify_ledger();

CREATE FUNCTION no(n int) RETURNS certdata.certno LANGUAGE sql AS $$ SELECT ('S000013010001223' || lpad(n::text, 6, '0'))::certdata.certno $$;
SELECT certdata.create_registry('zs');
CREATE FUNCTION fill(a int, b int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO zs (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT '张三', '居民身份证', '130102199003071233', '甲厂', '车工', '三级', no(i), '2022-02-09', '甲校', '甲中心' FROM generate_series(a, b) AS i $$;
SELECT fill(1, 300);
SELECT certdata.seal() > 300;
-- items that single requests use up stand in certdata.life, too
SET certdata.item_span = request;
SELECT certdata.correct('zs', no(10), '{"姓名": "李四"}', 'r', 'a');
SELECT certdata.correct('zs', no(10), '{"姓名": "李五", "所在单位": "乙厂"}', 'r', 'a');
SELECT certdata.correct('zs', no(11), '{"所在单位": "丙厂"}', 'r', 'a');
SELECT certdata.correct('zs', no(12), '{"证件号码": "11010519491231002X"}', 'r', 'a');
RESET certdata.item_span;
SELECT certdata.retire('zs', no(13), 'r', 'a', true, no(14));
SELECT certdata.retire('zs', no(15), 'r', 'a', true);
SELECT certdata.reinstate('zs', no(15), 'r', 'a');
SELECT certdata.suspend('zs', no(16), 'r', 'a');
SELECT certdata.renumber('zs', no(10), no(410), 'r', 'a');
SELECT certdata.renumber('zs', ARRAY[no(17), no(18)], ARRAY[no(18), no(17)], 'r', 'a');
SELECT certdata.seal() > 300;
SELECT certdata.correct('zs', no(19), '{"姓名": "李四"}', 'r', 'a');
SELECT certdata.suspend('zs', no(19), 'r', 'a');
SELECT certdata.seal() > 300;
SELECT certdata.correct('zs', no(21), '{"姓名": "李四"}', 'r', 'a');
SELECT certdata.correct('zs', no(21), '{"姓名": "李五"}', 'r', 'a');
SELECT certdata.renumber('zs', no(22), no(422), 'r', 'a');
-- nothing was changed
SELECT * FROM certdata.verify_ledger();
SELECT count(*) FROM certdata.ledger_tile;

-- the acts and numbers that are tampered with
CREATE TABLE at AS SELECT
	(SELECT id FROM certdata.ledger_act WHERE kind = 'correct' ORDER BY id LIMIT 1) AS corrected,	-- sealed, of number 10
	(SELECT id FROM certdata.ledger_act WHERE kind = 'correct' ORDER BY id OFFSET 2 LIMIT 1) AS other,	-- of number 11
	(SELECT id FROM certdata.ledger_act WHERE kind = 'correct' ORDER BY id DESC OFFSET 1 LIMIT 1) AS open,	-- not sealed
	(SELECT id FROM certdata.ledger_act WHERE kind = 'insert') AS inserted;

-- Another value of a column, by its type.
CREATE FUNCTION other_value(type regtype, c name) RETURNS text LANGUAGE sql AS $$
	SELECT format(CASE type::text
		WHEN 'bigint' THEN '%1$I + 100000' WHEN 'integer' THEN '%1$I + 7' WHEN 'smallint' THEN '%1$I + 3'
		WHEN 'text' THEN 'COALESCE(%1$I || ''x'', ''x'')' WHEN 'certdata.org_name' THEN '''丁厂''' WHEN 'certdata.occupation_name' THEN '''焊工''' WHEN 'certdata.work_type_name' THEN '''气焊工''' WHEN 'uuid' THEN 'gen_random_uuid()'
		WHEN 'jsonb' THEN 'COALESCE(%1$I, ''{}'') || ''{"x": 1}''' WHEN 'timestamp with time zone' THEN '%1$I + interval ''1 us'''
		WHEN 'xid8' THEN '(COALESCE(%1$I::text::bigint, 1) + 1)::text::xid8' WHEN 'boolean' THEN 'NOT %1$I'
		WHEN 'bytea' THEN 'set_byte(%1$I, 0, get_byte(%1$I, 0) # 1)' WHEN 'certdata.certno' THEN 'no(200)' END, c) $$;

-- What the verifier calls it, and whether that is what was expected.
CREATE FUNCTION try(what text, statement text, expected text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
	touched bigint;
BEGIN
	BEGIN
		ALTER TABLE zs DISABLE TRIGGER ALL;
		EXECUTE statement;
		GET DIAGNOSTICS touched = ROW_COUNT;
		SELECT COALESCE(string_agg(DISTINCT problem, ' ' ORDER BY problem), 'SILENT') INTO got FROM certdata.verify_ledger();
		RAISE EXCEPTION USING ERRCODE = 'QZ999';
	EXCEPTION WHEN SQLSTATE 'QZ999' THEN
		NULL;
	END;
	IF touched = 0 AND statement !~ '^DO' THEN
		RETURN 'NOT OK  nothing was changed  <-  ' || what;
	END IF;
	RETURN CASE WHEN got = expected THEN 'ok      ' ELSE 'NOT OK  ' || got || ', not ' END || COALESCE(expected, '?') || '  <-  ' || what;
END $$;

CREATE TABLE expected (tab text, whom text, condition text, columns text, problems text, value text);
INSERT INTO expected (tab, whom, condition, columns, problems, value) VALUES
	('ledger', 'the ledger', 'true', 'id act', 'ledger.changed', NULL),
	('ledger', 'the ledger', 'true', 'algorithm', 'ledger.changed', '''sm3'''),
	('ledger_incarnation', 'the incarnation', 'true', 'id system_identifier database act', 'incarnation.changed', NULL),
	('ledger_shape', 'the shape', 'true', 'id attachment registry columns act', 'shape.changed', NULL),
	('ledger_act', 'a sealed act', 'id = (SELECT corrected FROM at)', 'id', 'act.added act.missing entry.missing', NULL),
	('ledger_act', 'a sealed act', 'id = (SELECT corrected FROM at)', 'incarnation transaction statement_id kind attachment shape entries recorded_at session_user_name current_user_name address application_name actor actor_org reason approval exception detail', 'act.changed', NULL),
	('ledger_act', 'an open act', 'id = (SELECT open FROM at)', 'id', 'entry.added entry.missing', NULL),
	('ledger_act', 'an open act', 'id = (SELECT open FROM at)', 'entries', 'entry.missing', NULL),
	('ledger_act', 'an open act', 'id = (SELECT open FROM at)', 'transaction', 'act.added', '''99999999'''),
	('ledger_act', 'an open act', 'id = (SELECT open FROM at)', 'transaction', 'act.added', '''5'''),
	('ledger_act', 'an open act', 'id = (SELECT open FROM at)', 'kind', 'act.added', '''seal'''),
	('ledger_act', 'an open act', 'id = (SELECT open FROM at)', 'incarnation', 'act.added', NULL),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'act n', 'entry.added entry.missing', NULL),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'shape previous', 'entry.changed life.broken', NULL),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'life_seq', 'entry.changed life.broken', 'life_seq + 1'),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'state', 'entry.changed life.broken', '8'),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'cert_no', 'entry.changed life.broken row.changed', NULL),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'changed salts commitments', 'entry.changed life.broken values.changed', NULL),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'old_values', 'values.changed', NULL),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'old_values', 'values.changed', 'NULL'),
	('ledger_entry', 'a newest one', 'act = (SELECT inserted FROM at) AND n = 50', 'salts commitments', 'entry.changed row.changed', NULL),
	('ledger_entry', 'a newest one', 'act = (SELECT inserted FROM at) AND n = 50', 'salts', 'erased.unlawfully', 'sha256(''\x04'' || salts)'),
	('ledger_entry', 'a newest one', 'act = (SELECT inserted FROM at) AND n = 50', 'salts', 'entry.changed salts.changed', 'substr(salts, 1, 16)'),
	('ledger_entry', 'a newest one', 'act = (SELECT inserted FROM at) AND n = 50', 'commitments', 'entry.changed salts.changed', 'commitments || commitments || commitments'),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'salts', 'erased.unlawfully', 'sha256(''\x04'' || substr(salts, 1, 48)) || substr(salts, 49)'),
	('ledger_entry', 'a corrected number''s', 'act = (SELECT corrected FROM at)', 'salts', 'erased.unlawfully values.changed', 'substr(salts, 1, 48) || sha256(''\x04'' || substr(salts, 49))'),
	('ledger_entry', 'a newest one', 'act = (SELECT inserted FROM at) AND n = 50', 'old_values', 'values.changed', NULL),
	('ledger_entry', 'an open one', 'act = (SELECT open FROM at)', 'act n', 'entry.added entry.missing', NULL),
	('ledger_entry', 'an open one', 'act = (SELECT open FROM at)', 'shape previous', 'life.broken', NULL),
	('ledger_entry', 'an open one', 'act = (SELECT open FROM at)', 'life_seq', 'life.broken', 'life_seq + 1'),
	('ledger_entry', 'an open one', 'act = (SELECT open FROM at)', 'salts commitments changed', 'life.broken values.changed', NULL),
	('ledger_entry', 'an open one', 'act = (SELECT open FROM at)', 'old_values', 'values.changed', NULL),
	('ledger_order', 'a place', 'act = (SELECT corrected FROM at)', 'first_leaf', 'order.changed', 'first_leaf + 1'),
	('ledger_order', 'a place', 'act = (SELECT corrected FROM at)', 'act', 'act.added act.missing entry.missing', NULL),
	('ledger_tile', 'the first tile', 'level = 0 AND number = 0', 'level number', 'tile.added tile.missing', NULL),
	('ledger_tile', 'the first tile', 'level = 0 AND number = 0', 'hashes', 'tile.changed', NULL),
	('ledger_tile', 'the last tile', 'level = 0 AND number = 1', 'level number', 'tile.added tile.missing', NULL),
	('ledger_tile', 'the last tile', 'level = 0 AND number = 1', 'hashes', 'tile.changed', NULL),
	('ledger_tile', 'the last tile', 'level = 0 AND number = 1', 'hashes', 'tile.changed', 'substr(hashes, 1, 32)'),
	('ledger_tile', 'the last tile', 'level = 0 AND number = 1', 'hashes', 'tile.changed', 'hashes || substr(hashes, 1, 32)'),
	('ledger_tile', 'the top tile', 'level = 1', 'level number', 'tile.added tile.missing', NULL),
	('ledger_tile', 'the top tile', 'level = 1', 'hashes', 'tile.changed', NULL),
	('ledger_head', 'the first head', 'size = (SELECT min(size) FROM certdata.ledger_head)', 'size', 'head.added head.missing', 'size + 1'),
	('ledger_head', 'the first head', 'size = (SELECT min(size) FROM certdata.ledger_head)', 'root act', 'head.changed', NULL),
	('ledger_head', 'the last head', 'size = (SELECT max(size) FROM certdata.ledger_head)', 'size', 'head.added head.missing', NULL),
	('ledger_head', 'the last head', 'size = (SELECT max(size) FROM certdata.ledger_head)', 'root act', 'head.changed', NULL),
	('zs', 'a row', 'cert_no = no(50)', 'employer occupation work_type evaluator issuer state', 'row.changed', NULL),
	('zs', 'a row', 'cert_no = no(50)', 'name', 'row.changed', '''李四'''),
	('zs', 'a row', 'cert_no = no(50)', 'id_type', 'row.changed', '''外国护照'''),
	('zs', 'a row', 'cert_no = no(50)', 'id_number', 'row.changed', '''11010519491231002X'''),
	('zs', 'a row', 'cert_no = no(50)', 'level', 'row.changed', '''四级'''),
	('zs', 'a row', 'cert_no = no(50)', 'issue_date', 'row.changed', '''2022-02-10'''),
	('zs', 'a row', 'cert_no = no(50)', 'cert_no', 'row.added row.missing', 'no(350)'),
	('zs', 'a row', 'cert_no = no(50)', 'cert_no', 'row.missing', 'NULL'),
	('zs', 'a corrected row', 'cert_no = no(410)', 'name', 'row.changed', '''李四'''),
	('zs', 'a retired row', 'cert_no = no(13)', 'state', 'row.changed', 'NULL'),
	('life', 'a corrected one', 'cert_no = no(410)', 'registry cert_no attachment name_used document_used published suspended retired reserved name_used_in document_used_in replaced_by renumbered_to', 'life_row.changed', NULL),
	('life', 'a corrected one', 'cert_no = no(410)', 'name_used_in', 'life_row.changed', 'NULL'),
	('life', 'a former number', 'cert_no = no(10)', 'registry cert_no attachment name_used document_used published suspended retired reserved name_used_in document_used_in replaced_by renumbered_to', 'life_row.changed', NULL),
	('life', 'a retired one', 'cert_no = no(13)', 'retired replaced_by', 'life_row.changed', NULL),
	('life', 'a retired one', 'cert_no = no(13)', 'replaced_by', 'life_row.changed', 'NULL'),
	('life', 'a suspended one', 'cert_no = no(16)', 'name_used document_used suspended', 'life_row.changed', NULL),
	('life', 'one corrected and suspended', 'cert_no = no(19)', 'name_used document_used', 'life_row.changed', NULL),
	('life', 'the document''s', 'cert_no = no(12)', 'document_used document_used_in', 'life_row.changed', NULL);

-- every column of every table has an expectation
SELECT 'NOT OK  no expectation of ' || c.relname || '.' || a.attname
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE (c.relnamespace = 'certdata'::regnamespace AND (c.relname ~ '^ledger' OR c.relname = 'life') OR c.oid = 'zs'::regclass)
	AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
	AND NOT EXISTS (SELECT FROM expected AS e WHERE e.tab = c.relname AND a.attname = ANY (string_to_array(e.columns, ' ')));

SELECT try(format('%s: %s.%s%s', e.whom, e.tab, c.c, ' = ' || e.value),
	format('UPDATE %s SET %I = %s WHERE %s', r.r, c.c, COALESCE(e.value, other_value(a.atttypid, c.c::name)), e.condition), e.problems)
FROM (SELECT row_number() OVER () AS i, x.* FROM expected AS x) AS e
CROSS JOIN LATERAL (SELECT CASE e.tab WHEN 'zs' THEN 'zs' ELSE 'certdata.' || e.tab END AS r) AS r
CROSS JOIN LATERAL unnest(string_to_array(e.columns, ' ')) WITH ORDINALITY AS c(c, o)
JOIN pg_attribute AS a ON a.attrelid = r.r::regclass AND a.attname = c.c ORDER BY e.i, c.o;

-- rows removed
SELECT try('removed: ' || t, 'DELETE FROM ' || t, e) FROM (VALUES
	(1, 'certdata.ledger', 'ledger.changed'),
	(2, 'certdata.ledger_incarnation', 'incarnation.changed'),
	(3, 'certdata.ledger_shape', 'shape.changed'),
	(4, 'certdata.ledger_act WHERE id = (SELECT corrected FROM at)', 'act.missing'),
	(5, 'certdata.ledger_act WHERE id = (SELECT open FROM at)', 'entry.added'),
	(6, 'certdata.ledger_entry WHERE act = (SELECT corrected FROM at)', 'entry.missing life.broken'),
	(7, 'certdata.ledger_entry WHERE act = (SELECT open FROM at)', 'entry.missing life.broken'),
	(8, 'certdata.ledger_entry WHERE cert_no = no(422)', 'entry.missing life.broken row.added'),
	(9, 'certdata.ledger_order WHERE act = (SELECT corrected FROM at)', 'act.added order.changed'),
	(10, 'certdata.ledger_tile WHERE level = 0 AND number = 0', 'tile.missing'),
	(11, 'certdata.ledger_tile WHERE level = 1', 'tile.missing'),
	(12, 'certdata.ledger_head WHERE size = (SELECT min(size) FROM certdata.ledger_head)', 'head.missing'),
	(13, 'certdata.ledger_head WHERE size = (SELECT max(size) FROM certdata.ledger_head)', 'head.missing'),
	(14, 'zs WHERE cert_no = no(50)', 'row.missing'),
	(15, 'certdata.life WHERE cert_no = no(16)', 'life_row.changed'),
	(16, 'certdata.life WHERE cert_no = no(10)', 'life_row.changed')) AS v(i, t, e) ORDER BY i;

-- rows added
SELECT try('added: ' || t, 'INSERT INTO ' || t, e) FROM (VALUES
	(1, 'certdata.ledger SELECT gen_random_uuid(), algorithm, act FROM certdata.ledger', 'ledger.changed'),
	(2, 'certdata.ledger_incarnation SELECT 2, system_identifier, database, act FROM certdata.ledger_incarnation', 'incarnation.changed'),
	(3, 'certdata.ledger_shape SELECT 9, attachment, registry, columns, act FROM certdata.ledger_shape', 'shape.changed'),
	(4, 'certdata.ledger_act SELECT (jsonb_populate_record(a, ''{"id": 1000, "entries": 0}'')).* FROM certdata.ledger_act AS a WHERE id = (SELECT corrected FROM at)', 'act.added'),
	(5, 'certdata.ledger_entry SELECT (jsonb_populate_record(a, ''{"n": 2}'')).* FROM certdata.ledger_entry AS a WHERE act = (SELECT corrected FROM at)', 'entry.added life.broken'),
	(6, 'certdata.ledger_entry SELECT (jsonb_populate_record(a, ''{"act": 1000, "cert_no": null}'')).* FROM certdata.ledger_entry AS a WHERE act = (SELECT corrected FROM at)', 'entry.added'),
	(7, 'certdata.ledger_order SELECT max(size), 1000 FROM certdata.ledger_head', 'act.missing order.changed'),
	(8, 'certdata.ledger_tile SELECT 0, 2, hashes FROM certdata.ledger_tile LIMIT 1', 'tile.added'),
	(9, 'certdata.ledger_tile SELECT 2, 0, hashes FROM certdata.ledger_tile LIMIT 1', 'tile.added'),
	(10, 'certdata.ledger_head SELECT size - 1, root, act FROM certdata.ledger_head LIMIT 1', 'head.added'),
	(11, 'zs SELECT (jsonb_populate_record(a, jsonb_build_object(''cert_no'', no(350)))).* FROM zs AS a WHERE cert_no = no(50)', 'row.added'),
	(12, 'zs SELECT (jsonb_populate_record(a, jsonb_build_object(''cert_no'', no(10)))).* FROM zs AS a WHERE cert_no = no(50)', 'row.added'),
	(13, 'certdata.life SELECT (jsonb_populate_record(a, jsonb_build_object(''cert_no'', no(350)))).* FROM certdata.life AS a WHERE cert_no = no(10)', 'life_row.changed'),
	(14, 'certdata.life SELECT registry, no(350), attachment FROM certdata.life WHERE cert_no = no(10)', 'life_row.changed'),
	(15, 'certdata.ledger_entry SELECT (jsonb_populate_record(a, ''{"act": 9223372036854775807, "cert_no": null}'')).* FROM certdata.ledger_entry AS a WHERE act = (SELECT corrected FROM at)', 'entry.added'),
	(16, 'certdata.ledger_entry SELECT (jsonb_populate_record(a, jsonb_build_object(''act'', 9223372036854775807, ''cert_no'', no(350), ''commitments'', NULL, ''salts'', NULL, ''old_values'', NULL, ''previous'', NULL, ''life_seq'', 1))).* FROM certdata.ledger_entry AS a WHERE act = (SELECT inserted FROM at) AND n = 50; INSERT INTO zs SELECT (jsonb_populate_record(a, jsonb_build_object(''cert_no'', no(350)))).* FROM zs AS a WHERE cert_no = no(50)', 'entry.added'),
	-- far from all others: nobody goes there leaf by leaf
	(17, 'certdata.ledger_order SELECT 9223372036854775807, open FROM at', 'order.changed tile.missing'),
	(18, 'certdata.ledger_order VALUES (9223372036854775807, 1000)', 'act.missing order.changed tile.missing'),
	(19, 'certdata.ledger_order VALUES (4000000000000000000, 1000)', 'act.missing order.changed tile.missing')) AS v(i, t, e) ORDER BY i;

-- order
SELECT try(what, 'DO $do$ BEGIN ' || statement || ' END $do$', e) FROM (VALUES
	(1, 'two entries of an act', 'UPDATE certdata.ledger_entry SET n = CASE n WHEN 50 THEN -51 ELSE -50 END WHERE act = (SELECT inserted FROM at) AND n IN (50, 51);
		UPDATE certdata.ledger_entry SET n = -n WHERE n < 0;', 'entry.changed'),
	(2, 'entries of two acts', 'UPDATE certdata.ledger_entry SET act = -act WHERE act IN (SELECT corrected FROM at UNION SELECT other FROM at);
		UPDATE certdata.ledger_entry SET act = CASE -act WHEN corrected THEN other ELSE corrected END FROM at WHERE act < 0;', 'entry.changed'),
	(3, 'places of two acts', 'UPDATE certdata.ledger_order SET act = -act WHERE act IN (SELECT corrected FROM at UNION SELECT other FROM at);
		UPDATE certdata.ledger_order SET act = CASE -o.act WHEN corrected THEN other ELSE corrected END FROM certdata.ledger_order AS o, at WHERE ledger_order.act = o.act AND o.act < 0;', 'act.changed entry.changed'),
	(4, 'numbers of two rows', 'DROP INDEX zs_cert_no_idx; UPDATE zs SET cert_no = CASE cert_no WHEN no(10) THEN no(11) ELSE no(10) END, name = ''王五'' WHERE cert_no IN (no(50), no(51));', 'row.added row.missing'),
	(5, 'a number twice', 'DROP INDEX zs_cert_no_idx; INSERT INTO zs SELECT * FROM zs WHERE cert_no = no(50);', 'row.added'),
	(6, 'a row no longer guarded', 'DROP TRIGGER certdata_columns ON zs;', 'row.missing table.unguarded'),
	(7, 'the table', 'DROP TABLE zs CASCADE;', 'table.missing')) AS v(i, what, statement, e) ORDER BY i;

-- a table that is no longer known as attached, so that nobody looks at its rows
SELECT try('a row, and ' || what, 'DO $do$ BEGIN ' || statement || '; UPDATE zs SET name = ''王五'' WHERE cert_no = no(50); END $do$', 'table.missing') FROM (VALUES
	(1, 'its table''s attachment removed', 'DELETE FROM certdata.attachment WHERE relation = ''zs''::regclass'),
	(2, '… detached', 'UPDATE certdata.attachment SET detached_at = now(), detach_reason = ''x'' WHERE relation = ''zs''::regclass'),
	(3, '… dropped', 'UPDATE certdata.attachment SET relation = 0, detached_at = now(), detach_reason = ''x'' WHERE relation = ''zs''::regclass')) AS v(i, what, statement) ORDER BY i;
-- lawfully: detached, and attached again
BEGIN;
SELECT certdata.detach('zs', 'r');
SELECT * FROM certdata.verify_ledger();
SELECT certdata.attach('zs', state_column => 'state') IS NOT NULL;
SELECT * FROM certdata.verify_ledger();
DELETE FROM certdata.attachment WHERE relation = 'zs'::regclass;
SELECT problem, act IS NOT DISTINCT FROM (SELECT max(id) FROM certdata.ledger_act WHERE kind IN ('attach', 'validate')), detail FROM certdata.verify_ledger();
ROLLBACK;

-- what an act says it erased
SELECT try('erased, and said so', 'DO $do$ BEGIN UPDATE certdata.ledger_entry SET salts = sha256(''\x04'' || salts) WHERE act = (SELECT inserted FROM at) AND n IN (50, 51);
	INSERT INTO certdata.ledger_act SELECT (jsonb_populate_record(a, jsonb_build_object(''id'', a.id + 1000, ''entries'', 0, ''kind'', ''erase'', ''transaction'', pg_current_xact_id(), ''detail'',
		jsonb_build_object(''entries'', jsonb_build_array(jsonb_build_array(t.inserted, 50), jsonb_build_array(t.inserted, 52)))))).* FROM certdata.ledger_act AS a, at AS t WHERE a.id = t.open; END $do$',
	'erased.unlawfully');
-- what an act says cannot be read
SELECT try(kind || ' that says ' || detail, format('UPDATE certdata.ledger_act SET kind = %L, detail = %L WHERE id = (SELECT %I FROM at)', kind, detail, act), e) FROM (VALUES
	(1, 'corrected', 'shape', '{"id": "77", "attachment": "x"}', 'act.changed shape.changed'),
	(2, 'open', 'shape', '{"id": "77", "attachment": "x"}', 'shape.changed'),
	(3, 'open', 'shape', '{"id": "x", "attachment": "755c2af7-5bd7-4c5b-af52-59a5b337999", "registry": "755c2af7-5bd7-4c5b-af52-59a5b337999cd"}', 'shape.changed'),
	(4, 'open', 'shape', '[1]', 'shape.changed'),
	(5, 'open', 'start', '{"incarnation": "x"}', 'incarnation.changed ledger.changed'),
	(6, 'corrected', 'erase', '{"entries": [[1e30, 1]]}', 'act.changed'),
	(7, 'open', 'erase', '{"entries": [[1, 1e30], [-1e30, 1], [9223372036854775807.5, 1], [1.5, "x"], [], 1]}', 'SILENT'),
	(8, 'corrected', 'seal', '{"horizon": "1", "leaves": 1e30}', 'act.changed'),
	(9, 'open', 'seal', '{"horizon": "x", "leaves": -1e30}', 'act.added'),
	(10, 'open', 'drop', '{"table": 1, "partition_of": null}', 'table.missing')) AS v(i, act, kind, detail, e) ORDER BY i;
SELECT try('a seal that says ' || detail, format('UPDATE certdata.ledger_act SET detail = %L WHERE id = (SELECT max(id) FROM certdata.ledger_act WHERE kind = ''seal'')', detail), e) FROM (VALUES
	(1, '{"horizon": "1", "leaves": 1e30}', 'act.changed'),
	(2, '{"horizon": "1", "leaves": -9223372036854775809}', 'act.changed'),
	(3, '{"horizon": 1e30, "leaves": "x"}', 'act.changed'),
	(4, '[]', 'act.changed')) AS v(i, detail, e) ORDER BY i;
-- its stored hash is gone, too
SELECT try('a seal that nothing is stored of, and says 1e30', 'DO $do$ BEGIN DELETE FROM certdata.ledger_tile; UPDATE certdata.ledger_act SET detail = ''{"horizon": "1", "leaves": 1e30}'' WHERE id = (SELECT max(id) FROM certdata.ledger_act WHERE kind = ''seal''); END $do$', 'head.changed tile.missing');
-- nothing of that has stayed
SELECT * FROM certdata.verify_ledger();
-- who may
CREATE ROLE ledger_tamper_auditor IN ROLE certdata_auditor;
CREATE ROLE ledger_tamper_nobody;
ALTER TABLE zs ENABLE ROW LEVEL SECURITY;
ALTER TABLE zs FORCE ROW LEVEL SECURITY;
BEGIN READ ONLY;
SET LOCAL ROLE ledger_tamper_auditor;
SELECT * FROM certdata.verify_ledger();
COMMIT;
BEGIN;
SET LOCAL ROLE ledger_tamper_nobody;
\set VERBOSITY terse
SELECT * FROM certdata.verify_ledger();
ROLLBACK;

-- the other digest, a ledger restored elsewhere, in Chinese
BEGIN;
UPDATE certdata.ledger_incarnation SET database = '1';
SET LOCAL certdata.language = zh;
UPDATE certdata.ledger_entry SET salts = '\x00' WHERE act = (SELECT inserted FROM at) AND n = 50;
SELECT problem, detail FROM certdata.verify_ledger();
ROLLBACK;

\c :was
DROP DATABASE ledger_tamper;
DROP ROLE ledger_tamper_auditor, ledger_tamper_nobody;
