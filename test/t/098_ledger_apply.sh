#!/bin/bash
#
# Publisher and subscriber, each with a ledger of its own.  Looks for: changes
# that logical replication brings and the subscriber's ledger has not, or says
# to be somebody's else; lives that break where certificates are retired,
# renumbered, swapped, moved to another partition; a change that is recorded
# twice, or one that was refused; a publication of all tables that stops writes
# or seals.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/replication.sh"

two_servers -o max_prepared_transactions=4 -o logical_decoding_work_mem=64kB

# life TABLE NUMBER: what the subscriber's ledger has: kind, place, state, old values of each entry
life()
{
	at subscriber "SELECT string_agg(concat_ws(' ', a.kind, e.life_seq, e.state, e.old_values->>'姓名', e.old_values->>'renumbered_to'), ', ' ORDER BY e.life_seq)
		FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act JOIN certdata.attachment AS t ON t.id = a.attachment
		WHERE t.relation = '$1'::regclass AND e.cert_no = '$(no "$2")'"
}
whole() # NAME
{
	at publisher 'SELECT certdata.seal()' >/dev/null
	at subscriber 'SELECT certdata.seal()' >/dev/null
	is "$(PGHOST=$publisher problems registry)" '' "$1: the publisher's ledger is whole"
	is "$(problems registry)" '' "$1: the subscriber's ledger is whole"
}

columns='name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text, state text, note text'

for server in publisher subscriber; do
	at $server 'CREATE EXTENSION certdata' "CREATE TABLE zs ($columns)" "CREATE TABLE parted ($columns) PARTITION BY RANGE (cert_no)" \
		"CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (MINVALUE) TO ('$(no 500)')" "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('$(no 500)') TO (MAXVALUE)" \
		"SELECT certdata.attach('zs', state_column => 'state'), certdata.attach('parted', state_column => 'state')" >/dev/null
done
for table in zs parted; do for i in 1 2 3 4 5 6 7 8 9; do at publisher "INSERT INTO $table $list VALUES $(values $i 张三)"; done; done
at publisher "SELECT certdata.correct('zs', '$(no 9)', '{\"姓名\": \"李四\"}', 'r', 'a')" 'CREATE PUBLICATION pub FOR TABLE zs, parted' >/dev/null
at subscriber "CREATE SUBSCRIPTION sub CONNECTION '$connection' PUBLICATION pub WITH (two_phase = true, streaming = true)"
until_is "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'" 3 || bail 'the tables are not copied'
wait_for_apply
is "$(life zs 1); $(life zs 9); $(life parted 1)" 'apply 1 0; apply 1 0; apply 1 0' 'the first copy begins lives'
is "$(at subscriber "SELECT DISTINCT kind, session_user_name, reason FROM certdata.ledger_act WHERE kind IN ('insert', 'apply', 'correct')")" "apply|$PGUSER|" 'its acts say what they are'
whole 'first copy'

