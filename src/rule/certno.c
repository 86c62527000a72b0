/*
 * certno.c
 *	  证书编号: a letter, 14 digits, a digit or letter, 6 digits.
 *
 * The number is kept as one integer in mixed radix, most significant part
 * first, so that the order of the bytes is the order of the text:
 *
 *	letter (26) | 14 digits | level (36: 0-9, A-Z) | serial (10^6)
 *
 * The first three make a value below 2^57, the serial one below 2^20: 77 of
 * the 80 bits.
 */
#include "rule.h"

#include <string.h>

#define SERIAL_BITS 20
#define TEN_TO_14 UINT64_C(100000000000000)

/* Positions, from 0. */
#define LEVEL_AT 15
#define SERIAL_AT 16

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

/*
 * GB/T 2260 prefixes of provinces.  83 stands on Taiwan residence permits
 * only, where GB/T 2260 has 71.
 */
bool
cd_is_province(int code, bool with_83)
{
	switch (code / 10)
	{
		case 1:
			return code >= 11 && code <= 15;
		case 2:
			return code >= 21 && code <= 23;
		case 3:
			return code >= 31 && code <= 37;
		case 4:
			return code >= 41 && code <= 46;
		case 5:
			return code >= 50 && code <= 54;
		case 6:
			return code >= 61 && code <= 65;
		case 7:
			return code == 71;
		case 8:
			return code == 81 || code == 82 || (with_83 && code == 83);
		default:
			return false;
	}
}

/*
 * Eight digits at once: each byte less '0' must be below 10, then neighbours
 * are joined pairwise.
 */
