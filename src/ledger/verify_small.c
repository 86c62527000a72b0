/*
 * verify_small.c
 *	  certdata.ledger, ledger_incarnation, ledger_shape against the acts that
 *	  recorded their rows.
 *
 * These tables are no leaves of the tree; the acts are, and say what the rows
 * are to be.
 */
#include "certdata.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "check/reading.h"
#include "ledger/verify.h"

static char *
uuid_text(Datum uuid)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, uuid));
}

/* ---- the rows ---- */

static void
read_ledger_row(void *arg, Datum *values, bool *nulls)
{
	Verifier   *v = arg;
	LedgerRow  *row = palloc0(sizeof(LedgerRow));

	row->id = uuid_text(values[0]);
	row->algorithm = TextDatumGetCString(values[1]);
	row->act = DatumGetInt64(values[2]);
	v->ledgers = lappend(v->ledgers, row);
}

static void
read_incarnation_row(void *arg, Datum *values, bool *nulls)
{
	Verifier   *v = arg;
	IncarnationRow *row = palloc0(sizeof(IncarnationRow));

	row->id = DatumGetInt32(values[0]);
	row->system = TextDatumGetCString(values[1]);
	row->database = TextDatumGetCString(values[2]);
	row->act = DatumGetInt64(values[3]);
	v->incarnations = lappend(v->incarnations, row);
	if (row->id <= v->incarnation)
		return;
	v->incarnation = row->id;
	v->here = strcmp(row->system, ledger_system()) == 0 && strcmp(row->database, ledger_database()) == 0;
}

static void
read_shape_row(void *arg, Datum *values, bool *nulls)
{
	Verifier   *v = arg;
	int32		id = DatumGetInt32(values[0]);
	ShapeRow   *row = hash_search(v->shapes, &id, HASH_ENTER, NULL);

	row->attachment = *DatumGetUUIDP(values[1]);
	row->registry = *DatumGetUUIDP(values[2]);
	row->columns = JsonbToCString(NULL, &DatumGetJsonbP(values[3])->root, 0);
	row->act = DatumGetInt64(values[4]);
	row->recorded = false;
}

static void
add_attached(Verifier *v, SPITupleTable *table, HeapTuple tuple)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	Attached   *attached = palloc0(sizeof(Attached));
	bool		isnull;

	attached->at = list_length(v->attached);
	attached->id = *DatumGetUUIDP(SPI_getbinval(tuple, table->tupdesc, 1, &isnull));
	attached->id_text = uuid_text(UUIDPGetDatum(&attached->id));
	attached->registry = *DatumGetUUIDP(SPI_getbinval(tuple, table->tupdesc, 2, &isnull));
	attached->relation = DatumGetObjectId(SPI_getbinval(tuple, table->tupdesc, 3, &isnull));
	attached->validated = DatumGetBool(SPI_getbinval(tuple, table->tupdesc, 4, &isnull));
	v->attached = lappend(v->attached, attached);
	MemoryContextSwitchTo(old);
}

static Dropped *
dropped_table(Verifier *v, const pg_uuid_t *attachment)
{
	MemoryContext old;
	Dropped    *dropped;
	ListCell   *cell;

	foreach(cell, v->dropped)
	{
		dropped = lfirst(cell);
		if (memcmp(&dropped->attachment, attachment, UUID_LEN) == 0)
			return dropped;
	}
	old = MemoryContextSwitchTo(v->memory);
	dropped = palloc0(sizeof(Dropped));
	dropped->attachment = *attachment;
	v->dropped = lappend(v->dropped, dropped);
	MemoryContextSwitchTo(old);
	return dropped;
}

/* As the extension's owner, who may see the attachments. */
static void
read_attached(Verifier *v)
{
	SavedUser	saved;

	owner_begin(&saved);
	SPI_connect();
	if (SPI_execute("SELECT a.id, a.registry, a.relation::pg_catalog.oid, a.validated, a.detached_at IS NOT NULL FROM certdata.attachment AS a"
					" WHERE a.detached_at IS NULL OR a.relation::pg_catalog.oid OPERATOR(pg_catalog.=) 0"
					" ORDER BY a.attached_at, a.id", true, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not read the attachments")));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		bool		isnull;

		if (DatumGetBool(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 5, &isnull)))
			(void) dropped_table(v, DatumGetUUIDP(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &isnull)));
		else
			add_attached(v, SPI_tuptable, tuple);
	}
	SPI_finish();
	owner_end(&saved);
}

static bool
any_act(Verifier *v)
{
	Lookup		acts;
	bool		found;

	lookup_open(&acts, "ledger_act", "ledger_act_pkey", 0);
	index_rescan(acts.scan, NULL, 0, NULL, 0);
	found = lookup_next(v, &acts);
	lookup_close(&acts);
	return found;
}

