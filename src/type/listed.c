/*
 * listed.c
 *	  certdata.id_type and certdata.skill_level: one of a closed list, one
 *	  byte by value.  The bytes are cd_kind and cd_level; they never change.
 *
 * Among themselves they compare as "char" does; levels by skill.  Text equals
 * a value if it is one of its accepted writings; other text equals none.
 */
#include "type.h"

#include "hash.h"

/* How a list reads and names its members. */
typedef struct listed
{
	cd_field	field;
	int			n;
	const char *const *name;
	char		(*parse) (const char *s, size_t len);
} listed;

/* A kind's spaces do not matter, but a spreadsheet's leading TAB (cell.tab) does. */
static char
parse_kind(const char *s, size_t len)
{
	bool		variant;

	if (len > 0 && s[0] == '\t')
		return CD_KIND_NONE;
	return (char) cd_kind_parse(s, len, &variant);
}

static char
parse_level(const char *s, size_t len)
{
	bool		variant;

	return (char) cd_level_parse(s, len, &variant);
}

static const listed id_type = {CD_ID_TYPE, CD_NKINDS, cd_kind_name, parse_kind};
static const listed skill_level = {CD_LEVEL, CD_NLEVELS, cd_level_name, parse_level};

bool
cdt_id_type_valid(const char *s, size_t len)
{
	return parse_kind(s, len) != CD_KIND_NONE;
}

bool
cdt_skill_level_valid(const char *s, size_t len)
{
	return parse_level(s, len) != CD_LEVEL_NONE;
}

static Datum
listed_read(FunctionCallInfo fcinfo, const listed *list, const char *s, size_t len)
{
	char		value = list->parse(s, len);

	if (value == 0 && !cdt_refuse(fcinfo, list->field, s, len))
		PG_RETURN_NULL();
	PG_RETURN_CHAR(value);
}

static Datum
listed_in(FunctionCallInfo fcinfo, const listed *list)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return listed_read(fcinfo, list, s, strlen(s));
}

static const char *
listed_name(FunctionCallInfo fcinfo, const listed *list)
{
	char		value = PG_GETARG_CHAR(0);

	return value > 0 && value < list->n ? list->name[(int) value] : "";
}

static Datum
listed_out(FunctionCallInfo fcinfo, const listed *list)
{
	PG_RETURN_CSTRING(pstrdup(listed_name(fcinfo, list)));
}

static Datum
listed_send(FunctionCallInfo fcinfo, const listed *list)
{
	const char *name = listed_name(fcinfo, list);

	return cdt_send(name, strlen(name));
}

static Datum
listed_recv(FunctionCallInfo fcinfo, const listed *list)
{
	int			len;
	char	   *s = cdt_receive(fcinfo, &len);

	return listed_read(fcinfo, list, s, len);
}

static Datum
listed_from_text(FunctionCallInfo fcinfo, const listed *list)
{
	text	   *value = PG_GETARG_TEXT_PP(0);

	return listed_read(fcinfo, list, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static Datum
listed_from_bpchar(FunctionCallInfo fcinfo, const listed *list)
{
	BpChar	   *value = PG_GETARG_BPCHAR_PP(0);

	return listed_read(fcinfo, list, VARDATA_ANY(value), cdt_unpadded(value));
}

/* Is text argument "arg" a writing of the other argument? */
static bool
listed_is(FunctionCallInfo fcinfo, const listed *list, int arg)
{
	text	   *value = PG_GETARG_TEXT_PP(arg);

	return list->parse(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) ==
		PG_GETARG_CHAR(1 - arg);
}

static inline Datum
listed_hash(FunctionCallInfo fcinfo)
{
	char		value = PG_GETARG_CHAR(0);

	RETURN_HASH(&value, 1);
}

static inline Datum
listed_hash_extended(FunctionCallInfo fcinfo)
{
	char		value = PG_GETARG_CHAR(0);

	RETURN_HASH_EXTENDED(&value, 1, 1);
}

#define FUNCTION(name, result) \
PG_FUNCTION_INFO_V1(certdata_##name); \
Datum \
certdata_##name(PG_FUNCTION_ARGS) \
{ \
	return result; \
}

#define LISTED_TYPE(type) \
FUNCTION(type##_in, listed_in(fcinfo, &type)) \
FUNCTION(type##_out, listed_out(fcinfo, &type)) \
FUNCTION(type##_recv, listed_recv(fcinfo, &type)) \
FUNCTION(type##_send, listed_send(fcinfo, &type)) \
FUNCTION(text_to_##type, listed_from_text(fcinfo, &type)) \
FUNCTION(bpchar_to_##type, listed_from_bpchar(fcinfo, &type)) \
FUNCTION(type##_text_eq, BoolGetDatum(listed_is(fcinfo, &type, 1))) \
FUNCTION(type##_text_ne, BoolGetDatum(!listed_is(fcinfo, &type, 1))) \
FUNCTION(text_##type##_eq, BoolGetDatum(listed_is(fcinfo, &type, 0))) \
FUNCTION(text_##type##_ne, BoolGetDatum(!listed_is(fcinfo, &type, 0))) \
FUNCTION(type##_hash, listed_hash(fcinfo)) \
FUNCTION(type##_hash_extended, listed_hash_extended(fcinfo))

LISTED_TYPE(id_type)
LISTED_TYPE(skill_level)

/* Keep the higher of two levels, for max. */
FUNCTION(skill_level_larger,
		 PG_GETARG_DATUM(PG_GETARG_CHAR(0) >= PG_GETARG_CHAR(1) ? 0 : 1))

/* Keep the lower of two levels, for min. */
FUNCTION(skill_level_smaller,
		 PG_GETARG_DATUM(PG_GETARG_CHAR(0) <= PG_GETARG_CHAR(1) ? 0 : 1))
