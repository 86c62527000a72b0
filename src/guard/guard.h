/*
 * guard.h
 *	  The guard floor: attached tables, what may happen to their rows, and the
 *	  life of a certificate.
 */
#ifndef CERTDATA_GUARD_H
#define CERTDATA_GUARD_H

#include "certdata.h"

#include "commands/trigger.h"
#include "utils/rel.h"
#include "utils/snapshot.h"
#include "utils/uuid.h"

#include "check/check.h"

/* ---- attachment.c: what certdata.attachment says about a table ---- */

/* Columns of certdata.attachment, from 0. */
enum
{
	ATT_ID, ATT_RELATION, ATT_REGISTRY, ATT_REGISTER, ATT_COLUMNS, ATT_FIELDS,
	ATT_STATE_COLUMN, ATT_PUBLICATION, ATT_REQUIRE_ACTOR, ATT_APPROVER, ATT_PROFILE,
	ATT_EXISTING, ATT_VALIDATED, ATT_ATTACHED_AT, ATT_ATTACHED_BY, ATT_DETACHED_AT,
	ATT_DETACH_REASON, ATT_AGAIN
};

typedef struct Attachment
{
	pg_uuid_t	id;
	pg_uuid_t	registry;		/* life is kept under this: the id of the
								 * first attachment of the register */
	Oid			relation;		/* the table asked for: root, leaf or plain */
	Source		source;			/* its columns; desc is set by
								 * attachment_source */
	AttrNumber	state_attnum;	/* column that shows the state; 0: none */
	bool		shared;			/* numbers are unique across a register */
	bool		by_call;		/* published by publish(), not by INSERT */
	bool		require_actor;
	bool		record_existing;	/* faults of rows that were there are kept */
	Oid			approver;		/* whose members approve; InvalidOid: anybody */
	CheckProfile profile;
	bool		again;			/* it was attached before, and detached */
	int32		shape;			/* the ledger's; 0: not asked for so far */
} Attachment;

/*
 * The attachment of a table, by the triggers it carries; NULL: it is not
 * attached.  Good until the end of the transaction.
 */
extern const Attachment *attachment_of(Relation rel);

/* The same, or an error: SQLSTATE QC016. */
extern const Attachment *attachment_require(Relation rel);

/* What the table has of it does not fit together: 55000. */
pg_noreturn extern void attachment_broken(Relation rel, const char *detail_zh, const char *detail_en);

/*
 * Whose triggers a table carries, whatever became of that attachment: a
 * partition keeps them when it is detached from its table.  false: nobody's.
 */
extern bool attachment_id(Relation rel, pg_uuid_t *id);

/* Is that the function of the trigger by which they are known? */
extern bool is_columns_function(Oid function);

/* The table of an attachment; InvalidOid: there is none, or it is detached. */
extern Oid	attachment_relation(const pg_uuid_t *id);

/* Its columns for rows of rel. */
extern void attachment_source(const Attachment *att, Relation rel, Source *source);

/* Name of the column of a field in rel, unquoted; NULL: a constant. */
extern const char *attachment_column(const Attachment *att, Relation rel, cd_field field);

/*
 * SQL for the number of a row as certno, by which a unique index finds it:
 * "no", or certdata.number_key("no") for a column that is not a certno.
 */
extern char *attachment_number_sql(const Attachment *att, Relation rel);

extern void attachment_init(void);

/* attached.c: the same for the check floor. */
extern void attached_init(void);

/* ---- life.c: the table certdata.life, one row for each number of which
 * something is known: state, reservation, items used up where no entry of the
 * ledger tells ---- */

typedef struct Life
{
	pg_uuid_t	registry;
	cd_certno	no;
	pg_uuid_t	attachment;
	/* what the ledger's entries tell, too, and as a rule they alone */
	bool		name_used;		/* 第十四条: 姓名 was corrected */
	bool		document_used;	/* … 证件号码 */
	bool		published;
	bool		suspended;		/* 第十七条 */
	bool		retired;		/* 第十五条 */
	bool		reserved;		/* a former number: never to be used again */
	/* what follows may be null in the table */
	uint64		name_used_in;	/* transaction; 0: null */
	uint64		document_used_in;
	bool		has_replaced_by;
	cd_certno	replaced_by;
	bool		has_renumbered_to;
	cd_certno	renumbered_to;
	/* not of the table: */
	bool		found;			/* there is a row, and this is where */
	ItemPointerData tid;
} Life;

/*
 * The table opened for one act.  It is read with the latest snapshot, taken
 * here: call it when the rows of the registry are locked, not before.
 */
typedef struct LifeTable LifeTable;
extern LifeTable *life_open(void);

/* Whose numbers they are, for the error that another session has one (no.used). */
extern void life_target(LifeTable *table, Relation rel);

