/*
 * pass.c
 *	  One pass over many rows: findings, counts, repeated numbers.
 *
 * A number's repetition is known only when it comes a second time, so the
 * findings about it are made at the end and merged into the others by row.
 */
#include "certdata.h"

#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "check/calendar.h"
#include "check/check.h"
#include "check/pass_memo.h"
#include "check/scope.h"

#define FIRST_SLOTS 4096

typedef struct Hit
{
	cd_dup_pair pair;
	cd_certno	no;
} Hit;

/* A row whose number others have, too, or the registry has. */
typedef struct Member
{
	uint32		row;
	int			set;			/* first of the set's pairs; -1: registered */
	cd_certno	no;
} Member;

struct Pass
{
	Settings   *set;			/* our own copy */
	cd_context	room;			/* for a row, where letters are dated */
	int			excused;		/* rule with an exception; -1: none */
	bool		competition;
	PassCounts	counts;
	PassNames	names;
	PassMemo	memo;
	MemoryContext context;		/* lives as long as the pass */
	MemoryContext result;		/* of the findings */
	MemoryContext row_context;	/* reset for every row with a finding */

	Tuplestorestate *store;		/* NULL: findings are only counted */
	TupleDesc	desc;

	uint64	   *rejected;		/* a bit for each row */
	size_t		rejected_words;

	bool		duplicates;
	cd_dup		numbers;
	Hit		   *hit;
	int			nhits;
	int			hit_room;
	Member	   *registered;
	int			nregistered;

	cd_findings findings;		/* the last: it is not cleared but for how
								 * many */
};

static Tuplestorestate *
begin_store(const Pass *pass)
{
	MemoryContext old = MemoryContextSwitchTo(pass->result);
	Tuplestorestate *store = tuplestore_begin_heap(true, false, work_mem);

	MemoryContextSwitchTo(old);
	return store;
}

Pass *
pass_begin(MemoryContext result, TupleDesc desc, bool duplicates, const PassNames *names,
		   const CheckRules *rules)
{
	Pass	   *pass = palloc(sizeof(Pass));

	memset(pass, 0, offsetof(Pass, findings));
	pass->findings.n = 0;
	pass->set = settings_copy(rules ? rules->attachment : NULL);
	pass->excused = rules ? rules->excused : -1;
	pass->competition = rules && rules->profile == CHECK_COMPETITION;
	if (!pass->competition)
		pass->set->ctx.scope = scope_check_begin();
	pass->names = *names;
	pass_memo_init(&pass->memo);
	pass->context = CurrentMemoryContext;
	pass->result = result;
	pass->row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata findings of a row",
											  ALLOCSET_SMALL_SIZES);
	pass->desc = desc;
	if (desc != NULL)
		pass->store = begin_store(pass);
	pass->duplicates = duplicates;
	if (duplicates)
		cd_dup_init(&pass->numbers, palloc(sizeof(cd_dup_slot) * FIRST_SLOTS), FIRST_SLOTS);
	return pass;
}

void
pass_received(Pass *pass, int32 received_on)
{
	if (received_on != CD_DATE_NONE && !pass->competition)
		pass->set->ctx.submission = calendar_submission(received_on);
}

cd_findings *
pass_findings(Pass *pass)
{
	return &pass->findings;
}

const PassCounts *
pass_counts(const Pass *pass)
{
	return &pass->counts;
}

bool
pass_is_rejected(const Pass *pass, int64 row_no)
{
	size_t		word = (size_t) row_no / 64;

	return word < pass->rejected_words && (pass->rejected[word] >> (row_no % 64) & 1);
}

static void
reject(Pass *pass, int64 row_no)
{
	size_t		word = (size_t) row_no / 64;

	if (pass_is_rejected(pass, row_no))
		return;
	if (word >= pass->rejected_words)
	{
		size_t		words = Max(1024, word * 2);
		uint64	   *larger = MemoryContextAllocExtended(pass->context, sizeof(uint64) * words,
														MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

		if (pass->rejected_words > 0)
		{
			memcpy(larger, pass->rejected, sizeof(uint64) * pass->rejected_words);
			pfree(pass->rejected);
		}
		pass->rejected = larger;
		pass->rejected_words = words;
	}
	pass->rejected[word] |= UINT64CONST(1) << (row_no % 64);
	pass->counts.rejected++;
}

static void
grow_numbers(Pass *pass)
{
	cd_dup		larger;
	size_t		slots = (pass->numbers.mask + 1) * 2;

	cd_dup_init(&larger,
				MemoryContextAllocHuge(pass->context, sizeof(cd_dup_slot) * slots), slots);
	cd_dup_rehash(&larger, &pass->numbers);
	pfree(pass->numbers.slot);
	pass->numbers = larger;
}

static void
note_number(Pass *pass, const cd_certno *no, int64 row_no)
{
	uint32		first;
	Hit		   *hit;

	if (row_no > CD_DUP_MAX_ROW)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg_internal(certdata_lang_zh() ? "一次查重不能超过%u行" :
								 "more than %u rows cannot be checked for repeated numbers at once",
								 CD_DUP_MAX_ROW)));
	while ((first = cd_dup_add(&pass->numbers, no, (uint32) row_no)) == CD_DUP_FULL)
		grow_numbers(pass);
	if (first == 0)
		return;
	if (pass->nhits == pass->hit_room)
	{
		MemoryContext old = MemoryContextSwitchTo(pass->context);

		pass->hit_room = Max(64, pass->hit_room * 2);
		pass->hit = pass->hit == NULL ?
			palloc(sizeof(Hit) * pass->hit_room) :
			repalloc_huge(pass->hit, sizeof(Hit) * pass->hit_room);
		MemoryContextSwitchTo(old);
	}
	hit = &pass->hit[pass->nhits++];
	hit->pair.first = first;
	hit->pair.row = (uint32) row_no;
	hit->no = *no;
}

