#!/bin/bash
#
# test/bench/run.sh
#
# The benchmark: builds, starts a throw-away server with the settings below,
# makes report rows (generate.c; the same on every machine) and measures each
# line against its baseline, alternating in one run (bench.pl).  Prints the
# machine, each line as it comes, and all of them as a Markdown table.
#
# QUICK=1           100,000 rows instead of 1,000,000, within a minute
# ROWS=N ROUNDS=N   other numbers of rows and of counted rounds
# PARTS="..."       only these parts: copy rules scope guard ledger clients usual report index rows types
# SETTINGS="..."    further server settings, e.g. "fsync=on shared_buffers=4GB"

. "$(dirname "$0")/../../script/common.sh"
cd "$root"
here=$root/test/bench

if [ -z "${CERTDATA_BENCH_INSIDE:-}" ]; then
	script/deps.sh build server
	command -v perl >/dev/null || die 'the benchmark needs perl'
	build
	options=()
	# No checkpoint, vacuum or compiler at work inside what is timed.
	for setting in shared_buffers=1GB work_mem=64MB maintenance_work_mem=256MB max_wal_size=16GB \
		checkpoint_timeout=1h autovacuum=off jit=off max_parallel_workers_per_gather=0 \
		wal_level=replica fsync=off ${SETTINGS:-}; do
		options+=(-o "$setting")
	done
	say 'starting a throw-away server (its own directory, no network)'
	exec env CERTDATA_BENCH_INSIDE=1 script/with_server.sh "${options[@]}" "$here/run.sh"
fi

if [ -n "${QUICK:-}" ]; then rows=${ROWS:-100000}; else rows=${ROWS:-1000000}; fi
work=$CERTDATA_DIR/bench
mkdir "$work"
say "making $rows report rows"
${CC:-gcc} -std=gnu99 -O2 -o "$work/generate" "$here/generate.c"
"$work/generate" "$rows" "$work/rows.copy" "$work/report.csv"
perl test/inject/inject.pl --rows "$rows" --faults 0.05 --seed 20221114 \
	--out "$work/faulty.csv" --findings "$work/faulty.findings" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
psql -X -q -v rows_file="$work/rows.copy" -f "$here/tables.sql"

export PGOPTIONS='-c search_path=bench,pg_catalog -c client_min_messages=warning'
perl "$here/bench.pl" "$work" "$rows"
