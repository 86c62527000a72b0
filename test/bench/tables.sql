-- tables.sql
--	  What the benchmark compares: the plain table, ours, and what people
--	  usually write instead.  All have the eleven columns of a report.
--
-- algorithm: the ledger's digest.  rows_file: the rows of "plain" and "typed";
-- without it they stay empty.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION certdata;
\if :{?algorithm}
SELECT certdata.start_ledger(:'algorithm') \g /dev/null
\endif
CREATE SCHEMA bench;
SET search_path = bench;

-- Processor time of this server process in ms; 0 where the system does not say.
CREATE FUNCTION cpu() RETURNS double precision LANGUAGE sql VOLATILE AS $$
	SELECT COALESCE(split_part(pg_read_file('/proc/self/schedstat', 0, 100, true), ' ', 1)::double precision / 1e6, 0)
$$;

-- How long the first row of each filing takes, from planning on, in ms.
CREATE FUNCTION first_rows(target regclass, passes integer, OUT pass integer, OUT ms double precision)
RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	filings text[];
	filing text;
	query text := format('SELECT * FROM %s WHERE cert_no ^@ $1', target);
	begun timestamptz;
	rows refcursor;
	found_row record;
BEGIN
	EXECUTE format('SELECT array_agg(DISTINCT certdata.certno_filing(cert_no)) FROM (SELECT cert_no FROM %s LIMIT 20000) AS first_ones', target)
		INTO filings;
	FOR i IN 1 .. passes LOOP
		FOREACH filing IN ARRAY filings LOOP
			begun := clock_timestamp();
			OPEN rows FOR EXECUTE query USING filing;
			FETCH rows INTO found_row;
			IF NOT FOUND THEN
				RAISE EXCEPTION 'no row of filing %', filing;
			END IF;
			ms := extract(epoch FROM clock_timestamp() - begun) * 1000;
			CLOSE rows;
			pass := i;
			RETURN NEXT;
		END LOOP;
	END LOOP;
END $$;

-- ---------------------------------------------------------------- plain

CREATE TABLE plain (
	name text, id_type text, id_number text, employer text, occupation text, work_type text,
	level text, cert_no text, issue_date text, evaluator text, issuer text);
CREATE TABLE plain_copy (LIKE plain);

-- ---------------------------------------------------------------- ours

CREATE TABLE typed (
	name certdata.person_name,
	id_type certdata.id_type,
	id_number certdata.id_number,
	employer certdata.org_name,
	occupation certdata.occupation_name,
	work_type certdata.work_type_name,
	level certdata.skill_level,
	cert_no certdata.certno,
	issue_date certdata.issue_date,
	evaluator certdata.org_name,
	issuer certdata.org_name);

CREATE TABLE ruled (LIKE typed);
DO $$ BEGIN PERFORM certdata.check_inserts('ruled'); END $$;

-- ---------------------------------------------------------------- guarded, and what it is compared with

CREATE TABLE plain_unique (LIKE plain);
CREATE UNIQUE INDEX ON plain_unique (cert_no);
CREATE TABLE typed_unique (LIKE typed);
CREATE UNIQUE INDEX ON typed_unique (cert_no);
CREATE TABLE ruled_unique (LIKE typed);
CREATE UNIQUE INDEX ON ruled_unique (cert_no);
DO $$ BEGIN PERFORM certdata.check_inserts('ruled_unique'); END $$;
CREATE TABLE unguarded (LIKE typed, state text);
CREATE UNIQUE INDEX ON unguarded (cert_no);

-- Four partitions by hash of the number on both sides.
CREATE TABLE plain_parts (LIKE plain) PARTITION BY HASH (cert_no);
CREATE UNIQUE INDEX ON plain_parts (cert_no);
CREATE TABLE guarded_parts (LIKE typed) PARTITION BY HASH (cert_no);
CREATE UNIQUE INDEX ON guarded_parts (cert_no);
DO $$
BEGIN
	FOR i IN 0..3 LOOP
		EXECUTE format('CREATE TABLE plain_part%s PARTITION OF plain_parts FOR VALUES WITH (MODULUS 4, REMAINDER %s)', i, i);
		EXECUTE format('CREATE TABLE guarded_part%s PARTITION OF guarded_parts FOR VALUES WITH (MODULUS 4, REMAINDER %s)', i, i);
	END LOOP;
	PERFORM certdata.attach('guarded_parts');
END $$;

