/*
 * coming.c
 *	  New rows of attached tables, one by one as they come (stream.c).
 *
 * They are judged and recorded where they stand.  Those that wait for the
 * statement's end: rows with findings, since what triggers have done to
 * filings or settings counts; and all rows where numbers have a past, or once
 * a trigger has acted on certificates.
 *
 * A statement on a partitioned table has rows in any of its partitions.  Rows
 * that an UPDATE moves to another one arrive there like new ones; that they
 * left another is told before (gone.c).
 */
#include "certdata.h"

#include "access/table.h"
#include "access/tupconvert.h"
#include "catalog/partition.h"
#include "catalog/pg_trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "check/stream.h"
#include "guard/rows.h"

/* A table that has rows of the statement. */
typedef struct Leaf
{
	Oid			relid;
	Relation	rel;			/* NULL: not of this statement */
	Source		source;
	AttrNumber	state_attnum;
	bool		mapped;
	TupleConversionMap *map;	/* to rows of the statement's table; NULL:
								 * they are the same */
} Leaf;

typedef struct Coming
{
	const Attachment *att;
	Act			act;
	bool		is_root;		/* of partitions, or a table without */
	Relation	rel;			/* NULL: no row has come */
	TupleTableSlot *slot;		/* a row of rel, of one of a leaf */
	bool		at_once;		/* rows are judged and recorded as they come */
	Inserting	in;
	Leaf	   *leaf;
	int			nleaves;
	int			room;
	int			last;			/* leaf at hand */
} Coming;

/* ---- tables ---- */

/* Of the statement's table, or of a partition of it: a root has all of the attachment. */
static bool
is_of_statement(const Stream *stream, Relation rel, const Attachment *att)
{
	const Coming *coming = stream->state;

	if (att == NULL || memcmp(&att->id, &coming->att->id, UUID_LEN) != 0)
		return false;
	return coming->is_root || RelationGetRelid(rel) == stream->relation ||
		list_member_oid(get_partition_ancestors(RelationGetRelid(rel)), stream->relation);
}

static void
open_leaf(Stream *stream, Leaf *leaf)
{
	Relation	rel = table_open(leaf->relid, NoLock);
	const Attachment *att = attachment_of(rel);

	if (!is_of_statement(stream, rel, att))
	{
		table_close(rel, NoLock);
		return;
	}
	stream_refuse_others(rel);
	attachment_source(att, rel, &leaf->source);
	leaf->state_attnum = att->state_attnum;
	leaf->rel = rel;
}

/* The table with that OID; a row comes mostly from that of the last one. */
static Leaf *
find_leaf(Stream *stream, Oid relid)
{
	Coming	   *coming = stream->state;
	MemoryContext old;

	if (coming->last < coming->nleaves && coming->leaf[coming->last].relid == relid)
		return &coming->leaf[coming->last];
	for (coming->last = 0; coming->last < coming->nleaves; coming->last++)
		if (coming->leaf[coming->last].relid == relid)
			return &coming->leaf[coming->last];
	old = MemoryContextSwitchTo(stream->memory);
	if (coming->nleaves == coming->room)
	{
		coming->room = Max(4, 2 * coming->room);
		coming->leaf = coming->leaf == NULL ? palloc(sizeof(Leaf) * coming->room) :
			repalloc(coming->leaf, sizeof(Leaf) * coming->room);
	}
	memset(&coming->leaf[coming->last], 0, sizeof(Leaf));
	coming->leaf[coming->last].relid = relid;
	open_leaf(stream, &coming->leaf[coming->last]);
	coming->nleaves++;
	MemoryContextSwitchTo(old);
	return &coming->leaf[coming->last];
}

static bool
includes(Stream *stream, Oid relid)
{
	return find_leaf(stream, relid)->rel != NULL;
}

/* ---- rows ---- */

static void
begin_rows(Coming *coming, Oid relid)
{
	Inserting  *in = &coming->in;

	coming->rel = table_open(relid, NoLock);
	in->applied = is_first_copy();
	inserting_say(in, coming->att, coming->rel, &coming->act);
	rows_open(&in->rows, coming->att, coming->rel);
	inserting_as(in, &coming->act);
	coming->at_once = in->fresh && !in->look_up;
	if (coming->at_once)
		rows_judge(&in->rows, in->statement.excused, false);
}

/* The row at hand; false: it waits. */
static bool
take_at_once(Inserting *in, const Leaf *leaf, TupleTableSlot *slot)
{
	cd_findings *findings = pass_findings(in->rows.pass);
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;
	bool		faultless;

	source_read(&leaf->source, slot, field, &rec, &typed);
	pass_check(in->rows.pass, field, leaf->source.fields, typed, &rec, findings);
	faultless = findings->n == 0 &&
		(leaf->state_attnum == 0 || slot->tts_isnull[leaf->state_attnum - 1]);
	findings->n = 0;
	if (faultless)
		inserting_record(in, field, &rec, typed);
	return faultless;
}

