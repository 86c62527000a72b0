#!/bin/bash
#
# What was tried is written down, whatever becomes of the transaction and of the
# server.  Looks for: attempts that are lost with a rollback, a swallowed error,
# a killed session, a restart, a full ring, a database that is gone, locked or
# closed; rows in another database than that where it was tried; a loss that is
# not counted; a session that silences the log; log lines that are no JSON; a
# settings of a database that keeps the writer from writing; a server that is
# said to have run unguarded when it has not, or that has and is not.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata -o max_worker_processes=4 -o max_logical_replication_workers=0 -o max_parallel_workers=0

state() { psql -XqAt -v VERBOSITY=sqlstate "$@" 2>&1; }
# attempts DATABASE [CONDITION]: how many, once nothing is pending any more
attempts()
{
	local i
	for ((i = 0; i < 150; i++)); do
		[ "$(sql "$1" 'SELECT pending FROM certdata.library()')" = 0 ] && break
		sleep 0.1
	done
	# what was taken off the ring was committed before
	sql "$1" "SELECT count(*) FROM certdata.attempt WHERE ${2:-true}"
}
# logged: lines on attempts, as the text of their JSON
logged() { sed -n 's/^.*LOG:  \(00000: \)\{0,1\}certdata attempt //p' "$CERTDATA_LOG"; }
registry() { createdb "$1"; sql "$1" 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" >/dev/null; }

registry one
registry two

# ---- whatever becomes of the transaction
is "$(state -d one -c 'BEGIN; TRUNCATE zs; ROLLBACK')" 'ERROR:  QC014' 'TRUNCATE is refused'
is "$(attempts one "kind = 'truncate' AND outcome = 'refused' AND object = 'table public.zs' AND command = 'TRUNCATE TABLE' AND session_user_name = 'postgres'")" 1 '... and is there after the ROLLBACK'
state -d one -c "DO \$\$ BEGIN BEGIN DROP TABLE zs CASCADE; EXCEPTION WHEN OTHERS THEN NULL; END; END \$\$" >/dev/null
is "$(attempts one "kind = 'drop'")" 1 'an error that is swallowed'
state -d one -c 'BEGIN; SAVEPOINT s' -c 'ALTER TABLE zs DISABLE TRIGGER ALL' -c 'ROLLBACK TO s; COMMIT' >/dev/null
is "$(attempts one "kind = 'trigger'")" 1 'a savepoint that is rolled back'
psql -Xq -d one -c 'ALTER TABLE zs SET UNLOGGED' -c 'SELECT pg_terminate_backend(pg_backend_pid())' >/dev/null 2>&1
is "$(attempts one "kind = 'persistence'")" 1 'a session that is killed'
state -d two -c 'DELETE FROM zs' -c 'DELETE FROM certdata.ledger_act' >/dev/null
is "$(attempts two "kind = 'ledger'"), $(attempts one "kind = 'ledger'")" '1, 0' 'each database has its own'
state -d postgres -c "ALTER SYSTEM SET certdata.language = 'zh'" >/dev/null
is "$(attempts one "kind = 'setting'"), $(attempts two "kind = 'setting'")" '1, 1' '... and both what concerns both'

# ---- the log
before=$(logged | wc -l)
state -d one -c 'SET log_min_messages = panic' -c 'TRUNCATE zs' >/dev/null
is "$(($(logged | wc -l) - before))" 1 'a session cannot silence the log'
sql one "CREATE SCHEMA \"模式\"\"\\ x
y\""
state -d one -c "SET application_name = 'a\"b'" -c "CREATE FUNCTION certdata.\"函数\"\"\\ 	z
y\"() RETURNS int LANGUAGE sql AS 'SELECT 1'" >/dev/null
bad=0
while IFS= read -r line; do
	sql postgres "SELECT ('$(printf %s "$line" | sed "s/'/''/g")')::json ->> 'object'" >"$scratch/object" 2>&1 || bad=$((bad + 1))
