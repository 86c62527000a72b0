/*
 * scan.c
 *	  The rows of a relation, numbered as a report numbers them.
 *
 * The rows come from a query that runs as the caller, so that privileges, row
 * security, views and partitions mean what they mean to him; our receiver
 * takes each row from the executor without a copy.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "check/check.h"

#define ROW_NO "row_no"

typedef struct Receiver
{
	DestReceiver pub;
	Source		source;
	int64		row_no;
	ScanRow		row;
	void	   *arg;
	MemoryContext row_context;
} Receiver;

char *
relation_name(Oid relation)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
									  get_rel_name(relation));
}

AttachedRelation attached_relation = NULL;

/* A regclass may be any number. */
Relation
relation_of(Oid relation)
{
	Relation	rel = try_relation_open(relation, AccessShareLock);

	if (rel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg_internal(certdata_lang_zh() ? "OID 为 %u 的关系不存在" :
								 "relation with OID %u does not exist", relation)));
	return rel;
}

/* A column that read_report's rows have: their place in the file. */
static bool
has_row_no(TupleDesc desc)
{
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped && strcmp(NameStr(att->attname), ROW_NO) == 0 &&
			(att->atttypid == INT8OID || att->atttypid == INT4OID))
			return true;
	}
	return false;
}

/* SELECT "xm" AS "姓名", ... FROM schema.table; the lock is kept */
static char *
query_of(Oid relation, Source *source)
{
	Relation	rel = relation_of(relation);
	StringInfoData sql;

	relation_fields(rel, source);
	initStringInfo(&sql);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		/* a constant has no column: startup puts it in */
		const char *column = source->attnum[i] == 0 ? "NULL::pg_catalog.text" :
		quote_identifier(NameStr(TupleDescAttr(source->desc, source->attnum[i] - 1)->attname));

		appendStringInfo(&sql, "%s %s AS %s", i == 0 ? "SELECT" : ",",
						 column, quote_identifier(cd_field_name[i]));
	}
	if (has_row_no(source->desc))
		appendStringInfo(&sql, ", " ROW_NO "::pg_catalog.int8 FROM %s ORDER BY %d",
						 relation_name(relation), CD_NFIELDS + 1);
	else
		appendStringInfo(&sql, " FROM %s", relation_name(relation));
	relation_close(rel, NoLock);
	return sql.data;
}

/* The row's own number, which has to tell it from the others. */
static int64
given_row_no(TupleTableSlot *slot, int64 last)
{
	bool		isnull;
	int64		row_no = DatumGetInt64(slot_getattr(slot, CD_NFIELDS + 1, &isnull));

	if (isnull || row_no <= last || row_no > CD_DUP_MAX_ROW)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "列“%s”不是行号" : "column \"%s\" does not number the rows", ROW_NO),
				 isnull ? errdetail_internal("%s", zh ? "有的行为空值。" : "It is null in some row.") :
				 errdetail_internal(zh ? INT64_FORMAT "之后是" INT64_FORMAT "。" :
									"After " INT64_FORMAT " comes " INT64_FORMAT ".", last, row_no),
				 errhint(zh ? "行号须各不相同，从1到%u。该列若另有含义，请改名。" :
						 "It has to be unique, from 1 to %u. Rename it if it means something else.",
						 CD_DUP_MAX_ROW)));
	}
	return row_no;
}

static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	Receiver   *receiver = (Receiver *) self;
	MemoryContext old = MemoryContextSwitchTo(receiver->row_context);

	if (slot->tts_tupleDescriptor->natts > CD_NFIELDS)
		receiver->row_no = given_row_no(slot, receiver->row_no);
	else
		receiver->row_no++;
	receiver->row(receiver->arg, &receiver->source, slot, receiver->row_no);
	MemoryContextSwitchTo(old);
	MemoryContextReset(receiver->row_context);
	return true;
}

/* The query's columns, with the codes and constants that the relation's have. */
static void
startup(DestReceiver *self, int operation, TupleDesc desc)
{
	Receiver   *receiver = (Receiver *) self;
	Source		relation = receiver->source;
	StringInfoData missing;

	initStringInfo(&missing);
	source_init(&receiver->source, desc, &missing);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		receiver->source.map[i] = relation.map[i];
		receiver->source.constant[i] = relation.constant[i];
		if (relation.attnum[i] == 0)
			receiver->source.attnum[i] = 0;
	}
}

static void
no_op(DestReceiver *self)
{
}

/*
 * Physical order: no synchronized scan that starts in the middle, no parallel
 * workers that deliver pieces as they come.
 */
static int
keep_order(void)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("synchronize_seqscans", "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("max_parallel_workers_per_gather", "0", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	return level;
}