/*
 * What is known of a number.  If nothing is, *life is that of a fresh number
 * and false is returned.
 */
extern bool life_find(LifeTable *table, const Attachment *att, const cd_certno *no, Life *life);

/* The same with a snapshot of the caller's, for one number, without opening the table. */
extern bool life_look(const Attachment *att, const cd_certno *no, Snapshot snapshot, Life *life);

/*
 * About that many numbers are going to be asked for.  If the registry has not
 * many more rows, they are read at once instead of one by one.
 */
extern void life_expect(LifeTable *table, const Attachment *att, int64 numbers);

/* Has the registry any reserved number, so that new ones need be looked up? */
extern bool life_has_reserved(const Attachment *att);

/* May a number that the table gets have been given up before (withdraw())? */
extern bool life_has_withdrawn(const Attachment *att);

/* Write a row down: a new one, or a new version of the one found. */
extern void life_put(LifeTable *table, const Life *life);

/* Remove the row found: a number that becomes free. */
extern void life_remove(LifeTable *table, const Life *life);

/* Writes what is still to be written, makes it visible to what follows. */
extern void life_close(LifeTable *table);

/* ---- announce.c, statement.c: which command is whose, and what is said about it ---- */

typedef enum ActKind
{
	ACT_PLAIN,					/* SQL from anywhere */
	ACT_CORRECT,				/* correct() */
	ACT_RENUMBER,				/* renumber(): numbers change, nothing else
								 * does */
	ACT_RENUMBER_ASIDE,			/* its first half when numbers are swapped */
	ACT_STATE					/* the state column is written, withdraw()
								 * takes the number away; nothing else changes */
} ActKind;

/* The number that a certificate had before an act gave it this one; NULL: the act did not. */
typedef const cd_certno *(*FormerNumber) (const void *arg, const cd_certno *no);

/* Rows that left partitions, each told by two hashes of its fields. */
typedef struct GoneRow
{
	uint64		hash[2];
} GoneRow;

typedef struct GoneRows
{
	int64		n;
	int64		room;
	GoneRow    *row;
} GoneRows;

/* What one of our functions does by an UPDATE of its own. */
typedef struct Act
{
	ActKind		kind;
	const char *reason;			/* NULL: as set with SET LOCAL */
	const char *approval;
	const char *exception;
	FormerNumber former;		/* of ACT_RENUMBER */
	const void *former_arg;
	int64		statement_id;	/* the ledger's numbers, drawn when the */
	int64		id;				/* statement began; 0: none */
	GoneRows	gone;			/* by the statement, so far */
} Act;

/*
 * The next UPDATE of that table, if the caller itself runs it through SPI, is
 * this act.  act_end goes into PG_FINALLY.  What triggers of the user do in
 * between is not part of it.
 */
extern void act_begin(Oid relation, const Act *act);
extern void act_end(void);

/*
 * What was said about a change: an argument, else the setting, provided it was
 * set in this transaction with SET LOCAL; NULL if it is blank or does not
 * count.
 */
typedef struct Statement
{
	const char *reason;
	const char *approval;		/* of a member of the approver role */
	int			excused;		/* rule that an exception is made for; -1:
								 * none */
	const char *exception;		/* why */
	bool		not_local_reason;	/* set, but not with SET LOCAL */
	bool		not_local_approval;
	bool		not_approver;	/* said by somebody who may not */
} Statement;
extern void statement_read(const Attachment *att, const Act *act, Statement *statement);

/* Refuse the act for want of a reason, an approval (QC010); rule: whose lack it is. */
extern void statement_require_reason(const Statement *statement, Relation rel, cd_rule_id rule);
extern void statement_require_approval(const Statement *statement, const Attachment *att,
									   Relation rel, cd_rule_id rule);

/* NULL, or nothing but white space of whatever kind: says nothing. */
extern bool statement_is_blank(const char *s);

/* Who acts, as the application says; NULL: nobody. */
extern const char *statement_actor(void);
extern const char *statement_actor_org(void);

/* certdata.actor must be said, if the attachment wants it (QC010). */
extern void statement_require_actor(const Attachment *att, Relation rel);

extern void statement_init(void);

/* ---- recording.c: what the ledger, the floor above, is told ---- */

/* An act that has begun; NULL: the ledger is not started, and nothing is recorded. */
typedef struct Recorder Recorder;

/*
 * The numbers that the statement's next rows had, after so many rows that are
 * passed over; how many there are.  Read ahead of the rows that are told, so
 * that many are looked up at once.
 */
typedef struct RowNumber
{
	bool		known;
	cd_certno	no;
} RowNumber;
typedef int (*NextNumbers) (void *arg, int64 skip, RowNumber *number, int max);

