/*
 * settings.c
 *	  Changes of rules, scope and calendar, recorded: an act for each statement,
 *	  an entry for each row, with the row before and after.
 *
 * Certificates were judged by what these tables said, so who changed them is
 * part of what can be traced (第十三条).
 */
#include "certdata.h"

#include "access/tableam.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/record.h"
#include "ledger/settings.h"

PG_FUNCTION_INFO_V1(certdata_record_settings);

/* 43_settings.sql has the same list. */
static const char *const settings_table[] = {
	"rule_setting", "category_setting", "level_letter", "organisation", "organisation_name",
	"filing", "scope", "calendar_day_setting", "calendar_year_setting", "period_setting"
};

void
settings_wait(void)
{
	for (int i = 0; i < lengthof(settings_table); i++)
		LockRelationOid(own_relation(settings_table[i]), ShareRowExclusiveLock);
}

/* ---- restores ---- */

/* Was a number ever drawn?  Starting a ledger draws one; a dump sets the sequence. */
static bool
numbers_are_drawn(void)
{
	LOCAL_FCINFO(fcinfo, 1);
	SavedUser	saved;

	InitFunctionCallInfoData(*fcinfo, NULL, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = ObjectIdGetDatum(own_relation("ledger_act_id"));
	fcinfo->args[0].isnull = false;
	owner_begin(&saved);
	(void) pg_sequence_last_value(fcinfo);
	owner_end(&saved);
	return !fcinfo->isnull;
}

/*
 * A restore fills these tables after the ledger's, or before or in between,
 * where the triggers are already: it inserts, into a ledger that is another
 * cluster's or database's so far, or not complete yet.  What is inserted then
 * is let through; what changes or removes rows no restore does.
 */
static bool
is_restored(const Ledger *ledger)
{
	static const pg_uuid_t none;

	return !ledger->here || memcmp(&ledger->id, &none, UUID_LEN) == 0 || !numbers_are_drawn();
}

/* ---- one statement ---- */

typedef struct Change
{
	const TriggerData *trigger;
	const char *operation;
	MemoryContext row_context;
	int64		id;
	EntryWriter *writer;		/* NULL: no row so far */
} Change;

static void
append_row(StringInfo json, TupleTableSlot *slot)
{
	if (slot == NULL)
		appendStringInfoString(json, "null");
	else
	{
		Datum		row = ExecFetchSlotHeapTupleDatum(slot);

		appendStringInfoString(json, TextDatumGetCString(DirectFunctionCall1(row_to_json, row)));
	}
}

static void
record_row(Change *change, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	StringInfoData json;
	StringInfoData text;
	Commitments made;
	EntryRow	row = {.has_old = true, .salts_len = CD_SALT_LEN, .commitments_len = CD_HASH_LEN};
	Jsonb	   *jsonb;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"old\": ");
	append_row(&json, old_row);
	appendStringInfoString(&json, ", \"new\": ");
	append_row(&json, new_row);
	appendStringInfoChar(&json, '}');
	row.old_values = DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
	jsonb = DatumGetJsonbP(row.old_values);
	initStringInfo(&text);
	(void) JsonbToCString(&text, &jsonb->root, VARSIZE(jsonb));
	commit_values(NULL, (cd_value) {text.data, text.len}, &made);
	row.salts = made.salts;
	row.commitments = made.commitments;
	entries_add(change->writer, &row);
}

/* The first row begins the act. */
static void
add_row(Change *change, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	MemoryContext old;

	CHECK_FOR_INTERRUPTS();
	if (change->writer == NULL)
	{
		(void) ledger_require_here();
		change->id = ledger_number();
		change->writer = entries_open(change->id);
	}
	old = MemoryContextSwitchTo(change->row_context);
	record_row(change, old_row, new_row);
	MemoryContextSwitchTo(old);
	MemoryContextReset(change->row_context);
}

