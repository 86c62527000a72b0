/*
 * memo.c
 *	  Texts and combinations recognised by all of their bytes.
 *
 * Two tables with open addressing, in which nothing is ever deleted: a search
 * ends at a free slot, or after a few slots, where what is sought would not
 * have been put either.
 */
#include "memo.h"
#include "number.h"

#define FACTOR UINT64_C(0x9E3779B97F4A7C15)

void
cd_memo_init(cd_memo *memo, cd_memo_text *text, int text_bits, cd_memo_row *row, int row_bits)
{
	memset(memo, 0, sizeof(*memo));
	memo->text = text;
	memo->text_shift = 64 - text_bits;
	memo->row = row;
	memo->row_shift = 64 - row_bits;
	memset(text, 0, sizeof(cd_memo_text) * CD_MEMO_SLOTS(text_bits));
	memset(row, 0, sizeof(cd_memo_row) * CD_MEMO_SLOTS(row_bits));
}

/* A quarter of the slots stays free. */
static bool
has_room(uint32_t n, int shift)
{
	return n < (uint64_t) 3 << (62 - shift);
}

bool
cd_memo_lacks_texts(const cd_memo *memo)
{
	return !has_room(memo->ntexts, memo->text_shift);
}

/* ---- texts ---- */

/* Fewer than eight bytes in a word, some of them twice. */
static inline uint64_t
load_few(const char *s, size_t len)
{
	uint32_t	first;
	uint32_t	last;

	if (len < 4)
		return (uint64_t) (unsigned char) s[0] << 16 | (uint64_t) (unsigned char) s[len / 2] << 8 |
			(unsigned char) s[len - 1];
	memcpy(&first, s, 4);
	memcpy(&last, s + len - 4, 4);
	return (uint64_t) last << 32 | first;
}

static inline uint64_t
hash_step(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * FACTOR;
	return hash ^ hash >> 32;
}

static inline uint64_t
hash_text(const char *s, size_t len)
{
	uint64_t	hash = len;

	if (len < 8)
		return (hash ^ load_few(s, len)) * FACTOR;
	for (size_t i = 0; i + 8 < len; i += 8)
		hash = hash_step(hash, load8(s + i));
	return (hash ^ load8(s + len - 8)) * FACTOR;
}

/* The same bytes?  Both have that many, at least one. */
static inline bool
are_equal(const char *a, const char *b, size_t len)
{
	uint64_t	differ = 0;

	if (len < 8)
		return load_few(a, len) == load_few(b, len);
	for (size_t i = 0; i + 8 < len; i += 8)
		differ |= load8(a + i) ^ load8(b + i);
	return (differ | (load8(a + len - 8) ^ load8(b + len - 8))) == 0;
}

/* Where the text is or would be put; NULL: neither. */
static always_inline cd_memo_text *
text_slot(const cd_memo *memo, cd_text t, uint64_t hash)
{
	cd_memo_text *slot = memo->text + (hash >> memo->text_shift);

	for (const cd_memo_text *end = slot + CD_MEMO_PROBES; slot < end; slot++)
		if (slot->len == 0 || (slot->len == t.len && are_equal(slot->bytes, t.ptr, t.len)))
			return slot;
	return NULL;
}

static uint64_t
keep_text(cd_memo *memo, cd_text t, uint64_t hash)
{
	cd_memo_text *slot;

	if (t.len == 0 || t.len > CD_MEMO_TEXT)
		return 0;
	slot = text_slot(memo, t, hash);
	if (slot == NULL)
		return 0;
	if (slot->len == 0)
	{
		if (!has_room(memo->ntexts, memo->text_shift))
		{
			memo->full = true;
			return 0;
		}
		memcpy(slot->bytes, t.ptr, t.len);
		slot->len = (uint32_t) t.len;
		slot->id = ++memo->ntexts;
	}
	return slot->id;
}

/* ---- combinations ---- */

/* The issuer comes after the evaluator, which most of them are. */
#define REPEATED 4
#define ISSUER_AT 3
static const cd_field repeated[REPEATED] = {CD_OCCUPATION, CD_WORK_TYPE, CD_EVALUATOR, CD_ISSUER};

