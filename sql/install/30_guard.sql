-- The guard floor: attachments, the life of certificates, and the triggers
-- that see every change of an attached table.

-- ---------------------------------------------------------------- attachments

CREATE TABLE certdata.attachment (
	id uuid PRIMARY KEY,
	relation regclass NOT NULL,
	registry uuid NOT NULL,
	register text CHECK (register <> ''),
	columns name[] NOT NULL,
	fields jsonb NOT NULL,
	state_column name,
	publication text NOT NULL CHECK (publication IN ('always', 'by_call')),
	require_actor boolean NOT NULL,
	approver regrole,
	profile text NOT NULL CHECK (profile IN ('hebei-2022', 'competition')),
	existing text NOT NULL CHECK (existing IN ('refuse', 'record')),
	validated boolean NOT NULL,
	attached_at timestamptz NOT NULL,
	attached_by text NOT NULL,
	detached_at timestamptz,
	detach_reason text,
	again boolean NOT NULL DEFAULT false,
	CHECK ((detached_at IS NULL) = (detach_reason IS NULL))
);
COMMENT ON TABLE certdata.attachment IS
'tables that certdata guards, and those it did (detached_at); written by certdata.attach() and detach() only';
COMMENT ON COLUMN certdata.attachment.id IS
'also the argument of the table''s triggers, by which they find this row; a table attached again keeps it';
COMMENT ON COLUMN certdata.attachment.relation IS
'the table; -: it was dropped, its name is in the ledger (act drop)';
COMMENT ON COLUMN certdata.attachment.registry IS
'under which certdata.life knows the table''s numbers: the id of the first attachment of the same register';
COMMENT ON COLUMN certdata.attachment.register IS
'tables that share a register share its numbers: each is used once in all of them';
COMMENT ON COLUMN certdata.attachment.columns IS
'the mapped columns by their names when the table was attached, in the order of the trigger certdata_columns; what they are called today is in certdata.attached_column';
COMMENT ON COLUMN certdata.attachment.fields IS
'for each header of Annex 1 its column (one of columns), with a map from codes to texts if it has one, or the constant that all rows have';
COMMENT ON COLUMN certdata.attachment.state_column IS
'column in which certdata shows suspended, retired, withdrawn';
COMMENT ON COLUMN certdata.attachment.publication IS
'always: in the national query system from INSERT on; by_call: from certdata.publish() on (第十四条, 第十五条)';
COMMENT ON COLUMN certdata.attachment.approver IS
'role whose members approve corrections and deletions (第十四条, 第十五条); NULL: whoever changes the row';
COMMENT ON COLUMN certdata.attachment.profile IS
'hebei-2022: all rules; competition (第二十六条): those of format, not those of filings, scope and periods';
COMMENT ON COLUMN certdata.attachment.again IS
'the table was attached before, and detached: numbers may have come and gone in between';
COMMENT ON COLUMN certdata.attachment.validated IS
'the rows that were there before have been looked at (certdata.validate)';

CREATE INDEX attachment_relation ON certdata.attachment (relation);

CREATE FUNCTION certdata.attachment_changed() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_attachment_changed';
REVOKE EXECUTE ON FUNCTION certdata.attachment_changed() FROM PUBLIC;
COMMENT ON FUNCTION certdata.attachment_changed() IS
'trigger of certdata.attachment: tells all sessions';

CREATE TRIGGER attachment_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON certdata.attachment
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.attachment_changed();
ALTER TABLE certdata.attachment ENABLE ALWAYS TRIGGER attachment_changed;

-- ---------------------------------------------------------------- life

