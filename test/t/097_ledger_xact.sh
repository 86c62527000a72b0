#!/bin/bash
#
# The ledger and what else can become of a transaction: prepared, rolled back to
# a savepoint, ended by an error or a cancellation in the middle of a load.
# Looks for: entries of what did not happen, or none of what did; a prepared
# transaction's acts sealed too early, twice or never, also across a restart;
# things a session remembers of what was rolled back or is prepared only.

. "$(dirname "$0")/tap.sh"
inside -o max_prepared_transactions=4 -o shared_preload_libraries=certdata -o autovacuum=off

columns='(name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
	cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text, note text)'
sql postgres 'CREATE EXTENSION certdata' "CREATE TABLE zs $columns" "CREATE TABLE fresh $columns" "CREATE TABLE newer $columns" \
	"SELECT certdata.attach('zs'), certdata.attach('fresh'), certdata.attach('newer')" \
	"CREATE FUNCTION no(i int) RETURNS certdata.certno LANGUAGE sql IMMUTABLE AS \$\$ SELECT ('S000013000001223' || lpad(i::text, 6, '0'))::certdata.certno \$\$" \
	"CREATE FUNCTION add(first int, last int, target regclass DEFAULT 'zs') RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN EXECUTE format('INSERT INTO %s
		SELECT ''张三'', ''居民身份证'', ''130102199003071233'', NULL, ''电工'', NULL, ''三级'', no(i), ''2022-02-09'', ''甲校'', ''甲中心'' FROM generate_series(%s, %s) AS i', target, first, last); END \$\$" \
	"CREATE FUNCTION correct(i int, name text) RETURNS void LANGUAGE sql AS \$\$ SELECT certdata.correct('zs', no(i), jsonb_build_object('姓名', name), 'r', 'a') \$\$" \
	"CREATE VIEW unsealed AS SELECT * FROM certdata.ledger_act WHERE id NOT IN (SELECT act FROM certdata.ledger_order)" \
	'SELECT FROM certdata.seal()' >/dev/null

shapes='SELECT count(*) FROM certdata.ledger_shape'
seal() { sql postgres 'SELECT certdata.seal()'; }
unsealed() { sql postgres "SELECT COALESCE(string_agg(kind, ' ' ORDER BY id), '-') FROM unsealed"; }
# lives of numbers: number, places
lives() { sql postgres "SELECT COALESCE(string_agg(life, ' ' ORDER BY life), '-') FROM (SELECT right(cert_no::text, 3) || ':' || string_agg(life_seq::text, ',' ORDER BY life_seq) AS life
	FROM certdata.ledger_entry WHERE cert_no BETWEEN no($1) AND no($2) GROUP BY cert_no) AS l"; }
state() { psql -XqAt -v VERBOSITY=sqlstate "${@/#/-c}" 2>&1 | sed -n 's/^.*ERROR:  //p'; }
# what there is of the ledger, but for the numbers drawn
grown() { sql postgres "SELECT (SELECT count(*) FROM certdata.ledger_act), (SELECT count(*) FROM certdata.ledger_entry), (SELECT count(*) FROM certdata.life), (SELECT count(*) FROM zs)"; }

# ---- prepared
size=$(seal)
sql postgres BEGIN 'SELECT add(1, 2)' "SELECT correct(1, '李四')" "PREPARE TRANSACTION 'p'" 'SELECT add(11, 12)' >/dev/null
is "$(lives 1 99)" '011:1 012:1' 'what is prepared only is not seen, what came later is'
is "$(seal)" "$size" 'neither is sealed: it could be the older one'
stop_server immediate; start_server
is "$(lives 1 99) $(seal)" "011:1 012:1 $size" 'nor after a crash'
stop_server fast; start_server
is "$(lives 1 99) $(seal)" "011:1 012:1 $size" 'nor after a restart'
is "$(state 'SET lock_timeout = 100' "SELECT correct(1, '王五')")" P0002 'nobody else corrects what is not there'
sql postgres "COMMIT PREPARED 'p'"
is "$(lives 1 99)" '001:1,2 002:1 011:1 012:1' 'committed, it is there'
is "$(seal) $(unsealed)" "$((size + 8 + 1)) -" '... and sealed'
sql postgres "SELECT correct(2, '李四')" >/dev/null
is "$(state "SELECT correct(1, '王五')" "SELECT correct(2, '王五')") $(lives 1 9)" ' 001:1,2,3 002:1,2,3' 'its lives go on'

sql postgres BEGIN 'SELECT add(21, 21)' "SELECT correct(11, '李四')" "PREPARE TRANSACTION 'q'" >/dev/null
is "$(state 'SET lock_timeout = 100' "SELECT correct(11, '王五')")" 55P03 'what a prepared transaction corrects, others wait for'
stop_server immediate; start_server
is "$(state 'SET lock_timeout = 100' "SELECT correct(11, '王五')")" 55P03 '... also after a crash'
sql postgres "ROLLBACK PREPARED 'q'" "SELECT correct(11, '王五')" >/dev/null
is "$(lives 11 29)" '011:1,2 012:1' 'rolled back, it has never been'
seal >/dev/null
is "$(unsealed)" - '... and holds nothing back'
is "$(problems postgres)" '' 'the ledger is whole'

