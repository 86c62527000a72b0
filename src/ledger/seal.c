/*
 * seal.c
 *	  certdata.seal(): acts that are finished get their places in the tree.
 *
 * Writers never wait for a seal, nor for each other: an act is sealed once no
 * transaction is in progress that is as old as its own.  That is told by the
 * horizon, the oldest transaction in progress of a snapshot taken after the
 * lock that sealers hold.  Each seal's act keeps its horizon, and the next
 * seal goes on from there, so nothing is sealed twice and nothing left out.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/entry_scan.h"
#include "ledger/seal.h"

PG_FUNCTION_INFO_V1(certdata_seal);

#define NOTICE_EVERY 100000		/* leaves */
#define SEAL_KIND "seal"

bool		seal_progress = false;

/* An act of the transaction at hand. */
typedef struct Place
{
	int64		id;
	ItemPointerData tid;
} Place;

typedef struct Sealer
{
	int64		start;			/* leaves before */
	int64		noticed;
	TileEdge   *edge;
	TableWriter *order;
	Relation	acts;
	Relation	act_index;		/* by incarnation and transaction */
	TupleTableSlot *act_slot;
	EntryScan  *entries;
	MemoryContext act_memory;	/* of one act, of one entry */
	MemoryContext entry_memory;
	uint64		transaction;	/* the one at hand: 16 bytes for each of its
								 * acts */
	Place	   *place;
	int64		n;
	int64		room;
} Sealer;

/* ---- where the last seal ended ---- */

typedef struct Mark
{
	int32		incarnation;
	uint64		transaction;	/* horizon: acts from here on are not sealed */
} Mark;

/* The horizon that a seal's act tells. */
static bool
read_horizon(TupleTableSlot *slot, uint64 *horizon)
{
	Jsonb	   *detail;
	JsonbValue	room;
	JsonbValue *value;
	char	   *text;
	char	   *end;

	slot_getallattrs(slot);
	if (slot->tts_isnull[ACT_DETAIL] || !is_word(slot->tts_values[ACT_KIND], SEAL_KIND))
		return false;
	detail = DatumGetJsonbP(slot->tts_values[ACT_DETAIL]);
	if (!JB_ROOT_IS_OBJECT(detail))
		return false;
	value = getKeyJsonValueFromContainer(&detail->root, "horizon", strlen("horizon"), &room);
	if (value == NULL || value->type != jbvString || value->val.string.len == 0)
		return false;
	text = pnstrdup(value->val.string.val, value->val.string.len);
	*horizon = strtou64(text, &end, 10);
	return *end == '\0';
}

static Mark
read_mark(Sealer *sealer, int64 act)
{
	Mark		mark;

	if (!act_find(sealer->acts, act, sealer->act_slot) ||
		!read_horizon(sealer->act_slot, &mark.transaction))
		ledger_corrupted(psprintf(certdata_lang_zh() ?
								  "certdata.ledger_head 最新一行的动作%lld不是封账动作。" :
								  "Act %lld, of the newest row of certdata.ledger_head, is not a seal's.",
								  (long long) act));
	mark.incarnation = DatumGetInt32(sealer->act_slot->tts_values[ACT_INCARNATION]);
	ExecClearTuple(sealer->act_slot);
	return mark;
}

/* The oldest transaction in progress; a snapshot has no epoch of its own. */
static uint64
horizon_of(Snapshot snapshot)
{
	FullTransactionId next = ReadNextFullTransactionId();
	uint32		epoch = EpochFromFullTransactionId(next);

	if (snapshot->xmin > XidFromFullTransactionId(next))
		epoch--;
	return U64FromFullTransactionId(FullTransactionIdFromEpochAndXid(epoch, snapshot->xmin));
}

/* ---- tables ---- */

static void
open_sealer(Sealer *sealer)
{
	sealer->acts = table_open(own_relation("ledger_act"), AccessShareLock);
	sealer->act_index = own_index(sealer->acts, "ledger_act_transaction", 2);
	sealer->act_slot = table_slot_create(sealer->acts, NULL);
	sealer->entries = entry_scan_create();
	entry_scan_open(sealer->entries, GetActiveSnapshot());
	sealer->act_memory = AllocSetContextCreate(CurrentMemoryContext, "certdata act", ALLOCSET_DEFAULT_SIZES);
	sealer->entry_memory = AllocSetContextCreate(CurrentMemoryContext, "certdata entry", ALLOCSET_DEFAULT_SIZES);
}

static void
close_sealer(Sealer *sealer)
{
	entry_scan_close(sealer->entries);
	ExecDropSingleTupleTableSlot(sealer->act_slot);
	index_close(sealer->act_index, AccessShareLock);
	table_close(sealer->acts, AccessShareLock);
}

