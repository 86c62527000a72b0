#!/bin/bash
#
# The ledger on a physical standby, and once it is promoted.  Looks for: a
# verification there, a worker helping or not, that tells other things than the
# primary's, takes a primary at work for tampering, or leaves files, processes
# or an odd error behind when it is cancelled; proofs, heads and histories that
# are not the primary's; a call that would write and fails as if it were
# something else; after promotion a ledger that does not go on, numbers of acts
# given twice, a head of the primary's that nothing leads on from, a fork that
# no head shows.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata -o certdata.seal_databases=d -o certdata.signing_key_file=key.pem -o max_prepared_transactions=2 -o autovacuum=off -o wal_retrieve_retry_interval=100ms

standby=$scratch/standby
at_standby() { PGHOST=$scratch/sock "$@"; }
no() { printf 'S000013010001223%06d' "$1"; }
caught_up()
{
	local lsn
	lsn=$(sql d 'SELECT pg_current_wal_flush_lsn()')
	at_standby until_true d "SELECT pg_last_wal_replay_lsn() >= '$lsn'" || { tail -n 20 "$standby/log"; bail 'the standby does not follow'; }
}

# told WORKERS [STATEMENT...]: what verify_ledger() tells; then the SQLSTATE it
# failed with, if it did; then how many of its stages a worker went through
told()
{
	local workers=$1 statement args=() said=$scratch/told.$BASHPID
	shift
	for statement; do args+=(-c "$statement"); done
	psql -XqAt -d d -v VERBOSITY=verbose -v SHOW_CONTEXT=always -c 'SET certdata.language = en' -c 'SET certdata.progress = on' -c 'SET min_parallel_table_scan_size = 0' \
		-c "SET max_parallel_maintenance_workers = $workers" -c 'SET maintenance_work_mem = 1024' -c 'SET work_mem = 64' -c 'SET log_temp_files = 0' \
		"${args[@]}" -c 'SELECT * FROM certdata.verify_ledger()' >"$said" 2>&1
	# 15 ends the session, too, when recovery asks again while the statement is being cancelled
	sed -n '/^\(NOTICE\|LOCATION\|CONTEXT\|DETAIL\|HINT\):/d; s/^ERROR:  \([0-9A-Z]*\).*/ERROR \1/; s/^FATAL:  40001:.*/ERROR 40001/; /^server closed/,/^connection/d; p' "$said" | uniq
	echo "$(grep -c '^CONTEXT:  parallel worker' "$said") stages by a worker"
	rm "$said"
}
# what a verification has left behind
remains()
{
	find "$standby/data/base/pgsql_tmp" -type f 2>/dev/null
	at_standby sql d "SELECT backend_type FROM pg_stat_activity WHERE backend_type = 'parallel worker' OR state <> 'idle' AND pid <> pg_backend_pid() AND query ~ 'verify_ledger'"
}
well='2 stages by a worker'

# ---- the two servers

owner openssl genpkey -algorithm ED25519 -out "$CERTDATA_DATA/key.pem" 2>/dev/null || bail 'openssl genpkey'
owner chmod 600 "$CERTDATA_DATA/key.pem"
owner openssl pkey -in "$CERTDATA_DATA/key.pem" -pubout >"$scratch/key.pub.pem" 2>/dev/null
createdb d || bail createdb
sql d 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" \
	"CREATE FUNCTION no(n int) RETURNS certdata.certno LANGUAGE sql AS \$\$ SELECT ('S000013010001223' || lpad(n::text, 6, '0'))::certdata.certno \$\$" \
	"CREATE FUNCTION fill(a int, b int) RETURNS void LANGUAGE sql AS \$\$ INSERT INTO zs (name, id_type, id_number, employer, occupation, level, cert_no, issue_date, evaluator, issuer)
		SELECT '张三', '居民身份证', '130102199003071233', '甲厂', '车工', '三级', no(i), '2022-02-09', '甲校', '甲中心' FROM generate_series(a, b) AS i \$\$" \
	'CREATE TABLE other AS SELECT 1 AS n' 'SELECT fill(1, 40000), certdata.seal()' \
	"SELECT certdata.correct('zs', no(i), '{\"姓名\": \"李四\"}', 'r', 'a') FROM generate_series(1, 100) AS i" "SELECT certdata.retire('zs', no(101), 'r', 'a', true)" \
	"SELECT certdata.renumber('zs', no(102), no(900102), 'r', 'a')" "SELECT certdata.renumber('zs', ARRAY[no(103), no(104)], ARRAY[no(104), no(103)], 'r', 'a')" 'SELECT certdata.seal()' \
	"SELECT certdata.correct('zs', no(105), '{\"所在单位\": \"乙厂\"}', 'r', 'a')" >/dev/null
