/*
 * refuse.c
 *	  Refusals: their wording, and what the server must not print with them.
 *
 * An error carries more than its own text.  COPY adds the value or the whole
 * line it was reading, SPI the statement it was running, the log the client's
 * statement.  Each may hold somebody's name and identity number, so each is
 * masked or left out.  What the server prints elsewhere is beyond our reach
 * and listed in doc/limits.md.
 */
#include "postgres.h"

#include "commands/copy.h"
#include "commands/copyfrom_internal.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/relcache.h"

#include "certdata.h"
#include "compat.h"
#include "refuse.h"

#define MESSAGE_SIZE 1024

/* Set by the ereport of the functions below; see certdata_emit_log. */
static const char *const our_functions[] = {"certdata_refuse_value", "certdata_refuse"};

/* What COPY shows in place of the value; COPY keeps only a pointer to it. */
static char copy_shown[CD_MASK_SIZE];

/*
 * Mask what COPY would add to an error raised now.  Returns true if something
 * other than COPY would add to it, too: that is left out.  (What logical
 * replication adds holds no value and is needed: the place where the
 * subscription stopped.)
 */
static bool
hush_context(cd_field field, const char *s, size_t len)
{
	bool		others = false;

	for (ErrorContextCallback *c = error_context_stack; c; c = c->previous)
	{
		CopyFromState cstate;

		if (c->callback != CopyFromErrorCallback)
		{
			others = true;
			continue;
		}
		cstate = (CopyFromState) c->arg;
		cstate->line_buf_valid = false;
		if (cstate->cur_attval == NULL || cstate->cur_attval == copy_shown)
			continue;
		/* an array or a composite holds more than the value we were given */
		if (s == NULL || strlen(cstate->cur_attval) != len ||
			memcmp(cstate->cur_attval, s, len) != 0)
			field = CD_NAME;
		cd_mask(field, cstate->cur_attval, strlen(cstate->cur_attval),
				certdata_mask_first, certdata_mask_last, copy_shown);
		cstate->cur_attval = copy_shown;
	}
	return others;
}

/* The COPY that is reading a column's value right now, or NULL. */
static CopyFromState
reading_copy(void)
{
	for (ErrorContextCallback *c = error_context_stack; c; c = c->previous)
	{
		CopyFromState cstate = (CopyFromState) c->arg;

		if (c->callback == CopyFromErrorCallback)
			return cstate->cur_attname && cstate->rel ? cstate : NULL;
	}
	return NULL;
}

char *
certdata_shown(cd_field field, const char *s, size_t len)
{
	char	   *out = palloc(CD_MASK_SIZE);

	cd_mask(field, s, len, certdata_mask_first, certdata_mask_last, out);
	return out;
}

char *
certdata_message(const cd_finding *finding)
{
	const cd_rule *rule = &cd_rules[finding->rule];
	bool		zh = certdata_lang_zh();
	const char *format = zh ? rule->message_zh : rule->message_en;
	char	   *out = palloc(MESSAGE_SIZE);

	/* a type of several fields: leave out the name of the rule's own field */
	if (finding->field == CD_NO_FIELD && rule->field != CD_NO_FIELD)
	{
		const char *label = cd_field_name[rule->field];

		if (strncmp(format, label, strlen(label)) == 0)
			format += strlen(label);
	}
	cd_format(out, MESSAGE_SIZE, format, finding);
	return out;
}

char *
certdata_hint(const cd_finding *finding)
{
	const cd_rule *rule = &cd_rules[finding->rule];
	char	   *out = palloc(MESSAGE_SIZE);

	cd_format(out, MESSAGE_SIZE,
			  certdata_lang_zh() ? rule->hint_zh : rule->hint_en, finding);
	return out;
}

static char *
value_message(Oid type)
{
	return psprintf(certdata_lang_zh() ? "类型 %s 的值无效" : "invalid value for type %s",
					format_type_be_qualified(type));
}

