/*
 * hooks.c
 *	  Every hook of the server that the library enters, and nothing else.
 *
 * The one on error reports is there whenever the library is; the others only
 * if it was preloaded, for a session could otherwise have begun without them.
 * Each calls whoever had the hook before.
 */
#include "certdata.h"

#include "catalog/objectaccess.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "tcop/utility.h"
#include "utils/memutils.h"

#include "guard/protect.h"
#include "refuse.h"

bool		certdata_preloaded = false;

static emit_log_hook_type next_emit_log = NULL;
static shmem_request_hook_type next_shmem_request = NULL;
static shmem_startup_hook_type next_shmem_startup = NULL;
static object_access_hook_type next_object_access = NULL;
static ProcessUtility_hook_type next_utility = NULL;
static ExecutorStart_hook_type next_start = NULL;
static ExecutorRun_hook_type next_run = NULL;
static ExecutorFinish_hook_type next_finish = NULL;
static fmgr_hook_type next_fmgr = NULL;
static needs_fmgr_hook_type next_needs_fmgr = NULL;

/* The utility statement at hand is one of our own functions'. */
static bool own_utility = false;

/* ---- messages ---- */

/* Keep what we refused out of the server log, then let others have their say. */
static void
on_emit_log(ErrorData *edata)
{
	certdata_emit_log(edata);
	if (next_emit_log)
		next_emit_log(edata);
}

/* ---- shared memory ---- */

static void
on_shmem_request(void)
{
	if (next_shmem_request)
		next_shmem_request();
	ring_request();
}

static void
on_shmem_startup(void)
{
	if (next_shmem_startup)
		next_shmem_startup();
	ring_startup();
}

/* ---- objects ---- */

static void
on_object_access(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg)
{
	if (next_object_access)
		next_object_access(access, class_id, object_id, sub_id, arg);
	if (access == OAT_FUNCTION_EXECUTE)
	{
		if (refuse_native_code)
			native_function_called(object_id);
	}
	else if (access != OAT_NAMESPACE_SEARCH && !own_utility && !attempt_spared)
		ddl_object(access, class_id, object_id, sub_id, arg);
}

/* ---- statements ---- */

static void
run_utility(PlannedStmt *pstmt, const char *queryString, bool readOnlyTree,
			ProcessUtilityContext context, ParamListInfo params,
			QueryEnvironment *queryEnv, DestReceiver *dest, QueryCompletion *qc)
{
	if (next_utility)
		next_utility(pstmt, queryString, readOnlyTree, context, params, queryEnv, dest, qc);
	else
		standard_ProcessUtility(pstmt, queryString, readOnlyTree, context, params, queryEnv, dest, qc);
}

/* These change nothing and run nothing, and there are many of them. */
static bool
is_trivial(const Node *parsetree)
{
	switch (nodeTag(parsetree))
	{
		case T_TransactionStmt:
		case T_VariableSetStmt:
		case T_VariableShowStmt:
		case T_DiscardStmt:
		case T_ListenStmt:
		case T_UnlistenStmt:
		case T_NotifyStmt:
		case T_LockStmt:
		case T_CheckPointStmt:
		case T_ClosePortalStmt:
		case T_DeallocateStmt:
			return true;
		default:
			return false;
	}
}

static void
on_utility(PlannedStmt *pstmt, const char *queryString, bool readOnlyTree,
		   ProcessUtilityContext context, ParamListInfo params,
		   QueryEnvironment *queryEnv, DestReceiver *dest, QueryCompletion *qc)
{
	bool		own_before = own_utility;
	bool		spared_before = attempt_spared;
	bool		counted = own_call_active();
	const char *command;

	if (is_trivial(pstmt->utilityStmt))
	{
		run_utility(pstmt, queryString, readOnlyTree, context, params, queryEnv, dest, qc);
		return;
	}
	command = attempt_command(GetCommandTagName(CreateCommandTag(pstmt->utilityStmt)));
	attempt_spared = attempt_spared && context == PROCESS_UTILITY_SUBCOMMAND;
	own_utility = is_own_statement() || (own_before && context == PROCESS_UTILITY_SUBCOMMAND);
	if (counted)
		own_statement_begin(OWN_UTILITY);
	PG_TRY();
	{
		if (!own_utility)
			utility_before(pstmt->utilityStmt);
		run_utility(pstmt, queryString, readOnlyTree, context, params, queryEnv, dest, qc);
	}
	PG_FINALLY();
	{
		if (counted)
			own_statement_end(OWN_UTILITY);
		own_utility = own_before;
		attempt_spared = spared_before;
		if (command == NULL)
			attempt_statement_end();
		(void) attempt_command(command);
	}
	PG_END_TRY();
}

