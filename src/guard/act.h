/*
 * act.h
 *	  What the functions that act on certificates share.
 */
#ifndef CERTDATA_GUARD_ACT_H
#define CERTDATA_GUARD_ACT_H

#include "guard/guard.h"

/* ---- numbers.c: certificates named by their numbers ---- */

typedef struct Numbers
{
	int			n;
	cd_certno  *no;
} Numbers;

/*
 * Argument i: certno, certno[], text, text[], or a text that is an array
 * literal.  At least one, none of them null: 22004, 22023; else as the type
 * refuses it.
 */
extern Numbers numbers_arg(FunctionCallInfo fcinfo, int i);

/* Sorted; a number given twice is one. */
extern Numbers numbers_sorted(const Numbers *numbers);
extern bool numbers_have(const Numbers *sorted, const cd_certno *no);
extern ArrayType *numbers_array(const Numbers *numbers);
extern Oid	certno_type(bool array);
extern char *number_string(const cd_certno *no);

/*
 * Lock the rows with these (sorted) numbers, in their order, as the caller.
 * Refuses numbers that are not there: P0002.
 */
extern void lock_numbers(const Attachment *att, Relation rel, const Numbers *numbers);

/* The attached table that an act is about, argument 0. */
extern Relation act_target(FunctionCallInfo fcinfo, const char *function, const Attachment **att);

/* Argument i as a string; NULL: null. */
extern char *string_arg(FunctionCallInfo fcinfo, int i);

/* Run an UPDATE of the target with parameters, as that act; returns its rows. */
extern uint64 run_act(Relation rel, const Act *act, const char *sql, int nargs, Oid *types,
					  Datum *values, const char *nulls);

/* The state of a certificate does not allow an act: QC015. */
pg_noreturn extern void refuse_state(Relation rel, const cd_certno *no, const char *state,
									 const char *hint);
pg_noreturn extern void refuse_missing(Relation rel, const cd_certno *no, int missing);

/* What a life's state is called. */
extern const char *state_of(const Attachment *att, const Life *life, bool zh);

#endif							/* CERTDATA_GUARD_ACT_H */
