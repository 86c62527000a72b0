/*
 * fuzz_text.c
 *	  libFuzzer target: any bytes as text.  max_len: 64
 *
 * Validity, scan and the check of a text type agree with plain loops; decoding
 * and encoding give the same bytes back.
 */
#include "rule.h"
#include "fuzz.h"

static void
check_valid_text(const char *s, size_t len, int max_chars)
{
	const char *end = s + len;
	const char *p = s;
	cd_scan		scan;
	cd_scan		sum;
	bool		control = false;
	cd_text_verdict verdict = cd_text_check(s, len, max_chars);

	memset(&sum, 0, sizeof(sum));
	while (p < end)
	{
		char		again[4];
		const char *from = p;
		uint32_t	c = cd_utf8_next(&p, end);

		must(p > from && p <= end);
		must(cd_utf8_encode(c, again) == p - from && memcmp(again, from, (size_t) (p - from)) == 0);
		sum.chars++;
		sum.han += cd_is_han(c);
		sum.space |= cd_is_space(c);
		sum.control |= (c < 0x20 && !cd_is_space(c)) || (c >= 0x7F && c <= 0x9F);
		sum.private_use |= cd_is_private_use(c);
		sum.lost |= c == '?' || c == 0xFFFD;
		sum.star |= c == '*' || c == 0xFF0A;
		control |= c < 0x20 || (c >= 0x7F && c <= 0x9F);
		must(cd_is_han(c) + cd_is_space(c) + cd_is_private_use(c) <= 1);
		must(cd_fold_width(cd_fold_width(c)) == cd_fold_width(c));
	}
	must(cd_utf8_length(s, len) == sum.chars);
	if (cd_text_is_plain(s, len))
	{
		must(!sum.space && !sum.control && !sum.private_use && !sum.lost && !sum.star);
		for (size_t i = 0; i < len; i++)
			must((unsigned char) s[i] >= 0x80 || (s[i] >= '0' && s[i] <= '9') ||
				 ((s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z'));
	}
	cd_scan_text(&scan, s, len);
	must(scan.chars == sum.chars && scan.han == sum.han && scan.space == sum.space &&
		 scan.control == sum.control && scan.private_use == sum.private_use &&
		 scan.lost == sum.lost && scan.star == sum.star);
	must(verdict == (sum.chars > (uint32_t) max_chars ? CD_TEXT_LONG : control ? CD_TEXT_CONTROL : CD_TEXT_OK));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char	   *s;
	char	   *head;
	size_t		valid;
	int			max_chars;

	if (len == 0)
		return 0;
	max_chars = data[0] & 31;
	s = exact_copy(data + 1, --len);
	valid = cd_utf8_valid(s, len);
	must(valid == naive_valid(data + 1, len));
	/* the valid beginning, so that it ends where memory ends */
	head = exact_copy(s, valid);
	must(cd_utf8_valid(head, valid) == valid);
	check_valid_text(head, valid, max_chars);
	free(head);
	free(s);
	return 0;
}
