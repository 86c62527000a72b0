-- Organisations, filings and scope that contradict themselves: two that hold
-- on one day, a parent that is not there, a circle, a code that no number can
-- begin with; tables that the wrong role writes, or that a dump forgets; rules
-- that go on judging by a table that has been emptied, or never filled.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
DROP ROLE IF EXISTS certdata_test_scope_clerk, certdata_test_scope_admin;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

-- '' if it succeeds, else the state
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	EXECUTE statement;
	RETURN '';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
	RETURN state;
END $$;
CREATE TEMP TABLE steps (i serial, statement text, wanted text, got text);
-- one after the other: what succeeds stays
CREATE FUNCTION pg_temp.walk() RETURNS TABLE (statement text, wanted text, got text) LANGUAGE plpgsql AS $$
DECLARE
	s record;
BEGIN
	FOR s IN SELECT * FROM steps AS t WHERE t.got IS NULL ORDER BY t.i LOOP
		UPDATE steps SET got = pg_temp.try(s.statement) WHERE i = s.i;
	END LOOP;
	RETURN QUERY SELECT t.statement, t.wanted, t.got FROM steps AS t WHERE t.wanted <> t.got ORDER BY t.i;
END $$;

-- ---------------------------------------------------------------- organisations

INSERT INTO steps (statement, wanted) VALUES
	($$INSERT INTO certdata.organisation (id, name) VALUES ('h', '总校')$$, ''),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('h', '另一校')$$, '23505'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('h2', '总校')$$, ''),	-- a name may be borne twice
	($$INSERT INTO certdata.organisation (id, name) VALUES ('', '甲')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name) VALUES (NULL, '甲')$$, '23502'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('x', NULL)$$, '23502'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('x', '')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('x', ' ')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('x', U&'\3000\200B')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('x', repeat('甲', 101))$$, '22P02'),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('x', E'甲\t校')$$, '22P02'),
	($$INSERT INTO certdata.organisation (id, name, kind) VALUES ('x', '甲', 'town')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, kind) VALUES ('x', '甲', '')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, kind) VALUES ('x', '甲', NULL)$$, '23502'),
	($$INSERT INTO certdata.organisation (id, name, kind) VALUES ('c', '市局', 'city'), ('p', '省厅', 'province'), ('m', '部', 'ministry')$$, ''),
	($$INSERT INTO certdata.organisation (id, name, ceased_on) VALUES ('x', '甲', 'infinity')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, dissolved_on) VALUES ('x', '甲', '-infinity')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, ceased_on, dissolved_on) VALUES ('d', '旧校', '2023-06-30', '2022-01-01')$$, ''),
	-- parents and successors
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('x', '甲', 'nobody')$$, '23503'),
	($$INSERT INTO certdata.organisation (id, name, successor) VALUES ('x', '甲', 'nobody')$$, '23503'),
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('x', '甲', '')$$, '23503'),
	($$INSERT INTO certdata.organisation (id, name, parent, successor) VALUES ('x', '甲', 'h', 'nobody')$$, '23503'),
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('b', '分校', 'h'), ('bb', '分校的分校', 'b')$$, ''),
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('late_child', '乙', 'late_parent'), ('late_parent', '丙', NULL)$$, ''),
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('x', '甲', 'x')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, successor) VALUES ('x', '甲', 'x')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('x', '甲', 'y'), ('y', '乙', 'x')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, parent) VALUES ('x', '甲', 'y'), ('y', '乙', 'z'), ('z', '丙', 'y')$$, '23514'),
	($$INSERT INTO certdata.organisation (id, name, successor) VALUES ('x', '甲', 'y'), ('y', '乙', 'x')$$, '23514'),
	($$UPDATE certdata.organisation SET parent = 'h' WHERE id = 'h'$$, '23514'),
	($$UPDATE certdata.organisation SET parent = 'bb' WHERE id = 'h'$$, '23514'),
	($$UPDATE certdata.organisation SET parent = 'bb' WHERE id = 'b'$$, '23514'),
	($$UPDATE certdata.organisation SET parent = 'nobody' WHERE id = 'b'$$, '23503'),
	($$UPDATE certdata.organisation SET successor = 'b' WHERE id = 'h'$$, ''),
	($$UPDATE certdata.organisation SET successor = 'h' WHERE id = 'b'$$, '23514'),
	($$UPDATE certdata.organisation SET successor = 'h2' WHERE id = 'b'$$, ''),
	-- a parent may be somebody's successor, and the other way round
	($$UPDATE certdata.organisation SET parent = 'c' WHERE id = 'h'$$, ''),
	-- both turned round in one statement
	($$UPDATE certdata.organisation SET parent = CASE id WHEN 'b' THEN 'bb' WHEN 'bb' THEN 'h' END WHERE id IN ('b', 'bb')$$, ''),
	($$UPDATE certdata.organisation SET parent = CASE id WHEN 'bb' THEN 'b' WHEN 'b' THEN 'h' END WHERE id IN ('b', 'bb')$$, ''),
	-- what is referred to stays
	($$DELETE FROM certdata.organisation WHERE id = 'c'$$, '23503'),
	($$DELETE FROM certdata.organisation WHERE id = 'h2'$$, '23503'),
	($$DELETE FROM certdata.organisation WHERE id = 'late_parent'$$, '23503'),
	($$DELETE FROM certdata.organisation WHERE id IN ('late_parent', 'late_child')$$, ''),
	($$DELETE FROM certdata.organisation WHERE id = 'm'$$, ''),
	-- an id that changes
	($$UPDATE certdata.organisation SET id = 'h9' WHERE id = 'h'$$, '23503'),
	($$UPDATE certdata.organisation SET id = CASE id WHEN 'h' THEN 'h9' ELSE id END, parent = CASE parent WHEN 'h' THEN 'h9' ELSE parent END WHERE id IN ('h', 'b')$$, ''),
	($$UPDATE certdata.organisation SET id = 'h9' WHERE id = 'b'$$, '23505'),
	($$UPDATE certdata.organisation SET id = '' WHERE id = 'p'$$, '23514'),
	($$UPDATE certdata.organisation SET id = 'p2', name = '省人社厅' WHERE id = 'p'$$, ''),
	($$UPDATE certdata.organisation SET id = id WHERE id = 'h9'$$, '');