mkdir -m 700 "$standby" "$scratch/sock"
if [ "$(id -u)" = 0 ]; then chown "$(stat -c %U "$CERTDATA_DATA")": "$scratch" "$standby" "$scratch/sock"; fi
owner pg_basebackup -h "$PGHOST" -U postgres -D "$standby/data" -R --no-sync -c fast || bail pg_basebackup
printf '%s\n' "unix_socket_directories = '$scratch/sock'" 'hot_standby_feedback = on' 'wal_receiver_status_interval = 1s' 'certdata.seal_interval = 1' | owner sh -c 'cat >>"$1"' sh "$standby/data/postgresql.conf"
owner pg_ctl -D "$standby/data" -l "$standby/log" -s -w start || bail 'the standby does not start'
caught_up

# ---- what is told there is what is told here

# alike NAME PATTERN: both servers tell the same, with a worker and without one, and it fits
alike()
{
	local here
	here=$(told 2)
	caught_up
	[[ $here =~ ^$2$'\n'?"$well"$ ]]
	verdict $? "$1: the primary tells of it" "$here"
	is "$(at_standby told 2)" "$here" '... the standby the same, with a worker'
	is "$(at_standby told 0)" "${here/$well/0 stages by a worker}" '... and without one'
}
# Behind all triggers, which are put back as they were.
tamper()
{
	sql d BEGIN "CREATE TEMP TABLE was ON COMMIT DROP AS SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'zs'::regclass AND NOT tgisinternal" 'ALTER TABLE zs DISABLE TRIGGER ALL' "$1" \
		"DO \$\$ DECLARE t record; BEGIN FOR t IN TABLE was LOOP EXECUTE format('ALTER TABLE zs ENABLE %s TRIGGER %I', CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' END, t.tgname); END LOOP; END \$\$" COMMIT
}
alike 'nothing was altered' ''
sql d "SELECT certdata.open_maintenance('to tamper', '1 hour')" 'CREATE TABLE salts AS SELECT salts FROM certdata.ledger_entry WHERE cert_no = no(7) AND life_seq = 1' >/dev/null
entry=$(sql d 'SELECT max(act) FROM certdata.ledger_entry WHERE cert_no = no(50)')
alter() { tamper "$1"; alike "$2" "$3"; tamper "$4"; }
alter "UPDATE certdata.ledger_entry SET commitments = set_byte(commitments, 3, get_byte(commitments, 3) # 1) WHERE act = $entry" 'an entry' "entry.changed\|$entry\|.*" \
	"UPDATE certdata.ledger_entry SET commitments = set_byte(commitments, 3, get_byte(commitments, 3) # 1) WHERE act = $entry"
alter "UPDATE certdata.ledger_entry SET salts = NULL WHERE cert_no = no(7) AND life_seq = 1" 'salts' '(salts.changed|entry.changed|erased).*' \
	"UPDATE certdata.ledger_entry SET salts = (SELECT salts FROM salts) WHERE cert_no = no(7) AND life_seq = 1"
alter "UPDATE zs SET employer = '丙厂' WHERE cert_no IN (no(60), no(20000))" 'rows' "row.changed\|.*$(no 60)[^"$'\n'"]*"$'\n'"row.changed\|.*$(no 20000).*" \
	"UPDATE zs SET employer = '甲厂' WHERE cert_no IN (no(60), no(20000))"
