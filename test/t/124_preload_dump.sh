#!/bin/bash
#
# Dump and restore with the library preloaded on both sides.  Looks for: a guard
# that refuses what a restore does into a fresh database, in any of its ways; one
# that is not on afterwards; a restore over a live registry that is let through,
# or that changes its ledger although it was refused; a sequence that such a
# restore sets back, after which no act can be recorded.

. "$(dirname "$0")/tap.sh"

state() { psql -XqAt -v VERBOSITY=sqlstate "$@" 2>&1 | grep -v '^NOTICE'; }
row="'居民身份证', '130102199003071233', '车工', '三级'"
insert() { echo "INSERT INTO $1 (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) SELECT '张三', $row, 'S0000130000012230000' || i, '2022-02-09', '甲校', '甲校' FROM generate_series($2, $3) AS i"; }
on() { local what=$1; shift; if "$@" >"$scratch/out" 2>&1; then verdict 0 "$what"; else verdict 1 "$what" "$(cat "$scratch/out")"; fi; }

# guarded DATABASE NAME: adopted, whole, guarded
guarded()
{
	is "$(sql "$1" 'SELECT count(*) FROM certdata.attempt' 'SELECT pending FROM certdata.library()' | xargs)" '0 0' "$2: nothing was refused"
	sql "$1" "SELECT certdata.adopt_ledger('restored')" >/dev/null 2>&1
	is "$(sql "$1" 'SELECT p FROM certdata.verify_ledger() AS p')" '' '... the ledger is whole'
	is "$(state -d "$1" -c 'ALTER TABLE zs DISABLE TRIGGER ALL' -c 'TRUNCATE parted_1' -c 'DROP VIEW zs_live' -c 'DROP TABLE s.owned CASCADE' -c 'DELETE FROM certdata.ledger_act' -c "UPDATE zs SET name = 'x'" -c 'DROP POLICY p ON zs' | xargs)" \
		'ERROR: QC030 ERROR: QC014 ERROR: QC030 ERROR: QC030 ERROR: QC031 ERROR: QC010 ERROR: QC030' '... the guards are on'
	is "$(state -d "$1" -c "SELECT count(*) FROM certdata.attachment WHERE detached_at IS NULL" -c "SELECT certdata.correct('zs', 'S000013000001223000012', '{\"姓名\": \"李四\"}', 'r', 'a')" -c "$(insert parted 60 61)" -c "$(insert s.owned 70 71)" | xargs)" '3' '... and work goes on'
}

case "${CERTDATA_DUMP_SIDE:-}" in
	'')
		scratch=$(mktemp -d)
		chmod 755 "$scratch"
		export scratch
		CERTDATA_DUMP_SIDE=source "$with_server" -o shared_preload_libraries=certdata bash "$0" || { cat "$scratch"/tap.*; bail 'the first cluster'; }
		CERTDATA_DUMP_SIDE=target "$with_server" -o shared_preload_libraries=certdata bash "$0" || { cat "$scratch"/tap.2; bail 'the second cluster'; }
		CERTDATA_DUMP_SIDE=all "$with_server" -o shared_preload_libraries=certdata bash "$0" || { cat "$scratch"/tap.3; bail 'the third cluster'; }
		cat "$scratch"/tap.* | awk '{ sub(/^(not )?ok [0-9]+/, ($1 == "not" ? "not ok " : "ok ") (/^(not )?ok/ ? ++n : "")); print }'
		# shellcheck disable=SC2034 # done_testing has them
		tests=$(cat "$scratch"/tap.* | grep -c '^ok\|^not ok')
		# shellcheck disable=SC2034
		failures=$(cat "$scratch"/tap.* | grep -c '^not ok')
		done_testing
		;;
esac
trap - EXIT
exec >"$scratch/tap.$([ "$CERTDATA_DUMP_SIDE" = source ] && echo 1 || { [ "$CERTDATA_DUMP_SIDE" = target ] && echo 2 || echo 3; })"

