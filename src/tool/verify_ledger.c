/*
 * verify_ledger.c
 *	  The full replay: an export read once from end to end.
 *
 * Of the tree only the roots of complete subtrees are kept, and of the entries
 * only those of the certificate's numbers that the bundle does not show.
 */
#define _POSIX_C_SOURCE 200809L
#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KIND_ROOM 64

/* An entry under one of the certificate's numbers that the bundle does not show. */
typedef struct other_entry
{
	struct other_entry *next;
	uint64_t	leaf;
	cd_text		kind;
	cd_text		cert_no;
	int64_t		life_seq;
	bool		has_previous;
	cd_node		previous;
	cd_node		body;
	bool		of_table;		/* an act on a table that the bundle has acts
								 * on */
	bool		of_life;		/* it follows an entry of this life */
} other_entry;

typedef struct replay
{
	verify_job *job;
	uint64_t	leaves;
	cd_node		peak[CD_PROOF_MAX]; /* bit k of leaves: of 2^k leaves */
	cd_node		root;			/* of the head's size */
	bool		has_root;

	/* the act at hand */
	cd_node		act;
	int64_t		entries;
	int64_t		n;				/* of them read */
	char		kind[KIND_ROOM];
	size_t		kind_len;
	bool		of_table;
	bool		misplaced;		/* an entry without its act was found */
	other_entry *other;
} replay;

/* ---- the tree ---- */

static void
add_leaf(replay *r, const cd_node *hash)
{
	cd_node		node = *hash;
	int			k = 0;

	for (; r->leaves >> k & 1; k++)
		verify_hash_nodes(r->job, &r->peak[k], &node, &node);
	r->peak[k] = node;
	r->leaves++;
}

static void
root_here(replay *r, cd_node *root)
{
	bool		any = false;

	*root = r->job->nothing;
	for (int k = 0; k < CD_PROOF_MAX; k++)
	{
		if (!(r->leaves >> k & 1))
			continue;
		if (any)
			verify_hash_nodes(r->job, &r->peak[k], root, root);
		else
			*root = r->peak[k];
		any = true;
	}
}

static void
keep_roots(replay *r)
{
	verify_job *job = r->job;

	if (r->leaves == job->bundle.head.size)
	{
		root_here(r, &r->root);
		r->has_root = true;
	}
	if (job->kept.ptr != NULL && r->leaves == job->old.size)
	{
		root_here(r, &job->replayed_kept);
		job->has_replayed_kept = true;
	}
}

/* ---- entries ---- */