alter "UPDATE certdata.ledger_act SET reason = 's' WHERE id = $entry" 'an act' "act.changed\|$entry\|[^"$'\n'"]*" "UPDATE certdata.ledger_act SET reason = 'r' WHERE id = $entry"
sql d 'SELECT certdata.close_maintenance()' >/dev/null
alike 'nothing is altered any more' ''

# ---- the primary goes on

for ((i = 0; i < 400; i++)); do
	from=$((100000 + i * 100))
	cat <<-END
		SELECT fill($from, $((from + 20))), pg_sleep(0.02);
		BEGIN; SELECT fill($((from + 91)), $((from + 91))); SAVEPOINT s; SELECT fill($((from + 92)), $((from + 95))); ROLLBACK TO s; SELECT fill($((from + 92)), $((from + 92))); COMMIT;
		SELECT certdata.correct('zs', no($((200 + i))), '{"姓名": "李四"}', 'r', 'a');
		SELECT certdata.correct('zs', no($((from + 5))), '{"证件号码": "11010519491231002X"}', 'r', 'a');
		SELECT certdata.retire('zs', no($((from + 6))), 'r', 'a', true);
		SELECT certdata.renumber('zs', ARRAY[no($((from + 7))), no($((from + 8)))], ARRAY[no($((from + 8))), no($((from + 7)))], 'r', 'a');
		SELECT certdata.seal();
		UPDATE other SET n = n + 1;
		VACUUM other, zs, certdata.ledger_entry, certdata.life;
	END
done >"$scratch/work.sql"
psql -Xq -v ON_ERROR_STOP=1 -d d -f "$scratch/work.sql" >"$scratch/work" 2>&1 &
work=$!
# others write as well, so that seals leave acts out
awk 'BEGIN { for (i = 0; i < 400; i++) printf "BEGIN; SELECT fill(%d, %d); SELECT pg_sleep(0.05); COMMIT;\n", 300000 + i * 10, 300000 + i * 10 + 9 }' >"$scratch/beside.sql"
psql -Xq -v ON_ERROR_STOP=1 -d d -f "$scratch/beside.sql" >"$scratch/beside" 2>&1 &
beside=$!
acts='SELECT count(*) FROM certdata.ledger_act'
before=$(at_standby sql d "$acts")
for ((i = 0; i < 12; i++)); do
	at_standby told 2
	at_standby told 2 'BEGIN ISOLATION LEVEL REPEATABLE READ' 'SELECT FROM certdata.head()' | sed 's/^/repeatable read: /'
	at_standby told 0
done 2>&1 | sort | uniq -c >"$scratch/all"
after=$(at_standby sql d "$acts")
is "$(sed 's/^ *//' "$scratch/all")" "12 0 stages by a worker
12 2 stages by a worker
12 repeatable read: 2 stages by a worker" 'while the primary writes nothing is taken for tampering, and nothing fails'
kill -0 "$work" "$beside" 2>/dev/null
verdict $? "... and it did write: $((after - before)) acts came in the meantime" "$(grep ERROR "$scratch/work" "$scratch/beside")"
kill "$work" "$beside" 2>/dev/null
wait "$work" "$beside" 2>/dev/null
[ $((after - before)) -gt 100 ]
verdict $? '... as much as is of use'
is "$(remains)" '' '... nothing is left behind'

# ---- cancelled

