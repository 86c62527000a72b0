/*
 * fuzz_date.c
 *	  libFuzzer target: any text as a date, any number as a day.  max_len: 40
 *
 * A date that is read prints as it was written; a guess is a date that reads
 * as itself; a day of the calendar comes back.
 */
#include "rule.h"
#include "fuzz.h"

/* The form, decided apart from the value. */
static bool
has_form(const char *s, size_t len)
{
	static const char form[] = "9999-99-99";

	if (len != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < len; i++)
		if (form[i] == '9' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return false;
	return true;
}

static void
must_be_day(int32_t days)
{
	char		printed[10];
	int32_t		again;
	int			y;
	int			m;
	int			d;

	cd_days_to_date(days, &y, &m, &d);
	must(cd_date_valid(y, m, d) && cd_date_to_days(y, m, d) == days);
	cd_date_print(days, printed);
	must(cd_date_parse(printed, 10, &again) == CD_DATE_OK && again == days);
	must(cd_date_guess(printed, 10, &again) && again == days);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t		valid = naive_valid(data, len);
	char	   *s = exact_copy(data, valid);
	int32_t		days = INT32_MAX;
	int32_t		guess = INT32_MAX;
	cd_date_verdict verdict = cd_date_parse(s, valid, &days);
	char		printed[10];

	must((verdict == CD_DATE_FORM) == !has_form(s, valid));
	if (verdict == CD_DATE_OK)
	{
		cd_date_print(days, printed);
		must(memcmp(printed, s, 10) == 0);
		must_be_day(days);
	}
	else
		must(days == INT32_MAX);
	if (cd_date_guess(s, valid, &guess))
	{
		must_be_day(guess);
		must(verdict != CD_DATE_OK || guess == days);
		must(verdict != CD_DATE_NOT_REAL);
	}
	else
		must(verdict != CD_DATE_OK);
	free(s);

	/* four bytes as a day from 0001-01-01 to 9999-12-31 */
	if (len >= 4)
	{
		uint32_t	n;

		memcpy(&n, data, 4);
		must_be_day(cd_date_to_days(1, 1, 1) + (int32_t) (n % 3652059));
	}
	return 0;
}
