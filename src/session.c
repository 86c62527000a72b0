/*
 * session.c
 *	  What every floor asks of the session: language, today, where we live.
 */
#include "certdata.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/timestamp.h"

int			certdata_language = CERTDATA_LANG_AUTO;
int			certdata_mask_first = CD_MASK_FIRST;
int			certdata_mask_last = CD_MASK_LAST;
char	   *certdata_time_zone = NULL;

static const struct config_enum_entry language_options[] = {
	{"auto", CERTDATA_LANG_AUTO, false},
	{"zh", CERTDATA_LANG_ZH, false},
	{"en", CERTDATA_LANG_EN, false},
	{NULL, 0, false}
};

bool
certdata_lang_zh(void)
{
	const char *locale;

	if (certdata_language != CERTDATA_LANG_AUTO)
		return certdata_language == CERTDATA_LANG_ZH;
	/* by name: pg_locale.h, which has the variable, wants ICU's headers */
	locale = GetConfigOption("lc_messages", true, false);
	return locale != NULL && strncmp(locale, "zh", 2) == 0;
}

static bool
check_time_zone(char **newval, void **extra, GucSource source)
{
	if (pg_tzset(*newval) != NULL)
		return true;
	GUC_check_errdetail("\"%s\" is not a time zone.", *newval);
	return false;
}

int32
certdata_day(TimestampTz at)
{
	pg_tz	   *tz = pg_tzset(certdata_time_zone);
	struct pg_tm tm;
	fsec_t		fsec;
	int			offset;

	if (timestamp2tm(at, &offset, &tm, &fsec, NULL, tz) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	return cd_date_to_days(tm.tm_year, tm.tm_mon, tm.tm_mday);
}

int32
certdata_today(void)
{
	return certdata_day(GetCurrentTransactionStartTimestamp());
}

int
certdata_trigger_depth(void)
{
	LOCAL_FCINFO(fcinfo, 0);

	InitFunctionCallInfoData(*fcinfo, NULL, 0, InvalidOid, NULL, NULL);
	return DatumGetInt32(pg_trigger_depth(fcinfo));
}

/* ---- relations that change ---- */

#define MOST_LISTENERS 16
static RelationChanged listener[MOST_LISTENERS];
static int	nlisteners = 0;

static void
relation_changed(Datum arg, Oid relid)
{
	for (int i = 0; i < nlisteners; i++)
		listener[i] (relid);
}

/* The server has room for ten callbacks, for itself and all libraries. */
void
certdata_on_relation_change(RelationChanged changed)
{
	if (nlisteners == 0)
		CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	Assert(nlisteners < MOST_LISTENERS);
	listener[nlisteners++] = changed;
}

Oid
certdata_schema(void)
{
	return get_namespace_oid(CERTDATA_SCHEMA, false);
}

/* It stays what it is. */
const char *
certdata_client_address(void)
{
	static bool known = false;
	static char address[64];

	if (!known)
	{
		LOCAL_FCINFO(fcinfo, 0);
		Datum		inet;

		InitFunctionCallInfoData(*fcinfo, NULL, 0, InvalidOid, NULL, NULL);
		inet = inet_client_addr(fcinfo);
		if (!fcinfo->isnull)
			strlcpy(address, DatumGetCString(DirectFunctionCall1(inet_out, inet)), sizeof(address));
		known = true;
	}
	return address;
}

/*
 * Who may see more of a number, or choose the day that counts as today, is
 * the DBA's decision: those settings are PGC_SUSET.
 */
void
session_define_settings(void)
{
	DefineCustomEnumVariable("certdata.language",
							 "Language of certdata's findings and errors.",
							 "auto follows lc_messages.",
							 &certdata_language, CERTDATA_LANG_AUTO,
							 language_options, PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("certdata.mask_first",
							"Leading characters of a document number that stay visible.",
							"The birth date is never shown.",
							&certdata_mask_first, CD_MASK_FIRST, 0, 6, PGC_SUSET, 0,
							NULL, NULL, NULL);
	DefineCustomIntVariable("certdata.mask_last",
							"Trailing characters of a document number that stay visible.",
							NULL,
							&certdata_mask_last, CD_MASK_LAST, 0, 4, PGC_SUSET, 0,
							NULL, NULL, NULL);
	DefineCustomStringVariable("certdata.time_zone",
							   "Time zone in which certdata reckons what day it is.",
							   NULL,
							   &certdata_time_zone, "Asia/Shanghai", PGC_SUSET, 0,
							   check_time_zone, NULL, NULL);
}
