/*
 * test_calendar.c
 *	  Looks for: a shipped day that the notices do not have, a day counted
 *	  twice or not at all, a due date that is no working day, an end of the
 *	  calendar run over, a year that is needed and not asked for.
 *
 * The oracle walks from day to day and knows nothing of the code's sums.
 */
#include "calendar.h"
#include "tap.h"

#define FIRST cd_date_to_days(1, 1, 1)
#define LAST cd_date_to_days(9999, 12, 31)
#define OLDEST cd_date_to_days(2010, 1, 1)	/* what the walk knows */
#define NDAYS 12000
#define MAX_DAYS 6000

static bool worked[NDAYS];		/* by the walk */
static cd_calendar cal;
static cd_calendar_day day_room[MAX_DAYS];

static int32_t
date(const char *s)
{
	int32_t		days = CD_DATE_NONE;

	if (cd_date_parse(s, 10, &days) != CD_DATE_OK)
		abort();
	return days;
}

/* ---- the oracle ---- */

/* Monday to Friday, counted on from 2010-01-01, a Friday. */
static void
walk_weeks(void)
{
	int			weekday = 4;

	for (int i = 0; i < NDAYS; i++)
	{
		worked[i] = weekday < 5;
		weekday = (weekday + 1) % 7;
	}
}

static bool
walk_worked(int32_t day)
{
	int32_t		i = day - OLDEST;

	if (i < 0 || i >= NDAYS)
		abort();
	return worked[i];
}

static int32_t
walk_add(int32_t day, int n)
{
	int			step = n < 0 ? -1 : 1;

	while (n != 0)
	{
		day += step;
		if (walk_worked(day))
			n -= step;
	}
	return day;
}

static int32_t
walk_between(int32_t from, int32_t to)
{
	int32_t		n = 0;

	if (to < from)
		return -walk_between(to, from);
	while (from < to)
		n += walk_worked(++from);
	return n;
}

/* The facts as they were given, in a file of their own: date,kind,name. */
static void
test_facts(void)
{
	FILE	   *file = fopen("test/data/holidays.csv", "r");
	tally		t = {0};
	char		line[200];
	int			n = 0;

	if (!ok(file != NULL && fgets(line, sizeof(line), file) != NULL, "test/data/holidays.csv is there"))
		return;
	while (fgets(line, sizeof(line), file) != NULL && n < cd_npublished_days)
	{
		const cd_special_day *day = &cd_published_days[n++];
		char		made[200];

		snprintf(made, sizeof(made), "%04d-%02d-%02d,%s,%s\n", day->year, day->month, day->day,
				 cd_day_kind_name[day->kind], day->name);
		count(&t, strcmp(made, line) == 0, "%s", line);
		worked[date(line) - OLDEST] = strncmp(line + 11, "workday", 7) == 0;
	}
	count(&t, feof(file) || fgets(line, sizeof(line), file) == NULL, "a day more than shipped");
	fclose(file);
	ok(n == cd_npublished_days, "as many days as shipped");
	ok_tally(&t, 315, "every day of holidays.csv is shipped, and no other");
}

static void
test_years(void)
{
	static const int per_year[] = {250, 250, 249, 250, 249, 249, 251, 248, 248};
	tally		t = {0};

	for (int year = 2018; year <= 2026; year++)
	{
		int32_t		from = cd_date_to_days(year - 1, 12, 31);

		count(&t, cd_workdays_between(&cal, from, cd_date_to_days(year, 12, 31)) == per_year[year - 2018],
			  "%d", year);
	}
	ok_tally(&t, 9, "working days of each year 2018-2026");
}

/* ---- every day ---- */

