-- doctor(): the ledger.  Without one there is only the line that says so.

CREATE FUNCTION certdata.doctor_ledger_started(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN i.id IS NULL THEN 'warning' ELSE 'ok' END,
		CASE WHEN i.id IS NULL THEN certdata.words('台账尚未启用，任何操作都不留记录', 'the ledger is not started: nothing is recorded')
			ELSE format(certdata.words('摘要算法 %s，第 %s 次启用', 'digest %s, incarnation %s'), i.algorithm, i.id) END,
		CASE WHEN i.id IS NULL THEN 'SELECT certdata.start_ledger();' END
		FROM (SELECT max(n.id) AS id, max(l.algorithm) AS algorithm FROM certdata.ledger_incarnation AS n, certdata.ledger AS l) AS i
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_ledger_started() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_ledger_started() IS 'doctor(): is there a ledger';

CREATE FUNCTION certdata.doctor_ledger_here(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN h.here THEN 'ok' ELSE 'error' END,
		CASE WHEN NOT h.here THEN certdata.words('台账来自另一个集群或数据库，认领之前不接受任何改动',
			'it came from another cluster or database: attached tables take no change until it is adopted') END,
		CASE WHEN NOT h.here THEN certdata.words('SELECT certdata.adopt_ledger(''原因'');', 'SELECT certdata.adopt_ledger(''reason'');') END
		FROM (SELECT i.system_identifier = (SELECT c.system_identifier::text FROM pg_control_system() AS c)
				AND i.database = (SELECT d.oid::text FROM pg_database AS d WHERE d.datname = current_database()) AS here
			FROM certdata.ledger_incarnation AS i ORDER BY i.id DESC LIMIT 1) AS h
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_ledger_here() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_ledger_here() IS
'doctor(): is the ledger of this cluster and database';

CREATE FUNCTION certdata.doctor_ledger_sealed(now timestamptz DEFAULT clock_timestamp(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	newest int := (SELECT max(i.id) FROM certdata.ledger_incarnation AS i);
	horizon xid8;
	waiting bigint;
	oldest timestamptz;
	sealed_at timestamptz;
BEGIN
	IF newest IS NULL THEN
		RETURN;
	END IF;
	SELECT (a.detail ->> 'horizon')::xid8, a.recorded_at INTO horizon, sealed_at
		FROM certdata.ledger_head AS h JOIN certdata.ledger_act AS a ON a.id = h.act ORDER BY h.size DESC LIMIT 1;
	SELECT count(*), min(a.recorded_at) INTO waiting, oldest FROM certdata.ledger_act AS a
		WHERE a.incarnation = newest AND a.transaction >= COALESCE(horizon, '0'::xid8) AND a.kind <> 'seal'
			AND NOT EXISTS (SELECT FROM certdata.ledger_order AS o WHERE o.act = a.id);
	status := CASE WHEN oldest < now - interval '1 day' THEN 'warning' ELSE 'ok' END;
	detail := format(certdata.words('待封账的操作 %s 项，上次封账 %s', 'acts that wait for a seal: %s; last seal: %s'),
		waiting, COALESCE(sealed_at::text, certdata.words('从未', 'never')));
	advice := CASE WHEN status <> 'ok' THEN certdata.words('定期 SELECT certdata.seal()（cron，或 certdata.seal_interval），并把 certdata.head() 保存在别处',
		'SELECT certdata.seal() regularly (cron, or certdata.seal_interval), and keep certdata.head() elsewhere') END;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_ledger_sealed(timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_ledger_sealed(timestamptz) IS 'doctor(): what waits for a seal';

-- Acts of transactions from the oldest one in progress on are not sealed.
CREATE FUNCTION certdata.doctor_ledger_horizon(now timestamptz DEFAULT clock_timestamp(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	holder record;
BEGIN
	IF NOT EXISTS (SELECT FROM certdata.ledger_incarnation) THEN
		RETURN;
	END IF;
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
	status := CASE WHEN holder.since < now - interval '1 hour' THEN 'warning' ELSE 'ok' END;
	detail := CASE WHEN holder.since IS NULL THEN certdata.words('没有未结束的事务阻碍封账', 'no transaction in progress holds the seal back')
		ELSE format(certdata.words('自 %s 起未结束的事务阻碍其后操作的封账：%s', 'what was recorded since %s waits for this transaction: %s'), holder.since, holder.who) END;
	advice := CASE WHEN status <> 'ok' THEN holder.way_out END;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_ledger_horizon(timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_ledger_horizon(timestamptz) IS 'doctor(): who holds the seal back';

CREATE FUNCTION certdata.doctor_ledger_key(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM certdata.ledger_incarnation) THEN
		RETURN;
	END IF;
	status := CASE WHEN current_setting('certdata.signing_key_file') = '' OR certdata.head() IS NULL THEN 'warning' ELSE 'ok' END;
	IF status = 'ok' THEN
		RETURN;
	END IF;
	IF current_setting('certdata.signing_key_file') = '' THEN
		PERFORM certdata.head();	-- QC023: it can be neither signed nor trusted
		detail := certdata.words('树头没有签名', 'heads are not signed');
		advice := certdata.words('在 postgresql.conf 中设置 certdata.signing_key_file 并重新加载，或在别处对 certdata.head() 的文本签名',
			'set certdata.signing_key_file in postgresql.conf and reload, or sign the text of certdata.head() elsewhere');
	ELSE
		detail := certdata.words('尚未封账，密钥还没有用过', 'nothing is sealed yet, so the key has not been tried');
		advice := 'SELECT certdata.seal();';
	END IF;
EXCEPTION WHEN SQLSTATE 'QC024' OR SQLSTATE 'QC023' THEN
	status := 'error';
	detail := SQLERRM;
	advice := certdata.words('见 doc/errors.md', 'see doc/errors.md');
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_ledger_key() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_ledger_key() IS 'doctor(): are heads signed, can the key be used';

CREATE FUNCTION certdata.doctor_ledger_sealer(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF current_setting('certdata.seal_interval')::interval = interval '0' OR NOT EXISTS (SELECT FROM certdata.ledger_incarnation) THEN
		RETURN;
	END IF;
	status := CASE WHEN EXISTS (SELECT FROM pg_stat_activity AS s
		WHERE s.backend_type = 'certdata sealer' AND s.datname = current_database()) THEN 'ok' ELSE 'error' END;
	IF status <> 'ok' THEN
		detail := certdata.words('设置了 certdata.seal_interval，但本数据库没有后台封账进程',
			'certdata.seal_interval is set, but no background sealer runs for this database');
		advice := certdata.words('在 shared_preload_libraries 中加入 certdata，在 certdata.seal_databases 中写入本数据库，然后重启',
			'add certdata to shared_preload_libraries and this database to certdata.seal_databases, and restart');
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_ledger_sealer() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_ledger_sealer() IS 'doctor(): does the background sealer run, if it should';