SELECT * FROM pg_temp.walk();
SELECT id, name, kind, parent, successor FROM certdata.organisation ORDER BY id COLLATE "C";

-- the refusals say what and how
\set VERBOSITY terse
INSERT INTO certdata.organisation (id, name, parent) VALUES ('x', '甲', 'nobody');
DELETE FROM certdata.organisation WHERE id = 'c';
\set VERBOSITY default
\set SHOW_CONTEXT never
UPDATE certdata.organisation SET parent = 'bb' WHERE id = 'h9';
UPDATE certdata.organisation SET successor = 'h9' WHERE id = 'h2';
\set SHOW_CONTEXT errors

-- COPY of children before their parents
COPY certdata.organisation (id, name, kind, parent, successor) FROM stdin;
k1	分校一	evaluation	k2	\N
k2	分校二	evaluation	k3	k4
k3	市局三	city	\N	\N
k4	分校四	evaluation	\N	\N
\.
SELECT id, parent, successor FROM certdata.organisation WHERE id ~ '^k' ORDER BY id;
\set VERBOSITY sqlstate
COPY certdata.organisation (id, name, parent) FROM stdin;
k5	分校五	k6
k6	分校六	k5
\.
COPY certdata.organisation (id, name, parent) FROM stdin;
k5	分校五	k6
\.
\set VERBOSITY default

-- ---------------------------------------------------------------- names, filings, scope

