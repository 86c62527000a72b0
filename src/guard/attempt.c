/*
 * attempt.c
 *	  What is done about an attempt on protected data: it is refused, unless
 *	  maintenance is open, and it is written down in any case.
 */
#include "certdata.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "guard/protect.h"
#include "refuse.h"

static const struct
{
	const char *word;
	int			sqlstate;
	const char *detail;
	const char *detail_zh;
	const char *hint;			/* NULL: the one on maintenance */
	const char *hint_zh;
}			kinds[] = {

	[ATTEMPT_TRUNCATE] = {
		"truncate", ERRCODE_CERTDATA_DELETION,
		"TRUNCATE would delete certificate data physically (第十五条).",
		"TRUNCATE 会物理删除证书数据（第十五条）。",
		"Use certdata.retire(); the view \"<table>_live\" hides retired certificates.",
		"请用 certdata.retire()；视图 “<表名>_live” 不显示已删除的证书。"
	},
	[ATTEMPT_DELETE] = {
		"delete", ERRCODE_CERTDATA_DELETION, NULL, NULL, NULL, NULL
	},
	[ATTEMPT_DROP] = {
		"drop", ERRCODE_CERTDATA_PROTECTED,
		"Certificate data, or what guards it, would be gone.",
		"证书数据或其防护将不复存在。", NULL, NULL
	},
	[ATTEMPT_TRIGGER] = {
		"trigger", ERRCODE_CERTDATA_PROTECTED,
		"By its triggers every change of an attached table is judged and recorded; they stay as they are.",
		"已接入表的每次改动都经其触发器校验和记录，触发器不得改动。", NULL, NULL
	},
	[ATTEMPT_RULE] = {
		"rule", ERRCODE_CERTDATA_PROTECTED,
		"A rule would do something else than the statement says.",
		"规则会使语句实际执行的操作与其内容不符。", NULL, NULL
	},
	[ATTEMPT_COLUMN] = {
		"column", ERRCODE_CERTDATA_PROTECTED,
		"The column holds a field of the report, or the state; its values would change or be lost.",
		"该列存放报表字段或状态，其值会改变或丢失。", NULL, NULL
	},
	[ATTEMPT_CONSTRAINT] = {
		"constraint", ERRCODE_CERTDATA_PROTECTED,
		"The constraint keeps fields of certificates as they must be.",
		"该约束保证证书字段符合要求。", NULL, NULL
	},
	[ATTEMPT_INDEX] = {
		"index", ERRCODE_CERTDATA_PROTECTED,
		"The index keeps certificate numbers unique.",
		"该索引保证证书编号唯一。",
		"Make another one first, with CREATE UNIQUE INDEX CONCURRENTLY; REINDEX INDEX CONCURRENTLY renews this one.",
		"请先用 CREATE UNIQUE INDEX CONCURRENTLY 另建一个；REINDEX INDEX CONCURRENTLY 可重建本索引。"
	},
	[ATTEMPT_OWNER] = {
		"owner", ERRCODE_CERTDATA_PROTECTED,
		"Another owner could do what this one may.",
		"新所有者将拥有原所有者的权力。", NULL, NULL
	},
	[ATTEMPT_SCHEMA] = {
		"schema", ERRCODE_CERTDATA_PROTECTED,
		"Statements would no longer find it where it was.",
		"语句将无法在原处找到它。", NULL, NULL
	},
	[ATTEMPT_PERSISTENCE] = {
		"persistence", ERRCODE_CERTDATA_PROTECTED,
		"An unlogged table is empty after a crash.",
		"不写日志的表在崩溃后会被清空。", NULL, NULL
	},
	[ATTEMPT_ROW_SECURITY] = {
		"row_security", ERRCODE_CERTDATA_PROTECTED,
		"Row security would hide certificates, or show them, otherwise than before.",
		"行级安全会改变证书的可见范围。", NULL, NULL
	},
	[ATTEMPT_PARTITION] = {
		"partition", ERRCODE_CERTDATA_PROTECTED,
		"Certificates would no longer be found through the table, or others would come in unseen.",
		"证书将无法通过该表查到，或有数据未经检查混入。", NULL, NULL
	},
	[ATTEMPT_EXTENSION] = {
		"extension", ERRCODE_CERTDATA_PROTECTED,
		"It is part of certdata, which guards certificate data of this database.",
		"它是 certdata 的组成部分，本数据库的证书数据由 certdata 防护。", NULL, NULL
	},
	[ATTEMPT_CATALOG] = {
		"catalog", ERRCODE_CERTDATA_PROTECTED_TABLE,
		"By rows of system catalogs tables, triggers and rules could be changed unseen.",
		"改写系统表可以不留痕迹地改变表、触发器和规则。", NULL, NULL
	},
	[ATTEMPT_LEDGER] = {
		"ledger", ERRCODE_CERTDATA_PROTECTED_TABLE,
		"Only certdata itself writes this table.",
		"该表只由 certdata 自身写入。",
		"To restore a dump, restore it into a database of its own. What has to be mended by hand needs certdata.open_maintenance('reason', '1 hour').",
		"恢复备份请恢复到单独的数据库；确需手工修复时先调用 certdata.open_maintenance('原因', '1 hour')。"
	},
	[ATTEMPT_SETTING] = {
		"setting", ERRCODE_CERTDATA_PROTECTED_SETTING,
		"Certificates are judged and guarded by these settings; what changes them for good needs a reason that is recorded.",
		"证书按这些设置校验和防护，长期改动须有记录在案的原因。", NULL, NULL
	},
	[ATTEMPT_DATABASE] = {
		"database", ERRCODE_CERTDATA_PROTECTED,
		"The database holds protected certificate data.",
		"该数据库存有受防护的证书数据。", NULL, NULL
	},
	[ATTEMPT_NATIVE_CODE] = {
		"native_code", ERRCODE_CERTDATA_NATIVE_CODE,
		"Native code and the server's files are beyond what SQL can guard; certdata.refuse_native_code is on.",
		"本机代码和服务器文件不受 SQL 防护；certdata.refuse_native_code 已启用。", NULL, NULL
	}
};

