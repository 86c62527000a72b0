/*
 * verify.c
 *	  certdata.verify_ledger(): what was altered, by whomever.
 *
 * One snapshot shows the ledger and the tables as they were at one moment, so
 * writers at work cause no alarm.  Tables are read without SPI: neither
 * privileges nor row security hide rows.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "errors.h"
#include "ledger/verify.h"

PG_FUNCTION_INFO_V1(certdata_verify_ledger);

#define NOTICE_EVERY 1000000

/* Columns of certdata.problem. */
enum
{
	PROBLEM_NAME, PROBLEM_ACT, PROBLEM_LEAF, PROBLEM_RELATION, PROBLEM_CERT_NO, PROBLEM_DETAIL,
	PROBLEM_COLUMNS
};

void
problem(Verifier *v, const char *name, int64 act, int64 leaf, Oid relation,
		const cd_certno *no, char *detail)
{
	MemoryContext old;
	Datum		values[PROBLEM_COLUMNS];
	bool		nulls[PROBLEM_COLUMNS];

	if (v->quiet)
		return;
	old = MemoryContextSwitchTo(v->scratch);
	values[PROBLEM_NAME] = CStringGetTextDatum(name);
	values[PROBLEM_ACT] = Int64GetDatum(act);
	values[PROBLEM_LEAF] = Int64GetDatum(leaf);
	values[PROBLEM_RELATION] = ObjectIdGetDatum(relation);
	values[PROBLEM_CERT_NO] = PointerGetDatum(no);
	values[PROBLEM_DETAIL] = detail == NULL ? (Datum) 0 : CStringGetTextDatum(detail);
	nulls[PROBLEM_NAME] = false;
	nulls[PROBLEM_ACT] = act == 0;
	nulls[PROBLEM_LEAF] = leaf < 0;
	nulls[PROBLEM_RELATION] = !OidIsValid(relation);
	nulls[PROBLEM_CERT_NO] = no == NULL;
	nulls[PROBLEM_DETAIL] = detail == NULL;
	tuplestore_putvalues(v->store, v->desc, values, nulls);
	MemoryContextSwitchTo(old);
}

void
verify_stage(Verifier *v, const char *zh, const char *en)
{
	v->done = 0;
	v->doing = certdata_lang_zh() ? zh : en;
	if (seal_progress)
		ereport(NOTICE, (errmsg_internal("%s", v->doing)));
}

void
verify_count(Verifier *v)
{
	CHECK_FOR_INTERRUPTS();
	if (++v->done % NOTICE_EVERY == 0 && seal_progress)
		ereport(NOTICE, (errmsg_internal(certdata_lang_zh() ? "%s：已核对%lld" : "%s: %lld so far",
										 v->doing, (long long) v->done)));
}

/* ---- looking up ---- */

void
lookup_open(Lookup *lookup, const char *table, const char *index, int nkeys)
{
	lookup->rel = table_open(own_relation(table), AccessShareLock);
	lookup->index = own_index(lookup->rel, index, 1);
	lookup->slot = table_slot_create(lookup->rel, NULL);
	lookup->scan = BEGIN_INDEX_SCAN(lookup->rel, lookup->index, GetActiveSnapshot(), nkeys);
}

void
lookup_close(Lookup *lookup)
{
	index_endscan(lookup->scan);
	ExecDropSingleTupleTableSlot(lookup->slot);
	index_close(lookup->index, AccessShareLock);
	table_close(lookup->rel, AccessShareLock);
}

/* What the scan allocates on its way has to live as long as it does. */
bool
lookup_next(Verifier *v, Lookup *lookup)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	bool		found = index_getnext_slot(lookup->scan, ForwardScanDirection, lookup->slot);

	MemoryContextSwitchTo(old);
	return found;
}

TableScanDesc
scan_as_it_lies(Relation rel)
{
	return table_beginscan_strat(rel, GetActiveSnapshot(), 0, NULL, true, false);
}

static void
rescan_int8(Verifier *v, Lookup *lookup, int64 value)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	ScanKeyData key;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(value));
	index_rescan(lookup->scan, &key, 1, NULL, 0);
	MemoryContextSwitchTo(old);
}

bool
find_act(Verifier *v, int64 id)
{
	rescan_int8(v, &v->acts, id);
	return lookup_next(v, &v->acts);
}

char *
detail_text(Jsonb *detail, const char *name)
{
	JsonbValue	room;
	JsonbValue *value;

	if (detail == NULL || !JB_ROOT_IS_OBJECT(detail))
		return NULL;
	value = getKeyJsonValueFromContainer(&detail->root, name, strlen(name), &room);
	return value == NULL || value->type != jbvString ? NULL :
		pnstrdup(value->val.string.val, value->val.string.len);
}

