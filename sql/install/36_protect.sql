-- With the library preloaded: what is refused to everyone, superusers included
-- (src/guard/protect.h), leaves a row here although the transaction that tried
-- it rolls back; and how a DBA gets the leave to do it.

CREATE SEQUENCE certdata.attempt_id AS bigint;
COMMENT ON SEQUENCE certdata.attempt_id IS 'numbers of certdata.attempt';

-- attempt_writer.c knows the columns by their order.
CREATE TABLE certdata.attempt (
	id bigint PRIMARY KEY DEFAULT pg_catalog.nextval('certdata.attempt_id'),
	attempted_at timestamptz NOT NULL,
	outcome text NOT NULL CHECK (outcome IN ('refused', 'allowed', 'unguarded', 'lost')),
	kind text NOT NULL,
	object text,
	command text,
	session_user_name text,
	current_user_name text,
	address text,
	application_name text,
	pid integer,
	transaction xid8,
	maintenance bigint
);
CREATE INDEX attempt_attempted_at ON certdata.attempt USING brin (attempted_at);
COMMENT ON TABLE certdata.attempt IS
'what was tried against protected data, its guards and its ledger while the library was preloaded: written by a background worker, whatever became of the transaction';
COMMENT ON COLUMN certdata.attempt.attempted_at IS 'when it was tried';
COMMENT ON COLUMN certdata.attempt.outcome IS
'refused; allowed: maintenance was open (certdata.open_maintenance); unguarded: the server had run without the library; lost: more were refused at a time than could be kept, object says how many: the server log has them';
COMMENT ON COLUMN certdata.attempt.kind IS
'what it would have done: truncate, delete, drop, trigger, rule, column, constraint, index, owner, schema, persistence, row_security, partition, extension, catalog, ledger, setting, database, native_code, start';
COMMENT ON COLUMN certdata.attempt.object IS 'the object, by type and qualified name';
COMMENT ON COLUMN certdata.attempt.command IS 'the command''s tag, such as ALTER TABLE; not its text, which may hold personal data';
COMMENT ON COLUMN certdata.attempt.maintenance IS 'certdata.maintenance.id, of an attempt that was allowed';

