/*
 * test_report.c
 *	  Report files and what happens to them: one test per accident.
 *
 * Prints TAP.  Each file is built here byte by byte; what is expected of it
 * is written beside it as "cell:rule" by row and column, then the data rows
 * read and the empty ones skipped.
 */
#include "../../src/rule/report.h"
#include "../../src/rule/dup.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构"
#define ID "130102199003071233"
#define NO "S000013000001223000001"
#define ROW "张伟,居民身份证," ID ",某公司,车工,数控车工,三级," NO ",2022-02-09,甲校,甲校"
#define BOM "\xEF\xBB\xBF"

static int	tests;
static int	failures;
static void
ok(bool good, const char *name, const char *got, const char *expected)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
	if (!good)
	{
		failures++;
		printf("#      got: %s\n# expected: %s\n", got, expected);
	}
}

static size_t
convert(const char *to, const char *from, const char *src, size_t len,
		char *dst, size_t room, bool *bad)
{
	iconv_t		conv = iconv_open(to, from);
	char	   *in = (char *) src;
	char	   *out = dst;

	if (conv == (iconv_t) -1)
	{
		printf("Bail out! iconv knows no %s\n", from);
		exit(1);
	}
	while (len > 0 && iconv(conv, &in, &len, &out, &room) == (size_t) -1 && len > 0)
	{
		memcpy(out, "\xEF\xBF\xBD", 3);
		out += 3;
		room -= 3;
		in++;
		len--;
		*bad = true;
	}
	iconv_close(conv);
	return (size_t) (out - dst);
}

static size_t
decode(void *arg, const char *src, size_t len, char *dst, size_t room, bool *bad)
{
	(void) arg;
	return convert("UTF-8", "GB18030", src, len, dst, room, bad);
}

#define SEEN_SIZE 4096
static char seen[SEEN_SIZE];	/* findings and counts */
static char fields[SEEN_SIZE];	/* fields of the row read last, each with | */
static cd_report report;

static void
see(const cd_finding *finding, int64_t sheet_row)
{
	size_t		n = strlen(seen);
	char		cell[CD_REPORT_CELL];

	cd_report_cell(&report, finding, sheet_row, cell);
	snprintf(seen + n, sizeof(seen) - n, "%s:%s ", cell, cd_rules[finding->rule].id);
}

/* A row's findings, those about the whole row first, then by column. */
static void
see_row(const cd_findings *f, int64_t sheet_row)
{
	int			column;
	int			i;

	for (column = -1; column < CD_CSV_CELLS; column++)
	{
		for (i = 0; i < f->n; i++)
		{
			int			field = f->item[i].field;

			if ((field < CD_NFIELDS ? report.column[field] : -1) == column)
				see(&f->item[i], sheet_row);
		}
	}
}

static void
read_bytes(const char *data, size_t len, cd_encoding encoding)
{
	static char work[CD_REPORT_WORK];
	static cd_findings f;
	cd_context	ctx;
	cd_record	rec;
	cd_row		row;
	int			i;
	size_t		n;

	/* in memory of its own, so that a sanitizer sees the end */
	char	   *copy = malloc(len ? len : 1);

	memcpy(copy, data, len);
	seen[0] = fields[0] = '\0';
	cd_context_init(&ctx, cd_date_to_days(2026, 1, 1));
	f.n = 0;
	if (cd_report_open(&report, copy, len, encoding, decode, NULL,
					   work, sizeof(work), &f))
	{
		for (i = 0; i < f.n; i++)
			see(&f.item[i], 0);
		while (f.n = 0, cd_report_next(&report, &row, &f))
		{
			if (row.readable)
				cd_check_record(row.field, report.fields, &ctx, &rec, &f);
			see_row(&f, row.sheet_row);
			for (i = 0, n = 0; i < CD_NFIELDS; i++)
				n += (size_t) snprintf(fields + n, sizeof(fields) - n, "%.*s|",
									   (int) row.field[i].len, row.field[i].ptr);
		}
		n = strlen(seen);
		snprintf(seen + n, sizeof(seen) - n, "rows %d empty %d",
				 (int) (report.rows - report.empty_rows), (int) report.empty_rows);
	}
	else
	{
		for (i = 0; i < f.n; i++)
			see(&f.item[i], 0);
		strcat(seen, "unreadable");
	}
	free(copy);
}

static void
expect_bytes(const char *name, const char *data, size_t len,
			 cd_encoding encoding, const char *expected)
{
	read_bytes(data, len, encoding);
	ok(strcmp(seen, expected) == 0, name, seen, expected);
}

