/*
 * verify_tree.c
 *	  Heads, and what stands in the tree of the bundle's head.
 */
#include "verify.h"

#include <inttypes.h>
#include <string.h>

static bool
same_node(const cd_node *a, const cd_node *b)
{
	return memcmp(a->b, b->b, CD_NODE_LEN) == 0;
}

/* Is it a head of the bundle's ledger, and signed by the key? */
static bool
check_note(verify_job *job, const verify_note *note, const char *what)
{
	const verify_bundle *b = &job->bundle;
	char		id[9];

	if (note->origin.len != b->origin.len || memcmp(note->origin.ptr, b->origin.ptr, b->origin.len) != 0)
	{
		say_bad(job, TEXT("%s属于另一账本：%s", "%s is of another ledger: %s"), what, verify_shown(job, note->origin));
		return false;
	}
	if (note->algorithm != b->algorithm)
	{
		say_bad(job, TEXT("%s所用摘要算法与本证据不同", "%s is of another digest"), what);
		return false;
	}
	if (job->key == NULL)
		return true;
	note_key_id(note, job->key, id);
	switch (note_verify(note, job->key))
	{
		case NOTE_SIGNED:
			say_good(job, TEXT("%s由所给公钥签名（%s，标识 %s）", "%s is signed by the key given (%s, id %s)"), what,
					 cd_key_type_of(job->key) == CD_SM2 ? "SM2" : "Ed25519", id);
			return true;
		case NOTE_UNSIGNED:
			say_bad(job, TEXT("%s没有签名", "%s is not signed"), what);
			return false;
		case NOTE_OTHER_KEY:
			say_bad(job, TEXT("%s不是由所给公钥签名（标识 %s）", "%s is not signed by the key given (id %s)"), what, id);
			return false;
		default:
			say_bad(job, TEXT("%s的签名不正确（标识 %s）", "the signature of %s is wrong (id %s)"), what, id);
			return false;
	}
}

void
check_head(verify_job *job)
{
	const verify_bundle *b = &job->bundle;
	const char *what = TEXT("账本头", "the head");
	const size_t prefix = b->origin.len > b->ledger.len ? b->origin.len - b->ledger.len : 0;

	if (prefix != strlen("certdata/") || memcmp(b->origin.ptr, "certdata/", prefix) != 0 ||
		memcmp(b->origin.ptr + prefix, b->ledger.ptr, b->ledger.len) != 0)
		say_bad(job, TEXT("origin与账本标识不符：%s", "the origin is not that of the ledger: %s"), verify_shown(job, b->origin));
	check_note(job, &b->head, what);
	if (job->key != NULL)
		return;
	if (job->without_key)
		say_note(job, "%s", TEXT("按要求未检查账本头的签名：只证明证据自身一致",
								 "the head's signature was not checked, as asked: only that the bundle agrees with itself is proved"));
	else
		say_missing(job, "%s", TEXT("没有公钥，未检查账本头的签名：只证明证据自身一致（请用 --key 公钥，或用 --unsigned 表示不需要）",
									"no key, so the head's signature was not checked: only that the bundle agrees with itself is proved (give --key, or --unsigned if that is enough)"));
}

/* ---- the head that the reader kept ---- */

static void
check_same_size(verify_job *job)
{
	job->kept_holds = same_node(&job->old.root, &job->bundle.head.root);
	if (job->kept_holds)
		say_good(job, "%s", TEXT("与您保存的账本头是同一棵树", "it is the tree of the head you kept"));
	else
		say_bad(job, "%s", TEXT("与您保存的账本头条数相同而根不同：有人看到了另一本账",
								"the head you kept has as many leaves and another root: the ledger was forked or rewritten"));
}

/* What the export says of the kept head; false: it says nothing. */
static bool
check_replayed(verify_job *job)
{
	if (!job->has_replayed_kept)
		return false;
	job->kept_holds = same_node(&job->replayed_kept, &job->old.root);
	if (job->kept_holds)
		say_good(job, TEXT("您保存的账本头（%" PRIu64 " 条）由账本导出重算得出", "the head you kept (%" PRIu64 " leaves) follows from the export"),
				 job->old.size);
	else
		say_bad(job, TEXT("由账本导出重算的 %" PRIu64 " 条的根与您保存的账本头不同：账本被改写",
						  "the root of %" PRIu64 " leaves of the export is not that of the head you kept: the ledger was rewritten"), job->old.size);
	return true;
}

