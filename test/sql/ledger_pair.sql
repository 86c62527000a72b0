-- Looks for a problem of rows and entries that certdata.verify_ledger() tells
-- or does not tell according to how rows and entries lie beside each other,
-- how much memory there is, and whether a worker helps: numbers that come
-- twice, rows without an entry and entries without a row, certificates with
-- more to their lives than one entry, tables of one register, partitions,
-- values too long to be kept.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
\pset format unaligned
\t on
SELECT current_database() AS was \gset
CREATE DATABASE ledger_pair;
\c ledger_pair
SET client_min_messages = warning;
SET certdata.language = en;
CREATE EXTENSION certdata;

CREATE FUNCTION no(n int) RETURNS certdata.certno LANGUAGE sql AS $$ SELECT ('S000013010001223' || lpad(n::text, 6, '0'))::certdata.certno $$;
-- every tenth row has values that are long
CREATE FUNCTION fill(target regclass, a int, b int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT CASE i %% 3 WHEN 0 THEN ''张三'' WHEN 1 THEN ''李四'' ELSE ''王五'' END, ''居民身份证'', ''130102199003071233'', repeat(''厂'', CASE WHEN i %% 10 = 0 THEN 100 ELSE 3 END),
			''车工'', ''三级'', no(i), ''2022-02-09'', repeat(''校'', CASE WHEN i %% 10 = 0 THEN 100 ELSE 3 END), ''甲中心'' FROM generate_series(%s, %s) AS i', target, a, b);
END $$;

SELECT certdata.create_registry('zs');
CREATE TABLE sa (LIKE zs);
CREATE TABLE sb (LIKE zs);
CREATE TABLE parts (LIKE zs) PARTITION BY HASH (cert_no);
CREATE TABLE part_a PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE part_b PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE part_c PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE UNIQUE INDEX ON sa (cert_no);
CREATE UNIQUE INDEX ON sb (cert_no);
CREATE UNIQUE INDEX ON parts (cert_no);
CREATE TABLE gone (LIKE zs);
CREATE UNIQUE INDEX ON gone (cert_no);
SELECT count(certdata.attach(t::regclass, register => r, state_column => 'state')) FROM (VALUES (1, 'sa', 'both'), (2, 'sb', 'both'), (3, 'parts', NULL), (4, 'gone', NULL)) AS v(i, t, r);

SELECT fill('zs', 1, 1500);
SELECT fill('sa', 5001, 5400);
SELECT fill('sb', 5401, 5800);
SELECT fill('parts', 6001, 7000);
SELECT fill('gone', 8001, 8010);
SELECT fill('zs', 1501, 3000);
SELECT certdata.seal() > 0;
-- lives of several entries, more than a window holds of some kinds
SELECT count(certdata.correct('zs', no(i), '{"姓名": "赵六"}', 'r', 'a')) FROM generate_series(500, 799) AS i;
SELECT count(certdata.correct('zs', no(i), '{"所在单位": "乙厂"}', 'r', 'a')) FROM generate_series(3, 3000, 97) AS i;
SELECT certdata.retire('zs', ARRAY[no(21), no(22)], 'r', 'a', true);
SELECT certdata.suspend('zs', no(23), 'r', 'a');
SELECT certdata.renumber('zs', no(24), no(4024), 'r', 'a');
SELECT certdata.renumber('zs', ARRAY[no(25), no(26)], ARRAY[no(26), no(25)], 'r', 'a');
SELECT count(certdata.correct('sa', no(i), '{"姓名": "赵六"}', 'r', 'a')) FROM generate_series(5001, 5020) AS i;
SELECT certdata.seal() > 0;
SELECT certdata.detach('gone', 'r');

-- what tampering needs
CREATE TABLE at AS SELECT
	(SELECT id FROM certdata.ledger_act WHERE kind = 'insert' ORDER BY id LIMIT 1) AS first,
	(SELECT id FROM certdata.ledger_act WHERE kind = 'insert' ORDER BY id DESC LIMIT 1) AS last,
	(SELECT max(id) FROM certdata.ledger_act) AS newest;
CREATE INDEX zs_shuffled ON zs (md5(cert_no::text));
CREATE INDEX sa_shuffled ON sa (md5(cert_no::text));
CREATE INDEX part_shuffled ON part_a (md5(cert_no::text));
CREATE INDEX entry_shuffled ON certdata.ledger_entry (md5(act::text || n::text));
CREATE FUNCTION said() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s|%s|%s|%s|%s|%s', problem, act, leaf, relation, cert_no, detail), E'\n'
		ORDER BY problem, act, leaf, relation::text, cert_no::text, detail) FROM certdata.verify_ledger() $$;