-- life.c knows the columns by their order.
CREATE TABLE certdata.life (
	registry uuid NOT NULL,
	cert_no certdata.certno NOT NULL,
	attachment uuid NOT NULL,
	name_used boolean NOT NULL DEFAULT false,
	document_used boolean NOT NULL DEFAULT false,
	published boolean NOT NULL DEFAULT false,
	suspended boolean NOT NULL DEFAULT false,
	retired boolean NOT NULL DEFAULT false,
	reserved boolean NOT NULL DEFAULT false,
	name_used_in xid8,
	document_used_in xid8,
	replaced_by certdata.certno,
	renumbered_to certdata.certno,
	PRIMARY KEY (cert_no, registry)	-- the number tells most rows apart at the first comparison
);
CREATE INDEX life_reserved ON certdata.life (registry) WHERE reserved;
COMMENT ON TABLE certdata.life IS
'what became of certificates: a row for each number of which there is something to know (in a shared register, for each number)';
COMMENT ON COLUMN certdata.life.registry IS 'certdata.attachment.registry';
COMMENT ON COLUMN certdata.life.name_used IS
'姓名 was corrected (第十四条: 只能更改其中的一项) before there was a ledger, or by certdata.item_span = request; else certdata.ledger_entry.state tells';
COMMENT ON COLUMN certdata.life.document_used IS
'证件号码 was corrected (第十四条) before there was a ledger, or by certdata.item_span = request; else certdata.ledger_entry.state tells';
COMMENT ON COLUMN certdata.life.published IS 'by certdata.publish()';
COMMENT ON COLUMN certdata.life.suspended IS '暂停查询 (第十七条)';
COMMENT ON COLUMN certdata.life.retired IS 'logically deleted (第十五条)';
COMMENT ON COLUMN certdata.life.reserved IS 'a former number: no certificate has it, none will';
COMMENT ON COLUMN certdata.life.name_used_in IS
'transaction that last corrected 姓名, for certdata.item_span = request';
COMMENT ON COLUMN certdata.life.document_used_in IS
'transaction that last corrected 证件号码, for certdata.item_span = request';
COMMENT ON COLUMN certdata.life.replaced_by IS 'certificate issued in place of a retired one';
COMMENT ON COLUMN certdata.life.renumbered_to IS 'the number that took the place of this one';

CREATE TABLE certdata.withdrawn (
	attachment uuid NOT NULL,
	cert_no certdata.certno NOT NULL,
	reason text NOT NULL,
	withdrawn_at timestamptz NOT NULL,
	withdrawn_by text NOT NULL
);
CREATE INDEX withdrawn_cert_no ON certdata.withdrawn (attachment, cert_no);
COMMENT ON TABLE certdata.withdrawn IS
'numbers that certdata.withdraw() took from rows returned for mending (第十一条)';

CREATE TABLE certdata.known_fault (
	attachment uuid NOT NULL,
	cert_no text,
	field text NOT NULL,
	rule text NOT NULL,
	severity text NOT NULL
);
CREATE INDEX known_fault_attachment ON certdata.known_fault (attachment);
COMMENT ON TABLE certdata.known_fault IS
'faults that rows had when their table was attached with existing => ''record''';

ALTER TABLE certdata.withdrawn REPLICA IDENTITY FULL;
ALTER TABLE certdata.known_fault REPLICA IDENTITY FULL;

SELECT pg_catalog.pg_extension_config_dump('certdata.attachment', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.life', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.withdrawn', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.known_fault', '');

-- ---------------------------------------------------------------- triggers

CREATE FUNCTION certdata.guard_begin() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_begin';
REVOKE EXECUTE ON FUNCTION certdata.guard_begin() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_begin() IS
'trigger of attached tables: announces a statement to those that follow';

CREATE FUNCTION certdata.guard_columns() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_columns';
REVOKE EXECUTE ON FUNCTION certdata.guard_columns() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_columns() IS
'trigger of attached tables: does nothing; its column list is the mapping, which the server keeps right when columns are renamed, dropped, dumped';

CREATE FUNCTION certdata.guard_insert() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_insert';
REVOKE EXECUTE ON FUNCTION certdata.guard_insert() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_insert() IS
'trigger of attached tables: judges new rows by all rules; 23514, and 23505 for numbers that were used before';

CREATE FUNCTION certdata.guard_update() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_update';
REVOKE EXECUTE ON FUNCTION certdata.guard_update() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_update() IS
'trigger of attached tables: lets lawful corrections pass (第十四条); QC010 without reason or approval, QC011 for a second item, QC013 for a new number, QC014 if rows vanish, QC015 for retired certificates, 23514 for faults';

CREATE FUNCTION certdata.guard_delete() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_delete';
REVOKE EXECUTE ON FUNCTION certdata.guard_delete() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_delete() IS
'trigger of attached tables: refuses that rows are deleted (第十五条; QC014)';

CREATE FUNCTION certdata.guard_truncate() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_truncate';
REVOKE EXECUTE ON FUNCTION certdata.guard_truncate() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_truncate() IS
'trigger of attached tables: refuses TRUNCATE (第十五条; QC014)';

CREATE FUNCTION certdata.guard_apply() RETURNS trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_apply';
REVOKE EXECUTE ON FUNCTION certdata.guard_apply() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_apply() IS
'row trigger of attached tables for changes that no statement announced, those of logical replication: as certdata.on_apply says; deletion is refused (QC014)';
