/*
 * test_digest.c
 *	  Looks for: digests and signatures other than the standards' examples have;
 *	  a context that remembers what was hashed before; a digest made past what
 *	  OpenSSL is configured to give; an SM2 identity that is
 *	  not the default one; a signature taken though something of it was changed;
 *	  keys of other types taken; a question for a password; memory lost where
 *	  something fails.
 */
#include <openssl/evp.h>

#include "ledger/digest.h"
#include "tap.h"

/* RFC 8032 section 7.1, TEST 2 */
static const char ed25519_private[] =
"-----BEGIN PRIVATE KEY-----\n"
"MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
"-----END PRIVATE KEY-----\n";
static const char ed25519_public[] =
"-----BEGIN PUBLIC KEY-----\n"
"MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
"-----END PUBLIC KEY-----\n";

/* GB/T 32918.5, annex A: the recommended curve */
static const char sm2_private[] =
"-----BEGIN PRIVATE KEY-----\n"
"MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgOUUgj3shRLE/NuOK\n"
"xtOflYiTk2koYLUaQvuB7033xbihRANCAAQJ+d8xHlQhoVDdfRYeS8XGchefrRgz\n"
"/AdrsI/zVvNQIMzqSQziZ3WlLcbqcYzBqmAK7QX7814ISmYy9gctqa0T\n"
"-----END PRIVATE KEY-----\n";
static const char sm2_public[] =
"-----BEGIN PUBLIC KEY-----\n"
"MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
"M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n"
"-----END PUBLIC KEY-----\n";

/* the same point, compressed */
static const char sm2_compressed[] =
"-----BEGIN PUBLIC KEY-----\n"
"MDkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DIgADCfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
"M/wHa7CP81bzUCA=\n"
"-----END PUBLIC KEY-----\n";

/* keys that are none of ours: of another curve, and with a password */
static const char p256_private[] =
"-----BEGIN PRIVATE KEY-----\n"
"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghbX+ZOKyJ/xMqMbQ\n"
"+3+k7g48n9TYazz0PasFa+XIr6ehRANCAAQY6aTc/p/TjMLDMO+s/iiR2jtcDebX\n"
"1uIGefXCJjG1XW/7wujAu2J+vh0oeI0fwoqu0pGVIC8h5HT1U6+Hg7Aq\n"
"-----END PRIVATE KEY-----\n";
static const char p256_public[] =
"-----BEGIN PUBLIC KEY-----\n"
"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGOmk3P6f04zCwzDvrP4okdo7XA3m\n"
"19biBnn1wiYxtV1v+8LowLtifr4dKHiNH8KKrtKRlSAvIeR09VOvh4OwKg==\n"
"-----END PUBLIC KEY-----\n";
static const char encrypted[] =
"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
"MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjx3ZtUY7jOCQICCAAw\n"
"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEO+MQaKkMN5nmhLCIabkpJAEQAMo\n"
"7LupFRziYamGere3tlyZHeHXhIZQWnj+ZLoeIU6+3Y1APtJgIIvvaQ6/U+WE+O9g\n"
"SCxZmEpV/WHiyFqvVXA=\n"
"-----END ENCRYPTED PRIVATE KEY-----\n";

static const char *
hex(const unsigned char *bytes, size_t len)
{
	static char text[2 * 128 + 1];

	for (size_t i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	return text;
}

static size_t
unhex(const char *text, unsigned char *out)
{
	size_t		n = strlen(text) / 2;

	for (size_t i = 0; i < n; i++)
	{
		unsigned	byte;

		sscanf(text + 2 * i, "%2x", &byte);
		out[i] = (unsigned char) byte;
	}
	return n;
}

/* ---- digests ---- */

static void
test_digests(void)
{
	static const char *const abc[CD_NALGORITHMS] = {
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
	};
	static const char *const nothing[CD_NALGORITHMS] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
	};

	for (int i = 0; i < CD_NALGORITHMS; i++)
	{
		cd_digest  *digest = cd_digest_new((cd_algorithm) i);
		cd_piece	whole = {"abc", 3};
		cd_piece	pieces[5] = {{NULL, 0}, {"a", 1}, {"", 0}, {"bc", 2}, {NULL, 0}};
		unsigned char out[CD_HASH_LEN];

		if (!ok(digest != NULL, "%s is there", cd_algorithm_name[i]))
			continue;
		cd_digest_pieces(digest, &whole, 1, out);
		is(hex(out, CD_HASH_LEN), abc[i], "abc");
		cd_digest_pieces(digest, pieces, 5, out);
		is(hex(out, CD_HASH_LEN), abc[i], "abc in pieces, after it");
		cd_digest_pieces(digest, NULL, 0, out);
		is(hex(out, CD_HASH_LEN), nothing[i], "no piece");
		cd_digest_pieces(digest, pieces, 1, out);
		is(hex(out, CD_HASH_LEN), nothing[i], "an empty piece");
		cd_digest_free(digest);
	}
	cd_digest_free(NULL);
}

