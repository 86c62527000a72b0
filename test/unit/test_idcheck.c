/*
 * test_idcheck.c
 *	  Looks for: a lawful number refused, an unlawful one taken, a number said
 *	  to belong to the wrong kind, a pattern one character too wide or narrow.
 *
 * Numbers are the published or synthetic ones of GB 11643 and of the kinds'
 * descriptions; the rest is built here with a check character of its own.
 */
#include "rule.h"
#include "tap.h"

typedef struct sample
{
	cd_kind		kind;
	const char *number;
	unsigned	faults;
	cd_kind		other;
} sample;

#define LAYOUT CD_ID_BAD_LAYOUT
#define OTHER CD_ID_OTHER_KIND
#define REGION CD_ID_BAD_REGION
#define BIRTH CD_ID_BAD_BIRTH
#define CHECK CD_ID_BAD_CHECK
#define DAMAGED CD_ID_DAMAGED

static const sample samples[] = {
	{CD_RESIDENT, "130102199003071233", 0, 0},
	{CD_RESIDENT, "13010219900307002X", 0, 0},
	{CD_RESIDENT, "13010220000229123X", 0, 0},
	{CD_RESIDENT, "11010519491231002X", 0, 0},
	{CD_RESIDENT, "130102199003071231", CHECK, 0},
	{CD_RESIDENT, "130102200102291237", BIRTH, 0},
	{CD_RESIDENT, "130102190002291233", BIRTH, 0},
	{CD_RESIDENT, "130102199004311235", BIRTH, 0},
	{CD_RESIDENT, "130102209903071235", 0, 0},
	{CD_RESIDENT, "990101199201300029", REGION, 0},
	{CD_RESIDENT, "130102900307123", CD_ID_OLD15, 0},
	{CD_RESIDENT, "130102199003071000", DAMAGED, 0},
	{CD_RESIDENT, "810000199408230021", OTHER, CD_HM_RESIDENCE},
	{CD_RESIDENT, "820000198801011017", OTHER, CD_HM_RESIDENCE},
	{CD_RESIDENT, "830000199201300022", OTHER, CD_TW_RESIDENCE},
	{CD_RESIDENT, "820000199408230021", OTHER | CHECK, CD_HM_RESIDENCE},
	{CD_RESIDENT, "932643199912310022", OTHER, CD_PR_PERMIT},
	{CD_RESIDENT, "932643199912310023", REGION | CHECK, 0},
	{CD_RESIDENT, "", LAYOUT, 0},
	{CD_RESIDENT, "13010219900307123", LAYOUT, 0},
	{CD_RESIDENT, "1301021990030712333", LAYOUT, 0},
	{CD_RESIDENT, "13010219900307123A", LAYOUT, 0},
	{CD_RESIDENT, "1301021990030712X3", LAYOUT, 0},
	{CD_RESIDENT, "E12345678", LAYOUT, 0},
	{CD_RESIDENT, "13010290030712X", LAYOUT, 0},
	{CD_RESIDENT, "USA110085010116", LAYOUT, 0},
	{CD_HM_RESIDENCE, "810000199408230021", 0, 0},
	{CD_HM_RESIDENCE, "820000198801011017", 0, 0},
	{CD_HM_RESIDENCE, "820000199408230021", CHECK, 0},
	{CD_HM_RESIDENCE, "830000199201300022", OTHER, CD_TW_RESIDENCE},
	{CD_HM_RESIDENCE, "130102199003071233", OTHER, CD_RESIDENT},
	{CD_HM_RESIDENCE, "130102199003071231", LAYOUT, 0},
	{CD_HM_RESIDENCE, "932643199912310022", OTHER, CD_PR_PERMIT},
	{CD_HM_RESIDENCE, "810001199408230021", LAYOUT, 0},
	{CD_HM_RESIDENCE, "130102900307123", LAYOUT, 0},
	{CD_TW_RESIDENCE, "830000199201300022", 0, 0},
	{CD_TW_RESIDENCE, "830000199201300023", CHECK, 0},
	{CD_TW_RESIDENCE, "830000199213300022", BIRTH | CHECK, 0},
	{CD_TW_RESIDENCE, "810000199408230021", OTHER, CD_HM_RESIDENCE},
	{CD_TW_RESIDENCE, "130102199003071233", OTHER, CD_RESIDENT},
	{CD_TW_RESIDENCE, "12345678", LAYOUT, 0},
	{CD_PR_PERMIT, "932643199912310022", 0, 0},
	{CD_PR_PERMIT, "91384019850101002X", 0, 0},
	{CD_PR_PERMIT, "932682198501010017", 0, 0},
	{CD_PR_PERMIT, "911124198108030024", 0, 0},
	{CD_PR_PERMIT, "931012199012010018", 0, 0},
	{CD_PR_PERMIT, "932643199912310023", CHECK, 0},
	{CD_PR_PERMIT, "130102199003071233", OTHER, CD_RESIDENT},
	{CD_PR_PERMIT, "130102199003071231", LAYOUT, 0},
	{CD_PR_PERMIT, "830000199201300022", OTHER, CD_TW_RESIDENCE},
	{CD_PR_PERMIT, "USA110085010116", 0, 0},
	{CD_PR_PERMIT, "JPN310090031523", 0, 0},
	{CD_PR_PERMIT, "KAZ110090123105", 0, 0},
	{CD_PR_PERMIT, "KAZ110090123104", CHECK, 0},
	{CD_PR_PERMIT, "KAZ110090123000", DAMAGED, 0},
	{CD_PR_PERMIT, "KAZ110090133105", BIRTH | CHECK, 0},
	{CD_PR_PERMIT, "130102900307123", LAYOUT, 0},
	{CD_PR_PERMIT, "KA1110090123105", LAYOUT, 0},
	{CD_PR_PERMIT, "KAZ11009012310X", LAYOUT, 0},
	{CD_PR_PERMIT, "", LAYOUT, 0},
	{CD_WORK_A, "130102199003071231", 0, 0},
	{CD_WORK_B, "0", 0, 0},
	{CD_WORK_C, "任意", 0, 0},
	{CD_OTHER, "士字第12345号", 0, 0}
};

