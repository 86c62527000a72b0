-- INSERTs and deletions for 080_matrix.sh: what is done, by which route, and
-- what is to come of it.

CREATE TABLE m.insert_act (act text, n int, change jsonb, state text, tabs text DEFAULT 'pqt');
INSERT INTO m.insert_act (act, n, change, state) VALUES
	('lawful', 601, '{}', '00000'),
	('fault in 姓名', 601, '{"name": "李 四"}', '23514'),
	('fault in 证件号码', 601, '{"id_number": "130102199003071231"}', '23514'),
	('姓名 missing', 601, '{"name": null}', '23514'),
	('number in use', 501, '{}', '23505'),
	('number of a retired one', 504, '{"name": "李四"}', '23505'),
	('former number', 510, '{}', '23505');
INSERT INTO m.insert_act VALUES ('in another state', 601, '{"state": "suspended"}', 'QC018', 'pq'),
	('number in use, written otherwise', 501, '{"cert_no": "s000013000001223000501"}', '23505', 't'),
	('former number, written otherwise', 510, '{"cert_no": "s000013000001223000510"}', '23505', 't'),
	('number of a retired one, written otherwise', 504, '{"cert_no": "Ｓ000013000001223000504"}', '23505', 't');
-- {B} {Y} mapped columns, {D} data of COPY, {G} the same row with number 602, {F} the same with 603 and no fault
CREATE TABLE m.insert_route (route text, roles text, tabs text, setup text, run text, adds int DEFAULT 1, needs text DEFAULT 'true');
INSERT INTO m.insert_route (route, roles, tabs, setup, run) VALUES
	('INSERT', 'aos', 'pqt', '', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x;'),
	('INSERT VALUES', 'a', 'pqt', '', 'INSERT INTO {T} ({A}) VALUES ({I});'),
	('multi-row INSERT', 'a', 'pqt', '', 'INSERT INTO {T} ({A}) SELECT {X} FROM (VALUES ({F}), ({C}), ({G})) AS v(j), jsonb_populate_record(NULL::{T}, j) AS x;'),
	('COPY', 'ao', 'pqt', '', 'COPY {T} ({A}) FROM stdin;{D}'),
	('prepared', 'a', 'pqt', '', 'SET LOCAL plan_cache_mode = force_generic_plan; PREPARE p (jsonb) AS INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, $1) AS x; EXECUTE p({C}); EXECUTE p({F});'),
	('MERGE', 'a', 'pqt', '', 'MERGE INTO {T} AS t USING (SELECT x.* FROM jsonb_populate_record(NULL::{T}, {C}) AS x) AS x ON t.{O} = x.{O} WHEN NOT MATCHED THEN INSERT ({A}) VALUES ({X});'),
	('ON CONFLICT DO NOTHING', 'a', 'pqt', '', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x ON CONFLICT DO NOTHING;'),
	('ON CONFLICT DO UPDATE', 'a', 'pqt', '', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x ON CONFLICT ({O}) DO UPDATE SET ({A}) = ROW({E});'),
	('writable CTE', 'a', 'pqt', '', 'WITH i AS (INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x RETURNING *) SELECT count(*) FROM i;'),
	('live view', 'a', 'pqt', '', 'INSERT INTO {V} ({B}) SELECT {Y} FROM jsonb_populate_record(NULL::{T}, {C}) AS x;'),
	('report', 'a', 'pqt', '', 'INSERT INTO {R} ({HA}) VALUES ({HI});'),
	('COPY into report', 'a', 'pqt', '', 'COPY {R} ({HA}) FROM stdin;{HD}'),
	('leaf', 'a', 'q', '', 'INSERT INTO {L} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x;'),
	('COPY into leaf', 'a', 'q', '', 'COPY {L} ({A}) FROM stdin;{D}'),
	('BEFORE ROW trigger', 'a', 'pqt', 'CREATE TRIGGER aaa BEFORE INSERT ON {T} FOR EACH ROW EXECUTE FUNCTION m.change_new({C});', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {F}) AS x;'),
	('BEFORE ROW trigger drops', 'a', 'pqt', 'CREATE TRIGGER aaa BEFORE INSERT ON {T} FOR EACH ROW EXECUTE FUNCTION m.drop_row();', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x;'),
	('trigger of another table', 'a', 'pqt', 'CREATE TABLE m.inbox (j jsonb); GRANT ALL ON m.inbox TO PUBLIC; CREATE TRIGGER aaa AFTER INSERT ON m.inbox FOR EACH ROW EXECUTE FUNCTION m.run({Q});', 'INSERT INTO m.inbox VALUES (NULL);'),
	('AFTER ROW trigger', 'a', 'pqt', 'CREATE TRIGGER aaa AFTER INSERT ON {T} FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION m.run({Q});', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {F}) AS x;'),
	('BEFORE STATEMENT trigger', 'a', 'pqt', 'CREATE TRIGGER zzz BEFORE INSERT ON {T} WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION m.run({Q});', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {F}) AS x;'),
	('error swallowed', 'a', 'pqt', '', 'DO $do$ BEGIN INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x; EXCEPTION WHEN OTHERS THEN NULL; END $do$;'),
	('replica role', 's', 'pqt', '', 'SET LOCAL session_replication_role = replica; INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x;'),
	('replica role, COPY', 's', 'pqt', '', 'SET LOCAL session_replication_role = replica; COPY {T} ({A}) FROM stdin;{D}');
UPDATE m.insert_route AS r SET adds = v.adds, needs = v.needs FROM (VALUES
	('multi-row INSERT', 3, 'true'),
	('prepared', 2, 'true'),
	('report', 1, 'NOT change ? ''state'''),
	('COPY into report', 1, 'NOT change ? ''state'''),
	('BEFORE ROW trigger drops', 0, 'true'),
	('AFTER ROW trigger', 2, 'true'),
	('BEFORE STATEMENT trigger', 2, 'true')) AS v(route, adds, needs) WHERE r.route = v.route;

CREATE TABLE m.insert_exception (route text, act text, state text, tabs text DEFAULT 'pqt');
INSERT INTO m.insert_exception (route, act, state) VALUES
	('MERGE', 'number in use|number of a retired one', '00000'),
	('ON CONFLICT DO NOTHING', '(number in use|number of a retired one).*', '00000'),
	-- the same values once more are no correction
	('ON CONFLICT DO UPDATE', 'number in use', '00000'),
	('BEFORE ROW trigger drops', '.*', '00000'),
	('error swallowed', '.*', '00000');
-- others are one, and write the state column where there is one
INSERT INTO m.insert_exception VALUES
	('ON CONFLICT DO UPDATE', 'number of a retired one', 'QC018', 'pq'),
	('ON CONFLICT DO UPDATE', 'number of a retired one', 'QC015', 't');

-- ---- deletions: of 501 each

CREATE TABLE m.deletion (route text, roles text, tabs text, setup text, run text, state text);
INSERT INTO m.deletion VALUES
	('DELETE', 'a', 'pqt', '', 'DELETE FROM {T} WHERE {O} = {N};', '42501'),
	('DELETE', 'os', 'pqt', '', 'DELETE FROM {T} WHERE {O} = {N};', 'QC014'),
	('DELETE of what was just inserted', 'o', 'pqt', '', 'INSERT INTO {T} ({A}) SELECT {X} FROM jsonb_populate_record(NULL::{T}, {C}) AS x; DELETE FROM {T} WHERE {O} = {P};', 'QC014'),
	('DELETE of all', 'o', 'pqt', '', 'DELETE FROM {T};', 'QC014'),
	('DELETE of none', 'o', 'pqt', '', 'DELETE FROM {T} WHERE {O} = ''S000013000001223000999'';', '00000'),
	('DELETE ONLY', 'o', 'q', '', 'DELETE FROM ONLY {T};', '00000'),
	('leaf', 'os', 'q', '', 'DELETE FROM {L} WHERE {O} = {N};', 'QC014'),
	('prepared', 'o', 'pqt', '', 'PREPARE p (text) AS DELETE FROM {T} WHERE {O} = $1; EXECUTE p({N});', 'QC014'),
	('MERGE', 'o', 'pqt', '', 'MERGE INTO {T} AS t USING (SELECT {N} AS n) AS v ON t.{O} = v.n WHEN MATCHED THEN DELETE;', 'QC014'),
	('writable CTE', 'o', 'pqt', '', 'WITH d AS (DELETE FROM {T} WHERE {O} = {N} RETURNING *) SELECT count(*) FROM d;', 'QC014'),
	('moved by writable CTE', 'o', 'pq', '', 'WITH d AS (DELETE FROM {T} WHERE {O} = {N} RETURNING *) INSERT INTO {T} SELECT * FROM d;', 'QC014'),
	('live view', 'o', 'pqt', '', 'DELETE FROM {V} WHERE {O} = {N};', 'QC014'),
	('report', 'o', 'pqt', '', 'DELETE FROM {R} WHERE "证书编号" = {N};', 'QC014'),
	('cursor', 'o', 'pqt', '', 'DECLARE c CURSOR FOR SELECT * FROM {T} WHERE {O}::text = {N} FOR UPDATE; FETCH c; DELETE FROM {T} WHERE CURRENT OF c;', 'QC014'),
	('with everything said', 'o', 'pqt', 'SET LOCAL certdata.reason = ''原因''; SET LOCAL certdata.approval = ''文号''; SET LOCAL certdata.exception = ''deletion.benefits: 例外'';', 'DELETE FROM {T} WHERE {O} = {N};', 'QC014'),
	('FK cascade', 'ao', 'pqt', 'CREATE TABLE m.parent AS SELECT {O} AS k FROM {T}; ALTER TABLE m.parent ADD PRIMARY KEY (k); GRANT ALL ON m.parent TO PUBLIC; ALTER TABLE m.parent OWNER TO m_owner; ALTER TABLE {T} ADD FOREIGN KEY ({O}) REFERENCES m.parent ON DELETE CASCADE;', 'DELETE FROM m.parent WHERE k = {N};', 'QC014'),
	('BEFORE ROW trigger drops', 'o', 'pqt', 'CREATE TRIGGER aaa BEFORE DELETE ON {T} FOR EACH ROW EXECUTE FUNCTION m.drop_row();', 'DELETE FROM {T} WHERE {O} = {N};', '00000'),
	('AFTER ROW trigger', 'o', 'pqt', 'CREATE TRIGGER aaa AFTER UPDATE ON {T} FOR EACH ROW EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = ''new'' WHERE {O} = {N};', 'QC014'),
	('AFTER STATEMENT trigger', 'o', 'pqt', 'CREATE TRIGGER zzz AFTER UPDATE ON {T} EXECUTE FUNCTION m.run({Q});', 'UPDATE {T} SET note = ''new'' WHERE {O} = {N};', 'QC014'),
	('error swallowed', 'o', 'pqt', '', 'DO $do$ BEGIN DELETE FROM {T} WHERE {O} = {N}; EXCEPTION WHEN OTHERS THEN NULL; END $do$;', '00000'),
	('TRUNCATE', 'a', 'pqt', '', 'TRUNCATE {T};', '42501'),
	('TRUNCATE', 'os', 'pqt', '', 'TRUNCATE {T};', 'QC014'),
	('TRUNCATE of a leaf', 'os', 'q', '', 'TRUNCATE {L};', 'QC014'),
	('TRUNCATE CASCADE of a parent', 's', 'pqt', 'CREATE TABLE m.parent AS SELECT {O} AS k FROM {T}; ALTER TABLE m.parent ADD PRIMARY KEY (k); ALTER TABLE {T} ADD FOREIGN KEY ({O}) REFERENCES m.parent;', 'TRUNCATE m.parent CASCADE;', 'QC014'),
	('replica role', 's', 'pqt', '', 'SET LOCAL session_replication_role = replica; DELETE FROM {T} WHERE {O} = {N};', 'QC014'),
	('replica role, leaf', 's', 'q', '', 'SET LOCAL session_replication_role = replica; DELETE FROM {L} WHERE {O} = {N};', 'QC014'),
	('replica role, TRUNCATE', 's', 'pqt', '', 'SET LOCAL session_replication_role = replica; TRUNCATE {T};', 'QC014'),
	-- the second half of a move to another partition is dropped by a user's trigger
	('half of a move', 'aos', 'q', 'CREATE TRIGGER aaa BEFORE INSERT ON m.parted_low FOR EACH ROW EXECUTE FUNCTION m.drop_row();', 'UPDATE {T} SET cert_no = m.no(100)::certdata.certno WHERE {O} = {N};', 'QC014'),
	('half of a move, everything said', 'ao', 'q', 'CREATE TRIGGER aaa BEFORE INSERT ON m.parted_low FOR EACH ROW EXECUTE FUNCTION m.drop_row(); SET LOCAL certdata.reason = ''原因''; SET LOCAL certdata.approval = ''文号'';', 'UPDATE {T} SET cert_no = m.no(100)::certdata.certno WHERE {O} = {N};', 'QC014'),
	('half of a move by renumber', 'f', 'q', 'CREATE TRIGGER aaa BEFORE INSERT ON m.parted_low FOR EACH ROW EXECUTE FUNCTION m.drop_row();', 'SELECT certdata.renumber(''{T}'', {N}, m.no(100), ''原因'', ''文号'');', 'QC014'),
	('move, everything said', 'ao', 'q', 'SET LOCAL certdata.reason = ''原因''; SET LOCAL certdata.approval = ''文号'';', 'UPDATE {T} SET cert_no = m.no(100)::certdata.certno WHERE {O} = {N};', 'QC013'),
	('move, nothing said', 'ao', 'q', '', 'UPDATE {T} SET cert_no = m.no(100)::certdata.certno WHERE {O} = {N};', 'QC013'),
	('move, replica role', 's', 'q', '', 'SET LOCAL session_replication_role = replica; UPDATE {T} SET cert_no = m.no(100)::certdata.certno WHERE {O} = {N};', 'QC013');
