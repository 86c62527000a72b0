/*
 * verify_run.c
 *	  One bundle from end to end.
 */
#include "verify.h"

#include <string.h>

bool		verify_in_chinese;

/* The reader's own head; a file that is none cannot be used. */
static bool
read_kept(verify_job *job)
{
	return job->kept.ptr == NULL || note_read(job->kept, &job->old) ||
		say_unreadable(job, "%s", TEXT("所给的账本头不是检查点（checkpoint）", "the head given is no checkpoint"));
}

static void
check_entries(verify_job *job)
{
	verify_bundle *b = &job->bundle;

	job->whole_life = true;
	for (size_t i = 0; i < b->nentries; i++)
	{
		verify_act *act = &b->act[b->entry[i].act];

		print_act(job, act);
		print_entry(job, i);
		if (!act->checked)
			check_act(job, act);
		check_leaf(job, &b->entry[i]);
		check_life(job, i);
		check_disclosed(job, &b->entry[i]);
	}
	check_end(job);
	for (size_t i = 0; i < b->nacts; i++)
		if (!b->act[i].checked)
		{
			print_act(job, &b->act[i]);
			check_act(job, &b->act[i]);
		}
}

int
verify_run(verify_job *job)
{
	if (!bundle_read(job) || !read_kept(job))
		return EXIT_UNREADABLE;
	job->digest = cd_digest_new(job->bundle.algorithm);
	if (job->digest == NULL)
	{
		say_unreadable(job, TEXT("本机的OpenSSL没有%s", "OpenSSL here has no %s"), cd_algorithm_name[job->bundle.algorithm]);
		return EXIT_UNREADABLE;
	}
	verify_hash(job, NULL, 0, &job->nothing);
	print_heading(job);
	check_head(job);
	check_entries(job);
	fprintf(job->out, "\n%s\n", TEXT("账本头与账本", "Heads and ledger"));
	if (job->ledger != NULL)
		check_ledger(job);
	check_kept(job);
	if (job->unreadable)
		return EXIT_UNREADABLE;
	print_summary(job);
	return job->disproved || job->unproved ? EXIT_NOT_PROVED : EXIT_PROVED;
}

void
verify_end(verify_job *job)
{
	cd_digest_free(job->digest);
	verify_free(&job->memory);
}
