/*
 * fuzz_iddoc.c
 *	  libFuzzer target: a kind of document, a line end, a number.  max_len: 200
 *
 * A canonical form is a fixed point; the judgement of a number agrees with a
 * second reading of GB 11643 and of ICAO 9303, and does not contradict itself;
 * what is packed comes back; what cd_resident_parse takes prints as it was.
 */
#include "rule.h"
#include "fuzz.h"

static bool
all_in(const char *s, size_t len, char from, char to)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < from || s[i] > to)
			return false;
	return true;
}

/* ISO 7064 MOD 11-2 without weights. */
static bool
has_right_check(const char *s)
{
	int			p = 0;

	for (int i = 0; i < 17; i++)
		p = (p + s[i] - '0') * 2 % 11;
	p = (p + (s[17] == 'X' ? 10 : s[17] - '0')) % 11;
	return p == 1;
}

static bool
has_date(const char *s)
{
	char		date[10];
	int32_t		days;

	memcpy(date, s, 4);
	memcpy(date + 5, s + 4, 2);
	memcpy(date + 8, s + 6, 2);
	date[4] = date[7] = '-';
	return memcmp(date, "1800", 4) >= 0 && memcmp(date, "2999", 4) <= 0 &&
		cd_date_parse(date, 10, &days) == CD_DATE_OK;
}

static bool
has_region(const char *s)
{
	return cd_is_province((s[0] - '0') * 10 + s[1] - '0', false);
}

/* A faultless 18-character number of a strict kind, read a second time. */
static bool
is_whole(cd_kind kind, const char *s, size_t len)
{
	if (len != 18 || !all_in(s, 17, '0', '9') || !(all_in(s + 17, 1, '0', '9') || s[17] == 'X') ||
		!has_date(s + 6) || !has_right_check(s))
		return false;
	switch (kind)
	{
		case CD_RESIDENT:
			return has_region(s) && s[0] != '8';
		case CD_HM_RESIDENCE:
			return memcmp(s, "810000", 6) == 0 || memcmp(s, "820000", 6) == 0;
		case CD_TW_RESIDENCE:
			return memcmp(s, "830000", 6) == 0;
		default:
			return s[0] == '9' && has_region(s + 1);
	}
}

static bool
is_whole_short(const char *s, size_t len)
{
	static const int weight[3] = {7, 3, 1};
	char		date[8];
	int			sum = 0;

	if (len != 15 || !all_in(s, 3, 'A', 'Z') || !all_in(s + 3, 12, '0', '9'))
		return false;
	for (int i = 0; i < 14; i++)
		sum += (i < 3 ? s[i] - 'A' + 10 : s[i] - '0') * weight[i % 3];
	/* 2000 was a leap year, 1900 was not: the more lenient of the two */
	memcpy(date, "20", 2);
	memcpy(date + 2, s + 7, 6);
	return has_date(date) && sum % 10 == s[14] - '0';
}

static void
check_number(cd_kind kind, const char *s, size_t len)
{
	static const unsigned all = 0xFF;
	cd_id_facts facts;
	bool		strict = kind == CD_RESIDENT || kind == CD_HM_RESIDENCE ||
	kind == CD_TW_RESIDENCE || kind == CD_PR_PERMIT;

	cd_id_check(kind, s, len, &facts);
	must((facts.faults & ~all) == 0);
	must(((facts.faults & CD_ID_OTHER_KIND) != 0) == (facts.other != CD_KIND_NONE));
	must(facts.other == CD_KIND_NONE || facts.other != kind);
	must((facts.faults & (CD_ID_BAD_CHECK | CD_ID_DAMAGED)) != (CD_ID_BAD_CHECK | CD_ID_DAMAGED));
	if (!strict)
	{
		must((facts.faults & ~(unsigned) CD_ID_PATTERN) == 0 && facts.birth == CD_DATE_NONE);
		if (kind == CD_OTHER || (kind >= CD_WORK_A && kind <= CD_WORK_C))
			must(facts.faults == 0);
		return;
	}
	must(!(facts.faults & CD_ID_PATTERN));
	must((facts.faults == 0) == (is_whole(kind, s, len) || (kind == CD_PR_PERMIT && is_whole_short(s, len))));
	if (facts.faults & (CD_ID_OLD15 | CD_ID_BAD_LAYOUT))
		must((facts.faults & (facts.faults - 1)) == 0);

	/*
	 * 81, 82 and 83 name another kind by themselves, all else only a whole
	 * number
	 */
	if (facts.faults & CD_ID_OTHER_KIND)
		must(kind == CD_RESIDENT && s[0] == '8' ? memchr("123", s[1], 3) != NULL :
			 facts.faults == CD_ID_OTHER_KIND && is_whole(facts.other, s, len));
	if (facts.faults & (CD_ID_OLD15 | CD_ID_BAD_LAYOUT | CD_ID_OTHER_KIND | CD_ID_BAD_BIRTH))
		must(facts.birth == CD_DATE_NONE);
	/* with the check character that it asks for, the check is right */
	if (facts.faults == CD_ID_BAD_CHECK || facts.faults == CD_ID_DAMAGED)
	{
		char		mended[18];

		memcpy(mended, s, len);
		mended[len - 1] = facts.check;
		must(is_whole(kind, mended, len) || is_whole_short(mended, len));
	}
}

