/*
 * update.c
 *	  UPDATE of attached tables, and what would make rows vanish.
 *
 * Old and new rows come in two transition tables, in the same order: pair by
 * pair they are one certificate before and after.  Where they do not pair up,
 * rows have vanished on the way (a user's trigger has swallowed the new half
 * of an update that moves a row to another partition), which is a physical
 * deletion (第十五条).
 */
#include "certdata.h"

#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "errors.h"
#include "guard/announce.h"
#include "guard/protect.h"
#include "guard/rows.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_guard_update);
PG_FUNCTION_INFO_V1(certdata_guard_delete);
PG_FUNCTION_INFO_V1(certdata_guard_truncate);

#define READ_AHEAD 64			/* rows of a statement for which it is worth
								 * the while */

/* The old rows, read a second time. */
typedef struct OldNumbers
{
	const Updating *up;
	Tuplestorestate *rows;
	int			pointer;		/* where it is read */
	TupleTableSlot *slot;
} OldNumbers;

/* A tuple read back from disk is the slot's, so not of the row's context. */
static int
next_numbers(void *arg, int64 skip, RowNumber *number, int max)
{
	OldNumbers *numbers = arg;
	const Rows *rows = &numbers->up->rows;
	MemoryContext old = MemoryContextSwitchTo(rows->context);
	int			n = 0;

	tuplestore_select_read_pointer(numbers->rows, numbers->pointer);
	if (skip > 0)
		(void) tuplestore_skiptuples(numbers->rows, skip, true);
	while (n < max && tuplestore_gettupleslot(numbers->rows, true, false, numbers->slot))
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(rows->row_context);
		number[n].known = number_of_row(numbers->up, numbers->slot, &number[n].no);
		n++;
		MemoryContextSwitchTo(rows->context);
	}
	tuplestore_select_read_pointer(numbers->rows, 0);
	MemoryContextSwitchTo(old);
	return n;
}

/* Numbers that change are looked up as they come. */
static void
read_ahead(OldNumbers *numbers, Updating *up, Tuplestorestate *rows)
{
	numbers->slot = NULL;
	if (up->rows.expected < READ_AHEAD || up->act.kind == ACT_RENUMBER || up->act.kind == ACT_RENUMBER_ASIDE)
		return;
	numbers->up = up;
	numbers->rows = rows;
	numbers->pointer = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	numbers->slot = MakeSingleTupleTableSlot(RelationGetDescr(up->rows.rel), &TTSOpsMinimalTuple);
	tuplestore_select_read_pointer(rows, numbers->pointer);
	tuplestore_rescan(rows);
	tuplestore_select_read_pointer(rows, 0);
	up->rows.recorded.numbers = next_numbers;
	up->rows.recorded.numbers_arg = numbers;
}

Datum
certdata_guard_update(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_update", TRIGGER_EVENT_UPDATE);
	Relation	rel = trigger->tg_relation;
	Act			act = announcement_end(att, RelationGetRelid(rel), trigger->tg_event);
	int64		olds = tuplestore_tuple_count(trigger->tg_oldtable);
	int64		news = tuplestore_tuple_count(trigger->tg_newtable);
	OldNumbers	numbers;
	Updating	up;

	if (olds != news)
		refuse_deletion(att, rel, Max(olds - news, 1), NULL, "UPDATE");
	if (act.gone.n > 0)
		require_moved(att, trigger, &act.gone);
	if (olds == 0)
		return PointerGetDatum(NULL);
	updating_begin(&up, att, rel, &act, false);
	up.rows.expected = news;
	tuplestore_select_read_pointer(trigger->tg_oldtable, 0);
	tuplestore_rescan(trigger->tg_oldtable);
	read_ahead(&numbers, &up, trigger->tg_oldtable);
	tuplestore_rescan(trigger->tg_newtable);
	while (tuplestore_gettupleslot(trigger->tg_oldtable, true, false, up.old) &&
		   tuplestore_gettupleslot(trigger->tg_newtable, true, false, up.rows.slot))
	{
		MemoryContext old = MemoryContextSwitchTo(up.rows.row_context);

		CHECK_FOR_INTERRUPTS();
		updating_row(&up);
		MemoryContextSwitchTo(old);
		MemoryContextReset(up.rows.row_context);
	}
	updating_end(&up);
	if (numbers.slot != NULL)
		ExecDropSingleTupleTableSlot(numbers.slot);
	return PointerGetDatum(NULL);
}

/* rows: how many, 0: not known; first: one of them, or NULL */
void
refuse_deletion(const Attachment *att, Relation rel, int64 rows, TupleTableSlot *first, const char *command)
{
	cd_finding	finding = {.rule = CD_RULE_DELETION_PHYSICAL, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_DELETION, .rule = CD_RULE_DELETION_PHYSICAL, .relation = rel
	};
	bool		zh = certdata_lang_zh();
	char	   *number = NULL;

	if (first != NULL)
	{
		Source		source;

		attachment_source(att, rel, &source);
		number = source_text(&source, first, CD_CERT_NO);
	}
	refusal.message = certdata_message(&finding);
	if (number != NULL)
		refusal.detail = psprintf(zh ? "涉及" INT64_FORMAT "行，第一行的证书编号是“%s”。" :
								  "Rows: " INT64_FORMAT ", the first with number \"%s\".",
								  rows, certdata_shown(CD_CERT_NO, number, strlen(number)));
	else if (rows > 0)
		refusal.detail = psprintf(zh ? "涉及" INT64_FORMAT "行。" : "Rows: " INT64_FORMAT ".", rows);
	refusal.hint = certdata_hint(&finding);
	attempt_refused(ATTEMPT_DELETE, rel == NULL ? "" : psprintf("table %s", relation_name(RelationGetRelid(rel))), command);
	certdata_refuse(&refusal);
}

/* A DELETE that finds no row deletes none: a cascade to nothing, for example. */
Datum
certdata_guard_delete(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_delete", TRIGGER_EVENT_DELETE);
	Relation	rel = trigger->tg_relation;
	TupleTableSlot *slot;

	(void) announcement_end(att, RelationGetRelid(rel), trigger->tg_event);
	if (tuplestore_tuple_count(trigger->tg_oldtable) == 0)
		return PointerGetDatum(NULL);
	slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	tuplestore_rescan(trigger->tg_oldtable);
	(void) tuplestore_gettupleslot(trigger->tg_oldtable, true, false, slot);
	refuse_deletion(att, rel, tuplestore_tuple_count(trigger->tg_oldtable), slot, "DELETE");
}

Datum
certdata_guard_truncate(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_truncate", TRIGGER_EVENT_TRUNCATE);

	/*
	 * what maintenance covers object access has let through already, if
	 * preloaded
	 */
	if (maintenance_open() == 0)
		refuse_deletion(att, trigger->tg_relation, 0, NULL, "TRUNCATE TABLE");
	attempt_object(ATTEMPT_TRUNCATE, RelationRelationId, RelationGetRelid(trigger->tg_relation), 0);
	return PointerGetDatum(NULL);
}
