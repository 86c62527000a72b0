/*
 * verify_number.c
 *	  Every number that entries speak of, with the rows that have it.
 *
 * Both come in the order of numbers: entries by their index, rows sorted
 * (verify_row.c), so each is read once.
 */
#include "certdata.h"

#include "access/genam.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "guard/guard.h"
#include "ledger/verify.h"

typedef struct Numbering
{
	Verifier   *v;
	Lookup		all;			/* entries by number */
	LifeLookup *lives;
	TupleTableSlot *slot;		/* of rows */
	bool		more_rows;
	cd_certno	no;				/* of the row at hand */
	int		   *count;			/* rows that have the number, for each
								 * attachment */
} Numbering;

/* ---- rows ---- */

static void
next_row(Numbering *n)
{
	n->more_rows = tuplesort_gettupleslot(n->v->rows, true, false, n->slot, NULL);
	if (!n->more_rows)
		return;
	slot_getallattrs(n->slot);
	memcpy(&n->no, DatumGetPointer(n->slot->tts_values[0]), sizeof(cd_certno));
}

static void
count_rows(Numbering *n, const cd_certno *no)
{
	memset(n->count, 0, sizeof(int) * Max(list_length(n->v->attached), 1));
	while (n->more_rows && memcmp(&n->no, no, sizeof(cd_certno)) <= 0)
	{
		if (memcmp(&n->no, no, sizeof(cd_certno)) == 0)
			n->count[DatumGetInt32(n->slot->tts_values[1])]++;
		next_row(n);
	}
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
judge_number(Numbering *n, Lifetime *life)
{
	cd_certno	no = life->item[0].no;
	int			from = 0;

	lifetime_sort(life);
	count_rows(n, &no);
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

static bool
same_number(TupleTableSlot *slot, const Lifetime *life)
{
	slot_getallattrs(slot);
	return life->n > 0 && memcmp(DatumGetPointer(slot->tts_values[ENTRY_CERT_NO]), &life->item[0].no,
								 sizeof(cd_certno)) == 0;
}

void
verify_lives(Verifier *v)
{
	Numbering	n = {.v = v};
	Lifetime	life = {0};
	MemoryContext old;

	verify_stage(v, "核对证书的经历", "verifying lives");
	n.count = palloc(sizeof(int) * Max(list_length(v->attached), 1));
	n.lives = life_lookup_open();
	n.slot = MakeSingleTupleTableSlot(v->rows_desc, &TTSOpsMinimalTuple);
	tuplesort_performsort(v->rows);
	next_row(&n);
	lookup_open(&n.all, "ledger_entry", "ledger_entry_cert_no", 0);
	index_rescan(n.all.scan, NULL, 0, NULL, 0);
	old = MemoryContextSwitchTo(v->row);
	while (lookup_next(v, &n.all))
	{
		verify_count(v);
		if (life.n > 0 && !same_number(n.all.slot, &life))
		{
			judge_number(&n, &life);
			MemoryContextReset(v->row);
			life = (Lifetime) {0};
		}
		slot_getallattrs(n.all.slot);
		lifetime_collect(v, n.all.slot, &life);
	}
	if (life.n > 0)
		judge_number(&n, &life);
	MemoryContextSwitchTo(old);
	MemoryContextReset(v->row);
	tell_dropped(v);
	lookup_close(&n.all);
	tuplesort_end(v->rows);
	ExecDropSingleTupleTableSlot(n.slot);
	life_lookup_close(n.lives);
}
