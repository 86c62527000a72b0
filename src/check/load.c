/*
 * load.c
 *	  From a staging table into a table of the types: load and rejected.
 *
 * The source is read once and its rows are kept: a number's repetition is
 * only known at the end, and what is loaded must be what was judged, even if
 * the source is a view that shows something else the second time.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "check/check.h"

PG_FUNCTION_INFO_V1(certdata_load);
PG_FUNCTION_INFO_V1(certdata_rejected);

/*
 * The source's rows as the queries below see them: row_no, f0 … f10, and no,
 * the number in canonical form if it has one.
 */
#define NO_AT (1 + CD_NFIELDS)
#define ROW_COLUMNS (NO_AT + 1)

/* Types that a field is made canonical by, in the order of Annex 1. */
static const char *const field_type[CD_NFIELDS] = {
	"person_name", "id_type", "id_number", "org_name", "occupation_name", "work_type_name",
	"skill_level", "certno", "issue_date", "org_name", "org_name"
};

static TupleDesc
row_desc(void)
{
	TupleDesc	desc = CreateTemplateTupleDesc(ROW_COLUMNS);

	TupleDescInitEntry(desc, 1, "row_no", INT8OID, -1, 0);
	for (int i = 0; i < CD_NFIELDS; i++)
		TupleDescInitEntry(desc, i + 2, psprintf("f%d", i), TEXTOID, -1, 0);
	TupleDescInitEntry(desc, NO_AT + 1, "no", TEXTOID, -1, 0);
	TupleDescFinalize(desc);
	return desc;
}

typedef struct Rows
{
	Tuplestorestate *store;
	TupleDesc	desc;
} Rows;

/* ---- judging ---- */

static void
keep_row(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no, const cd_record *rec)
{
	Rows	   *rows = arg;
	Datum		values[ROW_COLUMNS] = {0};
	bool		nulls[ROW_COLUMNS] = {0};

	values[0] = Int64GetDatum(row_no);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char	   *text = source_text(source, slot, (cd_field) i);

		nulls[i + 1] = text == NULL;
		if (text != NULL)
			values[i + 1] = CStringGetTextDatum(text);
	}
	nulls[NO_AT] = !rec->has_no;
	if (rec->has_no)
		values[NO_AT] = number_text(&rec->no);
	tuplestore_putvalues(rows->store, rows->desc, values, nulls);
}

static Pass *
judge(Oid source, Relation target, const Source *to, TupleDesc desc, Rows *rows)
{
	Pass	   *pass;

	rows->desc = row_desc();
	rows->store = tuplestore_begin_heap(true, false, work_mem);
	pass = check_relation(CurrentMemoryContext, source, desc, CD_DATE_NONE, target, to, keep_row, rows);
	find_registered(pass, rows->store, rows->desc, target, to);
	return pass;
}

