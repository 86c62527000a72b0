#!/bin/bash
#
# Organisations, filings and scope from one file (test/data/scope.csv), and a
# report that breaks each of their rules: certdata-check --scope without a
# server, and check_report with the same facts in its tables, must both find
# what was expected by hand (report_scope.md), and so for the date of receipt.
# Looks for: the two reading the facts differently, a file that a spreadsheet
# saved and is then read otherwise or not at all, a wrong file taken for good,
# a verdict for one row handed to another that differs from it.

. "$(dirname "$0")/tap.sh"
inside

today=2026-11-23
if [[ $(date +%F) < $today ]]; then
	echo "1..0 # SKIP the files are dated up to $today, this machine's clock says $(date +%F)"
	exit 0
fi
data=$repository/test/data
header=record,key,name,detail,a,b,from,to
createdb scope_test || bail createdb
sql scope_test 'CREATE EXTENSION certdata'

# found_by_server FILE [RECEIVED]: cell,rule,severity in $scratch/found, messages in $scratch/said
found_by_server()
{
	CERTDATA_FILE=$1 psql -XqAt -v ON_ERROR_STOP=1 -d scope_test -v received="${2:-}" \
		-c '\set content `base64 -w0 "$CERTDATA_FILE"`' -f - >"$scratch/said" 2>&1 <<-'END'
		SELECT concat_ws(',', cell, rule, severity) || '|' || message
		FROM certdata.check_report(decode(:'content', 'base64'), NULL, nullif(:'received', '')::date);
	END
	sed 's/|.*//' "$scratch/said" | sort >"$scratch/found"
}

# tool OPTION...: certdata-check on $scratch/file; $rc and $said
tool()
{
	rc=0
	said=$(cd "$scratch" && "$repository/certdata-check" file --today $today "$@" 2>&1) || rc=$?
}

# found_by_tool FILE OPTION...: cell,severity in $scratch/found; its report names no rule
found_by_tool()
{
	cp "$1" "$scratch/file"
	shift
	rm -f "$scratch/file."*
	tool --lang en "$@"
	tr -d '\r' <"$scratch/file.faults.csv" | sed -n 's/^\([A-Z]*[0-9]*\),[^,]*,"\{0,1\}\[\([a-z]*\)\].*/\1,\2/p' | sort >"$scratch/found"
}

# expect FILE: what must be found, for the server and for the tool
expect()
{
	tail -n +2 "$1" | sort >"$scratch/expected"
	sed 's/,[^,]*,/,/' "$scratch/expected" | sort >"$scratch/cells"
}

# ---- the same facts in the tables

psql -Xq -v ON_ERROR_STOP=1 -d scope_test >"$scratch/log" 2>&1 <<-END || bail "$(cat "$scratch/log")"
	CREATE TEMP TABLE file (record text, key text, name text, detail text, a text, b text, "from" date, "to" date);
	\\copy file FROM '$data/scope.csv' WITH (FORMAT csv, HEADER)
	INSERT INTO certdata.organisation (id, name, kind, parent, successor, ceased_on, dissolved_on)
		SELECT key, name, detail, a, b, "from", "to" FROM file WHERE record = 'organisation';
	INSERT INTO certdata.organisation_name (organisation, name, valid)
		SELECT key, name, daterange("from", "to", '[]') FROM file WHERE record = 'organisation_name';
	INSERT INTO certdata.filing (code, organisation, grace_days, valid)
		SELECT key, a, b::integer, daterange("from", "to", '[]') FROM file WHERE record = 'filing';
	INSERT INTO certdata.scope (filing, occupation, work_type, level, valid)
		SELECT key, name, detail, a::certdata.skill_level, daterange("from", "to", '[]') FROM file WHERE record = 'scope';
END
psql -Xq -d scope_test -c "\\copy (TABLE certdata.scope_file) TO '$scratch/exported.csv' WITH (FORMAT csv, HEADER)" ||
	bail 'the export failed'
sort "$data/scope.csv" >"$scratch/expected"
sort "$scratch/exported.csv" >"$scratch/found"
same "$scratch/expected" "$scratch/found" 'the view scope_file gives the file back'

# ---- what both must find

expect "$data/report_scope_findings.csv"
found_by_server "$data/report_scope.csv"
same "$scratch/expected" "$scratch/found" 'check_report by the tables'
found_by_tool "$data/report_scope.csv" --scope "$data/scope.csv"
same "$scratch/cells" "$scratch/found" 'certdata-check by the file'
is $rc 1 'certdata-check: exit status'
cp "$scratch/file.faults.csv" "$scratch/faults.csv"
found_by_tool "$data/report_scope.csv" --scope="$scratch/exported.csv"
same "$scratch/faults.csv" "$scratch/file.faults.csv" 'certdata-check by what the server exported says the same'

# published names in the hints
is "$(grep -o '"Write .*' "$scratch/faults.csv" | grep -c '滹沱市燕赵职业技能评价中心（有限公司）')" 3 'hints give the published name'

