-- Preconditions and roles.

DO $$
BEGIN
	IF pg_catalog.current_setting('server_encoding') <> 'UTF8' THEN
		RAISE EXCEPTION 'certdata needs a database with encoding UTF8, this one has %',
			pg_catalog.current_setting('server_encoding')
			USING ERRCODE = 'feature_not_supported',
			HINT = 'CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
END $$;

-- Roles belong to the cluster, so they may be there already, and they stay
-- when the extension is dropped.
DO $$
DECLARE
	role_name text;
BEGIN
	FOREACH role_name IN ARRAY ARRAY['certdata_admin', 'certdata_officer', 'certdata_auditor'] LOOP
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
			EXECUTE pg_catalog.format('CREATE ROLE %I', role_name);
		END IF;
	END LOOP;
END $$;
-- 10_type.sql
--	  The type floor: ten types, their operators, casts and index families.
--
-- The operators and aggregates that users write stand in pg_catalog: an
-- application whose search_path does not name certdata, or that has no right
-- on the schema at all, writes WHERE cert_no = '...' like anybody else.  None of
-- them can catch an expression of other types, because no type casts to ours
-- implicitly.  What only index families need stays in certdata.
--
-- Facts behind the types: Annex 1 of the guide (冀职鉴字〔2022〕2号), 编码规则,
-- GB 11643.  A refused value raises 22P02 with the rule's id as constraint name.

