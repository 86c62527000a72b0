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
#include "number.h"
#include "scope.h"

#define SERIAL_BITS 20
#define TEN_TO_14 UINT64_C(100000000000000)

/* Positions, from 0. */
#define LEVEL_AT 15
#define SERIAL_AT 16

/*
 * GB/T 2260 prefixes of provinces.  83 stands on Taiwan residence permits
 * only, where GB/T 2260 has 71.
 */
bool
cd_is_province(int code, bool with_83)
{
	return is_province((uint32_t) code) || (with_83 && code == 83);
}

static void
store(cd_certno *no, int letter, uint64_t digits, int level, uint32_t serial)
{
	uint64_t	head = ((uint64_t) letter * TEN_TO_14 + digits) * 36 + (uint64_t) level;
	uint32_t	low = (serial & 0x1FFF) << 3;

	/* 80 bits: head << 23 | serial << 3, in big-endian order */
	store8_big_endian(no->b, head << 7 | serial >> 13);
	no->b[8] = (unsigned char) (low >> 8);
	no->b[9] = (unsigned char) low;
}

/* The canonical 22 characters, or false. */
static bool
parse_canonical(const char *s, cd_certno *no)
{
	/* characters 2-9, 8-15 (two of them again), and 17-22 after two zeros */
	uint64_t	first = load8(s + 1) - DIGIT_ZEROS;
	uint64_t	second = load8(s + 7) - DIGIT_ZEROS;
	uint64_t	serial = ((load8(s + 14) & ~UINT64_C(0xFFFF)) | 0x3030) - DIGIT_ZEROS;
	int			level;

	if (!is_upper(s[0]) || !are_digits(first) || !are_digits(second) || !are_digits(serial))
		return false;
	if (is_digit(s[LEVEL_AT]))
		level = s[LEVEL_AT] - '0';
	else if (is_upper(s[LEVEL_AT]))
		level = s[LEVEL_AT] - 'A' + 10;
	else
		return false;
	store(no, s[0] - 'A',
		  (uint64_t) digits_value(first) * 1000000 + digits_value(second) % 1000000,
		  level, digits_value(serial));
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

static const char level_code[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

void
cd_certno_split(const cd_certno *no, cd_certno_parts *parts)
{
	certno_split(no, parts);
}

int
cd_certno_serial(const cd_certno *no)
{
	return (no->b[7] & 0x7F) << 13 | no->b[8] << 5 | no->b[9] >> 3;
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
	uint64_t	head = certno_head(no);

	out[LEVEL_AT] = level_code[head % 36];
	head /= 36;
	out[0] = (char) ('A' + head / TEN_TO_14);
	print_digits(head % TEN_TO_14, out + 1, 14);
	print_digits((uint64_t) cd_certno_serial(no), out + SERIAL_AT, 6);
}

/* letter * 10^12 + 12 digits */
uint64_t
cd_certno_filing_key(const cd_certno *no)
{
	return certno_filing(no);
}

void
cd_certno_filing(const cd_certno *no, char out[CD_CERTNO_FILING_LEN])
{
	uint64_t	key = cd_certno_filing_key(no);

	out[0] = (char) ('A' + key / (TEN_TO_14 / 100));
	print_digits(key % (TEN_TO_14 / 100), out + 1, CD_CERTNO_FILING_LEN - 1);
}
