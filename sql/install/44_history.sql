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
