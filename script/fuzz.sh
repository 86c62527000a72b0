#!/bin/bash
#
# script/fuzz.sh [-r RUNS | -s SECONDS] [-j JOBS] [TARGET...]
#
# Fuzzes src/rule and certdata-verify with libFuzzer, address and undefined-behaviour checkers on:
# each test/fuzz/TARGET.c, beginning from test/fuzz/corpus/TARGET, either RUNS
# executions or SECONDS seconds, JOBS (2) side by side.  Prints TAP, one test
# for a target; an input that crashes one is printed in base64.
# A target's file may say "max_len: N" in a comment (4096 when it does not), and
# "runs: N" if its executions are slow: RUNS is no more than that for it.

. "$(dirname "$0")/common.sh"
cd "$root"

runs=1000000 seconds= jobs=2
while getopts r:s:j: option; do
	case $option in
		r) runs=$OPTARG ;;
		s) seconds=$OPTARG runs= ;;
		j) jobs=$OPTARG ;;
		*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
script/deps.sh build fuzz
clang=$(find_clang)

# Freed memory is watched for long enough with less of it kept.
export ASAN_OPTIONS="quarantine_size_mb=8:${ASAN_OPTIONS:-}"

make_tmp
export clang runs seconds root tmp
flags="-std=gnu99 -D_GNU_SOURCE -g -O1 -Isrc -Isrc/rule -Itest/fuzz -fno-sanitize-recover=all"
mkdir "$tmp/obj"
printf '%s\0' src/rule/*.c src/tool/verify_*.c src/ledger/digest.c >"$tmp/sources"
# shellcheck disable=SC2016,SC2086
xargs -0 -P "$jobs" -I{} sh -c '
	file=$1; shift
	exec "$clang" "$@" -c -o "$tmp/obj/$(basename "$file" .c).o" "$file"' sh {} \
	$flags -fsanitize=fuzzer-no-link,address,undefined <"$tmp/sources"
export flags

one() # TARGET: build and run it; its verdict into $tmp/TARGET.tap
{
	local target=$1 source=test/fuzz/$1.c log=$tmp/$1.log max most done_runs
	local limit=() left=$((deadline - $(date +%s)))
	max=$(sed -n 's/.*max_len: *\([0-9]*\).*/\1/p' "$source" | sed -n 1p)
	most=$(sed -n 's/.*runs: *\([0-9]*\).*/\1/p' "$source" | sed -n 1p)
	if [ -n "$runs" ] && [ "${most:-$runs}" -lt "$runs" ]; then runs=$most; fi
	mkdir "$tmp/$target.corpus" "$tmp/$target.found"
	for seeds in "test/fuzz/corpus/$target" "test/fuzz/corpus/${target#fuzz_}"; do
		[ -d "$seeds" ] || continue
		find "$seeds" -type f -exec cp {} "$tmp/$target.corpus/" \;
		break
	done
	if [ -n "$runs" ]; then limit=(-runs="$runs" -max_total_time=$((left > 20 ? left : 20))); else limit=(-max_total_time="$seconds"); fi
	# shellcheck disable=SC2086
	if ! "$clang" $flags -fsanitize=fuzzer,address,undefined -o "$tmp/$target" "$source" "$tmp"/obj/*.o -lcrypto >"$log" 2>&1; then
		{ echo "not ok - $target compiles"; sed 's/^/# /' "$log"; } >"$tmp/$target.tap"
		return 0
	fi
	if "$tmp/$target" "${limit[@]}" -max_len="${max:-4096}" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -verbosity=1 -artifact_prefix="$tmp/$target.found/" \
		"$tmp/$target.corpus" >"$log" 2>&1; then
		done_runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		if [ -n "$runs" ] && [ "${done_runs:-0}" -lt "$runs" ]; then
			echo "not ok - $target: only ${done_runs:-0} of $runs executions in the time allowed"
		else
			echo "ok - $target: $done_runs executions"
		fi >"$tmp/$target.tap"
	else
		{
			echo "not ok - $target"
			tail -n 60 "$log" | sed 's/^/# /'
			for found in "$tmp/$target.found"/*; do
				if [ -f "$found" ]; then echo "# ${found##*/}: $(base64 -w0 "$found")"; fi
			done
		} >"$tmp/$target.tap"
	fi
}
export -f one

if [ $# -eq 0 ]; then
	for file in test/fuzz/*.c; do
		if grep -q LLVMFuzzerTestOneInput "$file"; then set -- "$@" "$(basename "$file" .c)"; fi
	done
fi
[ $# -gt 0 ] || die 'no fuzz targets'
# However slow the machine, the RUNS executions of all targets end in ten minutes.
deadline=$(($(date +%s) + 600))
export deadline

# In a process group of its own, so that an interrupt ends them all.
group=
at_exit() { if [ -n "$group" ]; then kill -TERM -- "-$group" 2>/dev/null; fi; }
printf '%s\0' "$@" >"$tmp/targets"
set -m
xargs -0 -P "$jobs" -I{} bash -c 'one {}' <"$tmp/targets" &
group=$!
set +m
wait "$group"
group=

n=0 rc=0
for target; do
	n=$((n + 1))
	sed "s/ok - /ok $n - /" "$tmp/$target.tap"
	if grep -q '^not ok' "$tmp/$target.tap"; then rc=1; fi
done
echo "1..$n"
exit $rc
