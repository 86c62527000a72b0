-- A calendar that cannot be mended: a year amended in its middle, a day or a
-- year taken back that a dump would lose, one entered twice, an entry that is
-- no day of a calendar; a change that a check sees too early, too late, or
-- after it was undone.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

-- 2026 amended: 5 May is worked after all, 6 May is free, and 25 April is worked for it
SELECT certdata.add_workdays('2026-04-24', 5) AS as_shipped, certdata.workdays_between('2025-12-31', '2026-12-31') AS year;
UPDATE certdata.calendar_day SET day = '2026-05-06' WHERE day = '2026-05-05';
INSERT INTO certdata.calendar_day (day, kind, name) VALUES ('2026-04-25', 'workday', '劳动节');
DELETE FROM certdata.calendar_day WHERE day = '2026-05-09';
SELECT * FROM certdata.calendar_day WHERE day BETWEEN '2026-04-20' AND '2026-05-20' ORDER BY day;
SELECT * FROM certdata.calendar_day_setting ORDER BY day;
SELECT certdata.add_workdays('2026-04-24', 5) AS amended, certdata.workdays_between('2025-12-31', '2026-12-31') AS year,
	certdata.is_workday('2026-05-05') AS may_5, certdata.is_workday('2026-05-06') AS may_6, certdata.is_workday('2026-05-09') AS may_9;
-- a shipped day taken back can be entered again, changed, taken back
INSERT INTO certdata.calendar_day VALUES ('2026-05-09', 'holiday', '补假');
SELECT * FROM certdata.calendar_day_setting WHERE day = '2026-05-09';
UPDATE certdata.calendar_day SET kind = 'workday', name = '劳动节' WHERE day = '2026-05-09';
SELECT count(*) AS as_shipped_again FROM certdata.calendar_day_setting WHERE day = '2026-05-09';
UPDATE certdata.calendar_day SET name = NULL WHERE day = '2026-05-09';
SELECT * FROM certdata.calendar_day WHERE day = '2026-05-09';
UPDATE certdata.calendar_day SET name = name;
SELECT count(*) AS only_what_was_changed FROM certdata.calendar_day_setting;
UPDATE certdata.calendar_day SET name = name || '!' WHERE day = '2026-04-25';
-- twice, or none of a calendar
INSERT INTO certdata.calendar_day VALUES ('2026-01-01', 'holiday', '元旦');
INSERT INTO certdata.calendar_day VALUES ('2026-04-25', 'workday', '劳动节');
UPDATE certdata.calendar_day SET day = '2026-01-02' WHERE day = '2026-01-01';
INSERT INTO certdata.calendar_day VALUES ('2026-12-25', 'ordinary');
UPDATE certdata.calendar_day SET kind = 'ordinary' WHERE day = '2026-01-01';
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/state.sql'
\set ECHO none
\i :helper
\set ECHO all
SELECT s, pg_temp.state(s) FROM unnest(ARRAY[
	$$INSERT INTO certdata.calendar_day VALUES ('2026-12-25', 'feast')$$,
	$$INSERT INTO certdata.calendar_day VALUES ('2026-12-25', NULL)$$,
	$$INSERT INTO certdata.calendar_day VALUES (NULL, 'holiday')$$,
	$$INSERT INTO certdata.calendar_day VALUES ('infinity', 'holiday')$$,
	$$INSERT INTO certdata.calendar_day VALUES ('0001-12-31 BC', 'holiday')$$,
	$$UPDATE certdata.calendar_day SET day = NULL WHERE day = '2026-01-01'$$,
	$$DELETE FROM certdata.calendar_day WHERE day = '2026-12-25'$$,
	$$INSERT INTO certdata.calendar_year VALUES (2026, 'published')$$,
	$$INSERT INTO certdata.calendar_year VALUES (2027, 'withdrawn')$$,
	$$INSERT INTO certdata.calendar_year VALUES (2027, 'guessed')$$,
	$$INSERT INTO certdata.calendar_year VALUES (2027, NULL)$$,
	$$INSERT INTO certdata.calendar_year VALUES (0, 'published')$$,
	$$INSERT INTO certdata.calendar_year VALUES (10000, 'published')$$,
	$$UPDATE certdata.calendar_year SET year = 2025 WHERE year = 2026$$,
	$$UPDATE certdata.calendar_year SET status = 'withdrawn' WHERE year = 2026$$,
	$$UPDATE certdata.calendar_year SET status = NULL WHERE year = 2026$$]) AS s;
