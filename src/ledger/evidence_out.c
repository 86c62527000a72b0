/*
 * evidence_out.c
 *	  Evidence as JSON, member by member as doc/ledger.md has it.
 */
#include "certdata.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "ledger/evidence.h"

/* ---- values ---- */

static void
put_text(StringInfo out, const char *name, cd_value value)
{
	appendStringInfo(out, ", \"%s\": ", name);
	if (value.ptr == NULL)
		appendStringInfoString(out, "null");
	else
		escape_json(out, pnstrdup(value.ptr, value.len));
}

static void
put_number(StringInfo out, const char *name, int64 number)
{
	appendStringInfo(out, ", \"%s\": " INT64_FORMAT, name, number);
}

static void
put_hex(StringInfo out, const char *name, cd_value value)
{
	const unsigned char *bytes = value.ptr;

	appendStringInfo(out, ", \"%s\": %s", name, bytes == NULL ? "null" : "\"");
	for (size_t i = 0; i < value.len; i++)
		appendStringInfo(out, "%02x", bytes[i]);
	if (bytes != NULL)
		appendStringInfoChar(out, '"');
}

static cd_value
value_of(const char *text)
{
	return (cd_value) {text, strlen(text)};
}

static void
put_proof(StringInfo out, const cd_node *proof, int n)
{
	appendStringInfoString(out, ", \"proof\": [");
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(out, i > 0 ? ", \"" : "\"");
		append_base64(out, proof[i].b, CD_NODE_LEN);
		appendStringInfoChar(out, '"');
	}
	appendStringInfoChar(out, ']');
}

static void
put_leaf(StringInfo out, const Evidence *evidence, int64 leaf)
{
	cd_node		proof[CD_PROOF_MAX];
	int			n;

	(void) cd_inclusion_proof(&evidence->tree, leaf, evidence->size, proof, &n);
	appendStringInfo(out, "\"leaf\": " INT64_FORMAT, leaf);
	put_proof(out, proof, n);
}

/* ---- acts ---- */

static void
put_act(StringInfo out, const Evidence *evidence, const Step *step)
{
	const cd_act *act = &step->act;

	appendStringInfoString(out, "\n    { ");
	put_leaf(out, evidence, step->leaf - step->entry.n);
	put_number(out, "id", act->id);
	put_number(out, "incarnation", act->incarnation);
	put_text(out, "transaction", value_of(psprintf(UINT64_FORMAT, act->transaction)));
	put_number(out, "statement_id", act->statement_id);
	put_text(out, "kind", act->kind);
	put_text(out, "attachment", act->attachment);
	put_number(out, "shape", act->shape);
	put_number(out, "entries", act->entries);
	put_number(out, "recorded_at", act->recorded_at);
	put_text(out, "session_user_name", act->session_user);
	put_text(out, "current_user_name", act->current_user);
	put_text(out, "address", act->address);
	put_text(out, "application_name", act->application_name);
	put_text(out, "actor", act->actor);
	put_text(out, "actor_org", act->actor_org);
	put_text(out, "reason", act->reason);
	put_text(out, "approval", act->approval);
	put_text(out, "exception", act->exception);
	put_text(out, "detail", act->detail);
	appendStringInfoString(out, " }");
}

/* One act may have several entries of a life: where it stands among the acts; -1: nowhere. */
static int
place_of(const Step *const *acts, int nacts, const Step *step)
{
	for (int i = nacts - 1; i >= 0; i--)
		if (acts[i]->entry.act == step->entry.act)
			return i;
	return -1;
}

/* ---- what is disclosed ---- */

static void
begin_disclosed(StringInfo out, const Step *step, cd_part part)
{
	if (out->data[out->len - 1] != '[')
		appendStringInfoString(out, ", ");
	appendStringInfo(out, "{ \"part\": \"%c\"", cd_part_letter[part]);
	put_hex(out, "salt", (cd_value) {step_salt(step, part), CD_SALT_LEN});
}

static bool
is_known(const Image *image, cd_part part)
{
	for (int i = 0; i < CD_NFIELDS; i++)
		if (cd_part_of((cd_field) i) == part && image->known[i] != VALUE_KNOWN)
			return false;
	return true;
}

/* false: the values are not known, or not those that were recorded */
static bool
disclose_image(StringInfo out, const Step *step, cd_part part)
{
	const Image *image = &step->image;
	const char *separator = "";

	if (!is_known(image, part) || !step_opens_image(step, part, image->text))
		return false;
	begin_disclosed(out, step, part);
	appendStringInfoString(out, ", \"values\": {");
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		cd_text		text = image->text[i];

		if (cd_part_of((cd_field) i) != part)
			continue;
		appendStringInfoString(out, separator);
		separator = ", ";
		escape_json(out, cd_field_name[i]);
		appendStringInfoString(out, ": ");
		if (text.len == 0)
			appendStringInfoString(out, "null");
		else
			escape_json(out, pnstrdup(text.ptr, text.len));
	}
	appendStringInfoString(out, "} }");
	return true;
}