static void
expect(const char *name, const char *data, const char *expected)
{
	expect_bytes(name, data, strlen(data), CD_ENC_AUTO, expected);
}

/* A text, converted and with bytes before it. */
static void
expect_in(const char *name, const char *charset, const char *before,
		  const char *text, cd_encoding encoding, const char *expected)
{
	char		data[SEEN_SIZE];
	size_t		n = strlen(before);
	bool		bad = false;

	memcpy(data, before, n);
	n += convert(charset, "UTF-8", text, strlen(text), data + n, sizeof(data) - n, &bad);
	expect_bytes(name, data, n, encoding, expected);
}

static void
expect_field(const char *name, cd_field field, const char *expected)
{
	char		value[SEEN_SIZE];
	const char *p = fields;
	int			i;

	for (i = 0; i < (int) field; i++)
		p = strchr(p, '|') + 1;
	snprintf(value, sizeof(value), "%.*s", (int) strcspn(p, "|"), p);
	ok(strcmp(value, expected) == 0, name, value, expected);
}

static void
test_encodings(void)
{
	const char *one = "rows 1 empty 0";
	const char *text = HEADER "\r\n" ROW "\r\n";

	expect("UTF-8", HEADER "\n" ROW "\n", one);
	expect("UTF-8 with BOM", BOM HEADER "\r\n" ROW "\r\n", one);
	expect_in("GB18030 is found by itself", "GB18030", "", text, CD_ENC_AUTO, one);
	expect_field("GB18030 is decoded", CD_WORK_TYPE, "数控车工");
	expect_in("GB18030 of four bytes", "GB18030", "",
			  HEADER "\n张㐂𠮷,居民身份证," ID ",甲,车工,,三级," NO ",2022-02-09,甲,甲\n",
			  CD_ENC_AUTO, one);
	expect_field("and of supplementary characters", CD_NAME, "张㐂𠮷");
	expect_in("UTF-16LE with BOM", "UTF-16LE", "\xFF\xFE", text, CD_ENC_AUTO,
			  "A1:file.utf16 rows 1 empty 0");
	expect_in("UTF-16BE with BOM", "UTF-16BE", "\xFE\xFF", text, CD_ENC_AUTO,
			  "A1:file.utf16 rows 1 empty 0");
	expect_in("UTF-16LE without BOM", "UTF-16LE", "", text, CD_ENC_AUTO,
			  "A1:file.utf16 rows 1 empty 0");
	expect_in("UTF-16BE without BOM", "UTF-16BE", "", text, CD_ENC_AUTO,
			  "A1:file.utf16 rows 1 empty 0");
	expect_field("UTF-16 is decoded", CD_NAME, "张伟");
	expect_in("UTF-16 with TABs, a spreadsheet's Unicode text", "UTF-16LE", "\xFF\xFE",
			  "姓名\t证件类型\t证件号码\t所在单位\t职业名称\t工种名称\t职业技能等级\t证书编号\t发证日期\t评价机构\t发证机构",
			  CD_ENC_AUTO, "A1:file.utf16 A1:file.separator rows 0 empty 0");
	expect_in("the wrong one asked for", "GB18030", "", text, CD_ENC_UTF8,
			  "A1:header.absent A1:row.encoding A2:row.encoding rows 2 empty 0");
}

static void
test_damaged_encodings(void)
{
	static const char nul[] = HEADER "\n张\0伟,居民身份证\n" ROW "\n";

	expect("one bad byte in UTF-8 spoils its row only",
		   HEADER "\n" ROW "\n\xE5\xBC,居民身份证\n" ROW "\n",
		   "A1:file.encoding A3:row.encoding rows 3 empty 0");
	expect("UTF-8 cut at its end", HEADER "\n" ROW "\n张\xE5\xBC",
		   "A1:file.encoding A3:row.encoding rows 2 empty 0");
	expect("with a BOM it is UTF-8, whatever its bytes", BOM HEADER "\n\xE5\xBC\n",
		   "A2:row.encoding rows 1 empty 0");
	expect_field("a bad byte is shown as U+FFFD", CD_NAME, "\xEF\xBF\xBD\xEF\xBF\xBD");
	expect_bytes("NUL bytes", nul, sizeof(nul) - 1, CD_ENC_AUTO,
				 "A2:row.encoding rows 2 empty 0");
	{
		char		data[SEEN_SIZE];
		bool		bad = false;
		size_t		n = convert("GB18030", "UTF-8", HEADER "\n" ROW "\n",
								strlen(HEADER "\n" ROW "\n"), data, sizeof(data), &bad);

		memcpy(data + n, "\xFF,a\n\xC0\xEE,b\n", 9);
		expect_bytes("one bad byte in GB18030 spoils its row only", data, n + 9, CD_ENC_AUTO,
					 "A1:file.encoding A3:row.encoding A4:row.columns B4:idtype.unknown "
					 "C4:id.required E4:occupation.required G4:level.required H4:no.required "
					 "I4:date.required J4:evaluator.required K4:issuer.required rows 3 empty 0");
	}
	expect_bytes("half a unit at the end of UTF-16", "\xFF\xFE" "a\0\n\0b", 7, CD_ENC_AUTO,
				 "A1:file.utf16 A1:header.absent A1:row.columns B1:idtype.required "
				 "C1:id.required E1:occupation.required G1:level.required H1:no.required "
				 "I1:date.required J1:evaluator.required K1:issuer.required "
				 "A2:row.encoding rows 2 empty 0");
}

