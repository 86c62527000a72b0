/*
 * test_tree.c
 *	  Looks for: a root or proof other than the recursive definitions of RFC
 *	  6962 make; a check that refuses a good proof or takes any other, that
 *	  reads beyond what it was given, or that goes on when hashing fails.
 *
 * Trees of up to 300 leaves are compared with the definitions, leaf by leaf;
 * larger ones, up to 2^63 - 1 leaves, have the same leaf everywhere but in
 * three places, so that nearly all their subtrees are known.
 */
#include "tree.h"
#include "tap.h"
#include "tree_naive.h"

/* ---- what is tested, in short ---- */

static bool
includes(uint64_t leaf, uint64_t size, cd_node hash_of, const cd_node *proof, int n, cd_node root)
{
	/* exactly its length, so that a read beyond it is seen */
	cd_node    *copy = n > 0 ? (cd_node *) exact_copy((const char *) proof, (size_t) n * CD_NODE_LEN) : NULL;
	bool		verdict = cd_verify_inclusion(hash, NULL, leaf, size, &hash_of, copy, n, &root);

	free(copy);
	return verdict;
}

static bool
extends(uint64_t size1, uint64_t size2, const cd_node *proof, int n, cd_node root1, cd_node root2)
{
	cd_node    *copy = n > 0 ? (cd_node *) exact_copy((const char *) proof, (size_t) n * CD_NODE_LEN) : NULL;
	bool		verdict = cd_verify_consistency(hash, NULL, size1, size2, copy, n, &root1, &root2, &empty);

	free(copy);
	return verdict;
}

/* A complete subtree of leaf_hash, within the tree. */
static bool
get_leaves(void *arg, int level, uint64_t index, cd_node *out)
{
	world	   *w = arg;

	if (level < 0 || level > 8 || (index + 1) << level > w->size)
		abort();
	if (w->nodes-- <= 0)
		return false;
	*out = mth((int) (index << level), 1 << level);
	return true;
}

/* Any one-step change of a proof: true, and the next one, until there is no more. */
static bool
mutate(int step, const cd_node *proof, int n, cd_node *out, int *out_n)
{
	int			kind = step % 4;
	int			at = step / 4;

	memcpy(out, proof, (size_t) n * CD_NODE_LEN);
	*out_n = n;
	if (at > n)
		return false;
	if (kind == 0 && at < n)	/* a bit */
		out[at].b[random_below(CD_NODE_LEN)] ^= (unsigned char) (1 << random_below(8));
	else if (kind == 1 && at < n)	/* one is missing */
	{
		memmove(out + at, out + at + 1, (size_t) (n - at - 1) * CD_NODE_LEN);
		*out_n = n - 1;
	}
	else if (kind == 2 && at + 1 < n)	/* two change places */
	{
		out[at] = proof[at + 1];
		out[at + 1] = proof[at];
	}
	else						/* one more */
	{
		memmove(out + at + 1, out + at, (size_t) (n - at) * CD_NODE_LEN);
		out[at] = at < n && random_below(2) ? proof[at] : leaf_number(random_bits());
		*out_n = n + 1;
	}
	return true;
}

/* Is nothing taken but the proof itself; sizes and places as the definitions say? */
static void
refuse_inclusion(tally *t, uint64_t leaf, uint64_t size, cd_node hash_of, const cd_node *proof, int n, cd_node root)
{
	cd_node		other[CD_PROOF_MAX + 1];
	int			other_n;
	cd_node		flipped = hash_of;

	for (int step = 0; mutate(step, proof, n, other, &other_n); step++)
		count(t, !includes(leaf, size, hash_of, other, other_n, root), "%llu of %llu, change %d",
			  (unsigned long long) leaf, (unsigned long long) size, step);
	flipped.b[random_below(CD_NODE_LEN)] ^= 1;
	count(t, !includes(leaf, size, flipped, proof, n, root), "another leaf");
	count(t, !includes(leaf, size, hash_of, proof, n, n > 0 ? proof[0] : empty), "another root");
	for (int i = -3; i <= 3; i++)
		for (int k = -3; k <= 3; k++)
		{
			uint64_t	leaf2 = i == 3 ? random_bits() >> random_below(64) : leaf + (uint64_t) i;
			uint64_t	size2 = k == 3 ? random_bits() >> random_below(64) : size + (uint64_t) k;

			count(t, includes(leaf2, size2, hash_of, proof, n, root) ==
				  naive_inclusion(leaf2, size2, hash_of, proof, n, root), "%llu of %llu for %llu of %llu",
				  (unsigned long long) leaf, (unsigned long long) size,
				  (unsigned long long) leaf2, (unsigned long long) size2);
		}
}

