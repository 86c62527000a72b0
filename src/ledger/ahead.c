/*
 * ahead.c
 *	  Where the newest entries of a statement's rows are, found for many rows
 *	  at once: the index on numbers is read in its own order, the entries are
 *	  read in the order of the rows, which is that in which they were written.
 *
 * What is found is where to look.  Whoever looks sees to it that the entry is
 * there to be seen, and of the registry at hand, and else looks it up alone.
 */
#include "certdata.h"

#include "access/genam.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "check/reading.h"
#include "ledger/last.h"

#define LEAST 256				/* rows looked at at once */
#define MANY 65536				/* … at most, if work_mem does not allow more */
#define DENSE 4					/* numbers to a block of the index, for which
								 * it is read through */
#define NEAR 256				/* entries read on for the next number */

/* What numbers are put in order by: compared without a look at them. */
typedef struct Order
{
	cd_certno	no;
	uint32		at;
} Order;

#define ST_SORT sort_orders
#define ST_ELEMENT_TYPE Order
#define ST_COMPARE(a, b) cd_certno_compare(&(a)->no, &(b)->no)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

struct Ahead
{
	NextNumbers next;
	void	   *arg;
	RowNumber  *number;			/* of each row */
	ItemPointerData *tid;		/* … and its entry; invalid: none was found */
	Order	   *order;
	int64		first;			/* number of the first row */
	int			n;				/* rows that were looked at */
	int			asked;			/* … and then asked for */
	int			size;			/* how many to look at the next time */
	int			most;
	int			room;
};

/* Of each row. */
#define ROW_SIZE (sizeof(RowNumber) + sizeof(ItemPointerData) + sizeof(Order))

Ahead *
ahead_open(NextNumbers next, void *arg)
{
	Ahead	   *ahead = palloc0(sizeof(Ahead));

	ahead->next = next;
	ahead->arg = arg;
	ahead->first = 1;
	ahead->size = LEAST;
	ahead->most = Max(MANY, (int) Min((int64) work_mem * 1024 / (2 * ROW_SIZE), MaxAllocSize / ROW_SIZE));
	return ahead;
}

/* ---- the index ---- */

/* The index read forward, from a number on. */
typedef struct Walk
{
	EntryReader *reader;
	IndexScanDesc scan;
	Oid			ge;				/* of numbers */
	bool		more;			/* it has come to this: */
	cd_certno	at;
} Walk;

static void
step(Walk *walk)
{
	bool		isnull;

	walk->more = index_getnext_tid(walk->scan, ForwardScanDirection) != NULL;
	if (walk->more)
		memcpy(&walk->at, DatumGetPointer(index_getattr(walk->scan->xs_itup, 1, walk->scan->xs_itupdesc, &isnull)),
			   sizeof(cd_certno));
}

static void
seek(Walk *walk, const cd_certno *no)
{
	ScanKeyData key;

	ScanKeyInit(&key, 1, BTGreaterEqualStrategyNumber, walk->ge, PointerGetDatum(no));
	index_rescan(walk->scan, &key, 1, NULL, 0);
	step(walk);
}

/* Entries of a number come in the order of their places. */
static void
find_near(Walk *walk, const cd_certno *no, ItemPointerData *tid)
{
	int			steps = 0;

	while (walk->more && cd_certno_compare(&walk->at, no) < 0)
	{
		if (++steps < NEAR)
			step(walk);
		else
			seek(walk, no);
	}
	while (walk->more && cd_certno_compare(&walk->at, no) == 0)
	{
		*tid = walk->scan->xs_heaptid;
		step(walk);
	}
}

static void
find_alone(Walk *walk, const cd_certno *no, ItemPointerData *tid)
{
	ScanKeyData key;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, walk->reader->eq, PointerGetDatum(no));
	index_rescan(walk->scan, &key, 1, NULL, 0);
	if (index_getnext_tid(walk->scan, BackwardScanDirection) != NULL)
		*tid = walk->scan->xs_heaptid;
}

