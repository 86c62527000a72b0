-- Acts on certificates: what a plain UPDATE cannot say, or must not do.
--
-- They act as the caller, who needs UPDATE on the table.  Numbers come as
-- certno or text, one or an array: a bare literal means text, and a text that
-- is an array literal means the array.

-- ---------------------------------------------------------------- correct

CREATE FUNCTION certdata.correct(target regclass, cert_no certdata.certno, changes jsonb, reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_correct';
REVOKE EXECUTE ON FUNCTION certdata.correct(regclass, certdata.certno, jsonb, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.correct(regclass, certdata.certno, jsonb, text, text, text) IS
'corrects a certificate (第十四条): changes is {"姓名": "..."} by header, or by the column of a field, null empties a field. reason, approval and exception (rule: reason) hold for this call; what is NULL may have been SET LOCAL. Errors as for UPDATE of the table; P0002: no such certificate, 22023: no such field';

CREATE FUNCTION certdata.correct(target regclass, cert_no text, changes jsonb, reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_correct';
REVOKE EXECUTE ON FUNCTION certdata.correct(regclass, text, jsonb, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.correct(regclass, text, jsonb, text, text, text) IS
'corrects a certificate (第十四条): changes is {"姓名": "..."} by header, or by the column of a field, null empties a field. reason, approval and exception (rule: reason) hold for this call; what is NULL may have been SET LOCAL. Errors as for UPDATE of the table; P0002: no such certificate, 22023: no such field';

-- ---------------------------------------------------------------- renumber

CREATE FUNCTION certdata.renumber(target regclass, old_no certdata.certno[], new_no certdata.certno[], reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, certdata.certno[], certdata.certno[], text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, certdata.certno[], certdata.certno[], text, text, text) IS
'gives certificates new numbers, in one act; swaps and chains are allowed. The life of each goes on under its new number, its old one is never used again. Returns how many; P0002: no such certificate, 23505: number used before, QC010, QC015, 23514';

CREATE FUNCTION certdata.renumber(target regclass, old_no text, new_no text, reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, text, text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, text, text, text, text, text) IS
'gives certificates new numbers, in one act; swaps and chains are allowed. The life of each goes on under its new number, its old one is never used again. Returns how many; P0002: no such certificate, 23505: number used before, QC010, QC015, 23514';

CREATE FUNCTION certdata.renumber(target regclass, old_no text[], new_no text[], reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, text[], text[], text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, text[], text[], text, text, text) IS
'gives certificates new numbers, in one act; swaps and chains are allowed. The life of each goes on under its new number, its old one is never used again. Returns how many; P0002: no such certificate, 23505: number used before, QC010, QC015, 23514';

-- ---------------------------------------------------------------- retire and reinstate

CREATE FUNCTION certdata.retire(target regclass, cert_no certdata.certno, reason text, approval text, benefits_cancelled boolean, replaced_by certdata.certno DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, certdata.certno, text, text, boolean, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, certdata.certno, text, text, boolean, certdata.certno) IS
'deletes certificates logically (第十五条), one or many in one act: they leave the live view and keep their numbers. benefits_cancelled: the holder has none left that are tied to the certificate; false needs an exception for deletion.benefits (QC012). replaced_by: the certificate in their place. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.retire(target regclass, cert_no certdata.certno[], reason text, approval text, benefits_cancelled boolean, replaced_by certdata.certno DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, certdata.certno[], text, text, boolean, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, certdata.certno[], text, text, boolean, certdata.certno) IS
'deletes certificates logically (第十五条), one or many in one act: they leave the live view and keep their numbers. benefits_cancelled: the holder has none left that are tied to the certificate; false needs an exception for deletion.benefits (QC012). replaced_by: the certificate in their place. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.retire(target regclass, cert_no text, reason text, approval text, benefits_cancelled boolean, replaced_by text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, text, text, text, boolean, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, text, text, text, boolean, text) IS
'deletes certificates logically (第十五条), one or many in one act: they leave the live view and keep their numbers. benefits_cancelled: the holder has none left that are tied to the certificate; false needs an exception for deletion.benefits (QC012). replaced_by: the certificate in their place. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.retire(target regclass, cert_no text[], reason text, approval text, benefits_cancelled boolean, replaced_by text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, text[], text, text, boolean, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, text[], text, text, boolean, text) IS
'deletes certificates logically (第十五条), one or many in one act: they leave the live view and keep their numbers. benefits_cancelled: the holder has none left that are tied to the certificate; false needs an exception for deletion.benefits (QC012). replaced_by: the certificate in their place. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no certdata.certno, reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, certdata.certno, text, text) IS
'takes a logical deletion back, of one certificate or many in one act. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no certdata.certno[], reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, certdata.certno[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, certdata.certno[], text, text) IS
'takes a logical deletion back, of one certificate or many in one act. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no text, reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, text, text, text) IS
'takes a logical deletion back, of one certificate or many in one act. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no text[], reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, text[], text, text) IS
'takes a logical deletion back, of one certificate or many in one act. Returns how many; P0002, QC010, QC015';

-- ---------------------------------------------------------------- suspend and resume

CREATE FUNCTION certdata.suspend(target regclass, cert_no certdata.certno, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, certdata.certno, text, text) IS
'suspends certificates (第十七条: 暂停可疑证书数据查询服务): they leave the live view until certdata.resume(). Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.suspend(target regclass, cert_no certdata.certno[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, certdata.certno[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, certdata.certno[], text, text) IS
'suspends certificates (第十七条: 暂停可疑证书数据查询服务): they leave the live view until certdata.resume(). Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.suspend(target regclass, cert_no text, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, text, text, text) IS
'suspends certificates (第十七条: 暂停可疑证书数据查询服务): they leave the live view until certdata.resume(). Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.suspend(target regclass, cert_no text[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, text[], text, text) IS
'suspends certificates (第十七条: 暂停可疑证书数据查询服务): they leave the live view until certdata.resume(). Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.resume(target regclass, cert_no certdata.certno, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, certdata.certno, text, text) IS
'ends a suspension. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.resume(target regclass, cert_no certdata.certno[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, certdata.certno[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, certdata.certno[], text, text) IS
'ends a suspension. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.resume(target regclass, cert_no text, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, text, text, text) IS
'ends a suspension. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.resume(target regclass, cert_no text[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, text[], text, text) IS
'ends a suspension. Returns how many; P0002, QC010, QC015';

-- ---------------------------------------------------------------- publish and withdraw

CREATE FUNCTION certdata.publish(target regclass, cert_no certdata.certno) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, certdata.certno) IS
'certificates are in the national query system from now on (publication => by_call): changes need an approval and use up items. Returns how many were not before; P0002, QC015';

CREATE FUNCTION certdata.publish(target regclass, cert_no certdata.certno[]) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, certdata.certno[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, certdata.certno[]) IS
'certificates are in the national query system from now on (publication => by_call): changes need an approval and use up items. Returns how many were not before; P0002, QC015';

CREATE FUNCTION certdata.publish(target regclass, cert_no text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, text) IS
'certificates are in the national query system from now on (publication => by_call): changes need an approval and use up items. Returns how many were not before; P0002, QC015';

CREATE FUNCTION certdata.publish(target regclass, cert_no text[]) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, text[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, text[]) IS
'certificates are in the national query system from now on (publication => by_call): changes need an approval and use up items. Returns how many were not before; P0002, QC015';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no certdata.certno, reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, certdata.certno, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, certdata.certno, text) IS
'takes back certificates that were returned before they were published (第十一条): their rows lose their numbers, which are free for the data reported again. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no certdata.certno[], reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, certdata.certno[], text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, certdata.certno[], text) IS
'takes back certificates that were returned before they were published (第十一条): their rows lose their numbers, which are free for the data reported again. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no text, reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, text, text) IS
'takes back certificates that were returned before they were published (第十一条): their rows lose their numbers, which are free for the data reported again. Returns how many; P0002, QC010, QC015';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no text[], reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, text[], text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, text[], text) IS
'takes back certificates that were returned before they were published (第十一条): their rows lose their numbers, which are free for the data reported again. Returns how many; P0002, QC010, QC015';

