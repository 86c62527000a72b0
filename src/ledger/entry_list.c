/*
 * entry_list.c
 *	  Where the rows of an act are, collected from all of the table that may
 *	  have some: that is what the BRIN index on act tells, whatever the order of
 *	  rows.
 *
 * The list outlives the snapshot that it was made with, so each row is looked
 * at again when it is fetched.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type_d.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "check/reading.h"
#include "ledger/entry_list.h"

#define LEAST 65536				/* places in a list, at least */

typedef struct Place
{
	int32		n;
	ItemPointerData tid;
} Place;

struct EntryList
{
	MemoryContext memory;
	Relation	rel;
	Snapshot	snapshot;
	BlockNumber nblocks;
	int64		act;			/* 0: of none */
	int64		from;			/* all that have n from..to */
	int64		to;
	int64		beyond;			/* the smallest n of a row after those */
	Place	   *place;			/* in order */
	int64		n;
	int64		room;
	int64		at;				/* the last that was given, or about there */
};

EntryList *
entry_list_create(MemoryContext memory)
{
	EntryList  *list = MemoryContextAllocZero(memory, sizeof(EntryList));

	list->memory = memory;
	return list;
}

void
entry_list_open(EntryList *list, Relation rel, Snapshot snapshot)
{
	list->rel = rel;
	list->snapshot = snapshot;
	list->nblocks = RelationGetNumberOfBlocks(rel);
}

bool
entry_list_covers(const EntryList *list, int64 act, int64 n)
{
	return list->act == act && act != 0 && n >= list->from && n <= list->to;
}

/* ---- making it ---- */

static int
compare_places(const void *a, const void *b)
{
	const Place *x = a;
	const Place *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return ItemPointerCompare(unconstify(ItemPointerData *, &x->tid), unconstify(ItemPointerData *, &y->tid));
}

static void
collect_row(EntryList *list, TupleTableSlot *slot)
{
	int32		n;

	slot_getsomeattrs(slot, ENTRY_N + 1);
	n = DatumGetInt32(slot->tts_values[ENTRY_N]);
	if (DatumGetInt64(slot->tts_values[ENTRY_ACT]) != list->act || n < list->from)
		return;
	if (n > list->to)
	{
		list->beyond = Min(list->beyond, n);
		return;
	}
	if (list->n == list->room)
	{
		list->room = Max(64, 2 * list->room);
		list->place = list->place == NULL ? MemoryContextAlloc(list->memory, sizeof(Place) * list->room) :
			repalloc_huge(list->place, sizeof(Place) * list->room);
	}
	list->place[list->n++] = (Place)
	{
		n, slot->tts_tid
	};
}

