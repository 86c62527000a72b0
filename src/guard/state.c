/*
 * state.c
 *	  Acts on whole certificates: retire and reinstate (第十五条), suspend and
 *	  resume (第十七条), publish, withdraw (第十一条).
 *
 * Each is one act on one certificate or many, all or nothing: the rows are
 * locked as the caller, then the lives are read, judged and written, then the
 * state column is, if the table has one.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_retire);
PG_FUNCTION_INFO_V1(certdata_reinstate);
PG_FUNCTION_INFO_V1(certdata_suspend);
PG_FUNCTION_INFO_V1(certdata_resume);
PG_FUNCTION_INFO_V1(certdata_publish);
PG_FUNCTION_INFO_V1(certdata_withdraw);

typedef struct StateAct
{
	const Attachment *att;
	Relation	rel;
	Numbers		numbers;		/* sorted */
	Act			act;
	Statement	statement;
	bool		has_replaced_by;
	cd_certno	replaced_by;
	int64		changed;
} StateAct;

/* What becomes of a life; false: it stays as it is. */
typedef bool (*ChangeLife) (StateAct *act, Life *life);

static void
begin(StateAct *act, FunctionCallInfo fcinfo, const char *function, int reason, int approval)
{
	Numbers		given;

	memset(act, 0, sizeof(*act));
	act->rel = act_target(fcinfo, function, &act->att);
	given = numbers_arg(fcinfo, 1);
	act->numbers = numbers_sorted(&given);
	act->act.kind = ACT_STATE;
	act->act.reason = reason > 0 ? string_arg(fcinfo, reason) : NULL;
	act->act.approval = approval > 0 ? string_arg(fcinfo, approval) : NULL;
	statement_read(act->att, &act->act, &act->statement);
}

/* Show in the state column what the lives are now. */
static void
show_states(const StateAct *act, const char *const *word)
{
	Oid			types[2] = {certno_type(true), TEXTARRAYOID};
	Datum		values[2];
	Datum	   *words = palloc(sizeof(Datum) * act->numbers.n);
	bool	   *nulls = palloc(sizeof(bool) * act->numbers.n);
	int			dim = act->numbers.n;
	int			lower = 1;
	const char *column;

	if (act->att->state_attnum == 0)
		return;
	column = NameStr(TupleDescAttr(RelationGetDescr(act->rel), act->att->state_attnum - 1)->attname);
	for (int i = 0; i < act->numbers.n; i++)
	{
		nulls[i] = word[i] == NULL;
		words[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(word[i]);
	}
	values[0] = PointerGetDatum(numbers_array(&act->numbers));
	values[1] = PointerGetDatum(construct_md_array(words, nulls, 1, &dim, &lower, TEXTOID, -1, false,
												   TYPALIGN_INT));
	(void) run_act(act->rel, &act->act,
				   psprintf("UPDATE %s AS t SET %s = u.word FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u(no, word)"
							" WHERE %s OPERATOR(pg_catalog.=) u.no",
							relation_name(RelationGetRelid(act->rel)), quote_identifier(column),
							attachment_number_sql(act->att, act->rel)),
				   2, types, values, NULL);
}

static const char *
column_word(const Life *life)
{
	return life->retired ? "retired" : life->suspended ? "suspended" : NULL;
}

static Datum
run(StateAct *act, ChangeLife change)
{
	const char **word = palloc(sizeof(char *) * act->numbers.n);
	LifeTable  *table;

	lock_numbers(act->att, act->rel, &act->numbers);
	table = life_open();
	for (int i = 0; i < act->numbers.n; i++)
	{
		Life		life;

		CHECK_FOR_INTERRUPTS();
		(void) life_find(table, act->att, &act->numbers.no[i], &life);
		if (change(act, &life))
		{
			life_put(table, &life);
			act->changed++;
		}
		word[i] = column_word(&life);
	}
	life_close(table);
	show_states(act, word);
	relation_close(act->rel, NoLock);
	return Int64GetDatum(act->changed);
}

/* ---- retire ---- */

/* 第十五条: in principle, benefits are cancelled before. */
static void
judge_benefits(const StateAct *act)
{
	cd_finding	finding = {.rule = CD_RULE_DELETION_BENEFITS, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_BENEFITS, .rule = CD_RULE_DELETION_BENEFITS, .relation = act->rel
	};
	cd_severity severity;

	if (!settings_judge(settings_copy(&act->att->id), &finding, CD_DATE_NONE, &severity) ||
		(severity == CD_PRINCIPLE && act->statement.excused == CD_RULE_DELETION_BENEFITS))
		return;
	refusal.message = certdata_message(&finding);
	refusal.hint = certdata_hint(&finding);
	if (severity != CD_WARNING)
		certdata_refuse(&refusal);
	ereport(WARNING, (errmsg_internal("%s", refusal.message), errhidestmt(true)));
}

static bool
retire(StateAct *act, Life *life)
{
	bool		zh = certdata_lang_zh();

	if (life->retired)
		refuse_state(act->rel, &life->no, state_of(act->att, life, zh), NULL);
	if (act->att->by_call && !life->published)
		refuse_state(act->rel, &life->no, state_of(act->att, life, zh),
					 zh ? "未公布的数据用 certdata.withdraw() 撤回。" : "Data that is not published is withdrawn: certdata.withdraw().");
	life->retired = true;
	life->has_replaced_by = act->has_replaced_by;
	life->replaced_by = act->replaced_by;
	return true;
}

/* The certificate that takes the place of the retired ones is another one, and there. */
static void
read_replacement(StateAct *act, FunctionCallInfo fcinfo, int i)
{
	Numbers		given;

	if (PG_ARGISNULL(i))
		return;
	given = numbers_arg(fcinfo, i);
	if (given.n != 1 || numbers_have(&act->numbers, &given.no[0]))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("replaced_by must name one certificate that is not retired by the same act")));
	lock_numbers(act->att, act->rel, &given);
	act->has_replaced_by = true;
	act->replaced_by = given.no[0];
}

