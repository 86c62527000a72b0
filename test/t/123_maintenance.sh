#!/bin/bash
#
# Maintenance lets a role do what is refused otherwise.  Looks for: one without a
# reason, or too long; one that covers other roles, others who call the
# opener's functions, or that is open although it was rolled back; one that does
# not end; what is done under it and not recorded, or recorded and not done;
# a database, or a setting of all, that is changed from elsewhere without it; a
# change under it that verify_ledger() does not see.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata -o max_prepared_transactions=5

# as ROLE DATABASE STATEMENT...: what came of it, by SQLSTATEs, in one session
as()
{
	local role=$1 database=$2 statement args=()
	shift 2
	for statement; do args+=(-c "$statement"); done
	PGUSER=$role psql -XqAt -v VERBOSITY=sqlstate -d "$database" "${args[@]}" 2>&1 | grep -v '^NOTICE\|^ *$'
}
settled() { local i; for ((i = 0; i < 100; i++)); do [ "$(sql "$1" 'SELECT pending FROM certdata.library()')" = 0 ] && break; sleep 0.1; done; }
acts() { sql registry "SELECT count(*) FROM certdata.recorded_act WHERE kind = 'maintenance' AND ${1:-true}"; }
alter='ALTER TABLE zs ALTER COLUMN state SET STATISTICS 10; ALTER TABLE zs DISABLE TRIGGER certdata_update; ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_update'

createdb registry
sql registry 'SET client_min_messages = error' 'CREATE EXTENSION certdata' 'CREATE ROLE dba SUPERUSER LOGIN' 'CREATE ROLE other SUPERUSER LOGIN' 'CREATE ROLE clerk LOGIN' \
	'CREATE ROLE steward LOGIN' 'GRANT CREATE, USAGE ON SCHEMA public TO clerk' "SELECT certdata.create_registry('zs')" \
	"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', 'S00001300000122300000' || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 3) AS i" >/dev/null

# ---- what it takes
for arguments in "NULL, '1 hour'" "'', '1 hour'" "E' \t', '1 hour'"; do
	is "$(as dba registry "SELECT certdata.open_maintenance($arguments)")" 'ERROR:  QC010' "no reason: $arguments"
done
for interval in "'0'" "'-1 hour'" "'1 day 1 second'" "'1 month'" "'1 month -30 days'" "'2 days -47 hours'" "'0.9 seconds'" 'NULL'; do
	is "$(as dba registry "SELECT certdata.open_maintenance('r', $interval)")" 'ERROR:  22023' "not a time: $interval"
done
if [ "$(sql registry "SELECT current_setting('server_version_num')::int >= 170000")" = t ]; then
	is "$(as dba registry "SELECT certdata.open_maintenance('r', 'infinity')" "SELECT certdata.open_maintenance('r', '-infinity')" | xargs)" 'ERROR: 22023 ERROR: 22023' 'not a time: infinity'
fi
is "$(as dba registry "$alter")" 'ERROR:  QC030' 'none of these opened it'
is "$(as clerk registry "SELECT certdata.open_maintenance('r', '1 hour')" 'SELECT certdata.close_maintenance()' | xargs)" 'ERROR: 42501 ERROR: 42501' 'not for everybody'
is "$(as dba registry "SELECT certdata.open_maintenance('r', '1 day') - now() BETWEEN '23:59:59' AND '24:00:01'" 'SELECT certdata.close_maintenance()' 'SELECT certdata.close_maintenance()' | xargs)" 't t f' 'a day, closed at once, and once'
is "$(as dba registry "$alter")" 'ERROR:  QC030' '... is not open any more'

# ---- how it ends
is "$(as dba registry "SELECT certdata.open_maintenance('r', '1 second') IS NULL" "$alter" 'SELECT pg_sleep(1.1)' "$alter" | xargs)" 'f ERROR: QC030' 'it ends by its time'
is "$(as dba registry "BEGIN" "SELECT certdata.open_maintenance('r', '1 hour') IS NULL" "$alter" 'ROLLBACK' "$alter" | xargs)" 'f ERROR: QC030' 'it is not open after a rollback'
is "$(as dba registry 'BEGIN' 'SAVEPOINT s' "SELECT certdata.open_maintenance('r', '1 hour') IS NULL" 'ROLLBACK TO s' "$alter" 'ROLLBACK' | xargs)" 'f ERROR: QC030' '... nor of its savepoint'
is "$(as dba registry 'BEGIN' 'SAVEPOINT s' "SELECT certdata.open_maintenance('r', '1 hour') IS NULL" 'ROLLBACK TO s' 'COMMIT' | xargs), $(as dba postgres 'DROP DATABASE registry')" 'f, ERROR:  QC030' '... seen from another database, too'
is "$(as dba registry 'BEGIN' "SELECT certdata.open_maintenance('r', '1 hour') IS NULL" 'ROLLBACK' | xargs), $(as dba postgres "ALTER SYSTEM SET certdata.language = 'zh'")" 'f, ERROR:  QC032' '... and after a rollback'
is "$(as dba registry 'SELECT count(*) FROM certdata.maintenance WHERE closed_at IS NULL AND until > now()')" 0 'nothing is open'