done < <(logged | tail -n 2)
is "$bad, $(cat "$scratch/object")" "0, function certdata.\"函数\"\"\\ 	z
y\"" 'a name of quotes, tabs, newlines and Chinese is JSON in the log'
is "$(attempts one "object = E'function certdata.\"函数\"\"\\\\ \tz\ny\"'")" 1 '... and itself in the table'
long=$(printf '名%.0s' {1..20})
state -d one -c "CREATE FUNCTION certdata.\"$long\"() RETURNS int LANGUAGE sql AS 'SELECT 1'" >/dev/null
is "$(attempts one "object = 'function certdata.\"$long\"'")" 1 'a long name of wide characters'
# values are not names
state -d one -c "INSERT INTO certdata.life VALUES ('13010219900307123X')" -c "UPDATE certdata.ledger_act SET reason = '13010219900307123X'" \
	-c "ALTER SYSTEM SET certdata.reason = '13010219900307123X'" -c "DELETE FROM zs WHERE id_number = '13010219900307123X'" \
	-c "ALTER TABLE zs ALTER id_number TYPE text USING '13010219900307123X'" -c "CREATE POLICY p ON zs USING (id_number = '13010219900307123X')" \
	-c "COPY certdata.life FROM PROGRAM 'echo 13010219900307123X'" >/dev/null
is "$(attempts one "attempt::text LIKE '%13010219900307123%'"), $(logged | grep -c 13010219900307123)" '0, 0' 'no value of a statement is in the table, or in its log lines'

# a database of another encoding, whose names are no UTF8
createdb -E LATIN1 -T template0 --locale=C latin
PGCLIENTENCODING=UTF8 sql latin 'CREATE ROLE "é"' "ALTER ROLE \"é\" SET work_mem = '4MB'"
PGCLIENTENCODING=UTF8 state -d latin -c "ALTER ROLE \"é\" SET certdata.language = 'zh'" >/dev/null
is "$(attempts one "kind = 'setting' AND object LIKE 'setting certdata.language of role%'")" 1 'tried from a database of another encoding'
is "$(psql -XqAt -d one -c "SELECT count(*) FROM certdata.attempt WHERE length(convert_from(textsend(object), 'UTF8')) > 0" 2>&1 | grep -c ERROR)" 0 '... is valid text all the same'

# ---- settings that would keep the writer from writing
sql one 'ALTER DATABASE one SET default_transaction_read_only = on' 'ALTER DATABASE one SET session_replication_role = replica' 'ALTER DATABASE one SET synchronous_commit = remote_apply' \
	"ALTER DATABASE one SET default_transaction_isolation = serializable" "ALTER DATABASE one SET search_path = x"
before=$(attempts one)
state -d one -c 'SET default_transaction_read_only = off' -c 'TRUNCATE public.zs' >/dev/null
is "$(($(attempts one) - before))" 1 'a database that is read-only by default'
sql two 'ALTER DATABASE one RESET ALL'

# ---- a full ring: 512 entries, while the writer waits for a lock
many() { for ((i = 0; i < $2; i++)); do echo 'TRUNCATE zs;'; done | psql -Xq -d "$1" >/dev/null 2>&1; }
fifo=$scratch/fifo; mkfifo "$fifo"
psql -Xq -d one <"$fifo" >/dev/null & holder=$!
exec 9>"$fifo"
echo 'BEGIN; LOCK TABLE certdata.attempt IN ACCESS EXCLUSIVE MODE; SELECT 1;' >&9
for ((i = 0; i < 50; i++)); do [ "$(sql one "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'certdata.attempt'::regclass")" = 1 ] && break; sleep 0.1; done
state -d one -c 'TRUNCATE zs' >/dev/null
state -d two -c 'TRUNCATE zs' >/dev/null
for ((i = 0; i < 100; i++)); do [ "$(sql two "SELECT count(*) FROM certdata.attempt WHERE kind = 'truncate'")" = 1 ] && break; sleep 0.1; done
is "$(sql two "SELECT count(*) FROM certdata.attempt WHERE kind = 'truncate'")" 1 'a lock in one database does not keep others waiting for long'
log=$(logged | wc -l)
many one 600
is "$(($(logged | wc -l) - log))" 600 'the log has each of 600 attempts'
is "$(sql one 'SELECT pending, lost FROM certdata.library()')" '512|89' '... 512 are kept, the rest is counted'
# whoever ends the process that waits does not make it forget
sql one "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'certdata attempt writer'" >/dev/null
echo 'COMMIT;' >&9; exec 9>&-; wait $holder
state -d one -c 'SELECT 1' >/dev/null
for ((i = 0; i < 300; i++)); do [ "$(sql one 'SELECT pending FROM certdata.library()')" = 0 ] && break; sleep 0.1; done
is "$(attempts one "kind = 'truncate'")" "$((3 + 512))" '... and written when there is no lock any more'
is "$(sql one "SELECT sum(object::int) FROM certdata.attempt WHERE outcome = 'lost'"), $(attempts two "outcome = 'lost'")" '89, 0' '... with a row that says how many were not, in that database'
is "$(sql one 'SELECT lost FROM certdata.library()')" 89 '... the count stays'

