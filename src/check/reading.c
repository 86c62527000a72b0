/*
 * reading.c
 *	  Our own tables read without SPI: the caller needs no privilege on them.
 */
#include "check/reading.h"
#include "check/kept.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

/* Where our relations are: asked for many times by every statement. */
#define KNOWN 64
static struct
{
	const char *name;			/* a literal */
	Oid			oid;
}			known[KNOWN];
static int	nknown = 0;

static void
relation_changed(Oid relid)
{
	for (int i = 0; i < nknown; i++)
		if (known[i].oid == relid || !OidIsValid(relid))
		{
			nknown = 0;
			return;
		}
}

void
reading_init(void)
{
	certdata_on_relation_change(relation_changed);
	kept_init();
}

/* ---- tables ---- */

Oid
own_relation(const char *name)
{
	Oid			oid;

	for (int i = 0; i < nknown; i++)
		if (known[i].name == name)
			return known[i].oid;
	oid = get_relname_relid(name, certdata_schema());
	if (OidIsValid(oid) && nknown < KNOWN)
	{
		known[nknown].name = name;
		known[nknown++].oid = oid;
	}
	return oid;
}

/* A serializable transaction has to say what it has read, even if that is nothing. */
bool
is_empty(Relation rel, BlockNumber blocks)
{
	return !IsolationIsSerializable() && RelationGetNumberOfBlocks(rel) <= blocks;
}

void
read_table(const char *name, void *arg, ReadRow row)
{
	Oid			oid = own_relation(name);
	Relation	rel;
	TableScanDesc scan;
	TupleTableSlot *slot;

	if (!OidIsValid(oid))
		return;
	rel = table_open(oid, AccessShareLock);
	kept_is_read(rel);
	if (is_empty(rel, 0))
	{
		table_close(rel, AccessShareLock);
		return;
	}
	slot = table_slot_create(rel, NULL);
	scan = BEGIN_TABLE_SCAN(rel, GetActiveSnapshot());
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		slot_getallattrs(slot);
		row(arg, slot->tts_values, slot->tts_isnull);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, AccessShareLock);
}

/*
 * An index by its name; if it is not what the name says, an answer would be
 * wrong without anybody seeing it.
 */
Relation
own_index_of(Oid table, const char *name, int nkeys)
{
	Oid			oid = own_relation(name);
	Relation	index = OidIsValid(oid) ? try_index_open(oid, AccessShareLock) : NULL;

	if (index == NULL || index->rd_index->indrelid != table ||
		!index->rd_index->indisvalid || index->rd_rel->relam != BTREE_AM_OID ||
		IndexRelationGetNumberOfKeyAttributes(index) < nkeys)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg_internal(zh ? "索引“%s.%s”不存在或不能使用" : "index \"%s.%s\" does not exist or is not usable",
								 CERTDATA_SCHEMA, name),
				 errdetail_internal(zh ? "certdata 用它查找“%s.%s”。" : "certdata looks \"%s.%s\" up by it.",
									CERTDATA_SCHEMA, get_rel_name(table)),
				 errhint("%s", zh ? "按 certdata 的安装脚本重新建立，或执行 REINDEX。" :
						 "Create it as certdata's installation script does, or REINDEX it.")));
	}
	return index;
}

Relation
own_index(Relation rel, const char *name, int nkeys)
{
	return own_index_of(RelationGetRelid(rel), name, nkeys);
}

void
read_by_index(const char *table, const char *index, int nkeys, const Datum *text_key,
			  void *arg, ReadIndexRow row)
{
	Oid			oid = own_relation(table);
	Relation	rel;
	Relation	idx;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ScanKeyData key[INDEX_MAX_KEYS];

	if (!OidIsValid(oid))
		return;
	rel = table_open(oid, AccessShareLock);
	kept_is_read(rel);
	idx = own_index(rel, index, nkeys);
	for (int i = 0; i < nkeys; i++)
	{
		ScanKeyInit(&key[i], i + 1, BTEqualStrategyNumber, F_TEXTEQ, text_key[i]);
		key[i].sk_collation = idx->rd_indcollation[i];
	}
	slot = table_slot_create(rel, NULL);
	scan = BEGIN_INDEX_SCAN(rel, idx, GetActiveSnapshot(), nkeys);
	index_rescan(scan, nkeys > 0 ? key : NULL, nkeys, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		slot_getallattrs(slot);
		if (!row(arg, slot->tts_values, slot->tts_isnull))
			break;
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(idx, AccessShareLock);
	table_close(rel, AccessShareLock);
}

bool
range_days(Datum value, int32 *from, int32 *to)
{
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(type, DatumGetRangeTypeP(value), &lower, &upper, &empty);
	/* the day before -infinity is none */
	if (empty || (!upper.infinite && DATE_IS_NOBEGIN(DatumGetDateADT(upper.val))))
		return false;
	*from = lower.infinite ? PG_INT32_MIN : DatumGetDateADT(lower.val);
	*to = upper.infinite || DATE_IS_NOEND(DatumGetDateADT(upper.val)) ? PG_INT32_MAX :
		DatumGetDateADT(upper.val) - 1; /* canonical: [,) */
	return true;
}

bool
is_word(Datum value, const char *word)
{
	text	   *t = DatumGetTextPP(value);

	return strlen(word) == VARSIZE_ANY_EXHDR(t) &&
		memcmp(VARDATA_ANY(t), word, VARSIZE_ANY_EXHDR(t)) == 0;
}
