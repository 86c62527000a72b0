/*
 * verify_out.c
 *	  What certdata-verify prints: what was recorded, what fits, what is proved.
 */
#include "verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define MICROSECONDS INT64_C(1000000)
#define DAY_SECONDS 86400
#define EPOCH_DAYS 10957		/* 2000-01-01 in days since 1970-01-01 */
#define SHANGHAI_SECONDS (8 * 3600)
#define LAST_YEAR_SECONDS INT64_C(253402300800) /* 10000-01-01 */

static void
__attribute__((format(printf, 3, 0)))
say(verify_job *job, const char *mark, const char *fmt, va_list args)
{
	fprintf(job->out, "  %s", mark);
	vfprintf(job->out, fmt, args);
	fputc('\n', job->out);
}

void
say_good(verify_job *job, const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	say(job, TEXT("相符  ", "fits      "), fmt, args);
	va_end(args);
}

void
say_bad(verify_job *job, const char *fmt,...)
{
	va_list		args;

	job->disproved = true;
	va_start(args, fmt);
	say(job, TEXT("不符！", "NO FIT    "), fmt, args);
	va_end(args);
}

void
say_missing(verify_job *job, const char *fmt,...)
{
	va_list		args;

	job->unproved = true;
	va_start(args, fmt);
	say(job, TEXT("未证明", "UNPROVED  "), fmt, args);
	va_end(args);
}

void
say_note(verify_job *job, const char *fmt,...)
{
	va_list		args;

	va_start(args, fmt);
	say(job, TEXT("说明  ", "note      "), fmt, args);
	va_end(args);
}

bool
say_unreadable(verify_job *job, const char *fmt,...)
{
	va_list		args;

	job->unreadable = true;
	va_start(args, fmt);
	say(job, TEXT("无法检查  ", "cannot be checked: "), fmt, args);
	va_end(args);
	return false;
}

/* ---- texts of others ---- */

