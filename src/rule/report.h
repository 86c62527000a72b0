/*
 * report.h
 *	  The way in for report files: bytes in, rows of eleven fields out.
 *
 * A report file comes from a spreadsheet: with or without BOM, in UTF-8,
 * GB18030 or UTF-16, separated by commas, TABs or semicolons, with rows above
 * the header, columns missing or moved.  Whatever can be read is read; each
 * accident is a finding.
 *
 * No allocation: the caller gives a work buffer for what cannot stay in
 * place.  No more memory than that is used, however large the file.
 */
#ifndef CERTDATA_REPORT_H
#define CERTDATA_REPORT_H

#include "csv.h"

#define CD_REPORT_WORK (1024 * 1024)	/* least size of the work buffer */
#define CD_REPORT_HEADER_WITHIN 10	/* records in which a header is sought */
#define CD_REPORT_CELL 24		/* size of a cell's name, "C17" */

typedef struct cd_report
{
	cd_encoding encoding;		/* found or asked for */
	char		separator;		/* ',' TAB ';' */
	bool		has_header;
	int64_t		title_rows;		/* rows above the header, empty ones too */
	int			ncolumns;		/* columns of the header */
	int			column[CD_NFIELDS]; /* a field's column from 0; -1: missing */
	unsigned	fields;			/* bits of the fields that have a column */
	int64_t		rows;			/* data rows read so far, empty ones too */
	int64_t		empty_rows;		/* of them, empty or commas only */
	cd_csv		csv;
} cd_report;

typedef struct cd_row
{
	int64_t		row_no;			/* from 1 below the header */
	int64_t		sheet_row;		/* as the spreadsheet counts */
	cd_text		field[CD_NFIELDS];	/* valid UTF-8, until the next call */
	bool		readable;		/* false: only row-level findings count */
} cd_row;

/*
 * Find out what the file is: spreadsheet or text, encoding, separator, rows
 * above the header, header.  Findings about file and header are appended to
 * f.  false: nothing can be read (file.xlsx, file.empty).
 *
 * data and work must stay until the last row is read.  work_size is at least
 * CD_REPORT_WORK.  encoding overrides what would be found.
 */
extern bool cd_report_open(cd_report *r, const char *data, size_t len,
						   cd_encoding encoding,
						   cd_decode_fn decode, void *decode_arg,
						   char *work, size_t work_size, cd_findings *f);

/*
 * The next data row that is not empty.  Findings about the row as a whole
 * are appended to f, which the caller resets.  false: end.
 *
 * A row that is not readable still has its fields as far as they could be
 * told apart (undecodable bytes are U+FFFD), so that it can be given back.
 * Check the others with cd_check_record(row->field, r->fields, ...).
 */
extern bool cd_report_next(cd_report *r, cd_row *row, cd_findings *f);

/*
 * The cell of a finding, "C17", NUL-terminated: findings about a field are in
 * its column of sheet_row, those about a row in column A of it, those about
 * header and file where they belong whatever sheet_row is.  out has
 * CD_REPORT_CELL bytes; returns the length.
 */
extern size_t cd_report_cell(const cd_report *r, const cd_finding *finding,
							 int64_t sheet_row, char *out);

/* A column's letters, 0 = "A"; out has 8 bytes. */
extern size_t cd_column_letters(int column, char *out);

/* ---- between report.c and header.c ---- */

/* Find separator and header: sets separator, has_header and title_rows. */
extern void cd_report_find_header(cd_report *r);

/* Learn the columns from the record read last, or assume those of Annex 1. */
extern void cd_report_read_header(cd_report *r, cd_findings *f);

/* Note a fault of file, header or row; arg1 may be NULL. */
extern cd_finding *cd_report_note(cd_findings *f, cd_rule_id rule,
								  cd_field field, const char *arg1);

/* Copy text into a finding's argument without cutting a character. */
extern void cd_report_arg(char *arg, const char *s, size_t len);

#endif							/* CERTDATA_REPORT_H */
