-- A bad value that throws where the caller asked for a soft error (server 16
-- and later): one branch that forgets costs a whole load.
SELECT current_setting('server_version_num')::int < 160000 AS skip \gset
\if :skip
\quit
\endif
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SELECT type, left(value, 22) AS value, pg_input_is_valid(value, 'certdata.' || type) AS valid, e.sql_error_code, e.detail
FROM (VALUES
	(1, 'certno', 'S000013123456193000001'), (2, 'certno', 'S00001312345619300000A'),
	(3, 'resident_id', '13010219900307002x'), (4, 'resident_id', '130102199003071231'),
	(5, 'resident_id', '130102 990030712'), (6, 'id_number', 'E12345678'), (7, 'id_number', ''),
	(8, 'id_type', '身份证'), (9, 'skill_level', '高级'), (10, 'issue_date', '2022-02-30'),
	(11, 'issue_date', '2022/2/9'), (12, 'person_name', repeat('汉', 41)),
	(13, 'org_name', E'\x01'), (14, 'occupation_name', '电工'), (15, 'work_type_name', repeat('汉', 61)),
	(16, 'certno[]', '{S000013123456193000001,x}')) AS t(i, type, value),
	LATERAL pg_input_error_info(value, 'certdata.' || type) AS e
ORDER BY i;
