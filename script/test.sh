#!/bin/bash
#
# script/test.sh [PART...]
#
# All tests, from nothing: installs what is missing, builds, and runs the parts
# unit, fuzz, regress, isolation, tap and server, or those named.  One line for
# each program, its output only when it fails; at the end, alone on a line,
# "N passed, N failed", and exit status 1 if anything failed.

. "$(dirname "$0")/common.sh"
cd "$root"

[ $# -gt 0 ] || set -- unit fuzz regress isolation tap server
for part; do
	case $part in
		unit | fuzz | regress | isolation | tap | server) ;;
		*) die "no such part: $part" ;;
	esac
done
parts=" $* "
wanted() { case $parts in *" $1 "*) return 0 ;; esac; return 1; }

passed=0 failed=0 skipped=0 started=$SECONDS
exec </dev/null

# count LABEL PASSED FAILED SKIPPED SECONDS [LOG]
count()
{
	passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
	printf '%-8s %-32s %5d passed' "$([ "$3" = 0 ] && echo ok || echo 'NOT OK')" "$1" "$2"
	if [ "$3" != 0 ]; then printf ', %d failed' "$3"; fi
	if [ "$4" != 0 ]; then printf ', %d skipped' "$4"; fi
	printf '  %ds\n' "$5"
	if [ "$3" != 0 ] && [ -n "${6:-}" ]; then
		echo "--- $1: output"
		grep -v '^ok' "$6" | tail -n 200 || true
		echo "--- end of $1"
	fi
	if [ "$4" != 0 ] && [ -n "${6:-}" ]; then grep -i '# *skip' "$6" | sed 's/^/         /' || true; fi
}

# tap LABEL COMMAND...: run a program that prints TAP
tap()
{
	local label=$1 rc=0 since=$SECONDS
	shift
	"$@" >"$tmp/out" 2>&1 || rc=$?
	# shellcheck disable=SC2046 # three numbers
	count "$label" $(awk -v rc=$rc -f script/tap.awk "$tmp/out") $((SECONDS - since)) "$tmp/out"
}