static void
test_worked_examples(void)
{
	static const struct
	{
		const char *from;
		int			n;
		const char *due;
	}			example[] = {
		{"2022-02-09", 20, "2022-03-09"},
		{"2022-09-30", 20, "2022-11-02"},
		{"2024-02-04", 10, "2024-02-22"},
		{"2025-01-26", 20, "2025-02-28"},
		{"2026-02-13", 20, "2026-03-19"},
		{"2026-09-30", 10, "2026-10-20"},
		{"2026-09-20", 10, "2026-10-10"}
	};
	tally		t = {0};
	int32_t		due = 0;

	for (size_t i = 0; i < sizeof(example) / sizeof(example[0]); i++)
	{
		bool		good = cd_add_workdays(&cal, date(example[i].from), example[i].n, &due);

		count(&t, good && due == date(example[i].due), "%s + %d", example[i].from, example[i].n);
	}
	ok_tally(&t, 7, "worked examples");
	ok(cd_add_workdays(&cal, date("2022-10-01"), 0, &due) && due == date("2022-10-01"),
	   "0 working days on: the day itself, even if it is a holiday");
	ok(cd_add_workdays(&cal, date("2022-10-08"), -1, &due) && due == date("2022-09-30"),
	   "1 working day before the first one after 国庆节");
}

static void
test_every_day(void)
{
	static const int counts[] = {1, 2, 3, 5, 9, 10, 15, 20, 21, 60, 249, 250, 500};
	tally		t = {0};
	tally		adds = {0};
	int32_t		to = date("2026-12-31");

	for (int32_t day = date("2018-01-01"); day <= to; day++)
	{
		int32_t		due;

		count(&t, cd_is_workday(&cal, day) == walk_worked(day), "day %d", (int) day);
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		{
			int			n = counts[i];

			count(&adds, cd_add_workdays(&cal, day, n, &due) && due == walk_add(day, n) &&
				  cd_workdays_between(&cal, day, due) == n, "day %d + %d", (int) day, n);
			count(&adds, cd_add_workdays(&cal, day, -n, &due) && due == walk_add(day, -n),
				  "day %d - %d", (int) day, n);
		}
	}
	ok_tally(&t, 3287, "every day 2018-2026, worked or not");
	ok_tally(&adds, 3287 * 26, "every day 2018-2026, due dates after and before");
}

static void
test_between(void)
{
	tally		t = {0};
	int32_t		first = date("2017-06-01");

	for (int i = 0; i < 20000; i++)
	{
		int32_t		a = first + (int32_t) random_below(3700);
		int32_t		b = first + (int32_t) random_below(3700);

		count(&t, cd_workdays_between(&cal, a, b) == walk_between(a, b), "%d to %d", (int) a, (int) b);
	}
	ok_tally(&t, 20000, "random spans of days");
}

/* ---- any calendar ---- */

/*
 * A calendar of random days in no order, and the walk of it.  Some of the days
 * change nothing: Saturdays that are holidays, ordinary days.
 */
static void
random_calendar(int ndays)
{
	static bool taken[NDAYS];

	memset(taken, 0, sizeof(taken));
	memset(&cal, 0, sizeof(cal));
	cal.day = day_room;
	walk_weeks();
	while (cal.ndays < ndays)
	{
		int			i = (int) random_below(NDAYS);
		int			kind = (int) random_below(CD_NDAY_KINDS);

		if (taken[i])
			continue;
		taken[i] = true;
		day_room[cal.ndays++] = (cd_calendar_day)
		{
			.day = OLDEST + i, .kind = (int16_t) kind
		};
		if (kind != CD_DAY_ORDINARY)
			worked[i] = kind == CD_DAY_WORKDAY;
	}
	cd_calendar_finish(&cal);
}

static void
test_random_calendars(void)
{
	tally		t = {0};

	for (int round = 0; round < 60; round++)
	{
		random_calendar(round == 0 ? 0 : (int) random_below(MAX_DAYS));
		for (int i = 0; i < 300; i++)
		{
			int32_t		day = OLDEST + 3000 + (int32_t) random_below(6000);
			int			n = (int) random_below(401) - 200;
			int32_t		other = OLDEST + (int32_t) random_below(NDAYS);
			int32_t		due;

			count(&t, cd_is_workday(&cal, day) == walk_worked(day), "day %d", (int) day);
			count(&t, cd_add_workdays(&cal, day, n, &due) && due == walk_add(day, n),
				  "day %d, %d", (int) day, n);
			count(&t, cd_workdays_between(&cal, day, other) == walk_between(day, other),
				  "%d to %d", (int) day, (int) other);
		}
	}
	ok_tally(&t, 54000, "random calendars, entered in any order");
}

