/*
 * attach.c
 *	  attach, validate, detach: who may call them, and what they do as whom.
 *
 * The table's owner decides that it is guarded.  What needs more rights than
 * that (our tables, our trigger functions) is done by functions that run as
 * the extension's owner and that nobody can call directly; the rows are
 * looked at here, as the caller, because a column's type may bring functions
 * of its own along.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "storage/lmgr.h"
#include "tcop/deparse_utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/act.h"
#include "guard/guard.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_attach);
PG_FUNCTION_INFO_V1(certdata_validate);
PG_FUNCTION_INFO_V1(certdata_detach);
PG_FUNCTION_INFO_V1(certdata_joins_table);

static Oid
owned_table(FunctionCallInfo fcinfo)
{
	Oid			relid;
	Relation	rel;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("target must not be null")));
	relid = PG_GETARG_OID(0);
	rel = relation_of(relid);
	if (!IS_TABLE_OWNER(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, RelationGetRelationName(rel));
	relation_close(rel, NoLock);
	return relid;
}

/*
 * Call certdata.<name>(the first nargs arguments, caller), which is SECURITY
 * DEFINER.
 */
static Datum
call_as_owner(const char *name, FunctionCallInfo fcinfo, int nargs)
{
	Oid			types[FUNC_MAX_ARGS];
	Oid		   *own_types;
	int			nown;
	Oid			function;
	FmgrInfo	flinfo;

	LOCAL_FCINFO(call, FUNC_MAX_ARGS);

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &own_types, &nown);
	Assert(nargs <= nown);
	memcpy(types, own_types, sizeof(Oid) * nargs);
	types[nargs] = REGROLEOID;
	function = LookupFuncName(list_make2(makeString(CERTDATA_SCHEMA), makeString(pstrdup(name))),
							  nargs + 1, types, false);
	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*call, &flinfo, nargs + 1, InvalidOid, NULL, NULL);
	memcpy(call->args, fcinfo->args, sizeof(NullableDatum) * nargs);
	call->args[nargs].value = ObjectIdGetDatum(GetUserId());
	call->args[nargs].isnull = false;
	return FunctionCallInvoke(call);
}

/* ---- the rows that are there ---- */

typedef struct RowNumbers
{
	Tuplestorestate *store;		/* row_no and number of the rows that have one */
	TupleDesc	desc;
} RowNumbers;

static void
note_number(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no, const cd_record *rec)
{
	RowNumbers *numbers = arg;
	Datum		values[2] = {Int64GetDatum(row_no)};
	bool		nulls[2] = {false};

	if (!rec->has_no)
		return;
	values[1] = number_text(&rec->no);
	tuplestore_putvalues(numbers->store, numbers->desc, values, nulls);
}

static int64
row_no_of(TupleTableSlot *slot)
{
	bool		isnull;

	return DatumGetInt64(slot_getattr(slot, 1, &isnull));
}

/* One row of certdata.known_fault; number is the slot of the same row's number, or NULL. */
static void
keep_fault(Relation rel, CatalogIndexState indexes, const Attachment *att,
		   TupleTableSlot *finding, TupleTableSlot *number)
{
	Datum		values[5];
	bool		nulls[5] = {false};
	HeapTuple	tuple;

	values[0] = UUIDPGetDatum(&att->id);
	nulls[1] = number == NULL;
	if (number != NULL)
		values[1] = slot_getattr(number, 2, &nulls[1]);
	values[2] = slot_getattr(finding, 3, &nulls[2]);
	values[3] = slot_getattr(finding, 4, &nulls[3]);
	values[4] = slot_getattr(finding, 5, &nulls[4]);
	tuple = heap_form_tuple(RelationGetDescr(rel), values, nulls);
	CatalogTupleInsertWithInfo(rel, tuple, indexes);
	heap_freetuple(tuple);
}

/* Findings and numbers both come in the order of rows. */
static void
keep_faults(const Attachment *att, Tuplestorestate *findings, TupleDesc desc, const RowNumbers *numbers)
{
	Relation	rel = table_open(own_relation("known_fault"), RowExclusiveLock);
	CatalogIndexState indexes = CatalogOpenIndexes(rel);
	TupleTableSlot *finding = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	TupleTableSlot *number = MakeSingleTupleTableSlot(numbers->desc, &TTSOpsMinimalTuple);
	bool		more = tuplestore_gettupleslot(numbers->store, true, false, number);

	while (tuplestore_gettupleslot(findings, true, false, finding))
	{
		int64		row_no = row_no_of(finding);
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		if (is_word(slot_getattr(finding, 5, &isnull), cd_severity_name[CD_WARNING]))
			continue;
		while (more && row_no_of(number) < row_no)
			more = tuplestore_gettupleslot(numbers->store, true, false, number);
		keep_fault(rel, indexes, att, finding, more && row_no_of(number) == row_no ? number : NULL);
	}
	ExecDropSingleTupleTableSlot(finding);
	ExecDropSingleTupleTableSlot(number);
	CatalogCloseIndexes(indexes);
	table_close(rel, NoLock);
}

