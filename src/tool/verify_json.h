/*
 * verify_json.h
 *	  What certdata-verify reads its bundles with: JSON, base64, hexadecimal.
 *
 * The input is hostile.  JSON is that of RFC 8259, and beyond it: no name twice
 * in an object, no text that PostgreSQL could not have (NUL, lone surrogates).
 */
#ifndef CERTDATA_VERIFY_JSON_H
#define CERTDATA_VERIFY_JSON_H

#include "../rule/rule.h"

/* What is no longer than evidence can be. */
#define JSON_MAX_BYTES ((size_t) 64 << 20)
#define JSON_MAX_DEPTH 16
#define JSON_MAX_VALUES 2000000
#define JSON_MAX_MEMBERS 64		/* of one object */

/* Memory that is given back all at once. */
typedef struct verify_memory
{
	struct verify_block *newest;
} verify_memory;

extern void *verify_alloc(verify_memory *memory, size_t size);	/* zeroed; never NULL */
extern void verify_free(verify_memory *memory);

typedef enum json_type
{
	JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT
} json_type;

typedef struct json
{
	json_type	type;
	cd_text		name;			/* as a member of an object */
	cd_text text;				/* of a string; of a number as it stands */
	size_t		n;				/* elements or members */
	struct json *first;			/* of them */
	struct json *next;			/* beside it */
} json;

typedef enum json_fault
{
	JSON_GOOD,
	JSON_SYNTAX,				/* something else is expected here */
	JSON_ENDS,					/* before it is complete */
	JSON_MORE,					/* something follows */
	JSON_TOO_LARGE,				/* more than JSON_MAX_... */
	JSON_TOO_DEEP,
	JSON_TWICE,					/* a name */
	JSON_BAD_UTF8,
	JSON_BAD_TEXT,				/* control character, NUL, lone surrogate */
	JSON_NFAULTS
} json_fault;

typedef struct json_error
{
	json_fault	fault;
	size_t		at;				/* byte, from 0 */
} json_error;

/*
 * The value that s is, with white space around it and at most one byte order
 * mark before it; NULL: none, see *error.  Texts may point into s.
 */
extern const json *json_parse(verify_memory *memory, const char *s, size_t len, json_error *error);
extern const json *json_member(const json *object, const char *name);	/* NULL: none */

/* A whole number without fraction and exponent, written in the only way. */
extern bool json_integer(const json *value, int64_t *number);

/* Digits only, written in the only way. */
extern bool decode_decimal(cd_text text, uint64_t *number);

/* RFC 4648, padded, no other characters, no bits left over.  room: of out. */
extern bool decode_base64(cd_text text, unsigned char *out, size_t room, size_t *len);

/* Lower case, as PostgreSQL prints it. */
extern bool decode_hex(cd_text text, unsigned char *out, size_t room, size_t *len);
extern bool verify_text_is(cd_text text, const char *what);

#endif							/* CERTDATA_VERIFY_JSON_H */
