/*
 * test_change.c
 *	  Looks for: a corrected name or number that passes as notation, and so uses
 *	  up no item; notation that counts as a correction; a verdict that depends
 *	  on which of two values was first; a renewed permit taken for another, or
 *	  another person's for a renewed one; long values compared in part.
 */
#include "change.h"
#include "tap.h"

#include <locale.h>
#include <wctype.h>

static cd_text
text(const char *s)
{
	return (cd_text) {s, s ? strlen(s) : 0};
}

static const char *
change_name(cd_change change)
{
	static const char *const name[] = {"same", "notation", "renewal", "changed"};

	return name[change];
}

/* ---- examples ---- */

static void
test_names(void)
{
	static const struct
	{
		const char *before;
		const char *after;
		cd_change	expected;
	}			example[] = {
		{"张三", "张三", CD_SAME},
		{NULL, "", CD_SAME},
		{NULL, NULL, CD_SAME},
		{"", " ", CD_NOTATION},
		{NULL, "　\u200B", CD_NOTATION},
		{NULL, "张三", CD_CHANGED},
		{"张三", "张 三", CD_NOTATION},
		{"张三", "　张三\u00A0", CD_NOTATION},
		{"张三", "张三丰", CD_CHANGED},
		{"张三", "三张", CD_CHANGED},
		{"张三", "章三", CD_CHANGED},
		{"买买提·阿里", "买买提•阿里", CD_NOTATION},
		{"买买提·阿里", "买买提．阿里", CD_NOTATION},
		{"买买提.阿里", "买买提・阿里", CD_NOTATION},
		{"买买提·阿里", "买买提阿里", CD_CHANGED},
		{"买买提·阿里", "买买·提阿里", CD_CHANGED},
		{"买买提·阿里", "买买提··阿里", CD_CHANGED},
		{"John Smith", "JOHNSMITH", CD_NOTATION},
		{"John Smith", "Ｊohn　Smith", CD_NOTATION},
		{"John Smith", "Jon Smith", CD_CHANGED},
		{"J.Smith", "J·SMITH", CD_NOTATION},
		{"Anne-Marie", "AnneMarie", CD_CHANGED},
		{"José", "JOSÉ", CD_NOTATION},
		{"José", "Jose", CD_CHANGED},
		{"Nguyễn Thị Hương", "NGUYỄN THỊ HƯƠNG", CD_NOTATION},
		{"Lǚ", "lǚ", CD_NOTATION},
		{"Әлия Қайратқызы", "ӘЛИЯ ҚАЙРАТҚЫЗЫ", CD_NOTATION},
		{"Νίκος", "ΝΊΚΟΣ", CD_NOTATION},
		{"×", "÷", CD_CHANGED},
		{"ı", "I", CD_CHANGED},
		{"王𠮷", "王𠮷 ", CD_NOTATION},
		{"王𠮷", "王吉", CD_CHANGED},
		{"０", "0", CD_NOTATION},
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(example) / sizeof(example[0]); i++)
	{
		cd_text		a = text(example[i].before);
		cd_text		b = text(example[i].after);

		count(&t, cd_name_change(a, b) == example[i].expected && cd_name_change(b, a) == example[i].expected,
			  "%zu: %s", i, change_name(cd_name_change(a, b)));
	}
	ok_tally(&t, 30, "names");
}

#define HM CD_HM_PERMIT
#define TW CD_TW_PERMIT

