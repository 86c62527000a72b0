/*
 * rule.h
 *	  Facts of certificate data as plain C: text in, verdict out.
 *
 * Nothing here knows PostgreSQL, allocates memory, reads a clock or a file.
 * The same code judges a typed column, a staged row and, in certdata-check,
 * a report file on a machine without a database.  All text is UTF-8 that the
 * caller has already found valid (cd_utf8_valid).
 */
#ifndef CERTDATA_RULE_H
#define CERTDATA_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of text; not NUL-terminated.  NULL and empty are the same. */
typedef struct cd_text
{
	const char *ptr;
	size_t		len;
} cd_text;

/* The eleven columns of the report, in the order of Annex 1. */
typedef enum cd_field
{
	CD_NAME, CD_ID_TYPE, CD_ID_NUMBER, CD_EMPLOYER, CD_OCCUPATION,
	CD_WORK_TYPE, CD_LEVEL, CD_CERT_NO, CD_ISSUE_DATE, CD_EVALUATOR,
	CD_ISSUER,
	CD_NFIELDS,
	CD_NO_FIELD = CD_NFIELDS	/* a finding about a row, header or file */
} cd_field;

typedef enum cd_severity
{
	CD_ERROR,					/* refuses */
	CD_PRINCIPLE,				/* refuses unless an exception is recorded */
	CD_WARNING					/* reports */
} cd_severity;

/* The rule list: one enum member and one cd_rules[] entry per line of it. */
typedef enum cd_rule_id
{
#define RULE(sym, id, field, severity, fixed, clause, zh, en, hint_zh, hint_en) CD_RULE_##sym,
#include "rulelist.h"
#undef RULE
	CD_NRULES
} cd_rule_id;

typedef struct cd_rule
{
	const char *id;				/* as in certdata.rule, "id.checksum" */
	cd_field	field;			/* CD_NO_FIELD: any, or none */
	cd_severity severity;		/* as shipped */
	bool		fixed;			/* a timeless fact, not a setting */
	const char *clause;			/* the guide's clause, a standard, or house */
	const char *message_zh;		/* %1 and %2 stand for a finding's arguments */
	const char *message_en;
	const char *hint_zh;
	const char *hint_en;
} cd_rule;

extern const cd_rule cd_rules[CD_NRULES];
extern const char *const cd_field_name[CD_NFIELDS + 1]; /* "姓名"; last "" */
extern const char *const cd_severity_name[3];
extern int	cd_rule_find(const char *id, size_t len);	/* -1: none such */

/* One fault found.  Arguments fill %1, %2 and %3 of the message and the hint. */
#define CD_ARG_SIZE 64
typedef struct cd_finding
{
	uint8_t		rule;
	uint8_t		field;
	uint16_t	column;			/* 0-based file column, for findings about a
								 * header */
	bool		fixed;			/* no setting allows it: the type refuses it,
								 * too */
	char		arg1[CD_ARG_SIZE];
	char		arg2[CD_ARG_SIZE];
	const char *arg3;			/* a longer one, kept by whoever supplied the
								 * facts (cd_scope_source.keep); NULL: none */
} cd_finding;

/*
 * The faults of one record.  No record has more than CD_MAX_FINDINGS: 11 of the
 * name, 11 of the document number, 8 of each other text field, 26 elsewhere,
 * 9 of filing, scope and submission.
 */
#define CD_MAX_FINDINGS 104
typedef struct cd_findings
{
	int			n;
	cd_finding	item[CD_MAX_FINDINGS];
} cd_findings;

extern cd_finding *cd_find(cd_findings *f, cd_rule_id rule, cd_field field);

/* Put %1, %2, %3 into a message; returns the length, truncates at size - 1. */
extern size_t cd_format(char *buf, size_t size, const char *fmt,
						const cd_finding *finding);

/* ---- text.c ---- */

#define CD_IS_HAN_LEAD(b) ((unsigned char) (b) >= 0xE4 && (unsigned char) (b) <= 0xE9)

/* Decode one character of valid UTF-8 at *p, advance *p. */
extern uint32_t cd_utf8_next(const char **p, const char *end);
extern int	cd_utf8_encode(uint32_t c, char *out);	/* 1..4 bytes */

/* Length of the valid prefix (== len: all valid).  NUL counts as invalid. */
extern size_t cd_utf8_valid(const char *s, size_t len);
extern size_t cd_utf8_length(const char *s, size_t len);	/* characters */
extern bool cd_is_space(uint32_t c);	/* domain's list of spaces and
										 * invisibles */
