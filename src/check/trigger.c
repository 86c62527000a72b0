/*
 * trigger.c
 *	  check_new_rows(): all record rules on what a statement wrote.
 *
 * A statement trigger with a transition table sees every row once and leaves
 * COPY its multi-insert path.  What the column types proved is not checked
 * again.  Repeated numbers are a unique index's business, which sees the
 * other rows of the table, too.
 */
#include "certdata.h"

#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "check/check.h"

PG_FUNCTION_INFO_V1(certdata_check_new_rows);

typedef struct NewRows
{
	Source		source;
	TupleTableSlot *slot;
} NewRows;

static void
ordinal(void *arg, const cd_finding *finding, int64 row_no, char *out)
{
	out[0] = '\0';
}

static cd_text
proved_value(void *arg, cd_field field)
{
	NewRows    *rows = arg;
	char	   *text = source_text(&rows->source, rows->slot, field);

	return (cd_text) {text, text ? strlen(text) : 0};
}

static void
check_trigger_use(FunctionCallInfo fcinfo, TriggerData *trigger)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "check_new_rows")));
	if (!TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) ||
		!(TRIGGER_FIRED_BY_INSERT(trigger->tg_event) || TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)) ||
		trigger->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired AFTER INSERT or UPDATE, FOR EACH STATEMENT, with a transition table",
						"check_new_rows"),
				 errhint("CREATE TRIGGER ... AFTER INSERT ON ... REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();")));
}

static void
check_row(Pass *pass, NewRows *rows, int64 row_no)
{
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;

	source_read(&rows->source, rows->slot, field, &rec, &typed);
	pass_row(pass, row_no, field, rows->source.fields, typed, &rec);
}

Datum
certdata_check_new_rows(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	NewRows		rows;
	PassNames	names = {.arg = &rows, .cell = ordinal, .value = proved_value};
	TupleDesc	desc = finding_row_desc();
	MemoryContext row_context;
	Pass	   *pass;
	Tuplestorestate *findings;
	int64		row_no = 0;

	check_trigger_use(fcinfo, trigger);
	relation_fields(trigger->tg_relation, &rows.source);
	/* what triggers before this one have done to filings or settings counts */
	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
	rows.slot = MakeSingleTupleTableSlot(RelationGetDescr(trigger->tg_relation), &TTSOpsMinimalTuple);
	pass = pass_begin(CurrentMemoryContext, desc, false, &names, NULL);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row", ALLOCSET_DEFAULT_SIZES);
	tuplestore_rescan(trigger->tg_newtable);
	/* a tuple read back from disk is the slot's, so not of the row's context */
	while (tuplestore_gettupleslot(trigger->tg_newtable, true, false, rows.slot))
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);

		CHECK_FOR_INTERRUPTS();
		check_row(pass, &rows, ++row_no);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
	findings = pass_end(pass);
	if (pass_counts(pass)->rejected > 0)
		refuse_rows(pass, findings, desc, trigger->tg_relation);
	warn_of_rows(pass, trigger->tg_relation);
	tuplestore_end(findings);
	ExecDropSingleTupleTableSlot(rows.slot);
	PopActiveSnapshot();
	return PointerGetDatum(NULL);
}
