#!/bin/bash
#
# Guarded tables under logical replication.  Looks for: a subscriber that
# judges again what its publisher has judged, or loses what became of a
# certificate; one that takes what it was told to refuse, or refuses it without
# saying what; a physical deletion that comes in by this door; personal data in
# the subscriber's log.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/replication.sh"

two_servers -o log_error_verbosity=verbose

# The SQLSTATE of a statement of the subscriber's own, after reason and approval.
state() { psql -XqAt -d registry -v VERBOSITY=sqlstate -c BEGIN -c "SET LOCAL certdata.reason = 'r'" -c "SET LOCAL certdata.approval = 'a'" -c "$1" -c ROLLBACK 2>&1 | sed -n 's/^ERROR:  //p' | head -n 1; }
# refused SQLSTATE NAME STATEMENT: on the publisher; the subscriber stops with that error, and is then made to skip it
refused()
{
	local before lines log
	before=$(at subscriber 'SELECT apply_error_count FROM pg_stat_subscription_stats')
	lines=$(wc -l <"$CERTDATA_LOG")
	at publisher "$3" >/dev/null
	until_is "SELECT apply_error_count > $before FROM pg_stat_subscription_stats" t || bail "$2: the subscriber does not stop"
	log=$(tail -n +$((lines + 1)) "$CERTDATA_LOG")
	is "$(grep -m 1 -o 'ERROR:  [0-9A-Z]*' <<<"$log" | sed 's/ERROR:  //')" "$1" "$2: the subscriber stops"
	is "$(grep -c -m 1 'CONTEXT:.*finished at [0-9A-F]*/[0-9A-F]' <<<"$log")" 1 "$2: and says where, for ALTER SUBSCRIPTION ... SKIP"
	skip_all
}
set_on_apply()
{
	disable
	at subscriber "LOAD 'certdata'" "ALTER SYSTEM SET certdata.on_apply = $1" 'SELECT pg_reload_conf()' >/dev/null
	at subscriber 'ALTER SUBSCRIPTION sub ENABLE'
}
# What the subscriber has of a certificate: name, number's end, state; what it knows
row() { at subscriber "SELECT concat_ws(' ', name, right(id_number::text, 4), state) FROM $1 WHERE cert_no = '$(no "$2")'"; }
life() { at subscriber "SELECT concat_ws(' ', (SELECT NULLIF(concat_ws(' ', CASE WHEN e.state & 65 = 1 THEN 'name' END, CASE WHEN e.state & 66 = 2 THEN 'document' END), '')
	FROM certdata.ledger_entry AS e JOIN certdata.ledger_shape AS s ON s.id = e.shape JOIN certdata.attachment AS a ON a.registry = s.registry
	WHERE a.relation = '$1'::regclass AND e.cert_no = '$(no "$2")' ORDER BY e.life_seq DESC LIMIT 1), (SELECT NULLIF(concat_ws(' ', CASE WHEN retired THEN 'retired' END, CASE WHEN suspended THEN 'suspended' END, CASE WHEN reserved THEN 'reserved' END), '')
	FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry WHERE a.relation = '$1'::regclass AND l.cert_no = '$(no "$2")'))"; }

columns='name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number, employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name, level certdata.skill_level, cert_no certdata.certno PRIMARY KEY, issue_date certdata.issue_date, evaluator certdata.org_name, issuer certdata.org_name, state text, note text'

# ---- registry and parted are guarded on both servers, bare and late on the subscriber only

for server in publisher subscriber; do
	at $server 'CREATE EXTENSION certdata' "CREATE TABLE registry ($columns)" "CREATE TABLE bare ($columns)" "CREATE TABLE late ($columns)" \
		"CREATE TABLE parted ($columns) PARTITION BY RANGE (cert_no)" "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (MINVALUE) TO ('$(no 500)')" \
		"CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('$(no 500)') TO (MAXVALUE)" \
		"SELECT certdata.attach('registry', state_column => 'state'), certdata.attach('parted', state_column => 'state')" >/dev/null
