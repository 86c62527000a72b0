/*
 * verify_pair.c
 *	  Rows of attached tables beside their entries, both as they lie.
 *
 * A load writes rows and entries in one order, but for some rows that fill up
 * older pages.  So the ledger is read from its beginning with a window on each
 * table that goes along: its next rows, and those that still wait for their
 * entry.  An entry whose row is there, and which by itself is all that there is
 * to say of a certificate, is settled then and there, if no other entry and no
 * other row has the number; that is found out later (verify_mark.c).  Nothing
 * depends on the order but how much is settled here: whatever is not,
 * verify_number.c collects.
 */
#include "certdata.h"

#include "access/tableam.h"
#include "storage/bufmgr.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "ledger/record.h"
#include "ledger/verify.h"

#define AHEAD 256				/* rows read beyond the last one that met its
								 * entry, at most */
#define ROWS_MIN 32				/* that wait in a window */
#define ROWS_ALL 8192			/* in all windows */
#define LEAVES_MAX 256			/* with a window; each has a buffer pinned */
#define MISSES 4				/* times as many entries without a row as
								 * there are rows ahead, before it is read on */
#define VALUES_LEN 704			/* the parts of most images */

typedef struct Waiting
{
	uint64		hash;
	cd_certno	no;
	bool		plain;			/* no state is shown, and values has the image */
	int64		row;			/* counted as they lie */
	int32		next;			/* with the same place in the table; -1: none */
	int32		older;			/* in the window; -1: none */
	int32		newer;			/* likewise; or the next that is free */
	uint32		part_end[CD_PART_OLD];
	unsigned char values[VALUES_LEN];	/* the parts, one after the other */
} Waiting;

typedef struct RowWindow
{
	Leaf	   *leaf;
	TableScanDesc scan;			/* NULL: there are no more rows */
	int64		rows;			/* that were read */
	int64		met;			/* the last of them that met its entry */
	int32		oldest;
	int32		newest;
	int32		free;			/* places; -1: there are none */
} RowWindow;

typedef struct Pairing
{
	Verifier   *v;
	Marks	   *marks;
	int			nwindows;
	RowWindow  *window;
	int			room;			/* rows in each */
	int			ahead;
	Waiting    *waiting;		/* of all windows */
	int32	   *table;			/* by hash, places in waiting; -1: none */
	uint64		mask;
	int		   *misses;			/* since the last pair, of each attachment */
	/* of the entry at hand */
	int32		shape;			/* the last one that was looked for */
	const Attached *attached;	/* its table; NULL: none with a window */
} Pairing;

/* ---- windows ---- */

static RowWindow *
window_of(const Pairing *p, int place)
{
	return &p->window[place / p->room];
}

static void
link_waiting(Pairing *p, RowWindow *window, int32 place)
{
	Waiting    *waiting = &p->waiting[place];
	int32	   *chain = &p->table[waiting->hash & p->mask];

	waiting->next = *chain;
	*chain = place;
	waiting->older = window->newest;
	waiting->newer = -1;
	if (window->newest >= 0)
		p->waiting[window->newest].newer = place;
	else
		window->oldest = place;
	window->newest = place;
}

/* It waits no more, and its place is free. */
static void
unlink_waiting(Pairing *p, RowWindow *window, int32 place)
{
	Waiting    *waiting = &p->waiting[place];
	int32	   *chain = &p->table[waiting->hash & p->mask];

	while (*chain != place)
		chain = &p->waiting[*chain].next;
	*chain = waiting->next;
	if (waiting->older >= 0)
		p->waiting[waiting->older].newer = waiting->newer;
	else
		window->oldest = waiting->newer;
	if (waiting->newer >= 0)
		p->waiting[waiting->newer].older = waiting->older;
	else
		window->newest = waiting->older;
	waiting->newer = window->free;
	window->free = place;
}

/* What the row is, is looked at later. */
static void
give_up(Pairing *p, RowWindow *window)
{
	marks_put(p->marks, p->waiting[window->oldest].hash, false);
	unlink_waiting(p, window, window->oldest);
}

/* The parts as they are committed to, if there is room for them. */
static bool
keep_values(Waiting *waiting, const cd_text image[CD_NFIELDS])
{
	size_t		len = CD_NFIELDS * sizeof(uint32);	/* of lengths */

	for (int i = 0; i < CD_NFIELDS; i++)
		len += image[i].len;
	if (len > VALUES_LEN)
		return false;
	len = 0;
	for (int part = 0; part < CD_PART_OLD; part++)
	{
		len += cd_part_value((cd_part) part, image, waiting->values + len);
		waiting->part_end[part] = len;
	}
	return true;
}

