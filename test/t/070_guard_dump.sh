#!/bin/bash
#
# Guarded tables must survive dump and restore into another cluster: guards,
# mapping, lives and views.  Looks for: a restored table that is not guarded, or
# is by other columns than before (columns and tables renamed and dropped before
# the dump); an item that may be corrected again; a former number that returns;
# triggers that fire for ordinary sessions only; a dump that warns; partitions
# made after the restore that are not guarded.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/dump.sh"

portrait() # DATABASE
{
	sql "$1" 'SET search_path = pg_catalog' \
		'SELECT relation, register, columns, fields, state_column, publication, require_actor, approver, profile, existing, validated, detached_at FROM certdata.attachment ORDER BY attached_at' \
		'SELECT relation, field, column_name, data_type, constant, map FROM certdata.attached_column' \
		'SELECT * FROM certdata.life ORDER BY registry, cert_no' \
		'TABLE certdata.withdrawn' \
		'SELECT attachment, cert_no, field, rule, severity FROM certdata.known_fault ORDER BY 2, 3, 4' \
		"SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text COLLATE \"C\", tgname" \
		'SELECT evtname, evtenabled FROM pg_event_trigger' \
		'TABLE public.zs_live ORDER BY cert_no' 'TABLE public.zs_report ORDER BY 8' 'TABLE "模式 A".old_report ORDER BY 8' \
		"SELECT c.oid::regclass, relowner::regrole, relacl, reloptions FROM pg_class AS c WHERE relname ~ '_(live|report)$' AND relkind = 'v' ORDER BY c.oid::regclass::text COLLATE \"C\""
}

# What a statement answers: SQLSTATE and rule, or ok.
answer() # DATABASE STATEMENT...
{
	local database=$1
	shift
	psql -XqAt -v VERBOSITY=verbose -v SHOW_CONTEXT=never -d "$database" "${@/#/-c}" 2>&1 |
		sed -n 's/^ERROR:  \([0-9A-Z]*\):.*/\1/p; s/^CONSTRAINT NAME:  //p' | tr '\n' ' '
}

behaviour() # DATABASE
{
	local said=("SET certdata.language = en" "BEGIN" "SET LOCAL certdata.reason = 'r'" "SET LOCAL certdata.approval = 'a'")
	local row="'居民身份证', '130102199003071233', '车工', '三级'"
	echo "no reason: $(answer "$1" "UPDATE zs SET name = '赵'")"
	echo "session_replication_role: $(answer "$1" "SET session_replication_role = replica; UPDATE zs SET name = '赵'")"
	echo "same item: $(answer "$1" "${said[@]}" "UPDATE zs SET name = '赵' WHERE cert_no = 'S000013000001223000001'" ROLLBACK)"
	echo "other item: $(answer "$1" "${said[@]}" "UPDATE zs SET id_number = '13010219900307002X' WHERE cert_no = 'S000013000001223000001'" ROLLBACK)"
	echo "retired: $(answer "$1" "${said[@]}" "UPDATE zs SET name = '赵' WHERE cert_no = 'S000013000001223000002'" ROLLBACK)"
	echo "delete: $(answer "$1" 'DELETE FROM zs') $(answer "$1" 'TRUNCATE zs') $(answer "$1" 'DELETE FROM parts_b')"
	echo "former number: $(answer "$1" "INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) VALUES ('赵', $row, 'S000013000001223000003', '2022-02-09', '甲校', '甲校')")"
	echo "register: $(answer "$1" "INSERT INTO parts (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer) VALUES ('赵', $row, 'S000013000001223000011', '2022-02-09', '甲校', '甲校')")"
	echo "renamed: $(answer "$1" "INSERT INTO \"模式 A\".\"T 1\" VALUES ('01', '13010219900307123X', '车工', '三级', 'S000013000001223000012', '2022-02-09', '甲校', 'x', '赵')")"
	echo "renamed, lawful: $(answer "$1" BEGIN "INSERT INTO \"模式 A\".\"T 1\" VALUES ('01', '130102199003071233', '车工', '三级', 'S000013000001223000012', '2022-02-09', '甲校', 'x', '赵')" ROLLBACK)"
	echo "approver: $(answer "$1" "${said[@]}" "UPDATE \"模式 A\".\"T 1\" SET \"名\" = '赵'" ROLLBACK)"
	echo "later partition: $(answer "$1" BEGIN "CREATE TABLE later PARTITION OF parts FOR VALUES FROM ('T000000000000000000000') TO (MAXVALUE)" "INSERT INTO later (cert_no) VALUES ('T000000000000000000001')" ROLLBACK)"
}

