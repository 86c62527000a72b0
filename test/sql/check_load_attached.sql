-- load() into an attached table.  Looks for: a row refused that an INSERT into
-- it takes, one taken that its trigger refuses, so that nothing is loaded
-- though what is good was asked for; another table's profile, settings or
-- exception counted; an exception that is made and not recorded.
\set database check_load_attached
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/own_database.sql'
\set ECHO none
\i :helper
\set ECHO all
\pset format unaligned
\pset footer off
CREATE TABLE staging (LIKE certdata.report);
CREATE FUNCTION fill(n int) RETURNS void LANGUAGE sql AS $$
	TRUNCATE staging;
	INSERT INTO staging SELECT '张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
		'S000013000001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲中心' FROM generate_series(1, n) AS i
$$;
-- what load says and what is there then; what rejected() gives; what INSERT of each row by itself takes; and nothing of it stays
CREATE FUNCTION compare(target regclass) RETURNS TABLE (loaded text, there bigint, rejected bigint, inserted int) LANGUAGE plpgsql AS $$
DECLARE
	r staging;
BEGIN
	inserted := 0;
	SELECT count(*) INTO rejected FROM certdata.rejected('staging', target);
	BEGIN
		SELECT l::text INTO loaded FROM certdata.load('staging', target, true) AS l;
		EXECUTE format('SELECT count(*) FROM %s', target) INTO there;
		RAISE EXCEPTION USING ERRCODE = 'P9999';
	EXCEPTION WHEN SQLSTATE 'P9999' THEN
		NULL;
	WHEN OTHERS THEN
		loaded := SQLSTATE;
	END;
	BEGIN
		FOR r IN SELECT * FROM staging LOOP
			BEGIN
				EXECUTE format('INSERT INTO %s SELECT ($1).*', target) USING r;
				inserted := inserted + 1;
			EXCEPTION WHEN check_violation THEN
				NULL;
			END;
		END LOOP;
		RAISE EXCEPTION USING ERRCODE = 'P9999';
	EXCEPTION WHEN SQLSTATE 'P9999' THEN
		NULL;
	END;
	RETURN NEXT;
END $$;
CREATE TABLE own (LIKE certdata.report);
CREATE TABLE attached (LIKE certdata.report);
CREATE TABLE competition (LIKE certdata.report);
SELECT certdata.check_inserts('own');
SELECT certdata.attach('attached') AS attached \gset
SELECT certdata.attach('competition', profile => 'competition') IS NOT NULL AS competition;

-- its profile: neither filings nor scope for a competition
BEGIN;
INSERT INTO certdata.organisation (id, name) VALUES ('o', '乙校');
INSERT INTO certdata.filing (code, organisation) VALUES ('S000013000009', 'o');
SELECT fill(4);
SELECT t, c.* FROM unnest('{own,attached,competition}'::regclass[]) AS t, compare(t) AS c;
ROLLBACK;

-- its settings, milder and stricter than everybody's
BEGIN;
INSERT INTO certdata.rule_setting (rule, attachment, severity) VALUES ('name.space', :'attached', 'warning'), ('id.pattern', :'attached', 'error');
SELECT fill(6);
UPDATE staging SET "姓名" = '张 三' WHERE "证书编号" ~ '[23]$';
UPDATE staging SET "证件类型" = '中国护照', "证件号码" = '12' WHERE "证书编号" ~ '4$';
SELECT t, c.* FROM unnest('{own,attached,competition}'::regclass[]) AS t, compare(t) AS c;
ROLLBACK;

SET client_min_messages = error;
-- what is in principle so, and the exception that somebody makes
INSERT INTO certdata.rule_setting (rule, severity) VALUES ('name.space', 'principle');
SELECT fill(3);
UPDATE staging SET "姓名" = '张 三' WHERE "证书编号" ~ '2$';
SELECT t, c.* FROM unnest('{own,attached}'::regclass[]) AS t, compare(t) AS c;
BEGIN;
SET LOCAL certdata.exception = 'name.space: as in his passport';
SELECT t, c.* FROM unnest('{own,attached}'::regclass[]) AS t, compare(t) AS c;
SELECT * FROM certdata.load('staging', 'competition');
SELECT kind, entries, exception FROM certdata.ledger_act WHERE exception IS NOT NULL AND attachment = (SELECT id FROM certdata.attachment WHERE relation = 'competition'::regclass);
-- a row that is there is a fault as it was, whatever is said
SELECT row_no, rule, severity FROM certdata.check_rows('competition');
ROLLBACK;
BEGIN;
SET LOCAL certdata.exception = 'id.pattern: another rule';
SELECT * FROM compare('attached');
ROLLBACK;
BEGIN;
SET LOCAL certdata.exception = 'no rule at all';
SELECT * FROM certdata.load('staging', 'own', true);
SELECT * FROM certdata.check_rows('attached');
SELECT * FROM certdata.load('staging', 'attached', true);
ROLLBACK;
SET certdata.exception = 'name.space: for the whole session, so for none';
SELECT * FROM compare('attached');
RESET certdata.exception;
-- nor does it count of somebody who may not approve
CREATE ROLE check_load_approver;
CREATE TABLE approved (LIKE certdata.report);
SELECT certdata.attach('approved', approver => 'check_load_approver') IS NOT NULL AS approved;
BEGIN;
SET LOCAL certdata.exception = 'name.space: as in his passport';
SELECT * FROM compare('approved');
GRANT check_load_approver TO CURRENT_USER;
SELECT * FROM compare('approved');
ROLLBACK;
-- from one attached table into another: by the rules of where they go
BEGIN;
SET LOCAL certdata.exception = 'name.space: as in his passport';
INSERT INTO attached SELECT * FROM staging;
SET LOCAL certdata.exception = '';
UPDATE certdata.rule_setting SET enabled = false WHERE rule = 'name.space' AND attachment IS NULL;
INSERT INTO certdata.rule_setting (rule, attachment, severity) VALUES ('name.space', :'attached', 'error');
SELECT * FROM certdata.load('attached', 'competition');
ROLLBACK;
\c contrib_regression
DROP DATABASE check_load_attached;
DROP ROLE check_load_approver;
