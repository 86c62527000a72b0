/*
 * hash.c
 *	  MurmurHash64A (Austin Appleby, public domain), read in little-endian
 *	  order whatever the machine.
 */
#include "type.h"
#include "hash.h"

#define MULTIPLIER UINT64CONST(0xc6a4a7935bd1e995)
#define SHIFT 47

static inline uint64
load(const unsigned char *p, size_t n)
{
	uint64		word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64) p[i] << (8 * i);
	return word;
}

uint64_t
cdt_hash(const char *s, size_t len, uint64_t seed)
{
	const unsigned char *p = (const unsigned char *) s;
	uint64		h = seed ^ (len * MULTIPLIER);
	size_t		left = len;

	for (; left >= 8; p += 8, left -= 8)
	{
		uint64		k = load(p, 8) * MULTIPLIER;

		k ^= k >> SHIFT;
		h ^= k * MULTIPLIER;
		h *= MULTIPLIER;
	}
	if (left > 0)
	{
		h ^= load(p, left);
		h *= MULTIPLIER;
	}
	h ^= h >> SHIFT;
	h *= MULTIPLIER;
	return h ^ (h >> SHIFT);
}
