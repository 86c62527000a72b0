/*
 * seal.h
 *	  The tree over sealed acts: tiles, order, heads, proofs, checkpoints.
 *
 * What reads here reads with the active snapshot.  certdata's own functions
 * make the latest one active: what is sealed stays as it is, so that an answer
 * fits those before it, while an old snapshot would not show all of what this
 * transaction itself has sealed upon.
 */
#ifndef CERTDATA_LEDGER_SEAL_H
#define CERTDATA_LEDGER_SEAL_H

#include "ledger/ledger.h"

#include "lib/stringinfo.h"

/* QC023; the detail is in the session's language. */
pg_noreturn extern void ledger_corrupted(const char *detail);

/* ---- put.c: rows of the tables of the tree, none of which has nulls ---- */

typedef struct TableWriter TableWriter;

extern TableWriter *writer_open(const char *table);

/* In the order of calls, but some rows later than others: writer_close writes the last. */
extern void writer_put(TableWriter *writer, const Datum *values);
extern void writer_replace(TableWriter *writer, const ItemPointerData *tid, const Datum *values);
extern void writer_close(TableWriter *writer);

/* ---- tile.c: certdata.ledger_tile ---- */

#define TILE_BITS 8
#define TILE_SIZE (1 << TILE_BITS)
#define TILE_LEVELS 8			/* a tree has less than 2^63 leaves */

/* Columns of certdata.ledger_tile, from 0. */
enum
{
	TILE_LEVEL, TILE_NUMBER, TILE_HASHES, TILE_COLUMNS
};

typedef struct TileScan TileScan;

extern TileScan *tile_scan_open(void);

/*
 * The hashes of a tile, TILE_SIZE at most, and how many; -1: there is no such
 * tile.  tid may be NULL.
 */
extern int	tile_scan_find(TileScan *scan, int level, int64 number, cd_node *hashes,
						   ItemPointer tid);
extern void tile_scan_close(TileScan *scan);

/*
 * A tree over the tiles, to make roots and proofs from.  A tile that is
 * missing or too short is an error (QC023), so what is asked for must lie
 * below a head's size.
 */
extern void tree_over_tiles(cd_tree *tree);
extern void tree_over_tiles_close(cd_tree *tree);

/* ---- edge.c: leaves appended to the tiles ---- */

typedef struct TileEdge TileEdge;

/* The right edge of a tree of that size. */
extern TileEdge *edge_open(int64 size);
extern void edge_append(TileEdge *edge, const unsigned char leaf_hash[CD_HASH_LEN]);
extern int64 edge_size(const TileEdge *edge);

/* The root of what there is; size > 0. */
extern void edge_root(TileEdge *edge, cd_node *root);
extern void edge_close(TileEdge *edge);

/* ---- seal.c ---- */

/* What certdata.seal() does; the size of the tree afterwards. */
extern int64 seal_ledger(void);

/* ---- head.c: certdata.ledger_head ---- */

/* There must be a ledger; the latest snapshot is active until the end. */
extern const Ledger *tree_reading_begin(void);
extern void tree_reading_end(void);

/*
 * The newest head; false: there is none.  other_transactions_only: heads that
 * this transaction made are passed over, because it can still be rolled back.
 */
extern bool head_newest(bool other_transactions_only, int64 *size, cd_node *root, int64 *act);

/* The newest that is not larger than the limit. */
extern bool head_up_to(int64 limit, bool other_transactions_only, int64 *size, cd_node *root, int64 *act);

/* The first of all, of other transactions. */
extern bool head_oldest(int64 *size);

/* The head of that size; false: there is none. */
extern bool head_of_size(int64 size, bool other_transactions_only, cd_node *root, int64 *act);

/* A checkpoint as doc/ledger.md has it, signed if certdata.signing_key_file is set. */
extern char *checkpoint_text(const Ledger *ledger, int64 size, const cd_node *root);

extern void append_base64(StringInfo out, const void *data, size_t len);

/* ---- key.c ---- */

/* The key of certdata.signing_key_file, to be freed; NULL: none is set.  QC024 if it is of no use. */
extern cd_key *signing_key(void);

/* QC024; the reason is in the session's language. */
pg_noreturn extern void signing_key_refused(const char *reason);
extern void key_define_settings(void);

/* ---- proof.c: certdata.ledger_order, and proofs ---- */

/* The act whose leaves the leaf is among; false: none. */
extern bool order_of_leaf(int64 leaf, int64 *first_leaf, int64 *act);

/* Where the act was sealed; false: it was not. */
extern bool order_of_act(int64 act, int64 *first_leaf);

/* The row of an act by its id, in a slot of certdata.ledger_act; false: none. */
extern bool act_find(Relation acts, int64 id, TupleTableSlot *slot);

/* ---- worker.c ---- */

/* Settings of this file's functions, and the workers when the library is preloaded. */
extern void seal_init(void);
extern bool seal_progress;

#endif							/* CERTDATA_LEDGER_SEAL_H */
