-- A setting that a check does not see when it should, or sees when it should
-- not: not yet committed by another, undone by a savepoint, of another
-- snapshot, kept from an earlier statement; one judged by another day than
-- the record's 发证日期.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;

CREATE FUNCTION pg_temp.spaced(on_date text DEFAULT '2022-02-09') RETURNS SETOF certdata.finding LANGUAGE sql STABLE AS $$
	SELECT * FROM certdata.check_record('张 三', '居民身份证', '130102199003071233', '', '电工', '', '三级',
		'S000013000001' || substr(on_date, 3, 2) || '3000001', on_date, '甲校', '甲中心')
$$;
CREATE TABLE effect_staging (LIKE certdata.report);
INSERT INTO effect_staging SELECT '张 三', '居民身份证', '130102199003071233', '', '电工', '', '三级',
	'S000013000001' || substr(d, 3, 2) || '3000001', d, '甲校', '甲中心' FROM unnest(ARRAY['2020-12-31', '2021-01-01', '2022-02-09', '2023-06-30']) AS d;

-- by 发证日期, its first and last day included; a record without a date by today's
INSERT INTO certdata.rule_setting (rule, severity, enabled, valid) VALUES
	('name.space', 'warning', NULL, '[2021-01-01,2022-01-01)'), ('name.space', NULL, false, '[2022-01-01,2023-01-01)'),
	('name.space', 'principle', true, '[2023-01-01,2023-06-30]');
SELECT d, severity FROM unnest(ARRAY['2020-12-31', '2021-01-01', '2021-12-31', '2022-01-01', '2022-12-31', '2023-01-01', '2023-06-30', '2023-07-01', '', '2022/05/05', '2022-02-30'])
	WITH ORDINALITY AS t(d, i) LEFT JOIN LATERAL (SELECT * FROM pg_temp.spaced(d) AS f WHERE f.rule = 'name.space') AS f ON true ORDER BY i;
SELECT row_no, rule, severity FROM certdata.check_rows('effect_staging') ORDER BY row_no;
SELECT row_no, rule, severity FROM certdata.check_report((SELECT convert_to(E'姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\n' ||
	string_agg(concat_ws(',', "姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"), E'\n'), 'UTF8') FROM effect_staging)) ORDER BY row_no;
SELECT count(*) AS refused FROM certdata.rejected('effect_staging', 'effect_staging');
-- empty severity or switch: as shipped
UPDATE certdata.rule_setting SET severity = NULL, enabled = NULL;
SELECT row_no, rule, severity FROM certdata.check_rows('effect_staging') ORDER BY row_no;
DELETE FROM certdata.rule_setting;
-- a rule about several rows, or a file, by today's
INSERT INTO certdata.rule_setting (rule, severity, valid) VALUES ('no.duplicate', 'warning', '(,2023-01-01)'), ('no.duplicate', 'principle', '[2023-01-01,)'), ('file.empty', 'warning', '(,)');
SELECT severity FROM certdata.check_report('');
CREATE TEMP TABLE twice AS SELECT * FROM effect_staging WHERE "发证日期" = '2021-01-01' UNION ALL SELECT * FROM effect_staging WHERE "发证日期" = '2021-01-01';
SELECT row_no, severity FROM certdata.check_rows('twice') WHERE rule = 'no.duplicate';
DELETE FROM certdata.rule_setting;
-- level letters, dated
INSERT INTO certdata.level_letter (letter, level, valid) VALUES ('T', '特级技师', '[2022-01-01,2023-01-01)'), ('T', '首席技师', '[2023-01-01,)'), ('X', '学徒工', '(,)');
SELECT d, l, string_agg(f.rule || ' ' || f.severity, ', ') FROM unnest(ARRAY['2021-12-31', '2022-01-01', '2022-12-31', '2023-01-01']) AS d,
	unnest(ARRAY['特级技师', '首席技师', '学徒工', '一级']) AS l LEFT JOIN LATERAL certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', l,
	'S000013000001' || substr(d, 3, 2) || 'T000001', d, '甲校', '甲中心') AS f ON true GROUP BY d, l ORDER BY d, l COLLATE "C";
SELECT string_agg(f.rule, ', ') FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', '学徒工', 'S00001300000122X000001', '2022-02-09', '甲校', '甲中心') AS f;
DELETE FROM certdata.level_letter;

