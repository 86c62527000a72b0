/*
 * recorder.h
 *	  What an act that is being recorded knows, and where its entries have
 *	  their places: for record.c and place.c.
 */
#ifndef CERTDATA_LEDGER_RECORDER_H
#define CERTDATA_LEDGER_RECORDER_H

#include "common/hashfn.h"

#include "ledger/last.h"

/* Numbers that an act has told of. */
typedef struct Told
{
	cd_certno	no;				/* key */
	char		status;
} Told;

#define SH_PREFIX numbers
#define SH_ELEMENT_TYPE Told
#define SH_KEY_TYPE cd_certno
#define SH_KEY no
#define SH_HASH_KEY(table, key) hash_bytes(key.b, sizeof(key.b))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(cd_certno)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The newest entry of a number, looked up once for whoever asks. */
typedef struct Newest
{
	bool		known;			/* it is this one's: */
	cd_certno	no;
	bool		found;
	LastEntry	last;
} Newest;

struct Recorder
{
	MemoryContext memory;
	const Attachment *att;
	RecordedAct act;
	int32		shape;
	bool		numbered;		/* before any row changed */
	EntryWriter *writer;		/* NULL: no entry so far */
	EntryReader *reader;		/* NULL: no look-up so far */
	Ahead	   *ahead;			/* NULL: not looked at so far, or not at all */
	Newest		newest;			/* of the row at hand */
	numbers_hash *told;			/* NULL: no number comes twice */
	bool		no_validation;	/* none runs at the same time */
};

/* What of a state is used up. */
#define ITEMS (CD_STATE_NAME_USED | CD_STATE_DOCUMENT_USED)

/* The newest act that this backend has written. */
extern int64 last_act;

/* ---- place.c ---- */

typedef struct Place
{
	LastEntry	last;			/* that it follows */
	bool		follows;
	int32		life_seq;
	bool		precedes;		/* entries of statements that triggers ran */
	int32		beyond;			/* … those with a larger place than this */
} Place;

/* Triggers of the statement have acted. */
extern bool is_nested(const Recorder *recorder);

/* Of entries as they are; renewed to see what has been written since. */
extern EntryReader *reader_of(Recorder *recorder);
extern void renew_reader(Recorder *recorder);

/* What the act has told of a number before is to be found, too. */
extern void find_told(Recorder *recorder, const cd_certno *no);

/* The newest entry of a number; row: its place among the statement's rows, or 0. */
extern const Newest *newest_entry(Recorder *recorder, int64 row, const cd_certno *no);

/* false: the entry is there already */
extern bool find_place(Recorder *recorder, const RecordedEntry *entry, Place *place);
extern int16 state_at(const Recorder *recorder, const RecordedEntry *entry, const Place *place);

/* The items that are used up after an entry: CD_STATE_NAME_USED, CD_STATE_DOCUMENT_USED. */
extern int	items_used(const LastEntry *last);

#endif							/* CERTDATA_LEDGER_RECORDER_H */