static void
keep_finding(Pass *pass, const cd_finding *finding, cd_severity severity,
			 int64 row_no, cd_text value)
{
	Datum		values[FINDING_ROW_COLUMNS];
	bool		nulls[FINDING_ROW_COLUMNS];
	char		cell[24];

	if (pass->store == NULL)
		return;
	pass->names.cell(pass->names.arg, finding, row_no, cell);
	finding_row(finding, severity, row_no, cell, value, values, nulls);
	tuplestore_putvalues(pass->store, pass->desc, values, nulls);
}

/* A finding's severity in this row; false: its rule is switched off. */
static bool
judge_finding(const Pass *pass, const cd_finding *finding, int32 date, bool older,
			  cd_severity *severity)
{
	if (!settings_judge(pass->set, finding, date, severity))
		return false;
	if (older || (*severity == CD_PRINCIPLE && finding->rule == pass->excused))
		*severity = CD_WARNING;
	return true;
}

/* Count and keep the findings collected; true if none refuses the row. */
static bool
judge_row(Pass *pass, int64 row_no, const cd_text field[CD_NFIELDS], int32 date,
		  const bool *older)
{
	MemoryContext old = MemoryContextSwitchTo(pass->row_context);
	bool		accepted = true;

	for (int i = 0; i < pass->findings.n; i++)
	{
		const cd_finding *finding = &pass->findings.item[i];
		cd_text		value = {"", 0};
		cd_severity severity;

		if (!judge_finding(pass, finding, date, older && older[i], &severity))
			continue;
		pass->counts.by_rule[finding->rule]++;
		if (severity == CD_WARNING)
			pass->counts.warnings++;
		else
			accepted = false;
		if (finding->field < CD_NFIELDS && field != NULL)
			value = field[finding->field];
		keep_finding(pass, finding, severity, row_no, value);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(pass->row_context);
	return accepted;
}

static inline void
check(Pass *pass, const cd_text field[CD_NFIELDS], unsigned fields,
	  unsigned typed, cd_record *rec, cd_findings *findings)
{
	cd_check_typed(field, fields, typed,
				   pass->set->ndated == 0 ? &pass->set->ctx :
				   settings_context(pass->set, field, rec, &pass->room),
				   rec, findings);
	pass_memo_row(&pass->memo, &pass->set->ctx);
}

void
pass_check(Pass *pass, const cd_text field[CD_NFIELDS], unsigned fields,
		   unsigned typed, cd_record *rec, cd_findings *findings)
{
	check(pass, field, fields, typed, rec, findings);
}

void
pass_judge(Pass *pass, int64 row_no, const cd_text field[CD_NFIELDS],
		   unsigned typed, int32 date, const bool *older)
{
	cd_text		shown[CD_NFIELDS];

	memcpy(shown, field, sizeof(shown));
	for (int i = 0; i < CD_NFIELDS && typed != 0; i++)
		if (typed & 1u << i)
			shown[i] = pass->names.value(pass->names.arg, (cd_field) i);
	if (!judge_row(pass, row_no, shown, date, older))
		reject(pass, row_no);
	pass->findings.n = 0;
}

void
pass_count(Pass *pass)
{
	pass->counts.rows++;
}

void
pass_seen(Pass *pass, int64 rows)
{
	pass->counts.rows = rows;
}

void
pass_row(Pass *pass, int64 row_no, const cd_text field[CD_NFIELDS],
		 unsigned fields, unsigned typed, cd_record *rec)
{
	pass->counts.rows++;
	check(pass, field, fields, typed, rec, &pass->findings);
	if (pass->duplicates && rec->has_no)
		note_number(pass, &rec->no, row_no);
	if (pass->findings.n > 0)
		pass_judge(pass, row_no, field, typed, rec->date, NULL);
}

void
pass_unreadable(Pass *pass, int64 row_no)
{
	pass->counts.rows++;
	if (!judge_row(pass, row_no, NULL, CD_DATE_NONE, NULL))
		reject(pass, row_no);
	pass->findings.n = 0;
}

bool
pass_file(Pass *pass)
{
	bool		accepted = judge_row(pass, 0, NULL, CD_DATE_NONE, NULL);

	pass->findings.n = 0;
	return accepted;
}

static int
compare_members(const void *a, const void *b)
{
	uint32		x = ((const Member *) a)->row;
	uint32		y = ((const Member *) b)->row;

	return x < y ? -1 : x > y;
}

/* Every row that shares its number, in the order of rows. */
static Member *
list_members(Pass *pass, int *n)
{
	Member	   *member = MemoryContextAllocHuge(pass->context, sizeof(Member) *
												(2 * pass->nhits + pass->nregistered));
	int			start = 0;

	for (*n = 0; *n < pass->nregistered; (*n)++)
		member[*n] = pass->registered[*n];
	for (int i = 0; i < pass->nhits; i++)
	{
		if (i == 0 || pass->hit[i].pair.first != pass->hit[start].pair.first)
		{
			start = i;
			member[(*n)++] = (Member) {pass->hit[i].pair.first, start, pass->hit[i].no};
		}
		member[(*n)++] = (Member) {pass->hit[i].pair.row, start, pass->hit[i].no};
	}
	qsort(member, *n, sizeof(Member), compare_members);
	return member;
}

static void
judge_member(Pass *pass, const Member *member, const cd_dup_pair *pair)
{
	cd_rule_id	rule = member->set < 0 ? CD_RULE_NO_REGISTERED : CD_RULE_NO_DUPLICATE;
	MemoryContext old;
	cd_finding *finding;
	cd_severity severity;
	char		no[CD_CERTNO_LEN];
	cd_text		value = {no, CD_CERTNO_LEN};

	pass->findings.n = 0;
	finding = cd_find(&pass->findings, rule, CD_CERT_NO);
	if (!settings_judge(pass->set, finding, CD_DATE_NONE, &severity))
		return;
	old = MemoryContextSwitchTo(pass->row_context);
	if (member->set >= 0)
		cd_dup_others(pair + member->set, pass->nhits - member->set, member->row, 0,
					  finding->arg1, CD_ARG_SIZE);
	cd_certno_print(&member->no, no);
	keep_finding(pass, finding, severity, member->row, value);
	pass->counts.by_rule[rule]++;
	if (severity == CD_WARNING)
		pass->counts.warnings++;
	else
		reject(pass, member->row);
	MemoryContextSwitchTo(old);
	MemoryContextReset(pass->row_context);
}

/* Findings about members, each put before the first finding of a later row. */
static void
merge_repeated(Pass *pass)
{
	Tuplestorestate *others = pass->store;
	TupleTableSlot *slot = NULL;
	cd_dup_pair *pair = MemoryContextAllocHuge(pass->context, sizeof(cd_dup_pair) * (pass->nhits + 1));
	int			nmembers;
	Member	   *member = list_members(pass, &nmembers);
	bool		more = false;
	int			i = 0;

	for (int k = 0; k < pass->nhits; k++)
		pair[k] = pass->hit[k].pair;
	if (others != NULL)
	{
		slot = MakeSingleTupleTableSlot(pass->desc, &TTSOpsMinimalTuple);
		pass->store = begin_store(pass);
		more = tuplestore_gettupleslot(others, true, false, slot);
	}
	while (more || i < nmembers)
	{
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		if (more && (i == nmembers ||
					 DatumGetInt64(slot_getattr(slot, 1, &isnull)) <= member[i].row))
		{
			tuplestore_puttupleslot(pass->store, slot);
			more = tuplestore_gettupleslot(others, true, false, slot);
		}
		else
		{
			/* registered in two tables is registered */
			if (i == 0 || member[i].set >= 0 || member[i - 1].set >= 0 ||
				member[i - 1].row != member[i].row)
				judge_member(pass, &member[i], pair);
			i++;
		}
	}
	if (others != NULL)
	{
		ExecDropSingleTupleTableSlot(slot);
		tuplestore_end(others);
	}
}

void
pass_registered(Pass *pass, int64 row_no, const cd_certno *no)
{
	MemoryContext old = MemoryContextSwitchTo(pass->context);
	int			n = pass->nregistered;

	/* room for a power of two */
	if ((n & (n - 1)) == 0)
		pass->registered = n == 0 ? palloc(sizeof(Member)) :
			repalloc_huge(pass->registered, sizeof(Member) * 2 * n);
	pass->registered[pass->nregistered++] = (Member) {(uint32) row_no, -1, *no};
	MemoryContextSwitchTo(old);
}

/*
 * A repeated number concerns rows of several dates, so it is judged by the
 * setting of today.
 */
Tuplestorestate *
pass_end(Pass *pass)
{
	MemoryContext old = MemoryContextSwitchTo(pass->context);

	if (pass->set->ctx.scope != NULL)
	{
		scope_check_end(pass->set->ctx.scope);
		pass->set->ctx.scope = NULL;
	}
	if (pass->nhits > 0)
		qsort(pass->hit, pass->nhits, sizeof(Hit), cd_dup_pair_cmp);
	if (pass->nhits > 0 || pass->nregistered > 0)
		merge_repeated(pass);
	MemoryContextSwitchTo(old);
	return pass->store;
}
