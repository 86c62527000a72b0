/*
 * test_record.c
 *	  Looks for: a rule that does not fire where it should, fires beside another
 *	  that excludes it, or carries the wrong argument; a rule of the list that no
 *	  record can break; a record with more findings than there is room for.
 *
 * Each case changes a lawful record in one field (in a few, another) and says
 * what is found, in order.  Today is 2026-01-01.
 */
#include "record.h"
#include "record_cases.h"

static void
run_cases(const one_case *cases, size_t n, const char *name)
{
	static cd_findings f;
	tally		t = {0};
	cd_context	ctx;

	cd_context_init(&ctx, cd_date_to_days(2026, 1, 1));
	for (size_t i = 0; i < n; i++)
	{
		const char *value[CD_NFIELDS];
		char		found[1000];
		cd_record	rec;

		memcpy(value, lawful, sizeof(value));
		value[cases[i].field] = cases[i].value;
		findings_of(value, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
		if (strcmp(found, cases[i].found) != 0)
			printf("# %s = \"%s\"\n#      got: %s\n# expected: %s\n", cd_field_name[cases[i].field],
				   cases[i].value ? cases[i].value : "", found, cases[i].found);
		count(&t, strcmp(found, cases[i].found) == 0, "%s: %s", cases[i].value ? cases[i].value : "(none)", found);
	}
	ok_tally(&t, (long) n, name);
}

typedef struct pair_case
{
	const char *name;
	const char *value[5];		/* as in place[] below; NULL: lawful */
	const char *found;
} pair_case;

static const pair_case pair_cases[] = {
	{"region by the place it has in a permanent resident's number",
	{"外国人永久居留身份证", "999643199912310022"}, "id.region=99 id.checksum=X"},
	{"old permanent resident's number, wrong check",
	{"外国人永久居留身份证", "KAZ110090123104"}, "id.checksum=5"},
	{"the short form's birth date is unknown, so no age",
	{"外国人永久居留身份证", "KAZ110220123108", NULL, NULL, "2022-02-09"}, ""},
	{"an unknown kind leaves the number unjudged", {"护照", "1"}, "idtype.unknown"},
	{"a residence permit", {"港澳居民居住证", "810000199408230021"}, ""},
	{"a residence permit of another region", {"港澳居民居住证", "810001199408230021"}, "id.layout=港澳居民居住证"},
	{"a date not understood: no year, and today for the birth",
		{NULL, "130102202602090004", NULL, NULL, "2022/2/9"},
	"id.checksum=0 id.birth_after_issue date.form=2022-02-09"},
	{"a date not understood: no age",
	{NULL, "130102202002090013", NULL, "S000013000001213000001", "x"}, "id.checksum=5 date.form=2022-02-09"},
	{"a level not understood: 1 to 5 are levels", {NULL, NULL, "高级", "S000013000001225000001"}, "level.unknown"},
	{"a level not understood: 6 is none",
	{NULL, NULL, "高级", "S000013000001226000001"}, "level.unknown no.level=6/—"},
	{"a level not understood: 0 is none",
	{NULL, NULL, "", "S000013000001220000001"}, "level.required no.level=0/—"},
	{"a level not understood: letters are not judged", {NULL, NULL, "?", "S00001300000122Z000001"}, "level.unknown"},
	{"an unregistered letter", {NULL, NULL, "特级技师", "S00001300000122A000001"}, "no.level_letter=A"},
	{"an unregistered letter and an apprentice", {NULL, NULL, "学徒工", "S00001300000122B000001"}, "no.level_letter=B"},
	{"a registered letter", {NULL, NULL, "特级技师", "S00001300000122T000001"}, ""},
	{"a registered letter of another level", {NULL, NULL, "首席技师", "S00001300000122T000001"}, "no.level=T/首席技师"},
	{"a letter registered for a numbered grade", {NULL, NULL, "一级", "S00001300000122U000001"}, "no.level=U/一级"},
	{"a digit and a grade above", {NULL, NULL, "特级技师", "S000013000001221000001"}, "no.level=1/特级技师"},
	{"five", {NULL, NULL, "五级", "S000013000001225000001"}, ""},
	{"four", {NULL, NULL, "四级", "S000013000001224000001"}, ""},
	{"two", {NULL, NULL, "二级", "S000013000001222000001"}, ""},
	{"one", {NULL, NULL, "一级", "S000013000001221000001"}, ""},
	{"sixteen on the day", {NULL, "130102200602090010", NULL, NULL, "2022-02-09"}, "id.checksum=X"},
	{"sixteen a day later", {NULL, "13010220060209001X", NULL, NULL, "2022-02-08"}, "id.age"},
	{"born on 29 February, sixteen on the same day",
	{NULL, "130102200402290010", NULL, "S000013000001203000001", "2020-02-29"}, "id.checksum=7"},
	{"born on 29 February, fifteen a day before",
	{NULL, "130102200402290010", NULL, "S000013000001203000001", "2020-02-28"}, "id.checksum=7 id.age"},
	{"a wrong region does not stop the age",
	{NULL, "990102200602100013", NULL, NULL, NULL}, "id.region=99 id.checksum=1 id.age"},
	{"a number of another kind stops the age", {NULL, "810000200602100014"}, "id.kind=港澳居民居住证 id.checksum=5"},
	{"wrong at once", {"", "", "", "", ""},
	"idtype.required id.required level.required no.required date.required"},
};

static void
test_pairs(void)
{
	static const cd_field place[5] = {CD_ID_TYPE, CD_ID_NUMBER, CD_LEVEL, CD_CERT_NO, CD_ISSUE_DATE};
	static cd_findings f;
	cd_context	ctx;

	cd_context_init(&ctx, cd_date_to_days(2026, 1, 1));
	ctx.level_of['T' - 'A'] = CD_SENIOR_PLUS;
	ctx.level_of['U' - 'A'] = CD_LEVEL_1;
	for (size_t i = 0; i < sizeof(pair_cases) / sizeof(pair_cases[0]); i++)
	{
		const char *value[CD_NFIELDS];
		char		found[1000];
		cd_record	rec;

		memcpy(value, lawful, sizeof(value));
		for (int k = 0; k < 5; k++)
			if (pair_cases[i].value[k])
				value[place[k]] = pair_cases[i].value[k];
		findings_of(value, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
		is(found, pair_cases[i].found, pair_cases[i].name);
	}
}

static void
test_understood(void)
{
	static cd_findings f;
	cd_context	ctx;
	cd_record	rec;
	char		found[1000];
	char		printed[CD_CERTNO_LEN];
	const char *empty[CD_NFIELDS] = {NULL};
	tally		t = {0};

	cd_context_init(&ctx, CD_DATE_NONE);
	findings_of(lawful, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
	is(found, "", "a lawful record has no finding");
	cd_certno_print(&rec.no, printed);
	ok(rec.has_no && memcmp(printed, lawful[CD_CERT_NO], CD_CERTNO_LEN) == 0 && rec.has_id && rec.id.len == 18 &&
	   memcmp(rec.id.s, lawful[CD_ID_NUMBER], 18) == 0 && rec.kind == CD_RESIDENT &&
	   rec.level == CD_LEVEL_3 && rec.date == cd_date_to_days(2022, 2, 9), "and is understood");
	findings_of(empty, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
	is(found, "name.required idtype.required id.required occupation.required level.required "
	   "no.required date.required evaluator.required issuer.required", "an empty record lacks nine fields");
	ok(!rec.has_no && !rec.has_id && rec.kind == CD_KIND_NONE && rec.level == CD_LEVEL_NONE &&
	   rec.date == CD_DATE_NONE, "and nothing of it is understood");
	findings_of(empty, 0, &ctx, &rec, &f, found, sizeof(found));
	is(found, "", "fields that are not asked for are not missing");
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		findings_of(empty, 1u << i, &ctx, &rec, &f, found, sizeof(found));
		count(&t, f.n == (i != CD_EMPLOYER && i != CD_WORK_TYPE) && (f.n == 0 || f.item[0].field == i),
			  "%s: %s", cd_field_name[i], found);
	}
	ok_tally(&t, 11, "one field asked for: its absence alone");
	ok(ctx.categories == (1u << 18 | 1u << 24), "S and Y are the categories");
}

/* Everything wrong that can be wrong together. */
static void
test_nastiest(void)
{
	static cd_findings f;
	static char text[5000];
	const char *value[CD_NFIELDS];
	char		found[5000];
	cd_context	ctx;
	cd_record	rec;
	int			most = 0;
	tally		order = {0};

	cd_context_init(&ctx, cd_date_to_days(2020, 1, 1));
	strcpy(text, "\t=\"'阿• \x01\xEE\x80\x80?" "•里");
	for (int i = 0; i < 50; i++)
		strcat(text, TEN);
	strcat(text, "\"");
	for (int i = 0; i < CD_NFIELDS; i++)
		value[i] = text;
	value[CD_ID_TYPE] = "\t=\"'居 民身份证\"";
	value[CD_ID_NUMBER] = "\t=\"'99010２ 20991330000x\"";
	value[CD_LEVEL] = "\t=\"'高 级工\"";
	value[CD_CERT_NO] = "\t=\"'j00009９ 000001990000001\"";
	value[CD_ISSUE_DATE] = "\t=\"'2025 -12-31\"";
	for (int k = 0; k < 3; k++)
	{
		findings_of(value, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
		most = f.n > most ? f.n : most;
		for (int i = 1; i < f.n; i++)
			count(&order, f.item[i - 1].field <= f.item[i].field, "%s", found);
		value[CD_ID_NUMBER] = k ? "\t=\"'83000２ 20991330000x\"" : "\t=\"'130102 20991231000x\"";
		value[CD_NAME] = "\t=\"'阿•里 \x01\xEE\x80\x80? \xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80"
			TEN TEN "\"";
	}
	printf("# %d findings, room for %d\n", most, CD_MAX_FINDINGS);
	ok(most >= 60 && most < CD_MAX_FINDINGS, "the nastiest record's findings have room");
	ok_tally(&order, 100, "findings stand in the order of the fields");
}

/* Random pieces of trouble in every field at once: never out of room. */
static void
test_random_records(void)
{
	static cd_findings f;
	tally		t = {0};
	cd_context	ctx;

	cd_context_init(&ctx, cd_date_to_days(2026, 1, 1));
	for (int round = 0; round < 50000; round++)
	{
		static char text[CD_NFIELDS][400];
		const char *value[CD_NFIELDS];
		char		found[8000];
		cd_record	rec;

		for (int i = 0; i < CD_NFIELDS; i++)
		{
			static const char *const trouble[] = {
				"\t", "=\"", "'", " ", "\x01", "\xEE\x80\x80", "?", "*", "•", "x", "１", "0", "#", "\"", TEN TEN, "\xEF\xBF\xBD"
			};

			text[i][0] = '\0';
			for (unsigned k = random_below(4); k > 0; k--)
				strcat(text[i], trouble[random_below(16)]);
			strcat(text[i], random_below(4) ? lawful[i] : lawful[random_below(CD_NFIELDS)]);
			for (unsigned k = random_below(3); k > 0; k--)
				strcat(text[i], trouble[random_below(16)]);
			value[i] = text[i];
		}
		findings_of(value, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
		count(&t, f.n < CD_MAX_FINDINGS, "%d findings", f.n);
		for (int i = 0; i < f.n; i++)
			count(&t, f.item[i].field < CD_NFIELDS &&
				  cd_utf8_valid(f.item[i].arg1, strlen(f.item[i].arg1)) == strlen(f.item[i].arg1),
				  "%s", found);
	}
	ok_tally(&t, 200000, "random trouble in every field: findings have room and valid arguments");
}

/*
 * A column of type id_number holds what the type took, packed if it can be:
 * the findings are those of the same text.
 */
static void
test_typed(void)
{
	static const char *const odd[] = {
		"'13010219900307123", "=\"1301021990030\"", "=\"\"", "'", "1E5", "1.3E+17", "1E2345678", "#N/A", "####",
		"130102900307123", "KAZ110090123105", "KAZ110090123104", "E12345678", "士字1号", "X", "130102199003071000"
	};
	static cd_findings f;
	static cd_findings g;
	tally		t = {0};
	tally		known = {0};
	cd_context	ctx;

	cd_context_init(&ctx, cd_date_to_days(2026, 1, 1));
	for (int round = 0; round < 100000; round++)
	{
		char		s[64];
		char		text[2][1000] = {"", ""};
		const char *value[CD_NFIELDS];
		cd_text		none[CD_NFIELDS] = {{NULL, 0}};
		cd_record	rec;
		cd_record	typed;
		unsigned char packed[8];
		unsigned	fields = 1u << CD_ID_TYPE | 1u << CD_ID_NUMBER | 1u << CD_ISSUE_DATE;
		int			fixed;

		snprintf(s, sizeof(s), "%s%04d%02d%02d%03d",
				 random_below(8) == 0 ? "810000" : random_below(8) == 0 ? "990102" :
				 random_below(8) == 0 ? "932643" : "130102",
				 1895 + (int) random_below(140), (int) random_below(14), (int) random_below(33), (int) random_below(1000));
		s[17] = random_below(8) ? cd_mod11_2(s) : '0';
		s[18] = '\0';
		if (random_below(8) == 0)
			strcpy(s, odd[random_below(16)]);
		memcpy(value, lawful, sizeof(value));
		value[CD_ID_TYPE] = cd_kind_name[1 + random_below(random_below(4) ? 1 : CD_NKINDS - 1)];
		value[CD_ID_NUMBER] = s;
		if (random_below(4) == 0)
			value[CD_ISSUE_DATE] = random_below(2) ? "1950-06-15" : "";
		findings_of(value, fields, &ctx, &rec, &f, text[0], sizeof(text[0]));

		typed = rec;
		typed.has_no = false;
		typed.packed_id = -1;
		typed.has_id = cd_idnum_parse(s, strlen(s), &typed.id, &fixed) == CD_ID_OK;
		if (cd_idnum_pack(s, strlen(s), packed))
		{
			typed.packed_id = 0;
			for (int i = 0; i < 8; i++)
				typed.packed_id = typed.packed_id << 8 | packed[i];
			memset(&typed.id, 0xA5, sizeof(typed.id));
		}
		g.n = 0;
		cd_check_typed(none, fields, fields, &ctx, &typed, &g);
		for (int i = 0; i < g.n; i++)
			put_finding(text[1], sizeof(text[1]), &g.item[i]);
		/* an empty date is missing in both */
		count(&t, strcmp(text[0], text[1]) == 0, "%s: as text %s, as a type %s", s, text[0], text[1]);
		count(&known, typed.has_id == rec.has_id, "%s", s);
	}
	ok_tally(&t, 100000, "a typed number has the findings of the same text");
	ok_tally(&known, 100000, "and is understood as it is");
}

/* Year's ends against the number's year; birthdays, and the year after, against the age. */
static void
test_edges(void)
{
	static cd_findings f;
	tally		years = {0};
	tally		ages = {0};
	cd_context	ctx;
	cd_text		none[CD_NFIELDS] = {{NULL, 0}};
	cd_no_fault fault;
	int			fixed;

	cd_context_init(&ctx, CD_DATE_NONE);
	for (int y = 1999; y <= 2101; y++)
		for (int n = 0; n < 100; n++)
			for (int end = -1; end <= 1; end++)
			{
				char		s[32];
				cd_record	rec = {.has_no = true, .packed_id = -1};
				int			year = end < 0 ? y - 1 : y;

				snprintf(s, sizeof(s), "S000013000001%02d3000001", n);
				cd_certno_parse(s, CD_CERTNO_LEN, &rec.no, &fixed, &fault);
				/* 31 December, 1 January, 31 December */
				rec.date = end > 0 ? cd_date_to_days(y, 12, 31) : cd_date_to_days(y, 1, 1) + end;
				f.n = 0;
				cd_check_typed(none, 0, 0, &ctx, &rec, &f);
				count(&years, f.n == (year != 2000 + n) && (f.n == 0 || f.item[0].rule == CD_RULE_NO_YEAR),
					  "%s in %d, end %d", s, year, end);
			}
	ok_tally(&years, 30000, "a number's year holds from 1 January to 31 December");

	for (int y = 1890; y <= 2090; y++)
		for (int k = 0; k < 12; k++)
			for (int packed = 0; packed < 2; packed++)
			{
				static const int month[6] = {1, 2, 2, 3, 12, 12};
				static const int day[6] = {1, 28, 29, 1, 30, 31};
				int			m = month[k % 6];
				int			d = day[k % 6];
				cd_record	rec = {.has_id = true, .kind = CD_RESIDENT, .packed_id = -1};
				int32_t		of_age;

				if (!cd_date_valid(y, m, d))
					continue;
				rec.packed_id = INT64_C(130102) * 100000000000 + ((y * 100 + m) * INT64_C(100) + d) * 1000 + 123;
				cd_resident_print(rec.packed_id, rec.id.s);
				rec.id.len = rec.id.chars = 18;
				if (!packed)
					rec.packed_id = -1;
				/* born on 29 February: of age on 1 March where there is none */
				of_age = cd_date_valid(y + 16, m, d) ? cd_date_to_days(y + 16, m, d) : cd_date_to_days(y + 16, 3, 1);
				/* around the birth, the birthday, and the years after it */
				for (int32_t around = -3; around < 800; around += around < 3 ? 1 : 61)
				{
					int32_t		birth = cd_date_to_days(y, m, d);
					cd_rule_id	expected;

					rec.date = (k < 6 ? of_age : birth) + around;
					expected = rec.date < birth ? CD_RULE_ID_BIRTH_AFTER_ISSUE : CD_RULE_ID_AGE;
					f.n = 0;
					cd_check_typed(none, 0, 0, &ctx, &rec, &f);
					count(&ages, f.n == (rec.date < of_age) && (f.n == 0 || f.item[0].rule == expected),
						  "born %d-%d-%d, day %d, packed %d", y, m, d, (int) rec.date, packed);
				}
			}
	ok_tally(&ages, 40000, "sixteen on the birthday, as text and packed");
}

/* A TAB or line end is no space that a setting could allow: no type takes it. */
static void
test_fixed(void)
{
	static cd_findings f;
	tally		t = {0};
	cd_context	ctx;

	cd_context_init(&ctx, CD_DATE_NONE);
	for (int i = 0; i < 5; i++)
	{
		static const char *const inside[] = {" ", "\xE3\x80\x80", "\t", "\n", " x\r"};
		const char *value[CD_NFIELDS];
		char		name[40];
		char		found[1000];
		cd_record	rec;

		memcpy(value, lawful, sizeof(value));
		snprintf(name, sizeof(name), "阿%s里", inside[i]);
		value[CD_NAME] = name;
		findings_of(value, CD_ALL_FIELDS, &ctx, &rec, &f, found, sizeof(found));
		count(&t, f.n == 1 && f.item[0].rule == CD_RULE_NAME_SPACE && f.item[0].fixed == (i >= 2), "%d: %s", i, found);
	}
	ok_tally(&t, 5, "a TAB or line end in a name is fixed, other spaces are not");
}

/* Each rule that a record can break was broken above. */
static void
test_complete(void)
{
	int			never = 0;
	tally		guard = {0};

	for (int i = 0; i < CD_NRULES; i++)
	{
		const char *id = cd_rules[i].id;
		const char *part = strchr(id, '.');

		/*
		 * those of test_scope.c and test_lateness.c, which need more than a
		 * record
		 */
		if (strcmp(part, ".scope") == 0 || strcmp(part, ".brackets") == 0 || strncmp(part, ".filing", 7) == 0 ||
			strcmp(id, "issuer.unknown") == 0 || strcmp(id, "date.ceased") == 0 || strcmp(id, "date.late") == 0 ||
			strcmp(id, "date.beyond") == 0 || strcmp(id, "date.calendar") == 0)
			continue;
		/* what the guard asks of changes; it closes the list */
		if (i >= CD_RULE_NO_USED)
		{
			count(&guard, !rule_fired[i], "%s", id);
			continue;
		}
		if (rule_fired[i] || strncmp(id, "row.", 4) == 0 || strncmp(id, "header.", 7) == 0 ||
			strncmp(id, "file.", 5) == 0 || strcmp(id, "no.duplicate") == 0 || strcmp(id, "no.registered") == 0)
			continue;
		printf("# never: %s\n", id);
		never++;
	}
	ok(never == 0, "every rule about a record has been broken by one of these cases");
	ok_tally(&guard, CD_NRULES - CD_RULE_NO_USED, "and none of the rules about changes");
}

int
main(void)
{
	test_understood();
	run_cases(text_cases, sizeof(text_cases) / sizeof(text_cases[0]), "the six text fields");
	run_cases(coded_cases, sizeof(coded_cases) / sizeof(coded_cases[0]), "the five coded fields");
	test_pairs();
	test_complete();
	test_typed();
	test_fixed();
	test_edges();
	test_nastiest();
	test_random_records();
	return done_testing();
}
