-- A row let in because hundreds of rows before it in its statement had the same
-- organisations, occupation, work type, level and filing: what is known of
-- them holds for those days, those values and that statement only.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;
\set SHOW_CONTEXT never
\set VERBOSITY terse

INSERT INTO certdata.organisation (id, name) VALUES ('a', '甲校'), ('b', '乙校');
INSERT INTO certdata.filing (code, organisation, valid) VALUES
	('S000013000001', 'a', '(,)'), ('S000013000002', 'b', '(,)');
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid) VALUES
	('S000013000001', '电工', '维修电工', '三级', '[2022-03-01,2022-06-30]'),
	('S000013000002', '电工', '维修电工', '三级', '(,)');
CREATE TABLE again (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
	employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
	level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
	evaluator certdata.org_name, issuer certdata.org_name);
-- 300 lawful rows of each filing, then one in which a single thing is another
CREATE VIEW lawful AS SELECT '张三'::text AS name, '居民身份证'::text AS id_type, '130102199003071233'::text AS id_number,
	''::text AS employer, '电工'::text AS occupation, '维修电工'::text AS work_type, '三级'::text AS level,
	'S00001300000' || 1 + i % 2 || '223' || lpad(i::text, 6, '0') AS cert_no, (date '2022-03-01' + i % 122)::text AS issue_date,
	CASE i % 2 WHEN 0 THEN '甲校' ELSE '乙校' END AS evaluator, CASE i % 2 WHEN 0 THEN '甲校' ELSE '乙校' END AS issuer
	FROM generate_series(1, 600) AS i;
CREATE TABLE other (n serial, field text, value text);
INSERT INTO other (field, value) VALUES ('issue_date', '2022-02-28'), ('issue_date', '2022-07-01'), ('issue_date', '2022-03-01'),
	('issue_date', '2022-06-30'), ('evaluator', '乙校'), ('issuer', '乙校'), ('issuer', '丙校'), ('evaluator', '甲 校'),
	('occupation', '维修电工'), ('work_type', '电工'), ('work_type', '无'), ('work_type', ''), ('level', '二级'),
	('cert_no', 'S000013000002223900000'), ('cert_no', 'Y000013000001223900000'), ('cert_no', 'S000013000003223900000');
CREATE FUNCTION one(field text, value text) RETURNS SETOF lawful LANGUAGE sql AS $$
	SELECT r.* FROM lawful AS l, jsonb_populate_record(l, jsonb_build_object(field, value)) AS r
	WHERE l.cert_no = 'S000013000001223000600'
$$;
CREATE FUNCTION among_many(field text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	CREATE TABLE many AS SELECT * FROM lawful WHERE cert_no <> 'S000013000001223000600';
	INSERT INTO many SELECT * FROM one(field, value);
	SELECT string_agg(format('%s %s', row_no, rule), ', ' ORDER BY row_no, rule) INTO found FROM certdata.check_rows('many');
	DROP TABLE many;
	RETURN found;
END $$;
SELECT o.field, o.value, among_many(o.field, o.value) AS among_many,
	(SELECT string_agg(format('600 %s', c.rule), ', ' ORDER BY c.rule) FROM one(o.field, o.value) AS r,
		certdata.check_record(r.name, r.id_type, r.id_number, r.employer, r.occupation, r.work_type, r.level,
			r.cert_no, r.issue_date, r.evaluator, r.issuer) AS c)
	IS NOT DISTINCT FROM among_many(o.field, o.value) AS as_alone
FROM other AS o ORDER BY n;

-- the same through the trigger, on columns that have proved what they could
CREATE TRIGGER check_new AFTER INSERT ON again REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows();
INSERT INTO again SELECT * FROM lawful;
INSERT INTO again SELECT * FROM lawful UNION ALL SELECT * FROM one('issue_date', '2022-07-01');
-- and what was known in one statement is not in the next
BEGIN;
UPDATE certdata.scope SET level = '二级' WHERE filing = 'S000013000001';
INSERT INTO again SELECT * FROM lawful;
ROLLBACK;
BEGIN;
INSERT INTO certdata.category_setting (letter, meaning, accepted) VALUES ('S', '甲', false);
INSERT INTO again SELECT * FROM lawful;
ROLLBACK;
INSERT INTO again SELECT * FROM lawful;
SELECT count(*) FROM again;

DROP FUNCTION among_many, one;
DROP TABLE again, other;
DROP VIEW lawful;
TRUNCATE certdata.scope, certdata.filing, certdata.organisation_name, certdata.organisation;