/* The next row that has a number, in leaf->slot; false: there are no more. */
static bool
next_row(Pairing *p, RowWindow *window, LeafRow *row)
{
	Verifier   *v = p->v;
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	bool		found = false;

	while (!found && table_scan_getnextslot(window->scan, ForwardScanDirection, window->leaf->slot))
	{
		verify_count(v);
		MemoryContextReset(v->row);
		MemoryContextSwitchTo(v->row);
		found = leaf_row(window->leaf, row);
		MemoryContextSwitchTo(v->memory);
	}
	MemoryContextSwitchTo(old);
	return found;
}

static void
end_scan(RowWindow *window)
{
	ExecClearTuple(window->leaf->slot);
	table_endscan(window->scan);
	window->scan = NULL;
}

static void
read_on(Pairing *p, RowWindow *window)
{
	LeafRow		row;

	while (window->scan != NULL && window->rows - window->met < p->ahead)
	{
		Waiting    *waiting;
		int32		place;

		if (!next_row(p, window, &row))
		{
			end_scan(window);
			return;
		}
		if (window->free < 0)
			give_up(p, window);
		place = window->free;
		waiting = &p->waiting[place];
		window->free = waiting->newer;
		waiting->no = row.no;
		waiting->hash = marks_hash(p->marks, &row.no);
		waiting->row = ++window->rows;
		waiting->plain = row.state.ptr == NULL && keep_values(waiting, row.image);
		link_waiting(p, window, place);
	}
}

static void
meet(Pairing *p, int32 place)
{
	RowWindow  *window = window_of(p, place);

	p->misses[window->leaf->attached->at] = 0;
	window->met = Max(window->met, p->waiting[place].row);
	unlink_waiting(p, window, place);
	read_on(p, window);
}

/* Rows that no entry is met by are not to be in the way for ever. */
static void
miss(Pairing *p)
{
	int		   *misses = &p->misses[p->attached->at];

	if (++*misses < MISSES * p->ahead)
		return;
	*misses = 0;
	for (int i = 0; i < p->nwindows; i++)
		if (p->window[i].leaf->attached == p->attached)
		{
			p->window[i].met = p->window[i].rows;
			read_on(p, &p->window[i]);
		}
}

/* ---- entries ---- */

/* What verify_number.c would say of a table that was dropped, it has to. */
static bool
is_dropped(Verifier *v, const pg_uuid_t *attachment)
{
	ListCell   *cell;

	foreach(cell, v->dropped)
	{
		const Dropped *dropped = lfirst(cell);

		if (memcmp(&dropped->attachment, attachment, UUID_LEN) == 0)
			return true;
	}
	return false;
}

static const Attached *
attached_of(Verifier *v, int32 shape_id)
{
	const ShapeRow *shape = shape_row(v, shape_id);
	ListCell   *cell;

	if (shape == NULL || is_dropped(v, &shape->attachment))
		return NULL;
	foreach(cell, v->attached)
	{
		const Attached *attached = lfirst(cell);

		if (memcmp(&attached->id, &shape->attachment, UUID_LEN) == 0)
			return memcmp(&attached->registry, &shape->registry, UUID_LEN) == 0 ? attached : NULL;
	}
	return NULL;
}

/* The bytes of a column; NULL: it is null, or has another length. */
static const unsigned char *
bytes_of(TupleTableSlot *slot, int column, size_t len)
{
	struct varlena *value;

	if (slot->tts_isnull[column])
		return NULL;
	value = PG_DETOAST_DATUM_PACKED(slot->tts_values[column]);
	return VARSIZE_ANY_EXHDR(value) == len ? (const unsigned char *) VARDATA_ANY(value) : NULL;
}

static bool
opens(const Waiting *row, const unsigned char *salts, const unsigned char *commitments)
{
	uint32		begin = 0;

	for (int part = 0; part < CD_PART_OLD; part++)
	{
		unsigned char hash[CD_HASH_LEN];

		commit_part((cd_part) part, salts + part * CD_SALT_LEN, row->values + begin, row->part_end[part] - begin, hash);
		if (memcmp(hash, commitments + part * CD_HASH_LEN, CD_HASH_LEN) != 0)
			return false;
		begin = row->part_end[part];
	}
	return true;
}

/*
 * Is there nothing to say of the certificate that began with the entry, and
 * has no other?  Then it began as judge_item (verify_life.c) has it, is in
 * force as its row has it, and says nothing of other numbers.
 */
