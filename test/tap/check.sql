-- What the check floor is to everyone: volatility, strictness, parallel
-- safety and who may execute each function; comments; settings that a dump
-- keeps; a trigger function put where it cannot work.
\ir ../data/tap.sql
SET certdata.language = en;

CREATE TEMP TABLE wanted (name text, arguments text, volatile text, strict boolean, parallel text, everyone boolean, srf boolean);
INSERT INTO wanted VALUES
	('today', '', 's', true, 's', true, false),
	('rule_builtin', '', 'i', true, 's', true, true),
	('check_record', 'certdata.report', 's', false, 's', true, true),
	('check_record', 'record', 's', false, 's', true, true),
	('check_record', 'text, text, text, text, text, text, text, text, text, text, text', 's', false, 's', true, true),
	('check_rows', 'regclass, date', 's', false, 'u', true, true),
	('check_report', 'bytea, name, date', 's', false, 's', true, true),
	('read_report', 'bytea, name', 's', false, 's', true, true),
	('load', 'regclass, regclass, boolean', 'v', false, 'u', false, false),
	('rejected', 'regclass, regclass', 's', true, 'u', false, true),
	('new_row', 'tid', 'v', true, 'u', true, false),
	('check_new_rows', '', 'v', false, 'u', true, false),
	('check_inserts', 'regclass', 'v', true, 'u', false, false),
	('rule_setting_check', '', 'v', false, 'u', false, false),
	('rule_update', '', 'v', false, 'u', false, false),
	('report_is_a_format', '', 'v', false, 'u', false, false),
	('category_change', '', 'v', false, 'u', false, false),
	('match_form', 'text', 'i', true, 's', true, false),
	('scope_key', 'text, text, text, certdata.skill_level', 'i', false, 's', true, false),
	('organisation_check', '', 'v', false, 'u', false, false),
	('organisation_gone', '', 'v', false, 'u', false, false),
	('organisation_named', '', 'v', false, 'u', false, false),
	('in_scope', 'text, text, text, certdata.skill_level, date', 's', false, 's', true, false),
	('responsible', 'text, date', 's', false, 's', true, false),
	('calendar_day_builtin', '', 'i', true, 's', true, true),
	('calendar_year_builtin', '', 'i', true, 's', true, true),
	('period_builtin', '', 'i', true, 's', true, true),
	('calendar_day_change', '', 'v', false, 'u', false, false),
	('calendar_year_change', '', 'v', false, 'u', false, false),
	('period_change', '', 'v', false, 'u', false, false),
	('is_workday', 'date', 's', true, 's', true, false),
	('add_workdays', 'date, integer', 's', true, 's', true, false),
	('workdays_between', 'date, date', 's', true, 's', true, false),
	('due_date', 'text, date', 's', true, 's', true, false),
	('lateness', 'text, date, date', 's', true, 's', true, false);
SELECT is(concat_ws(' ', w.volatile, w.strict, w.parallel, w.everyone, w.srf),
	concat_ws(' ', p.provolatile, p.proisstrict, p.proparallel, has_function_privilege('public', p.oid, 'EXECUTE'), p.proretset),
	format('%s(%s): volatility, strictness, parallel safety, execution by everyone, rows', w.name, w.arguments))
FROM wanted AS w LEFT JOIN (SELECT f.*, array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(f.proargtypes) AS t), ', ') AS arguments
	FROM pg_proc AS f WHERE f.pronamespace = 'certdata'::regnamespace) AS p ON p.proname = w.name AND p.arguments = w.arguments;

-- the guard floor's have a test of their own (guard.sql)
CREATE TEMP VIEW guard_function AS SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace
	AND p.proname ~ '^(open_maintenance$|close_maintenance$|maintenance_|library$|guard_|attach|detach|validate|create_registry$|add_|enable_triggers|register_numbers$|dropped_as_owner$|refuse_apply$|guarded_as$|has_rows$|report_change$|report_expression$|states_as_owner$|tree_of$|joins_table$|correct$|renumber$|retire$|reinstate$|suspend$|resume$|publish$|withdraw$)';

-- and so have the ledger's (ledger.sql)
CREATE TEMP VIEW ledger_function AS SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace
	AND p.proname ~ '^(start_ledger|adopt_ledger|seal|head|inclusion_proof|consistency_proof|tree_root|leaf_of|leaf_hash|record_act|record_settings|acts_of|history|evidence|export_ledger|erase_old_values|verify_ledger|doctor.*)$';

