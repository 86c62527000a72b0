-- doctor(): the server, its settings and its roles.

-- ---------------------------------------------------------------- the library

-- What the server has been told to preload, whether or not it was started since.
CREATE FUNCTION certdata.doctor_preload_setting(OUT listed boolean, OUT command text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH setting AS (
		SELECT COALESCE((SELECT f.setting FROM pg_file_settings AS f WHERE f.name = 'shared_preload_libraries' ORDER BY f.seqno DESC LIMIT 1),
			current_setting('shared_preload_libraries')) AS value),
	library AS (
		SELECT btrim(l.name, ' "') AS name, l.ord FROM setting AS s, regexp_split_to_table(s.value, ',') WITH ORDINALITY AS l(name, ord)
			WHERE btrim(l.name, ' "') <> '')
	SELECT COALESCE(bool_or(name ~ '(^|/)certdata$'), false),
		format('ALTER SYSTEM SET shared_preload_libraries = %s;', array_to_string(array_agg(quote_literal(name) ORDER BY ord) || quote_literal('certdata'), ', '))
		FROM library
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_preload_setting() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_preload_setting() IS
'whether the configuration files preload the library, and the command that makes them';

CREATE FUNCTION certdata.doctor_server_preload(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	setting record;
BEGIN
	SELECT * INTO setting FROM certdata.doctor_preload_setting();
	status := CASE WHEN (SELECT l.preloaded FROM certdata.library() AS l) THEN 'ok' ELSE 'error' END;
	IF status = 'ok' THEN
		RETURN;
	END IF;
	detail := certdata.words('未预加载：DDL、超级用户对目录和台账表的语句既不拒绝，也不记入 certdata.attempt；没有后台封账',
		'the library is not preloaded: DDL, and what superusers do to catalogs and to the ledger''s tables, is neither refused nor written to certdata.attempt; nothing seals in the background');
	advice := concat_ws(' ', CASE WHEN NOT setting.listed THEN setting.command END, certdata.words('重启服务器', 'restart the server'));
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_preload() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_preload() IS 'doctor(): is the library preloaded';

-- available: NULL where the server does not tell (pg_available_extensions looks
-- into its own directory only, up to 17)
CREATE FUNCTION certdata.doctor_versions(library text, installed text, available text, OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	older boolean := ARRAY(SELECT m[1]::int FROM regexp_matches(installed, '[0-9]+', 'g') AS m) < ARRAY(SELECT m[1]::int FROM regexp_matches(library, '[0-9]+', 'g') AS m);
	restart boolean := library <> COALESCE(available, library);
BEGIN
	status := CASE WHEN restart AND library <> installed THEN 'error' WHEN restart OR older THEN 'warning' WHEN library = installed THEN 'ok' ELSE 'error' END;
	detail := format(certdata.words('程序库 %s，本数据库的扩展 %s', 'library %s, extension in this database %s'), library, installed) ||
		CASE WHEN restart THEN format(certdata.words('，服务器上已安装 %s', ', installed on this server %s'), available) ELSE '' END;
	advice := CASE WHEN status = 'ok' THEN NULL
		WHEN restart THEN certdata.words('重启服务器', 'restart the server') ||
			CASE WHEN installed <> available THEN certdata.words('，然后 ', ', then ') || 'ALTER EXTENSION certdata UPDATE;' ELSE '' END
		WHEN older THEN 'ALTER EXTENSION certdata UPDATE;'
		ELSE format(certdata.words('安装 certdata %s 并重启服务器', 'install certdata %s and restart the server'), installed) END;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_versions(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_versions(text, text, text) IS
'what is to be said of the versions of the loaded library, of the extension''s objects, and of what is installed';

CREATE FUNCTION certdata.doctor_server_version(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT v.* FROM certdata.library() AS l
		JOIN pg_extension AS e ON e.extname = 'certdata'
		LEFT JOIN pg_available_extensions AS a ON a.name = 'certdata',
		certdata.doctor_versions(l.version, e.extversion, a.default_version) AS v
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_version() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_version() IS
'doctor(): are library, SQL objects and what is installed of one version';

CREATE FUNCTION certdata.doctor_server_starts(now timestamptz DEFAULT clock_timestamp(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		CASE WHEN count(*) > 0 THEN format(certdata.words('近 30 天内 %s 次未预加载而运行，最近一次：%s（%s 发现）',
			'times that the server ran without the library in the last 30 days: %s, the last one: %s (found %s)'),
			count(*), (array_agg(a.object ORDER BY a.attempted_at DESC))[1], max(a.attempted_at)) END,
		CASE WHEN count(*) > 0 THEN 'SELECT * FROM certdata.verify_ledger();' END
		FROM certdata.attempt AS a
		WHERE a.kind = 'start' AND a.outcome = 'unguarded' AND a.attempted_at > now - interval '30 days'
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_starts(timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_starts(timestamptz) IS
'doctor(): did the server run without the library';

-- ---------------------------------------------------------------- roles

-- As whom a role may act counts, not what it inherits: SET ROLE is one statement.
CREATE FUNCTION certdata.doctor_powers(role oid) RETURNS text[]
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN r.rolsuper THEN ARRAY['superuser'] ELSE ARRAY(
		SELECT p.power FROM pg_roles AS g
			CROSS JOIN LATERAL (VALUES
				(1, 'superuser', g.rolsuper),
				(2, g.rolname, g.rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files')),
				(3, 'REPLICATION', g.rolreplication),
				(4, 'BYPASSRLS', g.rolbypassrls),
				-- up to 15 it makes members of the roles above
				(5, 'CREATEROLE', g.rolcreaterole AND current_setting('server_version_num')::int < 160000)) AS p(ord, power, has)
			WHERE p.has AND pg_has_role(r.oid, g.oid, 'MEMBER')
			GROUP BY p.ord, p.power ORDER BY p.ord, p.power) END
	FROM pg_roles AS r WHERE r.oid = role
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_powers(oid) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_powers(oid) IS
'by what a role could get round the guards: its attributes and memberships, direct or not';

CREATE FUNCTION certdata.doctor_server_roles(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH found AS (
		SELECT 1 AS ord, r.rolname AS name, format('%I (%s)', r.rolname, array_to_string(p.powers, ', ')) AS what, NULL::text AS cure
			FROM pg_roles AS r CROSS JOIN LATERAL certdata.doctor_powers(r.oid) AS p(powers)
			WHERE r.rolcanlogin AND r.oid <> 10 AND p.powers <> '{}'
		UNION ALL
		SELECT 2, g.name, format('%s (open_maintenance)', g.name), format('REVOKE EXECUTE ON FUNCTION certdata.open_maintenance FROM %s;', g.name)
			FROM pg_proc AS p, aclexplode(p.proacl) AS x,
				LATERAL (SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS name) AS g
			WHERE p.pronamespace = 'certdata'::regnamespace AND p.proname = 'open_maintenance' AND x.grantee <> p.proowner)
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.words('可绕过保护的角色：', 'roles that could get round the guards: ') || certdata.doctor_names(array_agg(f.what ORDER BY f.ord, f.name)),
		CASE WHEN count(*) > 0 THEN concat_ws(' ', certdata.doctor_commands(array_agg(f.cure ORDER BY f.name)),
			CASE WHEN bool_or(f.ord = 1) THEN certdata.words('收回不需要的权限：ALTER ROLE … NOSUPERUSER NOREPLICATION NOBYPASSRLS; REVOKE … FROM …; 或 ALTER ROLE … NOLOGIN;',
				'take from them what they do not need: ALTER ROLE … NOSUPERUSER NOREPLICATION NOBYPASSRLS; REVOKE … FROM …; or ALTER ROLE … NOLOGIN;') END) END
		FROM found AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_roles() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_roles() IS
'doctor(): roles other than the cluster''s first superuser that could get round the guards';

-- ---------------------------------------------------------------- replication

CREATE FUNCTION certdata.doctor_server_publications(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH published AS (
		SELECT p.pubname, p.pubupdate, to_regclass(format('%I.%I', t.schemaname, t.tablename)) AS relation
			FROM pg_publication AS p JOIN pg_publication_tables AS t USING (pubname)),
	updated AS MATERIALIZED (
		SELECT DISTINCT t.relid FROM published AS p CROSS JOIN LATERAL certdata.tree_of(p.relation) AS t
			WHERE p.pubupdate AND p.relation IN (SELECT g.relation FROM certdata.doctor_guarded() AS g)),
	found AS (
		SELECT 1 AS ord, p.pubname AS name, format(certdata.words('发布 %I 包含所有表', 'publication %I has all tables'), p.pubname) AS what,
			format('DROP PUBLICATION %I; CREATE PUBLICATION %1$I FOR TABLE …;', p.pubname) AS cure
			FROM pg_publication AS p WHERE p.puballtables
		UNION ALL
		SELECT 2, p.pubname, format(certdata.words('发布 %I 包含 certdata 自己的表 %s', 'publication %I has certdata''s own tables %s'), p.pubname,
				certdata.doctor_names(array_agg(p.relation::text ORDER BY p.relation::text))),
			format('ALTER PUBLICATION %I DROP %s;', p.pubname,
				CASE WHEN EXISTS (SELECT FROM pg_publication_namespace AS n JOIN pg_publication AS o ON o.oid = n.pnpubid
						WHERE o.pubname = p.pubname AND n.pnnspid = 'certdata'::regnamespace) THEN 'TABLES IN SCHEMA certdata'
					ELSE 'TABLE ' || string_agg(p.relation::text, ', ' ORDER BY p.relation::text) END)
			FROM published AS p JOIN pg_publication AS a ON a.pubname = p.pubname AND NOT a.puballtables
			WHERE certdata.doctor_is_internal(p.relation) GROUP BY p.pubname
		UNION ALL
		-- the server refuses every UPDATE of them
		SELECT 3, g.relation::text::name, format(certdata.words('%s 已发布但没有 replica identity，任何更正都会失败', '%s is published without a replica identity, so every correction fails'), g.relation),
			format('ALTER TABLE %s REPLICA IDENTITY FULL;', g.relation)
			FROM certdata.doctor_guarded() AS g JOIN pg_class AS c ON c.oid = g.relation AND c.relkind = 'r'
				AND c.relreplident NOT IN ('f') AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisvalid
					AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)
			WHERE g.relation IN (SELECT u.relid FROM updated AS u))
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.doctor_names(array_agg(f.what ORDER BY f.ord, f.name)),
		certdata.doctor_commands(array_agg(f.cure ORDER BY f.ord, f.name))
		FROM found AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_publications() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_publications() IS
'doctor(): publications that send the ledger''s tables or everything, or keep attached tables from being corrected';

-- Where a subscription gets its rows from is not shown: that has passwords.
CREATE FUNCTION certdata.doctor_server_subscriptions(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH found AS (
		SELECT s.subname AS name, certdata.doctor_is_internal(r.srrelid) AS internal, array_agg(r.srrelid::regclass::text ORDER BY r.srrelid::regclass::text) AS tables
			FROM pg_subscription AS s JOIN pg_subscription_rel AS r ON r.srsubid = s.oid
			WHERE s.subdbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
				AND (certdata.doctor_is_internal(r.srrelid)
					OR r.srrelid IN (SELECT g.relation FROM certdata.doctor_guarded() AS g)
						AND (SELECT p.reset_val FROM pg_settings AS p WHERE p.name = 'certdata.on_apply') IS DISTINCT FROM 'refuse')
			GROUP BY 1, 2)
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.doctor_names(array_agg(format(CASE WHEN f.internal
				THEN certdata.words('订阅 %I 写入 certdata 自己的表 %s', 'subscription %I brings rows into certdata''s own tables %s')
				ELSE certdata.words('订阅 %I 向 %s 写入的数据不经规则检查', 'subscription %I brings rows into %s that are not judged') END,
			f.name, certdata.doctor_names(f.tables)) ORDER BY f.internal DESC, f.name)),
		certdata.doctor_commands(array_agg(CASE WHEN f.internal
				THEN format(certdata.words('在发布端从发布中去掉这些表，然后 ALTER SUBSCRIPTION %I REFRESH PUBLICATION;', 'take these tables out of the publication, then ALTER SUBSCRIPTION %I REFRESH PUBLICATION;'), f.name)
				ELSE certdata.doctor_cure('ALTER SYSTEM SET certdata.on_apply = ''refuse''; SELECT pg_reload_conf();') END ORDER BY f.internal DESC, f.name))
		FROM found AS f
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_subscriptions() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_subscriptions() IS
'doctor(): subscriptions that bring rows into certdata''s own tables, or unjudged ones into attached tables';

-- ---------------------------------------------------------------- settings

-- doc/limits.md has what each prints.
CREATE FUNCTION certdata.doctor_log_shows(name text, value text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE
		WHEN name = 'log_statement' THEN lower(value) IN ('mod', 'all')
		WHEN name IN ('log_min_duration_statement', 'log_min_duration_sample', 'auto_explain.log_min_duration') THEN value !~ '^\s*-'
		WHEN name = 'log_transaction_sample_rate' THEN value ~ '[1-9]'
		-- a FATAL one is printed, too, when a session is ended in the midst of it
		WHEN name = 'log_min_error_statement' THEN lower(value) <> 'panic'
		-- from 19 on one level for each type of process
		WHEN name = 'log_min_messages' THEN value ~* '(^|[:,[:space:]])debug[2-5]?[[:space:]]*(,|$)'
		WHEN name = 'log_parameter_max_length_on_error' THEN value !~ '^\s*0+\s*[A-Za-z]*\s*$'
		WHEN name IN ('debug_print_parse', 'debug_print_rewritten', 'debug_print_plan', 'debug_print_raw_parse') THEN lower(value) ~ '^(on|1|t|tr|tru|true|y|ye|yes)$'
		WHEN name = 'pgaudit.log' THEN EXISTS (SELECT FROM regexp_split_to_table(lower(value), '\s*,\s*') AS c WHERE c IN ('all', 'read', 'write', 'misc', 'misc_set', 'function'))
		WHEN name = 'pgaudit.role' THEN value <> ''
		ELSE false END
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_log_shows(text, text) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_log_shows(text, text) IS
'whether a setting with that value lets the server log show personal data';

-- What sessions begin with, and what roles and databases have for theirs.
CREATE FUNCTION certdata.doctor_server_log(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH value AS (
		SELECT p.name, p.reset_val AS value, '' AS place, format('ALTER SYSTEM SET %s = ', p.name) AS command
			FROM pg_settings AS p
		UNION ALL
		SELECT c.name, c.value, concat(CASE WHEN d.setrole <> 0 THEN format(' (%I)', pg_get_userbyid(d.setrole)) END,
				CASE WHEN d.setdatabase <> 0 THEN format(' (%I)', current_database()) END),
			CASE WHEN d.setrole = 0 THEN format('ALTER DATABASE %I', current_database())
				ELSE format('ALTER ROLE %I', pg_get_userbyid(d.setrole)) || CASE WHEN d.setdatabase <> 0 THEN format(' IN DATABASE %I', current_database()) ELSE '' END END
				|| format(' SET %s = ', c.name)
			FROM pg_db_role_setting AS d
			CROSS JOIN LATERAL (SELECT split_part(s, '=', 1) AS name, substr(s, strpos(s, '=') + 1) AS value FROM unnest(d.setconfig) AS s) AS c
			WHERE d.setdatabase IN (0, (SELECT o.oid FROM pg_database AS o WHERE o.datname = current_database()))
				-- of modules that are not loaded nothing is logged
				AND c.name IN (SELECT k.name FROM pg_settings AS k)),
	found AS (
		SELECT v.*, CASE WHEN v.name IN ('log_statement', 'pgaudit.log') THEN 'none' WHEN v.name ~ 'duration' THEN '-1'
				WHEN v.name = 'log_min_error_statement' THEN 'panic' WHEN v.name = 'log_min_messages' THEN 'warning'
				WHEN v.name ~ '^debug_' THEN 'off' WHEN v.name = 'pgaudit.role' THEN '''''' ELSE '0' END AS good
			FROM value AS v WHERE certdata.doctor_log_shows(v.name, v.value)),
	-- it matters only where statements are logged at all
	parameters AS (
		SELECT v.*, '0'::text AS good FROM value AS v WHERE v.name = 'log_parameter_max_length' AND v.value !~ '^\s*0+\s*[A-Za-z]*\s*$'
			AND EXISTS (SELECT FROM found AS f WHERE f.name ~ '^log_(statement|min_duration|transaction)')),
	shown AS (TABLE found UNION ALL TABLE parameters)
	SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'warning' END,
		certdata.words('服务器日志会显示个人信息：', 'the server log shows personal data by ') ||
			certdata.doctor_names(array_agg(format('%s = %s%s', s.name, s.value, s.place) ORDER BY s.place, s.name)),
		certdata.doctor_commands(array_agg(s.command || s.good || ';' ORDER BY s.place, s.name) || CASE WHEN bool_or(s.place = '') THEN 'SELECT pg_reload_conf();' END)
		FROM shown AS s
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_log() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_log() IS
'doctor(): settings by which the server log shows personal data';

CREATE FUNCTION certdata.doctor_server_temp_file_limit(OUT status text, OUT detail text, OUT advice text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN p.reset_val = '-1' THEN 'warning' ELSE 'ok' END,
		CASE WHEN p.reset_val = '-1' THEN certdata.words('临时文件没有上限：检查大文件或一条大语句可占满磁盘',
			'temporary files have no limit: checking a large report, or one large statement, can fill the disk') END,
		CASE WHEN p.reset_val = '-1' THEN 'ALTER SYSTEM SET temp_file_limit = ''20GB''; SELECT pg_reload_conf();' END
		FROM pg_settings AS p WHERE p.name = 'temp_file_limit'
$$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_server_temp_file_limit() FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_server_temp_file_limit() IS
'doctor(): is there a limit for temporary files';
