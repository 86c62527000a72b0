/*
 * certdata.h
 *	  Declarations shared by all floors above src/rule.
 */
#ifndef CERTDATA_H
#define CERTDATA_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "compat.h"
#include "rule/rule.h"

#define CERTDATA_SCHEMA "certdata"

/* certdata.language */
typedef enum CertdataLanguage
{
	CERTDATA_LANG_AUTO, CERTDATA_LANG_ZH, CERTDATA_LANG_EN
} CertdataLanguage;

/* ---- session.c ---- */

extern int	certdata_language;
extern int	certdata_mask_first;
extern int	certdata_mask_last;
extern char *certdata_time_zone;

/* Chinese messages?  By certdata.language, else by lc_messages. */
extern bool certdata_lang_zh(void);

/* What day it was in certdata.time_zone. */
extern int32 certdata_day(TimestampTz at);

/* Today in certdata.time_zone; the day on which the transaction began. */
extern int32 certdata_today(void);

/* The client's address; empty for a local one and for processes without a client. */
extern const char *certdata_client_address(void);

/* How many triggers run within each other. */
extern int	certdata_trigger_depth(void);

/*
 * Have changed called whenever a relation may have changed; InvalidOid: any.
 * It is called amid other work, so that it only notes.
 */
typedef void (*RelationChanged) (Oid relid);
extern void certdata_on_relation_change(RelationChanged changed);

/* OID of the schema certdata. */
extern Oid	certdata_schema(void);
extern void session_define_settings(void);

#endif							/* CERTDATA_H */
