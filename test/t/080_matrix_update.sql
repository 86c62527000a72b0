-- UPDATEs for 080_matrix.sh: what is done, by which route, and what is to come of it.

-- ---- acts.  said: nothing, session (SET), reason, full (reason and approval)
-- with SET LOCAL.  state: SQLSTATE.  life: afterwards, of 姓名 used, 证件号码
-- used, suspended, retired; null: as before.

CREATE TABLE m.act (act text, cert int, said text, change jsonb, state text, life text, tabs text DEFAULT 'pqt');
INSERT INTO m.act (act, cert, said, change, state, life, tabs) VALUES
	('state column', 501, 'full', '{"state": "retired"}', 'QC018', NULL, 'pq'),
	('state column of a retired row', 504, 'full', '{"state": null}', 'QC018', NULL, 'pq');
INSERT INTO m.act (act, cert, said, change, state, life) VALUES
	('same value', 501, 'nothing', '{"name": "张五零一"}', '00000', ''),
	('empty for null', 501, 'nothing', '{"work_type": ""}', '00000', ''),
	('unmapped column', 501, 'nothing', '{"note": "x"}', '00000', ''),
	('unmapped column of a retired row', 504, 'nothing', '{"note": "x"}', '00000', 'retired'),
	('correction, nothing said', 501, 'nothing', '{"name": "李四"}', 'QC010', NULL),
	('correction, said for the session', 501, 'session', '{"name": "李四"}', 'QC010', NULL),
	('correction, no approval', 501, 'reason', '{"name": "李四"}', 'QC010', NULL),
	('other field, nothing said', 501, 'nothing', '{"employer": "乙公司"}', 'QC010', NULL),
	('other field', 501, 'full', '{"employer": "乙公司"}', '00000', ''),
	('field emptied', 501, 'full', '{"employer": null}', '00000', ''),
	('first 姓名', 501, 'full', '{"name": "李四"}', '00000', 'name'),
	('first 证件号码', 501, 'full', '{"id_number": "@4"}', '00000', 'document'),
	('first 证件号码 with another kind', 501, 'full', '{"id_type": "中国护照", "id_number": "E87654321"}', '00000', 'document'),
	('second: 证件号码 after 姓名', 502, 'full', '{"id_number": "@4"}', 'QC011', NULL),
	('second: 姓名 after 证件号码', 503, 'full', '{"name": "李四"}', 'QC011', NULL),
	('again 姓名', 502, 'full', '{"name": "李四"}', '00000', 'name'),
	('again 证件号码', 503, 'full', '{"id_number": "@4"}', '00000', 'document'),
	('both at once', 501, 'full', '{"name": "李四", "id_number": "@4"}', 'QC011', NULL),
	('notation, nothing said', 508, 'nothing', '{"name": "John"}', 'QC010', NULL),
	('notation', 508, 'full', '{"name": "John"}', '00000', ''),
	('notation mends an old fault', 507, 'full', '{"name": "王七"}', '00000', ''),
	('permit renewed', 506, 'full', '{"id_number": "H1234567802"}', '00000', ''),
	('permit of another', 506, 'full', '{"id_number": "H1234567901"}', '00000', 'document'),
	('证件类型 alone', 509, 'full', '{"id_type": "外国护照"}', '00000', ''),
	('证件类型 alone, nothing said', 509, 'nothing', '{"id_type": "外国护照"}', 'QC010', NULL),
	('fault in 姓名', 501, 'full', '{"name": "李 四"}', '23514', NULL),
	('fault in 证件号码', 501, 'full', '{"id_number": "130102199003071231"}', '23514', NULL),
	('姓名 emptied', 501, 'full', '{"name": null}', '23514', NULL),
	('an old fault elsewhere stays', 507, 'full', '{"employer": "乙公司"}', '00000', ''),
	('an old fault changed for another', 507, 'full', '{"name": "王 八"}', '23514', NULL),
	('number', 501, 'full', '{"cert_no": "#900"}', 'QC013', NULL),
	('number taken away', 501, 'full', '{"cert_no": "#511"}', '23505', NULL),
	('suspended', 505, 'full', '{"name": "李四"}', '00000', 'name suspended'),
	('retired', 504, 'full', '{"name": "李四"}', 'QC015', NULL),
	('retired, nothing said', 504, 'nothing', '{"name": "李四"}', 'QC015', NULL);
UPDATE m.act SET change = jsonb_set(change, '{id_number}', to_jsonb(m.resident(substr(change ->> 'id_number', 2)::int))) WHERE change ->> 'id_number' ~ '^@';
UPDATE m.act SET change = jsonb_set(change, '{cert_no}', to_jsonb(m.no(substr(change ->> 'cert_no', 2)::int))) WHERE change ->> 'cert_no' ~ '^#';

