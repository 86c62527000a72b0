/*
 * csv.c
 *	  Records of a delimited text file: encodings, quotes, line ends.
 *
 * Quoting is that of RFC 4180, with these answers where files break it:
 * a quote inside a cell that does not begin with one is plain text; a quote
 * that opens a cell and is not closed, or is closed before the cell ends, is
 * plain text too, the record is marked bad_quote and ends with its line, so
 * that one stray quote never swallows the rows below it.
 *
 * In UTF-8 and GB18030 no byte below 0x30 is ever part of a longer character:
 * separators, quotes and line ends are found as bytes.
 */
#include "csv.h"

#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIRST_BYTE(mask) (__builtin_ctzll(mask) >> 3)
#else
#define FIRST_BYTE(mask) 0		/* look at the bytes one by one */
#endif

static inline bool
is_stop(char c, char separator)
{
	return c == separator || c == '\n' || c == '\r';
}

/*
 * The separator or line end that ends an unquoted cell; end if there is none.
 * Eight bytes at a time: control characters up to 0x0D and separators leave a
 * high bit, of which the lowest is always true.
 */
static inline const char *
find_stop(const char *p, const char *end, char separator)
{
	const uint64_t separators = ONES * (unsigned char) separator;

	while (end - p >= 8)
	{
		uint64_t	word;
		uint64_t	diff;
		uint64_t	hit;

		memcpy(&word, p, 8);
		diff = word ^ separators;
		hit = (((diff - ONES) & ~diff) | ((word - ONES * 0x0E) & ~word)) & HIGHS;
		if (hit == 0)
		{
			p += 8;
			continue;
		}
		p += FIRST_BYTE(hit);
		if (is_stop(*p, separator))
			return p;
		p++;
	}
	while (p < end && !is_stop(*p, separator))
		p++;
	return p;
}

static inline const char *
find_line_end(const char *p, const char *end)
{
	return find_stop(p, end, '\n');
}

/* Copy a quoted cell's text, each doubled quote once; false: no room. */
static bool
copy_unquoted(cd_csv *csv, const char *p, const char *end, cd_text *cell)
{
	char	   *out = csv->scratch + csv->scratch_used;

	if ((size_t) (end - p) > csv->scratch_size - csv->scratch_used)
		return false;
	cell->ptr = out;
	while (p < end)
	{
		const char *quote = memchr(p, '"', end - p);
		size_t		n = (quote ? quote + 1 : end) - p;

		memcpy(out, p, n);
		out += n;
		p += n + (quote != NULL);
	}
	cell->len = out - cell->ptr;
	csv->scratch_used += cell->len;
	return true;
}

typedef enum quoted
{
	QUOTED_OK, QUOTED_BAD, QUOTED_MORE
} quoted;

/*
 * A cell that begins with a quote at p.  *stop: where it ends.  QUOTED_MORE:
 * the answer lies behind the text at hand.
 */
static quoted
read_quoted(cd_csv *csv, const char *p, cd_text *cell, const char **stop)
{
	const char *end = csv->end;
	const char *limit = end;
	const char *q = p + 1;
	bool		open_ended = !csv->final;
	bool		doubled = false;

	if (end - p > CD_CSV_QUOTED_MAX)
	{
		limit = p + CD_CSV_QUOTED_MAX;
		open_ended = false;
	}
	if (csv->bad_quote)
	{
		const char *line_end = find_line_end(p, limit);

		if (line_end < limit)
		{
			limit = line_end;
			open_ended = false;
		}
	}

	for (;;)
	{
		q = q < limit ? memchr(q, '"', limit - q) : NULL;
		if (q == NULL)
			return open_ended ? QUOTED_MORE : QUOTED_BAD;
		if (q + 1 == end)
		{
			if (!csv->final)
				return QUOTED_MORE;
			break;
		}
		if (q[1] != '"')
			break;
		doubled = true;
		q += 2;
	}

	if (q + 1 < end && !is_stop(q[1], csv->separator))
		return QUOTED_BAD;
	*stop = q + 1;
	cell->ptr = p + 1;
	cell->len = q - cell->ptr;
	if (doubled && !copy_unquoted(csv, p + 1, q, cell))
		return QUOTED_BAD;
	return QUOTED_OK;
}

/*
 * Split the record at csv->pos into cells; *next: where the one after it
 * begins.  false: it may not end within the text at hand.
 */
