/*
 * verify_entry.c
 *	  All rows of certdata.ledger_entry, as they lie and then in the order of
 *	  their acts: no index has them all, nor would it tell of a second row in
 *	  the same place.
 *
 * What is put in order is not rows but runs of them, of which a load has one
 * or a few.
 */
#include "certdata.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplesort.h"

#include "check/reading.h"
#include "ledger/verify.h"

/* ---- a sort with few columns ---- */

typedef struct NumberSort
{
	TupleTableSlot *in;
	TupleTableSlot *out;
	Tuplesortstate *state;
} NumberSort;

/* Columns: act, then 64-bit numbers, in the order of the first nkeys. */
static void
sort_begin(NumberSort *sort, int columns, int nkeys)
{
	static AttrNumber column[2] = {1, 2};
	static Oid	less[2] = {Int8LessOperator, Int8LessOperator};
	static Oid	collation[2] = {InvalidOid, InvalidOid};
	static bool nulls_first[2] = {false, false};
	TupleDesc	desc = CreateTemplateTupleDesc(columns);

	for (int i = 1; i <= columns; i++)
		TupleDescInitEntry(desc, i, "number", INT8OID, -1, 0);
	TupleDescFinalize(desc);
	sort->in = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
	sort->out = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	sort->state = tuplesort_begin_heap(desc, nkeys, column, less, collation, nulls_first,
									   maintenance_work_mem, NULL, TUPLESORT_NONE);
}

static void
sort_put(NumberSort *sort, const int64 *number)
{
	ExecClearTuple(sort->in);
	for (int i = 0; i < sort->in->tts_tupleDescriptor->natts; i++)
	{
		sort->in->tts_values[i] = Int64GetDatum(number[i]);
		sort->in->tts_isnull[i] = false;
	}
	ExecStoreVirtualTuple(sort->in);
	tuplesort_puttupleslot(sort->state, sort->in);
}

static bool
sort_get(NumberSort *sort, int64 *number)
{
	if (!tuplesort_gettupleslot(sort->state, true, false, sort->out, NULL))
		return false;
	slot_getallattrs(sort->out);
	for (int i = 0; i < sort->out->tts_tupleDescriptor->natts; i++)
		number[i] = DatumGetInt64(sort->out->tts_values[i]);
	return true;
}

static void
sort_end(NumberSort *sort)
{
	tuplesort_end(sort->state);
	ExecDropSingleTupleTableSlot(sort->in);
	ExecDropSingleTupleTableSlot(sort->out);
}

/* ---- runs ---- */

struct EntryRuns
{
	Verifier   *v;
	Relation	rel;
	TupleTableSlot *slot;
	TableScanDesc scan;			/* of one run; NULL: none was needed so far */
	NumberSort	sort;
};

enum
{
	RUN_ACT, RUN_FROM, RUN_TO, RUN_BLOCK, RUN_OFFSET, RUN_COLUMNS
};

static void
put_run(EntryRuns *runs, const EntryRun *run)
{
	int64		number[RUN_COLUMNS] = {run->act, run->from, run->to,
	ItemPointerGetBlockNumber(&run->tid), ItemPointerGetOffsetNumber(&run->tid)};

	sort_put(&runs->sort, number);
}

static void
read_runs(EntryRuns *runs, Erasures *erasures)
{
	Verifier   *v = runs->v;
	TableScanDesc scan = BEGIN_TABLE_SCAN(runs->rel, GetActiveSnapshot());
	EntryRun	run;
	bool		has_run = false;

	while (table_scan_getnextslot(scan, ForwardScanDirection, runs->slot))
	{
		MemoryContext old = MemoryContextSwitchTo(v->scratch);
		int64		act;
		int32		n;

		verify_count(v);
		verify_entry_values(v, erasures, runs->slot);
		act = DatumGetInt64(runs->slot->tts_values[ENTRY_ACT]);
		n = DatumGetInt32(runs->slot->tts_values[ENTRY_N]);
		MemoryContextSwitchTo(old);
		MemoryContextReset(v->scratch);
		if (has_run && act == run.act && n == run.to + (int64) 1)
		{
			run.to = n;
			continue;
		}
		if (has_run)
			put_run(runs, &run);
		run = (EntryRun) {act, n, n, runs->slot->tts_tid};
		has_run = true;
	}
	if (has_run)
		put_run(runs, &run);
	table_endscan(scan);
	ExecClearTuple(runs->slot);
}