static void
test_lines(void)
{
	expect("CRLF", HEADER "\r\n" ROW "\r\n" ROW "\r\n", "rows 2 empty 0");
	expect("CR alone", HEADER "\r" ROW "\r" ROW "\r", "rows 2 empty 0");
	expect("no final line end", HEADER "\n" ROW, "rows 1 empty 0");
	expect("empty and comma-only rows count, but are no rows",
		   HEADER "\n\n,,,,,,,,,,\n" ROW "\n\"\",\"\"\n张,居民\n\n",
		   "A6:row.columns B6:idtype.unknown C6:id.required E6:occupation.required "
		   "G6:level.required H6:no.required I6:date.required J6:evaluator.required "
		   "K6:issuer.required rows 2 empty 4");
	expect("a short row: missing cells are empty",
		   HEADER "\n张伟,居民身份证," ID ",甲,车工,,三级," NO ",2022-02-09,甲\n",
		   "A2:row.columns K2:issuer.required rows 1 empty 0");
	expect("a long row: what hangs over is not read", HEADER "\n" ROW ",x\n",
		   "A2:row.columns rows 1 empty 0");
	expect("empty cells may hang over", HEADER ",,\n" ROW ",,,\n", "rows 1 empty 0");
	expect("a comma inside a value shifts the row",
		   HEADER "\n张伟,居民身份证," ID ",甲,乙,车工,,三级," NO ",2022-02-09,甲,甲\n",
		   "A2:row.columns G2:level.required H2:no.length I2:date.form rows 1 empty 0");
}

static void
test_quotes(void)
{
	expect("quoted cells",
		   "\"姓名\"," "证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,\"发证机构\"\r\n"
		   "\"张伟\",\"居民身份证\",\"" ID "\",\"甲,乙\",车工,\"\",三级," NO ",2022-02-09,\"甲\",\"甲\"\"乙\"\"\"",
		   "rows 1 empty 0");
	expect_field("a comma in quotes", CD_EMPLOYER, "甲,乙");
	expect_field("doubled quotes", CD_ISSUER, "甲\"乙\"");
	expect("a line end in quotes belongs to the cell",
		   HEADER "\n张伟,居民身份证," ID ",\"甲\r\n乙\",车工,,三级," NO ",2022-02-09,甲,甲\n\n" ROW,
		   "D2:employer.space rows 2 empty 1");
	expect("a quote inside a cell is text",
		   HEADER "\n张伟,居民身份证," ID ",甲\"乙,车工,,三级," NO ",2022-02-09,甲\"乙\",甲\n",
		   "rows 1 empty 0");
	expect_field("and stays there", CD_EVALUATOR, "甲\"乙\"");
	expect("a quote that is never closed costs one row",
		   HEADER "\n张伟,\"居民身份证," ID "\n" ROW "\n" ROW "\n",
		   "A2:row.quote rows 3 empty 0");
	expect("a quote closed in another row costs its own row only",
		   HEADER "\n张伟,\"居民身份证," ID "\n\"张伟\"" ",居民身份证," ID ",甲,车工,,三级," NO ",2022-02-09,甲,甲\n" ROW "\n",
		   "A2:row.quote rows 3 empty 0");
	expect_field("reading goes on below", CD_NAME, "张伟");
	expect("text behind a closing quote", HEADER "\n\"张\"伟,居民身份证\n" ROW "\n",
		   "A2:row.quote rows 2 empty 0");
}

