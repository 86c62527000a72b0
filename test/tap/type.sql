-- The type floor as the catalogs and the planner see it.
\ir ../data/tap.sql

-- What belongs to this floor: every type of the extension, and what takes or
-- returns one of them, or serves their families.
CREATE TEMP TABLE own_type AS
SELECT t.oid, t.typname FROM pg_type t JOIN pg_depend d
	ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
WHERE t.typtype = 'b' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'certdata')
	AND t.typname = ANY (ARRAY['certno', 'resident_id', 'id_type', 'id_number', 'skill_level', 'issue_date',
		'person_name', 'org_name', 'occupation_name', 'work_type_name']);
SELECT is((SELECT count(*)::int FROM own_type), 10, 'ten types');

CREATE TEMP TABLE own_object AS
SELECT d.classid, d.objid FROM pg_depend d
WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'certdata');
CREATE TEMP TABLE own_function AS
SELECT p.* FROM pg_proc p JOIN own_object o ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid
WHERE p.prokind = 'f' AND p.prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('c', 'internal'))
	AND p.proname NOT IN ('in_scope', 'scope_key')	-- the check floor's, about scope rows
	AND p.proname NOT IN ('is_live', 'retire', 'reinstate', 'suspend', 'resume', 'publish', 'withdraw')	-- the guard floor's
	AND p.proname NOT IN ('record_act', 'history', 'evidence', 'erase_old_values')	-- the ledger floor's
	AND (p.prorettype IN (SELECT oid FROM own_type)
		OR EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) a WHERE a IN (SELECT oid FROM own_type))
		OR p.proname ~ '^(text_bytes_|text_hash|date_hash|is_valid$|.*sortsupport$|certno_starts_with)')
	AND NOT p.proretset AND p.pronargs < 6;

SELECT is_empty($$SELECT oid::regprocedure FROM own_function WHERE NOT proisstrict$$, 'every function is STRICT');
SELECT is_empty($$SELECT oid::regprocedure FROM own_function WHERE proparallel <> 's'$$,
	'every function is PARALLEL SAFE');
SELECT is_empty($$SELECT oid::regprocedure FROM own_function
	WHERE provolatile <> CASE WHEN proname ~ '_(recv|send)$' AND proname !~ '^issue_date' OR proname = 'is_valid'
		THEN 's' ELSE 'i' END$$,
	'immutable, but for wire functions (client encoding) and is_valid (catalog): stable');
SELECT is_empty($$SELECT oid::regprocedure FROM own_function WHERE prosecdef$$, 'none is SECURITY DEFINER');
SELECT is_empty($$SELECT oid::regprocedure FROM own_function WHERE NOT has_function_privilege('public', oid, 'EXECUTE')$$,
	'everybody may execute what only reads its arguments');
SELECT is_empty($$SELECT oid::regprocedure FROM own_function p WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
	AND prosrc <> 'certdata_' || proname AND prosrc <> 'certdata_date_hash' AND prosrc <> 'certdata_date_hash_extended'$$,
	'C functions are named after the SQL functions');
SELECT is_empty($$SELECT oid::regoperator FROM pg_operator o WHERE oid IN (SELECT objid FROM own_object WHERE classid = 'pg_operator'::regclass)
	AND oprname IN ('=', '<>', '<', '<=', '>=', '>', '^@')
	AND NOT (SELECT proleakproof FROM pg_proc WHERE oid = oprcode)$$,
	'comparisons are leakproof, so row security leaves indexes usable');

-- every object explains itself
SELECT is_empty($$SELECT pg_describe_object(classid, objid, 0) FROM own_object
	WHERE classid::regclass IN ('pg_type', 'pg_proc', 'pg_operator', 'pg_cast', 'pg_opclass', 'pg_opfamily')
		AND coalesce(obj_description(objid, classid::regclass::name), '') = ''
		AND NOT (classid = 'pg_type'::regclass AND (SELECT typelem <> 0 OR typrelid <> 0 FROM pg_type WHERE oid = objid))$$,
	'every type, function, operator, cast, operator class and family has a comment');

-- index families
SELECT ok(amvalidate(c.oid), format('amvalidate: %s %s', amname, opcname))
FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
	JOIN own_object o ON o.classid = 'pg_opclass'::regclass AND o.objid = c.oid
ORDER BY amname, opcname;
SELECT is((SELECT count(*)::int FROM pg_opclass WHERE opcdefault AND opcintype IN (SELECT oid FROM own_type)),
	14, 'default classes: six btree, six hash, two BRIN');
SELECT is_empty($$SELECT amopopr::regoperator FROM pg_amop JOIN pg_opfamily f ON f.oid = amopfamily
	WHERE opfnamespace = 'certdata'::regnamespace
		AND amoplefttype NOT IN (SELECT oid FROM own_type) AND amoprighttype NOT IN (SELECT oid FROM own_type)
		AND amopopr NOT IN (SELECT objid FROM own_object WHERE classid = 'pg_operator'::regclass)$$,
	'no operator of the server is a member of our families');
