/*
 * csv.h
 *	  Records of a delimited text file, as UTF-8 cells.
 *
 * The reader below report.h: it knows encodings, quotes, separators and line
 * ends, nothing of what the cells mean.  UTF-8 is read in place; GB18030 and
 * UTF-16 pass through a window in the caller's buffer.
 */
#ifndef CERTDATA_CSV_H
#define CERTDATA_CSV_H

#include "rule.h"

typedef enum cd_encoding
{
	CD_ENC_AUTO, CD_ENC_UTF8, CD_ENC_GB18030, CD_ENC_UTF16LE, CD_ENC_UTF16BE
} cd_encoding;

/*
 * Convert src (whole characters of GB18030 and no NUL, unless the file is
 * damaged) to UTF-8.  A byte that cannot be decoded becomes U+FFFD and sets
 * *bad.  dst has dstsize >= 4 * srclen + 4 bytes.  Returns the bytes written.
 * The server has PostgreSQL's conversion, a program iconv(3).
 */
typedef size_t (*cd_decode_fn) (void *arg, const char *src, size_t srclen,
								char *dst, size_t dstsize, bool *bad);

/*
 * UTF-8 that a conversion as of GB18030-2000 made, with the codes that have
 * moved since as they are today.  Returns the new length, which is at most a
 * third more.
 */
extern size_t cd_gb18030_today(char *s, size_t len);

/* Cells of a record that are kept; further ones are only counted. */
#define CD_CSV_CELLS 128

/* A quote that is not closed within this many bytes never was one. */
#define CD_CSV_QUOTED_MAX 65536

typedef struct cd_csv
{
	/* the record read last; cells are valid until the next one is read */
	int			ncells;			/* cells it has, may exceed CD_CSV_CELLS */
	int			last_full;		/* its last cell that is not empty, from 1 */
	bool		bad_quote;		/* a quote is not closed, or closed too early */
	bool		bad_encoding;	/* bytes not of the encoding, now U+FFFD */
	cd_text		cell[CD_CSV_CELLS];

	/* how to read */
	char		separator;
	cd_encoding encoding;
	bool		hold;			/* look ahead only: never move the window */
	bool		faulty;			/* some byte is not of the encoding */

	/* UTF-8 text at hand */
	const char *pos;
	const char *end;
	bool		final;			/* nothing follows end */

	/* what is still to be decoded (not used for UTF-8) */
	const char *raw;
	const char *raw_end;
	cd_decode_fn decode;
	void	   *decode_arg;

	/* the caller's buffer */
	char	   *window;
	size_t		window_size;
	char	   *scratch;		/* cells that could not be left in place */
	size_t		scratch_size;
	size_t		scratch_used;
} cd_csv;

/* "faulty" tells whether the caller found bytes not of the encoding. */
extern void cd_csv_open(cd_csv *csv, const char *data, size_t len,
						cd_encoding encoding, bool faulty,
						cd_decode_fn decode, void *decode_arg,
						char *work, size_t work_size);

/* The next record, empty ones too; false: end (or end of look-ahead). */
extern bool cd_csv_next(cd_csv *csv);

/* ---- encoding.c ---- */

/* Decode more text behind what is left of the window; false: it is full. */
extern bool cd_csv_refill(cd_csv *csv);

typedef struct cd_encoding_facts
{
	cd_encoding encoding;		/* never CD_ENC_AUTO */
	size_t		bom;			/* bytes of it, 0: none */
	bool		faulty;			/* UTF-8 with faults or NUL bytes */
	bool		neither;		/* neither UTF-8 nor GB18030 throughout */
} cd_encoding_facts;

/* What the file is; asked overrides what its bytes say. */
extern void cd_encoding_detect(const char *data, size_t len, cd_encoding asked,
							   cd_encoding_facts *facts);

/* Length of the prefix that is laid out as GB18030; NUL is let pass. */
extern size_t cd_gb18030_valid(const char *s, size_t len);

extern const char *cd_encoding_name(cd_encoding encoding);

/* "utf8", "GBK", "utf-16le" …, in any case; NULL or "" means CD_ENC_AUTO. */
extern bool cd_encoding_find(const char *name, cd_encoding *encoding);

#endif							/* CERTDATA_CSV_H */
