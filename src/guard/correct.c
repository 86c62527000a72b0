/*
 * correct.c
 *	  correct(): a lawful correction of one certificate in one call (第十四条).
 *
 * It is an UPDATE like any other, with reason, approval and exception said
 * for it alone; the trigger on the table judges it.
 */
#include "certdata.h"

#include "access/relation.h"
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
	cd_text		text[CD_NFIELDS];	/* as given */
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

/* What can be named: "姓名 (xm), 证件类型 (lx), ..." */
static char *
list_fields(const Correction *c)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		const char *column = attachment_column(c->att, c->rel, (cd_field) i);

		if (column == NULL || i == CD_CERT_NO)
			continue;
		appendStringInfo(&list, "%s%s", list.len == 0 ? "" : certdata_lang_zh() ? "、" : ", ", cd_field_name[i]);
		if (strcmp(column, cd_field_name[i]) != 0)
			appendStringInfo(&list, " (%s)", column);
	}
	return list.data;
}

/* The key may be anything, a person's name too if the caller mixed things up. */
pg_noreturn static void
refuse_key(const Correction *c, const char *key, bool is_field, const char *why_zh, const char *why_en)
{
	bool		zh = certdata_lang_zh();
	const char *shown = is_field ? key : certdata_shown(CD_NAME, key, strlen(key));
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_INVALID_PARAMETER_VALUE, .rule = CD_NRULES, .relation = c->rel
	};

	refusal.message = psprintf(zh ? "不能这样更正字段“%s”" : "field \"%s\" cannot be corrected like this", shown);
	refusal.detail = zh ? why_zh : why_en;
	refusal.hint = psprintf(zh ? "可以更正的字段（列）：%s；其他列直接用 UPDATE 更改。" :
							"Fields (columns) that can be corrected: %s. Other columns are changed by UPDATE.",
							list_fields(c));
	certdata_refuse(&refusal);
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
	refusal.column = attachment_column(c->att, c->rel, CD_CERT_NO);
	certdata_refuse(&refusal);
}

/*
 * As the column's type reads it; a cast would cut what is too long.  Types
 * that are not ours quote what they cannot read: that is kept back.
 */
static Datum
read_value(const Correction *c, Form_pg_attribute att, char *text)
{
	MemoryContext context = CurrentMemoryContext;
	volatile Datum value = (Datum) 0;
	volatile int sqlstate = 0;
	Oid			input;
	Oid			ioparam;
	bool		ours;

	/*
	 * a date is text of one form, whatever DateStyle says; the values are the
	 * same
	 */
	if (att->atttypid == DATEOID)
	{
		getTypeInputInfo(own_type("issue_date"), &input, &ioparam);
		return OidInputFunctionCall(input, text, ioparam, -1);
	}
	getTypeInputInfo(getBaseType(att->atttypid), &input, &ioparam);
	ours = get_func_namespace(input) == certdata_schema();
	getTypeInputInfo(att->atttypid, &input, &ioparam);
	if (ours)
		return OidInputFunctionCall(input, text, ioparam, att->atttypmod);
	PG_TRY();
	{
		value = OidInputFunctionCall(input, text, ioparam, att->atttypmod);
	}
	PG_CATCH();
	{
		sqlstate = geterrcode();
		if (ERRCODE_TO_CATEGORY(sqlstate) != ERRCODE_DATA_EXCEPTION)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
	}
	PG_END_TRY();
	if (sqlstate != 0)
	{
		bool		zh = certdata_lang_zh();
		certdata_refusal refusal = {
			.sqlstate = sqlstate, .rule = CD_NRULES, .relation = c->rel, .column = NameStr(att->attname)
		};

		refusal.message = psprintf(zh ? "列“%s”（类型 %s）不能存放给出的值" :
								   "column \"%s\" of type %s cannot hold the value given",
								   NameStr(att->attname), format_type_with_typemod(att->atttypid, att->atttypmod));
		certdata_refuse(&refusal);
	}
	return value;
}

