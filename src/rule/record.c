/*
 * record.c
 *	  All rules about one record: each field, then fields against each other.
 *
 * A fault that leaves the rest of a field readable does not end its check:
 * spaces are noted, removed, and what remains is judged.
 */
#include "rule.h"
#include "calendar.h"
#include "cell.h"
#include "memo.h"

#include <stdio.h>
#include <string.h>

/* Rules of the text fields, by field; the five of each stand together. */
typedef struct text_rules
{
	int			required;		/* -1: may be empty */
	int			length;
	int			control;
	int			space;
	int			private_use;
} text_rules;

#define OF(sym, required) \
	{required, CD_RULE_##sym##_LENGTH, CD_RULE_##sym##_CONTROL, \
	CD_RULE_##sym##_SPACE, CD_RULE_##sym##_PRIVATE_USE}

static const text_rules rules_of[CD_NFIELDS] = {
	[CD_NAME] = OF(NAME, CD_RULE_NAME_REQUIRED),
	[CD_EMPLOYER] = OF(EMPLOYER, -1),
	[CD_OCCUPATION] = OF(OCCUPATION, CD_RULE_OCCUPATION_REQUIRED),
	[CD_WORK_TYPE] = OF(WORKTYPE, -1),
	[CD_EVALUATOR] = OF(EVALUATOR, CD_RULE_EVALUATOR_REQUIRED),
	[CD_ISSUER] = OF(ISSUER, CD_RULE_ISSUER_REQUIRED),
};

void
cd_context_init(cd_context *ctx, int32_t today)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->today = today;
	ctx->categories = 1u << ('S' - 'A') | 1u << ('Y' - 'A');
}

/* A separator look-alike directly between two Han characters, or 0. */
static uint32_t
wrong_separator(const char *s, const char *end)
{
	uint32_t	before = 0;
	uint32_t	middle = 0;

	while (s < end)
	{
		uint32_t	c = cd_utf8_next(&s, end);

		if (cd_is_separator_lookalike(middle) && cd_is_han(before) && cd_is_han(c))
			return middle;
		before = middle;
		middle = c;
	}
	return 0;
}

static void
check_name(const cd_scan *scan, const cd_text *t, cd_findings *f)
{
	uint32_t	width = scan->chars + scan->han;

	if (scan->star)
	{
		cd_find(f, CD_RULE_NAME_MASKED, CD_NAME);
		return;
	}
	if (scan->chars != scan->han)
	{
		uint32_t	wrong = wrong_separator(t->ptr, t->ptr + t->len);

		if (wrong)
		{
			cd_finding *item = cd_find(f, CD_RULE_NAME_SEPARATOR, CD_NAME);
			int			n = cd_utf8_encode(wrong, item->arg1);

			snprintf(item->arg1 + n, CD_ARG_SIZE - n, "（U+%04X）", (unsigned) wrong);
		}
	}
	if (width > 40 && scan->chars <= 40)
		cd_find_int(f, CD_RULE_NAME_DOUBLE_BYTE, CD_NAME, (long) width);
}

/* Spaces that are control characters, which no text type takes. */
static bool
is_tab_or_eol(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r';
}

static void
check_text(cd_field field, cd_text raw, cd_findings *f)
{
	const text_rules *rule = &rules_of[field];
	cd_text		t = raw;
	cd_scan		scan;
	size_t		chars;

	if (raw.len == 0)
	{
		if (rule->required >= 0)
			cd_find(f, (cd_rule_id) rule->required, field);
		return;
	}
	if (!cd_cell_unwrap(field, &t, f))
		return;
	if (field == CD_WORK_TYPE && cd_is_placeholder(t.ptr, t.len))
	{
		cd_find_text(f, CD_RULE_WORKTYPE_PLACEHOLDER, field, t);
		return;
	}
	cd_scan_text(&scan, t.ptr, t.len);
	chars = t.len == raw.len ? scan.chars : cd_utf8_length(raw.ptr, raw.len);
	if (chars > (size_t) cd_max_chars[field])
		cd_find_int(f, (cd_rule_id) rule->length, field, (long) chars);
	if (scan.control)
		cd_find(f, (cd_rule_id) rule->control, field);
	if (scan.space)
		cd_find_int(f, (cd_rule_id) rule->space, field, cd_first(t, cd_is_space))->fixed =
			cd_first(t, is_tab_or_eol) > 0;
	if (scan.private_use)
		cd_find_int(f, (cd_rule_id) rule->private_use, field, cd_first(t, cd_is_private_use));
	if (scan.lost)
		cd_find_int(f, CD_RULE_CELL_LOST, field, cd_first(t, cd_is_lost));
	if (field == CD_NAME)
		check_name(&scan, &t, f);
}

