/*
 * certdata_check.c
 *	  certdata-check: the checks of report files on a machine without a server.
 *
 * Reads FILE as check_report() does and writes beside it FILE.faults.csv,
 * FILE.rejected.csv and FILE.accepted.csv.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include "../rule/calendar.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef CERTDATA_VERSION
#define CERTDATA_VERSION "without a version"
#endif

/* Asia/Shanghai has no summer time. */
#define SHANGHAI_SECONDS (8 * 3600)
/* 2000-01-01 in days since 1970-01-01 */
#define EPOCH_DAYS 10957

#define LATE_LIMIT_MONTHS 6

bool		check_in_chinese;

void
check_fail(const char *path, const char *reason)
{
	fprintf(stderr, "certdata-check: %s: %s\n", path, reason);
	out_cleanup();
	exit(EXIT_FAILED);
}

void *
check_alloc(void *old, size_t size)
{
	void	   *memory = realloc(old, size);

	if (memory == NULL)
	{
		fprintf(stderr, "certdata-check: %s\n", TEXT("内存不足", "out of memory"));
		out_cleanup();
		exit(EXIT_FAILED);
	}
	return memory;
}

static int32_t
today_in_shanghai(void)
{
	return (int32_t) ((time(NULL) + SHANGHAI_SECONDS) / 86400 - EPOCH_DAYS);
}

/* 第十条, 第十二条: the built-in calendar and period, and the usual reading. */
static const struct cd_submission *
submission_on(int32_t received_on)
{
	static struct cd_submission submission;
	static cd_calendar calendar;

	cd_calendar_builtin(&calendar, check_alloc(NULL, sizeof(cd_calendar_day) * (size_t) cd_npublished_days));
	submission.received_on = received_on;
	submission.calendar = &calendar;
	submission.limit.months = LATE_LIMIT_MONTHS;
	return &submission;
}

/* ---- what is printed ---- */

static const char *
separator_name(char separator)
{
	switch (separator)
	{
		case '\t':
			return TEXT("制表符", "TAB");
		case ';':
			return TEXT("分号", "semicolon");
		default:
			return TEXT("逗号", "comma");
	}
}

static const char *
severity_name(cd_severity severity)
{
	if (severity == CD_ERROR)
		return TEXT("错误", "error");
	return severity == CD_PRINCIPLE ? TEXT("原则", "principle") : TEXT("提示", "warning");
}

static void
print_finding(const char *what, const cd_rule *rule, const cd_finding *finding)
{
	char		message[1024];

	cd_format(message, sizeof(message), TEXT(rule->message_zh, rule->message_en), finding);
	printf("%8s  %s  %s  %s\n", what, severity_name(rule->severity), rule->id, message);
}

/*
 * What is wrong with file and header, then how often which rule was broken.
 * Returns whether something refuses rows or the file.
 */
static bool
print_findings(const check_job *job)
{
	bool		refused = false;
	int			i;

	printf("\n");
	for (i = 0; i < job->of_file.n; i++)
	{
		const cd_finding *finding = &job->of_file.item[i];
		char		cell[CD_REPORT_CELL];

		cd_report_cell(&job->report, finding, 0, cell);
		print_finding(cell, &cd_rules[finding->rule], finding);
	}
	for (i = 0; i < CD_NRULES; i++)
	{
		char		count[24];

		if (job->count[i] == 0)
			continue;
		refused = refused || check_refuses(i);
		snprintf(count, sizeof(count), "%lld", (long long) job->count[i]);
		if (i < CD_RULE_HEADER_ABSENT)
			print_finding(count, &cd_rules[i], NULL);
	}
	return refused;
}

static bool
print_summary(const check_job *job)
{
	const cd_report *r = &job->report;
	int64_t		warnings = 0;
	bool		refused;
	int			i;

	for (i = 0; i < CD_NRULES; i++)
	{
		if (!check_refuses(i))
			warnings += job->count[i];
	}
	printf("%s\n", job->path);
	if (job->readable)
	{
		printf(TEXT("编码 %s，分隔符为%s\n", "encoding %s, separated by %s\n"),
			   cd_encoding_name(r->encoding), separator_name(r->separator));
		printf(TEXT("数据行 %lld，空行 %lld\n", "%lld data rows, %lld empty rows\n"),
			   (long long) (r->rows - r->empty_rows), (long long) r->empty_rows);
		printf(TEXT("合格 %lld，退回 %lld，提示 %lld\n",
					"%lld accepted, %lld rejected, %lld warnings\n"),
			   (long long) job->accepted, (long long) job->rejected, (long long) warnings);
		if (job->scope_path != NULL)
			printf(TEXT("备案 %zu 条，评价范围 %zu 条：%s\n",
						"filings: %zu, rows of scope: %zu, from %s\n"),
				   job->filings, job->scope_rows, job->scope_path);
	}
	refused = print_findings(job);
	printf(TEXT("\n问题清单　%s\n退回的行　%s\n合格的行　%s\n",
				"\nfaults:   %s\nrejected: %s\naccepted: %s\n"),
		   job->faults.path, job->rejected_rows.path, job->accepted_rows.path);
	return refused;
}

