/*
 * functions.c
 *	  check_record, check_rows and the list of rules, as SQL sees them.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "check/calendar.h"
#include "check/check.h"
#include "check/scope.h"

PG_FUNCTION_INFO_V1(certdata_check_record);
PG_FUNCTION_INFO_V1(certdata_check_record_fields);
PG_FUNCTION_INFO_V1(certdata_check_rows);
PG_FUNCTION_INFO_V1(certdata_rule_list);
PG_FUNCTION_INFO_V1(certdata_sql_today);

/* The findings of one record into the function's result. */
static void
return_findings(ReturnSetInfo *rsinfo, const cd_findings *findings, int32 date)
{
	const Settings *set = settings_get();

	for (int i = 0; i < findings->n; i++)
	{
		Datum		values[6];
		bool		nulls[6];
		cd_severity severity;

		if (!settings_judge(set, &findings->item[i], date, &severity))
			continue;
		finding_record(&findings->item[i], severity, values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

static void
check_and_return(ReturnSetInfo *rsinfo, const cd_text field[CD_NFIELDS],
				 unsigned fields, unsigned typed, cd_record *rec)
{
	const Settings *set = settings_get();
	cd_context	room;
	cd_context	ctx = *settings_context(set, field, rec, &room);
	cd_findings findings;

	ctx.scope = scope_check_begin();
	findings.n = 0;
	cd_check_typed(field, fields, typed, &ctx, rec, &findings);
	return_findings(rsinfo, &findings, rec->date);
	scope_check_end(ctx.scope);
}

static void
empty_record(cd_record *rec)
{
	memset(rec, 0, sizeof(*rec));
	rec->date = CD_DATE_NONE;
	rec->packed_id = -1;
}

/* A row's columns, worked out once per call site. */
typedef struct RowType
{
	Oid			type;
	int32		typmod;
	Source		source;
} RowType;

/* A row of an attached table has the fields that the attachment says. */
static bool
attached_row(Oid type, TupleDesc desc, Source *source)
{
	Oid			relid = get_typ_typrelid(type);
	Relation	rel = OidIsValid(relid) && attached_relation != NULL ?
	try_relation_open(relid, AccessShareLock) : NULL;
	CheckRules	rules;
	bool		attached;

	if (rel == NULL)
		return false;
	attached = attached_relation(rel, false, source, &rules);
	source->desc = desc;
	relation_close(rel, NoLock);
	return attached;
}

static const Source *
source_of(FunctionCallInfo fcinfo, Oid type, int32 typmod)
{
	RowType    *known = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	TupleDesc	desc;
	StringInfoData missing;

	if (known != NULL && known->type == type && known->typmod == typmod)
		return &known->source;
	initStringInfo(&missing);
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	desc = lookup_rowtype_tupdesc_copy(type, typmod);
	if (known == NULL)
		known = palloc(sizeof(RowType));
	known->type = InvalidOid;
	if (!attached_row(type, desc, &known->source))
		source_init(&known->source, desc, &missing);
	if (missing.len > 0)
		source_missing_error(format_type_be(type), NULL, &missing);
	known->type = type;
	known->typmod = typmod;
	fcinfo->flinfo->fn_extra = known;
	MemoryContextSwitchTo(old);
	return &known->source;
}

/* check_record(certdata.report), check_record(record) */
Datum
certdata_check_record(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	cd_text		field[CD_NFIELDS] = {{0}};
	cd_record	rec;
	HeapTupleHeader row;
	const Source *source;
	TupleTableSlot *slot;
	unsigned	typed;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
	{
		empty_record(&rec);
		check_and_return(rsinfo, field, CD_ALL_FIELDS, 0, &rec);
		return (Datum) 0;
	}
	row = PG_GETARG_HEAPTUPLEHEADER(0);
	source = source_of(fcinfo, HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));

	/*
	 * not TTSOpsHeapTuple, which from 19 on takes a cstring (ROW('...')) for
	 * a varlena
	 */
	slot = MakeSingleTupleTableSlot(source->desc, &TTSOpsVirtual);
	ExecStoreHeapTupleDatum(PointerGetDatum(row), slot);
	source_read(source, slot, field, &rec, &typed);
	check_and_return(rsinfo, field, CD_ALL_FIELDS, typed, &rec);
	ExecDropSingleTupleTableSlot(slot);
	return (Datum) 0;
}

/* check_record(text × 11) */
Datum
certdata_check_record_fields(PG_FUNCTION_ARGS)
{
	cd_text		field[CD_NFIELDS] = {{0}};
	cd_record	rec;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		text	   *value;

		if (PG_ARGISNULL(i))
			continue;
		value = PG_GETARG_TEXT_PP(i);
		field[i] = (cd_text) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
	}
	empty_record(&rec);
	check_and_return((ReturnSetInfo *) fcinfo->resultinfo, field, CD_ALL_FIELDS, 0, &rec);
	return (Datum) 0;
}

/* The argument received_on, which 0.1.0's functions have not. */
int32
received_on_arg(FunctionCallInfo fcinfo, int i)
{
	if (PG_NARGS() <= i || PG_ARGISNULL(i))
		return CD_DATE_NONE;
	return calendar_check_day(PG_GETARG_DATEADT(i));
}

/* check_rows(regclass, date): only the result lives in the query's context */
Datum
certdata_check_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	NumberRows	numbers;
	Pass	   *pass;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	tuplestore_end(rsinfo->setResult);
	number_rows_begin(&numbers);
	pass = check_relation(rsinfo->econtext->ecxt_per_query_memory, PG_GETARG_OID(0),
						  rsinfo->setDesc, received_on_arg(fcinfo, 1), NULL, NULL,
						  has_registries(PG_GETARG_OID(0)) ? keep_number : NULL, &numbers);
	find_in_registries(pass, numbers.store, numbers.desc, PG_GETARG_OID(0));
	tuplestore_end(numbers.store);
	rsinfo->setResult = pass_end(pass);
	return (Datum) 0;
}

/* rule, field, severity, clause, message_zh, message_en, hint_zh, hint_en, fixed */
Datum
certdata_rule_list(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < CD_NRULES; i++)
	{
		const cd_rule *rule = &cd_rules[i];
		const char *message[4] = {
			rule->message_zh, rule->message_en, rule->hint_zh, rule->hint_en
		};
		Datum		values[9];
		bool		nulls[9] = {0};
		char		buf[1024];

		values[0] = CStringGetTextDatum(rule->id);
		nulls[1] = rule->field >= CD_NFIELDS;
		values[1] = CStringGetTextDatum(cd_field_name[rule->field]);
		values[2] = CStringGetTextDatum(cd_severity_name[rule->severity]);
		values[3] = CStringGetTextDatum(rule->clause);
		for (int k = 0; k < 4; k++)
		{
			cd_format(buf, sizeof(buf), message[k], NULL);
			values[4 + k] = CStringGetTextDatum(buf);
		}
		values[8] = BoolGetDatum(rule->fixed);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
certdata_sql_today(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(certdata_today());
}
