/*
 * calendar.h
 *	  Working days (State Council notices) and the guide's periods.
 *
 * The starting day does not count; the due date is the n-th working day
 * strictly after it; days moved to a weekend are worked.  Days are
 * PostgreSQL's, within 0001-01-01 to 9999-12-31.
 */
#ifndef CERTDATA_CALENDAR_H
#define CERTDATA_CALENDAR_H

#include "rule.h"
#include "scope.h"

typedef enum cd_day_kind
{
	CD_DAY_ORDINARY,			/* Monday to Friday are worked */
	CD_DAY_HOLIDAY,
	CD_DAY_WORKDAY,				/* worked though it may be a weekend */
	CD_NDAY_KINDS
} cd_day_kind;
extern const char *const cd_day_kind_name[CD_NDAY_KINDS];	/* "ordinary" "holiday"
															 * "workday" */

/* A day that is not ordinary, as published. */
typedef struct cd_special_day
{
	int16_t		year;
	uint8_t		month;
	uint8_t		day;
	uint8_t		kind;
	const char *name;			/* "春节" */
} cd_special_day;

/* The facts as shipped, in the order of days; the years they cover wholly. */
extern const cd_special_day cd_published_days[];
extern const int cd_npublished_days;
#define CD_PUBLISHED_FIRST 2018
#define CD_PUBLISHED_LAST 2026

/*
 * A calendar in force.  day[] in order; worked is the number of working days
 * gained (weekends worked) less those lost (weekdays off) up to and including
 * that day.  The caller fills day and kind, then calls cd_calendar_finish.
 */
typedef struct cd_calendar_day
{
	int32_t		day;
	int16_t		kind;
	int16_t		unused;
	int32_t		worked;
} cd_calendar_day;

#define CD_CALENDAR_YEARS 10000
typedef struct cd_calendar
{
	cd_calendar_day *day;
	int			ndays;
	uint32_t	published[(CD_CALENDAR_YEARS + 31) / 32];	/* a bit for each year */
} cd_calendar;

/* day must hold cd_npublished_days. */
extern void cd_calendar_builtin(cd_calendar *cal, cd_calendar_day *day);

/* After day[] was changed: sorts by day and counts; days must differ. */
extern void cd_calendar_finish(cd_calendar *cal);
extern void cd_calendar_publish(cd_calendar *cal, int year, bool published);

/* First year of from .. to (both included) that is not published; 0: none. */
extern int	cd_calendar_gap(const cd_calendar *cal, int32_t from, int32_t to);

/* By what is known: an unpublished year has Monday to Friday. */
extern bool cd_is_workday(const cd_calendar *cal, int32_t day);

/* Working days after from up to and including to; to < from: the negative of the reverse. */
extern int32_t cd_workdays_between(const cd_calendar *cal, int32_t from, int32_t to);

/*
 * The n-th working day strictly after from (n < 0: before; 0: from itself).
 * false: it lies outside 0001-9999.
 */
extern bool cd_add_workdays(const cd_calendar *cal, int32_t from, int32_t n, int32_t *result);

/* Calendar months on, clamped to the month's end; false as above. */
extern bool cd_add_months(int32_t from, int32_t n, int32_t *result);

/* ---- periods (第十条, 第十一条) ---- */

typedef enum cd_step
{
	CD_STEP_UPLOAD, CD_STEP_CITY_REVIEW, CD_STEP_PROVINCE_REVIEW,
	CD_STEP_MINISTRY_PUBLISH, CD_STEP_RESUBMIT,
	CD_NSTEPS
} cd_step;
extern const char *const cd_step_name[CD_NSTEPS];	/* "upload" ... */

typedef enum cd_unit
{
	CD_UNIT_WORKDAY, CD_UNIT_DAY, CD_UNIT_MONTH,
	CD_NUNITS
} cd_unit;
extern const char *const cd_unit_name[CD_NUNITS];	/* "workday" "day" "month" */

typedef struct cd_period
{
	int32_t		amount;
	cd_unit		unit;
	const char *clause;			/* "第十条" */
} cd_period;
extern const cd_period cd_period_builtin[CD_NSTEPS];

/* The due date; false: outside 0001-9999.  *gap: unpublished year it reaches, or 0. */
extern bool cd_due_date(const cd_calendar *cal, const cd_period *period, int32_t from,
						int32_t *due, int *gap);

/* 第十二条: "自发证日期起逾期超过6个月", which can be read in two ways. */
typedef struct cd_late_limit
{
	int32_t		months;			/* 6 */
	bool		from_due_date;	/* counted from the due date, not from the
								 * issue date */
} cd_late_limit;

typedef enum cd_lateness
{
	CD_ON_TIME, CD_LATE, CD_BEYOND,
	CD_LATENESS_UNKNOWN			/* depends on a year not published */
} cd_lateness;
extern const char *const cd_lateness_name[4];	/* "on_time" "late" "beyond"
												 * "provisional" */

/*
 * limit: NULL for steps that know no limit.  What published years decide is
 * decided; else CD_LATENESS_UNKNOWN and *gap names the year, 0 if dates leave
 * 0001-9999.
 */
extern cd_lateness cd_judge_lateness(const cd_calendar *cal, const cd_period *period,
									 const cd_late_limit *limit, int32_t from, int32_t done,
									 int *gap);

/* ---- a submission: what cd_context.submission points to ---- */

/* A period that holds for some issue dates only. */
typedef struct cd_dated_period
{
	cd_period	period;
	cd_days		valid;
} cd_dated_period;

struct cd_submission
{
	int32_t		received_on;
	const cd_calendar *calendar;
	const cd_dated_period *period;	/* of CD_STEP_UPLOAD; else the built-in
									 * one */
	int			nperiods;
	cd_late_limit limit;
};

/* date.late, date.beyond, date.calendar on a record whose date was understood. */
extern void cd_check_lateness(const struct cd_submission *submission, const cd_record *rec,
							  cd_findings *f);

#endif							/* CERTDATA_CALENDAR_H */
