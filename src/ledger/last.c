/*
 * last.c
 *	  The last entry of a certificate's life: what the next one follows.
 *
 * Whoever changes a certificate holds the lock of its row, so the newest
 * entry stays the newest.  It is looked up with the latest snapshot: the
 * statement's own is older than the lock.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/last.h"

EntryReader *
reader_open(void)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "certdata entries", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	EntryReader *reader = palloc0(sizeof(EntryReader));

	reader->memory = memory;
	reader->rel = table_open(own_relation("ledger_entry"), RowExclusiveLock);
	reader->index = own_index(reader->rel, "ledger_entry_cert_no", 2);
	reader->eq = get_opcode(get_opfamily_member(reader->index->rd_opfamily[0], reader->index->rd_opcintype[0],
												reader->index->rd_opcintype[0], BTEqualStrategyNumber));
	reader->snapshot = RegisterSnapshot(GetLatestSnapshot());
	reader->slot = table_slot_create(reader->rel, NULL);
	reader->scan = BEGIN_INDEX_SCAN(reader->rel, reader->index, reader->snapshot, 1);
	MemoryContextSwitchTo(old);
	return reader;
}

void
reader_close(EntryReader *reader)
{
	index_endscan(reader->scan);
	ExecDropSingleTupleTableSlot(reader->slot);
	UnregisterSnapshot(reader->snapshot);
	index_close(reader->index, AccessShareLock);
	table_close(reader->rel, NoLock);
	MemoryContextDelete(reader->memory);
}

static void
rescan(EntryReader *reader, const cd_certno *no)
{
	ScanKeyData key;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, reader->eq, PointerGetDatum(no));
	index_rescan(reader->scan, &key, 1, NULL, 0);
}

/* Most have the shape of the one before; a shape never changes. */
static bool
is_of_registry(EntryReader *reader, const pg_uuid_t *registry)
{
	const pg_uuid_t *of = &reader->registry;
	int32		shape;

	slot_getallattrs(reader->slot);
	shape = DatumGetInt32(reader->slot->tts_values[ENTRY_SHAPE]);
	if (shape == 0 || shape != reader->shape)
		of = shape_registry(shape);
	if (of == NULL || memcmp(of, registry, UUID_LEN) != 0)
		return false;
	reader->shape = shape;
	reader->registry = *registry;
	return true;
}

/* The next entry of the registry, from the last one backward. */
static bool
next_back(EntryReader *reader, const pg_uuid_t *registry)
{
	while (index_getnext_slot(reader->scan, BackwardScanDirection, reader->slot))
		if (is_of_registry(reader, registry))
			return true;
	return false;
}

static bool
is_ours(TupleTableSlot *slot)
{
	bool		isnull;
	Datum		xmin = slot_getsysattr(slot, MinTransactionIdAttributeNumber, &isnull);

	return TransactionIdIsCurrentTransactionId(DatumGetTransactionId(xmin));
}

static void
take_last(const TupleTableSlot *slot, const LedgerEntry *entry, LastEntry *last)
{
	last->act = entry->act;
	last->n = entry->n;
	last->life_seq = entry->body.life_seq;
	last->state = entry->body.state;
	last->tid = slot->tts_tid;
	entry_previous(&entry->body, last->previous);
}

/* What the scan allocates on its way has to live as long as it does. */
bool
reader_last(EntryReader *reader, const pg_uuid_t *registry, const cd_certno *no,
			int with_state, int64 up_to_act, LastEntry *last)
{
	MemoryContext old = MemoryContextSwitchTo(reader->memory);
	bool		found = false;
	LedgerEntry entry;

	rescan(reader, no);
	while (!found && next_back(reader, registry))
	{
		read_entry(reader->slot, &entry);
		last->ours = is_ours(reader->slot);
		found = (entry.body.state & with_state) == with_state &&
			!(up_to_act > 0 && last->ours && entry.act > up_to_act);
	}
	if (found)
		take_last(reader->slot, &entry, last);
	ExecClearTuple(reader->slot);
	MemoryContextSwitchTo(old);
	return found;
}

/*
 * The scan is begun anew before it is used for another, so that it may be told
 * where to look.  An entry that was moved to another place is not seen here.
 */
bool
reader_last_at(EntryReader *reader, const ItemPointerData *tid, const pg_uuid_t *registry,
			   const cd_certno *no, LastEntry *last)
{
	MemoryContext old = MemoryContextSwitchTo(reader->memory);
	LedgerEntry entry;
	bool		found;

	reader->scan->xs_heaptid = *tid;
	reader->scan->xs_heap_continue = false;
	found = index_fetch_heap(reader->scan, reader->slot) && is_of_registry(reader, registry);
	if (found)
	{
		read_entry(reader->slot, &entry);
		found = entry.has_no && memcmp(&entry.no, no, sizeof(*no)) == 0;
	}
	if (found)
	{
		last->ours = is_ours(reader->slot);
		take_last(reader->slot, &entry, last);
	}
	ExecClearTuple(reader->slot);
	MemoryContextSwitchTo(old);
	return found;
}