/* Would it move the cursor, hide, or turn the reading direction? */
static bool
is_unseen(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
		(c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

/* The export's texts are not known to be UTF-8: a bad byte is shown as one. */
const char *
verify_shown(verify_job *job, cd_text text)
{
	char	   *out = verify_alloc(&job->memory, text.len * 6 + 1);
	char	   *at = out;
	size_t		i = 0;

	while (i < text.len)
	{
		size_t		valid = i + cd_utf8_valid(text.ptr + i, text.len - i);
		const char *p = text.ptr + i;

		while (p < text.ptr + valid)
		{
			uint32_t	c = cd_utf8_next(&p, text.ptr + valid);

			at += is_unseen(c) ? sprintf(at, "\\u%04x", (unsigned) c) : cd_utf8_encode(c, at);
		}
		if (valid < text.len)
			at += sprintf(at, "\\x%02x", (unsigned) (unsigned char) text.ptr[valid++]);
		i = valid;
	}
	return out;
}

static const char *
shown_value(verify_job *job, cd_value value)
{
	cd_text		text = {value.ptr, value.len};

	return value.ptr == NULL ? NULL : verify_shown(job, text);
}

/* A line of what was recorded, unless there is nothing. */
static void
print_value(verify_job *job, const char *label, cd_value value)
{
	if (value.ptr != NULL && value.len > 0)
		fprintf(job->out, "  %s%s\n", label, shown_value(job, value));
}

/* ---- times ---- */

/* YYYY-MM-DD hh:mm:ss.uuuuuu in a zone without summer time. */
static void
print_time(FILE *out, int64_t microseconds, int64_t offset)
{
	int64_t		seconds = microseconds / MICROSECONDS - (microseconds % MICROSECONDS < 0);
	int64_t		fraction = microseconds - seconds * MICROSECONDS;
	int64_t		days;
	int			y,
				m,
				d;

	seconds += offset;
	days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
	seconds -= days * DAY_SECONDS;
	cd_days_to_date((int32_t) (days - EPOCH_DAYS), &y, &m, &d);
	fprintf(out, "%04d-%02d-%02d %02d:%02d:%02d.%06d", y, m, d, (int) (seconds / 3600), (int) (seconds / 60 % 60),
			(int) (seconds % 60), (int) fraction);
}

static void
print_when(verify_job *job, int64_t recorded_at)
{
	if (recorded_at < 0 || recorded_at >= LAST_YEAR_SECONDS * MICROSECONDS - SHANGHAI_SECONDS * MICROSECONDS)
	{
		fprintf(job->out, TEXT("1970年起第 %" PRId64 " 微秒", "%" PRId64 " microseconds from 1970 on"), recorded_at);
		return;
	}
	print_time(job->out, recorded_at, SHANGHAI_SECONDS);
	fputs(TEXT("（北京时间；UTC ", " in China (UTC "), job->out);
	print_time(job->out, recorded_at, 0);
	fputs(TEXT("）", ")"), job->out);
}

/* ---- acts and entries ---- */

void
print_act(verify_job *job, const verify_act *act)
{
	const cd_act *a = &act->act;

	fprintf(job->out, "\n%s  ", shown_value(job, a->kind));
	print_when(job, a->recorded_at);
	fprintf(job->out, TEXT("\n  行为 %" PRId64 "，账本第%" PRId64 "条\n", "\n  act %" PRId64 ", leaf %" PRId64 "\n"), a->id, act->leaf);
	print_value(job, TEXT("登录用户：", "logged in as: "), a->session_user);
	print_value(job, TEXT("执行用户：", "ran as: "), a->current_user);
	print_value(job, TEXT("客户端地址：", "from address: "), a->address);
	print_value(job, TEXT("（自称）程序：", "claimed: application: "), a->application_name);
	print_value(job, TEXT("（自称）经办人：", "claimed: actor: "), a->actor);
	print_value(job, TEXT("（自称）单位：", "claimed: organisation: "), a->actor_org);
	print_value(job, TEXT("原因：", "reason: "), a->reason);
	print_value(job, TEXT("批准：", "approval: "), a->approval);
	print_value(job, TEXT("例外：", "exception: "), a->exception);
	print_value(job, TEXT("详情：", "detail: "), a->detail);
}

static void
print_changed(FILE *out, int64_t changed)
{
	const char *separator = TEXT("  改动：", "  changed: ");

	for (int i = 0; i < CD_NFIELDS; i++)
		if (changed >> i & 1)
		{
			fprintf(out, "%s%s", separator, cd_field_name[i]);
			separator = TEXT("、", ", ");
		}
	if (changed != 0)
		fputc('\n', out);
}

static void
print_state(FILE *out, int64_t state)
{
	static const char *const zh[] = {"姓名已更正", "证件号码已更正", "已发布", "已暂停", "已注销", "编号已收回", "已换编号"};
	static const char *const en[] = {"姓名 was corrected", "证件号码 was corrected", "published", "suspended", "retired",
	"withdrawn", "goes by another number"};
	const char *separator = TEXT("  此后状态：", "  afterwards: ");

	for (int i = 0; i < 7; i++)
		if (state >> i & 1)
		{
			fprintf(out, "%s%s", separator, TEXT(zh[i], en[i]));
			separator = TEXT("、", ", ");
		}
	if (state != 0)
		fputc('\n', out);
}

static void
print_disclosed(verify_job *job, const verify_disclosed *d)
{
	if (d->part == CD_PART_OLD)
		fprintf(job->out, TEXT("  此前：%s\n", "  before: %s\n"), verify_shown(job, d->text));
	else
		for (int i = 0; i < CD_NFIELDS; i++)
			if (cd_part_of((cd_field) i) == d->part)
				fprintf(job->out, TEXT("  %s：%s\n", "  %s: %s\n"), cd_field_name[i], verify_shown(job, d->image[i]));
}

void
print_entry(verify_job *job, size_t i)
{
	const verify_entry *entry = &job->bundle.entry[i];

	fprintf(job->out, TEXT("  证书编号 %s，次序 %" PRId64 "\n", "  certificate %s, place %" PRId64 " in its life\n"),
			shown_value(job, entry->entry.cert_no), entry->entry.life_seq);
	print_changed(job->out, entry->entry.changed);
	print_state(job->out, entry->entry.state);
	for (int k = 0; k < entry->ndisclosed; k++)
		print_disclosed(job, &entry->disclosed[k]);
}

void
print_heading(verify_job *job)
{
	const verify_bundle *b = &job->bundle;

	fprintf(job->out, TEXT("证书 %s\n账本 %s，%s，%" PRIu64 " 条\n", "Certificate %s\nLedger %s, %s, %" PRIu64 " leaves\n"),
			verify_shown(job, b->cert_no), verify_shown(job, b->ledger), cd_algorithm_name[b->algorithm], b->head.size);
	fprintf(job->out, TEXT("表 %s（所称，未证明）\n", "Table %s (as the bundle says, not proved)\n"), verify_shown(job, b->table));
}
