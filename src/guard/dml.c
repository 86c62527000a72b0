/*
 * dml.c
 *	  Statements that would write rows of system catalogs, by which triggers,
 *	  rules and tables could be changed without any DDL, or of the tables that
 *	  only the library writes.
 *
 * By the relations that a plan changes rows of, not by the privileges that it
 * needs: SELECT FOR UPDATE needs the same and changes nothing.
 */
#include "certdata.h"

#include "catalog/catalog.h"
#include "catalog/pg_class.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "tcop/utility.h"
#include "utils/lsyscache.h"

#include "guard/protect.h"

static void
refuse_relation(AttemptKind kind, Oid relid)
{
	if (!is_own_statement())
		attempt_object(kind, RelationRelationId, relid, 0);
}

void
dml_relation(Oid relid)
{
	if (IsCatalogRelationOid(relid))
	{
		if (protecting())
			refuse_relation(ATTEMPT_CATALOG, relid);
		else if (IsSharedRelation(relid) && ring_any_marked())
			attempt_elsewhere(ATTEMPT_CATALOG, psprintf("table pg_catalog.%s", get_rel_name(relid)), InvalidOid);
	}
	else if (is_internal_table(relid) && protecting())
		refuse_relation(ATTEMPT_LEDGER, relid);
}

/* A savepoint may take the error back, and the session go on. */
static void
dml_tagged(Oid relid, const PlannedStmt *plan)
{
	const char *before = attempt_command(GetCommandTagName(CreateCommandTag((Node *) plan)));

	PG_TRY();
	{
		dml_relation(relid);
	}
	PG_FINALLY();
	{
		(void) attempt_command(before);
		if (before == NULL)
			attempt_statement_end();
	}
	PG_END_TRY();
}

/* The tag is wanted rarely, and statements are many. */
void
dml_before(const QueryDesc *query)
{
	const PlannedStmt *plan = query->plannedstmt;

	for (int i = -1; (i = NEXT_RESULT_RELATION(plan, i)) >= 0;)
	{
		Oid			relid = rt_fetch(i, plan->rtable)->relid;

		if (IsCatalogRelationOid(relid) || is_internal_table(relid))
			dml_tagged(relid, plan);
	}
}
