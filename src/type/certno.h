/*
 * certno.h
 *	  certdata.certno as a datum, for every floor that reads such a column.
 */
#ifndef CERTDATA_CERTNO_H
#define CERTDATA_CERTNO_H

#include "postgres.h"
#include "fmgr.h"

#include "rule/rule.h"

/* typlen 10, passed by reference, no alignment. */
#define DatumGetCertno(d) ((cd_certno *) DatumGetPointer(d))
#define CertnoGetDatum(p) PointerGetDatum(p)
#define PG_GETARG_CERTNO(n) DatumGetCertno(PG_GETARG_DATUM(n))
#define PG_RETURN_CERTNO(p) return CertnoGetDatum(p)

#endif							/* CERTDATA_CERTNO_H */