static unsigned
faults_of(cd_kind kind, const char *number, cd_id_facts *facts)
{
	char	   *copy = exact_copy(number, strlen(number));

	memset(facts, 0xA5, sizeof(*facts));
	cd_id_check(kind, copy, strlen(number), facts);
	free(copy);
	return facts->faults;
}

static void
test_samples(void)
{
	tally		t = {0};
	cd_id_facts facts;

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
	{
		const sample *s = &samples[i];
		unsigned	faults = faults_of(s->kind, s->number, &facts);

		/* the invalid dates were published with no promise about the check */
		if (s->faults == BIRTH)
			faults &= ~CHECK;
		count(&t, faults == s->faults && facts.other == s->other,
			  "%s as %s: faults %x, other %d", s->number, cd_kind_name[s->kind], faults, facts.other);
	}
	ok_tally(&t, 60, "published and made numbers of the strict kinds");

	faults_of(CD_RESIDENT, "130102199003071231", &facts);
	ok(facts.check == '3' && facts.birth == cd_date_to_days(1990, 3, 7),
	   "a wrong check tells the right one, and the birth date stands");
	faults_of(CD_RESIDENT, "13010219900307002X", &facts);
	ok(facts.check == 'X' && facts.birth == cd_date_to_days(1990, 3, 7), "check and birth of a good one");
	faults_of(CD_PR_PERMIT, "KAZ110090123104", &facts);
	ok(facts.check == '5' && facts.birth == CD_DATE_NONE, "the short form tells its check, no birth date");
	faults_of(CD_RESIDENT, "810000199408230021", &facts);
	ok(facts.birth == CD_DATE_NONE, "no birth date from a number of another kind");
}

/* A number of each strict kind asked as each other. */
static void
test_confusion(void)
{
	static const sample whole[] = {
		{CD_RESIDENT, "130102199003071233", 0, 0}, {CD_HM_RESIDENCE, "810000199408230021", 0, 0},
		{CD_HM_RESIDENCE, "820000198801011017", 0, 0}, {CD_TW_RESIDENCE, "830000199201300022", 0, 0},
		{CD_PR_PERMIT, "932643199912310022", 0, 0}
	};
	static const cd_kind strict[] = {CD_RESIDENT, CD_HM_RESIDENCE, CD_TW_RESIDENCE, CD_PR_PERMIT};
	tally		t = {0};

	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 4; k++)
		{
			cd_id_facts facts;
			unsigned	faults = faults_of(strict[k], whole[i].number, &facts);
			bool		own = strict[k] == whole[i].kind;

			count(&t, faults == (own ? 0 : OTHER) && facts.other == (own ? CD_KIND_NONE : whole[i].kind),
				  "%s as %s: faults %x, other %d", whole[i].number, cd_kind_name[strict[k]], faults, facts.other);
		}
	ok_tally(&t, 20, "each strict kind's number under each strict kind");
}

