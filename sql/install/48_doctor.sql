-- What a DBA asks at night: is everything as it should be, and if not, who is
-- in the way and what is to be done.

CREATE FUNCTION certdata.doctor(OUT check_name text, OUT status text, OUT detail text, OUT advice text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	zh boolean := current_setting('certdata.language') = 'zh'
		OR current_setting('certdata.language') = 'auto' AND current_setting('lc_messages') LIKE 'zh%';
	newest record;
	here boolean;
	horizon xid8;
	waiting bigint;
	oldest timestamptz;
	sealed_at timestamptz;
	holder record;
BEGIN
	-- is there a ledger, and is it ours
	check_name := 'ledger.started';
	SELECT i.* INTO newest FROM certdata.ledger_incarnation AS i ORDER BY i.id DESC LIMIT 1;
	IF newest.id IS NULL THEN
		status := 'warning';
		detail := CASE WHEN zh THEN '台账尚未启用，任何操作都不留记录' ELSE 'the ledger is not started: nothing is recorded' END;
		advice := 'SELECT certdata.start_ledger();';
		RETURN NEXT;
		RETURN;
	END IF;
	status := 'ok';
	SELECT CASE WHEN zh THEN format('摘要算法 %s，第 %s 次启用', l.algorithm, newest.id) ELSE format('digest %s, incarnation %s', l.algorithm, newest.id) END
		INTO detail FROM certdata.ledger AS l;
	advice := NULL;
	RETURN NEXT;

	check_name := 'ledger.here';
	here := newest.system_identifier = (SELECT c.system_identifier::text FROM pg_control_system() AS c)
		AND newest.database = (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database());
	status := CASE WHEN here THEN 'ok' ELSE 'error' END;
	detail := CASE WHEN here THEN NULL WHEN zh THEN '台账来自另一个集群或数据库，认领之前不接受任何改动'
		ELSE 'it came from another cluster or database: attached tables take no change until it is adopted' END;
	advice := CASE WHEN NOT here THEN CASE WHEN zh THEN 'SELECT certdata.adopt_ledger(''原因'');' ELSE 'SELECT certdata.adopt_ledger(''reason'');' END END;
	RETURN NEXT;

	-- what waits for a seal
	check_name := 'ledger.sealed';
	SELECT (a.detail ->> 'horizon')::xid8, a.recorded_at INTO horizon, sealed_at
		FROM certdata.ledger_head AS h JOIN certdata.ledger_act AS a ON a.id = h.act ORDER BY h.size DESC LIMIT 1;
	SELECT count(*), min(a.recorded_at) INTO waiting, oldest FROM certdata.ledger_act AS a
		WHERE a.incarnation = newest.id AND a.transaction >= COALESCE(horizon, '0'::xid8) AND a.kind <> 'seal'
			AND NOT EXISTS (SELECT FROM certdata.ledger_order AS o WHERE o.act = a.id);
	status := CASE WHEN oldest < clock_timestamp() - interval '1 day' THEN 'warning' ELSE 'ok' END;
	detail := CASE WHEN zh THEN format('待封账的操作 %s 项，上次封账 %s', waiting, COALESCE(sealed_at::text, '从未'))
		ELSE format('acts that wait for a seal: %s; last seal: %s', waiting, COALESCE(sealed_at::text, 'never')) END;
	advice := CASE WHEN status <> 'ok' THEN CASE WHEN zh THEN '定期 SELECT certdata.seal()（cron，或 certdata.seal_interval），并把 certdata.head() 保存在别处'
		ELSE 'SELECT certdata.seal() regularly (cron, or certdata.seal_interval), and keep certdata.head() elsewhere' END END;
	RETURN NEXT;

	-- who holds the horizon back: acts of transactions from the oldest one in progress on are not sealed
	check_name := 'ledger.horizon';
	SELECT h.* INTO holder FROM (
		SELECT s.backend_xid AS xid, s.xact_start AS since,
			format('pid %s, user %s, database %s, application %s, %s', s.pid, s.usename, s.datname, quote_literal(s.application_name), s.state) AS who,
			format('SELECT pg_terminate_backend(%s);', s.pid) AS way_out
		FROM pg_stat_activity AS s WHERE s.backend_xid IS NOT NULL AND s.pid <> pg_backend_pid()
		UNION ALL
		SELECT p.transaction, p.prepared, format('prepared transaction %s, user %s, database %s', quote_literal(p.gid), p.owner, p.database),
			format('COMMIT PREPARED %L; or ROLLBACK PREPARED %L;', p.gid, p.gid)
		FROM pg_prepared_xacts AS p) AS h
		ORDER BY age(h.xid) DESC, h.since LIMIT 1;
	status := CASE WHEN holder.since < clock_timestamp() - interval '1 hour' THEN 'warning' ELSE 'ok' END;
	detail := CASE WHEN holder.since IS NULL THEN CASE WHEN zh THEN '没有未结束的事务阻碍封账' ELSE 'no transaction in progress holds the seal back' END
		WHEN zh THEN format('自 %s 起未结束的事务阻碍其后操作的封账：%s', holder.since, holder.who)
		ELSE format('what was recorded since %s waits for this transaction: %s', holder.since, holder.who) END;
	advice := CASE WHEN status <> 'ok' THEN holder.way_out END;
	RETURN NEXT;

	-- signatures
	check_name := 'ledger.key';
	BEGIN
		PERFORM certdata.head();
		status := CASE WHEN current_setting('certdata.signing_key_file') = '' THEN 'warning' ELSE 'ok' END;
		detail := CASE WHEN status = 'ok' THEN NULL WHEN zh THEN '树头没有签名' ELSE 'heads are not signed' END;
		advice := CASE WHEN status <> 'ok' THEN CASE WHEN zh THEN '设置 certdata.signing_key_file，或在别处对 certdata.head() 的文本签名'
			ELSE 'set certdata.signing_key_file, or sign the text of certdata.head() elsewhere' END END;
	EXCEPTION WHEN SQLSTATE 'QC024' OR SQLSTATE 'QC023' THEN
		status := 'error';
		detail := SQLERRM;
		advice := CASE WHEN zh THEN '见 doc/errors.md' ELSE 'see doc/errors.md' END;
	END;
	RETURN NEXT;

	-- the background sealer
	IF current_setting('certdata.seal_interval')::interval > interval '0' THEN
		check_name := 'ledger.sealer';
		status := CASE WHEN EXISTS (SELECT FROM pg_stat_activity AS s
			WHERE s.backend_type = 'certdata sealer' AND s.datname = current_database()) THEN 'ok' ELSE 'error' END;
		detail := CASE WHEN status <> 'ok' THEN CASE WHEN zh THEN '设置了 certdata.seal_interval，但本数据库没有后台封账进程'
			ELSE 'certdata.seal_interval is set, but no background sealer runs for this database' END END;
		advice := CASE WHEN status <> 'ok' THEN CASE WHEN zh THEN '在 shared_preload_libraries 中加入 certdata，在 certdata.seal_databases 中写入本数据库，然后重启'
			ELSE 'add certdata to shared_preload_libraries and this database to certdata.seal_databases, and restart' END END;
		RETURN NEXT;
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor() IS
'looks the ledger over: for each check its status (ok, warning, error), what was found, and what to do: started, at home here, sealed, who holds the seal back, signed, sealed in the background';
