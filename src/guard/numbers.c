/*
 * numbers.c
 *	  Certificates named by their numbers, and the lock on their rows.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

Oid
certno_type(bool array)
{
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("certno"),
									   ObjectIdGetDatum(certdata_schema()));

	return array ? get_array_type(type) : type;
}

char *
number_string(const cd_certno *no)
{
	char	   *s = palloc0(CD_CERTNO_LEN + 1);

	cd_certno_print(no, s);
	return s;
}

/* ---- the argument ---- */

static cd_certno
number_of(Datum value, bool is_text)
{
	cd_certno	no;
	Oid			input;
	Oid			ioparam;

	if (is_text)
	{
		getTypeInputInfo(certno_type(false), &input, &ioparam);
		value = OidInputFunctionCall(input, TextDatumGetCString(value), ioparam, -1);
	}
	memcpy(&no, DatumGetPointer(value), sizeof(no));
	return no;
}

static Numbers
from_array(ArrayType *array)
{
	Oid			element = ARR_ELEMTYPE(array);
	Numbers		numbers = {0};
	Datum	   *values;
	bool	   *nulls;
	int16		len;
	bool		byval;
	char		align;

	get_typlenbyvalalign(element, &len, &byval, &align);
	deconstruct_array(array, element, len, byval, align, &values, &nulls, &numbers.n);
	numbers.no = palloc(sizeof(cd_certno) * Max(numbers.n, 1));
	for (int i = 0; i < numbers.n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("a certificate number is null")));
		numbers.no[i] = number_of(values[i], element != certno_type(false));
	}
	if (numbers.n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no certificate number is given"),
				 errhint("An empty array names no certificate.")));
	return numbers;
}

Numbers
numbers_arg(FunctionCallInfo fcinfo, int i)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, i);
	Numbers		numbers = {.n = 1};
	Datum		value = PG_GETARG_DATUM(i);

	if (PG_ARGISNULL(i))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a certificate number is null")));
	if (OidIsValid(get_element_type(type)))
		return from_array(DatumGetArrayTypeP(value));
	if (type == TEXTOID && *VARDATA_ANY(DatumGetTextPP(value)) == '{')
	{
		Oid			input;
		Oid			ioparam;

		getTypeInputInfo(certno_type(true), &input, &ioparam);
		value = OidInputFunctionCall(input, TextDatumGetCString(value), ioparam, -1);
		return from_array(DatumGetArrayTypeP(value));
	}
	numbers.no = palloc(sizeof(cd_certno));
	numbers.no[0] = number_of(value, type == TEXTOID);
	return numbers;
}

char *
string_arg(FunctionCallInfo fcinfo, int i)
{
	return PG_NARGS() <= i || PG_ARGISNULL(i) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(i));
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(cd_certno));
}

Numbers
numbers_sorted(const Numbers *numbers)
{
	Numbers		sorted = {.no = palloc(sizeof(cd_certno) * numbers->n)};

	memcpy(sorted.no, numbers->no, sizeof(cd_certno) * numbers->n);
	qsort(sorted.no, numbers->n, sizeof(cd_certno), compare);
	for (int i = 0; i < numbers->n; i++)
		if (sorted.n == 0 || compare(&sorted.no[i], &sorted.no[sorted.n - 1]) != 0)
			sorted.no[sorted.n++] = sorted.no[i];
	return sorted;
}

bool
numbers_have(const Numbers *sorted, const cd_certno *no)
{
	return bsearch(no, sorted->no, sorted->n, sizeof(cd_certno), compare) != NULL;
}

ArrayType *
numbers_array(const Numbers *numbers)
{
	Datum	   *values = palloc(sizeof(Datum) * Max(numbers->n, 1));

	for (int i = 0; i < numbers->n; i++)
		values[i] = PointerGetDatum(&numbers->no[i]);
	return construct_array(values, numbers->n, certno_type(false), sizeof(cd_certno), false,
						   TYPALIGN_CHAR);
}

/* ---- refusals ---- */

void
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

const char *
state_of(const Attachment *att, const Life *life, bool zh)
{
	if (life->retired)
		return zh ? "已删除" : "retired";
	if (life->suspended)
		return zh ? "暂停查询" : "suspended";
	if (att->by_call && !life->published)
		return zh ? "未公布" : "draft";
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

/* ---- the rows ---- */

Relation
act_target(FunctionCallInfo fcinfo, const char *function, const Attachment **att)
{
	Relation	rel;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("target must not be null")));
	PreventCommandIfReadOnly(function);
	PreventCommandIfParallelMode(function);
	rel = relation_of(PG_GETARG_OID(0));
	*att = attachment_require(rel);
	statement_require_actor(*att, rel);
	return rel;
}

void
lock_numbers(const Attachment *att, Relation rel, const Numbers *numbers)
{
	char	   *number = attachment_number_sql(att, rel);
	Oid			type = certno_type(true);
	Datum		array = PointerGetDatum(numbers_array(numbers));
	int			missing = 0;
	const cd_certno *first = NULL;
	uint64		i = 0;

	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT %s FROM %s WHERE %s OPERATOR(pg_catalog.=) ANY ($1) ORDER BY 1 FOR UPDATE",
									   number, relation_name(RelationGetRelid(rel)), number),
							  1, &type, &array, NULL, false, 0) < 0)
		ereport(ERROR, (errmsg_internal("could not lock rows of \"%s\"", RelationGetRelationName(rel))));
	for (int k = 0; k < numbers->n; k++)
	{
		bool		isnull;

		if (i < SPI_processed &&
			memcmp(DatumGetPointer(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)),
				   &numbers->no[k], sizeof(cd_certno)) == 0)
			i++;
		else if (missing++ == 0)
			first = &numbers->no[k];
	}
	if (missing > 0)
		refuse_missing(rel, first, missing);
	SPI_finish();
}

uint64
run_act(Relation rel, const Act *act, const char *sql, int nargs, Oid *types,
		Datum *values, const char *nulls)
{
	uint64		processed = 0;

	SPI_connect();
	act_begin(RelationGetRelid(rel), act);
	PG_TRY();
	{
		if (SPI_execute_with_args(sql, nargs, types, values, nulls, false, 0) < 0)
			ereport(ERROR, (errmsg_internal("could not update \"%s\"", RelationGetRelationName(rel))));
		processed = SPI_processed;
	}
	PG_FINALLY();
	{
		act_end();
	}
	PG_END_TRY();
	SPI_finish();
	return processed;
}
