/*
 * certno.c
 *	  certdata.certno: 证书编号, 22 characters in 10 bytes.
 *
 * Text and wire form are the canonical 22 characters.
 */
#include "type.h"
#include "certno.h"

PG_FUNCTION_INFO_V1(certdata_certno_in);
PG_FUNCTION_INFO_V1(certdata_certno_out);
PG_FUNCTION_INFO_V1(certdata_certno_recv);
PG_FUNCTION_INFO_V1(certdata_certno_send);
PG_FUNCTION_INFO_V1(certdata_text_to_certno);
PG_FUNCTION_INFO_V1(certdata_bpchar_to_certno);
PG_FUNCTION_INFO_V1(certdata_certno_filing);
PG_FUNCTION_INFO_V1(certdata_certno_category);
PG_FUNCTION_INFO_V1(certdata_certno_province);
PG_FUNCTION_INFO_V1(certdata_certno_year);
PG_FUNCTION_INFO_V1(certdata_certno_level);
PG_FUNCTION_INFO_V1(certdata_certno_serial);

bool
cdt_certno_valid(const char *s, size_t len)
{
	cd_certno	no;
	cd_no_fault fault;
	int			fixed;

	return cd_certno_parse(s, len, &no, &fixed, &fault) == CD_NO_OK;
}

static Datum
certno_read(FunctionCallInfo fcinfo, const char *s, size_t len)
{
	cd_certno  *no = palloc(sizeof(cd_certno));
	cd_no_fault fault;
	int			fixed;

	if (cd_certno_parse(s, len, no, &fixed, &fault) != CD_NO_OK &&
		!cdt_refuse(fcinfo, CD_CERT_NO, s, len))
		PG_RETURN_NULL();
	PG_RETURN_CERTNO(no);
}

/* Read the 22 characters; case and width are folded. */
Datum
certdata_certno_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return certno_read(fcinfo, s, strlen(s));
}

/* Print the canonical form. */
Datum
certdata_certno_out(PG_FUNCTION_ARGS)
{
	char	   *out = palloc(CD_CERTNO_LEN + 1);

	cd_certno_print(PG_GETARG_CERTNO(0), out);
	out[CD_CERTNO_LEN] = '\0';
	PG_RETURN_CSTRING(out);
}

/* Receive text, judged as input is. */
Datum
certdata_certno_recv(PG_FUNCTION_ARGS)
{
	int			len;
	char	   *s = cdt_receive(fcinfo, &len);

	return certno_read(fcinfo, s, len);
}

/* Send the canonical form. */
Datum
certdata_certno_send(PG_FUNCTION_ARGS)
{
	char		out[CD_CERTNO_LEN];

	cd_certno_print(PG_GETARG_CERTNO(0), out);
	return cdt_send(out, sizeof(out));
}

/* Cast from text or varchar. */
Datum
certdata_text_to_certno(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);

	return certno_read(fcinfo, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Cast from char(n). */
Datum
certdata_bpchar_to_certno(PG_FUNCTION_ARGS)
{
	BpChar	   *value = PG_GETARG_BPCHAR_PP(0);

	return certno_read(fcinfo, VARDATA_ANY(value), cdt_unpadded(value));
}

/* Characters of the printed form as text. */
static Datum
part(FunctionCallInfo fcinfo, int from, int len)
{
	char		out[CD_CERTNO_LEN];

	cd_certno_print(PG_GETARG_CERTNO(0), out);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out + from, len));
}

/* Give the filing (机构备案), characters 1-13. */
Datum
certdata_certno_filing(PG_FUNCTION_ARGS)
{
	return part(fcinfo, 0, CD_CERTNO_FILING_LEN);
}

/* Give the category letter of the organisation. */
Datum
certdata_certno_category(PG_FUNCTION_ARGS)
{
	return part(fcinfo, 0, 1);
}

/* Give the province, two digits. */
Datum
certdata_certno_province(PG_FUNCTION_ARGS)
{
	return part(fcinfo, 5, 2);
}

/* Give the year of issue. */
Datum
certdata_certno_year(PG_FUNCTION_ARGS)
{
	cd_certno_parts parts;

	cd_certno_split(PG_GETARG_CERTNO(0), &parts);
	PG_RETURN_INT32(parts.year);
}

/* Give the level digit or letter. */
Datum
certdata_certno_level(PG_FUNCTION_ARGS)
{
	return part(fcinfo, 15, 1);
}

/* Give the serial number. */
Datum
certdata_certno_serial(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(cd_certno_serial(PG_GETARG_CERTNO(0)));
}
