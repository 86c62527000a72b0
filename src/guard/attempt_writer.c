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
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
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
#define GIVE_UP_AFTER 60000		/* milliseconds in which nothing could be
								 * written to a database */
#define HALF_DROPPED (-2)		/* datconnlimit */
#define LOCK_CLASS 3
#define LOCK_TRIES 10
#define LOCK_NAP 100000L		/* microseconds */

pg_noreturn PGDLLEXPORT void attempt_launcher_main(Datum arg);
pg_noreturn PGDLLEXPORT void attempt_writer_main(Datum arg);

/* ---- the one that writes ---- */

/* Tried from a database of another encoding, a name may be none here. */
static void
put_text(Datum *values, char *nulls, int column, const char *text)
{
	char	   *copy = pstrdup(text);

	if (!pg_verifymbstr(copy, strlen(copy), true))
		for (char *c = copy; *c != '\0'; c++)
			if (IS_HIGHBIT_SET(*c))
				*c = '?';
	nulls[column] = text[0] == '\0' ? 'n' : ' ';
	values[column] = CStringGetTextDatum(copy);
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
	/*
	 * restoring data over what is there sets the sequence back, which nobody
	 * can refuse
	 */
	static const char sql[] =
	"SELECT pg_catalog.setval('certdata.attempt_id', a.id) FROM certdata.attempt AS a"
	" WHERE a.id OPERATOR(pg_catalog.>) (SELECT s.last_value FROM certdata.attempt_id AS s)"
	" ORDER BY a.id DESC LIMIT 1";
	int			before = own_sql_begin();

	PG_TRY();
	{
		SPI_connect();
		if (n > 0 && SPI_execute(sql, false, 0) != SPI_OK_SELECT)
			ereport(ERROR, (errmsg_internal("could not run %s", sql)));
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
add_lost(RingEntry *entry, uint64 lost)
{
	if (lost == 0)
		return 0;
	memset(entry, 0, sizeof(*entry));
	entry->at = GetCurrentTimestamp();
	strlcpy(entry->outcome, "lost", sizeof(entry->outcome));
	strlcpy(entry->kind, "lost", sizeof(entry->kind));
	snprintf(entry->object, sizeof(entry->object), UINT64_FORMAT, lost);
	return 1;
}

/* Without an error, which would be one line in the log for each time we try. */
static bool
lock_table(void)
{
	for (int i = 0; i < LOCK_TRIES; i++)
	{
		if (ConditionalLockRelationOid(own_relation("attempt"), RowExclusiveLock))
			return true;
		CHECK_FOR_INTERRUPTS();
		pg_usleep(LOCK_NAP);
	}
	return false;
}

/*
 * One transaction for what is there; an error ends the process, and another
 * one tries again.  Returns how many entries were taken.
 */
static int
write_batch(RingEntry *entry)
{
	int			taken;
	uint64		lost;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pgstat_report_activity(STATE_RUNNING, "INSERT INTO certdata.attempt");
	(void) protecting();		/* marks the database */
	taken = ring_peek(MyDatabaseId, entry, BATCH);
	lost = ring_untold(MyDatabaseId);
	if (has_table())
	{
		if (lock_table())
			write_entries(entry, taken + add_lost(&entry[taken], lost));
		else
			taken = lost = 0;
	}
	PopActiveSnapshot();
	CommitTransactionCommand();
	if (taken > 0)
		ring_remove(MyDatabaseId, entry[taken - 1].number);
	ring_told(MyDatabaseId, lost);
	return taken;
}

/*
 * What is set for the database must not keep us from writing, nor a lock or a
 * standby that is away keep others waiting for us.
 */
static void
settle(void)
{
	static const char *const setting[][2] = {
		{"application_name", WRITER},
		{"search_path", "pg_catalog, pg_temp"},
		{"role", "none"},
		{"default_transaction_read_only", "off"},
		{"default_transaction_deferrable", "off"},
		{"default_transaction_isolation", "read committed"},
		{"session_replication_role", "origin"},
		{"synchronous_commit", "local"},
		{"lock_timeout", "1s"},
	};

	for (int i = 0; i < lengthof(setting); i++)
		SetConfigOption(setting[i][0], setting[i][1], PGC_SUSET, PGC_S_OVERRIDE);
	if (GetConfigOption("transaction_timeout", true, false) != NULL)	/* from 17 */
		SetConfigOption("transaction_timeout", "0", PGC_SUSET, PGC_S_OVERRIDE);
}

/*
 * One writer at a time, until it ends: another launcher may have sent one
 * before.  A lock that the server lets go of when a process ends, and that no
 * SQL can take: of advisory locks it has those of classes 1 and 2.
 */
static void
be_the_only_one(void)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0, 0, LOCK_CLASS);
	StartTransactionCommand();
	(void) LockAcquire(&tag, ExclusiveLock, true, false);
	CommitTransactionCommand();
}