# regress LABEL RUNNER OPTION... TEST...: run pg_regress or its isolation twin
# in the server at hand, from a directory of its own
regress()
{
	local label=$1 dir=$tmp/regress rc=0 since=$SECONDS ok bad
	shift
	rm -rf "$dir"
	mkdir "$dir"
	ln -s "$root/expected" "$dir/expected"
	(cd "$dir" && "$@") >"$tmp/out" 2>&1 || rc=$?
	# "test name ... ok 12 ms" up to 15, TAP from 16 on
	ok=$(grep -cE '^(test .*|  *[^ ]+ +)\.\.\. ok|^ok ' "$tmp/out" || true)
	bad=$(grep -cE '^(test .*|  *[^ ]+ +)\.\.\. FAILED|^not ok ' "$tmp/out" || true)
	if [ $rc != 0 ] && [ "$bad" = 0 ] || [ "$ok$bad" = 00 ]; then bad=1; fi
	if [ "$bad" != 0 ]; then cat "$dir"/*.diffs >>"$tmp/out" 2>/dev/null || true; fi
	count "$label" "$ok" "$bad" 0 $((SECONDS - since)) "$tmp/out"
}

# The parts that share one server; called again inside with_server.
in_server()
{
	local pgxs name file tests=()
	pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")/../..
	if wanted regress && ls test/sql/*.sql >/dev/null 2>&1; then
		for file in test/sql/*.sql; do name=${file##*/}; tests+=("${name%.sql}"); done
		regress regress "$pgxs/src/test/regress/pg_regress" --inputdir="$root/test" \
			--bindir="$("$PG_CONFIG" --bindir)" --dbname=contrib_regression "${tests[@]}"
	fi
	tests=()
	if wanted isolation && ls test/specs/*.spec >/dev/null 2>&1; then
		for file in test/specs/*.spec; do name=${file##*/}; tests+=("${name%.spec}"); done
		regress isolation "$pgxs/src/test/isolation/pg_isolation_regress" --inputdir="$root/test" \
			--outputdir=. --bindir="$("$PG_CONFIG" --bindir)" --dbname=isolation_regression "${tests[@]}"
	fi
	if wanted tap && ls test/tap/*.sql >/dev/null 2>&1; then
		for file in test/tap/*.sql; do
			psql -Xq -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS certdata_tap' -c 'CREATE DATABASE certdata_tap' &&
				psql -Xq -d certdata_tap -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION certdata'
			tap "tap/$(basename "$file" .sql)" psql -XqAt -d certdata_tap -v ON_ERROR_STOP=1 -f "$file"
		done
	fi
}

if [ "${CERTDATA_TEST_INSIDE:-}" ]; then
	tmp=$CERTDATA_TEST_INSIDE
	in_server
	echo "$passed $failed $skipped" >"$tmp/inside"
	exit 0
fi

script/deps.sh build server "$(wanted tap && ls test/tap/*.sql >/dev/null 2>&1 && echo pgtap)"
have_fuzz=1
if wanted fuzz; then script/deps.sh --optional fuzz || have_fuzz=; fi
if wanted server; then script/deps.sh --optional faketime || true; fi

make_tmp
(build) || { echo '0 passed, 1 failed'; exit 1; }
export CERTDATA_STAGE=$tmp/stage
make -s install DESTDIR="$CERTDATA_STAGE" >"$tmp/out" 2>&1 || { cat "$tmp/out"; die 'make install failed'; }

# Fuzzing takes longest and needs no server: it runs beside the rest.
fuzz_job=
at_exit() { if [ -n "$fuzz_job" ]; then kill "$fuzz_job" 2>/dev/null && wait "$fuzz_job" || true; fi; }
if wanted fuzz && [ -n "$have_fuzz" ] && ls test/fuzz/*.c >/dev/null 2>&1; then
	script/fuzz.sh -r "${FUZZ_RUNS:-1000000}" >"$tmp/fuzz" 2>&1 &
	fuzz_job=$!
fi

if wanted unit && ls test/unit/*.c >/dev/null 2>&1; then
	mkdir "$tmp/unit"
	if script/unit.sh "$tmp/unit" >"$tmp/out" 2>&1; then
		for program in "$tmp"/unit/bin/*; do tap "unit/${program##*/}" "$program"; done
	else
		count 'unit (compiling)' 0 1 0 0 "$tmp/out"
	fi
fi

if wanted regress || wanted isolation || wanted tap; then
	rc=0
	# shellcheck disable=SC2086 # a list of words
	CERTDATA_TEST_INSIDE=$tmp script/with_server.sh script/test.sh $parts || rc=$?
	if [ -s "$tmp/inside" ]; then
		read -r p f s <"$tmp/inside"
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	fi
	if [ $rc != 0 ]; then count 'server for the SQL tests' 0 1 0 0; fi
fi

if wanted server; then
	for file in test/t/[0-9]*.sh test/t/[0-9]*.pl; do
		[ -f "$file" ] || continue
		case $file in *.sh) run=bash ;; *) run=perl ;; esac
		tap "server/$(basename "${file%.*}")" $run "$file"
	done
fi

if [ -n "$fuzz_job" ]; then
	since=$SECONDS rc=0
	wait "$fuzz_job" || rc=$?
	fuzz_job=
	# shellcheck disable=SC2046 # three numbers
	count fuzz $(awk -v rc=$rc -f script/tap.awk "$tmp/fuzz") $((SECONDS - since)) "$tmp/fuzz"
elif wanted fuzz && [ -z "$have_fuzz" ]; then
	count 'fuzz (no libFuzzer here)' 0 0 1 0
fi

echo "took $((SECONDS - started)) s"
if [ $skipped = 0 ]; then
	echo "$passed passed, $failed failed"
else
	echo "$passed passed, $failed failed, $skipped skipped"
fi
[ $failed = 0 ] && [ $passed -gt 0 ]
