-- A row that check_record passes and a table refuses, or the reverse: what is
-- promised (a row loads exactly when check_record gives it no error and no
-- unexcused principle) must hold for every route: INSERT under the trigger,
-- COPY's casts, load().  And what a type alone decides, it decides as the
-- record rules do.
SET client_min_messages = error;	-- the trigger's warnings are not compared
CREATE EXTENSION IF NOT EXISTS certdata;
SET certdata.language = en;

CREATE TEMP TABLE lawful (LIKE certdata.report);
INSERT INTO lawful VALUES ('张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
	'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
-- each case: the lawful record with these fields replaced
CREATE TEMP TABLE cases (i serial PRIMARY KEY, fields jsonb);
INSERT INTO cases (fields) VALUES ('{}');
-- a text field each: what is odd in any text, and at its maximum
INSERT INTO cases (fields)
SELECT jsonb_build_object(f.field, v.value)
FROM (VALUES ('姓名', 40), ('所在单位', 100), ('职业名称', 80), ('工种名称', 60), ('评价机构', 100), ('发证机构', 100)) AS f(field, most),
	LATERAL (VALUES (NULL), (''), (' '), ('甲 乙'), (' 甲'), ('甲 '), (E'\t甲'), (E'甲\t'), (E'甲\n乙'), (E'甲\r'), (E'甲\u0001'), (E'甲\u007f'),
		(E'甲\u0085'), (E'甲\u3000乙'), (E'甲\u00a0'), (E'甲\u200b'), (E'\ufeff甲'), (E'甲\u00ad'), (E'甲\ue000'), (E'甲\U000f0000'), (E'甲\ufffd'),
		('甲?'), ('?'), ('甲*'), ('*'), ('＊＊'), ('#N/A'), ('#REF!'), ('##'), ('###'), ('#####'), ('#甲'), ('="甲"'), ('=""'), ('="甲'), ('=甲'), ('''甲'),
		('''A甲'), (''''), ('''''甲'), ('1.3E+17'), ('1E5'), ('无'), ('/'), ('-'), ('NULL'), ('暂无'), ('无业'), ('甲·乙'), ('甲•乙'), ('甲.乙'), ('A.B'), ('甲・'),
		('a'), ('１'), ('0'), ('甲,乙'), ('甲"乙'), ('甲\乙'), ('甲''乙'), ('〇'), (E'\U00020bb7'), (E'é'), (E'e\u0301'),
		(repeat('甲', f.most)), (repeat('甲', f.most + 1)), (repeat('a', f.most)), (repeat('a', f.most + 1)), (repeat('甲', 20)), (repeat('甲', 21)),
		(E'\t' || repeat('甲', f.most)), ('''' || repeat('甲', f.most)), (repeat(E'\U00020bb7', f.most))) AS v(value);
INSERT INTO cases (fields)
SELECT jsonb_build_object('证件类型', v) FROM unnest(ARRAY[NULL, '', ' ', '身份证', ' 居民身份证', '居民 身份证', '居民身份证?', '《居民身份证》', '="居民身份证"', '''居民身份证',
	E'\t居民身份证', '="居民身份证', '#N/A', '1', '01', '居民身份证*', E'居民身份证\u0001', E'居民\u200b身份证', '其他', '其他个人证件', '中国护照', '外国护照']) AS v;
INSERT INTO cases (fields)
SELECT jsonb_build_object('证件类型', t, '证件号码', 'AB123456789012345X') FROM unnest(ARRAY['外国人工作许可证(A类)', '外国人工作许可证（A类）',
	'《中华人民共和国外国人工作许可证》(A 类)', '《中华人民共和国外国人工作许可证》(A类)', '《中华人民共和国外国人工作许可证》（Ｂ类）', '中华人民共和国外国人工作许可证(C类)',
	'外国人工作许可证(D类)', '外国人工作许可证', '外国人工作许可证A类', '其他个人证件', '外国护照', '港澳居民来往内地通行证']) AS t;
-- document numbers, of each kind that matters
INSERT INTO cases (fields)
SELECT jsonb_build_object('证件类型', k, '证件号码', v)
FROM unnest(ARRAY['居民身份证', '中国护照', '外国护照', '外国人永久居留身份证', '其他个人证件', '港澳居民居住证']) AS k,
	unnest(ARRAY[NULL, '', ' ', '130102199003071233', '130102199003071234', '13010219900307002X', '13010219900307002x', '１３０１０２199003071233', '130102199003071000',
		'13010219900307123', '1301021990030712333', '130102900307123', '810000199408230021', '830000199201300022', '932643199912310022', '130102199013071233', '180102199003071233',
		'130102209903071235', '130102202003071234', 'USA110085010116', 'usa110085010116', 'KAZ110090123104', 'E12345678', 'e12345678', 'E1234 5678', 'H12345678', '12345678', 'A',
		'AB-123', '#N/A', '####', '1.30102E+17', '1E5', '1E23', '1E2345678', '="130102199003071233"', '="E12345678"', '=""', '="', '''130102199003071233', '''E1234567', '''', E'\t130102199003071233', E'\tE1234567',
		'130102********1233', 'E123*', '＊', E'E1234\u0001', E'E1234\n', E'E1234\u200b5', '护照E1234567', 'Ｅ12345678', '一二三四五六七八九十一二三四五六七八', '一二三四五六七八九十一二三四五六七八九', E'E\ufffd1', 'E?1',
		E'E\ue000', 'NULL', '无', '-', 'ß12', E'\U00020bb7']) AS v;
INSERT INTO cases (fields)
SELECT jsonb_build_object('职业技能等级', v) FROM unnest(ARRAY[NULL, '', ' ', '三级', '三级/高级工', '高级工/三级', '三级(高级工)', '三级（高级工）', '高级工(三级)', '高级工', '3', '３', '3级', '３级', '三级／高级工', '高级', '三',
	'0', '6', '六级', '三 级', ' 三级', E'三级\n', E'\t三级', '="三级"', '''三级', '''3', '#N/A', '三级*', '三级?', '四级/高级工', '四级', '学徒工', '特级技师', '首席技师', '一级/高级技师', E'三级\u0001', '1E5', '3.0', E'三级\u200b']) AS v;
INSERT INTO cases (fields)
SELECT jsonb_build_object('证书编号', v) FROM unnest(ARRAY[NULL, '', ' ', 's000013000001223000001', 'Ｓ000013000001223000001', 'S０００013000001223000001', 'S00001300000122300000', 'S0000130000012230000011',
	'S000013000001223 000001', ' S000013000001223000001', E'S000013000001223000001\n', E'\tS000013000001223000001', '''S000013000001223000001', '="S000013000001223000001"', 'S00001300000122300000A', '0000013000001223000001',
	'S000013000001224000001', 'S00001300000122A000001', 'S00001300000122a000001', 'S000013000001220000001', 'S000013000001229000001', 'J000013000001223000001', 'j000013000001223000001', 'S000083000001223000001', 'S000000000001223000001',
	'S000013000001213000001', '1301021990030712', '1301021990030', 'RSN12345678901234567', 'rsn12345678901234567', 'S00001300000122300000*', 'S00013*****1', '1.30102E+17', '#N/A', '######################', 'S000013000001223000001?', '无', 'Y123413000001223000001',
	E'S00001300000122300000\u0001', '一二三四五六七八九十一二三四五六七八九十一二', '="', '''']) AS v;
INSERT INTO cases (fields)
SELECT jsonb_build_object('发证日期', v) FROM unnest(ARRAY[NULL, '', ' ', '2022-02-09', '2022-2-9', '2022/02/09', '20220209', '2022年2月9日', '44601', '2022-02-30', '2022-13-01', '2022-00-10', '2022-02-00', '2024-02-29', '2023-02-29',
	'0001-01-01', '0000-01-01', '9999-12-31', '2022-02-09 ', ' 2022-02-09', '2022-02-09 00:00:00', '２０２２-02-09', E'2022-02-09\n', E'\t2022-02-09', '''2022-02-09', '="2022-02-09"', '4.4601E+04', '1E5', '#####', 'today', 'infinity', '-infinity', 'epoch', 'now',
	'2022-02-09BC', '2022-02-09*', '2022‐02‐09', '2099-12-31', '1999-12-31', '2022-02-9', '22-02-09', E'2022-02-09\u200b', '+022-02-09', '2022-02-0９']) AS v;
-- years and levels against each other
INSERT INTO cases (fields)
SELECT jsonb_build_object('发证日期', d, '证书编号', n, '职业技能等级', l) FROM (VALUES
	('2099-12-31', 'S000013000001993000001', '三级'), ('1999-12-31', 'S000013000001993000001', '三级'), ('0022-02-09', 'S000013000001223000001', '三级'), ('2022-02-09', 'S00001300000122T000001', '特级技师'),
	('2022-02-09', 'S00001300000122T000001', '三级'), ('2022-02-09', 'S000013000001221000001', '首席技师'), ('2022-02-09', 's00001300000122t000001', '学徒工'), ('2022-02-09', 'S000013000001223000001', '高级工')) AS t(d, n, l);
-- several oddities at once
INSERT INTO cases (fields)
SELECT a.fields || b.fields FROM cases AS a, cases AS b WHERE a.i % 13 = 3 AND b.i % 89 = 5 AND a.i <> b.i;
SELECT count(*) > 1000 AS enough FROM cases;

CREATE TABLE certdata_invariant (LIKE certdata.report);
ALTER TABLE certdata_invariant ADD i int;
INSERT INTO certdata_invariant
	SELECT (jsonb_populate_record(l, c.fields)).*, c.i FROM lawful AS l, cases AS c ORDER BY c.i;

CREATE TABLE typed (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
	level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name);
CREATE TABLE guarded (LIKE typed);
CREATE TRIGGER check_new AFTER INSERT ON guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TRIGGER check_changed AFTER UPDATE ON guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TABLE texts (LIKE certdata.report);
CREATE TRIGGER check_new AFTER INSERT ON texts REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
CREATE TABLE loaded (LIKE typed);
CREATE TABLE one (LIKE certdata.report);
CREATE TABLE outcome (i int, judged boolean, by_types boolean, inserted boolean, plain boolean, text_inserted boolean, by_load boolean,
	stored text, stored_by_load text, rules text);

-- '' if it succeeds, else the state; what is neither a type's nor a rule's refusal is an error
CREATE FUNCTION try(statement text, r certdata.report) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	EXECUTE statement USING r;
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	-- a load that the type stops half-way is not what was promised, so not a refusal
	IF state = '22P02' AND statement ~ 'load' THEN
		RETURN 'stopped';
	ELSIF state NOT IN ('22P02', '23514') THEN
		RAISE;
	END IF;
	RETURN state;
END $$;
CREATE FUNCTION judge_all() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	r record;
	rec certdata.report;
	o outcome;
	fields text := (SELECT string_agg(CASE WHEN attnum IN (2, 3, 7, 8, 9) THEN format('NULLIF(($1).%I, '''')', attname) ELSE format('($1).%I', attname) END, ', ' ORDER BY attnum)
		FROM pg_attribute WHERE attrelid = 'certdata.report'::regclass AND attnum > 0);
	as_is text := (SELECT string_agg(format('($1).%I', attname), ', ' ORDER BY attnum)
		FROM pg_attribute WHERE attrelid = 'certdata.report'::regclass AND attnum > 0);
BEGIN
	TRUNCATE outcome;
	FOR r IN SELECT c.i, (jsonb_populate_record(l, c.fields)).* FROM lawful AS l, cases AS c ORDER BY c.i LOOP
		rec := ROW(r."姓名", r."证件类型", r."证件号码", r."所在单位", r."职业名称", r."工种名称", r."职业技能等级", r."证书编号", r."发证日期", r."评价机构", r."发证机构");
		o := NULL;
		o.i := r.i;
		SELECT COALESCE(bool_and(f.severity = 'warning'), true), string_agg(f.rule, ' '),
			COALESCE(bool_and(NOT (f.rule ~ '\.(length|control|unknown)$' OR f.rule IN ('id.space', 'id.masked', 'level.space', 'no.space', 'no.masked', 'no.old', 'no.rsn', 'no.layout',
				'date.space', 'date.form', 'date.real')
				OR f.rule ~ '^cell\.' AND f.field IN ('证件类型', '职业技能等级', '证书编号', '发证日期') OR f.rule = 'cell.tab')), true)
			-- (a document number of 18 characters may hold any, so spreadsheet damage in it is left to the record rules)
			INTO o.judged, o.rules, o.by_types FROM certdata.check_record(rec) AS f;
		o.by_types := o.by_types AND COALESCE(char_length(rec."证件号码"), 0) <= 18 AND concat(rec."姓名", rec."所在单位", rec."职业名称", rec."工种名称", rec."评价机构", rec."发证机构") !~ E'[\t\n\r]';
		DELETE FROM typed;
		DELETE FROM guarded;
		DELETE FROM texts;
		DELETE FROM loaded;
		DELETE FROM one;
		o.plain := try('INSERT INTO typed SELECT ' || fields, rec) = '';
		o.inserted := try('INSERT INTO guarded SELECT ' || fields, rec) = '';
		o.text_inserted := try('INSERT INTO texts SELECT ' || as_is, rec) = '';
		INSERT INTO one SELECT (rec).*;
		o.by_load := try('SELECT certdata.load(''one'', ''loaded'')', rec) = '';
		-- empty and NULL are the same
		SELECT (ROW(NULLIF(g.name, ''), g.id_type, g.id_number, NULLIF(g.employer, ''), NULLIF(g.occupation, ''), NULLIF(g.work_type, ''), g.level, g.cert_no, g.issue_date,
			NULLIF(g.evaluator, ''), NULLIF(g.issuer, '')))::text INTO o.stored FROM guarded AS g;
		SELECT (ROW(g.name, g.id_type, g.id_number, g.employer, g.occupation, g.work_type, g.level, g.cert_no, g.issue_date, g.evaluator, g.issuer))::text INTO o.stored_by_load FROM loaded AS g;
		-- what is stored is without error and canonical: stored again, it is the same
		IF o.inserted THEN
			ASSERT NOT EXISTS (SELECT FROM guarded AS g, certdata.check_record(g) AS f WHERE f.severity <> 'warning'), r.i;
			UPDATE guarded SET name = name::text, id_type = id_type::text, id_number = id_number::text, level = level::text, cert_no = cert_no::text, issue_date = issue_date::text;
			ASSERT o.stored = (SELECT (ROW(NULLIF(g.name, ''), g.id_type, g.id_number, NULLIF(g.employer, ''), NULLIF(g.occupation, ''), NULLIF(g.work_type, ''), g.level, g.cert_no,
				g.issue_date, NULLIF(g.evaluator, ''), NULLIF(g.issuer, '')))::text FROM guarded AS g), r.i;
		END IF;
		INSERT INTO outcome SELECT o.*;
	END LOOP;
END $$;
SELECT judge_all();

-- each row below breaks the promise
SELECT i, (SELECT fields FROM cases AS c WHERE c.i = o.i) AS fields, rules, judged, inserted, text_inserted, by_load FROM outcome AS o
WHERE NOT (judged = inserted AND judged = text_inserted AND judged = by_load) ORDER BY i LIMIT 40;
SELECT i, stored, stored_by_load FROM outcome WHERE stored IS DISTINCT FROM stored_by_load ORDER BY i LIMIT 20;
-- and below, a type decides otherwise than the rules it stands for
SELECT i, (SELECT fields FROM cases AS c WHERE c.i = o.i) AS fields, rules, by_types, plain FROM outcome AS o WHERE by_types <> plain ORDER BY i LIMIT 40;
SELECT count(*) FILTER (WHERE judged) > 200 AS many_good, count(*) FILTER (WHERE NOT judged) > 400 AS many_bad,
	count(*) FILTER (WHERE plain AND NOT inserted) > 200 AS many_by_trigger FROM outcome;

-- check_rows finds for each row what check_record finds, and duplicates besides
WITH one_by_one AS (SELECT t.n AS row_no, f.field, f.rule, f.severity, f.message
		FROM (SELECT row_number() OVER (ORDER BY v.ctid) AS n, v.* FROM certdata_invariant AS v) AS t, certdata.check_record(t) AS f),
	at_once AS (SELECT row_no, field, rule, severity, message FROM certdata.check_rows('certdata_invariant') WHERE rule <> 'no.duplicate')
SELECT count(*) AS differences FROM ((TABLE one_by_one EXCEPT ALL TABLE at_once) UNION ALL (TABLE at_once EXCEPT ALL TABLE one_by_one)) AS d;

-- and with rules changed, by 发证日期 or always
CREATE FUNCTION broken(OUT cases bigint, OUT differing bigint, OUT good bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM judge_all();
	SELECT count(*), count(*) FILTER (WHERE NOT (o.judged = o.inserted AND o.judged = o.text_inserted AND o.judged = o.by_load)
		OR o.stored IS DISTINCT FROM o.stored_by_load), count(*) FILTER (WHERE o.judged) INTO cases, differing, good FROM outcome AS o;
END $$;
DELETE FROM cases WHERE i > 1100 OR i % 3 = 1 AND NOT fields ?| ARRAY['证书编号', '发证日期'];
SELECT differing, good FROM broken() \gset before_
BEGIN;
UPDATE certdata.rule SET severity = 'warning' WHERE NOT fixed;
SELECT differing, good > :before_good AS more FROM broken();
ROLLBACK;
BEGIN;
UPDATE certdata.rule SET enabled = false WHERE NOT fixed;
SELECT differing, good > :before_good AS more FROM broken();
ROLLBACK;
BEGIN;
UPDATE certdata.rule SET severity = 'principle' WHERE NOT fixed AND rule !~ '\.(form|case|width)$';
SELECT differing, good < :before_good AS fewer, good > 0 AS some FROM broken();
ROLLBACK;
BEGIN;
INSERT INTO certdata.rule_setting (rule, severity, enabled, valid)
	SELECT r.rule, v.severity, v.enabled, v.valid FROM certdata.rule AS r, (VALUES ('warning', NULL::boolean, '[2022-01-01,2023-01-01)'::daterange), ('principle', true, '(,2022-01-01)'), (NULL, false, '[2023-01-01,)'))
		AS v(severity, enabled, valid) WHERE NOT r.fixed AND (r.rule !~ '\.(form|case|width)$' OR v.severity = 'warning');
INSERT INTO certdata.category_setting (letter, valid) VALUES ('J', '[2022-02-09,2022-02-10)');
INSERT INTO certdata.category_setting (letter, accepted, valid) VALUES ('S', false, '[2024-01-01,)');
INSERT INTO certdata.level_letter (letter, level, valid) VALUES ('T', '特级技师', '(,2022-02-10)'), ('A', '首席技师', '(,)');
SELECT differing, good > :before_good AS more FROM broken();
ROLLBACK;

DROP TABLE certdata_invariant, typed, guarded, texts, loaded, one, outcome;
DROP FUNCTION try, judge_all, broken;
