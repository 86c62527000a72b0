/*
 * id_number.c
 *	  certdata.id_number: 证件号码 of any kind, canonical.
 *
 * A value is a short varlena.  Its payload is the 18-character number with a
 * right check character in 8 bytes (cd_idnum_pack), or else the canonical
 * text.  Eight bytes of text never begin as packed ones do, with 0 or 1.  Each
 * number has one form only, so equal numbers have equal bytes.
 */
#include "type.h"

#include "port/pg_bswap.h"
#include "utils/sortsupport.h"

#include "compare.h"
#include "hash.h"

PG_FUNCTION_INFO_V1(certdata_id_number_in);
PG_FUNCTION_INFO_V1(certdata_id_number_out);
PG_FUNCTION_INFO_V1(certdata_id_number_recv);
PG_FUNCTION_INFO_V1(certdata_id_number_send);
PG_FUNCTION_INFO_V1(certdata_text_to_id_number);
PG_FUNCTION_INFO_V1(certdata_bpchar_to_id_number);
PG_FUNCTION_INFO_V1(certdata_id_number_hash);
PG_FUNCTION_INFO_V1(certdata_id_number_hash_extended);
PG_FUNCTION_INFO_V1(certdata_id_number_sortsupport);
PG_FUNCTION_INFO_V1(certdata_id_check);

#define PACKED_SIZE 8
#define PRINTED_SIZE 18

#define PG_GETARG_ID_NUMBER(n) PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(n))

bool
cdt_id_number_valid(const char *s, size_t len)
{
	cd_idnum	num;
	int			fixed;

	return cd_idnum_parse(s, len, &num, &fixed) == CD_ID_OK;
}

static Datum
form(const void *payload, size_t len)
{
	struct varlena *value = palloc(VARHDRSZ_SHORT + len);

	SET_VARSIZE_SHORT(value, VARHDRSZ_SHORT + len);
	memcpy(VARDATA_SHORT(value), payload, len);
	return PointerGetDatum(value);
}

static Datum
id_number_read(FunctionCallInfo fcinfo, const char *s, size_t len)
{
	unsigned char packed[PACKED_SIZE];
	cd_idnum	num;
	int			fixed;

	/* most numbers are a resident's, already canonical */
	if (len == PRINTED_SIZE && cd_idnum_pack(s, len, packed))
		return form(packed, sizeof(packed));
	if (cd_idnum_parse(s, len, &num, &fixed) != CD_ID_OK &&
		!cdt_refuse(fcinfo, CD_ID_NUMBER, s, len))
		PG_RETURN_NULL();
	if (cd_idnum_pack(num.s, (size_t) num.len, packed))
		return form(packed, sizeof(packed));
	return form(num.s, (size_t) num.len);
}

static inline bool
is_packed(const struct varlena *value)
{
	return VARSIZE_ANY_EXHDR(value) == PACKED_SIZE &&
		*(const unsigned char *) VARDATA_ANY(value) <= 1;
}

int64
cdt_id_number_packed(const struct varlena *value, cd_idnum *num)
{
	const unsigned char *b = (const unsigned char *) VARDATA_ANY(value);
	uint64		digits;

	if (!is_packed(value))
	{
		num->len = Min((int) VARSIZE_ANY_EXHDR(value), CD_IDNUM_MAX_BYTES);
		memcpy(num->s, b, num->len);
		num->chars = (int) cd_utf8_length(num->s, num->len);
		return -1;
	}
	memcpy(&digits, b, sizeof(digits));
	return (int64) pg_ntoh64(digits);
}

cd_text
cdt_id_number_text(const struct varlena *value, char out[PRINTED_SIZE])
{
	cd_text		t;

	if (is_packed(value))
	{
		cd_idnum_unpack((const unsigned char *) VARDATA_ANY(value), out);
		t.ptr = out;
		t.len = PRINTED_SIZE;
	}
	else
	{
		t.ptr = VARDATA_ANY(value);
		t.len = VARSIZE_ANY_EXHDR(value);
	}
	return t;
}

/* Read 1 to 18 characters; case and width are folded. */
Datum
certdata_id_number_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return id_number_read(fcinfo, s, strlen(s));
}

/* Print the canonical form. */
Datum
certdata_id_number_out(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];
	cd_text		t = cdt_id_number_text(PG_GETARG_ID_NUMBER(0), out);

	PG_RETURN_CSTRING(cdt_cstring(t.ptr, t.len));
}

