/*
 * check_scope_read.c
 *	  The file of --scope: organisations, filings and scope.
 *
 * It is what COPY (TABLE certdata.scope_file) TO ... (FORMAT csv, HEADER)
 * writes, perhaps saved again by a spreadsheet.  What the tables would refuse
 * is refused here, with the place and what belongs there.
 */
#include "check_scope.h"

#include "../rule/cell.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const column_name[SCOPE_NCOLUMNS] = {
	"record", "key", "name", "detail", "a", "b", "from", "to"
};

#define MOST_GRACE_DAYS 36500

typedef struct scope_reader
{
	scope_facts *facts;
	const char *path;
	cd_csv		csv;
	int64_t		line;			/* as a spreadsheet counts */
} scope_reader;

/* ---- what is wrong ---- */

/* Text of the file as it can stand in a message. */
static void
printable(char out[128], cd_text t)
{
	const char *s = t.ptr;
	const char *end = s + t.len;
	size_t		n = 0;

	while (s < end && n < 100)
	{
		uint32_t	c = cd_utf8_next(&s, end);

		n += (size_t) cd_utf8_encode(c < 0x20 || (c >= 0x7F && c < 0xA0) ? 0xFFFD : c, out + n);
	}
	strcpy(out + n, s < end ? "…" : "");
}

void
scope_fail(const char *path, int64_t line, int column, const char *fmt,...)
{
	char		what[1024];
	char		reason[1200];
	va_list		args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (column == SCOPE_NO_COLUMN)
		snprintf(reason, sizeof(reason), TEXT("第%lld行：%s", "line %lld: %s"), (long long) line, what);
	else
		snprintf(reason, sizeof(reason), TEXT("第%lld行%c列（%s）：%s", "line %lld, column %c (%s): %s"),
				 (long long) line, 'A' + column, column_name[column], what);
	check_fail(path, reason);
}

static void fail_expected(const scope_reader *in, int column, const char *expected, cd_text found)
			__attribute__((noreturn));

static void
fail_expected(const scope_reader *in, int column, const char *expected, cd_text found)
{
	char		value[128];

	printable(value, found);
	if (found.len == 0)
		scope_fail(in->path, in->line, column, TEXT("不能为空，应为%s", "empty, expected %s"), expected);
	scope_fail(in->path, in->line, column, TEXT("应为%s，现为“%s”", "expected %s, found \"%s\""), expected, value);
}

/* ---- cells ---- */

/*
 * A cell, without what the rules know for spreadsheets' accidents: those are
 * refused here.  Scientific notation is one in an id or a code.
 */
static cd_text
cell(const scope_reader *in, int column)
{
	cd_text		t = {"", 0};
	cd_text		inner;
	cd_findings f;

	if (column < in->csv.ncells && in->csv.cell[column].len > 0)
		t = in->csv.cell[column];
	if (t.len == 0)
		return t;
	inner = t;
	f.n = 0;
	cd_cell_unwrap(column == SCOPE_NAME || column == SCOPE_DETAIL || memchr(t.ptr, '+', t.len) == NULL ?
				   CD_ISSUER : CD_CERT_NO, &inner, &f);
	if (f.n > 0)
	{
		const cd_rule *rule = &cd_rules[f.item[0].rule];
		char		message[512];

		cd_format(message, sizeof(message), TEXT(rule->message_zh, rule->message_en), &f.item[0]);
		scope_fail(in->path, in->line, column, "%s", message);
	}
	return t;
}

static cd_text
keep(scope_reader *in, cd_text t)
{
	return (cd_text) {arena_copy(&in->facts->memory, t.ptr, t.len), t.len};
}

static cd_text
match_form(scope_reader *in, cd_text t)
{
	char	   *form = arena_alloc(&in->facts->memory, t.len + 1);

	return (cd_text) {form, cd_match_form(t.ptr, t.len, form)};
}

