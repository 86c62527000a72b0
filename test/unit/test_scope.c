/*
 * test_scope.c
 *	  A verdict kept for days on which it would be another; a range whose first
 *	  or last day is off by one; a name compared too loosely or too strictly; a
 *	  body that answers for a filing though it no longer exists; a filing of
 *	  nobody that passes as anybody's.
 */
#include "scope_facts.h"

#define CODE "S000013000001"

/* The findings of a record as "id id ...", with %3 after a colon if wanted. */
static const char *
judged(facts *f, int day, const char *occupation, const char *work_type, cd_level level,
	   const char *evaluator, const char *issuer, bool with_text, cd_days *same)
{
	static char out[4000];
	cd_text		field[CD_NFIELDS] = {{0}};
	cd_record	rec = {0};
	cd_findings found;
	cd_no_fault fault;
	int			fixed;
	size_t		n = 0;

	field[CD_OCCUPATION] = text(occupation);
	field[CD_WORK_TYPE] = text(work_type);
	field[CD_EVALUATOR] = text(evaluator);
	field[CD_ISSUER] = text(issuer);
	rec.has_no = cd_certno_parse(CODE "003000001", 22, &rec.no, &fixed, &fault) == CD_NO_OK;
	rec.level = level;
	rec.date = day;
	found.n = 0;
	cd_scope_judge(&f->source, field, &rec, &found, same);
	out[0] = '\0';
	for (int i = 0; i < found.n; i++)
		n += (size_t) snprintf(out + n, sizeof(out) - n, "%s%s%s%s%s%s", n ? " " : "",
							   cd_rules[found.item[i].rule].id,
							   with_text && found.item[i].arg3 ? ":" : "",
							   with_text && found.item[i].arg3 ? found.item[i].arg3 : "",
							   with_text && found.item[i].arg1[0] == '2' ? found.item[i].arg1 : "",
							   with_text ? found.item[i].arg2 : "");
	return out;
}

static void
check(facts *f, int day, const char *occupation, const char *work_type, cd_level level,
	  const char *evaluator, const char *issuer, const char *expected, const char *label)
{
	cd_days		same;
	const char *got = judged(f, day, occupation, work_type, level, evaluator, issuer, true, &same);

	ok(strcmp(got, expected) == 0, "%s: %s", label, got);
}