-- Guarded tables cannot be emptied; here it is done behind the guard's back.
CREATE FUNCTION empty_guarded(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	part regclass;
BEGIN
	FOR part IN SELECT relid FROM certdata.tree_of(target) LOOP
		EXECUTE format('ALTER TABLE ONLY %s DISABLE TRIGGER certdata_truncate', part);
	END LOOP;
	EXECUTE format('TRUNCATE %s, certdata.life, certdata.ledger_entry, certdata.ledger_order, certdata.ledger_tile, certdata.ledger_head', target);
	DELETE FROM certdata.ledger_act WHERE kind NOT IN ('start', 'shape', 'attach');
	FOR part IN SELECT relid FROM certdata.tree_of(target) LOOP
		EXECUTE format('ALTER TABLE ONLY %s ENABLE ALWAYS TRIGGER certdata_truncate', part);
	END LOOP;
END $$;

-- ---------------------------------------------------------------- usual: CHECK

CREATE TABLE regex_checked (
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40 AND name !~ '[\s　*]'),
	id_type text NOT NULL CHECK (id_type IN ('居民身份证', '中国护照', '港澳居民来往内地通行证',
		'港澳居民居住证', '台湾居民来往大陆通行证', '台湾居民居住证', '外国护照', '外国人永久居留身份证',
		'外国人工作许可证(A类)', '外国人工作许可证(B类)', '外国人工作许可证(C类)', '其他个人证件')),
	id_number text NOT NULL CHECK (id_number ~ '^[0-9A-Z]{1,18}$'),
	employer text CHECK (char_length(employer) BETWEEN 1 AND 100 AND employer !~ '[\s　]'),
	occupation text NOT NULL CHECK (char_length(occupation) BETWEEN 1 AND 80 AND occupation !~ '[\s　]'),
	work_type text CHECK (char_length(work_type) BETWEEN 1 AND 60 AND work_type !~ '[\s　]'),
	level text NOT NULL CHECK (level IN ('学徒工', '五级', '四级', '三级', '二级', '一级', '特级技师', '首席技师')),
	cert_no text NOT NULL CHECK (cert_no ~ '^[SY][0-9]{4}[0-9]{2}[0-9]{6}[0-9]{2}[1-5A-Z][0-9]{6}$'),
	issue_date text NOT NULL CHECK (issue_date ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
	evaluator text NOT NULL CHECK (char_length(evaluator) BETWEEN 1 AND 100 AND evaluator !~ '[\s　]'),
	issuer text NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 100 AND issuer !~ '[\s　]'),
	CHECK (id_type <> '居民身份证' OR id_number ~
		'^[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$'),
	CHECK (substr(cert_no, 14, 2) = substr(issue_date, 3, 2)));

-- ---------------------------------------------------------------- usual: PL/pgSQL

CREATE TABLE scope (
	filing text, occupation text, work_type text, level text,
	PRIMARY KEY (filing, occupation, work_type, level));

CREATE TABLE plpgsql_checked (LIKE plain);

CREATE FUNCTION check_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	weight CONSTANT integer[] := ARRAY[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
	total integer := 0;
	born date;
BEGIN
	IF NEW.name IS NULL OR char_length(NEW.name) > 40 OR NEW.name ~ '[\s　*]' THEN
		RAISE EXCEPTION 'wrong name';
	END IF;
	IF NEW.id_type = '居民身份证' THEN
		IF NEW.id_number !~ '^[1-9][0-9]{16}[0-9X]$' THEN
			RAISE EXCEPTION 'wrong number';
		END IF;
		FOR i IN 1 .. 17 LOOP
			total := total + substr(NEW.id_number, i, 1)::integer * weight[i];
		END LOOP;
		IF substr('10X98765432', total % 11 + 1, 1) <> right(NEW.id_number, 1) THEN
			RAISE EXCEPTION 'wrong check character';
		END IF;
		born := substr(NEW.id_number, 7, 8)::date;
		IF born > NEW.issue_date::date THEN
			RAISE EXCEPTION 'issued before birth';
		END IF;
	END IF;
	IF NEW.cert_no !~ '^[SY][0-9]{14}[1-5A-Z][0-9]{6}$' OR
		substr(NEW.cert_no, 14, 2) <> substr(NEW.issue_date, 3, 2) THEN
		RAISE EXCEPTION 'wrong certificate number';
	END IF;
	IF NOT EXISTS (SELECT FROM scope AS s WHERE s.filing = left(NEW.cert_no, 13) AND
		s.occupation = NEW.occupation AND s.work_type = COALESCE(NEW.work_type, '') AND s.level = NEW.level) THEN
		RAISE EXCEPTION 'out of scope';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER check_row BEFORE INSERT ON plpgsql_checked
	FOR EACH ROW EXECUTE FUNCTION check_row();

-- ---------------------------------------------------------------- usual: an audit trigger

-- Statement triggers with transition tables, the fast way to write one.
CREATE TABLE audited (LIKE plain);
CREATE UNIQUE INDEX ON audited (cert_no);
CREATE TABLE audit (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	table_name text NOT NULL,
	operation text NOT NULL,
	who text NOT NULL,
	at timestamptz NOT NULL,
	old_row jsonb,
	new_row jsonb);

CREATE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO audit (table_name, operation, who, at, new_row)
			SELECT TG_TABLE_NAME, TG_OP, session_user, now(), to_jsonb(n) FROM new_rows AS n;
	ELSIF TG_OP = 'UPDATE' THEN
		INSERT INTO audit (table_name, operation, who, at, old_row, new_row)
			SELECT TG_TABLE_NAME, TG_OP, session_user, now(), to_jsonb(o), to_jsonb(n)
			FROM old_rows AS o FULL JOIN new_rows AS n USING (cert_no);
	ELSE
		INSERT INTO audit (table_name, operation, who, at, old_row)
			SELECT TG_TABLE_NAME, TG_OP, session_user, now(), to_jsonb(o) FROM old_rows AS o;
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER audit_insert AFTER INSERT ON audited REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION audit_rows();
CREATE TRIGGER audit_update AFTER UPDATE ON audited REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION audit_rows();
CREATE TRIGGER audit_delete AFTER DELETE ON audited REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION audit_rows();

-- ---------------------------------------------------------------- the rows

\if :{?rows_file}
COPY plain FROM :'rows_file';
INSERT INTO typed SELECT * FROM plain;
INSERT INTO scope SELECT DISTINCT left(cert_no, 13), occupation, COALESCE(work_type, ''), level FROM plain;
VACUUM (FREEZE, ANALYZE) plain, typed, scope;
\endif
