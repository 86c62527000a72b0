-- The check floor: findings, the rule list, the ways to have data checked.

-- ---------------------------------------------------------------- findings

CREATE TYPE certdata.finding AS (
	rule text,
	field text,
	severity text,
	clause text,
	message text,
	hint text
);
COMMENT ON TYPE certdata.finding IS
'a fault of a record: rule id, field by its header in Annex 1, severity (error, principle, warning), clause of the guide or standard, message and way out in the language of certdata.language';

CREATE TABLE certdata.report (
	"姓名" text,
	"证件类型" text,
	"证件号码" text,
	"所在单位" text,
	"职业名称" text,
	"工种名称" text,
	"职业技能等级" text,
	"证书编号" text,
	"发证日期" text,
	"评价机构" text,
	"发证机构" text
);
COMMENT ON TABLE certdata.report IS
'the format of a report (Annex 1): eleven text columns with the guide''s headers in its order; never filled. CREATE TEMP TABLE r (LIKE certdata.report) makes a staging table';

-- A statement trigger, not a constraint: core prints the rows that break one.
CREATE FUNCTION certdata.report_is_a_format() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = certdata.words('“certdata.report”只是格式，不存放数据', '"certdata.report" is a format and holds no rows'),
		HINT = certdata.words('执行 CREATE TEMP TABLE r (LIKE certdata.report)，把数据放入该表。',
			'CREATE TEMP TABLE r (LIKE certdata.report), and fill that.');
END $$;
REVOKE EXECUTE ON FUNCTION certdata.report_is_a_format() FROM PUBLIC;
COMMENT ON FUNCTION certdata.report_is_a_format() IS
'trigger of certdata.report: refuses rows (55000)';

CREATE TRIGGER report_is_a_format BEFORE INSERT ON certdata.report
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.report_is_a_format();

CREATE FUNCTION certdata.today() RETURNS date
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_sql_today';
COMMENT ON FUNCTION certdata.today() IS
'the date on which the transaction began, in certdata.time_zone (Asia/Shanghai), whatever the session''s time zone';

-- ---------------------------------------------------------------- the rule list

CREATE FUNCTION certdata.rule_builtin(
	OUT rule text, OUT field text, OUT severity text, OUT clause text,
	OUT message_zh text, OUT message_en text, OUT hint_zh text, OUT hint_en text,
	OUT fixed boolean)
	RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'certdata_rule_list';
COMMENT ON FUNCTION certdata.rule_builtin() IS
'the rules as shipped, from the library; … stands for what a finding fills in';

-- A range over text makes a text key usable in an exclusion constraint without
-- a further extension: [k,k] overlaps [k2,k2] exactly when k = k2.
CREATE TYPE certdata.text_range AS RANGE (SUBTYPE = text, COLLATION = "C");
COMMENT ON TYPE certdata.text_range IS
'range of text in C collation; keys of settings that must not overlap in time';
COMMENT ON TYPE certdata.text_multirange IS 'comes with certdata.text_range';
COMMENT ON FUNCTION certdata.text_range(text, text) IS 'comes with the type: [from,to)';
COMMENT ON FUNCTION certdata.text_range(text, text, text) IS 'comes with the type: from, to, bounds';
COMMENT ON FUNCTION certdata.text_multirange() IS 'comes with certdata.text_range';
COMMENT ON FUNCTION certdata.text_multirange(certdata.text_range) IS 'comes with certdata.text_range';
COMMENT ON FUNCTION certdata.text_multirange(certdata.text_range[]) IS 'comes with certdata.text_range';
COMMENT ON CAST (certdata.text_range AS certdata.text_multirange) IS 'comes with certdata.text_range';

CREATE TABLE certdata.rule_setting (
	rule text NOT NULL,
	attachment uuid,
	severity text CHECK (severity IN ('error', 'principle', 'warning')),
	enabled boolean,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT rule_setting_no_overlap EXCLUDE USING gist (
		certdata.text_range(rule || ' ' || COALESCE(attachment::text, ''),
							rule || ' ' || COALESCE(attachment::text, ''), '[]') WITH &&,
		valid WITH &&)
);
COMMENT ON TABLE certdata.rule_setting IS
'what was changed about rules: severity and switch, for all data or one attachment, judged by 发证日期 (valid); settings of one rule do not overlap. NULL leaves the shipped value';

