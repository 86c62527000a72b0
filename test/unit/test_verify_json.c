/*
 * test_verify_json.c
 *	  Looks for: text that is no JSON read as some, JSON that is refused, two
 *	  readings of one number or one text, what would use up stack or memory,
 *	  base64 and hexadecimal that stand for the same bytes in two ways.
 */
#include "tool/verify_json.h"
#include "tap.h"

static json_error error;

static void
test_good(void)
{
	static const char *const good[] = {
		"null", "true", "false", "0", "-0", "12", "-1.5e+10", "0.0E-0", "1e9", "\"\"", "\"a\\u00e9\\/\\\"\"",
		"[]", "{}", " [ 1 , [ ] , { } ] ", "{\"a\":{\"a\":1},\"b\":[1,2]}", "\xEF\xBB\xBF{}\r\n\t ",
		"\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"", "{\"\":1}", "\"\x7F\"",
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		verify_memory memory = {NULL};

		count(&t, json_parse(&memory, good[i], strlen(good[i]), &error) != NULL, "%s", good[i]);
		verify_free(&memory);
	}
	ok_tally(&t, 20, "JSON is read");
}

typedef struct bad_case
{
	const char *s;
	json_fault	fault;
	size_t		at;
} bad_case;

static void
test_bad(void)
{
	static const bad_case bad[] = {
		{"", JSON_ENDS, 0}, {"  ", JSON_ENDS, 2}, {"nul", JSON_ENDS, 3}, {"nulx", JSON_SYNTAX, 3}, {"True", JSON_SYNTAX, 0},
		{"01", JSON_MORE, 1}, {"1.", JSON_ENDS, 2}, {".5", JSON_SYNTAX, 0}, {"+1", JSON_SYNTAX, 0}, {"-", JSON_ENDS, 1},
		{"1e", JSON_ENDS, 2}, {"1e+", JSON_ENDS, 3}, {"0x1", JSON_MORE, 1}, {"NaN", JSON_SYNTAX, 0}, {"[1,]", JSON_SYNTAX, 3},
		{"[,1]", JSON_SYNTAX, 1}, {"[1 2]", JSON_SYNTAX, 3}, {"[1", JSON_ENDS, 2}, {"{\"a\"}", JSON_SYNTAX, 4},
		{"{\"a\":1,}", JSON_SYNTAX, 7}, {"{a:1}", JSON_SYNTAX, 1}, {"{'a':1}", JSON_SYNTAX, 1}, {"{\"a\":}", JSON_SYNTAX, 5},
		{"{\"a\":1 \"b\":2}", JSON_SYNTAX, 7}, {"{1:1}", JSON_SYNTAX, 1}, {"[1]]", JSON_MORE, 3}, {"{}{}", JSON_MORE, 2},
		{"// c\n1", JSON_SYNTAX, 0}, {"\"a", JSON_ENDS, 2}, {"\"a\\\"", JSON_ENDS, 4}, {"\"\\x41\"", JSON_SYNTAX, 2},
		{"\"\\u12\"", JSON_SYNTAX, 5}, {"\"\\u12g4\"", JSON_SYNTAX, 5}, {"\"\t\"", JSON_BAD_TEXT, 1}, {"\"\n\"", JSON_BAD_TEXT, 1},
		{"\"\\u0000\"", JSON_BAD_TEXT, 7}, {"\"\\ud800\"", JSON_BAD_TEXT, 7}, {"\"\\udc00\"", JSON_BAD_TEXT, 7},
		{"\"\\ud800\\u0041\"", JSON_BAD_TEXT, 13}, {"\"\\ud800\\n\"", JSON_BAD_TEXT, 8}, {"\"\\ud800\\ud800\"", JSON_BAD_TEXT, 13},
		{"\"\xC0\x80\"", JSON_BAD_UTF8, 1}, {"\"a\xFF\"", JSON_BAD_UTF8, 2}, {"\"\xED\xA0\x80\"", JSON_BAD_UTF8, 1},
		{"\"\xF4\x90\x80\x80\"", JSON_BAD_UTF8, 1}, {"\"\xE6\x9D\"", JSON_BAD_UTF8, 1},
		{"{\"a\":1,\"a\":2}", JSON_TWICE, 7}, {"{\"a\":1,\"\\u0061\":2}", JSON_TWICE, 7}, {"\xFE\xFF", JSON_SYNTAX, 0},
		{"\xEF\xBB\xBF\xEF\xBB\xBF{}", JSON_SYNTAX, 3}, {"\xC2\xA0{}", JSON_SYNTAX, 0},
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		verify_memory memory = {NULL};
		char	   *copy = exact_copy(bad[i].s, strlen(bad[i].s));
		const json *value = json_parse(&memory, copy, strlen(bad[i].s), &error);

		count(&t, value == NULL && error.fault == bad[i].fault && error.at == bad[i].at, "%s: fault %d at %zu",
			  bad[i].s, error.fault, error.at);
		verify_free(&memory);
		free(copy);
	}
	ok_tally(&t, 50, "what is no JSON is refused where it is none");
}

/* A NUL byte ends nothing. */
static void
test_nul(void)
{
	verify_memory memory = {NULL};

	ok(json_parse(&memory, "[1\0]", 4, &error) == NULL && error.at == 2, "a NUL between values");
	ok(json_parse(&memory, "\"a\0b\"", 5, &error) == NULL && error.fault == JSON_BAD_TEXT, "a NUL in a text");
	ok(json_parse(&memory, "1\0", 2, &error) == NULL && error.fault == JSON_MORE, "a NUL at the end");
	verify_free(&memory);
}

static void
test_whole(void)
{
	static const char whole[] =
	" {\"a\": [1, -2.5e3, \"\\u59d3\\u540d\\\\\", null, true, false], \"\\ud83d\\ude00\": {\"b\": {}}, \"c\": \"\xE5\xA7\x93\"}";
	verify_memory memory = {NULL};
	const json *value = json_parse(&memory, whole, sizeof(whole) - 1, &error);
	tally		t = {0};

	ok(value != NULL && value->n == 3 && json_member(value, "a")->n == 6 && json_member(value, "d") == NULL, "members");
	ok(verify_text_is(json_member(value, "a")->first->next->next->text, "\xE5\xA7\x93\xE5\x90\x8D\\"), "escapes");
	ok(json_member(value, "\xF0\x9F\x98\x80") != NULL, "a name of two halves");
	for (size_t i = 0; i < sizeof(whole) - 1; i++)
	{
		char	   *copy = exact_copy(whole, i);

		count(&t, json_parse(&memory, copy, i, &error) == NULL && error.fault != JSON_MORE && error.at <= i, "%zu", i);
		free(copy);
	}
	ok_tally(&t, 90, "no beginning of it is whole");
	verify_free(&memory);
}

/* open n times, then close */
static json_fault
nested(const char *open, const char *inside, const char *close, size_t n)
{
	verify_memory memory = {NULL};
	size_t		room = n * (strlen(open) + strlen(close)) + strlen(inside) + 1;
	char	   *s = malloc(room);
	char	   *at = s;

	for (size_t i = 0; i < n; i++)
		at = stpcpy(at, open);
	at = stpcpy(at, inside);
	for (size_t i = 0; i < n; i++)
		at = stpcpy(at, close);
	json_parse(&memory, s, (size_t) (at - s), &error);
	verify_free(&memory);
	free(s);
	return error.fault;
}

static void
test_limits(void)
{
	verify_memory memory = {NULL};
	char		members[JSON_MAX_MEMBERS * 8 + 16];
	char	   *at = members;

	ok(nested("[", "1", "]", JSON_MAX_DEPTH) == JSON_GOOD, "as deep as allowed");
	ok(nested("[", "1", "]", JSON_MAX_DEPTH + 1) == JSON_TOO_DEEP, "deeper");
	ok(nested("[", "", "]", 1000000) == JSON_TOO_DEEP, "a million deep");
	ok(nested("{\"a\":", "1", "}", 1000000) == JSON_TOO_DEEP, "a million objects deep");
	*at++ = '{';
	for (int i = 0; i <= JSON_MAX_MEMBERS; i++)
	{
		at += sprintf(at, "%s\"%d\":1", i > 0 ? "," : "", i);
		strcpy(at, "}");
		if (i == JSON_MAX_MEMBERS - 1)
			ok(json_parse(&memory, members, strlen(members), &error) != NULL, "as many members as allowed");
	}
	ok(json_parse(&memory, members, strlen(members), &error) == NULL && error.fault == JSON_TOO_LARGE, "one more");
	verify_free(&memory);
}

static void
test_integers(void)
{
	static const char *const good[] = {"0", "1", "-1", "9223372036854775807", "-9223372036854775807", "1795830000000000"};
	static const char *const bad[] = {"-0", "1.0", "1e3", "9223372036854775808", "18446744073709551616", "99999999999999999999",
	"\"1\"", "null", "true", "[]"};
	tally		t = {0};
	int64_t number;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		verify_memory memory = {NULL};
		char		printed[32];

		count(&t, json_integer(json_parse(&memory, good[i], strlen(good[i]), &error), &number) &&
			  snprintf(printed, sizeof(printed), "%lld", (long long) number) > 0 && strcmp(printed, good[i]) == 0, "%s", good[i]);
		verify_free(&memory);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		verify_memory memory = {NULL};

		count(&t, !json_integer(json_parse(&memory, bad[i], strlen(bad[i]), &error), &number), "%s", bad[i]);
		verify_free(&memory);
	}
	ok_tally(&t, 16, "whole numbers");
}

