-- Sealing the ledger, its heads, and proofs (doc/ledger.md).
--
-- The functions read and write the ledger's tables by themselves: who may call
-- them needs no privilege on the tables.

CREATE FUNCTION certdata.seal() RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_seal';
REVOKE EXECUTE ON FUNCTION certdata.seal() FROM PUBLIC;
COMMENT ON FUNCTION certdata.seal() IS
'gives all acts of transactions older than any in progress their places in the hash tree, and makes a head; nothing if there are none; the size of the tree';

-- Heads are made to be published, the more widely the better, and say how many
-- acts and entries there are and nothing of what they hold: everybody may have
-- them.  What reads the ledger looks with the latest snapshot whether there is
-- one, which parallel plans do not allow.
CREATE FUNCTION certdata.head() RETURNS text
	LANGUAGE c STABLE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_head';
COMMENT ON FUNCTION certdata.head() IS
'the newest head of the ledger as a C2SP checkpoint, signed if certdata.signing_key_file is set; NULL if there is none that is committed';

CREATE FUNCTION certdata.head(size bigint) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_head';
COMMENT ON FUNCTION certdata.head(bigint) IS
'the head of that size, as certdata.head() gives it; NULL if there is none';

CREATE FUNCTION certdata.inclusion_proof(entry bigint, tree_size bigint DEFAULT NULL) RETURNS bytea[]
	LANGUAGE c STABLE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_inclusion_proof';
REVOKE EXECUTE ON FUNCTION certdata.inclusion_proof(bigint, bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.inclusion_proof(bigint, bigint) IS
'proof that a leaf, counted from 0, is in the tree of that size (NULL: of the newest head), for certdata.verify_inclusion (RFC 9162 section 2.1.3)';

CREATE FUNCTION certdata.consistency_proof(old_size bigint, new_size bigint) RETURNS bytea[]
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_consistency_proof';
REVOKE EXECUTE ON FUNCTION certdata.consistency_proof(bigint, bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.consistency_proof(bigint, bigint) IS
'proof that the tree of the new size begins with that of the old size, for certdata.verify_consistency (RFC 9162 section 2.1.4)';

CREATE FUNCTION certdata.tree_root(size bigint) RETURNS bytea
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_tree_root';
REVOKE EXECUTE ON FUNCTION certdata.tree_root(bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.tree_root(bigint) IS
'root of the tree of the first so many leaves, made from certdata.ledger_tile';

CREATE FUNCTION certdata.leaf_of(act bigint, n integer DEFAULT 0) RETURNS bigint
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_leaf_of';
REVOKE EXECUTE ON FUNCTION certdata.leaf_of(bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION certdata.leaf_of(bigint, integer) IS
'the leaf of an act, or of its n-th entry; NULL if it is not sealed, or there is none';

CREATE FUNCTION certdata.leaf_hash(leaf bigint) RETURNS bytea
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_leaf_hash';
REVOKE EXECUTE ON FUNCTION certdata.leaf_hash(bigint) FROM PUBLIC;
COMMENT ON FUNCTION certdata.leaf_hash(bigint) IS
'hash of a leaf, counted from 0, as certdata.ledger_tile has it';