INSERT INTO steps (statement, wanted) VALUES
	($$INSERT INTO certdata.organisation_name VALUES ('h9', '旧名', '[2020-01-01,2021-01-01)')$$, ''),
	($$INSERT INTO certdata.organisation_name VALUES ('h9', '更旧名', '[2019-01-01,2020-01-01]')$$, '23P01'),	-- one day in common
	($$INSERT INTO certdata.organisation_name VALUES ('h9', '更旧名', '[2019-01-01,2020-01-01)')$$, ''),		-- next to it
	($$INSERT INTO certdata.organisation_name VALUES ('h9', '新名', '[2021-01-01,2021-01-01]')$$, ''),
	($$INSERT INTO certdata.organisation_name VALUES ('h9', '新名', '(,)')$$, '23P01'),
	($$INSERT INTO certdata.organisation_name (organisation, name) VALUES ('h9', '新名')$$, '23P01'),
	($$INSERT INTO certdata.organisation_name (organisation, name) VALUES ('b', '旧名')$$, ''),				-- another's
	($$INSERT INTO certdata.organisation_name VALUES ('b', '旧名', 'empty')$$, '23514'),
	($$INSERT INTO certdata.organisation_name VALUES ('bb', '旧名', '[2020-01-01,2020-01-01)')$$, '23514'),
	($$INSERT INTO certdata.organisation_name VALUES ('bb', '旧名', NULL)$$, '23502'),
	($$INSERT INTO certdata.organisation_name VALUES ('bb', ' ', '(,)')$$, '23514'),
	($$INSERT INTO certdata.organisation_name VALUES ('bb', NULL, '(,)')$$, '23502'),
	($$INSERT INTO certdata.organisation_name VALUES ('nobody', '旧名', '(,)')$$, '23503'),
	($$INSERT INTO certdata.organisation_name VALUES (NULL, '旧名', '(,)')$$, '23502'),
	($$UPDATE certdata.organisation_name SET valid = '[2021-01-01,)' WHERE valid = '[2021-01-01,2021-01-01]'$$, ''),
	($$UPDATE certdata.organisation_name SET valid = '[2020-12-31,)' WHERE valid = '[2021-01-01,)'$$, '23P01'),
	-- keys of one exclusion constraint that only look alike
	($$INSERT INTO certdata.organisation_name (organisation, name) VALUES ('bb', '旧名')$$, ''),

	($$INSERT INTO certdata.filing VALUES ('S000013000001', 'h9', '[2020-01-01,2021-01-01)')$$, ''),
	($$INSERT INTO certdata.filing VALUES ('S000013000001', 'h9', '[2020-12-31,2022-01-01)')$$, '23P01'),
	($$INSERT INTO certdata.filing VALUES ('S000013000001', 'b', '[2020-12-31,2022-01-01)')$$, '23P01'),		-- whosever
	($$INSERT INTO certdata.filing VALUES ('S000013000001', 'b', '[2021-01-01,2022-01-01)', 30)$$, ''),
	($$INSERT INTO certdata.filing VALUES ('S000013000001', 'b', '[2022-01-01,2022-01-01]')$$, ''),			-- within the other's days of grace
	($$INSERT INTO certdata.filing VALUES ('S000013000001', 'b')$$, '23P01'),
	($$INSERT INTO certdata.filing VALUES ('S000013000002', 'h9')$$, ''),
	($$INSERT INTO certdata.filing VALUES ('Y123499999999', 'd', '(,2020-01-01)', 36500)$$, ''),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'nobody')$$, '23503'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', NULL)$$, '23502'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', 'empty')$$, '23514'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', '(2020-01-01,2020-01-02)')$$, '23514'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', '[2020-01-02,2020-01-01]')$$, '22000'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', NULL)$$, '23502'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', '(,)', -1)$$, '23514'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', '(,)', 36501)$$, '23514'),
	($$INSERT INTO certdata.filing VALUES ('S000013000003', 'h9', '(,)', NULL)$$, '23502'),
	($$INSERT INTO certdata.filing VALUES (NULL, 'h9')$$, '23502');
INSERT INTO steps (statement, wanted)
SELECT format('INSERT INTO certdata.filing VALUES (%L, ''h9'')', code), '23514'
FROM unnest(ARRAY['', 'S', 's000013000003', 'S00001300003', 'S0000130000034', 'S00001300000A', '0000013000003', 'SS00013000003', ' S000013000003',
	'S000013000003 ', E'S000013000003\n', 'Ｓ000013000003', 'S０00013000003', 'S-00013000003', 'S000013000001223000001']) AS code;