bool
json_int8(const JsonbValue *value, int64 *number)
{
	Datum		numeric;

	if (value == NULL || value->type != jbvNumeric)
		return false;
	numeric = NumericGetDatum(value->val.numeric);
	if (DatumGetBool(DirectFunctionCall2(numeric_lt, numeric, NumericGetDatum(int64_to_numeric(PG_INT64_MIN)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, numeric, NumericGetDatum(int64_to_numeric(PG_INT64_MAX)))))
		return false;
	*number = DatumGetInt64(DirectFunctionCall1(numeric_int8, numeric));
	return true;
}

bool
value_is(cd_value value, const char *word)
{
	return value.ptr != NULL && value.len == strlen(word) && memcmp(value.ptr, word, value.len) == 0;
}

/* ---- what the digest is ---- */

static cd_algorithm
algorithm_said(Verifier *v)
{
	cd_algorithm algorithm = CD_SHA256;
	ListCell   *cell;

	foreach(cell, v->ledgers)
	{
		const LedgerRow *row = lfirst(cell);

		if (cd_algorithm_find(row->algorithm, strlen(row->algorithm), &algorithm))
			break;
	}
	return algorithm;
}

/*
 * The table may have been altered.  By which digest the first leaf is what
 * the tiles say, that is the one; else what the table says.  A tile that is
 * missing is the tree's to tell: a worker comes this way, too.
 */
static void
find_algorithm(Verifier *v)
{
	MemoryContext old = MemoryContextSwitchTo(v->row);
	Tiles	   *tiles = tiles_open(v);
	Lookup		order;
	cd_node		stored;
	cd_act		act;
	unsigned char hash[CD_HASH_LEN];

	v->quiet = true;
	ledger_assume(algorithm_said(v));
	lookup_open(&order, "ledger_order", "ledger_order_pkey", 0);
	index_rescan(order.scan, NULL, 0, NULL, 0);
	if (index_getnext_slot(order.scan, ForwardScanDirection, order.slot))
	{
		slot_getallattrs(order.slot);
		if (tiles_hash(tiles, 0, DatumGetInt64(order.slot->tts_values[0]), &stored) &&
			find_act(v, DatumGetInt64(order.slot->tts_values[1])))
		{
			read_act(v->acts.slot, &act);
			for (int i = 0; i < CD_NALGORITHMS; i++)
			{
				ledger_assume(i);
				act_leaf_hash(&act, hash);
				if (memcmp(hash, stored.b, CD_HASH_LEN) == 0)
					break;
				ledger_assume(algorithm_said(v));
			}
		}
	}
	lookup_close(&order);
	tiles_close(tiles);
	v->quiet = false;
	MemoryContextSwitchTo(old);
}

/* ---- the whole ---- */

static void
verify_open(Verifier *v)
{
	v->memory = AllocSetContextCreate(CurrentMemoryContext, "certdata verify", ALLOCSET_DEFAULT_SIZES);
	v->row = AllocSetContextCreate(v->memory, "certdata verify row", ALLOCSET_DEFAULT_SIZES);
	v->scratch = AllocSetContextCreate(v->memory, "certdata verify scratch", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(v->memory);
	v->next = U64FromFullTransactionId(ReadNextFullTransactionId());
	lookup_open(&v->acts, "ledger_act", "ledger_act_pkey", 1);
	v->entries = entry_scan_create();
	entry_scan_open(v->entries, GetActiveSnapshot());
	lookup_open(&v->numbers, "ledger_entry", "ledger_entry_cert_no", 1);
	v->number_eq = get_opcode(get_opfamily_member(v->numbers.index->rd_opfamily[0],
												  v->numbers.index->rd_opcintype[0],
												  v->numbers.index->rd_opcintype[0], BTEqualStrategyNumber));
}

void
verify_begin(Verifier *v)
{
	verify_open(v);
	small_read(v);
	find_algorithm(v);
}

void
verify_recorded(Verifier *v)
{
	verify_tree(v);
	verify_acts(v);
}

void
verify_present(Verifier *v)
{
	verify_lives(v);
	verify_life_table(v);
}

void
verify_end(Verifier *v)
{
	lookup_close(&v->acts);
	entry_scan_close(v->entries);
	lookup_close(&v->numbers);
}

static void
verify_all(Verifier *v)
{
	verify_begin(v);
	if (!verify_side_by_side(v))
	{
		verify_recorded(v);
		verify_present(v);
	}
	verify_end(v);
}

/* verify_ledger() */
Datum
certdata_verify_ledger(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old = CurrentMemoryContext;
	Verifier	v = {0};

	InitMaterializedSRF(fcinfo, 0);
	v.store = rsinfo->setResult;
	v.desc = rsinfo->setDesc;
	PushActiveSnapshot(GetLatestSnapshot());
	PG_TRY();
	{
		verify_all(&v);
	}
	PG_FINALLY();
	{
		ledger_assume(-1);
	}
	PG_END_TRY();
	PopActiveSnapshot();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(v.memory);
	return (Datum) 0;
}
