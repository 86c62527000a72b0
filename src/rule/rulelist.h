/*
 * rulelist.h
 *	  The rules: the one list that types, checks, views and documents read.
 *
 * RULE(symbol, id, field, severity, fixed, clause,
 *		message_zh, message_en, hint_zh, hint_en)
 *
 * "fixed" marks what code decides (layout, length, real dates, closed lists,
 * check characters): a type refuses it anyway, so no setting can allow it.
 * "clause" cites the guide (冀职鉴字〔2022〕2号) only where the guide says it,
 * else a standard, 编码规则 (the numbering scheme), or "house".
 * %1, %2 and %3 stand for what was found or expected.
 *
 * No include guard: included once per use of RULE.
 */

/* What every text field is asked; max and label fill the messages. */
#define TEXT_RULES(SYM, prefix, FIELD, label, max) \
RULE(SYM##_LENGTH, prefix ".length", FIELD, CD_ERROR, true, "附件1", \
	 label "超过" max "个字符（%1个）", \
	 "the value is longer than " max " characters (%1)", \
	 "缩短至" max "个字符以内", "Shorten it to at most " max " characters.") \
RULE(SYM##_CONTROL, prefix ".control", FIELD, CD_ERROR, true, "house", \
	 label "含有控制字符", \
	 "the value contains a control character", \
	 "删除不可见的控制字符后重新填写", "Remove the invisible control character.") \
RULE(SYM##_SPACE, prefix ".space", FIELD, CD_ERROR, false, "附件1注3", \
	 label "含有空格或不可见字符（第%1个字符）", \
	 "the value contains a space or an invisible character (character %1)", \
	 "用查找替换的方式清除空格，外国人姓名中的空格也应清除", \
	 "Remove it by search and replace; the guide removes the spaces of foreign names, too.") \
RULE(SYM##_PRIVATE_USE, prefix ".private_use", FIELD, CD_ERROR, false, "GB 18030", \
	 label "含有自造字（第%1个字符），其他系统无法显示", \
	 "the value contains a private-use character (character %1) that other systems cannot show", \
	 "改用该字的标准编码", "Use the character's standard code point.")

/* 姓名 */
RULE(NAME_REQUIRED, "name.required", CD_NAME, CD_ERROR, false, "附件1",
	 "姓名未填写", "the name is missing", "填写姓名", "Fill in the name.")
TEXT_RULES(NAME, "name", CD_NAME, "姓名", "40")
RULE(NAME_MASKED, "name.masked", CD_NAME, CD_ERROR, false, "house",
	 "姓名经过掩码处理", "the name is masked", "填写完整姓名", "Give the full name.")
RULE(NAME_SEPARATOR, "name.separator", CD_NAME, CD_ERROR, false, "house",
	 "姓名间隔号误用%1", "the name uses %1 as its separator",
	 "改为间隔号 ·（U+00B7）", "Use the middle dot · (U+00B7).")
RULE(NAME_DOUBLE_BYTE, "name.double_byte", CD_NAME, CD_WARNING, false, "house",
	 "姓名按双字节计%1个字符，在双字节系统中可能被截断",
	 "the name counts %1 characters where a Han character counts two, and may be cut in a double-byte system",
	 "核对姓名是否完整", "Check that the name is complete.")

/* 证件类型 */
RULE(IDTYPE_REQUIRED, "idtype.required", CD_ID_TYPE, CD_ERROR, false, "附件1",
	 "证件类型未填写", "the document type is missing",
	 "填写附件1所列12种证件类型之一", "Give one of the twelve document types of Annex 1.")
RULE(IDTYPE_UNKNOWN, "idtype.unknown", CD_ID_TYPE, CD_ERROR, true, "附件1",
	 "证件类型不在附件1所列12种之内", "the document type is not one of the twelve of Annex 1",
	 "居民身份证；中国护照；港澳居民来往内地通行证；港澳居民居住证；台湾居民来往大陆通行证；台湾居民居住证；外国护照；外国人永久居留身份证；《中华人民共和国外国人工作许可证》(A类)、(B类)、(C类)；其他个人证件",
	 "Use 居民身份证, 中国护照, 港澳居民来往内地通行证, 港澳居民居住证, 台湾居民来往大陆通行证, 台湾居民居住证, 外国护照, 外国人永久居留身份证, 《中华人民共和国外国人工作许可证》(A类), (B类) or (C类), or 其他个人证件.")
RULE(IDTYPE_FORM, "idtype.form", CD_ID_TYPE, CD_WARNING, false, "附件1",
	 "证件类型写法不规范，按“%1”处理", "the document type is understood as \"%1\"",
	 "改为“%1”", "Write \"%1\".")