SELECT count(*) AS nothing_of_it FROM certdata.calendar_year_setting;
DELETE FROM certdata.calendar_day_setting;
SELECT certdata.workdays_between('2025-12-31', '2026-12-31') AS year;
-- many at once, as COPY brings them; all days of a year taken back
BEGIN;
COPY certdata.calendar_day (day, kind, name) FROM stdin WITH (FORMAT csv);
2027-01-01,holiday,元旦
2027-01-02,workday,元旦
\.
SELECT * FROM certdata.calendar_day WHERE day >= '2027-01-01' ORDER BY day;
DELETE FROM certdata.calendar_day WHERE day BETWEEN '2020-01-01' AND '2020-12-31';
SELECT certdata.workdays_between('2019-12-31', '2020-12-31') AS weekdays_only, count(*) FILTER (WHERE kind = 'ordinary') AS taken_back FROM certdata.calendar_day_setting;
ROLLBACK;
-- a day far from the others, by the settings table; days of no year published
BEGIN;
INSERT INTO certdata.calendar_day_setting VALUES ('1999-12-31', 'holiday', 'x'), ('2026-01-02', 'ordinary', NULL), ('2026-12-26', 'workday', NULL), ('2026-12-25', 'ordinary', NULL);
SELECT certdata.workdays_between('2025-12-31', '2026-12-31') AS year, count(*) AS shown FROM certdata.calendar_day WHERE day IN ('1999-12-31', '2026-01-02', '2026-12-26', '2026-12-25');
-- every day of a year, in no order
INSERT INTO certdata.calendar_day_setting SELECT d, 'workday', NULL FROM (SELECT ('2025-01-01'::date + i) AS d FROM generate_series(0, 364) AS i) AS t ORDER BY md5(d::text);
SELECT certdata.workdays_between('2024-12-31', '2025-12-31') AS year, certdata.add_workdays('2025-01-31', 28) AS february, certdata.add_workdays('2026-01-02', -3);
ROLLBACK;

-- a new year: entered, then published
INSERT INTO certdata.calendar_year VALUES (2027, 'provisional');
INSERT INTO certdata.calendar_day SELECT '2027-01-01'::date + i, 'holiday', '元旦' FROM generate_series(0, 2) AS i;
SELECT certdata.add_workdays('2026-12-31', 1);
UPDATE certdata.calendar_year SET status = 'published' WHERE year = 2027;
SELECT certdata.add_workdays('2026-12-31', 1), certdata.is_workday('2027-01-01'), certdata.workdays_between('2018-01-01', '2027-12-31');
SELECT certdata.add_workdays('2027-12-31', 1);
-- withdrawn again; shipped years as well
DELETE FROM certdata.calendar_year WHERE year = 2027;
SELECT certdata.is_workday('2027-01-04');
DELETE FROM certdata.calendar_year WHERE year = 2019;
SELECT year FROM certdata.calendar_year WHERE year < 2021 ORDER BY year;
SELECT * FROM certdata.calendar_year_setting;
SELECT certdata.workdays_between('2018-12-31', '2019-01-02');
SELECT certdata.workdays_between('2018-01-01', '2018-12-31') AS the_year_before, certdata.workdays_between('2019-12-31', '2020-12-31') AS the_year_after;
INSERT INTO certdata.calendar_year VALUES (2019, 'provisional');
SELECT certdata.is_workday('2019-01-02');
UPDATE certdata.calendar_year SET status = 'published' WHERE year = 2019;
SELECT count(*) AS as_shipped FROM certdata.calendar_year_setting;
UPDATE certdata.calendar_year SET year = 2028 WHERE year = 2019;
SELECT * FROM certdata.calendar_year_setting ORDER BY year;
DELETE FROM certdata.calendar_year_setting;
DELETE FROM certdata.calendar_day_setting;

-- own changes: seen by the next statement, undone with their savepoint
BEGIN;
SELECT certdata.is_workday('2026-05-05');
DELETE FROM certdata.calendar_day WHERE day = '2026-05-05';
SELECT certdata.is_workday('2026-05-05');
SAVEPOINT a;
INSERT INTO certdata.calendar_day VALUES ('2026-05-05', 'holiday', '劳动节');
SELECT certdata.is_workday('2026-05-05');
ROLLBACK TO a;
SELECT certdata.is_workday('2026-05-05');
ROLLBACK;
SELECT certdata.is_workday('2026-05-05');
-- within one function, statement by statement
DO $$
DECLARE
	seen text := '';
BEGIN
	FOR i IN 1 .. 3 LOOP
		seen := seen || certdata.add_workdays('2026-04-30', 1) || ' ';
		DELETE FROM certdata.calendar_day WHERE day = '2026-05-05' AND i = 1;
		BEGIN
			INSERT INTO certdata.calendar_day_setting VALUES ('2026-05-04', 'workday', NULL);
			seen := seen || certdata.add_workdays('2026-04-30', 1) || ' ';
			RAISE EXCEPTION USING ERRCODE = 'ZZ000';
		EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
			NULL;
		END;
	END LOOP;
	RAISE NOTICE '%', seen;
	DELETE FROM certdata.calendar_day_setting;
END $$;
-- a cursor keeps what it began with
BEGIN;
DECLARE c CURSOR FOR SELECT i, certdata.add_workdays('2026-04-30', i) FROM generate_series(1, 4) AS i;
FETCH 2 FROM c;
INSERT INTO certdata.calendar_day VALUES ('2026-05-07', 'holiday', 'x'), ('2026-05-08', 'holiday', 'x');
FETCH 1 FROM c;
SELECT certdata.add_workdays('2026-04-30', 3);
FETCH 1 FROM c;
ROLLBACK;
SELECT count(*) AS left_behind FROM certdata.calendar_day_setting;
