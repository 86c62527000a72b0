/*
 * gone.c
 *	  certdata.gone_row(): rows that leave a partition.
 *
 * An UPDATE that moves a row to another partition deletes it here and inserts
 * it there.  The server puts both into the transition tables of UPDATE, but not
 * if the command is MERGE: then nothing but a row trigger sees it.  So what
 * leaves a partition is noted by the WHEN of a trigger AFTER DELETE FOR EACH
 * ROW, and has to be among the old rows of the statement's UPDATE whose numbers
 * change: partitions are by the number.
 */
#include "certdata.h"

#include "access/table.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "check/stream.h"
#include "guard/announce.h"
#include "guard/rows.h"

PG_FUNCTION_INFO_V1(certdata_gone_row);
PG_FUNCTION_INFO_V1(certdata_guard_gone);

/* Whoever makes rows up does not know by what they are told apart. */
static uint64
seed(int i)
{
	static uint64 seeds[2];
	static bool drawn = false;

	if (!drawn && !pg_strong_random(seeds, sizeof(seeds)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
	drawn = true;
	return seeds[i];
}

static GoneRow
read_gone(const Source *source, TupleTableSlot *slot)
{
	GoneRow		row = {{seed(0), seed(1)}};

	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char	   *text = source_text(source, slot, (cd_field) i);
		size_t		len = text == NULL ? 0 : strlen(text);

		for (int k = 0; k < 2; k++)
			row.hash[k] = hash_bytes_extended((const unsigned char *) (text ? text : ""), (int) len, row.hash[k] + len + 1);
	}
	return row;
}

static bool
same_number(const Source *source, TupleTableSlot *old, TupleTableSlot *new)
{
	char	   *before = source_text(source, old, CD_CERT_NO);
	char	   *after = source_text(source, new, CD_CERT_NO);

	return strcmp(before ? before : "", after ? after : "") == 0;
}

/* What nobody announced is replication's (apply.c). */
Datum
certdata_gone_row(PG_FUNCTION_ARGS)
{
	TupleTableSlot *slot = when_slot(fcinfo, INNER_VAR);
	const Attachment *att = NULL;
	Relation	rel;

	if (slot == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg_internal(certdata_lang_zh() ? "函数“%s”不是由触发器的 WHEN 调用的" :
								 "function \"%s\" was not called by a trigger's WHEN", "gone_row"),
				 errhint("CREATE TRIGGER ... AFTER DELETE ON ... FOR EACH ROW WHEN (certdata.gone_row(old.ctid)) ...")));
	rel = table_open(slot->tts_tableOid, NoLock);
	if (rel->rd_rel->relispartition)
		att = attachment_of(rel);
	if (att != NULL)
	{
		Source		source;
		GoneRow		row;

		stream_refuse_others(rel);
		attachment_source(att, rel, &source);
		row = read_gone(&source, slot);
		if (announce_gone(att, &row))
			stream_moving(slot);
	}
	table_close(rel, NoLock);
	PG_RETURN_BOOL(false);
}

/* The trigger's own function: its WHEN is never true. */
Datum
certdata_guard_gone(PG_FUNCTION_ARGS)
{
	return PointerGetDatum(NULL);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(GoneRow));
}

/* Take the row off those gone, if it is one; *n: how many are left. */
static void
take_off(const GoneRows *gone, bool *seen, const GoneRow *row, int64 *n)
{
	GoneRow    *at = bsearch(row, gone->row, gone->n, sizeof(GoneRow), compare);
	int64		i;

	if (at == NULL)
		return;
	i = at - gone->row;
	while (i > 0 && compare(&gone->row[i - 1], row) == 0)
		i--;
	while (i < gone->n && seen[i] && compare(&gone->row[i], row) == 0)
		i++;
	if (i == gone->n || compare(&gone->row[i], row) != 0)
		return;
	seen[i] = true;
	(*n)--;
}

void
require_moved(const Attachment *att, TriggerData *trigger, const GoneRows *gone)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row", ALLOCSET_DEFAULT_SIZES);
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	TupleTableSlot *old = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	TupleTableSlot *new = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	bool	   *seen = MemoryContextAllocExtended(CurrentMemoryContext, gone->n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int64		left = gone->n;
	Source		source;

	qsort(gone->row, gone->n, sizeof(GoneRow), compare);
	attachment_source(att, trigger->tg_relation, &source);
	tuplestore_rescan(trigger->tg_oldtable);
	tuplestore_rescan(trigger->tg_newtable);
	while (tuplestore_gettupleslot(trigger->tg_oldtable, true, false, old) &&
		   tuplestore_gettupleslot(trigger->tg_newtable, true, false, new))
	{
		MemoryContext outer = MemoryContextSwitchTo(row_context);

		CHECK_FOR_INTERRUPTS();
		if (!same_number(&source, old, new))
		{
			GoneRow		row = read_gone(&source, old);

			take_off(gone, seen, &row, &left);
		}
		MemoryContextSwitchTo(outer);
		MemoryContextReset(row_context);
	}
	ExecDropSingleTupleTableSlot(old);
	ExecDropSingleTupleTableSlot(new);
	MemoryContextDelete(row_context);
	pfree(seen);
	if (left > 0)
		refuse_deletion(att, trigger->tg_relation, left, NULL, "MERGE");
}
