/*
 * act.h
 *	  What the functions that act on certificates share.
 */
#ifndef CERTDATA_GUARD_ACT_H
#define CERTDATA_GUARD_ACT_H

#include "guard/guard.h"

#include "utils/array.h"

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
extern int	numbers_find(const Numbers *sorted, const cd_certno *no);	/* -1: not there */
extern bool numbers_have(const Numbers *sorted, const cd_certno *no);
extern ArrayType *numbers_array(const Numbers *numbers);
extern Oid	own_type(const char *name);
extern Oid	certno_type(bool array);
extern char *number_string(const cd_certno *no);

/* ---- act.c: the table, its rows, and the UPDATE that is the act ---- */

/*
 * The attached table that an act is about, argument i; for a partition the
 * table it is a partition of, since a number may leave the partition.
 */
extern Relation act_target(FunctionCallInfo fcinfo, int i, const char *function,
						   const Attachment **att);

/* Argument i as a string; NULL: null. */
extern char *string_arg(FunctionCallInfo fcinfo, int i);

/* SQL for the number and for a column of the table called t. */
extern char *act_number(const Attachment *att, Relation rel);
extern char *act_column(Relation rel, AttrNumber attnum);

/* Those of the (sorted) numbers that are in the table, as the caller sees it. */
extern Numbers present_numbers(const Attachment *att, Relation rel, const Numbers *numbers);

/* Refuses (sorted) numbers that were not found: P0002. */
extern void require_numbers(Relation rel, const Numbers *numbers, const Numbers *found);

/*
 * Lock the rows with these (sorted) numbers, in their order, as the caller.
 * Refuses numbers that are not there: P0002.
 */
typedef enum LockFor
{
	LOCK_FOR_STATE,
	LOCK_FOR_NUMBER				/* which changes, and keys may refer to it */
} LockFor;
extern void lock_numbers(const Attachment *att, Relation rel, const Numbers *numbers, LockFor what);

/*
 * Run an UPDATE of the target with parameters, as that act.  If it returns
 * columns, they come in pairs: what is in the row now, what was asked for.
 * Returns the rows in which both are the same.
 */
typedef struct Parameters
{
	int			n;
	Oid		   *type;
	Datum	   *value;
	const char *null;			/* 'n' or ' ' for each; NULL: none is null */
} Parameters;
extern uint64 run_act(Relation rel, const Act *act, const char *sql, const Parameters *parameters);

/* A trigger of the user changed what the act wrote, or kept a row from it: 27000. */
pg_noreturn extern void refuse_interference(Relation rel);

/*
 * Does a certificate go by this number for a moment only, because renumber()
 * swaps numbers?  (renumber.c)
 */
extern bool stands_aside(const Attachment *att, const cd_certno *no);

/* The state of a certificate does not allow an act: QC015. */
pg_noreturn extern void refuse_state(Relation rel, const cd_certno *no, const char *state,
									 const char *hint);

/* What a life's state is called. */
extern const char *state_of(const Attachment *att, const Life *life);

/* ---- state.c: acts on whole certificates ---- */

typedef struct StateAct
{
	const Attachment *att;
	Relation	rel;
	Numbers		numbers;		/* sorted */
	Act			act;
	Statement	statement;
	bool		has_replaced_by;
	cd_certno	replaced_by;
	const char *kind;			/* what the ledger calls it */
	Datum		detail;			/* … and says besides; jsonb */
	bool		has_detail;
} StateAct;

/*
 * kind: the function's name, without schema.  reason, approval: the arguments
 * that they are; 0: there is none.
 */
extern void state_begin(StateAct *act, FunctionCallInfo fcinfo, const char *kind,
						int reason, int approval);

/* What becomes of a life; false: it stays as it is. */
typedef bool (*ChangeLife) (const StateAct *act, Life *life);

/*
 * Judge and write the lives of rows that are locked, and the state column if
 * there is one.  Returns how many lives changed, and closes the table.
 */
extern Datum state_run(const StateAct *act, ChangeLife change);
extern Datum state_lock_and_run(const StateAct *act, ChangeLife change);
pg_noreturn extern void refuse_life(const StateAct *act, const Life *life);

#endif							/* CERTDATA_GUARD_ACT_H */