static bool
same_bytes(cd_value a, cd_value b)
{
	return a.ptr != NULL && b.ptr != NULL && a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static cd_text
copy(verify_job *job, const void *ptr, size_t len)
{
	char	   *at = verify_alloc(&job->memory, len + 1);
	cd_text		text = {at, len};

	if (len > 0)
		memcpy(at, ptr, len);
	return text;
}

static void
begin_act(replay *r, const verify_leaf *leaf, const cd_node *hash)
{
	const verify_bundle *b = &r->job->bundle;

	r->misplaced = r->misplaced || r->n != r->entries;
	r->act = *hash;
	r->entries = leaf->n;
	r->n = 0;
	r->kind_len = leaf->kind.len < KIND_ROOM ? leaf->kind.len : KIND_ROOM;
	if (r->kind_len > 0)
		memcpy(r->kind, leaf->kind.ptr, r->kind_len);
	r->of_table = false;
	for (size_t i = 0; i < b->nacts && !r->of_table; i++)
		r->of_table = same_bytes(b->act[i].act.attachment, leaf->attachment);
}

/* Is it under a number of the bundle's, and not in the bundle? */
static bool
is_other(const verify_job *job, const verify_leaf *leaf, uint64_t at)
{
	bool		ours = false;

	for (size_t i = 0; i < job->bundle.nentries; i++)
	{
		if (!same_bytes(job->bundle.entry[i].entry.cert_no, leaf->cert_no))
			continue;
		if ((uint64_t) job->bundle.entry[i].leaf == at)
			return false;
		ours = true;
	}
	return ours;
}

static void
one_entry(replay *r, const verify_leaf *leaf)
{
	verify_job *job = r->job;
	other_entry *other;

	r->n++;
	if (leaf->n != r->n || r->n > r->entries || memcmp(leaf->act_hash.ptr, r->act.b, CD_HASH_LEN) != 0)
		r->misplaced = true;
	if (!is_other(job, leaf, r->leaves))
		return;
	other = verify_alloc(&job->memory, sizeof(other_entry));
	other->leaf = r->leaves;
	other->kind = copy(job, r->kind, r->kind_len);
	other->cert_no = copy(job, leaf->cert_no.ptr, leaf->cert_no.len);
	other->life_seq = leaf->life_seq;
	other->has_previous = leaf->previous.ptr != NULL;
	if (other->has_previous)
		memcpy(other->previous.b, leaf->previous.ptr, CD_HASH_LEN);
	verify_hash_prefixed(job, 3, leaf->body, leaf->body_len, &other->body);
	other->of_table = r->of_table;
	other->next = r->other;
	r->other = other;
}

/* ---- lines ---- */

/* Index, TAB, base64; the data's length, 0 if the line is another. */
static size_t
read_line(const replay *r, char *line, size_t len, unsigned char *data)
{
	char	   *tab;
	cd_text		index = {line, 0};
	cd_text		bytes;
	uint64_t number;
	size_t		data_len;

	if (len > 0 && line[len - 1] == '\n')
		len--;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	tab = memchr(line, '\t', len);
	if (tab == NULL)
		return 0;
	index.len = (size_t) (tab - line);
	bytes.ptr = tab + 1;
	bytes.len = len - index.len - 1;
	if (!decode_decimal(index, &number) || number !=r->leaves || !decode_base64(bytes, data, len, &data_len))
		return 0;
	return data_len;
}

/* false: the line is none of an export. */
static bool
one_leaf(replay *r, const unsigned char *data, size_t len)
{
	verify_leaf leaf;
	cd_node		hash;

	if (len == 0 || !leaf_read(data, len, &leaf))
		return say_unreadable(r->job, TEXT("账本导出第%" PRIu64 "行不是本格式", "line %" PRIu64 " of the export is not in its format"),
							  r->leaves + 1);
	verify_hash_prefixed(r->job, 0, data, len, &hash);
	if (leaf.is_entry)
		one_entry(r, &leaf);
	else
		begin_act(r, &leaf, &hash);
	add_leaf(r, &hash);
	keep_roots(r);
	return true;
}

static bool
read_export(replay *r)
{
	char	   *line = NULL;
	size_t		line_room = 0;
	unsigned char *data = NULL;
	size_t		data_room = 0;
	bool		good = true;
	ssize_t		len;

	keep_roots(r);
	while (good && (len = getline(&line, &line_room, r->job->ledger)) > 0)
	{
		if (line_room > data_room)
		{
			unsigned char *larger = realloc(data, line_room);

			if (larger == NULL)
				break;
			data = larger;
			data_room = line_room;
		}
		good = one_leaf(r, data, read_line(r, line, (size_t) len, data));
	}
	if (good && !feof(r->job->ledger))
		good = say_unreadable(r->job, "%s", TEXT("账本导出未能读完", "the export could not be read to its end"));
	free(line);
	free(data);
	return good;
}

/* ---- what it shows ---- */

/* Mark what follows an entry of this life, directly or not. */
static void
follow(replay *r)
{
	const verify_bundle *b = &r->job->bundle;
	bool		more = true;

	while (more)
	{
		more = false;
		for (other_entry *o = r->other; o != NULL; o = o->next)
		{
			bool		follows = false;

			if (o->of_life || !o->has_previous)
				continue;
			for (size_t i = 0; i < b->nentries && !follows; i++)
				follows = memcmp(o->previous.b, b->entry[i].body.b, CD_HASH_LEN) == 0;
			for (other_entry *p = r->other; p != NULL && !follows; p = p->next)
				follows = p->of_life && memcmp(o->previous.b, p->body.b, CD_HASH_LEN) == 0;
			o->of_life = follows;
			more = more || follows;
		}
	}
}

/* Does it stand where one of ours does, or after the last of them? */
static bool
in_our_place(const verify_bundle *b, const other_entry *o)
{
	for (size_t i = 0; i < b->nentries; i++)
	{
		const cd_entry *e = &b->entry[i].entry;

		if (memcmp(e->cert_no.ptr, o->cert_no.ptr, o->cert_no.len) == 0 &&
			(o->life_seq == e->life_seq || (i + 1 == b->nentries && o->life_seq > e->life_seq)))
			return true;
	}
	return false;
}

static void
check_others(replay *r)
{
	verify_job *job = r->job;
	const char *what;

	follow(r);
	job->none_newer = true;
	for (const other_entry *o = r->other; o != NULL; o = o->next)
	{
		const bool	ours = o->of_life || (o->of_table && in_our_place(&job->bundle, o));

		what = verify_shown(job, o->kind);
		job->none_newer = job->none_newer && !ours;
		if (ours && o->leaf >= job->bundle.head.size)
			say_missing(job, TEXT("账本头之后有该证书更新的记录：第%" PRIu64 "条（%s，次序%" PRId64 "），请取新的证据",
								  "there is a newer entry than the head: leaf %" PRIu64 " (%s, place %" PRId64 " in the life), get newer evidence"),
						o->leaf, what, o->life_seq);
		else if (ours)
			say_bad(job, TEXT("账本第%" PRIu64 "条（%s，次序%" PRId64 "）也是该证书的，证据没有给出",
							  "leaf %" PRIu64 " of the ledger (%s, place %" PRId64 " in the life) is of the certificate too, and not shown"),
					o->leaf, what, o->life_seq);
		else
			say_note(job, TEXT("账本第%" PRIu64 "条（%s，次序%" PRId64 "）用了同一编号，属于另一张证书或另一个表",
							   "leaf %" PRIu64 " of the ledger (%s, place %" PRId64 ") has the same number, of another certificate or table"),
					 o->leaf, what, o->life_seq);
	}
	if (job->none_newer)
		say_good(job, "%s", TEXT("账本导出中没有该证书的其他条目", "the export has no other entry of the certificate"));
}

void
check_ledger(verify_job *job)
{
	const verify_note *head = &job->bundle.head;
	replay		r = {job};

	if (!read_export(&r))
		return;
	if (!r.has_root)
	{
		say_missing(job, TEXT("账本导出只有 %" PRIu64 " 条，账本头有 %" PRIu64 " 条",
							  "the export has %" PRIu64 " leaves only, the head %" PRIu64), r.leaves, head->size);
		return;
	}
	job->replayed = memcmp(r.root.b, head->root.b, CD_NODE_LEN) == 0;
	if (job->replayed)
		say_good(job, TEXT("由账本导出重算的 %" PRIu64 " 条的根就是账本头的根", "the root of the export's first %" PRIu64 " leaves is the head's"), head->size);
	else
		say_bad(job, TEXT("由账本导出重算的 %" PRIu64 " 条的根不是账本头的根", "the root of the export's first %" PRIu64 " leaves is not the head's"), head->size);
	if (r.misplaced || r.n != r.entries)
		say_bad(job, "%s", TEXT("账本导出中的行为与其条目不符", "acts and entries in the export do not fit together"));
	if (r.leaves > head->size)
		say_note(job, TEXT("账本导出有 %" PRIu64 " 条，超出账本头的部分没有由它证明", "the export has %" PRIu64 " leaves: those beyond the head are not proved by it"), r.leaves);
	check_others(&r);
}
