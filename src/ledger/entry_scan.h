/*
 * entry_scan.h
 *	  Entries of an act, in the order of n.
 *
 * The index on (act, n) has some of them only: one in ENTRY_GROUP, and those
 * that were erased.  The writer puts the others behind those, so that a walk
 * through the table finds them.  Where they are elsewhere they are looked for,
 * so that what is found does not depend on where rows are, only how fast.
 */
#ifndef CERTDATA_LEDGER_ENTRY_SCAN_H
#define CERTDATA_LEDGER_ENTRY_SCAN_H

#include "ledger/ledger.h"

#include "utils/relcache.h"
#include "utils/snapshot.h"

/* The index's predicate: n % ENTRY_GROUP = 1. */
#define ENTRY_GROUP 32
#define STARTS_GROUP(n) ((n) % ENTRY_GROUP == 1)

/* Lives in the memory context that is current, and keeps there what it had to look for. */
typedef struct EntryScan EntryScan;
extern EntryScan *entry_scan_create(void);

/* Between these it may be used; it can be opened again, with another snapshot. */
extern void entry_scan_open(EntryScan *scan, Snapshot snapshot);
extern void entry_scan_close(EntryScan *scan);

/* Entries of the act, n from..to. */
extern void entry_scan_begin(EntryScan *scan, int64 act, int64 from, int64 to);

/*
 * The next one, n greater than that before; NULL: there is none any more.  Of
 * two rows with one place it is either.
 */
extern TupleTableSlot *entry_scan_next(EntryScan *scan);

/*
 * After the last: has a row of the act with a greater n, or less than 1, come
 * to light?  Not every such row does; certdata.verify_ledger() sees all.
 */
extern bool entry_scan_beyond(EntryScan *scan);

#endif							/* CERTDATA_LEDGER_ENTRY_SCAN_H */
