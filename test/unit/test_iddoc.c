/*
 * test_iddoc.c
 *	  Looks for: a spelling of one of the twelve kinds that is not understood or
 *	  wrongly called regular, a number whose canonical form is not stable, a
 *	  packed number that comes back changed or sorts elsewhere.
 */
#include "rule.h"
#include "tap.h"

static const char *const republic = "中华人民共和国";

static void
put(char *out, const char *const *piece)
{
	*out = '\0';
	for (; *piece; piece++)
		strcat(out, *piece);
}

static cd_kind
kind_of(const char *s, bool *variant)
{
	char	   *copy = exact_copy(s, strlen(s));
	cd_kind		kind = cd_kind_parse(copy, strlen(s), variant);

	free(copy);
	return kind;
}

static void
test_kinds(void)
{
	static const char *const printed[3] = {
		"《中华人民共和国外国人工作许可证》(A 类)", "《中华人民共和国外国人工作许可证》(B 类)",
		"《中华人民共和国外国人工作许可证》(C 类)"
	};
	tally		t = {0};
	bool		variant;

	for (int k = 1; k < CD_NKINDS; k++)
	{
		char		s[200];
		const char *name = cd_kind_name[k];

		count(&t, kind_of(name, &variant) == (cd_kind) k && !variant, "%s", name);
		/* a space or invisible character before each character */
		for (size_t at = 0; at <= strlen(name); at++)
		{
			if (at < strlen(name) && ((unsigned char) name[at] & 0xC0) == 0x80)
				continue;
			sprintf(s, "%.*s%s%s", (int) at, name, at & 1 ? " " : "\xE3\x80\x80", name + at);
			/* the guide prints one of these itself: "(A 类)" */
			if (k >= CD_WORK_A && k <= CD_WORK_C && strcmp(s, printed[k - CD_WORK_A]) == 0)
				continue;
			count(&t, kind_of(s, &variant) == (cd_kind) k && variant, "%s", s);
		}
		sprintf(s, "《%s》", name);
		count(&t, kind_of(s, &variant) == (cd_kind) k && variant, "%s", s);
		sprintf(s, "\t%s\r\n", name);
		count(&t, kind_of(s, &variant) == (cd_kind) k && variant, "%s", s);
		/* cut, doubled, or with another character */
		count(&t, cd_kind_parse(name, strlen(name) - 3, &variant) == CD_KIND_NONE && !variant, "%s cut", name);
		if (k < CD_WORK_A || k > CD_WORK_C)
			count(&t, cd_kind_parse(name + 3, strlen(name) - 3, &variant) == CD_KIND_NONE, "%s cut", name);
		sprintf(s, "%s%s", name, name);
		count(&t, kind_of(s, &variant) == CD_KIND_NONE, "%s", s);
		sprintf(s, "%s.", name);
		count(&t, kind_of(s, &variant) == CD_KIND_NONE, "%s", s);
	}
	ok_tally(&t, 200, "the twelve kinds, with spaces and 《》, cut and doubled");
}

/* Republic or not, 《》 or not, brackets and letter of either width, spaces. */
static void
test_work_permits(void)
{
	tally		t = {0};
	int			regular = 0;

	for (unsigned i = 0; i < 3 * 1024; i++)
	{
		static const char *const wide_letter[3] = {"Ａ", "Ｂ", "Ｃ"};
		static const char *const letter[3] = {"A", "B", "C"};
		unsigned	k = i / 1024;
		char		s[200];
		const char *const piece[] = {
			i & 1 ? "《" : "", i & 2 ? "" : republic, i & 256 ? " " : "", "外国人工作许可证", i & 1 ? "》" : "",
			i & 4 ? "（" : "(", i & 8 ? " " : "", i & 16 ? wide_letter[k] : letter[k],
			i & 32 ? " " : "", "类", i & 64 ? "）" : ")", i & 128 ? " " : "",
			i & 512 ? "\xE2\x80\x8B" : "", NULL
		};
		bool		variant;
		bool		is_regular = (i & 1) && !(i & (2 | 4 | 8 | 16 | 64 | 128 | 256 | 512));
		cd_kind		kind;

		put(s, piece);
		kind = kind_of(s, &variant);
		count(&t, kind == (cd_kind) (CD_WORK_A + k) && variant == !is_regular, "%s", s);
		regular += is_regular;
	}
	ok_tally(&t, 3072, "work permits in every spelling");
	ok(regular == 6, "two regular spellings each: the guide's and the canonical one");
}