static void
set_value(Correction *c, const char *key, AttrNumber attnum, cd_text text)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(c->rel), attnum - 1);
	int			i;

	for (i = 0; i < c->n && c->attnum[i] != attnum; i++)
		;
	if (i < c->n)
	{
		/* one column for two fields */
		if (c->text[i].len != text.len || (text.len > 0 && memcmp(c->text[i].ptr, text.ptr, text.len) != 0))
			refuse_key(c, key, true, "同一列给出了两个不同的值。", "Its column is given two values.");
		return;
	}
	c->n++;
	c->attnum[i] = attnum;
	c->text[i] = text;
	c->type[i] = att->atttypid;
	/* empty is the same as null */
	c->null[i] = text.len == 0 ? 'n' : ' ';
	c->value[i] = text.len == 0 ? (Datum) 0 : read_value(c, att, pnstrdup(text.ptr, text.len));
}

static void
add_change(Correction *c, const char *key, const JsonbValue *value)
{
	bool		is_header;
	int			field = field_of(c, key, &is_header);
	cd_text		text = {NULL, 0};

	if (field < 0)
		refuse_key(c, key, false, "证书数据没有这个字段。", "Certificates have no such field.");
	if (field == CD_CERT_NO)
		refuse_number(c);
	if (c->att->source.attnum[field] == 0)
		refuse_key(c, key, true, "该字段在本表中是固定值。", "All rows of the table have the same value.");
	if (value->type == jbvString)
		text = (cd_text) {value->val.string.val, value->val.string.len};
	else if (value->type != jbvNull)
		refuse_key(c, key, true, "值应当是文本（加引号）或 null。", "Its value must be text (in quotes) or null.");
	/* the header goes with the guide's text, the column with what it holds */
	if (text.len > 0 && is_header)
		text = source_code(c->att->source.map[field], text);
	set_value(c, key, c->att->source.attnum[field], text);
}

static void
read_changes(Correction *c, Jsonb *changes)
{
	JsonbIterator *it = JsonbIteratorInit(&changes->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *key = NULL;
	bool		zh = certdata_lang_zh();

	if (!JB_ROOT_IS_OBJECT(changes) || JB_ROOT_COUNT(changes) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal("%s", zh ? "changes 须是写明新值的 JSON 对象" : "changes must be a JSON object with the new values"),
				 errhint(zh ? "例如 {\"姓名\": \"...\"}。" : "For example {\"姓名\": \"...\"}.")));
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			add_change(c, key, &value);
	}
}

/* One more parameter: the number. */
static char *
update_sql(Correction *c, const cd_certno *no)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s AS t SET ", relation_name(RelationGetRelid(c->rel)));
	for (int i = 0; i < c->n; i++)
		appendStringInfo(&sql, "%s%s = $%d", i ? ", " : "",
						 quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(c->rel), c->attnum[i] - 1)->attname)),
						 i + 1);
	c->type[c->n] = certno_type(false);
	c->value[c->n] = PointerGetDatum(no);
	c->null[c->n] = ' ';
	appendStringInfo(&sql, " WHERE %s OPERATOR(pg_catalog.=) $%d", act_number(c->att, c->rel), c->n + 1);
	return sql.data;
}

/* correct(target, cert_no, changes, reason, approval, exception) */
Datum
certdata_correct(PG_FUNCTION_ARGS)
{
	Correction	c = {0};
	Act			act = {ACT_CORRECT};
	Numbers		number;
	char	   *sql;
	Parameters	parameters = {.type = c.type, .value = c.value, .null = c.null};

	c.rel = act_target(fcinfo, 0, "certdata.correct()", &c.att);
	number = numbers_arg(fcinfo, 1);
	if (number.n != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal("%s", certdata_lang_zh() ? "correct() 每次更正一本证书" : "correct() changes one certificate")));
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", certdata_lang_zh() ? "changes 不能为空值" : "changes must not be null")));
	read_changes(&c, PG_GETARG_JSONB_P(2));
	act.reason = string_arg(fcinfo, 3);
	act.approval = string_arg(fcinfo, 4);
	act.exception = string_arg(fcinfo, 5);
	sql = update_sql(&c, &number.no[0]);
	parameters.n = c.n + 1;
	/* once it is locked, only a trigger can keep it from changing */
	lock_numbers(c.att, c.rel, &number, LOCK_FOR_STATE);
	if (run_act(c.rel, &act, sql, &parameters) == 0)
		refuse_interference(c.rel);
	relation_close(c.rel, NoLock);
	PG_RETURN_VOID();
}
