/*
 * verify_mark.c
 *	  Numbers of certificates of which there is more to say than that a row and
 *	  an entry stand side by side (verify_pair.c).
 *
 * Each entry, and each row that no entry was found for, leaves a mark: a hash
 * of its number, and whether it is settled.  Equal numbers have equal hashes,
 * so a settled one that stands alone when they are sorted needs no more; every
 * other hash is open, and all that has such a number is collected and judged
 * (verify_number.c).  Numbers that happen to share a hash are judged without
 * need, which costs time and nothing else; nobody can make them up, as no two
 * calls hash alike.
 *
 * Open hashes are handed out by as many as there is memory for.
 */
#include "certdata.h"

#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/tuplesort.h"

#include "errors.h"
#include "ledger/verify.h"

#define TAKEN (UINT64_C(1) << 63)	/* of a place in the table; a hash has 62
									 * bits */

struct Marks
{
	Tuplesortstate *sort;
	uint64		seed;
	uint64		ahead;			/* mark read last */
	bool		more;			/* … if there was one */
	uint64	   *table;			/* open hashes of the batch at hand */
	uint64		size;			/* of the table, a power of 2 */
	uint64		n;				/* in it */
};

Marks *
marks_begin(void)
{
	Marks	   *marks = palloc0(sizeof(Marks));

	if (!cd_random(&marks->seed, sizeof(marks->seed)))
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not draw random bytes: %s", cd_digest_error())));
	marks->sort = tuplesort_begin_datum(INT8OID, Int8LessOperator, InvalidOid, false,
										maintenance_work_mem / 2, NULL, TUPLESORT_NONE);
	marks->size = 1024;
	marks->table = palloc0(sizeof(uint64) * marks->size);
	return marks;
}

uint64
marks_hash(const Marks *marks, const cd_certno *no)
{
	return hash_bytes_extended(no->b, sizeof(no->b), marks->seed) >> 2;
}

void
marks_put(Marks *marks, uint64 hash, bool settled)
{
	tuplesort_putdatum(marks->sort, UInt64GetDatum(hash << 1 | !settled), false);
}

static void
next_mark(Marks *marks)
{
	Datum		value;
	bool		isnull;

	CHECK_FOR_INTERRUPTS();
	marks->more = GET_SORTED_DATUM(marks->sort, &value, &isnull);
	marks->ahead = marks->more ? DatumGetUInt64(value) : 0;
}

void
marks_sort(Marks *marks)
{
	tuplesort_performsort(marks->sort);
	next_mark(marks);
}

/* ---- the batch at hand ---- */

/* Where the hash stands, or would. */
static uint64 *
place_of(const Marks *marks, uint64 hash)
{
	uint64		at = hash & (marks->size - 1);

	while (marks->table[at] != 0 && marks->table[at] != (hash | TAKEN))
		at = (at + 1) & (marks->size - 1);
	return &marks->table[at];
}

static void
grow(Marks *marks)
{
	uint64	   *old = marks->table;
	uint64		old_size = marks->size;

	marks->size *= 2;
	marks->table = palloc_extended(sizeof(uint64) * marks->size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint64 i = 0; i < old_size; i++)
		if (old[i] != 0)
			*place_of(marks, old[i] & ~TAKEN) = old[i];
	pfree(old);
}

bool
marks_batch(Marks *marks)
{
	const uint64 most = (uint64) maintenance_work_mem * 1024 / (4 * sizeof(uint64));

	memset(marks->table, 0, sizeof(uint64) * marks->size);
	marks->n = 0;
	while (marks->more && (marks->n < marks->size / 2 || marks->size * 2 <= most))
	{
		uint64		hash = marks->ahead >> 1;
		bool		open = marks->ahead & 1;

		for (next_mark(marks); marks->more && marks->ahead >> 1 == hash; next_mark(marks))
			open = true;
		if (!open)
			continue;
		if (marks->n >= marks->size / 2)
			grow(marks);
		*place_of(marks, hash) = hash | TAKEN;
		marks->n++;
	}
	return marks->n > 0;
}

bool
marks_open(const Marks *marks, const cd_certno *no)
{
	return *place_of(marks, marks_hash(marks, no)) != 0;
}

void
marks_end(Marks *marks)
{
	tuplesort_end(marks->sort);
	pfree(marks->table);
	pfree(marks);
}
