/*
 * iddoc.c
 *	  证件类型: the twelve kinds; 证件号码 as text and packed.
 *
 * What a number of each kind must look like is in idcheck.c.
 */
#include "rule.h"
#include "bytes.h"

const char *const cd_kind_name[CD_NKINDS] = {
	"",
	"居民身份证",
	"中国护照",
	"港澳居民来往内地通行证",
	"港澳居民居住证",
	"台湾居民来往大陆通行证",
	"台湾居民居住证",
	"外国护照",
	"外国人永久居留身份证",
	"《中华人民共和国外国人工作许可证》(A类)",
	"《中华人民共和国外国人工作许可证》(B类)",
	"《中华人民共和国外国人工作许可证》(C类)",
	"其他个人证件"
};

/* The work permits as Annex 1 prints them. */
static const char *const work_permit_printed[3] = {
	"《中华人民共和国外国人工作许可证》(A 类)",
	"《中华人民共和国外国人工作许可证》(B 类)",
	"《中华人民共和国外国人工作许可证》(C 类)"
};

/* The kinds as they compare: no spaces, no 《》; the republic is optional. */
static const char *const work_permit_bare[3] = {
	"外国人工作许可证(A类)", "外国人工作许可证(B类)", "外国人工作许可证(C类)"
};
static const char resident[] = "居民身份证";
static const char republic[] = "中华人民共和国";

#define KIND_SIZE 96

static inline bool
is_text(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* Remove spaces and 《》, fold width and case of the class letter. */
static size_t
fold_kind(const char *s, size_t len, char *folded)
{
	const char *end = s + len;
	size_t		n = 0;

	while (s < end)
	{
		uint32_t	c = cd_fold_width(cd_utf8_next(&s, end));

		if (cd_is_space(c) || c == 0x300A || c == 0x300B)
			continue;
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (n + 4 > KIND_SIZE)
			return 0;
		n += (size_t) cd_utf8_encode(c, folded + n);
	}
	return n;
}

cd_kind
cd_kind_parse(const char *s, size_t len, bool *variant)
{
	char		folded[KIND_SIZE];
	const char *p = folded;
	size_t		n;

	*variant = false;
	if (len == sizeof(resident) - 1 && memcmp(s, resident, sizeof(resident) - 1) == 0)
		return CD_RESIDENT;		/* nearly all of them */
	for (int i = 1; i < CD_NKINDS; i++)
		if (is_text(s, len, cd_kind_name[i]))
			return (cd_kind) i;
	for (int i = 0; i < 3; i++)
		if (is_text(s, len, work_permit_printed[i]))
			return (cd_kind) (CD_WORK_A + i);

	*variant = true;
	n = fold_kind(s, len, folded);
	for (int i = 1; i < CD_NKINDS; i++)
		if (is_text(p, n, cd_kind_name[i]))
			return (cd_kind) i;
	if (n > sizeof(republic) - 1 && memcmp(p, republic, sizeof(republic) - 1) == 0)
	{
		p += sizeof(republic) - 1;
		n -= sizeof(republic) - 1;
	}
	for (int i = 0; i < 3; i++)
		if (is_text(p, n, work_permit_bare[i]))
			return (cd_kind) (CD_WORK_A + i);
	*variant = false;
	return CD_KIND_NONE;
}

/* Digits and capital letters: nothing to fold, nothing to refuse. */
static bool
is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'A' && s[i] <= 'Z')))
			return false;
	return true;
}

/*
 * The canonical form of a number of any kind: upper case, ASCII width, 1-18
 * characters, none of them a space, a control character or a mask.  Of
 * several faults the one that explains most is told.
 */
cd_id_verdict
cd_idnum_parse(const char *s, size_t len, cd_idnum *num, int *fixed)
{
	const char *end = s + len;
	cd_scan		scan;

	*fixed = 0;
	num->len = 0;
	num->chars = 0;
	if (len == 0)
		return CD_ID_EMPTY;
	if (len <= CD_IDNUM_MAX_CHARS && is_plain(s, len))
	{
		memcpy(num->s, s, len);
		num->len = num->chars = (int) len;
		return CD_ID_OK;
	}
	cd_scan_text(&scan, s, len);
	num->chars = (int) scan.chars;
	if (scan.star)
		return CD_ID_MASKED;
	if (scan.space)
		return CD_ID_SPACE;
	if (scan.control)
		return CD_ID_CONTROL;
	if (scan.chars > CD_IDNUM_MAX_CHARS)
		return CD_ID_LENGTH;
	while (s < end)
	{
		uint32_t	raw = cd_utf8_next(&s, end);
		uint32_t	c = cd_fold_width(raw);

		if (c != raw)
			*fixed |= CD_FIXED_WIDTH;
		if (c >= 'a' && c <= 'z')
		{
			c -= 'a' - 'A';
			*fixed |= CD_FIXED_CASE;
		}
		num->len += cd_utf8_encode(c, num->s + num->len);
	}
	return CD_ID_OK;
}

/*
 * 公民身份号码.  Returns the faults of idcheck.c; *verdict is the fault of the
 * text, if it has one, and then nothing else is known.
 */
unsigned
cd_resident_parse(const char *s, size_t len, int64_t *id, int *fixed,
				  cd_id_verdict *verdict, cd_id_facts *facts)
{
	cd_idnum	num;

	*verdict = cd_idnum_parse(s, len, &num, fixed);
	if (*verdict != CD_ID_OK)
		return 0;
	cd_citizen_check(num.s, (size_t) num.len, facts);
	if (facts->faults == 0)
		cd_seventeen(num.s, id);
	return facts->faults;
}

void
cd_resident_print(int64_t id, char out[18])
{
	uint64_t	rest = (uint64_t) id;	/* digits even from a damaged page */

	for (int i = 16; i >= 0; i--)
	{
		out[i] = (char) ('0' + rest % 10);
		rest /= 10;
	}
	out[17] = cd_mod11_2(out);
}

bool
cd_idnum_pack(const char *s, size_t len, unsigned char out[8])
{
	int64_t		value;
	char		check;

	if (len != 18)
		return false;
	check = cd_seventeen(s, &value);
	if (check == '\0' || check != s[17])
		return false;
	store8_big_endian(out, (uint64_t) value);
	return true;
}

void
cd_idnum_unpack(const unsigned char in[8], char out[18])
{
	uint64_t	value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | in[i];
	cd_resident_print((int64_t) value, out);
}
