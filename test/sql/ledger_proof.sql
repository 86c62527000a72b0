-- A proof taken that is none, or refused that is one; an error, or worse, for
-- what a stranger sends.  The oracle is RFC 6962 section 2.1 by recursion, over
-- the server's own sha256(); and the roots and proofs that are published for
-- the eight leaves of Certificate Transparency's reference tests.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS certdata;
RESET client_min_messages;
SET certdata.language = en;
-- as anyone
CREATE ROLE proof_nobody;
SET ROLE proof_nobody;

-- ---------------------------------------------------------------- the oracle

CREATE FUNCTION pg_temp.below(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS
	'SELECT max(1 << i) FROM generate_series(0, 20) AS i WHERE 1 << i < n';
CREATE FUNCTION pg_temp.mth(d bytea[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n integer := cardinality(d);
	k integer := pg_temp.below(n);
BEGIN
	RETURN CASE WHEN n = 0 THEN sha256('') WHEN n = 1 THEN sha256('\x00' || d[1])
		ELSE sha256('\x01' || pg_temp.mth(d[:k]) || pg_temp.mth(d[k + 1:])) END;
END $$;
CREATE FUNCTION pg_temp.path(m integer, d bytea[]) RETURNS bytea[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	k integer := pg_temp.below(cardinality(d));
BEGIN
	RETURN CASE WHEN cardinality(d) = 1 THEN '{}'
		WHEN m < k THEN pg_temp.path(m, d[:k]) || pg_temp.mth(d[k + 1:])
		ELSE pg_temp.path(m - k, (d[k + 1:])[:]) || pg_temp.mth(d[:k]) END;
END $$;
CREATE FUNCTION pg_temp.subproof(m integer, d bytea[], b boolean) RETURNS bytea[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	n integer := cardinality(d);
	k integer := pg_temp.below(n);
BEGIN
	RETURN CASE WHEN m = n AND b THEN '{}' WHEN m = n THEN ARRAY[pg_temp.mth(d)]
		WHEN m <= k THEN pg_temp.subproof(m, d[:k], b) || pg_temp.mth(d[k + 1:])
		ELSE pg_temp.subproof(m - k, (d[k + 1:])[:], false) || pg_temp.mth(d[:k]) END;
END $$;

CREATE TEMP TABLE input AS SELECT ARRAY['', '\x00', '\x10', '\x2021', '\x3031', '\x40414243', '\x5051525354555657',
	'\x606162636465666768696a6b6c6d6e6f']::bytea[] AS d;
CREATE TEMP TABLE tree (size bigint, root bytea);
INSERT INTO tree VALUES
	(0, '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
	(1, '\x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'),
	(2, '\xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'),
	(3, '\xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'),
	(4, '\xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'),
	(5, '\x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'),
	(6, '\x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'),
	(7, '\xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'),
	(8, '\x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
SELECT count(*) AS published, count(*) FILTER (WHERE root = pg_temp.mth(d[:size::integer])) AS of_oracle FROM tree, input;

-- ---------------------------------------------------------------- as published

CREATE TEMP TABLE inclusion (leaf bigint, size bigint, proof bytea[]);
INSERT INTO inclusion VALUES
	(0, 1, '{}'),
	(0, 8, '{"\\x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7","\\x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e","\\x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}'),
	(5, 8, '{"\\xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b","\\xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0","\\xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}'),
	(2, 3, '{"\\xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}'),
	(1, 5, '{"\\x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","\\x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e","\\xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}');
SELECT leaf, size, certdata.verify_inclusion('sha256', leaf, size, sha256('\x00' || d[leaf + 1]), proof, root) AS holds,
	certdata.verify_inclusion('sm3', leaf, size, sha256('\x00' || d[leaf + 1]), proof, root) AS by_another
FROM inclusion JOIN tree USING (size), input ORDER BY size, leaf;

CREATE TEMP TABLE consistency (size1 bigint, size2 bigint, proof bytea[]);
INSERT INTO consistency VALUES
	(1, 1, '{}'),
	(1, 8, '{"\\x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7","\\x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e","\\x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}'),
	(6, 8, '{"\\x0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a","\\xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0","\\xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}'),
	(2, 5, '{"\\x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e","\\xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}'),
	(6, 7, '{"\\x0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a","\\xb08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f","\\xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}');
SELECT size1, size2, certdata.verify_consistency('sha256', size1, size2, proof, a.root, b.root) AS holds,
	certdata.verify_consistency('sha256', size2, size1, proof, b.root, a.root) AS turned
FROM consistency JOIN tree AS a ON a.size = size1 JOIN tree AS b ON b.size = size2 ORDER BY size2, size1;

-- ---------------------------------------------------------------- every proof of up to 20 leaves

CREATE TEMP TABLE leaves AS SELECT array_agg(int4send(i) ORDER BY i) AS d FROM generate_series(1, 20) AS i;
CREATE TEMP TABLE root AS
	SELECT size, pg_temp.mth(d[:size]) AS root FROM generate_series(1, 20) AS size, leaves;
CREATE TEMP TABLE path AS
	SELECT leaf, size, root, sha256('\x00' || d[leaf + 1]) AS hash, pg_temp.path(leaf, d[:size]) AS proof
	FROM root, generate_series(0, 19) AS leaf, leaves WHERE leaf < size;
CREATE TEMP TABLE sub AS
	SELECT a.size AS size1, b.size AS size2, a.root AS root1, b.root AS root2,
		pg_temp.subproof(a.size, d[:b.size], true) AS proof
	FROM root AS a JOIN root AS b ON a.size <= b.size, leaves;
SELECT count(*), bool_and(certdata.verify_inclusion('sha256', leaf, size, hash, proof, root)) AS holds FROM path;
SELECT count(*), bool_and(certdata.verify_consistency('sha256', size1, size2, proof, root1, root2)) AS holds FROM sub;

-- a node is another, is missing, is twice there, or two change places
CREATE FUNCTION pg_temp.changes(proof bytea[]) RETURNS SETOF bytea[] LANGUAGE sql IMMUTABLE AS $$
	SELECT unnest_of.proof FROM generate_subscripts($1, 1) AS i, LATERAL (
		VALUES ($1[:i - 1] || set_byte($1[i], i % 32, get_byte($1[i], i % 32) # 64) || $1[i + 1:]),
			($1[:i - 1] || $1[i + 1:]), ($1[:i] || $1[i:]),
			($1[:i - 1] || substr($1[i], 2) || $1[i + 1:]), ($1[:i - 1] || ($1[i] || '\x00'::bytea) || $1[i + 1:]),
			($1[:i - 1] || NULL::bytea || $1[i + 1:])) AS unnest_of(proof)
	UNION ALL
	SELECT $1[:i - 1] || $1[i + 1] || $1[i] || $1[i + 2:] FROM generate_series(1, cardinality($1) - 1) AS i
	UNION ALL
	SELECT $1 || sha256('')
$$;
SELECT count(*), bool_or(certdata.verify_inclusion('sha256', leaf, size, hash, changed, root)) AS holds
FROM path, pg_temp.changes(proof) AS changed;
SELECT count(*), bool_or(certdata.verify_consistency('sha256', size1, size2, changed, root1, root2)) AS holds
FROM sub, pg_temp.changes(proof) AS changed;
-- Another place, another root.  (Another size can be told only where the way up
-- is another one: the size is what the signed head says.)
SELECT count(*), bool_or(certdata.verify_inclusion('sha256', other, p.size, hash, proof, root)) AS holds
FROM path AS p, generate_series(-1, 20) AS other WHERE other <> leaf;
SELECT count(*), bool_or(certdata.verify_inclusion('sha256', leaf, p.size, hash, proof, other.root)) AS holds
FROM path AS p JOIN root AS other ON other.size <> p.size;
SELECT count(*), bool_or(certdata.verify_consistency('sha256', size1, size2, proof, other.root, root2)) AS other_old,
	bool_or(certdata.verify_consistency('sha256', size1, size2, proof, root1, other.root)) AS other_new,
	bool_or(certdata.verify_consistency('sha256', size1, size2, proof, other.root, other.root)) FILTER (WHERE size1 < size2) AS both
FROM sub JOIN root AS other ON other.size NOT IN (size1, size2);

-- ---------------------------------------------------------------- huge trees, all of whose leaves are the same

CREATE TEMP TABLE huge AS
	WITH RECURSIVE z (level, hash) AS (
		SELECT 0, sha256('\x00') UNION ALL SELECT level + 1, sha256('\x01' || hash || hash) FROM z WHERE level < 62),
	-- 2^(level + 1) - 1 leaves: complete trees of 2^level, 2^(level - 1), ... 1
	r (level, root) AS (
		SELECT 0, hash FROM z WHERE level = 0
		UNION ALL SELECT r.level + 1, sha256('\x01' || hash || root) FROM r JOIN z ON z.level = r.level + 1)
	SELECT level, hash, root FROM z JOIN r USING (level);
SELECT certdata.verify_inclusion('sha256', leaf, 4611686018427387904, sha256('\x00'), proof, root) AS complete,
	certdata.verify_inclusion('sha256', leaf, 4611686018427387905, sha256('\x00'), proof, root) AS one_more
FROM (SELECT array_agg(hash ORDER BY level) FILTER (WHERE level < 62) AS proof,
		(array_agg(hash ORDER BY level))[63] AS root FROM huge) AS h,
	unnest('{0, 4611686018427387903, 3333333333333333333}'::bigint[]) AS leaf;
SELECT certdata.verify_inclusion('sha256', 9223372036854775806, 9223372036854775807, sha256('\x00'), proof, root) AS last_leaf,
	certdata.verify_inclusion('sha256', 9223372036854775805, 9223372036854775807, sha256('\x00'), proof, root) AS not_it,
	certdata.verify_inclusion('sha256', 9223372036854775807, 9223372036854775807, sha256('\x00'), proof, root) AS outside,
	certdata.verify_consistency('sha256', 4611686018427387904, 9223372036854775807, ARRAY[rest], complete, root) AS extends,
	certdata.verify_consistency('sha256', 4611686018427387904, 9223372036854775807, ARRAY[rest, rest], complete, root) AS one_too_many,
	certdata.verify_consistency('sha256', 9223372036854775807, 9223372036854775807, '{}', root, root) AS same,
	certdata.verify_consistency('sha256', 9223372036854775806, 9223372036854775807, '{}', root, root) AS empty
FROM (SELECT array_agg(hash ORDER BY level) FILTER (WHERE level > 0) AS proof, (array_agg(hash ORDER BY level))[63] AS complete,
		(array_agg(root ORDER BY level))[63] AS root, (array_agg(root ORDER BY level))[62] AS rest FROM huge) AS h;

-- ---------------------------------------------------------------- nothing and one

SELECT certdata.verify_consistency('sha256', 0, 8, '{}', a.root, b.root) AS from_nothing,
	certdata.verify_consistency('sha256', 0, 0, '{}', a.root, a.root) AS nothing,
	certdata.verify_consistency('sha256', 0, 0, '{}', a.root, b.root) AS root_of_nothing,
	certdata.verify_consistency('sha256', 0, 8, '{}', b.root, b.root) AS other_nothing,
	certdata.verify_consistency('sm3', 0, 8, '{}', a.root, b.root) AS other_digest,
	certdata.verify_consistency('sha256', 0, 8, ARRAY[a.root], a.root, b.root) AS with_a_proof,
	certdata.verify_consistency('sha256', 8, 0, '{}', b.root, a.root) AS to_nothing,
	certdata.verify_inclusion('sha256', 0, 0, a.root, '{}', a.root) AS in_nothing
FROM tree AS a, tree AS b WHERE a.size = 0 AND b.size = 8;

-- SM3, by the command openssl dgst -sm3: of 00, of 00 61, of 01 and both, of nothing
SELECT certdata.verify_inclusion('sm3', 0, 2, leaf0, ARRAY[leaf1], root) AS leaf_0,
	certdata.verify_inclusion('sm3', 1, 2, leaf1, ARRAY[leaf0], root) AS leaf_1,
	certdata.verify_inclusion('sha256', 1, 2, leaf1, ARRAY[leaf0], root) AS other_digest,
	certdata.verify_consistency('sm3', 1, 2, ARRAY[leaf1], leaf0, root) AS extends,
	certdata.verify_consistency('sm3', 0, 2, '{}', nothing, root) AS from_nothing
FROM (VALUES ('\x2daef60e7a0b8f5e024c81cd2ab3109f2b4f155cf83adeb2ae5532f74a157fdf'::bytea, '\xc688f41bcd570f9651ccb215058a545f66f52ab4eac2968896e1637af9443d8c'::bytea,
	'\x7effac19b79bbc5412eec5403e8eb533dd55bc2976bf9e4e9e71bd17e4260e35'::bytea, '\x1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b'::bytea)) AS v (leaf0, leaf1, root, nothing);

-- ---------------------------------------------------------------- malformed

\set h '\'\\x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\'::bytea'
SELECT certdata.verify_inclusion('sha256', 0, 1, :h, '{}', :h) AS well_formed;
SELECT i, certdata.verify_inclusion(algorithm, leaf, size, hash, proof, root)
FROM (VALUES (1, 'sha256', NULL, 1, :h, '{}', :h), (2, 'sha256', 0, NULL, :h, '{}', :h), (3, NULL, 0, 1, :h, '{}', :h),
	(4, 'sha256', 0, 1, NULL, '{}', :h), (5, 'sha256', 0, 1, :h, NULL, :h), (6, 'sha256', 0, 1, :h, '{}', NULL),
	(7, 'SHA256', 0, 1, :h, '{}', :h), (8, '', 0, 1, :h, '{}', :h), (9, 'sha2567', 0, 1, :h, '{}', :h), (10, 'sha25', 0, 1, :h, '{}', :h),
	(11, 'sha256', -1, 1, :h, '{}', :h), (12, 'sha256', 0, -1, :h, '{}', :h), (13, 'sha256', -2, -1, :h, '{}', :h),
	(14, 'sha256', -9223372036854775808, 1, :h, '{}', :h), (15, 'sha256', 0, -9223372036854775808, :h, '{}', :h),
	(16, 'sha256', 0, 1, substr(:h, 2), '{}', substr(:h, 2)), (17, 'sha256', 0, 1, :h || '\x00', '{}', :h || '\x00'),
	(18, 'sha256', 0, 1, '', '{}', ''), (19, 'sha256', 0, 1, :h, '{NULL}', :h), (20, 'sha256', 0, 1, :h, ARRAY[ARRAY[:h]], :h),
	(21, 'sha256', 0, 1, :h, array_fill(:h, '{100000}'), :h), (22, 'sha256', 0, 9223372036854775807, :h, array_fill(:h, '{65}'), :h),
	(23, 'sha256', 0, 1, :h, ARRAY[''::bytea], :h), (24, NULL, NULL, NULL, NULL, NULL, NULL)
	) AS v (i, algorithm, leaf, size, hash, proof, root)
WHERE certdata.verify_inclusion(algorithm, leaf, size, hash, proof, root) IS DISTINCT FROM false;
SELECT certdata.verify_consistency('sha256', 1, 1, '{}', :h, :h) AS well_formed;
SELECT i, certdata.verify_consistency(algorithm, size1, size2, proof, root1, root2)
FROM (VALUES (1, 'sha256', NULL, 1, '{}', :h, :h), (2, 'sha256', 1, NULL, '{}', :h, :h), (3, NULL, 1, 1, '{}', :h, :h),
	(4, 'sha256', 1, 1, NULL, :h, :h), (5, 'sha256', 1, 1, '{}', NULL, :h), (6, 'sha256', 1, 1, '{}', :h, NULL),
	(7, 'md5', 1, 1, '{}', :h, :h), (8, 'sha256', -1, -1, '{}', :h, :h), (9, 'sha256', -1, 1, '{}', :h, :h),
	(10, 'sha256', 1, -1, '{}', :h, :h), (11, 'sha256', -9223372036854775808, 9223372036854775807, '{}', :h, :h),
	(12, 'sha256', 1, 1, '{NULL}', :h, :h), (13, 'sha256', 1, 1, ARRAY[ARRAY[:h], ARRAY[:h]], :h, :h),
	(14, 'sha256', 1, 1, '{}', '', ''), (15, 'sha256', 1, 1, '{}', :h || :h, :h || :h),
	(16, 'sha256', 3, 9223372036854775807, array_fill(:h, '{65}'), :h, :h), (17, 'sha256', 1, 2, '{}', :h, :h),
	(18, 'sha256', 2, 1, '{}', :h, :h), (19, 'sha256', 3, 4, ARRAY[:h], :h, :h)
	) AS v (i, algorithm, size1, size2, proof, root1, root2)
WHERE certdata.verify_consistency(algorithm, size1, size2, proof, root1, root2) IS DISTINCT FROM false;
-- counted from elsewhere, and compressed: the same proof
CREATE TEMP TABLE stored (proof bytea[]);
INSERT INTO stored SELECT ('[7:8]=' || array_fill(:h, '{2}')::text)::bytea[] UNION ALL SELECT array_fill(:h, '{64}');
SELECT cardinality(proof), certdata.verify_inclusion('sha256', 0, 3, :h, proof, sha256('\x01' || sha256('\x01' || :h || :h) || :h)) AS holds FROM stored;

-- how the functions are declared: usable in indexes, parallel plans, and by anyone
SELECT proname, provolatile, proparallel, proisstrict, proacl IS NULL AS for_all
FROM pg_proc WHERE proname IN ('verify_inclusion', 'verify_consistency') AND pronamespace = 'certdata'::regnamespace ORDER BY 1;

RESET ROLE;
DROP TABLE input, tree, inclusion, consistency, leaves, root, path, sub, huge, stored;
DROP FUNCTION pg_temp.below, pg_temp.mth, pg_temp.path, pg_temp.subproof, pg_temp.changes;
DROP ROLE proof_nobody;
