/*
 * fuzz_scope.c
 *	  libFuzzer target: any texts as names and occupations, on both sides.
 *	  max_len: 300
 *
 * The form in which names are compared is what plain loops make of them; a
 * space more changes no verdict; a verdict holds for the day it is about; what
 * in_scope allows, no record is faulted for; a filing of nobody is nobody's.
 */
#include "scope.h"
#include "fuzz.h"

#include <stdio.h>

#define CODE "S000013000001"
#define NTEXTS 7

static cd_org org;
static cd_filing filing;
static cd_scope_row row;
static cd_text org_id = {"1", 1};
static cd_text no_org_id = {"2", 1};
static char kept[16][800];
static int	nkept;

static const cd_filing *
filings(void *arg, cd_text code, int *n)
{
	*n = code.len == 13 && memcmp(code.ptr, CODE, 13) == 0;
	return &filing;
}

static const cd_org *
get_org(void *arg, cd_text id)
{
	return id.len == 1 && *id.ptr == '1' ? &org : NULL;
}

static const cd_org_name *
names(void *arg, cd_text id, int *n)
{
	*n = 0;
	return NULL;
}

static bool
has_form(cd_text form, cd_text name)
{
	char		buf[400];

	return cd_match_form(name.ptr, name.len, buf) == form.len && memcmp(buf, form.ptr, form.len) == 0;
}

static const cd_text *
orgs_named(void *arg, cd_text form, int *n)
{
	*n = has_form(form, org.name);
	return &org_id;
}

static const cd_scope_row *
rows(void *arg, cd_text code, cd_text form, int *n)
{
	*n = form.len == 0 || has_form(form, row.occupation);
	return &row;
}

static const char *
keep(void *arg, const char *s, size_t len)
{
	char	   *to = kept[nkept++ % 16];

	must(len < sizeof(kept[0]));
	if (len > 0)
		memcpy(to, s, len);
	to[len] = '\0';
	return to;
}

static const cd_scope_source source = {
	.has_filings = true, .has_scope = true,
	.filings = filings, .org = get_org, .names = names,
	.orgs_named = orgs_named, .rows = rows, .keep = keep
};

/* Names are compared as this says. */
static void
check_form(cd_text t)
{
	char		form[400];
	char		again[400];
	char	   *own = exact_copy(t.ptr, t.len);
	const char *p = own;
	size_t		n = cd_match_form(own, t.len, form);
	size_t		at = 0;

	while (p < own + t.len)
	{
		char		c[4];
		uint32_t	code = cd_utf8_next(&p, own + t.len);
		size_t		len;

		if (cd_is_space(code))
			continue;
		len = (size_t) cd_utf8_encode(code == 0xFF08 ? '(' : code == 0xFF09 ? ')' : code, c);
		must(at + len <= n && memcmp(form + at, c, len) == 0);
		at += len;
	}
	must(at == n && n <= t.len);
	must(cd_match_form(form, n, again) == n && memcmp(form, again, n) == 0);
	must(cd_match_form(own, t.len, own) == n && memcmp(own, form, n) == 0);
	free(own);
}

static void
judge(const cd_text field[CD_NFIELDS], const cd_record *rec, char out[300])
{
	cd_findings f;
	cd_days		same;
	size_t		n = 0;

	f.n = 0;
	cd_scope_judge(&source, field, rec, &f, &same);
	must(rec->date == CD_DATE_NONE || (same.from <= rec->date && rec->date <= same.to));
	out[0] = '\0';
	for (int i = 0; i < f.n; i++)
	{
		char		message[2048];

		cd_format(message, sizeof(message), cd_rules[f.item[i].rule].hint_zh, &f.item[i]);
		n += (size_t) snprintf(out + n, 300 - n, "%s ", cd_rules[f.item[i].rule].id);
		must(n < 300);
	}
}

/* May a spreadsheet have wrapped it?  It is compared without the wrapping then. */
static bool
is_wrapped(cd_text t)
{
	return t.len > 0 && (*t.ptr == '=' || *t.ptr == '\'' || *t.ptr == '\t' || *t.ptr == '#');
}

