-- Sealing the ledger, and proofs.  Looks for: a tree that is another one than
-- RFC 9162's, at the edges of tiles above all; leaves whose bytes differ from
-- doc/ledger.md; acts sealed twice, not at all, or out of order; proofs that do
-- not prove; a seal that goes on where the tables contradict each other; heads
-- given before they are committed; calls by those who may not.
-- Hashes, roots and the checks of proofs are made here once more, in SQL.
\set database ledger_seal
\getenv abs_srcdir PG_ABS_SRCDIR
\set helper :abs_srcdir '/data/own_database.sql'
\set ECHO none
\i :helper
\set ECHO all
CREATE ROLE ledger_seal_admin IN ROLE certdata_admin;
CREATE ROLE ledger_seal_auditor IN ROLE certdata_auditor;
CREATE ROLE ledger_seal_nobody;

-- ---- the format, in SQL
CREATE FUNCTION value(v bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
	$$SELECT COALESCE(int4send(length(v)) || v, '\xffffffff')$$;
CREATE FUNCTION value(v text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$SELECT t.value(convert_to(v, 'UTF8'))$$;
CREATE FUNCTION act_hash(a certdata.ledger_act) RETURNS bytea LANGUAGE sql AS $$
	SELECT sha256('\x00' || value('certdata-act/1') || value(a.id::text) || value(a.incarnation::text) || value(a.transaction::text)
		|| value(a.statement_id::text) || value(a.kind) || value(a.attachment::text) || value(a.shape::text) || value(a.entries::text)
		|| value((extract(epoch FROM a.recorded_at) * 1000000)::bigint::text) || value(a.session_user_name) || value(a.current_user_name)
		|| value(a.address) || value(a.application_name) || value(a.actor) || value(a.actor_org) || value(a.reason) || value(a.approval)
		|| value(a.exception) || value(a.detail::text))
$$;
CREATE FUNCTION entry_hash(e certdata.ledger_entry, act bytea) RETURNS bytea LANGUAGE sql AS $$
	SELECT sha256('\x00' || value('certdata-entry/1') || value(act) || value(e.n::text) || value(e.shape::text) || value(e.cert_no::text)
		|| value(e.life_seq::text) || value(e.state::text) || value(e.changed::text) || value(e.previous)
		|| value(CASE WHEN length(e.salts) = 32 THEN e.salts ELSE sha256('\x04' || e.salts) END) || value(e.commitments))
$$;

-- all leaves as the order has them
CREATE FUNCTION leaves() RETURNS bytea[] LANGUAGE sql AS $$
	SELECT array_agg(hash ORDER BY leaf)
	FROM (SELECT o.first_leaf AS leaf, act_hash(a) AS hash
		FROM certdata.ledger_order AS o JOIN certdata.ledger_act AS a ON a.id = o.act
		UNION ALL
		SELECT o.first_leaf + e.n, entry_hash(e, act_hash(a))
		FROM certdata.ledger_order AS o JOIN certdata.ledger_act AS a ON a.id = o.act
		JOIN certdata.ledger_entry AS e ON e.act = a.id) AS l
$$;
-- RFC 9162 section 2.1.1, by levels: a last node without a sibling goes up as it is
CREATE FUNCTION root(node bytea[], size bigint) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
	IF size = 0 THEN
		RETURN sha256('');
	END IF;
	node := node[1:size];
	WHILE cardinality(node) > 1 LOOP
		node := (SELECT array_agg(COALESCE(sha256('\x01' || l.hash || r.hash), l.hash) ORDER BY l.i)
			FROM unnest(node) WITH ORDINALITY AS l (hash, i) LEFT JOIN unnest(node) WITH ORDINALITY AS r (hash, i) ON r.i = l.i + 1
			WHERE l.i % 2 = 1);
	END LOOP;
	RETURN node[1];
END $$;
-- section 2.1.3.2
CREATE FUNCTION included(leaf bigint, size bigint, hash bytea, proof bytea[], root bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	fn bigint := leaf;
	sn bigint := size - 1;
	p bytea;
BEGIN
	FOREACH p IN ARRAY proof LOOP
		IF sn = 0 THEN
			RETURN false;
		ELSIF fn % 2 = 1 OR fn = sn THEN
			hash := sha256('\x01' || p || hash);
			WHILE fn % 2 = 0 AND fn <> 0 LOOP
				fn := fn / 2;
				sn := sn / 2;
			END LOOP;
		ELSE
			hash := sha256('\x01' || hash || p);
		END IF;
		fn := fn / 2;
		sn := sn / 2;
	END LOOP;
	RETURN sn = 0 AND hash = root;
END $$;
-- section 2.1.4.2, for 0 < old < new
CREATE FUNCTION consistent(old bigint, new bigint, proof bytea[], old_root bytea, new_root bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	fn bigint := old - 1;
	sn bigint := new - 1;
	fr bytea;
	sr bytea;
	p bytea;
BEGIN
	IF old & (old - 1) = 0 THEN
		proof := old_root || proof;
	END IF;
	WHILE fn % 2 = 1 LOOP
		fn := fn / 2;
		sn := sn / 2;
	END LOOP;
	fr := proof[1];
	sr := proof[1];
	FOREACH p IN ARRAY proof[2:] LOOP
		IF sn = 0 THEN
			RETURN false;
		ELSIF fn % 2 = 1 OR fn = sn THEN
			fr := sha256('\x01' || p || fr);
			sr := sha256('\x01' || p || sr);
			WHILE fn % 2 = 0 AND fn <> 0 LOOP
				fn := fn / 2;
				sn := sn / 2;
			END LOOP;
		ELSE
			sr := sha256('\x01' || sr || p);
		END IF;
		fn := fn / 2;
		sn := sn / 2;
	END LOOP;
	RETURN sn = 0 AND fr = old_root AND sr = new_root;
END $$;

-- ---- tools
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
BEGIN
	EXECUTE statement INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, NULLIF(detail, ''));
END $$;
-- an act with so many entries, as the library would record it
CREATE FUNCTION act(entries bigint, incarnation int DEFAULT 1, id bigint DEFAULT nextval('certdata.ledger_act_id'), transaction xid8 DEFAULT pg_current_xact_id())
RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO certdata.ledger_act (id, incarnation, transaction, statement_id, kind, shape, entries, recorded_at, session_user_name, current_user_name,
			actor, reason, detail)
		VALUES (id, incarnation, transaction, id, 'record', 0, entries, clock_timestamp(), '张三', 'postgres', 'a', '', '{"b": "甲", "a": null}');
	INSERT INTO certdata.ledger_entry SELECT id, i, 1, CASE WHEN i % 7 > 0 THEN ('S00001301000122300' || lpad(i::text, 4, '0'))::certdata.certno END,
			i % 3, i % 128, i % 2048, CASE WHEN i % 2 = 0 THEN sha256(i::text::bytea) END,
			CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN substr(sha256('1'), 1, 16) WHEN 2 THEN sha256('2') WHEN 3 THEN sha256('3') || sha256('4') ELSE substr(sha256('5') || sha256('6'), 1, 48) END,
			CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN sha256('7') ELSE sha256('8') || sha256('9') || sha256('a') END, NULL
		FROM generate_series(1, entries) AS i;
	SELECT id;
$$;
-- an act that makes a seal's tree that large
CREATE FUNCTION grow(size bigint) RETURNS bigint LANGUAGE sql AS
	$$SELECT act(size - 2 - (SELECT max(h.size) FROM certdata.ledger_head AS h))$$;
-- a server's own workers, analyzing tables, hold the horizon back for a moment
CREATE FUNCTION seal() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 1000 LOOP
		PERFORM pg_stat_clear_snapshot();
		EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid());
		PERFORM pg_sleep(0.01);
	END LOOP;
	RETURN certdata.seal();
END $$;
\pset format unaligned
\t on

-- ---- before anything
SELECT try('SELECT certdata.seal()');
SELECT try('SELECT certdata.head()');
SELECT try('SELECT certdata.inclusion_proof(0)');
SELECT certdata.start_ledger() IS NOT NULL;
SELECT certdata.head() IS NULL, certdata.tree_root(0) = sha256(''), certdata.leaf_of(1) IS NULL;
SELECT try('SELECT certdata.inclusion_proof(0)');
SELECT try('SELECT certdata.tree_root(1)');
SELECT try('SELECT certdata.leaf_hash(0)');

-- ---- the first: one act, and the seal's own
SELECT seal();
SELECT seal();
SELECT count(*), max(size) FROM certdata.ledger_head;
SELECT o.*, a.kind, a.entries FROM certdata.ledger_order AS o JOIN certdata.ledger_act AS a ON a.id = o.act ORDER BY 1;
SELECT detail->'leaves', detail->>'horizon' = transaction::text FROM certdata.ledger_act WHERE kind = 'seal';
SELECT regexp_replace(certdata.head(), '[0-9a-f]{8}-[-0-9a-f]{27}', 'ID') = E'certdata/ID\n2\n' || encode(certdata.tree_root(2), 'base64') || E'\n\n';
SELECT certdata.head(2) = certdata.head(), certdata.head(1) IS NULL, certdata.head(0) IS NULL, certdata.head(NULL) IS NULL;

-- ---- each size of a small tree, by seals and between them: all roots, all proofs
SELECT act(0), seal();
SELECT act(3);
SELECT seal();
SELECT act(1), act(0), act(2);
SELECT seal();
SELECT bool_and(certdata.tree_root(s) = root(l, s)) AS roots,
	bool_and((SELECT bool_and(included(i, s, l[i + 1], certdata.inclusion_proof(i, s), root(l, s)) AND certdata.leaf_hash(i) = l[i + 1])
		FROM generate_series(0, s - 1) AS i)) AS included,
	bool_and((SELECT bool_and(consistent(i, s, certdata.consistency_proof(i, s), root(l, i), root(l, s)))
		FROM generate_series(1, s - 1) AS i)) AS consistent,
	bool_and((SELECT bool_and(certdata.verify_inclusion('sha256', i - 1, s, l[i], certdata.inclusion_proof(i - 1, s), root(l, s))
			AND certdata.verify_consistency('sha256', i, s, certdata.consistency_proof(i, s), root(l, i), root(l, s)))
		FROM generate_series(1, s) AS i)) AS verified,
	bool_and(certdata.consistency_proof(s, s) = '{}' AND certdata.consistency_proof(0, s) = '{}') AS empty
FROM leaves() AS l, generate_series(1, cardinality(l)) AS s;

-- ---- the edges of tiles: a seal that stops right before, at, and behind one
SELECT grow(255);
SELECT seal();
SELECT grow(257);	-- the seal that is 256 leaves large needs an act, too: two leaves are the least
SELECT seal();
SELECT grow(512);
SELECT seal();
SELECT grow(514);
SELECT seal();
SELECT bool_and(certdata.tree_root(s) = root(l, s)) AS roots,
	bool_and(h.root = root(l, h.size)) AS heads,
	bool_and((SELECT bool_and(included(i, s, l[i + 1], certdata.inclusion_proof(i, s), root(l, s)))
		FROM generate_series(0, s - 1) AS i)) AS included,
	bool_and((SELECT bool_and(consistent(i, s, certdata.consistency_proof(i, s), root(l, i), root(l, s)))
		FROM unnest(ARRAY[1, 2, 3, 128, 254, 255, 256, 257, 258, 511]) AS i WHERE i < s)) AS consistent
FROM leaves() AS l, unnest(ARRAY[255, 256, 257, 511, 512, 513, 514]) AS s LEFT JOIN certdata.ledger_head AS h ON h.size = s;
SELECT level, number, length(hashes) / 32 FROM certdata.ledger_tile ORDER BY 1, 2;

-- ---- large: more than one tile of level 1
SET certdata.progress = on;
SET client_min_messages = notice;
SELECT act(100000);
SELECT seal();
CREATE TABLE large AS SELECT * FROM leaves() AS l;
RESET certdata.progress;
SET client_min_messages = warning;
SELECT h.root = root(l, s) AND h.root = certdata.tree_root(s) AS root,
	(SELECT bool_and(included(i, s, l[i + 1], certdata.inclusion_proof(i), h.root)) FROM generate_series(0, s - 1, 997) AS i),
	(SELECT bool_and(included(i, s, l[i + 1], certdata.inclusion_proof(i, s), h.root)) FROM unnest(ARRAY[65535, 65536, s - 2, s - 1]) AS i)
FROM large, certdata.ledger_head AS h, cardinality(l) AS s WHERE h.size = s;
SELECT bool_and(certdata.tree_root(i) = root(l, i)) AS roots, bool_and(consistent(i, s, certdata.consistency_proof(i, s), root(l, i), certdata.tree_root(s)))
FROM large, cardinality(l) AS s, unnest(ARRAY[65535, 65536, 65537, 65792]) AS i;
SELECT level, count(*), sum(length(hashes) / 32) FROM certdata.ledger_tile GROUP BY 1 ORDER BY 1;
-- heads are consistent with each other
SELECT bool_and(consistent(a.size, b.size, certdata.consistency_proof(a.size, b.size), a.root, b.root))
FROM certdata.ledger_head AS a, certdata.ledger_head AS b WHERE a.size < b.size;

-- ---- order: by transaction, then by number, however the rows came
BEGIN;
SELECT act(1, id => 900003), act(0, id => 900001), act(2, id => 900002);
COMMIT;
SELECT act(0, id => 800001);
SELECT seal() > 0;
SELECT act FROM certdata.ledger_order ORDER BY first_leaf DESC LIMIT 5;
SELECT certdata.leaf_of(900002) - certdata.leaf_of(900001) AS acts, certdata.leaf_of(900002, 2) - certdata.leaf_of(900002) AS entries,
	certdata.leaf_of(900002, 3) AS none, certdata.leaf_of(900002, -1) AS none, certdata.leaf_of(900004) AS none;
SELECT certdata.leaf_hash(certdata.leaf_of(900002, 1)) = entry_hash(e, act_hash(a))
FROM certdata.ledger_act AS a JOIN certdata.ledger_entry AS e ON e.act = a.id AND e.n = 1 WHERE a.id = 900002;

-- ---- its own transaction: acts of it are not sealed, its heads are not given
BEGIN;
SELECT act(0, id => 900010);
SELECT act = 900010 FROM certdata.ledger_order ORDER BY first_leaf DESC LIMIT 1;
SELECT count(*) AS heads FROM certdata.ledger_head \gset
SELECT seal() - (SELECT max(size) FROM certdata.ledger_head);
COMMIT;
SELECT certdata.head() AS before \gset
BEGIN;
SAVEPOINT s;
SELECT seal() > 0;
SELECT count(*) - :heads AS heads, certdata.head() = :'before' AS old FROM certdata.ledger_head;
SELECT certdata.leaf_of(900010) IS NOT NULL, certdata.head(max(size)) IS NULL FROM certdata.ledger_head;
ROLLBACK TO s;
SELECT count(*) - :heads AS heads, certdata.leaf_of(900010) IS NULL FROM certdata.ledger_head;
SELECT seal() > 0;
SELECT certdata.head() = :'before';
COMMIT;
SELECT count(*) - :heads AS heads, certdata.head() <> :'before' AS new FROM certdata.ledger_head;
-- an old snapshot seals what is committed since
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) - :heads FROM certdata.ledger_head;
\! psql -Xq -d ledger_seal -c 'SELECT t.act(0, id => 900020) IS NULL' >/dev/null
SELECT seal() - (SELECT max(size) FROM certdata.ledger_head);
COMMIT;
SELECT certdata.leaf_of(900020) IS NOT NULL;
SELECT seal() = max(size) FROM certdata.ledger_head;

-- ---- a former incarnation: what is not sealed of it comes first, whatever its transactions
SELECT act(1, id => 900030, transaction => '9000000000');
UPDATE certdata.ledger_incarnation SET system_identifier = '1';
\c ledger_seal
SET client_min_messages = warning;
SET search_path = t;
SET certdata.language = en;
SELECT try('SELECT certdata.seal()');
SELECT certdata.adopt_ledger('restored');
SELECT act(0, 2, 900050), act(0, 1, 900029, '9000000001');
SELECT seal() > 0;
SELECT o.act, a.incarnation, a.kind FROM (SELECT * FROM certdata.ledger_order ORDER BY first_leaf DESC LIMIT 5) AS o
	JOIN certdata.ledger_act AS a ON a.id = o.act ORDER BY first_leaf;
SELECT seal() = max(size) FROM certdata.ledger_head;
SELECT act(0, 2);
SELECT seal() - max(size) FROM certdata.ledger_head;
SELECT count(*) = count(DISTINCT act) AND count(*) = (SELECT count(*) FROM certdata.ledger_act) FROM certdata.ledger_order;
SELECT certdata.tree_root(cardinality(l)) = root(l, cardinality(l)) FROM leaves() AS l;

-- ---- tables that contradict each other: nothing is sealed
CREATE FUNCTION broken(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE change;
	result := try('SELECT certdata.seal()');
	RAISE EXCEPTION USING MESSAGE = regexp_replace(result, '\d{3,}', 'N', 'g');
EXCEPTION WHEN raise_exception THEN
	RETURN SQLERRM || ' <- ' || change;
END $$;
SELECT act(3, 2, 900060);
SELECT broken('DELETE FROM certdata.ledger_entry WHERE act = 900060 AND n = 1');
SELECT broken('DELETE FROM certdata.ledger_entry WHERE act = 900060 AND n = 2');
SELECT broken('DELETE FROM certdata.ledger_entry WHERE act = 900060 AND n = 3');
SELECT broken('UPDATE certdata.ledger_entry SET n = 4 WHERE act = 900060 AND n = 3');
SELECT broken('INSERT INTO certdata.ledger_entry SELECT act, 4, shape, cert_no, life_seq, state, changed FROM certdata.ledger_entry WHERE act = 900060 AND n = 3');
SELECT broken('UPDATE certdata.ledger_act SET entries = 0 WHERE id = 900060');
SELECT broken('UPDATE certdata.ledger_act SET entries = 4 WHERE id = 900060');
SELECT broken($$UPDATE certdata.ledger_entry SET commitments = decode(repeat('00', 200), 'hex') WHERE act = 900060 AND n = 3$$);
SELECT broken('DELETE FROM certdata.ledger_tile WHERE (level, number) = (SELECT level, max(number) FROM certdata.ledger_tile WHERE level = 0 GROUP BY level)');
SELECT broken($$UPDATE certdata.ledger_tile SET hashes = hashes || hashes WHERE (level, number) = (SELECT level, max(number) FROM certdata.ledger_tile WHERE level = 1 GROUP BY level)$$);
SELECT broken($$UPDATE certdata.ledger_tile SET hashes = '\x00' WHERE level = 1$$);
SELECT broken('UPDATE certdata.ledger_tile SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE (level, number) = (SELECT level, max(number) FROM certdata.ledger_tile WHERE level = 0 GROUP BY level)');
SELECT broken($$UPDATE certdata.ledger_head SET root = sha256('') WHERE size = (SELECT max(size) FROM certdata.ledger_head)$$);
SELECT broken($$UPDATE certdata.ledger_head SET root = '' WHERE size = (SELECT max(size) FROM certdata.ledger_head)$$);
SELECT broken('UPDATE certdata.ledger_head SET act = 900031 WHERE size = (SELECT max(size) FROM certdata.ledger_head)');
SELECT broken($$UPDATE certdata.ledger_act SET detail = '{"horizon": "x"}' WHERE kind = 'seal'$$);
SELECT broken($$UPDATE certdata.ledger_act SET detail = '[]' WHERE kind = 'seal'$$);
SELECT certdata.leaf_of(900060) IS NULL AND seal() > 0;
SELECT certdata.leaf_of(900060) IS NOT NULL;
-- proofs neither, nor by what an earlier call had read
SELECT certdata.inclusion_proof(300, 514) IS NOT NULL;
BEGIN;
UPDATE certdata.ledger_tile SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE level = 0 AND number = 1;
SELECT certdata.tree_root(511) <> root(l, 511) FROM large;
SELECT included(300, 512, l[301], certdata.inclusion_proof(300, 512), root(l, 512)) FROM large;
ROLLBACK;
SELECT included(300, 512, l[301], certdata.inclusion_proof(300, 512), root(l, 512)) FROM large;
-- nor by what stood there in a seal that was rolled back
SELECT count(act(0, 2, 910000 + i)) FROM generate_series(1, 600) AS i;
BEGIN;
SELECT seal() AS size \gset
SELECT count(certdata.inclusion_proof(i, :size)) FROM generate_series(:size - 600, :size - 1) AS i;
ROLLBACK;
UPDATE certdata.ledger_act SET reason = 'another' WHERE id BETWEEN 910001 AND 910600;
SELECT seal() = :size AS again;
SELECT bool_and(included(i, :size, l[i + 1], certdata.inclusion_proof(i, :size), root)) AS all, certdata.tree_root(:size) = root
FROM leaves() AS l, root(l, :size) AS root, generate_series(:size - 600, :size - 1) AS i GROUP BY root;
BEGIN;
DELETE FROM certdata.ledger_tile WHERE level = 0 AND number = 1;
SELECT try('SELECT certdata.inclusion_proof(300, 514)');
ROLLBACK;
SELECT try('SELECT certdata.inclusion_proof(514, 514)');
SELECT try('SELECT certdata.inclusion_proof(-1, 514)');
SELECT try('SELECT certdata.inclusion_proof(0, 100000000)'), try('SELECT certdata.tree_root(-1)') \gx
SELECT try('SELECT certdata.consistency_proof(515, 514)');
SELECT try('SELECT certdata.consistency_proof(-1, 514)');
SELECT certdata.inclusion_proof(NULL, 514) IS NULL, certdata.consistency_proof(NULL, 514) IS NULL;

-- ---- who may, and where
SELECT act(0, 2) IS NOT NULL;
BEGIN READ ONLY;
SELECT certdata.head() IS NOT NULL, certdata.inclusion_proof(0) IS NOT NULL;
SELECT try('SELECT certdata.seal()');
COMMIT;
SET ROLE ledger_seal_nobody;
SELECT certdata.head() IS NOT NULL;
SELECT try('SELECT certdata.seal()');
SELECT try('SELECT certdata.inclusion_proof(0)');
SELECT try('SELECT certdata.leaf_of(1)');
SELECT try('SET certdata.signing_key_file = ''x''');
-- the words differ from version to version
SELECT split_part(try('SHOW certdata.signing_key_file'), ' | ', 1) AS state;
SET ROLE ledger_seal_auditor;
SELECT certdata.inclusion_proof(0, 1), certdata.consistency_proof(1, 1), certdata.leaf_of(1), certdata.leaf_hash(0) = certdata.tree_root(1);
SELECT try('SELECT certdata.seal()');
SET ROLE ledger_seal_admin;
SELECT certdata.seal() > 0;
SELECT try('SELECT FROM certdata.ledger_head');
RESET ROLE;
SELECT session_user_name = session_user, current_user_name FROM certdata.ledger_act WHERE kind = 'seal' ORDER BY id DESC LIMIT 1;
\c contrib_regression
DROP DATABASE ledger_seal;
DROP ROLE ledger_seal_admin, ledger_seal_auditor, ledger_seal_nobody;
