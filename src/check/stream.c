/*
 * stream.c
 *	  certdata.new_row(): the rows of an INSERT or COPY as they come.
 *
 * It is the WHEN of a trigger AFTER INSERT FOR EACH ROW: WHEN
 * (certdata.new_row(new.ctid)).  A trigger's NEW is a slot of the executor,
 * and the value of its ctid is a pointer into that slot, so that from it the
 * row is had without copying any of it.  It is always false, so no event is
 * queued.
 *
 * Statements nest: a function or trigger may insert into the same table in
 * between.  So each statement begins a stream of its own, and ends it.
 */
#include "certdata.h"

#include "access/sysattr.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "check/stream.h"

PG_FUNCTION_INFO_V1(certdata_new_row);

static Stream *streams = NULL;	/* the newest */

Stream *
stream_begin(Relation rel, TakeRow take, IncludesRelation includes)
{
	MemoryContext memory = AllocSetContextCreate(CurTransactionContext, "certdata new rows",
												 ALLOCSET_DEFAULT_SIZES);
	Stream	   *stream = MemoryContextAllocZero(memory, sizeof(Stream));

	stream->relation = RelationGetRelid(rel);
	stream->take = take;
	stream->includes = includes;
	stream->memory = memory;
	stream->depth = certdata_trigger_depth();
	stream->nest_level = GetCurrentTransactionNestLevel();
	stream->outer = streams;
	streams = stream;
	return stream;
}

/* The newest one at that depth that has rows of the relation. */
static Stream *
find(Oid relation, int depth)
{
	for (Stream *stream = streams; stream != NULL; stream = stream->outer)
		if (stream->depth == depth &&
			(stream->relation == relation || (stream->includes != NULL && stream->includes(stream, relation))))
			return stream;
	return NULL;
}

/*
 * Statement triggers of a cascade fire before as the foreign key's statement
 * begins, after when the one ends that it comes from, one level above.
 */
Stream *
stream_end(Relation rel, bool takes)
{
	int			depth = certdata_trigger_depth();

	for (int above = 0; above <= 1; above++)
		for (Stream **at = &streams; *at != NULL; at = &(*at)->outer)
		{
			Stream	   *stream = *at;

			if (stream->relation != RelationGetRelid(rel) || stream->depth != depth + above ||
				(stream->take != NULL) != takes)
				continue;
			*at = stream->outer;
			return stream;
		}
	return NULL;
}

void
stream_free(Stream *stream)
{
	if (stream->kept != NULL)
		tuplestore_end(stream->kept);
	MemoryContextDelete(stream->memory);
}

bool
stream_trigger(Relation rel, Oid function, bool row)
{
	int16		level = row ? TRIGGER_TYPE_ROW : TRIGGER_TYPE_STATEMENT;

	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if ((trigger->tgfoid == function || !OidIsValid(function)) && (trigger->tgqual != NULL) == row &&
			TRIGGER_TYPE_MATCHES(trigger->tgtype, level, TRIGGER_TYPE_AFTER, TRIGGER_TYPE_INSERT) &&
			trigger->tgnewtable == NULL && trigger->tgenabled != TRIGGER_DISABLED &&
			trigger->tgenabled != TRIGGER_FIRES_ON_REPLICA)
			return true;
	}
	return false;
}

/* ---- rows ---- */

void
stream_refuse_others(const Stream *stream, Relation rel)
{
	char	   *call = psprintf(":funcid %u ", stream->function);

	for (int i = 0; i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgqual != NULL && strstr(trigger->tgqual, call) != NULL &&
			(trigger->tgtype & ~TRIGGER_TYPE_ROW) != TRIGGER_TYPE_INSERT)
			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg("trigger \"%s\" calls function \"%s\", but is no trigger AFTER INSERT",
							trigger->tgname, "new_row"),
					 errtable(rel)));
	}
	pfree(call);
}

/*
 * A system column of INNER_VAR or OUTER_VAR is OLD's or NEW's in a WHEN and
 * occurs nowhere else: in plans, upper nodes refer to columns of the nodes
 * below by number.
 */
TupleTableSlot *
when_slot(FunctionCallInfo fcinfo, int varno)
{
	FuncExpr   *call = (FuncExpr *) fcinfo->flinfo->fn_expr;
	Var		   *var;

	if (call == NULL || !IsA(call, FuncExpr) || list_length(call->args) != 1)
		return NULL;
	var = linitial(call->args);
	if (!IsA(var, Var) || var->varno != varno || var->varattno != SelfItemPointerAttributeNumber)
		return NULL;
	return (TupleTableSlot *) (PG_GETARG_POINTER(0) - offsetof(TupleTableSlot, tts_tid));
}

/* The statement at hand: its triggers are one level above it. */
static Stream *
stream_of(Oid relation)
{
	return streams == NULL ? NULL : find(relation, certdata_trigger_depth() + 1);
}

void
stream_moving(Oid relation)
{
	Stream	   *stream = stream_of(relation);

	if (stream != NULL)
		stream->moving = true;
}

Datum
certdata_new_row(PG_FUNCTION_ARGS)
{
	TupleTableSlot *slot = when_slot(fcinfo, OUTER_VAR);
	Stream	   *stream;

	if (slot == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by a trigger's WHEN", "new_row"),
				 errhint("CREATE TRIGGER ... AFTER INSERT ON ... FOR EACH ROW WHEN (certdata.new_row(new.ctid)) ...")));
	stream = stream_of(slot->tts_tableOid);
	/* a second trigger with the same WHEN sees the same row */
	if (stream == NULL || stream->take == NULL ||
		(ItemPointerEquals(&stream->last, &slot->tts_tid) && stream->last_relation == slot->tts_tableOid))
		PG_RETURN_BOOL(false);
	stream->function = fcinfo->flinfo->fn_oid;
	stream->last = slot->tts_tid;
	stream->last_relation = slot->tts_tableOid;
	if (!stream->moving)
	{
		stream->rows++;
		stream->take(stream, slot);
	}
	stream->moving = false;
	PG_RETURN_BOOL(false);
}

void
stream_keep(Stream *stream, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(stream->memory);

	if (stream->kept == NULL)
		stream->kept = tuplestore_begin_heap(false, false, work_mem);
	tuplestore_puttupleslot(stream->kept, slot);
	if (stream->nkept == stream->room)
	{
		stream->room = Max(64, 2 * stream->room);
		stream->kept_no = stream->kept_no == NULL ? palloc(sizeof(int64) * stream->room) :
			repalloc_huge(stream->kept_no, sizeof(int64) * stream->room);
	}
	stream->kept_no[stream->nkept++] = stream->rows;
	MemoryContextSwitchTo(old);
}

bool
stream_next(Stream *stream, TupleTableSlot *slot, int64 *row_no)
{
	if (stream->kept == NULL || !tuplestore_gettupleslot(stream->kept, true, false, slot))
		return false;
	*row_no = stream->kept_no[stream->nread++];
	return true;
}

/* ---- ends of (sub)transactions ---- */

static void
at_xact(XactEvent event, void *arg)
{
	streams = NULL;				/* memory goes with the transaction */
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	while (streams != NULL && streams->nest_level >= GetCurrentTransactionNestLevel())
		streams = streams->outer;
}

void
stream_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}