extern bool cd_is_han(uint32_t c);
extern bool cd_is_private_use(uint32_t c);

/* Full-width ASCII (U+FF01-FF5E) to ASCII, all else unchanged. */
extern uint32_t cd_fold_width(uint32_t c);

/* What a stretch of text contains, found in one pass. */
typedef struct cd_scan
{
	uint32_t	chars;			/* code points */
	uint32_t	han;			/* of them, Han characters */
	bool		space;			/* any cd_is_space */
	bool		control;		/* C0 but tab, LF, CR; DEL; C1 */
	bool		private_use;
	bool		lost;			/* U+FFFD or '?' */
	bool		star;			/* '*' or U+FF0A: a masked value */
} cd_scan;
extern void cd_scan_text(cd_scan *scan, const char *s, size_t len);

/* Surely nothing but ASCII letters, digits and Han; false if not sure. */
extern bool cd_text_is_plain(const char *s, size_t len);

/*
 * What a text type's input asks: no control character (tab and line ends
 * included), at most max characters.
 */
typedef enum cd_text_verdict
{
	CD_TEXT_OK, CD_TEXT_LONG, CD_TEXT_CONTROL
} cd_text_verdict;
extern cd_text_verdict cd_text_check(const char *s, size_t len, int max_chars);

/* Maximum characters per text field: Annex 1. */
extern const int cd_max_chars[CD_NFIELDS];

/* ---- date.c: days are PostgreSQL's, counted from 2000-01-01 ---- */
#define CD_DATE_NONE INT32_MIN
extern bool cd_date_valid(int y, int m, int d);
extern int32_t cd_date_to_days(int y, int m, int d);	/* proleptic Gregorian */
extern void cd_days_to_date(int32_t days, int *y, int *m, int *d);
typedef enum cd_date_verdict
{
	CD_DATE_OK, CD_DATE_FORM, CD_DATE_NOT_REAL
} cd_date_verdict;

/* Exactly YYYY-MM-DD, 0001-01-01 to 9999-12-31. */
extern cd_date_verdict cd_date_parse(const char *s, size_t len, int32_t *days);
extern void cd_date_print(int32_t days, char out[10]);

/* A guess at what was meant: 2022/2/9, 20220209, 2022年2月9日, 44601. */
extern bool cd_date_guess(const char *s, size_t len, int32_t *days);

/* ---- checksum.c ---- */
extern char cd_mod11_2(const char digits[17]);	/* GB 11643: check character */

/* 17 digits as a number, and their check character; '\0': not all are digits. */
extern char cd_seventeen(const char *s, int64_t *value);
extern int	cd_icao_check(const char chars[14]);	/* ICAO 9303; -1: bad char */

/* ---- certno.c: 22 characters in 10 bytes, memcmp order = text order ---- */
#define CD_CERTNO_LEN 22
#define CD_CERTNO_FILING_LEN 13
typedef struct cd_certno
{
	unsigned char b[10];		/* big-endian, so that memcmp orders */
} cd_certno;

/* The first eight bytes as an integer that is in the same order. */
static inline uint64_t
cd_certno_leading(const cd_certno *no)
{
	const unsigned char *b = no->b;

	/* written out: of a loop compilers do not make one instruction */
	return (uint64_t) b[0] << 56 | (uint64_t) b[1] << 48 | (uint64_t) b[2] << 40 | (uint64_t) b[3] << 32 |
		(uint64_t) b[4] << 24 | (uint64_t) b[5] << 16 | (uint64_t) b[6] << 8 | (uint64_t) b[7];
}

/*
 * As memcmp, without a call: indexes and sorts do little else.  Numbers of one
 * filing, year and level differ in the last two bytes only.
 */
static inline int
cd_certno_compare(const cd_certno *a, const cd_certno *b)
{
	uint64_t	x = cd_certno_leading(a);
	uint64_t	y = cd_certno_leading(b);

	if (x != y)
		return x < y ? -1 : 1;
	return (a->b[8] << 8 | a->b[9]) - (b->b[8] << 8 | b->b[9]);
}

typedef enum cd_no_verdict
{
	CD_NO_OK,
	CD_NO_EMPTY, CD_NO_SPACE, CD_NO_MASKED, CD_NO_OLD, CD_NO_RSN,
	CD_NO_LENGTH, CD_NO_LAYOUT
} cd_no_verdict;