void
small_read(Verifier *v)
{
	HASHCTL		control = {.keysize = sizeof(int32), .entrysize = sizeof(ShapeRow), .hcxt = v->memory};

	v->shapes = hash_create("certdata shapes", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	read_table("ledger", v, read_ledger_row);
	read_table("ledger_incarnation", v, read_incarnation_row);
	read_table("ledger_shape", v, read_shape_row);
	if (v->ledgers == NIL && v->incarnations == NIL && !any_act(v))
		ledger_not_started();
	read_attached(v);
}

const ShapeRow *
shape_row(Verifier *v, int32 id)
{
	return hash_search(v->shapes, &id, HASH_FIND, NULL);
}

/* ---- the acts ---- */

static bool
says(Jsonb *detail, const char *name, const char *value)
{
	char	   *said = detail_text(detail, name);

	return said != NULL && strcmp(said, value) == 0;
}

static void
differs(Verifier *v, const char *name, const cd_act *act)
{
	problem(v, name, act->id, -1, InvalidOid, NULL,
			psprintf(certdata_lang_zh() ? "该行不是动作%lld所记录的，或已不存在。" :
					 "The row is not what act %lld recorded, or is not there any more.", (long long) act->id));
}

static void
ledger_act(Verifier *v, const cd_act *act, Jsonb *detail)
{
	ListCell   *cell;

	foreach(cell, v->ledgers)
	{
		LedgerRow  *row = lfirst(cell);

		if (says(detail, "ledger", row->id) && says(detail, "algorithm", row->algorithm) &&
			row->act == act->id && !row->recorded)
		{
			row->recorded = true;
			return;
		}
	}
	differs(v, "ledger.changed", act);
}

static void
incarnation_act(Verifier *v, const cd_act *act, Jsonb *detail)
{
	char	   *said = detail_text(detail, "incarnation");
	int32		id = said != NULL ? atoi(said) : 0;
	ListCell   *cell;

	/* acts are leaves and come in order: they know better than the table */
	v->incarnation = Max(v->incarnation, id);
	foreach(cell, v->incarnations)
	{
		IncarnationRow *row = lfirst(cell);

		if (row->id == id && says(detail, "system_identifier", row->system) &&
			says(detail, "database", row->database) && row->act == act->id && !row->recorded)
		{
			row->recorded = true;
			return;
		}
	}
	differs(v, "incarnation.changed", act);
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As uuid_out writes it; false: it is none, where uuid_in would raise an error. */
static bool
uuid_said(const char *said, pg_uuid_t *uuid)
{
	for (int i = 0; i < UUID_LEN; i++)
	{
		int			high;
		int			low;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && *said++ != '-')
			return false;
		high = hex_digit(said[0]);
		low = high < 0 ? -1 : hex_digit(said[1]);
		if (low < 0)
			return false;
		uuid->data[i] = high << 4 | low;
		said += 2;
	}
	return *said == '\0';
}

static void
keep_uuid(Jsonb *detail, const char *name, pg_uuid_t *uuid)
{
	char	   *said = detail_text(detail, name);
	pg_uuid_t	told;

	if (said != NULL && uuid_said(said, &told))
		*uuid = told;
}

/* Whose number an entry speaks of is told by the act, whatever became of the row. */
static void
shape_act(Verifier *v, const cd_act *act, Jsonb *detail)
{
	char	   *said = detail_text(detail, "id");
	int32		id = said != NULL ? atoi(said) : 0;
	bool		found;
	ShapeRow   *row = hash_search(v->shapes, &id, HASH_ENTER, &found);

	if (!found || !says(detail, "attachment", uuid_text(UUIDPGetDatum(&row->attachment))) ||
		!says(detail, "registry", uuid_text(UUIDPGetDatum(&row->registry))) ||
		!says(detail, "columns", row->columns) || row->act != act->id || row->recorded)
		differs(v, "shape.changed", act);
	if (!found)
		memset((char *) row + sizeof(int32), 0, sizeof(ShapeRow) - sizeof(int32));
	row->recorded = true;
	keep_uuid(detail, "attachment", &row->attachment);
	keep_uuid(detail, "registry", &row->registry);
}

static const pg_uuid_t *
attachment_said(const cd_act *act)
{
	char	   *text = pnstrdup(act->attachment.ptr, act->attachment.len);

	return DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(text)));
}

static List *
add_act_on(Verifier *v, List *acts, const cd_act *act)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	ActOn	   *on = palloc(sizeof(ActOn));

	on->attachment = *attachment_said(act);
	on->act = act->id;
	acts = lappend(acts, on);
	MemoryContextSwitchTo(old);
	return acts;
}

/* Only a table that is attached takes such an act. */
static void
take_in_act(Verifier *v, const cd_act *act)
{
	const pg_uuid_t *id = attachment_said(act);
	ListCell   *cell;

	foreach(cell, v->taken_in)
	{
		ActOn	   *on = lfirst(cell);

		if (memcmp(&on->attachment, id, UUID_LEN) == 0)
		{
			on->act = act->id;
			return;
		}
	}
	v->taken_in = add_act_on(v, v->taken_in, act);
}

static void
drop_act(Verifier *v, const cd_act *act, Jsonb *detail)
{
	Dropped    *dropped = dropped_table(v, attachment_said(act));
	char	   *table = detail_text(detail, "table");

	dropped->act = act->id;
	dropped->table = table ? MemoryContextStrdup(v->memory, table) : NULL;
}

