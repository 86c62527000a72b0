-- A certificate that nobody answers for, or the wrong one: a body that has
-- ceased relieved of its duties, one that is gone still bound by them, a
-- department that is not the nearest or is gone itself, a successor passed by
-- or not yet in duty, a search that never ends (第十六条).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

INSERT INTO certdata.organisation (id, name, kind, parent, ceased_on, dissolved_on, successor) VALUES
	('ministry', '部', 'ministry', NULL, NULL, NULL, NULL),
	('hebei', '省厅', 'province', 'ministry', NULL, NULL, NULL),
	('tangshan', '市局', 'city', 'hebei', NULL, NULL, NULL),
	('county', '县局', 'city', 'tangshan', NULL, '2023-12-31', NULL),
	-- departments without a city between them
	('xiongan', '新区局', 'province', 'ministry', NULL, NULL, NULL),
	('lost_province', '旧省厅', 'province', 'ministry', NULL, '2020-12-31', NULL),

	('ceased', '停办校', 'evaluation', 'tangshan', '2023-06-30', NULL, NULL),
	('gone', '撤销校', 'evaluation', 'tangshan', NULL, '2023-06-30', NULL),
	('ceased_gone', '先停后撤校', 'evaluation', 'tangshan', '2022-06-30', '2023-06-30', NULL),
	('of_county', '县校', 'evaluation', 'county', NULL, '2023-06-30', NULL),
	('of_province', '省校', 'evaluation', 'hebei', NULL, '2023-06-30', NULL),
	('of_xiongan', '新区校', 'evaluation', 'xiongan', NULL, '2023-06-30', NULL),
	('of_ministry', '部校', 'evaluation', 'ministry', NULL, '2023-06-30', NULL),
	('of_lost', '旧省校', 'evaluation', 'lost_province', NULL, '2023-06-30', NULL),
	('of_nobody', '无属地校', 'evaluation', NULL, NULL, '2023-06-30', NULL),
	-- a head office stands between body and department; it is none itself
	('head', '总校', 'evaluation', 'tangshan', NULL, NULL, NULL),
	('branch', '分校', 'evaluation', 'head', NULL, '2023-06-30', NULL),
	-- a department that evaluates
	('city_body', '市局', 'city', 'hebei', NULL, '2023-06-30', NULL),
	-- successors: in duty, ceased, gone in their turn, gone before
	('heir', '继任校', 'evaluation', 'xiongan', NULL, NULL, NULL),
	('with_heir', '有继任校', 'evaluation', 'tangshan', NULL, '2023-06-30', 'heir'),
	('heir_ceased', '继任停办校', 'evaluation', 'xiongan', '2023-06-30', NULL, NULL),
	('with_ceased', '继任停办的校', 'evaluation', 'tangshan', NULL, '2023-06-30', 'heir_ceased'),
	('heir_gone', '继任又撤校', 'evaluation', 'xiongan', NULL, '2024-06-30', NULL),
	('with_gone', '继任又撤的校', 'evaluation', 'tangshan', NULL, '2023-06-30', 'heir_gone'),
	('heir_heir', '继任再继任校', 'evaluation', 'xiongan', NULL, '2024-06-30', 'heir'),
	('with_two', '两次继任的校', 'evaluation', 'tangshan', NULL, '2023-06-30', 'heir_heir'),
	('heir_before', '继任先撤校', 'evaluation', 'hebei', NULL, '2022-06-30', NULL),
	('with_before', '继任先撤的校', 'evaluation', 'tangshan', NULL, '2023-06-30', 'heir_before'),
	('with_department', '局接管的校', 'evaluation', 'tangshan', NULL, '2023-06-30', 'hebei'),
	('own_parent', '总校接管的校', 'evaluation', 'head', NULL, '2023-06-30', 'head'),
	-- it exists: a successor is for later
	('heir_later', '尚在的校', 'evaluation', 'tangshan', '2020-01-01', NULL, 'heir');
-- one filing for each, and some that were passed on
CREATE TEMP TABLE codes AS SELECT id, 'S000013' || to_char(row_number() OVER (ORDER BY id COLLATE "C"), 'FM000000') AS code FROM certdata.organisation;
INSERT INTO certdata.filing (code, organisation) SELECT code, id FROM codes;
INSERT INTO certdata.filing (code, organisation, valid, grace_days) VALUES
	('Y000013000001', 'gone', '[2020-01-01,2022-01-01)', 10), ('Y000013000001', 'ceased', '[2023-01-01,2024-01-01)', 0), ('Y000013000001', 'heir', '[2024-01-01,)', 0),
	('Y000013000002', 'of_nobody', '[2022-01-01,)', 0);