static void
on_executor_start(QueryDesc *query, int eflags)
{
	if (next_start)
		next_start(query, eflags);
	else
		standard_ExecutorStart(query, eflags);
	/* now, that privileges have been looked at, and before any row is */
	if (CHANGES_ROWS(query->plannedstmt) && !(eflags & EXEC_FLAG_EXPLAIN_ONLY))
		dml_before(query);
}

static void
run_query(QueryDesc *query, ScanDirection direction, uint64 count EXECUTE_ONCE)
{
	if (next_run)
		next_run(query, direction, count EXECUTE_ONCE_ARG);
	else
		standard_ExecutorRun(query, direction, count EXECUTE_ONCE_ARG);
}

static void
on_executor_run(QueryDesc *query, ScanDirection direction, uint64 count EXECUTE_ONCE)
{
	if (!own_call_active())
	{
		run_query(query, direction, count EXECUTE_ONCE_ARG);
		return;
	}
	own_statement_begin(OWN_QUERY);
	PG_TRY();
	{
		run_query(query, direction, count EXECUTE_ONCE_ARG);
	}
	PG_FINALLY();
	{
		own_statement_end(OWN_QUERY);
	}
	PG_END_TRY();
}

static void
finish_query(QueryDesc *query)
{
	if (next_finish)
		next_finish(query);
	else
		standard_ExecutorFinish(query);
}

/* Triggers fire here. */
static void
on_executor_finish(QueryDesc *query)
{
	if (!own_call_active())
	{
		finish_query(query);
		return;
	}
	own_statement_begin(OWN_UTILITY);
	PG_TRY();
	{
		finish_query(query);
	}
	PG_FINALLY();
	{
		own_statement_end(OWN_UTILITY);
	}
	PG_END_TRY();
}

/*
 * ---- functions with settings or rights of their own, as ours that write are;
 * and those of others that ours call ----
 */

typedef struct FunctionCall
{
	Datum		next;
	Datum		own;
} FunctionCall;

static bool
needs_fmgr(Oid function)
{
	if (own_call_active() && is_foreign_function(function))
		return true;
	return next_needs_fmgr != NULL && next_needs_fmgr(function);
}

static void
on_fmgr(FmgrHookEventType event, FmgrInfo *flinfo, Datum *private)
{
	FunctionCall *call = (FunctionCall *) DatumGetPointer(*private);

	if (next_fmgr == NULL && !own_call_active())
		return;
	if (call == NULL)
	{
		/* one for each place that calls the function; recursion has others */
		call = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(FunctionCall));
		*private = PointerGetDatum(call);
	}
	if (event == FHET_START)
		own_function_begin(flinfo->fn_oid, &call->own);
	else
		own_function_end(&call->own);
	if (next_fmgr)
		next_fmgr(event, flinfo, &call->next);
}

/* ---- load time ---- */

void
hooks_init(void)
{
	next_emit_log = emit_log_hook;
	emit_log_hook = on_emit_log;
	native_define_settings();
	attempts_init();
	maintenance_init();
	protected_init();
	if (!process_shared_preload_libraries_in_progress)
		return;
	certdata_preloaded = true;
	next_shmem_request = shmem_request_hook;
	shmem_request_hook = on_shmem_request;
	next_shmem_startup = shmem_startup_hook;
	shmem_startup_hook = on_shmem_startup;
	next_object_access = object_access_hook;
	object_access_hook = on_object_access;
	next_utility = ProcessUtility_hook;
	ProcessUtility_hook = on_utility;
	next_start = ExecutorStart_hook;
	ExecutorStart_hook = on_executor_start;
	next_run = ExecutorRun_hook;
	ExecutorRun_hook = on_executor_run;
	next_finish = ExecutorFinish_hook;
	ExecutorFinish_hook = on_executor_finish;
	next_needs_fmgr = needs_fmgr_hook;
	needs_fmgr_hook = needs_fmgr;
	next_fmgr = fmgr_hook;
	fmgr_hook = on_fmgr;
	attempt_writer_register();
}
