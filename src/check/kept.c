/*
 * kept.c
 *	  What was made from our tables, and whether it still holds (kept.h).
 */
#include "check/kept.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "storage/sinval.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "check/reading.h"

PG_FUNCTION_INFO_V1(certdata_setting_changed);
PG_FUNCTION_INFO_V1(certdata_setting_told);

/* What lasts, a session keeps so much of; more is read anew. */
#define LASTS_AT_MOST (4 * 1024 * 1024)

/* Memory of a value, in which it lies itself. */
struct Holding
{
	MemoryContext context;
	int			users;			/* who hold it */
	bool		outdated;		/* another one is in its place */
};

static Reading *readings = NULL;
static List *outdated = NIL;	/* memory that is held, though */

/* Who holds what, since which level of subtransactions. */
typedef struct Hold
{
	Holding    *memory;
	int			nest_level;
} Hold;

static Hold *holds = NULL;
static int	nholds = 0;
static int	holds_room = 0;

/* ---- word of changes ---- */

/* Tables of which something is made that may last. */
static const char *const told_table[] = {
	"rule_setting", "category_setting", "level_letter",
	"organisation", "organisation_name", "filing", "scope"
};

static Oid *watched = NULL;		/* those that were read */
static int	nwatched = 0;

static bool heard = true;		/* something, since the horizon was set */
static uint64 words = 0;		/* that we have heard */
static bool untold = false;		/* a table was read whose changes are not told */
static TransactionId horizon;	/* what we have heard of was begun before */

/* Nobody's memory is touched here. */
static void
forget(bool all)
{
	for (Reading *r = readings; r != NULL; r = r->next)
		if (all || !r->lasts)
			r->value = NULL;
}

static void
hear(void)
{
	forget(true);
	heard = true;
	words++;
}

static bool
is_watched(Oid relid)
{
	for (int i = 0; i < nwatched; i++)
		if (watched[i] == relid)
			return true;
	return false;
}

static void
watch(Oid relid)
{
	if (is_watched(relid))
		return;
	/* room for a power of two */
	if ((nwatched & (nwatched - 1)) == 0)
		watched = watched == NULL ? MemoryContextAlloc(TopMemoryContext, sizeof(Oid)) :
			repalloc(watched, sizeof(Oid) * 2 * nwatched);
	watched[nwatched++] = relid;
	/* word of it may have come before */
	hear();
}

static void
relation_changed(Oid relid)
{
	if (OidIsValid(relid) && !is_watched(relid))
		return;
	hear();
	untold = false;
}

static bool
is_told(Relation rel)
{
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (strcmp(trigger->tgname, "certdata_told") == 0 && trigger->tgenabled == TRIGGER_FIRES_ALWAYS &&
			trigger->tgqual != NULL && trigger->tgnattr == 0 && TRIGGER_FOR_ROW(trigger->tgtype) && TRIGGER_FOR_INSERT(trigger->tgtype) &&
			TRIGGER_FOR_UPDATE(trigger->tgtype) && TRIGGER_FOR_DELETE(trigger->tgtype) &&
			get_func_namespace(trigger->tgfoid) == certdata_schema())
			return true;
	}
	return false;
}

static bool
is_to_be_told(Oid relid)
{
	for (int i = 0; i < lengthof(told_table); i++)
		if (relid == own_relation(told_table[i]))
			return true;
	return false;
}

void
kept_is_read(Relation rel)
{
	if (!is_to_be_told(RelationGetRelid(rel)))
		return;
	watch(RelationGetRelid(rel));
	/* whichever has changed, word is of this one */
	watch(own_relation(told_table[0]));
	if (!is_told(rel))
		untold = true;
}

/*
 * Is every transaction over to the snapshot that we have had word of?  It is,
 * if all are that had begun when we took note of the last word.
 */
