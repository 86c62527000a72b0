/*
 * attachment.c
 *	  What certdata.attachment says about a table, kept as long as it holds.
 *
 * An attached table is known by its triggers.  Their argument is the
 * attachment's id; the column list of certdata_columns is the mapping, which
 * the server keeps right when columns are renamed, dropped, dumped and
 * restored.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/guard.h"
#include "guard/protect.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_attachment_changed);

typedef struct Entry
{
	Oid			relid;			/* key */
	Attachment *att;			/* NULL: to be read again */
	MemoryContext memory;
} Entry;

static HTAB *entries = NULL;
static MemoryContext memory = NULL;

/* What invalidation took out of use; a trigger may still be at work with it. */
static List *outdated = NIL;
static Oid	attachment_relid = InvalidOid;

/* Counts invalidations that concern us, to see those that come while we read. */
static uint64 generation = 0;

/* ---- invalidation ---- */

static void
forget(Entry *entry)
{
	MemoryContext old;

	if (entry->att == NULL)
		return;
	old = MemoryContextSwitchTo(memory);
	outdated = lappend(outdated, entry->memory);
	MemoryContextSwitchTo(old);
	entry->att = NULL;
	entry->memory = NULL;
}

static void
relation_changed(Oid relid)
{
	HASH_SEQ_STATUS status;
	Entry	   *entry;

	if (OidIsValid(relid) && relid != attachment_relid)
	{
		entry = hash_search(entries, &relid, HASH_FIND, NULL);
		generation += entry != NULL;
		if (entry != NULL)
			forget(entry);
		return;
	}
	generation++;
	hash_seq_init(&status, entries);
	while ((entry = hash_seq_search(&status)) != NULL)
		forget(entry);
}

static void
free_outdated(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;
	while (outdated != NIL)
	{
		MemoryContextDelete(linitial(outdated));
		outdated = list_delete_first(outdated);
	}
}

Datum
certdata_attachment_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", "attachment_changed")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	return PointerGetDatum(NULL);
}

/* ---- reading ---- */

void
attachment_broken(Relation rel, const char *detail_zh, const char *detail_en)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg_internal(zh ? "“%s”的接入信息不能使用" : "attachment of \"%s\" is not usable", RelationGetRelationName(rel)),
			 errdetail_internal("%s", zh ? detail_zh : detail_en),
			 errhint("%s", zh ? "解除接入后重新接入该表，或由备份恢复 certdata.attachment。" :
					 "Detach and attach the table again, or restore certdata.attachment from a backup."),
			 errtable(rel)));
}

bool
is_columns_function(Oid function)
{
	char	   *name = get_func_namespace(function) == certdata_schema() ? get_func_name(function) : NULL;

	return name != NULL && strcmp(name, "guard_columns") == 0;
}

/* The trigger that carries the mapping; NULL: the table is not attached. */
static Trigger *
columns_trigger(Relation rel)
{
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		Trigger    *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgnattr > 0 && trigger->tgnargs == 1 && is_columns_function(trigger->tgfoid))
			return trigger;
	}
	return NULL;
}

bool
attachment_id(Relation rel, pg_uuid_t *id)
{
	Trigger    *trigger = columns_trigger(rel);

	return trigger != NULL && attachment_argument(trigger->tgargs[0], id);
}

/*
 * Call read with the row of that id, as of now whatever the transaction's
 * snapshot.  A parallel query can have no other snapshot than its own.
 */
static bool
read_attachment(const pg_uuid_t *id, void (*read) (void *arg, Datum *values, bool *nulls), void *arg)
{
	Relation	rel = table_open(attachment_relid, AccessShareLock);
	Relation	index = own_index(rel, "attachment_pkey", 1);
	Snapshot	snapshot = RegisterSnapshot(IsInParallelMode() ? GetActiveSnapshot() :
											GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, snapshot, 1);
	ScanKeyData key;
	bool		found;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(id));
	index_rescan(scan, &key, 1, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, slot);
	if (found)
	{
		slot_getallattrs(slot);
		read(arg, slot->tts_values, slot->tts_isnull);
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	index_close(index, AccessShareLock);
	table_close(rel, AccessShareLock);
	return found;
}

typedef struct Reader
{
	Attachment *att;
	Relation	rel;
	const Trigger *trigger;
	int			ncolumns;
	Datum	   *column;			/* names */
} Reader;