-- ---- routes.  {T} table, {L} leaf, {V} view of live rows, {R} report, {O} number's column, {N} number, {S} SET list, {C} change as jsonb,
-- {A} all columns, {X} those of x, {E} those of excluded, {K} {W} only column changed and its new value, {H} change by headers.
-- also: columns that the route itself changes.  needs: acts it can carry.

CREATE TABLE m.route (route text, roles text, tabs text, setup text, run text, also jsonb DEFAULT '{}', needs text DEFAULT 'true');
INSERT INTO m.route (route, roles, tabs, setup, run) VALUES
	('UPDATE', 'aos', 'pqt', '', 'UPDATE {T} SET {S} WHERE {O} = {N};'),
	('UPDATE of every column', 'ao', 'pqt', '', 'UPDATE {T} AS t SET ({A}) = (SELECT {X} FROM jsonb_populate_record(NULL::{T}, to_jsonb(t) || {C}) AS x) WHERE {O} = {N};'),
	('UPDATE of all rows', 'a', 'pqt', '', 'UPDATE {T} AS t SET ({A}) = (SELECT {X} FROM jsonb_populate_record(NULL::{T}, CASE WHEN {O} = {N} THEN to_jsonb(t) || {C} ELSE to_jsonb(t) END) AS x);'),
	('prepared', 'a', 'pqt', '', 'SET LOCAL plan_cache_mode = force_generic_plan; PREPARE p (text) AS UPDATE {T} SET {S} WHERE {O} = $1; EXECUTE p({N}); EXECUTE p({N});'),
	('prepared before', 'a', 'pqt', 'PREPARE p (text) AS UPDATE {T} SET {S} WHERE {O} = $1; EXECUTE p(''S000013000001223000999'');', 'EXECUTE p({N});'),
	('MERGE', 'a', 'pqt', '', 'MERGE INTO {T} AS x USING (SELECT {N} AS n) AS v ON x.{O} = v.n WHEN MATCHED THEN UPDATE SET {S} WHEN NOT MATCHED THEN INSERT ({O}) VALUES (v.n);'),
	('ON CONFLICT DO UPDATE', 'a', 'pqt', '', 'INSERT INTO {T} ({A}) SELECT {X} FROM {T} AS t, jsonb_populate_record(NULL::{T}, to_jsonb(t) || {C}) AS x WHERE t.{O} = {N} ON CONFLICT ({O}) DO UPDATE SET ({A}) = ROW({E});'),
	('writable CTE', 'a', 'pqt', '', 'WITH u AS (UPDATE {T} SET {S} WHERE {O} = {N} RETURNING *) SELECT count(*) FROM u;'),
	('writable CTE unread', 'a', 'pqt', '', 'WITH u AS (UPDATE {T} SET {S} WHERE {O} = {N}) SELECT;'),
	('live view', 'a', 'pqt', '', 'UPDATE {V} SET {S} WHERE {O} = {N};'),
	('report', 'a', 'pqt', '', 'UPDATE {R} SET {H} WHERE "证书编号" = {N};'),
	('leaf', 'ao', 'q', '', 'UPDATE {L} SET {S} WHERE {O} = {N};'),
	('cursor', 'a', 'pqt', '', 'DECLARE c CURSOR FOR SELECT * FROM {T} WHERE {O}::text = {N} FOR UPDATE; FETCH c; UPDATE {T} SET {S} WHERE CURRENT OF c;'),
	('UPDATE FROM', 'a', 'pqt', '', 'UPDATE {T} AS t SET {S} FROM {T} AS o WHERE o.{O} = t.{O} AND t.{O} = {N};'),
	('BEFORE ROW trigger', 'a', 'pqt', 'CREATE TRIGGER aaa BEFORE UPDATE ON {T} FOR EACH ROW EXECUTE FUNCTION m.change_new({C});', 'UPDATE {T} SET note = ''old'' WHERE {O} = {N};'),
	('BEFORE ROW trigger undoes', 'a', 'pqt', 'CREATE TRIGGER zzz BEFORE UPDATE ON {T} FOR EACH ROW EXECUTE FUNCTION m.undo();', 'UPDATE {T} SET {S} WHERE {O} = {N};'),
	('BEFORE ROW trigger drops', 'a', 'pqt', 'CREATE TRIGGER zzz BEFORE UPDATE ON {T} FOR EACH ROW EXECUTE FUNCTION m.drop_row();', 'UPDATE {T} SET {S} WHERE {O} = {N};'),
	('AFTER ROW trigger', 'a', 'pqt', 'CREATE TRIGGER aaa AFTER UPDATE ON {T} FOR EACH ROW WHEN (OLD.note = ''old'') EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = ''new'' WHERE {O} = {N};'),
	('BEFORE STATEMENT trigger, first', 'a', 'pqt', 'CREATE TRIGGER aaa BEFORE UPDATE ON {T} WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = note WHERE {O} = m.no(511);'),
	('BEFORE STATEMENT trigger, last', 'a', 'pqt', 'CREATE TRIGGER zzz BEFORE UPDATE ON {T} WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = note WHERE {O} = m.no(511);'),
	('AFTER STATEMENT trigger, first', 'a', 'pqt', 'CREATE TRIGGER aaa AFTER UPDATE ON {T} WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = note WHERE {O} = m.no(511);'),
	('AFTER STATEMENT trigger, last', 'a', 'pqt', 'CREATE TRIGGER zzz AFTER UPDATE ON {T} WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = note WHERE {O} = m.no(511);'),
	('FK cascade', 'ao', 'pqt', 'CREATE TABLE m.parent AS SELECT DISTINCT {K} AS k FROM {T}; ALTER TABLE m.parent ADD PRIMARY KEY (k); GRANT SELECT, UPDATE ON m.parent TO PUBLIC; ALTER TABLE m.parent OWNER TO m_owner; ALTER TABLE {T} ADD FOREIGN KEY ({K}) REFERENCES m.parent ON UPDATE CASCADE;', 'UPDATE m.parent SET k = {W} WHERE k = (SELECT {K} FROM {T} WHERE {O} = {N});'),
	('FK cascade, deferred constraint', 'a', 'pqt', 'CREATE TABLE m.parent AS SELECT DISTINCT {K} AS k FROM {T}; ALTER TABLE m.parent ADD PRIMARY KEY (k); GRANT SELECT, UPDATE ON m.parent TO PUBLIC; ALTER TABLE m.parent OWNER TO m_owner; ALTER TABLE {T} ADD FOREIGN KEY ({K}) REFERENCES m.parent ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;', 'UPDATE m.parent SET k = {W} WHERE k = (SELECT {K} FROM {T} WHERE {O} = {N}); SET CONSTRAINTS ALL IMMEDIATE;'),
	('FK set null', 'a', 'pqt', 'CREATE TABLE m.parent AS SELECT DISTINCT {K} AS k FROM {T}; ALTER TABLE m.parent ADD PRIMARY KEY (k); GRANT SELECT, DELETE ON m.parent TO PUBLIC; ALTER TABLE m.parent OWNER TO m_owner; ALTER TABLE {T} ADD FOREIGN KEY ({K}) REFERENCES m.parent ON DELETE SET NULL;', 'DELETE FROM m.parent WHERE k = (SELECT {K} FROM {T} WHERE {O} = {N});'),
	('error swallowed', 'a', 'pqt', '', 'DO $do$ BEGIN UPDATE {T} SET {S} WHERE {O} = {N}; EXCEPTION WHEN OTHERS THEN NULL; END $do$;'),
	('replica role', 's', 'pqt', '', 'SET LOCAL session_replication_role = replica; UPDATE {T} SET {S} WHERE {O} = {N};'),
	('replica role, leaf', 's', 'q', '', 'SET LOCAL session_replication_role = replica; UPDATE {L} SET {S} WHERE {O} = {N};'),
	('certdata.correct', 'f', 'pqt', '', 'SELECT certdata.correct(''{T}'', {N}, {J}, {M});');
