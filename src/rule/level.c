/*
 * level.c
 *	  职业技能等级: the eight grades and the ways people write them.
 */
#include "rule.h"

#include <string.h>

const char *const cd_level_name[CD_NLEVELS] = {
	"", "学徒工", "五级", "四级", "三级", "二级", "一级", "特级技师", "首席技师"
};

/* The worker's title of grades five to one: the other half of the official pair. */
static const char *const title[CD_NLEVELS] = {
	"", "", "初级工", "中级工", "高级工", "技师", "高级技师", "", ""
};

/* The longest accepted writing, 高级技师(一级), and its slack. */
#define LEVEL_SIZE 64

#define GRADE_SIZE (sizeof("五级") - 1)

static bool
take(const char **s, const char *end, const char *word)
{
	size_t		len = strlen(word);

	if (len == 0 || (size_t) (end - *s) < len || memcmp(*s, word, len) != 0)
		return false;
	*s += len;
	return true;
}

/* All of s is a, then open, then b, then close. */
static bool
is_joined(const char *s, const char *end, const char *a, const char *open,
		  const char *b, const char *close)
{
	return take(&s, end, a) && take(&s, end, open) && take(&s, end, b) &&
		(*close == '\0' || take(&s, end, close)) && s == end;
}

static bool
is_word(const char *s, const char *end, const char *word)
{
	return take(&s, end, word) && s == end;
}

/* Is the folded text a writing of the grade?  Bare grades are not asked. */
static bool
is_variant(const char *s, const char *end, int level)
{
	const char *name = cd_level_name[level];
	char		digit[8] = {(char) ('0' + CD_LEVEL_1 + 1 - level), '\0'};

	if (title[level][0] == '\0')
		return is_word(s, end, name);
	if (is_word(s, end, name) || is_word(s, end, title[level]) || is_word(s, end, digit) ||
		is_joined(s, end, name, "/", title[level], "") ||
		is_joined(s, end, title[level], "/", name, "") ||
		is_joined(s, end, name, "(", title[level], ")") ||
		is_joined(s, end, title[level], "(", name, ")"))
		return true;
	strcat(digit, "级");
	return is_word(s, end, digit);
}

cd_level
cd_level_parse(const char *s, size_t len, bool *variant)
{
	const char *end = s + len;
	char		folded[LEVEL_SIZE];
	size_t		n = 0;

	*variant = false;
	if (len == GRADE_SIZE)		/* 五级 to 一级: nearly all of them */
		for (int i = CD_LEVEL_5; i <= CD_LEVEL_1; i++)
			if (memcmp(s, cd_level_name[i], GRADE_SIZE) == 0)
				return (cd_level) i;
	for (int i = 1; i < CD_NLEVELS; i++)
		if (is_word(s, end, cd_level_name[i]) ||
			is_joined(s, end, cd_level_name[i], "/", title[i], ""))
			return (cd_level) i;
	while (s < end)
	{
		if (n + 4 > sizeof(folded))
			return CD_LEVEL_NONE;
		n += (size_t) cd_utf8_encode(cd_fold_width(cd_utf8_next(&s, end)), folded + n);
	}
	for (int i = 1; i < CD_NLEVELS; i++)
		if (is_variant(folded, folded + n, i))
		{
			*variant = true;
			return (cd_level) i;
		}
	return CD_LEVEL_NONE;
}