# ---- databases that nothing can be written to
registry gone; registry closed
sql postgres 'ALTER DATABASE closed ALLOW_CONNECTIONS false'
is "$(state -d postgres -c 'DROP DATABASE closed')" 'ERROR:  QC030' 'a database that takes no connections is protected'
sql gone "SELECT certdata.open_maintenance('r', '1 minute')" >/dev/null
psql -Xq -d gone <"$fifo" >/dev/null 2>&1 & holder=$!
exec 9>"$fifo"
echo 'BEGIN; LOCK TABLE certdata.attempt IN ACCESS EXCLUSIVE MODE;' >&9
for ((i = 0; i < 50; i++)); do [ "$(sql gone "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'certdata.attempt'::regclass")" = 1 ] && break; sleep 0.1; done
state -d gone -c 'TRUNCATE certdata.life' -c 'TRUNCATE certdata.life' >/dev/null
is "$(state -d postgres -c 'DROP DATABASE gone WITH (FORCE)')$(sql postgres "SELECT count(*) FROM pg_database WHERE datname = 'gone'")" 0 'under maintenance a database is dropped'
exec 9>&-; wait $holder
before=$(sql two 'SELECT count(*) FROM certdata.attempt')
state -d two -c 'TRUNCATE zs' >/dev/null
for ((i = 0; i < 80; i++)); do [ "$(sql two 'SELECT count(*) FROM certdata.attempt')" -gt "$before" ] && break; sleep 0.1; done
is "$(($(sql two 'SELECT count(*) FROM certdata.attempt') - before))" 1 'a database that was dropped does not keep others waiting'
sql postgres 'ALTER DATABASE closed ALLOW_CONNECTIONS true'
is "$(attempts closed "kind = 'database' AND outcome = 'refused'")" 1 'the one without connections has its row'
sql postgres 'ALTER DATABASE closed ALLOW_CONNECTIONS false'

