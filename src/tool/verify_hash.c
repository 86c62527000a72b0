/*
 * verify_hash.c
 *	  Digests for certdata-verify.
 */
#include "verify.h"

#include <stdlib.h>

void
verify_hash(verify_job *job, const cd_piece *piece, int n, cd_node *out)
{
	if (cd_digest_pieces(job->digest, piece, n, out->b))
		return;
	fprintf(stderr, "certdata-verify: %s\n", cd_digest_error());
	exit(EXIT_UNREADABLE);
}

void
verify_hash_prefixed(verify_job *job, unsigned char prefix, const void *data, size_t len, cd_node *out)
{
	cd_piece	piece[2] = {{&prefix, 1}, {data, len}};

	verify_hash(job, piece, 2, out);
}

bool
verify_hash_nodes(void *job, const cd_node *left, const cd_node *right, cd_node *out)
{
	static const unsigned char inner = 1;
	cd_piece	piece[3] = {{&inner, 1}, {left->b, CD_NODE_LEN}, {right->b, CD_NODE_LEN}};

	verify_hash(job, piece, 3, out);
	return true;
}
