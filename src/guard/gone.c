/*
 * gone.c
 *	  certdata.gone_row(): rows that leave a partition.
 *
 * An UPDATE that moves a row to another partition deletes it here and inserts
 * it there.  The server puts both into the transition tables of UPDATE, but not
 * if the command is MERGE: then nothing but a row trigger sees it.  So what
 * leaves a partition is noted by the WHEN of a trigger AFTER DELETE FOR EACH
 * ROW, and has to be among the old rows of the statement's UPDATE.
 */
#include "certdata.h"

#include "access/table.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"

#include "check/stream.h"
#include "guard/announce.h"
#include "guard/rows.h"

PG_FUNCTION_INFO_V1(certdata_gone_row);
PG_FUNCTION_INFO_V1(certdata_guard_gone);

static bool
row_number(const Source *source, TupleTableSlot *slot, cd_certno *no)
{
	char	   *text = source_text(source, slot, CD_CERT_NO);
	bool		has_no = text != NULL && number_of_text((cd_text) {text, strlen(text)}, no);

	if (text != NULL)
		pfree(text);
	return has_no;
}

/* What nobody announced is replication's (apply.c). */
Datum
certdata_gone_row(PG_FUNCTION_ARGS)
{
	TupleTableSlot *slot = when_slot(fcinfo, INNER_VAR);
	const Attachment *att;
	Relation	rel;

	if (slot == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by a trigger's WHEN", "gone_row"),
				 errhint("CREATE TRIGGER ... AFTER DELETE ON ... FOR EACH ROW WHEN (certdata.gone_row(old.ctid)) ...")));
	rel = table_open(slot->tts_tableOid, NoLock);
	att = attachment_of(rel);
	if (att != NULL)
	{
		Source		source;
		cd_certno	no;
		bool		has_no;

		attachment_source(att, rel, &source);
		has_no = row_number(&source, slot, &no);
		if (announce_gone(att, has_no, &no))
			stream_moving(slot->tts_tableOid);
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
	return memcmp(a, b, sizeof(cd_certno));
}

/* Old rows come with the numbers that they had; each may have left one partition. */
void
require_moved(const Attachment *att, TriggerData *trigger, const GoneRows *gone)
{
	int64		left = gone->n;
	int64		without_number = gone->without_number;
	bool	   *seen = MemoryContextAllocExtended(CurrentMemoryContext, Max(gone->n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(trigger->tg_relation), &TTSOpsMinimalTuple);
	Source		source;

	if (gone->n > 0)
		qsort(gone->no, gone->n, sizeof(cd_certno), compare);
	attachment_source(att, trigger->tg_relation, &source);
	tuplestore_rescan(trigger->tg_oldtable);
	while (tuplestore_gettupleslot(trigger->tg_oldtable, true, false, slot))
	{
		cd_certno	no;
		cd_certno  *at;

		CHECK_FOR_INTERRUPTS();
		if (!row_number(&source, slot, &no))
			without_number--;
		else if (gone->n > 0 && (at = bsearch(&no, gone->no, gone->n, sizeof(cd_certno), compare)) != NULL &&
				 !seen[at - gone->no])
		{
			seen[at - gone->no] = true;
			left--;
		}
	}
	ExecDropSingleTupleTableSlot(slot);
	pfree(seen);
	if (left > 0 || without_number > 0)
		refuse_deletion(att, trigger->tg_relation, Max(left, 0) + Max(without_number, 0), NULL, "MERGE");
}
