/*
 * check_scope_link.c
 *	  The rows of a scope file among each other: the constraints that the
 *	  tables have.
 */
#include "check_scope.h"

#include <string.h>

#define ID_SHOWN 100			/* bytes of an id in a message */

static int
shown(cd_text id)
{
	return (int) (id.len < ID_SHOWN ? id.len : ID_SHOWN);
}

static const cd_org *
find_org(const scope_facts *facts, cd_text id, int64_t *line)
{
	size_t		n;
	size_t		at;
	const cd_org *org = scope_table_find(&facts->org, id, NULL, &n, &at);

	if (org != NULL && line != NULL)
		*line = facts->org.key[at].line;
	return org;
}

static void
must_exist(const scope_facts *facts, const char *path, int64_t line, int column, cd_text id)
{
	if (find_org(facts, id, NULL) == NULL)
		scope_fail(path, line, column, TEXT("没有代码为“%.*s”的organisation行", "there is no organisation \"%.*s\" in the file"),
				   shown(id), id.ptr);
}

/* ---- the order of items with the same key ---- */

static int
compare_days(cd_days a, cd_days b)
{
	return a.from < b.from ? -1 : a.from > b.from;
}

static int
compare_orgs(const void *a, const void *b)
{
	return 0;
}

static int
compare_ids(const void *a, const void *b)
{
	return scope_text_compare(*(const cd_text *) a, *(const cd_text *) b);
}

static int
compare_names(const void *a, const void *b)
{
	return compare_days(((const cd_org_name *) a)->valid, ((const cd_org_name *) b)->valid);
}

static int
compare_filings(const void *a, const void *b)
{
	return compare_days(((const cd_filing *) a)->valid, ((const cd_filing *) b)->valid);
}

/* What tells two scope rows of a filing apart, the days left out. */
static int
compare_subjects(const cd_scope_row *a, const cd_scope_row *b)
{
	int			order = scope_text_compare(a->occupation, b->occupation);

	if (order == 0)
		order = scope_text_compare(a->work_type, b->work_type);
	return order != 0 ? order : (int) a->level - (int) b->level;
}

static int
compare_scope_rows(const void *a, const void *b)
{
	const cd_scope_row *x = a;
	const cd_scope_row *y = b;
	int			order = compare_subjects(x, y);

	return order != 0 ? order : compare_days(x->valid, y->valid);
}

/* ---- what must not be ---- */

static void
fail_overlap(const char *path, const scope_key *key, const char *zh, const char *en)
{
	int64_t		first = key[0].line < key[1].line ? key[0].line : key[1].line;
	int64_t		second = key[0].line + key[1].line - first;

	scope_fail(path, second, SCOPE_NO_COLUMN, TEXT("%s（另见第%lld行）", "%s (see line %lld)"),
			   TEXT(zh, en), (long long) first);
}

static void
check_twice(const scope_facts *facts, const char *path)
{
	const cd_org_name *name = (const cd_org_name *) facts->name.item;
	const cd_filing *filing = (const cd_filing *) facts->filing.item;
	const cd_scope_row *row = (const cd_scope_row *) facts->row.item;
	const scope_key *key;
	size_t		i;

	for (i = 1; i < facts->org.n; i++)
	{
		key = &facts->org.key[i - 1];
		if (scope_text_equal(key[0].first, key[1].first))
			fail_overlap(path, key, "组织的代码重复", "the organisation's id is used twice");
	}
	for (i = 1; i < facts->name.n; i++)
	{
		key = &facts->name.key[i - 1];
		if (scope_text_equal(key[0].first, key[1].first) && name[i].valid.from <= name[i - 1].valid.to)
			fail_overlap(path, key, "同一组织在同一日有两个名称", "two names of an organisation on the same day");
	}
	for (i = 1; i < facts->filing.n; i++)
	{
		key = &facts->filing.key[i - 1];
		if (scope_text_equal(key[0].first, key[1].first) && filing[i].valid.from <= filing[i - 1].valid.to)
			fail_overlap(path, key, "同一机构代码的备案有效期重叠", "two filings of the same code on the same day");
	}
	for (i = 1; i < facts->row.n; i++)
	{
		key = &facts->row.key[i - 1];
		if (scope_text_equal(key[0].first, key[1].first) && compare_subjects(&row[i - 1], &row[i]) == 0 &&
			row[i].valid.from <= row[i - 1].valid.to)
			fail_overlap(path, key, "同一评价范围的有效期重叠", "the same scope twice on the same day");
	}
}

static void
check_references(const scope_facts *facts, const char *path)
{
	const cd_org *org = (const cd_org *) facts->org.item;
	const cd_filing *filing = (const cd_filing *) facts->filing.item;
	size_t		i;

	for (i = 0; i < facts->org.n; i++)
	{
		if (org[i].parent.len > 0)
			must_exist(facts, path, facts->org.key[i].line, SCOPE_A, org[i].parent);
		if (org[i].successor.len > 0)
			must_exist(facts, path, facts->org.key[i].line, SCOPE_B, org[i].successor);
	}
	for (i = 0; i < facts->name.n; i++)
		must_exist(facts, path, facts->name.key[i].line, SCOPE_KEY, facts->name.key[i].first);
	for (i = 0; i < facts->filing.n; i++)
		must_exist(facts, path, facts->filing.key[i].line, SCOPE_A, filing[i].org);
}

/*
 * From every organisation the way leads to one without parent (or successor).
 * The two walkers of Floyd's meet if it does not.
 */
static void
check_circles(const scope_facts *facts, const char *path, bool successors)
{
	const cd_org *org = (const cd_org *) facts->org.item;
	size_t		i;

	for (i = 0; i < facts->org.n; i++)
	{
		const cd_org *slow = &org[i];
		const cd_org *fast = &org[i];
		bool		turn = false;

		for (;;)
		{
			cd_text		next = successors ? fast->successor : fast->parent;
			cd_text		follow = successors ? slow->successor : slow->parent;

			if (next.len == 0)
				break;
			fast = find_org(facts, next, NULL);
			if (turn)
				slow = find_org(facts, follow, NULL);
			turn = !turn;
			if (fast == slow)
				scope_fail(path, facts->org.key[i].line, successors ? SCOPE_B : SCOPE_A,
						   successors ? TEXT("继任组织成环", "its successors lead in a circle") :
						   TEXT("上级组织成环", "its parents lead in a circle"));
		}
	}
}

void
scope_facts_link(scope_facts *facts, const char *path)
{
	scope_table_sort(&facts->org, compare_orgs);
	scope_table_sort(&facts->name, compare_names);
	scope_table_sort(&facts->filing, compare_filings);
	scope_table_sort(&facts->row, compare_scope_rows);
	scope_table_sort(&facts->named, compare_ids);
	check_references(facts, path);
	check_twice(facts, path);
	check_circles(facts, path, false);
	check_circles(facts, path, true);
}
