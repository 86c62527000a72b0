#!/bin/bash
#
# Attacks on protected data, its guards and its ledger, by the table's owner, an
# application that has every privilege on the table, and a superuser, while the
# library is preloaded; then the same with maintenance open, and attacks by
# native code.  Looks for: a statement that changes or unguards something and
# of which neither certdata.attempt nor the ledger tells; a refusal that leaves
# a trace behind in the data, or none in certdata.attempt or the server's log;
# something that is everybody's business and is refused.
#
# test/attack/attacks.txt has the statements and what is to come of each,
# setup.sql what they attack, cells.pl makes scripts of it and judges.  That a
# silent statement is found shows itself where nobody guards:
# ATTACK_PRELOAD= bash test/t/120_attack.sh

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries="${ATTACK_PRELOAD-certdata}" -o log_line_prefix='[%a] ' -o autovacuum_naptime=1s

attack=$repository/test/attack
major=$(sql postgres 'SHOW server_version_num'); major=$((major / 10000))
silent=0

# ---- extensions whose scripts attack; the directory is ours
extensions=$CERTDATA_STAGE$(pg_config --sharedir)/extension
[ -d "$extensions" ] || extensions=$(pg_config --sharedir)/extension
extension() # NAME TRUSTED SCRIPT
{
	printf "default_version = '1'\ntrusted = %s\nrelocatable = true\n" "$2" >"$extensions/$1.control" && printf '%s\n' "$3" >"$extensions/$1--1.sql" || bail "$extensions"
}
trap 'rm -rf "${scratch:-}" "$extensions"/attack_*' EXIT
extension attack_truncate true 'TRUNCATE reg.zs;'
extension attack_trigger true 'ALTER TABLE reg.zs DISABLE TRIGGER certdata_update;'
extension attack_ledger true 'DELETE FROM certdata.ledger_act;'
extension attack_plain false 'CREATE FUNCTION attack_plain() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;'

# ---- what is attacked
sql postgres 'CREATE ROLE holder LOGIN' 'CREATE ROLE clerk LOGIN' 'CREATE ROLE chief LOGIN SUPERUSER' 'CREATE ROLE other' 'CREATE DATABASE attack'
sql attack 'CREATE EXTENSION certdata' 2>"$scratch/log" || bail 'CREATE EXTENSION'
psql -XqAt -d attack -v ON_ERROR_STOP=1 -f "$attack/setup.sql" >"$scratch/setup" 2>&1 || bail "setup.sql: $(tail -n 5 "$scratch/setup")"

# what the worker has written, when it has written all there is
written()
{
	for _ in $(seq 1 100); do # ten seconds
		[ "$(psql -XqAtc 'SELECT COALESCE(pending, 0) FROM certdata.library()' attack)" = 0 ] && break
		sleep 0.1
	done
}
attempts() { written; psql -XqAt attack -c 'SELECT application_name, outcome, kind, maintenance IS NOT NULL, object FROM certdata.attempt'; }

# run MODE ROLE [DATABASE]: the cells of attacks.txt
run()
{
	local mode=$1 role=$2 database=${3:-attack}
	local out=$scratch/$mode.$role.$database.out last=()
	: >"$out"
	# a statement that brings the server down does not end the others
	until grep -q '^@done' "$out"; do
		perl "$attack/cells.pl" script "$mode" "$role" "$database" "$major" "${last[@]}" >"$scratch/script" || bail 'cells.pl script'
		psql -X -U "$role" -d "$database" -f "$scratch/script" >>"$out" 2>&1
		[ "${last[*]-}" != "$(sed -n 's/^@before //p' "$out" | tail -n 1)" ] || break
		last=("$(sed -n 's/^@before //p' "$out" | tail -n 1)")
		psql -Xqc 'SELECT' postgres >/dev/null 2>&1 || sleep 2
	done
	ran+=("$mode $role $database")
}

judge()
{
	local cells status name why
	attempts >"$scratch/attempts"
	# shellcheck disable=SC2086 # three words
	for cells in "${ran[@]}"; do
		set -- $cells
		while IFS=$'\t' read -r status name why; do
			case $status in
				ok) verdict 0 "$name" ;;
				*) verdict 1 "$name" "$why" ;;
			esac
			if [ "$status" = silent ]; then silent=$((silent + 1)); fi
		done < <(perl "$attack/cells.pl" judge "$1" "$2" "$3" "$major" "$scratch/$1.$2.$3.out" "$scratch/attempts" "$CERTDATA_LOG")
	done
	ran=()
}
ran=()

