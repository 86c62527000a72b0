/*
 * view.c
 *	  What the views of attached tables call: is_live, the report's INSERT and
 *	  UPDATE, and the key of numbers kept as text.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/rows.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_number_key);
PG_FUNCTION_INFO_V1(certdata_is_live);
PG_FUNCTION_INFO_V1(certdata_report_change);

/* The canonical number that a text is, however it is written; NULL: none. */
Datum
certdata_number_key(PG_FUNCTION_ARGS)
{
	text	   *number = PG_GETARG_TEXT_PP(0);
	size_t		len = VARSIZE_ANY_EXHDR(number);
	const char *s = VARDATA_ANY(number);
	cd_certno  *key = palloc(sizeof(cd_certno));
	cd_no_fault fault;
	int			fixed;

	while (len > 0 && s[len - 1] == ' ')
		len--;
	if (cd_certno_parse(s, len, key, &fixed, &fault) != CD_NO_OK)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(key);
}

/* ---- is_live ---- */

/* What is_live keeps during a query. */
typedef struct LiveCall
{
	pg_uuid_t	id;
	Attachment	att;
} LiveCall;

static Relation
open_attached(const pg_uuid_t *id)
{
	Oid			relid = attachment_relation(id);
	Relation	rel = OidIsValid(relid) ? try_relation_open(relid, AccessShareLock) : NULL;

	if (rel == NULL)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_NOT_ATTACHED),
				 errmsg_internal("%s", zh ? "没有这样接入的表" : "there is no table with that attachment"),
				 errhint("%s", zh ? "certdata.attachment 列出已接入的表。" : "certdata.attachment lists the attached tables.")));
	}
	return rel;
}

static LiveCall *
live_call(FunctionCallInfo fcinfo, const pg_uuid_t *id)
{
	LiveCall   *call = fcinfo->flinfo->fn_extra;
	Relation	rel;

	if (call != NULL && memcmp(&call->id, id, UUID_LEN) == 0)
		return call;
	rel = open_attached(id);
	if (pg_class_aclcheck(RelationGetRelid(rel), GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(RelationGetRelid(rel), GetUserId(), ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, RelationGetRelationName(rel));
	if (call == NULL)
		call = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(LiveCall));
	call->id = *id;
	call->att = *attachment_require(rel);
	relation_close(rel, NoLock);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

Datum
certdata_is_live(PG_FUNCTION_ARGS)
{
	LiveCall   *call;
	Life		life;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	call = live_call(fcinfo, PG_GETARG_UUID_P(0));
	/* where data is withdrawn, its row loses its number */
	if (PG_ARGISNULL(1))
		PG_RETURN_BOOL(!call->att.by_call);
	if (!life_look(&call->att, (const cd_certno *) PG_GETARG_POINTER(1), GetActiveSnapshot(), &life))
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(!life.suspended && !life.retired && !life.reserved);
}

/* ---- the report view ---- */

/* A statement on the table behind the view, its values as parameters. */
typedef struct Change
{
	const Attachment *att;
	Relation	rel;
	Source		source;
	TupleDesc	desc;			/* of the view: the fields in order, as text */
	HeapTuple	before;			/* NULL for INSERT */
	HeapTuple	after;
	int			n;				/* parameters, one for each changed column */
	AttrNumber	attnum[CD_NFIELDS + 1];
	cd_text		text[CD_NFIELDS + 1];
	Datum		value[CD_NFIELDS + 1];
	char		null[CD_NFIELDS + 1];	/* 'n' or ' ', as SPI has it */
} Change;

static cd_text
view_text(const Change *change, HeapTuple row, cd_field field)
{
	bool		isnull;
	Datum		value = row == NULL ? (Datum) 0 : heap_getattr(row, field + 1, change->desc, &isnull);
	text	   *t;

	if (row == NULL || isnull)
		return (cd_text) {NULL, 0};
	t = DatumGetTextPP(value);
	return (cd_text) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

static bool
same_text(cd_text a, cd_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* A field that has no column must be what all rows have, or empty. */
static void
require_constant(const Change *change, cd_field field, cd_text value)
{
	cd_text		constant = change->source.constant[field];
	cd_finding	finding = {.rule = CD_RULE_ROW_CONSTANT, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CHECK_VIOLATION, .rule = CD_RULE_ROW_CONSTANT, .relation = change->rel
	};

	if (value.len == 0 || same_text(value, constant))
		return;
	snprintf(finding.arg1, CD_ARG_SIZE, "%s", cd_field_name[field]);
	finding.arg3 = pnstrdup(constant.ptr, constant.len);
	refusal.message = certdata_message(&finding);
	refusal.hint = certdata_hint(&finding);
	certdata_refuse(&refusal);
}

static void
add_parameter(Change *change, AttrNumber attnum, cd_text text)
{
	change->attnum[change->n] = attnum;
	change->text[change->n] = text;
	change->null[change->n] = text.len == 0 ? 'n' : ' ';
	change->value[change->n] = text.len == 0 ? (Datum) 0 :
		PointerGetDatum(cstring_to_text_with_len(text.ptr, text.len));
	change->n++;
}

/* Has another field brought the column along?  With the same text, that is. */
static bool
is_listed(const Change *change, cd_field field, cd_text text)
{
	for (int i = 0; i < change->n; i++)
	{
		if (change->attnum[i] != change->source.attnum[field])
			continue;
		if (!same_text(change->text[i], source_code(change->source.map[field], text)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg_internal(certdata_lang_zh() ? "字段“%s”与另一字段在“%s”中是同一列，却给出了两个值" :
									 "field \"%s\" and another one have one column in \"%s\", and are given two values",
									 cd_field_name[field], RelationGetRelationName(change->rel)),
					 errhidestmt(true)));
		return true;
	}
	return false;
}

static void
collect(Change *change)
{
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		cd_text		text = view_text(change, change->after, (cd_field) i);

		if (change->source.attnum[i] == 0)
			require_constant(change, (cd_field) i, text);
		else if (!same_text(text, view_text(change, change->before, (cd_field) i)) &&
				 !is_listed(change, (cd_field) i, text))
			add_parameter(change, change->source.attnum[i], source_code(change->source.map[i], text));
	}
}

/* Parameter i as its column takes it: assignment, or a cast where there is none. */
static char *
parameter(const Change *change, int i)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(change->rel), change->attnum[i] - 1);
	Oid			pathtype;

	/* of one form, whatever DateStyle says */
	if (att->atttypid == DATEOID)
		return psprintf("$%d::certdata.issue_date", i + 1);
	if (find_coercion_pathway(att->atttypid, TEXTOID, COERCION_ASSIGNMENT, &pathtype) != COERCION_PATH_NONE)
		return psprintf("$%d", i + 1);
	return psprintf("$%d::%s", i + 1, format_type_with_typemod(att->atttypid, att->atttypmod));
}

static const char *
column(const Change *change, int i)
{
	return quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(change->rel), change->attnum[i] - 1)->attname));
}

