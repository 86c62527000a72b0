/*
 * entry_scan.c
 *	  Entries of an act, in the order of n, wherever they are in the table.
 *
 * Three ways, each for what the one before does not find.  A walk: rows that
 * were written one after the other lie so.  The index, which has the first row
 * of each group and rows that erasure moved.  A list of all rows of the act,
 * from all blocks that may have some: of a table that was put in another
 * order, or from which rows are missing.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "check/reading.h"
#include "ledger/entry_scan.h"
#include "ledger/entry_list.h"

#define NEAR 1					/* blocks in which what follows is looked for
								 * before the index is asked */
#define FAR 64					/* … and after that */
#define STRETCH 1024			/* blocks of a walk */

struct EntryScan
{
	MemoryContext memory;
	Snapshot	snapshot;
	Relation	rel;
	Relation	index;
	IndexScanDesc indexed;
	TupleTableSlot *found;		/* by the index */
	int64		found_n;		/* 0: there is none */

	int64		act;
	int64		next;
	int64		last;
	bool		odd;			/* a row of the act outside of 1..last */

	/* the walk */
	TableScanDesc walk;			/* NULL: none was needed so far */
	TupleTableSlot *walked;
	bool		has_start;		/* where it is to begin */
	ItemPointerData start;
	bool		walking;
	BlockNumber at;				/* block of the row before that is ours */
	BlockNumber seen;			/* … of the last row that the walk met */
	BlockNumber end;			/* last block of the stretch */
	int64		ahead;			/* n of a row that was met and not given; 0 */

	EntryList  *list;
	bool		listing;
	TupleTableSlot *listed;
};

EntryScan *
entry_scan_create(void)
{
	EntryScan  *scan = palloc0(sizeof(EntryScan));

	scan->memory = AllocSetContextCreate(CurrentMemoryContext, "certdata entries in order", ALLOCSET_SMALL_SIZES);
	scan->list = entry_list_create(scan->memory);
	return scan;
}

/* A table that was not updated from 0.5.0 has its primary key still, and all rows in it. */
static Relation
open_index(Relation rel)
{
	if (!OidIsValid(own_relation("ledger_entry_act")) && OidIsValid(own_relation("ledger_entry_pkey")))
		return own_index(rel, "ledger_entry_pkey", 2);
	return own_index(rel, "ledger_entry_act", 2);
}

void
entry_scan_open(EntryScan *scan, Snapshot snapshot)
{
	MemoryContext old = MemoryContextSwitchTo(scan->memory);

	scan->snapshot = snapshot;
	scan->rel = table_open(own_relation("ledger_entry"), AccessShareLock);
	scan->index = open_index(scan->rel);
	scan->indexed = BEGIN_INDEX_SCAN(scan->rel, scan->index, snapshot, 2);
	scan->found = table_slot_create(scan->rel, NULL);
	scan->walked = table_slot_create(scan->rel, NULL);
	scan->listed = table_slot_create(scan->rel, NULL);
	entry_list_open(scan->list, scan->rel, snapshot);
	scan->walk = NULL;
	scan->next = 1;
	scan->last = 0;
	MemoryContextSwitchTo(old);
}

void
entry_scan_close(EntryScan *scan)
{
	if (scan->walk != NULL)
		table_endscan(scan->walk);
	index_endscan(scan->indexed);
	ExecDropSingleTupleTableSlot(scan->found);
	ExecDropSingleTupleTableSlot(scan->walked);
	ExecDropSingleTupleTableSlot(scan->listed);
	index_close(scan->index, AccessShareLock);
	table_close(scan->rel, AccessShareLock);
}

void
entry_scan_begin(EntryScan *scan, int64 act, int64 from, int64 to)
{
	scan->act = act;
	scan->next = from;
	scan->last = to;
	scan->odd = false;
	scan->found_n = 0;
	scan->has_start = false;
	scan->walking = false;
	scan->ahead = 0;
	scan->listing = entry_list_covers(scan->list, act, from);
}

/* ---- by the index ---- */

static bool
next_indexed(EntryScan *scan)
{
	scan->found_n = 0;
	if (!index_getnext_slot(scan->indexed, ForwardScanDirection, scan->found))
		return false;
	slot_getsomeattrs(scan->found, ENTRY_N + 1);
	scan->found_n = DatumGetInt32(scan->found->tts_values[ENTRY_N]);
	return true;
}

/* The first that the index has from n on. */
static bool
find_indexed(EntryScan *scan, int64 n)
{
	ScanKeyData key[2];

	if (n > PG_INT32_MAX)
		return false;
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(scan->act));
	ScanKeyInit(&key[1], 2, BTGreaterEqualStrategyNumber, F_INT4GE, Int32GetDatum((int32) n));
	index_rescan(scan->indexed, key, 2, NULL, 0);
	return next_indexed(scan);
}

/* ---- by a walk ---- */

