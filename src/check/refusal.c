/*
 * refusal.c
 *	  One error, or one warning, that names the bad rows of a statement.
 */
#include "certdata.h"

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "check/check.h"
#include "errors.h"
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
	TupleDescFinalize(desc);
	return desc;
}

static const char *
column(TupleTableSlot *slot, int attnum)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, attnum, &isnull);

	return isnull ? "" : TextDatumGetCString(value);
}

/* What the rows listed begin with, and the first rule that refuses. */
typedef struct Listing
{
	StringInfoData text;
	int			rule;			/* -1: none yet */
	char	   *field;
	char	   *hint;
} Listing;

static void
list_finding(Listing *listing, TupleTableSlot *slot, int64 row_no, bool number_rows)
{
	const char *id = column(slot, 4);
	bool		zh = certdata_lang_zh();

	if (listing->rule < 0)
	{
		listing->rule = cd_rule_find(id, strlen(id));
		listing->field = pstrdup(column(slot, 3));
		listing->hint = pstrdup(column(slot, 9));
	}
	if (listing->text.len > 0)
		appendStringInfoChar(&listing->text, '\n');
	if (number_rows)
		appendStringInfo(&listing->text, zh ? "第" INT64_FORMAT "行 " : "Row " INT64_FORMAT ", ", row_no);
	appendStringInfoString(&listing->text, column(slot, 3));
	if (*column(slot, 7))
		appendStringInfo(&listing->text, " %s", column(slot, 7));
	appendStringInfo(&listing->text, zh ? "：%s（%s，%s）" : ": %s (%s, %s).",
					 column(slot, 8), id, column(slot, 6));
}

/* "Row 3, 证件号码 130***1231: the number's check character ...", line by line */
static void
list_rows(Listing *listing, Tuplestorestate *findings, TupleDesc desc, bool number_rows)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	int64		last = 0;
	int			listed = 0;

	initStringInfo(&listing->text);
	listing->rule = -1;
	while (tuplestore_gettupleslot(findings, true, false, slot))
	{
		bool		isnull;
		int64		row_no = DatumGetInt64(slot_getattr(slot, 1, &isnull));

		CHECK_FOR_INTERRUPTS();
		if (strcmp(column(slot, 5), cd_severity_name[CD_WARNING]) == 0)
			continue;
		if (row_no != last && listed++ == LISTED_ROWS)
			break;
		last = row_no;
		list_finding(listing, slot, row_no, number_rows);
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

/* The name that the relation has for a field, for the error's COLUMN. */
static const char *
column_of(Relation rel, const char *field)
{
	Source		source;

	relation_fields(rel, &source);
	for (int i = 0; i < CD_NFIELDS; i++)
		if (field != NULL && strcmp(field, cd_field_name[i]) == 0 && source.attnum[i] > 0)
			return NameStr(TupleDescAttr(source.desc, source.attnum[i] - 1)->attname);
	return NULL;
}

/* A refusal by the guard's rules has a code of its own: see errors.h. */
static int
sqlstate_of(int rule)
{
	switch (rule)
	{
		case CD_RULE_CORRECTION_ONE_ITEM:
			return ERRCODE_CERTDATA_ONE_ITEM;
		case CD_RULE_CORRECTION_NUMBER:
			return ERRCODE_CERTDATA_NUMBER;
		case CD_RULE_CORRECTION_RETIRED:
			return ERRCODE_CERTDATA_STATE;
		case CD_RULE_STATE_COLUMN:
			return ERRCODE_CERTDATA_STATE_COLUMN;
		case CD_RULE_NO_USED:
			return ERRCODE_UNIQUE_VIOLATION;
		default:
			return ERRCODE_CHECK_VIOLATION;
	}
}

void
refuse_rows(const Pass *pass, Tuplestorestate *findings, TupleDesc desc, Relation rel)
{
	const PassCounts *counts = pass_counts(pass);
	certdata_refusal refusal = {.relation = rel};
	bool		single = counts->rows == 1;
	bool		zh = certdata_lang_zh();
	Listing		listing;

	list_rows(&listing, findings, desc, !single);
	refusal.sqlstate = sqlstate_of(listing.rule);
	if (single)
	{
		refusal.message = zh ? "该行不符合证书数据规则" : "the row breaks rules of certificate data";
	}
	else
	{
		list_counts(&listing.text, counts);
		refusal.message = psprintf(zh ? INT64_FORMAT "行中有" INT64_FORMAT "行不符合证书数据规则" :
								   "of " INT64_FORMAT " rows, " INT64_FORMAT " break rules of certificate data",
								   counts->rows, counts->rejected);
		refusal.hint = zh ? "用 certdata.check_rows() 查看全部问题；certdata.load(…, partial => true) 只装入合格的行。" :
			"certdata.check_rows() shows every fault; certdata.load(..., partial => true) loads the good rows.";
	}
	/* what the guard refuses, no check of the rows shows */
	if (single || refusal.sqlstate != ERRCODE_CHECK_VIOLATION)
		refusal.hint = listing.hint;
	refusal.rule = listing.rule < 0 ? CD_NRULES : (cd_rule_id) listing.rule;
	refusal.column = column_of(rel, listing.field);
	refusal.detail = listing.text.data;
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
					"\"%s\": new rows: " INT64_FORMAT ", warnings: " INT64_FORMAT,
					RelationGetRelationName(rel), counts->rows, counts->warnings),
			 errdetail_internal("%s", detail.data + 1),
			 errhidestmt(true)));
}
