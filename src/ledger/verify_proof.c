/*
 * verify_proof.c
 *	  Checks of the tree's proofs in SQL, for whoever got a proof from elsewhere.
 *
 * What is given comes from nobody knows where: anything malformed is a proof
 * that does not hold, and no error.
 */
#include "certdata.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(certdata_verify_inclusion);
PG_FUNCTION_INFO_V1(certdata_verify_consistency);

typedef struct Proof
{
	cd_node		node[CD_PROOF_MAX];
	int			n;
} Proof;

static bool
get_algorithm(Datum datum, cd_algorithm *algorithm)
{
	text	   *name = DatumGetTextPP(datum);

	return cd_algorithm_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), algorithm);
}

static bool
get_node(Datum datum, cd_node *node)
{
	bytea	   *bytes = DatumGetByteaPP(datum);

	if (VARSIZE_ANY_EXHDR(bytes) != CD_NODE_LEN)
		return false;
	memcpy(node->b, VARDATA_ANY(bytes), CD_NODE_LEN);
	return true;
}

static bool
get_proof(Datum datum, Proof *proof)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	Datum	   *element;
	bool	   *is_null;

	if (ARR_NDIM(array) > 1 ||
		ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > CD_PROOF_MAX)
		return false;
	deconstruct_array(array, BYTEAOID, -1, false, TYPALIGN_INT, &element, &is_null, &proof->n);
	for (int i = 0; i < proof->n; i++)
		if (is_null[i] || !get_node(element[i], &proof->node[i]))
			return false;
	return true;
}

static bool
any_null(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

/* For cd_verify_...: an inner node; arg is the algorithm. */
static bool
hash_nodes(void *arg, const cd_node *left, const cd_node *right, cd_node *out)
{
	cd_piece	piece[3] = {{"\x01", 1}, {left->b, CD_NODE_LEN}, {right->b, CD_NODE_LEN}};

	hash_by(*(cd_algorithm *) arg, piece, 3, out->b);
	return true;
}

/*
 * verify_inclusion(algorithm, leaf_index, tree_size, leaf_hash, proof, root)
 *
 * A negative number is one above CD_TREE_MAX here and below.
 */
Datum
certdata_verify_inclusion(PG_FUNCTION_ARGS)
{
	cd_algorithm algorithm;
	cd_node		leaf_hash;
	cd_node		root;
	Proof		proof;

	if (any_null(fcinfo) ||
		!get_algorithm(PG_GETARG_DATUM(0), &algorithm) ||
		!get_node(PG_GETARG_DATUM(3), &leaf_hash) ||
		!get_proof(PG_GETARG_DATUM(4), &proof) ||
		!get_node(PG_GETARG_DATUM(5), &root))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(cd_verify_inclusion(hash_nodes, &algorithm,
									   (uint64_t) PG_GETARG_INT64(1), (uint64_t) PG_GETARG_INT64(2),
									   &leaf_hash, proof.node, proof.n, &root));
}

/* verify_consistency(algorithm, size1, size2, proof, root1, root2) */
Datum
certdata_verify_consistency(PG_FUNCTION_ARGS)
{
	cd_algorithm algorithm;
	cd_node		root1;
	cd_node		root2;
	cd_node		empty;
	Proof		proof;

	if (any_null(fcinfo) ||
		!get_algorithm(PG_GETARG_DATUM(0), &algorithm) ||
		!get_proof(PG_GETARG_DATUM(3), &proof) ||
		!get_node(PG_GETARG_DATUM(4), &root1) ||
		!get_node(PG_GETARG_DATUM(5), &root2))
		PG_RETURN_BOOL(false);
	hash_by(algorithm, NULL, 0, empty.b);
	PG_RETURN_BOOL(cd_verify_consistency(hash_nodes, &algorithm,
										 (uint64_t) PG_GETARG_INT64(1), (uint64_t) PG_GETARG_INT64(2),
										 proof.node, proof.n, &root1, &root2, &empty));
}
