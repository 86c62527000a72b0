/*
 * encoding.c
 *	  Which encoding a report file has, and reading it as UTF-8.
 *
 * GB18030 and UTF-16 pass through a window in the caller's buffer, which is
 * refilled when a record reaches beyond it.
 */
#include "csv.h"

#include <string.h>

#define HIGHS UINT64_C(0x8080808080808080)

/* A byte no UTF-8 text has: stands for what could not be decoded. */
#define UNDECODED '\xFF'

/* ---- the window ---- */

/* Length of the GB18030 character at s; 0: there is none. */
static inline int
gb18030_char(const unsigned char *s, size_t len)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] == 0x80 || s[0] == 0xFF || len < 2)
		return 0;
	if (s[1] >= 0x40)
		return s[1] != 0x7F && s[1] != 0xFF ? 2 : 0;
	if (s[1] < 0x30 || s[1] > 0x39 || len < 4)
		return 0;
	return s[2] >= 0x81 && s[2] <= 0xFE && s[3] >= 0x30 && s[3] <= 0x39 ? 4 : 0;
}

size_t
cd_gb18030_valid(const char *s, size_t len)
{
	size_t		n = 0;

	while (n < len)
	{
		int			step;

		if (len - n >= 8)
		{
			uint64_t	word;

			memcpy(&word, s + n, 8);
			if ((word & HIGHS) == 0)
			{
				n += 8;
				continue;
			}
		}
		step = gb18030_char((const unsigned char *) s + n, len - n);
		if (step == 0)
			break;
		n += step;
	}
	return n;
}

/*
 * Where the raw text may be cut so that no character is cut: after a byte
 * below 0x30, which is no part of a longer character.  Text without any such
 * byte is walked through.
 */
static size_t
gb18030_cut(const char *s, size_t len)
{
	size_t		n = len;

	while (n > 0 && (unsigned char) s[n - 1] >= 0x30)
		n--;
	if (n > 0)
		return n;
	while (n + 4 <= len)
	{
		int			step = gb18030_char((const unsigned char *) s + n, len - n);

		n += step > 0 ? step : 1;
	}
	return n;
}

/* The next line end or NUL; end if there is none. */
static const char *
line_or_nul(const char *p, const char *end)
{
	while (p < end && *p != '\n' && *p != '\r' && *p != '\0')
		p++;
	return p;
}

/* Decode a line; in a bad one UNDECODED marks what U+FFFD stands for. */
static size_t
decode_line(cd_csv *csv, const char *src, size_t len, char *dst, size_t room)
{
	bool		bad = false;
	size_t		n = csv->decode(csv->decode_arg, src, len, dst, room, &bad);
	size_t		from;
	size_t		to = 0;

	if (!bad)
		return n;
	for (from = 0; from < n;)
	{
		if (n - from >= 3 && memcmp(dst + from, "\xEF\xBF\xBD", 3) == 0)
		{
			dst[to++] = UNDECODED;
			from += 3;
		}
		else
			dst[to++] = dst[from++];
	}
	return to;
}

/*
 * Decode a stretch of GB18030 at once; line by line only if it has a fault,
 * so that the fault stays with its line.
 */
static size_t
decode_gb18030(cd_csv *csv, const char *src, size_t len, char *dst, size_t room)
{
	const char *end = src + len;
	bool		bad = memchr(src, '\0', len) != NULL;
	size_t		out = 0;

	if (!bad)
	{
		out = csv->decode(csv->decode_arg, src, len, dst, room, &bad);
		if (!bad)
			return out;
	}

	csv->faulty = true;
	out = 0;
	while (src < end)
	{
		const char *stop = line_or_nul(src, end);

		if (stop > src)
			out += decode_line(csv, src, stop - src, dst + out, room - out);
		if (stop < end)
		{
			dst[out++] = *stop == '\0' ? UNDECODED : *stop;
			stop++;
		}
		src = stop;
	}
	return out;
}

static inline uint32_t
utf16_unit(const cd_csv *csv, const char *p)
{
	const unsigned char *b = (const unsigned char *) p;

	return csv->encoding == CD_ENC_UTF16LE ? b[0] | b[1] << 8 : b[1] | b[0] << 8;
}

/* Transcode as much as there is room for. */
static size_t
decode_utf16(cd_csv *csv, char *dst, size_t room)
{
	const char *p = csv->raw;
	size_t		out = 0;

	while (p < csv->raw_end && room - out >= 4)
	{
		size_t		left = csv->raw_end - p;
		uint32_t	c = left >= 2 ? utf16_unit(csv, p) : 0;
		uint32_t	low = left >= 4 ? utf16_unit(csv, p + 2) : 0;

		p += left >= 2 ? 2 : 1;
		if (c >= 0xD800 && c <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF)
		{
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
			p += 2;
		}
		if (c == 0 || (c >= 0xD800 && c <= 0xDFFF))
		{
			dst[out++] = UNDECODED;
			csv->faulty = true;
		}
		else if (c < 0x80)
			dst[out++] = (char) c;
		else
			out += cd_utf8_encode(c, dst + out);
	}
	csv->raw = p;
	return out;
}

