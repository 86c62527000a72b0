/*
 * check_scope.c
 *	  The rules of filing and scope on a machine without a server: facts come
 *	  from a file.
 *
 * A report has few combinations of filing, organisations, occupation, work
 * type and level, and a verdict holds for a stretch of days: verdicts are kept
 * and found again by all that they depend on.
 */
#include "check_scope.h"

#include "../rule/bytes.h"

#include <stdlib.h>
#include <string.h>

#define BUCKET_BITS 16
#define BUCKETS (1u << BUCKET_BITS)

/* Bytes of verdicts and what they refer to, before all are forgotten. */
#define VERDICT_MEMORY (32 * 1024 * 1024)

/* A combination with longer texts is judged anew each time. */
#define COMBINATION_SIZE 1024

/* All of a record that a verdict depends on, but for the day. */
typedef struct combination
{
	uint64_t	filing;
	uint16_t	len[4];
	uint8_t		level;
	uint8_t		has_date;
	uint8_t		zero[6];
	char		text[COMBINATION_SIZE];
} combination;
#define COMBINATION_HEAD offsetof(combination, text)

typedef struct kept_verdict
{
	struct kept_verdict *next;	/* of the bucket */
	uint64_t	hash;
	cd_days		same;
	const char *key;			/* a combination's bytes */
	uint32_t	key_len;
	int			n;
	cd_finding	finding[];
} kept_verdict;

typedef struct scope_state
{
	struct cd_scope_check check;
	cd_scope_source source;
	scope_facts facts;
	arena		kept;			/* verdicts and what they refer to */
	kept_verdict *bucket[BUCKETS];
} scope_state;

/* ---- the source ---- */

static const cd_filing *
source_filings(void *arg, cd_text code, int *n)
{
	size_t		count;
	const cd_filing *filing = scope_table_find(&((scope_state *) arg)->facts.filing, code, NULL, &count, NULL);

	*n = (int) count;
	return filing;
}

static const cd_org *
source_org(void *arg, cd_text id)
{
	size_t		count;

	return scope_table_find(&((scope_state *) arg)->facts.org, id, NULL, &count, NULL);
}

static const cd_org_name *
source_names(void *arg, cd_text id, int *n)
{
	size_t		count;
	const cd_org_name *name = scope_table_find(&((scope_state *) arg)->facts.name, id, NULL, &count, NULL);

	*n = (int) count;
	return name;
}

static const cd_text *
source_orgs_named(void *arg, cd_text match_form, int *n)
{
	size_t		count;
	const cd_text *id = scope_table_find(&((scope_state *) arg)->facts.named, match_form, NULL, &count, NULL);

	*n = (int) count;
	return id;
}

static const cd_scope_row *
source_rows(void *arg, cd_text code, cd_text match_form, int *n)
{
	size_t		count;
	const cd_scope_row *row = scope_table_find(&((scope_state *) arg)->facts.row, code,
											   match_form.len > 0 ? &match_form : NULL, &count, NULL);

	*n = (int) count;
	return row;
}

static const char *
source_keep(void *arg, const char *s, size_t len)
{
	return arena_copy(&((scope_state *) arg)->kept, s, len);
}

/* ---- verdicts ---- */

/* Its length; 0: too long. */
static size_t
make_combination(combination *c, const cd_text field[CD_NFIELDS], const cd_record *rec)
{
	static const cd_field text_field[4] = {CD_OCCUPATION, CD_WORK_TYPE, CD_EVALUATOR, CD_ISSUER};
	size_t		len = 0;
	int			i;

	memset(c, 0, COMBINATION_HEAD);
	c->filing = rec->has_no ? cd_certno_filing_key(&rec->no) : UINT64_MAX;
	c->level = (uint8_t) rec->level;
	c->has_date = rec->date != CD_DATE_NONE;
	for (i = 0; i < 4; i++)
	{
		const cd_text *t = &field[text_field[i]];

		if (t->len > COMBINATION_SIZE - len)
			return 0;
		c->len[i] = (uint16_t) t->len;
		if (t->len > 0)
			memcpy(c->text + len, t->ptr, t->len);
		len += t->len;
	}
	/* whole words for the hash */
	memset(c->text + len, 0, -len & 7);
	return COMBINATION_HEAD + len;
}

