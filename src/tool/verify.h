/*
 * verify.h
 *	  certdata-verify: evidence about one certificate, checked without a server.
 *
 * doc/ledger.md has the format.  Nothing here writes to a file or asks the
 * network; hashing and signatures are OpenSSL's, through ledger/digest.h.
 */
#ifndef CERTDATA_VERIFY_H
#define CERTDATA_VERIFY_H

#include "ledger/digest.h"
#include "../rule/leaf.h"
#include "../rule/tree.h"
#include "verify_json.h"

#include <stdio.h>

/* What main() exits with. */
#define EXIT_PROVED 0			/* everything that was asked for */
#define EXIT_NOT_PROVED 1		/* something does not fit, or is missing */
#define EXIT_UNREADABLE 2		/* could not check */

/* Text in the user's language. */
#define TEXT(zh, en) (verify_in_chinese ? (zh) : (en))
extern bool verify_in_chinese;

/* ---- what a bundle has ---- */

typedef struct verify_proof
{
	int64_t		size;			/* of the older tree, in a consistency proof */
	int			n;
	cd_node    *node;
} verify_proof;

typedef struct verify_act
{
	int64_t		leaf;
	verify_proof proof;
	cd_act		act;
	cd_node		hash;			/* of the leaf */
	bool		checked;
} verify_act;

typedef struct verify_disclosed
{
	cd_part		part;
	unsigned char salt[CD_SALT_LEN];
	cd_text		image[CD_NFIELDS];	/* of the part's fields */
	cd_text text;				/* of CD_PART_OLD */
} verify_disclosed;

typedef struct verify_entry
{
	size_t		act;
	int64_t		leaf;
	verify_proof proof;
	int64_t		n;
	cd_entry	entry;
	int			ndisclosed;
	verify_disclosed disclosed[CD_NPARTS];
	cd_node		body;			/* H(03 || body): what the next one names */
} verify_entry;

/* A checkpoint: what is signed, and the signatures. */
typedef struct verify_note
{
	cd_text		body;
	cd_text		origin;
	uint64_t	size;
	cd_node		root;
	cd_algorithm algorithm;
	cd_text		signatures;		/* lines; empty: it is not signed */
} verify_note;

typedef struct verify_bundle
{
	cd_text		ledger;
	cd_algorithm algorithm;
	cd_text		origin;
	cd_text		table;
	cd_text		cert_no;
	verify_note head;
	size_t		nacts;
	verify_act *act;
	size_t		nentries;
	verify_entry *entry;
	size_t		nproofs;
	verify_proof *consistency;
} verify_bundle;

/* ---- one run ---- */

typedef struct verify_job
{
	/* what is asked; texts stay the caller's */
	cd_text json;
	cd_key	   *key;			/* NULL: the signature is not checked */
	bool		without_key;	/* and need not be */
	cd_text		kept;			/* a checkpoint that the reader kept; ptr
								 * NULL: none */
	FILE	   *ledger;			/* an export; NULL: none */
	FILE	   *out;

	/* what was read */
	verify_memory memory;
	cd_digest  *digest;			/* of the ledger's algorithm */
	verify_bundle bundle;
	verify_note old;			/* kept, as read */
	cd_node		nothing;		/* root of no leaf */

	/* what was found */
	bool		unreadable;
	bool		disproved;		/* something does not fit */
	bool		unproved;		/* something that was asked for is missing */
	bool		whole_life;		/* entries are one chain from its beginning */
	bool		replayed;		/* the export is the head's tree */
	bool		none_newer;		/* … and has no newer entry */
	bool		kept_holds;		/* the tree of the kept head is a beginning */
	cd_node		replayed_kept;	/* its root by the export … */
	bool		has_replayed_kept;	/* … if that has so many leaves */
} verify_job;

/* Read, check and print; the exit status.  The memory is the job's until verify_end. */
extern int	verify_run(verify_job *job);
extern void verify_end(verify_job *job);

/* ---- verify_hash.c: a failure of OpenSSL's ends the program ---- */

extern void verify_hash(verify_job *job, const cd_piece *piece, int n, cd_node *out);

/* H(prefix || data) */
extern void verify_hash_prefixed(verify_job *job, unsigned char prefix, const void *data,
								 size_t len, cd_node *out);
extern bool verify_hash_nodes(void *job, const cd_node *left, const cd_node *right, cd_node *out);

/* ---- verify_note.c ---- */

/* false: it is no checkpoint of certdata's. */
extern bool note_read(cd_text text, verify_note *note);

typedef enum note_verdict
{
	NOTE_SIGNED, NOTE_UNSIGNED, NOTE_OTHER_KEY, NOTE_FORGED
} note_verdict;

extern note_verdict note_verify(const verify_note *note, const cd_key *key);

/* The first four bytes by which signature lines name the key, in hexadecimal. */
extern void note_key_id(const verify_note *note, const cd_key *key, char out[9]);

/* ---- verify_bundle.c ---- */

/* Fill job->bundle; false: it is no evidence in this format, and said so. */
extern bool bundle_read(verify_job *job);

/* ---- verify_tree.c: heads and what stands in the tree ---- */

extern void check_head(verify_job *job);
extern void check_kept(verify_job *job);	/* after check_ledger */
extern void check_act(verify_job *job, verify_act *act);
extern void check_leaf(verify_job *job, verify_entry *entry);	/* after its act */

/* ---- verify_life.c: entries of one life, and what they disclose ---- */

extern void check_life(verify_job *job, size_t i);
extern void check_end(verify_job *job);
extern void check_disclosed(verify_job *job, const verify_entry *entry);

/* ---- verify_ledger.c, verify_leaf.c ---- */

extern void check_ledger(verify_job *job);

/* A leaf of the export, taken apart. */
typedef struct verify_leaf
{
	bool		is_entry;
	cd_value	act_hash;		/* of an entry */
	int64_t		n;				/* place of an entry; an act's entries */
	cd_value	attachment;		/* of an act */
	cd_value	kind;
	cd_value	cert_no;		/* of an entry */
	int64_t		life_seq;
	cd_value	previous;
	const unsigned char *body;	/* of an entry … */
	size_t		body_len;		/* … to its end */
} verify_leaf;

extern bool leaf_read(const unsigned char *data, size_t len, verify_leaf *leaf);

/* ---- verify_out.c ---- */

/* Fit or not, by a line of its own.  Texts of others go through verify_shown. */
extern void say_good(verify_job *job, const char *fmt,...) __attribute__((format(printf, 2, 3)));
extern void say_bad(verify_job *job, const char *fmt,...) __attribute__((format(printf, 2, 3)));
extern void say_missing(verify_job *job, const char *fmt,...) __attribute__((format(printf, 2, 3)));
extern void say_note(verify_job *job, const char *fmt,...) __attribute__((format(printf, 2, 3)));
extern bool say_unreadable(verify_job *job, const char *fmt,...) __attribute__((format(printf, 2, 3))); /* false */

/* Without what would move the cursor, or turn the reading direction. */
extern const char *verify_shown(verify_job *job, cd_text text);
extern void print_act(verify_job *job, const verify_act *act);
extern void print_entry(verify_job *job, size_t i);
extern void print_heading(verify_job *job);
extern void print_summary(verify_job *job);

#endif							/* CERTDATA_VERIFY_H */
