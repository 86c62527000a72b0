/*
 * scope.c
 *	  The rules of filing and scope; in_scope, responsible.
 *
 * A report has few combinations of filing, organisations, occupation, work
 * type and level, and a verdict holds for a stretch of days.  So each
 * combination is judged once and found again by its bytes, for as long as what
 * it was judged by holds (kept.h).
 */
#include "check/scope.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "check/entry.h"
#include "check/kept.h"
#include "check/reading.h"

PG_FUNCTION_INFO_V1(certdata_match_form);
PG_FUNCTION_INFO_V1(certdata_scope_key);
PG_FUNCTION_INFO_V1(certdata_in_scope);
PG_FUNCTION_INFO_V1(certdata_responsible);

bool		certdata_scope_blank_covers = false;

/* Verdicts kept at most; what a usual report needs many times over. */
#define MAX_VERDICTS 50000

/* A combination whose texts are longer has faults enough, and is not kept. */
#define KEY_SIZE 1024

typedef struct Verdict
{
	cd_days		same;
	struct Verdict *next;		/* the same combination on other days */
	int			n;
	cd_finding	finding[FLEXIBLE_ARRAY_MEMBER];
} Verdict;

typedef struct ScopeCheck
{
	MemoryContext context;		/* where all of it lives */
	MemoryContext memory;		/* verdicts; reset when there are too many */
	ScopeFacts *facts;			/* NULL: no row has asked yet */
	entries_hash *table;
	int			nverdicts;
} ScopeCheck;

void
scope_define_settings(void)
{
	DefineCustomBoolVariable("certdata.scope_blank_covers",
							 "A scope row without work type covers every work type of its occupation.",
							 "Off: it covers certificates without a work type only.",
							 &certdata_scope_blank_covers, false, PGC_SUSET, 0,
							 NULL, NULL, NULL);
}

/* ---- verdicts ---- */

static char *
put_bytes(char *at, const char *end, const void *bytes, size_t len)
{
	if (len > (size_t) (end - at))
		return NULL;
	if (len > 0)
		memcpy(at, bytes, len);
	return at + len;
}

/* Eight bytes at a time, which is enough for a table of our own. */
static inline uint64
hash_text(uint64 h, cd_text t)
{
	uint64		word;

	for (; t.len >= sizeof(word); t.ptr += sizeof(word), t.len -= sizeof(word))
	{
		memcpy(&word, t.ptr, sizeof(word));
		h = hash_combine64(h, word);
	}
	word = 0;
	memcpy(&word, t.ptr, t.len);
	return hash_combine64(h, word);
}

/*
 * All that a verdict depends on, but for the day, and a hash of it; false: too
 * long.
 */
static bool
make_key(char buf[KEY_SIZE], cd_text *key, uint32 *hash, const cd_text field[CD_NFIELDS],
		 const cd_record *rec)
{
	static const cd_field text_field[] = {CD_OCCUPATION, CD_WORK_TYPE, CD_EVALUATOR, CD_ISSUER};
	struct
	{
		uint64		filing;
		uint16		len[lengthof(text_field)];
		uint8		level;
		uint8		has_date;
		uint8		zero[6];
	}			head = {0};
	const char *end = buf + KEY_SIZE;
	char	   *at = buf + sizeof(head);
	uint64		h;

	head.filing = rec->has_no ? cd_certno_filing_key(&rec->no) : PG_UINT64_MAX;
	head.level = (uint8) rec->level;
	head.has_date = rec->date != CD_DATE_NONE;
	h = head.filing * 32 + head.level * 2 + head.has_date;
	for (int i = 0; i < lengthof(text_field); i++)
	{
		cd_text		t = field[text_field[i]];

		head.len[i] = (uint16) t.len;
		/* most bodies issue what they evaluate */
		if (text_field[i] == CD_ISSUER && t.len > 0 && t.len == field[CD_EVALUATOR].len &&
			memcmp(t.ptr, field[CD_EVALUATOR].ptr, t.len) == 0)
			break;
		at = put_bytes(at, end, t.ptr, t.len);
		if (at == NULL)
			return false;
		if (t.len > 0)
			h = hash_text(h, t);
	}
	memcpy(buf, &head, sizeof(head));
	*key = (cd_text) {buf, (size_t) (at - buf)};
	*hash = murmurhash32((uint32) (h ^ h >> 32));
	return true;
}

