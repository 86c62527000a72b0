/*
 * scope_read.c
 *	  Organisations, filings and scope, read by index under the active snapshot.
 *
 * Nothing is read before it is asked for, so that two million rows of scope
 * cost a session nothing; what was asked for once is kept for the next row, and
 * the next statement (kept.h).
 */
#include "check/scope.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "check/entry.h"
#include "check/reading.h"

/* Facts kept at most: as much as a sort may use, but enough for a usual report. */
#define MEMORY_LIMIT Max((Size) work_mem * 1024, (Size) 16 * 1024 * 1024)

struct ScopeFacts
{
	cd_scope_source source;
	MemoryContext memory;		/* facts; reset when they are too many */
	MemoryContext scratch;		/* of one look-up */
	entries_hash *table;
	Size		at_least;		/* memory of an empty table */
};

/* A list under construction. */
typedef struct Rows
{
	ScopeFacts *facts;
	Size		width;
	char	   *item;
	int			n;
	int			limit;			/* 0: none */
} Rows;

static cd_text
keep_bytes(ScopeFacts *facts, const char *s, Size len)
{
	char	   *copy;

	if (len == 0)
		return (cd_text) {"", 0};
	copy = MemoryContextAlloc(facts->memory, len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return (cd_text) {copy, len};
}

static cd_text
keep_text(ScopeFacts *facts, Datum value, bool isnull)
{
	text	   *t;

	if (isnull)
		return (cd_text) {"", 0};
	t = DatumGetTextPP(value);
	return keep_bytes(facts, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));
}

/* Room for one more of the list; it doubles at powers of two. */
static void *
next_row(Rows *rows)
{
	if ((rows->n & (rows->n - 1)) == 0)
	{
		Size		size = rows->width * Max(2 * rows->n, 1);

		rows->item = rows->item == NULL ? MemoryContextAlloc(rows->facts->memory, size) :
			repalloc_huge(rows->item, size);
	}
	return rows->item + rows->width * rows->n++;
}

static bool
go_on(const Rows *rows)
{
	CHECK_FOR_INTERRUPTS();
	return rows->limit == 0 || rows->n < rows->limit;
}

static cd_days
days_of(Datum value)
{
	cd_days		days;

	if (!range_days(value, &days.from, &days.to))
		days = (cd_days) {1, 0};	/* which a constraint refuses */
	return days;
}

/* ---- the tables' rows ---- */

/* filing(code, organisation, valid, grace_days) */
static bool
add_filing(void *arg, Datum *values, bool *nulls)
{
	Rows	   *rows = arg;
	cd_filing  *filing = next_row(rows);

	filing->org = keep_text(rows->facts, values[1], nulls[1]);
	filing->valid = days_of(values[2]);
	filing->grace_days = DatumGetInt32(values[3]);
	return go_on(rows);
}

/* organisation(id, name, kind, parent, ceased_on, dissolved_on, successor) */
static bool
add_org(void *arg, Datum *values, bool *nulls)
{
	Rows	   *rows = arg;
	cd_org	   *org = next_row(rows);

	org->id = keep_text(rows->facts, values[0], nulls[0]);
	org->name = keep_text(rows->facts, values[1], nulls[1]);
	org->kind = CD_ORG_EVALUATION;
	for (int i = 0; i < CD_NORG_KINDS; i++)
		if (is_word(values[2], cd_org_kind_name[i]))
			org->kind = (cd_org_kind) i;
	org->parent = keep_text(rows->facts, values[3], nulls[3]);
	org->ceased_on = nulls[4] ? CD_DATE_NONE : DatumGetDateADT(values[4]);
	org->dissolved_on = nulls[5] ? CD_DATE_NONE : DatumGetDateADT(values[5]);
	org->successor = keep_text(rows->facts, values[6], nulls[6]);
	return go_on(rows);
}

/* organisation_name(organisation, name, valid) */
static bool
add_name(void *arg, Datum *values, bool *nulls)
{
	Rows	   *rows = arg;
	cd_org_name *name = next_row(rows);

	name->name = keep_text(rows->facts, values[1], nulls[1]);
	name->valid = days_of(values[2]);
	return go_on(rows);
}

/* organisation(id, ...) and organisation_name(organisation, ...) */
static bool
add_id(void *arg, Datum *values, bool *nulls)
{
	Rows	   *rows = arg;
	text	   *t = DatumGetTextPP(values[0]);
	cd_text    *id = (cd_text *) rows->item;

	for (int i = 0; i < rows->n; i++)
		if (id[i].len == VARSIZE_ANY_EXHDR(t) && memcmp(id[i].ptr, VARDATA_ANY(t), id[i].len) == 0)
			return go_on(rows);
	id = next_row(rows);
	*id = keep_text(rows->facts, values[0], nulls[0]);
	return go_on(rows);
}

/* scope(filing, occupation, work_type, level, valid) */
static bool
add_scope(void *arg, Datum *values, bool *nulls)
{
	Rows	   *rows = arg;
	cd_scope_row *row = next_row(rows);

	row->occupation = keep_text(rows->facts, values[1], nulls[1]);
	row->work_type = cd_scope_work_type(keep_text(rows->facts, values[2], nulls[2]));
	row->level = (cd_level) DatumGetChar(values[3]);
	row->valid = days_of(values[4]);
	return go_on(rows);
}

static bool
note_any(void *arg, Datum *values, bool *nulls)
{
	*(bool *) arg = true;
	return false;
}

/* ---- look-ups ---- */

static Datum
text_datum(cd_text t)
{
	return PointerGetDatum(cstring_to_text_with_len(t.ptr, (int) t.len));
}

