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

struct Stream
{
	Oid			relation;
	TakeRow		take;
	void	   *state;			/* take's own; NULL at first */
	MemoryContext memory;		/* lives as long as the statement does, or its
								 * (sub)transaction */
	int64		rows;			/* taken so far, the one at hand included */

	/* stream.c's own */
	int			depth;			/* of triggers */
	int			nest_level;		/* of subtransactions */
	ItemPointerData last;		/* row taken last */
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
extern Stream *stream_begin(Relation rel, TakeRow take);
extern Stream *stream_end(Relation rel);

/* All that it had. */
extern void stream_free(Stream *stream);

/*
 * Has the relation an enabled trigger AFTER INSERT without a transition table:
 * for each row, with a WHEN, or for the statement?  function InvalidOid: any.
 */
extern bool stream_trigger(Relation rel, Oid function, bool row);

/* Keep the row at hand for the statement's end; there, the next of those kept. */
extern void stream_keep(Stream *stream, TupleTableSlot *slot);
extern bool stream_next(Stream *stream, TupleTableSlot *slot, int64 *row_no);

extern void stream_init(void);

#endif							/* CERTDATA_STREAM_H */
