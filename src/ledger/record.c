/*
 * record.c
 *	  What the guard floor tells, written down: one act, one entry for each
 *	  record it concerns.
 *
 * It happens in the transaction of the change, so what rolls back was never
 * recorded and what commits is.
 */
#include "certdata.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/relcache.h"

#include "ledger/last.h"
#include "ledger/record.h"

/* Numbers that an act has told of. */
typedef struct Told
{
	cd_certno	no;				/* key */
	char		status;
} Told;

#define SH_PREFIX numbers
#define SH_ELEMENT_TYPE Told
#define SH_KEY_TYPE cd_certno
#define SH_KEY no
#define SH_HASH_KEY(table, key) hash_bytes(key.b, sizeof(key.b))
#define SH_EQUAL(table, a, b) (memcmp(&(a), &(b), sizeof(cd_certno)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The newest entry of a number, looked up once for whoever asks. */
typedef struct Newest
{
	bool		known;			/* it is this one's: */
	cd_certno	no;
	bool		found;
	LastEntry	last;
} Newest;

struct Recorder
{
	MemoryContext memory;
	const Attachment *att;
	RecordedAct act;
	int32		shape;
	bool		numbered;		/* before any row changed */
	EntryWriter *writer;		/* NULL: no entry so far */
	EntryReader *reader;		/* NULL: no look-up so far */
	Ahead	   *ahead;			/* NULL: not looked at so far, or not at all */
	Newest		newest;			/* of the row at hand */
	numbers_hash *told;			/* NULL: no number comes twice */
	bool		no_validation;	/* none runs at the same time */
};

#define ITEMS (CD_STATE_NAME_USED | CD_STATE_DOCUMENT_USED)

/* The newest act that this backend has written. */
static int64 last_act = 0;

static int64
record_newest(void)
{
	return last_act;
}

static int64
record_number(void)
{
	return ledger_get() == NULL ? 0 : ledger_number();
}