static void
test_not_kinds(void)
{
	static const char *const other[] = {
		"", " ", "《》", "身份证", "居民身份", "二代居民身份证", "护照", "外国人工作许可证",
		"外国人工作许可证(D类)", "外国人工作许可证(类)", "外国人工作许可证(AA类)", "外国人工作许可证A类",
		"《中华人民共和国外国人工作许可证》", "中华人民共和国", "中华人民共和国中华人民共和国外国人工作许可证(A类)",
		"中华人民共和国居民身份证", "其他", "其它个人证件", "港澳台居民居住证", "台湾居民来往内地通行证",
		"外国人永久居留证", "ID", "居民身份证1", "居民\xE8\xBA\xAB", "士官证",
		"居民身份证居民身份证居民身份证居民身份证居民身份证居民身份证居民身份证居民身份证居民身份证"
	};
	tally		t = {0};
	bool		variant;

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		count(&t, kind_of(other[i], &variant) == CD_KIND_NONE && !variant, "%s", other[i]);
	ok_tally(&t, 26, "what is none of the twelve");
}

typedef struct number
{
	const char *text;
	cd_id_verdict verdict;
	const char *canonical;
	int			fixed;
} number;

static const number numbers[] = {
	{"", CD_ID_EMPTY, "", 0},
	{"13010219900307002X", CD_ID_OK, "13010219900307002X", 0},
	{"13010219900307002x", CD_ID_OK, "13010219900307002X", CD_FIXED_CASE},
	{"１３０１０２１９９００３０７００２Ｘ", CD_ID_OK, "13010219900307002X", CD_FIXED_WIDTH},
	{"１３０１０２１９９００３０７００２ｘ", CD_ID_OK, "13010219900307002X", CD_FIXED_WIDTH | CD_FIXED_CASE},
	{"e12345678", CD_ID_OK, "E12345678", CD_FIXED_CASE},
	{"台胞证１２３", CD_ID_OK, "台胞证123", CD_FIXED_WIDTH},
	{"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", CD_ID_OK,
	"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", 0},
	{"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷a", CD_ID_LENGTH, "", 0},
	{"1301021990030712333", CD_ID_LENGTH, "", 0},
	{"130102 199003071233", CD_ID_SPACE, "", 0},
	{"130102\xE2\x80\x8B" "199003071233", CD_ID_SPACE, "", 0},
	{"130102\t199003071233", CD_ID_SPACE, "", 0},
	{"130102\x01" "99003071233", CD_ID_CONTROL, "", 0},
	{"130102\x7F", CD_ID_CONTROL, "", 0},
	{"130102\xC2\x85", CD_ID_CONTROL, "", 0},
	{"130102********1233", CD_ID_MASKED, "", 0},
	{"130102＊＊＊＊1233", CD_ID_MASKED, "", 0},
	{"130102 **** 1233", CD_ID_MASKED, "", 0},
	{"130102 \x01", CD_ID_SPACE, "", 0},
	{"130***199003071233", CD_ID_MASKED, "", 0},
	{"ß", CD_ID_OK, "ß", 0}
};

static void
test_numbers(void)
{
	tally		t = {0};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		const number *n = &numbers[i];
		char	   *copy = exact_copy(n->text, strlen(n->text));
		cd_idnum	num;
		int			fixed = -1;
		cd_id_verdict verdict = cd_idnum_parse(copy, strlen(n->text), &num, &fixed);

		count(&t, verdict == n->verdict && (verdict != CD_ID_OK || fixed == n->fixed),
			  "%s: verdict %d, fixed %d", n->text, verdict, fixed);
		if (verdict == CD_ID_OK)
			count(&t, (size_t) num.len == strlen(n->canonical) && memcmp(num.s, n->canonical, (size_t) num.len) == 0 &&
				  (size_t) num.chars == cd_utf8_length(num.s, (size_t) num.len), "%s", n->text);
		if (verdict == CD_ID_LENGTH)
			count(&t, num.chars == 19, "%s: %d characters", n->text, num.chars);
		free(copy);
	}
	ok_tally(&t, 31, "document numbers as text");
}