static const Verdict *
find_verdict(const ScopeCheck *check, cd_text key, uint32 hash, int32 day)
{
	Entry	   *entry = entries_lookup_hash(check->table, key, hash);

	if (entry != NULL)
		for (const Verdict *v = entry->item; v != NULL; v = v->next)
			if (day >= v->same.from && day <= v->same.to)
				return v;
	return NULL;
}

static void
keep_verdict(ScopeCheck *check, cd_text key, uint32 hash, cd_days same, const cd_finding *finding, int n)
{
	Verdict    *verdict = MemoryContextAlloc(check->memory,
											 offsetof(Verdict, finding) + sizeof(cd_finding) * n);
	Entry	   *entry = entries_lookup_hash(check->table, key, hash);
	bool		found;

	if (entry == NULL)
	{
		char	   *copy = MemoryContextAlloc(check->memory, key.len);

		key.ptr = memcpy(copy, key.ptr, key.len);
		entry = entries_insert_hash(check->table, key, hash, &found);
		entry->item = NULL;
	}
	verdict->same = same;
	verdict->n = n;
	memcpy(verdict->finding, finding, sizeof(cd_finding) * n);
	verdict->next = entry->item;
	entry->item = verdict;
	check->nverdicts++;
}

static void
begin_verdicts(ScopeCheck *check)
{
	check->nverdicts = 0;
	check->table = entries_create(check->memory, 64, NULL);
}

static void
begin_check(ScopeCheck *check)
{
	MemoryContext old = MemoryContextSwitchTo(check->context);
	ScopeFacts *facts = scope_facts_begin();

	check->memory = AllocSetContextCreate(check->context, "certdata scope verdicts", ALLOCSET_DEFAULT_SIZES);
	begin_verdicts(check);
	MemoryContextSwitchTo(old);
	check->facts = facts;
}

/*
 * Room for one more verdict.  Findings refer to facts, so both are forgotten
 * together.
 */
static void
bound_check(ScopeCheck *check)
{
	if (scope_facts_are_many(check->facts) || check->nverdicts >= MAX_VERDICTS)
	{
		scope_facts_forget(check->facts);
		MemoryContextReset(check->memory);
		begin_verdicts(check);
	}
}

static bool
recall(const ScopeCheck *check, cd_text key, uint32 hash, const cd_record *rec, cd_findings *f, cd_days *same)
{
	const Verdict *v = find_verdict(check, key, hash, rec->date);

	if (v == NULL)
		return false;
	*same = v->same;
	for (int i = 0; i < v->n && f->n < CD_MAX_FINDINGS; i++)
		f->item[f->n++] = v->finding[i];
	return true;
}

/* What a statement judges by, held as long as it does. */
typedef struct ScopeUse
{
	struct cd_scope_check pub;
	Holding    *held;
	ScopeCheck *check;
} ScopeUse;

static void
check_scope(void *arg, const cd_text field[CD_NFIELDS], const cd_record *rec, cd_findings *f,
			cd_days *same)
{
	ScopeCheck *check = ((ScopeUse *) arg)->check;
	char		buf[KEY_SIZE];
	cd_text		key = {NULL, 0};
	uint32		hash = 0;
	bool		kept;
	int			before = f->n;

	if (check->facts == NULL)
		begin_check(check);
	if (!scope_facts_source(check->facts)->has_filings)
	{
		*same = (cd_days) {CD_DAYS_FIRST, CD_DAYS_LAST};
		return;
	}
	kept = make_key(buf, &key, &hash, field, rec);
	if (kept && recall(check, key, hash, rec, f, same))
		return;
	bound_check(check);
	cd_scope_judge(scope_facts_source(check->facts), field, rec, f, same);
	if (kept)
		keep_verdict(check, key, hash, *same, f->item + before, f->n - before);
}

