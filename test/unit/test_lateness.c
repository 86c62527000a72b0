/*
 * test_lateness.c
 *	  Looks for: an upload late on its last day, six months read in the way that
 *	  was not chosen, a verdict that an unpublished year could overturn, the
 *	  period of another day.
 */
#include "calendar.h"
#include "tap.h"

#define LAST cd_date_to_days(9999, 12, 31)
#define MAX_DAYS 2000

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

static bool
judged(const char *from, const char *done, const cd_late_limit *limit, const char *expected, int expected_gap)
{
	int			gap = -1;
	cd_lateness l = cd_judge_lateness(&cal, &cd_period_builtin[CD_STEP_UPLOAD], limit, date(from), date(done), &gap);

	return strcmp(cd_lateness_name[l], expected) == 0 && gap == expected_gap;
}

static void
test_lateness(void)
{
	cd_late_limit issue = {6, false};
	cd_late_limit due = {6, true};
	tally		t = {0};
	int			gap;
	cd_period	ages = {INT32_MAX, CD_UNIT_WORKDAY, ""};

	cd_calendar_builtin(&cal, day_room);
	count(&t, judged("2022-02-09", "2022-03-09", &issue, "on_time", 0), "on the due date");
	count(&t, judged("2022-02-09", "2022-03-10", &issue, "late", 0), "the day after");
	count(&t, judged("2022-02-09", "2022-02-09", &issue, "on_time", 0), "the same day");
	count(&t, judged("2022-02-09", "2021-02-09", &issue, "on_time", 0), "before it began");
	count(&t, judged("2022-08-31", "2023-02-28", &issue, "late", 0), "six months to the day");
	count(&t, judged("2022-08-31", "2023-03-01", &issue, "beyond", 0), "and a day");
	count(&t, judged("2022-08-31", "2023-03-01", NULL, "late", 0), "no limit");
	/* due 2022-09-29; six months after that is 2023-03-29 */
	count(&t, judged("2022-08-31", "2023-03-29", &due, "late", 0), "six months from the due date");
	count(&t, judged("2022-08-31", "2023-03-30", &due, "beyond", 0), "and a day");
	/* 2026-12-15 + 20 reaches 2027 */
	count(&t, judged("2026-12-15", "2026-12-31", &issue, "on_time", 0), "done before the unpublished year");
	count(&t, judged("2026-12-15", "2027-01-01", &issue, "provisional", 2027), "done on its first day");
	count(&t, judged("2026-12-15", "2027-01-04", &issue, "provisional", 2027), "done in it");
	count(&t, judged("2026-12-15", "2027-06-15", &issue, "provisional", 2027), "six months to the day");
	count(&t, judged("2026-12-15", "2027-06-16", &issue, "beyond", 0), "and a day: that asks no calendar");
	count(&t, judged("2026-12-15", "2029-01-01", &due, "provisional", 2027), "from a due date not known");
	count(&t, judged("2026-12-15", "2029-01-01", NULL, "provisional", 2027), "no limit");
	count(&t, judged("2017-12-15", "2018-01-02", &issue, "provisional", 2017), "a gap at the beginning");
	count(&t, judged("2017-12-15", "2017-12-15", &issue, "on_time", 0), "done on the day itself");
	count(&t, judged("9999-12-15", "9999-12-31", &issue, "provisional", 9999), "at the end of time");
	cd_calendar_publish(&cal, 9999, true);
	count(&t, judged("9999-12-15", "9999-12-31", &issue, "on_time", 0), "due after the end of time");
	count(&t, judged("9999-11-15", "9999-12-31", &issue, "late", 0), "the limit after the end of time");
	count(&t, cd_judge_lateness(&cal, &cd_period_builtin[0], &issue, INT32_MIN, 0, &gap) == CD_LATENESS_UNKNOWN &&
		  gap == 0, "a date no calendar has");
	count(&t, cd_judge_lateness(&cal, &ages, &issue, date("2022-02-09"), LAST, &gap) == CD_LATENESS_UNKNOWN &&
		  gap == 2027, "a period of ages");
	ok_tally(&t, 23, "lateness");
}

/*
 * What was decided while 2027 and 2028 were not published holds whatever is
 * published then: the week with holidays of up to ten days and worked weekends.
 */
