/*
 * fields.c
 *	  Which columns of a relation the fields are, kept until it changes.
 *
 * Every statement on a table with certdata.check_inserts() asks, and to find
 * them by their names and types takes longer than to judge a row.
 */
#include "certdata.h"

#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "check/check.h"

typedef struct KnownFields
{
	Oid			relid;			/* key */
	Source		source;			/* desc is of no use */
} KnownFields;

static HTAB *known = NULL;
static uint64 changes = 0;		/* that we have heard of */

static void
forget_all(void)
{
	HASH_SEQ_STATUS status;
	KnownFields *entry;

	changes++;
	hash_seq_init(&status, known);
	while ((entry = hash_seq_search(&status)) != NULL)
		(void) hash_search(known, &entry->relid, HASH_REMOVE, NULL);
}

static void
relation_changed(Oid relid)
{
	if (!OidIsValid(relid))
		forget_all();
	else if (hash_search(known, &relid, HASH_REMOVE, NULL) != NULL)
		changes++;
}

/* A type was renamed, or made of another one. */
static void
types_changed(Datum arg, int cache, uint32 hash)
{
	forget_all();
}

/* The relation is locked, but word of a type may come while others are looked up. */
static void
find_fields(Relation rel, Source *source)
{
	StringInfoData missing;
	Oid			relid = RelationGetRelid(rel);
	KnownFields *entry;
	uint64		before = changes;

	initStringInfo(&missing);
	source_init(source, RelationGetDescr(rel), &missing);
	if (missing.len > 0)
		source_missing_error(RelationGetRelationName(rel), rel, &missing);
	if (changes != before)
		return;
	entry = hash_search(known, &relid, HASH_ENTER, NULL);
	entry->source = *source;
}

void
relation_fields(Relation rel, Source *source)
{
	Oid			relid = RelationGetRelid(rel);
	KnownFields *entry;
	CheckRules	rules;

	if (attached_relation != NULL && attached_relation(rel, false, source, &rules))
		return;
	entry = hash_search(known, &relid, HASH_FIND, NULL);
	if (entry == NULL)
	{
		find_fields(rel, source);
		return;
	}
	*source = entry->source;
	source->desc = RelationGetDescr(rel);
}

void
fields_init(void)
{
	HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(KnownFields)};

	control.hcxt = AllocSetContextCreate(TopMemoryContext, "certdata fields", ALLOCSET_SMALL_SIZES);
	known = hash_create("certdata fields", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	certdata_on_relation_change(relation_changed);
	CacheRegisterSyscacheCallback(TYPEOID, types_changed, (Datum) 0);
}
