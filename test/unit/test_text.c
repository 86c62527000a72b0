/*
 * test_text.c
 *	  Looks for: bytes taken for UTF-8 that are not (overlong forms, surrogates,
 *	  what lies above U+10FFFF, cut characters, NUL) or the reverse; shortcuts
 *	  over eight bytes that miss a control character or see one that is not
 *	  there at some length or alignment; characters put into the wrong class.
 */
#include "rule.h"
#include "tap.h"

/*
 * RFC 3629 the slow way: take the bits apart, then ask whether the code point
 * needs that many bytes.  Returns bytes, 0: invalid.
 */
static int
decode(const unsigned char *s, size_t left, uint32_t *c)
{
	static const uint32_t least[5] = {0, 1, 0x80, 0x800, 0x10000};
	int			n = s[0] < 0x80 ? 1 : (s[0] & 0xE0) == 0xC0 ? 2 :
	(s[0] & 0xF0) == 0xE0 ? 3 : (s[0] & 0xF8) == 0xF0 ? 4 : 0;

	if (n == 0 || (size_t) n > left)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0x7F >> n);
	for (int i = 1; i < n; i++)
	{
		if (s[i] < 0x80 || s[i] > 0xBF)
			return 0;
		*c = *c * 64 + (s[i] - 0x80);
	}
	if (*c < least[n] || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF))
		return 0;
	return n;
}

static size_t
valid_prefix(const unsigned char *s, size_t len)
{
	size_t		i = 0;
	uint32_t	c;

	while (i < len)
	{
		int			n = decode(s + i, len - i, &c);

		if (n == 0)
			break;
		i += (size_t) n;
	}
	return i;
}

/* One sequence alone, and inside texts that lead into the shortcuts. */
static void
try_sequence(tally *t, const unsigned char *s, size_t len)
{
	char		text[32];
	size_t		expected = valid_prefix(s, len);
	size_t		n;

	count(t, cd_utf8_valid((const char *) s, len) == expected,
		  "%02x %02x %02x %02x of length %zu", s[0], s[1], s[2], s[3], len);
	memcpy(text, "abcdefgh", 8);
	memcpy(text + 8, s, len);
	n = 8 + len;
	memcpy(text + n, "中", 3);
	n += 3;
	expected = valid_prefix((const unsigned char *) text, n);
	count(t, cd_utf8_valid(text, n) == expected,
		  "abcdefgh %02x %02x %02x %02x of length %zu 中", s[0], s[1], s[2], s[3], len);
}

static void
test_validity(void)
{
	tally		short_ones = {0};
	tally		four = {0};
	tally		mixed = {0};
	unsigned char s[4] = {0};

	for (uint32_t i = 0; i < 0x1000000; i++)
	{
		s[0] = (unsigned char) (i >> 16);
		s[1] = (unsigned char) (i >> 8);
		s[2] = (unsigned char) i;
		/* every sequence of one, two and three bytes */
		if ((i & 0xFFFF) == 0)
			try_sequence(&short_ones, s, 1);
		if ((i & 0xFF) == 0)
			try_sequence(&short_ones, s, 2);
		count(&short_ones, cd_utf8_valid((const char *) s, 3) == valid_prefix(s, 3),
			  "%02x %02x %02x", s[0], s[1], s[2]);
	}
	ok_tally(&short_ones, 0x1000000, "validity of every sequence of 1 to 3 bytes");

	for (int i = 0; i < 1000000; i++)
	{
		uint64_t	r = random_bits();

		/* lead bytes around F0..F4, second bytes around their limits */
		s[0] = (unsigned char) (0xEE + (r & 7));
		s[1] = (unsigned char) (0x7C + (r >> 8) % 0x48);
		s[2] = (unsigned char) (r >> 20 & 15 ? 0x80 | (r >> 24 & 0x3F) : r >> 24);
		s[3] = (unsigned char) (r >> 32 & 15 ? 0x80 | (r >> 36 & 0x3F) : r >> 36);
		try_sequence(&four, s, 4);
	}
	ok_tally(&four, 2000000, "validity of sampled sequences of 4 bytes");

	for (int i = 0; i < 300000; i++)
	{
		static const char *const piece[] = {
			"a", "0", "\x7F", "中", "文", "é", "𠮷", "\xE4", "\xB8", "\xC2", "\xF0", "", "\x01"
		};
		char		text[64];
		size_t		n = 0;
		size_t		pieces = random_below(14);
		char	   *copy;

		for (size_t k = 0; k < pieces; k++)
		{
			/* mostly runs of the good ones, so that the shortcuts begin */
			const char *p = piece[random_below(random_below(4) ? 7 : 13)];

			if (*p == '\0')
				text[n++] = '\0';
			memcpy(text + n, p, strlen(p));
			n += strlen(p);
		}
		copy = exact_copy(text, n);
		count(&mixed, cd_utf8_valid(copy, n) == valid_prefix((unsigned char *) copy, n),
			  "random text %d", i);
		free(copy);
	}
	ok_tally(&mixed, 300000, "validity of mixed texts, cut and spoilt anywhere");
	ok(cd_utf8_valid(NULL, 0) == 0, "no text is valid text");
}

