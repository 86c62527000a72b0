/*
 * between.c
 *	  Rules about a number's content, and about two fields of a record.
 */
#include "cell.h"
#include "number.h"

#include <stdio.h>
#include <string.h>

#define LAWFUL_AGE 16			/* younger holders are a warning */

static void
put_text(char arg[CD_ARG_SIZE], const char *text)
{
	snprintf(arg, CD_ARG_SIZE, "%s", text);
}

static cd_finding *
find_id(cd_findings *f, cd_rule_id rule)
{
	return cd_find(f, rule, CD_ID_NUMBER);
}

/* Days of the same day n years on; 29 February becomes 1 March. */
static int32_t
years_on(int32_t days, int n)
{
	int			y;
	int			m;
	int			d;

	cd_days_to_date(days, &y, &m, &d);
	if (m == 2 && d == 29 && !cd_date_valid(y + n, m, d))
	{
		m = 3;
		d = 1;
	}
	return cd_date_to_days(y + n, m, d);
}

static void
check_birth(const cd_context *ctx, const cd_record *rec, int32_t birth, cd_findings *f)
{
	int32_t		at = rec->date != CD_DATE_NONE ? rec->date : ctx->today;

	if (birth == CD_DATE_NONE || at == CD_DATE_NONE)
		return;
	if (birth > at)
		find_id(f, CD_RULE_ID_BIRTH_AFTER_ISSUE);
	else if (rec->date != CD_DATE_NONE && rec->date < years_on(birth, LAWFUL_AGE))
		find_id(f, CD_RULE_ID_AGE);
}

/* By the years alone, which is quick: nearly every holder is. */
static inline bool
surely_of_age(const cd_record *rec, int birth_year)
{
	int			year = birth_year + LAWFUL_AGE + 1; /* of age when it begins */

	return rec->date >= 0 && rec->date > (year - 2000) * 366;
}

/* A resident's number, proved by its type, of somebody surely of age: nearly all of them. */
static inline bool
is_surely_good(const cd_record *rec)
{
	int			y;
	int			m;
	int			d;

	return rec->packed_id >= 0 && rec->kind == CD_RESIDENT &&
		resident_faultless(rec->packed_id, &y, &m, &d) && surely_of_age(rec, y);
}

static void
check_id(const cd_context *ctx, const cd_record *rec, cd_findings *f)
{
	cd_id_facts facts;
	const char *s = rec->id.s;
	size_t		len = (size_t) rec->id.len;
	char		printed[CD_IDNUM_MAX_CHARS];

	if (rec->packed_id >= 0)
	{
		cd_resident_print(rec->packed_id, printed);
		s = printed;
		len = sizeof(printed);
	}
	cd_id_check(rec->kind, s, len, &facts);
	if (facts.faults & CD_ID_OLD15)
		find_id(f, CD_RULE_ID_OLD15);
	if (facts.faults & CD_ID_BAD_LAYOUT)
		put_text(find_id(f, CD_RULE_ID_LAYOUT)->arg1, cd_kind_name[rec->kind]);
	if (facts.faults & CD_ID_OTHER_KIND)
		put_text(find_id(f, CD_RULE_ID_KIND)->arg1, cd_kind_name[facts.other]);
	if (facts.faults & CD_ID_BAD_REGION)
		snprintf(find_id(f, CD_RULE_ID_REGION)->arg1, CD_ARG_SIZE, "%.2s",
				 s + (rec->kind == CD_PR_PERMIT));
	if (facts.faults & CD_ID_BAD_BIRTH)
		find_id(f, CD_RULE_ID_BIRTH_DATE);
	if (facts.faults & CD_ID_BAD_CHECK)
		snprintf(find_id(f, CD_RULE_ID_CHECKSUM)->arg1, CD_ARG_SIZE, "%c", facts.check);
	if (facts.faults & CD_ID_DAMAGED)
		find_id(f, CD_RULE_ID_DAMAGED);
	if (facts.faults & CD_ID_PATTERN)
		put_text(find_id(f, CD_RULE_ID_PATTERN)->arg1, cd_kind_name[rec->kind]);
	check_birth(ctx, rec, facts.birth, f);
}

/* 编码规则: position 16 is 1-5 for grades one to five, a letter for others. */
static void
check_no_level(const cd_context *ctx, const cd_record *rec, char code, cd_findings *f)
{
	bool		numbered = rec->level >= CD_LEVEL_5 && rec->level <= CD_LEVEL_1;
	cd_finding *item;

	if (code >= '0' && code <= '9')
	{
		if (rec->level == CD_LEVEL_NONE ? code >= '1' && code <= '5' :
			numbered && code == '0' + CD_LEVEL_1 + 1 - (int) rec->level)
			return;
	}
	else
	{
		cd_level	meant = (cd_level) ctx->level_of[code - 'A'];

		if (rec->level == CD_LEVEL_NONE)
			return;
		if (!numbered && meant == CD_LEVEL_NONE)
		{
			item = cd_find(f, CD_RULE_NO_LEVEL_LETTER, CD_CERT_NO);
			item->arg1[0] = code;
			item->arg1[1] = '\0';
			return;
		}
		if (!numbered && meant == rec->level)
			return;
	}
	item = cd_find(f, CD_RULE_NO_LEVEL, CD_CERT_NO);
	item->arg1[0] = code;
	item->arg1[1] = '\0';
	put_text(item->arg2, rec->level == CD_LEVEL_NONE ? "—" : cd_level_name[rec->level]);
}

/* Does the day lie in that year of 2000 to 2099, of which every fourth is a leap year? */
static inline bool
is_in_year(int32_t date, int year)
{
	int			n = year - 2000;
	int32_t		first = 365 * n + (n + 3) / 4;

	return date >= first && date < first + 365 + (n % 4 == 0);
}

static void
check_no(const cd_context *ctx, const cd_record *rec, cd_findings *f)
{
	cd_certno_parts no;
	cd_finding *item;

	certno_split(&rec->no, &no);
	if (!(ctx->categories >> (no.category - 'A') & 1))
	{
		item = cd_find(f, CD_RULE_NO_CATEGORY, CD_CERT_NO);
		item->arg1[0] = no.category;
		item->arg1[1] = '\0';
	}
	if (!is_province((uint32_t) no.province))
		snprintf(cd_find(f, CD_RULE_NO_PROVINCE, CD_CERT_NO)->arg1,
				 CD_ARG_SIZE, "%02d", no.province);
	if (rec->date != CD_DATE_NONE && !is_in_year(rec->date, no.year))
	{
		int			y;
		int			m;
		int			d;

		cd_days_to_date(rec->date, &y, &m, &d);
		item = cd_find_int(f, CD_RULE_NO_YEAR, CD_CERT_NO, no.year);
		snprintf(item->arg2, CD_ARG_SIZE, "%04d", y);
	}
	check_no_level(ctx, rec, no.level, f);
}

void
cd_check_between(const cd_context *ctx, const cd_record *rec, cd_findings *f)
{
	if (rec->has_id && rec->kind != CD_KIND_NONE && !is_surely_good(rec))
		check_id(ctx, rec, f);
	if (rec->has_no)
		check_no(ctx, rec, f);
	if (rec->date != CD_DATE_NONE && ctx->today != CD_DATE_NONE && rec->date > ctx->today)
		cd_find_date(f, CD_RULE_DATE_FUTURE, CD_ISSUE_DATE, ctx->today);
}
