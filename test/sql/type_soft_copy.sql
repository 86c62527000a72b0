-- COPY … ON_ERROR ignore (server 17 and later) that stops at a value our types
-- refuse, or whose notice shows that value whole.
SELECT current_setting('server_version_num')::int < 170000 AS skip \gset
\if :skip
\quit
\endif
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
CREATE TEMP TABLE person (name certdata.person_name, number certdata.resident_id);
COPY person FROM stdin WITH (ON_ERROR ignore, LOG_VERBOSITY verbose);
张三	130102199003071231
李四	13010219900307002x
王五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五	130102199003071233
\.
TABLE person;
DROP TABLE person;