static void
test_documents(void)
{
	static const struct
	{
		cd_kind		kind_before;
		const char *before;
		cd_kind		kind_after;
		const char *after;
		cd_change	expected;
	}			example[] = {
		{CD_RESIDENT, "13010219900307002X", CD_RESIDENT, "13010219900307002x", CD_NOTATION},
		{CD_RESIDENT, "130102199003071233", CD_RESIDENT, "１３0102 19900307 1233", CD_NOTATION},
		{CD_RESIDENT, "130102199003071233", CD_RESIDENT, "130102199003071232", CD_CHANGED},
		{CD_RESIDENT, "130102199003071233", CD_RESIDENT, NULL, CD_CHANGED},
		/* the kind alone is not asked here */
		{CD_RESIDENT, "130102199003071233", CD_OTHER, "130102199003071233", CD_SAME},
		{CD_KIND_NONE, "E1234567", CD_CN_PASSPORT, "e1234567", CD_NOTATION},
		{CD_KIND_NONE, NULL, CD_KIND_NONE, "", CD_SAME},
		/* separators are notation in names only */
		{CD_OTHER, "A.1", CD_OTHER, "A·1", CD_CHANGED},
		{HM, "H1234567801", HM, "H1234567802", CD_RENEWAL},
		{HM, "H12345678", HM, "h1234 567802", CD_RENEWAL},
		{HM, "H12345678", HM, "H 12345678", CD_NOTATION},
		{HM, "H12345678", HM, "H12345679", CD_CHANGED},
		{HM, "H12345678", HM, "M12345678", CD_CHANGED},
		{HM, "H1234567", HM, "H12345678", CD_CHANGED},
		{HM, "H1234567", HM, "", CD_CHANGED},
		{HM, "H1234567801", TW, "H1234567802", CD_CHANGED},
		{HM, "H1234567801", CD_KIND_NONE, "H1234567802", CD_CHANGED},
		{CD_HM_RESIDENCE, "H1234567801", CD_HM_RESIDENCE, "H1234567802", CD_CHANGED},
		{CD_KIND_NONE, "H1234567801", CD_KIND_NONE, "H1234567802", CD_CHANGED},
		{TW, "1234567801", TW, "1234567802", CD_RENEWAL},
		{TW, "1234567801", TW, "12345678", CD_RENEWAL},
		{TW, "1234567801", TW, "1234567901", CD_CHANGED},
		{TW, "1234567", TW, "12345678", CD_CHANGED},
		{CD_PR_PERMIT, "932643199912310022", CD_PR_PERMIT, "932643199912310030", CD_CHANGED},
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(example) / sizeof(example[0]); i++)
	{
		cd_text		a = text(example[i].before);
		cd_text		b = text(example[i].after);
		cd_kind		ka = example[i].kind_before;
		cd_kind		kb = example[i].kind_after;

		count(&t, cd_document_change(ka, a, kb, b) == example[i].expected &&
			  cd_document_change(kb, b, ka, a) == example[i].expected,
			  "%zu: %s", i, change_name(cd_document_change(ka, a, kb, b)));
	}
	ok_tally(&t, 20, "document numbers");
}

/* ---- chance: texts made of letters whose plain form is known beforehand ---- */

typedef struct glyph
{
	const char *written;
	const char *in_name;		/* its plain form there */
	const char *in_number;
} glyph;

static const glyph letters[] = {
	{"1", "1", "1"}, {"１", "1", "1"}, {"2", "2", "2"}, {"２", "2", "2"},
	{"A", "A", "A"}, {"a", "A", "A"}, {"Ａ", "A", "A"}, {"ａ", "A", "A"},
	{"é", "É", "É"}, {"É", "É", "É"}, {"қ", "Қ", "Қ"}, {"Қ", "Қ", "Қ"},
	{"阿", "阿", "阿"}, {"里", "里", "里"}, {"𠮷", "𠮷", "𠮷"},
	{"·", "·", "·"}, {".", "·", "."}, {"．", "·", "."}, {"•", "·", "•"}, {"・", "·", "・"},
	{"･", "·", "･"}, {"‧", "·", "‧"}, {"∙", "·", "∙"}, {"⋅", "·", "⋅"}, {"·", "·", "·"},
	{" ", "", ""}, {"　", "", ""}, {"\u00A0", "", ""}, {"\u200B", "", ""}, {"\uFEFF", "", ""}, {"\t", "", ""}
};

#define NLETTERS ((unsigned) (sizeof(letters) / sizeof(letters[0])))
#define MAX_LETTERS 16

typedef struct sample
{
	unsigned	of[MAX_LETTERS + 1];	/* in letters[] */
	unsigned	n;
} sample;

static const char *
plain_form(unsigned i, bool is_name)
{
	return is_name ? letters[i].in_name : letters[i].in_number;
}

/* As it is written; or its plain form, which stands for all notations of it. */
static char *
spell(const sample *s, bool plain, bool is_name)
{
	char		buf[MAX_LETTERS * 4 + 5] = "";

	for (unsigned i = 0; i < s->n; i++)
		strcat(buf, plain ? plain_form(s->of[i], is_name) : letters[s->of[i]].written);
	return exact_copy(buf, strlen(buf) + 1);
}

