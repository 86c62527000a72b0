/*
 * correction.c
 *	  Changed rows of attached tables: which of them are lawful corrections.
 *
 * 第十四条: a correction has a reason and is approved; of 姓名 and 证件号码 only
 * one may be changed, in principle, over the certificate's life.  A row is
 * changed when a value is, whatever columns the statement lists.
 */
#include "certdata.h"

#include "access/xact.h"
#include "executor/executor.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "guard/act.h"
#include "guard/rows.h"
#include "rule/change.h"
#include "rule/leaf.h"

#define BIT(field) (1u << (field))

/* A row as far as it could be read. */
typedef struct RowRead
{
	cd_text		field[CD_NFIELDS];
	cd_record	rec;
	unsigned	typed;
} RowRead;

void
updating_begin(Updating *up, const Attachment *att, Relation rel, const Act *act, bool applied)
{
	Statement	statement;

	up->act = *act;
	up->applied = applied;
	up->taken = applied && certdata_on_apply == CERTDATA_APPLY_RECORD;

	/*
	 * The ledger's entries tell which items are used up, but not in which
	 * transaction one was used again.
	 */
	up->items_in_life = certdata_item_span == CERTDATA_SPAN_REQUEST || recording->state() == LEDGER_NONE;
	statement_read(att, act, &statement);
	rows_begin(&up->rows, att, rel, statement.excused);
	up->statement = statement;
	up->rows.recorded = (RecordedAct)
	{
		.id = act->id, .statement_id = act->statement_id, .said = &up->statement,
			.kind = up->applied ? "apply" : act->kind == ACT_RENUMBER ? "renumber" : "correct"
	};
	up->old = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
}

void
updating_end(Updating *up)
{
	rows_end(&up->rows);
	ExecDropSingleTupleTableSlot(up->old);
}

/* ---- what has changed ---- */

static bool
same_text(const Updating *up, cd_field field)
{
	char	   *before = source_text(&up->rows.source, up->old, field);
	char	   *after = source_text(&up->rows.source, up->rows.slot, field);

	return strcmp(before ? before : "", after ? after : "") == 0;
}

unsigned
changed_fields(const Updating *up)
{
	const Source *source = &up->rows.source;
	TupleTableSlot *old = up->old;
	TupleTableSlot *new = up->rows.slot;
	unsigned	changed = 0;

	slot_getallattrs(old);
	slot_getallattrs(new);
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		int			at = source->attnum[i] - 1;
		Form_pg_attribute att;

		if (at < 0 || (old->tts_isnull[at] && new->tts_isnull[at]))
			continue;
		att = TupleDescAttr(source->desc, at);
		if (old->tts_isnull[at] == new->tts_isnull[at] &&
			datum_image_eq(old->tts_values[at], new->tts_values[at], att->attbyval, att->attlen))
			continue;
		/* other bytes may be the same value, and null is the same as empty */
		if (!same_text(up, (cd_field) i))
			changed |= BIT(i);
	}
	return changed;
}

bool
state_column_changed(const Updating *up)
{
	int			at = up->rows.att->state_attnum - 1;
	Form_pg_attribute att;

	if (at < 0)
		return false;
	att = TupleDescAttr(up->rows.source.desc, at);
	if (up->old->tts_isnull[at] || up->rows.slot->tts_isnull[at])
		return up->old->tts_isnull[at] != up->rows.slot->tts_isnull[at];
	return !datum_image_eq(up->old->tts_values[at], up->rows.slot->tts_values[at],
						   att->attbyval, att->attlen);
}

static cd_text
text_of_field(const Updating *up, TupleTableSlot *slot, cd_field field)
{
	char	   *text = source_text(&up->rows.source, slot, field);

	return (cd_text) {text, text ? strlen(text) : 0};
}