EntryRuns *
runs_open(Verifier *v, Erasures *erasures)
{
	EntryRuns  *runs = palloc0(sizeof(EntryRuns));

	runs->v = v;
	runs->rel = table_open(own_relation("ledger_entry"), AccessShareLock);
	runs->slot = table_slot_create(runs->rel, NULL);
	sort_begin(&runs->sort, RUN_COLUMNS, 2);
	read_runs(runs, erasures);
	tuplesort_performsort(runs->sort.state);
	return runs;
}

bool
runs_next(EntryRuns *runs, EntryRun *run)
{
	int64		number[RUN_COLUMNS];

	if (!sort_get(&runs->sort, number))
		return false;
	run->act = number[RUN_ACT];
	run->from = number[RUN_FROM];
	run->to = number[RUN_TO];
	ItemPointerSet(&run->tid, number[RUN_BLOCK], number[RUN_OFFSET]);
	return true;
}

void
runs_close(EntryRuns *runs)
{
	if (runs->scan != NULL)
		table_endscan(runs->scan);
	sort_end(&runs->sort);
	ExecDropSingleTupleTableSlot(runs->slot);
	table_close(runs->rel, AccessShareLock);
}

/* To the end of the table, and around it if the scan that found the run began elsewhere. */
static void
scan_from(EntryRuns *runs, ItemPointer from)
{
	MemoryContext old = MemoryContextSwitchTo(runs->v->memory);
	ItemPointerData to;

	ItemPointerSet(&to, MaxBlockNumber, MaxOffsetNumber);
	if (runs->scan == NULL)
		runs->scan = BEGIN_RANGE_SCAN(runs->rel, GetActiveSnapshot(), from, &to);
	else
		table_rescan_tidrange(runs->scan, from, &to);
	MemoryContextSwitchTo(old);
}

static bool
next_row(EntryRuns *runs)
{
	ItemPointerData first;

	if (table_scan_getnextslot_tidrange(runs->scan, ForwardScanDirection, runs->slot))
		return true;
	ItemPointerSet(&first, 0, FirstOffsetNumber);
	scan_from(runs, &first);
	return table_scan_getnextslot_tidrange(runs->scan, ForwardScanDirection, runs->slot);
}

void
run_rows(EntryRuns *runs, const EntryRun *run, void *arg, RunRow row)
{
	ItemPointerData from = run->tid;

	scan_from(runs, &from);
	for (int64 n = run->from; n <= run->to && next_row(runs); n++)
	{
		cd_certno	no;
		bool		has_no;

		slot_getsomeattrs(runs->slot, ENTRY_CERT_NO + 1);
		has_no = !runs->slot->tts_isnull[ENTRY_CERT_NO];
		if (has_no)
			memcpy(&no, DatumGetPointer(runs->slot->tts_values[ENTRY_CERT_NO]), sizeof(cd_certno));
		row(arg, (int32) n, has_no ? &no : NULL);
	}
	ExecClearTuple(runs->slot);
}

/* ---- how many entries acts ought to have ---- */

struct ActCounts
{
	NumberSort	sort;
	bool		more;
	int64		at[2];			/* act, entries */
};

void
counts_put(Verifier *v, int64 act, int64 entries)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	int64		number[2] = {act, entries};

	if (v->counts == NULL)
	{
		v->counts = palloc0(sizeof(ActCounts));
		sort_begin(&v->counts->sort, 2, 1);
	}
	sort_put(&v->counts->sort, number);
	MemoryContextSwitchTo(old);
}

void
counts_sort(Verifier *v)
{
	if (v->counts == NULL)
		return;
	tuplesort_performsort(v->counts->sort.state);
	v->counts->more = sort_get(&v->counts->sort, v->counts->at);
}

bool
counts_find(Verifier *v, int64 act, int64 *entries)
{
	ActCounts  *counts = v->counts;

	if (counts == NULL)
		return false;
	while (counts->more && counts->at[0] < act)
		counts->more = sort_get(&counts->sort, counts->at);
	if (!counts->more || counts->at[0] != act)
		return false;
	*entries = counts->at[1];
	return true;
}
