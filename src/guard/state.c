/*
 * state.c
 *	  Acts on whole certificates: suspend and resume (第十七条), publish,
 *	  withdraw (第十一条); retire.c has the others.
 *
 * Each is one act on one certificate or many, all or nothing: the rows are
 * locked as the caller, then the lives are read, judged and written, then the
 * state column is, if the table has one.
 */
#include "certdata.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "check/reading.h"
#include "check/writing.h"
#include "errors.h"
#include "guard/act.h"
#include "refuse.h"
#include "rule/leaf.h"

PG_FUNCTION_INFO_V1(certdata_suspend);
PG_FUNCTION_INFO_V1(certdata_resume);
PG_FUNCTION_INFO_V1(certdata_publish);
PG_FUNCTION_INFO_V1(certdata_withdraw);

void
state_begin(StateAct *act, FunctionCallInfo fcinfo, const char *kind, int reason, int approval)
{
	Numbers		given;

	memset(act, 0, sizeof(*act));
	act->kind = kind;
	act->rel = act_target(fcinfo, 0, psprintf("certdata.%s()", kind), &act->att);
	given = numbers_arg(fcinfo, 1);
	act->numbers = numbers_sorted(&given);
	act->act.kind = ACT_STATE;
	act->act.reason = reason > 0 ? string_arg(fcinfo, reason) : NULL;
	act->act.approval = approval > 0 ? string_arg(fcinfo, approval) : NULL;
	statement_read(act->att, &act->act, &act->statement);
}

static Recorder *
begin_record(const StateAct *act)
{
	RecordedAct recorded = {
		.kind = act->kind, .said = &act->statement,
		.detail = act->detail, .has_detail = act->has_detail
	};

	return recording->begin(act->att, act->rel, &recorded);
}

/* The image stays what it was; the number goes, if the certificate is withdrawn. */
static void
record_state(Recorder *recorder, const Life *life, bool withdrawn)
{
	RecordedEntry entry = {
		.no = &life->no, .state = state_bits(life) | (withdrawn ? CD_STATE_WITHDRAWN : 0),
		.changed = withdrawn ? 1 << CD_CERT_NO : 0
	};

	if (recorder != NULL)
		recording->entry(recorder, &entry);
}

static void
end_record(Recorder *recorder)
{
	if (recorder != NULL)
		recording->end(recorder);
}

/* The rows are locked: read each life, judge it, write it.  Returns how many changed. */
static int64
change_lives(const StateAct *act, ChangeLife change, const char **shown)
{
	LifeTable  *table = life_open();
	Recorder   *recorder = begin_record(act);
	int64		changed = 0;

	for (int i = 0; i < act->numbers.n; i++)
	{
		Life		life;

		CHECK_FOR_INTERRUPTS();
		(void) life_find(table, act->att, &act->numbers.no[i], &life);
		if (change(act, &life))
		{
			life_put(table, &life);
			record_state(recorder, &life, false);
			changed++;
		}
		if (shown != NULL)
			shown[i] = life.retired ? "retired" : life.suspended ? "suspended" : NULL;
	}
	life_close(table);
	end_record(recorder);
	return changed;
}

static const char *
state_column(const StateAct *act)
{
	return quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(act->rel),
												  act->att->state_attnum - 1)->attname));
}

