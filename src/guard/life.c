/*
 * life.c
 *	  certdata.life: what became of certificates.
 *
 * Whoever changes a certificate's life holds the lock of its row in the
 * registry, so rows of this table are never contended.  They are read with
 * the latest snapshot: the statement's own is older than the lock and would
 * show the life of before.  Rows are read and written here without SPI, so
 * that the caller needs no privilege on them.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "check/reading.h"
#include "check/writing.h"
#include "guard/guard.h"
#include "refuse.h"

/* Columns of certdata.life, from 0. */
enum
{
	LIFE_REGISTRY, LIFE_CERT_NO, LIFE_ATTACHMENT, LIFE_NAME_USED, LIFE_DOCUMENT_USED,
	LIFE_PUBLISHED, LIFE_SUSPENDED, LIFE_RETIRED, LIFE_RESERVED,
	LIFE_NAME_USED_IN, LIFE_DOCUMENT_USED_IN, LIFE_REPLACED_BY, LIFE_RENUMBERED_TO,
	LIFE_COLUMNS
};

#define BATCH 500				/* new rows written at once */
#define PENDING 65536			/* new rows put in order before */

/* Lives by number, when all of a registry are read at once. */
typedef struct LifeEntry
{
	cd_certno	no;				/* key */
	char		status;
	Life		life;
} LifeEntry;

#define SH_PREFIX lives
#define SH_ELEMENT_TYPE LifeEntry
#define SH_KEY_TYPE cd_certno
#define SH_KEY no
#define SH_HASH_KEY(table, key) hash_bytes(key.b, sizeof(key.b))
#define SH_EQUAL(table, a, b) (cd_certno_compare(&(a), &(b)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define EXPECT_MANY 256			/* numbers for which it is worth the while */
#define LEAST_MEMORY 65536		/* kB for it, if work_mem is less */

struct LifeTable
{
	Relation	rel;
	Relation	target;			/* of the numbers; NULL: not said */
	Relation	index;			/* primary key */
	Snapshot	snapshot;
	IndexScanDesc scan;
	TupleTableSlot *slot;		/* of the scan */
	Oid			eq;				/* of numbers; looked up when it is needed */
	lives_hash *all;			/* all of the registry; NULL: not read */
	EState	   *estate;
	OwnTable   *own;			/* to write; NULL: nothing was written so far */
	BulkInsertState bulk;
	TupleTableSlot *batch[BATCH];
	Life	   *pending;		/* new rows to be written */
	int			npending;
	int			room;
};

static void
start_scan(LifeTable *table)
{
	table->snapshot = RegisterSnapshot(GetLatestSnapshot());
	table->scan = BEGIN_INDEX_SCAN(table->rel, table->index, table->snapshot, 2);
}

/*
 * Everything lives in a context of the estate; after an error the resource
 * owner gives back what is open.
 */
LifeTable *
life_open(void)
{
	LifeTable  *table = palloc0(sizeof(LifeTable));
	MemoryContext old;

	table->estate = CreateExecutorState();
	old = MemoryContextSwitchTo(table->estate->es_query_cxt);
	table->rel = table_open(own_relation("life"), RowExclusiveLock);
	table->index = own_index(table->rel, "life_pkey", 2);
	table->slot = table_slot_create(table->rel, NULL);
	start_scan(table);
	MemoryContextSwitchTo(old);
	return table;
}

/* ---- reading ---- */

#define flag(slot, column) DatumGetBool((slot)->tts_values[column])

static bool
read_number(const TupleTableSlot *slot, int column, cd_certno *no)
{
	if (slot->tts_isnull[column])
		return false;
	memcpy(no, DatumGetPointer(slot->tts_values[column]), sizeof(*no));
	return true;
}

#define read_xid(slot, column) \
	((slot)->tts_isnull[column] ? 0 : DatumGetUInt64((slot)->tts_values[column]))

