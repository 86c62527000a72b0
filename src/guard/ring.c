/*
 * ring.c
 *	  What all sessions share: attempts on their way to certdata.attempt, the
 *	  databases in which something is protected, and the maintenance that is
 *	  open, for statements that concern another database than the session's.
 *
 * The transaction that tries rolls back, so its attempt is left here, and a
 * background worker writes it down in a transaction of its own.  What is left
 * when the server stops is kept in a file; what a crash loses is in the log.
 */
#include "certdata.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/timestamp.h"

#include "guard/protect.h"
#include "guard/start_file.h"

#define TRANCHE "certdata"
#define MARKS 64
#define WINDOWS 64
#define PATIENCE 10				/* seconds */

typedef struct Shared
{
	LWLock	   *lock;
	Latch	   *writer;			/* NULL: none runs */
	pg_atomic_uint32 nmarked;	/* read without the lock */
	Oid			marked[MARKS];
	bool		all_marked;		/* there are more */
	bool		looked_around;	/* every database was asked */
	uint64		untold[MARKS + 1];	/* lost, of which certdata.attempt of the
									 * marked database, and of the others,
									 * does not know yet */
	int			nwindows;
	Window		window[WINDOWS];
	uint64		lost;			/* since the start */
	uint64		last;			/* number of the last entry */
	char		unguarded[64];
	int			nentries;
	RingEntry	entry[RING_SIZE];	/* oldest first */
} Shared;

static Shared *shared = NULL;

/* ---- memory ---- */

void
ring_request(void)
{
	RequestAddinShmemSpace(MAXALIGN(sizeof(Shared)));
	RequestNamedLWLockTranche(TRANCHE, 1);
}

/* The postmaster ends: keep what has not been written. */
static void
at_stop(int code, Datum arg)
{
	if (code == 0 && shared != NULL)
		start_file_stop(shared->entry, shared->nentries);
}

void
ring_startup(void)
{
	bool		found;

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	shared = ShmemInitStruct("certdata", sizeof(Shared), &found);
	if (!found)
	{
		memset(shared, 0, sizeof(Shared));
		shared->lock = &(GetNamedLWLockTranche(TRANCHE))->lock;
		pg_atomic_init_u32(&shared->nmarked, 0);
	}
	LWLockRelease(AddinShmemInitLock);
	if (IsUnderPostmaster || found)
		return;
	shared->nentries = start_file_start(shared->entry, RING_SIZE, shared->unguarded,
										sizeof(shared->unguarded));
	for (int i = 0; i < shared->nentries; i++)
		shared->entry[i].number = ++shared->last;
	on_shmem_exit(at_stop, (Datum) 0);
}

/* ---- entries; the lock is held by who calls the static functions ---- */

static uint64 *
untold_of(Oid database)
{
	int			i = 0;

	while (i < pg_atomic_read_u32(&shared->nmarked) && shared->marked[i] != database)
		i++;
	return &shared->untold[i == pg_atomic_read_u32(&shared->nmarked) ? MARKS : i];
}

static void
append(const RingEntry *entry, Oid database)
{
	RingEntry  *to = &shared->entry[shared->nentries];

	if (shared->nentries == RING_SIZE)
	{
		shared->lost++;
		(*untold_of(database))++;
		return;
	}
	*to = *entry;
	to->database = database;
	to->number = ++shared->last;
	shared->nentries++;
}

void
ring_put(const RingEntry *entry)
{
	/* a standby writes nothing: its log has it */
	if (shared == NULL || RecoveryInProgress())
		return;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	if (OidIsValid(entry->database))
		append(entry, entry->database);
	else
		for (uint32 i = 0; i < pg_atomic_read_u32(&shared->nmarked); i++)
			append(entry, shared->marked[i]);
	if (shared->writer != NULL)
		SetLatch(shared->writer);
	LWLockRelease(shared->lock);
}

int
ring_peek(Oid database, RingEntry *entry, int max)
{
	int			n = 0;

	LWLockAcquire(shared->lock, LW_SHARED);
	for (int i = 0; i < shared->nentries && n < max; i++)
		if (shared->entry[i].database == database)
			entry[n++] = shared->entry[i];
	LWLockRelease(shared->lock);
	return n;
}

void
ring_remove(Oid database, uint64 last)
{
	int			kept = 0;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	for (int i = 0; i < shared->nentries; i++)
		if (shared->entry[i].database != database || shared->entry[i].number > last)
		{
			if (kept++ < i)
				shared->entry[kept - 1] = shared->entry[i];
		}
	shared->nentries = kept;
	LWLockRelease(shared->lock);
}

int
ring_databases(Oid *database)
{
	int			n = 0;

	LWLockAcquire(shared->lock, LW_SHARED);
	for (int i = 0; i < shared->nentries; i++)
	{
		int			k = 0;

		while (k < n && database[k] != shared->entry[i].database)
			k++;
		if (k == n)
			database[n++] = shared->entry[i].database;
	}
	for (int i = 0; i < pg_atomic_read_u32(&shared->nmarked); i++)
		if (shared->untold[i] > 0)
			database[n++] = shared->marked[i];
	LWLockRelease(shared->lock);
	return n;
}

