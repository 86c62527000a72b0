/*
 * life_read.c
 *	  The steps of a certificate's life, in their order, across its numbers.
 *
 * Entries of one number may belong to several certificates, where numbers were
 * swapped.  So a life is followed from entry to entry: forward where it leaves
 * a number (old_values says renumbered_to), backward where it arrived at one
 * (old_values has the former number); which entry of the other number it is,
 * tells the digest in previous.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/entry.h"
#include "ledger/life_read.h"
#include "ledger/seal.h"

/* ---- entries of one number ---- */

/* A tuple of its own, which outlives the relation's being open. */
static TupleTableSlot *
copy_of(TupleDesc desc, TupleTableSlot *found)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsHeapTuple);

	ExecCopySlot(slot, found);
	return slot;
}

static Step *
make_step(TupleDesc desc, TupleTableSlot *found)
{
	Step	   *step = palloc0(sizeof(Step));

	step->slot = copy_of(desc, found);
	step->slot->tts_tid = found->tts_tid;
	read_entry(step->slot, &step->entry);
	if (!step->slot->tts_isnull[ENTRY_OLD_VALUES])
		step->old = DatumGetJsonbP(step->slot->tts_values[ENTRY_OLD_VALUES]);
	step->leaf = -1;
	return step;
}

/* All entries of a number in a registry, in the order of their places. */
static List *
entries_of(const pg_uuid_t *registry, const cd_certno *no)
{
	Relation	rel = table_open(own_relation("ledger_entry"), AccessShareLock);
	Relation	index = own_index(rel, "ledger_entry_cert_no", 2);
	Oid			eq = get_opcode(get_opfamily_member(index->rd_opfamily[0], index->rd_opcintype[0],
													index->rd_opcintype[0], BTEqualStrategyNumber));
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, GetActiveSnapshot(), 1);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TupleDesc	desc = CreateTupleDescCopy(RelationGetDescr(rel));
	List	   *list = NIL;
	ScanKeyData key;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, eq, PointerGetDatum(no));
	index_rescan(scan, &key, 1, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		const pg_uuid_t *of;

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		of = shape_registry(DatumGetInt32(slot->tts_values[ENTRY_SHAPE]));
		if (of != NULL && memcmp(of, registry, UUID_LEN) == 0)
			list = lappend(list, make_step(desc, slot));
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, AccessShareLock);
	table_close(rel, AccessShareLock);
	return list;
}

/* ---- from one number to another ---- */

/* The number that the life came from with this step; false: it came from none. */
static bool
former_number(const Step *step, cd_certno *former)
{
	return step->entry.body.changed & 1 << CD_CERT_NO && step->entry.body.previous.ptr != NULL &&
		old_number(step->old, cd_field_name[CD_CERT_NO], former) &&
		memcmp(former, &step->entry.no, sizeof(cd_certno)) != 0;
}

static bool
leaves(const Step *step)
{
	return step->entry.body.state & CD_STATE_RENUMBERED;
}

static bool
follows(const Step *next, const Step *before)
{
	cd_value	previous = next->entry.body.previous;
	unsigned char digest[CD_HASH_LEN];

	entry_previous(&before->entry.body, digest);
	return previous.len == CD_HASH_LEN && memcmp(previous.ptr, digest, CD_HASH_LEN) == 0;
}

/*
 * Where the list of another number has the step that goes together with this
 * one; -1: nowhere.  If none has the digest, somebody tampered with one of
 * them: then the nearest that names the right number.
 */
static int
find_arrival(const List *list, const Step *left)
{
	int			likely = -1;

	for (int i = 0; i < list_length(list); i++)
	{
		const Step *step = list_nth(list, i);
		cd_certno	former;

		if (step->entry.body.life_seq <= left->entry.body.life_seq || !former_number(step, &former) ||
			memcmp(&former, &left->entry.no, sizeof(cd_certno)) != 0)
			continue;
		if (follows(step, left))
			return i;
		if (likely < 0)
			likely = i;
	}
	return likely;
}

static int
find_leaving(const List *list, const Step *arrived)
{
	int			likely = -1;

	for (int i = list_length(list) - 1; i >= 0; i--)
	{
		const Step *step = list_nth(list, i);
		cd_certno	to;

		if (step->entry.body.life_seq >= arrived->entry.body.life_seq || !leaves(step) ||
			!old_number(step->old, "renumbered_to", &to) || memcmp(&to, &arrived->entry.no, sizeof(cd_certno)) != 0)
			continue;
		if (follows(arrived, step))
			return i;
		if (likely < 0)
			likely = i;
	}
	return likely;
}

/* ---- the life ---- */

/* The newest step; *list, *at: where it stands among the entries of its number. */
static void
go_forward(const pg_uuid_t *registry, List **list, int *at)
{
	for (;;)
	{
		const Step *step = list_nth(*list, *at);
		cd_certno	to;
		List	   *there;
		int			arrival;

		CHECK_FOR_INTERRUPTS();
		if (!leaves(step) || !old_number(step->old, "renumbered_to", &to))
			return;
		there = entries_of(registry, &to);
		arrival = find_arrival(there, step);
		if (arrival < 0)
			return;
		/* on to where it leaves again, or the end */
		while (!leaves(list_nth(there, arrival)) && arrival + 1 < list_length(there))
			arrival++;
		*list = there;
		*at = arrival;
	}
}

List *
steps_read(const pg_uuid_t *registry, const cd_certno *no)
{
	List	   *list = entries_of(registry, no);
	List	   *steps = NIL;
	int			at = list_length(list) - 1;

	if (list == NIL)
		return NIL;
	go_forward(registry, &list, &at);
	while (at >= 0)
	{
		Step	   *step = list_nth(list, at);
		cd_certno	former;

		CHECK_FOR_INTERRUPTS();
		steps = lappend(steps, step);
		if (step->entry.body.previous.ptr == NULL)
			break;				/* the first */
		if (former_number(step, &former))
		{
			list = entries_of(registry, &former);
			at = find_leaving(list, step);
		}
		else
			at--;
	}
	/* they came from the newest to the first */
	for (int i = 0, k = list_length(steps) - 1; i < k; i++, k--)
	{
		Step	   *step = list_nth(steps, i);

		lfirst(list_nth_cell(steps, i)) = list_nth(steps, k);
		lfirst(list_nth_cell(steps, k)) = step;
	}
	return steps;
}

const cd_certno *
steps_number(const List *steps)
{
	const Step *last = llast(steps);

	return &last->entry.no;
}

void
steps_acts(List *steps, const Target *target)
{
	Relation	rel = table_open(own_relation("ledger_act"), AccessShareLock);
	TupleDesc	desc = CreateTupleDescCopy(RelationGetDescr(rel));
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	ListCell   *cell;

	foreach(cell, steps)
	{
		Step	   *step = lfirst(cell);
		int64		first_leaf;

		if (order_of_act(step->entry.act, &first_leaf))
			step->leaf = first_leaf + step->entry.n;
		if (!act_find(rel, step->entry.act, slot))
			continue;
		step->act_slot = copy_of(desc, slot);
		read_act(step->act_slot, &step->act);
		if (!step->act_slot->tts_isnull[ACT_ATTACHMENT])
			step->table = target_table(target, DatumGetUUIDP(step->act_slot->tts_values[ACT_ATTACHMENT]));
	}
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, AccessShareLock);
}
