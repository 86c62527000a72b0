/*
 * attempt_writer.c
 *	  Background workers that bring attempts from the ring to certdata.attempt.
 *
 * A process writes to one database only.  So one that waits starts another for
 * each database that has something to be written, one at a time.  When the
 * server starts it sends one to every database, to learn which have something
 * protected.
 */
#include "certdata.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_database.h"
#include "catalog/pg_type.h"
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
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"
#include "utils/xid8.h"

#include "check/reading.h"
#include "guard/protect.h"

#define WRITER "certdata attempt writer"
#define BATCH 64
#define RETRY_AFTER 5000		/* milliseconds */
#define RESTART_AFTER 10		/* seconds */
#define TRIES 10				/* to write to one database */

pg_noreturn PGDLLEXPORT void attempt_launcher_main(Datum arg);
pg_noreturn PGDLLEXPORT void attempt_writer_main(Datum arg);

/* ---- the one that writes ---- */

static void
put_text(Datum *values, char *nulls, int column, const char *text)
{
	nulls[column] = text[0] == '\0' ? 'n' : ' ';
	values[column] = CStringGetTextDatum(text);
}

#define COLUMNS 12

static void
write_entry(const RingEntry *entry)
{
	static const char sql[] =
	"INSERT INTO certdata.attempt (attempted_at, outcome, kind, object, command, session_user_name,"
	" current_user_name, address, application_name, pid, transaction, maintenance)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
	static Oid	types[COLUMNS] = {
		TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
		TEXTOID, TEXTOID, TEXTOID, INT4OID, XID8OID, INT8OID
	};
	Datum		values[COLUMNS];
	char		nulls[COLUMNS + 1] = "            ";

	values[0] = TimestampTzGetDatum(entry->at);
	put_text(values, nulls, 1, entry->outcome);
	put_text(values, nulls, 2, entry->kind);
	put_text(values, nulls, 3, entry->object);
	put_text(values, nulls, 4, entry->command);
	put_text(values, nulls, 5, entry->session_user_name);
	put_text(values, nulls, 6, entry->current_user_name);
	put_text(values, nulls, 7, entry->address);
	put_text(values, nulls, 8, entry->application_name);
	values[9] = Int32GetDatum(entry->pid);
	nulls[9] = entry->pid == 0 ? 'n' : ' ';
	values[10] = FullTransactionIdGetDatum(entry->transaction);
	nulls[10] = FullTransactionIdIsValid(entry->transaction) ? ' ' : 'n';
	values[11] = Int64GetDatum(entry->maintenance);
	nulls[11] = entry->maintenance == 0 ? 'n' : ' ';
	if (SPI_execute_with_args(sql, COLUMNS, types, values, nulls, false, 0) != SPI_OK_INSERT)
		ereport(ERROR, (errmsg_internal("could not run %s", sql)));
}

static void
write_entries(const RingEntry *entry, int n)
{
	int			before = own_sql_begin();

	PG_TRY();
	{
		SPI_connect();
		for (int i = 0; i < n; i++)
			write_entry(&entry[i]);
		SPI_finish();
	}
	PG_FINALLY();
	{
		own_sql_end(before);
	}
	PG_END_TRY();
}

static bool
has_table(void)
{
	return OidIsValid(get_extension_oid("certdata", true)) && OidIsValid(own_relation("attempt"));
}

/* A row that says how many found no room. */
static int
add_lost(RingEntry *entry)
{
	uint64		pending;
	uint64		lost = ring_lost(true, &pending);

	if (lost == 0)
		return 0;
	memset(entry, 0, sizeof(*entry));
	entry->at = GetCurrentTimestamp();
	strlcpy(entry->outcome, "lost", sizeof(entry->outcome));
	strlcpy(entry->kind, "lost", sizeof(entry->kind));
	snprintf(entry->object, sizeof(entry->object), UINT64_FORMAT, lost);
	return 1;
}

/*
 * One transaction for what is there; an error ends the process, and another
 * one tries again.  Returns how many entries were taken.
 */
static int
write_batch(RingEntry *entry)
{
	int			taken = ring_peek(MyDatabaseId, entry, BATCH);
	int			n = taken;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pgstat_report_activity(STATE_RUNNING, "INSERT INTO certdata.attempt");
	(void) protecting();		/* marks the database */
	if (has_table())
	{
		n += add_lost(&entry[n]);
		write_entries(entry, n);
	}
	PopActiveSnapshot();
	CommitTransactionCommand();
	ring_remove(MyDatabaseId, taken);
	return taken;
}

