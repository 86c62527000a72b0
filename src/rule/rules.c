/*
 * rules.c
 *	  The rule list as data, findings, and their messages.
 */
#include "rule.h"

#include <string.h>

const cd_rule cd_rules[CD_NRULES] = {
#define RULE(sym, id, field, severity, fixed, clause, zh, en, hint_zh, hint_en) \
	{id, field, severity, fixed, clause, zh, en, hint_zh, hint_en},
#include "rulelist.h"
#undef RULE
};

const char *const cd_field_name[CD_NFIELDS + 1] = {
	"姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称",
	"职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构", ""
};

const char *const cd_severity_name[3] = {"error", "principle", "warning"};

int
cd_rule_find(const char *id, size_t len)
{
	for (int i = 0; i < CD_NRULES; i++)
		if (strlen(cd_rules[i].id) == len && memcmp(cd_rules[i].id, id, len) == 0)
			return i;
	return -1;
}

/*
 * Note a fault; the caller fills the arguments.  A record's faults always fit
 * (rule.h), so the last place is only reused by a defect of ours.
 */
cd_finding *
cd_find(cd_findings *f, cd_rule_id rule, cd_field field)
{
	cd_finding *item = &f->item[f->n < CD_MAX_FINDINGS ? f->n++ : CD_MAX_FINDINGS - 1];

	item->rule = (uint8_t) rule;
	item->field = (uint8_t) field;
	item->column = 0;
	item->fixed = cd_rules[rule].fixed;
	item->arg1[0] = '\0';
	item->arg2[0] = '\0';
	item->arg3 = NULL;
	return item;
}

/* Bytes of s that fit into room without cutting a character. */
static size_t
fitting(const char *s, size_t len, size_t room)
{
	if (len <= room)
		return len;
	len = room;
	while (len > 0 && ((unsigned char) s[len] & 0xC0) == 0x80)
		len--;
	return len;
}

/* Without a finding a message stands for all its kind. */
static const char *
argument(const cd_finding *finding, char which)
{
	if (finding == NULL)
		return "…";
	if (which == '3')
		return finding->arg3 != NULL ? finding->arg3 : "";
	return which == '1' ? finding->arg1 : finding->arg2;
}

size_t
cd_format(char *buf, size_t size, const char *fmt, const cd_finding *finding)
{
	size_t		n = 0;

	while (*fmt && n + 1 < size)
	{
		const char *piece = fmt;
		size_t		len = strcspn(fmt, "%");
		size_t		fit;

		if (len == 0 && fmt[1] >= '1' && fmt[1] <= '3')
		{
			piece = argument(finding, fmt[1]);
			len = strlen(piece);
			fmt += 2;
		}
		else
		{
			len = len ? len : 1;
			fmt += len;
		}
		fit = fitting(piece, len, size - 1 - n);
		memcpy(buf + n, piece, fit);
		n += fit;
		if (fit < len)
			break;
	}
	buf[n] = '\0';
	return n;
}
