/*
 * cell.h
 *	  What one cell of a spreadsheet can hold instead of its value; small
 *	  helpers shared by the checks of a record.
 */
#ifndef CERTDATA_CELL_H
#define CERTDATA_CELL_H

#include "rule.h"

/* A value stripped of spaces; what is longer is too long for any such field. */
#define CD_STRIP_SIZE 512

/*
 * Note and remove what spreadsheets wrap a value in.  false: the cell holds no
 * value that could be judged.
 */
extern bool cd_cell_unwrap(cd_field field, cd_text *t, cd_findings *f);

/* 1-based position of the first such character, 0 if there is none. */
extern long cd_first(cd_text t, bool (*is_such) (uint32_t));

extern cd_text cd_strip_spaces(cd_text t, char buf[CD_STRIP_SIZE]);
extern bool cd_is_lost(uint32_t c);
extern bool cd_is_separator_lookalike(uint32_t c);
extern bool cd_is_placeholder(const char *s, size_t len);

extern cd_finding *cd_find_int(cd_findings *f, cd_rule_id rule, cd_field field, long arg);
extern cd_finding *cd_find_text(cd_findings *f, cd_rule_id rule, cd_field field, cd_text arg);
extern cd_finding *cd_find_date(cd_findings *f, cd_rule_id rule, cd_field field, int32_t arg);

/* between.c: rules about two fields that were both understood. */
extern void cd_check_between(const cd_context *ctx, const cd_record *rec, cd_findings *f);

#endif							/* CERTDATA_CELL_H */
