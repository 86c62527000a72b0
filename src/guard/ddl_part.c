/*
 * ddl_part.c
 *	  Objects that belong to a table: its triggers, rules, policies, constraints,
 *	  the types of its columns.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "guard/ddl.h"

/* Of an object that the catalogs do not show yet. */
static char *
on_table(const char *type, const NameData *name, Oid relid)
{
	return psprintf("%s %s on %s", type, quote_identifier(NameStr(*name)),
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
											   get_rel_name(relid)));
}

/* ---- triggers ---- */

static HeapTuple
trigger_row(Oid oid, bool after)
{
	return (after ? row_after : row_before) (TriggerRelationId, TriggerOidIndexId,
											 Anum_pg_trigger_oid, oid);
}

static void
refuse_trigger(const FormData_pg_trigger *form)
{
	attempt(ATTEMPT_TRIGGER, on_table("trigger", &form->tgname, form->tgrelid));
}

static bool
has_one_already(Oid relid, Oid function)
{
	Relation	rel = RelationIdGetRelation(relid);
	bool		found = false;

	for (int i = 0; rel != NULL && rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
		found |= rel->trigdesc->triggers[i].tgfoid == function;
	if (rel != NULL)
		RelationClose(rel);
	return found;
}

/*
 * One of ours made by hand, not by ours and not by the server for a partition.
 * On another table it would have rows taken for those of an attached one; a
 * second one on the same could have them judged by other columns.
 */
static bool
is_forged(HeapTuple tuple)
{
	Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);
	Relation	rel;
	bool		isnull;
	Datum		args;
	pg_uuid_t	id;

	if (form->tgnargs != 1 || OidIsValid(form->tgparentid) ||
		get_func_namespace(form->tgfoid) != get_namespace_oid(CERTDATA_SCHEMA, true))
		return false;
	rel = table_open(TriggerRelationId, AccessShareLock);
	args = heap_getattr(tuple, Anum_pg_trigger_tgargs, RelationGetDescr(rel), &isnull);
	table_close(rel, AccessShareLock);
	if (is_protected(form->tgrelid) && has_one_already(form->tgrelid, form->tgfoid))
		return true;
	return attachment_named(VARDATA_ANY(DatumGetByteaPP(args)), &id) && !belongs_to(&id, form->tgrelid);
}

/*
 * Triggers of the table's owner may be made; those of ours, too, as a restore
 * does.  One that takes the place of ours may not, nor any on our own tables.
 */
void
trigger_made(Oid oid)
{
	HeapTuple	after = trigger_row(oid, true);
	HeapTuple	before = trigger_row(oid, false);
	Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(after);

	/* of a table that had none so far a new one can be seen already */
	if (HeapTupleIsValid(before) && ItemPointerEquals(&before->t_self, &after->t_self))
		before = NULL;
	if (HeapTupleIsValid(before) && is_guard_trigger((Form_pg_trigger) GETSTRUCT(before)))
		refuse_trigger(form);
	else if (is_forged(after))
		refuse_trigger(form);
	else if (IsCatalogRelationOid(form->tgrelid))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, form->tgrelid, 0);
	else if (!form->tgisinternal && is_own_table(form->tgrelid))
		refuse_trigger(form);
}

/* When a trigger of ours fires: always, that of single rows in the replica role. */
static bool
fires_as_it_must(const FormData_pg_trigger *form)
{
	char	   *function = get_func_name(form->tgfoid);

	if (function != NULL && strcmp(function, "guard_apply") == 0)
		return form->tgenabled == TRIGGER_FIRES_ON_REPLICA;
	return form->tgenabled == TRIGGER_FIRES_ALWAYS;
}

void
trigger_altered(Oid oid)
{
	HeapTuple	before = trigger_row(oid, false);
	HeapTuple	after = trigger_row(oid, true);
	Form_pg_trigger old_form;
	Form_pg_trigger form;
	bool		renamed;

	if (!HeapTupleIsValid(before) || !HeapTupleIsValid(after))
		return;
	old_form = (Form_pg_trigger) GETSTRUCT(before);
	form = (Form_pg_trigger) GETSTRUCT(after);
	renamed = strcmp(NameStr(old_form->tgname), NameStr(form->tgname)) != 0;
	if (!renamed && (form->tgenabled == old_form->tgenabled || fires_as_it_must(form)))
		return;
	if (is_guard_trigger(old_form) || is_own_table(form->tgrelid))
		refuse_trigger(old_form);
}

void
trigger_touched(Oid oid)
{
	HeapTuple	row = trigger_row(oid, true);
	Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(row);

	if (is_guard_trigger(form) || is_own_table(form->tgrelid))
		refuse_trigger(form);
}

/* With anything but DROP TRIGGER it goes because its table does. */
void
trigger_dropped(Oid oid)
{
	HeapTuple	before = trigger_row(oid, false);
	Form_pg_trigger form;

	if (!HeapTupleIsValid(before))
		return;
	form = (Form_pg_trigger) GETSTRUCT(before);
	if (!is_guard_trigger(form) && !is_own_table(form->tgrelid))
		return;
	if (strcmp(attempt_current_command(), "DROP TRIGGER") == 0)
		refuse_trigger(form);
	else
		attempt_object(ATTEMPT_DROP, RelationRelationId, form->tgrelid, 0);
}

