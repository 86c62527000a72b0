/*
 * header.c
 *	  The header of a report file: where it is, which column is which.
 *
 * Annex 1, note 2: the header's names, number and order are fixed.  A file
 * that breaks this is read as far as it can be, with a finding for each
 * departure.
 */
#include "report.h"

#include <string.h>

/* Names a record must have to be taken for the header. */
#define HEADER_NAMES 3
/* Cells a record must have for a separator other than the comma to count. */
#define WIDE_RECORD 6

size_t
cd_column_letters(int column, char *out)
{
	char		letters[8];
	int			n = 0;
	int			i;

	/* bijective base 26 */
	for (column++; column > 0; column = (column - 1) / 26)
		letters[n++] = (char) ('A' + (column - 1) % 26);
	for (i = 0; i < n; i++)
		out[i] = letters[n - 1 - i];
	out[n] = '\0';
	return (size_t) n;
}

/*
 * The field a header cell names, spaces removed; CD_NO_FIELD: none.  *spaced:
 * there was something to remove.
 */
static cd_field
header_field(const cd_text *cell, bool *spaced)
{
	char		name[32];
	size_t		n = 0;
	const char *p = cell->ptr;
	const char *end = p + cell->len;
	int			field;

	*spaced = false;
	while (p < end)
	{
		const char *from = p;
		uint32_t	c = cd_utf8_next(&p, end);

		if (cd_is_space(c))
		{
			*spaced = true;
			continue;
		}
		if (n + (p - from) > sizeof(name))
			return CD_NO_FIELD;
		memcpy(name + n, from, p - from);
		n += p - from;
	}
	for (field = 0; field < CD_NFIELDS; field++)
	{
		if (strlen(cd_field_name[field]) == n &&
			memcmp(cd_field_name[field], name, n) == 0)
			break;
	}
	return (cd_field) field;
}

static int
kept_cells(const cd_csv *csv)
{
	return csv->last_full < CD_CSV_CELLS ? csv->last_full : CD_CSV_CELLS;
}

/* How many different field names the record read last has. */
static int
count_names(const cd_csv *csv)
{
	unsigned	seen = 0;
	int			n = 0;
	int			i;

	if (csv->ncells == 0)
		return 0;
	for (i = 0; i < kept_cells(csv); i++)
	{
		bool		spaced;
		cd_field	field = header_field(&csv->cell[i], &spaced);

		if (field != CD_NO_FIELD && !(seen & (1u << field)))
		{
			seen |= 1u << field;
			n++;
		}
	}
	return n;
}

/*
 * Try a separator on the first records.  Returns the most names found in one
 * of them; *above: records above it, *width: most cells any record has.
 */
static int
look_ahead(cd_csv *csv, char separator, int *above, int *width)
{
	const char *start = csv->pos;
	int			best = 0;
	int			i;

	*above = 0;
	*width = 0;
	csv->separator = separator;
	csv->hold = true;
	for (i = 0; i < CD_REPORT_HEADER_WITHIN && cd_csv_next(csv); i++)
	{
		int			names = count_names(csv);

		if (names > best)
		{
			best = names;
			*above = i;
		}
		if (csv->last_full > *width)
			*width = csv->last_full;
	}
	csv->hold = false;
	csv->pos = start;
	return best;
}

/*
 * Find separator and header.  Without a header the separator is the one that
 * makes the widest record, in doubt the comma.
 */
void
cd_report_find_header(cd_report *r)
{
	static const char separators[] = {',', '\t', ';'};
	int			best_names = HEADER_NAMES - 1;
	int			best_width = WIDE_RECORD - 1;
	char		widest = ',';
	int			i;

	for (i = 0; i < 3; i++)
	{
		int			above;
		int			width;
		int			names = look_ahead(&r->csv, separators[i], &above, &width);

		if (names > best_names)
		{
			best_names = names;
			r->has_header = true;
			r->title_rows = above;
			r->separator = separators[i];
		}
		if (width > best_width)
		{
			best_width = width;
			widest = separators[i];
		}
	}
	if (!r->has_header)
		r->separator = widest;
	r->csv.separator = r->separator;
}

/*
 * A header can have any number of extra and repeated cells; room is left for
 * what is noted once per field.
 */
