/*
 * calendar.c
 *	  Working days counted, due dates, lateness of a submission.
 *
 * No day is looked at by itself: the working days up to a day are those of the
 * week, by arithmetic, plus the sum that the last special day before it
 * carries.  That count never falls, so a due date is found by bisection.
 */
#include "calendar.h"

#include <stdio.h>
#include <string.h>

#define FIRST_DAY (-730119)		/* 0001-01-01, a Monday */
#define LAST_DAY 2921939		/* 9999-12-31 */
#define NEAR_DAYS 64			/* the guide's periods end within */

const char *const cd_day_kind_name[CD_NDAY_KINDS] = {"ordinary", "holiday", "workday"};

const cd_special_day cd_published_days[] = {
#define DAY(y, m, d, kind, name) {y, m, d, CD_DAY_##kind, name},
#include "holidaylist.h"
#undef DAY
};
const int	cd_npublished_days = sizeof(cd_published_days) / sizeof(cd_published_days[0]);

/* ---- the calendar in force ---- */

static inline bool
in_range(int64_t day)
{
	return day >= FIRST_DAY && day <= LAST_DAY;
}

/* Monday to Friday? */
static inline bool
is_weekday(int32_t day)
{
	return (day - FIRST_DAY) % 7 < 5;
}

/* Shell sort: the built-in days come in order, the few others are behind them. */
static void
sort_days(cd_calendar_day *day, int n)
{
	static const int gaps[] = {29524, 9841, 3280, 1093, 364, 121, 40, 13, 4, 1};

	for (size_t g = 0; g < sizeof(gaps) / sizeof(gaps[0]); g++)
		for (int i = gaps[g]; i < n; i++)
		{
			cd_calendar_day moved = day[i];
			int			at = i;

			for (; at >= gaps[g] && day[at - gaps[g]].day > moved.day; at -= gaps[g])
				day[at] = day[at - gaps[g]];
			day[at] = moved;
		}
}

void
cd_calendar_finish(cd_calendar *cal)
{
	int32_t		worked = 0;

	sort_days(cal->day, cal->ndays);
	for (int i = 0; i < cal->ndays; i++)
	{
		cd_calendar_day *day = &cal->day[i];

		if (day->kind == CD_DAY_HOLIDAY && is_weekday(day->day))
			worked--;
		if (day->kind == CD_DAY_WORKDAY && !is_weekday(day->day))
			worked++;
		day->worked = worked;
	}
}

void
cd_calendar_publish(cd_calendar *cal, int year, bool published)
{
	uint32_t	bit;

	if (year < 1 || year >= CD_CALENDAR_YEARS)
		return;
	bit = UINT32_C(1) << (year % 32);
	if (published)
		cal->published[year / 32] |= bit;
	else
		cal->published[year / 32] &= ~bit;
}

void
cd_calendar_builtin(cd_calendar *cal, cd_calendar_day *day)
{
	memset(cal, 0, sizeof(*cal));
	cal->day = day;
	cal->ndays = cd_npublished_days;
	for (int i = 0; i < cd_npublished_days; i++)
	{
		const cd_special_day *special = &cd_published_days[i];

		day[i].day = cd_date_to_days(special->year, special->month, special->day);
		day[i].kind = special->kind;
		day[i].unused = 0;
	}
	cd_calendar_finish(cal);
	for (int year = CD_PUBLISHED_FIRST; year <= CD_PUBLISHED_LAST; year++)
		cd_calendar_publish(cal, year, true);
}

static int
year_of(int32_t day)
{
	int			y;
	int			m;
	int			d;

	cd_days_to_date(day, &y, &m, &d);
	return y;
}

int
cd_calendar_gap(const cd_calendar *cal, int32_t from, int32_t to)
{
	int			last;

	if (to < from || !in_range(from) || !in_range(to))
		return 0;
	last = year_of(to);
	for (int year = year_of(from); year <= last; year++)
		if ((cal->published[year / 32] >> (year % 32) & 1) == 0)
			return year;
	return 0;
}

/* ---- counting ---- */

