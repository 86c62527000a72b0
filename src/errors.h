/*
 * errors.h
 *	  SQLSTATEs of certdata's refusals; doc/errors.md explains each.
 *
 * A refused value keeps 22P02 (invalid_text_representation) and a refused
 * row 23514 (check_violation), so that drivers and ORMs see what they know.
 * Class QC is our own: it begins with a letter that no SQL standard uses.
 */
#ifndef CERTDATA_ERRORS_H
#define CERTDATA_ERRORS_H

/* the setting of a fixed rule was to be changed */
#define ERRCODE_CERTDATA_FIXED_RULE MAKE_SQLSTATE('Q', 'C', '0', '0', '1')
/* an unknown rule or severity was named */
#define ERRCODE_CERTDATA_UNKNOWN_RULE MAKE_SQLSTATE('Q', 'C', '0', '0', '2')
/* a table lacks columns of the report */
#define ERRCODE_CERTDATA_NOT_A_REPORT MAKE_SQLSTATE('Q', 'C', '0', '0', '3')
/* working days of a year that has no published calendar were to be counted */
#define ERRCODE_CERTDATA_CALENDAR MAKE_SQLSTATE('Q', 'C', '0', '0', '4')

#endif							/* CERTDATA_ERRORS_H */