/* The first n characters of a plain form, as bytes; 0: it has not so many. */
static size_t
head_bytes(const char *plain, int n)
{
	const char *p = plain;
	const char *end = plain + strlen(plain);

	for (; n > 0 && p < end; n--)
		cd_utf8_next(&p, end);
	return n == 0 ? (size_t) (p - plain) : 0;
}

/* The verdict by the plain forms. */
static cd_change
reference(const sample *a, const sample *b, bool is_name, int stem)
{
	char	   *sa = spell(a, false, is_name);
	char	   *sb = spell(b, false, is_name);
	char	   *pa = spell(a, true, is_name);
	char	   *pb = spell(b, true, is_name);
	size_t		head = stem > 0 ? head_bytes(pa, stem) : 0;
	cd_change	change = CD_CHANGED;

	if (strcmp(sa, sb) == 0)
		change = CD_SAME;
	else if (strcmp(pa, pb) == 0)
		change = CD_NOTATION;
	else if (head > 0 && head_bytes(pb, stem) == head && memcmp(pa, pb, head) == 0)
		change = CD_RENEWAL;
	free(sa);
	free(sb);
	free(pa);
	free(pb);
	return change;
}

/* The verdict of the code, on memory that ends where the text does. */
static cd_change
verdict(const sample *a, const sample *b, bool is_name, cd_kind kind_a, cd_kind kind_b)
{
	char	   *sa = spell(a, false, is_name);
	char	   *sb = spell(b, false, is_name);
	cd_text		ta = {exact_copy(sa, strlen(sa)), strlen(sa)};
	cd_text		tb = {exact_copy(sb, strlen(sb)), strlen(sb)};
	cd_change	change = is_name ? cd_name_change(ta, tb) : cd_document_change(kind_a, ta, kind_b, tb);

	free(sa);
	free(sb);
	free((char *) ta.ptr);
	free((char *) tb.ptr);
	return change;
}

static void
some_text(sample *s)
{
	s->n = random_below(MAX_LETTERS + 1);
	for (unsigned i = 0; i < s->n; i++)
		s->of[i] = random_below(NLETTERS);
}

/* Write a text otherwise: other letters of the same plain form, spaces come and go. */
static void
rewrite(sample *s, bool is_name)
{
	sample		to = {.n = 0};

	for (unsigned i = 0; i < s->n; i++)
	{
		const char *plain = plain_form(s->of[i], is_name);
		unsigned	other = random_below(NLETTERS);

		while (strcmp(plain_form(other, is_name), plain) != 0)
			other = random_below(NLETTERS);
		if (plain[0] != '\0')
			to.of[to.n++] = random_below(2) ? other : s->of[i];
		else if (random_below(2))
			to.of[to.n++] = other;
	}
	if (to.n < MAX_LETTERS)
		to.of[to.n++] = NLETTERS - 1 - random_below(6); /* a space */
	*s = to;
}

/* Put another letter in the place of one; false: there is none. */
static bool
substitute(sample *s, bool is_name)
{
	unsigned	at;
	unsigned	other;

	if (s->n == 0)
		return false;
	at = random_below(s->n);
	if (plain_form(s->of[at], is_name)[0] == '\0')
		return false;
	do
		other = random_below(NLETTERS);
	while (strcmp(plain_form(other, is_name), plain_form(s->of[at], is_name)) == 0 ||
		   plain_form(other, is_name)[0] == '\0');
	s->of[at] = other;
	return true;
}

static const cd_kind kinds[] = {CD_KIND_NONE, CD_RESIDENT, HM, TW};

