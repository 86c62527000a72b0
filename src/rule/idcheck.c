/*
 * idcheck.c
 *	  What the number of each kind of document must look like.
 *
 * Kinds with a check character are judged strictly.  The patterns of the
 * others are observations, not law: a misfit is CD_ID_PATTERN, a warning.
 */
#include "rule.h"
#include "number.h"

#define FAULTS_OF_BIRTH (CD_ID_BAD_LAYOUT | CD_ID_OLD15 | CD_ID_OTHER_KIND | CD_ID_BAD_BIRTH)

static bool
all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(s[i]))
			return false;
	return true;
}

static inline int
two_digits(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

/* Seventeen digits and a digit or X. */
static bool
is_eighteen(const char *s, size_t len)
{
	return len == 18 && all_digits(s, 17) && (is_digit(s[17]) || s[17] == 'X');
}

static void
check_tail(const char *s, size_t len, char right, cd_id_facts *facts)
{
	facts->check = right;
	if (s[len - 1] == right)
		return;
	facts->faults |= memcmp(s + len - 3, "000", 3) == 0 ? CD_ID_DAMAGED : CD_ID_BAD_CHECK;
}

/* The parts that all 18-character numbers share; region is checked by kind. */
static void
check_eighteen(const char *s, cd_id_facts *facts)
{
	int			y = two_digits(s + 6) * 100 + two_digits(s + 8);
	int			m = two_digits(s + 10);
	int			d = two_digits(s + 12);

	if (y < 1800 || y > 2999 || !cd_date_valid(y, m, d))
		facts->faults |= CD_ID_BAD_BIRTH;
	else
		facts->birth = cd_date_to_days(y, m, d);
	check_tail(s, 18, cd_mod11_2(s), facts);
}

/* Permanent residence: 9, province, nationality, birth, sequence, check. */
static void
check_pr_eighteen(const char *s, cd_id_facts *facts)
{
	if (s[0] != '9')
	{
		facts->faults |= CD_ID_BAD_LAYOUT;
		return;
	}
	if (!cd_is_province(two_digits(s + 1), false))
		facts->faults |= CD_ID_BAD_REGION;
	check_eighteen(s, facts);
}

/*
 * Its older form: nationality, region, YYMMDD, a digit, the ICAO check digit.
 * The century is not told, so 29 February is possible in any leap year of one.
 */
static void
check_pr_fifteen(const char *s, cd_id_facts *facts)
{
	int			yy = two_digits(s + 7);
	int			m = two_digits(s + 9);
	int			d = two_digits(s + 11);

	if (!cd_date_valid(1900 + yy, m, d) && !cd_date_valid(2000 + yy, m, d))
		facts->faults |= CD_ID_BAD_BIRTH;
	check_tail(s, 15, (char) ('0' + cd_icao_check(s)), facts);
}

static void
check_resident(const char *s, cd_id_facts *facts)
{
	if (!cd_is_province(two_digits(s), false))
		facts->faults |= CD_ID_BAD_REGION;
	check_eighteen(s, facts);
}

static void
check_residence(const char *s, cd_kind kind, cd_id_facts *facts)
{
	bool		fits;

	if (kind == CD_TW_RESIDENCE)
		fits = memcmp(s, "830000", 6) == 0;
	else
		fits = memcmp(s, "810000", 6) == 0 || memcmp(s, "820000", 6) == 0;
	if (!fits)
		facts->faults |= CD_ID_BAD_LAYOUT;
	else
		check_eighteen(s, facts);
}

static void
facts_init(cd_id_facts *facts)
{
	facts->faults = 0;
	facts->other = CD_KIND_NONE;
	facts->check = '\0';
	facts->birth = CD_DATE_NONE;
}

static void
check_one_kind(cd_kind kind, const char *s, cd_id_facts *facts)
{
	facts_init(facts);
	if (kind == CD_RESIDENT)
	{
		check_resident(s, facts);
		if (s[0] == '8' && s[1] >= '1' && s[1] <= '3')
			facts->faults |= CD_ID_BAD_REGION;
	}
	else if (kind == CD_PR_PERMIT)
		check_pr_eighteen(s, facts);
	else
		check_residence(s, kind, facts);
}

/* The strict kind that this 18-character number is a faultless number of. */
static cd_kind
whose(const char *s)
{
	static const cd_kind strict[] = {
		CD_RESIDENT, CD_HM_RESIDENCE, CD_TW_RESIDENCE, CD_PR_PERMIT
	};
	cd_id_facts facts;

	for (size_t i = 0; i < sizeof(strict) / sizeof(strict[0]); i++)
	{
		check_one_kind(strict[i], s, &facts);
		if (facts.faults == 0)
			return strict[i];
	}
	return CD_KIND_NONE;
}

/* 居民身份证 that begins 81, 82 or 83 belongs to a residence permit. */
static cd_kind
residence_by_prefix(const char *s)
{
	if (s[0] != '8' || s[1] < '1' || s[1] > '3')
		return CD_KIND_NONE;
	return s[1] == '3' ? CD_TW_RESIDENCE : CD_HM_RESIDENCE;
}

static void
check_strict(cd_kind kind, const char *s, size_t len, cd_id_facts *facts)
{
	if (kind == CD_RESIDENT && len == 15 && all_digits(s, 15))
	{
		facts->faults = CD_ID_OLD15;
		return;
	}
	if (kind == CD_PR_PERMIT && len == 15 && is_upper(s[0]) && is_upper(s[1]) &&
		is_upper(s[2]) && all_digits(s + 3, 12))
	{
		check_pr_fifteen(s, facts);
		return;
	}
	if (!is_eighteen(s, len))
	{
		facts->faults = CD_ID_BAD_LAYOUT;
		return;
	}
	check_one_kind(kind, s, facts);
	if (facts->faults == 0)
		return;
	facts->other = kind == CD_RESIDENT ? residence_by_prefix(s) : CD_KIND_NONE;
	if (facts->other != CD_KIND_NONE)
	{
		facts->faults &= ~(unsigned) CD_ID_BAD_REGION;
		facts->faults |= CD_ID_OTHER_KIND;
		return;
	}
	facts->other = whose(s);
	if (facts->other != CD_KIND_NONE)
	{
		facts->faults = CD_ID_OTHER_KIND;
		facts->birth = CD_DATE_NONE;
	}
}

/*
 * Does s fit the pattern?  '9' stands for a digit, '#' for a capital letter
 * but I and O, anything else for itself.
 */
static bool
fits(const char *s, size_t len, const char *pattern)
{
	if (strlen(pattern) != len)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		bool		good;

		if (pattern[i] == '9')
			good = is_digit(s[i]);
		else if (pattern[i] == '#')
			good = is_upper(s[i]) && s[i] != 'I' && s[i] != 'O';
		else
			good = s[i] == pattern[i];
		if (!good)
			return false;
	}
	return true;
}

