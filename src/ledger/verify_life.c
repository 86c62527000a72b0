/*
 * verify_life.c
 *	  Lives of certificates: entries of a number in a registry, each with the
 *	  digest of the one before.
 *
 * A life is read as a whole; it has a handful of entries.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "guard/act.h"
#include "ledger/verify.h"

/* ---- reading ---- */

static int
copy_value(LifeItem *item, cd_value value, void *out, size_t room)
{
	if (value.ptr == NULL)
		return -1;
	item->odd |= value.len > room;
	memcpy(out, value.ptr, Min(value.len, room));
	return Min(value.len, room);
}

static void
read_item(Verifier *v, TupleTableSlot *slot, LifeItem *item)
{
	LedgerEntry entry;

	read_entry_values(slot, &entry);
	item->act = entry.act;
	item->n = entry.n;
	item->life_seq = entry.body.life_seq;
	item->state = entry.body.state;
	item->changed = entry.body.changed;
	item->odd = false;
	item->shape_id = entry.body.shape;
	item->shape = shape_row(v, entry.body.shape);
	item->no = entry.no;
	item->has_previous = entry.body.previous.ptr != NULL;
	memset(item->previous, 0, CD_HASH_LEN);
	item->odd |= copy_value(item, entry.body.previous, item->previous, CD_HASH_LEN) != CD_HASH_LEN &&
		item->has_previous;
	item->salts_len = copy_value(item, entry.salts, item->salts, sizeof(item->salts));
	item->commitments_len = copy_value(item, entry.body.commitments, item->commitments, sizeof(item->commitments));
}

/* One more, to be filled in. */
LifeItem *
lifetime_add(Lifetime *life)
{
	if (life->n == life->room)
	{
		life->room = Max(2, 4 * life->room);
		life->item = life->item == NULL ? palloc(sizeof(LifeItem) * life->room) :
			repalloc(life->item, sizeof(LifeItem) * life->room);
	}
	return &life->item[life->n++];
}

/* The entry in the slot, into the current context. */
void
lifetime_collect(Verifier *v, TupleTableSlot *slot, Lifetime *life)
{
	LifeItem   *item = lifetime_add(life);
	MemoryContext old;

	old = MemoryContextSwitchTo(v->scratch);
	read_item(v, slot, item);
	MemoryContextSwitchTo(old);
	item->old_values = slot->tts_isnull[ENTRY_OLD_VALUES] ? NULL :
		DatumGetJsonbPCopy(slot->tts_values[ENTRY_OLD_VALUES]);
	MemoryContextReset(v->scratch);
}

void
item_digest(const LifeItem *item, unsigned char out[CD_HASH_LEN])
{
	unsigned char room[CD_HASH_LEN];
	char		number[CD_CERTNO_LEN];
	cd_entry	body = {
		.shape = item->shape_id, .cert_no = {number, CD_CERTNO_LEN}, .life_seq = item->life_seq,
		.state = item->state, .changed = item->changed,
		.previous = {item->has_previous ? item->previous : NULL, item->has_previous ? CD_HASH_LEN : 0},
		.commitments = {item->commitments_len < 0 ? NULL : item->commitments, Max(item->commitments_len, 0)}
	};

	memset(out, 0, CD_HASH_LEN);
	if (item->odd)
		return;
	cd_certno_print(&item->no, number);
	if (item->salts_len >= 0)
		body.salts_digest = salts_digest((cd_value) {item->salts, item->salts_len}, body.commitments.len, room);
	entry_previous(&body, out);
}

bool
item_follows(const LifeItem *item, const LifeItem *before)
{
	unsigned char digest[CD_HASH_LEN];

	if (!item->has_previous)
		return false;
	item_digest(before, digest);
	return memcmp(item->previous, digest, CD_HASH_LEN) == 0;
}

static int
compare_items(const void *a, const void *b)
{
	const LifeItem *x = a;
	const LifeItem *y = b;
	int			c = memcmp(&x->shape->registry, &y->shape->registry, UUID_LEN);

	if (c != 0)
		return c;
	if (x->life_seq != y->life_seq)
		return x->life_seq < y->life_seq ? -1 : 1;
	if (x->act != y->act)
		return x->act < y->act ? -1 : 1;
	return x->n < y->n ? -1 : x->n > y->n;
}

/* By registry, then by place.  Entries of no known shape, which was told of, have none. */
void
lifetime_sort(Lifetime *life)
{
	int			n = 0;

	for (int i = 0; i < life->n; i++)
		if (life->item[i].shape != NULL)
			life->item[n++] = life->item[i];
	life->n = n;
	if (n > 1)
		qsort(life->item, n, sizeof(LifeItem), compare_items);
}

void
lifetime_read(Verifier *v, const pg_uuid_t *registry, const cd_certno *no, Lifetime *life)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	ScanKeyData key;
	int			n = 0;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, v->number_eq, PointerGetDatum(no));
	index_rescan(v->numbers.scan, &key, 1, NULL, 0);
	MemoryContextSwitchTo(old);
	life->n = 0;
	while (lookup_next(v, &v->numbers))
	{
		slot_getallattrs(v->numbers.slot);
		lifetime_collect(v, v->numbers.slot, life);
	}
	for (int i = 0; i < life->n; i++)
		if (life->item[i].shape != NULL && memcmp(&life->item[i].shape->registry, registry, UUID_LEN) == 0)
			life->item[n++] = life->item[i];
	life->n = n;
	lifetime_sort(life);
}

