/*
 * verify_tree.c
 *	  Heads, and the leaves from one to the next.
 *
 * Three witnesses tell of each leaf: the rows, the stored hash, and the root of
 * the next head.  Where two of them agree, the third was altered.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "ledger/verify.h"

/* A row of certdata.ledger_head. */
typedef struct Head
{
	int64		size;
	int64		act;
	cd_node		root;
} Head;

typedef struct Growing
{
	Verifier   *v;
	Tiles	   *tiles;
	Lookup		order;
	Frontier	frontier;		/* up to the head before */
	int64		from;
} Growing;

static void
tell_head(Verifier *v, const char *name, const Head *head, const char *zh, const char *en)
{
	problem(v, name, head->act, head->size - 1, InvalidOid, NULL,
			psprintf(certdata_lang_zh() ? "大小为%lld的树头：%s" : "The head of size %lld: %s",
					 (long long) head->size, certdata_lang_zh() ? zh : en));
}

/* ---- is it a head at all? ---- */

static int64
act_of_leaf(Growing *g, int64 leaf)
{
	MemoryContext old = MemoryContextSwitchTo(g->v->memory);
	ScanKeyData key[2];
	int64		act = 0;

	/* as many keys as the scan was begun with */
	ScanKeyInit(&key[0], 1, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(leaf));
	ScanKeyInit(&key[1], 1, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(leaf));
	index_rescan(g->order.scan, key, 2, NULL, 0);
	if (index_getnext_slot(g->order.scan, ForwardScanDirection, g->order.slot))
	{
		slot_getallattrs(g->order.slot);
		act = DatumGetInt64(g->order.slot->tts_values[1]);
	}
	MemoryContextSwitchTo(old);
	return act;
}

/* Is the act a seal that sealed so many leaves before itself? */
static bool
is_seal_at(Verifier *v, int64 act, int64 leaf)
{
	uint64		horizon;
	int64		leaves;
	cd_act		row;

	if (act == 0 || !find_act(v, act))
		return false;
	read_act(v->acts.slot, &row);
	return value_is(row.kind, "seal") && row.detail.ptr != NULL &&
		seal_detail(DatumGetJsonbP(v->acts.slot->tts_values[ACT_DETAIL]), &horizon, &leaves) &&
		leaves == leaf;
}

/* A head ends with a seal's leaf; of what says so one may have been altered. */
static bool
is_head(Growing *g, const Head *head)
{
	int64		act = head->size <= g->from ? 0 : act_of_leaf(g, head->size - 1);

	if (head->size > g->from &&
		(act == head->act || is_seal_at(g->v, act, head->size - 1) ||
		 is_seal_at(g->v, head->act, head->size - 1)))
		return true;
	tell_head(g->v, "head.added", head, "没有封账动作与它对应。", "no seal made it.");
	return false;
}

/* ---- the leaves up to a head ---- */

/* What is stored, up to the head; false: a leaf is missing.  *above: hashes of upper levels are right. */
static bool
grow_stored(Growing *g, Frontier *frontier, int64 to, bool *above)
{
	*above = true;
	while (frontier->size < to)
	{
		cd_node		stored;

		CHECK_FOR_INTERRUPTS();
		if (!tiles_hash(g->tiles, 0, frontier->size, &stored))
			return false;
		*above &= frontier_append(frontier, &stored, g->tiles, false);
	}
	return true;
}

static bool
gives_root(const Frontier *frontier, const Head *head)
{
	cd_node		root;

	frontier_root(frontier, &root);
	return memcmp(&root, &head->root, sizeof(root)) == 0;
}

/* Do the rows by themselves give the head's root? */
static bool
rows_give_root(Growing *g, const Head *head)
{
	Frontier	frontier = g->frontier;
	Window		w = {
		.from = g->from, .to = head->size, .tiles = g->tiles, .frontier = &frontier, .of_rows = true
	};

	walk(g->v, &g->order, &w);
	return w.whole && gives_root(&frontier, head);
}

static void
verify_head(Growing *g, const Head *head)
{
	Frontier	stored = g->frontier;
	bool		above;
	bool		tiles_right = grow_stored(g, &stored, head->size, &above) && gives_root(&stored, head);
	bool		rows_right = !tiles_right && rows_give_root(g, head);
	Window		w = {
		.from = g->from, .to = head->size, .tell = true, .trust_tiles = !rows_right,
		.tiles = g->tiles, .frontier = tiles_right && above ? NULL : &g->frontier, .of_rows = rows_right
	};

	walk(g->v, &g->order, &w);
	if (w.frontier == NULL)
		g->frontier = stored;
	if (!tiles_right && !rows_right && !(w.whole && gives_root(&g->frontier, head)))
		tell_head(g->v, "head.changed", head, "根不是由各叶算出的那个。", "its root is not what the leaves give.");
	if (w.last_seal != 0 && w.last_seal != head->act)
		tell_head(g->v, "head.changed", head, "动作不是它的最后一个叶。", "its act is not its last leaf.");
	g->from = head->size;
}

static void
read_head(TupleTableSlot *slot, Head *head)
{
	bytea	   *root;

	slot_getallattrs(slot);
	head->size = DatumGetInt64(slot->tts_values[0]);
	root = DatumGetByteaPP(slot->tts_values[1]);
	memset(&head->root, 0, sizeof(head->root));
	if (VARSIZE_ANY_EXHDR(root) == CD_NODE_LEN)
		memcpy(&head->root, VARDATA_ANY(root), CD_NODE_LEN);
	head->act = DatumGetInt64(slot->tts_values[2]);
}

/* Acts that have a place in the order, but no head. */
static void
verify_tail(Growing *g)
{
	Window		w = {
		.from = g->from, .to = -1, .tell = true, .trust_tiles = true,
		.tiles = g->tiles, .frontier = &g->frontier
	};

	walk(g->v, &g->order, &w);
	if (w.end > g->from && !w.sealed)
		problem(g->v, "order.changed", 0, g->from, InvalidOid, NULL,
				psprintf(certdata_lang_zh() ? "叶%lld至%lld排在最后一次封账之后。" : "Leaves %lld to %lld come after the last seal.",
						 (long long) g->from, (long long) w.end - 1));
	g->v->size = w.sealed ? w.end : g->from;
}

void
verify_tree(Verifier *v)
{
	Growing		g = {.v = v, .tiles = tiles_open(v)};
	Lookup		heads;

	verify_stage(v, "核对树", "verifying the tree");
	lookup_open(&g.order, "ledger_order", "ledger_order_pkey", 2);
	lookup_open(&heads, "ledger_head", "ledger_head_pkey", 0);
	index_rescan(heads.scan, NULL, 0, NULL, 0);
	while (lookup_next(v, &heads))
	{
		MemoryContext old = MemoryContextSwitchTo(v->row);
		Head		head;

		CHECK_FOR_INTERRUPTS();
		read_head(heads.slot, &head);
		if (is_head(&g, &head))
			verify_head(&g, &head);
		MemoryContextSwitchTo(old);
		MemoryContextReset(v->row);
	}
	verify_tail(&g);
	tiles_end(g.tiles);
	lookup_close(&heads);
	lookup_close(&g.order);
	tiles_close(g.tiles);
}
