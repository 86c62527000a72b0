/*
 * verify_act.c
 *	  Acts in the order of their numbers, and their entries beside them: those
 *	  that are not sealed, and entries without an act.
 *
 * What is not sealed has no hash to be compared with; that it is there at all
 * is told by the horizon of the seals (seal.c).
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "ledger/verify.h"

/* Three tables, each in the order of acts. */
typedef struct Merge
{
	Verifier   *v;
	Erasures   *erasures;
	Lookup		acts;
	Lookup		order;
	Lookup		entries;
	bool		more_order;
	bool		more_entries;
	int64		ordered;		/* act of the row of order at hand */
	int64		entry_act;		/* … of entries */
	int32		n;
	bool		has_no;
	cd_certno	no;
} Merge;

static void
next_ordered(Merge *m)
{
	m->more_order = lookup_next(m->v, &m->order);
	if (!m->more_order)
		return;
	slot_getallattrs(m->order.slot);
	m->ordered = DatumGetInt64(m->order.slot->tts_values[1]);
}

static void
next_entry(Merge *m)
{
	TupleTableSlot *slot = m->entries.slot;

	verify_count(m->v);
	m->more_entries = lookup_next(m->v, &m->entries);
	if (!m->more_entries)
		return;
	slot_getallattrs(slot);
	m->entry_act = DatumGetInt64(slot->tts_values[ENTRY_ACT]);
	m->n = DatumGetInt32(slot->tts_values[ENTRY_N]);
	m->has_no = !slot->tts_isnull[ENTRY_CERT_NO];
	if (m->has_no)
		memcpy(&m->no, DatumGetPointer(slot->tts_values[ENTRY_CERT_NO]), sizeof(cd_certno));
}

/* Acts are asked for in their order. */
static bool
is_sealed(Merge *m, int64 act)
{
	while (m->more_order && m->ordered < act)
		next_ordered(m);
	return m->more_order && m->ordered == act;
}

static void
check_values(Merge *m)
{
	MemoryContext old = MemoryContextSwitchTo(m->v->scratch);

	verify_entry_values(m->v, m->erasures, m->entries.slot);
	MemoryContextSwitchTo(old);
	MemoryContextReset(m->v->scratch);
}

/* Entries of acts before that one, which do not exist. */
static void
orphans(Merge *m, int64 before)
{
	while (m->more_entries && m->entry_act < before)
	{
		/* of a sealed act that is missing, the tree has told */
		if (!is_sealed(m, m->entry_act))
			problem(m->v, "entry.added", m->entry_act, -1, InvalidOid, m->has_no ? &m->no : NULL,
					psprintf(certdata_lang_zh() ? "没有动作%lld。" : "There is no act %lld.",
							 (long long) m->entry_act));
		check_values(m);
		next_entry(m);
	}
}

static void
wrong_entry(Merge *m, const char *name, const cd_act *act, int64 n, const cd_certno *no)
{
	problem(m->v, name, act->id, -1, InvalidOid, no,
			psprintf(certdata_lang_zh() ? "动作%lld有%lld条记录；第%lld条缺失或多余。" :
					 "Act %lld has %lld entries; entry %lld is missing or is one too many.",
					 (long long) act->id, (long long) act->entries, (long long) n));
}

/* tell: the tree has not told of them. */
static void
entries_of(Merge *m, const cd_act *act, bool tell)
{
	int64		next = 1;

	while (m->more_entries && m->entry_act == act->id)
	{
		for (; tell && next < m->n && next <= act->entries; next++)
			wrong_entry(m, "entry.missing", act, next, NULL);
		if (m->n == next && next <= act->entries)
			next++;
		else if (tell)
			wrong_entry(m, "entry.added", act, m->n, m->has_no ? &m->no : NULL);
		check_values(m);
		next_entry(m);
	}
	for (; tell && next <= act->entries; next++)
		wrong_entry(m, "entry.missing", act, next, NULL);
}

/* Why an act that is not sealed cannot be; NULL: it can. */
static const char *
cannot_be(const Verifier *v, const cd_act *act)
{
	bool		zh = certdata_lang_zh();

	if (value_is(act->kind, "seal"))
		return zh ? "封账动作没有自己的叶和树头。" : "A seal without leaf and head.";
	if (act->incarnation > v->incarnation)
		return zh ? "没有这样的化身。" : "There is no such incarnation.";
	if (act->incarnation < v->sealed_incarnation ||
		(act->incarnation == v->sealed_incarnation && act->transaction < v->horizon))
		return zh ? "其事务早于最近一次封账，却没有被封。" :
			"Its transaction is older than the last seal, which did not see it.";
	if (act->incarnation == v->incarnation && v->here && act->transaction >= v->next)
		return zh ? "其事务尚未发生。" : "Its transaction is still to come.";
	return NULL;
}

static void
verify_act	(Merge *m, TupleTableSlot *slot)
{
	cd_act		act;
	Jsonb	   *detail;
	const char *why;
	bool		sealed;

	read_act(slot, &act);
	detail = slot->tts_isnull[ACT_DETAIL] ? NULL : DatumGetJsonbP(slot->tts_values[ACT_DETAIL]);
	orphans(m, act.id);
	sealed = is_sealed(m, act.id);
	why = sealed ? NULL : cannot_be(m->v, &act);
	if (why != NULL)
		problem(m->v, "act.added", act.id, -1, InvalidOid, NULL, pstrdup(why));
	small_act(m->v, &act, detail);
	if (value_is(act.kind, "erase"))
		erasures_list(m->erasures, detail);
	entries_of(m, &act, !sealed);
}

void
verify_acts(Verifier *v)
{
	Merge		m = {.v = v};

	verify_stage(v, "核对动作与记录", "verifying acts and entries");
	m.erasures = erasures_begin(v);
	lookup_open(&m.acts, "ledger_act", "ledger_act_pkey", 0);
	lookup_open(&m.order, "ledger_order", "ledger_order_act_key", 0);
	lookup_open(&m.entries, "ledger_entry", "ledger_entry_pkey", 0);
	index_rescan(m.acts.scan, NULL, 0, NULL, 0);
	index_rescan(m.order.scan, NULL, 0, NULL, 0);
	index_rescan(m.entries.scan, NULL, 0, NULL, 0);
	next_ordered(&m);
	next_entry(&m);
	while (lookup_next(v, &m.acts))
	{
		MemoryContext old = MemoryContextSwitchTo(v->row);

		verify_act	(&m, m.acts.slot);

		MemoryContextSwitchTo(old);
		MemoryContextReset(v->row);
	}
	orphans(&m, PG_INT64_MAX);
	lookup_close(&m.entries);
	lookup_close(&m.order);
	lookup_close(&m.acts);
	erasures_end(m.erasures);
	small_end(v);
}
