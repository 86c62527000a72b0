/*
 * fuzz_verify_json.c
 *	  libFuzzer target: bytes as the JSON of a bundle.
 *
 * What is read holds what was promised (valid texts without NUL, no name
 * twice, counts that agree, numbers in one form); what is not read says where;
 * nothing follows a whole value, no beginning of an array or object is one.
 * runs: 500000
 */
#include "tool/verify_json.h"
#include "fuzz.h"

#include <stdio.h>

static void
check_text(cd_text text)
{
	must(naive_valid((const unsigned char *) text.ptr, text.len) == text.len);
	must(text.len == 0 || memchr(text.ptr, '\0', text.len) == NULL);
}

static void
check_number(const json *value)
{
	int64_t number;
	char		printed[24];

	must(value->text.len > 0);
	if (json_integer(value, &number))
	{
		int			len = snprintf(printed, sizeof(printed), "%lld", (long long) number);

		must((size_t) len == value->text.len && memcmp(printed, value->text.ptr, (size_t) len) == 0);
	}
}

static void
check_value(const json *value, int depth)
{
	size_t		n = 0;

	must(depth <= JSON_MAX_DEPTH);
	must(value->n == 0 || value->type == JSON_ARRAY || value->type == JSON_OBJECT);
	if (value->type == JSON_NUMBER)
		check_number(value);
	check_text(value->text);
	for (const json *part = value->first; part != NULL; part = part->next, n++)
	{
		check_text(part->name);
		for (const json *other = value->first; other != part; other = other->next)
			must(value->type != JSON_OBJECT || other->name.len != part->name.len ||
				 memcmp(other->name.ptr, part->name.ptr, part->name.len) != 0);
		check_value(part, depth + 1);
	}
	must(n == value->n && (value->type != JSON_OBJECT || n <= JSON_MAX_MEMBERS));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	verify_memory memory = {NULL};
	json_error	error;
	char	   *copy = exact_copy(data, len);
	const json *value = json_parse(&memory, copy, len, &error);
	unsigned char out[64];
	size_t		out_len;

	must((value == NULL) == (error.fault != JSON_GOOD) && error.at <= len);
	if (value != NULL)
	{
		check_value(value, 0);
		if (value->type == JSON_ARRAY || value->type == JSON_OBJECT)
		{
			size_t		end = len;

			while (copy[end - 1] != ']' && copy[end - 1] != '}')
				end--;
			must(json_parse(&memory, copy, end - 1, &error) == NULL);
		}
	}
	if (decode_base64((cd_text) {copy, len}, out, sizeof(out), &out_len))
		must(out_len <= sizeof(out) && (len + 3) / 4 * 3 >= out_len);
	if (decode_hex((cd_text) {copy, len}, out, sizeof(out), &out_len))
		must(out_len * 2 == len);
	verify_free(&memory);
	free(copy);
	return 0;
}
