/*
 * test_memo.c
 *	  Looks for: a finding lost because something like the record had none
 *	  before: on another day, in another column, with a text or number alike but
 *	  for a byte, at another length, or after the memo was full.
 */
#include "memo.h"
#include "cell.h"
#include "record.h"

#define RECORDS 60000

/* Texts that differ in one byte, at every length that is compared in a way of its own. */
#define NTEXTS 60
static char made[NTEXTS][400];

static void
make_texts(void)
{
	/* 1 to 41 Han: up to 123 bytes, so that some are too long to be kept */
	static const int lengths[15] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 21, 39, 40, 41, 101};

	for (int i = 0; i < NTEXTS; i++)
	{
		int			n = lengths[i / 4];

		for (int k = 0; k < n; k++)
			strcat(made[i], "校");
		/* another last, middle or first character: 样 differs in two bytes */
		if (i % 4 > 0)
			memcpy(made[i] + 3 * (i % 4 == 1 ? n - 1 : i % 4 == 2 ? n / 2 : 0), i % 4 == 3 ? "栢" : "样", 3);
	}
}

static const char *
any_text(int first, int of)
{
	static const char *const odd[] = {
		"", "无", "a", "ab", "abc", "a b", "技师(学院)", "技师（学院）", "\xEE\x80\x80", "'", "\t校", "=\"校\"", "#N/A", "-"
	};

	if (random_below(12) == 0)
		return odd[random_below(sizeof(odd) / sizeof(odd[0]))];
	/* a few of them often */
	return made[first + (int) random_below((unsigned) of)];
}

/* ---- a scope whose verdict shows every part of what it may depend on ---- */

#define SEASON 97

typedef struct model
{
	struct cd_scope_check check;
	long		asked;
} model;

static uint32_t
sum_of(uint32_t sum, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ ((const unsigned char *) bytes)[i]) * 16777619u;
	return (sum ^ (uint32_t) len) * 16777619u;
}

/* One of five combinations is out of scope, in each season of days another. */
static void
judge(void *arg, const cd_text field[CD_NFIELDS], const cd_record *rec, cd_findings *f, cd_days *same)
{
	static const cd_field part[] = {CD_OCCUPATION, CD_WORK_TYPE, CD_EVALUATOR, CD_ISSUER};
	model	   *m = arg;
	int32_t		season = rec->date == CD_DATE_NONE ? 0 : (rec->date + 1000 * SEASON) / SEASON;
	uint64_t	filing = rec->has_no ? cd_certno_filing_key(&rec->no) : 1;
	uint32_t	sum = 2166136261u;

	m->asked++;
	for (int i = 0; i < 4; i++)
		sum = sum_of(sum, field[part[i]].ptr, field[part[i]].len);
	sum = sum_of(sum, &filing, sizeof(filing));
	sum = sum_of(sum, &rec->level, sizeof(rec->level));
	sum = sum_of(sum, &season, sizeof(season));
	*same = (cd_days) {season * SEASON - 1000 * SEASON, season * SEASON - 1000 * SEASON + SEASON - 1};
	if (rec->date == CD_DATE_NONE)
		*same = (cd_days) {CD_DAYS_FIRST, CD_DAYS_LAST};
	if ((sum ^ sum >> 15) % 5 == 0)
		cd_find_int(f, CD_RULE_ISSUER_UNKNOWN, CD_ISSUER, (long) sum);
}

/* ---- records with few values ---- */

static void
make_record(cd_text field[CD_NFIELDS], cd_record *rec, int first, int of, bool *typed)
{
	static const char *const level[] = {"五级", "四级", "三级", "高级工", "", "x"};
	static const cd_field text_field[] = {CD_NAME, CD_EMPLOYER, CD_OCCUPATION, CD_WORK_TYPE, CD_EVALUATOR, CD_ISSUER};
	char		value[CD_NFIELDS][400];

	for (int i = 0; i < CD_NFIELDS; i++)
		strcpy(value[i], lawful[i]);
	for (int i = 0; i < 6; i++)
		strcpy(value[text_field[i]], any_text(first, of));
	if (random_below(2))
		strcpy(value[CD_ISSUER], value[CD_EVALUATOR]);
	strcpy(value[CD_LEVEL], level[random_below(random_below(8) ? 3 : 6)]);
	if (random_below(8) == 0)
		snprintf(value[CD_CERT_NO], sizeof(value[0]), "S0000%02d0000%02u22%u%06u", 11 + (int) random_below(5),
				 random_below(3), 1 + random_below(5), random_below(1000000));
	/* the ends of seasons and the days around them */
	if (random_below(20) == 0)
		value[CD_ISSUE_DATE][0] = '\0';
	else
	{
		int32_t		day = (83 + (int32_t) random_below(3)) * SEASON + (int32_t) random_below(4) - 2;

		cd_date_print(day, value[CD_ISSUE_DATE]);
		value[CD_ISSUE_DATE][10] = '\0';
	}
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		field[i].len = strlen(value[i]);
		field[i].ptr = field[i].len > 0 ? exact_copy(value[i], field[i].len) : NULL;
	}
	memset(rec, 0, sizeof(*rec));
	rec->packed_id = -1;
	rec->date = CD_DATE_NONE;
	*typed = random_below(2) > 0;
	if (*typed)
	{
		cd_no_fault fault;
		bool		variant;
		int			fixed;

		rec->has_no = cd_certno_parse(field[CD_CERT_NO].ptr, field[CD_CERT_NO].len, &rec->no, &fixed, &fault) == CD_NO_OK;
		rec->level = field[CD_LEVEL].len > 0 ? cd_level_parse(field[CD_LEVEL].ptr, field[CD_LEVEL].len, &variant) : CD_LEVEL_NONE;
		if (field[CD_ISSUE_DATE].len > 0)
			cd_date_parse(field[CD_ISSUE_DATE].ptr, field[CD_ISSUE_DATE].len, &rec->date);
	}
}