-- own changes: seen by the next statement, undone with their savepoint
BEGIN;
SELECT count(*) FROM pg_temp.spaced();
INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false);
SELECT count(*) FROM pg_temp.spaced();
SAVEPOINT a;
UPDATE certdata.rule_setting SET enabled = true, severity = 'warning';
SELECT severity FROM pg_temp.spaced();
SAVEPOINT b;
DELETE FROM certdata.rule_setting;
SELECT severity FROM pg_temp.spaced();
ROLLBACK TO b;
SELECT severity FROM pg_temp.spaced();
ROLLBACK TO a;
SELECT count(*) FROM pg_temp.spaced();
SAVEPOINT c;
TRUNCATE certdata.rule_setting;
SELECT count(*) FROM pg_temp.spaced();
RELEASE c;
SELECT count(*) FROM pg_temp.spaced();
ROLLBACK;
SELECT count(*) FROM pg_temp.spaced();

-- within one statement, only what was there when it began
WITH changed AS (INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false) RETURNING 1)
SELECT count(*) FROM changed, pg_temp.spaced();
SELECT count(*) FROM pg_temp.spaced();
WITH changed AS (DELETE FROM certdata.rule_setting RETURNING 1) SELECT count(*) FROM changed, pg_temp.spaced();
SELECT count(*) FROM pg_temp.spaced();

-- prepared statements and PL/pgSQL, whose plans and functions are kept
PREPARE spaced AS SELECT count(*) FROM certdata.check_record('张 三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
SET plan_cache_mode = force_generic_plan;
EXECUTE spaced;
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
EXECUTE spaced;
UPDATE certdata.rule SET enabled = true WHERE rule = 'name.space';
EXECUTE spaced;
RESET plan_cache_mode;
DELETE FROM certdata.rule_setting;
CREATE FUNCTION pg_temp.count_spaced() RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT count(*) FROM pg_temp.spaced());
END $$;
CREATE FUNCTION pg_temp.count_spaced_now() RETURNS int LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	n int;
BEGIN
	n := (SELECT count(*) FROM pg_temp.spaced());
	RETURN n;
END $$;
DO $$
DECLARE
	seen int[] := '{}';
BEGIN
	seen := seen || pg_temp.count_spaced();
	INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false);
	seen := seen || pg_temp.count_spaced() || pg_temp.count_spaced_now();
	BEGIN
		DELETE FROM certdata.rule_setting;
		seen := seen || pg_temp.count_spaced();
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
		seen := seen || pg_temp.count_spaced();
	END;
	BEGIN
		DELETE FROM certdata.rule_setting;
	END;
	seen := seen || pg_temp.count_spaced_now();
	FOR i IN 1 .. 3 LOOP
		BEGIN
			INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false);
			seen := seen || pg_temp.count_spaced();
			PERFORM 1 / 0;
		EXCEPTION WHEN division_by_zero THEN
			seen := seen || pg_temp.count_spaced();
		END;
	END LOOP;
	RAISE INFO '%', seen;
END $$;
-- COMMIT and ROLLBACK inside a procedure
CREATE PROCEDURE effect_steps() LANGUAGE plpgsql AS $$
DECLARE
	seen int[] := '{}';
	n int;
BEGIN
	FOR i IN 1 .. 2 LOOP
		INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false);
		n := (SELECT count(*) FROM certdata.check_rows('effect_staging'));
		seen := seen || n;
		ROLLBACK;
		n := (SELECT count(*) FROM certdata.check_rows('effect_staging'));
		seen := seen || n;
	END LOOP;
	INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', false);
	COMMIT;
	n := (SELECT count(*) FROM certdata.check_rows('effect_staging'));
	seen := seen || n;
	DELETE FROM certdata.rule_setting;
	COMMIT;
	n := (SELECT count(*) FROM certdata.check_rows('effect_staging'));
	RAISE INFO '%', seen || n;
END $$;
CALL effect_steps();

-- cursors keep to the snapshot they were opened with
BEGIN;
DECLARE before CURSOR FOR SELECT i, (SELECT count(*) FROM certdata.check_record('张 三', '居民身份证', '130102199003071233', '', '电工', CASE WHEN i < 0 THEN 'x' END, '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心')) AS found FROM generate_series(1, 6) AS i;
FETCH 1 FROM before;
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
SELECT count(*) FROM pg_temp.spaced();
FETCH 1 FROM before;
DECLARE after CURSOR FOR SELECT i, (SELECT count(*) FROM certdata.check_record('张 三', '居民身份证', '130102199003071233', '', '电工', CASE WHEN i < 0 THEN 'x' END, '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心')) AS found FROM generate_series(1, 6) AS i;
FETCH 1 FROM after;
FETCH 1 FROM before;
FETCH 1 FROM after;
SAVEPOINT a;
DELETE FROM certdata.rule_setting;
FETCH 1 FROM after;
SELECT count(*) FROM pg_temp.spaced();
FETCH 1 FROM before;
ROLLBACK TO a;
FETCH 1 FROM after;
FETCH 1 FROM before;
ROLLBACK;
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT i, (SELECT count(*) FROM certdata.check_record('张 三', '居民身份证', '130102199003071233', '', '电工', CASE WHEN i < 0 THEN 'x' END, '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心')) AS found FROM generate_series(1, 3) AS i;
FETCH 1 FROM held;
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
COMMIT;
FETCH ALL FROM held;
CLOSE held;
SELECT count(*) FROM pg_temp.spaced();
DELETE FROM certdata.rule_setting;

