#!/bin/bash
#
# A publication FOR ALL TABLES of a database with certdata has certdata's own
# tables in it.  Looks for: rows of another ledger, another's lives or
# attachments, that get into those of a subscriber, by the first copy or later;
# rows of its own that are changed, deleted or truncated that way; a refusal
# that shows what it refuses; an attached table that cannot be replicated any
# more, or loses rows on the way out.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/replication.sh"

options=(-o log_error_verbosity=verbose -o max_worker_processes=40 -o max_logical_replication_workers=30 -o max_sync_workers_per_subscription=24 -o max_replication_slots=60 -o max_wal_senders=60 -o max_connections=90)
# 18 counts origins apart from slots
if [ "$("${PG_CONFIG:-pg_config}" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -ge 18 ]; then options+=(-o max_active_replication_origins=60); fi
two_servers "${options[@]}"

lines=0
mark() { lines=$(wc -l <"$CERTDATA_LOG"); }
# Tables that were refused since the mark, without those that the publisher has nothing for.
refused() { tail -n +$((lines + 1)) "$CERTDATA_LOG" | sed -n 's/.*ERROR:  QC031: logical replication cannot write to "certdata\.\(.*\)"$/\1/p' | sort -u | tr '\n' ' '; }
wait_refused() # TABLES: all of them, and a moment more
{
	local i
	for ((i = 0; i < 300; i++)); do
		[ "$(refused)" = "$1" ] && break
		sleep 0.1
	done
	refused
}

tables="$(sed -n "/FOREACH t IN ARRAY/,/LOOP/p" "$repository/sql/install/50_apply.sql" | grep -o "'[a-z_]*'" | tr -d "'" | sort)"
# All that the subscriber has in them.
content() { local table; for table in $tables; do echo "$table: $(at subscriber "SELECT md5(COALESCE(string_agg(t::text, E'\n' ORDER BY t::text), '')) FROM certdata.$table AS t")"; done; }

columns='name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text, state text'

for server in publisher subscriber; do
	at $server 'CREATE EXTENSION certdata' "CREATE TABLE zs ($columns)" "SELECT certdata.attach('zs', state_column => 'state')" >/dev/null
	# one row that both have, for UPDATE and DELETE to find
	at $server "INSERT INTO certdata.attempt (id, attempted_at, outcome, kind) VALUES (1000, '2026-01-01', 'refused', 'drop')"
done
# the publisher has something in every table, a name in clear among it
at publisher "INSERT INTO zs $list VALUES $(values 1 欧阳娜娜), $(values 2 张三)" "SELECT certdata.suspend('zs', '$(no 2)', 'r')" "SELECT certdata.resume('zs', '$(no 2)', 'r')" "SELECT certdata.correct('zs', '$(no 1)', '{\"姓名\": \"李四\"}', 'r', 'a')" \
	"CREATE TABLE draft ($columns)" "ALTER TABLE draft DROP CONSTRAINT draft_pkey, ALTER cert_no DROP NOT NULL, REPLICA IDENTITY FULL" \
	"INSERT INTO draft (cert_no) VALUES ('$(no 90)')" "SELECT certdata.attach('draft', existing => 'record', publication => 'by_call')" "INSERT INTO draft $list VALUES $(values 91 张三)" \
	"SELECT certdata.withdraw('draft', '$(no 91)', 'r')" 'SELECT certdata.seal()' \
	"INSERT INTO certdata.maintenance SELECT 1000, current_user::regrole, '2026-01-01', '2026-01-02', 'r', NULL" 'CREATE PUBLICATION everything FOR ALL TABLES' >/dev/null
is "$(for t in $tables; do at publisher "SELECT '$t' WHERE NOT EXISTS (SELECT FROM certdata.$t)"; done)" '' 'every table has something to bring'
is "$(wc -w <<<"$tables")" 14 'fourteen tables are written by certdata only'
at subscriber "CREATE TABLE draft ($columns)" "ALTER TABLE draft DROP CONSTRAINT draft_pkey, ALTER cert_no DROP NOT NULL" "INSERT INTO zs $list VALUES $(values 50 张三)" "SELECT certdata.suspend('zs', '$(no 50)', 'r')" 'SELECT certdata.seal()' >/dev/null
before=$(content)

# ---- the first copy
mark
at subscriber "CREATE SUBSCRIPTION copied CONNECTION '$connection' PUBLICATION everything"
is "$(wait_refused "$(tr '\n' ' ' <<<"$tables")")" "$(tr '\n' ' ' <<<"$tables")" 'the first copy: each table refuses'
until_is "SELECT srsubstate FROM pg_subscription_rel WHERE srrelid = 'zs'::regclass" r || bail 'zs is not copied'
is "$(at subscriber "SELECT string_agg(name, ' ' ORDER BY cert_no) FROM zs")" '李四 张三 张三' 'the attached table is copied'
at publisher "INSERT INTO zs $list VALUES $(values 3 王五)"
wait_for_apply copied
is "$(at subscriber "SELECT name FROM zs WHERE cert_no = '$(no 3)'")" 王五 'and goes on'
at subscriber 'DROP SUBSCRIPTION copied'
is "$(content | grep -v '^ledger_act\|^ledger_entry')" "$(grep -v '^ledger_act\|^ledger_entry' <<<"$before")" 'nothing was written to the tables'
is "$(at subscriber "SELECT string_agg(DISTINCT kind, ' ') FROM certdata.ledger_act WHERE id > (SELECT max(act) FROM certdata.ledger_order)")" apply 'but for what the subscriber itself has recorded'
at subscriber 'SELECT certdata.seal()' >/dev/null
is "$(problems registry)" '' "the subscriber's ledger is whole"

# ---- what comes later
at subscriber "CREATE SUBSCRIPTION sub CONNECTION '$connection' PUBLICATION everything WITH (copy_data = false)"
disable
before=$(content)
# stops STATEMENT TABLE NAME: the publisher's transaction is refused for that table; it is skipped
stops()
{
	mark
	at publisher "$1" >/dev/null
	at subscriber 'ALTER SUBSCRIPTION sub ENABLE'
	is "$(wait_refused "$2 ")" "$2 " "$3"
	disable_and_skip
}
stops "INSERT INTO certdata.ledger_head SELECT 9999, root, act FROM certdata.ledger_head LIMIT 1" ledger_head 'INSERT'
stops 'UPDATE certdata.attempt SET kind = '"'delete'"' WHERE id = 1000' attempt 'UPDATE'
stops 'DELETE FROM certdata.attempt WHERE id = 1000' attempt 'DELETE'
stops 'TRUNCATE certdata.withdrawn' withdrawn 'TRUNCATE'
is "$(content)" "$before" 'nothing came'
is "$(tail -n +$((lines + 1)) "$CERTDATA_LOG" | grep -c -m 1 'CONTEXT:.*finished at [0-9A-F]*/[0-9A-F]')" 1 'the log says where it stopped'

# ---- the way out, from a subscription that has stopped at a change of the attached table
at subscriber 'ALTER SUBSCRIPTION sub ENABLE'
mark
at publisher "INSERT INTO zs $list VALUES $(values 4 赵六)" "SELECT certdata.correct('zs', '$(no 3)', '{\"姓名\": \"诸葛亮亮\"}', 'r', 'a')" >/dev/null
wait_refused 'ledger_entry ' >/dev/null
is "$(at subscriber "SELECT count(*) FROM zs WHERE cert_no = '$(no 4)'")" 0 'a change that brings rows of the ledger along is refused as a whole'
at publisher 'CREATE PUBLICATION named FOR TABLE zs'
at subscriber 'ALTER SUBSCRIPTION sub SET PUBLICATION named WITH (copy_data = false)' 'ALTER SUBSCRIPTION sub SET PUBLICATION everything WITH (refresh = false)'
wait_for_apply
at subscriber 'ALTER SUBSCRIPTION sub SET PUBLICATION named WITH (refresh = false)'
at publisher "INSERT INTO zs $list VALUES $(values 5 钱七)" 'DROP PUBLICATION everything'
wait_for_apply
is "$(at subscriber "SELECT string_agg(name, ' ' ORDER BY cert_no) FROM zs WHERE cert_no BETWEEN '$(no 3)' AND '$(no 5)'")" '诸葛亮亮 赵六 钱七' 'by name it goes on, and nothing is lost'
at subscriber 'SELECT certdata.seal()' >/dev/null
is "$(problems registry)" '' "the subscriber's ledger is whole"
is "$(grep -c '欧阳娜娜\|王五\|李四' "$CERTDATA_LOG")" 0 'no name is in the log'

# ---- what the triggers are for: without them it gets in, and shows
at subscriber 'DROP SUBSCRIPTION sub' 'ALTER TABLE certdata.ledger_act DISABLE TRIGGER certdata_apply'
at publisher 'CREATE PUBLICATION acts FOR TABLE certdata.ledger_act' "SELECT setval('certdata.ledger_act_id', 100000)" >/dev/null
at subscriber "CREATE SUBSCRIPTION acts CONNECTION '$connection' PUBLICATION acts WITH (copy_data = false)"
at publisher "SELECT certdata.record_act('query', 'zs', NULL, 'r')" >/dev/null
wait_for_apply acts
is "$(at subscriber "SELECT problem, act FROM certdata.verify_ledger() WHERE act = 100001")" 'act.added|100001' 'without the trigger an act gets in, and verify_ledger() names it'
at subscriber 'DROP SUBSCRIPTION acts' 'ALTER TABLE certdata.ledger_act ENABLE REPLICA TRIGGER certdata_apply'

# ---- who is no apply worker writes as ever: restores
is "$(at subscriber 'SET session_replication_role = replica' BEGIN 'UPDATE certdata.attempt SET kind = '"'rule'"' WHERE id = 1000' 'SELECT kind FROM certdata.attempt WHERE id = 1000' \
	'DELETE FROM certdata.attempt' "INSERT INTO certdata.attempt (id, attempted_at, outcome, kind) VALUES (1, '2026-01-01', 'refused', 'index')" 'SELECT id, kind FROM certdata.attempt' \
	'TRUNCATE certdata.attempt' 'SELECT count(*) FROM certdata.attempt' ROLLBACK)" $'rule\n1|index\n0' 'the replica role of a session is let through'
is "$(psql -XqAt -d registry -v VERBOSITY=sqlstate -c 'SELECT certdata.refuse_apply()' -c 'CREATE TABLE t (a int)' \
	-c 'CREATE TRIGGER t AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION certdata.refuse_apply()' -c 'INSERT INTO t VALUES (1)' 2>&1 | tr '\n' ' ')" 'ERROR:  39P01 ERROR:  39P01 ' 'used wrongly it is refused'
done_testing
