/*
 * entry.c
 *	  Writing entries: many rows at once, and their index entries in order.
 *
 * Every row that a bulk load brings has an entry, so this is hot: rows go to
 * the table in batches, and the entries of the index on numbers wait until
 * many can be put in order, in which an index takes them fastest.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "executor/executor.h"
#include "miscadmin.h"

#include "check/reading.h"
#include "check/writing.h"
#include "ledger/entry.h"
#include "ledger/entry_scan.h"

#define BATCH 500				/* rows written at once */
#define FEW 4					/* … for which there is room at first */
#define FORM_FROM 8				/* entry of which others are formed */
#define PENDING 65536			/* index entries put in order before, at least */

/* An entry of the index on numbers that waits. */
typedef struct Key
{
	cd_certno	no;
	ItemPointerData tid;
	int32		life_seq;
} Key;

#define ST_SORT sort_keys
#define ST_ELEMENT_TYPE Key
#define ST_COMPARE(a, b) cd_certno_compare(&(a)->no, &(b)->no)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* A row that waits, and its keys in the index on numbers. */
typedef struct Row
{
	TupleTableSlot *slot;
	bool		has_no;
	cd_certno	no;
	int32		life_seq;
} Row;

struct EntryWriter
{
	int64		act;
	int32		n;
	EState	   *estate;
	OwnTable	own;
	/* indexes that are written without asking what their columns are */
	OwnIndex   *numbers;		/* on (cert_no, life_seq) */
	OwnIndex   *places;			/* on (act, n), of some rows */
	OwnIndex   *ranges;			/* on (act), of blocks */
	OwnIndex   *primary;		/* on (act, n): not updated from 0.5.0 */
	int			nknown;			/* of these */
	BlockNumber block;			/* the last in the index of blocks */
	BulkInsertState bulk;
	EntryForm	form;
	bool		many;			/* rows, so that they go to the end */
	Row		   *row;			/* FEW, then BATCH */
	TupleTableSlot **batch;		/* their slots */
	int			nbatch;
	int			room_batch;
	Key		   *key;
	int			nkeys;
	int			room;
	int			limit;			/* of keys that wait */
};

/* Are these its columns, and no others? */
static bool
has_columns(const OwnIndex *index, int n, int first, int second)
{
	return index->info->ii_NumIndexAttrs == n && index->info->ii_IndexAttrNumbers[0] == first + 1 &&
		(n == 1 || index->info->ii_IndexAttrNumbers[1] == second + 1);
}

static OwnIndex **
known_index(EntryWriter *writer, const OwnIndex *index)
{
	Oid			oid = RelationGetRelid(index->rel);
	Oid			am = index->rel->rd_rel->relam;

	if (!index->info->ii_ReadyForInserts)
		return NULL;
	if (am == BTREE_AM_OID && index->rel->rd_index->indisprimary && has_columns(index, 2, ENTRY_ACT, ENTRY_N))
		return &writer->primary;
	if (am == BTREE_AM_OID && oid == own_relation("ledger_entry_cert_no") && index->partial &&
		has_columns(index, 2, ENTRY_CERT_NO, ENTRY_LIFE_SEQ))
		return &writer->numbers;
	if (am == BTREE_AM_OID && oid == own_relation("ledger_entry_act") && has_columns(index, 2, ENTRY_ACT, ENTRY_N))
		return &writer->places;
	if (am == BRIN_AM_OID && oid == own_relation("ledger_entry_act_range") && has_columns(index, 1, ENTRY_ACT, 0))
		return &writer->ranges;
	return NULL;
}

static void
take_indexes(EntryWriter *writer)
{
	for (int i = 0; i < writer->own.nindexes; i++)
	{
		OwnIndex  **known = known_index(writer, &writer->own.index[i]);

		if (known == NULL)
			continue;
		*known = &writer->own.index[i];
		writer->nknown++;
	}
}

EntryWriter *
entries_open(int64 act)
{
	EState	   *estate = CreateExecutorState();
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	EntryWriter *writer = palloc0(sizeof(EntryWriter));

	writer->act = act;
	writer->estate = estate;
	writer->block = InvalidBlockNumber;
	writer->room_batch = FEW;
	writer->row = palloc0(sizeof(Row) * FEW);
	writer->batch = palloc(sizeof(TupleTableSlot *) * FEW);
	/* room is doubled, so that twice as much may be taken for a moment */
	writer->limit = Max(PENDING, (int) Min((int64) work_mem * 1024 / (2 * sizeof(Key)), INT_MAX / 2));
	own_table_open(&writer->own, "ledger_entry", estate);
	take_indexes(writer);
	MemoryContextSwitchTo(old);
	return writer;
}

/* ---- index entries ---- */

static void
insert_key(EntryWriter *writer, Key *key)
{
	Datum		values[2] = {PointerGetDatum(&key->no), Int32GetDatum(key->life_seq)};
	bool		nulls[2] = {false, false};

	own_index_put(&writer->own, writer->numbers, values, nulls, &key->tid);
}

