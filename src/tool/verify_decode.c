/*
 * verify_decode.c
 *	  Memory, numbers, base64 and hexadecimal for certdata-verify.
 */
#include "verify_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t) 64 << 10)

typedef struct verify_block
{
	struct verify_block *older;
	size_t		used;
	size_t		room;
	int64_t		data[];			/* aligned for whatever is put there */
} verify_block;

void *
verify_alloc(verify_memory *memory, size_t size)
{
	verify_block *block = memory->newest;
	void	   *at;

	size = (size + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
	if (block == NULL || block->room - block->used < size)
	{
		size_t		room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		block = calloc(1, sizeof(verify_block) + room);
		if (block == NULL)
		{
			fputs("certdata-verify: out of memory\n", stderr);
			exit(2);
		}
		block->room = room;
		block->older = memory->newest;
		memory->newest = block;
	}
	at = (char *) block->data + block->used;
	block->used += size;
	return at;
}

void
verify_free(verify_memory *memory)
{
	while (memory->newest != NULL)
	{
		verify_block *block = memory->newest;

		memory->newest = block->older;
		free(block);
	}
}

bool
verify_text_is(cd_text text, const char *what)
{
	return text.len == strlen(what) && memcmp(text.ptr, what, text.len) == 0;
}

bool
decode_decimal(cd_text text, uint64_t *number)
{
	*number = 0;
	if (text.len == 0 || (text.len > 1 && text.ptr[0] == '0'))
		return false;
	for (size_t i = 0; i < text.len; i++)
	{
		unsigned	digit = (unsigned) (unsigned char) text.ptr[i] - '0';

		if (digit > 9 || *number > (UINT64_MAX - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	return true;
}

bool
json_integer(const json *value, int64_t *number)
{
	cd_text		digits = value->text;
	uint64_t	magnitude;
	bool		negative;

	if (value->type != JSON_NUMBER)
		return false;
	negative = digits.ptr[0] == '-';
	digits.ptr += negative;
	digits.len -= negative;
	if (!decode_decimal(digits, &magnitude) || magnitude > INT64_MAX || (negative && magnitude == 0))
		return false;
	*number = negative ? -(int64_t) magnitude : (int64_t) magnitude;
	return true;
}

/* The six bits that a character stands for; 64: none. */
static uint32_t
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t) (c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t) (c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (uint32_t) (c - '0' + 52);
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool
decode_base64(cd_text text, unsigned char *out, size_t room, size_t *len)
{
	size_t		padding = 0;

	*len = 0;
	if (text.len % 4 != 0)
		return false;
	while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
		padding++;
	if (text.len / 4 * 3 - padding > room)
		return false;
	for (size_t i = 0; i < text.len; i += 4)
	{
		size_t		bytes = i + 4 == text.len ? 3 - padding : 3;
		uint32_t	bits = 0;

		for (size_t k = 0; k < 4; k++)
		{
			uint32_t	digit = k <= bytes ? base64_digit(text.ptr[i + k]) : 0;

			if (digit > 63)
				return false;
			bits = bits << 6 | digit;
		}
		if ((bits & ((UINT32_C(1) << (8 * (3 - bytes))) - 1)) != 0)
			return false;
		for (size_t k = 0; k < bytes; k++)
			out[(*len)++] = (unsigned char) (bits >> (16 - 8 * k));
	}
	return true;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
decode_hex(cd_text text, unsigned char *out, size_t room, size_t *len)
{
	*len = text.len / 2;
	if (text.len % 2 != 0 || *len > room)
		return false;
	for (size_t i = 0; i < *len; i++)
	{
		int			high = hex_digit(text.ptr[2 * i]);
		int			low = hex_digit(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char) (high * 16 + low);
	}
	return true;
}
