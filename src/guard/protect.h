/*
 * protect.h
 *	  With the library preloaded: what is refused to everyone, superusers
 *	  included, because it would change, hide or unguard protected data unseen;
 *	  what is written down of it; and the maintenance under which it may be done.
 *
 * hooks.c has the entry points.  What they see goes to the files named below,
 * each of which decides about statements of one sort; all of them end in
 * attempt(), which refuses, or lets pass and records what maintenance covers.
 */
#ifndef CERTDATA_PROTECT_H
#define CERTDATA_PROTECT_H

#include "certdata.h"

#include "catalog/objectaccess.h"
#include "catalog/objectaddress.h"
#include "executor/execdesc.h"
#include "nodes/parsenodes.h"
#include "utils/rel.h"

#include "guard/guard.h"

/* Was the library preloaded, so that its hooks are in place? */
extern bool certdata_preloaded;

/* ---- attempt.c: what is done about an attempt ---- */

/* attempt.c has their words and SQLSTATEs; doc/guard.md explains each. */
typedef enum AttemptKind
{
	ATTEMPT_TRUNCATE, ATTEMPT_DELETE, ATTEMPT_DROP, ATTEMPT_TRIGGER, ATTEMPT_RULE, ATTEMPT_COLUMN,
	ATTEMPT_CONSTRAINT, ATTEMPT_INDEX, ATTEMPT_OWNER, ATTEMPT_SCHEMA, ATTEMPT_PERSISTENCE,
	ATTEMPT_ROW_SECURITY, ATTEMPT_PARTITION, ATTEMPT_EXTENSION, ATTEMPT_CATALOG, ATTEMPT_LEDGER,
	ATTEMPT_SETTING, ATTEMPT_DATABASE, ATTEMPT_NATIVE_CODE
} AttemptKind;

/*
 * Refuse it, unless maintenance is open for the role.  Either way it goes to
 * the server log and, by way of the ring, to certdata.attempt; what passes is
 * recorded in the ledger at the end of the statement.
 */
extern void attempt(AttemptKind kind, const char *object);

/* The same about an object that the catalogs know: "trigger certdata_begin on public.zs". */
extern void attempt_object(AttemptKind kind, Oid class_id, Oid object_id, int sub_id);

/* The same, without refusing: the caller has refused it, or is about to. */
extern void attempt_refused(AttemptKind kind, const char *object);

/* The ledger's acts of what passed since; at the end of a statement. */
extern void attempts_record(void);
extern void attempts_init(void);

/* ---- protected.c: what is protected ---- */

/*
 * Is there anything in this database that is?  Not in a database that is being
 * restored, upgraded, or whose ledger is to be adopted first; not in the
 * scripts of our own extension.
 */
extern bool protecting(void);

/* An attached table, one of its partitions, or one of its two views. */
extern bool is_protected(Oid relid);

/* A trigger of ours on such a one. */
extern bool is_guard_trigger(const FormData_pg_trigger *trigger);

/* A column of it that has a field or the state. */
extern bool is_mapped_column(Oid relid, AttrNumber attnum);

/* The last index that keeps the numbers of an attached table unique. */
extern bool is_number_index(Oid index);

/* A table that the library alone writes. */
extern bool is_internal_table(Oid relid);

/* Part of the extension: whatever class the object is of. */
extern bool is_own_object(Oid class_id, Oid object_id);

/* ---- own_call.c: which statements are those of our own functions ---- */

/*
 * Call certdata.<name>(the first nargs arguments, caller), which is SECURITY
 * DEFINER.  The statements of that function, and of ours that it calls, are
 * let through; those that triggers and the like run in between are not.
 */
extern Datum call_as_owner(const char *name, FunctionCallInfo fcinfo, int nargs);

/* The statement about to be run is such a one. */
extern bool is_own_statement(void);

/* Statements run within another begin and end; see hooks.c. */
extern void own_statement_begin(void);
extern void own_statement_end(void);
extern bool own_call_active(void);

/* For fmgr_hook. */
extern void own_function_begin(Oid function, Datum *private);
extern void own_function_end(Datum *private);

/* SPI of ours that writes internal tables, without a function. */
extern void own_sql_begin(void);
extern void own_sql_end(void);

/* ---- ddl.c, ddl_change.c: objects made, changed, dropped, truncated ---- */

extern void ddl_object(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg);

/* ---- utility.c: utility statements that no object access tells of ---- */

extern void utility_before(Node *parsetree);

/* ---- dml.c: rows of catalogs and of our own tables ---- */

extern void dml_before(const QueryDesc *query);

/* ---- maintenance.c ---- */

/* The one that is open for the session's or the current role; 0: none. */
extern int64 maintenance_open(void);

/* ---- ring.c: attempts on their way to certdata.attempt ---- */

#define ATTEMPT_OBJECT_SIZE 256

typedef struct RingEntry
{
	TimestampTz at;
	Oid			database;		/* InvalidOid: all that have certdata */
	char		outcome[12];
	char		kind[16];
	char		object[ATTEMPT_OBJECT_SIZE];
	char		command[NAMEDATALEN];
	char		session_user_name[NAMEDATALEN];
	char		current_user_name[NAMEDATALEN];
	char		address[48];
	char		application_name[NAMEDATALEN];
	int			pid;
	FullTransactionId transaction;	/* Invalid: had none */
	int64		maintenance;
} RingEntry;

extern void ring_request(void);
extern void ring_startup(void);
extern void ring_put(const RingEntry *entry);

#endif							/* CERTDATA_PROTECT_H */
