/*
 * library.c
 *	  What the server has loaded, for certdata.doctor() and for attach().
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "guard/protect.h"

PG_FUNCTION_INFO_V1(certdata_library);

/* library(OUT version, OUT preloaded, OUT lost, OUT pending) */
Datum
certdata_library(PG_FUNCTION_ARGS)
{
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4] = {false, false, !certdata_preloaded, !certdata_preloaded};
	uint64		pending;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		ereport(ERROR, (errmsg_internal("return type must be a row type")));
	values[0] = CStringGetTextDatum(CERTDATA_VERSION);
	values[1] = BoolGetDatum(certdata_preloaded);
	values[2] = Int64GetDatum((int64) ring_lost(&pending));
	values[3] = Int64GetDatum((int64) pending);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

void
notice_unless_preloaded(void)
{
	bool		zh = certdata_lang_zh();

	if (certdata_preloaded)
		return;
	ereport(NOTICE,
			(errmsg_internal(zh ? "服务器没有预加载 certdata：DROP、ALTER、停用触发器和改写系统表不会被拒绝" :
							 "the server has not preloaded certdata: DROP, ALTER, disabled triggers and changed catalogs are not refused"),
			 errhint(zh ? "把 certdata 加入 shared_preload_libraries 并重启；certdata.doctor() 说明详情。" :
					 "Add certdata to shared_preload_libraries and restart; certdata.doctor() tells more.")));
}
