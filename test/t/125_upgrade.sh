#!/bin/bash
#
# pg_upgrade with the library preloaded on both sides.  Looks for: a guard that
# refuses what pg_upgrade does, or a process of ours that is in its way; tables
# that are not guarded afterwards, a ledger that was changed or that cannot be
# adopted; a new server that is said to have run unguarded.

. "$(dirname "$0")/tap.sh"

command -v "${PG_CONFIG:-pg_config}" >/dev/null || { echo '1..0 # SKIP no pg_config'; exit 0; }
[ -x "$("${PG_CONFIG:-pg_config}" --bindir)/pg_upgrade" ] || { echo '1..0 # SKIP no pg_upgrade'; exit 0; }
inside -o shared_preload_libraries=certdata

state() { psql -XqAt -v VERBOSITY=sqlstate "$@" 2>&1 | grep -v '^NOTICE'; }
row="'居民身份证', '130102199003071233', '车工', '三级'"

createdb registry; createdb second; createdb plain
sql registry 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" \
	'CREATE TABLE parted (LIKE zs) PARTITION BY RANGE (cert_no)' 'CREATE TABLE parted_1 PARTITION OF parted DEFAULT' "SELECT certdata.attach('parted')" \
	"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) SELECT '张三', $row, 'S00001300000122300000' || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 3) AS i" \
	"INSERT INTO parted (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) VALUES ('李四', $row, 'S000013000001223000009', '2022-02-09', '甲校', '甲校')" \
	"SELECT certdata.correct('zs', 'S000013000001223000001', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' 'CREATE ROLE clerk' >/dev/null
sql second 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" >/dev/null
state -d registry -c 'TRUNCATE zs' >/dev/null
for ((i = 0; i < 100; i++)); do [ "$(sql registry 'SELECT pending FROM certdata.library()')" = 0 ] && break; sleep 0.1; done
portrait()
{
	sql "$1" 'TABLE certdata.ledger_act ORDER BY id' 'SELECT act, n, cert_no, life_seq, state, changed, previous, salts, commitments FROM certdata.ledger_entry ORDER BY act, n' 'TABLE certdata.ledger_head' \
		'TABLE certdata.life ORDER BY registry, cert_no' 'SELECT id, relation::text, columns, detached_at FROM certdata.attachment ORDER BY id' 'TABLE zs ORDER BY cert_no' \
		'SELECT attempted_at, outcome, kind, object FROM certdata.attempt' \
		"SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text COLLATE \"C\", tgname" 'SELECT evtname, evtenabled FROM pg_event_trigger ORDER BY 1'
}
portrait registry >"$scratch/before"
stop_server fast

new=$CERTDATA_DATA.new bindir=$("${PG_CONFIG:-pg_config}" --bindir)
owner "$bindir/initdb" -D "$new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null 2>&1 || bail initdb
owner sh -c 'grep "^dynamic_library_path\|^extension_\|^shared_preload\|^unix_socket\|^listen\|^fsync\|^port" "$1" >>"$2"' sh "$CERTDATA_DATA/postgresql.conf" "$new/postgresql.conf"
upgrade() { owner sh -c 'cd "$1" && shift && exec "$@"' sh "$(dirname "$new")" "$bindir/pg_upgrade" -b "$bindir" -B "$bindir" -d "$CERTDATA_DATA" -D "$new" -U postgres "$@"; }
upgrade --check >"$scratch/check" 2>&1
verdict $? 'pg_upgrade --check' "$(cat "$scratch/check")"
upgrade >"$scratch/upgrade" 2>&1
verdict $? 'pg_upgrade' "$(tail -n 30 "$scratch/upgrade")" "$(owner sh -c 'tail -n 20 "$1"/pg_upgrade_output.d/*/log/*' sh "$new" 2>/dev/null)"
is "$(owner test -e "$new/certdata.state" && echo there)" '' 'starts for pg_upgrade are no starts'

old=$CERTDATA_DATA CERTDATA_DATA=$new
start_server
portrait registry >"$scratch/after"
same "$scratch/before" "$scratch/after" 'all is there as it was'
is "$(state -d registry -c "INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) VALUES ('张三', $row, 'S000013000001223000004', '2022-02-09', '甲校', '甲校')" -c 'SELECT certdata.seal()' | xargs)" 'ERROR: QC021 ERROR: QC021' 'the ledger waits to be adopted'
is "$(sql registry "SELECT certdata.adopt_ledger('pg_upgrade')" | grep -c .)" 1 'it is adopted'
sql second "SELECT certdata.adopt_ledger('pg_upgrade')" >/dev/null
is "$(problems registry)" '' '... and whole'
is "$(state -d registry -c 'ALTER TABLE zs DISABLE TRIGGER ALL' -c 'TRUNCATE parted_1' -c 'DROP TABLE zs CASCADE' -c 'DELETE FROM certdata.ledger_act' -c "UPDATE zs SET name = 'x'" | xargs)" 'ERROR: QC030 ERROR: QC014 ERROR: QC030 ERROR: QC031 ERROR: QC010' 'the guards are on'
is "$(state -d plain -c 'DROP DATABASE second')" 'ERROR:  QC030' '... also from another database'
sql registry "SELECT certdata.correct('zs', 'S000013000001223000002', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' >/dev/null
is "$(problems registry)" '' 'work goes on'
for ((i = 0; i < 100; i++)); do [ "$(sql registry 'SELECT pending FROM certdata.library()')" = 0 ] && break; sleep 0.1; done
is "$(sql registry "SELECT count(*) FROM certdata.attempt WHERE kind = 'start'")" 0 'no start was unguarded'
stop_server fast; start_server
is "$(state -d registry -c 'TRUNCATE zs')" 'ERROR:  QC014' 'after a restart, too'
is "$(sleep 1; sql registry "SELECT count(*) FROM certdata.attempt WHERE kind = 'start'")" 0 '... which was not unguarded'
stop_server fast
CERTDATA_DATA=$old
start_server
is "$(state -d registry -c 'TRUNCATE zs')" 'ERROR:  QC014' 'the old server, started again, guards as before'
done_testing
