/*
 * dup.h
 *	  Which certificate numbers of a file or table occur more than once.
 *
 * An open-addressing table in the caller's memory: 16 bytes a slot, so that a
 * number costs one cache miss.  Row numbers end at CD_DUP_MAX_ROW.
 */
#ifndef CERTDATA_DUP_H
#define CERTDATA_DUP_H

#include "rule.h"

#define CD_DUP_FULL UINT32_MAX
#define CD_DUP_MAX_ROW (UINT32_MAX - 1)

typedef struct cd_dup_slot
{
	unsigned char key[10];
	unsigned char unused[2];
	uint32_t	row;			/* row seen first; 0: free slot */
} cd_dup_slot;

typedef struct cd_dup
{
	cd_dup_slot *slot;
	size_t		mask;			/* slots - 1 */
	size_t		used;
	size_t		limit;			/* grow when used reaches it */
} cd_dup;

/* slots: a power of two, at least 4; the memory is cleared here. */
extern void cd_dup_init(cd_dup *set, cd_dup_slot *memory, size_t slots);

/* Slots that take n numbers without growing. */
extern size_t cd_dup_slots(size_t n);

/*
 * 0: the number is new and now belongs to row.  CD_DUP_FULL: it is new but
 * there is no room, rehash and add again.  Else the row that had it first.
 */
extern uint32_t cd_dup_add(cd_dup *set, const cd_certno *no, uint32_t row);

/* Row that has the number, 0: none. */
extern uint32_t cd_dup_find(const cd_dup *set, const cd_certno *no);

/* Fill a new, larger, initialised set with what the old one holds. */
extern void cd_dup_rehash(cd_dup *to, const cd_dup *from);

/*
 * A duplicate: cd_dup_add's result and the row added.  The caller collects
 * them, sorts them by (first, row) and has the sets of equal numbers side by
 * side.
 */
typedef struct cd_dup_pair
{
	uint32_t	first;
	uint32_t	row;
} cd_dup_pair;

extern int	cd_dup_pair_cmp(const void *a, const void *b);	/* for qsort */

/*
 * "3, 7, 9…": the members of a set but row self itself, as many as fit, ten at
 * most.  pair: the first of the set's npairs sorted pairs (npairs may run on
 * into other sets).  offset is added to each row (0, or 1 for sheet rows).
 * Returns the length.
 */
extern size_t cd_dup_others(const cd_dup_pair *pair, size_t npairs,
							uint32_t self, int64_t offset,
							char *out, size_t size);

#endif							/* CERTDATA_DUP_H */