static bool
sees_all(Snapshot snapshot)
{
	/* a serializable transaction has to say what it has read */
	if (untold || IsolationIsSerializable() || snapshot->snapshot_type != SNAPSHOT_MVCC ||
		snapshot->takenDuringRecovery)
		return false;

	/*
	 * of itself a session takes word with a lock that is new to its
	 * transaction
	 */
	AcceptInvalidationMessages();
	if (heard)
	{
		heard = false;
		horizon = ReadNextTransactionId();
	}
	return TransactionIdFollowsOrEquals(snapshot->xmin, horizon);
}

/* ---- keeping ---- */

/* Subtransactions listed; none, whatever the count says, after an overflow. */
static int
nsubxip(Snapshot snapshot)
{
	return snapshot->subxip != NULL ? Max(snapshot->subxcnt, 0) : 0;
}

static TransactionId *
copy_xids(const TransactionId *xids, int n)
{
	return n > 0 ? memcpy(palloc(sizeof(*xids) * n), xids, sizeof(*xids) * n) : NULL;
}

static void
note_snapshot(SnapshotData *kept, Snapshot snapshot)
{
	*kept = *snapshot;
	kept->xip = copy_xids(snapshot->xip, snapshot->xcnt);
	kept->subxcnt = nsubxip(snapshot);
	kept->subxip = copy_xids(snapshot->subxip, nsubxip(snapshot));
}

static bool
same_xids(const TransactionId *a, const TransactionId *b, int n)
{
	return n == 0 || memcmp(a, b, sizeof(*a) * n) == 0;
}

static bool
shows_the_same(const SnapshotData *kept, Snapshot s)
{
	return s->snapshot_type == SNAPSHOT_MVCC && kept->snapshot_type == SNAPSHOT_MVCC &&
		s->curcid == kept->curcid && s->xmin == kept->xmin && s->xmax == kept->xmax &&
		s->takenDuringRecovery == kept->takenDuringRecovery &&
		s->suboverflowed == kept->suboverflowed &&
		s->xcnt == kept->xcnt && nsubxip(s) == kept->subxcnt &&
		same_xids(s->xip, kept->xip, s->xcnt) &&
		same_xids(s->subxip, kept->subxip, kept->subxcnt);
}

void *
reading_get(Reading *reading)
{
	Snapshot	snapshot = GetActiveSnapshot();

	if (reading->value != NULL &&
		(reading->lasts ? sees_all(snapshot) : shows_the_same(&reading->snapshot, snapshot)))
		return reading->value;
	return NULL;
}

/* Out of its place; it goes with the last who holds it. */
static void
put_away(Holding *memory)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	outdated = lappend(outdated, memory);
	memory->outdated = true;
	MemoryContextSwitchTo(old);
}

/* Memory that nobody else holds. */
static void
take_memory(Reading *reading, const char *name)
{
	MemoryContext context = NULL;

	if (!reading->listed)
	{
		reading->next = readings;
		readings = reading;
		reading->listed = true;
	}
	if (reading->memory != NULL && reading->memory->users > 0)
		put_away(reading->memory);
	else if (reading->memory != NULL)
		context = reading->memory->context;
	reading->memory = NULL;
	if (context != NULL)
		MemoryContextReset(context);
	else
	{
		context = AllocSetContextCreate(TopMemoryContext, "certdata reading", ALLOCSET_SMALL_SIZES);
		MemoryContextSetIdentifier(context, name);
	}
	reading->memory = MemoryContextAllocZero(context, sizeof(Holding));
	reading->memory->context = context;
}

static uint64 words_before;

MemoryContext
reading_begin(Reading *reading, const char *name)
{
	reading->value = NULL;
	take_memory(reading, name);
	words_before = words;
	return MemoryContextSwitchTo(reading->memory->context);
}

void
reading_end(Reading *reading, MemoryContext old, void *value)
{
	Snapshot	snapshot = GetActiveSnapshot();

	note_snapshot(&reading->snapshot, snapshot);
	MemoryContextSwitchTo(old);

	/*
	 * word that has come meanwhile may have been of a table that is not told
	 * of
	 */
	reading->lasts = reading->may_last && sees_all(snapshot) && words == words_before;
	reading->value = value;
}

