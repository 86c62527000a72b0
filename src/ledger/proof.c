/*
 * proof.c
 *	  Proofs and hashes out of the tree, and where acts have their leaves.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/seal.h"

PG_FUNCTION_INFO_V1(certdata_inclusion_proof);
PG_FUNCTION_INFO_V1(certdata_consistency_proof);
PG_FUNCTION_INFO_V1(certdata_tree_root);
PG_FUNCTION_INFO_V1(certdata_leaf_of);
PG_FUNCTION_INFO_V1(certdata_leaf_hash);

/* ---- order ---- */

enum
{
	ORDER_FIRST_LEAF, ORDER_ACT
};

/* The first row that an index finds, from its end if backward. */
static bool
find_row(Relation rel, const char *index_name, StrategyNumber strategy, RegProcedure compare,
		 int64 value, ScanDirection direction, TupleTableSlot *slot)
{
	Relation	index = own_index(rel, index_name, 1);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, GetActiveSnapshot(), 1);
	ScanKeyData key;
	bool		found;

	ScanKeyInit(&key, 1, strategy, compare, Int64GetDatum(value));
	index_rescan(scan, &key, 1, NULL, 0);
	found = index_getnext_slot(scan, direction, slot);
	if (found)
		ExecMaterializeSlot(slot);	/* outlives the scan */
	index_endscan(scan);
	index_close(index, AccessShareLock);
	return found;
}

static bool
find_order(const char *index, StrategyNumber strategy, RegProcedure compare, int64 value,
		   ScanDirection direction, int64 *first_leaf, int64 *act)
{
	Relation	rel = table_open(own_relation("ledger_order"), AccessShareLock);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	bool		found = find_row(rel, index, strategy, compare, value, direction, slot);

	if (found)
	{
		slot_getallattrs(slot);
		*first_leaf = DatumGetInt64(slot->tts_values[ORDER_FIRST_LEAF]);
		*act = DatumGetInt64(slot->tts_values[ORDER_ACT]);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, AccessShareLock);
	return found;
}

bool
order_of_leaf(int64 leaf, int64 *first_leaf, int64 *act)
{
	return find_order("ledger_order_pkey", BTLessEqualStrategyNumber, F_INT8LE, leaf,
					  BackwardScanDirection, first_leaf, act);
}

bool
order_of_act(int64 act, int64 *first_leaf)
{
	return find_order("ledger_order_act_key", BTEqualStrategyNumber, F_INT8EQ, act,
					  ForwardScanDirection, first_leaf, &act);
}

bool
act_find(Relation acts, int64 id, TupleTableSlot *slot)
{
	return find_row(acts, "ledger_act_pkey", BTEqualStrategyNumber, F_INT8EQ, id,
					ForwardScanDirection, slot);
}

/* How many entries an act has; -1: there is no such act. */
static int64
entries_of(int64 act)
{
	Relation	rel = table_open(own_relation("ledger_act"), AccessShareLock);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	int64		n = -1;

	if (act_find(rel, act, slot))
	{
		slot_getallattrs(slot);
		n = DatumGetInt64(slot->tts_values[ACT_ENTRIES]);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, AccessShareLock);
	return n;
}

Datum
certdata_leaf_of(PG_FUNCTION_ARGS)
{
	int64		act = PG_GETARG_INT64(0);
	int32		n = PG_GETARG_INT32(1);
	int64		first_leaf;
	bool		found;

	(void) tree_reading_begin();
	found = n >= 0 && n <= entries_of(act) && order_of_act(act, &first_leaf);
	tree_reading_end();
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_INT64(first_leaf + n);
}

/* ---- proofs ---- */

/* Leaves sealed, by this transaction too unless others_only. */
static int64
sealed_size(bool others_only)
{
	int64		size;
	int64		act;
	cd_node		root;

	return head_newest(others_only, &size, &root, &act) ? size : 0;
}

