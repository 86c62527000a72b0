-- Bulk load is the main use.  Looks for: a trigger of ours that makes COPY
-- insert row by row.  Seen in the write-ahead log, not by the clock: rows that
-- come into the heap many at a time share a record.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
SELECT NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_walinspect') AS skip \gset
\if :skip
\quit
\endif
CREATE EXTENSION IF NOT EXISTS pg_walinspect;
CREATE TABLE bulk (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text);
CREATE TABLE typed (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number, employer certdata.org_name,
	occupation certdata.occupation_name, work_type certdata.work_type_name, level certdata.skill_level, cert_no certdata.certno PRIMARY KEY,
	issue_date certdata.issue_date, evaluator certdata.org_name, issuer certdata.org_name, state text);
CREATE TABLE registered (LIKE bulk, PRIMARY KEY (cert_no));
CREATE TABLE bare (LIKE bulk, PRIMARY KEY (cert_no));
CREATE TABLE by_row (LIKE bulk, PRIMARY KEY (cert_no));
CREATE TABLE parted (LIKE bulk, PRIMARY KEY (cert_no)) PARTITION BY RANGE (cert_no);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
SELECT count(*) FROM (SELECT certdata.attach('bulk') UNION ALL SELECT certdata.attach('typed', state_column => 'state')
	UNION ALL SELECT certdata.attach('registered', register => 'guard_multi_insert') UNION ALL SELECT certdata.attach('parted')) AS a;
CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER by_row BEFORE INSERT ON by_row FOR EACH ROW EXECUTE FUNCTION same();
\set program 'awk ''BEGIN { for (i = 1; i <= 3000; i++) printf "张三,居民身份证,130102199003071233,甲公司,电工,,三级,S000013000001223%06d,2022-02-09,甲校,甲中心\\n", i }'''

-- records that put one row, or many, into the table; how many rows it has
CREATE FUNCTION seen(target regclass, since pg_lsn, OUT one bigint, OUT many boolean, OUT rows bigint) LANGUAGE plpgsql AS $$
BEGIN
	SELECT count(*) FILTER (WHERE w.resource_manager = 'Heap' AND w.record_type ~ '^INSERT'), count(*) FILTER (WHERE w.resource_manager = 'Heap2' AND w.record_type ~ '^MULTI_INSERT') > 10
		INTO one, many FROM pg_get_wal_records_info(since, pg_current_wal_flush_lsn()) AS w
		WHERE w.block_ref ~ ('/' || pg_relation_filenode(target) || '\M');
	EXECUTE format('SELECT count(*) FROM %s', target) INTO rows;
END $$;

SELECT pg_current_wal_insert_lsn() AS since \gset
COPY bare FROM PROGRAM :'program' (FORMAT csv);
SELECT * FROM seen('bare', :'since');
SELECT pg_current_wal_insert_lsn() AS since \gset
COPY by_row FROM PROGRAM :'program' (FORMAT csv);
SELECT * FROM seen('by_row', :'since');
-- guarded, as fast as bare
SELECT pg_current_wal_insert_lsn() AS since \gset
COPY bulk FROM PROGRAM :'program' (FORMAT csv);
SELECT * FROM seen('bulk', :'since');
-- what goes in adds nothing to certdata.life
SELECT * FROM seen('certdata.life', :'since');
SELECT pg_current_wal_insert_lsn() AS since \gset
COPY typed (name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer) FROM PROGRAM :'program' (FORMAT csv);
SELECT * FROM seen('typed', :'since');
SELECT pg_current_wal_insert_lsn() AS since \gset
COPY parted_1 FROM PROGRAM :'program' (FORMAT csv);
SELECT * FROM seen('parted_1', :'since');
-- the numbers of a register are noted in one go, too
SELECT pg_current_wal_insert_lsn() AS since \gset
COPY registered FROM PROGRAM :'program' (FORMAT csv);
SELECT * FROM seen('registered', :'since');
SELECT many, rows FROM seen('certdata.life', :'since');

SELECT certdata.detach(t::regclass, 'end of test') FROM unnest(ARRAY['bulk', 'typed', 'registered', 'parted']) AS t;
DROP TABLE bulk, typed, registered, bare, by_row, parted CASCADE;
DROP FUNCTION same, seen;
DROP EXTENSION pg_walinspect;
DELETE FROM certdata.life;
DELETE FROM certdata.attachment;
