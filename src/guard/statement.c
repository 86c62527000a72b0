/*
 * statement.c
 *	  What is said about a change: reason, approval, exception, actor.
 *
 * A statement belongs to one transaction.  A value that a session, a role, a
 * database or a file carries along would be said about every change to come,
 * so it says nothing about any; only SET LOCAL does.
 */
#include "certdata.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"

#include "errors.h"
#include "guard/guard.h"
#include "refuse.h"

int			certdata_item_span = CERTDATA_SPAN_LIFE;
int			certdata_on_apply = CERTDATA_APPLY_RECORD;

static char *reason = NULL;
static char *approval = NULL;
static char *exception = NULL;
static char *actor = NULL;
static char *actor_org = NULL;

static const struct config_enum_entry item_span_options[] = {
	{"life", CERTDATA_SPAN_LIFE, false},
	{"request", CERTDATA_SPAN_REQUEST, false},
	{NULL, 0, false}
};

static const struct config_enum_entry on_apply_options[] = {
	{"record", CERTDATA_APPLY_RECORD, false},
	{"refuse", CERTDATA_APPLY_REFUSE, false},
	{NULL, 0, false}
};

/* White space, of all kinds, says nothing. */
bool
statement_is_blank(const char *s)
{
	const char *end;

	if (s == NULL)
		return true;
	end = s + strlen(s);
	while (s < end)
		if (!cd_is_space(cd_utf8_next(&s, end)))
			return false;
	return true;
}

/* Was the setting's value set with SET LOCAL, in this transaction that is? */
static bool
is_local(const char *name)
{
	struct config_generic *setting = FIND_SETTING(name);

	return setting != NULL && setting->source == PGC_S_SESSION && setting->stack != NULL &&
		(setting->stack->state == GUC_LOCAL || setting->stack->state == GUC_SET_LOCAL);
}

/* An argument, else the setting; *standing: there is one that does not count. */
static const char *
said(const char *argument, const char *value, const char *name, bool *standing)
{
	*standing = false;
	if (!statement_is_blank(argument))
		return argument;
	if (statement_is_blank(value))
		return NULL;
	*standing = !is_local(name);
	/* a copy: functions of the table may change the setting meanwhile */
	return *standing ? NULL : pstrdup(value);
}

/* "correction.one_item: reason", colon of either width */
static void
read_exception(const char *text, Statement *statement)
{
	static const char wide[] = "：";
	const char *colon = strchr(text, ':');
	const char *wide_colon = strstr(text, wide);
	const char *why;
	size_t		len;

	if (wide_colon != NULL && (colon == NULL || wide_colon < colon))
		colon = wide_colon;
	if (colon == NULL)
		colon = text + strlen(text);
	why = *colon == '\0' ? colon : colon + (*colon == ':' ? 1 : strlen(wide));
	while (*text == ' ')
		text++;
	len = colon - text;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	statement->excused = cd_rule_find(text, len);
	if (statement->excused < 0 || statement_is_blank(why))
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_UNKNOWN_RULE),
				 errmsg_internal("%s", zh ? "certdata.exception 没有写明规则及其理由" : "certdata.exception names no rule with a reason"),
				 errdetail_internal("%s", statement->excused < 0 ? (zh ? "没有这条规则。" : "There is no such rule.") :
									(zh ? "没有理由。" : "There is no reason.")),
				 errhint("%s", zh ? "写作“<规则标识>: 理由”，例如 'correction.one_item: ...'。" :
						 "Write it as '<rule id>: reason', for example 'correction.one_item: ...'.")));
	}
	statement->exception = why;
}

void
statement_read(const Attachment *att, const Act *act, Statement *statement)
{
	const char *text;
	bool		standing;

	memset(statement, 0, sizeof(*statement));
	statement->excused = -1;
	statement->reason = said(act->reason, reason, "certdata.reason", &statement->not_local_reason);
	statement->approval = said(act->approval, approval, "certdata.approval",
							   &statement->not_local_approval);
	text = said(act->exception, exception, "certdata.exception", &standing);
	if (OidIsValid(att->approver) && (text != NULL || statement->approval != NULL) &&
		!is_member_of_role_nosuper(GetUserId(), att->approver))
	{
		statement->not_approver = true;
		statement->approval = NULL;
		text = NULL;
	}
	if (text != NULL)
		read_exception(text, statement);
}

