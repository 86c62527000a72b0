-- Proofs of the ledger's tree, checked in SQL: by anyone, in any database that
-- has the extension, with or without a ledger of its own.

CREATE FUNCTION certdata.verify_inclusion(algorithm text, leaf_index bigint, tree_size bigint,
		leaf_hash bytea, proof bytea[], root bytea)
	RETURNS boolean
	LANGUAGE c IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_verify_inclusion';
COMMENT ON FUNCTION certdata.verify_inclusion(text, bigint, bigint, bytea, bytea[], bytea) IS
'whether the proof shows (RFC 9162, 2.1.3.2) that a leaf, counted from 0, is in the tree of this size and root; false for anything malformed or NULL';

CREATE FUNCTION certdata.verify_consistency(algorithm text, size1 bigint, size2 bigint,
		proof bytea[], root1 bytea, root2 bytea)
	RETURNS boolean
	LANGUAGE c IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_verify_consistency';
COMMENT ON FUNCTION certdata.verify_consistency(text, bigint, bigint, bytea[], bytea, bytea) IS
'whether the proof shows (RFC 9162, 2.1.4.2) that the tree of size2 and root2 begins with the tree of size1 and root1; false for anything malformed or NULL';
