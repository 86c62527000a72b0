-- Defect looked for: something that a table's owner wrote (in an index, a CHECK
-- constraint, extended statistics) and that runs as the extension's owner, because
-- certdata plans or runs a query on the table as that.  An IMMUTABLE function of
-- constants runs as soon as a query is planned.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE ROLE attach_rights_owner;
GRANT certdata_admin TO attach_rights_owner;
CREATE SCHEMA attach_rights AUTHORIZATION attach_rights_owner;
SET certdata.language = en;
\set SHOW_CONTEXT never
SET ROLE attach_rights_owner;
SET search_path = attach_rights;
SET constraint_exclusion = on;

-- as whom it ran: sequences keep it when a statement fails
CREATE SEQUENCE as_caller;
CREATE SEQUENCE as_other;
GRANT USAGE ON SEQUENCE as_caller, as_other TO PUBLIC;
CREATE FUNCTION note() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	IF current_user = 'attach_rights_owner' THEN
		PERFORM nextval('attach_rights.as_caller');
	ELSE
		PERFORM nextval('attach_rights.as_other');
	END IF;
	RETURN 1;
END $$;
CREATE FUNCTION trap(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN attach_rights.note(); END';
-- ... and set the traps anew, for a session computes an index's expression once
CREATE FUNCTION ran(OUT as_caller boolean, OUT as_other boolean) LANGUAGE plpgsql AS $$
DECLARE
	index regclass;
BEGIN
	FOR index IN SELECT c.oid FROM pg_class AS c WHERE c.relnamespace = 'attach_rights'::regnamespace AND c.relkind = 'i' LOOP
		EXECUTE format('ALTER INDEX %s RESET (fillfactor)', index);
	END LOOP;
	SELECT c.is_called, o.is_called INTO as_caller, as_other FROM attach_rights.as_caller AS c, attach_rights.as_other AS o;
	PERFORM setval('attach_rights.as_caller', 1, false), setval('attach_rights.as_other', 1, false);
END $$;
CREATE PROCEDURE set_traps(t regclass, number name) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE INDEX ON %s ((attach_rights.trap(1)))', t);
	EXECUTE format('CREATE INDEX ON %s (%I) WHERE attach_rights.trap(2) = 2', t, number);
	EXECUTE format('ALTER TABLE %s ADD CHECK (attach_rights.trap(3) > 0)', t);
	EXECUTE format('CREATE STATISTICS %s_traps ON (%I::text || attach_rights.trap(4)::text) FROM %1$s', t, number);
	PERFORM attach_rights.ran();
END $$;
CREATE FUNCTION refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', sqlstate, sqlerrm, detail);
END $$;
\set columns 'name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno, issue_date text, evaluator text, issuer text, state text'
\set person '\'张三\', \'居民身份证\', \'130102199003071233\', \'\', \'车工\', \'\', \'三级\''
\set rest '\'2022-02-09\', \'甲校\', \'甲校\''

-- the numbers are typed, are text; certdata makes their index
CREATE TABLE typed (:columns);
INSERT INTO typed VALUES (:person, 'S000013000001223000001', :rest);
CALL set_traps('typed', 'cert_no');
SELECT count(*) FROM typed WHERE name <> '';
SELECT * FROM ran();
SELECT certdata.attach('typed', state_column => 'state', register => 'attach_rights') IS NOT NULL AS attached;
SELECT * FROM ran();
CREATE TABLE plain (:columns);
ALTER TABLE plain ALTER cert_no TYPE text;
INSERT INTO plain VALUES (:person, 's000013000001223000002', :rest);
CALL set_traps('plain', 'cert_no');
SELECT certdata.attach('plain', state_column => 'state', register => 'attach_rights', validate => false) IS NOT NULL AS attached;
SELECT as_other FROM ran();

-- the index is there already: nothing runs before the rows are read as the caller
CREATE TABLE refused (:columns);
INSERT INTO refused VALUES (:person, 'S000013000001223000002', :rest, 'withdrawn');
CREATE UNIQUE INDEX ON refused (cert_no);
CALL set_traps('refused', 'cert_no');
SELECT refusal($$SELECT certdata.attach('refused', state_column => 'state')$$);
SELECT refusal($$SELECT certdata.attach('refused', register => 'attach_rights')$$);
SELECT * FROM ran();

-- partitions, with their columns elsewhere, and those to come
CREATE TABLE root (:columns) PARTITION BY RANGE (cert_no);
CREATE TABLE part_1 (gone int, state text, cert_no certdata.certno);
ALTER TABLE part_1 DROP gone, ADD name text, ADD id_type text, ADD id_number text, ADD employer text, ADD occupation text, ADD work_type text,
	ADD level text, ADD issue_date text, ADD evaluator text, ADD issuer text;
ALTER TABLE root ATTACH PARTITION part_1 FOR VALUES FROM (MINVALUE) TO ('S000013000001223000004');
INSERT INTO root VALUES (:person, 'S000013000001223000003', :rest);
CALL set_traps('root', 'cert_no');
CALL set_traps('part_1', 'cert_no');
SELECT certdata.attach('root', state_column => 'state', register => 'attach_rights') IS NOT NULL AS attached;
SELECT * FROM ran();
SELECT right(l.cert_no::text, 1) AS no, a.relation FROM certdata.life AS l JOIN certdata.attachment AS a ON a.id = l.attachment
	WHERE a.register = 'attach_rights' ORDER BY l.cert_no;
CREATE TABLE part_2 (LIKE root INCLUDING CONSTRAINTS);
CALL set_traps('part_2', 'cert_no');
ALTER TABLE root ATTACH PARTITION part_2 DEFAULT;
SELECT as_other FROM ran();
INSERT INTO root VALUES (:person, 'S000013000001223000004', :rest), (:person, 'S000013000001223000005', :rest);
SELECT as_other FROM ran();

-- all else that certdata does about them
SELECT certdata.validate('plain');
SELECT certdata.suspend('root', 'S000013000001223000004', 'r');
SELECT certdata.correct('typed', 'S000013000001223000001', '{"姓名": "李四"}', 'r', 'a');
SELECT * FROM ran();
SELECT count(*) > 0 AS doctor FROM certdata.doctor();
SELECT * FROM ran();
SELECT certdata.detach('root', 'r'), certdata.detach('typed', 'r'), certdata.detach('plain', 'r');
SELECT as_other FROM ran();
-- lives that are there already
SELECT certdata.attach('root', state_column => 'state') IS NOT NULL AS attached;
SELECT * FROM ran();
SELECT cert_no, state FROM root WHERE state IS NOT NULL;
RESET ROLE;

SET client_min_messages = error;
DROP SCHEMA attach_rights CASCADE;
TRUNCATE certdata.attachment, certdata.life;
DROP OWNED BY attach_rights_owner;
DROP ROLE attach_rights_owner;
