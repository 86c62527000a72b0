/*
 * pass_memo.h
 *	  The memo of a pass: how large it is, and when there is one.
 */
#ifndef CERTDATA_PASS_MEMO_H
#define CERTDATA_PASS_MEMO_H

#include "certdata.h"

#include "rule/memo.h"

/* Rows before there is a memo, which fewer would not repay. */
#define PASS_MEMO_AFTER 128

typedef struct PassMemo
{
	cd_memo		memo;			/* that of the context, once it has one */
	MemoryContext context;		/* it lives in */
	int			unaided;		/* rows before it, PASS_MEMO_AFTER at most */
	int			text_bits;
	int			row_bits;
} PassMemo;

/* In the current memory context. */
extern void pass_memo_init(PassMemo *memo);

/* A first memo, or a larger one in place of one that is full, or none any more. */
extern void pass_memo_renew(PassMemo *memo, cd_context *ctx);

/* To be called after each row. */
static inline void
pass_memo_row(PassMemo *memo, cd_context *ctx)
{
	if (unlikely(memo->memo.full) ||
		(unlikely(memo->unaided < PASS_MEMO_AFTER) && ++memo->unaided == PASS_MEMO_AFTER))
		pass_memo_renew(memo, ctx);
}

#endif							/* CERTDATA_PASS_MEMO_H */
