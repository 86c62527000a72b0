#!/bin/bash
#
# Evidence taken out of the house: certdata.evidence() and export_ledger() here,
# certdata-verify in a directory that has nothing but bundle, key, an older head
# and the export.  Looks for: evidence that is not believed; evidence that still
# is after somebody altered it, or the ledger's rows under the server's nose;
# an older head, a fork, a newer entry that go unnoticed; both kinds of key and
# digest; bundles after an erasure; an export that needs temporary files.

. "$(dirname "$0")/tap.sh"
inside -o log_error_verbosity=default
unset LC_ALL LC_MESSAGES LANG
away=$scratch/away
mkdir "$away"

# verify BUNDLE OPTION...: exit status in $rc, what it printed in $said
verify()
{
	rc=0
	said=$(cd "$away" && env -i "$repository/certdata-verify" "$@" --lang en 2>&1) || rc=$?
}

# expect STATUS PATTERN NAME BUNDLE OPTION...
expect()
{
	local status=$1 pattern=$2 name=$3
	shift 3
	verify "$@"
	if [ $rc = "$status" ] && [[ $said =~ $pattern ]]; then
		verdict 0 "$name"
	else
		verdict 1 "$name" "exit status $rc, expected $status and: $pattern" "$(tail -n 30 <<<"$said")"
	fi
}

no() { printf 'S000013010001223%06d' "$1"; }
evidence() # DATABASE NUMBER [ARGUMENTS]
{
	sql "$1" "SET certdata.signing_key_file = 'key_$1.pem'" "SELECT certdata.evidence('public.zs', '$(no "$2")'${3:+, $3})"
}
export_to() { sql "$1" 'COPY (SELECT certdata.export_ledger()) TO STDOUT (FORMAT csv)' >"$away/export"; }

