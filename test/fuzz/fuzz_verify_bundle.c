/*
 * fuzz_verify_bundle.c
 *	  libFuzzer target: evidence, a kept head and an export, each ended by the
 *	  byte ff, as certdata-verify checks them.  max_len: 8000  runs: 50000
 *
 * The first byte chooses whether a key is given.  The seeds are from
 * test/ledger/ledger_model.pl; whatever is proved with the key is about the
 * one head that was signed with it: no other input can be believed.
 */
#include "tool/verify.h"
#include "fuzz.h"

static const char key_pem[] =
"-----BEGIN PUBLIC KEY-----\n"
"MCowBQYDK2VwAyEA+Kt3eGkIIQGgVzUJQkg5iFcnXuGpq0tS9iktyWbvJYc=\n"
"-----END PUBLIC KEY-----\n";

/* What the key has signed for evidence, in the seeds. */
static const char signed_root[] = "ZXhde0+Fau1s3IcvgRwz4oXSx3ii1QXJ5mfQJjhqGl0=";
#define SIGNED_SIZE 19

/* Up to the next ff. */
static cd_text
take(const char **at, const char *end)
{
	const char *stop = *at < end ? memchr(*at, '\xFF', (size_t) (end - *at)) : NULL;
	size_t		len = (size_t) ((stop != NULL ? stop : end) - *at);
	cd_text		text = {exact_copy(*at, len), len};

	*at += len + (stop != NULL);
	return text;
}

static void
check_proved(const verify_job *job)
{
	cd_node		root;
	size_t		len;

	must(!job->disproved && !job->unproved && !job->unreadable && job->whole_life);
	must(job->kept.ptr == NULL || job->kept_holds);
	must(job->ledger == NULL || (job->replayed && job->none_newer));
	if (job->key == NULL)
		return;
	must(decode_base64((cd_text) {signed_root, strlen(signed_root)}, root.b, sizeof(root), &len) && len == sizeof(root));
	must(job->bundle.head.size == SIGNED_SIZE && memcmp(&job->bundle.head.root, &root, sizeof(root)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static FILE *nowhere;
	static cd_key *key;
	verify_job	job = {{NULL, 0}};
	const char *at = (const char *) data + 1;
	const char *end = (const char *) data + len;
	cd_text		export;
	int			status;

	if (len < 2)
		return 0;
	if (nowhere == NULL)
	{
		nowhere = fopen("/dev/null", "w");
		key = cd_key_public(key_pem, strlen(key_pem));
		must(nowhere != NULL && key != NULL);
	}
	job.out = nowhere;
	if (data[0] & 1)
		job.key = key;
	else
		job.without_key = true;
	verify_in_chinese = data[0] & 2;
	job.json = take(&at, end);
	job.kept = take(&at, end);
	export = take(&at, end);
	if (job.kept.len == 0)
	{
		free((char *) job.kept.ptr);
		job.kept.ptr = NULL;
	}
	if (export.len > 0)
		job.ledger = fmemopen((char *) export.ptr, export.len, "r");
	status = verify_run(&job);
	must(status == EXIT_PROVED || status == EXIT_NOT_PROVED || status == EXIT_UNREADABLE);
	must((status == EXIT_UNREADABLE) == job.unreadable);
	if (status == EXIT_PROVED)
		check_proved(&job);
	verify_end(&job);
	if (job.ledger != NULL)
		fclose(job.ledger);
	free((char *) job.json.ptr);
	free((char *) job.kept.ptr);
	free((char *) export.ptr);
	return 0;
}
