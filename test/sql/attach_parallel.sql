-- Defect looked for: views of an attached table that fail, or show other rows,
-- when the server reads the table with several processes.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_parallel;
SET search_path = attach_parallel;
CREATE TABLE t (LIKE certdata.report);
INSERT INTO t SELECT '张三', '居民身份证', '130102199003071233', '', '车工', '', '三级', 'S000013000001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲校'
	FROM generate_series(1, 300) AS i;
SELECT certdata.attach('t') IS NOT NULL AS attached;
SELECT certdata.retire('t', ARRAY['S000013000001223000001', 'S000013000001223000002'], 'r', 'a', true);
-- a session that knows nothing of the table yet
\c
SET search_path = attach_parallel;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS off, VERBOSE off) SELECT count(*) FROM t_report WHERE "姓名" IS NOT NULL \g (format=unaligned tuples_only=on) |grep -c 'Parallel Seq Scan'
SELECT count(*) FROM t_live;
SELECT count(*) FROM t_report;
-- what the transaction itself has done counts
BEGIN;
SELECT certdata.suspend('t', 'S000013000001223000003', 'r');
SELECT count(*) FROM t_live;
ROLLBACK;
SET client_min_messages = error;
DROP SCHEMA attach_parallel CASCADE;
TRUNCATE certdata.attachment, certdata.life, certdata.known_fault;
