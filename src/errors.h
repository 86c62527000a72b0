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

/* a change lacks its reason, its approval, or who makes it (第十三, 十四, 十五条) */
#define ERRCODE_CERTDATA_NO_REASON MAKE_SQLSTATE('Q', 'C', '0', '1', '0')
/* of 姓名 and 证件号码 only one may be changed (第十四条) */
#define ERRCODE_CERTDATA_ONE_ITEM MAKE_SQLSTATE('Q', 'C', '0', '1', '1')
/* benefits tied to the certificate are not cancelled (第十五条) */
#define ERRCODE_CERTDATA_BENEFITS MAKE_SQLSTATE('Q', 'C', '0', '1', '2')
/* 证书编号 was to change other than by renumber() */
#define ERRCODE_CERTDATA_NUMBER MAKE_SQLSTATE('Q', 'C', '0', '1', '3')
/* physical deletion (第十五条) */
#define ERRCODE_CERTDATA_DELETION MAKE_SQLSTATE('Q', 'C', '0', '1', '4')
/* the state of the certificate does not allow the act */
#define ERRCODE_CERTDATA_STATE MAKE_SQLSTATE('Q', 'C', '0', '1', '5')
/* the table is not attached */
#define ERRCODE_CERTDATA_NOT_ATTACHED MAKE_SQLSTATE('Q', 'C', '0', '1', '6')
/* the table cannot be attached, or not so */
#define ERRCODE_CERTDATA_CANNOT_ATTACH MAKE_SQLSTATE('Q', 'C', '0', '1', '7')
/* the state column was to be written by other means than certdata's functions */
#define ERRCODE_CERTDATA_STATE_COLUMN MAKE_SQLSTATE('Q', 'C', '0', '1', '8')

/* the ledger is not started */
#define ERRCODE_CERTDATA_NO_LEDGER MAKE_SQLSTATE('Q', 'C', '0', '2', '0')
/* the ledger is another cluster's or database's until it is adopted */
#define ERRCODE_CERTDATA_NOT_ADOPTED MAKE_SQLSTATE('Q', 'C', '0', '2', '1')
/* data must be kept longer before it may be erased (承诺书 item 6) */
#define ERRCODE_CERTDATA_RETENTION MAKE_SQLSTATE('Q', 'C', '0', '2', '2')
/* the ledger's tables contradict each other, so nothing is sealed or proved */
#define ERRCODE_CERTDATA_LEDGER_CORRUPTED MAKE_SQLSTATE('Q', 'C', '0', '2', '3')
/* the signing key cannot be used */
#define ERRCODE_CERTDATA_KEY MAKE_SQLSTATE('Q', 'C', '0', '2', '4')

/* a statement would have changed, hidden or unguarded protected data */
#define ERRCODE_CERTDATA_PROTECTED MAKE_SQLSTATE('Q', 'C', '0', '3', '0')
/* SQL would have written a system catalog or a table that only certdata writes */
#define ERRCODE_CERTDATA_PROTECTED_TABLE MAKE_SQLSTATE('Q', 'C', '0', '3', '1')
/* a setting of certdata was to be kept for a role, a database or the server */
#define ERRCODE_CERTDATA_PROTECTED_SETTING MAKE_SQLSTATE('Q', 'C', '0', '3', '2')
/* native code or the server's files, with certdata.refuse_native_code */
#define ERRCODE_CERTDATA_NATIVE_CODE MAKE_SQLSTATE('Q', 'C', '0', '3', '3')

#endif							/* CERTDATA_ERRORS_H */