/* retire(target, cert_no, reason, approval, benefits_cancelled, replaced_by) */
Datum
certdata_retire(PG_FUNCTION_ARGS)
{
	StateAct	act;

	begin(&act, fcinfo, "certdata.retire()", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_DELETION_REASON);
	statement_require_approval(&act.statement, act.att, act.rel, CD_RULE_DELETION_APPROVAL);
	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("benefits_cancelled must not be null"),
				 errhint("It says whether the holder has no benefits tied to the certificate any more.")));
	if (!PG_GETARG_BOOL(4))
		judge_benefits(&act);
	read_replacement(&act, fcinfo, 5);
	return run(&act, retire);
}

/* ---- the others ---- */

static bool
reinstate(StateAct *act, Life *life)
{
	if (!life->retired)
		refuse_state(act->rel, &life->no, state_of(act->att, life, certdata_lang_zh()), NULL);
	life->retired = false;
	life->has_replaced_by = false;
	return true;
}

static bool
suspend(StateAct *act, Life *life)
{
	if (life->suspended || life->retired)
		refuse_state(act->rel, &life->no, state_of(act->att, life, certdata_lang_zh()), NULL);
	life->suspended = true;
	return true;
}

static bool
resume(StateAct *act, Life *life)
{
	if (!life->suspended || life->retired)
		refuse_state(act->rel, &life->no, state_of(act->att, life, certdata_lang_zh()), NULL);
	life->suspended = false;
	return true;
}

/* Again is no error: a call that is repeated after a lost connection does no harm. */
static bool
publish(StateAct *act, Life *life)
{
	if (life->retired)
		refuse_state(act->rel, &life->no, state_of(act->att, life, certdata_lang_zh()), NULL);
	if (life->published)
		return false;
	life->published = true;
	return true;
}

/* reinstate(target, cert_no, reason, approval) */
Datum
certdata_reinstate(PG_FUNCTION_ARGS)
{
	StateAct	act;

	begin(&act, fcinfo, "certdata.reinstate()", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_DELETION_REASON);
	statement_require_approval(&act.statement, act.att, act.rel, CD_RULE_DELETION_APPROVAL);
	return run(&act, reinstate);
}

/* suspend(target, cert_no, reason, approval) */
Datum
certdata_suspend(PG_FUNCTION_ARGS)
{
	StateAct	act;

	begin(&act, fcinfo, "certdata.suspend()", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_STATE_REASON);
	return run(&act, suspend);
}

/* resume(target, cert_no, reason, approval) */
Datum
certdata_resume(PG_FUNCTION_ARGS)
{
	StateAct	act;

	begin(&act, fcinfo, "certdata.resume()", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_STATE_REASON);
	return run(&act, resume);
}