/* 证件号码 */
RULE(ID_REQUIRED, "id.required", CD_ID_NUMBER, CD_ERROR, false, "附件1",
	 "证件号码未填写", "the document number is missing", "填写证件号码", "Fill in the document number.")
RULE(ID_LENGTH, "id.length", CD_ID_NUMBER, CD_ERROR, true, "附件1",
	 "证件号码超过18个字符（%1个）", "the document number is longer than 18 characters (%1)",
	 "核对证件号码", "Check the number against the document.")
RULE(ID_CONTROL, "id.control", CD_ID_NUMBER, CD_ERROR, true, "house",
	 "证件号码含有控制字符", "the document number contains a control character",
	 "删除不可见的控制字符后重新填写", "Remove the invisible control character.")
RULE(ID_SPACE, "id.space", CD_ID_NUMBER, CD_ERROR, true, "附件1注3",
	 "证件号码含有空格或不可见字符（第%1个字符）",
	 "the document number contains a space or an invisible character (character %1)",
	 "用查找替换的方式清除空格", "Remove it by search and replace.")
RULE(ID_WIDTH, "id.width", CD_ID_NUMBER, CD_WARNING, false, "house",
	 "证件号码使用了全角字符，已按半角处理", "the document number is written in full-width characters, read as half-width",
	 "改为半角", "Write half-width digits and letters.")
RULE(ID_CASE, "id.case", CD_ID_NUMBER, CD_WARNING, false, "GB 11643",
	 "证件号码使用了小写字母，已按大写处理", "the document number is written in lower case, read as upper case",
	 "改为大写", "Write capital letters.")
RULE(ID_MASKED, "id.masked", CD_ID_NUMBER, CD_ERROR, true, "house",
	 "证件号码经过掩码处理", "the document number is masked", "填写完整证件号码", "Give the full number.")
RULE(ID_OLD15, "id.old15", CD_ID_NUMBER, CD_ERROR, true, "GB 11643",
	 "15位旧身份证号码已停用", "a 15-digit number is the old form of the resident identity number",
	 "填写18位公民身份号码", "Give the 18-character number.")
RULE(ID_LAYOUT, "id.layout", CD_ID_NUMBER, CD_ERROR, true, "GB 11643",
	 "证件号码的构成与证件类型“%1”不符", "the number is not laid out as a number of type \"%1\"",
	 "核对证件类型和证件号码", "Check type and number against the document.")
RULE(ID_KIND, "id.kind", CD_ID_NUMBER, CD_ERROR, true, "附件1",
	 "该号码属于证件类型“%1”", "this number belongs to type \"%1\"",
	 "将证件类型改为“%1”，或核对号码", "Set the document type to \"%1\", or check the number.")
RULE(ID_REGION, "id.region", CD_ID_NUMBER, CD_ERROR, true, "GB 11643",
	 "证件号码中的省级代码%1不存在", "the number's province code %1 does not exist",
	 "核对证件号码", "Check the number against the document.")
RULE(ID_BIRTH_DATE, "id.birth_date", CD_ID_NUMBER, CD_ERROR, true, "GB 11643",
	 "证件号码中的出生日期不存在", "the birth date in the number is not a real date",
	 "核对证件号码", "Check the number against the document.")
RULE(ID_CHECKSUM, "id.checksum", CD_ID_NUMBER, CD_ERROR, true, "GB 11643",
	 "证件号码校验码不符，按前面各位应为%1", "the number's check character does not match, its other characters require %1",
	 "核对证件号码，可能有一位录错或两位颠倒", "Check the number: a digit may be wrong, or two exchanged.")
RULE(ID_DAMAGED, "id.damaged", CD_ID_NUMBER, CD_ERROR, true, "house",
	 "证件号码末尾为000且校验码不符，可能在电子表格中按数字保存而丢失末三位",
	 "the number ends in 000 and its check character does not match: a spreadsheet that kept it as a number has lost the last digits",
	 "将该列设为“文本”格式后，从原件重新录入号码", "Format the column as Text, then enter the number again from the document.")
RULE(ID_PATTERN, "id.pattern", CD_ID_NUMBER, CD_WARNING, false, "house",
	 "证件号码与“%1”的常见构成不符", "the number does not look like a number of type \"%1\"",
	 "核对证件类型和证件号码", "Check type and number against the document.")
RULE(ID_BIRTH_AFTER_ISSUE, "id.birth_after_issue", CD_ID_NUMBER, CD_ERROR, false, "house",
	 "证件号码中的出生日期晚于发证日期", "the birth date in the number is later than the issue date",
	 "核对证件号码和发证日期", "Check number and issue date.")
RULE(ID_AGE, "id.age", CD_ID_NUMBER, CD_WARNING, false, "house",
	 "发证时持证人未满16周岁", "the holder was younger than 16 at issue",
	 "核对证件号码和发证日期", "Check number and issue date.")