for table in zs parted; do
	change "UPDATE $table SET name = '李四' WHERE cert_no = '$(no 1)'" "INSERT INTO $table $list VALUES $(values 20 赵六)"
	is "$(life $table 1); $(life $table 20)" 'apply 1 0, apply 2 1 张三; apply 1 0' "$table: a correction and a new row"
	change "UPDATE $table SET note = 'x' WHERE cert_no = '$(no 1)'"
	is "$(life $table 1)" 'apply 1 0, apply 2 1 张三' "$table: what is no field is no entry"
	change "SELECT certdata.retire('$table', '$(no 2)', 'r', 'a', true), certdata.suspend('$table', '$(no 3)', 'r')"
	is "$(life $table 2); $(life $table 3)" 'apply 1 0, apply 2 16; apply 1 0, apply 2 8' "$table: retired, suspended"
	change "SELECT certdata.reinstate('$table', '$(no 2)', 'r', 'a'), certdata.resume('$table', '$(no 3)', 'r')"
	is "$(life $table 2); $(life $table 3)" 'apply 1 0, apply 2 16, apply 3 0; apply 1 0, apply 2 8, apply 3 0' "$table: and back"
	change "SELECT certdata.renumber('$table', '$(no 1)', '$(no 31)', 'r', 'a')"
	is "$(life $table 1); $(life $table 31)" "apply 1 0, apply 2 1 张三, apply 3 65 $(no 31); apply 4 1" "$table: renumbered"
	change "SELECT certdata.renumber('$table', ARRAY['$(no 4)', '$(no 5)'], ARRAY['$(no 5)', '$(no 4)'], 'r', 'a')"
	is "$(at subscriber "SELECT count(*) FROM $table WHERE cert_no IN ('$(no 4)', '$(no 5)')")" 2 "$table: numbers swapped"
	change "SELECT certdata.renumber('$table', '$(no 6)', '$(no 600)', 'r', 'a')" "SELECT certdata.renumber('$table', '$(no 7)', '$(no 700)', 'r', 'a')"
	is "$(life $table 6); $(life $table 600)" "apply 1 0, apply 2 64 $(no 600); apply 3 0" "$table: moved far away"
	change "UPDATE $table SET name = '王五' WHERE cert_no IN ('$(no 600)', '$(no 4)', '$(no 5)')"
	is "$(life $table 600)" 'apply 3 0, apply 4 1 张三' "$table: and corrected there"
	at publisher "INSERT INTO $table $list SELECT name, id_type, id_number, employer, occupation, work_type, level, left(cert_no::text, 16)::text || lpad((100 + i)::text, 6, '0'), issue_date, evaluator, issuer FROM $table, generate_series(1, 200) AS i WHERE cert_no = '$(no 8)'"
	change "UPDATE $table SET employer = '乙公司' WHERE cert_no BETWEEN '$(no 101)' AND '$(no 300)'" 'SAVEPOINT s' "UPDATE $table SET employer = '丙公司'" 'ROLLBACK TO s'
	is "$(at subscriber "SELECT count(*), count(DISTINCT cert_no) FROM certdata.ledger_entry AS e JOIN certdata.ledger_act AS a ON a.id = e.act JOIN certdata.attachment AS t ON t.id = a.attachment
		WHERE t.relation = '$table'::regclass AND cert_no BETWEEN '$(no 101)' AND '$(no 300)'")" '400|200' "$table: many rows, each recorded once"
	whole "$table"
done
at publisher 'ALTER PUBLICATION pub SET (publish_via_partition_root = true)'
at subscriber 'ALTER SUBSCRIPTION sub REFRESH PUBLICATION WITH (copy_data = false)'
wait_for_apply
change "UPDATE parted SET name = '王五' WHERE cert_no IN ('$(no 8)', '$(no 20)')" "SELECT certdata.renumber('parted', '$(no 8)', '$(no 800)', 'r', 'a')"
is "$(life parted 8); $(life parted 800)" "apply 1 0, apply 2 1 张三, apply 3 65 $(no 800); apply 4 1" 'published by the partitioned table'
change "SELECT certdata.renumber('parted', ARRAY['$(no 800)', '$(no 20)'], ARRAY['$(no 20)', '$(no 800)'], 'r', 'a')"
whole 'published by the partitioned table'

# prepared there, prepared here
at publisher BEGIN "INSERT INTO zs $list VALUES $(values 40 张三), $(values 41 张三)" "PREPARE TRANSACTION 'p'"
wait_for_apply
is "$(life zs 40)$(life zs 41)" '' 'what is prepared only is not recorded'
at publisher "COMMIT PREPARED 'p'" BEGIN "INSERT INTO zs $list VALUES $(values 42 张三)" "PREPARE TRANSACTION 'q'" "ROLLBACK PREPARED 'q'"
wait_for_apply
is "$(life zs 40), $(life zs 41)$(life zs 42)" 'apply 1 0, apply 1 0' 'then what is committed is, what is rolled back is not'
# a transaction that arrives in pieces, before it has ended there
change "INSERT INTO zs $list SELECT name, id_type, id_number, employer, occupation, work_type, level, left(cert_no::text, 16)::text || lpad((1000 + i)::text, 6, '0'), issue_date, evaluator, issuer FROM zs, generate_series(1, 2000) AS i WHERE cert_no = '$(no 40)'" \
	'SAVEPOINT s' "UPDATE zs SET employer = '丙公司' WHERE cert_no > '$(no 1000)'" 'ROLLBACK TO s' "UPDATE zs SET name = '王五' WHERE cert_no > '$(no 2000)'"
