/*
 * views.c
 *	  What the auditor's views need besides SQL: days, and values masked.
 */
#include "certdata.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "check/check.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_day_of);
PG_FUNCTION_INFO_V1(certdata_day_begins);
PG_FUNCTION_INFO_V1(certdata_masked);

static Datum
time_zone(void)
{
	return CStringGetTextDatum(certdata_time_zone);
}

/* day_of(at) */
Datum
certdata_day_of(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(timestamp_date,
							   DirectFunctionCall2(timestamptz_zone, time_zone(), PG_GETARG_DATUM(0)));
}

/* day_begins(day) */
Datum
certdata_day_begins(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall2(timestamp_zone, time_zone(),
							   DirectFunctionCall1(date_timestamp, PG_GETARG_DATUM(0)));
}

/* masked(field, value); a field that is none of the report's may hold anything */
Datum
certdata_masked(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	text	   *value = PG_GETARG_TEXT_PP(1);
	cd_field	field = CD_EMPLOYER;

	for (int i = 0; i < CD_NFIELDS; i++)
		if (source_column_is(name, (cd_field) i))
			field = (cd_field) i;
	PG_RETURN_TEXT_P(cstring_to_text(certdata_shown(field, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value))));
}
