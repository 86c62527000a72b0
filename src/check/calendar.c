/*
 * calendar.c
 *	  Working days in SQL; the calendar and the periods read from our tables.
 *
 * The shipped facts are in the library (rule/calendar.c), what was changed or
 * added is in calendar_day_setting, calendar_year_setting and period_setting.
 * Both together are made into one calendar, kept for snapshots that show the
 * same (reading.h).
 */
#include "check/calendar.h"

#include "access/xact.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/guc.h"
#include "utils/tuplestore.h"

#include "check/kept.h"
#include "check/reading.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(certdata_calendar_day_builtin);
PG_FUNCTION_INFO_V1(certdata_calendar_year_builtin);
PG_FUNCTION_INFO_V1(certdata_is_workday);
PG_FUNCTION_INFO_V1(certdata_add_workdays);
PG_FUNCTION_INFO_V1(certdata_workdays_between);

bool		certdata_allow_provisional_calendar = false;
int			certdata_late_limit_months = 6;
int			certdata_late_limit_from = CERTDATA_LATE_FROM_ISSUE_DATE;

static const struct config_enum_entry late_limit_from_options[] = {
	{"issue_date", CERTDATA_LATE_FROM_ISSUE_DATE, false},
	{"due_date", CERTDATA_LATE_FROM_DUE_DATE, false},
	{NULL, 0, false}
};

static Reading reading;

/*
 * From when a submission is refused in principle is the DBA's decision
 * (PGC_SUSET); to count with a calendar that is not published, and to be told
 * so, is anyone's own.
 */
void
calendar_define_settings(void)
{
	DefineCustomBoolVariable("certdata.allow_provisional_calendar",
							 "Count Monday to Friday as worked in years whose calendar is not published.",
							 "Off: such a count is an error. On: a warning tells the years.",
							 &certdata_allow_provisional_calendar, false, PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("certdata.late_limit_months",
							"Months after which a late upload is in principle not accepted.",
							NULL,
							&certdata_late_limit_months, 6, 1, 120, PGC_SUSET, 0,
							NULL, NULL, NULL);
	DefineCustomEnumVariable("certdata.late_limit_from",
							 "What certdata.late_limit_months are counted from.",
							 "The issue date, or the date by which the upload was due.",
							 &certdata_late_limit_from, CERTDATA_LATE_FROM_ISSUE_DATE,
							 late_limit_from_options, PGC_SUSET, 0,
							 NULL, NULL, NULL);
}

/* ---- reading ---- */

/* Which of a list of words a text is; -1: none. */
static int
word_among(Datum value, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (is_word(value, words[i]))
			return i;
	return -1;
}

static int
compare_days(const void *a, const void *b)
{
	int32		x = ((const cd_calendar_day *) a)->day;
	int32		y = ((const cd_calendar_day *) b)->day;

	return x < y ? -1 : x > y;
}

/* calendar_day_setting(day, kind, name) */
static void
read_day(void *arg, Datum *values, bool *nulls)
{
	cd_calendar *cal = &((Calendar *) arg)->days;
	cd_calendar_day day = {.day = DatumGetDateADT(values[0])};
	int			kind = word_among(values[1], cd_day_kind_name, CD_NDAY_KINDS);
	cd_calendar_day *shipped = bsearch(&day, cal->day, cd_npublished_days, sizeof(day), compare_days);

	if (kind < 0)
		return;					/* of a later version */
	day.kind = (int16) kind;
	if (shipped != NULL)
	{
		shipped->kind = day.kind;
		return;
	}
	/* the array was made for what is shipped; then its room is a power of two */
	if (cal->ndays == cd_npublished_days || (cal->ndays & (cal->ndays - 1)) == 0)
	{
		int			room = 2;

		while (room <= cal->ndays)
			room *= 2;
		cal->day = repalloc(cal->day, sizeof(day) * room);
	}
	cal->day[cal->ndays++] = day;
}

/* calendar_year_setting(year, status) */
static void
read_year(void *arg, Datum *values, bool *nulls)
{
	Calendar   *calendar = arg;
	int			year = DatumGetInt32(values[0]);
	bool		published = is_word(values[1], "published");

	cd_calendar_publish(&calendar->days, year, published);
	if (published || is_word(values[1], "withdrawn"))
		return;
	calendar->listed = calendar->listed == NULL ?
		palloc(sizeof(int)) :
		repalloc(calendar->listed, sizeof(int) * (calendar->nlisted + 1));
	calendar->listed[calendar->nlisted++] = year;
}

/* period_setting(step, amount, unit, clause, valid) */
static void
read_period(void *arg, Datum *values, bool *nulls)
{
	int			step = word_among(values[0], cd_step_name, CD_NSTEPS);
	int			unit = word_among(values[2], cd_unit_name, CD_NUNITS);
	cd_dated_period entry;
	StepPeriods *periods;

	if (step < 0 || unit < 0 || !range_days(values[4], &entry.valid.from, &entry.valid.to))
		return;
	periods = &((Calendar *) arg)->step[step];
	entry.period.amount = DatumGetInt32(values[1]);
	entry.period.unit = (cd_unit) unit;
	entry.period.clause = nulls[3] ? cd_period_builtin[step].clause : TextDatumGetCString(values[3]);
	periods->period = periods->period == NULL ?
		palloc(sizeof(entry)) :
		repalloc(periods->period, sizeof(entry) * (periods->n + 1));
	periods->period[periods->n++] = entry;
}

const Calendar *
calendar_get(void)
{
	Calendar   *calendar = reading_get(&reading);
	MemoryContext old;

	if (calendar != NULL)
		return calendar;
	old = reading_begin(&reading, "calendar");
	calendar = palloc0(sizeof(Calendar));
	cd_calendar_builtin(&calendar->days, palloc(sizeof(cd_calendar_day) * cd_npublished_days));
	read_table("calendar_day_setting", calendar, read_day);
	read_table("calendar_year_setting", calendar, read_year);
	read_table("period_setting", calendar, read_period);
	cd_calendar_finish(&calendar->days);
	reading_end(&reading, old, calendar);
	return calendar;
}

/* ---- what cannot be counted ---- */

void
calendar_left(void)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg_internal("%s", zh ? "日期超出日历范围" : "date out of range of the calendar"),
			 errdetail_internal("%s", zh ? "日历从0001-01-01到9999-12-31。" :
								"The calendar is from 0001-01-01 to 9999-12-31.")));
}

