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
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "guard/rows.h"
#include "ledger/verify.h"

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
		const ActOn *detached = lfirst(cell);

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
judge_image(const Leaf *leaf, const Lifetime *life, const cd_text image[CD_NFIELDS])
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
judge_state_column(const Leaf *leaf, cd_value shown, const LifeItem *newest)
{
	const char *word = newest->state & CD_STATE_RETIRED ? "retired" :
	newest->state & CD_STATE_SUSPENDED ? "suspended" : NULL;

	if (leaf->att->state_attnum == 0)
		return;
	if (word == NULL ? shown.ptr != NULL : !value_is(shown, word))
		tell_row(leaf, "row.changed", newest->act, &newest->no, "状态列与记录的状态不同。",
				 "The state column is not what is recorded.");
}

void
judge_row(const Leaf *leaf, const LeafRow *row, const Lifetime *life)
{
	Attached   *attached = leaf->attached;
	const LifeItem *newest;

	if (life->n == 0 && !(attached->validated && attached->recorded))
	{
		attached->unrecorded++;
		return;
	}
	newest = life->n > 0 ? &life->item[life->n - 1] : NULL;
	if (newest == NULL)
		tell_row(leaf, "row.added", 0, &row->no, "台账中没有它的记录。", "The ledger has no entry of it.");
	else if (newest->state & (CD_STATE_WITHDRAWN | CD_STATE_RENUMBERED))
		tell_row(leaf, "row.added", newest->act, &row->no, "这个编号已经让出。", "The number was given up.");
	else if (memcmp(&newest->shape->attachment, &attached->id, UUID_LEN) != 0)
		tell_row(leaf, "row.added", newest->act, &row->no, "这个编号是另一张表的。", "The number is another table's.");
	else
	{
		judge_image(leaf, life, row->image);
		judge_state_column(leaf, row->state, newest);
	}
}

bool
leaf_row(const Leaf *leaf, LeafRow *row)
{
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;
	int			state = leaf->att->state_attnum - 1;

	source_read(&leaf->source, leaf->slot, field, &rec, &typed);
	image_of(field, &rec, typed, &row->room, row->image);
	row->no = rec.no;
	row->state = (cd_value) {NULL, 0};
	if (state >= 0 && !leaf->slot->tts_isnull[state])
	{
		text	   *shown = DatumGetTextPP(leaf->slot->tts_values[state]);

		row->state = (cd_value) {VARDATA_ANY(shown), VARSIZE_ANY_EXHDR(shown)};
	}
	return rec.has_no || number_of_text(field[CD_CERT_NO], &row->no);
}

bool
leaf_number(const Leaf *leaf, cd_certno *no)
{
	AttrNumber	attnum = leaf->source.attnum[CD_CERT_NO];
	LeafRow		row;
	bool		isnull;
	Datum		value;
	bool		found;

	/* almost always */
	if (attnum > 0 && leaf->source.kind[CD_CERT_NO] == COLUMN_CERTNO && leaf->source.map[CD_CERT_NO] == NULL)
	{
		value = slot_getattr(leaf->slot, attnum, &isnull);
		if (!isnull)
			memcpy(no, DatumGetPointer(value), sizeof(cd_certno));
		return !isnull;
	}
	found = leaf_row(leaf, &row);
	*no = row.no;
	return found;
}

/* ---- the tables ---- */

static void
open_leaf(Verifier *v, Attached *attached, Oid relid)
{
	Leaf	   *leaf = palloc0(sizeof(Leaf));

	leaf->v = v;
	leaf->attached = attached;
	leaf->rel = table_open(relid, AccessShareLock);
	leaf->att = attachment_of(leaf->rel);
	if (leaf->att == NULL || memcmp(&leaf->att->id, &attached->id, UUID_LEN) != 0)
		tell_row(leaf, "table.unguarded", 0, NULL, "表上没有 certdata 的触发器，行未核对。",
				 "The table has lost certdata's triggers; its rows were not looked at.");
	else if (leaf->rel->rd_rel->relkind == RELKIND_RELATION)
	{
		attachment_source(leaf->att, leaf->rel, &leaf->source);
		leaf->slot = table_slot_create(leaf->rel, NULL);
		leaf->at = list_length(v->leaves);
		v->leaves = lappend(v->leaves, leaf);
		return;
	}
	table_close(leaf->rel, NoLock);
}

static void
open_attached(Verifier *v, Attached *attached)
{
	Relation	rel = try_relation_open(attached->relation, AccessShareLock);
	ListCell   *cell;

	if (rel == NULL)
	{
		problem(v, "table.missing", 0, -1, attached->relation, NULL,
				psprintf(certdata_lang_zh() ? "已接入的表不存在。" : "The attached table does not exist."));
		attached->relation = InvalidOid;
		return;
	}
	relation_close(rel, NoLock);
	foreach(cell, find_all_inheritors(attached->relation, AccessShareLock, NULL))
		open_leaf(v, attached, lfirst_oid(cell));
}

void
leaves_open(Verifier *v)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	ListCell   *cell;

	foreach(cell, v->attached)
		open_attached(v, lfirst(cell));
	MemoryContextSwitchTo(old);
}

void
leaves_close(Verifier *v)
{
	ListCell   *cell;

	foreach(cell, v->leaves)
	{
		Leaf	   *leaf = lfirst(cell);

		ExecDropSingleTupleTableSlot(leaf->slot);
		table_close(leaf->rel, NoLock);
	}
}

void
tell_unrecorded(Verifier *v)
{
	ListCell   *cell;

	foreach(cell, v->attached)
	{
		const Attached *attached = lfirst(cell);

		if (attached->unrecorded > 0)
			problem(v, "row.unrecorded", 0, -1, attached->relation, NULL,
					psprintf(certdata_lang_zh() ? "%lld行是接入前就有的，尚未记录：调用 certdata.validate()。" :
							 "%lld rows were there before the table was attached and are not recorded so far: call certdata.validate().",
							 (long long) attached->unrecorded));
	}
}
