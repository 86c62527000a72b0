/*
 * test_mask.c
 *	  Looks for: a birth date, a name or a whole document number in what may be
 *	  shown, at any setting and in any column it slipped into; a mask that is no
 *	  valid text, changes the length, or outgrows its buffer.
 */
#include "rule.h"
#include "tap.h"

static const char *
masked(cd_field field, const char *s, size_t len, int first, int last, size_t *n)
{
	static char *out;
	char	   *copy = exact_copy(s, len);

	free(out);
	out = malloc(CD_MASK_SIZE);
	memset(out, 0x7E, CD_MASK_SIZE);
	*n = cd_mask(field, copy, len, first, last, out);
	free(copy);
	return out;
}

/* The digits of a birth date stand at from..to (0-based) of every number. */
typedef struct holder
{
	const char *number;
	int			from;
	int			to;
} holder;

static const holder holders[] = {
	{"130102199003071233", 6, 13}, {"13010219900307002X", 6, 13}, {"810000199408230021", 6, 13},
	{"932643199912310022", 6, 13},
	/* the old form, and the old permanent residence number */
	{"130102900307123", 6, 11}, {"KAZ110090123105", 7, 12},
	/* a character lost at the end, or before */
	{"13010219900307123", 6, 13}, {"1301021990030712", 6, 13}, {"130102199003071", 6, 13},
	{"13010219900307", 6, 13}, {"130102199003", 6, 11}, {"30102199003071233", 5, 12},
	/* wrapped, doubled, spaced, full-width */
	{"'130102199003071233", 7, 14}, {"=\"130102199003071233\"", 8, 15}, {" 130102199003071233", 7, 14},
	{"1301021990030712333", 6, 13}, {"１３０１０２１９９００３０７１２３３", 6, 13}
};

static void
test_birth_dates(void)
{
	tally		t = {0};

	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++)
		for (int first = -2; first <= 20; first++)
			for (int last = -2; last <= 20; last++)
			{
				size_t		n;
				const char *s = holders[i].number;
				const char *out = masked(CD_ID_NUMBER, s, strlen(s), first, last, &n);
				const char *p = out;

				/* where one is lost before, a year's digit may show */
				for (int at = 0; p < out + n; at++)
				{
					uint32_t	c = cd_utf8_next(&p, out + n);

					if (at >= holders[i].from + (holders[i].from == 5) && at <= holders[i].to)
						count(&t, c == '*', "%s kept %d and %d: %s", s, first, last, out);
				}
				count(&t, cd_utf8_length(out, n) == cd_utf8_length(s, strlen(s)), "%s: %s", s, out);
			}
	ok_tally(&t, 60000, "no birth date, whatever is kept");
}

typedef struct shown
{
	cd_field	field;
	const char *value;
	int			first;
	int			last;
	const char *out;
} shown;

static const shown shows[] = {
	{CD_NAME, "刘备", 6, 4, "刘*"},
	{CD_NAME, "欧阳修", 0, 0, "欧**"},
	{CD_NAME, "翀", 0, 0, "翀"},
	{CD_NAME, "", 0, 0, ""},
	{CD_NAME, "John", 6, 4, "J***"},
	{CD_NAME, "\x01" "abc", 0, 0, " ***"},
	{CD_NAME, "130102199003071233", 6, 4, "1*****************"},
	{CD_ID_NUMBER, "130102199003071233", 6, 4, "130102********1233"},
	{CD_ID_NUMBER, "130102199003071233", 3, 2, "130*************33"},
	{CD_ID_NUMBER, "130102199003071233", 0, 0, "******************"},
	{CD_ID_NUMBER, "130102199003071233", 0, 4, "**************1233"},
	{CD_ID_NUMBER, "E12345678", 6, 4, "E1*****78"},
	{CD_ID_NUMBER, "123", 6, 4, "***"},
	{CD_ID_NUMBER, "", 6, 4, ""},
	{CD_CERT_NO, "S000013000001223000001", 0, 0, "S000013000001223000001"},
	{CD_CERT_NO, "s000013000001223000001", 0, 0, "s000013000001223000001"},
	{CD_CERT_NO, "130102199003071233", 6, 4, "******************"},
	{CD_CERT_NO, "'130102199003071233", 6, 4, "'******************"},
	{CD_CERT_NO, " 130102199003071233", 6, 4, " ******************"},
	{CD_CERT_NO, "１３０１０２１９９００３０７１２３３", 6, 4, "******************"},
	{CD_CERT_NO, "", 6, 4, ""},
	{CD_OCCUPATION, "车工", 0, 0, "车工"},
	{CD_OCCUPATION, "车\n工\x7F", 0, 0, "车 工 "},
	{CD_OCCUPATION, "12345678901234", 0, 0, "12345678901234"},
	{CD_OCCUPATION, "123456789012345", 0, 0, "***************"},
	{CD_EMPLOYER, "甲13010219900307002X乙", 0, 0, "甲*****************X乙"},
	{CD_EMPLOYER, "1234 130102900307123 5678", 0, 0, "1234 *************** 5678"},
	{CD_ISSUE_DATE, "2022/2/9", 0, 0, "2022/2/9"},
	{CD_NO_FIELD, "表头", 0, 0, "表头"}
};