int32
calendar_check_day(int32 day)
{
	if (day < cd_date_to_days(1, 1, 1) || day > cd_date_to_days(9999, 12, 31))
		calendar_left();
	return day;
}

static bool
is_listed(const Calendar *calendar, int year)
{
	for (int i = 0; i < calendar->nlisted; i++)
		if (calendar->listed[i] == year)
			return true;
	return false;
}

/* What makes a year published, as SQL. */
static char *
publishing_hint(const Calendar *calendar, int year)
{
	bool		zh = certdata_lang_zh();
	char	   *publish = psprintf(is_listed(calendar, year) ?
								   "UPDATE certdata.calendar_year SET status = 'published' WHERE year = %d;" :
								   "INSERT INTO certdata.calendar_year (year, status) VALUES (%d, 'published');",
								   year);

	return psprintf(zh ? "国务院办公厅公布放假安排后，登记全部节假日和调休上班日，再公布该年度：\n"
					"INSERT INTO certdata.calendar_day (day, kind, name) VALUES ('%04d-01-01', 'holiday', '元旦'), …;\n"
					"%s\n"
					"此前可 SET certdata.allow_provisional_calendar = on，按周一至周五工作暂计。" :
					"When the State Council has published them, enter all holidays and the weekends worked, then publish the year:\n"
					"INSERT INTO certdata.calendar_day (day, kind, name) VALUES ('%04d-01-01', 'holiday', '元旦'), ...;\n"
					"%s\n"
					"Until then SET certdata.allow_provisional_calendar = on counts Monday to Friday as worked.",
					year, publish);
}

/* from: the first day that is asked about */
void
calendar_refuse(const Calendar *calendar, int year, int32 from)
{
	bool		zh = certdata_lang_zh();
	char		day[10];

	cd_date_print(Max(from, cd_date_to_days(year, 1, 1)), day);
	ereport(ERROR,
			(errcode(ERRCODE_CERTDATA_CALENDAR),
			 errmsg_internal(zh ? "%d年的工作日历没有公布" : "the working days of %d are not published", year),
			 errdetail_internal(zh ? "计算到%.10s及以后，而 certdata.calendar_year 中%d年没有公布。" :
								"The count reaches %.10s, and certdata.calendar_year does not have %d as published.",
								day, year),
			 errhint("%s", publishing_hint(calendar, year))));
}

