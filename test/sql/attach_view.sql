-- Defect looked for: a report that lacks a field or prints a date as no report
-- has it; views that stay behind, or are not found, when the table is detached;
-- a detachment without the reason that was given.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
CREATE SCHEMA attach_view;
SET search_path = attach_view;
SET certdata.language = en;
\set SHOW_CONTEXT never
\set VERBOSITY terse

-- codes of which there are none, a domain over date under another DateStyle
CREATE DOMAIN day AS date;
CREATE TABLE t (LIKE certdata.report);
ALTER TABLE t ALTER "发证日期" TYPE day USING NULL;
SELECT certdata.attach('t', '{"证件类型": {"column": "证件类型", "map": {}}, "所在单位": {"value": "it''s%I"}}') IS NOT NULL AS attached;
INSERT INTO t_report VALUES ('张三', '居民身份证', '130102199003071233', NULL, '车工', '', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校');
SET DateStyle = 'German, DMY';
COPY (SELECT * FROM t_report) TO STDOUT (FORMAT csv, HEADER);
RESET DateStyle;

-- names and comments of the views are the owner's
COMMENT ON VIEW t_live IS NULL;
COMMENT ON VIEW t_report IS 'mine';
ALTER VIEW t_report RENAME TO "Report 1";
CREATE SCHEMA attach_view_2;
ALTER VIEW t_live SET SCHEMA attach_view_2;
CREATE VIEW mine AS SELECT * FROM t;
COMMENT ON VIEW mine IS 'certificates that are neither suspended, retired nor withdrawn';
CREATE VIEW needs_it AS TABLE "Report 1";
SELECT certdata.detach('t', 'x');
DROP VIEW needs_it;
SELECT certdata.detach('t', 'x');
SELECT relnamespace::regnamespace, relname FROM pg_class WHERE relkind = 'v' AND relnamespace IN ('attach_view'::regnamespace, 'attach_view_2'::regnamespace) ORDER BY 1, 2;
SELECT certdata.attach('t') IS NOT NULL AS attached;

-- detached by the reason that the transaction gave
BEGIN;
SET LOCAL certdata.reason = 'said before';
SELECT certdata.detach('t', NULL);
COMMIT;
SELECT detach_reason FROM certdata.attachment WHERE relation = 't'::regclass;
CREATE TABLE u (LIKE certdata.report);
SELECT certdata.attach(c) IS NOT NULL AS attached FROM unnest('{t,u}'::regclass[]) AS c;
BEGIN;
SELECT certdata.detach(c, 'both') FROM unnest('{t,u}'::regclass[]) AS c;
SELECT relation, detach_reason FROM certdata.attachment ORDER BY 1;
ROLLBACK;
SELECT certdata.detach(c, 'for ' || c) FROM unnest('{t,u}'::regclass[]) AS c;
SELECT relation, detach_reason FROM certdata.attachment ORDER BY 1;
SET search_path = '';
SELECT certdata.create_registry('nowhere');

SET client_min_messages = error;
DROP SCHEMA attach_view, attach_view_2 CASCADE;
