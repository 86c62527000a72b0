#!/bin/bash
#
# A ledger that is dumped and restored in another cluster, or copied, goes on
# there once it is adopted.  Looks for: one that goes on by itself, or cannot be
# read before; a restore that changes a byte of it; proofs, lives or numbers of
# acts that break at the seam; acts that were not sealed before it and are never;
# sessions that do not notice the adoption; a copy that could pass for the original.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/dump.sh"
unset LC_ALL LC_MESSAGES LANG

no() { printf 'S000013000001223%06d' "$1"; }
row() { printf "'张三', '居民身份证', '130102199003071233', NULL, '车工', NULL, '三级', '%s', '2022-02-09', '甲校', '甲中心'" "$(no "$1")"; }
state() { local database=$1; shift; psql -XqAt -v VERBOSITY=sqlstate -d "$database" "${@/#/-c}" 2>&1 | sed -n 's/^.*ERROR:  //p'; }
use_key() { install -m 600 -o "$(stat -c %U "$CERTDATA_DATA")" "$scratch/key.pem" "$CERTDATA_DATA/key.pem"; }
key="SET certdata.signing_key_file = 'key.pem'"
head_of() { sql "$1" "$key" 'SELECT certdata.head()' | sed '$d'; }
evidence() { sql "$1" "$key" "SELECT certdata.evidence($2)"; }
export_of() { sql "$1" 'COPY (SELECT certdata.export_ledger()) TO STDOUT' | sed 's/\\t/\t/'; }
leaves() { sql "$1" "SELECT i, certdata.leaf_hash(i) FROM generate_series(0, $2 - 1) AS i"; }

make_key()
{
	openssl genpkey -algorithm ed25519 -out "$scratch/key.pem" 2>/dev/null || bail 'openssl genpkey'
	openssl pkey -in "$scratch/key.pem" -pubout -out "$scratch/public.pem"
}
two_clusters make_key
use_key

# proved LABEL STATUS BUNDLE OPTION...
proved()
{
	local label=$1 status=$2 rc=0
	shift 2
	"$repository/certdata-verify" "$@" --key "$scratch/public.pem" --lang en >"$scratch/why.$label" 2>&1 || rc=$?
	note $((rc != status)) "$label"
}

copied=$(printf '%s\t' 张三 居民身份证 130102199003071233 '\N' 车工 '\N' 三级 "$(no 90)" 2022-02-09 甲校)甲中心
# refused DATABASE LABEL: not adopted, it takes nothing and gives everything
refused()
{
	equal "$(state "$1" "INSERT INTO zs VALUES ($(row 90))"; psql -XqAt -v VERBOSITY=sqlstate -d "$1" -c "COPY zs_b (name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer) FROM STDIN" 2>&1 <<<"$copied" | sed -n 's/^.*ERROR:  //p'; state "$1" "SELECT certdata.correct('zs', '$(no 3)', '{\"姓名\": \"王五\"}', 'r', 'a')"
		state "$1" BEGIN "SET LOCAL certdata.reason = 'r'" "SET LOCAL certdata.approval = 'a'" "UPDATE \"模式 A\".old SET fz = '乙'"; state "$1" "SELECT certdata.suspend('zs', '$(no 3)', 'r')"; state "$1" 'SELECT certdata.seal()'
		state "$1" "SELECT certdata.record_act('query', 'zs', '$(no 3)', 'r')"; state "$1" "SELECT certdata.detach('zs', 'r')"; state "$1" 'CREATE TABLE t (LIKE zs)' "SELECT certdata.attach('t')")" \
		'QC021
QC021
QC021
QC021
QC021
QC021
QC021
QC021
QC021' "$2: whatever would be recorded waits for the adoption"
	equal "$(head_of "$1")" "$(cat "$scratch/old.head")" "$2: the head is given"
	equal "$(leaves "$1" "$(cat "$scratch/old.size")")" "$(cat "$scratch/old.leaves")" "$2: leaves are"
	check "$2: evidence is" diff "$scratch/old.evidence" <(evidence "$1" "'zs', '$(no 1)'")
	check "$2: history is" diff "$scratch/old.history" <(sql "$1" "SELECT h FROM certdata.history('zs', '$(no 1)') AS h")
	equal "$(sql "$1" 'SELECT p FROM certdata.verify_ledger() AS p')" '' "$2: it is verified"
}

