/*
 * tile.c
 *	  certdata.ledger_tile read: hashes of a tile, and a tree over the tiles.
 *
 * What the tables say now counts, whoever changed them: each call reads the
 * tiles that it needs.  Kept from one call to the next is only what the hashes
 * of a tile give, and used again for the same hashes.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "errors.h"
#include "ledger/seal.h"

struct TileScan
{
	MemoryContext memory;		/* of the scan */
	MemoryContext toast;		/* of a value fetched */
	Relation	rel;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
};

void
ledger_corrupted(const char *detail)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_CERTDATA_LEDGER_CORRUPTED),
			 errmsg_internal("%s", zh ? "台账各表互相矛盾" : "the ledger's tables contradict each other"),
			 errdetail_internal("%s", detail),
			 errhint("%s", zh ? "certdata.verify_ledger() 查明何处被改动。" :
					 "certdata.verify_ledger() finds out what was altered.")));
}

TileScan *
tile_scan_open(void)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "certdata tiles", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	TileScan   *scan = palloc0(sizeof(TileScan));

	scan->memory = memory;
	scan->toast = AllocSetContextCreate(memory, "certdata tile", ALLOCSET_DEFAULT_SIZES);
	scan->rel = table_open(own_relation("ledger_tile"), AccessShareLock);
	scan->index = own_index(scan->rel, "ledger_tile_pkey", 2);
	scan->slot = table_slot_create(scan->rel, NULL);
	scan->scan = BEGIN_INDEX_SCAN(scan->rel, scan->index, GetActiveSnapshot(), 2);
	MemoryContextSwitchTo(old);
	return scan;
}

pg_noreturn static void
tile_corrupted(int level, int64 number)
{
	ledger_corrupted(psprintf(certdata_lang_zh() ?
							  "certdata.ledger_tile 中第%d层第%lld块缺失，或长度不对。" :
							  "Tile %2$lld of level %1$d in certdata.ledger_tile is missing or has the wrong length.",
							  level, (long long) number));
}

/* Copies the hashes of the row in the slot. */
static int
read_hashes(TileScan *scan, int level, int64 number, cd_node *hashes)
{
	MemoryContext old = MemoryContextSwitchTo(scan->toast);
	bytea	   *value = DatumGetByteaPP(scan->slot->tts_values[TILE_HASHES]);
	size_t		len = VARSIZE_ANY_EXHDR(value);

	if (len == 0 || len % CD_NODE_LEN != 0 || len > TILE_SIZE * CD_NODE_LEN)
		tile_corrupted(level, number);
	memcpy(hashes, VARDATA_ANY(value), len);
	MemoryContextSwitchTo(old);
	MemoryContextReset(scan->toast);
	return len / CD_NODE_LEN;
}

int
tile_scan_find(TileScan *scan, int level, int64 number, cd_node *hashes, ItemPointer tid)
{
	MemoryContext old = MemoryContextSwitchTo(scan->memory);
	ScanKeyData key[2];
	int			n = -1;

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT2EQ, Int16GetDatum(level));
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(number));
	index_rescan(scan->scan, key, 2, NULL, 0);
	if (index_getnext_slot(scan->scan, ForwardScanDirection, scan->slot))
	{
		slot_getallattrs(scan->slot);
		n = read_hashes(scan, level, number, hashes);
		if (tid != NULL)
			*tid = scan->slot->tts_tid;
		ExecClearTuple(scan->slot);
	}
	MemoryContextSwitchTo(old);
	return n;
}

void
tile_scan_close(TileScan *scan)
{
	index_endscan(scan->scan);
	ExecDropSingleTupleTableSlot(scan->slot);
	index_close(scan->index, AccessShareLock);
	table_close(scan->rel, AccessShareLock);
	MemoryContextDelete(scan->memory);
}

/* ---- the tree ---- */

/*
 * Hashes of a tile and the nodes above them, as far as they were asked for.
 * Node 1 is the tile's root, the children of node i are 2 i and 2 i + 1, the
 * hashes themselves begin at TILE_SIZE.
 */
typedef struct TilePage
{
	uint64		stamp;			/* another one for other hashes */
	bool		leaves;			/* full and of level 0 */
	bool		middle;			/* its middle nodes are all known */
	int64		number;
	cd_algorithm algorithm;
	int			n;				/* hashes */
	bool		known[TILE_SIZE];	/* of inner nodes */
	cd_node		node[2 * TILE_SIZE];
} TilePage;

/*
 * Of level 0, where there are many, some tiles are kept (the last one of the
 * tree is needed each time); of the levels above as many as a tree of 16
 * million leaves has, in 4 MB.
 */
#define KEPT_LEAVES 16
#define KEPT_ABOVE 256
static TilePage *kept[KEPT_LEAVES + KEPT_ABOVE];
static uint64 stamps = 0;

/*
 * Of many more tiles of level 0, those of two million leaves, in 4 MB, the
 * nodes half-way up: with them a proof takes 22 hashes of a tile, not 247.
 */
