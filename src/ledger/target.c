/*
 * target.c
 *	  The table that a question about a certificate is asked of, also when it
 *	  is attached no more, and whether whoever asks may see its values.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/timestamp.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/act.h"
#include "ledger/life_read.h"

/* ---- certdata.attachment ---- */

static void
read_row(void *arg, Datum *values, bool *nulls)
{
	Target	   *target = arg;
	LedgerTable *table = palloc0(sizeof(LedgerTable));

	table->id = *DatumGetUUIDP(values[ATT_ID]);
	table->registry = *DatumGetUUIDP(values[ATT_REGISTRY]);
	table->relation = DatumGetObjectId(values[ATT_RELATION]);
	table->attached = nulls[ATT_DETACHED_AT];
	table->attached_at = DatumGetTimestampTz(values[ATT_ATTACHED_AT]);
	target->tables = lappend(target->tables, table);
}

LedgerTable *
target_table(const Target *target, const pg_uuid_t *attachment)
{
	ListCell   *cell;

	foreach(cell, target->tables)
	{
		LedgerTable *table = lfirst(cell);

		if (memcmp(&table->id, attachment, UUID_LEN) == 0)
			return table;
	}
	return NULL;
}

/* The table itself or, for a partition, what it is a partition of; the newest attachment. */
static LedgerTable *
table_of(const Target *target, Oid relid)
{
	List	   *relations = lcons_oid(relid, get_partition_ancestors(relid));
	LedgerTable *found = NULL;
	ListCell   *cell;

	foreach(cell, target->tables)
	{
		LedgerTable *table = lfirst(cell);

		if (!list_member_oid(relations, table->relation))
			continue;
		if (found == NULL || table->attached > found->attached ||
			(table->attached == found->attached && table->attached_at > found->attached_at))
			found = table;
	}
	return found;
}

Target
target_arg(FunctionCallInfo fcinfo)
{
	Target		target = {0};
	Relation	rel;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", certdata_lang_zh() ? "target 不能为空值" : "target must not be null")));
	(void) ledger_require();
	rel = relation_of(PG_GETARG_OID(0));
	read_table("attachment", &target, read_row);
	target.table = table_of(&target, RelationGetRelid(rel));
	if (target.table == NULL)
		(void) attachment_require(rel);
	relation_close(rel, NoLock);
	if (target.table == NULL)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_NOT_ATTACHED),
				 errmsg_internal("%s", zh ? "该表是在本事务取得快照之后接入的" : "the table was attached after this transaction began to look"),
				 errhint("%s", zh ? "另开一个事务。" : "Begin another transaction.")));
	}
	return target;
}

cd_certno
target_number_arg(FunctionCallInfo fcinfo, const char *function)
{
	Numbers		numbers = numbers_arg(fcinfo, 1);

	if (numbers.n != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(certdata_lang_zh() ? "%s 每次只涉及一本证书" : "%s is about one certificate", function)));
	return numbers.no[0];
}

/* ---- who may see values ---- */

/* SELECT on the table, or on the columns that hold the fields. */
static bool
has_select(Relation rel, const Attachment *att)
{
	Oid			relid = RelationGetRelid(rel);

	if (pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK)
		return true;
	if (att == NULL)
		return false;
	for (int i = 0; i < CD_NFIELDS; i++)
		if (att->source.attnum[i] > 0 &&
			pg_attribute_aclcheck(relid, att->source.attnum[i], GetUserId(), ACL_SELECT) != ACLCHECK_OK)
			return false;
	return true;
}

/* Rows that row security hides from the caller stay hidden. */
static bool
readable(const LedgerTable *table, const cd_certno *no)
{
	Relation	rel = try_relation_open(table->relation, AccessShareLock);
	const Attachment *att = rel != NULL && table->attached ? attachment_of(rel) : NULL;
	bool		may = rel != NULL ? has_select(rel, att) : superuser();

	if (may && rel != NULL && check_enable_rls(table->relation, InvalidOid, true) == RLS_ENABLED)
	{
		Numbers		number = {.n = 1, .no = unconstify(cd_certno *, no)};

		may = att != NULL && present_numbers(att, rel, &number).n > 0;
	}
	if (rel != NULL)
		relation_close(rel, NoLock);
	return may;
}

bool
table_readable(LedgerTable *table, const cd_certno *no)
{
	if (table == NULL)
		return false;
	if (!table->asked)
		table->readable = readable(table, no);
	table->asked = true;
	return table->readable;
}

/* ---- the row ---- */

/* The columns of the fields that have one, in the order of the fields. */
static char *
select_row(const Attachment *att, Relation rel)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	for (int i = 0; i < CD_NFIELDS; i++)
		if (att->source.attnum[i] > 0)
			appendStringInfo(&sql, "%s, ", act_column(rel, att->source.attnum[i]));
	appendStringInfo(&sql, "NULL FROM %s AS t WHERE %s OPERATOR(pg_catalog.=) $1",
					 relation_name(RelationGetRelid(rel)), act_number(att, rel));
	return sql.data;
}

/* The row that SPI has found, as the report has it. */
static void
read_image(const Attachment *att, MemoryContext context, cd_text image[CD_NFIELDS])
{
	Source		source = att->source;
	TupleTableSlot *slot;
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;
	ImageRoom	room;
	AttrNumber	attnum = 0;

	source.desc = SPI_tuptable->tupdesc;
	for (int i = 0; i < CD_NFIELDS; i++)
		if (source.attnum[i] > 0)
			source_use_column(&source, (cd_field) i, ++attnum);
	slot = MakeSingleTupleTableSlot(source.desc, &TTSOpsHeapTuple);
	ExecStoreHeapTuple(SPI_tuptable->vals[0], slot, false);
	source_read(&source, slot, field, &rec, &typed);
	image_of(field, &rec, typed, &room, image);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char	   *copy = MemoryContextAlloc(context, image[i].len + 1);

		if (image[i].len > 0)
			memcpy(copy, image[i].ptr, image[i].len);
		image[i].ptr = copy;
	}
	ExecDropSingleTupleTableSlot(slot);
}

/*
 * Who asks may see the values masked without having SELECT, so this runs as
 * the table's owner, as checks of foreign keys do; nothing of what the owner
 * wrote gets more rights than he has.
 */
bool
table_row(const LedgerTable *table, const cd_certno *no, cd_text image[CD_NFIELDS])
{
	MemoryContext context = CurrentMemoryContext;
	Relation	rel = table->attached ? try_relation_open(table->relation, AccessShareLock) : NULL;
	const Attachment *att = rel != NULL ? attachment_of(rel) : NULL;
	Oid			type = certno_type(false);
	Datum		value = PointerGetDatum(no);
	bool		found = false;
	Oid			user;
	int			security;

	if (att != NULL)
	{
		GetUserIdAndSecContext(&user, &security);
		SetUserIdAndSecContext(rel->rd_rel->relowner, security | SECURITY_LOCAL_USERID_CHANGE |
							   SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
		SPI_connect();
		if (SPI_execute_with_args(select_row(att, rel), 1, &type, &value, NULL, true, 1) != SPI_OK_SELECT)
			ereport(ERROR, (errmsg_internal("could not read a row of \"%s\"", RelationGetRelationName(rel))));
		found = SPI_processed > 0;
		if (found)
			read_image(att, context, image);
		SPI_finish();
		SetUserIdAndSecContext(user, security);
	}
	if (rel != NULL)
		relation_close(rel, NoLock);
	return found;
}