/* Every province and others, every month and day: an oracle of its own. */
static void
test_numbers(void)
{
	static const char province[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
	"50 51 52 53 54 61 62 63 64 65 71 ";
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	tally		t = {0};
	tally		typed = {0};
	tally		short_form = {0};

	for (int i = 0; i < 200000; i++)
	{
		char		s[64];
		char		code[4];
		int			p = (int) random_below(100);
		int			y = i % 3 ? 1900 + (int) random_below(120) : (int) random_below(10000);
		int			m = (int) random_below(14);
		int			d = 1 + (int) random_below(i % 4 ? 28 : 33);
		bool		leap = y % 400 == 0 || (y % 4 == 0 && y % 100 != 0);
		bool		real = y >= 1800 && y <= 2999 && m >= 1 && m <= 12 && d <= days[m - 1] + (m == 2 && leap);
		bool		listed;
		unsigned	expected;
		cd_id_facts facts;
		int64_t		digits = 0;
		bool		good_check = i % 5 != 0;

		snprintf(s, sizeof(s), "%02d%04d%04d%02d%02d%03d", p, (int) random_below(10000), y, m, d,
				 (int) random_below(1000));
		snprintf(code, sizeof(code), "%c%c ", s[0], s[1]);
		listed = strstr(province, code) != NULL;
		s[17] = cd_mod11_2(s);
		s[18] = '\0';
		for (int k = 0; k < 17; k++)
			digits = digits * 10 + (s[k] - '0');
		if (!good_check)
			s[17] = s[17] == '5' ? '6' : '5';
		expected = (listed ? 0 : REGION) | (real ? 0 : BIRTH) | (good_check ? 0 : CHECK);
		if (p >= 81 && p <= 83)
			expected = (expected & ~REGION) | OTHER;
		faults_of(CD_RESIDENT, s, &facts);
		/* a whole number of a permit is not judged here */
		if (facts.other == CD_PR_PERMIT && s[0] == '9')
			continue;
		count(&t, facts.faults == expected && (facts.birth == CD_DATE_NONE) == !(real && !(facts.faults & OTHER)),
			  "%s: faults %x, expected %x", s, facts.faults, expected);
		if (good_check)
		{
			bool		faultless = cd_resident_faultless(digits, &y, &m, &d);

			count(&typed, faultless == (facts.faults == 0) && (!faultless || cd_date_to_days(y, m, d) == facts.birth), "%s", s);
		}
	}
	ok_tally(&t, 190000, "random resident numbers against an oracle");
	ok_tally(&typed, 150000, "the same by arithmetic, for the type");

	/* the short form: any day that some century has */
	for (int i = 0; i < 200000; i++)
	{
		char		s[64];
		int			yy = (int) random_below(100);
		int			m = (int) random_below(14);
		int			d = (int) random_below(33);
		bool		possible = m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] + (m == 2 && yy % 4 == 0);
		cd_id_facts facts;

		snprintf(s, sizeof(s), "%c%c%c%04d%02d%02d%02d%d", 'A' + (int) random_below(26),
				 'A' + (int) random_below(26), 'A' + (int) random_below(26),
				 (int) random_below(10000), yy, m, d, (int) random_below(10));
		s[14] = (char) ('0' + cd_icao_check(s));
		s[15] = '\0';
		faults_of(CD_PR_PERMIT, s, &facts);
		count(&short_form, facts.faults == (possible ? 0 : BIRTH) && facts.birth == CD_DATE_NONE,
			  "%s: faults %x", s, facts.faults);
	}
	ok_tally(&short_form, 200000, "the short form and its day without a century");
}

