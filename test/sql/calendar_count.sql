-- A working day counted wrongly: a day of a notice forgotten, the starting day
-- counted, a weekend worked in exchange left out, a count that is one off when
-- it goes back, ends beyond the calendar.  The oracle is a list of all days,
-- made from the facts as they were given (test/data/holidays.csv).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

\set facts `cat "$PG_ABS_SRCDIR/data/holidays.csv"`
CREATE TEMP TABLE special AS
	SELECT split_part(line, ',', 1)::date AS day, split_part(line, ',', 2) AS kind, split_part(line, ',', 3) AS name
	FROM regexp_split_to_table(:'facts', '\r?\n') WITH ORDINALITY AS t(line, i) WHERE i > 1 AND line <> '';
CREATE TEMP TABLE walk AS
	SELECT d::date AS day, COALESCE(s.kind = 'workday', EXTRACT(isodow FROM d) < 6) AS worked
	FROM generate_series('2018-01-01'::timestamp, '2026-12-31', '1 day') AS d LEFT JOIN special AS s ON s.day = d::date;
CREATE UNIQUE INDEX ON walk (day);
ANALYZE walk;
-- the n-th worked day of the list after a day (n < 0: before)
CREATE FUNCTION pg_temp.walk_on(start date, n integer) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF n < 0 THEN
		RETURN (SELECT day FROM walk WHERE worked AND day < start ORDER BY day DESC OFFSET -n - 1 LIMIT 1);
	ELSIF n > 0 THEN
		RETURN (SELECT day FROM walk WHERE worked AND day > start ORDER BY day OFFSET n - 1 LIMIT 1);
	END IF;
	RETURN start;
END $$;

-- the facts, all of them and no other
SELECT count(*) AS given, count(*) FILTER (WHERE kind = 'holiday') AS holidays, min(day), max(day) FROM special;
(TABLE special EXCEPT TABLE certdata.calendar_day) UNION ALL (TABLE certdata.calendar_day EXCEPT TABLE special);
SELECT string_agg(year || ' ' || status, ', ' ORDER BY year) FROM certdata.calendar_year;

-- every day 2018-2026
SELECT count(*) AS days, count(*) FILTER (WHERE certdata.is_workday(day) = worked) AS agree FROM walk;
SELECT EXTRACT(year FROM day) AS year, count(*) FILTER (WHERE worked) AS by_list,
	certdata.workdays_between((EXTRACT(year FROM day) || '-01-01')::date, (EXTRACT(year FROM day) || '-12-31')::date)
		+ certdata.is_workday((EXTRACT(year FROM day) || '-01-01')::date)::int AS counted
FROM walk GROUP BY 1, 3 ORDER BY 1;

-- worked examples
SELECT start, n, due, certdata.add_workdays(start, n) = due AS good, certdata.workdays_between(start, due) = n AS back
FROM (VALUES ('2022-02-09'::date, 20, '2022-03-09'::date), ('2022-09-30', 20, '2022-11-02'), ('2024-02-04', 10, '2024-02-22'),
	('2025-01-26', 20, '2025-02-28'), ('2026-02-13', 20, '2026-03-19'), ('2026-09-30', 10, '2026-10-20'), ('2026-09-20', 10, '2026-10-10')) AS t(start, n, due);

-- 5,000 days and counts at random, on and back; what leaves the list is left out
SELECT setseed(0.2022);
CREATE TEMP TABLE tries AS
	SELECT '2018-01-01'::date + (random() * 3286)::int AS start, (random() * 120)::int - 60 AS n, '2018-01-01'::date + (random() * 3286)::int AS other
	FROM generate_series(1, 5000);
DELETE FROM tries WHERE pg_temp.walk_on(start, n) IS NULL;
SELECT count(*) > 4900 AS enough, count(*) FILTER (WHERE certdata.add_workdays(start, n) = pg_temp.walk_on(start, n)) = count(*) AS agree,
	count(*) FILTER (WHERE certdata.workdays_between(start, other) = CASE WHEN other >= start
		THEN (SELECT count(*) FROM walk WHERE worked AND day > start AND day <= other)
		ELSE -(SELECT count(*) FROM walk WHERE worked AND day > other AND day <= start) END) = count(*) AS between_agrees,
	count(*) FILTER (WHERE n < 0) > 2000 AS many_back
