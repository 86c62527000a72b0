/*
 * record.c
 *	  What the guard floor tells, written down: one act, one entry for each
 *	  record it concerns.
 *
 * It happens in the transaction of the change, so what rolls back was never
 * recorded and what commits is.
 */
#include "certdata.h"

#include "miscadmin.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/relcache.h"

#include "ledger/record.h"
#include "ledger/recorder.h"

int64		last_act = 0;

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
