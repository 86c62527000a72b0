/*
 * date.c
 *	  Calendar dates; days are counted from 2000-01-01, as PostgreSQL does.
 */
#include "rule.h"
#include "bytes.h"

#define EPOCH_SHIFT 730425		/* days from 0000-03-01 to 2000-01-01 */

static inline bool
is_leap(int y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

bool
cd_date_valid(int y, int m, int d)
{
	static const int8_t length[13] = {
		0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1)
		return false;
	return d <= length[m] + (m == 2 && is_leap(y));
}

/* Years are taken to begin in March, so that the leap day comes last. */
int32_t
cd_date_to_days(int y, int m, int d)
{
	int			shift = m <= 2;
	int			year = y - shift;
	int			month = m + 12 * shift - 3;

	return 365 * year + year / 4 - year / 100 + year / 400 +
		(153 * month + 2) / 5 + d - 1 - EPOCH_SHIFT;
}

void
cd_days_to_date(int32_t days, int *y, int *m, int *d)
{
	int			n = days + EPOCH_SHIFT;
	int			era = n / 146097;
	int			doe = n - era * 146097;
	int			yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int			doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int			mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

cd_date_verdict
cd_date_parse(const char *s, size_t len, int32_t *days)
{
	uint64_t	w;
	uint32_t	value;
	int			y;
	int			m;
	int			d;

	if (len != 10 || s[4] != '-' || s[7] != '-')
		return CD_DATE_FORM;
	/* the eight digits side by side */
	w = (load8(s) & UINT64_C(0xFFFFFFFF)) |
		(uint64_t) (unsigned char) s[5] << 32 | (uint64_t) (unsigned char) s[6] << 40 |
		(uint64_t) (unsigned char) s[8] << 48 | (uint64_t) (unsigned char) s[9] << 56;
	w -= DIGIT_ZEROS;
	if (!are_digits(w))
		return CD_DATE_FORM;
	value = digits_value(w);
	y = (int) (value / 10000);
	m = (int) (value / 100 % 100);
	d = (int) (value % 100);
	if (!cd_date_valid(y, m, d))
		return CD_DATE_NOT_REAL;
	*days = cd_date_to_days(y, m, d);
	return CD_DATE_OK;
}

void
cd_date_print(int32_t days, char out[10])
{
	int			y;
	int			m;
	int			d;

	cd_days_to_date(days, &y, &m, &d);
	out[0] = (char) ('0' + y / 1000);
	out[1] = (char) ('0' + y / 100 % 10);
	out[2] = (char) ('0' + y / 10 % 10);
	out[3] = (char) ('0' + y % 10);
	out[4] = out[7] = '-';
	out[5] = (char) ('0' + m / 10);
	out[6] = (char) ('0' + m % 10);
	out[8] = (char) ('0' + d / 10);
	out[9] = (char) ('0' + d % 10);
}

/*
 * Three numbers with anything but digits between and after them, or eight
 * digits, or the day count a spreadsheet shows when a date column is turned
 * into numbers (1900 date system, day 1 = 1900-01-01 with its false leap day;
 * taken from 2010 to 2060 only, so that no other number is read as a date).
 */
bool
cd_date_guess(const char *s, size_t len, int32_t *days)
{
	const char *end = s + len;
	int			number[3] = {0, 0, 0};
	int			digits[3] = {0, 0, 0};
	int			n = -1;
	bool		inside = false;

	while (s < end)
	{
		uint32_t	c = cd_fold_width(cd_utf8_next(&s, end));

		if (c >= '0' && c <= '9')
		{
			if (!inside && n + 1 > 2)
				break;			/* a time of day may follow */
			if (!inside)
				n++;
			inside = true;
			if (++digits[n] > 8)
				return false;
			number[n] = number[n] * 10 + (int) (c - '0');
		}
		else
			inside = false;
	}
	if (n == 0 && digits[0] == 8)
	{
		number[2] = number[0] % 100;
		number[1] = number[0] / 100 % 100;
		number[0] /= 10000;
	}
	else if (n == 0 && digits[0] == 5 && number[0] >= 40179 && number[0] <= 58805)
	{
		*days = number[0] - 36526;	/* serial 36526 is 2000-01-01 */
		return true;
	}
	else if (n < 2 || digits[0] != 4)
		return false;
	if (!cd_date_valid(number[0], number[1], number[2]))
		return false;
	*days = cd_date_to_days(number[0], number[1], number[2]);
	return true;
}
