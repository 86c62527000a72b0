/*
 * test_date.c
 *	  Looks for: a day counted wrong anywhere from 0001 to 9999, a leap rule
 *	  forgotten, a date form taken that is not exactly YYYY-MM-DD, a guess that
 *	  reads a number as a date it is not.
 */
#include "rule.h"
#include "tap.h"

static int
month_length(int y, int m)
{
	if (m == 2)
	{
		if (y % 400 == 0)
			return 29;
		if (y % 100 == 0)
			return 28;
		return y % 4 == 0 ? 29 : 28;
	}
	return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

/*
 * Walk the calendar day by day.  0001-01-01 is 730119 days before 2000-01-01:
 * 1999 years of 365 days and 499 - 19 + 4 leap days.
 */
static void
test_every_day(void)
{
	tally		t = {0};
	int32_t		day = -(1999 * 365 + 499 - 19 + 4);

	for (int y = 1; y <= 9999; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; d <= month_length(y, m); d++, day++)
			{
				char		text[40];
				char		printed[10];
				int32_t		parsed = 0;
				int			yy;
				int			mm;
				int			dd;

				sprintf(text, "%04d-%02d-%02d", y, m, d);
				cd_days_to_date(day, &yy, &mm, &dd);
				cd_date_print(day, printed);
				count(&t, cd_date_to_days(y, m, d) == day && yy == y && mm == m && dd == d &&
					  cd_date_valid(y, m, d) && memcmp(printed, text, 10) == 0 &&
					  cd_date_parse(text, 10, &parsed) == CD_DATE_OK && parsed == day,
					  "%s is day %d", text, (int) day);
			}
	ok_tally(&t, 3652059, "every day from 0001-01-01 to 9999-12-31, there and back");
	ok(cd_date_to_days(2000, 1, 1) == 0 && cd_date_to_days(1970, 1, 1) == -10957 &&
	   cd_date_to_days(2022, 2, 9) == 8075, "days known from PostgreSQL");
}

static void
test_unreal_days(void)
{
	static const int year[] = {
		-1, 0, 1, 4, 100, 400, 1800, 1900, 1999, 2000, 2001, 2004, 2100, 9999, 10000
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(year) / sizeof(year[0]); i++)
		for (int m = -1; m <= 14; m++)
			for (int d = -1; d <= 33; d++)
			{
				int			y = year[i];
				bool		real = y >= 1 && y <= 9999 && m >= 1 && m <= 12 && d >= 1 && d <= month_length(y, m);

				count(&t, cd_date_valid(y, m, d) == real, "%d-%d-%d", y, m, d);
			}
	ok_tally(&t, 15 * 16 * 35, "days around every month's ends, in lawful years and others");
}

static void
test_forms(void)
{
	static const char *const form[] = {
		"", "2022-2-9", "2022/02/09", "20220209", "2022-02-09 ", " 2022-02-09", "2022-02-9",
		"2022.02.09", "2022-02-0９", "２０２２-02-09", "+022-02-09", "2022-0x-09",
		"2022--2-09", "2022-02-+9", "2022_02_09", "2022-02-09T", "12022-02-09", "9-02-2022",
		"2022-02 09", "2022年2月9", "-022-02-09", "2022-02-0:", "2022-02-0/", "/022-02-09"
	};
	static const char *const unreal[] = {
		"0000-01-01", "2022-00-09", "2022-13-09", "2022-02-00", "2022-02-29", "1900-02-29",
		"2100-02-29", "2022-04-31", "9999-99-99", "2022-12-32"
	};
	tally		t = {0};
	int32_t		days;

	for (size_t i = 0; i < sizeof(form) / sizeof(form[0]); i++)
	{
		char	   *copy = exact_copy(form[i], strlen(form[i]));

		count(&t, cd_date_parse(copy, strlen(form[i]), &days) == CD_DATE_FORM, "%s", form[i]);
		free(copy);
	}
	ok_tally(&t, 24, "what is not YYYY-MM-DD");
	memset(&t, 0, sizeof(t));
	for (size_t i = 0; i < sizeof(unreal) / sizeof(unreal[0]); i++)
		count(&t, cd_date_parse(unreal[i], 10, &days) == CD_DATE_NOT_REAL, "%s", unreal[i]);
	ok_tally(&t, 10, "dates that are not real");

	/* one byte of a good date replaced by each other byte */
	memset(&t, 0, sizeof(t));
	for (int at = 0; at < 10; at++)
		for (int b = 0; b < 256; b++)
		{
			char		text[] = "2011-11-11";
			bool		digit = b >= '0' && b <= '9';

			text[at] = (char) b;
			count(&t, (cd_date_parse(text, 10, &days) == CD_DATE_FORM) !=
				  (at == 4 || at == 7 ? b == '-' : digit), "byte %02x at %d", (unsigned) b, at);
		}
	ok_tally(&t, 2560, "every byte at every place");
}

/* What was meant, NULL: no guess. */
static const char *const guesses[][2] = {
	{"2022/2/9", "2022-02-09"},
	{"20220209", "2022-02-09"},
	{"2022年2月9日", "2022-02-09"},
	{"２０２２年０２月０９日", "2022-02-09"},
	{"2022.2.9", "2022-02-09"},
	{"2022-2-9", "2022-02-09"},
	{"2022-02-09 10:30:00", "2022-02-09"},
	{"2022/2/9 0:00", "2022-02-09"},
	{" 2022-02-09", "2022-02-09"},
	{"=\"2022-02-09\"", "2022-02-09"},
	{"44601", "2022-02-09"},
	{"40179", "2010-01-01"},
	{"58805", "2060-12-30"},
	{"2024-2-29", "2024-02-29"},
	{"9999-12-31", "9999-12-31"},
	{"2022 2 9", "2022-02-09"},
	{"", NULL},
	{"abc", NULL},
	{"年月日", NULL},
	{"40178", NULL},
	{"58806", NULL},
	{"2022", NULL},
	{"2022-02", NULL},
	{"202202", NULL},
	{"22-2-9", NULL},
	{"9/2/2022", NULL},
	{"2023-2-29", NULL},
	{"20230229", NULL},
	{"00000101", NULL},
	{"2022-13-1", NULL},
	{"2022-1-32", NULL},
	{"0000-1-1", NULL},
	{"2022-123456789-1", NULL},
	{"1234567890123456789012345678901234567890", NULL},
	{"2022-99999999-99999999", NULL},
	{"4460１", "2022-02-09"}
};

static void
test_guess(void)
{
	tally		t = {0};
	int32_t		days;

	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++)
	{
		const char *meant = guesses[i][1];
		char	   *copy = exact_copy(guesses[i][0], strlen(guesses[i][0]));
		bool		guessed = cd_date_guess(copy, strlen(guesses[i][0]), &days);
		char		printed[10] = "";

		if (guessed)
			cd_date_print(days, printed);
		count(&t, guessed == (meant != NULL) && (!guessed || memcmp(printed, meant, 10) == 0),
			  "\"%s\" guessed as %.10s", guesses[i][0], guessed ? printed : "nothing");
		free(copy);
	}
	ok_tally(&t, 36, "guesses at what was meant");

	/* the serials of the 1900 system, one by one */
	memset(&t, 0, sizeof(t));
	for (int serial = 40179; serial <= 58805; serial++)
	{
		char		text[40];
		int			n = sprintf(text, "%d", serial);

		count(&t, cd_date_guess(text, (size_t) n, &days) &&
			  days == cd_date_to_days(2010, 1, 1) + serial - 40179, "%s", text);
	}
	ok_tally(&t, 18627, "a spreadsheet's day count from 2010 to 2060");
}

int
main(void)
{
	test_every_day();
	test_unreal_days();
	test_forms();
	test_guess();
	return done_testing();
}
