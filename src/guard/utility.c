/*
 * utility.c
 *	  Utility statements that object access does not tell of, or only when they
 *	  have done most of their work, or when the server itself has refused.
 */
#include "certdata.h"

#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "commands/dbcommands.h"
#include "commands/tablecmds.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
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

/*
 * CONCURRENTLY commits before object access tells, so its names have to mean the
 * same when the statement gets to them: with the locks that it takes.
 */
static void
detach_partition(const RangeVar *table, const AlterTableCmd *cmd)
{
	const PartitionCmd *partition = (PartitionCmd *) cmd->def;
	LOCKMODE	lock = NoLock;
	Oid			part;

	if (partition->concurrent || cmd->subtype == AT_DetachPartitionFinalize)
	{
		lock = ShareUpdateExclusiveLock;
		(void) RangeVarGetRelidExtended(table, lock, RVR_MISSING_OK, RangeVarCallbackOwnsRelation, NULL);
	}
	part = RangeVarGetRelid(partition->name, lock, true);
	if (OidIsValid(part) && is_protected(part))
		attempt_object(ATTEMPT_PARTITION, RelationRelationId, part, 0);
}

/* No object access tells of it, so the name has to mean the same when the statement gets to it. */
static void
alter_row_security(const RangeVar *name)
{
	Oid			relid = RangeVarGetRelidExtended(name, AccessExclusiveLock, RVR_MISSING_OK,
												 RangeVarCallbackOwnsRelation, NULL);

	if (OidIsValid(relid) && IsCatalogRelationOid(relid))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, relid, 0);
	else if (OidIsValid(relid) && is_guarded(relid))
		attempt_object(ATTEMPT_ROW_SECURITY, RelationRelationId, relid, 0);
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

		if (SETS_EXPRESSION(cmd))
			alter_column(relid, cmd->name);
		switch (cmd->subtype)
		{
			case AT_DropColumn:
			case AT_AlterColumnType:
				alter_column(relid, cmd->name);
				break;
			case AT_DetachPartition:
			case AT_DetachPartitionFinalize:
				detach_partition(stmt->relation, cmd);
				break;
			case AT_EnableRowSecurity:
			case AT_DisableRowSecurity:
			case AT_ForceRowSecurity:
			case AT_NoForceRowSecurity:
				alter_row_security(stmt->relation);
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

/* ---- ALTER ... DEPENDS ON EXTENSION ---- */

/* Then dropping that extension would drop it. */
static void
depends_on(const AlterObjectDependsStmt *stmt)
{
	Relation	rel;
	ObjectAddress address;

	if (!protecting())
		return;
	address = get_object_address_rv(stmt->objectType, stmt->relation, (List *) stmt->object, &rel,
									AccessExclusiveLock, true);
	if (rel != NULL)
		table_close(rel, NoLock);
	if (!OidIsValid(address.objectId))
		return;
	if (address.classId == TriggerRelationId)
		trigger_touched(address.objectId);
	else if (is_own_object(address.classId, address.objectId))
		attempt_object(ATTEMPT_EXTENSION, address.classId, address.objectId, 0);
}

/* ---- ALTER EXTENSION ... ADD ---- */

/* What belongs to an extension is in no dump. */
static void
extension_gets(const AlterExtensionContentsStmt *stmt)
{
	Oid			relid;

	if (stmt->action <= 0 || (stmt->objtype != OBJECT_TABLE && stmt->objtype != OBJECT_VIEW) || !protecting())
		return;
	relid = relation_named(makeRangeVarFromNameList((List *) stmt->object));
	if (OidIsValid(relid) && is_protected(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
}

/* ---- ALTER TYPE ... RENAME VALUE ---- */

/* Then all rows that have it say something else. */
static void
alter_enum(const AlterEnumStmt *stmt)
{
	Oid			type;

	if (stmt->oldVal == NULL || !protecting())
		return;
	type = LookupTypeNameOid(NULL, makeTypeNameFromNameList(stmt->typeName), true);
	if (OidIsValid(type))
		type_touched(type);
}

/* ---- COPY ---- */

/*
 * No object access tells of it.  With the lock that COPY takes, lest another
 * session makes the name mean something else while it waits.
 */
static void
copy_from(const CopyStmt *stmt)
{
	Oid			relid;

	if (!stmt->is_from)
		return;
	relid = RangeVarGetRelid(stmt->relation, RowExclusiveLock, true);
	if (OidIsValid(relid))
		dml_relation(relid);
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
drop_all(const List *names, const char *what)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(strVal(lfirst(cell)), CERTDATA_SCHEMA) != 0 || !protecting())
			continue;
		attempt(ATTEMPT_EXTENSION, what);
		attempt_spared = true;
	}
}

static void
drop(const DropStmt *stmt)
{
	if (stmt->removeType == OBJECT_TABLE || stmt->removeType == OBJECT_VIEW)
		drop_tables(stmt);
	else if (stmt->removeType == OBJECT_EXTENSION)
		drop_all(stmt->objects, "extension certdata");
	else if (stmt->removeType == OBJECT_SCHEMA)
		drop_all(stmt->objects, "schema certdata");
}

/*
 * Another database: whether it has something protected is known from the
 * process that asked it when the server started, and from those who were in it.
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
		case T_AlterExtensionContentsStmt:
			extension_gets((AlterExtensionContentsStmt *) parsetree);
			break;
		case T_AlterEnumStmt:
			alter_enum((AlterEnumStmt *) parsetree);
			break;
		case T_CopyStmt:
			copy_from((CopyStmt *) parsetree);
			break;
		case T_DropStmt:
			drop((DropStmt *) parsetree);
			break;
		case T_AlterObjectDependsStmt:
			depends_on((AlterObjectDependsStmt *) parsetree);
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
