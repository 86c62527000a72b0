/*
 * settings.c
 *	  What data says about the rules: severities, switches, letters.
 *
 * The tables are small and mostly empty, and are read without SPI: the caller
 * needs no privilege on them.  What was read is kept for snapshots that show
 * the same, told by their content: a transaction that ends leaves the list of
 * those in progress, curcid moves with our own commands, and an end of a
 * (sub)transaction of ours drops everything.  (snapXactCompletionCount would be
 * shorter, but is 0 in every active snapshot.)
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "check/check.h"

static MemoryContext settings_memory = NULL;
static Settings *kept = NULL;
static SnapshotData kept_for;	/* its arrays are in settings_memory */

static void
forget(void)
{
	kept = NULL;
}

static void
at_xact(XactEvent event, void *arg)
{
	forget();
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		forget();
}

void
settings_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}

/* First and last day of a daterange; false: it is empty. */
static bool
range_days(Datum value, int32 *from, int32 *to)
{
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(type, DatumGetRangeTypeP(value), &lower, &upper, &empty);
	if (empty)
		return false;
	*from = lower.infinite ? PG_INT32_MIN : DatumGetDateADT(lower.val);
	*to = upper.infinite ? PG_INT32_MAX : DatumGetDateADT(upper.val) - 1;	/* canonical: [,) */
	return true;
}

typedef void (*ReadRow) (Settings *set, Datum *values, bool *nulls);

/* Call read for every visible row of one of our tables. */
static void
read_table(const char *name, Settings *set, ReadRow read)
{
	Oid			oid = get_relname_relid(name, certdata_schema());
	Relation	rel;
	TableScanDesc scan;
	TupleTableSlot *slot;

	if (!OidIsValid(oid))
		return;					/* while the extension is being created */
	rel = table_open(oid, AccessShareLock);
	slot = table_slot_create(rel, NULL);
	scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		slot_getallattrs(slot);
		read(set, slot->tts_values, slot->tts_isnull);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, AccessShareLock);
}

static bool
is_word(Datum value, const char *word)
{
	text	   *t = DatumGetTextPP(value);

	return strlen(word) == VARSIZE_ANY_EXHDR(t) &&
		memcmp(VARDATA_ANY(t), word, VARSIZE_ANY_EXHDR(t)) == 0;
}

/* rule_setting(rule, attachment, severity, enabled, valid) */
static void
read_rule_setting(Settings *set, Datum *values, bool *nulls)
{
	text	   *name;
	RuleOverride *entry;
	int			rule;

	if (nulls[0] || !nulls[1] || nulls[4])
		return;					/* an attachment's own settings are its
								 * guard's */
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
read_category(Settings *set, Datum *values, bool *nulls)
{
	DatedLetter letter = {0};

	letter.letter = first_letter(values[0]);
	letter.is_category = true;
	letter.accepted = DatumGetBool(values[2]);
	if (letter.letter >= 'A' && letter.letter <= 'Z' &&
		range_days(values[3], &letter.from, &letter.to))
		add_letter(set, &letter);
}

/* level_letter(letter, level, valid) */
static void
read_level_letter(Settings *set, Datum *values, bool *nulls)
{
	DatedLetter letter = {0};

	letter.letter = first_letter(values[0]);
	letter.level = (cd_level) DatumGetChar(values[1]);
	if (letter.letter >= 'A' && letter.letter <= 'Z' &&
		range_days(values[2], &letter.from, &letter.to))
		add_letter(set, &letter);
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

/* Subtransactions listed; none, whatever the count says, after an overflow. */
static int
nsubxip(Snapshot snapshot)
{
	return snapshot->subxip != NULL ? Max(snapshot->subxcnt, 0) : 0;
}

static TransactionId *
copy_xids(const TransactionId *xids, int n)
{
	return n > 0 ? memcpy(palloc(sizeof(*xids) * n), xids, sizeof(*xids) * n) : NULL;
}

static void
note_snapshot(Snapshot snapshot)
{
	kept_for = *snapshot;
	kept_for.xip = copy_xids(snapshot->xip, snapshot->xcnt);
	kept_for.subxcnt = nsubxip(snapshot);
	kept_for.subxip = copy_xids(snapshot->subxip, nsubxip(snapshot));
}

static bool
same_xids(const TransactionId *a, const TransactionId *b, int n)
{
	return n == 0 || memcmp(a, b, sizeof(*a) * n) == 0;
}

static bool
shows_the_same(Snapshot s)
{
	return s->snapshot_type == SNAPSHOT_MVCC && kept_for.snapshot_type == SNAPSHOT_MVCC &&
		s->curcid == kept_for.curcid && s->xmin == kept_for.xmin && s->xmax == kept_for.xmax &&
		s->takenDuringRecovery == kept_for.takenDuringRecovery &&
		s->suboverflowed == kept_for.suboverflowed &&
		s->xcnt == kept_for.xcnt && nsubxip(s) == kept_for.subxcnt &&
		same_xids(s->xip, kept_for.xip, s->xcnt) &&
		same_xids(s->subxip, kept_for.subxip, kept_for.subxcnt);
}

const Settings *
settings_get(void)
{
	Snapshot	snapshot = GetActiveSnapshot();
	MemoryContext old;
	Settings   *set;

	if (kept != NULL && kept->ctx.today == certdata_today() && shows_the_same(snapshot))
		return kept;

	forget();
	if (settings_memory == NULL)
		settings_memory = AllocSetContextCreate(TopMemoryContext, "certdata settings",
												ALLOCSET_SMALL_SIZES);
	MemoryContextReset(settings_memory);
	old = MemoryContextSwitchTo(settings_memory);
	set = read_settings();
	note_snapshot(snapshot);
	MemoryContextSwitchTo(old);
	kept = set;
	return set;
}

Settings *
settings_copy(void)
{
	const Settings *set = settings_get();
	Settings   *copy = palloc(sizeof(Settings));

	*copy = *set;
	if (set->noverrides > 0)
		copy->override = memcpy(palloc(sizeof(RuleOverride) * set->noverrides),
								set->override, sizeof(RuleOverride) * set->noverrides);
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

		if (o->rule == finding->rule && day >= o->from && day <= o->to)
		{
			*severity = o->severity;
			return o->enabled;
		}
	}
	return true;
}
