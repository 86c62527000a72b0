/*
 * start_file.c
 *	  Whether the server ran without the library in between.
 *
 * Then nothing was refused, so doctor() says so.  A clean stop ends with a
 * checkpoint whose place in the WAL the control file names; the file keeps it.
 * If the next start with the library finds another one, somebody else has
 * started and stopped the server meanwhile.  Whoever can write files can deceive
 * us: that is one of the limits of doc/limits.md.
 */
#include "certdata.h"

#include "access/xlogdefs.h"
#include "catalog/pg_control.h"
#include "common/controldata_utils.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/timestamp.h"

#include "guard/start_file.h"

#define STATE_FILE "certdata.state"
#define STATE_MAGIC 0x43440501	/* goes up when the layout below changes */

typedef struct State
{
	uint32		magic;
	uint32		entry_size;
	bool		running;		/* started, not stopped since */
	XLogRecPtr	checkpoint;		/* of the stop */
	TimestampTz at;
	int			nentries;		/* which follow */
} State;

static bool
read_control(ControlFileData *out)
{
	bool		ok;
	ControlFileData *control = get_controlfile(DataDir, &ok);

	*out = *control;
	pfree(control);
	return ok;
}

static bool
is_stopped(const ControlFileData *control)
{
	return control->state == DB_SHUTDOWNED || control->state == DB_SHUTDOWNED_IN_RECOVERY;
}

/* A failure to write is worth a word in the log, not a server that does not start. */
static void
write_state(const State *state, const RingEntry *entry)
{
	FILE	   *file = AllocateFile(STATE_FILE ".new", PG_BINARY_W);
	bool		ok = file != NULL;

	ok = ok && fwrite(state, sizeof(*state), 1, file) == 1;
	ok = ok && fwrite(entry, sizeof(*entry), state->nentries, file) == state->nentries;
	if (file != NULL && FreeFile(file) != 0)
		ok = false;
	if (!ok || durable_rename(STATE_FILE ".new", STATE_FILE, LOG) != 0)
		ereport(LOG,
				(errcode_for_file_access(),
				 errmsg("could not write file \"%s\": %m", STATE_FILE)));
}

static bool
read_state(State *state, RingEntry *entry, int max)
{
	FILE	   *file = AllocateFile(STATE_FILE, PG_BINARY_R);
	bool		ok;

	if (file == NULL)
		return false;
	ok = fread(state, sizeof(*state), 1, file) == 1 && state->magic == STATE_MAGIC &&
		state->entry_size == sizeof(RingEntry) && state->nentries >= 0;
	if (ok)
		state->nentries = fread(entry, sizeof(*entry), Min(state->nentries, max), file);
	FreeFile(file);
	return ok;
}

int
start_file_start(RingEntry *entry, int max, char *unguarded, size_t size)
{
	State		state;
	State		now = {
		.magic = STATE_MAGIC, .entry_size = sizeof(RingEntry), .running = true, .at = GetCurrentTimestamp()
	};
	ControlFileData control;
	int			n = 0;

	unguarded[0] = '\0';
	if (IsBinaryUpgrade)
		return 0;
	if (read_state(&state, entry, max))
	{
		n = state.nentries;
		/* after a crash the control file does not tell whose it was */
		if (read_control(&control) && is_stopped(&control) &&
			(state.running || control.checkPoint != state.checkpoint))
			snprintf(unguarded, size, "since %s", timestamptz_to_str(state.at));
	}
	write_state(&now, NULL);
	return n;
}

void
start_file_stop(const RingEntry *entry, int n)
{
	State		state = {
		.magic = STATE_MAGIC, .entry_size = sizeof(RingEntry), .at = GetCurrentTimestamp(), .nentries = n
	};
	ControlFileData control;

	if (IsBinaryUpgrade || !read_control(&control) || !is_stopped(&control))
		return;
	state.checkpoint = control.checkPoint;
	write_state(&state, entry);
}
