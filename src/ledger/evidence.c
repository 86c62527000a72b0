/*
 * evidence.c
 *	  evidence(): what outsiders need to check a certificate's life without
 *	  trusting the server, by certdata-verify or a program of their own.
 */
#include "certdata.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "check/check.h"
#include "ledger/evidence.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_evidence);

/* ---- what is to be disclosed ---- */

pg_noreturn static void
refuse_header(const char *header)
{
	bool		zh = certdata_lang_zh();
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < CD_NFIELDS; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? "、" : "", cd_field_name[i]);
	/* what is no header may be anything, a person's name too */
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg_internal(zh ? "disclose 中的“%s”不是附件1的字段" : "\"%s\" in disclose is not a field of Annex 1",
							 header == NULL ? "NULL" : certdata_shown(CD_NAME, header, strlen(header))),
			 errhint(zh ? "字段有：%s。" : "The fields are %s.", list.data)));
}

static cd_part
part_of_header(const char *header)
{
	for (int i = 0; header != NULL && i < CD_NFIELDS; i++)
		if (strcmp(header, cd_field_name[i]) == 0)
			return cd_part_of((cd_field) i);
	refuse_header(header);
}

static unsigned
parts_arg(FunctionCallInfo fcinfo, int i)
{
	Datum	   *headers;
	bool	   *nulls;
	int			n;
	unsigned	parts = 0;

	if (PG_ARGISNULL(i))
		return 0;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(i), TEXTOID, -1, false, TYPALIGN_INT, &headers, &nulls, &n);
	for (int k = 0; k < n; k++)
		parts |= 1u << part_of_header(nulls[k] ? NULL : TextDatumGetCString(headers[k]));
	return parts;
}

static void
require_readable(const List *steps)
{
	bool		zh = certdata_lang_zh();
	ListCell   *cell;

	foreach(cell, steps)
	{
		const Step *step = lfirst(cell);

		if (!table_readable(step->table, steps_number(steps)))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg_internal("%s", zh ? "没有披露该证书数据的权限" : "permission denied to disclose values of the certificate"),
					 errhint(zh ? "需要表的 SELECT 权限；不披露（disclose => '{}'）则不需要。" :
							 "That needs SELECT on the table; evidence that discloses nothing (disclose => '{}') does not.")));
	}
}

/* ---- what is in the tree ---- */

pg_noreturn static void
refuse_unsealed(void)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg_internal("%s", zh ? "该证书的记录都还没有封账" : "no entry of the certificate is sealed so far"),
			 errhint(zh ? "先调用 certdata.seal()，提交后再取证据。" : "Call certdata.seal(), and ask again when that is committed.")));
}

pg_noreturn static void
refuse_unknown(const Target *target, const cd_certno *no)
{
	bool		zh = certdata_lang_zh();
	char		number[CD_CERTNO_LEN + 1] = {0};

	cd_certno_print(no, number);
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg_internal(zh ? "台账中没有证书编号“%s”" : "the ledger knows no certificate \"%s\"", number),
			 errhint(zh ? "核对编号；接入或启用台账之前就有、以后没有变动的数据没有记录。" :
					 "Check the number; of data that was there before the ledger was, and has not changed since, there is no record.")));
}

/*
 * The steps in the tree, up to the first that is not: a transaction that
 * committed later may be sealed earlier, if its number is lower.
 */
static List *
sealed_steps(List *steps, int64 size)
{
	bool		zh = certdata_lang_zh();
	int			n = 0;

	for (; n < list_length(steps); n++)
	{
		const Step *step = list_nth(steps, n);

		if (step->leaf < 0 || step->leaf >= size || step->act_slot == NULL)
			break;
	}
	if (n == 0)
		refuse_unsealed();
	if (n < list_length(steps))
		ereport(WARNING,
				(errmsg_internal(zh ? "证据不含该证书最新的%d条记录：尚未封账" :
								 "newest entries of the certificate that are not sealed and not in the evidence: %d", list_length(steps) - n),
				 errhint(zh ? "先调用 certdata.seal()，提交后再取证据；仍在进行的较早事务会推迟封账。" :
						 "Call certdata.seal(), and ask again when that is committed; transactions that began earlier and still run keep them from being sealed.")));
	return list_truncate(steps, n);
}

/* ---- earlier heads ---- */

#define HEADS_ALL 100			/* as many have all a proof, else … */
#define HEADS_NEWEST 50
#define HEADS_SPREAD 50

