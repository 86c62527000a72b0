/*
 * test_leaf.c
 *	  Looks for: leaf data other than doc/ledger.md says, byte for byte; null
 *	  taken for empty; a number at an edge of its type; a count of bytes that is
 *	  not what is written; a body or entry that outgrows its buffer.
 *
 * Expected bytes are written by hand.
 */
#include "leaf.h"
#include "tap.h"

#define V(text) {(text), sizeof(text) - 1}
#define BYTES(text) (text), sizeof(text) - 1

/* 32 and 16 bytes */
#define A32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B32 "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define C32 "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"

static void
same_bytes(const void *got, size_t got_len, const char *expected, size_t len, const char *name)
{
	if (ok(got_len == len && memcmp(got, expected, len) == 0, "%s", name))
		return;
	printf("# %zu bytes, expected %zu:", got_len, len);
	for (size_t i = 0; i < got_len; i++)
		printf(" %02x", ((const unsigned char *) got)[i]);
	putchar('\n');
}

/* ---- acts ---- */

static void
is_act(const cd_act *act, const char *expected, size_t len, const char *name)
{
	size_t		counted = cd_act_data(act, NULL);
	unsigned char *out = malloc(counted);

	/* exactly as many as counted, so that one more is seen */
	same_bytes(out, cd_act_data(act, out), expected, len, name);
	ok(counted == len, "%s: counted", name);
	free(out);
}

static void
test_act(void)
{
	cd_act		full = {
		.id = 57, .incarnation = 1, .transaction = 744, .statement_id = 56, .kind = V("correct"),
		.attachment = V("0f3c2a6e-1111-4222-8333-444455556666"), .shape = 3, .entries = 10,
		.recorded_at = INT64_C(1795830000000000), .session_user = V("li"), .current_user = V("officer"),
		.address = V("::1"), .application_name = V("psql"), .actor = V("王芳"), .actor_org = V("省中心"),
		.reason = V("改"), .approval = V("A-1"), .exception = V("x"), .detail = V("{\"a\": 1}")
	};
	cd_act		edges = {
		.id = INT64_MAX, .incarnation = 0, .transaction = UINT64_MAX, .statement_id = INT64_MIN,
		.kind = V(""), .recorded_at = -1
	};

	is_act(&full, BYTES("\0\0\0\016" "certdata-act/1"
						"\0\0\0\002" "57" "\0\0\0\001" "1" "\0\0\0\003" "744" "\0\0\0\002" "56"
						"\0\0\0\007" "correct" "\0\0\0\044" "0f3c2a6e-1111-4222-8333-444455556666"
						"\0\0\0\001" "3" "\0\0\0\002" "10" "\0\0\0\020" "1795830000000000"
						"\0\0\0\002" "li" "\0\0\0\007" "officer" "\0\0\0\003" "::1" "\0\0\0\004" "psql"
						"\0\0\0\006" "\xE7\x8E\x8B\xE8\x8A\xB3"
						"\0\0\0\011" "\xE7\x9C\x81\xE4\xB8\xAD\xE5\xBF\x83"
						"\0\0\0\003" "\xE6\x94\xB9" "\0\0\0\003" "A-1" "\0\0\0\001" "x"
						"\0\0\0\010" "{\"a\": 1}"), "an act with everything");
	is_act(&edges, BYTES("\0\0\0\016" "certdata-act/1"
						 "\0\0\0\023" "9223372036854775807" "\0\0\0\001" "0"
						 "\0\0\0\024" "18446744073709551615" "\0\0\0\024" "-9223372036854775808"
						 "\0\0\0\0" "\xFF\xFF\xFF\xFF"
						 "\0\0\0\001" "0" "\0\0\0\001" "0" "\0\0\0\002" "-1"
						 "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF"
						 "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF"
						 "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF"), "nulls, an empty kind, numbers at their edges");
}

/* All four bytes of a length. */
static void
test_long_value(void)
{
	size_t		len = 0x01020304;
	char	   *text = malloc(len);
	cd_act		act = {.detail = {text, len}};
	size_t		total;
	unsigned char *out;

	memset(text, 'x', len);
	total = cd_act_data(&act, NULL);
	out = malloc(total);
	ok(cd_act_data(&act, out) == total && memcmp(out + total - len - 4, "\1\2\3\4xx", 6) == 0 &&
	   out[total - 1] == 'x', "a value of sixteen million bytes");
	free(out);
	free(text);
}

/* ---- entries ---- */