static void
read_life(const TupleTableSlot *slot, Life *life)
{
	life->attachment = *DatumGetUUIDP(slot->tts_values[LIFE_ATTACHMENT]);
	life->name_used = flag(slot, LIFE_NAME_USED);
	life->document_used = flag(slot, LIFE_DOCUMENT_USED);
	life->published = flag(slot, LIFE_PUBLISHED);
	life->suspended = flag(slot, LIFE_SUSPENDED);
	life->retired = flag(slot, LIFE_RETIRED);
	life->reserved = flag(slot, LIFE_RESERVED);
	life->name_used_in = read_xid(slot, LIFE_NAME_USED_IN);
	life->document_used_in = read_xid(slot, LIFE_DOCUMENT_USED_IN);
	life->has_replaced_by = read_number(slot, LIFE_REPLACED_BY, &life->replaced_by);
	life->has_renumbered_to = read_number(slot, LIFE_RENUMBERED_TO, &life->renumbered_to);
	life->found = true;
	life->tid = slot->tts_tid;
}

static Oid
certno_eq(Relation index)
{
	return get_opcode(get_opfamily_member(index->rd_opfamily[0], index->rd_opcintype[0],
										  index->rd_opcintype[0], BTEqualStrategyNumber));
}

static void
fresh_life(Life *life, const Attachment *att, const cd_certno *no)
{
	memset(life, 0, sizeof(*life));
	life->registry = att->registry;
	life->attachment = att->id;
	life->no = *no;
}

/* The row of a number, by a scan of the primary key. */
static bool
look_up(IndexScanDesc scan, Oid eq, TupleTableSlot *slot, const Attachment *att,
		const cd_certno *no, Life *life)
{
	ScanKeyData key[2];

	fresh_life(life, att, no);
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, eq, PointerGetDatum(no));
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(&att->registry));
	index_rescan(scan, key, 2, NULL, 0);
	if (!index_getnext_slot(scan, ForwardScanDirection, slot))
		return false;
	slot_getallattrs(slot);
	read_life(slot, life);
	ExecClearTuple(slot);
	return true;
}

/* What the scan allocates on its way has to live as long as it does. */
bool
life_find(LifeTable *table, const Attachment *att, const cd_certno *no, Life *life)
{
	MemoryContext old;
	bool		found;

	if (table->all != NULL)
	{
		LifeEntry  *entry = table->all->members > 0 ? lives_lookup(table->all, *no) : NULL;

		if (entry != NULL)
			*life = entry->life;
		else
			fresh_life(life, att, no);
		return entry != NULL;
	}
	old = MemoryContextSwitchTo(table->estate->es_query_cxt);
	if (!OidIsValid(table->eq))
		table->eq = certno_eq(table->index);
	found = look_up(table->scan, table->eq, table->slot, att, no, life);
	MemoryContextSwitchTo(old);
	return found;
}

void
life_expect(LifeTable *table, const Attachment *att, int64 numbers)
{
	/* a hash table may be twice as large as what it holds */
	int64		limit = Min(2 * numbers, (int64) Max(work_mem, LEAST_MEMORY) * 1024 / (2 * sizeof(LifeEntry)));
	int64		seen = 0;
	MemoryContext old;
	TableScanDesc scan;
	lives_hash *all;

	if (numbers < EXPECT_MANY || table->all != NULL || table->rel->rd_rel->reltuples > limit)
		return;
	old = MemoryContextSwitchTo(table->estate->es_query_cxt);
	all = lives_create(CurrentMemoryContext, EXPECT_MANY, NULL);
	scan = BEGIN_TABLE_SCAN(table->rel, table->snapshot);
	while (seen <= limit && table_scan_getnextslot(scan, ForwardScanDirection, table->slot))
	{
		LifeEntry  *entry;
		cd_certno	no;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		seen++;
		slot_getallattrs(table->slot);
		if (memcmp(DatumGetUUIDP(table->slot->tts_values[LIFE_REGISTRY]), &att->registry, UUID_LEN) != 0)
			continue;
		(void) read_number(table->slot, LIFE_CERT_NO, &no);
		entry = lives_insert(all, no, &found);
		fresh_life(&entry->life, att, &no);
		read_life(table->slot, &entry->life);
	}
	table_endscan(scan);
	ExecClearTuple(table->slot);
	if (seen <= limit)
		table->all = all;
	else
		lives_destroy(all);
	MemoryContextSwitchTo(old);
}