/* ---- the ends ---- */

static void
test_ends(void)
{
	static const int32_t far[] = {2608615, 2608616, 2608620, 3652058, INT32_MAX, INT32_MAX - 1};
	tally		t = {0};
	int32_t		due;
	int32_t		all;

	/* an empty calendar: 521722 weeks and 5 days, Monday first */
	memset(&cal, 0, sizeof(cal));
	cal.day = day_room;
	all = 521722 * 5 + 5;
	ok(cd_is_workday(&cal, FIRST) && cd_is_workday(&cal, LAST), "0001-01-01 is a Monday, 9999-12-31 a Friday");
	ok(cd_workdays_between(&cal, FIRST, LAST) == all - 1 && cd_workdays_between(&cal, LAST, FIRST) == 1 - all,
	   "all working days of all years");
	ok(cd_add_workdays(&cal, FIRST, all - 1, &due) && due == LAST, "from the first day to the last");
	ok(cd_add_workdays(&cal, LAST, 1 - all, &due) && due == FIRST, "and back");
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++)
	{
		count(&t, !cd_add_workdays(&cal, FIRST, far[i], &due), "%d too far", (int) far[i]);
		count(&t, !cd_add_workdays(&cal, LAST, -far[i], &due), "-%d too far", (int) far[i]);
	}
	count(&t, !cd_add_workdays(&cal, LAST, 1, &due) && !cd_add_workdays(&cal, FIRST, -1, &due), "one too far");
	count(&t, !cd_add_workdays(&cal, 0, INT32_MIN, &due), "as far as can be");
	count(&t, !cd_add_workdays(&cal, INT32_MIN, 1, &due) && !cd_add_workdays(&cal, INT32_MAX, -1, &due) &&
		  !cd_add_workdays(&cal, FIRST - 1, 0, &due) && !cd_add_workdays(&cal, LAST + 1, 0, &due),
		  "from where no calendar is");
	ok_tally(&t, 15, "what leaves the calendar is refused");
}

static void
test_months(void)
{
	static const struct
	{
		const char *from;
		int			n;
		const char *to;			/* NULL: refused */
	}			example[] = {
		{"2022-08-31", 6, "2023-02-28"}, {"2023-08-31", 6, "2024-02-29"}, {"2022-08-30", 6, "2023-02-28"},
		{"2022-02-28", 6, "2022-08-28"}, {"2022-02-09", 6, "2022-08-09"}, {"2022-10-31", 6, "2023-04-30"},
		{"2022-07-15", 12, "2023-07-15"}, {"2024-02-29", 12, "2025-02-28"}, {"2022-03-31", -1, "2022-02-28"},
		{"2022-01-31", 0, "2022-01-31"}, {"0001-01-31", 1, "0001-02-28"}, {"9999-11-30", 1, "9999-12-30"},
		{"9999-12-01", 1, NULL}, {"9999-06-30", 120, NULL}, {"0001-01-31", -1, NULL},
		{"2022-02-09", INT32_MAX, NULL}, {"2022-02-09", INT32_MIN, NULL}
	};
	tally		t = {0};
	int32_t		to;

	for (size_t i = 0; i < sizeof(example) / sizeof(example[0]); i++)
	{
		bool		good = cd_add_months(date(example[i].from), example[i].n, &to);

		count(&t, good == (example[i].to != NULL) && (!good || to == date(example[i].to)),
			  "%s + %d months", example[i].from, example[i].n);
	}
	count(&t, !cd_add_months(LAST + 1, -1, &to) && !cd_add_months(FIRST - 1, 1, &to), "from where no calendar is");
	ok_tally(&t, 18, "months, clamped to the month's end");
}