/* A cell of a Markdown table. */
static void
print_cell(const char *s)
{
	fputs(" ", stdout);
	for (; *s; s++)
	{
		if (*s == '|' || *s == '\\' || *s == '<' || *s == '*')
			putchar('\\');
		putchar(*s);
	}
	fputs(" |", stdout);
}

static void
print_rules(void)
{
	int			i;

	puts("| rule | 字段 | severity | fixed | clause | 问题 | 改法 | message | hint |");
	puts("|---|---|---|---|---|---|---|---|---|");
	for (i = 0; i < CD_NRULES; i++)
	{
		const cd_rule *rule = &cd_rules[i];

		putchar('|');
		print_cell(rule->id);
		print_cell(cd_field_name[rule->field]);
		print_cell(cd_severity_name[rule->severity]);
		print_cell(rule->fixed ? "yes" : "no");
		print_cell(rule->clause);
		print_cell(rule->message_zh);
		print_cell(rule->hint_zh);
		print_cell(rule->message_en);
		print_cell(rule->hint_en);
		putchar('\n');
	}
}

static void
print_help(FILE *stream)
{
	fputs(TEXT("用法：certdata-check 文件 [选项]\n"
			   "\n"
			   "按冀职鉴字〔2022〕2号检查职业技能等级证书数据文件（CSV），在文件旁写出\n"
			   "  文件.faults.csv    问题清单\n"
			   "  文件.rejected.csv  退回的行，改正后重新检查\n"
			   "  文件.accepted.csv  合格的行\n"
			   "\n"
			   "  --encoding 编码    UTF-8、GB18030、UTF-16LE 或 UTF-16BE（默认自动识别）\n"
			   "  --scope 文件       按该文件中的组织、备案和评价范围检查\n"
			   "                     （CSV，由服务器导出：COPY (TABLE certdata.scope_file) TO ... (FORMAT csv, HEADER)）\n"
			   "  --received 日期    以该日期为收到日期，检查上传是否逾期\n"
			   "  --today 日期       以该日期（YYYY-MM-DD）为今天（默认北京时间的今天）\n"
			   "  --lang zh|en|auto  语言（auto 由 LC_ALL、LC_MESSAGES、LANG 决定）\n"
			   "  --rules            列出全部规则（Markdown 表格）\n"
			   "  --version          版本\n"
			   "  --help             本说明\n"
			   "\n"
			   "返回值：0 没有错误，1 有行或文件被退回，2 未能检查\n",
			   "usage: certdata-check FILE [options]\n"
			   "\n"
			   "Checks a file (CSV) of certificate data against the rules of 冀职鉴字〔2022〕2号\n"
			   "and writes beside it\n"
			   "  FILE.faults.csv    what is wrong\n"
			   "  FILE.rejected.csv  rows refused, to be mended and checked again\n"
			   "  FILE.accepted.csv  rows without an error\n"
			   "\n"
			   "  --encoding NAME    UTF-8, GB18030, UTF-16LE or UTF-16BE (default: found out)\n"
			   "  --scope FILE       judge by the organisations, filings and scope in FILE (CSV, from a\n"
			   "                     server: COPY (TABLE certdata.scope_file) TO ... (FORMAT csv, HEADER))\n"
			   "  --received DATE    the upload came on DATE: say which rows are late\n"
			   "  --today DATE       take DATE (YYYY-MM-DD) for today (default: today in China)\n"
			   "  --lang zh|en|auto  language (auto: LC_ALL, LC_MESSAGES, LANG)\n"
			   "  --rules            print all rules as a Markdown table\n"
			   "  --version          print the version\n"
			   "  --help             print this\n"
			   "\n"
			   "exit status: 0 no error, 1 rows or the file refused, 2 could not check\n"),
		  stream);
}

