/*
 * fuzz_level.c
 *	  libFuzzer target: any text as a skill level.  max_len: 72
 *
 * What is understood is one of a list of spellings made here from the grades'
 * names and titles, and means the grade it was made from.
 */
#include "rule.h"
#include "fuzz.h"

#include <stdio.h>

#define SPELLINGS 60
static char spelling[SPELLINGS][64];
static cd_level meaning[SPELLINGS];
static bool regular[SPELLINGS];
static int	spellings;

static void
add(cd_level level, bool is_regular, const char *a, const char *b, const char *c, const char *d)
{
	snprintf(spelling[spellings], sizeof(spelling[0]), "%s%s%s%s", a, b, c, d);
	meaning[spellings] = level;
	regular[spellings++] = is_regular;
}

static void
make_list(void)
{
	static const char *const title[] = {"初级工", "中级工", "高级工", "技师", "高级技师"};
	static const char *const grade[] = {"五级", "四级", "三级", "二级", "一级"};
	static const char *const digit[] = {"5", "4", "3", "2", "1"};

	add(CD_APPRENTICE, true, "学徒工", "", "", "");
	add(CD_SENIOR_PLUS, true, "特级技师", "", "", "");
	add(CD_CHIEF, true, "首席技师", "", "", "");
	for (int i = 0; i < 5; i++)
	{
		cd_level	level = (cd_level) (CD_LEVEL_5 + i);

		add(level, true, grade[i], "", "", "");
		add(level, true, grade[i], "/", title[i], "");
		add(level, false, title[i], "/", grade[i], "");
		add(level, false, grade[i], "(", title[i], ")");
		add(level, false, title[i], "(", grade[i], ")");
		add(level, false, title[i], "", "", "");
		add(level, false, digit[i], "", "", "");
		add(level, false, digit[i], "级", "", "");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t		valid = naive_valid(data, len);
	char	   *s = exact_copy(data, valid);
	const char *p = s;
	char		folded[320];
	size_t		n = 0;
	bool		variant = true;
	cd_level	level = cd_level_parse(s, valid, &variant);
	int			i = 0;

	if (spellings == 0)
		make_list();
	while (p < s + valid)
		n += (size_t) cd_utf8_encode(cd_fold_width(cd_utf8_next(&p, s + valid)), folded + n);
	while (i < spellings && !(strlen(spelling[i]) == n && memcmp(folded, spelling[i], n) == 0))
		i++;
	if (i == spellings)
		must(level == CD_LEVEL_NONE && !variant);
	else
		must(level == meaning[i] && variant == !(regular[i] && n == valid && memcmp(s, folded, n) == 0));
	free(s);
	return 0;
}
