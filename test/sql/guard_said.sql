-- Reason and approval are said about one transaction.  Looks for: one that
-- counts though it was said about another, or stands for all to come: set for a
-- session, a role, a database, a function; one that is lost in a subtransaction
-- or by a savepoint; an approval, or an exception, of somebody who may not.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
DROP ROLE IF EXISTS guard_said_app, guard_said_approver, guard_said_super;
SET certdata.language = en;
\set VERBOSITY terse
CREATE TABLE said (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text);
INSERT INTO said VALUES ('张三', '居民身份证', '130102199003071233', '0', '电工', NULL, '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
SELECT FROM certdata.attach('said');
CREATE FUNCTION change() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	UPDATE said SET employer = employer || '1';
	RETURN 'changed';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END $$;

-- said for this transaction
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SELECT change(); SELECT change(); COMMIT;
SELECT change();
BEGIN; SELECT set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true); SELECT change(); COMMIT;
BEGIN; SAVEPOINT s; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; RELEASE s; SELECT change(); COMMIT;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SAVEPOINT s; SELECT change(); ROLLBACK TO s; SELECT change(); COMMIT;
BEGIN; SET certdata.reason = 's'; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SELECT change(); ROLLBACK;
-- not said, or taken back
SELECT set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
SELECT change();
BEGIN; SAVEPOINT s; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; ROLLBACK TO s; SELECT change(); COMMIT;
BEGIN; SET LOCAL certdata.reason = E' \t　'; SET LOCAL certdata.approval = 'a'; SELECT change(); COMMIT;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = '　'; SELECT change(); COMMIT;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; RESET certdata.reason; SELECT change(); COMMIT;
DO $$ BEGIN
	PERFORM set_config('certdata.reason', 'r', true), set_config('certdata.approval', 'a', true);
	COMMIT;
	RAISE WARNING '%', change();
END $$;
-- said for longer
SET certdata.reason = 's';
SET certdata.approval = 's';
SELECT change();
BEGIN; SELECT change(); COMMIT;
BEGIN; SET LOCAL certdata.reason = 'r'; SELECT change(); COMMIT;
BEGIN; SET LOCAL certdata.reason = 'r'; SET certdata.reason = 's'; SET LOCAL certdata.approval = 'a'; SELECT change(); COMMIT;
BEGIN; SAVEPOINT s; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; ROLLBACK TO s; SELECT change(); COMMIT;
RESET certdata.reason;
RESET certdata.approval;
CREATE FUNCTION change_always() RETURNS text LANGUAGE sql SET certdata.reason = 'f' SET certdata.approval = 'f' AS 'SELECT change()';
SELECT change_always();
BEGIN; SELECT change_always(); COMMIT;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SELECT change_always(); SELECT change(); COMMIT;
CREATE ROLE guard_said_super SUPERUSER LOGIN;
ALTER ROLE guard_said_super SET certdata.reason = 'role';
ALTER ROLE guard_said_super SET certdata.approval = 'role';
SELECT current_database() AS db, current_user AS me \gset
ALTER DATABASE :"db" SET certdata.reason = 'database';
ALTER DATABASE :"db" SET certdata.approval = 'database';
\c - guard_said_super
SET certdata.language = en;
SHOW certdata.reason;
SELECT change();
BEGIN; SELECT change(); SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SELECT change(); COMMIT;
SELECT change();
\c - :me
ALTER DATABASE :"db" RESET certdata.reason;
ALTER DATABASE :"db" RESET certdata.approval;
\c - :me
SET client_min_messages = warning;
SET certdata.language = en;
SELECT certdata.detach('said', 'for an approver');

-- by an approver: a member, directly or not; a superuser is none
CREATE ROLE guard_said_approver;
CREATE ROLE guard_said_app;
SELECT FROM certdata.attach('said', approver => 'guard_said_approver');
GRANT SELECT, UPDATE ON said TO guard_said_app, guard_said_approver;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SELECT change();
SET LOCAL ROLE guard_said_approver; SELECT change();
SET LOCAL ROLE guard_said_app; SELECT change();
RESET ROLE; GRANT guard_said_approver TO guard_said_app; SET LOCAL ROLE guard_said_app; SELECT change(); ROLLBACK;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SET LOCAL certdata.exception = 'correction.one_item: why'; SET LOCAL ROLE guard_said_approver;
UPDATE said SET name = '李四', id_number = '13010219900307002X';
ROLLBACK;
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SET LOCAL certdata.exception = 'correction.one_item: why'; SET LOCAL ROLE guard_said_app;
UPDATE said SET name = '李四', id_number = '13010219900307002X';
ROLLBACK;
-- an exception excuses its own rule, and says why; a rule that is no principle has none
BEGIN; SET LOCAL certdata.reason = 'r'; SET LOCAL certdata.approval = 'a'; SET LOCAL ROLE guard_said_approver; SAVEPOINT s;
SET LOCAL certdata.exception = 'deletion.benefits: why'; UPDATE said SET name = '李四', id_number = '13010219900307002X'; ROLLBACK TO s;
SET LOCAL certdata.exception = 'correction.one_item'; UPDATE said SET name = '李四', id_number = '13010219900307002X'; ROLLBACK TO s;
SET LOCAL certdata.exception = 'correction.one_item:  '; UPDATE said SET name = '李四', id_number = '13010219900307002X'; ROLLBACK TO s;
SET LOCAL certdata.exception = 'correction.two_items: why'; UPDATE said SET name = '李四', id_number = '13010219900307002X'; ROLLBACK TO s;
SET LOCAL certdata.exception = 'name.space: why'; UPDATE said SET name = '李 四'; ROLLBACK TO s;
SET LOCAL certdata.exception = 'deletion.physical: why'; UPDATE said SET cert_no = 'S000013000001223000002'; ROLLBACK TO s;
SET certdata.exception = 'correction.one_item: why'; UPDATE said SET name = '李四', id_number = '13010219900307002X'; ROLLBACK TO s;
SET LOCAL certdata.exception = 'correction.one_item：why'; UPDATE said SET name = '李四', id_number = '13010219900307002X'; ROLLBACK;
SELECT length(employer) - 1 AS changes FROM said;

SELECT certdata.detach('said', 'end of test');
DROP TABLE said CASCADE;
DROP FUNCTION change, change_always;
DROP ROLE guard_said_app, guard_said_approver, guard_said_super;
DELETE FROM certdata.life;
DELETE FROM certdata.attachment;
