/*
 * fuzz_calendar.c
 *	  libFuzzer target: any calendar, any day and count.  max_len: 120
 *
 * Bytes 0-3 are the day, 4-5 the count, 6 what is published, 7 the period's
 * unit, then three bytes for each special day near it: where, and of what kind.
 * Whatever the calendar, a walk from day to day finds the same.
 */
#include "calendar.h"
#include "fuzz.h"

#define MAX_DAYS 40
#define FIRST (-730119)			/* 0001-01-01, a Monday */
#define LAST 2921939

static cd_calendar cal;
static cd_calendar_day days[MAX_DAYS];

static bool
walk_worked(int32_t day)
{
	for (int i = 0; i < cal.ndays; i++)
		if (days[i].day == day && days[i].kind != CD_DAY_ORDINARY)
			return days[i].kind == CD_DAY_WORKDAY;
	return (day - FIRST) % 7 < 5;
}

/* false: it leaves the calendar. */
static bool
walk_add(int32_t *day, int n)
{
	int			step = n < 0 ? -1 : 1;

	while (n != 0)
	{
		*day += step;
		if (*day < FIRST || *day > LAST)
			return false;
		if (walk_worked(*day))
			n -= step;
	}
	return true;
}

static bool
walk_gap(int32_t from, int32_t to, int gap)
{
	for (int32_t day = from; day <= to; day++)
	{
		int			y;
		int			m;
		int			d;

		cd_days_to_date(day, &y, &m, &d);
		if ((cal.published[y / 32] >> (y % 32) & 1) == 0)
			return gap == y;
	}
	return gap == 0;
}

static void
make_calendar(const uint8_t *data, size_t len, int32_t near, int published)
{
	int			y;
	int			m;
	int			d;

	memset(&cal, 0, sizeof(cal));
	cal.day = days;
	for (; len >= 3 && cal.ndays < MAX_DAYS; data += 3, len -= 3)
	{
		int32_t		day = near + (int8_t) data[0] + (int8_t) data[1];
		bool		taken = day < FIRST || day > LAST;

		for (int i = 0; i < cal.ndays; i++)
			taken = taken || days[i].day == day;
		if (taken)
			continue;
		days[cal.ndays].day = day;
		days[cal.ndays++].kind = data[2] % CD_NDAY_KINDS;
	}
	cd_calendar_finish(&cal);
	for (int i = 1; i < cal.ndays; i++)
		must(days[i - 1].day < days[i].day);
	cd_days_to_date(near, &y, &m, &d);
	for (int i = 0; i < 8; i++)
		cd_calendar_publish(&cal, y - 4 + i, published >> i & 1);
}

/* The verdict by the definition, where the calendar is known. */
static void
must_be_late(const cd_period *period, int32_t from, int32_t done)
{
	cd_late_limit limit = {6, (done & 1) != 0};
	int32_t		due;
	int32_t		last;
	int			gap;
	int			judged_gap;
	bool		known = cd_due_date(&cal, period, from, &due, &gap);
	cd_lateness lateness = cd_judge_lateness(&cal, period, &limit, from, done, &judged_gap);

	must((lateness == CD_LATENESS_UNKNOWN) == (judged_gap != 0));
	must(lateness != CD_LATENESS_UNKNOWN || gap == judged_gap);
	if (gap != 0)
	{
		must(lateness != CD_LATE);
		return;
	}
	if (!known || done <= due)
		must(lateness == CD_ON_TIME);
	else if (cd_add_months(limit.from_due_date ? due : from, 6, &last) && done > last)
		must(lateness == CD_BEYOND);
	else
		must(lateness == CD_LATE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint32_t	bits;
	int16_t		n;
	int32_t		from;
	int32_t		walked;
	int32_t		due = 0;
	int			gap = 0;
	bool		known;
	cd_period	period = {0, CD_UNIT_WORKDAY, ""};

	if (len < 8)
		return 0;
	memcpy(&bits, data, 4);
	memcpy(&n, data + 4, 2);
	n = (int16_t) (n % 300);
	from = FIRST + (int32_t) (bits % 3652059);
	make_calendar(data + 8, len - 8, from, data[6]);

	walked = from;
	known = walk_add(&walked, n);
	must(cd_add_workdays(&cal, from, n, &due) == known);
	must(cd_is_workday(&cal, from) == walk_worked(from));
	if (known)
	{
		must(due == walked);
		if (n > 0)
			must(cd_workdays_between(&cal, from, due) == n && cd_workdays_between(&cal, due, from) == -n);
		if (n < 0)
			must(cd_workdays_between(&cal, due - 1, from - 1) == -n);
	}
	period.amount = n;
	must(cd_due_date(&cal, &period, from, &due, &gap) == known);
	if (known && n > 0)
		must(due == walked && walk_gap(from + 1, due, gap));
	else if (known)
		must(due == walked && walk_gap(due, from - 1, gap));

	period.unit = (cd_unit) (data[7] % CD_NUNITS);
	period.amount = n < 0 ? -n : n;
	for (int i = -3; i < 12; i++)
	{
		int64_t		done = (int64_t) from + i * 31 + (data[7] >> 3);

		if (done >= FIRST && done <= LAST)
			must_be_late(&period, from, (int32_t) done);
	}
	return 0;
}