/* Receive text, judged as input is. */
Datum
certdata_id_number_recv(PG_FUNCTION_ARGS)
{
	int			len;
	char	   *s = cdt_receive(fcinfo, &len);

	return id_number_read(fcinfo, s, len);
}

/* Send the canonical form. */
Datum
certdata_id_number_send(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];
	cd_text		t = cdt_id_number_text(PG_GETARG_ID_NUMBER(0), out);

	return cdt_send(t.ptr, t.len);
}

/* Cast from text or varchar. */
Datum
certdata_text_to_id_number(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);

	return id_number_read(fcinfo, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Cast from char(n). */
Datum
certdata_bpchar_to_id_number(PG_FUNCTION_ARGS)
{
	BpChar	   *value = PG_GETARG_BPCHAR_PP(0);

	return id_number_read(fcinfo, VARDATA_ANY(value), cdt_unpadded(value));
}

/* ---- order: that of the printed form ---- */

static int
compare(const struct varlena *a, const struct varlena *b)
{
	char		a_out[PRINTED_SIZE];
	char		b_out[PRINTED_SIZE];
	cd_text		x;
	cd_text		y;

	if (is_packed(a) && is_packed(b))
		return memcmp(VARDATA_ANY(a), VARDATA_ANY(b), PACKED_SIZE);
	x = cdt_id_number_text(a, a_out);
	y = cdt_id_number_text(b, b_out);
	return cdt_compare(x.ptr, x.len, y.ptr, y.len);
}

static int
compare_text(const struct varlena *number, const text *value)
{
	char		out[PRINTED_SIZE];
	cd_text		t = cdt_id_number_text(number, out);

	return cdt_compare(t.ptr, t.len, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static int
id_number_order(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_ID_NUMBER(0);
	struct varlena *b = PG_GETARG_ID_NUMBER(1);
	int			order = compare(a, b);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

static int
id_number_text_order(FunctionCallInfo fcinfo)
{
	struct varlena *number = PG_GETARG_ID_NUMBER(0);
	text	   *value = PG_GETARG_TEXT_PP(1);
	int			order = compare_text(number, value);

	PG_FREE_IF_COPY(number, 0);
	PG_FREE_IF_COPY(value, 1);
	return order;
}

static int
text_id_number_order(FunctionCallInfo fcinfo)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	struct varlena *number = PG_GETARG_ID_NUMBER(1);
	int			order = compare_text(number, value);

	PG_FREE_IF_COPY(value, 0);
	PG_FREE_IF_COPY(number, 1);
	return -order;
}

COMPARISONS(id_number, id_number_order)
COMPARISONS(id_number_text, id_number_text_order)
COMPARISONS(text_id_number, text_id_number_order)

/* Hash the printed form. */
Datum
certdata_id_number_hash(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];
	cd_text		t = cdt_id_number_text(PG_GETARG_ID_NUMBER(0), out);

	RETURN_HASH(t.ptr, t.len);
}

Datum
certdata_id_number_hash_extended(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];
	cd_text		t = cdt_id_number_text(PG_GETARG_ID_NUMBER(0), out);

	RETURN_HASH_EXTENDED(t.ptr, t.len, 1);
}

static int
fast_compare(Datum x, Datum y, SortSupport ssup)
{
	struct varlena *a = PG_DETOAST_DATUM_PACKED(x);
	struct varlena *b = PG_DETOAST_DATUM_PACKED(y);
	int			order = compare(a, b);

	if (PointerGetDatum(a) != x)
		pfree(a);
	if (PointerGetDatum(b) != y)
		pfree(b);
	return order;
}

Datum
certdata_id_number_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = fast_compare;
	PG_RETURN_VOID();
}

/* Does the number fit the kind of document? */
Datum
certdata_id_check(PG_FUNCTION_ARGS)
{
	cd_kind		kind = (cd_kind) PG_GETARG_CHAR(0);
	char		out[PRINTED_SIZE];
	cd_text		t = cdt_id_number_text(PG_GETARG_ID_NUMBER(1), out);
	cd_id_facts facts;

	cd_id_check(kind, t.ptr, t.len, &facts);
	PG_RETURN_BOOL(facts.faults == 0);
}
