/*
 * act.c
 *	  What the functions that act on certificates do alike: find the table,
 *	  lock the rows, run the UPDATE, refuse.
 *
 * All of it as the caller: privileges and row security mean what they mean to
 * him.  Values go as parameters, so that no statement's text holds any.
 */
#include "certdata.h"

#include "access/relation.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

/* ---- refusals ---- */

pg_noreturn static void
refuse_missing(Relation rel, const cd_certno *no, int missing)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {.sqlstate = ERRCODE_NO_DATA_FOUND, .rule = CD_NRULES, .relation = rel};

	refusal.message = psprintf(zh ? "“%s”中没有证书编号“%s”" : "table \"%s\" has no certificate \"%s\"",
							   RelationGetRelationName(rel), number_string(no));
	if (missing > 1)
		refusal.detail = psprintf(zh ? "共有%d个编号不在表中。" : "Numbers that are not there: %d.", missing);
	refusal.hint = zh ? "核对编号；已改编号的证书用新编号，行安全策略也可能隐藏该行。没有作任何改动。" :
		"Check the number; a renumbered certificate goes by its new one, and row security may hide a row. Nothing was changed.";
	certdata_refuse(&refusal);
}

void
refuse_interference(Relation rel)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION, .rule = CD_NRULES, .relation = rel
	};

	refusal.message = psprintf(zh ? "“%s”的触发器改动或阻止了本次操作写入的内容" :
							   "a trigger of \"%s\" changed or kept away what this act writes",
							   RelationGetRelationName(rel));
	refusal.hint = zh ? "BEFORE UPDATE 触发器应当原样返回证书编号列和状态列。没有作任何改动。" :
		"BEFORE UPDATE triggers are to return the columns of number and state as they get them. Nothing was changed.";
	certdata_refuse(&refusal);
}

const char *
state_of(const Attachment *att, const Life *life)
{
	bool		zh = certdata_lang_zh();

	if (life->retired)
		return zh ? "已删除" : "retired";
	if (att->by_call && !life->published)
		return zh ? "未公布" : "draft";
	if (life->suspended)
		return zh ? "暂停查询" : "suspended";
	return zh ? "已公布" : "published";
}

void
refuse_state(Relation rel, const cd_certno *no, const char *state, const char *hint)
{
	bool		zh = certdata_lang_zh();
	cd_finding	finding = {.rule = CD_RULE_STATE_CHANGE, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_STATE, .rule = CD_RULE_STATE_CHANGE, .relation = rel
	};

	snprintf(finding.arg1, CD_ARG_SIZE, "%s", state);
	refusal.message = certdata_message(&finding);
	refusal.detail = psprintf(zh ? "证书编号：%s。" : "Certificate: %s.", number_string(no));
	refusal.hint = hint ? hint : certdata_hint(&finding);
	certdata_refuse(&refusal);
}

/* ---- the table ---- */

static Relation
open_root(Relation rel, const Attachment **att)
{
	Oid			root = attachment_relation(&(*att)->id);

	if (!OidIsValid(root) || root == RelationGetRelid(rel))
		return rel;
	relation_close(rel, NoLock);
	rel = relation_of(root);
	*att = attachment_require(rel);
	return rel;
}

Relation
act_target(FunctionCallInfo fcinfo, int i, const char *function, const Attachment **att)
{
	Relation	rel;

	PreventCommandIfReadOnly(function);
	PreventCommandIfParallelMode(function);
	if (PG_ARGISNULL(i))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", certdata_lang_zh() ? "target 不能为空值" : "target must not be null")));
	rel = relation_of(PG_GETARG_OID(i));
	*att = attachment_require(rel);
	rel = open_root(rel, att);
	statement_require_actor(*att, rel);
	return rel;
}

char *
string_arg(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(i));
}

char *
act_column(Relation rel, AttrNumber attnum)
{
	return psprintf("t.%s", quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attname)));
}

