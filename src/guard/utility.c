/*
 * utility.c
 *	  Utility statements that object access does not tell of, or only when they
 *	  have done most of their work, or when the server itself has refused.
 */
#include "certdata.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/dbcommands.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "utils/lsyscache.h"
#include "utils/builtins.h"

#include "guard/ddl.h"

/*
 * By its name, without a lock: when the statement gets to it, object access
 * tells of it by its OID.
 */
static Oid
relation_named(const RangeVar *name)
{
	return name == NULL ? InvalidOid : RangeVarGetRelid(name, NoLock, true);
}

/* ---- ALTER TABLE ---- */

static void
alter_column(Oid relid, const char *name)
{
	AttrNumber	attnum = get_attnum(relid, name);

	if (attnum > 0 && is_protected(relid) && is_mapped_column(relid, attnum))
		attempt_object(ATTEMPT_COLUMN, RelationRelationId, relid, attnum);
}

static void
detach_partition(const AlterTableCmd *cmd)
{
	Oid			part = relation_named(((PartitionCmd *) cmd->def)->name);

	if (OidIsValid(part) && is_protected(part))
		attempt_object(ATTEMPT_PARTITION, RelationRelationId, part, 0);
}

/*
 * The server refuses some of it before object access tells (a column that a
 * trigger names keeps its type); DETACH CONCURRENTLY commits in between.
 */
static void
alter_table(const AlterTableStmt *stmt)
{
	Oid			relid = relation_named(stmt->relation);
	ListCell   *cell;

	if (!OidIsValid(relid) || !protecting())
		return;
	foreach(cell, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst(cell);

		switch (cmd->subtype)
		{
			case AT_DropColumn:
			case AT_AlterColumnType:
				alter_column(relid, cmd->name);
				break;
			case AT_DetachPartition:
			case AT_DetachPartitionFinalize:
				detach_partition(cmd);
				break;
			case AT_SetUnLogged:
				if (is_protected(relid))
					attempt_object(ATTEMPT_PERSISTENCE, RelationRelationId, relid, 0);
				break;
			default:
				break;
		}
	}
}

/* ---- COPY ---- */

static void
copy_from(const CopyStmt *stmt)
{
	Oid			relid = stmt->is_from ? relation_named(stmt->relation) : InvalidOid;

	if (OidIsValid(relid))
		dml_relation(relid, CMD_INSERT);
}

/* ---- DROP ---- */

/* Without CASCADE the server refuses it, for the views need the table. */
static void
drop_tables(const DropStmt *stmt)
{
	ListCell   *cell;

	foreach(cell, stmt->objects)
	{
		Oid			relid = relation_named(makeRangeVarFromNameList(lfirst(cell)));

		if (OidIsValid(relid) && protecting() && is_guarded(relid))
			attempt_object(ATTEMPT_DROP, RelationRelationId, relid, 0);
	}
}

/* One word for the extension, instead of one for each of its members. */
static void
drop(const DropStmt *stmt)
{
	ListCell   *cell;

	if (stmt->removeType == OBJECT_TABLE || stmt->removeType == OBJECT_VIEW)
		drop_tables(stmt);
	if (stmt->removeType != OBJECT_EXTENSION)
		return;
	foreach(cell, stmt->objects)
		if (strcmp(strVal(lfirst(cell)), "certdata") == 0 && protecting())
	{
		attempt(ATTEMPT_EXTENSION, "extension certdata");
		attempt_spare();
	}
}

/*
 * Another database: whether it has something protected is known from those who
 * were in it since the server started.
 */
static void
drop_database(const DropdbStmt *stmt)
{
	Oid			database = get_database_oid(stmt->dbname, true);

	if (OidIsValid(database) && ring_may_be_marked(database))
		attempt_elsewhere(ATTEMPT_DATABASE, psprintf("database %s", quote_identifier(stmt->dbname)),
						  database);
}

void
utility_before(Node *parsetree)
{
	switch (nodeTag(parsetree))
	{
		case T_AlterTableStmt:
			alter_table((AlterTableStmt *) parsetree);
			break;
		case T_CopyStmt:
			copy_from((CopyStmt *) parsetree);
			break;
		case T_DropStmt:
			drop((DropStmt *) parsetree);
			break;
		case T_DropdbStmt:
			drop_database((DropdbStmt *) parsetree);
			break;
		case T_AlterRoleSetStmt:
		case T_AlterDatabaseSetStmt:
		case T_AlterSystemStmt:
			setting_before(parsetree);
			break;
		default:
			break;
	}
	if (refuse_native_code)
		native_before(parsetree);
}