void
attempt_writer_main(Datum arg)
{
	RingEntry  *entry;

	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	/* also where ALLOW_CONNECTIONS is false: that is no way to hide something */
	BackgroundWorkerInitializeConnectionByOid(DatumGetObjectId(arg), InvalidOid,
											  BGWORKER_BYPASS_ALLOWCONN);
	SetConfigOption("application_name", WRITER, PGC_BACKEND, PGC_S_OVERRIDE);
	SetConfigOption("search_path", "pg_catalog, pg_temp", PGC_SUSET, PGC_S_OVERRIDE);
	entry = MemoryContextAlloc(TopMemoryContext, sizeof(RingEntry) * (BATCH + 1));
	while (write_batch(entry) > 0)
		CHECK_FOR_INTERRUPTS();
	pgstat_report_stat(true);
	proc_exit(0);
}

/* ---- the one that waits ---- */

static BackgroundWorker
worker_of(const char *name, const char *function, Datum arg)
{
	BackgroundWorker worker = {
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_RecoveryFinished,
		.bgw_restart_time = BGW_NEVER_RESTART,
		.bgw_main_arg = arg
	};

	snprintf(worker.bgw_name, BGW_MAXLEN, "%s", name);
	snprintf(worker.bgw_type, BGW_MAXLEN, "%s", WRITER);
	snprintf(worker.bgw_library_name, sizeof(worker.bgw_library_name), "certdata");
	snprintf(worker.bgw_function_name, BGW_MAXLEN, "%s", function);
	return worker;
}

/* Send a writer to a database and wait until it is done; false: there was no room for one. */
static bool
send_writer(Oid database)
{
	BackgroundWorker worker = worker_of(psprintf("%s for database %u", WRITER, database),
										"attempt_writer_main", ObjectIdGetDatum(database));
	BackgroundWorkerHandle *handle;

	worker.bgw_notify_pid = MyProcPid;
	if (!RegisterDynamicBackgroundWorker(&worker, &handle))
		return false;
	(void) WaitForBackgroundWorkerShutdown(handle);
	return true;
}

/* What concerns a database that cannot be written to is in the log. */
static void
give_up(Oid database)
{
	RingEntry  *entry = palloc(sizeof(RingEntry) * RING_SIZE);
	int			n = ring_peek(database, entry, RING_SIZE);

	ring_remove(database, n);
	pfree(entry);
	ereport(LOG,
			(errmsg("certdata could not write %d attempts to database %u", n, database),
			 errhint("The server log has each of them.")));
}

static void
nap(long milliseconds)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH | (milliseconds > 0 ? WL_TIMEOUT : 0),
					 milliseconds, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

static void
write_all(void)
{
	int			failures = 0;
	Oid			database;

	while (OidIsValid(database = ring_database()))
	{
		uint64		before = ring_removed();

		if (failures == TRIES)
			give_up(database);
		else if (send_writer(database) && ring_removed() == before)
			failures++;
		if (ring_removed() == before)
			nap(RETRY_AFTER);
		else
			failures = 0;
		CHECK_FOR_INTERRUPTS();
	}
}

static List *
databases(void)
{
	MemoryContext memory = CurrentMemoryContext;
	List	   *list = NIL;
	Relation	rel;
	TableScanDesc scan;
	HeapTuple	tuple;

	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	rel = table_open(DatabaseRelationId, AccessShareLock);
	scan = table_beginscan_catalog(rel, 0, NULL);
	while (HeapTupleIsValid(tuple = heap_getnext(scan, ForwardScanDirection)))
	{
		Form_pg_database form = (Form_pg_database) GETSTRUCT(tuple);
		MemoryContext old = MemoryContextSwitchTo(memory);

		if (form->datallowconn || !form->datistemplate)
			list = lappend_oid(list, form->oid);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	CommitTransactionCommand();
	return list;
}

/* Every database, to see what it has; then tell those that have something of a start without us. */
static void
look_around(void)
{
	RingEntry	entry = {.at = GetCurrentTimestamp(), .outcome = "unguarded", .kind = "start"};
	List	   *list = databases();
	ListCell   *cell;

	foreach(cell, list)
	{
		while (!send_writer(lfirst_oid(cell)))
			nap(RETRY_AFTER);
		CHECK_FOR_INTERRUPTS();
	}
	list_free(list);
	ring_looked_around();
	if (ring_unguarded(entry.object, sizeof(entry.object)))
		ring_put(&entry);
}

void
attempt_launcher_main(Datum arg)
{
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	ring_writer(MyLatch);
	pgstat_report_activity(STATE_IDLE, NULL);
	look_around();
	for (;;)
	{
		write_all();
		nap(-1);
	}
}

void
attempt_writer_register(void)
{
	BackgroundWorker worker = worker_of(WRITER, "attempt_launcher_main", (Datum) 0);

	worker.bgw_restart_time = RESTART_AFTER;
	RegisterBackgroundWorker(&worker);
}
