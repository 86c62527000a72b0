/*
 * attach.c
 *	  attach, validate, detach: who may call them, and what they do as whom.
 *
 * The table's owner decides that it is guarded.  What needs more rights than
 * that (our tables, our trigger functions) is done by functions that run as
 * the extension's owner and that nobody can call directly; the rows are
 * looked at here, as the caller, because a column's type may bring functions
 * of its own along.  What those functions themselves have to know of the rows
 * is read in attach_rows.c.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "storage/lmgr.h"
#include "tcop/deparse_utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/act.h"
#include "guard/guard.h"
#include "guard/protect.h"
#include "guard/rows.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_attach);
PG_FUNCTION_INFO_V1(certdata_validate);
PG_FUNCTION_INFO_V1(certdata_detach);
PG_FUNCTION_INFO_V1(certdata_joins_table);

static Oid
owned_table(FunctionCallInfo fcinfo, const char *function)
{
	Oid			relid;
	Relation	rel;

	/* a lock that a standby does not give would tell of something else */
	PreventCommandIfReadOnly(function);
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", certdata_lang_zh() ? "target 不能为空值" : "target must not be null")));
	relid = PG_GETARG_OID(0);
	rel = relation_of(relid);
	if (!IS_TABLE_OWNER(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, RelationGetRelationName(rel));
	relation_close(rel, NoLock);
	return relid;
}

/* certdata.<name>(the first nargs arguments, caller) */
static Datum
own_part(const char *name, FunctionCallInfo fcinfo, int nargs)
{
	Oid		   *types;
	int			ntypes;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &ntypes);
	Assert(nargs <= ntypes);
	return call_as_owner(name, nargs, types, fcinfo->args);
}

pg_noreturn static void
refuse_table(Relation rel, const char *message, const char *hint)
{
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_CANNOT_ATTACH, .rule = CD_NRULES, .relation = rel,
		.message = psprintf(message, RelationGetRelationName(rel)), .hint = hint
	};

	certdata_refuse(&refusal);
}

/*
 * A snapshot older than our locks would hide rows, children and registers.
 * From a table of the same transaction it hides nothing.
 */
static void
require_new_snapshots(Relation rel, bool shared)
{
	bool		zh = certdata_lang_zh();

	if (IsolationUsesXactSnapshot() && (shared || rel->rd_createSubid == InvalidSubTransactionId))
		refuse_table(rel, zh ? "本事务的快照可能看不到“%s”中后来提交的行" :
					 "this transaction's snapshot may hide rows of \"%s\" that were committed since",
					 zh ? "使用 BEGIN ISOLATION LEVEL READ COMMITTED。" :
					 "BEGIN ISOLATION LEVEL READ COMMITTED.");
}

static void
require_all_rows(Relation rel)
{
	bool		zh = certdata_lang_zh();

	if (check_enable_rls(RelationGetRelid(rel), InvalidOid, true) == RLS_ENABLED)
		refuse_table(rel, zh ? "行级安全策略隐藏了“%s”的行" : "rows of \"%s\" are hidden by row security",
					 zh ? "先执行 ALTER TABLE ... NO FORCE ROW LEVEL SECURITY，或由超级用户调用。" :
					 "ALTER TABLE ... NO FORCE ROW LEVEL SECURITY, or let a superuser call this.");
}

/* A partition is guarded as part of a table. */
static void
require_whole(Relation rel)
{
	bool		zh = certdata_lang_zh();

	if (rel->rd_rel->relispartition)
		refuse_table(rel, zh ? "“%s”是已接入的表的分区" : "\"%s\" is a partition of an attached table",
					 psprintf(zh ? "写那张表：%s。" : "Name that table: %s.",
							  relation_name(llast_oid(get_partition_ancestors(RelationGetRelid(rel))))));
}

/* ---- the rows that are there ---- */

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
keep_faults(const Attachment *att, Tuplestorestate *findings, TupleDesc desc, const NumberRows *numbers)
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

/* What becomes of the rows that are there, beside their findings. */
typedef struct ExistingRows
{
	NumberRows	numbers;		/* of those whose faults are kept */
	bool		keep;
	Recorder   *recorder;		/* NULL: the ledger is not told */
	bool		fresh;			/* it knows none of them */
	LifeTable  *life;			/* NULL: fresh ones have no state */
	const Attachment *att;
} ExistingRows;

