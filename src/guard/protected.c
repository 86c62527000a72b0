/*
 * protected.c
 *	  What is protected: attached tables from the moment their triggers exist,
 *	  the two views of each, the tables that only the library writes, and the
 *	  extension itself.
 */
#include "certdata.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "nodes/readfuncs.h"
#include "optimizer/optimizer.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "check/reading.h"
#include "guard/protect.h"

/* Written by the library alone; 50_apply.sql lists those that a publication must not fill. */
static const char *const internal_table[] = {
	"attachment", "life", "withdrawn", "known_fault", "attempt", "maintenance",
	"ledger", "ledger_incarnation", "ledger_shape", "ledger_act", "ledger_entry",
	"ledger_order", "ledger_tile", "ledger_head",
	"category_builtin"
};

static Oid
own_schema(void)
{
	return get_namespace_oid(CERTDATA_SCHEMA, true);
}

/* ---- is there anything ---- */

Snapshot
guard_snapshot(void)
{
	return IsInParallelMode() ? GetTransactionSnapshot() : GetLatestSnapshot();
}

/*
 * A ledger that is at home here: without one tables may be attached in the midst
 * of a restore, whose parts come in any order.
 */
bool
protecting(void)
{
	Oid			extension;
	LedgerState state;

	if (IsBinaryUpgrade || !OidIsValid(MyDatabaseId) || !IsTransactionState() ||
		!OidIsValid(own_schema()))
		return false;
	extension = get_extension_oid("certdata", true);
	if (!OidIsValid(extension) || (creating_extension && CurrentExtensionObject == extension))
		return false;
	state = recording->state();
	if (state != LEDGER_HERE)
		return false;
	ring_mark(MyDatabaseId);
	return true;
}

/* ---- tables ---- */

static bool
is_ours(Oid function)
{
	Oid			schema = own_schema();

	return OidIsValid(schema) && get_func_namespace(function) == schema;
}

/* Anybody who may call our functions can make a trigger with any argument. */
bool
attachment_argument(const char *text, pg_uuid_t *id)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (int i = 0; i < lengthof(form); i++)
		if (form[i] == 'x' ? !isxdigit((unsigned char) text[i]) : text[i] != form[i])
			return false;
	*id = *DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(text)));
	return true;
}

bool
attachment_named(const char *text, pg_uuid_t *id)
{
	return attachment_argument(text, id) && OidIsValid(attachment_relation(id));
}

/* Do the arguments of a trigger of ours name an attachment in force? */
static bool
names_attachment(const Trigger *trigger)
{
	pg_uuid_t	id;

	return trigger->tgnargs == 1 && attachment_named(trigger->tgargs[0], &id);
}

/*
 * By its triggers.  The relation is locked by whoever is about to change it, or
 * it is not, and what is found may be out of date a moment later; then the
 * statement does not get the lock it needs without our looking again.
 */