SELECT pg_catalog.pg_extension_config_dump('certdata.attempt', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.attempt_id', '');

CREATE SEQUENCE certdata.maintenance_id AS bigint;
COMMENT ON SEQUENCE certdata.maintenance_id IS 'numbers of certdata.maintenance';

-- maintenance.c knows the columns by their order.
CREATE TABLE certdata.maintenance (
	id bigint PRIMARY KEY DEFAULT pg_catalog.nextval('certdata.maintenance_id'),
	role regrole NOT NULL,
	opened_at timestamptz NOT NULL,
	until timestamptz NOT NULL,
	reason text NOT NULL,
	closed_at timestamptz
);
COMMENT ON TABLE certdata.maintenance IS
'times in which a role may do what is refused otherwise (certdata.open_maintenance); not dumped, so that no leave is restored with the data: the ledger has its acts';
COMMENT ON COLUMN certdata.maintenance.role IS 'whose sessions may';
COMMENT ON COLUMN certdata.maintenance.closed_at IS 'by certdata.close_maintenance(); NULL: it ends at until';

CREATE FUNCTION certdata.open_maintenance(reason text, for_ interval) RETURNS timestamptz
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_open_maintenance';
REVOKE EXECUTE ON FUNCTION certdata.open_maintenance(text, interval) FROM PUBLIC;
COMMENT ON FUNCTION certdata.open_maintenance(text, interval) IS
'lets the sessions of the calling role do what the preloaded library refuses, for at most a day; returns until when. Itself recorded, as is all that happens under it. Needs a reason (QC010); 22023 if the time is not between a second and a day';

CREATE FUNCTION certdata.close_maintenance() RETURNS boolean
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_close_maintenance';
REVOKE EXECUTE ON FUNCTION certdata.close_maintenance() FROM PUBLIC;
COMMENT ON FUNCTION certdata.close_maintenance() IS
'ends what certdata.open_maintenance() has opened for the calling role; false if nothing was open';

CREATE FUNCTION certdata.maintenance_opened_as_owner(reason text, until timestamptz, role regrole, caller regrole) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
	INSERT INTO certdata.maintenance (role, opened_at, until, reason)
		VALUES ($3, clock_timestamp(), $2, $1) RETURNING id
$$;
REVOKE EXECUTE ON FUNCTION certdata.maintenance_opened_as_owner(text, timestamptz, regrole, regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.maintenance_opened_as_owner(text, timestamptz, regrole, regrole) IS
'the part of certdata.open_maintenance() that runs as the extension''s owner';

CREATE FUNCTION certdata.maintenance_closed_as_owner(role regrole, caller regrole) RETURNS bigint
	LANGUAGE sql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH closed AS (
		UPDATE certdata.maintenance AS m SET closed_at = clock_timestamp()
			WHERE m.role = $1 AND m.closed_at IS NULL AND m.until > clock_timestamp() RETURNING m.id)
	SELECT COALESCE(max(c.id), 0) FROM closed AS c
$$;
REVOKE EXECUTE ON FUNCTION certdata.maintenance_closed_as_owner(regrole, regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.maintenance_closed_as_owner(regrole, regrole) IS
'the part of certdata.close_maintenance() that runs as the extension''s owner; 0 if nothing was open';

CREATE FUNCTION certdata.library(OUT version text, OUT preloaded boolean, OUT lost bigint, OUT pending bigint) RETURNS record
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'certdata_library';
REVOKE EXECUTE ON FUNCTION certdata.library() FROM PUBLIC;
COMMENT ON FUNCTION certdata.library() IS
'the library that the server has loaded: its version, whether it is in shared_preload_libraries; since the server was started, how many attempts found no room to be kept for certdata.attempt, and how many wait to be written; NULL if not preloaded';

-- ---------------------------------------------------------------- tables dropped

-- Dropping an attached table is refused only if the library is preloaded.  If
-- it is not, or under maintenance, the attachment ends with the table, and the
-- ledger says so.
CREATE FUNCTION certdata.dropped_as_owner(relations oid[], caller regrole) RETURNS uuid[]
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	ids uuid[];
BEGIN
	WITH gone AS (
		-- another table may have that OID one day, in a restored database at once
		UPDATE certdata.attachment AS a SET relation = 0, detached_at = clock_timestamp(), detach_reason = 'dropped'
			WHERE a.relation::oid = ANY (relations) AND a.detached_at IS NULL RETURNING a.id)
	SELECT array_agg(g.id) INTO ids FROM gone AS g;
	RETURN ids;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.dropped_as_owner(oid[], regrole) FROM PUBLIC;
COMMENT ON FUNCTION certdata.dropped_as_owner(oid[], regrole) IS
'the part of certdata.guard_drops() that runs as the extension''s owner: ends the attachments of tables that are gone';

CREATE FUNCTION certdata.guard_drops() RETURNS event_trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_drops';
REVOKE EXECUTE ON FUNCTION certdata.guard_drops() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_drops() IS
'event trigger: ends the attachment of a table that was dropped, and records it (act drop)';

CREATE EVENT TRIGGER certdata_drops ON sql_drop EXECUTE FUNCTION certdata.guard_drops();
ALTER EVENT TRIGGER certdata_drops ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER certdata_drops IS
'ends the attachments of tables that are dropped, and records it';

-- Nor is DETACH PARTITION refused then.  The partition stays guarded, but its
-- table is without those rows.
CREATE FUNCTION certdata.guard_leaving() RETURNS event_trigger
	LANGUAGE c
	AS 'MODULE_PATHNAME', 'certdata_guard_leaving';
REVOKE EXECUTE ON FUNCTION certdata.guard_leaving() FROM PUBLIC;
COMMENT ON FUNCTION certdata.guard_leaving() IS
'event trigger: records that a partition of an attached table was detached (act partition)';

CREATE EVENT TRIGGER certdata_leaving ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION certdata.guard_leaving();
ALTER EVENT TRIGGER certdata_leaving ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER certdata_leaving IS
'records that partitions of attached tables are detached';