/* As a row of the table that the statement names. */
static void
keep_row(Stream *stream, Leaf *leaf, TupleTableSlot *slot)
{
	Coming	   *coming = stream->state;

	if (coming->slot == NULL)
		coming->slot = MakeSingleTupleTableSlot(RelationGetDescr(coming->rel), &TTSOpsVirtual);
	if (!leaf->mapped && leaf->relid != stream->relation)
		leaf->map = convert_tuples_by_name(RelationGetDescr(leaf->rel), RelationGetDescr(coming->rel));
	leaf->mapped = true;
	if (leaf->map != NULL)
		slot = execute_attr_map_slot(leaf->map->attrMap, slot, coming->slot);
	stream_keep(stream, slot);
}

static void
take_row(Stream *stream, TupleTableSlot *slot)
{
	Coming	   *coming = stream->state;
	Leaf	   *leaf = find_leaf(stream, slot->tts_tableOid);
	MemoryContext old = MemoryContextSwitchTo(stream->memory);
	bool		taken = false;

	if (coming->rel == NULL)
		begin_rows(coming, stream->relation);
	/* what a trigger has done may be about the numbers to come */
	if (coming->at_once && recording->newest() <= coming->act.id)
	{
		MemoryContextSwitchTo(coming->in.rows.row_context);
		taken = take_at_once(&coming->in, leaf, slot);
		MemoryContextSwitchTo(stream->memory);
		MemoryContextReset(coming->in.rows.row_context);
	}
	if (!taken)
		keep_row(stream, leaf, slot);
	MemoryContextSwitchTo(old);
}

/* ---- the statement's end ---- */

/* The rows that waited. */
static void
take_kept(Stream *stream, Inserting *in)
{
	Rows	   *rows = &in->rows;
	int64		row_no;

	rows->expected = stream->nkept;
	rows->slot = MakeSingleTupleTableSlot(RelationGetDescr(rows->rel), &TTSOpsMinimalTuple);
	if (rows->pass != NULL)
		(void) pass_end(rows->pass);
	rows_judge(rows, in->statement.excused, true);
	inserting_look_back(in);
	while (stream_next(stream, rows->slot, &row_no))
	{
		MemoryContext old = MemoryContextSwitchTo(rows->row_context);

		CHECK_FOR_INTERRUPTS();
		rows->row_no = row_no - 1;
		inserting_row(in);
		MemoryContextSwitchTo(old);
		MemoryContextReset(rows->row_context);
	}
}

/*
 * Rows were taken at once because no number had a past.  If another session
 * has given one up since, it may be one of these.
 */
static void
look_again(Inserting *in)
{
	bool		zh;

	inserting_look_back(in);
	if (in->fresh && !in->look_up)
		return;
	zh = certdata_lang_zh();
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg_internal("%s", zh ? "本语句执行期间，另一会话首次让出了证书编号" :
							 "another session gave up a certificate number while this statement ran, the first of the register"),
			 errhint(zh ? "重新执行本事务。没有作任何改动。" : "Run the transaction again. Nothing was changed.")));
}

static void
end_rows(Stream *stream, Coming *coming)
{
	Inserting  *in = &coming->in;
	MemoryContext old = MemoryContextSwitchTo(stream->memory);

	/* what this session's triggers gave up was not free before */
	if (coming->at_once && recording->newest() <= coming->act.id)
		look_again(in);
	if (in->rows.recorder != NULL)
		recording->settle(in->rows.recorder);
	rows_see_now();
	if (stream->nkept > 0)
		take_kept(stream, in);
	pass_seen(in->rows.pass, stream->rows);
	rows_end(&in->rows);
	if (coming->slot != NULL)
		ExecDropSingleTupleTableSlot(coming->slot);
	table_close(coming->rel, NoLock);
	MemoryContextSwitchTo(old);
}

static void
free_stream(Stream *stream)
{
	Coming	   *coming = stream->state;

	for (int i = 0; i < coming->nleaves; i++)
		if (coming->leaf[i].rel != NULL)
			table_close(coming->leaf[i].rel, NoLock);
	stream_free(stream);
}

/* ---- what the triggers call ---- */

void
coming_begin(const Attachment *att, Relation rel, const Act *act)
{
	bool		parts = rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
	Stream	   *stream = stream_begin(rel, take_row, parts ? includes : NULL);
	Coming	   *coming = MemoryContextAllocZero(stream->memory, sizeof(Coming));

	coming->att = att;
	coming->act = *act;
	coming->is_root = !rel->rd_rel->relispartition;
	stream->state = coming;
}

/* Has it the row trigger that shows its rows? */
static bool
has_row_trigger(Relation rel)
{
	for (int i = 0; i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_AFTER, TRIGGER_TYPE_INSERT) &&
			trigger->tgqual != NULL && trigger->tgnargs == 1 && stream_fires(trigger) &&
			get_func_namespace(trigger->tgfoid) == certdata_schema())
			return true;
	}
	return false;
}

void
coming_end(Relation rel)
{
	Stream	   *stream = stream_end(rel);

	/* of partitions each has its own */
	if (stream == NULL || (rel->rd_rel->relkind == RELKIND_RELATION && !has_row_trigger(rel)))
		attachment_broken(rel, "其触发器 certdata_begin 和 certdata_row 缺失或未全部启用。",
						  "Its triggers certdata_begin and certdata_row are not both there and enabled.");
	if (((Coming *) stream->state)->rel != NULL)
		end_rows(stream, stream->state);
	free_stream(stream);
}