static bool
settles(TupleTableSlot *slot, const Waiting *row)
{
	int32		life_seq = DatumGetInt32(slot->tts_values[ENTRY_LIFE_SEQ]);
	const unsigned char *salts;
	const unsigned char *commitments;

	if (!row->plain || life_seq < 1 || life_seq > 2 || DatumGetInt16(slot->tts_values[ENTRY_STATE]) != 0 ||
		!slot->tts_isnull[ENTRY_PREVIOUS] || !slot->tts_isnull[ENTRY_OLD_VALUES])
		return false;
	salts = bytes_of(slot, ENTRY_SALTS, SALTS_IMAGE);
	commitments = bytes_of(slot, ENTRY_COMMITMENTS, CD_PART_OLD * CD_HASH_LEN);
	return salts != NULL && commitments != NULL && opens(row, salts, commitments);
}

/* The waiting row of the entry's table that has the number; -1: none. */
static int
find_waiting(const Pairing *p, uint64 hash, const cd_certno *no)
{
	for (int32 place = p->table[hash & p->mask]; place >= 0; place = p->waiting[place].next)
		if (p->waiting[place].hash == hash && memcmp(&p->waiting[place].no, no, sizeof(cd_certno)) == 0 &&
			window_of(p, place)->leaf->attached == p->attached)
			return place;
	return -1;
}

static void
pair_entry(Pairing *p, TupleTableSlot *slot)
{
	const cd_certno *no = (const cd_certno *) DatumGetPointer(slot->tts_values[ENTRY_CERT_NO]);
	uint64		hash = marks_hash(p->marks, no);
	int32		shape = DatumGetInt32(slot->tts_values[ENTRY_SHAPE]);
	bool		settled = false;
	int			place;

	if (shape != p->shape)
		p->attached = attached_of(p->v, shape);
	p->shape = shape;
	place = p->attached == NULL ? -1 : find_waiting(p, hash, no);
	if (place >= 0)
		settled = settles(slot, &p->waiting[place]);
	marks_put(p->marks, hash, settled);
	/* the mark is of both from here on */
	if (place >= 0)
		meet(p, place);
	else if (p->attached != NULL)
		miss(p);
}

/* ---- the whole ---- */

static void
open_window(Pairing *p, int i)
{
	RowWindow  *window = &p->window[i];

	window->leaf = list_nth(p->v->leaves, i);
	window->oldest = window->newest = window->free = -1;
	for (int32 place = (i + 1) * p->room - 1; place >= i * p->room; place--)
	{
		p->waiting[place].newer = window->free;
		window->free = place;
	}
	window->scan = scan_as_it_lies(window->leaf->rel);
	read_on(p, window);
}

static void
open_windows(Pairing *p)
{
	int			nleaves = list_length(p->v->leaves);
	uint64		size = 1;

	p->nwindows = Min(nleaves, Min(LEAVES_MAX, NBuffers / 8));
	p->room = Max(ROWS_MIN, ROWS_ALL / Max(p->nwindows, 1));
	p->ahead = Min(p->room / 2, AHEAD);
	p->window = palloc0(sizeof(RowWindow) * Max(p->nwindows, 1));
	p->waiting = palloc0(sizeof(Waiting) * Max(p->nwindows * p->room, 1));
	while (size < 2 * (uint64) p->nwindows * p->room)
		size *= 2;
	p->mask = size - 1;
	p->table = palloc(sizeof(int32) * size);
	memset(p->table, -1, sizeof(int32) * size);
	p->misses = palloc0(sizeof(int) * Max(list_length(p->v->attached), 1));
	for (int i = 0; i < p->nwindows; i++)
		open_window(p, i);
}

static void
mark_rows(Pairing *p, RowWindow *window)
{
	LeafRow		row;

	while (window->scan != NULL)
		if (next_row(p, window, &row))
			marks_put(p->marks, marks_hash(p->marks, &row.no), false);
		else
			end_scan(window);
}

/* Rows that no entry was found for. */
static void
mark_others(Pairing *p)
{
	for (int i = 0; i < list_length(p->v->leaves); i++)
	{
		RowWindow	later = {.leaf = list_nth(p->v->leaves, i)};

		if (i < p->nwindows)
		{
			while (p->window[i].oldest >= 0)
				give_up(p, &p->window[i]);
			later = p->window[i];
		}
		else
			later.scan = scan_as_it_lies(later.leaf->rel);
		mark_rows(p, &later);
	}
}

void
verify_pairs(Verifier *v, Marks *marks)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	Pairing		p = {.v = v, .marks = marks, .shape = -1};
	TableScanDesc scan;
	TupleTableSlot *slot = table_slot_create(v->numbers.rel, NULL);

	open_windows(&p);
	scan = scan_as_it_lies(v->numbers.rel);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		slot_getallattrs(slot);
		if (slot->tts_isnull[ENTRY_CERT_NO])
			continue;
		verify_count(v);
		MemoryContextSwitchTo(v->scratch);
		pair_entry(&p, slot);
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(v->scratch);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	mark_others(&p);
	pfree(p.waiting);
	pfree(p.window);
	pfree(p.table);
	MemoryContextSwitchTo(old);
}
