/*
 * fuzz_report.c
 *	  libFuzzer target: any bytes as a report file.
 *
 * clang -g -O1 -fsanitize=fuzzer,address,undefined \
 *		test/fuzz/fuzz_report.c src/rule/[a-z]*.c -o fuzz_report
 *
 * Whatever the bytes are and whatever encoding they are taken for: reading
 * ends, fields lie where they may and are valid UTF-8, rows are numbered
 * upwards, no finding is lost.  A text reads the same in UTF-8 and UTF-16.
 * runs: 400000
 */
#include "../../src/rule/report.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_WORK 8192			/* makes records cross the window's end */

static void
must(bool condition)
{
	if (!condition)
		abort();
}

/* Laid out as GB18030 is enough here: what the character is does not matter. */
static size_t
decode(void *arg, const char *src, size_t len, char *dst, size_t room, bool *bad)
{
	size_t		out = 0;
	size_t		i = 0;

	(void) arg;
	must(room >= 4 * len + 4);
	while (i < len)
	{
		size_t		good = cd_gb18030_valid(src + i, len - i < 4 ? len - i : 4);

		must(src[i] != '\0');
		if ((unsigned char) src[i] < 0x80)
			dst[out++] = src[i++];
		else if (good == 0)
		{
			memcpy(dst + out, "\xEF\xBF\xBD", 3);
			out += 3;
			i++;
			*bad = true;
		}
		else if ((unsigned char) src[i + 1] < 0x40)
		{
			memcpy(dst + out, "\xF0\xA0\x80\x80", 4);
			out += 4;
			i += 4;
		}
		else
		{
			memcpy(dst + out, "一", 3);
			out += 3;
			i += 2;
		}
	}
	return out;
}

static void
check_row(const cd_report *r, const cd_row *row, cd_findings *f,
		  const char *data, size_t len, const char *work, size_t work_size)
{
	static const cd_context ctx = {9000, 1u << 18 | 1u << 24, {0}};
	cd_record	rec;
	char		cell[CD_REPORT_CELL];
	int			i;

	for (i = 0; i < CD_NFIELDS; i++)
	{
		const cd_text *t = &row->field[i];

		must(t->len == 0 ||
			 (t->ptr >= data && t->ptr + t->len <= data + len) ||
			 (t->ptr >= work && t->ptr + t->len <= work + work_size));
		must(cd_utf8_valid(t->ptr, t->len) == t->len);
	}
	must(row->readable || f->n > 0);
	if (row->readable)
		cd_check_record(row->field, r->fields, &ctx, &rec, f);
	must(f->n < CD_MAX_FINDINGS);
	for (i = 0; i < f->n; i++)
	{
		must(f->item[i].rule < CD_NRULES && f->item[i].field <= CD_NFIELDS);
		must(cd_utf8_valid(f->item[i].arg1, strlen(f->item[i].arg1)) == strlen(f->item[i].arg1));
		must(cd_report_cell(r, &f->item[i], row->sheet_row, cell) < CD_REPORT_CELL);
	}
}

static void
read_all(const char *data, size_t len, cd_encoding encoding, size_t work_size)
{
	static char *small,
			   *large;
	char	   *work;
	cd_findings *f = malloc(sizeof(cd_findings));
	cd_report	r;
	cd_row		row;
	int64_t		last = 0;
	char		cell[CD_REPORT_CELL];
	int			i;

	if (small == NULL)
	{
		small = malloc(SMALL_WORK);
		large = malloc(CD_REPORT_WORK);
	}
	work = work_size == SMALL_WORK ? small : large;
	f->n = 0;
	if (cd_report_open(&r, data, len, encoding, decode, NULL, work, work_size, f))
	{
		for (i = 0; i < f->n; i++)
			must(cd_report_cell(&r, &f->item[i], 0, cell) < CD_REPORT_CELL);
		must(f->n < CD_MAX_FINDINGS);
		while (f->n = 0, cd_report_next(&r, &row, f))
		{
			must(row.row_no > last && (uint64_t) row.row_no <= len);
			must(row.sheet_row >= row.row_no);
			last = row.row_no;
			check_row(&r, &row, f, data, len, work, work_size);
		}
		must(r.empty_rows <= r.rows && r.rows >= last);
		must(!cd_report_next(&r, &row, f));
	}
	else
		must(f->n > 0);
	free(f);
}

/* UTF-16 of valid UTF-8; returns bytes. */
static size_t
to_utf16(const char *p, size_t len, char *out)
{
	const char *end = p + len;
	size_t		n = 0;

	while (p < end)
	{
		uint32_t	c = cd_utf8_next(&p, end);
		uint32_t	units[2] = {c, 0};
		int			k;

		if (c >= 0x10000)
		{
			units[0] = 0xD800 + ((c - 0x10000) >> 10);
			units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		for (k = 0; k < (c >= 0x10000 ? 2 : 1); k++)
		{
			out[n++] = (char) (units[k] & 0xFF);
			out[n++] = (char) (units[k] >> 8);
		}
	}
	return n;
}

static void
same_in_utf16(const char *data, size_t len)
{
	char	   *wide = malloc(2 * len + 2);
	size_t		wide_len = to_utf16(data, len, wide);
	static char *work[2];
	cd_findings *f = malloc(2 * sizeof(cd_findings));
	cd_report	r[2];
	cd_row		row[2];

	if (work[0] == NULL)
	{
		work[0] = malloc(CD_REPORT_WORK);
		work[1] = malloc(CD_REPORT_WORK);
	}
	f[0].n = f[1].n = 0;
	if (cd_report_open(&r[0], data, len, CD_ENC_UTF8, decode, NULL,
					   work[0], CD_REPORT_WORK, &f[0]) &&
		cd_report_open(&r[1], wide, wide_len, CD_ENC_UTF16LE, decode, NULL,
					   work[1], CD_REPORT_WORK, &f[1]))
	{
		bool		more = true;

		must(f[1].n == f[0].n + 1); /* file.utf16 */
		while (more)
		{
			int			i;

			f[0].n = f[1].n = 0;
			more = cd_report_next(&r[0], &row[0], &f[0]);
			must(cd_report_next(&r[1], &row[1], &f[1]) == more);
			must(r[0].rows == r[1].rows && r[0].empty_rows == r[1].empty_rows);
			must(f[0].n == f[1].n);
			for (i = 0; more && i < CD_NFIELDS; i++)
				must(row[0].field[i].len == row[1].field[i].len &&
					 memcmp(row[0].field[i].ptr, row[1].field[i].ptr, row[0].field[i].len) == 0);
		}
	}
	free(f);
	free(wide);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* a copy of its own, so that reading beyond its end is seen */
	char	   *copy = malloc(len ? len : 1);
	int			encoding;

	memcpy(copy, data, len);
	for (encoding = CD_ENC_AUTO; encoding <= CD_ENC_UTF16BE; encoding++)
	{
		read_all(copy, len, (cd_encoding) encoding, CD_REPORT_WORK);
		read_all(copy, len, (cd_encoding) encoding, SMALL_WORK);
	}
	if (len < 65536 && cd_utf8_valid(copy, len) == len)
		same_in_utf16(copy, len);
	free(copy);
	return 0;
}
