/*
 * check_run.c
 *	  A report file's faults, its rows accepted and rejected.
 *
 * Two passes over the file: the first learns which certificate numbers occur
 * more than once, the second judges each row and writes it where it belongs.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Least bytes a well-filled row has; a guess at how many rows there are. */
#define ROW_BYTES 150

bool
check_refuses(int rule)
{
	return cd_rules[rule].severity != CD_WARNING;
}

static const char *
severity_mark(cd_severity severity)
{
	switch (severity)
	{
		case CD_ERROR:
			return TEXT("〔错误〕", "[error] ");
		case CD_PRINCIPLE:
			return TEXT("〔原则上不允许〕", "[principle] ");
		case CD_WARNING:
			break;
	}
	return TEXT("〔提示〕", "[warning] ");
}

static void
header_of_faults(outfile *out)
{
	static const char *const header[] = {"单元格", "字段", "问题", "依据", "改法"};
	int			i;

	for (i = 0; i < 5; i++)
		out_cell(out, header[i], strlen(header[i]));
	out_end_row(out);
}

static void
header_of_rows(outfile *out)
{
	int			i;

	for (i = 0; i < CD_NFIELDS; i++)
		out_cell(out, cd_field_name[i], strlen(cd_field_name[i]));
	out_end_row(out);
}

/*
 * One line of the faults file.  value: the cell's text, NULL for findings
 * about row, header or file.
 */
static void
write_fault(check_job *job, const cd_finding *finding, int64_t sheet_row,
			const cd_text *value)
{
	const cd_rule *rule = &cd_rules[finding->rule];
	outfile    *out = &job->faults;
	char		cell[CD_REPORT_CELL];
	char		text[2048];
	size_t		n;

	job->count[finding->rule]++;
	out_cell(out, cell, cd_report_cell(&job->report, finding, sheet_row, cell));
	out_cell(out, cd_field_name[finding->field], strlen(cd_field_name[finding->field]));

	n = (size_t) snprintf(text, sizeof(text), "%s", severity_mark(rule->severity));
	n += cd_format(text + n, sizeof(text) - n,
				   TEXT(rule->message_zh, rule->message_en), finding);
	if (value != NULL && value->len > 0)
	{
		char		masked[CD_MASK_SIZE + 1];
		size_t		m = cd_mask((cd_field) finding->field, value->ptr, value->len,
								CD_MASK_FIRST, CD_MASK_LAST, masked);

		n += (size_t) snprintf(text + n, sizeof(text) - n,
							   TEXT("（填写的是：%.*s）", " (value: %.*s)"),
							   (int) m, masked);
		if (n >= sizeof(text))
			n = sizeof(text) - 1;
	}
	out_cell_guarded(out, text, n);
	out_cell_guarded(out, rule->clause, strlen(rule->clause));
	n = cd_format(text, sizeof(text), TEXT(rule->hint_zh, rule->hint_en), finding);
	out_cell_guarded(out, text, n);
	out_end_row(out);
}

/* Findings of a row by their column in the file, row-level ones first. */
static void
sort_findings(const cd_report *r, const cd_findings *f, int order[])
{
	int			key[CD_MAX_FINDINGS];
	int			i;
	int			j;

	for (i = 0; i < f->n; i++)
	{
		int			field = f->item[i].field;
		int			k = field < CD_NFIELDS ? r->column[field] : -1;

		for (j = i; j > 0 && key[j - 1] > k; j--)
		{
			key[j] = key[j - 1];
			order[j] = order[j - 1];
		}
		key[j] = k;
		order[j] = i;
	}
}

/*
 * Findings about file and header.  Returns whether rows can be accepted: not
 * if a column is missing whose field every row must have.
 */
static bool
file_findings(check_job *job, const cd_findings *f)
{
	const unsigned optional = 1u << CD_EMPLOYER | 1u << CD_WORK_TYPE;
	int			i;

	job->of_file = *f;
	for (i = 0; i < f->n; i++)
		write_fault(job, &f->item[i], 0, NULL);
	return (job->report.fields | optional) == CD_ALL_FIELDS;
}

