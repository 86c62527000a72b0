/*
 * verify_values.c
 *	  Salts and old values of entries: whether they open the commitments, and
 *	  whether what was erased was erased by an act.
 */
#include "certdata.h"

#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"

#include "ledger/record.h"
#include "ledger/verify.h"

/* Entries that acts of kind 'erase' name, and entries that are erased, in one order. */
struct Erasures
{
	Verifier   *v;
	TupleDesc	desc;
	TupleTableSlot *slot;
	Tuplesortstate *sort;
};

enum
{
	ERASURE_NAMED, ERASURE_FOUND
};

Erasures *
erasures_begin(Verifier *v)
{
	static AttrNumber column[3] = {1, 2, 3};
	static Oid	less[3] = {Int8LessOperator, Int4LessOperator, Int4LessOperator};
	static Oid	collation[3] = {InvalidOid, InvalidOid, InvalidOid};
	static bool nulls_first[3] = {false, false, false};
	Erasures   *erasures = palloc(sizeof(Erasures));

	erasures->v = v;
	erasures->desc = CreateTemplateTupleDesc(3);
	TupleDescInitEntry(erasures->desc, 1, "act", INT8OID, -1, 0);
	TupleDescInitEntry(erasures->desc, 2, "n", INT4OID, -1, 0);
	TupleDescInitEntry(erasures->desc, 3, "what", INT4OID, -1, 0);
	TupleDescFinalize(erasures->desc);
	erasures->slot = MakeSingleTupleTableSlot(erasures->desc, &TTSOpsMinimalTuple);
	erasures->sort = tuplesort_begin_heap(erasures->desc, 3, column, less, collation, nulls_first,
										  maintenance_work_mem, NULL, TUPLESORT_NONE);
	return erasures;
}

static void
put(Erasures *erasures, int64 act, int32 n, int what)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(erasures->desc, &TTSOpsVirtual);

	slot->tts_values[0] = Int64GetDatum(act);
	slot->tts_values[1] = Int32GetDatum(n);
	slot->tts_values[2] = Int32GetDatum(what);
	memset(slot->tts_isnull, false, 3 * sizeof(bool));
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(erasures->sort, slot);
	ExecDropSingleTupleTableSlot(slot);
}

/* A number of an array; 0: it is none, or too large. */
static int64
number_at(JsonbContainer *array, uint32 i)
{
	JsonbValue *value = getIthJsonbValueFromContainer(array, i);
	int64		number = 0;

	(void) json_int8(value, &number);
	return number;
}