-- what writes or gives back rows is for roles, not for everyone
SELECT is(array_agg(p.oid::regprocedure::text ORDER BY p.oid::regprocedure::text COLLATE "C"),
	ARRAY['certdata.calendar_day_change()', 'certdata.calendar_year_change()', 'certdata.category_change()', 'certdata.check_inserts(regclass)',
	'certdata.load(regclass,regclass,boolean)', 'certdata.organisation_check()', 'certdata.organisation_gone()', 'certdata.organisation_named()', 'certdata.period_change()', 'certdata.rejected(regclass,regclass)',
	'certdata.report_is_a_format()', 'certdata.rule_setting_check()', 'certdata.rule_update()', 'certdata.setting_told()'], 'the functions that not everyone executes')
FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace AND NOT has_function_privilege('public', p.oid, 'EXECUTE')
	AND p.oid NOT IN (SELECT oid FROM guard_function UNION SELECT oid FROM ledger_function);
SELECT is(array_agg(proname::text ORDER BY proname COLLATE "C"), ARRAY['attach_as_owner', 'detach_as_owner', 'doctor', 'dropped_as_owner', 'guard_partitions', 'maintenance_closed_as_owner', 'maintenance_opened_as_owner', 'states_as_owner', 'validated_as_owner'],
	'the functions that act with their owner''s rights') FROM pg_proc WHERE pronamespace = 'certdata'::regnamespace AND prosecdef;
SELECT is(count(*), 0::bigint, 'every function not in C has its search_path pinned') FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.pronamespace = 'certdata'::regnamespace AND l.lanname IN ('plpgsql', 'sql') AND NOT COALESCE(p.proconfig::text ~ 'search_path=', false)
	AND p.prosqlbody IS NULL	-- that has been parsed already
	AND p.proname <> 'create_registry';	-- makes its table in the caller's current schema
SELECT is(count(*), 0::bigint, 'every function in C knows whether it can run in parallel')
FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace AND p.proparallel = 'u' AND p.prorettype <> 'trigger'::regtype
	AND p.proname NOT IN ('check_rows', 'load', 'rejected', 'new_row', 'gone_row', 'check_inserts', 'setting_changed') AND p.oid NOT IN (SELECT oid FROM guard_function UNION SELECT oid FROM ledger_function);
-- roles
SELECT has_role(r) FROM unnest(ARRAY['certdata_admin', 'certdata_officer', 'certdata_auditor']) AS r;
SELECT is(count(*), 0::bigint, 'they cannot log in, nor do more than they are granted') FROM pg_roles
WHERE rolname ~ '^certdata_(admin|officer|auditor)$' AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls);
SELECT is(has_function_privilege(r, f, 'EXECUTE'), e, format('%s and %s', r, f)) FROM (VALUES
	('certdata_admin', 'certdata.load(regclass,regclass,boolean)', true), ('certdata_officer', 'certdata.load(regclass,regclass,boolean)', true),
	('certdata_auditor', 'certdata.load(regclass,regclass,boolean)', false), ('certdata_auditor', 'certdata.rejected(regclass,regclass)', true),
	('certdata_officer', 'certdata.rejected(regclass,regclass)', true)) AS t(r, f, e);
SELECT is(has_table_privilege(r, t, 'INSERT, UPDATE, DELETE, TRUNCATE'), r = 'certdata_admin' AND t <> 'certdata.report' AND t !~ 'builtin',
	format('%s changes %s', r, t))
FROM unnest(ARRAY['public', 'certdata_officer', 'certdata_auditor', 'certdata_admin']) AS r,
	unnest(ARRAY['certdata.report', 'certdata.rule_setting', 'certdata.category', 'certdata.category_setting', 'certdata.category_builtin', 'certdata.level_letter',
		'certdata.organisation', 'certdata.organisation_name', 'certdata.filing', 'certdata.scope', 'certdata.calendar_day', 'certdata.calendar_day_setting',
		'certdata.calendar_year', 'certdata.calendar_year_setting', 'certdata.period_setting']) AS t;
SELECT is(has_table_privilege('public', c.oid, 'SELECT'), true, c.oid::regclass || ' is for everyone to see')
FROM pg_class AS c WHERE c.relnamespace = 'certdata'::regnamespace AND c.relkind IN ('r', 'v')
	AND c.relname NOT IN ('attachment', 'attached_column', 'life', 'withdrawn', 'known_fault', 'attempt', 'maintenance', 'recorded_act', 'recorded_entry') AND c.relname !~ '^ledger';
SELECT is(has_table_privilege('certdata_admin', 'certdata.rule', 'UPDATE') AND NOT has_table_privilege('certdata_officer', 'certdata.rule', 'UPDATE'), true,
	'the administrator sets rules');
SELECT is(has_table_privilege('certdata_admin', 'certdata.period', 'UPDATE') AND NOT has_table_privilege('certdata_officer', 'certdata.period', 'UPDATE'), true,
	'and periods');