/* ---- rules, policies ---- */

/* Also the query of a view, which is a rule. */
void
rule_made(Oid oid)
{
	HeapTuple	after = row_after(RewriteRelationId, RewriteOidIndexId, Anum_pg_rewrite_oid, oid);
	Form_pg_rewrite form;

	if (!HeapTupleIsValid(after))
		return;
	form = (Form_pg_rewrite) GETSTRUCT(after);
	if (IsCatalogRelationOid(form->ev_class))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, form->ev_class, 0);
	else if (is_guarded(form->ev_class))
		attempt(ATTEMPT_RULE, on_table("rule", &form->rulename, form->ev_class));
}

static void
policy_touched(HeapTuple tuple)
{
	Form_pg_policy form;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_policy) GETSTRUCT(tuple);
	if (IsCatalogRelationOid(form->polrelid))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, form->polrelid, 0);
	else if (is_guarded(form->polrelid))
		attempt(ATTEMPT_ROW_SECURITY, on_table("policy", &form->polname, form->polrelid));
}

void
policy_made(Oid oid)
{
	policy_touched(row_after(PolicyRelationId, PolicyOidIndexId, Anum_pg_policy_oid, oid));
}

void
policy_dropped(Oid oid)
{
	policy_touched(row_before(PolicyRelationId, PolicyOidIndexId, Anum_pg_policy_oid, oid));
}

/* ---- constraints ---- */

/* NOT NULL, which 18 keeps as a constraint, is not needed by us, who ask for what is required. */
#define CONSTRAINT_NOT_NULL 'n'

static bool
has_mapped_column(HeapTuple tuple, Oid relid)
{
	bool		isnull;
	Datum		key = SysCacheGetAttr(CONSTROID, tuple, Anum_pg_constraint_conkey, &isnull);
	ArrayType  *array;
	bool		found = false;

	if (isnull)
		return true;			/* of the whole row */
	array = DatumGetArrayTypeP(key);
	for (int i = 0; i < ARR_DIMS(array)[0]; i++)
		found |= is_mapped_column(relid, ((int16 *) ARR_DATA_PTR(array))[i]);
	return found;
}

/*
 * A deferrable one makes its index such that two certificates may have the
 * same number for a while; on our own tables none is made.
 */
void
constraint_made(Oid oid)
{
	HeapTuple	after = row_after(ConstraintRelationId, ConstraintOidIndexId, Anum_pg_constraint_oid, oid);
	Form_pg_constraint form;

	if (!HeapTupleIsValid(after))
		return;
	form = (Form_pg_constraint) GETSTRUCT(after);
	if (!OidIsValid(form->conrelid))
		return;
	if (IsCatalogRelationOid(form->conrelid))
		attempt_object(ATTEMPT_CATALOG, RelationRelationId, form->conrelid, 0);
	else if (is_own_table(form->conrelid))
		attempt(ATTEMPT_EXTENSION, on_table("constraint", &form->conname, form->conrelid));
	else if (form->condeferrable && OidIsValid(form->conindid) && is_number_index(form->conindid))
		attempt(ATTEMPT_INDEX, on_table("constraint", &form->conname, form->conrelid));
}

/* A default of a column; when it is made the server names the table. */
void
default_made(Oid relid)
{
	if (is_own_table(relid))
		attempt_object(ATTEMPT_EXTENSION, RelationRelationId, relid, 0);
}

void
default_dropped(Oid oid)
{
	HeapTuple	row = row_after(AttrDefaultRelationId, AttrDefaultOidIndexId, Anum_pg_attrdef_oid, oid);

	if (!HeapTupleIsValid(row))
		return;
	default_made(((Form_pg_attrdef) GETSTRUCT(row))->adrelid);
}

void
constraint_dropped(Oid oid)
{
	HeapTuple	tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(oid));
	Form_pg_constraint form;
	bool		refused;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_constraint) GETSTRUCT(tuple);
	refused = OidIsValid(form->conrelid) && form->contype != CONSTRAINT_NOT_NULL &&
		(is_own_table(form->conrelid) ||
		 (is_protected(form->conrelid) && has_mapped_column(tuple, form->conrelid)));
	ReleaseSysCache(tuple);
	if (refused)
		attempt_object(ATTEMPT_CONSTRAINT, ConstraintRelationId, oid, 0);
}

/* ---- types of columns ---- */

/* A column, an array or a domain of the type that is known by another one. */
static void
depends_on_type(const FormData_pg_depend *form)
{
	if (form->classid == TypeRelationId)
		type_touched(form->objid);
	else if (form->classid == RelationRelationId && form->objsubid > 0 &&
			 is_protected(form->objid) && is_mapped_column(form->objid, form->objsubid))
		attempt_object(ATTEMPT_COLUMN, RelationRelationId, form->objid, form->objsubid);
}

/* What its values say changes: mapped columns of it, or of domains over it? */
void
type_touched(Oid type)
{
	Relation	rel = table_open(DependRelationId, AccessShareLock);
	ScanKeyData key[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(TypeRelationId));
	ScanKeyInit(&key[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(type));
	scan = systable_beginscan(rel, DependReferenceIndexId, true, NULL, 2, key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		depends_on_type((Form_pg_depend) GETSTRUCT(tuple));
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
}