/* Show in the state column what the lives are now. */
static void
show_states(const StateAct *act, const char *const *shown)
{
	Oid			types[2] = {certno_type(true), TEXTARRAYOID};
	Datum		values[2];
	Parameters	parameters = {.n = 2, .type = types, .value = values};
	int			n = act->numbers.n;
	int			lower = 1;
	Datum	   *words = palloc(sizeof(Datum) * n);
	bool	   *nulls = palloc(sizeof(bool) * n);

	for (int i = 0; i < n; i++)
	{
		nulls[i] = shown[i] == NULL;
		words[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(shown[i]);
	}
	values[0] = PointerGetDatum(numbers_array(&act->numbers));
	values[1] = PointerGetDatum(construct_md_array(words, nulls, 1, &n, &lower, TEXTOID, -1, false,
												   TYPALIGN_INT));
	if (run_act(act->rel, &act->act,
				psprintf("UPDATE %s AS t SET %s = u.word FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u(no, word)"
						 " WHERE %s OPERATOR(pg_catalog.=) u.no RETURNING %s, u.word",
						 relation_name(RelationGetRelid(act->rel)), state_column(act),
						 act_number(act->att, act->rel), act_column(act->rel, act->att->state_attnum)),
				&parameters) != n)
		refuse_interference(act->rel);
}

Datum
state_run(const StateAct *act, ChangeLife change)
{
	const char **shown = palloc(sizeof(char *) * act->numbers.n);
	int64		changed;

	changed = change_lives(act, change, shown);
	if (act->att->state_attnum > 0)
		show_states(act, shown);
	relation_close(act->rel, NoLock);
	return Int64GetDatum(changed);
}

void
refuse_life(const StateAct *act, const Life *life)
{
	refuse_state(act->rel, &life->no, state_of(act->att, life), NULL);
}

Datum
state_lock_and_run(const StateAct *act, ChangeLife change)
{
	lock_numbers(act->att, act->rel, &act->numbers, LOCK_FOR_STATE);
	return state_run(act, change);
}

/* ---- suspend and resume ---- */

/* 第十七条 speaks of the query service, in which a draft is not. */
static bool
suspend(const StateAct *act, Life *life)
{
	if (life->suspended || life->retired || (act->att->by_call && !life->published))
		refuse_life(act, life);
	life->suspended = true;
	return true;
}

static bool
resume(const StateAct *act, Life *life)
{
	if (!life->suspended || life->retired)
		refuse_life(act, life);
	life->suspended = false;
	return true;
}

/* suspend(target, cert_no, reason, approval) */
Datum
certdata_suspend(PG_FUNCTION_ARGS)
{
	StateAct	act;

	state_begin(&act, fcinfo, "suspend", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_STATE_REASON);
	return state_lock_and_run(&act, suspend);
}

/* resume(target, cert_no, reason, approval) */
Datum
certdata_resume(PG_FUNCTION_ARGS)
{
	StateAct	act;

	state_begin(&act, fcinfo, "resume", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_STATE_REASON);
	return state_lock_and_run(&act, resume);
}

/* ---- publish ---- */

static void
require_by_call(const StateAct *act)
{
	bool		zh = certdata_lang_zh();

	if (!act->att->by_call)
		refuse_state(act->rel, &act->numbers.no[0], zh ? "已公布" : "published",
					 zh ? "本表的数据录入即公布（publication => 'always'），只能用 certdata.retire() 删除。" :
					 "Rows of this table are published when they are inserted (publication => 'always'); certdata.retire() deletes them.");
}

/* Again is no error: a call that is repeated after a lost connection does no harm. */
static bool
publish(const StateAct *act, Life *life)
{
	if (life->retired)
		refuse_life(act, life);
	if (life->published)
		return false;
	life->published = true;
	return true;
}

/* publish(target, cert_no) */
Datum
certdata_publish(PG_FUNCTION_ARGS)
{
	StateAct	act;
	int64		changed;

	state_begin(&act, fcinfo, "publish", 0, 0);
	require_by_call(&act);
	lock_numbers(act.att, act.rel, &act.numbers, LOCK_FOR_STATE);
	/* what the state column shows is the same before and after */
	changed = change_lives(&act, publish, NULL);
	relation_close(act.rel, NoLock);
	PG_RETURN_INT64(changed);
}

/* ---- withdraw ---- */

/* No certificate's state is in the way here: it is the table's shape. */
static void
require_nullable_number(const StateAct *act)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(act->rel),
										  act->att->source.attnum[CD_CERT_NO] - 1);
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_STATE, .rule = CD_RULE_STATE_CHANGE, .relation = act->rel,
		.column = NameStr(att->attname)
	};

	if (!att->attnotnull)
		return;
	refusal.message = zh ? "撤回的行让出证书编号，而编号列为 NOT NULL" :
		"a withdrawn row gives its number up, but the column is NOT NULL";
	refusal.hint = psprintf(zh ? "先执行 ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL（主键改为唯一索引）；或者不撤回，直接更正该行。" :
							"ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL first (with a unique index instead of a primary key); or mend the row instead of withdrawing it.",
							relation_name(RelationGetRelid(act->rel)), quote_identifier(NameStr(att->attname)));
	certdata_refuse(&refusal);
}