/* 所在单位 */
TEXT_RULES(EMPLOYER, "employer", CD_EMPLOYER, "所在单位", "100")

/* 职业名称 */
RULE(OCCUPATION_REQUIRED, "occupation.required", CD_OCCUPATION, CD_ERROR, false, "附件1",
	 "职业名称未填写", "the occupation is missing",
	 "填写与公示一致的职业名称", "Give the occupation as published.")
TEXT_RULES(OCCUPATION, "occupation", CD_OCCUPATION, "职业名称", "80")
RULE(OCCUPATION_SCOPE, "occupation.scope", CD_OCCUPATION, CD_ERROR, false, "第九条",
	 "该职业不在机构代码%1备案的评价范围内", "the occupation is not in the scope of filing %1",
	 "发证日期备案的职业：%3", "Its occupations on the issue date are %3.")
RULE(OCCUPATION_BRACKETS, "occupation.brackets", CD_OCCUPATION, CD_ERROR, false, "附件1",
	 "职业名称与公示名称只有括号的全角、半角不同",
	 "the occupation differs from the published one in the width of its brackets only",
	 "与公示名称保持一致：%3", "Write \"%3\", as published.")

/* 工种名称 */
TEXT_RULES(WORKTYPE, "worktype", CD_WORK_TYPE, "工种名称", "60")
RULE(WORKTYPE_PLACEHOLDER, "worktype.placeholder", CD_WORK_TYPE, CD_ERROR, false, "附件1注5",
	 "没有工种时应为空，不得填写“%1”", "a placeholder (%1) stands where there is no work type",
	 "清空该单元格", "Leave the cell empty.")
RULE(WORKTYPE_SCOPE, "worktype.scope", CD_WORK_TYPE, CD_ERROR, false, "第九条",
	 "该工种不在机构代码%1备案的评价范围内", "the work type is not in the scope of filing %1",
	 "该职业在发证日期备案的工种：%3", "Work types of the occupation on the issue date are %3.")
RULE(WORKTYPE_BRACKETS, "worktype.brackets", CD_WORK_TYPE, CD_ERROR, false, "附件1",
	 "工种名称与公示名称只有括号的全角、半角不同",
	 "the work type differs from the published one in the width of its brackets only",
	 "与公示名称保持一致：%3", "Write \"%3\", as published.")

/* 职业技能等级 */
RULE(LEVEL_REQUIRED, "level.required", CD_LEVEL, CD_ERROR, false, "附件1",
	 "职业技能等级未填写", "the skill level is missing", "填写职业技能等级", "Fill in the skill level.")
RULE(LEVEL_SPACE, "level.space", CD_LEVEL, CD_ERROR, true, "附件1注3",
	 "职业技能等级含有空格或不可见字符（第%1个字符）",
	 "the skill level contains a space or an invisible character (character %1)",
	 "用查找替换的方式清除空格", "Remove it by search and replace.")
RULE(LEVEL_UNKNOWN, "level.unknown", CD_LEVEL, CD_ERROR, true, "附件1",
	 "职业技能等级不在八个等级之内", "the skill level is not one of the eight",
	 "填写学徒工、五级、四级、三级、二级、一级、特级技师或首席技师",
	 "Use 学徒工, 五级, 四级, 三级, 二级, 一级, 特级技师 or 首席技师.")
RULE(LEVEL_FORM, "level.form", CD_LEVEL, CD_WARNING, false, "附件1",
	 "职业技能等级写法不规范，按“%1”处理", "the skill level is understood as \"%1\"",
	 "改为“%1”", "Write \"%1\".")
RULE(LEVEL_SCOPE, "level.scope", CD_LEVEL, CD_ERROR, false, "第九条",
	 "该职业（工种）的这一等级不在机构代码%1备案的评价范围内",
	 "the level of this occupation and work type is not in the scope of filing %1",
	 "该职业（工种）在发证日期备案的等级：%3", "Levels of the occupation and work type on the issue date are %3.")

/* 证书编号 */
RULE(NO_REQUIRED, "no.required", CD_CERT_NO, CD_ERROR, false, "附件1",
	 "证书编号未填写", "the certificate number is missing", "填写证书编号", "Fill in the certificate number.")
RULE(NO_SPACE, "no.space", CD_CERT_NO, CD_ERROR, true, "附件1注3",
	 "证书编号含有空格或不可见字符（第%1个字符）",
	 "the certificate number contains a space or an invisible character (character %1)",
	 "用查找替换的方式清除空格", "Remove it by search and replace.")