static void
refuse_consistency(tally *t, uint64_t size1, uint64_t size2, const cd_node *proof, int n, cd_node root1, cd_node root2)
{
	cd_node		other[CD_PROOF_MAX + 1];
	int			other_n;
	cd_node		flipped1 = root1;
	cd_node		flipped2 = root2;

	for (int step = 0; mutate(step, proof, n, other, &other_n); step++)
		count(t, !extends(size1, size2, other, other_n, root1, root2), "%llu to %llu, change %d",
			  (unsigned long long) size1, (unsigned long long) size2, step);
	flipped1.b[random_below(CD_NODE_LEN)] ^= 16;
	flipped2.b[random_below(CD_NODE_LEN)] ^= 16;
	count(t, !extends(size1, size2, proof, n, flipped1, root2), "another old root");
	count(t, !extends(size1, size2, proof, n, root1, flipped2), "another new root");
	count(t, size1 == size2 || !extends(size2, size1, proof, n, root2, root1), "sizes swapped");
	count(t, size1 == size2 || !extends(size1, size2, proof, n, root2, root1), "roots swapped");
	for (int i = -3; i <= 3; i++)
		for (int k = -3; k <= 3; k++)
		{
			uint64_t	a = i == 3 ? random_bits() >> random_below(64) : size1 + (uint64_t) i;
			uint64_t	b = k == 3 ? random_bits() >> random_below(64) : size2 + (uint64_t) k;

			count(t, extends(a, b, proof, n, root1, root2) == naive_consistency(a, b, proof, n, root1, root2),
				  "%llu to %llu for %llu to %llu", (unsigned long long) size1, (unsigned long long) size2,
				  (unsigned long long) a, (unsigned long long) b);
		}
}

/* ---- small trees ---- */

static void
test_inclusion(void)
{
	tally		t = {0};
	tally		refused = {0};
	cd_node		proof[CD_PROOF_MAX];
	cd_node		expected[CD_PROOF_MAX];
	int			n;

	for (int size = 1; size <= LEAVES; size++)
	{
		world		w = {(uint64_t) size, ANY, ANY};
		cd_tree		tree = {&w, hash, get_leaves};
		cd_node		root = mth(0, size);
		cd_node		got;

		count(&t, cd_tree_root(&tree, (uint64_t) size, &got) && equal(got, root), "root of %d", size);
		for (int leaf = 0; leaf < size; leaf++)
		{
			int			len = path(leaf, 0, size, expected);

			w.hashes = w.nodes = ANY;
			count(&t, cd_inclusion_proof(&tree, (uint64_t) leaf, (uint64_t) size, proof, &n) &&
				  n == len && memcmp(proof, expected, (size_t) n * CD_NODE_LEN) == 0 &&
				  includes((uint64_t) leaf, (uint64_t) size, leaf_hash[leaf], proof, n, root),
				  "%d of %d", leaf, size);
			if (size <= 40 || (leaf + size) % 61 == 0)
				refuse_inclusion(&refused, (uint64_t) leaf, (uint64_t) size, leaf_hash[leaf], proof, n, root);
		}
	}
	ok_tally(&t, 45000, "roots and inclusion proofs of 1 to 300 leaves are those of RFC 6962");
	ok_tally(&refused, 50000, "no leaf is in the tree by another proof, root, place or size");
}

static void
test_consistency(void)
{
	tally		t = {0};
	tally		refused = {0};
	cd_node		proof[CD_PROOF_MAX];
	cd_node		expected[CD_PROOF_MAX];
	int			n;

	for (int size = 1; size <= 130; size++)
		for (int old = 1; old <= size; old++)
		{
			world		w = {(uint64_t) size, ANY, ANY};
			cd_tree		tree = {&w, hash, get_leaves};
			cd_node		root1 = mth(0, old);
			cd_node		root2 = mth(0, size);
			int			len = subproof(old, 0, size, true, expected);

			count(&t, cd_consistency_proof(&tree, (uint64_t) old, (uint64_t) size, proof, &n) &&
				  n == len && memcmp(proof, expected, (size_t) n * CD_NODE_LEN) == 0 &&
				  extends((uint64_t) old, (uint64_t) size, proof, n, root1, root2), "%d to %d", old, size);
			if (size <= 40 || (old + size) % 23 == 0)
				refuse_consistency(&refused, (uint64_t) old, (uint64_t) size, proof, n, root1, root2);
		}
	ok_tally(&t, 8515, "consistency proofs of 1 to 130 leaves are those of RFC 6962");
	ok_tally(&refused, 50000, "no tree extends another by another proof, root or size");
}