/* Every code point: encode and decode, classes, counts. */
static bool
is_naive_space(uint32_t c)
{
	static const uint32_t single[] = {
		0x09, 0x0A, 0x0D, 0x20, 0xA0, 0xAD, 0x1680, 0x180E, 0x3000, 0xFEFF
	};

	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (c == single[i])
			return true;
	return (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
		(c >= 0x205F && c <= 0x206F);
}

static bool
is_naive_private(uint32_t c)
{
	bool		noncharacter = (c % 0x10000) >= 0xFFFE || (c >= 0xFDD0 && c < 0xFDF0);

	return noncharacter || (c >= 0xE000 && c <= 0xF8FF) || c / 0x10000 >= 15;
}

static void
test_every_character(void)
{
	tally		coding = {0};
	tally		classes = {0};
	tally		scans = {0};

	for (uint32_t c = 1; c <= 0x10FFFF; c++)
	{
		char		s[4];
		const char *p = s;
		uint32_t	back;
		int			n;
		cd_scan		scan;
		bool		control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
		bool		space = is_naive_space(c);

		if (c == 0xD800)
			c = 0xE000;
		n = cd_utf8_encode(c, s);
		count(&coding, decode((unsigned char *) s, (size_t) n, &back) == n && back == c &&
			  cd_utf8_next(&p, s + n) == c && p == s + n &&
			  cd_utf8_length(s, (size_t) n) == 1, "U+%04X", (unsigned) c);
		count(&classes, cd_is_space(c) == space &&
			  cd_is_private_use(c) == is_naive_private(c) &&
			  !(cd_is_han(c) && (space || control || is_naive_private(c))),
			  "U+%04X", (unsigned) c);
		cd_scan_text(&scan, s, (size_t) n);
		count(&scans, scan.chars == 1 && scan.han == cd_is_han(c) &&
			  scan.space == space && scan.control == (control && !space) &&
			  scan.private_use == is_naive_private(c) &&
			  scan.lost == (c == '?' || c == 0xFFFD) &&
			  scan.star == (c == '*' || c == 0xFF0A), "U+%04X", (unsigned) c);
	}
	ok_tally(&coding, 1112062, "every character is encoded and decoded");
	ok_tally(&classes, 1112062, "space, private use and Han: classes of every character");
	ok_tally(&scans, 1112062, "a scan of every character");
}

static void
test_classes(void)
{
	static const uint32_t han[] = {
		0x3007, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xF900, 0xFA0E, 0x20000, 0x20BB7,
		0x2A6DF, 0x2A700, 0x2EBE0, 0x30000, 0x3134A, 0x31350, 0x323AF
	};
	static const uint32_t not_han[] = {
		0x3005, 0x3006, 0x33FF, 0x4DC0, 0x4DFF, 0xA000, 0xF8FF, 0xFB00, 0x1F600,
		0xAC00, 0x3042, 0xB7, 'A', 0x2FFFE, 0x2FFFF, 0x3FFFE, 0x3FFFF, 0x40000
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(han) / sizeof(han[0]); i++)
		count(&t, cd_is_han(han[i]), "U+%04X", (unsigned) han[i]);
	for (size_t i = 0; i < sizeof(not_han) / sizeof(not_han[0]); i++)
		count(&t, !cd_is_han(not_han[i]), "U+%04X", (unsigned) not_han[i]);
	ok_tally(&t, 34, "Han characters at the edges of their blocks");

	memset(&t, 0, sizeof(t));
	for (uint32_t c = 0; c < 0x11000; c++)
		count(&t, cd_fold_width(c) == (c > 0xFF00 && c < 0xFF5F ? c - 0xFF00 + 0x20 : c),
			  "U+%04X", (unsigned) c);
	ok_tally(&t, 0x11000, "full-width ASCII and nothing else becomes ASCII");

	ok(cd_max_chars[CD_NAME] == 40 && cd_max_chars[CD_ID_TYPE] == 100 &&
	   cd_max_chars[CD_ID_NUMBER] == 18 && cd_max_chars[CD_EMPLOYER] == 100 &&
	   cd_max_chars[CD_OCCUPATION] == 80 && cd_max_chars[CD_WORK_TYPE] == 60 &&
	   cd_max_chars[CD_LEVEL] == 10 && cd_max_chars[CD_CERT_NO] == 22 &&
	   cd_max_chars[CD_ISSUE_DATE] == 10 && cd_max_chars[CD_EVALUATOR] == 100 &&
	   cd_max_chars[CD_ISSUER] == 100, "lengths of Annex 1");
}

/* ---- texts: the one-pass scan and the input check against plain loops ---- */

static size_t
random_text(char *out, size_t room, unsigned spoil)
{
	static const char *const good[] = {
		"a", "Z", "0", "~", "!", "中", "龥", "一", "é", "·", "\xC3\x80", "𠮷", "１", "\xE4\xB7\xBF"
	};
	static const char *const bad[] = {
		"\x01", "\x1F", "\x7F", "\t", "\n", "\r", " ", "\xC2\x80", "\xC2\x9F", "\xC2\xA0",
		"?", "*", "＊", "\xEF\xBF\xBD", "\xEE\x80\x80", "\xE3\x80\x80", "\xC2\xAD", "\xF3\xB0\x80\x80"
	};
	size_t		n = 0;

	for (;;)
	{
		const char *p = random_below(spoil) ? good[random_below(14)] : bad[random_below(18)];

		if (n + strlen(p) > room)
		{
			while (n < room)
				out[n++] = 'x';
			return n;
		}
		memcpy(out + n, p, strlen(p));
		n += strlen(p);
	}
}

static cd_text_verdict
naive_check(const char *s, size_t len, int max_chars)
{
	int			chars = 0;
	bool		control = false;
	uint32_t	c;

	for (size_t i = 0; i < len; chars++)
	{
		i += (size_t) decode((const unsigned char *) s + i, len - i, &c);
		control |= c < 0x20 || (c >= 0x7F && c < 0xA0);
	}
	return chars > max_chars ? CD_TEXT_LONG : control ? CD_TEXT_CONTROL : CD_TEXT_OK;
}

static bool
same_scan(const char *s, size_t len)
{
	cd_scan		scan;
	cd_scan		sum = {0};

	cd_scan_text(&scan, s, len);
	for (size_t i = 0; i < len; sum.chars++)
	{
		uint32_t	c = 0;

		i += (size_t) decode((const unsigned char *) s + i, len - i, &c);
		sum.han += cd_is_han(c);
		sum.space |= is_naive_space(c);
		sum.control |= (c < 0x20 && !is_naive_space(c)) || (c >= 0x7F && c < 0xA0);
		sum.private_use |= is_naive_private(c);
		sum.lost |= c == '?' || c == 0xFFFD;
		sum.star |= c == '*' || c == 0xFF0A;
	}
	return scan.chars == sum.chars && scan.han == sum.han && scan.space == sum.space &&
		scan.control == sum.control &&
		scan.private_use == sum.private_use && scan.lost == sum.lost &&
		scan.star == sum.star && cd_utf8_length(s, len) == sum.chars;
}

/* Nothing that any rule about text looks for; U+4000 to U+9FFF stand for Han. */
static bool
is_naive_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len;)
	{
		uint32_t	c = 0;

		i += (size_t) decode((const unsigned char *) s + i, len - i, &c);
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			  (c >= 0x4000 && c <= 0x9FFF)))
			return false;
	}
	return true;
}