RULE(NO_WIDTH, "no.width", CD_CERT_NO, CD_WARNING, false, "编码规则",
	 "证书编号使用了全角字符，已按半角处理", "the certificate number is written in full-width characters, read as half-width",
	 "改为半角", "Write half-width digits and letters.")
RULE(NO_CASE, "no.case", CD_CERT_NO, CD_WARNING, false, "编码规则",
	 "证书编号使用了小写字母，已按大写处理", "the certificate number is written in lower case, read as upper case",
	 "改为大写", "Write capital letters.")
RULE(NO_MASKED, "no.masked", CD_CERT_NO, CD_ERROR, true, "house",
	 "证书编号经过掩码处理", "the certificate number is masked", "填写完整证书编号", "Give the full number.")
RULE(NO_OLD, "no.old", CD_CERT_NO, CD_ERROR, true, "编码规则",
	 "%1位数字是旧的职业资格证书编号", "%1 digits are the number of an old 职业资格证书",
	 "填写22位职业技能等级证书编号", "Give the 22-character number of the 职业技能等级证书.")
RULE(NO_RSN, "no.rsn", CD_CERT_NO, CD_ERROR, true, "编码规则",
	 "以RSN开头的20位编码属于另一种证书", "a 20-character RSN code belongs to another scheme",
	 "填写22位职业技能等级证书编号", "Give the 22-character number of the 职业技能等级证书.")
RULE(NO_LENGTH, "no.length", CD_CERT_NO, CD_ERROR, true, "附件1注6",
	 "证书编号应为22个字符，现有%1个", "a certificate number has 22 characters, this one %1",
	 "核对证书编号", "Check the number against the certificate.")
RULE(NO_LAYOUT, "no.layout", CD_CERT_NO, CD_ERROR, true, "编码规则",
	 "证书编号第%1位应为%2", "character %1 of the certificate number should be one of %2",
	 "1位大写字母，14位数字，1位等级（数字或大写字母），6位数字",
	 "One capital letter, 14 digits, one digit or capital letter for the level, 6 digits.")
RULE(NO_CATEGORY, "no.category", CD_CERT_NO, CD_ERROR, false, "编码规则",
	 "证书编号的机构类别代码%1未知", "the certificate number's category letter %1 is not known",
	 "用人单位为Y，社会培训评价组织为S；其他类别可在 certdata.category 中登记",
	 "Y is 用人单位, S is 社会培训评价组织; further letters are registered in certdata.category.")
RULE(NO_PROVINCE, "no.province", CD_CERT_NO, CD_ERROR, false, "编码规则",
	 "证书编号中的省级代码%1不存在", "the certificate number's province code %1 does not exist",
	 "核对证书编号第6-7位，河北为13", "Check characters 6 and 7; Hebei is 13.")
RULE(NO_YEAR, "no.year", CD_CERT_NO, CD_ERROR, false, "编码规则",
	 "证书编号中的年份%1与发证日期的年份%2不符", "the certificate number's year %1 is not the issue date's year %2",
	 "核对证书编号第14-15位和发证日期", "Check characters 14 and 15 and the issue date.")
RULE(NO_LEVEL, "no.level", CD_CERT_NO, CD_ERROR, false, "编码规则",
	 "证书编号中的等级代码%1与职业技能等级“%2”不符", "the certificate number's level %1 does not match the skill level \"%2\"",
	 "核对证书编号第16位和职业技能等级", "Check character 16 and the skill level.")
RULE(NO_LEVEL_LETTER, "no.level_letter", CD_CERT_NO, CD_WARNING, false, "编码规则",
	 "证书编号中的等级字母%1没有登记对应的等级，无法核对", "the level letter %1 of the certificate number is not registered, so it cannot be checked",
	 "在 certdata.level_letter 中登记该字母对应的等级", "Register the letter in certdata.level_letter.")
RULE(NO_DUPLICATE, "no.duplicate", CD_CERT_NO, CD_ERROR, false, "编码规则",
	 "证书编号重复，另见第%1行", "the certificate number is used again in row %1",
	 "一个证书编号只能用于一本证书", "A number belongs to one certificate only.")
RULE(NO_REGISTERED, "no.registered", CD_CERT_NO, CD_ERROR, false, "编码规则",
	 "证书编号已经登记", "the certificate number is already registered",
	 "一个证书编号只能用于一本证书；更正已登记的数据不能重新上报", "A number belongs to one certificate only; registered data is corrected, not loaded again.")
RULE(NO_FILING, "no.filing", CD_CERT_NO, CD_ERROR, false, "附件1注6",
	 "证书编号第1-13位（%1）不是已备案的机构代码",
	 "the certificate number's filing %1 (characters 1 to 13) is not registered",
	 "核对证书编号与公示的机构代码；新的备案在 certdata.filing 中登记",
	 "Check the number against the published code; a new filing is registered in certdata.filing.")