/* {"entries": [[act, n], ...]} */
void
erasures_list(Erasures *erasures, Jsonb *detail)
{
	JsonbValue	room;
	JsonbValue *list = detail == NULL || !JB_ROOT_IS_OBJECT(detail) ? NULL :
	getKeyJsonValueFromContainer(&detail->root, "entries", strlen("entries"), &room);
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;

	if (list == NULL || list->type != jbvBinary || !JsonContainerIsArray(list->val.binary.data))
		return;
	it = JsonbIteratorInit(list->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
		if (token == WJB_ELEM && value.type == jbvBinary && JsonContainerIsArray(value.val.binary.data))
			put(erasures, number_at(value.val.binary.data, 0),
				(int32) number_at(value.val.binary.data, 1), ERASURE_NAMED);
}

void
erasures_end(Erasures *erasures)
{
	TupleTableSlot *slot = erasures->slot;
	int64		named_act = 0;
	int32		named_n = 0;

	tuplesort_performsort(erasures->sort);
	while (tuplesort_gettupleslot(erasures->sort, true, false, slot, NULL))
	{
		int64		act;
		int32		n;

		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		act = DatumGetInt64(slot->tts_values[0]);
		n = DatumGetInt32(slot->tts_values[1]);
		if (DatumGetInt32(slot->tts_values[2]) == ERASURE_NAMED)
		{
			named_act = act;
			named_n = n;
		}
		else if (act != named_act || n != named_n)
			problem(erasures->v, "erased.unlawfully", act, -1, InvalidOid, NULL,
					psprintf(certdata_lang_zh() ? "动作%lld的第%lld条记录的值被删去，而没有删除动作提到它。" :
							 "Values of entry %2$lld of act %1$lld are gone, and no act of kind erase names it.",
							 (long long) act, (long long) n));
	}
	tuplesort_end(erasures->sort);
	ExecDropSingleTupleTableSlot(slot);
}

/* ---- one entry ---- */

/* Null has no bytes. */
SaltPlaces
salt_places(int salts_len, int commitments_len)
{
	int			n = Max(commitments_len, 0) / CD_HASH_LEN;
	int			image = n >= CD_PART_OLD ? SALTS_IMAGE : 0;
	int			old = n == 1 || n == CD_NPARTS ? CD_SALT_LEN : 0;
	SaltPlaces	places = {.image = -1, .old = -1};

	salts_len = Max(salts_len, 0);
	if (n > CD_NPARTS || n == 2 || (commitments_len > 0 && commitments_len % CD_HASH_LEN != 0))
		return places;
	places.right = true;
	places.erased = n > 0 && salts_len != image + old;
	if (salts_len == image + old)
	{
		places.image = image > 0 ? 0 : -1;
		places.old = old > 0 ? image : -1;
	}
	else if (image > 0 && old > 0 && salts_len == image + CD_HASH_LEN)
		places.image = 0;
	else if (image > 0 && old > 0 && salts_len == CD_HASH_LEN + old)
		places.old = CD_HASH_LEN;
	else
		places.right = n > 0 && salts_len == CD_HASH_LEN;
	return places;
}

static bool
opens(const LedgerEntry *entry, int salt, cd_value text)
{
	const unsigned char *salts = entry->salts.ptr;
	const unsigned char *commitments = entry->body.commitments.ptr;
	unsigned char hash[CD_HASH_LEN];

	commit_part(CD_PART_OLD, salts + salt, text.ptr, text.len, hash);
	return memcmp(hash, commitments + entry->body.commitments.len - CD_HASH_LEN, CD_HASH_LEN) == 0;
}

static void
tell(Verifier *v, const char *name, const LedgerEntry *entry, const char *zh, const char *en)
{
	problem(v, name, entry->act, -1, InvalidOid, entry->has_no ? &entry->no : NULL,
			psprintf(certdata_lang_zh() ? "动作%lld的第%lld条记录：%s" : "Entry %2$lld of act %1$lld: %3$s",
					 (long long) entry->act, (long long) entry->n, certdata_lang_zh() ? zh : en));
}

void
verify_entry_values(Verifier *v, Erasures *erasures, TupleTableSlot *slot)
{
	LedgerEntry entry;
	SaltPlaces	places;
	bool		has_old;
	bool		commits_old;

	read_entry_values(slot, &entry);
	places = salt_places(entry.salts.ptr == NULL ? 0 : entry.salts.len, entry.body.commitments.len);
	if (!places.right)
	{
		tell(v, "salts.changed", &entry, "盐与承诺的个数不同。", "there is not one salt for each commitment.");
		return;
	}
	if (places.erased)
		put(erasures, entry.act, entry.n, ERASURE_FOUND);
	has_old = !slot->tts_isnull[ENTRY_OLD_VALUES];
	commits_old = entry.body.commitments.len == CD_HASH_LEN || entry.body.commitments.len == CD_NPARTS * CD_HASH_LEN;
	if (places.old < 0 && has_old)
		tell(v, "values.changed", &entry, "旧值没有盐。", "its old values have no salt.");
	else if (places.old < 0 ? commits_old && !places.erased :
			 !has_old || !opens(&entry, places.old, jsonb_value(slot, ENTRY_OLD_VALUES)))
		tell(v, "values.changed", &entry, "旧值不是所承诺的。", "its old values are not those committed to.");
}
