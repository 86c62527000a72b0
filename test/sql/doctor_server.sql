-- doctor() must see what gets round the guards or shows people.  Looks for: a
-- line that is missing, or fails and takes the others along; roles with powers
-- of their own or of roles they may become; publications and subscriptions that
-- carry certdata's own tables; settings of roles and databases that make the log
-- show personal data; versions that do not fit; a year without calendar; a role
-- that cannot ask, or may; an answer that needs the library to be loaded before.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE DATABASE doctor_server;
\c doctor_server
SET client_min_messages = warning;
CREATE EXTENSION certdata;
SELECT FROM certdata.start_ledger();
-- the first statement of a session
\c doctor_server
SET client_min_messages = warning;
\pset format unaligned
\pset tuples_only on
\set line 'SELECT status, detail, advice FROM certdata.doctor() WHERE check_name ='
SELECT string_agg(check_name, ' ') FROM certdata.doctor();
SELECT count(*) FROM certdata.doctor() WHERE status NOT IN ('ok', 'warning', 'error') OR status <> 'ok' AND (detail IS NULL OR advice IS NULL) OR status = 'ok' AND advice IS NOT NULL;
SET certdata.language = en;

-- one line that fails leaves the others alone
BEGIN;
ALTER TABLE certdata.attempt RENAME TO away;
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE detail ~ 'looked';
SELECT count(*) FROM certdata.doctor();
SET LOCAL certdata.language = zh;
:line 'server.starts';
ROLLBACK;

-- administrators and auditors ask, officers do not; nobody calls its parts
SET ROLE certdata_admin;
SELECT count(*) FROM certdata.doctor();
SELECT * FROM certdata.doctor_server_roles();
SET ROLE certdata_auditor;
SELECT count(*) FROM certdata.doctor();
SET ROLE certdata_officer;
SELECT count(*) FROM certdata.doctor();
RESET ROLE;

-- this server does not preload the library
SELECT status, advice FROM certdata.doctor() WHERE check_name = 'server.preload';

-- versions
SELECT status FROM certdata.doctor() WHERE check_name = 'server.version';
SELECT * FROM certdata.doctor_versions('0.5.0', '0.5.0', '0.5.0');
SELECT * FROM certdata.doctor_versions('0.10.0', '0.9.0', '0.10.0');
SELECT * FROM certdata.doctor_versions('0.10.0', '0.9.0', NULL);
SELECT * FROM certdata.doctor_versions('0.9.0', '0.9.0', '0.10.0');
SELECT * FROM certdata.doctor_versions('0.9.0', '0.10.0', '0.10.0');
SELECT * FROM certdata.doctor_versions('0.9.0', '0.10.0', '0.9.0');
SELECT * FROM certdata.doctor_versions('0.9.0', '0.10.0', NULL);

-- starts without the library
BEGIN;
INSERT INTO certdata.attempt (attempted_at, outcome, kind, object) VALUES
	('2026-01-01 08:00+08', 'unguarded', 'start', 'first'), ('2026-01-02 08:00+08', 'unguarded', 'start', 'since January 1'),
	('2026-01-09 08:00+08', 'refused', 'drop', 'table public.r');
SET LOCAL TimeZone = 'Asia/Shanghai';
SET LOCAL DateStyle = ISO;
SELECT * FROM certdata.doctor_server_starts('2026-01-31 07:59+08');
SELECT * FROM certdata.doctor_server_starts('2026-02-01 08:00+08');
INSERT INTO certdata.attempt (attempted_at, outcome, kind, object) VALUES (clock_timestamp() - interval '1 day', 'unguarded', 'start', 'yesterday');
SELECT status, detail ~ 'yesterday' FROM certdata.doctor() WHERE check_name = 'server.starts';
ROLLBACK;

