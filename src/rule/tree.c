/*
 * tree.c
 *	  The hash tree of RFC 6962 and RFC 9162: roots, proofs, checks.
 *
 * RFC 9162 defines roots and proofs by recursion, always splitting n leaves at
 * the largest power of two below n.  Here the same is done by loops: a range
 * of n leaves is the complete subtrees that the bits of n name, and a proof
 * goes down one path of splits, of which there are no more than 63.
 */
#include "tree.h"

#include <string.h>

static bool
same(const cd_node *a, const cd_node *b)
{
	return memcmp(a->b, b->b, CD_NODE_LEN) == 0;
}

/* *out = H(0x01 || *left || *right); out may be one of them, hash never sees that. */
static bool
join(cd_hash_nodes hash, void *arg, const cd_node *left, const cd_node *right, cd_node *out)
{
	cd_node		node;

	if (!hash(arg, left, right, &node))
		return false;
	*out = node;
	return true;
}

/* RFC 9162 2.1.1: k, the largest power of two smaller than n; n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t	k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

/*
 * MTH(D[start:start + n]), n > 0, where start is a multiple of every power of
 * two up to n, as it is for each range that splitting a tree makes.  From the
 * right: the smallest complete subtree first, each to its left joined to it.
 */
static bool
range_root(const cd_tree *tree, uint64_t start, uint64_t n, cd_node *root)
{
	bool		first = true;
	cd_node		node;

	for (int level = 0; n >> level != 0; level++)
	{
		uint64_t	before = (n >> level) - 1;	/* subtrees to the left */

		if ((n >> level & 1) == 0)
			continue;
		if (!tree->get(tree->arg, level, (start >> level) + before, &node))
			return false;
		if (first)
			*root = node;
		else if (!join(tree->hash, tree->arg, &node, root, root))
			return false;
		first = false;
	}
	return true;
}

static void
reverse(cd_node *node, int n)
{
	for (int i = 0; i < n / 2; i++)
	{
		cd_node		swap = node[i];

		node[i] = node[n - 1 - i];
		node[n - 1 - i] = swap;
	}
}

bool
cd_tree_root(const cd_tree *tree, uint64_t size, cd_node *root)
{
	return size > 0 && size <= CD_TREE_MAX && range_root(tree, 0, size, root);
}

/* PATH(m, D_n), from the root down, so backwards. */
bool
cd_inclusion_proof(const cd_tree *tree, uint64_t leaf, uint64_t size,
				   cd_node proof[CD_PROOF_MAX], int *n)
{
	uint64_t	start = 0;
	uint64_t	left = size;	/* leaves of the subtree that has the leaf */

	*n = 0;
	if (size > CD_TREE_MAX || leaf >= size)
		return false;
	while (left > 1)
	{
		uint64_t	k = split(left);
		bool		ok;

		if (leaf - start < k)
		{
			ok = range_root(tree, start + k, left - k, &proof[*n]);
			left = k;
		}
		else
		{
			ok = range_root(tree, start, k, &proof[*n]);
			start += k;
			left -= k;
		}
		if (!ok)
			return false;
		(*n)++;
	}
	reverse(proof, *n);
	return true;
}

/* SUBPROOF(m, D_n, b), from the root down, so backwards. */
bool
cd_consistency_proof(const cd_tree *tree, uint64_t old, uint64_t size,
					 cd_node proof[CD_PROOF_MAX], int *n)
{
	uint64_t	start = 0;
	uint64_t	left = size;	/* leaves of the subtree that old ends in */

	*n = 0;
	if (size > CD_TREE_MAX || old == 0 || old > size)
		return false;
	while (old - start < left)
	{
		uint64_t	k = split(left);
		bool		ok;

		if (old - start <= k)
		{
			ok = range_root(tree, start + k, left - k, &proof[*n]);
			left = k;
		}
		else
		{
			ok = range_root(tree, start, k, &proof[*n]);
			start += k;
			left -= k;
		}
		if (!ok)
			return false;
		(*n)++;
	}
	/* b is false: the old tree is more than this subtree. */
	if (start > 0)
	{
		if (!range_root(tree, start, left, &proof[*n]))
			return false;
		(*n)++;
	}
	reverse(proof, *n);
	return true;
}

/*
 * Where a check stands on its way up: the node's index in its level, and the
 * level's last index (fn and sn of RFC 9162).
 */
typedef struct Climb
{
	uint64_t	at;
	uint64_t	last;
} Climb;

static bool
node_is_right(const Climb *climb)
{
	return (climb->at & 1) != 0 || climb->at == climb->last;
}

/* To the parent; a last node that has no sibling goes up as it is first. */
static void
up(Climb *climb)
{
	if (node_is_right(climb))
		while ((climb->at & 1) == 0 && climb->at != 0)
		{
			climb->at >>= 1;
			climb->last >>= 1;
		}
	climb->at >>= 1;
	climb->last >>= 1;
}

bool
cd_verify_inclusion(cd_hash_nodes hash, void *arg, uint64_t leaf, uint64_t size,
					const cd_node *leaf_hash, const cd_node *proof, int n, const cd_node *root)
{
	Climb		climb = {leaf, size - 1};
	cd_node		node = *leaf_hash;

	if (size > CD_TREE_MAX || leaf >= size || n < 0 || n > CD_PROOF_MAX)
		return false;
	for (int i = 0; i < n; i++)
	{
		if (climb.last == 0)
			return false;
		if (!(node_is_right(&climb) ? join(hash, arg, &proof[i], &node, &node) :
			  join(hash, arg, &node, &proof[i], &node)))
			return false;
		up(&climb);
	}
	return climb.last == 0 && same(&node, root);
}

/* 0 < size1 < size2: both roots, made from the proof. */
static bool
climb_both(cd_hash_nodes hash, void *arg, Climb climb, const cd_node *proof, int n,
		   cd_node *node1, cd_node *node2)
{
	for (int i = 0; i < n; i++)
	{
		if (climb.last == 0)
			return false;
		if (!node_is_right(&climb))
		{
			if (!join(hash, arg, node2, &proof[i], node2))
				return false;
		}
		else if (!join(hash, arg, &proof[i], node1, node1) ||
				 !join(hash, arg, &proof[i], node2, node2))
			return false;
		up(&climb);
	}
	return climb.last == 0;
}

bool
cd_verify_consistency(cd_hash_nodes hash, void *arg, uint64_t size1, uint64_t size2,
					  const cd_node *proof, int n,
					  const cd_node *root1, const cd_node *root2, const cd_node *empty)
{
	Climb		climb = {size1 - 1, size2 - 1};
	cd_node		node1;
	cd_node		node2;

	if (size2 > CD_TREE_MAX || size1 > size2 || n < 0 || n > CD_PROOF_MAX)
		return false;
	if (size1 == 0 && !same(root1, empty))
		return false;
	if (size1 == size2)
		return n == 0 && same(root1, root2);
	if (size1 == 0)
		return n == 0;
	if (n == 0)
		return false;
	/* A complete tree is a node of the larger one: the proof leaves it out. */
	if ((size1 & (size1 - 1)) == 0)
		node1 = *root1;
	else
	{
		node1 = *proof++;
		n--;
	}
	node2 = node1;
	while ((climb.at & 1) != 0)
	{
		climb.at >>= 1;
		climb.last >>= 1;
	}
	return climb_both(hash, arg, climb, proof, n, &node1, &node2) &&
		same(&node1, root1) && same(&node2, root2);
}
