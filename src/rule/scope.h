/*
 * scope.h
 *	  Who may issue what: filings (机构备案), organisations, registered scope.
 *
 * The facts are data and come from a cd_scope_source: tables in the server, a
 * file in certdata-check.  What is concluded from them is here, once.
 *
 * Names are compared in their match form (cd_match_form): spaces removed,
 * brackets half-width.  A difference in brackets alone is a finding of its own.
 */
#ifndef CERTDATA_SCOPE_H
#define CERTDATA_SCOPE_H

#include "rule.h"

/* First and last day; a range without an end has CD_DAYS_FIRST or CD_DAYS_LAST. */
#define CD_DAYS_FIRST INT32_MIN
#define CD_DAYS_LAST INT32_MAX
typedef struct cd_days
{
	int32_t		from;
	int32_t		to;
} cd_days;

typedef enum cd_org_kind
{
	CD_ORG_EVALUATION,			/* 评价机构 */
	CD_ORG_CITY,				/* 市级 human resources department */
	CD_ORG_PROVINCE,			/* 省级 */
	CD_ORG_MINISTRY,			/* 部 */
	CD_NORG_KINDS
} cd_org_kind;
extern const char *const cd_org_kind_name[CD_NORG_KINDS];	/* "evaluation" ... */

typedef struct cd_org
{
	cd_text		id;
	cd_text		name;			/* on days for which no cd_org_name says
								 * otherwise */
	cd_text		parent;			/* id; empty: none */
	cd_text		successor;		/* id; empty: none */
	cd_org_kind kind;
	int32_t		ceased_on;		/* 不再开展: last day of issuing;
								 * CD_DATE_NONE: goes on */
	int32_t		dissolved_on;	/* 主体灭失: last day of existing; likewise */
} cd_org;

typedef struct cd_org_name
{
	cd_text		name;
	cd_days		valid;
} cd_org_name;

typedef struct cd_filing
{
	cd_text		org;			/* id */
	cd_days		valid;
	int32_t		grace_days;		/* after the last day of valid */
} cd_filing;

typedef struct cd_scope_row
{
	cd_text		occupation;
	cd_text		work_type;		/* empty: a key like any other */
	cd_level	level;
	cd_days		valid;
} cd_scope_row;

#define CD_SCOPE_ROWS_LISTED 4096

/* A scope row's work type as it counts: a placeholder (无) or spaces are none. */
extern cd_text cd_scope_work_type(cd_text t);

/*
 * Where facts come from.  Everything returned stays as it is until the source
 * is reset by its owner; a code is the number's positions 1-13.
 */
typedef struct cd_scope_source
{
	void	   *arg;
	bool		has_filings;	/* none at all: nothing is judged */
	bool		has_scope;		/* none at all: no scope is judged */
	bool		blank_covers;	/* a row with empty 工种 covers every 工种 */
	const cd_filing *(*filings) (void *arg, cd_text code, int *n);
	const cd_org *(*org) (void *arg, cd_text id);	/* NULL: none such */
	const cd_org_name *(*names) (void *arg, cd_text id, int *n);

	/* organisations with that match form of a name on any day */
	const cd_text *(*orgs_named) (void *arg, cd_text match_form, int *n);

	/*
	 * The filing's scope rows of an occupation, by match form; empty: of all,
	 * for a hint, but no more than CD_SCOPE_ROWS_LISTED.
	 */
	const cd_scope_row *(*rows) (void *arg, cd_text code, cd_text match_form, int *n);

	/* a NUL-terminated copy that lives as long as the rest */
	const char *(*keep) (void *arg, const char *s, size_t len);
} cd_scope_source;

/*
 * The rules that need filings and scope (第九条, 第十六条, 附件1注4, 注6), on a
 * record whose number, level and date are in rec as far as understood.  The
 * findings are the same on all days of *same (a day included in which the
 * record's own lies; all days if it has none).
 */
extern void cd_scope_judge(const cd_scope_source *source, const cd_text field[CD_NFIELDS],
						   const cd_record *rec, cd_findings *f, cd_days *same);

/* May the filing issue that on that day?  Needs no record; empty work_type is none. */
extern bool cd_in_scope(const cd_scope_source *source, cd_text code, cd_text occupation,
						cd_text work_type, cd_level level, int32_t day);

/*
 * 第十六条: id of who answers for the filing's certificates, though perhaps no
 * such organisation is known; empty: no such filing.
 */
extern cd_text cd_responsible(const cd_scope_source *source, cd_text code, int32_t day);

/*
 * The form in which names are compared.  Never longer than s; out may be s.
 * Returns its length.
 */
extern size_t cd_match_form(const char *s, size_t len, char *out);

/* Positions 1-13 of a number: as text, and as a value that tells it from others. */
extern void cd_certno_filing(const cd_certno *no, char out[CD_CERTNO_FILING_LEN]);
extern uint64_t cd_certno_filing_key(const cd_certno *no);

/* A filing's code: a capital letter and 12 digits. */
extern bool cd_filing_code_valid(const char *s, size_t len);

/* What cd_context.scope points to; *same as above. */
struct cd_scope_check
{
	void		(*check) (void *arg, const cd_text field[CD_NFIELDS],
						  const cd_record *rec, cd_findings *f, cd_days *same);
	void	   *arg;
};

#endif							/* CERTDATA_SCOPE_H */
