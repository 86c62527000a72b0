/*
 * refuse_apply.c
 *	  Logical replication must not write what only certdata writes: a
 *	  subscriber keeps a ledger of its own, and another one's rows among its
 *	  own would be forgeries to verify_ledger().
 *
 * Restores write these tables, too, some of them in the replica role; they are
 * no business of ours.
 */
#include "certdata.h"

#include "commands/trigger.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "errors.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_refuse_apply);

pg_noreturn static void
refuse(Relation rel)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_PROTECTED_TABLE, .rule = CD_NRULES, .relation = rel
	};

	refusal.message = psprintf(zh ? "逻辑复制不能写入“%s.%s”" : "logical replication cannot write to \"%s.%s\"",
							   get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel));
	refusal.detail = zh ? "这张表只由 certdata 写入：订阅端有自己的台账。" :
		"Only certdata writes this table: a subscriber keeps a ledger of its own.";
	refusal.hint = zh ? "发布端应按名称发布表（CREATE PUBLICATION ... FOR TABLE），不用 FOR ALL TABLES，也不发布模式 certdata；然后执行 ALTER SUBSCRIPTION ... SET PUBLICATION。" :
		"Publish tables by name (CREATE PUBLICATION ... FOR TABLE), not FOR ALL TABLES and not the schema certdata; then ALTER SUBSCRIPTION ... SET PUBLICATION.";
	certdata_refuse(&refusal);
}

static HeapTuple
unchanged(const TriggerData *trigger)
{
	if (TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		return NULL;
	return TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
}

Datum
certdata_refuse_apply(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "refuse_apply")));
	if (!TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired BEFORE the event", "refuse_apply")));
	if (IsLogicalWorker())
		refuse(trigger->tg_relation);
	return PointerGetDatum(unchanged(trigger));
}