INSERT INTO steps (statement, wanted) VALUES
	-- no organisation goes while something is left of it; a new id goes along
	($$DELETE FROM certdata.organisation WHERE id = 'd'$$, '23503'),
	($$DELETE FROM certdata.organisation WHERE id = 'bb'$$, '23503'),
	($$UPDATE certdata.organisation SET id = 'd9' WHERE id = 'd'$$, ''),
	($$UPDATE certdata.organisation SET id = 'bb9' WHERE id = 'bb'$$, ''),
	($$DELETE FROM certdata.filing WHERE organisation = 'd9'$$, ''),
	($$DELETE FROM certdata.organisation WHERE id = 'd9'$$, ''),
	($$TRUNCATE certdata.organisation$$, '23503'),

	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', NULL, '三级', '[2020-01-01,2021-01-01)')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', NULL, '三级', '[2020-12-31,)')$$, '23P01'),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', '', '三级', '[2020-12-31,)')$$, '23P01'),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', '', '三级', '[2021-01-01,)')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', NULL, '三级', '[2022-01-01,)')$$, '23P01'),
	($$UPDATE certdata.scope SET work_type = NULL WHERE work_type = ''$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', '', '三级', '[2019-01-01,2020-01-01]')$$, '23P01'),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', '', '三级', '[2019-01-01,2020-01-01)')$$, ''),
	($$INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级/高级工')$$, '23P01'),
	($$INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '四级')$$, ''),
	($$INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电', '三级')$$, ''),
	($$INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000002', '电工', '三级')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', '维修电工', '三级')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工', '维修电工', '三级', '[2022-01-01,2022-01-01]')$$, '23P01'),
	-- the same letters in other cells are another key
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工维修', '电工', '三级')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工维', '修电工', '三级')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工维修电工', '', '三级')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('S000013000001', '电工维修电工', NULL, '三级')$$, '23P01'),
	-- a filing need not be there
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '电工', NULL, '三级')$$, ''),
	($$INSERT INTO certdata.scope VALUES ('Y00001377777', '电工', NULL, '三级')$$, '23514'),
	($$INSERT INTO certdata.scope VALUES (E'Y000013777777\n', '电工', NULL, '三级')$$, '23514'),
	($$INSERT INTO certdata.scope VALUES (NULL, '电工', NULL, '三级')$$, '23502'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '', NULL, '三级')$$, '23514'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', ' ', NULL, '三级')$$, '23514'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', NULL, NULL, '三级')$$, '23502'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '车工', NULL, NULL)$$, '23502'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '车工', NULL, '六级')$$, '22P02'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '车工', NULL, '三级', 'empty')$$, '23514'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '车工', NULL, '三级', NULL)$$, '23502'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', repeat('车', 81), NULL, '三级')$$, '22P02'),
	($$INSERT INTO certdata.scope VALUES ('Y000013777777', '车工', repeat('车', 61), '三级')$$, '22P02'),
	($$UPDATE certdata.scope SET level = '三级' WHERE level = '四级'$$, '23P01'),
	($$INSERT INTO certdata.scope SELECT 'Y000013777777', '车工', w, '三级', d FROM unnest(ARRAY[NULL, 'x']) AS w, unnest(ARRAY['(,2020-01-01)', '[2020-01-01,2020-01-01]', '[2020-01-02,)']::daterange[]) AS d$$, '');
SELECT * FROM pg_temp.walk();
SELECT organisation, name, valid FROM certdata.organisation_name ORDER BY organisation COLLATE "C", valid;
SELECT code, organisation, valid, grace_days FROM certdata.filing ORDER BY code, valid;
SELECT filing, occupation, work_type, level, valid FROM certdata.scope ORDER BY filing, occupation COLLATE "C", work_type COLLATE "C", level, valid;

-- many keys at once, all different: a hash that is poor would refuse some
INSERT INTO certdata.scope (filing, occupation, work_type, level)
SELECT 'Y0000138' || lpad(f::text, 5, '0'), '职业' || o, NULLIF('工种' || w, '工种0'), l
FROM generate_series(1, 20) AS f, generate_series(1, 20) AS o, generate_series(0, 4) AS w, unnest(ARRAY['学徒工', '五级', '四级', '三级', '二级', '一级', '特级技师', '首席技师']) AS l;
SELECT count(DISTINCT certdata.scope_key(filing, occupation, work_type, level)) AS keys FROM certdata.scope WHERE filing ~ '^Y0000138';
DELETE FROM certdata.scope WHERE filing ~ '^Y0000138';

-- ---------------------------------------------------------------- the list for certdata-check

SELECT * FROM certdata.scope_file ORDER BY record COLLATE "C", key COLLATE "C", name COLLATE "C", detail COLLATE "C", a COLLATE "C", "from";
-- days are written YYYY-MM-DD whatever the session is used to
CREATE TEMP TABLE iso_file AS TABLE certdata.scope_file;
SET DateStyle = 'SQL, DMY';
SELECT count(*) AS written_otherwise FROM (TABLE certdata.scope_file EXCEPT ALL TABLE iso_file) AS d;
SET DateStyle = 'German';
SELECT count(*) AS written_otherwise FROM (TABLE certdata.scope_file EXCEPT ALL TABLE iso_file) AS d;
SET DateStyle = ISO;
DROP TABLE iso_file;

-- ---------------------------------------------------------------- what a dump keeps, who may write

