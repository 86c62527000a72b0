#!/bin/bash
#
# Personal data must not reach the server's log through a refusal of ours.
# Looks for: an ID number or a name in the message, the CONTEXT (COPY quotes
# the column, PL/pgSQL the statement), the STATEMENT or the parameters that the
# server logs with an error, in the plain log and the CSV log, at the default
# verbosity and at verbose.

. "$(dirname "$0")/tap.sh"
inside -o logging_collector=on -o log_destination=stderr,csvlog -o log_directory=log \
	-o log_statement=none -o log_min_error_statement=error -o log_min_messages=warning

# A wrong check character, a name with a space, an exchanged certificate number.
number=130102199003071239
name='欧阳 隐名'
certno=S00001300000122300000
secrets=(130102199003071239 9003071239 欧阳 隐名)
logs=$CERTDATA_DATA/log

good="'李秀兰', '居民身份证', '130102199003071233', '甲公司', '焊工', NULL, '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校'"
bad="'$name', '居民身份证', '$number', '甲公司', '焊工', NULL, '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校'"
columns='name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer'

createdb log_test || bail createdb
sql log_test 'CREATE EXTENSION certdata' \
	'CREATE TABLE typed (rid certdata.resident_id, name certdata.person_name)' \
	"CREATE TABLE registry (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
		employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
		level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
		evaluator certdata.org_name, issuer certdata.org_name)" \
	'CREATE TRIGGER check_insert AFTER INSERT ON registry REFERENCING NEW TABLE AS new_rows
		FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()' \
	'CREATE TRIGGER check_update AFTER UPDATE ON registry REFERENCING NEW TABLE AS new_rows
		FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()' \
	"INSERT INTO registry VALUES ($good)" \
	'CREATE TABLE staging (LIKE certdata.report)' \
	"INSERT INTO staging VALUES ($bad)" \
	"CREATE FUNCTION static(number text, who text) RETURNS void LANGUAGE plpgsql AS
		'BEGIN INSERT INTO typed VALUES (number, who); END'" \
	"CREATE FUNCTION dynamic(number text, who text) RETURNS void LANGUAGE plpgsql AS
		'BEGIN EXECUTE format(''INSERT INTO typed VALUES (%L, %L)'', number, who); END'" \
	"CREATE FUNCTION dynamic_registry(number text, who text) RETURNS void LANGUAGE plpgsql AS
		'BEGIN EXECUTE format(''UPDATE registry SET id_number = %L, name = %L'', number, who); END'" \
	"CREATE FUNCTION sql_function(number text, who text) RETURNS void LANGUAGE sql AS
		'INSERT INTO typed VALUES (number, who)'"
lines() { cat "$logs"/* | wc -l; }

# After command COMMAND...: it failed, the log says so, and tells no secret.
refused()
{
	local label=$1 before rc=0 file secret found=
	shift
	before=$(lines)
	"$@" >"$scratch/out" 2>&1 || rc=$?
	# The collector writes what it was sent by the time the next message is in.
	psql -Xq -d log_test -c "DO \$\$ BEGIN RAISE LOG 'mark $before'; END \$\$"
	for _ in $(seq 50); do
		if cat "$logs"/*.log | grep -q "mark $before" && cat "$logs"/*.csv | grep -q "mark $before"; then break; fi
		sleep 0.1
	done
	for file in "$logs"/*; do
		tail -n "+$(($(cat "$scratch/seen.${file##*/}" 2>/dev/null || echo 0) + 1))" "$file"
		wc -l <"$file" >"$scratch/seen.${file##*/}"
	done >"$scratch/new"
	if [ $rc = 0 ]; then verdict 1 "$label" 'it was not refused' "$(cat "$scratch/out")"; return; fi
	if ! grep -q ERROR "$scratch/new"; then verdict 1 "$label" 'no ERROR in the log' "$(cat "$scratch/out")"; return; fi
	for secret in "${secrets[@]}"; do
		if grep -qF "$secret" "$scratch/new"; then found="$found $secret"; fi
	done
	if [ -n "$found" ]; then verdict 1 "$label" "in the log:$found" "$(cat "$scratch/new")"; return; fi
	# What the client is told: psql repeats the line it sent, nothing else may.
	# (PL/pgSQL's own CONTEXT goes to the one who wrote the statement.)
	grep -vE '^LINE |^ *\^|^QUERY: |SQL statement "' "$scratch/out" >"$scratch/told" || true
	for secret in "${secrets[@]}"; do
		if grep -qF "$secret" "$scratch/told"; then found="$found $secret"; fi
	done
	if [ -n "$found" ]; then verdict 1 "$label" "in the message:$found" "$(cat "$scratch/told")"; return; fi
	verdict 0 "$label"
}

statement() { psql -Xq -d log_test -v ON_ERROR_STOP=1 -c "$1"; }
from_stdin() { psql -Xq -d log_test -v ON_ERROR_STOP=1 -c "$1" <"$2"; }
bench() { pgbench -n -M "$1" -t 1 -D "number=$number" -D "who=$name" -f "$2" log_test; }

