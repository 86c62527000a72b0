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
#include "utils/snapmgr.h"

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
	stream->command = GetActiveSnapshot()->curcid;
	stream->nest_level = GetCurrentTransactionNestLevel();
	stream->outer = streams;
	streams = stream;
	return stream;
}

/*
 * The newest one of the command at hand that has rows of the relation; that of
 * the relation itself before that of a table which it is a partition of.
 */
static Stream *
find(Oid relation, int depth)
{
	CommandId	command = GetActiveSnapshot()->curcid;

	for (Stream *stream = streams; stream != NULL; stream = stream->outer)
		if (stream->relation == relation && stream->depth == depth && stream->command == command)
			return stream;
	for (Stream *stream = streams; stream != NULL; stream = stream->outer)
		if (stream->includes != NULL && stream->depth == depth && stream->command == command &&
			stream->includes(stream, relation))
			return stream;
	/* better the statement around than that nobody judges the row */
	for (Stream *stream = streams; stream != NULL; stream = stream->outer)
		if (stream->relation == relation && stream->depth == depth)
			return stream;
	return NULL;
}

Stream *
stream_end(Relation rel)
{
	int			depth = certdata_trigger_depth();

	for (Stream **at = &streams; *at != NULL; at = &(*at)->outer)
	{
		Stream	   *stream = *at;

		if (stream->relation != RelationGetRelid(rel) || stream->depth != depth)
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
stream_fires(const Trigger *trigger)
{
	return trigger->tgenabled == TRIGGER_FIRES_ALWAYS ||
		trigger->tgenabled == (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA ?
							   TRIGGER_FIRES_ON_REPLICA : TRIGGER_FIRES_ON_ORIGIN);
}

bool
stream_trigger(Relation rel, Oid function, bool row)
{
	int16		level = row ? TRIGGER_TYPE_ROW : TRIGGER_TYPE_STATEMENT;

	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgfoid == function && (trigger->tgqual != NULL) == row &&
			TRIGGER_TYPE_MATCHES(trigger->tgtype, level, TRIGGER_TYPE_AFTER, TRIGGER_TYPE_INSERT) &&
			trigger->tgnewtable == NULL && stream_fires(trigger))
			return true;
	}
	return false;
}

/* ---- rows ---- */

void
stream_refuse_others(Relation rel)
{
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgqual != NULL && TRIGGER_FOR_ROW(trigger->tgtype) && TRIGGER_FOR_UPDATE(trigger->tgtype) &&
			strstr(trigger->tgqual, ":varattno -1 ") != NULL)
		{
			bool		zh = certdata_lang_zh();

			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg_internal(zh ? "触发器“%s”使用了被更改的行的 ctid" : "trigger \"%s\" asks for the ctid of changed rows",
									 trigger->tgname),
					 errdetail_internal("%s", zh ? "certdata 会因此把这些行当作新行或已离开的行。" :
										"By it certdata would take them for new rows, or for rows that are gone."),
					 errhint("%s", zh ? "删除该触发器，或改写其 WHEN，不用 ctid。" : "Drop the trigger, or write its WHEN without ctid."),
					 errtable(rel)));
		}
	}
}

/* ---- rows that move ---- */

typedef struct Moving
{
	int			depth;			/* of triggers */
	CommandId	command;
	int			nest_level;		/* of subtransactions */
	Oid			relation;		/* that it has left */
	ItemPointerData tid;
} Moving;

static Moving *moving = NULL;
static int	nmoving = 0;
static int	moving_room = 0;

void
stream_moving(const TupleTableSlot *slot)
{
	Moving		move = {
		certdata_trigger_depth(), GetActiveSnapshot()->curcid, GetCurrentTransactionNestLevel(),
		slot->tts_tableOid, slot->tts_tid
	};

	if (nmoving > 0 && moving[nmoving - 1].relation == move.relation &&
		ItemPointerEquals(&moving[nmoving - 1].tid, &move.tid))
		return;					/* a second trigger with the same WHEN */
	if (nmoving == moving_room)
	{
		moving_room = Max(8, 2 * moving_room);
		moving = moving == NULL ? MemoryContextAlloc(TopMemoryContext, sizeof(Moving) * moving_room) :
			repalloc(moving, sizeof(Moving) * moving_room);
	}
	moving[nmoving++] = move;
}

/* Is the row that the command has just inserted one that was gone? */
static bool
has_moved(void)
{
	int			depth;
	CommandId	command;

	if (nmoving == 0)
		return false;
	depth = certdata_trigger_depth();
	command = GetActiveSnapshot()->curcid;
	for (int i = nmoving - 1; i >= 0; i--)
		if (moving[i].depth == depth && moving[i].command == command)
		{
			nmoving = i;
			return true;
		}
	return false;
}

/* ---- new rows ---- */

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
	return (TupleTableSlot *) ((char *) PG_GETARG_POINTER(0) - offsetof(TupleTableSlot, tts_tid));
}

/* The statement at hand: its triggers are one level above it. */
static Stream *
stream_of(Oid relation)
{
	return streams == NULL ? NULL : find(relation, certdata_trigger_depth() + 1);
}

Datum
certdata_new_row(PG_FUNCTION_ARGS)
{
	TupleTableSlot *slot = when_slot(fcinfo, OUTER_VAR);
	Stream	   *stream;

	if (slot == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg_internal(certdata_lang_zh() ? "函数“%s”不是由触发器的 WHEN 调用的" :
								 "function \"%s\" was not called by a trigger's WHEN", "new_row"),
				 errhint("CREATE TRIGGER ... AFTER INSERT ON ... FOR EACH ROW WHEN (certdata.new_row(new.ctid)) ...")));
	stream = stream_of(slot->tts_tableOid);
	/* a second trigger with the same WHEN sees the same row */
	if (stream != NULL && stream->last_relation == slot->tts_tableOid &&
		ItemPointerEquals(&stream->last, &slot->tts_tid))
		PG_RETURN_BOOL(false);
	if (stream != NULL)
	{
		stream->last = slot->tts_tid;
		stream->last_relation = slot->tts_tableOid;
	}
	if (has_moved() || stream == NULL)
		PG_RETURN_BOOL(false);
	stream->rows++;
	stream->take(stream, slot);
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
	nmoving = 0;
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	while (streams != NULL && streams->nest_level >= GetCurrentTransactionNestLevel())
		streams = streams->outer;
	while (nmoving > 0 && moving[nmoving - 1].nest_level >= GetCurrentTransactionNestLevel())
		nmoving--;
}

void
stream_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}
