#!/bin/bash
#
# Report files with known faults (test/data): check_report in the server and
# certdata-check without one must both find exactly those, no more, no fewer.
# What is expected, NAME.findings.csv, was written from the guide and not by
# running a program.

. "$(dirname "$0")/tap.sh"
inside

createdb data_test || bail createdb
sql data_test 'CREATE EXTENSION certdata'
today=2026-11-23
if [[ $(date +%F) < $today ]]; then
	echo "1..0 # SKIP the files are dated up to $today, this machine's clock says $(date +%F)"
	exit 0
fi

for findings in "$repository"/test/data/*.findings.csv "$repository"/test/data/files/*.findings.csv; do
	file=
	for extension in csv xlsx; do
		if [ -f "${findings%.findings.csv}.$extension" ]; then file=${findings%.findings.csv}.$extension; fi
	done
	[ -n "$file" ] || bail "$findings has no file"
	label=${file#"$repository/test/data/"}
	tail -n +2 "$findings" | tr -d '\r' | sort >"$scratch/expected"

	CERTDATA_FILE=$file psql -XqAt -v ON_ERROR_STOP=1 -d data_test \
		-c '\set content `base64 -w0 "$CERTDATA_FILE"`' -f - >"$scratch/unsorted" 2>&1 <<-'END' ||
		SELECT concat_ws(',', cell, rule, severity) FROM certdata.check_report(decode(:'content', 'base64'));
	END
		verdict 1 "check_report $label" "$(cat "$scratch/unsorted")"
	sort "$scratch/unsorted" >"$scratch/found"
	same "$scratch/expected" "$scratch/found" "check_report $label"

	# The report of certdata-check names no rule: compare cells and severities.
	cp "$file" "$scratch/file"
	rc=0
	(cd "$scratch" && "$repository/certdata-check" file --today $today --lang en >out 2>&1) || rc=$?
	sed 's/,[^,]*,/,/' "$scratch/expected" | sort >"$scratch/cells"
	tr -d '\r' <"$scratch/file.faults.csv" | sed -n 's/^\([A-Z]*[0-9]*\),[^,]*,"\{0,1\}\[\([a-z]*\)\].*/\1,\2/p' | sort >"$scratch/cells.found"
	same "$scratch/cells" "$scratch/cells.found" "certdata-check $label"
	if grep -qE ',(error|principle)$' "$scratch/cells"; then expected=1; else expected=0; fi
	is $rc $expected "certdata-check $label: exit status"
	rm -f "$scratch"/file*
done
done_testing