SELECT is_empty($$SELECT oid::regoperator FROM pg_operator WHERE oid IN (SELECT objid FROM own_object WHERE classid = 'pg_operator'::regclass)
	AND oprname IN ('=', '<', '<=', '>=', '>', '~=~', '~<~', '~<=~', '~>=~', '~>~') AND (oprcom = 0 OR oprnegate = 0 OR oprrest = 0 OR oprjoin = 0)$$,
	'every comparison has commutator, negator and estimators');
SELECT is_empty($$SELECT oid::regoperator FROM pg_operator o WHERE oprname IN ('=', '~=~')
	AND oid IN (SELECT objid FROM own_object WHERE classid = 'pg_operator'::regclass)
	AND (oprcanhash <> EXISTS (SELECT FROM pg_amop a JOIN pg_am m ON m.oid = amopmethod WHERE amopopr = o.oid AND amname = 'hash')
		OR oprcanmerge <> EXISTS (SELECT FROM pg_amop a JOIN pg_am m ON m.oid = amopmethod WHERE amopopr = o.oid AND amname = 'btree'))$$,
	'HASHES and MERGES exactly where a family has the operator');

-- casts
SELECT bag_eq(
	$$SELECT castsource::regtype::text, casttarget::regtype::text, castcontext::text, castmethod::text FROM pg_cast
		WHERE oid IN (SELECT objid FROM own_object WHERE classid = 'pg_cast'::regclass)
			AND (castsource IN (SELECT oid FROM own_type) OR casttarget IN (SELECT oid FROM own_type))$$,
	$$SELECT s AS source, 'certdata.' || typname AS target, 'a' AS context, 'f' AS method FROM own_type, unnest(ARRAY['text', 'character varying', 'character']) s
	UNION ALL SELECT 'certdata.' || typname, 'text', 'i', 'b' FROM own_type WHERE typname ~ '_name$'
	UNION ALL VALUES ('certdata.issue_date', 'date', 'i', 'b'), ('date', 'certdata.issue_date', 'a', 'f'),
		('certdata.issue_date', 'timestamp without time zone', 'i', 'f'),
		('certdata.issue_date', 'timestamp with time zone', 'i', 'f')$$,
	'casts: checked on assignment into our types, implicit out of text types and dates, and no other');

-- sizes
SELECT is(pg_column_size('S000013123456193000001'::certdata.certno), 10, 'certno: 10 bytes');
CREATE TABLE pg_temp.stored AS SELECT v::certdata.id_number AS v FROM unnest(ARRAY['13010219900307002X', 'E12345678']) AS v;
SELECT results_eq('SELECT v::text, pg_column_size(v) FROM stored',
	$$VALUES ('13010219900307002X', 9), ('E12345678', 10)$$, 'id_number: 8 bytes and 1 for a resident, else its text and 1');
SELECT is(pg_column_size('13010219900307002X'::certdata.resident_id), 8, 'resident_id: 8 bytes');
SELECT is(pg_column_size('三级'::certdata.skill_level) + pg_column_size('其他个人证件'::certdata.id_type), 2,
	'id_type, skill_level: 1 byte');
SELECT is((SELECT typlen || typalign::text || typbyval::text FROM pg_type WHERE oid = 'certdata.resident_id'::regtype),
	(SELECT typlen || typalign::text || typbyval::text FROM pg_type WHERE oid = 'bigint'::regtype), 'resident_id is like int8');
SELECT is_empty($$SELECT typname FROM pg_type WHERE oid IN (SELECT oid FROM own_type) AND typname ~ '_name$'
	AND NOT (typcategory = 'S' AND NOT typispreferred AND typcollation = 'pg_catalog."default"'::regcollation)$$,
	'text types are strings, collatable, not preferred');

-- indexes answer text and varchar parameters, in custom and generic plans
CREATE TABLE pg_temp.register AS
SELECT format('S00001312%s%s3%s', lpad((i % 50)::text, 4, '0'), 19 + i % 5, lpad(i::text, 6, '0'))::certdata.certno AS cert_no,
	('E' || lpad(i::text, 8, '0'))::certdata.id_number AS id_number,
	(date '2019-01-01' + i % 1500)::certdata.issue_date AS issue_date,
	format('S00001312%s%s3%s', lpad((i % 50)::text, 4, '0'), 19 + i % 5, lpad(i::text, 6, '0')) AS no
