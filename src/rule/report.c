/*
 * report.c
 *	  Report files: what kind of file, rows of eleven fields, their cells.
 */
#include "report.h"

#include <stdio.h>
#include <string.h>

void
cd_report_arg(char *arg, const char *s, size_t len)
{
	if (len > CD_ARG_SIZE - 1)
	{
		len = CD_ARG_SIZE - 1;
		while (len > 0 && ((unsigned char) s[len] & 0xC0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(arg, s, len);
	arg[len] = '\0';
}

static void
set_arg_int(char *arg, int64_t value)
{
	snprintf(arg, CD_ARG_SIZE, "%lld", (long long) value);
}

cd_finding *
cd_report_note(cd_findings *f, cd_rule_id rule, cd_field field, const char *arg1)
{
	cd_finding *finding = cd_find(f, rule, field);

	if (arg1 != NULL)
		cd_report_arg(finding->arg1, arg1, strlen(arg1));
	return finding;
}

/* ---- kind of file ---- */

static bool
begins(const char *s, size_t len, const char *magic, size_t magic_len)
{
	return len >= magic_len && memcmp(s, magic, magic_len) == 0;
}

/* The spreadsheet format a file has; NULL: it may be text. */
static const char *
spreadsheet_kind(const char *s, size_t len)
{
	if (begins(s, len, "PK\003\004", 4))
	{
		/* OpenDocument: its first member is "mimetype", not compressed */
		if (len >= 60 && memcmp(s + 30, "mimetypeapplication/vnd.oasis.", 30) == 0)
			return "ods";
		return "xlsx";
	}
	/* Compound File Binary Format: .xls, .et, and .xlsx with a password */
	if (begins(s, len, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
		return "xls";

	/* programs that "export to Excel" write HTML or XML and call it .xls */
	if (begins(s, len, "\xEF\xBB\xBF", 3))
	{
		s += 3;
		len -= 3;
	}
	while (len > 0 && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n'))
	{
		s++;
		len--;
	}
	if (begins(s, len, "<?xml", 5))
		return "xml";
	if (len >= 2 && *s == '<' &&
		(s[1] == '!' || (s[1] >= 'A' && s[1] <= 'Z') || (s[1] >= 'a' && s[1] <= 'z')))
		return "html";
	return NULL;
}

/* Nothing but line ends, separators, quotes and spaces? */
static bool
is_blank(const char *s, size_t len)
{
	size_t		i;

	for (i = 0; i < len; i++)
	{
		if (s[i] == '\0' || strchr("\r\n\t ,;\"", s[i]) == NULL)
			return false;
	}
	return true;
}

/* The same in UTF-16, whatever its order. */
static bool
is_blank_utf16(const char *s, size_t len)
{
	size_t		i;

	for (i = 0; i < len; i++)
	{
		if (strchr("\r\n\t ,;\"", s[i]) == NULL)	/* NUL is found, too */
			return false;
	}
	return true;
}

/* Findings about the record read last that make it unreadable. */
static bool
note_unreadable(const cd_report *r, cd_findings *f)
{
	if (r->csv.bad_encoding)
		cd_report_note(f, CD_RULE_ROW_ENCODING, CD_NO_FIELD, cd_encoding_name(r->encoding));
	if (r->csv.bad_quote)
		cd_report_note(f, CD_RULE_ROW_QUOTE, CD_NO_FIELD, NULL);
	return r->csv.bad_encoding || r->csv.bad_quote;
}

/* ---- the way in ---- */

/* Settle the encoding and open the text; false: there is none. */
static bool
open_text(cd_report *r, const char *data, size_t len, cd_encoding asked,
		  cd_decode_fn decode, void *decode_arg, char *work, size_t work_size,
		  cd_findings *f)
{
	cd_encoding_facts facts;
	bool		utf16;

	cd_encoding_detect(data, len, asked, &facts);
	data += facts.bom;
	len -= facts.bom;
	r->encoding = facts.encoding;
	utf16 = facts.encoding == CD_ENC_UTF16LE || facts.encoding == CD_ENC_UTF16BE;

	if (utf16 ? is_blank_utf16(data, len) : is_blank(data, len))
	{
		cd_report_note(f, CD_RULE_FILE_EMPTY, CD_NO_FIELD, NULL);
		return false;
	}
	if (utf16)
		cd_report_note(f, CD_RULE_FILE_UTF16, CD_NO_FIELD, NULL);
	if (facts.neither)
		cd_report_note(f, CD_RULE_FILE_ENCODING, CD_NO_FIELD, cd_encoding_name(facts.encoding));
	cd_csv_open(&r->csv, data, len, facts.encoding, facts.faulty,
				decode, decode_arg, work, work_size);
	return true;
}

bool
cd_report_open(cd_report *r, const char *data, size_t len, cd_encoding encoding,
			   cd_decode_fn decode, void *decode_arg,
			   char *work, size_t work_size, cd_findings *f)
{
	const char *kind = spreadsheet_kind(data, len);
	int			i;

	memset(r, 0, offsetof(cd_report, csv));
	r->encoding = encoding;
	r->separator = ',';
	for (i = 0; i < CD_NFIELDS; i++)
		r->column[i] = -1;

	if (kind != NULL)
	{
		cd_report_note(f, CD_RULE_FILE_XLSX, CD_NO_FIELD, kind);
		return false;
	}
	if (!open_text(r, data, len, encoding, decode, decode_arg, work, work_size, f))
		return false;

	cd_report_find_header(r);
	if (r->separator != ',')
		cd_report_note(f, CD_RULE_FILE_SEPARATOR, CD_NO_FIELD, r->separator == '\t' ? "TAB" : ";");
	if (r->title_rows > 0)
		set_arg_int(cd_report_note(f, CD_RULE_FILE_TITLE, CD_NO_FIELD, NULL)->arg1, r->title_rows);
	if (r->has_header)
	{
		for (i = 0; i <= r->title_rows; i++)
			cd_csv_next(&r->csv);
		note_unreadable(r, f);
	}
	cd_report_read_header(r, f);
	return true;
}

bool
cd_report_next(cd_report *r, cd_row *row, cd_findings *f)
{
	cd_csv	   *csv = &r->csv;
	int			i;

	do
	{
		if (!cd_csv_next(csv))
			return false;
		r->rows++;
		if (csv->last_full == 0)
			r->empty_rows++;
	} while (csv->last_full == 0);

	row->row_no = r->rows;
	row->sheet_row = r->rows + r->title_rows + (r->has_header ? 1 : 0);
	for (i = 0; i < CD_NFIELDS; i++)
	{
		int			column = r->column[i];

		if (column >= 0 && column < csv->ncells)
			row->field[i] = csv->cell[column];
		else
		{
			row->field[i].ptr = "";
			row->field[i].len = 0;
		}
	}

	row->readable = !note_unreadable(r, f);
	if (row->readable &&
		(csv->ncells < r->ncolumns || csv->last_full > r->ncolumns))
	{
		cd_finding *finding = cd_report_note(f, CD_RULE_ROW_COLUMNS, CD_NO_FIELD, NULL);

		set_arg_int(finding->arg1, csv->ncells < r->ncolumns ?
					csv->ncells : csv->last_full);
		set_arg_int(finding->arg2, r->ncolumns);
	}
	return true;
}

size_t
cd_report_cell(const cd_report *r, const cd_finding *finding,
			   int64_t sheet_row, char *out)
{
	int64_t		header_row = r->has_header ? r->title_rows + 1 : 1;
	int			column = 0;
	size_t		n;

	if (finding->rule >= CD_RULE_FILE_EMPTY)
		sheet_row = 1;
	else if (finding->rule >= CD_RULE_HEADER_ABSENT)
	{
		column = finding->column;
		sheet_row = header_row;
	}
	else if (finding->field < CD_NFIELDS && r->column[finding->field] >= 0)
		column = r->column[finding->field];
	if (sheet_row < 1)
		sheet_row = header_row;

	n = cd_column_letters(column, out);
	return n + snprintf(out + n, CD_REPORT_CELL - n, "%lld", (long long) sheet_row);
}