/* Every text of four characters of a few is good in one way only. */
static void
test_base64(void)
{
	static const char alphabet[] = "AQZgw09+/=-_ \n";
	static const char *const good[] = {"", "AA==", "/w==", "AAA=", "AQI=", "AQID", "AQIDBA=="};
	static const char *const bad[] = {"A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA==AA==", "A=A=", "AQI D", "AQID\n", "AQ-_", "AQIDB"};
	unsigned char out[8];
	tally		t = {0};
	size_t		len;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		count(&t, decode_base64((cd_text) {good[i], strlen(good[i])}, out, sizeof(out), &len), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		count(&t, !decode_base64((cd_text) {bad[i], strlen(bad[i])}, out, sizeof(out), &len), "%s", bad[i]);
	ok_tally(&t, 20, "base64");
	ok(!decode_base64((cd_text) {"AQIDBA==", 8}, out, 3, &len) && decode_base64((cd_text) {"AQIDBA==", 8}, out, 4, &len) && len == 4 &&
	   memcmp(out, "\1\2\3\4", 4) == 0, "base64 has the room it needs, and no more");

	t = (tally) {0};
	for (int i = 0; i < 14 * 14 * 14 * 14; i++)
	{
		char		s[4] = {alphabet[i % 14], alphabet[i / 14 % 14], alphabet[i / 196 % 14], alphabet[i / 2744]};
		uint32_t	bits = 0;

		if (!decode_base64((cd_text) {s, 4}, out, 3, &len))
			continue;
		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < len ? out[k] : 0);
		for (size_t k = 0; k < 4; k++)
			count(&t, s[k] == (k <= len ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[bits >> (18 - 6 * k) & 63] : '='),
				  "%.4s", s);
	}
	ok_tally(&t, 4000, "base64 that is read is what its bytes are written as");
}

