/*
 * cell.c
 *	  Spreadsheet accidents of a cell, and helpers of the checks.
 */
#include "cell.h"

#include <stdio.h>
#include <string.h>

cd_finding *
cd_find_int(cd_findings *f, cd_rule_id rule, cd_field field, long arg)
{
	cd_finding *item = cd_find(f, rule, field);

	snprintf(item->arg1, CD_ARG_SIZE, "%ld", arg);
	return item;
}

cd_finding *
cd_find_text(cd_findings *f, cd_rule_id rule, cd_field field, cd_text arg)
{
	cd_finding *item = cd_find(f, rule, field);
	size_t		n = arg.len < CD_ARG_SIZE ? arg.len : CD_ARG_SIZE - 1;

	while (n < arg.len && n > 0 && ((unsigned char) arg.ptr[n] & 0xC0) == 0x80)
		n--;
	memcpy(item->arg1, arg.ptr, n);
	item->arg1[n] = '\0';
	return item;
}

cd_finding *
cd_find_date(cd_findings *f, cd_rule_id rule, cd_field field, int32_t arg)
{
	cd_finding *item = cd_find(f, rule, field);

	cd_date_print(arg, item->arg1);
	item->arg1[10] = '\0';
	return item;
}

long
cd_first(cd_text t, bool (*is_such) (uint32_t))
{
	const char *s = t.ptr;
	const char *end = s + t.len;

	for (long pos = 1; s < end; pos++)
		if (is_such(cd_utf8_next(&s, end)))
			return pos;
	return 0;
}

cd_text
cd_strip_spaces(cd_text t, char buf[CD_STRIP_SIZE])
{
	const char *s = t.ptr;
	const char *end = s + t.len;
	size_t		n = 0;

	while (s < end && n + 4 <= CD_STRIP_SIZE)
	{
		uint32_t	c = cd_utf8_next(&s, end);

		if (!cd_is_space(c))
			n += (size_t) cd_utf8_encode(c, buf + n);
	}
	return (cd_text) {buf, n};
}

/* What a conversion leaves where it knew no character. */
bool
cd_is_lost(uint32_t c)
{
	return c == '?' || c == 0xFFFD;
}

/* Dots that are taken for · (U+00B7), the only separator. */
bool
cd_is_separator_lookalike(uint32_t c)
{
	switch (c)
	{
		case '.':
		case 0x0387:
		case 0x2022:
		case 0x2027:
		case 0x2219:
		case 0x22C5:
		case 0x30FB:
		case 0xFF65:
		case 0xFF0E:
			return true;
		default:
			return false;
	}
}

static bool
is_one_of(const char *s, size_t len, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == len && memcmp(s, *words, len) == 0)
			return true;
	return false;
}

/* Annex 1, note 5: no work type means an empty cell. */
bool
cd_is_placeholder(const char *s, size_t len)
{
	static const char *const words[] = {
		"无", "/", "-", "—", "―", "–", "－", "／", "\\", "NULL", "null",
		"Null", "N/A", "n/a", "没有", "空", "暂无", NULL
	};

	return len <= 6 && is_one_of(s, len, words);
}

static bool
is_error_value(const char *s, size_t len)
{
	static const char *const words[] = {
		"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", NULL
	};
	size_t		hashes = 0;

	while (hashes < len && s[hashes] == '#')
		hashes++;
	return (hashes == len && len >= 3) || is_one_of(s, len, words);
}

/* 1.30102E+17: what a number of more than 11 digits is shown as. */
static bool
is_exponent(const char *s, size_t len)
{
	size_t		i = 1;
	size_t		digits = 0;

	if (len < 3 || s[0] < '0' || s[0] > '9')
		return false;
	if (s[i] == '.')
	{
		for (i++; i < len && s[i] >= '0' && s[i] <= '9'; i++)
			digits++;
		if (digits == 0)
			return false;
	}
	if (i >= len || (s[i] != 'E' && s[i] != 'e'))
		return false;
	i++;
	if (i < len && s[i] == '+')
		i++;
	for (digits = 0; i < len && s[i] >= '0' && s[i] <= '9'; i++)
		digits++;
	return i == len && (digits == 1 || digits == 2);
}

static bool
is_latin(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Names such as 'Abdullah begin with an apostrophe lawfully. */
static bool
has_apostrophe(cd_field field, const cd_text *t)
{
	bool		is_text = cd_max_chars[field] >= 40 && field != CD_ID_TYPE;

	return t->ptr[0] == '\'' &&
		!(is_text && t->len > 1 && is_latin(t->ptr[1]));
}

static bool
strip_wrappers(cd_field field, cd_text *t, cd_findings *f)
{
	if (t->ptr[0] == '\t')
	{
		cd_find(f, CD_RULE_CELL_TAB, field);
		while (t->len > 0 && t->ptr[0] == '\t')
			t->ptr++, t->len--;
	}
	if (t->len >= 3 && memcmp(t->ptr, "=\"", 2) == 0 && t->ptr[t->len - 1] == '"')
	{
		cd_find(f, CD_RULE_CELL_FORMULA, field);
		t->ptr += 2;
		t->len -= 3;
	}
	if (t->len > 0 && has_apostrophe(field, t))
	{
		cd_find(f, CD_RULE_CELL_APOSTROPHE, field);
		t->ptr++;
		t->len--;
	}
	return t->len > 0;
}

bool
cd_cell_unwrap(cd_field field, cd_text *t, cd_findings *f)
{
	switch (t->ptr[0])
	{
		case '#':
			if (!is_error_value(t->ptr, t->len))
				return true;
			cd_find_text(f, CD_RULE_CELL_ERROR, field, *t);
			return false;
		case '\t':
		case '=':
		case '\'':
			return strip_wrappers(field, t, f);
		default:
			break;
	}
	if ((field == CD_ID_NUMBER || field == CD_CERT_NO || field == CD_ISSUE_DATE) &&
		is_exponent(t->ptr, t->len))
	{
		cd_find(f, CD_RULE_CELL_EXPONENT, field);
		return false;
	}
	return true;
}
