-- The ledger: who changed what, when and why (第十三条), and a hash tree over it
-- by which outsiders find out whether anything was altered.
--
-- The library writes these tables; nobody else has a privilege to.  Columns are
-- known to it by their order.  What every byte means: doc/ledger.md.

CREATE SEQUENCE certdata.ledger_act_id AS bigint;
COMMENT ON SEQUENCE certdata.ledger_act_id IS
'numbers of acts and statements: drawn when a statement begins, so that a statement that a trigger runs has a larger one';

CREATE SEQUENCE certdata.ledger_shape_id AS integer;
COMMENT ON SEQUENCE certdata.ledger_shape_id IS 'numbers of certdata.ledger_shape';

CREATE TABLE certdata.ledger (
	id uuid PRIMARY KEY,
	algorithm text NOT NULL CHECK (algorithm IN ('sha256', 'sm3')),
	act bigint NOT NULL
);
COMMENT ON TABLE certdata.ledger IS
'the ledger, once it is started: one row (certdata.start_ledger)';
COMMENT ON COLUMN certdata.ledger.act IS 'act that recorded this row';

CREATE TABLE certdata.ledger_incarnation (
	id integer PRIMARY KEY,
	system_identifier text NOT NULL,
	database text NOT NULL,
	act bigint NOT NULL
);
COMMENT ON TABLE certdata.ledger_incarnation IS
'the clusters and databases that the ledger has been in: transaction numbers mean something within one only (certdata.adopt_ledger)';
COMMENT ON COLUMN certdata.ledger_incarnation.database IS 'OID of the database';

CREATE TABLE certdata.ledger_shape (
	id integer PRIMARY KEY,
	attachment uuid NOT NULL,
	registry uuid NOT NULL,
	columns jsonb NOT NULL,
	act bigint NOT NULL
);
CREATE INDEX ledger_shape_attachment ON certdata.ledger_shape (attachment);
COMMENT ON TABLE certdata.ledger_shape IS
'what the fields of an attached table were kept in when acts were recorded: columns, types, codes, constants';

CREATE TABLE certdata.ledger_act (
	id bigint NOT NULL,
	incarnation integer NOT NULL,
	transaction xid8 NOT NULL,
	statement_id bigint NOT NULL,
	kind text NOT NULL,
	attachment uuid,
	shape integer NOT NULL,
	entries bigint NOT NULL,
	recorded_at timestamptz NOT NULL,
	session_user_name text NOT NULL,
	current_user_name text NOT NULL,
	address text,
	application_name text,
	actor text,
	actor_org text,
	reason text,
	approval text,
	exception text,
	detail jsonb,
	PRIMARY KEY (id)
);
CREATE INDEX ledger_act_transaction ON certdata.ledger_act (incarnation, transaction);
COMMENT ON TABLE certdata.ledger_act IS
'one row for each act: what one statement did to one attached table, or one call';
COMMENT ON COLUMN certdata.ledger_act.statement_id IS
'the same for the acts of one statement (INSERT ... ON CONFLICT DO UPDATE, MERGE)';
COMMENT ON COLUMN certdata.ledger_act.shape IS 'certdata.ledger_shape, 0: none';
COMMENT ON COLUMN certdata.ledger_act.entries IS 'how many rows of certdata.ledger_entry it has';
COMMENT ON COLUMN certdata.ledger_act.session_user_name IS 'observed: who logged in';
COMMENT ON COLUMN certdata.ledger_act.current_user_name IS 'observed: as whom the statement ran';
COMMENT ON COLUMN certdata.ledger_act.address IS 'observed: where the client is; NULL: a local one';
COMMENT ON COLUMN certdata.ledger_act.application_name IS 'claimed, as are actor, actor_org, reason, approval, exception';

CREATE TABLE certdata.ledger_entry (
	act bigint NOT NULL,
	n integer NOT NULL,
	shape integer NOT NULL,
	cert_no certdata.certno,
	life_seq integer NOT NULL,
	state smallint NOT NULL,
	changed smallint NOT NULL,
	previous bytea,
	salts bytea,
	commitments bytea,
	old_values jsonb
);
-- n % 32 = 1: the first of each group of 32; the others lie behind it, except for what was erased
CREATE INDEX ledger_entry_act ON certdata.ledger_entry (act, n)
	WHERE n % 32 = 1 OR 2 * octet_length(salts) <> octet_length(commitments);
