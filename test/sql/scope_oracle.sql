-- A verdict about filing and scope that the tables do not bear out, on data
-- nobody has thought of: thousands of random organisations, names, filings,
-- scopes and records, judged a second time by plain SQL that shares nothing
-- with the library; and a verdict kept for a row or a day it is not good for.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

-- ---------------------------------------------------------------- the oracle

CREATE FUNCTION pg_temp.strip(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT translate(COALESCE(t, ''), E' \u3000\u200b', '') $$;
CREATE FUNCTION pg_temp.form(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT translate(translate(COALESCE(t, ''), E' \u3000\u200b', ''), '（）', '()') $$;

-- the filing row that counts on a day, whether it is valid then, and the day by which scope is judged
CREATE FUNCTION pg_temp.filing_of(asked text, day date, OUT organisation text, OUT is_valid boolean, OUT scope_day date) LANGUAGE sql STABLE AS $$
	SELECT f.organisation, own OR grace, CASE WHEN grace AND NOT own THEN upper(f.valid) - 1 ELSE day END
	FROM certdata.filing AS f,
		LATERAL (SELECT f.valid @> day AS own, COALESCE(day >= upper(f.valid) AND day < upper(f.valid) + f.grace_days, false) AS grace, COALESCE(lower(f.valid), '-infinity') AS began) AS x
	WHERE f.code = asked
	-- valid; in grace; the last that had begun; the first
	ORDER BY own DESC, grace DESC, began <= day DESC, CASE WHEN began <= day THEN began END DESC, began LIMIT 1
$$;
CREATE TEMP TABLE bears (organisation text, name text, valid datemultirange);
CREATE FUNCTION pg_temp.learn_names() RETURNS void LANGUAGE sql AS $$
	DELETE FROM bears;
	INSERT INTO bears SELECT n.organisation, n.name, datemultirange(n.valid) FROM certdata.organisation_name AS n;
	INSERT INTO bears SELECT o.id, o.name, '{(,)}'::datemultirange - COALESCE((SELECT range_agg(n.valid) FROM certdata.organisation_name AS n WHERE n.organisation = o.id), '{}') FROM certdata.organisation AS o;
$$;
CREATE TEMP TABLE above (id text, ancestor text);
CREATE FUNCTION pg_temp.learn_tree() RETURNS void LANGUAGE sql AS $$
	DELETE FROM above;
	INSERT INTO above WITH RECURSIVE a(id, ancestor) AS (SELECT id, parent FROM certdata.organisation WHERE parent IS NOT NULL
		UNION SELECT a.id, o.parent FROM a JOIN certdata.organisation AS o ON o.id = a.ancestor WHERE o.parent IS NOT NULL) TABLE a;
$$;

CREATE FUNCTION pg_temp.of_issuer(issuer text, day date) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN pg_temp.strip(issuer) = '' THEN NULL WHEN bool_or(pg_temp.strip(b.name) = pg_temp.strip(issuer)) THEN NULL WHEN count(*) > 0 THEN 'issuer.brackets' ELSE 'issuer.unknown' END
	FROM bears AS b WHERE b.valid @> day AND pg_temp.form(b.name) = pg_temp.form(issuer)
$$;
CREATE FUNCTION pg_temp.last_day(asked text) RETURNS date LANGUAGE sql STABLE AS $$ SELECT LEAST(ceased_on, dissolved_on) FROM certdata.organisation WHERE id = asked $$;
CREATE FUNCTION pg_temp.of_evaluator(owner text, evaluator text, issuer text, day date) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	owner_name text := (SELECT b.name FROM bears AS b WHERE b.organisation = owner AND b.valid @> day);
	ceased text[] := CASE WHEN pg_temp.last_day(owner) < day THEN '{date.ceased}'::text[] ELSE '{}' END;
	branch record;
BEGIN
	IF pg_temp.strip(evaluator) = '' OR pg_temp.strip(evaluator) = pg_temp.strip(owner_name) THEN
		RETURN ceased;
	ELSIF pg_temp.form(evaluator) = pg_temp.form(owner_name) THEN
		RETURN ceased || 'evaluator.brackets'::text;
	END IF;
	SELECT b.organisation, pg_temp.strip(b.name) = pg_temp.strip(evaluator) AS same INTO branch
	FROM bears AS b JOIN above AS a ON a.id = b.organisation AND a.ancestor = owner
	WHERE b.valid @> day AND pg_temp.form(b.name) = pg_temp.form(evaluator) ORDER BY 2 DESC LIMIT 1;
	IF NOT FOUND OR pg_temp.form(issuer) <> pg_temp.form(owner_name) THEN
		RETURN ceased || 'evaluator.filing'::text;
	END IF;
	IF pg_temp.last_day(branch.organisation) < day THEN
		ceased := '{date.ceased}';
	END IF;
	RETURN ceased || CASE WHEN NOT branch.same THEN '{evaluator.brackets}'::text[] END;
END $$;
CREATE FUNCTION pg_temp.of_scope(code text, o text, w text, l certdata.skill_level, day date) RETURNS text[] LANGUAGE sql STABLE AS $$
	WITH r AS (
		SELECT s.valid @> day AS today, pg_temp.strip(s.occupation) = pg_temp.strip(o) AS o_same, pg_temp.strip(s.work_type) = pg_temp.strip(w) AS w_same, pg_temp.form(s.work_type) = pg_temp.form(w) AS w_alike,
			pg_temp.form(s.work_type) = pg_temp.form(w) OR current_setting('certdata.scope_blank_covers')::boolean AND pg_temp.form(s.work_type) = '' AS w_covered, s.level = l AS l_same
		FROM certdata.scope AS s WHERE s.filing = code AND pg_temp.form(s.occupation) = pg_temp.form(o)),
	v AS (SELECT COALESCE(bool_or(today AND w_covered AND l_same), false) AS ok, COALESCE(bool_or(w_covered AND l_same), false) AS ever,
			COALESCE(bool_or(today AND w_covered), false) AS w_ok, COALESCE(bool_or(today), false) AS o_ok FROM r)
	SELECT array_remove(ARRAY[
		CASE WHEN v.ok THEN NULL WHEN v.ever THEN 'date.scope' WHEN v.w_ok THEN 'level.scope' WHEN v.o_ok THEN 'worktype.scope' ELSE 'occupation.scope' END,
		-- as nobody writes it (that day, if it was in scope that day)
		(SELECT 'occupation.brackets' FROM r WHERE today OR NOT v.o_ok HAVING count(*) > 0 AND NOT bool_or(o_same)),
		(SELECT 'worktype.brackets' FROM r WHERE (today OR NOT v.w_ok) AND w_alike HAVING count(*) > 0 AND NOT bool_or(w_same) AND pg_temp.strip(w) <> '')], NULL) FROM v
$$;
CREATE FUNCTION pg_temp.oracle(no text, day date, o text, w text, l certdata.skill_level, evaluator text, issuer text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	code text := substr(no, 1, 13);
	filing record;
	found text[] := ARRAY[pg_temp.of_issuer(issuer, day)];
BEGIN
	IF NOT EXISTS (SELECT FROM certdata.filing AS f WHERE f.code = substr(no, 1, 13)) THEN
		found := found || 'no.filing'::text;
	ELSE
		filing := pg_temp.filing_of(code, day);
		found := found || pg_temp.of_evaluator(filing.organisation, evaluator, issuer, day) || CASE WHEN NOT filing.is_valid THEN '{no.filing_valid}'::text[] END;
		IF EXISTS (SELECT FROM certdata.scope) AND pg_temp.strip(o) <> '' THEN
			found := found || pg_temp.of_scope(code, o, w, l, filing.scope_day);
		END IF;
	END IF;
	RETURN (SELECT COALESCE(string_agg(r, ' ' ORDER BY r COLLATE "C"), '') FROM unnest(found) AS r WHERE r IS NOT NULL);
END $$;
CREATE FUNCTION pg_temp.in_scope(code text, o text, w text, l certdata.skill_level, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM certdata.scope AS s WHERE s.filing = in_scope.code AND s.level = l
		AND pg_temp.strip(s.occupation) = pg_temp.strip(o) AND (pg_temp.strip(s.work_type) = pg_temp.strip(w) OR current_setting('certdata.scope_blank_covers')::boolean AND pg_temp.strip(s.work_type) = '')
		AND s.valid @> CASE WHEN EXISTS (SELECT FROM certdata.filing AS f WHERE f.code = in_scope.code) THEN (SELECT CASE WHEN f.is_valid THEN f.scope_day END FROM pg_temp.filing_of(in_scope.code, day) AS f) ELSE day END)
$$;

-- ---------------------------------------------------------------- the world

SELECT setseed(0.25) IS NOT NULL AS seeded;
CREATE FUNCTION pg_temp.some(VARIADIC of text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT of[1 + floor(random() * array_length(of, 1))::int] $$;
-- another way to write it: a space, other brackets, both
CREATE FUNCTION pg_temp.written(t text) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT CASE floor(random() * 24)::int WHEN 0 THEN translate(t, '（）', '()') WHEN 1 THEN translate(t, '()', '（）') WHEN 2 THEN translate(t, '(）', '（)')
		WHEN 3 THEN substr(t, 1, 1) || pg_temp.some(' ', E'\u3000', E'\u200b') || substr(t, 2) WHEN 4 THEN translate(t, '(（', ' (（') ELSE t END
$$;
CREATE FUNCTION pg_temp.some_days() RETURNS daterange LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	from_day date := '2020-01-01'::date + floor(random() * 1500)::int;
	to_day date := from_day + floor(random() * 700)::int;
BEGIN
	RETURN daterange(CASE WHEN random() < 0.8 THEN from_day END, CASE WHEN random() < 0.8 THEN to_day END, '[]');
END $$;
INSERT INTO certdata.organisation (id, name, parent, ceased_on, dissolved_on)
SELECT 'o' || i, pg_temp.some('校' || i || '（北）', '校' || i || '(北)', '校' || i, '校 ' || i), CASE WHEN i > 3 AND random() < 0.8 THEN 'o' || (1 + floor(random() * LEAST(i - 1, 12)))::int END,
	CASE WHEN random() < 0.15 THEN '2020-01-01'::date + floor(random() * 1800)::int END, CASE WHEN random() < 0.15 THEN '2020-01-01'::date + floor(random() * 1800)::int END
FROM generate_series(1, 60) AS i;
-- a second of the same name but for brackets, with nobody above it
INSERT INTO certdata.organisation (id, name) SELECT id || 'b', translate(name, '()（）', '（）()') FROM certdata.organisation WHERE name ~ '[(（]' AND random() < 0.2;
INSERT INTO certdata.organisation_name (organisation, name, valid)
SELECT 'o' || (1 + floor(random() * 60))::int, pg_temp.some('旧' || i || '（北）', '旧' || i), pg_temp.some_days() FROM generate_series(1, 60) AS i
ON CONFLICT DO NOTHING;
INSERT INTO certdata.filing (code, organisation, valid, grace_days)
SELECT 'S0000130000' || to_char(1 + floor(random() * 40), 'FM00'), 'o' || (1 + floor(random() * 60))::int, pg_temp.some_days(), CASE WHEN random() < 0.4 THEN floor(random() * 400)::int ELSE 0 END
FROM generate_series(1, 120) AS i ON CONFLICT DO NOTHING;
-- the last five codes have scope and perhaps no filing
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid)
SELECT 'S0000130000' || to_char(1 + floor(random() * 45), 'FM00'), pg_temp.some('电工', '车工', '钳工（甲）', '钳工(甲)', '钳工(乙）', '焊工 甲', '铣工'), pg_temp.some(NULL, NULL, '', '维修', '架线（高）', '架线(高)', '维 修', '（）'),
	pg_temp.some('三级', '四级', '五级')::certdata.skill_level, pg_temp.some_days()
FROM generate_series(1, 6000) AS i ON CONFLICT DO NOTHING;
SELECT (SELECT count(*) FROM certdata.filing) BETWEEN 50 AND 120 AS filings, (SELECT count(*) FROM certdata.organisation_name) > 30 AS names, (SELECT count(*) FROM certdata.scope) > 3000 AS scope;
ANALYZE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope;

-- ---------------------------------------------------------------- in_scope

CREATE TEMP TABLE asked AS
SELECT i, 'S0000130000' || to_char(1 + floor(random() * 46), 'FM00') AS code, pg_temp.some('电工', '车 工', '钳工（甲）', '钳工(甲)', '钳工(乙）', '焊工甲', '铣工', '厨师') AS o,
	pg_temp.some(NULL, '', '维修', '架线（高）', '架线(高)', '架线(高）', '维修', '（）', '()', E'维\u3000修', '无') AS w, pg_temp.some('三级', '四级', '五级', '一级')::certdata.skill_level AS l,
	'2019-12-01'::date + floor(random() * 2300)::int AS d FROM generate_series(1, 3000) AS i;
CREATE TEMP TABLE answer AS SELECT i, pg_temp.in_scope(code, o, w, l, d) AS wanted, certdata.in_scope(code, o, w, l, d) AS got FROM asked;
SELECT count(*) FILTER (WHERE wanted) > 200 AS many_true, count(*) FILTER (WHERE NOT wanted) > 1500 AS many_false FROM answer;
SELECT a.*, wanted, got FROM answer JOIN asked AS a USING (i) WHERE wanted IS DISTINCT FROM got ORDER BY i LIMIT 20;
SET certdata.scope_blank_covers = on;
DELETE FROM answer;
INSERT INTO answer SELECT i, pg_temp.in_scope(code, o, w, l, d), certdata.in_scope(code, o, w, l, d) FROM asked;
SELECT count(*) FILTER (WHERE wanted) > 500 AS more_true FROM answer;
SELECT a.*, wanted, got FROM answer JOIN asked AS a USING (i) WHERE wanted IS DISTINCT FROM got ORDER BY i LIMIT 20;
RESET certdata.scope_blank_covers;
-- ---------------------------------------------------------------- records

SELECT pg_temp.learn_names() IS NULL AS names, pg_temp.learn_tree() IS NULL AS tree;
CREATE TABLE scope_records (i int, day date, o text, w text, l text, no text, evaluator text, issuer text);
-- mostly the filing's organisation or one below it, by a name it has on some day, written somehow
INSERT INTO scope_records
SELECT i, r.day, pg_temp.written(CASE WHEN random() < 0.85 THEN s.occupation ELSE pg_temp.some('电工', '钳工（甲）', '厨师', '') END),
	pg_temp.written(COALESCE(CASE WHEN random() < 0.9 THEN s.work_type::text ELSE pg_temp.some('', '维修', '架线（高）', '打磨') END, '')), COALESCE(CASE WHEN random() < 0.9 THEN s.level::text END, '三级'),
	r.code || to_char(r.day, 'YY') || '3' || to_char(i, 'FM000000'),
	CASE WHEN random() < 0.03 THEN '' ELSE pg_temp.written((SELECT b.name FROM bears AS b WHERE CASE WHEN r.p < 0.5 THEN b.organisation = f.organisation WHEN r.p < 0.8 THEN b.organisation IN (SELECT id FROM above WHERE ancestor = f.organisation) ELSE true END
		ORDER BY b.valid @> r.day AND r.q DESC, random() LIMIT 1)) END,
	CASE WHEN random() < 0.03 THEN '' ELSE pg_temp.written((SELECT b.name FROM bears AS b WHERE CASE WHEN r.p < 0.8 THEN b.organisation = f.organisation ELSE true END ORDER BY b.valid @> r.day AND r.q DESC, random() LIMIT 1)) END
FROM (SELECT i, '2019-12-01'::date + floor(random() * 2300)::int AS day, random() AS p, random() < 0.85 AS q, 'S0000130000' || to_char(1 + floor(random() * 43), 'FM00') AS code FROM generate_series(1, 2000) AS i) AS r
LEFT JOIN LATERAL (SELECT f.organisation FROM certdata.filing AS f WHERE f.code = r.code ORDER BY f.valid @> r.day DESC, random() LIMIT 1) AS f ON true
LEFT JOIN LATERAL (SELECT s.* FROM certdata.scope AS s WHERE s.filing = r.code ORDER BY s.valid @> r.day AND r.q DESC, random() LIMIT 1) AS s ON true;
UPDATE scope_records SET no = overlay(no PLACING (ARRAY['3', '4', '5'])[array_position(ARRAY['三级', '四级', '五级'], l)] FROM 16), o = COALESCE(o, '电工'), w = COALESCE(w, ''), evaluator = COALESCE(evaluator, '校1'), issuer = COALESCE(issuer, '校1');
CREATE TABLE scope_random AS
SELECT '张三'::text AS "姓名", '居民身份证'::text AS "证件类型", '130102199003071233'::text AS "证件号码", ''::text AS "所在单位", o AS "职业名称", w AS "工种名称", l AS "职业技能等级", no AS "证书编号", day::text AS "发证日期",
	evaluator AS "评价机构", issuer AS "发证机构", i AS row_no FROM scope_records ORDER BY i;
CREATE FUNCTION pg_temp.ours(rule text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT rule ~ '^(no\.filing|no\.filing_valid|evaluator\.(filing|brackets)|issuer\.(unknown|brackets)|(occupation|worktype)\.(scope|brackets)|level\.scope|date\.(scope|ceased))$'
$$;
CREATE TEMP TABLE wanted AS SELECT i, pg_temp.oracle(no, day, o, w, l::certdata.skill_level, evaluator, issuer) AS rules FROM scope_records;
CREATE TEMP TABLE by_rows AS SELECT r.i, COALESCE(string_agg(f.rule, ' ' ORDER BY f.rule COLLATE "C"), '') AS rules
FROM scope_records AS r LEFT JOIN (SELECT row_no, rule FROM certdata.check_rows('scope_random') WHERE pg_temp.ours(rule)) AS f ON f.row_no = r.i GROUP BY r.i;
-- every rule, and none, has had its turn
SELECT count(DISTINCT r) AS rules, min(n) > 15 AS often FROM (SELECT r, count(*) AS n FROM wanted, unnest(string_to_array(rules, ' ')) AS r GROUP BY r) AS t;
SELECT count(*) FILTER (WHERE rules = '') > 150 AS many_lawful FROM wanted;
SELECT r.*, w.rules AS wanted, b.rules AS got FROM scope_records AS r JOIN wanted AS w USING (i) JOIN by_rows AS b USING (i) WHERE w.rules <> b.rules ORDER BY i LIMIT 10;
SET certdata.scope_blank_covers = on;
SELECT count(*) AS differences FROM (
	SELECT i, replace(pg_temp.oracle(no, day, o, w, l::certdata.skill_level, evaluator, issuer), 'worktype.brackets', '') AS rules FROM scope_records WHERE i <= 1000
	EXCEPT SELECT r.i, replace(COALESCE(string_agg(f.rule, ' ' ORDER BY f.rule COLLATE "C"), ''), 'worktype.brackets', '')
	FROM scope_records AS r LEFT JOIN (SELECT row_no, rule FROM certdata.check_rows('scope_random') WHERE pg_temp.ours(rule)) AS f ON f.row_no = r.i GROUP BY r.i) AS d;
RESET certdata.scope_blank_covers;
-- one by one, with what was kept from the one before forgotten by a change of ours
CREATE TEMP TABLE one_by_one (row_no bigint, field text, rule text, message text, hint text);
DO $$
DECLARE
	s scope_random;
BEGIN
	FOR s IN SELECT * FROM scope_random AS r WHERE r.row_no <= 600 LOOP
		INSERT INTO one_by_one SELECT s.row_no, f.field, f.rule, f.message, f.hint FROM certdata.check_record(s) AS f;
	END LOOP;
END $$;
CREATE TEMP TABLE at_once AS SELECT row_no, field, rule, message, hint FROM certdata.check_rows('scope_random') WHERE row_no <= 600 AND rule <> 'no.duplicate';
SELECT count(*) AS differences FROM ((TABLE one_by_one EXCEPT ALL TABLE at_once) UNION ALL (TABLE at_once EXCEPT ALL TABLE one_by_one)) AS d;

-- ---------------------------------------------------------------- the same record on other days

-- thirty records, each on the days around which anything changes for it, in no order
CREATE TEMP TABLE edges AS
SELECT r.i AS record, e.day::date AS day FROM scope_records AS r,
	LATERAL (SELECT unnest(ARRAY[lower(f.valid), upper(f.valid), upper(f.valid) + f.grace_days]) FROM certdata.filing AS f WHERE f.code = substr(r.no, 1, 13)
		UNION SELECT unnest(ARRAY[lower(s.valid), upper(s.valid)]) FROM certdata.scope AS s WHERE s.filing = substr(r.no, 1, 13) AND pg_temp.form(s.occupation) = pg_temp.form(r.o)
		UNION SELECT unnest(ARRAY[lower(v), upper(v), pg_temp.last_day(b.organisation) + 1]) FROM bears AS b, unnest(b.valid) AS v
			WHERE pg_temp.form(b.name) IN (pg_temp.form(r.evaluator), pg_temp.form(r.issuer)) OR b.organisation IN (SELECT f.organisation FROM certdata.filing AS f WHERE f.code = substr(r.no, 1, 13))) AS around(day),
	LATERAL (SELECT around.day UNION SELECT around.day - 1) AS e(day)
WHERE r.i % 64 = 0 AND isfinite(e.day);
CREATE TEMP TABLE other_days AS
SELECT row_number() OVER (ORDER BY md5(record || ' ' || e.day)) AS row_no, r.*, e.day AS on_day FROM edges AS e JOIN scope_records AS r ON r.i = e.record;
SELECT count(*) > 1000 AS enough FROM other_days;
TRUNCATE scope_random;
INSERT INTO scope_random SELECT '张三', '居民身份证', '130102199003071233', '', o, w, l, overlay(no PLACING to_char(on_day, 'YY') FROM 14), on_day, evaluator, issuer, row_no FROM other_days ORDER BY row_no;
DELETE FROM wanted;
INSERT INTO wanted SELECT row_no, pg_temp.oracle(no, on_day, o, w, l::certdata.skill_level, evaluator, issuer) FROM other_days;
DELETE FROM by_rows;
INSERT INTO by_rows SELECT r.row_no, COALESCE(string_agg(f.rule, ' ' ORDER BY f.rule COLLATE "C"), '')
FROM other_days AS r LEFT JOIN (SELECT row_no, rule FROM certdata.check_rows('scope_random') WHERE pg_temp.ours(rule)) AS f USING (row_no) GROUP BY r.row_no;
SELECT count(*) > 15 AS many_change FROM (SELECT d.i FROM other_days AS d JOIN wanted AS w ON w.i = d.row_no GROUP BY d.i HAVING count(DISTINCT w.rules) > 3) AS t;
SELECT r.*, w.rules AS wanted, b.rules AS got FROM other_days AS r JOIN wanted AS w ON w.i = r.row_no JOIN by_rows AS b ON b.i = r.row_no WHERE w.rules <> b.rules ORDER BY r.row_no LIMIT 10;
-- what is said is said of that day, too
TRUNCATE one_by_one, at_once;
DO $$
DECLARE
	s scope_random;
BEGIN
	FOR s IN SELECT * FROM scope_random AS r WHERE r.row_no <= 600 LOOP
		INSERT INTO one_by_one SELECT s.row_no, f.field, f.rule, f.message, f.hint FROM certdata.check_record(s) AS f;
	END LOOP;
END $$;
INSERT INTO at_once SELECT row_no, field, rule, message, hint FROM certdata.check_rows('scope_random') WHERE row_no <= 600 AND rule <> 'no.duplicate';
SELECT rule, count(*) AS differences FROM ((TABLE one_by_one EXCEPT ALL TABLE at_once) UNION ALL (TABLE at_once EXCEPT ALL TABLE one_by_one)) AS d GROUP BY rule ORDER BY rule COLLATE "C";

DROP TABLE scope_records, scope_random;
DELETE FROM certdata.scope;
DELETE FROM certdata.filing;
DELETE FROM certdata.organisation_name;
DELETE FROM certdata.organisation;