/*
 * Plain text can only be too long, which short text is not however counted.
 */
static inline bool
is_surely_good(cd_field field, cd_text t)
{
	return t.len <= (size_t) cd_max_chars[field] && cd_text_is_plain(t.ptr, t.len) &&
		!(field == CD_WORK_TYPE && cd_is_placeholder(t.ptr, t.len));
}

static inline void
check_text_quickly(cd_field field, const cd_text *t, unsigned fields, cd_findings *f)
{
	if (fields & 1u << field && !is_surely_good(field, t[field]))
		check_text(field, t[field], f);
}

static void
check_kind(cd_text t, cd_record *rec, cd_findings *f)
{
	bool		variant;

	if (t.len == 0)
	{
		cd_find(f, CD_RULE_IDTYPE_REQUIRED, CD_ID_TYPE);
		return;
	}
	if (!cd_cell_unwrap(CD_ID_TYPE, &t, f) || t.len == 0)
		return;
	rec->kind = cd_kind_parse(t.ptr, t.len, &variant);
	if (rec->kind == CD_KIND_NONE)
		cd_find(f, CD_RULE_IDTYPE_UNKNOWN, CD_ID_TYPE);
	else if (variant)
		cd_find_text(f, CD_RULE_IDTYPE_FORM, CD_ID_TYPE,
					 (cd_text) {cd_kind_name[rec->kind], strlen(cd_kind_name[rec->kind])});
}

static void
check_id_text(cd_text t, cd_record *rec, cd_findings *f)
{
	char		stripped[CD_STRIP_SIZE];
	cd_id_verdict verdict;
	int			fixed;

	if (t.len == 0)
	{
		cd_find(f, CD_RULE_ID_REQUIRED, CD_ID_NUMBER);
		return;
	}
	if (!cd_cell_unwrap(CD_ID_NUMBER, &t, f))
		return;
	verdict = cd_idnum_parse(t.ptr, t.len, &rec->id, &fixed);
	if (verdict == CD_ID_SPACE)
	{
		cd_find_int(f, CD_RULE_ID_SPACE, CD_ID_NUMBER, cd_first(t, cd_is_space));
		t = cd_strip_spaces(t, stripped);
		verdict = cd_idnum_parse(t.ptr, t.len, &rec->id, &fixed);
	}
	if (verdict == CD_ID_MASKED)
		cd_find(f, CD_RULE_ID_MASKED, CD_ID_NUMBER);
	else if (verdict == CD_ID_CONTROL)
		cd_find(f, CD_RULE_ID_CONTROL, CD_ID_NUMBER);
	else if (verdict == CD_ID_LENGTH)
		cd_find_int(f, CD_RULE_ID_LENGTH, CD_ID_NUMBER, rec->id.chars);
	if (verdict != CD_ID_OK)
		return;
	if (fixed & CD_FIXED_WIDTH)
		cd_find(f, CD_RULE_ID_WIDTH, CD_ID_NUMBER);
	if (fixed & CD_FIXED_CASE)
		cd_find(f, CD_RULE_ID_CASE, CD_ID_NUMBER);
	rec->has_id = true;
}

/*
 * A number that the type id_number took: canonical text, in which a
 * spreadsheet's damage may still stand.
 */
static void
check_id_proved(cd_record *rec, cd_findings *f)
{
	cd_idnum	inner;
	cd_text		t = {rec->id.s, (size_t) rec->id.len};
	int			fixed;

	if (!rec->has_id)
		cd_find(f, CD_RULE_ID_REQUIRED, CD_ID_NUMBER);
	if (!rec->has_id || rec->packed_id >= 0)
		return;
	rec->has_id = cd_cell_unwrap(CD_ID_NUMBER, &t, f);
	if (rec->has_id && t.len < (size_t) rec->id.len)
	{
		rec->has_id = cd_idnum_parse(t.ptr, t.len, &inner, &fixed) == CD_ID_OK;
		if (rec->has_id)
			rec->id = inner;
	}
}

static void
check_level(cd_text t, cd_record *rec, cd_findings *f)
{
	char		stripped[CD_STRIP_SIZE];
	bool		variant;

	if (t.len == 0)
	{
		cd_find(f, CD_RULE_LEVEL_REQUIRED, CD_LEVEL);
		return;
	}
	if (!cd_cell_unwrap(CD_LEVEL, &t, f))
		return;
	rec->level = cd_level_parse(t.ptr, t.len, &variant);
	if (rec->level == CD_LEVEL_NONE && cd_first(t, cd_is_space))
	{
		cd_find_int(f, CD_RULE_LEVEL_SPACE, CD_LEVEL, cd_first(t, cd_is_space));
		t = cd_strip_spaces(t, stripped);
		rec->level = cd_level_parse(t.ptr, t.len, &variant);
	}
	if (t.len == 0)
		return;
	if (rec->level == CD_LEVEL_NONE)
		cd_find(f, CD_RULE_LEVEL_UNKNOWN, CD_LEVEL);
	else if (variant)
		cd_find_text(f, CD_RULE_LEVEL_FORM, CD_LEVEL,
					 (cd_text) {cd_level_name[rec->level], strlen(cd_level_name[rec->level])});
}

