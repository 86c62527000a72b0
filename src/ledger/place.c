/*
 * place.c
 *	  Where an entry has its place in the life of its certificate.
 */
#include "certdata.h"

#include "utils/memutils.h"

#include "ledger/recorder.h"

/* Triggers of the statement have acted. */
bool
is_nested(const Recorder *recorder)
{
	return recorder->numbered && last_act > recorder->act.id;
}


EntryReader *
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
void
renew_reader(Recorder *recorder)
{
	if (recorder->reader != NULL)
		reader_close(recorder->reader);
	recorder->reader = NULL;
	recorder->newest.known = false;
	recorder->ahead = NULL;
}

/* What the act has told of a number before is to be found, too. */
void
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

const Newest *
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
bool
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
int
items_used(const LastEntry *last)
{
	return last->state & (CD_STATE_WITHDRAWN | CD_STATE_RENUMBERED) ? 0 : last->state & ITEMS;
}

/*
 * The state after the act: of a life that arrives, what it was; where triggers
 * have acted since, not theirs, which the guard has seen by now.  Items that
 * are used up stay so: certdata.life need not know of them.
 */
int16
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
