/*
 * correct.c
 *	  correct(): a lawful correction of one certificate in one call (第十四条).
 *
 * It is an UPDATE like any other, with reason, approval and exception said
 * for it alone; the trigger on the table judges it.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_correct);

/* The UPDATE that is being put together; one more parameter for the number. */
typedef struct Correction
{
	const Attachment *att;
	Relation	rel;
	int			n;
	AttrNumber	attnum[CD_NFIELDS];
	Oid			type[CD_NFIELDS + 1];
	Datum		value[CD_NFIELDS + 1];
	char		null[CD_NFIELDS + 1];
} Correction;

/* A key is a header of Annex 1, or the name of a mapped column. */
static int
field_of(const Correction *c, const char *key, bool *is_header)
{
	*is_header = true;
	for (int i = 0; i < CD_NFIELDS; i++)
		if (strcmp(key, cd_field_name[i]) == 0)
			return i;
	*is_header = false;
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		const char *column = attachment_column(c->att, c->rel, (cd_field) i);

		if (column != NULL && strcmp(key, column) == 0)
			return i;
	}
	return -1;
}

pg_noreturn static void
refuse_key(const Correction *c, const char *key, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("field \"%s\" of \"%s\" cannot be corrected", key, RelationGetRelationName(c->rel)),
			 errdetail_internal("%s", why),
			 errhint("Name the header, or the column of a field; other columns are changed by UPDATE."),
			 errtable(c->rel)));
}

pg_noreturn static void
refuse_number(const Correction *c)
{
	cd_finding	finding = {.rule = CD_RULE_CORRECTION_NUMBER, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_NUMBER, .rule = CD_RULE_CORRECTION_NUMBER, .relation = c->rel
	};

	refusal.message = certdata_message(&finding);
	refusal.hint = certdata_hint(&finding);
	certdata_refuse(&refusal);
}

/* As the column's type reads it; a cast would cut what is too long. */
static void
set_value(Correction *c, AttrNumber attnum, char *text)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(c->rel), attnum - 1);
	Oid			input;
	Oid			ioparam;
	int			i;

	for (i = 0; i < c->n && c->attnum[i] != attnum; i++)
		;
	if (i == c->n)
		c->n++;
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is given twice", NameStr(att->attname)),
				 errtable(c->rel)));
	getTypeInputInfo(att->atttypid, &input, &ioparam);
	c->attnum[i] = attnum;
	c->type[i] = att->atttypid;
	c->null[i] = text == NULL ? 'n' : ' ';
	c->value[i] = text == NULL ? (Datum) 0 : OidInputFunctionCall(input, text, ioparam, att->atttypmod);
}

static void
add_change(Correction *c, const char *key, const JsonbValue *value)
{
	bool		is_header;
	int			field = field_of(c, key, &is_header);
	cd_text		text = {NULL, 0};

	if (field < 0)
		refuse_key(c, key, "It is no field of a certificate.");
	if (field == CD_CERT_NO)
		refuse_number(c);
	if (c->att->source.attnum[field] == 0)
		refuse_key(c, key, "All rows of the table have the same value.");
	if (value->type == jbvString)
		text = (cd_text) {value->val.string.val, value->val.string.len};
	else if (value->type != jbvNull)
		refuse_key(c, key, "Its value must be a JSON string or null.");
	if (text.len > 0 && is_header)
		text = source_code(c->att->source.map[field], text);
	set_value(c, c->att->source.attnum[field], text.len == 0 ? NULL : pnstrdup(text.ptr, text.len));
}

static void
read_changes(Correction *c, Jsonb *changes)
{
	JsonbIterator *it = JsonbIteratorInit(&changes->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *key = NULL;

	if (!JB_ROOT_IS_OBJECT(changes) || JB_ROOT_COUNT(changes) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("changes must be a JSON object with the new values"),
				 errhint("For example {\"姓名\": \"...\"}.")));
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			add_change(c, key, &value);
	}
}

static char *
update_sql(const Correction *c)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s SET ", relation_name(RelationGetRelid(c->rel)));
	for (int i = 0; i < c->n; i++)
		appendStringInfo(&sql, "%s%s = $%d", i ? ", " : "",
						 quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(c->rel), c->attnum[i] - 1)->attname)),
						 i + 1);
	appendStringInfo(&sql, " WHERE %s OPERATOR(pg_catalog.=) $%d", attachment_number_sql(c->att, c->rel), c->n + 1);
	return sql.data;
}

/* correct(target, cert_no, changes, reason, approval, exception) */
Datum
certdata_correct(PG_FUNCTION_ARGS)
{
	Correction	c = {0};
	Numbers		number;
	Act			act = {ACT_CORRECT};

	c.rel = act_target(fcinfo, "certdata.correct()", &c.att);
	number = numbers_arg(fcinfo, 1);
	if (PG_ARGISNULL(2) || number.n != 1)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("correct() needs one certificate number and its changes")));
	read_changes(&c, PG_GETARG_JSONB_P(2));
	act.reason = string_arg(fcinfo, 3);
	act.approval = string_arg(fcinfo, 4);
	act.exception = string_arg(fcinfo, 5);
	c.type[c.n] = certno_type(false);
	c.value[c.n] = PointerGetDatum(&number.no[0]);
	c.null[c.n] = ' ';
	if (run_act(c.rel, &act, update_sql(&c), c.n + 1, c.type, c.value, c.null) == 0)
		refuse_missing(c.rel, &number.no[0], 1);
	relation_close(c.rel, NoLock);
	PG_RETURN_VOID();
}
