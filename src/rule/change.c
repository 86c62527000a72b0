/*
 * change.c
 *	  What a changed value is: another one, or the same written differently.
 *
 * Both texts are walked in step, character by character: they may be of any
 * length, also far beyond what a record may hold.
 */
#include "change.h"
#include "cell.h"

#include <string.h>

#define MIDDLE_DOT 0xB7			/* the separator of names, domain §4 */
#define END_OF_TEXT UINT32_MAX	/* no character */

/*
 * Small letters of Latin (pinyin and Vietnamese included), Greek and Cyrillic,
 * and how far their capitals are away; 0: capital and small letter alternate.
 * The letters whose capital depends on the language (ı, İ) stay themselves.
 */
static const struct
{
	uint16_t	first;
	uint16_t	last;
	int16_t		to_upper;
}			small_letters[] = {
	{0x0061, 0x007A, -0x20},
	{0x00E0, 0x00F6, -0x20},
	{0x00F8, 0x00FE, -0x20},
	{0x00FF, 0x00FF, 0x79},
	{0x0100, 0x012F, 0},
	{0x0132, 0x0137, 0},
	{0x0139, 0x0148, 0},
	{0x014A, 0x0177, 0},
	{0x0179, 0x017E, 0},
	{0x01A0, 0x01A5, 0},
	{0x01AF, 0x01B0, 0},
	{0x01CD, 0x01DC, 0},
	{0x01DE, 0x01EF, 0},
	{0x01F8, 0x021F, 0},
	{0x0259, 0x0259, 0x018F - 0x0259},
	{0x03AC, 0x03AC, -0x26},
	{0x03AD, 0x03AF, -0x25},
	{0x03B1, 0x03C1, -0x20},
	{0x03C2, 0x03C2, -0x1F},
	{0x03C3, 0x03CB, -0x20},
	{0x03CC, 0x03CC, -0x40},
	{0x03CD, 0x03CE, -0x3F},
	{0x0430, 0x044F, -0x20},
	{0x0450, 0x045F, -0x50},
	{0x0460, 0x0481, 0},
	{0x048A, 0x04BF, 0},
	{0x04C1, 0x04CE, 0},
	{0x04CF, 0x04CF, -0xF},
	{0x04D0, 0x052F, 0},
	{0x1E00, 0x1E95, 0},
	{0x1EA0, 0x1EFF, 0}
};

#define NSMALL_LETTERS ((int) (sizeof(small_letters) / sizeof(small_letters[0])))

static uint32_t
fold_case(uint32_t c)
{
	/* nearly all of them: digits, capital letters and Han */
	if (c < 'a' || c > 0x1EFF)
		return c;
	for (int i = 0; i < NSMALL_LETTERS && c >= small_letters[i].first; i++)
		if (c <= small_letters[i].last)
			return small_letters[i].to_upper != 0 ? c + (uint32_t) small_letters[i].to_upper :
				c - ((c - small_letters[i].first) & 1);
	return c;
}

/* The next character that is not mere notation, folded. */
static uint32_t
next_folded(cd_text *rest, bool is_name)
{
	const char *p = rest->ptr;
	const char *end = rest->len > 0 ? p + rest->len : p;
	uint32_t	c = END_OF_TEXT;

	while (c == END_OF_TEXT && p < end)
	{
		c = cd_utf8_next(&p, end);
		if (cd_is_space(c))
			c = END_OF_TEXT;
		else if (is_name && cd_is_separator_lookalike(c))
			c = MIDDLE_DOT;
		else
			c = fold_case(cd_fold_width(c));
	}
	rest->len = (size_t) (end - p);
	rest->ptr = p;
	return c;
}

/* Equal but for notation, as far as the first limit characters go? */
static bool
same_but_notation(cd_text a, cd_text b, bool is_name, size_t limit)
{
	for (size_t i = 0; i < limit; i++)
	{
		uint32_t	c = next_folded(&a, is_name);

		if (c != next_folded(&b, is_name))
			return false;
		if (c == END_OF_TEXT)
			return true;
	}
	return true;
}

static cd_change
change_of(cd_text before, cd_text after, bool is_name)
{
	if (before.len == after.len && (before.len == 0 || memcmp(before.ptr, after.ptr, before.len) == 0))
		return CD_SAME;
	return same_but_notation(before, after, is_name, SIZE_MAX) ? CD_NOTATION : CD_CHANGED;
}

cd_change
cd_name_change(cd_text before, cd_text after)
{
	return change_of(before, after, true);
}

/* Characters of a permit's number that stay when it is renewed (domain §2). */
static size_t
stem_of(cd_kind kind)
{
	switch (kind)
	{
		case CD_HM_PERMIT:
			return 9;
		case CD_TW_PERMIT:
			return 8;
		default:
			return 0;
	}
}

cd_change
cd_document_change(cd_kind kind_before, cd_text before, cd_kind kind_after, cd_text after)
{
	cd_change	change = change_of(before, after, false);
	size_t		stem = stem_of(kind_before);

	/* numbers that differ, but not in the stem, are both as long as it */
	if (change == CD_CHANGED && stem > 0 && kind_before == kind_after &&
		same_but_notation(before, after, false, stem))
		return CD_RENEWAL;
	return change;
}