/* What canonicalising changed; each is a fixable form, a warning. */
#define CD_FIXED_CASE	1
#define CD_FIXED_WIDTH	2

typedef struct cd_no_fault
{
	int			pos;			/* 1-based position of the first bad character */
	int			chars;			/* characters in the value */
	const char *expected;		/* "A-Z", "0-9", "0-9, A-Z" */
} cd_no_fault;

extern cd_no_verdict cd_certno_parse(const char *s, size_t len, cd_certno *no,
									 int *fixed, cd_no_fault *fault);
extern void cd_certno_print(const cd_certno *no, char out[CD_CERTNO_LEN]);
typedef struct cd_certno_parts
{
	char		category;
	int			province;		/* 0-99 */
	int			year;			/* 2000-2099 */
	char		level;			/* '0'-'9', 'A'-'Z' */
} cd_certno_parts;
extern void cd_certno_split(const cd_certno *no, cd_certno_parts *parts);
extern int	cd_certno_serial(const cd_certno *no);	/* 0-999999 */
extern bool cd_is_province(int code, bool with_83); /* GB/T 2260 prefix */

/* ---- iddoc.c ---- */
typedef enum cd_kind
{
	CD_KIND_NONE,				/* 0 is no kind */
	CD_RESIDENT,				/* 居民身份证 */
	CD_CN_PASSPORT,				/* 中国护照 */
	CD_HM_PERMIT,				/* 港澳居民来往内地通行证 */
	CD_HM_RESIDENCE,			/* 港澳居民居住证 */
	CD_TW_PERMIT,				/* 台湾居民来往大陆通行证 */
	CD_TW_RESIDENCE,			/* 台湾居民居住证 */
	CD_FOREIGN_PASSPORT,		/* 外国护照 */
	CD_PR_PERMIT,				/* 外国人永久居留身份证 */
	CD_WORK_A, CD_WORK_B, CD_WORK_C,	/* 外国人工作许可证 */
	CD_OTHER,					/* 其他个人证件 */
	CD_NKINDS
} cd_kind;

extern const char *const cd_kind_name[CD_NKINDS];	/* canonical text */

/*
 * CD_KIND_NONE: not one of the twelve.  *variant: understood, but neither the
 * guide's text nor the canonical one.
 */
extern cd_kind cd_kind_parse(const char *s, size_t len, bool *variant);

/* A document number after canonicalising: upper case, ASCII width. */
#define CD_IDNUM_MAX_CHARS 18
#define CD_IDNUM_MAX_BYTES (CD_IDNUM_MAX_CHARS * 4)
typedef struct cd_idnum
{
	int			len;			/* bytes */
	int			chars;
	char		s[CD_IDNUM_MAX_BYTES];
} cd_idnum;

typedef enum cd_id_verdict
{
	CD_ID_OK,
	CD_ID_EMPTY, CD_ID_SPACE, CD_ID_CONTROL, CD_ID_MASKED, CD_ID_LENGTH
} cd_id_verdict;

/* What the type id_number asks.  *chars is set for CD_ID_LENGTH too. */
extern cd_id_verdict cd_idnum_parse(const char *s, size_t len, cd_idnum *num,
									int *fixed);

/* Faults of a number of a given kind: any of these bits. */
#define CD_ID_BAD_LAYOUT	0x01
#define CD_ID_OLD15			0x02
#define CD_ID_OTHER_KIND	0x04	/* valid, or by prefix, of another kind */
#define CD_ID_BAD_REGION	0x08
#define CD_ID_BAD_BIRTH		0x10
#define CD_ID_BAD_CHECK		0x20
#define CD_ID_DAMAGED		0x40	/* bad check and the tail is 000 */
#define CD_ID_PATTERN		0x80	/* kinds without check character: misfit */
typedef struct cd_id_facts
{
	unsigned	faults;
	cd_kind		other;			/* CD_ID_OTHER_KIND: which */
	char		check;			/* CD_ID_BAD_CHECK, DAMAGED: the right one */
	int32_t		birth;			/* days, CD_DATE_NONE if not told */
} cd_id_facts;
extern void cd_id_check(cd_kind kind, const char *s, size_t len,
						cd_id_facts *facts);

