/*
 * record_act.c
 *	  Acts of outer systems: a report received, reviewed, returned, forwarded,
 *	  a certificate shared or queried (第十三条: 传输、审核).
 *
 * Nothing changes in the table, yet the act takes its place in the
 * certificate's life, so whoever records it waits for those who change the row
 * and the other way round.
 */
#include "certdata.h"

#include "access/relation.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "guard/act.h"
#include "ledger/record.h"

PG_FUNCTION_INFO_V1(certdata_record_act);

/* What certdata records itself, and nobody else may seem to. */
static const char *const own_act[] = {
	"insert", "correct", "renumber", "retire", "reinstate", "suspend", "resume", "publish",
	"withdraw", "apply", "attach", "validate", "detach", "shape", "start", "adopt", "seal",
	"settings", "erase", "maintenance", "drop", "partition"
};

#define ACT_MAX 63				/* characters, as of a name */

static bool
is_act_word(const char *word)
{
	size_t		len = strlen(word);

	return len > 0 && len <= ACT_MAX && word[0] >= 'a' && word[0] <= 'z' &&
		strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static char *
kind_arg(FunctionCallInfo fcinfo)
{
	char	   *kind = string_arg(fcinfo, 0);
	bool		zh = certdata_lang_zh();

	if (kind == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg_internal("%s", zh ? "act 不能为空值" : "act must not be null")));
	if (!is_act_word(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "“%s”不能用作操作的名称" : "\"%s\" cannot be the name of an act", kind),
				 errhint("%s", zh ? "用小写字母、数字和下划线，以字母开头，至多63个字符：receive, review, return, forward, share, query。" :
						 "Lower-case letters, digits and underscores, a letter first, 63 characters at most: receive, review, return, forward, share, query.")));
	for (int i = 0; i < lengthof(own_act); i++)
		if (strcmp(kind, own_act[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg_internal(zh ? "操作“%s”由 certdata 自行记录" : "act \"%s\" is recorded by certdata itself", kind),
					 errhint("%s", zh ? "换用别的词，例如 receive, review, return, forward, share, query。" :
							 "Choose another word, such as receive, review, return, forward, share, query.")));
	return kind;
}

static void
require_select(Relation rel)
{
	AclResult	result = pg_class_aclcheck(RelationGetRelid(rel), GetUserId(), ACL_SELECT);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, OBJECT_TABLE, RelationGetRelationName(rel));
}

/*
 * The row as the caller sees it, locked as the table's owner, since reading it
 * is all that the caller needs to be allowed.
 */
static void
lock_row(const Attachment *att, Relation rel, const Numbers *numbers)
{
	Numbers		found = present_numbers(att, rel, numbers);
	SavedUser	saved;

	require_numbers(rel, numbers, &found);
	GetUserIdAndSecContext(&saved.user, &saved.context);
	SetUserIdAndSecContext(rel->rd_rel->relowner,
						   saved.context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
	lock_numbers(att, rel, numbers, LOCK_FOR_STATE);
	owner_end(&saved);
}

static void
record_on(Recorder *recorder, const Attachment *att, const cd_certno *no)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	Life		life;
	RecordedEntry entry = {.no = no};

	(void) life_look(att, no, snapshot, &life);
	UnregisterSnapshot(snapshot);
	entry.state = state_bits(&life);
	recording->entry(recorder, &entry);
}

/* record_act(act, target, cert_no, reason, detail) */
Datum
certdata_record_act(PG_FUNCTION_ARGS)
{
	const Attachment *att;
	char	   *kind = kind_arg(fcinfo);
	Relation	rel = act_target(fcinfo, 1, "certdata.record_act()", &att);
	Numbers		numbers = {0};
	Act			act = {.reason = string_arg(fcinfo, 3)};
	Statement	said;
	RecordedAct recorded = {.kind = kind, .said = &said, .whole = true, .has_detail = !PG_ARGISNULL(4)};
	Recorder   *recorder;

	require_select(rel);
	(void) ledger_require_here();
	statement_read(att, &act, &said);
	if (!PG_ARGISNULL(2))
	{
		numbers = numbers_arg(fcinfo, 2);
		if (numbers.n != 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg_internal("%s", certdata_lang_zh() ? "每次记录一本证书的操作" : "an act is recorded of one certificate at a time")));
		lock_row(att, rel, &numbers);
	}
	if (recorded.has_detail)
		recorded.detail = PG_GETARG_DATUM(4);
	recorded.id = ledger_number();
	recorder = recording->begin(att, rel, &recorded);
	if (numbers.n > 0)
		record_on(recorder, att, &numbers.no[0]);
	recording->end(recorder);
	relation_close(rel, NoLock);
	PG_RETURN_INT64(recorded.id);
}
