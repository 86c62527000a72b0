/*
 * compat.h
 *	  What differs between the server versions certdata builds on (15 to 19).
 *
 * Every #if PG_VERSION_NUM of the library belongs here, so that the rest reads
 * as if there were one version.  Include it after postgres.h.
 */
#ifndef CERTDATA_COMPAT_H
#define CERTDATA_COMPAT_H

#include "fmgr.h"

/* 16 moved the variable-length macros out of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/*
 * Soft errors (16): an input function tells its caller that a value is bad
 * instead of throwing.  SOFT_CONTEXT is what a function hands on, NULL where
 * the server knows no such thing; SOFT_ERROR returns to its caller when the
 * error was taken softly and does not return otherwise.
 */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#define SOFT_CONTEXT(fcinfo) ((fcinfo)->context)
#define SOFT_ERROR(context, ...) errsave(context, __VA_ARGS__)
#else
#define SOFT_CONTEXT(fcinfo) ((Node *) NULL)
#define SOFT_ERROR(context, ...) \
	do { (void) (context); ereport(ERROR, __VA_ARGS__); } while (0)
#endif

/* 18 has a word of its own for functions that do not return. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* 18 counts the scans of an index for EXPLAIN; 19 has flags for scans. */
#if PG_VERSION_NUM >= 190000
#define BEGIN_TABLE_SCAN(rel, snapshot) table_beginscan(rel, snapshot, 0, NULL, SO_NONE)
#define BEGIN_INDEX_SCAN(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, NULL, nkeys, 0, SO_NONE)
#elif PG_VERSION_NUM >= 180000
#define BEGIN_TABLE_SCAN(rel, snapshot) table_beginscan(rel, snapshot, 0, NULL)
#define BEGIN_INDEX_SCAN(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, NULL, nkeys, 0)
#else
#define BEGIN_TABLE_SCAN(rel, snapshot) table_beginscan(rel, snapshot, 0, NULL)
#define BEGIN_INDEX_SCAN(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, nkeys, 0)
#endif

/* The same two, for scans of a stretch of a table and for bitmaps of its blocks. */
#if PG_VERSION_NUM >= 190000
#define BEGIN_RANGE_SCAN(rel, snapshot, from, to) table_beginscan_tidrange(rel, snapshot, from, to, SO_NONE)
#else
#define BEGIN_RANGE_SCAN(rel, snapshot, from, to) table_beginscan_tidrange(rel, snapshot, from, to)
#endif
#if PG_VERSION_NUM >= 180000
#define BEGIN_BITMAP_SCAN(index, snapshot, nkeys) index_beginscan_bitmap(index, snapshot, NULL, nkeys)
#else
#define BEGIN_BITMAP_SCAN(index, snapshot, nkeys) index_beginscan_bitmap(index, snapshot, nkeys)
#endif

/* 18 has room for what a bitmap's iterator finds outside of it, and iterators of two kinds. */
#include "nodes/tidbitmap.h"
#if PG_VERSION_NUM >= 180000
#define BitmapIterator TBMPrivateIterator
#define BEGIN_BITMAP_ITERATOR(bitmap) tbm_begin_private_iterate(bitmap)
#define END_BITMAP_ITERATOR(iterator) tbm_end_private_iterate(iterator)
static inline bool
NEXT_BITMAP_BLOCK(TBMPrivateIterator * iterator, BlockNumber *block)
{
	TBMIterateResult result;

	if (!tbm_private_iterate(iterator, &result))
		return false;
	*block = result.blockno;
	return true;
}
#else
#define BitmapIterator TBMIterator
#define BEGIN_BITMAP_ITERATOR(bitmap) tbm_begin_iterate(bitmap)
#define END_BITMAP_ITERATOR(iterator) tbm_end_iterate(iterator)
static inline bool
NEXT_BITMAP_BLOCK(TBMIterator *iterator, BlockNumber *block)
{
	TBMIterateResult *result = tbm_iterate(iterator);

	if (result == NULL)
		return false;
	*block = result->blockno;
	return true;
}
#endif

/* 19 wants to be told when a row type is complete. */
#if PG_VERSION_NUM < 190000
#define TupleDescFinalize(desc) ((void) 0)
#endif

