/*
 * history.c
 *	  history(): the recorded life of one certificate (第十三条: 可追溯、可倒查).
 */
#include "certdata.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "ledger/life_read.h"
#include "refuse.h"

PG_FUNCTION_INFO_V1(certdata_history);

/* Columns of history(), from 0. */
enum
{
	HISTORY_LIFE_SEQ, HISTORY_ACT, HISTORY_ENTRY, HISTORY_KIND, HISTORY_AT, HISTORY_NUMBER,
	HISTORY_CHANGED, HISTORY_OLD, HISTORY_NEW, HISTORY_ERASED, HISTORY_STATE,
	HISTORY_REASON, HISTORY_APPROVAL, HISTORY_EXCEPTION, HISTORY_SESSION_USER,
	HISTORY_CURRENT_USER, HISTORY_ADDRESS, HISTORY_APPLICATION_NAME, HISTORY_ACTOR,
	HISTORY_ACTOR_ORG, HISTORY_DETAIL, HISTORY_COLUMNS
};

typedef struct HistoryRow
{
	Datum		values[HISTORY_COLUMNS];
	bool		nulls[HISTORY_COLUMNS];
} HistoryRow;

/* ---- lists of words ---- */

static Datum
words_datum(const char *const *words, int nwords, unsigned bits)
{
	Datum		values[CD_NFIELDS];
	int			n = 0;

	for (int i = 0; i < nwords; i++)
		if (bits & 1u << i)
			values[n++] = CStringGetTextDatum(words[i]);
	return PointerGetDatum(construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum
fields_datum(unsigned fields)
{
	return words_datum(cd_field_name, CD_NFIELDS, fields);
}

static Datum
state_datum(int state)
{
	static const char *const words[] = {
		"name corrected", "document corrected", "published", "suspended", "retired", "withdrawn",
		"renumbered"
	};

	return words_datum(words, lengthof(words), state);
}

/* ---- values ---- */

static cd_text
shown(cd_text text, int field, bool clear)
{
	char	   *masked;

	if (clear || text.len == 0)
		return text;
	masked = certdata_shown((cd_field) field, text.ptr, text.len);
	return (cd_text) {masked, strlen(masked)};
}

/* old_values as they stand; masked: what goes by a field's name. */
static Datum
old_datum(const Step *step, bool clear)
{
	const char *name[CD_NFIELDS + 1];
	cd_text		text[CD_NFIELDS + 1];
	int			n = 0;

	if (clear)
		return JsonbPGetDatum(step->old);
	for (int i = 0; i < CD_NFIELDS; i++)
		if (old_value(step->old, cd_field_name[i], &text[n]))
		{
			text[n] = shown(text[n], i, false);
			name[n++] = cd_field_name[i];
		}
	if (old_value(step->old, "renumbered_to", &text[n]))
		name[n++] = "renumbered_to";
	return pairs_jsonb(n, name, text);
}

/* The fields of an image, those that are known. */
static Datum
image_datum(const Image *image, unsigned fields, bool clear)
{
	const char *name[CD_NFIELDS];
	cd_text		text[CD_NFIELDS];
	int			n = 0;

	for (int i = 0; i < CD_NFIELDS; i++)
		if (fields & 1u << i && image->known[i] == VALUE_KNOWN)
		{
			text[n] = shown(image->text[i], i, clear);
			name[n++] = cd_field_name[i];
		}
	return pairs_jsonb(n, name, text);
}

/* The fields that a step gives values: all of them when a row comes. */
static unsigned
new_fields(const Step *step)
{
	if (!step_has_image(step))
		return 0;
	return step_has_old(step) ? step->entry.body.changed : (1u << CD_NFIELDS) - 1;
}

static void
put_values(HistoryRow *row, const Step *step, bool clear)
{
	unsigned	new = new_fields(step);
	unsigned	erased = step->erased;

	for (int i = 0; i < CD_NFIELDS; i++)
		if (new & 1u << i && step->image.known[i] == VALUE_ERASED)
			erased |= 1u << i;
	row->values[HISTORY_CHANGED] = fields_datum(step->entry.body.changed);
	row->nulls[HISTORY_OLD] = step->old == NULL;
	if (step->old != NULL)
		row->values[HISTORY_OLD] = old_datum(step, clear);
	row->nulls[HISTORY_NEW] = new == 0;
	if (new != 0)
		row->values[HISTORY_NEW] = image_datum(&step->image, new, clear);
	row->values[HISTORY_ERASED] = fields_datum(erased);
	row->nulls[HISTORY_ERASED] = erased == 0;
}

/* ---- the act ---- */

static void
put_act(HistoryRow *row, const Step *step)
{
	static const struct
	{
		int			to;
		int			from;
	}			columns[] = {
		{HISTORY_KIND, ACT_KIND}, {HISTORY_AT, ACT_RECORDED_AT}, {HISTORY_REASON, ACT_REASON},
		{HISTORY_APPROVAL, ACT_APPROVAL}, {HISTORY_EXCEPTION, ACT_EXCEPTION},
		{HISTORY_SESSION_USER, ACT_SESSION_USER}, {HISTORY_CURRENT_USER, ACT_CURRENT_USER},
		{HISTORY_ADDRESS, ACT_ADDRESS}, {HISTORY_APPLICATION_NAME, ACT_APPLICATION_NAME},
		{HISTORY_ACTOR, ACT_ACTOR}, {HISTORY_ACTOR_ORG, ACT_ACTOR_ORG}, {HISTORY_DETAIL, ACT_DETAIL}
	};

	for (int i = 0; i < lengthof(columns); i++)
	{
		bool		isnull = step->act_slot == NULL || step->act_slot->tts_isnull[columns[i].from];

		row->nulls[columns[i].to] = isnull;
		if (!isnull)
			row->values[columns[i].to] = step->act_slot->tts_values[columns[i].from];
	}
}

/* history(target, cert_no) */
Datum
certdata_history(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Target		target = target_arg(fcinfo);
	cd_certno	no = target_number_arg(fcinfo, "certdata.history()");
	List	   *steps = steps_read(&target.table->registry, &no);
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	if (steps == NIL)
		return (Datum) 0;
	steps_acts(steps, &target);
	steps_images(steps);
	foreach(cell, steps)
	{
		const Step *step = lfirst(cell);
		HistoryRow	row = {0};

		row.values[HISTORY_LIFE_SEQ] = Int32GetDatum((int32) step->entry.body.life_seq);
		row.values[HISTORY_ACT] = Int64GetDatum(step->entry.act);
		row.values[HISTORY_ENTRY] = Int64GetDatum(step->leaf);
		row.nulls[HISTORY_ENTRY] = step->leaf < 0;
		row.values[HISTORY_NUMBER] = PointerGetDatum(&step->entry.no);
		row.values[HISTORY_STATE] = state_datum((int) step->entry.body.state);
		put_act(&row, step);
		put_values(&row, step, table_readable(step->table, steps_number(steps)));
		tuplestore_putvalues(result->setResult, result->setDesc, row.values, row.nulls);
	}
	return (Datum) 0;
}