printf '%s\t%s\n' "$number" 李秀兰 >"$scratch/text"
printf '%s,%s\n' "$number" 李秀兰 >"$scratch/csv"
printf '130102199003071233\t%s\n' "$name$(printf '%01d' $(seq 60) | tr -d '\n')" >"$scratch/long"
printf '%s\n' "$bad" | sed "s/', '/,/g; s/, NULL, '/,,/; s/^'//; s/'\$//; s/',,/,,/" >"$scratch/record"
perl -e 'my ($n, $w) = @ARGV; print "PGCOPY\n\377\r\n\0", pack("N2", 0, 0),
	pack("n", 2), pack("N/a*", $n), pack("N/a*", $w), pack("n", 0xffff)' "$number" "$name" >"$scratch/binary"
perl -e 'my ($w) = @ARGV; print "PGCOPY\n\377\r\n\0", pack("N2", 0, 0),
	pack("n", 1), pack("N/a*", $w x 20), pack("n", 0xffff)' "$name" >"$scratch/binary_name"
echo 'INSERT INTO typed (rid, name) VALUES (:number, :who);' >"$scratch/bench"
echo "INSERT INTO typed (rid, name) VALUES (':number', ':who');" >"$scratch/bench_simple"

for verbosity in default verbose; do
	export PGOPTIONS="-c log_error_verbosity=$verbosity"
	v="($verbosity)"
	refused "INSERT of a literal $v" statement "INSERT INTO typed VALUES ('$number', '$name')"
	refused "INSERT of a literal by assignment from text $v" statement "INSERT INTO typed SELECT '$number'::text, '$name'"
	refused "INSERT of several rows $v" statement "INSERT INTO typed VALUES (NULL, '$name'), ('$number', '李秀兰')"
	refused "name longer than 40 $v" statement "INSERT INTO typed VALUES (NULL, repeat('$name', 20))"
	refused "literal in a certificate number's place $v" statement "SELECT '$number'::certdata.certno"
	refused "cast in SELECT $v" statement "SELECT '$number'::certdata.resident_id"
	refused "cast of a text value $v" statement "SELECT x::certdata.resident_id FROM (VALUES ('$number'::text)) AS v (x)"
	refused "WHERE with a bad literal $v" statement "SELECT FROM typed WHERE rid = '$number'::certdata.resident_id"
	refused "a date's place $v" statement "SELECT '$number'::certdata.issue_date"
	refused "a level's place $v" statement "SELECT '$name'::certdata.skill_level"
	refused "a kind's place $v" statement "SELECT '$name'::certdata.id_type"
	refused "an ID number's place $v" statement "SELECT '$number$number'::certdata.id_number"
	refused "PREPARE with a literal $v" statement "PREPARE p AS INSERT INTO typed VALUES ('$number', '$name')"
	refused "EXECUTE $v" statement "PREPARE p (text, text) AS INSERT INTO typed VALUES (\$1, \$2); EXECUTE p ('$number', '$name')"
	refused "EXECUTE of a typed parameter $v" statement "PREPARE p (certdata.resident_id, text) AS INSERT INTO typed VALUES (\$1, \$2); EXECUTE p ('$number', '$name')"
	refused "driver, simple protocol $v" bench simple "$scratch/bench_simple"
	for mode in extended prepared; do
		refused "driver, $mode protocol $v" bench $mode "$scratch/bench"
	done
	refused "COPY text $v" from_stdin 'COPY typed FROM STDIN' "$scratch/text"
	refused "COPY csv $v" from_stdin 'COPY typed FROM STDIN (FORMAT csv)' "$scratch/csv"
	refused "COPY text, long name $v" from_stdin 'COPY typed FROM STDIN' "$scratch/long"
	refused "COPY binary $v" from_stdin 'COPY typed FROM STDIN (FORMAT binary)' "$scratch/binary"
	refused "COPY binary, long name $v" from_stdin 'COPY typed (name) FROM STDIN (FORMAT binary)' "$scratch/binary_name"
	refused "COPY into a checked table $v" from_stdin "COPY registry ($columns) FROM STDIN (FORMAT csv)" "$scratch/record"
	refused "INSERT into a checked table $v" statement "INSERT INTO registry VALUES ($bad)"
	refused "UPDATE of a checked table $v" statement "UPDATE registry SET id_number = '$number', name = '$name'"
	refused "PL/pgSQL, static $v" statement "SELECT static('$number', '$name')"
	refused "PL/pgSQL, dynamic $v" statement "SELECT dynamic('$number', '$name')"
	refused "PL/pgSQL, dynamic, checked table $v" statement "SELECT dynamic_registry('$number', '$name')"
	refused "function in SQL $v" statement "SELECT sql_function('$number', '$name')"
	refused "DO block $v" statement "DO \$\$ BEGIN INSERT INTO typed VALUES ('$number', '$name'); END \$\$"
	refused "DO block, dynamic $v" statement "DO \$\$ BEGIN EXECUTE 'INSERT INTO typed VALUES (''$number'', ''$name'')'; END \$\$"
	refused "load() of a bad table $v" statement "SELECT certdata.load('staging', 'registry') /* $number $name */"
	refused "a bad certificate number $v" statement "SELECT '$certno'::certdata.certno /* $number $name */"
done
done_testing
