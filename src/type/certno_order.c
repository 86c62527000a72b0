/*
 * certno_order.c
 *	  Order and hash of certdata.certno, alone and against text.
 *
 * The bytes are in the order of the printed form (collation C), so a number
 * and a text compare as two texts would, and one index serves both.
 */
#include "type.h"

#include "lib/hyperloglog.h"
#include "common/hashfn.h"
#include "utils/guc.h"
#include "utils/sortsupport.h"

#include "certno.h"
#include "compare.h"
#include "hash.h"

PG_FUNCTION_INFO_V1(certdata_certno_hash);
PG_FUNCTION_INFO_V1(certdata_certno_hash_extended);
PG_FUNCTION_INFO_V1(certdata_certno_sortsupport);
PG_FUNCTION_INFO_V1(certdata_certno_larger);
PG_FUNCTION_INFO_V1(certdata_certno_smaller);

static int
compare_text(const cd_certno *no, const text *value)
{
	char		out[CD_CERTNO_LEN];

	cd_certno_print(no, out);
	return cdt_compare(out, sizeof(out), VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static inline int
certno_order(FunctionCallInfo fcinfo)
{
	return cd_certno_compare(PG_GETARG_CERTNO(0), PG_GETARG_CERTNO(1));
}

static int
certno_text_order(FunctionCallInfo fcinfo)
{
	text	   *value = PG_GETARG_TEXT_PP(1);
	int			order = compare_text(PG_GETARG_CERTNO(0), value);

	PG_FREE_IF_COPY(value, 1);
	return order;
}

static int
text_certno_order(FunctionCallInfo fcinfo)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	int			order = compare_text(PG_GETARG_CERTNO(1), value);

	PG_FREE_IF_COPY(value, 0);
	return -order;
}

COMPARISONS(certno, certno_order)
COMPARISONS(certno_text, certno_text_order)
COMPARISONS(text_certno, text_certno_order)

/* Hash the printed form. */
Datum
certdata_certno_hash(PG_FUNCTION_ARGS)
{
	char		out[CD_CERTNO_LEN];

	cd_certno_print(PG_GETARG_CERTNO(0), out);
	RETURN_HASH(out, sizeof(out));
}

Datum
certdata_certno_hash_extended(PG_FUNCTION_ARGS)
{
	char		out[CD_CERTNO_LEN];

	cd_certno_print(PG_GETARG_CERTNO(0), out);
	RETURN_HASH_EXTENDED(out, sizeof(out), 1);
}

/* Keep the greater of two, for max. */
Datum
certdata_certno_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(certno_order(fcinfo) >= 0 ? 0 : 1));
}

/* Keep the smaller of two, for min. */
Datum
certdata_certno_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(certno_order(fcinfo) <= 0 ? 0 : 1));
}

/* ---- sorting: the first eight bytes stand for the number ---- */

#define CERTNO_ABBREVIATED (SIZEOF_DATUM == 8)

static int
fast_compare(Datum x, Datum y, SortSupport ssup)
{
	return cd_certno_compare(DatumGetCertno(x), DatumGetCertno(y));
}

#if CERTNO_ABBREVIATED
typedef struct abbreviation
{
	int64		seen;
	bool		estimating;
	hyperLogLogState distinct;
} abbreviation;

static Datum
abbreviate(Datum original, SortSupport ssup)
{
	abbreviation *state = ssup->ssup_extra;
	uint64		word = cd_certno_leading(DatumGetCertno(original));

	state->seen++;
	if (state->estimating)
		addHyperLogLog(&state->distinct,
					   DatumGetUInt32(hash_uint32((uint32) word ^ (uint32) (word >> 32))));
	return UInt64GetDatum(word);
}

/*
 * The numbers of one filing, year and level differ in their last two bytes
 * only.  As uuid's sort support does, give up where abbreviated keys rarely
 * tell two numbers apart.
 */
static bool
abbreviation_abort(int memtupcount, SortSupport ssup)
{
	abbreviation *state = ssup->ssup_extra;
	double		distinct;

	if (memtupcount < 10000 || state->seen < 10000 || !state->estimating)
		return false;
	distinct = estimateHyperLogLog(&state->distinct);
	if (distinct > 100000.0)
	{
		state->estimating = false;
		return false;
	}
	return distinct < state->seen / 2000.0 + 0.5;
}
#endif

Datum
certdata_certno_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = fast_compare;
	ssup->ssup_extra = NULL;
#if CERTNO_ABBREVIATED
	if (ssup->abbreviate)
	{
		MemoryContext old = MemoryContextSwitchTo(ssup->ssup_cxt);
		abbreviation *state = palloc(sizeof(abbreviation));

		state->seen = 0;
		state->estimating = true;
		initHyperLogLog(&state->distinct, 10);
		ssup->ssup_extra = state;
		ssup->comparator = ssup_datum_unsigned_cmp;
		ssup->abbrev_converter = abbreviate;
		ssup->abbrev_abort = abbreviation_abort;
		ssup->abbrev_full_comparator = fast_compare;
		MemoryContextSwitchTo(old);
	}
#endif
	PG_RETURN_VOID();
}
