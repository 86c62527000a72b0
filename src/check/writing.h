/*
 * writing.h
 *	  Our own tables written without SPI, and without what the executor asks of
 *	  a table that it does not know: they have no partitions, no generated
 *	  columns, no triggers that such a row would fire.
 */
#ifndef CERTDATA_WRITING_H
#define CERTDATA_WRITING_H

#include "certdata.h"

#include "nodes/execnodes.h"
#include "utils/rel.h"

/* An index of the table, ours or one that a DBA has added. */
typedef struct OwnIndex
{
	Relation	rel;
	IndexInfo  *info;			/* its columns, if they are plain ones */
	bool		partial;
	bool		whole;			/* info has expressions and predicate, too */
} OwnIndex;

typedef struct OwnTable
{
	Relation	rel;
	EState	   *estate;
	OwnIndex   *index;
	int			nindexes;
} OwnTable;

/*
 * By a name that is a literal.  What it allocates lives in the context of
 * estate; after an error the resource owner gives back what is open.  Locks
 * are kept until the transaction ends.
 */
extern void own_table_open(OwnTable *table, const char *name, EState *estate);
extern void own_table_close(OwnTable *table);

/* The entry of one index, by values of its columns.  Nothing is checked. */
extern void own_index_put(const OwnTable *table, const OwnIndex *index, Datum *values, bool *nulls,
						  ItemPointer tid);

/*
 * The entries of a row that stands in the table, where its slot says: of one
 * index, of all.  Unique ones check it.  Resets nothing.
 */
extern void own_index_row(const OwnTable *table, OwnIndex *index, TupleTableSlot *slot);
extern void own_table_index(const OwnTable *table, TupleTableSlot *slot, bool summarizing);

#endif							/* CERTDATA_WRITING_H */