CREATE TEMP TABLE asked (i serial, organisation text, day date, wanted text);
INSERT INTO asked (organisation, day, wanted) VALUES
	('ceased', '2023-06-30', 'ceased'), ('ceased', '2023-07-01', 'ceased'), ('ceased', '2030-01-01', 'ceased'),	-- 复核、更正、撤销 go on
	('gone', '2023-06-30', 'gone'), ('gone', '2023-07-01', 'tangshan'), ('gone', '2030-01-01', 'tangshan'), ('gone', '0001-01-01', 'gone'),
	('ceased_gone', '2023-06-30', 'ceased_gone'), ('ceased_gone', '2023-07-01', 'tangshan'),
	('of_county', '2023-07-01', 'county'), ('of_county', '2023-12-31', 'county'), ('of_county', '2024-01-01', 'tangshan'),
	('of_province', '2023-07-01', 'hebei'), ('of_xiongan', '2023-07-01', 'xiongan'), ('of_ministry', '2023-07-01', 'ministry'),
	('of_lost', '2023-07-01', 'ministry'), ('of_nobody', '2023-06-30', 'of_nobody'), ('of_nobody', '2023-07-01', 'of_nobody'),
	('head', '2023-07-01', 'head'), ('branch', '2023-06-30', 'branch'), ('branch', '2023-07-01', 'tangshan'),
	('city_body', '2023-06-30', 'city_body'), ('city_body', '2023-07-01', 'hebei'),
	('with_heir', '2023-06-30', 'with_heir'), ('with_heir', '2023-07-01', 'heir'),
	('with_ceased', '2023-07-01', 'heir_ceased'),
	('with_gone', '2023-07-01', 'heir_gone'), ('with_gone', '2024-06-30', 'heir_gone'), ('with_gone', '2024-07-01', 'xiongan'),
	('with_two', '2023-07-01', 'heir_heir'), ('with_two', '2024-07-01', 'heir'),
	('with_before', '2022-07-01', 'with_before'), ('with_before', '2023-07-01', 'hebei'),
	('with_department', '2023-07-01', 'hebei'), ('own_parent', '2023-07-01', 'head'), ('heir_later', '2023-07-01', 'heir_later'),
	('ministry', '2023-07-01', 'ministry'), ('lost_province', '2023-07-01', 'ministry');
SELECT organisation, day, wanted, certdata.responsible((SELECT c.code FROM codes AS c WHERE c.id = organisation), day) AS got FROM asked
WHERE certdata.responsible((SELECT c.code FROM codes AS c WHERE c.id = organisation), day) IS DISTINCT FROM wanted ORDER BY i;
-- whose the filing is on that day
SELECT day, wanted, certdata.responsible('Y000013000001', day) AS got
FROM (VALUES ('2019-12-31'::date, 'gone'), ('2020-01-01', 'gone'), ('2021-12-31', 'gone'), ('2022-01-11', 'gone'), ('2022-12-31', 'gone'), ('2023-01-01', 'ceased'),
	('2023-12-31', 'ceased'), ('2024-01-01', 'heir')) AS t(day, wanted) WHERE certdata.responsible('Y000013000001', day) IS DISTINCT FROM wanted;
SELECT certdata.responsible('Y000013000002', '2020-01-01') AS before_it_began;
-- unknown, and not said
SELECT certdata.responsible('S000013999999', '2023-07-01') AS unknown, certdata.responsible('', '2023-07-01') AS empty, certdata.responsible(NULL, '2023-07-01') AS missing;
-- today, in words and by default
UPDATE certdata.organisation SET dissolved_on = certdata.today() WHERE id = 'of_nobody';
UPDATE certdata.organisation SET parent = 'hebei' WHERE id = 'of_nobody';
SELECT certdata.responsible('Y000013000002') AS today, certdata.responsible('Y000013000002', NULL) AS no_day, certdata.responsible('Y000013000002', certdata.today() + 1) AS tomorrow;
UPDATE certdata.organisation SET dissolved_on = certdata.today() - 1 WHERE id = 'of_nobody';
SELECT certdata.responsible('Y000013000002') AS today, certdata.responsible('Y000013000002', NULL) AS no_day, certdata.responsible('Y000013000002', certdata.today() - 1) AS yesterday;
-- a long line of successors, and of heads
INSERT INTO certdata.organisation (id, name, parent, dissolved_on, successor)
SELECT 'line' || i, '第' || i || '校', CASE WHEN i < 20 THEN 'line' || i + 1 ELSE 'tangshan' END, '2000-01-01'::date + i, CASE WHEN i < 20 THEN 'line' || i + 1 END FROM generate_series(1, 20) AS i;
INSERT INTO certdata.filing (code, organisation) VALUES ('Y000013000003', 'line1');
SELECT d AS days, certdata.responsible('Y000013000003', '2000-01-01'::date + d) AS got FROM unnest(ARRAY[1, 2, 10, 20, 21]) AS d;
UPDATE certdata.organisation SET successor = NULL WHERE id = 'line1';
SELECT certdata.responsible('Y000013000003', '2010-01-01') AS above_twenty_heads;
-- circles, as they could be made behind the triggers' back, come to an end
SET session_replication_role = replica;
UPDATE certdata.organisation SET successor = 'line1' WHERE id = 'line20';
UPDATE certdata.organisation SET successor = 'line2', parent = 'line1' WHERE id = 'line1';
UPDATE certdata.organisation SET parent = 'nobody', successor = 'nobody', dissolved_on = '2000-01-01' WHERE id = 'with_heir';
RESET session_replication_role;
SET statement_timeout = '20s';
SELECT certdata.responsible('Y000013000003', '2010-01-01') IS NOT NULL AS circle, certdata.responsible((SELECT code FROM codes WHERE id = 'with_heir'), '2010-01-01') AS nobody_there;
SELECT count(*) > 0 AS judged FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'Y000013000003223000001', '2022-02-09', '第5校', '第1校');
RESET statement_timeout;

