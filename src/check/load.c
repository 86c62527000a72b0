/*
 * load.c
 *	  From a staging table into a table of the types: load and rejected.
 *
 * The source is read twice in the same order: first to judge its rows (a
 * number's repetition is only known at the end), then to take those wanted.
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
#include "utils/queryenvironment.h"
#include "utils/snapmgr.h"

#include "check/check.h"

PG_FUNCTION_INFO_V1(certdata_load);
PG_FUNCTION_INFO_V1(certdata_rejected);

#define NUMBERS "certdata_numbers"	/* row_no, number as text */
#define ROWS "certdata_rows"	/* row_no and the eleven fields */

/* Types that a field is made canonical by, in the order of Annex 1. */
static const char *const field_type[CD_NFIELDS] = {
	"person_name", "id_type", "id_number", "org_name", "occupation_name", "work_type_name",
	"skill_level", "certno", "issue_date", "org_name", "org_name"
};

static TupleDesc
numbered_desc(int ntexts)
{
	TupleDesc	desc = CreateTemplateTupleDesc(1 + ntexts);

	TupleDescInitEntry(desc, 1, "row_no", INT8OID, -1, 0);
	for (int i = 0; i < ntexts; i++)
		TupleDescInitEntry(desc, i + 2, psprintf("f%d", i), TEXTOID, -1, 0);
	return desc;
}

static void
register_rows(const char *name, TupleDesc desc, Tuplestorestate *rows)
{
	EphemeralNamedRelation enr = palloc0(sizeof(EphemeralNamedRelationData));

	enr->md.name = pstrdup(name);
	enr->md.reliddesc = InvalidOid;
	enr->md.tupdesc = desc;
	enr->md.enrtype = ENR_NAMED_TUPLESTORE;
	enr->md.enrtuples = tuplestore_tuple_count(rows);
	enr->reldata = rows;
	if (SPI_register_relation(enr) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register \"%s\"", name);
}

/* ---- judging ---- */

typedef struct Numbers
{
	Tuplestorestate *store;
	TupleDesc	desc;
} Numbers;

static void
keep_number(void *arg, int64 row_no, const cd_record *rec)
{
	Numbers    *numbers = arg;
	char		no[CD_CERTNO_LEN];
	Datum		values[2];
	bool		nulls[2] = {0};

	if (!rec->has_no)
		return;
	cd_certno_print(&rec->no, no);
	values[0] = Int64GetDatum(row_no);
	values[1] = PointerGetDatum(cstring_to_text_with_len(no, sizeof(no)));
	tuplestore_putvalues(numbers->store, numbers->desc, values, nulls);
}

/* Tell the pass which numbers the target has already. */
static void
find_registered(Pass *pass, const Numbers *numbers, Relation target, const Source *to)
{
	Form_pg_attribute att = TupleDescAttr(to->desc, to->attnum[CD_CERT_NO] - 1);
	const char *column = quote_identifier(NameStr(att->attname));
	StringInfoData sql;

	initStringInfo(&sql);
	if (to->kind[CD_CERT_NO] == COLUMN_CERTNO)
		appendStringInfo(&sql, "SELECT n.row_no, n.f0 FROM " NUMBERS " n"
						 " WHERE EXISTS (SELECT FROM %s t WHERE t.%s OPERATOR(pg_catalog.=) n.f0::certdata.certno)",
						 relation_name(RelationGetRelid(target)), column);
	else
		appendStringInfo(&sql, "SELECT n.row_no, n.f0 FROM " NUMBERS " n"
						 " WHERE EXISTS (SELECT FROM %s t WHERE t.%s::pg_catalog.text OPERATOR(pg_catalog.=) n.f0)",
						 relation_name(RelationGetRelid(target)), column);
	SPI_connect();
	register_rows(NUMBERS, numbers->desc, numbers->store);
	if (SPI_execute(sql.data, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not compare numbers with \"%s\"", RelationGetRelationName(target));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;
		text	   *no = DatumGetTextPP(SPI_getbinval(tuple, desc, 2, &isnull));
		cd_certno	packed;
		cd_no_fault fault;
		int			fixed;

		cd_certno_parse(VARDATA_ANY(no), VARSIZE_ANY_EXHDR(no), &packed, &fixed, &fault);
		pass_registered(pass, DatumGetInt64(SPI_getbinval(tuple, desc, 1, &isnull)), &packed);
	}
	SPI_finish();
}

static Pass *
judge(Oid source, Relation target, const Source *to, TupleDesc desc)
{
	Numbers		numbers;
	Pass	   *pass;

	numbers.desc = numbered_desc(1);
	numbers.store = tuplestore_begin_heap(true, false, work_mem);
	pass = check_relation(CurrentMemoryContext, source, desc, keep_number, &numbers);
	find_registered(pass, &numbers, target, to);
	tuplestore_end(numbers.store);
	return pass;
}

/* ---- taking ---- */

