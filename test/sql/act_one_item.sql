-- The second of 姓名 and 证件号码 changed unseen (第十四条), by whatever way round
-- the first; an item used up by what is no correction of it, or by what was
-- rolled back; an exception that nobody made.
CREATE SCHEMA act_one_item;
SET search_path = act_one_item;
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/acts.sql'
\set ECHO none
\i :helper
\set ECHO all

SELECT certdata.create_registry('zs');
SELECT fill('zs', 30);
CREATE TABLE plain (LIKE certdata.report);
CREATE UNIQUE INDEX ON plain (certdata.number_key("证书编号"));
SELECT certdata.attach('plain') IS NOT NULL;
INSERT INTO plain SELECT '张三', '居民身份证', '13010219900307002X', NULL, '车工', NULL, '三级', 'S000013010001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲校'
	FROM generate_series(1, 9) AS i;
UPDATE zs SET level = level;
-- correct() with reason and approval: one certificate, one field or two
CREATE FUNCTION name(number text, value text, exception text DEFAULT NULL, target regclass DEFAULT 'zs') RETURNS text LANGUAGE sql AS $$
	SELECT certdata.correct(target, number, jsonb_build_object('姓名', value), 'r', 'a', exception)::text $$;
CREATE FUNCTION doc(number text, value text, exception text DEFAULT NULL, target regclass DEFAULT 'zs') RETURNS text LANGUAGE sql AS $$
	SELECT certdata.correct(target, number, jsonb_build_object('证件号码', value), 'r', 'a', exception)::text $$;