static uint64_t
hash_words(const char *s, size_t len)
{
	uint64_t	hash = len;

	for (; len > 8; s += 8, len -= 8)
	{
		hash = (hash ^ load8(s)) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return (hash ^ load8(s)) * UINT64_C(0x9E3779B97F4A7C15);
}

static kept_verdict **
bucket_of(scope_state *state, uint64_t hash)
{
	return &state->bucket[(hash ^ hash >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - BUCKET_BITS)];
}

static const kept_verdict *
find_verdict(scope_state *state, const combination *c, size_t len, uint64_t hash, int32_t day)
{
	const kept_verdict *v;

	for (v = *bucket_of(state, hash); v != NULL; v = v->next)
		if (v->hash == hash && day >= v->same.from && day <= v->same.to &&
			v->key_len == len && memcmp(v->key, c, len) == 0)
			return v;
	return NULL;
}

static void
keep_verdict(scope_state *state, const combination *c, size_t len, uint64_t hash,
			 cd_days same, const cd_finding *finding, int n)
{
	size_t		size = sizeof(kept_verdict) + (size_t) n * sizeof(cd_finding);
	kept_verdict *v = arena_alloc(&state->kept, size);
	kept_verdict **bucket = bucket_of(state, hash);

	v->next = *bucket;
	v->hash = hash;
	v->same = same;
	v->key = arena_copy(&state->kept, (const char *) c, len);
	v->key_len = (uint32_t) len;
	v->n = n;
	memcpy(v->finding, finding, (size_t) n * sizeof(cd_finding));
	*bucket = v;
}

/* Only findings of earlier rows refer to what was kept, and those are written. */
static void
forget_verdicts(scope_state *state)
{
	memset(state->bucket, 0, sizeof(state->bucket));
	arena_reset(&state->kept);
}

static void
check_row(void *arg, const cd_text field[CD_NFIELDS], const cd_record *rec, cd_findings *f,
		  cd_days *same)
{
	scope_state *state = arg;
	combination c;
	size_t		len = make_combination(&c, field, rec);
	uint64_t	hash = len > 0 ? hash_words((const char *) &c, len) : 0;
	const kept_verdict *v = len > 0 ? find_verdict(state, &c, len, hash, rec->date) : NULL;
	int			before = f->n;
	int			i;

	if (v != NULL)
	{
		*same = v->same;
		for (i = 0; i < v->n; i++)
			*cd_find(f, CD_RULE_NO_FILING, CD_CERT_NO) = v->finding[i];
		return;
	}
	if (state->kept.total > VERDICT_MEMORY)
		forget_verdicts(state);
	cd_scope_judge(&state->source, field, rec, f, same);
	/* one for a single day would make the bucket long and be found seldom */
	if (len > 0 && same->from < same->to)
		keep_verdict(state, &c, len, hash, *same, f->item + before, f->n - before);
}

/* ---- the way in ---- */

const struct cd_scope_check *
scope_open(const char *path, size_t *filings, size_t *rows)
{
	scope_state *state = check_alloc(NULL, sizeof(scope_state));

	memset(state, 0, sizeof(*state));
	scope_facts_read(&state->facts, path);
	*filings = state->facts.filing.n;
	*rows = state->facts.row.n;
	state->source = (cd_scope_source)
	{
		.arg = state,
			.has_filings = state->facts.filing.n > 0,
			.has_scope = state->facts.row.n > 0,
			.filings = source_filings,
			.org = source_org,
			.names = source_names,
			.orgs_named = source_orgs_named,
			.rows = source_rows,
			.keep = source_keep,
	};
	state->check.check = check_row;
	state->check.arg = state;
	return &state->check;
}