bool
life_look(const Attachment *att, const cd_certno *no, Snapshot snapshot, Life *life)
{
	Relation	rel = table_open(own_relation("life"), AccessShareLock);
	Relation	index = own_index(rel, "life_pkey", 2);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, snapshot, 2);
	bool		found = look_up(scan, certno_eq(index), slot, att, no, life);

	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, AccessShareLock);
	table_close(rel, AccessShareLock);
	return found;
}

/* ---- writing ---- */

static void
put_number(TupleTableSlot *slot, int column, bool known, const cd_certno *no)
{
	slot->tts_isnull[column] = !known;
	slot->tts_values[column] = PointerGetDatum(no);
}

static void
put_xid(TupleTableSlot *slot, int column, uint64 xid)
{
	slot->tts_isnull[column] = xid == 0;
	slot->tts_values[column] = UInt64GetDatum(xid);
}

/* The slot's tuple is formed here, so that it needs nothing of *life later. */
static void
fill_slot(TupleTableSlot *slot, const Life *life)
{
	ExecClearTuple(slot);
	memset(slot->tts_isnull, 0, sizeof(bool) * LIFE_COLUMNS);
	slot->tts_values[LIFE_REGISTRY] = UUIDPGetDatum(&life->registry);
	slot->tts_values[LIFE_CERT_NO] = PointerGetDatum(&life->no);
	slot->tts_values[LIFE_ATTACHMENT] = UUIDPGetDatum(&life->attachment);
	slot->tts_values[LIFE_NAME_USED] = BoolGetDatum(life->name_used);
	slot->tts_values[LIFE_DOCUMENT_USED] = BoolGetDatum(life->document_used);
	slot->tts_values[LIFE_PUBLISHED] = BoolGetDatum(life->published);
	slot->tts_values[LIFE_SUSPENDED] = BoolGetDatum(life->suspended);
	slot->tts_values[LIFE_RETIRED] = BoolGetDatum(life->retired);
	slot->tts_values[LIFE_RESERVED] = BoolGetDatum(life->reserved);
	put_xid(slot, LIFE_NAME_USED_IN, life->name_used_in);
	put_xid(slot, LIFE_DOCUMENT_USED_IN, life->document_used_in);
	put_number(slot, LIFE_REPLACED_BY, life->has_replaced_by, &life->replaced_by);
	put_number(slot, LIFE_RENUMBERED_TO, life->has_renumbered_to, &life->renumbered_to);
	ExecStoreVirtualTuple(slot);
	ExecMaterializeSlot(slot);
}

/* Index entries of a row that now stands in the table. */
static void
index_row(LifeTable *table, TupleTableSlot *slot, bool summarizing)
{
	if (table->own == NULL)
	{
		table->own = MemoryContextAlloc(table->estate->es_query_cxt, sizeof(OwnTable));
		own_table_open(table->own, "life", table->estate);
	}
	own_table_index(table->own, slot, summarizing);
	ResetPerTupleExprContext(table->estate);
}

void
life_target(LifeTable *table, Relation rel)
{
	table->target = rel;
}

/* A number belongs to one certificate of its register. */
pg_noreturn static void
refuse_used(Relation rel, const cd_certno *no)
{
	cd_finding	finding = {.rule = CD_RULE_NO_USED, .field = CD_CERT_NO};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_UNIQUE_VIOLATION, .rule = CD_RULE_NO_USED, .relation = rel
	};
	char		number[CD_CERTNO_LEN + 1] = {0};

	cd_certno_print(no, number);
	refusal.message = certdata_message(&finding);
	refusal.detail = psprintf(certdata_lang_zh() ? "证书编号：%s。" : "Certificate: %s.", number);
	refusal.hint = certdata_hint(&finding);
	certdata_refuse(&refusal);
}

/*
 * Two sessions may bring one number into two tables of a register.  The
 * second learns of it here, when the first commits.
 */
