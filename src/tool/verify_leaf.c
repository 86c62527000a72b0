/*
 * verify_leaf.c
 *	  Leaf data of an export, taken apart again (rule/leaf.c puts it together).
 */
#include "verify.h"

#include <string.h>

#define ACT_VALUES 20
#define ENTRY_VALUES 11
#define BODY_AT 3				/* the entry's body begins here */

/* Take the next value off; false: there is none. */
static bool
next_value(const unsigned char **at, const unsigned char *end, cd_value *value)
{
	const unsigned char *p = *at;
	size_t		len;

	if (end - p < 4)
		return false;
	len = (size_t) p[0] << 24 | (size_t) p[1] << 16 | (size_t) p[2] << 8 | p[3];
	*at = p + 4;
	value->ptr = NULL;
	value->len = 0;
	if (len == UINT32_MAX)
		return true;
	if (len > (size_t) (end - *at))
		return false;
	value->ptr = *at;
	value->len = len;
	*at += len;
	return true;
}

static bool
number(cd_value value, int64_t *out)
{
	cd_text		text = {value.ptr, value.len};
	uint64_t	read;

	if (value.ptr == NULL || !decode_decimal(text, &read) || read > INT64_MAX)
		return false;
	*out = (int64_t) read;
	return true;
}

static bool
is_text(cd_value value, const char *text)
{
	return value.ptr != NULL && value.len == strlen(text) && memcmp(value.ptr, text, value.len) == 0;
}

static bool
is_digest(cd_value value)
{
	return value.ptr != NULL && value.len == CD_HASH_LEN;
}

/* Values in the order of doc/ledger.md. */
bool
leaf_read(const unsigned char *data, size_t len, verify_leaf *leaf)
{
	const unsigned char *at = data;
	const unsigned char *end = data + len;
	cd_value	value[ACT_VALUES];
	int			n = 0;

	memset(leaf, 0, sizeof(*leaf));
	while (at < end)
	{
		if (n == BODY_AT)
			leaf->body = at;
		if (n == ACT_VALUES || !next_value(&at, end, &value[n++]))
			return false;
	}
	if (n == ACT_VALUES && is_text(value[0], "certdata-act/1"))
	{
		leaf->kind = value[5];
		leaf->attachment = value[6];
		return number(value[8], &leaf->n);
	}
	if (n != ENTRY_VALUES || !is_text(value[0], "certdata-entry/1"))
		return false;
	leaf->is_entry = true;
	leaf->body_len = (size_t) (end - leaf->body);
	leaf->act_hash = value[1];
	leaf->cert_no = value[4];
	leaf->previous = value[8];
	return is_digest(value[1]) && number(value[2], &leaf->n) && number(value[5], &leaf->life_seq) &&
		(value[8].ptr == NULL || is_digest(value[8]));
}