/* Rows of blocks from..to; *scan is made when it is NULL. */
static void
collect_blocks(EntryList *list, TableScanDesc *scan, BlockNumber from, BlockNumber to, TupleTableSlot *slot)
{
	ItemPointerData first;
	ItemPointerData last;

	ItemPointerSet(&first, from, FirstOffsetNumber);
	ItemPointerSet(&last, to, MaxOffsetNumber);
	if (*scan == NULL)
		*scan = BEGIN_RANGE_SCAN(list->rel, list->snapshot, &first, &last);
	else
		table_rescan_tidrange(*scan, &first, &last);
	while (table_scan_getnextslot_tidrange(*scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		collect_row(list, slot);
	}
}

/* NULL: there is none that can be used. */
static Relation
open_ranges(Relation rel)
{
	Oid			oid = own_relation("ledger_entry_act_range");
	Relation	index = OidIsValid(oid) ? try_index_open(oid, AccessShareLock) : NULL;

	if (index == NULL)
		return NULL;
	if (index->rd_index->indrelid == RelationGetRelid(rel) && index->rd_index->indisvalid &&
		index->rd_rel->relam == BRIN_AM_OID && index->rd_index->indkey.values[0] == ENTRY_ACT + 1 &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
		get_opcode(get_opfamily_member(index->rd_opfamily[0], INT8OID, INT8OID, BTEqualStrategyNumber)) == F_INT8EQ)
		return index;
	index_close(index, AccessShareLock);
	return NULL;
}

static TIDBitmap *
blocks_of(EntryList *list, Relation ranges)
{
	TIDBitmap  *bitmap = tbm_create((Size) work_mem * 1024, NULL);
	IndexScanDesc scan = BEGIN_BITMAP_SCAN(ranges, list->snapshot, 1);
	ScanKeyData key;

	/*
	 * minmax operator classes have the strategies of a btree, and want to
	 * know the type
	 */
	ScanKeyEntryInitialize(&key, 0, 1, BTEqualStrategyNumber, INT8OID, InvalidOid, F_INT8EQ, Int64GetDatum(list->act));
	index_rescan(scan, &key, 1, NULL, 0);
	(void) index_getbitmap(scan, bitmap);
	index_endscan(scan);
	return bitmap;
}

/* Stretches of blocks that follow each other. */
static void
collect_ranges(EntryList *list, TableScanDesc *scan, TIDBitmap *bitmap, TupleTableSlot *slot)
{
	BitmapIterator *iterator = BEGIN_BITMAP_ITERATOR(bitmap);
	BlockNumber from;
	BlockNumber block;
	bool		more = NEXT_BITMAP_BLOCK(iterator, &block);

	while (more)
	{
		BlockNumber to = from = block;

		while ((more = NEXT_BITMAP_BLOCK(iterator, &block)) && block == to + 1)
			to = block;
		collect_blocks(list, scan, from, to, slot);
	}
	END_BITMAP_ITERATOR(iterator);
}

static void
collect(EntryList *list, int64 act, int64 from, int64 to, TupleTableSlot *slot)
{
	Relation	ranges = open_ranges(list->rel);
	TableScanDesc scan = NULL;

	list->act = act;
	list->from = from;
	list->to = Min(to, from + Max(LEAST, (int64) maintenance_work_mem * 1024 / sizeof(Place)) - 1);
	list->beyond = PG_INT64_MAX;
	list->n = list->at = 0;
	if (ranges != NULL)
	{
		TIDBitmap  *bitmap = blocks_of(list, ranges);

		collect_ranges(list, &scan, bitmap, slot);
		tbm_free(bitmap);
		index_close(ranges, AccessShareLock);
	}
	else
		collect_blocks(list, &scan, 0, MaxBlockNumber, slot);
	if (scan != NULL)
		table_endscan(scan);
	ExecClearTuple(slot);
	qsort(list->place, list->n, sizeof(Place), compare_places);
}

/* ---- using it ---- */

/* The first from n on: mostly the one that follows the one given before. */
static const Place *
find_place(EntryList *list, int64 n)
{
	int64		low = 0;
	int64		high = list->n;

	if (list->at < list->n && list->place[list->at].n < n)
		low = list->at + 1;
	if (low < list->n && list->place[low].n >= n && (low == 0 || list->place[low - 1].n < n))
		high = low;
	while (low < high)
	{
		int64		middle = low + (high - low) / 2;

		if (list->place[middle].n < n)
			low = middle + 1;
		else
			high = middle;
	}
	list->at = low;
	return low < list->n ? &list->place[low] : NULL;
}

static bool
fetch(EntryList *list, const Place *place, TupleTableSlot *slot)
{
	ItemPointerData tid = place->tid;

	if (ItemPointerGetBlockNumber(&tid) >= list->nblocks ||
		!table_tuple_fetch_row_version(list->rel, &tid, list->snapshot, slot))
		return false;
	slot_getsomeattrs(slot, ENTRY_N + 1);
	return DatumGetInt64(slot->tts_values[ENTRY_ACT]) == list->act &&
		DatumGetInt32(slot->tts_values[ENTRY_N]) == place->n;
}

TupleTableSlot *
entry_list_next(EntryList *list, int64 act, int64 from, int64 to, TupleTableSlot *slot)
{
	bool		fresh = false;

	while (from <= to && from <= PG_INT32_MAX)
	{
		const Place *place;

		CHECK_FOR_INTERRUPTS();
		if (!entry_list_covers(list, act, from))
		{
			collect(list, act, from, to, slot);
			fresh = true;
		}
		place = find_place(list, from);
		if (place == NULL)
			from = list->beyond;
		else if (fetch(list, place, slot))
			return place->n <= to ? slot : NULL;
		else if (fresh)
			from = place->n + (int64) 1;
		else
			list->act = 0;		/* it was moved since */
	}
	return NULL;
}