CREATE FUNCTION certdata.rule_setting_check() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	builtin record;
BEGIN
	SELECT * INTO builtin FROM certdata.rule_builtin() AS b WHERE b.rule = NEW.rule;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'QC002',
			MESSAGE = format(certdata.words('没有规则“%s”', 'rule "%s" does not exist'), NEW.rule),
			HINT = certdata.words('规则见 SELECT rule FROM certdata.rule。', 'SELECT rule FROM certdata.rule lists them.');
	END IF;
	IF builtin.fixed AND (COALESCE(NEW.severity, builtin.severity) <> builtin.severity OR NOT COALESCE(NEW.enabled, true)) THEN
		RAISE EXCEPTION USING ERRCODE = 'QC001',
			MESSAGE = format(certdata.words('规则“%s”是固定的', 'rule "%s" is fixed'), NEW.rule),
			DETAIL = certdata.words('它陈述不随时间变化的事实（格式、长度、真实日期、封闭的取值表、校验码），不因设置而改变。',
				'It states a timeless fact (layout, length, real date, closed list, check character), which no setting changes.'),
			HINT = certdata.words('不固定的规则：SELECT rule FROM certdata.rule WHERE NOT fixed。',
				'Rules that are not fixed: SELECT rule FROM certdata.rule WHERE NOT fixed.');
	END IF;
	-- else a row would be refused in text columns and taken in typed ones
	IF NOT builtin.fixed AND NEW.rule ~ '\.(form|case|width)$' AND COALESCE(NEW.severity, 'warning') <> 'warning' THEN
		RAISE EXCEPTION USING ERRCODE = 'QC001',
			MESSAGE = format(certdata.words('规则“%s”只能是提示', 'rule "%s" can only warn'), NEW.rule),
			DETAIL = certdata.words('它涉及书写形式，列的类型在规则校验之前已使其规范。',
				'It is about notation, which the type of the column makes canonical before any rule sees it.'),
			HINT = certdata.words('停用它（enabled = false），或者保留为提示。',
				'Switch it off (enabled = false) or leave it a warning.');
	END IF;
	RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.rule_setting_check() FROM PUBLIC;
COMMENT ON FUNCTION certdata.rule_setting_check() IS
'trigger of certdata.rule_setting: refuses unknown rules (QC002) and changes of fixed ones (QC001)';

CREATE TRIGGER rule_setting_check BEFORE INSERT OR UPDATE ON certdata.rule_setting
	FOR EACH ROW EXECUTE FUNCTION certdata.rule_setting_check();

CREATE VIEW certdata.rule AS
	SELECT b.rule, b.field, COALESCE(s.severity, b.severity) AS severity, b.clause,
		b.message_zh, b.message_en, b.hint_zh, b.hint_en,
		COALESCE(s.enabled, true) AS enabled, b.fixed
	FROM certdata.rule_builtin() AS b
	LEFT JOIN certdata.rule_setting AS s
		ON s.rule = b.rule AND s.attachment IS NULL AND s.valid @> certdata.today();
COMMENT ON VIEW certdata.rule IS
'all rules with today''s settings; UPDATE of severity and enabled goes to certdata.rule_setting';

CREATE FUNCTION certdata.rule_update() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF (NEW.rule, NEW.field, NEW.clause, NEW.message_zh, NEW.message_en, NEW.hint_zh, NEW.hint_en, NEW.fixed)
		IS DISTINCT FROM
		(OLD.rule, OLD.field, OLD.clause, OLD.message_zh, OLD.message_en, OLD.hint_zh, OLD.hint_en, OLD.fixed) THEN
		RAISE EXCEPTION USING ERRCODE = 'QC001',
			MESSAGE = certdata.words('规则只能更改 severity 和 enabled', 'only severity and enabled of a rule can be changed'),
			HINT = certdata.words('其他列是程序库的一部分。', 'The other columns are part of the library.');
	END IF;
	IF NEW.severity IS NULL OR NEW.enabled IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = certdata.words('规则的 severity 和 enabled 不能为空值', 'severity and enabled of a rule cannot be null');
	END IF;
	IF (NEW.severity, NEW.enabled) = (OLD.severity, OLD.enabled) THEN
		RETURN NEW;				-- what was not changed is not written down
	END IF;
	UPDATE certdata.rule_setting AS s SET severity = NEW.severity, enabled = NEW.enabled
		WHERE s.rule = NEW.rule AND s.attachment IS NULL AND s.valid @> certdata.today();
	IF NOT FOUND THEN
		INSERT INTO certdata.rule_setting (rule, severity, enabled)
			VALUES (NEW.rule, NEW.severity, NEW.enabled);
	END IF;
	RETURN NEW;
EXCEPTION WHEN exclusion_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'exclusion_violation',
		MESSAGE = format(certdata.words('规则“%s”在其他时段另有设置', 'rule "%s" has settings for other periods'), NEW.rule),
		HINT = certdata.words('向 certdata.rule_setting 插入一行，写明更改适用的时段（valid）。',
			'Insert into certdata.rule_setting with the period (valid) that the change is for.');