/* As attachment_number_sql, where other columns may have the same name. */
char *
act_number(const Attachment *att, Relation rel)
{
	char	   *column = act_column(rel, att->source.attnum[CD_CERT_NO]);

	return att->source.kind[CD_CERT_NO] == COLUMN_CERTNO ? column :
		psprintf("certdata.number_key(%s)", column);
}

/* ---- its rows ---- */

static Numbers
select_numbers(const Attachment *att, Relation rel, const Numbers *numbers, const char *lock)
{
	char	   *number = act_number(att, rel);
	Oid			type = certno_type(true);
	Datum		array = PointerGetDatum(numbers_array(numbers));
	Numbers		found = {.no = palloc(sizeof(cd_certno) * Max(numbers->n, 1))};

	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT %s FROM %s AS t WHERE %s OPERATOR(pg_catalog.=) ANY ($1) ORDER BY 1%s",
									   number, relation_name(RelationGetRelid(rel)), number, lock),
							  1, &type, &array, NULL, false, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not look up rows of \"%s\"", RelationGetRelationName(rel))));
	for (uint64 i = 0; i < SPI_processed && found.n < numbers->n; i++)
	{
		bool		isnull;

		memcpy(&found.no[found.n++],
			   DatumGetPointer(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)),
			   sizeof(cd_certno));
	}
	SPI_finish();
	return found;
}

Numbers
present_numbers(const Attachment *att, Relation rel, const Numbers *numbers)
{
	return select_numbers(att, rel, numbers, "");
}

void
require_numbers(Relation rel, const Numbers *numbers, const Numbers *found)
{
	int			missing = 0;
	const cd_certno *first = NULL;

	for (int i = 0; i < numbers->n; i++)
		if (!numbers_have(found, &numbers->no[i]) && missing++ == 0)
			first = &numbers->no[i];
	if (missing > 0)
		refuse_missing(rel, first, missing);
}

/* In the order of numbers, so that no two acts wait for each other. */
void
lock_numbers(const Attachment *att, Relation rel, const Numbers *numbers, LockFor what)
{
	Numbers		found = select_numbers(att, rel, numbers,
									   what == LOCK_FOR_NUMBER ? " FOR UPDATE OF t" : " FOR NO KEY UPDATE OF t");

	require_numbers(rel, numbers, &found);
	for (int i = 0; i < numbers->n; i++)
		if (stands_aside(att, &numbers->no[i]))
			refuse_interference(rel);
}

/* Do columns 1 and 2, 3 and 4, … of what was returned say the same? */
static bool
as_asked(HeapTuple tuple, TupleDesc desc)
{
	for (int i = 1; i < desc->natts; i += 2)
	{
		char	   *is = SPI_getvalue(tuple, desc, i);
		char	   *asked = SPI_getvalue(tuple, desc, i + 1);

		if ((is == NULL) != (asked == NULL) || (is != NULL && strcmp(is, asked) != 0))
			return false;
	}
	return true;
}

static int
execute_act(Relation rel, const Act *act, const char *sql, const Parameters *parameters)
{
	volatile int result = SPI_ERROR_ARGUMENT;

	act_begin(RelationGetRelid(rel), act);
	PG_TRY();
	{
		result = SPI_execute_with_args(sql, parameters->n, parameters->type, parameters->value,
									   parameters->null, false, 0);
	}
	PG_FINALLY();
	{
		act_end();
	}
	PG_END_TRY();
	return result;
}

uint64
run_act(Relation rel, const Act *act, const char *sql, const Parameters *parameters)
{
	uint64		same = 0;

	SPI_connect();
	if (execute_act(rel, act, sql, parameters) < 0)
		ereport(ERROR, (errmsg_internal("could not update \"%s\"", RelationGetRelationName(rel))));
	if (SPI_tuptable == NULL)
		same = SPI_processed;
	else
		for (uint64 i = 0; i < SPI_processed; i++)
			same += as_asked(SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	SPI_finish();
	return same;
}