/* 16 asks whether a sorted value is to be a copy. */
#if PG_VERSION_NUM >= 160000
#define GET_SORTED_DATUM(sort, value, isnull) tuplesort_getdatum(sort, true, false, value, isnull, NULL)
#else
#define GET_SORTED_DATUM(sort, value, isnull) tuplesort_getdatum(sort, true, value, isnull, NULL)
#endif

/* 16 has one function for the owner of whatever. */
#if PG_VERSION_NUM >= 160000
#define IS_TABLE_OWNER(relid, role) object_ownercheck(RelationRelationId, relid, role)
#else
#define IS_TABLE_OWNER(relid, role) pg_class_ownercheck(relid, role)
#endif

/* 16 lets others find a setting; before, the list of all can be looked through. */
#if PG_VERSION_NUM >= 160000
#define FIND_SETTING(name) find_option(name, false, true, 0)
#else
#include "utils/guc.h"
#include "utils/guc_tables.h"
static inline struct config_generic *
FIND_SETTING(const char *name)
{
	struct config_generic **list = get_guc_variables();

	for (int i = 0; i < GetNumConfigOptions(); i++)
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	return NULL;
}
#endif

/* 17 keeps what an index access method holds from one row to the next. */
#if PG_VERSION_NUM < 170000
#define index_insert_cleanup(index, info) ((void) 0)
#endif

/* 16 tells more about an update. */
#if PG_VERSION_NUM < 160000
typedef bool TU_UpdateIndexes;
#define TU_None false
#define IS_SUMMARIZED(update) false
#define IS_SUMMARIZING(index) true
#else
#define IS_SUMMARIZED(update) ((update) == TU_Summarizing)
#define IS_SUMMARIZING(index) ((index)->rd_indam->amsummarizing)
#endif

/* 19 keeps what a jsonb value is built from, and the value, in one place. */
#include "utils/jsonb.h"
#if PG_VERSION_NUM >= 190000
#define PUSH_JSONB(state, token, value) pushJsonbValue(state, token, value)
#else
typedef struct JsonbInState
{
	JsonbParseState *stack;
	JsonbValue *result;
} JsonbInState;
#define PUSH_JSONB(state, token, value) \
	((state)->result = pushJsonbValue(&(state)->stack, token, value))
#endif

/* 19 has a threshold of the log for each kind of process. */
#include "utils/guc.h"
#if PG_VERSION_NUM >= 190000
#include "miscadmin.h"
#define LOG_THRESHOLD (log_min_messages[MyBackendType])
#else
#define LOG_THRESHOLD log_min_messages
#endif

/* 19 keeps the range table indexes of relations whose rows a plan changes as a set. */
#include "nodes/plannodes.h"
#if PG_VERSION_NUM >= 190000
#include "catalog/pg_database.h"
#define CHANGES_ROWS(plan) (!bms_is_empty((plan)->resultRelationRelids))
#define NEXT_RESULT_RELATION(plan, previous) bms_next_member((plan)->resultRelationRelids, previous)
#else
#define CHANGES_ROWS(plan) ((plan)->resultRelations != NIL)
static inline int
NEXT_RESULT_RELATION(const PlannedStmt *plan, int previous)
{
	int			next = -2;
	ListCell   *cell;

	foreach(cell, plan->resultRelations)
		if (lfirst_int(cell) > previous && (next < 0 || lfirst_int(cell) < next))
		next = lfirst_int(cell);
	return next;
}
#endif

/* 17 lets the expression of a generated column be changed, and its values with it. */
#if PG_VERSION_NUM >= 170000
#define SETS_EXPRESSION(cmd) ((cmd)->subtype == AT_SetExpression)
#else
#define SETS_EXPRESSION(cmd) false
#endif

/* 18 no longer tells whether a query is executed once only. */
#if PG_VERSION_NUM >= 180000
#define EXECUTE_ONCE
#define EXECUTE_ONCE_ARG
#else
#define EXECUTE_ONCE , bool execute_once
#define EXECUTE_ONCE_ARG , execute_once
#endif

#endif							/* CERTDATA_COMPAT_H */