-- What is told of a change, in every way; expected are the problems, one for each.
CREATE FUNCTION try(what text, statement text, expected text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	lies text;
	rows_shuffled text;
	all_shuffled text;
	got text;
BEGIN
	BEGIN
		ALTER TABLE zs DISABLE TRIGGER ALL;
		ALTER TABLE sa DISABLE TRIGGER ALL;
		ALTER TABLE sb DISABLE TRIGGER ALL;
		ALTER TABLE parts DISABLE TRIGGER ALL;
		EXECUTE statement;
		SET LOCAL max_parallel_maintenance_workers = 0;
		lies := said();
		SELECT string_agg(p, ' ') INTO got FROM (SELECT split_part(l, '|', 1) || CASE WHEN count(*) > 1 THEN '*' || count(*) ELSE '' END AS p
			FROM string_to_table(lies, E'\n') AS l GROUP BY split_part(l, '|', 1) ORDER BY split_part(l, '|', 1)) AS x;
		SET LOCAL max_parallel_maintenance_workers = 1;
		SET LOCAL min_parallel_table_scan_size = 0;
		IF to_regclass('zs') IS NOT NULL THEN
			CLUSTER zs USING zs_shuffled;
		END IF;
		CLUSTER sa USING sa_shuffled;
		CLUSTER part_a USING part_shuffled;
		rows_shuffled := said();
		SET LOCAL maintenance_work_mem = '1MB';
		SET LOCAL work_mem = '64kB';
		CLUSTER certdata.ledger_entry USING entry_shuffled;
		all_shuffled := said();
		RAISE EXCEPTION USING ERRCODE = 'QZ999';
	EXCEPTION WHEN SQLSTATE 'QZ999' THEN
		NULL;
	END;
	RETURN CASE WHEN COALESCE(got, 'SILENT') <> expected THEN 'NOT OK  ' || COALESCE(got, 'SILENT') || ', not '
		WHEN rows_shuffled IS DISTINCT FROM lies THEN 'NOT OK  rows shuffled, and a worker: ' || COALESCE(rows_shuffled, 'SILENT') || ', not '
		WHEN all_shuffled IS DISTINCT FROM lies THEN 'NOT OK  all shuffled: ' || COALESCE(all_shuffled, 'SILENT') || ', not '
		ELSE 'ok      ' END || expected || '  <-  ' || what;
END $$;
-- a copy of a row, or of an entry, with other values
CREATE FUNCTION row_again(source regclass, target regclass, n int, other jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO %s SELECT (jsonb_populate_record(r, %L)).* FROM %s AS r WHERE cert_no = no(%s)', target, other, source, n) $$;
CREATE FUNCTION entry(n int, assignment text) RETURNS text LANGUAGE sql AS $$
	SELECT format('UPDATE certdata.ledger_entry SET %s WHERE cert_no = no(%s) AND life_seq = 1', assignment, n) $$;
CREATE FUNCTION entry_again(n int, other jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT format('INSERT INTO certdata.ledger_entry SELECT (jsonb_populate_record(e, %L)).* FROM certdata.ledger_entry AS e WHERE cert_no = no(%s) AND life_seq = 1', other, n) $$;

SELECT try(what, statement, e) FROM (VALUES
	(1, 'nothing', 'SELECT', 'SILENT'),
	-- rows
	(10, 'a number twice', 'DROP INDEX zs_cert_no_idx; ' || row_again('zs', 'zs', 40, '{}'), 'row.added'),
	(11, 'a number twice, the second other than the first', 'DROP INDEX zs_cert_no_idx; ' || row_again('zs', 'zs', 40, '{"name": "孙七"}'), 'row.added row.changed'),
	(12, 'a long row twice', 'DROP INDEX zs_cert_no_idx; ' || row_again('zs', 'zs', 50, '{}'), 'row.added'),
	(13, 'a row that nothing was recorded of', row_again('zs', 'zs', 40, '{"cert_no": "S000013010001223009001"}'), 'row.added'),
	(14, 'a row that is gone', 'DELETE FROM zs WHERE cert_no = no(40)', 'row.missing'),
	(15, 'rows that are gone, at the beginning', 'DELETE FROM zs WHERE cert_no < no(20)', 'row.missing*19'),
	(16, 'a row without a number', 'UPDATE zs SET cert_no = NULL WHERE cert_no = no(40)', 'row.missing'),
	(17, 'one more without a number', row_again('zs', 'zs', 40, '{"cert_no": null}'), 'SILENT'),
	(18, 'a name', 'UPDATE zs SET name = ''孙七'' WHERE cert_no = no(2990)', 'row.changed'),
	(19, 'long values', 'UPDATE zs SET employer = repeat(''企'', 100) WHERE cert_no = no(2990)', 'row.changed'),
	(20, 'a value that gets long', 'UPDATE zs SET issuer = repeat(''企'', 100), evaluator = repeat(''企'', 100) WHERE cert_no = no(2991)', 'row.changed'),
	(21, 'names of two rows', 'UPDATE zs SET name = CASE name WHEN ''李四'' THEN ''王五'' ELSE ''李四'' END WHERE cert_no IN (no(40), no(41))', 'row.changed*2'),
	(22, 'numbers of two rows', 'DROP INDEX zs_cert_no_idx; UPDATE zs SET cert_no = CASE cert_no WHEN no(41) THEN no(2900) ELSE no(41) END WHERE cert_no IN (no(41), no(2900))', 'row.changed*2'),
	-- near its entry as the table and the ledger lie
	(23, 'the state of a row', 'UPDATE sb SET state = ''retired'' WHERE cert_no = no(5791)', 'row.changed'),
	(24, 'the state of a retired row', 'UPDATE zs SET state = NULL WHERE cert_no = no(21)', 'row.changed'),
	(25, 'a corrected row', 'UPDATE zs SET name = ''张三'' WHERE cert_no = no(600)', 'row.changed'),
	(26, 'all rows', 'UPDATE zs SET occupation = ''焊工''', 'row.changed*3000'),
	(27, 'a number that was left', row_again('zs', 'zs', 40, '{"cert_no": "S000013010001223000024"}'), 'row.added'),
	(28, 'a number of another table', row_again('zs', 'zs', 40, '{"cert_no": "S000013010001223006005"}'), 'row.added'),
	(29, 'rows that nothing was recorded of, before the others', 'CREATE TEMP TABLE t AS TABLE zs; TRUNCATE zs; INSERT INTO zs SELECT (jsonb_populate_record(t, jsonb_build_object(''cert_no'', no(10000 + right(cert_no::text, 6)::int)))).* FROM t; INSERT INTO zs TABLE t', 'row.added*3000'),
	-- entries
	(40, 'an entry twice', entry_again(40, '{"act": 100000}'), 'entry.added life.broken*2'),
	(39, 'an entry and its row twice', 'DROP INDEX sb_cert_no_idx; ' || entry_again(5791, '{"act": 100000}') || '; ' || row_again('sb', 'sb', 5791, '{}'), 'entry.added life.broken*2 row.added'),
	(41, 'an entry that goes on', entry_again(40, '{"act": 100000, "life_seq": 2}'), 'entry.added life.broken'),
	(42, 'an entry that is gone', 'DELETE FROM certdata.ledger_entry WHERE cert_no = no(40)', 'entry.missing row.added'),
	(43, 'a first place', entry(40, 'life_seq = 2'), 'entry.changed'),
	(44, 'a place', entry(40, 'life_seq = 3'), 'entry.changed life.broken'),
	(45, 'no place', entry(40, 'life_seq = 0'), 'entry.changed life.broken'),
	(46, 'a state', entry(40, 'state = 16'), 'entry.changed life_row.changed row.changed'),
	(47, 'a state that was given up', entry(40, 'state = 32'), 'entry.changed row.added'),
	(48, 'previous', entry(40, 'previous = sha256(salts)'), 'entry.changed life.broken'),
	(49, 'a salt', entry(40, 'salts = set_byte(salts, 47, 255 - get_byte(salts, 47))'), 'entry.changed row.changed'),
	(50, 'salts that are short', entry(40, 'salts = substr(salts, 1, 40)'), 'entry.changed salts.changed'),
	(51, 'salts that are long', entry(40, 'salts = salts || salts || salts'), 'entry.changed salts.changed'),
	(52, 'commitments', entry(40, 'commitments = set_byte(commitments, 95, 255 - get_byte(commitments, 95))'), 'entry.changed row.changed'),
	(53, 'commitments that are long', entry(40, 'commitments = commitments || commitments || commitments'), 'entry.changed salts.changed'),
	(54, 'no commitments', entry(40, 'commitments = NULL, salts = NULL'), 'entry.changed'),
	(55, 'old values', entry(40, 'old_values = ''{"姓名": "x"}'''), 'values.changed'),
	(56, 'another number', entry(40, 'cert_no = no(41)'), 'entry.changed life.broken*2 row.added'),
	(57, 'no number', entry(40, 'cert_no = NULL'), 'entry.changed row.added'),
	(58, 'another table''s', entry(40, 'shape = (SELECT max(shape) FROM certdata.ledger_entry WHERE cert_no = no(6001))'), 'entry.changed row.added row.missing'),
	(59, 'no shape', entry(40, 'shape = 999'), 'entry.changed row.added'),
	(60, 'the first of two entries', entry(600, 'salts = set_byte(salts, 0, 255 - get_byte(salts, 0))'), 'entry.changed life.broken values.changed'),
	(61, 'entries of a whole act', 'UPDATE certdata.ledger_entry SET salts = set_byte(salts, 40, 255 - get_byte(salts, 40)) WHERE act = (SELECT last FROM at)', 'entry.changed*1500 life.broken*15 row.changed*1485 values.changed*15'),
	-- what both processes look at
	(62, 'all tiles', 'DELETE FROM certdata.ledger_tile', 'tile.missing*23'),
	-- several tables
	(70, 'a number in both tables of a register', row_again('sa', 'sb', 5100, '{}'), 'row.added'),
	(71, 'a row that moved between them', row_again('sa', 'sb', 5100, '{}') || '; DELETE FROM sa WHERE cert_no = no(5100)', 'row.added row.missing'),
	(72, 'a corrected one in both', row_again('sa', 'sb', 5010, '{}'), 'row.added'),
	(73, 'a number twice in a partition', 'DROP INDEX parts_cert_no_idx; ' || row_again('parts', 'parts', 6005, '{}'), 'row.added'),
	(74, 'a row of a partition', 'UPDATE parts SET name = ''孙七'' WHERE cert_no = no(6700)', 'row.changed'),
	(75, 'a row of a partition that is gone', 'DELETE FROM parts WHERE cert_no = no(6700)', 'row.missing'),
	(76, 'a partition', 'ALTER TABLE parts DETACH PARTITION part_b; SELECT', 'row.missing*334'),
	(77, 'a table', 'DROP TABLE zs CASCADE', 'table.missing'),
	(78, 'an act that says it was dropped', 'INSERT INTO certdata.ledger_act SELECT (jsonb_populate_record(a, jsonb_build_object(''id'', a.id + 1000, ''kind'', ''drop'', ''entries'', 0, ''transaction'', pg_current_xact_id(), ''detail'', ''{"table": "zs"}''::jsonb,
		''attachment'', (SELECT id FROM certdata.attachment WHERE relation = ''zs''::regclass)))).* FROM certdata.ledger_act AS a, at WHERE a.id = newest', 'table.missing')
	) AS v(i, what, statement, e) ORDER BY i;

-- nothing of that has stayed
SELECT * FROM certdata.verify_ledger();

-- more that is open than is looked at in one go
SELECT fill('zs', 100001, 140000);
CLUSTER zs USING zs_shuffled;
SET maintenance_work_mem = '1MB';
SELECT problem, act, leaf, relation, cert_no FROM certdata.verify_ledger();
BEGIN;
ALTER TABLE zs DISABLE TRIGGER ALL;
DROP INDEX zs_cert_no_idx;
INSERT INTO zs SELECT * FROM zs WHERE cert_no IN (no(100007), no(139007));
UPDATE zs SET name = '孙七' WHERE cert_no IN (no(100010), no(120020), no(140000));
DELETE FROM zs WHERE cert_no IN (no(110000), no(130000));
SELECT problem, cert_no FROM certdata.verify_ledger() ORDER BY cert_no, problem;
ROLLBACK;

-- as many rows as there are have one number: none is kept while the others come
BEGIN;
ALTER TABLE sb DISABLE TRIGGER ALL;
DROP INDEX sb_cert_no_idx;
INSERT INTO sb SELECT r.* FROM sb AS r, generate_series(1, 40000) WHERE cert_no = no(5500);
COMMIT;
CREATE FUNCTION kb(what text) RETURNS int LANGUAGE sql AS $$ SELECT (regexp_match(pg_read_file('/proc/self/status'), what || ':\s+(\d+)'))[1]::int $$;
-- a session of its own: the peak is that of its whole life
\c
SET certdata.language = en;
SET max_parallel_maintenance_workers = 0;
SET maintenance_work_mem = '1MB';
SELECT problem, cert_no, detail FROM certdata.verify_ledger();
-- what it shares with others is not its own
SELECT CASE WHEN kb('VmHWM') - kb('RssFile') - kb('RssShmem') < 25000 THEN 'ok' ELSE 'NOT OK  memory: ' || kb('VmHWM') - kb('RssFile') - kb('RssShmem') || ' kB' END;
DELETE FROM sb WHERE ctid NOT IN (SELECT min(ctid) FROM sb GROUP BY cert_no);
ALTER TABLE sb ENABLE TRIGGER ALL;
RESET max_parallel_maintenance_workers;

-- a session may be read only, or see an older state than the newest
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT * FROM certdata.verify_ledger();
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT * FROM certdata.verify_ledger();
COMMIT;

\c :was
DROP DATABASE ledger_pair;
