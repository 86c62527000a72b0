/*
 * attach_rows.c
 *	  Rows of a user's table for functions that run as the extension's owner.
 *
 * They are read as they lie: a query would be planned, and the planner runs
 * functions of constants in the table's indexes, constraints and statistics.
 * Only columns of types that are the server's or ours are looked at.
 */
#include "certdata.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "guard/act.h"
#include "guard/rows.h"

PG_FUNCTION_INFO_V1(certdata_attach_rows);
PG_FUNCTION_INFO_V1(certdata_has_rows);

/*
 * Whether a partition to be has rows: by a new snapshot, for the transaction's
 * own may be older than they are, and by its OID, for a name may mean another
 * table a moment later.
 */
Datum
certdata_has_rows(PG_FUNCTION_ARGS)
{
	Relation	rel = table_open(PG_GETARG_OID(0), AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = BEGIN_TABLE_SCAN(rel, snapshot);
	bool		found = table_scan_getnextslot(scan, ForwardScanDirection, slot);

	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);
	PG_RETURN_BOOL(found);
}

/* ---- attach_rows ---- */

/* A table with rows: the one asked for, or a partition of it. */
typedef struct Leaf
{
	Relation	rel;
	AttrNumber	number;
	AttrNumber	state;			/* 0: rows without one are wanted as well */
	bool		typed;			/* the number is a certno */
} Leaf;

static bool
is_text(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID;
}

/* Partitions have their columns wherever they like. */
static AttrNumber
column_of(Relation rel, const char *name, Oid *type)
{
	AttrNumber	attnum = get_attnum(RelationGetRelid(rel), name);

	*type = attnum > 0 ? TupleDescAttr(RelationGetDescr(rel), attnum - 1)->atttypid : InvalidOid;
	return attnum;
}

/* attach() has seen to the types; rows are not read on trust. */
static void
find_columns(Leaf *leaf, const char *number, const char *state)
{
	Oid			type;

	leaf->number = column_of(leaf->rel, number, &type);
	leaf->typed = OidIsValid(type) && type == certno_type(false);
	if (!leaf->typed && !is_text(type))
		ereport(ERROR,
				(errmsg_internal("column \"%s\" of table \"%s\" holds no numbers", number,
								 RelationGetRelationName(leaf->rel))));
	if (state == NULL)
		return;
	leaf->state = column_of(leaf->rel, state, &type);
	if (!is_text(type))
		ereport(ERROR,
				(errmsg_internal("column \"%s\" of table \"%s\" holds no state", state,
								 RelationGetRelationName(leaf->rel))));
}

/* The number as number_key() reads it; false: it is none. */
static bool
number_of_datum(const Leaf *leaf, Datum value, cd_certno *no)
{
	text	   *number;

	if (leaf->typed)
	{
		memcpy(no, DatumGetPointer(value), sizeof(*no));
		return true;
	}
	number = DatumGetTextPP(value);
	return number_of_text((cd_text) {VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number)}, no);
}

static void
put_row(const Leaf *leaf, TupleTableSlot *slot, ReturnSetInfo *result)
{
	Datum		values[3] = {0};
	bool		nulls[3] = {false, false, leaf->state == 0};
	bool		no_number;
	Datum		number;
	cd_certno	no;

	if (leaf->state != 0)
	{
		values[2] = slot_getattr(slot, leaf->state, &nulls[2]);
		if (nulls[2])
			return;
		values[2] = PointerGetDatum(DatumGetTextPP(values[2]));
	}
	number = slot_getattr(slot, leaf->number, &no_number);
	nulls[0] = no_number || !number_of_datum(leaf, number, &no);
	values[0] = PointerGetDatum(&no);
	values[1] = BoolGetDatum(no_number);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
read_leaf(const Leaf *leaf, ReturnSetInfo *result)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(leaf->rel, NULL);
	TableScanDesc scan = BEGIN_TABLE_SCAN(leaf->rel, snapshot);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		old = MemoryContextSwitchTo(row_context);
		put_row(leaf, slot, result);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	MemoryContextDelete(row_context);
}

/* attach_rows(target, number_column, state_column, OUT cert_no, OUT no_number, OUT state) */
Datum
certdata_attach_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	foreach(cell, find_all_inheritors(PG_GETARG_OID(0), AccessShareLock, NULL))
	{
		Leaf		leaf = {.rel = table_open(lfirst_oid(cell), AccessShareLock)};

		if (leaf.rel->rd_rel->relkind == RELKIND_RELATION)
		{
			find_columns(&leaf, NameStr(*PG_GETARG_NAME(1)),
						 PG_ARGISNULL(2) ? NULL : NameStr(*PG_GETARG_NAME(2)));
			read_leaf(&leaf, result);
		}
		table_close(leaf.rel, NoLock);
	}
	return (Datum) 0;
}
