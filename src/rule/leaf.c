/*
 * leaf.c
 *	  Leaf data of the ledger, byte by byte (doc/ledger.md).
 */
#include "leaf.h"

#include <stdio.h>
#include <string.h>

const char	cd_part_letter[CD_NPARTS] = {'N', 'D', 'R', 'O'};

/* Where the bytes go, or only how many there are. */
typedef struct Out
{
	unsigned char *at;			/* NULL: count */
	size_t		len;
} Out;

static void
put_bytes(Out *out, const void *ptr, size_t len)
{
	if (out->at != NULL && len > 0)
		memcpy(out->at + out->len, ptr, len);
	out->len += len;
}

static void
put_length(Out *out, uint32_t len)
{
	unsigned char b[4] = {
		(unsigned char) (len >> 24), (unsigned char) (len >> 16),
		(unsigned char) (len >> 8), (unsigned char) len
	};

	put_bytes(out, b, sizeof(b));
}

static void
put(Out *out, const void *ptr, size_t len)
{
	put_length(out, (uint32_t) len);
	put_bytes(out, ptr, len);
}

static void
put_value(Out *out, cd_value value)
{
	if (value.ptr == NULL)
		put_length(out, UINT32_MAX);
	else
		put(out, value.ptr, value.len);
}

static void
put_text(Out *out, const char *text)
{
	put(out, text, strlen(text));
}

static void
put_unsigned(Out *out, uint64_t n, bool negative)
{
	char		digits[24];
	char	   *at = digits + sizeof(digits);

	do
	{
		*--at = (char) ('0' + n % 10);
		n /= 10;
	} while (n > 0);
	if (negative)
		*--at = '-';
	put(out, at, (size_t) (digits + sizeof(digits) - at));
}

static void
put_number(Out *out, int64_t n)
{
	put_unsigned(out, n < 0 ? 0 - (uint64_t) n : (uint64_t) n, n < 0);
}

size_t
cd_act_data(const cd_act *act, unsigned char *out)
{
	Out			o = {out, 0};

	put_text(&o, "certdata-act/1");
	put_number(&o, act->id);
	put_number(&o, act->incarnation);
	put_unsigned(&o, act->transaction, false);
	put_number(&o, act->statement_id);
	put_value(&o, act->kind);
	put_value(&o, act->attachment);
	put_number(&o, act->shape);
	put_number(&o, act->entries);
	put_number(&o, act->recorded_at);
	put_value(&o, act->session_user);
	put_value(&o, act->current_user);
	put_value(&o, act->address);
	put_value(&o, act->application_name);
	put_value(&o, act->actor);
	put_value(&o, act->actor_org);
	put_value(&o, act->reason);
	put_value(&o, act->approval);
	put_value(&o, act->exception);
	put_value(&o, act->detail);
	return o.len;
}

static void
put_body(Out *out, const cd_entry *entry)
{
	put_number(out, entry->shape);
	put_value(out, entry->cert_no);
	put_number(out, entry->life_seq);
	put_number(out, entry->state);
	put_number(out, entry->changed);
	put_value(out, entry->previous);
	put_value(out, entry->salts_digest);
	put_value(out, entry->commitments);
}

size_t
cd_entry_body(const cd_entry *entry, unsigned char out[CD_ENTRY_BODY_MAX])
{
	Out			o = {out, 0};

	put_body(&o, entry);
	return o.len;
}

size_t
cd_entry_data(const cd_entry *entry, const unsigned char act_hash[CD_LEAF_HASH],
			  int64_t n, unsigned char out[CD_ENTRY_DATA_MAX])
{
	Out			o = {out, 0};

	put_text(&o, "certdata-entry/1");
	put(&o, act_hash, CD_LEAF_HASH);
	put_number(&o, n);
	put_body(&o, entry);
	return o.len;
}

static inline cd_part
part_of(cd_field field)
{
	return field == CD_NAME ? CD_PART_NAME :
		field == CD_ID_TYPE || field == CD_ID_NUMBER ? CD_PART_DOCUMENT : CD_PART_REST;
}

cd_part
cd_part_of(cd_field field)
{
	return part_of(field);
}

/* 姓名 stands alone, so it needs no length. */
size_t
cd_part_value(cd_part part, const cd_text image[CD_NFIELDS], unsigned char *out)
{
	Out			o = {out, 0};

	if (part == CD_PART_NAME)
	{
		put_bytes(&o, image[CD_NAME].ptr, image[CD_NAME].len);
		return o.len;
	}
	for (int i = 0; i < CD_NFIELDS; i++)
		if (part_of((cd_field) i) == part)
			put(&o, image[i].ptr, image[i].len);
	return o.len;
}
