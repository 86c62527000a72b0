/*
 * act.c
 *	  Acts: one row for what one statement did to one table, or for one call.
 *
 * Who and when is observed here; reason, approval and the like are what was
 * said.
 */
#include "certdata.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "check/writing.h"
#include "ledger/ledger.h"

void
ledger_insert(const char *table, Datum *values, bool *nulls)
{
	EState	   *estate = CreateExecutorState();
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	OwnTable	own;
	TupleTableSlot *slot;
	int			natts;

	own_table_open(&own, table, estate);
	slot = table_slot_create(own.rel, NULL);
	natts = RelationGetDescr(own.rel)->natts;
	memcpy(slot->tts_values, values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, nulls, sizeof(bool) * natts);
	ExecStoreVirtualTuple(slot);
	simple_table_tuple_insert(own.rel, slot);
	own_table_index(&own, slot, false);
	ExecDropSingleTupleTableSlot(slot);
	own_table_close(&own);
	MemoryContextSwitchTo(old);
	FreeExecutorState(estate);
	CommandCounterIncrement();
}

/* What is not said, or blank, is null. */
static void
put_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL || text[0] == '\0';
	if (!nulls[column])
		values[column] = CStringGetTextDatum(text);
}

void
act_said(ActRow *row, const Statement *said)
{
	const char *why = said->exception;

	row->reason = said->reason;
	row->approval = said->approval;
	if (why != NULL)
		row->exception = psprintf("%s: %s", cd_rules[said->excused].id, why + strspn(why, " "));
}

int64
act_write(const ActRow *row)
{
	const Ledger *ledger = ledger_require_here();
	int64		id = row->id > 0 ? row->id : ledger_number();
	Datum		values[ACT_COLUMNS];
	bool		nulls[ACT_COLUMNS] = {false};

	values[ACT_ID] = Int64GetDatum(id);
	values[ACT_INCARNATION] = Int32GetDatum(ledger->incarnation);
	values[ACT_TRANSACTION] = FullTransactionIdGetDatum(GetTopFullTransactionId());
	values[ACT_STATEMENT_ID] = Int64GetDatum(row->statement_id > 0 ? row->statement_id : id);
	values[ACT_KIND] = CStringGetTextDatum(row->kind);
	nulls[ACT_ATTACHMENT] = row->attachment == NULL;
	values[ACT_ATTACHMENT] = UUIDPGetDatum(row->attachment);
	values[ACT_SHAPE] = Int32GetDatum(row->shape);
	values[ACT_ENTRIES] = Int64GetDatum(row->entries);
	values[ACT_RECORDED_AT] = TimestampTzGetDatum(GetCurrentTimestamp());
	put_text(values, nulls, ACT_SESSION_USER, GetUserNameFromId(GetSessionUserId(), false));
	put_text(values, nulls, ACT_CURRENT_USER, GetUserNameFromId(GetUserId(), false));
	put_text(values, nulls, ACT_ADDRESS, certdata_client_address());
	put_text(values, nulls, ACT_APPLICATION_NAME, application_name);
	put_text(values, nulls, ACT_ACTOR, statement_actor());
	put_text(values, nulls, ACT_ACTOR_ORG, statement_actor_org());
	put_text(values, nulls, ACT_REASON, row->reason);
	put_text(values, nulls, ACT_APPROVAL, row->approval);
	put_text(values, nulls, ACT_EXCEPTION, row->exception);
	nulls[ACT_DETAIL] = !row->has_detail;
	values[ACT_DETAIL] = row->detail;
	ledger_insert("ledger_act", values, nulls);
	return id;
}

static void
push_text(JsonbInState *state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value;

	if (text == NULL)
		value.type = jbvNull;
	else
	{
		value.type = jbvString;
		value.val.string.val = unconstify(char *, text);
		value.val.string.len = strlen(text);
	}
	PUSH_JSONB(state, token, &value);
}

Datum
act_detail(const char *name, const char *value,...)
{
	JsonbInState state = {0};
	va_list		args;

	PUSH_JSONB(&state, WJB_BEGIN_OBJECT, NULL);
	va_start(args, value);
	while (name != NULL)
	{
		push_text(&state, WJB_KEY, name);
		push_text(&state, WJB_VALUE, value);
		name = va_arg(args, const char *);
		if (name != NULL)
			value = va_arg(args, const char *);
	}
	va_end(args);
	PUSH_JSONB(&state, WJB_END_OBJECT, NULL);
	return JsonbPGetDatum(JsonbValueToJsonb(state.result));
}

Datum
pairs_jsonb(int n, const char *const *name, const cd_text *text)
{
	JsonbInState state = {0};

	PUSH_JSONB(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < n; i++)
	{
		JsonbValue	value = {.type = jbvString};

		push_text(&state, WJB_KEY, name[i]);
		if (text[i].len == 0)
			value.type = jbvNull;
		else
		{
			value.val.string.val = unconstify(char *, text[i].ptr);
			value.val.string.len = text[i].len;
		}
		PUSH_JSONB(&state, WJB_VALUE, &value);
	}
	PUSH_JSONB(&state, WJB_END_OBJECT, NULL);
	return JsonbPGetDatum(JsonbValueToJsonb(state.result));
}
