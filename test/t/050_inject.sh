#!/bin/bash
#
# 50,000 synthetic rows with faults known to the program that put them there:
# check_report, check_rows, check_record and certdata-check must find exactly
# those, and the four must not differ.  So without filings, with filings and
# scope, and for data handed in on a certain day.  Looks for a fault missed, one
# found too many, one in another cell; a row that load takes and a check
# refuses; a row lost between the accepted and the rejected ones; facts that
# mean one thing in tables and another in a file.

. "$(dirname "$0")/tap.sh"
if [[ $(date +%F) < 2026-11-20 ]]; then
	echo "1..0 # SKIP the rows are dated up to 2026-11-20, this machine's clock says $(date +%F)"
	exit 0
fi
inside
chmod 755 "$scratch"
createdb inject_test || bail createdb
sql inject_test 'CREATE EXTENSION certdata' 'CREATE TABLE report (LIKE certdata.report)' \
	'CREATE TABLE file (content bytea)' \
	"CREATE TABLE registry (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
		employer certdata.org_name, occupation certdata.occupation_name, work_type certdata.work_type_name,
		level certdata.skill_level, cert_no certdata.certno, issue_date certdata.issue_date,
		evaluator certdata.org_name, issuer certdata.org_name)"
fields='"姓名", "证件类型", "证件号码", "所在单位", "职业名称", "工种名称", "职业技能等级", "证书编号", "发证日期", "评价机构", "发证机构"'

file=$scratch/report.csv

# made LABEL OPTION...: a report and what must be found in it
made()
{
	label=$1
	shift
	perl "$repository/test/inject/inject.pl" --rows 50000 --faults 0.05 "$@" --out "$file" \
		--findings "$scratch/findings.csv" --clean "$scratch/clean.csv" 2>"$scratch/note" || bail "$(cat "$scratch/note")"
	tail -n +2 "$scratch/findings.csv" | sort >"$scratch/expected"
	grep -q no.duplicate "$scratch/expected" || bail 'no duplicates were injected'

	{
		printf 'TRUNCATE file;\n\\set QUIET on\nINSERT INTO file VALUES (decode($b$'
		base64 "$file"
		printf '$b$, %s));\n' "'base64'"
	} >"$scratch/insert.sql"
	psql -Xq -d inject_test -v ON_ERROR_STOP=1 -f "$scratch/insert.sql" || bail 'the file did not reach the server'
}

# injected RULE...: each is among what must be found
injected()
{
	local rule missing=
	for rule; do grep -q ",$rule," "$scratch/expected" || missing="$missing $rule"; done
	is "$missing" '' "$label: all rules of this kind were broken"
}

# in_file [RECEIVED]
in_file()
{
	local received="${1:+, received_on => '$1'}"
	sql inject_test "SELECT concat_ws(',', cell, rule, severity) FROM file, certdata.check_report(content$received)" | sort >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "$label: check_report finds what was injected"
}

# by_tool OPTION...
by_tool()
{
	rc=0
	(cd "$scratch" && "$repository/certdata-check" report.csv --lang en "$@" >out 2>&1) || rc=$?
	is $rc 1 "$label: certdata-check says that there are faults"
	cut -d, -f1 "$scratch/expected" | sort >"$scratch/cells"
	tail -n +2 "$scratch/report.csv.faults.csv" | sed 's/^"\{0,1\}\([A-Z]*[0-9]*\).*/\1/' | grep -E '^[A-K][0-9]+$' | sort >"$scratch/found"
	same "$scratch/cells" "$scratch/found" "$label: certdata-check names the same cells"
	is "$(head -c 3 "$scratch/report.csv.faults.csv" | od -An -tx1 | tr -d ' ')" efbbbf "$label: its list opens in a spreadsheet"
}

# in_rows [RECEIVED]: the rows copied into a staging table
in_rows()
{
	local received="${1:+, received_on => '$1'}"

	# In a staging table.  COPY keeps the order of the file only into a table
	# made or emptied in the same transaction: else it fills gaps of earlier pages.
	psql -XqAt -d inject_test -v ON_ERROR_STOP=1 >"$scratch/unsorted" 2>"$scratch/err" <<-END || bail "$(cat "$scratch/err")"
		BEGIN;
		TRUNCATE report;
		\\copy report FROM '$file' WITH (FORMAT csv, HEADER)
		COMMIT;
		SELECT concat_ws(',', cell, rule, severity) FROM certdata.check_rows('report'$received);
	END
	sort "$scratch/unsorted" >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "$label: check_rows finds it in the rows copied"
}

