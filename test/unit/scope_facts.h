/*
 * scope_facts.h
 *	  Filings, organisations and scope for tests, searched from end to end.
 */
#ifndef CERTDATA_TEST_SCOPE_FACTS_H
#define CERTDATA_TEST_SCOPE_FACTS_H

#include "scope.h"
#include "tap.h"

#define MAX_FACTS 12

typedef struct facts
{
	cd_scope_source source;
	int			nfilings,
				norgs,
				nnames,
				nrows;
	struct
	{
		const char *code;
		cd_filing	filing;
	}			filing[MAX_FACTS];
	cd_org		org[MAX_FACTS];
	struct
	{
		const char *id;
		cd_org_name name;
	}			name[MAX_FACTS];
	struct
	{
		const char *code;
		cd_scope_row row;
	}			row[MAX_FACTS];

	/* what was returned last */
	cd_filing	filings[MAX_FACTS];
	cd_org_name names[MAX_FACTS];
	cd_text		ids[MAX_FACTS];
	cd_scope_row rows[MAX_FACTS];
	char		kept[64][700];
	int			nkept;
} facts;

static inline cd_text
text(const char *s)
{
	return (cd_text) {s, strlen(s)};
}

static inline bool
reads(cd_text t, const char *s)
{
	return t.len == strlen(s) && memcmp(t.ptr, s, t.len) == 0;
}

static inline bool
same_form(cd_text form, cd_text name)
{
	char		buf[400];

	return cd_match_form(name.ptr, name.len, buf) == form.len && memcmp(buf, form.ptr, form.len) == 0;
}

static inline const cd_filing *
get_filings(void *arg, cd_text code, int *n)
{
	facts	   *f = arg;

	*n = 0;
	for (int i = 0; i < f->nfilings; i++)
		if (reads(code, f->filing[i].code))
			f->filings[(*n)++] = f->filing[i].filing;
	return f->filings;
}

static inline const cd_org *
get_org(void *arg, cd_text id)
{
	facts	   *f = arg;

	for (int i = 0; i < f->norgs; i++)
		if (reads(id, f->org[i].id.ptr))
			return &f->org[i];
	return NULL;
}

static inline const cd_org_name *
get_names(void *arg, cd_text id, int *n)
{
	facts	   *f = arg;

	*n = 0;
	for (int i = 0; i < f->nnames; i++)
		if (reads(id, f->name[i].id))
			f->names[(*n)++] = f->name[i].name;
	return f->names;
}

static inline const cd_text *
get_named(void *arg, cd_text form, int *n)
{
	facts	   *f = arg;

	*n = 0;
	for (int i = 0; i < f->norgs; i++)
	{
		bool		has = same_form(form, f->org[i].name);

		for (int k = 0; k < f->nnames; k++)
			has = has || (reads(f->org[i].id, f->name[k].id) && same_form(form, f->name[k].name.name));
		if (has)
			f->ids[(*n)++] = f->org[i].id;
	}
	return f->ids;
}

static inline const cd_scope_row *
get_rows(void *arg, cd_text code, cd_text form, int *n)
{
	facts	   *f = arg;

	*n = 0;
	for (int i = 0; i < f->nrows; i++)
		if (reads(code, f->row[i].code) && (form.len == 0 || same_form(form, f->row[i].row.occupation)))
			f->rows[(*n)++] = f->row[i].row;
	return f->rows;
}

static inline const char *
keep(void *arg, const char *s, size_t len)
{
	facts	   *f = arg;
	char	   *to = f->kept[f->nkept++ % 64];

	snprintf(to, sizeof(f->kept[0]), "%.*s", (int) len, s);
	return to;
}

static inline void
begin(facts *f)
{
	memset(f, 0, sizeof(*f));
	f->source = (cd_scope_source)
	{
		.arg = f, .has_filings = true, .has_scope = true,
			.filings = get_filings, .org = get_org, .names = get_names,
			.orgs_named = get_named, .rows = get_rows, .keep = keep
	};
}

static inline cd_org *
add_org(facts *f, const char *id, const char *name, cd_org_kind kind, const char *parent)
{
	cd_org	   *org = &f->org[f->norgs++];

	*org = (cd_org)
	{
		.id = text(id), .name = text(name), .kind = kind, .parent = text(parent), .successor = text(""),
			.ceased_on = CD_DATE_NONE, .dissolved_on = CD_DATE_NONE
	};
	return org;
}

static inline void
add_filing(facts *f, const char *code, const char *org, int from, int to, int grace)
{
	f->filing[f->nfilings].code = code;
	f->filing[f->nfilings++].filing = (cd_filing)
	{
		text(org),
		{
			from, to
		}, grace
	};
}

static inline void
add_row(facts *f, const char *code, const char *occupation, const char *work_type, cd_level level, int from, int to)
{
	f->row[f->nrows].code = code;
	f->row[f->nrows++].row = (cd_scope_row)
	{
		text(occupation), text(work_type), level,
		{
			from, to
		}
	};
}

static inline void
add_name(facts *f, const char *id, const char *name, int from, int to)
{
	f->name[f->nnames].id = id;
	f->name[f->nnames++].name = (cd_org_name)
	{
		text(name),
		{
			from, to
		}
	};
}

#endif							/* CERTDATA_TEST_SCOPE_FACTS_H */
