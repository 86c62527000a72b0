/*
 * kept.h
 *	  Something made from our own tables, kept for as long as it is what a
 *	  statement would see.
 *
 * As a rule that is: for snapshots that show the same as the one it was made
 * under, told by their content.  A transaction that ends leaves the list of
 * those in progress, curcid moves with our own commands, and an end of a
 * (sub)transaction of ours drops everything.  (snapXactCompletionCount would
 * be shorter, but is 0 in every active snapshot.)
 *
 * What is made from tables whose changes are told may last longer, from one
 * transaction to the next: such a table has the trigger certdata_told, by
 * which whoever changes a row has word sent to all sessions, just before his
 * changes can be seen and again with them (certdata.setting_changed).  It
 * holds for a snapshot to which every transaction is over that we have had
 * word of: whoever sees a change has had word of it, so that all that is made
 * under such snapshots until the next word is made from the same.
 */
#ifndef CERTDATA_KEPT_H
#define CERTDATA_KEPT_H

#include "certdata.h"

#include "utils/relcache.h"
#include "utils/snapshot.h"

typedef struct Holding Holding;

typedef struct Reading
{
	bool		may_last;		/* changes of all its tables are told */
	void	   *value;			/* NULL: nothing is kept */
	bool		lasts;			/* the value does */
	Holding    *memory;			/* holds the value */
	SnapshotData snapshot;		/* its arrays are in memory, too */
	bool listed;				/* among all there are */
	struct Reading *next;
} Reading;

/* The value if it is good for the active snapshot, else NULL. */
extern void *reading_get(Reading *reading);

/*
 * Begin a new one: forgets the old, switches to the memory for the new.  The
 * value is set by reading_end, so an error in between leaves none.
 */
extern MemoryContext reading_begin(Reading *reading, const char *name);
extern void reading_end(Reading *reading, MemoryContext old, void *value);

/*
 * Have the memory of the value stay until it is released, or the transaction
 * ends, though another one may take its place.
 */
extern Holding *reading_hold(Reading *reading);
extern void reading_release(Holding *memory);

/* To be called when one of our tables is read for a value. */
extern void kept_is_read(Relation rel);

extern void kept_init(void);

#endif							/* CERTDATA_KEPT_H */
