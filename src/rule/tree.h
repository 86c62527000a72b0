/*
 * tree.h
 *	  The hash tree of RFC 6962 (RFC 9162 section 2.1): roots, proofs, checks.
 *
 * Hashing is the caller's: a function for an inner node.  Leaf hashes come
 * from outside, H(0x00 || leaf data).
 */
#ifndef CERTDATA_RULE_TREE_H
#define CERTDATA_RULE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CD_NODE_LEN 32

typedef struct cd_node
{
	unsigned char b[CD_NODE_LEN];
} cd_node;

/* No tree has more leaves; no proof more nodes. */
#define CD_TREE_MAX INT64_MAX
#define CD_PROOF_MAX 64

/* H(0x01 || left || right); false if hashing fails. */
typedef bool (*cd_hash_nodes) (void *arg, const cd_node *left, const cd_node *right, cd_node *out);

/* The root of a subtree of 2^level leaves that begins at leaf index << level. */
typedef bool (*cd_get_node) (void *arg, int level, uint64_t index, cd_node *out);

/*
 * What proofs are made from: the nodes of complete subtrees, and hashing.
 * Functions below return false when one of these does.
 */
typedef struct cd_tree
{
	void	   *arg;
	cd_hash_nodes hash;
	cd_get_node get;
} cd_tree;

/* Root of the first size leaves, size > 0.  (The root of none is the hash of nothing.) */
extern bool cd_tree_root(const cd_tree *tree, uint64_t size, cd_node *root);

/* RFC 9162 2.1.3.1; leaf < size.  *n: nodes in the proof. */
extern bool cd_inclusion_proof(const cd_tree *tree, uint64_t leaf, uint64_t size,
							   cd_node proof[CD_PROOF_MAX], int *n);

/* RFC 9162 2.1.4.1; 0 < old <= size.  Empty when they are equal. */
extern bool cd_consistency_proof(const cd_tree *tree, uint64_t old, uint64_t size,
								 cd_node proof[CD_PROOF_MAX], int *n);

/* RFC 9162 2.1.3.2; false for whatever is malformed. */
extern bool cd_verify_inclusion(cd_hash_nodes hash, void *arg, uint64_t leaf, uint64_t size,
								const cd_node *leaf_hash, const cd_node *proof, int n,
								const cd_node *root);

/*
 * RFC 9162 2.1.4.2.  From size 0 everything is an extension: the proof is
 * empty and root1 the hash of nothing (empty).
 */
extern bool cd_verify_consistency(cd_hash_nodes hash, void *arg, uint64_t size1, uint64_t size2,
								  const cd_node *proof, int n,
								  const cd_node *root1, const cd_node *root2, const cd_node *empty);

#endif							/* CERTDATA_RULE_TREE_H */
