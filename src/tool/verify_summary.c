/*
 * verify_summary.c
 *	  What the checks prove, and what they do not.
 */
#include "verify.h"

#include <inttypes.h>

static void
item(verify_job *job, const char *text)
{
	fprintf(job->out, "  - %s\n", text);
}

static void
print_proved(verify_job *job)
{
	const verify_bundle *b = &job->bundle;

	fprintf(job->out, "\n%s\n", TEXT("证明了", "Proved"));
	if (job->key != NULL)
		item(job, TEXT("账本头由所给公钥的持有者签发", "the head was issued by whoever holds the key"));
	fprintf(job->out, TEXT("  - 以上 %zu 个行为、%zu 条记录原样在该账本头的账本中：谁、何时、何事、原因，都没有改动\n",
						   "  - the %zu acts and %zu entries above stand in the head's ledger as shown: who, when, what and why were not altered\n"),
			b->nacts, b->nentries);
	item(job, b->entry[0].entry.life_seq > 1 ?
		 TEXT("从记录开始到最后一条，没有漏掉任何一条", "from where recording began to the last entry shown, none is left out") :
		 TEXT("从第一条到最后一条，没有漏掉任何一条", "from the first entry of the certificate's life to the last shown, none is left out"));
	if (job->kept.ptr != NULL && job->kept_holds)
		item(job, TEXT("您保存的账本头与之一致：已有的记录没有改写", "the head you kept agrees with it: what the ledger had was not rewritten"));
	if (job->replayed && job->none_newer)
		fprintf(job->out, TEXT("  - 账本的 %" PRIu64 " 条中没有该证书更新的记录\n", "  - among the ledger's %" PRIu64 " leaves there is no newer entry of the certificate\n"),
				b->head.size);
}

static void
print_not_proved(verify_job *job)
{
	fprintf(job->out, "\n%s\n", TEXT("没有证明", "Not proved"));
	if (job->key == NULL)
		item(job, TEXT("账本头由谁签发：没有用公钥检查", "who issued the head: no key was given to check it with"));
	if (job->replayed && job->none_newer)
		item(job, TEXT("该账本头之后没有更新的记录：取决于账本头是否最新", "that nothing newer exists after this head: that rests on the head being current"));
	else
		item(job, TEXT("没有更新的记录：取决于签名的账本头是否最新，并用 --ledger 重算",
					   "that nothing newer exists: that rests on the signed head being current, and on --ledger"));
	if (job->kept.ptr == NULL)
		item(job, TEXT("别人看到的是同一本账：请保存账本头，下次用 --head 比较",
					   "that others are shown the same ledger: keep the head, and compare with --head next time"));
	item(job, TEXT("所记内容属实：账本证明记了什么、没有改动；时间是服务器的时间，自称的身份是自称的",
				   "that what was recorded is true: the ledger proves what was recorded; the times are the server's, claims are claims"));
	item(job, TEXT("没有给出的内容，以及表名", "values that are not disclosed, and the table's name"));
}

void
print_summary(verify_job *job)
{
	if (!job->disproved)
	{
		print_proved(job);
		print_not_proved(job);
	}
	fprintf(job->out, "\n%s\n", job->disproved ? TEXT("结论：证据不成立，有不符之处（见“不符！”各行）", "Result: DISPROVED, something does not fit (see the lines NO FIT)") :
			job->unproved ? TEXT("结论：未能证明所要求的全部内容（见“未证明”各行）", "Result: not proved, something is missing (see the lines UNPROVED)") :
			TEXT("结论：成立", "Result: proved"));
}
