/*
 * renumber.c
 *	  renumber(): other numbers for certificates, chains and swaps included.
 *
 * The life of a certificate goes to its new number; the old one is reserved
 * for good, unless another certificate of the same act takes it.
 */
#include "certdata.h"

#include "access/relation.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_renumber);

#define PREFIX_LEN 16			/* filing, year, level; then the serial */
#define LAST_SERIAL 999999
#define SPARE 100				/* serials looked up beyond those needed */

typedef struct Renumbering
{
	const Attachment *att;
	Relation	rel;
	Numbers		old;			/* in the caller's order, as is new */
	Numbers		new;
	Numbers		old_sorted;
	Numbers		new_sorted;
	cd_certno  *old_of_new;		/* in the order of new_sorted */
	Act			act;
	Statement	statement;
} Renumbering;

static void
read_pairs(Renumbering *r, FunctionCallInfo fcinfo)
{
	r->old = numbers_arg(fcinfo, 1);
	r->new = numbers_arg(fcinfo, 2);
	r->old_sorted = numbers_sorted(&r->old);
	r->new_sorted = numbers_sorted(&r->new);
	if (r->old.n != r->new.n || r->old_sorted.n != r->old.n ||
		r->new_sorted.n != r->new.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal("%s", certdata_lang_zh() ? "renumber() 的新编号与原编号须个数相同，各不重复" :
								 "renumber() needs as many new numbers as old ones, each once")));
	for (int i = 0; i < r->old.n; i++)
		if (memcmp(&r->old.no[i], &r->new.no[i], sizeof(cd_certno)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg_internal(certdata_lang_zh() ? "证书编号“%s”的新编号与原编号相同" :
									 "certificate number \"%s\" is to be its own new number", number_string(&r->old.no[i]))));
	r->old_of_new = palloc(sizeof(cd_certno) * r->new.n);
	for (int i = 0; i < r->new.n; i++)
		r->old_of_new[numbers_find(&r->new_sorted, &r->new.no[i])] = r->old.no[i];
}

/* A number belongs to one certificate: in use now, or used before. */
pg_noreturn static void
refuse_new(const Renumbering *r, cd_rule_id rule, const cd_certno *no)
{
	cd_finding	finding = {.rule = rule, .field = CD_CERT_NO};
	certdata_refusal refusal = {.sqlstate = ERRCODE_UNIQUE_VIOLATION, .rule = rule, .relation = r->rel};

	refusal.message = certdata_message(&finding);
	refusal.detail = psprintf(certdata_lang_zh() ? "证书编号：%s。" : "Certificate: %s.", number_string(no));
	refusal.hint = certdata_hint(&finding);
	refusal.column = attachment_column(r->att, r->rel, CD_CERT_NO);
	certdata_refuse(&refusal);
}

/* Numbers in use, but for those that change themselves. */
static void
judge_numbers(const Renumbering *r)
{
	Numbers		taken = present_numbers(r->att, r->rel, &r->new_sorted);

	for (int i = 0; i < taken.n; i++)
		if (!numbers_have(&r->old_sorted, &taken.no[i]))
			refuse_new(r, CD_RULE_NO_REGISTERED, &taken.no[i]);
}

/*
 * May these numbers change?  What was said must do for the strictest of the
 * certificates.
 */
static void
judge_lives(const Renumbering *r)
{
	LifeTable  *table = life_open();
	bool		published = !r->att->by_call;

	statement_require_reason(&r->statement, r->rel, CD_RULE_CORRECTION_REASON);
	for (int i = 0; i < r->old.n; i++)
	{
		Life		life;

		CHECK_FOR_INTERRUPTS();
		(void) life_find(table, r->att, &r->old.no[i], &life);
		published = published || life.published;
		if (life.retired)
			refuse_state(r->rel, &r->old.no[i], state_of(r->att, &life), NULL);
		if (!numbers_have(&r->old_sorted, &r->new.no[i]) &&
			(life_find(table, r->att, &r->new.no[i], &life) || recording->items_of(r->att, &r->new.no[i]) != 0))
			refuse_new(r, CD_RULE_NO_USED, &r->new.no[i]);
	}
	if (published)
		statement_require_approval(&r->statement, r->att, r->rel, CD_RULE_CORRECTION_APPROVAL);
	life_close(table);
}

/* ---- numbers to stand aside with ---- */

/* Numbers of the same filing, year and level: in the same partition, most likely. */
typedef struct Family
{
	char		prefix[PREFIX_LEN];
	int			first;			/* in the list of those that stand aside */
	int			n;
	int			found;
	int			next;			/* serial to try, downwards */
} Family;

