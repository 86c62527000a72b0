-- A certificate that its evaluating body may not issue and that passes, or one
-- it may issue and that is refused: the wrong organisation, name, day, scope;
-- a difference of spaces or brackets taken for more, or for less, than it is;
-- a hint that does not say what would be right, or says it without end.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
SET DateStyle = ISO;

INSERT INTO certdata.organisation (id, name, parent, ceased_on, dissolved_on) VALUES
	('centre', '甲中心', NULL, NULL, NULL),
	('one', '甲校', NULL, NULL, NULL),
	-- a head office, its branch and the branch's branch; one beside them
	('head', '总校', NULL, NULL, NULL), ('branch', '一分校', 'head', NULL, NULL), ('under', '一分校甲部', 'branch', NULL, NULL),
	('beside', '二分校', NULL, NULL, NULL),
	-- the same name twice: a branch, and a body that has ceased and has nothing to do with it
	('twin', '三分校', 'head', NULL, NULL), ('other_twin', '三分校', NULL, '2020-12-31', NULL),
	-- has borne two names before
	('renamed', '丙职业学校', NULL, NULL, NULL),
	-- brackets and a space in what is published
	('brackets', '乙校（北京）', NULL, NULL, NULL), ('spaced', 'Acme （Beijing） School', NULL, NULL, NULL),
	('both1', '丁校（甲）', NULL, NULL, NULL), ('both2', '丁校(甲)', NULL, NULL, NULL),
	-- ended
	('ceased', '停办校', NULL, '2023-06-30', NULL), ('gone', '撤销校', NULL, NULL, '2023-06-30'),
	('ceased_gone', '先停后撤校', NULL, '2023-06-30', '2023-09-30'), ('gone_ceased', '先撤后停校', NULL, '2023-09-30', '2023-06-30'),
	('head2', '停办总校', NULL, '2023-06-30', NULL), ('branch2', '停办总校的分校', 'head2', NULL, NULL),
	('branch3', '停办的分校', 'head', '2023-06-30', NULL),
	('head_under3', '停办的分校的分校', 'branch3', NULL, NULL);
INSERT INTO certdata.organisation_name VALUES
	('renamed', '丙技工学校', '[2021-01-01,2022-02-01)'), ('renamed', '丙培训班', '(,2021-01-01)'),
	('head', '总校（旧名）', '[2022-05-01,2022-05-01]'), ('branch', '一分校旧名', '[2022-05-01,2022-05-02]');
INSERT INTO certdata.filing (code, organisation, valid, grace_days) VALUES
	('S000013000001', 'one', '(,)', 0),
	('S000013000002', 'head', '(,)', 0),
	('S000013000003', 'renamed', '(,)', 0),
	('S000013000004', 'one', '[2020-01-01,2021-07-01)', 30),
	('S000013000005', 'one', '[2020-01-01,2020-12-31]', 0), ('S000013000005', 'beside', '[2022-01-01,2022-06-30]', 0),
	('S000013000006', 'one', '[2020-01-01,2021-06-30]', 30), ('S000013000006', 'beside', '[2021-07-10,)', 0),
	('S000013000007', 'brackets', '(,)', 0), ('S000013000008', 'spaced', '(,)', 0),
	('S000013000011', 'ceased', '(,)', 0), ('S000013000012', 'gone', '(,)', 0), ('S000013000013', 'ceased_gone', '(,)', 0), ('S000013000014', 'gone_ceased', '(,)', 0),
	('S000013000015', 'head2', '(,)', 0), ('S000013000016', 'branch', '(,)', 0),
	('S000013000020', 'one', '(,)', 0), ('S000013000021', 'one', '(,)', 0),
	('J000013000001', 'one', '(,)', 0);
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid)
SELECT f, '电工', NULL, '三级', '(,)' FROM (SELECT DISTINCT code FROM certdata.filing) AS t(f) WHERE f <> 'S000013000004' AND f < 'S000013000020';
INSERT INTO certdata.scope (filing, occupation, work_type, level, valid) VALUES
	('S000013000001', '电工', '维修电工', '四级', '(,)'),
	('S000013000001', '电工', '电线电缆工', '二级', '[2023-01-01,)'),
	('S000013000001', '车工', '数控车工', '三级', '[2021-01-01,2022-01-01)'), ('S000013000001', '车工', '数控车工', '四级', '(,)'),
	('S000013000001', '钳工', NULL, '三级', '[2021-01-01,2022-01-01)'), ('S000013000001', '钳工', NULL, '三级', '[2023-01-01,2024-01-01)'),
	('S000013000001', '焊工', '焊接设备操作工', '三级', '(,)'),
	('S000013000001', '铣工', NULL, '三级', '[2022-02-09,2022-02-09]'),
	('S000013000001', '烹调师（西餐）', '面点（中点）', '三级', '(,)'),
	('S000013000001', '评茶员(甲)', '绿茶', '三级', '(,)'), ('S000013000001', '评茶员（甲）', '红茶(小种)', '三级', '(,)'),
	('S000013000001', 'Coffee Maker', 'Latte Art', '三级', '(,)'),
	('S000013000004', '电工', NULL, '三级', '[2020-01-01,2021-07-01)'), ('S000013000004', '车工', NULL, '三级', '[2020-01-01,2021-06-29]'),
	('S000013000004', '焊工', NULL, '三级', '[2021-07-01,)'), ('S000013000004', '钳工', NULL, '三级', '(,)'),
	('S000013000006', '车工', NULL, '三级', '[2021-07-10,)'), ('S000013000006', '焊工', NULL, '三级', '(,2021-06-30]');