static void
findings_text(const cd_text *field, unsigned fields, unsigned typed, const cd_context *ctx,
			  const cd_record *from, cd_record *rec, char *out, size_t size)
{
	static cd_findings f;

	*rec = *from;
	f.n = 0;
	cd_check_typed(field, fields, typed, ctx, rec, &f);
	out[0] = '\0';
	for (int i = 0; i < f.n; i++)
		put_finding(out, size, &f.item[i]);
}

/*
 * With a memo of that size the findings are those without; a full one is begun
 * anew, or kept on full.
 */
static void
test_same(int text_bits, int row_bits, int first, int of, bool renew)
{
	tally		t = {0};
	model		plain = {{judge, &plain}, 0};
	model		aided = {{judge, &aided}, 0};
	cd_context	ctx;
	cd_memo		memo;
	cd_memo_text *text = malloc(sizeof(cd_memo_text) * CD_MEMO_SLOTS(text_bits));
	cd_memo_row *row = malloc(sizeof(cd_memo_row) * CD_MEMO_SLOTS(row_bits));
	long		known = 0;
	char		name[120];

	memset(text, 0xA5, sizeof(cd_memo_text) * CD_MEMO_SLOTS(text_bits));
	memset(row, 0xA5, sizeof(cd_memo_row) * CD_MEMO_SLOTS(row_bits));
	cd_context_init(&ctx, CD_DATE_NONE);
	cd_memo_init(&memo, text, text_bits, row, row_bits);
	for (int n = 0; n < RECORDS; n++)
	{
		static char expected[40000];
		static char got[40000];
		const unsigned coded = 1u << CD_LEVEL | 1u << CD_CERT_NO | 1u << CD_ISSUE_DATE;
		cd_text		field[CD_NFIELDS];
		cd_record	from;
		cd_record	rec[2];
		bool		is_typed;
		unsigned	fields = random_below(10) ? CD_ALL_FIELDS : random_below(CD_ALL_FIELDS + 1);

		make_record(field, &from, first, of, &is_typed);
		ctx.scope = &plain.check;
		ctx.memo = NULL;
		findings_text(field, fields, is_typed ? coded : 0, &ctx, &from, &rec[0], expected, sizeof(expected));
		ctx.scope = &aided.check;
		ctx.memo = &memo;
		findings_text(field, fields, is_typed ? coded : 0, &ctx, &from, &rec[1], got, sizeof(got));
		count(&t, strcmp(expected, got) == 0, "%s, not %s", got, expected);
		if (memo.full && renew)
		{
			known += (long) memo.known;
			cd_memo_init(&memo, text, text_bits, row, row_bits);
		}
		for (int i = 0; i < CD_NFIELDS; i++)
			free((char *) field[i].ptr);
	}
	known += (long) memo.known;
	snprintf(name, sizeof(name), "2^%d texts, 2^%d combinations%s: the findings are those without a memo",
			 text_bits, row_bits, renew ? ", begun anew" : "");
	ok_tally(&t, RECORDS, name);
	ok(known > RECORDS / 400 && plain.asked - aided.asked == known, "and it did help: %ld of %d", known, RECORDS);
	free(text);
	free(row);
}

int
main(void)
{
	make_texts();
	/* a few short ones, then of all lengths */
	test_same(8, 12, 0, 2, true);
	test_same(8, 16, 0, 12, true);
	test_same(8, 16, 30, 14, true);
	/* alike but for a byte, and every text in the way of every other */
	test_same(2, 10, 40, 2, true);
	test_same(4, 8, 36, 4, false);
	test_same(16, 2, 0, 3, true);
	return done_testing();
}