for t in 1 5 10 20 30 40 60 80 100 120 150 200 250; do at_standby told 2 "SET statement_timeout = $t"; done | grep -v stages | sort -u >"$scratch/all"
is "$(cat "$scratch/all")" 'ERROR 57014' 'cancelled by a timeout it says just that'
is "$(remains)" '' '... and leaves nothing behind'
printf '%s\n' 'hot_standby_feedback = off' 'max_standby_streaming_delay = 0' | owner sh -c 'cat >>"$1"' sh "$standby/data/postgresql.conf"
at_standby sql d 'SELECT pg_reload_conf()' >/dev/null
# conflict COLUMN STATEMENTS: the primary does these again and again, until they have cancelled two verifications of the standby's
conflict()
{
	local i loop
	yes "$2; SELECT pg_sleep(0.1);" | psql -Xq -d d >/dev/null 2>&1 &
	loop=$!
	for ((i = 0; i < 30; i++)); do
		at_standby told 2 | grep -v stages >>"$scratch/conflicts"
		at_standby sql d "SELECT $1 > 1 FROM pg_stat_database_conflicts WHERE datname = current_database()" | grep -q t && break
	done
	kill $loop
	wait $loop 2>/dev/null
	[ $i -lt 30 ]
}
conflict confl_lock 'BEGIN; LOCK TABLE zs IN ACCESS EXCLUSIVE MODE; COMMIT'
verdict $? 'recovery cancels it for a lock'
conflict confl_snapshot 'UPDATE other SET n = n + 1; VACUUM other'
verdict $? '... and for old rows'
is "$(sort -u "$scratch/conflicts")" 'ERROR 40001' '... it says just that'
at_standby until_true d "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'parallel worker'"
is "$(remains)" '' '... and leaves nothing behind'
is "$(grep -q 'temporary file: path "base/pgsql_tmp' "$standby/log" && echo yes)" yes '(there were files to be left)'
printf '%s\n' 'hot_standby_feedback = on' 'max_standby_streaming_delay = 30s' | owner sh -c 'cat >>"$1"' sh "$standby/data/postgresql.conf"
at_standby sql d 'SELECT pg_reload_conf()' >/dev/null
caught_up
is "$(at_standby told 2)" "$well" 'the next one is well'

# ---- proofs and histories, byte for byte

cat >"$scratch/read.sql" <<'END'
SELECT certdata.head(), certdata.head(size), size, root FROM certdata.ledger_head ORDER BY size;
SELECT leaf, certdata.leaf_hash(leaf), certdata.inclusion_proof(leaf) FROM (SELECT generate_series(0, max(size) - 1, 997) FROM certdata.ledger_head UNION SELECT max(size) - 1 FROM certdata.ledger_head) AS s(leaf) ORDER BY leaf;
SELECT a.size, b.size, certdata.consistency_proof(a.size, b.size) FROM certdata.ledger_head AS a, certdata.ledger_head AS b WHERE a.size <= b.size AND (b.size = (SELECT max(size) FROM certdata.ledger_head) OR a.size < 42000) ORDER BY 1, 2;
SELECT size, certdata.tree_root(size) FROM generate_series(1, 40000, 1111) AS size;
SELECT id, certdata.leaf_of(id) FROM certdata.ledger_act ORDER BY id;
SELECT h FROM (VALUES (5), (50), (101), (102), (900102), (103), (104), (105), (100005), (100007), (39999)) AS v(n), certdata.history('zs', no(n)) AS h;
SELECT certdata.evidence('zs', no(n), disclose => '{姓名}') FROM (VALUES (5), (101), (900102)) AS v(n);
SELECT md5(string_agg(l, '' ORDER BY o)) FROM certdata.export_ledger() WITH ORDINALITY AS e(l, o);
SELECT * FROM certdata.recorded_entry ORDER BY act, n DESC LIMIT 100;
SELECT count(*) FROM certdata.acts_of('2000-01-01', '2100-01-01');
END
heard() { local i; for ((i = 0; i < 300; i++)); do grep -qx "$1" "$scratch/session" && return; sleep 0.1; done; cat "$scratch/session"; bail "no answer: $1"; }
# a session of the standby's that goes on through all that follows
mkfifo "$scratch/fifo"
at_standby psql -XqAt -d d -v VERBOSITY=sqlstate <"$scratch/fifo" >"$scratch/session" 2>&1 &
session=$!
exec 9>"$scratch/fifo"
echo 'SELECT count(certdata.inclusion_proof(i)) FROM generate_series(0, 40000, 1000) AS i; SELECT count(*) FROM certdata.verify_ledger(); \echo begun' >&9
heard begun
sql d "SELECT fill(700000, 700999)" 'SELECT certdata.seal()' >/dev/null
caught_up
sql d "\\i $scratch/read.sql" >"$scratch/read.primary" 2>&1
at_standby sql d "\\i $scratch/read.sql" >"$scratch/read.standby" 2>&1
same "$scratch/read.primary" "$scratch/read.standby" 'heads, proofs, histories, evidence and export are the same, byte for byte'
[ "$(wc -l <"$scratch/read.standby")" -gt 500 ] && ! grep -q ERROR "$scratch/read.standby"
verdict $? '... and are there' "$(grep -a ERROR "$scratch/read.standby")"
{ echo "\\i $scratch/read.sql"; echo '\echo read'; } >&9
heard read
same <(sed '1,/^begun$/d; /^read$/,$d' "$scratch/session") "$scratch/read.primary" '... also for a session that read them when the tree was smaller'

