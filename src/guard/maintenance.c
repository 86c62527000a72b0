/*
 * maintenance.c
 *	  Leave to do what is refused otherwise: for one role, for a while, with a
 *	  reason, and recorded.
 */
#include "certdata.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/protect.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_open_maintenance);
PG_FUNCTION_INFO_V1(certdata_close_maintenance);

#define SHORTEST (1 * USECS_PER_SEC)
#define LONGEST USECS_PER_DAY

/* Columns of certdata.maintenance, from 0. */
enum
{
	MAINTENANCE_ID, MAINTENANCE_ROLE, MAINTENANCE_OPENED_AT, MAINTENANCE_UNTIL,
	MAINTENANCE_REASON, MAINTENANCE_CLOSED_AT
};

/* What this transaction has opened and closed, for the other databases to know once it commits. */
static Window opened;
static Oid	closed_role = InvalidOid;

/* ---- is it open ---- */

typedef struct Search
{
	TimestampTz now;
	int64		id;
} Search;

/*
 * The role that the session has set, not that of a SECURITY DEFINER function;
 * and the one it logged in as, who may have set another for the work at hand.
 */
static bool
is_ours(Oid role)
{
	return role == GetOuterUserId() || role == GetSessionUserId();
}

static void
search(void *arg, Datum *values, bool *nulls)
{
	Search	   *s = arg;

	if (nulls[MAINTENANCE_CLOSED_AT] && is_ours(DatumGetObjectId(values[MAINTENANCE_ROLE])) &&
		DatumGetTimestampTz(values[MAINTENANCE_UNTIL]) > s->now)
		s->id = DatumGetInt64(values[MAINTENANCE_ID]);
}

int64
maintenance_open(void)
{
	Search		s = {.now = GetCurrentTimestamp()};

	if (OidIsValid(get_namespace_oid(CERTDATA_SCHEMA, true)))
	{
		PushActiveSnapshot(guard_snapshot());
		read_table("maintenance", &s, search);
		PopActiveSnapshot();
	}
	return s.id;
}

/* ---- open, close ---- */

static int64
duration_arg(FunctionCallInfo fcinfo)
{
	Interval   *interval = PG_ARGISNULL(1) ? NULL : PG_GETARG_INTERVAL_P(1);
	int64		duration = 0;

	/* months have no length, and a day is the longest anyway */
	if (interval != NULL && interval->month == 0 && interval->day >= 0 && interval->day <= 1 &&
		interval->time >= -LONGEST && interval->time <= LONGEST)
		duration = interval->day * USECS_PER_DAY + interval->time;
	if (duration < SHORTEST || duration > LONGEST)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "维护时间须在一秒与一天之间" : "maintenance lasts between one second and one day"),
				 errhint(zh ? "例如 certdata.open_maintenance('原因', '1 hour')。" :
						 "For example certdata.open_maintenance('reason', '1 hour').")));
	}
	return duration;
}

static const char *
reason_arg(FunctionCallInfo fcinfo)
{
	char	   *reason = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	bool		zh = certdata_lang_zh();

	if (statement_is_blank(reason))
		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_NO_REASON),
				 errmsg_internal(zh ? "维护须说明原因" : "maintenance needs a reason"),
				 errhint(zh ? "例如 certdata.open_maintenance('原因', '1 hour')。" :
						 "For example certdata.open_maintenance('reason', '1 hour').")));
	return reason;
}

static void
record(const char *event, const char *reason, int64 id, TimestampTz until)
{
	Statement	said = {.reason = reason, .excused = -1};

	recording->note("maintenance", NULL, &said,
					recording->detail("event", event, "maintenance", psprintf(INT64_FORMAT, id),
									  "until", until == 0 ? NULL : pstrdup(timestamptz_to_str(until)),
									  NULL));
}

Datum
certdata_open_maintenance(PG_FUNCTION_ARGS)
{
	static const Oid types[] = {TEXTOID, TIMESTAMPTZOID, REGROLEOID};
	const char *reason = reason_arg(fcinfo);
	TimestampTz until = GetCurrentTimestamp() + duration_arg(fcinfo);
	NullableDatum args[3] = {
		{CStringGetTextDatum(reason), false}, {TimestampTzGetDatum(until), false},
		{ObjectIdGetDatum(GetOuterUserId()), false}
	};
	int64		id;

	PreventCommandIfReadOnly("certdata.open_maintenance()");
	id = DatumGetInt64(call_as_owner("maintenance_opened_as_owner", 3, types, args));
	record("open", reason, id, until);
	opened = (Window) {id, MyDatabaseId, GetOuterUserId(), until};
	PG_RETURN_TIMESTAMPTZ(until);
}

Datum
certdata_close_maintenance(PG_FUNCTION_ARGS)
{
	static const Oid types[] = {REGROLEOID};
	NullableDatum args[1] = {{ObjectIdGetDatum(GetOuterUserId()), false}};
	int64		id;

	PreventCommandIfReadOnly("certdata.close_maintenance()");
	id = DatumGetInt64(call_as_owner("maintenance_closed_as_owner", 1, types, args));
	if (id == 0)
		PG_RETURN_BOOL(false);
	record("close", NULL, id, 0);
	opened.id = 0;
	closed_role = GetOuterUserId();
	PG_RETURN_BOOL(true);
}

/* What a savepoint has opened may be gone, so a window is ours only once its row is there. */
static void
at_xact(XactEvent event, void *arg)
{
	/* refusing too much across databases is the safe side */
	if ((event == XACT_EVENT_COMMIT || event == XACT_EVENT_PREPARE) && OidIsValid(closed_role))
		ring_close_windows(MyDatabaseId, closed_role);
	if (event == XACT_EVENT_COMMIT && opened.id != 0)
		ring_open_window(&opened);
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
	{
		opened.id = 0;
		closed_role = InvalidOid;
	}
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		opened.id = 0;
}

void
maintenance_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}