static bool
split_record(cd_csv *csv, const char **next)
{
	const char *p = csv->pos;
	const char *const end = csv->end;
	const char	separator = csv->separator;
	int			n = 0;
	int			last_full = 0;

	csv->bad_quote = false;
	csv->scratch_used = 0;
	for (;;)
	{
		cd_text		cell;
		const char *stop = NULL;

		if (p < end && *p == '"')
		{
			quoted		q = read_quoted(csv, p, &cell, &stop);

			if (q == QUOTED_MORE)
				return false;
			if (q == QUOTED_BAD)
				csv->bad_quote = true;
		}
		if (stop == NULL)
		{
			stop = find_stop(p, end, separator);
			if (stop == end && !csv->final)
				return false;
			cell.ptr = p;
			cell.len = stop - p;
		}

		if (n < CD_CSV_CELLS)
			csv->cell[n] = cell;
		n++;
		if (cell.len > 0)
			last_full = n;

		p = stop + 1;
		if (stop == end)
			p = end;
		else if (*stop == separator)
			continue;
		else if (*stop == '\r')
		{
			if (p == end && !csv->final)
				return false;
			if (p < end && *p == '\n')
				p++;
		}
		break;
	}
	csv->ncells = n;
	csv->last_full = last_full;
	*next = p;
	return true;
}

/* Put U+FFFD for what is not UTF-8; without room the cell becomes empty. */
static void
repair_cell(cd_csv *csv, cd_text *cell)
{
	char	   *out = csv->scratch + csv->scratch_used;
	const char *p = cell->ptr;
	size_t		left = cell->len;

	if (left > (csv->scratch_size - csv->scratch_used) / 3)
	{
		cell->len = 0;
		return;
	}
	cell->ptr = out;
	while (left > 0)
	{
		size_t		good = cd_utf8_valid(p, left);

		memcpy(out, p, good);
		out += good;
		if (good < left)
		{
			memcpy(out, "\xEF\xBF\xBD", 3);
			out += 3;
			good++;
		}
		p += good;
		left -= good;
	}
	cell->len = out - cell->ptr;
	csv->scratch_used += cell->len;
}

static void
repair_record(cd_csv *csv)
{
	int			n = csv->ncells < CD_CSV_CELLS ? csv->ncells : CD_CSV_CELLS;
	int			i;

	for (i = 0; i < n; i++)
	{
		cd_text    *cell = &csv->cell[i];

		if (cd_utf8_valid(cell->ptr, cell->len) != cell->len)
			repair_cell(csv, cell);
	}
}

/*
 * A record that the window cannot hold: give it up, go on with the next line.
 */
static void
skip_overlong(cd_csv *csv)
{
	bool		found = false;

	while (!found)
	{
		const char *p = find_line_end(csv->pos, csv->end);

		csv->pos = p;
		if (p == csv->end ? !csv->final : (p + 1 == csv->end && !csv->final))
		{
			cd_csv_refill(csv);
			continue;
		}
		found = true;
		if (p < csv->end)
			csv->pos++;
		if (csv->pos < csv->end && *p == '\r' && *csv->pos == '\n')
			csv->pos++;
	}
	csv->ncells = 0;
	csv->last_full = 1;
	csv->bad_quote = true;
}

/* ---- the reader ---- */

void
cd_csv_open(cd_csv *csv, const char *data, size_t len, cd_encoding encoding,
			bool faulty, cd_decode_fn decode, void *decode_arg,
			char *work, size_t work_size)
{
	memset(csv, 0, offsetof(cd_csv, cell));
	csv->separator = ',';
	csv->encoding = encoding;
	csv->hold = false;
	csv->faulty = faulty;
	csv->decode = decode;
	csv->decode_arg = decode_arg;
	csv->window = work;
	csv->window_size = encoding == CD_ENC_UTF8 ? 0 : work_size / 4 * 3;
	csv->scratch = work + csv->window_size;
	csv->scratch_size = work_size - csv->window_size;
	csv->scratch_used = 0;
	csv->final = encoding == CD_ENC_UTF8;
	csv->pos = csv->final ? data : work;
	csv->end = csv->final ? data + len : work;
	csv->raw = csv->final ? NULL : data;
	csv->raw_end = csv->final ? NULL : data + len;
	if (!csv->final)
		cd_csv_refill(csv);
}

bool
cd_csv_next(cd_csv *csv)
{
	const char *next;

	csv->bad_encoding = false;
	for (;;)
	{
		if (csv->pos < csv->end)
		{
			if (split_record(csv, &next))
				break;
		}
		else if (csv->final)
			return false;

		if (csv->hold)
			return false;
		if (!cd_csv_refill(csv))
		{
			skip_overlong(csv);
			return true;
		}
	}

	if (csv->faulty &&
		cd_utf8_valid(csv->pos, next - csv->pos) != (size_t) (next - csv->pos))
	{
		csv->bad_encoding = true;
		repair_record(csv);
	}
	csv->pos = next;
	return true;
}
