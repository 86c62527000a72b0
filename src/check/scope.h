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
 * Lives in a memory context of its own, a child of the current one.
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
 * memory context, of no use once the active snapshot is another.
 */
extern struct cd_scope_check *scope_check_begin(void);

/* The same, kept from call to call while the snapshot shows the same. */
extern struct cd_scope_check *scope_check_get(void);

#endif							/* CERTDATA_CHECK_SCOPE_H */
