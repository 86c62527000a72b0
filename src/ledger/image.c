/*
 * image.c
 *	  What a certificate was like after each step of its life: backward from
 *	  its row of today, by what each step replaced.
 *
 * Commitments tell whether a value is what was recorded then, so that a row
 * that was changed behind the ledger's back is not taken for what it was.
 */
#include "certdata.h"

#include "ledger/life_read.h"
#include "ledger/record.h"

/* ---- what an entry has ---- */

bool
step_has_image(const Step *step)
{
	size_t		len = step->entry.body.commitments.len;

	return len == CD_PART_OLD * CD_HASH_LEN || len == CD_NPARTS * CD_HASH_LEN;
}

bool
step_has_old(const Step *step)
{
	size_t		len = step->entry.body.commitments.len;

	return len == CD_HASH_LEN || len == CD_NPARTS * CD_HASH_LEN;
}

/* Where the part's commitment stands; -1: nowhere. */
static int
place_of(const Step *step, cd_part part)
{
	if (part == CD_PART_OLD)
		return !step_has_old(step) ? -1 : step_has_image(step) ? CD_PART_OLD : 0;
	return step_has_image(step) ? (int) part : -1;
}

/* An image's salts and that of old values are erased one without the other (doc/ledger.md). */
const unsigned char *
step_salt(const Step *step, cd_part part)
{
	const unsigned char *salts = step->entry.salts.ptr;
	size_t		len = step->entry.salts.len;
	const size_t image = CD_PART_OLD * CD_SALT_LEN;

	if (place_of(step, part) < 0)
		return NULL;
	if (part != CD_PART_OLD)
	{
		bool		kept = len == (step_has_old(step) ? image + CD_SALT_LEN : image) ||
		(step_has_old(step) && len == image + CD_HASH_LEN);

		return kept ? salts + (int) part * CD_SALT_LEN : NULL;
	}
	if (!step_has_image(step))
		return len == CD_SALT_LEN ? salts : NULL;
	return len == image + CD_SALT_LEN ? salts + image :
		len == CD_HASH_LEN + CD_SALT_LEN ? salts + CD_HASH_LEN : NULL;
}

bool
step_opens(const Step *step, cd_part part, const void *value, size_t len)
{
	const unsigned char *salt = step_salt(step, part);
	unsigned char commitment[CD_HASH_LEN];

	if (salt == NULL)
		return false;
	commit_part(part, salt, value, len, commitment);
	return memcmp((const unsigned char *) step->entry.body.commitments.ptr + place_of(step, part) * CD_HASH_LEN,
				  commitment, CD_HASH_LEN) == 0;
}

bool
step_opens_image(const Step *step, cd_part part, const cd_text image[CD_NFIELDS])
{
	size_t		len = cd_part_value(part, image, NULL);
	unsigned char *value = palloc(len + 1);
	bool		opens;

	(void) cd_part_value(part, image, value);
	opens = step_opens(step, part, value, len);
	pfree(value);
	return opens;
}

/* ---- old values ---- */

bool
old_value(const Jsonb *old, const char *name, cd_text *text)
{
	JsonbValue	room;
	JsonbValue *value;

	if (old == NULL || !JB_ROOT_IS_OBJECT(old))
		return false;
	value = getKeyJsonValueFromContainer(unconstify(JsonbContainer *, &old->root), name, strlen(name), &room);
	if (value == NULL)
		return false;
	*text = value->type == jbvString ? (cd_text) {value->val.string.val, value->val.string.len} :
		(cd_text) {NULL, 0};
	return true;
}

bool
old_number(const Jsonb *old, const char *name, cd_certno *no)
{
	cd_text		text;
	cd_no_fault fault;
	int			fixed;

	return old_value(old, name, &text) && text.len > 0 &&
		cd_certno_parse(text.ptr, text.len, no, &fixed, &fault) == CD_NO_OK;
}

/* ---- images ---- */

static void
set_known(Image *image, ValueState known)
{
	for (int i = 0; i < CD_NFIELDS; i++)
		image->known[i] = known;
}

/* Whatever of the image is not what the entry commits to, is not known. */
static void
check_image(const Step *step, Image *image)
{
	for (int part = 0; part < CD_PART_OLD; part++)
	{
		bool		complete = true;

		for (int i = 0; i < CD_NFIELDS; i++)
			if ((int) cd_part_of((cd_field) i) == part && image->known[i] != VALUE_KNOWN)
				complete = false;
		if (!complete || step_salt(step, (cd_part) part) == NULL || step_opens_image(step, (cd_part) part, image->text))
			continue;
		for (int i = 0; i < CD_NFIELDS; i++)
			if ((int) cd_part_of((cd_field) i) == part)
				image->known[i] = VALUE_UNKNOWN;
	}
}

/* What the step replaced; without that, nothing is known of before. */
static void
step_back(Step *step, Image *image)
{
	if (!step_has_image(step))
		return;
	if (!step_has_old(step))
	{
		set_known(image, VALUE_UNKNOWN);
		return;
	}
	for (int i = 0; i < CD_NFIELDS; i++)
	{
		if (!(step->entry.body.changed & 1 << i))
			continue;
		image->known[i] = VALUE_KNOWN;
		if (!old_value(step->old, cd_field_name[i], &image->text[i]))
		{
			image->known[i] = VALUE_ERASED;
			step->erased |= 1u << i;
		}
	}
}

void
steps_images(List *steps)
{
	const Step *last = llast(steps);
	Image		image = {0};
	bool		has_row = !(last->entry.body.state & (CD_STATE_RENUMBERED | CD_STATE_WITHDRAWN)) &&
	last->table != NULL && table_row(last->table, &last->entry.no, image.text);

	set_known(&image, has_row ? VALUE_KNOWN : VALUE_UNKNOWN);
	for (int i = list_length(steps) - 1; i >= 0; i--)
	{
		Step	   *step = list_nth(steps, i);

		if (step_has_image(step))
			check_image(step, &image);
		step->image = image;
		step_back(step, &image);
	}
}