-- roles (others of this cluster have their own)
BEGIN;
CREATE ROLE doctor_super SUPERUSER;
CREATE ROLE doctor_files NOLOGIN IN ROLE pg_write_server_files, pg_read_server_files;
CREATE ROLE doctor_1 LOGIN IN ROLE certdata_admin;
CREATE ROLE doctor_2 LOGIN NOINHERIT IN ROLE doctor_files;
CREATE ROLE doctor_3 LOGIN BYPASSRLS;
CREATE ROLE doctor_4 LOGIN REPLICATION IN ROLE pg_execute_server_program;
CREATE ROLE doctor_5 LOGIN IN ROLE doctor_super;
CREATE ROLE doctor_6 LOGIN SUPERUSER;
GRANT EXECUTE ON FUNCTION certdata.open_maintenance(text, interval) TO doctor_1, PUBLIC;
CREATE VIEW roles AS SELECT status, array_to_string(ARRAY(SELECT m[1] FROM regexp_matches(detail, '((?:doctor_.|PUBLIC) \([^)]*\))', 'g') AS m), ', ') AS named, advice FROM certdata.doctor() WHERE check_name = 'server.roles';
SELECT status, named, left(advice, 148) FROM roles;
REVOKE EXECUTE ON FUNCTION certdata.open_maintenance FROM PUBLIC; REVOKE EXECUTE ON FUNCTION certdata.open_maintenance FROM doctor_1;
ALTER ROLE doctor_6 NOSUPERUSER; ALTER ROLE doctor_4 NOREPLICATION; ALTER ROLE doctor_3 NOBYPASSRLS; ALTER ROLE doctor_5 NOLOGIN;
REVOKE pg_execute_server_program FROM doctor_4; REVOKE doctor_files FROM doctor_2;
SELECT named FROM roles;
ROLLBACK;

-- a list of many is cut
SELECT certdata.doctor_names(ARRAY(SELECT 'n' || i FROM generate_series(1, 23) AS i));

-- publications
SET client_min_messages = error;
:line 'server.publications';
SELECT certdata.create_registry('r');
CREATE TABLE p (LIKE r) PARTITION BY HASH (cert_no);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT certdata.attach('p') IS NULL;
CREATE PUBLICATION lawful FOR TABLE r, certdata.scope;
:line 'server.publications';
BEGIN;
CREATE PUBLICATION everything FOR ALL TABLES;
SELECT status, detail, advice FROM certdata.doctor() WHERE check_name = 'server.publications';
ROLLBACK;
BEGIN;
CREATE PUBLICATION lives FOR TABLE certdata.life, certdata.scope, certdata.ledger_act;
CREATE PUBLICATION whole FOR TABLES IN SCHEMA certdata;
CREATE PUBLICATION inserts FOR TABLE p WITH (publish = 'insert');
SELECT status, left(detail, 132), advice FROM certdata.doctor() WHERE check_name = 'server.publications';
ALTER PUBLICATION lives DROP TABLE certdata.ledger_act, certdata.life; ALTER PUBLICATION whole DROP TABLES IN SCHEMA certdata;
:line 'server.publications';
ROLLBACK;
BEGIN;
CREATE PUBLICATION parts FOR TABLE p WITH (publish_via_partition_root);
:line 'server.publications';
ALTER TABLE p0 ADD PRIMARY KEY (cert_no);
:line 'server.publications';
ROLLBACK;

-- subscriptions; where they come from is not told
BEGIN;
CREATE SUBSCRIPTION doctor_subscription CONNECTION 'host=/nowhere password=secret' PUBLICATION x WITH (connect = false);
:line 'server.subscriptions';
INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, r, 'r' FROM pg_subscription, unnest(ARRAY['certdata.life', 'certdata.scope', 'p0', 'r']::regclass[]) AS r WHERE subname = 'doctor_subscription';
:line 'server.subscriptions';
DELETE FROM pg_subscription_rel WHERE srrelid = 'certdata.life'::regclass;
:line 'server.subscriptions';
ROLLBACK;

-- settings of the log: which values show people
SELECT n, string_agg(v, ' ' ORDER BY o) FILTER (WHERE certdata.doctor_log_shows(n, v)) AS shows, string_agg(v, ' ' ORDER BY o) FILTER (WHERE NOT certdata.doctor_log_shows(n, v)) AS does_not
FROM (VALUES ('log_statement', 'none ddl mod ALL'), ('log_min_duration_statement', '-1 0 1s'), ('log_min_duration_sample', '-1 100'), ('log_transaction_sample_rate', '0 0.0 0.01 1'),
	('log_min_error_statement', 'debug5 warning error log fatal panic'), ('log_min_messages', 'debug5 DEBUG debug1 warning warning,backend:debug3 warning,backend:debug1'), ('log_parameter_max_length_on_error', '-1 0 0B 64'),
	('debug_print_plan', 'off on true 0'), ('auto_explain.log_min_duration', '-1 3s'), ('pgaudit.log', 'none ddl,role ddl,write READ all'), ('work_mem', '-1 4MB')) AS s(n, l),
	regexp_split_to_table(l, ' ') WITH ORDINALITY AS v(v, o) GROUP BY 1 ORDER BY n COLLATE "C";
