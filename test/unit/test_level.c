/*
 * test_level.c
 *	  Looks for: an accepted spelling that is refused or taken for another
 *	  grade, a word taken that names no grade, an official form called a variant.
 */
#include "rule.h"
#include "tap.h"

typedef struct spelling
{
	const char *text;
	cd_level	level;
	bool		variant;
} spelling;

static const spelling spellings[] = {
	{"学徒工", CD_APPRENTICE, false},
	{"五级", CD_LEVEL_5, false},
	{"四级", CD_LEVEL_4, false},
	{"三级", CD_LEVEL_3, false},
	{"二级", CD_LEVEL_2, false},
	{"一级", CD_LEVEL_1, false},
	{"特级技师", CD_SENIOR_PLUS, false},
	{"首席技师", CD_CHIEF, false},
	{"五级/初级工", CD_LEVEL_5, false},
	{"四级/中级工", CD_LEVEL_4, false},
	{"三级/高级工", CD_LEVEL_3, false},
	{"二级/技师", CD_LEVEL_2, false},
	{"一级/高级技师", CD_LEVEL_1, false},
	{"三级／高级工", CD_LEVEL_3, true},
	{"高级工/三级", CD_LEVEL_3, true},
	{"三级(高级工)", CD_LEVEL_3, true},
	{"三级（高级工）", CD_LEVEL_3, true},
	{"三级（高级工)", CD_LEVEL_3, true},
	{"高级工(三级)", CD_LEVEL_3, true},
	{"高级工（三级）", CD_LEVEL_3, true},
	{"初级工", CD_LEVEL_5, true},
	{"中级工", CD_LEVEL_4, true},
	{"高级工", CD_LEVEL_3, true},
	{"技师", CD_LEVEL_2, true},
	{"高级技师", CD_LEVEL_1, true},
	{"高级技师（一级）", CD_LEVEL_1, true},
	{"技师/二级", CD_LEVEL_2, true},
	{"5", CD_LEVEL_5, true},
	{"4", CD_LEVEL_4, true},
	{"3", CD_LEVEL_3, true},
	{"2", CD_LEVEL_2, true},
	{"1", CD_LEVEL_1, true},
	{"１", CD_LEVEL_1, true},
	{"3级", CD_LEVEL_3, true},
	{"３级", CD_LEVEL_3, true},
	{"5级", CD_LEVEL_5, true}
};

static const char *const refused[] = {
	"", "高级", "中级", "初级", "0", "6", "7", "33", "3级级", "级", "零级", "六级", "0级", "6级",
	"三级/中级工", "三级/技师", "三级(中级工)", "高级工/二级", "三级/", "/三级", "三级/三级",
	"三级(高级工", "三级高级工", "三级)高级工(", "三级()", "高级工/三级/", "三级/高级工 ", " 三级",
	"三 级", "技师(高级)", "特级", "首席", "特级技师/一级", "首席技师/", "学徒", "学徒工/", "三",
	"III", "03", "3.0", "Ⅲ", "叁级", "高级技师技师", "一级/技师", "二级/高级技师", "-", "#N/A",
	"\xE4\xB8\x89\xE7\xBA\xA8", "三级/高级工三级/高级工三级/高级工三级/高级工三级/高级工三级/高级工"
};

int
main(void)
{
	tally		t = {0};
	tally		wide = {0};
	bool		variant;

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
	{
		const spelling *s = &spellings[i];
		char	   *copy = exact_copy(s->text, strlen(s->text));

		variant = !s->variant;
		count(&t, cd_level_parse(copy, strlen(s->text), &variant) == s->level &&
			  variant == s->variant, "%s", s->text);
		free(copy);
	}
	ok_tally(&t, 36, "accepted spellings");

	memset(&t, 0, sizeof(t));
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		char	   *copy = exact_copy(refused[i], strlen(refused[i]));

		variant = true;
		count(&t, cd_level_parse(copy, strlen(refused[i]), &variant) == CD_LEVEL_NONE && !variant,
			  "%s", refused[i]);
		free(copy);
	}
	ok_tally(&t, 49, "what names no grade");

	/* each prefix of each spelling, cut inside characters, too */
	memset(&t, 0, sizeof(t));
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		for (size_t len = 0; len < strlen(spellings[i].text); len++)
		{
			char	   *copy = exact_copy(spellings[i].text, len);
			cd_level	level = cd_level_parse(copy, len, &variant);

			count(&t, level == CD_LEVEL_NONE || cd_utf8_valid(copy, len) == len,
				  "%zu bytes of %s", len, spellings[i].text);
			free(copy);
		}
	ok_tally(&t, 300, "cut spellings");

	/* all single characters: the five digits of both widths, nothing else */
	for (uint32_t c = 1; c < 0x20000; c++)
	{
		char		s[4];
		uint32_t	digit = c > 0xFF00 ? c - 0xFEE0 : c;
		cd_level	expected = digit >= '1' && digit <= '5' ? (cd_level) (CD_LEVEL_1 + '1' - digit) : CD_LEVEL_NONE;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		count(&wide, cd_level_parse(s, (size_t) cd_utf8_encode(c, s), &variant) == expected,
			  "U+%04X", (unsigned) c);
	}
	ok_tally(&wide, 0x1F7FF, "single characters");

	ok(CD_APPRENTICE < CD_LEVEL_5 && CD_LEVEL_5 < CD_LEVEL_4 && CD_LEVEL_4 < CD_LEVEL_3 &&
	   CD_LEVEL_3 < CD_LEVEL_2 && CD_LEVEL_2 < CD_LEVEL_1 && CD_LEVEL_1 < CD_SENIOR_PLUS &&
	   CD_SENIOR_PLUS < CD_CHIEF && CD_CHIEF + 1 == CD_NLEVELS, "the eight grades in order");
	memset(&t, 0, sizeof(t));
	for (int i = 1; i < CD_NLEVELS; i++)
		count(&t, cd_level_parse(cd_level_name[i], strlen(cd_level_name[i]), &variant) == (cd_level) i && !variant,
			  "%s", cd_level_name[i]);
	ok_tally(&t, 8, "a grade's own name is that grade");
	return done_testing();
}
