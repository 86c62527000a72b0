/*
 * mask.c
 *	  Values as they may be shown in a finding, a message or a log.
 */
#include "rule.h"

#include <string.h>

#define SHOWN_CHARS 60
#define LONG_DIGITS 15			/* a run this long may be somebody's number */
#define LONGEST_PERMIT 11		/* longer ones, even cut, hold a birth date */

typedef struct mask_out
{
	char	   *buf;
	size_t		len;
} mask_out;

static void
put(mask_out *out, uint32_t c)
{
	if (out->len + 8 <= CD_MASK_SIZE)
		out->len += (size_t) cd_utf8_encode(c, out->buf + out->len);
}

/* A character shown as it is, unless it would disturb the message. */
static void
put_shown(mask_out *out, uint32_t c)
{
	put(out, c < 0x20 || (c >= 0x7F && c <= 0x9F) ? ' ' : c);
}

/*
 * Keep first and last, hide the rest.  A short number keeps a quarter of its
 * length at each end at most; of a long one characters 7 to 14, where a birth
 * date stands or would stand, are hidden whatever its length.
 */
static void
mask_number(mask_out *out, const char *s, const char *end, int chars,
			int first, int last)
{
	int			most = chars >= LONG_DIGITS ? chars : chars / 4;

	if (first > most)
		first = most;
	if (last > most)
		last = most;
	for (int i = 0; s < end && i < SHOWN_CHARS; i++)
	{
		uint32_t	c = cd_utf8_next(&s, end);

		bool		birth = chars > LONGEST_PERMIT && i >= 6 && i < 14;

		if (!birth && (i < first || i >= chars - last))
			put_shown(out, c);
		else
			put(out, '*');
	}
}

static void
mask_name(mask_out *out, const char *s, const char *end)
{
	for (int i = 0; s < end && i < SHOWN_CHARS; i++)
	{
		uint32_t	c = cd_utf8_next(&s, end);

		if (i == 0)
			put_shown(out, c);
		else
			put(out, '*');
	}
}

/* Digits in a row, of any width, at s. */
static int
run_of_digits(const char *s, const char *end)
{
	int			n = 0;

	while (s < end)
	{
		uint32_t	c = cd_fold_width(cd_utf8_next(&s, end));

		if (c < '0' || c > '9')
			break;
		n++;
	}
	return n;
}

/*
 * Any other field: shown, but for long runs of digits (columns that slipped
 * put identity numbers into other fields).
 */
static void
mask_other(mask_out *out, const char *s, const char *end)
{
	int			hide = 0;

	for (int i = 0; s < end && i < SHOWN_CHARS; i++)
	{
		const char *here = s;
		uint32_t	c = cd_utf8_next(&s, end);

		if (hide == 0 && cd_fold_width(c) >= '0' && cd_fold_width(c) <= '9')
		{
			hide = run_of_digits(here, end);
			if (hide < LONG_DIGITS)
				hide = -hide;
		}
		if (hide > 0)
			put(out, '*');
		else
			put_shown(out, c);
		hide += hide > 0 ? -1 : hide < 0 ? 1 : 0;
	}
	if (s < end)
		put(out, 0x2026);		/* … */
}

/*
 * Like a certificate number: a letter and letters or digits, too many for the
 * number of a document.
 */
static bool
is_like_certno(const char *s, const char *end)
{
	int			chars = 0;

	for (; s < end; chars++)
	{
		uint32_t	c = cd_fold_width(cd_utf8_next(&s, end));
		bool		letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (!letter && (chars == 0 || !((c >= '0' && c <= '9') || c == '*')))
			return false;
	}
	return chars > CD_IDNUM_MAX_CHARS + 1;
}

/* A certificate number is nobody's secret. */
static void
mask_nothing(mask_out *out, const char *s, const char *end)
{
	for (int i = 0; s < end && i < SHOWN_CHARS; i++)
		put_shown(out, cd_utf8_next(&s, end));
}

/*
 * Can the text have been meant as a kind of document or a grade?  A name that
 * slipped into such a column has hardly one of these characters.
 */
static bool
is_like_listed(cd_field field, const char *s, size_t len)
{
	static const char *const of_kind[] = {"证", "照", "件", NULL};
	static const char *const of_level[] = {"级", "工", "师", NULL};

	if (cd_utf8_length(s, len) == len)
		return true;			/* ASCII: mask_other looks for numbers */
	for (const char *const *part = field == CD_ID_TYPE ? of_kind : of_level; *part; part++)
		for (size_t i = 0; i + 3 <= len; i++)
			if (memcmp(s + i, *part, 3) == 0)
				return true;
	return false;
}

size_t
cd_mask(cd_field field, const char *s, size_t len, int keep_first,
		int keep_last, char *outbuf)
{
	mask_out	out = {outbuf, 0};
	int			first = keep_first < 0 ? 0 : keep_first > 6 ? 6 : keep_first;
	int			last = keep_last < 0 ? 0 : keep_last > 4 ? 4 : keep_last;

	if (len == 0)
		;						/* s may be NULL */
	else if (field == CD_NAME)
		mask_name(&out, s, s + len);
	else if (field == CD_ID_NUMBER)
		mask_number(&out, s, s + len, (int) cd_utf8_length(s, len), first, last);
	else if ((field == CD_ID_TYPE || field == CD_LEVEL) && !is_like_listed(field, s, len))
		mask_name(&out, s, s + len);
	else if (field == CD_CERT_NO && is_like_certno(s, s + len))
		mask_nothing(&out, s, s + len);
	else
		mask_other(&out, s, s + len);
	outbuf[out.len] = '\0';
	return out.len;
}