static void
test_examples(void)
{
	static facts f;

	begin(&f);
	add_org(&f, "p", "河北省", CD_ORG_PROVINCE, "");
	add_org(&f, "h", "总校（北）", CD_ORG_EVALUATION, "p");
	add_org(&f, "b", "分校", CD_ORG_EVALUATION, "h")->ceased_on = 40;
	add_filing(&f, CODE, "h", 10, 50, 5);
	add_name(&f, "h", "老总校", 10, 19);
	add_row(&f, CODE, "电工", "", CD_LEVEL_3, 10, 50);
	add_row(&f, CODE, "车工", "数控（车）", CD_LEVEL_3, 10, 30);
	add_row(&f, CODE, "车工", "数控（车）", CD_LEVEL_4, 10, 50);

	check(&f, 20, "电工", "", CD_LEVEL_3, "总校（北）", "总校（北）", "", "lawful");
	check(&f, 20, " 电 工", "无", CD_LEVEL_3, "=\"总校（北）\"", "总校（北）", "", "compared unwrapped and without spaces");
	check(&f, 19, "电工", "", CD_LEVEL_3, "老总校", "老总校", "", "its name of that day");
	check(&f, 20, "电工", "", CD_LEVEL_3, "老总校", "总校（北）", "evaluator.filing:总校（北）", "its name of another day");
	check(&f, 20, "电工", "", CD_LEVEL_3, "总校(北)", "总校（北)", "evaluator.brackets:总校（北） issuer.brackets:总校（北）", "brackets");
	check(&f, 20, "电工", "", CD_LEVEL_3, "分校", "总校（北）", "", "a branch under its head office's filing");
	check(&f, 20, "电工", "", CD_LEVEL_3, "分校", "分校", "evaluator.filing:总校（北）", "without the head office as issuer");
	check(&f, 20, "电工", "", CD_LEVEL_3, "总校（北）", "乙", "issuer.unknown", "unknown issuer");
	check(&f, 41, "电工", "", CD_LEVEL_3, "分校", "总校（北）", "date.ceased:分校2000-02-10", "the branch has ceased");
	check(&f, 9, "电工", "", CD_LEVEL_3, "总校（北）", "总校（北）",
		  "no.filing_valid:2000-01-11 – 2000-02-25 date.scope:2000-01-11 – 2000-02-20", "the day before the filing");
	check(&f, 55, "电工", "", CD_LEVEL_3, "总校（北）", "总校（北）", "", "last day of grace, scope of the last valid day");
	check(&f, 56, "电工", "", CD_LEVEL_3, "总校（北）", "总校（北）",
		  "no.filing_valid:2000-01-11 – 2000-02-25 date.scope:2000-01-11 – 2000-02-20", "the day after grace");
	check(&f, 30, "车工", "数控(车)", CD_LEVEL_3, "总校（北）", "总校（北）", "worktype.brackets:数控（车）", "brackets of the work type");
	check(&f, 31, "车工", "数控（车）", CD_LEVEL_3, "总校（北）", "总校（北）", "date.scope:2000-01-11 – 2000-01-31", "in scope on other days");
	check(&f, 31, "车工", "数控（车）", CD_LEVEL_2, "总校（北）", "总校（北）", "level.scope:四级", "another level");
	check(&f, 31, "车工", "", CD_LEVEL_4, "总校（北）", "总校（北）", "worktype.scope:数控（车）", "no work type");
	check(&f, 31, "电工", "数控", CD_LEVEL_3, "总校（北）", "总校（北）", "worktype.scope:（空）", "a work type too many");
	check(&f, 31, "焊工", "", CD_LEVEL_4, "总校（北）", "总校（北）", "occupation.scope:电工、车工", "another occupation");
	f.source.blank_covers = true;
	check(&f, 31, "电工", "数控", CD_LEVEL_3, "总校（北）", "总校（北）", "", "an empty work type covers all, if so set");
}

static const char *
responsible(facts *f, int day)
{
	cd_text		id = cd_responsible(&f->source, text(CODE), day);

	return id.len > 0 ? id.ptr : "none";
}

/* A filing whose organisation is missing, as a restore can leave it, is nobody's. */
static void
test_nobody(void)
{
	static facts f;

	begin(&f);
	add_org(&f, "h", "总校", CD_ORG_EVALUATION, "");
	add_filing(&f, CODE, "gone", 10, 50, 0);
	add_row(&f, CODE, "电工", "", CD_LEVEL_3, 10, 50);
	check(&f, 20, "电工", "", CD_LEVEL_3, "总校", "总校", "evaluator.filing:—", "a filing of nobody");
	check(&f, 20, "电工", "", CD_LEVEL_3, "—", "总校", "evaluator.filing:—", "not even of the dash that stands for nobody");
	check(&f, 20, "电工", "", CD_LEVEL_3, "", "总校", "", "no evaluator of whom to say so");
	check(&f, 20, "焊工", "", CD_LEVEL_3, "总校", "总校", "evaluator.filing:— occupation.scope:电工", "its scope is judged");
	check(&f, 51, "电工", "", CD_LEVEL_3, "总校", "总校",
		  "no.filing_valid:2000-01-11 – 2000-02-20 evaluator.filing:— date.scope:2000-01-11 – 2000-02-20", "and its days");
	ok(strcmp(responsible(&f, 20), "gone") == 0, "who answers for it is named, though unknown: %s", responsible(&f, 20));
}