Holding *
reading_hold(Reading *reading)
{
	if (nholds == holds_room)
	{
		holds_room = Max(8, 2 * holds_room);
		holds = holds == NULL ? MemoryContextAlloc(TopMemoryContext, sizeof(Hold) * holds_room) :
			repalloc(holds, sizeof(Hold) * holds_room);
	}
	holds[nholds++] = (Hold) {reading->memory, GetCurrentTransactionNestLevel()};
	reading->memory->users++;
	return reading->memory;
}

void
reading_release(Holding *memory)
{
	int			i = nholds - 1;

	/* mostly the newest */
	while (i >= 0 && holds[i].memory != memory)
		i--;
	if (i < 0)
		return;					/* given up already */
	memmove(&holds[i], &holds[i + 1], sizeof(Hold) * (nholds - i - 1));
	nholds--;
	if (--memory->users > 0 || !memory->outdated)
		return;
	outdated = list_delete_ptr(outdated, memory);
	MemoryContextDelete(memory->context);
}

/* ---- ends of (sub)transactions ---- */

static void
at_end(void)
{
	nholds = 0;
	for (Reading *r = readings; r != NULL; r = r->next)
	{
		if (r->memory == NULL)
			continue;
		r->memory->users = 0;
		if (MemoryContextMemAllocated(r->memory->context, true) > LASTS_AT_MOST)
		{
			r->value = NULL;
			/* the holding lies in it */
			MemoryContextDeleteChildren(r->memory->context);
		}
	}
	while (outdated != NIL)
	{
		Holding    *memory = linitial(outdated);

		outdated = list_delete_first(outdated);
		MemoryContextDelete(memory->context);
	}
}

/* Is there word of this transaction?  It goes out with the commit, too. */
static bool told = false;

static void
tell(void)
{
	SharedInvalidationMessage message = {0};

	message.rc.id = SHAREDINVALRELCACHE_ID;
	message.rc.dbId = MyDatabaseId;
	message.rc.relId = own_relation(told_table[0]);
	SendSharedInvalidMessages(&message, 1);
}

static void
at_xact(XactEvent event, void *arg)
{
	if (told && (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE))
		tell();
	told = false;
	forget(false);
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		at_end();
}

/* An error has left behind what was held. */
static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	forget(false);
	while (nholds > 0 && holds[nholds - 1].nest_level >= GetCurrentTransactionNestLevel())
		reading_release(holds[nholds - 1].memory);
}

void
kept_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
	certdata_on_relation_change(relation_changed);
}

/* ---- SQL ---- */

/*
 * The WHEN of the trigger certdata_told: has word sent before and with the
 * transaction's commit, and is never true.
 */
Datum
certdata_setting_changed(PG_FUNCTION_ARGS)
{
	static SubTransactionId subtransaction = InvalidSubTransactionId;
	static CommandId command = InvalidCommandId;
	static TransactionId transaction = InvalidTransactionId;
	TransactionId xid = GetTopTransactionIdIfAny();

	/*
	 * Once a command, however many rows it has; a subtransaction that is
	 * rolled back takes its word along.  Called by hand, it has no row.
	 */
	if (TransactionIdIsValid(xid) && (transaction != xid || subtransaction != GetCurrentSubTransactionId() ||
									  command != GetCurrentCommandId(false)))
	{
		CacheInvalidateRelcacheByRelid(own_relation(told_table[0]));
		told = true;
		transaction = xid;
		subtransaction = GetCurrentSubTransactionId();
		command = GetCurrentCommandId(false);
	}
	PG_RETURN_BOOL(false);
}

/* Its WHEN tells, and is never true. */
Datum
certdata_setting_told(PG_FUNCTION_ARGS)
{
	return PointerGetDatum(NULL);
}