static int
compare_sizes(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return x < y ? -1 : x > y;
}

/* The largest head up to the limit that is smaller than the one found last. */
static bool
add_head(Evidence *evidence, int64 limit)
{
	int64		last = evidence->nsizes == 0 ? evidence->size : evidence->sizes[evidence->nsizes - 1];
	int64		size;
	int64		act;
	cd_node		root;

	if (!head_up_to(Min(limit, last - 1), true, &size, &root, &act))
		return false;
	evidence->sizes[evidence->nsizes++] = size;
	return true;
}

/* Some of those that are older than the one found last, from the newest to the first. */
static void
spread_heads(Evidence *evidence)
{
	int64		newest = evidence->sizes[evidence->nsizes - 1] - 1;
	int64		oldest = newest;

	(void) head_oldest(&oldest);
	for (int i = HEADS_SPREAD - 1; i >= 0; i--)
		if (!add_head(evidence, oldest + (newest - oldest) / (HEADS_SPREAD - 1) * i))
			break;
}

/* since: one more, of the caller's; 0: none */
static void
choose_heads(Evidence *evidence, int64 since)
{
	bool		has_since = since == 0 || since == evidence->size;

	evidence->sizes = palloc(sizeof(int64) * (HEADS_ALL + 2));
	evidence->nsizes = 0;
	while (evidence->nsizes <= HEADS_ALL && add_head(evidence, evidence->size))
		;
	if (evidence->nsizes > HEADS_ALL)
	{
		evidence->nsizes = HEADS_NEWEST;
		spread_heads(evidence);
	}
	for (int i = 0; i < evidence->nsizes; i++)
		has_since = has_since || evidence->sizes[i] == since;
	if (!has_since)
		evidence->sizes[evidence->nsizes++] = since;
	qsort(evidence->sizes, evidence->nsizes, sizeof(int64), compare_sizes);
}

/* ---- evidence ---- */

static void
require_size(int64 since, int64 size)
{
	bool		zh = certdata_lang_zh();

	if (since < 1 || since > size)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "since 应在1到%lld之间，而不是%lld" : "since must lie between 1 and %lld, not %lld",
								 (long long) size, (long long) since)));
}

static void
tell_undisclosed(const Evidence *evidence)
{
	bool		zh = certdata_lang_zh();

	if (evidence->erased > 0)
		ereport(NOTICE,
				(errmsg_internal(zh ? "%lld条记录的数据已依法清除，无法披露" : "entries whose values were lawfully erased and are not disclosed: %lld",
								 (long long) evidence->erased)));
	if (evidence->differing > 0)
		ereport(WARNING,
				(errmsg_internal(zh ? "%lld条记录的数据与台账所记不符或不可知，没有披露" :
								 "entries whose values are not those recorded, or unknown, and are not disclosed: %lld", (long long) evidence->differing),
				 errhint(zh ? "若数据行未经台账被改动，certdata.verify_ledger() 会指出。" :
						 "certdata.verify_ledger() tells whether a row was changed unseen.")));
}

/* evidence(target, cert_no, disclose, since) */
Datum
certdata_evidence(PG_FUNCTION_ARGS)
{
	Evidence	evidence = {.parts = parts_arg(fcinfo, 2)};
	cd_certno	no = target_number_arg(fcinfo, "certdata.evidence()");
	Target		target;
	List	   *steps;
	char	   *text;
	int64		act;

	evidence.ledger = tree_reading_begin();
	target = target_arg(fcinfo);
	steps = steps_read(&target.table->registry, &no);
	if (steps == NIL)
		refuse_unknown(&target, &no);
	steps_acts(steps, &target);
	if (evidence.parts != 0)
		require_readable(steps);
	steps_images(steps);
	if (!head_newest(true, &evidence.size, &evidence.root, &act))
		refuse_unsealed();
	evidence.steps = sealed_steps(steps, evidence.size);
	evidence.table = relation_name(target.table->relation);
	if (!PG_ARGISNULL(3))
		require_size(PG_GETARG_INT64(3), evidence.size);
	choose_heads(&evidence, PG_ARGISNULL(3) ? 0 : PG_GETARG_INT64(3));
	text = evidence_text(&evidence);
	tree_reading_end();
	tell_undisclosed(&evidence);
	PG_RETURN_TEXT_P(cstring_to_text(text));
}
