/*
 * test_certno.c
 *	  Looks for: a number that does not come back as it was, an order of bytes
 *	  that is not the order of the text, a wrong character let through by the
 *	  eight-digits-at-once shortcut or told at the wrong place, an accessor
 *	  that reads a neighbour's digits.
 */
#include "rule.h"
#include "tap.h"

static void
random_number(char out[CD_CERTNO_LEN])
{
	for (int i = 0; i < CD_CERTNO_LEN; i++)
		out[i] = (char) ('0' + random_below(10));
	out[0] = (char) ('A' + random_below(26));
	if (random_below(2))
		out[15] = (char) ('A' + random_below(26));
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static int
number_at(const char *s, int width)
{
	int			n = 0;

	while (width-- > 0)
		n = n * 10 + (*s++ - '0');
	return n;
}

static void
test_round_trip(void)
{
	tally		order = {0};
	tally		compared = {0};
	tally		back = {0};
	tally		parts = {0};
	char		before[CD_CERTNO_LEN];
	cd_certno	before_no;
	cd_no_fault fault;
	cd_certno_parts part;
	int			fixed;

	random_number(before);
	cd_certno_parse(before, CD_CERTNO_LEN, &before_no, &fixed, &fault);
	for (int i = 0; i < 1000000; i++)
	{
		char		s[CD_CERTNO_LEN];
		char		printed[CD_CERTNO_LEN];
		cd_certno	no;

		random_number(s);
		/* half of them differ from the one before in a late character only */
		if (i & 1)
			memcpy(s, before, random_below(CD_CERTNO_LEN));
		memset(&no, 0xA5, sizeof(no));
		fixed = -1;
		count(&back, cd_certno_parse(s, CD_CERTNO_LEN, &no, &fixed, &fault) == CD_NO_OK &&
			  fixed == 0, "%.22s refused", s);
		cd_certno_print(&no, printed);
		count(&back, memcmp(s, printed, CD_CERTNO_LEN) == 0, "%.22s came back as %.22s", s, printed);
		count(&order, sign(memcmp(&no, &before_no, sizeof(no))) ==
			  sign(memcmp(s, before, CD_CERTNO_LEN)), "%.22s and %.22s", s, before);
		count(&compared, sign(cd_certno_compare(&no, &before_no)) == sign(memcmp(s, before, CD_CERTNO_LEN)) &&
			  cd_certno_compare(&no, &no) == 0, "%.22s and %.22s", s, before);
		cd_certno_split(&no, &part);
		count(&parts, part.category == s[0] &&
			  part.province == number_at(s + 5, 2) &&
			  part.year == 2000 + number_at(s + 13, 2) &&
			  part.level == s[15] &&
			  cd_certno_serial(&no) == number_at(s + 16, 6), "%.22s", s);
		memcpy(before, s, CD_CERTNO_LEN);
		before_no = no;
	}
	ok_tally(&back, 2000000, "a million random numbers, there and back");
	ok_tally(&order, 1000000, "order of bytes is order of text, a million pairs");
	ok_tally(&compared, 1000000, "so is what cd_certno_compare tells");
	ok_tally(&parts, 1000000, "category, province, year, level, serial");
}

static void
test_extremes(void)
{
	static const char *const extreme[] = {
		"A000000000000000000000", "A000000000000000000001", "A000000000000000999999",
		"A000000000000001000000", "A000000000000009999999", "A00000000000000A000000",
		"A00000000000000Z999999", "A000000000000010000000", "A999999999999990000000",
		"A99999999999999Z999999", "B000000000000000000000", "Z000000000000000000000",
		"Z99999999999999Z999999"
	};
	tally		t = {0};
	cd_certno	no[2];
	cd_no_fault fault;
	int			fixed;

	for (size_t i = 0; i < sizeof(extreme) / sizeof(extreme[0]); i++)
	{
		char		printed[CD_CERTNO_LEN];

		count(&t, cd_certno_parse(extreme[i], CD_CERTNO_LEN, &no[i & 1], &fixed, &fault) == CD_NO_OK,
			  "%s refused", extreme[i]);
		cd_certno_print(&no[i & 1], printed);
		count(&t, memcmp(printed, extreme[i], CD_CERTNO_LEN) == 0, "%s came back as %.22s", extreme[i], printed);
		if (i > 0)
			count(&t, memcmp(&no[i & 1], &no[~i & 1], sizeof(no[0])) > 0, "%s", extreme[i]);
	}
	ok_tally(&t, 38, "smallest and largest of each part, in order");
}

/* Whether the character fits place i (from 0) once case is folded. */
static bool
belongs(int i, int c)
{
	bool		digit = c >= '0' && c <= '9';
	bool		letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

	return i == 0 ? letter : i == 15 ? digit || letter : digit;
}

static void
test_corruption(void)
{
	tally		t = {0};
	tally		wide = {0};

	for (int i = 0; i < CD_CERTNO_LEN; i++)
	{
		const char *expected = i == 0 ? "A-Z" : i == 15 ? "0-9, A-Z" : "0-9";

		for (int c = 1; c < 0x80; c++)
		{
			char		s[] = "S000013000001223000001";
			cd_certno	no;
			cd_no_fault fault = {-1, -1, NULL};
			int			fixed;
			cd_no_verdict verdict;

			s[i] = (char) c;
			verdict = cd_certno_parse(s, CD_CERTNO_LEN, &no, &fixed, &fault);
			if (c == '*')
				count(&t, verdict == CD_NO_MASKED, "* at %d", i);
			else if (cd_is_space((uint32_t) c))
				count(&t, verdict == CD_NO_SPACE && fault.pos == i + 1, "space at %d", i);
			else if (belongs(i, c))
				count(&t, verdict == CD_NO_OK && fixed == (c >= 'a' ? CD_FIXED_CASE : 0), "%c at %d", c, i);
			else
				count(&t, verdict == CD_NO_LAYOUT && fault.pos == i + 1 &&
					  fault.chars == CD_CERTNO_LEN && strcmp(fault.expected, expected) == 0,
					  "%02x at %d: verdict %d, place %d", (unsigned) c, i, verdict, fault.pos);
		}
		/* a longer character: 22 characters all the same */
		for (uint32_t c = 0xA0; c < 0x11000; c += 1 + c / 400)
		{
			char		s[32] = "S000013000001223000001";
			cd_certno	no;
			cd_no_fault fault;
			int			fixed;
			int			n;
			cd_no_verdict verdict;
			uint32_t	folded = cd_fold_width(c);

			if (c >= 0xD800 && c <= 0xDFFF)
				continue;
			n = cd_utf8_encode(c, s + i);
			memcpy(s + i + n, "S000013000001223000001" + i + 1, (size_t) (CD_CERTNO_LEN - i - 1));
			verdict = cd_certno_parse(s, (size_t) (CD_CERTNO_LEN - 1 + n), &no, &fixed, &fault);
			if (cd_is_space(c))
				count(&wide, verdict == CD_NO_SPACE && fault.pos == i + 1, "U+%04X at %d", (unsigned) c, i);
			else if (folded == '*')
				count(&wide, verdict == CD_NO_MASKED, "U+%04X at %d", (unsigned) c, i);
			else if (folded < 0x80 && belongs(i, (int) folded))
				count(&wide, verdict == CD_NO_OK && fixed ==
					  (CD_FIXED_WIDTH | (folded >= 'a' ? CD_FIXED_CASE : 0)), "U+%04X at %d", (unsigned) c, i);
			else
				count(&wide, verdict == CD_NO_LAYOUT && fault.pos == i + 1, "U+%04X at %d", (unsigned) c, i);
		}
	}
	ok_tally(&t, 22 * 127, "every ASCII character at every place: taken, or told where");
	ok_tally(&wide, 22 * 500, "other characters at every place");

	/* two wrong ones: the first is told */
	memset(&t, 0, sizeof(t));
	for (int i = 0; i < CD_CERTNO_LEN; i++)
		for (int k = i + 1; k < CD_CERTNO_LEN; k++)
		{
			char		s[] = "S000013000001223000001";
			cd_certno	no;
			cd_no_fault fault;
			int			fixed;

			s[i] = s[k] = '/';
			count(&t, cd_certno_parse(s, CD_CERTNO_LEN, &no, &fixed, &fault) == CD_NO_LAYOUT &&
				  fault.pos == i + 1, "%d and %d", i, k);
		}
	ok_tally(&t, 231, "of two wrong characters the first is told");
}

typedef struct form
{
	const char *text;
	cd_no_verdict verdict;
	int			fixed;			/* of a good one */
	int			told;			/* fault's chars or pos, by verdict */
} form;

static const form forms[] = {
	{"", CD_NO_EMPTY, 0, 0},
	{"S000013000001223000001", CD_NO_OK, 0, 0},
	{"Y000123000000195000001", CD_NO_OK, 0, 0},
	{"s000013000001223000001", CD_NO_OK, CD_FIXED_CASE, 0},
	{"Ｓ000013000001223000001", CD_NO_OK, CD_FIXED_WIDTH, 0},
	{"ｓ000013000001223000001", CD_NO_OK, CD_FIXED_CASE | CD_FIXED_WIDTH, 0},
	{"Ｓ０００013000001223000001", CD_NO_OK, CD_FIXED_WIDTH, 0},
	{"S00001300000122a000001", CD_NO_OK, CD_FIXED_CASE, 0},
	{"S00013*****1", CD_NO_MASKED, 0, 0},
	{"S000013000001223***001", CD_NO_MASKED, 0, 0},
	{"S000013 ***** 0001", CD_NO_MASKED, 0, 0},
	{"S000013＊＊＊001", CD_NO_MASKED, 0, 0},
	{" S000013000001223000001", CD_NO_SPACE, 0, 1},
	{"S000013000001223000001 ", CD_NO_SPACE, 0, 23},
	{"S000013　000001223000001", CD_NO_SPACE, 0, 8},
	{"\xEF\xBB\xBFS000013000001223000001", CD_NO_SPACE, 0, 1},
	{" ", CD_NO_SPACE, 0, 1},
	{"1603000000400123", CD_NO_OLD, 0, 16},
	{"1603000000400", CD_NO_OLD, 0, 13},
	{"１603000000400123", CD_NO_OLD, 0, 16},
	{"160300000040012A", CD_NO_LENGTH, 0, 16},
	{"16030000004001", CD_NO_LENGTH, 0, 14},
	{"RSN12345678901234567", CD_NO_RSN, 0, 0},
	{"rsn12345678901234567", CD_NO_RSN, 0, 0},
	{"ＲＳＮ12345678901234567", CD_NO_RSN, 0, 0},
	{"RSN1234567890123456", CD_NO_LENGTH, 0, 19},
	{"RSN123456789012345678", CD_NO_LENGTH, 0, 21},
	{"RSN1234567890123456789", CD_NO_LAYOUT, 0, 2},
	{"RSM12345678901234567", CD_NO_LENGTH, 0, 20},
	{"S00001300000122300000", CD_NO_LENGTH, 0, 21},
	{"S0000130000012230000011", CD_NO_LENGTH, 0, 23},
	{"车工", CD_NO_LENGTH, 0, 2},
	{"0000013000001223000001", CD_NO_LAYOUT, 0, 1},
	{"SO00013000001223000001", CD_NO_LAYOUT, 0, 2},
	{"S000013000001223-00001", CD_NO_LAYOUT, 0, 17},
	{"S000013000001级3000001", CD_NO_LENGTH, 0, 21},
	{"S000013000001级23000001", CD_NO_LAYOUT, 0, 14}
};

static void
test_forms(void)
{
	tally		t = {0};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		const form *f = &forms[i];
		char	   *copy = exact_copy(f->text, strlen(f->text));
		cd_certno	no;
		cd_no_fault fault = {0};
		int			fixed = 0;
		cd_no_verdict verdict = cd_certno_parse(copy, strlen(f->text), &no, &fixed, &fault);
		int			told = verdict == CD_NO_LENGTH || verdict == CD_NO_OLD ? fault.chars :
		verdict == CD_NO_SPACE || verdict == CD_NO_LAYOUT ? fault.pos : 0;

		count(&t, verdict == f->verdict && told == f->told &&
			  (verdict != CD_NO_OK || fixed == f->fixed),
			  "%s: verdict %d, told %d, fixed %d", f->text, verdict, told, fixed);
		free(copy);
	}
	ok_tally(&t, 37, "fixable, masked, old, RSN, short and long forms");
}

static void
test_provinces(void)
{
	static const int province[] = {
		11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46,
		50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82
	};
	tally		t = {0};

	for (int code = -1; code < 120; code++)
	{
		bool		listed = false;

		for (size_t i = 0; i < sizeof(province) / sizeof(province[0]); i++)
			listed |= code == province[i];
		count(&t, cd_is_province(code, false) == listed &&
			  cd_is_province(code, true) == (listed || code == 83), "%d", code);
	}
	ok_tally(&t, 121, "province codes");
}

int
main(void)
{
	test_round_trip();
	test_extremes();
	test_corruption();
	test_forms();
	test_provinces();
	return done_testing();
}