/* Tables may have been attached before the ledger was started. */
static void
attached_act(Verifier *v, const cd_act *act)
{
	ListCell   *cell;

	foreach(cell, v->attached)
	{
		Attached   *attached = lfirst(cell);

		if (!value_is(act->attachment, attached->id_text))
			continue;
		attached->recorded |= value_is(act->kind, "validate");
		if (!attached->seen)
			attached->from_start = value_is(act->kind, "attach");
		attached->seen = true;
	}
}

void
small_act(Verifier *v, const cd_act *act, Jsonb *detail)
{
	if (value_is(act->kind, "start"))
		ledger_act(v, act, detail);
	if (value_is(act->kind, "start") || value_is(act->kind, "adopt"))
		incarnation_act(v, act, detail);
	if (value_is(act->kind, "shape"))
		shape_act(v, act, detail);
	else if (act->attachment.ptr != NULL)
		attached_act(v, act);
	/* what is done to a partition leaves its table attached */
	if (act->attachment.ptr == NULL || detail_text(detail, "partition_of") != NULL)
		return;
	if (value_is(act->kind, "attach") || value_is(act->kind, "validate"))
		take_in_act(v, act);
	if (value_is(act->kind, "detach"))
		v->detached = add_act_on(v, v->detached, act);
	if (value_is(act->kind, "drop"))
		drop_act(v, act, detail);
}

void
small_acts(Verifier *v)
{
	MemoryContext old = MemoryContextSwitchTo(v->memory);
	Lookup		acts;

	v->quiet = true;
	lookup_open(&acts, "ledger_act", "ledger_act_pkey", 0);
	index_rescan(acts.scan, NULL, 0, NULL, 0);
	while (lookup_next(v, &acts))
	{
		cd_act		act;

		verify_count(v);
		MemoryContextSwitchTo(v->row);
		read_act(acts.slot, &act);
		small_act(v, &act, acts.slot->tts_isnull[ACT_DETAIL] ? NULL :
				  DatumGetJsonbP(acts.slot->tts_values[ACT_DETAIL]));
		MemoryContextSwitchTo(v->memory);
		MemoryContextReset(v->row);
	}
	lookup_close(&acts);
	v->quiet = false;
	MemoryContextSwitchTo(old);
}

/* ---- attachments of which there is no row ---- */

/* Attached, detached, or dropped, as acts and certdata.attachment have it together. */
static bool
is_accounted_for(const Verifier *v, const ActOn *on)
{
	ListCell   *cell;

	foreach(cell, v->attached)
	{
		const Attached *attached = lfirst(cell);

		if (memcmp(&attached->id, &on->attachment, UUID_LEN) == 0)
			return true;
	}
	foreach(cell, v->dropped)
	{
		const Dropped *dropped = lfirst(cell);

		if (memcmp(&dropped->attachment, &on->attachment, UUID_LEN) == 0)
			return true;
	}
	foreach(cell, v->detached)
	{
		const ActOn *detached = lfirst(cell);

		if (detached->act > on->act && memcmp(&detached->attachment, &on->attachment, UUID_LEN) == 0)
			return true;
	}
	return false;
}

/* What happens to such a table is not looked at any more. */
static void
tell_not_attached(Verifier *v)
{
	ListCell   *cell;

	foreach(cell, v->taken_in)
	{
		const ActOn *on = lfirst(cell);

		if (!is_accounted_for(v, on))
			problem(v, "table.missing", on->act, -1, InvalidOid, NULL,
					psprintf(certdata_lang_zh() ? "动作%lld之后没有动作使该表脱离管理，certdata.attachment 却没有接入它的行；该表的行未核对。" :
							 "No act after %lld detached the table, but certdata.attachment does not have it as attached; its rows were not looked at.",
							 (long long) on->act));
	}
}

/* ---- rows of which no act has spoken ---- */

static void
not_recorded(Verifier *v, const char *name, int64 act, const char *id)
{
	problem(v, name, act, -1, InvalidOid, NULL,
			psprintf(certdata_lang_zh() ? "没有动作记录过这样的行：%s。" : "No act recorded such a row: %s.", id));
}

void
small_end(Verifier *v)
{
	HASH_SEQ_STATUS status;
	ShapeRow   *shape;
	ListCell   *cell;

	foreach(cell, v->ledgers)
	{
		LedgerRow  *row = lfirst(cell);

		if (!row->recorded)
			not_recorded(v, "ledger.changed", row->act, row->id);
	}
	foreach(cell, v->incarnations)
	{
		IncarnationRow *row = lfirst(cell);

		if (!row->recorded)
			not_recorded(v, "incarnation.changed", row->act, psprintf("%d", row->id));
	}
	hash_seq_init(&status, v->shapes);
	while ((shape = hash_seq_search(&status)) != NULL)
		if (!shape->recorded)
			not_recorded(v, "shape.changed", shape->act, psprintf("%d", shape->id));
	tell_not_attached(v);
}
