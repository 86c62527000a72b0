/*
 * rows.c
 *	  One pass over the changed rows of a statement.
 */
#include "certdata.h"

#include "executor/executor.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "errors.h"
#include "guard/rows.h"

/* BEFORE and ROW are bits of the event, the operations numbers. */
static bool
is_event(const TriggerData *trigger, TriggerEvent event)
{
	if (event == TRIGGER_EVENT_BEFORE)
		return TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event);
	if (event == TRIGGER_EVENT_ROW)
		return TRIGGER_FIRED_AFTER(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event);
	if ((trigger->tg_event & TRIGGER_EVENT_OPMASK) != event || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		return false;
	switch (event)
	{
		case TRIGGER_EVENT_INSERT:
			return true;		/* rows may come one by one */
		case TRIGGER_EVENT_UPDATE:
			return trigger->tg_oldtable != NULL && trigger->tg_newtable != NULL;
		case TRIGGER_EVENT_DELETE:
			return trigger->tg_oldtable != NULL;
		default:
			return TRIGGER_FIRED_BEFORE(trigger->tg_event);
	}
}

const Attachment *
guard_trigger(FunctionCallInfo fcinfo, const char *name, TriggerEvent event)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", name)));
	if (!is_event(trigger, event))
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg_internal(zh ? "函数“%s”由并非 certdata.attach() 建立的触发器调用" :
								 "function \"%s\" was fired by a trigger that certdata.attach() did not make", name),
				 errhint("%s", zh ? "删除该触发器，使用 certdata.attach()。" : "Drop the trigger, and use certdata.attach().")));
	}
	att = attachment_require(trigger->tg_relation);
	return att;
}

static void
no_cell(void *arg, const cd_finding *finding, int64 row_no, char *out)
{
	out[0] = '\0';
}

static cd_text
proved_value(void *arg, cd_field field)
{
	Rows	   *rows = arg;
	char	   *text = source_text(&rows->source, rows->slot, field);

	return (cd_text) {text, text ? strlen(text) : 0};
}

void
rows_open(Rows *rows, const Attachment *att, Relation rel)
{
	memset(rows, 0, sizeof(*rows));
	rows->att = att;
	rows->rel = rel;
	rows->context = CurrentMemoryContext;
	attachment_source(att, rel, &rows->source);
	rows->row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row",
											  ALLOCSET_DEFAULT_SIZES);
}

void
rows_judge(Rows *rows, int excused, bool report)
{
	PassNames	names = {.arg = rows, .cell = no_cell, .value = proved_value};
	CheckRules	rules = {.attachment = &rows->att->id, .profile = rows->att->profile, .excused = excused};
	MemoryContext old = MemoryContextSwitchTo(rows->context);

	rows->desc = report ? finding_row_desc() : NULL;
	rows->pass = pass_begin(CurrentMemoryContext, rows->desc, false, &names, &rules);
	MemoryContextSwitchTo(old);
}

void
rows_see_now(void)
{
	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
}

void
rows_begin(Rows *rows, const Attachment *att, Relation rel, int excused)
{
	rows_open(rows, att, rel);
	rows_see_now();
	rows->slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	rows_judge(rows, excused, true);
}

void
rows_end(Rows *rows)
{
	Tuplestorestate *findings = pass_end(rows->pass);

	if (pass_counts(rows->pass)->rejected > 0)
		refuse_rows(rows->pass, findings, rows->desc, rows->rel);
	if (rows->life != NULL)
		life_close(rows->life);
	if (rows->recorder != NULL)
		recording->end(rows->recorder);
	warn_of_rows(rows->pass, rows->rel);
	if (findings != NULL)
		tuplestore_end(findings);
	if (rows->slot != NULL)
		ExecDropSingleTupleTableSlot(rows->slot);
	MemoryContextDelete(rows->row_context);
	PopActiveSnapshot();
}

LifeTable *
rows_life(Rows *rows)
{
	MemoryContext old;

	if (rows->life != NULL)
		return rows->life;
	old = MemoryContextSwitchTo(rows->context);
	rows->life = life_open();
	life_target(rows->life, rows->rel);
	life_expect(rows->life, rows->att, rows->expected);
	MemoryContextSwitchTo(old);
	return rows->life;
}

/* The act begins; NULL: nothing is recorded. */
static Recorder *
recorder_of(Rows *rows)
{
	if (!rows->recording)
	{
		MemoryContext old = MemoryContextSwitchTo(rows->context);

		rows->recorder = recording->begin(rows->att, rows->rel, &rows->recorded);
		rows->recording = true;
		MemoryContextSwitchTo(old);
	}
	return rows->recorder;
}

void
rows_record(Rows *rows, const RecordedEntry *entry)
{
	Recorder   *recorder = recorder_of(rows);

	if (recorder != NULL)
		recording->entry(recorder, entry);
}

int
rows_items(Rows *rows, const cd_certno *no)
{
	Recorder   *recorder = recorder_of(rows);

	return recorder != NULL ? recording->items(recorder, rows->row_no, no) : 0;
}

cd_finding *
rows_find(Rows *rows, cd_rule_id rule)
{
	return cd_find(pass_findings(rows->pass), rule, CD_CERT_NO);
}