static const char hint_maintenance[] =
"certdata.open_maintenance('reason', '1 hour') lets the sessions of its caller's role do it, and records that; certdata.detach() ends the guard over a table.";
static const char hint_maintenance_zh[] =
"certdata.open_maintenance('原因', '1 hour') 允许调用者角色的会话执行，并予以记录；certdata.detach() 解除对表的防护。";

static const char *command = NULL;

bool		attempt_spared = false;

const char *
attempt_command(const char *tag)
{
	const char *before = command;

	command = tag;
	return before;
}

const char *
attempt_current_command(void)
{
	return command != NULL ? command : "";
}

/*
 * A statement that was let through in part is let through as a whole: it may
 * be dropping what maintenance_open() looks at.  Not if the maintenance was
 * opened in a part of it that is rolled back.
 */
static int64 leave = 0;

void
attempt_statement_end(void)
{
	leave = 0;
}

/* ---- what passed, until the transaction is about to commit ---- */

typedef struct Passed
{
	AttemptKind kind;
	const char *command;
	char	   *object;
	int64		maintenance;
	int			nest_level;
} Passed;

static List *passed = NIL;		/* in TopTransactionContext */

/* Is there a ledger to record it in?  The database may have none, and a standby has its log only. */
static bool
can_record(void)
{
	return !RecoveryInProgress() && OidIsValid(get_namespace_oid(CERTDATA_SCHEMA, true)) &&
		recording->state() == LEDGER_HERE;
}

static void
record(const Passed *p)
{
	recording->note("maintenance", NULL, NULL,
					recording->detail("event", kinds[p->kind].word, "object", p->object,
									  "command", p->command,
									  "maintenance", psprintf(INT64_FORMAT, p->maintenance), NULL));
}

static void
record_passed(const List *list)
{
	ListCell   *cell;

	if (list == NIL || !can_record())
		return;
	PushActiveSnapshot(GetTransactionSnapshot());
	foreach(cell, list)
		record(lfirst(cell));
	PopActiveSnapshot();
}

/*
 * What cannot be taken back once it is done (ALTER SYSTEM, DROP DATABASE) is
 * recorded before, lest the transaction fail for that afterwards.
 */
static void
pass(AttemptKind kind, const char *object, int64 maintenance)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
	Passed	   *p = palloc(sizeof(Passed));

	*p = (Passed) {kind, command, pstrdup(object), maintenance, GetCurrentTransactionNestLevel()};
	if (kind == ATTEMPT_SETTING || kind == ATTEMPT_DATABASE)
		record_passed(list_make1(p));
	else
		passed = lappend(passed, p);
	MemoryContextSwitchTo(old);
}

static void
at_xact(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE)
		record_passed(passed);
	passed = NIL;
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		leave = 0;
	if (event == XACT_EVENT_ABORT)
		command = NULL;
}

static void
at_subxact(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	ListCell   *cell;

	if (event == SUBXACT_EVENT_ABORT_SUB)
		leave = 0;
	foreach(cell, passed)
	{
		Passed	   *p = lfirst(cell);

		if (p->nest_level < GetCurrentTransactionNestLevel())
			continue;
		if (event == SUBXACT_EVENT_ABORT_SUB)
			passed = foreach_delete_current(passed, cell);
		else if (event == SUBXACT_EVENT_COMMIT_SUB)
			p->nest_level = GetCurrentTransactionNestLevel() - 1;
	}
}

/* ---- log and ring ---- */

static void
add_member(StringInfo json, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	appendStringInfo(json, "%s\"%s\": ", json->len > 0 ? ", " : "", name);
	escape_json(json, value);
}

/*
 * One line of JSON, for whoever watches the log.  A session cannot turn it off
 * by setting log_min_messages.
 */
