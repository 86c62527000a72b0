-- A calendar that the wrong role changes, that an ordinary one cannot read,
-- that a dump forgets; functions that need more than their caller has, or that
-- a worker counts otherwise than the session it works for.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
DROP ROLE IF EXISTS certdata_test_calendar_clerk, certdata_test_calendar_admin;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;
CREATE ROLE certdata_test_calendar_clerk;
CREATE ROLE certdata_test_calendar_admin IN ROLE certdata_admin;

\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/state.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE TEMP TABLE tries (i serial, s text);
INSERT INTO tries (s) VALUES
	($$SELECT FROM certdata.calendar_day, certdata.calendar_year, certdata.period$$),
	($$SELECT FROM certdata.calendar_day_setting, certdata.calendar_year_setting, certdata.period_setting$$),
	($$SELECT certdata.is_workday('2022-02-09'), certdata.due_date('upload', '2022-02-09'), certdata.lateness('upload', '2022-02-09', '2022-02-10')$$),
	($$INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦')$$),
	($$UPDATE certdata.calendar_day SET name = 'x' WHERE day = '2026-01-01'$$),
	($$DELETE FROM certdata.calendar_day WHERE day = '2026-01-02'$$),
	($$INSERT INTO certdata.calendar_day_setting VALUES ('2027-01-02', 'workday', '元旦')$$),
	($$UPDATE certdata.calendar_day_setting SET name = 'y'$$),
	($$DELETE FROM certdata.calendar_day_setting$$),
	($$INSERT INTO certdata.calendar_year VALUES (2027, 'published')$$),
	($$UPDATE certdata.calendar_year SET status = 'provisional' WHERE year = 2027$$),
	($$DELETE FROM certdata.calendar_year WHERE year = 2026$$),
	($$INSERT INTO certdata.calendar_year_setting VALUES (2028, 'published')$$),
	($$UPDATE certdata.calendar_year_setting SET status = 'published'$$),
	($$DELETE FROM certdata.calendar_year_setting$$),
	($$UPDATE certdata.period SET amount = 5 WHERE step = 'upload'$$),
	($$INSERT INTO certdata.period_setting (step, amount) VALUES ('resubmit', 5)$$),
	($$UPDATE certdata.period_setting SET amount = 6$$),
	($$DELETE FROM certdata.period_setting$$),
	($$TRUNCATE certdata.calendar_day_setting$$),
	($$TRUNCATE certdata.period_setting$$),
	($$SELECT certdata.calendar_day_change()$$),
	($$SELECT certdata.calendar_year_change()$$),
	($$SELECT certdata.period_change()$$),
	($$SET certdata.allow_provisional_calendar = off$$),
	($$SET certdata.late_limit_months = 12$$),
	($$SET certdata.late_limit_from = due_date$$);
GRANT SELECT ON tries TO PUBLIC;
SET ROLE certdata_test_calendar_clerk;
SELECT s, pg_temp.state(s) AS clerk FROM tries ORDER BY i;
SET ROLE certdata_test_calendar_admin;
SELECT s, pg_temp.state(s) AS admin FROM tries ORDER BY i;
RESET ROLE;
RESET certdata.allow_provisional_calendar;
SELECT (SELECT count(*) FROM certdata.calendar_day_setting) + (SELECT count(*) FROM certdata.calendar_year_setting) + (SELECT count(*) FROM certdata.period_setting) AS left_behind;

-- the functions read for a role that may not even see the tables
BEGIN;
REVOKE SELECT ON certdata.calendar_day_setting, certdata.calendar_year_setting, certdata.period_setting FROM PUBLIC;
INSERT INTO certdata.calendar_day_setting VALUES ('2022-03-09', 'holiday', NULL);
SET LOCAL ROLE certdata_test_calendar_clerk;
SELECT certdata.due_date('upload', '2022-02-09');
ROLLBACK;

-- what a dump keeps: the settings, whole
SELECT c::regclass, w = '' AS all_rows FROM pg_extension AS e, unnest(e.extconfig, e.extcondition) AS t(c, w)
WHERE e.extname = 'certdata' AND c::regclass::text ~ 'calendar|period' ORDER BY c::regclass::text COLLATE "C";

-- workers count as the session does: its settings, what it has changed
BEGIN;
CREATE TABLE calendar_issued AS SELECT '2018-01-01'::date + i % 3200 AS d FROM generate_series(0, 19999) AS i;
ALTER TABLE calendar_issued SET (parallel_workers = 2);
DELETE FROM certdata.calendar_day WHERE EXTRACT(year FROM day) = 2022;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT sum(certdata.due_date('upload', d) - d) FROM calendar_issued;
SELECT sum(certdata.due_date('upload', d) - d) AS in_parallel FROM calendar_issued \gset
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT sum(certdata.due_date('upload', d) - d) AS alone FROM calendar_issued \gset
SELECT :in_parallel = :alone AS the_same;
ROLLBACK;
DROP ROLE certdata_test_calendar_clerk, certdata_test_calendar_admin;
