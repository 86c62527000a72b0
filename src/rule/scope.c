/*
 * scope.c
 *	  Rules about filings, organisations and registered scope.
 */
#include "scope.h"
#include "cell.h"
#include "scope_part.h"

#include <stdio.h>
#include <string.h>

/* Stands for the name of an organisation that is missing: a filing of it is nobody's. */
#define NOBODY ((cd_text) {"—", sizeof("—") - 1})

typedef struct judge
{
	const cd_scope_source *source;
	const cd_record *rec;
	cd_findings *f;
	cd_days    *same;
	char		code_buf[CD_CERTNO_FILING_LEN];
	cd_text		code;
	int32_t		day;
	cd_subject	evaluator;
	cd_subject	issuer;
	cd_subject	occupation;
	cd_subject	work_type;
} judge;

/* A cell of the record; empty if it holds nothing that could be compared. */
static void
take_cell(cd_subject *to, cd_field field, cd_text t)
{
	cd_findings ignored;

	ignored.n = 0;
	if (t.len == 0 || !cd_cell_unwrap(field, &t, &ignored) ||
		(field == CD_WORK_TYPE && cd_is_placeholder(t.ptr, t.len)))
		t.len = 0;
	cd_compare_as(to, t);
}

/* Of the organisations with such a name that day, above an ancestor if asked for, the best match. */
static cd_match
find_named(judge *j, const cd_subject *given, const cd_org *ancestor, const cd_org **found, cd_text *published)
{
	int			n;
	const cd_text *id = j->source->orgs_named(j->source->arg, given->form, &n);
	cd_match	best = CD_MATCH_NONE;

	for (int i = 0; i < n && best != CD_MATCH_SAME; i++)
	{
		const cd_org *org = j->source->org(j->source->arg, id[i]);
		cd_text		name;
		cd_match	m;

		if (org == NULL || (ancestor != NULL && !cd_stands_above(j->source, ancestor, org)))
			continue;
		name = cd_name_on(j->source, org, j->day, j->same);
		m = cd_compare(given, name);
		if (m > best)
		{
			best = m;
			*found = org;
			*published = name;
		}
	}
	return best;
}

/* ---- findings ---- */

static const char *
keep(const judge *j, cd_text t)
{
	return j->source->keep(j->source->arg, t.ptr, t.len);
}

/* A finding with the code as %1 and a text as %3. */
static void
find_for_code(judge *j, cd_rule_id rule, cd_text arg3)
{
	cd_find_text(j->f, rule, cd_rules[rule].field, j->code)->arg3 = keep(j, arg3);
}

static void
find_brackets(judge *j, cd_rule_id rule, cd_text published)
{
	cd_find(j->f, rule, cd_rules[rule].field)->arg3 = keep(j, published);
}

/* 第十六条: a body that has ceased issues nothing more. */
static bool
check_ceased(judge *j, const cd_org *org)
{
	int32_t		last = org->ceased_on;

	if (last == CD_DATE_NONE || (org->dissolved_on != CD_DATE_NONE && org->dissolved_on < last))
		last = org->dissolved_on;
	if (last == CD_DATE_NONE || cd_holds(j->same, (cd_days) {CD_DAYS_FIRST, last}, j->day))
		return false;
	cd_find_date(j->f, CD_RULE_DATE_CEASED, CD_ISSUE_DATE, last)->arg3 =
		keep(j, cd_name_on(j->source, org, j->day, j->same));
	return true;
}

/* 附件1注6: the filing is the evaluator's, or that of an issuer above it. */
static void
check_evaluator(judge *j, const cd_org *owner)
{
	const cd_org *evaluator = NULL;
	cd_text		published = cd_name_on(j->source, owner, j->day, j->same);
	cd_match	m = CD_MATCH_NONE;

	if (j->evaluator.plain.len > 0)
	{
		m = cd_compare(&j->evaluator, published);
		if (m == CD_MATCH_NONE && j->issuer.plain.len > 0 &&
			cd_compare(&j->issuer, published) != CD_MATCH_NONE)
			m = find_named(j, &j->evaluator, owner, &evaluator, &published);
		if (m == CD_MATCH_NONE)
			find_for_code(j, CD_RULE_EVALUATOR_FILING, published);
		else if (m == CD_MATCH_BRACKETS)
			find_brackets(j, CD_RULE_EVALUATOR_BRACKETS, published);
	}
	if (evaluator == NULL || !check_ceased(j, evaluator))
		check_ceased(j, owner);
}

