/*
 * verify_walk.c
 *	  The rows of a stretch of the tree, in its order, against the stored
 *	  hashes of its leaves.
 *
 * An entry's leaf has its act's leaf hash in it.  Where the act's row was
 * altered, the stored hash takes its place, so that the entries are judged by
 * themselves.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "ledger/verify.h"

/* The act at hand. */
typedef struct Walked
{
	int64		id;
	int64		leaf;
	bool		found;
	cd_act		act;
	cd_node		hash;			/* of its row */
	bool		has_stored;
	cd_node		stored;
	bool		same;			/* the row gives the stored hash, as far as
								 * there is one */
	int64		count;			/* entries that there ought to be */
} Walked;

/* ---- leaves ---- */

/*
 * A leaf of which there is no row: what is stored stands for it.  Beyond the
 * heads nobody vouches for how many there are: not further than what is stored.
 */
static void
skip_leaves(Window *w, int64 to)
{
	while (w->frontier != NULL && w->frontier->size < to)
	{
		cd_node		stored = {{0}};

		CHECK_FOR_INTERRUPTS();
		if (!tiles_hash(w->tiles, 0, w->frontier->size, &stored) && w->to < 0)
			return;
		(void) frontier_append(w->frontier, &stored, w->tiles, w->tell);
	}
}

static void
append_leaf(Window *w, int64 leaf, const cd_node *computed)
{
	cd_node		stored;

	if (w->frontier == NULL || leaf < w->frontier->size)
		return;
	w->whole &= leaf == w->frontier->size;
	skip_leaves(w, leaf);
	if (leaf != w->frontier->size)
		return;
	if (w->of_rows || !tiles_hash(w->tiles, 0, leaf, &stored))
		stored = *computed;
	(void) frontier_append(w->frontier, &stored, w->tiles, w->tell);
}

/* true: it is what is stored, or nothing is */
static bool
same_leaf(Verifier *v, Window *w, int64 leaf, const cd_node *computed)
{
	cd_node		stored;

	verify_count(v);
	return !tiles_hash(w->tiles, 0, leaf, &stored) || memcmp(&stored, computed, sizeof(stored)) == 0;
}

static void
tell(Verifier *v, Window *w, const char *name, int64 act, int64 leaf, const cd_certno *no, char *detail)
{
	if (w->tell)
		problem(v, name, act, leaf, InvalidOid, no, detail);
}

/* Rows and stored hash differ; which of them is to blame was found out before. */
static void
tell_changed(Verifier *v, Window *w, const char *name, int64 act, int64 leaf, const cd_certno *no, char *detail)
{
	if (w->trust_tiles)
		tell(v, w, name, act, leaf, no, detail);
	else if (w->tell)
		tiles_differ(w->tiles, 0, leaf);
}

/* ---- entries ---- */

static void
missing_entry(Verifier *v, Window *w, const Walked *walked, int64 n)
{
	tell(v, w, "entry.missing", walked->id, walked->leaf + n, NULL,
		 psprintf(certdata_lang_zh() ? "动作%lld的第%lld条记录不见了。" : "Entry %2$lld of act %1$lld is missing.",
				  (long long) walked->id, (long long) n));
	if (w->frontier != NULL)
		w->whole = false;
}

static void
walk_entry(Verifier *v, Window *w, const Walked *walked, const LedgerEntry *entry)
{
	const cd_node *act_hash = w->trust_tiles && walked->has_stored ? &walked->stored : &walked->hash;
	int64		leaf = walked->leaf + entry->n;
	cd_node		hash;

	entry_leaf_hash(&entry->body, act_hash->b, entry->n, hash.b);
	if (!same_leaf(v, w, leaf, &hash))
		tell_changed(v, w, "entry.changed", walked->id, leaf, entry->has_no ? &entry->no : NULL,
					 psprintf(certdata_lang_zh() ? "动作%lld的第%lld条记录被改动。" : "Entry %2$lld of act %1$lld was altered.",
							  (long long) walked->id, (long long) entry->n));
	append_leaf(w, leaf, &hash);
}

