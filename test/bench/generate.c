/*
 * generate.c
 *	  Report rows for the benchmark: made up, lawful, the same on every machine.
 *
 *	generate ROWS ROWS.copy REPORT.csv
 *
 * Both files hold the same rows: ROWS.copy in COPY's text format (an empty
 * field is \N), REPORT.csv as a report file with its header.  98 of 100 holders
 * have a resident identity card with a right check character, the others a
 * travel permit, a residence permit or a passport.  Certificate numbers are
 * unique, those of FILINGS filings, and in random order.  Organisations issue
 * unequally many.  No row breaks a rule, on any day after 2025-12-31.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILINGS 400
#define EMPLOYERS 3000
#define OCCUPATIONS_OF_FILING 6
#define FIRST_YEAR 2020
#define YEARS 6
#define SEED UINT64_C(20221114)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- what the fields are made of ---- */

static const char *const surname[] = {
	"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
	"何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
	"袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛",
	"叶", "阎", "欧阳", "司马"
};
static const char *const given[] = {
	"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
	"超", "秀", "霞", "平", "刚", "桂", "英", "华", "建", "国", "文", "玉", "兰", "红", "志", "海",
	"春", "雪", "梅", "立", "新", "宇", "浩", "然", "子", "轩", "梓", "涵", "一", "诺", "欣", "怡",
	"晨", "阳", "鹏", "飞", "凯", "旭", "东", "亮", "慧", "婷", "佳", "琪", "博", "思", "远", "璐"
};
static const char *const minority[] = {
	"阿卜杜拉·买买提", "古丽娜尔·艾合买提", "帕提古丽·吐尔逊", "扎西·多吉", "卓玛·央金", "巴特尔·苏和"
};
static const char *const foreign[] = {
	"MARTIN-DUPONT", "OLIVEIRA", "NGUYENVANANH", "KIMMINSU", "O'CONNOR", "SCHMIDT", "TANAKAYUKI", "IVANOVA"
};
static const char *const county[] = {
	"130102", "130104", "130105", "130107", "130108", "130121", "130123", "130202", "130203", "130225",
	"130302", "130322", "130402", "130403", "130425", "130502", "130525", "130602", "130606", "130632",
	"130702", "130723", "130802", "130826", "130902", "130925", "131002", "131025", "131102", "131123",
	"110105", "110111", "120104", "120115", "140105", "140602", "150102", "210102", "220102", "230103",
	"320106", "340103", "370102", "371523", "410105", "411425", "420106", "430103", "500103", "510104",
	"610102", "620102"
};
static const char *const city[] = {
	"石家庄", "唐山", "秦皇岛", "邯郸", "邢台", "保定", "张家口", "承德", "沧州", "廊坊", "衡水", "雄安"
};
static const char *const brand_first[] = {
	"瑞", "恒", "华", "金", "安", "泰", "宏", "鑫", "盛", "德", "嘉", "永", "中", "燕", "冀", "光"
};
static const char *const brand_second[] = {
	"祥", "达", "远", "源", "通", "兴", "和", "诚", "信", "康", "丰", "隆", "业", "成", "方", "润"
};
static const char *const trade[] = {
	"机械", "电气", "建筑", "物业", "装备", "餐饮", "物流", "养老服务", "信息技术", "钢铁"
};
static const char *const company[] = {"有限公司", "有限公司", "有限责任公司", "集团公司"};
static const char *const evaluator[] = {"技工学校", "培训学校", "培训中心", "评价中心"};

typedef struct occupation
{
	const char *name;
	const char *work_type;		/* "": the occupation has none */
} occupation;

static const occupation occupations[] = {
	{"焊工", "电焊工"}, {"焊工", "气焊工"}, {"电工", ""}, {"养老护理员", ""}, {"育婴员", ""},
	{"保育师", ""}, {"中式烹调师", ""}, {"中式面点师", ""}, {"西式面点师", ""}, {"美容师", ""},
	{"美发师", ""}, {"汽车维修工", "汽车机械维修工"}, {"汽车维修工", "汽车电器维修工"}, {"钳工", ""},
	{"车工", ""}, {"家政服务员", "母婴护理员"}, {"家政服务员", "整理收纳师"}, {"保安员", ""},
	{"砌筑工", "建筑瓦工"}, {"起重装卸机械操作工", "叉车司机"}, {"电子商务师", "网商"},
	{"互联网营销师", "直播销售员"}, {"企业人力资源管理师", ""}, {"健康管理师", ""}, {"计算机程序设计员", ""},
	{"化学检验员", ""}, {"物业管理员", ""}, {"工业机器人系统操作员", ""}
};