/*
 * Move the rest of the window to its beginning and decode more behind it.
 * false: the window is full.  Not called when the text is final.
 */
bool
cd_csv_refill(cd_csv *csv)
{
	size_t		left = csv->end - csv->pos;
	size_t		room = csv->window_size - left;
	char	   *out = csv->window + left;
	size_t		n;

	if (room < csv->window_size / 8)
		return false;

	memmove(csv->window, csv->pos, left);
	if (csv->encoding == CD_ENC_GB18030)
	{
		size_t		len = csv->raw_end - csv->raw;

		if (len > (room - 4) / 4)
			len = gb18030_cut(csv->raw, (room - 4) / 4);
		n = decode_gb18030(csv, csv->raw, len, out, room);
		csv->raw += len;
	}
	else
		n = decode_utf16(csv, out, room);
	csv->pos = csv->window;
	csv->end = out + n;
	csv->final = csv->raw == csv->raw_end;
	return true;
}

/* ---- which encoding a file has ---- */

/* Valid prefix where NUL, which is no matter of encoding, is let pass. */
static size_t
utf8_prefix(const char *s, size_t len, bool *nul)
{
	size_t		n = 0;

	for (;;)
	{
		n += cd_utf8_valid(s + n, len - n);
		if (n == len || s[n] != '\0')
			return n;
		*nul = true;
		n++;
	}
}

/*
 * UTF-16 without BOM: separators, line ends and digits have a zero byte, all
 * on one side.  (一, U+4E00, has it on the other.)
 */
static cd_encoding
guess_utf16(const char *data, size_t len)
{
	size_t		n = len < 4096 ? len & ~(size_t) 1 : 4096;
	size_t		zero[2] = {0, 0};
	size_t		major;
	size_t		i;

	for (i = 0; i < n; i++)
		zero[i & 1] += data[i] == '\0';
	major = zero[1] >= zero[0];
	if (zero[major] * 32 < n || zero[1 - major] * 4 > zero[major])
		return CD_ENC_AUTO;
	for (i = 0; i < n; i += 2)
	{
		char		c = data[i + 1 - major];

		if (data[i + major] == '\0' &&
			(c == ',' || c == '\t' || c == ';' || c == '\n' || c == '\r'))
			return major ? CD_ENC_UTF16LE : CD_ENC_UTF16BE;
	}
	return CD_ENC_AUTO;
}

/* Does the text's beginning hold 证件号码 or 证书编号 in UTF-8? */
static bool
has_utf8_header(const char *s, size_t len)
{
	const char *end = s + (len < 65536 ? len : 65536);

	while (s < end && (s = memchr(s, '\xE8', end - s)) != NULL)
	{
		if (end - s >= 12 && (memcmp(s, "证件号码", 12) == 0 ||
							  memcmp(s, "证书编号", 12) == 0))
			return true;
		s++;
	}
	return false;
}

void
cd_encoding_detect(const char *data, size_t len, cd_encoding asked,
				   cd_encoding_facts *facts)
{
	bool		nul = false;
	size_t		utf8;
	size_t		gb18030;

	facts->encoding = asked;
	facts->bom = 0;
	facts->faulty = false;
	facts->neither = false;

	if (len >= 2 && memcmp(data, "\xFF\xFE", 2) == 0 &&
		(asked == CD_ENC_AUTO || asked == CD_ENC_UTF16LE))
	{
		facts->encoding = CD_ENC_UTF16LE;
		facts->bom = 2;
	}
	else if (len >= 2 && memcmp(data, "\xFE\xFF", 2) == 0 &&
			 (asked == CD_ENC_AUTO || asked == CD_ENC_UTF16BE))
	{
		facts->encoding = CD_ENC_UTF16BE;
		facts->bom = 2;
	}
	else if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 &&
			 (asked == CD_ENC_AUTO || asked == CD_ENC_UTF8))
	{
		facts->encoding = CD_ENC_UTF8;
		facts->bom = 3;
	}
	else if (asked == CD_ENC_AUTO)
		facts->encoding = guess_utf16(data, len);
	data += facts->bom;
	len -= facts->bom;

	/* the other encodings find their faults while they are decoded */
	if (facts->encoding != CD_ENC_UTF8 && facts->encoding != CD_ENC_AUTO)
		return;

	utf8 = utf8_prefix(data, len, &nul);
	facts->faulty = utf8 < len || nul;
	if (facts->encoding == CD_ENC_UTF8)
		return;

	/*
	 * Nothing says what it is.  A file cut or damaged at one place may still
	 * be laid out as GB18030, so a header that reads as UTF-8 decides first.
	 */
	facts->encoding = CD_ENC_UTF8;
	if (utf8 == len)
		return;
	gb18030 = cd_gb18030_valid(data, len);
	facts->neither = gb18030 < len || has_utf8_header(data, len);
	if (!has_utf8_header(data, len) && gb18030 > utf8)
		facts->encoding = CD_ENC_GB18030;
}