uint64
ring_oldest(Oid database)
{
	uint64		number = 0;

	LWLockAcquire(shared->lock, LW_SHARED);
	for (int i = shared->nentries - 1; i >= 0; i--)
		if (shared->entry[i].database == database)
			number = shared->entry[i].number;
	if (number == 0 && untold_of(database) != &shared->untold[MARKS] && *untold_of(database) > 0)
		number = PG_UINT64_MAX;
	LWLockRelease(shared->lock);
	return number;
}

uint64
ring_lost(uint64 *pending)
{
	uint64		lost;

	*pending = 0;
	if (shared == NULL)
		return 0;
	LWLockAcquire(shared->lock, LW_SHARED);
	lost = shared->lost;
	*pending = shared->nentries;
	LWLockRelease(shared->lock);
	return lost;
}

uint64
ring_untold(Oid database)
{
	uint64		n;

	LWLockAcquire(shared->lock, LW_SHARED);
	n = *untold_of(database);
	LWLockRelease(shared->lock);
	return n;
}

void
ring_told(Oid database, uint64 n)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	*untold_of(database) -= n;
	LWLockRelease(shared->lock);
}

int
ring_give_up(Oid database, bool gone)
{
	int			before;

	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	before = shared->nentries;
	shared->nentries = 0;
	for (int i = 0; i < before; i++)
		if (shared->entry[i].database != database)
			shared->entry[shared->nentries++] = shared->entry[i];
	before -= shared->nentries;
	shared->lost += before;
	if (untold_of(database) != &shared->untold[MARKS])
		*untold_of(database) = gone ? 0 : *untold_of(database) + before;
	LWLockRelease(shared->lock);
	return before;
}

void
ring_writer(Latch *latch)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->writer = latch;
	LWLockRelease(shared->lock);
}

bool
ring_unguarded(char *word, size_t size)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	strlcpy(word, shared->unguarded, size);
	shared->unguarded[0] = '\0';
	LWLockRelease(shared->lock);
	return word[0] != '\0';
}

/* ---- databases ---- */

void
ring_looked_around(void)
{
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	shared->looked_around = true;
	LWLockRelease(shared->lock);
}

/*
 * Just started, the server is still asking; if that takes too long, any may have
 * something.  Nobody asks on a standby, in a single process, or for pg_upgrade.
 */
static bool
wait_for_marks(void)
{
	if (!IsUnderPostmaster || IsBinaryUpgrade)
		return true;
	for (int i = 0; !shared->looked_around && !RecoveryInProgress(); i++)
	{
		if (i == PATIENCE * 10)
			return false;
		CHECK_FOR_INTERRUPTS();
		pg_usleep(100000L);
	}
	return true;
}

/* Without the lock: a mark is never taken back, and its slot is written before the number. */
static bool
ring_is_marked(Oid database)
{
	if (shared->all_marked)
		return true;
	for (uint32 i = 0; i < pg_atomic_read_u32(&shared->nmarked); i++)
		if (shared->marked[i] == database)
			return true;
	return false;
}

bool
ring_may_be_marked(Oid database)
{
	return shared != NULL && (!wait_for_marks() || ring_is_marked(database));
}

bool
ring_any_marked(void)
{
	return shared != NULL && (!wait_for_marks() || pg_atomic_read_u32(&shared->nmarked) > 0);
}

void
ring_mark(Oid database)
{
	uint32		n;

	if (shared == NULL || ring_is_marked(database))
		return;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	n = pg_atomic_read_u32(&shared->nmarked);
	if (!ring_is_marked(database))
	{
		if (n == MARKS)
			shared->all_marked = true;
		else
		{
			shared->marked[n] = database;
			pg_write_barrier();
			pg_atomic_write_u32(&shared->nmarked, n + 1);
		}
	}
	LWLockRelease(shared->lock);
}

/* ---- maintenance ---- */

static void
keep_windows(Oid database, Oid role)
{
	TimestampTz now = GetCurrentTimestamp();
	int			kept = 0;

	for (int i = 0; i < shared->nwindows; i++)
		if (shared->window[i].until > now &&
			(shared->window[i].database != database || shared->window[i].role != role))
			shared->window[kept++] = shared->window[i];
	shared->nwindows = kept;
}

void
ring_open_window(const Window *window)
{
	if (shared == NULL)
		return;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	keep_windows(InvalidOid, InvalidOid);
	/* none too many: that role has to wait, or to work in the database itself */
	if (shared->nwindows < WINDOWS)
		shared->window[shared->nwindows++] = *window;
	LWLockRelease(shared->lock);
}

void
ring_close_windows(Oid database, Oid role)
{
	if (shared == NULL)
		return;
	LWLockAcquire(shared->lock, LW_EXCLUSIVE);
	keep_windows(database, role);
	LWLockRelease(shared->lock);
}

int64
ring_window(Oid database)
{
	TimestampTz now = GetCurrentTimestamp();
	int64		id = 0;

	if (shared == NULL)
		return 0;
	LWLockAcquire(shared->lock, LW_SHARED);
	for (int i = 0; i < shared->nwindows; i++)
	{
		const Window *w = &shared->window[i];

		if (w->until > now && (!OidIsValid(database) || w->database == database) &&
			(w->role == GetOuterUserId() || w->role == GetSessionUserId()))
			id = w->id;
	}
	LWLockRelease(shared->lock);
	return id;
}
