/*
 * stream.h
 *	  The rows of an INSERT or COPY as they come, one by one.
 *
 * A transition table costs a copy of every row, written and read back.  The
 * WHEN of a row trigger sees each inserted row where it stands, after the
 * row is in the table and its indexes, and queues no event if it is false.
 */
#ifndef CERTDATA_STREAM_H
#define CERTDATA_STREAM_H

#include "certdata.h"

#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "utils/tuplestore.h"

typedef struct Stream Stream;

/* Called for each row, in a context of the caller's that is not reset. */
typedef void (*TakeRow) (Stream *stream, TupleTableSlot *slot);

/* Is a row of that table one of the statement on stream->relation? */
typedef bool (*IncludesRelation) (Stream *stream, Oid relation);

struct Stream
{
	Oid			relation;		/* that the statement names */
	TakeRow		take;
	IncludesRelation includes;	/* NULL: of that relation alone */
	void	   *state;			/* take's own; NULL at first */
	MemoryContext memory;		/* lives as long as the statement does, or its
								 * (sub)transaction */
	int64		rows;			/* taken so far, the one at hand included */

	/* stream.c's own */
	int			depth;			/* of triggers */
	CommandId	command;		/* that the statement began with */
	int			nest_level;		/* of subtransactions */
	ItemPointerData last;		/* row seen last */
	Oid			last_relation;
	Tuplestorestate *kept;		/* NULL: none is */
	int64	   *kept_no;		/* which they are, from 1 */
	int64		nkept;
	int64		room;
	int64		nread;
	struct Stream *outer;		/* begun before */
};

/*
 * A BEFORE STATEMENT trigger begins the stream of its relation; the AFTER
 * STATEMENT trigger takes it back, or gets NULL: none was begun.
 */
extern Stream *stream_begin(Relation rel, TakeRow take, IncludesRelation includes);
extern Stream *stream_end(Relation rel);

/*
 * For each table of which there are rows: refuses triggers of UPDATE that ask
 * for a row's ctid, by which changed rows could be taken for new or gone ones.
 */
extern void stream_refuse_others(Relation rel);

/*
 * A row has left its partition: the next that the command inserts at this
 * level of triggers is the same row, in another one, and no new one.
 */
extern void stream_moving(const TupleTableSlot *slot);

/* The slot of OLD (INNER_VAR) or NEW (OUTER_VAR) that ctid is given of, if the call is a trigger's WHEN; NULL: it is not. */
extern TupleTableSlot *when_slot(FunctionCallInfo fcinfo, int varno);

/* All that it had. */
extern void stream_free(Stream *stream);

/* Does it fire in this session's replication role? */
extern bool stream_fires(const Trigger *trigger);

/*
 * Has the relation an enabled trigger AFTER INSERT without a transition table:
 * of that function: for each row, with a WHEN, or for the statement?
 */
extern bool stream_trigger(Relation rel, Oid function, bool row);

/* Keep the row at hand for the statement's end; there, the next of those kept. */
extern void stream_keep(Stream *stream, TupleTableSlot *slot);
extern bool stream_next(Stream *stream, TupleTableSlot *slot, int64 *row_no);

extern void stream_init(void);

#endif							/* CERTDATA_STREAM_H */