/* Is it a faultless 居民身份证 number, given its 17 digits?  And the birth date. */
extern bool cd_resident_faultless(int64_t digits, int *y, int *m, int *d);

/* 公民身份号码 whatever the document: 81, 82 and 83 included. */
extern void cd_citizen_check(const char *s, size_t len, cd_id_facts *facts);

/*
 * 公民身份号码 as resident_id stores it: the 17 digits as a number (the check
 * character follows from them).  Faults as above; 0 = good.
 */
extern unsigned cd_resident_parse(const char *s, size_t len, int64_t *id,
								  int *fixed, cd_id_verdict *verdict,
								  cd_id_facts *facts);
extern void cd_resident_print(int64_t id, char out[18]);

/* Pack an 18-character number whose check character is right; false: it is not such. */
extern bool cd_idnum_pack(const char *s, size_t len, unsigned char out[8]);
extern void cd_idnum_unpack(const unsigned char in[8], char out[18]);

/* ---- level.c ---- */
typedef enum cd_level
{
	CD_LEVEL_NONE,				/* 0 is no level */
	CD_APPRENTICE,				/* 学徒工 */
	CD_LEVEL_5, CD_LEVEL_4, CD_LEVEL_3, CD_LEVEL_2, CD_LEVEL_1,
	CD_SENIOR_PLUS,				/* 特级技师 */
	CD_CHIEF,					/* 首席技师 */
	CD_NLEVELS
} cd_level;
extern const char *const cd_level_name[CD_NLEVELS]; /* bare form */

/* *variant: neither the bare form nor the official pair 三级/高级工. */
extern cd_level cd_level_parse(const char *s, size_t len, bool *variant);

/* ---- record.c: all rules about one record ---- */

/* What data decides; the caller fills it once per statement or file. */
typedef struct cd_context
{
	int32_t		today;			/* days; CD_DATE_NONE: no look at the clock */
	uint32_t	categories;		/* bit 0 = 'A' … 25 = 'Z' are accepted */
	uint8_t		level_of[26];	/* cd_level a letter at position 16 means, 0 =
								 * unset */
	const struct cd_scope_check *scope; /* scope.h; NULL: nothing is known of
										 * filings */
	struct cd_memo *memo;		/* memo.h; NULL: every record is judged anew */
	const struct cd_submission *submission; /* calendar.h; NULL: the data is
											 * not a submission */
} cd_context;
extern void cd_context_init(cd_context *ctx, int32_t today);	/* S and Y, no map */

/* A record as far as it could be understood. */
typedef struct cd_record
{
	bool		has_no,
				has_id;
	cd_certno	no;
	int64_t		packed_id;		/* 17 digits of a number whose check character
								 * a type has proved; else -1 and the number
								 * is id */
	cd_idnum	id;
	cd_kind		kind;			/* CD_KIND_NONE: missing or unknown */
	cd_level	level;			/* CD_LEVEL_NONE likewise */
	int32_t		date;			/* CD_DATE_NONE likewise */
} cd_record;

/*
 * Check the fields selected by the bits of "fields" (a report without a
 * column does not fault its absence in every row), then, between fields that
 * were understood, the rules about two of them.
 */
#define CD_ALL_FIELDS ((1u << CD_NFIELDS) - 1)
extern void cd_check_record(const cd_text field[CD_NFIELDS], unsigned fields,
							const cd_context *ctx, cd_record *rec,
							cd_findings *f);

/*
 * The same for a record whose fields selected by "typed" are already in rec,
 * proved by a column's type: only what the type does not prove is looked at.
 */
extern void cd_check_typed(const cd_text field[CD_NFIELDS], unsigned fields,
						   unsigned typed, const cd_context *ctx,
						   cd_record *rec, cd_findings *f);

/* ---- mask.c ---- */
/*
 * A value as it may be shown: 姓名 keeps its first character (as does what
 * stands for a kind or a grade but does not look like one), 证件号码 its
 * first and last few (never the birth date), other fields are shown unless
 * they hold a run of 15 or more digits.  At most 60 characters.  Returns
 * bytes written; out must hold CD_MASK_SIZE.
 */
#define CD_MASK_SIZE 256
#define CD_MASK_FIRST 3			/* unless set otherwise */
#define CD_MASK_LAST 4
extern size_t cd_mask(cd_field field, const char *s, size_t len,
					  int keep_first, int keep_last, char *out);

#endif							/* CERTDATA_RULE_H */
