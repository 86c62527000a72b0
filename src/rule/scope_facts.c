/*
 * scope_facts.c
 *	  What single facts say: days, names, who stands above whom, one scope row.
 *
 * Each range of days that is looked at narrows the days on which the answer
 * would be the same, so that a caller need not ask again for another day of
 * them.
 */
#include "scope_part.h"

#include <string.h>

const char *const cd_org_kind_name[CD_NORG_KINDS] = {
	"evaluation", "city", "province", "ministry"
};

bool
cd_filing_code_valid(const char *s, size_t len)
{
	if (len != CD_CERTNO_FILING_LEN || s[0] < 'A' || s[0] > 'Z')
		return false;
	for (int i = 1; i < CD_CERTNO_FILING_LEN; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* ---- days ---- */

/* Is it one of the days?  Narrows *same to those that answer alike. */
bool
cd_holds(cd_days *same, cd_days days, int32_t day)
{
	if (day < days.from)
	{
		if (days.from - 1 < same->to)
			same->to = days.from - 1;
		return false;
	}
	if (day > days.to)
	{
		if (days.to + 1 > same->from)
			same->from = days.to + 1;
		return false;
	}
	if (days.from > same->from)
		same->from = days.from;
	if (days.to < same->to)
		same->to = days.to;
	return true;
}

cd_days
cd_with_grace(const cd_filing *filing)
{
	cd_days		days = filing->valid;

	days.to = days.to > CD_DAYS_LAST - filing->grace_days ? CD_DAYS_LAST :
		days.to + filing->grace_days;
	return days;
}

/*
 * The filing that counts on that day: valid, else in its grace days, else (and
 * then *valid is false) the last that had begun, else the first to begin.
 */
const cd_filing *
cd_filing_on(const cd_filing *filing, int n, int32_t day, cd_days *same, bool *valid)
{
	const cd_filing *graced = NULL;
	const cd_filing *nearest = NULL;

	*valid = true;
	for (int i = 0; i < n; i++)
	{
		if (cd_holds(same, filing[i].valid, day))
			return &filing[i];
		if (cd_holds(same, cd_with_grace(&filing[i]), day) &&
			(graced == NULL || filing[i].valid.from > graced->valid.from))
			graced = &filing[i];
	}
	if (graced != NULL)
		return graced;
	*valid = false;
	for (int i = 0; i < n; i++)
	{
		bool		begun = filing[i].valid.from <= day;

		if (nearest == NULL || (begun ? nearest->valid.from > day || filing[i].valid.from > nearest->valid.from :
								filing[i].valid.from < nearest->valid.from))
			nearest = &filing[i];
	}
	return nearest;
}

/* ---- names ---- */

size_t
cd_match_form(const char *s, size_t len, char *out)
{
	const char *end = len > 0 ? s + len : s;
	size_t		n = 0;

	while (s < end)
	{
		const char *start = s;
		uint32_t	c = cd_utf8_next(&s, end);

		if (cd_is_space(c))
			continue;
		if (c == 0xFF08 || c == 0xFF09)
			out[n++] = c == 0xFF08 ? '(' : ')';
		else
		{
			memmove(out + n, start, (size_t) (s - start));
			n += (size_t) (s - start);
		}
	}
	return n;
}

static bool
equal(cd_text a, cd_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

cd_text
cd_scope_work_type(cd_text t)
{
	char		buf[CD_STRIP_SIZE];
	cd_text		plain = t;

	if (t.len > 0)
		plain = cd_strip_spaces(t, buf);
	if (plain.len == 0 || cd_is_placeholder(plain.ptr, plain.len))
		return (cd_text) {"", 0};
	return t;
}

void
cd_compare_as(cd_subject *to, cd_text t)
{
	/* neither spaces nor brackets */
	if (t.len == 0 || (t.len < CD_STRIP_SIZE && cd_text_is_plain(t.ptr, t.len)))
	{
		to->plain = to->form = t;
		return;
	}
	to->plain = cd_strip_spaces(t, to->plain_buf);
	to->form = (cd_text) {to->form_buf, cd_match_form(to->plain.ptr, to->plain.len, to->form_buf)};
}

cd_match
cd_compare(const cd_subject *given, cd_text published)
{
	cd_subject	p;

	cd_compare_as(&p, published);
	if (equal(given->plain, p.plain))
		return CD_MATCH_SAME;
	return equal(given->form, p.form) ? CD_MATCH_BRACKETS : CD_MATCH_NONE;
}

/* The organisation's name on that day. */
cd_text
cd_name_on(const cd_scope_source *source, const cd_org *org, int32_t day, cd_days *same)
{
	int			n;
	const cd_org_name *name = source->names(source->arg, org->id, &n);

	for (int i = 0; i < n; i++)
		if (cd_holds(same, name[i].valid, day))
			return name[i].name;
	return org->name;
}

/* ---- organisations above each other ---- */

static const cd_org *
parent_of(const cd_scope_source *source, const cd_org *org)
{
	return org->parent.len > 0 ? source->org(source->arg, org->parent) : NULL;
}

static bool
same_org(const cd_org *a, const cd_org *b)
{
	return a->id.len == b->id.len && memcmp(a->id.ptr, b->id.ptr, a->id.len) == 0;
}

bool
cd_stands_above(const cd_scope_source *source, const cd_org *ancestor, const cd_org *org)
{
	for (int depth = 0; depth < CD_ORG_DEPTH; depth++)
	{
		org = parent_of(source, org);
		if (org == NULL)
			return false;
		if (same_org(org, ancestor))
			return true;
	}
	return false;
}

static bool
exists_on(const cd_org *org, int32_t day)
{
	return org->dissolved_on == CD_DATE_NONE || day <= org->dissolved_on;
}

/* The nearest department of that kind above, itself or its successors. */
static const cd_org *
department_above(const cd_scope_source *source, const cd_org *org, cd_org_kind kind, int32_t day)
{
	for (int depth = 0; depth < CD_ORG_DEPTH; depth++)
	{
		org = parent_of(source, org);
		if (org == NULL)
			return NULL;
		if (org->kind == kind)
		{
			const cd_org *holder = org;

			for (int i = 0; i < CD_ORG_DEPTH && holder != NULL && !exists_on(holder, day); i++)
				holder = holder->successor.len > 0 ? source->org(source->arg, holder->successor) : NULL;
			if (holder != NULL && exists_on(holder, day))
				return holder;
		}
	}
	return NULL;
}

/*
 * The organisation while it exists, also when it has ceased to evaluate; then
 * its successor; where successors end, the departments above, first those above the
 * last of them.
 */
const cd_org *
cd_duty_holder(const cd_scope_source *source, const cd_org *org, int32_t day)
{
	const cd_org *line[CD_ORG_DEPTH];
	int			n = 0;

	while (org != NULL && n < CD_ORG_DEPTH)
	{
		if (exists_on(org, day))
			return org;
		line[n++] = org;
		org = org->successor.len > 0 ? source->org(source->arg, org->successor) : NULL;
	}
	for (int i = n; i-- > 0;)
		for (cd_org_kind kind = CD_ORG_CITY; kind < CD_NORG_KINDS; kind++)
		{
			const cd_org *above = department_above(source, line[i], kind, day);

			if (above != NULL)
				return above;
		}
	return n > 0 ? line[0] : NULL;
}

/* ---- questions without a record ---- */

cd_cover
cd_covers(const cd_scope_source *source, const cd_scope_row *row, const cd_subject *work_type,
		  cd_level level)
{
	cd_subject	p;

	cd_compare_as(&p, row->work_type);
	if (!equal(p.form, work_type->form) && !(source->blank_covers && p.form.len == 0))
		return CD_COVERS_OCCUPATION;
	return level == CD_LEVEL_NONE || level == row->level ? CD_COVERS_ALL : CD_COVERS_WORK_TYPE;
}

bool
cd_in_scope(const cd_scope_source *source, cd_text code, cd_text occupation,
			cd_text work_type, cd_level level, int32_t day)
{
	cd_subject	o;
	cd_subject	w;
	int			n;
	const cd_filing *filing = source->filings(source->arg, code, &n);
	const cd_scope_row *row;
	cd_days		unused = CD_ALWAYS;

	if (n > 0)
	{
		bool		valid;

		filing = cd_filing_on(filing, n, day, &unused, &valid);
		if (!valid)
			return false;
		if (day > filing->valid.to)
			day = filing->valid.to;
	}
	cd_compare_as(&o, occupation);
	cd_compare_as(&w, work_type);
	if (o.plain.len == 0 || level == CD_LEVEL_NONE)
		return false;
	row = source->rows(source->arg, code, o.form, &n);
	for (int i = 0; i < n; i++)
		if (cd_holds(&unused, row[i].valid, day) && cd_compare(&o, row[i].occupation) == CD_MATCH_SAME &&
			cd_covers(source, &row[i], &w, level) == CD_COVERS_ALL &&
			(w.plain.len == 0 || cd_compare(&w, row[i].work_type) != CD_MATCH_BRACKETS))
			return true;
	return false;
}

cd_text
cd_responsible(const cd_scope_source *source, cd_text code, int32_t day)
{
	int			n;
	const cd_filing *filing = source->filings(source->arg, code, &n);
	const cd_org *org;
	cd_days		unused = CD_ALWAYS;
	bool		valid;

	if (n == 0)
		return (cd_text) {"", 0};
	filing = cd_filing_on(filing, n, day, &unused, &valid);
	org = source->org(source->arg, filing->org);
	if (org == NULL)
		return filing->org;
	return cd_duty_holder(source, org, day)->id;
}
