/*
 * file.c
 *	  check_report and read_report: report files as they come from people.
 */
#include "certdata.h"

#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "check/check.h"
#include "rule/report.h"

PG_FUNCTION_INFO_V1(certdata_check_report);
PG_FUNCTION_INFO_V1(certdata_read_report);

/* An encoding by the names people know; NULL: find out. */
static cd_encoding
encoding_named(const char *name)
{
	static const struct
	{
		const char *name;
		cd_encoding encoding;
	}			known[] = {
		{"utf16", CD_ENC_UTF16LE}, {"utf16le", CD_ENC_UTF16LE}, {"utf16be", CD_ENC_UTF16BE},
		{"unicode", CD_ENC_UTF16LE}, {"gb2312", CD_ENC_GB18030}
	};
	char		plain[NAMEDATALEN];
	int			n = 0;

	/* as PostgreSQL does: letters and digits only, lower case */
	for (const char *p = name; *p && n < NAMEDATALEN - 1; p++)
		if (isalnum((unsigned char) *p))
			plain[n++] = pg_ascii_tolower((unsigned char) *p);
	plain[n] = '\0';
	for (int i = 0; i < lengthof(known); i++)
		if (strcmp(plain, known[i].name) == 0)
			return known[i].encoding;
	switch (pg_char_to_encoding(name))
	{
		case PG_UTF8:
			return CD_ENC_UTF8;
		case PG_GB18030:
		case PG_GBK:
		case PG_EUC_CN:
			return CD_ENC_GB18030;	/* contains the two others */
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("reports are not read in encoding \"%s\"", name),
					 errhint("Use UTF8, GB18030, GBK, UTF16LE or UTF16BE, or NULL to have it found out.")));
	}
	return CD_ENC_AUTO;			/* keep compiler quiet */
}

/* GB18030 by PostgreSQL's own conversion; what it refuses becomes U+FFFD. */
static size_t
decode_gb18030(void *arg, const char *src, size_t srclen, char *dst, size_t dstsize, bool *bad)
{
	Oid			proc = *(Oid *) arg;
	size_t		done = 0;
	size_t		written = 0;

	while (done < srclen)
	{
		int			n = pg_do_encoding_conversion_buf(proc, PG_GB18030, PG_UTF8,
													  (unsigned char *) src + done,
													  (int) (srclen - done),
													  (unsigned char *) dst + written,
													  (int) Min(dstsize - written, INT_MAX), true);

		written += strlen(dst + written);
		done += n;
		if (done < srclen)
		{
			*bad = true;
			memcpy(dst + written, "\xEF\xBF\xBD", 3);
			written += 3;
			done++;
		}
	}
	return written;
}

typedef struct ReportFile
{
	cd_report	report;
	Oid			conversion;
	bool		readable;
} ReportFile;

static void
open_file(FunctionCallInfo fcinfo, ReportFile *file, cd_findings *f)
{
	bytea	   *data = PG_GETARG_BYTEA_PP(0);
	cd_encoding encoding = PG_ARGISNULL(1) ? CD_ENC_AUTO : encoding_named(NameStr(*PG_GETARG_NAME(1)));

	file->conversion = FindDefaultConversionProc(PG_GB18030, PG_UTF8);
	if (!OidIsValid(file->conversion))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("default conversion function for encoding \"%s\" to \"%s\" does not exist",
						"GB18030", "UTF8")));
	f->n = 0;
	file->readable = cd_report_open(&file->report, VARDATA_ANY(data), VARSIZE_ANY_EXHDR(data),
									encoding, decode_gb18030, &file->conversion,
									palloc(CD_REPORT_WORK), CD_REPORT_WORK, f);
}

static void
report_cell(void *arg, const cd_finding *finding, int64 row_no, char *out)
{
	ReportFile *file = arg;
	int64		above = file->report.title_rows + (file->report.has_header ? 1 : 0);

	cd_report_cell(&file->report, finding, row_no + above, out);
}

static cd_text
no_value(void *arg, cd_field field)
{
	return (cd_text) {"", 0};
}

/* check_report(bytea, name) */
Datum
certdata_check_report(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ReportFile *file;
	PassNames	names = {.cell = report_cell, .value = no_value};
	Pass	   *pass;
	cd_row		row;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	tuplestore_end(rsinfo->setResult);
	names.arg = file = palloc0(sizeof(ReportFile));
	pass = pass_begin(rsinfo->econtext->ecxt_per_query_memory, rsinfo->setDesc, true, &names);
	open_file(fcinfo, file, pass_findings(pass));
	pass_file(pass);
	while (file->readable && cd_report_next(&file->report, &row, pass_findings(pass)))
	{
		cd_record	rec = {.packed_id = -1, .date = CD_DATE_NONE};

		CHECK_FOR_INTERRUPTS();
		if (row.readable)
			pass_row(pass, row.row_no, row.field, file->report.fields, 0, &rec);
		else
			pass_unreadable(pass, row.row_no);
	}
	rsinfo->setResult = pass_end(pass);
	return (Datum) 0;
}

/* read_report(bytea, name): rows as they are, for staging tables */
Datum
certdata_read_report(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext row_context;
	ReportFile	file;
	cd_findings findings;
	cd_row		row;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	open_file(fcinfo, &file, &findings);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row", ALLOCSET_DEFAULT_SIZES);
	while (file.readable && cd_report_next(&file.report, &row, &findings))
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);
		Datum		values[1 + CD_NFIELDS];
		bool		nulls[1 + CD_NFIELDS] = {0};

		CHECK_FOR_INTERRUPTS();
		findings.n = 0;
		values[0] = Int64GetDatum(row.row_no);
		for (int i = 0; i < CD_NFIELDS; i++)
		{
			nulls[i + 1] = row.field[i].len == 0;
			values[i + 1] = PointerGetDatum(cstring_to_text_with_len(row.field[i].ptr, row.field[i].len));
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
	return (Datum) 0;
}