# ---- restarts
before=$(attempts one)
state -d one -c 'TRUNCATE zs' >/dev/null
stop_server fast; start_server
is "$(($(attempts one) - before))" 1 'an attempt just before a stop is there after the start'
for ((i = 0; i < 50; i++)); do [ "$(psql -XqAt -v VERBOSITY=sqlstate -d postgres -c 'BEGIN; DROP DATABASE closed' 2>&1)" = 'ERROR:  QC030' ] && break; sleep 0.1; done
is "$(state -d postgres -c 'DROP DATABASE closed')" 'ERROR:  QC030' '... where a database without connections is protected as before'
before=$(attempts one)
psql -Xq -d one <"$fifo" >/dev/null & holder=$!
exec 9>"$fifo"
echo 'BEGIN; LOCK TABLE certdata.attempt IN ACCESS EXCLUSIVE MODE;' >&9
for ((i = 0; i < 50; i++)); do [ "$(sql one "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'certdata.attempt'::regclass")" = 1 ] && break; sleep 0.1; done
many one 5
stop_server fast; exec 9>&-; wait $holder 2>/dev/null
start_server
is "$(($(attempts one) - before))" 5 '... also those that could not be written before it'
log=$(logged | wc -l)
before=$(attempts one)
psql -Xq -d one <"$fifo" >/dev/null 2>&1 & holder=$!
exec 9>"$fifo"
echo 'BEGIN; LOCK TABLE certdata.attempt IN ACCESS EXCLUSIVE MODE;' >&9
for ((i = 0; i < 50; i++)); do [ "$(sql one "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'certdata.attempt'::regclass")" = 1 ] && break; sleep 0.1; done
many one 2
owner kill -9 "$(sql one "SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'certdata.attempt'::regclass")"
exec 9>&-; wait $holder 2>/dev/null
for ((i = 0; i < 100; i++)); do psql -Xq -d one -c 'SELECT 1' >/dev/null 2>&1 && break; sleep 0.1; done
state -d one -c 'TRUNCATE zs' >/dev/null
is "$(($(attempts one) - before)), $(($(logged | wc -l) - log))" '1, 3' 'a killed backend loses what was not written, the log has it'
for ((i = 0; i < 100; i++)); do [ "$(psql -XqAt -v VERBOSITY=sqlstate -d postgres -c 'DROP DATABASE closed' 2>&1)" = 'ERROR:  QC030' ] && break; sleep 0.1; done
is "$(state -d postgres -c 'DROP DATABASE two')" 'ERROR:  QC030' '... after which databases are protected as before'
attempts one >/dev/null
stop_server immediate; start_server
before=$(attempts one)
state -d one -c 'TRUNCATE zs' >/dev/null
is "$(($(attempts one) - before))" 1 '... and so does a crash of the server'
is "$(attempts one "kind = 'start'")" 0 'none of these starts was unguarded'
stop_server fast
owner pg_ctl -D "$CERTDATA_DATA" -l "$CERTDATA_LOG" -s -w -o '-c shared_preload_libraries=' start
is "$(sql one 'SELECT preloaded, lost, pending FROM certdata.library()')" 'f||' 'a start without the library'
stop_server fast; start_server
is "$(sleep 1; attempts one "outcome = 'unguarded' AND kind = 'start' AND object LIKE 'since %'")" 1 '... is told by the next one with it'
stop_server fast; start_server
is "$(sleep 1; attempts one "kind = 'start'")" 1 '... once'

# ---- a standby
standby=$scratch/standby
mkdir -m 700 "$standby" "$scratch/sock"
if [ "$(id -u)" = 0 ]; then chown "$(stat -c %U "$CERTDATA_DATA")": "$standby" "$scratch" "$scratch/sock"; fi
owner pg_basebackup -h "$PGHOST" -U postgres -D "$standby/data" -R --no-sync -c fast
owner pg_ctl -D "$standby/data" -l "$standby/log" -s -w -o "-c unix_socket_directories=$scratch/sock" start
standby() { PGHOST=$scratch/sock "$@"; }
is "$(standby state -d one -c 'ALTER SYSTEM SET certdata.language = zh' -c 'TRUNCATE zs')" 'ERROR:  QC032
ERROR:  25006' 'a standby refuses a setting, and the server itself the rest'
is "$(standby sql one 'SELECT pending, lost FROM certdata.library()'), $(grep -c 'certdata attempt {"outcome": "refused", "kind": "setting"' "$standby/log")" '0|0, 1' '... which is in its log only'
sql one "SELECT certdata.open_maintenance('r', '1 minute')" >/dev/null
lsn=$(sql one 'SELECT pg_current_wal_flush_lsn()')
for ((i = 0; i < 100; i++)); do [ "$(standby sql one "SELECT pg_last_wal_replay_lsn() >= '$lsn'")" = t ] && break; sleep 0.1; done
is "$(standby state -d one -c 'ALTER SYSTEM SET certdata.language = zh' -c 'ALTER SYSTEM RESET certdata.language')" '' 'under maintenance that was opened on the primary, a standby lets it pass'
owner pg_ctl -D "$standby/data" -s -w promote
standby state -d one -c 'SELECT certdata.close_maintenance()' -c 'TRUNCATE zs' >/dev/null
is "$(standby attempts one "attempted_at > (SELECT max(opened_at) FROM certdata.maintenance) AND outcome = 'refused'")" 1 'once it is promoted it writes'
is "$(standby attempts one "kind = 'start'")" 1 '... and was not unguarded'
owner pg_ctl -D "$standby/data" -s -w -m fast stop
is "$(grep -c 'PANIC\|TRAP\|signal 11\|signal 6' "$CERTDATA_LOG" "$standby/log" | cut -d: -f2 | xargs)" '0 0' 'no server has a complaint'
done_testing