UPDATE m.route AS r SET also = v.also::jsonb, needs = v.needs FROM (VALUES
	('ON CONFLICT DO UPDATE', '{}', 'NOT change ? ''cert_no'''),
	('live view', '{}', 'NOT change ? ''note'''),
	('report', '{}', 'NOT change ?| ARRAY[''note'', ''state'']'),
	('AFTER ROW trigger', '{"note": "new"}', 'true'),
	('FK cascade', '{}', $$(SELECT count(*) FROM jsonb_object_keys(change)) = 1 AND change ?| ARRAY['name', 'id_number', 'cert_no'] AND NOT change @> '{"name": null}'$$),
	('FK cascade, deferred constraint', '{}', $$(SELECT count(*) FROM jsonb_object_keys(change)) = 1 AND change ?| ARRAY['name', 'id_number'] AND NOT change @> '{"name": null}'$$),
	('FK set null', '{}', $$change @> '{"name": null}'$$),
	('certdata.correct', '{}', 'NOT change ?| ARRAY[''note'', ''state''] AND act !~ ''same|empty for|taken away|retired, nothing''')) AS v(route, also, needs) WHERE r.route = v.route;

-- What users' triggers do.
CREATE FUNCTION m.change_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW := jsonb_populate_record(NEW, TG_ARGV[0]::jsonb); RETURN NEW; END $$;
CREATE FUNCTION m.undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
CREATE FUNCTION m.drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION m.run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE TG_ARGV[0]; RETURN NULL; END $$;

-- ---- where a route differs from the rule that all routes are alike

CREATE TABLE m.exception (route text, act text, state text);
INSERT INTO m.exception VALUES
	('BEFORE ROW trigger undoes', '.*', '00000'),
	('BEFORE ROW trigger drops', '.*', '00000'),
	('live view', '(retired|suspended).*|state column of a retired row', '00000'),
	('report', '(retired|suspended).*', '00000'),
	('FK cascade.*', 'number taken away', '23505'),
	('error swallowed', '.*', '00000');