/* ---- chance ---- */

static const char *const code_pool[] = {CODE, "S000013000002"};
static const char *const name_pool[] = {"甲（一）", "甲(一)", "乙", "丙"};
static const char *const job_pool[] = {"电工", "车工（甲）", "车工(甲)"};
static const char *const work_pool[] = {"", "数控", "（数）控", "(数)控"};
static const char *const id_pool[] = {"0", "1", "2", "3", "4"};

static int
chance(int n)
{
	return (int) random_below((unsigned) n);
}

#define PICK(pool) ((pool)[chance((int) (sizeof(pool) / sizeof((pool)[0])))])
#define DAYS 24

static void
some_days(int *from, int *to)
{
	*from = chance(DAYS);
	*to = *from + chance(8);
	if (chance(6) == 0)
		*from = CD_DAYS_FIRST;
	if (chance(6) == 0)
		*to = CD_DAYS_LAST;
}

static void
some_facts(facts *f)
{
	int			from;
	int			to;

	begin(f);
	for (int i = 0; i < 5; i++)
	{
		cd_org	   *org = add_org(f, id_pool[i], PICK(name_pool), (cd_org_kind) (chance(CD_NORG_KINDS)),
								  i > 0 && chance(3) ? id_pool[chance(i)] : "");

		if (chance(3) == 0)
			org->ceased_on = chance(DAYS);
		if (chance(3) == 0)
			org->dissolved_on = chance(DAYS);
		if (i < 4 && chance(3) == 0)
			org->successor = text(id_pool[i + 1]);
	}
	for (int i = chance(4); i > 0; i--)
	{
		some_days(&from, &to);
		add_name(f, PICK(id_pool), PICK(name_pool), from, to);
	}
	/* filings of a code do not overlap */
	for (int day = chance(5); day < DAYS; day = to + 2 + chance(5))
	{
		to = day + chance(8);
		add_filing(f, CODE, chance(8) ? PICK(id_pool) : "gone", day, to, chance(4));
	}
	for (int i = chance(MAX_FACTS); i > 0; i--)
	{
		some_days(&from, &to);
		add_row(f, PICK(code_pool), PICK(job_pool), PICK(work_pool),
				(cd_level) (CD_LEVEL_4 + chance(2)), from, to);
	}
	f->source.blank_covers = chance(4) == 0;
}

/* A verdict for one day must be that of every day it claims to hold for. */
static void
test_same_days(void)
{
	static facts f;
	tally		t = {0};
	long		n = 0;

	for (int round = 0; round < 20000; round++)
	{
		const char *job = PICK(job_pool);
		const char *work = PICK(work_pool);
		const char *evaluator = PICK(name_pool);
		const char *issuer = PICK(name_pool);
		cd_level	level = (cd_level) (CD_LEVEL_4 + chance(2));
		char		first[4000];
		cd_days		same;
		cd_days		other;
		int			day = chance(DAYS + 6) - 3;

		some_facts(&f);
		strcpy(first, judged(&f, day, job, work, level, evaluator, issuer, true, &same));
		count(&t, same.from <= day && same.to >= day, "day %d is not one of its own", day);
		n++;
		for (int d = -6; d < DAYS + 10; d++)
			if (d >= same.from && d <= same.to)
			{
				n++;
				count(&t, strcmp(judged(&f, d, job, work, level, evaluator, issuer, true, &other), first) == 0,
					  "round %d: day %d is not as day %d (%s)", round, d, day, first);
			}
	}
	ok_tally(&t, n, "a verdict holds on all days it claims");
}

