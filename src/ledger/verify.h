/*
 * verify.h
 *	  certdata.verify_ledger(): everything computed again from the rows.
 *
 * All of it is looked at with one snapshot, which is the active one.  Memory
 * does not grow with the ledger: sorts take maintenance_work_mem and go on on
 * disk, a certificate's life is read at a time, and what is kept of shapes,
 * incarnations and attachments is as many as there are of these.
 */
#ifndef CERTDATA_LEDGER_VERIFY_H
#define CERTDATA_LEDGER_VERIFY_H

#include "ledger/entry_scan.h"
#include "ledger/seal.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

/* A row of certdata.ledger_shape. */
typedef struct ShapeRow
{
	int32		id;				/* key */
	pg_uuid_t	attachment;
	pg_uuid_t	registry;
	char	   *columns;		/* jsonb as text */
	int64		act;
	bool		recorded;		/* by an act that says the same */
} ShapeRow;

/* A table that is attached. */
typedef struct Attached
{
	int			at;				/* in the list */
	pg_uuid_t	id;
	pg_uuid_t	registry;
	Oid			relation;
	bool		validated;
	bool		recorded;		/* an act 'validate' is in the ledger */
	char	   *id_text;
	bool		seen;			/* an act on it is, too */
	bool		from_start;		/* … and the first was 'attach': nothing came
								 * before */
	int64		unrecorded;		/* rows without an entry */
} Attached;

/* An index of one of the ledger's tables. */
typedef struct Lookup
{
	Relation	rel;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
} Lookup;

typedef struct ActCounts ActCounts;

typedef struct Verifier
{
	Tuplestorestate *store;
	TupleDesc	desc;
	MemoryContext memory;		/* of the whole */
	MemoryContext row;			/* of what is at hand: reset often */
	MemoryContext scratch;		/* … of one hash in it */
	int64		done;			/* for progress */
	const char *doing;
	bool		quiet;			/* problems are told elsewhere */

	/* the small tables */
	List	   *ledgers;
	List	   *incarnations;
	HTAB	   *shapes;
	List	   *attached;		/* of Attached */
	List	   *taken_in;		/* of ActOn: the newest act 'attach' or
								 * 'validate' of each attachment */
	List	   *detached;		/* of ActOn: acts 'detach' */
	List	   *dropped;		/* of Dropped */
	int32		incarnation;	/* the newest */
	bool		here;
	uint64		next;			/* transactions from here on are still to come */

	/* what was sealed last */
	int32		sealed_incarnation;
	uint64		horizon;
	int64		size;			/* leaves */

	Lookup		acts;			/* by id */
	EntryScan  *entries;		/* by act and n */
	ActCounts  *counts;			/* of acts that do not say it themselves */
	Lookup		numbers;		/* entries by cert_no and life_seq */
	Oid			number_eq;
	List	   *leaves;			/* of Leaf: tables with rows */
} Verifier;

typedef struct ActOn
{
	pg_uuid_t	attachment;
	int64		act;
} ActOn;

/* An attached table that was dropped: an act says so, or its attachment. */
typedef struct Dropped
{
	pg_uuid_t	attachment;
	int64		act;			/* 0: it was before the ledger was adopted */
	char	   *table;			/* NULL then */
	int64		certificates;	/* that it had */
} Dropped;

/* Rows of tables that are no certificates, and what acts say about them. */
typedef struct LedgerRow
{
	char	   *id;
	char	   *algorithm;
	int64		act;
	bool		recorded;
} LedgerRow;

typedef struct IncarnationRow
{
	int32		id;
	char	   *system;
	char	   *database;
	int64		act;
	bool		recorded;
} IncarnationRow;

/* ---- verify.c ---- */

/* Small tables and the digest; tree, acts and entries; rows and lives. */
extern void verify_begin(Verifier *v);
extern void verify_recorded(Verifier *v);
extern void verify_present(Verifier *v);
extern void verify_end(Verifier *v);

/* One row of the result; act 0, leaf -1, relation InvalidOid, no NULL, detail NULL: null. */
extern void problem(Verifier *v, const char *name, int64 act, int64 leaf, Oid relation,
					const cd_certno *no, char *detail);

/* One more leaf, entry or row is done. */
extern void verify_count(Verifier *v);
extern void verify_stage(Verifier *v, const char *zh, const char *en);

extern void lookup_open(Lookup *lookup, const char *table, const char *index, int nkeys);
extern void lookup_close(Lookup *lookup);
extern bool lookup_next(Verifier *v, Lookup *lookup);

/* From the table's first block on, whatever other scans are at. */
extern TableScanDesc scan_as_it_lies(Relation rel);

/* The act, in acts.slot. */
extern bool find_act(Verifier *v, int64 id);

/* A string of a jsonb object, or NULL. */
extern char *detail_text(Jsonb *detail, const char *name);

