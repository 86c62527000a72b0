/*
 * evidence.h
 *	  A bundle of evidence about one certificate (doc/ledger.md).
 */
#ifndef CERTDATA_LEDGER_EVIDENCE_H
#define CERTDATA_LEDGER_EVIDENCE_H

#include "ledger/life_read.h"
#include "ledger/seal.h"

typedef struct Evidence
{
	const Ledger *ledger;
	int64		size;			/* of the head */
	cd_node		root;
	List	   *steps;			/* those in its tree, from the first */
	const char *table;
	unsigned	parts;			/* to be disclosed, 1 << cd_part */
	int			nsizes;			/* of earlier heads, ascending */
	int64	   *sizes;
	cd_tree		tree;
	/* what could not be disclosed: */
	int64		erased;			/* entries whose salts were erased */
	int64		differing;		/* … whose values are not those recorded */
} Evidence;

/* ---- evidence_out.c ---- */

/* The bundle as text; counts what it could not disclose. */
extern char *evidence_text(Evidence *evidence);

#endif							/* CERTDATA_LEDGER_EVIDENCE_H */