-- every object of the extension says what it is
SELECT is(array_agg(pg_describe_object(d.classid, d.objid, 0)), NULL, 'every object has a comment')
FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'certdata') AND d.deptype = 'e'
	AND d.classid NOT IN ('pg_rewrite'::regclass)
	AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
		WHERE t.oid = d.objid AND (t.typcategory = 'A' OR c.relkind IN ('r', 'v'))))
	AND COALESCE(obj_description(d.objid, (SELECT relname FROM pg_class WHERE oid = d.classid)), '') = '';
SELECT is(count(*), 0::bigint, 'nothing is left in other schemas') FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'certdata') AND d.deptype = 'e'
	AND d.classid = 'pg_class'::regclass AND c.relnamespace <> 'certdata'::regnamespace;

-- what a dump keeps: the settings, whole, and nothing that is shipped
SELECT is(array_agg(c::regclass::text ORDER BY c::regclass::text COLLATE "C"), ARRAY['certdata.attachment', 'certdata.attempt', 'certdata.attempt_id', 'certdata.calendar_day_setting', 'certdata.calendar_year_setting',
	'certdata.category_setting', 'certdata.filing', 'certdata.known_fault', 'certdata.ledger', 'certdata.ledger_act', 'certdata.ledger_act_id', 'certdata.ledger_entry',
	'certdata.ledger_head', 'certdata.ledger_incarnation', 'certdata.ledger_order', 'certdata.ledger_shape', 'certdata.ledger_shape_id', 'certdata.ledger_tile', 'certdata.level_letter', 'certdata.life', 'certdata.organisation', 'certdata.organisation_name',
	'certdata.period_setting', 'certdata.rule_setting', 'certdata.scope', 'certdata.withdrawn'], 'tables a dump keeps')
FROM pg_extension AS e, unnest(e.extconfig) AS c WHERE e.extname = 'certdata';
SELECT is(array_agg(DISTINCT c), ARRAY[''], 'all their rows') FROM pg_extension AS e, unnest(e.extcondition) AS c WHERE e.extname = 'certdata';
SELECT is(count(*), 0::bigint, 'they are empty as shipped') FROM (SELECT FROM certdata.rule_setting UNION ALL SELECT FROM certdata.category_setting UNION ALL SELECT FROM certdata.level_letter
	UNION ALL SELECT FROM certdata.scope_file UNION ALL SELECT FROM certdata.calendar_day_setting UNION ALL SELECT FROM certdata.calendar_year_setting
	UNION ALL SELECT FROM certdata.period_setting UNION ALL SELECT FROM certdata.attachment UNION ALL SELECT FROM certdata.life) AS t;
SELECT is(extrelocatable, false, 'the schema is fixed') FROM pg_extension WHERE extname = 'certdata';
SELECT is(array_agg(t.tgname::text || ' on ' || t.tgrelid::regclass::text || CASE WHEN t.tgtype & 64 <> 0 THEN ' instead' WHEN t.tgtype & 2 <> 0 THEN ' before' ELSE ' after' END ORDER BY t.tgname COLLATE "C", t.tgrelid::regclass::text COLLATE "C"),
	ARRAY['attachment_changed on certdata.attachment after', 'calendar_day_change on certdata.calendar_day instead', 'calendar_year_change on certdata.calendar_year instead', 'category_change on certdata.category instead',
	'certdata_told on certdata.category_setting after', 'certdata_told on certdata.filing after', 'certdata_told on certdata.level_letter after', 'certdata_told on certdata.organisation after', 'certdata_told on certdata.organisation_name after',
	'certdata_told on certdata.rule_setting after', 'certdata_told on certdata.scope after',
	'organisation_emptied on certdata.organisation after', 'organisation_named_insert on certdata.filing after', 'organisation_named_insert on certdata.organisation_name after',
	'organisation_named_update on certdata.filing after', 'organisation_named_update on certdata.organisation_name after', 'organisation_refers on certdata.organisation after', 'organisation_removed on certdata.organisation after', 'organisation_renumbered on certdata.organisation after',
	'period_change on certdata.period instead', 'report_is_a_format on certdata.report before', 'rule_setting_check on certdata.rule_setting before', 'rule_update on certdata.rule instead'], 'triggers')
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE c.relnamespace = 'certdata'::regnamespace AND NOT t.tgisinternal
	AND t.tgfoid NOT IN ('certdata.record_settings'::regproc, 'certdata.refuse_apply'::regproc);	-- ledger.sql has the former
SELECT is(array_agg(c.relname::text ORDER BY c.relname COLLATE "C"), ARRAY['attachment', 'attempt', 'known_fault', 'ledger', 'ledger_act', 'ledger_entry', 'ledger_head', 'ledger_incarnation', 'ledger_order', 'ledger_shape', 'ledger_tile', 'life', 'maintenance', 'withdrawn'],
	'tables that logical replication may not write')