/* Text and digit of the five levels, and how many of 100 certificates have it. */
static const struct
{
	const char *name;
	char		digit;
	int			share;
}			levels[] = {
	{"五级", '5', 30}, {"四级", '4', 32}, {"三级", '3', 28}, {"二级", '2', 7}, {"一级", '1', 3}
};

static const char *const header =
"姓名,证件类型,证件号码,所在单位,职业名称,工种名称,职业技能等级,证书编号,发证日期,评价机构,发证机构";

typedef struct filing
{
	char		code[14];
	char		name[64];
	int			occupation[OCCUPATIONS_OF_FILING];
} filing;

/* What of a row is settled before the rows are put in random order. */
typedef struct certificate
{
	short		filing;
	signed char year;			/* since FIRST_YEAR */
	signed char level;
	int			serial;
} certificate;

typedef struct row
{
	char		name[64];
	const char *id_type;
	char		id_number[24];
	const char *employer;
	const char *occupation;
	const char *work_type;
	const char *level;
	char		cert_no[24];
	char		issue_date[16];
	const char *organisation;
} row;

static filing filings[FILINGS];
static char employers[EMPLOYERS][96];

/*
 * ---- chance: splitmix64 ----
 *
 * One draw for each expression: the order of several would be the compiler's.
 */

static uint64_t state = SEED;