static void
test_wrappers(void)
{
	const char *expected = "C2:cell.formula rows 1 empty 0";

	expect("=\"…\" as it stands",
		   HEADER "\n张伟,居民身份证,=\"" ID "\",甲,车工,,三级," NO ",2022-02-09,甲,甲\n", expected);
	expect("=\"…\" in quotes",
		   HEADER "\n张伟,居民身份证,\"=\"\"" ID "\"\"\",甲,车工,,三级," NO ",2022-02-09,甲,甲\n", expected);
	expect_field("is the same text", CD_ID_NUMBER, "=\"" ID "\"");
	expect("TAB, apostrophe, exponent",
		   HEADER "\n张伟,居民身份证,'" ID ",甲,车工,,三级,\t" NO ",2.02E+07,甲,甲\n",
		   "C2:cell.apostrophe H2:cell.tab I2:cell.exponent rows 1 empty 0");
}

static void
test_separators(void)
{
	char		text[] =
	"姓名;证件类型;证件号码;所在单位;职业名称;工种名称;职业技能等级;证书编号;发证日期;评价机构;发证机构\n"
	"张伟;居民身份证;" ID ";甲,乙;车工;;三级;" NO ";2022-02-09;甲;甲\n";
	char	   *p;

	expect("semicolons", text, "A1:file.separator rows 1 empty 0");
	while ((p = strchr(text, ';')) != NULL)
		*p = '\t';
	expect("TABs", text, "A1:file.separator rows 1 empty 0");
	expect_field("a comma is text there", CD_EMPLOYER, "甲,乙");
}

static void
test_headers(void)
{
	expect("rows above the header", "证书数据上报表,,,,\n\n" HEADER "\n" ROW "\n张,,,,,,,,,,\n",
		   "A1:file.title B5:idtype.required C5:id.required E5:occupation.required "
		   "G5:level.required H5:no.required I5:date.required J5:evaluator.required "
		   "K5:issuer.required rows 2 empty 0");
	expect("no header", ROW "\n" ROW "\n", "A1:header.absent rows 2 empty 0");
	expect("spaces in the header", " 姓 名," "证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构　\n" ROW,
		   "A1:header.space K1:header.space rows 1 empty 0");
	expect("a field is missing: its absence is no fault of the rows",
		   "姓名,证件类型,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\n"
		   "张伟,居民身份证,甲,车工,,三级,S000013000001213000001,2022-02-09,甲,甲\n",
		   "A1:header.missing G2:no.year rows 1 empty 0");
	expect("a field too many", "序号," HEADER ",,备注\n1," ROW ",,x\n",
		   "A1:header.extra M1:header.extra N1:header.extra rows 1 empty 0");
	expect_field("the others are found", CD_ISSUER, "甲校");
	expect("a field twice", HEADER ",姓名\n" ROW ",李四\n", "L1:header.repeated rows 1 empty 0");
	expect_field("the first counts", CD_NAME, "张伟");
	expect("a field moved far accuses no other",
		   "发证机构,姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构\n"
		   "甲,张伟,居民身份证," ID ",甲,车工,,三级," NO ",2022-02-09,甲\n",
		   "A1:header.order rows 1 empty 0");
	expect("two neighbours exchanged",
		   "姓名,证件号码,证件类型,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构\n"
		   "张伟," ID ",居民身份证,甲,车工,,三级," NO ",2022-02-09,甲,甲\n",
		   "B1:header.order C1:header.order rows 1 empty 0");
	expect("nothing below the header", HEADER "\n", "rows 0 empty 0");
}

static void
test_kinds(void)
{
	static const char ods[] = "PK\003\004..........................mimetypeapplication/vnd.oasis.opendocument.spreadsheet";

	expect_bytes("an .xlsx", "PK\003\004\024\0\006\0", 8, CD_ENC_AUTO, "A1:file.xlsx unreadable");
	expect_bytes("an .ods", ods, sizeof(ods) - 1, CD_ENC_AUTO, "A1:file.xlsx unreadable");
	expect_bytes("an .xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", 12, CD_ENC_AUTO,
				 "A1:file.xlsx unreadable");
	expect("a web page called .xls", BOM "\r\n<html><table>", "A1:file.xlsx unreadable");
	expect("an empty file", "", "A1:file.empty unreadable");
	expect("a BOM and nothing else", BOM, "A1:file.empty unreadable");
	expect("nothing but empty rows", "\r\n,,,\r\n", "A1:file.empty unreadable");
}