/* ---- an entry that comes before some ---- */

/* Where they are, the newest first; how many. */
static int
find_later(EntryReader *reader, const Followed *followed, ItemPointerData **tid)
{
	int			n = 0;
	int			room = 8;

	*tid = palloc(sizeof(ItemPointerData) * room);
	rescan(reader, followed->no);
	while (next_back(reader, followed->registry) &&
		   DatumGetInt32(reader->slot->tts_values[ENTRY_LIFE_SEQ]) > followed->beyond)
	{
		if (DatumGetInt64(reader->slot->tts_values[ENTRY_ACT]) <= followed->act || !is_ours(reader->slot))
			continue;
		if (n == room)
			*tid = repalloc_huge(*tid, sizeof(ItemPointerData) * (room *= 2));
		(*tid)[n++] = reader->slot->tts_tid;
	}
	return n;
}

/* The row found gets another place and another predecessor. */
static void
move_entry(EntryReader *reader, int64 life_seq, int more_state, const unsigned char previous[CD_HASH_LEN])
{
	Datum		values[ENTRY_COLUMNS];
	bool		nulls[ENTRY_COLUMNS];
	bytea	   *digest = palloc(VARHDRSZ + CD_HASH_LEN);

	SET_VARSIZE(digest, VARHDRSZ + CD_HASH_LEN);
	memcpy(VARDATA(digest), previous, CD_HASH_LEN);
	memcpy(values, reader->slot->tts_values, sizeof(values));
	memcpy(nulls, reader->slot->tts_isnull, sizeof(nulls));
	values[ENTRY_LIFE_SEQ] = Int32GetDatum(life_seq);
	values[ENTRY_STATE] = Int16GetDatum(DatumGetInt16(values[ENTRY_STATE]) | more_state);
	values[ENTRY_PREVIOUS] = PointerGetDatum(digest);
	nulls[ENTRY_PREVIOUS] = false;
	entry_rewrite(&reader->slot->tts_tid, values, nulls, reader->snapshot);
	pfree(digest);
}

/*
 * Another number's life goes on from this one by its digest, which is not to
 * change any more.
 */
pg_noreturn static void
refuse_renumbered(const cd_certno *no)
{
	bool		zh = certdata_lang_zh();
	char		number[CD_CERTNO_LEN + 1] = {0};

	cd_certno_print(no, number);
	ereport(ERROR,
			(errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
			 errmsg_internal(zh ? "证书“%s”在改动它的语句结束之前被触发器更改了编号" :
							 "a trigger renumbered certificate \"%s\" before the statement that changed it was over",
							 number),
			 errhint(zh ? "先结束该语句，再调用 certdata.renumber()。没有作任何改动。" :
					 "Call certdata.renumber() when the statement is over. Nothing was changed.")));
}

/*
 * From the first to the last, as each one's digest goes into the next.  What
 * is written here the reader does not see, so it finds each as it was.
 */
void
reader_follow(EntryReader *reader, const Followed *followed)
{
	MemoryContext old = MemoryContextSwitchTo(reader->memory);
	ItemPointerData *tid;
	int64		life_seq = followed->body.life_seq;
	unsigned char previous[CD_HASH_LEN];

	entry_previous(&followed->body, previous);
	for (int n = find_later(reader, followed, &tid); n > 0; n--)
	{
		LedgerEntry entry;
		unsigned char own_previous[CD_HASH_LEN];

		if (!table_tuple_fetch_row_version(reader->rel, &tid[n - 1], reader->snapshot, reader->slot))
			ereport(ERROR, (errmsg_internal("an entry of this transaction has vanished")));
		read_entry(reader->slot, &entry);
		if (entry.body.state & CD_STATE_RENUMBERED)
			refuse_renumbered(followed->no);
		memcpy(own_previous, previous, CD_HASH_LEN);
		entry.body.life_seq = ++life_seq;
		entry.body.state |= followed->more_state;
		entry.body.previous = (cd_value) {own_previous, CD_HASH_LEN};
		entry_previous(&entry.body, previous);
		move_entry(reader, life_seq, followed->more_state, own_previous);
	}
	pfree(tid);
	ExecClearTuple(reader->slot);
	MemoryContextSwitchTo(old);
}

void
reader_follow_written(EntryReader *reader, Followed *followed, ItemPointerData *tid)
{
	LastEntry	last;
	LedgerEntry entry;

	if (!reader_last(reader, followed->registry, followed->no, 0, 0, &last) || last.act <= followed->act ||
		!table_tuple_fetch_row_version(reader->rel, tid, reader->snapshot, reader->slot))
		return;
	read_entry(reader->slot, &entry);
	followed->body = entry.body;
	reader_follow(reader, followed);
}