typedef struct RecordedAct
{
	int64		id;				/* numbers drawn before; 0: new ones */
	int64		statement_id;
	const char *kind;
	const Statement *said;		/* NULL: nothing is */
	Datum		detail;			/* jsonb */
	bool		has_detail;
	bool		whole;			/* an act even without entries */
	NextNumbers numbers;		/* NULL: rows are looked up one by one */
	void	   *numbers_arg;
} RecordedAct;

typedef struct RecordedEntry
{
	int64		row;			/* place among the statement's rows; 0: not
								 * said */
	const cd_certno *no;		/* NULL: the row has none */
	bool		begins;			/* the life begins with it; false: it was
								 * there */
	bool		fresh;			/* … and nothing is known of the number */
	bool		existing;		/* a row that was there: nothing, if it is
								 * recorded already */
	const cd_certno *former;	/* the life comes from this number */
	int			state;			/* CD_STATE_... */
	int			used;			/* … of which the act itself has set these */
	int			changed;		/* bits of the fields */
	const cd_text *image;		/* the eleven fields now; NULL: as before */
	const cd_text *old;			/* … before, of which those changed count */
	const char *old_name;		/* one more old value; NULL: none */
	const char *old_value;
} RecordedEntry;

/* Whether there is a ledger, and whether it is this database's. */
typedef enum LedgerState
{
	LEDGER_NONE,				/* not started, or not restored yet */
	LEDGER_ELSEWHERE,			/* another cluster's or database's, to be
								 * adopted */
	LEDGER_HERE
} LedgerState;

typedef struct Recording
{
	LedgerState (*state) (void);

	/* The next number of an act or statement; 0: nothing is recorded. */
	int64		(*number) (void);

	/* … of the newest act that this session has written */
	int64		(*newest) (void);

	/* An act on the rows of that table. */
	Recorder   *(*begin) (const Attachment *att, Relation rel, const RecordedAct *act);
	void		(*entry) (Recorder *recorder, const RecordedEntry *entry);

	/*
	 * Entries told before triggers acted on the same certificates: those of
	 * the triggers follow them.
	 */
	void		(*settle) (Recorder *recorder);
	void		(*end) (Recorder *recorder);

	/*
	 * The items of 第十四条 that a certificate has used up, as its newest
	 * entry has them: CD_STATE_NAME_USED, CD_STATE_DOCUMENT_USED.
	 */
	int			(*items) (Recorder *recorder, int64 row, const cd_certno *no);
	int			(*items_of) (const Attachment *att, const cd_certno *no);	/* without an act */

	/*
	 * An act on no table that is there; attachment and said may be NULL.
	 * Nothing without a ledger.
	 */
	void		(*note) (const char *kind, const pg_uuid_t *attachment,
						 const Statement *said, Datum detail);

	/* Names and values as a jsonb; a NULL value is null, a NULL name the end. */
	Datum		(*detail) (const char *name, const char *value,...);

	/* The first attach() starts the ledger. */
	void		(*start) (void);
} Recording;

/* Set when the library is loaded. */
extern const Recording *recording;

/*
 * Rows that were there before the table was guarded get their first entry from
 * validate(), or from whatever changes them before.  Both hold this lock until
 * their transaction ends: validate() alone, the others together.
 */
extern void lock_unrecorded(const Attachment *att, bool alone);

/* What the ledger calls the state of a life. */
extern int	state_bits(const Life *life);

/* A row as the report has it; room: for what needs printing. */
typedef struct ImageRoom
{
	char		number[CD_CERTNO_LEN];
	char		id[CD_IDNUM_MAX_BYTES];
	char		date[10];
} ImageRoom;
extern void image_of(const cd_text field[CD_NFIELDS], const cd_record *rec, unsigned typed,
					 ImageRoom *room, cd_text image[CD_NFIELDS]);

/* The number goes: the certificate is called otherwise from now on, as the next act says. */
extern void record_leaving(Recorder *recorder, const Life *life, const cd_certno *to);

/* An act without entries. */
extern void record_whole_act(const Attachment *att, Relation rel, const char *kind,
							 const Statement *said, Datum detail, bool has_detail);

/* ---- apply.c: changes that logical replication brings ---- */

extern void apply_init(void);

/* certdata.item_span, certdata.on_apply */
typedef enum CertdataItemSpan
{
	CERTDATA_SPAN_LIFE, CERTDATA_SPAN_REQUEST
} CertdataItemSpan;
typedef enum CertdataOnApply
{
	CERTDATA_APPLY_RECORD, CERTDATA_APPLY_REFUSE
} CertdataOnApply;
extern int	certdata_item_span;
extern int	certdata_on_apply;

#endif							/* CERTDATA_GUARD_H */
