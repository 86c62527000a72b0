-- doctor() must see what keeps a guard from working.  Looks for: a trigger that
-- is disabled, dropped, replaced or fires at the wrong times, on a table, a
-- partition or a view, and is said to be ok; tables that are gone, rewritten by
-- rules, hidden by row security, without their unique index, unlogged, not
-- looked at; constraints that make the server print people; open maintenance and
-- refused attempts that nobody hears of; advice that does not cure.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE DATABASE doctor_guard;
\c doctor_guard
SET client_min_messages = warning;
CREATE EXTENSION certdata;
SET certdata.language = en;
\pset format unaligned
\pset tuples_only on
\set line 'SELECT status, detail, advice FROM certdata.doctor() WHERE check_name ='
\set faults 'SELECT check_name, status, detail FROM certdata.doctor() WHERE check_name ~ ''^guard'' AND status <> ''ok'''
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE check_name ~ '^guard';
-- all ways to attach a table are well
SELECT certdata.create_registry('r');
CREATE TABLE p (xm text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno, issue_date date, evaluator text, issuer text) PARTITION BY HASH (cert_no);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
SELECT certdata.attach('p', '{"姓名": "xm"}') IS NULL;
CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY HASH (cert_no);
CREATE TABLE p10 PARTITION OF p1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE t (LIKE certdata.report);
ALTER TABLE t ADD PRIMARY KEY (证书编号);
SELECT certdata.attach('t', publication => 'by_call') IS NULL;
ALTER VIEW r_live RENAME TO living;
ALTER TABLE t RENAME COLUMN 姓名 TO who;
:faults;
:line 'guard.triggers';
-- so is a table that was detached, and attached again
SELECT certdata.detach('t', 'to be attached again');
:faults;
SELECT certdata.attach('t', '{"姓名": "who"}') IS NULL;