static int64
look_at_rows(FunctionCallInfo fcinfo, Oid relid)
{
	Relation	rel = relation_of(relid);
	const Attachment *att = attachment_require(rel);
	TupleDesc	desc = finding_row_desc();
	RowNumbers	numbers = {.desc = number_rows_desc()};
	Pass	   *pass;
	Tuplestorestate *findings;

	numbers.store = tuplestore_begin_heap(false, false, work_mem);
	pass = check_relation(CurrentMemoryContext, relid, desc, CD_DATE_NONE, NULL,
						  att->record_existing ? note_number : NULL, &numbers);
	findings = pass_end(pass);
	if (pass_counts(pass)->rejected > 0 && !att->record_existing)
		refuse_rows(pass, findings, desc, rel);
	(void) call_as_owner("validated_as_owner", fcinfo, 1);
	if (pass_counts(pass)->rejected > 0)
		keep_faults(att, findings, desc, &numbers);
	tuplestore_end(numbers.store);
	tuplestore_end(findings);
	relation_close(rel, NoLock);
	return pass_counts(pass)->rows;
}

/* A state column that is new to a table attached before gets what is known. */
static void
show_states(FunctionCallInfo fcinfo, Oid relid)
{
	Relation	rel = relation_of(relid);
	const Attachment *att = attachment_require(rel);
	Act			act = {ACT_STATE};
	Oid			types[2] = {certno_type(true), TEXTARRAYOID};
	Datum		values[2];
	bool		nulls[2];
	HeapTupleHeader row = DatumGetHeapTupleHeader(call_as_owner("states_as_owner", fcinfo, 1));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	Parameters	parameters = {.n = 2, .type = types, .value = values};
	const char *column;

	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	if (!nulls[0])
	{
		column = quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(rel),
														att->state_attnum - 1)->attname));
		(void) run_act(rel, &act,
					   psprintf("UPDATE %s AS t SET %s = u.word FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u(no, word)"
								" WHERE %s OPERATOR(pg_catalog.=) u.no AND t.%s IS NULL",
								relation_name(relid), column, act_number(att, rel), column),
					   &parameters);
	}
	relation_close(rel, NoLock);
}

/* attach(target, columns, existing, validate, publication, require_actor,
 * approver, profile, register, state_column) */
Datum
certdata_attach(PG_FUNCTION_ARGS)
{
	Oid			relid = owned_table(fcinfo);
	Datum		id = call_as_owner("attach_as_owner", fcinfo, 10);

	if (!PG_ARGISNULL(9))
	{
		CommandCounterIncrement();
		PushActiveSnapshot(GetTransactionSnapshot());
		show_states(fcinfo, relid);
		PopActiveSnapshot();
	}
	if (PG_GETARG_BOOL(3))
	{
		CommandCounterIncrement();
		PushActiveSnapshot(GetTransactionSnapshot());
		(void) look_at_rows(fcinfo, relid);
		PopActiveSnapshot();
	}
	return id;
}

/*
 * Rows that came after attach() were judged when they came, so all that this
 * keeps away is another attach, detach or validate.
 */
Datum
certdata_validate(PG_FUNCTION_ARGS)
{
	Oid			relid = owned_table(fcinfo);

	LockRelationOid(relid, ShareUpdateExclusiveLock);
	PG_RETURN_INT64(look_at_rows(fcinfo, relid));
}

Datum
certdata_detach(PG_FUNCTION_ARGS)
{
	Oid			relid = owned_table(fcinfo);
	Relation	rel = relation_of(relid);
	const Attachment *att = attachment_require(rel);
	Act			act = {ACT_PLAIN};
	Statement	statement;

	if (!PG_ARGISNULL(1))
		act.reason = text_to_cstring(PG_GETARG_TEXT_PP(1));
	statement_read(att, &act, &statement);
	statement_require_reason(&statement, rel, CD_RULE_STATE_REASON);
	relation_close(rel, NoLock);
	(void) call_as_owner("detach_as_owner", fcinfo, 2);
	PG_RETURN_VOID();
}

/* ---- partitions and children to come ---- */

static bool
alter_joins(const CollectedCommand *command)
{
	ListCell   *cell;

	foreach(cell, command->d.alterTable.subcmds)
	{
		Node	   *parsetree = ((CollectedATSubcmd *) lfirst(cell))->parsetree;

		if (IsA(parsetree, AlterTableCmd) &&
			(((AlterTableCmd *) parsetree)->subtype == AT_AttachPartition ||
			 ((AlterTableCmd *) parsetree)->subtype == AT_AddInherit))
			return true;
	}
	return false;
}

/*
 * Does a DDL command make a table part of another?  All else is none of our
 * event trigger's business, above all the commands of a restore, which brings
 * the triggers of partitions along itself, in an order of its own.
 */
Datum
certdata_joins_table(PG_FUNCTION_ARGS)
{
	CollectedCommand *command = (CollectedCommand *) PG_GETARG_POINTER(0);

	if (command->type == SCT_AlterTable)
		PG_RETURN_BOOL(alter_joins(command));
	if (command->type == SCT_Simple && IsA(command->parsetree, CreateStmt))
		PG_RETURN_BOOL(((CreateStmt *) command->parsetree)->inhRelations != NIL);
	if (command->type == SCT_Simple && IsA(command->parsetree, CreateForeignTableStmt))
		PG_RETURN_BOOL(((CreateForeignTableStmt *) command->parsetree)->base.inhRelations != NIL);
	PG_RETURN_BOOL(false);
}
