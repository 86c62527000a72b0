/*
 * refuse.h
 *	  The one place where certdata refuses something.
 *
 * A refusal names the rule (CONSTRAINT), says what was expected and where, and
 * what to do, in the language of certdata.language.  It shows personal data
 * masked only, also where the server would add them: COPY's context line, the
 * statement in the server log.
 */
#ifndef CERTDATA_REFUSE_H
#define CERTDATA_REFUSE_H

#include "postgres.h"
#include "compat.h"
#include "nodes/nodes.h"
#include "utils/rel.h"

#include "rule/rule.h"

/* A refusal that is not about one value of one type. */
typedef struct certdata_refusal
{
	int			sqlstate;
	cd_rule_id	rule;			/* CD_NRULES: none */
	const char *message;
	const char *detail;			/* NULL: none, as for the rest */
	const char *hint;
	Relation	relation;
	const char *column;
} certdata_refusal;

/*
 * Refuse a value of a type: SQLSTATE 22P02.  Returns only if the error was
 * taken softly; the caller then returns NULL.  "why->field" CD_NO_FIELD means
 * that the type serves several fields, so the message names none.
 */
extern void certdata_refuse_value(Node *soft, Oid type, const cd_finding *why,
								  const char *s, size_t len);

pg_noreturn extern void certdata_refuse(const certdata_refusal *refusal);

/* A finding's message and hint in the language set, arguments filled in. */
extern char *certdata_message(const cd_finding *finding);
extern char *certdata_hint(const cd_finding *finding);

/* A value as messages may show it. */
extern char *certdata_shown(cd_field field, const char *s, size_t len);

/* For emit_log_hook: keeps what we refused out of the server log. */
extern void certdata_emit_log(ErrorData *edata);

#endif							/* CERTDATA_REFUSE_H */
