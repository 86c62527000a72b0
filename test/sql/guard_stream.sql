-- New rows are seen as they come, by the WHEN of a row trigger.  Looks for:
-- rows that get in unseen or are taken twice; rows judged that were never
-- inserted (ON CONFLICT); a refusal that names another row; rows of one
-- statement counted to another that runs within it, in a subtransaction that
-- fails, or beside it in one WITH; entries without a row, or the reverse; a way
-- to tell of rows that are not there.
SET client_min_messages = warning;
CREATE DATABASE guard_stream TEMPLATE template0;
\c guard_stream
SET client_min_messages = warning;
SET certdata.language = en;
CREATE EXTENSION certdata;
\pset null -
\pset format unaligned
\pset fieldsep ' '
\pset footer off
\pset tuples_only on
SELECT certdata.create_registry('zs');
CREATE TABLE own (LIKE certdata.report);
SELECT certdata.check_inserts('own');
-- rows n to m, good ones but for those whose number has a 7 at the end if bad is set
CREATE FUNCTION rows_of(n int, m int, bad text DEFAULT '') RETURNS TABLE (name text, id_type text, id_number text, employer text, occupation text, work_type text,
	level text, cert_no text, issue_date text, evaluator text, issuer text) LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN bad <> '' AND i % 10 = 7 THEN bad ELSE '张三' END, '居民身份证', '130102199003071233', NULL, '车工', NULL, '三级',
		'S000013000001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲校' FROM generate_series(n, m) AS i
$$;
CREATE FUNCTION put(n int, m int, bad text DEFAULT '', more text DEFAULT '', target text DEFAULT 'zs') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %s SELECT name, id_type::certdata.id_type, id_number, employer, occupation, work_type, level::certdata.skill_level, cert_no::certdata.certno,
		issue_date::certdata.issue_date, evaluator, issuer FROM rows_of($1, $2, $3) %s', target, more) USING n, m, bad;
	RETURN 'ok';
END $$;
-- rows, entries of insert acts, acts with entries, what is wrong
CREATE FUNCTION state() RETURNS TABLE (rows bigint, inserted bigint, acts bigint, problems bigint) LANGUAGE sql VOLATILE AS $$
	SELECT (SELECT count(*) FROM zs), (SELECT count(*) FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act WHERE a.kind = 'insert'),
		(SELECT count(*) FROM certdata.ledger_act WHERE entries > 0), (SELECT count(*) FROM certdata.verify_ledger())