bool
is_protected(Oid relid)
{
	Relation	rel;
	bool		found = false;

	if (relid < FirstNormalObjectId || !OidIsValid(own_schema()))
		return false;
	rel = RelationIdGetRelation(relid);
	if (rel == NULL)
		return false;
	for (int i = 0; !found && rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
		if (is_ours(rel->trigdesc->triggers[i].tgfoid))
			found = names_attachment(&rel->trigdesc->triggers[i]);
	RelationClose(rel);
	return found;
}

bool
is_guard_trigger(const FormData_pg_trigger *trigger)
{
	/*
	 * check_new_rows() has no argument, and is not among those that attach()
	 * makes
	 */
	return trigger->tgnargs == 1 && is_ours(trigger->tgfoid) && is_protected(trigger->tgrelid);
}

bool
belongs_to(const pg_uuid_t *id, Oid relid)
{
	Oid			attached = attachment_relation(id);

	return OidIsValid(attached) && (attached == relid ||
									list_member_oid(get_partition_ancestors(relid), attached));
}

/* Its trigger certdata_columns lists them, as the server keeps it. */
bool
is_mapped_column(Oid relid, AttrNumber attnum)
{
	Relation	rel = RelationIdGetRelation(relid);
	bool		found = false;

	for (int i = 0; rel != NULL && rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		/* check_new_rows() has no argument, and may be given any columns */
		for (int k = 0; k < trigger->tgnattr && trigger->tgnargs == 1 && is_ours(trigger->tgfoid); k++)
			found |= trigger->tgattr[k] == attnum;
	}
	if (rel != NULL)
		RelationClose(rel);
	return found;
}

/*
 * Where they are: every statement that changes rows asks.  None, as long as
 * there is no extension.
 */
static Oid	internal[lengthof(internal_table)];
static bool internal_known = false;

static void
relation_changed(Oid relid)
{
	bool		ours = !OidIsValid(relid);

	for (int i = 0; i < lengthof(internal_table); i++)
		ours |= internal[i] == relid;
	if (ours)
		internal_known = false;
}

static void
schema_changed(Datum arg, int cache, uint32 hash)
{
	internal_known = false;
}

static void
find_internal(void)
{
	bool		exists = OidIsValid(own_schema());

	internal_known = true;		/* before we look: what changes meanwhile is
								 * noticed */
	for (int i = 0; i < lengthof(internal_table); i++)
	{
		internal[i] = exists ? own_relation(internal_table[i]) : InvalidOid;
		/* an update of the extension is about to make it */
		if (exists && !OidIsValid(internal[i]))
			internal_known = false;
	}
}

bool
is_internal_table(Oid relid)
{
	if (!internal_known)
		find_internal();
	for (int i = 0; i < lengthof(internal_table); i++)
		if (internal[i] == relid)
			return true;
	return false;
}

void
protected_init(void)
{
	certdata_on_relation_change(relation_changed);
	CacheRegisterSyscacheCallback(NAMESPACEOID, schema_changed, (Datum) 0);
}

bool
is_own_object(Oid class_id, Oid object_id)
{
	Oid			extension = get_extension_oid("certdata", true);

	return OidIsValid(extension) && getExtensionOfObject(class_id, object_id) == extension;
}

/* The type of a row stands for its own relation. */
bool
is_own_table(Oid relid)
{
	if (get_rel_namespace(relid) != get_namespace_oid(CERTDATA_SCHEMA, true))
		return false;
	if (get_rel_relkind(relid) == RELKIND_COMPOSITE_TYPE)
		return is_own_object(TypeRelationId, get_rel_type_id(relid));
	return is_own_object(RelationRelationId, relid);
}

bool
is_guarded(Oid relid)
{
	return is_protected(relid) || is_own_table(relid);
}

/* ---- the index on the numbers ---- */

/* As the catalog has them: the relation's would be simplified, which runs functions of their maker as us. */
static List *
stored_expressions(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	List	   *expressions = NIL;
	bool		isnull;
	Datum		value;

	if (!HeapTupleIsValid(tuple))
		return NIL;
	value = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indexprs, &isnull);
	if (!isnull)
		expressions = (List *) stringToNode(TextDatumGetCString(value));
	ReleaseSysCache(tuple);
	return expressions;
}

/* number_key(column), with whatever casts between? */
static bool
is_number_key(Relation index, AttrNumber number)
{
	List	   *expressions = stored_expressions(RelationGetRelid(index));
	Bitmapset  *attnums = NULL;
	FuncExpr   *call;

	if (list_length(expressions) != 1 || !IsA(linitial(expressions), FuncExpr))
		return false;
	call = linitial_node(FuncExpr, expressions);
	if (!is_ours(call->funcid) || strcmp(get_func_name(call->funcid), "number_key") != 0)
		return false;
	pull_varattnos((Node *) call, 1, &attnums);
	return bms_membership(attnums) == BMS_SINGLETON &&
		bms_singleton_member(attnums) == number -FirstLowInvalidHeapAttributeNumber;
}

/*
 * By our own comparison: another one may find no two numbers equal.  Of a text
 * column the plain value will not do: it may be the same number in another
 * notation.
 */
static bool
keeps_unique(Relation index, const Source *source)
{
	Form_pg_index form = index->rd_index;

	if (!form->indisunique || !form->indimmediate || !form->indisvalid || !form->indislive ||
		form->indnkeyatts != 1 || !heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) ||
		!is_own_object(OperatorFamilyRelationId, index->rd_opfamily[0]))
		return false;
	if (source->kind[CD_CERT_NO] == COLUMN_CERTNO)
		return form->indkey.values[0] == source->attnum[CD_CERT_NO];
	return form->indkey.values[0] == 0 && is_number_key(index, source->attnum[CD_CERT_NO]);
}

static bool
oid_keeps_unique(Oid index, const Source *source)
{
	Relation	rel = RelationIdGetRelation(index);
	bool		keeps = rel != NULL && rel->rd_index != NULL && keeps_unique(rel, source);

	if (rel != NULL)
		RelationClose(rel);
	return keeps;
}

bool
is_number_index(Oid index)
{
	Oid			table = IndexGetRelation(index, true);
	Relation	rel;
	const Attachment *att;
	ListCell   *cell;
	bool		others = false;

	if (!OidIsValid(table) || !is_protected(table))
		return false;
	rel = RelationIdGetRelation(table);
	att = attachment_of(rel);
	if (att == NULL)
	{
		RelationClose(rel);
		return false;
	}
	foreach(cell, RelationGetIndexList(rel))
		if (lfirst_oid(cell) != index)
		others |= oid_keeps_unique(lfirst_oid(cell), &att->source);
	RelationClose(rel);
	return !others && oid_keeps_unique(index, &att->source);
}