# the first act on an altered table notes its shape; the session goes on while that is prepared only, and when it is gone
sql postgres 'ALTER TABLE fresh RENAME employer TO unit' 'ALTER TABLE newer RENAME employer TO unit' "$shapes" >"$scratch/shapes"
sql postgres BEGIN "SELECT add(31, 31, 'fresh')" "PREPARE TRANSACTION 'shape'" "SELECT add(32, 32, 'fresh')" "ROLLBACK PREPARED 'shape'" "SELECT add(33, 33, 'fresh')" >/dev/null
sql postgres BEGIN "SELECT add(41, 41, 'newer')" "PREPARE TRANSACTION 'shape'" "COMMIT PREPARED 'shape'" "SELECT add(42, 42, 'newer')" >/dev/null
seal >/dev/null
is "$(sql postgres "$shapes")" "$(($(cat "$scratch/shapes") + 2))" 'a shape that is prepared only is not used'
is "$(sql postgres 'SELECT a.id FROM certdata.ledger_act AS a WHERE a.shape <> 0 AND a.shape NOT IN (SELECT id FROM certdata.ledger_shape)')" '' '... and all that are used are there'
is "$(problems postgres)" '' '... and the ledger is whole'

# a seal that is prepared
sql postgres 'SELECT add(51, 51)' BEGIN 'SELECT certdata.seal()' "PREPARE TRANSACTION 'seal'" >/dev/null
size=$(sql postgres "SELECT split_part(certdata.head(), E'\n', 2)")
is "$(state 'SET lock_timeout = 100' 'SELECT certdata.seal()')" 55P03 'a prepared seal: another one waits'
stop_server immediate; start_server
is "$(state 'SET lock_timeout = 100' 'SELECT certdata.seal()')" 55P03 '... also after a crash'
is "$(state 'SET lock_timeout = 1000' 'SELECT add(52, 52)')" '' '... and writers do not'
is "$(sql postgres "SELECT split_part(certdata.head(), E'\n', 2)")" "$size" 'its head is not given'
sql postgres "ROLLBACK PREPARED 'seal'"
is "$(seal) $(unsealed)" "$((size + 5)) -" 'rolled back: the next one seals it all'
sql postgres 'SELECT add(53, 53)' BEGIN 'SELECT certdata.seal()' "PREPARE TRANSACTION 'seal'" "COMMIT PREPARED 'seal'" >/dev/null
stop_server immediate; start_server
is "$(sql postgres "SELECT split_part(certdata.head(), E'\n', 2)") $(unsealed)" "$((size + 8)) -" 'committed: its head is given, and survives a crash'
is "$(problems postgres)" '' 'the ledger is whole'

# a ledger that is started by a prepared transaction
createdb other
sql other 'CREATE EXTENSION certdata' BEGIN 'SELECT certdata.start_ledger()' "PREPARE TRANSACTION 'start'" "ROLLBACK PREPARED 'start'" BEGIN 'SELECT certdata.start_ledger()' ROLLBACK >/dev/null
is "$(psql -XqAt -d other -v VERBOSITY=sqlstate -c 'SELECT certdata.seal()' 2>&1)" 'ERROR:  QC020' 'one that is rolled back was never started'
sql other BEGIN "SELECT certdata.start_ledger('sm3')" "PREPARE TRANSACTION 'start'" "COMMIT PREPARED 'start'" 'SELECT certdata.seal()' >/dev/null
is "$(problems other)" '' '... and one that is committed was'

# ---- savepoints
sql postgres BEGIN 'SELECT add(101, 101)' 'SAVEPOINT a' 'SELECT add(102, 102)' "SELECT correct(101, '李四')" 'ROLLBACK TO a' 'SELECT add(103, 103)' \
	'SAVEPOINT b' "SELECT correct(101, '王五')" 'SAVEPOINT c' 'SELECT add(104, 104)' 'RELEASE b' 'SAVEPOINT d' "SELECT correct(103, '李四')" 'ROLLBACK TO d' \
	"SET LOCAL certdata.reason = 'r'" "SET LOCAL certdata.approval = 'a'" "UPDATE zs SET employer = '乙公司' WHERE cert_no IN (no(101), no(103))" COMMIT >/dev/null
is "$(lives 101 199)" '101:1,2,3 103:1,2 104:1' 'what was rolled back to a savepoint was never recorded, the rest is'
is "$(sql postgres "SELECT string_agg(state::text, ',' ORDER BY cert_no, life_seq) FROM certdata.ledger_entry WHERE cert_no IN (no(101), no(103))")" 0,1,1,0,0 '... nor an item used up'
sql postgres "DO \$\$ BEGIN
	FOR i IN 111 .. 120 LOOP
		BEGIN
			PERFORM add(i, i), add(i + 10, i + CASE i % 2 WHEN 0 THEN 10 ELSE 0 END), correct(i, '李四');
			PERFORM 1 / (i % 3);
		EXCEPTION WHEN division_by_zero THEN
		END;
	END LOOP;
