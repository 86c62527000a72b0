/*
 * issue_date.c
 *	  certdata.issue_date: 发证日期, a date whose text is YYYY-MM-DD.
 *
 * Stored as date is, compared and cast by date's own functions.  What differs
 * is the text: only this one form is read and written, whatever DateStyle says
 * (Annex 1), and 0001-01-01 to 9999-12-31 are its only days.
 */
#include "type.h"

#include "libpq/pqformat.h"
#include "utils/date.h"

#include "hash.h"

PG_FUNCTION_INFO_V1(certdata_issue_date_in);
PG_FUNCTION_INFO_V1(certdata_issue_date_out);
PG_FUNCTION_INFO_V1(certdata_issue_date_recv);
PG_FUNCTION_INFO_V1(certdata_text_to_issue_date);
PG_FUNCTION_INFO_V1(certdata_bpchar_to_issue_date);
PG_FUNCTION_INFO_V1(certdata_date_to_issue_date);
PG_FUNCTION_INFO_V1(certdata_issue_date_text_eq);
PG_FUNCTION_INFO_V1(certdata_issue_date_text_ne);
PG_FUNCTION_INFO_V1(certdata_text_issue_date_eq);
PG_FUNCTION_INFO_V1(certdata_text_issue_date_ne);
PG_FUNCTION_INFO_V1(certdata_date_hash);
PG_FUNCTION_INFO_V1(certdata_date_hash_extended);

#define PRINTED_SIZE 10

bool
cdt_issue_date_valid(const char *s, size_t len)
{
	int32_t		days;

	return cd_date_parse(s, len, &days) == CD_DATE_OK;
}

static Datum
issue_date_read(FunctionCallInfo fcinfo, const char *s, size_t len)
{
	int32_t		days = 0;

	if (cd_date_parse(s, len, &days) != CD_DATE_OK &&
		!cdt_refuse(fcinfo, CD_ISSUE_DATE, s, len))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(days);
}

/* A date from elsewhere: not infinite, and of the years 1 to 9999. */
static Datum
issue_date_check(FunctionCallInfo fcinfo, DateADT days)
{
	cd_finding	why = {.rule = CD_RULE_DATE_REAL, .field = CD_ISSUE_DATE};

	if ((days < cd_date_to_days(1, 1, 1) || days > cd_date_to_days(9999, 12, 31)) &&
		!cdt_refuse_for(fcinfo, &why, "", 0))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(days);
}

/* Read YYYY-MM-DD. */
Datum
certdata_issue_date_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return issue_date_read(fcinfo, s, strlen(s));
}

/* Print YYYY-MM-DD. */
Datum
certdata_issue_date_out(PG_FUNCTION_ARGS)
{
	char	   *out = palloc(PRINTED_SIZE + 1);

	cd_date_print(PG_GETARG_DATEADT(0), out);
	out[PRINTED_SIZE] = '\0';
	PG_RETURN_CSTRING(out);
}

/* Receive what date_send sends: days since 2000-01-01, four bytes. */
Datum
certdata_issue_date_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);

	return issue_date_check(fcinfo, (DateADT) pq_getmsgint(message, sizeof(DateADT)));
}

/* Cast from text or varchar. */
Datum
certdata_text_to_issue_date(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);

	return issue_date_read(fcinfo, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Cast from char(n). */
Datum
certdata_bpchar_to_issue_date(PG_FUNCTION_ARGS)
{
	BpChar	   *value = PG_GETARG_BPCHAR_PP(0);

	return issue_date_read(fcinfo, VARDATA_ANY(value), cdt_unpadded(value));
}

/* Cast from date. */
Datum
certdata_date_to_issue_date(PG_FUNCTION_ARGS)
{
	return issue_date_check(fcinfo, PG_GETARG_DATEADT(0));
}

/* Is text argument "arg" the other argument's YYYY-MM-DD? */
static bool
is_date(FunctionCallInfo fcinfo, int arg)
{
	text	   *value = PG_GETARG_TEXT_PP(arg);
	int32_t		days;

	return cd_date_parse(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &days) == CD_DATE_OK &&
		days == PG_GETARG_DATEADT(1 - arg);
}

/* Compare with text; text of another form is unequal, never an error. */
Datum
certdata_issue_date_text_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_date(fcinfo, 1));
}

Datum
certdata_issue_date_text_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!is_date(fcinfo, 1));
}

Datum
certdata_text_issue_date_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_date(fcinfo, 0));
}

Datum
certdata_text_issue_date_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!is_date(fcinfo, 0));
}

/* The day count, least significant byte first: alike on any machine. */
static inline void
day_bytes(DateADT days, char out[4])
{
	for (int i = 0; i < 4; i++)
		out[i] = (char) ((uint32) days >> (8 * i));
}

/* Hash an issue date, or a date alike. */
Datum
certdata_date_hash(PG_FUNCTION_ARGS)
{
	char		bytes[4];

	day_bytes(PG_GETARG_DATEADT(0), bytes);
	RETURN_HASH(bytes, sizeof(bytes));
}

Datum
certdata_date_hash_extended(PG_FUNCTION_ARGS)
{
	char		bytes[4];

	day_bytes(PG_GETARG_DATEADT(0), bytes);
	RETURN_HASH_EXTENDED(bytes, sizeof(bytes), 1);
}
