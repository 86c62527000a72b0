/*
 * registered.c
 *	  Numbers that a table has already.
 *
 * Numbers of the rows that were checked are looked up by a query that runs as
 * the caller, in tables that the caller may read.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/queryenvironment.h"

#include "check/check.h"

AttachedRelations attached_relations = NULL;

void
register_rows(Tuplestorestate *rows, TupleDesc desc)
{
	EphemeralNamedRelation enr = palloc0(sizeof(EphemeralNamedRelationData));

	enr->md.name = pstrdup(CHECKED_ROWS);
	enr->md.reliddesc = InvalidOid;
	enr->md.tupdesc = desc;
	enr->md.enrtype = ENR_NAMED_TUPLESTORE;
	enr->md.enrtuples = tuplestore_tuple_count(rows);
	enr->reldata = rows;
	if (SPI_register_relation(enr) != SPI_OK_REL_REGISTER)
		ereport(ERROR, (errmsg_internal("could not register \"%s\"", CHECKED_ROWS)));
}

/* How the target's number is compared with a row's, as its indexes have it. */
static char *
comparison(Relation target, const Source *to)
{
	Form_pg_attribute att = TupleDescAttr(to->desc, to->attnum[CD_CERT_NO] - 1);
	const char *column = quote_identifier(NameStr(att->attname));
	Source		source;
	CheckRules	rules;

	if (to->kind[CD_CERT_NO] == COLUMN_CERTNO)
		return psprintf("t.%s OPERATOR(pg_catalog.=) r.no::certdata.certno", column);
	if (attached_relation != NULL && attached_relation(target, false, &source, &rules))
		return psprintf("certdata.number_key(t.%s) OPERATOR(pg_catalog.=) r.no::certdata.certno", column);
	return psprintf("t.%s::pg_catalog.text OPERATOR(pg_catalog.=) r.no", column);
}

void
find_registered(Pass *pass, Tuplestorestate *rows, TupleDesc desc, Relation target, const Source *to)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT r.row_no, r.no FROM " CHECKED_ROWS " r WHERE r.no IS NOT NULL AND EXISTS"
					 " (SELECT FROM %s t WHERE %s)",
					 relation_name(RelationGetRelid(target)), comparison(target, to));
	SPI_connect();
	register_rows(rows, desc);
	if (SPI_execute(sql.data, true, 0) < 0)
		ereport(ERROR, (errmsg_internal("could not compare numbers with \"%s\"", RelationGetRelationName(target))));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	found = SPI_tuptable->tupdesc;
		bool		isnull;
		text	   *no = DatumGetTextPP(SPI_getbinval(tuple, found, 2, &isnull));
		cd_certno	packed;
		cd_no_fault fault;
		int			fixed;

		cd_certno_parse(VARDATA_ANY(no), VARSIZE_ANY_EXHDR(no), &packed, &fixed, &fault);
		pass_registered(pass, DatumGetInt64(SPI_getbinval(tuple, found, 1, &isnull)), &packed);
	}
	SPI_finish();
}

/* ---- all attached tables ---- */

void
number_rows_begin(NumberRows *numbers)
{
	numbers->desc = CreateTemplateTupleDesc(2);
	TupleDescInitEntry(numbers->desc, 1, "row_no", INT8OID, -1, 0);
	TupleDescInitEntry(numbers->desc, 2, "no", TEXTOID, -1, 0);
	TupleDescFinalize(numbers->desc);
	numbers->store = tuplestore_begin_heap(false, false, work_mem);
}

void
keep_number(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no, const cd_record *rec)
{
	NumberRows *numbers = arg;
	Datum		values[2] = {Int64GetDatum(row_no)};
	bool		nulls[2] = {false};

	if (!rec->has_no)
		return;
	values[1] = number_text(&rec->no);
	tuplestore_putvalues(numbers->store, numbers->desc, values, nulls);
}

Datum
number_text(const cd_certno *no)
{
	char		text[CD_CERTNO_LEN];

	cd_certno_print(no, text);
	return PointerGetDatum(cstring_to_text_with_len(text, sizeof(text)));
}

/* The relation's number may be read by the caller, and it is not the source itself. */
static bool
may_look(Relation rel, const Source *to, Oid source)
{
	return RelationGetRelid(rel) != source &&
		(pg_class_aclcheck(RelationGetRelid(rel), GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
		 pg_attribute_aclcheck(RelationGetRelid(rel), to->attnum[CD_CERT_NO], GetUserId(),
							   ACL_SELECT) == ACLCHECK_OK);
}

bool
has_registries(Oid source)
{
	return attached_relations != NULL && attached_relations(source) != NIL;
}

void
find_in_registries(Pass *pass, Tuplestorestate *rows, TupleDesc desc, Oid source)
{
	List	   *relations = attached_relations == NULL ? NIL : attached_relations(source);
	ListCell   *cell;

	if (tuplestore_tuple_count(rows) == 0)
		return;
	foreach(cell, relations)
	{
		Relation	rel = try_relation_open(lfirst_oid(cell), AccessShareLock);
		Source		to;
		CheckRules	rules;

		if (rel == NULL)
			continue;
		if (attached_relation(rel, false, &to, &rules) && may_look(rel, &to, source))
			find_registered(pass, rows, desc, rel, &to);
		relation_close(rel, AccessShareLock);
	}
}
