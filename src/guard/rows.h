/*
 * rows.h
 *	  What the triggers on changed rows share.
 */
#ifndef CERTDATA_GUARD_ROWS_H
#define CERTDATA_GUARD_ROWS_H

#include "guard/guard.h"

/* The changed rows of one statement, judged in one pass. */
typedef struct Rows
{
	const Attachment *att;
	Relation	rel;
	Source		source;
	TupleTableSlot *slot;		/* row at hand */
	TupleDesc	desc;			/* of findings */
	Pass	   *pass;
	MemoryContext context;		/* of the statement */
	MemoryContext row_context;	/* reset for each row */
	int64		row_no;
	LifeTable  *life;			/* NULL: not needed so far */
	int64		expected;		/* rows that the statement has */
	RecordedAct recorded;		/* what the ledger is told, once a row is */
	Recorder   *recorder;		/* NULL: none was so far, or none is */
	bool		recording;		/* it was asked for */
	ImageRoom	room;
} Rows;

/* Which trigger it is; refuses other uses in core's words. */
extern const Attachment *guard_trigger(FunctionCallInfo fcinfo, const char *name, TriggerEvent event);

extern void rows_begin(Rows *rows, const Attachment *att, Relation rel, int excused);

/*
 * The parts of it: the rows of a relation; a pass over them (report false: whose
 * findings are nothing but seen); what triggers before this one have done to
 * filings or settings counts, until rows_end.
 */
extern void rows_open(Rows *rows, const Attachment *att, Relation rel);
extern void rows_judge(Rows *rows, int excused, bool report);
extern void rows_see_now(void);

/* Refuse the statement if a row is bad, warn if there are warnings. */
extern void rows_end(Rows *rows);

/* certdata.life, opened when it is asked for first: the rows are locked by then. */
extern LifeTable *rows_life(Rows *rows);

/* Tell the ledger of a row; the first one begins the act. */
extern void rows_record(Rows *rows, const RecordedEntry *entry);

/*
 * Items that the ledger says the certificate has used up; 0 without a ledger.
 * Asked before the row is recorded.
 */
extern int	rows_items(Rows *rows, const cd_certno *no);

/* What the publisher renumbers leaves a number: an act by itself, before the row's. */
extern void record_left(const Rows *rows, const Life *life, const cd_certno *to);

/* Something about the row at hand that is no matter of its fields. */
extern cd_finding *rows_find(Rows *rows, cd_rule_id rule);

/* ---- insert.c ---- */

/* Judge the row in rows->slot as a new one. */
typedef struct Inserting
{
	Rows		rows;
	bool		look_up;		/* numbers may be taken in certdata.life */
	bool		applied;		/* taken as the publisher judged it */
	bool		fresh;			/* no number was ever used before */
	Statement	statement;
	const cd_certno *former;	/* the number that it had; NULL: it is new */
} Inserting;
extern void inserting_begin(Inserting *in, const Attachment *att, Relation rel, const Act *act,
							bool applied);
extern void inserting_row(Inserting *in);

/* Its parts: what is said, what the rows are recorded as, what is known of numbers now, one row's entry. */
extern void inserting_say(Inserting *in, const Attachment *att, Relation rel, const Act *act);
extern void inserting_as(Inserting *in, const Act *act);
extern void inserting_look_back(Inserting *in);
extern void inserting_record(Inserting *in, const cd_text field[CD_NFIELDS], const cd_record *rec,
							 unsigned typed);

/* Is it the first copy of a table that is being subscribed to, to be taken as it is? */
extern bool is_first_copy(void);

/* ---- coming.c: new rows one by one ---- */

extern void coming_begin(const Attachment *att, Relation rel, const Act *act);
extern void coming_end(Relation rel);

/* ---- correction.c ---- */

typedef struct Updating
{
	Rows		rows;			/* new ones; slot is the new row's */
	TupleTableSlot *old;
	Act			act;
	Statement	statement;
	bool		applied;		/* by logical replication: nobody says why */
	bool		taken;			/* … and it is taken as the publisher judged
								 * it */
	Life		before;			/* of the row at hand */
	bool		known;			/* it has a number, so a life */
	int			used;			/* items that the row uses up: CD_STATE_... */
	bool		items_in_life;	/* … and certdata.life is to know */
} Updating;
extern void updating_begin(Updating *up, const Attachment *att, Relation rel, const Act *act,
						   bool applied);
extern void updating_end(Updating *up);
extern void updating_row(Updating *up);

/* What the row at hand differs in: bits of the fields, the state column. */
extern unsigned changed_fields(const Updating *up);
extern bool state_column_changed(const Updating *up);

/* The number that a text is; false: it is none. */
extern bool number_of_text(cd_text text, cd_certno *no);

/* The number of a row; false: it has none. */
extern bool number_of_row(const Updating *up, TupleTableSlot *slot, cd_certno *no);

/* ---- update.c ---- */

/* att, rel NULL: of whatever tables; command: the tag of the statement */
pg_noreturn extern void refuse_deletion(const Attachment *att, Relation rel, int64 rows,
										TupleTableSlot *first, const char *command);

#endif							/* CERTDATA_GUARD_ROWS_H */
