/*
 * announce.c
 *	  Which command a row's change belongs to.
 *
 * Every SQL statement fires statement triggers: the first of ours announces
 * it, the last takes the announcement back.  A change of a row that nobody
 * announced comes from logical replication, which fires row triggers only.
 * An UPDATE of one of our own functions is told from others by the function
 * having begun an act one trigger level above, so that what a user's trigger
 * does in between is not taken for it.
 */
#include "certdata.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "guard/announce.h"

typedef struct Announced
{
	pg_uuid_t	id;				/* attachment */
	Oid			relation;		/* the one that the statement names */
	int			depth;			/* of triggers */
	int			nest_level;		/* of subtransactions */
	CommandId	command;		/* that the statement began with */
	unsigned	events;			/* 1 << TRIGGER_EVENT_... */
	Act			act;
	GoneRows	gone;
	int64		statement_id;	/* the ledger's numbers */
	int64		number[TRIGGER_EVENT_OPMASK + 1];	/* of the act of each
													 * event */
} Announced;

static Announced *announced = NULL;
static int	nannounced = 0;
static int	room = 0;

/* The act that a function has begun and no statement has taken up. */
static Act	pending;
static Oid	pending_relation = InvalidOid;
static int	pending_depth;

void
act_begin(Oid relation, const Act *act)
{
	pending = *act;
	pending_relation = relation;
	pending_depth = certdata_trigger_depth();
}

void
act_end(void)
{
	pending_relation = InvalidOid;
}

/* The newest one; relation InvalidOid: any; events: one that it has; 0: any. */
static Announced *
find(const pg_uuid_t *id, Oid relation, int depth, unsigned events)
{
	for (int i = nannounced - 1; i >= 0; i--)
		if (announced[i].depth == depth && memcmp(&announced[i].id, id, UUID_LEN) == 0 &&
			(announced[i].relation == relation || !OidIsValid(relation)) &&
			(announced[i].events & events) == events)
			return &announced[i];
	return NULL;
}

/*
 * The command of the statement at hand.  A function that the statement calls
 * runs statements of the same depth, of later commands.
 */
static CommandId
command(void)
{
	return GetActiveSnapshot()->curcid;
}

static Announced *
add(const pg_uuid_t *id, Oid relation, int depth)
{
	Announced  *entry;

	if (nannounced == room)
	{
		room = Max(8, 2 * room);
		announced = announced == NULL ?
			MemoryContextAlloc(TopMemoryContext, sizeof(Announced) * room) :
			repalloc(announced, sizeof(Announced) * room);
	}
	entry = &announced[nannounced++];
	memset(entry, 0, sizeof(*entry));
	entry->id = *id;
	entry->relation = relation;
	entry->depth = depth;
	entry->command = command();
	entry->nest_level = GetCurrentTransactionNestLevel();
	return entry;
}

/*
 * The numbers of statement and act are drawn here, before any row changes, so
 * that what triggers do in between has larger ones.
 */
Act
announce(const Attachment *att, Oid relation, TriggerEvent event)
{
	int			depth = certdata_trigger_depth();
	int64		number = recording->number();
	Announced  *entry = find(&att->id, relation, depth, 0);

	if (entry == NULL || entry->command != command())
	{
		entry = add(&att->id, relation, depth);
		entry->statement_id = number;
	}
	entry->events |= 1u << (event & TRIGGER_EVENT_OPMASK);
	entry->number[event & TRIGGER_EVENT_OPMASK] = number;
	if (TRIGGER_FIRED_BY_UPDATE(event) && pending_relation == relation &&
		pending_depth + 1 == depth)
	{
		entry->act = pending;
		act_end();
	}
	return (Act) {ACT_PLAIN, .statement_id = entry->statement_id, .id = number};
}

bool
announce_gone(const Attachment *att, const GoneRow *row)
{
	int			depth = certdata_trigger_depth() + 1;
	GoneRows   *gone = NULL;

	for (int i = nannounced - 1; i >= 0 && gone == NULL; i--)
		if (announced[i].depth == depth && memcmp(&announced[i].id, &att->id, UUID_LEN) == 0 &&
			announced[i].events & 1u << TRIGGER_EVENT_UPDATE && announced[i].command == command())
			gone = &announced[i].gone;
	if (gone == NULL)
		return false;
	if (gone->n == gone->room)
	{
		gone->room = Max(8, 2 * gone->room);
		gone->row = gone->row == NULL ? MemoryContextAlloc(CurTransactionContext, sizeof(GoneRow) * gone->room) :
			repalloc_huge(gone->row, sizeof(GoneRow) * gone->room);
	}
	gone->row[gone->n++] = *row;
	return true;
}

bool
is_announced(const Attachment *att)
{
	/* a statement may name a partition's parent */
	return find(&att->id, InvalidOid, certdata_trigger_depth(), 0) != NULL;
}

/*
 * Statement triggers of a cascade fire before as the foreign key's statement
 * begins, after when the one ends that it comes from, one level above.
 */
Act
announcement_end(const Attachment *att, Oid relation, TriggerEvent event)
{
	unsigned	events = 1u << (event & TRIGGER_EVENT_OPMASK);
	int			depth = certdata_trigger_depth();
	Announced  *entry = find(&att->id, relation, depth, events);
	Act			act = {ACT_PLAIN};

	if (entry == NULL)
		entry = find(&att->id, relation, depth + 1, events);
	if (entry == NULL)
		return act;
	if (TRIGGER_FIRED_BY_UPDATE(event))
		act = entry->act;
	act.gone = entry->gone;
	act.statement_id = entry->statement_id;
	act.id = entry->number[event & TRIGGER_EVENT_OPMASK];
	entry->events &= ~events;
	if (entry->events == 0)
	{
		int			i = entry - announced;

		memmove(entry, entry + 1, sizeof(Announced) * (nannounced - i - 1));
		nannounced--;
	}
	return act;
}

static void
at_xact(XactEvent event, void *arg)
{
	nannounced = 0;
	act_end();
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	while (nannounced > 0 && announced[nannounced - 1].nest_level >= GetCurrentTransactionNestLevel())
		nannounced--;
}

void
announce_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}
