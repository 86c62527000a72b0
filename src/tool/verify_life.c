/*
 * verify_life.c
 *	  Entries as one life, none left out; values that open their commitments.
 */
#include "verify.h"

#include <inttypes.h>
#include <string.h>

static bool
same_number(const cd_entry *a, const cd_entry *b)
{
	return a->cert_no.len == b->cert_no.len && memcmp(a->cert_no.ptr, b->cert_no.ptr, a->cert_no.len) == 0;
}

static void
check_first(verify_job *job, const cd_entry *first)
{
	if (first->previous.ptr != NULL)
	{
		job->whole_life = false;
		say_bad(job, "%s", TEXT("第一条之前还有未给出的条目", "an entry before the first one is not shown"));
	}
	else if (first->life_seq > 1)
		say_note(job, "%s", TEXT("记录开始时该证书已存在：此前的经过不在账本中",
								 "the certificate was there before recording began: what was before is not in the ledger"));
	else
		say_good(job, "%s", TEXT("是该证书的第一条", "it is the first of the certificate's life"));
}

/* The entry follows the one before it in the bundle, and none is between them. */
static void
check_next(verify_job *job, const verify_entry *before, const cd_entry *next)
{
	const bool	renumbered = before->entry.state & CD_STATE_RENUMBERED;
	bool		good = true;

	if (next->previous.ptr == NULL || memcmp(next->previous.ptr, before->body.b, CD_HASH_LEN) != 0)
	{
		good = false;
		say_bad(job, "%s", TEXT("与前一条不相接：其间有未给出的条目，或有改动",
								"it does not follow the entry before: one is left out between them, or altered"));
	}
	if (next->life_seq <= before->entry.life_seq || (!renumbered && next->life_seq - before->entry.life_seq != 1))
	{
		good = false;
		say_bad(job, TEXT("次序%" PRId64 "与前一条的%" PRId64 "不相接", "its place %" PRId64 " in the life does not follow %" PRId64),
				next->life_seq, before->entry.life_seq);
	}
	if (renumbered == same_number(&before->entry, next))
	{
		good = false;
		say_bad(job, "%s", renumbered ? TEXT("前一条说换了编号，此条编号未换", "the entry before says that the number changed, and it did not") :
				TEXT("编号与前一条不同，而前一条没有换号", "its certificate number is another than before, without a renumbering"));
	}
	if (good)
		say_good(job, "%s", TEXT("紧接前一条", "it follows the entry before"));
	job->whole_life = job->whole_life && good;
}

void
check_life(verify_job *job, size_t i)
{
	const verify_entry *entry = &job->bundle.entry[i];

	if (i == 0)
		check_first(job, &entry->entry);
	else
		check_next(job, entry - 1, &entry->entry);
}

void
check_end(verify_job *job)
{
	const verify_bundle *b = &job->bundle;
	const cd_entry *last = &b->entry[b->nentries - 1].entry;

	if (memcmp(last->cert_no.ptr, b->cert_no.ptr, b->cert_no.len) != 0)
		say_bad(job, "%s", TEXT("最后一条不是所称证书编号的", "the last entry is not of the certificate that the bundle is said to be about"));
	if (last->state & CD_STATE_RENUMBERED)
		say_bad(job, "%s", TEXT("最后一条说证书换了编号，其后的经过没有给出",
								"the last entry says that the certificate goes by another number now, and what follows is not shown"));
}

/* ---- disclosures ---- */

/* How many commitments there are, and which is the part's; -1: none. */
static int
slot_of(const cd_entry *entry, cd_part part, int *slots)
{
	*slots = (int) (entry->commitments.len / CD_HASH_LEN);
	if (*slots == 1)
		return part == CD_PART_OLD ? 0 : -1;
	return (int) part < *slots ? (int) part : -1;
}

/* Does salt and value give the commitment? */
static bool
opens(verify_job *job, const cd_entry *entry, const verify_disclosed *d, int slot)
{
	size_t		len = d->part == CD_PART_OLD ? d->text.len : cd_part_value(d->part, d->image, NULL);
	unsigned char *value = verify_alloc(&job->memory, len + 1);
	cd_piece	piece[3] = {{d->salt, CD_SALT_LEN}, {&cd_part_letter[d->part], 1}, {value, len}};
	cd_node		hash;

	if (d->part != CD_PART_OLD)
		cd_part_value(d->part, d->image, value);
	else if (len > 0)
		memcpy(value, d->text.ptr, len);
	verify_hash(job, piece, 3, &hash);
	return memcmp(hash.b, (const unsigned char *) entry->commitments.ptr + (size_t) slot * CD_HASH_LEN, CD_HASH_LEN) == 0;
}

/*
 * What the entry says of its salts.  Of four, those of the image and that of
 * the old values have a digest each, so that one can be erased by itself.
 */
static void
digest_of_salts(verify_job *job, const unsigned char *salts, int n, cd_node *digest)
{
	const size_t image = CD_PART_OLD * CD_SALT_LEN;
	cd_node		half[2];

	if (n < CD_NPARTS)
	{
		verify_hash_prefixed(job, 4, salts, (size_t) n * CD_SALT_LEN, digest);
		return;
	}
	verify_hash_prefixed(job, 4, salts, image, &half[0]);
	verify_hash_prefixed(job, 4, salts + image, CD_SALT_LEN, &half[1]);
	verify_hash_prefixed(job, 4, half, sizeof(half), digest);
}

void
check_disclosed(verify_job *job, const verify_entry *entry)
{
	unsigned char salts[CD_NPARTS * CD_SALT_LEN];
	int			opened = 0;
	int			slots = 0;
	cd_node		digest;

	for (int i = 0; i < entry->ndisclosed; i++)
	{
		const verify_disclosed *d = &entry->disclosed[i];
		int			slot = slot_of(&entry->entry, d->part, &slots);

		if (slot < 0 || !opens(job, &entry->entry, d, slot))
		{
			say_bad(job, TEXT("%c 部分给出的内容不是账本中所记的", "what is disclosed of part %c is not what was recorded"), cd_part_letter[d->part]);
			continue;
		}
		say_good(job, TEXT("%c 部分给出的内容就是账本中所记的", "what is disclosed of part %c is what was recorded"), cd_part_letter[d->part]);
		memcpy(salts + slot * CD_SALT_LEN, d->salt, CD_SALT_LEN);
		opened++;
	}
	if (opened == 0 || opened < slots)
		return;
	digest_of_salts(job, salts, slots, &digest);
	if (entry->entry.salts_digest.ptr == NULL || memcmp(entry->entry.salts_digest.ptr, digest.b, CD_HASH_LEN) != 0)
		say_bad(job, "%s", TEXT("盐值的摘要不符", "the digest of the salts is another"));
}