state() { psql -XqAt -U "$1" -d attack -v VERBOSITY=sqlstate "${@:2}" 2>&1 | sed -n 's/^.*ERROR:  //p'; } # ROLE -c STATEMENT...
acts() { sql attack "SELECT count(*) FROM certdata.recorded_act WHERE kind = '$1'"; }

run plain holder
run plain clerk
run plain chief
judge

# ---- every row says who and whence
is "$(sql attack "SELECT count(*) FROM certdata.attempt WHERE session_user_name IN ('holder', 'clerk', 'chief') AND current_user_name IS NOT NULL
	AND pid > 0 AND object <> '' AND command <> '' AND now() - attempted_at BETWEEN '0' AND '10 minutes'")" \
	"$(sql attack 'SELECT count(*) FROM certdata.attempt')" 'every attempt says who tried what, and when'
is "$(sql attack "SELECT count(*) FROM certdata.attempt WHERE outcome = 'lost' OR object ~ '130102|张三|王五' OR command ~ '130102|张三|王五'")" 0 'none is lost, none shows personal data'
is "$(sql attack "SELECT count(*) FROM certdata.verify_ledger()")" 0 'the ledger is whole'

# ---- the worker: killed, or kept from writing
sql attack "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type LIKE '%certdata%'" >"$scratch/killed"
verdict "$([ -s "$scratch/killed" ]; echo $?)" 'there is a worker to kill'
is "$(PGAPPNAME=killed state clerk -c 'TRUNCATE reg.zs')" QC014 'with its worker killed, the library refuses'
written; sleep 0.5
for _ in $(seq 1 20); do [ -z "$(sql attack "SELECT 1 FROM certdata.attempt WHERE application_name = 'killed'")" ] || break; sleep 0.5; done
is "$(sql attack "SELECT count(*) FROM certdata.attempt WHERE application_name = 'killed'")" 1 '... and the next one writes it'
psql -XqAt -U chief -d attack -c BEGIN -c 'LOCK TABLE certdata.attempt' -c 'SELECT pg_sleep(2)' -c COMMIT >/dev/null &
locker=$!
sleep 0.5
is "$(PGAPPNAME=locked state clerk -c 'TRUNCATE reg.zs')" QC014 'with the table locked, the library refuses'
wait $locker
written; sleep 0.5
is "$(sql attack "SELECT count(*) FROM certdata.attempt WHERE application_name = 'locked'")" 1 '... and it is written as soon as it can be'

# ---- dump, and restore into a database beside it
rows="SELECT md5(string_agg(x, '|' ORDER BY x)) FROM (SELECT 'z' || z FROM reg.zs AS z UNION ALL SELECT 'c' || c FROM reg.cert AS c UNION ALL SELECT 'p' || p FROM reg.part AS p) AS u(x)"
if pg_dump -U chief attack >"$scratch/dump" 2>"$scratch/out"; then verdict 0 'pg_dump'; else verdict 1 'pg_dump' "$(cat "$scratch/out")"; fi
createdb copy
if psql -XqAt -U chief -v ON_ERROR_STOP=1 -d copy -f "$scratch/dump" >"$scratch/out" 2>&1; then verdict 0 'its restore'; else verdict 1 'its restore' "$(tail -n 5 "$scratch/out")"; fi
is "$(sql copy "$rows")" "$(sql attack "$rows")" '... has the rows'
sql copy "SELECT certdata.adopt_ledger('moved')" >/dev/null
is "$(psql -XqAt -U chief -d copy -v VERBOSITY=sqlstate -c 'TRUNCATE reg.zs' 2>&1)" 'ERROR:  QC014' '... and is protected as soon as its ledger is adopted'