/* The last special day up to and including day; NULL: there is none. */
static const cd_calendar_day *
last_special(const cd_calendar *cal, int32_t day)
{
	int			low = 0;
	int			high = cal->ndays;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (cal->day[middle].day <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &cal->day[low - 1] : NULL;
}

/* Working days from 0001-01-01 up to and including day; day >= FIRST_DAY - 1. */
static int32_t
worked_until(const cd_calendar *cal, int32_t day)
{
	int32_t		n = day - FIRST_DAY + 1;
	int32_t		rest = n % 7;
	const cd_calendar_day *special = last_special(cal, day);

	return n / 7 * 5 + (rest < 5 ? rest : 5) + (special != NULL ? special->worked : 0);
}

bool
cd_is_workday(const cd_calendar *cal, int32_t day)
{
	const cd_calendar_day *special = last_special(cal, day);

	if (special != NULL && special->day == day && special->kind != CD_DAY_ORDINARY)
		return special->kind == CD_DAY_WORKDAY;
	return is_weekday(day);
}

int32_t
cd_workdays_between(const cd_calendar *cal, int32_t from, int32_t to)
{
	return worked_until(cal, to) - worked_until(cal, from);
}

bool
cd_add_workdays(const cd_calendar *cal, int32_t from, int32_t n, int32_t *result)
{
	int32_t		low = FIRST_DAY;
	int32_t		high = LAST_DAY;
	int64_t		count;

	if (!in_range(from))
		return false;
	*result = from;
	if (n == 0)
		return true;
	/* the working day wanted is the count-th from 0001-01-01 on */
	count = n > 0 ? (int64_t) worked_until(cal, from) + n :
		(int64_t) worked_until(cal, from - 1) + n + 1;
	if (count < 1 || count > worked_until(cal, LAST_DAY))
		return false;
	/* usually it is near */
	if (n > 0 && from < LAST_DAY - NEAR_DAYS && worked_until(cal, from + NEAR_DAYS) >= count)
	{
		low = from + 1;
		high = from + NEAR_DAYS;
	}
	while (low < high)
	{
		int32_t		middle = low + (high - low) / 2;

		if (worked_until(cal, middle) < count)
			low = middle + 1;
		else
			high = middle;
	}
	*result = low;
	return true;
}

bool
cd_add_months(int32_t from, int32_t n, int32_t *result)
{
	int64_t		month;			/* since January of year 0 */
	int			y;
	int			m;
	int			d;

	if (!in_range(from))
		return false;
	cd_days_to_date(from, &y, &m, &d);
	month = (int64_t) y * 12 + (m - 1) + n;
	if (month < 12 || month >= CD_CALENDAR_YEARS * 12)
		return false;
	y = (int) (month / 12);
	m = (int) (month % 12) + 1;
	while (!cd_date_valid(y, m, d))
		d--;
	*result = cd_date_to_days(y, m, d);
	return true;
}

/* ---- periods ---- */

const char *const cd_step_name[CD_NSTEPS] = {
	"upload", "city_review", "province_review", "ministry_publish", "resubmit"
};
const char *const cd_unit_name[CD_NUNITS] = {"workday", "day", "month"};
const char *const cd_lateness_name[4] = {"on_time", "late", "beyond", "provisional"};

const cd_period cd_period_builtin[CD_NSTEPS] = {
	[CD_STEP_UPLOAD] = {20, CD_UNIT_WORKDAY, "第十条"},
	[CD_STEP_CITY_REVIEW] = {10, CD_UNIT_WORKDAY, "第十条"},
	[CD_STEP_PROVINCE_REVIEW] = {10, CD_UNIT_WORKDAY, "第十条"},
	[CD_STEP_MINISTRY_PUBLISH] = {15, CD_UNIT_WORKDAY, "第十条"},
	[CD_STEP_RESUBMIT] = {10, CD_UNIT_WORKDAY, "第十一条"},
};

/* An unpublished year among those that n working days from a day run through. */
static int
gap_on_the_way(const cd_calendar *cal, int32_t from, int32_t n, bool known, int32_t due)
{
	if (n > 0)
		return cd_calendar_gap(cal, from + 1, known ? due : LAST_DAY);
	return n < 0 ? cd_calendar_gap(cal, known ? due : FIRST_DAY, from - 1) : 0;
}

bool
cd_due_date(const cd_calendar *cal, const cd_period *period, int32_t from,
			int32_t *due, int *gap)
{
	bool		known;

	*gap = 0;
	if (!in_range(from))
		return false;
	switch (period->unit)
	{
		case CD_UNIT_DAY:
			if (!in_range((int64_t) from + period->amount))
				return false;
			*due = from + period->amount;
			return true;
		case CD_UNIT_MONTH:
			return cd_add_months(from, period->amount, due);
		default:
			known = cd_add_workdays(cal, from, period->amount, due);
			*gap = gap_on_the_way(cal, from, period->amount, known, *due);
			return known;
	}
}

/* A verdict, and the days it rests on as far as they are known. */
typedef struct judgement
{
	cd_lateness lateness;
	int			gap;
	int32_t		due;
	int32_t		limit;			/* last day before CD_BEYOND */
} judgement;

/*
 * The due date lies in the year "gap" or later, which has no calendar.  What is
 * done before that year is on time.  A limit counted from the issue date asks
 * the calendar nothing, but only what is overdue can be beyond it: however a
 * year's holidays fall, a working day comes in every seven days on average,
 * give or take two weeks.
 */
static cd_lateness
judge_without_calendar(const cd_calendar *cal, const cd_period *period, const cd_late_limit *limit,
					   int32_t from, int32_t done, judgement *j)
{
	int32_t		unknown = cd_date_to_days(j->gap, 1, 1);	/* first such day */
	int64_t		latest;

	if (unknown <= from)
		unknown = from + 1;
	if (done < unknown)
		return CD_ON_TIME;
	latest = unknown + 14 + 7 * ((int64_t) period->amount - cd_workdays_between(cal, from, unknown - 1));
	if (limit != NULL && !limit->from_due_date && done > latest &&
		cd_add_months(from, limit->months, &j->limit) && done > j->limit)
		return CD_BEYOND;
	return CD_LATENESS_UNKNOWN;
}

static judgement
judge(const cd_calendar *cal, const cd_period *period, const cd_late_limit *limit,
	  int32_t from, int32_t done)
{
	judgement	j = {CD_LATENESS_UNKNOWN, 0, 0, 0};
	bool		known;

	if (!in_range(from) || !in_range(done))
		return j;
	known = cd_due_date(cal, period, from, &j.due, &j.gap);
	if (j.gap != 0)
		j.lateness = judge_without_calendar(cal, period, limit, from, done, &j);
	else if (!known || done <= j.due)	/* not known: it is after 9999-12-31 */
		j.lateness = CD_ON_TIME;
	else if (limit != NULL &&
			 cd_add_months(limit->from_due_date ? j.due : from, limit->months, &j.limit) &&
			 done > j.limit)
		j.lateness = CD_BEYOND;
	else
		j.lateness = CD_LATE;
	if (j.lateness != CD_LATENESS_UNKNOWN)
		j.gap = 0;
	return j;
}

cd_lateness
cd_judge_lateness(const cd_calendar *cal, const cd_period *period, const cd_late_limit *limit,
				  int32_t from, int32_t done, int *gap)
{
	judgement	j = judge(cal, period, limit, from, done);

	*gap = j.gap;
	return j.lateness;
}

/* ---- a submission ---- */

static void
put_date(char *out, int32_t day)
{
	cd_date_print(day, out);
	out[10] = '\0';
}

/* The period for uploading what was issued on that day. */
static const cd_period *
upload_period(const struct cd_submission *submission, int32_t day)
{
	for (int i = 0; i < submission->nperiods; i++)
	{
		const cd_dated_period *p = &submission->period[i];

		if (day >= p->valid.from && day <= p->valid.to)
			return &p->period;
	}
	return &cd_period_builtin[CD_STEP_UPLOAD];
}

void
cd_check_lateness(const struct cd_submission *submission, const cd_record *rec, cd_findings *f)
{
	judgement	j;
	cd_finding *finding;

	if (rec->date == CD_DATE_NONE)
		return;
	j = judge(submission->calendar, upload_period(submission, rec->date), &submission->limit,
			  rec->date, submission->received_on);
	switch (j.lateness)
	{
		case CD_LATE:
			finding = cd_find(f, CD_RULE_DATE_LATE, CD_ISSUE_DATE);
			put_date(finding->arg1, j.due);
			break;
		case CD_BEYOND:
			finding = cd_find(f, CD_RULE_DATE_BEYOND, CD_ISSUE_DATE);
			put_date(finding->arg1, j.limit);
			snprintf(finding->arg2, CD_ARG_SIZE, "%d", (int) submission->limit.months);
			break;
		case CD_LATENESS_UNKNOWN:
			if (j.gap == 0)
				break;			/* no date of this calendar */
			finding = cd_find(f, CD_RULE_DATE_CALENDAR, CD_ISSUE_DATE);
			snprintf(finding->arg1, CD_ARG_SIZE, "%d", j.gap);
			break;
		default:
			break;
	}
}
