/*
 * verify_state.c
 *	  certdata.life, which the guards go by, against the newest entries.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/verify.h"

/* Columns of certdata.life, from 0 (life.c). */
enum
{
	LIFE_REGISTRY, LIFE_CERT_NO, LIFE_ATTACHMENT, LIFE_NAME_USED, LIFE_DOCUMENT_USED,
	LIFE_PUBLISHED, LIFE_SUSPENDED, LIFE_RETIRED, LIFE_RESERVED,
	LIFE_NAME_USED_IN, LIFE_DOCUMENT_USED_IN, LIFE_REPLACED_BY, LIFE_RENUMBERED_TO
};

#define MOST_STEPS 16			/* numbers that a certificate had one after
								 * the other */

/* ---- is there a row? ---- */

struct LifeLookup
{
	Lookup		lookup;
};

LifeLookup *
life_lookup_open(void)
{
	LifeLookup *lookup = palloc(sizeof(LifeLookup));

	lookup_open(&lookup->lookup, "life", "life_pkey", 2);
	return lookup;
}

bool
life_lookup(Verifier *v, LifeLookup *lookup, const pg_uuid_t *registry, const cd_certno *no)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	ScanKeyData key[2];
	bool		found;

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, v->number_eq, PointerGetDatum(no));
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(registry));
	index_rescan(lookup->lookup.scan, key, 2, NULL, 0);
	found = index_getnext_slot(lookup->lookup.scan, ForwardScanDirection, lookup->lookup.slot);
	ExecClearTuple(lookup->lookup.slot);
	MemoryContextSwitchTo(old);
	return found;
}

void
life_lookup_close(LifeLookup *lookup)
{
	lookup_close(&lookup->lookup);
	pfree(lookup);
}

/* ---- a row ---- */

typedef struct LifeRow
{
	Verifier   *v;
	TupleTableSlot *slot;
	pg_uuid_t	registry;
	pg_uuid_t	attachment;
	cd_certno	no;
} LifeRow;

#define flag(row, column) DatumGetBool((row)->slot->tts_values[column])

static int
flags_of(const LifeRow *row)
{
	return (flag(row, LIFE_NAME_USED) ? CD_STATE_NAME_USED : 0) |
		(flag(row, LIFE_DOCUMENT_USED) ? CD_STATE_DOCUMENT_USED : 0) |
		(flag(row, LIFE_PUBLISHED) ? CD_STATE_PUBLISHED : 0) |
		(flag(row, LIFE_SUSPENDED) ? CD_STATE_SUSPENDED : 0) |
		(flag(row, LIFE_RETIRED) ? CD_STATE_RETIRED : 0) |
		(flag(row, LIFE_RESERVED) ? CD_STATE_RENUMBERED : 0);
}

static void
tell(const LifeRow *row, const LifeItem *newest, const char *column)
{
	problem(row->v, "life_row.changed", newest ? newest->act : 0, -1, InvalidOid, &row->no,
			psprintf(certdata_lang_zh() ? "certdata.life 的 %s 与记录不同。" :
					 "Column %s of certdata.life is not what is recorded.", column));
}

/* The entry before, also under a former number; false: there is none. */
static bool
step_back(Verifier *v, Lifetime *life, int *at, int *steps)
{
	LifeItem	leaving;

	if (--*steps > 0 && life->item[*at].changed & 1 << CD_CERT_NO &&
		find_leaving(v, &life->item[*at], &leaving))
	{
		Lifetime	former = {0};

		lifetime_read(v, &leaving.shape->registry, &leaving.no, &former);
		for (int i = 0; i < former.n; i++)
			if (former.item[i].act == leaving.act && former.item[i].n == leaving.n)
			{
				*life = former;
				*at = i;
				return true;
			}
	}
	return --* at >= 0;
}

/*
 * Is it the transaction of an act that changed one of those fields?  Where the
 * oldest entry has the state already, it comes from before the ledger.
 */
static bool
is_transaction_of(Verifier *v, const Lifetime *life, int state, int fields, uint64 transaction)
{
	Lifetime	here = *life;
	int			at = here.n - 1;
	int			steps = MOST_STEPS;

	do
	{
		cd_act		act;

		if (!(here.item[at].changed & fields) || !find_act(v, here.item[at].act))
			continue;
		read_act(v->acts.slot, &act);
		if (act.transaction == transaction)
			return true;
	} while (step_back(v, &here, &at, &steps));
	return here.item[0].state & state;
}

static void
judge_used_in(const LifeRow *row, const Lifetime *life, int state, int fields, int column, const char *name)
{
	bool		isnull = row->slot->tts_isnull[column];

	if (flags_of(row) & state ? isnull ||
		!is_transaction_of(row->v, life, state, fields, DatumGetUInt64(row->slot->tts_values[column])) : !isnull)
		tell(row, &life->item[life->n - 1], name);
}

/*
 * What the act that retired the certificate says of the one in its place.
 * *unknown: that was before the ledger.
 */
static bool
replacement(Verifier *v, const Lifetime *life, cd_certno *no, bool *unknown)
{
	Lifetime	here = *life;
	int			at = here.n - 1;
	int			steps = MOST_STEPS;
	int64		retired_by = 0;
	cd_no_fault fault;
	int			fixed;
	char	   *text;

	do
	{
		if (!(here.item[at].state & CD_STATE_RETIRED))
			break;
		retired_by = here.item[at].act;
	} while (step_back(v, &here, &at, &steps));
	*unknown = here.item[0].state & CD_STATE_RETIRED && at < 0;
	if (retired_by == 0 || !find_act(v, retired_by))
		return false;
	slot_getallattrs(v->acts.slot);
	text = v->acts.slot->tts_isnull[ACT_DETAIL] ? NULL :
		detail_text(DatumGetJsonbP(v->acts.slot->tts_values[ACT_DETAIL]), "replaced_by");
	return text != NULL && cd_certno_parse(text, strlen(text), no, &fixed, &fault) == CD_NO_OK;
}

