/*
 * bytes.h
 *	  Many bytes at a time: runs of digits, and what a stretch of text is made of.
 *
 * Digits are handled eight to a 64-bit word on any machine.  Text is looked
 * over sixteen bytes at a time where SSE2 is part of the architecture
 * (x86-64); elsewhere callers take their general path.
 */
#ifndef CERTDATA_BYTES_H
#define CERTDATA_BYTES_H

#include "rule.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define always_inline inline __attribute__((always_inline))
#define prefetch(p) __builtin_prefetch(p)

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Eight bytes, the first in the lowest bits. */
static inline uint64_t
load8(const char *s)
{
	uint64_t	w;

	memcpy(&w, s, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

static inline void
store8_big_endian(unsigned char *b, uint64_t w)
{
#if __BYTE_ORDER__ != __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	memcpy(b, &w, 8);
}

#define DIGIT_ZEROS UINT64_C(0x3030303030303030)

/*
 * Text of eight digits less DIGIT_ZEROS: is each byte below 10?  A byte that
 * borrowed has its high bit set, and 0x76 takes 10 to 0x80.
 */
static inline bool
are_digits(uint64_t w)
{
	return ((w | (w + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) == 0;
}

/* Their value: neighbours are joined pairwise. */
static inline uint32_t
digits_value(uint64_t w)
{
	w = (w * 10 + (w >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
	w = (w * 100 + (w >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
	return (uint32_t) (w * 10000 + (w >> 32));
}

/*
 * Their sum under weights given in the order of the digits.  Every second
 * digit stands in a lane of 16 bits; the product's top lane gathers them.
 */
static inline unsigned
digits_weighed(uint64_t w, const uint8_t weight[8])
{
	uint64_t	even = w & UINT64_C(0x00FF00FF00FF00FF);
	uint64_t	odd = w >> 8 & UINT64_C(0x00FF00FF00FF00FF);
	uint64_t	even_weights = (uint64_t) weight[0] << 48 | (uint64_t) weight[2] << 32 |
	(uint64_t) weight[4] << 16 | weight[6];
	uint64_t	odd_weights = (uint64_t) weight[1] << 48 | (uint64_t) weight[3] << 32 |
	(uint64_t) weight[5] << 16 | weight[7];

	return (unsigned) (even * even_weights >> 48) + (unsigned) (odd * odd_weights >> 48);
}

#ifdef __SSE2__

/* 4 to 15 bytes, some of them twice. */
static inline __m128i
load_short(const char *s, size_t len)
{
	uint32_t	a;
	uint32_t	b;
	uint64_t	low;
	uint64_t	high;

	if (len >= 8)
	{
		memcpy(&low, s, 8);
		memcpy(&high, s + len - 8, 8);
		return _mm_set_epi64x((long long) high, (long long) low);
	}
	memcpy(&a, s, 4);
	memcpy(&b, s + len - 4, 4);
	return _mm_set1_epi64x((long long) ((uint64_t) b << 32 | a));
}

/* FF in each byte from first to first + span. */
static inline __m128i
bytes_within(__m128i x, unsigned char first, unsigned char span)
{
	__m128i		from = _mm_sub_epi8(x, _mm_set1_epi8((char) first));

	return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8((char) span)), from);
}

/* Call test for all bytes, at least 4, and OR what it gives. */
static inline __m128i
over_bytes(const char *s, size_t len, __m128i (*test) (__m128i))
{
	__m128i		found;

	if (len < 16)
		return test(load_short(s, len));
	found = test(_mm_loadu_si128((const __m128i *) (s + len - 16)));
	for (size_t i = 0; i + 16 <= len; i += 16)
		found = _mm_or_si128(found, test(_mm_loadu_si128((const __m128i *) (s + i))));
	return found;
}

#endif							/* __SSE2__ */

#endif							/* CERTDATA_BYTES_H */