-- a database's, a role's, a role's in a database, not another database's; parameters, too, once statements are logged
CREATE ROLE "doctor app";
CREATE DATABASE doctor_other;
ALTER DATABASE doctor_server SET log_min_error_statement = 'panic';
ALTER DATABASE doctor_server SET log_statement = 'mod';
ALTER ROLE "doctor app" SET log_min_duration_statement = '1s';
ALTER ROLE "doctor app" IN DATABASE doctor_server SET debug_print_plan = 'on';
ALTER ROLE "doctor app" IN DATABASE doctor_other SET debug_print_parse = 'on';
ALTER ROLE "doctor app" SET pgaudit.log = 'all';
SELECT status, regexp_replace(detail, '.* by (log_min_error_statement = error, )?', '') AS detail, btrim(regexp_replace(advice, 'ALTER SYSTEM SET log_min_error_statement = panic;|SELECT pg_reload_conf\(\);', '', 'g')) AS advice FROM certdata.doctor() WHERE check_name = 'server.log';
ALTER ROLE "doctor app" SET log_min_duration_statement = -1; ALTER ROLE "doctor app" IN DATABASE doctor_server SET debug_print_plan = off; ALTER DATABASE doctor_server SET log_statement = none;
\c doctor_server
SET client_min_messages = warning;
:line 'server.log';
DROP DATABASE doctor_other;
DROP ROLE "doctor app";

-- the limit of temporary files
ALTER DATABASE doctor_server SET temp_file_limit = -1;
\c doctor_server
SET client_min_messages = warning;
SET certdata.language = en;
:line 'server.temp_file_limit';
ALTER DATABASE doctor_server SET temp_file_limit = '20GB';
\c doctor_server
SET client_min_messages = warning;
SET certdata.language = en;
:line 'server.temp_file_limit';

-- the calendar: shipped to 2026
SELECT d::text, s.* FROM unnest(ARRAY['2018-01-01', '2026-11-30', '2026-12-01', '2027-01-01']) AS d, certdata.doctor_check_calendar(d::date) AS s;
BEGIN;
INSERT INTO certdata.calendar_year VALUES (2027, 'provisional');
SELECT status, advice FROM certdata.doctor_check_calendar('2026-12-01');
UPDATE certdata.calendar_year SET status = 'published' WHERE year = 2027;
SELECT * FROM certdata.doctor_check_calendar('2026-12-01');
INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦');
SELECT * FROM certdata.doctor_check_calendar('2026-12-01');
DELETE FROM certdata.calendar_year WHERE year = 2026;
SELECT status FROM certdata.doctor_check_calendar('2026-01-01');
ROLLBACK;
-- and doctor() asks about today
BEGIN;
DELETE FROM certdata.calendar_year;
SELECT status, detail LIKE '%' || extract(year FROM certdata.today()) || '%' FROM certdata.doctor() WHERE check_name = 'check.calendar';
ROLLBACK;
-- in Chinese
BEGIN;
INSERT INTO certdata.attempt (attempted_at, outcome, kind, object) VALUES ('infinity', 'unguarded', 'start', 'x');
CREATE ROLE doctor_1 LOGIN BYPASSRLS;
SET LOCAL client_min_messages = error;
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION lives FOR TABLE certdata.life;
CREATE SUBSCRIPTION doctor_subscription CONNECTION 'host=/nowhere password=secret' PUBLICATION x WITH (connect = false);
INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, r, 'r' FROM pg_subscription, unnest(ARRAY['certdata.life', 'r']::regclass[]) AS r WHERE subname = 'doctor_subscription';
UPDATE pg_extension SET extversion = '99.0' WHERE extname = 'certdata';
DELETE FROM certdata.calendar_year;
SET LOCAL certdata.language = zh;
SELECT check_name, status, regexp_replace(regexp_replace(detail, '：.*doctor_1 \(', '：doctor_1 ('), '程序库 [0-9.]*|[0-9]{4} 年', '…') AS detail, regexp_replace(advice, '[0-9]{4}', '…', 'g') FROM certdata.doctor() WHERE check_name ~ '^(server|check)' AND check_name NOT IN ('server.log', 'server.temp_file_limit');
ROLLBACK;
\c contrib_regression
DROP DATABASE doctor_server;
