/*
 * dup.c
 *	  A set of certificate numbers with the row that had each first.
 *
 * Linear probing from a hash over all 80 bits, at most three quarters full.
 */
#include "dup.h"

#include <stdio.h>
#include <string.h>

#define OTHERS_MAX 10			/* row numbers that are listed */

size_t
cd_dup_slots(size_t n)
{
	size_t		slots = 64;

	while (slots / 4 * 3 <= n)
		slots *= 2;
	return slots;
}

void
cd_dup_init(cd_dup *set, cd_dup_slot *memory, size_t slots)
{
	memset(memory, 0, slots * sizeof(cd_dup_slot));
	set->slot = memory;
	set->mask = slots - 1;
	set->used = 0;
	set->limit = slots / 4 * 3;
}

/*
 * Two rounds of multiply and fold (the finalizer of splitmix64).  The numbers
 * of a file differ in their last digits, the low bits of the key.
 */
static inline size_t
hash_key(const unsigned char *key)
{
	uint64_t	a;
	uint16_t	b;
	uint64_t	h;

	memcpy(&a, key, 8);
	memcpy(&b, key + 8, 2);
	h = a ^ (b * UINT64_C(0x9E3779B97F4A7C15));
	h = (h ^ (h >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	h = (h ^ (h >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (size_t) (h ^ (h >> 31));
}

/* The slot that has the key, else the free one where it belongs. */
static inline cd_dup_slot *
probe(const cd_dup *set, const unsigned char *key)
{
	size_t		i = hash_key(key) & set->mask;

	while (set->slot[i].row != 0 &&
		   memcmp(set->slot[i].key, key, sizeof(set->slot[i].key)) != 0)
		i = (i + 1) & set->mask;
	return &set->slot[i];
}

uint32_t
cd_dup_add(cd_dup *set, const cd_certno *no, uint32_t row)
{
	cd_dup_slot *slot = probe(set, no->b);

	if (slot->row != 0)
		return slot->row;
	if (set->used >= set->limit)
		return CD_DUP_FULL;
	memcpy(slot->key, no->b, sizeof(slot->key));
	slot->row = row;
	set->used++;
	return 0;
}

uint32_t
cd_dup_find(const cd_dup *set, const cd_certno *no)
{
	return probe(set, no->b)->row;
}

void
cd_dup_rehash(cd_dup *to, const cd_dup *from)
{
	size_t		i;

	for (i = 0; i <= from->mask; i++)
	{
		const cd_dup_slot *slot = &from->slot[i];

		if (slot->row != 0)
		{
			*probe(to, slot->key) = *slot;
			to->used++;
		}
	}
}

int
cd_dup_pair_cmp(const void *a, const void *b)
{
	const cd_dup_pair *x = a;
	const cd_dup_pair *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

size_t
cd_dup_others(const cd_dup_pair *pair, size_t npairs, uint32_t self,
			  int64_t offset, char *out, size_t size)
{
	const char	more[] = "…";
	uint32_t	first = pair->first;
	uint32_t	row = first;
	size_t		n = 0;
	size_t		i = 0;
	int			listed = 0;

	out[0] = '\0';
	for (;;)
	{
		if (row != self)
		{
			char		number[32];
			size_t		len = snprintf(number, sizeof(number), "%s%lld",
									   n > 0 ? ", " : "", (long long) row + (long long) offset);

			if (listed == OTHERS_MAX || n + len + sizeof(more) > size)
			{
				memcpy(out + n, more, sizeof(more));
				return n + sizeof(more) - 1;
			}
			memcpy(out + n, number, len + 1);
			n += len;
			listed++;
		}
		if (i == npairs || pair[i].first != first)
			return n;
		row = pair[i++].row;
	}
}
