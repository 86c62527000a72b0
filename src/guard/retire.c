/*
 * retire.c
 *	  Logical deletion of certificates, and taking it back (第十五条).
 */
#include "certdata.h"

#include "access/relation.h"
#include "executor/executor.h"
#include "executor/spi.h"

#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_retire);
PG_FUNCTION_INFO_V1(certdata_reinstate);

/* ---- benefits ---- */

/* By the issue date of each certificate, as rules are. */
static void
judge_benefits(const StateAct *act, const Source *source, TupleTableSlot *slot,
			   const Settings *settings, int64 *refused, int64 *warned)
{
	cd_finding	finding = {.rule = CD_RULE_DELETION_BENEFITS, .field = CD_NO_FIELD};
	char	   *issued = source_text(source, slot, CD_ISSUE_DATE);
	int32		date = CD_DATE_NONE;
	cd_severity severity;

	if (issued == NULL || cd_date_parse(issued, strlen(issued), &date) != CD_DATE_OK)
		date = CD_DATE_NONE;
	if (!settings_judge(settings, &finding, date, &severity) ||
		(severity == CD_PRINCIPLE && act->statement.excused == CD_RULE_DELETION_BENEFITS))
		return;
	*(severity == CD_WARNING ? warned : refused) += 1;
}

static void
report_benefits(const StateAct *act, int64 refused, int64 warned)
{
	cd_finding	finding = {.rule = CD_RULE_DELETION_BENEFITS, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_BENEFITS, .rule = CD_RULE_DELETION_BENEFITS, .relation = act->rel
	};

	refusal.message = certdata_message(&finding);
	refusal.hint = certdata_hint(&finding);
	if (act->numbers.n > 1)
		refusal.detail = psprintf(certdata_lang_zh() ? "涉及" INT64_FORMAT "本证书。" : "Certificates: " INT64_FORMAT ".",
								  refused > 0 ? refused : warned);
	if (refused > 0)
		certdata_refuse(&refusal);
	if (warned > 0)
		ereport(WARNING,
				(errmsg_internal("%s", refusal.message),
				 refusal.detail ? errdetail_internal("%s", refusal.detail) : 0,
				 errhidestmt(true)));
}

/* 第十五条: in principle, benefits are cancelled before; here they are not. */
static void
require_benefits_cancelled(const StateAct *act)
{
	AttrNumber	attnum = act->att->source.attnum[CD_ISSUE_DATE];
	const Settings *settings = settings_copy(&act->att->id);
	Oid			type = certno_type(true);
	Datum		array = PointerGetDatum(numbers_array(&act->numbers));
	int64		refused = 0;
	int64		warned = 0;
	Source		source = act->att->source;
	TupleTableSlot *slot;

	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT %s FROM %s AS t WHERE %s OPERATOR(pg_catalog.=) ANY ($1)",
									   attnum == 0 ? "NULL" : act_column(act->rel, attnum),
									   relation_name(RelationGetRelid(act->rel)), act_number(act->att, act->rel)),
							  1, &type, &array, NULL, false, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not read rows of \"%s\"", RelationGetRelationName(act->rel))));
	source.desc = SPI_tuptable->tupdesc;
	if (attnum > 0)
		source_use_column(&source, CD_ISSUE_DATE, 1);
	slot = MakeSingleTupleTableSlot(source.desc, &TTSOpsHeapTuple);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		ExecStoreHeapTuple(SPI_tuptable->vals[i], slot, false);
		judge_benefits(act, &source, slot, settings, &refused, &warned);
	}
	ExecDropSingleTupleTableSlot(slot);
	SPI_finish();
	report_benefits(act, refused, warned);
}

/* ---- retire ---- */

/* The certificate in the place of the retired ones is another one, and valid. */
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
				 errmsg_internal("%s", certdata_lang_zh() ? "replaced_by 须指明一本不由本次操作删除的证书" :
								 "replaced_by must name one certificate that the same act does not retire")));
	act->has_replaced_by = true;
	act->replaced_by = given.no[0];
}

/* The replacement together with the others: all in the order of numbers. */
static void
lock_with_replacement(const StateAct *act)
{
	Numbers		all = {.n = act->numbers.n, .no = palloc(sizeof(cd_certno) * (act->numbers.n + 1))};
	LifeTable  *table;
	Life		life;

	memcpy(all.no, act->numbers.no, sizeof(cd_certno) * all.n);
	if (act->has_replaced_by)
		all.no[all.n++] = act->replaced_by;
	all = numbers_sorted(&all);
	lock_numbers(act->att, act->rel, &all, LOCK_FOR_STATE);
	if (!act->has_replaced_by)
		return;
	table = life_open();
	(void) life_find(table, act->att, &act->replaced_by, &life);
	life_close(table);
	if (life.retired)
		refuse_life(act, &life);
}

static bool
retire(const StateAct *act, Life *life)
{
	bool		zh = certdata_lang_zh();

	if (life->retired)
		refuse_life(act, life);
	if (act->att->by_call && !life->published)
		refuse_state(act->rel, &life->no, state_of(act->att, life),
					 zh ? "未公布的数据用 certdata.withdraw() 撤回。" : "Data that is not published is withdrawn: certdata.withdraw().");
	life->retired = true;
	life->has_replaced_by = act->has_replaced_by;
	life->replaced_by = act->replaced_by;
	return true;
}

/* retire(target, cert_no, reason, approval, benefits_cancelled, replaced_by) */
Datum
certdata_retire(PG_FUNCTION_ARGS)
{
	StateAct	act;

	state_begin(&act, fcinfo, "retire", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_DELETION_REASON);
	statement_require_approval(&act.statement, act.att, act.rel, CD_RULE_DELETION_APPROVAL);
	if (PG_ARGISNULL(4))
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", zh ? "benefits_cancelled 不能为空值" : "benefits_cancelled must not be null"),
				 errhint("%s", zh ? "它说明持证人是否已不再享受与证书相关的待遇。" :
						 "It says whether the holder has no benefits tied to the certificate any more.")));
	}
	read_replacement(&act, fcinfo, 5);
	act.detail = recording->detail("benefits_cancelled", PG_GETARG_BOOL(4) ? "true" : "false",
								   "replaced_by", act.has_replaced_by ? number_string(&act.replaced_by) : NULL,
								   NULL);
	act.has_detail = true;
	lock_with_replacement(&act);
	if (!PG_GETARG_BOOL(4))
		require_benefits_cancelled(&act);
	return state_run(&act, retire);
}

/* ---- reinstate ---- */

static bool
reinstate(const StateAct *act, Life *life)
{
	if (!life->retired)
		refuse_life(act, life);
	life->retired = false;
	life->has_replaced_by = false;
	return true;
}

/* reinstate(target, cert_no, reason, approval) */
Datum
certdata_reinstate(PG_FUNCTION_ARGS)
{
	StateAct	act;

	state_begin(&act, fcinfo, "reinstate", 2, 3);
	statement_require_reason(&act.statement, act.rel, CD_RULE_DELETION_REASON);
	statement_require_approval(&act.statement, act.att, act.rel, CD_RULE_DELETION_APPROVAL);
	return state_lock_and_run(&act, reinstate);
}
