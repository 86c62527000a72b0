/*
 * life_read.h
 *	  What the ledger knows of one certificate: the steps of its life, across
 *	  its numbers, and what it was like after each.
 *
 * Everything is read with the active snapshot, by indexes only.
 */
#ifndef CERTDATA_LEDGER_LIFE_READ_H
#define CERTDATA_LEDGER_LIFE_READ_H

#include "ledger/ledger.h"

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/* ---- target.c: attached tables, and those that were, and who may see values ---- */

typedef struct LedgerTable
{
	pg_uuid_t	id;				/* of the attachment */
	pg_uuid_t	registry;
	Oid			relation;		/* it may have been dropped */
	bool		attached;
	TimestampTz attached_at;
	bool		asked;			/* readable is known */
	bool		readable;
} LedgerTable;

typedef struct Target
{
	LedgerTable *table;			/* the one that was asked for, its root */
	List	   *tables;			/* all there are or were */
} Target;

/* Argument 0 of a function; QC016 for a table that never was attached. */
extern Target target_arg(FunctionCallInfo fcinfo);
extern LedgerTable *target_table(const Target *target, const pg_uuid_t *attachment);	/* NULL: none */

/* Argument 1: one number, certno or text. */
extern cd_certno target_number_arg(FunctionCallInfo fcinfo, const char *function);

/* May the caller SELECT the eleven fields of the row with that number? */
extern bool table_readable(LedgerTable *table, const cd_certno *no);

/* The eleven fields as the row has them now; false: there is no such row. */
extern bool table_row(const LedgerTable *table, const cd_certno *no, cd_text image[CD_NFIELDS]);

/* ---- life_read.c: the steps ---- */

typedef enum ValueState
{
	VALUE_KNOWN,
	VALUE_UNKNOWN,				/* not recorded, or the row is not what it was */
	VALUE_ERASED
} ValueState;

typedef struct Image
{
	cd_text		text[CD_NFIELDS];
	ValueState	known[CD_NFIELDS];
} Image;

typedef struct Step
{
	LedgerEntry entry;
	TupleTableSlot *slot;		/* the entry's row */
	Jsonb	   *old;			/* old_values; NULL: null */
	/* steps_acts: */
	TupleTableSlot *act_slot;	/* the act's row; NULL: there is none */
	cd_act		act;
	int64		leaf;			/* of the entry; -1: it is not sealed */
	LedgerTable *table;			/* that the entry is of; NULL: unknown */
	/* steps_images: */
	Image		image;			/* after it */
	unsigned	erased;			/* fields whose old values were erased */
} Step;

/*
 * The steps of the life of the certificate that has this number, or had it
 * last; NIL: the ledger knows none.
 */
extern List *steps_read(const pg_uuid_t *registry, const cd_certno *no);

/* Their acts and leaves. */
extern void steps_acts(List *steps, const Target *target);

/* The number that the certificate has now, or had last. */
extern const cd_certno *steps_number(const List *steps);

/* ---- image.c ---- */

/* Does the entry say what the certificate is like (N, D, R)? */
extern bool step_has_image(const Step *step);
extern bool step_has_old(const Step *step);

/* A value of old_values; false: it has none for that name. */
extern bool old_value(const Jsonb *old, const char *name, cd_text *text);
extern bool old_number(const Jsonb *old, const char *name, cd_certno *no);

/* What the certificate was like after each step; after steps_acts. */
extern void steps_images(List *steps);

/* The salt of a part that the entry has; NULL: it was erased, or there is no such part. */
extern const unsigned char *step_salt(const Step *step, cd_part part);

/* Does the value open the entry's commitment?  false, too, without the salt. */
extern bool step_opens(const Step *step, cd_part part, const void *value, size_t len);
extern bool step_opens_image(const Step *step, cd_part part, const cd_text image[CD_NFIELDS]);

#endif							/* CERTDATA_LEDGER_LIFE_READ_H */
