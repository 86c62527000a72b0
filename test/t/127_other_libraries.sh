#!/bin/bash
#
# Other libraries enter the same hooks of the server, before or after certdata.
# Looks for: an order in which a guard does not see a statement, in which the
# other library does not see it, or in which a server does not start; a session
# that grows with every refusal; parallel workers in which a guard fails.

. "$(dirname "$0")/tap.sh"

libdir=$("${PG_CONFIG:-pg_config}" --pkglibdir)
for library in pg_stat_statements auto_explain; do
	[ -f "$libdir/$library.so" ] || { echo "1..0 # SKIP no $library"; exit 0; }
done
if [ -z "${CERTDATA_ORDER:-}" ]; then
	scratch=$(mktemp -d)
	for order in 'certdata, pg_stat_statements, auto_explain' 'auto_explain, pg_stat_statements, certdata'; do
		CERTDATA_ORDER=$order "$with_server" -o "shared_preload_libraries=$order" -o auto_explain.log_min_duration=0 -o auto_explain.log_analyze=on \
			-o auto_explain.log_nested_statements=on -o pg_stat_statements.track=all bash "$0" >>"$scratch/out" || bail "$order"
	done
	awk '{ sub(/^(not )?ok [0-9]+/, ($1 == "not" ? "not ok " : "ok ") (/^(not )?ok/ ? ++n : "")); print }' "$scratch/out"
	# shellcheck disable=SC2034 # done_testing has them
	tests=$(grep -c '^ok\|^not ok' "$scratch/out")
	# shellcheck disable=SC2034
	failures=$(grep -c '^not ok' "$scratch/out")
	done_testing
fi
trap - EXIT
state() { psql -XqAt -v VERBOSITY=sqlstate -d postgres "$@" 2>&1 | grep -v '^NOTICE'; }

sql postgres 'SET client_min_messages = error' 'CREATE EXTENSION certdata' 'CREATE EXTENSION pg_stat_statements' "SELECT certdata.create_registry('zs')" \
	"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', 'S00001300000122300000' || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 5) AS i" >/dev/null
is "$(state -c 'TRUNCATE zs' -c 'ALTER TABLE zs DISABLE TRIGGER ALL' -c 'DELETE FROM certdata.ledger_act' -c 'DROP TABLE zs CASCADE' -c "ALTER SYSTEM SET certdata.language = 'zh'" -c 'DELETE FROM zs' -c "UPDATE zs SET name = 'x'" | xargs)" \
	'ERROR: QC014 ERROR: QC030 ERROR: QC031 ERROR: QC030 ERROR: QC032 ERROR: QC014 ERROR: QC010' "$CERTDATA_ORDER: guarded"
sql postgres "SELECT certdata.correct('zs', 'S000013000001223000001', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' >/dev/null
is "$(sql postgres 'SELECT p FROM certdata.verify_ledger() AS p')" '' '... recorded'
is "$(sql postgres "SELECT count(*) > 0 FROM pg_stat_statements WHERE query LIKE 'CREATE TRIGGER%'"), $(grep -c 'duration: .* plan:' "$CERTDATA_LOG" | awk '{print ($1 > 0)}')" 't, 1' '... and the others see statements'
for ((i = 0; i < 100; i++)); do [ "$(sql postgres 'SELECT pending FROM certdata.library()')" = 0 ] && break; sleep 0.1; done
is "$(sql postgres "SELECT count(*) FROM certdata.attempt WHERE outcome = 'refused'" | awk '{print ($1 >= 5)}')" 1 '... attempts are written'

# a parallel plan over guarded tables, and functions in it that are looked at when they are called
is "$(state -c 'SET parallel_setup_cost = 0' -c 'SET parallel_tuple_cost = 0' -c 'SET min_parallel_table_scan_size = 0' -c "SET $([ "$(sql postgres "SELECT current_setting('server_version_num')::int >= 160000")" = t ] && echo debug_parallel_query || echo force_parallel_mode) = on" \
	-c 'SELECT count(*) FROM zs' -c 'SELECT count(*) FROM certdata.ledger_act WHERE id > 0' | awk '{print ($1 > 4)}' | xargs)" '1 1' '... parallel plans go on'
sql postgres 'ALTER SYSTEM SET work_mem = DEFAULT' >/dev/null
sql postgres "SELECT certdata.open_maintenance('r', '1 minute')" 'ALTER SYSTEM SET certdata.refuse_native_code = on' 'SELECT pg_reload_conf()' 'SELECT pg_sleep(0.3)' 'SELECT certdata.close_maintenance()' >/dev/null
is "$(state -c "SET $([ "$(sql postgres "SELECT current_setting('server_version_num')::int >= 160000")" = t ] && echo debug_parallel_query || echo force_parallel_mode) = on" -c "SELECT length(pg_read_file('PG_VERSION')) > 0" -c "SELECT count(length(pg_read_file('PG_VERSION'))) FROM zs" | xargs)" 'ERROR: QC033 ERROR: QC033' '... what is refused is, in parallel workers, too'

sql postgres "SELECT certdata.open_maintenance('r', '1 minute')" 'CREATE TABLE many AS SELECT i FROM generate_series(1, 20000) AS i' >/dev/null
is "$(state -c 'SET parallel_setup_cost = 0' -c 'SET parallel_tuple_cost = 0' -c 'SET min_parallel_table_scan_size = 0' -c "SELECT count(length(pg_read_file('PG_VERSION'))) FROM many")" 20000 '... and under maintenance is not'
sql postgres 'SELECT certdata.close_maintenance()' >/dev/null

# ---- ten thousand refusals in one session
{
	echo 'SELECT 1;'
	for ((i = 0; i < 500; i++)); do echo 'TRUNCATE zs; ALTER TABLE zs DISABLE TRIGGER USER;'; done
	echo "SELECT 'memory ' || sum(total_bytes) FROM pg_backend_memory_contexts;"
	for ((i = 0; i < 5000; i++)); do echo 'TRUNCATE zs; ALTER TABLE zs DISABLE TRIGGER USER;'; done
	echo "SELECT 'memory ' || sum(total_bytes) FROM pg_backend_memory_contexts;"
} | psql -XqAt -d postgres 2>/dev/null | sed -n 's/^memory //p' | xargs >"$CERTDATA_DIR/memory"
is "$(awk '{print (NF == 2 && $2 - $1 < 200000)}' "$CERTDATA_DIR/memory")" 1 '... a session does not grow with refusals' "$(cat "$CERTDATA_DIR/memory")"
is "$(grep -c 'PANIC\|TRAP\|terminated by signal' "$CERTDATA_LOG")" 0 '... the server has no complaint'
exit 0
