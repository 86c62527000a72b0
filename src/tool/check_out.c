/*
 * check_out.c
 *	  Result files: UTF-8 with BOM and CRLF, as spreadsheets open them.
 *
 * Each is written under a temporary name beside the report file and renamed
 * when everything is done, so that a file that has its name is whole.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 4
#define BUFFER_SIZE (256 * 1024)

/* Temporary files that exist; read by a signal handler. */
static char *volatile pending[MAX_FILES];

void
out_cleanup(void)
{
	int			i;

	for (i = 0; i < MAX_FILES; i++)
	{
		if (pending[i] != NULL)
			unlink(pending[i]);
		pending[i] = NULL;
	}
}

static void
set_pending(char *from, char *to)
{
	int			i;

	for (i = 0; i < MAX_FILES; i++)
	{
		if (pending[i] == from)
		{
			pending[i] = to;
			return;
		}
	}
}

static char *
join(const char *a, const char *b)
{
	size_t		n = strlen(a);
	char	   *s = check_alloc(NULL, n + strlen(b) + 1);

	memcpy(s, a, n);
	strcpy(s + n, b);
	return s;
}

void
out_open(outfile *out, const char *input, const char *suffix, mode_t mode)
{
	int			fd;

	out->path = join(input, suffix);
	out->temp = join(out->path, ".XXXXXX");
	out->row_begun = false;
	fd = mkstemp(out->temp);
	if (fd < 0)
		check_fail(out->path, strerror(errno));
	set_pending(NULL, out->temp);

	/* personal data: for nobody who may not read the report itself */
	if (fchmod(fd, (mode & 0666) | 0600) != 0 ||
		(out->stream = fdopen(fd, "wb")) == NULL)
		check_fail(out->path, strerror(errno));
	setvbuf(out->stream, NULL, _IOFBF, BUFFER_SIZE);
	fputs("\xEF\xBB\xBF", out->stream);
}

/* Must a cell stand in quotes to be read back as it is? */
static bool
needs_quotes(const char *s, size_t len)
{
	size_t		i;

	if (len > 0 && (s[0] == ' ' || s[len - 1] == ' '))
		return true;
	for (i = 0; i < len; i++)
	{
		if (s[i] == ',' || s[i] == '"' || s[i] == '\n' || s[i] == '\r')
			return true;
	}
	return false;
}

void
out_cell(outfile *out, const char *s, size_t len)
{
	FILE	   *stream = out->stream;
	const char *end = s + len;

	if (out->row_begun)
		putc(',', stream);
	out->row_begun = true;
	if (!needs_quotes(s, len))
	{
		fwrite(s, 1, len, stream);
		return;
	}
	putc('"', stream);
	for (; s < end; s++)
	{
		if (*s == '"')
			putc('"', stream);
		putc(*s, stream);
	}
	putc('"', stream);
}

void
out_cell_guarded(outfile *out, const char *s, size_t len)
{
	char		guarded[4096];

	if (len == 0 || len >= sizeof(guarded) || strchr("=+-@\t\r", *s) == NULL)
	{
		out_cell(out, s, len);
		return;
	}
	guarded[0] = '\'';
	memcpy(guarded + 1, s, len);
	out_cell(out, guarded, len + 1);
}

void
out_end_row(outfile *out)
{
	fputs("\r\n", out->stream);
	out->row_begun = false;
}

void
out_fields(outfile *out, const cd_text field[CD_NFIELDS])
{
	int			i;

	for (i = 0; i < CD_NFIELDS; i++)
		out_cell(out, field[i].ptr, field[i].len);
	out_end_row(out);
}

void
out_close(outfile *out)
{
	bool		failed = ferror(out->stream) != 0;

	/* a full disk may show only now */
	if (fclose(out->stream) != 0 || failed)
		check_fail(out->path, failed && errno == 0 ? "write error" : strerror(errno));
	out->stream = NULL;
}

void
out_publish(outfile *out)
{
	if (rename(out->temp, out->path) != 0)
		check_fail(out->path, strerror(errno));
	set_pending(out->temp, NULL);
	free(out->temp);
	out->temp = NULL;
}