/* ---- huge trees: one leaf everywhere but in three places ---- */

static uint64_t place[3];
static cd_node plain[64];		/* subtrees without one of them */

static cd_node
sparse(uint64_t start, uint64_t n)
{
	uint64_t	k;
	bool		bare = true;

	for (int i = 0; i < 3; i++)
		if (place[i] >= start && place[i] - start < n)
			bare = false;
	for (int level = 0; bare && level < 64; level++)
		if (n == UINT64_C(1) << level)
			return plain[level];
	if (n == 1)
		return leaf_number(start);
	k = largest_power_below(n);
	return pair(sparse(start, k), sparse(start + k, n - k));
}

static bool
get_sparse(void *arg, int level, uint64_t index, cd_node *out)
{
	world	   *w = arg;

	if (level < 0 || level > 62 || index >= w->size >> level)
		abort();
	if (w->nodes-- <= 0)
		return false;
	*out = sparse(index << level, UINT64_C(1) << level);
	return true;
}

/* Near a power of two as often as anywhere; 1 to max. */
static uint64_t
some_size(uint64_t max)
{
	uint64_t	size = random_bits() >> (1 + random_below(63));

	if (random_below(2))
		size = (UINT64_C(1) << random_below(63)) + random_below(3) - 1;
	if (random_below(20) == 0)
		size = max - random_below(2);
	return size == 0 || size > max ? max : size;
}

static void
test_huge(void)
{
	tally		t = {0};
	tally		refused = {0};
	cd_node		proof[CD_PROOF_MAX];
	int			n;

	plain[0] = leaf_number(UINT64_MAX);
	for (int level = 1; level < 64; level++)
		plain[level] = pair(plain[level - 1], plain[level - 1]);
	for (int round = 0; round < 3000; round++)
	{
		uint64_t	size = some_size(INT64_MAX);
		uint64_t	old = some_size(size);
		uint64_t	leaf = some_size(size) - 1;
		world		w = {size, ANY, ANY};
		cd_tree		tree = {&w, hash, get_sparse};
		cd_node		root1;
		cd_node		root2;
		cd_node		got;

		place[0] = leaf;
		place[1] = old - 1;
		place[2] = random_bits() % size;
		root1 = sparse(0, old);
		root2 = sparse(0, size);
		count(&t, cd_tree_root(&tree, size, &got) && equal(got, root2), "root of %llu", (unsigned long long) size);
		count(&t, cd_inclusion_proof(&tree, leaf, size, proof, &n) &&
			  includes(leaf, size, leaf_number(leaf), proof, n, root2) &&
			  naive_inclusion(leaf, size, leaf_number(leaf), proof, n, root2),
			  "%llu of %llu", (unsigned long long) leaf, (unsigned long long) size);
		if (round % 10 == 0)
			refuse_inclusion(&refused, leaf, size, leaf_number(leaf), proof, n, root2);
		count(&t, cd_consistency_proof(&tree, old, size, proof, &n) &&
			  extends(old, size, proof, n, root1, root2) &&
			  naive_consistency(old, size, proof, n, root1, root2),
			  "%llu to %llu", (unsigned long long) old, (unsigned long long) size);
		if (round % 10 == 0)
			refuse_consistency(&refused, old, size, proof, n, root1, root2);
	}
	ok_tally(&t, 9000, "trees of up to 2^63 - 1 leaves");
	ok_tally(&refused, 50000, "nothing else is taken of them either");
}

/* ---- edges ---- */