static void
require_size(int64 size)
{
	int64		sealed = sealed_size(false);

	if (size < 0 || size > sealed)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "没有大小为%lld的树" : "there is no tree of size %lld", (long long) size),
				 errdetail_internal(zh ? "已封账%lld个叶。" : "Leaves sealed: %lld.", (long long) sealed)));
	}
}

static void
require_leaf(int64 leaf, int64 size)
{
	if (leaf < 0 || leaf >= size)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "树中没有第%lld叶" : "the tree has no leaf %lld", (long long) leaf),
				 errdetail_internal(zh ? "树的大小为%lld，叶从0数起。" : "Its size is %lld; leaves count from 0.",
									(long long) size)));
	}
}

static Datum
node_datum(const cd_node *node)
{
	bytea	   *value = palloc(VARHDRSZ + CD_NODE_LEN);

	SET_VARSIZE(value, VARHDRSZ + CD_NODE_LEN);
	memcpy(VARDATA(value), node->b, CD_NODE_LEN);
	return PointerGetDatum(value);
}

static Datum
proof_datum(const cd_node *proof, int n)
{
	Datum		values[CD_PROOF_MAX];

	for (int i = 0; i < n; i++)
		values[i] = node_datum(&proof[i]);
	return PointerGetDatum(construct_array(values, n, BYTEAOID, -1, false, TYPALIGN_INT));
}

Datum
certdata_inclusion_proof(PG_FUNCTION_ARGS)
{
	cd_node		proof[CD_PROOF_MAX];
	cd_tree		tree;
	int64		leaf;
	int64		size;
	int			n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	leaf = PG_GETARG_INT64(0);
	(void) tree_reading_begin();
	if (PG_ARGISNULL(1))
		size = sealed_size(true);
	else
		require_size(size = PG_GETARG_INT64(1));
	require_leaf(leaf, size);
	tree_over_tiles(&tree);
	(void) cd_inclusion_proof(&tree, leaf, size, proof, &n);
	tree_over_tiles_close(&tree);
	tree_reading_end();
	return proof_datum(proof, n);
}

Datum
certdata_consistency_proof(PG_FUNCTION_ARGS)
{
	int64		old = PG_GETARG_INT64(0);
	int64		size = PG_GETARG_INT64(1);
	cd_node		proof[CD_PROOF_MAX];
	cd_tree		tree;
	int			n = 0;

	(void) tree_reading_begin();
	require_size(size);
	if (old < 0 || old > size)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(certdata_lang_zh() ? "较旧的树大小应在0到%lld之间，而不是%lld" :
								 "the old size must lie between 0 and %lld, not %lld",
								 (long long) size, (long long) old)));
	if (old > 0)
	{
		tree_over_tiles(&tree);
		(void) cd_consistency_proof(&tree, old, size, proof, &n);
		tree_over_tiles_close(&tree);
	}
	tree_reading_end();
	return proof_datum(proof, n);
}

Datum
certdata_tree_root(PG_FUNCTION_ARGS)
{
	int64		size = PG_GETARG_INT64(0);
	cd_tree		tree;
	cd_node		root;

	(void) tree_reading_begin();
	require_size(size);
	if (size == 0)
		ledger_hash(NULL, 0, root.b);
	else
	{
		tree_over_tiles(&tree);
		(void) cd_tree_root(&tree, size, &root);
		tree_over_tiles_close(&tree);
	}
	tree_reading_end();
	return node_datum(&root);
}

Datum
certdata_leaf_hash(PG_FUNCTION_ARGS)
{
	int64		leaf = PG_GETARG_INT64(0);
	cd_tree		tree;
	cd_node		hash;

	(void) tree_reading_begin();
	require_leaf(leaf, sealed_size(false));
	tree_over_tiles(&tree);
	(void) tree.get(tree.arg, 0, leaf, &hash);
	tree_over_tiles_close(&tree);
	tree_reading_end();
	return node_datum(&hash);
}