/* Drafts only; nothing is known of their numbers any more. */
static void
end_lives(const StateAct *act)
{
	LifeTable  *table = life_open();
	Recorder   *recorder = begin_record(act);

	for (int i = 0; i < act->numbers.n; i++)
	{
		Life		life;

		CHECK_FOR_INTERRUPTS();
		(void) life_find(table, act->att, &act->numbers.no[i], &life);
		if (life.published || life.retired)
			refuse_life(act, &life);
		life_remove(table, &life);
		record_state(recorder, &life, true);
	}
	life_close(table);
	end_record(recorder);
}

/* What is left of them is in certdata.withdrawn, written without SPI as life is. */
static void
note_withdrawn(const StateAct *act)
{
	EState	   *estate = CreateExecutorState();
	OwnTable	own;
	TupleTableSlot *slot;
	Datum		reason = CStringGetTextDatum(act->statement.reason);
	Datum		user = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));

	own_table_open(&own, "withdrawn", estate);
	slot = table_slot_create(own.rel, NULL);
	for (int i = 0; i < act->numbers.n; i++)
	{
		ExecClearTuple(slot);
		memset(slot->tts_isnull, 0, sizeof(bool) * RelationGetDescr(own.rel)->natts);
		slot->tts_values[0] = UUIDPGetDatum(&act->att->id);
		slot->tts_values[1] = PointerGetDatum(&act->numbers.no[i]);
		slot->tts_values[2] = reason;
		slot->tts_values[3] = TimestampTzGetDatum(GetCurrentTimestamp());
		slot->tts_values[4] = user;
		ExecStoreVirtualTuple(slot);
		simple_table_tuple_insert(own.rel, slot);
		own_table_index(&own, slot, false);
		ResetPerTupleExprContext(estate);
	}
	ExecDropSingleTupleTableSlot(slot);
	own_table_close(&own);
	FreeExecutorState(estate);
}

/* The numbers leave their rows, which stay. */
static void
take_numbers(const StateAct *act)
{
	AttrNumber	attnum = act->att->source.attnum[CD_CERT_NO];
	Oid			type = certno_type(true);
	Datum		value = PointerGetDatum(numbers_array(&act->numbers));
	Parameters	parameters = {.n = 1, .type = &type, .value = &value};
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s AS t SET %s = NULL", relation_name(RelationGetRelid(act->rel)),
					 quote_identifier(attachment_column(act->att, act->rel, CD_CERT_NO)));
	if (act->att->state_attnum > 0)
		appendStringInfo(&sql, ", %s = 'withdrawn'", state_column(act));
	appendStringInfo(&sql, " WHERE %s OPERATOR(pg_catalog.=) ANY ($1) RETURNING %s, NULL",
					 act_number(act->att, act->rel), act_column(act->rel, attnum));
	if (act->att->state_attnum > 0)
		appendStringInfo(&sql, ", %s, 'withdrawn'", act_column(act->rel, act->att->state_attnum));
	if (run_act(act->rel, &act->act, sql.data, &parameters) != act->numbers.n)
		refuse_interference(act->rel);
}

/* withdraw(target, cert_no, reason): published data is retired, not withdrawn */
Datum
certdata_withdraw(PG_FUNCTION_ARGS)
{
	StateAct	act;

	state_begin(&act, fcinfo, "withdraw", 2, 0);
	statement_require_reason(&act.statement, act.rel, CD_RULE_STATE_REASON);
	require_by_call(&act);
	require_nullable_number(&act);
	lock_numbers(act.att, act.rel, &act.numbers, LOCK_FOR_NUMBER);
	end_lives(&act);
	note_withdrawn(&act);
	take_numbers(&act);
	relation_close(act.rel, NoLock);
	PG_RETURN_INT64(act.numbers.n);
}
