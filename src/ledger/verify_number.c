/*
 * verify_number.c
 *	  Every number that entries or rows have, with all of both.
 *
 * verify_pair.c settles most.  Of the others rows and entries are read once
 * more, as they lie, and sorted by number; so nothing is looked up in the order
 * of numbers, in which neither of them lies.
 */
#include "certdata.h"

#include "access/tableam.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

#include "guard/act.h"
#include "ledger/verify.h"

#define ENTRY_ITEM (-1)			/* in place of a leaf */

/* Columns of what is sorted. */
enum
{
	ITEM_NO, ITEM_PLACE, ITEM_LEAF, ITEM_BODY, ITEM_COLUMNS
};

typedef struct Numbering
{
	Verifier   *v;
	LifeLookup *lives;
	TupleDesc	desc;
	Tuplesortstate *sort;
	TupleTableSlot *put;
	int64		place;			/* of the last one in the sort */
	/* of the number at hand: */
	cd_certno	no;
	Lifetime	life;
	bool		whole;			/* … it is, and in order */
	MemoryContext one;			/* of one of its rows */
	int		   *count;			/* rows that have the number, for each
								 * attachment */
} Numbering;

/* ---- into the sort ---- */

static void
put_item(Numbering *n, const cd_certno *no, int leaf, StringInfo body)
{
	SET_VARSIZE(body->data, body->len);
	ExecClearTuple(n->put);
	n->put->tts_values[ITEM_NO] = PointerGetDatum(no);
	n->put->tts_values[ITEM_PLACE] = Int64GetDatum(++n->place);
	n->put->tts_values[ITEM_LEAF] = Int32GetDatum(leaf);
	n->put->tts_values[ITEM_BODY] = PointerGetDatum(body->data);
	memset(n->put->tts_isnull, false, ITEM_COLUMNS * sizeof(bool));
	ExecStoreVirtualTuple(n->put);
	tuplesort_puttupleslot(n->sort, n->put);
}

static void
begin_body(StringInfo body)
{
	const char	header[VARHDRSZ] = {0};

	initStringInfo(body);
	appendBinaryStringInfo(body, header, VARHDRSZ);
}

static void
put_text(StringInfo body, const void *ptr, size_t len)
{
	int32		n = ptr == NULL ? -1 : (int32) len;

	appendBinaryStringInfo(body, (char *) &n, sizeof(n));
	if (n > 0)
		appendBinaryStringInfo(body, ptr, n);
}

static void
put_row(Numbering *n, const Leaf *leaf, const LeafRow *row)
{
	StringInfoData body;

	begin_body(&body);
	put_text(&body, row->state.ptr, row->state.len);
	for (int i = 0; i < CD_NFIELDS; i++)
		put_text(&body, row->image[i].ptr, row->image[i].len);
	put_item(n, &row->no, leaf->at, &body);
}

static void
put_entry(Numbering *n, TupleTableSlot *slot)
{
	Lifetime	life = {0};
	const LifeItem *item;
	StringInfoData body;

	lifetime_collect(n->v, slot, &life);
	item = &life.item[0];
	begin_body(&body);
	appendBinaryStringInfo(&body, (const char *) item, sizeof(LifeItem));
	if (item->old_values != NULL)
		appendBinaryStringInfo(&body, (const char *) item->old_values, VARSIZE(item->old_values));
	put_item(n, &item->no, ENTRY_ITEM, &body);
}

/* ---- out of it ---- */

static cd_value
get_text(const char **at)
{
	cd_value	value = {NULL, 0};
	int32		n;

	memcpy(&n, *at, sizeof(n));
	*at += sizeof(n);
	if (n < 0)
		return value;
	value = (cd_value) {*at, n};
	*at += n;
	return value;
}

/* The row points into the body. */
static void
get_row(const char *body, LeafRow *row)
{
	row->state = get_text(&body);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		cd_value	text = get_text(&body);

		row->image[i] = (cd_text) {text.ptr, text.len};
	}
}

static void
get_entry(Numbering *n, const char *body, size_t len)
{
	LifeItem   *item = lifetime_add(&n->life);

	memcpy(item, body, sizeof(LifeItem));
	if (item->old_values != NULL)
		item->old_values = memcpy(palloc(len - sizeof(LifeItem)), body + sizeof(LifeItem), len - sizeof(LifeItem));
}

/* ---- rows ---- */

/* The entries of the number in the registry, which the sorted ones have together. */
static Lifetime
life_in(const Numbering *n, const pg_uuid_t *registry)
{
	Lifetime	life = {0};

	for (int i = 0; i < n->life.n; i++)
		if (memcmp(&n->life.item[i].shape->registry, registry, UUID_LEN) == 0)
		{
			if (life.n++ == 0)
				life.item = &n->life.item[i];
		}
	return life;
}

/* In the sort a number's entries come before its rows. */
static void
life_ends(Numbering *n)
{
	if (!n->whole)
		lifetime_sort(&n->life);
	n->whole = true;
}