/* Records at and across the window's end; a long way for a stray quote. */
static void
test_long(void)
{
	size_t		rows = 20000;
	size_t		room = rows * sizeof(ROW "\n") + 200000;
	char	   *text = malloc(room);
	char	   *wide = malloc(2 * room);
	bool		bad = false;
	size_t		n = 0;
	size_t		i;

	n += (size_t) sprintf(text + n, "%s\n", HEADER);
	for (i = 0; i < rows; i++)
		n += (size_t) sprintf(text + n, "%s\n", i % 1000 == 7 ? "" : ROW);
	expect_bytes("20,000 rows in UTF-8", text, n, CD_ENC_AUTO, "rows 19980 empty 20");
	expect_bytes("in GB18030, through the window", wide,
				 convert("GB18030", "UTF-8", text, n, wide, 2 * room, &bad),
				 CD_ENC_AUTO, "rows 19980 empty 20");
	expect_bytes("in UTF-16, through the window", wide,
				 convert("UTF-16BE", "UTF-8", text, n, wide, 2 * room, &bad),
				 CD_ENC_UTF16BE, "A1:file.utf16 rows 19980 empty 20");

	/* a cell in quotes that is longer than a cell can be */
	n = (size_t) sprintf(text, "%s\n\"", HEADER);
	for (i = 0; i < CD_CSV_QUOTED_MAX / 2; i++)
		n += (size_t) sprintf(text + n, "x\n");
	n += (size_t) sprintf(text + n, "\"\n");
	text[n] = '\0';
	read_bytes(text, n, CD_ENC_AUTO);
	ok(strncmp(seen, "A2:row.quote A3:row.columns", 27) == 0,
	   "a quote closed too far away is not closed", seen, "A2:row.quote A3:row.columns …");

	n = (size_t) sprintf(text, "%s\n", HEADER);
	memset(text + n, 'x', 1000000);
	n += 1000000;
	n += (size_t) sprintf(text + n, "\r\n%s\n", ROW);
	expect_bytes("a line longer than the window, in UTF-16", wide,
				 convert("UTF-16LE", "UTF-8", text, n, wide, 2 * room, &bad),
				 CD_ENC_UTF16LE, "A1:file.utf16 A2:row.quote rows 2 empty 0");
	free(text);
	free(wide);
}

static void
test_names(void)
{
	cd_encoding e = CD_ENC_AUTO;
	char		letters[8];

	ok(cd_encoding_find("Utf-8", &e) && e == CD_ENC_UTF8 &&
	   cd_encoding_find("GBK", &e) && e == CD_ENC_GB18030 &&
	   cd_encoding_find("UTF_16BE", &e) && e == CD_ENC_UTF16BE &&
	   cd_encoding_find(NULL, &e) && e == CD_ENC_AUTO, "names of encodings", "", "");
	ok(!cd_encoding_find("latin1", &e), "latin1 is refused", "", "");
	cd_column_letters(16383, letters);
	ok(strcmp(letters, "XFD") == 0, "the last column a spreadsheet has", letters, "XFD");
}

static void
test_duplicates(void)
{
	static cd_dup_slot small[64];
	static cd_dup_slot large[256];
	static const cd_dup_pair pairs[] = {{1, 4}, {1, 9}, {2, 3}};
	cd_dup		set;
	cd_dup		grown;
	char		text[64];
	int			full_at = 0;
	int			wrong = 0;
	int			i;

	cd_dup_init(&set, small, 64);
	for (i = 1; i <= 150; i++)
	{
		cd_certno	no = {{0}};

		no.b[9] = (unsigned char) i;
		if (cd_dup_add(&set, &no, (uint32_t) i) == CD_DUP_FULL)
		{
			full_at = i;
			break;
		}
	}
	ok(full_at == 64 / 4 * 3 + 1, "a set says when it is full", "", "");

	cd_dup_init(&grown, large, 256);
	cd_dup_rehash(&grown, &set);
	for (i = 1; i <= 150; i++)
	{
		cd_certno	no = {{0}};
		uint32_t	first;

		no.b[9] = (unsigned char) i;
		first = cd_dup_add(&grown, &no, (uint32_t) (i + 1000));
		wrong += first != (i < full_at ? (uint32_t) i : 0);
		wrong += cd_dup_find(&grown, &no) != (uint32_t) (i < full_at ? i : i + 1000);
	}
	ok(wrong == 0, "a larger set keeps the first rows", "", "");

	cd_dup_others(pairs, 3, 4, 1, text, sizeof(text));
	ok(strcmp(text, "2, 10") == 0, "a later one, as sheet rows", text, "2, 10");
	cd_dup_others(pairs, 3, 9, 0, text, 6);
	ok(strcmp(text, "1…") == 0, "as many as fit", text, "1…");
}

int
main(void)
{
	test_encodings();
	test_damaged_encodings();
	test_lines();
	test_quotes();
	test_wrappers();
	test_separators();
	test_headers();
	test_kinds();
	test_long();
	test_names();
	test_duplicates();
	printf("1..%d\n", tests);
	return failures > 0;
}