is "$(at publisher "SELECT stream_txns > 0 FROM pg_stat_replication_slots WHERE slot_name = 'sub'")" t 'a large transaction is streamed'
is "$(at subscriber "SELECT count(*), count(DISTINCT cert_no), count(*) FILTER (WHERE life_seq = 2) FROM certdata.ledger_entry WHERE cert_no > '$(no 1000)' AND cert_no <= '$(no 3000)'")" '3000|2000|1000' '... and recorded as it was'

# a change of the subscriber's own goes between
at subscriber "SELECT certdata.correct('zs', '$(no 3)', '{\"姓名\": \"孙八\"}', 'r', 'a')" >/dev/null
change "UPDATE zs SET employer = '丁公司' WHERE cert_no = '$(no 3)'"
is "$(life zs 3)" 'apply 1 0, apply 2 8, apply 3 0, correct 4 1 张三, apply 5 1 孙八' "the subscriber's own changes stand between"

# refused, it stops; nothing is recorded until it goes on
acts='SELECT count(*) FROM certdata.ledger_act'
at publisher 'ALTER TABLE zs DISABLE TRIGGER ALL'
before=$(at subscriber "$acts")
errors=$(at subscriber 'SELECT apply_error_count FROM pg_stat_subscription_stats')
at publisher BEGIN "UPDATE zs SET employer = '戊公司' WHERE cert_no = '$(no 3)'" "DELETE FROM zs WHERE cert_no = '$(no 2)'" COMMIT
until_is "SELECT apply_error_count > $errors FROM pg_stat_subscription_stats" t
is "$(at subscriber "$acts")" "$before" 'of a transaction that is refused nothing is recorded'
at publisher 'ALTER TABLE zs ENABLE TRIGGER ALL'
skip_all
is "$(at subscriber 'SELECT certdata.seal()' 'SELECT p FROM certdata.verify_ledger() AS p' | tail -n +2)" '' "skipped, the subscriber's ledger is whole"
is "$(at publisher 'SELECT certdata.seal()' "SELECT cert_no FROM certdata.verify_ledger() WHERE problem = 'row.missing'" | tail -n +2)" "$(no 2)" "the publisher's says what was done behind its back"
at subscriber 'DROP SUBSCRIPTION sub'

# ---- FOR ALL TABLES

at publisher 'CREATE PUBLICATION everything FOR ALL TABLES' "INSERT INTO zs $list VALUES $(values 901 张三)" \
	"SELECT certdata.correct('zs', '$(no 901)', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' \
	"SELECT certdata.retire('zs', '$(no 901)', 'r', 'a', true), certdata.reinstate('zs', '$(no 901)', 'r', 'a'), certdata.renumber('zs', '$(no 901)', '$(no 902)', 'r', 'a')" \
	"UPDATE certdata.rule SET enabled = false WHERE rule = 'no.year'" 'SELECT certdata.seal()' >/dev/null
is "$(at publisher "SELECT p.problem FROM certdata.verify_ledger() AS p WHERE p.cert_no NOT IN ('$(no 2)', '$(no 3)')")" '' 'a publication of all tables: the ledger goes on'
is "$(at publisher "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_publication_tables WHERE pubname = 'everything' AND schemaname = 'certdata' AND tablename ~ '^ledger'")" \
	'ledger ledger_act ledger_entry ledger_head ledger_incarnation ledger_order ledger_shape ledger_tile' 'it has the ledger in it'
is "$(at publisher "SELECT string_agg(c.relname, ' ') FROM pg_publication_tables AS p JOIN pg_class AS c ON c.relname = p.tablename AND c.relnamespace = 'certdata'::regnamespace
	WHERE p.pubname = 'everything' AND p.schemaname = 'certdata' AND c.relname <> 'report' AND c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary)")" '' 'all tables of certdata that are ever filled can be published'
# what a subscriber does about it: 121_apply_all_tables.sh
done_testing