# ---- for whom
sql registry 'SET ROLE dba' "CREATE FUNCTION definer() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS \$\$ BEGIN $alter; END \$\$" 'RESET ROLE'
as dba registry "SELECT certdata.open_maintenance('shared', '1 hour')" >/dev/null
is "$(as dba registry "$alter")" '' 'another session of the role'
is "$(as dba registry 'BEGIN ISOLATION LEVEL REPEATABLE READ' 'SELECT count(*) FROM zs' "$alter" 'COMMIT')" 3 '... and at REPEATABLE READ'
is "$(as other registry "$alter")" 'ERROR:  QC030' 'another superuser'
is "$(as other registry 'SELECT definer()')" 'ERROR:  QC030' '... by a SECURITY DEFINER function of the role'
is "$(as clerk registry 'SELECT definer()')" 'ERROR:  QC030' '... nor somebody else'
is "$(as dba registry 'SELECT definer()')" '' '... the role itself'
is "$(as other registry 'SET ROLE dba' "$alter")" '' 'who may set the role has its leave'
is "$(as dba registry 'SET ROLE other' "$alter")" '' 'who has it keeps it in another role'
is "$(as other registry 'SET SESSION AUTHORIZATION clerk' "$alter")" 'ERROR:  42501' 'who gives up being one has none'
is "$(as other postgres 'DROP DATABASE registry')" 'ERROR:  QC030' 'another role from another database'
# begun before it was opened
as dba registry 'SELECT certdata.close_maintenance()' >/dev/null
mkfifo "$scratch/fifo"
PGUSER=dba psql -XqAt -v VERBOSITY=sqlstate -d registry <"$scratch/fifo" >"$scratch/out" 2>&1 & session=$!
exec 9>"$scratch/fifo"
echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 'begun' FROM zs LIMIT 1;" >&9
for ((i = 0; i < 50; i++)); do grep -q begun "$scratch/out" && break; sleep 0.1; done
as dba registry "SELECT certdata.open_maintenance('shared', '1 hour')" >/dev/null
echo "$alter; COMMIT;" >&9; exec 9>&-; wait $session
is "$(cat "$scratch/out")" begun 'an older snapshot sees it'
as dba registry 'SELECT certdata.close_maintenance()' >/dev/null
is "$(as dba registry "SELECT certdata.open_maintenance('r', '1 hour') IS NULL" 'BEGIN' 'SAVEPOINT s' 'SELECT certdata.close_maintenance()' 'ROLLBACK TO s' 'COMMIT' "$alter" | xargs)" 'f t' 'a close that is rolled back leaves it open'
as dba registry 'SELECT certdata.close_maintenance()' >/dev/null

# ---- what is recorded
before=$(acts)
as dba registry "SELECT certdata.open_maintenance('the reason', '1 hour')" 'BEGIN' 'ALTER TABLE zs DISABLE TRIGGER certdata_update' 'ROLLBACK' \
	'BEGIN' 'SAVEPOINT s' 'ALTER TABLE zs DISABLE TRIGGER certdata_delete' 'ROLLBACK TO s' 'SAVEPOINT t' 'ALTER TABLE zs DISABLE TRIGGER certdata_insert' 'RELEASE t' \
	'ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_insert' 'COMMIT' >/dev/null
is "$(acts "detail ->> 'event' = 'open' AND reason = 'the reason'")" 1 'the opening is an act, with its reason'
is "$(($(acts) - before))" 2 'so is what was committed under it, nothing else'
is "$(acts "detail ->> 'event' = 'trigger' AND detail ->> 'object' LIKE 'trigger certdata_insert on %' AND detail ->> 'command' = 'ALTER TABLE' AND detail ->> 'maintenance' = (SELECT max(id)::text FROM certdata.maintenance)")" 1 '... says what, and under which'
settled registry
is "$(sql registry "SELECT count(*) FROM certdata.attempt WHERE outcome = 'allowed' AND object LIKE 'trigger certdata_insert on %' AND maintenance = (SELECT max(id) FROM certdata.maintenance)")" 1 '... as has certdata.attempt'
is "$(sql registry "SELECT count(*) FROM certdata.attempt WHERE outcome = 'allowed' AND object LIKE 'trigger certdata_%te on %' AND maintenance = (SELECT max(id) FROM certdata.maintenance)")" 2 '... which has what was rolled back, too'
is "$(as dba registry 'SET default_transaction_read_only = on' "ALTER SYSTEM SET certdata.language = 'zh'")" 'ERROR:  25006' 'nothing that cannot be recorded'
is "$(grep -c certdata.language "$CERTDATA_DATA/postgresql.auto.conf")" 0 '... is done'
before=$(acts)
as dba registry "ALTER SYSTEM SET certdata.language = 'zh'" 'ALTER SYSTEM RESET certdata.language' "ALTER ROLE clerk SET certdata.language = 'zh'" 'ALTER ROLE clerk RESET ALL' >/dev/null
is "$(($(acts) - before))" 4 'settings are recorded'
as dba registry 'BEGIN' 'ALTER TABLE zs DISABLE TRIGGER certdata_update' 'ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_update' "PREPARE TRANSACTION 'p'" >/dev/null
before=$(acts)
as dba registry "COMMIT PREPARED 'p'" >/dev/null
is "$(($(acts) - before))" 1 'so is a transaction that is prepared'
before=$(acts)
as dba registry 'ALTER TABLE zs DISABLE TRIGGER USER' "UPDATE zs SET name = '王五' WHERE cert_no = 'S000013000001223000002'" \
	'ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_begin, ENABLE ALWAYS TRIGGER certdata_columns, ENABLE ALWAYS TRIGGER certdata_insert, ENABLE ALWAYS TRIGGER certdata_row, ENABLE ALWAYS TRIGGER certdata_update, ENABLE ALWAYS TRIGGER certdata_delete, ENABLE ALWAYS TRIGGER certdata_truncate, ENABLE REPLICA TRIGGER certdata_apply' >/dev/null
