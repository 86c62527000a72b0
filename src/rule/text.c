/*
 * text.c
 *	  UTF-8 text: decoding, kinds of characters, one-pass scans.
 */
#include "rule.h"
#include "bytes.h"

const int	cd_max_chars[CD_NFIELDS] = {
	40, 100, 18, 100, 80, 60, 10, 22, 10, 100, 100	/* Annex 1 */
};

uint32_t
cd_utf8_next(const char **p, const char *end)
{
	const unsigned char *s = (const unsigned char *) *p;
	size_t		left = (size_t) (end - *p);

	if (s[0] < 0x80)
	{
		*p += 1;
		return s[0];
	}
	if (s[0] < 0xE0 && left >= 2)
	{
		*p += 2;
		return (uint32_t) (s[0] & 0x1F) << 6 | (s[1] & 0x3F);
	}
	if (s[0] < 0xF0 && left >= 3)
	{
		*p += 3;
		return (uint32_t) (s[0] & 0x0F) << 12 |
			(uint32_t) (s[1] & 0x3F) << 6 | (s[2] & 0x3F);
	}
	if (left >= 4)
	{
		*p += 4;
		return (uint32_t) (s[0] & 0x07) << 18 |
			(uint32_t) (s[1] & 0x3F) << 12 |
			(uint32_t) (s[2] & 0x3F) << 6 | (s[3] & 0x3F);
	}
	/* a character cut short: only text that was never checked has one */
	*p = end;
	return 0xFFFD;
}

int
cd_utf8_encode(uint32_t c, char *out)
{
	if (c < 0x80)
	{
		out[0] = (char) c;
		return 1;
	}
	if (c < 0x800)
	{
		out[0] = (char) (0xC0 | c >> 6);
		out[1] = (char) (0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000)
	{
		out[0] = (char) (0xE0 | c >> 12);
		out[1] = (char) (0x80 | (c >> 6 & 0x3F));
		out[2] = (char) (0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | c >> 18);
	out[1] = (char) (0x80 | (c >> 12 & 0x3F));
	out[2] = (char) (0x80 | (c >> 6 & 0x3F));
	out[3] = (char) (0x80 | (c & 0x3F));
	return 4;
}

static inline bool
is_trail(unsigned char b)
{
	return (b & 0xC0) == 0x80;
}

/* Bytes of the valid character at s (RFC 3629: shortest form, no surrogate, not above U+10FFFF), or 0. */
static int
valid_char(const unsigned char *s, size_t left)
{
	unsigned char b = s[0];

	if (b < 0x80)
		return b != 0;
	if (b < 0xC2)
		return 0;
	if (b < 0xE0)
		return left >= 2 && is_trail(s[1]) ? 2 : 0;
	if (b < 0xF0)
	{
		if (left < 3 || !is_trail(s[1]) || !is_trail(s[2]))
			return 0;
		if ((b == 0xE0 && s[1] < 0xA0) || (b == 0xED && s[1] > 0x9F))
			return 0;
		return 3;
	}
	if (b > 0xF4 || left < 4 ||
		!is_trail(s[1]) || !is_trail(s[2]) || !is_trail(s[3]))
		return 0;
	if ((b == 0xF0 && s[1] < 0x90) || (b == 0xF4 && s[1] > 0x8F))
		return 0;
	return 4;
}

#define SWAR_ONES UINT64_C(0x0101010101010101)
#define SWAR_HIGH UINT64_C(0x8080808080808080)

/* Nonzero if a byte of w, all of them below 0x80, is below n (n <= 0x80). */
#define SWAR_LESS(w, n) (((w) - SWAR_ONES * (n)) & ~(w) & SWAR_HIGH)

size_t
cd_utf8_valid(const char *str, size_t len)
{
	const unsigned char *s = (const unsigned char *) str;
	size_t		i = 0;

	while (i < len)
	{
		int			n;

		/* eight ASCII characters at a time, none of them NUL */
		while (i + 8 <= len)
		{
			uint64_t	w;

			memcpy(&w, s + i, 8);
			if ((w & SWAR_HIGH) || SWAR_LESS(w, 1))
				break;
			i += 8;
		}
		/* Han, two at a time: E4..E9 and two trail bytes are always valid */
		while (i + 6 <= len && CD_IS_HAN_LEAD(s[i]) && CD_IS_HAN_LEAD(s[i + 3]))
		{
			if (!is_trail(s[i + 1]) || !is_trail(s[i + 2]) ||
				!is_trail(s[i + 4]) || !is_trail(s[i + 5]))
				break;
			i += 6;
		}
		if (i >= len)
			break;
		n = valid_char(s + i, len - i);
		if (n == 0)
			return i;
		i += (size_t) n;
	}
	return len;
}

size_t
cd_utf8_length(const char *s, size_t len)
{
	size_t		n = 0;

	for (size_t i = 0; i < len; i++)
		n += !is_trail((unsigned char) s[i]);
	return n;
}

/* What "no spaces" means (Annex 1, note 3): spaces and what cannot be seen. */
bool
cd_is_space(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || c == '\t' || c == '\n' || c == '\r';
	switch (c)
	{
		case 0x00A0:			/* no-break space */
		case 0x00AD:			/* soft hyphen */
		case 0x1680:
		case 0x180E:
		case 0x3000:			/* ideographic space */
		case 0xFEFF:			/* byte order mark */
			return true;
		default:
			return (c >= 0x2000 && c <= 0x200F) ||
				(c >= 0x2028 && c <= 0x202F) ||
				(c >= 0x205F && c <= 0x206F);
	}
}

bool
cd_is_han(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) ||
		(c >= 0x3400 && c <= 0x4DBF) ||
		c == 0x3007 ||			/* 〇 */
		(c >= 0xF900 && c <= 0xFAFF) ||
		(c >= 0x20000 && c <= 0x3FFFF && (c & 0xFFFE) != 0xFFFE);	/* planes 2 and 3 */
}

/* Private-use and noncharacters: no two systems agree on them. */
bool
cd_is_private_use(uint32_t c)
{
	return (c >= 0xE000 && c <= 0xF8FF) ||
		c >= 0xF0000 ||
		(c & 0xFFFE) == 0xFFFE ||
		(c >= 0xFDD0 && c <= 0xFDEF);
}

uint32_t
cd_fold_width(uint32_t c)
{
	return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

static inline bool
is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		(c >= 0x7F && c <= 0x9F);
}

/* What a character other than common Han adds to a scan. */
static void
scan_char(cd_scan *scan, uint32_t c)
{
	if (c < 0x80)
	{
		if (c <= ' ')
		{
			if (is_control(c))
				scan->control = true;
			else
				scan->space = true;
		}
		else if (c == '?')
			scan->lost = true;
		else if (c == '*')
			scan->star = true;
		else if (c == 0x7F)
			scan->control = true;
		return;
	}
	if (cd_is_han(c))
		scan->han++;
	else if (cd_is_space(c))
		scan->space = true;
	else if (c <= 0x9F)
		scan->control = true;
	else if (c == 0xFFFD)
		scan->lost = true;
	else if (c == 0xFF0A)
		scan->star = true;
	else if (cd_is_private_use(c))
		scan->private_use = true;
}

void
cd_scan_text(cd_scan *scan, const char *s, size_t len)
{
	const char *end = s + len;

	memset(scan, 0, sizeof(*scan));
	while (s < end)
	{
		/* most text is made of these; U+4DC0-4DFF are hexagrams, not Han */
		if (CD_IS_HAN_LEAD(*s) && end - s >= 3 &&
			!(s[0] == '\xE4' && (unsigned char) s[1] < 0xB8))
		{
			scan->chars++;
			scan->han++;
			s += 3;
			continue;
		}
		scan->chars++;
		scan_char(scan, cd_utf8_next(&s, end));
	}
}

/* Nonzero if a byte of w is below 0x20, DEL, or C2, the lead of the C1 controls. */
static inline uint64_t
control_in(uint64_t w)
{
	uint64_t	ascii = ~w & SWAR_HIGH; /* the high bits of bytes below 0x80 */
	uint64_t	c2 = w ^ SWAR_ONES * 0xC2;

	/* with its high bit set, a byte less 0x20 loses that bit below 0x20 */
	uint64_t	low = ~((w | SWAR_HIGH) - SWAR_ONES * 0x20);

	/* and without it, a byte plus one gains it at 0x7F */
	uint64_t	del = (w & ~SWAR_HIGH) + SWAR_ONES;

	return ((low | del) & ascii) | SWAR_LESS(c2, 1);
}

#ifdef __SSE2__

static inline __m128i
control_bytes(__m128i x)
{
	return _mm_or_si128(bytes_within(x, 0, 0x1F),
						_mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(0x7F)),
									 _mm_cmpeq_epi8(x, _mm_set1_epi8((char) 0xC2))));
}