# ---- what would write

# refused STATEMENT WHAT: not there, and the message names it
refused()
{
	is "$(at_standby psql -XqAt -d d -v VERBOSITY=verbose -c 'SET certdata.language = en' -c "$1" 2>&1 | sed -n 's/^ERROR:  //p')" "25006: cannot execute $2 in a read-only transaction" "refused: $1"
}
n="'$(no 6)'"
while IFS=$'\t' read -r call what; do refused "SELECT certdata.$call" "certdata.${what:-${call%%(*}()}"; done <<END
seal()
start_ledger()
adopt_ledger('r')
correct('zs', $n, '{"姓名": "李五"}', 'r', 'a')
suspend('zs', $n, 'r', 'a')
resume('zs', $n, 'r', 'a')
retire('zs', $n, 'r', 'a', true)
reinstate('zs', $n, 'r', 'a')
publish('zs', $n)
withdraw('zs', $n, 'r')
renumber('zs', $n, '$(no 900006)', 'r', 'a')
erase_old_values('zs', '$(no 5)', 'r', 'a')
record_act('review', 'zs', $n, 'r')
attach('other')
validate('zs')
detach('zs', 'r')
open_maintenance('r', '1 hour')
close_maintenance()
END
refused 'SELECT fill(800001, 800001)' INSERT
refused "UPDATE zs SET name = '李五' WHERE cert_no = $n" UPDATE
refused "DELETE FROM zs WHERE cert_no = $n" DELETE
refused 'TRUNCATE other' 'TRUNCATE TABLE'
refused "UPDATE certdata.rule SET enabled = false WHERE rule = 'no.year'" UPDATE
is "$(at_standby sql d 'SELECT count(*) FROM certdata.ledger_act' "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'certdata sealer'")" "$(sql d "$acts")
0" 'nothing was written, and nothing seals there, as its setting would have it'

# ---- promoted

# a transaction that is prepared, another one that is lost, and one that the standby never saw
sql d BEGIN 'SELECT fill(710000, 710009)' "PREPARE TRANSACTION 'p'" 'SELECT fill(710010, 710019)' 'SELECT certdata.seal()' >/dev/null
mkfifo "$scratch/unfinished"
psql -Xq -d d <"$scratch/unfinished" >/dev/null 2>&1 9>&- &
exec 8>"$scratch/unfinished"
echo 'BEGIN; SELECT fill(720000, 720999);' >&8
until_true d "SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'idle in transaction'"
sql d "SELECT fill(710020, 710021)" 'SELECT certdata.head()' >"$scratch/out"
sed '/^$/{1d}' "$scratch/out" >"$scratch/kept.head"
caught_up
largest=$(sql d 'SELECT last_value FROM certdata.ledger_act_id')
stop_server immediate
exec 8>&-
owner pg_ctl -D "$standby/data" -s -w promote || bail 'not promoted'
export PGHOST=$scratch/sock
size=$(sed -n 2p "$scratch/kept.head")
is "$(sql d 'SELECT certdata.head()')" "$(cat "$scratch/kept.head")" 'promoted, it has the head of the primary'
is "$(told 2)" "$well" '... and a whole ledger'
{
	echo 'SELECT fill(730000, 730999);'
	echo "SELECT certdata.correct('zs', no(730001), '{\"姓名\": \"李四\"}', 'r', 'a');"
	echo 'SELECT count(*) FROM certdata.verify_ledger(); \echo written'
} >&9
exec 9>&-
wait $session
is "$(sed '1,/^read$/d' "$scratch/session")" $'\n\n0\nwritten' 'a session that was there before writes, needs no adoption, and verifies'
sql d "SELECT certdata.correct('zs', no(8), '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT fill(740000, 740009)' "SELECT certdata.renumber('zs', no(9), no(900009), 'r', 'a')" \
	"COMMIT PREPARED 'p'" 'SELECT certdata.seal()' >/dev/null
