/*
 * type.c
 *	  Helpers of the types' input, output and wire functions.
 */
#include "type.h"

#include "libpq/pqformat.h"
#include "utils/lsyscache.h"

#include "refuse.h"

/*
 * The fault to tell of a refused value: the first that no setting can allow,
 * else the first error (what a spreadsheet wrapped around a good value).
 */
static const cd_finding *
main_fault(const cd_findings *faults)
{
	const cd_finding *main = NULL;

	for (int i = 0; i < faults->n; i++)
	{
		const cd_finding *item = &faults->item[i];

		if (cd_rules[item->rule].severity == CD_WARNING)
			continue;
		if (cd_rules[item->rule].fixed)
			return item;
		if (main == NULL)
			main = item;
	}
	return main;
}

bool
cdt_find_fault(cd_field field, const char *s, size_t len, cd_finding *why)
{
	cd_text		text[CD_NFIELDS] = {{NULL, 0}};
	cd_context	context;
	cd_record	record;
	cd_findings faults;
	const cd_finding *fault;

	text[field].ptr = s;
	text[field].len = len;
	faults.n = 0;
	cd_context_init(&context, CD_DATE_NONE);
	cd_check_record(text, 1u << field, &context, &record, &faults);
	fault = main_fault(&faults);
	if (fault == NULL)
		return false;
	*why = *fault;
	why->field = field;
	return true;
}

bool
cdt_refuse(FunctionCallInfo fcinfo, cd_field field, const char *s, size_t len)
{
	cd_finding	why;

	if (!cdt_find_fault(field, s, len, &why))
		ereport(ERROR, (errmsg_internal("certdata refused a value that its rules accept, in field %d", (int) field)));
	return cdt_refuse_for(fcinfo, &why, s, len);
}

bool
cdt_refuse_for(FunctionCallInfo fcinfo, const cd_finding *why,
			   const char *s, size_t len)
{
	certdata_refuse_value(SOFT_CONTEXT(fcinfo),
						  get_func_rettype(fcinfo->flinfo->fn_oid), why, s, len);
	return false;
}

size_t
cdt_unpadded(const struct varlena *value)
{
	return (size_t) bpchartruelen(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

char *
cdt_receive(FunctionCallInfo fcinfo, int *len)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);

	return pq_getmsgtext(message, message->len - message->cursor, len);
}

Datum
cdt_send(const char *s, size_t len)
{
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendtext(&message, s, (int) len);
	return PointerGetDatum(pq_endtypsend(&message));
}
