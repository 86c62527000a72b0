/*
 * last.h
 *	  The last entry of a life: how it is looked up.
 */
#ifndef CERTDATA_LEDGER_LAST_H
#define CERTDATA_LEDGER_LAST_H

#include "access/genam.h"
#include "access/relscan.h"

#include "ledger/entry.h"

struct EntryReader
{
	MemoryContext memory;
	Relation	rel;
	Relation	index;
	Oid			eq;				/* of numbers */
	Snapshot	snapshot;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	int32		shape;			/* the last one that was of */
	pg_uuid_t	registry;		/* … this registry; 0: none was */
};

/*
 * The same as reader_last(), of an entry that the index says is the newest;
 * false: that is not sure.
 */
extern bool reader_last_at(EntryReader *reader, const ItemPointerData *tid, const pg_uuid_t *registry,
						   const cd_certno *no, LastEntry *last);

/* ---- ahead.c: many rows at once ---- */

typedef struct Ahead Ahead;

/* next gives the numbers of the statement's rows. */
extern Ahead *ahead_open(NextNumbers next, void *arg);

/*
 * The newest entry of a row, by its place among the statement's rows; false:
 * look it up alone.
 */
extern bool ahead_last(Ahead *ahead, EntryReader *reader, const pg_uuid_t *registry, int64 row,
					   const cd_certno *no, LastEntry *last);

#endif							/* CERTDATA_LEDGER_LAST_H */
