-- correct() that changes another field than the one named, cuts or reshapes a
-- value, takes a code for a text, lets what a plain UPDATE may not, or shows
-- personal data in its refusal.
CREATE SCHEMA act_correct;
SET search_path = act_correct;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

-- a table with names, types and codes of its own
CREATE DOMAIN short_text AS varchar(8) CHECK (VALUE <> '禁用');
CREATE TABLE own (xm varchar(6), lx char(2), hm text, dw short_text, zy text, gz text, dj text, bh text, rq date, jg text, "old" int DEFAULT 7);
CREATE UNIQUE INDEX ON own (certdata.number_key(bh));
SELECT certdata.attach('own', '{"姓名": "xm", "证件类型": {"column": "lx", "map": {"01": "居民身份证", "03": "其他个人证件"}}, "证件号码": "hm", "所在单位": "dw",
	"职业名称": "zy", "工种名称": {"value": ""}, "职业技能等级": {"column": "dj", "map": {"3": "三级", "4": "四级"}}, "证书编号": "bh", "发证日期": "rq", "评价机构": "jg", "发证机构": "jg"}') IS NOT NULL;
INSERT INTO own (xm, lx, hm, dw, zy, dj, bh, rq, jg) SELECT '张三', '01', '130102199003071233', '甲公司', '车工', '3', 'S000013010001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校'
	FROM generate_series(1, 20) AS i;
