/*
 * valid.c
 *	  certdata.is_valid: would a type take this text?
 *
 * pg_input_is_valid for servers before 16, and for our types only.
 */
#include "type.h"

#include "utils/lsyscache.h"

#include "certdata.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_is_valid);

typedef bool (*validator) (const char *s, size_t len);

extern Datum certdata_certno_in(PG_FUNCTION_ARGS);
extern Datum certdata_resident_id_in(PG_FUNCTION_ARGS);
extern Datum certdata_id_type_in(PG_FUNCTION_ARGS);
extern Datum certdata_id_number_in(PG_FUNCTION_ARGS);
extern Datum certdata_skill_level_in(PG_FUNCTION_ARGS);
extern Datum certdata_issue_date_in(PG_FUNCTION_ARGS);
extern Datum certdata_person_name_in(PG_FUNCTION_ARGS);
extern Datum certdata_org_name_in(PG_FUNCTION_ARGS);
extern Datum certdata_occupation_name_in(PG_FUNCTION_ARGS);
extern Datum certdata_work_type_name_in(PG_FUNCTION_ARGS);

/* A type is ours if its input function is: names can be changed. */
static const struct
{
	PGFunction	input;
	validator	valid;
}			own[] =

{
	{certdata_certno_in, cdt_certno_valid},
	{certdata_resident_id_in, cdt_resident_id_valid},
	{certdata_id_type_in, cdt_id_type_valid},
	{certdata_id_number_in, cdt_id_number_valid},
	{certdata_skill_level_in, cdt_skill_level_valid},
	{certdata_issue_date_in, cdt_issue_date_valid},
	{certdata_person_name_in, cdt_person_name_valid},
	{certdata_org_name_in, cdt_org_name_valid},
	{certdata_occupation_name_in, cdt_occupation_name_valid},
	{certdata_work_type_name_in, cdt_work_type_name_valid},
};

/* What one call site found out about the type it asks for. */
typedef struct is_valid_cache
{
	Oid			type;
	validator	valid;
} is_valid_cache;

static void
refuse_type(Oid type)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {.sqlstate = ERRCODE_DATATYPE_MISMATCH, .rule = CD_NRULES};

	refusal.message = psprintf(zh ? "类型 %s 不是 certdata 的类型" :
							   "type %s is not a type of certdata", format_type_be(type));
	refusal.hint = zh ? "可用的类型：certno、resident_id、id_type、id_number、skill_level、issue_date、person_name、org_name、occupation_name、work_type_name。" :
		"Use certno, resident_id, id_type, id_number, skill_level, issue_date, person_name, org_name, occupation_name or work_type_name.";
	certdata_refuse(&refusal);
}

static validator
find_validator(Oid type)
{
	FmgrInfo	input;
	Oid			input_function;
	Oid			io_param;

	if (get_typisdefined(type))
	{
		getTypeInputInfo(type, &input_function, &io_param);
		fmgr_info(input_function, &input);
		for (size_t i = 0; i < lengthof(own); i++)
			if (input.fn_addr == own[i].input)
				return own[i].valid;
	}
	refuse_type(type);
	return NULL;				/* not reached */
}

/* Say whether the type's input would accept the text. */
Datum
certdata_is_valid(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	Oid			type = PG_GETARG_OID(1);
	is_valid_cache *cache = fcinfo->flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(is_valid_cache));
		fcinfo->flinfo->fn_extra = cache;
	}
	if (cache->type != type)
	{
		cache->valid = find_validator(type);
		cache->type = type;
	}
	PG_RETURN_BOOL(cache->valid(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}