static bool
is_word(cd_text t, const char *word)
{
	return t.len == strlen(word) && memcmp(t.ptr, word, t.len) == 0;
}

/* Some text; an id is of any kind. */
static cd_text
id_cell(scope_reader *in, int column, const char *expected)
{
	cd_text		t = cell(in, column);

	if (t.len == 0)
		fail_expected(in, column, expected, t);
	return keep(in, t);
}

static const char *
name_of(cd_field field)
{
	if (field == CD_ISSUER)
		return TEXT("组织名称", "an organisation's name");
	return field == CD_OCCUPATION ? TEXT("职业名称", "an occupation") : TEXT("工种名称", "a work type");
}

/* A name as the columns of its type take it. */
static cd_text
name_cell(scope_reader *in, int column, cd_field field, bool required)
{
	cd_text		t = cell(in, column);
	const char *what = name_of(field);
	char		form[4 * 128];

	if (t.len == 0 && !required)
		return t;
	switch (cd_text_check(t.ptr, t.len, cd_max_chars[field]))
	{
		case CD_TEXT_LONG:
			scope_fail(in->path, in->line, column, TEXT("%s超过%d个字符", "%s of more than %d characters"),
					   what, cd_max_chars[field]);
		case CD_TEXT_CONTROL:
			scope_fail(in->path, in->line, column, TEXT("%s含有控制字符", "%s with a control character"), what);
		case CD_TEXT_OK:
			break;
	}
	if (required && cd_match_form(t.ptr, t.len, form) == 0)
		fail_expected(in, column, what, (cd_text) {"", 0});
	return keep(in, t);
}

static cd_text
code_cell(scope_reader *in)
{
	cd_text		t = cell(in, SCOPE_KEY);

	if (!cd_filing_code_valid(t.ptr, t.len))
		fail_expected(in, SCOPE_KEY, TEXT("机构代码（证书编号第1-13位，一个大写字母和12位数字）",
										  "a filing's code (characters 1 to 13 of the certificate number, a capital letter and 12 digits)"), t);
	return keep(in, t);
}

/*
 * A day, or none if empty or that word.  A spreadsheet may have turned the
 * date's hyphens into other signs and dropped zeros: 2022/2/9 is understood.
 */
static int32_t
day_cell(const scope_reader *in, int column, const char *word, int32_t none)
{
	cd_text		t = cell(in, column);
	int32_t		day;
	int			signs = 0;
	size_t		i;

	if (t.len == 0 || (word != NULL && is_word(t, word)))
		return none;
	if (cd_date_parse(t.ptr, t.len, &day) == CD_DATE_OK)
		return day;
	for (i = 0; i < t.len && strchr("0123456789/-", t.ptr[i]) != NULL; i++)
		signs += t.ptr[i] == '/' || t.ptr[i] == '-';
	if (i < t.len || signs != 2 || !cd_date_guess(t.ptr, t.len, &day))
		fail_expected(in, column, TEXT("YYYY-MM-DD形式的日期，没有则留空", "a date YYYY-MM-DD, or nothing"), t);
	return day;
}

/* First and last day of validity; no bound where empty. */
static cd_days
days_cells(const scope_reader *in)
{
	cd_days		days;

	days.from = day_cell(in, SCOPE_FROM, "-infinity", CD_DAYS_FIRST);
	days.to = day_cell(in, SCOPE_TO, "infinity", CD_DAYS_LAST);
	if (days.to < days.from)
		fail_expected(in, SCOPE_TO, TEXT("不早于from列的日期", "a date not before the one in column G (from)"), cell(in, SCOPE_TO));
	return days;
}

static int32_t
grace_cell(const scope_reader *in)
{
	cd_text		t = cell(in, SCOPE_B);
	int32_t		days = 0;
	size_t		i;

	for (i = 0; i < t.len; i++)
	{
		if (t.ptr[i] < '0' || t.ptr[i] > '9' || (days = days * 10 + (t.ptr[i] - '0')) > MOST_GRACE_DAYS)
			fail_expected(in, SCOPE_B, TEXT("天数，0至36500", "a number of days from 0 to 36500"), t);
	}
	return days;
}