void
scan_relation(Oid relation, ScanRow row, void *arg)
{
	Receiver	receiver = {.row = row, .arg = arg};
	SPIExecuteOptions options = {0};
	int			level = keep_order();
	int			result;

	receiver.pub.receiveSlot = receive;
	receiver.pub.rStartup = startup;
	receiver.pub.rShutdown = no_op;
	receiver.pub.rDestroy = no_op;
	receiver.pub.mydest = DestNone;
	receiver.row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row",
												 ALLOCSET_DEFAULT_SIZES);
	SPI_connect();
	options.read_only = true;
	options.dest = &receiver.pub;
	result = SPI_execute_extended(query_of(relation, &receiver.source), &options);
	if (result < 0)
		ereport(ERROR, (errmsg_internal("could not read \"%s\": %s", relation_name(relation),
										SPI_result_code_string(result))));
	SPI_finish();
	MemoryContextDelete(receiver.row_context);
	AtEOXact_GUC(true, level);
}

/* ---- a pass over a relation ---- */

typedef struct RelationPass
{
	Pass	   *pass;
	CheckedRow	row;
	void	   *arg;
	const Source *target;		/* NULL: the rows go nowhere */
	bool		withdrawn;		/* rows without a number are no data any more */
	const Source *source;		/* of the row at hand */
	TupleTableSlot *slot;
} RelationPass;

/* Column by the order of Annex 1; the header would be row 1. */
static void
annex_cell(void *arg, const cd_finding *finding, int64 row_no, char *out)
{
	char		letter = finding->field < CD_NFIELDS ? 'A' + finding->field : 'A';

	snprintf(out, 24, "%c" INT64_FORMAT, letter, row_no + 1);
}

static cd_text
proved_value(void *arg, cd_field field)
{
	RelationPass *state = arg;
	char	   *text = source_text(state->source, state->slot, field);

	return (cd_text) {text, text ? strlen(text) : 0};
}

/* What the target keeps for the field is not its own: find fault if it is another value. */
static void
find_other(const RelationPass *state, cd_field field, const char *text, const char *kept, const char *called)
{
	cd_finding *finding;

	if (strcmp(text, kept) == 0)
		return;
	finding = cd_find(pass_findings(state->pass), CD_RULE_ROW_CONSTANT, field);
	snprintf(finding->arg1, CD_ARG_SIZE, "%s", cd_field_name[field]);
	finding->arg3 = called;
}

/*
 * A field that all rows of the target have in common must be that, or empty;
 * fields that share a column of it must be equal.
 */
static void
check_constants(const RelationPass *state)
{
	const Source *target = state->target;

	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char	   *text = source_text(state->source, state->slot, (cd_field) i);

		text = text ? text : pstrdup("");
		if (target->attnum[i] == 0 && *text != '\0')
		{
			char	   *constant = pnstrdup(target->constant[i].ptr, target->constant[i].len);

			find_other(state, (cd_field) i, text, constant, constant);
		}
		for (int k = 0; k < i && target->attnum[i] > 0; k++)
			if (target->attnum[k] == target->attnum[i])
			{
				char	   *other = source_text(state->source, state->slot, (cd_field) k);

				find_other(state, (cd_field) i, text, other ? other : "", cd_field_name[k]);
				break;
			}
	}
}

/* Most tables have a column for each field. */
static bool
has_constants(const Source *target)
{
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		if (target->attnum[i] == 0)
			return true;
		for (int k = 0; k < i; k++)
			if (target->attnum[k] == target->attnum[i])
				return true;
	}
	return false;
}

static void
check_row(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no)
{
	RelationPass *state = arg;
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;

	state->source = source;
	state->slot = slot;
	source_read(source, slot, field, &rec, &typed);
	if (state->withdrawn && !rec.has_no && field[CD_CERT_NO].len == 0)
	{
		pass_count(state->pass);
		return;
	}
	if (state->target != NULL && has_constants(state->target))
		check_constants(state);
	pass_row(state->pass, row_no, field, source->fields, typed, &rec);
	if (state->row)
		state->row(state->arg, source, slot, row_no, &rec);
}

/*
 * An attached table is judged as its guard judges it, rows that are to go into
 * one as it will judge them there.
 */
static bool
attached_rules(Oid relation, Relation target, RelationPass *state, CheckRules *rules)
{
	Relation	rel = relation_of(relation);
	Source		source;
	bool		attached = attached_relation != NULL && attached_relation(rel, false, &source, rules);

	relation_close(rel, NoLock);
	state->withdrawn = attached && rules->withdrawn;
	if (target != NULL && attached_relation != NULL)
		attached |= attached_relation(target, true, &source, rules);
	return attached;
}

Pass *
check_relation(MemoryContext result, Oid relation, TupleDesc desc, int32 received_on,
			   Relation target, const Source *fields, CheckedRow row, void *arg)
{
	RelationPass *state = palloc0(sizeof(RelationPass));
	PassNames	names = {.arg = state, .cell = annex_cell, .value = proved_value};
	CheckRules	rules;
	bool		attached = attached_rules(relation, target, state, &rules);

	state->pass = pass_begin(result, desc, true, &names, attached ? &rules : NULL);
	pass_received(state->pass, received_on);
	state->target = fields;
	state->row = row;
	state->arg = arg;
	scan_relation(relation, check_row, state);
	return state->pass;
}
