/*
 * dropped.c
 *	  Attached tables that are dropped, and partitions that leave them.
 *
 * Preloaded, the library refuses both.  Where it is not, or maintenance is
 * open, they happen, and the ledger says so: event triggers tell of it.  They
 * run as whoever does it, which is what an act is to say.
 *
 * Most DROP and ALTER TABLE of a database have nothing to do with us, so a
 * look at what is attached comes first.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "executor/spi.h"
#include "tcop/deparse_utility.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "guard/guard.h"
#include "guard/protect.h"

PG_FUNCTION_INFO_V1(certdata_guard_drops);
PG_FUNCTION_INFO_V1(certdata_guard_leaving);

/* ---- what is attached ---- */

typedef struct Live
{
	Attachment	att;			/* id, relation and approver of it */
	bool		gone;
} Live;

static void
read_live(void *arg, Datum *values, bool *nulls)
{
	List	  **list = arg;
	Live	   *live;

	if (!nulls[ATT_DETACHED_AT])
		return;
	live = palloc0(sizeof(Live));
	live->att.id = *DatumGetUUIDP(values[ATT_ID]);
	live->att.relation = DatumGetObjectId(values[ATT_RELATION]);
	live->att.approver = nulls[ATT_APPROVER] ? InvalidOid : DatumGetObjectId(values[ATT_APPROVER]);
	*list = lappend(*list, live);
}

static List *
attached_now(void)
{
	List	   *list = NIL;

	PushActiveSnapshot(GetLatestSnapshot());
	read_table("attachment", &list, read_live);
	PopActiveSnapshot();
	return list;
}

/* By id, or by the table; NULL: there is none. */
static Live *
find_live(List *list, const pg_uuid_t *id, Oid relation)
{
	ListCell   *cell;

	foreach(cell, list)
	{
		Live	   *live = lfirst(cell);

		if (id != NULL ? memcmp(&live->att.id, id, UUID_LEN) == 0 : live->att.relation == relation)
			return live;
	}
	return NULL;
}

/* ---- the ledger ---- */

/* A ledger that is to be adopted first takes no acts; neither does it keep tables from being dropped. */
static void
note(const Live *live, const char *kind, const char *table, const char *root)
{
	Act			plain = {ACT_PLAIN};
	Statement	said;

	if (recording->state() != LEDGER_HERE)
		return;
	statement_read(&live->att, &plain, &said);
	recording->note(kind, &live->att.id, &said,
					recording->detail("table", table, root ? "partition_of" : NULL, root, NULL));
}

/* ---- tables that are gone ---- */

typedef struct Gone
{
	Oid			relid;
	char	   *name;
	Live	   *live;			/* NULL: was not guarded */
} Gone;

/*
 * The attachment that a dropped table carried triggers of.  Their rows are
 * still there, dead: nothing removes them before the transaction ends.
 */
static bool
dead_guard(Oid relid, pg_uuid_t *id)
{
	Relation	triggers = table_open(TriggerRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&key[0], Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relid));
	ScanKeyInit(&key[1], Anum_pg_trigger_tgname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("certdata_columns"));
	scan = systable_beginscan(triggers, TriggerRelidNameIndexId, true, SnapshotAny, 2, key);
	while (!found && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		args = heap_getattr(tuple, Anum_pg_trigger_tgargs, RelationGetDescr(triggers), &isnull);

		found = !(tuple->t_data->t_infomask & HEAP_XMAX_INVALID) &&
			TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetUpdateXid(tuple->t_data)) &&
			is_columns_function(((Form_pg_trigger) GETSTRUCT(tuple))->tgfoid) &&
			attachment_argument(VARDATA_ANY(DatumGetByteaPP(args)), id);
	}
	systable_endscan(scan);
	table_close(triggers, AccessShareLock);
	return found;
}

static Live *
guarded_before(List *list, Oid relid)
{
	Live	   *live = find_live(list, NULL, relid);
	pg_uuid_t	id;

	if (live != NULL)
		live->gone = true;
	else if (dead_guard(relid, &id))
		live = find_live(list, &id, InvalidOid);
	return live;
}