/* What is one too many is told with those of acts that are not sealed (verify_act.c). */
static void
walk_entries(Verifier *v, Window *w, const Walked *walked)
{
	MemoryContext old = MemoryContextSwitchTo(v->scratch);
	int64		next = 1;
	TupleTableSlot *slot;
	LedgerEntry entry;

	entry_scan_begin(v->entries, walked->id, 1, walked->count);
	while ((slot = entry_scan_next(v->entries)) != NULL)
	{
		MemoryContextReset(v->scratch);
		read_entry(slot, &entry);
		while (next < entry.n)
			missing_entry(v, w, walked, next++);
		walk_entry(v, w, walked, &entry);
		next++;
	}
	while (next <= walked->count)
		missing_entry(v, w, walked, next++);
	MemoryContextSwitchTo(old);
	MemoryContextReset(v->scratch);
	if (w->tell && !(walked->found && walked->act.entries == walked->count))
		counts_put(v, walked->id, walked->count);
}

/* ---- acts ---- */

bool
seal_detail(Jsonb *detail, uint64 *horizon, int64 *leaves)
{
	char	   *text = detail_text(detail, "horizon");
	JsonbValue	room;
	JsonbValue *value = text == NULL ? NULL :
	getKeyJsonValueFromContainer(&detail->root, "leaves", strlen("leaves"), &room);

	if (!json_int8(value, leaves))
		return false;
	*horizon = strtou64(text, NULL, 10);
	return true;
}

/* The end of a seal: its head is of that size, and it began where the last one ended. */
static void
walk_seal(Verifier *v, Window *w, const Walked *walked)
{
	bool		isnull = v->acts.slot->tts_isnull[ACT_DETAIL];
	uint64		horizon;
	int64		leaves;
	bool		zh = certdata_lang_zh();

	if (w->to < 0 || walked->leaf + 1 != w->to)
		tell(v, w, "head.missing", walked->id, walked->leaf, NULL,
			 psprintf(zh ? "封账动作%lld没有大小为%lld的树头。" : "Seal %lld has no head of size %lld.",
					  (long long) walked->id, (long long) walked->leaf + 1));
	else
		w->last_seal = walked->id;
	w->sealed = true;
	if (isnull || !seal_detail(DatumGetJsonbP(v->acts.slot->tts_values[ACT_DETAIL]), &horizon, &leaves) ||
		leaves != walked->leaf || walked->act.incarnation < v->sealed_incarnation ||
		(walked->act.incarnation == v->sealed_incarnation && horizon < v->horizon))
	{
		tell(v, w, "head.changed", walked->id, walked->leaf, NULL,
			 psprintf(zh ? "封账动作%lld与上一次封账不衔接。" : "Seal %lld does not follow the one before.",
					  (long long) walked->id));
		return;
	}
	if (!w->tell)
		return;
	v->sealed_incarnation = walked->act.incarnation;
	v->horizon = horizon;
}

static void
read_walked(Verifier *v, Window *w, Walked *walked)
{
	memset(&walked->hash, 0, sizeof(walked->hash));
	walked->has_stored = tiles_hash(w->tiles, 0, walked->leaf, &walked->stored);
	if (walked->found)
		act_leaf_hash(&walked->act, walked->hash.b);
	walked->same = walked->found &&
		(!walked->has_stored || memcmp(&walked->hash, &walked->stored, sizeof(cd_node)) == 0);
}

/*
 * expected: where the one before ended; next: where the one after begins.  What
 * is at another place than it ought to be, while its hash is there, is there.
 */