static int
put_in_order(Ahead *ahead)
{
	int			n = 0;

	for (int i = 0; i < ahead->n; i++)
	{
		ItemPointerSetInvalid(&ahead->tid[i]);
		if (ahead->number[i].known)
			ahead->order[n++] = (Order) {ahead->number[i].no, i};
	}
	sort_orders(ahead->order, n);
	return n;
}

/* What the scan allocates on its way has to live as long as it does. */
static void
find_entries(Ahead *ahead, EntryReader *reader)
{
	MemoryContext old = MemoryContextSwitchTo(reader->memory);
	Relation	index = reader->index;
	int			n = put_in_order(ahead);
	bool		dense = n / DENSE >= RelationGetNumberOfBlocks(index);
	Walk		walk = {.reader = reader, .scan = BEGIN_INDEX_SCAN(reader->rel, index, reader->snapshot, 1)};

	walk.scan->xs_want_itup = dense;
	if (dense && n > 0)
	{
		walk.ge = get_opcode(get_opfamily_member(index->rd_opfamily[0], index->rd_opcintype[0],
												 index->rd_opcintype[0], BTGreaterEqualStrategyNumber));
		seek(&walk, &ahead->number[ahead->order[0].at].no);
	}
	for (int i = 0; i < n; i++)
	{
		int			at = ahead->order[i].at;
		int			before = i > 0 ? ahead->order[i - 1].at : -1;

		CHECK_FOR_INTERRUPTS();
		if (before >= 0 && cd_certno_compare(&ahead->number[before].no, &ahead->number[at].no) == 0)
			ahead->tid[at] = ahead->tid[before];
		else if (dense)
			find_near(&walk, &ahead->number[at].no, &ahead->tid[at]);
		else
			find_alone(&walk, &ahead->number[at].no, &ahead->tid[at]);
	}
	index_endscan(walk.scan);
	MemoryContextSwitchTo(old);
}

/* ---- rows ---- */

/* Where few rows are asked for, fewer are looked at the next time. */
static void
set_size(Ahead *ahead)
{
	MemoryContext context;

	if (ahead->asked >= ahead->n / 4)
		ahead->size = Min(2 * ahead->size, ahead->most);
	else if (ahead->asked < ahead->n / 16)
		ahead->size = Max(ahead->size / 2, LEAST);
	if (ahead->size <= ahead->room)
		return;
	context = GetMemoryChunkContext(ahead);
	if (ahead->room > 0)
	{
		pfree(ahead->number);
		pfree(ahead->tid);
		pfree(ahead->order);
	}
	ahead->room = ahead->size;
	ahead->number = MemoryContextAlloc(context, sizeof(RowNumber) * ahead->room);
	ahead->tid = MemoryContextAlloc(context, sizeof(ItemPointerData) * ahead->room);
	ahead->order = MemoryContextAlloc(context, sizeof(Order) * ahead->room);
}

/* The row and those that come after it; false: there are none. */
static bool
look_ahead(Ahead *ahead, EntryReader *reader, int64 row)
{
	int64		skip = row - (ahead->first + ahead->n);

	set_size(ahead);
	ahead->first = row;
	ahead->asked = 0;
	ahead->n = ahead->next(ahead->arg, skip, ahead->number, ahead->size);
	if (ahead->n > 0)
		find_entries(ahead, reader);
	return ahead->n > 0;
}

bool
ahead_last(Ahead *ahead, EntryReader *reader, const pg_uuid_t *registry, int64 row, const cd_certno *no,
		   LastEntry *last)
{
	int			at;

	if (row < ahead->first || (row >= ahead->first + ahead->n && !look_ahead(ahead, reader, row)))
		return false;
	at = row - ahead->first;
	if (!ahead->number[at].known || cd_certno_compare(&ahead->number[at].no, no) != 0)
		return false;
	ahead->asked++;
	return ItemPointerIsValid(&ahead->tid[at]) && reader_last_at(reader, &ahead->tid[at], registry, no, last);
}
