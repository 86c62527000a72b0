/*
 * head.c
 *	  Heads of the tree, and checkpoints: what is told of them to outsiders.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "common/base64.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/seal.h"

PG_FUNCTION_INFO_V1(certdata_head);

/* Columns of certdata.ledger_head, from 0. */
enum
{
	HEAD_SIZE, HEAD_ROOT, HEAD_ACT
};

/* ---- reading ---- */

const Ledger *
tree_reading_begin(void)
{
	const Ledger *ledger = ledger_require();

	PushActiveSnapshot(GetLatestSnapshot());
	return ledger;
}

void
tree_reading_end(void)
{
	PopActiveSnapshot();
}

/*
 * Did this transaction make the row?  Then it can still be rolled back, and a
 * head once told binds the ledger for ever.
 */
static bool
is_mine(TupleTableSlot *slot)
{
	bool		free_it;
	HeapTuple	tuple = ExecFetchSlotHeapTuple(slot, false, &free_it);
	TransactionId xmin = HeapTupleHeaderGetXmin(tuple->t_data);

	if (free_it)
		heap_freetuple(tuple);
	return TransactionIdIsCurrentTransactionId(xmin);
}

/* The nearest row from the limit on, in that direction. */
static bool
find_head(int64 limit, ScanDirection direction, bool other_transactions_only,
		  int64 *size, cd_node *root, int64 *act)
{
	bool		up = direction == ForwardScanDirection;
	Relation	rel = table_open(own_relation("ledger_head"), AccessShareLock);
	Relation	index = own_index(rel, "ledger_head_pkey", 1);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = BEGIN_INDEX_SCAN(rel, index, GetActiveSnapshot(), 1);
	bool		found = false;
	ScanKeyData key;

	ScanKeyInit(&key, 1, up ? BTGreaterEqualStrategyNumber : BTLessEqualStrategyNumber,
				up ? F_INT8GE : F_INT8LE, Int64GetDatum(limit));
	index_rescan(scan, &key, 1, NULL, 0);
	while (!found && index_getnext_slot(scan, direction, slot))
	{
		bytea	   *value;

		if (other_transactions_only && is_mine(slot))
			continue;
		slot_getallattrs(slot);
		*size = DatumGetInt64(slot->tts_values[HEAD_SIZE]);
		*act = DatumGetInt64(slot->tts_values[HEAD_ACT]);
		value = DatumGetByteaPP(slot->tts_values[HEAD_ROOT]);
		if (*size <= 0 || VARSIZE_ANY_EXHDR(value) != CD_HASH_LEN)
			ledger_corrupted(psprintf(certdata_lang_zh() ? "certdata.ledger_head 中大小为%lld的一行不是树头。" :
									  "The row of size %lld in certdata.ledger_head is not a head.",
									  (long long) *size));
		memcpy(root->b, VARDATA_ANY(value), CD_HASH_LEN);
		found = true;
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, AccessShareLock);
	table_close(rel, AccessShareLock);
	return found;
}

bool
head_up_to(int64 limit, bool other_transactions_only, int64 *size, cd_node *root, int64 *act)
{
	return find_head(limit, BackwardScanDirection, other_transactions_only, size, root, act);
}

bool
head_oldest(int64 *size)
{
	int64		act;
	cd_node		root;

	return find_head(0, ForwardScanDirection, true, size, &root, &act);
}

bool
head_newest(bool other_transactions_only, int64 *size, cd_node *root, int64 *act)
{
	return head_up_to(PG_INT64_MAX, other_transactions_only, size, root, act);
}

bool
head_of_size(int64 size, bool other_transactions_only, cd_node *root, int64 *act)
{
	int64		found;

	return head_up_to(size, other_transactions_only, &found, root, act) && found == size;
}

/* ---- checkpoints: doc/ledger.md, C2SP tlog-checkpoint and signed-note ---- */

void
append_base64(StringInfo out, const void *data, size_t len)
{
	int			room = pg_b64_enc_len(len);
	int			n;

	enlargeStringInfo(out, room);
	/* an unsigned or a plain pointer, as the server's version has it */
	n = pg_b64_encode((void *) data, len, out->data + out->len, room);
	if (n < 0)
		elog(ERROR, "base64 has no room");	/* cannot happen */
	out->len += n;
	out->data[out->len] = '\0';
}

static cd_piece
piece_of(const char *text)
{
	return (cd_piece) {text, strlen(text)};
}

/* The first four bytes of a SHA-256, whatever the ledger's own digest is. */
static void
key_id(const cd_key *key, cd_algorithm algorithm, const char *origin, unsigned char id[4])
{
	bool		ed25519 = cd_key_type_of(key) == CD_ED25519;
	bool		described = ed25519 && algorithm == CD_SHA256;
	unsigned char raw[CD_PUBLIC_KEY_MAX];
	unsigned char hash[CD_HASH_LEN];
	cd_digest  *digest = cd_digest_new(CD_SHA256);
	cd_piece	piece[4] = {piece_of(origin), {described ? "\n\x01" : "\n\xff", 2}, {raw, 0}};
	bool		ok;
	int			n = 2;

	if (!described)
		piece[n++] = piece_of(ed25519 ? "certdata-ed25519" : "certdata-sm2-sm3");
	piece[n] = (cd_piece) {raw, cd_key_raw(key, raw)};
	ok = piece[n++].len > 0 && digest != NULL && cd_digest_pieces(digest, piece, n, hash);
	cd_digest_free(digest);
	if (!ok)
		signing_key_refused(cd_digest_error());
	memcpy(id, hash, 4);
}

/* The line of the signature, of what is in the note before its empty line. */
static void
append_signature(StringInfo note, const cd_key *key, cd_algorithm algorithm, const char *origin)
{
	unsigned char signature[4 + CD_SIGNATURE_MAX];
	size_t		len;

	key_id(key, algorithm, origin, signature);
	if (!cd_sign(key, note->data, note->len, signature + 4, &len))
		signing_key_refused(cd_digest_error());
	appendStringInfo(note, "\n\xe2\x80\x94 %s ", origin);
	append_base64(note, signature, 4 + len);
	appendStringInfoChar(note, '\n');
}

char *
checkpoint_text(const Ledger *ledger, int64 size, const cd_node *root)
{
	cd_algorithm algorithm = ledger->algorithm;
	char	   *origin = ledger_origin(ledger);
	cd_key	   *key = signing_key();
	StringInfoData note;

	initStringInfo(&note);
	appendStringInfo(&note, "%s\n%lld\n", origin, (long long) size);
	append_base64(&note, root->b, CD_HASH_LEN);
	appendStringInfoChar(&note, '\n');
	if (algorithm != CD_SHA256)
		appendStringInfo(&note, "hash %s\n", cd_algorithm_name[algorithm]);
	if (key == NULL)
	{
		appendStringInfoChar(&note, '\n');
		return note.data;
	}
	PG_TRY();
	{
		append_signature(&note, key, algorithm, origin);
	}
	PG_FINALLY();
	{
		cd_key_free(key);
	}
	PG_END_TRY();
	return note.data;
}

/* head(): the newest; head(size): that one. */
Datum
certdata_head(PG_FUNCTION_ARGS)
{
	const Ledger *ledger = tree_reading_begin();
	int64		size = PG_NARGS() == 0 ? 0 : PG_GETARG_INT64(0);
	cd_node		root;
	int64		act;
	bool		found = PG_NARGS() == 0 ? head_newest(true, &size, &root, &act) :
	head_of_size(size, true, &root, &act);

	tree_reading_end();
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(checkpoint_text(ledger, size, &root)));
}
