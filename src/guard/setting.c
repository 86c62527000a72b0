/*
 * setting.c
 *	  Settings kept for a role, a database or the server: those of certdata, and
 *	  those by which the server loads it.
 *
 * What a session sets for itself ends with it and shows in what it records;
 * what is kept changes how everybody's certificates are judged.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_db_role_setting.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "guard/protect.h"

#define PREFIX "certdata."

static bool
is_our_setting(const char *name)
{
	return pg_strncasecmp(name, PREFIX, strlen(PREFIX)) == 0 ||
		pg_strcasecmp(name, "shared_preload_libraries") == 0;
}

static bool
matters(const char *name)
{
	return is_our_setting(name) || (refuse_native_code && is_native_setting(name));
}

/* ---- RESET ALL ---- */

static bool
names_ours(Datum settings)
{
	Datum	   *setting;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(settings), TEXTOID, -1, false, TYPALIGN_INT,
					  &setting, NULL, &n);
	for (int i = 0; i < n; i++)
		if (pg_strncasecmp(TextDatumGetCString(setting[i]), PREFIX, strlen(PREFIX)) == 0)
			return true;
	return false;
}

/* Is a setting of ours kept for that database and role? */
static bool
are_kept(Oid database, Oid role)
{
	Relation	rel = table_open(DbRoleSettingRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&key[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(database));
	ScanKeyInit(&key[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(role));
	scan = systable_beginscan(rel, DbRoleSettingDatidRolidIndexId, true, NULL, 2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		settings = heap_getattr(tuple, Anum_pg_db_role_setting_setconfig,
											RelationGetDescr(rel), &isnull);

		found |= !isnull && names_ours(settings);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

/* ---- where it is kept ---- */

static void
refuse_setting(const VariableSetStmt *set, const char *where, Oid database)
{
	AttemptKind kind = set->name && !is_our_setting(set->name) ? ATTEMPT_NATIVE_CODE : ATTEMPT_SETTING;
	char	   *object = psprintf("setting %s of %s", set->name ? set->name : "ALL", where);

	/* here, if there is something here; else of those who have */
	if ((!OidIsValid(database) || database == MyDatabaseId) && protecting())
		attempt(kind, object);
	else if (OidIsValid(database) ? ring_may_be_marked(database) : ring_any_marked())
		attempt_elsewhere(kind, object, database);
}

static void
for_role(const AlterRoleSetStmt *stmt)
{
	Oid			database = stmt->database ? get_database_oid(stmt->database, true) : InvalidOid;
	Oid			role = stmt->role ? get_rolespec_oid(stmt->role, true) : InvalidOid;
	char	   *where;

	if (stmt->setstmt->kind == VAR_RESET_ALL ? !are_kept(database, role) : !matters(stmt->setstmt->name))
		return;
	where = stmt->role ? psprintf("role %s", quote_identifier(get_rolespec_name(stmt->role))) : "all roles";
	if (stmt->database)
		where = psprintf("%s in database %s", where, quote_identifier(stmt->database));
	refuse_setting(stmt->setstmt, where, database);
}

static void
for_database(const AlterDatabaseSetStmt *stmt)
{
	Oid			database = get_database_oid(stmt->dbname, true);

	if (!OidIsValid(database) ||
		(stmt->setstmt->kind == VAR_RESET_ALL ? !are_kept(database, InvalidOid) : !matters(stmt->setstmt->name)))
		return;
	refuse_setting(stmt->setstmt, psprintf("database %s", quote_identifier(stmt->dbname)), database);
}

void
setting_before(Node *parsetree)
{
	if (IsA(parsetree, AlterRoleSetStmt))
		for_role((AlterRoleSetStmt *) parsetree);
	else if (IsA(parsetree, AlterDatabaseSetStmt))
		for_database((AlterDatabaseSetStmt *) parsetree);
	else
	{
		VariableSetStmt *set = ((AlterSystemStmt *) parsetree)->setstmt;

		if (set->kind == VAR_RESET_ALL || matters(set->name))
			refuse_setting(set, "the server", InvalidOid);
	}
}
