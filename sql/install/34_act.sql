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
'corrects one certificate (第十四条). changes: {"姓名": "..."}, by header with the text of the report or by the name of a field''s column with what the column holds, all as JSON strings; null empties a field. reason, approval and exception (''rule: why'') hold for this call; one that is NULL may have been SET LOCAL. Refused as an UPDATE is (QC010, QC011, QC015, 23514); P0002: no such certificate; 22023: no such field, or none that has a column; QC013: 证书编号; 27000: a trigger kept the row from changing; 42501 without UPDATE on the table';

CREATE FUNCTION certdata.correct(target regclass, cert_no text, changes jsonb, reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_correct';
REVOKE EXECUTE ON FUNCTION certdata.correct(regclass, text, jsonb, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.correct(regclass, text, jsonb, text, text, text) IS
'corrects one certificate (第十四条). changes: {"姓名": "..."}, by header with the text of the report or by the name of a field''s column with what the column holds, all as JSON strings; null empties a field. reason, approval and exception (''rule: why'') hold for this call; one that is NULL may have been SET LOCAL. Refused as an UPDATE is (QC010, QC011, QC015, 23514); P0002: no such certificate; 22023: no such field, or none that has a column; QC013: 证书编号; 27000: a trigger kept the row from changing; 42501 without UPDATE on the table';

-- ---------------------------------------------------------------- renumber

CREATE FUNCTION certdata.renumber(target regclass, old_no certdata.certno, new_no certdata.certno, reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, certdata.certno, certdata.certno, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, certdata.certno, certdata.certno, text, text, text) IS
'gives certificates new numbers, the first of old_no the first of new_no and so on, in one act; swaps and chains are allowed (编码规则). The life of each goes on under its new number, and its old one is never used again, unless by another certificate of the same act. Published certificates need reason and approval, others a reason (QC010); exception: ''rule: why'' for the rules that new numbers are judged by (23514). Returns how many certificates; P0002: no such certificate, 23505: number in use or used before, 22023: not as many new numbers as old ones, or one twice, QC015: retired';

CREATE FUNCTION certdata.renumber(target regclass, old_no certdata.certno[], new_no certdata.certno[], reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, certdata.certno[], certdata.certno[], text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, certdata.certno[], certdata.certno[], text, text, text) IS
'gives certificates new numbers, the first of old_no the first of new_no and so on, in one act; swaps and chains are allowed (编码规则). The life of each goes on under its new number, and its old one is never used again, unless by another certificate of the same act. Published certificates need reason and approval, others a reason (QC010); exception: ''rule: why'' for the rules that new numbers are judged by (23514). Returns how many certificates; P0002: no such certificate, 23505: number in use or used before, 22023: not as many new numbers as old ones, or one twice, QC015: retired';

CREATE FUNCTION certdata.renumber(target regclass, old_no text, new_no text, reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, text, text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, text, text, text, text, text) IS
'gives certificates new numbers, the first of old_no the first of new_no and so on, in one act; swaps and chains are allowed (编码规则). The life of each goes on under its new number, and its old one is never used again, unless by another certificate of the same act. Published certificates need reason and approval, others a reason (QC010); exception: ''rule: why'' for the rules that new numbers are judged by (23514). Returns how many certificates; P0002: no such certificate, 23505: number in use or used before, 22023: not as many new numbers as old ones, or one twice, QC015: retired';

CREATE FUNCTION certdata.renumber(target regclass, old_no text[], new_no text[], reason text, approval text DEFAULT NULL, exception text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_renumber';
REVOKE EXECUTE ON FUNCTION certdata.renumber(regclass, text[], text[], text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.renumber(regclass, text[], text[], text, text, text) IS
'gives certificates new numbers, the first of old_no the first of new_no and so on, in one act; swaps and chains are allowed (编码规则). The life of each goes on under its new number, and its old one is never used again, unless by another certificate of the same act. Published certificates need reason and approval, others a reason (QC010); exception: ''rule: why'' for the rules that new numbers are judged by (23514). Returns how many certificates; P0002: no such certificate, 23505: number in use or used before, 22023: not as many new numbers as old ones, or one twice, QC015: retired';

-- ---------------------------------------------------------------- retire and reinstate

CREATE FUNCTION certdata.retire(target regclass, cert_no certdata.certno, reason text, approval text, benefits_cancelled boolean, replaced_by certdata.certno DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, certdata.certno, text, text, boolean, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, certdata.certno, text, text, boolean, certdata.certno) IS
'deletes certificates logically (第十五条), one or many in one act, all or none: they leave the live view and keep their numbers. Needs reason and approval (QC010). benefits_cancelled: the holder has no benefits tied to the certificate any more; false needs an exception for deletion.benefits (QC012), NULL is refused (22004). replaced_by: the certificate of the same table in their place. Returns how many; P0002: no such certificate, QC015: retired already, or never published';

CREATE FUNCTION certdata.retire(target regclass, cert_no certdata.certno[], reason text, approval text, benefits_cancelled boolean, replaced_by certdata.certno DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, certdata.certno[], text, text, boolean, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, certdata.certno[], text, text, boolean, certdata.certno) IS
'deletes certificates logically (第十五条), one or many in one act, all or none: they leave the live view and keep their numbers. Needs reason and approval (QC010). benefits_cancelled: the holder has no benefits tied to the certificate any more; false needs an exception for deletion.benefits (QC012), NULL is refused (22004). replaced_by: the certificate of the same table in their place. Returns how many; P0002: no such certificate, QC015: retired already, or never published';

CREATE FUNCTION certdata.retire(target regclass, cert_no text, reason text, approval text, benefits_cancelled boolean, replaced_by text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, text, text, text, boolean, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, text, text, text, boolean, text) IS
'deletes certificates logically (第十五条), one or many in one act, all or none: they leave the live view and keep their numbers. Needs reason and approval (QC010). benefits_cancelled: the holder has no benefits tied to the certificate any more; false needs an exception for deletion.benefits (QC012), NULL is refused (22004). replaced_by: the certificate of the same table in their place. Returns how many; P0002: no such certificate, QC015: retired already, or never published';

CREATE FUNCTION certdata.retire(target regclass, cert_no text[], reason text, approval text, benefits_cancelled boolean, replaced_by text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_retire';
REVOKE EXECUTE ON FUNCTION certdata.retire(regclass, text[], text, text, boolean, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.retire(regclass, text[], text, text, boolean, text) IS
'deletes certificates logically (第十五条), one or many in one act, all or none: they leave the live view and keep their numbers. Needs reason and approval (QC010). benefits_cancelled: the holder has no benefits tied to the certificate any more; false needs an exception for deletion.benefits (QC012), NULL is refused (22004). replaced_by: the certificate of the same table in their place. Returns how many; P0002: no such certificate, QC015: retired already, or never published';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no certdata.certno, reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, certdata.certno, text, text) IS
'takes a logical deletion back (第十五条), of one certificate or many in one act, all or none; a suspension of before goes on. Needs reason and approval (QC010). Returns how many; P0002: no such certificate, QC015: not retired';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no certdata.certno[], reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, certdata.certno[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, certdata.certno[], text, text) IS
'takes a logical deletion back (第十五条), of one certificate or many in one act, all or none; a suspension of before goes on. Needs reason and approval (QC010). Returns how many; P0002: no such certificate, QC015: not retired';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no text, reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, text, text, text) IS
'takes a logical deletion back (第十五条), of one certificate or many in one act, all or none; a suspension of before goes on. Needs reason and approval (QC010). Returns how many; P0002: no such certificate, QC015: not retired';

CREATE FUNCTION certdata.reinstate(target regclass, cert_no text[], reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_reinstate';
REVOKE EXECUTE ON FUNCTION certdata.reinstate(regclass, text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.reinstate(regclass, text[], text, text) IS
'takes a logical deletion back (第十五条), of one certificate or many in one act, all or none; a suspension of before goes on. Needs reason and approval (QC010). Returns how many; P0002: no such certificate, QC015: not retired';

-- ---------------------------------------------------------------- suspend and resume

CREATE FUNCTION certdata.suspend(target regclass, cert_no certdata.certno, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, certdata.certno, text, text) IS
'suspends doubtful certificates (第十七条: 暂停可疑证书数据查询服务), one or many in one act, all or none: they leave the live view until certdata.resume(). Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: suspended already, retired, or never published';

CREATE FUNCTION certdata.suspend(target regclass, cert_no certdata.certno[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, certdata.certno[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, certdata.certno[], text, text) IS
'suspends doubtful certificates (第十七条: 暂停可疑证书数据查询服务), one or many in one act, all or none: they leave the live view until certdata.resume(). Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: suspended already, retired, or never published';

CREATE FUNCTION certdata.suspend(target regclass, cert_no text, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, text, text, text) IS
'suspends doubtful certificates (第十七条: 暂停可疑证书数据查询服务), one or many in one act, all or none: they leave the live view until certdata.resume(). Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: suspended already, retired, or never published';

CREATE FUNCTION certdata.suspend(target regclass, cert_no text[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_suspend';
REVOKE EXECUTE ON FUNCTION certdata.suspend(regclass, text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.suspend(regclass, text[], text, text) IS
'suspends doubtful certificates (第十七条: 暂停可疑证书数据查询服务), one or many in one act, all or none: they leave the live view until certdata.resume(). Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: suspended already, retired, or never published';

CREATE FUNCTION certdata.resume(target regclass, cert_no certdata.certno, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, certdata.certno, text, text) IS
'ends a suspension (第十七条), of one certificate or many in one act, all or none. Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: not suspended, or retired';

CREATE FUNCTION certdata.resume(target regclass, cert_no certdata.certno[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, certdata.certno[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, certdata.certno[], text, text) IS
'ends a suspension (第十七条), of one certificate or many in one act, all or none. Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: not suspended, or retired';

CREATE FUNCTION certdata.resume(target regclass, cert_no text, reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, text, text, text) IS
'ends a suspension (第十七条), of one certificate or many in one act, all or none. Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: not suspended, or retired';

CREATE FUNCTION certdata.resume(target regclass, cert_no text[], reason text, approval text DEFAULT NULL) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_resume';
REVOKE EXECUTE ON FUNCTION certdata.resume(regclass, text[], text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.resume(regclass, text[], text, text) IS
'ends a suspension (第十七条), of one certificate or many in one act, all or none. Needs a reason (QC010). Returns how many; P0002: no such certificate, QC015: not suspended, or retired';

-- ---------------------------------------------------------------- publish and withdraw

CREATE FUNCTION certdata.publish(target regclass, cert_no certdata.certno) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, certdata.certno) IS
'certificates are in the national query system from now on (publication => by_call; 第十四条): changes need an approval and use up items. One or many in one act. Returns how many were not published before; P0002: no such certificate, QC015: retired, or a table whose rows are published by INSERT';

CREATE FUNCTION certdata.publish(target regclass, cert_no certdata.certno[]) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, certdata.certno[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, certdata.certno[]) IS
'certificates are in the national query system from now on (publication => by_call; 第十四条): changes need an approval and use up items. One or many in one act. Returns how many were not published before; P0002: no such certificate, QC015: retired, or a table whose rows are published by INSERT';

CREATE FUNCTION certdata.publish(target regclass, cert_no text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, text) IS
'certificates are in the national query system from now on (publication => by_call; 第十四条): changes need an approval and use up items. One or many in one act. Returns how many were not published before; P0002: no such certificate, QC015: retired, or a table whose rows are published by INSERT';

CREATE FUNCTION certdata.publish(target regclass, cert_no text[]) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_publish';
REVOKE EXECUTE ON FUNCTION certdata.publish(regclass, text[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.publish(regclass, text[]) IS
'certificates are in the national query system from now on (publication => by_call; 第十四条): changes need an approval and use up items. One or many in one act. Returns how many were not published before; P0002: no such certificate, QC015: retired, or a table whose rows are published by INSERT';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no certdata.certno, reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, certdata.certno, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, certdata.certno, text) IS
'takes back certificates that were returned before they were published (第十一条), one or many in one act, all or none: their rows stay without their numbers, which are free for the data reported again and noted in certdata.withdrawn. Needs a reason (QC010) and a number column that may be null. Returns how many; P0002: no such certificate, QC015: published, retired, or a table that does not allow it';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no certdata.certno[], reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, certdata.certno[], text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, certdata.certno[], text) IS
'takes back certificates that were returned before they were published (第十一条), one or many in one act, all or none: their rows stay without their numbers, which are free for the data reported again and noted in certdata.withdrawn. Needs a reason (QC010) and a number column that may be null. Returns how many; P0002: no such certificate, QC015: published, retired, or a table that does not allow it';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no text, reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, text, text) IS
'takes back certificates that were returned before they were published (第十一条), one or many in one act, all or none: their rows stay without their numbers, which are free for the data reported again and noted in certdata.withdrawn. Needs a reason (QC010) and a number column that may be null. Returns how many; P0002: no such certificate, QC015: published, retired, or a table that does not allow it';

CREATE FUNCTION certdata.withdraw(target regclass, cert_no text[], reason text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_withdraw';
REVOKE EXECUTE ON FUNCTION certdata.withdraw(regclass, text[], text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.withdraw(regclass, text[], text) IS
'takes back certificates that were returned before they were published (第十一条), one or many in one act, all or none: their rows stay without their numbers, which are free for the data reported again and noted in certdata.withdrawn. Needs a reason (QC010) and a number column that may be null. Returns how many; P0002: no such certificate, QC015: published, retired, or a table that does not allow it';

