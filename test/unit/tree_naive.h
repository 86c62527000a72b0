/*
 * tree_naive.h
 *	  RFC 6962 section 2.1 by recursion, as it is written there, and checks of
 *	  proofs that follow the same definitions instead of the RFC's algorithms.
 */
#ifndef CERTDATA_TREE_NAIVE_H
#define CERTDATA_TREE_NAIVE_H

#include "tree.h"

#include <stdlib.h>
#include <string.h>

#define LEAVES 300

static cd_node leaf_hash[LEAVES];
static cd_node empty;

/* ---- a hash that is no cryptographic one, but mixes well enough ---- */

static inline uint64_t
mix(uint64_t x)
{
	x ^= x >> 31;
	x *= UINT64_C(0x7FB5D329728EA185);
	x ^= x >> 27;
	x *= UINT64_C(0x81DADEF4BC2DD44D);
	return x ^ x >> 33;
}

static inline cd_node
pair(cd_node left, cd_node right)
{
	uint64_t	in[8];
	uint64_t	out[4];
	uint64_t	state = 1;
	cd_node		node;

	memcpy(in, left.b, CD_NODE_LEN);
	memcpy(in + 4, right.b, CD_NODE_LEN);
	for (int i = 0; i < 8; i++)
		state = mix(state * 3 + in[i] + (uint64_t) i);
	for (int i = 0; i < 4; i++)
		out[i] = mix(state + (uint64_t) i);
	memcpy(node.b, out, CD_NODE_LEN);
	return node;
}

static inline cd_node
leaf_number(uint64_t i)
{
	cd_node		a = {{0}};
	cd_node		b = {{1}};

	memcpy(a.b, &i, sizeof(i));
	return pair(a, b);
}

static inline bool
equal(cd_node a, cd_node b)
{
	return memcmp(a.b, b.b, CD_NODE_LEN) == 0;
}

/* What the tree's functions are given: its size, and when they begin to fail. */
typedef struct world
{
	uint64_t	size;
	int			hashes;			/* may still be made */
	int			nodes;			/* may still be read */
} world;

#define ANY 1000000

/* arg: a world, or NULL. */
static inline bool
hash(void *arg, const cd_node *left, const cd_node *right, cd_node *out)
{
	world	   *w = arg;

	if (out == left || out == right)
		abort();				/* callers need not expect that */
	if (w != NULL && w->hashes-- <= 0)
		return false;
	*out = pair(*left, *right);
	return true;
}

/* ---- RFC 6962 section 2.1, word for word, over leaf_hash ---- */

static inline uint64_t
largest_power_below(uint64_t n)
{
	uint64_t	k = UINT64_C(1) << 62;

	while (k >= n)
		k /= 2;
	return k;
}

static inline cd_node
mth(int start, int n)
{
	int			k;

	if (n == 1)
		return leaf_hash[start];
	k = (int) largest_power_below((uint64_t) n);
	return pair(mth(start, k), mth(start + k, n - k));
}

static inline int
path(int m, int start, int n, cd_node *out)
{
	int			k;
	int			len;

	if (n == 1)
		return 0;
	k = (int) largest_power_below((uint64_t) n);
	len = m < k ? path(m, start, k, out) : path(m - k, start + k, n - k, out);
	out[len] = m < k ? mth(start + k, n - k) : mth(start, k);
	return len + 1;
}

static inline int
subproof(int m, int start, int n, bool b, cd_node *out)
{
	int			k;
	int			len;

	if (m == n)
	{
		if (!b)
			out[0] = mth(start, n);
		return !b;
	}
	k = (int) largest_power_below((uint64_t) n);
	len = m <= k ? subproof(m, start, k, b, out) : subproof(m - k, start + k, n - k, false, out);
	out[len] = m <= k ? mth(start + k, n - k) : mth(start, k);
	return len + 1;
}

/* ---- checks that follow the recursive definitions, from the proof's end ---- */

typedef struct given
{
	const cd_node *proof;
	int			n;
	bool		bad;
} given;

static inline cd_node
take(given *g)
{
	if (g->n > 0)
		return g->proof[--g->n];
	g->bad = true;
	return empty;
}

static inline cd_node
root_with(uint64_t m, uint64_t n, cd_node leaf, given *g)
{
	uint64_t	k;
	cd_node		other;

	if (n == 1)
		return leaf;
	k = largest_power_below(n);
	other = take(g);
	return m < k ? pair(root_with(m, k, leaf, g), other) : pair(other, root_with(m - k, n - k, leaf, g));
}

static inline bool
naive_inclusion(uint64_t leaf, uint64_t size, cd_node hash_of, const cd_node *proof, int n, cd_node root)
{
	given		g = {proof, n, false};

	return leaf < size && size <= INT64_MAX && equal(root_with(leaf, size, hash_of, &g), root) &&
		!g.bad && g.n == 0;
}

static inline void
roots_with(uint64_t m, uint64_t n, bool b, cd_node old, given *g, cd_node *root1, cd_node *root2)
{
	uint64_t	k;
	cd_node		other;

	if (m == n)
	{
		*root1 = *root2 = b ? old : take(g);
		return;
	}
	k = largest_power_below(n);
	other = take(g);
	if (m <= k)
		roots_with(m, k, b, old, g, root1, root2);
	else
		roots_with(m - k, n - k, false, old, g, root1, root2);
	if (m > k)
		*root1 = pair(other, *root1);
	*root2 = m <= k ? pair(*root2, other) : pair(other, *root2);
}

static inline bool
naive_consistency(uint64_t size1, uint64_t size2, const cd_node *proof, int n, cd_node root1, cd_node root2)
{
	given		g = {proof, n, false};
	cd_node		got1;
	cd_node		got2;

	if (size1 == 0 || size1 > size2 || size2 > INT64_MAX)
		return false;
	roots_with(size1, size2, true, root1, &g, &got1, &got2);
	return equal(got1, root1) && equal(got2, root2) && !g.bad && g.n == 0;
}

#endif							/* CERTDATA_TREE_NAIVE_H */
