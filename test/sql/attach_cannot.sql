-- Defect looked for: a table that is taken although it cannot be guarded, an
-- option that is misread without a word, an error that names one fault of
-- many; a role that attaches or detaches what is not its own.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_cannot;
SET search_path = attach_cannot;
RESET client_min_messages;
CREATE FUNCTION refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || SQLERRM, NULLIF(detail, ''), NULLIF(hint, ''));
END $$;
\pset format unaligned
\t on
SET client_min_messages = error;

-- the call
SELECT refusal($$SELECT certdata.attach(NULL)$$);
SELECT refusal($$SELECT certdata.attach(99999)$$);
CREATE TABLE poor (name text, id_type text, number text);
SELECT refusal($$SELECT certdata.attach('poor')$$);
CREATE TABLE t (LIKE certdata.report, state int);
SELECT refusal($$SELECT certdata.attach('t', '[1]')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"名": "a"}')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"姓名": "a"}')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"姓名": 1}')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"姓名": {"column": "姓名", "value": "x"}}')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"姓名": {"column": "姓名", "map": "x"}}')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"姓名": {"column": "姓名", "map": {"a": 1}}}')$$);
SELECT refusal($$SELECT certdata.attach('t', '{"证书编号": {"value": "x"}}')$$);
SELECT refusal($$SELECT certdata.attach('t', publication => 'maybe')$$);
SELECT refusal($$SELECT certdata.attach('t', publication => NULL)$$);
SELECT refusal($$SELECT certdata.attach('t', existing => 'ignore')$$);
SELECT refusal($$SELECT certdata.attach('t', profile => 'shenzhen')$$);
SELECT refusal($$SELECT certdata.attach('t', validate => NULL)$$);
SELECT refusal($$SELECT certdata.attach('t', register => ' ')$$);
SELECT refusal($$SELECT certdata.attach('t', state_column => 'nosuch')$$);
SELECT refusal($$SELECT certdata.attach('t', state_column => 'state')$$);
SELECT refusal($$SELECT certdata.attach('t', state_column => '姓名')$$);
CREATE TABLE states (LIKE certdata.report, short varchar(8), filled text DEFAULT 'ok', required text NOT NULL, made text GENERATED ALWAYS AS ('x') STORED, enough varchar(9));
SELECT refusal(format($$SELECT certdata.attach('states', state_column => %L)$$, c)) FROM unnest('{short,filled,required,made}'::text[]) AS c;
SELECT certdata.attach('states', state_column => 'enough') IS NOT NULL;
SELECT refusal($$SELECT certdata.attach('t', approver => 'nosuch')$$);
SELECT refusal($$SELECT certdata.validate('t')$$);
SELECT refusal($$SELECT certdata.detach('t', 'x')$$);
SELECT refusal($$SELECT certdata.retire('t', 'S000013000001223000001', 'x', 'y', true)$$);

-- the table
CREATE VIEW v AS TABLE certdata.report;
SELECT refusal($$SELECT certdata.attach('v')$$);
CREATE TEMP TABLE tt (LIKE certdata.report);
SELECT refusal($$SELECT certdata.attach('tt')$$);
CREATE UNLOGGED TABLE tu (LIKE certdata.report);
SELECT refusal($$SELECT certdata.attach('tu')$$);
SELECT refusal($$SELECT certdata.attach('certdata.report')$$);
SELECT refusal($$SELECT certdata.attach('pg_class')$$);
CREATE TABLE parent (LIKE certdata.report);
CREATE TABLE child () INHERITS (parent);
SELECT refusal($$SELECT certdata.attach('parent')$$);
SELECT refusal($$SELECT certdata.attach('child')$$);
CREATE TABLE by_date (LIKE certdata.report) PARTITION BY LIST ("发证日期");
CREATE TABLE by_date1 PARTITION OF by_date FOR VALUES IN ('2022-02-09');
SELECT refusal($$SELECT certdata.attach('by_date')$$);
SELECT refusal($$SELECT certdata.attach('by_date1')$$);
CREATE TABLE by_text (LIKE certdata.report) PARTITION BY HASH ("证书编号");
SELECT refusal($$SELECT certdata.attach('by_text')$$);
CREATE TABLE number_type (LIKE certdata.report);
ALTER TABLE number_type ALTER "证书编号" TYPE bytea USING '';
SELECT refusal($$SELECT certdata.attach('number_type')$$);

