#!/bin/bash
#
# test/bench/preload.sh
#
# What preloading the library costs those who have nothing to do with it:
# pgbench, select-only and TPC-B, against two servers with the same settings,
# one with the library preloaded and the extension made in the database, the
# other without either.  PAIRS pairs in alternating order, each of TURNS short
# runs on either server in turn, so that what else the machine does falls on
# both; the mean of the ratios of their transactions with its 95 % interval.
# Exit status 1 if an interval does not contain 1.00 or is wider than +-2 %.
#
# PAIRS=N     pairs of runs (20, which Student's t below is for)
# TURNS=N     runs of a second on each server within a pair (6)

. "$(dirname "$0")/../../script/common.sh"
cd "$root"
pairs=${PAIRS:-20} turns=${TURNS:-6}

if [ -z "${CERTDATA_BENCH_STEP:-}" ]; then
	script/deps.sh build server
	build
	export CERTDATA_BENCH_STEP=plain
	exec script/with_server.sh -o shared_buffers=256MB -o fsync=off -o autovacuum=off "$0"
elif [ "$CERTDATA_BENCH_STEP" = plain ]; then
	export CERTDATA_BENCH_STEP=both CERTDATA_PLAIN_HOST=$PGHOST
	exec script/with_server.sh -o shared_buffers=256MB -o fsync=off -o autovacuum=off \
		-o shared_preload_libraries=certdata "$0"
fi

for host in "$CERTDATA_PLAIN_HOST" "$PGHOST"; do
	createdb -h "$host" bench
	pgbench -h "$host" -q -i -s 10 bench 2>/dev/null
done
psql -XqAt bench -c 'CREATE EXTENSION certdata'
psql -XqAt bench -c 'SHOW shared_preload_libraries' | grep -qx certdata || die 'the library is not preloaded'

# Client and server on one processor: what it costs to wake another one varies
# by more than what is to be measured.
cpu=$(($(nproc) - 1))
for host in "$CERTDATA_PLAIN_HOST" "$PGHOST"; do
	pid=$(psql -h "$host" -XqAt -c "SELECT pg_read_file('postmaster.pid')" postgres | head -n 1)
	taskset -a -c -p "$cpu" "$pid" >/dev/null
done

# transactions of a second
run() # HOST OPTION...
{
	local host=$1
	shift
	taskset -c "$cpu" pgbench -h "$host" -n -c 1 -T 1 "$@" bench 2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}

rc=0
for kind in select-only tpcb-like; do
	options=(-b "$kind" -M prepared)
	run "$CERTDATA_PLAIN_HOST" "${options[@]}" >/dev/null
	run "$PGHOST" "${options[@]}" >/dev/null
	for i in $(seq "$pairs"); do
		ours=0 plain=0
		for turn in $(seq "$turns"); do
			if [ $(((i + turn) % 2)) = 0 ]; then
				plain=$((plain + $(run "$CERTDATA_PLAIN_HOST" "${options[@]}")))
				ours=$((ours + $(run "$PGHOST" "${options[@]}")))
			else
				ours=$((ours + $(run "$PGHOST" "${options[@]}")))
				plain=$((plain + $(run "$CERTDATA_PLAIN_HOST" "${options[@]}")))
			fi
		done
		echo "$ours $plain"
	done | awk -v kind="$kind" -v turns="$turns" -v t=2.093 '
		{ r = log($1 / $2); n++; sum += r; squares += r * r; ours += $1; plain += $2 }
		END {
			mean = sum / n; half = t * sqrt((squares - n * mean * mean) / (n - 1) / n)
			low = exp(mean - half); high = exp(mean + half)
			good = low <= 1 && high >= 1 && high - low < 0.04
			printf "%s: %d pairs, preloaded / plain %.4f, 95 %% interval %.4f to %.4f (%.0f and %.0f transactions/s): %s\n",
				kind, n, exp(mean), low, high, ours / n / turns, plain / n / turns, good ? "met" : "missed"
			exit !good
		}' || rc=1
done
exit $rc