/* in_scope against the words of the rule, and the record's findings. */
static void
test_in_scope(void)
{
	static facts f;
	tally		t = {0};
	long		n = 0,
				inside = 0;

	for (int round = 0; round < 20000; round++)
	{
		const char *job = PICK(job_pool);
		const char *work = PICK(work_pool);
		cd_level	level = (cd_level) (CD_LEVEL_4 + chance(2));
		int			day = chance(DAYS);
		int			on = day;
		bool		filed = false;
		bool		expected = false;

		some_facts(&f);
		for (int i = 0; i < f.nfilings && !filed; i++)
			filed = day >= f.filing[i].filing.valid.from && day <= f.filing[i].filing.valid.to;
		for (int i = f.nfilings; i-- > 0 && !filed;)
			if (day > f.filing[i].filing.valid.to && day <= f.filing[i].filing.valid.to + f.filing[i].filing.grace_days)
			{
				filed = true;
				on = f.filing[i].filing.valid.to;
			}
		for (int i = 0; i < f.nrows; i++)
		{
			const cd_scope_row *row = &f.row[i].row;

			if (strcmp(f.row[i].code, CODE) == 0 && reads(row->occupation, job) && row->level == level &&
				(reads(row->work_type, work) || (f.source.blank_covers && row->work_type.len == 0)) &&
				on >= row->valid.from && on <= row->valid.to)
				expected = true;
		}
		expected = expected && filed;
		inside += expected;
		n++;
		count(&t, cd_in_scope(&f.source, text(CODE), text(job), text(work), level, day) == expected,
			  "round %d: %s %s on %d should be %d", round, job, work, day, expected);
	}
	ok_tally(&t, n, "in_scope is what the rows say");
	ok(inside > n / 50, "often enough true (%ld of %ld)", inside, n);
}

/* 第十六条 */
static void
test_responsible(void)
{
	static facts f;
	cd_org	   *school,
			   *city;
	int			alive = 0;
	tally		t = {0};

	begin(&f);
	ok(strcmp(responsible(&f, 0), "none") == 0, "nobody for an unknown filing");
	add_org(&f, "m", "部", CD_ORG_MINISTRY, "");
	add_org(&f, "p", "省", CD_ORG_PROVINCE, "m");
	city = add_org(&f, "c", "市", CD_ORG_CITY, "p");
	add_org(&f, "g", "集团", CD_ORG_EVALUATION, "c");
	school = add_org(&f, "s", "校", CD_ORG_EVALUATION, "g");
	add_org(&f, "x", "新校", CD_ORG_EVALUATION, "p")->dissolved_on = 30;
	add_filing(&f, CODE, "s", 5, 9, 0);
	school->ceased_on = 8;
	school->dissolved_on = 10;
	ok(strcmp(responsible(&f, 9), "s") == 0, "a body that has ceased goes on answering");
	ok(strcmp(responsible(&f, 0), "s") == 0, "before the filing, and after it");
	ok(strcmp(responsible(&f, 10), "s") == 0, "on its last day");
	ok(strcmp(responsible(&f, 11), "c") == 0, "then the nearest city");
	city->dissolved_on = 12;
	ok(strcmp(responsible(&f, 13), "p") == 0, "else the province");
	school->successor = text("x");
	ok(strcmp(responsible(&f, 13), "x") == 0, "a successor comes first");
	ok(strcmp(responsible(&f, 31), "p") == 0, "until it is gone, too");

	for (int round = 0; round < 20000; round++)
	{
		int			day = chance(DAYS);
		cd_text		id;
		const cd_org *org;

		some_facts(&f);
		id = cd_responsible(&f.source, text(CODE), day);
		org = id.len > 0 ? get_org(&f, id) : NULL;
		count(&t, (id.len > 0) == (f.nfilings > 0), "round %d", round);
		alive += org != NULL && (org->dissolved_on == CD_DATE_NONE || org->dissolved_on >= day);
	}
	ok_tally(&t, 20000, "somebody answers for every known filing");
	ok(alive > 10000, "mostly somebody who exists (%d)", alive);
}

int
main(void)
{
	test_examples();
	test_nobody();
	test_same_days();
	test_in_scope();
	test_responsible();
	return done_testing();
}
