/*
 * trigger.c
 *	  check_new_rows(): all record rules on what a statement wrote.
 *
 * New rows are judged as they come (stream.c), changed ones, and new ones of a
 * trigger that has a transition table, from that.  Either way every row is
 * seen once and COPY keeps its multi-insert path.  What the column types
 * proved is not checked again.  Repeated numbers are a unique index's
 * business, which sees the other rows of the table, too.
 */
#include "certdata.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "check/check.h"
#include "check/stream.h"

PG_FUNCTION_INFO_V1(certdata_check_new_rows);

/* Rows of one statement. */
typedef struct NewRows
{
	Source		source;
	TupleTableSlot *slot;		/* row at hand; NULL: none that is reported */
	TupleDesc	desc;			/* of findings */
	MemoryContext row_context;	/* reset for each row */
	Pass	   *pass;
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

pg_noreturn static void
refuse_use(const char *detail)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg_internal(zh ? "函数“%s”须由 AFTER INSERT 或 UPDATE、FOR EACH STATEMENT、带过渡表的触发器调用" :
							 "function \"%s\" must be fired AFTER INSERT or UPDATE, FOR EACH STATEMENT, with a transition table",
							 "check_new_rows"),
			 detail == NULL ? 0 : errdetail_internal("%s", detail),
			 errhint("%s", zh ? "SELECT certdata.check_inserts('表名') 建立 INSERT 和 COPY 的触发器。UPDATE：CREATE TRIGGER ... AFTER UPDATE ON ... REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();" :
					 "SELECT certdata.check_inserts('table') makes the triggers for INSERT and COPY. For UPDATE: CREATE TRIGGER ... AFTER UPDATE ON ... REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();")));
}

static NewRows *
new_rows_begin(Relation rel, bool report)
{
	NewRows    *rows = palloc0(sizeof(NewRows));
	PassNames	names = {.arg = rows, .cell = ordinal, .value = proved_value};

	relation_fields(rel, &rows->source);
	rows->source.desc = CreateTupleDescCopy(rows->source.desc);
	rows->desc = report ? finding_row_desc() : NULL;
	rows->pass = pass_begin(CurrentMemoryContext, rows->desc, false, &names, NULL);
	rows->row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row", ALLOCSET_DEFAULT_SIZES);
	return rows;
}

static void
check_row(NewRows *rows, int64 row_no)
{
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;

	source_read(&rows->source, rows->slot, field, &rec, &typed);
	pass_row(rows->pass, row_no, field, rows->source.fields, typed, &rec);
}

/* A row that the statement has just inserted; one with findings is looked at again in the end. */
static void
take_row(Stream *stream, TupleTableSlot *slot)
{
	NewRows    *rows = stream->state;
	MemoryContext old = MemoryContextSwitchTo(stream->memory);
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;

	if (rows == NULL)
	{
		Relation	rel = table_open(stream->relation, NoLock);

		stream_refuse_others(rel);
		rows = stream->state = new_rows_begin(rel, false);
		table_close(rel, NoLock);
	}
	MemoryContextSwitchTo(rows->row_context);
	source_read(&rows->source, slot, field, &rec, &typed);
	pass_check(rows->pass, field, rows->source.fields, typed, &rec, pass_findings(rows->pass));
	if (pass_findings(rows->pass)->n > 0)
		stream_keep(stream, slot);
	pass_findings(rows->pass)->n = 0;
	MemoryContextSwitchTo(old);
	MemoryContextReset(rows->row_context);
}

/* What triggers before this one have done to filings or settings counts. */
static void
judge_rows(TriggerData *trigger, Stream *stream)
{
	Relation	rel = trigger->tg_relation;
	Tuplestorestate *findings;
	int64		row_no = 0;
	NewRows    *rows;

	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
	rows = new_rows_begin(rel, true);
	rows->slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	if (stream == NULL)
		tuplestore_rescan(trigger->tg_newtable);
	/* a tuple read back from disk is the slot's, so not of the row's context */
	while (stream == NULL ? tuplestore_gettupleslot(trigger->tg_newtable, true, false, rows->slot) :
		   stream_next(stream, rows->slot, &row_no))
	{
		MemoryContext old = MemoryContextSwitchTo(rows->row_context);

		CHECK_FOR_INTERRUPTS();
		check_row(rows, stream == NULL ? ++row_no : row_no);
		MemoryContextSwitchTo(old);
		MemoryContextReset(rows->row_context);
	}
	if (stream != NULL)
		pass_seen(rows->pass, stream->rows);
	findings = pass_end(rows->pass);
	if (pass_counts(rows->pass)->rejected > 0)
		refuse_rows(rows->pass, findings, rows->desc, rel);
	warn_of_rows(rows->pass, rel);
	tuplestore_end(findings);
	ExecDropSingleTupleTableSlot(rows->slot);
	PopActiveSnapshot();
}

/* Rows that come one by one have three triggers: one of the set alone would judge nothing. */
static void
require_all(FunctionCallInfo fcinfo, TriggerData *trigger, bool begun)
{
	Oid			function = fcinfo->flinfo->fn_oid;

	if (!begun || !stream_trigger(trigger->tg_relation, function, true) ||
		!stream_trigger(trigger->tg_relation, function, false))
		refuse_use(certdata_lang_zh() ? "不带过渡表时需要三个触发器，现在缺失或未全部启用。" :
				   "Without a transition table it takes three triggers, which are not all there and enabled.");
}

static void
begin_stream(FunctionCallInfo fcinfo, TriggerData *trigger)
{
	require_all(fcinfo, trigger, trigger->tg_relation->rd_rel->relkind == RELKIND_RELATION);
	(void) stream_begin(trigger->tg_relation, take_row, NULL);
}

static void
end_stream(FunctionCallInfo fcinfo, TriggerData *trigger)
{
	Stream	   *stream = stream_end(trigger->tg_relation);

	require_all(fcinfo, trigger, stream != NULL);
	if (stream->state != NULL)
		(void) pass_end(((NewRows *) stream->state)->pass);
	if (stream->nkept > 0)
		judge_rows(trigger, stream);
	stream_free(stream);
}

Datum
certdata_check_new_rows(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TriggerEvent event;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "check_new_rows")));
	event = trigger->tg_event;
	if (!TRIGGER_FIRED_FOR_STATEMENT(event))
		refuse_use(NULL);
	if (TRIGGER_FIRED_BEFORE(event) && TRIGGER_FIRED_BY_INSERT(event))
		begin_stream(fcinfo, trigger);
	else if (!TRIGGER_FIRED_AFTER(event))
		refuse_use(NULL);
	else if (trigger->tg_newtable != NULL && (TRIGGER_FIRED_BY_INSERT(event) || TRIGGER_FIRED_BY_UPDATE(event)))
		judge_rows(trigger, NULL);
	else if (TRIGGER_FIRED_BY_INSERT(event))
		end_stream(fcinfo, trigger);
	else
		refuse_use(NULL);
	return PointerGetDatum(NULL);
}