# goes_on DATABASE LABEL INCARNATION: adopted, it does
goes_on()
{
	local size root new_size
	size=$(cat "$scratch/old.size") root=$(cat "$scratch/old.root")
	equal "$(state "$1" "SELECT certdata.adopt_ledger(' ')")" QC010 "$2: adopting needs a reason"
	rm -f "$scratch/session"
	# a session from before, which has been refused already
	psql -XqAt -v VERBOSITY=sqlstate -d "$1" -c "INSERT INTO zs VALUES ($(row $(($3 * 100 + 1))))" \
		-c "DO \$\$ BEGIN WHILE (SELECT max(id) < $3 FROM certdata.ledger_incarnation) LOOP PERFORM pg_sleep(0.05); END LOOP; END \$\$" \
		-c "INSERT INTO zs VALUES ($(row $(($3 * 100 + 1))))" -c 'SELECT count(*) FROM zs WHERE cert_no = '"'$(no $(($3 * 100 + 1)))'" >"$scratch/session" 2>&1 &
	until [ -s "$scratch/session" ]; do sleep 0.05; done
	equal "$(sql "$1" "SELECT certdata.adopt_ledger('restored')" "SELECT certdata.adopt_ledger('once more')" 2>/dev/null)" "$3
$3" "$2: adopted, once"
	wait
	equal "$(tr '\n' ' ' <"$scratch/session")" 'ERROR:  QC021 1 ' "$2: a session from before notices it"
	sql "$1" "INSERT INTO zs VALUES ($(row $(($3 * 100 + 2))))" "SELECT certdata.correct('zs', '$(no 1)', '{\"所在单位\": \"公司$3\"}', 'r', 'a')" "SELECT certdata.correct('zs', '$(no 66)', '{\"所在单位\": \"公司$3\"}', 'r', 'a')" \
		BEGIN "SET LOCAL certdata.reason = 'r'" "SET LOCAL certdata.approval = 'a'" "UPDATE \"模式 A\".old SET fz = '丙中心$3'" COMMIT "SELECT certdata.suspend('zs', '$(no 4)', 'r'), certdata.resume('zs', '$(no 4)', 'r')" 'SELECT certdata.seal()' >/dev/null
	equal "$(sql "$1" 'SELECT kind FROM certdata.ledger_act WHERE id NOT IN (SELECT act FROM certdata.ledger_order)')" '' "$2: all is sealed, also of before"
	equal "$(sql "$1" 'SELECT incarnation FROM certdata.ledger_order AS o JOIN certdata.ledger_act AS a ON a.id = o.act ORDER BY first_leaf' | uniq)" "$(seq "$3")" "$2: former incarnations come first"
	new_size=$(head_of "$1" | sed -n 2p)
	equal "$(sql "$1" "SELECT certdata.verify_consistency('sha256', $size, $new_size, certdata.consistency_proof($size, $new_size), decode('$root', 'base64'), certdata.tree_root($new_size))")" t "$2: the old head is the beginning of the new one"
	equal "$(sql "$1" "SELECT count(*) FROM generate_series(0, $size - 1) AS i WHERE certdata.verify_inclusion('sha256', i, $new_size, certdata.leaf_hash(i), certdata.inclusion_proof(i), certdata.tree_root($new_size))")" "$size" "$2: old leaves are in the new tree"
	equal "$(leaves "$1" "$size")" "$(cat "$scratch/old.leaves")" "$2: ... and are what they were"
	for number in 1 66; do
		evidence "$1" "'zs', '$(no $number)'" >"$scratch/bundle"
		export_of "$1" >"$scratch/export"
		proved "$2: evidence across the seam, and the old head: $number" 0 "$scratch/bundle" --head "$scratch/old.head" --ledger "$scratch/export"
	done
	equal "$(sql "$1" "SELECT string_agg(life_seq::text, ',' ORDER BY life_seq) FROM certdata.ledger_entry WHERE cert_no = '$(no 1)'")" "$(seq -s , $(($3 + 1)))" "$2: the life goes on"
	equal "$(problems "$1")" '' "$2: the ledger is whole"
}

restore() # DATABASE WAY DUMP
{
	createdb "$1"
	if [ "$2" = plain ]; then check "$1: restored" psql -Xq -v ON_ERROR_STOP=1 -d "$1" -f "$3"; else check "$1: restored" pg_restore --exit-on-error -j 4 -d "$1" "$3"; fi
}

