/*
 * entry.h
 *	  Rows of certdata.ledger_entry: writing many, finding a life's last one.
 */
#ifndef CERTDATA_LEDGER_ENTRY_H
#define CERTDATA_LEDGER_ENTRY_H

#include "ledger/ledger.h"

#include "utils/snapshot.h"

/* ---- entry.c: writing ---- */

typedef struct EntryRow
{
	const cd_certno *no;		/* NULL: null, as for the rest */
	int32		shape;
	int32		life_seq;
	int16		state;
	int16		changed;
	const unsigned char *previous;
	const unsigned char *salts;
	int			salts_len;
	const unsigned char *commitments;
	int			commitments_len;
	Datum		old_values;
	bool		has_old;
} EntryRow;

/* ---- entry_form.c: tuples of entries that are alike ---- */

typedef struct EntryForm
{
	bool		known;
	HeapTuple	tuple;			/* of the entry it was learnt from */
	EntryRow	like;			/* … and its values, but for pointers */
	size_t		n;				/* where they are in the tuple */
	size_t		no;
	size_t		salts;
	size_t		commitments;
} EntryForm;

/* From the tuple in the slot, which is the row's; in the current context. */
extern void form_learn(EntryForm *form, TupleTableSlot *slot, int32 n, const EntryRow *row);

/* Put the row's tuple into the slot; false: it is not like the others. */
extern bool form_store(const EntryForm *form, TupleTableSlot *slot, int32 n, const EntryRow *row);

/* ---- entry.c ---- */

/* The entries of one act; they are written in batches. */
typedef struct EntryWriter EntryWriter;
extern EntryWriter *entries_open(int64 act);
extern void entries_add(EntryWriter *writer, const EntryRow *row);

/* Writes what waits, makes it visible to what follows. */
extern void entries_flush(EntryWriter *writer);

/* Entries that do not show by number so far; how many. */
typedef struct EntryKey
{
	cd_certno	no;
	ItemPointerData tid;
} EntryKey;
extern int64 entries_waiting(EntryWriter *writer, EntryKey **key);

/* Flushes for the last time; returns how many there were. */
extern int64 entries_close(EntryWriter *writer);

/* Another version of a row of the table, with all its columns. */
extern void entry_rewrite(const ItemPointerData *tid, const Datum *values, const bool *nulls,
						  Snapshot snapshot);

/* ---- last.c: what is known of a life ---- */

typedef struct LastEntry
{
	int64		act;
	int32		n;
	int32		life_seq;
	int16		state;
	bool		ours;			/* of the transaction that runs */
	ItemPointerData tid;
	unsigned char previous[CD_HASH_LEN];	/* for the entry that follows */
} LastEntry;

/* As of now, whatever the statement's snapshot; not what the act at hand writes. */
typedef struct EntryReader EntryReader;
extern EntryReader *reader_open(void);
extern void reader_close(EntryReader *reader);

/*
 * The newest entry of a number in a registry; with_state: the newest that has
 * all those bits.  up_to_act: not of a later act of this transaction; 0:
 * whatever the act.  false: there is none.
 */
extern bool reader_last(EntryReader *reader, const pg_uuid_t *registry, const cd_certno *no,
						int with_state, int64 up_to_act, LastEntry *last);

/*
 * A statement that a trigger ran has told of its rows before the statement
 * whose rows came first: its entries, of later acts of this transaction than
 * that one and beyond that place, go after the one whose body is given, and
 * get more bits of state.
 */
typedef struct Followed
{
	const pg_uuid_t *registry;
	const cd_certno *no;
	int64		act;
	int32		beyond;
	int			more_state;
	cd_entry	body;
} Followed;
extern void reader_follow(EntryReader *reader, const Followed *followed);

/* The same of an entry that is written, there; its body need not be given. */
extern void reader_follow_written(EntryReader *reader, Followed *followed, ItemPointerData *tid);

/* ---- shape.c ---- */

/* The shape of an attached table as it is now. */
extern int32 shape_of(const Attachment *att, Relation rel);

/* The registry whose numbers an entry of that shape speaks of; NULL: no such shape. */
extern const pg_uuid_t *shape_registry(int32 shape);

extern void shape_init(void);

#endif							/* CERTDATA_LEDGER_ENTRY_H */