static void
flush_keys(EntryWriter *writer)
{
	MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));

	sort_keys(writer->key, writer->nkeys);
	for (int i = 0; i < writer->nkeys; i++)
	{
		insert_key(writer, &writer->key[i]);
		if (i % 256 == 255)
			ResetPerTupleExprContext(writer->estate);
	}
	ResetPerTupleExprContext(writer->estate);
	MemoryContextSwitchTo(old);
	writer->nkeys = 0;
}

static void
add_key(EntryWriter *writer, const Row *row)
{
	Key		   *key;

	if (!row->has_no)
		return;					/* the index is partial */
	if (writer->nkeys == writer->limit)
		flush_keys(writer);
	if (writer->nkeys == writer->room)
	{
		writer->room = Max(8, 2 * writer->room);
		writer->key = writer->key == NULL ?
			MemoryContextAlloc(writer->estate->es_query_cxt, sizeof(Key) * writer->room) :
			repalloc_huge(writer->key, sizeof(Key) * writer->room);
	}
	key = &writer->key[writer->nkeys++];
	key->no = row->no;
	key->life_seq = row->life_seq;
	key->tid = row->slot->tts_tid;
}

/*
 * What finds rows by their act (entry_scan.h).  Nobody else has the act's
 * number: the primary key of the acts sees to that, so nothing is to be
 * checked.  Of blocks one row of the act is enough.
 */
static void
insert_place(EntryWriter *writer, int32 n, ItemPointer tid)
{
	Datum		values[2] = {Int64GetDatum(writer->act), Int32GetDatum(n)};
	bool		nulls[2] = {false, false};
	BlockNumber block = ItemPointerGetBlockNumber(tid);

	if (writer->places != NULL && (STARTS_GROUP(n) || !writer->places->partial))
		own_index_put(&writer->own, writer->places, values, nulls, tid);
	if (writer->primary != NULL)
		own_index_put(&writer->own, writer->primary, values, nulls, tid);
	if (writer->ranges != NULL && block != writer->block)
		own_index_put(&writer->own, writer->ranges, values, nulls, tid);
	writer->block = block;
}

/* Whatever a DBA has added. */
static void
index_row(EntryWriter *writer, TupleTableSlot *slot)
{
	for (int i = 0; i < writer->own.nindexes; i++)
	{
		OwnIndex   *index = &writer->own.index[i];

		if (index != writer->numbers && index != writer->places && index != writer->ranges &&
			index != writer->primary)
			own_index_row(&writer->own, index, slot);
	}
}

/* ---- rows ---- */

/*
 * Many rows of one act lie behind each other, at the end of the table: space
 * that was left further ahead is for acts of a few.
 */
static void
insert_rows(EntryWriter *writer)
{
	bool		many = writer->n >= BATCH;
	CommandId	cid = GetCurrentCommandId(true);

	if (writer->nbatch == 1 && !many)
	{
		table_tuple_insert(writer->own.rel, writer->batch[0], cid, 0, NULL);
		return;
	}
	if (writer->bulk == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(writer->estate->es_query_cxt);

		writer->bulk = GetBulkInsertState();
		MemoryContextSwitchTo(old);
	}
	/* not where this backend wrote last, which may be far from the end */
	if (many && !writer->many)
		RelationSetTargetBlock(writer->own.rel, InvalidBlockNumber);
	writer->many = many;
	table_multi_insert(writer->own.rel, writer->batch, writer->nbatch, cid, many ? TABLE_INSERT_SKIP_FSM : 0,
					   writer->bulk);
}

static void
flush_rows(EntryWriter *writer)
{
	MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
	int32		n = writer->n - writer->nbatch;

	insert_rows(writer);
	for (int i = 0; i < writer->nbatch; i++)
	{
		insert_place(writer, ++n, &writer->batch[i]->tts_tid);
		if (writer->numbers != NULL)
			add_key(writer, &writer->row[i]);
		if (writer->own.nindexes > writer->nknown)
			index_row(writer, writer->batch[i]);
		ExecClearTuple(writer->batch[i]);
		ResetPerTupleExprContext(writer->estate);
	}
	MemoryContextSwitchTo(old);
	writer->nbatch = 0;
}

/* Room for a bytea of so many bytes. */
#define BYTEA_ROOM(len) union { struct varlena v; char room[VARHDRSZ + (len)]; }

static void
put_bytea(TupleTableSlot *slot, int column, struct varlena *room, const unsigned char *bytes, int len)
{
	slot->tts_isnull[column] = bytes == NULL;
	if (bytes == NULL)
		return;
	SET_VARSIZE(room, VARHDRSZ + len);
	memcpy(VARDATA(room), bytes, len);
	slot->tts_values[column] = PointerGetDatum(room);
}

/* The place of the next row, with a slot. */
static Row *
next_row(EntryWriter *writer)
{
	MemoryContext old = MemoryContextSwitchTo(writer->estate->es_query_cxt);
	Row		   *row;

	if (writer->nbatch == writer->room_batch)
	{
		Row		   *rows = palloc0(sizeof(Row) * BATCH);

		memcpy(rows, writer->row, sizeof(Row) * writer->room_batch);
		pfree(writer->row);
		writer->row = rows;
		writer->batch = repalloc(writer->batch, sizeof(TupleTableSlot *) * BATCH);
		writer->room_batch = BATCH;
	}
	row = &writer->row[writer->nbatch];
	if (row->slot == NULL)
		row->slot = writer->batch[writer->nbatch] = table_slot_create(writer->own.rel, NULL);
	writer->nbatch++;
	MemoryContextSwitchTo(old);
	return row;
}