void
attempt_writer_main(Datum arg)
{
	RingEntry  *entry;

	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	/* also where ALLOW_CONNECTIONS is false: that is no way to hide something */
	BackgroundWorkerInitializeConnectionByOid(DatumGetObjectId(arg), InvalidOid, BGWORKER_BYPASS_ALLOWCONN);
	settle();
	be_the_only_one();
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

static void
nap(long milliseconds)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH | (milliseconds > 0 ? WL_TIMEOUT : 0),
					 milliseconds, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
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

		if ((form->datallowconn || !form->datistemplate) && form->datconnlimit != HALF_DROPPED)
			list = lappend_oid(list, form->oid);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	CommitTransactionCommand();
	MemoryContextSwitchTo(memory);
	return list;
}

/* Databases to which nothing could be written, and since when. */
typedef struct Failing
{
	Oid			database;		/* first, the key */
	TimestampTz since;
} Failing;

static HTAB *failing = NULL;

static void
failing_init(void)
{
	HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(Failing)};

	failing = hash_create("certdata databases", 16, &control, HASH_ELEM | HASH_BLOBS);
}

/* What concerns a database that cannot be written to is in the log. */
static void
failed(Oid database)
{
	bool		gone = !list_member_oid(databases(), database);
	bool		found;
	Failing    *f = hash_search(failing, &database, HASH_ENTER, &found);
	int			n;

	if (!found)
		f->since = GetCurrentTimestamp();
	if (!gone && !TimestampDifferenceExceeds(f->since, GetCurrentTimestamp(), GIVE_UP_AFTER))
		return;
	(void) hash_search(failing, &database, HASH_REMOVE, NULL);
	n = ring_give_up(database, gone);
	if (n > 0)
		ereport(LOG,
				(errmsg("certdata could not write %d attempts to database %u", n, database),
				 errhint("The server log has each of them.")));
}

/* One round through the databases; false: nothing could be written to one of them. */
static bool
write_round(const Oid *database, int n)
{
	bool		ok = true;

	for (int i = 0; i < n; i++)
	{
		uint64		before = ring_oldest(database[i]);
		bool		sent = before != 0 && send_writer(database[i]);

		CHECK_FOR_INTERRUPTS();
		if (ring_oldest(database[i]) != before)
			(void) hash_search(failing, &database[i], HASH_REMOVE, NULL);
		else if (before != 0)
		{
			ok = false;
			if (sent)
				failed(database[i]);
		}
	}
	return ok;
}

static void
write_all(void)
{
	Oid			database[RING_DATABASES];
	int			n;

	while ((n = ring_databases(database)) > 0)
		if (!write_round(database, n))
			nap(RETRY_AFTER);
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
	MemoryContext memory;

	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	ring_writer(MyLatch);
	pgstat_report_activity(STATE_IDLE, NULL);
	failing_init();
	memory = AllocSetContextCreate(TopMemoryContext, WRITER, ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(memory);
	look_around();
	for (;;)
	{
		write_all();
		MemoryContextReset(memory);
		nap(-1);
	}
}

void
attempt_writer_register(void)
{
	BackgroundWorker worker;

	/* nobody is to connect to a server that pg_upgrade works on */
	if (IsBinaryUpgrade)
		return;
	worker = worker_of(WRITER, "attempt_launcher_main", (Datum) 0);
	worker.bgw_restart_time = RESTART_AFTER;
	RegisterBackgroundWorker(&worker);
}
