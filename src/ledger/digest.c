/*
 * digest.c
 *	  Digests, random bytes and signatures: the only file that knows OpenSSL.
 *
 * Plain C: no PostgreSQL header, no error that jumps, so that whatever is
 * allocated here is freed here.  OpenSSL's error queue belongs to the whole
 * process (the server's and libpq's TLS read it, too): what a call of ours
 * puts there is kept as text and taken out again.
 */
/* SHA256_Init and its like, see cd_digest_pieces */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ledger/digest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

const char *const cd_algorithm_name[CD_NALGORITHMS] = {"sha256", "sm3"};

/* As OpenSSL names them. */
static const char *const digest_name[CD_NALGORITHMS] = {"SHA2-256", "SM3"};

/* GM/T 0009: the signer's identity where no other was agreed upon. */
static const char sm2_identity[] = "1234567812345678";

struct cd_digest
{
	EVP_MD	   *md;
	EVP_MD_CTX *ctx;
	bool		direct;			/* sha256_pieces may take its place */
};

struct cd_key
{
	EVP_PKEY   *pkey;
	cd_key_type type;
};

static char last_error[256];

const char *
cd_digest_error(void)
{
	return last_error;
}

/* A call failed: keep OpenSSL's newest reason, or ours when it gives none. */
static bool
failed(const char *otherwise)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

	if (reason != NULL)
		snprintf(last_error, sizeof(last_error), "%s", reason);
	else if (code != 0)
		ERR_error_string_n(code, last_error, sizeof(last_error));
	else
		snprintf(last_error, sizeof(last_error), "%s", otherwise);
	ERR_clear_error();
	return false;
}

bool
cd_algorithm_find(const char *name, size_t len, cd_algorithm *algorithm)
{
	for (int i = 0; i < CD_NALGORITHMS; i++)
		if (strlen(cd_algorithm_name[i]) == len && memcmp(cd_algorithm_name[i], name, len) == 0)
		{
			*algorithm = (cd_algorithm) i;
			return true;
		}
	return false;
}

/* ---- digests ---- */

#ifndef OPENSSL_NO_DEPRECATED_3_0

/*
 * Is the digest that OpenSSL's configuration gives the library's own SHA-256?
 * Where it is another provider's (FIPS, hardware), that one is used.
 */
static bool
is_own_sha256(const EVP_MD *md, cd_algorithm algorithm)
{
	const OSSL_PROVIDER *provider = EVP_MD_get0_provider(md);

	return algorithm == CD_SHA256 && provider != NULL &&
		strcmp(OSSL_PROVIDER_get0_name(provider), "default") == 0;
}

/*
 * What is hashed here has one to five blocks of 64 bytes, and beginning and
 * ending by way of EVP takes as long as one more.  The functions below it are
 * the same code of the same library.
 */
static bool
sha256_pieces(const cd_piece *piece, int n, unsigned char out[CD_HASH_LEN])
{
	SHA256_CTX	ctx;
	bool		ok = SHA256_Init(&ctx) == 1;

	for (int i = 0; i < n && ok; i++)
		ok = piece[i].len == 0 || SHA256_Update(&ctx, piece[i].ptr, piece[i].len) == 1;
	ok = ok && SHA256_Final(out, &ctx) == 1;
	return ok || failed("the digest cannot be made");
}

#else							/* an OpenSSL without them */
#define is_own_sha256(md, algorithm) false
#define sha256_pieces(piece, n, out) false
#endif

cd_digest *
cd_digest_new(cd_algorithm algorithm)
{
	cd_digest  *digest = calloc(1, sizeof(*digest));

	if (digest == NULL)
	{
		failed("out of memory");
		return NULL;
	}

	/*
	 * Looked up once: a fetch for every digest would cost more than the
	 * digest.
	 */
	digest->md = EVP_MD_fetch(NULL, digest_name[algorithm], NULL);
	digest->ctx = EVP_MD_CTX_new();
	if (digest->md == NULL || digest->ctx == NULL ||
		EVP_MD_get_size(digest->md) != CD_HASH_LEN ||
		EVP_DigestInit_ex2(digest->ctx, digest->md, NULL) != 1)
	{
		failed("the digest is not available");
		cd_digest_free(digest);
		return NULL;
	}
	digest->direct = is_own_sha256(digest->md, algorithm);
	return digest;
}

void
cd_digest_free(cd_digest *digest)
{
	if (digest == NULL)
		return;
	EVP_MD_CTX_free(digest->ctx);
	EVP_MD_free(digest->md);
	free(digest);
}

bool
cd_digest_pieces(cd_digest *digest, const cd_piece *piece, int n, unsigned char out[CD_HASH_LEN])
{
	unsigned int len = 0;

	if (digest->direct)
		return sha256_pieces(piece, n, out);
	/* NULL: the digest that the context has, from its beginning. */
	if (EVP_DigestInit_ex2(digest->ctx, NULL, NULL) != 1)
		return failed("the digest cannot begin");
	for (int i = 0; i < n; i++)
		if (piece[i].len > 0 && EVP_DigestUpdate(digest->ctx, piece[i].ptr, piece[i].len) != 1)
			return failed("the digest cannot go on");
	if (EVP_DigestFinal_ex(digest->ctx, out, &len) != 1 || len != CD_HASH_LEN)
		return failed("the digest cannot end");
	return true;
}

bool
cd_random(void *out, size_t len)
{
	unsigned char *at = out;

	while (len > 0)
	{
		int			chunk = len > INT_MAX ? INT_MAX : (int) len;

		if (RAND_bytes(at, chunk) != 1)
			return failed("no random bytes");
		at += chunk;
		len -= (size_t) chunk;
	}
	return true;
}

