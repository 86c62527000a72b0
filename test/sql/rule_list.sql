-- The rule list and its settings: a fixed rule switched off, an unknown one
-- set, two settings for one day, a change that pins what was not changed, a
-- letter that the view shows otherwise than the checks use it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;
\set SHOW_CONTEXT never

-- every rule says what it is, in both languages
SELECT count(*) > 60 AS enough, count(DISTINCT rule) = count(*) AS once,
	bool_and(rule ~ '^[a-z]+\.[a-z0-9_]+$') AS named, bool_and(severity IN ('error', 'principle', 'warning')) AS severe,
	bool_and(clause ~ '^附件1(注[1-6])?$|^第[一二三四五六七八九十]+条$|^GB |^RFC |^编码规则$|^house$') AS cited,
	bool_and(message_zh ~ '[一-龥]' AND hint_zh ~ '[一-龥]') AS zh, bool_and(message_en ~ '^[a-z0-9"\[…%]' AND hint_en ~ '\.$') AS en,
	bool_and(enabled) AS enabled
FROM certdata.rule;
SELECT rule FROM certdata.rule WHERE message_zh ~ '%[123]' OR message_en ~ '%[123]' OR hint_zh ~ '%[123]' OR hint_en ~ '%[123]';
SELECT field, count(*) > 1 AS several FROM certdata.rule WHERE field IS NOT NULL GROUP BY field ORDER BY min(rule COLLATE "C");
SELECT field FROM certdata.rule WHERE field IS NOT NULL EXCEPT
	SELECT attname FROM pg_attribute WHERE attrelid = 'certdata.report'::regclass AND attnum > 0;
-- fixed are layout, length, closed lists, real dates, check characters, and nothing that is only reported
SELECT rule FROM certdata.rule WHERE fixed AND severity <> 'error';
SELECT string_agg(rule, ' ' ORDER BY rule COLLATE "C") FROM certdata.rule WHERE NOT fixed AND rule ~ '\.(length|control|unknown|layout|real|checksum|masked|kind|region)$';

-- what the view refuses
\set VERBOSITY sqlstate
UPDATE certdata.rule SET enabled = false WHERE rule = 'id.checksum';
UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'date.real';
-- notation, which a type makes canonical before a rule can see it, is no ground for refusal
UPDATE certdata.rule SET severity = 'error' WHERE rule = 'level.form';
UPDATE certdata.rule SET severity = 'principle' WHERE rule IN ('id.case', 'no.width');
UPDATE certdata.rule SET severity = 'fatal' WHERE rule = 'name.space';
UPDATE certdata.rule SET severity = NULL WHERE rule = 'name.space';
UPDATE certdata.rule SET enabled = NULL WHERE rule = 'name.space';
UPDATE certdata.rule SET rule = 'name.spaces' WHERE rule = 'name.space';
UPDATE certdata.rule SET message_zh = '' WHERE rule = 'name.space';
UPDATE certdata.rule SET fixed = false WHERE rule = 'id.checksum';
UPDATE certdata.rule SET field = NULL WHERE rule = 'name.space';
INSERT INTO certdata.rule (rule) VALUES ('name.new');
DELETE FROM certdata.rule WHERE rule = 'name.space';
INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('no.such_rule', false);
INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('id.checksum', false);
INSERT INTO certdata.rule_setting (rule, severity) VALUES ('id.checksum', 'principle');
INSERT INTO certdata.rule_setting (rule, severity) VALUES ('name.space', 'Warning');
INSERT INTO certdata.rule_setting (rule, enabled, valid) VALUES ('name.space', false, 'empty');
INSERT INTO certdata.rule_setting (rule) VALUES (NULL);
\set VERBOSITY default
UPDATE certdata.rule SET enabled = false WHERE rule = 'id.checksum';
INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('no.such_rule', false);
SELECT count(*) FROM certdata.rule_setting;

-- what it takes
BEGIN;
-- nothing changed, nothing written, so that what is shipped can still change
UPDATE certdata.rule SET enabled = true, severity = severity;
SELECT count(*) FROM certdata.rule_setting;
UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'name.space';
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
SELECT rule, severity, enabled FROM certdata.rule WHERE rule = 'name.space';
SELECT rule, severity, enabled, valid FROM certdata.rule_setting;
UPDATE certdata.rule SET severity = 'principle', enabled = true WHERE rule IN ('name.space', 'id.age');
SELECT rule, severity, enabled, valid FROM certdata.rule_setting ORDER BY rule;
-- one setting for a day
SAVEPOINT a;
\set VERBOSITY terse
INSERT INTO certdata.rule_setting (rule, enabled, valid) VALUES ('name.space', false, '[2020-01-01,2021-01-01)');
\set VERBOSITY default
ROLLBACK TO a;
-- of another rule or for an attachment it is another setting
INSERT INTO certdata.rule_setting (rule, enabled, valid) VALUES ('name.separator', false, '[2020-01-01,2021-01-01)'),
	('name.separator', true, '[2021-01-01,2022-01-01)');
