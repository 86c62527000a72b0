/*
 * attached.c
 *	  What the check floor asks about attached tables: by what rules their rows
 *	  are judged, and which tables have numbers of their own.
 */
#include "certdata.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/partition.h"
#include "executor/tuptable.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "guard/guard.h"

static bool
attached(Relation rel, bool coming, Source *source, CheckRules *rules)
{
	const Attachment *att = attachment_of(rel);
	const Act	plain = {0};
	Statement	said = {.excused = -1};

	if (att == NULL)
		return false;
	if (coming)
		statement_read(att, &plain, &said);
	attachment_source(att, rel, source);
	*rules = (CheckRules)
	{
		.attachment = &att->id, .profile = att->profile, .excused = said.excused, .withdrawn = att->by_call
	};
	return true;
}

/* The tables that are attached, but for the tree that the source belongs to. */
static List *
other_relations(Oid source)
{
	Oid			oid = own_relation("attachment");
	List	   *list = NIL;
	Relation	rel;
	TableScanDesc scan;
	TupleTableSlot *slot;

	if (!OidIsValid(oid))
		return NIL;
	rel = table_open(oid, AccessShareLock);
	slot = table_slot_create(rel, NULL);
	scan = BEGIN_TABLE_SCAN(rel, GetActiveSnapshot());
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		Oid			relation;

		slot_getallattrs(slot);
		relation = DatumGetObjectId(slot->tts_values[ATT_RELATION]);
		if (slot->tts_isnull[ATT_DETACHED_AT] && relation != source &&
			!list_member_oid(get_partition_ancestors(source), relation))
			list = lappend_oid(list, relation);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, AccessShareLock);
	return list;
}

void
attached_init(void)
{
	attached_relation = attached;
	attached_relations = other_relations;
}
