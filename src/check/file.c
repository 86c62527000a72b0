/*
 * file.c
 *	  check_report and read_report: report files as they come from people.
 */
#include "certdata.h"

#include <limits.h>

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "check/check.h"
#include "refuse.h"
#include "rule/report.h"

#define LISTED_UNREAD 10

PG_FUNCTION_INFO_V1(certdata_check_report);
PG_FUNCTION_INFO_V1(certdata_read_report);

/* An encoding by the names people know; NULL: find out. */
static cd_encoding
encoding_named(const char *name)
{
	cd_encoding encoding;
	certdata_refusal refusal = {.sqlstate = ERRCODE_INVALID_PARAMETER_VALUE, .rule = CD_NRULES};
	bool		zh = certdata_lang_zh();

	if (cd_encoding_find(name, &encoding))
		return encoding;
	refusal.message = psprintf(zh ? "不能按编码“%s”读取文件" : "reports are not read in encoding \"%s\"", name);
	refusal.hint = zh ? "用 UTF8、GB18030、GBK、UTF16LE 或 UTF16BE，或用 NULL 自动识别。" :
		"Use UTF8, GB18030, GBK, UTF16LE or UTF16BE, or NULL to have it found out.";
	certdata_refuse(&refusal);
}

/*
 * GB18030 by PostgreSQL's own conversion, brought up to date; what it refuses
 * becomes U+FFFD.
 */
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

		written += cd_gb18030_today(dst + written, strlen(dst + written));
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

/* check_report(bytea, name, date) */
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
	pass = pass_begin(rsinfo->econtext->ecxt_per_query_memory, rsinfo->setDesc, true, &names, NULL);
	pass_received(pass, received_on_arg(fcinfo, 2));
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

/* Rows that a staging table cannot show as the file has them. */
static void
warn_of_unread(int64 n, const char *which)
{
	bool		zh = certdata_lang_zh();

	if (n > 0)
		ereport(WARNING,
				(errmsg_internal(zh ? INT64_FORMAT "行的单元格个数、引号或编码有误，读出的内容可能不全" :
								 "rows with too few or too many cells, an open quote or undecodable bytes, which may be read incompletely: " INT64_FORMAT, n),
				 errdetail_internal("%s", which),
				 errhint("%s", zh ? "certdata.check_report() 逐行说明问题。" :
						 "certdata.check_report() says what is wrong with each of them.")));
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
	StringInfoData unread;
	int64		nunread = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	initStringInfo(&unread);
	open_file(fcinfo, &file, &findings);
	findings.n = 0;
	row_context = AllocSetContextCreate(CurrentMemoryContext, "certdata row", ALLOCSET_DEFAULT_SIZES);
	while (file.readable && cd_report_next(&file.report, &row, &findings))
	{
		MemoryContext old = MemoryContextSwitchTo(row_context);
		Datum		values[1 + CD_NFIELDS];
		bool		nulls[1 + CD_NFIELDS] = {0};

		CHECK_FOR_INTERRUPTS();
		if (findings.n > 0 && nunread++ < LISTED_UNREAD)
			appendStringInfo(&unread, "%s" INT64_FORMAT, nunread > 1 ? ", " : "row_no ", row.row_no);
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
	warn_of_unread(nunread, unread.data);
	return (Datum) 0;
}