# ---- maintenance
open() { psql -XqAt -U "$1" -d attack -v VERBOSITY=sqlstate -c "SELECT certdata.open_maintenance('$2', '$3') > now()" 2>&1; }
close() { psql -XqAt -U "$1" -d attack -v VERBOSITY=sqlstate -c 'SELECT certdata.close_maintenance()' 2>&1; }
is "$(open holder 'r' '1 hour')" 'ERROR:  42501' 'maintenance: the owner of a table may not open it'
sql attack 'GRANT EXECUTE ON FUNCTION certdata.open_maintenance(text, interval), certdata.close_maintenance() TO holder'
is "$(open holder ' ' '1 hour')" 'ERROR:  QC010' 'maintenance: needs a reason'
is "$(open holder 'r' '25 hours')" 'ERROR:  22023' 'maintenance: a day at most'
is "$(open holder 'r' '1 hour')" t 'maintenance: opened by who may'
is "$(state chief -c 'TRUNCATE reg.zs')" QC014 'maintenance: of one role does not help another'
is "$(state clerk -c 'TRUNCATE reg.zs')" QC014 'maintenance: ... nor the application'
run open holder

# what is committed is an act, one for each thing; what is not leaves an attempt only
while IFS='|' read -r kind statement undo; do
	before=$(acts maintenance)
	is "$(state holder -c BEGIN -c "$statement" -c ROLLBACK) $(($(acts maintenance) - before))" ' 0' "maintenance: $kind rolled back is no act"
	is "$(state holder -c "$statement") $(($(acts maintenance) > before))" ' 1' "maintenance: $kind is an act"
	is "$(state holder -c "$undo")" '' "maintenance: $kind undone"
done <<'END'
trigger|ALTER TABLE reg.zs DISABLE TRIGGER certdata_update|ALTER TABLE reg.zs ENABLE ALWAYS TRIGGER certdata_update
rule|CREATE RULE r AS ON DELETE TO reg.zs DO INSTEAD NOTHING|DROP RULE r ON reg.zs
constraint|ALTER TABLE reg.cert DROP CONSTRAINT cert_dj_check|ALTER TABLE reg.cert ADD CONSTRAINT cert_dj_check CHECK (dj <> '')
owner|ALTER TABLE reg.zs OWNER TO other|ALTER TABLE reg.zs OWNER TO holder
schema|ALTER TABLE reg.zs SET SCHEMA reg2|ALTER TABLE reg2.zs SET SCHEMA reg
persistence|ALTER TABLE reg.part_2a SET UNLOGGED|ALTER TABLE reg.part_2a SET LOGGED
row_security|CREATE POLICY p ON reg.zs USING (true)|DROP POLICY p ON reg.zs
setting|ALTER ROLE holder SET certdata.actor = 'x'|ALTER ROLE holder RESET certdata.actor
END
is "$(close holder) $(close holder)" 't f' 'maintenance: closed'
is "$(state holder -c 'TRUNCATE reg.zs')" QC014 'maintenance: then all is as before'
is "$(open holder 'r' '1 second')" t 'maintenance: for a second'
sleep 1.5
is "$(state holder -c 'TRUNCATE reg.zs')" QC014 'maintenance: it ends by itself'
is "$(open chief 'r' '1 hour')" t 'maintenance: a superuser needs it, too'
run open chief
judge
is "$(state chief -c 'DROP TABLE reg.cert CASCADE') $(acts drop)" ' 1' 'maintenance: a table dropped ends its attachment'
is "$(close chief)" t 'maintenance: closed again'
is "$(sql attack "SELECT count(*) FROM certdata.attempt AS a LEFT JOIN certdata.maintenance AS m ON m.id = a.maintenance
	WHERE (a.outcome = 'allowed') <> (m.id IS NOT NULL AND m.role::text = a.session_user_name AND a.attempted_at BETWEEN m.opened_at AND m.until)")" 0 'maintenance: each that was allowed names it'
is "$(sql attack "SELECT string_agg(problem, ' ') FROM certdata.verify_ledger()")" 'table.missing' 'maintenance: the ledger misses the table that was dropped, and nothing else'

# ---- native code
owner sh -c 'echo "certdata.refuse_native_code = on" >>"$1/postgresql.conf"' sh "$CERTDATA_DATA"
stop_server fast && start_server
run native holder
run native clerk
run native chief
judge

is "$(sed -n '/canceling autovacuum task/d; s/^\[\] ERROR:  //p' "$CERTDATA_LOG" | head -n 3)" '' 'nothing is refused to autovacuum and the workers'

# ---- last, for it takes everything away where nobody guards
run plain chief postgres
judge
is $silent 0 'no silent cell'
done_testing