/* Nothing is kept of it: as many rows as there are may have the number. */
static void
judge_sorted_row(Numbering *n, const Leaf *leaf, const char *body)
{
	MemoryContext old;
	LeafRow		row = {.no = n->no};
	Lifetime	life;

	life_ends(n);
	life = life_in(n, &leaf->attached->registry);
	get_row(body, &row);
	old = MemoryContextSwitchTo(n->one);
	judge_row(leaf, &row, &life);
	MemoryContextSwitchTo(old);
	MemoryContextReset(n->one);
	MemoryContextReset(n->v->scratch);
	n->count[leaf->attached->at]++;
}

static void
judge_rows(Numbering *n, const LifeItem *newest)
{
	bool		zh = certdata_lang_zh();
	ListCell   *cell;

	if (newest->state & (CD_STATE_WITHDRAWN | CD_STATE_RENUMBERED))
		return;
	foreach(cell, n->v->dropped)
	{
		Dropped    *dropped = lfirst(cell);

		dropped->certificates += memcmp(&dropped->attachment, &newest->shape->attachment, UUID_LEN) == 0;
	}
	foreach(cell, n->v->attached)
	{
		const Attached *attached = lfirst(cell);

		if (memcmp(&attached->id, &newest->shape->attachment, UUID_LEN) != 0 || !OidIsValid(attached->relation))
			continue;
		if (n->count[attached->at] == 0)
			problem(n->v, "row.missing", newest->act, -1, attached->relation, &newest->no,
					psprintf(zh ? "表中没有这个编号的行。" : "No row of the table has this number."));
		if (n->count[attached->at] > 1)
			problem(n->v, "row.added", newest->act, -1, attached->relation, &newest->no,
					psprintf(zh ? "%d行有这个编号。" : "%d rows have this number.", n->count[attached->at]));
	}
}

/* An empty one is no loss. */
static void
tell_dropped(Verifier *v)
{
	bool		zh = certdata_lang_zh();
	ListCell   *cell;

	foreach(cell, v->dropped)
	{
		const Dropped *dropped = lfirst(cell);
		const char *table = dropped->table ? dropped->table : zh ? "（名称未记录）" : "(its name was not recorded)";

		if (dropped->certificates > 0)
			problem(v, "table.missing", dropped->act, -1, InvalidOid, NULL,
					psprintf(zh ? "已接入的表 %s 被删除，其中的证书：%lld。" :
							 "The attached table %s was dropped; certificates that it had: %lld.",
							 table, (long long) dropped->certificates));
	}
}

/* ---- certdata.life ---- */

/* The publisher's swaps leave no trace of numbers in between (apply.c). */
static bool
is_applied(Verifier *v, const LifeItem *item)
{
	cd_act		act;

	if (!find_act(v, item->act))
		return false;
	read_act(v->acts.slot, &act);
	return value_is(act.kind, "apply");
}

static void
judge_known(Numbering *n, const LifeItem *newest)
{
	/* items that are used up are the entry's to tell */
	const int	known = CD_STATE_PUBLISHED | CD_STATE_SUSPENDED | CD_STATE_RETIRED | CD_STATE_RENUMBERED;

	if (!(newest->state & known) || newest->state & CD_STATE_WITHDRAWN ||
		life_lookup(n->v, n->lives, &newest->shape->registry, &newest->no) ||
		(newest->state & CD_STATE_RENUMBERED && is_applied(n->v, newest)))
		return;
	problem(n->v, "life_row.changed", newest->act, -1, InvalidOid, &newest->no,
			psprintf(certdata_lang_zh() ? "certdata.life 中没有它的行。" : "certdata.life has no row of it."));
}

/* ---- one number ---- */

static void
begin_number(Numbering *n, const cd_certno *no)
{
	n->no = *no;
	n->life = (Lifetime) {0};
	n->whole = false;
	memset(n->count, 0, sizeof(int) * Max(list_length(n->v->attached), 1));
	MemoryContextReset(n->v->row);
}

/* Its rows were judged as they came. */
static void
end_number(Numbering *n)
{
	const Lifetime *life = &n->life;
	int			from = 0;

	life_ends(n);
	for (int i = 1; i <= life->n; i++)
	{
		if (i < life->n && memcmp(&life->item[i].shape->registry, &life->item[from].shape->registry, UUID_LEN) == 0)
			continue;
		judge_lifetime(n->v, &life->item[from], i - from);
		judge_rows(n, &life->item[i - 1]);
		judge_known(n, &life->item[i - 1]);
		from = i;
	}
}

static void
get_item(Numbering *n, int leaf, const struct varlena *body)
{
	if (leaf == ENTRY_ITEM)
		get_entry(n, VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body));
	else
		judge_sorted_row(n, list_nth(n->v->leaves, leaf), VARDATA_ANY(body));
}

