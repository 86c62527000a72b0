/*
 * certdata.c
 *	  Load time: the floors' settings, and what each has to begin with.
 */
#include "certdata.h"

#include "check/calendar.h"
#include "check/reading.h"
#include "check/scope.h"
#include "check/stream.h"
#include "guard/announce.h"
#include "guard/guard.h"
#include "guard/protect.h"
#include "ledger/ledger.h"
#include "ledger/record.h"
#include "ledger/seal.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	session_define_settings();
	scope_define_settings();
	calendar_define_settings();
	statement_init();
	seal_init();
	erase_define_settings();
	hooks_init();
	MarkGUCPrefixReserved("certdata");
	reading_init();
	stream_init();
	fields_init();
	attachment_init();
	attached_init();
	announce_init();
	apply_init();
	ledger_init();
	shape_init();
	record_init();
}