-- a lawful record with these fields replaced; f is the filing of a number that
-- fits date and level
CREATE FUNCTION pg_temp.record_of(fields jsonb) RETURNS certdata.report LANGUAGE sql STABLE AS $$
	SELECT ROW('张三', '居民身份证', '130102199003071233', '甲公司',
		g.v->>'o', g.v->>'w', g.v->>'l',
		CASE WHEN g.v ? 'n' THEN g.v->>'n' ELSE (g.v->>'f') || substr(g.v->>'d', 3, 2) || COALESCE(
			(ARRAY['5', '4', '3', '2', '1'])[array_position(ARRAY['五级', '四级', '三级', '二级', '一级'], g.v->>'l')], '3') || '000001' END,
		g.v->>'d', g.v->>'e', g.v->>'i')::certdata.report
	FROM (SELECT '{"f":"S000013000001","o":"电工","w":"","l":"三级","d":"2022-02-09","e":"甲校","i":"甲中心"}'::jsonb || fields) AS g(v)
$$;
CREATE FUNCTION pg_temp.found(fields jsonb) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT COALESCE(string_agg(f.field || ' ' || f.rule, ', ' ORDER BY f.field COLLATE "C", f.rule COLLATE "C"), '')
	FROM certdata.check_record(pg_temp.record_of(fields)) AS f
