/*
 * resident_id.c
 *	  certdata.resident_id: 公民身份号码 (GB 11643), as the number its 17
 *	  digits make; the check character follows from them.
 *
 * Its order is int8's, and that of the printed form: all have 17 digits.
 */
#include "type.h"

#include "utils/date.h"

#include "compare.h"
#include "hash.h"

PG_FUNCTION_INFO_V1(certdata_resident_id_in);
PG_FUNCTION_INFO_V1(certdata_resident_id_out);
PG_FUNCTION_INFO_V1(certdata_resident_id_recv);
PG_FUNCTION_INFO_V1(certdata_resident_id_send);
PG_FUNCTION_INFO_V1(certdata_text_to_resident_id);
PG_FUNCTION_INFO_V1(certdata_bpchar_to_resident_id);
PG_FUNCTION_INFO_V1(certdata_resident_id_hash);
PG_FUNCTION_INFO_V1(certdata_resident_id_hash_extended);
PG_FUNCTION_INFO_V1(certdata_birth_date);
PG_FUNCTION_INFO_V1(certdata_sex);
PG_FUNCTION_INFO_V1(certdata_region);

#define PRINTED_SIZE 18

/* Positions, from 0. */
#define REGION_LEN 6
#define BIRTH_AT 6
#define SEX_AT 16

bool
cdt_resident_id_valid(const char *s, size_t len)
{
	cd_id_verdict verdict;
	cd_id_facts facts;
	int64_t		id;
	int			fixed;

	return cd_resident_parse(s, len, &id, &fixed, &verdict, &facts) == 0 &&
		verdict == CD_ID_OK;
}

/* The first fault of a number that is one of characters, but not a citizen's. */
static bool
refuse_number(FunctionCallInfo fcinfo, const cd_id_facts *facts,
			  const char *s, size_t len)
{
	cd_finding	why = {.field = CD_ID_NUMBER};

	/* what a spreadsheet did to the cell explains most */
	if (cdt_find_fault(CD_ID_NUMBER, s, len, &why))
		return cdt_refuse_for(fcinfo, &why, s, len);
	if (facts->faults & CD_ID_OLD15)
		why.rule = CD_RULE_ID_OLD15;
	else if (facts->faults & CD_ID_BAD_LAYOUT)
	{
		why.rule = CD_RULE_ID_LAYOUT;
		strlcpy(why.arg1, cd_kind_name[CD_RESIDENT], CD_ARG_SIZE);
	}
	else if (facts->faults & CD_ID_BAD_REGION)
	{
		cd_idnum	num;
		int			fixed;

		why.rule = CD_RULE_ID_REGION;
		(void) cd_idnum_parse(s, len, &num, &fixed);
		memcpy(why.arg1, num.s, 2);
	}
	else if (facts->faults & CD_ID_BAD_BIRTH)
		why.rule = CD_RULE_ID_BIRTH_DATE;
	else if (facts->faults & CD_ID_DAMAGED)
		why.rule = CD_RULE_ID_DAMAGED;
	else
	{
		why.rule = CD_RULE_ID_CHECKSUM;
		why.arg1[0] = facts->check;
	}
	return cdt_refuse_for(fcinfo, &why, s, len);
}

static Datum
resident_id_read(FunctionCallInfo fcinfo, const char *s, size_t len)
{
	cd_id_verdict verdict;
	cd_id_facts facts;
	int64_t		id = 0;
	int			fixed;
	unsigned	faults = cd_resident_parse(s, len, &id, &fixed, &verdict, &facts);

	if ((verdict != CD_ID_OK && !cdt_refuse(fcinfo, CD_ID_NUMBER, s, len)) ||
		(faults != 0 && !refuse_number(fcinfo, &facts, s, len)))
		PG_RETURN_NULL();
	PG_RETURN_INT64(id);
}

/* Read the 18 characters; a lower-case x and full-width digits are folded. */
Datum
certdata_resident_id_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return resident_id_read(fcinfo, s, strlen(s));
}

/* Print the number with its check character. */
Datum
certdata_resident_id_out(PG_FUNCTION_ARGS)
{
	char	   *out = palloc(PRINTED_SIZE + 1);

	cd_resident_print(PG_GETARG_INT64(0), out);
	out[PRINTED_SIZE] = '\0';
	PG_RETURN_CSTRING(out);
}

/* Receive text, judged as input is. */
Datum
certdata_resident_id_recv(PG_FUNCTION_ARGS)
{
	int			len;
	char	   *s = cdt_receive(fcinfo, &len);

	return resident_id_read(fcinfo, s, len);
}

/* Send the 18 characters. */
Datum
certdata_resident_id_send(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(PG_GETARG_INT64(0), out);
	return cdt_send(out, sizeof(out));
}

/* Cast from text or varchar. */
Datum
certdata_text_to_resident_id(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);

	return resident_id_read(fcinfo, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Cast from char(n). */
Datum
certdata_bpchar_to_resident_id(PG_FUNCTION_ARGS)
{
	BpChar	   *value = PG_GETARG_BPCHAR_PP(0);

	return resident_id_read(fcinfo, VARDATA_ANY(value), cdt_unpadded(value));
}

/* ---- against text; among themselves they compare as int8 ---- */

static int
compare_text(int64 id, const text *value)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(id, out);
	return cdt_compare(out, sizeof(out), VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static int
resident_id_text_order(FunctionCallInfo fcinfo)
{
	text	   *value = PG_GETARG_TEXT_PP(1);
	int			order = compare_text(PG_GETARG_INT64(0), value);

	PG_FREE_IF_COPY(value, 1);
	return order;
}

static int
text_resident_id_order(FunctionCallInfo fcinfo)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	int			order = compare_text(PG_GETARG_INT64(1), value);

	PG_FREE_IF_COPY(value, 0);
	return -order;
}

COMPARISONS(resident_id_text, resident_id_text_order)
COMPARISONS(text_resident_id, text_resident_id_order)

/* Hash the printed form. */
Datum
certdata_resident_id_hash(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(PG_GETARG_INT64(0), out);
	RETURN_HASH(out, sizeof(out));
}

Datum
certdata_resident_id_hash_extended(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(PG_GETARG_INT64(0), out);
	RETURN_HASH_EXTENDED(out, sizeof(out), 1);
}

/* ---- what the number tells ---- */

static int
number_at(const char *s, int len)
{
	int			n = 0;

	while (len-- > 0)
		n = n * 10 + (*s++ - '0');
	return n;
}

/* Give the date of birth, characters 7-14. */
Datum
certdata_birth_date(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(PG_GETARG_INT64(0), out);
	PG_RETURN_DATEADT(cd_date_to_days(number_at(out + BIRTH_AT, 4),
									  number_at(out + BIRTH_AT + 4, 2),
									  number_at(out + BIRTH_AT + 6, 2)));
}

/* Give the sex: character 17 is odd for men. */
Datum
certdata_sex(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(PG_GETARG_INT64(0), out);
	PG_RETURN_TEXT_P(cstring_to_text((out[SEX_AT] - '0') % 2 ? "男" : "女"));
}

/* Give the county code, characters 1-6. */
Datum
certdata_region(PG_FUNCTION_ARGS)
{
	char		out[PRINTED_SIZE];

	cd_resident_print(PG_GETARG_INT64(0), out);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, REGION_LEN));
}