static void
test_chance(bool is_name)
{
	tally		same = {0};
	tally		notation = {0};
	tally		other = {0};
	tally		pairs = {0};
	long		seen[CD_CHANGED + 1] = {0};

	for (int round = 0; round < 100000; round++)
	{
		cd_kind		kind_a = kinds[random_below(4)];
		cd_kind		kind_b = random_below(4) ? kind_a : kinds[random_below(4)];
		int			stem = kind_a != kind_b || is_name ? 0 : kind_a == HM ? 9 : kind_a == TW ? 8 : 0;
		sample		a;
		sample		b;
		cd_change	got;

		some_text(&a);
		count(&same, verdict(&a, &a, is_name, kind_a, kind_b) == CD_SAME, "round %d", round);
		b = a;
		rewrite(&b, is_name);
		got = verdict(&a, &b, is_name, kind_a, kind_b);
		count(&notation, got == CD_NOTATION || (got == CD_SAME && reference(&a, &b, is_name, 0) == CD_SAME),
			  "round %d: %s", round, change_name(got));
		if (substitute(&b, is_name))
			count(&other, verdict(&a, &b, is_name, kind_a, kind_b) == reference(&a, &b, is_name, stem) &&
				  verdict(&a, &b, is_name, CD_RESIDENT, CD_RESIDENT) == CD_CHANGED, "round %d", round);
		/* a tail of its own, so that stems are often equal */
		for (unsigned i = 11; i < b.n; i++)
			b.of[i] = random_below(NLETTERS);
		if (random_below(3) == 0)
			some_text(&b);
		got = verdict(&a, &b, is_name, kind_a, kind_b);
		seen[got]++;
		count(&pairs, got == reference(&a, &b, is_name, stem) && got == verdict(&b, &a, is_name, kind_b, kind_a),
			  "round %d: %s", round, change_name(got));
	}
	ok_tally(&same, 100000, is_name ? "a name is itself" : "a number is itself");
	ok_tally(&notation, 100000, "written otherwise it is notation");
	ok_tally(&other, 50000, "with one letter substituted it is not");
	ok_tally(&pairs, 100000, "as plain forms compare, whichever is first");
	ok(seen[CD_NOTATION] > 100 && (is_name || seen[CD_RENEWAL] > 100),
	   "often enough: %ld notation, %ld renewals", seen[CD_NOTATION], seen[CD_RENEWAL]);
}

/* ---- case ---- */

/* All letters up to here, each against each other; above 0x530 most have no case. */
#define LAST_CASED 0x1EFF

static bool
skip_letter(uint32_t c)
{
	return cd_is_space(c) || (c >= 0x530 && c < 0x1E00) || (c >= 0x7F && c <= 0x9F);
}

static cd_change
change_of_letters(uint32_t a, uint32_t b)
{
	char		sa[4];
	char		sb[4];
	cd_text		ta = {sa, (size_t) cd_utf8_encode(a, sa)};
	cd_text		tb = {sb, (size_t) cd_utf8_encode(b, sb)};

	return cd_document_change(CD_OTHER, ta, CD_OTHER, tb);
}

/* Letters are one when the C library says that they have the same capital. */
static void
test_case(void)
{
	tally		t = {0};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL && setlocale(LC_CTYPE, "en_US.UTF-8") == NULL)
	{
		ok(true, "case # SKIP no UTF-8 locale here");
		return;
	}
	for (uint32_t a = ' '; a <= LAST_CASED; a++)
		for (uint32_t b = a + 1; b <= LAST_CASED && !skip_letter(a); b++)
		{
			if (skip_letter(b) || change_of_letters(a, b) == CD_CHANGED)
				continue;
			count(&t, towupper((wint_t) a) == towupper((wint_t) b), "U+%04X and U+%04X", a, b);
		}
	ok_tally(&t, 400, "letters that differ in case only, and no others, are notation");
}

/* ---- long texts ---- */

static void
test_long(void)
{
	size_t		len = 3000000;
	char	   *a = malloc(len);
	char	   *b = malloc(len + 1);

	memset(a, 'a', len);
	memset(b, 'A', len);
	b[len] = ' ';
	ok(cd_name_change((cd_text) {a, len}, (cd_text) {b, len + 1}) == CD_NOTATION, "three million letters");
	b[len - 1] = 'B';
	ok(cd_name_change((cd_text) {a, len}, (cd_text) {b, len + 1}) == CD_CHANGED, "the last of them another");
	ok(cd_name_change((cd_text) {a, len - 1}, (cd_text) {b, len - 1}) == CD_NOTATION, "or not there");
	ok(cd_document_change(HM, (cd_text) {a, len}, HM, (cd_text) {b, len}) == CD_RENEWAL, "a stem is a stem");
	free(a);
	free(b);
}

int
main(void)
{
	test_names();
	test_documents();
	test_chance(true);
	test_chance(false);
	test_case();
	test_long();
	return done_testing();
}
