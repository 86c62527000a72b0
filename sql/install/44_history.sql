-- What is told of a certificate from the ledger: its history, evidence for
-- outsiders, the export of all leaves; and lawful erasure (doc/ledger.md).
--
-- The functions read the ledger's tables by themselves: who may call them needs
-- no privilege on those.  Values are for whoever may SELECT the attached table.

-- ---------------------------------------------------------------- history

CREATE FUNCTION certdata.history(target regclass, cert_no certdata.certno) RETURNS TABLE (
		life_seq integer, act bigint, entry bigint, kind text, at timestamptz, number certdata.certno,
		changed text[], old_values jsonb, new_values jsonb, erased text[], state text[],
		reason text, approval text, exception text, session_user_name text, current_user_name text,
		address text, application_name text, actor text, actor_org text, detail jsonb)
	LANGUAGE c STABLE PARALLEL UNSAFE ROWS 10
	AS 'MODULE_PATHNAME', 'certdata_history';
REVOKE EXECUTE ON FUNCTION certdata.history(regclass, certdata.certno) FROM PUBLIC;
COMMENT ON FUNCTION certdata.history(regclass, certdata.certno) IS
'every recorded step of a certificate''s life (第十三条: 可追溯、可倒查), in order, across its numbers: asked for by the one it has or the one it had. entry: leaf in the hash tree, NULL until it is sealed; number: the number then; new_values: all fields when the row came, else those that changed; erased: fields of which the old or the new value was lawfully erased. Values are masked unless the caller may SELECT the table''s columns (and row security shows the row). QC016: never attached';

CREATE FUNCTION certdata.history(target regclass, cert_no text) RETURNS TABLE (
		life_seq integer, act bigint, entry bigint, kind text, at timestamptz, number certdata.certno,
		changed text[], old_values jsonb, new_values jsonb, erased text[], state text[],
		reason text, approval text, exception text, session_user_name text, current_user_name text,
		address text, application_name text, actor text, actor_org text, detail jsonb)
	LANGUAGE c STABLE PARALLEL UNSAFE ROWS 10
	AS 'MODULE_PATHNAME', 'certdata_history';
REVOKE EXECUTE ON FUNCTION certdata.history(regclass, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.history(regclass, text) IS
'every recorded step of a certificate''s life (第十三条: 可追溯、可倒查), in order, across its numbers: asked for by the one it has or the one it had. entry: leaf in the hash tree, NULL until it is sealed; number: the number then; new_values: all fields when the row came, else those that changed; erased: fields of which the old or the new value was lawfully erased. Values are masked unless the caller may SELECT the table''s columns (and row security shows the row). QC016: never attached';

-- ---------------------------------------------------------------- evidence and export

CREATE FUNCTION certdata.evidence(target regclass, cert_no certdata.certno, disclose text[] DEFAULT '{}', since bigint DEFAULT NULL) RETURNS json
	LANGUAGE c STABLE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_evidence';
REVOKE EXECUTE ON FUNCTION certdata.evidence(regclass, certdata.certno, text[], bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.evidence(regclass, certdata.certno, text[], bigint) IS
'evidence about one certificate for certdata-verify or any other checker (doc/ledger.md): its recorded life with proofs that it stands in the tree of the newest head, which is signed if certdata.signing_key_file is set. disclose: headers of Annex 1 whose values are shown with what opens their commitments; 证件类型 and 证件号码 go together, and so do all but those and 姓名. since: also a proof that the tree goes on from that size. Disclosing needs SELECT on the table (42501); P0002: no such certificate in the ledger, 55000: nothing of it is sealed, 22023: no such header or size. Warns of entries that are not sealed';

CREATE FUNCTION certdata.evidence(target regclass, cert_no text, disclose text[] DEFAULT '{}', since bigint DEFAULT NULL) RETURNS json
	LANGUAGE c STABLE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_evidence';
REVOKE EXECUTE ON FUNCTION certdata.evidence(regclass, text, text[], bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.evidence(regclass, text, text[], bigint) IS
'evidence about one certificate for certdata-verify or any other checker (doc/ledger.md): its recorded life with proofs that it stands in the tree of the newest head, which is signed if certdata.signing_key_file is set. disclose: headers of Annex 1 whose values are shown with what opens their commitments; 证件类型 and 证件号码 go together, and so do all but those and 姓名. since: also a proof that the tree goes on from that size. Disclosing needs SELECT on the table (42501); P0002: no such certificate in the ledger, 55000: nothing of it is sealed, 22023: no such header or size. Warns of entries that are not sealed';

CREATE FUNCTION certdata.export_ledger(tree_size bigint DEFAULT NULL) RETURNS SETOF text
	LANGUAGE c STABLE PARALLEL UNSAFE ROWS 1000000
	AS 'MODULE_PATHNAME', 'certdata_export_ledger';
REVOKE EXECUTE ON FUNCTION certdata.export_ledger(bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.export_ledger(bigint) IS
'all leaves of the tree of that size (NULL: of the newest head), a line each: index, TAB, data in base64 (doc/ledger.md), for certdata-verify --ledger. No values are in it, but who acted, and numbers of certificates. COPY (SELECT certdata.export_ledger()) TO STDOUT (FORMAT csv) takes no memory to speak of; 55000: nothing is sealed, 22023: no such size, QC023: rows are missing';

-- ---------------------------------------------------------------- erasure

CREATE FUNCTION certdata.erase_old_values(target regclass, cert_no certdata.certno, reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_erase_old_values';
REVOKE EXECUTE ON FUNCTION certdata.erase_old_values(regclass, certdata.certno, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.erase_old_values(regclass, certdata.certno, text, text) IS
'lawful erasure of what corrections replaced (个人信息保护法 第四十七条), for one certificate: old values recorded, and what opens the commitments to them, of corrections that are older than certdata.retention_years (承诺书 item 6: five years at least). Itself an act of the certificate''s life, which needs reason and approval (QC010) and UPDATE on the table; all proofs stay whole. Returns how many entries lost their old values; QC022 if there are such values and all must be kept longer, P0002: no such certificate';

CREATE FUNCTION certdata.erase_old_values(target regclass, cert_no text, reason text, approval text) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_erase_old_values';
REVOKE EXECUTE ON FUNCTION certdata.erase_old_values(regclass, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.erase_old_values(regclass, text, text, text) IS
'lawful erasure of what corrections replaced (个人信息保护法 第四十七条), for one certificate: old values recorded, and what opens the commitments to them, of corrections that are older than certdata.retention_years (承诺书 item 6: five years at least). Itself an act of the certificate''s life, which needs reason and approval (QC010) and UPDATE on the table; all proofs stay whole. Returns how many entries lost their old values; QC022 if there are such values and all must be kept longer, P0002: no such certificate';