for received in 2026-03-19 2023-03-01 2018-01-10; do
	expect "$data/report_scope_received_$received.csv"
	found_by_server "$data/report_scope_received.csv" $received
	same "$scratch/expected" "$scratch/found" "check_report, received on $received"
	found_by_tool "$data/report_scope_received.csv" --received=$received
	same "$scratch/cells" "$scratch/found" "certdata-check --received=$received"
	found_by_tool "$data/report_scope_received.csv" --received $received --scope "$data/scope.csv"
	same "$scratch/cells" "$scratch/found" "certdata-check --received $received --scope FILE"
done

# ---- the file as spreadsheets and systems save it

form() # NAME: $scratch/scope is such a file
{
	found_by_tool "$data/report_scope.csv" --scope scope
	same "$scratch/faults.csv" "$scratch/file.faults.csv" "a scope file $1"
}
{ printf '\xef\xbb\xbf'; sed 's/$/\r/' "$data/scope.csv"; } >"$scratch/scope"
form 'with BOM and CRLF'
iconv -f UTF-8 -t GB18030 "$data/scope.csv" >"$scratch/scope"
form 'in GB18030'
{ printf '\xff\xfe'; iconv -f UTF-8 -t UTF-16LE "$data/scope.csv"; } >"$scratch/scope"
form 'in UTF-16'
tr ',' '\t' <"$data/scope.csv" >"$scratch/scope"
form 'with TABs'
tr ',' ';' <"$data/scope.csv" >"$scratch/scope"
form 'with semicolons'
{ echo ',,,,,,,,,'; sed -e 's/$/,,/' -e '5a\\n,,,,,,,,,' "$data/scope.csv"; echo; } >"$scratch/scope"
form 'with empty columns and empty lines'
sed -e 's/-0\([0-9]\)/-\1/g' -e 's/\([0-9]\{4\}\)-\([0-9]*\)-\([0-9]*\)/\1\/\2\/\3/g' -e 's/[^,]*/"&"/g' "$data/scope.csv" >"$scratch/scope"
form 'with 2020/1/1 for dates, and quotes'
{ echo $header; tail -n +2 "$data/scope.csv" | sort -r; } >"$scratch/scope"
form 'in another order'
echo $header >"$scratch/scope"
found_by_tool "$data/report_scope.csv" --scope scope
is "$(grep -c 'filing\|scope\|registered\|brackets' "$scratch/file.faults.csv")" 0 'no filing in it: nothing is judged by filings'
is "$(echo "$said" | grep -c 'filings: 0, rows of scope: 0')" 1 'and the summary says so'

# ---- wrong files

# refused ENGLISH CHINESE LINE...: below the header, and nothing is written
refused()
{
	local english=$1 chinese=$2
	shift 2
	printf '%s\n' "$header" "$@" >"$scratch/scope"
	rm -f "$scratch/file."*
	tool --lang en --scope scope
	is "$rc $said" "2 certdata-check: scope: $english" "refused: $english"
	tool --lang zh --scope scope
	is "$said$(cd "$scratch" && ls file.* 2>/dev/null)" "certdata-check: scope: $chinese" "refused: $chinese"
}
org='organisation,E1,甲职业培训学校,evaluation,,,,'
code=S000013000101
refused 'line 2, column A (record): expected organisation, organisation_name, filing or scope, found "Filing"' \
	'第2行A列（record）：应为organisation、organisation_name、filing 或 scope，现为“Filing”' "Filing,$code,,,E1,0,,"
refused "line 4, column B (key): expected a filing's code (characters 1 to 13 of the certificate number, a capital letter and 12 digits), found \"S00001300010\"" \
	'第4行B列（key）：应为机构代码（证书编号第1-13位，一个大写字母和12位数字），现为“S00001300010”' \
	"$org" '' 'filing,S00001300010,,,E1,0,,'
refused 'line 3, column E (a): there is no organisation "E2" in the file' \
	'第3行E列（a）：没有代码为“E2”的organisation行' "$org" "filing,$code,,,E2,0,,"
refused 'line 2, column E (a): there is no organisation "C1" in the file' \
	'第2行E列（a）：没有代码为“C1”的organisation行' 'organisation,E1,甲校,evaluation,C1,,,'
refused 'line 2, column F (b): there is no organisation "C1" in the file' \
	'第2行F列（b）：没有代码为“C1”的organisation行' 'organisation,E1,甲校,evaluation,,C1,,'
refused 'line 2, column B (key): there is no organisation "E9" in the file' \
	'第2行B列（key）：没有代码为“E9”的organisation行' 'organisation_name,E9,乙校,,,,,'
refused "line 4: the organisation's id is used twice (see line 2)" '第4行：组织的代码重复（另见第2行）' \
	"$org" "filing,$code,,,E1,0,," 'organisation,E1,乙校,evaluation,,,,'
