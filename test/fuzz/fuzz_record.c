/*
 * fuzz_record.c
 *	  libFuzzer target: eleven fields, each ended by a line end.  max_len: 600
 *
 * The first byte chooses the context.  Findings have room, stand in the order
 * of the fields, have valid arguments, contradict neither each other nor what
 * is said to be understood; a field alone is found to have what it has in
 * company, but for the rules between fields.
 */
#include "rule.h"
#include "fuzz.h"

/* Line ends are taken: a vertical TAB stands for one inside a field. */
static char *
take_field(const char **s, const char *end, size_t *len)
{
	const char *stop = *s < end ? memchr(*s, '\n', (size_t) (end - *s)) : NULL;
	char	   *copy;

	*len = (size_t) ((stop ? stop : end) - *s);
	copy = exact_copy(*s, *len);
	*s += *len + (stop != NULL);
	for (size_t i = 0; i < *len; i++)
		if (copy[i] == '\x0B')
			copy[i] = '\n';
	return copy;
}

static int
times(const cd_findings *f, cd_rule_id rule)
{
	int			n = 0;

	for (int i = 0; i < f->n; i++)
		n += f->item[i].rule == rule;
	return n;
}

static void
check_findings(const cd_findings *f, unsigned fields)
{
	must(f->n >= 0 && f->n < CD_MAX_FINDINGS);
	for (int i = 0; i < f->n; i++)
	{
		const cd_finding *item = &f->item[i];
		const cd_rule *rule = &cd_rules[item->rule];

		must(item->rule < CD_NRULES && item->field < CD_NFIELDS);
		must(rule->field == CD_NO_FIELD || rule->field == (cd_field) item->field);
		must(fields >> item->field & 1);
		must(i == 0 || f->item[i - 1].field <= item->field);
		must(memchr(item->arg1, '\0', CD_ARG_SIZE) && memchr(item->arg2, '\0', CD_ARG_SIZE));
		must(naive_valid((const unsigned char *) item->arg1, strlen(item->arg1)) == strlen(item->arg1));
		/* once per field, whatever it is */
		for (int k = i - 1; k >= 0 && f->item[k].field == item->field; k--)
			must(f->item[k].rule != item->rule);
	}
}

/* What excludes what. */
static void
check_sense(const cd_findings *f, const cd_record *rec, const cd_text *field)
{
	int			unread = times(f, CD_RULE_ID_REQUIRED) + times(f, CD_RULE_ID_MASKED) +
	times(f, CD_RULE_ID_CONTROL) + times(f, CD_RULE_ID_LENGTH);
	int			whole = times(f, CD_RULE_ID_OLD15) + times(f, CD_RULE_ID_LAYOUT);
	int			unread_no = times(f, CD_RULE_NO_REQUIRED) + times(f, CD_RULE_NO_MASKED) +
	times(f, CD_RULE_NO_OLD) + times(f, CD_RULE_NO_RSN) + times(f, CD_RULE_NO_LENGTH) +
	times(f, CD_RULE_NO_LAYOUT);

	must(unread <= 1 && !(unread && rec->has_id));
	must(whole + times(f, CD_RULE_ID_KIND) <= 1);
	if (f->n == 0)
	{
		must(rec->has_id && rec->has_no && rec->date != CD_DATE_NONE);
		must(rec->kind != CD_KIND_NONE && rec->level != CD_LEVEL_NONE);
		return;
	}
	must(times(f, CD_RULE_ID_CHECKSUM) + times(f, CD_RULE_ID_DAMAGED) <= 1);
	must(times(f, CD_RULE_ID_AGE) + times(f, CD_RULE_ID_BIRTH_AFTER_ISSUE) <= 1);
	if (whole + times(f, CD_RULE_ID_KIND) + times(f, CD_RULE_ID_BIRTH_DATE))
		must(times(f, CD_RULE_ID_AGE) + times(f, CD_RULE_ID_BIRTH_AFTER_ISSUE) == 0);
	must(unread_no <= 1 && !(unread_no && rec->has_no));
	if (!rec->has_no)
		must(times(f, CD_RULE_NO_YEAR) + times(f, CD_RULE_NO_LEVEL) + times(f, CD_RULE_NO_WIDTH) == 0);
	must(times(f, CD_RULE_NO_LEVEL) + times(f, CD_RULE_NO_LEVEL_LETTER) <= 1);
	must((rec->kind == CD_KIND_NONE) ||
		 times(f, CD_RULE_IDTYPE_UNKNOWN) + times(f, CD_RULE_IDTYPE_REQUIRED) == 0);
	must((rec->level == CD_LEVEL_NONE) ||
		 times(f, CD_RULE_LEVEL_UNKNOWN) + times(f, CD_RULE_LEVEL_REQUIRED) == 0);
	must((rec->date == CD_DATE_NONE) ||
		 times(f, CD_RULE_DATE_FORM) + times(f, CD_RULE_DATE_REAL) + times(f, CD_RULE_DATE_REQUIRED) == 0);
	must(!(times(f, CD_RULE_NAME_MASKED) && times(f, CD_RULE_NAME_SEPARATOR)));
	must(!(times(f, CD_RULE_NAME_LENGTH) && times(f, CD_RULE_NAME_DOUBLE_BYTE)) || field[CD_NAME].len > 40);
	/* nothing that was not understood goes by without a finding */
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		bool		understood = i == CD_ID_TYPE ? rec->kind != CD_KIND_NONE : i == CD_ID_NUMBER ? rec->has_id :
		i == CD_LEVEL ? rec->level != CD_LEVEL_NONE : i == CD_CERT_NO ? rec->has_no :
		i == CD_ISSUE_DATE ? rec->date != CD_DATE_NONE : true;
		bool		found = false;

		for (int k = 0; k < f->n; k++)
			found |= f->item[k].field == i;
		must(understood || found);
	}
}

