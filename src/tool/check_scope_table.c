/*
 * check_scope_table.c
 *	  Sorted tables of keys and items, and the memory of their texts.
 */
#include "check_scope.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

#define BLOCK_SIZE (64 * 1024)
#define ALIGNED(size) (((size) + 15) & ~(size_t) 15)
#define BLOCK_HEAD ALIGNED(sizeof(arena_block))

void *
arena_alloc(arena *a, size_t size)
{
	arena_block *block = a->block;
	char	   *memory;

	size = ALIGNED(size);
	if (block == NULL || block->size - block->used < size)
	{
		size_t		room = size > BLOCK_SIZE - BLOCK_HEAD ? size : BLOCK_SIZE - BLOCK_HEAD;

		block = check_alloc(NULL, BLOCK_HEAD + room);
		block->next = a->block;
		block->size = room;
		block->used = 0;
		a->block = block;
	}
	memory = (char *) block + BLOCK_HEAD + block->used;
	block->used += size;
	a->total += size;
	return memory;
}

char *
arena_copy(arena *a, const char *s, size_t len)
{
	char	   *copy = arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void
arena_reset(arena *a)
{
	while (a->block != NULL)
	{
		arena_block *next = a->block->next;

		free(a->block);
		a->block = next;
	}
	a->total = 0;
}

/* ---- keys ---- */

int
scope_text_compare(cd_text a, cd_text b)
{
	size_t		shorter = a.len < b.len ? a.len : b.len;
	int			order = shorter > 0 ? memcmp(a.ptr, b.ptr, shorter) : 0;

	return order != 0 ? order : a.len < b.len ? -1 : a.len > b.len;
}

bool
scope_text_equal(cd_text a, cd_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static int
compare_key(const scope_key *key, cd_text first, const cd_text *second)
{
	int			order = scope_text_compare(key->first, first);

	if (order == 0 && second != NULL)
		order = scope_text_compare(key->second, *second);
	return order;
}

/* ---- tables ---- */

scope_key *
scope_table_add(scope_table *t, size_t item_size, void **item)
{
	size_t		size = sizeof(scope_key) + item_size;
	char	   *row;

	t->item_size = item_size;
	if (t->n == t->room)
	{
		t->room = t->room > 0 ? t->room * 2 : 256;
		t->row = check_alloc(t->row, t->room * size);
	}
	row = t->row + t->n++ * size;
	memset(row, 0, size);
	*item = row + sizeof(scope_key);
	return (scope_key *) row;
}

/* qsort(3) passes no argument on. */
static int	(*compare_items) (const void *, const void *);

static int
compare_rows(const void *a, const void *b)
{
	const scope_key *x = a;
	const scope_key *y = b;
	int			order = compare_key(x, y->first, &y->second);

	if (order == 0)
		order = compare_items(x + 1, y + 1);
	return order != 0 ? order : x->line < y->line ? -1 : x->line > y->line;
}

void
scope_table_sort(scope_table *t, int (*compare) (const void *, const void *))
{
	size_t		size = sizeof(scope_key) + t->item_size;
	size_t		i;

	if (t->n == 0)
		return;
	compare_items = compare;
	qsort(t->row, t->n, size, compare_rows);
	t->key = check_alloc(NULL, t->n * sizeof(scope_key));
	t->item = check_alloc(NULL, t->n * t->item_size);
	for (i = 0; i < t->n; i++)
	{
		memcpy(&t->key[i], t->row + i * size, sizeof(scope_key));
		memcpy(t->item + i * t->item_size, t->row + i * size + sizeof(scope_key), t->item_size);
	}
	free(t->row);
	t->row = NULL;
}

/* The first place whose key is not below, or (after) is above. */
static size_t
bound(const scope_table *t, cd_text first, const cd_text *second, bool after)
{
	size_t		low = 0;
	size_t		high = t->n;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		int			order = compare_key(&t->key[middle], first, second);

		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const void *
scope_table_find(const scope_table *t, cd_text first, const cd_text *second,
				 size_t *n, size_t *at)
{
	size_t		from = bound(t, first, second, false);

	*n = 0;
	if (from == t->n || compare_key(&t->key[from], first, second) != 0)
		return NULL;
	*n = bound(t, first, second, true) - from;
	if (at != NULL)
		*at = from;
	return t->item + from * t->item_size;
}
