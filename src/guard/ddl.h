/*
 * ddl.h
 *	  Objects made, changed, dropped: see protect.h.
 */
#ifndef CERTDATA_DDL_H
#define CERTDATA_DDL_H

#include "access/htup.h"

#include "guard/protect.h"

/* ---- ddl_change.c ---- */

/* A row of a catalog, by its index and the column it is found by; NULL: none. */
extern HeapTuple row_before(Oid catalog, Oid index, int column, Oid oid);
extern HeapTuple row_after(Oid catalog, Oid index, int column, Oid oid);
extern Oid	schema_of(Oid class_id, Oid oid, bool after);
extern bool inherits_after(Oid child, Oid parent);

/* ---- ddl_part.c: objects that belong to a table ---- */

extern void trigger_made(Oid oid);
extern void trigger_altered(Oid oid);
extern void trigger_dropped(Oid oid);
extern void trigger_touched(Oid oid);
extern void rule_made(Oid oid);
extern void policy_made(Oid oid);
extern void policy_dropped(Oid oid);
extern void constraint_made(Oid oid);
extern void constraint_dropped(Oid oid);
extern void default_made(Oid relid);
extern void default_dropped(Oid oid);
extern void type_touched(Oid type);

#endif							/* CERTDATA_DDL_H */