static bool
open_report(check_job *job, char *work, cd_findings *f)
{
	f->n = 0;
	return cd_report_open(&job->report, job->data, job->len, job->encoding,
						  decode_gb18030, (void *) job->path,
						  work, CD_REPORT_WORK, f);
}

/* The first pass: only the certificate numbers. */
static void
find_duplicates(check_job *job, duplicates *d, const cd_context *ctx, char *work,
				cd_findings *f)
{
	const unsigned only_no = job->report.fields & 1u << CD_CERT_NO;
	cd_record	rec;
	cd_row		row;

	duplicates_begin(d, job->len / ROW_BYTES);
	if (only_no && open_report(job, work, f))
	{
		while (f->n = 0, cd_report_next(&job->report, &row, f))
		{
			if (!row.readable)
				continue;
			cd_check_record(row.field, only_no, ctx, &rec, f);
			if (rec.has_no)
				duplicates_add(d, &rec.no, row.row_no);
		}
	}
	duplicates_sort(d);
}

/* Judge a row; returns whether it is accepted. */
static bool
judge_row(check_job *job, const cd_row *row, const cd_context *ctx, duplicates *d,
		  cd_findings *f)
{
	const cd_report *r = &job->report;
	char		others[CD_ARG_SIZE];
	int			order[CD_MAX_FINDINGS];
	bool		accepted = true;
	cd_record	rec;
	int			i;

	if (row->readable)
		cd_check_record(row->field, r->fields, ctx, &rec, f);
	/* the user of a spreadsheet knows rows by the spreadsheet's numbers */
	if (duplicates_of(d, row->row_no, row->sheet_row - row->row_no,
					  others, sizeof(others)))
		strcpy(cd_find(f, CD_RULE_NO_DUPLICATE, CD_CERT_NO)->arg1, others);

	sort_findings(r, f, order);
	for (i = 0; i < f->n; i++)
	{
		const cd_finding *finding = &f->item[order[i]];

		if (check_refuses(finding->rule))
			accepted = false;
		write_fault(job, finding, row->sheet_row,
					finding->field < CD_NFIELDS ? &row->field[finding->field] : NULL);
	}
	return accepted;
}

static void
judge_rows(check_job *job, bool acceptable, const cd_context *ctx, duplicates *d,
		   cd_findings *f)
{
	cd_row		row;

	while (f->n = 0, cd_report_next(&job->report, &row, f))
	{
		if (judge_row(job, &row, ctx, d, f) && acceptable)
		{
			job->accepted++;
			out_fields(&job->accepted_rows, row.field);
		}
		else
		{
			job->rejected++;
			out_fields(&job->rejected_rows, row.field);
		}
	}
}

void
check_run(check_job *job)
{
	char	   *work = check_alloc(NULL, CD_REPORT_WORK);
	cd_findings *f = check_alloc(NULL, sizeof(cd_findings));
	cd_context	ctx;
	duplicates	d;
	bool		acceptable;

	cd_context_init(&ctx, job->today);
	out_open(&job->faults, job->path, ".faults.csv", job->mode);
	out_open(&job->rejected_rows, job->path, ".rejected.csv", job->mode);
	out_open(&job->accepted_rows, job->path, ".accepted.csv", job->mode);
	header_of_faults(&job->faults);
	header_of_rows(&job->rejected_rows);
	header_of_rows(&job->accepted_rows);

	job->readable = open_report(job, work, f);
	acceptable = file_findings(job, f);
	if (job->readable)
	{
		/* the first pass looks at numbers alone */
		find_duplicates(job, &d, &ctx, work, f);
		ctx.scope = job->scope;
		ctx.submission = job->submission;
		open_report(job, work, f);
		judge_rows(job, acceptable, &ctx, &d, f);
		duplicates_end(&d);
	}

	out_close(&job->faults);
	out_close(&job->rejected_rows);
	out_close(&job->accepted_rows);
	out_publish(&job->faults);
	out_publish(&job->rejected_rows);
	out_publish(&job->accepted_rows);
	free(f);
	free(work);
}
