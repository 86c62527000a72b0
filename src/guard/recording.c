/*
 * recording.c
 *	  What the guard floor tells the ledger, which is the floor above.
 */
#include "certdata.h"

#include "common/hashfn.h"
#include "storage/lmgr.h"

#include "check/reading.h"
#include "guard/act.h"
#include "guard/rows.h"
#include "rule/leaf.h"

const Recording *recording = NULL;

/* An object of the class certdata.attachment, by the attachment's id. */
void
lock_unrecorded(const Attachment *att, bool alone)
{
	LockDatabaseObject(own_relation("attachment"), hash_bytes(att->id.data, UUID_LEN), 0,
					   alone ? ExclusiveLock : ShareLock);
}

int
state_bits(const Life *life)
{
	return (life->name_used ? CD_STATE_NAME_USED : 0) |
		(life->document_used ? CD_STATE_DOCUMENT_USED : 0) |
		(life->published ? CD_STATE_PUBLISHED : 0) |
		(life->suspended ? CD_STATE_SUSPENDED : 0) |
		(life->retired ? CD_STATE_RETIRED : 0);
}

static cd_text
text_of(const char *text)
{
	return (cd_text) {text, text ? strlen(text) : 0};
}

/* What a type has proved stands in rec only. */
void
image_of(const cd_text field[CD_NFIELDS], const cd_record *rec, unsigned typed,
		 ImageRoom *room, cd_text image[CD_NFIELDS])
{
	memcpy(image, field, sizeof(cd_text) * CD_NFIELDS);
	if (typed & 1u << CD_ID_TYPE)
		image[CD_ID_TYPE] = text_of(cd_kind_name[rec->kind]);
	if (typed & 1u << CD_LEVEL)
		image[CD_LEVEL] = text_of(cd_level_name[rec->level]);
	if (typed & 1u << CD_ID_NUMBER && rec->has_id)
	{
		if (rec->packed_id >= 0)
			cd_resident_print(rec->packed_id, room->id);
		else
			memcpy(room->id, rec->id.s, rec->id.len);
		image[CD_ID_NUMBER] = (cd_text) {room->id, rec->packed_id >= 0 ? 18 : rec->id.len};
	}
	if (typed & 1u << CD_CERT_NO && rec->has_no)
	{
		cd_certno_print(&rec->no, room->number);
		image[CD_CERT_NO] = (cd_text) {room->number, CD_CERTNO_LEN};
	}
	if (typed & 1u << CD_ISSUE_DATE && rec->date != CD_DATE_NONE)
	{
		cd_date_print(rec->date, room->date);
		image[CD_ISSUE_DATE] = (cd_text) {room->date, 10};
	}
}

void
record_leaving(Recorder *recorder, const Life *life, const cd_certno *to)
{
	RecordedEntry entry = {
		.no = &life->no, .state = state_bits(life) | CD_STATE_RENUMBERED,
		.changed = 1 << CD_CERT_NO, .old_name = "renumbered_to", .old_value = number_string(to)
	};

	if (recorder != NULL)
		recording->entry(recorder, &entry);
}

void
record_left(const Rows *rows, const Life *life, const cd_certno *to)
{
	RecordedAct act = {.kind = "apply"};
	Recorder   *recorder = recording->begin(rows->att, rows->rel, &act);

	if (recorder == NULL)
		return;
	record_leaving(recorder, life, to);
	recording->end(recorder);
}

void
record_whole_act(const Attachment *att, Relation rel, const char *kind,
				 const Statement *said, Datum detail, bool has_detail)
{
	RecordedAct act = {
		.kind = kind, .said = said, .detail = detail, .has_detail = has_detail, .whole = true
	};
	Recorder   *recorder = recording->begin(att, rel, &act);

	if (recorder != NULL)
		recording->end(recorder);
}
