/*
 * check_scope.h
 *	  Organisations, filings and scope as a file gives them: what
 *	  check_scope_read.c fills and check_scope.c serves.
 */
#ifndef CERTDATA_CHECK_SCOPE_H
#define CERTDATA_CHECK_SCOPE_H

#include "check.h"

#include "../rule/scope.h"

/* ---- memory that is given back all at once ---- */

typedef struct arena_block
{
	struct arena_block *next;
	size_t		size;
	size_t		used;
} arena_block;

typedef struct arena
{
	arena_block *block;			/* the one in use; the others behind it */
	size_t		total;			/* bytes handed out */
} arena;

extern void *arena_alloc(arena *a, size_t size);
extern char *arena_copy(arena *a, const char *s, size_t len);	/* NUL-terminated */
extern void arena_reset(arena *a);

/* ---- tables, sorted ---- */

/* What a row is found by. */
typedef struct scope_key
{
	cd_text		first;			/* an id, a filing's code or a match form */
	cd_text		second;			/* of a scope row, the occupation's match form */
	int64_t		line;			/* of the file */
} scope_key;

/* Rows are filled as key and item in turn; sorted, they are two arrays. */
typedef struct scope_table
{
	size_t		item_size;
	size_t		n;
	size_t		room;
	char	   *row;
	scope_key  *key;
	char	   *item;
} scope_table;

typedef struct scope_facts
{
	scope_table org;			/* id: cd_org */
	scope_table name;			/* organisation: cd_org_name */
	scope_table filing;			/* code: cd_filing */
	scope_table row;			/* code, occupation: cd_scope_row */
	scope_table named;			/* match form of a name: cd_text, an id */
	arena		memory;			/* all texts */
} scope_facts;

/* ---- check_scope_read.c ---- */

enum
{
	SCOPE_RECORD, SCOPE_KEY, SCOPE_NAME, SCOPE_DETAIL, SCOPE_A, SCOPE_B,
	SCOPE_FROM, SCOPE_TO, SCOPE_NCOLUMNS
};
#define SCOPE_NO_COLUMN (-1)

/* Fill facts from a file; says what is wrong with it and exits. */
extern void scope_facts_read(scope_facts *facts, const char *path);

/* Say where the file is wrong, and how; exits. */
extern void scope_fail(const char *path, int64_t line, int column, const char *fmt,...)
			__attribute__((noreturn, format(printf, 4, 5)));

/* ---- check_scope_link.c ---- */

/*
 * All rows are read: sort them, and see that what they name exists, that no
 * two speak of the same day, that nothing stands above itself.
 */
extern void scope_facts_link(scope_facts *facts, const char *path);

/* ---- check_scope_table.c ---- */

/* A new row, zeroed; *item is its item. */
extern scope_key *scope_table_add(scope_table *t, size_t item_size, void **item);

/*
 * Sort by key, and by what compare tells of the items; split.  No row is added
 * later.
 */
extern void scope_table_sort(scope_table *t, int (*compare) (const void *, const void *));

/*
 * Items with that key, in a row; second NULL: any.  *n is their number, *at
 * the first one's place (may be NULL); NULL: there is none.
 */
extern const void *scope_table_find(const scope_table *t, cd_text first,
									const cd_text *second, size_t *n, size_t *at);
extern int	scope_text_compare(cd_text a, cd_text b);
extern bool scope_text_equal(cd_text a, cd_text b);

#endif							/* CERTDATA_CHECK_SCOPE_H */