END $$;
REVOKE EXECUTE ON FUNCTION certdata.rule_update() FROM PUBLIC;
COMMENT ON FUNCTION certdata.rule_update() IS
'INSTEAD OF UPDATE trigger of certdata.rule; a change is for all dates unless a setting valid today is there to be changed';

CREATE TRIGGER rule_update INSTEAD OF UPDATE ON certdata.rule
	FOR EACH ROW EXECUTE FUNCTION certdata.rule_update();

-- ---------------------------------------------------------------- letters

CREATE TABLE certdata.category_builtin (
	letter text PRIMARY KEY,
	meaning text NOT NULL
);
INSERT INTO certdata.category_builtin VALUES ('S', '社会培训评价组织'), ('Y', '用人单位');
COMMENT ON TABLE certdata.category_builtin IS
'category letters (position 1 of 证书编号) as shipped';

CREATE TABLE certdata.category_setting (
	letter text NOT NULL CHECK (letter ~ '^[A-Z]$'),
	meaning text,
	accepted boolean NOT NULL DEFAULT true,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT category_setting_no_overlap EXCLUDE USING gist (
		certdata.text_range(letter, letter, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.category_setting IS
'category letters added (accepted) or withdrawn (not accepted), judged by 发证日期';

CREATE VIEW certdata.category AS
	SELECT s.letter, COALESCE(s.meaning, b.meaning) AS meaning, s.accepted, s.valid
	FROM certdata.category_setting AS s
	LEFT JOIN certdata.category_builtin AS b USING (letter)
	UNION ALL
	SELECT b.letter, b.meaning, true, v.valid
	FROM certdata.category_builtin AS b,
		LATERAL unnest('{(,)}'::datemultirange -
			COALESCE((SELECT range_agg(s.valid) FROM certdata.category_setting AS s WHERE s.letter = b.letter),
					 '{}'::datemultirange)) AS v(valid);
COMMENT ON VIEW certdata.category IS
'category letters: those of certdata.category_setting, and those shipped on the days for which it says nothing';

CREATE FUNCTION certdata.category_change() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF TG_OP <> 'INSERT' THEN
		DELETE FROM certdata.category_setting AS s WHERE s.letter = OLD.letter AND s.valid = OLD.valid;
	END IF;
	IF TG_OP = 'DELETE' THEN
		-- a shipped letter is withdrawn, which has to outlive a dump
		INSERT INTO certdata.category_setting (letter, accepted, valid)
			SELECT b.letter, false, OLD.valid FROM certdata.category_builtin AS b WHERE b.letter = OLD.letter;
		RETURN OLD;
	END IF;
	INSERT INTO certdata.category_setting (letter, meaning, accepted, valid)
		VALUES (NEW.letter, NEW.meaning, COALESCE(NEW.accepted, true), COALESCE(NEW.valid, '(,)'));
	RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.category_change() FROM PUBLIC;
COMMENT ON FUNCTION certdata.category_change() IS
'INSTEAD OF trigger of certdata.category: changes go to certdata.category_setting';

CREATE TRIGGER category_change INSTEAD OF INSERT OR UPDATE OR DELETE ON certdata.category
	FOR EACH ROW EXECUTE FUNCTION certdata.category_change();

CREATE TABLE certdata.level_letter (
	letter text NOT NULL CHECK (letter ~ '^[A-Z]$'),
	level certdata.skill_level NOT NULL
		CHECK (level IN ('学徒工', '特级技师', '首席技师')),
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT level_letter_no_overlap EXCLUDE USING gist (
		certdata.text_range(letter, letter, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.level_letter IS
'what a letter at position 16 of 证书编号 means, judged by 发证日期; empty as shipped, for no published source names the letters';

-- Without a primary key, yet they may be part of a publication (FOR ALL TABLES).
ALTER TABLE certdata.rule_setting REPLICA IDENTITY FULL;
ALTER TABLE certdata.category_setting REPLICA IDENTITY FULL;
ALTER TABLE certdata.level_letter REPLICA IDENTITY FULL;

SELECT pg_catalog.pg_extension_config_dump('certdata.rule_setting', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.category_setting', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.level_letter', '');

-- ---------------------------------------------------------------- one record

CREATE FUNCTION certdata.check_record(record certdata.report) RETURNS SETOF certdata.finding
	LANGUAGE c STABLE PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', 'certdata_check_record';
COMMENT ON FUNCTION certdata.check_record(certdata.report) IS
'all faults of one report record; no row: it has none';

CREATE FUNCTION certdata.check_record(record record) RETURNS SETOF certdata.finding
	LANGUAGE c STABLE PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', 'certdata_check_record';
COMMENT ON FUNCTION certdata.check_record(record) IS
'all faults of a row: its columns are found by the guide''s headers or certdata''s own column names, else by position; QC003 if some are missing';

CREATE FUNCTION certdata.check_record(
	name text, id_type text, id_number text, employer text, occupation text, work_type text,
	level text, cert_no text, issue_date text, evaluator text, issuer text)
	RETURNS SETOF certdata.finding
	LANGUAGE c STABLE PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', 'certdata_check_record_fields';
COMMENT ON FUNCTION certdata.check_record(text, text, text, text, text, text, text, text, text, text, text) IS
'all faults of a record given as the eleven fields of Annex 1 in its order; NULL and empty are the same';

-- ---------------------------------------------------------------- many rows

CREATE FUNCTION certdata.check_rows(source regclass, received_on date DEFAULT NULL)
	RETURNS TABLE (row_no bigint, cell text, field text, rule text, severity text,
				   clause text, value text, message text, hint text)
	LANGUAGE c STABLE PARALLEL UNSAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_check_rows';
COMMENT ON FUNCTION certdata.check_rows(regclass, date) IS
'all faults of all rows of a table or view, in one pass, repeated numbers included; row_no from 1 in physical order, or from a column row_no as read_report gives it; cell as in a spreadsheet with a header; values masked. received_on: the day the data was handed in, for lateness (第十二条). Needs SELECT on the source; QC003 if it lacks columns';

CREATE FUNCTION certdata.check_report(report bytea, encoding name DEFAULT NULL, received_on date DEFAULT NULL)
	RETURNS TABLE (row_no bigint, cell text, field text, rule text, severity text,
				   clause text, value text, message text, hint text)
	LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_check_report';
COMMENT ON FUNCTION certdata.check_report(bytea, name, date) IS
'all faults of a report file (CSV as spreadsheets save it; encoding found by itself if NULL), those of file and header with row_no 0. received_on: the day the file was handed in, for lateness (第十二条)';

CREATE FUNCTION certdata.read_report(
	report bytea, encoding name DEFAULT NULL,
	OUT row_no bigint,
	OUT "姓名" text, OUT "证件类型" text, OUT "证件号码" text, OUT "所在单位" text,
	OUT "职业名称" text, OUT "工种名称" text, OUT "职业技能等级" text, OUT "证书编号" text,
	OUT "发证日期" text, OUT "评价机构" text, OUT "发证机构" text)
	RETURNS SETOF record
	LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_read_report';
COMMENT ON FUNCTION certdata.read_report(bytea, name) IS
'the rows of a report file, unchanged, numbered as check_report numbers them; empty rows left out, empty cells NULL';

CREATE FUNCTION certdata.load(
	source regclass, target regclass, partial boolean DEFAULT false,
	OUT rows bigint, OUT loaded bigint, OUT rejected bigint, OUT warnings bigint)
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_load';
COMMENT ON FUNCTION certdata.load(regclass, regclass, boolean) IS
'checks all rows of the source and inserts them into the target in canonical form; if rows are refused, none is loaded (23514, naming them), or with partial => true the others are. Needs SELECT on both and INSERT on the target; certdata.rejected() gives the refused rows';
REVOKE EXECUTE ON FUNCTION certdata.load(regclass, regclass, boolean) FROM PUBLIC;

CREATE FUNCTION certdata.rejected(
	source regclass, target regclass,
	OUT row_no bigint,
	OUT "姓名" text, OUT "证件类型" text, OUT "证件号码" text, OUT "所在单位" text,
	OUT "职业名称" text, OUT "工种名称" text, OUT "职业技能等级" text, OUT "证书编号" text,
	OUT "发证日期" text, OUT "评价机构" text, OUT "发证机构" text)
	RETURNS SETOF record
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_rejected';
COMMENT ON FUNCTION certdata.rejected(regclass, regclass) IS
'the rows of the source that load() refuses for the target, unchanged, for mending; call it before load, since loaded numbers are taken';
REVOKE EXECUTE ON FUNCTION certdata.rejected(regclass, regclass) FROM PUBLIC;

CREATE FUNCTION certdata.check_new_rows() RETURNS trigger
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_check_new_rows';
COMMENT ON FUNCTION certdata.check_new_rows() IS
'trigger AFTER INSERT, or AFTER UPDATE, FOR EACH STATEMENT, REFERENCING NEW TABLE: all record rules on the new rows in one pass; refuses with 23514 and names the bad rows, warnings come as one WARNING. certdata.check_inserts() makes triggers that need no transition table';