FROM tries;
-- and the due dates of the guide's steps
SELECT step, count(*) > 4800 AS enough, count(*) FILTER (WHERE certdata.due_date(step, start) = pg_temp.walk_on(start, p.n)) = count(*) AS agree
FROM tries, (VALUES ('upload', 20), ('city_review', 10), ('province_review', 10), ('ministry_publish', 15), ('resubmit', 10)) AS p(step, n)
WHERE start < '2026-11-20' GROUP BY step ORDER BY step;

-- nothing, backwards, from a holiday
SELECT certdata.add_workdays('2022-10-03', 0) AS itself, certdata.add_workdays('2022-10-03', 1) AS "next", certdata.add_workdays('2022-10-03', -1) AS previous,
	certdata.add_workdays('2022-10-08', -1) AS before_worked, certdata.add_workdays('2022-10-08', 1) AS after_worked;
SELECT certdata.workdays_between('2022-10-03', '2022-10-03') AS same, certdata.workdays_between('2022-09-30', '2022-10-08') AS forth,
	certdata.workdays_between('2022-10-08', '2022-09-30') AS back, certdata.workdays_between('2022-10-01', '2022-10-07') AS none;
SELECT certdata.add_workdays('2018-01-01', 2243) AS all_years, certdata.workdays_between('2018-01-01', '2026-12-31');

-- null in, null out
SELECT certdata.is_workday(NULL), certdata.add_workdays(NULL, 1), certdata.add_workdays('2022-02-09', NULL), certdata.workdays_between(NULL, '2022-02-09'),
	certdata.workdays_between('2022-02-09', NULL), certdata.due_date(NULL, '2022-02-09'), certdata.due_date('upload', NULL), certdata.lateness('upload', '2022-02-09', NULL);

-- days that no calendar has
SET certdata.allow_provisional_calendar = on;
SET client_min_messages = error;
CREATE FUNCTION pg_temp.state(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	EXECUTE 'SELECT ' || expression INTO state;
	RETURN state;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	RETURN state;
END $$;
SELECT e, pg_temp.state(e) FROM unnest(ARRAY[
	$$certdata.is_workday('infinity')$$, $$certdata.is_workday('-infinity')$$, $$certdata.is_workday('0001-12-31 BC')$$, $$certdata.is_workday('10000-01-01')$$,
	$$certdata.is_workday('0001-01-01')$$, $$certdata.is_workday('9999-12-31')$$,
	$$certdata.add_workdays('infinity', 0)$$, $$certdata.add_workdays('9999-12-31', 1)$$, $$certdata.add_workdays('9999-12-30', 1)$$,
	$$certdata.add_workdays('0001-01-01', -1)$$, $$certdata.add_workdays('0001-01-02', -1)$$, $$certdata.add_workdays('2022-02-09', 2147483647)$$,
	$$certdata.add_workdays('2022-02-09', -2147483648)$$, $$certdata.workdays_between('2022-02-09', 'infinity')$$, $$certdata.workdays_between('-infinity', '2022-02-09')$$,
	$$certdata.workdays_between('0001-01-01', '9999-12-31') > 2600000$$, $$certdata.due_date('upload', 'infinity')$$, $$certdata.due_date('upload', '9999-12-20')$$,
	$$certdata.lateness('upload', '-infinity', '2022-02-09')$$, $$certdata.lateness('upload', '2022-02-09', 'infinity')$$]) AS e;
RESET client_min_messages;
RESET certdata.allow_provisional_calendar;
SELECT certdata.add_workdays('infinity', 1);
SET certdata.language = zh;
SELECT certdata.add_workdays('infinity', 1);
SET certdata.language = en;

-- in a condition that the planner looks at before it is run
SELECT count(*) FILTER (WHERE worked) AS by_list, count(*) FILTER (WHERE certdata.is_workday(day)) AS counted
FROM walk WHERE day > '2022-02-09' AND day <= certdata.due_date('upload', '2022-02-09');