FROM pg_class AS c WHERE c.relnamespace = 'certdata'::regnamespace AND (SELECT count(*) = 2 FROM pg_trigger AS t
	WHERE t.tgrelid = c.oid AND t.tgfoid = 'certdata.refuse_apply'::regproc AND t.tgenabled = 'R' AND t.tgtype IN (31, 34));	-- before insert, update, delete of rows; before truncate
SELECT columns_are('certdata', 'report', ARRAY['姓名', '证件类型', '证件号码', '所在单位', '职业名称', '工种名称', '职业技能等级', '证书编号', '发证日期', '评价机构', '发证机构']);
SELECT columns_are('certdata', t, string_to_array(c, ' ')) FROM (VALUES ('organisation', 'id name kind parent ceased_on dissolved_on successor'),
	('organisation_name', 'organisation name valid'), ('filing', 'code organisation valid grace_days'), ('scope', 'filing occupation work_type level valid'),
	('calendar_day', 'day kind name'), ('calendar_year', 'year status'), ('period', 'step amount unit clause')) AS v(t, c);
SELECT columns_are('certdata', 'rule', ARRAY['rule', 'field', 'severity', 'clause', 'message_zh', 'message_en', 'hint_zh', 'hint_en', 'enabled', 'fixed']);
SELECT is(array_agg(attname::text || ' ' || atttypid::regtype ORDER BY attnum), ARRAY['rule text', 'field text', 'severity text', 'clause text', 'message text', 'hint text'], 'the columns of a finding')
FROM pg_attribute WHERE attrelid = 'certdata.finding'::regclass AND attnum > 0;

-- a trigger function where it cannot work
CREATE TABLE guarded (LIKE certdata.report);
CREATE TABLE other (a text);
INSERT INTO other VALUES ('x');
CREATE FUNCTION pg_temp.misuse(definition text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := 'none';
BEGIN
	BEGIN
		EXECUTE definition;
		EXECUTE statement;
		RAISE EXCEPTION USING ERRCODE = 'ZZ000';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	END;
	RETURN state;
END $$;
SELECT is(pg_temp.misuse('CREATE TRIGGER t ' || d || ' EXECUTE FUNCTION certdata.check_new_rows()', s), e, d) FROM (VALUES
	('BEFORE INSERT ON guarded FOR EACH ROW', 'INSERT INTO guarded DEFAULT VALUES', '39P01'),
	('AFTER INSERT ON guarded FOR EACH ROW', 'INSERT INTO guarded DEFAULT VALUES', '39P01'),
	('AFTER INSERT ON guarded FOR EACH ROW WHEN (certdata.new_row(new.ctid))', 'INSERT INTO guarded DEFAULT VALUES', 'ZZ000'),	-- shows rows to nobody
	('BEFORE INSERT ON guarded FOR EACH STATEMENT', 'INSERT INTO guarded DEFAULT VALUES', '39P01'),
	('AFTER INSERT ON guarded FOR EACH STATEMENT', 'INSERT INTO guarded DEFAULT VALUES', '39P01'),
	('AFTER INSERT ON guarded FOR EACH STATEMENT', 'INSERT INTO guarded SELECT * FROM guarded', '39P01'),
	('AFTER INSERT ON guarded REFERENCING NEW TABLE AS n FOR EACH ROW', 'INSERT INTO guarded DEFAULT VALUES', '39P01'),
	('AFTER UPDATE ON guarded REFERENCING OLD TABLE AS o FOR EACH STATEMENT', 'UPDATE guarded SET "姓名" = NULL', '39P01'),
	('AFTER DELETE ON guarded FOR EACH STATEMENT', 'DELETE FROM guarded', '39P01'),
	('AFTER DELETE ON guarded REFERENCING OLD TABLE AS o FOR EACH STATEMENT', 'DELETE FROM guarded', '39P01'),
	('AFTER TRUNCATE ON guarded FOR EACH STATEMENT', 'TRUNCATE guarded', '39P01'),
	('INSTEAD OF INSERT ON certdata.rule FOR EACH ROW', 'INSERT INTO certdata.rule (rule) VALUES (''x'')', '39P01'),
	('AFTER INSERT ON other REFERENCING NEW TABLE AS n FOR EACH STATEMENT', 'INSERT INTO other VALUES (''y'')', 'QC003'),
	('AFTER INSERT ON guarded REFERENCING NEW TABLE AS n FOR EACH STATEMENT', 'INSERT INTO guarded DEFAULT VALUES', '23514'),
	('AFTER UPDATE ON guarded REFERENCING NEW TABLE AS n OLD TABLE AS o FOR EACH STATEMENT', 'UPDATE guarded SET "姓名" = NULL', 'ZZ000')) AS t(d, s, e);
SELECT throws_ok('SELECT certdata.check_new_rows()', '39P01');
SELECT * FROM finish();
ROLLBACK;
