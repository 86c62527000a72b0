/*
 * fuzz_proof.c
 *	  libFuzzer target: any sizes and any proof.
 *	  max_len: 100
 *
 * Whatever comes, the verdict is that of following RFC 6962's definitions by
 * recursion, and no node beyond the proof is read.  Where the proof leads to
 * some root, that root is taken and no other: so that good proofs come up, too.
 */
#include "../unit/tree_naive.h"
#include "fuzz.h"

static void
check_inclusion(uint64_t leaf, uint64_t size, const cd_node *proof, int n, const cd_node *root)
{
	cd_node		hash_of = leaf_number(leaf);
	given		g = {proof, n, false};
	bool		expected = naive_inclusion(leaf, size, hash_of, proof, n, *root);
	cd_node		led_to;

	must(cd_verify_inclusion(hash, NULL, leaf, size, &hash_of, proof, n, root) == expected);
	if (leaf >= size || size > INT64_MAX)
		return;
	led_to = root_with(leaf, size, hash_of, &g);
	must(cd_verify_inclusion(hash, NULL, leaf, size, &hash_of, proof, n, &led_to) == (!g.bad && g.n == 0));
}

static void
check_consistency(uint64_t size1, uint64_t size2, const cd_node *proof, int n, const cd_node *root1, const cd_node *root2)
{
	given		g = {proof, n, false};
	bool		expected = naive_consistency(size1, size2, proof, n, *root1, *root2);
	cd_node		old;
	cd_node		new;

	if (size1 == 0)
		expected = size2 <= INT64_MAX && n == 0 && equal(*root1, empty) && (size2 > 0 || equal(*root2, empty));
	must(cd_verify_consistency(hash, NULL, size1, size2, proof, n, root1, root2, &empty) == expected);
	if (size1 == 0 || size1 > size2 || size2 > INT64_MAX)
		return;
	roots_with(size1, size2, true, *root1, &g, &old, &new);
	must(cd_verify_consistency(hash, NULL, size1, size2, proof, n, &old, &new, &empty) == (!g.bad && g.n == 0));
}

/* A number of any magnitude: eight bytes, shifted as the ninth says. */
static uint64_t
number(const uint8_t *data)
{
	uint64_t	n;

	memcpy(&n, data, sizeof(n));
	return n >> (data[8] & 63);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint64_t	a;
	uint64_t	b;
	int			n;
	cd_node    *nodes;

	if (len < 18)
		return 0;
	a = number(data);
	b = number(data + 9);
	data += 18;
	len -= 18;
	/* bytes of nodes: one byte says all of a node, or so many would not fit */
	n = (int) len;
	nodes = malloc((size_t) n * CD_NODE_LEN + 1);
	for (int i = 0; i < n; i++)
		nodes[i] = data[i] == 0 ? empty : leaf_number(data[i]);
	for (int roots = 0; roots <= 2 && roots <= n; roots++)
	{
		const cd_node *proof = nodes + roots;
		const cd_node *root1 = roots > 0 ? &nodes[0] : &empty;
		const cd_node *root2 = roots > 1 ? &nodes[1] : &empty;

		check_inclusion(a, b, proof, n - roots, root2);
		check_consistency(a, b, proof, n - roots, root1, root2);
		check_consistency(a, a, proof, n - roots, root1, root2);
	}
	free(nodes);
	return 0;
}