static uint64_t
next(void)
{
	uint64_t	z = (state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static int
below(int n)
{
	return (int) (((next() >> 32) * (uint64_t) n) >> 32);
}

#define PICK(array) ((array)[below(COUNT(array))])

/* ---- organisations ---- */

static void
make_organisations(void)
{
	for (int i = 0; i < FILINGS; i++)
	{
		filing	   *f = &filings[i];
		const char *place = PICK(city);
		const char *first = PICK(brand_first);
		const char *second = PICK(brand_second);

		/* registered with the province: 0000, then Hebei, then a sequence */
		snprintf(f->code, sizeof(f->code), "%c000013%06d", below(4) == 0 ? 'Y' : 'S', i + 1);
		snprintf(f->name, sizeof(f->name), "%s%s%s%s", place, first, second, PICK(evaluator));
		for (int k = 0; k < OCCUPATIONS_OF_FILING; k++)
			f->occupation[k] = below(COUNT(occupations));
	}
	for (int i = 0; i < EMPLOYERS; i++)
	{
		const char *place = PICK(city);
		const char *first = PICK(brand_first);
		const char *second = PICK(brand_second);
		const char *kind = PICK(trade);

		snprintf(employers[i], sizeof(employers[i]), "%s%s%s%s%s", place, first, second, kind,
				 PICK(company));
	}
}

/* ---- certificates ---- */

static int
pick_level(void)
{
	int			chance = below(100);
	int			i = 0;

	while (chance >= levels[i].share)
		chance -= levels[i++].share;
	return i;
}

static certificate *
make_certificates(int rows)
{
	static int	used[FILINGS][YEARS][COUNT(levels)];
	certificate *cert = malloc(sizeof(certificate) * (size_t) rows);

	if (cert == NULL)
		return NULL;
	for (int i = 0; i < rows; i++)
	{
		/* the lesser of two: the first filings issue most */
		int			a = below(FILINGS);
		int			b = below(FILINGS);

		cert[i].filing = (short) (a < b ? a : b);
		cert[i].year = (signed char) below(YEARS);
		cert[i].level = (signed char) pick_level();
		cert[i].serial = ++used[cert[i].filing][(int) cert[i].year][(int) cert[i].level];
	}
	for (int i = rows - 1; i > 0; i--)
	{
		int			k = below(i + 1);
		certificate other = cert[i];

		cert[i] = cert[k];
		cert[k] = other;
	}
	return cert;
}

/* ---- documents ---- */

static int
days_of(int year, int month)
{
	static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* MOD 11-2 (GB 11643) after the 17 digits of number. */
static void
add_check_character(char *number)
{
	static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int			sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (number[i] - '0') * weight[i];
	number[17] = "10X98765432"[sum % 11];
	number[18] = '\0';
}

/* A number with date of birth; the holder was 18 to 57 in the year of issue. */
static void
born_number(row *r, const char *region, int issue_year)
{
	int			year = issue_year - 18 - below(40);
	int			month = 1 + below(12);
	int			day = 1 + below(days_of(year, month));
	int			sequence = 1 + below(998);

	snprintf(r->id_number, sizeof(r->id_number), "%.6s%04d%02d%02d%03d", region,
			 year, month, day, sequence);
	add_check_character(r->id_number);
}

static void
make_holder(row *r, int issue_year)
{
	int			chance = below(1000);
	const char *family = PICK(surname);
	const char *first = PICK(given);
	const char *second = below(6) == 0 ? "" : PICK(given);

	snprintf(r->name, sizeof(r->name), "%s%s%s", family, first, second);
	if (chance < 980)
	{
		r->id_type = "居民身份证";
		born_number(r, PICK(county), issue_year);
		if (chance < 10)
			snprintf(r->name, sizeof(r->name), "%s", PICK(minority));
	}
	else if (chance < 987)
	{
		r->id_type = "港澳居民来往内地通行证";
		snprintf(r->id_number, sizeof(r->id_number), "%c%08d", chance < 982 ? 'M' : 'H', below(100000000));
	}
	else if (chance < 990)
	{
		r->id_type = "港澳居民居住证";
		born_number(r, chance < 988 ? "820000" : "810000", issue_year);
	}
	else if (chance < 994)
	{
		r->id_type = "台湾居民来往大陆通行证";
		snprintf(r->id_number, sizeof(r->id_number), "%08d", below(100000000));
	}
	else if (chance < 996)
	{
		r->id_type = "中国护照";
		snprintf(r->id_number, sizeof(r->id_number), "E%08d", below(100000000));
	}
	else
	{
		char		first_letter = (char) ('A' + below(26));
		char		second_letter = (char) ('A' + below(26));

		r->id_type = "外国护照";
		snprintf(r->id_number, sizeof(r->id_number), "%c%c%07d", first_letter, second_letter, below(10000000));
		snprintf(r->name, sizeof(r->name), "%s", PICK(foreign));
	}
}

/* ---- rows ---- */

static void
make_row(const certificate *cert, row *r)
{
	const filing *f = &filings[cert->filing];
	const occupation *o = &occupations[f->occupation[below(OCCUPATIONS_OF_FILING)]];
	int			year = FIRST_YEAR + cert->year;
	int			month = 1 + below(12);

	make_holder(r, year);
	r->employer = below(10) == 0 ? "" : employers[below(EMPLOYERS)];
	r->occupation = o->name;
	r->work_type = o->work_type;
	r->level = levels[(int) cert->level].name;
	snprintf(r->cert_no, sizeof(r->cert_no), "%s%02d%c%06d", f->code, year % 100,
			 levels[(int) cert->level].digit, cert->serial);
	snprintf(r->issue_date, sizeof(r->issue_date), "%04d-%02d-%02d", year, month,
			 1 + below(days_of(year, month)));
	r->organisation = f->name;
}

static void
print_row(FILE *file, const row *r, char separator, const char *empty)
{
	const char *field[] = {
		r->name, r->id_type, r->id_number, r->employer, r->occupation, r->work_type,
		r->level, r->cert_no, r->issue_date, r->organisation, r->organisation
	};

	for (size_t i = 0; i < COUNT(field); i++)
	{
		if (i > 0)
			putc(separator, file);
		fputs(field[i][0] ? field[i] : empty, file);
	}
	putc('\n', file);
}

int
main(int argc, char **argv)
{
	int			rows = argc == 4 ? atoi(argv[1]) : 0;
	FILE	   *copy = rows > 0 ? fopen(argv[2], "wb") : NULL;
	FILE	   *csv = copy != NULL ? fopen(argv[3], "wb") : NULL;
	certificate *cert = csv != NULL ? make_certificates(rows) : NULL;

	if (cert == NULL)
	{
		fprintf(stderr, "usage: %s ROWS ROWS.copy REPORT.csv (both must be writable)\n", argv[0]);
		return 1;
	}
	make_organisations();
	fprintf(csv, "%s\n", header);
	for (int i = 0; i < rows; i++)
	{
		row			r;

		make_row(&cert[i], &r);
		print_row(copy, &r, '\t', "\\N");
		print_row(csv, &r, ',', "");
	}
	free(cert);
	if (ferror(copy) || ferror(csv) || fclose(copy) != 0 || fclose(csv) != 0)
	{
		perror(argv[0]);
		return 1;
	}
	return 0;
}
