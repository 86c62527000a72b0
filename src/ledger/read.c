/*
 * read.c
 *	  Rows of the ledger as what is hashed (doc/ledger.md).
 */
#include "certdata.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "ledger/ledger.h"

static cd_value
value_of(const char *text)
{
	return (cd_value) {text, strlen(text)};
}

/* A text or bytea column; null is no value. */
static cd_value
varlena_value(TupleTableSlot *slot, int column)
{
	struct varlena *v;

	if (slot->tts_isnull[column])
		return (cd_value) {NULL, 0};
	v = PG_DETOAST_DATUM_PACKED(slot->tts_values[column]);
	return (cd_value) {VARDATA_ANY(v), VARSIZE_ANY_EXHDR(v)};
}

cd_value
jsonb_value(TupleTableSlot *slot, int column)
{
	Jsonb	   *jsonb;
	StringInfoData text;

	if (slot->tts_isnull[column])
		return (cd_value) {NULL, 0};
	jsonb = DatumGetJsonbP(slot->tts_values[column]);
	initStringInfo(&text);
	(void) JsonbToCString(&text, &jsonb->root, VARSIZE(jsonb));
	return (cd_value) {text.data, text.len};
}

int64
unix_microseconds(TimestampTz at)
{
	return at + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
}

void
read_act(TupleTableSlot *slot, cd_act *act)
{
	slot_getallattrs(slot);
	act->id = DatumGetInt64(slot->tts_values[ACT_ID]);
	act->incarnation = DatumGetInt32(slot->tts_values[ACT_INCARNATION]);
	act->transaction = DatumGetUInt64(slot->tts_values[ACT_TRANSACTION]);
	act->statement_id = DatumGetInt64(slot->tts_values[ACT_STATEMENT_ID]);
	act->kind = varlena_value(slot, ACT_KIND);
	act->attachment = slot->tts_isnull[ACT_ATTACHMENT] ? (cd_value) {NULL, 0} :
		value_of(DatumGetCString(DirectFunctionCall1(uuid_out, slot->tts_values[ACT_ATTACHMENT])));
	act->shape = DatumGetInt32(slot->tts_values[ACT_SHAPE]);
	act->entries = DatumGetInt64(slot->tts_values[ACT_ENTRIES]);
	act->recorded_at = unix_microseconds(DatumGetTimestampTz(slot->tts_values[ACT_RECORDED_AT]));
	act->session_user = varlena_value(slot, ACT_SESSION_USER);
	act->current_user = varlena_value(slot, ACT_CURRENT_USER);
	act->address = varlena_value(slot, ACT_ADDRESS);
	act->application_name = varlena_value(slot, ACT_APPLICATION_NAME);
	act->actor = varlena_value(slot, ACT_ACTOR);
	act->actor_org = varlena_value(slot, ACT_ACTOR_ORG);
	act->reason = varlena_value(slot, ACT_REASON);
	act->approval = varlena_value(slot, ACT_APPROVAL);
	act->exception = varlena_value(slot, ACT_EXCEPTION);
	act->detail = jsonb_value(slot, ACT_DETAIL);
}

void
act_leaf_hash(const cd_act *act, unsigned char out[CD_HASH_LEN])
{
	size_t		len = cd_act_data(act, NULL);
	unsigned char *data = palloc(len);

	(void) cd_act_data(act, data);
	ledger_leaf_hash(data, len, out);
	pfree(data);
}

/* H(04 || first || second) */
static void
erasable_hash(const unsigned char *first, size_t first_len, const unsigned char *second, size_t second_len,
			  unsigned char out[CD_HASH_LEN])
{
	cd_piece	piece[3] = {{"\x04", 1}, {first, first_len}, {second, second_len}};

	ledger_hash(piece, second_len > 0 ? 3 : 2, out);
}

/*
 * The salts of an image and that of old values are erased one without the
 * other, so each has a digest of its own, which takes its place; how many
 * commitments there are tells what the bytes are.
 */
