/*
 * leaf.h
 *	  What stands in the leaves of the ledger's tree, byte by byte
 *	  (doc/ledger.md).
 *
 * A leaf's data is a list of values: each is its length in four bytes,
 * big-endian, and the bytes themselves; ff ff ff ff is a null.  Numbers are
 * decimal digits.
 */
#ifndef CERTDATA_RULE_LEAF_H
#define CERTDATA_RULE_LEAF_H

#include "rule.h"

#define CD_LEAF_HASH 32

/* A value of which NULL is another than the empty text. */
typedef struct cd_value
{
	const void *ptr;			/* NULL: null */
	size_t		len;
} cd_value;

/* One act: certdata.ledger_act. */
typedef struct cd_act
{
	int64_t		id;
	int64_t		incarnation;
	uint64_t	transaction;
	int64_t		statement_id;
	cd_value	kind;
	cd_value	attachment;		/* uuid as text, or null */
	int64_t		shape;			/* 0: none */
	int64_t		entries;
	int64_t		recorded_at;	/* microseconds since 1970-01-01 00:00 UTC */
	cd_value	session_user;
	cd_value	current_user;
	cd_value	address;
	cd_value	application_name;
	cd_value	actor;
	cd_value	actor_org;
	cd_value	reason;
	cd_value	approval;
	cd_value	exception;
	cd_value	detail;			/* jsonb as text */
} cd_act;

/* One entry: certdata.ledger_entry. */
typedef struct cd_entry
{
	int64_t		shape;			/* 0: none */
	cd_value	cert_no;		/* 22 characters, or null */
	int64_t		life_seq;		/* 0: no certificate's */
	int64_t		state;			/* CD_STATE_... */
	int64_t		changed;		/* bits of the fields, 1 << cd_field */
	cd_value	previous;		/* 32 bytes, or null */
	cd_value	salts_digest;	/* 32 bytes, or null */
	cd_value	commitments;	/* 32 bytes each, or null */
} cd_entry;

/* What a certificate's life is after the entry. */
#define CD_STATE_NAME_USED		1	/* 第十四条: 姓名 was corrected */
#define CD_STATE_DOCUMENT_USED	2	/* … 证件号码 */
#define CD_STATE_PUBLISHED		4	/* by publish() */
#define CD_STATE_SUSPENDED		8	/* 第十七条 */
#define CD_STATE_RETIRED		16	/* 第十五条 */
#define CD_STATE_WITHDRAWN		32	/* the number was given up (第十一条) */
#define CD_STATE_RENUMBERED		64	/* the certificate has another number now */

/* The act's data; the length.  out NULL: only count. */
extern size_t cd_act_data(const cd_act *act, unsigned char *out);

/* The entry by itself, which the next entry of the same life refers to. */
#define CD_ENTRY_BODY_MAX 512
extern size_t cd_entry_body(const cd_entry *entry, unsigned char out[CD_ENTRY_BODY_MAX]);

/* The entry's data: the act's leaf hash, its place in the act from 1, the body. */
#define CD_ENTRY_DATA_MAX (CD_ENTRY_BODY_MAX + 96)
extern size_t cd_entry_data(const cd_entry *entry, const unsigned char act_hash[CD_LEAF_HASH],
							int64_t n, unsigned char out[CD_ENTRY_DATA_MAX]);

/*
 * What commitments are made to: H(salt ‖ part ‖ value).  The parts, in the
 * order in which salts and commitments stand; a null field is an empty one.
 */
typedef enum cd_part
{
	CD_PART_NAME,				/* 'N': 姓名 */
	CD_PART_DOCUMENT,			/* 'D': 证件类型, 证件号码 */
	CD_PART_REST,				/* 'R': the other eight, in Annex 1's order */
	CD_PART_OLD,				/* 'O': old_values as text */
	CD_NPARTS
} cd_part;
#define CD_SALT_LEN 16
extern const char cd_part_letter[CD_NPARTS];
extern cd_part cd_part_of(cd_field field);

/* The value of a part of an image of eleven fields; the length.  out NULL: only count. */
extern size_t cd_part_value(cd_part part, const cd_text image[CD_NFIELDS], unsigned char *out);

#endif							/* CERTDATA_RULE_LEAF_H */
