/*
 * writing.c
 *	  Our own tables written without SPI.
 *
 * A statement of one row writes two of them with six indexes, so that to open
 * these is a good part of what it takes.  Neither the triggers of the table
 * are copied for that, as the executor does, nor the trees of an index's
 * predicate, unless it is one that we know nothing of.
 */
#include "check/writing.h"

#include "access/amapi.h"
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/index.h"
#include "executor/executor.h"

#include "check/reading.h"

/* What an insertion asks of it, but for expressions and predicate. */
static IndexInfo *
columns_of(Relation index)
{
	IndexInfo  *info = makeNode(IndexInfo);

	info->ii_NumIndexAttrs = index->rd_index->indnatts;
	info->ii_NumIndexKeyAttrs = index->rd_index->indnkeyatts;
	memcpy(info->ii_IndexAttrNumbers, index->rd_index->indkey.values,
		   sizeof(AttrNumber) * index->rd_index->indnatts);
	info->ii_Unique = index->rd_index->indisunique;
	info->ii_ReadyForInserts = index->rd_index->indisready;
	info->ii_Am = index->rd_rel->relam;
	info->ii_Context = CurrentMemoryContext;
	return info;
}

static void
open_index(OwnIndex *own, Oid oid)
{
	own->rel = index_open(oid, RowExclusiveLock);
	own->info = columns_of(own->rel);
	own->partial = !heap_attisnull(own->rel->rd_indextuple, Anum_pg_index_indpred, NULL);
	own->whole = !own->partial && heap_attisnull(own->rel->rd_indextuple, Anum_pg_index_indexprs, NULL) &&
		!own->rel->rd_index->indisexclusion;
}

void
own_table_open(OwnTable *table, const char *name, EState *estate)
{
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	List	   *list;
	ListCell   *cell;

	table->rel = table_open(own_relation(name), RowExclusiveLock);
	table->estate = estate;
	table->nindexes = 0;
	list = RelationGetIndexList(table->rel);
	table->index = palloc(sizeof(OwnIndex) * Max(list_length(list), 1));
	foreach(cell, list)
		open_index(&table->index[table->nindexes++], lfirst_oid(cell));
	list_free(list);
	MemoryContextSwitchTo(old);
}

void
own_table_close(OwnTable *table)
{
	for (int i = 0; i < table->nindexes; i++)
	{
		index_insert_cleanup(table->index[i].rel, table->index[i].info);
		index_close(table->index[i].rel, NoLock);
	}
	table_close(table->rel, NoLock);
}

void
own_index_put(const OwnTable *table, const OwnIndex *index, Datum *values, bool *nulls, ItemPointer tid)
{
	(void) index_insert(index->rel, values, nulls, tid, table->rel, UNIQUE_CHECK_NO, false, index->info);
}

/* Does the row belong into it? */
static bool
is_covered(const OwnTable *table, OwnIndex *index, TupleTableSlot *slot)
{
	ExprContext *context = GetPerTupleExprContext(table->estate);
	IndexInfo  *info = index->info;

	context->ecxt_scantuple = slot;
	if (info->ii_Predicate == NIL)
		return true;
	if (info->ii_PredicateState == NULL)
		info->ii_PredicateState = ExecPrepareQual(info->ii_Predicate, table->estate);
	return ExecQual(info->ii_PredicateState, context);
}

void
own_index_row(const OwnTable *table, OwnIndex *index, TupleTableSlot *slot)
{
	Datum		values[INDEX_MAX_KEYS];
	bool		nulls[INDEX_MAX_KEYS];

	if (!index->info->ii_ReadyForInserts)
		return;
	if (!index->whole)
	{
		MemoryContext old = MemoryContextSwitchTo(table->estate->es_query_cxt);

		index->info = BuildIndexInfo(index->rel);
		index->whole = true;
		MemoryContextSwitchTo(old);
	}
	if (!is_covered(table, index, slot))
		return;
	FormIndexDatum(index->info, slot, table->estate, values, nulls);
	(void) index_insert(index->rel, values, nulls, &slot->tts_tid, table->rel,
						index->info->ii_Unique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO, false, index->info);
	if (index->info->ii_ExclusionOps != NULL)
		check_exclusion_constraint(table->rel, index->rel, index->info, &slot->tts_tid, values, nulls,
								   table->estate, false);
}

void
own_table_index(const OwnTable *table, TupleTableSlot *slot, bool summarizing)
{
	for (int i = 0; i < table->nindexes; i++)
		if (!summarizing || IS_SUMMARIZING(table->index[i].rel))
			own_index_row(table, &table->index[i], slot);
}
