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
#include "catalog/pg_trigger.h"
#include "executor/execdesc.h"
#include "nodes/parsenodes.h"
#include "storage/latch.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

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
 * recorded in the ledger when the transaction is about to commit.
 */
extern void attempt(AttemptKind kind, const char *object);

/*
 * The same about something of another database, InvalidOid: of all; there the
 * role's leave is known by what open_maintenance() has told all sessions.
 */
extern void attempt_elsewhere(AttemptKind kind, const char *object, Oid database);

/* The same about an object that the catalogs know: "trigger certdata_begin on public.zs". */
extern void attempt_object(AttemptKind kind, Oid class_id, Oid object_id, int sub_id);

/* The same, without refusing: the caller has refused it, or is about to. */
extern void attempt_refused(AttemptKind kind, const char *object, const char *tag);

/* The tag of the command at hand; returns the one before, which is to be put back. */
extern const char *attempt_command(const char *tag);
extern const char *attempt_current_command(void);

/* A statement that none other runs is over. */
extern void attempt_statement_end(void);

/* The statement at hand may do all that it does: what it is as a whole was let through. */
extern bool attempt_spared;

extern void attempts_init(void);

/* ---- protected.c: what is protected ---- */

/*
 * Is there anything in this database that is?  Not in a database that is being
 * restored, upgraded, or whose ledger is to be adopted first; not in the
 * scripts of our own extension.
 */
extern bool protecting(void);

/* What is committed by now; in a parallel query, when its transaction last looked. */
extern Snapshot guard_snapshot(void);

/* An attached table, one of its partitions, or one of its two views. */
extern bool is_protected(Oid relid);

/* The id that is the argument of a trigger of ours; false: it is none. */
extern bool attachment_argument(const char *text, pg_uuid_t *id);

/* A trigger of ours on such a one. */
extern bool is_guard_trigger(const FormData_pg_trigger *trigger);

/* Is a trigger's argument the id of an attachment in force? */
extern bool attachment_named(const char *text, pg_uuid_t *id);

/* Is the attachment of that id the table's, or that of a table it is a partition of? */
extern bool belongs_to(const pg_uuid_t *id, Oid relid);

/* A column of it that has a field or the state. */
extern bool is_mapped_column(Oid relid, AttrNumber attnum);

/* The last index that keeps the numbers of an attached table unique. */
extern bool is_number_index(Oid index);

/* A table that the library alone writes. */
extern bool is_internal_table(Oid relid);
extern void protected_init(void);

/* Part of the extension: whatever class the object is of. */
extern bool is_own_object(Oid class_id, Oid object_id);
extern bool is_own_table(Oid relid);

/* Protected, or the extension's own. */
extern bool is_guarded(Oid relid);

/* ---- own_call.c: which statements are those of our own functions ---- */

/*
 * Call certdata.<name>(arguments, caller), which is SECURITY DEFINER.  The
 * statements of that function, and of ours that it calls, are let through;
 * those that triggers and the like run in between are not.
 */
extern Datum call_as_owner(const char *name, int nargs, const Oid *types, const NullableDatum *args);

/* SPI of ours that writes internal tables without such a function; end goes into PG_FINALLY. */
extern int	own_sql_begin(void);
extern void own_sql_end(int before);

/* The statement about to be run is such a one. */
extern bool is_own_statement(void);

/* Is a function of ours at work at all, so that hooks.c has to count? */
extern bool own_call_active(void);

/*
 * A statement begins and ends.  A utility statement weighs more, for what it
 * calls is never ours: see own_function_begin.
 */
#define OWN_QUERY 1
#define OWN_UTILITY 2
extern void own_statement_begin(int weight);
extern void own_statement_end(int weight);

/* For fmgr_hook and needs_fmgr_hook. */
extern bool is_foreign_function(Oid function);
extern void own_function_begin(Oid function, Datum *private);
extern void own_function_end(Datum *private);