/* ---- GB18030-2000 and today ---- */

/*
 * 25 two-byte codes were private use when GB18030 came out and have characters
 * of their own now (GB 18030-2022); 14 of them occur in names.
 */
static uint32_t
today(uint32_t c)
{
	static const struct
	{
		uint16_t	then;
		uint32_t	now;
	}			moved[] =
	{
		{0xE78D, 0xFE10}, {0xE78E, 0xFE12}, {0xE78F, 0xFE11}, {0xE790, 0xFE13},
		{0xE791, 0xFE14}, {0xE792, 0xFE15}, {0xE793, 0xFE16}, {0xE794, 0xFE17},
		{0xE795, 0xFE18}, {0xE796, 0xFE19}, {0xE7C7, 0x1E3F},
		{0xE816, 0x20087}, {0xE817, 0x20089}, {0xE818, 0x200CC}, {0xE81E, 0x9FB4},
		{0xE826, 0x9FB5}, {0xE82B, 0x9FB6}, {0xE82C, 0x9FB7}, {0xE831, 0x215D7},
		{0xE832, 0x9FB8}, {0xE83B, 0x2298F}, {0xE843, 0x9FB9}, {0xE854, 0x9FBA},
		{0xE855, 0x241FE}, {0xE864, 0x9FBB},
	};

	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++)
		if (moved[i].then == c)
			return moved[i].now;
	return c;
}

/* Lead bytes of U+E000-EFFF, the only ones concerned. */
#define MOVED_LEAD '\xEE'

size_t
cd_gb18030_today(char *s, size_t len)
{
	char	   *p = s;

	while ((p = memchr(p, MOVED_LEAD, len - (size_t) (p - s))) != NULL)
	{
		const char *next = p;
		uint32_t	then = cd_utf8_next(&next, s + len);
		uint32_t	now = today(then);
		char		bytes[4];
		int			n = cd_utf8_encode(now, bytes);

		if (now == then)
			n = 3;
		else
		{
			if (n == 4)
				memmove(p + 4, next, (size_t) (s + len - next));
			memcpy(p, bytes, (size_t) n);
			len += (size_t) (n - 3);
		}
		p += n;
	}
	return len;
}

/* ---- names of encodings ---- */

const char *
cd_encoding_name(cd_encoding encoding)
{
	static const char *const name[] = {"auto", "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};

	return name[encoding];
}

/* The same but for case, '-', '_' and spaces? */
static bool
same_name(const char *a, const char *b)
{
	for (;; a++, b++)
	{
		while (*a == '-' || *a == '_' || *a == ' ')
			a++;
		if ((*a >= 'A' && *a <= 'Z' ? *a - 'A' + 'a' : *a) != *b)
			return false;
		if (*b == '\0')
			return true;
	}
}

bool
cd_encoding_find(const char *name, cd_encoding *encoding)
{
	/* GBK and GB2312 are parts of GB18030; utf16 leaves the order to the BOM */
	static const struct
	{
		const char *name;
		cd_encoding encoding;
	}			known[] =
	{
		{"auto", CD_ENC_AUTO}, {"utf16", CD_ENC_AUTO}, {"unicode", CD_ENC_AUTO},
		{"utf8", CD_ENC_UTF8}, {"utf8bom", CD_ENC_UTF8},
		{"gb18030", CD_ENC_GB18030}, {"gbk", CD_ENC_GB18030},
		{"gb2312", CD_ENC_GB18030}, {"euccn", CD_ENC_GB18030},
		{"cp936", CD_ENC_GB18030}, {"ms936", CD_ENC_GB18030},
		{"windows936", CD_ENC_GB18030}, {"win936", CD_ENC_GB18030},
		{"utf16le", CD_ENC_UTF16LE}, {"ucs2le", CD_ENC_UTF16LE},
		{"utf16be", CD_ENC_UTF16BE}, {"ucs2be", CD_ENC_UTF16BE},
	};
	size_t		i;

	*encoding = CD_ENC_AUTO;
	if (name == NULL || *name == '\0')
		return true;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		if (same_name(name, known[i].name))
		{
			*encoding = known[i].encoding;
			return true;
		}
	}
	return false;
}