done
at subscriber "SELECT certdata.attach('bare', state_column => 'state'), certdata.attach('late', state_column => 'state')" >/dev/null
for ((i = 1; i <= 9; i++)); do
	for table in registry bare parted; do at publisher "INSERT INTO $table $list VALUES $(values $i 张三)"; done
done
at publisher "INSERT INTO bare $list VALUES $(values 20 '王 五')" "CREATE PUBLICATION pub FOR TABLE registry, bare, parted"
at subscriber "CREATE SUBSCRIPTION sub CONNECTION '$connection' PUBLICATION pub"
until_is "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'" 4 || bail 'the tables are not copied'
wait_for_apply
is "$(at subscriber 'SELECT (SELECT count(*) FROM registry), (SELECT count(*) FROM parted), (SELECT count(*) FROM bare)')" '9|9|10' 'the first copy is taken as it is, faults and all'

# ---- record: what the publisher did is done here, and known here

for table in registry parted; do
	change "UPDATE $table SET name = '李四' WHERE cert_no = '$(no 1)'"
	is "$(row $table 1), $(life $table 1)" '李四 1233, name' "$table: a correction"
	is "$(state "UPDATE $table SET id_number = '13010219900307002X' WHERE cert_no = '$(no 1)'")" QC011 "$table: uses up the item here, too"
	change "SET LOCAL certdata.exception = 'correction.one_item: why'" "UPDATE $table SET id_number = '13010219900307002X' WHERE cert_no = '$(no 1)'"
	is "$(row $table 1), $(life $table 1)" '李四 002X, name document' "$table: an exception that the publisher made"
	change "SELECT certdata.correct('$table', '$(no 2)', '{\"证件号码\": \"13010219900307002X\"}', 'r', 'a')"
	is "$(row $table 2), $(life $table 2)" '张三 002X, document' "$table: a correction by function"
	change "UPDATE $table SET employer = '乙公司', note = 'x' WHERE cert_no IN ('$(no 1)', '$(no 3)')"
	is "$(at subscriber "SELECT count(*) FROM $table WHERE employer = '乙公司' AND note = 'x'"), $(life $table 3)" '2, ' "$table: other fields"
	change "INSERT INTO $table $list VALUES $(values 30 赵六)"
	is "$(row $table 30), $(life $table 30)" '赵六 1233, ' "$table: a new certificate"
	change "SELECT certdata.suspend('$table', '$(no 4)', 'r')"
	is "$(row $table 4)" '张三 1233 suspended' "$table: a suspension"
	change "SELECT certdata.retire('$table', '$(no 5)', 'r', 'a', true)"
	is "$(row $table 5)" '张三 1233 retired' "$table: a retirement"
	is "$(at subscriber "SELECT string_agg(right(cert_no::text, 1), '' ORDER BY cert_no) FROM ${table}_live WHERE cert_no <= '$(no 5)'")" 123 "$table: hidden from the live view here, too"
	is "$(state "UPDATE $table SET name = '赵六' WHERE cert_no = '$(no 5)'")" QC015 "$table: not to be corrected here, either"
	change "SELECT certdata.reinstate('$table', '$(no 5)', 'r', 'a'), certdata.resume('$table', '$(no 4)', 'r')"
	is "$(row $table 5), $(row $table 4), $(state "UPDATE $table SET name = '赵六' WHERE cert_no IN ('$(no 4)', '$(no 5)')")" '张三 1233, 张三 1233, ' "$table: reinstated and resumed"
	change "SELECT certdata.retire('$table', '$(no 5)', 'r', 'a', true), certdata.suspend('$table', '$(no 4)', 'r')"
	is "$(life $table 5), $(life $table 4)" 'retired, suspended' "$table: and once more"
	change "SELECT certdata.renumber('$table', '$(no 6)', '$(no 66)', 'r', 'a')"
	is "$(row $table 6)$(row $table 66)" '张三 1233' "$table: a new number"
	is "$(state "INSERT INTO $table $list VALUES $(values 6 张三)")" 23505 "$table: the former one does not return here, either"
	change "UPDATE $table SET name = '李四' WHERE cert_no = '$(no 7)'" "SELECT certdata.renumber('$table', '$(no 7)', '$(no 77)', 'r', 'a')"
	is "$(state "UPDATE $table SET id_number = '13010219900307002X' WHERE cert_no = '$(no 77)'")" QC011 "$table: what was used up is so under the new number"
	if [ $table = registry ]; then
		change "SELECT certdata.renumber('$table', ARRAY['$(no 2)', '$(no 3)'], ARRAY['$(no 3)', '$(no 2)'], 'r', 'a')"
		is "$(row $table 2), $(life $table 2), $(row $table 3), $(life $table 3)" '张三 1233, , 张三 002X, document' "$table: numbers swapped, and what was used up with them"
	fi
	is "$(at subscriber "SELECT string_agg(right(cert_no::text, 2), ' ' ORDER BY cert_no) FROM certdata.life AS l JOIN certdata.attachment AS a ON a.registry = l.registry WHERE a.relation = '$table'::regclass AND reserved")" '06 07' "$table: only former numbers are reserved"
	is "$(state "DELETE FROM $table WHERE cert_no = '$(no 9)'") $(state "UPDATE $table SET state = NULL WHERE cert_no = '$(no 5)'") $(state "INSERT INTO $table $list VALUES $(values 31 '王 五')")" 'QC014 QC018 23514' "$table: sessions of the subscriber are judged as ever"
