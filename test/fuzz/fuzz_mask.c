/*
 * fuzz_mask.c
 *	  libFuzzer target: three bytes of choice, then a value; and the value as a
 *	  message with its arguments.  max_len: 300
 *
 * What is shown is valid text of the value's length (60 characters at most),
 * without a control character, with no run of 15 digits outside a certificate
 * number, and shows no more of a document number than the setting allows.
 */
#include "rule.h"
#include "fuzz.h"

static void
check_mask(cd_field field, const char *s, size_t len, int first, int last)
{
	char	   *out = malloc(CD_MASK_SIZE);
	size_t		n = cd_mask(field, s, len, first, last, out);
	size_t		chars = cd_utf8_length(s, len);
	size_t		shown = chars < 60 ? chars : 60;
	const char *p = out;
	const char *q = s;
	size_t		kept = 0;
	size_t		run = 0;

	must(n < CD_MASK_SIZE && out[n] == '\0' && naive_valid((unsigned char *) out, n) == n);
	must(cd_utf8_length(out, n) == shown || (chars > 60 && cd_utf8_length(out, n) == 61));
	for (size_t i = 0; i < shown; i++)
	{
		uint32_t	c = cd_utf8_next(&p, out + n);
		uint32_t	was = cd_utf8_next(&q, s + len);
		uint32_t	digit = cd_fold_width(c);
		bool		control = was < 0x20 || (was >= 0x7F && was <= 0x9F);

		must(c >= 0x20 && (c < 0x7F || c > 0x9F));
		must(c == '*' || c == was || (c == ' ' && control));
		kept += c != '*';
		run = digit >= '0' && digit <= '9' ? run + 1 : 0;
		must(run < 15 || field == CD_CERT_NO);
		if (field == CD_ID_NUMBER && chars >= 15)
			must(i < 6 || i >= 14 || c == '*');
	}
	if (field == CD_NAME)
		must(kept <= 1);
	if (field == CD_ID_NUMBER)
		must(kept <= 10 && kept <= (size_t) ((first > 0 ? first : 0) + (last > 0 ? last : 0)) &&
			 (chars >= 15 || kept * 2 <= chars));
	free(out);
}

static void
check_format(const char *s, size_t len, size_t size, size_t split)
{
	cd_finding	finding;
	char	   *fmt = malloc(len + 1);
	char	   *buf = malloc(size);
	char		whole[2000];
	size_t		n;
	size_t		cut;
	size_t		arg = len < split ? len : split;

	memset(&finding, 0, sizeof(finding));
	memcpy(fmt, s, len);
	fmt[len] = '\0';
	/* an argument of whole characters */
	while (arg > 0 && arg < len && ((unsigned char) s[arg] & 0xC0) == 0x80)
		arg--;
	memcpy(finding.arg1, s, arg);
	memcpy(finding.arg2, "…", 3);
	for (int k = 0; k < 2; k++)
	{
		const cd_finding *given = k ? NULL : &finding;

		n = cd_format(whole, sizeof(whole), fmt, given);
		must(n < sizeof(whole) && whole[n] == '\0' && naive_valid((unsigned char *) whole, n) == n);
		cut = cd_format(buf, size, fmt, given);
		must(cut < size && buf[cut] == '\0' && memcmp(buf, whole, cut) == 0);
		must(naive_valid((unsigned char *) buf, cut) == cut);
		must(n < size ? cut == n : cut + 4 >= size);
	}
	free(fmt);
	free(buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t		valid;
	char	   *s;

	if (len < 3)
		return 0;
	valid = naive_valid(data + 3, len - 3);
	s = exact_copy(data + 3, valid);
	check_mask((cd_field) (data[0] % (CD_NFIELDS + 1)), s, valid, (int8_t) data[1], (int8_t) data[2]);
	if (valid <= 30)
		check_format(s, valid, 1 + data[1], data[2] % 24);
	free(s);
	return 0;
}
