-- Arithmetic that is right for the examples and wrong elsewhere: check
-- characters, dates and parts of thousands of numbers, recomputed in plain SQL.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SELECT setseed(0.20220209);

-- GB 11643: sum of digits by weights, modulo 11, into 10X98765432
CREATE FUNCTION pg_temp.mod11_2(digits text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT substr('10X98765432', (sum(substr(digits, i, 1)::int *
		(ARRAY[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])[i]) % 11)::int + 1, 1)
	FROM generate_series(1, 17) AS i $$;

CREATE TEMP TABLE citizen AS
SELECT i, body || pg_temp.mod11_2(body) AS number, birth, body
FROM (SELECT i, province || lpad((random() * 9999)::int::text, 4, '0') || to_char(birth, 'YYYYMMDD') ||
		lpad((random() * 999)::int::text, 3, '0') AS body, birth
	FROM (SELECT i, (string_to_array('11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83', ' '))
				[1 + i % 35] AS province,
			(date '1800-01-01' + (random() * (date '2999-12-31' - date '1800-01-01'))::int) AS birth
		FROM generate_series(1, 4000) AS i) x) y;
SELECT count(*) FROM citizen;
SELECT i, number FROM citizen
WHERE number::certdata.resident_id::text <> number
	OR number::certdata.id_number::text <> number
	OR certdata.birth_date(number::certdata.resident_id) <> birth
	OR certdata.region(number::certdata.resident_id) <> left(number, 6)
	OR certdata.sex(number::certdata.resident_id) <> (ARRAY['女', '男'])[1 + substr(number, 17, 1)::int % 2]
	OR pg_column_size(number::certdata.id_number) > 10;

-- any other last character, and any single wrong digit, is refused
SELECT count(*) AS accepted FROM citizen, unnest(string_to_array('0 1 2 3 4 5 6 7 8 9 X', ' ')) AS c
WHERE i <= 500 AND c <> right(number, 1) AND certdata.is_valid(body || c, 'certdata.resident_id');
SELECT count(*) AS accepted FROM citizen, generate_series(1, 17) AS pos, generate_series(0, 9) AS digit
WHERE i <= 200 AND substr(number, pos, 1) <> digit::text
	AND certdata.is_valid(overlay(number PLACING digit::text FROM pos FOR 1), 'certdata.resident_id');
-- and two neighbours exchanged
SELECT count(*) AS accepted FROM citizen, generate_series(1, 16) AS pos
WHERE substr(number, pos, 1) <> substr(number, pos + 1, 1)
	AND certdata.is_valid(overlay(number PLACING substr(number, pos + 1, 1) || substr(number, pos, 1) FROM pos FOR 2),
		'certdata.resident_id');

-- every province code there could be
SELECT string_agg(p, ' ' ORDER BY p) AS provinces
FROM (SELECT lpad(g::text, 2, '0') AS p FROM generate_series(0, 99) AS g) x
WHERE certdata.is_valid(p || '010219900307123' || pg_temp.mod11_2(p || '010219900307123'), 'certdata.resident_id');

-- every day of four centuries is an issue date in its own text, and no other day is
SELECT count(*) AS days FROM generate_series(date '1700-01-01', date '2099-12-31', interval '1 day') AS d
WHERE to_char(d, 'YYYY-MM-DD')::certdata.issue_date = d::date
	AND d::date::certdata.issue_date::text = to_char(d, 'YYYY-MM-DD');
SELECT count(*) AS valid FROM generate_series(1900, 2000, 4) AS y, generate_series(0, 13) AS m, generate_series(0, 32) AS d
WHERE certdata.is_valid(format('%s-%s-%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0')), 'certdata.issue_date');

-- certificate numbers: parts, print, order
CREATE TEMP TABLE certificate AS
SELECT i, chr(65 + (random() * 25)::int) || lpad((random() * 9999)::int::text, 4, '0') ||
	lpad((random() * 99)::int::text, 2, '0') || lpad((random() * 999999)::int::text, 6, '0') ||
	lpad((random() * 99)::int::text, 2, '0') ||
	substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + (random() * 35)::int, 1) ||
	lpad((random() * 999999)::int::text, 6, '0') AS no