/* Each pattern filled with its lowest and highest characters, then spoilt. */
static void
test_patterns(void)
{
	typedef struct pattern
	{
		cd_kind		kind;
		const char *low;
		const char *high;
	}			pattern;
	static const pattern patterns[] = {
		{CD_CN_PASSPORT, "E00000000", "E99999999"}, {CD_CN_PASSPORT, "EA0000000", "EZ9999999"},
		{CD_CN_PASSPORT, "EH0000000", "EJ9999999"}, {CD_CN_PASSPORT, "EN0000000", "EP9999999"},
		{CD_CN_PASSPORT, "G00000000", "G99999999"}, {CD_CN_PASSPORT, "140000000", "159999999"},
		{CD_CN_PASSPORT, "DE0000000", "DE9999999"}, {CD_CN_PASSPORT, "SE0000000", "PE9999999"},
		{CD_CN_PASSPORT, "D0000000", "D9999999"}, {CD_CN_PASSPORT, "S00000000", "S99999999"},
		{CD_CN_PASSPORT, "P0000000", "P99999999"}, {CD_CN_PASSPORT, "S0000000", "D99999999"},
		{CD_CN_PASSPORT, "K00000000", "K99999999"}, {CD_CN_PASSPORT, "KJ0000000", "KJ9999999"},
		{CD_CN_PASSPORT, "H00000000", "H99999999"}, {CD_CN_PASSPORT, "MA0000000", "MB9999999"},
		{CD_HM_PERMIT, "H00000000", "M99999999"}, {CD_HM_PERMIT, "H0000000000", "M9999999999"},
		{CD_HM_PERMIT, "HA0000000", "MA9999999"},
		{CD_TW_PERMIT, "00000000", "99999999"}, {CD_TW_PERMIT, "0000000000", "9999999999"},
		{CD_FOREIGN_PASSPORT, "0", "ZZZZZZZZZZZZZZZZZZ"}, {CD_FOREIGN_PASSPORT, "A9", "1E2345678"}
	};
	static const sample misfits[] = {
		{CD_CN_PASSPORT, "", 0, 0}, {CD_CN_PASSPORT, "E0000000", 0, 0}, {CD_CN_PASSPORT, "E000000000", 0, 0},
		{CD_CN_PASSPORT, "EI0000000", 0, 0}, {CD_CN_PASSPORT, "EO0000000", 0, 0},
		{CD_CN_PASSPORT, "EAA000000", 0, 0}, {CD_CN_PASSPORT, "G0000000", 0, 0},
		{CD_CN_PASSPORT, "130000000", 0, 0}, {CD_CN_PASSPORT, "160000000", 0, 0},
		{CD_CN_PASSPORT, "D000000", 0, 0}, {CD_CN_PASSPORT, "D000000000", 0, 0},
		{CD_CN_PASSPORT, "MC0000000", 0, 0}, {CD_CN_PASSPORT, "KA0000000", 0, 0},
		{CD_CN_PASSPORT, "e00000000", 0, 0}, {CD_CN_PASSPORT, "K0000000", 0, 0},
		{CD_HM_PERMIT, "H0000000", 0, 0}, {CD_HM_PERMIT, "H000000000", 0, 0},
		{CD_HM_PERMIT, "H00000000000", 0, 0}, {CD_HM_PERMIT, "G00000000", 0, 0},
		{CD_HM_PERMIT, "HB0000000", 0, 0}, {CD_HM_PERMIT, "12345678", 0, 0},
		{CD_TW_PERMIT, "0000000", 0, 0}, {CD_TW_PERMIT, "000000000", 0, 0},
		{CD_TW_PERMIT, "00000000000", 0, 0}, {CD_TW_PERMIT, "T0000000", 0, 0},
		{CD_TW_PERMIT, "0000000/", 0, 0}, {CD_TW_PERMIT, "0000000:", 0, 0},
		{CD_FOREIGN_PASSPORT, "A-1", 0, 0}, {CD_FOREIGN_PASSPORT, "护照", 0, 0},
		{CD_FOREIGN_PASSPORT, "a1", 0, 0}, {CD_FOREIGN_PASSPORT, "@", 0, 0},
		{CD_FOREIGN_PASSPORT, "[", 0, 0}, {CD_FOREIGN_PASSPORT, "", 0, 0}
	};
	tally		t = {0};
	cd_id_facts facts;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		count(&t, faults_of(patterns[i].kind, patterns[i].low, &facts) == 0 &&
			  faults_of(patterns[i].kind, patterns[i].high, &facts) == 0 && facts.birth == CD_DATE_NONE,
			  "%s, %s", patterns[i].low, patterns[i].high);
	for (size_t i = 0; i < sizeof(misfits) / sizeof(misfits[0]); i++)
		count(&t, faults_of(misfits[i].kind, misfits[i].number, &facts) == CD_ID_PATTERN,
			  "%s as %s", misfits[i].number, cd_kind_name[misfits[i].kind]);
	ok_tally(&t, 56, "patterns at both edges, and just outside");
}

int
main(void)
{
	test_samples();
	test_confusion();
	test_numbers();
	test_patterns();
	return done_testing();
}
