/*
 * announce.h
 *	  Statements announced by their first trigger, until their last one.
 */
#ifndef CERTDATA_GUARD_ANNOUNCE_H
#define CERTDATA_GUARD_ANNOUNCE_H

#include "guard/guard.h"

/* The statement at hand, on that relation; takes up the act begun for it.  Returns its numbers. */
extern Act	announce(const Attachment *att, Oid relation, TriggerEvent event);

/* Is the change of a row at hand part of a statement? */
extern bool is_announced(const Attachment *att);

/* Its last trigger is running: whose act was it? */
extern Act	announcement_end(const Attachment *att, Oid relation, TriggerEvent event);

extern void announce_init(void);

#endif							/* CERTDATA_GUARD_ANNOUNCE_H */
