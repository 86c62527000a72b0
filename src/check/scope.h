/*
 * scope.h
 *	  Filings, organisations and scope as the tables say.
 */
#ifndef CERTDATA_CHECK_SCOPE_H
#define CERTDATA_CHECK_SCOPE_H

#include "certdata.h"

#include "rule/scope.h"

extern bool certdata_scope_blank_covers;
extern void scope_define_settings(void);

/* ---- scope_read.c ---- */

/*
 * What the tables say under the active snapshot, each fact looked up once.
 * Lives in memory contexts of its own, children of the current one.
 */
typedef struct ScopeFacts ScopeFacts;
extern ScopeFacts *scope_facts_begin(void);
extern const cd_scope_source *scope_facts_source(ScopeFacts *facts);

/* More than should be kept?  After forgetting, nothing returned is good any more. */
extern bool scope_facts_are_many(const ScopeFacts *facts);
extern void scope_facts_forget(ScopeFacts *facts);

/* ---- scope.c ---- */

/*
 * The check of one statement, to be put into a cd_context: in the current
 * memory context, of no use once the active snapshot is another.  What it has
 * looked up and judged is kept for the statements to come (kept.h).
 */
extern struct cd_scope_check *scope_check_begin(void);
extern void scope_check_end(const struct cd_scope_check *check);

#endif							/* CERTDATA_CHECK_SCOPE_H */