FROM generate_series(1, 20000) AS i;
CREATE TABLE pg_temp.citizen AS
SELECT n AS i, (body || certdata_tap.c)::certdata.resident_id AS citizen
FROM generate_series(0, 999) AS n, LATERAL (SELECT '13010219900307' || lpad(n::text, 3, '0') AS body) b,
	LATERAL (SELECT substr('10X98765432', (sum(substr(body, k, 1)::int *
		(ARRAY[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])[k]) % 11)::int + 1, 1) AS c
		FROM generate_series(1, 17) AS k) certdata_tap;
CREATE UNIQUE INDEX by_no ON register (cert_no);
CREATE INDEX by_id_hash ON register USING hash (id_number);
CREATE INDEX by_date ON register (issue_date);
CREATE INDEX by_citizen ON citizen (citizen);
CREATE INDEX by_citizen_hash ON citizen USING hash (citizen);
ANALYZE register; ANALYZE citizen;
-- the plan of a prepared statement, and whether it scans the named index by a condition
CREATE FUNCTION pg_temp.uses(statement text, index text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	seen boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
		IF seen AND line ~ 'Index Cond:' THEN RETURN true; END IF;
		IF line ~ (' (using|on) ' || index || '( |$)') THEN seen := true; END IF;
	END LOOP;
	RETURN false;
END $$;
PREPARE by_text(text) AS SELECT * FROM register WHERE cert_no = $1;
PREPARE by_varchar(varchar) AS SELECT * FROM register WHERE $1 = cert_no;
PREPARE by_char(character(22)) AS SELECT * FROM register WHERE cert_no = $1;
PREPARE by_open AS SELECT * FROM register WHERE cert_no = $1;
PREPARE by_array(text[]) AS SELECT * FROM register WHERE cert_no = ANY ($1);
PREPARE after(text) AS SELECT * FROM register WHERE cert_no > $1 ORDER BY cert_no LIMIT 10;
PREPARE prefix(text) AS SELECT * FROM register WHERE cert_no ^@ $1;
PREPARE prefix_varchar(varchar) AS SELECT * FROM register WHERE cert_no ^@ $1;
PREPARE hash_text(text) AS SELECT * FROM register WHERE id_number = $1;
PREPARE hash_varchar(varchar) AS SELECT * FROM register WHERE id_number = $1;
PREPARE citizen_text(text) AS SELECT * FROM citizen WHERE citizen = $1;
PREPARE on_day(date) AS SELECT * FROM register WHERE issue_date = $1;
PREPARE between_days(date, date) AS SELECT * FROM register WHERE issue_date >= $1 AND issue_date < $2;
CREATE TEMP TABLE plan_case (statement text, index text);
INSERT INTO plan_case VALUES
	('EXECUTE by_text(''S000013120001203000001'')', 'by_no'), ('EXECUTE by_varchar(''S000013120001203000001'')', 'by_no'),
	('EXECUTE by_char(''S000013120001203000001'')', 'by_no'), ('EXECUTE by_open(''S000013120001203000001'')', 'by_no'),
	('EXECUTE by_array(''{S000013120001203000001,x}'')', 'by_no'), ('EXECUTE after(''S000013120001203000001'')', 'by_no'),
	('EXECUTE prefix(''S000013120001'')', 'by_no'), ('EXECUTE prefix_varchar(''S000013120001'')', 'by_no'),
	('EXECUTE hash_text(''E00000001'')', 'by_id_hash'), ('EXECUTE hash_varchar(''E00000001'')', 'by_id_hash'),
	('EXECUTE citizen_text(''13010219900307002X'')', 'by_citizen(_hash)?'),
	('EXECUTE on_day(''2019-05-01'')', 'by_date'), ('EXECUTE between_days(''2019-05-01'', ''2019-05-03'')', 'by_date');
SET plan_cache_mode = force_custom_plan;
SELECT ok(pg_temp.uses(statement, index), 'custom plan: ' || statement) FROM plan_case;
SET plan_cache_mode = force_generic_plan;
SELECT ok(pg_temp.uses(statement, index), 'generic plan: ' || statement) FROM plan_case;
RESET plan_cache_mode;
SELECT ok(pg_temp.uses('SELECT * FROM register WHERE cert_no ^@ ''S000013120001''', 'by_no'), 'prefix: a literal');
SELECT ok(pg_temp.uses('SELECT * FROM register WHERE cert_no IN (''S000013120001203000001'', ''S000013120002213000002'')', 'by_no'), 'IN: literals');
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;
SELECT ok(pg_temp.uses('SELECT * FROM (VALUES (''a''::text), (''b'')) v(t) JOIN register ON cert_no = t', 'by_no'),
	'a nested loop looks text up in the index');
SELECT ok(pg_temp.uses('SELECT * FROM (VALUES (''S0000131200'')) v(t) JOIN register ON cert_no ^@ t', 'by_no'),
	'a nested loop looks prefixes up in the index');
RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_seqscan;
SELECT * FROM finish();
ROLLBACK;
