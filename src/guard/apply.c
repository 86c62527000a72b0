/*
 * apply.c
 *	  Changes that logical replication brings.
 *
 * Its apply worker fires row triggers only, those for the replica role.  They
 * fire for statements of a session in that role, too, and leave those to the
 * statement triggers.  The publisher has judged what it sends
 * (certdata.on_apply = record), or has not (refuse); why it was changed is
 * known to the publisher only.
 */
#include "certdata.h"

#include "access/xact.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "guard/announce.h"
#include "guard/rows.h"

PG_FUNCTION_INFO_V1(certdata_guard_apply);

/* The publisher's retire, suspend and their kin, as far as the state column tells. */
static void
follow_state(Updating *up)
{
	int			at = up->rows.att->state_attnum - 1;
	cd_certno	no;
	Life		life;
	RecordedEntry entry = {0};
	char	   *word = "";

	if (!number_of_row(up, up->rows.slot, &no))
		return;					/* withdrawn */
	if (!up->rows.slot->tts_isnull[at])
		word = TextDatumGetCString(up->rows.slot->tts_values[at]);
	(void) life_find(rows_life(&up->rows), up->rows.att, &no, &life);
	life.retired = strcmp(word, "retired") == 0;
	life.suspended = strcmp(word, "suspended") == 0;
	life_put(rows_life(&up->rows), &life);
	entry.no = &no;
	entry.state = state_bits(&life);
	rows_record(&up->rows, &entry);
}

/* ---- numbers that change ---- */

/*
 * To swap numbers, the publisher sets certificates aside under free ones, in
 * the same transaction: such a number is not a former one when it is left.
 */
typedef struct Renumbered
{
	pg_uuid_t	id;				/* attachment */
	int			nest_level;
	cd_certno	from;
	cd_certno	to;
} Renumbered;

static List *renumbered = NIL;

/* The step of this transaction that led to that number, or NULL. */
static Renumbered *
step_to(const Attachment *att, const cd_certno *no)
{
	ListCell   *cell;

	foreach(cell, renumbered)
	{
		Renumbered *step = lfirst(cell);

		if (memcmp(&step->id, &att->id, UUID_LEN) == 0 && memcmp(&step->to, no, sizeof(*no)) == 0)
			return step;
	}
	return NULL;
}

static void
note_step(const Attachment *att, const cd_certno *old, const cd_certno *new)
{
	MemoryContext context = MemoryContextSwitchTo(TopTransactionContext);
	Renumbered *step = palloc(sizeof(Renumbered));

	*step = (Renumbered) {att->id, GetCurrentTransactionNestLevel(), *old, *new};
	renumbered = lappend(renumbered, step);
	MemoryContextSwitchTo(context);
}

static void
reserve(LifeTable *table, Life *former, const cd_certno *renumbered_to)
{
	Life		reserved = {.registry = former->registry, .attachment = former->attachment, .no = former->no};

	reserved.found = former->found;
	reserved.tid = former->tid;
	reserved.reserved = true;
	reserved.has_renumbered_to = true;
	reserved.renumbered_to = *renumbered_to;
	life_put(table, &reserved);
}

/* The life goes to the new number, the old one is reserved. */
static void
follow_number(LifeTable *table, const Attachment *att, const cd_certno *old, const cd_certno *new)
{
	Renumbered *step = step_to(att, old);
	Life		life;
	Life		moved_life;
	Life		there;
	Life		first;

	(void) life_find(table, att, new, &there);
	(void) life_find(table, att, old, &life);
	moved_life = life;
	moved_life.no = *new;
	moved_life.found = there.found;
	moved_life.tid = there.tid;
	life_put(table, &moved_life);
	if (step == NULL)
	{
		reserve(table, &life, new);
		note_step(att, old, new);
		return;
	}
	life_remove(table, &life);
	if (memcmp(&step->from, new, sizeof(*new)) != 0 &&
		life_find(table, att, &step->from, &first) && first.reserved)
		reserve(table, &first, new);
	step->to = *new;
}

/* ---- rows that move to another partition ---- */

/*
 * A renumbering that moves a row to another partition arrives as a deletion
 * and an insertion, from the publisher or by the apply worker's own routing.
 * So a deletion waits until the transaction ends for the same certificate to
 * come again under another number; if none has, it was one.
 */
typedef struct Moved
{
	pg_uuid_t	id;				/* attachment */
	int			nest_level;
	cd_certno	no;
	char	   *field[CD_NFIELDS];	/* "" for null */
} Moved;

static List *moved = NIL;

static Moved *
read_moved(const Rows *rows, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Moved	   *move = palloc0(sizeof(Moved));

	move->id = rows->att->id;
	move->nest_level = GetCurrentTransactionNestLevel();
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char	   *text = source_text(&rows->source, slot, (cd_field) i);

		move->field[i] = text ? text : pstrdup("");
	}
	MemoryContextSwitchTo(old);
	return move;
}

