/*
 * certno_prefix.c
 *	  certno ^@ text: numbers that begin with a text, by way of the index.
 *
 * Printed numbers are ASCII up to 'Z', so those that begin with p are exactly
 * those at or above p and below p followed by DEL.
 */
#include "type.h"

#include "access/stratnum.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_collation_d.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "certno.h"

PG_FUNCTION_INFO_V1(certdata_certno_starts_with);
PG_FUNCTION_INFO_V1(certdata_certno_starts_with_support);

#define ABOVE_ALL "\x7F"

/* Does the number begin with the text? */
Datum
certdata_certno_starts_with(PG_FUNCTION_ARGS)
{
	text	   *prefix = PG_GETARG_TEXT_PP(1);
	size_t		len = VARSIZE_ANY_EXHDR(prefix);
	char		out[CD_CERTNO_LEN];

	if (len > CD_CERTNO_LEN)
		PG_RETURN_BOOL(false);
	cd_certno_print(PG_GETARG_CERTNO(0), out);
	PG_RETURN_BOOL(memcmp(out, VARDATA_ANY(prefix), len) == 0);
}

/* prefix || DEL: computed now if the prefix is known, else when it is. */
static Node *
upper_bound(Node *prefix)
{
	Const	   *above = makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1,
								  CStringGetTextDatum(ABOVE_ALL), false, false);

	if (IsA(prefix, Const))
	{
		Const	   *known = (Const *) copyObject(prefix);

		known->constvalue = DirectFunctionCall2(textcat, known->constvalue,
												above->constvalue);
		return (Node *) known;
	}
	return (Node *) makeFuncExpr(F_TEXTCAT, TEXTOID, list_make2(prefix, above),
								 DEFAULT_COLLATION_OID, DEFAULT_COLLATION_OID,
								 COERCE_EXPLICIT_CALL);
}

static Expr *
bound(Oid family, StrategyNumber strategy, Node *column, Node *limit)
{
	Oid			op = get_opfamily_member(family, exprType(column), TEXTOID, strategy);

	if (!OidIsValid(op))
		return NULL;
	return make_opclause(op, BOOLOID, false, (Expr *) column, (Expr *) limit,
						 InvalidOid, DEFAULT_COLLATION_OID);
}

static List *
index_conditions(SupportRequestIndexCondition *request)
{
	List	   *args = is_opclause(request->node) ?
	((OpExpr *) request->node)->args : ((FuncExpr *) request->node)->args;
	Node	   *column = linitial(args);
	Node	   *prefix = lsecond(args);
	Expr	   *from;
	Expr	   *to;

	if (request->indexarg != 0 ||
		!is_pseudo_constant_for_index(request->root, prefix, request->index))
		return NIL;
	if (IsA(prefix, Const) && ((Const *) prefix)->constisnull)
		return NIL;
	if (request->index->relam != BTREE_AM_OID && request->index->relam != BRIN_AM_OID)
		return NIL;
	from = bound(request->opfamily, BTGreaterEqualStrategyNumber, column, prefix);
	to = bound(request->opfamily, BTLessStrategyNumber, column, upper_bound(prefix));
	if (from == NULL || to == NULL)
		return NIL;
	request->lossy = false;
	return list_make2(from, to);
}

/* Tell the planner how an index answers ^@. */
Datum
certdata_certno_starts_with_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestIndexCondition))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(index_conditions((SupportRequestIndexCondition *) request));
}
