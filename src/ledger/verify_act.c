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

/* Three tables, each in the order of acts; of entries, those in a row at once. */
typedef struct Merge
{
	Verifier   *v;
	Erasures   *erasures;
	Lookup		acts;
	Lookup		order;
	EntryRuns  *runs;
	bool		more_order;
	bool		more_runs;
	int64		ordered;		/* act of the row of order at hand */
	EntryRun	run;
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
next_run(Merge *m)
{
	m->more_runs = runs_next(m->runs, &m->run);
}

/* Acts are asked for in their order. */
static bool
is_sealed(Merge *m, int64 act)
{
	while (m->more_order && m->ordered < act)
		next_ordered(m);
	return m->more_order && m->ordered == act;
}

/* ---- entries that an act does not have ---- */

typedef struct Added
{
	Merge	   *m;
	int64		first;			/* these it has */
	int64		last;
	const cd_act *act;			/* NULL: no such row */
	bool		sealed;
} Added;

static void
added_entry(void *arg, int32 n, const cd_certno *no)
{
	const Added *added = arg;
	const Merge *m = added->m;
	bool		zh = certdata_lang_zh();
	char	   *detail;

	if (n >= added->first && n <= added->last)
		return;
	if (added->sealed)
		detail = psprintf(zh ? "动作%lld没有第%lld条记录。" : "Act %lld has no entry %lld.",
						  (long long) m->run.act, (long long) n);
	else if (added->act == NULL)
		detail = psprintf(zh ? "没有动作%lld。" : "There is no act %lld.", (long long) m->run.act);
	else
		detail = psprintf(zh ? "动作%lld有%lld条记录；第%lld条缺失或多余。" :
						  "Act %lld has %lld entries; entry %lld is missing or is one too many.",
						  (long long) m->run.act, (long long) added->act->entries, (long long) n);
	problem(m->v, "entry.added", m->run.act, -1, InvalidOid, no, detail);
}

static void
missing_entry(Merge *m, const cd_act *act, int64 n)
{
	problem(m->v, "entry.missing", act->id, -1, InvalidOid, NULL,
			psprintf(certdata_lang_zh() ? "动作%lld有%lld条记录；第%lld条缺失或多余。" :
					 "Act %lld has %lld entries; entry %lld is missing or is one too many.",
					 (long long) act->id, (long long) act->entries, (long long) n));
}

/*
 * The runs of an act, which are next; act NULL: it has no row.  Of a sealed
 * act the tree has told what is missing.
 */
static void
entries_of(Merge *m, int64 id, const cd_act *act, bool sealed)
{
	int64		entries = act == NULL ? 0 : act->entries;
	int64		next = 1;

	if (sealed)
		(void) counts_find(m->v, id, &entries);
	for (; m->more_runs && m->run.act == id; next_run(m))
	{
		Added		added = {.m = m, .last = entries, .act = act, .sealed = sealed};

		for (; !sealed && next < m->run.from && next <= entries; next++)
			missing_entry(m, act, next);
		next = Max(next, Min(m->run.from, entries + 1));
		added.first = next;
		if (m->run.from < next || m->run.to > entries)
			run_rows(m->runs, &m->run, &added, added_entry);
		next = Max(next, Min(m->run.to, entries) + (int64) 1);
	}
	for (; !sealed && next <= entries; next++)
		missing_entry(m, act, next);
}

/* Entries of acts before that one, which do not exist. */
static void
orphans(Merge *m, int64 before)
{
	while (m->more_runs && m->run.act < before)
		entries_of(m, m->run.act, NULL, is_sealed(m, m->run.act));
}

/* ---- acts ---- */

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
	entries_of(m, act.id, &act, sealed);
}

void
verify_acts(Verifier *v)
{
	Merge		m = {.v = v};

	verify_stage(v, "核对动作与记录", "verifying acts and entries");
	m.erasures = erasures_begin(v);
	lookup_open(&m.acts, "ledger_act", "ledger_act_pkey", 0);
	lookup_open(&m.order, "ledger_order", "ledger_order_act_key", 0);
	index_rescan(m.acts.scan, NULL, 0, NULL, 0);
	index_rescan(m.order.scan, NULL, 0, NULL, 0);
	m.runs = runs_open(v, m.erasures);
	counts_sort(v);
	next_ordered(&m);
	next_run(&m);
	while (lookup_next(v, &m.acts))
	{
		MemoryContext old = MemoryContextSwitchTo(v->row);

		verify_act	(&m, m.acts.slot);

		MemoryContextSwitchTo(old);
		MemoryContextReset(v->row);
	}
	/* whatever their act: there is none beyond the last number either */
	while (m.more_runs)
		entries_of(&m, m.run.act, NULL, is_sealed(&m, m.run.act));
	runs_close(m.runs);
	lookup_close(&m.order);
	lookup_close(&m.acts);
	erasures_end(m.erasures);
	small_end(v);
}
