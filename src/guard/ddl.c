/*
 * ddl.c
 *	  Objects made, altered, dropped, truncated, by whatever statement: the
 *	  server tells of each by its OID, so names, paths and cascades play no part.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/index.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "guard/ddl.h"

/* ---- where our functions look ---- */

/*
 * Our functions look in our schema, where nothing is made but by our scripts,
 * and in that of the server, where extensions make some.
 */
static bool
is_looked_in(Oid schema)
{
	return OidIsValid(schema) &&
		(schema == get_namespace_oid(CERTDATA_SCHEMA, true) ||
		 (schema == PG_CATALOG_NAMESPACE && !creating_extension));
}

/* ---- relations ---- */

static void
relation_dropped(Oid relid)
{
	Oid			table = InvalidOid;

	if (get_rel_relkind(relid) == RELKIND_INDEX || get_rel_relkind(relid) == RELKIND_PARTITIONED_INDEX)
		table = IndexGetRelation(relid, true);
	if (OidIsValid(table))
	{
		if (is_number_index(relid))
			attempt_object(ATTEMPT_INDEX, RelationRelationId, relid, 0);
		else if (is_own_table(table))
			attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
	}
	else if (is_protected(relid))
		attempt_object(ATTEMPT_DROP, RelationRelationId, relid, 0);
	else if (is_own_table(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
}

/* Storage parameters of tables are the DBA's; views are as they are, and so are our sequences. */
static void
rest_altered(Oid relid)
{
	char		kind = get_rel_relkind(relid);

	if (kind == RELKIND_VIEW && is_protected(relid))
		attempt_object(ATTEMPT_RULE, RelationRelationId, relid, 0);
	else if ((kind == RELKIND_VIEW || kind == RELKIND_SEQUENCE) && is_own_table(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
}

/* A table's row of pg_class has changed; what it says of the rest is the owner's to change. */
static void
relation_altered(Oid relid, bool is_internal)
{
	HeapTuple	before;
	HeapTuple	after;
	Form_pg_class old_form;
	Form_pg_class form;

	if (IsCatalogRelationOid(relid) && !is_internal)
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, relid, 0);
	if (!is_guarded(relid))
	{
		/* tables of pg_catalog are found by names that nobody can take */
		Oid			schema = get_namespace_oid(CERTDATA_SCHEMA, true);

		if (!is_internal && schema_of(RelationRelationId, relid, true) == schema &&
			schema_of(RelationRelationId, relid, false) != schema)
			attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
		return;
	}
	before = row_before(RelationRelationId, ClassOidIndexId, Anum_pg_class_oid, relid);
	after = row_after(RelationRelationId, ClassOidIndexId, Anum_pg_class_oid, relid);
	if (!HeapTupleIsValid(before) || !HeapTupleIsValid(after))
		return;
	old_form = (Form_pg_class) GETSTRUCT(before);
	form = (Form_pg_class) GETSTRUCT(after);
	if (form->relowner != old_form->relowner)
		attempt_object(ATTEMPT_OWNER, RelationRelationId, relid, 0);
	if (form->relnamespace != old_form->relnamespace)
		attempt_object(ATTEMPT_SCHEMA, RelationRelationId, relid, 0);
	if (form->relpersistence != old_form->relpersistence)
		attempt_object(ATTEMPT_PERSISTENCE, RelationRelationId, relid, 0);
	if (form->relrowsecurity != old_form->relrowsecurity ||
		form->relforcerowsecurity != old_form->relforcerowsecurity)
		attempt_object(ATTEMPT_ROW_SECURITY, RelationRelationId, relid, 0);
	if (strcmp(NameStr(form->relname), NameStr(old_form->relname)) == 0)
		rest_altered(relid);
	else if (is_own_table(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
}

static void
column_touched(Oid relid)
{
	if (IsCatalogRelationOid(relid))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, relid, 0);
	else if (is_own_table(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
}

static void
column_dropped(Oid relid, AttrNumber attnum)
{
	if (is_own_table(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
	else if (is_protected(relid) && is_mapped_column(relid, attnum))
		attempt_object(ATTEMPT_COLUMN, RelationRelationId, relid, attnum);
}

/* Made where our functions look. */
static void
made_in(Oid schema, const char *type, const NameData *name)
{
	if (is_looked_in(schema))
		attempt(ATTEMPT_EXTENSION, psprintf("%s %s", type,
											quote_qualified_identifier(get_namespace_name(schema), NameStr(*name))));
}

/* Its expressions would run while our tables, or catalogs, are written. */
static void
index_made(Oid index)
{
	HeapTuple	row = row_after(IndexRelationId, IndexRelidIndexId, Anum_pg_index_indexrelid, index);
	Oid			table;

	if (!HeapTupleIsValid(row) || strcmp(attempt_current_command(), "REINDEX") == 0)
		return;
	table = ((Form_pg_index) GETSTRUCT(row))->indrelid;
	if (IsCatalogRelationOid(table))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, table, 0);
	else if (is_own_table(table))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, table, 0);
}

static void
relation_made(Oid relid)
{
	HeapTuple	after = row_after(RelationRelationId, ClassOidIndexId, Anum_pg_class_oid, relid);
	Form_pg_class form = (Form_pg_class) GETSTRUCT(after);

	if (form->relkind == RELKIND_INDEX)
		index_made(relid);
	else
		made_in(form->relnamespace, "relation", &form->relname);
}

/* ---- partitions, children ---- */

/* Event triggers give partitions ours; 17 lets them be turned off. */
static bool
event_triggers_fire(void)
{
	const char *setting = GetConfigOption("event_triggers", true, false);

	return IsUnderPostmaster && (setting == NULL || strcmp(setting, "on") == 0);
}

static void
inheritance_altered(Oid child, Oid parent)
{
	bool		joins = inherits_after(child, parent);

	if (joins ? !event_triggers_fire() && (is_protected(parent) || is_protected(child)) : is_protected(child))
		attempt_object(ATTEMPT_PARTITION, RelationRelationId, child, 0);
	else if (is_own_table(parent) || is_own_table(child))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, child, 0);
}

/* ---- functions, operators, families ---- */

/* A function of ours or of the server that is replaced; one made where ours are looked for. */
static void
function_made(Oid oid)
{
	HeapTuple	after = row_after(ProcedureRelationId, ProcedureOidIndexId, Anum_pg_proc_oid, oid);
	HeapTuple	before = row_before(ProcedureRelationId, ProcedureOidIndexId, Anum_pg_proc_oid, oid);
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(after);

	if (refuse_native_code)
		native_function_made(form->prolang, NameStr(form->proname));
	if (HeapTupleIsValid(before))
	{
		if (oid < FirstNormalObjectId || is_looked_in(form->pronamespace))
			attempt_object(ATTEMPT_EXTENSION, ProcedureRelationId, oid, 0);
	}
	else
		made_in(form->pronamespace, "function", &form->proname);
}

static void
operator_made(Oid oid)
{
	HeapTuple	after = row_after(OperatorRelationId, OperatorOidIndexId, Anum_pg_operator_oid, oid);

	Form_pg_operator form;

	if (!HeapTupleIsValid(after))
		return;
	form = (Form_pg_operator) GETSTRUCT(after);
	made_in(form->oprnamespace, "operator", &form->oprname);
}

/* Members of our operator families. */
static void
family_member(Oid class_id, Oid oid)
{
	bool		is_operator = class_id == AccessMethodOperatorRelationId;
	HeapTuple	row = row_after(class_id, is_operator ? AccessMethodOperatorOidIndexId : AccessMethodProcedureOidIndexId,
								is_operator ? Anum_pg_amop_oid : Anum_pg_amproc_oid, oid);
	Oid			family;

	if (!HeapTupleIsValid(row))
		return;
	family = is_operator ? ((Form_pg_amop) GETSTRUCT(row))->amopfamily :
		((Form_pg_amproc) GETSTRUCT(row))->amprocfamily;
	if (is_own_object(OperatorFamilyRelationId, family))
		attempt_object(ATTEMPT_EXTENSION, OperatorFamilyRelationId, family, 0);
}

/* ---- the extension and its members ---- */

static Datum
version_of(HeapTuple tuple, Relation rel)
{
	bool		isnull;

	return heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(rel), &isnull);
}

/* ALTER EXTENSION: an update changes its version, and may; ADD, DROP, SET SCHEMA do not. */
static void
extension_altered(Oid oid)
{
	HeapTuple	before;
	HeapTuple	after;
	Relation	rel;
	bool		updated;

	if (oid != get_extension_oid("certdata", true))
		return;
	before = row_before(ExtensionRelationId, ExtensionOidIndexId, Anum_pg_extension_oid, oid);
	after = row_after(ExtensionRelationId, ExtensionOidIndexId, Anum_pg_extension_oid, oid);
	rel = table_open(ExtensionRelationId, AccessShareLock);
	updated = strcmp(TextDatumGetCString(version_of(before, rel)),
					 TextDatumGetCString(version_of(after, rel))) != 0;
	table_close(rel, AccessShareLock);
	if (!updated)
		attempt_object(ATTEMPT_EXTENSION, ExtensionRelationId, oid, 0);
}

static bool
is_member(Oid class_id, Oid oid)
{
	if (class_id == NamespaceRelationId)
		return oid == get_namespace_oid(CERTDATA_SCHEMA, true) || oid == PG_CATALOG_NAMESPACE;
	return is_own_object(class_id, oid);
}

static void
member_dropped(Oid class_id, Oid oid)
{
	if (is_member(class_id, oid))
		attempt_object(ATTEMPT_EXTENSION, class_id, oid, 0);
}

/* What our functions find in the server's schema; DBAs alter its collations and the like. */
static bool
is_found(Oid class_id, Oid schema)
{
	return is_looked_in(schema) &&
		(schema != PG_CATALOG_NAMESPACE || class_id == ProcedureRelationId || class_id == OperatorRelationId ||
		 class_id == TypeRelationId || class_id == OperatorClassRelationId || class_id == OperatorFamilyRelationId);
}

/* That of a table's rows, which moves with it, or an array of these. */
static bool
is_row_type(Oid type)
{
	Oid			element = get_element_type(type);

	return OidIsValid(get_typ_typrelid(OidIsValid(element) ? element : type));
}

/* Also what is moved to where our functions look, or away from there. */
static void
member_altered(Oid class_id, Oid oid)
{
	if (class_id == TypeRelationId && is_row_type(oid) && !is_member(class_id, oid))
		return;
	if (is_member(class_id, oid) || is_found(class_id, schema_of(class_id, oid, false)) ||
		is_found(class_id, schema_of(class_id, oid, true)))
		attempt_object(ATTEMPT_EXTENSION, class_id, oid, 0);
}

/* ---- by access ---- */

static void
object_made(Oid class_id, Oid oid, int sub_id, bool is_internal)
{
	switch (class_id)
	{
		case RelationRelationId:
			if (is_internal)
				break;			/* that of VACUUM FULL, for example */
			if (sub_id != 0)
				column_touched(oid);
			else
				relation_made(oid);
			break;
		case TriggerRelationId:
			trigger_made(oid);
			break;
		case RewriteRelationId:
			rule_made(oid);
			break;
		case PolicyRelationId:
			policy_made(oid);
			break;
		case ConstraintRelationId:
			constraint_made(oid);
			break;
		case AttrDefaultRelationId:
			default_made(oid);
			break;
		case ProcedureRelationId:
			function_made(oid);
			break;
		case OperatorRelationId:
			operator_made(oid);
			break;
		case AccessMethodOperatorRelationId:
		case AccessMethodProcedureRelationId:
			family_member(class_id, oid);
			break;
	}
}

static void
object_altered(Oid class_id, Oid oid, int sub_id, const ObjectAccessPostAlter *arg)
{
	switch (class_id)
	{
		case RelationRelationId:
			if (sub_id != 0)
				column_touched(oid);
			else
				relation_altered(oid, arg->is_internal);
			break;
		case InheritsRelationId:
			inheritance_altered(oid, arg->auxiliary_id);
			break;
		case TriggerRelationId:
			trigger_altered(oid);
			break;
		case RewriteRelationId:
			rule_made(oid);
			break;
		case PolicyRelationId:
			policy_made(oid);
			break;
		case ExtensionRelationId:
			extension_altered(oid);
			break;
		default:
			member_altered(class_id, oid);
			break;
	}
}

static void
object_dropped(Oid class_id, Oid oid, int sub_id)
{
	switch (class_id)
	{
		case RelationRelationId:
			if (sub_id != 0)
				column_dropped(oid, sub_id);
			else
				relation_dropped(oid);
			break;
		case TriggerRelationId:
			trigger_dropped(oid);
			break;
		case RewriteRelationId:
			break;				/* a view's goes with it */
		case PolicyRelationId:
			policy_dropped(oid);
			break;
		case ConstraintRelationId:
			constraint_dropped(oid);
			break;
		case AttrDefaultRelationId:
			default_dropped(oid);
			break;
		case AccessMethodOperatorRelationId:
		case AccessMethodProcedureRelationId:
			family_member(class_id, oid);
			break;
		case ExtensionRelationId:
			if (oid == get_extension_oid("certdata", true))
				attempt_object(ATTEMPT_EXTENSION, class_id, oid, 0);
			break;
		default:
			member_dropped(class_id, oid);
			break;
	}
}

void
ddl_object(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg)
{
	if (!protecting())
		return;
	switch (access)
	{
		case OAT_POST_CREATE:
			object_made(class_id, object_id, sub_id, ((ObjectAccessPostCreate *) arg)->is_internal);
			break;
		case OAT_POST_ALTER:
			object_altered(class_id, object_id, sub_id, arg);
			break;
		case OAT_DROP:
			if (!(((ObjectAccessDrop *) arg)->dropflags & PERFORM_DELETION_INTERNAL))
				object_dropped(class_id, object_id, sub_id);
			break;
		case OAT_TRUNCATE:
			if (IsCatalogRelationOid(object_id))
				attempt_object(ATTEMPT_CATALOG, class_id, object_id, 0);
			else if (is_guarded(object_id))
				attempt_object(ATTEMPT_TRUNCATE, class_id, object_id, 0);
			break;
		default:
			break;
	}
}
