#!/bin/bash
#
# script/demo.sh
#
# The main job from nothing: installs what is missing, builds, starts a
# throw-away server, checks a report file with known faults and loads its good
# rows, registers the scope of its evaluating body, corrects and deletes in a
# guarded registry (script/demo.sql), and checks the same file by the same scope
# without a server (certdata-check).  Leaves nothing behind.
#
# KEEP=1       leave the server up, say how to connect and how to stop it
# REPORT=FILE  another report file than test/data/report.csv

. "$(dirname "$0")/common.sh"
report=${REPORT:-$root/test/data/report.csv}
[ -r "$report" ] || die "cannot read $report"
report=$(cd "$(dirname "$report")" && pwd -P)/$(basename "$report")
cd "$root"

if [ -z "${CERTDATA_DEMO_INSIDE:-}" ]; then
	script/deps.sh build server
	build
	say 'starting a throw-away server (its own directory under /tmp, no network)'
	exec env CERTDATA_DEMO_INSIDE=1 REPORT="$report" script/with_server.sh ${KEEP:+-k} "$root/script/demo.sh"
fi

# The file goes to the server through the client: as base64 in a psql variable.
export CERTDATA_REPORT=$report PSQL_PAGER='' PAGER=''
export PGCLIENTENCODING=UTF8
# shellcheck disable=SC2016 # psql runs the backquotes
psql -X -q -v ON_ERROR_STOP=1 -v report_name="$(basename "$report")" \
	-c '\set report_b64 `base64 -w0 "$CERTDATA_REPORT"`' -f script/demo.sql

if [ -x certdata-check ]; then
	echo
	echo "== The same file without a server: certdata-check --scope scope.csv $(basename "$report")"
	echo '   (scope.csv: COPY (TABLE certdata.scope_file) TO ... (FORMAT csv, HEADER))'
	cp "$report" "$CERTDATA_DIR/report.csv"
	psql -X -q -v ON_ERROR_STOP=1 -c 'COPY (TABLE certdata.scope_file) TO STDOUT (FORMAT csv, HEADER)' >"$CERTDATA_DIR/scope.csv"
	rc=0
	(cd "$CERTDATA_DIR" && "$root/certdata-check" --scope scope.csv report.csv) || rc=$?
	echo "(exit status $rc: 0 nothing refused, 1 rows refused, 2 no report)"
	for made in "$CERTDATA_DIR"/report.csv.*; do
		if [ -f "$made" ]; then echo; echo "-- ${made##*/}"; head -n 6 "$made"; fi
	done
	[ $rc -le 1 ] || exit 1
fi

if [ -n "${KEEP:-}" ]; then
	cat <<-END

	== The server is still running.
	   connect:  psql "host=$PGHOST user=$PGUSER dbname=$PGDATABASE"
	   stop it:  $root/script/with_server.sh --stop $CERTDATA_DIR
	END
fi