static void
judge_sorted(Numbering *n)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(n->desc, &TTSOpsMinimalTuple);
	MemoryContext old = MemoryContextSwitchTo(n->v->row);
	bool		any = false;

	tuplesort_performsort(n->sort);
	while (tuplesort_gettupleslot(n->sort, true, false, slot, NULL))
	{
		const cd_certno *no;

		verify_count(n->v);
		slot_getallattrs(slot);
		no = (const cd_certno *) DatumGetPointer(slot->tts_values[ITEM_NO]);
		if (!any || memcmp(&n->no, no, sizeof(cd_certno)) != 0)
		{
			if (any)
				end_number(n);
			begin_number(n, no);
		}
		any = true;
		get_item(n, DatumGetInt32(slot->tts_values[ITEM_LEAF]),
				 (const struct varlena *) DatumGetPointer(slot->tts_values[ITEM_BODY]));
	}
	if (any)
		end_number(n);
	MemoryContextSwitchTo(old);
	ExecDropSingleTupleTableSlot(slot);
}

/* ---- what is open ---- */

static void
collect_entries(Numbering *n, const Marks *marks)
{
	Verifier   *v = n->v;
	TupleTableSlot *slot = table_slot_create(v->numbers.rel, NULL);
	TableScanDesc scan = scan_as_it_lies(v->numbers.rel);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;
		Datum		no = slot_getattr(slot, ENTRY_CERT_NO + 1, &isnull);

		verify_count(v);
		if (isnull || !marks_open(marks, (const cd_certno *) DatumGetPointer(no)))
			continue;
		slot_getallattrs(slot);
		MemoryContextSwitchTo(v->row);
		put_entry(n, slot);
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(v->row);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
}

static void
collect_rows(Numbering *n, const Marks *marks, const Leaf *leaf)
{
	Verifier   *v = n->v;
	TableScanDesc scan = scan_as_it_lies(leaf->rel);
	LeafRow		row;
	cd_certno	no;

	while (table_scan_getnextslot(scan, ForwardScanDirection, leaf->slot))
	{
		verify_count(v);
		MemoryContextSwitchTo(v->row);
		if (leaf_number(leaf, &no) && marks_open(marks, &no) && leaf_row(leaf, &row))
			put_row(n, leaf, &row);
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(v->row);
	}
	ExecClearTuple(leaf->slot);
	table_endscan(scan);
}

static void
judge_batch(Numbering *n, const Marks *marks)
{
	static AttrNumber column[2] = {ITEM_NO + 1, ITEM_PLACE + 1};
	static Oid	collation[2] = {InvalidOid, InvalidOid};
	static bool nulls_first[2] = {false, false};
	Oid			less[2] = {
		lookup_type_cache(TupleDescAttr(n->desc, ITEM_NO)->atttypid, TYPECACHE_LT_OPR)->lt_opr,
		Int8LessOperator
	};
	ListCell   *cell;

	n->sort = tuplesort_begin_heap(n->desc, 2, column, less, collation, nulls_first,
								   maintenance_work_mem / 2, NULL, TUPLESORT_NONE);
	/* first: rows are judged by them as they come out of the sort */
	collect_entries(n, marks);
	foreach(cell, n->v->leaves)
		collect_rows(n, marks, lfirst(cell));
	judge_sorted(n);
	tuplesort_end(n->sort);
}

static TupleDesc
item_desc(void)
{
	TupleDesc	desc = CreateTemplateTupleDesc(ITEM_COLUMNS);

	TupleDescInitEntry(desc, ITEM_NO + 1, "no", own_type("certno"), -1, 0);
	TupleDescInitEntry(desc, ITEM_PLACE + 1, "place", INT8OID, -1, 0);
	TupleDescInitEntry(desc, ITEM_LEAF + 1, "leaf", INT4OID, -1, 0);
	TupleDescInitEntry(desc, ITEM_BODY + 1, "body", BYTEAOID, -1, 0);
	TupleDescFinalize(desc);
	return desc;
}

static void
judge_open(Verifier *v, Marks *marks)
{
	Numbering	n = {.v = v, .desc = item_desc(), .lives = life_lookup_open()};

	n.put = MakeSingleTupleTableSlot(n.desc, &TTSOpsVirtual);
	n.one = AllocSetContextCreate(v->memory, "certdata verify one row", ALLOCSET_DEFAULT_SIZES);
	n.count = palloc(sizeof(int) * Max(list_length(v->attached), 1));
	marks_sort(marks);
	while (marks_batch(marks))
		judge_batch(&n, marks);
	ExecDropSingleTupleTableSlot(n.put);
	life_lookup_close(n.lives);
}

void
verify_lives(Verifier *v)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	Marks	   *marks = marks_begin();

	verify_stage(v, "核对各表的行", "verifying rows");
	leaves_open(v);
	verify_pairs(v, marks);
	verify_stage(v, "核对证书的经历", "verifying lives");
	judge_open(v, marks);
	marks_end(marks);
	tell_unrecorded(v);
	tell_dropped(v);
	leaves_close(v);
	MemoryContextSwitchTo(old);
}
