#!/bin/bash
#
# What drops attached tables because it must, and what fills tables that only
# certdata writes: pg_restore in its several ways, DROP EXTENSION, dropdb.  Looks
# for: a trigger of ours that stops a restore, also over what is there, also over
# a ledger that waits to be adopted; one that is called after its function is
# gone; attachments that survive so, and take another table for theirs by its
# OID; a drop before the adoption that verify_ledger() does not know; a server
# that is told more than the DROP.

. "$(dirname "$0")/tap.sh"
inside

no() { printf 'S000013000001223%06d' "$1"; }
rows() { sql "$1" "SELECT string_agg(name || right(cert_no::text, 1), ' ' ORDER BY cert_no) FROM zs"; }
attached() { sql "$1" 'SELECT string_agg(concat_ws(chr(32), relation, detach_reason), chr(44) ORDER BY relation::text) FROM certdata.attachment'; }
quiet() { local out; out=$("$@" 2>&1); verdict $? "$label" "$out"; is "$out" '' "$label: without a word"; }

createdb original
sql original 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" \
	"CREATE TABLE parted (LIKE zs) PARTITION BY RANGE (cert_no)" 'CREATE TABLE parted_1 PARTITION OF parted DEFAULT' "SELECT certdata.attach('parted')" \
	"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', left('$(no 0)', 21) || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 3) AS i" \
	"SELECT certdata.correct('zs', '$(no 1)', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' >/dev/null
pg_dump --no-sync -Fc -f "$scratch/first.dump" original
pg_dump --no-sync --clean --if-exists -f "$scratch/first.sql" original

# over what is there: the ledger goes with its extension, and comes back
label='pg_restore --clean over the same database' quiet pg_restore --clean --exit-on-error -d original "$scratch/first.dump"
is "$(rows original), $(attached original)" '李四1 张三2 张三3, parted,zs' '... and all is there again'
is "$(problems original)" '' '... the ledger is whole'
label='a plain dump with --clean' quiet psql -Xq -v ON_ERROR_STOP=1 -d original -o /dev/null -f "$scratch/first.sql"
is "$(rows original), $(attached original)" '李四1 张三2 张三3, parted,zs' '... and all is there again'

# where the ledger waits to be adopted
createdb restored
label='into a new database' quiet pg_restore --exit-on-error -d restored "$scratch/first.dump"
label='and once more, before its ledger is adopted' quiet pg_restore --clean --exit-on-error -d restored "$scratch/first.dump"
is "$(rows restored), $(attached restored)" '李四1 张三2 张三3, parted,zs' '... and all is there again'
sql restored 'SET client_min_messages = error' 'DROP TABLE zs CASCADE'
is "$(attached restored)" '- dropped,parted' 'an attachment ends before the adoption, too'
is "$(sql restored "SELECT certdata.adopt_ledger('moved')" 'SELECT problem, act, detail FROM certdata.verify_ledger()' | tail -n +2)" \
	'table.missing||The attached table (its name was not recorded) was dropped; certificates that it had: 3.' '... and verify_ledger() says so'
sql restored "CREATE TABLE zs (LIKE parted)" "SELECT certdata.attach('zs')" >/dev/null 2>&1
pg_dump --no-sync -Fc -f "$scratch/again.dump" restored
createdb again
label='a dump with an ended attachment' quiet pg_restore --exit-on-error -d again "$scratch/again.dump"
is "$(attached again)" '- dropped,parted,zs' '... has it'

# data alone, with triggers switched off or in the replica role
for way in --disable-triggers replica; do
	createdb "data$way"
	label="tables first" quiet pg_restore --exit-on-error --section=pre-data -d "data$way" "$scratch/first.dump"
	if [ $way = replica ]; then
		label="data in the replica role" quiet env PGOPTIONS='-c session_replication_role=replica' pg_restore --exit-on-error --data-only -d "data$way" "$scratch/first.dump"
	else
		label="data with $way" quiet pg_restore --exit-on-error --data-only $way -d "data$way" "$scratch/first.dump"
	fi
	label="... and the rest" quiet pg_restore --exit-on-error --section=post-data -d "data$way" "$scratch/first.dump"
	is "$(rows "data$way"), $(attached "data$way"), $(problems "data$way")" '李四1 张三2 张三3, parted,zs, ' '... all is there, the ledger is whole'
done

# the extension, its schema, its database
is "$(psql -XqAt -v VERBOSITY=sqlstate -d again -c 'DROP EXTENSION certdata' 2>&1)" 'ERROR:  2BP01' 'DROP EXTENSION is refused while tables use it'
label='DROP EXTENSION ... CASCADE' quiet psql -XqAt -d again -c 'SET client_min_messages = warning' -c 'DROP EXTENSION certdata CASCADE' -c 'DROP TABLE zs' -c 'CREATE TABLE t (a int)' -c 'DROP TABLE t'
is "$(sql again "SELECT count(*) FROM pg_event_trigger")" 0 '... takes the event triggers with it'
label='it comes again in the same session' quiet psql -XqAt -d again -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION certdata' -c 'CREATE TABLE t (a int)' -c 'DROP TABLE t' -c 'DROP EXTENSION certdata' -c 'CREATE EXTENSION certdata' -c 'CREATE TABLE t (a int)' -c 'DROP TABLE t'
label='DROP SCHEMA certdata CASCADE' quiet psql -XqAt -d restored -c 'SET client_min_messages = warning' -c 'DROP SCHEMA certdata CASCADE' -c 'DROP TABLE zs'
label='dropdb' quiet dropdb original
is "$(grep -c 'PANIC\|terminated by signal\|cache lookup failed' "$CERTDATA_LOG")" 0 'the server has no complaint'
done_testing
