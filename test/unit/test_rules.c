/*
 * test_rules.c
 *	  Looks for: a rule listed twice, one whose id and field disagree, a message
 *	  or hint missing in a language, an argument that only one language shows, a
 *	  message cut inside a character.
 */
#include "rule.h"
#include "tap.h"

static const char *
prefix_of(cd_field field)
{
	static const char *const prefix[CD_NFIELDS] = {
		"name.", "idtype.", "id.", "employer.", "occupation.", "worktype.", "level.", "no.",
		"date.", "evaluator.", "issuer."
	};

	return prefix[field];
}

static bool
starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Bits: 1 if %1 stands in it, 2 if %2, 4 if a lone %. */
static int
places(const char *s)
{
	int			found = 0;

	for (; (s = strchr(s, '%')) != NULL; s++)
		found |= s[1] >= '1' && s[1] <= '3' ? 1 << (s[1] - '1') : 8;
	return found;
}

static void
test_list(void)
{
	tally		ids = {0};
	tally		fields = {0};
	tally		texts = {0};
	tally		arguments = {0};
	tally		found = {0};

	for (int i = 0; i < CD_NRULES; i++)
	{
		const cd_rule *r = &cd_rules[i];
		const char *text[5] = {r->message_zh, r->message_en, r->hint_zh, r->hint_en, r->clause};
		bool		own = false;
		char		cut[64];

		for (int k = 0; k < i; k++)
			count(&ids, strcmp(cd_rules[k].id, r->id) != 0, "%s twice", r->id);
		count(&ids, strspn(r->id, "abcdefghijklmnopqrstuvwxyz_.0123456789") == strlen(r->id) &&
			  strchr(r->id, '.') == strrchr(r->id, '.') && strlen(r->id) < 32, "%s", r->id);
		if (r->field < CD_NFIELDS)
			own = starts(r->id, prefix_of(r->field));
		else
			own = starts(r->id, "cell.") || starts(r->id, "row.") || starts(r->id, "header.") ||
				starts(r->id, "file.") || starts(r->id, "actor.") || starts(r->id, "correction.") ||
				starts(r->id, "deletion.") || starts(r->id, "state.");
		count(&fields, own && r->field <= CD_NO_FIELD, "%s has field %d", r->id, r->field);
		count(&fields, r->severity == CD_ERROR || r->severity == CD_PRINCIPLE || r->severity == CD_WARNING, "%s", r->id);
		for (int k = 0; k < 5; k++)
			count(&texts, text[k] != NULL && text[k][0] != '\0' &&
				  cd_utf8_valid(text[k], strlen(text[k])) == strlen(text[k]) &&
				  strchr(text[k], '\n') == NULL, "%s, text %d", r->id, k);
		count(&arguments, places(r->message_zh) == places(r->message_en) &&
			  places(r->hint_zh) == places(r->hint_en) &&
			  !((places(r->message_zh) | places(r->hint_zh)) & 8), "%s", r->id);
		count(&found, cd_rule_find(r->id, strlen(r->id)) == i, "%s", r->id);
		snprintf(cut, sizeof(cut), "%sx", r->id);
		count(&found, cd_rule_find(cut, strlen(cut)) == -1, "%s", cut);
	}
	ok_tally(&ids, CD_NRULES, "ids are unique and plain");
	ok_tally(&fields, 2 * CD_NRULES, "an id begins with its field's prefix");
	ok_tally(&texts, 5 * CD_NRULES, "messages, hints and clauses in both languages");
	ok_tally(&arguments, CD_NRULES, "both languages show the same arguments");
	ok_tally(&found, 2 * CD_NRULES, "a rule is found by its id");
	ok(cd_rule_find("id.", 3) == -1 && cd_rule_find("", 0) == -1 && cd_rule_find("id.checksum", 10) == -1,
	   "and by nothing else");
	/* cd_finding keeps it in a byte */
	ok(CD_NRULES > 80 && CD_NRULES <= 255, "%d rules", CD_NRULES);
	ok(strcmp(cd_severity_name[CD_ERROR], "error") == 0 && strcmp(cd_severity_name[CD_PRINCIPLE], "principle") == 0 &&
	   strcmp(cd_severity_name[CD_WARNING], "warning") == 0, "severities");
	ok(strcmp(cd_field_name[CD_NAME], "姓名") == 0 && strcmp(cd_field_name[CD_ISSUER], "发证机构") == 0 &&
	   cd_field_name[CD_NO_FIELD][0] == '\0', "fields");
}

