/*
 * reading.h
 *	  Our own tables read without SPI.
 */
#ifndef CERTDATA_READING_H
#define CERTDATA_READING_H

#include "certdata.h"

#include "storage/block.h"
#include "utils/relcache.h"

extern void reading_init(void);

/* Call row for every visible row of one of our tables. */
typedef void (*ReadRow) (void *arg, Datum *values, bool *nulls);
extern void read_table(const char *name, void *arg, ReadRow row);

/*
 * The same for the rows that an index of the table finds: its first columns
 * equal to the texts (an integer key is not needed here).  Order of the index.
 * row returns false when it wants no more.
 */
typedef bool (*ReadIndexRow) (void *arg, Datum *values, bool *nulls);
extern void read_by_index(const char *table, const char *index, int nkeys, const Datum *text_key,
						  void *arg, ReadIndexRow row);

/*
 * One of our tables, by a name that is a literal; InvalidOid while the
 * extension is being created.
 */
extern Oid	own_relation(const char *name);

/* Has it no more than so many blocks, which are those that an empty one has? */
extern bool is_empty(Relation rel, BlockNumber blocks);

/* An index of it by its name, opened; refuses one that is not what the name says. */
extern Relation own_index(Relation rel, const char *name, int nkeys);
extern Relation own_index_of(Oid table, const char *name, int nkeys);

/* First and last day of a daterange; false: it is empty. */
extern bool range_days(Datum value, int32 *from, int32 *to);

/* Is a text datum that word? */
extern bool is_word(Datum value, const char *word);

#endif							/* CERTDATA_READING_H */
