-- doctor() must not call a ledger well that is not.  Looks for: a ledger that is
-- not started, not adopted, not sealed, whose heads nobody signs or whose key
-- cannot be used, and is said to be ok; a role that cannot ask, or may.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE DATABASE ledger_doctor;
\c ledger_doctor
SET client_min_messages = warning;
CREATE EXTENSION certdata;
SET certdata.language = en;
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE check_name ~ '^ledger';
SELECT certdata.create_registry('r');
INSERT INTO r (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校');
SELECT check_name, status, regexp_replace(detail, 'last seal: .*[0-9].*', 'last seal: ...') AS detail, advice FROM certdata.doctor() WHERE check_name ~ '^ledger' AND check_name <> 'ledger.horizon';
-- a key that nothing was signed with yet
SET certdata.signing_key_file = '/nowhere/key.pem';
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE check_name = 'ledger.key';
RESET certdata.signing_key_file;
SELECT certdata.seal() > 0 AS sealed;
SELECT check_name, status, regexp_replace(detail, 'last seal: .*[0-9].*', 'last seal: ...') AS detail, advice FROM certdata.doctor() WHERE check_name ~ '^ledger' AND check_name <> 'ledger.horizon';

-- a key that is not there
SET certdata.signing_key_file = '/nowhere/key.pem';
SELECT check_name, status, advice FROM certdata.doctor() WHERE check_name = 'ledger.key';
RESET certdata.signing_key_file;

-- nothing sealed for long (told by tampering with the time)
INSERT INTO r (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013000001223000002', '2022-02-09', '甲校', '甲校');
BEGIN;
UPDATE certdata.ledger_act SET recorded_at = recorded_at - interval '25 hours' WHERE kind = 'insert';
SELECT check_name, status, advice FROM certdata.doctor() WHERE check_name = 'ledger.sealed';
ROLLBACK;

-- another cluster's
BEGIN;
UPDATE certdata.ledger_incarnation SET system_identifier = '1';
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE check_name = 'ledger.here';
SET LOCAL certdata.language = zh;
SELECT check_name, status, detail, advice FROM certdata.doctor() WHERE check_name IN ('ledger.here', 'ledger.key');
ROLLBACK;

-- auditors may ask, officers may not
SET ROLE certdata_auditor;
SELECT count(*) > 0 AS answers FROM certdata.doctor();
SET ROLE certdata_officer;
SELECT count(*) > 0 AS answers FROM certdata.doctor();
RESET ROLE;
\c contrib_regression
DROP DATABASE ledger_doctor;