/* ---- ddl.c, ddl_change.c: objects made, changed, dropped, truncated ---- */

extern void ddl_object(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg);

/* ---- utility.c, setting.c: utility statements that no object access tells of ---- */

extern void utility_before(Node *parsetree);
extern void setting_before(Node *parsetree);

/* ---- native.c: certdata.refuse_native_code ---- */

extern bool refuse_native_code;
extern void native_before(Node *parsetree);
extern void native_function_made(Oid language, const char *name);
extern void native_function_called(Oid function);
extern bool is_native_setting(const char *name);
extern void native_define_settings(void);

/* ---- dml.c: rows of catalogs and of our own tables ---- */

extern void dml_before(const QueryDesc *query);
extern void dml_relation(Oid relid);

/* ---- maintenance.c ---- */

/* The one that is open for the session's or the current role; 0: none. */
extern int64 maintenance_open(void);
extern void maintenance_init(void);

/* ---- ring.c: what all sessions share, attempts on their way to certdata.attempt ---- */

#define ATTEMPT_OBJECT_SIZE 256
#define RING_SIZE 512			/* entries */

typedef struct RingEntry
{
	TimestampTz at;
	Oid			database;		/* InvalidOid: all that are known to have
								 * something protected */
	char		outcome[12];
	char		kind[16];
	char		object[ATTEMPT_OBJECT_SIZE];
	char		command[NAMEDATALEN];
	char		session_user_name[NAMEDATALEN];
	char		current_user_name[NAMEDATALEN];
	char		address[64];
	char		application_name[NAMEDATALEN];
	int			pid;
	FullTransactionId transaction;	/* invalid: there was none */
	int64		maintenance;	/* 0: none */
	uint64 number;				/* given by the ring */
} RingEntry;

/* Time in which a role may do anything, for statements that concern other databases. */
typedef struct Window
{
	int64		id;
	Oid			database;
	Oid			role;
	TimestampTz until;
} Window;

extern void ring_request(void);
extern void ring_startup(void);

extern void ring_put(const RingEntry *entry);

/* At most max of the oldest entries of a database, and their number. */
extern int	ring_peek(Oid database, RingEntry *entry, int max);

/* Those of a database up to one with that number. */
extern void ring_remove(Oid database, uint64 last);

/* Databases that have something to be written; there is room for RING_DATABASES. */
#define RING_DATABASES (RING_SIZE + 64)
extern int	ring_databases(Oid *database);

/* The number of a database's oldest entry, a large one if only losses are to be told; 0: nothing. */
extern uint64 ring_oldest(Oid database);

/* Entries that found no room, since the start; and how many wait. */
extern uint64 ring_lost(uint64 *pending);

/* Of these, those that certdata.attempt of a database does not tell of yet; some of them are told. */
extern uint64 ring_untold(Oid database);
extern void ring_told(Oid database, uint64 n);

/* What a database has is lost, to be told unless it is gone; how many they are. */
extern int	ring_give_up(Oid database, bool gone);

/* The process that is woken when there is something to write. */
extern void ring_writer(Latch *latch);

/* Databases in which something is protected, as far as is known. */
extern void ring_mark(Oid database);
extern bool ring_may_be_marked(Oid database);
extern bool ring_any_marked(void);
extern void ring_looked_around(void);

/* Had the server run without the library?  A word on since when; asked once. */
extern bool ring_unguarded(char *word, size_t size);

extern void ring_open_window(const Window *window);
extern void ring_close_windows(Oid database, Oid role);

/* One of the session's or the current role, in a database, InvalidOid: in any; 0: none. */
extern int64 ring_window(Oid database);

/* ---- attempt_writer.c ---- */

extern void attempt_writer_register(void);

/* ---- library.c ---- */

/* What is missing, said when a table is attached. */
extern void notice_unless_preloaded(void);

/* ---- hooks.c ---- */

extern void hooks_init(void);

#endif							/* CERTDATA_PROTECT_H */