static void
test_gaps(void)
{
	tally		t = {0};
	int			gap;
	int32_t		due;
	cd_period	ten = {10, CD_UNIT_WORKDAY, ""};
	cd_period	days = {40, CD_UNIT_DAY, ""};
	cd_period	month = {1, CD_UNIT_MONTH, ""};

	cd_calendar_builtin(&cal, day_room);
	count(&t, cd_calendar_gap(&cal, date("2018-01-01"), date("2026-12-31")) == 0, "2018-2026 are published");
	count(&t, cd_calendar_gap(&cal, date("2018-01-01"), date("2027-01-01")) == 2027, "2027 is not");
	count(&t, cd_calendar_gap(&cal, date("2017-12-31"), date("2027-01-01")) == 2017, "nor is 2017");
	count(&t, cd_calendar_gap(&cal, date("2027-01-01"), date("2026-12-31")) == 0, "no day, no gap");
	count(&t, cd_calendar_gap(&cal, INT32_MIN, 0) == 0 && cd_calendar_gap(&cal, 0, INT32_MAX) == 0,
		  "days that no calendar has");
	cd_calendar_publish(&cal, 2020, false);
	count(&t, cd_calendar_gap(&cal, date("2018-01-01"), date("2026-12-31")) == 2020, "2020 withdrawn");
	cd_calendar_publish(&cal, 2020, true);
	cd_calendar_publish(&cal, 0, true);
	cd_calendar_publish(&cal, -7, true);
	cd_calendar_publish(&cal, 10000, true);
	cd_calendar_publish(&cal, 9999, true);
	count(&t, cd_calendar_gap(&cal, date("9999-01-01"), LAST) == 0 &&
		  cd_calendar_gap(&cal, date("9998-12-31"), LAST) == 9998, "9999 published");
	ok_tally(&t, 7, "the first unpublished year of a span");

	memset(&t, 0, sizeof(t));
	count(&t, cd_due_date(&cal, &ten, date("2026-12-17"), &due, &gap) && due == date("2026-12-31") && gap == 0,
		  "due on the last day published");
	count(&t, cd_due_date(&cal, &ten, date("2026-12-18"), &due, &gap) && due == date("2027-01-01") && gap == 2027,
		  "due on the day after");
	count(&t, cd_due_date(&cal, &ten, date("2017-12-31"), &due, &gap) && gap == 0, "the day itself does not count");
	count(&t, cd_due_date(&cal, &ten, date("2017-12-30"), &due, &gap) && gap == 2017, "the day before does");
	count(&t, cd_due_date(&cal, &days, date("2026-12-18"), &due, &gap) && due == date("2027-01-27") && gap == 0,
		  "days need no calendar");
	count(&t, cd_due_date(&cal, &month, date("2026-12-31"), &due, &gap) && due == date("2027-01-31") && gap == 0,
		  "nor do months");
	count(&t, !cd_due_date(&cal, &ten, LAST - 3, &due, &gap) && gap == 0, "after the last day, in a published year");
	count(&t, !cd_due_date(&cal, &days, LAST - 39, &due, &gap) && cd_due_date(&cal, &days, LAST - 40, &due, &gap),
		  "days to the last day");
	ten.amount = -1;
	count(&t, cd_due_date(&cal, &ten, date("2027-01-01"), &due, &gap) && due == date("2026-12-31") && gap == 0,
		  "back, the day itself does not count");
	count(&t, cd_due_date(&cal, &ten, date("2027-01-04"), &due, &gap) && due == date("2027-01-01") && gap == 2027,
		  "back through an unpublished year");
	ten.amount = 10;
	days.amount = INT32_MAX;
	count(&t, !cd_due_date(&cal, &days, LAST, &due, &gap) && !cd_due_date(&cal, &ten, INT32_MAX, &due, &gap),
		  "as far as can be");
	ok_tally(&t, 11, "due dates and the year they need");
}

int
main(void)
{
	walk_weeks();
	cd_calendar_builtin(&cal, day_room);
	test_facts();
	test_years();
	test_worked_examples();
	test_every_day();
	test_between();
	test_random_calendars();
	test_ends();
	test_months();
	test_gaps();
	return done_testing();
}