static bool
same_certificate(const Moved *a, const Moved *b)
{
	if (memcmp(&a->id, &b->id, UUID_LEN) != 0)
		return false;
	for (int i = 0; i < CD_NFIELDS; i++)
		if (i != CD_CERT_NO && strcmp(a->field[i], b->field[i]) != 0)
			return false;
	return true;
}

static bool
number_of_move(Moved *move)
{
	cd_no_fault fault;
	int			fixed;

	return cd_certno_parse(move->field[CD_CERT_NO], strlen(move->field[CD_CERT_NO]), &move->no,
						   &fixed, &fault) == CD_NO_OK;
}

static void
apply_delete(const Attachment *att, TriggerData *trigger)
{
	Rows		rows = {.att = att};
	Moved	   *move;
	MemoryContext old;

	if (certdata_on_apply == CERTDATA_APPLY_REFUSE)
		refuse_deletion(att, trigger->tg_relation, 1, trigger->tg_trigslot, "DELETE");
	attachment_source(att, trigger->tg_relation, &rows.source);
	move = read_moved(&rows, trigger->tg_trigslot);
	if (!number_of_move(move))
		refuse_deletion(att, trigger->tg_relation, 1, trigger->tg_trigslot, "DELETE");
	old = MemoryContextSwitchTo(TopTransactionContext);
	moved = lappend(moved, move);
	MemoryContextSwitchTo(old);
}

/* The deletion of before that the new row takes back, or NULL. */
static Moved *
find_moved(const Rows *rows, Moved **come)
{
	ListCell   *cell;

	if (moved == NIL)
		return NULL;
	*come = read_moved(rows, rows->slot);
	if (!number_of_move(*come))
		return NULL;
	foreach(cell, moved)
	{
		Moved	   *gone = lfirst(cell);

		if (same_certificate(gone, *come))
		{
			moved = foreach_delete_current(moved, cell);
			return gone;
		}
	}
	return NULL;
}

static void
at_xact(XactEvent event, void *arg)
{
	if ((event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE) && moved != NIL)
		refuse_deletion(NULL, NULL, list_length(moved), NULL, "DELETE");
	if (event != XACT_EVENT_PRE_COMMIT && event != XACT_EVENT_PRE_PREPARE)
		moved = renumbered = NIL;	/* they were the transaction's */
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	int			level = GetCurrentTransactionNestLevel();
	ListCell   *cell;

	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	foreach(cell, moved)
		if (((Moved *) lfirst(cell))->nest_level >= level)
		moved = foreach_delete_current(moved, cell);
	foreach(cell, renumbered)
		if (((Renumbered *) lfirst(cell))->nest_level >= level)
		renumbered = foreach_delete_current(renumbered, cell);
}

void
apply_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}

/* ---- the changes ---- */

static void
apply_insert(const Attachment *att, TriggerData *trigger)
{
	Act			plain = {ACT_PLAIN};
	Inserting	in;
	Moved	   *gone;
	Moved	   *come;
	bool		renumbered_too;

	inserting_begin(&in, att, trigger->tg_relation, &plain, certdata_on_apply == CERTDATA_APPLY_RECORD);
	in.fresh = false;
	ExecCopySlot(in.rows.slot, trigger->tg_trigslot);
	gone = find_moved(&in.rows, &come);
	renumbered_too = gone != NULL && memcmp(&gone->no, &come->no, sizeof(cd_certno)) != 0;
	if (renumbered_too)
	{
		Life		life;

		(void) life_find(rows_life(&in.rows), att, &gone->no, &life);
		record_left(&in.rows, &life, &come->no);
		in.former = &gone->no;
	}
	inserting_row(&in);
	if (renumbered_too)
		follow_number(rows_life(&in.rows), att, &gone->no, &come->no);
	rows_end(&in.rows);
}

/* What was written about this row is to be seen by what comes next. */
static void
write_life(Updating *up)
{
	if (up->rows.life != NULL)
		life_close(up->rows.life);
	up->rows.life = NULL;
	if (up->rows.recorder != NULL)
		recording->end(up->rows.recorder);
	up->rows.recorder = NULL;
	up->rows.recording = false;
}

static void
apply_update(const Attachment *att, TriggerData *trigger)
{
	Act			plain = {ACT_PLAIN};
	cd_certno	old;
	cd_certno	new;
	Updating	up;

	updating_begin(&up, att, trigger->tg_relation, &plain, true);
	ExecCopySlot(up.old, trigger->tg_trigslot);
	ExecCopySlot(up.rows.slot, trigger->tg_newslot);
	updating_row(&up);
	write_life(&up);
	if (up.taken && changed_fields(&up) & 1u << CD_CERT_NO &&
		number_of_row(&up, up.old, &old) && number_of_row(&up, up.rows.slot, &new))
		follow_number(rows_life(&up.rows), att, &old, &new);
	write_life(&up);
	if (state_column_changed(&up))
		follow_state(&up);
	updating_end(&up);
}

Datum
certdata_guard_apply(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_apply", TRIGGER_EVENT_ROW);

	if (is_announced(att))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		apply_insert(att, trigger);
	else if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		apply_update(att, trigger);
	else
		apply_delete(att, trigger);
	return PointerGetDatum(NULL);
}
