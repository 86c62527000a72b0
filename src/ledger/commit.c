/*
 * commit.c
 *	  Commitments to values: H(salt || letter || value), doc/ledger.md.
 *
 * A salt for each, so that telling one value does not help to guess another.
 * Every row of a bulk load comes through here, so values are hashed from
 * memory that is kept, and random bytes are drawn for many rows at once.
 */
#include "certdata.h"

#include "utils/memutils.h"

#include "errors.h"
#include "ledger/record.h"

#define DRAW 4096				/* random bytes drawn at once */

static unsigned char drawn[DRAW];
static int	ndrawn = 0;			/* of them still to be used */

static void
draw(unsigned char *out, int len)
{
	if (ndrawn < len)
	{
		if (!cd_random(drawn, DRAW))
			ereport(ERROR,
					(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
					 errmsg("could not draw random bytes: %s", cd_digest_error())));
		ndrawn = DRAW;
	}
	ndrawn -= len;
	memcpy(out, drawn + ndrawn, len);
	/* a salt is known to its row only */
	memset(drawn + ndrawn, 0, len);
}

void
commit_part(cd_part part, const unsigned char salt[CD_SALT_LEN], const void *value, size_t len,
			unsigned char out[CD_HASH_LEN])
{
	cd_piece	piece[3] = {{salt, CD_SALT_LEN}, {&cd_part_letter[part], 1}, {value, len}};

	ledger_hash(piece, 3, out);
}

/* Memory for values; most are short. */
#define ROOM 2048

static void
commit_image(const cd_text *image, Commitments *out)
{
	unsigned char room[ROOM];
	unsigned char *value = room;
	size_t		most = 0;

	/* what the longest part cannot exceed, lengths included */
	for (int i = 0; i < CD_NFIELDS; i++)
		most += image[i].len + 4;
	if (most > ROOM)
		value = palloc(most);
	for (int i = 0; i < CD_PART_OLD; i++)
		commit_part((cd_part) i, out->salts + i * CD_SALT_LEN, value, cd_part_value((cd_part) i, image, value),
					out->commitments + i * CD_HASH_LEN);
	if (value != room)
		pfree(value);
}

void
commit_values(const cd_text *image, cd_value old_values, Commitments *out)
{
	out->n = (image != NULL ? CD_PART_OLD : 0) + (old_values.ptr != NULL);
	draw(out->salts, out->n * CD_SALT_LEN);
	if (image != NULL)
		commit_image(image, out);
	if (old_values.ptr != NULL)
		commit_part(CD_PART_OLD, out->salts + (out->n - 1) * CD_SALT_LEN, old_values.ptr, old_values.len,
					out->commitments + (out->n - 1) * CD_HASH_LEN);
}