/*
 * A kind of fact about one or two words, read when it is first asked for.  It
 * is entered when all of it is there, so an error in between leaves nothing.
 */
static const void *
look_up(ScopeFacts *facts, char kind, cd_text a, cd_text b, Rows *rows,
		void (*fill) (Rows *rows, cd_text a, cd_text b), int *n)
{
	MemoryContext old = MemoryContextSwitchTo(facts->scratch);
	char	   *bytes = palloc(2 + a.len + b.len);
	cd_text		key = {bytes, 2 + a.len + b.len};
	Entry	   *entry;

	bytes[0] = kind;
	memcpy(bytes + 1, a.ptr, a.len);
	bytes[1 + a.len] = '\0';
	memcpy(bytes + 2 + a.len, b.ptr, b.len);
	entry = entries_lookup(facts->table, key);
	if (entry == NULL)
	{
		bool		found;

		rows->facts = facts;
		fill(rows, a, b);
		entry = entries_insert(facts->table, keep_bytes(facts, key.ptr, key.len), &found);
		entry->item = rows->item;
		entry->n = rows->n;
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(facts->scratch);
	*n = entry->n;
	return entry->item;
}

static void
fill_filings(Rows *rows, cd_text code, cd_text none)
{
	Datum		key[1] = {text_datum(code)};

	read_by_index("filing", "filing_code", 1, key, rows, add_filing);
}

static const cd_filing *
filings(void *arg, cd_text code, int *n)
{
	Rows		rows = {.width = sizeof(cd_filing)};

	return look_up(arg, 'f', code, (cd_text) {"", 0}, &rows, fill_filings, n);
}

static void
fill_org(Rows *rows, cd_text id, cd_text none)
{
	Datum		key[1] = {text_datum(id)};

	read_by_index("organisation", "organisation_id", 1, key, rows, add_org);
}

static const cd_org *
org(void *arg, cd_text id)
{
	Rows		rows = {.width = sizeof(cd_org)};
	int			n;

	return look_up(arg, 'o', id, (cd_text) {"", 0}, &rows, fill_org, &n);
}

static void
fill_names(Rows *rows, cd_text id, cd_text none)
{
	Datum		key[1] = {text_datum(id)};

	read_by_index("organisation_name", "organisation_name_organisation", 1, key, rows, add_name);
}

static const cd_org_name *
names(void *arg, cd_text id, int *n)
{
	Rows		rows = {.width = sizeof(cd_org_name)};

	return look_up(arg, 'n', id, (cd_text) {"", 0}, &rows, fill_names, n);
}

static void
fill_named(Rows *rows, cd_text form, cd_text none)
{
	Datum		key[1] = {text_datum(form)};

	read_by_index("organisation", "organisation_match_form", 1, key, rows, add_id);
	read_by_index("organisation_name", "organisation_name_match_form", 1, key, rows, add_id);
}

static const cd_text *
orgs_named(void *arg, cd_text form, int *n)
{
	Rows		rows = {.width = sizeof(cd_text)};

	return look_up(arg, 'm', form, (cd_text) {"", 0}, &rows, fill_named, n);
}

static void
fill_scope(Rows *rows, cd_text code, cd_text form)
{
	Datum		key[2] = {text_datum(code), text_datum(form)};

	rows->limit = form.len > 0 ? 0 : CD_SCOPE_ROWS_LISTED;
	read_by_index("scope", "scope_match_form", form.len > 0 ? 2 : 1, key, rows, add_scope);
}

static const cd_scope_row *
scope_rows(void *arg, cd_text code, cd_text form, int *n)
{
	Rows		rows = {.width = sizeof(cd_scope_row)};

	return look_up(arg, 's', code, form, &rows, fill_scope, n);
}

static const char *
keep(void *arg, const char *s, size_t len)
{
	return keep_bytes(arg, s, len).ptr;
}

/* ---- begin and bound ---- */

static bool
any_row(ScopeFacts *facts, const char *table, const char *index)
{
	MemoryContext old = MemoryContextSwitchTo(facts->scratch);
	bool		any = false;

	read_by_index(table, index, 0, NULL, &any, note_any);
	MemoryContextSwitchTo(old);
	MemoryContextReset(facts->scratch);
	return any;
}

static void
begin_table(ScopeFacts *facts)
{
	facts->table = entries_create(facts->memory, 64, NULL);
	facts->at_least = MemoryContextMemAllocated(facts->memory, true);
}

ScopeFacts *
scope_facts_begin(void)
{
	ScopeFacts *facts = palloc0(sizeof(ScopeFacts));

	facts->memory = AllocSetContextCreate(CurrentMemoryContext, "certdata scope", ALLOCSET_DEFAULT_SIZES);
	facts->scratch = AllocSetContextCreate(CurrentMemoryContext, "certdata scope look-up",
										   ALLOCSET_SMALL_SIZES);
	begin_table(facts);
	facts->source = (cd_scope_source)
	{
		.arg = facts,
			.filings = filings, .org = org, .names = names, .orgs_named = orgs_named,
			.rows = scope_rows, .keep = keep,
			.blank_covers = certdata_scope_blank_covers
	};
	facts->source.has_filings = any_row(facts, "filing", "filing_code");
	facts->source.has_scope = facts->source.has_filings && any_row(facts, "scope", "scope_match_form");
	return facts;
}

const cd_scope_source *
scope_facts_source(ScopeFacts *facts)
{
	return &facts->source;
}

bool
scope_facts_are_many(const ScopeFacts *facts)
{
	return MemoryContextMemAllocated(facts->memory, true) >= facts->at_least + MEMORY_LIMIT;
}

void
scope_facts_forget(ScopeFacts *facts)
{
	MemoryContextReset(facts->memory);
	begin_table(facts);
}