static void
require_by_call(const StateAct *act)
{
	bool		zh = certdata_lang_zh();

	if (!act->att->by_call)
		refuse_state(act->rel, &act->numbers.no[0], zh ? "已公布" : "published",
					 zh ? "本表的数据录入即公布（publication => 'always'），只能用 certdata.retire() 删除。" :
					 "Rows of this table are published when they are inserted (publication => 'always'); certdata.retire() deletes them.");
}

/* publish(target, cert_no) */
Datum
certdata_publish(PG_FUNCTION_ARGS)
{
	StateAct	act;

	begin(&act, fcinfo, "certdata.publish()", 0, 0);
	require_by_call(&act);
	return run(&act, publish);
}

/* ---- withdraw ---- */

static void
require_nullable_number(const StateAct *act)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(act->rel),
										  act->att->source.attnum[CD_CERT_NO] - 1);
	bool		zh = certdata_lang_zh();

	if (att->attnotnull)
		refuse_state(act->rel, &act->numbers.no[0], zh ? "编号列为 NOT NULL" : "its column is NOT NULL",
					 psprintf(zh ? "撤回的行让出编号：先执行 ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL（主键改为唯一索引）；或者直接更正该行。" :
							  "A withdrawn row gives its number up: ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL first (a unique index instead of a primary key); or mend the row by UPDATE.",
							  relation_name(RelationGetRelid(act->rel)), quote_identifier(NameStr(att->attname))));
}

static void
note_withdrawn(const StateAct *act)
{
	Relation	rel = table_open(own_relation("withdrawn"), RowExclusiveLock);
	CatalogIndexState indexes = CatalogOpenIndexes(rel);
	Datum		values[5];
	bool		nulls[5] = {false};

	values[0] = UUIDPGetDatum(&act->att->id);
	values[2] = CStringGetTextDatum(act->statement.reason);
	values[3] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[4] = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	for (int i = 0; i < act->numbers.n; i++)
	{
		HeapTuple	tuple;

		values[1] = PointerGetDatum(&act->numbers.no[i]);
		tuple = heap_form_tuple(RelationGetDescr(rel), values, nulls);
		CatalogTupleInsertWithInfo(rel, tuple, indexes);
		heap_freetuple(tuple);
	}
	CatalogCloseIndexes(indexes);
	table_close(rel, NoLock);
}

/* The numbers leave their rows, which stay. */
static void
take_numbers(const StateAct *act)
{
	Oid			type = certno_type(true);
	Datum		value = PointerGetDatum(numbers_array(&act->numbers));
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s SET %s = NULL", relation_name(RelationGetRelid(act->rel)),
					 quote_identifier(attachment_column(act->att, act->rel, CD_CERT_NO)));
	if (act->att->state_attnum > 0)
		appendStringInfo(&sql, ", %s = 'withdrawn'",
						 quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(act->rel),
																act->att->state_attnum - 1)->attname)));
	appendStringInfo(&sql, " WHERE %s OPERATOR(pg_catalog.=) ANY ($1)",
					 attachment_number_sql(act->att, act->rel));
	(void) run_act(act->rel, &act->act, sql.data, 1, &type, &value, NULL);
}

/* withdraw(target, cert_no, reason): published data is retired, not withdrawn */
Datum
certdata_withdraw(PG_FUNCTION_ARGS)
{
	StateAct	act;
	LifeTable  *table;

	begin(&act, fcinfo, "certdata.withdraw()", 2, 0);
	statement_require_reason(&act.statement, act.rel, CD_RULE_STATE_REASON);
	require_by_call(&act);
	require_nullable_number(&act);
	lock_numbers(act.att, act.rel, &act.numbers);
	table = life_open();
	for (int i = 0; i < act.numbers.n; i++)
	{
		Life		life;

		(void) life_find(table, act.att, &act.numbers.no[i], &life);
		if (life.published || life.retired)
			refuse_state(act.rel, &life.no, state_of(act.att, &life, certdata_lang_zh()), NULL);
		life_remove(table, &life);
	}
	life_close(table);
	note_withdrawn(&act);
	take_numbers(&act);
	relation_close(act.rel, NoLock);
	PG_RETURN_INT64(act.numbers.n);
}
