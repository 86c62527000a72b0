/*
 * bytext.c
 *	  Text by bytes: the text members of our index families.
 *
 * A family that compares a type with text must compare text with text, too.
 * The server's own operators are left alone: once in our families, they would
 * be weighed in the plan of every text query of the database.
 */
#include "type.h"

#include "compare.h"
#include "hash.h"

PG_FUNCTION_INFO_V1(certdata_text_hash);
PG_FUNCTION_INFO_V1(certdata_text_hash_extended);

static int
text_bytes_order(FunctionCallInfo fcinfo)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);
	int			order = cdt_compare(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a),
									VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b));

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

COMPARISONS(text_bytes, text_bytes_order)

/* Hash text as the types hash their printed form. */
Datum
certdata_text_hash(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	uint32		hash = (uint32) cdt_hash(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), 0);

	PG_FREE_IF_COPY(value, 0);
	PG_RETURN_UINT32(hash);
}

Datum
certdata_text_hash_extended(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	uint64		hash = cdt_hash(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
								(uint64) PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	PG_RETURN_UINT64(hash);
}
