/*
 * renumber.c
 *	  renumber(): other numbers for certificates, chains and swaps included.
 *
 * The life of a certificate goes to its new number; the old one is reserved
 * for good, unless another certificate of the same act takes it.
 */
#include "certdata.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "errors.h"
#include "guard/act.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_renumber);

typedef struct Renumbering
{
	const Attachment *att;
	Relation	rel;
	Numbers		old;			/* in the caller's order, as is new */
	Numbers		new;
	Numbers		old_sorted;
	Act			act;
} Renumbering;

static void
read_pairs(Renumbering *r, FunctionCallInfo fcinfo)
{
	Numbers		new_sorted;

	r->old = numbers_arg(fcinfo, 1);
	r->new = numbers_arg(fcinfo, 2);
	r->old_sorted = numbers_sorted(&r->old);
	new_sorted = numbers_sorted(&r->new);
	if (r->old.n != r->new.n || r->old_sorted.n != r->old.n || new_sorted.n != r->new.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("renumber() needs as many new numbers as old ones, each once")));
	for (int i = 0; i < r->old.n; i++)
		if (memcmp(&r->old.no[i], &r->new.no[i], sizeof(cd_certno)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("certificate number \"%s\" is to be its own new number", number_string(&r->old.no[i]))));
}

/* A number that was used before never returns. */
pg_noreturn static void
refuse_used(Relation rel, const cd_certno *no)
{
	cd_finding	finding = {.rule = CD_RULE_NO_USED, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_UNIQUE_VIOLATION, .rule = CD_RULE_NO_USED, .relation = rel
	};

	refusal.message = certdata_message(&finding);
	refusal.detail = psprintf(certdata_lang_zh() ? "证书编号：%s。" : "Certificate: %s.", number_string(no));
	refusal.hint = certdata_hint(&finding);
	certdata_refuse(&refusal);
}

/* The lives of the old numbers; what was said must do for the strictest of them. */
static Life *
read_lives(const Renumbering *r)
{
	Life	   *life = palloc(sizeof(Life) * r->old.n);
	LifeTable  *table = life_open();
	Statement	statement;
	bool		published = !r->att->by_call;

	statement_read(r->att, &r->act, &statement);
	statement_require_reason(&statement, r->rel, CD_RULE_CORRECTION_REASON);
	for (int i = 0; i < r->old.n; i++)
	{
		Life		taken;

		(void) life_find(table, r->att, &r->old.no[i], &life[i]);
		published = published || life[i].published;
		if (life[i].retired)
			refuse_state(r->rel, &r->old.no[i], state_of(r->att, &life[i], certdata_lang_zh()), NULL);
		if (!numbers_have(&r->old_sorted, &r->new.no[i]) &&
			life_find(table, r->att, &r->new.no[i], &taken))
			refuse_used(r->rel, &r->new.no[i]);
	}
	if (published)
		statement_require_approval(&statement, r->att, r->rel, CD_RULE_CORRECTION_APPROVAL);
	life_close(table);
	return life;
}

/* ---- the rows ---- */

static void
change_numbers(const Renumbering *r, ActKind kind, const Numbers *from, const Numbers *to)
{
	Oid			types[2] = {certno_type(true), certno_type(true)};
	Datum		values[2] = {PointerGetDatum(numbers_array(from)), PointerGetDatum(numbers_array(to))};
	Act			act = r->act;
	bool		typed = r->att->source.kind[CD_CERT_NO] == COLUMN_CERTNO;

	act.kind = kind;
	if (run_act(r->rel, &act,
				psprintf("UPDATE %s AS t SET %s = u.new%s FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS u(old, new)"
						 " WHERE %s OPERATOR(pg_catalog.=) u.old",
						 relation_name(RelationGetRelid(r->rel)),
						 quote_identifier(attachment_column(r->att, r->rel, CD_CERT_NO)),
						 typed ? "" : "::pg_catalog.text", attachment_number_sql(r->att, r->rel)),
				2, types, values, NULL) != from->n)
		refuse_missing(r->rel, &from->no[0], from->n);
}

/*
 * Numbers that nobody has, for certificates that stand aside while numbers
 * are swapped: of the same filing, year and level, so in the same partition
 * and judged alike.
 */
