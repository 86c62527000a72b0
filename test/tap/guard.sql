-- Who may do what with the guard: a function that writes or reveals and that
-- everyone executes; an internal one that somebody does; a role that lacks what
-- its work needs; lives and attachments that everyone reads.
\ir ../data/tap.sql
SET search_path = public, pg_catalog;

CREATE TEMP TABLE wanted (name text, arguments text, volatile "char", strict boolean, parallel "char", everyone boolean, officer boolean, admin boolean);
INSERT INTO wanted VALUES
	('number_key', 'text', 'i', true, 's', true, true, true),
	('is_live', 'uuid, certdata.certno', 's', false, 's', true, true, true),
	('report_fields', '', 'i', false, 's', true, true, true),
	('attach', 'regclass, jsonb, text, boolean, text, boolean, regrole, text, text, name', 'v', false, 'u', false, false, true),
	('validate', 'regclass', 'v', true, 'u', false, false, true),
	('detach', 'regclass, text', 'v', false, 'u', false, false, true),
	('create_registry', 'text', 'v', true, 'u', false, false, true),
	-- nobody's until somebody is given it
	('open_maintenance', 'text, interval', 'v', false, 'u', false, false, false),
	('close_maintenance', '', 'v', false, 'u', false, false, false),
	-- also the auditor's, as a test below says
	('library', '', 'v', false, 'u', false, false, true);
-- acts: by officers and administrators, on one number or many, as certno or text
INSERT INTO wanted SELECT a.name, replace(a.arguments, '#', t.type), 'v', false, 'u', false, true, true
FROM (VALUES ('retire', 'regclass, #, text, text, boolean, ~'), ('reinstate', 'regclass, #, text, text'), ('suspend', 'regclass, #, text, text'),
	('resume', 'regclass, #, text, text'), ('publish', 'regclass, #'), ('withdraw', 'regclass, #, text'),
	('renumber', 'regclass, #, #, text, text, text')) AS a(name, arguments),
	unnest(ARRAY['certdata.certno', 'certdata.certno[]', 'text', 'text[]']) AS t(type);
UPDATE wanted SET arguments = replace(arguments, '~', CASE WHEN arguments ~ 'certno' THEN 'certdata.certno' ELSE 'text' END);
INSERT INTO wanted SELECT 'correct', 'regclass, ' || t || ', jsonb, text, text, text', 'v', false, 'u', false, true, true
FROM unnest(ARRAY['certdata.certno', 'text']) AS t;

CREATE TEMP VIEW there AS
	SELECT p.proname::text AS name, array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS t), ', ') AS arguments, p.*
	FROM pg_proc AS p WHERE p.pronamespace = 'certdata'::regnamespace;
SELECT is(concat_ws(' ', w.volatile, w.strict, w.parallel, w.everyone, w.officer, w.admin, false),
	concat_ws(' ', p.provolatile, p.proisstrict, p.proparallel, has_function_privilege('public', p.oid, 'EXECUTE'), has_function_privilege('certdata_officer', p.oid, 'EXECUTE'),
		has_function_privilege('certdata_admin', p.oid, 'EXECUTE'), has_function_privilege('certdata_auditor', p.oid, 'EXECUTE') AND NOT has_function_privilege('public', p.oid, 'EXECUTE') AND w.name <> 'library'),
	format('%s(%s): volatility, strictness, parallel safety; executed by everyone, officer, administrator, auditor', w.name, w.arguments))
FROM wanted AS w LEFT JOIN there AS p USING (name, arguments);
-- the rest is for nobody but the extension's owner
SELECT is(array_agg(p.name ORDER BY p.name COLLATE "C"), ARRAY['add_triggers_as_owner', 'add_views_as_owner', 'attach_as_owner', 'attach_check_number', 'attach_check_partition',
	'attach_check_states', 'attach_check_table', 'attach_mapping', 'attach_options', 'attach_rows', 'attachment_changed', 'detach_as_owner', 'dropped_as_owner', 'enable_triggers_as_owner', 'guard_apply', 'guard_begin',
	'guard_columns', 'guard_delete', 'guard_drops', 'guard_gone', 'guard_insert', 'guard_leaving', 'guard_partitions', 'guard_row', 'guard_truncate', 'guard_update', 'guarded_as', 'has_rows', 'joins_table', 'maintenance_closed_as_owner', 'maintenance_opened_as_owner', 'refuse_apply', 'register_numbers', 'report_change', 'report_expression',
	'states_as_owner', 'tree_of', 'validated_as_owner'], 'internal functions')
FROM there AS p WHERE p.name ~ '(_as_owner$|^attach|^guard|^has_rows$|^joins_|^refuse_|^register_|^report_(change|expression)$|^tree_of$)' AND p.name <> 'attach';
-- but for the one that the server copies to partitions with the rights of whoever makes them
SELECT is(array_agg(p.name), NULL, 'nobody executes them')
FROM there AS p, unnest(ARRAY['public', 'certdata_admin', 'certdata_officer', 'certdata_auditor']) AS r
WHERE p.name ~ '(_as_owner$|^attach|^guard|^has_rows$|^joins_|^register_|^report_(change|expression)$|^tree_of$)' AND p.name NOT IN ('attach', 'guard_apply') AND has_function_privilege(r, p.oid, 'EXECUTE');

SELECT is(has_table_privilege(r, t, 'SELECT') || ' ' || has_table_privilege(r, t, 'INSERT, UPDATE, DELETE, TRUNCATE'),
	(r = 'certdata_admin' OR r = 'certdata_auditor' OR r = 'certdata_officer' AND t ~ 'attach') || ' false', format('%s reads and changes %s', r, t))
FROM unnest(ARRAY['public', 'certdata_officer', 'certdata_auditor', 'certdata_admin']) AS r,
	unnest(ARRAY['certdata.attachment', 'certdata.attached_column', 'certdata.life', 'certdata.withdrawn', 'certdata.known_fault', 'certdata.attempt', 'certdata.maintenance']) AS t;
SELECT is(evtenabled::text || ' ' || evtevent, 'A ddl_command_end', 'partitions are guarded whatever the role of the session') FROM pg_event_trigger WHERE evtname = 'certdata_partitions';
SELECT is(context, c, name || ': who may set it') FROM pg_settings JOIN (VALUES ('certdata.reason', 'user'), ('certdata.approval', 'user'), ('certdata.exception', 'user'),
	('certdata.actor', 'user'), ('certdata.actor_org', 'user'), ('certdata.item_span', 'superuser'), ('certdata.on_apply', 'superuser')) AS v(name, c) USING (name);
SELECT * FROM finish();
ROLLBACK;