/* Columns that such a record does not use. */
static void
must_be_empty(const scope_reader *in, const char *columns)
{
	for (; *columns; columns++)
	{
		int			column = *columns - 'A';
		cd_text		t = cell(in, column);

		if (t.len > 0)
			fail_expected(in, column, TEXT("空", "nothing"), t);
	}
}

/* ---- records ---- */

static cd_org_kind
kind_cell(const scope_reader *in)
{
	cd_text		t = cell(in, SCOPE_DETAIL);
	int			kind;

	if (t.len == 0)
		return CD_ORG_EVALUATION;
	for (kind = 0; kind < CD_NORG_KINDS; kind++)
		if (is_word(t, cd_org_kind_name[kind]))
			return (cd_org_kind) kind;
	fail_expected(in, SCOPE_DETAIL, TEXT("evaluation、city、province 或 ministry", "evaluation, city, province or ministry"), t);
}

static void
add_named(scope_reader *in, cd_text name, cd_text id)
{
	void	   *item;
	scope_key  *key = scope_table_add(&in->facts->named, sizeof(cd_text), &item);

	key->first = match_form(in, name);
	*(cd_text *) item = id;
}

static void
read_organisation(scope_reader *in)
{
	void	   *item;
	scope_key  *key = scope_table_add(&in->facts->org, sizeof(cd_org), &item);
	cd_org	   *org = item;

	key->line = in->line;
	key->first = org->id = id_cell(in, SCOPE_KEY, TEXT("组织的代码", "the organisation's id"));
	org->name = name_cell(in, SCOPE_NAME, CD_ISSUER, true);
	org->kind = kind_cell(in);
	org->parent = keep(in, cell(in, SCOPE_A));
	org->successor = keep(in, cell(in, SCOPE_B));
	org->ceased_on = day_cell(in, SCOPE_FROM, NULL, CD_DATE_NONE);
	org->dissolved_on = day_cell(in, SCOPE_TO, NULL, CD_DATE_NONE);
	add_named(in, org->name, org->id);
}

static void
read_name(scope_reader *in)
{
	void	   *item;
	scope_key  *key = scope_table_add(&in->facts->name, sizeof(cd_org_name), &item);
	cd_org_name *name = item;

	must_be_empty(in, "DEF");
	key->line = in->line;
	key->first = id_cell(in, SCOPE_KEY, TEXT("组织的代码", "the organisation's id"));
	name->name = name_cell(in, SCOPE_NAME, CD_ISSUER, true);
	name->valid = days_cells(in);
	add_named(in, name->name, key->first);
}

static void
read_filing(scope_reader *in)
{
	void	   *item;
	scope_key  *key = scope_table_add(&in->facts->filing, sizeof(cd_filing), &item);
	cd_filing  *filing = item;

	must_be_empty(in, "CD");
	key->line = in->line;
	key->first = code_cell(in);
	filing->org = id_cell(in, SCOPE_A, TEXT("备案机构的代码", "the id of the organisation that has the filing"));
	filing->grace_days = grace_cell(in);
	filing->valid = days_cells(in);
}

static void
read_scope_row(scope_reader *in)
{
	void	   *item;
	scope_key  *key = scope_table_add(&in->facts->row, sizeof(cd_scope_row), &item);
	cd_scope_row *row = item;
	cd_text		level = cell(in, SCOPE_A);
	bool		variant;

	must_be_empty(in, "F");
	key->line = in->line;
	key->first = code_cell(in);
	row->occupation = name_cell(in, SCOPE_NAME, CD_OCCUPATION, true);
	key->second = match_form(in, row->occupation);
	row->work_type = cd_scope_work_type(name_cell(in, SCOPE_DETAIL, CD_WORK_TYPE, false));
	row->level = level.len > 0 ? cd_level_parse(level.ptr, level.len, &variant) : CD_LEVEL_NONE;
	if (row->level == CD_LEVEL_NONE)
		fail_expected(in, SCOPE_A, TEXT("职业技能等级，如“三级”", "a skill level, such as 三级"), level);
	row->valid = days_cells(in);
}

