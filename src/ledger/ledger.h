/*
 * ledger.h
 *	  The ledger floor: who changed what, and a hash tree over it (第十三条).
 *
 * doc/ledger.md has the format.  The ledger's tables are read and written here
 * without SPI, so that callers need no privilege on them.
 */
#ifndef CERTDATA_LEDGER_H
#define CERTDATA_LEDGER_H

#include "certdata.h"

#include "executor/tuptable.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "guard/guard.h"
#include "ledger/digest.h"
#include "rule/leaf.h"
#include "rule/tree.h"

/* Columns of certdata.ledger_act, from 0. */
enum
{
	ACT_ID, ACT_INCARNATION, ACT_TRANSACTION, ACT_STATEMENT_ID, ACT_KIND, ACT_ATTACHMENT,
	ACT_SHAPE, ACT_ENTRIES, ACT_RECORDED_AT, ACT_SESSION_USER, ACT_CURRENT_USER, ACT_ADDRESS,
	ACT_APPLICATION_NAME, ACT_ACTOR, ACT_ACTOR_ORG, ACT_REASON, ACT_APPROVAL, ACT_EXCEPTION,
	ACT_DETAIL, ACT_COLUMNS
};

/* Columns of certdata.ledger_entry, from 0. */
enum
{
	ENTRY_ACT, ENTRY_N, ENTRY_SHAPE, ENTRY_CERT_NO, ENTRY_LIFE_SEQ, ENTRY_STATE, ENTRY_CHANGED,
	ENTRY_PREVIOUS, ENTRY_SALTS, ENTRY_COMMITMENTS, ENTRY_OLD_VALUES, ENTRY_COLUMNS
};

/* ---- ledger.c: whether there is a ledger, and whether it is this database's ---- */

typedef struct Ledger
{
	pg_uuid_t	id;
	cd_algorithm algorithm;
	int32		incarnation;	/* the newest */
	bool		here;			/* … and it is this cluster and database */
} Ledger;

/* NULL: it is not started.  Good until the next call. */
extern const Ledger *ledger_get(void);

/* Errors: not started (QC020), of another cluster or database (QC021). */
extern const Ledger *ledger_require(void);
extern const Ledger *ledger_require_here(void);

pg_noreturn extern void ledger_not_started(void);

/* "certdata/" and the id: the checkpoint's origin. */
extern char *ledger_origin(const Ledger *ledger);

/* The digest of the pieces by the ledger's algorithm; fails with an error only. */
extern void ledger_hash(const cd_piece *piece, int n, unsigned char out[CD_HASH_LEN]);

/* The same by any algorithm; there need be no ledger. */
extern void hash_by(cd_algorithm algorithm, const cd_piece *piece, int n,
					unsigned char out[CD_HASH_LEN]);

/*
 * Hash by that algorithm, whatever the table says; -1: as it says.  Whoever
 * assumes one sees to it that an error does not leave it behind.
 */
extern void ledger_assume(int algorithm);

/* For cd_tree: an inner node; arg is not used. */
extern bool ledger_hash_nodes(void *arg, const cd_node *left, const cd_node *right, cd_node *out);
extern void ledger_leaf_hash(const void *data, size_t len, unsigned char out[CD_HASH_LEN]);

/* What system_identifier and database of certdata.ledger_incarnation are here. */
extern char *ledger_system(void);
extern char *ledger_database(void);

/* A row of certdata.ledger_incarnation was written: all sessions are to know. */
extern void ledger_changed(void);

extern void ledger_init(void);

/* Go on as the extension's owner, who may read all our tables; and as before. */
typedef struct SavedUser
{
	Oid			user;
	int			context;
} SavedUser;
extern void owner_begin(SavedUser *saved);
extern void owner_end(const SavedUser *saved);

/* ---- erase.c: its settings ---- */

extern void erase_define_settings(void);

/* ---- start.c ---- */

/* Start the ledger unless it is; the first attach() does so. */
extern void ledger_start_unless(void);

/* ---- number.c ---- */

/* The next number of an act or statement; of a shape. */
extern int64 ledger_number(void);
extern int32 shape_number(void);
extern void number_init(void);

/* ---- act.c: writing acts ---- */

/* One row of one of the ledger's tables, with its index entries. */
extern void ledger_insert(const char *table, Datum *values, bool *nulls);

/* What an act row says besides who and when, which act_write finds out itself. */
typedef struct ActRow
{
	int64		id;				/* 0: a new one */
	int64		statement_id;	/* 0: the same as id */
	const char *kind;
	const pg_uuid_t *attachment;	/* NULL: none */
	int32		shape;			/* 0: none */
	int64		entries;
	const char *reason;			/* NULL: null, as for the rest */
	const char *approval;
	const char *exception;
	Datum		detail;			/* jsonb; has_detail false: null */
	bool		has_detail;
} ActRow;

/* Reason, approval and exception of the row are those. */
extern void act_said(ActRow *row, const Statement *said);

/* Write the row, seen by what comes next in this transaction; returns its id. */
extern int64 act_write(const ActRow *row);

/* A jsonb of text pairs, {name: value, ...}; a NULL value is a JSON null.  Ends with a NULL name. */
extern Datum act_detail(const char *name, const char *value,...);

/* The same of n pairs; an empty text is a JSON null. */
extern Datum pairs_jsonb(int n, const char *const *name, const cd_text *text);

/* ---- read.c: rows of the ledger as what is hashed ---- */

/* Texts point into memory of the current context, or into the slot. */
extern void read_act(TupleTableSlot *slot, cd_act *act);
extern cd_value jsonb_value(TupleTableSlot *slot, int column);	/* as text */
extern int64 unix_microseconds(TimestampTz at);

/* A row of certdata.ledger_entry. */
typedef struct LedgerEntry
{
	int64		act;
	int32		n;
	bool		has_no;
	cd_certno	no;
	cd_value	salts;			/* as they stand in the row; ptr NULL: null */
	cd_entry	body;			/* points into what follows */
	char		no_text[CD_CERTNO_LEN];
	unsigned char salts_room[CD_HASH_LEN];
} LedgerEntry;

/*
 * Salts as they stand in a row, whose parts may have been erased
 * (doc/ledger.md): bytes of those of an image; the digest of all of them.
 */
#define SALTS_IMAGE (CD_PART_OLD * CD_SALT_LEN)
extern cd_value salts_digest(cd_value salts, size_t commitments_len, unsigned char room[CD_HASH_LEN]);

/* Do not copy what was read: it points into itself. */
extern void read_entry(TupleTableSlot *slot, LedgerEntry *entry);

/* The same without the salts' digest, for what is not to be hashed. */
extern void read_entry_values(TupleTableSlot *slot, LedgerEntry *entry);
extern bool entry_fits(const cd_entry *body);	/* false: somebody tampered
												 * with it */
extern void act_leaf_hash(const cd_act *act, unsigned char out[CD_HASH_LEN]);
extern void entry_leaf_hash(const cd_entry *body, const unsigned char act_hash[CD_HASH_LEN],
							int64 n, unsigned char out[CD_HASH_LEN]);

/* H(03 || body): what the next entry of the life has as previous. */
extern void entry_previous(const cd_entry *body, unsigned char out[CD_HASH_LEN]);

#endif							/* CERTDATA_LEDGER_H */