DELETE FROM certdata.filing;
SET session_replication_role = replica;
DELETE FROM certdata.organisation;
RESET session_replication_role;

-- ---------------------------------------------------------------- against an oracle

-- What the clause says, written for people: while it exists, the body; then
-- its successor, theirs, ...; else the nearest city, province, ministry above
-- the last of them that has any; else the body itself.
CREATE FUNCTION pg_temp.oracle(code_asked text, day date) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	body text;
	line text[];
	holder text;
	wanted text;
	department text;
BEGIN
	SELECT f.organisation INTO body FROM certdata.filing AS f WHERE f.code = code_asked
		ORDER BY f.valid @> day DESC, COALESCE(lower(f.valid), '0001-01-01'::date - 1) <= day DESC,
			abs(COALESCE(lower(f.valid), '0001-01-01'::date - 1) - day) LIMIT 1;
	holder := body;
	WHILE holder IS NOT NULL LOOP
		IF EXISTS (SELECT FROM certdata.organisation AS o WHERE o.id = holder AND (o.dissolved_on IS NULL OR o.dissolved_on >= day)) THEN
			RETURN holder;
		END IF;
		line := holder || line;	-- the last first
		holder := (SELECT o.successor FROM certdata.organisation AS o WHERE o.id = holder);
	END LOOP;
	FOREACH holder IN ARRAY COALESCE(line, '{}') LOOP
		FOREACH wanted IN ARRAY ARRAY['city', 'province', 'ministry'] LOOP
			WITH RECURSIVE above(id, parent, kind, dissolved_on, steps) AS (
				SELECT p.id, p.parent, p.kind, p.dissolved_on, 1 FROM certdata.organisation AS o JOIN certdata.organisation AS p ON p.id = o.parent WHERE o.id = holder
				UNION ALL
				SELECT p.id, p.parent, p.kind, p.dissolved_on, a.steps + 1 FROM above AS a JOIN certdata.organisation AS p ON p.id = a.parent)
			SELECT a.id INTO department FROM above AS a WHERE a.kind = wanted AND (a.dissolved_on IS NULL OR a.dissolved_on >= day) ORDER BY a.steps LIMIT 1;
			IF FOUND THEN
				RETURN department;
			END IF;
		END LOOP;
	END LOOP;
	RETURN body;
END $$;
SELECT setseed(0.5) IS NOT NULL AS seeded;
-- each names only those before it, so there is no circle
INSERT INTO certdata.organisation (id, name, kind, parent, dissolved_on, successor)
SELECT 'o' || i, '名' || i, k.kind, CASE WHEN i > 1 AND random() < 0.9 THEN 'o' || (1 + floor(random() * (i - 1)))::int END,
	CASE WHEN random() < 0.6 THEN '2020-01-01'::date + (random() * 1000)::int END,
	CASE WHEN i > 1 AND k.kind = 'evaluation' AND random() < 0.4 THEN 'o' || (1 + floor(random() * (i - 1)))::int END
FROM generate_series(1, 300) AS i, LATERAL (SELECT (ARRAY['evaluation', 'evaluation', 'evaluation', 'city', 'city', 'province', 'ministry'])[1 + floor(random() * 7)::int + 0 * i] AS kind) AS k;
INSERT INTO certdata.filing (code, organisation, valid)
SELECT 'S' || to_char(c, 'FM000000000000'), 'o' || (1 + floor(random() * 300))::int, v
FROM generate_series(1, 300) AS c, LATERAL (SELECT CASE WHEN c % 3 = 0 THEN '(,)'::daterange ELSE daterange('2020-01-01'::date + (random() * 400)::int + p * 500, '2020-01-01'::date + 450 + (random() * 50)::int + p * 500) END AS v
	FROM generate_series(0, CASE WHEN c % 3 = 0 THEN 0 ELSE 1 END) AS p) AS r;
CREATE TEMP TABLE compared AS
SELECT code, day, pg_temp.oracle(code, day) AS wanted, certdata.responsible(code, day) AS got
FROM (SELECT DISTINCT code FROM certdata.filing) AS f, LATERAL (SELECT '2019-06-01'::date + (random() * 1800)::int + 0 * length(f.code) AS day FROM generate_series(1, 8)) AS d;
SELECT count(*) > 2000 AS enough, count(*) FILTER (WHERE wanted IN (SELECT organisation FROM certdata.filing AS f WHERE f.code = c.code)) BETWEEN 500 AND 2000 AS many_themselves,
	count(DISTINCT wanted) > 60 AS many_others FROM compared AS c;
SELECT code, day, wanted, got FROM compared WHERE wanted IS DISTINCT FROM got ORDER BY code, day LIMIT 20;
DROP TABLE compared;
DELETE FROM certdata.filing;
DELETE FROM certdata.organisation;
