/*
 * text_types.c
 *	  certdata.person_name, org_name, occupation_name, work_type_name: text
 *	  that was checked for length and control characters when it came in.
 *
 * Spaces, private-use characters and the like are rules, which can be set;
 * what a type refuses it refuses always.
 */
#include "type.h"

/* One text type: the field whose rules it checks. */
typedef struct text_type
{
	cd_field	field;
	bool		of_several;		/* other fields have this type, too */
} text_type;

static const text_type person_name = {CD_NAME, false};
static const text_type org_name = {CD_EMPLOYER, true};
static const text_type occupation_name = {CD_OCCUPATION, false};
static const text_type work_type_name = {CD_WORK_TYPE, false};

static inline bool
accepts(const text_type *type, const char *s, size_t len)
{
	return cd_text_check(s, len, cd_max_chars[type->field]) == CD_TEXT_OK;
}

static bool
refuse(FunctionCallInfo fcinfo, const text_type *type, const char *s, size_t len)
{
	cd_finding	why;

	if (!cdt_find_fault(type->field, s, len, &why))
		return cdt_refuse(fcinfo, type->field, s, len);
	if (type->of_several)
		why.field = CD_NO_FIELD;
	return cdt_refuse_for(fcinfo, &why, s, len);
}

static Datum
text_type_in(FunctionCallInfo fcinfo, const text_type *type)
{
	char	   *s = PG_GETARG_CSTRING(0);
	size_t		len = strlen(s);

	if (!accepts(type, s, len) && !refuse(fcinfo, type, s, len))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(s, (int) len));
}

static Datum
text_type_recv(FunctionCallInfo fcinfo, const text_type *type)
{
	int			len;
	char	   *s = cdt_receive(fcinfo, &len);

	if (!accepts(type, s, len) && !refuse(fcinfo, type, s, len))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(s, len));
}

static Datum
text_type_from_text(FunctionCallInfo fcinfo, const text_type *type)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	const char *s = VARDATA_ANY(value);
	size_t		len = VARSIZE_ANY_EXHDR(value);

	if (!accepts(type, s, len) && !refuse(fcinfo, type, s, len))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(value);
}

static Datum
text_type_from_bpchar(FunctionCallInfo fcinfo, const text_type *type)
{
	BpChar	   *value = PG_GETARG_BPCHAR_PP(0);
	const char *s = VARDATA_ANY(value);
	size_t		len = cdt_unpadded(value);

	if (!accepts(type, s, len) && !refuse(fcinfo, type, s, len))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(s, (int) len));
}

#define TEXT_FUNCTION(name, body, type) \
PG_FUNCTION_INFO_V1(certdata_##name); \
Datum \
certdata_##name(PG_FUNCTION_ARGS) \
{ \
	return body(fcinfo, &type); \
}

#define TEXT_TYPE(type) \
bool \
cdt_##type##_valid(const char *s, size_t len) \
{ \
	return accepts(&type, s, len); \
} \
TEXT_FUNCTION(type##_in, text_type_in, type) \
TEXT_FUNCTION(type##_recv, text_type_recv, type) \
TEXT_FUNCTION(text_to_##type, text_type_from_text, type) \
TEXT_FUNCTION(bpchar_to_##type, text_type_from_bpchar, type)

TEXT_TYPE(person_name)
TEXT_TYPE(org_name)
TEXT_TYPE(occupation_name)
TEXT_TYPE(work_type_name)