refused 'line 4: two filings of the same code on the same day (see line 3)' \
	'第4行：同一机构代码的备案有效期重叠（另见第3行）' \
	"$org" "filing,$code,,,E1,0,,2020-12-31" "filing,$code,,,E1,0,2020-12-31,"
refused 'line 3: two names of an organisation on the same day (see line 2)' \
	'第3行：同一组织在同一日有两个名称（另见第2行）' \
	'organisation_name,E1,乙校,,,,2020-01-01,' 'organisation_name,E1,丙校,,,,,2020-01-01' "$org"
refused 'line 4: the same scope twice on the same day (see line 2)' '第4行：同一评价范围的有效期重叠（另见第2行）' \
	"scope,$code,电工,,五级,,," "scope,$code,电工,,四级,,," "scope,$code,电工,,五级,,2021-01-01,"
refused 'line 2, column E (a): its parents lead in a circle' '第2行E列（a）：上级组织成环' \
	'organisation,A,甲校,evaluation,B,,,' 'organisation,B,乙校,evaluation,C,,,' 'organisation,C,丙校,evaluation,A,,,'
refused 'line 2, column F (b): its successors lead in a circle' '第2行F列（b）：继任组织成环' \
	'organisation,A,甲校,evaluation,,A,,'
refused 'line 2, column G (from): expected a date YYYY-MM-DD, or nothing, found "2021-02-29"' \
	'第2行G列（from）：应为YYYY-MM-DD形式的日期，没有则留空，现为“2021-02-29”' 'organisation,A,甲校,evaluation,,,2021-02-29,'
refused 'line 2, column H (to): expected a date YYYY-MM-DD, or nothing, found "21-02-28"' \
	'第2行H列（to）：应为YYYY-MM-DD形式的日期，没有则留空，现为“21-02-28”' 'organisation,A,甲校,evaluation,,,,21-02-28'
refused 'line 2, column H (to): expected a date not before the one in column G (from), found "2020-12-31"' \
	'第2行H列（to）：应为不早于from列的日期，现为“2020-12-31”' "scope,$code,电工,,五级,,2021-01-01,2020-12-31"
refused 'line 2, column E (a): expected a skill level, such as 三级, found "高级"' \
	'第2行E列（a）：应为职业技能等级，如“三级”，现为“高级”' "scope,$code,电工,,高级,,,"
refused 'line 2, column C (name): empty, expected an occupation' '第2行C列（name）：不能为空，应为职业名称' "scope,$code,,,五级,,,"
refused 'line 2, column F (b): expected a number of days from 0 to 36500, found "-1"' \
	'第2行F列（b）：应为天数，0至36500，现为“-1”' "filing,$code,,,E1,-1,,"
refused 'line 2, column D (detail): expected evaluation, city, province or ministry, found "school"' \
	'第2行D列（detail）：应为evaluation、city、province 或 ministry，现为“school”' 'organisation,A,甲校,school,,,,'
refused 'line 2, column D (detail): expected nothing, found "E1"' '第2行D列（detail）：应为空，现为“E1”' "filing,$code,,E1,0,,,"
refused 'line 2: more than 8 cells' '第2行：多于8个单元格' 'organisation,A,甲校,evaluation,,,,,x'
refused 'line 2, column C (name): an organisation'\''s name of more than 100 characters' '第2行C列（name）：组织名称超过100个字符' \
	"organisation,A,$(printf '校%.0s' {1..101}),evaluation,,,,"
refused 'line 2, column B (key): the cell holds a number in scientific notation (like 1.30102E+17): its digits are lost' \
	'第2行B列（key）：单元格内容是科学记数（如1.30102E+17），数字已丢失' 'organisation,1.21301E+17,甲校,evaluation,,,,'
refused 'line 3: a quote is not closed' '第3行：引号不成对' "$org" 'organisation,A,"甲校,evaluation,,,,'

# spoilt NAME MESSAGE: $scratch/scope is no such file at all
spoilt()
{
	tool --lang en --scope "$1"
	is "$rc $said" "2 certdata-check: $1: $2" "refused: $2"
}
printf 'organisation,A,甲校,evaluation,,,,\n' >"$scratch/scope"
spoilt scope 'line 1: the header must be record,key,name,detail,a,b,from,to'
: >"$scratch/scope"
spoilt scope 'line 1: the header must be record,key,name,detail,a,b,from,to'
printf 'PK\003\004xxxxxxxx' >"$scratch/scope"
spoilt scope 'this is a spreadsheet file, save it as "CSV UTF-8 (comma delimited)"'
spoilt none 'No such file or directory'
spoilt . 'Is a directory'
tool --lang en --received 2026-2-30
is "$rc $(echo "$said" | head -n 1)" '2 certdata-check: a date is YYYY-MM-DD: 2026-2-30' 'refused: a date of receipt that is none'
tool --lang zh --scope
is "$rc $(echo "$said" | head -n 1)" '2 certdata-check: 选项缺少值: --scope' 'refused: --scope without a file'
done_testing
