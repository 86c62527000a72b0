#!/bin/bash
#
# doctor() in servers of all sorts.  Looks for: a server without the library, or
# that ran without it, called well; advice that does not cure what it is given
# for; settings called harmless that put a name into the log, or that are blamed
# and do not; a key or a sealer that is said to work and does not; lines that
# fail on a standby.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=auto_explain -o certdata.seal_interval=1 -o certdata.seal_databases=d -o max_prepared_transactions=2 -o wal_level=replica

line() { sql d 'SET certdata.language = en' "SELECT concat_ws('|', status, $2) FROM certdata.doctor() WHERE check_name = '$1'"; }
status() { sql d "SELECT status FROM certdata.doctor() WHERE check_name = '$1'"; }
advice() { sql d 'SET certdata.language = en' "SELECT advice FROM certdata.doctor() WHERE check_name = '$1'"; }
# what it advises, typed
cure() { psql -Xq -d d -v ON_ERROR_STOP=1 -c 'SET certdata.language = en' -f <(advice "$1") >/dev/null; }
# in the configuration file, and in force
configure() # NAME VALUE
{
	sql d "ALTER SYSTEM SET $1 = $2" 'SELECT pg_reload_conf()' >/dev/null
	until_true d "SELECT setting = $2::text AND certdata.today() IS NOT NULL FROM pg_settings WHERE name = '$1'" || bail "$1 does not become $2"
}
reset() # NAME
{
	sql d "ALTER SYSTEM RESET $1" 'SELECT pg_reload_conf()' >/dev/null
	until_true d "SELECT setting = boot_val OR name = 'log_min_error_statement' AND setting = 'panic' FROM pg_settings WHERE name = '$1'" || bail "$1 is not reset"
}

createdb d || bail createdb
sql d 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('r')" >/dev/null

# ---- without the library
is "$(status server.preload)" error 'the library is not preloaded'
is "$(advice server.preload)" "ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'certdata'; restart the server" 'the libraries that are there stay'
is "$(line ledger.sealer detail)" 'error|certdata.seal_interval is set, but no background sealer runs for this database' 'nothing seals'
is "$(line server.roles detail)" ok 'roles of a new cluster'
sql d "UPDATE pg_extension SET extversion = '99.0' WHERE extname = 'certdata'"
is "$(line server.version advice)" 'error|install certdata 99.0 and restart the server' 'an older library'
sql d "UPDATE pg_extension SET extversion = '0.0.1' WHERE extname = 'certdata'"
is "$(line server.version advice)" 'warning|ALTER EXTENSION certdata UPDATE;' 'a newer library'
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$repository/certdata.control")
sql d "UPDATE pg_extension SET extversion = '$version' WHERE extname = 'certdata'"
is "$(line server.version detail)" "ok|library $version, extension in this database $version" 'one version'

sql d "$(advice server.preload | sed 's/;.*/;/')" 'SELECT pg_reload_conf()' >/dev/null
is "$(status server.preload) $(advice server.preload)" 'error restart the server' 'set, and not yet in force'
stop_server fast && start_server
is "$(line server.preload detail)" ok 'preloaded'
until_true d "SELECT status = 'ok' FROM certdata.doctor() WHERE check_name = 'ledger.sealer'"
verdict $? 'a sealer runs' "$(line ledger.sealer detail)"

# ---- the server runs without it for once
is "$(line server.starts detail)" ok 'it never ran without the library that was preloaded'
stop_server fast
owner pg_ctl -D "$CERTDATA_DATA" -l "$CERTDATA_LOG" -s -w -t 60 -o '-c shared_preload_libraries=' start >/dev/null 2>&1 || bail 'the server does not start without the library'
is "$(status server.preload)" error 'now it does'
stop_server fast && start_server
until_true d "SELECT status = 'warning' AND detail ~ 'in the last 30 days: 1, the last one: since 20' AND advice = 'SELECT * FROM certdata.verify_ledger();'
	FROM certdata.doctor() WHERE check_name = 'server.starts'"
verdict $? 'that is told of' "$(line server.starts detail)"

