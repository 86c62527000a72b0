/*
 * change.c
 *	  What a changed value is: another one, or the same written differently.
 */
#include "change.h"
#include "cell.h"

#include <string.h>

#define MIDDLE_DOT 0xB7			/* the separator of names, domain §4 */

/* Upper case of the letters that names and numbers are written with. */
static uint32_t
fold_case(uint32_t c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 'A';
	/* Latin-1: é and É, but for the division sign */
	if (c >= 0xE0 && c <= 0xFE && c != 0xF7)
		return c - 0x20;
	return c;
}

/* The next character that is not mere notation, folded; 0 at the end. */
static uint32_t
next_folded(const char **p, const char *end, bool is_name)
{
	while (*p < end)
	{
		uint32_t	c = cd_utf8_next(p, end);

		if (cd_is_space(c))
			continue;
		if (is_name && cd_is_separator_lookalike(c))
			return MIDDLE_DOT;
		return fold_case(cd_fold_width(c));
	}
	return 0;
}

/* Equal but for notation, as far as the first limit characters go? */
static bool
same_but_notation(cd_text a, cd_text b, bool is_name, int limit)
{
	const char *p = a.ptr;
	const char *q = b.ptr;

	for (int i = 0; i < limit; i++)
	{
		uint32_t	c = next_folded(&p, a.ptr + a.len, is_name);

		if (c != next_folded(&q, b.ptr + b.len, is_name))
			return false;
		if (c == 0)
			return true;
	}
	return true;
}

static cd_change
change_of(cd_text before, cd_text after, bool is_name)
{
	if (before.len == after.len && (before.len == 0 || memcmp(before.ptr, after.ptr, before.len) == 0))
		return CD_SAME;
	return same_but_notation(before, after, is_name, INT32_MAX) ? CD_NOTATION : CD_CHANGED;
}

cd_change
cd_name_change(cd_text before, cd_text after)
{
	return change_of(before, after, true);
}

/* Characters of a permit's number that stay when it is renewed (domain §2). */
static int
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

/* At least n characters, so that there is a stem to compare? */
static bool
has_stem(cd_text t, int n)
{
	const char *p = t.ptr;

	while (n > 0 && next_folded(&p, t.ptr + t.len, false) != 0)
		n--;
	return n == 0;
}

cd_change
cd_document_change(cd_kind kind_before, cd_text before, cd_kind kind_after, cd_text after)
{
	cd_change	change = change_of(before, after, false);
	int			stem = stem_of(kind_before);

	if (change == CD_CHANGED && kind_before == kind_after && stem > 0 &&
		has_stem(before, stem) && has_stem(after, stem) &&
		same_but_notation(before, after, false, stem))
		return CD_RENEWAL;
	return change;
}
