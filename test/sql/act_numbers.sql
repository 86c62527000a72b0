-- Acts that take another certificate than the one named, call ambiguously with
-- a plain literal, take a null or an empty array for nothing to do, act on
-- half of what was named, or on a table that is not guarded.
CREATE SCHEMA act_numbers;
SET search_path = act_numbers;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

SELECT certdata.create_registry('zs');
SELECT fill('zs', 40);

-- every way to write a number, and several
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#01', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#02'::certdata.certno, 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#03'::varchar, 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#04'::char(30), 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', lower('#05'), 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', '{#06,#07}', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', ' { "#08" }', 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', ARRAY['#09', '#10'], 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', ARRAY['#11', '#12']::varchar[], 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', ARRAY['#13', '#14']::certdata.certno[], 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', '{#15,#16}'::certdata.certno[], 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', array_agg(cert_no), 'r') FROM zs WHERE cert_no IN ('#17', '#18')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.suspend('zs', array_agg(cert_no::text), 'r') FROM zs WHERE cert_no IN ('#19', '#20')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', cert_no, 'r') FROM zs WHERE cert_no = '#21'$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend(target => 'zs', cert_no => '#22', reason => 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('act_numbers.zs'::regclass, '#23', 'r', 'a')$$);
-- the others of the family are called the same way
SELECT pg_temp.expect('1', $$SELECT certdata.resume('zs', '#01', 'r')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.resume('zs', '{#02,#03}', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#01', 'r', 'a', true)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#02', 'r', 'a', true, '#24')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', cert_no, 'r', 'a', true, '#24') FROM zs WHERE cert_no = '#03'$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', ARRAY['#01'], 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#25', '#41', 'r', 'a')$$);
SELECT pg_temp.expect('2', $$SELECT certdata.renumber('zs', '{#26,#27}', '{#42,#43}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', ARRAY['#28'], ARRAY['#44'], 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', ARRAY['#29'], '{#45}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', ARRAY['#30']::certdata.certno[], '{#46}', 'r', 'a')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', cert_no, '#47', 'r', 'a') FROM zs WHERE cert_no = '#31'$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#32', '{"所在单位": "乙公司"}', 'r', 'a')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', cert_no, '{"所在单位": "乙公司"}', 'r', 'a') FROM zs WHERE cert_no = '#33'$$);
PREPARE by_text AS SELECT certdata.suspend('zs', $1, $2);
EXECUTE by_text('S000013010001223000034', 'r');
EXECUTE by_text('{S000013010001223000035,S000013010001223000036}', 'r');
PREPARE by_array(text[]) AS SELECT certdata.suspend('zs', $1, 'r');
EXECUTE by_array('{S000013010001223000037}');
DEALLOCATE ALL;

-- one given twice is one
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '{#38,#38,#38}', 'r')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.resume('zs', ARRAY['#38', lower('#38')], 'r')$$);

-- nothing named
SELECT pg_temp.expect('22004', $$SELECT certdata.suspend('zs', NULL, 'r')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.suspend('zs', NULL::certdata.certno, 'r')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.suspend('zs', NULL::text[], 'r')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.suspend('zs', ARRAY['#39', NULL], 'r')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.suspend('zs', '{#39,NULL}', 'r')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.suspend('zs', '{}', 'r')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.suspend('zs', ARRAY[]::text[], 'r')$$);
SELECT pg_temp.expect('22023', $$SELECT certdata.suspend('zs', ARRAY[]::certdata.certno[], 'r')$$);
SELECT pg_temp.expect('22P02 no.required', $$SELECT certdata.suspend('zs', '', 'r')$$);
SELECT pg_temp.expect('22P02 no.length', $$SELECT certdata.suspend('zs', 'S123', 'r')$$);
SELECT pg_temp.expect('22P02 no.length', $$SELECT certdata.suspend('zs', ARRAY['#39', 'S123'], 'r')$$);
SELECT pg_temp.expect('22P02', $$SELECT certdata.suspend('zs', '{#39', 'r')$$);
SELECT pg_temp.expect('22004', $$SELECT certdata.suspend(NULL, '#39', 'r')$$);

-- not there: none of them
SELECT pg_temp.expect('P0002', $$SELECT certdata.suspend('zs', '#99', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.suspend('zs', '{#39,#98,#99}', 'r')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.correct('zs', '#99', '{"姓名": "李四"}', 'r', 'a')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.renumber('zs', '{#39,#99}', '{#51,#52}', 'r', 'a')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.retire('zs', '#25', 'r', 'a', true)$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.reinstate('zs', '#99', 'r', 'a')$$);
SELECT pg_temp.expect('P0002', $$SELECT certdata.resume('zs', '#99', 'r')$$);
SELECT pg_temp.expect('0', $$SELECT count(*) FROM zs WHERE cert_no IN ('#39', '#40') AND state IS NOT NULL$$);
-- in its own words
\t off
SET certdata.language = zh;
SELECT certdata.suspend('zs', '{S000013010001223000039,S000013010001223000098,S000013010001223000099}', 'r');
SET certdata.language = en;
SELECT certdata.suspend('zs', '{S000013010001223000039,S000013010001223000098,S000013010001223000099}', 'r');
\t on

-- not a guarded table
CREATE TABLE loose (LIKE zs);
SELECT pg_temp.expect('QC016', $$SELECT certdata.suspend('loose', '#01', 'r')$$);
SELECT pg_temp.expect('QC016', $$SELECT certdata.suspend('zs_live', '#40', 'r')$$);
SELECT pg_temp.expect('42P01', $$SELECT certdata.suspend('nowhere', '#01', 'r')$$);
SELECT pg_temp.expect('42P01', $$SELECT certdata.suspend(4294967295, '#01', 'r')$$);
SELECT pg_temp.expect('QC016', $$SELECT certdata.correct('pg_class', '#01', '{"姓名": "李四"}', 'r')$$);

-- what was acted on, and nothing else
SELECT pg_temp.expect('{#04,#05,#06,#07,#08,#09,#10,#11,#12,#13,#14,#15,#16,#17,#18,#19,#20,#21,#22,#23,#34,#35,#36,#37}',
	$$SELECT array_agg(cert_no ORDER BY cert_no) FROM zs WHERE state = 'suspended'$$);
SELECT pg_temp.expect('{#02,#03}', $$SELECT array_agg(cert_no ORDER BY cert_no) FROM zs WHERE state = 'retired'$$);
SELECT pg_temp.expect('{#32,#33}', $$SELECT array_agg(cert_no ORDER BY cert_no) FROM zs WHERE employer = '乙公司'$$);

-- many at once: in one act, the lives with them
SELECT certdata.create_registry('many');
SELECT fill('many', 5000);
SELECT pg_temp.expect('5000', $$SELECT certdata.suspend('many', array_agg(cert_no), 'r') FROM many$$);
SELECT pg_temp.expect('0', $$SELECT count(*) FROM many_live$$);
SELECT pg_temp.expect('5000', $$SELECT certdata.resume('many', array_agg(cert_no::text ORDER BY cert_no DESC), 'r') FROM many$$);
SELECT pg_temp.expect('5000', $$SELECT count(*) FROM many_live$$);

SELECT certdata.detach('zs', 'end of test'), certdata.detach('many', 'end of test');
DROP SCHEMA act_numbers CASCADE;