INSERT INTO certdata.rule_setting (rule, attachment, enabled) VALUES ('name.separator', '00000000-0000-0000-0000-000000000001', false);
UPDATE certdata.rule_setting SET rule = 'id.checksum' WHERE rule = 'name.separator';
ROLLBACK;
BEGIN;
-- settings of another period: today is not theirs, so the view cannot know where to write
INSERT INTO certdata.rule_setting (rule, enabled, valid) VALUES ('name.space', false, '[2020-01-01,2021-01-01)');
SELECT enabled FROM certdata.rule WHERE rule = 'name.space';
UPDATE certdata.rule SET enabled = false WHERE rule = 'name.space';
ROLLBACK;
BEGIN;
-- an attachment's setting is not everybody's
INSERT INTO certdata.rule_setting (rule, attachment, enabled) VALUES ('name.space', '00000000-0000-0000-0000-000000000001', false);
SELECT enabled FROM certdata.rule WHERE rule = 'name.space';
SELECT rule FROM certdata.check_record('张 三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
ROLLBACK;

-- letters: the view says what the checks do, on every day
CREATE FUNCTION pg_temp.accepts(letter text, on_date text) RETURNS boolean LANGUAGE sql AS $$
	SELECT NOT EXISTS (SELECT FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级',
		letter || '000013000001' || substr(on_date, 3, 2) || '3000001', on_date, '甲校', '甲中心') AS f WHERE f.rule = 'no.category')
$$;
CREATE FUNCTION pg_temp.differ() RETURNS TABLE (letter text, day text, view boolean, checks boolean) LANGUAGE sql AS $$
	SELECT l, d, COALESCE((SELECT c.accepted FROM certdata.category AS c WHERE c.letter = l AND c.valid @> d::date), false), pg_temp.accepts(l, d)
	FROM (VALUES ('J'), ('S'), ('Y'), ('A')) AS letters(l), (VALUES ('2019-12-31'), ('2020-01-01'), ('2021-06-30'), ('2024-12-31'), ('2025-01-01'), ('2026-11-01')) AS days(d)
	WHERE COALESCE((SELECT c.accepted FROM certdata.category AS c WHERE c.letter = l AND c.valid @> d::date), false) <> pg_temp.accepts(l, d)
	ORDER BY l COLLATE "C", d
$$;
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
SELECT * FROM pg_temp.differ();
BEGIN;
INSERT INTO certdata.category (letter, meaning) VALUES ('J', '技工院校');
SELECT * FROM pg_temp.differ();
DELETE FROM certdata.category WHERE letter = 'S';
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
SELECT * FROM pg_temp.differ();
UPDATE certdata.category SET accepted = true WHERE letter = 'S';
SELECT * FROM pg_temp.differ();
DELETE FROM certdata.category WHERE letter = 'J';
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
ROLLBACK;
BEGIN;
-- dated: J for a year, S until a day
INSERT INTO certdata.category (letter, meaning, valid) VALUES ('J', '技工院校', '[2020-01-01,2021-07-01)');
INSERT INTO certdata.category_setting (letter, accepted, valid) VALUES ('S', false, '[2025-01-01,)');
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
SELECT * FROM pg_temp.differ();
ROLLBACK;
BEGIN;
UPDATE certdata.category SET accepted = false, valid = '[2020-01-01,2025-01-01)' WHERE letter = 'Y';
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
SELECT * FROM pg_temp.differ();
-- a letter withdrawn wherever it still is accepted, and all taken back
DELETE FROM certdata.category WHERE letter = 'Y';
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
SELECT * FROM pg_temp.differ();
DELETE FROM certdata.category_setting;
SELECT letter, accepted, valid FROM certdata.category ORDER BY letter, valid;
ROLLBACK;
\set VERBOSITY sqlstate
INSERT INTO certdata.category (letter) VALUES ('j');
INSERT INTO certdata.category (letter) VALUES ('JJ');
INSERT INTO certdata.category (letter) VALUES ('Ｊ');
INSERT INTO certdata.category (letter) VALUES (NULL);
INSERT INTO certdata.category (letter, valid) VALUES ('J', 'empty');
BEGIN;
INSERT INTO certdata.category (letter, valid) VALUES ('J', '[2020-01-01,2022-01-01)');
INSERT INTO certdata.category (letter, valid) VALUES ('J', '[2021-01-01,2023-01-01)');
ROLLBACK;
INSERT INTO certdata.level_letter (letter, level) VALUES ('T', '三级');
INSERT INTO certdata.level_letter (letter, level) VALUES ('5', '特级技师');
INSERT INTO certdata.level_letter (letter, level) VALUES ('T', '特级'), ('T', '首席技师');
BEGIN;
INSERT INTO certdata.level_letter (letter, level) VALUES ('T', '特级技师');
INSERT INTO certdata.level_letter (letter, level, valid) VALUES ('T', '首席技师', '[2021-01-01,2023-01-01)');
ROLLBACK;
SELECT count(*) FROM certdata.category_setting;
SELECT count(*) FROM certdata.level_letter;