two_clusters
case "$CERTDATA_DUMP_SIDE" in
	source)
		createdb original
		sql original 'SET client_min_messages = error; CREATE EXTENSION certdata' 'CREATE ROLE app; CREATE ROLE provincial' \
			"SELECT certdata.create_registry('zs')" 'GRANT SELECT, INSERT, UPDATE ON zs TO app' \
			"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
				SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', 'S00001300000122300000' || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 5) AS i" \
			"SELECT certdata.correct('zs', 'S000013000001223000001', '{\"姓名\": \"张四\"}', 'r', 'a')" \
			"SELECT certdata.retire('zs', 'S000013000001223000002', 'r', 'a', true, 'S000013000001223000005')" \
			"SELECT certdata.renumber('zs', '{S000013000001223000003}', '{S000013000001223000006}', 'r', 'a')" \
			"SELECT certdata.suspend('zs', 'S000013000001223000004', 'r')" \
			'CREATE SCHEMA "模式 A"' \
			'CREATE TABLE "模式 A".old (gone int, lx char(2), hm char(18), xm varchar(40), zy text, dj text, bh char(22), rq date, fz text, bz text, name1 text)' \
			"INSERT INTO \"模式 A\".old VALUES (1, '01', '130102199003071231', '王', '车工', '三级', 'S000013000001223000011', '2022-02-09', '甲校', 'x', '李四')" \
			"SELECT certdata.attach('\"模式 A\".old', '{\"姓名\": \"name1\", \"证件类型\": {\"column\": \"lx\", \"map\": {\"01\": \"居民身份证\"}}, \"证件号码\": \"hm\", \"所在单位\": {\"value\": \"\"},
				\"职业名称\": \"zy\", \"工种名称\": {\"value\": \"\"}, \"职业技能等级\": \"dj\", \"证书编号\": \"bh\", \"发证日期\": \"rq\", \"评价机构\": {\"value\": \"甲校\"}, \"发证机构\": \"fz\"}',
				existing => 'record', publication => 'always', register => '全省', approver => 'provincial')" \
			'ALTER TABLE "模式 A".old DROP COLUMN gone' 'ALTER TABLE "模式 A".old DROP COLUMN xm' \
			'ALTER TABLE "模式 A".old RENAME name1 TO "名"' 'ALTER TABLE "模式 A".old RENAME TO "T 1"' \
			'CREATE TABLE parts (LIKE zs) PARTITION BY RANGE (cert_no)' \
			"CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM (MINVALUE) TO ('S000013000002000000000')" \
			"SELECT certdata.attach('parts', publication => 'by_call', register => '全省')" \
			"CREATE TABLE parts_b PARTITION OF parts FOR VALUES FROM ('S000013000002000000000') TO ('T000000000000000000000')" \
			'CREATE TABLE parts_d PARTITION OF parts DEFAULT' \
			"INSERT INTO parts SELECT '张三', '居民身份证', '130102199003071233', NULL, '车工', NULL, '三级', 'S00001300000222300000' || i, '2022-02-09', '甲校', '甲校' FROM generate_series(1, 3) AS i" \
			"SELECT certdata.publish('parts', 'S000013000002223000001')" \
			"SELECT certdata.withdraw('parts', 'S000013000002223000002', 'returned')" \
			>"$scratch/out" 2>&1 || { cat "$scratch/out"; exit 1; }
		portrait original >"$scratch/portrait"
		behaviour original >"$scratch/behaviour"
		# written by hand, so that a guard that is dead on both sides is seen
		cat >"$scratch/expected" <<-'END'
			no reason: QC010 correction.reason 
			session_replication_role: QC010 correction.reason 
			same item: 
			other item: QC011 correction.one_item 
			retired: QC015 correction.retired 
			delete: QC014 deletion.physical  QC014 deletion.physical  QC014 deletion.physical 
			former number: 23505 no.used 
			register: 23505 no.used 
			renamed: 23514 id.checksum 
			renamed, lawful: 
			approver: QC010 correction.approval 
			later partition: 23514 name.required 
		END
		check 'the original behaves as it should' diff "$scratch/expected" "$scratch/behaviour"
		plain_dump original >"$scratch/dump.sql" 2>"$scratch/why.pg_dump says nothing"
		if [ -s "$scratch/why.pg_dump says nothing" ]; then note 1 'pg_dump says nothing'; else note 0 'pg_dump says nothing'; fi
		pg_dump --no-sync -Fc -f "$scratch/dump.custom" original ;;
	target)
		sql postgres 'CREATE ROLE app; CREATE ROLE provincial'
		for way in plain custom; do
			createdb "$way"
			if [ $way = plain ]; then
				psql -Xq -v ON_ERROR_STOP=1 -d "$way" -f "$scratch/dump.sql" >"$scratch/out" 2>&1
			else
				pg_restore -j 4 -d "$way" "$scratch/dump.custom" >"$scratch/out" 2>&1
			fi
			rc=$?
			cp "$scratch/out" "$scratch/why.$way: restored without a word"
			grep -v '^ *[0-9]*$\|^ *set_config *$\|^-*$\|^ *setval *$\|^([0-9]* row' "$scratch/out" | grep -q . && rc=1
			note $rc "$way: restored without a word"
			portrait "$way" >"$scratch/portrait.$way"
			check "$way: attachments, lives, triggers and views are those of before" diff "$scratch/portrait" "$scratch/portrait.$way"
			plain_dump "$way" >"$scratch/again.$way"
			check "$way: dumped again it is the same" diff "$scratch/dump.sql" "$scratch/again.$way"
			check "$way: what is lawful waits until the ledger is adopted" test "$(answer "$way" BEGIN "SET LOCAL certdata.reason = 'r'" \
				"SET LOCAL certdata.approval = 'a'" "UPDATE zs SET name = '赵' WHERE cert_no = 'S000013000001223000001'" ROLLBACK)" = 'QC021 '
			sql "$way" "SELECT certdata.adopt_ledger('restored')" >/dev/null
			behaviour "$way" >"$scratch/behaviour.$way"
			check "$way: they guard" diff "$scratch/expected" "$scratch/behaviour.$way"
		done ;;
esac