static bool
number_is(const LifeRow *row, int column, bool expected, const cd_certno *no)
{
	if (row->slot->tts_isnull[column] || !expected)
		return row->slot->tts_isnull[column] && !expected;
	return memcmp(DatumGetPointer(row->slot->tts_values[column]), no, sizeof(cd_certno)) == 0;
}

/* The number that took its place, or one further on, as a publisher's swap has it. */
static bool
renumbered_as_said(const LifeRow *row, const LifeItem *newest)
{
	LifeItem	item = *newest;
	cd_certno	to;

	for (int i = 0; i < MOST_STEPS; i++)
	{
		Lifetime	next = {0};

		if (!(item.state & CD_STATE_RENUMBERED) || !number_told(&item, "renumbered_to", &to))
			return false;
		if (number_is(row, LIFE_RENUMBERED_TO, true, &to))
			return true;
		lifetime_read(row->v, &item.shape->registry, &to, &next);
		if (next.n == 0)
			return false;
		item = next.item[next.n - 1];
	}
	return false;
}

/*
 * Items that are used up the guards know from the entries; the row has those
 * from before the ledger and those of single requests.
 */
static bool
flags_agree(int flags, int state)
{
	const int	items = CD_STATE_NAME_USED | CD_STATE_DOCUMENT_USED;

	return (flags & ~items) == (state & ~items) && (flags & items & ~state) == 0;
}

static void
judge_columns(const LifeRow *row, const Lifetime *life)
{
	const LifeItem *newest = &life->item[life->n - 1];
	bool		reserved = newest->state & CD_STATE_RENUMBERED;
	int			expected = reserved ? CD_STATE_RENUMBERED : newest->state;
	cd_certno	other = {{0}};
	bool		unknown = false;
	bool		replaced;

	if (memcmp(&row->attachment, &newest->shape->attachment, UUID_LEN) != 0)
		tell(row, newest, "attachment");
	if (!flags_agree(flags_of(row), expected))
		tell(row, newest, "name_used, document_used, published, suspended, retired, reserved");
	judge_used_in(row, life, CD_STATE_NAME_USED, 1 << CD_NAME, LIFE_NAME_USED_IN, "name_used_in");
	judge_used_in(row, life, CD_STATE_DOCUMENT_USED, 1 << CD_ID_NUMBER | 1 << CD_ID_TYPE,
				  LIFE_DOCUMENT_USED_IN, "document_used_in");
	replaced = expected & CD_STATE_RETIRED && replacement(row->v, life, &other, &unknown);
	if (!unknown && !number_is(row, LIFE_REPLACED_BY, replaced, &other))
		tell(row, newest, "replaced_by");
	if (reserved ? !renumbered_as_said(row, newest) : !row->slot->tts_isnull[LIFE_RENUMBERED_TO])
		tell(row, newest, "renumbered_to");
}

/*
 * A number that no entry speaks of: of a row that was there and is not recorded
 * so far, or one that was given up before the ledger was started.
 */
static bool
may_be_unknown(const LifeRow *row)
{
	ListCell   *cell;

	foreach(cell, row->v->attached)
	{
		const Attached *attached = lfirst(cell);

		if (memcmp(&attached->id, &row->attachment, UUID_LEN) == 0)
			return !(attached->validated && attached->recorded) ||
				(!attached->from_start && flag(row, LIFE_RESERVED));
	}
	return false;
}

static void
judge_life_row(const LifeRow *row)
{
	Lifetime	life = {0};
	bool		zh = certdata_lang_zh();

	lifetime_read(row->v, &row->registry, &row->no, &life);
	if (life.n > 0 && !(life.item[life.n - 1].state & CD_STATE_WITHDRAWN))
		judge_columns(row, &life);
	else if (life.n > 0 ? flags_of(row) != 0 : !may_be_unknown(row))
		problem(row->v, "life_row.changed", 0, -1, InvalidOid, &row->no,
				psprintf(zh ? "certdata.life 有它的行，台账中没有相应的记录。" :
						 "certdata.life has a row of it, the ledger no entry that says so."));
}

void
verify_life_table(Verifier *v)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	Relation	rel = table_open(own_relation("life"), AccessShareLock);
	LifeRow		row = {.v = v, .slot = table_slot_create(rel, NULL)};
	TableScanDesc scan = BEGIN_TABLE_SCAN(rel, GetActiveSnapshot());

	verify_stage(v, "核对 certdata.life", "verifying certdata.life");
	while (table_scan_getnextslot(scan, ForwardScanDirection, row.slot))
	{
		verify_count(v);
		slot_getallattrs(row.slot);
		row.registry = *DatumGetUUIDP(row.slot->tts_values[LIFE_REGISTRY]);
		row.attachment = *DatumGetUUIDP(row.slot->tts_values[LIFE_ATTACHMENT]);
		memcpy(&row.no, DatumGetPointer(row.slot->tts_values[LIFE_CERT_NO]), sizeof(cd_certno));
		MemoryContextSwitchTo(v->row);
		judge_life_row(&row);
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(v->row);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(row.slot);
	table_close(rel, AccessShareLock);
	MemoryContextSwitchTo(old);
}
