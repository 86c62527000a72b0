/*
 * pass_memo.c
 *	  The memo of a pass grows with what it has to know, up to 2 MB.
 *
 * It becomes four times as large each time it is full.  What the smaller one
 * knew is soon learnt again, so nothing is moved.
 */
#include "check/pass_memo.h"

#include "utils/memutils.h"

/* Slots for texts and for combinations: 36 kB at first. */
#define TEXT_BITS 8
#define ROW_BITS 8
#define TEXT_BITS_MOST 12
#define ROW_BITS_MOST 16

void
pass_memo_init(PassMemo *memo)
{
	memset(memo, 0, sizeof(*memo));
	memo->context = CurrentMemoryContext;
	memo->text_bits = TEXT_BITS;
	memo->row_bits = ROW_BITS;
}

static void
begin(PassMemo *memo, cd_context *ctx)
{
	cd_memo    *m = &memo->memo;

	if (ctx->memo != NULL)
	{
		ctx->memo = NULL;
		pfree(m->text);
		pfree(m->row);
	}
	cd_memo_init(m,
				 MemoryContextAlloc(memo->context, sizeof(cd_memo_text) * CD_MEMO_SLOTS(memo->text_bits)),
				 memo->text_bits,
				 MemoryContextAlloc(memo->context, sizeof(cd_memo_row) * CD_MEMO_SLOTS(memo->row_bits)),
				 memo->row_bits);
	ctx->memo = m;
}

/* Only one of the greatest size that hardly ever helps is given up. */
void
pass_memo_renew(PassMemo *memo, cd_context *ctx)
{
	cd_memo    *m = &memo->memo;
	bool		of_texts;

	if (ctx->memo == NULL)
	{
		begin(memo, ctx);
		return;
	}
	of_texts = cd_memo_lacks_texts(m);
	if (of_texts && memo->text_bits < TEXT_BITS_MOST)
	{
		memo->text_bits += 2;
		begin(memo, ctx);
	}
	else if (!of_texts && memo->row_bits < ROW_BITS_MOST)
	{
		memo->row_bits += 2;
		begin(memo, ctx);
	}
	else if (m->known >= m->nrows / 2)
		cd_memo_init(m, m->text, memo->text_bits, m->row, memo->row_bits);
	else
	{
		ctx->memo = NULL;
		m->full = false;
	}
}
