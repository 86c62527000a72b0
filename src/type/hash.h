/*
 * hash.h
 *	  The hash of the types' printed form.
 *
 * Hash indexes and hash partitions keep these values on disk, and equal values
 * of a type and of text must hash alike, so the function is frozen: it never
 * changes, and it gives the same on machines of either byte order (the
 * server's own hash_bytes does neither).
 */
#ifndef CERTDATA_HASH_H
#define CERTDATA_HASH_H

#include <stddef.h>
#include <stdint.h>

extern uint64_t cdt_hash(const char *s, size_t len, uint64_t seed);

/*
 * What a hash support function returns; the extended one with seed 0 must
 * agree with the plain one in its low 32 bits.
 */
#define RETURN_HASH(s, len) \
	PG_RETURN_UINT32((uint32) cdt_hash(s, len, 0))
#define RETURN_HASH_EXTENDED(s, len, argno) \
	PG_RETURN_UINT64(cdt_hash(s, len, (uint64) PG_GETARG_INT64(argno)))

#endif							/* CERTDATA_HASH_H */