static inline bool
eight_digits(const char *s, uint32_t *value)
{
	uint64_t	w = 0;

	for (int i = 0; i < 8; i++)
		w |= (uint64_t) (unsigned char) s[i] << (8 * i);
	w -= UINT64_C(0x3030303030303030);
	if ((w | (w + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080))
		return false;
	w = (w * 10 + (w >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
	w = (w * 100 + (w >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
	w = w * 10000 + (w >> 32);
	*value = (uint32_t) w;
	return true;
}

static void
store(cd_certno *no, int letter, uint64_t digits, int level, uint32_t serial)
{
	uint64_t	head = ((uint64_t) letter * TEN_TO_14 + digits) * 36 + (uint64_t) level;

	/* 80 bits: head << 23 | serial << 3, in big-endian order */
	uint64_t	high = head << 7 | serial >> 13;
	uint32_t	low = (serial & 0x1FFF) << 3;

	for (int i = 0; i < 8; i++)
		no->b[i] = (unsigned char) (high >> (56 - 8 * i));
	no->b[8] = (unsigned char) (low >> 8);
	no->b[9] = (unsigned char) low;
}

/* The canonical 22 characters, or false. */
static bool
parse_canonical(const char *s, cd_certno *no)
{
	uint32_t	first;
	uint32_t	second;
	uint32_t	serial = 0;
	int			level;

	/* characters 2-9, 8-15 (two of them again), 16, 17-22 */
	if (!is_upper(s[0]) || !eight_digits(s + 1, &first) || !eight_digits(s + 7, &second))
		return false;
	if (is_digit(s[LEVEL_AT]))
		level = s[LEVEL_AT] - '0';
	else if (is_upper(s[LEVEL_AT]))
		level = s[LEVEL_AT] - 'A' + 10;
	else
		return false;
	for (int i = SERIAL_AT; i < CD_CERTNO_LEN; i++)
	{
		if (!is_digit(s[i]))
			return false;
		serial = serial * 10 + (uint32_t) (s[i] - '0');
	}
	store(no, s[0] - 'A', (uint64_t) first * 1000000 + second % 1000000, level, serial);
	return true;
}

/* Which character spoils the layout of 22 folded ones, and what belongs there. */
static void
find_fault(const char *s, cd_no_fault *fault)
{
	for (int i = 0; i < CD_CERTNO_LEN; i++)
	{
		bool		good;

		if (i == 0)
			good = is_upper(s[i]);
		else if (i == LEVEL_AT)
			good = is_upper(s[i]) || is_digit(s[i]);
		else
			good = is_digit(s[i]);
		if (!good)
		{
			fault->pos = i + 1;
			fault->expected = i == 0 ? "A-Z" : i == LEVEL_AT ? "0-9, A-Z" : "0-9";
			return;
		}
	}
}

/*
 * Fold width and case.  Characters that cannot belong to a number become '.';
 * only the first 22 are kept, all are counted.
 */
static void
fold(const char *s, size_t len, char folded[CD_CERTNO_LEN], int *fixed,
	 cd_no_fault *fault, bool *space, bool *masked, bool *all_digits)
{
	const char *end = s + len;

	*space = *masked = false;
	*all_digits = true;
	while (s < end)
	{
		uint32_t	raw = cd_utf8_next(&s, end);
		uint32_t	c = cd_fold_width(raw);
		int			change = c != raw ? CD_FIXED_WIDTH : 0;

		fault->chars++;
		if (cd_is_space(raw) && !*space)
		{
			*space = true;
			fault->pos = fault->chars;
		}
		if (c == '*')
			*masked = true;
		if (c >= 'a' && c <= 'z')
		{
			c -= 'a' - 'A';
			change |= CD_FIXED_CASE;
		}
		if (c >= 0x80)
			c = '.';
		else
			*fixed |= change;
		if (!is_digit((char) c))
			*all_digits = false;
		if (fault->chars <= CD_CERTNO_LEN)
			folded[fault->chars - 1] = (char) c;
	}
}

/* *fixed is told for a good number only; a masked one is told before a space. */
cd_no_verdict
cd_certno_parse(const char *s, size_t len, cd_certno *no, int *fixed,
				cd_no_fault *fault)
{
	char		folded[CD_CERTNO_LEN];
	bool		space;
	bool		masked;
	bool		all_digits;

	*fixed = 0;
	if (len == CD_CERTNO_LEN && parse_canonical(s, no))
		return CD_NO_OK;
	fault->pos = 0;
	fault->chars = 0;
	fault->expected = "";
	if (len == 0)
		return CD_NO_EMPTY;
	fold(s, len, folded, fixed, fault, &space, &masked, &all_digits);
	if (masked)
		return CD_NO_MASKED;
	if (space)
		return CD_NO_SPACE;
	if (all_digits && (fault->chars == 16 || fault->chars == 13))
		return CD_NO_OLD;
	if (fault->chars == 20 && memcmp(folded, "RSN", 3) == 0)
		return CD_NO_RSN;
	if (fault->chars != CD_CERTNO_LEN)
		return CD_NO_LENGTH;
	if (parse_canonical(folded, no))
		return CD_NO_OK;
	find_fault(folded, fault);
	return CD_NO_LAYOUT;
}

static uint64_t
load_head(const cd_certno *no)
{
	uint64_t	high = 0;

	for (int i = 0; i < 8; i++)
		high = high << 8 | no->b[i];
	return high >> 7;
}

int
cd_certno_serial(const cd_certno *no)
{
	return (no->b[7] & 0x7F) << 13 | no->b[8] << 5 | no->b[9] >> 3;
}

char
cd_certno_category(const cd_certno *no)
{
	return (char) ('A' + load_head(no) / 36 / TEN_TO_14);
}

int
cd_certno_province(const cd_certno *no)
{
	/* digits 5 and 6 of the 14 */
	return (int) (load_head(no) / 36 % TEN_TO_14 / 100000000 % 100);
}

int
cd_certno_year(const cd_certno *no)
{
	return 2000 + (int) (load_head(no) / 36 % 100);
}

char
cd_certno_level(const cd_certno *no)
{
	return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[load_head(no) % 36];
}

static void
print_digits(uint64_t value, char *out, int width)
{
	while (width > 0)
	{
		out[--width] = (char) ('0' + value % 10);
		value /= 10;
	}
}

void
cd_certno_print(const cd_certno *no, char out[CD_CERTNO_LEN])
{
	uint64_t	head = load_head(no);

	out[LEVEL_AT] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[head % 36];
	head /= 36;
	out[0] = (char) ('A' + head / TEN_TO_14);
	print_digits(head % TEN_TO_14, out + 1, 14);
	print_digits((uint64_t) cd_certno_serial(no), out + SERIAL_AT, 6);
}
