#!/bin/bash
#
# A backend that grows, or forgets to close what it opened, over many checks:
# single-row inserts under the trigger, calls of every function, refusals and
# cancelled statements.  Looks at pg_backend_memory_contexts before and after,
# and in the server's log for what the resource owners complain of.

. "$(dirname "$0")/tap.sh"
inside -o log_min_messages=warning -o shared_preload_libraries=
createdb memory_test || bail createdb
rows=${CERTDATA_ROWS:-200000}
sql memory_test 'CREATE EXTENSION certdata' 'CREATE TABLE staging (LIKE certdata.report)' \
	"CREATE TABLE registry (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
		employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
		level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
		evaluator certdata.org_name, issuer certdata.org_name)" \
	'CREATE TABLE loaded (LIKE registry)' \
	'CREATE TRIGGER check_new AFTER INSERT ON registry REFERENCING NEW TABLE AS n
		FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()' \
	"INSERT INTO staging SELECT '张三', '居民身份证', '130102199003071233', '甲公司', '电工', CASE WHEN i % 50 = 0 THEN '无' END, '三级',
		'S000013000001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲中心' FROM generate_series(1, 200) AS i"

# grows LABEL LIMIT STATEMENT: run it in a session of its own, first a little
# to warm the caches; the session may grow by LIMIT bytes
grows()
{
	local label=$1 limit=$2 statement=$3 out
	# %d is the number of rounds
	out=$(psql -XqAt -d memory_test -v ON_ERROR_STOP=1 2>&1 <<-END
		SET client_min_messages = error;
		SET certdata.language = en;
		CREATE FUNCTION pg_temp.memory() RETURNS bigint LANGUAGE sql AS
			'SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name !~ ''^(CacheMemory|index info|relation rules|MessageContext|SPI|PL/pgSQL)''';
		${statement//%d/200}
		SELECT pg_temp.memory() AS before \\gset
		${statement//%d/$4}
		SELECT 'grown ' || pg_temp.memory() - :before;
	END
	)
	case $out in
		*grown\ *)
			out=${out##*grown }
			if [ "$out" -le "$limit" ]; then verdict 0 "$label"; else verdict 1 "$label" "grew by $out bytes"; fi ;;
		*) verdict 1 "$label" "$out" ;;
	esac
}

insert="INSERT INTO registry VALUES ('张三', '居民身份证', '130102199003071233', '甲公司', '电工', NULL, '三级',
	'S000013000001223' || lpad((i % 1000000)::text, 6, '0'), '2022-02-09', '甲校', '甲中心');"
# looked at while the transaction goes on, too: what it keeps it would keep for all of them
grows "$rows inserts of one row in one transaction" 65536 "DO \$\$
	DECLARE
		early bigint;
	BEGIN
		FOR i IN 1 .. %d LOOP
			$insert
			IF i = 200 THEN
				early := (SELECT sum(total_bytes) FROM pg_backend_memory_contexts);
			END IF;
		END LOOP;
		IF (SELECT sum(total_bytes) FROM pg_backend_memory_contexts) - early > 300000 THEN
			RAISE EXCEPTION 'grew from % to %', early, (SELECT sum(total_bytes) FROM pg_backend_memory_contexts);
		END IF;
	END \$\$;" "$rows"
grows 'inserts that warn' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP ${insert/三级/高级工} END LOOP; END \$\$;" 5000
grows 'inserts that are refused' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP BEGIN ${insert/NULL/\'无\'} EXCEPTION WHEN check_violation THEN NULL; END; END LOOP; END \$\$;" 5000
grows 'calls of check_rows' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP PERFORM count(*) FROM certdata.check_rows('staging'); END LOOP; END \$\$;" 1000
grows 'calls of load and rejected' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP DELETE FROM loaded; PERFORM certdata.load('staging', 'loaded', true); PERFORM certdata.rejected('staging', 'loaded'); END LOOP; END \$\$;" 1000
grows 'loads that are refused' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP BEGIN PERFORM certdata.load('staging', 'loaded'); EXCEPTION WHEN check_violation THEN NULL; END; END LOOP; END \$\$;" 1000
grows 'loads that the target refuses' 65536 \
	"CREATE TABLE IF NOT EXISTS narrow (LIKE certdata.report, CHECK (\"证书编号\" !~ '199\$'));
	DO \$\$ BEGIN FOR i IN 1 .. %d LOOP BEGIN PERFORM certdata.load('staging', 'narrow', true); EXCEPTION WHEN check_violation THEN NULL; END; END LOOP; END \$\$;" 1000
grows 'checks of tables of another shape' 65536 \
	"CREATE TABLE IF NOT EXISTS few (name text);
	DO \$\$ BEGIN FOR i IN 1 .. %d LOOP BEGIN PERFORM certdata.check_rows('few'); EXCEPTION WHEN SQLSTATE 'QC003' THEN NULL; END; END LOOP; END \$\$;" 1000
grows 'calls of check_record and check_report' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP PERFORM f FROM staging AS s, certdata.check_record(s) AS f LIMIT 3;
		PERFORM certdata.check_report(convert_to('姓名,证件类型' || repeat(E'\\n张 三,', i % 50), 'GB18030')); END LOOP; END \$\$;" 2000
grows 'settings read anew each time' 65536 \
	"DO \$\$ BEGIN FOR i IN 1 .. %d LOOP DELETE FROM certdata.rule_setting; INSERT INTO certdata.rule_setting (rule, enabled) VALUES ('name.space', i % 2 = 0);
		PERFORM f FROM staging AS s, certdata.check_record(s) AS f LIMIT 3; END LOOP; DELETE FROM certdata.rule_setting; END \$\$;" 1000

# statements cancelled half-way
sql memory_test 'CREATE TABLE big AS SELECT s.* FROM staging AS s, generate_series(1, 2000)' >/dev/null
for statement in "SELECT count(*) FROM certdata.check_rows('big')" "SELECT certdata.load('big', 'loaded', true)" \
	"SELECT count(*) FROM certdata.rejected('big', 'loaded')" "INSERT INTO registry SELECT (r).* FROM (SELECT b AS r FROM big AS b) AS t" \
	"SELECT count(*) FROM big AS b, certdata.check_record(b)" \
	"SELECT count(*) FROM certdata.check_report((SELECT convert_to(string_agg(b::text, E'\\n'), 'UTF8') FROM big AS b))"; do
	psql -XqAt -d memory_test >"$scratch/out" 2>&1 <<-END
		SET client_min_messages = error;
		SET statement_timeout = 20;
		$statement;
		$statement;
		RESET statement_timeout;
		SELECT 'alive ' || count(*) FROM certdata.check_rows('staging');
	END
	is "$(grep -c 'canceling statement' "$scratch/out") $(grep -o 'alive [0-9]*' "$scratch/out")" '2 alive 4' "cancelled: ${statement:0:60}"
done
grep -aE 'leak|not closed|still referenced|resource was|PANIC|TRAP|server process|terminated by' "$CERTDATA_LOG" >"$scratch/complaints"
is "$(cat "$scratch/complaints")" '' 'the log has no complaint of leaks or crashes'
done_testing
