/*
 * own_call.c
 *	  Which statements are those of our own functions.
 *
 * attach(), detach() and the like make triggers, indexes and rows of our
 * tables by SQL, which nobody else may do while the library is preloaded.  A
 * statement is theirs if one of the functions below is at work and runs it
 * itself: what event triggers, triggers or anything else run in between is
 * nested deeper.  Only C begins such a call, so the functions are of no use to
 * a superuser who calls them by hand.
 */
#include "certdata.h"

#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "guard/protect.h"

/* For each function of ours at work, the outermost first, how deep the statements within it are. */
#define CALLS 16
static int	nested[CALLS];
static int	ncalls = 0;

static bool
push(void)
{
	if (ncalls == CALLS)
		return false;			/* its statements are refused */
	nested[ncalls++] = 0;
	return true;
}

int
own_sql_begin(void)
{
	int			before = ncalls;

	(void) push();
	return before;
}

void
own_sql_end(int before)
{
	ncalls = before;
}

/* Whoever drops a table of his need not see our schema, so this asks for no privilege. */
static Oid
own_function(const char *name, int nargs, const Oid *types)
{
	Oid			function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
										   PointerGetDatum(buildoidvector(types, nargs)),
										   ObjectIdGetDatum(certdata_schema()));

	if (!OidIsValid(function))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg_internal(certdata_lang_zh() ? "函数“%s.%s”不存在" : "function \"%s.%s\" does not exist", CERTDATA_SCHEMA, name),
				 errhint("ALTER EXTENSION certdata UPDATE.")));
	return function;
}

Datum
call_as_owner(const char *name, int nargs, const Oid *types, const NullableDatum *args)
{
	Oid			all[FUNC_MAX_ARGS];
	FmgrInfo	flinfo;
	volatile Datum result = (Datum) 0;
	int			before;

	LOCAL_FCINFO(call, FUNC_MAX_ARGS);

	memcpy(all, types, sizeof(Oid) * nargs);
	all[nargs] = REGROLEOID;
	fmgr_info(own_function(name, nargs + 1, all), &flinfo);
	InitFunctionCallInfoData(*call, &flinfo, nargs + 1, InvalidOid, NULL, NULL);
	memcpy(call->args, args, sizeof(NullableDatum) * nargs);
	call->args[nargs].value = ObjectIdGetDatum(GetUserId());
	call->args[nargs].isnull = false;
	before = own_sql_begin();
	PG_TRY();
	{
		result = FunctionCallInvoke(call);
	}
	PG_FINALLY();
	{
		own_sql_end(before);
	}
	PG_END_TRY();
	return result;
}

bool
own_call_active(void)
{
	return ncalls > 0;
}

bool
is_own_statement(void)
{
	return ncalls > 0 && nested[ncalls - 1] == 0;
}

void
own_statement_begin(int weight)
{
	nested[ncalls - 1] += weight;
}

void
own_statement_end(int weight)
{
	if (ncalls > 0)
		nested[ncalls - 1] -= weight;
}

/*
 * While one of ours is at work, somebody else's function may be called with no
 * statement in between: the planner computes what is constant in an index of
 * the user's table.
 */
bool
is_foreign_function(Oid function)
{
	return function >= FirstNormalObjectId &&
		get_func_namespace(function) != get_namespace_oid(CERTDATA_SCHEMA, true);
}

/* What becomes of a call that has begun: a function of somebody else's, or this many at work with it. */
#define FOREIGN (-1)

/*
 * A function of ours that one at work calls, itself or in a query of its own.
 * What a utility statement or somebody else's function calls is not ours.
 */
void
own_function_begin(Oid function, Datum *private)
{
	*private = (Datum) 0;
	if (ncalls == 0)
		return;
	if (is_foreign_function(function))
	{
		own_statement_begin(OWN_UTILITY);
		*private = Int32GetDatum(FOREIGN);
	}
	else if (function >= FirstNormalObjectId && nested[ncalls - 1] <= OWN_QUERY && push())
		*private = Int32GetDatum(ncalls);
}

void
own_function_end(Datum *private)
{
	int32		begun = DatumGetInt32(*private);

	*private = (Datum) 0;
	if (begun == FOREIGN)
		own_statement_end(OWN_UTILITY);
	else if (begun != 0)
		ncalls = begun - 1;
}
