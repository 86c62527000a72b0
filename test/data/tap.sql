-- For the tests in test/tap: pgTAP, its output alone, and a transaction that
-- they end with finish() and ROLLBACK.
\set ECHO none
\set QUIET on
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on
\pset pager off
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS certdata;
SELECT no_plan();