/* ---- the command line ---- */

static void
usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "certdata-check: %s%s%s\n", what, arg ? ": " : "", arg ? arg : "");
	fputs(TEXT("用 certdata-check --help 查看用法\n", "see certdata-check --help\n"), stderr);
	exit(EXIT_FAILED);
}

static bool
set_language(const char *lang)
{
	static const char *const variable[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	int			i;

	check_in_chinese = strcmp(lang, "zh") == 0;
	if (check_in_chinese || strcmp(lang, "en") == 0)
		return true;
	for (i = 0; i < 3; i++)
	{
		const char *value = getenv(variable[i]);

		if (value != NULL && *value != '\0')
		{
			check_in_chinese = strncmp(value, "zh", 2) == 0;
			break;
		}
	}
	return strcmp(lang, "auto") == 0;
}

/* The value of --name VALUE or --name=VALUE; NULL: this is another option. */
static const char *
option_value(const char *name, int argc, char **argv, int *i)
{
	size_t		n = strlen(name);
	const char *arg = argv[*i];

	if (strncmp(arg, name, n) != 0 || (arg[n] != '=' && arg[n] != '\0'))
		return NULL;
	if (arg[n] == '=')
		return arg + n + 1;
	if (*i + 1 == argc)
		usage_error(TEXT("选项缺少值", "option needs a value"), name);
	return argv[++*i];
}

static int32_t
day_of(const char *value)
{
	int32_t		day;

	if (cd_date_parse(value, strlen(value), &day) != CD_DATE_OK)
		usage_error(TEXT("日期应为 YYYY-MM-DD", "a date is YYYY-MM-DD"), value);
	return day;
}

/* true: done, there is no file to check */
static bool
read_options(check_job *job, int argc, char **argv)
{
	int			i;

	/* the language first, whatever else there is to say */
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
	{
		const char *value = option_value("--lang", argc, argv, &i);

		if (value != NULL && !set_language(value))
			usage_error(TEXT("未知的语言", "unknown language"), value);
	}

	for (i = 1; i < argc; i++)
	{
		const char *value;

		if (strcmp(argv[i], "--help") == 0)
			return print_help(stdout), true;
		if (strcmp(argv[i], "--version") == 0)
			return puts("certdata-check " CERTDATA_VERSION), true;
		if (strcmp(argv[i], "--rules") == 0)
			return print_rules(), true;
		if (option_value("--lang", argc, argv, &i) != NULL)
			continue;
		if ((value = option_value("--encoding", argc, argv, &i)) != NULL)
		{
			if (!cd_encoding_find(value, &job->encoding))
				usage_error(TEXT("未知的编码", "unknown encoding"), value);
		}
		else if ((value = option_value("--scope", argc, argv, &i)) != NULL)
			job->scope_path = value;
		else if ((value = option_value("--received", argc, argv, &i)) != NULL)
			job->submission = submission_on(day_of(value));
		else if ((value = option_value("--today", argc, argv, &i)) != NULL)
			job->today = day_of(value);
		else if (strcmp(argv[i], "--") == 0 && i + 2 == argc && job->path == NULL)
			job->path = argv[++i];
		else if (argv[i][0] == '-')
			usage_error(TEXT("未知的选项", "unknown option"), argv[i]);
		else if (job->path != NULL)
			usage_error(TEXT("一次只能检查一个文件", "one file at a time"), argv[i]);
		else
			job->path = argv[i];
	}
	if (job->path == NULL || *job->path == '\0')
		usage_error(TEXT("没有指定文件", "no file given"), NULL);
	return false;
}

/* Leave no half-written file behind. */
static void
on_signal(int signum)
{
	out_cleanup();
	signal(signum, SIG_DFL);
	raise(signum);
}

int
main(int argc, char **argv)
{
	static check_job job;
	bool		refused;

	set_language("auto");
	job.today = today_in_shanghai();
	if (read_options(&job, argc, argv))
		return fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_FAILED;

	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	signal(SIGHUP, on_signal);

	if (job.scope_path != NULL)
		job.scope = scope_open(job.scope_path, &job.filings, &job.scope_rows);
	job.data = read_file(job.path, &job.len, &job.mode);
	check_run(&job);
	refused = print_summary(&job);
	if (fflush(stdout) != 0)
		check_fail("stdout", strerror(errno));
	return refused ? EXIT_FAULTS : EXIT_CLEAN;
}
