/*
 * period.c
 *	  The guide's periods (第十条, 第十一条): due dates, lateness, and what a
 *	  check of a submission needs of them.
 */
#include "check/calendar.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/tuplestore.h"

#include "check/reading.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(certdata_period_builtin);
PG_FUNCTION_INFO_V1(certdata_due_date);
PG_FUNCTION_INFO_V1(certdata_lateness);

static char *
all_steps(void)
{
	char	   *list = pstrdup(cd_step_name[0]);

	for (int i = 1; i < CD_NSTEPS; i++)
		list = psprintf("%s, %s", list, cd_step_name[i]);
	return list;
}

static cd_step
step_of(text *name)
{
	bool		zh = certdata_lang_zh();

	for (int i = 0; i < CD_NSTEPS; i++)
		if (is_word(PointerGetDatum(name), cd_step_name[i]))
			return (cd_step) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg_internal(zh ? "没有“%s”这一环节" : "step \"%s\" does not exist", text_to_cstring(name)),
			 errhint(zh ? "环节有：%s。" : "Steps: %s.", all_steps())));
}

/* The period of a step that begins on that day. */
static const cd_period *
period_on(const Calendar *calendar, cd_step step, int32 day)
{
	const StepPeriods *periods = &calendar->step[step];

	for (int i = 0; i < periods->n; i++)
		if (day >= periods->period[i].valid.from && day <= periods->period[i].valid.to)
			return &periods->period[i].period;
	return &cd_period_builtin[step];
}

static cd_late_limit
late_limit(void)
{
	cd_late_limit limit;

	limit.months = certdata_late_limit_months;
	limit.from_due_date = certdata_late_limit_from == CERTDATA_LATE_FROM_DUE_DATE;
	return limit;
}

/* due_date(step text, "from" date) */
Datum
certdata_due_date(PG_FUNCTION_ARGS)
{
	cd_step		step = step_of(PG_GETARG_TEXT_PP(0));
	int32		from = calendar_check_day(PG_GETARG_DATEADT(1));
	const Calendar *calendar = calendar_get();
	const cd_period *period = period_on(calendar, step, from);
	int32		due;
	int			gap;

	if (!cd_due_date(&calendar->days, period, from, &due, &gap))
		calendar_left();
	if (gap != 0)
		calendar_require(calendar, from + 1, due);
	PG_RETURN_DATEADT(due);
}

/* lateness(step text, "from" date, done date) */
Datum
certdata_lateness(PG_FUNCTION_ARGS)
{
	cd_step		step = step_of(PG_GETARG_TEXT_PP(0));
	int32		from = calendar_check_day(PG_GETARG_DATEADT(1));
	int32		done = calendar_check_day(PG_GETARG_DATEADT(2));
	const Calendar *calendar = calendar_get();
	cd_late_limit limit = late_limit();
	cd_lateness lateness;
	int			gap;

	/* 第十二条 knows the limit of six months for the upload only */
	lateness = cd_judge_lateness(&calendar->days, period_on(calendar, step, from),
								 step == CD_STEP_UPLOAD ? &limit : NULL, from, done, &gap);
	if (lateness == CD_LATENESS_UNKNOWN && !certdata_allow_provisional_calendar)
		calendar_refuse(calendar, gap, from + 1);
	PG_RETURN_TEXT_P(cstring_to_text(cd_lateness_name[lateness]));
}

/* period_builtin() -> step, amount, unit, clause */
Datum
certdata_period_builtin(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < CD_NSTEPS; i++)
	{
		const cd_period *period = &cd_period_builtin[i];
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = CStringGetTextDatum(cd_step_name[i]);
		values[1] = Int32GetDatum(period->amount);
		values[2] = CStringGetTextDatum(cd_unit_name[period->unit]);
		values[3] = CStringGetTextDatum(period->clause);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- a submission ---- */

static cd_dated_period *
copy_periods(const StepPeriods *periods)
{
	cd_dated_period *copy = palloc(sizeof(cd_dated_period) * Max(periods->n, 1));

	for (int i = 0; i < periods->n; i++)
	{
		copy[i] = periods->period[i];
		copy[i].period.clause = pstrdup(copy[i].period.clause);
	}
	return copy;
}

const struct cd_submission *
calendar_submission(int32 received_on)
{
	const Calendar *calendar = calendar_get();
	struct cd_submission *submission = palloc(sizeof(*submission));
	cd_calendar *days = palloc(sizeof(*days));
	size_t		size = sizeof(cd_calendar_day) * calendar->days.ndays;

	*days = calendar->days;
	days->day = memcpy(palloc(size), calendar->days.day, size);
	submission->received_on = calendar_check_day(received_on);
	submission->calendar = days;
	submission->period = copy_periods(&calendar->step[CD_STEP_UPLOAD]);
	submission->nperiods = calendar->step[CD_STEP_UPLOAD].n;
	submission->limit = late_limit();
	return submission;
}