is "$(told 2)" "$well" 'after changes, what was prepared on the primary, and a seal it is whole'
until_true d 'SELECT count(*) = (SELECT count(*) FROM certdata.ledger_order) FROM certdata.ledger_act'
verdict $? '... every act has its place'
sql d 'SELECT fill(750000, 750009)' >/dev/null
until_true d "SELECT count(*) > 0 FROM certdata.ledger_act WHERE kind = 'seal' AND application_name = 'certdata sealer'"
verdict $? 'the sealer has begun'
is "$(sql d "SELECT min(id) > $largest, count(*) = count(DISTINCT id) FROM certdata.ledger_act WHERE recorded_at > (SELECT recorded_at FROM certdata.ledger_act WHERE shape > 0 AND id <= $largest ORDER BY recorded_at DESC LIMIT 1)")" 't|t' 'numbers of acts go on after those that the primary gave'
is "$(sql d "SELECT count(*) FROM zs WHERE cert_no BETWEEN no(720000) AND no(720999)" "SELECT count(*) FROM certdata.ledger_entry WHERE cert_no BETWEEN no(720000) AND no(720999)")" $'0\n0' 'what was not committed is not there'
is "$(sql d "SELECT certdata.verify_consistency('sha256', $size, h.size, certdata.consistency_proof($size, h.size), decode('$(sed -n 3p "$scratch/kept.head")', 'base64'), h.root) FROM certdata.ledger_head AS h ORDER BY h.size DESC LIMIT 1")" t "the primary's head is the beginning of the newest one"
# bundle SINCE: evidence of what was corrected after the promotion
bundle() { sql d "SELECT certdata.evidence('zs', no(8), since => $1)" >"$scratch/bundle.json"; }
check() { env -i "$repository/certdata-verify" "$scratch/bundle.json" --key "$scratch/key.pub.pem" --lang en "$@" 2>&1; echo "exit status $?"; }
bundle "$size"
sql d 'COPY (SELECT certdata.export_ledger()) TO STDOUT (FORMAT csv)' >"$scratch/export"
said=$(check --head "$scratch/kept.head" --ledger "$scratch/export")
[[ $said =~ "head you kept ($size leaves) is the beginning".*'Result: proved'.*'exit status 0' ]]
verdict $? 'certdata-verify has it proved, with the key that the standby has' "$said"
is "$(sql d 'SET certdata.language = en' "SELECT check_name, status, detail FROM certdata.doctor() WHERE check_name ~ '^(ledger|guard.trigg|server.starts)' AND status <> 'ok'")" '' 'doctor() has nothing to say of the ledger'

# the primary comes back and goes on, too
(unset PGHOST; start_server)
PGHOST=$CERTDATA_DIR/pg/sock sql d "ROLLBACK PREPARED 'p'" 'SELECT FROM fill(760000, 760001)' 'SELECT FROM certdata.seal()' 'SELECT certdata.head()' | sed '/./,$!d' >"$scratch/fork.head"
is "$(($(sed -n 2p "$scratch/fork.head") > size))" 1 'the primary goes on, too'
bundle "$(sed -n 2p "$scratch/fork.head")"
said=$(check --head "$scratch/fork.head")
[[ $said =~ 'is not the beginning of this one'.*'exit status 1' ]]
verdict $? 'its head shows that there are two ledgers' "$said"

is "$(grep -c 'PANIC\|TRAP\|signal 11\|signal 6' "$CERTDATA_LOG" "$standby/log" | cut -d: -f2 | xargs)" '0 0' 'no server has a complaint'
owner pg_ctl -D "$standby/data" -s -w -m fast stop
done_testing
