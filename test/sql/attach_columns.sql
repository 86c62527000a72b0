-- Defect looked for: a mapping that loses its column when it, or the table, is
-- renamed, dropped and added again; codes, constants, padding and dates judged
-- as something else than what they stand for; a number that gets in twice
-- because it is written in two ways; a view that shows other fields.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_columns;
SET search_path = attach_columns;
RESET client_min_messages;
\set VERBOSITY terse

CREATE SCHEMA "Schema 甲";
CREATE TABLE "Schema 甲"."T-1" (gone int, "Xm 1" varchar(40), lx char(2), hm char(18), zy text, dj text, bh char(22) PRIMARY KEY, rq date, fz text, bz text);
ALTER TABLE "Schema 甲"."T-1" DROP COLUMN gone;
INSERT INTO "Schema 甲"."T-1" VALUES ('张三', '01', '130102199003071233', '车工', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '首批');
SELECT certdata.attach('"Schema 甲"."T-1"', columns => '{"姓名": "Xm 1", "证件类型": {"column": "lx", "map": {"01": "居民身份证", "02": "中国护照"}},
	"证件号码": "hm", "所在单位": {"value": ""}, "职业名称": "zy", "工种名称": {"value": ""}, "职业技能等级": "dj", "证书编号": "bh",
	"发证日期": "rq", "评价机构": {"value": "甲校"}, "发证机构": "fz"}') IS NOT NULL AS attached;

-- lawful: padding is no space, a code stands for its text
INSERT INTO "Schema 甲"."T-1" VALUES ('李四', '02', 'E12345678', '车工', '三级', 'S000013000001223000002', '2022-02-09', '甲校', NULL);
-- not: a code that stands for nothing, a wrong check character, a future date
INSERT INTO "Schema 甲"."T-1" VALUES ('李四', '09', '13010219900307002X', '车工', '三级', 'S000013000001223000003', '2022-02-09', '甲校', NULL);
INSERT INTO "Schema 甲"."T-1" VALUES ('李四', '01', '130102199003071231', '车工', '三级', 'S000013000001223000003', '2022-02-09', '甲校', NULL);
INSERT INTO "Schema 甲"."T-1" VALUES ('李四', '01', '13010219900307002X', '车工', '三级', 'S000013000001993000003', '2099-02-09', '甲校', NULL);
-- one number in two notations is one number
INSERT INTO "Schema 甲"."T-1" VALUES ('李四', '01', '13010219900307002X', '车工', '三级', 's000013000001223000001', '2022-02-09', '甲校', NULL);

-- names of today
SELECT field, column_name, data_type, constant, map FROM certdata.attached_column WHERE relation = '"Schema 甲"."T-1"'::regclass;
ALTER TABLE "Schema 甲"."T-1" RENAME "Xm 1" TO "姓 名";
ALTER TABLE "Schema 甲"."T-1" RENAME TO cert;
ALTER TABLE "Schema 甲".cert SET SCHEMA attach_columns;
ALTER TABLE cert DROP COLUMN bz;
ALTER TABLE cert ADD COLUMN bz text;
SELECT relation, field, column_name FROM certdata.attached_column WHERE relation = 'cert'::regclass AND field IN ('姓名', '发证机构');
UPDATE cert SET "姓 名" = '李五' WHERE bh = 'S000013000001223000002';
UPDATE cert SET bz = 'free';
SELECT certdata.correct('cert', 'S000013000001223000002', '{"姓名": "李五"}', '错字', '省');
SELECT certdata.correct('cert', 'S000013000001223000002', '{"证件类型": "居民身份证"}', '错', '省');
SELECT certdata.correct('cert', 'S000013000001223000001', '{"评价机构": "乙校"}', '错', '省');
TABLE "Schema 甲"."T-1_report" ORDER BY "证书编号";
TABLE "Schema 甲"."T-1_live" ORDER BY bh;
-- through the report: codes and constants find their way back
INSERT INTO "Schema 甲"."T-1_report" VALUES ('王五', '中国护照', 'E12345679', NULL, '车工', NULL, '三级', 'S000013000001223000005', '2022-02-09', '甲校', '甲校');
INSERT INTO "Schema 甲"."T-1_report" VALUES ('王五', '中国护照', 'E12345679', NULL, '车工', NULL, '三级', 'S000013000001223000006', '2022-02-09', '乙校', '甲校');
SELECT lx, hm, rq FROM cert WHERE bh = 'S000013000001223000005';
UPDATE "Schema 甲"."T-1_report" SET "姓名" = '王武' WHERE "证书编号" = 'S000013000001223000005';
DELETE FROM "Schema 甲"."T-1_report";

-- mapped columns stay, as they are
ALTER TABLE cert DROP COLUMN lx;
ALTER TABLE cert ALTER COLUMN dj TYPE varchar USING 'x';

-- one column for two fields, columns by the guide's headers, an odd order
CREATE TABLE two (LIKE certdata.report, note text);
ALTER TABLE two DROP COLUMN "发证机构";
SELECT certdata.attach('two', columns => '{"发证机构": "评价机构"}') IS NOT NULL AS attached;
INSERT INTO two VALUES ('张三', '居民身份证', '130102199003071233', '', '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', 'x');
INSERT INTO two VALUES ('张三', '居民身份证', '130102199003071233', '', '车工', '', '三级', 'S000013000001223000002', '2022-02-09', '', 'x');
SELECT "评价机构", "发证机构" FROM two_report;
INSERT INTO two_report VALUES ('李四', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000003', '2022-02-09', '乙校', '乙校');

-- a load: constants must agree, codes are found
CREATE TABLE staging (LIKE certdata.report);
INSERT INTO staging VALUES
	('赵六', '居民身份证', '13010219900307002X', '', '车工', '', '高级工', 'S000013000001223000007', '2022-02-09', '甲校', '甲校'),
	('钱七', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000008', '2022-02-09', '乙校', '甲校'),
	('孙八', '居民身份证', '13010219900307002X', '丙厂', '车工', '', '三级', 's000013000001223000001', '2022-02-09', '甲校', '甲校');
SELECT * FROM certdata.load('staging', 'cert');
SELECT row_no, "姓名" FROM certdata.rejected('staging', 'cert');
SELECT * FROM certdata.load('staging', 'cert', true);
SELECT lx, dj, bh FROM cert WHERE bh = 'S000013000001223000007';
-- one column for two fields keeps one value
CREATE TABLE staged2 (LIKE certdata.report);
INSERT INTO staged2 VALUES
	('赵六', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000017', '2022-02-09', '乙校', '丙校'),
	('赵六', '居民身份证', '13010219900307002X', '', '车工', '', '三级', 'S000013000001223000018', '2022-02-09', '乙校', '乙校');
\set VERBOSITY default
SELECT * FROM certdata.load('staged2', 'two');
\set VERBOSITY terse
SELECT * FROM certdata.load('staged2', 'two', true);
-- one row of the table, by its mapping
INSERT INTO cert VALUES ('周八', '01', '13010219900307002X', '车工', '高级工', 'S000013000001223000008', '2022-02-09', '甲校');
SELECT r.bh, f.rule FROM cert AS r, certdata.check_record(r) AS f ORDER BY 1, 2;
-- against all attached tables
SELECT row_no, rule FROM certdata.check_rows('staging') ORDER BY 1, 2;
SELECT row_no, field, rule FROM certdata.check_rows('cert');
SET client_min_messages = warning;
DROP SCHEMA attach_columns, "Schema 甲" CASCADE;
TRUNCATE certdata.attachment, certdata.life;
