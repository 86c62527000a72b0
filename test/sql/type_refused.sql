-- A type that takes what the guide forbids, or refuses what it allows, or
-- names the wrong rule.  The outcomes stand in the tables below, from the
-- guide's Annex 1, GB 11643 and 编码规则; queries list the rows that differ.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;

-- what a cast gives: the value, or the SQLSTATE and rule of its refusal
CREATE FUNCTION pg_temp.outcome(value text, type text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
	state text;
	rule text;
BEGIN
	EXECUTE format('SELECT $1::certdata.%I::text', type) INTO result USING value;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME;
	RETURN state || ' ' || rule;
END $$;
-- the same through the input function, as COPY and literals go
CREATE FUNCTION pg_temp.typed_in(value text, type text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
	state text;
	rule text;
BEGIN
	EXECUTE format('SELECT certdata.%I(certdata.%I($1))', type || '_out', type || '_in')
		INTO result USING value::cstring;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME;
	RETURN state || ' ' || rule;
END $$;

CREATE TEMP TABLE expected (type text, value text, outcome text);

-- 证书编号: layout only; category, province, year and level are rules
INSERT INTO expected VALUES
	('certno', 'Y000123000001195000001', '='),
	('certno', 'S000013123456193000001', '='),
	('certno', 'A999999999999999999999', '='),
	('certno', 'Z00000000000000Z000000', '='),
	('certno', 'S00001312345619Z000001', '='),
	('certno', 's000013123456193000001', 'S000013123456193000001'),
	('certno', 'S00001312345619z000001', 'S00001312345619Z000001'),
	('certno', 'Ｓ００００１３１２３４５６１９３０００００１', 'S000013123456193000001'),
	('certno', '', '22P02 no.required'),
	('certno', 'S00013*****1', '22P02 no.masked'),
	('certno', 'S00001312345619300000＊', '22P02 no.masked'),
	('certno', ' S000013123456193000001', '22P02 no.space'),
	('certno', 'S000013123456193000001 ', '22P02 no.space'),
	('certno', 'S000013 123456193000001', '22P02 no.space'),
	('certno', 'S000013123456193000001' || chr(x'3000'::int), '22P02 no.space'),
	('certno', 'S000013123456193000001' || chr(x'FEFF'::int), '22P02 no.space'),
	('certno', '1234567890123456', '22P02 no.old'),
	('certno', '1234567890123', '22P02 no.old'),
	('certno', 'RSN12345678901234567', '22P02 no.rsn'),
	('certno', 'rsn12345678901234567', '22P02 no.rsn'),
	('certno', 'S00001312345619300001', '22P02 no.length'),
	('certno', 'S0000131234561930000011', '22P02 no.length'),
	('certno', '1000013123456193000001', '22P02 no.layout'),
	('certno', 'SO00013123456193000001', '22P02 no.layout'),
	('certno', 'S00001312345619-000001', '22P02 no.layout'),
	('certno', 'S00001312345619三000001', '22P02 no.layout'),
	('certno', '="S000013123456193000001"', '22P02 cell.formula'),
	('certno', '''S000013123456193000001', '22P02 cell.apostrophe'),
	('certno', '1.30102E+17', '22P02 cell.exponent'),
	('certno', '#N/A', '22P02 cell.error'),
	('certno', repeat('9', 100000), '22P02 no.length');

-- 公民身份号码
INSERT INTO expected VALUES
	('resident_id', '130102199003071233', '='),
	('resident_id', '13010219900307002X', '='),
	('resident_id', '13010220000229123X', '='),
	('resident_id', '11010519491231002X', '='),
	('resident_id', '810000199408230021', '='),
	('resident_id', '820000198801011017', '='),
	('resident_id', '830000199201300022', '='),
	('resident_id', '130102209903071235', '='),
	('resident_id', '13010219900307002x', '13010219900307002X'),
	('resident_id', '１３０１０２１９９００３０７００２Ｘ', '13010219900307002X'),
	('resident_id', '130102199003071231', '22P02 id.checksum'),
	('resident_id', '130102200102291237', '22P02 id.birth_date'),
	('resident_id', '130102190002291233', '22P02 id.birth_date'),
	('resident_id', '130102199004311235', '22P02 id.birth_date'),
	('resident_id', '990101199201300029', '22P02 id.region'),
	('resident_id', '820000199408230021', '22P02 id.checksum'),
	('resident_id', '130102900307123', '22P02 id.old15'),
	('resident_id', '13010219900307000', '22P02 id.layout'),
	('resident_id', '13010219900307X023', '22P02 id.layout'),
	('resident_id', '130102199003070000', '22P02 id.damaged'),
	('resident_id', '932682198501010017', '22P02 id.region'),
	('resident_id', '', '22P02 id.required'),
	('resident_id', '130102 19900307002X', '22P02 id.space'),
	('resident_id', '130***199003071233', '22P02 id.masked'),
	('resident_id', '1.30102E+17', '22P02 cell.exponent');

-- 证件号码 of any kind: characters and length; what fits the kind is id_check
INSERT INTO expected VALUES
	('id_number', '130102199003071233', '='),
	('id_number', '130102199003071231', '='),
	('id_number', '932643199912310022', '='),
	('id_number', '91384019850101002X', '='),
	('id_number', 'USA110085010116', '='),
	('id_number', 'KAZ110090123105', '='),
	('id_number', 'kaz110090123105', 'KAZ110090123105'),
	('id_number', '00000000000000000' || '1', '='),
	('id_number', 'A', '='),
	('id_number', 'Ａ－１', 'A-1'),
	('id_number', '证件第一二三四五六七八九十号甲乙丙丁', '='),
	('id_number', repeat('𠀀', 18), '='),
	('id_number', repeat('𠀀', 19), '22P02 id.length'),
	('id_number', '1234567890123456789', '22P02 id.length'),
	('id_number', '', '22P02 id.required'),
	('id_number', 'E1234 5678', '22P02 id.space'),
	('id_number', 'E12345678' || chr(x'200B'::int), '22P02 id.space'),
	('id_number', E'E1234\x01', '22P02 id.control'),
	('id_number', '130***197701221234', '22P02 id.masked');

-- 证件类型: the twelve, their variants, and one more
INSERT INTO expected VALUES
	('id_type', '居民身份证', '='),
	('id_type', '中国护照', '='),
	('id_type', '港澳居民来往内地通行证', '='),
	('id_type', '港澳居民居住证', '='),
	('id_type', '台湾居民来往大陆通行证', '='),
	('id_type', '台湾居民居住证', '='),
	('id_type', '外国护照', '='),
	('id_type', '外国人永久居留身份证', '='),
	('id_type', '《中华人民共和国外国人工作许可证》(A类)', '='),
	('id_type', '《中华人民共和国外国人工作许可证》(B 类)', '《中华人民共和国外国人工作许可证》(B类)'),
	('id_type', '中华人民共和国外国人工作许可证（C类）', '《中华人民共和国外国人工作许可证》(C类)'),
	('id_type', '外国人工作许可证（A类）', '《中华人民共和国外国人工作许可证》(A类)'),
	('id_type', '其他个人证件', '='),
	('id_type', ' 居民 身份证 ', '居民身份证'),
	('id_type', E'\t居民身份证', '22P02 cell.tab'),
	('id_type', '身份证', '22P02 idtype.unknown'),
	('id_type', '外国人工作许可证', '22P02 idtype.unknown'),
	('id_type', '', '22P02 idtype.required');

-- 职业技能等级
INSERT INTO expected VALUES
	('skill_level', '学徒工', '='), ('skill_level', '五级', '='),
	('skill_level', '四级', '='), ('skill_level', '三级', '='),
	('skill_level', '二级', '='), ('skill_level', '一级', '='),
	('skill_level', '特级技师', '='), ('skill_level', '首席技师', '='),
	('skill_level', '五级/初级工', '五级'), ('skill_level', '四级/中级工', '四级'),
	('skill_level', '三级/高级工', '三级'), ('skill_level', '二级/技师', '二级'),
	('skill_level', '一级/高级技师', '一级'), ('skill_level', '高级工/三级', '三级'),
	('skill_level', '三级(高级工)', '三级'), ('skill_level', '三级（高级工）', '三级'),
	('skill_level', '高级工（三级）', '三级'), ('skill_level', '三级／高级工', '三级'),
	('skill_level', '高级工', '三级'), ('skill_level', '技师', '二级'),
	('skill_level', '高级技师', '一级'), ('skill_level', '初级工', '五级'),
	('skill_level', '3', '三级'), ('skill_level', '３', '三级'),
	('skill_level', '1级', '一级'), ('skill_level', '5', '五级'),
	('skill_level', '三级 ', '22P02 level.space'),
	('skill_level', '高级', '22P02 level.unknown'),
	('skill_level', '中级', '22P02 level.unknown'),
	('skill_level', '0', '22P02 level.unknown'),
	('skill_level', '6', '22P02 level.unknown'),
	('skill_level', '三级/技师', '22P02 level.unknown'),
	('skill_level', '', '22P02 level.required');

-- 发证日期: PostgreSQL's own date takes all but the last three of these
INSERT INTO expected VALUES
	('issue_date', '2022-02-09', '='), ('issue_date', '0001-01-01', '='),
	('issue_date', '9999-12-31', '='), ('issue_date', '2000-02-29', '='),
	('issue_date', '2022-2-9', '22P02 date.form'),
	('issue_date', '20220209', '22P02 date.form'),
	('issue_date', '2022/02/09', '22P02 date.form'),
	('issue_date', 'Feb 9, 2022', '22P02 date.space'),
	('issue_date', '2022-02-09 ', '22P02 date.space'),
	('issue_date', 'today', '22P02 date.form'),
	('issue_date', 'infinity', '22P02 date.form'),
	('issue_date', '10000-01-01', '22P02 date.form'),
	('issue_date', '2022-02-09 BC', '22P02 date.space'),
	('issue_date', '２０２２-０２-０９', '22P02 date.form'),
	('issue_date', '44601', '22P02 date.form'),
	('issue_date', '', '22P02 date.required'),
	('issue_date', '2022-02-29', '22P02 date.real'),
	('issue_date', '1900-02-29', '22P02 date.real'),
	('issue_date', '0000-01-01', '22P02 date.real');

-- text: characters are counted, not bytes; spaces are a rule, not a refusal
INSERT INTO expected
SELECT t.type, v.value, v.outcome
FROM (VALUES ('person_name', 40, 'name'), ('org_name', 100, 'employer'),
			 ('occupation_name', 80, 'occupation'), ('work_type_name', 60, 'worktype'))
		AS t(type, most, prefix),
	LATERAL (VALUES
		(repeat('汉', most), '='),
		(repeat('𠀀', most), '='),
		(repeat('a', most), '='),
		(repeat('汉', most + 1), '22P02 ' || prefix || '.length'),
		(repeat('a', most + 1), '22P02 ' || prefix || '.length'),
		('', '='),
		(' 张 三 ', '='),
		('阿卜杜拉·买买提', '='),
		('O''Neil-Smith Jr.', '='),
		('〇㐀𠀀' || chr(x'E000'::int), '='),
		(E'张\x01三', '22P02 ' || prefix || '.control'),
		(E'张\x7f三', '22P02 ' || prefix || '.control'),
		('张' || chr(x'85'::int) || '三', '22P02 ' || prefix || '.control'),
		(repeat('x', 8) || E'\x1f', '22P02 ' || prefix || '.control'),
		(E'张\t三', '22P02 ' || prefix || '.space'),
		(E'张\n三', '22P02 ' || prefix || '.space'),
		(E'\t张三', '22P02 cell.tab')) AS v(value, outcome);

UPDATE expected SET outcome = value WHERE outcome = '=';

SELECT type, count(*) FROM expected GROUP BY type ORDER BY type;

SELECT type, left(value, 60) AS value, outcome AS expected, pg_temp.outcome(value, type) AS found
FROM expected WHERE pg_temp.outcome(value, type) IS DISTINCT FROM outcome;

SELECT type, left(value, 60) AS value, outcome AS expected, pg_temp.typed_in(value, type) AS found
FROM expected WHERE pg_temp.typed_in(value, type) IS DISTINCT FROM outcome;

-- is_valid says the same, without an error
SELECT type, left(value, 60) AS value
FROM expected
WHERE certdata.is_valid(value, ('certdata.' || type)::regtype) <> (outcome NOT LIKE '22P02 %');
SELECT certdata.is_valid(NULL, 'certdata.certno') IS NULL AS null_stays_null;
SELECT certdata.is_valid('x', 'text');
SELECT certdata.is_valid('x', 'certdata.certno[]');

-- what a type printed, it takes again, and prints again
SELECT type, value FROM expected
WHERE outcome NOT LIKE '22P02 %' AND pg_temp.outcome(outcome, type) IS DISTINCT FROM outcome;

-- char(n): padding is no space of the value; varchar is text
SELECT 'S000013123456193000001'::char(30)::certdata.certno,
	'13010219900307002X'::char(20)::certdata.resident_id,
	'E12345678'::char(18)::certdata.id_number,
	'居民身份证'::char(20)::certdata.id_type,
	'三级'::char(10)::certdata.skill_level,
	'2022-02-09'::char(12)::certdata.issue_date,
	'张三'::char(40)::certdata.person_name || '|' AS name;
SELECT 'S000013123456193000001'::varchar::certdata.certno, '张三'::varchar(40)::certdata.person_name;

-- dates that are no 发证日期
SELECT 'infinity'::date::certdata.issue_date;
SELECT '0001-12-31 BC'::date::certdata.issue_date;
SELECT '10000-01-01'::date::certdata.issue_date;
SELECT '9999-12-31'::date::certdata.issue_date, '0001-01-01'::date::certdata.issue_date;

-- id_check: kinds with a check character strictly, the others by pattern
CREATE TEMP TABLE document (kind text, number text, fits boolean);
INSERT INTO document VALUES
	('居民身份证', '130102199003071233', true), ('居民身份证', '13010219900307002x', true),
	('居民身份证', '13010220000229123X', true), ('居民身份证', '11010519491231002X', true),
	('居民身份证', '130102209903071235', true),
	('居民身份证', '130102199003071231', false), ('居民身份证', '130102200102291237', false),
	('居民身份证', '130102190002291233', false), ('居民身份证', '130102199004311235', false),
	('居民身份证', '990101199201300029', false), ('居民身份证', '130102900307123', false),
	('居民身份证', '810000199408230021', false), ('居民身份证', '830000199201300022', false),
	('港澳居民居住证', '810000199408230021', true), ('港澳居民居住证', '820000198801011017', true),
	('港澳居民居住证', '820000199408230021', false), ('港澳居民居住证', '830000199201300022', false),
	('台湾居民居住证', '830000199201300022', true), ('台湾居民居住证', '810000199408230021', false),
	('外国人永久居留身份证', '932643199912310022', true), ('外国人永久居留身份证', '91384019850101002X', true),
	('外国人永久居留身份证', '932682198501010017', true), ('外国人永久居留身份证', '911124198108030024', true),
	('外国人永久居留身份证', '931012199012010018', true), ('外国人永久居留身份证', 'USA110085010116', true),
	('外国人永久居留身份证', 'JPN310090031523', true), ('外国人永久居留身份证', 'KAZ110090123105', true),
	('外国人永久居留身份证', 'KAZ110090123104', false), ('外国人永久居留身份证', '130102199003071233', false),
	('中国护照', 'E12345678', true), ('中国护照', 'EA1234567', true), ('中国护照', 'EI1234567', false),
	('中国护照', 'KJ1234567', true), ('中国护照', 'X1234567', false),
	('港澳居民来往内地通行证', 'H12345678', true), ('港澳居民来往内地通行证', 'HA1234567', true),
	('港澳居民来往内地通行证', 'X12345678', false),
	('台湾居民来往大陆通行证', '12345678', true), ('台湾居民来往大陆通行证', '1234567890', true),
	('台湾居民来往大陆通行证', '123456789', false),
	('外国护照', 'AB1234567', true), ('外国护照', 'AB-1234567', false),
	('《中华人民共和国外国人工作许可证》(A 类)', '130000000000000000', true),
	('其他个人证件', '任意-1', true);
SELECT count(*) FROM document;
SELECT * FROM document
WHERE certdata.id_check(kind::certdata.id_type, number::certdata.id_number) <> fits;