bool
number_of_text(cd_text text, cd_certno *no)
{
	cd_no_fault fault;
	int			fixed;

	/* as number_key() reads it */
	while (text.len > 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	return text.len > 0 && cd_certno_parse(text.ptr, text.len, no, &fixed, &fault) == CD_NO_OK;
}

bool
number_of_row(const Updating *up, TupleTableSlot *slot, cd_certno *no)
{
	const Source *source = &up->rows.source;

	if (source->kind[CD_CERT_NO] == COLUMN_CERTNO && source->map[CD_CERT_NO] == NULL)
	{
		bool		isnull;
		Datum		value = slot_getattr(slot, source->attnum[CD_CERT_NO], &isnull);

		if (!isnull)
			memcpy(no, DatumGetPointer(value), sizeof(*no));
		return !isnull;
	}
	return number_of_text(text_of_field(up, slot, CD_CERT_NO), no);
}

/* ---- one of two items ---- */

static bool
name_corrected(const Updating *up, unsigned changed)
{
	return changed & BIT(CD_NAME) &&
		cd_name_change(text_of_field(up, up->old, CD_NAME),
					   text_of_field(up, up->rows.slot, CD_NAME)) == CD_CHANGED;
}

static bool
document_corrected(const Updating *up, unsigned changed, const RowRead *before, const RowRead *after)
{
	return changed & BIT(CD_ID_NUMBER) &&
		cd_document_change(before->rec.kind, text_of_field(up, up->old, CD_ID_NUMBER),
						   after->rec.kind, text_of_field(up, up->rows.slot, CD_ID_NUMBER)) == CD_CHANGED;
}

/*
 * Was the item used up, by this transaction if that is all that counts?
 * certdata.life knows of those from before the ledger.
 */
static bool
is_used(bool in_life, uint64 used_in, bool in_ledger)
{
	if (certdata_item_span == CERTDATA_SPAN_REQUEST)
		return in_life && used_in == U64FromFullTransactionId(GetTopFullTransactionId());
	return in_life || in_ledger;
}

static void
use_item(bool *used, uint64 *used_in)
{
	*used = true;
	*used_in = U64FromFullTransactionId(GetTopFullTransactionId());
}

static void
find_second_item(Updating *up, bool name, bool document)
{
	const Life *life = &up->before;
	int			items = up->known ? rows_items(&up->rows, &life->no) : 0;
	bool		name_before = is_used(life->name_used, life->name_used_in, items & CD_STATE_NAME_USED);
	bool		document_before = is_used(life->document_used, life->document_used_in, items & CD_STATE_DOCUMENT_USED);
	cd_finding *finding;

	if (!(name && document) && !(name && document_before) && !(document && name_before))
		return;
	finding = rows_find(&up->rows, CD_RULE_CORRECTION_ONE_ITEM);
	snprintf(finding->arg1, CD_ARG_SIZE, "%s",
			 cd_field_name[document_before && !document ? CD_ID_NUMBER : CD_NAME]);
}

/* 第十四条: note what is used up, find fault if it is the second item. */
static void
judge_items(Updating *up, bool name, bool document)
{
	Life	   *life = &up->before;

	if (!name && !document)
		return;
	if (!up->taken)
		find_second_item(up, name, document);
	up->used = (name ? CD_STATE_NAME_USED : 0) | (document ? CD_STATE_DOCUMENT_USED : 0);
	if (name)
		use_item(&life->name_used, &life->name_used_in);
	if (document)
		use_item(&life->document_used, &life->document_used_in);
	if (up->known && up->items_in_life)
		life_put(rows_life(&up->rows), life);
}

/* ---- faults ---- */

static bool
has_finding(const cd_findings *findings, const cd_finding *finding)
{
	for (int i = 0; i < findings->n; i++)
		if (findings->item[i].rule == finding->rule && findings->item[i].field == finding->field)
			return true;
	return false;
}

/*
 * A correction leaves no fault in a changed field and adds none: which
 * findings about the new row are those of the old one, in fields that nobody
 * touched?
 */
static void
mark_older(Updating *up, unsigned changed, RowRead *before, bool older[CD_MAX_FINDINGS])
{
	cd_findings *found = pass_findings(up->rows.pass);
	cd_findings *old = palloc(sizeof(cd_findings));

	old->n = 0;
	pass_check(up->rows.pass, before->field, up->rows.source.fields, before->typed, &before->rec, old);
	for (int i = 0; i < found->n; i++)
		older[i] = !(found->item[i].field < CD_NFIELDS && changed & BIT(found->item[i].field)) &&
			has_finding(old, &found->item[i]);
}

/* ---- one row ---- */

static void
read_row(const Updating *up, TupleTableSlot *slot, RowRead *row)
{
	source_read(&up->rows.source, slot, row->field, &row->rec, &row->typed);
}

/*
 * The life of the certificate that the old row is, as of now: the row is
 * locked.  A number that stands as text is told by the check of the row.
 */
static void
find_life(Updating *up, RowRead *before)
{
	up->known = false;
	if (!(before->typed & BIT(CD_CERT_NO)))
		before->rec.has_no = number_of_text(before->field[CD_CERT_NO], &before->rec.no);
	if (before->rec.has_no)
	{
		(void) life_find(rows_life(&up->rows), up->rows.att, &before->rec.no, &up->before);
		up->known = true;
	}
	else
		memset(&up->before, 0, sizeof(up->before));
}

/* Reason and approval, told of every change of a mapped field. */
static void
require_said(const Updating *up, bool published)
{
	const Rows *rows = &up->rows;

	if (up->applied)
		return;
	statement_require_actor(rows->att, rows->rel);
	statement_require_reason(&up->statement, rows->rel, CD_RULE_CORRECTION_REASON);
	if (published)
		statement_require_approval(&up->statement, rows->att, rows->rel, CD_RULE_CORRECTION_APPROVAL);
}

/* May the number change?  Only by acts that see to its life themselves. */
static bool
number_may_change(const Updating *up, const RowRead *before, const RowRead *after)
{
	if (up->act.kind == ACT_RENUMBER || up->act.kind == ACT_RENUMBER_ASIDE || up->taken)
		return true;
	/* withdrawn: given up, and not for another */
	if (up->act.kind == ACT_STATE)
		return up->rows.slot->tts_isnull[up->rows.source.attnum[CD_CERT_NO] - 1];

	/*
	 * none before, or what is none: a row that was there when the table was
	 * attached gets one; a withdrawn one does not
	 */
	return !before->rec.has_no && (before->field[CD_CERT_NO].len > 0 || !up->rows.att->by_call);
}

/* A number that a row gets for the first time is as new as an inserted one. */
static void
judge_first_number(Updating *up, const RowRead *after)
{
	Life		life;

	if (up->known || !after->rec.has_no)
		return;
	if (life_find(rows_life(&up->rows), up->rows.att, &after->rec.no, &life) ||
		(up->rows.att->again && rows_items(&up->rows, &after->rec.no) != 0))
		rows_find(&up->rows, CD_RULE_NO_USED);
	else if (up->rows.att->shared)
		life_put(rows_life(&up->rows), &life);
}

/* An act that writes number or state, and nothing besides. */
static bool
is_whole_act(const Updating *up)
{
	return up->act.kind == ACT_RENUMBER || up->act.kind == ACT_RENUMBER_ASIDE ||
		up->act.kind == ACT_STATE;
}

/* ---- what the ledger is told ---- */

/*
 * One more step of the certificate's life.  A number that it leaves was told
 * by renumber(), before; the publisher's by ourselves.
 */
static void
record_change(Updating *up, unsigned changed, const RowRead *before, const RowRead *after)
{
	cd_text		image[CD_NFIELDS];
	cd_text		old[CD_NFIELDS];
	cd_certno	no = after->rec.no;
	RecordedEntry entry = {
		.row = up->rows.row_no, .state = state_bits(&up->before), .used = up->used, .changed = changed, .image = image, .old = old
	};
	ImageRoom	old_room;

	if (pass_counts(up->rows.pass)->rejected > 0)
		return;
	image_of(after->field, &after->rec, after->typed, &up->rows.room, image);
	image_of(before->field, &before->rec, before->typed & changed, &old_room, old);
	if (after->rec.has_no || number_of_text(after->field[CD_CERT_NO], &no))
		entry.no = &no;
	if (entry.no == NULL && up->known)
	{
		/* the publisher withdrew it */
		entry.no = &before->rec.no;
		entry.state |= CD_STATE_WITHDRAWN;
		entry.image = NULL;
		entry.old = NULL;
	}
	else if (entry.no != NULL && changed & BIT(CD_CERT_NO))
	{
		entry.begins = !up->known;
		if (up->act.former != NULL)
			entry.former = up->act.former(up->act.former_arg, &no);
		else if (up->known && memcmp(&no, &before->rec.no, sizeof(no)) != 0)
			entry.former = &before->rec.no;
	}
	if (entry.former != NULL)
	{
		/* swapped numbers stand aside under others in between */
		cd_certno_print(entry.former, old_room.number);
		old[CD_CERT_NO] = (cd_text) {old_room.number, CD_CERTNO_LEN};
		if (up->taken)
			record_left(&up->rows, &up->before, &no);
	}
	rows_record(&up->rows, &entry);
}

static void
judge_change(Updating *up, unsigned changed)
{
	Rows	   *rows = &up->rows;
	bool		older[CD_MAX_FINDINGS] = {false};
	RowRead		before;
	RowRead		after;
	bool		published;

	read_row(up, up->old, &before);
	read_row(up, rows->slot, &after);
	find_life(up, &before);
	up->used = 0;
	published = !rows->att->by_call || up->before.published;
	if (is_whole_act(up) ? (changed & ~BIT(CD_CERT_NO)) != 0 :
		up->known && stands_aside(rows->att, &before.rec.no))
		refuse_interference(rows->rel);
	if (changed & BIT(CD_CERT_NO) && number_may_change(up, &before, &after))
	{
		if (up->act.kind == ACT_RENUMBER_ASIDE || up->act.kind == ACT_STATE)
			changed &= ~BIT(CD_CERT_NO);
	}
	else if (changed & BIT(CD_CERT_NO))
		rows_find(rows, CD_RULE_CORRECTION_NUMBER);
	if (changed == 0)
		return;
	if (up->before.retired && !up->taken)
		rows_find(rows, CD_RULE_CORRECTION_RETIRED);
	/* the refusals above stand whatever else the row is like, and is said */
	if (pass_findings(rows->pass)->n == 0)
	{
		require_said(up, published);
		pass_check(rows->pass, after.field, rows->source.fields, after.typed, &after.rec,
				   pass_findings(rows->pass));
		if (up->taken)
			pass_findings(rows->pass)->n = 0;
		if (pass_findings(rows->pass)->n > 0)
			mark_older(up, changed, &before, older);
		if (changed & BIT(CD_CERT_NO) && up->act.kind == ACT_PLAIN)
			judge_first_number(up, &after);
		/* kinds that stand as text have been read by now */
		if (before.rec.kind == CD_KIND_NONE && before.field[CD_ID_TYPE].len > 0)
		{
			bool		variant;

			before.rec.kind = cd_kind_parse(before.field[CD_ID_TYPE].ptr,
											before.field[CD_ID_TYPE].len, &variant);
		}
		if (published)
			judge_items(up, name_corrected(up, changed),
						document_corrected(up, changed, &before, &after));
	}
	if (pass_findings(rows->pass)->n > 0)
		pass_judge(rows->pass, rows->row_no, after.field, after.typed, after.rec.date, older);
	record_change(up, changed, &before, &after);
}

void
updating_row(Updating *up)
{
	static const cd_text nothing[CD_NFIELDS] = {{NULL, 0}};
	unsigned	changed = changed_fields(up);

	up->rows.row_no++;
	pass_count(up->rows.pass);
	if (state_column_changed(up) && up->act.kind != ACT_STATE && !up->applied)
	{
		rows_find(&up->rows, CD_RULE_STATE_COLUMN);
		pass_judge(up->rows.pass, up->rows.row_no, nothing, 0, CD_DATE_NONE, NULL);
		return;
	}
	if (changed != 0)
		judge_change(up, changed);
}