static void
test_hex(void)
{
	unsigned char out[2];
	size_t		len;
	uint64_t number;

	ok(decode_hex((cd_text) {"0aff", 4}, out, 2, &len) && len == 2 && out[0] == 10 && out[1] == 255, "hexadecimal");
	ok(!decode_hex((cd_text) {"0aff00", 6}, out, 2, &len) && !decode_hex((cd_text) {"0af", 3}, out, 2, &len) &&
	   !decode_hex((cd_text) {"0A", 2}, out, 2, &len) && !decode_hex((cd_text) {"0g", 2}, out, 2, &len), "what is none");
	ok(decode_decimal((cd_text) {"18446744073709551615", 20}, &number) && number == UINT64_MAX &&
	   !decode_decimal((cd_text) {"18446744073709551616", 20}, &number) && !decode_decimal((cd_text) {"", 0}, &number) &&
	   !decode_decimal((cd_text) {"01", 2}, &number) && !decode_decimal((cd_text) {"+1", 2}, &number) &&
	   decode_decimal((cd_text) {"0", 1}, &number), "decimal digits");
}

int
main(void)
{
	test_good();
	test_bad();
	test_nul();
	test_whole();
	test_limits();
	test_integers();
	test_base64();
	test_hex();
	return done_testing();
}