/* A life that began before the table was guarded begins with an entry, too. */
static void
record_existing(const ExistingRows *rows, const Source *source, TupleTableSlot *slot)
{
	cd_text		field[CD_NFIELDS];
	cd_text		image[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;
	ImageRoom	room;
	RecordedEntry entry = {
		.no = &rec.no, .begins = true, .existing = true, .fresh = rows->fresh, .image = image
	};

	source_read(source, slot, field, &rec, &typed);
	image_of(field, &rec, typed, &room, image);
	if (!rec.has_no && !number_of_text(field[CD_CERT_NO], &rec.no))
		return;
	if (rows->life != NULL)
	{
		Life		life;

		(void) life_find(rows->life, rows->att, &rec.no, &life);
		entry.state = state_bits(&life);
	}
	recording->entry(rows->recorder, &entry);
}

static void
existing_row(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no, const cd_record *rec)
{
	ExistingRows *rows = arg;

	if (rows->keep)
		keep_number(&rows->numbers, source, slot, row_no, rec);
	if (rows->recorder != NULL)
		record_existing(rows, source, slot);
}

/* fresh: nothing of the table was recorded before */
static int64
look_at_rows(FunctionCallInfo fcinfo, Oid relid, bool fresh)
{
	Relation	rel = relation_of(relid);
	const Attachment *att = attachment_require(rel);
	TupleDesc	desc = finding_row_desc();
	RecordedAct act = {.kind = "validate", .whole = true};
	ExistingRows rows = {.keep = att->record_existing, .fresh = fresh && !att->again && !life_has_withdrawn(att)};
	Pass	   *pass;
	Tuplestorestate *findings;

	require_new_snapshots(rel, att->shared);
	require_all_rows(rel);
	lock_unrecorded(att, true);
	PushActiveSnapshot(GetLatestSnapshot());
	number_rows_begin(&rows.numbers);
	rows.recorder = recording->begin(att, rel, &act);
	rows.att = att;
	if (rows.recorder != NULL && !rows.fresh)
		rows.life = life_open();
	pass = check_relation(CurrentMemoryContext, relid, desc, CD_DATE_NONE, NULL, NULL, existing_row, &rows);
	findings = pass_end(pass);
	if (pass_counts(pass)->rejected > 0 && !att->record_existing)
		refuse_rows(pass, findings, desc, rel);
	(void) own_part("validated_as_owner", fcinfo, 1);
	if (pass_counts(pass)->rejected > 0)
		keep_faults(att, findings, desc, &rows.numbers);
	if (rows.life != NULL)
		life_close(rows.life);
	if (rows.recorder != NULL)
		recording->end(rows.recorder);
	tuplestore_end(rows.numbers.store);
	tuplestore_end(findings);
	PopActiveSnapshot();
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
	HeapTupleHeader row = DatumGetHeapTupleHeader(own_part("states_as_owner", fcinfo, 1));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	Parameters	parameters = {.n = 2, .type = types, .value = values};
	const char *column;

	require_all_rows(rel);
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

static const char *
name_arg(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? NULL : NameStr(*PG_GETARG_NAME(i));
}

static void
record_attach(FunctionCallInfo fcinfo, Oid relid)
{
	Relation	rel = relation_of(relid);
	const Attachment *att = attachment_require(rel);
	Datum		detail = recording->detail("table", relation_name(relid),
										   "existing", string_arg(fcinfo, 2),
										   "publication", string_arg(fcinfo, 4),
										   "require_actor", PG_GETARG_BOOL(5) ? "true" : "false",
										   "approver", PG_ARGISNULL(6) ? NULL : GetUserNameFromId(PG_GETARG_OID(6), true),
										   "profile", string_arg(fcinfo, 7),
										   "register", string_arg(fcinfo, 8),
										   "state_column", name_arg(fcinfo, 9), NULL);

	record_whole_act(att, rel, "attach", NULL, detail, true);
	relation_close(rel, NoLock);
}

/* attach(target, columns, existing, validate, publication, require_actor,
 * approver, profile, register, state_column) */
Datum
certdata_attach(PG_FUNCTION_ARGS)
{
	Oid			relid = owned_table(fcinfo, "certdata.attach()");
	Relation	rel = relation_of(relid);
	Datum		id;

	require_new_snapshots(rel, !PG_ARGISNULL(8));
	relation_close(rel, NoLock);
	recording->start();
	id = own_part("attach_as_owner", fcinfo, 10);
	notice_unless_preloaded();
	CommandCounterIncrement();
	record_attach(fcinfo, relid);
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
		(void) look_at_rows(fcinfo, relid, true);
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
	Oid			relid = owned_table(fcinfo, "certdata.validate()");
	Relation	rel = relation_of(relid);

	(void) attachment_require(rel);
	require_whole(rel);
	relation_close(rel, NoLock);
	LockRelationOid(relid, ShareUpdateExclusiveLock);
	PG_RETURN_INT64(look_at_rows(fcinfo, relid, false));
}

/*
 * A partition that was detached from its table keeps the triggers.  Ending
 * that guard is an act on the table's attachment, which goes on.
 */
static void
record_detach(const Attachment *att, Oid root, Relation rel, const Statement *said)
{
	const char *table = relation_name(RelationGetRelid(rel));

	if (root == RelationGetRelid(rel))
		record_whole_act(att, rel, "detach", said, recording->detail("table", table, NULL), true);
	else
		recording->note("detach", &att->id, said,
						recording->detail("table", table, "partition_of",
										  OidIsValid(root) ? relation_name(root) : "-", NULL));
}

Datum
certdata_detach(PG_FUNCTION_ARGS)
{
	Oid			relid = owned_table(fcinfo, "certdata.detach()");
	Relation	rel = relation_of(relid);
	Attachment	ended = {0};
	bool		guarded = attachment_id(rel, &ended.id);
	Oid			root = guarded ? attachment_relation(&ended.id) : InvalidOid;
	const Attachment *att;
	Act			act = {ACT_PLAIN};
	Statement	statement;

	LOCAL_FCINFO(call, 2);

	/* with its table a former partition's attachment may have ended, too */
	att = guarded && !OidIsValid(root) ? &ended : attachment_require(rel);
	if (!PG_ARGISNULL(1))
		act.reason = text_to_cstring(PG_GETARG_TEXT_PP(1));
	statement_read(att, &act, &statement);
	statement_require_reason(&statement, rel, CD_RULE_STATE_REASON);
	require_whole(rel);
	record_detach(att, root, rel, &statement);
	relation_close(rel, NoLock);
	/* arguments that are constants are the same memory in the next call */
	InitFunctionCallInfoData(*call, fcinfo->flinfo, 2, InvalidOid, NULL, NULL);
	call->args[0] = fcinfo->args[0];
	call->args[1].value = CStringGetTextDatum(statement.reason);
	call->args[1].isnull = false;
	(void) own_part("detach_as_owner", call, 2);
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