static void
read_record(scope_reader *in)
{
	cd_text		record = cell(in, SCOPE_RECORD);

	if (is_word(record, "organisation"))
		read_organisation(in);
	else if (is_word(record, "organisation_name"))
		read_name(in);
	else if (is_word(record, "filing"))
		read_filing(in);
	else if (is_word(record, "scope"))
		read_scope_row(in);
	else
		fail_expected(in, SCOPE_RECORD, TEXT("organisation、organisation_name、filing 或 scope",
											 "organisation, organisation_name, filing or scope"), record);
}

/* ---- the file ---- */

static bool
is_header(const cd_csv *csv)
{
	int			i;

	if (csv->last_full != SCOPE_NCOLUMNS)
		return false;
	for (i = 0; i < SCOPE_NCOLUMNS; i++)
		if (!is_word(csv->cell[i], column_name[i]))
			return false;
	return true;
}

/* The next record that is not empty. */
static bool
next_record(scope_reader *in)
{
	while (cd_csv_next(&in->csv))
	{
		in->line++;
		if (in->csv.last_full > 0)
			return true;
	}
	return false;
}

/* Open the file at its header, whose separator is that of all. */
static void
open_text(scope_reader *in, const char *data, size_t len, char *work)
{
	static const char separator[] = {',', '\t', ';'};
	cd_encoding_facts facts;
	size_t		i;

	if (len >= 4 && (memcmp(data, "PK\003\004", 4) == 0 || memcmp(data, "\xD0\xCF\x11\xE0", 4) == 0))
		check_fail(in->path, TEXT("这是电子表格文件，请另存为“CSV UTF-8（逗号分隔）”",
								  "this is a spreadsheet file, save it as \"CSV UTF-8 (comma delimited)\""));
	cd_encoding_detect(data, len, CD_ENC_AUTO, &facts);
	for (i = 0; i < sizeof(separator); i++)
	{
		cd_csv_open(&in->csv, data + facts.bom, len - facts.bom, facts.encoding, facts.faulty,
					decode_gb18030, (void *) in->path, work, CD_REPORT_WORK);
		in->csv.separator = separator[i];
		in->line = 0;
		if (next_record(in) && is_header(&in->csv))
			return;
	}
	if (in->line == 0)
		in->line = 1;
	scope_fail(in->path, in->line, SCOPE_NO_COLUMN, TEXT("表头应为 %s", "the header must be %s"),
			   "record,key,name,detail,a,b,from,to");
}

void
scope_facts_read(scope_facts *facts, const char *path)
{
	scope_reader in;
	char	   *work = check_alloc(NULL, CD_REPORT_WORK);
	char	   *data;
	size_t		len;
	mode_t		mode;

	in.facts = facts;
	in.path = path;
	data = read_file(path, &len, &mode);
	in.line = 1;
	open_text(&in, data, len, work);
	while (next_record(&in))
	{
		if (in.csv.bad_encoding)
			scope_fail(in.path, in.line, SCOPE_NO_COLUMN, TEXT("含有不属于文件编码的字节", "bytes that are not of the file's encoding"));
		if (in.csv.bad_quote)
			scope_fail(in.path, in.line, SCOPE_NO_COLUMN, TEXT("引号不成对", "a quote is not closed"));
		if (in.csv.last_full > SCOPE_NCOLUMNS)
			scope_fail(in.path, in.line, SCOPE_NO_COLUMN, TEXT("多于8个单元格", "more than 8 cells"));
		read_record(&in);
	}
	free(data);
	free(work);
	scope_facts_link(facts, path);
}
