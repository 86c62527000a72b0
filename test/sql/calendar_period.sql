-- A deadline that is not the guide's: the wrong period for the day it began
-- on, one period for two cases, an upload that counts as late on its last day,
-- six months read in the way that was not chosen, a verdict that an
-- unpublished year could overturn.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

SELECT * FROM certdata.period ORDER BY step COLLATE "C";
SELECT step, certdata.due_date(step, '2022-09-30') FROM certdata.period ORDER BY step COLLATE "C";
SELECT certdata.due_date('Upload', '2022-09-30');
SELECT certdata.lateness('', '2022-09-30', '2022-09-30');
SET certdata.language = zh;
SELECT certdata.due_date('上传', '2022-09-30');
SET certdata.language = en;
SELECT certdata.due_date(step => 'upload', "from" => '2022-02-09'), certdata.lateness(step => 'upload', "from" => '2022-02-09', done => '2022-03-10');

-- by the guide: due on the twentieth working day, beyond after six months
SELECT step, began, done, certdata.lateness(step, began, done) FROM (VALUES
	('upload', '2022-02-09'::date, '2022-02-09'::date), ('upload', '2022-02-09', '2022-03-09'), ('upload', '2022-02-09', '2022-03-10'), ('upload', '2022-02-09', '2021-01-01'),
	('upload', '2022-08-31', '2022-09-28'), ('upload', '2022-08-31', '2022-09-29'), ('upload', '2022-08-31', '2023-02-28'), ('upload', '2022-08-31', '2023-03-01'),
	('upload', '2023-08-31', '2024-02-29'), ('upload', '2023-08-31', '2024-03-01'),
	('city_review', '2022-08-31', '2022-09-15'), ('city_review', '2022-08-31', '2022-09-16'), ('city_review', '2022-08-31', '2025-01-01'),
	('resubmit', '2022-08-31', '2025-01-01'), ('ministry_publish', '2022-08-31', '2025-01-01'), ('province_review', '2022-08-31', '2025-01-01')) AS t(step, began, done);
-- the other reading: six months after the due date, 2022-09-29
SET certdata.late_limit_from = due_date;
SELECT done, certdata.lateness('upload', '2022-08-31', done) FROM (VALUES ('2022-09-28'::date), ('2022-09-29'), ('2023-03-01'), ('2023-03-28'), ('2023-03-29'), ('2023-03-30')) AS t(done);
RESET certdata.late_limit_from;
SET certdata.late_limit_months = 1;
SELECT done, certdata.lateness('upload', '2022-08-31', done) FROM (VALUES ('2022-09-28'::date), ('2022-09-29'), ('2022-09-30'), ('2022-10-01')) AS t(done);
RESET certdata.late_limit_months;
-- 2,000 at random against the definition
SELECT setseed(0.12);
CREATE TEMP TABLE tries AS SELECT began, began + (random() * 260)::int AS done FROM (SELECT '2018-01-01'::date + (random() * 2900)::int AS began FROM generate_series(1, 2000)) AS t;
SELECT count(*), count(*) FILTER (WHERE certdata.lateness('upload', began, done) = CASE
	WHEN done <= certdata.add_workdays(began, 20) THEN 'on_time' WHEN done > (began + interval '6 months')::date THEN 'beyond' ELSE 'late' END) AS by_issue_date FROM tries;
SET certdata.late_limit_from = due_date;
SELECT count(*), count(*) FILTER (WHERE certdata.lateness('upload', began, done) = CASE
	WHEN done <= certdata.add_workdays(began, 20) THEN 'on_time' WHEN done > (certdata.add_workdays(began, 20) + interval '6 months')::date THEN 'beyond' ELSE 'late' END) AS by_due_date FROM tries;
RESET certdata.late_limit_from;