done
is "$(at subscriber "$(count_errors)")" 0 'nothing that a guarded publisher sent met an error'
change "INSERT INTO bare $list VALUES $(values 21 '王 五')" "UPDATE bare SET name = '李四', id_number = '13010219900307002X' WHERE cert_no = '$(no 1)'" "UPDATE bare SET name = '李 四' WHERE cert_no = '$(no 2)'"
is "$(row bare 21), $(row bare 1), $(row bare 2)" '王 五 1233, 李四 002X, 李 四 1233' 'faults of a publisher without guards are taken'
is "$(life bare 1), $(life bare 2)" 'name document, name' 'and what they used up is known'
refused QC014 'a physical deletion, recorded' "DELETE FROM bare WHERE cert_no = '$(no 3)'"
is "$(row bare 3)" '张三 1233' 'and the row is still here'
refused QC014 'a physical deletion with another row in its place, recorded' "BEGIN; DELETE FROM bare WHERE cert_no = '$(no 5)'; INSERT INTO bare $list VALUES $(values 55 钱七); COMMIT"
is "$(row bare 5)$(row bare 55)" '张三 1233' 'and neither is done'
refused QC014 'TRUNCATE, recorded' "CREATE TABLE kept AS TABLE bare; TRUNCATE bare"
is "$(at subscriber 'SELECT count(*) > 9 FROM bare')" t 'and the rows are still here'
at publisher "ALTER PUBLICATION pub SET (publish = 'truncate')" "INSERT INTO bare TABLE kept" "ALTER PUBLICATION pub SET (publish = 'insert, update, delete, truncate')" >/dev/null

# ---- refuse: what comes is judged here, but for reason and approval

