-- A year without a published calendar that is counted all the same and nobody
-- told: an answer where there is none, an error though no day of the year is
-- touched, a warning that is missing or comes with every row.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

-- the last days that are known
SELECT certdata.due_date('upload', '2026-12-03') AS last_known, certdata.workdays_between('2026-12-03', '2026-12-31') AS twenty;
SELECT certdata.due_date('upload', '2026-12-04');
\set VERBOSITY sqlstate
SELECT certdata.due_date('upload', '2026-12-04');
\set VERBOSITY default
SET certdata.language = zh;
SELECT certdata.add_workdays('2026-12-31', 1);
SET certdata.language = en;
-- a year that is entered is published with an UPDATE
INSERT INTO certdata.calendar_year VALUES (2027, 'provisional');
SELECT certdata.is_workday('2027-03-01');
DELETE FROM certdata.calendar_year_setting;

-- only days that are counted need a calendar
SELECT certdata.add_workdays('2026-12-31', 0), certdata.add_workdays('2027-01-01', -1), certdata.add_workdays('2017-12-31', 1), certdata.add_workdays('2030-05-01', 0),
	certdata.workdays_between('2017-12-31', '2018-01-02'), certdata.workdays_between('2018-01-02', '2017-12-31'), certdata.workdays_between('2030-05-01', '2030-05-01');
CREATE FUNCTION pg_temp.state(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
	message text;
BEGIN
	EXECUTE 'SELECT ' || expression INTO state;
	RETURN state;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN state || ' ' || message;
END $$;
SELECT e, pg_temp.state(e) FROM unnest(ARRAY[
	$$certdata.is_workday('2027-01-01')$$, $$certdata.is_workday('2017-12-31')$$,
	$$certdata.add_workdays('2026-12-31', 1)$$, $$certdata.add_workdays('2027-01-04', -1)$$, $$certdata.add_workdays('2018-01-01', -1)$$,
	$$certdata.add_workdays('2017-12-30', 1)$$, $$certdata.workdays_between('2026-12-31', '2027-01-01')$$, $$certdata.workdays_between('2027-01-01', '2026-12-31')$$,
	$$certdata.workdays_between('2017-12-30', '2018-01-01')$$, $$certdata.workdays_between('2016-01-01', '2028-01-01')$$,
	$$certdata.due_date('resubmit', '2026-12-18')$$, $$certdata.due_date('resubmit', '2026-12-17')$$]) AS e;
-- a year missing in the middle
DELETE FROM certdata.calendar_year WHERE year = 2022;
SELECT e, pg_temp.state(e) FROM unnest(ARRAY[
	$$certdata.workdays_between('2018-12-31', '2021-12-31')$$, $$certdata.workdays_between('2018-12-31', '2026-12-31')$$,
	$$certdata.add_workdays('2021-12-31', 250)$$, $$certdata.add_workdays('2023-01-03', -1)$$, $$certdata.add_workdays('2022-12-31', 1)$$]) AS e;
DELETE FROM certdata.calendar_year_setting;

-- provisionally: Monday to Friday and the days entered, and a warning says so
SET certdata.allow_provisional_calendar = on;
SELECT certdata.due_date('upload', '2026-12-04'), certdata.is_workday('2027-01-01') AS friday;
SELECT certdata.due_date('upload', '2026-12-03') AS known_days_bring_no_warning;
INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦');
SELECT certdata.due_date('upload', '2026-12-04'), certdata.is_workday('2027-01-01') AS entered;
DELETE FROM certdata.calendar_day_setting;
-- once for a year and a statement, however many rows, calls and years
SELECT count(certdata.add_workdays(d::date, 1)), count(*) FILTER (WHERE certdata.is_workday(d::date)) FROM generate_series('2027-01-01'::timestamp, '2027-12-01', '1 day') AS d;
SELECT certdata.workdays_between('2026-12-31', '2027-12-31') AS y2027, certdata.workdays_between('2017-01-01', '2028-12-31') AS more;
SELECT certdata.workdays_between('2024-12-31', '2100-12-31');
DO $$
BEGIN
	FOR i IN 1 .. 3 LOOP
		PERFORM certdata.is_workday('2027-01-04'), certdata.is_workday('2028-01-03');
	END LOOP;
END $$;
PREPARE twice AS SELECT certdata.is_workday('2027-01-04') AS is_workday;
EXECUTE twice;
EXECUTE twice;
DEALLOCATE twice;
SET certdata.language = zh;
SELECT certdata.is_workday('2027-01-04'), certdata.workdays_between('2017-01-01', '2028-12-31');
SET certdata.language = en;
-- a published year that follows is not warned of; nor is the error gone for good
RESET certdata.allow_provisional_calendar;
INSERT INTO certdata.calendar_year VALUES (2027, 'published');
SELECT certdata.due_date('upload', '2026-12-04');
DELETE FROM certdata.calendar_year_setting;
SELECT certdata.due_date('upload', '2026-12-04');
-- an index condition or a sort asks when the statement is planned, and is told the same
CREATE TEMP TABLE received (d date);
INSERT INTO received SELECT '2026-12-01'::date + i FROM generate_series(0, 60) AS i;
ANALYZE received;
SELECT count(*) FROM received WHERE d <= certdata.due_date('upload', '2026-12-04');
SET certdata.allow_provisional_calendar = on;
SELECT count(*) FROM received WHERE d <= certdata.due_date('upload', '2026-12-04');