/* Its tuple, so that the slot needs nothing of ours any more. */
static void
put_row(EntryWriter *writer, TupleTableSlot *slot, const EntryRow *row)
{
	BYTEA_ROOM(CD_HASH_LEN) previous;
	BYTEA_ROOM(CD_NPARTS * CD_SALT_LEN) salts;
	BYTEA_ROOM(CD_NPARTS * CD_HASH_LEN) commitments;

	memset(slot->tts_isnull, 0, sizeof(bool) * ENTRY_COLUMNS);
	slot->tts_values[ENTRY_ACT] = Int64GetDatum(writer->act);
	slot->tts_values[ENTRY_N] = Int32GetDatum(writer->n);
	slot->tts_values[ENTRY_SHAPE] = Int32GetDatum(row->shape);
	slot->tts_isnull[ENTRY_CERT_NO] = row->no == NULL;
	slot->tts_values[ENTRY_CERT_NO] = PointerGetDatum(row->no);
	slot->tts_values[ENTRY_LIFE_SEQ] = Int32GetDatum(row->life_seq);
	slot->tts_values[ENTRY_STATE] = Int16GetDatum(row->state);
	slot->tts_values[ENTRY_CHANGED] = Int16GetDatum(row->changed);
	put_bytea(slot, ENTRY_PREVIOUS, &previous.v, row->previous, CD_HASH_LEN);
	put_bytea(slot, ENTRY_SALTS, &salts.v, row->salts, row->salts_len);
	put_bytea(slot, ENTRY_COMMITMENTS, &commitments.v, row->commitments, row->commitments_len);
	slot->tts_isnull[ENTRY_OLD_VALUES] = !row->has_old;
	slot->tts_values[ENTRY_OLD_VALUES] = row->old_values;
	ExecStoreVirtualTuple(slot);
	ExecMaterializeSlot(slot);
}

void
entries_add(EntryWriter *writer, const EntryRow *row)
{
	Row		   *waiting = next_row(writer);

	waiting->has_no = row->no != NULL;
	if (waiting->has_no)
		waiting->no = *row->no;
	waiting->life_seq = row->life_seq;
	writer->n++;
	if (!form_store(&writer->form, waiting->slot, writer->n, row))
	{
		put_row(writer, waiting->slot, row);
		if (writer->n == FORM_FROM)
		{
			MemoryContext old = MemoryContextSwitchTo(writer->estate->es_query_cxt);

			form_learn(&writer->form, waiting->slot, writer->n, row);
			MemoryContextSwitchTo(old);
		}
	}
	if (writer->nbatch == BATCH)
		flush_rows(writer);
}

void
entries_flush(EntryWriter *writer)
{
	if (writer->nbatch > 0)
		flush_rows(writer);
	if (writer->nkeys > 0)
		flush_keys(writer);
	CommandCounterIncrement();
}

int64
entries_waiting(EntryWriter *writer, EntryKey **key)
{
	if (writer->nbatch > 0)
		flush_rows(writer);
	*key = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(EntryKey) * Max(writer->nkeys, 1));
	for (int i = 0; i < writer->nkeys; i++)
		(*key)[i] = (EntryKey) {writer->key[i].no, writer->key[i].tid};
	return writer->nkeys;
}

int64
entries_close(EntryWriter *writer)
{
	int64		n = writer->n;

	entries_flush(writer);
	for (int i = 0; i < writer->room_batch && writer->row[i].slot != NULL; i++)
		ExecDropSingleTupleTableSlot(writer->row[i].slot);
	if (writer->bulk != NULL)
		FreeBulkInsertState(writer->bulk);
	own_table_close(&writer->own);
	FreeExecutorState(writer->estate);
	return n;
}

void
entry_rewrite(const ItemPointerData *tid, const Datum *values, const bool *nulls, Snapshot snapshot)
{
	EState	   *estate = CreateExecutorState();
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	ItemPointerData at = *tid;
	OwnTable	own;
	TupleTableSlot *slot;
	TU_UpdateIndexes update_indexes;

	own_table_open(&own, "ledger_entry", estate);
	slot = table_slot_create(own.rel, NULL);
	memcpy(slot->tts_values, values, sizeof(Datum) * ENTRY_COLUMNS);
	memcpy(slot->tts_isnull, nulls, sizeof(bool) * ENTRY_COLUMNS);
	ExecStoreVirtualTuple(slot);
	ExecMaterializeSlot(slot);
	simple_table_tuple_update(own.rel, &at, slot, snapshot, &update_indexes);
	if (update_indexes != TU_None)
		own_table_index(&own, slot, IS_SUMMARIZED(update_indexes));
	ExecDropSingleTupleTableSlot(slot);
	own_table_close(&own);
	MemoryContextSwitchTo(old);
	FreeExecutorState(estate);
}