/* What OpenSSL is configured not to give is not taken past the configuration. */
static void
test_configured(void)
{
	ok(EVP_set_default_properties(NULL, "provider=none") == 1, "only digests of a provider that is not there");
	for (int i = 0; i < CD_NALGORITHMS; i++)
	{
		cd_digest  *digest = cd_digest_new((cd_algorithm) i);

		ok(digest == NULL && *cd_digest_error() != '\0', "no %s: %s", cd_algorithm_name[i], cd_digest_error());
		cd_digest_free(digest);
	}
	EVP_set_default_properties(NULL, "");
}

/* Every length up to some blocks, in pieces, against OpenSSL's own EVP. */
static void
test_lengths(void)
{
	unsigned char bytes[300];
	tally		t = {0};

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char) random_below(256);
	for (int i = 0; i < CD_NALGORITHMS; i++)
	{
		cd_digest  *digest = cd_digest_new((cd_algorithm) i);

		for (size_t len = 0; len <= sizeof(bytes); len++)
		{
			size_t		cut = len == 0 ? 0 : random_below((unsigned int) len);
			cd_piece	pieces[2] = {{bytes, cut}, {bytes + cut, len - cut}};
			unsigned char out[CD_HASH_LEN];
			unsigned char evp[CD_HASH_LEN];

			count(&t, cd_digest_pieces(digest, pieces, 2, out) &&
				  EVP_Digest(bytes, len, evp, NULL, i == CD_SM3 ? EVP_sm3() : EVP_sha256(), NULL) == 1 &&
				  memcmp(out, evp, CD_HASH_LEN) == 0, "%s of %zu bytes, cut after %zu", cd_algorithm_name[i], len, cut);
		}
		cd_digest_free(digest);
	}
	ok_tally(&t, CD_NALGORITHMS * (sizeof(bytes) + 1), "digests of 0 to 300 bytes in two pieces");
}

static void
test_names(void)
{
	cd_algorithm algorithm = CD_SHA256;
	static const char *const others[] = {"", "SM3", "sm", "sm33", "sha-256", "sha2567", "sha25", "md5"};
	tally		t = {0};

	ok(cd_algorithm_find("sm3!", 3, &algorithm) && algorithm == CD_SM3, "sm3");
	ok(cd_algorithm_find("sha256", 6, &algorithm) && algorithm == CD_SHA256, "sha256");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		count(&t, !cd_algorithm_find(others[i], strlen(others[i]), &algorithm), "%s", others[i]);
	ok_tally(&t, 8, "no other name is one");
}

static void
test_random(void)
{
	unsigned char a[1000] = {0};
	unsigned char b[1000] = {0};
	int			seen[256] = {0};
	int			values = 0;

	ok(cd_random(a, sizeof(a)) && cd_random(b, sizeof(b)) && memcmp(a, b, sizeof(a)) != 0, "random bytes differ");
	for (size_t i = 0; i < sizeof(a); i++)
		values += seen[a[i]]++ == 0;
	ok(values > 200, "and are of all values");
	ok(cd_random(NULL, 0), "none of them");
}

/* ---- signatures ---- */

typedef struct example
{
	const char *name;
	const char *private;
	const char *public;
	cd_key_type type;
	const char *raw;
	const char *message;
	const char *signature;
} example;

static const example examples[] = {
	{"Ed25519", ed25519_private, ed25519_public, CD_ED25519,
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"SM2", sm2_private, sm2_public, CD_SM2,
		"04"
		"09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
		"ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13", "message digest",
		"3046"
		"022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
	"022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"}
};

/* A good signature, and every change of one bit, of its length and of the message. */
static void
refuse_changes(const char *name, const cd_key *key, const char *message, const unsigned char *signature, size_t n)
{
	unsigned char changed[CD_SIGNATURE_MAX + 1] = {0};
	char		other[32];
	size_t		len = strlen(message);
	tally		t = {0};

	memcpy(changed, signature, n);
	memcpy(other, message, len);
	count(&t, cd_verify(key, message, len, signature, n), "the signature itself");
	for (size_t bit = 0; bit < 8 * n; bit++)
	{
		changed[bit / 8] ^= (unsigned char) (1 << bit % 8);
		count(&t, !cd_verify(key, message, len, changed, n), "bit %zu", bit);
		changed[bit / 8] ^= (unsigned char) (1 << bit % 8);
	}
	for (size_t shorter = 0; shorter < n; shorter++)
		count(&t, !cd_verify(key, message, len, changed, shorter), "%zu bytes", shorter);
	count(&t, !cd_verify(key, message, len, changed, n + 1), "one byte more");
	for (size_t bit = 0; bit < 8 * len; bit++)
	{
		other[bit / 8] ^= (char) (1 << bit % 8);
		count(&t, !cd_verify(key, other, len, signature, n), "bit %zu of the message", bit);
		other[bit / 8] ^= (char) (1 << bit % 8);
	}
	count(&t, !cd_verify(key, message, len - 1, signature, n), "a shorter message");
	ok_tally(&t, 500, name);
}