if [ "$CERTDATA_DUMP_SIDE" = source ]; then
	createdb registry
	sql registry 'SET client_min_messages = error' 'CREATE EXTENSION certdata' 'CREATE ROLE clerk LOGIN' 'CREATE SCHEMA s AUTHORIZATION clerk' "SELECT certdata.create_registry('zs')" \
		"SELECT certdata.detach('zs', 'policies first')" 'CREATE POLICY p ON zs USING (true)' 'ALTER TABLE zs ENABLE ROW LEVEL SECURITY' "SELECT certdata.attach('zs', state_column => 'state')" \
		'CREATE TABLE parted (LIKE zs) PARTITION BY RANGE (cert_no)' 'CREATE TABLE parted_1 PARTITION OF parted DEFAULT' "SELECT certdata.attach('parted')" \
		'CREATE TABLE s.owned (LIKE zs)' 'ALTER TABLE s.owned OWNER TO clerk' "SELECT certdata.attach('s.owned')" 'CREATE VIEW uses AS SELECT * FROM zs_live' \
		"$(insert zs 10 15)" "$(insert parted 20 23)" "$(insert s.owned 30 31)" "SELECT certdata.correct('zs', 'S000013000001223000011', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' >/dev/null
	pg_dump --no-sync -Fc -f "$scratch/custom" registry || bail pg_dump
	pg_dump --no-sync -Fd -f "$scratch/directory" registry
	pg_dump --no-sync -f "$scratch/plain" registry
	pg_dump --no-sync --inserts --rows-per-insert=3 -f "$scratch/inserts" registry
	pg_dump --no-sync --schema-only -Fc -f "$scratch/schema" registry
	pg_dump --no-sync --data-only -Fc -f "$scratch/data" registry
	pg_dumpall --no-sync >"$scratch/all" || bail pg_dumpall

	# ---- over the registry it was made of
	sql registry "SELECT certdata.correct('zs', 'S000013000001223000013', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' >/dev/null
	live() { sql registry 'TABLE certdata.ledger_act ORDER BY id' 'SELECT e::text FROM certdata.ledger_entry AS e ORDER BY act, n' 'TABLE certdata.ledger_head' 'TABLE certdata.life ORDER BY registry, cert_no' 'TABLE certdata.attachment ORDER BY id' 'TABLE zs ORDER BY cert_no' 'SELECT tgrelid, tgname, tgenabled FROM pg_trigger ORDER BY oid'; }
	live >"$scratch/live"
	pg_restore --data-only -d registry "$scratch/data" >"$scratch/out" 2>&1
	is "$(grep -c 'ledger_act is protected by certdata' "$scratch/out")" 1 'data alone into a live registry is refused'
	is "$(grep -c 'restore it into a database of its own' "$scratch/out" | awk '{print ($1 > 5)}')" 1 '... and told where it may go'
	live | diff "$scratch/live" - >"$scratch/difference"
	is "$(cat "$scratch/difference")" '' '... the ledger is as it was'
	# setval() is a function like any other: the numbers were set back
	is "$(state -d registry -c "SELECT certdata.correct('zs', 'S000013000001223000014', '{\"姓名\": \"李四\"}', 'r', 'a')" -c "$(insert zs 40 41)")" '' '... and acts go on, although their sequence was set back'
	is "$(sql registry 'SELECT certdata.seal() > 0' 'SELECT p FROM certdata.verify_ledger() AS p')" t '... the ledger is whole'
	for sequence in $(sql registry "SELECT oid::regclass FROM pg_class WHERE relkind = 'S' AND relnamespace = 'certdata'::regnamespace AND relname <> 'ledger_shape_id' ORDER BY 1"); do
		sql registry "SELECT setval('$sequence', 1, false)" >/dev/null
	done
	is "$(state -d registry -c "SELECT certdata.correct('zs', 'S000013000001223000015', '{\"姓名\": \"李四\"}', 'r', 'a')" -c "$(insert zs 42 43)" -c "CREATE TABLE fresh (LIKE parted)" -c "SELECT certdata.attach('fresh') IS NULL" -c "SELECT certdata.open_maintenance('r', '1 minute') IS NULL" -c 'SELECT certdata.close_maintenance()' -c 'TRUNCATE zs' | xargs)" 'f f t ERROR: QC014' '... nor are others needed, but one that a new attachment draws from'
	for ((i = 0; i < 150; i++)); do [ "$(sql registry 'SELECT pending FROM certdata.library()')" = 0 ] && break; sleep 0.1; done
	is "$(sql registry "SELECT count(*) FROM certdata.attempt WHERE kind = 'truncate' AND attempted_at > now() - interval '1 minute'")" 1 '... attempts are written, too'
	is "$(sql registry 'SELECT certdata.seal() > 0' 'SELECT p FROM certdata.verify_ledger() AS p')" t '... the ledger is whole'
	live >"$scratch/live"
	pg_restore --clean -d registry "$scratch/custom" >"$scratch/out" 2>&1
	is "$(live | diff "$scratch/live" - | head -n 5)" '' 'pg_restore --clean changes nothing'
	is "$(grep -c 'is protected by certdata' "$scratch/out" | awk '{print ($1 > 5)}')" 1 '... it is refused'
	is "$(sql registry 'SELECT p FROM certdata.verify_ledger() AS p')" '' '... the ledger is whole'
	is "$(grep -c 'PANIC\|TRAP\|terminated by signal' "$CERTDATA_LOG")" 0 'the server has no complaint'
elif [ "$CERTDATA_DUMP_SIDE" = target ]; then
	sql postgres 'CREATE ROLE clerk LOGIN'
	for way in custom plain inserts directory sections schema; do
		createdb "$way"
		case $way in
			custom) on "$way" pg_restore --exit-on-error -d custom "$scratch/custom" ;;
			plain | inserts) on "$way" psql -Xq -v ON_ERROR_STOP=1 -d "$way" -f "$scratch/$way" ;;
			directory) on "$way, -j 2" pg_restore --exit-on-error -j 2 -d directory "$scratch/directory" ;;
			sections)
				for section in pre-data data post-data; do on "$way, $section" pg_restore --exit-on-error --section=$section -d sections "$scratch/custom"; done ;;
			schema) on "$way alone" pg_restore --exit-on-error -d schema "$scratch/schema" ;;
		esac
		if [ $way != schema ]; then guarded "$way" "$way"; fi
	done
	is "$(sql schema 'SELECT count(*) FROM certdata.attachment' 'SELECT count(*) FROM zs' | xargs)" '0 0' 'schema alone: nothing is attached'
	pg_restore --data-only -d schema "$scratch/data" >"$scratch/out" 2>&1
	is "$(grep -c "the ledger is another cluster's" "$scratch/out" | awk '{print ($1 > 0)}'), $(sql schema 'SELECT count(*) FROM zs')" '1, 0' '... and data that comes after its guards is not let in (sections are the way)'
	is "$(sql custom "SELECT relowner::regrole FROM pg_class WHERE relname = 'owned'")" clerk 'tables have their owners'
	is "$(grep -c 'PANIC\|TRAP\|terminated by signal' "$CERTDATA_LOG")" 0 'the server has no complaint'
else
	# the role postgres is there
	grep -v '^CREATE ROLE postgres;' "$scratch/all" >"$scratch/all.sql"
	on 'a whole cluster' psql -Xq -v ON_ERROR_STOP=1 -d postgres -f "$scratch/all.sql"
	guarded registry 'a whole cluster'
fi
exit 0
