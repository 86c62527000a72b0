-- What certdata.doctor() looks at, one function for each line: status (ok,
-- warning, error; NULL: no such line here), what was found, the command to type.
-- They run as the extension's owner, within doctor(), so they call nothing that
-- others wrote.  Whatever depends on the time takes it as an argument.

CREATE FUNCTION certdata.doctor_names(names text[]) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT NULLIF(array_to_string(names[:20], ', ') || CASE WHEN cardinality(names) > 20 THEN format(', … (%s)', cardinality(names)) ELSE '' END, '')
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_names(text[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_names(text[]) IS
'the first 20 of a list in one line, with the number of all if there are more';

CREATE FUNCTION certdata.doctor_commands(commands text[]) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT NULLIF(array_to_string(ARRAY(SELECT c FROM unnest(commands) WITH ORDINALITY AS u(c, o) WHERE c IS NOT NULL GROUP BY c ORDER BY min(o) LIMIT 20), ' '), '')
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_commands(text[]) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_commands(text[]) IS
'the first 20 different ones of a list of commands';

-- With the library preloaded most cures are refused without maintenance.
CREATE FUNCTION certdata.doctor_cure(commands text) RETURNS text
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN l.preloaded THEN format('SELECT certdata.open_maintenance(%L, ''1 hour''); ', certdata.words('原因', 'reason')) ELSE '' END || commands
		FROM certdata.library() AS l
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_cure(text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_cure(text) IS
'commands that need open maintenance, with the one that opens it before them if the library is preloaded';

-- Every table under guard: those attached and all their partitions.
CREATE FUNCTION certdata.doctor_guarded(OUT attachment uuid, OUT root regclass, OUT relation regclass, OUT leaf boolean) RETURNS SETOF record
	LANGUAGE sql STABLE ROWS 20
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT a.id, a.relation, t.relid, c.relkind <> 'p'
	FROM certdata.attachment AS a CROSS JOIN LATERAL certdata.tree_of(a.relation) AS t
	JOIN pg_class AS c ON c.oid = t.relid
	WHERE a.detached_at IS NULL
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_guarded() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_guarded() IS
'attached tables and their partitions, as far as they exist';

CREATE FUNCTION certdata.doctor_is_internal(relation regclass) RETURNS boolean
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = relation AND c.relnamespace = 'certdata'::regnamespace
		AND (c.relname ~ '^ledger' OR c.relname IN ('attachment', 'life', 'withdrawn', 'known_fault', 'attempt', 'maintenance')))
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_is_internal(regclass) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_is_internal(regclass) IS
'whether a table is one that the library alone writes';
