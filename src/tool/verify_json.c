/*
 * verify_json.c
 *	  JSON (RFC 8259) from hands that are not trusted.
 */
#include "verify_json.h"

#include <string.h>

#define BOM "\xEF\xBB\xBF"

typedef struct parser
{
	const char *start;
	const char *at;
	const char *end;
	size_t		values;
	verify_memory *memory;
	json_error *error;
} parser;

static bool parse_value(parser *p, json *value, int depth);

/* The first fault is the one that is told. */
static bool
fail(parser *p, json_fault fault)
{
	if (p->error->fault == JSON_GOOD)
	{
		p->error->fault = p->at == p->end && fault == JSON_SYNTAX ? JSON_ENDS : fault;
		p->error->at = (size_t) (p->at - p->start);
	}
	return false;
}

static void
skip_space(parser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
		p->at++;
}

/* The character, if it comes next. */
static bool
take(parser *p, char c)
{
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static json *
new_value(parser *p)
{
	if (++p->values > JSON_MAX_VALUES)
	{
		fail(p, JSON_TOO_LARGE);
		return NULL;
	}
	return verify_alloc(p->memory, sizeof(json));
}

/* ---- strings ---- */

static bool
four_digits(parser *p, uint32_t *c)
{
	*c = 0;
	for (int i = 0; i < 4; i++, p->at++)
	{
		char		d = p->at < p->end ? *p->at : '\0';

		if (d >= '0' && d <= '9')
			*c = *c * 16 + (uint32_t) (d - '0');
		else if ((d | 32) >= 'a' && (d | 32) <= 'f')
			*c = *c * 16 + (uint32_t) ((d | 32) - 'a' + 10);
		else
			return fail(p, JSON_SYNTAX);
	}
	return true;
}

/* After \u: a character, or two halves of one. */
static bool
parse_unicode(parser *p, char **out)
{
	uint32_t	c;
	uint32_t	low;

	if (!four_digits(p, &c))
		return false;
	if (c >= 0xD800 && c < 0xDC00)
	{
		if (!take(p, '\\') || !take(p, 'u'))
			return fail(p, JSON_BAD_TEXT);
		if (!four_digits(p, &low))
			return false;
		if (low < 0xDC00 || low > 0xDFFF)
			return fail(p, JSON_BAD_TEXT);
		c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	else if (c == 0 || (c >= 0xDC00 && c <= 0xDFFF))
		return fail(p, JSON_BAD_TEXT);
	*out += cd_utf8_encode(c, *out);
	return true;
}

/* After a backslash. */
static bool
parse_escape(parser *p, char **out)
{
	static const char name[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (take(p, 'u'))
		return parse_unicode(p, out);
	found = p->at < p->end && *p->at != '\0' ? strchr(name, *p->at) : NULL;
	if (found == NULL)
		return fail(p, JSON_SYNTAX);
	p->at++;
	*(*out)++ = meant[found - name];
	return true;
}

/* How long the string is as it stands; p->at stays at its beginning. */
static bool
measure(parser *p, size_t *len, bool *escaped)
{
	const char *from = p->at;

	for (*escaped = false; p->at < p->end && *p->at != '"'; p->at++)
	{
		if ((unsigned char) *p->at < 0x20)
			return fail(p, JSON_BAD_TEXT);
		if (*p->at != '\\')
			continue;
		*escaped = true;
		if (++p->at == p->end)
			break;
	}
	if (p->at == p->end)
		return fail(p, JSON_ENDS);
	*len = (size_t) (p->at - from);
	p->at = from;
	return true;
}

/* After the quote.  What is escaped is never shorter than what it stands for. */
static bool
parse_string(parser *p, cd_text *text)
{
	const char *from = p->at;
	char	   *out;
	size_t		len;
	size_t		valid;
	bool		escaped;

	if (!measure(p, &len, &escaped))
		return false;
	valid = cd_utf8_valid(from, len);
	if (valid < len)
	{
		p->at += valid;
		return fail(p, JSON_BAD_UTF8);
	}
	text->ptr = from;
	text->len = len;
	if (escaped)
	{
		text->ptr = out = verify_alloc(p->memory, len);
		while (p->at < from + len)
		{
			if (!take(p, '\\'))
				*out++ = *p->at++;
			else if (!parse_escape(p, &out))
				return false;
		}
		text->len = (size_t) (out - text->ptr);
	}
	p->at = from + len + 1;
	return true;
}

/* ---- the rest ---- */

static bool
parse_digits(parser *p)
{
	const char *from = p->at;

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		p->at++;
	return p->at > from || fail(p, JSON_SYNTAX);
}

static bool
parse_number(parser *p, cd_text *text)
{
	text->ptr = p->at;
	take(p, '-');
	if (!take(p, '0') && !parse_digits(p))
		return false;
	if (take(p, '.') && !parse_digits(p))
		return false;
	if (take(p, 'e') || take(p, 'E'))
	{
		if (!take(p, '+'))
			take(p, '-');
		if (!parse_digits(p))
			return false;
	}
	text->len = (size_t) (p->at - text->ptr);
	return true;
}

static bool
parse_word(parser *p, const char *word)
{
	for (; *word != '\0'; word++)
		if (!take(p, *word))
			return fail(p, JSON_SYNTAX);
	return true;
}

static bool
parse_name(parser *p, const json *object, json *member)
{
	const char *from = p->at;

	if (!take(p, '"'))
		return fail(p, JSON_SYNTAX);
	if (!parse_string(p, &member->name))
		return false;
	for (const json *m = object->first; m != NULL; m = m->next)
		if (m->name.len == member->name.len && memcmp(m->name.ptr, member->name.ptr, m->name.len) == 0)
		{
			p->at = from;
			return fail(p, JSON_TWICE);
		}
	skip_space(p);
	if (!take(p, ':'))
		return fail(p, JSON_SYNTAX);
	skip_space(p);
	return true;
}

/* An array or object, after its first character. */
static bool
parse_inside(parser *p, json *whole, int depth)
{
	const bool	named = whole->type == JSON_OBJECT;
	const char	last = named ? '}' : ']';
	json	  **tail = &whole->first;

	if (depth == JSON_MAX_DEPTH)
		return fail(p, JSON_TOO_DEEP);
	skip_space(p);
	if (take(p, last))
		return true;
	for (;;)
	{
		json	   *part = new_value(p);

		if (part == NULL)
			return false;
		if (named && ++whole->n > JSON_MAX_MEMBERS)
			return fail(p, JSON_TOO_LARGE);
		if ((named && !parse_name(p, whole, part)) || !parse_value(p, part, depth + 1))
			return false;
		whole->n += !named;
		*tail = part;
		tail = &part->next;
		skip_space(p);
		if (take(p, last))
			return true;
		if (!take(p, ','))
			return fail(p, JSON_SYNTAX);
		skip_space(p);
	}
}

static bool
parse_value(parser *p, json *value, int depth)
{
	switch (p->at < p->end ? *p->at : '\0')
	{
		case '{':
			p->at++;
			value->type = JSON_OBJECT;
			return parse_inside(p, value, depth);
		case '[':
			p->at++;
			value->type = JSON_ARRAY;
			return parse_inside(p, value, depth);
		case '"':
			p->at++;
			value->type = JSON_STRING;
			return parse_string(p, &value->text);
		case 't':
			value->type = JSON_TRUE;
			return parse_word(p, "true");
		case 'f':
			value->type = JSON_FALSE;
			return parse_word(p, "false");
		case 'n':
			value->type = JSON_NULL;
			return parse_word(p, "null");
		default:
			value->type = JSON_NUMBER;
			return parse_number(p, &value->text);
	}
}

const json *
json_parse(verify_memory *memory, const char *s, size_t len, json_error *error)
{
	parser		p = {s, s, s + len, 0, memory, error};
	json	   *value;

	error->fault = JSON_GOOD;
	error->at = 0;
	if (len > JSON_MAX_BYTES)
	{
		fail(&p, JSON_TOO_LARGE);
		return NULL;
	}
	if (len >= 3 && memcmp(s, BOM, 3) == 0)
		p.at += 3;
	skip_space(&p);
	value = new_value(&p);
	if (!parse_value(&p, value, 0))
		return NULL;
	skip_space(&p);
	if (p.at < p.end)
	{
		fail(&p, JSON_MORE);
		return NULL;
	}
	return value;
}

const json *
json_member(const json *object, const char *name)
{
	for (const json *m = object->first; m != NULL; m = m->next)
		if (verify_text_is(m->name, name))
			return m;
	return NULL;
}
