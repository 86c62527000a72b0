/*
 * ddl_change.c
 *	  What an ALTER has changed: rows of catalogs as they were before the
 *	  statement's change, and as they are with it.
 *
 * The server tells of a change when it has made it and before anybody sees it:
 * a snapshot of the catalogs shows the row as it was, SnapshotSelf as it is.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_inherits.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "guard/ddl.h"

static HeapTuple
find_row(Oid catalog, Oid index, int column, Oid oid, Snapshot snapshot)
{
	Relation	rel = table_open(catalog, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(oid));
	scan = systable_beginscan(rel, index, true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		tuple = heap_copytuple(tuple);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return tuple;
}

HeapTuple
row_before(Oid catalog, Oid index, int column, Oid oid)
{
	return find_row(catalog, index, column, oid, NULL);
}

HeapTuple
row_after(Oid catalog, Oid index, int column, Oid oid)
{
	return find_row(catalog, index, column, oid, SnapshotSelf);
}

/* Of an object of any class; InvalidOid: it is in none. */
Oid
schema_of(Oid class_id, Oid oid, bool after)
{
	HeapTuple	row;
	Relation	rel;
	Datum		schema;
	bool		isnull;

	if (!is_objectclass_supported(class_id) || get_object_attnum_namespace(class_id) == InvalidAttrNumber)
		return InvalidOid;
	row = (after ? row_after : row_before) (class_id, get_object_oid_index(class_id),
											get_object_attnum_oid(class_id), oid);
	if (!HeapTupleIsValid(row))
		return InvalidOid;
	rel = table_open(class_id, AccessShareLock);
	schema = heap_getattr(row, get_object_attnum_namespace(class_id), RelationGetDescr(rel), &isnull);
	table_close(rel, AccessShareLock);
	return isnull ? InvalidOid : DatumGetObjectId(schema);
}

/* Is the table a child or partition of the other one, with the statement's change? */
bool
inherits_after(Oid child, Oid parent)
{
	Relation	rel = table_open(InheritsRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(child));
	scan = systable_beginscan(rel, InheritsRelidSeqnoIndexId, true, SnapshotSelf, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		found |= ((Form_pg_inherits) GETSTRUCT(tuple))->inhparent == parent;
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}
