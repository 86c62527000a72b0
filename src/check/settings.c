/*
 * settings.c
 *	  What data says about the rules: severities, switches, letters.
 *
 * The tables are small and mostly empty; what was read is kept until they
 * change (kept.h).
 */
#include "certdata.h"

#include "utils/builtins.h"

#include "check/check.h"
#include "check/kept.h"
#include "check/reading.h"

static Reading reading = {.may_last = true};

/* rule_setting(rule, attachment, severity, enabled, valid) */
static void
read_rule_setting(void *arg, Datum *values, bool *nulls)
{
	Settings   *set = arg;
	text	   *name;
	RuleOverride *entry;
	int			rule;

	if (nulls[0] || nulls[4])
		return;
	name = DatumGetTextPP(values[0]);
	rule = cd_rule_find(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	if (rule < 0 || cd_rules[rule].fixed)
		return;					/* of another version, or not ours to change */
	if ((set->noverrides & (set->noverrides - 1)) == 0)
	{
		int			room = Max(2 * set->noverrides, 1);

		set->override = set->override == NULL ?
			palloc(sizeof(RuleOverride) * room) :
			repalloc(set->override, sizeof(RuleOverride) * room);
	}
	entry = &set->override[set->noverrides];
	entry->rule = (uint8) rule;
	entry->severity = cd_rules[rule].severity;
	if (!nulls[2])
		for (int i = 0; i < 3; i++)
			if (is_word(values[2], cd_severity_name[i]))
				entry->severity = (cd_severity) i;
	entry->enabled = nulls[3] || DatumGetBool(values[3]);
	entry->of_attachment = !nulls[1];
	if (!nulls[1])
		entry->attachment = *DatumGetUUIDP(values[1]);
	if (range_days(values[4], &entry->from, &entry->to))
		set->noverrides++;
}

static void
add_letter(Settings *set, const DatedLetter *letter)
{
	if (letter->from == PG_INT32_MIN && letter->to == PG_INT32_MAX)
	{
		uint32		bit = (uint32) 1 << (letter->letter - 'A');

		if (!letter->is_category)
			set->ctx.level_of[letter->letter - 'A'] = (uint8) letter->level;
		else if (letter->accepted)
			set->ctx.categories |= bit;
		else
			set->ctx.categories &= ~bit;
		return;
	}
	set->dated = set->dated == NULL ?
		palloc(sizeof(DatedLetter)) :
		repalloc(set->dated, sizeof(DatedLetter) * (set->ndated + 1));
	set->dated[set->ndated++] = *letter;
}

static char
first_letter(Datum value)
{
	text	   *t = DatumGetTextPP(value);

	return VARSIZE_ANY_EXHDR(t) == 1 ? *VARDATA_ANY(t) : '\0';
}

/* category_setting(letter, meaning, accepted, valid) */
static void
read_category(void *arg, Datum *values, bool *nulls)
{
	DatedLetter letter = {0};

	letter.letter = first_letter(values[0]);
	letter.is_category = true;
	letter.accepted = DatumGetBool(values[2]);
	if (letter.letter >= 'A' && letter.letter <= 'Z' &&
		range_days(values[3], &letter.from, &letter.to))
		add_letter(arg, &letter);
}

/* level_letter(letter, level, valid) */
static void
read_level_letter(void *arg, Datum *values, bool *nulls)
{
	DatedLetter letter = {0};

	letter.letter = first_letter(values[0]);
	letter.level = (cd_level) DatumGetChar(values[1]);
	if (letter.letter >= 'A' && letter.letter <= 'Z' &&
		range_days(values[2], &letter.from, &letter.to))
		add_letter(arg, &letter);
}

static Settings *
read_settings(void)
{
	Settings   *set = palloc0(sizeof(Settings));

	cd_context_init(&set->ctx, certdata_today());
	read_table("rule_setting", set, read_rule_setting);
	read_table("category_setting", set, read_category);
	read_table("level_letter", set, read_level_letter);
	return set;
}

const Settings *
settings_get(void)
{
	Settings   *set = reading_get(&reading);
	MemoryContext old;

	if (set != NULL && set->ctx.today == certdata_today())
		return set;
	old = reading_begin(&reading, "settings");
	set = read_settings();
	reading_end(&reading, old, set);
	return set;
}

/* The overrides that count for an attachment, its own first. */
static void
copy_overrides(Settings *copy, const Settings *set, const pg_uuid_t *attachment)
{
	if (set->noverrides == 0)
		return;
	copy->override = palloc(sizeof(RuleOverride) * set->noverrides);
	copy->noverrides = 0;
	for (int i = 0; i < set->noverrides && attachment != NULL; i++)
		if (set->override[i].of_attachment &&
			memcmp(&set->override[i].attachment, attachment, UUID_LEN) == 0)
		{
			copy->override[copy->noverrides] = set->override[i];
			copy->override[copy->noverrides++].of_attachment = false;
		}
	for (int i = 0; i < set->noverrides; i++)
		if (!set->override[i].of_attachment)
			copy->override[copy->noverrides++] = set->override[i];
}

Settings *
settings_copy(const pg_uuid_t *attachment)
{
	const Settings *set = settings_get();
	Settings   *copy = palloc(sizeof(Settings));

	*copy = *set;
	copy_overrides(copy, set, attachment);
	if (set->ndated > 0)
		copy->dated = memcpy(palloc(sizeof(DatedLetter) * set->ndated),
							 set->dated, sizeof(DatedLetter) * set->ndated);
	return copy;
}

const cd_context *
settings_context(const Settings *set, const cd_text field[CD_NFIELDS],
				 const cd_record *rec, cd_context *room)
{
	int32		day = rec->date;

	if (set->ndated == 0)
		return &set->ctx;
	/* a date given as text is not in the record yet */
	if (day == CD_DATE_NONE &&
		cd_date_parse(field[CD_ISSUE_DATE].ptr, field[CD_ISSUE_DATE].len, &day) != CD_DATE_OK)
		day = set->ctx.today;
	*room = set->ctx;
	for (int i = 0; i < set->ndated; i++)
	{
		const DatedLetter *d = &set->dated[i];
		uint32		bit = (uint32) 1 << (d->letter - 'A');

		if (day < d->from || day > d->to)
			continue;
		if (!d->is_category)
			room->level_of[d->letter - 'A'] = (uint8) d->level;
		else if (d->accepted)
			room->categories |= bit;
		else
			room->categories &= ~bit;
	}
	return room;
}

bool
settings_judge(const Settings *set, const cd_finding *finding, int32 date,
			   cd_severity *severity)
{
	int32		day = date != CD_DATE_NONE ? date : set->ctx.today;

	*severity = cd_rules[finding->rule].severity;
	if (finding->fixed)
		return true;
	for (int i = 0; i < set->noverrides; i++)
	{
		const RuleOverride *o = &set->override[i];

		if (o->rule == finding->rule && !o->of_attachment && day >= o->from && day <= o->to)
		{
			*severity = o->severity;
			return o->enabled;
		}
	}
	return true;
}
