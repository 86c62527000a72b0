/*
 * shape.c
 *	  Shapes: what the fields of an attached table are kept in, noted when it
 *	  is first acted on like that, so that entries mean the same ever after.
 */
#include "certdata.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/entry.h"

/* Registries by shape; a row of certdata.ledger_shape never changes. */
typedef struct Known
{
	int32		shape;			/* key */
	pg_uuid_t	registry;
} Known;

static HTAB *known = NULL;

/* The table they are from; it may be dropped, and created again with others. */
static Oid	known_relid = InvalidOid;
static bool known_outdated = false;

static void
read_shape(void *arg, Datum *values, bool *nulls)
{
	int32		shape = DatumGetInt32(values[0]);
	Known	   *entry = hash_search(known, &shape, HASH_ENTER, NULL);

	entry->registry = *DatumGetUUIDP(values[2]);
}

static void
begin_known(void)
{
	HASHCTL		control = {.keysize = sizeof(int32), .entrysize = sizeof(Known), .hcxt = TopMemoryContext};

	if (known != NULL)
		hash_destroy(known);
	known = NULL;
	known_relid = own_relation("ledger_shape");
	known_outdated = false;
	known = hash_create("certdata shapes", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
shapes_changed(Oid relid)
{
	if (!OidIsValid(relid) || relid == known_relid)
		known_outdated = true;
}

const pg_uuid_t *
shape_registry(int32 shape)
{
	Known	   *entry;

	if (shape == 0)
		return NULL;
	if (known == NULL || known_outdated)
		begin_known();
	entry = hash_search(known, &shape, HASH_FIND, NULL);
	if (entry == NULL)
	{
		MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "certdata shapes", ALLOCSET_SMALL_SIZES);
		MemoryContext old = MemoryContextSwitchTo(memory);

		PushActiveSnapshot(GetLatestSnapshot());
		read_table("ledger_shape", NULL, read_shape);
		PopActiveSnapshot();
		MemoryContextSwitchTo(old);
		MemoryContextDelete(memory);
		entry = hash_search(known, &shape, HASH_FIND, NULL);
	}
	return entry ? &entry->registry : NULL;
}

/* ---- the shape that a table has now ---- */

/*
 * One value of a query with the attachment as $1, the columns as $2; null:
 * (Datum) 0.  Read-only, so that it is by the active snapshot.
 */
static Datum
query_value(const char *sql, const Attachment *att, Datum columns, bool byval)
{
	Oid			types[2] = {UUIDOID, JSONBOID};
	Datum		values[2] = {UUIDPGetDatum(&att->id), columns};
	Datum		result = (Datum) 0;
	bool		isnull = true;

	if (SPI_execute_with_args(sql, columns == (Datum) 0 ? 1 : 2, types, values, NULL, true, 1) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not look up the shape of an attached table")));
	if (SPI_processed > 0)
		result = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	return isnull || byval ? result : SPI_datumTransfer(result, false, -1);
}

static void
write_shape(const Attachment *att, int32 id, Datum columns)
{
	Datum		values[5];
	bool		nulls[5] = {false};
	char	   *uuid = DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&att->id)));
	char	   *registry = DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&att->registry)));
	ActRow		act = {.kind = "shape", .attachment = &att->id, .has_detail = true};

	act.detail = act_detail("id", psprintf("%d", id), "attachment", uuid, "registry", registry,
							"columns", JsonbToCString(NULL, &DatumGetJsonbP(columns)->root, 0), NULL);
	values[0] = Int32GetDatum(id);
	values[1] = UUIDPGetDatum(&att->id);
	values[2] = UUIDPGetDatum(&att->registry);
	values[3] = columns;
	values[4] = Int64GetDatum(act_write(&act));
	ledger_insert("ledger_shape", values, nulls);
}

/*
 * What the columns are, and the shape that says so; 0: none so far.  As the
 * extension's owner: whoever changes a row need not see the attachments.  With
 * the latest snapshot: columns may have been renamed since the transaction's.
 */
static int32
look_up(const Attachment *att, Datum *columns)
{
	SavedUser	saved;
	int			level;
	int32		id;

	owner_begin(&saved);
	/* types are called the same whatever the caller's search_path */
	level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	PushActiveSnapshot(GetLatestSnapshot());
	SPI_connect();
	*columns = query_value("SELECT pg_catalog.jsonb_object_agg(c.field, pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object("
						   "'column', c.column_name, 'type', c.data_type, 'constant', c.constant, 'map', c.map)))"
						   " FROM certdata.attached_column AS c WHERE c.attachment OPERATOR(pg_catalog.=) $1",
						   att, (Datum) 0, false);
	id = DatumGetInt32(query_value("SELECT s.id FROM certdata.ledger_shape AS s WHERE s.attachment OPERATOR(pg_catalog.=) $1"
								   " AND s.columns OPERATOR(pg_catalog.=) $2 ORDER BY s.id DESC",
								   att, *columns, true));
	SPI_finish();
	PopActiveSnapshot();
	AtEOXact_GUC(true, level);
	owner_end(&saved);
	return id;
}

int32
shape_of(const Attachment *att, Relation rel)
{
	Datum		columns;
	int32		id;

	if (att->shape != 0)
		return att->shape;
	id = look_up(att, &columns);
	if (id == 0)
	{
		/*
		 * What is kept of the attachment goes now, and again if we abort, and
		 * the shape with it.  Before the rows are written: an abort undoes
		 * only what a command before has made known.
		 */
		CacheInvalidateRelcache(rel);
		id = shape_number();
		write_shape(att, id, columns);
	}
	unconstify(Attachment *, att)->shape = id;
	return id;
}

void
shape_init(void)
{
	certdata_on_relation_change(shapes_changed);
}
