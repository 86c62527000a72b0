/*
 * announce.h
 *	  Statements announced by their first trigger, until their last one.
 */
#ifndef CERTDATA_GUARD_ANNOUNCE_H
#define CERTDATA_GUARD_ANNOUNCE_H

#include "guard/guard.h"

/* The statement at hand, on that relation; takes up the act begun for it.  Returns its numbers. */
extern Act	announce(const Attachment *att, Oid relation, TriggerEvent event);

/* A row has left a partition by the UPDATE, or MERGE, at hand; false: there is none. */
extern bool announce_gone(const Attachment *att, const GoneRow *row);

/* Is the change of a row at hand part of a statement? */
extern bool is_announced(const Attachment *att);

/* Its last trigger is running: whose act was it, and which rows have left partitions? */
extern Act	announcement_end(const Attachment *att, Oid relation, TriggerEvent event);

/* ---- gone.c ---- */

/* Refuses the statement if rows left partitions that are not among the old rows of its UPDATE. */
extern void require_moved(const Attachment *att, TriggerData *trigger, const GoneRows *gone);

extern void announce_init(void);

#endif							/* CERTDATA_GUARD_ANNOUNCE_H */