-- names of the views
CREATE TABLE t_live ();
SELECT refusal($$SELECT certdata.attach('t')$$);
DROP TABLE t_live;
CREATE TABLE a23456789012345678901234567890123456789012345678901234567 (LIKE certdata.report);
SELECT refusal($$SELECT certdata.attach('a23456789012345678901234567890123456789012345678901234567')$$);

-- indexes that do not do: partial, deferrable, of several columns, of raw text
CREATE UNIQUE INDEX ON t ("证书编号");
CREATE UNIQUE INDEX ON t (certdata.number_key("证书编号")) WHERE "姓名" <> '';
CREATE UNIQUE INDEX ON t (certdata.number_key("证书编号"), "姓名");
SELECT refusal($$SELECT certdata.attach('t')$$);
SELECT indexdef FROM pg_indexes WHERE schemaname = 'attach_cannot' AND tablename = 't' ORDER BY 1;
SELECT refusal($$SELECT certdata.attach('t')$$);
CREATE TABLE deferred (LIKE certdata.report);
ALTER TABLE deferred ALTER "证书编号" TYPE certdata.certno USING NULL;
ALTER TABLE deferred ADD UNIQUE ("证书编号") DEFERRABLE;
SELECT refusal($$SELECT certdata.attach('deferred')$$);
SELECT indexdef FROM pg_indexes WHERE schemaname = 'attach_cannot' AND tablename = 'deferred' ORDER BY 1;

-- who: not the owner, the owner without the role, the owner with it
CREATE ROLE attach_owner;
CREATE ROLE attach_other;
GRANT certdata_admin TO attach_other;
GRANT CREATE, USAGE ON SCHEMA attach_cannot TO attach_owner, attach_other;
GRANT EXECUTE ON FUNCTION refusal TO PUBLIC;
CREATE TABLE owned (LIKE certdata.report);
ALTER TABLE owned OWNER TO attach_owner;
SET ROLE attach_other;
SELECT refusal($$SELECT certdata.attach('owned')$$);
SET ROLE attach_owner;
SELECT refusal($$SELECT certdata.attach('owned')$$);
SELECT refusal($$SELECT certdata.attach_as_owner('owned', NULL, 'refuse', true, 'always', false, NULL, 'hebei-2022', NULL, NULL, 'attach_owner')$$);
SELECT refusal($$SELECT certdata.create_registry('mine')$$);
RESET ROLE;
GRANT certdata_admin TO attach_owner;
SET ROLE attach_owner;
SELECT refusal($$SELECT certdata.attach('owned')$$);
SELECT refusal($$SELECT certdata.create_registry('mine')$$);
SELECT relname, relowner::regrole FROM pg_class WHERE relnamespace = 'attach_cannot'::regnamespace AND relname IN ('mine', 'mine_live', 'mine_report', 'owned_live') ORDER BY 1;
SELECT refusal($$UPDATE certdata.attachment SET approver = NULL$$);
SELECT refusal($$SELECT certdata.detach('owned', ' ')$$);
SELECT refusal($$SELECT certdata.create_registry('a.b.c')$$);
SELECT refusal($$SELECT certdata.create_registry('no such schema.t')$$);
SET ROLE attach_other;
SELECT refusal($$SELECT certdata.detach('owned', 'x')$$);
SELECT refusal($$SELECT certdata.validate('owned')$$);
SELECT refusal($$TABLE owned_live$$);
SELECT refusal($$SELECT certdata.is_live(id, NULL) FROM certdata.attachment WHERE relation = 'owned'::regclass$$);
SET ROLE attach_owner;
SELECT refusal($$SELECT certdata.detach('owned', 'moved')$$);
RESET ROLE;
SELECT relation, attached_by, detached_at IS NOT NULL AS detached, detach_reason FROM certdata.attachment
WHERE relation::oid IN (SELECT oid FROM pg_class WHERE relnamespace = 'attach_cannot'::regnamespace) ORDER BY attached_at;

SET client_min_messages = warning;
DROP SCHEMA attach_cannot CASCADE;
TRUNCATE certdata.attachment, certdata.life;
DROP OWNED BY attach_owner, attach_other;
DROP ROLE attach_owner, attach_other;
