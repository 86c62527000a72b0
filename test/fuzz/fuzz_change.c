/*
 * fuzz_change.c
 *	  libFuzzer target: any two texts, as names and as document numbers.
 *	  max_len: 200
 *
 * The verdict is that of comparing the folded texts as wholes, whichever of
 * the two is first.
 */
#include "change.h"
#include "cell.h"
#include "fuzz.h"

/* The text without spaces, each other character by itself brought to one notation. */
static size_t
fold(cd_text t, bool is_name, uint32_t *out)
{
	const char *p = t.ptr;
	const char *end = p + t.len;
	size_t		n = 0;

	while (p < end)
	{
		uint32_t	c = cd_utf8_next(&p, end);

		if (cd_is_space(c))
			continue;
		c = is_name && cd_is_separator_lookalike(c) ? 0xB7 : cd_fold_width(c);
		out[n++] = c >= 'a' && c <= 'z' ? c - 0x20 : c;
	}
	return n;
}

/* Are two characters the same but for notation?  Beyond ASCII the code is asked, for them alone. */
static bool
same_char(uint32_t a, uint32_t b)
{
	char		sa[4];
	char		sb[4];
	cd_text		ta = {sa, (size_t) cd_utf8_encode(a, sa)};
	cd_text		tb = {sb, (size_t) cd_utf8_encode(b, sb)};

	if (a == b || a < 0x80 || b < 0x80)
		return a == b;
	return cd_document_change(CD_OTHER, ta, CD_OTHER, tb) == CD_NOTATION;
}

/* How many characters two folded texts have in common, from the first on. */
static size_t
common(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t		n = 0;

	while (n < na && n < nb && same_char(a[n], b[n]))
		n++;
	return n;
}

static void
check(bool is_name, cd_kind kind_a, cd_text a, cd_kind kind_b, cd_text b)
{
	uint32_t	fa[200];
	uint32_t	fb[200];
	size_t		na = fold(a, is_name, fa);
	size_t		nb = fold(b, is_name, fb);
	size_t		n = common(fa, na, fb, nb);
	size_t		stem = kind_a != kind_b ? 0 : kind_a == CD_HM_PERMIT ? 9 : kind_a == CD_TW_PERMIT ? 8 : 0;
	cd_change	expected = CD_CHANGED;

	if (a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0)
		expected = CD_SAME;
	else if (n == na && n == nb)
		expected = CD_NOTATION;
	else if (!is_name && stem > 0 && n >= stem)
		expected = CD_RENEWAL;
	if (is_name)
		must(cd_name_change(a, b) == expected && cd_name_change(b, a) == expected);
	else
		must(cd_document_change(kind_a, a, kind_b, b) == expected &&
			 cd_document_change(kind_b, b, kind_a, a) == expected);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *line;
	size_t		at;
	cd_text		a;
	cd_text		b;
	cd_kind		kind;

	if (len < 2)
		return 0;
	kind = (cd_kind) (data[0] % CD_NKINDS);
	line = memchr(data + 1, '\n', len - 1);
	at = line ? (size_t) (line - data) + 1 : len;
	a.len = naive_valid(data + 1, at - 1 - (line != NULL));
	a.ptr = exact_copy(data + 1, a.len);
	b.len = naive_valid(data + at, len - at);
	b.ptr = exact_copy(data + at, b.len);
	check(true, CD_KIND_NONE, a, CD_KIND_NONE, b);
	check(false, kind, a, kind, b);
	check(false, CD_HM_PERMIT, a, kind, b);
	check(false, CD_TW_PERMIT, a, CD_TW_PERMIT, b);
	must(cd_name_change(a, a) == CD_SAME && cd_document_change(kind, b, kind, b) == CD_SAME);
	must(cd_name_change(a, (cd_text) {NULL, 0}) == cd_name_change((cd_text) {"", 0}, a));
	must(cd_document_change(kind, (cd_text) {NULL, 0}, kind, (cd_text) {NULL, 0}) == CD_SAME);
	free((char *) a.ptr);
	free((char *) b.ptr);
	return 0;
}
