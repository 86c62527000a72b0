/*
 * verify_image.c
 *	  Images against commitments: the row's, and older ones made from it by
 *	  putting back what each act says was there before.
 */
#include "certdata.h"

#include "utils/builtins.h"

#include "ledger/record.h"
#include "ledger/verify.h"

unsigned
image_differs(const LifeItem *item, const cd_text image[CD_NFIELDS])
{
	const unsigned char *salts = item->salts + salt_places(item->salts_len, item->commitments_len).image;
	unsigned	parts = 0;

	for (int part = 0; part < CD_PART_OLD; part++)
	{
		size_t		len = cd_part_value((cd_part) part, image, NULL);
		unsigned char *value = palloc(Max(len, 1));
		unsigned char hash[CD_HASH_LEN];

		(void) cd_part_value((cd_part) part, image, value);
		commit_part((cd_part) part, salts + part * CD_SALT_LEN, value, len, hash);
		if (memcmp(hash, item->commitments + part * CD_HASH_LEN, CD_HASH_LEN) != 0)
			parts |= 1u << part;
	}
	return parts;
}

/* What the image was before the entry; false: it does not say. */
static bool
put_back(const LifeItem *item, cd_text image[CD_NFIELDS])
{
	if (item->old_values == NULL || salt_places(item->salts_len, item->commitments_len).old < 0)
		return false;
	for (int i = 0; i < CD_NFIELDS; i++)
		if (item->changed & 1 << i)
		{
			char	   *text = detail_text(item->old_values, cd_field_name[i]);

			image[i] = (cd_text) {text, text != NULL ? strlen(text) : 0};
		}
	return true;
}

/* The certificate came from another number: its life there, up to where it left. */
static bool
go_to_former(Verifier *v, Lifetime *life, int *at)
{
	LifeItem	leaving;
	const LifeItem *item = &life->item[*at];
	Lifetime	former = {0};

	if (!(item->changed & 1 << CD_CERT_NO))
		return true;
	if (!find_leaving(v, item, &leaving))
		return false;
	lifetime_read(v, &leaving.shape->registry, &leaving.no, &former);
	for (int i = 0; i < former.n; i++)
		if (former.item[i].act == leaving.act && former.item[i].n == leaving.n)
		{
			*life = former;
			*at = i;
			return true;
		}
	return false;
}

static void
judge_older(Verifier *v, const LifeItem *item, const cd_text image[CD_NFIELDS])
{
	bool		zh = certdata_lang_zh();
	unsigned	parts;

	if (salt_places(item->salts_len, item->commitments_len).image < 0)
		return;
	parts = image_differs(item, image);
	if (parts != 0)
		problem(v, "values.changed", item->act, -1, InvalidOid, &item->no,
				psprintf(zh ? "由后来的旧值推得的内容不是当时所记录的：%s%s%s。" :
						 "What later old values tell of it is not what was recorded then:%s%s%s.",
						 parts & 1 << CD_PART_NAME ? " 姓名" : "",
						 parts & 1 << CD_PART_DOCUMENT ? " 证件" : "",
						 parts & 1 << CD_PART_REST ? " 其他" : ""));
}

/* Nothing is missing between the entry and the one before. */
static bool
follows(const Lifetime *life, int at)
{
	return life->item[at].life_seq == life->item[at - 1].life_seq + 1;
}

/* From the entry at that place, which has the image, to the oldest one that can be told. */
void
verify_older(Verifier *v, const Lifetime *life, int at, const cd_text image[CD_NFIELDS])
{
	const int	over = CD_STATE_WITHDRAWN | CD_STATE_RENUMBERED;
	Lifetime	here = *life;
	cd_text		older[CD_NFIELDS];

	memcpy(older, image, sizeof(older));
	while (put_back(&here.item[at], older) && go_to_former(v, &here, &at))
	{
		do
			at--;
		while (at >= 0 && !item_has_image(&here.item[at]) && !(here.item[at].state & over) && follows(&here, at + 1));
		if (at < 0 || here.item[at].state & over || !follows(&here, at + 1))
			return;
		judge_older(v, &here.item[at], older);
	}
}
