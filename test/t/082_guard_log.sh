#!/bin/bash
#
# The server log of refused changes.  Looks for: names and identity numbers in
# it, quoted with the statement, by COPY, by the context of triggers and
# functions, or in words of our own; refusals that it does not tell at all.

. "$(dirname "$0")/tap.sh"
inside -o log_error_verbosity=verbose -o log_min_messages=warning -o log_min_error_statement=warning

createdb registry || bail createdb
sql registry 'CREATE EXTENSION certdata' \
	'CREATE TABLE registry (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text, cert_no text PRIMARY KEY, issue_date text, evaluator text, issuer text, state text)' \
	"INSERT INTO registry SELECT '欧阳绝密', '居民身份证', '130102197701233210', NULL, '电工', NULL, '三级', 'S00001300000122300000' || i, '2022-02-09', '甲校', '甲中心' FROM generate_series(1, 3) AS i" \
	"SELECT certdata.attach('registry', state_column => 'state')" "SELECT certdata.retire('registry', 'S000013000001223000003', 'r', 'a', true)" >/dev/null 2>&1
first="cert_no = 'S000013000001223000001'"

# refused SQLSTATE NAME STATEMENT...: and the log tells so, and nobody's name
refused()
{
	local wanted=$1 name=$2 statement lines log args=()
	shift 2
	for statement; do args+=(-c "$statement"); done
	lines=$(wc -l <"$CERTDATA_LOG")
	psql -Xq -d registry "${args[@]}" >"$scratch/out" 2>&1
	log=$(tail -n +$((lines + 1)) "$CERTDATA_LOG")
	is "$(grep -o 'ERROR:  [0-9A-Z]*' <<<"$log" | head -n 1 | sed 's/.* //')" "$wanted" "$name: the log tells of it"
	is "$(grep -E '绝密|机要|阳绝|马机|司马|19770123' <<<"$log")" '' "$name: and names nobody"
}
for language in zh en; do
	set_it="SET certdata.language = $language"
	said=("$set_it" BEGIN "SET LOCAL certdata.reason = 'r'" "SET LOCAL certdata.approval = 'a'")
	refused QC010 "$language, nothing said" "$set_it" "UPDATE registry SET name = '司马机要' WHERE $first"
	refused QC011 "$language, both items" "${said[@]}" "UPDATE registry SET name = '司马机要', id_number = '130102197701231231' WHERE name = '欧阳绝密' AND $first"
	refused 23514 "$language, a fault" "${said[@]}" "UPDATE registry SET name = '司马 机要' WHERE $first"
	refused 23514 "$language, many faults" "${said[@]}" "UPDATE registry SET id_number = '130102197701231238' WHERE name = '欧阳绝密' AND state IS NULL"
	refused QC015 "$language, retired" "${said[@]}" "UPDATE registry SET name = '司马机要' WHERE cert_no = 'S000013000001223000003'"
	refused QC013 "$language, number" "${said[@]}" "UPDATE registry SET cert_no = 'S000013000001223000009' WHERE id_number = '130102197701233210' AND $first"
	refused QC018 "$language, state" "${said[@]}" "UPDATE registry SET state = 'retired' WHERE name = '欧阳绝密' AND $first"
	refused QC014 "$language, deletion" "$set_it" "DELETE FROM registry WHERE name = '欧阳绝密'"
	refused 23514 "$language, a new row" "$set_it" "INSERT INTO registry (name, id_number, cert_no) VALUES ('司马 机要', '130102197701231238', 'S000013000001223000009')"
	refused 23514 "$language, COPY" "$set_it" "COPY registry (name, id_number, cert_no) FROM PROGRAM 'echo \"司马 机要|130102197701231238|S000013000001223000009\"' (DELIMITER '|')"
	refused 23514 "$language, from a function" "$set_it" "DO \$\$ BEGIN INSERT INTO registry (name, id_number, cert_no) VALUES ('司马 机要', '130102197701231238', 'S000013000001223000009'); END \$\$"
	refused 23514 "$language, by correct()" "$set_it" "SELECT certdata.correct('registry', 'S000013000001223000001', '{\"姓名\": \"司马 机要\"}', 'r', 'a')"
	refused QC011 "$language, by correct(), both" "$set_it" "SELECT certdata.correct('registry', 'S000013000001223000001', '{\"姓名\": \"司马机要\", \"证件号码\": \"130102197701231231\"}', 'r', 'a')"
	refused P0002 "$language, by correct(), not there" "$set_it" "SELECT certdata.correct('registry', 'S000013000001223000009', '{\"姓名\": \"司马机要\"}', 'r', 'a')"
	refused 23514 "$language, by the report" "$set_it" "INSERT INTO registry_report (\"姓名\", \"证件号码\", \"证书编号\") VALUES ('司马 机要', '130102197701231238', 'S000013000001223000009')"
	refused QC015 "$language, by retire()" "$set_it" "SELECT certdata.retire('registry', (SELECT cert_no FROM registry WHERE name = '欧阳绝密' AND state IS NOT NULL), 'r', 'a', true)"
done
lines=$(wc -l <"$CERTDATA_LOG")
sql registry "INSERT INTO registry VALUES ('司马机要', '中国护照', '19770123', NULL, '电工', NULL, '三级', 'S000013000001223000010', '2022-02-09', '甲校', '甲中心')" 2>"$scratch/out"
log=$(tail -n +$((lines + 1)) "$CERTDATA_LOG")
is "$(grep -c 'WARNING:' <<<"$log"), $(grep -E '机要|司马|19770123' <<<"$log")" '1, ' 'a warning: the log tells of it, and names nobody'
done_testing