static void
test_entry(void)
{
	cd_entry	first = {
		.shape = 3, .cert_no = V("S000013000001220000001"), .life_seq = 1, .state = CD_STATE_PUBLISHED,
		.changed = 2047, .salts_digest = V(A32), .commitments = V(A32 B32 C32)
	};
	cd_entry	next = {
		.shape = 12, .cert_no = V("S000013000001220000001"), .life_seq = 2,
		.state = CD_STATE_NAME_USED | CD_STATE_RENUMBERED, .changed = 1, .previous = V(B32)
	};
	cd_entry	none = {.cert_no = {NULL, 0}};
	cd_entry	largest = {
		.shape = INT64_MIN, .cert_no = V("S000013000001220000001"), .life_seq = INT64_MIN,
		.state = INT64_MIN, .changed = INT64_MIN, .previous = V(A32), .salts_digest = V(B32),
		.commitments = V(A32 B32 C32 A32)
	};
	unsigned char *body = malloc(CD_ENTRY_BODY_MAX);
	unsigned char *data = malloc(CD_ENTRY_DATA_MAX);

#define FIRST "\0\0\0\001" "3" "\0\0\0\026" "S000013000001220000001" "\0\0\0\001" "1" "\0\0\0\001" "4" \
	"\0\0\0\004" "2047" "\xFF\xFF\xFF\xFF" "\0\0\0\040" A32 "\0\0\0\140" A32 B32 C32
	same_bytes(body, cd_entry_body(&first, body), BYTES(FIRST), "body of a life's first entry");
	same_bytes(data, cd_entry_data(&first, (const unsigned char *) C32, 1, data),
			   BYTES("\0\0\0\020" "certdata-entry/1" "\0\0\0\040" C32 "\0\0\0\001" "1" FIRST), "leaf data: act, place, body");
	same_bytes(body, cd_entry_body(&next, body),
			   BYTES("\0\0\0\002" "12" "\0\0\0\026" "S000013000001220000001" "\0\0\0\001" "2" "\0\0\0\002" "65"
					 "\0\0\0\001" "1" "\0\0\0\040" B32 "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF"), "one that makes no image");
	same_bytes(data, cd_entry_data(&none, (const unsigned char *) A32, 1000000, data),
			   BYTES("\0\0\0\020" "certdata-entry/1" "\0\0\0\040" A32 "\0\0\0\007" "1000000"
					 "\0\0\0\001" "0" "\xFF\xFF\xFF\xFF" "\0\0\0\001" "0" "\0\0\0\001" "0" "\0\0\0\001" "0"
					 "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF" "\xFF\xFF\xFF\xFF"), "one of no certificate");
	ok(cd_entry_body(&largest, body) <= CD_ENTRY_BODY_MAX &&
	   cd_entry_data(&largest, (const unsigned char *) A32, INT64_MIN, data) <= CD_ENTRY_DATA_MAX, "the largest fits");
	free(body);
	free(data);
}

/* ---- parts ---- */

static void
test_parts(void)
{
	cd_text		image[CD_NFIELDS] = {{NULL, 0}};
	unsigned char out[256];
	static const struct
	{
		cd_field	field;
		const char *value;
	}			values[] = {
		{CD_NAME, "李明"}, {CD_ID_TYPE, "01"}, {CD_ID_NUMBER, "130102199003071233"}, {CD_EMPLOYER, ""},
		{CD_OCCUPATION, "电工"}, {CD_LEVEL, "三级"}, {CD_CERT_NO, "S000013000001220000001"},
		{CD_ISSUE_DATE, "2022-05-01"}, {CD_EVALUATOR, "甲"}, {CD_ISSUER, "乙"}
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		image[values[i].field] = (cd_text) {values[i].value, strlen(values[i].value)};

	same_bytes(out, cd_part_value(CD_PART_NAME, image, out), BYTES("\xE6\x9D\x8E\xE6\x98\x8E"), "the name alone");
	same_bytes(out, cd_part_value(CD_PART_DOCUMENT, image, out),
			   BYTES("\0\0\0\002" "01" "\0\0\0\022" "130102199003071233"), "the document");
	/* employer empty, job not given: alike */
	same_bytes(out, cd_part_value(CD_PART_REST, image, out),
			   BYTES("\0\0\0\0" "\0\0\0\006" "\xE7\x94\xB5\xE5\xB7\xA5" "\0\0\0\0" "\0\0\0\006" "\xE4\xB8\x89\xE7\xBA\xA7"
					 "\0\0\0\026" "S000013000001220000001" "\0\0\0\012" "2022-05-01"
					 "\0\0\0\003" "\xE7\x94\xB2" "\0\0\0\003" "\xE4\xB9\x99"), "the other eight, null as empty");
	ok(cd_part_value(CD_PART_NAME, image, NULL) == 6 && cd_part_value(CD_PART_DOCUMENT, image, NULL) == 28 &&
	   cd_part_value(CD_PART_REST, image, NULL) == 82, "counted");
	image[CD_NAME] = (cd_text) {NULL, 0};
	ok(cd_part_value(CD_PART_NAME, image, out) == 0, "no name");
	ok(memcmp(cd_part_letter, "NDRO", CD_NPARTS) == 0, "letters");
	ok(cd_part_of(CD_NAME) == CD_PART_NAME && cd_part_of(CD_ID_TYPE) == CD_PART_DOCUMENT &&
	   cd_part_of(CD_ID_NUMBER) == CD_PART_DOCUMENT && cd_part_of(CD_EMPLOYER) == CD_PART_REST &&
	   cd_part_of(CD_ISSUER) == CD_PART_REST, "which part a field is of");
}

int
main(void)
{
	test_act();
	test_long_value();
	test_entry();
	test_parts();
	return done_testing();
}
