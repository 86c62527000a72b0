/*
 * native.c
 *	  certdata.refuse_native_code: what reaches beyond SQL, and so beyond
 *	  anything that is guarded here.
 *
 * A function in C, an untrusted language or a file of the server can change
 * any byte of the data.  Whoever needs none of them can have them refused.
 */
#include "certdata.h"

#include "catalog/dependency.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "commands/proclang.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "guard/protect.h"

bool		refuse_native_code = false;

/* ---- settings that run commands or load libraries ---- */

bool
is_native_setting(const char *name)
{
	static const char *const ends[] = {"_command", "_library", "_libraries", "_library_path"};

	for (int i = 0; i < lengthof(ends); i++)
	{
		size_t		len = strlen(name);
		size_t		end = strlen(ends[i]);

		if (len > end && pg_strcasecmp(name + len - end, ends[i]) == 0)
			return true;
	}
	return false;
}

/* ---- languages ---- */

static bool
is_native_language(Oid language)
{
	HeapTuple	tuple;
	bool		trusted;

	if (language == INTERNALlanguageId || language == ClanguageId)
		return true;
	tuple = SearchSysCache1(LANGOID, ObjectIdGetDatum(language));
	if (!HeapTupleIsValid(tuple))
		return false;
	trusted = ((Form_pg_language) GETSTRUCT(tuple))->lanpltrusted;
	ReleaseSysCache(tuple);
	return !trusted && language != SQLlanguageId;
}

void
native_function_made(Oid language, const char *name)
{
	if (is_native_language(language))
		attempt(ATTEMPT_NATIVE_CODE, psprintf("function %s", quote_identifier(name)));
}

/* ---- functions that are there ---- */

/* Of the server, and of its modules that come with it: files, and the bytes of tables. */
static bool
reaches_beyond(Oid function)
{
	static const char *const modules[] = {"pg_surgery", "adminpack", "file_fdw"};
	Oid			extension;
	char	   *name;

	switch (function)
	{
		case F_LO_IMPORT_TEXT:
		case F_LO_IMPORT_TEXT_OID:
		case F_LO_EXPORT:
		case F_PG_READ_FILE_TEXT:
		case F_PG_READ_FILE_TEXT_INT8_INT8:
		case F_PG_READ_FILE_TEXT_INT8_INT8_BOOL:
		case F_PG_READ_BINARY_FILE_TEXT:
		case F_PG_READ_BINARY_FILE_TEXT_INT8_INT8:
		case F_PG_READ_BINARY_FILE_TEXT_INT8_INT8_BOOL:
			return true;
		default:
			break;
	}
	if (function < FirstNormalObjectId)
		return false;
	extension = getExtensionOfObject(ProcedureRelationId, function);
	name = OidIsValid(extension) ? get_extension_name(extension) : NULL;
	for (int i = 0; name != NULL && i < lengthof(modules); i++)
		if (strcmp(name, modules[i]) == 0)
			return true;
	return false;
}

static bool
is_untrusted(Oid function)
{
	HeapTuple	tuple;
	Oid			language;

	if (function < FirstNormalObjectId)
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	language = ((Form_pg_proc) GETSTRUCT(tuple))->prolang;
	ReleaseSysCache(tuple);
	/* what C there is was let in; so were the modules it belongs to */
	return language != ClanguageId && language != INTERNALlanguageId && is_native_language(language);
}

void
native_function_called(Oid function)
{
	if ((reaches_beyond(function) || is_untrusted(function)) && protecting())
		attempt_object(ATTEMPT_NATIVE_CODE, ProcedureRelationId, function, 0);
}

/* ---- statements ---- */

static void
refuse_word(const char *word)
{
	if (protecting())
		attempt(ATTEMPT_NATIVE_CODE, word);
}

static void
do_block(const DoStmt *stmt)
{
	const char *language = "plpgsql";
	ListCell   *cell;
	Oid			oid;

	foreach(cell, stmt->args)
	{
		DefElem    *def = lfirst(cell);

		if (strcmp(def->defname, "language") == 0)
			language = strVal(def->arg);
	}
	oid = get_language_oid(language, true);
	if (OidIsValid(oid) && is_native_language(oid))
		refuse_word(psprintf("language %s", quote_identifier(language)));
}

/* file_fdw: a foreign table that is a file, or a program's output */
static void
foreign_options(List *options, const char *table)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		const char *name = ((DefElem *) lfirst(cell))->defname;

		if (strcmp(name, "filename") == 0 || strcmp(name, "program") == 0)
			refuse_word(psprintf("foreign table %s", quote_identifier(table)));
	}
}

static void
alter_foreign(const AlterTableStmt *stmt)
{
	ListCell   *cell;

	foreach(cell, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst(cell);

		if (cmd->subtype == AT_GenericOptions)
			foreign_options((List *) cmd->def, stmt->relation->relname);
	}
}

void
native_before(Node *parsetree)
{
	switch (nodeTag(parsetree))
	{
		case T_LoadStmt:
			refuse_word("library");
			break;
		case T_DoStmt:
			do_block((DoStmt *) parsetree);
			break;
		case T_CopyStmt:
			if (((CopyStmt *) parsetree)->filename != NULL)
				refuse_word(((CopyStmt *) parsetree)->is_program ? "program" : "file of the server");
			break;
		case T_CreateForeignTableStmt:
			foreign_options(((CreateForeignTableStmt *) parsetree)->options,
							((CreateForeignTableStmt *) parsetree)->base.relation->relname);
			break;
		case T_AlterTableStmt:
			alter_foreign((AlterTableStmt *) parsetree);
			break;
		default:
			break;
	}
}

void
native_define_settings(void)
{
	DefineCustomBoolVariable("certdata.refuse_native_code",
							 "Refuse what reaches beyond SQL: native code and the server's files.",
							 "Needs shared_preload_libraries.",
							 &refuse_native_code, false,
							 PGC_SIGHUP, 0,
							 NULL, NULL, NULL);
}