static void
check_issuer(judge *j)
{
	const cd_org *issuer;
	cd_text		published;

	switch (find_named(j, &j->issuer, NULL, &issuer, &published))
	{
		case CD_MATCH_NONE:
			cd_find(j->f, CD_RULE_ISSUER_UNKNOWN, CD_ISSUER);
			break;
		case CD_MATCH_BRACKETS:
			find_brackets(j, CD_RULE_ISSUER_BRACKETS, published);
			break;
		case CD_MATCH_SAME:
			break;
	}
}

/* ---- scope ---- */

/* A name that no row writes as the record does, though some row has it but for brackets. */
static void
check_brackets(judge *j, const cd_scope_row *row, int n, int32_t day, bool on_day, bool of_work_type)
{
	const cd_subject *given = of_work_type ? &j->work_type : &j->occupation;
	const cd_text *published = NULL;
	cd_days		unused = CD_ALWAYS;

	for (int i = 0; i < n; i++)
	{
		const cd_text *name = of_work_type ? &row[i].work_type : &row[i].occupation;
		cd_match	m;

		if (on_day && !cd_holds(&unused, row[i].valid, day))
			continue;
		m = cd_compare(given, *name);
		if (m == CD_MATCH_SAME)
			return;
		if (m == CD_MATCH_BRACKETS && published == NULL)
			published = name;
	}
	if (published != NULL)
		find_brackets(j, of_work_type ? CD_RULE_WORKTYPE_BRACKETS : CD_RULE_OCCUPATION_BRACKETS, *published);
}

static void
list_of_day(judge *j, cd_scope_list_kind kind, const cd_scope_row *row, int n, int32_t day, cd_days *same,
			cd_rule_id rule)
{
	char		buf[CD_SCOPE_LIST_SIZE];
	cd_scope_list list;

	cd_scope_list_begin(&list, buf);
	/* levels in their order, names in that of the rows */
	for (int level = 1; level < (kind == CD_LIST_LEVELS ? CD_NLEVELS : 2); level++)
		for (int i = 0; i < n; i++)
			if (cd_holds(same, row[i].valid, day) &&
				(kind != CD_LIST_LEVELS ||
				 cd_covers(j->source, &row[i], &j->work_type, (cd_level) level) == CD_COVERS_ALL))
				cd_scope_list_row(&list, kind, &row[i]);
	find_for_code(j, rule, cd_scope_list_end(&list, kind == CD_LIST_OCCUPATIONS && n >= CD_SCOPE_ROWS_LISTED));
}

/* In scope, but on other days only. */
static void
find_date_scope(judge *j, const cd_scope_row *row, int n)
{
	char		buf[CD_SCOPE_LIST_SIZE];
	cd_scope_list list;

	cd_scope_list_begin(&list, buf);
	for (int i = 0; i < n; i++)
		if (cd_covers(j->source, &row[i], &j->work_type, j->rec->level) == CD_COVERS_ALL)
			cd_scope_list_days(&list, row[i].valid);
	find_for_code(j, CD_RULE_DATE_SCOPE, cd_scope_list_end(&list, false));
}