/* A number; false: it is none, or no bigint.  What an act says may have been altered: it raises no error. */
extern bool json_int8(const JsonbValue *value, int64 *number);
extern bool value_is(cd_value value, const char *word);

/* ---- verify_small.c: certdata.ledger, ledger_incarnation, ledger_shape ---- */

extern void small_read(Verifier *v);

/* What an act says about them. */
extern void small_act(Verifier *v, const cd_act *act, Jsonb *detail);

/* What all acts say about them; tells no problems. */
extern void small_acts(Verifier *v);

/* Rows of which no act has spoken, and attachments that only acts speak of. */
extern void small_end(Verifier *v);
extern const ShapeRow *shape_row(Verifier *v, int32 id);

/* ---- verify_tile.c ---- */

/* The complete subtrees of so many leaves: those of the 1 bits of size. */
typedef struct Frontier
{
	int64		size;
	cd_node		node[64];
} Frontier;

typedef struct Tiles Tiles;
extern Tiles *tiles_open(Verifier *v);
extern void tiles_close(Tiles *tiles);

/* The stored hash; false: there is none. */
extern bool tiles_hash(Tiles *tiles, int level, int64 index, cd_node *out);

/* A stored hash of that level is not what the rest gives. */
extern void tiles_differ(Tiles *tiles, int level, int64 index);

/* tiles NULL: do not compare; tell: report what differs.  Returns false if stored hashes above differ. */
extern bool frontier_append(Frontier *frontier, const cd_node *leaf, Tiles *tiles, bool tell);
extern void frontier_root(const Frontier *frontier, cd_node *root);

/* Are there others than a tree of v->size leaves has?  Are these of the right length? */
extern void tiles_end(Tiles *tiles);

/* ---- verify_tree.c, verify_walk.c: order, leaves, heads ---- */

extern void verify_tree(Verifier *v);

/* Leaves from one head to the next; to -1: there is no head after them. */
typedef struct Window
{
	int64		from;
	int64		to;
	bool		tell;			/* false: only compute */
	bool		trust_tiles;	/* what differs from a stored hash is wrong;
								 * false: the hash is */
	Tiles	   *tiles;
	Frontier   *frontier;		/* NULL: none is to be made */
	bool		of_rows;		/* … of what the rows give, else of what is
								 * stored */
	/* found: */
	bool		whole;			/* every leaf has its row */
	int64		end;			/* leaves */
	int64		last_seal;		/* act of the last leaf, if it is a seal's; 0:
								 * it is not */
	bool		sealed;			/* tail only: the last leaf is a seal's */
} Window;

extern void walk(Verifier *v, Lookup *order, Window *window);

/* horizon and leaves of the detail of a seal's act */
extern bool seal_detail(Jsonb *detail, uint64 *horizon, int64 *leaves);

/* ---- verify_act.c: acts by number, with their entries ---- */

extern void verify_acts(Verifier *v);

/* ---- verify_entry.c: all rows of certdata.ledger_entry ---- */

typedef struct Erasures Erasures;

/* Rows that follow each other in the table, of one act and with n from..to. */
typedef struct EntryRun
{
	int64		act;
	int32		from;
	int32		to;
	ItemPointerData tid;		/* of the first */
} EntryRun;

/* Reads the whole table and checks values; then its runs come in the order of act and n. */
typedef struct EntryRuns EntryRuns;
extern EntryRuns *runs_open(Verifier *v, Erasures *erasures);
extern bool runs_next(EntryRuns *runs, EntryRun *run);
extern void runs_close(EntryRuns *runs);

/* Each row of a run with its number, NULL if it has none. */
typedef void (*RunRow) (void *arg, int32 n, const cd_certno *no);
extern void run_rows(EntryRuns *runs, const EntryRun *run, void *arg, RunRow row);

/*
 * How many entries a sealed act ought to have, as the tree has it, where that
 * is not what its row says.  They are asked for in the order of acts.
 */
extern void counts_put(Verifier *v, int64 act, int64 entries);
extern void counts_sort(Verifier *v);
extern bool counts_find(Verifier *v, int64 act, int64 *entries);

/* ---- verify_values.c: salts, old values, erasures ---- */

/* Where salts stand in the column, whose parts are erased one by one (doc/ledger.md). */
typedef struct SaltPlaces
{
	bool		right;			/* as many as there are commitments */
	bool		erased;			/* some are */
	int			image;			/* first byte; -1: erased, or there are none */
	int			old;
} SaltPlaces;
extern SaltPlaces salt_places(int salts_len, int commitments_len);

extern Erasures *erasures_begin(Verifier *v);
extern void erasures_list(Erasures *erasures, Jsonb *detail);
extern void verify_entry_values(Verifier *v, Erasures *erasures, TupleTableSlot *slot);
extern void erasures_end(Erasures *erasures);

/* ---- verify_life.c: lives of certificates ---- */