/* Does what is disclosed anyway cover all that old_values names? */
static bool
covers_old(const Evidence *evidence, const Step *step)
{
	cd_text		text;

	for (int i = 0; i < CD_NFIELDS; i++)
		if (old_value(step->old, cd_field_name[i], &text) &&
			!(evidence->parts & 1u << cd_part_of((cd_field) i)))
			return false;
	/* the number it goes by now: the number's part */
	return !old_value(step->old, "renumbered_to", &text) || evidence->parts & 1u << CD_PART_REST;
}

static bool
disclose_old(StringInfo out, const Step *step)
{
	cd_value	old = jsonb_value(step->slot, ENTRY_OLD_VALUES);

	if (!step_opens(step, CD_PART_OLD, old.ptr, old.len))
		return false;
	begin_disclosed(out, step, CD_PART_OLD);
	put_text(out, "text", old);
	appendStringInfoString(out, " }");
	return true;
}

static bool
disclose(StringInfo out, const Step *step, cd_part part)
{
	return part == CD_PART_OLD ? disclose_old(out, step) : disclose_image(out, step, part);
}

static void
put_disclosed(StringInfo out, Evidence *evidence, const Step *step)
{
	bool		erased = false;
	bool		differing = false;

	appendStringInfoString(out, ", \"disclosed\": [");
	for (int part = 0; evidence->parts != 0 && part < CD_NPARTS; part++)
	{
		bool		is_old = part == CD_PART_OLD;

		if (is_old ? !step_has_old(step) || !covers_old(evidence, step) :
			!step_has_image(step) || !(evidence->parts & 1u << part))
			continue;
		if (step_salt(step, (cd_part) part) == NULL)
			erased = true;
		else if (!disclose(out, step, (cd_part) part))
			differing = true;
	}
	evidence->erased += erased;
	evidence->differing += differing;
	appendStringInfoChar(out, ']');
}

/* ---- entries ---- */

static void
put_entry(StringInfo out, Evidence *evidence, const Step *step, int act)
{
	const cd_entry *body = &step->entry.body;

	appendStringInfo(out, "\n    { \"act\": %d, ", act);
	put_leaf(out, evidence, step->leaf);
	put_number(out, "n", step->entry.n);
	put_number(out, "shape", body->shape);
	put_text(out, "cert_no", body->cert_no);
	put_number(out, "life_seq", body->life_seq);
	put_number(out, "state", body->state);
	put_number(out, "changed", body->changed);
	put_hex(out, "previous", body->previous);
	put_hex(out, "salts_digest", body->salts_digest);
	put_hex(out, "commitments", body->commitments);
	put_disclosed(out, evidence, step);
	appendStringInfoString(out, " }");
}

static void
put_steps(StringInfo out, Evidence *evidence)
{
	const Step **acts = palloc(sizeof(Step *) * list_length(evidence->steps));
	int			nacts = 0;
	ListCell   *cell;

	appendStringInfoString(out, ",\n  \"acts\": [");
	foreach(cell, evidence->steps)
	{
		const Step *step = lfirst(cell);

		if (place_of(acts, nacts, step) >= 0)
			continue;
		if (nacts > 0)
			appendStringInfoChar(out, ',');
		acts[nacts++] = step;
		put_act(out, evidence, step);
	}
	appendStringInfoString(out, " ],\n  \"entries\": [");
	foreach(cell, evidence->steps)
	{
		const Step *step = lfirst(cell);

		CHECK_FOR_INTERRUPTS();
		if (step != linitial(evidence->steps))
			appendStringInfoChar(out, ',');
		put_entry(out, evidence, step, place_of(acts, nacts, step));
	}
	appendStringInfoString(out, " ]");
}

static void
put_consistency(StringInfo out, const Evidence *evidence)
{
	cd_node		proof[CD_PROOF_MAX];
	int			n;

	appendStringInfoString(out, ",\n  \"consistency\": [");
	for (int i = 0; i < evidence->nsizes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		(void) cd_consistency_proof(&evidence->tree, evidence->sizes[i], evidence->size, proof, &n);
		appendStringInfo(out, "%s\n    { \"size\": " INT64_FORMAT, i > 0 ? "," : "", evidence->sizes[i]);
		put_proof(out, proof, n);
		appendStringInfoString(out, " }");
	}
	appendStringInfoString(out, " ]");
}

char *
evidence_text(Evidence *evidence)
{
	const Ledger *ledger = evidence->ledger;
	const Step *last = llast(evidence->steps);
	pg_uuid_t	id = ledger->id;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{ \"format\": \"certdata-evidence/1\"");
	put_text(&out, "ledger", value_of(DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&id)))));
	put_text(&out, "algorithm", value_of(cd_algorithm_name[ledger->algorithm]));
	put_text(&out, "origin", value_of(ledger_origin(ledger)));
	put_text(&out, "table", value_of(evidence->table));
	put_text(&out, "cert_no", last->entry.body.cert_no);
	put_text(&out, "head", value_of(checkpoint_text(ledger, evidence->size, &evidence->root)));
	tree_over_tiles(&evidence->tree);
	put_steps(&out, evidence);
	put_consistency(&out, evidence);
	tree_over_tiles_close(&evidence->tree);
	appendStringInfoString(&out, " }");
	return out.data;
}
