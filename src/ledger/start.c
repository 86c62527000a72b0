/*
 * start.c
 *	  start_ledger, adopt_ledger: the beginning of a ledger, and of its going
 *	  on in another cluster or database.
 */
#include "certdata.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/protect.h"
#include "ledger/ledger.h"
#include "ledger/settings.h"

PG_FUNCTION_INFO_V1(certdata_start_ledger);
PG_FUNCTION_INFO_V1(certdata_adopt_ledger);

/* A version 4 uuid. */
static void
make_uuid(pg_uuid_t *id)
{
	if (!cd_random(id->data, UUID_LEN))
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not draw random bytes: %s", cd_digest_error())));
	id->data[6] = (id->data[6] & 0x0f) | 0x40;
	id->data[8] = (id->data[8] & 0x3f) | 0x80;
}

static void
write_incarnation(int32 id, int64 act)
{
	Datum		values[4];
	bool		nulls[4] = {false};

	values[0] = Int32GetDatum(id);
	values[1] = CStringGetTextDatum(ledger_system());
	values[2] = CStringGetTextDatum(ledger_database());
	values[3] = Int64GetDatum(act);
	ledger_insert("ledger_incarnation", values, nulls);
	ledger_changed();
	CommandCounterIncrement();
}

static void
start(cd_algorithm algorithm)
{
	pg_uuid_t	id;
	Datum		values[3];
	bool		nulls[3] = {false};
	ActRow		act = {.id = ledger_number(), .kind = "start", .has_detail = true};

	settings_wait();
	make_uuid(&id);
	values[0] = UUIDPGetDatum(&id);
	values[1] = CStringGetTextDatum(cd_algorithm_name[algorithm]);
	values[2] = Int64GetDatum(act.id);
	ledger_insert("ledger", values, nulls);
	write_incarnation(1, act.id);
	act.detail = act_detail("ledger", DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&id))),
							"algorithm", cd_algorithm_name[algorithm], "incarnation", "1",
							"system_identifier", ledger_system(), "database", ledger_database(), NULL);
	(void) act_write(&act);
}

/* One ledger is started once; the lock is kept to the transaction's end. */
static const Ledger *
lock_ledger(void)
{
	LockRelationOid(own_relation("ledger"), ShareRowExclusiveLock);
	return ledger_get();
}

/* Before ALTER EXTENSION UPDATE there is nothing to start. */
void
ledger_start_unless(void)
{
	if (!OidIsValid(own_relation("ledger")))
		return;
	if (ledger_get() == NULL && lock_ledger() == NULL)
		start(CD_SHA256);
}

/*
 * What runs on attached tables at the moment is not recorded: wait until it
 * is over.  There are such tables only where the ledger came later than they.
 */
static void
wait_for_writers(void)
{
	SavedUser	saved;

	owner_begin(&saved);
	SPI_connect();
	if (SPI_execute("SELECT a.relation::pg_catalog.oid FROM certdata.attachment AS a"
					" JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) a.relation"
					" WHERE a.detached_at IS NULL ORDER BY 1", true, 0) != SPI_OK_SELECT)
		ereport(ERROR, (errmsg_internal("could not read the attachments")));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;

		LockRelationOid(DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)),
						ShareRowExclusiveLock);
	}
	SPI_finish();
	owner_end(&saved);
}

/* start_ledger(algorithm) */
Datum
certdata_start_ledger(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	cd_algorithm algorithm;
	const Ledger *ledger;
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));
	bool		zh = certdata_lang_zh();

	PreventCommandIfReadOnly("certdata.start_ledger()");
	if (!cd_algorithm_find(name, strlen(name), &algorithm))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "台账不能使用摘要算法“%s”" : "digest \"%s\" is not one a ledger can have", name),
				 errhint("%s", zh ? "使用 sha256 或 sm3。" : "Use sha256 or sm3.")));
	ledger = lock_ledger();
	if (ledger != NULL && ledger->algorithm != algorithm)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg_internal(zh ? "台账已经启用，摘要算法是 %s" : "the ledger is started already, with digest %s",
								 cd_algorithm_name[ledger->algorithm]),
				 errhint("%s", zh ? "台账的摘要算法不能更换。" : "A ledger keeps its digest.")));
	if (ledger != NULL)
		ereport(NOTICE, (errmsg_internal("%s", zh ? "台账已经启用" : "the ledger is started already")));
	else
	{
		wait_for_writers();
		start(algorithm);
		ledger = ledger_require();
	}
	*id = ledger->id;
	PG_RETURN_UUID_P(id);
}

/* ---- adopting ---- */

/* A sequence may have been left behind where tables were copied. */
static void
catch_up(void)
{
	SavedUser	saved;

	owner_begin(&saved);
	SPI_connect();
	(void) SPI_execute("SELECT pg_catalog.setval('certdata.ledger_act_id', a.id) FROM certdata.ledger_act AS a"
					   " WHERE a.id OPERATOR(pg_catalog.>) (SELECT s.last_value FROM certdata.ledger_act_id AS s)"
					   " ORDER BY a.id DESC LIMIT 1", false, 0);
	(void) SPI_execute("SELECT pg_catalog.setval('certdata.ledger_shape_id', a.id) FROM certdata.ledger_shape AS a"
					   " WHERE a.id OPERATOR(pg_catalog.>) (SELECT s.last_value FROM certdata.ledger_shape_id AS s)"
					   " ORDER BY a.id DESC LIMIT 1", false, 0);
	SPI_finish();
	owner_end(&saved);
}

/* adopt_ledger(reason) */
Datum
certdata_adopt_ledger(PG_FUNCTION_ARGS)
{
	char	   *reason = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const Ledger *ledger;
	int32		incarnation;
	ActRow		act = {.kind = "adopt", .reason = reason, .has_detail = true};
	bool		zh = certdata_lang_zh();

	PreventCommandIfReadOnly("certdata.adopt_ledger()");
	if (statement_is_blank(reason))
		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_NO_REASON),
				 errmsg_internal("%s", zh ? "认领台账须说明原因" : "adopting a ledger needs a reason"),
				 errhint("%s", zh ? "说明它的来源：备份、迁移到另一服务器、升级。" :
						 "Say where it comes from: a backup, a move to another server, an upgrade.")));
	(void) lock_ledger();
	ledger = ledger_require();
	if (ledger->here)
	{
		ereport(NOTICE, (errmsg_internal("%s", zh ? "台账本就属于本数据库" : "the ledger is this database's already")));
		PG_RETURN_INT32(ledger->incarnation);
	}
	catch_up();
	incarnation = ledger->incarnation + 1;
	act.id = ledger_number();
	write_incarnation(incarnation, act.id);
	act.detail = act_detail("incarnation", psprintf("%d", incarnation), "system_identifier", ledger_system(),
							"database", ledger_database(), NULL);
	(void) act_write(&act);
	(void) protecting();		/* other databases know it from now on */
	PG_RETURN_INT32(incarnation);
}
