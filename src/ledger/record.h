/*
 * record.h
 *	  What the guard floor tells, written down.
 */
#ifndef CERTDATA_LEDGER_RECORD_H
#define CERTDATA_LEDGER_RECORD_H

#include "ledger/entry.h"

/* Tells the guard floor whom to call. */
extern void record_init(void);

/*
 * Salts and commitments of what an entry has: image (NULL: none), old_values
 * as text (ptr NULL: none).
 */
typedef struct Commitments
{
	unsigned char salts[CD_NPARTS * CD_SALT_LEN];
	unsigned char commitments[CD_NPARTS * CD_HASH_LEN];
	int			n;				/* of each */
} Commitments;
extern void commit_values(const cd_text *image, cd_value old_values, Commitments *out);

/* One commitment: H(salt || letter || value). */
extern void commit_part(cd_part part, const unsigned char salt[CD_SALT_LEN],
						const void *value, size_t len, unsigned char out[CD_HASH_LEN]);

#endif							/* CERTDATA_LEDGER_RECORD_H */