/* What every field must have: Annex 1. */
static void
test_families(void)
{
	static const cd_field text_field[] = {
		CD_NAME, CD_EMPLOYER, CD_OCCUPATION, CD_WORK_TYPE, CD_EVALUATOR, CD_ISSUER
	};
	static const char *const of_text[] = {"length", "control", "space", "private_use"};
	tally		t = {0};

	for (size_t i = 0; i < 6; i++)
		for (size_t k = 0; k < 4; k++)
		{
			char		id[40];
			char		number[16];
			int			rule;

			snprintf(id, sizeof(id), "%s%s", prefix_of(text_field[i]), of_text[k]);
			rule = cd_rule_find(id, strlen(id));
			count(&t, rule >= 0 && cd_rules[rule].field == text_field[i], "%s", id);
			/* the length that the message names is the one that is asked */
			snprintf(number, sizeof(number), "%d", cd_max_chars[text_field[i]]);
			if (k == 0 && rule >= 0)
				count(&t, strstr(cd_rules[rule].message_zh, number) && strstr(cd_rules[rule].message_en, number) &&
					  strstr(cd_rules[rule].hint_zh, number) && strstr(cd_rules[rule].hint_en, number), "%s", id);
		}
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		char		id[40];

		snprintf(id, sizeof(id), "%srequired", prefix_of((cd_field) i));
		count(&t, (cd_rule_find(id, strlen(id)) >= 0) == (i != CD_EMPLOYER && i != CD_WORK_TYPE), "%s", id);
	}
	ok_tally(&t, 41, "each field's family of rules");
}

static const char *
formatted(const char *fmt, const char *arg1, const char *arg2)
{
	static char out[400];
	cd_finding	finding = {0};

	snprintf(finding.arg1, CD_ARG_SIZE, "%s", arg1);
	snprintf(finding.arg2, CD_ARG_SIZE, "%s", arg2);
	cd_format(out, sizeof(out), fmt, &finding);
	return out;
}

static void
test_format(void)
{
	cd_finding	finding = {0};
	char		whole[2000];
	tally		cut = {0};
	tally		pattern = {0};

	is(formatted("第%1位应为%2", "3", "0-9"), "第3位应为0-9", "both arguments");
	is(formatted("%2%1%2", "a", "b"), "bab", "in any order, more than once");
	is(formatted("100% of %4, %%1, %", "a", "b"), "100% of %4, %a, %", "a % that is no argument stays");
	is(formatted("%1 (%3)", "a", "b"), "a ()", "a third argument that is not there");
	finding.arg3 = "甲校、乙校";
	cd_format(whole, sizeof(whole), "备案的是%3", &finding);
	is(whole, "备案的是甲校、乙校", "a third argument");
	finding.arg3 = NULL;
	is(formatted("%1", "%2", "x"), "%2", "an argument is not read as a message");
	is(formatted("", "a", "b"), "", "an empty message");
	is(formatted("%1%2", "", ""), "", "empty arguments");

	for (int i = 0; i < CD_NRULES; i++)
		for (int k = 0; k < 4; k++)
		{
			const cd_rule *r = &cd_rules[i];
			const char *fmt = k == 0 ? r->message_zh : k == 1 ? r->message_en : k == 2 ? r->hint_zh : r->hint_en;
			size_t		n;

			strcpy(finding.arg1, "一二三四五六七八九十一二三四五六七八九十𠮷");
			strcpy(finding.arg2, "é");
			n = cd_format(whole, sizeof(whole), fmt, &finding);
			count(&pattern, n == strlen(whole) && strstr(whole, "%1") == NULL && strstr(whole, "%2") == NULL, "%s", r->id);
			for (size_t size = 1; size <= n + 2; size++)
			{
				char	   *buf = malloc(size);
				size_t		len = cd_format(buf, size, fmt, &finding);

				count(&cut, len < size && buf[len] == '\0' && memcmp(buf, whole, len) == 0 &&
					  cd_utf8_valid(buf, len) == len && (size <= n ? len + 4 >= size : len == n),
					  "%s in %zu bytes: %s", r->id, size, buf);
				free(buf);
			}
			/* without a finding the message stands for all its kind */
			n = cd_format(whole, sizeof(whole), fmt, NULL);
			count(&pattern, strchr(whole, '%') == NULL && cd_utf8_valid(whole, n) == n, "%s", r->id);
		}
	ok_tally(&pattern, 8 * CD_NRULES, "every message filled, and without a finding");
	ok_tally(&cut, 20000, "cut to every size: whole characters, as many as fit");
}

static void
test_find(void)
{
	static cd_findings f;
	tally		t = {0};

	for (int i = 0; i < CD_MAX_FINDINGS + 10; i++)
	{
		cd_finding *item = cd_find(&f, CD_RULE_NAME_SPACE, CD_NAME);

		count(&t, item == &f.item[i < CD_MAX_FINDINGS ? i : CD_MAX_FINDINGS - 1] && item->arg1[0] == '\0' &&
			  item->arg2[0] == '\0', "finding %d", i);
		item->arg1[0] = item->arg2[0] = 'x';
	}
	ok_tally(&t, CD_MAX_FINDINGS + 10, "findings one after another, never beyond the last place");
	ok(f.n == CD_MAX_FINDINGS, "and are counted");
}

int
main(void)
{
	test_list();
	test_families();
	test_format();
	test_find();
	return done_testing();
}
