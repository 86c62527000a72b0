/*
 * record.h
 *	  A lawful record to change field by field, and its findings as text.
 */
#ifndef CERTDATA_TEST_RECORD_H
#define CERTDATA_TEST_RECORD_H

#include "rule.h"
#include "tap.h"

/* Which rules any record has broken so far. */
static bool rule_fired[CD_NRULES];

static const char *const lawful[CD_NFIELDS] = {
	"张伟", "居民身份证", "130102199003071233", "某公司", "车工", "数控车工", "三级",
	"S000013000001223000001", "2022-02-09", "甲校", "甲校"
};

static inline void
put_finding(char *out, size_t size, const cd_finding *finding)
{
	size_t		n = strlen(out);
	const char *field = finding->field < CD_NFIELDS ? cd_field_name[finding->field] : "";

	/* an id names its field, but for cell.* */
	if (cd_rules[finding->rule].field != CD_NO_FIELD)
		field = "";
	snprintf(out + n, size - n, "%s%s%s%s%s%s%s%s", n ? " " : "", field, *field ? ":" : "",
			 cd_rules[finding->rule].id, finding->arg1[0] ? "=" : "", finding->arg1,
			 finding->arg2[0] ? "/" : "", finding->arg2);
}

/*
 * The findings of 11 values as "id=arg1/arg2 …".  Each value is in memory of
 * its own length.
 */
static inline void
findings_of(const char *const value[CD_NFIELDS], unsigned fields, const cd_context *ctx,
			cd_record *rec, cd_findings *f, char *out, size_t size)
{
	cd_text		field[CD_NFIELDS];

	for (int i = 0; i < CD_NFIELDS; i++)
	{
		field[i].len = value[i] ? strlen(value[i]) : 0;
		field[i].ptr = value[i] ? exact_copy(value[i], field[i].len) : NULL;
	}
	f->n = 0;
	cd_check_record(field, fields, ctx, rec, f);
	out[0] = '\0';
	for (int i = 0; i < f->n; i++)
	{
		rule_fired[f->item[i].rule] = true;
		put_finding(out, size, &f->item[i]);
	}
	for (int i = 0; i < CD_NFIELDS; i++)
		free((char *) field[i].ptr);
}

#endif							/* CERTDATA_TEST_RECORD_H */