typedef struct LifeItem
{
	int64		act;
	int32		n;
	int32		life_seq;
	int16		state;
	int16		changed;
	bool		odd;			/* its values are too long to be hashed */
	int32		shape_id;
	const ShapeRow *shape;
	cd_certno	no;
	bool		has_previous;
	unsigned char previous[CD_HASH_LEN];
	int			salts_len;		/* -1: null */
	int			commitments_len;
	unsigned char salts[SALTS_IMAGE + CD_HASH_LEN];
	unsigned char commitments[CD_NPARTS * CD_HASH_LEN];
	Jsonb	   *old_values;		/* NULL: null */
} LifeItem;

typedef struct Lifetime
{
	LifeItem   *item;
	int			n;
	int			room;
} Lifetime;

/* What the next one has as previous.  It costs as much as all the rest, and most lives have one entry. */
extern void item_digest(const LifeItem *item, unsigned char out[CD_HASH_LEN]);
extern bool item_follows(const LifeItem *item, const LifeItem *before);

/* The entries of a number in a registry, in order. */
extern void lifetime_read(Verifier *v, const pg_uuid_t *registry, const cd_certno *no, Lifetime *life);

/* Another number in old_values: 证书编号, renumbered_to. */
extern bool number_told(const LifeItem *item, const char *name, cd_certno *no);
extern bool item_has_image(const LifeItem *item);

/* The entry with which the certificate left its former number for this one; false: none fits. */
extern bool find_leaving(Verifier *v, const LifeItem *arrival, LifeItem *leaving);

/* Every number: its life, its rows, and whether the rows that it speaks of are there. */
extern void verify_lives(Verifier *v);
extern void judge_lifetime(Verifier *v, const LifeItem *item, int n);
extern LifeItem *lifetime_add(Lifetime *life);
extern void lifetime_collect(Verifier *v, TupleTableSlot *slot, Lifetime *life);
extern void lifetime_sort(Lifetime *life);

/* ---- verify_row.c, verify_image.c: rows of attached tables ---- */

/* A table with rows: the attached one, or a partition of it. */
typedef struct Leaf
{
	Verifier   *v;
	int			at;				/* in the list */
	Attached   *attached;
	const Attachment *att;
	Relation	rel;
	Source		source;
	TupleTableSlot *slot;
} Leaf;

/* What a row is judged by. */
typedef struct LeafRow
{
	cd_certno	no;
	cd_text		image[CD_NFIELDS];
	cd_value	state;			/* of the state column; ptr NULL: null, or
								 * there is none */
	ImageRoom	room;			/* the image points into it */
} LeafRow;

extern void leaves_open(Verifier *v);
extern void leaves_close(Verifier *v);

/* The row in the leaf's slot; false: it has no number. */
extern bool leaf_row(const Leaf *leaf, LeafRow *row);

/* The same, for its number only. */
extern bool leaf_number(const Leaf *leaf, cd_certno *no);

/* life: the entries of its number in the registry of its table, in order */
extern void judge_row(const Leaf *leaf, const LeafRow *row, const Lifetime *life);

/* Rows that wait for validate(). */
extern void tell_unrecorded(Verifier *v);

/* parts that differ: bits of cd_part */
extern unsigned image_differs(const LifeItem *item, const cd_text image[CD_NFIELDS]);
extern void verify_older(Verifier *v, const Lifetime *life, int at, const cd_text image[CD_NFIELDS]);

/* ---- verify_mark.c: numbers that are to be looked at more closely ---- */

typedef struct Marks Marks;
extern Marks *marks_begin(void);
extern uint64 marks_hash(const Marks *marks, const cd_certno *no);
extern void marks_put(Marks *marks, uint64 hash, bool settled);

/* No mark is put any more. */
extern void marks_sort(Marks *marks);

/* Some of the numbers that are open, and no others, from now on; false: there are no more. */
extern bool marks_batch(Marks *marks);

/* Is the number open?  true for some that are not, too. */
extern bool marks_open(const Marks *marks, const cd_certno *no);
extern void marks_end(Marks *marks);

/* ---- verify_pair.c: rows and entries that stand side by side ---- */

/* Marks of all numbers that entries or rows have. */
extern void verify_pairs(Verifier *v, Marks *marks);

/* ---- verify_state.c: certdata.life ---- */

extern void verify_life_table(Verifier *v);

typedef struct LifeLookup LifeLookup;
extern LifeLookup *life_lookup_open(void);
extern bool life_lookup(Verifier *v, LifeLookup *lookup, const pg_uuid_t *registry, const cd_certno *no);
extern void life_lookup_close(LifeLookup *lookup);

/* ---- verify_parallel.c ---- */

/* verify_recorded in a worker, verify_present here; false: there is no worker, and nothing was done. */
extern bool verify_side_by_side(Verifier *v);

#endif							/* CERTDATA_LEDGER_VERIFY_H */