set_on_apply refuse
change "UPDATE registry SET name = '赵六' WHERE cert_no = '$(no 9)'" "INSERT INTO registry $list VALUES $(values 50 赵六)"
is "$(row registry 9), $(life registry 9), $(row registry 50)" '赵六 1233, name, 赵六 1233' 'lawful changes are done'
change "UPDATE bare SET name = '赵六' WHERE cert_no = '$(no 4)'" "UPDATE bare SET note = '王 五'" "INSERT INTO bare $list VALUES $(values 50 赵六)"
is "$(row bare 4), $(life bare 4), $(row bare 50), $(at subscriber "SELECT count(*) FROM bare WHERE note IS NULL")" '赵六 1233, name, 赵六 1233, 3' 'those of a publisher without guards, too'
refused 23514 'a new row with a fault' "INSERT INTO bare $list VALUES $(values 51 '王 五')"
refused 23514 'a fault in what is corrected' "UPDATE bare SET name = '王 五' WHERE cert_no = '$(no 8)'"
refused QC011 'the second item' "UPDATE bare SET id_number = '13010219900307002X' WHERE cert_no = '$(no 4)'"
refused QC011 'both items' "UPDATE bare SET id_number = '13010219900307002X', name = '钱七' WHERE cert_no = '$(no 6)'"
refused QC013 'another number' "UPDATE bare SET cert_no = '$(no 61)' WHERE cert_no = '$(no 6)'"
refused QC014 'a physical deletion' "DELETE FROM bare WHERE cert_no = '$(no 8)'"
at subscriber "SELECT certdata.retire('bare', '$(no 7)', 'r', 'a', true)" >/dev/null
refused QC015 'a correction of what was retired here' "UPDATE bare SET name = '赵六' WHERE cert_no = '$(no 7)'"
is "$(row bare 51)$(row bare 4), $(row bare 6), $(row bare 7), $(row bare 8)" '赵六 1233, 张三 1233, 张三 1233 retired, 张三 1233' 'nothing of this is done'
at publisher "INSERT INTO late $list VALUES $(values 1 '王 五'), $(values 2 张三)" 'ALTER PUBLICATION pub ADD TABLE late'
at subscriber 'ALTER SUBSCRIPTION sub REFRESH PUBLICATION'
until_is "SELECT ($(count_errors sync)) > 0" t
is "$(at subscriber 'SELECT count(*) FROM late')" 0 'nor a first copy with a fault in it'
set_on_apply record
until_is "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'" 5
is "$(row late 1), $(row late 2)" '王 五 1233, 张三 1233' 'which is taken when it is to be recorded'
wait_for_apply
# from 18 on the server itself prints rows that conflict (doc/limits.md)
is "$(grep -E '王 五|李 四|张三|李四|赵六|钱七|19900307' "$CERTDATA_LOG" | grep -vciE '(remote|local) (row|tuple)')" 0 'the log names nobody'

# ---- certificates that move to another partition: row by row, a deletion and a
# new row is what comes

