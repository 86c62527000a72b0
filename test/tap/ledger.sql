-- Who may do what with the ledger: a function that writes and that everyone
-- executes; a role that lacks what its work needs; tables of the ledger that
-- somebody reads or writes by himself; settings that change unrecorded because
-- a trigger is missing or sleeps.
\ir ../data/tap.sql
SET search_path = public, pg_catalog;

CREATE TEMP TABLE wanted (name text, arguments text, volatile "char", strict boolean, parallel "char", everyone boolean, officer boolean, admin boolean, auditor boolean);
INSERT INTO wanted VALUES
	('start_ledger', 'text', 'v', true, 'u', false, false, true, false),
	('adopt_ledger', 'text', 'v', true, 'u', false, false, true, false),
	('seal', '', 'v', false, 'u', false, false, true, false),
	('head', '', 's', false, 'u', true, true, true, true),
	('head', 'bigint', 's', true, 'u', true, true, true, true),
	('inclusion_proof', 'bigint, bigint', 's', false, 'u', false, true, true, true),
	('consistency_proof', 'bigint, bigint', 's', true, 'u', false, true, true, true),
	('tree_root', 'bigint', 's', true, 'u', false, true, true, true),
	('leaf_of', 'bigint, integer', 's', true, 'u', false, true, true, true),
	('leaf_hash', 'bigint', 's', true, 'u', false, true, true, true),
	('verify_inclusion', 'text, bigint, bigint, bytea, bytea[], bytea', 'i', false, 's', true, true, true, true),
	('verify_consistency', 'text, bigint, bigint, bytea[], bytea, bytea', 'i', false, 's', true, true, true, true),
	('record_act', 'text, regclass, certdata.certno, text, jsonb', 'v', false, 'u', false, true, true, false),
	('record_act', 'text, regclass, text, text, jsonb', 'v', false, 'u', false, true, true, false),
	('record_settings', '', 'v', false, 'u', false, false, false, false),
	('history', 'regclass, certdata.certno', 's', false, 'u', false, true, true, true),
	('history', 'regclass, text', 's', false, 'u', false, true, true, true),
	('evidence', 'regclass, certdata.certno, text[], bigint', 's', false, 'u', false, true, true, true),
	('evidence', 'regclass, text, text[], bigint', 's', false, 'u', false, true, true, true),
	('export_ledger', 'bigint', 's', false, 'u', false, false, true, true),
	('erase_old_values', 'regclass, certdata.certno, text, text', 'v', false, 'u', false, false, true, false),
	('erase_old_values', 'regclass, text, text, text', 'v', false, 'u', false, false, true, false),
	('verify_ledger', '', 's', true, 'u', false, false, true, true),
	('doctor', '', 'v', false, 'u', false, false, true, true),
	('acts_of', 'date, date', 's', false, 's', false, false, true, true),
	('day_of', 'timestamp with time zone', 's', true, 's', true, true, true, true),
	('day_begins', 'date', 's', true, 's', true, true, true, true),
	('masked', 'text, text', 's', true, 's', true, true, true, true);
CREATE TEMP VIEW there AS
	SELECT p.proname::text AS name, array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS t), ', ') AS arguments, p.*
	FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace;
SELECT is(concat_ws(' ', w.volatile, w.strict, w.parallel, w.everyone, w.officer, w.admin, w.auditor),
	concat_ws(' ', p.provolatile, p.proisstrict, p.proparallel, has_function_privilege('public', p.oid, 'EXECUTE'), has_function_privilege('certdata_officer', p.oid, 'EXECUTE'),
		has_function_privilege('certdata_admin', p.oid, 'EXECUTE'), has_function_privilege('certdata_auditor', p.oid, 'EXECUTE')),
	format('%s(%s): volatility, strictness, parallel safety; executed by everyone, officer, administrator, auditor', w.name, w.arguments))
FROM wanted AS w LEFT JOIN there AS p USING (name, arguments);

-- doctor() reads for administrators what they do not read themselves; its parts are its own
SELECT is(count(*) FILTER (WHERE NOT p.prosecdef AND p.proacl::text = format('{%s=X/%1$s}', p.proowner::regrole)), count(*), 'the parts of doctor() are executed by their owner only, as whoever calls them')
FROM there AS p WHERE p.name ~ '^doctor_';
SELECT cmp_ok(count(*), '>', 30::bigint, 'there are such') FROM there AS p WHERE p.name ~ '^doctor_';

-- what the ledger is kept in is nobody's
SELECT is(has_table_privilege(r, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'), false, format('%s and %s', r, c.oid::regclass))
FROM unnest(ARRAY['public', 'certdata_officer', 'certdata_auditor', 'certdata_admin']) AS r, pg_class AS c
WHERE c.relnamespace = 'certdata'::regnamespace AND c.relkind IN ('r', 'S') AND c.relname ~ '^ledger';
SELECT is(has_table_privilege(r, t, 'SELECT') || ' ' || has_table_privilege(r, t, 'INSERT, UPDATE, DELETE'),
	(r IN ('certdata_auditor', 'certdata_admin')) || ' false', format('%s reads %s, and does not change it', r, t))
FROM unnest(ARRAY['public', 'certdata_officer', 'certdata_auditor', 'certdata_admin']) AS r, unnest(ARRAY['certdata.recorded_act', 'certdata.recorded_entry']) AS t;

-- what administrators may change of the configuration is recorded, all of it
SELECT is((SELECT string_agg(concat_ws(' ', t.tgname, t.tgenabled), ', ' ORDER BY t.tgname COLLATE "C") FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgfoid = 'certdata.record_settings'::regproc),
	'ledger_delete A, ledger_insert A, ledger_truncate A, ledger_update A', c.oid::regclass || ' is watched')
FROM pg_class AS c WHERE c.relnamespace = 'certdata'::regnamespace AND c.relkind = 'r' AND has_table_privilege('certdata_admin', c.oid, 'INSERT, UPDATE, DELETE');
SELECT is(count(DISTINCT t.tgrelid), 10::bigint, 'ten tables are watched') FROM pg_trigger AS t WHERE t.tgfoid = 'certdata.record_settings'::regproc;
SELECT is(p.proconfig::text, '{"search_path=pg_catalog, pg_temp","DateStyle=ISO, YMD"}', 'values look the same whatever the session likes') FROM pg_proc AS p WHERE p.oid = 'certdata.record_settings'::regproc;
SELECT * FROM finish();
ROLLBACK;
