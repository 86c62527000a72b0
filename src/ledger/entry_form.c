/*
 * entry_form.c
 *	  Tuples of entries that are alike.
 *
 * Entries of a bulk load differ in n, number, salts and commitments, which have
 * the same lengths in all of them.  So the tuple of one, with these put in,
 * is the next one's.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "executor/tuptable.h"

#include "ledger/entry.h"

/* Where in the tuple the bytes of a column are; 0: not as they should be. */
static size_t
place_of(const EntryForm *form, TupleDesc desc, int column, int len)
{
	bool		isnull;
	Datum		value = heap_getattr(form->tuple, column + 1, desc, &isnull);
	char	   *bytes;

	if (isnull)
		return 0;
	bytes = DatumGetPointer(value);
	if (TupleDescAttr(desc, column)->attlen == -1)
	{
		if (VARATT_IS_EXTERNAL(bytes) || VARATT_IS_COMPRESSED(bytes) || VARSIZE_ANY_EXHDR(bytes) != len)
			return 0;
		bytes = VARDATA_ANY(bytes);
	}
	return bytes - (char *) form->tuple->t_data;
}

/* It stands behind act, which is never null. */
static size_t
place_of_n(const EntryForm *form, int32 n)
{
	size_t		at = form->tuple->t_data->t_hoff + sizeof(int64);

	return memcmp((char *) form->tuple->t_data + at, &n, sizeof(n)) == 0 ? at : 0;
}

static bool
may_be_formed(const EntryRow *row)
{
	return row->no != NULL && row->previous == NULL && !row->has_old && row->salts != NULL && row->commitments != NULL;
}

void
form_learn(EntryForm *form, TupleTableSlot *slot, int32 n, const EntryRow *row)
{
	TupleDesc	desc = slot->tts_tupleDescriptor;
	bool		own;
	HeapTuple	tuple;

	if (!may_be_formed(row))
		return;
	tuple = ExecFetchSlotHeapTuple(slot, false, &own);
	form->tuple = heap_copytuple(tuple);
	if (own)
		heap_freetuple(tuple);
	form->like = *row;
	form->n = place_of_n(form, n);
	form->no = place_of(form, desc, ENTRY_CERT_NO, sizeof(cd_certno));
	form->salts = place_of(form, desc, ENTRY_SALTS, row->salts_len);
	form->commitments = place_of(form, desc, ENTRY_COMMITMENTS, row->commitments_len);
	form->known = form->n > 0 && form->no > 0 && form->salts > 0 && form->commitments > 0;
}

bool
form_store(const EntryForm *form, TupleTableSlot *slot, int32 n, const EntryRow *row)
{
	const EntryRow *like = &form->like;
	char	   *data;

	if (!form->known || !may_be_formed(row) || row->shape != like->shape || row->life_seq != like->life_seq ||
		row->state != like->state || row->changed != like->changed || row->salts_len != like->salts_len ||
		row->commitments_len != like->commitments_len)
		return false;
	data = (char *) form->tuple->t_data;
	memcpy(data + form->n, &n, sizeof(n));
	memcpy(data + form->no, row->no, sizeof(cd_certno));
	memcpy(data + form->salts, row->salts, row->salts_len);
	memcpy(data + form->commitments, row->commitments, row->commitments_len);
	ExecForceStoreHeapTuple(form->tuple, slot, false);
	return true;
}