/* All but trail bytes and E4-E9, the leads of Han. */
static inline __m128i
not_of_han(__m128i x)
{
	__m128i		trail = _mm_cmplt_epi8(x, _mm_set1_epi8((char) 0xC0));

	return _mm_andnot_si128(trail, _mm_xor_si128(bytes_within(x, 0xE4, 5), _mm_set1_epi8((char) 0xFF)));
}

/* The same, but for ASCII letters and digits. */
static inline __m128i
other_bytes(__m128i x)
{
	__m128i		letter = bytes_within(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 25);
	__m128i		digit = bytes_within(x, '0', 9);

	return _mm_andnot_si128(_mm_or_si128(letter, digit), not_of_han(x));
}

/*
 * Nothing but letters, digits and Han, told quickly, most quickly of Han
 * alone; false if not sure.  (The letters' test takes no byte of a character
 * by mistake: E1-FA with bit 20 set lie above 0x7A.)
 */
bool
cd_text_is_plain(const char *s, size_t len)
{
	return len >= 4 && (_mm_movemask_epi8(over_bytes(s, len, not_of_han)) == 0 ||
						_mm_movemask_epi8(over_bytes(s, len, other_bytes)) == 0);
}

#else

bool
cd_text_is_plain(const char *s, size_t len)
{
	return false;
}

#endif

/* True if there may be a control character; errs on the side of true. */
static bool
maybe_control(const char *s, size_t len)
{
	uint64_t	found = 0;

	if (len < 4)
	{
		for (size_t i = 0; i < len; i++)
			found |= control_in((unsigned char) s[i] | SWAR_ONES * 0x20 << 8);
		return found != 0;
	}
#ifdef __SSE2__
	return _mm_movemask_epi8(over_bytes(s, len, control_bytes)) != 0;
#else
	if (len < 8)
		return true;			/* looked at one by one */
	for (size_t i = 0; i + 8 <= len; i += 8)
		found |= control_in(load8(s + i));
	/* the last eight bytes, some of them for the second time */
	return (found | control_in(load8(s + len - 8))) != 0;
#endif
}

cd_text_verdict
cd_text_check(const char *s, size_t len, int max_chars)
{
	if (len > (size_t) max_chars && cd_utf8_length(s, len) > (size_t) max_chars)
		return CD_TEXT_LONG;
	if (maybe_control(s, len))
	{
		const char *end = s + len;

		while (s < end)
		{
			uint32_t	c = cd_utf8_next(&s, end);

			if (c < 0x20 || (c >= 0x7F && c <= 0x9F))
				return CD_TEXT_CONTROL;
		}
	}
	return CD_TEXT_OK;
}