static void
log_entry(const RingEntry *entry)
{
	StringInfoData json;
	int			before = LOG_THRESHOLD;

	initStringInfo(&json);
	add_member(&json, "outcome", entry->outcome);
	add_member(&json, "kind", entry->kind);
	add_member(&json, "object", entry->object);
	add_member(&json, "command", entry->command);
	add_member(&json, "session_user", entry->session_user_name);
	add_member(&json, "current_user", entry->current_user_name);
	add_member(&json, "address", entry->address);
	add_member(&json, "application_name", entry->application_name);
	if (entry->maintenance != 0)
		add_member(&json, "maintenance", psprintf(INT64_FORMAT, entry->maintenance));
	LOG_THRESHOLD = Min(LOG_THRESHOLD, ERROR);
	ereport(LOG_SERVER_ONLY,
			(errmsg_internal("certdata attempt {%s}", json.data),
			 errhidestmt(true),
			 errhidecontext(true)));
	LOG_THRESHOLD = before;
	pfree(json.data);
}

static void
tell(AttemptKind kind, const char *object, const char *outcome, Oid database, int64 maintenance)
{
	RingEntry	entry = {
		.at = GetCurrentTimestamp(), .database = database, .pid = MyProcPid,
		.transaction = GetTopFullTransactionIdIfAny(), .maintenance = maintenance
	};
	const char *session = GetUserNameFromId(GetSessionUserId(), true);
	const char *current = GetUserNameFromId(GetUserId(), true);

	strlcpy(entry.outcome, outcome, sizeof(entry.outcome));
	strlcpy(entry.kind, kinds[kind].word, sizeof(entry.kind));
	strlcpy(entry.object, object, pg_mbcliplen(object, strlen(object), sizeof(entry.object) - 1) + 1);
	strlcpy(entry.command, command ? command : "", sizeof(entry.command));
	strlcpy(entry.session_user_name, session ? session : "", NAMEDATALEN);
	strlcpy(entry.current_user_name, current ? current : "", NAMEDATALEN);
	strlcpy(entry.address, certdata_client_address(), sizeof(entry.address));
	strlcpy(entry.application_name, application_name ? application_name : "", NAMEDATALEN);
	log_entry(&entry);
	ring_put(&entry);
}

/* ---- refusing ---- */

static void
refuse(AttemptKind kind, const char *object)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {
		.sqlstate = kinds[kind].sqlstate, .rule = CD_NRULES,
		.message = psprintf(zh ? "“%s”受 certdata 防护" : "%s is protected by certdata", object),
		.detail = zh ? kinds[kind].detail_zh : kinds[kind].detail
	};

	if (kinds[kind].hint != NULL)
		refusal.hint = zh ? kinds[kind].hint_zh : kinds[kind].hint;
	else
		refusal.hint = zh ? hint_maintenance_zh : hint_maintenance;
	certdata_refuse(&refusal);
}

/* The same object is met again for each of its parts: once is enough. */
static bool
has_passed(AttemptKind kind, const char *object)
{
	ListCell   *cell;

	foreach(cell, passed)
	{
		const Passed *p = lfirst(cell);

		if (p->kind == kind && p->command == command && strcmp(p->object, object) == 0)
			return true;
	}
	return false;
}

static void
attempt_with(AttemptKind kind, const char *object, Oid database, int64 maintenance)
{
	if (maintenance != 0)
	{
		if (has_passed(kind, object))
			return;

		/*
		 * ALTER SYSTEM, which cannot be taken back, may run where its act
		 * could not be written
		 */
		if (!RecoveryInProgress())
			PreventCommandIfReadOnly(attempt_current_command());

		/*
		 * a leave of another database is none here; without a statement
		 * nothing ends it
		 */
		if (database == MyDatabaseId && command != NULL)
			leave = maintenance;
		tell(kind, object, "allowed", database, maintenance);
		pass(kind, object, maintenance);
		return;
	}
	tell(kind, object, "refused", database, 0);
	refuse(kind, object);
}

void
attempt(AttemptKind kind, const char *object)
{
	attempt_with(kind, object, MyDatabaseId, leave != 0 ? leave : maintenance_open());
}

void
attempt_elsewhere(AttemptKind kind, const char *object, Oid database)
{
	attempt_with(kind, object, database, ring_window(database));
}

void
attempt_refused(AttemptKind kind, const char *object, const char *tag)
{
	const char *before = attempt_command(tag);

	if (certdata_preloaded)
		tell(kind, object, "refused", MyDatabaseId, 0);
	(void) attempt_command(before);
}

void
attempt_object(AttemptKind kind, Oid class_id, Oid object_id, int sub_id)
{
	ObjectAddress address;
	char	   *identity;

	ObjectAddressSubSet(address, class_id, object_id, sub_id);
	identity = getObjectIdentity(&address, true);
	attempt(kind, psprintf("%s %s", getObjectTypeDescription(&address, true),
						   identity ? identity : "?"));
}

void
attempts_init(void)
{
	RegisterXactCallback(at_xact, NULL);
	RegisterSubXactCallback(at_subxact, NULL);
}