typedef struct Taking
{
	const Pass *pass;
	bool		rejected;		/* take the rejected rows, else the others */
	Tuplestorestate *store;
	TupleDesc	desc;
} Taking;

static void
take_row(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no)
{
	Taking	   *taking = arg;
	Datum		values[1 + CD_NFIELDS];
	bool		nulls[1 + CD_NFIELDS];

	if (pass_is_rejected(taking->pass, row_no) != taking->rejected)
		return;
	nulls[0] = false;
	values[0] = Int64GetDatum(row_no);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char	   *text = source_text(source, slot, (cd_field) i);

		/* what is loaded is NULL when empty; what is given back stays as it is */
		nulls[i + 1] = text == NULL || (*text == '\0' && !taking->rejected);
		values[i + 1] = nulls[i + 1] ? (Datum) 0 : CStringGetTextDatum(text);
	}
	tuplestore_putvalues(taking->store, taking->desc, values, nulls);
}

/*
 * r.f7::certdata.certno, then text for columns that are not of our
 * types: assignment takes it from there, and unlike a cast it cuts nothing.
 */
static void
append_value(StringInfo sql, int field, const Source *to)
{
	Form_pg_attribute att = TupleDescAttr(to->desc, to->attnum[field] - 1);

	appendStringInfo(sql, "r.f%d::certdata.%s", field, field_type[field]);
	if (to->kind[field] == COLUMN_BPCHAR || to->kind[field] == COLUMN_RESIDENT_ID ||
		to->kind[field] == COLUMN_OTHER || getBaseType(att->atttypid) == TEXTOID ||
		getBaseType(att->atttypid) == VARCHAROID)
		appendStringInfoString(sql, "::pg_catalog.text");
	if (to->kind[field] == COLUMN_OTHER)
		appendStringInfo(sql, "::%s", format_type_with_typemod(att->atttypid, att->atttypmod));
}

static int64
insert_rows(Relation target, const Source *to, const Taking *taking)
{
	StringInfoData sql;
	int64		loaded;

	initStringInfo(&sql);
	appendStringInfo(&sql, "INSERT INTO %s (", relation_name(RelationGetRelid(target)));
	for (int i = 0; i < CD_NFIELDS; i++)
		appendStringInfo(&sql, "%s%s", i ? ", " : "",
						 quote_identifier(NameStr(TupleDescAttr(to->desc, to->attnum[i] - 1)->attname)));
	appendStringInfoString(&sql, ") SELECT ");
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		appendStringInfoString(&sql, i ? ", " : "");
		append_value(&sql, i, to);
	}
	appendStringInfoString(&sql, " FROM " ROWS " r");
	SPI_connect();
	register_rows(ROWS, taking->desc, taking->store);
	if (SPI_execute(sql.data, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not insert into \"%s\"", RelationGetRelationName(target));
	loaded = (int64) SPI_processed;
	SPI_finish();
	return loaded;
}

/* load(source, target, partial) → (rows, loaded, rejected, warnings) */
Datum
certdata_load(PG_FUNCTION_ARGS)
{
	Oid			source = PG_GETARG_OID(0);
	Relation	target = relation_of(PG_GETARG_OID(1));
	TupleDesc	finding_desc = finding_row_desc();
	Taking		taking = {.rejected = false};
	Source		to;
	Pass	   *pass;
	Tuplestorestate *findings;
	const PassCounts *counts;
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4] = {0};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	relation_fields(target, &to);
	pass = judge(source, target, &to, finding_desc);
	findings = pass_end(pass);
	counts = pass_counts(pass);
	if (counts->rejected > 0 && !PG_GETARG_BOOL(2))
		refuse_rows(pass, findings, finding_desc, target);
	tuplestore_end(findings);

	taking.pass = pass;
	taking.desc = numbered_desc(CD_NFIELDS);
	taking.store = tuplestore_begin_heap(true, false, work_mem);
	scan_relation(source, take_row, &taking);
	values[0] = Int64GetDatum(counts->rows);
	values[1] = Int64GetDatum(insert_rows(target, &to, &taking));
	values[2] = Int64GetDatum(counts->rejected);
	values[3] = Int64GetDatum(counts->warnings);
	tuplestore_end(taking.store);
	relation_close(target, NoLock);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/* rejected(source, target) → row_no and the eleven columns unchanged */
Datum
certdata_rejected(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Relation	target = relation_of(PG_GETARG_OID(1));
	Taking		taking = {.rejected = true};
	Source		to;
	Pass	   *pass;

	InitMaterializedSRF(fcinfo, 0);
	relation_fields(target, &to);
	pass = judge(PG_GETARG_OID(0), target, &to, NULL);
	pass_end(pass);
	taking.pass = pass;
	taking.store = rsinfo->setResult;
	taking.desc = rsinfo->setDesc;
	scan_relation(PG_GETARG_OID(0), take_row, &taking);
	relation_close(target, AccessShareLock);
	return (Datum) 0;
}