# in_server TOOL_OPTION...: as a file, as rows, row by row, loaded and rejected; and without it
in_server()
{
	in_file
	in_rows
	sql inject_test \
		"CREATE TABLE by_file AS SELECT $fields FROM file, certdata.read_report(content) ORDER BY row_no" \
		"SELECT concat_ws(',', cell, rule, severity) FROM certdata.check_rows('by_file')" | sort >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "$label: check_rows finds it in the rows of read_report"
	# one by one: the same but for what two rows have between them
	sql inject_test "SELECT concat_ws(',', chr(64 + a.attnum) || t.n + 1, f.rule, f.severity)
		FROM (SELECT row_number() OVER (ORDER BY b.ctid) AS n, b AS r FROM by_file AS b) AS t, certdata.check_record(t.r) AS f
		JOIN pg_attribute AS a ON a.attrelid = 'certdata.report'::regclass AND a.attname = f.field" | sort >"$scratch/found"
	grep -v ',no\.duplicate,' "$scratch/expected" >"$scratch/single"
	same "$scratch/single" "$scratch/found" "$label: check_record finds it row by row"

	# what is loaded and what is refused
	sed -n 's/^[A-K]\([0-9]*\),.*,\(error\|principle\)$/\1/p' "$scratch/expected" | sort -un >"$scratch/bad"
	sql inject_test 'TRUNCATE registry' "CREATE TABLE refused AS SELECT * FROM certdata.rejected('by_file', 'registry')" \
		'SELECT row_no + 1 FROM refused ORDER BY 1' >"$scratch/found"
	same "$scratch/bad" "$scratch/found" "$label: rejected() gives back the rows with errors"
	bad=$(wc -l <"$scratch/bad")
	warnings=$(grep -c ',warning$' "$scratch/expected")
	is "$(sql inject_test "SELECT certdata.load('by_file', 'registry', true)")" \
		"(50000,$((50000 - bad)),$bad,$warnings)" "$label: load() takes the others and counts all"
	is "$(sql inject_test "SELECT count(*) FROM certdata.check_rows('registry') WHERE severity <> 'warning'")" 0 \
		"$label: what was loaded has no errors"
	is "$(sql inject_test "SELECT count(*) FROM certdata.rejected('by_file', 'registry')")" 50000 \
		"$label: loaded once, every number is taken or was refused"

	by_tool "$@"
	psql -XqAt -d inject_test -v ON_ERROR_STOP=1 >"$scratch/found" 2>&1 <<-END
		CREATE TEMP TABLE accepted (LIKE certdata.report);
		CREATE TEMP TABLE rejected (LIKE certdata.report);
		\\copy accepted FROM '$scratch/report.csv.accepted.csv' WITH (FORMAT csv, HEADER)
		\\copy rejected FROM '$scratch/report.csv.rejected.csv' WITH (FORMAT csv, HEADER)
		SELECT 'rejected', count(*) FROM ((TABLE rejected EXCEPT ALL SELECT $fields FROM refused)
			UNION ALL (SELECT $fields FROM refused EXCEPT ALL TABLE rejected)) AS t;
		SELECT 'lost or made up', count(*) FROM (((TABLE accepted UNION ALL TABLE rejected) EXCEPT ALL TABLE by_file)
			UNION ALL (TABLE by_file EXCEPT ALL (TABLE accepted UNION ALL TABLE rejected))) AS t;
	END
	is "$(tr '\n' ' ' <"$scratch/found")" 'rejected|0 lost or made up|0 ' \
		"$label: its rejected rows are those of rejected(), its accepted the others, all unchanged"
	sql inject_test 'DROP TABLE by_file, refused'
}

for seed in ${CERTDATA_SEEDS:-11 2022}; do
	made "seed $seed" --seed "$seed"
	in_server
done

# filings and scope: in the tables, and in a file
for seed in ${CERTDATA_SEEDS:-11}; do
	made "scope, seed $seed" --seed "$seed" --scope-out "$scratch/scope.csv" --scope-sql "$scratch/scope.sql"
	injected no.filing no.filing_valid evaluator.filing evaluator.brackets issuer.unknown issuer.brackets \
		occupation.scope occupation.brackets worktype.scope worktype.brackets level.scope date.scope date.ceased
	sql inject_test 'TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope'
	psql -Xq -d inject_test -v ON_ERROR_STOP=1 -f "$scratch/scope.sql" || bail 'the facts did not reach the tables'
	in_server --scope scope.csv
done

# a submission: with filings and without
received=2026-03-19
made "received on $received, scope" --seed 7 --received $received --scope-out "$scratch/scope.csv" --scope-sql "$scratch/scope.sql"
injected date.late date.beyond date.scope no.filing_valid
sql inject_test 'TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope'
psql -Xq -d inject_test -v ON_ERROR_STOP=1 -f "$scratch/scope.sql" || bail 'the facts did not reach the tables'
in_file $received
in_rows $received
by_tool --received $received --scope scope.csv

received=2018-01-26
made "received on $received" --seed 8 --received $received
injected date.beyond date.calendar
sql inject_test 'TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope'
in_file $received
in_rows $received
by_tool --received $received
done_testing