CREATE FUNCTION both_items(number text, name text, doc text, exception text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT certdata.correct('zs', number, jsonb_build_object('姓名', name, '证件号码', doc), 'r', 'a', exception)::text $$;
CREATE FUNCTION used(number text, target regclass DEFAULT 'zs') RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE((SELECT NULLIF(concat_ws(' ', CASE WHEN e.state & 1 <> 0 THEN 'name' END, CASE WHEN e.state & 2 <> 0 THEN 'document' END), '')
		FROM certdata.ledger_entry AS e JOIN certdata.ledger_shape AS s ON s.id = e.shape JOIN certdata.attachment AS a ON a.id = s.attachment
		WHERE a.relation = target AND e.cert_no = number ORDER BY e.life_seq DESC LIMIT 1), 'nothing') $$;

-- 130102199003071233, 13010219900307002X, 130102199003071217 are all lawful
SELECT pg_temp.expect('true', $$SELECT bool_and(certdata.id_check('居民身份证', n::certdata.id_number)) FROM unnest('{130102199003071233,13010219900307002X,130102199003071217}'::text[]) AS n$$);

-- the name first
SELECT pg_temp.expect('done', $$SELECT name('#01', '李四')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '13010219900307002X')$$);
SELECT pg_temp.expect('done', $$SELECT name('#01', '王五')$$);
SELECT pg_temp.expect('done', $$SELECT name('#01', '张三')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '13010219900307002X')$$);
SELECT pg_temp.expect('name', $$SELECT used('#01')$$);
-- the number first
SELECT pg_temp.expect('done', $$SELECT doc('#02', '13010219900307002X')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('#02', '李四')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#02', '130102199003071217')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('#02', '李四')$$);
SELECT pg_temp.expect('document', $$SELECT used('#02')$$);
-- both at once; an exception is for once
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT both_items('#03', '李四', '13010219900307002X')$$);
SELECT pg_temp.expect('nothing', $$SELECT used('#03')$$);
SELECT pg_temp.expect('done', $$SELECT both_items('#03', '李四', '13010219900307002X', 'correction.one_item: 法院判决')$$);
SELECT pg_temp.expect('name document', $$SELECT used('#03')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('#03', '王五')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#03', '130102199003071217')$$);
SELECT pg_temp.expect('done', $$SELECT name('#03', '王五', 'correction.one_item：法院判决')$$);
-- other fields use up neither, however often
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#04', '{"所在单位": "乙公司", "职业名称": "钳工"}', 'r', 'a')$$);
SELECT pg_temp.expect('nothing', $$SELECT used('#04')$$);
SELECT pg_temp.expect('done', $$SELECT name('#04', '李四')$$);

-- by whatever way
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
SELECT pg_temp.expect('#05', $$UPDATE zs SET name = '李四' WHERE cert_no = '#05' RETURNING cert_no$$);
COMMIT;
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#05', '13010219900307002X')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.retire('zs', '#05', 'r', 'a', true)$$);
SELECT pg_temp.expect('1', $$SELECT certdata.reinstate('zs', '#05', 'r', 'a')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#05', '13010219900307002X')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.suspend('zs', '#05', 'r')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#05', '13010219900307002X')$$);
SELECT pg_temp.expect('1', $$SELECT certdata.renumber('zs', '#05', '#55', 'r', 'a')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#55', '13010219900307002X')$$);
SELECT certdata.detach('zs', 'for a while');
SELECT certdata.attach('zs', state_column => 'state') IS NOT NULL;
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#55', '13010219900307002X')$$);
SELECT pg_temp.expect('done', $$SELECT name('#55', '王五')$$);

-- no correction of the item: the kind alone, notation, the same permit renewed
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#06', '{"证件类型": "其他个人证件"}', 'r', 'a')$$);
SELECT pg_temp.expect('nothing', $$SELECT used('#06')$$);
SELECT pg_temp.expect('done', $$SELECT certdata.correct('zs', '#06', '{"证件类型": "居民身份证", "证件号码": "13010219900307002X"}', 'r', 'a')$$);
SELECT pg_temp.expect('document', $$SELECT used('#06')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#01', '13010219900307002x', NULL, 'plain')$$);
SELECT pg_temp.expect('13010219900307002x', $$SELECT "证件号码" FROM plain WHERE "证书编号" = '#01'$$);
SELECT pg_temp.expect('nothing', $$SELECT used('#01', 'plain')$$);
SELECT pg_temp.expect('done', $$SELECT name('#01', '李四', NULL, 'plain')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#01', '13010219900307002X', NULL, 'plain')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '130102199003071233', NULL, 'plain')$$);
INSERT INTO zs SELECT '陈大文', '港澳居民来往内地通行证', 'H1234567801', NULL, '车工', NULL, '三级', ('S0000130100012230000' || i)::certdata.certno, '2022-02-09', '甲校', '甲校'
	FROM generate_series(61, 62) AS i;
SELECT pg_temp.expect('done', $$SELECT doc('#61', 'H1234567802')$$);
SELECT pg_temp.expect('nothing', $$SELECT used('#61')$$);
SELECT pg_temp.expect('done', $$SELECT name('#61', '陈小文')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#61', 'H1234567803')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#61', 'H1234567903')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#62', 'H1234567903')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('#62', '陈小文')$$);

-- what was rolled back uses up nothing, what was not does
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('done', $$SELECT name('#07', '李四')$$);
ROLLBACK TO a;
SELECT pg_temp.expect('nothing', $$SELECT used('#07')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#07', '13010219900307002X')$$);
SAVEPOINT b;
RELEASE b;
COMMIT;
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT name('#07', '李四')$$);
BEGIN;
SELECT pg_temp.expect('done', $$SELECT name('#08', '李四')$$);
ROLLBACK;
SELECT pg_temp.expect('done', $$SELECT doc('#08', '13010219900307002X')$$);
BEGIN;
SAVEPOINT a;
SELECT pg_temp.expect('done', $$SELECT name('#09', '李四')$$);
RELEASE a;
SAVEPOINT b;
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#09', '13010219900307002X')$$);
ROLLBACK TO b;
COMMIT;
SELECT pg_temp.expect('name', $$SELECT used('#09')$$);
-- refused for one certificate, undone for all
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
SELECT pg_temp.expect('QC011 correction.one_item', $$UPDATE zs SET id_number = '130102199003071217' WHERE cert_no IN ('#09', '#10', '#11')$$);
COMMIT;
SELECT pg_temp.expect('nothing nothing', $$SELECT used('#10') || ' ' || used('#11')$$);

-- an exception is said in the transaction, for that rule, with a reason
SET certdata.exception = 'correction.one_item: 法院判决';
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '13010219900307002X')$$);
RESET certdata.exception;
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '13010219900307002X', 'deletion.benefits: 法院判决')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '13010219900307002X', '  ')$$);
SELECT pg_temp.expect('QC002', $$SELECT doc('#01', '13010219900307002X', 'correction.one_item')$$);
SELECT pg_temp.expect('QC002', $$SELECT doc('#01', '13010219900307002X', 'correction.one_item: ')$$);
SELECT pg_temp.expect('QC002', $$SELECT doc('#01', '13010219900307002X', '法院判决')$$);
BEGIN;
SET LOCAL certdata.exception = 'correction.one_item: 法院判决';
SELECT pg_temp.expect('done', $$SELECT doc('#01', '13010219900307002X')$$);
ROLLBACK;
-- it excuses no other fault
SELECT pg_temp.expect('23514 id.checksum', $$SELECT doc('#01', '130102199003070020', 'correction.one_item: 法院判决')$$);

-- as the rule is set
BEGIN;
UPDATE certdata.rule SET severity = 'error' WHERE rule = 'correction.one_item';
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#01', '13010219900307002X', 'correction.one_item: 法院判决')$$);
UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'correction.one_item';
SET LOCAL client_min_messages = error;
SELECT pg_temp.expect('done', $$SELECT doc('#01', '13010219900307002X')$$);
SELECT pg_temp.expect('name document', $$SELECT used('#01')$$);
ROLLBACK;

-- over one request instead of the certificate's life
SET certdata.item_span = request;
SELECT pg_temp.expect('done', $$SELECT name('#12', '李四')$$);
SELECT pg_temp.expect('done', $$SELECT doc('#12', '13010219900307002X')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT both_items('#12', '王五', '130102199003071217')$$);
BEGIN;
SELECT pg_temp.expect('done', $$SELECT name('#12', '王五')$$);
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#12', '130102199003071217')$$);
SAVEPOINT a;
SELECT pg_temp.expect('done', $$SELECT doc('#13', '130102199003071217')$$);
ROLLBACK TO a;
SELECT pg_temp.expect('done', $$SELECT name('#13', '王五')$$);
COMMIT;
RESET certdata.item_span;
SELECT pg_temp.expect('QC011 correction.one_item', $$SELECT doc('#13', '130102199003071217')$$);

SELECT certdata.detach('zs', 'end of test'), certdata.detach('plain', 'end of test');
DROP SCHEMA act_one_item CASCADE;