-- each of the seven triggers, disabled and enabled as usual
CREATE FUNCTION each_trigger(target regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	n text;
	e text;
	said record;
BEGIN
	FOREACH n IN ARRAY ARRAY['begin', 'columns', 'insert', 'update', 'delete', 'truncate', 'apply'] LOOP
		FOREACH e IN ARRAY ARRAY['DISABLE', 'ENABLE'] LOOP
			EXECUTE format('ALTER TABLE %s %s TRIGGER certdata_%s', target, e, n);
			SELECT * INTO said FROM certdata.doctor() WHERE check_name = 'guard.triggers';
			RETURN NEXT concat_ws('|', e, said.status, said.detail, said.advice);
			EXECUTE said.advice;
			SELECT * INTO said FROM certdata.doctor() WHERE check_name = 'guard.triggers';
			IF said.status <> 'ok' THEN
				RETURN NEXT 'not cured: ' || said.detail;
			END IF;
		END LOOP;
	END LOOP;
END $$;
SELECT each_trigger('r');
SELECT each_trigger('p10') LIMIT 2;
BEGIN;
ALTER TABLE p0 DISABLE TRIGGER certdata_apply;
ALTER TABLE p1 ENABLE REPLICA TRIGGER certdata_update;
SET LOCAL certdata.language = zh;
:line 'guard.triggers';
ALTER TABLE p0 ENABLE REPLICA TRIGGER certdata_apply; ALTER TABLE p1 ENABLE ALWAYS TRIGGER certdata_update;
:faults;
ROLLBACK;

-- dropped, replaced, on one partition only
BEGIN;
DROP TRIGGER certdata_delete ON p10;
CREATE OR REPLACE TRIGGER certdata_insert AFTER INSERT ON r FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION certdata.guard_insert('x');
ALTER TABLE r ENABLE ALWAYS TRIGGER certdata_insert;
DROP VIEW living;
:line 'guard.triggers';
SELECT certdata.detach('p', 'reason');
SELECT certdata.attach('p', '{"姓名": "xm"}') IS NULL;
SELECT certdata.detach('r', 'reason');
SELECT certdata.attach('r', state_column => 'state') IS NULL;
:faults;
ROLLBACK;
BEGIN;
CREATE OR REPLACE FUNCTION certdata.guard_delete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT status, detail FROM certdata.doctor() WHERE check_name = 'guard.triggers';
ROLLBACK;

-- event triggers
BEGIN;
ALTER EVENT TRIGGER certdata_partitions ENABLE;
ALTER EVENT TRIGGER certdata_drops DISABLE;
:line 'guard.events';
ALTER EVENT TRIGGER certdata_drops ENABLE ALWAYS; ALTER EVENT TRIGGER certdata_partitions ENABLE ALWAYS;
:line 'guard.events';
ROLLBACK;
BEGIN;
ALTER EXTENSION certdata DROP EVENT TRIGGER certdata_drops;
DROP EVENT TRIGGER certdata_drops;
:line 'guard.events';
DROP EVENT TRIGGER IF EXISTS certdata_drops; CREATE EVENT TRIGGER certdata_drops ON sql_drop EXECUTE FUNCTION certdata.guard_drops(); ALTER EVENT TRIGGER certdata_drops ENABLE ALWAYS;
:line 'guard.events';
ROLLBACK;

-- triggers of certdata's own tables
BEGIN;
ALTER TABLE certdata.scope DISABLE TRIGGER ledger_delete;
ALTER TABLE certdata.ledger_act DISABLE TRIGGER certdata_apply;
ALTER TABLE certdata.attachment ENABLE TRIGGER attachment_changed;
ALTER TABLE certdata.filing DISABLE TRIGGER organisation_named_insert;
:line 'guard.own';
ALTER TABLE certdata.attachment ENABLE ALWAYS TRIGGER attachment_changed; ALTER TABLE certdata.filing ENABLE TRIGGER organisation_named_insert; ALTER TABLE certdata.ledger_act ENABLE REPLICA TRIGGER certdata_apply; ALTER TABLE certdata.scope ENABLE ALWAYS TRIGGER ledger_delete;
:line 'guard.own';
DROP TRIGGER ledger_truncate ON certdata.rule_setting;
:line 'guard.own';
ROLLBACK;

-- a table that is gone, unseen
BEGIN;
ALTER EVENT TRIGGER certdata_drops DISABLE;
UPDATE certdata.attachment SET relation = '4294967295'::oid, id = '00000000-0000-0000-0000-000000000001' WHERE relation = 'r'::regclass;
:line 'guard.tables';
UPDATE certdata.attachment SET detached_at = clock_timestamp(), detach_reason = 'dropped' WHERE id = '00000000-0000-0000-0000-000000000001';
:line 'guard.tables';
ROLLBACK;

-- one that could not be attached today
BEGIN;
ALTER TABLE r SET UNLOGGED;
:line 'guard.shape';
ALTER TABLE r SET LOGGED;
:line 'guard.shape';
ROLLBACK;

-- numbers that nothing keeps unique
BEGIN;
DROP INDEX r_cert_no_idx, t_number_key_idx;
CREATE UNIQUE INDEX ON r (cert_no) WHERE state IS NULL;
CREATE INDEX ON r (cert_no);
ALTER TABLE t RENAME COLUMN 证书编号 TO no;
:line 'guard.index';
CREATE UNIQUE INDEX ON r (cert_no); CREATE UNIQUE INDEX ON t (certdata.number_key(no));
:line 'guard.index';
UPDATE pg_index SET indisvalid = false WHERE indrelid = 'p'::regclass;
:line 'guard.index';
ROLLBACK;

-- rules
BEGIN;
CREATE RULE quiet AS ON UPDATE TO p10 DO INSTEAD NOTHING;
CREATE RULE away AS ON INSERT TO living DO INSTEAD NOTHING;
:line 'guard.rules';
DROP RULE away ON living; DROP RULE quiet ON p10;
:line 'guard.rules';
ROLLBACK;

-- row security: for others it is lawful, for the owner it hides rows from checks
BEGIN;
ALTER TABLE r ENABLE ROW LEVEL SECURITY;
:line 'guard.row_security';
ALTER TABLE r FORCE ROW LEVEL SECURITY;
ALTER TABLE p0 FORCE ROW LEVEL SECURITY;
:line 'guard.row_security';
ALTER TABLE p0 NO FORCE ROW LEVEL SECURITY; ALTER TABLE r NO FORCE ROW LEVEL SECURITY;
:line 'guard.row_security';
ROLLBACK;

-- a former partition
BEGIN;
ALTER TABLE p DETACH PARTITION p0;
:line 'guard.partitions';
SELECT certdata.detach('p0', 'reason');
:line 'guard.partitions';
ROLLBACK;

-- what makes the server print people
BEGIN;
ALTER TABLE p0 ALTER COLUMN employer SET NOT NULL;
ALTER TABLE p ALTER COLUMN level SET NOT NULL;
ALTER TABLE r ADD CHECK (level IS NOT NULL);
CREATE UNIQUE INDEX ON r (cert_no, id_number);
CREATE UNIQUE INDEX ON t (lower(who));
CREATE TABLE person (number text PRIMARY KEY);
ALTER TABLE t ADD CONSTRAINT known FOREIGN KEY (证件号码) REFERENCES person;
CREATE INDEX ON t (who);
CREATE UNIQUE INDEX ON t (证书编号, 发证日期);
SELECT status, detail FROM certdata.doctor() WHERE check_name = 'guard.personal';
SELECT advice FROM certdata.doctor() WHERE check_name = 'guard.personal' \gset
\echo :advice
:advice
:line 'guard.personal';
ROLLBACK;

-- rows that nobody has looked at
BEGIN;
SELECT certdata.detach('t', 'r');
SELECT certdata.attach('t', '{"姓名": "who"}', validate => false) IS NULL;
:line 'guard.validated';
ROLLBACK;

-- maintenance: open, over, closed
BEGIN;
INSERT INTO certdata.maintenance (role, opened_at, until, reason, closed_at) VALUES
	('certdata_admin', '2026-01-01 08:00+08', '2026-01-01 09:00+08', 'new disk', NULL),
	('certdata_admin', '2026-01-01 08:00+08', '2026-01-01 19:00+08', 'closed', '2026-01-01 08:01+08');
SET LOCAL TimeZone = 'Asia/Shanghai';
SET LOCAL DateStyle = ISO;
:line 'guard.maintenance';
SELECT * FROM certdata.doctor_guard_maintenance('2026-01-01 08:59:59+08');
SELECT status FROM certdata.doctor_guard_maintenance('2026-01-01 09:00+08');
UPDATE certdata.maintenance SET until = clock_timestamp() + interval '1 hour';
SELECT status, detail ~ 'new disk' AND detail !~ 'closed' FROM certdata.doctor() WHERE check_name = 'guard.maintenance';
ROLLBACK;

-- attempts: of yesterday, allowed, refused, lost
BEGIN;
INSERT INTO certdata.attempt (attempted_at, outcome, kind, object, session_user_name) VALUES
	('2026-01-01 08:00+08', 'refused', 'drop', 'table public.r', 'eve'),
	('2026-01-01 09:00+08', 'refused', 'trigger', 'trigger certdata_begin on public.r', 'mallory'),
	('2026-01-01 10:00+08', 'allowed', 'drop', 'table public.old', 'dba');
SET LOCAL TimeZone = 'Asia/Shanghai';
SET LOCAL DateStyle = ISO;
:line 'guard.attempts';
SELECT * FROM certdata.doctor_guard_attempts('2026-01-02 07:59+08');
SELECT status, left(detail, 28) FROM certdata.doctor_guard_attempts('2026-01-02 08:59+08');
SELECT status FROM certdata.doctor_guard_attempts('2026-01-02 09:00+08');
:line 'guard.lost';
INSERT INTO certdata.attempt (attempted_at, outcome, kind, object) VALUES ('2026-01-01 08:00+08', 'lost', 'drop', '7');
:line 'guard.lost';
SELECT * FROM certdata.doctor_guard_lost('2026-01-30 08:00+08');
ROLLBACK;
:faults;
-- all at once, in Chinese
BEGIN;
DROP VIEW living;
DROP TRIGGER certdata_delete ON r;
ALTER TABLE r DISABLE TRIGGER certdata_insert;
CREATE OR REPLACE TRIGGER certdata_update AFTER UPDATE ON r REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION certdata.guard_update('x');
ALTER EVENT TRIGGER certdata_drops DISABLE;
DROP TRIGGER ledger_truncate ON certdata.rule_setting;
ALTER TABLE certdata.scope DISABLE TRIGGER ledger_delete;
UPDATE certdata.attachment SET validated = false, relation = CASE WHEN relation = 't'::regclass THEN 4294967295::oid::regclass ELSE relation END, id = CASE WHEN relation = 't'::regclass THEN '00000000-0000-0000-0000-000000000001' ELSE id END;
ALTER TABLE r SET UNLOGGED;
DROP INDEX r_cert_no_idx;
CREATE RULE quiet AS ON UPDATE TO p10 DO INSTEAD NOTHING;
ALTER TABLE r FORCE ROW LEVEL SECURITY;
ALTER TABLE p DETACH PARTITION p0;
ALTER TABLE r ADD CHECK (level IS NOT NULL);
INSERT INTO certdata.maintenance (role, opened_at, until, reason) VALUES ('certdata_admin', '2026-01-01 08:00+08', 'infinity', '换盘');
INSERT INTO certdata.attempt (attempted_at, outcome, kind, object, session_user_name) VALUES ('infinity', 'refused', 'drop', 'table public.r', 'eve'), ('infinity', 'lost', 'drop', '7', NULL);
SET LOCAL certdata.language = zh;
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE check_name ~ '^guard';
ROLLBACK;
\c contrib_regression
DROP DATABASE doctor_guard;