/* 第九条, 附件1注4: occupation, work type and level are within the filing's scope. */
static void
check_scope(judge *j, int32_t day, cd_days *same)
{
	const cd_scope_source *source = j->source;
	int			n;
	const cd_scope_row *row = source->rows(source->arg, j->code, j->occupation.form, &n);
	bool		on_day[CD_COVERS_ALL + 1] = {false};	/* some row covers so
														 * far, that day */
	bool		ever = false;

	for (int i = 0; i < n; i++)
	{
		cd_cover	c = cd_covers(source, &row[i], &j->work_type, j->rec->level);

		if (cd_holds(same, row[i].valid, day))
			on_day[CD_COVERS_OCCUPATION] = on_day[c] = true;
		ever = ever || c == CD_COVERS_ALL;
	}
	check_brackets(j, row, n, day, on_day[CD_COVERS_OCCUPATION], false);
	if (j->work_type.plain.len > 0)
		check_brackets(j, row, n, day, on_day[CD_COVERS_WORK_TYPE] || on_day[CD_COVERS_ALL], true);
	if (on_day[CD_COVERS_ALL])
		return;
	if (ever)
		find_date_scope(j, row, n);
	else if (on_day[CD_COVERS_WORK_TYPE])
		list_of_day(j, CD_LIST_LEVELS, row, n, day, same, CD_RULE_LEVEL_SCOPE);
	else if (on_day[CD_COVERS_OCCUPATION])
		list_of_day(j, CD_LIST_WORK_TYPES, row, n, day, same, CD_RULE_WORKTYPE_SCOPE);
	else
	{
		row = source->rows(source->arg, j->code, (cd_text) {"", 0}, &n);
		list_of_day(j, CD_LIST_OCCUPATIONS, row, n, day, same, CD_RULE_OCCUPATION_SCOPE);
	}
}

/* ---- a record ---- */

static void
find_not_valid(judge *j, const cd_filing *filing, int n)
{
	char		buf[CD_SCOPE_LIST_SIZE];
	cd_scope_list list;

	cd_scope_list_begin(&list, buf);
	for (int i = 0; i < n; i++)
		cd_scope_list_days(&list, cd_with_grace(&filing[i]));
	find_for_code(j, CD_RULE_NO_FILING_VALID, cd_scope_list_end(&list, false));
}

static void
check_filing(judge *j)
{
	int			n;
	const cd_filing *all = j->source->filings(j->source->arg, j->code, &n);
	const cd_filing *filing;
	const cd_org *owner;
	bool		valid;
	cd_days		grace_same = CD_ALWAYS;

	if (n == 0)
		cd_find_text(j->f, CD_RULE_NO_FILING, CD_CERT_NO, j->code);
	if (n == 0 || j->day == CD_DATE_NONE)
		return;
	filing = cd_filing_on(all, n, j->day, j->same, &valid);
	if (!valid)
		find_not_valid(j, all, n);
	owner = j->source->org(j->source->arg, filing->org);
	if (owner != NULL)
		check_evaluator(j, owner);
	else if (j->evaluator.plain.len > 0)
		find_for_code(j, CD_RULE_EVALUATOR_FILING, NOBODY);
	if (!j->source->has_scope || j->occupation.plain.len == 0)
		return;
	/* within the grace days, as on the last day before them */
	if (valid && j->day > filing->valid.to)
		check_scope(j, filing->valid.to, &grace_same);
	else
		check_scope(j, j->day, j->same);
}

void
cd_scope_judge(const cd_scope_source *source, const cd_text field[CD_NFIELDS],
			   const cd_record *rec, cd_findings *f, cd_days *same)
{
	judge		j;

	*same = CD_ALWAYS;
	if (!source->has_filings)
		return;
	j.source = source;
	j.rec = rec;
	j.f = f;
	j.same = same;
	j.day = rec->date;
	take_cell(&j.evaluator, CD_EVALUATOR, field[CD_EVALUATOR]);
	take_cell(&j.issuer, CD_ISSUER, field[CD_ISSUER]);
	take_cell(&j.occupation, CD_OCCUPATION, field[CD_OCCUPATION]);
	take_cell(&j.work_type, CD_WORK_TYPE, field[CD_WORK_TYPE]);
	if (rec->has_no)
	{
		cd_certno_filing(&rec->no, j.code_buf);
		j.code = (cd_text) {j.code_buf, sizeof(j.code_buf)};
		check_filing(&j);
	}
	if (j.day != CD_DATE_NONE && j.issuer.plain.len > 0)
		check_issuer(&j);
}
