/*
 * certdata_verify.c
 *	  certdata-verify: is what a bundle of evidence says what was recorded?
 *
 * For auditors, holders and employers: needs no server and writes no file.
 */
#define _POSIX_C_SOURCE 200809L
#include "verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifndef CERTDATA_VERSION
#define CERTDATA_VERSION "without a version"
#endif

#define SMALL_FILE ((size_t) 1 << 20)	/* a key or a head is smaller by far */

static void
print_help(FILE *stream)
{
	fputs(TEXT("用法：certdata-verify 证据.json --key 公钥.pem [选项]\n"
			   "\n"
			   "检查一张证书的证据（certdata.evidence 给出）：所记的经过是否原样在账本中，\n"
			   "有没有漏掉，账本头是不是公钥的持有者签发。不需要服务器。“-”表示标准输入。\n"
			   "\n"
			   "  --key 文件         账本的公钥（PEM，Ed25519 或 SM2）\n"
			   "  --unsigned         没有公钥：只检查证据自身是否一致\n"
			   "  --head 文件        您以前保存的账本头：检查其后没有改写\n"
			   "  --ledger 文件      账本导出（certdata.export_ledger）：全部重算，看有没有更新的记录\n"
			   "  --lang zh|en|auto  语言（auto 由 LC_ALL、LC_MESSAGES、LANG 决定）\n"
			   "  --version          版本\n"
			   "  --help             本说明\n"
			   "\n"
			   "返回值：0 所要求的都已证明，1 有不符之处或未能证明，2 未能检查\n",
			   "usage: certdata-verify BUNDLE.json --key PUB.pem [options]\n"
			   "\n"
			   "Checks evidence about a certificate (from certdata.evidence): whether its life stands\n"
			   "in the ledger as shown, nothing left out, and whether the ledger's head was signed\n"
			   "by the holder of the key.  Needs no server.  \"-\" is the standard input.\n"
			   "\n"
			   "  --key FILE         the ledger's public key (PEM, Ed25519 or SM2)\n"
			   "  --unsigned         there is no key: check only that the bundle agrees with itself\n"
			   "  --head FILE        a head of the ledger that you kept: nothing was rewritten since\n"
			   "  --ledger FILE      an export (certdata.export_ledger): recompute all of it, and see\n"
			   "                     whether there is a newer entry\n"
			   "  --lang zh|en|auto  language (auto: LC_ALL, LC_MESSAGES, LANG)\n"
			   "  --version          print the version\n"
			   "  --help             print this\n"
			   "\n"
			   "exit status: 0 all that was asked for is proved, 1 something does not fit or is missing,\n"
			   "2 could not check\n"),
		  stream);
}

/* ---- files ---- */

static void
cannot(const char *path, const char *reason)
{
	fprintf(stderr, "certdata-verify: %s: %s\n", path, reason);
	exit(EXIT_UNREADABLE);
}

static FILE *
open_file(const char *path)
{
	FILE	   *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");

	if (stream == NULL)
		cannot(path, strerror(errno));
	return stream;
}

/* The whole file, unless it has more than most bytes. */
static cd_text
read_whole(const char *path, size_t most)
{
	FILE	   *stream = open_file(path);
	cd_text		text = {NULL, 0};
	char	   *data = NULL;
	size_t		room = 0;
	size_t		n;

	do
	{
		if (text.len == room)
		{
			room = room > 0 ? room * 2 : 65536;
			data = realloc(data, room);
			if (data == NULL)
				cannot(path, strerror(ENOMEM));
		}
		n = fread(data + text.len, 1, room - text.len, stream);
		text.len += n;
		if (text.len > most)
			cannot(path, TEXT("文件过大", "the file is too large"));
	} while (n > 0);
	if (ferror(stream))
		cannot(path, strerror(errno));
	if (stream != stdin)
		fclose(stream);
	text.ptr = data;
	return text;
}