static void
check_packing(const char *s, size_t len)
{
	unsigned char packed[8];
	char		out[18];
	int64_t		id = -1;
	int			fixed;
	cd_id_verdict verdict;
	cd_id_facts facts;
	int			y;
	int			m;
	int			d;

	if (cd_idnum_pack(s, len, packed))
	{
		must(len == 18 && has_right_check(s) && packed[0] <= 1);
		cd_idnum_unpack(packed, out);
		must(memcmp(out, s, 18) == 0);
	}
	if (cd_resident_parse(s, len, &id, &fixed, &verdict, &facts) == 0 && verdict == CD_ID_OK)
	{
		must(id >= 0 && id < INT64_C(100000000000000000));
		cd_resident_print(id, out);
		must(len == 18 && memcmp(out, s, 18) == 0 && cd_idnum_pack(s, len, packed));
		must(is_whole(CD_RESIDENT, s, len) || (s[0] == '8' && s[1] >= '1' && s[1] <= '3'));
		cd_id_check(CD_RESIDENT, s, len, &facts);
		must(cd_resident_faultless(id, &y, &m, &d) == (facts.faults == 0));
		must(facts.faults != 0 || cd_date_to_days(y, m, d) == facts.birth);
	}
	else
		must(id == -1 && (verdict != CD_ID_OK || !is_whole(CD_RESIDENT, s, len)));
}

static void
check_text(cd_kind kind, const char *s, size_t len)
{
	cd_idnum	num;
	cd_idnum	again;
	int			fixed;
	cd_scan		scan;
	cd_id_verdict verdict = cd_idnum_parse(s, len, &num, &fixed);

	cd_scan_text(&scan, s, len);
	must(verdict == (len == 0 ? CD_ID_EMPTY : scan.star ? CD_ID_MASKED : scan.space ? CD_ID_SPACE :
					 scan.control ? CD_ID_CONTROL : scan.chars > 18 ? CD_ID_LENGTH : CD_ID_OK));
	must(len == 0 || num.chars == (int) scan.chars);
	if (verdict == CD_ID_OK)
	{
		char	   *exact = exact_copy(num.s, (size_t) num.len);

		must(num.len > 0 && num.len <= CD_IDNUM_MAX_BYTES && (size_t) num.len <= len);
		must((fixed == 0) == ((size_t) num.len == len && memcmp(num.s, s, len) == 0));
		must(cd_utf8_valid(exact, (size_t) num.len) == (size_t) num.len);
		must(cd_idnum_parse(exact, (size_t) num.len, &again, &fixed) == CD_ID_OK && fixed == 0);
		must(again.len == num.len && memcmp(again.s, num.s, (size_t) num.len) == 0);
		for (int k = CD_KIND_NONE; k < CD_NKINDS; k++)
			if (kind == CD_KIND_NONE || k == (int) kind)
				check_number((cd_kind) k, exact, (size_t) num.len);
		check_packing(exact, (size_t) num.len);
		free(exact);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t		valid = naive_valid(data, len);
	const uint8_t *line = memchr(data, '\n', valid);
	size_t		first = line ? (size_t) (line - data) : 0;
	size_t		second = line ? first + 1 : 0;
	char	   *type = exact_copy(data, first);
	char	   *number = exact_copy(data + second, valid - second);
	bool		variant = true;
	bool		again = true;
	cd_kind		kind = cd_kind_parse(type, first, &variant);

	if (kind == CD_KIND_NONE)
		must(!variant);
	else
	{
		const char *name = cd_kind_name[kind];

		must(cd_kind_parse(name, strlen(name), &again) == kind && !again);
		/* only the printed work permits are regular without being canonical */
		must(variant || (strlen(name) == first && memcmp(name, type, first) == 0) ||
			 (kind >= CD_WORK_A && kind <= CD_WORK_C && first == strlen(name) + 1));
	}
	check_text(kind, number, valid - second);
	free(type);
	free(number);
	return 0;
}