static char *
insert_sql(const Change *change)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "INSERT INTO %s (", relation_name(RelationGetRelid(change->rel)));
	for (int i = 0; i < change->n; i++)
		appendStringInfo(&sql, "%s%s", i ? ", " : "", column(change, i));
	appendStringInfoString(&sql, ") VALUES (");
	for (int i = 0; i < change->n; i++)
		appendStringInfo(&sql, "%s%s", i ? ", " : "", parameter(change, i));
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

/* The row is found by the number that it has in the view. */
static char *
update_sql(Change *change)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s SET ", relation_name(RelationGetRelid(change->rel)));
	for (int i = 0; i < change->n; i++)
		appendStringInfo(&sql, "%s%s = %s", i ? ", " : "", column(change, i), parameter(change, i));
	add_parameter(change, 0, view_text(change, change->before, CD_CERT_NO));
	appendStringInfo(&sql, " WHERE %s OPERATOR(pg_catalog.=) certdata.number_key($%d)",
					 attachment_number_sql(change->att, change->rel), change->n);
	return sql.data;
}

static uint64
run(Change *change)
{
	Oid			type[CD_NFIELDS + 1];
	char	   *sql = change->before == NULL ? insert_sql(change) : update_sql(change);
	uint64		processed;

	for (int i = 0; i < change->n; i++)
		type[i] = TEXTOID;
	SPI_connect();
	if (SPI_execute_with_args(sql, change->n, type, change->value, change->null, false, 0) < 0)
		ereport(ERROR, (errmsg_internal("could not change \"%s\"", RelationGetRelationName(change->rel))));
	processed = SPI_processed;
	SPI_finish();
	return processed;
}

Datum
certdata_report_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	pg_uuid_t  *id;
	Change		change = {0};

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_INSTEAD(trigger->tg_event) ||
		trigger->tg_trigger->tgnargs != 1)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "report_change")));
	id = DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(trigger->tg_trigger->tgargs[0])));
	change.rel = open_attached(id);
	change.att = attachment_require(change.rel);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		refuse_deletion(change.att, change.rel, 1, NULL, "DELETE");
	attachment_source(change.att, change.rel, &change.source);
	change.desc = RelationGetDescr(trigger->tg_relation);
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		change.before = trigger->tg_trigtuple;
	change.after = change.before ? trigger->tg_newtuple : trigger->tg_trigtuple;
	collect(&change);
	if ((change.n > 0 || change.before == NULL) && run(&change) == 0)
	{
		/*
		 * a trigger of the table kept the row from it, or it has no number to
		 * be found by
		 */
		if (change.before != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NO_DATA_FOUND),
					 errmsg_internal(certdata_lang_zh() ? "在“%s”中按证书编号找不到报表的这一行" :
									 "the row of the report is not found in \"%s\" by its certificate number",
									 RelationGetRelationName(change.rel)),
					 errhint("%s", certdata_lang_zh() ? "直接用 UPDATE 更改该表。" : "UPDATE the table itself."),
					 errhidestmt(true)));
		change.after = NULL;
	}
	relation_close(change.rel, NoLock);
	return PointerGetDatum(change.after);
}
