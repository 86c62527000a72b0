#include "certdata.h"
PG_FUNCTION_INFO_V1(certdata_guard_drops);
Datum
certdata_guard_drops(PG_FUNCTION_ARGS)
{
	PG_RETURN_NULL();
}