RULE(NO_FILING_VALID, "no.filing_valid", CD_CERT_NO, CD_ERROR, false, "附件1注6",
	 "机构代码%1的备案在发证日期无效", "the filing %1 was not valid on the issue date",
	 "备案有效期：%3", "It was valid on %3.")

/* 发证日期 */
RULE(DATE_REQUIRED, "date.required", CD_ISSUE_DATE, CD_ERROR, false, "附件1",
	 "发证日期未填写", "the issue date is missing", "填写发证日期，形如2022-02-09", "Fill in the issue date as YYYY-MM-DD.")
RULE(DATE_SPACE, "date.space", CD_ISSUE_DATE, CD_ERROR, true, "附件1注3",
	 "发证日期含有空格或不可见字符（第%1个字符）",
	 "the issue date contains a space or an invisible character (character %1)",
	 "用查找替换的方式清除空格", "Remove it by search and replace.")
RULE(DATE_FORM, "date.form", CD_ISSUE_DATE, CD_ERROR, true, "附件1",
	 "发证日期不是文本形式的YYYY-MM-DD", "the issue date is not text of the form YYYY-MM-DD",
	 "不要使用自定义或日期型：将该列设为“文本”格式后填写%1", "Format the column as Text, not as a date, and write %1.")
RULE(DATE_REAL, "date.real", CD_ISSUE_DATE, CD_ERROR, true, "附件1",
	 "发证日期不存在", "the issue date is not a real date", "核对发证日期", "Check the issue date.")
RULE(DATE_FUTURE, "date.future", CD_ISSUE_DATE, CD_ERROR, false, "house",
	 "发证日期晚于今天（%1）", "the issue date is later than today (%1)", "核对发证日期", "Check the issue date.")
RULE(DATE_SCOPE, "date.scope", CD_ISSUE_DATE, CD_ERROR, false, "第九条",
	 "该职业（工种）、等级在发证日期不在机构代码%1备案的评价范围内",
	 "on the issue date the occupation, work type and level were not in the scope of filing %1",
	 "评价范围的有效期：%3", "They were on %3.")
RULE(DATE_CEASED, "date.ceased", CD_ISSUE_DATE, CD_ERROR, false, "第十六条",
	 "发证日期晚于“%3”停止评价的日期（%1）", "the issue date is later than %1, when \"%3\" ceased to evaluate",
	 "不再开展评价的机构只能更正、撤销已发证书", "A body that has ceased corrects and withdraws what it has issued, and issues nothing.")
RULE(DATE_LATE, "date.late", CD_ISSUE_DATE, CD_WARNING, false, "第十二条",
	 "上传已逾期，应在%1之前（含当日）上传", "the upload is late, it was due by %1",
	 "书面说明逾期原因", "Explain the delay in writing.")
RULE(DATE_BEYOND, "date.beyond", CD_ISSUE_DATE, CD_PRINCIPLE, false, "第十二条",
	 "逾期超过%2个月（截至%1），原则上不予受理", "the upload is more than %2 months late (limit %1), in principle it is not accepted",
	 "书面说明逾期原因，经批准作为例外受理", "Explain the delay in writing; it can be accepted as an exception only.")
RULE(DATE_CALENDAR, "date.calendar", CD_ISSUE_DATE, CD_WARNING, false, "第十条",
	 "%1年的节假日安排没有登记，不能判断上传是否逾期", "the working days of %1 are not registered, so it cannot be told whether the upload is late",
	 "在 certdata.calendar_day 和 certdata.calendar_year 中登记", "Register them in certdata.calendar_day and certdata.calendar_year.")

/* 评价机构, 发证机构 */
RULE(EVALUATOR_REQUIRED, "evaluator.required", CD_EVALUATOR, CD_ERROR, false, "附件1",
	 "评价机构未填写", "the evaluating body is missing",
	 "填写与公示一致的评价机构名称", "Give the evaluating body as published.")
TEXT_RULES(EVALUATOR, "evaluator", CD_EVALUATOR, "评价机构", "100")
RULE(ISSUER_REQUIRED, "issuer.required", CD_ISSUER, CD_ERROR, false, "附件1",
	 "发证机构未填写", "the issuing body is missing",
	 "填写与公示一致的发证机构名称", "Give the issuing body as published.")
TEXT_RULES(ISSUER, "issuer", CD_ISSUER, "发证机构", "100")

RULE(EVALUATOR_FILING, "evaluator.filing", CD_EVALUATOR, CD_ERROR, false, "附件1注6",
	 "机构代码%1不属于该评价机构", "the filing %1 does not belong to this evaluating body",
	 "该机构代码备案的机构公示名称为：%3", "The filing belongs to \"%3\".")
