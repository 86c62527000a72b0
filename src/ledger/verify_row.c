/*
 * verify_row.c
 *	  Rows of attached tables against the newest image that the ledger has of
 *	  each.
 *
 * Tables are read as they lie, so neither privileges nor row security hide a
 * row.
 */
#include "certdata.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "guard/act.h"
#include "guard/rows.h"
#include "ledger/verify.h"

/* A table with rows: the attached one, or a partition of it. */
typedef struct Leaf
{
	Verifier   *v;
	Attached   *attached;
	const Attachment *att;
	Relation	rel;
	Source		source;
	TupleTableSlot *slot;
	TupleTableSlot *put;		/* for the sort */
} Leaf;

static void
tell_row(const Leaf *leaf, const char *name, int64 act, const cd_certno *no, const char *zh, const char *en)
{
	problem(leaf->v, name, act, -1, RelationGetRelid(leaf->rel), no, pstrdup(certdata_lang_zh() ? zh : en));
}

/* ---- one row ---- */

/* Changes made while the table was detached were recorded by nobody. */
static bool
was_detached(const Leaf *leaf, const LifeItem *since)
{
	ListCell   *cell;

	foreach(cell, leaf->v->detached)
	{
		const Detached *detached = lfirst(cell);

		if (detached->act > since->act && memcmp(&detached->attachment, &leaf->attached->id, UUID_LEN) == 0)
			return true;
	}
	return false;
}

static void
tell_changed(const Leaf *leaf, const LifeItem *item, unsigned parts)
{
	bool		zh = certdata_lang_zh();

	problem(leaf->v, "row.changed", item->act, -1, RelationGetRelid(leaf->rel), &item->no,
			psprintf(zh ? "与记录不同：%s%s%s。%s" : "Not as recorded:%s%s%s.%s",
					 parts & 1 << CD_PART_NAME ? " 姓名" : "",
					 parts & 1 << CD_PART_DOCUMENT ? " 证件" : "",
					 parts & 1 << CD_PART_REST ? " 其他" : "",
					 !was_detached(leaf, item) ? "" :
					 zh ? "此后该表曾脱离管理。" : " The table was detached for some time since then."));
}

static void
judge_image(Leaf *leaf, const Lifetime *life, const cd_text image[CD_NFIELDS])
{
	const LifeItem *item;
	unsigned	parts;
	int			at = life->n - 1;

	while (at >= 0 && !item_has_image(&life->item[at]))
		at--;
	if (at < 0)
	{
		if (!leaf->attached->validated)
			leaf->attached->unrecorded++;
		return;
	}
	item = &life->item[at];
	/* erased, or told of by verify_values.c */
	if (salt_places(item->salts_len, item->commitments_len).image < 0)
		return;
	parts = image_differs(item, image);
	if (parts != 0)
		tell_changed(leaf, item, parts);
	else if (!was_detached(leaf, &life->item[0]))
		verify_older(leaf->v, life, at, image);
}

static void
judge_state_column(Leaf *leaf, const LifeItem *newest)
{
	int			at = leaf->att->state_attnum - 1;
	const char *word = newest->state & CD_STATE_RETIRED ? "retired" :
	newest->state & CD_STATE_SUSPENDED ? "suspended" : NULL;
	char	   *shown;

	if (at < 0)
		return;
	shown = leaf->slot->tts_isnull[at] ? NULL : TextDatumGetCString(leaf->slot->tts_values[at]);
	if (word == NULL ? shown != NULL : shown == NULL || strcmp(word, shown) != 0)
		tell_row(leaf, "row.changed", newest->act, &newest->no, "状态列与记录的状态不同。",
				 "The state column is not what is recorded.");
}

static void
judge_row(Leaf *leaf, const cd_certno *no, const cd_text image[CD_NFIELDS])
{
	Attached   *attached = leaf->attached;
	Lifetime	life = {0};
	const LifeItem *newest;

	lifetime_read(leaf->v, &attached->registry, no, &life);
	if (life.n == 0 && !(attached->validated && attached->recorded))
	{
		attached->unrecorded++;
		return;
	}
	newest = life.n > 0 ? &life.item[life.n - 1] : NULL;
	if (newest == NULL)
		tell_row(leaf, "row.added", 0, no, "台账中没有它的记录。", "The ledger has no entry of it.");
	else if (newest->state & (CD_STATE_WITHDRAWN | CD_STATE_RENUMBERED))
		tell_row(leaf, "row.added", newest->act, no, "这个编号已经让出。", "The number was given up.");
	else if (memcmp(&newest->shape->attachment, &attached->id, UUID_LEN) != 0)
		tell_row(leaf, "row.added", newest->act, no, "这个编号是另一张表的。", "The number is another table's.");
	else
	{
		judge_image(leaf, &life, image);
		judge_state_column(leaf, newest);
	}
}