CREATE INDEX ledger_entry_act_range ON certdata.ledger_entry USING brin (act);
CREATE INDEX ledger_entry_cert_no ON certdata.ledger_entry (cert_no, life_seq) WHERE cert_no IS NOT NULL;
ALTER TABLE certdata.ledger_entry REPLICA IDENTITY FULL;	-- no primary key
COMMENT ON TABLE certdata.ledger_entry IS
'one row for each record that an act concerns';
COMMENT ON INDEX certdata.ledger_entry_act IS
'where entries of an act begin: the first of each 32, behind which the others lie, and what was erased, which lies elsewhere';
COMMENT ON INDEX certdata.ledger_entry_act_range IS
'for queries by act';
COMMENT ON COLUMN certdata.ledger_entry.n IS 'place within the act, from 1';
COMMENT ON COLUMN certdata.ledger_entry.life_seq IS
'place in the life of the certificate, from 1; 0: no certificate''s';
COMMENT ON COLUMN certdata.ledger_entry.state IS
'of the certificate after the act: 1 姓名 corrected, 2 证件号码 corrected, 4 published, 8 suspended, 16 retired, 32 withdrawn, 64 goes by another number now';
COMMENT ON COLUMN certdata.ledger_entry.changed IS
'fields that changed: bit 0 for 姓名 to bit 10 for 发证机构';
COMMENT ON COLUMN certdata.ledger_entry.previous IS
'digest of the entry before in the certificate''s life, and so of the image that this one replaces';
COMMENT ON COLUMN certdata.ledger_entry.salts IS
'16 random bytes for each commitment; 32 bytes: the digest of what was erased';
COMMENT ON COLUMN certdata.ledger_entry.commitments IS
'digests of salt and value: of 姓名, of the document, of the other fields, if the act makes an image; then of old_values, if there are';
COMMENT ON COLUMN certdata.ledger_entry.old_values IS
'what was before, of fields that change; of settings old and new rows';

CREATE TABLE certdata.ledger_order (
	first_leaf bigint PRIMARY KEY,
	act bigint NOT NULL UNIQUE
);
COMMENT ON TABLE certdata.ledger_order IS
'the order of sealed acts in the tree: an act''s own leaf, then those of its entries';

CREATE TABLE certdata.ledger_tile (
	level smallint NOT NULL,
	number bigint NOT NULL,
	hashes bytea NOT NULL,
	PRIMARY KEY (level, number)
);
ALTER TABLE certdata.ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE certdata.ledger_tile IS
'hashes of the tree, up to 256 to a tile: of leaves at level 0, of full tiles of the level below at the others';

CREATE TABLE certdata.ledger_head (
	size bigint PRIMARY KEY,
	root bytea NOT NULL,
	act bigint NOT NULL
);
COMMENT ON TABLE certdata.ledger_head IS
'heads of the tree: how many leaves, and their root; act: the seal itself, which is the last leaf';


SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_act_id', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_shape_id', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_incarnation', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_shape', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_act', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_entry', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_order', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_tile', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.ledger_head', '');

-- ---------------------------------------------------------------- start and adopt

CREATE FUNCTION certdata.start_ledger(algorithm text DEFAULT 'sha256') RETURNS uuid
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'certdata_start_ledger';
REVOKE EXECUTE ON FUNCTION certdata.start_ledger(text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.start_ledger(text) IS
'starts the ledger (第十三条), with digest sha256 or sm3, for good; the first certdata.attach() starts one with sha256. Waits for what runs on attached tables. Returns the ledger''s id, also if it is started already; 55000 if that is with another digest, 22023 for another name';

CREATE FUNCTION certdata.adopt_ledger(reason text) RETURNS integer
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'certdata_adopt_ledger';
REVOKE EXECUTE ON FUNCTION certdata.adopt_ledger(text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.adopt_ledger(text) IS
'lets a ledger go on in the database it was restored, copied or upgraded into; before that, attached tables take no change (QC021). Returns the number of the incarnation; QC010 without a reason, QC020 if there is no ledger';