/* Copy the rows that are rejected, or those that are not. */
static void
pick_rows(const Pass *pass, const Rows *rows, bool rejected, Tuplestorestate *into, TupleDesc desc)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(rows->desc, &TTSOpsMinimalTuple);

	tuplestore_rescan(rows->store);
	while (tuplestore_gettupleslot(rows->store, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		if (pass_is_rejected(pass, DatumGetInt64(slot->tts_values[0])) == rejected)
			tuplestore_putvalues(into, desc, slot->tts_values, slot->tts_isnull);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* ---- taking ---- */

/* The code that stands for a text, whose form does not matter. */
static void
append_code(StringInfo sql, int field, const CodeMap *map)
{
	const char *type = field_type[field];

	appendStringInfo(sql, "CASE WHEN r.f%d OPERATOR(pg_catalog.=) '' THEN NULL", field);
	for (int i = 0; i < map->n; i++)
		appendStringInfo(sql, " WHEN r.f%d::certdata.%s::pg_catalog.text OPERATOR(pg_catalog.=)"
						 " %s::certdata.%s::pg_catalog.text THEN %s", field, type,
						 quote_literal_cstr(pnstrdup(map->text[i].ptr, map->text[i].len)), type,
						 quote_literal_cstr(pnstrdup(map->code[i].ptr, map->code[i].len)));
	appendStringInfo(sql, " ELSE r.f%d END", field);
}

/*
 * Field 7 as certdata.certno, NULL if empty, then text for columns that are
 * not of our types: assignment takes it from there, and unlike a cast it cuts
 * nothing.
 */
static void
append_value(StringInfo sql, int field, const Source *to)
{
	Form_pg_attribute att = TupleDescAttr(to->desc, to->attnum[field] - 1);

	if (to->map[field] != NULL)
	{
		append_code(sql, field, to->map[field]);
		appendStringInfo(sql, "::%s", format_type_with_typemod(att->atttypid, att->atttypmod));
		return;
	}
	appendStringInfo(sql, "CASE WHEN r.f%d OPERATOR(pg_catalog.<>) '' THEN r.f%d END::certdata.%s",
					 field, field, field_type[field]);
	if (to->kind[field] == COLUMN_BPCHAR || to->kind[field] == COLUMN_RESIDENT_ID ||
		to->kind[field] == COLUMN_OTHER || getBaseType(att->atttypid) == TEXTOID ||
		getBaseType(att->atttypid) == VARCHAROID)
		appendStringInfoString(sql, "::pg_catalog.text");
	if (to->kind[field] == COLUMN_OTHER)
		appendStringInfo(sql, "::%s", format_type_with_typemod(att->atttypid, att->atttypmod));
}

/* Has the field a column, and no field before it the same one? */
static bool
own_column(const Source *to, int field)
{
	for (int i = 0; i < field; i++)
		if (to->attnum[i] == to->attnum[field])
			return false;
	return to->attnum[field] > 0;
}

static int64
insert_rows(Relation target, const Source *to, const Rows *rows)
{
	StringInfoData sql;
	StringInfoData values;
	int64		loaded;

	initStringInfo(&sql);
	initStringInfo(&values);
	appendStringInfo(&sql, "INSERT INTO %s (", relation_name(RelationGetRelid(target)));
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		if (!own_column(to, i))
			continue;
		appendStringInfo(&sql, "%s%s", values.len > 0 ? ", " : "",
						 quote_identifier(NameStr(TupleDescAttr(to->desc, to->attnum[i] - 1)->attname)));
		appendStringInfoString(&values, values.len > 0 ? ", " : "");
		append_value(&values, i, to);
	}
	appendStringInfo(&sql, ") SELECT %s", values.data);
	appendStringInfoString(&sql, " FROM " CHECKED_ROWS " r");
	SPI_connect();
	register_rows(rows->store, rows->desc);
	if (SPI_execute(sql.data, false, 0) < 0)
		ereport(ERROR, (errmsg_internal("could not insert into \"%s\"", RelationGetRelationName(target))));
	loaded = (int64) SPI_processed;
	SPI_finish();
	return loaded;
}

/* load(source, target, partial) → (rows, loaded, rejected, warnings) */
Datum
certdata_load(PG_FUNCTION_ARGS)
{
	TupleDesc	finding_desc = finding_row_desc();
	Relation	target;
	Rows		rows;
	Source		to;
	Pass	   *pass;
	Tuplestorestate *findings;
	const PassCounts *counts;
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4] = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", certdata_lang_zh() ? "load 的 source 和 target 不能为空值" :
								 "source and target of load must not be null")));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		ereport(ERROR, (errmsg_internal("return type must be a row type")));
	target = relation_of(PG_GETARG_OID(1));
	relation_fields(target, &to);
	pass = judge(PG_GETARG_OID(0), target, &to, finding_desc, &rows);
	findings = pass_end(pass);
	counts = pass_counts(pass);
	if (counts->rejected > 0)
	{
		Rows		all = rows;

		if (PG_ARGISNULL(2) || !PG_GETARG_BOOL(2))
			refuse_rows(pass, findings, finding_desc, target);
		rows.store = tuplestore_begin_heap(true, false, work_mem);
		pick_rows(pass, &all, false, rows.store, rows.desc);
		tuplestore_end(all.store);
	}
	tuplestore_end(findings);
	values[0] = Int64GetDatum(counts->rows);
	values[1] = Int64GetDatum(insert_rows(target, &to, &rows));
	values[2] = Int64GetDatum(counts->rejected);
	values[3] = Int64GetDatum(counts->warnings);
	tuplestore_end(rows.store);
	relation_close(target, NoLock);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/* rejected(source, target) → row_no and the eleven columns unchanged */
Datum
certdata_rejected(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Relation	target = relation_of(PG_GETARG_OID(1));
	Rows		rows;
	Source		to;
	Pass	   *pass;

	InitMaterializedSRF(fcinfo, 0);
	relation_fields(target, &to);
	pass = judge(PG_GETARG_OID(0), target, &to, NULL, &rows);
	pass_end(pass);
	pick_rows(pass, &rows, true, rsinfo->setResult, rsinfo->setDesc);
	tuplestore_end(rows.store);
	relation_close(target, AccessShareLock);
	return (Datum) 0;
}
