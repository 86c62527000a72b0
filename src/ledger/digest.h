/*
 * digest.h
 *	  Everything certdata asks of OpenSSL: digests, random bytes, signatures.
 *
 * Plain C, so that certdata-verify uses the same code.  Functions that can
 * fail return false or NULL; cd_digest_error says why.
 */
#ifndef CERTDATA_LEDGER_DIGEST_H
#define CERTDATA_LEDGER_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CD_HASH_LEN 32			/* of SHA-256 and of SM3 */

typedef enum cd_algorithm
{
	CD_SHA256, CD_SM3,
	CD_NALGORITHMS
} cd_algorithm;

extern const char *const cd_algorithm_name[CD_NALGORITHMS]; /* "sha256", "sm3" */
extern bool cd_algorithm_find(const char *name, size_t len, cd_algorithm *algorithm);

/* ---- digests: one context, used again and again ---- */

typedef struct cd_digest cd_digest;

extern cd_digest *cd_digest_new(cd_algorithm algorithm);	/* NULL: not to be had */
extern void cd_digest_free(cd_digest *digest);

/* A piece of what is hashed. */
typedef struct cd_piece
{
	const void *ptr;
	size_t		len;
} cd_piece;

/* The digest of the pieces, one after the other. */
extern bool cd_digest_pieces(cd_digest *digest, const cd_piece *piece, int n,
							 unsigned char out[CD_HASH_LEN]);

extern bool cd_random(void *out, size_t len);

/* ---- signatures ---- */

typedef struct cd_key cd_key;

typedef enum cd_key_type
{
	CD_ED25519, CD_SM2
} cd_key_type;

#define CD_PUBLIC_KEY_MAX 65	/* Ed25519: 32 bytes; SM2: 0x04 and two
								 * coordinates */
#define CD_SIGNATURE_MAX 80		/* Ed25519: 64 bytes; SM2: DER */

/* A key in PEM: a private one, or a public one.  NULL: it is neither, or of another type. */
extern cd_key *cd_key_private(const char *pem, size_t len);
extern cd_key *cd_key_public(const char *pem, size_t len);
extern void cd_key_free(cd_key *key);
extern cd_key_type cd_key_type_of(const cd_key *key);

/* Its public half as raw bytes; the length, 0 if it fails. */
extern size_t cd_key_raw(const cd_key *key, unsigned char out[CD_PUBLIC_KEY_MAX]);

/* SM2 signs SM3 of the message with the default identity 1234567812345678 (GM/T 0009). */
extern bool cd_sign(const cd_key *key, const void *message, size_t len,
					unsigned char out[CD_SIGNATURE_MAX], size_t *out_len);
extern bool cd_verify(const cd_key *key, const void *message, size_t len,
					  const unsigned char *signature, size_t signature_len);

/* Why the last call failed, in OpenSSL's words. */
extern const char *cd_digest_error(void);

#endif							/* CERTDATA_LEDGER_DIGEST_H */