#define MIDDLE 16				/* nodes from MIDDLE to 2 * MIDDLE - 1 */
#define KEPT_MIDDLES 8192
typedef struct Middle
{
	uint64		sum;			/* of the tile's hashes; 0: nothing is kept */
	cd_node    *node;
} Middle;

static Middle middles[KEPT_MIDDLES];

/* What a tree has read of each level. */
typedef struct TileTree
{
	TileScan   *scan;
	cd_algorithm algorithm;
	int64		number[TILE_LEVELS];
	TilePage   *page[TILE_LEVELS];	/* NULL: nothing */
	uint64		stamp[TILE_LEVELS]; /* that the page had then */
} TileTree;

static void
fill_page(TilePage *page, cd_algorithm algorithm, int level, int64 number, const cd_node *hashes, int n)
{
	page->leaves = level == 0 && n == TILE_SIZE;
	page->number = number;
	if (page->n == n && page->algorithm == algorithm &&
		memcmp(page->node + TILE_SIZE, hashes, n * sizeof(cd_node)) == 0)
		return;
	page->stamp = ++stamps;
	page->algorithm = algorithm;
	page->n = n;
	memcpy(page->node + TILE_SIZE, hashes, n * sizeof(cd_node));
	memset(page->known, false, sizeof(page->known));
	page->middle = false;
}

static TilePage *
get_page(TileTree *tree, int level, int64 number)
{
	int			at = level == 0 ? number % KEPT_LEAVES : KEPT_LEAVES + (number + level * 37) % KEPT_ABOVE;
	cd_node		hashes[TILE_SIZE];
	int			n;

	if (tree->page[level] != NULL && tree->number[level] == number &&
		tree->page[level]->stamp == tree->stamp[level])
		return tree->page[level];
	n = tile_scan_find(tree->scan, level, number, hashes, NULL);
	if (n < 0)
		tile_corrupted(level, number);
	if (kept[at] == NULL)
		kept[at] = MemoryContextAllocZero(TopMemoryContext, sizeof(TilePage));
	fill_page(kept[at], tree->algorithm, level, number, hashes, n);
	tree->page[level] = kept[at];
	tree->number[level] = number;
	tree->stamp[level] = kept[at]->stamp;
	return kept[at];
}

static const cd_node *page_node(TilePage *page, int i);

/*
 * The middle nodes of a tile, kept or computed.
 *
 * The sum tells a tile from what stood in its place before, in a transaction
 * that was rolled back; whoever forges one gets proofs that fit no head.
 */
static void
find_middle(TilePage *page)
{
	Middle	   *found = &middles[page->number % KEPT_MIDDLES];
	uint64		sum = 1 | hash_bytes_extended((const unsigned char *) (page->node + TILE_SIZE),
											  TILE_SIZE * sizeof(cd_node), page->algorithm);

	if (found->node == NULL)
		found->node = MemoryContextAlloc(TopMemoryContext, MIDDLE * sizeof(cd_node));
	if (found->sum == sum)
		memcpy(page->node + MIDDLE, found->node, MIDDLE * sizeof(cd_node));
	else
	{
		found->sum = 0;
		for (int i = 0; i < MIDDLE; i++)
			found->node[i] = *page_node(page, MIDDLE + i);
		found->sum = sum;
	}
	memset(page->known + MIDDLE, true, MIDDLE);
	page->middle = true;
}

static const cd_node *
page_node(TilePage *page, int i)
{
	if (i < TILE_SIZE && !page->known[i])
	{
		const cd_node *left;
		const cd_node *right;

		if (i < MIDDLE && page->leaves && !page->middle)
			find_middle(page);
		left = page_node(page, 2 * i);
		right = page_node(page, 2 * i + 1);
		(void) ledger_hash_nodes(NULL, left, right, &page->node[i]);
		page->known[i] = true;
	}
	return &page->node[i];
}

static bool
get_node(void *arg, int level, uint64_t index, cd_node *out)
{
	int			row = level % TILE_BITS;
	int			tile_level = level / TILE_BITS;
	int64		number = index >> (TILE_BITS - row);
	int			at = index & ((TILE_SIZE >> row) - 1);
	TilePage   *page = get_page(arg, tile_level, number);

	if ((at + 1) << row > page->n)
		tile_corrupted(tile_level, number);
	*out = *page_node(page, (TILE_SIZE >> row) + at);
	return true;
}

void
tree_over_tiles(cd_tree *tree)
{
	TileTree   *tiles = palloc0(sizeof(TileTree));

	tiles->algorithm = ledger_require()->algorithm;
	tiles->scan = tile_scan_open();
	*tree = (cd_tree)
	{
		.arg = tiles, .hash = ledger_hash_nodes, .get = get_node
	};
}

void
tree_over_tiles_close(cd_tree *tree)
{
	tile_scan_close(((TileTree *) tree->arg)->scan);
	pfree(tree->arg);
}
