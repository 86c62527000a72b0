/*
 * verify_tile.c
 *	  Stored hashes against computed ones.
 *
 * The complete subtrees at the right edge are all that is kept of a tree as it
 * grows leaf by leaf (RFC 9162 section 2.1.1); each subtree that a tile of an
 * upper level has a hash of is compared with it the moment it is complete.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "ledger/verify.h"

/* The tile of a level that was read last. */
typedef struct StoredTile
{
	int64		number;			/* -1: none so far */
	int			n;				/* hashes; 0: it is missing */
	int64		told_missing;	/* newest tile that was reported */
	int64		told_changed;
	cd_node		hash[TILE_SIZE];
} StoredTile;

struct Tiles
{
	Verifier   *v;
	MemoryContext value;		/* of a value fetched */
	Lookup		lookup;
	StoredTile	page[TILE_LEVELS];
};

Tiles *
tiles_open(Verifier *v)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	Tiles	   *tiles = palloc(sizeof(Tiles));

	tiles->v = v;
	tiles->value = AllocSetContextCreate(v->memory, "certdata verify tile", ALLOCSET_DEFAULT_SIZES);
	lookup_open(&tiles->lookup, "ledger_tile", "ledger_tile_pkey", 2);
	for (int level = 0; level < TILE_LEVELS; level++)
		tiles->page[level].number = tiles->page[level].told_missing = tiles->page[level].told_changed = -1;
	MemoryContextSwitchTo(old);
	return tiles;
}

void
tiles_close(Tiles *tiles)
{
	lookup_close(&tiles->lookup);
	MemoryContextDelete(tiles->value);
	pfree(tiles);
}

static void
load(Tiles *tiles, int level, int64 number)
{
	Verifier   *v = tiles->v;
	StoredTile *page = &tiles->page[level];
	MemoryContext old = MemoryContextSwitchTo(tiles->value);
	ScanKeyData key[2];

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT2EQ, Int16GetDatum(level));
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(number));
	index_rescan(tiles->lookup.scan, key, 2, NULL, 0);
	page->number = number;
	page->n = 0;
	if (lookup_next(v, &tiles->lookup))
	{
		bytea	   *value;

		slot_getallattrs(tiles->lookup.slot);
		value = DatumGetByteaPP(tiles->lookup.slot->tts_values[TILE_HASHES]);
		page->n = Min(VARSIZE_ANY_EXHDR(value) / CD_NODE_LEN, TILE_SIZE);
		memcpy(page->hash, VARDATA_ANY(value), page->n * CD_NODE_LEN);
		ExecClearTuple(tiles->lookup.slot);
	}
	else if (number > page->told_missing)
	{
		page->told_missing = number;
		problem(v, "tile.missing", 0, number << TILE_BITS * (level + 1), InvalidOid, NULL,
				psprintf(certdata_lang_zh() ? "缺少第%d层第%lld块。" : "Tile %2$lld of level %1$d is missing.",
						 level, (long long) number));
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(tiles->value);
}

bool
tiles_hash(Tiles *tiles, int level, int64 index, cd_node *out)
{
	StoredTile *page = &tiles->page[level];

	if (page->number != index >> TILE_BITS)
		load(tiles, level, index >> TILE_BITS);
	if ((index & (TILE_SIZE - 1)) >= page->n)
		return false;
	*out = page->hash[index & (TILE_SIZE - 1)];
	return true;
}

void
tiles_differ(Tiles *tiles, int level, int64 index)
{
	StoredTile *page = &tiles->page[level];
	int64		number = index >> TILE_BITS;

	if (number <= page->told_changed)
		return;
	page->told_changed = number;
	problem(tiles->v, "tile.changed", 0, index << TILE_BITS * level, InvalidOid, NULL,
			psprintf(certdata_lang_zh() ? "第%d层第%lld块的第%d个散列值与记录算出的不同。" :
					 "In tile %2$lld of level %1$d, hash %3$d is not what the records give.",
					 level, (long long) number, (int) (index & (TILE_SIZE - 1)) + 1));
}

/* ---- the tree ---- */

static bool
compare_above(Tiles *tiles, int level, int64 index, const cd_node *node, bool tell)
{
	cd_node		stored;

	if (tiles_hash(tiles, level, index, &stored) && memcmp(&stored, node, sizeof(stored)) == 0)
		return true;
	if (tell && tiles->page[level].n > (index & (TILE_SIZE - 1)))
		tiles_differ(tiles, level, index);
	return false;
}

bool
frontier_append(Frontier *frontier, const cd_node *leaf, Tiles *tiles, bool tell)
{
	cd_node		node = *leaf;
	bool		same = true;
	int			height = 0;

	for (; frontier->size >> height & 1; height++)
	{
		(void) ledger_hash_nodes(NULL, &frontier->node[height], &node, &node);
		if (tiles != NULL && (height + 1) % TILE_BITS == 0)
			same &= compare_above(tiles, (height + 1) / TILE_BITS, frontier->size >> (height + 1), &node, tell);
	}
	frontier->node[height] = node;
	frontier->size++;
	return same;
}

void
frontier_root(const Frontier *frontier, cd_node *root)
{
	cd_piece	nothing = {"", 0};
	bool		begun = false;

	if (frontier->size == 0)
		ledger_hash(&nothing, 1, root->b);
	for (int height = 0; height < 63; height++)
	{
		if (!(frontier->size >> height & 1))
			continue;
		if (begun)
			(void) ledger_hash_nodes(NULL, &frontier->node[height], root, root);
		else
			*root = frontier->node[height];
		begun = true;
	}
}

/* ---- tiles that there ought not to be ---- */

static void
judge_tile(Verifier *v, const Datum *values)
{
	int			level = DatumGetInt16(values[TILE_LEVEL]);
	int64		number = DatumGetInt64(values[TILE_NUMBER]);
	int64		hashes = level < 0 || level >= TILE_LEVELS ? 0 : v->size >> TILE_BITS * level;
	int64		expected = Min(hashes - (number << TILE_BITS), TILE_SIZE) * CD_NODE_LEN;
	bool		zh = certdata_lang_zh();

	if (number < 0 || number > hashes >> TILE_BITS || expected <= 0)
		problem(v, "tile.added", 0, -1, InvalidOid, NULL,
				psprintf(zh ? "大小为%3$lld的树没有第%1$d层第%2$lld块。" :
						 "A tree of size %3$lld has no tile %2$lld of level %1$d.",
						 level, (long long) number, (long long) v->size));
	else if ((int64) VARSIZE_ANY_EXHDR(DatumGetByteaPP(values[TILE_HASHES])) != expected)
		problem(v, "tile.changed", 0, number << TILE_BITS * (level + 1), InvalidOid, NULL,
				psprintf(zh ? "第%d层第%lld块的长度不对。" : "Tile %2$lld of level %1$d has the wrong length.",
						 level, (long long) number));
}

void
tiles_end(Tiles *tiles)
{
	Verifier   *v = tiles->v;
	Lookup	   *lookup = &tiles->lookup;
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	TableScanDesc scan = BEGIN_TABLE_SCAN(lookup->rel, GetActiveSnapshot());

	while (table_scan_getnextslot(scan, ForwardScanDirection, lookup->slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(lookup->slot);
		MemoryContextSwitchTo(tiles->value);
		judge_tile(v, lookup->slot->tts_values);
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(tiles->value);
	}
	table_endscan(scan);
	ExecClearTuple(lookup->slot);
	MemoryContextSwitchTo(old);
}
