/*
 * fuzz_certno.c
 *	  libFuzzer target: any text as a certificate number.  max_len: 120
 *
 * The verdict is that of a second, plain reading; a good number prints as the
 * folded text, which reads as itself; two numbers are ordered as their texts.
 * The input holds two, apart by a line end.
 */
#include "rule.h"
#include "fuzz.h"

/* Fold and judge one character after another, as the scheme is written down. */
static cd_no_verdict
plain_reading(const char *s, size_t len, char out[CD_CERTNO_LEN], int *pos, int *chars)
{
	const char *end = s + len;
	bool		digits = true;
	bool		rsn = true;
	int			space = 0;
	int			bad = 0;
	bool		masked = false;

	*chars = 0;
	while (s < end)
	{
		uint32_t	raw = cd_utf8_next(&s, end);
		uint32_t	c = cd_fold_width(raw);
		int			at = (*chars)++;
		bool		letter;
		bool		digit;

		c = c >= 'a' && c <= 'z' ? c - 32 : c;
		letter = c >= 'A' && c <= 'Z';
		digit = c >= '0' && c <= '9';
		digits &= digit;
		if (at < 3)
			rsn &= c == (uint32_t) "RSN"[at];
		masked |= c == '*';
		if (cd_is_space(raw) && space == 0)
			space = at + 1;
		if (bad == 0 && !(at == 0 ? letter : at == 15 ? letter || digit : digit))
			bad = at + 1;
		if (at < CD_CERTNO_LEN)
			out[at] = (char) (c < 0x80 ? c : '.');
	}
	*pos = space ? space : bad;
	if (*chars == 0)
		return CD_NO_EMPTY;
	if (masked)
		return CD_NO_MASKED;
	if (space)
		return CD_NO_SPACE;
	if (digits && (*chars == 16 || *chars == 13))
		return CD_NO_OLD;
	if (rsn && *chars == 20)
		return CD_NO_RSN;
	if (*chars != CD_CERTNO_LEN)
		return CD_NO_LENGTH;
	return bad ? CD_NO_LAYOUT : CD_NO_OK;
}

static bool
read_one(const char *s, size_t len, char canonical[CD_CERTNO_LEN], cd_certno *no)
{
	char		printed[CD_CERTNO_LEN];
	cd_certno	again;
	cd_no_fault fault;
	cd_certno_parts part;
	int			fixed;
	int			pos;
	int			chars;
	cd_no_verdict verdict = cd_certno_parse(s, len, no, &fixed, &fault);

	must(verdict == plain_reading(s, len, canonical, &pos, &chars));
	if (verdict != CD_NO_OK)
	{
		must(verdict == CD_NO_EMPTY || fault.chars == chars);
		if (verdict == CD_NO_SPACE || verdict == CD_NO_LAYOUT)
			must(fault.pos == pos);
		if (verdict == CD_NO_LAYOUT)
			must(fault.expected[0] != '\0');
		return false;
	}
	cd_certno_print(no, printed);
	must(memcmp(printed, canonical, CD_CERTNO_LEN) == 0);
	must((fixed == 0) == (len == CD_CERTNO_LEN && memcmp(s, printed, CD_CERTNO_LEN) == 0));
	must(cd_certno_parse(printed, CD_CERTNO_LEN, &again, &fixed, &fault) == CD_NO_OK && fixed == 0);
	must(memcmp(&again, no, sizeof(again)) == 0);
	cd_certno_split(no, &part);
	must(part.category == printed[0] && part.level == printed[15]);
	must(part.province == (printed[5] - '0') * 10 + printed[6] - '0');
	must(part.year == 2000 + (printed[13] - '0') * 10 + printed[14] - '0');
	must(cd_certno_serial(no) >= 0 && cd_certno_serial(no) <= 999999 &&
		 cd_certno_serial(no) % 10 == printed[21] - '0');
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t		valid = naive_valid(data, len);
	const uint8_t *line = memchr(data, '\n', valid);
	size_t		first = line ? (size_t) (line - data) : valid;
	char	   *a = exact_copy(data, first);
	char		canonical[2][CD_CERTNO_LEN];
	cd_certno	no[2];
	bool		good = read_one(a, first, canonical[0], &no[0]);

	free(a);
	if (line)
	{
		size_t		rest = valid - first - 1;
		char	   *b = exact_copy(line + 1, rest);

		if (read_one(b, rest, canonical[1], &no[1]) && good)
		{
			int			bytes = memcmp(&no[0], &no[1], sizeof(no[0]));
			int			text = memcmp(canonical[0], canonical[1], CD_CERTNO_LEN);

			must((bytes > 0) - (bytes < 0) == (text > 0) - (text < 0));
		}
		free(b);
	}
	return 0;
}
