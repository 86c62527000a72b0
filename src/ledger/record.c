/*
 * record.c
 *	  What the guard floor tells, written down: one act, one entry for each
 *	  record it concerns.
 *
 * It happens in the transaction of the change, so what rolls back was never
 * recorded and what commits is.
 */
#include "certdata.h"

#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "ledger/record.h"

struct Recorder
{
	MemoryContext memory;
	const Attachment *att;
	RecordedAct act;
	int32		shape;
	bool		nested;			/* triggers of the statement have acted */
	EntryWriter *writer;		/* NULL: no entry so far */
	EntryReader *reader;		/* NULL: no look-up so far */
};

/* The newest act that this backend has written. */
static int64 last_act = 0;

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
	recorder->nested = act->id > 0 && last_act > act->id;
	recorder->shape = shape_of(att, rel);
	if (recorder->act.id == 0)
		recorder->act.id = ledger_number();
	MemoryContextSwitchTo(old);
	return recorder;
}

/* ---- the place in the life ---- */

typedef struct Place
{
	LastEntry	last;			/* that it follows */
	bool		follows;
	int32		life_seq;
	bool		precedes;		/* entries of statements that triggers ran */
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
	if (reader_last(reader_of(recorder), &recorder->att->registry, entry->no, 0, 0, &here))
		place->life_seq = Max(place->life_seq, here.life_seq + 1);
}

/* false: the entry is there already */
static bool
find_place(Recorder *recorder, const RecordedEntry *entry, Place *place)
{
	const pg_uuid_t *registry = &recorder->att->registry;

	memset(place, 0, sizeof(*place));
	if (entry->no == NULL)
		return true;
	place->life_seq = entry->begins ? 1 : 2;
	if (entry->fresh && !recorder->nested)
		return true;
	if (entry->former != NULL)
	{
		arrive(recorder, entry, place);
		return true;
	}
	place->follows = reader_last(reader_of(recorder), registry, entry->no, 0, 0, &place->last);
	if (!place->follows)
		return true;
	if (entry->existing)
		return false;
	if (place->last.ours && place->last.act > recorder->act.id)
	{
		place->precedes = true;
		place->follows = reader_last(reader_of(recorder), registry, entry->no, 0, recorder->act.id,
									 &place->last);
	}
	if (place->follows)
		place->life_seq = place->last.life_seq + 1;
	return true;
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
make_followed(Recorder *recorder, const EntryRow *row)
{
	char		number[CD_CERTNO_LEN];
	unsigned char room[CD_HASH_LEN];
	cd_entry	body = {
		.shape = row->shape, .cert_no = {number, CD_CERTNO_LEN}, .life_seq = row->life_seq,
		.state = row->state, .changed = row->changed,
		.previous = {row->previous, CD_HASH_LEN},
		.commitments = {row->commitments, row->commitments_len}
	};

	cd_certno_print(row->no, number);
	body.salts_digest = salts_digest((cd_value) {row->salts, row->salts_len}, row->commitments_len, room);
	reader_follow(recorder->reader, &recorder->att->registry, row->no, recorder->act.id, &body);
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
		.no = entry->no, .shape = recorder->shape, .state = entry->state, .changed = entry->changed
	};

	if (!find_place(recorder, entry, &place))
		return;
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
	if (entry->former != NULL && place.follows)
		row.state = place.last.state & ~CD_STATE_RENUMBERED;
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
		make_followed(recorder, &row);
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

void
record_init(void)
{
	static const Recording told = {
		record_number, record_begin, record_entry, record_end, act_detail, ledger_start_unless
	};

	recording = &told;
}