static cd_text
text_of_json(const JsonbValue *value)
{
	cd_text		text = {NULL, 0};

	if (value != NULL && value->type == jbvString)
	{
		text.len = value->val.string.len;
		text.ptr = pnstrdup(value->val.string.val, text.len);
	}
	return text;
}

static const CodeMap *
read_map(JsonbContainer *container)
{
	CodeMap    *map = palloc0(sizeof(CodeMap));
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue	value;
	int			room = JsonContainerSize(container);

	map->code = palloc(sizeof(cd_text) * Max(room, 1));
	map->text = palloc(sizeof(cd_text) * Max(room, 1));
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			map->code[map->n] = text_of_json(&value);
		else if (token == WJB_VALUE)
			map->text[map->n++] = text_of_json(&value);
	}
	return map;
}

static AttrNumber
attnum_of(const Reader *reader, cd_text name)
{
	for (int i = 0; i < reader->ncolumns; i++)
	{
		const char *column = NameStr(*DatumGetName(reader->column[i]));

		if (strlen(column) == name.len && memcmp(column, name.ptr, name.len) == 0)
			return reader->trigger->tgattr[i];
	}
	attachment_broken(reader->rel, "有字段的列不在其触发器 certdata_columns 的列表中。",
					  "A field's column is not in the list of its trigger certdata_columns.");
}

/* {"column": name}, with "map": {code: text}, or {"value": text} */
static void
read_field(Reader *reader, cd_field field, const JsonbValue *value)
{
	Source	   *source = &reader->att->source;
	JsonbValue	room;
	JsonbValue *found;

	if (value == NULL || value->type != jbvBinary)
		attachment_broken(reader->rel, "certdata.attachment 中缺少字段。",
						  "A field is missing in certdata.attachment.");
	found = getKeyJsonValueFromContainer(value->val.binary.data, "value", 5, &room);
	if (found != NULL)
	{
		source->constant[field] = text_of_json(found);
		source->fields |= 1u << field;
		return;
	}
	found = getKeyJsonValueFromContainer(value->val.binary.data, "column", 6, &room);
	source_use_column(source, field, attnum_of(reader, text_of_json(found)));
	found = getKeyJsonValueFromContainer(value->val.binary.data, "map", 3, &room);
	if (found != NULL && found->type == jbvBinary)
		source->map[field] = read_map(found->val.binary.data);
}

static void
read_fields(Reader *reader, Jsonb *fields)
{
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		JsonbValue	room;

		read_field(reader, (cd_field) i,
				   getKeyJsonValueFromContainer(&fields->root, cd_field_name[i],
												strlen(cd_field_name[i]), &room));
	}
}

static void
read_row(void *arg, Datum *values, bool *nulls)
{
	Reader	   *reader = arg;
	Attachment *att = reader->att;

	if (!nulls[ATT_DETACHED_AT])
		attachment_broken(reader->rel, "它已解除接入，却仍有触发器。", "It is detached, yet has triggers.");
	deconstruct_array(DatumGetArrayTypeP(values[ATT_COLUMNS]), NAMEOID, NAMEDATALEN, false,
					  TYPALIGN_CHAR, &reader->column, NULL, &reader->ncolumns);
	if (reader->trigger->tgnattr != reader->ncolumns + (nulls[ATT_STATE_COLUMN] ? 0 : 1))
		attachment_broken(reader->rel, "其触发器 certdata_columns 的列数不符。",
						  "Its trigger certdata_columns has another number of columns.");
	att->registry = *DatumGetUUIDP(values[ATT_REGISTRY]);
	att->shared = !nulls[ATT_REGISTER];
	att->by_call = is_word(values[ATT_PUBLICATION], "by_call");
	att->require_actor = DatumGetBool(values[ATT_REQUIRE_ACTOR]);
	att->record_existing = is_word(values[ATT_EXISTING], "record");
	att->approver = nulls[ATT_APPROVER] ? InvalidOid : DatumGetObjectId(values[ATT_APPROVER]);
	/* the column came with the ledger, the library may come before both */
	att->again = OidIsValid(own_relation("ledger")) && DatumGetBool(values[ATT_AGAIN]);
	att->profile = is_word(values[ATT_PROFILE], "competition") ? CHECK_COMPETITION : CHECK_HEBEI_2022;
	if (!nulls[ATT_STATE_COLUMN])
		att->state_attnum = reader->trigger->tgattr[reader->ncolumns];
	read_fields(reader, DatumGetJsonbP(values[ATT_FIELDS]));
}

