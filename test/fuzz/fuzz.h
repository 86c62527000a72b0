/*
 * fuzz.h
 *	  What the fuzz targets share.
 */
#ifndef CERTDATA_FUZZ_H
#define CERTDATA_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static inline void
must(bool condition)
{
	if (!condition)
		abort();
}

/*
 * The input in memory of exactly its length, so that every read beyond it is
 * seen.  free() it.
 */
static inline char *
exact_copy(const void *data, size_t len)
{
	char	   *copy = malloc(len ? len : 1);

	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

/*
 * Length of the valid UTF-8 that the input begins with, decided by taking each
 * character apart.
 */
static inline size_t
naive_valid(const unsigned char *s, size_t len)
{
	static const uint32_t least[5] = {0, 1, 0x80, 0x800, 0x10000};
	size_t		i = 0;

	while (i < len)
	{
		int			n = s[i] < 0x80 ? 1 : (s[i] >> 5) == 6 ? 2 : (s[i] >> 4) == 14 ? 3 : (s[i] >> 3) == 30 ? 4 : 0;
		uint32_t	c;

		if (n == 0 || (size_t) n > len - i)
			break;
		c = n == 1 ? s[i] : s[i] & (0x7F >> n);
		for (int k = 1; k < n; k++)
			c = s[i + k] >> 6 == 2 ? c * 64 + (s[i + k] & 63) : 0x200000;
		if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
			break;
		i += (size_t) n;
	}
	return i;
}

#endif							/* CERTDATA_FUZZ_H */