static void
test_decided_for_good(void)
{
	cd_late_limit limit = {6, false};
	tally		t = {0};
	int			decided = 0;

	for (int round = 0; round < 20000; round++)
	{
		cd_period	period = {1 + (int) random_below(150), CD_UNIT_WORKDAY, ""};
		int32_t		from = date("2026-06-01") + (int32_t) random_below(300);
		int32_t		done = from + (int32_t) random_below(500);
		int32_t		at = date("2027-01-01");
		int			gap;
		cd_lateness before;
		cd_lateness after;

		limit.from_due_date = random_below(4) == 0;
		cd_calendar_builtin(&cal, day_room);
		before = cd_judge_lateness(&cal, &period, &limit, from, done, &gap);
		if ((before == CD_LATENESS_UNKNOWN) != (gap != 0))
			count(&t, false, "gap %d", gap);
		if (before == CD_LATENESS_UNKNOWN)
			continue;
		decided++;
		while (at < date("2028-12-01"))
		{
			int			free = 1 + (int) random_below(10);

			at += 14 + (int32_t) random_below(60);
			for (int i = 0; i < free; i++)
				day_room[cal.ndays++] = (cd_calendar_day) {.day = at++, .kind = CD_DAY_HOLIDAY};
			if (random_below(2) == 0)
				day_room[cal.ndays++] = (cd_calendar_day) {.day = at++, .kind = CD_DAY_WORKDAY};
		}
		cd_calendar_finish(&cal);
		cd_calendar_publish(&cal, 2027, true);
		cd_calendar_publish(&cal, 2028, true);
		after = cd_judge_lateness(&cal, &period, &limit, from, done, &gap);
		count(&t, after == before, "%d + %d, done %d: %d, then %d", (int) from, (int) period.amount,
			  (int) done, (int) before, (int) after);
	}
	ok_tally(&t, 9000, "what was decided without a year's calendar stays decided");
	ok(decided < 20000, "and not everything was");
}

/* ---- findings of a submission ---- */

static void
finding_is(const struct cd_submission *submission, const char *issued, const char *expected)
{
	cd_record	rec;
	cd_findings f;
	char		text[300] = "";

	memset(&rec, 0, sizeof(rec));
	rec.date = issued ? date(issued) : CD_DATE_NONE;
	f.n = 0;
	cd_check_lateness(submission, &rec, &f);
	if (f.n > 0)
		snprintf(text, sizeof(text), "%d %s %s %s %s", f.n, cd_rules[f.item[0].rule].id,
				 cd_field_name[f.item[0].field], f.item[0].arg1, f.item[0].arg2);
	is(text, expected, issued ? issued : "no date");
}

static void
test_submission(void)
{
	static const cd_dated_period periods[] = {
		{{5, CD_UNIT_WORKDAY, ""}, {INT32_MIN, 8036}},	/* to 2022-01-01 */
		{{1, CD_UNIT_MONTH, ""}, {8037, 8066}}	/* 2022-01-02 to 2022-01-31 */
	};
	struct cd_submission submission = {
		.calendar = &cal, .period = periods, .nperiods = 2, .limit = {6, false}
	};

	cd_calendar_builtin(&cal, day_room);
	submission.received_on = date("2022-03-10");
	finding_is(&submission, NULL, "");
	finding_is(&submission, "2022-02-10", "");
	finding_is(&submission, "2022-02-09", "1 date.late 发证日期 2022-03-09 ");
	finding_is(&submission, "2022-01-31", "1 date.late 发证日期 2022-02-28 ");
	finding_is(&submission, "2022-01-02", "1 date.late 发证日期 2022-02-02 ");
	finding_is(&submission, "2022-01-01", "1 date.late 发证日期 2022-01-10 ");
	finding_is(&submission, "2021-09-10", "1 date.late 发证日期 2021-09-17 ");
	finding_is(&submission, "2021-09-09", "1 date.beyond 发证日期 2022-03-09 6");
	submission.limit.months = 120;
	finding_is(&submission, "2021-09-09", "1 date.late 发证日期 2021-09-16 ");
	submission.received_on = date("2027-01-20");
	finding_is(&submission, "2026-12-31", "1 date.calendar 发证日期 2027 ");
	submission.received_on = CD_DATE_NONE;
	finding_is(&submission, "2022-02-09", "");
}

static void
test_periods(void)
{
	static const char *const expected[CD_NSTEPS] = {
		"upload 20 workday 第十条", "city_review 10 workday 第十条", "province_review 10 workday 第十条",
		"ministry_publish 15 workday 第十条", "resubmit 10 workday 第十一条"
	};

	for (int i = 0; i < CD_NSTEPS; i++)
	{
		const cd_period *period = &cd_period_builtin[i];
		char		text[100];

		snprintf(text, sizeof(text), "%s %d %s %s", cd_step_name[i], (int) period->amount,
				 cd_unit_name[period->unit], period->clause);
		is(text, expected[i], "period of the guide");
	}
}

int
main(void)
{
	test_periods();
	test_lateness();
	test_decided_for_good();
	test_submission();
	return done_testing();
}