static Family *
make_families(const Numbers *leaving, int *nfamilies)
{
	Family	   *families = palloc0(sizeof(Family) * leaving->n);

	*nfamilies = 0;
	for (int i = 0; i < leaving->n; i++)
	{
		char		text[CD_CERTNO_LEN];
		Family	   *family = &families[*nfamilies - 1];

		cd_certno_print(&leaving->no[i], text);
		if (i == 0 || memcmp(family->prefix, text, PREFIX_LEN) != 0)
		{
			family = &families[(*nfamilies)++];
			memcpy(family->prefix, text, PREFIX_LEN);
			family->first = i;
			family->next = LAST_SERIAL;
		}
		family->n++;
	}
	return families;
}

/* The next numbers to try for a family, some more than it lacks. */
static Numbers
candidates(const Renumbering *r, Family *family)
{
	Numbers		list = {.no = palloc(sizeof(cd_certno) * (family->n - family->found + SPARE))};

	while (list.n < family->n - family->found + SPARE && family->next >= 0)
	{
		char		text[CD_CERTNO_LEN + 1];
		cd_no_fault fault;
		int			fixed;

		snprintf(text, sizeof(text), "%.*s%06d", PREFIX_LEN, family->prefix, family->next--);
		if (cd_certno_parse(text, CD_CERTNO_LEN, &list.no[list.n], &fixed, &fault) == CD_NO_OK &&
			!numbers_have(&r->new_sorted, &list.no[list.n]))
			list.n++;
	}
	if (list.n == 0)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg_internal(zh ? "空闲的编号不足以调换“%s”的编号" :
								 "there are not enough free numbers to swap those of \"%s\"", RelationGetRelationName(r->rel)),
				 errhint("%s", zh ? "减少一次改号的证书数。" : "Renumber fewer certificates at once.")));
	}
	return list;
}

/* Numbers that nobody has, nor is to get. */
static Numbers
free_numbers(const Renumbering *r, const Numbers *leaving)
{
	Numbers		aside = {.n = leaving->n, .no = palloc(sizeof(cd_certno) * leaving->n)};
	int			nfamilies;
	Family	   *families = make_families(leaving, &nfamilies);

	for (int i = 0; i < nfamilies; i++)
		while (families[i].found < families[i].n)
		{
			Family	   *family = &families[i];
			Numbers		list = candidates(r, family);
			Numbers		sorted = numbers_sorted(&list);
			Numbers		taken = present_numbers(r->att, r->rel, &sorted);

			for (int k = 0; k < list.n && family->found < family->n; k++)
				if (!numbers_have(&taken, &list.no[k]))
					aside.no[family->first + family->found++] = list.no[k];
		}
	return aside;
}

/* ---- the rows ---- */

static void
change_numbers(const Renumbering *r, ActKind kind, const Numbers *from, const Numbers *to)
{
	Oid			types[2] = {certno_type(true), certno_type(true)};
	Datum		values[2] = {PointerGetDatum(numbers_array(from)), PointerGetDatum(numbers_array(to))};
	Parameters	parameters = {.n = 2, .type = types, .value = values};
	char	   *number = act_number(r->att, r->rel);
	bool		typed = r->att->source.kind[CD_CERT_NO] == COLUMN_CERTNO;
	Act			act = r->act;

	act.kind = kind;
	if (run_act(r->rel, &act,
				psprintf("UPDATE %s AS t SET %s = u.new%s FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u(old, new)"
						 " WHERE %s OPERATOR(pg_catalog.=) u.old RETURNING %s, u.new",
						 relation_name(RelationGetRelid(r->rel)),
						 quote_identifier(attachment_column(r->att, r->rel, CD_CERT_NO)),
						 typed ? "" : "::pg_catalog.text", number, number),
				&parameters) != from->n)
		refuse_interference(r->rel);
}

/* The numbers that stand in the rows for a moment, sorted. */
static const Renumbering *swapping = NULL;
static Numbers aside_now;

bool
stands_aside(const Attachment *att, const cd_certno *no)
{
	return swapping != NULL && memcmp(&swapping->att->id, &att->id, UUID_LEN) == 0 &&
		numbers_have(&aside_now, no);
}

/*
 * What triggers of the user did to a certificate then would be told of a
 * number that is nobody's; it is refused.
 */
static void
step_aside(const Renumbering *r, const Numbers *leaving, const Numbers *aside)
{
	const Renumbering *before = swapping;
	Numbers		aside_before = aside_now;

	PG_TRY();
	{
		swapping = r;
		aside_now = numbers_sorted(aside);
		change_numbers(r, ACT_RENUMBER_ASIDE, leaving, aside);
	}
	PG_FINALLY();
	{
		swapping = before;
		aside_now = aside_before;
	}
	PG_END_TRY();
}

/*
 * A unique index looks at each row as it changes.  So certificates whose
 * numbers are to be another's stand aside first, in numbers of nobody's; then
 * every one gets its new number.
 */