/* ---- from statement to statement ---- */

typedef struct KeptScope
{
	ScopeCheck *check;
	bool		blank_covers;	/* the setting it was made under */
} KeptScope;

static Reading reading = {.may_last = true};

static ScopeCheck *
kept_check(void)
{
	KeptScope  *kept = reading_get(&reading);
	MemoryContext old;

	if (kept != NULL && kept->blank_covers == certdata_scope_blank_covers)
		return kept->check;
	old = reading_begin(&reading, "scope");
	kept = palloc(sizeof(KeptScope));
	kept->blank_covers = certdata_scope_blank_covers;
	kept->check = palloc0(sizeof(ScopeCheck));
	kept->check->context = CurrentMemoryContext;
	reading_end(&reading, old, kept);
	return kept->check;
}

struct cd_scope_check *
scope_check_begin(void)
{
	ScopeUse   *use = palloc0(sizeof(ScopeUse));

	use->pub.check = check_scope;
	use->pub.arg = use;
	use->check = kept_check();
	use->held = reading_hold(&reading);
	return &use->pub;
}

void
scope_check_end(const struct cd_scope_check *check)
{
	ScopeUse   *use = check->arg;

	reading_release(use->held);
}

/* ---- SQL ---- */

static cd_text
text_arg(FunctionCallInfo fcinfo, int i)
{
	text	   *t;

	if (PG_ARGISNULL(i))
		return (cd_text) {"", 0};
	t = PG_GETARG_TEXT_PP(i);
	return (cd_text) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

/* match_form(text) */
Datum
certdata_match_form(PG_FUNCTION_ARGS)
{
	cd_text		t = text_arg(fcinfo, 0);
	text	   *form = palloc(VARHDRSZ + t.len);

	SET_VARSIZE(form, VARHDRSZ + cd_match_form(t.ptr, t.len, VARDATA(form)));
	PG_RETURN_TEXT_P(form);
}

/* scope_key(filing, occupation, work_type, level) */
Datum
certdata_scope_key(PG_FUNCTION_ARGS)
{
	uint64		key = PG_ARGISNULL(3) ? 0 : (uint64) (unsigned char) PG_GETARG_CHAR(3);

	for (int i = 0; i < 3; i++)
	{
		cd_text		t = text_arg(fcinfo, i);

		if (i == 2)
			t = cd_scope_work_type(t);
		key = hash_bytes_extended((const unsigned char *) t.ptr, (int) t.len, key);
	}
	PG_RETURN_INT64((int64) key);
}

/* The facts of the same. */
static const cd_scope_source *
kept_source(void)
{
	ScopeCheck *check = kept_check();

	if (check->facts == NULL)
		begin_check(check);
	else
		bound_check(check);
	return scope_facts_source(check->facts);
}

/* in_scope(filing, occupation, work_type, level, on_date) */
Datum
certdata_in_scope(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(cd_in_scope(kept_source(), text_arg(fcinfo, 0), text_arg(fcinfo, 1),
							   text_arg(fcinfo, 2), (cd_level) PG_GETARG_CHAR(3),
							   PG_GETARG_DATEADT(4)));
}

/* responsible(filing, on_date) */
Datum
certdata_responsible(PG_FUNCTION_ARGS)
{
	cd_text		id;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	id = cd_responsible(kept_source(), text_arg(fcinfo, 0),
						PG_ARGISNULL(1) ? certdata_today() : PG_GETARG_DATEADT(1));
	if (id.len == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(id.ptr, (int) id.len));
}