static void
test_shown(void)
{
	tally		t = {0};
	size_t		n;

	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++)
	{
		const shown *s = &shows[i];
		const char *out = masked(s->field, s->value, strlen(s->value), s->first, s->last, &n);

		count(&t, strcmp(out, s->out) == 0 && n == strlen(out), "%s: %s", s->value, out);
	}
	ok_tally(&t, 29, "what is shown of a value");

	memset(&t, 0, sizeof(t));
	for (int field = 0; field <= CD_NFIELDS; field++)
	{
		char		out[CD_MASK_SIZE] = "x";

		count(&t, cd_mask((cd_field) field, NULL, 0, 6, 4, out) == 0 && out[0] == '\0', "field %d", field);
	}
	ok_tally(&t, 12, "nothing is shown of no value");
}

/* Any text in any field: valid, bounded, no run of 15 digits outside a number. */
static void
test_any_text(void)
{
	static const char *const piece[] = {
		"1", "2", "9", "４", "0", "a", "甲", "𠮷", "\xC2\x85", "\x01", " ", "*", "\xEF\xBF\xBD", "12345678", "é"
	};
	tally		t = {0};
	tally		runs = {0};

	for (int i = 0; i < 200000; i++)
	{
		char		s[600];
		size_t		len = 0;
		size_t		n;
		cd_field	field = (cd_field) random_below(CD_NFIELDS + 1);
		unsigned	pieces = random_below(random_below(8) ? 25 : 75);
		unsigned	kinds = random_below(15) + 1;
		const char *out;
		const char *p;
		int			run = 0;
		int			longest = 0;
		size_t		chars;

		for (unsigned k = 0; k < pieces; k++)
		{
			const char *one = piece[random_below(kinds)];

			memcpy(s + len, one, strlen(one));
			len += strlen(one);
		}
		out = masked(field, s, len, (int) random_below(9) - 1, (int) random_below(7) - 1, &n);
		chars = cd_utf8_length(s, len);
		count(&t, n < CD_MASK_SIZE && out[n] == '\0' && strlen(out) == n && cd_utf8_valid(out, n) == n,
			  "text %d: %s", i, out);
		count(&t, cd_utf8_length(out, n) == (chars <= 60 ? chars : 60) ||
			  (chars > 60 && cd_utf8_length(out, n) == 61 && memcmp(out + n - 3, "…", 3) == 0),
			  "text %d of %zu characters: %s", i, chars, out);
		for (p = out; p < out + n;)
		{
			uint32_t	c = cd_fold_width(cd_utf8_next(&p, out + n));

			count(&t, c >= 0x20 && (c < 0x7F || c > 0x9F), "text %d: control character shown", i);
			run = c >= '0' && c <= '9' ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
		/* a number of the certificate begins with a letter and is shown */
		count(&runs, longest < 15 || (field == CD_CERT_NO && s[0] == 'a'), "field %d: %s", field, out);
	}
	ok_tally(&t, 400000, "a mask is valid, bounded, as long as the value, free of control characters");
	ok_tally(&runs, 200000, "no run of 15 digits is shown");
}

static void
test_bounds(void)
{
	char		s[400];
	size_t		n;
	tally		t = {0};

	for (size_t chars = 50; chars <= 100; chars++)
		for (int field = 0; field <= CD_NFIELDS; field++)
		{
			for (size_t i = 0; i < chars; i++)
				memcpy(s + 4 * i, "𠮷", 4);
			masked((cd_field) field, s, 4 * chars, 6, 4, &n);
			count(&t, n <= 60 * 4 + 3, "%zu characters of four bytes in field %d: %zu", chars, field, n);
		}
	ok_tally(&t, 51 * 12, "the longest values of the longest characters");
}

int
main(void)
{
	test_birth_dates();
	test_shown();
	test_any_text();
	test_bounds();
	return done_testing();
}