/* Why what was said does not count, for the error's detail. */
static const char *
why_not(bool standing, bool not_approver, const Attachment *att, const char *name)
{
	bool		zh = certdata_lang_zh();

	if (standing)
		return psprintf(zh ? "%s 有值，但不是在本事务中用 SET LOCAL 设定的，不算数。" :
						"%s has a value, but was not set with SET LOCAL in this transaction, so it does not count.",
						name);
	if (not_approver)
		return psprintf(zh ? "用户“%s”不是角色“%s”的成员，其同意不算数。" :
						"User \"%s\" is not a member of role \"%s\", so an approval of theirs does not count.",
						GetUserNameFromId(GetUserId(), true), GetUserNameFromId(att->approver, true));
	return NULL;
}

pg_noreturn static void
refuse_for_want(Relation rel, cd_rule_id rule, const char *detail)
{
	cd_finding	finding = {.rule = rule, .field = CD_NO_FIELD};
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_NO_REASON, .rule = rule, .relation = rel, .detail = detail
	};

	refusal.message = certdata_message(&finding);
	refusal.hint = certdata_hint(&finding);
	certdata_refuse(&refusal);
}

void
statement_require_reason(const Statement *statement, Relation rel, cd_rule_id rule)
{
	if (statement->reason == NULL)
		refuse_for_want(rel, rule, why_not(statement->not_local_reason, false, NULL, "certdata.reason"));
}

void
statement_require_approval(const Statement *statement, const Attachment *att, Relation rel,
						   cd_rule_id rule)
{
	if (statement->approval == NULL)
		refuse_for_want(rel, rule, why_not(statement->not_local_approval, statement->not_approver,
										   att, "certdata.approval"));
}

const char *
statement_actor(void)
{
	return statement_is_blank(actor) ? NULL : actor;
}

const char *
statement_actor_org(void)
{
	return statement_is_blank(actor_org) ? NULL : actor_org;
}

void
statement_require_actor(const Attachment *att, Relation rel)
{
	if (att->require_actor && statement_is_blank(actor))
		refuse_for_want(rel, CD_RULE_ACTOR_REQUIRED, NULL);
}

void
statement_init(void)
{
	DefineCustomStringVariable("certdata.reason",
							   "Why rows of attached tables are changed.",
							   "Counts only if set with SET LOCAL in the transaction of the change.",
							   &reason, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("certdata.approval",
							   "Who approved the change, by what document.",
							   "Counts only if set with SET LOCAL, by a member of the attachment's approver role.",
							   &approval, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("certdata.exception",
							   "An exception to a principle (原则上): '<rule id>: reason'.",
							   "Counts only if set with SET LOCAL, by a member of the attachment's approver role.",
							   &exception, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("certdata.actor",
							   "Who acts, as the application says.",
							   NULL,
							   &actor, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("certdata.actor_org",
							   "Organisation of who acts, as the application says.",
							   NULL,
							   &actor_org, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("certdata.item_span",
							 "Over what only one of 姓名 and 证件号码 may be corrected.",
							 "life: of the certificate; request: one transaction.",
							 &certdata_item_span, CERTDATA_SPAN_LIFE, item_span_options, PGC_SUSET, 0,
							 NULL, NULL, NULL);
	DefineCustomEnumVariable("certdata.on_apply",
							 "What happens to changes that logical replication brings.",
							 "record: they are taken as the publisher judged them; refuse: unlawful ones stop the subscription.",
							 &certdata_on_apply, CERTDATA_APPLY_RECORD, on_apply_options, PGC_SUSET, 0,
							 NULL, NULL, NULL);
}
