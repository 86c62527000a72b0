/*
 * type.h
 *	  What the files of this floor share.
 *
 * The rules (src/rule) decide what a value is; the files here only carry it
 * between text, datum and wire.  SQL function f is C function certdata_f.
 */
#ifndef CERTDATA_TYPE_H
#define CERTDATA_TYPE_H

#include "postgres.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"
#include "rule/rule.h"

/* The fault that check_record would tell of a text in that field, if any. */
extern bool cdt_find_fault(cd_field field, const char *s, size_t len,
						   cd_finding *why);

/*
 * Refuse text as a value of the type that the running function returns.
 * Returns false, if at all (soft errors).
 */
extern bool cdt_refuse(FunctionCallInfo fcinfo, cd_field field,
					   const char *s, size_t len);
extern bool cdt_refuse_for(FunctionCallInfo fcinfo, const cd_finding *why,
						   const char *s, size_t len);

/* A bpchar's length without its padding, which is no space of the value's. */
extern size_t cdt_unpadded(const struct varlena *value);

/* Text as it arrives on the wire, length given, its encoding verified. */
extern char *cdt_receive(FunctionCallInfo fcinfo, int *len);
extern Datum cdt_send(const char *s, size_t len);

static inline char *
cdt_cstring(const char *s, size_t len)
{
	char	   *out = palloc(len + 1);

	memcpy(out, s, len);
	out[len] = '\0';
	return out;
}

/* Order of text by bytes, which for UTF-8 is collation C. */
static inline int
cdt_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int			order = memcmp(a, b, Min(a_len, b_len));

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

/*
 * 公民身份号码 and document numbers as text; out holds what needs printing,
 * the result may point into the value instead.
 */
extern cd_text cdt_id_number_text(const struct varlena *number, char out[18]);

/* Its 17 digits if it is kept packed; else -1, and the number itself in *num. */
extern int64 cdt_id_number_packed(const struct varlena *number, cd_idnum *num);

/* Would the type's input accept the text? */
extern bool cdt_certno_valid(const char *s, size_t len);
extern bool cdt_resident_id_valid(const char *s, size_t len);
extern bool cdt_id_type_valid(const char *s, size_t len);
extern bool cdt_id_number_valid(const char *s, size_t len);
extern bool cdt_skill_level_valid(const char *s, size_t len);
extern bool cdt_issue_date_valid(const char *s, size_t len);
extern bool cdt_person_name_valid(const char *s, size_t len);
extern bool cdt_org_name_valid(const char *s, size_t len);
extern bool cdt_occupation_name_valid(const char *s, size_t len);
extern bool cdt_work_type_name_valid(const char *s, size_t len);

#endif							/* CERTDATA_TYPE_H */
