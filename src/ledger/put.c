/*
 * put.c
 *	  Rows of the tables of the tree, written without SPI and many at once.
 */
#include "certdata.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "utils/snapmgr.h"

#include "check/writing.h"
#include "ledger/seal.h"

#define BATCH 100				/* rows written at once: of tiles less than a
								 * megabyte */

struct TableWriter
{
	OwnTable	own;
	EState	   *estate;			/* everything lives in its context */
	BulkInsertState bulk;
	TupleTableSlot *batch[BATCH];
	int			n;
};

/* After an error the resource owner gives back what is open. */
TableWriter *
writer_open(const char *table)
{
	EState	   *estate = CreateExecutorState();
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	TableWriter *writer = palloc0(sizeof(TableWriter));

	writer->estate = estate;
	own_table_open(&writer->own, table, estate);
	MemoryContextSwitchTo(old);
	return writer;
}

static void
index_row(TableWriter *writer, TupleTableSlot *slot, bool summarizing)
{
	own_table_index(&writer->own, slot, summarizing);
	ResetPerTupleExprContext(writer->estate);
}

static void
flush(TableWriter *writer)
{
	MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));

	if (writer->bulk == NULL)
	{
		MemoryContextSwitchTo(writer->estate->es_query_cxt);
		writer->bulk = GetBulkInsertState();
		MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
	}
	table_multi_insert(writer->own.rel, writer->batch, writer->n, GetCurrentCommandId(true), 0, writer->bulk);
	MemoryContextSwitchTo(writer->estate->es_query_cxt);
	for (int i = 0; i < writer->n; i++)
	{
		index_row(writer, writer->batch[i], false);
		ExecClearTuple(writer->batch[i]);
	}
	writer->n = 0;
	MemoryContextSwitchTo(old);
}

/* A slot with the values, which are copied. */
static TupleTableSlot *
fill_slot(TableWriter *writer, const Datum *values)
{
	MemoryContext old = MemoryContextSwitchTo(writer->estate->es_query_cxt);
	TupleTableSlot **slot = &writer->batch[writer->n];
	int			natts = RelationGetDescr(writer->own.rel)->natts;

	if (*slot == NULL)
		*slot = table_slot_create(writer->own.rel, NULL);
	ExecClearTuple(*slot);
	memcpy((*slot)->tts_values, values, sizeof(Datum) * natts);
	memset((*slot)->tts_isnull, 0, sizeof(bool) * natts);
	ExecStoreVirtualTuple(*slot);
	ExecMaterializeSlot(*slot);
	MemoryContextSwitchTo(old);
	return *slot;
}

void
writer_put(TableWriter *writer, const Datum *values)
{
	(void) fill_slot(writer, values);
	if (++writer->n == BATCH)
		flush(writer);
}

void
writer_replace(TableWriter *writer, const ItemPointerData *tid, const Datum *values)
{
	TupleTableSlot *slot = fill_slot(writer, values);
	MemoryContext old = MemoryContextSwitchTo(writer->estate->es_query_cxt);
	ItemPointerData row = *tid;
	TU_UpdateIndexes update_indexes;

	simple_table_tuple_update(writer->own.rel, &row, slot, GetActiveSnapshot(), &update_indexes);
	if (update_indexes != TU_None)
		index_row(writer, slot, IS_SUMMARIZED(update_indexes));
	ExecClearTuple(slot);
	MemoryContextSwitchTo(old);
}

void
writer_close(TableWriter *writer)
{
	if (writer->n > 0)
		flush(writer);
	for (int i = 0; i < BATCH && writer->batch[i] != NULL; i++)
		ExecDropSingleTupleTableSlot(writer->batch[i]);
	if (writer->bulk != NULL)
		FreeBulkInsertState(writer->bulk);
	own_table_close(&writer->own);
	FreeExecutorState(writer->estate);
}