RULE(EVALUATOR_BRACKETS, "evaluator.brackets", CD_EVALUATOR, CD_ERROR, false, "附件1",
	 "评价机构与公示名称只有括号的全角、半角不同",
	 "the evaluating body differs from the published one in the width of its brackets only",
	 "与公示名称保持一致：%3", "Write \"%3\", as published.")
RULE(ISSUER_UNKNOWN, "issuer.unknown", CD_ISSUER, CD_ERROR, false, "附件1",
	 "发证机构不是发证日期已登记的机构名称", "no organisation of this name was registered on the issue date",
	 "与公示名称保持一致；新的机构在 certdata.organisation 中登记",
	 "Write the published name; a new organisation is registered in certdata.organisation.")
RULE(ISSUER_BRACKETS, "issuer.brackets", CD_ISSUER, CD_ERROR, false, "附件1",
	 "发证机构与公示名称只有括号的全角、半角不同",
	 "the issuing body differs from the published one in the width of its brackets only",
	 "与公示名称保持一致：%3", "Write \"%3\", as published.")

/* What spreadsheets do to any cell; most of it no type would take either. */
RULE(CELL_FORMULA, "cell.formula", CD_NO_FIELD, CD_ERROR, true, "house",
	 "单元格内容是公式 =\"…\"", "the cell holds the formula =\"…\"",
	 "复制该列，“选择性粘贴”为“值”，再另存", "Copy the column, paste it as values, and save again.")
RULE(CELL_APOSTROPHE, "cell.apostrophe", CD_NO_FIELD, CD_ERROR, true, "house",
	 "单元格内容以撇号开头", "the cell begins with an apostrophe",
	 "将该列设为“文本”格式，并删除开头的撇号", "Format the column as Text and delete the leading apostrophe.")
RULE(CELL_TAB, "cell.tab", CD_NO_FIELD, CD_ERROR, true, "house",
	 "单元格内容以制表符开头", "the cell begins with a TAB character",
	 "用“分列”功能将该列转为“文本”，或查找替换清除制表符", "Turn the column into Text with \"Text to Columns\", or remove the TAB by search and replace.")
RULE(CELL_EXPONENT, "cell.exponent", CD_NO_FIELD, CD_ERROR, true, "house",
	 "单元格内容是科学记数（如1.30102E+17），数字已丢失", "the cell holds a number in scientific notation (like 1.30102E+17): its digits are lost",
	 "将该列设为“文本”格式后，从原件重新录入", "Format the column as Text, then enter the value again from the document.")
RULE(CELL_ERROR, "cell.error", CD_NO_FIELD, CD_ERROR, true, "house",
	 "单元格内容是电子表格的错误值%1", "the cell holds the spreadsheet error %1",
	 "修正公式或重新录入，列宽不足时先加宽该列再另存", "Mend the formula or enter the value again; where ##### stands, widen the column before saving.")
RULE(CELL_LOST, "cell.lost", CD_NO_FIELD, CD_ERROR, false, "house",
	 "第%1个字符在转换编码时丢失", "character %1 was lost when the file was converted",
	 "从原件重新录入，另存为“CSV UTF-8（逗号分隔）”", "Enter the value again and save as \"CSV UTF-8 (comma delimited)\".")

/* A row of a file */
RULE(ROW_COLUMNS, "row.columns", CD_NO_FIELD, CD_ERROR, false, "附件1注2",
	 "本行有%1个单元格，表头有%2个", "the row has %1 cells, the header %2",
	 "检查本行是否缺少单元格，或内容中的逗号未加引号", "Look for a missing cell, or for a comma inside a value without quotes.")
RULE(ROW_QUOTE, "row.quote", CD_NO_FIELD, CD_ERROR, false, "RFC 4180",
	 "引号不成对", "a quote is not closed",
	 "检查本行的引号，由电子表格软件重新另存", "Check the quotes of this row; save the file again from the spreadsheet.")
RULE(ROW_ENCODING, "row.encoding", CD_NO_FIELD, CD_ERROR, false, "house",
	 "本行含有不属于%1编码的字节", "the row holds bytes that are not %1",
	 "另存为“CSV UTF-8（逗号分隔）”", "Save the file as \"CSV UTF-8 (comma delimited)\".")

/* The header */
RULE(HEADER_ABSENT, "header.absent", CD_NO_FIELD, CD_ERROR, false, "附件1注2",
	 "没有表头", "the file has no header",
	 "第一行应为：姓名、证件类型、证件号码、所在单位、职业名称、工种名称、职业技能等级、证书编号、发证日期、评价机构、发证机构",
	 "The first row must be 姓名, 证件类型, 证件号码, 所在单位, 职业名称, 工种名称, 职业技能等级, 证书编号, 发证日期, 评价机构, 发证机构.")
