/*
 * scope_part.h
 *	  Parts of the rules of scope: single facts, lists.
 */
#ifndef CERTDATA_SCOPE_PART_H
#define CERTDATA_SCOPE_PART_H

#include "cell.h"
#include "scope.h"

#define CD_ALWAYS ((cd_days) {CD_DAYS_FIRST, CD_DAYS_LAST})

/*
 * A cell as it is compared: unwrapped and without spaces.  The texts are the
 * cell's own if they are the same.
 */
typedef struct cd_subject
{
	cd_text		plain;
	cd_text form;
	char		plain_buf[CD_STRIP_SIZE];
	char		form_buf[CD_STRIP_SIZE];
} cd_subject;

typedef enum cd_match
{
	CD_MATCH_NONE, CD_MATCH_BRACKETS, CD_MATCH_SAME
} cd_match;

/* How far a row of the occupation covers a record. */
typedef enum cd_cover
{
	CD_COVERS_OCCUPATION, CD_COVERS_WORK_TYPE, CD_COVERS_ALL
} cd_cover;

/* ---- scope_facts.c ---- */

/* Is it one of the days?  Narrows *same to those that answer alike. */
extern bool cd_holds(cd_days *same, cd_days days, int32_t day);
extern cd_days cd_with_grace(const cd_filing *filing);

/*
 * The filing that counts on that day: valid, else in its grace days, else (and
 * then *valid is false) the last that had begun, else the first to begin.
 */
extern const cd_filing *cd_filing_on(const cd_filing *filing, int n, int32_t day, cd_days *same, bool *valid);
extern void cd_compare_as(cd_subject *to, cd_text t);
extern cd_match cd_compare(const cd_subject *given, cd_text published);

/* The organisation's name on that day. */
extern cd_text cd_name_on(const cd_scope_source *source, const cd_org *org, int32_t day, cd_days *same);
extern cd_cover cd_covers(const cd_scope_source *source, const cd_scope_row *row,
						  const cd_subject *work_type, cd_level level);

/* A circle or a tree deeper than this has no top. */
#define CD_ORG_DEPTH 32

/* Is the ancestor among the organisations above it? */
extern bool cd_stands_above(const cd_scope_source *source, const cd_org *ancestor, const cd_org *org);

/* 第十六条: who answers on that day for what the organisation has issued. */
extern const cd_org *cd_duty_holder(const cd_scope_source *source, const cd_org *org, int32_t day);

/* ---- scope_list.c ---- */

/* "电工、焊工、… (12)": distinct items in the order they come, then their number. */
#define CD_SCOPE_LIST_SIZE 640
#define CD_SCOPE_LISTED 8
typedef enum cd_scope_list_kind
{
	CD_LIST_OCCUPATIONS, CD_LIST_WORK_TYPES, CD_LIST_LEVELS
} cd_scope_list_kind;

typedef struct cd_scope_list
{
	char	   *buf;			/* CD_SCOPE_LIST_SIZE bytes */
	size_t		len;
	int			n;				/* listed */
	int			more;			/* not listed, repeated ones perhaps counted
								 * again */
	size_t		start[CD_SCOPE_LISTED];
	size_t		size[CD_SCOPE_LISTED];
	cd_text		last;			/* the last one not listed */
} cd_scope_list;

extern void cd_scope_list_begin(cd_scope_list *list, char buf[CD_SCOPE_LIST_SIZE]);
extern void cd_scope_list_row(cd_scope_list *list, cd_scope_list_kind kind, const cd_scope_row *row);

/* "2020-01-01 – 2023-06-30"; an open end is … */
extern void cd_scope_list_days(cd_scope_list *list, cd_days days);

/* cut: not all rows were seen */
extern cd_text cd_scope_list_end(cd_scope_list *list, bool cut);

#endif							/* CERTDATA_SCOPE_PART_H */