static void
place_act(Verifier *v, Window *w, Walked *walked, int64 expected, int64 next)
{
	int64		leaf = walked->leaf;
	bool		zh = certdata_lang_zh();

	read_walked(v, w, walked);
	if (leaf != expected)
	{
		tell(v, w, "order.changed", walked->id, leaf, NULL,
			 psprintf(zh ? "动作%lld的叶应从%lld起，而不是%lld。" : "The leaves of act %lld ought to begin at %lld, not at %lld.",
					  (long long) walked->id, (long long) expected, (long long) leaf));
		w->whole = false;
		walked->leaf = expected;
		read_walked(v, w, walked);
		if (!walked->same)
		{
			walked->leaf = leaf;
			read_walked(v, w, walked);
		}
	}
	if (walked->same || !w->trust_tiles)
		walked->count = walked->found ? walked->act.entries : 0;
	else
		walked->count = next < 0 ? 0 : Max(next - walked->leaf - 1, 0);
}

static int64
walk_act(Verifier *v, Window *w, int64 id, int64 leaf, int64 expected, int64 next)
{
	Walked		walked = {.id = id, .leaf = leaf, .found = find_act(v, id)};

	if (walked.found)
		read_act(v->acts.slot, &walked.act);
	place_act(v, w, &walked, expected, next);
	if (!walked.found)
	{
		tell(v, w, "act.missing", id, walked.leaf, NULL,
			 psprintf(certdata_lang_zh() ? "动作%lld不见了。" : "Act %lld is missing.", (long long) id));
		w->whole = false;
	}
	else if (!walked.same)
		tell_changed(v, w, "act.changed", id, walked.leaf, NULL,
					 psprintf(certdata_lang_zh() ? "动作%lld被改动。" : "Act %lld was altered.", (long long) id));
	verify_count(v);
	if (walked.found)
		append_leaf(w, walked.leaf, &walked.hash);
	walk_entries(v, w, &walked);
	w->sealed = false;
	if (walked.found && (walked.same || !w->trust_tiles) && value_is(walked.act.kind, "seal"))
		walk_seal(v, w, &walked);
	return walked.leaf + 1 + walked.count;
}

/* ---- the stretch ---- */

static void
begin_order(Verifier *v, Lookup *order, const Window *w)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	ScanKeyData key[2];

	ScanKeyInit(&key[0], 1, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(w->from));
	/* the last number there is, too */
	ScanKeyInit(&key[1], 1, w->to < 0 ? BTLessEqualStrategyNumber : BTLessStrategyNumber,
				w->to < 0 ? F_INT8LE : F_INT8LT, Int64GetDatum(w->to < 0 ? PG_INT64_MAX : w->to));
	index_rescan(order->scan, key, 2, NULL, 0);
	MemoryContextSwitchTo(old);
}

static bool
next_order(Verifier *v, Lookup *order, int64 *leaf, int64 *act)
{
	if (!lookup_next(v, order))
		return false;
	slot_getallattrs(order->slot);
	*leaf = DatumGetInt64(order->slot->tts_values[0]);
	*act = DatumGetInt64(order->slot->tts_values[1]);
	return true;
}

void
walk(Verifier *v, Lookup *order, Window *w)
{
	MemoryContext old = MemoryContextSwitchTo(v->row);
	int64		expected = w->from;
	int64		leaf;
	int64		act;
	bool		more;

	w->whole = true;
	w->sealed = false;
	w->last_seal = 0;
	begin_order(v, order, w);
	more = next_order(v, order, &leaf, &act);
	while (more)
	{
		int64		at = leaf;
		int64		id = act;

		more = next_order(v, order, &leaf, &act);
		expected = walk_act(v, w, id, at, expected, more ? leaf : w->to);
		MemoryContextReset(v->row);
	}
	if (w->to >= 0 && expected != w->to)
	{
		tell(v, w, "order.changed", 0, expected, NULL,
			 psprintf(certdata_lang_zh() ? "叶%lld至%lld没有动作。" : "Leaves %lld to %lld have no act.",
					  (long long) expected, (long long) w->to - 1));
		w->whole = false;
	}
	w->end = w->to >= 0 ? w->to : expected;
	skip_leaves(w, w->end);
	MemoryContextSwitchTo(old);
}