/* Each field alone has what it has in company, but for the rules between fields. */
static void
check_alone(const cd_text *field, const cd_context *ctx, const cd_record *rec, const cd_findings *all)
{
	static cd_findings one;
	cd_record	alone;
	int			sum = 0;
	int			between = 0;

	for (int i = 0; i < CD_NFIELDS; i++)
	{
		one.n = 0;
		cd_check_record(field, 1u << i, ctx, &alone, &one);
		check_findings(&one, 1u << i);
		sum += one.n;
	}
	for (int i = 0; i < all->n; i++)
		between += all->item[i].rule >= CD_RULE_ID_OLD15 && all->item[i].rule <= CD_RULE_ID_AGE;
	between += times(all, CD_RULE_NO_YEAR) + times(all, CD_RULE_NO_LEVEL) + times(all, CD_RULE_NO_LEVEL_LETTER);
	/* alone, only a level digit that no grade has is found */
	must(all->n - between <= sum && sum <= all->n + (rec->has_no ? 1 : 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static cd_findings all;
	static cd_findings one;
	cd_text		field[CD_NFIELDS];
	char	   *memory[CD_NFIELDS];
	const char *s = (const char *) data + 1;
	const char *end;
	cd_context	ctx;
	cd_record	rec;
	cd_record	alone;

	if (len == 0)
		return 0;
	end = s + naive_valid(data + 1, len - 1);
	cd_context_init(&ctx, data[0] & 1 ? CD_DATE_NONE : cd_date_to_days(2026, 1, 1));
	for (int i = 0; i < 26 && data[0] & 2; i++)
		ctx.level_of[i] = (uint8_t) (i % CD_NLEVELS);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		memory[i] = take_field(&s, end, &field[i].len);
		field[i].ptr = field[i].len ? memory[i] : NULL;
	}
	all.n = 0;
	cd_check_record(field, CD_ALL_FIELDS, &ctx, &rec, &all);
	check_findings(&all, CD_ALL_FIELDS);
	check_sense(&all, &rec, field);
	/* eleven more checks are slow: for one input in four */
	if ((data[0] & 12) == 0)
		check_alone(field, &ctx, &rec, &all);

	/*
	 * the same, with the kinds of their own proved already: only the rules
	 * between
	 */
	one.n = 0;
	alone = rec;
	cd_check_typed(field, 1u << CD_CERT_NO | 1u << CD_ID_NUMBER | 1u << CD_LEVEL,
				   1u << CD_CERT_NO | 1u << CD_ID_NUMBER | 1u << CD_LEVEL, &ctx, &alone, &one);
	must(times(&one, CD_RULE_NO_YEAR) == times(&all, CD_RULE_NO_YEAR));
	must(times(&one, CD_RULE_NO_LEVEL) == times(&all, CD_RULE_NO_LEVEL));
	must(times(&one, CD_RULE_ID_CHECKSUM) == times(&all, CD_RULE_ID_CHECKSUM));
	must(times(&one, CD_RULE_ID_REQUIRED) == !rec.has_id);
	for (int i = 0; i < CD_NFIELDS; i++)
		free(memory[i]);
	return 0;
}