static void
test_texts(void)
{
	tally		checks = {0};
	tally		scans = {0};
	tally		plain = {0};
	tally		edges = {0};

	for (int round = 0; round < 400; round++)
	{
		for (size_t len = 0; len <= 40; len++)
		{
			size_t		shift = random_below(8);
			char	   *memory = malloc(len + shift + 1);
			char	   *s = memory + shift;
			int			max = (int) random_below(45);

			random_text(s, len, 1 + random_below(60));
			count(&checks, cd_text_check(s, len, max) == naive_check(s, len, max),
				  "length %zu, alignment %zu, round %d", len, shift, round);
			count(&scans, same_scan(s, len), "length %zu, alignment %zu, round %d", len, shift, round);
			count(&plain, !cd_text_is_plain(s, len) || is_naive_plain(s, len),
				  "length %zu, alignment %zu, round %d", len, shift, round);
			free(memory);
		}
	}
	for (int i = 0; i < 4100; i++)
	{
		/* each character of the first planes at a place of plain text */
		char		s[40] = "甲乙丙abc012";
		size_t		at = 3 * random_below(4);
		uint32_t	c = 1 + random_below(0x30000);
		size_t		n;

		if (c >= 0xD800 && c <= 0xDFFF)
			c = 0x3002;
		n = at + (size_t) cd_utf8_encode(c, s + at);
		memcpy(s + n, "丁Z9戊", 8);
		count(&plain, !cd_text_is_plain(s, n + 8) || is_naive_plain(s, n + 8), "U+%04X", (unsigned) c);
	}
	ok_tally(&checks, 16400, "text check against a plain loop, lengths 0 to 40, any alignment");
	ok_tally(&plain, 20500, "text said to be plain is letters, digits and Han");
	ok_tally(&scans, 16400, "scan against a plain loop, lengths 0 to 40, any alignment");

	/* each byte value at each place of each alignment, all else harmless */
	for (int b = 1; b < 0x80; b++)
		for (size_t len = 1; len <= 40; len++)
			for (size_t at = 0; at < len; at++)
			{
				size_t		shift = (at + len) & 7;
				char	   *memory = malloc(len + shift);

				memset(memory, 'a', len + shift);
				memory[shift + at] = (char) b;
				count(&edges, (cd_text_check(memory + shift, len, 100) == CD_TEXT_CONTROL) ==
					  (b < 0x20 || b == 0x7F) &&
					  (!cd_text_is_plain(memory + shift, len) || is_naive_plain(memory + shift, len)),
					  "%02x at %zu of %zu", (unsigned) b, at, len);
				free(memory);
			}
	ok_tally(&edges, 127 * 820, "every ASCII byte at every place of 1 to 40");
	ok(cd_text_check(NULL, 0, 40) == CD_TEXT_OK, "no text is no fault");
	ok(cd_text_check("\xC2\x85" "abc", 5, 3) == CD_TEXT_LONG, "too long is told before a control character");
	ok(cd_text_check("·····", 10, 5) == CD_TEXT_OK, "the lead byte of controls with another trail is none");
}

int
main(void)
{
	test_validity();
	test_every_character();
	test_classes();
	test_texts();
	return done_testing();
}