static bool
fits_any(const char *s, size_t len, const char *const *pattern)
{
	for (; *pattern; pattern++)
		if (fits(s, len, *pattern))
			return true;
	return false;
}

/* Observed numbers of the kinds without a check character. */
static bool
fits_kind(cd_kind kind, const char *s, size_t len)
{
	static const char *const cn_passport[] = {
		"E99999999", "E#9999999", "G99999999", "149999999", "159999999",
		"DE9999999", "SE9999999", "PE9999999",
		"D9999999", "S9999999", "P9999999", "D99999999", "S99999999", "P99999999",
		"K99999999", "KJ9999999", "H99999999", "MA9999999", "MB9999999", NULL
	};
	static const char *const hm_permit[] = {
		"H99999999", "M99999999", "H9999999999", "M9999999999",
		"HA9999999", "MA9999999", NULL
	};
	static const char *const tw_permit[] = {"99999999", "9999999999", NULL};

	switch (kind)
	{
		case CD_CN_PASSPORT:
			return fits_any(s, len, cn_passport);
		case CD_HM_PERMIT:
			return fits_any(s, len, hm_permit);
		case CD_TW_PERMIT:
			return fits_any(s, len, tw_permit);
		case CD_FOREIGN_PASSPORT:
			for (size_t i = 0; i < len; i++)
				if (!is_digit(s[i]) && !is_upper(s[i]))
					return false;
			return len > 0;
		default:
			return true;		/* no public format: never judged */
	}
}

/* s is canonical (cd_idnum_parse). */
void
cd_id_check(cd_kind kind, const char *s, size_t len, cd_id_facts *facts)
{
	facts_init(facts);
	switch (kind)
	{
		case CD_RESIDENT:
		case CD_HM_RESIDENCE:
		case CD_TW_RESIDENCE:
		case CD_PR_PERMIT:
			check_strict(kind, s, len, facts);
			break;
		default:
			if (!fits_kind(kind, s, len))
				facts->faults = CD_ID_PATTERN;
			break;
	}
	if (facts->faults & FAULTS_OF_BIRTH)
		facts->birth = CD_DATE_NONE;
}

/* The usual case by arithmetic; the check character is proved already. */
bool
cd_resident_faultless(int64_t digits, int *y, int *m, int *d)
{
	return resident_faultless(digits, y, m, d);
}

/*
 * 公民身份号码 on whatever document: residents' cards and the residence
 * permits of Hong Kong, Macao (81, 82) and Taiwan (83) alike.
 */
void
cd_citizen_check(const char *s, size_t len, cd_id_facts *facts)
{
	facts_init(facts);
	if (len == 15 && all_digits(s, 15))
		facts->faults = CD_ID_OLD15;
	else if (!is_eighteen(s, len))
		facts->faults = CD_ID_BAD_LAYOUT;
	else
	{
		if (!cd_is_province(two_digits(s), true))
			facts->faults |= CD_ID_BAD_REGION;
		check_eighteen(s, facts);
	}
}