static void
check_consistency(verify_job *job)
{
	const verify_bundle *b = &job->bundle;
	const verify_proof *proof = NULL;

	for (size_t i = 0; i < b->nproofs && proof == NULL; i++)
		if ((uint64_t) b->consistency[i].size == job->old.size)
			proof = &b->consistency[i];
	if (proof == NULL && job->old.size > 0)
	{
		if (!check_replayed(job))
			say_missing(job, TEXT("证据中没有从您保存的账本头（%" PRIu64 " 条）到本账本头的一致性证明："
								  "请取 certdata.evidence(..., since => %" PRIu64 ") 的证据，或给出 --ledger",
								  "the bundle has no proof from the head you kept (%" PRIu64 " leaves) to its own: "
								  "get one by certdata.evidence(..., since => %" PRIu64 "), or give --ledger"), job->old.size, job->old.size);
		return;
	}
	job->kept_holds = cd_verify_consistency(verify_hash_nodes, job, job->old.size, b->head.size,
											proof != NULL ? proof->node : NULL, proof != NULL ? proof->n : 0,
											&job->old.root, &b->head.root, &job->nothing);
	if (job->kept_holds)
		say_good(job, TEXT("您保存的账本头（%" PRIu64 " 条）是本账本头的开头：其后没有改写",
						   "the head you kept (%" PRIu64 " leaves) is the beginning of this one: nothing in it was changed since"), job->old.size);
	else
		say_bad(job, TEXT("您保存的账本头（%" PRIu64 " 条）不是本账本头的开头：账本被改写，或证明有误",
						  "the head you kept (%" PRIu64 " leaves) is not the beginning of this one: the ledger was rewritten, or the proof is wrong"), job->old.size);
	check_replayed(job);
}

void
check_kept(verify_job *job)
{
	const uint64_t size = job->bundle.head.size;

	if (job->kept.ptr == NULL || !check_note(job, &job->old, TEXT("您保存的账本头", "the head you kept")))
		return;
	if (job->old.size == size)
		check_same_size(job);
	else if (job->old.size < size)
		check_consistency(job);
	else if (!check_replayed(job))
		say_missing(job, TEXT("证据比您保存的账本头旧（%" PRIu64 " 条，您的 %" PRIu64 " 条）：此处无法证明二者一致，请取新的证据",
							  "the bundle is older than the head you kept (%" PRIu64 " leaves, yours %" PRIu64 "): "
							  "that they agree cannot be proved here, get a newer one"), size, job->old.size);
}

/* ---- acts and entries ---- */

static void
check_inclusion(verify_job *job, int64_t leaf, const verify_proof *proof, const cd_node *hash,
				const char *good, const char *wrong)
{
	const verify_note *head = &job->bundle.head;

	if (cd_verify_inclusion(verify_hash_nodes, job, (uint64_t) leaf, head->size, hash, proof->node, proof->n, &head->root))
		say_good(job, good, leaf);
	else
		say_bad(job, wrong, leaf);
}

void
check_act(verify_job *job, verify_act *act)
{
	size_t		len = cd_act_data(&act->act, NULL);
	unsigned char *data = verify_alloc(&job->memory, len);

	cd_act_data(&act->act, data);
	act->checked = true;
	verify_hash_prefixed(job, 0, data, len, &act->hash);
	check_inclusion(job, act->leaf, &act->proof, &act->hash,
					TEXT("该行为在账本中，第%" PRId64 "条（从0计）", "the act stands in the ledger, as leaf %" PRId64),
					TEXT("该行为不在账本的第%" PRId64 "条：内容、位置或证明被改动", "the act is not leaf %" PRId64 " of the ledger: it, its place or its proof was altered"));
}

void
check_leaf(verify_job *job, verify_entry *entry)
{
	const verify_act *act = &job->bundle.act[entry->act];
	unsigned char data[CD_ENTRY_DATA_MAX];
	cd_node		hash;

	verify_hash_prefixed(job, 3, data, cd_entry_body(&entry->entry, data), &entry->body);
	verify_hash_prefixed(job, 0, data, cd_entry_data(&entry->entry, act->hash.b, entry->n, data), &hash);
	check_inclusion(job, entry->leaf, &entry->proof, &hash,
					TEXT("该条在账本中，第%" PRId64 "条（从0计）", "the entry stands in the ledger, as leaf %" PRId64),
					TEXT("该条不在账本的第%" PRId64 "条：内容、位置或证明被改动", "the entry is not leaf %" PRId64 " of the ledger: it, its place or its proof was altered"));
	if (entry->n > act->act.entries || entry->leaf < act->leaf || entry->leaf - act->leaf != entry->n)
		say_bad(job, "%s", TEXT("该条不在其行为之内", "the entry has no such place in its act"));
}
