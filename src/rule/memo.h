/*
 * memo.h
 *	  What comes again from row to row and is known to be without a finding.
 *
 * A report has few combinations of filing, organisations, occupation, work
 * type and level.  Where the rules found nothing in one, they find nothing the
 * next time on the days of the verdict, so it need only be recognised.  What
 * is not in here is judged as ever: a memo may forget anything at any time.
 *
 * The texts are numbered as they come, so that a combination is two words.
 */
#ifndef CERTDATA_MEMO_H
#define CERTDATA_MEMO_H

#include "rule.h"
#include "scope.h"

/* A longer text is not kept; with it a slot fills two cache lines. */
#define CD_MEMO_TEXT 120

typedef struct cd_memo_text
{
	uint32_t	len;			/* 0: free slot */
	uint32_t	id;				/* from 1 */
	char		bytes[CD_MEMO_TEXT];
} cd_memo_text;

typedef struct cd_memo_row
{
	uint64_t	filing;			/* and the level */
	uint64_t	texts;			/* ids of the four; 0: free slot */
	cd_days		same;
} cd_memo_row;

typedef struct cd_memo
{
	cd_memo_text *text;
	cd_memo_row *row;
	int			text_shift;		/* 64 less the bits that make 2^bits slots */
	int			row_shift;
	uint32_t	ntexts;
	uint32_t	nrows;
	uint64_t	known;			/* rows that it has recognised */
	bool		full;			/* one of the two is: time to begin anew */
} cd_memo;

/* A search looks at so many slots, without a way back to the first. */
#define CD_MEMO_PROBES 12
#define CD_MEMO_SLOTS(bits) (((size_t) 1 << (bits)) + CD_MEMO_PROBES)

/* The fields it is about; a record without one of them is none of its. */
#define CD_MEMO_FIELDS \
	(1u << CD_OCCUPATION | 1u << CD_WORK_TYPE | 1u << CD_EVALUATOR | 1u << CD_ISSUER)

/*
 * An empty one in the caller's memory of CD_MEMO_SLOTS of each, which is
 * cleared here.  text_bits: 2 to 16, row_bits: 2 to 32.
 */
extern void cd_memo_init(cd_memo *memo, cd_memo_text *text, int text_bits, cd_memo_row *row, int row_bits);

/* Is the record's combination known to have no finding on the record's day? */
extern bool cd_memo_knows(cd_memo *memo, const cd_text field[CD_NFIELDS], const cd_record *rec);

/* It has none on these days. */
extern void cd_memo_keep(cd_memo *memo, const cd_text field[CD_NFIELDS], const cd_record *rec, cd_days same);

/* A full one: is it for the texts? */
extern bool cd_memo_lacks_texts(const cd_memo *memo);

#endif							/* CERTDATA_MEMO_H */