static void
note_no_verdict(cd_no_verdict verdict, int fixed, const cd_no_fault *fault,
				cd_record *rec, cd_findings *f)
{
	cd_finding *item;

	switch (verdict)
	{
		case CD_NO_OK:
			if (fixed & CD_FIXED_WIDTH)
				cd_find(f, CD_RULE_NO_WIDTH, CD_CERT_NO);
			if (fixed & CD_FIXED_CASE)
				cd_find(f, CD_RULE_NO_CASE, CD_CERT_NO);
			rec->has_no = true;
			break;
		case CD_NO_MASKED:
			cd_find(f, CD_RULE_NO_MASKED, CD_CERT_NO);
			break;
		case CD_NO_OLD:
			cd_find_int(f, CD_RULE_NO_OLD, CD_CERT_NO, fault->chars);
			break;
		case CD_NO_RSN:
			cd_find(f, CD_RULE_NO_RSN, CD_CERT_NO);
			break;
		case CD_NO_LENGTH:
			cd_find_int(f, CD_RULE_NO_LENGTH, CD_CERT_NO, fault->chars);
			break;
		case CD_NO_LAYOUT:
			item = cd_find_int(f, CD_RULE_NO_LAYOUT, CD_CERT_NO, fault->pos);
			snprintf(item->arg2, CD_ARG_SIZE, "%s", fault->expected);
			break;
		case CD_NO_SPACE:		/* already noted */
		case CD_NO_EMPTY:
			break;
	}
}

static void
check_no_text(cd_text t, cd_record *rec, cd_findings *f)
{
	char		stripped[CD_STRIP_SIZE];
	cd_no_verdict verdict;
	cd_no_fault fault;
	int			fixed;

	if (t.len == 0)
	{
		cd_find(f, CD_RULE_NO_REQUIRED, CD_CERT_NO);
		return;
	}
	if (!cd_cell_unwrap(CD_CERT_NO, &t, f))
		return;
	verdict = cd_certno_parse(t.ptr, t.len, &rec->no, &fixed, &fault);
	if (verdict == CD_NO_SPACE)
	{
		cd_find_int(f, CD_RULE_NO_SPACE, CD_CERT_NO, fault.pos);
		t = cd_strip_spaces(t, stripped);
		verdict = cd_certno_parse(t.ptr, t.len, &rec->no, &fixed, &fault);
	}
	note_no_verdict(verdict, fixed, &fault, rec, f);
}

static void
check_date_text(cd_text t, cd_record *rec, cd_findings *f)
{
	char		stripped[CD_STRIP_SIZE];
	cd_text		whole = t;
	cd_date_verdict verdict;
	int32_t		days;

	if (t.len == 0)
	{
		cd_find(f, CD_RULE_DATE_REQUIRED, CD_ISSUE_DATE);
		return;
	}
	if (!cd_cell_unwrap(CD_ISSUE_DATE, &t, f))
		return;
	verdict = cd_date_parse(t.ptr, t.len, &days);
	if (verdict == CD_DATE_FORM && cd_first(t, cd_is_space))
	{
		cd_find_int(f, CD_RULE_DATE_SPACE, CD_ISSUE_DATE, cd_first(t, cd_is_space));
		t = cd_strip_spaces(t, stripped);
		verdict = t.len ? cd_date_parse(t.ptr, t.len, &days) : CD_DATE_OK;
		if (t.len == 0)
			return;
	}
	if (verdict == CD_DATE_OK)
		rec->date = days;
	else if (verdict == CD_DATE_NOT_REAL)
		cd_find(f, CD_RULE_DATE_REAL, CD_ISSUE_DATE);
	else if (t.len > 0)
	{
		/* with no guess, the guide's own example */
		if (!cd_date_guess(whole.ptr, whole.len, &days))
			days = cd_date_to_days(2022, 2, 9);
		cd_find_date(f, CD_RULE_DATE_FORM, CD_ISSUE_DATE, days);
	}
}

