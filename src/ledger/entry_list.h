/*
 * entry_list.h
 *	  Where the rows of an act are, collected from all of the table that may
 *	  have some.
 */
#ifndef CERTDATA_LEDGER_ENTRY_LIST_H
#define CERTDATA_LEDGER_ENTRY_LIST_H

#include "ledger/ledger.h"

#include "utils/relcache.h"
#include "utils/snapshot.h"

typedef struct EntryList EntryList;
extern EntryList *entry_list_create(MemoryContext memory);
extern void entry_list_open(EntryList *list, Relation rel, Snapshot snapshot);

/* Are places of that act known, from n on? */
extern bool entry_list_covers(const EntryList *list, int64 act, int64 n);

/* The row of the act with the smallest n from..to, in the slot; NULL: none. */
extern TupleTableSlot *entry_list_next(EntryList *list, int64 act, int64 from, int64 to, TupleTableSlot *slot);

#endif							/* CERTDATA_LEDGER_ENTRY_LIST_H */
