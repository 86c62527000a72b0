/*
 * number.h
 *	  What a packed number says, worked out in place: for checks of every row.
 */
#ifndef CERTDATA_NUMBER_H
#define CERTDATA_NUMBER_H

#include "bytes.h"

/* All of a certificate's number but its serial (certno.c). */
static inline uint64_t
certno_head(const cd_certno *no)
{
	return cd_certno_leading(no) >> 7;
}

static inline uint64_t
certno_filing(const cd_certno *no)
{
	return certno_head(no) / (36 * 100);
}

static inline void
certno_split(const cd_certno *no, cd_certno_parts *parts)
{
	uint64_t	head = certno_head(no);
	uint64_t	front = head / 36;
	int			level = (int) (head % 36);
	uint32_t	first = (uint32_t) (front / 100000000); /* letter, 6 digits */
	uint32_t	second = (uint32_t) (front % 100000000);	/* 8 digits */

	parts->category = (char) ('A' + first / 1000000);
	parts->province = (int) (first % 100);
	parts->year = 2000 + (int) (second % 100);
	parts->level = (char) (level < 10 ? '0' + level : 'A' + level - 10);
}

/* The codes from .. to, both of them in the same word of 64. */
#define PROVINCES(from, to) (((UINT64_C(1) << ((to) - (from) + 1)) - 1) << (from) % 64)

/* A GB/T 2260 prefix, 83 not among them? */
static inline bool
is_province(uint32_t code)
{
	static const uint64_t provinces[2] = {
		PROVINCES(11, 15) | PROVINCES(21, 23) | PROVINCES(31, 37) | PROVINCES(41, 46) |
		PROVINCES(50, 54) | PROVINCES(61, 63),
		PROVINCES(64, 65) | PROVINCES(71, 71) | PROVINCES(81, 82)
	};

	return code < 64 * 2 && (provinces[code / 64] >> code % 64 & 1) != 0;
}

/* cd_resident_faultless */
static inline bool
resident_faultless(int64_t digits, int *y, int *m, int *d)
{
	uint64_t	front = (uint64_t) digits / 1000;
	uint64_t	region = front / 100000000; /* of a damaged page, more than
											 * six digits */
	uint32_t	date = (uint32_t) (front % 100000000);
	uint32_t	province = region > 999999 ? 0 : (uint32_t) region / 10000;

	*y = (int) (date / 10000);
	*m = (int) (date / 100 % 100);
	*d = (int) (date % 100);
	return is_province(province) && province != 81 && province != 82 &&
		*y >= 1800 && *y <= 2999 &&
		(((unsigned) *m - 1 < 12 && (unsigned) *d - 1 < 28) || cd_date_valid(*y, *m, *d));
}

#endif							/* CERTDATA_NUMBER_H */
