#!/bin/bash
#
# test/bench/run.sh [bench | growth | large]
#
# The benchmark: builds, starts a throw-away server with the settings below,
# makes report rows (generate.c; the same on every machine) and measures.
#
# bench     each line against its baseline, alternating in one run (bench.pl);
#           prints the machine, each line as it comes, and all as a Markdown table
#   QUICK=1           100,000 rows instead of 1,000,000, in about a minute: says what it leaves out
#   ROWS=N ROUNDS=N   other numbers of rows and of counted rounds
#   PARTS="..."       only these parts: copy rules scope guard ledger clients usual audit report index
#                     prefix rows memory types
# growth    what a row costs when there are more and more, and clients (growth.pl)
#   ROWS_MAX=N        the most rows: 10,000, 100,000, ... up to that (1,000,000); ROUNDS=N
# large     what is claimed of 10,000,000 rows (large.pl): prefix search, seal, proof, verification
#   ROWS=N ROUNDS=N   other numbers
#
# SETTINGS="..."    further server settings, e.g. "fsync=on shared_buffers=4GB"
# TMPDIR=DIRECTORY  where the server and the rows are, and are removed from at the end

. "$(dirname "$0")/../../script/common.sh"
cd "$root"
here=$root/test/bench
kind=${1:-bench}
case $kind in
	bench) if [ -n "${QUICK:-}" ]; then rows=${ROWS:-100000}; else rows=${ROWS:-1000000}; fi ;;
	growth) rows=${ROWS_MAX:-1000000} ;;
	large) rows=${ROWS:-10000000} ;;
	*) die "no such benchmark: $kind (there are: bench growth large)" ;;
esac
# GB that the server may keep of its log.
if [ "$kind" = bench ]; then wal=16; else wal=4; fi

# Bytes free where the server will be.
free_bytes() { df --output=avail -B1 "${TMPDIR:-/tmp}" | tail -n 1; }

if [ -z "${CERTDATA_BENCH_INSIDE:-}" ]; then
	# bytes a row at the worst moment, and what there is besides
	case $kind in
		bench) need=$((rows * 4500 + 700000000)) ;;
		growth) need=$((rows * 3000 + 300000000)) ;;
		large) need=$((rows * 1200 + 100000000)) ;;
	esac
	# the log: some times what lies there, if there is no limit
	log=$((need < wal << 30 ? need : wal << 30))
	need=$(((need + log) / 1000000)) free=$(($(free_bytes) / 1000000))
	say "$kind, $rows rows: needs up to $need MB in ${TMPDIR:-/tmp}, $free MB are free"
	[ "$free" -ge "$need" ] || die 'not enough: name another place with TMPDIR, or fewer rows with ROWS (growth: ROWS_MAX)'
	script/deps.sh build server
	command -v perl >/dev/null || die 'the benchmark needs perl'
	build
	options=()
	# No checkpoint, vacuum or compiler at work inside what is timed.
	for setting in shared_buffers=1GB work_mem=64MB maintenance_work_mem=256MB max_wal_size=${wal}GB \
		checkpoint_timeout=1h autovacuum=off jit=off max_parallel_workers_per_gather=0 \
		wal_level=replica fsync=off ${SETTINGS:-}; do
		options+=(-o "$setting")
	done
	say 'starting a throw-away server (its own directory, no network)'
	rc=0
	CERTDATA_BENCH_INSIDE=1 script/with_server.sh "${options[@]}" "$here/run.sh" "$kind" || rc=$?
	say "the server and the rows are gone; $(($(free_bytes) / 1000000)) MB are free"
	exit $rc
fi

work=$CERTDATA_DIR/bench
mkdir "$work"
say "making $rows report rows"
${CC:-gcc} -std=gnu99 -O2 -o "$work/generate" "$here/generate.c"
if [ "$kind" = large ]; then
	mkfifo "$work/all"
	"$work/generate" "$rows" "$work/all" /dev/null &
	split -l "$((rows < 10000000 ? (rows + 9) / 10 : 1000000))" -a 3 -d "$work/all" "$work/rows.copy."
	wait $!
else
	"$work/generate" "$rows" "$work/rows.copy" "$work/report.csv"
fi
if [ "$kind" = bench ] && [ -z "${QUICK:-}" ]; then
	perl test/inject/inject.pl --rows "$rows" --faults 0.05 --seed 20221114 \
		--out "$work/faulty.csv" --findings "$work/faulty.findings" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
fi
export PGOPTIONS='-c search_path=bench,pg_catalog -c client_min_messages=warning'
perl "$here/$kind.pl" "$work" "$rows"