# ---- signatures
sql d 'SELECT certdata.seal()' >/dev/null
is "$(status ledger.key)" warning 'nobody signs'
owner openssl genpkey -algorithm ED25519 -out "$CERTDATA_DATA/../key.pem" 2>/dev/null
owner chmod 600 "$CERTDATA_DATA/../key.pem"
sql d "SELECT certdata.open_maintenance('a key', '1 minute')" >/dev/null
configure certdata.signing_key_file "'$(cd "$CERTDATA_DATA/.." && pwd -P)/key.pem'"
sql d 'SELECT certdata.close_maintenance()' >/dev/null
is "$(line ledger.key detail)" ok 'a key'
owner chmod 644 "$CERTDATA_DATA/../key.pem"
is "$(status ledger.key)" error 'one that others can read'

# ---- temporary files
is "$(status server.temp_file_limit)" warning 'no limit'
cure server.temp_file_limit
until_true d "SELECT setting <> '-1' FROM pg_settings WHERE name = 'temp_file_limit'"
is "$(line server.temp_file_limit detail)" ok 'a limit'

# ---- what the log shows: each setting that is blamed does, without them nothing does
is "$(line server.log detail)" 'warning|the server log shows personal data by log_min_error_statement = error' 'as PostgreSQL is shipped'
cure server.log
until_true d "SELECT setting = 'panic' FROM pg_settings WHERE name = 'log_min_error_statement'"
is "$(line server.log detail)" ok 'as doc/limits.md has it'
cat >"$scratch/parameter.sql" <<'SQL'
SELECT 1 / (length(:v::text) - length(:v::text));
SQL
# statements of all sorts, lawful and not, with a name in each
speak()
{
	psql -Xq -d d -c "CREATE TEMP TABLE t (n text)" -c "INSERT INTO t VALUES ('欧阳绝密')" -c "SELECT '欧阳绝密'::nosuch" -c "SELECT 1 / length(NULLIF('欧阳绝密', n)) / 0 FROM t" >/dev/null 2>&1
	psql -Xq -d d -c "SELECT '欧阳绝密' = '欧阳绝密', pg_terminate_backend(pg_backend_pid()), pg_sleep(1)" >/dev/null 2>&1
	psql -Xq -d d >/dev/null 2>&1 <<<"SELECT '欧阳绝密' \gdesc"
	pgbench -n -t 1 -M extended -D v=欧阳绝密 -f "$scratch/parameter.sql" d >/dev/null 2>&1
}
# in the log, as text or as the numbers of its bytes in a printed tree
shown()
{
	local lines
	lines=$(wc -l <"$CERTDATA_LOG")
	speak
	sleep 0.2
	tail -n +$((lines + 1)) "$CERTDATA_LOG" | grep -ac -e 欧阳绝密 -e '-26 -84 -89 -23 -104 -77' | sed 's/[1-9][0-9]*/shown/; s/^0$/hidden/'
}
is "$(shown)" hidden 'then no name is in the log'
for setting in "log_statement 'mod'" "log_statement 'all'" "log_min_duration_statement '0'" "log_min_duration_sample '0'" "log_transaction_sample_rate '1'" \
	"log_min_error_statement 'fatal'" "log_min_error_statement 'error'" "log_min_messages 'debug2'" "log_parameter_max_length_on_error '-1'" \
	"debug_print_parse 'on'" "debug_print_plan 'on'" "auto_explain.log_min_duration '0'"; do
	name=${setting% *} value=${setting#* }
	configure "$name" "$value"
	is "$(status server.log) $(shown)" 'warning shown' "$setting"
	if [ "$name" = log_min_error_statement ]; then configure "$name" "'panic'"; else reset "$name"; fi
	is "$(line server.log detail)" ok "$name, taken back"
done
configure log_statement "'ddl'"
is "$(status server.log) $(shown)" 'ok hidden' 'log_statement ddl'
reset log_statement

# ---- maintenance and attempts, as the library writes them
is "$(status guard.maintenance)$(status guard.attempts)$(status guard.lost)" okokok 'nothing was tried'
is "$(psql -XqAt -d d -v VERBOSITY=sqlstate -c 'ALTER TABLE r DISABLE TRIGGER certdata_begin' 2>&1 | cut -c1-9)" 'ERROR:  Q' 'a trigger is not disabled'
until_true d "SELECT status = 'warning' AND detail ~ 'trigger' FROM certdata.doctor() WHERE check_name = 'guard.attempts'"
verdict $? 'what was tried is told of' "$(line guard.attempts detail)"
# the writer sleeps while more is tried than it can be told of
writer=$(sql postgres "SELECT pid FROM pg_stat_activity WHERE backend_type = 'certdata attempt writer'")
kill -STOP "$writer" || bail 'no writer'
sql d 'SET client_min_messages = error' 'SET log_min_messages = fatal' "DO \$\$ BEGIN FOR i IN 1 .. 2000 LOOP
		BEGIN EXECUTE 'TRUNCATE r'; EXCEPTION WHEN OTHERS THEN NULL; END;
	END LOOP; END \$\$"
is "$(line guard.lost "(regexp_match(detail, 'since the server was started: [1-9]'))[1] IS NOT NULL")" 'warning|t' 'attempts that found no room'
kill -CONT "$writer"
until_true d "SELECT detail ~ 'last 30 days: 1,' FROM certdata.doctor() WHERE check_name = 'guard.lost'"
verdict $? 'a row tells of them' "$(line guard.lost detail)"
sql d "SELECT certdata.open_maintenance('a look inside', '10 minutes')" 'ALTER TABLE r DISABLE TRIGGER certdata_begin' >/dev/null
is "$(line guard.maintenance "(regexp_match(detail, 'postgres until .*, reason: a look inside'))[1] IS NOT NULL")" 'warning|t' 'maintenance is told of'
is "$(advice guard.maintenance)" 'as that role: SELECT certdata.close_maintenance();' 'with its end'
sql d 'SELECT certdata.close_maintenance()' >/dev/null
is "$(status guard.maintenance)" ok 'closed'
is "$(status guard.triggers)" error 'the trigger is disabled'
cure guard.triggers
is "$(status guard.triggers)" ok 'the advice opens maintenance, and cures'
sql d 'SELECT certdata.close_maintenance()' >/dev/null

# ---- a dump of it, which has the attempts with it
createdb restored || bail createdb
pg_dump d | psql -Xq -d restored >"$scratch/out" 2>&1
is "$(sql restored "SELECT string_agg(check_name || ' ' || status, ', ') FROM certdata.doctor() WHERE check_name ~ '^(guard|ledger.here)' AND check_name NOT IN ('guard.attempts', 'guard.lost') AND status <> 'ok'")" \
	'ledger.here error' 'restored into another database it is whole, and not at home'
sql restored "SELECT certdata.adopt_ledger('restored')" >/dev/null
is "$(sql restored "SELECT status FROM certdata.doctor() WHERE check_name = 'ledger.here'")" ok 'adopted'

# ---- a standby
pg_basebackup -D "$scratch/standby" -c fast -R >/dev/null 2>&1 || bail 'pg_basebackup'
chmod 700 "$scratch" "$scratch/standby"
if [ "$(id -u)" = 0 ]; then chown -R "$(stat -c %U "$CERTDATA_DATA")" "$scratch"; fi
mkdir -p "$scratch/socket" && chmod 777 "$scratch/socket"
owner pg_ctl -D "$scratch/standby" -l "$scratch/standby.log" -s -w -t 60 -o "-c unix_socket_directories=$scratch/socket -c port=5433" start >/dev/null 2>&1 ||
	{ tail -n 30 "$scratch/standby.log"; bail 'the standby does not start'; }
is "$(PGHOST=$scratch/socket PGPORT=5433 sql d 'SET certdata.language = en' \
	"SELECT count(*), count(*) FILTER (WHERE detail ~ 'looked at:') FROM certdata.doctor()")" '29|0' 'all lines on a standby'
owner pg_ctl -D "$scratch/standby" -m fast -s -w -t 60 stop
done_testing