/* What is written is opened when there is something to write. */
static void
begin_writing(Sealer *sealer, const cd_node *root)
{
	cd_node		is;

	sealer->edge = edge_open(sealer->start);
	if (sealer->start > 0)
	{
		edge_root(sealer->edge, &is);
		if (memcmp(is.b, root->b, CD_HASH_LEN) != 0)
			ledger_corrupted(psprintf(certdata_lang_zh() ?
									  "certdata.ledger_tile 算出的根与 certdata.ledger_head 中大小为%lld的一行不同。" :
									  "certdata.ledger_tile gives another root than the row of size %lld in certdata.ledger_head.",
									  (long long) sealer->start));
	}
	sealer->order = writer_open("ledger_order");
}

/* ---- leaves ---- */

static void
add_leaf(Sealer *sealer, const unsigned char hash[CD_HASH_LEN])
{
	int64		size;

	edge_append(sealer->edge, hash);
	size = edge_size(sealer->edge);
	if (!seal_progress || size - sealer->start - sealer->noticed < NOTICE_EVERY)
		return;
	sealer->noticed = size - sealer->start;
	ereport(NOTICE,
			(errmsg_internal(certdata_lang_zh() ? "已封账%lld个叶" : "%lld leaves sealed so far",
							 (long long) sealer->noticed)));
}

pg_noreturn static void
entries_corrupted(int64 act, int64 n, int64 entries)
{
	ledger_corrupted(psprintf(certdata_lang_zh() ?
							  "动作%lld有%lld条记录，第%lld条缺失、多余或内容过长。" :
							  "Act %lld has %lld entries; entry %lld is missing, is one too many, or is too long.",
							  (long long) act, (long long) entries, (long long) n));
}

static void
seal_entry(Sealer *sealer, TupleTableSlot *slot, const unsigned char act_hash[CD_HASH_LEN], int64 n, const cd_act *act)
{
	static const unsigned char none[CD_HASH_LEN] = {0};
	MemoryContext old = MemoryContextSwitchTo(sealer->entry_memory);
	unsigned char hash[CD_HASH_LEN];
	LedgerEntry entry;

	MemoryContextReset(sealer->entry_memory);
	read_entry(slot, &entry);
	if (entry.n != n)
		entries_corrupted(act->id, n, act->entries);
	entry_leaf_hash(&entry.body, act_hash, n, hash);
	if (memcmp(hash, none, CD_HASH_LEN) == 0)	/* a value has no place in a
												 * leaf */
		entries_corrupted(act->id, n, act->entries);
	MemoryContextSwitchTo(old);
	add_leaf(sealer, hash);
}

/* The act's leaf, then those of its entries. */
static void
seal_act(Sealer *sealer, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(sealer->act_memory);
	unsigned char hash[CD_HASH_LEN];
	Datum		order[2];
	TupleTableSlot *entry;
	cd_act		act;
	int64		n = 0;

	MemoryContextReset(sealer->act_memory);
	read_act(slot, &act);
	act_leaf_hash(&act, hash);
	MemoryContextSwitchTo(old);
	order[0] = Int64GetDatum(edge_size(sealer->edge));
	order[1] = Int64GetDatum(act.id);
	writer_put(sealer->order, order);
	add_leaf(sealer, hash);

	entry_scan_begin(sealer->entries, act.id, 1, act.entries);
	while ((entry = entry_scan_next(sealer->entries)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		seal_entry(sealer, entry, hash, ++n, &act);
	}
	if (n != act.entries || entry_scan_beyond(sealer->entries))
		entries_corrupted(act.id, n + 1, act.entries);
}

/* ---- acts ---- */

static int
compare_places(const void *a, const void *b)
{
	int64		x = ((const Place *) a)->id;
	int64		y = ((const Place *) b)->id;

	return x < y ? -1 : x > y;
}

/* The acts of the transaction at hand, in the order of their numbers. */
static void
seal_transaction(Sealer *sealer)
{
	if (sealer->n > 1)
		qsort(sealer->place, sealer->n, sizeof(Place), compare_places);
	for (int64 i = 0; i < sealer->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!table_tuple_fetch_row_version(sealer->acts, &sealer->place[i].tid, GetActiveSnapshot(),
										   sealer->act_slot))
			ledger_corrupted(psprintf(certdata_lang_zh() ? "动作%lld不见了。" : "Act %lld has vanished.",
									  (long long) sealer->place[i].id));
		seal_act(sealer, sealer->act_slot);
	}
	ExecClearTuple(sealer->act_slot);
	sealer->n = 0;
}

static void
add_place(Sealer *sealer, TupleTableSlot *slot)
{
	if (sealer->n == sealer->room)
	{
		sealer->room = Max(64, 2 * sealer->room);
		sealer->place = sealer->place == NULL ? palloc(sizeof(Place) * sealer->room) :
			repalloc_huge(sealer->place, sizeof(Place) * sealer->room);
	}
	sealer->place[sealer->n++] = (Place)
	{
		DatumGetInt64(slot->tts_values[ACT_ID]), slot->tts_tid
	};
}

