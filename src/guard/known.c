/*
 * known.c
 *	  Whether a registry has numbers that were used before, so that new ones
 *	  need be looked up.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "executor/tuptable.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "check/reading.h"
#include "guard/guard.h"

static bool
index_has(const char *table, const char *index_name, const pg_uuid_t *id)
{
	Relation	rel = table_open(own_relation(table), AccessShareLock);
	Relation	index = own_index(rel, index_name, 1);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, snapshot, id != NULL ? 1 : 0);
	ScanKeyData key;
	bool		found;

	if (id != NULL)
		ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(id));
	index_rescan(scan, &key, id != NULL ? 1 : 0, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, slot);
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	index_close(index, AccessShareLock);
	table_close(rel, AccessShareLock);
	return found;
}

/*
 * Has an index of one of our tables an entry for that uuid; NULL: any at all?
 * Every statement asks, and mostly there is nothing: to see that, the index
 * alone is opened, and let go before its table is locked.
 */
static bool
has_any(const char *table, const char *index_name, const pg_uuid_t *id)
{
	Relation	index = own_index_of(own_relation(table), index_name, 1);
	bool		empty = is_empty(index, 1);

	index_close(index, AccessShareLock);
	return !empty && index_has(table, index_name, id);
}

bool
life_has_reserved(const Attachment *att)
{
	return has_any("life", "life_reserved", &att->registry);
}

bool
life_has_withdrawn(const Attachment *att)
{
	/* a number of a shared register may have been another table's */
	if (att->shared)
		return has_any("withdrawn", "withdrawn_cert_no", NULL);
	return att->by_call && has_any("withdrawn", "withdrawn_cert_no", &att->id);
}