static Numbers
free_numbers(const Renumbering *r)
{
	Numbers		aside = {.n = r->old.n, .no = palloc(sizeof(cd_certno) * r->old.n)};
	Oid			types[2] = {certno_type(true), certno_type(true)};
	Datum		values[2] = {PointerGetDatum(numbers_array(&r->old)), PointerGetDatum(numbers_array(&r->new))};
	char	   *number = attachment_number_sql(r->att, r->rel);

	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT f.no FROM pg_catalog.unnest($1) WITH ORDINALITY AS o(old, i), LATERAL ("
									   " SELECT c.no FROM pg_catalog.generate_series(999999 OPERATOR(pg_catalog.-) (o.i OPERATOR(pg_catalog.-) 1), 0, -1) AS s(serial),"
									   " LATERAL (SELECT (pg_catalog.substr(o.old::pg_catalog.text, 1, 16) OPERATOR(pg_catalog.||)"
									   " pg_catalog.lpad(s.serial::pg_catalog.text, 6, '0'))::certdata.certno) AS c(no)"
									   " WHERE NOT EXISTS (SELECT FROM %s AS t WHERE %s OPERATOR(pg_catalog.=) c.no)"
									   " AND c.no OPERATOR(pg_catalog.<>) ALL ($2) LIMIT 1) AS f ORDER BY o.i",
									   relation_name(RelationGetRelid(r->rel)), number),
							  2, types, values, NULL, true, 0) < 0 || SPI_processed != r->old.n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("there are not enough free numbers to swap those of \"%s\"", RelationGetRelationName(r->rel)),
				 errhint("Renumber fewer certificates at once.")));
	for (int i = 0; i < aside.n; i++)
	{
		bool		isnull;

		memcpy(&aside.no[i], DatumGetPointer(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)),
			   sizeof(cd_certno));
	}
	SPI_finish();
	if (numbers_sorted(&aside).n != aside.n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("there are not enough free numbers to swap those of \"%s\"", RelationGetRelationName(r->rel)),
				 errhint("Renumber fewer certificates at once.")));
	return aside;
}

static bool
overlap(const Renumbering *r)
{
	for (int i = 0; i < r->new.n; i++)
		if (numbers_have(&r->old_sorted, &r->new.no[i]))
			return true;
	return false;
}

/* ---- the lives ---- */

/* Every old number's row is rewritten: reserved, or another certificate's. */
static void
move_lives(const Renumbering *r, const Life *life)
{
	LifeTable  *table = life_open();
	Numbers		new_sorted = numbers_sorted(&r->new);

	for (int i = 0; i < r->old.n; i++)
	{
		Life		moved;
		Life		there;

		/* what the number's row is now tells only where it is */
		(void) life_find(table, r->att, &r->new.no[i], &there);
		moved = life[i];
		moved.no = r->new.no[i];
		moved.found = there.found;
		moved.tid = there.tid;
		life_put(table, &moved);
		if (!numbers_have(&new_sorted, &r->old.no[i]))
		{
			Life		former = {.registry = r->att->registry, .attachment = r->att->id, .no = r->old.no[i]};

			former.reserved = true;
			former.has_renumbered_to = true;
			former.renumbered_to = r->new.no[i];
			former.found = life[i].found;
			former.tid = life[i].tid;
			life_put(table, &former);
		}
	}
	life_close(table);
}

/* renumber(target, old numbers, new numbers, reason, approval, exception) */
Datum
certdata_renumber(PG_FUNCTION_ARGS)
{
	Renumbering r = {0};
	Life	   *life;

	r.rel = act_target(fcinfo, "certdata.renumber()", &r.att);
	read_pairs(&r, fcinfo);
	r.act.reason = string_arg(fcinfo, 3);
	r.act.approval = string_arg(fcinfo, 4);
	r.act.exception = string_arg(fcinfo, 5);
	lock_numbers(r.att, r.rel, &r.old_sorted);
	life = read_lives(&r);
	if (overlap(&r))
	{
		Numbers		aside = free_numbers(&r);

		change_numbers(&r, ACT_RENUMBER_ASIDE, &r.old, &aside);
		change_numbers(&r, ACT_RENUMBER, &aside, &r.new);
	}
	else
		change_numbers(&r, ACT_RENUMBER, &r.old, &r.new);
	move_lives(&r, life);
	relation_close(r.rel, NoLock);
	PG_RETURN_INT64(r.old.n);
}