/* The acts of an incarnation from a transaction on; before 0: to the end. */
static void
seal_acts(Sealer *sealer, int32 incarnation, uint64 from, uint64 before, const cd_node *root)
{
	TupleTableSlot *slot = table_slot_create(sealer->acts, NULL);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(sealer->acts, sealer->act_index, GetActiveSnapshot(), 3);
	ScanKeyData key[3];

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(incarnation));
	ScanKeyInit(&key[1], 2, BTGreaterEqualStrategyNumber, F_XID8GE, UInt64GetDatum(from));
	ScanKeyInit(&key[2], 2, BTLessStrategyNumber, F_XID8LT,
				UInt64GetDatum(before == 0 ? PG_UINT64_MAX : before));
	index_rescan(scan, key, 3, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		uint64		transaction;

		CHECK_FOR_INTERRUPTS();
		slot_getsomeattrs(slot, ACT_KIND + 1);
		transaction = DatumGetUInt64(slot->tts_values[ACT_TRANSACTION]);
		if (is_word(slot->tts_values[ACT_KIND], SEAL_KIND))
			continue;			/* has its leaf: the last of its own seal */
		if (sealer->edge == NULL)
			begin_writing(sealer, root);
		if (transaction != sealer->transaction)
			seal_transaction(sealer);
		sealer->transaction = transaction;
		add_place(sealer, slot);
	}
	seal_transaction(sealer);
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
}

/* ---- the seal itself ---- */

/* Its act is the last leaf; what is hashed is the row as it stands. */
static int64
write_seal_act(Sealer *sealer, uint64 horizon)
{
	char	   *detail = psprintf("{\"horizon\": \"" UINT64_FORMAT "\", \"leaves\": %lld}",
								  horizon, (long long) edge_size(sealer->edge));
	ActRow		row = {.kind = SEAL_KIND, .has_detail = true};
	int64		id;

	row.detail = DirectFunctionCall1(jsonb_in, CStringGetDatum(detail));
	id = act_write(&row);
	PushActiveSnapshot(GetLatestSnapshot());
	if (!act_find(sealer->acts, id, sealer->act_slot))
		ledger_corrupted(psprintf(certdata_lang_zh() ? "动作%lld不见了。" : "Act %lld has vanished.",
								  (long long) id));
	seal_act(sealer, sealer->act_slot);
	ExecClearTuple(sealer->act_slot);
	PopActiveSnapshot();
	return id;
}

static int64
write_head(Sealer *sealer, uint64 horizon)
{
	int64		act = write_seal_act(sealer, horizon);
	int64		size = edge_size(sealer->edge);
	bytea	   *root = palloc(VARHDRSZ + CD_HASH_LEN);
	Datum		values[3] = {Int64GetDatum(size), PointerGetDatum(root), Int64GetDatum(act)};
	bool		nulls[3] = {false};
	cd_node		node;

	edge_root(sealer->edge, &node);
	SET_VARSIZE(root, VARHDRSZ + CD_HASH_LEN);
	memcpy(VARDATA(root), node.b, CD_HASH_LEN);
	writer_close(sealer->order);
	edge_close(sealer->edge);
	ledger_insert("ledger_head", values, nulls);
	/* what a head says was sealed must not be lost */
	ForceSyncCommit();
	return size;
}

/* With the active snapshot, which is newer than the lock. */
static int64
seal_window(const Ledger *ledger)
{
	Sealer		sealer = {0};
	uint64		horizon = horizon_of(GetActiveSnapshot());
	Mark		mark = {0};
	cd_node		root;
	int64		act;
	int64		size;

	open_sealer(&sealer);
	if (head_newest(false, &sealer.start, &root, &act))
		mark = read_mark(&sealer, act);
	size = sealer.start;
	/* of former incarnations nothing is in progress any more */
	for (int32 i = mark.incarnation; i < ledger->incarnation; i++)
		seal_acts(&sealer, i, i == mark.incarnation ? mark.transaction : 0, 0, &root);
	seal_acts(&sealer, ledger->incarnation,
			  mark.incarnation == ledger->incarnation ? mark.transaction : 0, horizon, &root);
	if (sealer.edge != NULL)
		size = write_head(&sealer, horizon);
	close_sealer(&sealer);
	return size;
}

int64
seal_ledger(void)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "certdata seal", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Ledger		ledger;
	int64		size;

	/*
	 * sealers one after the other, until their transactions end; readers and
	 * writers go on
	 */
	LockRelationOid(own_relation("ledger_head"), ShareUpdateExclusiveLock);
	ledger = *ledger_require_here();
	PushActiveSnapshot(GetLatestSnapshot());
	size = seal_window(&ledger);
	PopActiveSnapshot();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	return size;
}

Datum
certdata_seal(PG_FUNCTION_ARGS)
{
	PreventCommandIfReadOnly("certdata.seal()");
	PreventCommandDuringRecovery("certdata.seal()");
	PreventCommandIfParallelMode("certdata.seal()");
	PG_RETURN_INT64(seal_ledger());
}