-- -----------------------------------------------------------------------------
-- Text by bytes
-- The members (text, text) that an index family must have to compare a type with
-- text.  The order is collation C's, whatever the collation of the column.  Not
-- meant to be written in queries.
-- -----------------------------------------------------------------------------
CREATE FUNCTION certdata.text_bytes_eq(text, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_eq';
COMMENT ON FUNCTION certdata.text_bytes_eq(text, text) IS 'implementation of the ~=~ operator';
CREATE FUNCTION certdata.text_bytes_ne(text, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_ne';
COMMENT ON FUNCTION certdata.text_bytes_ne(text, text) IS 'implementation of the ~<>~ operator';
CREATE FUNCTION certdata.text_bytes_lt(text, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_lt';
COMMENT ON FUNCTION certdata.text_bytes_lt(text, text) IS 'implementation of the ~<~ operator';
CREATE FUNCTION certdata.text_bytes_le(text, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_le';
COMMENT ON FUNCTION certdata.text_bytes_le(text, text) IS 'implementation of the ~<=~ operator';
CREATE FUNCTION certdata.text_bytes_ge(text, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_ge';
COMMENT ON FUNCTION certdata.text_bytes_ge(text, text) IS 'implementation of the ~>=~ operator';
CREATE FUNCTION certdata.text_bytes_gt(text, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_gt';
COMMENT ON FUNCTION certdata.text_bytes_gt(text, text) IS 'implementation of the ~>~ operator';
CREATE FUNCTION certdata.text_bytes_cmp(text, text) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_bytes_cmp';
COMMENT ON FUNCTION certdata.text_bytes_cmp(text, text) IS 'less-equal-greater, for btree';
CREATE OPERATOR certdata.~=~ (LEFTARG = text, RIGHTARG = text, FUNCTION = certdata.text_bytes_eq,
	COMMUTATOR = OPERATOR(certdata.~=~), NEGATOR = OPERATOR(certdata.~<>~), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR certdata.~=~ (text, text) IS 'equal, by bytes';
CREATE OPERATOR certdata.~<>~ (LEFTARG = text, RIGHTARG = text, FUNCTION = certdata.text_bytes_ne,
	COMMUTATOR = OPERATOR(certdata.~<>~), NEGATOR = OPERATOR(certdata.~=~), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR certdata.~<>~ (text, text) IS 'not equal, by bytes';
CREATE OPERATOR certdata.~<~ (LEFTARG = text, RIGHTARG = text, FUNCTION = certdata.text_bytes_lt,
	COMMUTATOR = OPERATOR(certdata.~>~), NEGATOR = OPERATOR(certdata.~>=~), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR certdata.~<~ (text, text) IS 'less than, by bytes';
CREATE OPERATOR certdata.~<=~ (LEFTARG = text, RIGHTARG = text, FUNCTION = certdata.text_bytes_le,
	COMMUTATOR = OPERATOR(certdata.~>=~), NEGATOR = OPERATOR(certdata.~>~), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR certdata.~<=~ (text, text) IS 'less than or equal, by bytes';
CREATE OPERATOR certdata.~>=~ (LEFTARG = text, RIGHTARG = text, FUNCTION = certdata.text_bytes_ge,
	COMMUTATOR = OPERATOR(certdata.~<=~), NEGATOR = OPERATOR(certdata.~<~), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR certdata.~>=~ (text, text) IS 'greater than or equal, by bytes';
CREATE OPERATOR certdata.~>~ (LEFTARG = text, RIGHTARG = text, FUNCTION = certdata.text_bytes_gt,
	COMMUTATOR = OPERATOR(certdata.~<~), NEGATOR = OPERATOR(certdata.~<=~), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR certdata.~>~ (text, text) IS 'greater than, by bytes';
CREATE FUNCTION certdata.text_hash(text) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_hash';
COMMENT ON FUNCTION certdata.text_hash(text) IS 'hash of text that certno, resident_id and id_number share; frozen';
CREATE FUNCTION certdata.text_hash_extended(text, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_hash_extended';
COMMENT ON FUNCTION certdata.text_hash_extended(text, bigint) IS 'the same with a seed';

-- -----------------------------------------------------------------------------
-- certno
-- 证书编号 (编码规则): letter, 14 digits, digit or letter, 6 digits.
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.certno;
CREATE FUNCTION certdata.certno_in(cstring) RETURNS certdata.certno
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_in';
COMMENT ON FUNCTION certdata.certno_in(cstring) IS 'input of certno';
CREATE FUNCTION certdata.certno_out(certdata.certno) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_out';
COMMENT ON FUNCTION certdata.certno_out(certdata.certno) IS 'output of certno';
CREATE FUNCTION certdata.certno_recv(internal) RETURNS certdata.certno
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_recv';
COMMENT ON FUNCTION certdata.certno_recv(internal) IS 'binary input of certno: the text, judged as text input is';
CREATE FUNCTION certdata.certno_send(certdata.certno) RETURNS bytea
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_send';
COMMENT ON FUNCTION certdata.certno_send(certdata.certno) IS 'binary output of certno: the canonical text';
CREATE TYPE certdata.certno (INPUT = certdata.certno_in, OUTPUT = certdata.certno_out,
	RECEIVE = certdata.certno_recv, SEND = certdata.certno_send,
	INTERNALLENGTH = 10, ALIGNMENT = char, STORAGE = plain);
COMMENT ON TYPE certdata.certno IS 'certificate number (证书编号, 编码规则): 22 characters in 10 bytes, ordered as its text; lower case and full width are folded';
CREATE FUNCTION certdata.text_to_certno(text) RETURNS certdata.certno
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_certno';
COMMENT ON FUNCTION certdata.text_to_certno(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_certno(character) RETURNS certdata.certno
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_certno';
COMMENT ON FUNCTION certdata.bpchar_to_certno(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.certno) WITH FUNCTION certdata.text_to_certno(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.certno) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.certno) WITH FUNCTION certdata.text_to_certno(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.certno) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.certno) WITH FUNCTION certdata.bpchar_to_certno(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.certno) IS 'without the padding, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.certno_filing(certdata.certno) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_filing';
COMMENT ON FUNCTION certdata.certno_filing(certdata.certno) IS 'characters 1-13: the filing (机构备案) of the organisation';
CREATE FUNCTION certdata.certno_category(certdata.certno) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_category';
COMMENT ON FUNCTION certdata.certno_category(certdata.certno) IS 'character 1: category of the organisation, Y 用人单位, S 社会培训评价组织';
CREATE FUNCTION certdata.certno_province(certdata.certno) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_province';
COMMENT ON FUNCTION certdata.certno_province(certdata.certno) IS 'characters 6-7: province (GB/T 2260), two digits';
CREATE FUNCTION certdata.certno_year(certdata.certno) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_year';
COMMENT ON FUNCTION certdata.certno_year(certdata.certno) IS 'characters 14-15: year of issue, 2000-2099';
CREATE FUNCTION certdata.certno_level(certdata.certno) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_level';
COMMENT ON FUNCTION certdata.certno_level(certdata.certno) IS 'character 16: level, digit 1-5 or a letter';
CREATE FUNCTION certdata.certno_serial(certdata.certno) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_serial';
COMMENT ON FUNCTION certdata.certno_serial(certdata.certno) IS 'characters 17-22: serial number, 0-999999';
CREATE FUNCTION certdata.certno_eq(certdata.certno, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_eq';
COMMENT ON FUNCTION certdata.certno_eq(certdata.certno, certdata.certno) IS 'implementation of the = operator';
CREATE FUNCTION certdata.certno_ne(certdata.certno, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_ne';
COMMENT ON FUNCTION certdata.certno_ne(certdata.certno, certdata.certno) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.certno_lt(certdata.certno, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_lt';
COMMENT ON FUNCTION certdata.certno_lt(certdata.certno, certdata.certno) IS 'implementation of the < operator';
CREATE FUNCTION certdata.certno_le(certdata.certno, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_le';
COMMENT ON FUNCTION certdata.certno_le(certdata.certno, certdata.certno) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.certno_ge(certdata.certno, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_ge';
COMMENT ON FUNCTION certdata.certno_ge(certdata.certno, certdata.certno) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.certno_gt(certdata.certno, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_gt';
COMMENT ON FUNCTION certdata.certno_gt(certdata.certno, certdata.certno) IS 'implementation of the > operator';
CREATE FUNCTION certdata.certno_cmp(certdata.certno, certdata.certno) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_cmp';
COMMENT ON FUNCTION certdata.certno_cmp(certdata.certno, certdata.certno) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = certdata.certno_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.certno, certdata.certno) IS 'equal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = certdata.certno_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.certno, certdata.certno) IS 'not equal';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = certdata.certno_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.certno, certdata.certno) IS 'less than';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = certdata.certno_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.certno, certdata.certno) IS 'less than or equal';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = certdata.certno_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.certno, certdata.certno) IS 'greater than or equal';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.certno, RIGHTARG = certdata.certno, FUNCTION = certdata.certno_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.certno, certdata.certno) IS 'greater than';
CREATE FUNCTION certdata.certno_text_eq(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_eq';
COMMENT ON FUNCTION certdata.certno_text_eq(certdata.certno, text) IS 'implementation of the = operator';
CREATE FUNCTION certdata.certno_text_ne(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_ne';
COMMENT ON FUNCTION certdata.certno_text_ne(certdata.certno, text) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.certno_text_lt(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_lt';
COMMENT ON FUNCTION certdata.certno_text_lt(certdata.certno, text) IS 'implementation of the < operator';
CREATE FUNCTION certdata.certno_text_le(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_le';
COMMENT ON FUNCTION certdata.certno_text_le(certdata.certno, text) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.certno_text_ge(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_ge';
COMMENT ON FUNCTION certdata.certno_text_ge(certdata.certno, text) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.certno_text_gt(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_gt';
COMMENT ON FUNCTION certdata.certno_text_gt(certdata.certno, text) IS 'implementation of the > operator';
CREATE FUNCTION certdata.certno_text_cmp(certdata.certno, text) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_text_cmp';
COMMENT ON FUNCTION certdata.certno_text_cmp(certdata.certno, text) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_text_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.certno, text) IS 'equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_text_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.certno, text) IS 'not equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_text_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.certno, text) IS 'less than, the printed form by bytes';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_text_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.certno, text) IS 'less than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_text_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.certno, text) IS 'greater than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_text_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.certno, text) IS 'greater than, the printed form by bytes';
CREATE FUNCTION certdata.text_certno_eq(text, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_eq';
COMMENT ON FUNCTION certdata.text_certno_eq(text, certdata.certno) IS 'implementation of the = operator';
CREATE FUNCTION certdata.text_certno_ne(text, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_ne';
COMMENT ON FUNCTION certdata.text_certno_ne(text, certdata.certno) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.text_certno_lt(text, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_lt';
COMMENT ON FUNCTION certdata.text_certno_lt(text, certdata.certno) IS 'implementation of the < operator';
CREATE FUNCTION certdata.text_certno_le(text, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_le';
COMMENT ON FUNCTION certdata.text_certno_le(text, certdata.certno) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.text_certno_ge(text, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_ge';
COMMENT ON FUNCTION certdata.text_certno_ge(text, certdata.certno) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.text_certno_gt(text, certdata.certno) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_gt';
COMMENT ON FUNCTION certdata.text_certno_gt(text, certdata.certno) IS 'implementation of the > operator';
CREATE FUNCTION certdata.text_certno_cmp(text, certdata.certno) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_certno_cmp';
COMMENT ON FUNCTION certdata.text_certno_cmp(text, certdata.certno) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = certdata.certno, FUNCTION = certdata.text_certno_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (text, certdata.certno) IS 'equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = certdata.certno, FUNCTION = certdata.text_certno_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (text, certdata.certno) IS 'not equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.< (LEFTARG = text, RIGHTARG = certdata.certno, FUNCTION = certdata.text_certno_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (text, certdata.certno) IS 'less than, the printed form by bytes';
CREATE OPERATOR pg_catalog.<= (LEFTARG = text, RIGHTARG = certdata.certno, FUNCTION = certdata.text_certno_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (text, certdata.certno) IS 'less than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.>= (LEFTARG = text, RIGHTARG = certdata.certno, FUNCTION = certdata.text_certno_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (text, certdata.certno) IS 'greater than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.> (LEFTARG = text, RIGHTARG = certdata.certno, FUNCTION = certdata.text_certno_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (text, certdata.certno) IS 'greater than, the printed form by bytes';
CREATE FUNCTION certdata.certno_hash(certdata.certno) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_hash';
COMMENT ON FUNCTION certdata.certno_hash(certdata.certno) IS 'hash of certno; frozen';
CREATE FUNCTION certdata.certno_hash_extended(certdata.certno, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_hash_extended';
COMMENT ON FUNCTION certdata.certno_hash_extended(certdata.certno, bigint) IS 'the same with a seed';
CREATE FUNCTION certdata.certno_sortsupport(internal) RETURNS void
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_sortsupport';
COMMENT ON FUNCTION certdata.certno_sortsupport(internal) IS 'sort support for btree';
CREATE OPERATOR FAMILY certdata.certno_ops USING btree;
COMMENT ON OPERATOR FAMILY certdata.certno_ops USING btree IS 'order of certno and text';
CREATE OPERATOR CLASS certdata.certno_ops DEFAULT FOR TYPE certdata.certno USING btree FAMILY certdata.certno_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 certdata.certno_cmp(certdata.certno, certdata.certno),
	FUNCTION 2 certdata.certno_sortsupport(internal),
	FUNCTION 4 pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS certdata.certno_ops USING btree IS 'btree indexes on certno';
ALTER OPERATOR FAMILY certdata.certno_ops USING btree ADD
	OPERATOR 1 pg_catalog.< (certdata.certno, text),
	OPERATOR 2 pg_catalog.<= (certdata.certno, text),
	OPERATOR 3 pg_catalog.= (certdata.certno, text),
	OPERATOR 4 pg_catalog.>= (certdata.certno, text),
	OPERATOR 5 pg_catalog.> (certdata.certno, text),
	FUNCTION 1 (certdata.certno, text) certdata.certno_text_cmp(certdata.certno, text),
	OPERATOR 1 pg_catalog.< (text, certdata.certno),
	OPERATOR 2 pg_catalog.<= (text, certdata.certno),
	OPERATOR 3 pg_catalog.= (text, certdata.certno),
	OPERATOR 4 pg_catalog.>= (text, certdata.certno),
	OPERATOR 5 pg_catalog.> (text, certdata.certno),
	FUNCTION 1 (text, certdata.certno) certdata.text_certno_cmp(text, certdata.certno),
	OPERATOR 1 certdata.~<~ (text, text),
	OPERATOR 2 certdata.~<=~ (text, text),
	OPERATOR 3 certdata.~=~ (text, text),
	OPERATOR 4 certdata.~>=~ (text, text),
	OPERATOR 5 certdata.~>~ (text, text),
	FUNCTION 1 (text, text) certdata.text_bytes_cmp(text, text),
	FUNCTION 2 (text, text) pg_catalog.bttext_pattern_sortsupport(internal);
CREATE OPERATOR FAMILY certdata.certno_ops USING hash;
COMMENT ON OPERATOR FAMILY certdata.certno_ops USING hash IS 'hashing of certno and text; the hash is frozen';
CREATE OPERATOR CLASS certdata.certno_ops DEFAULT FOR TYPE certdata.certno USING hash FAMILY certdata.certno_ops AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 certdata.certno_hash(certdata.certno),
	FUNCTION 2 certdata.certno_hash_extended(certdata.certno, bigint);
COMMENT ON OPERATOR CLASS certdata.certno_ops USING hash IS 'hash indexes on certno';
ALTER OPERATOR FAMILY certdata.certno_ops USING hash ADD
	OPERATOR 1 pg_catalog.= (certdata.certno, text),
	OPERATOR 1 pg_catalog.= (text, certdata.certno),
	OPERATOR 1 certdata.~=~ (text, text),
	FUNCTION 1 (text, text) certdata.text_hash(text),
	FUNCTION 2 (text, text) certdata.text_hash_extended(text, bigint);
CREATE OPERATOR FAMILY certdata.certno_minmax_ops USING brin;
COMMENT ON OPERATOR FAMILY certdata.certno_minmax_ops USING brin IS 'least and greatest certno of a block range';
CREATE OPERATOR CLASS certdata.certno_minmax_ops DEFAULT FOR TYPE certdata.certno USING brin FAMILY certdata.certno_minmax_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 pg_catalog.brin_minmax_opcinfo(internal),
	FUNCTION 2 pg_catalog.brin_minmax_add_value(internal, internal, internal, internal),
	FUNCTION 3 pg_catalog.brin_minmax_consistent(internal, internal, internal),
	FUNCTION 4 pg_catalog.brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS certdata.certno_minmax_ops USING brin IS 'BRIN indexes on certno';
ALTER OPERATOR FAMILY certdata.certno_minmax_ops USING brin ADD
	OPERATOR 1 pg_catalog.< (certdata.certno, text),
	OPERATOR 2 pg_catalog.<= (certdata.certno, text),
	OPERATOR 3 pg_catalog.= (certdata.certno, text),
	OPERATOR 4 pg_catalog.>= (certdata.certno, text),
	OPERATOR 5 pg_catalog.> (certdata.certno, text);
CREATE FUNCTION certdata.certno_larger(certdata.certno, certdata.certno) RETURNS certdata.certno
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_larger';
COMMENT ON FUNCTION certdata.certno_larger(certdata.certno, certdata.certno) IS 'the greater of two, for max';
CREATE FUNCTION certdata.certno_smaller(certdata.certno, certdata.certno) RETURNS certdata.certno
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_smaller';
COMMENT ON FUNCTION certdata.certno_smaller(certdata.certno, certdata.certno) IS 'the smaller of two, for min';
CREATE AGGREGATE pg_catalog.max(certdata.certno) (SFUNC = certdata.certno_larger, STYPE = certdata.certno,
	COMBINEFUNC = certdata.certno_larger, SORTOP = OPERATOR(pg_catalog.>), PARALLEL = SAFE);
COMMENT ON AGGREGATE pg_catalog.max(certdata.certno) IS 'greatest value';
CREATE AGGREGATE pg_catalog.min(certdata.certno) (SFUNC = certdata.certno_smaller, STYPE = certdata.certno,
	COMBINEFUNC = certdata.certno_smaller, SORTOP = OPERATOR(pg_catalog.<), PARALLEL = SAFE);
COMMENT ON AGGREGATE pg_catalog.min(certdata.certno) IS 'least value';
CREATE FUNCTION certdata.certno_starts_with_support(internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_certno_starts_with_support';
COMMENT ON FUNCTION certdata.certno_starts_with_support(internal) IS 'planner support: ^@ as an index range';
CREATE FUNCTION certdata.certno_starts_with(certdata.certno, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE
	SUPPORT certdata.certno_starts_with_support AS 'MODULE_PATHNAME', 'certdata_certno_starts_with';
COMMENT ON FUNCTION certdata.certno_starts_with(certdata.certno, text) IS 'implementation of the ^@ operator';
CREATE OPERATOR pg_catalog.^@ (LEFTARG = certdata.certno, RIGHTARG = text, FUNCTION = certdata.certno_starts_with,
	RESTRICT = matchingsel, JOIN = matchingjoinsel);
COMMENT ON OPERATOR pg_catalog.^@ (certdata.certno, text) IS 'begins with; answered by a btree or BRIN index';

-- -----------------------------------------------------------------------------
-- resident_id
-- 公民身份号码 (GB 11643): 17 digits and a check character.
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.resident_id;
CREATE FUNCTION certdata.resident_id_in(cstring) RETURNS certdata.resident_id
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_in';
COMMENT ON FUNCTION certdata.resident_id_in(cstring) IS 'input of resident_id';
CREATE FUNCTION certdata.resident_id_out(certdata.resident_id) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_out';
COMMENT ON FUNCTION certdata.resident_id_out(certdata.resident_id) IS 'output of resident_id';
CREATE FUNCTION certdata.resident_id_recv(internal) RETURNS certdata.resident_id
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_recv';
COMMENT ON FUNCTION certdata.resident_id_recv(internal) IS 'binary input of resident_id: the text, judged as text input is';
CREATE FUNCTION certdata.resident_id_send(certdata.resident_id) RETURNS bytea
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_send';
COMMENT ON FUNCTION certdata.resident_id_send(certdata.resident_id) IS 'binary output of resident_id: the canonical text';
CREATE TYPE certdata.resident_id (INPUT = certdata.resident_id_in, OUTPUT = certdata.resident_id_out,
	RECEIVE = certdata.resident_id_recv, SEND = certdata.resident_id_send,
	LIKE = bigint);
COMMENT ON TYPE certdata.resident_id IS 'citizen identity number (公民身份号码, GB 11643): province, real date of birth 1800-2999 and check character are verified; a lower-case x and full width are folded';
CREATE FUNCTION certdata.text_to_resident_id(text) RETURNS certdata.resident_id
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_resident_id';
COMMENT ON FUNCTION certdata.text_to_resident_id(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_resident_id(character) RETURNS certdata.resident_id
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_resident_id';
COMMENT ON FUNCTION certdata.bpchar_to_resident_id(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.resident_id) WITH FUNCTION certdata.text_to_resident_id(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.resident_id) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.resident_id) WITH FUNCTION certdata.text_to_resident_id(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.resident_id) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.resident_id) WITH FUNCTION certdata.bpchar_to_resident_id(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.resident_id) IS 'without the padding, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.birth_date(certdata.resident_id) RETURNS date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_birth_date';
COMMENT ON FUNCTION certdata.birth_date(certdata.resident_id) IS 'characters 7-14: date of birth';
CREATE FUNCTION certdata.sex(certdata.resident_id) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_sex';
COMMENT ON FUNCTION certdata.sex(certdata.resident_id) IS 'character 17: 男 if odd, 女 if even';
CREATE FUNCTION certdata.region(certdata.resident_id) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_region';
COMMENT ON FUNCTION certdata.region(certdata.resident_id) IS 'characters 1-6: county code (GB/T 2260) of first registration';
CREATE FUNCTION certdata.resident_id_eq(certdata.resident_id, certdata.resident_id) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'int8eq';
COMMENT ON FUNCTION certdata.resident_id_eq(certdata.resident_id, certdata.resident_id) IS 'implementation of the = operator';
CREATE FUNCTION certdata.resident_id_ne(certdata.resident_id, certdata.resident_id) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'int8ne';
COMMENT ON FUNCTION certdata.resident_id_ne(certdata.resident_id, certdata.resident_id) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.resident_id_lt(certdata.resident_id, certdata.resident_id) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'int8lt';
COMMENT ON FUNCTION certdata.resident_id_lt(certdata.resident_id, certdata.resident_id) IS 'implementation of the < operator';
CREATE FUNCTION certdata.resident_id_le(certdata.resident_id, certdata.resident_id) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'int8le';
COMMENT ON FUNCTION certdata.resident_id_le(certdata.resident_id, certdata.resident_id) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.resident_id_ge(certdata.resident_id, certdata.resident_id) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'int8ge';
COMMENT ON FUNCTION certdata.resident_id_ge(certdata.resident_id, certdata.resident_id) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.resident_id_gt(certdata.resident_id, certdata.resident_id) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'int8gt';
COMMENT ON FUNCTION certdata.resident_id_gt(certdata.resident_id, certdata.resident_id) IS 'implementation of the > operator';
CREATE FUNCTION certdata.resident_id_cmp(certdata.resident_id, certdata.resident_id) RETURNS integer
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'btint8cmp';
COMMENT ON FUNCTION certdata.resident_id_cmp(certdata.resident_id, certdata.resident_id) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.resident_id, RIGHTARG = certdata.resident_id, FUNCTION = certdata.resident_id_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.resident_id, certdata.resident_id) IS 'equal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.resident_id, RIGHTARG = certdata.resident_id, FUNCTION = certdata.resident_id_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.resident_id, certdata.resident_id) IS 'not equal';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.resident_id, RIGHTARG = certdata.resident_id, FUNCTION = certdata.resident_id_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.resident_id, certdata.resident_id) IS 'less than';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.resident_id, RIGHTARG = certdata.resident_id, FUNCTION = certdata.resident_id_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.resident_id, certdata.resident_id) IS 'less than or equal';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.resident_id, RIGHTARG = certdata.resident_id, FUNCTION = certdata.resident_id_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.resident_id, certdata.resident_id) IS 'greater than or equal';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.resident_id, RIGHTARG = certdata.resident_id, FUNCTION = certdata.resident_id_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.resident_id, certdata.resident_id) IS 'greater than';
CREATE FUNCTION certdata.resident_id_text_eq(certdata.resident_id, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_eq';
COMMENT ON FUNCTION certdata.resident_id_text_eq(certdata.resident_id, text) IS 'implementation of the = operator';
CREATE FUNCTION certdata.resident_id_text_ne(certdata.resident_id, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_ne';
COMMENT ON FUNCTION certdata.resident_id_text_ne(certdata.resident_id, text) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.resident_id_text_lt(certdata.resident_id, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_lt';
COMMENT ON FUNCTION certdata.resident_id_text_lt(certdata.resident_id, text) IS 'implementation of the < operator';
CREATE FUNCTION certdata.resident_id_text_le(certdata.resident_id, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_le';
COMMENT ON FUNCTION certdata.resident_id_text_le(certdata.resident_id, text) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.resident_id_text_ge(certdata.resident_id, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_ge';
COMMENT ON FUNCTION certdata.resident_id_text_ge(certdata.resident_id, text) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.resident_id_text_gt(certdata.resident_id, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_gt';
COMMENT ON FUNCTION certdata.resident_id_text_gt(certdata.resident_id, text) IS 'implementation of the > operator';
CREATE FUNCTION certdata.resident_id_text_cmp(certdata.resident_id, text) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_text_cmp';
COMMENT ON FUNCTION certdata.resident_id_text_cmp(certdata.resident_id, text) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.resident_id, RIGHTARG = text, FUNCTION = certdata.resident_id_text_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.resident_id, text) IS 'equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.resident_id, RIGHTARG = text, FUNCTION = certdata.resident_id_text_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.resident_id, text) IS 'not equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.resident_id, RIGHTARG = text, FUNCTION = certdata.resident_id_text_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.resident_id, text) IS 'less than, the printed form by bytes';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.resident_id, RIGHTARG = text, FUNCTION = certdata.resident_id_text_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.resident_id, text) IS 'less than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.resident_id, RIGHTARG = text, FUNCTION = certdata.resident_id_text_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.resident_id, text) IS 'greater than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.resident_id, RIGHTARG = text, FUNCTION = certdata.resident_id_text_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.resident_id, text) IS 'greater than, the printed form by bytes';
CREATE FUNCTION certdata.text_resident_id_eq(text, certdata.resident_id) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_eq';
COMMENT ON FUNCTION certdata.text_resident_id_eq(text, certdata.resident_id) IS 'implementation of the = operator';
CREATE FUNCTION certdata.text_resident_id_ne(text, certdata.resident_id) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_ne';
COMMENT ON FUNCTION certdata.text_resident_id_ne(text, certdata.resident_id) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.text_resident_id_lt(text, certdata.resident_id) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_lt';
COMMENT ON FUNCTION certdata.text_resident_id_lt(text, certdata.resident_id) IS 'implementation of the < operator';
CREATE FUNCTION certdata.text_resident_id_le(text, certdata.resident_id) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_le';
COMMENT ON FUNCTION certdata.text_resident_id_le(text, certdata.resident_id) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.text_resident_id_ge(text, certdata.resident_id) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_ge';
COMMENT ON FUNCTION certdata.text_resident_id_ge(text, certdata.resident_id) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.text_resident_id_gt(text, certdata.resident_id) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_gt';
COMMENT ON FUNCTION certdata.text_resident_id_gt(text, certdata.resident_id) IS 'implementation of the > operator';
CREATE FUNCTION certdata.text_resident_id_cmp(text, certdata.resident_id) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_resident_id_cmp';
COMMENT ON FUNCTION certdata.text_resident_id_cmp(text, certdata.resident_id) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = certdata.resident_id, FUNCTION = certdata.text_resident_id_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (text, certdata.resident_id) IS 'equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = certdata.resident_id, FUNCTION = certdata.text_resident_id_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (text, certdata.resident_id) IS 'not equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.< (LEFTARG = text, RIGHTARG = certdata.resident_id, FUNCTION = certdata.text_resident_id_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (text, certdata.resident_id) IS 'less than, the printed form by bytes';
CREATE OPERATOR pg_catalog.<= (LEFTARG = text, RIGHTARG = certdata.resident_id, FUNCTION = certdata.text_resident_id_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (text, certdata.resident_id) IS 'less than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.>= (LEFTARG = text, RIGHTARG = certdata.resident_id, FUNCTION = certdata.text_resident_id_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (text, certdata.resident_id) IS 'greater than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.> (LEFTARG = text, RIGHTARG = certdata.resident_id, FUNCTION = certdata.text_resident_id_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (text, certdata.resident_id) IS 'greater than, the printed form by bytes';
CREATE FUNCTION certdata.resident_id_hash(certdata.resident_id) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_hash';
COMMENT ON FUNCTION certdata.resident_id_hash(certdata.resident_id) IS 'hash of resident_id; frozen';
CREATE FUNCTION certdata.resident_id_hash_extended(certdata.resident_id, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_resident_id_hash_extended';
COMMENT ON FUNCTION certdata.resident_id_hash_extended(certdata.resident_id, bigint) IS 'the same with a seed';
CREATE FUNCTION certdata.resident_id_sortsupport(internal) RETURNS void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'btint8sortsupport';
COMMENT ON FUNCTION certdata.resident_id_sortsupport(internal) IS 'sort support for btree';
CREATE OPERATOR FAMILY certdata.resident_id_ops USING btree;
COMMENT ON OPERATOR FAMILY certdata.resident_id_ops USING btree IS 'order of resident_id and text';
CREATE OPERATOR CLASS certdata.resident_id_ops DEFAULT FOR TYPE certdata.resident_id USING btree FAMILY certdata.resident_id_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 certdata.resident_id_cmp(certdata.resident_id, certdata.resident_id),
	FUNCTION 2 certdata.resident_id_sortsupport(internal),
	FUNCTION 4 pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS certdata.resident_id_ops USING btree IS 'btree indexes on resident_id';
ALTER OPERATOR FAMILY certdata.resident_id_ops USING btree ADD
	OPERATOR 1 pg_catalog.< (certdata.resident_id, text),
	OPERATOR 2 pg_catalog.<= (certdata.resident_id, text),
	OPERATOR 3 pg_catalog.= (certdata.resident_id, text),
	OPERATOR 4 pg_catalog.>= (certdata.resident_id, text),
	OPERATOR 5 pg_catalog.> (certdata.resident_id, text),
	FUNCTION 1 (certdata.resident_id, text) certdata.resident_id_text_cmp(certdata.resident_id, text),
	OPERATOR 1 pg_catalog.< (text, certdata.resident_id),
	OPERATOR 2 pg_catalog.<= (text, certdata.resident_id),
	OPERATOR 3 pg_catalog.= (text, certdata.resident_id),
	OPERATOR 4 pg_catalog.>= (text, certdata.resident_id),
	OPERATOR 5 pg_catalog.> (text, certdata.resident_id),
	FUNCTION 1 (text, certdata.resident_id) certdata.text_resident_id_cmp(text, certdata.resident_id),
	OPERATOR 1 certdata.~<~ (text, text),
	OPERATOR 2 certdata.~<=~ (text, text),
	OPERATOR 3 certdata.~=~ (text, text),
	OPERATOR 4 certdata.~>=~ (text, text),
	OPERATOR 5 certdata.~>~ (text, text),
	FUNCTION 1 (text, text) certdata.text_bytes_cmp(text, text),
	FUNCTION 2 (text, text) pg_catalog.bttext_pattern_sortsupport(internal);
CREATE OPERATOR FAMILY certdata.resident_id_ops USING hash;
COMMENT ON OPERATOR FAMILY certdata.resident_id_ops USING hash IS 'hashing of resident_id and text; the hash is frozen';
CREATE OPERATOR CLASS certdata.resident_id_ops DEFAULT FOR TYPE certdata.resident_id USING hash FAMILY certdata.resident_id_ops AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 certdata.resident_id_hash(certdata.resident_id),
	FUNCTION 2 certdata.resident_id_hash_extended(certdata.resident_id, bigint);
COMMENT ON OPERATOR CLASS certdata.resident_id_ops USING hash IS 'hash indexes on resident_id';
ALTER OPERATOR FAMILY certdata.resident_id_ops USING hash ADD
	OPERATOR 1 pg_catalog.= (certdata.resident_id, text),
	OPERATOR 1 pg_catalog.= (text, certdata.resident_id),
	OPERATOR 1 certdata.~=~ (text, text),
	FUNCTION 1 (text, text) certdata.text_hash(text),
	FUNCTION 2 (text, text) certdata.text_hash_extended(text, bigint);

-- -----------------------------------------------------------------------------
-- id_number
-- 证件号码 of any of the twelve kinds (Annex 1).
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.id_number;
CREATE FUNCTION certdata.id_number_in(cstring) RETURNS certdata.id_number
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_in';
COMMENT ON FUNCTION certdata.id_number_in(cstring) IS 'input of id_number';
CREATE FUNCTION certdata.id_number_out(certdata.id_number) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_out';
COMMENT ON FUNCTION certdata.id_number_out(certdata.id_number) IS 'output of id_number';
CREATE FUNCTION certdata.id_number_recv(internal) RETURNS certdata.id_number
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_recv';
COMMENT ON FUNCTION certdata.id_number_recv(internal) IS 'binary input of id_number: the text, judged as text input is';
CREATE FUNCTION certdata.id_number_send(certdata.id_number) RETURNS bytea
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_send';
COMMENT ON FUNCTION certdata.id_number_send(certdata.id_number) IS 'binary output of id_number: the canonical text';
CREATE TYPE certdata.id_number (INPUT = certdata.id_number_in, OUTPUT = certdata.id_number_out,
	RECEIVE = certdata.id_number_recv, SEND = certdata.id_number_send,
	INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = main);
COMMENT ON TYPE certdata.id_number IS 'document number of any kind (证件号码, Annex 1): 1-18 characters without spaces, upper case; 9 bytes if it is an 18-character number with a right check character, else its text and 1 byte';
CREATE FUNCTION certdata.text_to_id_number(text) RETURNS certdata.id_number
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_id_number';
COMMENT ON FUNCTION certdata.text_to_id_number(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_id_number(character) RETURNS certdata.id_number
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_id_number';
COMMENT ON FUNCTION certdata.bpchar_to_id_number(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.id_number) WITH FUNCTION certdata.text_to_id_number(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.id_number) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.id_number) WITH FUNCTION certdata.text_to_id_number(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.id_number) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.id_number) WITH FUNCTION certdata.bpchar_to_id_number(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.id_number) IS 'without the padding, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.id_number_eq(certdata.id_number, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_eq';
COMMENT ON FUNCTION certdata.id_number_eq(certdata.id_number, certdata.id_number) IS 'implementation of the = operator';
CREATE FUNCTION certdata.id_number_ne(certdata.id_number, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_ne';
COMMENT ON FUNCTION certdata.id_number_ne(certdata.id_number, certdata.id_number) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.id_number_lt(certdata.id_number, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_lt';
COMMENT ON FUNCTION certdata.id_number_lt(certdata.id_number, certdata.id_number) IS 'implementation of the < operator';
CREATE FUNCTION certdata.id_number_le(certdata.id_number, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_le';
COMMENT ON FUNCTION certdata.id_number_le(certdata.id_number, certdata.id_number) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.id_number_ge(certdata.id_number, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_ge';
COMMENT ON FUNCTION certdata.id_number_ge(certdata.id_number, certdata.id_number) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.id_number_gt(certdata.id_number, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_gt';
COMMENT ON FUNCTION certdata.id_number_gt(certdata.id_number, certdata.id_number) IS 'implementation of the > operator';
CREATE FUNCTION certdata.id_number_cmp(certdata.id_number, certdata.id_number) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_cmp';
COMMENT ON FUNCTION certdata.id_number_cmp(certdata.id_number, certdata.id_number) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.id_number, RIGHTARG = certdata.id_number, FUNCTION = certdata.id_number_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.id_number, certdata.id_number) IS 'equal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.id_number, RIGHTARG = certdata.id_number, FUNCTION = certdata.id_number_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.id_number, certdata.id_number) IS 'not equal';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.id_number, RIGHTARG = certdata.id_number, FUNCTION = certdata.id_number_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.id_number, certdata.id_number) IS 'less than';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.id_number, RIGHTARG = certdata.id_number, FUNCTION = certdata.id_number_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.id_number, certdata.id_number) IS 'less than or equal';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.id_number, RIGHTARG = certdata.id_number, FUNCTION = certdata.id_number_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.id_number, certdata.id_number) IS 'greater than or equal';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.id_number, RIGHTARG = certdata.id_number, FUNCTION = certdata.id_number_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.id_number, certdata.id_number) IS 'greater than';
CREATE FUNCTION certdata.id_number_text_eq(certdata.id_number, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_eq';
COMMENT ON FUNCTION certdata.id_number_text_eq(certdata.id_number, text) IS 'implementation of the = operator';
CREATE FUNCTION certdata.id_number_text_ne(certdata.id_number, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_ne';
COMMENT ON FUNCTION certdata.id_number_text_ne(certdata.id_number, text) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.id_number_text_lt(certdata.id_number, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_lt';
COMMENT ON FUNCTION certdata.id_number_text_lt(certdata.id_number, text) IS 'implementation of the < operator';
CREATE FUNCTION certdata.id_number_text_le(certdata.id_number, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_le';
COMMENT ON FUNCTION certdata.id_number_text_le(certdata.id_number, text) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.id_number_text_ge(certdata.id_number, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_ge';
COMMENT ON FUNCTION certdata.id_number_text_ge(certdata.id_number, text) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.id_number_text_gt(certdata.id_number, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_gt';
COMMENT ON FUNCTION certdata.id_number_text_gt(certdata.id_number, text) IS 'implementation of the > operator';
CREATE FUNCTION certdata.id_number_text_cmp(certdata.id_number, text) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_text_cmp';
COMMENT ON FUNCTION certdata.id_number_text_cmp(certdata.id_number, text) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.id_number, RIGHTARG = text, FUNCTION = certdata.id_number_text_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.id_number, text) IS 'equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.id_number, RIGHTARG = text, FUNCTION = certdata.id_number_text_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.id_number, text) IS 'not equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.id_number, RIGHTARG = text, FUNCTION = certdata.id_number_text_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.id_number, text) IS 'less than, the printed form by bytes';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.id_number, RIGHTARG = text, FUNCTION = certdata.id_number_text_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.id_number, text) IS 'less than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.id_number, RIGHTARG = text, FUNCTION = certdata.id_number_text_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.id_number, text) IS 'greater than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.id_number, RIGHTARG = text, FUNCTION = certdata.id_number_text_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.id_number, text) IS 'greater than, the printed form by bytes';
CREATE FUNCTION certdata.text_id_number_eq(text, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_eq';
COMMENT ON FUNCTION certdata.text_id_number_eq(text, certdata.id_number) IS 'implementation of the = operator';
CREATE FUNCTION certdata.text_id_number_ne(text, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_ne';
COMMENT ON FUNCTION certdata.text_id_number_ne(text, certdata.id_number) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.text_id_number_lt(text, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_lt';
COMMENT ON FUNCTION certdata.text_id_number_lt(text, certdata.id_number) IS 'implementation of the < operator';
CREATE FUNCTION certdata.text_id_number_le(text, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_le';
COMMENT ON FUNCTION certdata.text_id_number_le(text, certdata.id_number) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.text_id_number_ge(text, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_ge';
COMMENT ON FUNCTION certdata.text_id_number_ge(text, certdata.id_number) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.text_id_number_gt(text, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_gt';
COMMENT ON FUNCTION certdata.text_id_number_gt(text, certdata.id_number) IS 'implementation of the > operator';
CREATE FUNCTION certdata.text_id_number_cmp(text, certdata.id_number) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_number_cmp';
COMMENT ON FUNCTION certdata.text_id_number_cmp(text, certdata.id_number) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = certdata.id_number, FUNCTION = certdata.text_id_number_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (text, certdata.id_number) IS 'equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = certdata.id_number, FUNCTION = certdata.text_id_number_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (text, certdata.id_number) IS 'not equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.< (LEFTARG = text, RIGHTARG = certdata.id_number, FUNCTION = certdata.text_id_number_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (text, certdata.id_number) IS 'less than, the printed form by bytes';
CREATE OPERATOR pg_catalog.<= (LEFTARG = text, RIGHTARG = certdata.id_number, FUNCTION = certdata.text_id_number_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (text, certdata.id_number) IS 'less than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.>= (LEFTARG = text, RIGHTARG = certdata.id_number, FUNCTION = certdata.text_id_number_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (text, certdata.id_number) IS 'greater than or equal, the printed form by bytes';
CREATE OPERATOR pg_catalog.> (LEFTARG = text, RIGHTARG = certdata.id_number, FUNCTION = certdata.text_id_number_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (text, certdata.id_number) IS 'greater than, the printed form by bytes';
CREATE FUNCTION certdata.id_number_hash(certdata.id_number) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_hash';
COMMENT ON FUNCTION certdata.id_number_hash(certdata.id_number) IS 'hash of id_number; frozen';
CREATE FUNCTION certdata.id_number_hash_extended(certdata.id_number, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_hash_extended';
COMMENT ON FUNCTION certdata.id_number_hash_extended(certdata.id_number, bigint) IS 'the same with a seed';
CREATE FUNCTION certdata.id_number_sortsupport(internal) RETURNS void
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_number_sortsupport';
COMMENT ON FUNCTION certdata.id_number_sortsupport(internal) IS 'sort support for btree';
CREATE OPERATOR FAMILY certdata.id_number_ops USING btree;
COMMENT ON OPERATOR FAMILY certdata.id_number_ops USING btree IS 'order of id_number and text';
CREATE OPERATOR CLASS certdata.id_number_ops DEFAULT FOR TYPE certdata.id_number USING btree FAMILY certdata.id_number_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 certdata.id_number_cmp(certdata.id_number, certdata.id_number),
	FUNCTION 2 certdata.id_number_sortsupport(internal),
	FUNCTION 4 pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS certdata.id_number_ops USING btree IS 'btree indexes on id_number';
ALTER OPERATOR FAMILY certdata.id_number_ops USING btree ADD
	OPERATOR 1 pg_catalog.< (certdata.id_number, text),
	OPERATOR 2 pg_catalog.<= (certdata.id_number, text),
	OPERATOR 3 pg_catalog.= (certdata.id_number, text),
	OPERATOR 4 pg_catalog.>= (certdata.id_number, text),
	OPERATOR 5 pg_catalog.> (certdata.id_number, text),
	FUNCTION 1 (certdata.id_number, text) certdata.id_number_text_cmp(certdata.id_number, text),
	OPERATOR 1 pg_catalog.< (text, certdata.id_number),
	OPERATOR 2 pg_catalog.<= (text, certdata.id_number),
	OPERATOR 3 pg_catalog.= (text, certdata.id_number),
	OPERATOR 4 pg_catalog.>= (text, certdata.id_number),
	OPERATOR 5 pg_catalog.> (text, certdata.id_number),
	FUNCTION 1 (text, certdata.id_number) certdata.text_id_number_cmp(text, certdata.id_number),
	OPERATOR 1 certdata.~<~ (text, text),
	OPERATOR 2 certdata.~<=~ (text, text),
	OPERATOR 3 certdata.~=~ (text, text),
	OPERATOR 4 certdata.~>=~ (text, text),
	OPERATOR 5 certdata.~>~ (text, text),
	FUNCTION 1 (text, text) certdata.text_bytes_cmp(text, text),
	FUNCTION 2 (text, text) pg_catalog.bttext_pattern_sortsupport(internal);
CREATE OPERATOR FAMILY certdata.id_number_ops USING hash;
COMMENT ON OPERATOR FAMILY certdata.id_number_ops USING hash IS 'hashing of id_number and text; the hash is frozen';
CREATE OPERATOR CLASS certdata.id_number_ops DEFAULT FOR TYPE certdata.id_number USING hash FAMILY certdata.id_number_ops AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 certdata.id_number_hash(certdata.id_number),
	FUNCTION 2 certdata.id_number_hash_extended(certdata.id_number, bigint);
COMMENT ON OPERATOR CLASS certdata.id_number_ops USING hash IS 'hash indexes on id_number';
ALTER OPERATOR FAMILY certdata.id_number_ops USING hash ADD
	OPERATOR 1 pg_catalog.= (certdata.id_number, text),
	OPERATOR 1 pg_catalog.= (text, certdata.id_number),
	OPERATOR 1 certdata.~=~ (text, text),
	FUNCTION 1 (text, text) certdata.text_hash(text),
	FUNCTION 2 (text, text) certdata.text_hash_extended(text, bigint);

-- -----------------------------------------------------------------------------
-- id_type
-- 证件类型: the twelve kinds of Annex 1, in its order.
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.id_type;
CREATE FUNCTION certdata.id_type_in(cstring) RETURNS certdata.id_type
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_in';
COMMENT ON FUNCTION certdata.id_type_in(cstring) IS 'input of id_type';
CREATE FUNCTION certdata.id_type_out(certdata.id_type) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_out';
COMMENT ON FUNCTION certdata.id_type_out(certdata.id_type) IS 'output of id_type';
CREATE FUNCTION certdata.id_type_recv(internal) RETURNS certdata.id_type
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_recv';
COMMENT ON FUNCTION certdata.id_type_recv(internal) IS 'binary input of id_type: the text, judged as text input is';
CREATE FUNCTION certdata.id_type_send(certdata.id_type) RETURNS bytea
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_send';
COMMENT ON FUNCTION certdata.id_type_send(certdata.id_type) IS 'binary output of id_type: the canonical text';
CREATE TYPE certdata.id_type (INPUT = certdata.id_type_in, OUTPUT = certdata.id_type_out,
	RECEIVE = certdata.id_type_recv, SEND = certdata.id_type_send,
	INTERNALLENGTH = 1, PASSEDBYVALUE, ALIGNMENT = char, STORAGE = plain);
COMMENT ON TYPE certdata.id_type IS 'kind of document (证件类型, Annex 1): one of twelve; accepted variants are printed in the canonical form';
CREATE FUNCTION certdata.text_to_id_type(text) RETURNS certdata.id_type
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_id_type';
COMMENT ON FUNCTION certdata.text_to_id_type(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_id_type(character) RETURNS certdata.id_type
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_id_type';
COMMENT ON FUNCTION certdata.bpchar_to_id_type(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.id_type) WITH FUNCTION certdata.text_to_id_type(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.id_type) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.id_type) WITH FUNCTION certdata.text_to_id_type(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.id_type) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.id_type) WITH FUNCTION certdata.bpchar_to_id_type(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.id_type) IS 'without the padding, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.id_type_eq(certdata.id_type, certdata.id_type) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'chareq';
COMMENT ON FUNCTION certdata.id_type_eq(certdata.id_type, certdata.id_type) IS 'implementation of the = operator';
CREATE FUNCTION certdata.id_type_ne(certdata.id_type, certdata.id_type) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charne';
COMMENT ON FUNCTION certdata.id_type_ne(certdata.id_type, certdata.id_type) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.id_type_lt(certdata.id_type, certdata.id_type) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charlt';
COMMENT ON FUNCTION certdata.id_type_lt(certdata.id_type, certdata.id_type) IS 'implementation of the < operator';
CREATE FUNCTION certdata.id_type_le(certdata.id_type, certdata.id_type) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charle';
COMMENT ON FUNCTION certdata.id_type_le(certdata.id_type, certdata.id_type) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.id_type_ge(certdata.id_type, certdata.id_type) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charge';
COMMENT ON FUNCTION certdata.id_type_ge(certdata.id_type, certdata.id_type) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.id_type_gt(certdata.id_type, certdata.id_type) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'chargt';
COMMENT ON FUNCTION certdata.id_type_gt(certdata.id_type, certdata.id_type) IS 'implementation of the > operator';
CREATE FUNCTION certdata.id_type_cmp(certdata.id_type, certdata.id_type) RETURNS integer
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'btcharcmp';
COMMENT ON FUNCTION certdata.id_type_cmp(certdata.id_type, certdata.id_type) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.id_type, RIGHTARG = certdata.id_type, FUNCTION = certdata.id_type_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.id_type, certdata.id_type) IS 'equal, in the order of Annex 1';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.id_type, RIGHTARG = certdata.id_type, FUNCTION = certdata.id_type_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.id_type, certdata.id_type) IS 'not equal, in the order of Annex 1';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.id_type, RIGHTARG = certdata.id_type, FUNCTION = certdata.id_type_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.id_type, certdata.id_type) IS 'less than, in the order of Annex 1';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.id_type, RIGHTARG = certdata.id_type, FUNCTION = certdata.id_type_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.id_type, certdata.id_type) IS 'less than or equal, in the order of Annex 1';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.id_type, RIGHTARG = certdata.id_type, FUNCTION = certdata.id_type_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.id_type, certdata.id_type) IS 'greater than or equal, in the order of Annex 1';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.id_type, RIGHTARG = certdata.id_type, FUNCTION = certdata.id_type_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.id_type, certdata.id_type) IS 'greater than, in the order of Annex 1';
CREATE FUNCTION certdata.id_type_text_eq(certdata.id_type, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_text_eq';
COMMENT ON FUNCTION certdata.id_type_text_eq(certdata.id_type, text) IS 'implementation of the = operator';
CREATE FUNCTION certdata.id_type_text_ne(certdata.id_type, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_text_ne';
COMMENT ON FUNCTION certdata.id_type_text_ne(certdata.id_type, text) IS 'implementation of the <> operator';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.id_type, RIGHTARG = text, FUNCTION = certdata.id_type_text_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR pg_catalog.= (certdata.id_type, text) IS 'equal; any accepted writing, other text equals none';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.id_type, RIGHTARG = text, FUNCTION = certdata.id_type_text_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.id_type, text) IS 'not equal; any accepted writing, other text equals none';
CREATE FUNCTION certdata.text_id_type_eq(text, certdata.id_type) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_type_eq';
COMMENT ON FUNCTION certdata.text_id_type_eq(text, certdata.id_type) IS 'implementation of the = operator';
CREATE FUNCTION certdata.text_id_type_ne(text, certdata.id_type) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_id_type_ne';
COMMENT ON FUNCTION certdata.text_id_type_ne(text, certdata.id_type) IS 'implementation of the <> operator';
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = certdata.id_type, FUNCTION = certdata.text_id_type_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR pg_catalog.= (text, certdata.id_type) IS 'equal; any accepted writing, other text equals none';
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = certdata.id_type, FUNCTION = certdata.text_id_type_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (text, certdata.id_type) IS 'not equal; any accepted writing, other text equals none';
CREATE FUNCTION certdata.id_type_hash(certdata.id_type) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_hash';
COMMENT ON FUNCTION certdata.id_type_hash(certdata.id_type) IS 'hash of id_type; frozen';
CREATE FUNCTION certdata.id_type_hash_extended(certdata.id_type, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_type_hash_extended';
COMMENT ON FUNCTION certdata.id_type_hash_extended(certdata.id_type, bigint) IS 'the same with a seed';
CREATE OPERATOR FAMILY certdata.id_type_ops USING btree;
COMMENT ON OPERATOR FAMILY certdata.id_type_ops USING btree IS 'order of id_type';
CREATE OPERATOR CLASS certdata.id_type_ops DEFAULT FOR TYPE certdata.id_type USING btree FAMILY certdata.id_type_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 certdata.id_type_cmp(certdata.id_type, certdata.id_type),
	FUNCTION 4 pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS certdata.id_type_ops USING btree IS 'btree indexes on id_type';
CREATE OPERATOR FAMILY certdata.id_type_ops USING hash;
COMMENT ON OPERATOR FAMILY certdata.id_type_ops USING hash IS 'hashing of id_type; the hash is frozen';
CREATE OPERATOR CLASS certdata.id_type_ops DEFAULT FOR TYPE certdata.id_type USING hash FAMILY certdata.id_type_ops AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 certdata.id_type_hash(certdata.id_type),
	FUNCTION 2 certdata.id_type_hash_extended(certdata.id_type, bigint);
COMMENT ON OPERATOR CLASS certdata.id_type_ops USING hash IS 'hash indexes on id_type';
CREATE FUNCTION certdata.id_check(certdata.id_type, certdata.id_number) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_id_check';
COMMENT ON FUNCTION certdata.id_check(certdata.id_type, certdata.id_number) IS 'does the number fit the kind of document? Kinds with a check character are judged strictly, those without one by the observed pattern (rule id.pattern), 外国人工作许可证 and 其他个人证件 not at all';

-- -----------------------------------------------------------------------------
-- skill_level
-- 职业技能等级: the eight grades, ordered by skill.
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.skill_level;
CREATE FUNCTION certdata.skill_level_in(cstring) RETURNS certdata.skill_level
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_in';
COMMENT ON FUNCTION certdata.skill_level_in(cstring) IS 'input of skill_level';
CREATE FUNCTION certdata.skill_level_out(certdata.skill_level) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_out';
COMMENT ON FUNCTION certdata.skill_level_out(certdata.skill_level) IS 'output of skill_level';
CREATE FUNCTION certdata.skill_level_recv(internal) RETURNS certdata.skill_level
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_recv';
COMMENT ON FUNCTION certdata.skill_level_recv(internal) IS 'binary input of skill_level: the text, judged as text input is';
CREATE FUNCTION certdata.skill_level_send(certdata.skill_level) RETURNS bytea
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_send';
COMMENT ON FUNCTION certdata.skill_level_send(certdata.skill_level) IS 'binary output of skill_level: the canonical text';
CREATE TYPE certdata.skill_level (INPUT = certdata.skill_level_in, OUTPUT = certdata.skill_level_out,
	RECEIVE = certdata.skill_level_recv, SEND = certdata.skill_level_send,
	INTERNALLENGTH = 1, PASSEDBYVALUE, ALIGNMENT = char, STORAGE = plain);
COMMENT ON TYPE certdata.skill_level IS 'skill level (职业技能等级, Annex 1): 学徒工 < 五级 < 四级 < 三级 < 二级 < 一级 < 特级技师 < 首席技师; the pair 三级/高级工 and its variants are printed as 三级';
CREATE FUNCTION certdata.text_to_skill_level(text) RETURNS certdata.skill_level
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_skill_level';
COMMENT ON FUNCTION certdata.text_to_skill_level(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_skill_level(character) RETURNS certdata.skill_level
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_skill_level';
COMMENT ON FUNCTION certdata.bpchar_to_skill_level(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.skill_level) WITH FUNCTION certdata.text_to_skill_level(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.skill_level) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.skill_level) WITH FUNCTION certdata.text_to_skill_level(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.skill_level) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.skill_level) WITH FUNCTION certdata.bpchar_to_skill_level(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.skill_level) IS 'without the padding, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.skill_level_eq(certdata.skill_level, certdata.skill_level) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'chareq';
COMMENT ON FUNCTION certdata.skill_level_eq(certdata.skill_level, certdata.skill_level) IS 'implementation of the = operator';
CREATE FUNCTION certdata.skill_level_ne(certdata.skill_level, certdata.skill_level) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charne';
COMMENT ON FUNCTION certdata.skill_level_ne(certdata.skill_level, certdata.skill_level) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.skill_level_lt(certdata.skill_level, certdata.skill_level) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charlt';
COMMENT ON FUNCTION certdata.skill_level_lt(certdata.skill_level, certdata.skill_level) IS 'implementation of the < operator';
CREATE FUNCTION certdata.skill_level_le(certdata.skill_level, certdata.skill_level) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charle';
COMMENT ON FUNCTION certdata.skill_level_le(certdata.skill_level, certdata.skill_level) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.skill_level_ge(certdata.skill_level, certdata.skill_level) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'charge';
COMMENT ON FUNCTION certdata.skill_level_ge(certdata.skill_level, certdata.skill_level) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.skill_level_gt(certdata.skill_level, certdata.skill_level) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'chargt';
COMMENT ON FUNCTION certdata.skill_level_gt(certdata.skill_level, certdata.skill_level) IS 'implementation of the > operator';
CREATE FUNCTION certdata.skill_level_cmp(certdata.skill_level, certdata.skill_level) RETURNS integer
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'btcharcmp';
COMMENT ON FUNCTION certdata.skill_level_cmp(certdata.skill_level, certdata.skill_level) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.skill_level, RIGHTARG = certdata.skill_level, FUNCTION = certdata.skill_level_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.skill_level, certdata.skill_level) IS 'equal, by skill';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.skill_level, RIGHTARG = certdata.skill_level, FUNCTION = certdata.skill_level_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.skill_level, certdata.skill_level) IS 'not equal, by skill';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.skill_level, RIGHTARG = certdata.skill_level, FUNCTION = certdata.skill_level_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.skill_level, certdata.skill_level) IS 'less than, by skill';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.skill_level, RIGHTARG = certdata.skill_level, FUNCTION = certdata.skill_level_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.skill_level, certdata.skill_level) IS 'less than or equal, by skill';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.skill_level, RIGHTARG = certdata.skill_level, FUNCTION = certdata.skill_level_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.skill_level, certdata.skill_level) IS 'greater than or equal, by skill';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.skill_level, RIGHTARG = certdata.skill_level, FUNCTION = certdata.skill_level_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.skill_level, certdata.skill_level) IS 'greater than, by skill';
CREATE FUNCTION certdata.skill_level_text_eq(certdata.skill_level, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_text_eq';
COMMENT ON FUNCTION certdata.skill_level_text_eq(certdata.skill_level, text) IS 'implementation of the = operator';
CREATE FUNCTION certdata.skill_level_text_ne(certdata.skill_level, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_text_ne';
COMMENT ON FUNCTION certdata.skill_level_text_ne(certdata.skill_level, text) IS 'implementation of the <> operator';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.skill_level, RIGHTARG = text, FUNCTION = certdata.skill_level_text_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR pg_catalog.= (certdata.skill_level, text) IS 'equal; any accepted writing, other text equals none';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.skill_level, RIGHTARG = text, FUNCTION = certdata.skill_level_text_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.skill_level, text) IS 'not equal; any accepted writing, other text equals none';
CREATE FUNCTION certdata.text_skill_level_eq(text, certdata.skill_level) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_skill_level_eq';
COMMENT ON FUNCTION certdata.text_skill_level_eq(text, certdata.skill_level) IS 'implementation of the = operator';
CREATE FUNCTION certdata.text_skill_level_ne(text, certdata.skill_level) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_skill_level_ne';
COMMENT ON FUNCTION certdata.text_skill_level_ne(text, certdata.skill_level) IS 'implementation of the <> operator';
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = certdata.skill_level, FUNCTION = certdata.text_skill_level_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR pg_catalog.= (text, certdata.skill_level) IS 'equal; any accepted writing, other text equals none';
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = certdata.skill_level, FUNCTION = certdata.text_skill_level_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (text, certdata.skill_level) IS 'not equal; any accepted writing, other text equals none';
CREATE FUNCTION certdata.skill_level_hash(certdata.skill_level) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_hash';
COMMENT ON FUNCTION certdata.skill_level_hash(certdata.skill_level) IS 'hash of skill_level; frozen';
CREATE FUNCTION certdata.skill_level_hash_extended(certdata.skill_level, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_hash_extended';
COMMENT ON FUNCTION certdata.skill_level_hash_extended(certdata.skill_level, bigint) IS 'the same with a seed';
CREATE OPERATOR FAMILY certdata.skill_level_ops USING btree;
COMMENT ON OPERATOR FAMILY certdata.skill_level_ops USING btree IS 'order of skill_level';
CREATE OPERATOR CLASS certdata.skill_level_ops DEFAULT FOR TYPE certdata.skill_level USING btree FAMILY certdata.skill_level_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 certdata.skill_level_cmp(certdata.skill_level, certdata.skill_level),
	FUNCTION 4 pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS certdata.skill_level_ops USING btree IS 'btree indexes on skill_level';
CREATE OPERATOR FAMILY certdata.skill_level_ops USING hash;
COMMENT ON OPERATOR FAMILY certdata.skill_level_ops USING hash IS 'hashing of skill_level; the hash is frozen';
CREATE OPERATOR CLASS certdata.skill_level_ops DEFAULT FOR TYPE certdata.skill_level USING hash FAMILY certdata.skill_level_ops AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 certdata.skill_level_hash(certdata.skill_level),
	FUNCTION 2 certdata.skill_level_hash_extended(certdata.skill_level, bigint);
COMMENT ON OPERATOR CLASS certdata.skill_level_ops USING hash IS 'hash indexes on skill_level';
CREATE FUNCTION certdata.skill_level_larger(certdata.skill_level, certdata.skill_level) RETURNS certdata.skill_level
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_larger';
COMMENT ON FUNCTION certdata.skill_level_larger(certdata.skill_level, certdata.skill_level) IS 'the greater of two, for max';
CREATE FUNCTION certdata.skill_level_smaller(certdata.skill_level, certdata.skill_level) RETURNS certdata.skill_level
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_skill_level_smaller';
COMMENT ON FUNCTION certdata.skill_level_smaller(certdata.skill_level, certdata.skill_level) IS 'the smaller of two, for min';
CREATE AGGREGATE pg_catalog.max(certdata.skill_level) (SFUNC = certdata.skill_level_larger, STYPE = certdata.skill_level,
	COMBINEFUNC = certdata.skill_level_larger, SORTOP = OPERATOR(pg_catalog.>), PARALLEL = SAFE);
COMMENT ON AGGREGATE pg_catalog.max(certdata.skill_level) IS 'greatest value';
CREATE AGGREGATE pg_catalog.min(certdata.skill_level) (SFUNC = certdata.skill_level_smaller, STYPE = certdata.skill_level,
	COMBINEFUNC = certdata.skill_level_smaller, SORTOP = OPERATOR(pg_catalog.<), PARALLEL = SAFE);
COMMENT ON AGGREGATE pg_catalog.min(certdata.skill_level) IS 'least value';

-- -----------------------------------------------------------------------------
-- issue_date
-- 发证日期 (Annex 1): text of exactly YYYY-MM-DD.
--
-- Stored as date, from 0001-01-01 to 9999-12-31.  Every operator that date has for
-- itself, and that would be ambiguous or fall to timestamptz here, is repeated.
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.issue_date;
CREATE FUNCTION certdata.issue_date_in(cstring) RETURNS certdata.issue_date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_issue_date_in';
COMMENT ON FUNCTION certdata.issue_date_in(cstring) IS 'input of issue_date';
CREATE FUNCTION certdata.issue_date_out(certdata.issue_date) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_issue_date_out';
COMMENT ON FUNCTION certdata.issue_date_out(certdata.issue_date) IS 'output of issue_date';
CREATE FUNCTION certdata.issue_date_recv(internal) RETURNS certdata.issue_date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_issue_date_recv';
COMMENT ON FUNCTION certdata.issue_date_recv(internal) IS 'binary input of issue_date: days since 2000-01-01, as date has it, judged as text input is';
CREATE FUNCTION certdata.issue_date_send(certdata.issue_date) RETURNS bytea
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_send';
COMMENT ON FUNCTION certdata.issue_date_send(certdata.issue_date) IS 'binary output of issue_date: days since 2000-01-01, as date has it';
CREATE TYPE certdata.issue_date (INPUT = certdata.issue_date_in, OUTPUT = certdata.issue_date_out,
	RECEIVE = certdata.issue_date_recv, SEND = certdata.issue_date_send,
	LIKE = date, CATEGORY = 'D');
COMMENT ON TYPE certdata.issue_date IS 'date of issue (发证日期, Annex 1): text of exactly YYYY-MM-DD whatever DateStyle says, 0001-01-01 to 9999-12-31; casts to date at no cost';
CREATE FUNCTION certdata.text_to_issue_date(text) RETURNS certdata.issue_date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_issue_date';
COMMENT ON FUNCTION certdata.text_to_issue_date(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_issue_date(character) RETURNS certdata.issue_date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_issue_date';
COMMENT ON FUNCTION certdata.bpchar_to_issue_date(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.issue_date) WITH FUNCTION certdata.text_to_issue_date(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.issue_date) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.issue_date) WITH FUNCTION certdata.text_to_issue_date(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.issue_date) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.issue_date) WITH FUNCTION certdata.bpchar_to_issue_date(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.issue_date) IS 'without the padding, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.date_to_issue_date(date) RETURNS certdata.issue_date
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_date_to_issue_date';
COMMENT ON FUNCTION certdata.date_to_issue_date(date) IS 'cast; infinite dates and years outside 1-9999 raise 22P02';
CREATE CAST (certdata.issue_date AS date) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (certdata.issue_date AS date) IS 'the same days';
CREATE CAST (certdata.issue_date AS timestamp without time zone) WITH FUNCTION pg_catalog.timestamp(date) AS IMPLICIT;
COMMENT ON CAST (certdata.issue_date AS timestamp without time zone) IS 'midnight, as for date';
CREATE CAST (certdata.issue_date AS timestamp with time zone) WITH FUNCTION pg_catalog.timestamptz(date) AS IMPLICIT;
COMMENT ON CAST (certdata.issue_date AS timestamp with time zone) IS 'midnight in the session time zone, as for date';
CREATE CAST (date AS certdata.issue_date) WITH FUNCTION certdata.date_to_issue_date(date) AS ASSIGNMENT;
COMMENT ON CAST (date AS certdata.issue_date) IS 'infinite dates and years outside 1-9999 raise 22P02';
CREATE FUNCTION certdata.issue_date_eq(certdata.issue_date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_eq';
COMMENT ON FUNCTION certdata.issue_date_eq(certdata.issue_date, certdata.issue_date) IS 'implementation of the = operator';
CREATE FUNCTION certdata.issue_date_ne(certdata.issue_date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_ne';
COMMENT ON FUNCTION certdata.issue_date_ne(certdata.issue_date, certdata.issue_date) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.issue_date_lt(certdata.issue_date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_lt';
COMMENT ON FUNCTION certdata.issue_date_lt(certdata.issue_date, certdata.issue_date) IS 'implementation of the < operator';
CREATE FUNCTION certdata.issue_date_le(certdata.issue_date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_le';
COMMENT ON FUNCTION certdata.issue_date_le(certdata.issue_date, certdata.issue_date) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.issue_date_ge(certdata.issue_date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_ge';
COMMENT ON FUNCTION certdata.issue_date_ge(certdata.issue_date, certdata.issue_date) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.issue_date_gt(certdata.issue_date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_gt';
COMMENT ON FUNCTION certdata.issue_date_gt(certdata.issue_date, certdata.issue_date) IS 'implementation of the > operator';
CREATE FUNCTION certdata.issue_date_cmp(certdata.issue_date, certdata.issue_date) RETURNS integer
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_cmp';
COMMENT ON FUNCTION certdata.issue_date_cmp(certdata.issue_date, certdata.issue_date) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.issue_date, certdata.issue_date) IS 'equal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.issue_date, certdata.issue_date) IS 'not equal';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.issue_date, certdata.issue_date) IS 'less than';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.issue_date, certdata.issue_date) IS 'less than or equal';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.issue_date, certdata.issue_date) IS 'greater than or equal';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.issue_date, certdata.issue_date) IS 'greater than';
CREATE FUNCTION certdata.issue_date_date_eq(certdata.issue_date, date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_eq';
COMMENT ON FUNCTION certdata.issue_date_date_eq(certdata.issue_date, date) IS 'implementation of the = operator';
CREATE FUNCTION certdata.issue_date_date_ne(certdata.issue_date, date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_ne';
COMMENT ON FUNCTION certdata.issue_date_date_ne(certdata.issue_date, date) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.issue_date_date_lt(certdata.issue_date, date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_lt';
COMMENT ON FUNCTION certdata.issue_date_date_lt(certdata.issue_date, date) IS 'implementation of the < operator';
CREATE FUNCTION certdata.issue_date_date_le(certdata.issue_date, date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_le';
COMMENT ON FUNCTION certdata.issue_date_date_le(certdata.issue_date, date) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.issue_date_date_ge(certdata.issue_date, date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_ge';
COMMENT ON FUNCTION certdata.issue_date_date_ge(certdata.issue_date, date) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.issue_date_date_gt(certdata.issue_date, date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_gt';
COMMENT ON FUNCTION certdata.issue_date_date_gt(certdata.issue_date, date) IS 'implementation of the > operator';
CREATE FUNCTION certdata.issue_date_date_cmp(certdata.issue_date, date) RETURNS integer
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_cmp';
COMMENT ON FUNCTION certdata.issue_date_date_cmp(certdata.issue_date, date) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.issue_date, RIGHTARG = date, FUNCTION = certdata.issue_date_date_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (certdata.issue_date, date) IS 'equal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.issue_date, RIGHTARG = date, FUNCTION = certdata.issue_date_date_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.issue_date, date) IS 'not equal';
CREATE OPERATOR pg_catalog.< (LEFTARG = certdata.issue_date, RIGHTARG = date, FUNCTION = certdata.issue_date_date_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (certdata.issue_date, date) IS 'less than';
CREATE OPERATOR pg_catalog.<= (LEFTARG = certdata.issue_date, RIGHTARG = date, FUNCTION = certdata.issue_date_date_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (certdata.issue_date, date) IS 'less than or equal';
CREATE OPERATOR pg_catalog.>= (LEFTARG = certdata.issue_date, RIGHTARG = date, FUNCTION = certdata.issue_date_date_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (certdata.issue_date, date) IS 'greater than or equal';
CREATE OPERATOR pg_catalog.> (LEFTARG = certdata.issue_date, RIGHTARG = date, FUNCTION = certdata.issue_date_date_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (certdata.issue_date, date) IS 'greater than';
CREATE FUNCTION certdata.date_issue_date_eq(date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_eq';
COMMENT ON FUNCTION certdata.date_issue_date_eq(date, certdata.issue_date) IS 'implementation of the = operator';
CREATE FUNCTION certdata.date_issue_date_ne(date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_ne';
COMMENT ON FUNCTION certdata.date_issue_date_ne(date, certdata.issue_date) IS 'implementation of the <> operator';
CREATE FUNCTION certdata.date_issue_date_lt(date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_lt';
COMMENT ON FUNCTION certdata.date_issue_date_lt(date, certdata.issue_date) IS 'implementation of the < operator';
CREATE FUNCTION certdata.date_issue_date_le(date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_le';
COMMENT ON FUNCTION certdata.date_issue_date_le(date, certdata.issue_date) IS 'implementation of the <= operator';
CREATE FUNCTION certdata.date_issue_date_ge(date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_ge';
COMMENT ON FUNCTION certdata.date_issue_date_ge(date, certdata.issue_date) IS 'implementation of the >= operator';
CREATE FUNCTION certdata.date_issue_date_gt(date, certdata.issue_date) RETURNS boolean
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_gt';
COMMENT ON FUNCTION certdata.date_issue_date_gt(date, certdata.issue_date) IS 'implementation of the > operator';
CREATE FUNCTION certdata.date_issue_date_cmp(date, certdata.issue_date) RETURNS integer
	LANGUAGE internal IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'date_cmp';
COMMENT ON FUNCTION certdata.date_issue_date_cmp(date, certdata.issue_date) IS 'less-equal-greater, for btree';
CREATE OPERATOR pg_catalog.= (LEFTARG = date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.date_issue_date_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR pg_catalog.= (date, certdata.issue_date) IS 'equal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.date_issue_date_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (date, certdata.issue_date) IS 'not equal';
CREATE OPERATOR pg_catalog.< (LEFTARG = date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.date_issue_date_lt,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR pg_catalog.< (date, certdata.issue_date) IS 'less than';
CREATE OPERATOR pg_catalog.<= (LEFTARG = date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.date_issue_date_le,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR pg_catalog.<= (date, certdata.issue_date) IS 'less than or equal';
CREATE OPERATOR pg_catalog.>= (LEFTARG = date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.date_issue_date_ge,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR pg_catalog.>= (date, certdata.issue_date) IS 'greater than or equal';
CREATE OPERATOR pg_catalog.> (LEFTARG = date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.date_issue_date_gt,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR pg_catalog.> (date, certdata.issue_date) IS 'greater than';
CREATE FUNCTION certdata.issue_date_text_eq(certdata.issue_date, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_issue_date_text_eq';
COMMENT ON FUNCTION certdata.issue_date_text_eq(certdata.issue_date, text) IS 'implementation of the = operator';
CREATE FUNCTION certdata.issue_date_text_ne(certdata.issue_date, text) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_issue_date_text_ne';
COMMENT ON FUNCTION certdata.issue_date_text_ne(certdata.issue_date, text) IS 'implementation of the <> operator';
CREATE OPERATOR pg_catalog.= (LEFTARG = certdata.issue_date, RIGHTARG = text, FUNCTION = certdata.issue_date_text_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR pg_catalog.= (certdata.issue_date, text) IS 'equal; text of another form than YYYY-MM-DD is unequal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = certdata.issue_date, RIGHTARG = text, FUNCTION = certdata.issue_date_text_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (certdata.issue_date, text) IS 'not equal; text of another form than YYYY-MM-DD is unequal';
CREATE FUNCTION certdata.text_issue_date_eq(text, certdata.issue_date) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_issue_date_eq';
COMMENT ON FUNCTION certdata.text_issue_date_eq(text, certdata.issue_date) IS 'implementation of the = operator';
CREATE FUNCTION certdata.text_issue_date_ne(text, certdata.issue_date) RETURNS boolean
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_issue_date_ne';
COMMENT ON FUNCTION certdata.text_issue_date_ne(text, certdata.issue_date) IS 'implementation of the <> operator';
CREATE OPERATOR pg_catalog.= (LEFTARG = text, RIGHTARG = certdata.issue_date, FUNCTION = certdata.text_issue_date_eq,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR pg_catalog.= (text, certdata.issue_date) IS 'equal; text of another form than YYYY-MM-DD is unequal';
CREATE OPERATOR pg_catalog.<> (LEFTARG = text, RIGHTARG = certdata.issue_date, FUNCTION = certdata.text_issue_date_ne,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR pg_catalog.<> (text, certdata.issue_date) IS 'not equal; text of another form than YYYY-MM-DD is unequal';
-- the member (date, date) of the families, apart from those of the server
CREATE OPERATOR certdata.~=~ (LEFTARG = date, RIGHTARG = date, FUNCTION = pg_catalog.date_eq,
	COMMUTATOR = OPERATOR(certdata.~=~), NEGATOR = OPERATOR(certdata.~<>~), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
COMMENT ON OPERATOR certdata.~=~ (date, date) IS 'equal, for index families';
CREATE OPERATOR certdata.~<>~ (LEFTARG = date, RIGHTARG = date, FUNCTION = pg_catalog.date_ne,
	COMMUTATOR = OPERATOR(certdata.~<>~), NEGATOR = OPERATOR(certdata.~=~), RESTRICT = neqsel, JOIN = neqjoinsel);
COMMENT ON OPERATOR certdata.~<>~ (date, date) IS 'not equal, for index families';
CREATE OPERATOR certdata.~<~ (LEFTARG = date, RIGHTARG = date, FUNCTION = pg_catalog.date_lt,
	COMMUTATOR = OPERATOR(certdata.~>~), NEGATOR = OPERATOR(certdata.~>=~), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR certdata.~<~ (date, date) IS 'less than, for index families';
CREATE OPERATOR certdata.~<=~ (LEFTARG = date, RIGHTARG = date, FUNCTION = pg_catalog.date_le,
	COMMUTATOR = OPERATOR(certdata.~>=~), NEGATOR = OPERATOR(certdata.~>~), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
COMMENT ON OPERATOR certdata.~<=~ (date, date) IS 'less than or equal, for index families';
CREATE OPERATOR certdata.~>=~ (LEFTARG = date, RIGHTARG = date, FUNCTION = pg_catalog.date_ge,
	COMMUTATOR = OPERATOR(certdata.~<=~), NEGATOR = OPERATOR(certdata.~<~), RESTRICT = scalargesel, JOIN = scalargejoinsel);
COMMENT ON OPERATOR certdata.~>=~ (date, date) IS 'greater than or equal, for index families';
CREATE OPERATOR certdata.~>~ (LEFTARG = date, RIGHTARG = date, FUNCTION = pg_catalog.date_gt,
	COMMUTATOR = OPERATOR(certdata.~<~), NEGATOR = OPERATOR(certdata.~<=~), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
COMMENT ON OPERATOR certdata.~>~ (date, date) IS 'greater than, for index families';
CREATE FUNCTION certdata.issue_date_hash(certdata.issue_date) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_date_hash';
COMMENT ON FUNCTION certdata.issue_date_hash(certdata.issue_date) IS 'hash of issue_date; frozen';
CREATE FUNCTION certdata.issue_date_hash_extended(certdata.issue_date, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_date_hash_extended';
COMMENT ON FUNCTION certdata.issue_date_hash_extended(certdata.issue_date, bigint) IS 'the same with a seed';
CREATE FUNCTION certdata.date_hash(date) RETURNS integer
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_date_hash';
COMMENT ON FUNCTION certdata.date_hash(date) IS 'hash of date that issue_date shares; frozen';
CREATE FUNCTION certdata.date_hash_extended(date, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_date_hash_extended';
COMMENT ON FUNCTION certdata.date_hash_extended(date, bigint) IS 'the same with a seed';
CREATE FUNCTION certdata.issue_date_sortsupport(internal) RETURNS void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_sortsupport';
COMMENT ON FUNCTION certdata.issue_date_sortsupport(internal) IS 'sort support for btree';
CREATE FUNCTION certdata.issue_date_in_range(certdata.issue_date, certdata.issue_date, interval, boolean, boolean) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'in_range_date_interval';
COMMENT ON FUNCTION certdata.issue_date_in_range(certdata.issue_date, certdata.issue_date, interval, boolean, boolean) IS 'RANGE frames of window functions';
CREATE OPERATOR FAMILY certdata.issue_date_ops USING btree;
COMMENT ON OPERATOR FAMILY certdata.issue_date_ops USING btree IS 'order of issue_date and date';
CREATE OPERATOR CLASS certdata.issue_date_ops DEFAULT FOR TYPE certdata.issue_date USING btree FAMILY certdata.issue_date_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 certdata.issue_date_cmp(certdata.issue_date, certdata.issue_date),
	FUNCTION 2 certdata.issue_date_sortsupport(internal),
	FUNCTION 3 (certdata.issue_date, interval) certdata.issue_date_in_range(certdata.issue_date, certdata.issue_date, interval, boolean, boolean),
	FUNCTION 4 pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS certdata.issue_date_ops USING btree IS 'btree indexes on issue_date';
ALTER OPERATOR FAMILY certdata.issue_date_ops USING btree ADD
	OPERATOR 1 pg_catalog.< (certdata.issue_date, date),
	OPERATOR 2 pg_catalog.<= (certdata.issue_date, date),
	OPERATOR 3 pg_catalog.= (certdata.issue_date, date),
	OPERATOR 4 pg_catalog.>= (certdata.issue_date, date),
	OPERATOR 5 pg_catalog.> (certdata.issue_date, date),
	FUNCTION 1 (certdata.issue_date, date) certdata.issue_date_date_cmp(certdata.issue_date, date),
	OPERATOR 1 pg_catalog.< (date, certdata.issue_date),
	OPERATOR 2 pg_catalog.<= (date, certdata.issue_date),
	OPERATOR 3 pg_catalog.= (date, certdata.issue_date),
	OPERATOR 4 pg_catalog.>= (date, certdata.issue_date),
	OPERATOR 5 pg_catalog.> (date, certdata.issue_date),
	FUNCTION 1 (date, certdata.issue_date) certdata.date_issue_date_cmp(date, certdata.issue_date),
	OPERATOR 1 certdata.~<~ (date, date),
	OPERATOR 2 certdata.~<=~ (date, date),
	OPERATOR 3 certdata.~=~ (date, date),
	OPERATOR 4 certdata.~>=~ (date, date),
	OPERATOR 5 certdata.~>~ (date, date),
	FUNCTION 1 (date, date) pg_catalog.date_cmp(date, date),
	FUNCTION 2 (date, date) pg_catalog.date_sortsupport(internal);
CREATE OPERATOR FAMILY certdata.issue_date_ops USING hash;
COMMENT ON OPERATOR FAMILY certdata.issue_date_ops USING hash IS 'hashing of issue_date and date; the hash is frozen';
CREATE OPERATOR CLASS certdata.issue_date_ops DEFAULT FOR TYPE certdata.issue_date USING hash FAMILY certdata.issue_date_ops AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 certdata.issue_date_hash(certdata.issue_date),
	FUNCTION 2 certdata.issue_date_hash_extended(certdata.issue_date, bigint);
COMMENT ON OPERATOR CLASS certdata.issue_date_ops USING hash IS 'hash indexes on issue_date';
ALTER OPERATOR FAMILY certdata.issue_date_ops USING hash ADD
	OPERATOR 1 pg_catalog.= (certdata.issue_date, date),
	OPERATOR 1 pg_catalog.= (date, certdata.issue_date),
	OPERATOR 1 certdata.~=~ (date, date),
	FUNCTION 1 (date, date) certdata.date_hash(date),
	FUNCTION 2 (date, date) certdata.date_hash_extended(date, bigint);
CREATE OPERATOR FAMILY certdata.issue_date_minmax_ops USING brin;
COMMENT ON OPERATOR FAMILY certdata.issue_date_minmax_ops USING brin IS 'least and greatest issue_date of a block range';
CREATE OPERATOR CLASS certdata.issue_date_minmax_ops DEFAULT FOR TYPE certdata.issue_date USING brin FAMILY certdata.issue_date_minmax_ops AS
	OPERATOR 1 pg_catalog.<,
	OPERATOR 2 pg_catalog.<=,
	OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=,
	OPERATOR 5 pg_catalog.>,
	FUNCTION 1 pg_catalog.brin_minmax_opcinfo(internal),
	FUNCTION 2 pg_catalog.brin_minmax_add_value(internal, internal, internal, internal),
	FUNCTION 3 pg_catalog.brin_minmax_consistent(internal, internal, internal),
	FUNCTION 4 pg_catalog.brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS certdata.issue_date_minmax_ops USING brin IS 'BRIN indexes on issue_date';
ALTER OPERATOR FAMILY certdata.issue_date_minmax_ops USING brin ADD
	OPERATOR 1 pg_catalog.< (certdata.issue_date, date),
	OPERATOR 2 pg_catalog.<= (certdata.issue_date, date),
	OPERATOR 3 pg_catalog.= (certdata.issue_date, date),
	OPERATOR 4 pg_catalog.>= (certdata.issue_date, date),
	OPERATOR 5 pg_catalog.> (certdata.issue_date, date);
CREATE FUNCTION certdata.issue_date_larger(certdata.issue_date, certdata.issue_date) RETURNS certdata.issue_date
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_larger';
COMMENT ON FUNCTION certdata.issue_date_larger(certdata.issue_date, certdata.issue_date) IS 'the later of two, for max';
CREATE FUNCTION certdata.issue_date_smaller(certdata.issue_date, certdata.issue_date) RETURNS certdata.issue_date
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_smaller';
COMMENT ON FUNCTION certdata.issue_date_smaller(certdata.issue_date, certdata.issue_date) IS 'the earlier of two, for min';
CREATE AGGREGATE pg_catalog.max(certdata.issue_date) (SFUNC = certdata.issue_date_larger, STYPE = certdata.issue_date,
	COMBINEFUNC = certdata.issue_date_larger, SORTOP = OPERATOR(pg_catalog.>), PARALLEL = SAFE);
COMMENT ON AGGREGATE pg_catalog.max(certdata.issue_date) IS 'greatest value';
CREATE AGGREGATE pg_catalog.min(certdata.issue_date) (SFUNC = certdata.issue_date_smaller, STYPE = certdata.issue_date,
	COMBINEFUNC = certdata.issue_date_smaller, SORTOP = OPERATOR(pg_catalog.<), PARALLEL = SAFE);
COMMENT ON AGGREGATE pg_catalog.min(certdata.issue_date) IS 'least value';
CREATE FUNCTION certdata.issue_date_mi(certdata.issue_date, certdata.issue_date) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_mi';
COMMENT ON FUNCTION certdata.issue_date_mi(certdata.issue_date, certdata.issue_date) IS 'implementation of the - operator';
CREATE FUNCTION certdata.issue_date_pl_interval(certdata.issue_date, interval) RETURNS timestamp without time zone
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_pl_interval';
COMMENT ON FUNCTION certdata.issue_date_pl_interval(certdata.issue_date, interval) IS 'implementation of the + operator';
CREATE FUNCTION certdata.issue_date_mi_interval(certdata.issue_date, interval) RETURNS timestamp without time zone
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'date_mi_interval';
COMMENT ON FUNCTION certdata.issue_date_mi_interval(certdata.issue_date, interval) IS 'implementation of the - operator';
CREATE OPERATOR pg_catalog.- (LEFTARG = certdata.issue_date, RIGHTARG = certdata.issue_date, FUNCTION = certdata.issue_date_mi);
COMMENT ON OPERATOR pg_catalog.- (certdata.issue_date, certdata.issue_date) IS 'days between';
CREATE OPERATOR pg_catalog.+ (LEFTARG = certdata.issue_date, RIGHTARG = interval, FUNCTION = certdata.issue_date_pl_interval);
COMMENT ON OPERATOR pg_catalog.+ (certdata.issue_date, interval) IS 'add';
CREATE OPERATOR pg_catalog.- (LEFTARG = certdata.issue_date, RIGHTARG = interval, FUNCTION = certdata.issue_date_mi_interval);
COMMENT ON OPERATOR pg_catalog.- (certdata.issue_date, interval) IS 'subtract';
CREATE FUNCTION pg_catalog.extract(text, certdata.issue_date) RETURNS numeric
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'extract_date';
COMMENT ON FUNCTION pg_catalog.extract(text, certdata.issue_date) IS 'a field of the date, as for date';

-- -----------------------------------------------------------------------------
-- person_name, org_name, occupation_name, work_type_name
-- Text that was checked when it came in: length in characters (Annex 1) and no
-- control characters.  Everything else about text works on them as they are.
-- -----------------------------------------------------------------------------
CREATE TYPE certdata.person_name;
CREATE FUNCTION certdata.person_name_in(cstring) RETURNS certdata.person_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_person_name_in';
COMMENT ON FUNCTION certdata.person_name_in(cstring) IS 'input of person_name';
CREATE FUNCTION certdata.person_name_out(certdata.person_name) RETURNS cstring
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
COMMENT ON FUNCTION certdata.person_name_out(certdata.person_name) IS 'output of person_name';
CREATE FUNCTION certdata.person_name_recv(internal) RETURNS certdata.person_name
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_person_name_recv';
COMMENT ON FUNCTION certdata.person_name_recv(internal) IS 'binary input of person_name: the text, judged as text input is';
CREATE FUNCTION certdata.person_name_send(certdata.person_name) RETURNS bytea
	LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
COMMENT ON FUNCTION certdata.person_name_send(certdata.person_name) IS 'binary output of person_name: the text';
CREATE TYPE certdata.person_name (INPUT = certdata.person_name_in, OUTPUT = certdata.person_name_out,
	RECEIVE = certdata.person_name_recv, SEND = certdata.person_name_send,
	LIKE = text, CATEGORY = 'S', PREFERRED = false, COLLATABLE = true);
COMMENT ON TYPE certdata.person_name IS 'name of a person (姓名, Annex 1): text of at most 40 characters without control characters';
CREATE FUNCTION certdata.text_to_person_name(text) RETURNS certdata.person_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_person_name';
COMMENT ON FUNCTION certdata.text_to_person_name(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_person_name(character) RETURNS certdata.person_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_person_name';
COMMENT ON FUNCTION certdata.bpchar_to_person_name(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.person_name) WITH FUNCTION certdata.text_to_person_name(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.person_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.person_name) WITH FUNCTION certdata.text_to_person_name(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.person_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.person_name) WITH FUNCTION certdata.bpchar_to_person_name(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.person_name) IS 'without the padding, judged as input is; errors: 22P02';
CREATE CAST (certdata.person_name AS text) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (certdata.person_name AS text) IS 'the same text';
CREATE TYPE certdata.org_name;
CREATE FUNCTION certdata.org_name_in(cstring) RETURNS certdata.org_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_org_name_in';
COMMENT ON FUNCTION certdata.org_name_in(cstring) IS 'input of org_name';
CREATE FUNCTION certdata.org_name_out(certdata.org_name) RETURNS cstring
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
COMMENT ON FUNCTION certdata.org_name_out(certdata.org_name) IS 'output of org_name';
CREATE FUNCTION certdata.org_name_recv(internal) RETURNS certdata.org_name
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_org_name_recv';
COMMENT ON FUNCTION certdata.org_name_recv(internal) IS 'binary input of org_name: the text, judged as text input is';
CREATE FUNCTION certdata.org_name_send(certdata.org_name) RETURNS bytea
	LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
COMMENT ON FUNCTION certdata.org_name_send(certdata.org_name) IS 'binary output of org_name: the text';
CREATE TYPE certdata.org_name (INPUT = certdata.org_name_in, OUTPUT = certdata.org_name_out,
	RECEIVE = certdata.org_name_recv, SEND = certdata.org_name_send,
	LIKE = text, CATEGORY = 'S', PREFERRED = false, COLLATABLE = true);
COMMENT ON TYPE certdata.org_name IS 'name of an organisation (所在单位, 评价机构, 发证机构, Annex 1): text of at most 100 characters without control characters';
CREATE FUNCTION certdata.text_to_org_name(text) RETURNS certdata.org_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_org_name';
COMMENT ON FUNCTION certdata.text_to_org_name(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_org_name(character) RETURNS certdata.org_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_org_name';
COMMENT ON FUNCTION certdata.bpchar_to_org_name(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.org_name) WITH FUNCTION certdata.text_to_org_name(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.org_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.org_name) WITH FUNCTION certdata.text_to_org_name(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.org_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.org_name) WITH FUNCTION certdata.bpchar_to_org_name(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.org_name) IS 'without the padding, judged as input is; errors: 22P02';
CREATE CAST (certdata.org_name AS text) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (certdata.org_name AS text) IS 'the same text';
CREATE TYPE certdata.occupation_name;
CREATE FUNCTION certdata.occupation_name_in(cstring) RETURNS certdata.occupation_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_occupation_name_in';
COMMENT ON FUNCTION certdata.occupation_name_in(cstring) IS 'input of occupation_name';
CREATE FUNCTION certdata.occupation_name_out(certdata.occupation_name) RETURNS cstring
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
COMMENT ON FUNCTION certdata.occupation_name_out(certdata.occupation_name) IS 'output of occupation_name';
CREATE FUNCTION certdata.occupation_name_recv(internal) RETURNS certdata.occupation_name
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_occupation_name_recv';
COMMENT ON FUNCTION certdata.occupation_name_recv(internal) IS 'binary input of occupation_name: the text, judged as text input is';
CREATE FUNCTION certdata.occupation_name_send(certdata.occupation_name) RETURNS bytea
	LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
COMMENT ON FUNCTION certdata.occupation_name_send(certdata.occupation_name) IS 'binary output of occupation_name: the text';
CREATE TYPE certdata.occupation_name (INPUT = certdata.occupation_name_in, OUTPUT = certdata.occupation_name_out,
	RECEIVE = certdata.occupation_name_recv, SEND = certdata.occupation_name_send,
	LIKE = text, CATEGORY = 'S', PREFERRED = false, COLLATABLE = true);
COMMENT ON TYPE certdata.occupation_name IS 'occupation (职业名称, Annex 1): text of at most 80 characters without control characters';
CREATE FUNCTION certdata.text_to_occupation_name(text) RETURNS certdata.occupation_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_occupation_name';
COMMENT ON FUNCTION certdata.text_to_occupation_name(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_occupation_name(character) RETURNS certdata.occupation_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_occupation_name';
COMMENT ON FUNCTION certdata.bpchar_to_occupation_name(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.occupation_name) WITH FUNCTION certdata.text_to_occupation_name(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.occupation_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.occupation_name) WITH FUNCTION certdata.text_to_occupation_name(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.occupation_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.occupation_name) WITH FUNCTION certdata.bpchar_to_occupation_name(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.occupation_name) IS 'without the padding, judged as input is; errors: 22P02';
CREATE CAST (certdata.occupation_name AS text) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (certdata.occupation_name AS text) IS 'the same text';
CREATE TYPE certdata.work_type_name;
CREATE FUNCTION certdata.work_type_name_in(cstring) RETURNS certdata.work_type_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_work_type_name_in';
COMMENT ON FUNCTION certdata.work_type_name_in(cstring) IS 'input of work_type_name';
CREATE FUNCTION certdata.work_type_name_out(certdata.work_type_name) RETURNS cstring
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
COMMENT ON FUNCTION certdata.work_type_name_out(certdata.work_type_name) IS 'output of work_type_name';
CREATE FUNCTION certdata.work_type_name_recv(internal) RETURNS certdata.work_type_name
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_work_type_name_recv';
COMMENT ON FUNCTION certdata.work_type_name_recv(internal) IS 'binary input of work_type_name: the text, judged as text input is';
CREATE FUNCTION certdata.work_type_name_send(certdata.work_type_name) RETURNS bytea
	LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'textsend';
COMMENT ON FUNCTION certdata.work_type_name_send(certdata.work_type_name) IS 'binary output of work_type_name: the text';
CREATE TYPE certdata.work_type_name (INPUT = certdata.work_type_name_in, OUTPUT = certdata.work_type_name_out,
	RECEIVE = certdata.work_type_name_recv, SEND = certdata.work_type_name_send,
	LIKE = text, CATEGORY = 'S', PREFERRED = false, COLLATABLE = true);
COMMENT ON TYPE certdata.work_type_name IS 'type of work (工种名称, Annex 1): text of at most 60 characters without control characters';
CREATE FUNCTION certdata.text_to_work_type_name(text) RETURNS certdata.work_type_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_text_to_work_type_name';
COMMENT ON FUNCTION certdata.text_to_work_type_name(text) IS 'cast, judged as input is; errors: 22P02';
CREATE FUNCTION certdata.bpchar_to_work_type_name(character) RETURNS certdata.work_type_name
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_bpchar_to_work_type_name';
COMMENT ON FUNCTION certdata.bpchar_to_work_type_name(character) IS 'cast without the padding; errors: 22P02';
CREATE CAST (text AS certdata.work_type_name) WITH FUNCTION certdata.text_to_work_type_name(text) AS ASSIGNMENT;
COMMENT ON CAST (text AS certdata.work_type_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character varying AS certdata.work_type_name) WITH FUNCTION certdata.text_to_work_type_name(text) AS ASSIGNMENT;
COMMENT ON CAST (character varying AS certdata.work_type_name) IS 'judged as input is; errors: 22P02';
CREATE CAST (character AS certdata.work_type_name) WITH FUNCTION certdata.bpchar_to_work_type_name(character) AS ASSIGNMENT;
COMMENT ON CAST (character AS certdata.work_type_name) IS 'without the padding, judged as input is; errors: 22P02';
CREATE CAST (certdata.work_type_name AS text) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (certdata.work_type_name AS text) IS 'the same text';

-- -----------------------------------------------------------------------------
-- is_valid
-- -----------------------------------------------------------------------------
CREATE FUNCTION certdata.is_valid(value text, type regtype) RETURNS boolean
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'certdata_is_valid';
COMMENT ON FUNCTION certdata.is_valid(text, regtype) IS 'would the input of a type of certdata accept the text? Other types raise 42804';
-- The check floor: findings, the rule list, the ways to have data checked.

-- ---------------------------------------------------------------- findings

CREATE TYPE certdata.finding AS (
	rule text,
	field text,
	severity text,
	clause text,
	message text,
	hint text
);
COMMENT ON TYPE certdata.finding IS
'a fault of a record: rule id, field by its header in Annex 1, severity (error, principle, warning), clause of the guide or standard, message and way out in the language of certdata.language';

CREATE TABLE certdata.report (
	"姓名" text,
	"证件类型" text,
	"证件号码" text,
	"所在单位" text,
	"职业名称" text,
	"工种名称" text,
	"职业技能等级" text,
	"证书编号" text,
	"发证日期" text,
	"评价机构" text,
	"发证机构" text
);
COMMENT ON TABLE certdata.report IS
'the format of a report (Annex 1): eleven text columns with the guide''s headers in its order; never filled. CREATE TEMP TABLE r (LIKE certdata.report) makes a staging table';

-- A statement trigger, not a constraint: core prints the rows that break one.
CREATE FUNCTION certdata.report_is_a_format() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE EXCEPTION '"certdata.report" is a format and holds no rows'
		USING ERRCODE = 'object_not_in_prerequisite_state',
		HINT = 'CREATE TEMP TABLE r (LIKE certdata.report), and fill that.';
END $$;
REVOKE EXECUTE ON FUNCTION certdata.report_is_a_format() FROM PUBLIC;
COMMENT ON FUNCTION certdata.report_is_a_format() IS
'trigger of certdata.report: refuses rows (55000)';

CREATE TRIGGER report_is_a_format BEFORE INSERT ON certdata.report
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.report_is_a_format();

CREATE FUNCTION certdata.today() RETURNS date
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_sql_today';
COMMENT ON FUNCTION certdata.today() IS
'the date on which the transaction began, in certdata.time_zone (Asia/Shanghai), whatever the session''s time zone';

-- ---------------------------------------------------------------- the rule list

CREATE FUNCTION certdata.rule_builtin(
	OUT rule text, OUT field text, OUT severity text, OUT clause text,
	OUT message_zh text, OUT message_en text, OUT hint_zh text, OUT hint_en text,
	OUT fixed boolean)
	RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'certdata_rule_list';
COMMENT ON FUNCTION certdata.rule_builtin() IS
'the rules as shipped, from the library; … stands for what a finding fills in';

-- A range over text makes a text key usable in an exclusion constraint without
-- a further extension: [k,k] overlaps [k2,k2] exactly when k = k2.
CREATE TYPE certdata.text_range AS RANGE (SUBTYPE = text, COLLATION = "C");
COMMENT ON TYPE certdata.text_range IS
'range of text in C collation; keys of settings that must not overlap in time';
COMMENT ON TYPE certdata.text_multirange IS 'comes with certdata.text_range';
COMMENT ON FUNCTION certdata.text_range(text, text) IS 'comes with the type: [from,to)';
COMMENT ON FUNCTION certdata.text_range(text, text, text) IS 'comes with the type: from, to, bounds';
COMMENT ON FUNCTION certdata.text_multirange() IS 'comes with certdata.text_range';
COMMENT ON FUNCTION certdata.text_multirange(certdata.text_range) IS 'comes with certdata.text_range';
COMMENT ON FUNCTION certdata.text_multirange(certdata.text_range[]) IS 'comes with certdata.text_range';
COMMENT ON CAST (certdata.text_range AS certdata.text_multirange) IS 'comes with certdata.text_range';

CREATE TABLE certdata.rule_setting (
	rule text NOT NULL,
	attachment uuid,
	severity text CHECK (severity IN ('error', 'principle', 'warning')),
	enabled boolean,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT rule_setting_no_overlap EXCLUDE USING gist (
		certdata.text_range(rule || ' ' || COALESCE(attachment::text, ''),
							rule || ' ' || COALESCE(attachment::text, ''), '[]') WITH &&,
		valid WITH &&)
);
COMMENT ON TABLE certdata.rule_setting IS
'what was changed about rules: severity and switch, for all data or one attachment, judged by 发证日期 (valid); settings of one rule do not overlap. NULL leaves the shipped value';

CREATE FUNCTION certdata.rule_setting_check() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	builtin record;
BEGIN
	SELECT * INTO builtin FROM certdata.rule_builtin() AS b WHERE b.rule = NEW.rule;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'rule "%" does not exist', NEW.rule
			USING ERRCODE = 'QC002', HINT = 'SELECT rule FROM certdata.rule lists them.';
	END IF;
	IF builtin.fixed AND (COALESCE(NEW.severity, builtin.severity) <> builtin.severity OR NOT COALESCE(NEW.enabled, true)) THEN
		RAISE EXCEPTION 'rule "%" is fixed', NEW.rule
			USING ERRCODE = 'QC001',
			DETAIL = 'It states a timeless fact (layout, length, real date, closed list, check character), which no setting changes.',
			HINT = 'Rules that are not fixed: SELECT rule FROM certdata.rule WHERE NOT fixed.';
	END IF;
	-- else a row would be refused in text columns and taken in typed ones
	IF NOT builtin.fixed AND NEW.rule ~ '\.(form|case|width)$' AND COALESCE(NEW.severity, 'warning') <> 'warning' THEN
		RAISE EXCEPTION 'rule "%" can only warn', NEW.rule
			USING ERRCODE = 'QC001',
			DETAIL = 'It is about notation, which the type of the column makes canonical before any rule sees it.',
			HINT = 'Switch it off (enabled = false) or leave it a warning.';
	END IF;
	RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.rule_setting_check() FROM PUBLIC;
COMMENT ON FUNCTION certdata.rule_setting_check() IS
'trigger of certdata.rule_setting: refuses unknown rules (QC002) and changes of fixed ones (QC001)';

CREATE TRIGGER rule_setting_check BEFORE INSERT OR UPDATE ON certdata.rule_setting
	FOR EACH ROW EXECUTE FUNCTION certdata.rule_setting_check();

CREATE VIEW certdata.rule AS
	SELECT b.rule, b.field, COALESCE(s.severity, b.severity) AS severity, b.clause,
		b.message_zh, b.message_en, b.hint_zh, b.hint_en,
		COALESCE(s.enabled, true) AS enabled, b.fixed
	FROM certdata.rule_builtin() AS b
	LEFT JOIN certdata.rule_setting AS s
		ON s.rule = b.rule AND s.attachment IS NULL AND s.valid @> certdata.today();
COMMENT ON VIEW certdata.rule IS
'all rules with today''s settings; UPDATE of severity and enabled goes to certdata.rule_setting';

CREATE FUNCTION certdata.rule_update() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF (NEW.rule, NEW.field, NEW.clause, NEW.message_zh, NEW.message_en, NEW.hint_zh, NEW.hint_en, NEW.fixed)
		IS DISTINCT FROM
		(OLD.rule, OLD.field, OLD.clause, OLD.message_zh, OLD.message_en, OLD.hint_zh, OLD.hint_en, OLD.fixed) THEN
		RAISE EXCEPTION 'only severity and enabled of a rule can be changed'
			USING ERRCODE = 'QC001', HINT = 'The other columns are part of the library.';
	END IF;
	IF NEW.severity IS NULL OR NEW.enabled IS NULL THEN
		RAISE EXCEPTION 'severity and enabled of a rule cannot be null'
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF (NEW.severity, NEW.enabled) = (OLD.severity, OLD.enabled) THEN
		RETURN NEW;				-- what was not changed is not written down
	END IF;
	UPDATE certdata.rule_setting AS s SET severity = NEW.severity, enabled = NEW.enabled
		WHERE s.rule = NEW.rule AND s.attachment IS NULL AND s.valid @> certdata.today();
	IF NOT FOUND THEN
		INSERT INTO certdata.rule_setting (rule, severity, enabled)
			VALUES (NEW.rule, NEW.severity, NEW.enabled);
	END IF;
	RETURN NEW;
EXCEPTION WHEN exclusion_violation THEN
	RAISE EXCEPTION 'rule "%" has settings for other periods', NEW.rule
		USING ERRCODE = 'exclusion_violation',
		HINT = 'Insert into certdata.rule_setting with the period (valid) that the change is for.';
END $$;
REVOKE EXECUTE ON FUNCTION certdata.rule_update() FROM PUBLIC;
COMMENT ON FUNCTION certdata.rule_update() IS
'INSTEAD OF UPDATE trigger of certdata.rule; a change is for all dates unless a setting valid today is there to be changed';

CREATE TRIGGER rule_update INSTEAD OF UPDATE ON certdata.rule
	FOR EACH ROW EXECUTE FUNCTION certdata.rule_update();

-- ---------------------------------------------------------------- letters

CREATE TABLE certdata.category_builtin (
	letter text PRIMARY KEY,
	meaning text NOT NULL
);
INSERT INTO certdata.category_builtin VALUES ('S', '社会培训评价组织'), ('Y', '用人单位');
COMMENT ON TABLE certdata.category_builtin IS
'category letters (position 1 of 证书编号) as shipped';

CREATE TABLE certdata.category_setting (
	letter text NOT NULL CHECK (letter ~ '^[A-Z]$'),
	meaning text,
	accepted boolean NOT NULL DEFAULT true,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT category_setting_no_overlap EXCLUDE USING gist (
		certdata.text_range(letter, letter, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.category_setting IS
'category letters added (accepted) or withdrawn (not accepted), judged by 发证日期';

CREATE VIEW certdata.category AS
	SELECT s.letter, COALESCE(s.meaning, b.meaning) AS meaning, s.accepted, s.valid
	FROM certdata.category_setting AS s
	LEFT JOIN certdata.category_builtin AS b USING (letter)
	UNION ALL
	SELECT b.letter, b.meaning, true, v.valid
	FROM certdata.category_builtin AS b,
		LATERAL unnest('{(,)}'::datemultirange -
			COALESCE((SELECT range_agg(s.valid) FROM certdata.category_setting AS s WHERE s.letter = b.letter),
					 '{}'::datemultirange)) AS v(valid);
COMMENT ON VIEW certdata.category IS
'category letters: those of certdata.category_setting, and those shipped on the days for which it says nothing';

CREATE FUNCTION certdata.category_change() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF TG_OP <> 'INSERT' THEN
		DELETE FROM certdata.category_setting AS s WHERE s.letter = OLD.letter AND s.valid = OLD.valid;
	END IF;
	IF TG_OP = 'DELETE' THEN
		-- a shipped letter is withdrawn, which has to outlive a dump
		INSERT INTO certdata.category_setting (letter, accepted, valid)
			SELECT b.letter, false, OLD.valid FROM certdata.category_builtin AS b WHERE b.letter = OLD.letter;
		RETURN OLD;
	END IF;
	INSERT INTO certdata.category_setting (letter, meaning, accepted, valid)
		VALUES (NEW.letter, NEW.meaning, COALESCE(NEW.accepted, true), COALESCE(NEW.valid, '(,)'));
	RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.category_change() FROM PUBLIC;
COMMENT ON FUNCTION certdata.category_change() IS
'INSTEAD OF trigger of certdata.category: changes go to certdata.category_setting';

CREATE TRIGGER category_change INSTEAD OF INSERT OR UPDATE OR DELETE ON certdata.category
	FOR EACH ROW EXECUTE FUNCTION certdata.category_change();

CREATE TABLE certdata.level_letter (
	letter text NOT NULL CHECK (letter ~ '^[A-Z]$'),
	level certdata.skill_level NOT NULL
		CHECK (level IN ('学徒工', '特级技师', '首席技师')),
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT level_letter_no_overlap EXCLUDE USING gist (
		certdata.text_range(letter, letter, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.level_letter IS
'what a letter at position 16 of 证书编号 means, judged by 发证日期; empty as shipped, for no published source names the letters';

SELECT pg_catalog.pg_extension_config_dump('certdata.rule_setting', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.category_setting', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.level_letter', '');

-- ---------------------------------------------------------------- one record

CREATE FUNCTION certdata.check_record(record certdata.report) RETURNS SETOF certdata.finding
	LANGUAGE c STABLE PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', 'certdata_check_record';
COMMENT ON FUNCTION certdata.check_record(certdata.report) IS
'all faults of one report record; no row: it has none';

CREATE FUNCTION certdata.check_record(record record) RETURNS SETOF certdata.finding
	LANGUAGE c STABLE PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', 'certdata_check_record';
COMMENT ON FUNCTION certdata.check_record(record) IS
'all faults of a row: its columns are found by the guide''s headers or certdata''s own column names, else by position; QC003 if some are missing';

CREATE FUNCTION certdata.check_record(
	name text, id_type text, id_number text, employer text, occupation text, work_type text,
	level text, cert_no text, issue_date text, evaluator text, issuer text)
	RETURNS SETOF certdata.finding
	LANGUAGE c STABLE PARALLEL SAFE ROWS 2
	AS 'MODULE_PATHNAME', 'certdata_check_record_fields';
COMMENT ON FUNCTION certdata.check_record(text, text, text, text, text, text, text, text, text, text, text) IS
'all faults of a record given as the eleven fields of Annex 1 in its order; NULL and empty are the same';

-- ---------------------------------------------------------------- many rows

CREATE FUNCTION certdata.check_rows(source regclass)
	RETURNS TABLE (row_no bigint, cell text, field text, rule text, severity text,
				   clause text, value text, message text, hint text)
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_check_rows';
COMMENT ON FUNCTION certdata.check_rows(regclass) IS
'all faults of all rows of a table or view, in one pass, repeated numbers included; row_no from 1 in physical order, or from a column row_no as read_report gives it; cell as in a spreadsheet with a header; values masked. Needs SELECT on the source; QC003 if it lacks columns';

CREATE FUNCTION certdata.check_report(report bytea, encoding name DEFAULT NULL)
	RETURNS TABLE (row_no bigint, cell text, field text, rule text, severity text,
				   clause text, value text, message text, hint text)
	LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_check_report';
COMMENT ON FUNCTION certdata.check_report(bytea, name) IS
'all faults of a report file (CSV as spreadsheets save it; encoding found by itself if NULL), those of file and header with row_no 0';

CREATE FUNCTION certdata.read_report(
	report bytea, encoding name DEFAULT NULL,
	OUT row_no bigint,
	OUT "姓名" text, OUT "证件类型" text, OUT "证件号码" text, OUT "所在单位" text,
	OUT "职业名称" text, OUT "工种名称" text, OUT "职业技能等级" text, OUT "证书编号" text,
	OUT "发证日期" text, OUT "评价机构" text, OUT "发证机构" text)
	RETURNS SETOF record
	LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_read_report';
COMMENT ON FUNCTION certdata.read_report(bytea, name) IS
'the rows of a report file, unchanged, numbered as check_report numbers them; empty rows left out, empty cells NULL';

CREATE FUNCTION certdata.load(
	source regclass, target regclass, partial boolean DEFAULT false,
	OUT rows bigint, OUT loaded bigint, OUT rejected bigint, OUT warnings bigint)
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_load';
COMMENT ON FUNCTION certdata.load(regclass, regclass, boolean) IS
'checks all rows of the source and inserts them into the target in canonical form; if rows are refused, none is loaded (23514, naming them), or with partial => true the others are. Needs SELECT on both and INSERT on the target; certdata.rejected() gives the refused rows';
REVOKE EXECUTE ON FUNCTION certdata.load(regclass, regclass, boolean) FROM PUBLIC;

CREATE FUNCTION certdata.rejected(
	source regclass, target regclass,
	OUT row_no bigint,
	OUT "姓名" text, OUT "证件类型" text, OUT "证件号码" text, OUT "所在单位" text,
	OUT "职业名称" text, OUT "工种名称" text, OUT "职业技能等级" text, OUT "证书编号" text,
	OUT "发证日期" text, OUT "评价机构" text, OUT "发证机构" text)
	RETURNS SETOF record
	LANGUAGE c STABLE STRICT PARALLEL UNSAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_rejected';
COMMENT ON FUNCTION certdata.rejected(regclass, regclass) IS
'the rows of the source that load() refuses for the target, unchanged, for mending; call it before load, since loaded numbers are taken';
REVOKE EXECUTE ON FUNCTION certdata.rejected(regclass, regclass) FROM PUBLIC;

CREATE FUNCTION certdata.check_new_rows() RETURNS trigger
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_check_new_rows';
COMMENT ON FUNCTION certdata.check_new_rows() IS
'trigger AFTER INSERT, or AFTER UPDATE, FOR EACH STATEMENT, REFERENCING NEW TABLE: all record rules on the new rows in one pass; refuses with 23514 and names the bad rows, warnings come as one WARNING';
-- Privileges.  Types and checks are for everyone; what changes settings is the
-- administrators', what loads or gives data back the officers'.

GRANT USAGE ON SCHEMA certdata TO PUBLIC;
GRANT SELECT ON certdata.report, certdata.rule, certdata.rule_setting, certdata.category,
	certdata.category_builtin, certdata.category_setting, certdata.level_letter TO PUBLIC;

GRANT INSERT, UPDATE, DELETE ON certdata.rule_setting, certdata.category_setting,
	certdata.level_letter, certdata.category TO certdata_admin;
GRANT UPDATE ON certdata.rule TO certdata_admin;

GRANT EXECUTE ON FUNCTION certdata.load(regclass, regclass, boolean) TO certdata_officer, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.rejected(regclass, regclass) TO certdata_officer, certdata_admin, certdata_auditor;