/* The five fields that have types of their own, as text or proved by a type. */
static void
check_coded(const cd_text field[CD_NFIELDS], unsigned fields, unsigned typed,
			cd_record *rec, cd_findings *f)
{
	unsigned	text = fields & ~typed;
	unsigned	proved = fields & typed;

	if (text & 1u << CD_ID_TYPE)
		check_kind(field[CD_ID_TYPE], rec, f);
	else if (proved & 1u << CD_ID_TYPE && rec->kind == CD_KIND_NONE)
		cd_find(f, CD_RULE_IDTYPE_REQUIRED, CD_ID_TYPE);
	if (text & 1u << CD_ID_NUMBER)
		check_id_text(field[CD_ID_NUMBER], rec, f);
	else if (proved & 1u << CD_ID_NUMBER)
		check_id_proved(rec, f);
	if (text & 1u << CD_LEVEL)
		check_level(field[CD_LEVEL], rec, f);
	else if (proved & 1u << CD_LEVEL && rec->level == CD_LEVEL_NONE)
		cd_find(f, CD_RULE_LEVEL_REQUIRED, CD_LEVEL);
	if (text & 1u << CD_CERT_NO)
		check_no_text(field[CD_CERT_NO], rec, f);
	else if (proved & 1u << CD_CERT_NO && !rec->has_no)
		cd_find(f, CD_RULE_NO_REQUIRED, CD_CERT_NO);
	if (text & 1u << CD_ISSUE_DATE)
		check_date_text(field[CD_ISSUE_DATE], rec, f);
	else if (proved & 1u << CD_ISSUE_DATE && rec->date == CD_DATE_NONE)
		cd_find(f, CD_RULE_DATE_REQUIRED, CD_ISSUE_DATE);
}

/* Findings in the order of the fields, as found within one. */
static void
sort_by_field(cd_findings *f)
{
	for (int i = 1; i < f->n; i++)
	{
		cd_finding	item = f->item[i];
		int			k = i;

		for (; k > 0 && f->item[k - 1].field > item.field; k--)
			f->item[k] = f->item[k - 1];
		f->item[k] = item;
	}
}

/* Have types proved all five, and is none missing? */
static inline bool
coded_are_good(unsigned fields, unsigned typed, const cd_record *rec)
{
	const unsigned coded = 1u << CD_ID_TYPE | 1u << CD_ID_NUMBER | 1u << CD_LEVEL |
	1u << CD_CERT_NO | 1u << CD_ISSUE_DATE;

	return (fields & typed & coded) == coded && rec->kind != CD_KIND_NONE &&
		rec->has_id && rec->packed_id >= 0 && rec->level != CD_LEVEL_NONE &&
		rec->has_no && rec->date != CD_DATE_NONE;
}

/* Filing and scope, and the texts they are about, which are the same in many rows. */
static void
check_repeated(const cd_text field[CD_NFIELDS], unsigned fields, const cd_context *ctx,
			   const cd_record *rec, cd_findings *f)
{
	cd_memo    *memo = (fields & CD_MEMO_FIELDS) == CD_MEMO_FIELDS ? ctx->memo : NULL;
	cd_days		same = {CD_DAYS_FIRST, CD_DAYS_LAST};
	int			before = f->n;

	if (memo != NULL && cd_memo_knows(memo, field, rec))
		return;
	check_text_quickly(CD_OCCUPATION, field, fields, f);
	check_text_quickly(CD_WORK_TYPE, field, fields, f);
	check_text_quickly(CD_EVALUATOR, field, fields, f);
	check_text_quickly(CD_ISSUER, field, fields, f);
	if (ctx->scope != NULL)
		ctx->scope->check(ctx->scope->arg, field, rec, f, &same);
	if (memo != NULL && f->n == before)
		cd_memo_keep(memo, field, rec, same);
}

void
cd_check_typed(const cd_text field[CD_NFIELDS], unsigned fields,
			   unsigned typed, const cd_context *ctx, cd_record *rec,
			   cd_findings *f)
{
	check_text_quickly(CD_NAME, field, fields, f);
	check_text_quickly(CD_EMPLOYER, field, fields, f);
	if (!coded_are_good(fields, typed, rec))
		check_coded(field, fields, typed, rec, f);
	cd_check_between(ctx, rec, f);
	check_repeated(field, fields, ctx, rec, f);
	if (ctx->submission != NULL)
		cd_check_lateness(ctx->submission, rec, f);
	if (f->n > 1)
		sort_by_field(f);
}

void
cd_check_record(const cd_text field[CD_NFIELDS], unsigned fields,
				const cd_context *ctx, cd_record *rec, cd_findings *f)
{
	rec->has_no = rec->has_id = false;
	rec->packed_id = -1;
	rec->kind = CD_KIND_NONE;
	rec->level = CD_LEVEL_NONE;
	rec->date = CD_DATE_NONE;
	cd_check_typed(field, fields, 0, ctx, rec, f);
}
