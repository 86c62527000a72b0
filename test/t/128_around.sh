#!/bin/bash
#
# Ways round the preloaded library that take more than a statement.  Looks for:
# maintenance that goes on after it was closed, after what opened it was rolled
# back, or in another database than its own; attempts that are not written
# because of settings kept for the database; a COPY into a table of certdata's
# or a DETACH PARTITION whose name meant another one when it was looked at; acts
# that fail after a restore has set their numbers back.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata

one()
{
	sql "$1" 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" "SELECT certdata.create_registry('other')" \
		"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
			VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校')" >/dev/null 2>&1
}
sql postgres 'CREATE DATABASE a' 'CREATE DATABASE b' 'CREATE ROLE nobody_much'
one a
one b

# refused NAME < statements: whether the last of them is refused by certdata
refused()
{
	local out
	out=$(psql -XqAt -v VERBOSITY=sqlstate -d a 2>&1 | tail -n 1)
	is "$out" 'ERROR:  QC030' "$1"
}

refused 'closed maintenance is over, also in a session that had a statement refused before' <<'S'
BEGIN; SAVEPOINT s; UPDATE pg_class SET relname = 'x' WHERE false; ROLLBACK TO s; COMMIT;
SELECT certdata.open_maintenance('r', '1 hour');
ALTER TABLE zs DISABLE TRIGGER certdata_delete;
ALTER TABLE zs ENABLE ALWAYS TRIGGER certdata_delete;
SELECT certdata.close_maintenance();
ALTER TABLE zs DISABLE TRIGGER certdata_delete;
S
refused 'maintenance whose opening is rolled back is over, within the same statement' <<'S'
DO $$
BEGIN
	BEGIN
		PERFORM certdata.open_maintenance('r', '1 hour');
		ALTER TABLE zs DISABLE TRIGGER certdata_delete;
		RAISE EXCEPTION 'x';
	EXCEPTION WHEN raise_exception THEN
	END;
	ALTER TABLE zs DISABLE TRIGGER certdata_delete;
END $$;
S
sql b "SELECT certdata.open_maintenance('r', '1 hour')" >/dev/null
refused 'maintenance of another database holds there, not here' <<'S'
DO $$ BEGIN ALTER DATABASE b SET certdata.item_span = 'request'; ALTER TABLE zs DISABLE TRIGGER certdata_delete; END $$;
S

# ---- settings kept for the database
sql postgres 'ALTER DATABASE a SET default_transaction_read_only = on' 'ALTER DATABASE a SET role = nobody_much' 'ALTER DATABASE a SET lock_timeout = 1'
PGOPTIONS='-c role=none -c default_transaction_read_only=off' psql -Xqd a -c 'DROP TABLE other CASCADE' >/dev/null 2>&1
for _ in $(seq 1 50); do
	got=$(psql -XqAtd a -c 'SET role = none' -c "SELECT count(*) FROM certdata.attempt WHERE kind = 'drop'")
	[ "$got" = 1 ] && break
	sleep 0.1
done
is "$got" 1 'attempts are written whatever is set for the database'
sql postgres 'ALTER DATABASE a RESET default_transaction_read_only' 'ALTER DATABASE a RESET role' 'ALTER DATABASE a RESET lock_timeout'

# ---- a name that changes its meaning
sql a 'CREATE SCHEMA s' 'CREATE TABLE s.known_fault (LIKE certdata.known_fault)'
psql -Xqd a -c 'BEGIN' -c 'ALTER TABLE s.known_fault RENAME TO x' -c 'SELECT pg_sleep(1)' -c 'COMMIT' >/dev/null &
for _ in $(seq 1 50); do
	[ "$(sql a "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 's.known_fault'::regclass")" = 1 ] && break
	sleep 0.1
done
got=$(psql -XqAt -v VERBOSITY=sqlstate -d a -c 'SET search_path = s, certdata' -c 'COPY known_fault FROM STDIN' </dev/null 2>&1)
wait
is "$got" 'ERROR:  QC031' 'COPY into what the name means when the table is locked'

sql a 'CREATE TABLE part (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno PRIMARY KEY,
	issue_date date, evaluator text, issuer text) PARTITION BY RANGE (cert_no)' 'CREATE TABLE part_1 PARTITION OF part DEFAULT' "SELECT certdata.attach('part')" 'CREATE TABLE s.part_1 (a int)' >/dev/null 2>&1
psql -Xqd a -c 'BEGIN' -c 'ALTER TABLE s.part_1 RENAME TO x1' -c 'SELECT pg_sleep(1)' -c 'COMMIT' >/dev/null &
for _ in $(seq 1 50); do
	[ "$(sql a "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 's.part_1'::regclass")" = 1 ] && break
	sleep 0.1
done
got=$(psql -XqAt -v VERBOSITY=sqlstate -d a -c 'SET search_path = s, public' -c 'ALTER TABLE public.part DETACH PARTITION part_1 CONCURRENTLY' 2>&1)
wait
is "$got, $(sql a 'SELECT count(*) FROM pg_inherits WHERE inhdetachpending')" 'ERROR:  QC030, 0' 'nothing is detached by halves, whatever its name has meant'

# ---- numbers of acts
cat >"$scratch/correct" <<'S'
BEGIN;
SET LOCAL certdata.reason = 'r';
SET LOCAL certdata.approval = 'a';
UPDATE zs SET employer = COALESCE(employer, '') || '甲';
COMMIT;
S
cat >"$scratch/script" <<S
\\i $scratch/correct
SELECT last_value AS number FROM certdata.ledger_act_id \\gset
\\! psql -Xqd a -f $scratch/correct -f $scratch/correct -f $scratch/correct
SELECT setval('certdata.ledger_act_id', :number) IS NULL;
\\i $scratch/correct
\\i $scratch/correct
SELECT employer FROM zs;
S
got=$(psql -XqAt -d a -f "$scratch/script" 2>&1)
is "$(echo "$got" | sed 's/^psql:[^ ]* //' | grep -v '^DETAIL')" $'f\nERROR:  duplicate key value violates unique constraint "ledger_act_pkey"\n甲甲甲甲甲' \
	'a session that has drawn smaller numbers fails once when they are set back, and goes on'

done_testing