/* The rule's message with the value: "The number is masked: "130***"." */
static char *
value_detail(const cd_finding *why, const char *s, size_t len)
{
	bool		zh = certdata_lang_zh();
	char	   *message = certdata_message(why);

	message[0] = pg_ascii_toupper((unsigned char) message[0]);
	if (len == 0)
		return psprintf(zh ? "%s。" : "%s.", message);
	return psprintf(zh ? "%s：“%s”。" : "%s: \"%s\".", message,
					certdata_shown(why->field, s, len));
}

/*
 * Name the type; under COPY, where they are known, the table and its column
 * as well.  SCHEMA is then the table's: our types all live in one.
 */
static int
name_place(Oid type)
{
	CopyFromState cstate = reading_copy();

	if (cstate == NULL)
		return errdatatype(type);
	errtablecolname(cstate->rel, cstate->cur_attname);
	return err_generic_string(PG_DIAG_DATATYPE_NAME,
							  strchr(format_type_be_qualified(type), '.') + 1);
}

void
certdata_refuse_value(Node *soft, Oid type, const cd_finding *why,
					  const char *s, size_t len)
{
	bool		hide = hush_context(why->field, s, len) && !IsLogicalWorker();

	SOFT_ERROR(soft,
			   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg_internal("%s", value_message(type)),
				errdetail_internal("%s", value_detail(why, s, len)),
				errhint("%s", certdata_hint(why)),
				errhidestmt(true),
				errhidecontext(hide),
				err_generic_string(PG_DIAG_CONSTRAINT_NAME, cd_rules[why->rule].id),
				name_place(type)));
}

void
certdata_refuse(const certdata_refusal *r)
{
	bool		hide = hush_context(CD_NAME, NULL, 0) && !IsLogicalWorker();

	ereport(ERROR,
			(errcode(r->sqlstate),
			 errmsg_internal("%s", r->message),
			 r->detail ? errdetail_internal("%s", r->detail) : 0,
			 r->hint ? errhint("%s", r->hint) : 0,
			 errhidestmt(true),
			 errhidecontext(hide),
			 r->rule < CD_NRULES ?
			 err_generic_string(PG_DIAG_CONSTRAINT_NAME, cd_rules[r->rule].id) : 0,
			 r->relation && !r->column ? errtable(r->relation) : 0,
			 r->relation && r->column ? errtablecolname(r->relation, r->column) : 0));
}

static bool
is_ours(const ErrorData *edata)
{
	if (edata->elevel < ERROR || edata->funcname == NULL)
		return false;
	for (size_t i = 0; i < lengthof(our_functions); i++)
		if (strcmp(edata->funcname, our_functions[i]) == 0)
			return true;
	return false;
}

/*
 * Cut a context where SPI quotes what it was running: the statement may hold
 * the value.  What stands before is COPY's line and the innermost function.
 */
static void
cut_context(char *context)
{
	static const char *const quoting[] = {
		gettext_noop("SQL statement \"%s\""),
		gettext_noop("SQL expression \"%s\""),
		gettext_noop("PL/pgSQL assignment \"%s\"")
	};

	for (size_t i = 0; i < lengthof(quoting); i++)
	{
		const char *format = _(quoting[i]);
		char	   *prefix = pnstrdup(format, strcspn(format, "%"));
		char	   *found = strstr(context, prefix);

		if (found)
			*found = '\0';
		pfree(prefix);
	}
}

/*
 * What SPI adds, and the flags that an error loses on its way from a parallel
 * worker, are not known before the error is complete: here it is, on its way
 * to the log and then to the client.
 */
void
certdata_emit_log(ErrorData *edata)
{
	if (!is_ours(edata))
		return;
	edata->hide_stmt = true;
	edata->internalquery = NULL;
	edata->internalpos = 0;
	if (edata->context)
		cut_context(edata->context);
	if (edata->context && edata->context[0] == '\0')
		edata->context = NULL;
}