bool
number_told(const LifeItem *item, const char *name, cd_certno *no)
{
	char	   *text = detail_text(item->old_values, name);
	cd_no_fault fault;
	int			fixed;

	return text != NULL && cd_certno_parse(text, strlen(text), no, &fixed, &fault) == CD_NO_OK;
}

bool
item_has_image(const LifeItem *item)
{
	return item->commitments_len >= CD_PART_OLD * CD_HASH_LEN;
}

/* ---- judging ---- */

static void
tell_broken(Verifier *v, const LifeItem *item, const char *zh, const char *en)
{
	problem(v, "life.broken", item->act, -1, InvalidOid, &item->no,
			psprintf(certdata_lang_zh() ? "动作%lld的第%lld条记录：%s" : "Entry %2$lld of act %1$lld: %3$s",
					 (long long) item->act, (long long) item->n, certdata_lang_zh() ? zh : en));
}

bool
find_leaving(Verifier *v, const LifeItem *arrival, LifeItem *leaving)
{
	Lifetime	life = {0};
	cd_certno	former;
	cd_certno	to;

	if (!number_told(arrival, cd_field_name[CD_CERT_NO], &former))
		return false;
	lifetime_read(v, &arrival->shape->registry, &former, &life);
	for (int i = life.n - 1; i >= 0; i--)
	{
		*leaving = life.item[i];
		if (leaving->state & CD_STATE_RENUMBERED && item_follows(arrival, leaving) &&
			number_told(leaving, "renumbered_to", &to) && memcmp(&to, &arrival->no, sizeof(to)) == 0)
			return true;
	}
	return false;
}

/* Does the certificate that left the number go on where it went? */
static bool
has_arrived(Verifier *v, const LifeItem *leaving)
{
	Lifetime	life = {0};
	cd_certno	to;

	if (!number_told(leaving, "renumbered_to", &to))
		return false;
	lifetime_read(v, &leaving->shape->registry, &to, &life);
	for (int i = 0; i < life.n; i++)
		if (item_follows(&life.item[i], leaving))
			return true;
	return false;
}

/* Rows that were there are recorded late: changes of them may have come before. */
static bool
is_validation(Verifier *v, const LifeItem *item)
{
	cd_act		act;

	if (!find_act(v, item->act))
		return false;
	read_act(v->acts.slot, &act);
	return value_is(act.kind, "validate");
}

/* Items that were used up stay so, what was published too. */
static bool
state_follows(int before, int after)
{
	const int	lasting = CD_STATE_NAME_USED | CD_STATE_DOCUMENT_USED | CD_STATE_PUBLISHED;

	return (before & lasting & ~after) == 0;
}

static bool
is_arrival(const LifeItem *item)
{
	return item->changed & 1 << CD_CERT_NO && item_has_image(item) &&
		detail_text(item->old_values, cd_field_name[CD_CERT_NO]) != NULL;
}

static void
judge_arrival(Verifier *v, const LifeItem *before, const LifeItem *item)
{
	LifeItem	leaving;

	if (!find_leaving(v, item, &leaving))
	{
		/* a row that was there gets its first number: the old one was none */
		cd_certno	former;

		if (item->has_previous || number_told(item, cd_field_name[CD_CERT_NO], &former))
			tell_broken(v, item, "找不到它所接续的记录。", "the entry that it goes on from is not there.");
		return;
	}
	if (item->life_seq <= leaving.life_seq || (before != NULL && item->life_seq <= before->life_seq))
		tell_broken(v, item, "次序不对。", "its place in the life is wrong.");
	if (item->state != (leaving.state & ~CD_STATE_RENUMBERED))
		tell_broken(v, item, "状态与前一条不衔接。", "its state does not follow from the one before.");
}

static void
judge_item(Verifier *v, const LifeItem *before, const LifeItem *item)
{
	if (before == NULL)
	{
		if (item->has_previous || item->life_seq < 1 || item->life_seq > 2)
			tell_broken(v, item, "它之前的记录不见了。", "what came before it is missing.");
		return;
	}
	if (item->life_seq != before->life_seq + 1)
		tell_broken(v, item, "次序不连续。", "its place does not follow the one before.");
	if (item->has_previous ? !item_follows(item, before) : !is_validation(v, before))
		tell_broken(v, item, "所接续的不是前一条记录。", "it does not go on from the entry before.");
	if (before->state & CD_STATE_RENUMBERED ||
		(!(before->state & CD_STATE_WITHDRAWN) && !state_follows(before->state, item->state)))
		tell_broken(v, item, "状态与前一条不衔接。", "its state does not follow from the one before.");
}

/* The entries of one number in one registry. */
void
judge_lifetime(Verifier *v, const LifeItem *item, int n)
{
	for (int i = 0; i < n; i++)
	{
		const LifeItem *before = i > 0 ? &item[i - 1] : NULL;

		if (is_arrival(&item[i]))
			judge_arrival(v, before, &item[i]);
		else
			judge_item(v, before, &item[i]);
		if (item[i].state & CD_STATE_RENUMBERED && !has_arrived(v, &item[i]))
			tell_broken(v, &item[i], "找不到新编号的记录。", "the entry under the new number is missing.");
	}
}
