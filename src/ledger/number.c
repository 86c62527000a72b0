/*
 * number.c
 *	  Numbers of acts and shapes, from sequences.
 *
 * Restoring data into a database that has a ledger sets the sequences back
 * (setval() in a dump), which nobody can refuse: then they go on from the
 * largest number that is taken.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "executor/executor.h"
#include "storage/lmgr.h"
#include "utils/fmgrprotos.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/ledger.h"

/* The newest number of an act that the session has drawn; 0: it has to look. */
static int64 newest = 0;

/* The largest number in the first column of a table, by its index; 0: there is none. */
static int64
largest(const char *table, const char *primary_key)
{
	Relation	rel = table_open(own_relation(table), AccessShareLock);
	Relation	index = own_index(rel, primary_key, 1);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, snapshot, 0);
	bool		isnull;
	int64		id = 0;

	index_rescan(scan, NULL, 0, NULL, 0);
	if (index_getnext_slot(scan, BackwardScanDirection, slot))
	{
		Datum		value = slot_getattr(slot, 1, &isnull);

		id = TupleDescAttr(RelationGetDescr(rel), 0)->atttypid == INT4OID ?
			DatumGetInt32(value) : DatumGetInt64(value);
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	index_close(index, AccessShareLock);
	table_close(rel, AccessShareLock);
	return id;
}

static int64
last_value(Oid sequence)
{
	LOCAL_FCINFO(fcinfo, 1);
	Datum		value;

	InitFunctionCallInfoData(*fcinfo, NULL, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = ObjectIdGetDatum(sequence);
	fcinfo->args[0].isnull = false;
	value = pg_sequence_last_value(fcinfo);
	return fcinfo->isnull ? 0 : DatumGetInt64(value);
}

/*
 * One session at a time, and never backward: whatever is taken was drawn before
 * it was written, so the sequence is ahead of it unless it was set back.
 */
static void
catch_up(Oid sequence, const char *table, const char *primary_key)
{
	SavedUser	saved;
	int64		taken;

	LockDatabaseObject(RelationRelationId, sequence, 0, ExclusiveLock);
	taken = largest(table, primary_key);
	owner_begin(&saved);
	if (last_value(sequence) < taken)
		(void) DirectFunctionCall2(setval_oid, ObjectIdGetDatum(sequence), Int64GetDatum(taken));
	owner_end(&saved);
	UnlockDatabaseObject(RelationRelationId, sequence, 0, ExclusiveLock);
}

/*
 * A session notices by its own numbers; one that has drawn none, or has just
 * failed, looks.  So a sequence that was set back costs a session one failure
 * at most.
 */
int64
ledger_number(void)
{
	Oid			sequence = own_relation("ledger_act_id");
	int64		number = nextval_internal(sequence, false);

	if ((newest == 0 || number <= newest) && number <= largest("ledger_act", "ledger_act_pkey"))
	{
		catch_up(sequence, "ledger_act", "ledger_act_pkey");
		number = nextval_internal(sequence, false);
	}
	newest = number;
	return number;
}

int32
shape_number(void)
{
	Oid			sequence = own_relation("ledger_shape_id");

	catch_up(sequence, "ledger_shape", "ledger_shape_pkey");
	return (int32) nextval_internal(sequence, false);
}

static void
at_xact(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_ABORT)
		newest = 0;
}

void
number_init(void)
{
	RegisterXactCallback(at_xact, NULL);
}