SELECT c.oid::regclass AS kept, e.condition FROM pg_extension, unnest(extconfig, extcondition) AS e(oid, condition) JOIN pg_class AS c ON c.oid = e.oid
WHERE extname = 'certdata' AND c.relname IN ('organisation', 'organisation_name', 'filing', 'scope') ORDER BY c.relname COLLATE "C";

CREATE ROLE certdata_test_scope_clerk;
CREATE ROLE certdata_test_scope_admin IN ROLE certdata_admin;
CREATE FUNCTION pg_temp.try_as(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	state := pg_temp.try(statement);
	RESET ROLE;
	RETURN state;
END $$;
-- everyone reads and asks, the administrators write, nobody else does
SELECT r.role, s.statement, s.everyone, pg_temp.try_as(r.role, s.statement) AS got
FROM (VALUES ('certdata_test_scope_clerk'), ('certdata_officer'), ('certdata_auditor')) AS r(role),
	(VALUES ('SELECT count(*) FROM certdata.organisation', ''), ('SELECT count(*) FROM certdata.organisation_name', ''), ('SELECT count(*) FROM certdata.filing', ''),
	('SELECT count(*) FROM certdata.scope', ''), ('SELECT count(*) FROM certdata.scope_file', ''),
	($$SELECT certdata.in_scope('S000013000001', '电工', '', '三级', '2022-02-09')$$, ''), ($$SELECT certdata.responsible('S000013000001', '2022-02-09')$$, ''),
	($$INSERT INTO certdata.organisation (id, name) VALUES ('new', '新')$$, '42501'), ($$INSERT INTO certdata.organisation_name (organisation, name) VALUES ('k1', '新')$$, '42501'),
	($$INSERT INTO certdata.filing VALUES ('S000013000009', 'k1')$$, '42501'), ($$INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000009', '电工', '三级')$$, '42501'),
	('UPDATE certdata.organisation SET name = name', '42501'), ('UPDATE certdata.organisation_name SET name = name', '42501'), ('UPDATE certdata.filing SET grace_days = 1', '42501'),
	('UPDATE certdata.scope SET level = level', '42501'), ('DELETE FROM certdata.organisation', '42501'), ('DELETE FROM certdata.organisation_name', '42501'), ('DELETE FROM certdata.filing', '42501'),
	('DELETE FROM certdata.scope', '42501'), ('TRUNCATE certdata.scope', '42501'), ('TRUNCATE certdata.filing', '42501'), ('TRUNCATE certdata.organisation CASCADE', '42501'),
	('SELECT certdata.organisation_check()', '42501'))
	AS s(statement, everyone) WHERE s.everyone <> pg_temp.try_as(r.role, s.statement) ORDER BY 1, 2;
SELECT s.statement, pg_temp.try_as('certdata_test_scope_admin', s.statement) AS got
FROM (VALUES (1, $$INSERT INTO certdata.organisation (id, name, parent) VALUES ('new', '新', 'k1'), ('newer', '更新', 'new')$$), (2, $$INSERT INTO certdata.organisation_name VALUES ('new', '旧', '[2020-01-01,2021-01-01)')$$),
	(3, $$INSERT INTO certdata.filing VALUES ('S000013000009', 'new')$$), (4, $$INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000009', '电工', '三级')$$),
	(5, $$UPDATE certdata.organisation SET parent = 'k2' WHERE id = 'new'$$), (6, $$UPDATE certdata.organisation_name SET name = '更旧' WHERE organisation = 'new'$$),
	(7, $$UPDATE certdata.filing SET grace_days = 5 WHERE code = 'S000013000009'$$), (8, $$UPDATE certdata.scope SET level = '四级' WHERE filing = 'S000013000009'$$),
	(9, $$DELETE FROM certdata.organisation WHERE id = 'newer'$$), (10, $$DELETE FROM certdata.scope WHERE filing = 'S000013000009'$$), (11, $$DELETE FROM certdata.filing WHERE code = 'S000013000009'$$),
	(12, $$DELETE FROM certdata.organisation_name WHERE organisation = 'new'$$), (13, $$DELETE FROM certdata.organisation WHERE id = 'new'$$), (14, 'TRUNCATE certdata.scope')) AS s(i, statement) ORDER BY i;
-- who may not read a table is judged by it all the same, row security or not
REVOKE SELECT ON certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope FROM PUBLIC;
ALTER TABLE certdata.scope ENABLE ROW LEVEL SECURITY;
ALTER TABLE certdata.filing ENABLE ROW LEVEL SECURITY;
ALTER TABLE certdata.organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE certdata.organisation_name ENABLE ROW LEVEL SECURITY;
SET ROLE certdata_test_scope_clerk;
SELECT f.rule FROM certdata.check_record('张三', '居民身份证', '130102199003071233', '', '焊工', '', '三级', 'S000013000001213000001', '2021-02-09', '旧名', '总校') AS f;
SELECT certdata.in_scope('S000013000001', '电工', '', '三级', '2022-01-01'), certdata.responsible('S000013000001', '2021-02-09');
\set VERBOSITY sqlstate
SELECT count(*) FROM certdata.scope;
\set VERBOSITY default
RESET ROLE;
ALTER TABLE certdata.scope DISABLE ROW LEVEL SECURITY;
ALTER TABLE certdata.filing DISABLE ROW LEVEL SECURITY;
ALTER TABLE certdata.organisation DISABLE ROW LEVEL SECURITY;
ALTER TABLE certdata.organisation_name DISABLE ROW LEVEL SECURITY;
GRANT SELECT ON certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope TO PUBLIC;

DELETE FROM certdata.scope;
DELETE FROM certdata.filing;
DELETE FROM certdata.organisation_name;
DELETE FROM certdata.organisation;

-- ---------------------------------------------------------------- what is judged, and from when

-- one record; its faults as far as filings and scope go, in every way of asking
CREATE TEMP TABLE judged (LIKE certdata.report);
INSERT INTO judged VALUES ('张三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心');
CREATE FUNCTION pg_temp.faults() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	of_record text := (SELECT string_agg(f.rule, ' ' ORDER BY f.rule COLLATE "C") FROM judged AS j, certdata.check_record(j) AS f);
	of_rows text := (SELECT string_agg(f.rule, ' ' ORDER BY f.rule COLLATE "C") FROM certdata.check_rows('judged') AS f);
BEGIN
	RETURN COALESCE(of_record, 'none') || CASE WHEN of_rows IS DISTINCT FROM of_record THEN ', in rows ' || COALESCE(of_rows, 'none') ELSE '' END;
END $$;
SELECT pg_temp.faults() AS "nothing is registered";
INSERT INTO certdata.organisation (id, name) VALUES ('a', '乙校');
SELECT pg_temp.faults() AS "organisations only";
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '车工', '四级');
SELECT pg_temp.faults() AS "organisations and scope only";
INSERT INTO certdata.filing VALUES ('S000013000002', 'a');
SELECT pg_temp.faults() AS "another's filing";
DELETE FROM certdata.scope;
INSERT INTO certdata.filing VALUES ('S000013000001', 'a');
SELECT pg_temp.faults() AS "its filing, no scope at all";
UPDATE certdata.organisation SET name = '甲校';
INSERT INTO certdata.organisation (id, name) VALUES ('c', '甲中心');
SELECT pg_temp.faults() AS "all is well";
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000002', '电工', '三级');
SELECT pg_temp.faults() AS "a scope, none for this filing";
SELECT certdata.in_scope('S000013000001', '电工', NULL, '三级', '2022-02-09') AS without_scope, certdata.in_scope('S000013000002', '电工', NULL, '三级', '2022-02-09') AS with_scope;
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000001', '电工', '三级');
SELECT pg_temp.faults() AS "in scope";
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
SELECT pg_temp.faults() AS "withdrawn";
DELETE FROM certdata.scope;
SELECT pg_temp.faults() AS "no scope at all again";
INSERT INTO certdata.scope (filing, occupation, level) VALUES ('S000013000002', '电工', '三级');
SELECT pg_temp.faults() AS "and a scope again";
BEGIN;
TRUNCATE certdata.scope;
SELECT pg_temp.faults() AS "truncated";
SAVEPOINT a;
TRUNCATE certdata.filing;
SELECT pg_temp.faults() AS "filings, too";
ROLLBACK TO a;
SELECT pg_temp.faults() AS "not they";
ROLLBACK;
SELECT pg_temp.faults() AS "nor the scope";
DELETE FROM certdata.filing WHERE code = 'S000013000001';
SELECT pg_temp.faults() AS "the filing withdrawn";
DELETE FROM certdata.filing;
SELECT pg_temp.faults() AS "no filing at all again";
VACUUM certdata.filing;
SELECT pg_temp.faults() AS "nor dead rows";
DELETE FROM certdata.scope;
DELETE FROM certdata.organisation;

SELECT count(*) AS left_over FROM certdata.scope_file;
DROP ROLE certdata_test_scope_clerk, certdata_test_scope_admin;