case "$CERTDATA_DUMP_SIDE" in
	source)
		createdb original
		sql original 'SET client_min_messages = error; CREATE EXTENSION certdata' "SELECT certdata.create_registry('form')" \
			'CREATE TABLE zs (LIKE form) PARTITION BY RANGE (cert_no)' "CREATE TABLE zs_a PARTITION OF zs FOR VALUES FROM (MINVALUE) TO ('$(no 50)')" \
			"CREATE TABLE zs_b PARTITION OF zs FOR VALUES FROM ('$(no 50)') TO (MAXVALUE)" "SELECT certdata.attach('zs', publication => 'always', register => '全省')" \
			'CREATE SCHEMA "模式 A"' 'CREATE TABLE "模式 A".old (xm text, lx char(2), hm char(18), zy text, dj text, bh char(22), rq date, fz text)' \
			"INSERT INTO \"模式 A\".old SELECT '李四', '01', '130102199003071233', '车工', '三级', 'S00001300000122390000' || i, '2022-02-09', '甲校' FROM generate_series(1, 5) AS i" \
			"SELECT certdata.attach('\"模式 A\".old', '{\"姓名\": \"xm\", \"证件类型\": {\"column\": \"lx\", \"map\": {\"01\": \"居民身份证\"}}, \"证件号码\": \"hm\", \"所在单位\": {\"value\": \"\"},
				\"职业名称\": \"zy\", \"工种名称\": {\"value\": \"\"}, \"职业技能等级\": \"dj\", \"证书编号\": \"bh\", \"发证日期\": \"rq\", \"评价机构\": {\"value\": \"甲校\"}, \"发证机构\": \"fz\"}',
				existing => 'record', register => '全省')" "UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'no.year'" >/dev/null
		for i in 1 2 3 4 5 6; do sql original "INSERT INTO zs VALUES ($(row $i))"; done
		sql original "SELECT certdata.correct('zs', '$(no 1)', '{\"姓名\": \"李四\"}', 'r', 'a')" 'SELECT certdata.seal()' \
			"INSERT INTO zs SELECT name, id_type, id_number, employer, occupation, work_type, level, ('S000013000001223' || lpad((1000 + i)::text, 6, '0'))::certdata.certno, issue_date, evaluator, issuer FROM zs, generate_series(1, 300) AS i WHERE cert_no = '$(no 2)'" \
			"SELECT certdata.retire('zs', '$(no 2)', 'r', 'a', true)" "SELECT certdata.renumber('zs', '$(no 6)', '$(no 66)', 'r', 'a')" \
			"SELECT certdata.record_act('query', 'zs', '$(no 3)', 'r')" "ALTER TABLE \"模式 A\".old RENAME fz TO fzjg" "ALTER TABLE \"模式 A\".old RENAME fzjg TO fz" 'SELECT certdata.seal()' >/dev/null
		head_of original >"$scratch/old.head"
		sed -n 2p "$scratch/old.head" | tr -d '\n' >"$scratch/old.size"
		sed -n 3p "$scratch/old.head" | tr -d '\n' >"$scratch/old.root"
		leaves original "$(cat "$scratch/old.size")" >"$scratch/old.leaves"
		evidence original "'zs', '$(no 1)'" >"$scratch/old.evidence"
		# not sealed when it is dumped
		sql original "SELECT certdata.suspend('zs', '$(no 3)', 'r'), certdata.resume('zs', '$(no 3)', 'r')" "INSERT INTO zs VALUES ($(row 70))" >/dev/null
		sql original "SELECT h FROM certdata.history('zs', '$(no 1)') AS h" >"$scratch/old.history"
		plain_dump original >"$scratch/dump.plain"
		pg_dump --no-sync -Fc -f "$scratch/dump.custom" original
		chmod 644 "$scratch"/*
		# a copy within the cluster
		sql postgres 'CREATE DATABASE copy TEMPLATE original'
		refused copy copy
		goes_on copy copy 2
		sql original "INSERT INTO zs VALUES ($(row 93))" 'SELECT certdata.seal()' >/dev/null
		head_of original >"$scratch/fork.head"
		evidence copy "'zs', '$(no 1)'" >"$scratch/bundle"
		export_of copy >"$scratch/export"
		proved "a copy: the original's later head shows that it is one" 1 "$scratch/bundle" --head "$scratch/fork.head" --ledger "$scratch/export"
		equal "$(problems original)" '' 'the original is whole' ;;
	target)
		for way in plain custom; do
			restore $way $way "$scratch/dump.$way"
			plain_dump $way >"$scratch/again.$way"
			check "$way: dumped again it is the same" diff "$scratch/dump.plain" "$scratch/again.$way"
			refused $way $way
			# as where tables were copied, and sequences were not
			if [ $way = custom ]; then sql $way "SELECT setval('certdata.ledger_act_id', 1), setval('certdata.ledger_shape_id', 1)" >/dev/null; fi
			goes_on $way $way 2
		done
		plain_dump custom >"$scratch/dump.second"
		restore second plain "$scratch/dump.second"
		plain_dump second >"$scratch/again.second"
		check 'second: dumped again it is the same' diff "$scratch/dump.second" "$scratch/again.second"
		equal "$(head_of second)" "$(head_of custom)" 'second: the head is given'
		goes_on second second 3 ;;
esac