RULE(HEADER_MISSING, "header.missing", CD_NO_FIELD, CD_ERROR, false, "附件1注2",
	 "表头缺少字段“%1”", "the header lacks the field \"%1\"",
	 "补上该列，没有内容时留空", "Add the column; leave it empty where there is nothing to say.")
RULE(HEADER_EXTRA, "header.extra", CD_NO_FIELD, CD_ERROR, false, "附件1注2",
	 "表头多出字段“%1”", "the header has an extra field \"%1\"",
	 "删除该列，不要增减字段", "Delete the column: no field may be added.")
RULE(HEADER_REPEATED, "header.repeated", CD_NO_FIELD, CD_ERROR, false, "附件1注2",
	 "表头字段“%1”重复", "the header repeats the field \"%1\"",
	 "删除重复的列", "Delete the repeated column.")
RULE(HEADER_ORDER, "header.order", CD_NO_FIELD, CD_ERROR, false, "附件1注2",
	 "表头字段“%1”的位置不对，应在第%2列", "the field \"%1\" is out of order, it belongs in column %2",
	 "按附件1的顺序排列各列", "Put the columns into the order of Annex 1.")
RULE(HEADER_SPACE, "header.space", CD_NO_FIELD, CD_WARNING, false, "附件1注3",
	 "表头字段“%1”含有空格", "the header field \"%1\" contains a space",
	 "清除空格", "Remove the space.")

/* The file */
RULE(FILE_EMPTY, "file.empty", CD_NO_FIELD, CD_ERROR, false, "house",
	 "文件是空的", "the file is empty", "检查是否选对了文件", "Check that this is the right file.")
RULE(FILE_XLSX, "file.xlsx", CD_NO_FIELD, CD_ERROR, false, "house",
	 "这是电子表格文件（%1），不是CSV文件", "this is a spreadsheet file (%1), not a CSV file",
	 "在电子表格软件中打开，点“文件→另存为”，选“CSV UTF-8（逗号分隔）”",
	 "Open it, click File, Save As, and choose \"CSV UTF-8 (comma delimited)\".")
RULE(FILE_ENCODING, "file.encoding", CD_NO_FIELD, CD_ERROR, false, "house",
	 "文件编码既不是UTF-8也不是GB18030，按%1读取", "the file is neither UTF-8 nor GB18030, read as %1",
	 "另存为“CSV UTF-8（逗号分隔）”", "Save it as \"CSV UTF-8 (comma delimited)\".")
RULE(FILE_UTF16, "file.utf16", CD_NO_FIELD, CD_WARNING, false, "house",
	 "文件编码为UTF-16", "the file is UTF-16 text",
	 "另存为“CSV UTF-8（逗号分隔）”，不要选“Unicode文本”", "Save it as \"CSV UTF-8 (comma delimited)\", not as \"Unicode Text\".")
RULE(FILE_SEPARATOR, "file.separator", CD_NO_FIELD, CD_WARNING, false, "house",
	 "单元格之间用%1分隔，不是逗号", "cells are separated by %1, not by a comma",
	 "另存为“CSV UTF-8（逗号分隔）”", "Save it as \"CSV UTF-8 (comma delimited)\".")
RULE(FILE_TITLE, "file.title", CD_NO_FIELD, CD_WARNING, false, "附件1注2",
	 "表头之上有%1行标题", "%1 rows stand above the header",
	 "删除表头之上的各行", "Delete the rows above the header.")

/*
 * What the guard asks of changes to attached tables.  No record has these
 * faults by itself, so no check of a record or a report finds them.
 */
RULE(NO_USED, "no.used", CD_CERT_NO, CD_ERROR, true, "编码规则",
	 "证书编号曾经使用，不能再次使用", "the certificate number has been used before",
	 "一个证书编号只能用于一本证书，更换编号、删除以后和在同一登记册的其他表中也不能再用；请使用新的编号",
	 "A number belongs to one certificate for good, in all tables of a register, even when that was renumbered or retired: use a new one.")
RULE(ROW_CONSTANT, "row.constant", CD_NO_FIELD, CD_ERROR, true, "house",
	 "%1与本表为其保存的“%3”不一致", "%1 differs from \"%3\", which the table keeps for it",
	 "核对数据是否应当装入本表", "Check whether the row belongs in this table.")
RULE(ACTOR_REQUIRED, "actor.required", CD_NO_FIELD, CD_ERROR, true, "第十三条",
	 "没有说明操作人", "nobody is named who makes the change",
	 "在事务中执行 SET LOCAL certdata.actor = '操作人'", "SET LOCAL certdata.actor = 'who' in the transaction.")