static bool
has_room(const cd_findings *f, int per_field)
{
	return f->n < CD_MAX_FINDINGS - per_field * CD_NFIELDS;
}

/* Note a fault of a field's header in a column of the file. */
static cd_finding *
note_column(cd_findings *f, cd_rule_id rule, cd_field field, int column)
{
	cd_finding *finding = cd_report_note(f, rule, field, cd_field_name[field]);

	finding->column = (uint16_t) column;
	return finding;
}

/*
 * Columns out of order: of the fields in the file's order, those that do not
 * belong to every longest increasing subsequence.  So a missing, extra or
 * moved column does not accuse the columns behind it, and of two neighbours
 * exchanged both are named.
 */
static void
note_order(const cd_report *r, const cd_field *seq, int n, cd_findings *f)
{
	int			upto[CD_NFIELDS];	/* longest one that ends here */
	int			from[CD_NFIELDS];	/* longest one that begins here */
	int			rivals[CD_NFIELDS + 1] = {0};	/* for each place in it */
	int			best = 0;
	int			i;
	int			j;

	for (i = 0; i < n; i++)
	{
		upto[i] = 1;
		for (j = 0; j < i; j++)
		{
			if (seq[j] < seq[i] && upto[j] >= upto[i])
				upto[i] = upto[j] + 1;
		}
		if (upto[i] > best)
			best = upto[i];
	}
	for (i = n - 1; i >= 0; i--)
	{
		from[i] = 1;
		for (j = i + 1; j < n; j++)
		{
			if (seq[j] > seq[i] && from[j] >= from[i])
				from[i] = from[j] + 1;
		}
		if (upto[i] + from[i] - 1 == best)
			rivals[upto[i]]++;
	}

	for (i = 0; i < n; i++)
	{
		cd_finding *finding;

		if (upto[i] + from[i] - 1 == best && rivals[upto[i]] == 1)
			continue;
		finding = note_column(f, CD_RULE_HEADER_ORDER, seq[i], r->column[seq[i]]);
		cd_column_letters(seq[i], finding->arg2);
	}
}

/* A header cell that names no field. */
static void
note_extra(const cd_text *cell, int column, cd_findings *f)
{
	cd_finding *finding;

	if (!has_room(f, 3))
		return;
	finding = cd_report_note(f, CD_RULE_HEADER_EXTRA, CD_NO_FIELD, NULL);
	finding->column = (uint16_t) column;
	if (cell->len > 0)
		cd_report_arg(finding->arg1, cell->ptr, cell->len);
	else
		cd_column_letters(column, finding->arg1);
}

/* No header: the columns are taken to be those of Annex 1. */
static void
assume_header(cd_report *r, cd_findings *f)
{
	int			i;

	cd_report_note(f, CD_RULE_HEADER_ABSENT, CD_NO_FIELD, NULL);
	for (i = 0; i < CD_NFIELDS; i++)
		r->column[i] = i;
	r->fields = CD_ALL_FIELDS;
	r->ncolumns = CD_NFIELDS;
}

/* Learn the columns from the header, the record read last. */
void
cd_report_read_header(cd_report *r, cd_findings *f)
{
	const cd_csv *csv = &r->csv;
	cd_field	seq[CD_NFIELDS];
	int			n = 0;
	int			i;

	if (!r->has_header)
	{
		assume_header(r, f);
		return;
	}
	r->ncolumns = csv->last_full;
	for (i = 0; i < kept_cells(csv); i++)
	{
		bool		spaced;
		cd_field	field = header_field(&csv->cell[i], &spaced);
		bool		repeated = field != CD_NO_FIELD && r->column[field] >= 0;

		if (field == CD_NO_FIELD)
		{
			note_extra(&csv->cell[i], i, f);
			continue;
		}
		if (spaced && has_room(f, 2))
			note_column(f, CD_RULE_HEADER_SPACE, field, i);
		if (repeated)
		{
			if (has_room(f, 2))
				note_column(f, CD_RULE_HEADER_REPEATED, field, i);
			continue;
		}
		r->column[field] = i;
		r->fields |= 1u << field;
		seq[n++] = field;
	}
	for (i = 0; i < CD_NFIELDS; i++)
	{
		if (r->column[i] < 0)
			note_column(f, CD_RULE_HEADER_MISSING, (cd_field) i, 0);
	}
	note_order(r, seq, n, f);
}
