/*
 * check.h
 *	  certdata-check: report files checked without a server.
 */
#ifndef CERTDATA_CHECK_H
#define CERTDATA_CHECK_H

#include "../rule/report.h"
#include "../rule/dup.h"

#include <stdio.h>
#include <sys/types.h>

/* What main() exits with. */
#define EXIT_CLEAN 0			/* nothing that refuses a row or the file */
#define EXIT_FAULTS 1
#define EXIT_FAILED 2			/* could not run */

/* Text in the user's language. */
#define TEXT(zh, en) (check_in_chinese ? (zh) : (en))
extern bool check_in_chinese;

/* Say on stderr what could not be done with a file, and why; exits. */
extern void check_fail(const char *path, const char *reason)
			__attribute__((noreturn));
extern void *check_alloc(void *old, size_t size);	/* never NULL */

/* ---- check_in.c ---- */

/* The whole file; exits if it cannot be read. */
extern char *read_file(const char *path, size_t *len, mode_t *mode);

/* A cd_decode_fn; arg is the file's path. */
extern size_t decode_gb18030(void *arg, const char *src, size_t srclen, char *dst,
							 size_t dstsize, bool *bad);

/* ---- check_scope.c: organisations, filings and scope from a file ---- */

/*
 * What cd_context.scope needs; stays until the program ends.  Exits if the
 * file is wrong.
 */
extern const struct cd_scope_check *scope_open(const char *path, size_t *filings,
											   size_t *rows);

/* ---- check_out.c: a result file ---- */

typedef struct outfile
{
	char	   *path;
	char	   *temp;			/* written first, renamed when all is done */
	FILE	   *stream;
	bool		row_begun;
} outfile;

/* INPUT.suffix, readable by whom the input is. */
extern void out_open(outfile *out, const char *input, const char *suffix,
					 mode_t mode);
extern void out_cell(outfile *out, const char *s, size_t len);

/* The same for text of ours: never a formula to a spreadsheet. */
extern void out_cell_guarded(outfile *out, const char *s, size_t len);
extern void out_end_row(outfile *out);
extern void out_fields(outfile *out, const cd_text field[CD_NFIELDS]);
extern void out_close(outfile *out);	/* all is written */
extern void out_publish(outfile *out);	/* give it its name */

/* Remove what was not published; on exit and on signals, too. */
extern void out_cleanup(void);

/* ---- check_dup.c: numbers used more than once in the file ---- */

typedef struct dup_member
{
	uint32_t	row;
	size_t		pair;			/* first pair of its set */
} dup_member;

typedef struct duplicates
{
	cd_dup		set;
	cd_dup_pair *pair;
	size_t		npairs;
	size_t		room;
	dup_member *member;			/* all members of all sets, by row */
	size_t		nmembers;
	size_t		next;
} duplicates;

extern void duplicates_begin(duplicates *d, size_t numbers);
extern void duplicates_add(duplicates *d, const cd_certno *no, int64_t row);

/* All are added. */
extern void duplicates_sort(duplicates *d);

/*
 * Is this row's number used again?  Rows must come in order.  out: the other
 * rows, each plus offset.
 */
extern bool duplicates_of(duplicates *d, int64_t row, int64_t offset,
						  char *out, size_t size);
extern void duplicates_end(duplicates *d);

/* ---- check_run.c: the check itself ---- */

typedef struct check_job
{
	const char *path;
	char	   *data;
	size_t		len;
	mode_t		mode;			/* of the file */
	cd_encoding encoding;		/* asked for */
	int32_t		today;
	const char *scope_path;		/* NULL: nothing is known of filings */
	const struct cd_scope_check *scope;
	size_t		filings;		/* rows of the scope file */
	size_t		scope_rows;
	const struct cd_submission *submission; /* NULL: lateness is not judged */

	/* results */
	cd_report	report;
	bool		readable;		/* the file could be read at all */
	cd_findings of_file;		/* about file and header */
	int64_t		accepted;
	int64_t		rejected;
	int64_t		count[CD_NRULES];
	outfile		faults;
	outfile		accepted_rows;
	outfile		rejected_rows;
} check_job;

extern void check_run(check_job *job);
extern bool check_refuses(int rule);

#endif							/* CERTDATA_CHECK_H */
