/*
 * refusal.c
 *	  One error, or one warning, that names the bad rows of a statement.
 */
#include "certdata.h"

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"

#include "check/check.h"
#include "refuse.h"

#define LISTED_ROWS 20			/* rows shown in full; the rest is counted */

TupleDesc
finding_row_desc(void)
{
	static const char *const name[FINDING_ROW_COLUMNS] = {
		"row_no", "cell", "field", "rule", "severity", "clause", "value", "message", "hint"
	};
	TupleDesc	desc = CreateTemplateTupleDesc(FINDING_ROW_COLUMNS);

	for (int i = 0; i < FINDING_ROW_COLUMNS; i++)
		TupleDescInitEntry(desc, i + 1, name[i], i == 0 ? INT8OID : TEXTOID, -1, 0);
	return desc;
}

static const char *
column(TupleTableSlot *slot, int attnum)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, attnum, &isnull);

	return isnull ? "" : TextDatumGetCString(value);
}

/* "row 3, 证件号码 130***1231: id.checksum: ...", for the rows listed */
static void
list_rows(StringInfo buf, Tuplestorestate *findings, TupleDesc desc, int *rule, char **field)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	int64		last = 0;
	int			listed = 0;

	while (tuplestore_gettupleslot(findings, true, false, slot))
	{
		bool		isnull;
		int64		row_no = DatumGetInt64(slot_getattr(slot, 1, &isnull));
		const char *id = column(slot, 4);

		if (strcmp(column(slot, 5), cd_severity_name[CD_WARNING]) == 0)
			continue;
		if (row_no != last && listed++ == LISTED_ROWS)
			break;
		if (*rule < 0)
		{
			*rule = cd_rule_find(id, strlen(id));
			*field = pstrdup(column(slot, 3));
		}
		last = row_no;
		if (certdata_lang_zh())
			appendStringInfo(buf, "%s第" INT64_FORMAT "行 %s %s：%s（%s，%s）",
							 buf->len ? "\n" : "", row_no, column(slot, 3), column(slot, 7),
							 column(slot, 8), id, column(slot, 6));
		else
			appendStringInfo(buf, "%sRow " INT64_FORMAT ", %s %s: %s (%s, %s).",
							 buf->len ? "\n" : "", row_no, column(slot, 3), column(slot, 7),
							 column(slot, 8), id, column(slot, 6));
	}
	ExecDropSingleTupleTableSlot(slot);
}

static void
list_counts(StringInfo buf, const PassCounts *counts)
{
	const char *sep = "";

	appendStringInfoString(buf, certdata_lang_zh() ? "\n各规则次数：" : "\nFindings by rule: ");
	for (int i = 0; i < CD_NRULES; i++)
		if (counts->by_rule[i] > 0)
		{
			appendStringInfo(buf, "%s%s " INT64_FORMAT, sep, cd_rules[i].id, counts->by_rule[i]);
			sep = ", ";
		}
}

void
refuse_rows(const Pass *pass, Tuplestorestate *findings, TupleDesc desc, Relation rel)
{
	const PassCounts *counts = pass_counts(pass);
	certdata_refusal refusal = {.sqlstate = ERRCODE_CHECK_VIOLATION, .relation = rel};
	StringInfoData detail;
	int			rule = -1;
	char	   *field = NULL;
	bool		zh = certdata_lang_zh();

	initStringInfo(&detail);
	list_rows(&detail, findings, desc, &rule, &field);
	list_counts(&detail, counts);
	refusal.rule = rule < 0 ? CD_NRULES : (cd_rule_id) rule;
	refusal.column = field;
	refusal.message = psprintf(zh ? INT64_FORMAT "行中有" INT64_FORMAT "行不符合证书数据规则" :
							   "of " INT64_FORMAT " rows, " INT64_FORMAT " break rules of certificate data",
							   counts->rows, counts->rejected);
	refusal.detail = detail.data;
	refusal.hint = zh ? "用 certdata.check_rows() 查看全部问题；certdata.load(…, partial => true) 只装入合格的行。" :
		"certdata.check_rows() shows every fault; certdata.load(..., partial => true) loads the good rows.";
	certdata_refuse(&refusal);
}

/* Fixable forms and the like: one WARNING for the statement, with counts. */
void
warn_of_rows(const Pass *pass, Relation rel)
{
	const PassCounts *counts = pass_counts(pass);
	StringInfoData detail;

	if (counts->warnings == 0)
		return;
	initStringInfo(&detail);
	list_counts(&detail, counts);
	ereport(WARNING,
			(errmsg(certdata_lang_zh() ? "“%s”：" INT64_FORMAT "行中有" INT64_FORMAT "处提示" :
					"\"%s\": " INT64_FORMAT " rows with " INT64_FORMAT " warnings",
					RelationGetRelationName(rel), counts->rows, counts->warnings),
			 errdetail_internal("%s", detail.data + 1),
			 errhidestmt(true)));
}