/* A stretch of the table from there on. */
static void
walk_from(EntryScan *scan, BlockNumber block, OffsetNumber offset)
{
	ItemPointerData from;
	ItemPointerData to;

	scan->end = block < MaxBlockNumber - STRETCH ? block + STRETCH : MaxBlockNumber;
	ItemPointerSet(&from, block, offset);
	ItemPointerSet(&to, scan->end, MaxOffsetNumber);
	if (scan->walk == NULL)
		scan->walk = BEGIN_RANGE_SCAN(scan->rel, scan->snapshot, &from, &to);
	else
		table_rescan_tidrange(scan->walk, &from, &to);
	scan->walking = true;
	scan->seen = block;
}

static void
begin_walk(EntryScan *scan)
{
	scan->has_start = false;
	scan->at = ItemPointerGetBlockNumber(&scan->start);
	scan->ahead = 0;
	walk_from(scan, scan->at, OffsetNumberNext(ItemPointerGetOffsetNumber(&scan->start)));
}

/* The next row that the walk meets; false: it has met all. */
static bool
step(EntryScan *scan)
{
	while (!table_scan_getnextslot_tidrange(scan->walk, ForwardScanDirection, scan->walked))
	{
		if (scan->end - scan->at >= FAR || scan->end + 1 >= RelationGetNumberOfBlocks(scan->rel))
			return false;
		CHECK_FOR_INTERRUPTS();
		walk_from(scan, scan->end + 1, FirstOffsetNumber);
	}
	scan->seen = ItemPointerGetBlockNumber(&scan->walked->tts_tid);
	slot_getsomeattrs(scan->walked, ENTRY_N + 1);
	return true;
}

/*
 * Goes on, no further than so many blocks from the last row that was ours, to
 * the next one.  A row that was met beyond that, of another act, is passed.
 */
static bool
walk_to_next(EntryScan *scan, BlockNumber blocks)
{
	if (scan->has_start)
		begin_walk(scan);
	while (scan->walking && scan->ahead < scan->next && scan->seen - scan->at <= blocks)
	{
		int64		n;

		if (!step(scan))
		{
			scan->walking = false;
			break;
		}
		if (DatumGetInt64(scan->walked->tts_values[ENTRY_ACT]) != scan->act)
			continue;
		n = DatumGetInt32(scan->walked->tts_values[ENTRY_N]);
		scan->at = scan->seen;
		if (n < 1 || n > scan->last)
			scan->odd = true;
		else if (n >= scan->next)
			scan->ahead = n;
	}
	return scan->ahead == scan->next;
}

/* ---- the next one ---- */

/* Within a group: the walk begins at its first. */
static void
find_group(EntryScan *scan)
{
	int64		first = scan->next - (scan->next - 1) % ENTRY_GROUP;

	if (!find_indexed(scan, first) || scan->found_n != first)
		return;
	scan->has_start = true;
	scan->start = scan->found->tts_tid;
}

/* The walk goes on behind the first of a group, unless a later row of the group lies ahead. */
static void
note_start(EntryScan *scan)
{
	if (scan->ahead > scan->next || (scan->walking && !STARTS_GROUP(scan->next)))
		return;
	scan->has_start = true;
	scan->start = scan->found->tts_tid;
}

static TupleTableSlot *
find_next(EntryScan *scan)
{
	if (!scan->walking && !scan->has_start && !STARTS_GROUP(scan->next))
		find_group(scan);
	if (walk_to_next(scan, STARTS_GROUP(scan->next) ? 0 : NEAR))
		return scan->walked;
	if (find_indexed(scan, scan->next) && scan->found_n == scan->next)
	{
		note_start(scan);
		return scan->found;
	}
	if (walk_to_next(scan, FAR))
		return scan->walked;
	return NULL;
}

TupleTableSlot *
entry_scan_next(EntryScan *scan)
{
	MemoryContext old = MemoryContextSwitchTo(scan->memory);
	TupleTableSlot *slot = NULL;

	if (scan->next > scan->last)
	{
		MemoryContextSwitchTo(old);
		return NULL;
	}
	if (!scan->listing)
		slot = find_next(scan);
	if (slot == NULL)
	{
		scan->listing = true;
		slot = entry_list_next(scan->list, scan->act, scan->next, scan->last, scan->listed);
	}
	scan->next = slot == NULL ? scan->last + 1 : DatumGetInt32(slot->tts_values[ENTRY_N]) + (int64) 1;
	MemoryContextSwitchTo(old);
	return slot;
}

bool
entry_scan_beyond(EntryScan *scan)
{
	MemoryContext old = MemoryContextSwitchTo(scan->memory);

	scan->next = scan->last + 1;
	/* on the page at hand */
	if (scan->walking && !scan->odd)
		(void) walk_to_next(scan, 0);
	if (scan->found_n == 0 || scan->found_n != scan->last)
		(void) find_indexed(scan, scan->last + 1);
	while (scan->found_n != 0 && scan->found_n <= scan->last)
		(void) next_indexed(scan);
	MemoryContextSwitchTo(old);
	return scan->odd || scan->found_n != 0;
}