static void
put_number(Leaf *leaf, const cd_certno *no)
{
	ExecClearTuple(leaf->put);
	leaf->put->tts_values[0] = PointerGetDatum(no);
	leaf->put->tts_values[1] = Int32GetDatum(leaf->attached->at);
	memset(leaf->put->tts_isnull, false, 2 * sizeof(bool));
	ExecStoreVirtualTuple(leaf->put);
	tuplesort_puttupleslot(leaf->v->rows, leaf->put);
}

static void
verify_row(Leaf *leaf)
{
	cd_text		field[CD_NFIELDS];
	cd_text		image[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;
	ImageRoom	room;
	cd_certno	no;

	source_read(&leaf->source, leaf->slot, field, &rec, &typed);
	image_of(field, &rec, typed, &room, image);
	no = rec.no;
	if (!rec.has_no && !number_of_text(field[CD_CERT_NO], &no))
		return;
	put_number(leaf, &no);
	judge_row(leaf, &no, image);
}

/* ---- one table ---- */

static void
scan_leaf(Leaf *leaf)
{
	Verifier   *v = leaf->v;
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	TableScanDesc scan;

	attachment_source(leaf->att, leaf->rel, &leaf->source);
	leaf->slot = table_slot_create(leaf->rel, NULL);
	leaf->put = MakeSingleTupleTableSlot(v->rows_desc, &TTSOpsVirtual);
	scan = BEGIN_TABLE_SCAN(leaf->rel, GetActiveSnapshot());
	while (table_scan_getnextslot(scan, ForwardScanDirection, leaf->slot))
	{
		verify_count(v);
		MemoryContextSwitchTo(v->row);
		verify_row(leaf);
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(v->row);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(leaf->put);
	ExecDropSingleTupleTableSlot(leaf->slot);
	MemoryContextSwitchTo(old);
}

static void
verify_leaf (Verifier *v, Attached *attached, Oid relid)
{
	Leaf		leaf = {.v = v, .attached = attached, .rel = table_open(relid, AccessShareLock)};

	leaf.att = attachment_of(leaf.rel);
	if (leaf.att == NULL || memcmp(&leaf.att->id, &attached->id, UUID_LEN) != 0)
		tell_row(&leaf, "table.unguarded", 0, NULL, "表上没有 certdata 的触发器，行未核对。",
				 "The table has lost certdata's triggers; its rows were not looked at.");
	else if (leaf.rel->rd_rel->relkind == RELKIND_RELATION)
		scan_leaf(&leaf);
	table_close(leaf.rel, NoLock);
}

static void
verify_attached(Verifier *v, Attached *attached)
{
	Relation	rel = try_relation_open(attached->relation, AccessShareLock);
	bool		zh = certdata_lang_zh();
	ListCell   *cell;

	if (rel == NULL)
	{
		problem(v, "table.missing", 0, -1, attached->relation, NULL,
				psprintf(zh ? "已接入的表不存在。" : "The attached table does not exist."));
		attached->relation = InvalidOid;
		return;
	}
	relation_close(rel, NoLock);
	foreach(cell, find_all_inheritors(attached->relation, AccessShareLock, NULL))
		verify_leaf (v, attached, lfirst_oid(cell));

	if (attached->unrecorded > 0)
		problem(v, "row.unrecorded", 0, -1, attached->relation, NULL,
				psprintf(zh ? "%lld行是接入前就有的，尚未记录：调用 certdata.validate()。" :
						 "%lld rows were there before the table was attached and are not recorded so far: call certdata.validate().",
						 (long long) attached->unrecorded));
}

void
verify_rows(Verifier *v)
{
	static AttrNumber column[2] = {1, 2};
	static Oid	collation[2] = {InvalidOid, InvalidOid};
	static bool nulls_first[2] = {false, false};
	Oid			type = own_type("certno");
	Oid			less[2] = {lookup_type_cache(type, TYPECACHE_LT_OPR)->lt_opr, Int4LessOperator};
	ListCell   *cell;

	verify_stage(v, "核对各表的行", "verifying rows");
	v->rows_desc = CreateTemplateTupleDesc(2);
	TupleDescInitEntry(v->rows_desc, 1, "cert_no", type, -1, 0);
	TupleDescInitEntry(v->rows_desc, 2, "at", INT4OID, -1, 0);
	TupleDescFinalize(v->rows_desc);
	v->rows = tuplesort_begin_heap(v->rows_desc, 2, column, less, collation, nulls_first,
								   maintenance_work_mem, NULL, TUPLESORT_NONE);
	foreach(cell, v->attached)
		verify_attached(v, lfirst(cell));
}
