-- A value that changes on its way through COPY BINARY, or bytes that get past
-- the checks of text input by coming in binary.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;

CREATE TEMP TABLE original (
	name certdata.person_name, employer certdata.org_name, occupation certdata.occupation_name,
	work_type certdata.work_type_name, id_type certdata.id_type, id_number certdata.id_number,
	citizen certdata.resident_id, level certdata.skill_level, cert_no certdata.certno,
	issue_date certdata.issue_date, numbers certdata.certno[]);
INSERT INTO original VALUES
	('张三', '甲厂', '电工', '', '居民身份证', '13010219900307002X', '13010219900307002X', '一级',
	 'S000013000001223000001', '2022-02-09', '{S000013000001223000001,NULL}'),
	('阿里·买买提', NULL, '焊工', NULL, '外国护照', 'Ｅ１２３４５６７８', NULL, '首席技师',
	 'Z99999999999999Z999999', '9999-12-31', '{}'),
	(NULL, '', '', '装表接电工', '其他个人证件', '其他-1', '830000199201300022', '学徒工',
	 'A000000000000000000000', '0001-01-01', NULL);
CREATE TEMP TABLE copied (LIKE original);
-- the server writes and reads the file, so it stands where the server can
SELECT current_setting('data_directory') || '/certdata_type_binary.data' AS filename \gset
COPY original TO :'filename' WITH (FORMAT binary);
COPY copied FROM :'filename' WITH (FORMAT binary);
SELECT count(*) FROM copied;
(TABLE original EXCEPT ALL TABLE copied) UNION ALL (TABLE copied EXCEPT ALL TABLE original);

-- the wire form is the canonical text; of an issue_date, date's four bytes
SELECT convert_from(certdata.certno_send('s000013000001223000001'), 'UTF8') AS certno,
	convert_from(certdata.resident_id_send('13010219900307002x'), 'UTF8') AS resident_id,
	convert_from(certdata.id_number_send('13010219900307002x'), 'UTF8') AS id_number,
	convert_from(certdata.id_type_send('外国人工作许可证（A类）'), 'UTF8') AS id_type,
	convert_from(certdata.skill_level_send('高级工'), 'UTF8') AS skill_level,
	certdata.issue_date_send('2022-02-09') = date_send('2022-02-09') AS issue_date;

-- Bad bytes: a file of one row and one column, made by hand.
CREATE FUNCTION pg_temp.receive(type text, payload bytea, filename text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	file bytea := '\x5047434f50590aff0d0a000000000000000000'::bytea || int2send(1::int2) ||
		int4send(length(payload)) || payload || int2send((-1)::int2);
	state text; rule text; result text; lo oid;
BEGIN
	lo := lo_from_bytea(0, file);
	PERFORM lo_export(lo, filename);
	PERFORM lo_unlink(lo);
	EXECUTE format('CREATE TEMP TABLE one (value certdata.%I)', type);
	BEGIN
		EXECUTE format('COPY one FROM %L WITH (FORMAT binary)', filename);
		SELECT value::text INTO result FROM one;
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME;
		result := state || ' ' || rule;
	END;
	DROP TABLE one;
	RETURN result;
END $$;
SELECT type, pg_temp.receive(type, payload, :'filename')
FROM (VALUES
	(1, 'certno', 'S000013000001223000001'::bytea),
	(2, 'certno', 'S00001300000122300000'),
	(3, 'certno', '\x00000000000000000000'),
	(4, 'certno', ''),
	(5, 'resident_id', '130102199003071231'),
	(6, 'resident_id', int8send(13010219900307123)),
	(7, 'id_number', '\x0102030405060708'),
	(8, 'id_number', '1234567890123456789'),
	(9, 'id_type', '\x01'),
	(10, 'skill_level', '\x63'),
	(11, 'skill_level', convert_to('三级', 'UTF8')),
	(12, 'skill_level', '\xe4b8'),
	(13, 'issue_date', date_send('2022-02-09')),
	(14, 'issue_date', date_send('infinity')),
	(15, 'issue_date', date_send('-infinity')),
	(16, 'issue_date', date_send('0001-12-31 BC')),
	(17, 'issue_date', '\x0000'),
	(18, 'issue_date', '2022-02-09'),
	(19, 'person_name', convert_to(repeat('汉', 41), 'UTF8')),
	(20, 'person_name', '\x410042'),
	(21, 'person_name', '\xff'),
	(22, 'org_name', '\x4101'),
	(23, 'occupation_name', convert_to(repeat('汉', 80), 'UTF8')),
	(24, 'work_type_name', convert_to(repeat('汉', 61), 'UTF8'))) AS t(i, type, payload)
ORDER BY i;
COPY (SELECT) TO PROGRAM 'rm certdata_type_binary.data; cat >/dev/null';
DROP TABLE original, copied;