/* Years of which the statement under way has been told already. */
static bool
is_told(int year)
{
	static TimestampTz statement = 0;
	static uint32 told[(CD_CALENDAR_YEARS + 31) / 32];
	uint32		bit = (uint32) 1 << (year % 32);
	bool		before;

	if (statement != GetCurrentStatementStartTimestamp())
	{
		statement = GetCurrentStatementStartTimestamp();
		memset(told, 0, sizeof(told));
	}
	before = (told[year / 32] & bit) != 0;
	told[year / 32] |= bit;
	return before;
}

static void
list_years(StringInfo buf, int first, int last)
{
	if (buf->len > 0)
		appendStringInfoString(buf, certdata_lang_zh() ? "、" : ", ");
	appendStringInfo(buf, "%d", first);
	if (last > first)
		appendStringInfo(buf, certdata_lang_zh() ? "至%d" : " to %d", last);
}

static void
warn_of_years(const char *years)
{
	bool		zh = certdata_lang_zh();

	ereport(WARNING,
			(errmsg_internal(zh ? "%s年的工作日历没有公布" : "the working days of %s are not published", years),
			 errdetail_internal("%s", zh ? "按周一至周五工作以及已登记的日期暂计。" :
								"Counted provisionally: Monday to Friday, and the days entered.")));
}

void
calendar_require(const Calendar *calendar, int32 from, int32 to)
{
	StringInfoData years;
	int			first = 0;		/* of a run of years to be told of; 0: none */
	int			last = 0;
	int			year;

	years.data = NULL;
	for (int32 day = from; (year = cd_calendar_gap(&calendar->days, day, to)) != 0;
		 day = cd_date_to_days(year + 1, 1, 1))
	{
		if (!certdata_allow_provisional_calendar)
			calendar_refuse(calendar, year, from);
		if (is_told(year))
			continue;
		if (years.data == NULL)
			initStringInfo(&years);
		if (first != 0 && year != last + 1)
			list_years(&years, first, last);
		if (first == 0 || year != last + 1)
			first = year;
		last = year;
	}
	if (first != 0)
	{
		list_years(&years, first, last);
		warn_of_years(years.data);
	}
}

/* ---- functions ---- */

/* is_workday(date) */
Datum
certdata_is_workday(PG_FUNCTION_ARGS)
{
	int32		day = calendar_check_day(PG_GETARG_DATEADT(0));
	const Calendar *calendar = calendar_get();

	calendar_require(calendar, day, day);
	PG_RETURN_BOOL(cd_is_workday(&calendar->days, day));
}

/* add_workdays(date, integer) */
Datum
certdata_add_workdays(PG_FUNCTION_ARGS)
{
	int32		from = calendar_check_day(PG_GETARG_DATEADT(0));
	int32		n = PG_GETARG_INT32(1);
	const Calendar *calendar = calendar_get();
	int32		result;

	if (!cd_add_workdays(&calendar->days, from, n, &result))
		calendar_left();
	if (n > 0)
		calendar_require(calendar, from + 1, result);
	else if (n < 0)
		calendar_require(calendar, result, from - 1);
	PG_RETURN_DATEADT(result);
}

/* workdays_between(date, date) */
Datum
certdata_workdays_between(PG_FUNCTION_ARGS)
{
	int32		from = calendar_check_day(PG_GETARG_DATEADT(0));
	int32		to = calendar_check_day(PG_GETARG_DATEADT(1));
	const Calendar *calendar = calendar_get();

	calendar_require(calendar, Min(from, to) + 1, Max(from, to));
	PG_RETURN_INT32(cd_workdays_between(&calendar->days, from, to));
}

/* calendar_day_builtin() -> day, kind, name */
Datum
certdata_calendar_day_builtin(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < cd_npublished_days; i++)
	{
		const cd_special_day *day = &cd_published_days[i];
		Datum		values[3];
		bool		nulls[3] = {0};

		values[0] = DateADTGetDatum(cd_date_to_days(day->year, day->month, day->day));
		values[1] = CStringGetTextDatum(cd_day_kind_name[day->kind]);
		values[2] = CStringGetTextDatum(day->name);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* calendar_year_builtin() -> year, status */
Datum
certdata_calendar_year_builtin(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int year = CD_PUBLISHED_FIRST; year <= CD_PUBLISHED_LAST; year++)
	{
		Datum		values[2];
		bool		nulls[2] = {0};

		values[0] = Int32GetDatum(year);
		values[1] = CStringGetTextDatum("published");
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
