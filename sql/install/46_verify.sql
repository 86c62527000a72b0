-- Verifying the ledger on the server: doc/ledger.md, "Verifying on the server".

CREATE TYPE certdata.problem AS (
	problem text,
	act bigint,
	leaf bigint,
	relation regclass,
	cert_no certdata.certno,
	detail text
);
COMMENT ON TYPE certdata.problem IS
'something that the ledger, or a row that it guards, is not: what it is called (doc/ledger.md), act, leaf of the tree, table and certificate that it is about, and more in the language of certdata.language';

-- It looks with the latest snapshot, which parallel plans do not allow.
CREATE FUNCTION certdata.verify_ledger() RETURNS SETOF certdata.problem
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'certdata_verify_ledger';
REVOKE EXECUTE ON FUNCTION certdata.verify_ledger() FROM PUBLIC;
COMMENT ON FUNCTION certdata.verify_ledger() IS
'computes the ledger again from its rows, and compares the rows of attached tables with it; names whatever was changed, removed, added or put in another order; no row: nothing was. Writes nothing; QC020 if there is no ledger';