static inline bool
issues_itself(const cd_text field[CD_NFIELDS])
{
	const cd_text *a = &field[CD_EVALUATOR];
	const cd_text *b = &field[CD_ISSUER];

	return a->len > 0 && a->len == b->len && are_equal(a->ptr, b->ptr, a->len);
}

/* What a verdict depends on, but for the day and the texts. */
static inline uint64_t
filing_of(const cd_record *rec)
{
	return certno_filing(&rec->no) << 8 | (uint8_t) rec->level;
}

/*
 * By the hashes of the texts, not by their ids, so that the row can be on its
 * way from memory while the texts are looked for.
 */
static inline cd_memo_row *
first_row(const cd_memo *memo, uint64_t filing, const uint64_t hash[REPEATED])
{
	uint64_t	mixed = filing * FACTOR;

	for (int i = 0; i < REPEATED; i++)
		mixed = hash_step(mixed, hash[i]);
	return memo->row + (mixed * FACTOR >> memo->row_shift);
}

/* Those of the first n; the rest are the one before. */
static inline void
hash_texts(const cd_text field[CD_NFIELDS], int n, uint64_t hash[REPEATED])
{
	for (int i = 0; i < n; i++)
	{
		cd_text		t = field[repeated[i]];

		hash[i] = t.len > 0 ? hash_text(t.ptr, t.len) : 0;
	}
	for (int i = n; i < REPEATED; i++)
		hash[i] = hash[i - 1];
}

bool
cd_memo_knows(cd_memo *memo, const cd_text field[CD_NFIELDS], const cd_record *rec)
{
	uint64_t	filing;
	uint64_t	texts = 0;
	uint64_t	hash[REPEATED];
	cd_memo_row *row;
	int			n = issues_itself(field) ? ISSUER_AT : REPEATED;

	if (!rec->has_no || rec->date == CD_DATE_NONE)
		return false;
	filing = filing_of(rec);
	hash_texts(field, n, hash);
	row = first_row(memo, filing, hash);
	prefetch(row);
	for (int i = 0; i < n; i++)
	{
		cd_text		t = field[repeated[i]];
		const cd_memo_text *slot;

		texts <<= 16;
		if (t.len == 0)
			continue;
		if (t.len > CD_MEMO_TEXT)
			return false;
		slot = text_slot(memo, t, hash[i]);
		if (slot == NULL || slot->len == 0)
			return false;
		texts |= slot->id;
	}
	if (n == ISSUER_AT)
		texts = texts << 16 | (texts & 0xFFFF);
	for (const cd_memo_row *end = row + CD_MEMO_PROBES; row < end && row->texts != 0; row++)
		if (row->texts == texts && row->filing == filing &&
			rec->date >= row->same.from && rec->date <= row->same.to)
		{
			memo->known++;
			return true;
		}
	return false;
}

void
cd_memo_keep(cd_memo *memo, const cd_text field[CD_NFIELDS], const cd_record *rec, cd_days same)
{
	uint64_t	filing = filing_of(rec);
	uint64_t	texts = 0;
	uint64_t	hash[REPEATED];
	cd_memo_row *row;

	if (!rec->has_no || rec->date == CD_DATE_NONE)
		return;
	hash_texts(field, REPEATED, hash);
	for (int i = 0; i < REPEATED; i++)
	{
		uint64_t	id = keep_text(memo, field[repeated[i]], hash[i]);

		if (id == 0 && field[repeated[i]].len > 0)
			return;
		texts = texts << 16 | id;
	}
	if (!has_room(memo->nrows, memo->row_shift))
	{
		memo->full = true;
		return;
	}
	row = first_row(memo, filing, hash);
	for (const cd_memo_row *end = row + CD_MEMO_PROBES; row < end; row++)
		if (row->texts == 0)
		{
			*row = (cd_memo_row) {filing, texts, same};
			memo->nrows++;
			return;
		}
}
