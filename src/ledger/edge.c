/*
 * edge.c
 *	  Leaves appended to the tree: its right edge is held in memory, tiles are
 *	  written when they are full, and those at the edge at the end.
 */
#include "certdata.h"

#include "utils/builtins.h"

#include "ledger/seal.h"

typedef struct Tile
{
	int64		number;
	int			n;
	bool		stored;			/* the table has an earlier state of it, */
	ItemPointerData tid;		/* here */
	bool		changed;		/* … and here is more */
	cd_node		hash[TILE_SIZE];
} Tile;

struct TileEdge
{
	int64		size;
	TableWriter *writer;
	bytea	   *room;			/* for a tile's value */
	Tile		tile[TILE_LEVELS];
};

/* The tile of a level that the next hash goes into. */
static void
read_tile(TileScan *scan, Tile *tile, int level, int64 hashes)
{
	int			n;

	tile->number = hashes >> TILE_BITS;
	tile->n = hashes & (TILE_SIZE - 1);
	n = tile_scan_find(scan, level, tile->number, tile->hash, &tile->tid);
	tile->stored = n >= 0;
	if (n != (tile->n > 0 ? tile->n : -1))
		ledger_corrupted(psprintf(certdata_lang_zh() ?
								  "certdata.ledger_tile 中第%d层第%lld块应有%d个散列值，实有%d个。" :
								  "Tile %2$lld of level %1$d in certdata.ledger_tile ought to have %3$d hashes and has %4$d.",
								  level, (long long) tile->number, tile->n, Max(n, 0)));
}

TileEdge *
edge_open(int64 size)
{
	TileEdge   *edge = palloc0(sizeof(TileEdge));
	TileScan   *scan = tile_scan_open();

	edge->size = size;
	for (int level = 0; level < TILE_LEVELS; level++)
		read_tile(scan, &edge->tile[level], level, size >> (TILE_BITS * level));
	tile_scan_close(scan);
	edge->writer = writer_open("ledger_tile");
	edge->room = palloc(VARHDRSZ + sizeof(edge->tile[0].hash));
	return edge;
}

static void
write_tile(TileEdge *edge, int level)
{
	Tile	   *tile = &edge->tile[level];
	size_t		len = tile->n * sizeof(cd_node);
	Datum		values[TILE_COLUMNS];

	SET_VARSIZE(edge->room, VARHDRSZ + len);
	memcpy(VARDATA(edge->room), tile->hash, len);
	values[TILE_LEVEL] = Int16GetDatum(level);
	values[TILE_NUMBER] = Int64GetDatum(tile->number);
	values[TILE_HASHES] = PointerGetDatum(edge->room);
	if (tile->stored)
		writer_replace(edge->writer, &tile->tid, values);
	else
		writer_put(edge->writer, values);
}

/* The root of 2^row hashes. */
static void
root_of(const cd_node *hash, int row, cd_node *root)
{
	cd_node		node[TILE_SIZE];

	memcpy(node, hash, sizeof(cd_node) << row);
	for (; row > 0; row--)
		for (int i = 0; i < 1 << (row - 1); i++)
			(void) ledger_hash_nodes(NULL, &node[2 * i], &node[2 * i + 1], &node[i]);
	*root = node[0];
}

/* A full tile is written, its root goes into the level above, and so on. */
static void
append(TileEdge *edge, int level, const cd_node *hash)
{
	Tile	   *tile = &edge->tile[level];
	cd_node		root;

	tile->hash[tile->n++] = *hash;
	tile->changed = true;
	if (tile->n < TILE_SIZE)
		return;
	write_tile(edge, level);
	root_of(tile->hash, TILE_BITS, &root);
	tile->number++;
	tile->n = 0;
	tile->stored = tile->changed = false;
	append(edge, level + 1, &root);
}

void
edge_append(TileEdge *edge, const unsigned char leaf_hash[CD_HASH_LEN])
{
	cd_node		node;

	memcpy(node.b, leaf_hash, CD_HASH_LEN);
	append(edge, 0, &node);
	edge->size++;
}

int64
edge_size(const TileEdge *edge)
{
	return edge->size;
}

/* All complete subtrees that a root is made of are at the edge (RFC 9162 section 2.1.1). */
static bool
get_node(void *arg, int level, uint64_t index, cd_node *out)
{
	const TileEdge *edge = arg;
	int			row = level % TILE_BITS;
	int			at = (index << row) & (TILE_SIZE - 1);

	root_of(edge->tile[level / TILE_BITS].hash + at, row, out);
	return true;
}

void
edge_root(TileEdge *edge, cd_node *root)
{
	cd_tree		tree = {.arg = edge, .hash = ledger_hash_nodes, .get = get_node};

	(void) cd_tree_root(&tree, edge->size, root);
}

void
edge_close(TileEdge *edge)
{
	for (int level = 0; level < TILE_LEVELS; level++)
		if (edge->tile[level].changed)
			write_tile(edge, level);
	writer_close(edge->writer);
	pfree(edge->room);
	pfree(edge);
}
