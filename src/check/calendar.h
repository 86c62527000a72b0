/*
 * calendar.h
 *	  Working days and periods as shipped and as the tables change them.
 */
#ifndef CERTDATA_CHECK_CALENDAR_H
#define CERTDATA_CHECK_CALENDAR_H

#include "certdata.h"

#include "rule/calendar.h"

/* certdata.late_limit_from */
typedef enum CertdataLateFrom
{
	CERTDATA_LATE_FROM_ISSUE_DATE, CERTDATA_LATE_FROM_DUE_DATE
} CertdataLateFrom;

extern bool certdata_allow_provisional_calendar;
extern int	certdata_late_limit_months;
extern int	certdata_late_limit_from;
extern void calendar_define_settings(void);

/* ---- calendar.c ---- */

/* The periods of a step that hold for some days; on others the shipped one does. */
typedef struct StepPeriods
{
	int			n;
	cd_dated_period *period;
} StepPeriods;

typedef struct Calendar
{
	cd_calendar days;
	int			nlisted;		/* years in calendar_year that are not
								 * published */
	int		   *listed;
	StepPeriods step[CD_NSTEPS];
} Calendar;

/* What the tables say under the active snapshot.  Valid until the next call. */
extern const Calendar *calendar_get(void);

/* Refuse a day that no calendar has: infinity, years other than 1 to 9999. */
extern int32 calendar_check_day(int32 day);
pg_noreturn extern void calendar_left(void);

/*
 * All days from .. to are counted: refuse a year among theirs that is not
 * published, or say once per statement that it is counted by the week.
 */
extern void calendar_require(const Calendar *calendar, int32 from, int32 to);
pg_noreturn extern void calendar_refuse(const Calendar *calendar, int year, int32 from);

/* ---- period.c ---- */

/*
 * What a check of submissions received on that day needs, to be put into a
 * cd_context: complete in itself, in the current memory context.
 */
extern const struct cd_submission *calendar_submission(int32 received_on);

#endif							/* CERTDATA_CHECK_CALENDAR_H */