cd_value
salts_digest(cd_value salts, size_t commitments_len, unsigned char room[CD_HASH_LEN])
{
	const unsigned char *bytes = salts.ptr;
	bool		both = commitments_len == CD_NPARTS * CD_HASH_LEN && salts.len >= CD_HASH_LEN + CD_SALT_LEN;
	size_t		image_len = salts.len == CD_HASH_LEN + CD_SALT_LEN ? CD_HASH_LEN : SALTS_IMAGE;
	unsigned char image[CD_HASH_LEN];
	unsigned char old[CD_HASH_LEN];

	if (bytes == NULL || salts.len == CD_HASH_LEN)
		return salts;
	if (!both)
		erasable_hash(bytes, salts.len, NULL, 0, room);
	else
	{
		if (image_len == SALTS_IMAGE)
			erasable_hash(bytes, SALTS_IMAGE, NULL, 0, image);
		else
			memcpy(image, bytes, CD_HASH_LEN);
		if (salts.len - image_len == CD_HASH_LEN)
			memcpy(old, bytes + image_len, CD_HASH_LEN);
		else
			erasable_hash(bytes + image_len, salts.len - image_len, NULL, 0, old);
		erasable_hash(image, CD_HASH_LEN, old, CD_HASH_LEN, room);
	}
	return (cd_value) {room, CD_HASH_LEN};
}

void
read_entry(TupleTableSlot *slot, LedgerEntry *entry)
{
	read_entry_values(slot, entry);
	entry->body.salts_digest = salts_digest(entry->salts, entry->body.commitments.len, entry->salts_room);
}

void
read_entry_values(TupleTableSlot *slot, LedgerEntry *entry)
{
	cd_entry   *body = &entry->body;

	slot_getallattrs(slot);
	entry->act = DatumGetInt64(slot->tts_values[ENTRY_ACT]);
	entry->n = DatumGetInt32(slot->tts_values[ENTRY_N]);
	body->shape = DatumGetInt32(slot->tts_values[ENTRY_SHAPE]);
	body->cert_no = (cd_value) {NULL, 0};
	entry->has_no = !slot->tts_isnull[ENTRY_CERT_NO];
	if (entry->has_no)
	{
		memcpy(&entry->no, DatumGetPointer(slot->tts_values[ENTRY_CERT_NO]), sizeof(cd_certno));
		cd_certno_print(&entry->no, entry->no_text);
		body->cert_no = (cd_value) {entry->no_text, CD_CERTNO_LEN};
	}
	body->life_seq = DatumGetInt32(slot->tts_values[ENTRY_LIFE_SEQ]);
	body->state = DatumGetInt16(slot->tts_values[ENTRY_STATE]);
	body->changed = DatumGetInt16(slot->tts_values[ENTRY_CHANGED]);
	body->previous = varlena_value(slot, ENTRY_PREVIOUS);
	entry->salts = varlena_value(slot, ENTRY_SALTS);
	body->salts_digest = (cd_value) {NULL, 0};
	body->commitments = varlena_value(slot, ENTRY_COMMITMENTS);
}

/* A body has a place in CD_ENTRY_BODY_MAX bytes, unless somebody tampered with it. */
bool
entry_fits(const cd_entry *body)
{
	return body->previous.len <= CD_HASH_LEN && body->salts_digest.len <= CD_HASH_LEN &&
		body->commitments.len <= CD_NPARTS * CD_HASH_LEN;
}

void
entry_leaf_hash(const cd_entry *body, const unsigned char act_hash[CD_HASH_LEN],
				int64 n, unsigned char out[CD_HASH_LEN])
{
	unsigned char data[CD_ENTRY_DATA_MAX];

	if (!entry_fits(body))
		memset(out, 0, CD_HASH_LEN);	/* no digest: it differs from what was
										 * sealed */
	else
		ledger_leaf_hash(data, cd_entry_data(body, act_hash, n, data), out);
}

void
entry_previous(const cd_entry *body, unsigned char out[CD_HASH_LEN])
{
	unsigned char data[CD_ENTRY_BODY_MAX];
	cd_piece	piece[2] = {{"\x03", 1}, {data, 0}};

	memset(out, 0, CD_HASH_LEN);
	if (!entry_fits(body))
		return;
	piece[1].len = cd_entry_body(body, data);
	ledger_hash(piece, 2, out);
}