static void
test_packing(void)
{
	tally		back = {0};
	tally		order = {0};
	tally		refused = {0};
	tally		digits_only = {0};
	char		before[18] = {0};
	unsigned char before_packed[8] = {0};

	for (int i = 0; i < 300000; i++)
	{
		char		s[18];
		char		out[18];
		unsigned char packed[8];
		int64_t		digits = 0;

		for (int k = 0; k < 17; k++)
			s[k] = (char) ('0' + random_below(10));
		if (i & 1)
			memcpy(s, before, random_below(17));
		for (int k = 0; k < 17; k++)
			digits = digits * 10 + (s[k] - '0');
		s[17] = cd_mod11_2(s);
		count(&back, cd_idnum_pack(s, 18, packed) && packed[0] <= 1, "%.18s", s);
		cd_idnum_unpack(packed, out);
		count(&back, memcmp(s, out, 18) == 0, "%.18s came back as %.18s", s, out);
		cd_resident_print(digits, out);
		count(&back, memcmp(s, out, 18) == 0, "%.18s printed as %.18s", s, out);
		if (i > 0)
			count(&order, (memcmp(s, before, 18) < 0) == (memcmp(packed, before_packed, 8) < 0),
				  "%.18s and %.18s", s, before);
		memcpy(before, s, 18);
		memcpy(before_packed, packed, 8);

		/* any other character at one place */
		if (i < 3000)
		{
			int			at = i % 18;

			for (int b = 0; b < 256; b++)
			{
				memcpy(s, before, 18);
				s[at] = (char) b;
				count(&refused, cd_idnum_pack(s, 18, packed) == (s[at] == before[at]),
					  "%.18s with %02x at %d", before, (unsigned) b, at);
			}
		}
	}
	ok_tally(&back, 900000, "packed numbers come back, and begin with 0 or 1");
	ok_tally(&order, 299999, "packed numbers are ordered as their text");
	ok_tally(&refused, 768000, "no number with a wrong character is packed");
	{
		unsigned char packed[8];

		ok(!cd_idnum_pack("130102199003071233", 17, packed) && !cd_idnum_pack("", 0, packed) &&
		   !cd_idnum_pack("KAZ110090123105", 15, packed), "only 18 characters are packed");
	}

	/* eight bytes from a damaged page: nothing overflows, digits come out */
	{
		static const unsigned char damaged[8] = {0xFF, 0xFE, 0x80, 0x7F, 0, 1, 2, 3};
		char		out[2][18];

		cd_idnum_unpack(damaged, out[0]);
		cd_resident_print(INT64_MIN, out[1]);
		for (int i = 0; i < 17; i++)
			count(&digits_only, out[0][i] >= '0' && out[0][i] <= '9' && out[1][i] >= '0' && out[1][i] <= '9',
				  "%.18s, %.18s", out[0], out[1]);
		ok_tally(&digits_only, 17, "damaged bytes still print as digits");
	}
}

static void
test_resident(void)
{
	typedef struct resident
	{
		const char *text;
		cd_id_verdict verdict;
		unsigned	faults;
	}			resident;
	static const resident list[] = {
		{"130102199003071233", CD_ID_OK, 0},
		{"13010219900307002x", CD_ID_OK, 0},
		{"810000199408230021", CD_ID_OK, 0},
		{"820000198801011017", CD_ID_OK, 0},
		{"830000199201300022", CD_ID_OK, 0},
		{"932643199912310022", CD_ID_OK, CD_ID_BAD_REGION},
		{"130102199003071231", CD_ID_OK, CD_ID_BAD_CHECK},
		{"130102199003071000", CD_ID_OK, CD_ID_DAMAGED},
		{"130102900307123", CD_ID_OK, CD_ID_OLD15},
		{"E12345678", CD_ID_OK, CD_ID_BAD_LAYOUT},
		{"X30102199003071233", CD_ID_OK, CD_ID_BAD_LAYOUT},
		{"130102190002291233", CD_ID_OK, CD_ID_BAD_BIRTH},
		{"990101199201300029", CD_ID_OK, CD_ID_BAD_REGION},
		{"130102********1233", CD_ID_MASKED, 0},
		{"130102 199003071233", CD_ID_SPACE, 0},
		{"", CD_ID_EMPTY, 0}
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
	{
		int64_t		id = -1;
		int			fixed;
		cd_id_verdict verdict;
		cd_id_facts facts;
		unsigned	faults = cd_resident_parse(list[i].text, strlen(list[i].text), &id, &fixed, &verdict, &facts);
		unsigned	expected = list[i].faults;

		/* a birth date that is none may come with a wrong check, too */
		if (expected == CD_ID_BAD_BIRTH)
			faults &= ~(unsigned) CD_ID_BAD_CHECK;
		count(&t, verdict == list[i].verdict && faults == expected &&
			  (id >= 0) == (verdict == CD_ID_OK && expected == 0),
			  "%s: verdict %d, faults %x", list[i].text, verdict, faults);
	}
	ok_tally(&t, 16, "公民身份号码 as the type reads it");
}

int
main(void)
{
	test_kinds();
	test_work_permits();
	test_not_kinds();
	test_numbers();
	test_packing();
	test_resident();
	return done_testing();
}
