/*
 * certdata.c
 *	  Load time: the floors' settings and hooks.
 */
#include "certdata.h"

#include "check/calendar.h"
#include "check/reading.h"
#include "check/scope.h"
#include "guard/announce.h"
#include "guard/guard.h"
#include "ledger/ledger.h"
#include "ledger/record.h"
#include "ledger/seal.h"
#include "refuse.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

static emit_log_hook_type next_emit_log = NULL;

void		_PG_init(void);

/* Keep what we refused out of the server log, then let others have their say. */
static void
certdata_log(ErrorData *edata)
{
	certdata_emit_log(edata);
	if (next_emit_log)
		next_emit_log(edata);
}

void
_PG_init(void)
{
	session_define_settings();
	scope_define_settings();
	calendar_define_settings();
	statement_init();
	seal_init();
	erase_define_settings();
	MarkGUCPrefixReserved("certdata");
	next_emit_log = emit_log_hook;
	emit_log_hook = certdata_log;
	reading_init();
	attachment_init();
	announce_init();
	apply_init();
	ledger_init();
	shape_init();
	record_init();
}