/* What an event trigger is told, by a query of one or more columns. */
static void
ask(const char *query)
{
	SPI_connect();
	if (SPI_execute(query, false, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not ask what the command did")));
}

static List *
dropped_tables(List *list)
{
	MemoryContext mine = CurrentMemoryContext;
	List	   *tables = NIL;

	ask("SELECT d.objid, d.object_identity FROM pg_catalog.pg_event_trigger_dropped_objects() AS d"
		" WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid"
		" AND d.objsubid OPERATOR(pg_catalog.=) 0 AND d.object_type OPERATOR(pg_catalog.=) 'table'"
		" AND NOT d.is_temporary ORDER BY 1");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(mine);
		Gone	   *gone = palloc(sizeof(Gone));
		bool		isnull;

		gone->relid = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		gone->name = TextDatumGetCString(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
		gone->live = guarded_before(list, gone->relid);
		tables = lappend(tables, gone);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return tables;
}

static void
end_attachments(List *list)
{
	Datum	   *relations = palloc(sizeof(Datum) * list_length(list));
	Oid			type = OIDARRAYOID;
	NullableDatum array = {.isnull = false};
	ListCell   *cell;
	int			n = 0;

	foreach(cell, list)
	{
		const Live *live = lfirst(cell);

		if (live->gone)
			relations[n++] = ObjectIdGetDatum(live->att.relation);
	}
	if (n == 0)
		return;
	array.value = PointerGetDatum(construct_array(relations, n, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
	(void) call_as_owner("dropped_as_owner", 1, &type, &array);
}

/* A partition that goes with its table is no act of its own. */
static void
record_drops(List *tables)
{
	ListCell   *cell;

	foreach(cell, tables)
	{
		Gone	   *gone = lfirst(cell);

		if (gone->live == NULL)
			continue;
		if (gone->relid == gone->live->att.relation)
			note(gone->live, "drop", gone->name, NULL);
		else if (!gone->live->gone)
			note(gone->live, "drop", gone->name, relation_name(gone->live->att.relation));
	}
}

static void
require_event(FunctionCallInfo fcinfo, const char *function, const char *event)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo) || strcmp(((EventTriggerData *) fcinfo->context)->event, event) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by event trigger manager for %s", function, event)));
}

Datum
certdata_guard_drops(PG_FUNCTION_ARGS)
{
	List	   *list;
	List	   *tables;

	require_event(fcinfo, "guard_drops", "sql_drop");
	list = attached_now();
	if (list == NIL)
		PG_RETURN_NULL();
	tables = dropped_tables(list);
	record_drops(tables);
	end_attachments(list);
	PG_RETURN_NULL();
}

/* ---- partitions that leave ---- */

static void
record_leaving_partition(List *list, const RangeVar *name)
{
	Oid			relid = RangeVarGetRelid(name, NoLock, true);
	Relation	rel = OidIsValid(relid) ? try_relation_open(relid, AccessShareLock) : NULL;
	pg_uuid_t	id;
	Live	   *live;

	if (rel == NULL)
		return;
	if (attachment_id(rel, &id) && (live = find_live(list, &id, InvalidOid)) != NULL)
		note(live, "partition", relation_name(relid), relation_name(live->att.relation));
	relation_close(rel, NoLock);
}

static List *
left_by(const CollectedCommand *command)
{
	List	   *names = NIL;
	ListCell   *cell;

	if (command->type != SCT_AlterTable)
		return NIL;
	foreach(cell, command->d.alterTable.subcmds)
	{
		AlterTableCmd *part = (AlterTableCmd *) ((CollectedATSubcmd *) lfirst(cell))->parsetree;

		if (IsA(part, AlterTableCmd) &&
			(part->subtype == AT_DetachPartition || part->subtype == AT_DetachPartitionFinalize))
			names = lappend(names, ((PartitionCmd *) part->def)->name);
	}
	return names;
}

Datum
certdata_guard_leaving(PG_FUNCTION_ARGS)
{
	List	   *list;
	List	   *names = NIL;
	MemoryContext mine = CurrentMemoryContext;
	ListCell   *cell;

	require_event(fcinfo, "guard_leaving", "ddl_command_end");
	list = attached_now();
	if (list == NIL)
		PG_RETURN_NULL();
	ask("SELECT d.command FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
		" WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(mine);
		bool		isnull;
		Datum		command = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);

		names = list_concat(names, left_by((CollectedCommand *) DatumGetPointer(command)));
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	foreach(cell, names)
		record_leaving_partition(list, lfirst(cell));
	PG_RETURN_NULL();
}
