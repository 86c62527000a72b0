#!/bin/bash
#
# 50,000 synthetic rows with faults known to the program that put them there:
# check_report, check_rows, check_record and certdata-check must find exactly
# those, and the four must not differ.  Looks for a fault missed, one found too
# many, one in another cell; a row that load takes and a check refuses; a row
# lost between the accepted and the rejected ones.

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

for seed in ${CERTDATA_SEEDS:-11 2022}; do
	file=$scratch/report.csv
	perl "$repository/test/inject/inject.pl" --rows 50000 --faults 0.05 --seed "$seed" \
		--out "$file" --findings "$scratch/findings.csv" --clean "$scratch/clean.csv" 2>"$scratch/note" ||
		bail "$(cat "$scratch/note")"
	tail -n +2 "$scratch/findings.csv" | sort >"$scratch/expected"
	grep -q no.duplicate "$scratch/expected" || bail 'no duplicates were injected'

	# the file as it is
	{
		printf 'TRUNCATE file;\n\\set QUIET on\nINSERT INTO file VALUES (decode($b$'
		base64 "$file"
		printf '$b$, %s));\n' "'base64'"
	} >"$scratch/insert.sql"
	psql -Xq -d inject_test -v ON_ERROR_STOP=1 -f "$scratch/insert.sql" || bail 'the file did not reach the server'
	sql inject_test "SELECT concat_ws(',', cell, rule, severity) FROM file, certdata.check_report(content)" | sort >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "seed $seed: check_report finds what was injected"

	# In a staging table.  COPY keeps the order of the file only into a table
	# made or emptied in the same transaction: else it fills gaps of earlier pages.
	psql -XqAt -d inject_test -v ON_ERROR_STOP=1 >"$scratch/unsorted" 2>"$scratch/err" <<-END || bail "$(cat "$scratch/err")"
		BEGIN;
		TRUNCATE report;
		\\copy report FROM '$file' WITH (FORMAT csv, HEADER)
		COMMIT;
		SELECT concat_ws(',', cell, rule, severity) FROM certdata.check_rows('report');
	END
	sort "$scratch/unsorted" >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "seed $seed: check_rows finds it in the rows copied"
	sql inject_test \
		"CREATE TABLE by_file AS SELECT $fields FROM file, certdata.read_report(content) ORDER BY row_no" \
		"SELECT concat_ws(',', cell, rule, severity) FROM certdata.check_rows('by_file')" | sort >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "seed $seed: check_rows finds it in the rows of read_report"
	# one by one: the same but for what two rows have between them
	sql inject_test "SELECT concat_ws(',', chr(64 + a.attnum) || t.n + 1, f.rule, f.severity)
		FROM (SELECT row_number() OVER (ORDER BY b.ctid) AS n, b AS r FROM by_file AS b) AS t, certdata.check_record(t.r) AS f
		JOIN pg_attribute AS a ON a.attrelid = 'certdata.report'::regclass AND a.attname = f.field" | sort >"$scratch/found"
	grep -v ',no\.duplicate,' "$scratch/expected" >"$scratch/single"
	same "$scratch/single" "$scratch/found" "seed $seed: check_record finds it row by row"

	# what is loaded and what is refused
	sed -n 's/^[A-K]\([0-9]*\),.*,\(error\|principle\)$/\1/p' "$scratch/expected" | sort -un >"$scratch/bad"
	sql inject_test 'TRUNCATE registry' "CREATE TABLE refused AS SELECT * FROM certdata.rejected('by_file', 'registry')" \
		'SELECT row_no + 1 FROM refused ORDER BY 1' >"$scratch/found"
	same "$scratch/bad" "$scratch/found" "seed $seed: rejected() gives back the rows with errors"
	bad=$(wc -l <"$scratch/bad")
	warnings=$(grep -c ',warning$' "$scratch/expected")
	is "$(sql inject_test "SELECT certdata.load('by_file', 'registry', true)")" \
		"(50000,$((50000 - bad)),$bad,$warnings)" "seed $seed: load() takes the others and counts all"
	is "$(sql inject_test "SELECT count(*) FROM certdata.check_rows('registry') WHERE severity <> 'warning'")" 0 \
		"seed $seed: what was loaded has no errors"
	is "$(sql inject_test "SELECT count(*) FROM certdata.rejected('by_file', 'registry')")" 50000 \
		"seed $seed: loaded once, every number is taken or was refused"

	# without a server
	rc=0
	(cd "$scratch" && "$repository/certdata-check" report.csv --lang en >out 2>&1) || rc=$?
	is $rc 1 "seed $seed: certdata-check says that there are faults"
	cut -d, -f1 "$scratch/expected" | sort >"$scratch/cells"
	tail -n +2 "$scratch/report.csv.faults.csv" | sed 's/^"\{0,1\}\([A-Z]*[0-9]*\).*/\1/' | grep -E '^[A-K][0-9]+$' | sort >"$scratch/found"
	same "$scratch/cells" "$scratch/found" "seed $seed: certdata-check names the same cells"
	is "$(head -c 3 "$scratch/report.csv.faults.csv" | od -An -tx1 | tr -d ' ')" efbbbf "seed $seed: its list opens in a spreadsheet"
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
		"seed $seed: its rejected rows are those of rejected(), its accepted the others, all unchanged"
	sql inject_test 'DROP TABLE by_file, refused'
done
done_testing