RULE(CORRECTION_REASON, "correction.reason", CD_NO_FIELD, CD_ERROR, true, "第十四条",
	 "更正证书数据须说明原因", "a correction of certificate data needs a reason",
	 "在同一事务中执行 SET LOCAL certdata.reason = '更改原因'，或者使用 certdata.correct()",
	 "SET LOCAL certdata.reason = '...' in the same transaction, or use certdata.correct().")
RULE(CORRECTION_APPROVAL, "correction.approval", CD_NO_FIELD, CD_ERROR, true, "第十四条",
	 "更正已公布的证书数据须经确认", "a correction of published certificate data needs an approval",
	 "在同一事务中执行 SET LOCAL certdata.approval = '确认文号'，或者使用 certdata.correct()",
	 "SET LOCAL certdata.approval = '...' in the same transaction, or use certdata.correct().")
RULE(CORRECTION_ONE_ITEM, "correction.one_item", CD_NO_FIELD, CD_PRINCIPLE, false, "第十四条",
	 "姓名和证件号码原则上只能更改其中的一项，%1也有更改",
	 "of 姓名 and 证件号码 only one may be changed in principle, and %1 is changed, too",
	 "确需更改时由有权确认的人员在同一事务中执行 SET LOCAL certdata.exception = 'correction.one_item: 原因'",
	 "An exception is made by an approver: SET LOCAL certdata.exception = 'correction.one_item: reason'.")
RULE(CORRECTION_NUMBER, "correction.number", CD_NO_FIELD, CD_ERROR, true, "编码规则",
	 "证书编号不能用更新语句更改", "a certificate number cannot be changed by UPDATE",
	 "使用 certdata.renumber()", "Use certdata.renumber().")
RULE(CORRECTION_RETIRED, "correction.retired", CD_NO_FIELD, CD_ERROR, true, "第十五条",
	 "证书已删除，不能更正", "the certificate is retired and cannot be corrected",
	 "确需更正时先用 certdata.reinstate() 恢复", "Reinstate it first with certdata.reinstate().")
RULE(DELETION_PHYSICAL, "deletion.physical", CD_NO_FIELD, CD_ERROR, true, "第十五条",
	 "证书数据仅逻辑删除，不物理删除", "certificate data is deleted logically only, never physically",
	 "使用 certdata.retire()；视图“表名_live”只显示未删除的证书",
	 "Use certdata.retire(); the view \"<table>_live\" hides retired certificates.")
RULE(DELETION_REASON, "deletion.reason", CD_NO_FIELD, CD_ERROR, true, "第十五条",
	 "删除证书数据须说明原因", "a deletion of certificate data needs a reason",
	 "在参数 reason 中说明原因", "Give it in the argument reason.")
RULE(DELETION_APPROVAL, "deletion.approval", CD_NO_FIELD, CD_ERROR, true, "第十五条",
	 "删除证书数据须经确认", "a deletion of certificate data needs an approval",
	 "在参数 approval 中写明确认文号，由有权确认的人员执行", "Give it in the argument approval, as a member of the approver role.")
RULE(DELETION_BENEFITS, "deletion.benefits", CD_NO_FIELD, CD_PRINCIPLE, false, "第十五条",
	 "原则上应当先取消持证人已享受的与证书挂钩的待遇", "benefits tied to the certificate are to be cancelled first, in principle",
	 "取消后以 benefits_cancelled => true 执行；例外由有权确认的人员在同一事务中执行 SET LOCAL certdata.exception = 'deletion.benefits: 原因'",
	 "Cancel them and pass benefits_cancelled => true; an approver makes an exception: SET LOCAL certdata.exception = 'deletion.benefits: reason'.")
RULE(STATE_REASON, "state.reason", CD_NO_FIELD, CD_ERROR, true, "第十三条",
	 "暂停、恢复、撤回证书数据，以及停止保护一个表，须说明原因", "suspending, resuming and withdrawing certificate data, or detaching a table, needs a reason",
	 "在参数 reason 中说明原因", "Give it in the argument reason.")
RULE(STATE_CHANGE, "state.change", CD_NO_FIELD, CD_ERROR, true, "house",
	 "证书的状态（%1）不允许此操作", "the state of the certificate (%1) does not allow this",
	 "核对证书编号与证书的状态", "Check the number and the certificate's state.")
RULE(STATE_COLUMN, "state.column", CD_NO_FIELD, CD_ERROR, true, "house",
	 "状态列由 certdata 维护，不能直接写入", "the state column is certdata's and cannot be written",
	 "使用 certdata.retire()、suspend()、resume()、reinstate()、withdraw()",
	 "Use certdata.retire(), suspend(), resume(), reinstate(), withdraw().")

#undef TEXT_RULES