/* ---- keys ---- */

/* A key with a password: never ask for it, the server has no terminal. */
static int
no_password(char *buf, int size, int writing, void *arg)
{
	(void) buf;
	(void) size;
	(void) writing;
	(void) arg;
	return -1;
}

/* Takes pkey over, which may be NULL. */
static cd_key *
new_key(EVP_PKEY *pkey)
{
	cd_key	   *key = NULL;
	char		group[16] = "";

	if (pkey == NULL)
	{
		failed("not a key in PEM");
		return NULL;
	}
	/* What could not be read before the key was found is no error. */
	ERR_clear_error();
	if ((key = malloc(sizeof(*key))) == NULL)
		failed("out of memory");
	else if (EVP_PKEY_is_a(pkey, "ED25519"))
		key->type = CD_ED25519;
	else if (EVP_PKEY_is_a(pkey, "SM2") &&
			 EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
			 strcmp(group, "SM2") == 0)
		key->type = CD_SM2;
	else
	{
		failed("neither an Ed25519 nor an SM2 key");
		free(key);
		key = NULL;
	}
	if (key == NULL)
		EVP_PKEY_free(pkey);
	else
		key->pkey = pkey;
	return key;
}

/* What reads a key: PEM_read_bio_PrivateKey or PEM_read_bio_PUBKEY. */
typedef EVP_PKEY *(*read_pem) (BIO *bio, EVP_PKEY **pkey, pem_password_cb *callback, void *arg);

static cd_key *
read_key(read_pem read, const char *pem, size_t len)
{
	BIO		   *bio;
	EVP_PKEY   *pkey;

	ERR_clear_error();
	bio = len > INT_MAX ? NULL : BIO_new_mem_buf(pem, (int) len);
	if (bio == NULL)
	{
		failed("too long for a key");
		return NULL;
	}
	pkey = read(bio, NULL, no_password, NULL);
	BIO_free(bio);
	return new_key(pkey);
}

cd_key *
cd_key_private(const char *pem, size_t len)
{
	return read_key(PEM_read_bio_PrivateKey, pem, len);
}

cd_key *
cd_key_public(const char *pem, size_t len)
{
	return read_key(PEM_read_bio_PUBKEY, pem, len);
}

void
cd_key_free(cd_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

cd_key_type
cd_key_type_of(const cd_key *key)
{
	return key->type;
}

size_t
cd_key_raw(const cd_key *key, unsigned char out[CD_PUBLIC_KEY_MAX])
{
	size_t		len = CD_PUBLIC_KEY_MAX;
	BIGNUM	   *x = NULL;
	BIGNUM	   *y = NULL;
	bool		ok;

	ERR_clear_error();
	if (key->type == CD_ED25519)
	{
		if (EVP_PKEY_get_raw_public_key(key->pkey, out, &len) == 1)
			return len;
		failed("the key has no public half");
		return 0;
	}
	/* Coordinates: the encoded point may be a compressed one. */
	out[0] = 0x04;
	ok = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
		EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
		BN_bn2binpad(x, out + 1, 32) == 32 && BN_bn2binpad(y, out + 33, 32) == 32;
	if (!ok)
		failed("the key has no public half");
	BN_free(x);
	BN_free(y);
	return ok ? CD_PUBLIC_KEY_MAX : 0;
}

/* ---- signatures ---- */

typedef int (*begin_signature) (EVP_MD_CTX *ctx, EVP_PKEY_CTX **pkey_ctx, const char *digest,
								OSSL_LIB_CTX *library, const char *properties,
								EVP_PKEY *pkey, const OSSL_PARAM params[]);

/*
 * A context to sign or verify with; NULL if it fails.  OpenSSL 3 has no
 * identity of SM2 unless it is told one, and takes it after the beginning only.
 */
static EVP_MD_CTX *
signature_context(begin_signature begin, const cd_key *key)
{
	EVP_MD_CTX *ctx;
	EVP_PKEY_CTX *pkey_ctx = NULL;	/* of ctx: freed with it */
	bool		sm2 = key->type == CD_SM2;

	ERR_clear_error();
	ctx = EVP_MD_CTX_new();
	if (ctx != NULL &&
		begin(ctx, &pkey_ctx, sm2 ? "SM3" : NULL, NULL, NULL, key->pkey, NULL) == 1 &&
		(!sm2 || EVP_PKEY_CTX_set1_id(pkey_ctx, sm2_identity, sizeof(sm2_identity) - 1) == 1))
		return ctx;
	failed("the key cannot be used");
	EVP_MD_CTX_free(ctx);
	return NULL;
}

bool
cd_sign(const cd_key *key, const void *message, size_t len,
		unsigned char out[CD_SIGNATURE_MAX], size_t *out_len)
{
	EVP_MD_CTX *ctx = signature_context(EVP_DigestSignInit_ex, key);
	bool		ok;

	if (ctx == NULL)
		return false;
	*out_len = CD_SIGNATURE_MAX;
	ok = EVP_DigestSign(ctx, out, out_len, message, len) == 1 || failed("signing failed");
	EVP_MD_CTX_free(ctx);
	return ok;
}

bool
cd_verify(const cd_key *key, const void *message, size_t len,
		  const unsigned char *signature, size_t signature_len)
{
	EVP_MD_CTX *ctx = signature_context(EVP_DigestVerifyInit_ex, key);
	bool		ok;

	if (ctx == NULL)
		return false;
	ok = EVP_DigestVerify(ctx, signature, signature_len, message, len) == 1 ||
		failed("the signature does not match");
	EVP_MD_CTX_free(ctx);
	return ok;
}