static void
check_record(cd_text field[CD_NFIELDS], const cd_record *rec)
{
	static const cd_field spaced[] = {CD_OCCUPATION, CD_EVALUATOR, CD_ISSUER};
	char		out[300];
	char		other[300];

	judge(field, rec, out);
	/* a filing of nobody is not the evaluator's, whoever that is */
	if (filing.org.ptr == no_org_id.ptr && rec->has_no && rec->date != CD_DATE_NONE &&
		field[CD_EVALUATOR].len > 0 && cd_text_is_plain(field[CD_EVALUATOR].ptr, field[CD_EVALUATOR].len))
		must(strstr(out, "evaluator.filing") || strstr(out, "no.filing "));
	for (int i = 0; i < 3; i++)
	{
		cd_text		as_is = field[spaced[i]];
		char		buf[400];

		/*
		 * what a spreadsheet wraps is no longer wrapped with a space behind
		 * it
		 */
		if (as_is.len == 0 || *as_is.ptr == '=' || *as_is.ptr == '\'' || *as_is.ptr == '\t' || *as_is.ptr == '#')
			continue;
		memcpy(buf, as_is.ptr, as_is.len);
		buf[as_is.len] = ' ';
		field[spaced[i]] = (cd_text) {buf, as_is.len + 1};
		judge(field, rec, other);
		must(strcmp(out, other) == 0);
		field[spaced[i]] = as_is;
	}
	if (!is_wrapped(field[CD_OCCUPATION]) && !is_wrapped(field[CD_WORK_TYPE]) &&
		rec->date != CD_DATE_NONE && rec->level != CD_LEVEL_NONE &&
		cd_in_scope(&source, (cd_text) {CODE, 13}, field[CD_OCCUPATION], field[CD_WORK_TYPE], rec->level, rec->date))
		must(strstr(out, "occupation.") == NULL && strstr(out, "level.") == NULL && strstr(out, "date.scope") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	cd_text		text[NTEXTS];
	cd_text		field[CD_NFIELDS] = {{0}};
	cd_record	rec = {0};
	cd_no_fault fault;
	int			fixed;
	char	   *own[NTEXTS] = {0};
	size_t		at = 8;

	if (len < 8)
		return 0;
	for (int i = 0; i < NTEXTS; i++)
		text[i] = (cd_text) {"", 0};
	/* texts end at a byte that no text has */
	for (int i = 0; i < NTEXTS && at < len; i++)
	{
		size_t		from = at;

		while (at < len && data[at] != 0xFF)
			at++;
		text[i].len = naive_valid(data + from, at - from);
		text[i].ptr = own[i] = exact_copy(data + from, text[i].len);
		check_form(text[i]);
		at++;
	}
	field[CD_OCCUPATION] = text[0];
	row.occupation = data[0] & 1 ? text[0] : text[1];
	field[CD_WORK_TYPE] = text[2];
	row.work_type = cd_scope_work_type(data[0] & 2 ? text[2] : text[3]);
	field[CD_EVALUATOR] = text[4];
	org.name = data[0] & 4 ? text[4] : text[5];
	field[CD_ISSUER] = data[0] & 8 ? text[4] : text[6];
	org.id = org_id;
	org.ceased_on = data[0] & 16 ? data[1] : CD_DATE_NONE;
	org.dissolved_on = CD_DATE_NONE;
	filing = (cd_filing)
	{
		data[4] & 8 ? no_org_id : org_id,
		{
			data[2], data[2] + data[3]
		}, data[4] % 8
	};
	row.valid = (cd_days) {data[5], data[0] & 32 ? CD_DAYS_LAST : data[5] + 40};
	row.level = (cd_level) (1 + data[6] % 8);
	rec.level = (cd_level) (data[6] / 8 % 9);
	rec.date = data[0] & 64 ? CD_DATE_NONE : data[7];
	rec.has_no = cd_certno_parse(data[0] & 128 ? CODE "003000001" : "S000013000002003000001", 22, &rec.no,
								 &fixed, &fault) == CD_NO_OK;
	check_record(field, &rec);
	must(cd_responsible(&source, (cd_text) {CODE, 13}, data[7]).ptr == filing.org.ptr);
	for (int i = 0; i < NTEXTS; i++)
		free(own[i]);
	return 0;
}