static Attachment *
read_relation(Relation rel)
{
	Attachment *att = palloc0(sizeof(Attachment));
	Reader		reader = {.att = att, .rel = rel, .trigger = columns_trigger(rel)};

	if (reader.trigger == NULL)
		attachment_broken(rel, "其触发器刚刚被删除。", "Its triggers were dropped a moment ago.");

	att->relation = RelationGetRelid(rel);
	if (!attachment_argument(reader.trigger->tgargs[0], &att->id))
		attachment_broken(rel, "其触发器 certdata_columns 的参数不是接入标识。",
						  "The argument of its trigger certdata_columns is no attachment's id.");
	att->source.desc = RelationGetDescr(rel);
	if (!read_attachment(&att->id, read_row, &reader))
		attachment_broken(rel, "它有触发器，而 certdata.attachment 中没有相应的接入。",
						  "It has triggers of an attachment that certdata.attachment does not list.");
	return att;
}

/* ---- what others ask ---- */

const Attachment *
attachment_of(Relation rel)
{
	Oid			relid = RelationGetRelid(rel);
	Entry	   *entry = hash_search(entries, &relid, HASH_FIND, NULL);
	MemoryContext fresh;
	Attachment *att;
	uint64		before;
	bool		found;

	if (entry != NULL && entry->att != NULL)
		return entry->att;
	attachment_relid = own_relation("attachment");
	if (columns_trigger(rel) == NULL)
		return NULL;
	/* it has to be there, so that what happens to it is noticed */
	entry = hash_search(entries, &relid, HASH_ENTER, &found);
	if (!found)
		entry->att = NULL;
	fresh = AllocSetContextCreate(CurrentMemoryContext, "certdata attachment", ALLOCSET_SMALL_SIZES);
	do
	{
		MemoryContext old = MemoryContextSwitchTo(fresh);

		MemoryContextReset(fresh);
		before = generation;
		att = read_relation(rel);
		MemoryContextSwitchTo(old);
	} while (generation != before);
	MemoryContextSetParent(fresh, memory);
	entry->att = att;
	entry->memory = fresh;
	return att;
}

pg_noreturn static void
refuse_unattached(Relation rel)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_NOT_ATTACHED, .rule = CD_NRULES, .relation = rel
	};

	refusal.message = psprintf(zh ? "“%s”没有接入 certdata" : "table \"%s\" is not attached",
							   RelationGetRelationName(rel));
	refusal.hint = zh ? "先调用 certdata.attach()；certdata.attachment 列出已接入的表。" :
		"Call certdata.attach() first; certdata.attachment lists the tables that are attached.";
	certdata_refuse(&refusal);
}

const Attachment *
attachment_require(Relation rel)
{
	const Attachment *att = attachment_of(rel);

	if (att == NULL)
		refuse_unattached(rel);
	return att;
}

static void
read_relid(void *arg, Datum *values, bool *nulls)
{
	if (nulls[ATT_DETACHED_AT])
		*(Oid *) arg = DatumGetObjectId(values[ATT_RELATION]);
}

Oid
attachment_relation(const pg_uuid_t *id)
{
	Oid			relid = InvalidOid;

	attachment_relid = own_relation("attachment");
	(void) read_attachment(id, read_relid, &relid);
	return relid;
}

void
attachment_source(const Attachment *att, Relation rel, Source *source)
{
	*source = att->source;
	source->desc = RelationGetDescr(rel);
}

const char *
attachment_column(const Attachment *att, Relation rel, cd_field field)
{
	AttrNumber	attnum = att->source.attnum[field];

	return attnum == 0 ? NULL : NameStr(TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attname);
}

char *
attachment_number_sql(const Attachment *att, Relation rel)
{
	const char *column = quote_identifier(attachment_column(att, rel, CD_CERT_NO));

	return att->source.kind[CD_CERT_NO] == COLUMN_CERTNO ? pstrdup(column) :
		psprintf("certdata.number_key(%s)", column);
}

void
attachment_init(void)
{
	HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(Entry)};

	memory = AllocSetContextCreate(TopMemoryContext, "certdata attachments", ALLOCSET_SMALL_SIZES);
	control.hcxt = memory;
	entries = hash_create("certdata attachments", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	certdata_on_relation_change(relation_changed);
	RegisterXactCallback(free_outdated, NULL);
}