-- what an unpublished year decides is an error, or provisional; what it cannot is decided
CREATE FUNCTION pg_temp.lateness(step text, began date, done date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	RETURN certdata.lateness(step, began, done);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	RETURN state;
END $$;
CREATE TEMP TABLE open_cases (step text, began date, done date);
INSERT INTO open_cases VALUES
	('upload', '2026-12-15', '2026-12-31'), ('upload', '2026-12-15', '2027-01-01'), ('upload', '2026-12-15', '2027-06-15'), ('upload', '2026-12-15', '2027-06-16'),
	('upload', '2026-12-03', '2027-01-01'), ('upload', '2026-12-03', '2027-06-03'), ('upload', '2026-12-03', '2027-06-04'), ('upload', '2027-02-01', '2027-02-01'),
	('upload', '2027-02-01', '2027-02-02'), ('city_review', '2026-12-31', '2029-01-01'), ('upload', '2017-12-29', '2018-01-15');
SELECT *, pg_temp.lateness(step, began, done) FROM open_cases;
SET certdata.allow_provisional_calendar = on;
SELECT *, pg_temp.lateness(step, began, done) FROM open_cases;
SET certdata.late_limit_from = due_date;
SELECT *, pg_temp.lateness(step, began, done) FROM open_cases WHERE began = '2026-12-15';
RESET certdata.late_limit_from;
RESET certdata.allow_provisional_calendar;
SELECT certdata.lateness('upload', '2026-12-15', '2027-01-15');

-- periods of one's own: for all days, by the view
UPDATE certdata.period SET amount = 5, clause = '深圳' WHERE step = 'upload';
UPDATE certdata.period SET unit = 'day' WHERE step = 'resubmit';
UPDATE certdata.period SET amount = amount;
SELECT * FROM certdata.period_setting ORDER BY step COLLATE "C";
SELECT * FROM certdata.period ORDER BY step COLLATE "C";
SELECT certdata.due_date('upload', '2022-02-09') AS five, certdata.due_date('resubmit', '2022-09-30') AS ten_days, certdata.due_date('city_review', '2022-09-30') AS untouched,
	certdata.lateness('upload', '2022-02-09', '2022-02-17') AS late;
UPDATE certdata.period SET amount = 6 WHERE step = 'upload';
SELECT step, amount, clause, valid FROM certdata.period_setting WHERE step = 'upload';
DELETE FROM certdata.period_setting;
-- for the days on which the period begins, first and last included
INSERT INTO certdata.period_setting (step, amount, unit, clause, valid) VALUES
	('upload', 5, 'workday', '甲', '[2022-01-01,2022-06-30]'), ('upload', 1, 'month', NULL, '[2022-07-01,2023-01-01)'), ('resubmit', 30, 'day', NULL, '[2023-01-01,)'),
	('upload', 7, 'workday', NULL, '(,2019-01-01)');
SELECT began, certdata.due_date('upload', began) FROM (VALUES ('2018-12-31'::date), ('2019-01-01'), ('2021-12-31'), ('2022-01-01'), ('2022-06-30'), ('2022-07-01'), ('2022-12-31'), ('2023-01-01')) AS t(began);
SELECT certdata.due_date('resubmit', '2022-12-30') AS by_guide, certdata.due_date('resubmit', '2023-01-01') AS thirty_days, certdata.due_date('resubmit', '2030-01-01') AS asks_no_calendar;
SELECT step, amount, unit, clause FROM certdata.period WHERE step IN ('upload', 'resubmit') ORDER BY step;
SELECT certdata.lateness('upload', '2026-12-15', '2027-01-15');
UPDATE certdata.period SET amount = 3 WHERE step = 'upload';
-- periods that say nothing, or two things
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/state.sql'
\set ECHO none
\i :helper
\set ECHO all
SELECT s, pg_temp.state(s) FROM unnest(ARRAY[
	$$INSERT INTO certdata.period_setting VALUES ('upload', 9, 'workday', NULL, '[2022-06-30,2022-07-01)')$$,
	$$INSERT INTO certdata.period_setting VALUES ('upload', 9, 'workday', NULL, 'empty')$$,
	$$INSERT INTO certdata.period_setting (step, amount) VALUES ('upload', 0)$$,
	$$INSERT INTO certdata.period_setting (step, amount) VALUES ('upload', -1)$$,
	$$INSERT INTO certdata.period_setting (step, amount) VALUES ('upload', NULL)$$,
	$$INSERT INTO certdata.period_setting (step, amount) VALUES ('publish', 1)$$,
	$$INSERT INTO certdata.period_setting (step, amount, unit) VALUES ('city_review', 1, 'week')$$,
	$$UPDATE certdata.period SET amount = NULL WHERE step = 'city_review'$$,
	$$UPDATE certdata.period SET unit = 'year' WHERE step = 'city_review'$$,
	$$SET certdata.late_limit_months = 0$$,
	$$SET certdata.late_limit_months = 121$$,
	$$SET certdata.late_limit_from = today$$]) AS s;
INSERT INTO certdata.period VALUES ('publish', 1, 'day', 'x');
DELETE FROM certdata.period WHERE step = 'upload';
UPDATE certdata.period SET step = 'publish' WHERE step = 'city_review';
DELETE FROM certdata.period_setting;
-- a period so long that the calendar ends first
INSERT INTO certdata.period_setting (step, amount, unit) VALUES ('upload', 2147483647, 'workday'), ('city_review', 2147483647, 'day'), ('resubmit', 2147483647, 'month');
SELECT s, pg_temp.state('SELECT certdata.due_date(' || quote_literal(s) || ', ''2022-02-09'')') FROM unnest(ARRAY['upload', 'city_review', 'resubmit']) AS s;
SELECT certdata.lateness('city_review', '2022-02-09', '9999-12-31'), certdata.lateness('upload', '2022-02-09', '2026-12-31');
DELETE FROM certdata.period_setting;

-- a change is seen by the next statement, and not when undone
BEGIN;
UPDATE certdata.period SET amount = 1 WHERE step = 'upload';
SELECT certdata.due_date('upload', '2022-02-09');
SAVEPOINT a;
DELETE FROM certdata.period_setting;
SELECT certdata.due_date('upload', '2022-02-09');
ROLLBACK TO a;
SELECT certdata.due_date('upload', '2022-02-09');
ROLLBACK;
SELECT certdata.due_date('upload', '2022-02-09');