END \$\$"
is "$(lives 111 199)" '112:1,2 113:1,2 115:1,2 116:1,2 118:1,2 119:1,2 122:1 126:1 128:1' 'nor what an exception undid'
createdb late
sql late 'CREATE EXTENSION certdata' "CREATE TABLE zs $columns" "SELECT certdata.attach('zs')" 'ALTER TABLE zs RENAME employer TO unit' BEGIN 'SAVEPOINT s' \
	"INSERT INTO zs VALUES ('张三', '居民身份证', '130102199003071233', NULL, '电工', NULL, '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心')" 'ROLLBACK TO s' \
	"INSERT INTO zs VALUES ('张三', '居民身份证', '130102199003071233', NULL, '电工', NULL, '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲中心')" COMMIT 'SELECT certdata.seal()' >/dev/null
is "$(sql late "$shapes") $(problems late)" '2 ' 'a shape that was rolled back is noted again'

# ---- errors in the middle
# nothing NAME STATE COMMAND...: it ends with that SQLSTATE, and there is nothing of it
nothing()
{
	local name=$1 state=$2 before
	shift 2
	before=$(grown)
	is "$("$@" 2>&1 | sed -n 's/^.*ERROR:  //p')" "$state" "$name"
	is "$(grown)" "$before" "$name: nothing is recorded"
}
rows() { awk -v n="$1" -v last="$2" 'BEGIN { OFS = "\t"; for (i = 1; i <= n; i++) print "张三", "居民身份证", "130102199003071233", "\\N", "电工", "\\N", "三级", sprintf("S000013000001223%06d", 10000 + i), "2022-02-09", "甲校", "甲中心", "\\N"; if (last != "") print last }'; }
copy() { rows "$1" "$2" | psql -XqAt -v VERBOSITY=sqlstate -c 'COPY zs FROM STDIN'; }
nothing 'COPY: a value its type refuses, after 3000 rows' 22P02 copy 3000 $'张三\t居民身份证\t130102199003071233\t\\N\t电工\t\\N\t三级\tx'
nothing 'COPY: too few columns, after 3000 rows' 22P04 copy 3000 张三
nothing 'COPY: a row with a fault, after 3000 rows' 23514 copy 3000 $'张 三\t居民身份证\t130102199003071233\t\\N\t电工\t\\N\t三级\tS000013000001223009999\t2022-02-09\t甲校\t甲中心\t\\N'
nothing 'COPY: a number that is there, after 3000 rows' 23505 copy 3000 "$(rows 1 '')"
nothing 'an error after the statement' 22012 psql -XqAt -v VERBOSITY=sqlstate -c "SELECT add(10001, 10500); SELECT 1 / 0"
sql postgres 'CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE division_by_zero; END $$' 'CREATE TRIGGER zzz AFTER INSERT ON zs FOR EACH STATEMENT EXECUTE FUNCTION fail()'
nothing 'an error in a trigger that comes after ours' 22012 psql -XqAt -v VERBOSITY=sqlstate -c 'SELECT add(10001, 10500)'
sql postgres 'DROP TRIGGER zzz ON zs'

# ---- cancelled while it records
recorded_bytes="SELECT pg_relation_size('certdata.ledger_entry')"
# big FUNCTION: a big load, ended when it has written some of its entries
big()
{
	local before job i
	before=$(sql postgres "$recorded_bytes")
	PGAPPNAME=big psql -XqAt -v VERBOSITY=sqlstate -c 'SELECT add(100000, 299999)' >"$scratch/big" 2>&1 &
	job=$!
	for ((i = 0; i < 1000; i++)); do
		[ "$(sql postgres "$recorded_bytes")" -gt $((before + 1000000)) ] && break
		sleep 0.01
	done
	[ $i -lt 1000 ] || echo 'ERROR:  it wrote no entries'
	sql postgres "SELECT $1(pid) FROM pg_stat_activity WHERE application_name = 'big'" >/dev/null
	wait "$job"
	sed 's/FATAL/ERROR/' "$scratch/big"
}
nothing 'cancelled while it records' 57014 big pg_cancel_backend
nothing 'terminated while it records' 57P01 big pg_terminate_backend
nothing 'statement_timeout' 57014 psql -XqAt -v VERBOSITY=sqlstate -c "SET statement_timeout = '300ms'" -c 'SELECT add(100000, 999999)'
sql postgres 'SELECT add(100000, 100499)' >/dev/null
is "$(sql postgres "SELECT count(*) FROM certdata.ledger_entry WHERE cert_no BETWEEN no(100000) AND no(100499) AND life_seq = 1")" 500 'and the load can be done again'

seal >/dev/null
is "$(unsealed) $(problems postgres)" '- ' 'all is sealed, and the ledger is whole'
done_testing
