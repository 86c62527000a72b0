/*
 * insert.c
 *	  New rows of attached tables.
 *
 * Every row is seen once, and COPY keeps its multi-insert path.  What the
 * column types proved is not checked again.  Numbers in use are the unique
 * index's business; those that were used once, or are in another table of the
 * register, are found in certdata.life.
 */
#include "certdata.h"

#include "catalog/pg_trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "guard/act.h"
#include "guard/announce.h"
#include "guard/rows.h"

PG_FUNCTION_INFO_V1(certdata_guard_begin);
PG_FUNCTION_INFO_V1(certdata_guard_columns);
PG_FUNCTION_INFO_V1(certdata_guard_row);
PG_FUNCTION_INFO_V1(certdata_guard_insert);

/* Carries the mapping in its column list (attachment.c); there is nothing to do. */
Datum
certdata_guard_columns(PG_FUNCTION_ARGS)
{
	return PointerGetDatum(NULL);
}

/* Its WHEN sees the rows, and is never true. */
Datum
certdata_guard_row(PG_FUNCTION_ARGS)
{
	return PointerGetDatum(NULL);
}

/* What is known of numbers, now. */
void
inserting_look_back(Inserting *in)
{
	const Attachment *att = in->rows.att;

	/* rows may have gone while the table was detached, their lives have not */
	in->look_up = att->shared || att->again || life_has_reserved(att);
	/* of a number that was used before, the ledger knows an entry */
	in->fresh = !in->applied && !att->again && !life_has_withdrawn(att);
}

void
inserting_say(Inserting *in, const Attachment *att, Relation rel, const Act *act)
{
	if (!in->applied)
		statement_require_actor(att, rel);
	statement_read(att, act, &in->statement);
}

/* The rows are known: what they are recorded as. */
void
inserting_as(Inserting *in, const Act *act)
{
	in->rows.recorded = (RecordedAct)
	{
		.id = act->id, .statement_id = act->statement_id, .kind = in->applied ? "apply" : "insert",
			.said = &in->statement
	};
	inserting_look_back(in);
}

void
inserting_begin(Inserting *in, const Attachment *att, Relation rel, const Act *act, bool applied)
{
	in->applied = applied;
	in->former = NULL;
	inserting_say(in, att, rel, act);
	rows_begin(&in->rows, att, rel, in->statement.excused);
	inserting_as(in, act);
}

/*
 * The number may be reserved, or in use in another table of the register; if
 * it is new to the register, note that it is in use.
 */
static void
use_number(Inserting *in, const cd_certno *no)
{
	Life		life;

	if (life_find(rows_life(&in->rows), in->rows.att, no, &life) ||
		(!in->applied && in->rows.att->again && rows_items(&in->rows, no) != 0))
	{
		if (!in->applied)
			rows_find(&in->rows, CD_RULE_NO_USED);
	}
	else if (in->rows.att->shared)
		life_put(rows_life(&in->rows), &life);
}

/* A life begins, or goes on under this number. */
void
inserting_record(Inserting *in, const cd_text field[CD_NFIELDS], const cd_record *rec, unsigned typed)
{
	Rows	   *rows = &in->rows;
	cd_text		image[CD_NFIELDS];
	cd_certno	no;
	bool		has_no = rec->has_no;
	RecordedEntry entry = {.begins = true, .fresh = in->fresh, .former = in->former, .image = image};

	image_of(field, rec, typed, &rows->room, image);
	no = rec->no;
	if (!has_no)
		has_no = number_of_text(field[CD_CERT_NO], &no);
	entry.no = has_no ? &no : NULL;
	if (in->former != NULL)
	{
		entry.changed = 1 << CD_CERT_NO;
		entry.old_name = cd_field_name[CD_CERT_NO];
		entry.old_value = number_string(in->former);
	}
	rows_record(rows, &entry);
}

void
inserting_row(Inserting *in)
{
	Rows	   *rows = &in->rows;
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;

	rows->row_no++;
	pass_count(rows->pass);
	source_read(&rows->source, rows->slot, field, &rec, &typed);
	pass_check(rows->pass, field, rows->source.fields, typed, &rec, pass_findings(rows->pass));
	if (in->applied)
		pass_findings(rows->pass)->n = 0;
	if (in->look_up && rec.has_no)
		use_number(in, &rec.no);
	if (!in->applied && rows->att->state_attnum > 0 && !rows->slot->tts_isnull[rows->att->state_attnum - 1])
		rows_find(rows, CD_RULE_STATE_COLUMN);
	if (pass_findings(rows->pass)->n > 0)
		pass_judge(rows->pass, rows->row_no, field, typed, rec.date, NULL);
	if (pass_counts(rows->pass)->rejected == 0)
		inserting_record(in, field, &rec, typed);
}

/* The first copy of a table that is being subscribed to. */
bool
is_first_copy(void)
{
	return IsLogicalWorker() && certdata_on_apply == CERTDATA_APPLY_RECORD;
}

/* ---- triggers ---- */

/* Tables that 0.5.0 attached have a transition table instead of a row trigger. */
static bool
has_new_table(Relation rel)
{
	for (int i = 0; i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgnewtable != NULL && TRIGGER_FOR_INSERT(trigger->tgtype) && trigger->tgnargs == 1 &&
			get_func_namespace(trigger->tgfoid) == certdata_schema())
			return true;
	}
	return false;
}

Datum
certdata_guard_begin(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_begin", TRIGGER_EVENT_BEFORE);
	Relation	rel = trigger->tg_relation;
	Act			act = announce(att, RelationGetRelid(rel), trigger->tg_event);

	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event) && !has_new_table(rel))
		coming_begin(att, rel, &act);
	return PointerGetDatum(NULL);
}

/* All rows at once. */
static void
take_table(const Attachment *att, TriggerData *trigger, const Act *act)
{
	Inserting	in;

	inserting_begin(&in, att, trigger->tg_relation, act, is_first_copy());
	in.rows.expected = tuplestore_tuple_count(trigger->tg_newtable);
	tuplestore_rescan(trigger->tg_newtable);
	/* a tuple read back from disk is the slot's, so not of the row's context */
	while (tuplestore_gettupleslot(trigger->tg_newtable, true, false, in.rows.slot))
	{
		MemoryContext old = MemoryContextSwitchTo(in.rows.row_context);

		CHECK_FOR_INTERRUPTS();
		inserting_row(&in);
		MemoryContextSwitchTo(old);
		MemoryContextReset(in.rows.row_context);
	}
	rows_end(&in.rows);
}

Datum
certdata_guard_insert(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_insert", TRIGGER_EVENT_INSERT);
	Relation	rel = trigger->tg_relation;
	Act			act = announcement_end(att, RelationGetRelid(rel), trigger->tg_event);

	if (trigger->tg_newtable != NULL)
		take_table(att, trigger, &act);
	else
		coming_end(rel);
	return PointerGetDatum(NULL);
}
