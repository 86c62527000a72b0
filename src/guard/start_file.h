/*
 * start_file.h
 *	  The file certdata.state in the data directory: how the server was last
 *	  stopped with the library loaded, and attempts not written by then.
 */
#ifndef CERTDATA_START_FILE_H
#define CERTDATA_START_FILE_H

#include "guard/protect.h"

/*
 * The server starts: whether it ran without the library since it last stopped
 * with it; then *unguarded says since when, else it is empty.  Returns how many
 * attempts were left.
 */
extern int	start_file_start(RingEntry *entry, int max, char *unguarded, size_t size);

/* It stops. */
extern void start_file_stop(const RingEntry *entry, int n);

#endif							/* CERTDATA_START_FILE_H */