$$;
-- message and detail of what fails
CREATE FUNCTION failure(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m text; d text; s text;
BEGIN
	EXECUTE command;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, s = RETURNED_SQLSTATE;
	RETURN s || ' ' || m || E'\n' || COALESCE(d, '');
END $$;

-- ---- the rows of a statement, all and once
SELECT put(1, 3000);
SELECT * FROM state();
-- a refusal names the rows by their places among all, wherever the good ones went
SELECT failure($$SELECT put(3001, 6000, '张 三')$$);
SELECT * FROM state();
-- ---- rows that are not inserted are not judged
SELECT failure($$SELECT put(2991, 3000, '张 三', 'ON CONFLICT DO NOTHING')$$);
SELECT failure($$SELECT put(2995, 3003, '张 三', 'ON CONFLICT DO NOTHING')$$);
SELECT failure($$SELECT put(2995, 3003, '张 三', 'ON CONFLICT (cert_no) DO UPDATE SET name = zs.name')$$);
SELECT failure($$SELECT put(2998, 3007, '张 三', 'ON CONFLICT DO NOTHING')$$);
SELECT * FROM state();
-- ---- MERGE, and two statements in one
SELECT failure($$MERGE INTO zs USING rows_of(3003, 3005) AS r ON zs.cert_no = r.cert_no WHEN MATCHED THEN DO NOTHING
	WHEN NOT MATCHED THEN INSERT (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	VALUES (r.name, r.id_type::certdata.id_type, r.id_number, r.occupation, r.level::certdata.skill_level, r.cert_no::certdata.certno, r.issue_date::certdata.issue_date, r.evaluator, r.issuer)$$);
PREPARE two AS WITH a AS (INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type::certdata.id_type, id_number, occupation, level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator, issuer FROM rows_of($1, $1 + 1) RETURNING 1)
	INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type::certdata.id_type, id_number, occupation, level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator, issuer FROM rows_of($1 + 2, $1 + 3, $2)
		WHERE (SELECT count(*) FROM a) > 0;
EXECUTE two (3010, '');
\set VERBOSITY terse
EXECUTE two (3014, '张 三');
EXECUTE two (3015, '张 三');
SELECT * FROM state();

-- ---- statements within each other
CREATE FUNCTION within(n int, mode text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF mode = 'ok' THEN
		PERFORM put(n, n + 1);
	ELSIF mode = 'fails' THEN
		BEGIN
			PERFORM put(n, n + 9, '张 三');
		EXCEPTION WHEN check_violation THEN
			NULL;
		END;
	ELSIF mode = 'fails late' THEN
		BEGIN
			PERFORM put(n, n + 1);
			PERFORM certdata.retire('zs', 'S000013000001223' || lpad(n::text, 6, '0'), 'r', 'a', true);
			RAISE EXCEPTION USING ERRCODE = 'ZZ000';
		EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
			NULL;
		END;
	END IF;
	RETURN '张三';
END $$;
CREATE FUNCTION put_around(n int, m int, mode text, bad text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO zs SELECT CASE WHEN name <> '张三' THEN name ELSE within(4000 + 10 * right(cert_no, 6)::int, mode) END, id_type::certdata.id_type, id_number, employer, occupation, work_type,
		level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator, issuer FROM rows_of(n, m, bad);
	RETURN 'ok';
END $$;
SELECT put_around(3101, 3103, 'ok');
SELECT put_around(3104, 3106, 'fails');
SELECT put_around(3107, 3109, 'fails late');
SELECT * FROM state();
SELECT failure($$SELECT put_around(3115, 3118, 'ok', '张 三')$$);
SELECT failure($$SELECT put_around(3115, 3118, 'fails', '张 三')$$);
SELECT failure($$SELECT put_around(3115, 3118, 'fails late', '张 三')$$);
SELECT * FROM state();
BEGIN;
SELECT put(3121, 3122);
SAVEPOINT s;
SELECT failure($$SELECT put(3123, 3130, '张 三')$$);
SELECT put(3123, 3124);
ROLLBACK TO s;
SELECT put(3125, 3126);
COMMIT;
SELECT * FROM state();

-- ---- triggers that act on the row, before the statement has ended
CREATE FUNCTION acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	CASE right(NEW.cert_no::text, 1)
		WHEN '1' THEN
			PERFORM certdata.correct('zs', NEW.cert_no, '{"姓名": "李四"}', 'r', 'a');
		WHEN '2' THEN
			BEGIN
				PERFORM certdata.correct('zs', NEW.cert_no, '{"姓名": "李四"}', 'r', 'a');
			EXCEPTION WHEN division_by_zero THEN
				NULL;
			END;
		WHEN '3' THEN
			BEGIN
				PERFORM certdata.correct('zs', NEW.cert_no, '{"姓名": "李四"}', 'r', 'a');
				RAISE EXCEPTION USING ERRCODE = 'ZZ000';
			EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
				NULL;
			END;
		WHEN '4' THEN
			PERFORM certdata.retire('zs', NEW.cert_no, 'r', 'a', true);
		ELSE
			NULL;
	END CASE;
	RETURN NULL;
END $$;
CREATE TRIGGER acts AFTER INSERT ON zs FOR EACH ROW EXECUTE FUNCTION acts();
SELECT put(3201, 3206);
SELECT right(cert_no::text, 1), name, state FROM zs WHERE cert_no BETWEEN 'S000013000001223003201' AND 'S000013000001223003206' ORDER BY 1;
SELECT right(cert_no::text, 1) AS no, string_agg(a.kind || ' ' || e.life_seq || CASE WHEN e.previous IS NULL THEN ' first' ELSE '' END, ', ' ORDER BY e.life_seq)
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act WHERE cert_no BETWEEN 'S000013000001223003201' AND 'S000013000001223003206' GROUP BY 1 ORDER BY 1;
SELECT * FROM state();
DROP TRIGGER acts ON zs;
-- before the row: what it does to the numbers to come counts
CREATE FUNCTION renumbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.cert_no = 'S000013000001223003302' THEN
		PERFORM certdata.renumber('zs', 'S000013000001223000001', 'S000013000001223003399', 'r', 'a');
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER renumbers BEFORE INSERT ON zs FOR EACH ROW EXECUTE FUNCTION renumbers();
SELECT failure($$INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT name, id_type::certdata.id_type, id_number, occupation, level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator, issuer
	FROM (SELECT 0 AS o, * FROM rows_of(3301, 3303) UNION ALL SELECT 1, * FROM rows_of(1, 1)) AS r ORDER BY o, cert_no$$);
DROP TRIGGER renumbers ON zs;
-- what triggers register while the statement runs is known to its rows
CREATE FUNCTION registers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO certdata.organisation (id, name) VALUES (NEW.evaluator, NEW.evaluator) ON CONFLICT DO NOTHING;
	INSERT INTO certdata.filing (code, organisation) SELECT left(NEW.cert_no::text, 13), NEW.evaluator
		WHERE NOT EXISTS (SELECT FROM certdata.filing WHERE code = left(NEW.cert_no::text, 13));
	RETURN NULL;
END $$;
CREATE TRIGGER registers AFTER INSERT ON zs FOR EACH ROW EXECUTE FUNCTION registers();
BEGIN;
INSERT INTO certdata.organisation (id, name) VALUES ('x', '别校');
INSERT INTO certdata.filing (code, organisation) VALUES ('S999999999999', 'x');
SELECT put(3401, 3403);
SELECT * FROM state();
ROLLBACK;
DROP TRIGGER registers ON zs;

-- ---- nothing but an inserted row is told of
SELECT certdata.new_row('(0,1)');
SELECT certdata.new_row(ctid) FROM zs LIMIT 1;
SELECT certdata.new_row(a.ctid) FROM zs AS a JOIN zs AS b USING (cert_no) ORDER BY b.name LIMIT 1;
INSERT INTO zs SELECT * FROM zs WHERE certdata.new_row(ctid);
CREATE TRIGGER again AFTER INSERT ON zs FOR EACH ROW WHEN (certdata.new_row(new.ctid)) EXECUTE FUNCTION acts();
SELECT put(3501, 3502);
SELECT * FROM state();
DROP TRIGGER again ON zs;
CREATE TRIGGER changed AFTER UPDATE ON zs FOR EACH ROW WHEN (certdata.new_row(new.ctid)) EXECUTE FUNCTION acts();
SELECT failure($$SELECT put(3502, 3503, '', 'ON CONFLICT (cert_no) DO UPDATE SET name = zs.name')$$);
DROP TRIGGER changed ON zs;
CREATE TABLE other (LIKE zs);
CREATE TRIGGER other AFTER INSERT ON other FOR EACH ROW WHEN (certdata.new_row(new.ctid)) EXECUTE FUNCTION acts();
CREATE FUNCTION copies() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO other SELECT NEW.*; RETURN NEW; END';
CREATE TRIGGER copies BEFORE INSERT ON zs FOR EACH ROW EXECUTE FUNCTION copies();
SELECT put(3503, 3504);
SELECT count(*) FROM other;
DROP TRIGGER copies ON zs;
SELECT * FROM state();

-- ---- a trigger that is missing lets nothing in
ALTER TABLE zs DISABLE TRIGGER certdata_row;
SELECT failure($$SELECT put(3601, 3602)$$);
ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_row, DISABLE TRIGGER certdata_begin;
SELECT failure($$SELECT put(3601, 3602)$$);
ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_begin;
SELECT check_name, status FROM certdata.doctor() WHERE check_name = 'guard.triggers';
SET session_replication_role = replica;
SELECT put(3601, 3602);
SELECT failure($$SELECT put(3603, 3607, '张 三')$$);
RESET session_replication_role;
SELECT * FROM state();

-- ---- partitions: rows of a statement in several, of another order of columns; those that move are no new ones
CREATE TABLE p (LIKE zs) PARTITION BY RANGE (cert_no);
ALTER TABLE p DROP COLUMN state;
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE) TO ('S000013000001223001000');
CREATE TABLE p2 (gone int, cert_no certdata.certno, issuer certdata.org_name, evaluator certdata.org_name, name certdata.person_name, id_type certdata.id_type,
	id_number certdata.id_number, employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name, level certdata.skill_level, issue_date certdata.issue_date);
ALTER TABLE p2 DROP COLUMN gone;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('S000013000001223001000') TO ('S000013000001223002000');
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM ('S000013000001223002000') TO (MAXVALUE) PARTITION BY RANGE (cert_no);
CREATE TABLE p31 PARTITION OF p3 FOR VALUES FROM (MINVALUE) TO ('S000013000001223003000');
CREATE TABLE p32 PARTITION OF p3 DEFAULT;
SELECT certdata.attach('p') IS NOT NULL;
SELECT put(500, 2499, '', '', 'p');
SELECT put(3001, 3010, '', '', 'p3');
SELECT put(3011, 3020, '', '', 'p32');
INSERT INTO p2 (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) SELECT name, id_type, id_number, occupation, level, 'S000013000001223001999', issue_date, evaluator, issuer FROM p1 LIMIT 1
	ON CONFLICT DO NOTHING;
CREATE FUNCTION state_of_p() RETURNS TABLE (p1 bigint, p2 bigint, p31 bigint, p32 bigint, entries bigint, problems bigint) LANGUAGE sql VOLATILE AS $$
	SELECT (SELECT count(*) FROM p1), (SELECT count(*) FROM p2), (SELECT count(*) FROM p31), (SELECT count(*) FROM p32),
		(SELECT count(*) FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act JOIN certdata.attachment AS t ON t.id = a.attachment WHERE t.relation = 'p'::regclass),
		(SELECT count(*) FROM certdata.verify_ledger())
$$;
SELECT * FROM state_of_p();
SELECT failure($$SELECT put(4995, 5008, '张 三', '', 'p')$$);
SELECT failure($$SELECT put(996, 1008, '张 三', 'ON CONFLICT DO NOTHING', 'p')$$);
SELECT failure($$SELECT put(1996, 2008, '张 三', 'ON CONFLICT (cert_no) DO UPDATE SET name = p.name', 'p')$$);
-- a number that changes on the way to another partition
SELECT failure($$UPDATE p SET cert_no = 'S000013000001223001111' WHERE cert_no = 'S000013000001223000500'$$);
SELECT failure($$UPDATE p SET cert_no = 'S000013000001223004001' WHERE cert_no = 'S000013000001223000500'$$);
PREPARE merge AS MERGE INTO p USING (VALUES ('S000013000001223000500'::certdata.certno)) AS v (no) ON p.cert_no = v.no WHEN MATCHED THEN UPDATE SET cert_no = 'S000013000001223004001';
EXECUTE merge;
SELECT failure($$MERGE INTO p USING (VALUES ('S000013000001223000500'::certdata.certno), ('S000013000001223004002')) AS v (no) ON p.cert_no = v.no
	WHEN MATCHED THEN UPDATE SET cert_no = 'S000013000001223004001'
	WHEN NOT MATCHED THEN INSERT (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
		VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', v.no, '2022-02-09', '甲校', '甲校')$$);
SELECT failure($$MERGE INTO p3 USING (VALUES ('S000013000001223003001'::certdata.certno)) AS v (no) ON p3.cert_no = v.no WHEN MATCHED THEN UPDATE SET cert_no = 'S000013000001223002999'$$);
SELECT failure($$WITH u AS (UPDATE p SET cert_no = 'S000013000001223004001' WHERE cert_no = 'S000013000001223000500' RETURNING 1)
	INSERT INTO p (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013000001223004002', '2022-02-09', '甲校', '甲校')$$);
SELECT failure($$DELETE FROM p WHERE cert_no = 'S000013000001223000500'$$);
SELECT failure($$DELETE FROM p1 WHERE cert_no = 'S000013000001223000500'$$);
SELECT failure($$MERGE INTO p USING (VALUES ('S000013000001223000500'::certdata.certno)) AS v (no) ON p.cert_no = v.no WHEN MATCHED THEN DELETE$$);
SELECT * FROM state_of_p();
-- lawfully: an act by itself, and within an INSERT into the same table
SELECT certdata.renumber('p', 'S000013000001223000500', 'S000013000001223004001', 'r', 'a');
CREATE FUNCTION moves() RETURNS certdata.person_name LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM certdata.renumber('p', 'S000013000001223000501', 'S000013000001223004002', 'r', 'a');
	RETURN '李四';
END $$;
INSERT INTO p (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT CASE i WHEN 2 THEN moves() ELSE '张三' END, '居民身份证', '130102199003071233', '车工', '三级', ('S00001300000122300401' || i)::certdata.certno, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 3) AS i;
SELECT * FROM state_of_p();
-- partitions that come and go
CREATE TABLE p0 (LIKE p1);
SELECT certdata.renumber('p', 'S000013000001223000502', 'S000013000001223004003', 'r', 'a');
ALTER TABLE p3 DETACH PARTITION p31;
SELECT put(2600, 2601, '', '', 'p31');
SELECT failure($$SELECT put(2602, 2607, '张 三', '', 'p31')$$);
CREATE TABLE p33 PARTITION OF p3 FOR VALUES FROM ('S000013000001223006000') TO ('S000013000001223007000');
SELECT put(5999, 6001, '', '', 'p');
SELECT count(*) FROM p33;
SELECT check_name, status, detail FROM certdata.doctor() WHERE check_name = 'guard.triggers';
SELECT problem, count(*) FROM certdata.verify_ledger() GROUP BY 1;
ALTER TABLE p2 DISABLE TRIGGER certdata_gone, DISABLE TRIGGER certdata_row;
SELECT check_name, status, detail FROM certdata.doctor() WHERE check_name = 'guard.triggers';
SELECT certdata.gone_row('(0,1)');
SELECT certdata.gone_row(ctid) FROM p1 LIMIT 1;

-- ---- an UPDATE of the root beside an INSERT into a partition, in either order; rows without a number
CREATE TABLE pn (LIKE zs) PARTITION BY RANGE (cert_no);
ALTER TABLE pn DROP COLUMN state;
CREATE TABLE pn1 PARTITION OF pn FOR VALUES FROM (MINVALUE) TO ('S000013000001223000100');
CREATE TABLE pn2 PARTITION OF pn DEFAULT;
INSERT INTO pn (name, id_type, id_number, employer, occupation, level, issue_date, evaluator, issuer)
	SELECT '张三', '居民身份证', '130102199003071233', '单位' || i, '车工', '三级', '2022-02-09', '甲校', '甲校' FROM generate_series(1, 4) AS i;
SELECT certdata.attach('pn', existing => 'record') IS NOT NULL;
CREATE FUNCTION state_of_pn() RETURNS TABLE (pn1 bigint, pn2 bigint, insert_entries bigint, problems text) LANGUAGE sql VOLATILE AS $$
	SELECT (SELECT count(*) FROM pn1), (SELECT count(*) FROM pn2),
		(SELECT count(*) FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act JOIN certdata.attachment AS t ON t.id = a.attachment WHERE t.relation = 'pn'::regclass AND a.kind = 'insert'),
		(SELECT string_agg(problem || ' ' || COALESCE(relation::text, ''), ', ' ORDER BY problem) FROM certdata.verify_ledger() WHERE relation::text ~ '^pn')
$$;
CREATE VIEW good AS SELECT name::certdata.person_name, id_type::certdata.id_type, id_number::certdata.id_number, employer::certdata.org_name, occupation::certdata.occupation_name, work_type::certdata.work_type_name,
	level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator::certdata.org_name, issuer::certdata.org_name FROM rows_of(11, 17);
CREATE VIEW bad AS SELECT name::certdata.person_name, id_type::certdata.id_type, id_number::certdata.id_number, employer::certdata.org_name, occupation::certdata.occupation_name, work_type::certdata.work_type_name,
	level::certdata.skill_level, cert_no::certdata.certno, issue_date::certdata.issue_date, evaluator::certdata.org_name, issuer::certdata.org_name FROM rows_of(21, 27, '张 三');
WITH u AS (UPDATE pn SET employer = employer WHERE false RETURNING 1) INSERT INTO pn1 SELECT * FROM good WHERE (SELECT count(*) FROM u) = 0;
SELECT failure($$WITH u AS (UPDATE pn SET employer = employer WHERE false RETURNING 1) INSERT INTO pn1 SELECT * FROM bad WHERE (SELECT count(*) FROM u) = 0$$);
SELECT failure($$WITH i AS (INSERT INTO pn1 SELECT * FROM bad RETURNING 1) UPDATE pn SET employer = employer WHERE false AND (SELECT count(*) FROM i) = 0$$);
SELECT * FROM state_of_pn();
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
WITH i AS (INSERT INTO pn1 SELECT (jsonb_populate_record(g, '{"cert_no": "S000013000001223000041"}')).* FROM good AS g LIMIT 1 RETURNING 1)
	UPDATE pn SET cert_no = 'S000013000001223000042' WHERE employer = '单位1' AND (SELECT count(*) FROM i) = 1;
COMMIT;
SELECT * FROM state_of_pn();
SELECT failure($$MERGE INTO pn USING (VALUES ('单位2'), ('单位3')) AS v (x) ON pn.employer = v.x
	WHEN MATCHED AND v.x = '单位2' THEN UPDATE SET cert_no = 'S000013000001223000043', name = '张 三'
	WHEN MATCHED THEN UPDATE SET occupation = '车工' WHEN NOT MATCHED THEN DO NOTHING$$);
SELECT failure($$MERGE INTO pn USING (VALUES ('单位2')) AS v (x) ON pn.employer = v.x WHEN MATCHED THEN UPDATE SET cert_no = 'S000013000001223000043'$$);
SELECT * FROM state_of_pn();
-- ---- triggers of others: with a transition table, and such as would have certdata take rows for others
CREATE FUNCTION nop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER aud AFTER INSERT ON zs REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION nop();
CREATE TRIGGER aud AFTER INSERT ON pn REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION nop();
SELECT put(3701, 3702);
SELECT failure($$SELECT put(3703, 3707, '张 三')$$);
SELECT put(51, 52, '', '', 'pn');
SELECT failure($$SELECT put(53, 57, '张 三', '', 'pn')$$);
SELECT * FROM state();
SELECT * FROM state_of_pn();
CREATE TRIGGER x AFTER UPDATE ON zs FOR EACH ROW WHEN (certdata.gone_row(old.ctid)) EXECUTE FUNCTION nop();
SELECT failure($$SELECT put(3702, 3707, '张 三', 'ON CONFLICT (cert_no) DO UPDATE SET name = zs.name')$$);
DROP TRIGGER x ON zs;
CREATE FUNCTION wrap(t tid) RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT certdata.new_row(t)';
CREATE TRIGGER x AFTER UPDATE ON zs FOR EACH ROW WHEN (wrap(new.ctid)) EXECUTE FUNCTION nop();
SELECT failure($$SELECT put(3702, 3703, '', 'ON CONFLICT (cert_no) DO UPDATE SET name = zs.name')$$);
DROP TRIGGER x ON zs;
CREATE TRIGGER x AFTER INSERT ON zs FOR EACH ROW WHEN (new.name IS NULL) EXECUTE FUNCTION nop();
ALTER TABLE zs DISABLE TRIGGER certdata_row;
SELECT failure($$SELECT put(3703, 3704)$$);
ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_row;
DROP TRIGGER x ON zs;
SELECT * FROM state();
CREATE TABLE own_always (LIKE certdata.report);
SELECT certdata.check_inserts('own_always');
ALTER TABLE own_always ENABLE ALWAYS TRIGGER check_new_rows_begin, ENABLE ALWAYS TRIGGER check_new_rows;
SET session_replication_role = replica;
SELECT failure($$INSERT INTO own_always SELECT * FROM rows_of(1, 7, '张 三')$$);
RESET session_replication_role;

-- ---- the same without attachment
CREATE FUNCTION own(n int, m int, bad text DEFAULT '') RETURNS text LANGUAGE sql AS $$ INSERT INTO own SELECT * FROM rows_of(n, m, bad); SELECT 'ok' $$;
SELECT own(1, 1000);
SELECT failure($$SELECT own(1001, 2000, '张 三')$$);
CREATE FUNCTION own_within(n int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	PERFORM own(n, n, '张 三');
	RETURN 'x';
EXCEPTION WHEN check_violation THEN
	RETURN '王五';
END $$;
SELECT failure($$INSERT INTO own SELECT CASE WHEN "姓名" <> '张三' THEN "姓名" ELSE own_within(7) END, "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"
	FROM (SELECT * FROM rows_of(1015, 1018, '张 三')) AS r ("姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构")$$);
SELECT count(*), count(DISTINCT "证书编号") FROM own;
ALTER TABLE own DISABLE TRIGGER check_new_rows_each;
SELECT failure($$SELECT own(3001, 3002)$$);
ALTER TABLE own ENABLE TRIGGER check_new_rows_each, DISABLE TRIGGER check_new_rows_begin;
SELECT failure($$SELECT own(3001, 3002)$$);
ALTER TABLE own ENABLE TRIGGER check_new_rows_begin, DISABLE TRIGGER check_new_rows;
SELECT failure($$SELECT own(3001, 3002)$$);
-- the way out that is named: what is disabled or missing comes back
SELECT certdata.check_inserts('own');
SELECT failure($$SELECT own(3001, 3007, '张 三')$$);
DROP TRIGGER check_new_rows_begin ON own;
SELECT failure($$SELECT own(3001, 3002)$$);
SELECT certdata.check_inserts('own');
SELECT own(3001, 3002);
-- but nothing of the owner's own is replaced by it
CREATE TABLE updated (LIKE certdata.report);
CREATE TRIGGER check_new_rows AFTER UPDATE ON updated REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
SELECT failure($$SELECT certdata.check_inserts('updated')$$);
CREATE TABLE of_owner (LIKE certdata.report);
CREATE TRIGGER check_new_rows_begin BEFORE INSERT ON of_owner FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger();
SELECT failure($$SELECT certdata.check_inserts('of_owner')$$);
SELECT tgrelid::regclass, tgname, tgtype, tgfoid::regproc FROM pg_trigger WHERE tgrelid IN ('updated'::regclass, 'of_owner'::regclass);
CREATE TABLE parted (LIKE own) PARTITION BY HASH ("证书编号");
SELECT certdata.check_inserts('parted');
CREATE VIEW seen AS SELECT * FROM own;
SELECT certdata.check_inserts('seen');
\c contrib_regression
DROP DATABASE guard_stream;