static Recorder *
record_begin(const Attachment *att, Relation rel, const RecordedAct *act)
{
	MemoryContext memory;
	MemoryContext old;
	Recorder   *recorder;

	if (ledger_get() == NULL)
		return NULL;
	(void) ledger_require_here();
	memory = AllocSetContextCreate(CurrentMemoryContext, "certdata record", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(memory);
	recorder = palloc0(sizeof(Recorder));
	recorder->memory = memory;
	recorder->att = att;
	recorder->act = *act;
	recorder->numbered = act->id > 0;
	recorder->shape = shape_of(att, rel);
	/* several foreign keys may cascade to one row within a statement */
	if (RelationGetFKeyList(rel) != NIL)
		recorder->told = numbers_create(memory, 64, NULL);
	else if (act->numbers != NULL)
		recorder->ahead = ahead_open(act->numbers, act->numbers_arg);
	if (recorder->act.id == 0)
		recorder->act.id = ledger_number();
	MemoryContextSwitchTo(old);
	return recorder;
}

/* Triggers of the statement have acted. */
static bool
is_nested(const Recorder *recorder)
{
	return recorder->numbered && last_act > recorder->act.id;
}

/* ---- the place in the life ---- */

typedef struct Place
{
	LastEntry	last;			/* that it follows */
	bool		follows;
	int32		life_seq;
	bool		precedes;		/* entries of statements that triggers ran */
	int32		beyond;			/* … those with a larger place than this */
} Place;

static EntryReader *
reader_of(Recorder *recorder)
{
	if (recorder->reader == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(recorder->memory);

		recorder->reader = reader_open();
		MemoryContextSwitchTo(old);
	}
	return recorder->reader;
}

/* See what has been written since it was opened, which is not ahead. */
static void
renew_reader(Recorder *recorder)
{
	if (recorder->reader != NULL)
		reader_close(recorder->reader);
	recorder->reader = NULL;
	recorder->newest.known = false;
	recorder->ahead = NULL;
}

/* What the act has told of a number before is to be found, too. */
static void
find_told(Recorder *recorder, const cd_certno *no)
{
	bool		found;

	(void) numbers_insert(recorder->told, *no, &found);
	/* a row that was refused was asked about and not told of */
	if (!found || recorder->writer == NULL)
		return;
	entries_flush(recorder->writer);
	renew_reader(recorder);
}

static bool
knows_newest(const Recorder *recorder, const cd_certno *no)
{
	return recorder->newest.known && memcmp(&recorder->newest.no, no, sizeof(*no)) == 0;
}

static const Newest *
newest_entry(Recorder *recorder, int64 row, const cd_certno *no)
{
	Newest	   *newest = &recorder->newest;
	const pg_uuid_t *registry = &recorder->att->registry;
	EntryReader *reader;

	if (knows_newest(recorder, no))
		return newest;
	reader = reader_of(recorder);
	newest->found = recorder->ahead != NULL && row > 0 &&
		ahead_last(recorder->ahead, reader, registry, row, no, &newest->last);
	if (!newest->found)
		newest->found = reader_last(reader, registry, no, 0, 0, &newest->last);
	newest->no = *no;
	newest->known = true;
	return newest;
}

/*
 * The entry that a row of ours follows.  What triggers did since the row
 * changed was told before, and has larger numbers of acts.
 */
static bool
follow_last(Recorder *recorder, int64 row, const cd_certno *no, Place *place, LastEntry *last)
{
	const Newest *newest = newest_entry(recorder, row, no);

	if (!newest->found)
		return false;
	*last = newest->last;
	if (!last->ours || last->act <= recorder->act.id)
		return true;
	place->precedes = true;
	return reader_last(recorder->reader, &recorder->att->registry, no, 0, recorder->act.id, last);
}

/*
 * No entry, of a row that was there: validate() may be about to write one, so
 * wait until it has.
 */
static bool
follow_validated(Recorder *recorder, const cd_certno *no, Place *place)
{
	if (recorder->no_validation)
		return false;
	lock_unrecorded(recorder->att, false);
	recorder->no_validation = true;
	renew_reader(recorder);
	return follow_last(recorder, 0, no, place, &place->last);
}

/*
 * A trigger before the row may have withdrawn the number from another one, so
 * that this one could have it.
 */
static void
follow_withdrawn(Recorder *recorder, const cd_certno *no, Place *place)
{
	LastEntry	gone;

	if (!place->precedes || !place->follows || place->last.state & CD_STATE_WITHDRAWN ||
		!reader_last(recorder->reader, &recorder->att->registry, no, CD_STATE_WITHDRAWN, 0, &gone) ||
		gone.life_seq <= place->last.life_seq)
		return;
	place->last = gone;
	place->beyond = gone.life_seq;
}

/*
 * A number's entries have ascending places, whosever they are; so a life that
 * comes from another number skips those that this one has had.
 */
static void
arrive(Recorder *recorder, const RecordedEntry *entry, Place *place)
{
	LastEntry	here;

	place->follows = reader_last(reader_of(recorder), &recorder->att->registry, entry->former,
								 CD_STATE_RENUMBERED, 0, &place->last);
	place->life_seq = place->follows ? place->last.life_seq + 1 : 2;
	if (follow_last(recorder, 0, entry->no, place, &here))
		place->life_seq = Max(place->life_seq, here.life_seq + 1);
}

/* false: the entry is there already */
static bool
find_place(Recorder *recorder, const RecordedEntry *entry, Place *place)
{
	memset(place, 0, sizeof(*place));
	if (entry->no == NULL)
		return true;
	place->life_seq = entry->begins ? 1 : 2;
	if (entry->fresh && !is_nested(recorder))
		return true;
	if (recorder->told != NULL && !entry->begins && !knows_newest(recorder, entry->no))
		find_told(recorder, entry->no);
	if (entry->former != NULL)
	{
		arrive(recorder, entry, place);
		return true;
	}
	place->follows = follow_last(recorder, entry->row, entry->no, place, &place->last) ||
		(!entry->begins && follow_validated(recorder, entry->no, place));
	/* one that was withdrawn is another row's */
	if (entry->existing && place->follows && !(place->last.state & CD_STATE_WITHDRAWN))
		return false;
	if (entry->begins)
		follow_withdrawn(recorder, entry->no, place);
	if (place->follows)
		place->life_seq = place->last.life_seq + 1;
	return true;
}

/* A number that was given up or left is no certificate's any more. */
static int
items_used(const LastEntry *last)
{
	return last->state & (CD_STATE_WITHDRAWN | CD_STATE_RENUMBERED) ? 0 : last->state & ITEMS;
}

/*
 * The state after the act: of a life that arrives, what it was; where triggers
 * have acted since, not theirs, which the guard has seen by now.  Items that
 * are used up stay so: certdata.life need not know of them.
 */
static int16
state_at(const Recorder *recorder, const RecordedEntry *entry, const Place *place)
{
	if (!place->follows)
		return entry->state;
	/* a row that replication moves to another partition begins there */
	if (entry->former != NULL)
		return place->last.state & ~CD_STATE_RENUMBERED;
	if (entry->begins)
		return entry->state;
	if (place->precedes)
		return place->last.state | entry->used;
	return entry->state | items_used(&place->last);
}

/* ---- old values ---- */

static Jsonb *
old_values_of(const RecordedEntry *entry)
{
	const char *name[CD_NFIELDS + 1];
	cd_text		text[CD_NFIELDS + 1];
	int			n = 0;

	if (entry->old == NULL && entry->old_name == NULL)
		return NULL;
	for (int i = 0; entry->old != NULL && i < CD_NFIELDS; i++)
		if (entry->changed & 1 << i)
		{
			name[n] = cd_field_name[i];
			text[n++] = entry->old[i];
		}
	if (entry->old_name != NULL)
	{
		name[n] = entry->old_name;
		text[n++] = (cd_text) {entry->old_value, strlen(entry->old_value)};
	}
	return DatumGetJsonbP(pairs_jsonb(n, name, text));
}

/* ---- entries ---- */

/* What the entry is once it is written, for those that are to follow it. */
static void
make_followed(Recorder *recorder, const EntryRow *row, int32 beyond, int more_state)
{
	char		number[CD_CERTNO_LEN];
	unsigned char room[CD_HASH_LEN];
	Followed	followed = {
		.registry = &recorder->att->registry, .no = row->no, .act = recorder->act.id,
		.beyond = beyond, .more_state = more_state,
		.body = {
			.shape = row->shape, .cert_no = {number, CD_CERTNO_LEN}, .life_seq = row->life_seq,
			.state = row->state, .changed = row->changed,
			.previous = {row->previous, row->previous ? CD_HASH_LEN : 0},
			.commitments = {row->commitments, row->commitments_len}
		}
	};

	cd_certno_print(row->no, number);
	followed.body.salts_digest = salts_digest((cd_value) {row->salts, row->salts_len},
											  row->commitments_len, room);
	reader_follow(recorder->reader, &followed);
}

static EntryWriter *
writer_of(Recorder *recorder)
{
	if (recorder->writer == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(recorder->memory);

		recorder->writer = entries_open(recorder->act.id);
		MemoryContextSwitchTo(old);
	}
	return recorder->writer;
}

static void
record_entry(Recorder *recorder, const RecordedEntry *entry)
{
	Place		place;
	Commitments made;
	Jsonb	   *old_values = old_values_of(entry);
	cd_value	old_text = {NULL, 0};
	EntryRow	row = {
		.no = entry->no, .shape = recorder->shape, .changed = entry->changed
	};

	if (!find_place(recorder, entry, &place))
		return;
	recorder->newest.known = false;
	if (old_values != NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		(void) JsonbToCString(&text, &old_values->root, VARSIZE(old_values));
		old_text = (cd_value) {text.data, text.len};
		row.old_values = JsonbPGetDatum(old_values);
		row.has_old = true;
	}
	row.life_seq = place.life_seq;
	row.previous = place.follows ? place.last.previous : NULL;
	row.state = state_at(recorder, entry, &place);
	commit_values(entry->image, old_text, &made);
	if (made.n > 0)
	{
		row.salts = made.salts;
		row.salts_len = made.n * CD_SALT_LEN;
		row.commitments = made.commitments;
		row.commitments_len = made.n * CD_HASH_LEN;
	}
	entries_add(writer_of(recorder), &row);
	if (place.precedes)
		make_followed(recorder, &row, place.beyond, row.state & (entry->former ? ~0 : ITEMS));
}

/*
 * Entries written while triggers ran, who did not see them yet: those of
 * certificates on which the triggers acted are followed by theirs.
 */
static void
record_settle(Recorder *recorder)
{
	EntryKey   *key;
	int64		n;

	if (recorder->writer == NULL || !is_nested(recorder))
		return;
	n = entries_waiting(recorder->writer, &key);
	entries_flush(recorder->writer);
	renew_reader(recorder);
	for (int64 i = 0; i < n; i++)
	{
		Followed	followed = {
			.registry = &recorder->att->registry, .no = &key[i].no, .act = recorder->act.id
		};

		CHECK_FOR_INTERRUPTS();
		reader_follow_written(reader_of(recorder), &followed, &key[i].tid);
	}
	pfree(key);
}

/*
 * What triggers of the user have done to the row since counts, too, and what
 * the same act has.
 */
static int
record_items(Recorder *recorder, int64 row, const cd_certno *no)
{
	const Newest *newest;

	if (recorder->told != NULL)
		find_told(recorder, no);
	newest = newest_entry(recorder, row, no);
	return newest->found ? items_used(&newest->last) : 0;
}

static int
items_of(const Attachment *att, const cd_certno *no)
{
	EntryReader *reader;
	LastEntry	last;
	bool		found;

	if (ledger_get() == NULL)
		return 0;
	reader = reader_open();
	found = reader_last(reader, &att->registry, no, 0, 0, &last);
	reader_close(reader);
	return found ? items_used(&last) : 0;
}

static void
record_end(Recorder *recorder)
{
	const RecordedAct *act = &recorder->act;
	ActRow		row = {
		.id = act->id, .statement_id = act->statement_id, .kind = act->kind,
		.attachment = &recorder->att->id, .shape = recorder->shape,
		.detail = act->detail, .has_detail = act->has_detail
	};

	if (recorder->reader != NULL)
		reader_close(recorder->reader);
	if (recorder->writer != NULL)
		row.entries = entries_close(recorder->writer);
	if (act->said != NULL)
		act_said(&row, act->said);
	if (row.entries > 0 || act->whole)
	{
		(void) act_write(&row);
		last_act = Max(last_act, act->id);
	}
	MemoryContextDelete(recorder->memory);
}

static void
record_note(const char *kind, const pg_uuid_t *attachment, const Statement *said, Datum detail)
{
	ActRow		row = {
		.kind = kind, .attachment = attachment, .detail = detail, .has_detail = true
	};
	int64		id;

	if (ledger_get() == NULL)
		return;
	if (said != NULL)
		act_said(&row, said);
	id = act_write(&row);
	last_act = Max(last_act, id);
}

static LedgerState
ledger_state(void)
{
	const Ledger *ledger = ledger_get();

	if (ledger == NULL)
		return LEDGER_NONE;
	return ledger->here ? LEDGER_HERE : LEDGER_ELSEWHERE;
}

void
record_init(void)
{
	static const Recording told = {
		ledger_state, record_number, record_newest, record_begin, record_entry, record_settle, record_end,
		record_items, items_of, record_note,
		act_detail, ledger_start_unless
	};

	recording = &told;
}