is "$(sql registry 'SELECT problem, cert_no FROM certdata.verify_ledger()')" 'row.changed|S000013000001223000002' 'what was done to a row behind its triggers, verify_ledger() sees'

# ---- restart
stop_server fast; start_server
is "$(as dba registry "$alter")" '' 'a restart leaves it open'
is "$(as other registry "$alter")" 'ERROR:  QC030' '... for its role alone'
as dba registry 'SELECT certdata.close_maintenance()' >/dev/null

# ---- an owner who is no superuser
sql registry 'GRANT USAGE ON SCHEMA certdata TO clerk' 'GRANT EXECUTE ON FUNCTION certdata.open_maintenance(text, interval), certdata.close_maintenance() TO clerk' \
	"CREATE TABLE own (LIKE zs)" "SELECT certdata.attach('own')" >/dev/null 2>&1
as other registry "SELECT certdata.open_maintenance('owner', '1 minute')" 'ALTER TABLE own OWNER TO clerk' 'SELECT certdata.close_maintenance()' >/dev/null
is "$(as clerk registry 'ALTER TABLE own DISABLE TRIGGER certdata_update')" 'ERROR:  QC030' 'an owner may not'
is "$(as clerk registry "SELECT certdata.open_maintenance('r', '1 hour') IS NULL" 'ALTER TABLE own DISABLE TRIGGER certdata_update' 'ALTER TABLE own ENABLE ALWAYS TRIGGER certdata_update' | xargs)" f '... and may, who was granted it'
is "$(as clerk registry "$alter")" 'ERROR:  42501' '... with his own tables'
is "$(as clerk registry 'UPDATE certdata.maintenance SET role = 10')" 'ERROR:  42501' '... not more'
as clerk registry 'SELECT certdata.close_maintenance()' >/dev/null

# ---- from elsewhere
createdb plain; createdb second
sql second 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" >/dev/null
is "$(as dba plain "ALTER SYSTEM SET certdata.language = 'zh'" 'ALTER SYSTEM RESET ALL' "ALTER SYSTEM SET shared_preload_libraries = ''" "ALTER ROLE ALL SET certdata.language = 'zh'" "ALTER DATABASE second SET certdata.language = 'zh'" "ALTER ROLE clerk IN DATABASE second SET certdata.language = 'zh'" | uniq -c | xargs)" \
	'6 ERROR: QC032' 'settings, from a database without certdata'
is "$(as dba plain "ALTER DATABASE plain SET certdata.language = 'zh'" "ALTER SYSTEM SET work_mem = '5MB'" 'ALTER SYSTEM RESET work_mem')" '' '... those of such a one are free, and others'
as dba registry "SELECT certdata.open_maintenance('there', '1 hour')" >/dev/null
is "$(as dba plain 'DROP DATABASE second')" 'ERROR:  QC030' 'maintenance in one database is none in another'
as dba second "SELECT certdata.open_maintenance('here', '1 hour')" >/dev/null
is "$(as dba plain "ALTER DATABASE second SET certdata.language = 'zh'")$(as other plain 'DROP DATABASE second')" 'ERROR:  QC030' '... its role may, no other'
is "$(as dba plain 'DROP DATABASE second')$(sql plain "SELECT count(*) FROM pg_database WHERE datname = 'second'")" 0 '... and drop it'
before=$(acts)
createdb third
sql third 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" >/dev/null
as dba third "SELECT certdata.open_maintenance('here', '1 hour')" >/dev/null
is "$(as dba registry 'DROP DATABASE third'), $(($(acts "detail ->> 'event' = 'database'")))" ', 1' '... which the ledger of the database has from where it was dropped'
is "$(grep -c 'PANIC\|TRAP\|terminated by signal' "$CERTDATA_LOG")" 0 'the server has no complaint'
done_testing