$$;
CREATE TEMP TABLE cases (i serial, about text, fields jsonb, wanted text);
-- what is wanted is a set, whose order here is that of found()
CREATE FUNCTION pg_temp.sorted(wanted text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT COALESCE(string_agg(w, ', ' ORDER BY split_part(w, ' ', 1) COLLATE "C", w COLLATE "C"), '') FROM unnest(string_to_array(wanted, ', ')) AS w
$$;

INSERT INTO cases (about, fields, wanted) VALUES
	('lawful', '{}', ''),
	-- whose number it is
	('filing unknown', '{"f":"S000013999999"}', '证书编号 no.filing'),
	('filing unknown: nothing else is known of it', '{"f":"S000013999999","e":"无人校","o":"无此职业","d":"2023-07-01"}', '证书编号 no.filing'),
	('filing unknown: the issuer is judged', '{"f":"S000013999999","i":"无人中心"}', '证书编号 no.filing, 发证机构 issuer.unknown'),
	('filing unknown: the issuer''s brackets, too', '{"f":"S000013999999","i":"乙校(北京)"}', '证书编号 no.filing, 发证机构 issuer.brackets'),
	('filing unknown to the category only', '{"f":"Y000013000001"}', '证书编号 no.filing'),
	('a letter that is not accepted, but has a filing', '{"f":"J000013000001"}', '证书编号 no.category'),
	('number in full width', '{"n":"Ｓ０００013000001223000001"}', '证书编号 no.width'),
	('number in lower case', '{"n":"s000013000001223000001"}', '证书编号 no.case'),
	('unknown filing in lower case', '{"n":"s000013999999223000001"}', '证书编号 no.case, 证书编号 no.filing'),
	('unknown filing, with a space', '{"n":"S000013999999 223000001"}', '证书编号 no.space, 证书编号 no.filing'),
	('number not understood', '{"n":"S00001399999922300000"}', '证书编号 no.length'),
	('number missing: the issuer is judged', '{"n":"","i":"无人中心"}', '证书编号 no.required, 发证机构 issuer.unknown'),

	-- whose filing it is
	('another body', '{"e":"二分校"}', '评价机构 evaluator.filing'),
	('nobody known', '{"e":"无人校"}', '评价机构 evaluator.filing'),
	('part of a name', '{"e":"甲"}', '评价机构 evaluator.filing'),
	('more than the name', '{"e":"甲校校"}', '评价机构 evaluator.filing'),
	('the issuer''s name', '{"e":"甲中心"}', '评价机构 evaluator.filing'),
	('letters of full width are others', '{"f":"S000013000008","e":"Ａcme（Beijing）School"}', '评价机构 evaluator.filing'),
	('its own filing, itself the issuer', '{"i":"甲校"}', ''),
	('evaluator missing', '{"e":""}', '评价机构 evaluator.required'),
	('evaluator missing, occupation out of scope', '{"e":"","o":"厨师"}', '评价机构 evaluator.required, 职业名称 occupation.scope'),
	('evaluator is an error value', '{"e":"#N/A"}', '评价机构 cell.error'),
	('head office''s filing: itself', '{"f":"S000013000002","e":"总校"}', ''),
	('head office''s filing: a branch, issued by the head office', '{"f":"S000013000002","e":"一分校","i":"总校"}', ''),
	('head office''s filing: the branch''s branch', '{"f":"S000013000002","e":"一分校甲部","i":"总校"}', ''),
	('head office''s filing: a branch, issued by another', '{"f":"S000013000002","e":"一分校"}', '评价机构 evaluator.filing'),
	('head office''s filing: a branch, issued by itself', '{"f":"S000013000002","e":"一分校","i":"一分校"}', '评价机构 evaluator.filing'),
	('head office''s filing: a branch, no issuer', '{"f":"S000013000002","e":"一分校","i":""}', '评价机构 evaluator.filing, 发证机构 issuer.required'),
	('head office''s filing: not its branch', '{"f":"S000013000002","e":"二分校","i":"总校"}', '评价机构 evaluator.filing'),
	('head office''s filing: nobody known', '{"f":"S000013000002","e":"无人校","i":"总校"}', '评价机构 evaluator.filing'),
	('branch''s filing: the head office', '{"f":"S000013000016","e":"总校","i":"总校"}', '评价机构 evaluator.filing'),
	('branch''s filing: the head office, issued by the branch', '{"f":"S000013000016","e":"总校","i":"一分校"}', '评价机构 evaluator.filing'),
	('branch''s filing: its branch, issued by the branch', '{"f":"S000013000016","e":"一分校甲部","i":"一分校"}', ''),
	('branch''s filing: its branch, issued by the head office', '{"f":"S000013000016","e":"一分校甲部","i":"总校"}', '评价机构 evaluator.filing'),
	('a branch that shares its name with a stranger who has ceased', '{"f":"S000013000002","e":"三分校","i":"总校"}', ''),

	-- names by the day
	('name of today', '{"f":"S000013000003","e":"丙职业学校"}', ''),
	('first day of today''s name', '{"f":"S000013000003","e":"丙职业学校","d":"2022-02-01"}', ''),
	('name before, after its last day', '{"f":"S000013000003","e":"丙技工学校","d":"2022-02-01"}', '评价机构 evaluator.filing'),
	('last day of the name before', '{"f":"S000013000003","e":"丙技工学校","d":"2022-01-31"}', ''),
	('today''s name too early', '{"f":"S000013000003","e":"丙职业学校","d":"2022-01-31"}', '评价机构 evaluator.filing'),
	('first day of the name before', '{"f":"S000013000003","e":"丙技工学校","d":"2021-01-01"}', ''),
	('the day before it', '{"f":"S000013000003","e":"丙技工学校","d":"2020-12-31"}', '评价机构 evaluator.filing'),
	('the first name', '{"f":"S000013000003","e":"丙培训班","d":"2019-12-31"}', ''),
	('issuer: name of the day', '{"i":"丙技工学校","d":"2022-01-31"}', ''),
	('issuer: name no longer borne', '{"i":"丙技工学校","d":"2022-02-01"}', '发证机构 issuer.unknown'),
	('issuer: name not yet borne', '{"i":"丙职业学校","d":"2022-01-31"}', '发证机构 issuer.unknown'),
	('issuer: never', '{"i":"无人中心"}', '发证机构 issuer.unknown'),
	('issuer: a body that has ceased is still known', '{"i":"停办校","d":"2024-01-01"}', ''),
	('issuer missing', '{"i":""}', '发证机构 issuer.required'),
	('issuer is an error value', '{"i":"#REF!"}', '发证机构 cell.error'),
	('head office and branch by the names of the day', '{"f":"S000013000002","e":"一分校旧名","i":"总校（旧名）","d":"2022-05-01"}', ''),
	('the branch by another day''s name', '{"f":"S000013000002","e":"一分校","i":"总校（旧名）","d":"2022-05-01"}', '评价机构 evaluator.filing'),
	('the head office by another day''s name', '{"f":"S000013000002","e":"一分校旧名","i":"总校","d":"2022-05-01"}', '评价机构 evaluator.filing, 发证机构 issuer.unknown'),
	('the next day, the branch''s old name still', '{"f":"S000013000002","e":"一分校旧名","i":"总校","d":"2022-05-02"}', ''),
	('no date: no name can be judged', '{"n":"S000013000001223000001","d":"","i":"丙技工学校"}', '发证日期 date.required'),
	('a date not understood likewise', '{"n":"S000013000001223000001","d":"2022-02-30","e":"甲校"}', '发证日期 date.real'),

	-- brackets and spaces
	('brackets as published', '{"f":"S000013000007","e":"乙校（北京）"}', ''),
	('other brackets', '{"f":"S000013000007","e":"乙校(北京)"}', '评价机构 evaluator.brackets'),
	('one bracket other', '{"f":"S000013000007","e":"乙校（北京)"}', '评价机构 evaluator.brackets'),
	('other kind of brackets', '{"f":"S000013000007","e":"乙校【北京】"}', '评价机构 evaluator.filing'),
	('no brackets', '{"f":"S000013000007","e":"乙校北京"}', '评价机构 evaluator.filing'),
	('other brackets, then judged as equal', '{"f":"S000013000007","e":"乙校(北京)","o":"厨师"}', '评价机构 evaluator.brackets, 职业名称 occupation.scope'),
	('a space', '{"e":"甲 校"}', '评价机构 evaluator.space'),
	('a space without width', '{"e":"甲\u200b校"}', '评价机构 evaluator.space'),
	('a space and other brackets', '{"f":"S000013000007","e":"乙校 (北京)"}', '评价机构 evaluator.brackets, 评价机构 evaluator.space'),
	('a space and the right brackets', '{"f":"S000013000007","e":"乙 校（北京）"}', '评价机构 evaluator.space'),
	('published with spaces', '{"f":"S000013000008","e":"Acme（Beijing）School"}', ''),
	('published with spaces, other brackets', '{"f":"S000013000008","e":"Acme(Beijing)School"}', '评价机构 evaluator.brackets'),
	('published with spaces, written so', '{"f":"S000013000008","e":"Acme （Beijing） School"}', '评价机构 evaluator.space'),
	('a branch in other brackets', '{"f":"S000013000002","e":"一分校旧名","i":"总校(旧名)","d":"2022-05-01"}', '发证机构 issuer.brackets'),
	('issuer: other brackets', '{"i":"乙校(北京)"}', '发证机构 issuer.brackets'),
	('issuer: a space', '{"i":"甲 中心"}', '发证机构 issuer.space'),
	('issuer: a space and other brackets', '{"i":"乙校( 北京)"}', '发证机构 issuer.brackets, 发证机构 issuer.space'),
	('issuer: both are published', '{"i":"丁校（甲）"}', ''),
	('issuer: both are published (2)', '{"i":"丁校(甲)"}', ''),
	('issuer: mixed', '{"i":"丁校(甲）"}', '发证机构 issuer.brackets'),
	('cell as a formula', '{"e":"=\"甲校\""}', '评价机构 cell.formula'),
	('cell with an apostrophe', '{"e":"''甲校"}', '评价机构 cell.apostrophe'),
	('cell with a TAB', '{"i":"\t甲中心"}', '发证机构 cell.tab'),
	('formula, unknown', '{"e":"=\"二分校\""}', '评价机构 cell.formula, 评价机构 evaluator.filing'),
	('formula, other brackets', '{"f":"S000013000007","e":"=\"乙校(北京)\""}', '评价机构 cell.formula, 评价机构 evaluator.brackets'),
	('a name that is too long', jsonb_build_object('e', repeat('甲', 101)), '评价机构 evaluator.length, 评价机构 evaluator.filing'),
	('and far too long', jsonb_build_object('i', repeat('甲中心', 2000)), '发证机构 issuer.length, 发证机构 issuer.unknown'),

	-- when the filing is valid
	('before its first day', '{"f":"S000013000004","d":"2019-12-31","o":"钳工"}', '证书编号 no.filing_valid'),
	('first day', '{"f":"S000013000004","d":"2020-01-01","o":"钳工"}', ''),
	('last day', '{"f":"S000013000004","d":"2021-06-30","o":"钳工"}', ''),
	('first day of grace', '{"f":"S000013000004","d":"2021-07-01","o":"钳工"}', ''),
	('last day of grace', '{"f":"S000013000004","d":"2021-07-30","o":"钳工"}', ''),
	('after it', '{"f":"S000013000004","d":"2021-07-31","o":"钳工"}', '证书编号 no.filing_valid'),
	('not valid, the evaluator is judged', '{"f":"S000013000004","d":"2021-07-31","o":"钳工","e":"二分校"}', '证书编号 no.filing_valid, 评价机构 evaluator.filing'),
	('not valid, the issuer is judged', '{"f":"S000013000004","d":"2021-07-31","o":"钳工","i":"无人中心"}', '证书编号 no.filing_valid, 发证机构 issuer.unknown'),
	('not valid, the scope is judged', '{"f":"S000013000004","d":"2021-07-31","o":"厨师"}', '证书编号 no.filing_valid, 职业名称 occupation.scope'),
	('not valid, the day of the scope is judged', '{"f":"S000013000004","d":"2021-07-31","o":"电工"}', '证书编号 no.filing_valid, 发证日期 date.scope'),
	('in the days of grace: scope of the last valid day', '{"f":"S000013000004","d":"2021-07-15","o":"电工"}', ''),
	('in the days of grace: no longer in scope on it', '{"f":"S000013000004","d":"2021-07-15","o":"车工"}', '发证日期 date.scope'),
	('in the days of grace: not yet in scope on it', '{"f":"S000013000004","d":"2021-07-15","o":"焊工"}', '发证日期 date.scope'),
	('on the last valid day itself', '{"f":"S000013000004","d":"2021-06-30","o":"焊工"}', '发证日期 date.scope'),
	('in the days of grace: another body', '{"f":"S000013000004","d":"2021-07-15","o":"电工","e":"二分校"}', '评价机构 evaluator.filing'),
	('passed on: the first body''s days', '{"f":"S000013000005","d":"2020-12-31"}', ''),
	('passed on: the first body''s days, the second', '{"f":"S000013000005","d":"2020-12-31","e":"二分校"}', '评价机构 evaluator.filing'),
	('passed on: in between, the last that had begun', '{"f":"S000013000005","d":"2021-12-31"}', '证书编号 no.filing_valid'),
	('passed on: in between, the second', '{"f":"S000013000005","d":"2021-12-31","e":"二分校"}', '证书编号 no.filing_valid, 评价机构 evaluator.filing'),
	('passed on: the second body''s days', '{"f":"S000013000005","d":"2022-01-01","e":"二分校"}', ''),
	('passed on: the second body''s days, the first', '{"f":"S000013000005","d":"2022-01-01"}', '评价机构 evaluator.filing'),
	('passed on: after both', '{"f":"S000013000005","d":"2022-07-01","e":"二分校"}', '证书编号 no.filing_valid'),
	('passed on: before both', '{"f":"S000013000005","d":"2019-12-31"}', '证书编号 no.filing_valid'),
	('grace until the second begins', '{"f":"S000013000006","d":"2021-07-09","o":"焊工"}', ''),
	('the second in the days of grace of the first', '{"f":"S000013000006","d":"2021-07-10","o":"车工","e":"二分校"}', ''),
	('its scope is that of the day', '{"f":"S000013000006","d":"2021-07-10","o":"焊工","e":"二分校"}', '发证日期 date.scope'),

	-- occupation, work type, level
	('not in scope', '{"o":"厨师"}', '职业名称 occupation.scope'),
	('part of one', '{"o":"电"}', '职业名称 occupation.scope'),
	('occupation missing', '{"o":""}', '职业名称 occupation.required'),
	('occupation missing, work type odd', '{"o":"","w":"x"}', '职业名称 occupation.required'),
	('occupation is an error value', '{"o":"#N/A"}', '职业名称 cell.error'),
	('of another filing', '{"f":"S000013000002","e":"总校","o":"车工","w":"数控车工","l":"四级"}', '职业名称 occupation.scope'),
	('a filing without scope', '{"f":"S000013000021"}', '职业名称 occupation.scope'),
	('with its work type', '{"w":"维修电工","l":"四级"}', ''),
	('work type not in scope', '{"w":"架线工"}', '工种名称 worktype.scope'),
	('work type of another occupation', '{"w":"数控车工"}', '工种名称 worktype.scope'),
	('work type given, level of the empty one', '{"w":"维修电工"}', '职业技能等级 level.scope'),
	('no work type, level of the given one', '{"l":"四级"}', '职业技能等级 level.scope'),
	('no work type where one is needed', '{"o":"焊工"}', '工种名称 worktype.scope'),
	('work type where one is needed', '{"o":"焊工","w":"焊接设备操作工"}', ''),
	('work type NULL', '{"o":"焊工","w":null}', '工种名称 worktype.scope'),
	('a level nobody has', '{"l":"一级"}', '职业技能等级 level.scope'),
	('level missing', '{"l":"","n":"S000013000001223000001"}', '职业技能等级 level.required'),
	('level not understood: the rest is judged', '{"l":"六级","w":"架线工"}', '职业技能等级 level.unknown, 工种名称 worktype.scope'),
	('level in the pair form', '{"l":"三级/高级工"}', ''),
	('level in another form', '{"l":"高级工"}', '职业技能等级 level.form'),
	('level in another form, out of scope', '{"l":"高级工","w":"维修电工"}', '职业技能等级 level.form, 职业技能等级 level.scope'),
	('one finding only: occupation', '{"o":"厨师","w":"架线工","l":"一级"}', '职业名称 occupation.scope'),
	('one finding only: work type', '{"w":"架线工","l":"一级"}', '工种名称 worktype.scope'),
	-- and the day
	('in scope that year', '{"o":"车工","w":"数控车工","d":"2021-12-31"}', ''),
	('no longer, another level is', '{"o":"车工","w":"数控车工"}', '发证日期 date.scope'),
	('not yet', '{"o":"车工","w":"数控车工","d":"2020-12-31"}', '发证日期 date.scope'),
	('the level never was', '{"o":"车工","w":"数控车工","l":"二级"}', '职业技能等级 level.scope'),
	('in between', '{"o":"钳工"}', '发证日期 date.scope'),
	('in the first', '{"o":"钳工","d":"2021-12-31"}', ''),
	('in the second', '{"o":"钳工","d":"2023-01-01"}', ''),
	('in between, a level that never was', '{"o":"钳工","l":"四级"}', '职业名称 occupation.scope'),
	('in between, a work type that never was', '{"o":"钳工","w":"机修钳工"}', '职业名称 occupation.scope'),
	('work type not yet, the occupation is', '{"w":"电线电缆工","l":"二级"}', '发证日期 date.scope'),
	('work type not yet, level never', '{"w":"电线电缆工","l":"一级"}', '工种名称 worktype.scope'),
	('one day only', '{"o":"铣工"}', ''),
	('the day before', '{"o":"铣工","d":"2022-02-08"}', '发证日期 date.scope'),
	('the day after', '{"o":"铣工","d":"2022-02-10"}', '发证日期 date.scope'),
	('no date: scope is not judged', '{"n":"S000013000001223000001","d":"","o":"厨师"}', '发证日期 date.required'),
	-- how they are written
	('a space', '{"o":"电 工"}', '职业名称 occupation.space'),
	('spaces, out of scope', '{"o":"厨 师"}', '职业名称 occupation.scope, 职业名称 occupation.space'),
	('a space in the work type', '{"o":"焊工","w":"焊接设备\u3000操作工"}', '工种名称 worktype.space'),
	('published with spaces', '{"o":"CoffeeMaker","w":"LatteArt"}', ''),
	('as published', '{"o":"烹调师（西餐）","w":"面点（中点）"}', ''),
	('occupation in other brackets', '{"o":"烹调师(西餐)","w":"面点（中点）"}', '职业名称 occupation.brackets'),
	('work type in other brackets', '{"o":"烹调师（西餐）","w":"面点(中点)"}', '工种名称 worktype.brackets'),
	('both in other brackets', '{"o":"烹调师(西餐)","w":"面点（中点)"}', '工种名称 worktype.brackets, 职业名称 occupation.brackets'),
	('other brackets, and the level out of scope', '{"o":"烹调师(西餐)","w":"面点(中点)","l":"一级"}', '工种名称 worktype.brackets, 职业名称 occupation.brackets, 职业技能等级 level.scope'),
	('other brackets, and the work type out of scope', '{"o":"烹调师(西餐)","w":"西点"}', '职业名称 occupation.brackets, 工种名称 worktype.scope'),
	('published in both', '{"o":"评茶员(甲)","w":"绿茶"}', ''),
	('published in both (2)', '{"o":"评茶员（甲）","w":"红茶(小种)"}', ''),
	('formula', '{"o":"=\"电工\""}', '职业名称 cell.formula'),
	('formula of nothing', '{"w":"=\"\""}', '工种名称 cell.formula'),
	('apostrophe before the work type', '{"o":"焊工","w":"''焊接设备操作工"}', '工种名称 cell.apostrophe'),
	('a placeholder is no work type', '{"w":"无"}', '工种名称 worktype.placeholder'),
	('so is any', '{"w":"/"}', '工种名称 worktype.placeholder'),
	('a placeholder in a formula', '{"w":"=\"无\""}', '工种名称 cell.formula, 工种名称 worktype.placeholder'),
	('a placeholder where a work type is needed', '{"o":"焊工","w":"无"}', '工种名称 worktype.placeholder, 工种名称 worktype.scope'),

	-- 第十六条
	('last day of issuing', '{"f":"S000013000011","e":"停办校","d":"2023-06-30"}', ''),
	('the day after', '{"f":"S000013000011","e":"停办校","d":"2023-07-01"}', '发证日期 date.ceased'),
	('last day of existing', '{"f":"S000013000012","e":"撤销校","d":"2023-06-30"}', ''),
	('the day after it', '{"f":"S000013000012","e":"撤销校","d":"2023-07-01"}', '发证日期 date.ceased'),
	('ceased before it was dissolved', '{"f":"S000013000013","e":"先停后撤校","d":"2023-06-30"}', ''),
	('ceased before it was dissolved: the day after', '{"f":"S000013000013","e":"先停后撤校","d":"2023-07-01"}', '发证日期 date.ceased'),
	('dissolved before it ceased', '{"f":"S000013000014","e":"先撤后停校","d":"2023-06-30"}', ''),
	('dissolved before it ceased: the day after', '{"f":"S000013000014","e":"先撤后停校","d":"2023-07-01"}', '发证日期 date.ceased'),
	('the head office has ceased, the branch has not', '{"f":"S000013000015","e":"停办总校的分校","i":"停办总校","d":"2023-07-01"}', '发证日期 date.ceased'),
	('the head office had not yet', '{"f":"S000013000015","e":"停办总校的分校","i":"停办总校","d":"2023-06-30"}', ''),
	('the branch has ceased, the head office has not', '{"f":"S000013000002","e":"停办的分校","i":"总校","d":"2023-07-01"}', '发证日期 date.ceased'),
	('the branch had not yet', '{"f":"S000013000002","e":"停办的分校","i":"总校","d":"2023-06-30"}', ''),
	('one between them has ceased, neither of them has', '{"f":"S000013000002","e":"停办的分校的分校","i":"总校","d":"2023-07-01"}', ''),
	('the issuer has ceased, the evaluator has not', '{"i":"停办校","d":"2023-07-01"}', ''),
	('the organisation has ceased, whoever evaluated', '{"f":"S000013000011","e":"二分校","d":"2023-07-01"}', '发证日期 date.ceased, 评价机构 evaluator.filing'),
	('the organisation has ceased, no evaluator', '{"f":"S000013000011","e":"","d":"2023-07-01"}', '发证日期 date.ceased, 评价机构 evaluator.required'),
	('ceased, and out of scope', '{"f":"S000013000011","e":"停办校","d":"2023-07-01","o":"厨师"}', '发证日期 date.ceased, 职业名称 occupation.scope');

SELECT count(*) AS cases, count(*) FILTER (WHERE wanted = '') > 40 AS many_lawful FROM cases;
-- each row below is judged otherwise than it should be
SELECT i, about, fields, pg_temp.sorted(wanted) AS wanted, pg_temp.found(fields) AS found FROM cases WHERE pg_temp.found(fields) <> pg_temp.sorted(wanted) ORDER BY i;
-- all of these rules refuse
SELECT f.severity, count(*) > 50 AS many FROM cases AS c, certdata.check_record(pg_temp.record_of(c.fields)) AS f
WHERE f.rule ~ '^(no\.filing|no\.filing_valid|evaluator\.(filing|brackets)|issuer\.(unknown|brackets)|(occupation|worktype)\.(scope|brackets)|level\.scope|date\.(scope|ceased))$' GROUP BY 1;

-- ---------------------------------------------------------------- an empty 工种, both ways

CREATE TEMP TABLE blank (about text, o text, w text, l text, off text, "on" text);
INSERT INTO blank VALUES
	('a work type, only an empty one registered', '电工', '架线工', '三级', 'worktype.scope', ''),
	('a work type registered for another level', '电工', '维修电工', '三级', 'level.scope', ''),
	('its own level', '电工', '维修电工', '四级', '', ''),
	('a level that neither has', '电工', '维修电工', '二级', 'level.scope', 'level.scope'),
	('another''s level', '电工', '架线工', '四级', 'worktype.scope', 'level.scope'),
	('none, none registered', '焊工', '', '三级', 'worktype.scope', 'worktype.scope'),
	('none, an empty one registered', '电工', '', '三级', '', ''),
	('one, in scope another year', '钳工', '机修钳工', '三级', 'occupation.scope', 'date.scope');
SELECT about, off AS wanted, (SELECT string_agg(f.rule, ' ') FROM certdata.check_record(pg_temp.record_of(jsonb_build_object('o', o, 'w', w, 'l', l))) AS f) AS found,
	certdata.in_scope('S000013000001', o, w, l::certdata.skill_level, '2022-02-09') FROM blank
WHERE off <> pg_temp.found(jsonb_build_object('o', o, 'w', w, 'l', l)) AND off <> COALESCE((SELECT string_agg(f.rule, ' ') FROM certdata.check_record(pg_temp.record_of(jsonb_build_object('o', o, 'w', w, 'l', l))) AS f), '')
	OR (off = '') <> certdata.in_scope('S000013000001', o, w, l::certdata.skill_level, '2022-02-09');
SET certdata.scope_blank_covers = on;
SELECT about, "on" AS wanted, (SELECT string_agg(f.rule, ' ') FROM certdata.check_record(pg_temp.record_of(jsonb_build_object('o', o, 'w', w, 'l', l))) AS f) AS found,
	certdata.in_scope('S000013000001', o, w, l::certdata.skill_level, '2022-02-09') FROM blank
WHERE "on" <> COALESCE((SELECT string_agg(f.rule, ' ') FROM certdata.check_record(pg_temp.record_of(jsonb_build_object('o', o, 'w', w, 'l', l))) AS f), '')
	OR ("on" = '') <> certdata.in_scope('S000013000001', o, w, l::certdata.skill_level, '2022-02-09');
-- the setting is obeyed at once, in the same transaction too
BEGIN;
SELECT certdata.in_scope('S000013000001', '电工', '架线工', '三级', '2022-02-09') AS "on", (SELECT count(*) FROM certdata.check_record(pg_temp.record_of('{"w":"架线工"}'))) AS faults;
SET LOCAL certdata.scope_blank_covers = off;
SELECT certdata.in_scope('S000013000001', '电工', '架线工', '三级', '2022-02-09') AS off, (SELECT count(*) FROM certdata.check_record(pg_temp.record_of('{"w":"架线工"}'))) AS faults;
COMMIT;
SELECT certdata.in_scope('S000013000001', '电工', '架线工', '三级', '2022-02-09') AS "on again";
RESET certdata.scope_blank_covers;
SELECT certdata.in_scope('S000013000001', '电工', '架线工', '三级', '2022-02-09') AS off;
SET ROLE certdata_officer;
SET certdata.scope_blank_covers = on;
RESET ROLE;

-- ---------------------------------------------------------------- in_scope by itself

CREATE TEMP TABLE asked (about text, code text, o text, w text, l certdata.skill_level, d date, wanted boolean);
INSERT INTO asked VALUES
	('yes', 'S000013000001', '电工', '', '三级', '2022-02-09', true),
	('NULL work type', 'S000013000001', '电工', NULL, '三级', '2022-02-09', true),
	('filing NULL', NULL, '电工', '', '三级', '2022-02-09', false),
	('occupation NULL', 'S000013000001', NULL, '', '三级', '2022-02-09', false),
	('level NULL', 'S000013000001', '电工', '', NULL, '2022-02-09', false),
	('date NULL', 'S000013000001', '电工', '', '三级', NULL, false),
	('occupation empty', 'S000013000001', '', '', '三级', '2022-02-09', false),
	('no such filing', 'S000013999999', '电工', '', '三级', '2022-02-09', false),
	('no code', 'x', '电工', '', '三级', '2022-02-09', false),
	('a code in lower case', 's000013000001', '电工', '', '三级', '2022-02-09', false),
	('a whole number', 'S000013000001223000001', '电工', '', '三级', '2022-02-09', false),
	('a space in the occupation', 'S000013000001', '电 工', '', '三级', '2022-02-09', true),
	('a space published', 'S000013000001', 'CoffeeMaker', 'Latte Art', '三级', '2022-02-09', true),
	('other brackets', 'S000013000001', '烹调师(西餐)', '面点（中点）', '三级', '2022-02-09', false),
	('other brackets in the work type', 'S000013000001', '烹调师（西餐）', '面点(中点)', '三级', '2022-02-09', false),
	('the same brackets', 'S000013000001', '烹调师（西餐）', '面点（中点）', '三级', '2022-02-09', true),
	('published in both, not this work type', 'S000013000001', '评茶员(甲)', '红茶(小种)', '三级', '2022-02-09', false),
	('published in both', 'S000013000001', '评茶员（甲）', '红茶(小种)', '三级', '2022-02-09', true),
	('a placeholder is not asked for here', 'S000013000001', '电工', '无', '三级', '2022-02-09', false),
	('other day', 'S000013000001', '钳工', '', '三级', '2022-02-09', false),
	('first day', 'S000013000001', '钳工', '', '三级', '2021-01-01', true),
	('last day', 'S000013000001', '钳工', '', '三级', '2021-12-31', true),
	('the day after', 'S000013000001', '钳工', '', '三级', '2022-01-01', false),
	('filing not valid', 'S000013000004', '钳工', '', '三级', '2021-07-31', false),
	('filing in its days of grace', 'S000013000004', '电工', '', '三级', '2021-07-30', true),
	('no longer in scope on its last day', 'S000013000004', '车工', '', '三级', '2021-07-01', false),
	('not yet in scope on its last day', 'S000013000004', '焊工', '', '三级', '2021-07-01', false),
	('far future', 'S000013000001', '电工', '', '三级', '9999-12-31', true),
	('long ago', 'S000013000001', '电工', '', '三级', '0001-01-01', true);
INSERT INTO certdata.scope (filing, occupation, level, valid) VALUES ('Y000013000099', '电工', '三级', '[2022-01-01,2022-12-31]');
INSERT INTO asked VALUES ('a code without filing is judged by its scope', 'Y000013000099', '电工', '', '三级', '2022-12-31', true),
	('and its days', 'Y000013000099', '电工', '', '三级', '2023-01-01', false);
INSERT INTO asked SELECT 'a very long name', 'S000013000001', repeat('电工', 5000), repeat('x', 5000), '三级', '2022-02-09', false;
SELECT about, wanted, certdata.in_scope(code, o, w, l, d) AS got FROM asked WHERE certdata.in_scope(code, o, w, l, d) IS DISTINCT FROM wanted;
-- an empty table of filings does not make it true
BEGIN;
DELETE FROM certdata.filing;
SELECT certdata.in_scope('S000013000001', '电工', '', '三级', '2022-02-09') AS by_scope_alone, certdata.in_scope('S000013999999', '电工', '', '三级', '2022-02-09') AS unknown;
DELETE FROM certdata.scope;
SELECT certdata.in_scope('S000013000001', '电工', '', '三级', '2022-02-09') AS nothing_known;
ROLLBACK;

-- ---------------------------------------------------------------- what is said

INSERT INTO certdata.scope (filing, occupation, work_type, level, valid)
SELECT 'S000013000020', '职业' || to_char(i, 'FM00'), NULL::text, '三级'::certdata.skill_level, '(,)'::daterange FROM generate_series(1, 50) AS i
UNION ALL SELECT 'S000013000020', '多工种', '工种' || to_char(i, 'FM00'), '三级', '(,)' FROM generate_series(1, 50) AS i
UNION ALL SELECT 'S000013000020', '长名' || to_char(i, 'FM00') || repeat('长', 76), NULL, '三级', '(,)' FROM generate_series(1, 30) AS i
UNION ALL SELECT 'S000013000020', '昔日', NULL, '三级', daterange(('2000-01-01'::date + i * 10), ('2000-01-01'::date + i * 10 + 5)) FROM generate_series(1, 50) AS i;
CREATE TEMP TABLE said (rule text, fields jsonb);
INSERT INTO said VALUES
	('no.filing', '{"f":"S000013999999"}'), ('no.filing_valid', '{"f":"S000013000004","d":"2021-07-31","o":"钳工"}'), ('no.filing_valid', '{"f":"S000013000005","d":"2021-07-31"}'),
	('evaluator.filing', '{"e":"二分校"}'), ('evaluator.brackets', '{"f":"S000013000007","e":"乙校(北京)"}'), ('issuer.unknown', '{"i":"无人中心"}'), ('issuer.brackets', '{"i":"乙校(北京)"}'),
	('occupation.scope', '{"f":"S000013000002","e":"总校","o":"厨师"}'), ('occupation.brackets', '{"o":"烹调师(西餐)","w":"面点（中点）"}'), ('worktype.scope', '{"w":"架线工"}'),
	('worktype.brackets', '{"o":"烹调师（西餐）","w":"面点(中点)"}'), ('level.scope', '{"o":"车工","w":"数控车工","l":"二级"}'), ('date.scope', '{"o":"钳工"}'),
	('date.scope', '{"w":"电线电缆工","l":"二级"}'), ('date.ceased', '{"f":"S000013000011","e":"停办校","d":"2023-07-01"}'), ('date.ceased', '{"f":"S000013000014","e":"先撤后停校","d":"2023-07-01"}'),
	('occupation.scope', '{"f":"S000013000021"}');
SELECT f.rule, f.clause, f.message, f.hint FROM said AS s, certdata.check_record(pg_temp.record_of(s.fields)) AS f WHERE f.rule = s.rule ORDER BY f.rule COLLATE "C", f.message COLLATE "C";
SET certdata.language = zh;
SELECT f.rule, f.clause, f.message, f.hint FROM said AS s, certdata.check_record(pg_temp.record_of(s.fields)) AS f WHERE f.rule = s.rule ORDER BY f.rule COLLATE "C", f.message COLLATE "C";
-- lists have an end: whole names, all of them registered, then how many there are
CREATE TEMP TABLE listed AS
SELECT f.rule, f.hint, string_to_array(regexp_replace(f.hint, '^[^：]*：', ''), '、') AS items
FROM (VALUES ('occupation.scope', '{"f":"S000013000020","o":"厨师"}'::jsonb), ('worktype.scope', '{"f":"S000013000020","o":"多工种","w":"x"}'), ('date.scope', '{"f":"S000013000020","o":"昔日"}')) AS s(rule, fields),
	certdata.check_record(pg_temp.record_of(s.fields)) AS f WHERE f.rule = s.rule;
SELECT rule, char_length(hint) < 400 AS short, array_length(items, 1) BETWEEN 5 AND 20 AS some, items[array_length(items, 1)] AS ends FROM listed ORDER BY rule COLLATE "C";
SELECT l.rule, item FROM listed AS l, unnest(trim_array(items, 1)) AS item WHERE l.rule = 'occupation.scope' AND item NOT IN (SELECT occupation::text FROM certdata.scope WHERE filing = 'S000013000020')
	OR l.rule = 'worktype.scope' AND item NOT IN (SELECT work_type::text FROM certdata.scope WHERE filing = 'S000013000020' AND work_type IS NOT NULL)
	OR l.rule = 'date.scope' AND item NOT IN (SELECT lower(valid) || ' – ' || upper(valid) - 1 FROM certdata.scope WHERE filing = 'S000013000020' AND NOT lower_inf(valid)) ORDER BY 1;
SELECT rule, count(*) - count(DISTINCT item) AS named_twice FROM listed, unnest(items) AS item GROUP BY rule ORDER BY rule COLLATE "C";
SET certdata.language = en;
-- nothing is left unfilled
SELECT f.* FROM cases AS c, certdata.check_record(pg_temp.record_of(c.fields)) AS f WHERE f.message ~ '%[0-9]' OR f.hint ~ '%[0-9]';
-- only what holds on the day
BEGIN;
DELETE FROM certdata.scope WHERE filing = 'S000013000001';
INSERT INTO certdata.scope VALUES ('S000013000001', '今', 'a', '五级', '[2022-02-09,2022-02-09]'), ('S000013000001', '今', 'b', '四级', '[2022-02-10,)'), ('S000013000001', '今', 'a', '二级', '(,2022-02-08]'),
	('S000013000001', '昔', NULL, '三级', '(,2022-02-08]');
SELECT f.rule, f.hint FROM unnest(ARRAY['{"o":"厨师"}', '{"o":"今","w":"c"}', '{"o":"今","w":"a","l":"一级"}', '{"o":"今","w":"a","l":"二级"}']::jsonb[]) AS c, certdata.check_record(pg_temp.record_of(c)) AS f ORDER BY f.rule COLLATE "C";
ROLLBACK;

-- a rule can be switched off, or made a warning, by the day
INSERT INTO certdata.rule_setting (rule, severity, enabled, valid) VALUES ('occupation.scope', 'warning', NULL, '(,2022-03-01)'), ('evaluator.filing', NULL, false, '(,2022-03-01)');
SELECT d, string_agg(f.rule || ' ' || f.severity, ', ' ORDER BY f.rule) FROM unnest(ARRAY['2022-02-28', '2022-03-01']) AS d,
	certdata.check_record(pg_temp.record_of(jsonb_build_object('d', d, 'e', '二分校', 'o', '厨师'))) AS f GROUP BY d ORDER BY d;
DELETE FROM certdata.rule_setting;

DELETE FROM certdata.scope;
DELETE FROM certdata.filing;
DELETE FROM certdata.organisation_name;
DELETE FROM certdata.organisation;