FROM generate_series(1, 5000) AS i;
SELECT count(*) FROM certificate WHERE length(no) = 22;
SELECT i, no FROM certificate
WHERE no::certdata.certno::text <> no
	OR certdata.certno_filing(no::certdata.certno) <> left(no, 13)
	OR certdata.certno_category(no::certdata.certno) <> left(no, 1)
	OR certdata.certno_province(no::certdata.certno) <> substr(no, 6, 2)
	OR certdata.certno_year(no::certdata.certno) <> 2000 + substr(no, 14, 2)::int
	OR certdata.certno_level(no::certdata.certno) <> substr(no, 16, 1)
	OR certdata.certno_serial(no::certdata.certno) <> substr(no, 17)::int
	OR certdata.certno_hash(no::certdata.certno) <> certdata.text_hash(no)
	OR pg_column_size(no::certdata.certno) > 12
	OR lower(no)::certdata.certno <> no::certdata.certno;
-- all pairs of 300: each comparison as text by bytes has it
SELECT count(*) AS wrong
FROM (SELECT no COLLATE "C" AS no, no::certdata.certno AS n FROM certificate WHERE i <= 300) a,
	(SELECT no COLLATE "C" AS no, no::certdata.certno AS n FROM certificate WHERE i <= 300) b
WHERE (a.n < b.n) <> (a.no < b.no) OR (a.n <= b.n) <> (a.no <= b.no) OR (a.n = b.n) <> (a.no = b.no)
	OR (a.n <> b.n) <> (a.no <> b.no) OR (a.n > b.n) <> (a.no > b.no) OR (a.n >= b.n) <> (a.no >= b.no)
	OR (a.n < b.no) <> (a.no < b.no) OR (a.no >= b.n) <> (a.no >= b.no) OR (a.n = b.no) <> (a.no = b.no)
	OR certdata.certno_cmp(a.n, b.n) <> 0 AND a.no = b.no
	OR (a.n ^@ left(b.no, 3)) <> starts_with(a.no, left(b.no, 3));
-- document numbers of all lengths, packed or not, likewise
CREATE TEMP TABLE document AS
SELECT number AS s FROM citizen WHERE i <= 100
UNION ALL SELECT left(number, 17) || '9' FROM citizen WHERE i <= 50
UNION ALL SELECT left(number, (i % 18)::int + 1) FROM citizen WHERE i <= 80
UNION ALL SELECT left(no, (i % 18)::int + 1) FROM certificate WHERE i <= 80
UNION ALL VALUES ('证'), ('证件1'), ('000000000000000001'), ('-');
SELECT count(*) AS wrong
FROM (SELECT s COLLATE "C" AS s, s::certdata.id_number AS n FROM document) a,
	(SELECT s COLLATE "C" AS s, s::certdata.id_number AS n FROM document) b
WHERE (a.n < b.n) <> (a.s < b.s) OR (a.n <= b.n) <> (a.s <= b.s) OR (a.n = b.n) <> (a.s = b.s)
	OR (a.n <> b.n) <> (a.s <> b.s) OR (a.n > b.n) <> (a.s > b.s) OR (a.n >= b.n) <> (a.s >= b.s)
	OR (a.n < b.s) <> (a.s < b.s) OR (a.s >= b.n) <> (a.s >= b.s) OR (a.n = b.s) <> (a.s = b.s)
	OR certdata.id_number_hash(a.n) <> certdata.text_hash(a.s);
-- citizens' numbers: int8's order is the text's
SELECT count(*) AS wrong
FROM (SELECT number COLLATE "C" AS s, number::certdata.resident_id AS n FROM citizen WHERE i <= 200) a,
	(SELECT number COLLATE "C" AS s, number::certdata.resident_id AS n FROM citizen WHERE i <= 200) b
WHERE (a.n < b.n) <> (a.s < b.s) OR (a.n = b.n) <> (a.s = b.s) OR (a.n >= b.s) <> (a.s >= b.s)
	OR (a.s > b.n) <> (a.s > b.s) OR certdata.resident_id_hash(a.n) <> certdata.text_hash(a.s);

-- levels are in order of skill, whatever their writing
SELECT string_agg(l::text, ' < ' ORDER BY l::certdata.skill_level) AS levels
FROM unnest(ARRAY['首席技师', '一级', '五级', '学徒工', '三级', '特级技师', '二级', '四级']) AS l;
DROP TABLE citizen, certificate, document;