# moved NAME NUMBER NUMBER STATEMENT: the certificates are applied under these numbers
moved()
{
	local before lsn i stopped=
	before=$(at subscriber 'SELECT apply_error_count FROM pg_stat_subscription_stats')
	at publisher "$4" >/dev/null
	lsn=$(at publisher 'SELECT pg_current_wal_lsn()')
	for ((i = 0; i < 600; i++)); do
		applied sub "$lsn" && break
		if [ "$(at subscriber 'SELECT apply_error_count FROM pg_stat_subscription_stats')" != "$before" ]; then
			skip_all
			stopped='the subscriber stops, '
			break
		fi
		sleep 0.1
	done
	is "$stopped$(at subscriber "SELECT count(*) FROM parted WHERE cert_no IN ('$(no "$2")', '$(no "$3")')")" 2 "$1"
}
moved 'numbers swapped' 8 9 "SELECT certdata.renumber('parted', ARRAY['$(no 8)', '$(no 9)'], ARRAY['$(no 9)', '$(no 8)'], 'r', 'a')"
moved 'a certificate moved to another partition' 8 900 "SELECT certdata.renumber('parted', '$(no 9)', '$(no 900)', 'r', 'a')"
at publisher "ALTER PUBLICATION pub SET (publish_via_partition_root = true)"
at subscriber 'ALTER SUBSCRIPTION sub REFRESH PUBLICATION WITH (copy_data = false)'
wait_for_apply
change "UPDATE parted SET name = '钱七' WHERE cert_no = '$(no 3)'"
is "$(row parted 3), $(life parted 3)" '钱七 1233, name' 'published by the partitioned table: a correction'
moved 'published by the partitioned table: numbers swapped' 1 2 "SELECT certdata.renumber('parted', ARRAY['$(no 1)', '$(no 2)'], ARRAY['$(no 2)', '$(no 1)'], 'r', 'a')"
moved 'published by the partitioned table: moved to another partition' 1 800 "SELECT certdata.renumber('parted', '$(no 2)', '$(no 800)', 'r', 'a')"
is "$(life parted 800), $(life parted 1), $(life parted 2)" 'name document, document, reserved' 'what was used up has moved along'
# the subscriber's own ledger has what came (swapped numbers stand aside in between); a life can be followed where it came as an insert and a deletion, too
past() { at subscriber "SELECT string_agg(right(h.number::text, 3), ' ' ORDER BY h.life_seq) || ', ' || max(h.new_values ->> '姓名') FILTER (WHERE h.life_seq = 1) FROM certdata.history('$1', '$(no "$2")') AS h"; }
is "$(past parted 900)" '008 008 999 999 009 009 900, 张三' 'the history of a certificate that moved to another partition'
is "$(past parted 800)" "$(past parted 2)" 'by its former number the same'
# a publisher that is not guarded may change number and name at once: the old values are needed to follow the life, so they are not erased
change "INSERT INTO bare $list VALUES $(values 58 张三)" "UPDATE bare SET name = '钱八', cert_no = '$(no 508)' WHERE cert_no = '$(no 58)'"
is "$(past bare 508)" '058 058 508, 张三' 'the history of a certificate whose number changed together with its name'
at subscriber "UPDATE certdata.ledger_act SET recorded_at = recorded_at - interval '6 years'"
is "$(at subscriber "SET certdata.language = en; SET client_min_messages = error; SELECT certdata.erase_old_values('bare', '$(no 508)', 'r', 'a')")" 0 'of that nothing is erased'
is "$(past bare 508)" '058 058 508, 张三' 'and the life can still be followed'
at subscriber "DROP SUBSCRIPTION sub"

# a session that keeps that no filing is registered hears of one that replication brings
at subscriber 'CREATE TABLE judged (LIKE bare)' "SELECT certdata.check_inserts('judged')" >/dev/null
at publisher 'CREATE PUBLICATION filings FOR TABLE certdata.organisation, certdata.filing'
at subscriber "CREATE SUBSCRIPTION filings CONNECTION '$connection' PUBLICATION filings"
psql -XqAt -d registry -v VERBOSITY=sqlstate >"$scratch/kept" 2>&1 <<SQL &
INSERT INTO judged $list VALUES $(values 1 张三);
INSERT INTO judged $list VALUES $(values 2 张三);
INSERT INTO judged $list VALUES $(values 3 张三);
SELECT count(*) FROM judged;
DO \$\$ BEGIN
	FOR i IN 1 .. 600 LOOP
		COMMIT;
		EXIT WHEN EXISTS (SELECT FROM certdata.filing);
		PERFORM pg_sleep(0.1);
	END LOOP;
END \$\$;
INSERT INTO judged $list VALUES $(values 4 张三);
SELECT count(*) FROM judged;
SQL
until_is 'SELECT count(*) FROM judged' 3
at publisher "INSERT INTO certdata.organisation (id, name) VALUES ('x', '丙校')" "INSERT INTO certdata.filing (code, organisation) VALUES ('S000013099999', 'x')"
wait
is "$(tr '\n' ' ' <"$scratch/kept")" '3 ERROR:  23514 3 ' 'a filing that comes by replication counts for a session that keeps what it has read'
at subscriber 'DROP SUBSCRIPTION filings'
done_testing
