-- What a DBA asks at night: is everything as it should be, and if not, what is
-- in the way and what is to be done.  Each line is made by a function of its
-- own, certdata.doctor_<floor>_<name>(); one that fails says so in its line and
-- leaves the others alone.

CREATE FUNCTION certdata.doctor(OUT check_name text, OUT status text, OUT detail text, OUT advice text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM certdata.today();	-- loads the library, so that its settings are known
	FOREACH check_name IN ARRAY ARRAY['server.preload', 'server.version', 'server.starts', 'server.roles', 'server.publications',
			'server.subscriptions', 'server.log', 'server.temp_file_limit', 'check.calendar', 'guard.triggers', 'guard.events', 'guard.own', 'guard.tables',
			'guard.shape', 'guard.index', 'guard.rules', 'guard.row_security', 'guard.partitions', 'guard.personal', 'guard.validated',
			'guard.maintenance', 'guard.attempts', 'guard.lost', 'ledger.started', 'ledger.here', 'ledger.sealed', 'ledger.horizon',
			'ledger.key', 'ledger.sealer'] LOOP
		BEGIN
			EXECUTE format('SELECT d.status, d.detail, d.advice FROM certdata.%I() AS d', 'doctor_' || replace(check_name, '.', '_'))
				INTO status, detail, advice;
		EXCEPTION WHEN OTHERS THEN
			status := 'error';
			detail := format(certdata.words('无法检查：%s（%s）', 'this could not be looked at: %s (%s)'), SQLERRM, SQLSTATE);
			advice := NULL;
		END;
		IF status IS NOT NULL THEN
			RETURN NEXT;
		END IF;
	END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor() IS
'looks server, checks, guards and ledger over: for each line its status (ok, warning, error), what was found, and what to do, as a command where there is one (doc/doctor.md)';