static void
test_example(const example *e)
{
	cd_key	   *private = cd_key_private(e->private, strlen(e->private));
	cd_key	   *public = cd_key_public(e->public, strlen(e->public));
	unsigned char raw[CD_PUBLIC_KEY_MAX];
	unsigned char signature[CD_SIGNATURE_MAX];
	size_t		n;

	ok(private != NULL && cd_key_type_of(private) == e->type, "%s: private key", e->name);
	ok(public != NULL && cd_key_type_of(public) == e->type, "%s: public key", e->name);
	is(hex(raw, cd_key_raw(private, raw)), e->raw, "the private key's public half");
	is(hex(raw, cd_key_raw(public, raw)), e->raw, "the public key");

	n = unhex(e->signature, signature);
	refuse_changes("the standard's signature is taken, none that differs", public, e->message, signature, n);
	ok(cd_verify(private, e->message, strlen(e->message), signature, n), "by the private key, too");
	ok(cd_sign(private, e->message, strlen(e->message), signature, &n) && n <= CD_SIGNATURE_MAX, "it signs");
	if (e->type == CD_ED25519)
		is(hex(signature, n), e->signature, "as the standard");
	refuse_changes("our own signature is taken, none that differs", public, e->message, signature, n);
	ok(!cd_sign(public, e->message, strlen(e->message), signature, &n) && *cd_digest_error() != '\0',
	   "a public key does not sign: %s", cd_digest_error());
	ok(cd_sign(private, "", 0, signature, &n) && cd_verify(public, "", 0, signature, n), "an empty message");
	cd_key_free(private);
	cd_key_free(public);
}

/* Of one type, the signature of the other is none. */
static void
test_other_type(void)
{
	cd_key	   *ed25519 = cd_key_private(ed25519_private, strlen(ed25519_private));
	cd_key	   *sm2 = cd_key_private(sm2_private, strlen(sm2_private));
	unsigned char signature[CD_SIGNATURE_MAX];
	size_t		n;

	ok(cd_sign(ed25519, "m", 1, signature, &n) && n == 64 && !cd_verify(sm2, "m", 1, signature, n), "Ed25519 for SM2");
	ok(cd_sign(sm2, "m", 1, signature, &n) && !cd_verify(ed25519, "m", 1, signature, n), "SM2 for Ed25519");
	cd_key_free(ed25519);
	cd_key_free(sm2);
	cd_key_free(NULL);
}

/* ---- keys ---- */

static void
test_keys(void)
{
	static const char *const none[] = {p256_private, p256_public, encrypted, "", "\n", "-----BEGIN PRIVATE KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
	"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzN\n-----END PRIVATE KEY-----\n"};
	tally		t = {0};
	cd_key	   *key;
	unsigned char raw[CD_PUBLIC_KEY_MAX];

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
	{
		count(&t, cd_key_private(none[i], strlen(none[i])) == NULL && *cd_digest_error() != '\0', "private %zu", i);
		count(&t, cd_key_public(none[i], strlen(none[i])) == NULL && *cd_digest_error() != '\0', "public %zu", i);
	}
	for (size_t len = 0; len + 2 < strlen(sm2_private); len++)
	{
		char	   *part = exact_copy(sm2_private, len);

		count(&t, cd_key_private(part, len) == NULL && cd_key_public(part, len) == NULL, "the first %zu bytes", len);
		free(part);
	}
	count(&t, cd_key_private(ed25519_public, strlen(ed25519_public)) == NULL, "public for private");
	count(&t, cd_key_public(ed25519_private, strlen(ed25519_private)) == NULL, "private for public");
	count(&t, cd_key_private(NULL, 0) == NULL && cd_key_public(NULL, 0) == NULL, "nothing");
	ok_tally(&t, 200, "what is no key of ours");

	cd_key_private(p256_private, strlen(p256_private));
	is(cd_digest_error(), "neither an Ed25519 nor an SM2 key", "which it says");
	key = cd_key_public(sm2_compressed, strlen(sm2_compressed));
	ok(key != NULL && cd_key_raw(key, raw) == CD_PUBLIC_KEY_MAX, "a compressed SM2 key");
	if (key != NULL)
		is(hex(raw, CD_PUBLIC_KEY_MAX), examples[1].raw, "is the same key");
	cd_key_free(key);
}

int
main(void)
{
	test_digests();
	test_lengths();
	test_configured();
	test_names();
	test_random();
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		test_example(&examples[i]);
	test_other_type();
	test_keys();
	return done_testing();
}