# What is altered in the bundle, and has to be noticed: a name and a substitution.
alterations()
{
	cat <<-'END'
		the reason	s/"reason": "typing error"/"reason": "typing Error"/
		a name	s/李四/李五/
		an old value	s/{\\"姓名\\": \\"张三\\"}/{\\"姓名\\": \\"张二\\"}/
		who did it	s/"session_user_name": "postgres"/"session_user_name": "postgre"/
		when	s/"recorded_at": 1/"recorded_at": 2/
		the place	s/"life_seq": 2/"life_seq": 3/
		the state	s/"state": 1,/"state": 0,/
		the number it is about	s/"cert_no": "S000013010001223000002", "head"/"cert_no": "S000013010001223000003", "head"/
		a proof	s/"proof": \["\([A-Za-z]\)/"proof": ["0/
		the head	s/\(\\n\)\([0-9][0-9]*\)\(\\n\)/\11\2\3/
	END
}

for kind in 'sha256 ed25519' 'sm3 sm2'; do
	read -r digest type <<<"$kind"
	database=$type
	createdb $database
	if [ $type = sm2 ]; then
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out "$scratch/key" 2>"$scratch/log" || bail "$(cat "$scratch/log")"
	else
		openssl genpkey -algorithm ed25519 -out "$scratch/key" || bail openssl
	fi
	openssl pkey -in "$scratch/key" -pubout -out "$away/key.pub"
	cp "$scratch/key" "$CERTDATA_DATA/key_$database.pem"
	chmod 600 "$CERTDATA_DATA/key_$database.pem"
	if [ "$(id -u)" = 0 ]; then chown --reference="$CERTDATA_DATA" "$CERTDATA_DATA/key_$database.pem"; fi
	sql $database 'SET client_min_messages = error; CREATE EXTENSION certdata' "SELECT certdata.start_ledger('$digest')" \
		"SELECT certdata.create_registry('zs')" \
		"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
			SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013010001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲校' FROM generate_series(1, 1000) AS i" \
		'SELECT certdata.seal()' >/dev/null
	sql $database "SET certdata.signing_key_file = 'key_$database.pem'" 'SELECT certdata.head()' >"$away/old.head"
	sql $database "SELECT certdata.correct('zs', '$(no 1)', '{\"姓名\": \"李四\"}', 'typing error', 'doc')" \
		"SELECT certdata.renumber('zs', '{$(no 1),$(no 2)}'::certdata.certno[], '{$(no 2),$(no 1)}', 'filing', 'doc')" \
		'SELECT certdata.seal()' "SELECT certdata.suspend('zs', '$(no 2)', 'doubtful')" 'SELECT certdata.seal()' >/dev/null
	evidence $database 2 "'{姓名}'" >"$away/bundle.json"
	evidence $database 2 >"$away/closed.json"
	export_to $database
	expect 0 'Result: proved' "$kind: evidence" bundle.json --key key.pub
	expect 0 'Result: proved' "$kind: evidence that discloses nothing" closed.json --key key.pub
	expect 0 'head you kept' "$kind: an older head, and the whole ledger" bundle.json --key key.pub --head old.head --ledger export
	if grep -q '1301021990\|甲校' "$away/bundle.json" || grep -q '张三\|李四' "$away/closed.json"; then
		verdict 1 "$kind: nothing is disclosed that was not asked for"
	else
		verdict 0 "$kind: nothing is disclosed that was not asked for"
	fi
	is "$(grep -c '张三\|李四' "$away/export")" 0 "$kind: no values in the export"

	# ---- altered on the way
	while IFS=$'\t' read -r what how; do
		sed "$how" "$away/bundle.json" >"$away/altered.json"
		if cmp -s "$away/bundle.json" "$away/altered.json"; then
			verdict 1 "$kind: altered on the way: $what" 'the test altered nothing'
			continue
		fi
		expect 1 'Result: DISPROVED' "$kind: altered on the way: $what" altered.json --key key.pub
	done < <(alterations)

	# ---- altered where it is kept, and told by the server as if nothing had happened
	while IFS=$'\t' read -r what how; do
		sql $database 'CREATE TABLE a AS TABLE certdata.ledger_act' 'CREATE TABLE e AS TABLE certdata.ledger_entry' "$how"
		evidence $database 2 >"$away/altered.json"
		expect 1 DISPROVED "$kind: altered where it is kept: $what" altered.json --key key.pub
		sql $database 'TRUNCATE certdata.ledger_act, certdata.ledger_entry' 'INSERT INTO certdata.ledger_act TABLE a' \
			'INSERT INTO certdata.ledger_entry TABLE e' 'DROP TABLE a, e'
	done <<-'END'
		a reason	UPDATE certdata.ledger_act SET reason = 'another' WHERE kind = 'correct'
		who	UPDATE certdata.ledger_act SET session_user_name = 'nobody' WHERE kind = 'correct'
		when	UPDATE certdata.ledger_act SET recorded_at = recorded_at + interval '1 microsecond' WHERE kind = 'suspend'
		a commitment	UPDATE certdata.ledger_entry SET commitments = set_byte(commitments, 5, 255 - get_byte(commitments, 5)) WHERE life_seq = 2 AND length(commitments) = 128
		the state	UPDATE certdata.ledger_entry SET state = 0 WHERE state & 8 <> 0
	END
	# a step that is gone altogether
	sql $database 'CREATE TABLE e AS SELECT * FROM certdata.ledger_entry WHERE state & 8 <> 0' 'DELETE FROM certdata.ledger_entry WHERE state & 8 <> 0'
	evidence $database 2 >"$away/altered.json"
	expect 0 'Result: proved' "$kind: what ends earlier is proved so far" altered.json --key key.pub
	expect 1 'not shown' "$kind: … and the export has more" altered.json --key key.pub --ledger export
	sql $database 'INSERT INTO certdata.ledger_entry TABLE e' 'DROP TABLE e'
	evidence $database 2 "'{姓名}'" >"$away/again.json"
	expect 0 'Result: proved' "$kind: put back" again.json --key key.pub --ledger export

	# ---- later: a newer entry, and evidence since a size that was no head
	sql $database "SELECT certdata.resume('zs', '$(no 2)', 'clear')" 'SELECT certdata.seal()' >/dev/null
	export_to $database
	expect 1 'newer entry' "$kind: the export has a newer entry than the bundle" bundle.json --key key.pub --ledger export
	evidence $database 2 "since => 777" >"$away/since.json"
	expect 0 'Result: proved' "$kind: since" since.json --key key.pub --ledger export

	# ---- a fork: the head that was kept is another ledger's
	sed '3{s/^0/1/;t;s/^./0/}' "$away/old.head" >"$away/fork.head"
	expect 1 DISPROVED "$kind: a head of another ledger" since.json --key key.pub --head fork.head
done

# ---- the export takes no room of its own
sql ed25519 "INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
	SELECT '张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013010001223' || lpad(i::text, 6, '0'), '2022-02-09', '甲校', '甲校' FROM generate_series(1001, 100000) AS i" \
	'SELECT certdata.seal()' >/dev/null
evidence ed25519 2 "'{姓名,证件号码,职业名称}'" >"$away/bundle.json"
PGOPTIONS='-c work_mem=64kB -c temp_file_limit=0 -c log_temp_files=0' export_to ed25519
is "$(grep -c 'temporary file' "$CERTDATA_LOG")" 0 'an export needs no temporary files'
expect 0 'Result: proved' 'a bundle among a hundred thousand leaves' bundle.json --unsigned --ledger export
done_testing