static void
index_batch(LifeTable *table, const Life *life, int n)
{
	MemoryContext context = CurrentMemoryContext;
	volatile int i = 0;

	PG_TRY();
	{
		for (; i < n; i++)
			index_row(table, table->batch[i], false);
	}
	PG_CATCH();
	{
		if (geterrcode() != ERRCODE_UNIQUE_VIOLATION)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		refuse_used(table->target, &life[i].no);
	}
	PG_END_TRY();
}

/* One batch of new rows. */
static void
insert_batch(LifeTable *table, const Life *life, int n)
{
	MemoryContext old = MemoryContextSwitchTo(table->estate->es_query_cxt);

	if (table->bulk == NULL)
		table->bulk = GetBulkInsertState();
	for (int i = 0; i < n; i++)
	{
		if (table->batch[i] == NULL)
			table->batch[i] = table_slot_create(table->rel, NULL);
		fill_slot(table->batch[i], &life[i]);
	}
	MemoryContextSwitchTo(GetPerTupleMemoryContext(table->estate));
	table_multi_insert(table->rel, table->batch, n, GetCurrentCommandId(true), 0, table->bulk);
	MemoryContextSwitchTo(old);
	index_batch(table, life, n);
}

/* What new rows are put in order by: small, and compared without a look at them. */
typedef struct Order
{
	cd_certno	no;
	uint32		at;				/* among the pending ones */
} Order;

static int
compare_orders(const void *a, const void *b)
{
	return cd_certno_compare(&((const Order *) a)->no, &((const Order *) b)->no);
}

/* In the order of numbers, in which an index takes its entries fastest. */
static void
flush(LifeTable *table)
{
	Order	   *order = palloc(sizeof(Order) * table->npending);
	Life	   *life = palloc(sizeof(Life) * Min(BATCH, table->npending));

	for (int i = 0; i < table->npending; i++)
		order[i] = (Order) {table->pending[i].no, i};
	qsort(order, table->npending, sizeof(Order), compare_orders);
	for (int i = 0; i < table->npending; i += BATCH)
	{
		int			n = Min(BATCH, table->npending - i);

		for (int k = 0; k < n; k++)
			life[k] = table->pending[order[i + k].at];
		insert_batch(table, life, n);
	}
	pfree(life);
	pfree(order);
	table->npending = 0;
}

static void
insert_life(LifeTable *table, const Life *life)
{
	if (table->npending == PENDING)
		flush(table);
	if (table->npending == table->room)
	{
		table->room = Max(8, 2 * table->room);
		table->pending = table->pending == NULL ?
			MemoryContextAlloc(table->estate->es_query_cxt, sizeof(Life) * table->room) :
			repalloc(table->pending, sizeof(Life) * table->room);
	}
	table->pending[table->npending++] = *life;
}

void
life_put(LifeTable *table, const Life *life)
{
	TU_UpdateIndexes update_indexes;
	ItemPointerData tid = life->tid;

	if (!life->found)
	{
		insert_life(table, life);
		return;
	}
	fill_slot(table->slot, life);
	simple_table_tuple_update(table->rel, &tid, table->slot, table->snapshot, &update_indexes);
	if (update_indexes != TU_None)
		index_row(table, table->slot, IS_SUMMARIZED(update_indexes));
	ExecClearTuple(table->slot);
}

void
life_remove(LifeTable *table, const Life *life)
{
	ItemPointerData tid = life->tid;

	if (life->found)
		simple_table_tuple_delete(table->rel, &tid, table->snapshot);
}

void
life_close(LifeTable *table)
{
	if (table->npending > 0)
		flush(table);
	for (int i = 0; i < BATCH && table->batch[i] != NULL; i++)
		ExecDropSingleTupleTableSlot(table->batch[i]);
	if (table->bulk != NULL)
		FreeBulkInsertState(table->bulk);
	index_endscan(table->scan);
	UnregisterSnapshot(table->snapshot);
	ExecDropSingleTupleTableSlot(table->slot);
	if (table->own != NULL)
		own_table_close(table->own);
	index_close(table->index, AccessShareLock);
	table_close(table->rel, NoLock);
	FreeExecutorState(table->estate);
	pfree(table);
	CommandCounterIncrement();
}
