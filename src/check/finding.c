/*
 * finding.c
 *	  Findings as SQL rows and as text, in the language of the session.
 */
#include "certdata.h"

#include "utils/builtins.h"

#include "check/check.h"
#include "refuse.h"

/* certdata.finding: rule, field, severity, clause, message, hint */
void
finding_record(const cd_finding *finding, cd_severity severity,
			   Datum values[6], bool nulls[6])
{
	const cd_rule *rule = &cd_rules[finding->rule];

	memset(nulls, 0, 6 * sizeof(bool));
	values[0] = CStringGetTextDatum(rule->id);
	nulls[1] = finding->field >= CD_NFIELDS;
	values[1] = CStringGetTextDatum(cd_field_name[finding->field]);
	values[2] = CStringGetTextDatum(cd_severity_name[severity]);
	values[3] = CStringGetTextDatum(rule->clause);
	values[4] = CStringGetTextDatum(certdata_message(finding));
	values[5] = CStringGetTextDatum(certdata_hint(finding));
}

/* row_no, cell, field, rule, severity, clause, value (masked), message, hint */
void
finding_row(const cd_finding *finding, cd_severity severity, int64 row_no,
			const char *cell, cd_text value,
			Datum values[FINDING_ROW_COLUMNS], bool nulls[FINDING_ROW_COLUMNS])
{
	const cd_rule *rule = &cd_rules[finding->rule];
	char		masked[CD_MASK_SIZE];
	size_t		len;

	memset(nulls, 0, FINDING_ROW_COLUMNS * sizeof(bool));
	values[0] = Int64GetDatum(row_no);
	values[1] = CStringGetTextDatum(cell);
	nulls[2] = finding->field >= CD_NFIELDS;
	values[2] = CStringGetTextDatum(cd_field_name[finding->field]);
	values[3] = CStringGetTextDatum(rule->id);
	values[4] = CStringGetTextDatum(cd_severity_name[severity]);
	values[5] = CStringGetTextDatum(rule->clause);
	nulls[6] = value.len == 0;
	len = cd_mask((cd_field) finding->field, value.ptr, value.len,
				  certdata_mask_first, certdata_mask_last, masked);
	values[6] = PointerGetDatum(cstring_to_text_with_len(masked, len));
	values[7] = CStringGetTextDatum(certdata_message(finding));
	values[8] = CStringGetTextDatum(certdata_hint(finding));
}