static cd_key *
read_key(const char *path)
{
	cd_text		pem = read_whole(path, SMALL_FILE);
	cd_key	   *key = cd_key_public(pem.ptr, pem.len);

	if (key == NULL)
		cannot(path, TEXT("不是PEM格式的Ed25519或SM2公钥", "this is no public key in PEM, Ed25519 or SM2"));
	free((char *) pem.ptr);
	return key;
}

/* ---- the command line ---- */

static void
usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "certdata-verify: %s%s%s\n", what, arg ? ": " : "", arg ? arg : "");
	fputs(TEXT("用 certdata-verify --help 查看用法\n", "see certdata-verify --help\n"), stderr);
	exit(EXIT_UNREADABLE);
}

static bool
set_language(const char *lang)
{
	static const char *const variable[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	verify_in_chinese = strcmp(lang, "zh") == 0;
	if (verify_in_chinese || strcmp(lang, "en") == 0)
		return true;
	for (int i = 0; i < 3; i++)
	{
		const char *value = getenv(variable[i]);

		if (value != NULL && *value != '\0')
		{
			verify_in_chinese = strncmp(value, "zh", 2) == 0;
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

typedef struct request
{
	const char *bundle;
	const char *key;
	const char *head;
	const char *ledger;
	bool		without_key;
} request;

/* true: done, there is nothing to check */
static bool
read_options(request *a, int argc, char **argv)
{
	/* the language first, whatever else there is to say */
	for (int i = 1; i < argc; i++)
	{
		const char *value = option_value("--lang", argc, argv, &i);

		if (value != NULL && !set_language(value))
			usage_error(TEXT("未知的语言", "unknown language"), value);
	}
	for (int i = 1; i < argc; i++)
	{
		const char *value;

		if (strcmp(argv[i], "--help") == 0)
			return print_help(stdout), true;
		if (strcmp(argv[i], "--version") == 0)
			return puts("certdata-verify " CERTDATA_VERSION), true;
		if (option_value("--lang", argc, argv, &i) != NULL)
			continue;
		if ((value = option_value("--key", argc, argv, &i)) != NULL)
			a->key = value;
		else if ((value = option_value("--head", argc, argv, &i)) != NULL)
			a->head = value;
		else if ((value = option_value("--ledger", argc, argv, &i)) != NULL)
			a->ledger = value;
		else if (strcmp(argv[i], "--unsigned") == 0)
			a->without_key = true;
		else if (argv[i][0] == '-' && argv[i][1] != '\0')
			usage_error(TEXT("未知的选项", "unknown option"), argv[i]);
		else if (a->bundle != NULL)
			usage_error(TEXT("一次只能检查一份证据", "one bundle at a time"), argv[i]);
		else
			a->bundle = argv[i];
	}
	if (a->bundle == NULL || *a->bundle == '\0')
		usage_error(TEXT("没有指定证据文件", "no bundle given"), NULL);
	if (a->key != NULL && a->without_key)
		usage_error(TEXT("--key 与 --unsigned 不能同时使用", "--key and --unsigned exclude each other"), NULL);
	return false;
}

int
main(int argc, char **argv)
{
	static verify_job job;
	request		a = {NULL};
	int			status;

	set_language("auto");
	if (read_options(&a, argc, argv))
		return fflush(stdout) == 0 ? EXIT_PROVED : EXIT_UNREADABLE;
	job.out = stdout;
	job.without_key = a.without_key;
	if (a.key != NULL)
		job.key = read_key(a.key);
	if (a.head != NULL)
		job.kept = read_whole(a.head, SMALL_FILE);
	if (a.ledger != NULL)
		job.ledger = open_file(a.ledger);
	job.json = read_whole(a.bundle, JSON_MAX_BYTES);
	status = verify_run(&job);
	verify_end(&job);
	cd_key_free(job.key);
	if (job.ledger != NULL)
		fclose(job.ledger);
	free((char *) job.json.ptr);
	free((char *) job.kept.ptr);
	if (fflush(stdout) != 0)
		cannot("stdout", strerror(errno));
	return status;
}