static void
test_malformed(void)
{
	static const uint64_t too_large[] = {UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1, UINT64_MAX};
	static const int lengths[] = {INT32_MIN, -1, CD_PROOF_MAX + 1, INT32_MAX};
	world		w = {8, ANY, ANY};
	cd_tree		tree = {&w, hash, get_leaves};
	cd_node		root = mth(0, 8);
	cd_node		proof[CD_PROOF_MAX];
	int			n;
	tally		t = {0};

	for (int i = 0; i < 3; i++)
	{
		uint64_t	size = too_large[i];

		count(&t, !cd_tree_root(&tree, size, proof), "root");
		count(&t, !cd_inclusion_proof(&tree, 0, size, proof, &n) && n == 0, "inclusion proof");
		count(&t, !cd_consistency_proof(&tree, 1, size, proof, &n) && n == 0, "consistency proof");
		count(&t, !includes(0, size, root, NULL, 0, root), "inclusion");
		count(&t, !includes(size - 1, size, root, NULL, 0, root), "inclusion of the last");
		count(&t, !extends(1, size, NULL, 0, root, root) && !extends(size, size, NULL, 0, root, root) &&
			  !extends(0, size, NULL, 0, empty, root), "consistency");
	}
	count(&t, !cd_tree_root(&tree, 0, proof), "root of nothing");
	count(&t, !cd_inclusion_proof(&tree, 0, 0, proof, &n) && !cd_inclusion_proof(&tree, 8, 8, proof, &n), "leaf outside");
	count(&t, !cd_consistency_proof(&tree, 0, 8, proof, &n) && !cd_consistency_proof(&tree, 9, 8, proof, &n), "old size");
	/* lengths that lie: nothing is read */
	for (int i = 0; i < 4; i++)
		count(&t, !cd_verify_inclusion(hash, NULL, 1, 8, &root, NULL, lengths[i], &root) &&
			  !cd_verify_consistency(hash, NULL, 3, 8, NULL, lengths[i], &root, &root, &empty), "length %d", lengths[i]);
	ok_tally(&t, 25, "sizes and lengths out of bounds");

	ok(includes(0, 1, root, NULL, 0, root) && !includes(0, 0, root, NULL, 0, root) &&
	   !includes(0, 1, root, &root, 1, root) && !includes(0, 2, root, NULL, 0, root), "trees of one leaf and of none");
	ok(extends(0, 8, NULL, 0, empty, root) && extends(0, 0, NULL, 0, empty, empty) &&
	   !extends(0, 0, NULL, 0, empty, root) && !extends(0, 8, &root, 1, empty, root) &&
	   !extends(0, 8, NULL, 0, root, root) && !extends(8, 0, NULL, 0, root, empty),
	   "from nothing, everything is an extension, with no proof");
}

/* However late hashing or reading fails, the answer is no. */
static void
test_failing(void)
{
	tally		t = {0};
	cd_node		root1 = mth(0, 103);
	cd_node		root2 = mth(0, 239);

	for (int kind = 0; kind < 5; kind++)
		for (int may = 0;; may++)
		{
			world		w = {239, kind < 3 && may % 2 ? ANY : may / 2, may % 2 ? may / 2 : ANY};
			cd_tree		tree = {&w, hash, get_leaves};
			cd_node		proof[CD_PROOF_MAX];
			cd_node		got;
			int			n;
			bool		done;

			if (kind == 0)
				done = cd_tree_root(&tree, 239, &got);
			else if (kind == 1)
				done = cd_inclusion_proof(&tree, 100, 239, proof, &n);
			else if (kind == 2)
				done = cd_consistency_proof(&tree, 103, 239, proof, &n);
			else if (kind == 3)
			{
				n = path(100, 0, 239, proof);
				done = cd_verify_inclusion(hash, &w, 100, 239, &leaf_hash[100], proof, n, &root2);
			}
			else
			{
				n = subproof(103, 0, 239, true, proof);
				done = cd_verify_consistency(hash, &w, 103, 239, proof, n, &root1, &root2, &empty);
			}
			count(&t, done == (w.hashes >= 0 && w.nodes >= 0), "kind %d, %d allowed", kind, may);
			if (may > 100)
				break;
		}
	ok_tally(&t, 500, "when hashing or reading fails, so does the whole");
}

int
main(void)
{
	empty = leaf_number(UINT64_C(0xE3B0C44298FC1C14));
	for (int i = 0; i < LEAVES; i++)
		leaf_hash[i] = leaf_number((uint64_t) i);
	test_inclusion();
	test_consistency();
	test_huge();
	test_malformed();
	test_failing();
	return done_testing();
}