SELECT certdata.create_registry('zs');
SELECT fill('zs', 20);
CREATE FUNCTION fields(number text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws('|', xm, lx, hm, COALESCE(dw, '-'), zy, gz, dj, to_char(rq, 'YYYY-MM-DD'), jg) FROM own WHERE bh = number
$$;

-- by header, with the report's text; by column, with what it holds
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#01', '{"姓名": "李四", "所在单位": "乙公司"}', 'r', 'a')$$);
SELECT pg_temp.expect('李四|01|130102199003071233|乙公司|车工|3|2022-02-09|甲校', $$SELECT fields('#01')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#02', '{"xm": "李四", "dw": null}', 'r', 'a')$$);
SELECT pg_temp.expect('李四|01|130102199003071233|-|车工|3|2022-02-09|甲校', $$SELECT fields('#02')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#03', '{"证件类型": "其他个人证件", "证件号码": "AB1234567"}', 'r', 'a')$$);
SELECT pg_temp.expect('张三|03|AB1234567|甲公司|车工|3|2022-02-09|甲校', $$SELECT fields('#03')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#03', '{"lx": "01", "hm": "130102199003071233"}', 'r', 'a')$$);
SELECT pg_temp.expect('张三|01|130102199003071233|甲公司|车工|3|2022-02-09|甲校', $$SELECT fields('#03')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#04', '{"发证日期": "2022-03-01"}', 'r', 'a')$$);
SET DateStyle = 'SQL, DMY';
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#05', '{"发证日期": "2022-03-02"}', 'r', 'a')$$);
RESET DateStyle;
SELECT pg_temp.expect('2022-03-01 2022-03-02', $$SELECT string_agg(to_char(rq, 'YYYY-MM-DD'), ' ' ORDER BY bh) FROM own WHERE bh IN ('#04', '#05')$$);
-- empty is null
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#06', '{"所在单位": ""}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT count(*) FROM own WHERE dw IS NULL AND bh = '#06'$$);
-- a column of two fields
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#07', '{"评价机构": "乙校"}', 'r', 'a')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#07', '{"评价机构": "丙校", "发证机构": "丙校", "jg": "丙校"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#07', '{"评价机构": "丁校", "发证机构": "戊校"}', 'r', 'a')$$);
SELECT pg_temp.expect('丙校', $$SELECT jg FROM own WHERE bh = '#07'$$);
-- names follow the table
ALTER TABLE own RENAME COLUMN xm TO "Name of ""holder""";
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#08', '{"Name of \"holder\"": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#08', '{"xm": "王五"}', 'r', 'a')$$);
ALTER TABLE own RENAME COLUMN "Name of ""holder""" TO xm;

-- what cannot be named
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '[]', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '"姓名"', 'r', 'a')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.correct('own', '#10', NULL, 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '{#10,#11}', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{"姓 名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{"old": "8"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{"工种名称": "数控车工"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{"证件号码": 130102199003071233}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{"姓名": {"a": 1}}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('own', '#10', '{"姓名": true}', 'r', 'a')$$);
SELECT pg_temp.expect('QC013 correction.number', $$SELECT certdata.correct('own', '#10', '{"证书编号": "#91"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC013 correction.number', $$SELECT certdata.correct('own', '#10', '{"姓名": "李四", "bh": "#91"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC013 correction.number', $$SELECT certdata.correct('zs', '#10', '{"cert_no": "#91"}', 'r', 'a')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.correct('zs', '#10', '{"state": "retired"}', 'r', 'a')$$);
-- values that the column cannot hold are refused, not cut
SELECT pg_temp.expect('22001', $$SELECT certdata.correct('own', '#10', '{"姓名": "一二三四五六七"}', 'r', 'a')$$);
SELECT pg_temp.expect('22001', $$SELECT certdata.correct('own', '#10', '{"lx": "012"}', 'r', 'a')$$);
SELECT pg_temp.expect('22001', $$SELECT certdata.correct('own', '#10', '{"dw": "一二三四五六七八九"}', 'r', 'a')$$);
SELECT pg_temp.expect('23514 short_text_check', $$SELECT certdata.correct('own', '#10', '{"dw": "禁用"}', 'r', 'a')$$);
SELECT pg_temp.expect('22P02 date.space', $$SELECT certdata.correct('own', '#10', '{"rq": "yesterday or so"}', 'r', 'a')$$);
SELECT pg_temp.expect('22P02 id.length', $$SELECT certdata.correct('zs', '#10', '{"证件号码": "1301021990030712333"}', 'r', 'a')$$);
-- and so are faults
SELECT pg_temp.expect('23514 id.checksum', $$SELECT certdata.correct('own', '#10', '{"证件号码": "130102199003071234"}', 'r', 'a')$$);
SELECT pg_temp.expect('23514 idtype.unknown', $$SELECT certdata.correct('own', '#10', '{"证件类型": "09"}', 'r', 'a')$$);
SELECT pg_temp.expect('23514 no.level', $$SELECT certdata.correct('own', '#10', '{"职业技能等级": "四级"}', 'r', 'a')$$);
SELECT pg_temp.expect('23514 name.required', $$SELECT certdata.correct('own', '#10', '{"姓名": null}', 'r', 'a')$$);
SELECT pg_temp.expect('张三|01|130102199003071233|甲公司|车工|3|2022-02-09|甲校', $$SELECT fields('#10')$$);

-- reason and approval: for the call, or set for the transaction
SELECT pg_temp.expect('QC010 correction.reason', $$SELECT certdata.correct('own', '#11', '{"所在单位": "乙公司"}', NULL, 'a')$$);
SELECT pg_temp.expect('QC010 correction.reason', $$SELECT certdata.correct('own', '#11', '{"所在单位": "乙公司"}', ' ', 'a')$$);
SELECT pg_temp.expect('QC010 correction.approval', $$SELECT certdata.correct('own', '#11', '{"所在单位": "乙公司"}', 'r')$$);
SET certdata.reason = 'standing';
SELECT pg_temp.expect('QC010 correction.reason', $$SELECT certdata.correct('own', '#11', '{"所在单位": "乙公司"}', NULL, 'a')$$);
RESET certdata.reason;
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#11', '{"所在单位": "乙公司"}', NULL)$$);
COMMIT;
-- they say nothing about the next statement, nor do they after an error
SELECT pg_temp.expect('QC010 correction.reason', $$UPDATE own SET dw = '丙公司' WHERE bh = '#12'$$);
BEGIN;
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#12', '{"所在单位": "乙公司"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC010 correction.reason', $$UPDATE own SET dw = '丙公司' WHERE bh = '#13'$$);
SELECT pg_temp.expect('23514 name.required', $$SELECT certdata.correct('own', '#13', '{"姓名": null}', 'r', 'a')$$);
SELECT pg_temp.expect('22001', $$SELECT certdata.correct('own', '#13', '{"姓名": "一二三四五六七"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC010 correction.reason', $$UPDATE own SET dw = '丙公司' WHERE bh = '#13'$$);
COMMIT;
SELECT pg_temp.expect('甲公司', $$SELECT dw FROM own WHERE bh = '#13'$$);
-- no change is no correction
SELECT pg_temp.expect('done', $$SELECT certdata.correct('own', '#14', '{"姓名": "张三"}', NULL)$$);
SELECT pg_temp.expect('0', $$SELECT count(*) FROM certdata.life AS l JOIN certdata.attachment AS a ON a.id = l.attachment
	WHERE a.relation = 'own'::regclass AND l.cert_no = '#14'$$);

-- triggers of the table's owner: what they make of the row is judged, what
-- they do besides is not covered, and a row they keep from changing is told
CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.dw = '停' THEN
		RETURN NULL;
	ELSIF NEW.dw = '改' THEN
		NEW.hm := '130102199003071234';
	ELSIF NEW.dw = '连' THEN
		UPDATE own SET dw = '连带' WHERE bh = 'S000013010001223000016';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER meddle BEFORE UPDATE ON own FOR EACH ROW EXECUTE FUNCTION meddle();
SELECT pg_temp.expect('27000', $$SELECT certdata.correct('own', '#15', '{"dw": "停"}', 'r', 'a')$$);
SELECT pg_temp.expect('23514 id.checksum', $$SELECT certdata.correct('own', '#15', '{"dw": "改"}', 'r', 'a')$$);
SELECT pg_temp.expect('QC010 correction.reason', $$SELECT certdata.correct('own', '#15', '{"dw": "连"}', 'r', 'a')$$);
SELECT pg_temp.expect('张三|01|130102199003071233|甲公司|车工|3|2022-02-09|甲校', $$SELECT fields('#15')$$);
DROP TRIGGER meddle ON own;

-- in words; nobody's name or number is in them
CREATE TABLE numeric_id (LIKE certdata.report);
ALTER TABLE numeric_id ALTER "证件号码" TYPE bigint USING 0;
CREATE UNIQUE INDEX ON numeric_id (certdata.number_key("证书编号"));
SELECT certdata.attach('numeric_id') IS NOT NULL;
INSERT INTO numeric_id VALUES ('张三', '居民身份证', 130102199003071233, NULL, '车工', NULL, '三级', 'S000013010001223000001', '2022-02-09', '甲校', '甲校');
\t off
SELECT certdata.correct('numeric_id', 'S000013010001223000001', '{"证件号码": "13010219900307002X"}', 'r', 'a');
SELECT certdata.correct('own', 'S000013010001223000010', '{"欧阳小明": "姓名"}', 'r', 'a');
SELECT certdata.correct('own', 'S000013010001223000010', '{"工种名称": "数控车工"}', 'r', 'a');
SELECT certdata.correct('own', 'S000013010001223000010', '{"证书编号": "S000013010001223000091"}', 'r', 'a');
SELECT certdata.correct('own', 'S000013010001223000010', '{"姓名": "欧阳小明", "证件号码": "130102199003071234"}', 'r', 'a');
SET certdata.language = zh;
SELECT certdata.correct('numeric_id', 'S000013010001223000001', '{"证件号码": "13010219900307002X"}', 'r', 'a');
SELECT certdata.correct('own', 'S000013010001223000010', '{"证件号码": 130102199003071233}', 'r', 'a');
SELECT certdata.correct('own', 'S000013010001223000010', '{"欧阳小明": "姓名"}', 'r', 'a');
SET certdata.language = en;
\t on

SELECT certdata.detach('zs', 'end of test'), certdata.detach('own', 'end of test'), certdata.detach('numeric_id', 'end of test');
DROP SCHEMA act_correct CASCADE;