static void
change_all(const Renumbering *r)
{
	Numbers		leaving = {.no = palloc(sizeof(cd_certno) * r->old.n)};
	Numbers		from = {.n = r->old.n, .no = palloc(sizeof(cd_certno) * r->old.n)};
	Numbers		aside;

	for (int i = 0; i < r->old.n; i++)
		if (numbers_have(&r->new_sorted, &r->old_sorted.no[i]))
			leaving.no[leaving.n++] = r->old_sorted.no[i];
	if (leaving.n > 0)
	{
		aside = free_numbers(r, &leaving);
		step_aside(r, &leaving, &aside);
	}
	for (int i = 0; i < r->old.n; i++)
	{
		int			at = numbers_find(&leaving, &r->old.no[i]);

		from.no[i] = at < 0 ? r->old.no[i] : aside.no[at];
	}
	change_numbers(r, ACT_RENUMBER, &from, &r->new);
}

/* ---- the lives ---- */

static bool
is_blank(const Life *life)
{
	return !life->name_used && !life->document_used && !life->published && !life->suspended &&
		!life->retired && !life->reserved;
}

/* The certificate is called that now; *there is what the number's row was so far. */
static void
move_life(const Renumbering *r, LifeTable *table, const Life *life, const Life *there)
{
	Life		moved = *life;

	moved.no = there->no;
	moved.found = there->found;
	moved.tid = there->tid;
	if (!is_blank(&moved) || r->att->shared)
		life_put(table, &moved);
	else
		life_remove(table, there);
}

static void
reserve(const Renumbering *r, LifeTable *table, const Life *life, const cd_certno *new)
{
	Life		former = {.registry = r->att->registry, .attachment = r->att->id, .no = life->no};

	former.reserved = true;
	former.has_renumbered_to = true;
	former.renumbered_to = *new;
	former.found = life->found;
	former.tid = life->tid;
	life_put(table, &former);
}

/*
 * Every old number's row is rewritten: reserved, or another certificate's.
 * The rows have their new numbers by now, so nobody else can reserve those any
 * more; somebody may have done so since they were judged.
 */
static void
move_lives(const Renumbering *r)
{
	LifeTable  *table = life_open();

	for (int i = 0; i < r->old.n; i++)
	{
		Life		life;
		Life		there;

		CHECK_FOR_INTERRUPTS();
		(void) life_find(table, r->att, &r->old.no[i], &life);
		if (life_find(table, r->att, &r->new.no[i], &there) &&
			!numbers_have(&r->old_sorted, &r->new.no[i]))
			refuse_new(r, CD_RULE_NO_USED, &r->new.no[i]);
		move_life(r, table, &life, &there);
		if (!numbers_have(&r->new_sorted, &r->old.no[i]))
			reserve(r, table, &life, &r->new.no[i]);
	}
	life_close(table);
}

/* ---- what the ledger is told ---- */

/*
 * Every certificate leaves its number in an act of its own, before any arrives
 * at another's; the trigger on the table tells of the arrivals.
 */
static void
record_leavings(const Renumbering *r)
{
	RecordedAct act = {.kind = "renumber", .said = &r->statement};
	Recorder   *recorder = recording->begin(r->att, r->rel, &act);
	LifeTable  *table;

	if (recorder == NULL)
		return;
	table = life_open();
	for (int i = 0; i < r->old.n; i++)
	{
		Life		life;

		(void) life_find(table, r->att, &r->old.no[i], &life);
		record_leaving(recorder, &life, &r->new.no[i]);
	}
	life_close(table);
	recording->end(recorder);
}

static const cd_certno *
former_number(const void *arg, const cd_certno *no)
{
	const Renumbering *r = arg;
	int			at = numbers_find(&r->new_sorted, no);

	return at < 0 ? NULL : &r->old_of_new[at];
}

/* renumber(target, old numbers, new numbers, reason, approval, exception) */
Datum
certdata_renumber(PG_FUNCTION_ARGS)
{
	Renumbering r = {0};

	r.rel = act_target(fcinfo, 0, "certdata.renumber()", &r.att);
	read_pairs(&r, fcinfo);
	r.act.reason = string_arg(fcinfo, 3);
	r.act.approval = string_arg(fcinfo, 4);
	r.act.exception = string_arg(fcinfo, 5);
	lock_numbers(r.att, r.rel, &r.old_sorted, LOCK_FOR_NUMBER);
	r.act.former = former_number;
	r.act.former_arg = &r;
	statement_read(r.att, &r.act, &r.statement);
	judge_numbers(&r);
	judge_lives(&r);
	record_leavings(&r);
	change_all(&r);
	move_lives(&r);
	relation_close(r.rel, NoLock);
	PG_RETURN_INT64(r.old.n);
}
