/*
 * worker.c
 *	  The sealer: a background worker for each database that
 *	  certdata.seal_databases names, which seals at intervals.
 */
#include "certdata.h"

#include "access/xact.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/varlena.h"
#include "utils/wait_event.h"

#include "check/reading.h"
#include "ledger/seal.h"

#define SEALER "certdata sealer"
#define RESTART_AFTER 10		/* seconds */

pg_noreturn PGDLLEXPORT void sealer_main(Datum arg);

static int	seal_interval = 0;
static char *seal_databases = NULL;

/* ---- the worker ---- */

static void
seal_if_started(void)
{
	static const char sql[] = "SELECT certdata.seal()";

	if (!OidIsValid(get_extension_oid("certdata", true)) ||
		!OidIsValid(own_relation("ledger_head")) || ledger_get() == NULL)
		return;
	pgstat_report_activity(STATE_RUNNING, sql);
	SPI_connect();
	if (SPI_execute(sql, false, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not run %s", sql)));
	SPI_finish();
}

/* What fails is logged, and tried again at the next interval. */
static void
seal_once(void)
{
	MemoryContext memory = CurrentMemoryContext;

	PG_TRY();
	{
		SetCurrentStatementStartTimestamp();
		StartTransactionCommand();
		PushActiveSnapshot(GetTransactionSnapshot());
		seal_if_started();
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(memory);
		HOLD_INTERRUPTS();
		EmitErrorReport();
		AbortCurrentTransaction();
		FlushErrorState();
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	pgstat_report_stat(true);
	pgstat_report_activity(STATE_IDLE, NULL);
}

/* Until the interval is over, which a reload may change meanwhile. */
static void
wait_for_interval(void)
{
	TimestampTz since = GetCurrentTimestamp();

	for (;;)
	{
		long		left = -1;

		CHECK_FOR_INTERRUPTS();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
		}
		if (seal_interval > 0)
		{
			left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
												   TimestampTzPlusMilliseconds(since, seal_interval * (int64) 1000));
			if (left <= 0)
				return;
		}
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH | (left > 0 ? WL_TIMEOUT : 0),
						 left, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
	}
}

void
sealer_main(Datum arg)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(MyBgworkerEntry->bgw_extra, NULL, 0);
	/* what its acts say, too */
	SetConfigOption("application_name", SEALER, PGC_BACKEND, PGC_S_OVERRIDE);
	pgstat_report_activity(STATE_IDLE, NULL);
	for (;;)
	{
		wait_for_interval();
		seal_once();
	}
}

/* ---- load time ---- */

static bool
check_databases(char **value, void **extra, GucSource source)
{
	char	   *copy = pstrdup(*value);
	List	   *names;
	bool		ok = SplitGUCList(copy, ',', &names);

	if (!ok)
		GUC_check_errdetail("List syntax is invalid.");
	list_free(names);
	pfree(copy);
	return ok;
}

static void
register_worker(const char *database)
{
	BackgroundWorker worker = {
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_RecoveryFinished,
		.bgw_restart_time = RESTART_AFTER
	};

	snprintf(worker.bgw_name, BGW_MAXLEN, "%s for database %s", SEALER, database);
	snprintf(worker.bgw_type, BGW_MAXLEN, "%s", SEALER);
	snprintf(worker.bgw_library_name, sizeof(worker.bgw_library_name), "certdata");
	snprintf(worker.bgw_function_name, BGW_MAXLEN, "sealer_main");
	snprintf(worker.bgw_extra, NAMEDATALEN, "%s", database);
	RegisterBackgroundWorker(&worker);
}

static void
register_workers(void)
{
	char	   *copy = pstrdup(seal_databases);
	List	   *names;
	ListCell   *cell;

	if (SplitGUCList(copy, ',', &names))
		foreach(cell, names)
			register_worker(lfirst(cell));
	list_free(names);
	pfree(copy);
}

void
seal_init(void)
{
	DefineCustomBoolVariable("certdata.progress",
							 "Tell how far long calls of certdata have come.",
							 NULL,
							 &seal_progress, false, PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("certdata.seal_interval",
							"Time between two seals of the background worker.",
							"0: it does not seal.",
							&seal_interval, 0, 0, INT_MAX / 1000, PGC_SIGHUP, GUC_UNIT_S,
							NULL, NULL, NULL);

	/*
	 * Not preloaded, there are no workers, and the server takes no setting
	 * that only a start could change.
	 */
	DefineCustomStringVariable("certdata.seal_databases",
							   "Databases whose ledgers a background worker seals.",
							   "Needs shared_preload_libraries.",
							   &seal_databases, "",
							   process_shared_preload_libraries_in_progress ? PGC_POSTMASTER : PGC_SIGHUP,
							   GUC_LIST_INPUT,
							   check_databases, NULL, NULL);
	key_define_settings();
	if (process_shared_preload_libraries_in_progress)
		register_workers();
}