/* Transition tables: those of an UPDATE have the same rows in the same order. */
static void
add_transitions(Change *change)
{
	Tuplestorestate *olds = change->trigger->tg_oldtable;
	Tuplestorestate *news = change->trigger->tg_newtable;
	TupleDesc	desc = RelationGetDescr(change->trigger->tg_relation);
	TupleTableSlot *old_row = olds ? MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple) : NULL;
	TupleTableSlot *new_row = news ? MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple) : NULL;

	if (olds != NULL)
		tuplestore_rescan(olds);
	if (news != NULL)
		tuplestore_rescan(news);
	while ((olds == NULL || tuplestore_gettupleslot(olds, true, false, old_row)) &&
		   (news == NULL || tuplestore_gettupleslot(news, true, false, new_row)))
		add_row(change, old_row, new_row);
	if (old_row != NULL)
		ExecDropSingleTupleTableSlot(old_row);
	if (new_row != NULL)
		ExecDropSingleTupleTableSlot(new_row);
}

/* All rows there are: TRUNCATE has its lock already, and asks no snapshot either. */
static void
add_all(Change *change)
{
	Relation	rel = change->trigger->tg_relation;
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TableScanDesc scan = BEGIN_TABLE_SCAN(rel, snapshot);
	TupleTableSlot *slot = table_slot_create(rel, NULL);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		add_row(change, slot, NULL);
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
}

static void
end_change(Change *change)
{
	static const Attachment anybody;
	static const Act plain;
	Relation	rel = change->trigger->tg_relation;
	Statement	said;
	ActRow		row = {.id = change->id, .kind = "settings", .has_detail = true};

	if (change->writer == NULL)
		return;
	row.entries = entries_close(change->writer);
	row.detail = act_detail("table", quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)),
																RelationGetRelationName(rel)),
							"operation", change->operation, NULL);
	statement_read(&anybody, &plain, &said);
	act_said(&row, &said);
	(void) act_write(&row);
}

/* ---- the trigger ---- */

/* Which operation it is; NULL: the trigger is none of 43_settings.sql. */
static const char *
operation_of(const TriggerData *trigger)
{
	TriggerEvent event = trigger->tg_event;
	bool		olds = trigger->tg_oldtable != NULL;
	bool		news = trigger->tg_newtable != NULL;

	if (!TRIGGER_FIRED_FOR_STATEMENT(event))
		return NULL;
	if (TRIGGER_FIRED_BEFORE(event))
		return TRIGGER_FIRED_BY_TRUNCATE(event) ? "truncate" : NULL;
	if (TRIGGER_FIRED_BY_INSERT(event))
		return news ? "insert" : NULL;
	if (TRIGGER_FIRED_BY_UPDATE(event))
		return olds && news ? "update" : NULL;
	return TRIGGER_FIRED_BY_DELETE(event) && olds ? "delete" : NULL;
}

static const TriggerData *
settings_trigger(FunctionCallInfo fcinfo, const char **operation)
{
	const TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "record_settings")));
	*operation = operation_of(trigger);
	if (*operation == NULL)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg_internal(zh ? "函数“%s”由并非 certdata 建立的触发器调用" :
								 "function \"%s\" was fired by a trigger that certdata did not make", "record_settings"),
				 errhint("%s", zh ? "删除该触发器。" : "Drop the trigger.")));
	}
	return trigger;
}

Datum
certdata_record_settings(PG_FUNCTION_ARGS)
{
	Change		change = {0};
	const Ledger *ledger;

	change.trigger = settings_trigger(fcinfo, &change.operation);
	ledger = ledger_get();
	if (ledger == NULL)
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(change.trigger->tg_event) && is_restored(ledger))
		return PointerGetDatum(NULL);
	change.row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata settings row",
											   ALLOCSET_SMALL_SIZES);
	if (TRIGGER_FIRED_BY_TRUNCATE(change.trigger->tg_event))
		add_all(&change);
	else
		add_transitions(&change);
	end_change(&change);
	MemoryContextDelete(change.row_context);
	return PointerGetDatum(NULL);
}