-- the trigger and load obey at once, too
CREATE TABLE effect_guarded (LIKE certdata.report);
CREATE TRIGGER check_new AFTER INSERT ON effect_guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
\set VERBOSITY terse
INSERT INTO effect_guarded SELECT * FROM effect_staging;
UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'name.space';
INSERT INTO effect_guarded SELECT * FROM effect_staging;
UPDATE certdata.rule SET severity = 'principle' WHERE rule = 'name.space';
INSERT INTO effect_guarded SELECT * FROM effect_staging;
SELECT loaded, rejected FROM certdata.load('effect_staging', 'effect_guarded', true);
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
TRUNCATE effect_guarded;
SELECT loaded, warnings FROM certdata.load('effect_staging', 'effect_guarded');
\set VERBOSITY default
DELETE FROM certdata.rule_setting;

-- parallel workers see what their leader sees, its uncommitted changes included
SELECT set_config(name, CASE setting WHEN 'off' THEN 'on' ELSE setting END, false) = 'on' AS forced FROM pg_settings
WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION effect_faults(r certdata.report) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT count(*) FROM certdata.check_record(r));
END $$;
CREATE TABLE effect_many AS SELECT ROW(e.*)::certdata.report AS r FROM effect_staging AS e, generate_series(1, 500);
ALTER TABLE effect_many SET (parallel_workers = 2);
EXPLAIN (COSTS OFF) SELECT sum(effect_faults(r)) FROM effect_many;
SELECT sum(effect_faults(r)) FROM effect_many;
BEGIN;
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
SELECT sum(effect_faults(r)) FROM effect_many;
SAVEPOINT a;
INSERT INTO certdata.category (letter, accepted) VALUES ('S', false);
SELECT sum(effect_faults(r)) FROM effect_many;
ROLLBACK TO a;
SELECT sum(effect_faults(r)) FROM effect_many;
ROLLBACK;
SELECT sum(effect_faults(r)) FROM effect_many;
SELECT count(*) FROM effect_many AS m, certdata.check_report(convert_to((m.r)."姓名", 'UTF8'));
RESET ALL;
SET certdata.language = en;

-- today in the zone of the setting, not the session's
SET TimeZone = 'Pacific/Honolulu';
SELECT certdata.today() = (now() AT TIME ZONE 'Asia/Shanghai')::date AS today;
SET certdata.time_zone = 'Pacific/Kiritimati';
SELECT certdata.today() = (now() AT TIME ZONE 'Pacific/Kiritimati')::date AS today;
SET certdata.time_zone = 'Etc/GMT+12';
SELECT certdata.today() = (now() AT TIME ZONE 'Etc/GMT+12')::date AS today;
CREATE FUNCTION pg_temp.future(plus int) RETURNS boolean LANGUAGE sql AS $$
	SELECT EXISTS (SELECT FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级',
		'S000013000001223000001', to_char((now() AT TIME ZONE current_setting('certdata.time_zone'))::date + plus, 'YYYY-MM-DD'), '甲校', '甲中心') AS f WHERE f.rule = 'date.future')
$$;
SELECT z, set_config('certdata.time_zone', z, false) = z AS set, pg_temp.future(0) AS today, pg_temp.future(1) AS tomorrow
FROM unnest(ARRAY['Pacific/Kiritimati', 'Etc/GMT+12', 'Asia/Shanghai', 'Pacific/Kiritimati']) WITH ORDINALITY AS t(z, i) ORDER BY i;
SET certdata.time_zone = 'Nowhere/None';

SELECT (SELECT count(*) FROM certdata.rule_setting) + (SELECT count(*) FROM certdata.category_setting) + (SELECT count(*) FROM certdata.level_letter) AS settings_left;
DROP FUNCTION effect_faults;
DROP TABLE effect_staging, effect_guarded, effect_many;
DROP PROCEDURE effect_steps;
