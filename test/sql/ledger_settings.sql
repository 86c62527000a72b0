-- Changes of rules, scope and calendar that nobody can trace: one through a
-- view, by COPY, MERGE or ON CONFLICT, one that a trigger makes, TRUNCATE, one
-- with session_replication_role = replica; old and new rows that do not belong
-- together; dates written as the session likes; an act for nothing, or for
-- what was rolled back; an entry whose commitment is another value's.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
SELECT certdata.start_ledger() IS NOT NULL AS started;
SET certdata.language = en;
SET DateStyle = German;
\pset format unaligned
\t on
CREATE TEMP TABLE mark AS SELECT COALESCE(max(id), 0) AS act FROM certdata.ledger_act;
-- the acts since it was asked last, and their rows
CREATE FUNCTION pg_temp.recorded() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY SELECT CASE n WHEN 0 THEN format('%s %s, %s rows%s', detail ->> 'operation', detail ->> 'table', entries, COALESCE(', because ' || reason, ''))
			ELSE format('  %s -> %s', COALESCE(nullif(old_values -> 'old', 'null') #>> '{}', '-'), COALESCE(nullif(old_values -> 'new', 'null') #>> '{}', '-')) END
		FROM (SELECT id, 0 AS n, a.detail, a.entries, a.reason, NULL::jsonb AS old_values FROM certdata.ledger_act AS a
			UNION ALL SELECT e.act, e.n, NULL, NULL, NULL, e.old_values FROM certdata.ledger_entry AS e) AS r
		WHERE r.id > (SELECT act FROM mark) ORDER BY id, n;
	UPDATE mark SET act = (SELECT max(id) FROM certdata.ledger_act);
END $$;

BEGIN;
INSERT INTO certdata.rule_setting (rule, severity, valid) VALUES ('no.year', 'warning', '[2022-01-01,2023-01-01)'), ('no.level', 'principle', '(,)');
SELECT pg_temp.recorded();
-- in the order in which the rows are changed, each with its own
UPDATE certdata.rule_setting SET severity = CASE rule WHEN 'no.year' THEN 'principle' ELSE 'warning' END;
SELECT pg_temp.recorded();
UPDATE certdata.rule SET enabled = false WHERE rule = 'date.late';
DELETE FROM certdata.rule_setting WHERE rule = 'no.level';
SELECT pg_temp.recorded();
-- nothing is nothing
DELETE FROM certdata.rule_setting WHERE rule = 'nosuch';
UPDATE certdata.rule SET enabled = enabled;
INSERT INTO certdata.rule_setting SELECT * FROM certdata.rule_setting WHERE false;
TRUNCATE certdata.scope;
SELECT pg_temp.recorded();

-- letters, calendar, periods; a reason if one is given
SET LOCAL certdata.reason = '通知';
INSERT INTO certdata.category VALUES ('Q', '企业');
UPDATE certdata.category SET meaning = '大型企业' WHERE letter = 'Q';
DELETE FROM certdata.category WHERE letter = 'S';
INSERT INTO certdata.level_letter VALUES ('X', '学徒工', '[2022-03-01,)');
SELECT pg_temp.recorded();
RESET certdata.reason;
INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦');
DELETE FROM certdata.calendar_day WHERE day = '2022-02-01';
INSERT INTO certdata.calendar_year VALUES (2027, 'provisional');
UPDATE certdata.period SET amount = 5 WHERE step = 'resubmit';
SELECT pg_temp.recorded();

-- scope; ids that filings follow; quotes, null and an empty text
INSERT INTO certdata.organisation (id, name, ceased_on) VALUES ('a', '甲"校', '2022-12-31'), ('b', '乙校', NULL);
INSERT INTO certdata.organisation_name VALUES ('a', '旧校', '(,2022-01-01)');
INSERT INTO certdata.filing VALUES ('S000013000001', 'a', '(,)', 30);
UPDATE certdata.organisation SET id = 'c' WHERE id = 'a';
SELECT pg_temp.recorded();
COPY certdata.scope FROM STDIN;
S000013000001	车工	\N	三级	(,)
S000013000001	焊工		四级	[2022-01-01,2022-02-01)
\.
MERGE INTO certdata.scope AS s USING (VALUES ('车工', '五级'), ('电工', '五级')) AS v(occupation, level) ON s.occupation = v.occupation
	WHEN MATCHED THEN UPDATE SET level = v.level::certdata.skill_level
	WHEN NOT MATCHED THEN INSERT VALUES ('S000013000001', v.occupation, NULL, v.level::certdata.skill_level);
INSERT INTO certdata.organisation (id, name) VALUES ('b', '丙校'), ('d', '丁校') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
SELECT pg_temp.recorded();
SET LOCAL session_replication_role = replica;
UPDATE certdata.filing SET grace_days = 0;
SET LOCAL session_replication_role = origin;
TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope;
SELECT pg_temp.recorded();

-- what was rolled back was never done
SAVEPOINT s;
INSERT INTO certdata.level_letter VALUES ('Z', '特级技师');
ROLLBACK TO s;
SELECT pg_temp.recorded();
-- statements of a function are told apart, whoever calls it
CREATE FUNCTION pg_temp.twice() RETURNS void LANGUAGE sql AS $$
	INSERT INTO certdata.level_letter VALUES ('Y', '特级技师');
	DELETE FROM certdata.level_letter WHERE letter = 'Y';
$$;
SELECT pg_temp.twice();
SELECT pg_temp.recorded();

-- as what they are hashed, and that no certificate is concerned
SELECT count(*) > 20 AND bool_and(e.commitments = sha256(e.salts || 'O' || convert_to(e.old_values::text, 'UTF8'))) AND bool_and(length(e.salts) = 16)
	AND count(DISTINCT e.salts) = count(*) AND bool_and((e.cert_no IS NULL, e.life_seq, e.state, e.changed, e.shape, e.previous IS NULL) = (true, 0, 0, 0, 0, true))
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act WHERE a.kind = 'settings' AND a.transaction = pg_current_xact_id();
SELECT count(*) > 20 AND bool_and(attachment IS NULL) AND bool_and(shape = 0) AND bool_and(entries = (SELECT count(*) FROM certdata.ledger_entry AS e WHERE e.act = a.id))
	AND bool_and(session_user_name = session_user) FROM certdata.ledger_act AS a WHERE a.kind = 'settings' AND a.transaction = pg_current_xact_id();
ROLLBACK;
SELECT count(*) FROM certdata.ledger_act, mark WHERE id > act;

-- rows of many pages, transition tables on disk, old values that are toasted
BEGIN;
SET LOCAL work_mem = '64kB';
INSERT INTO certdata.calendar_day_setting SELECT '2030-01-01'::date + i, 'holiday', CASE WHEN i % 100 = 0 THEN repeat('长', 4000) ELSE '假' || i END FROM generate_series(1, 3000) AS i;
UPDATE certdata.calendar_day_setting SET name = name || '!' WHERE day > '2030-01-01';
DELETE FROM certdata.calendar_day_setting WHERE day > '2030-01-01';
SELECT a.detail ->> 'operation', count(*), count(DISTINCT (e.old_values #>> '{old,day}', e.old_values #>> '{new,day}')), max(e.n), max(length(e.old_values::text)),
	bool_and(e.old_values #>> '{new,day}' = e.old_values #>> '{old,day}'), bool_and(e.old_values #>> '{new,name}' = (e.old_values #>> '{old,name}') || '!'),
	bool_and(e.commitments = sha256(e.salts || 'O' || convert_to(e.old_values::text, 'UTF8')))
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act WHERE a.transaction = pg_current_xact_id() GROUP BY 1 ORDER BY min(a.id);
ROLLBACK;

-- the function is of no use elsewhere
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/state.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE TEMP TABLE elsewhere (x int);
CREATE TRIGGER r AFTER INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION certdata.record_settings();
SELECT pg_temp.state('INSERT INTO elsewhere VALUES (1)');
DROP TRIGGER r ON elsewhere;
CREATE TRIGGER r AFTER UPDATE ON elsewhere REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.record_settings();
SELECT pg_temp.state('UPDATE elsewhere SET x = 1');
DROP TRIGGER r ON elsewhere;
CREATE TRIGGER r AFTER TRUNCATE ON elsewhere FOR EACH STATEMENT EXECUTE FUNCTION certdata.record_settings();
SELECT pg_temp.state('TRUNCATE elsewhere');
-- a statement that says nonsense about itself is refused, and changes nothing
BEGIN;
SET LOCAL certdata.exception = 'nosuch: r';
SELECT pg_temp.state($$INSERT INTO certdata.level_letter VALUES ('Z', '特级技师')$$);
COMMIT;
SELECT count(*) FROM certdata.level_letter;
