#!/bin/bash
#
# script/check_core.sh [again]
#
# PostgreSQL's own tests, src/test/regress and src/test/isolation, four times,
# each on a throw-away server of its own:
#
#   plain        without the library: what they print on this machine.  The tests
#                may be some minor releases older than the server (core_source.sh)
#   beside       the library preloaded, in databases without certdata, while another
#                one has an attached table with a ledger: must print the same
#   inside       in the very databases that have such a table.  What differs, and
#                in which lines, is written down in test/core/differences; all of
#                that must differ, and nothing else
#   maintained   the same while maintenance is open for the role that runs them:
#                what was refused inside must pass
#
# After the tests the protected rows are as before, verify_ledger() finds
# nothing, the guard still refuses, and no server process has crashed.
#
# Last line "N passed, N failed"; exit status 1 if anything failed.  What the
# tests printed is kept in .build/core/last; "again" judges that once more.

. "$(dirname "$0")/common.sh"
cd "$root"
exec </dev/null

# ---- in with_server: one of the four ----------------------------------------------

# psql from 15.19 on and older tests: see terminate_copy.awk.
mend()
{
	local dir=$source/src/test/regress file name
	[ -z "$(printf 'COPY no_such_table FROM STDIN;\nSELECT 1;\n\\.\n' | psql -XqAt 2>/dev/null)" ] || return 0
	grep -liE 'from[[:space:]]+stdin' "$dir"/sql/*.sql | while read -r file; do
		name=$(basename "$file" .sql)
		awk -f test/core/terminate_copy.awk "$dir/expected/$name.out" "$file" >"$file.part"
		mv "$file.part" "$file"
	done
}

# suite NAME RUNNER OPTION...: into $out/NAME.status a line "ok TEST" or
# "FAILED TEST" for each test, what it printed into $out/NAME/results
suite()
{
	local name=$1 dir=$out/$1 runner=$2 rc=0
	shift 2
	mkdir -p "$dir/results"
	chown "$(stat -c %u "$CERTDATA_DATA")" "$dir/results"	# COPY TO writes there
	"$runner" --inputdir="$source/src/test/$name" --outputdir="$dir" --bindir="$("$PG_CONFIG" --bindir)" \
		--max-concurrent-tests=20 "$@" >"$out/$name.log" 2>&1 || rc=$?
	# "test name ... ok 12 ms" up to 15, TAP from 16 on
	sed -nE -e 's/^(test | +)([^ ]+) +\.\.\. (ok|FAILED).*/\3 \2/p' -e 's/^(test | +)([^ ]+) +\.\.\. failed \(ignored\).*/ok \2/p' \
		-e 's/^ok [0-9]+ +[-+] ([^ ]+).*/ok \1/p' -e 's/^not ok [0-9]+ +[-+] ([^ ]+).*/FAILED \1/p' \
		"$out/$name.log" >"$out/$name.status"
	if [ $rc != 0 ] && ! grep -q '^FAILED' "$out/$name.status"; then
		cat "$out/$name.log" >&2
		die "pg_regress ended with $rc"
	fi
}

prepare() # DATABASE: as pg_regress would make it, and what is to be protected
{
	local setting
	psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE \"$1\" TEMPLATE template0"
	for setting in lc_messages=C lc_monetary=C lc_numeric=C lc_time=C bytea_output=hex timezone_abbreviations=Default; do
		psql -Xq -v ON_ERROR_STOP=1 -c "ALTER DATABASE \"$1\" SET ${setting%=*} TO '${setting#*=}'"
	done
	psql -Xq -v ON_ERROR_STOP=1 -d "$1" -f test/core/protected.sql >/dev/null
	rows "$1" >"$out/rows.$1"
}

rows() { psql -XqAt -d "$1" -v ON_ERROR_STOP=1 -c 'SELECT r FROM certificates.registry AS r ORDER BY cert_no'; }
problems() { psql -XqAt -d "$1" -v ON_ERROR_STOP=1 -c 'SELECT v FROM certdata.verify_ledger() AS v' 2>&1; }
refusal()
{
	psql -Xq -d "$1" -v VERBOSITY=sqlstate -c 'BEGIN; ALTER TABLE certificates.registry DISABLE TRIGGER USER; ROLLBACK' 2>&1
}

verdict() # STATUS NAME
{
	if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAILED $2"; fi >>"$out/state.status"
}

afterwards() # DATABASE KIND
{
	local rc=0 found
	rows "$1" | cmp - "$out/rows.$1" >&2 && [ "$(wc -l <"$out/rows.$1")" = 100 ] || rc=1
	verdict $rc "$1:rows"
	found=$(problems "$1") || true
	verdict "$([ -z "$found" ]; echo $?)" "$1:ledger"
	if [ "$2" = maintained ]; then psql -Xq -d "$1" -c 'SELECT certdata.close_maintenance()' >/dev/null; fi
	found=$(refusal "$1") || true
	verdict "$([[ $found = 'ERROR:  QC'* ]]; echo $?)" "$1:guard"
}

run() # KIND
{
	local databases=() existing=() database rc=0 pgxs
	pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")/../..
	case $1 in
		plain) mend ;;
		beside) databases=(certificates) ;;
		inside | maintained) databases=(regression isolation_regression) existing=(--use-existing) ;;
	esac
	for database in "${databases[@]}"; do
		prepare "$database"
		if [ "$1" = maintained ]; then
			psql -Xq -d "$database" -c "SELECT certdata.open_maintenance('PostgreSQL''s own tests', '1 hour')" >/dev/null
		fi
	done
	suite regress "$pgxs/src/test/regress/pg_regress" --dlpath="$modules" --dbname=regression \
		--schedule="$source/src/test/regress/parallel_schedule" "${existing[@]}"
	suite isolation "$pgxs/src/test/isolation/pg_isolation_regress" --dbname=isolation_regression \
		--schedule="$source/src/test/isolation/isolation_schedule" "${existing[@]}" prepared-transactions prepared-transactions-cic
	for database in "${databases[@]}"; do afterwards "$database" "$1"; done
	grep -aE 'was terminated by signal|PANIC: ' "$CERTDATA_LOG" >&2 || rc=1
	verdict $((1 - rc)) 'no crash'
}

if [ -n "${CERTDATA_CORE:-}" ]; then
	out=$CERTDATA_CORE/$1 source=$CERTDATA_CORE/source modules=$CERTDATA_CORE/modules
	run "$1"
	exit 0
fi

# ---- what they have printed ------------------------------------------------------

passed=0 failed=0 started=$SECONDS

# Of what differs only the rows: not their count, nor how wide a column is.
rows_only() { sed -E -e 's/[[:space:]]+/ /g' -e '/^[-+ ]*$/d' -e '/^\([0-9]+ rows?\)$/d' "$1"; }
difference() # SUITE TEST KIND: between what it printed there and in "plain"
{
	diff -U0 <(rows_only "$tmp/plain/$1/results/$2.out") <(rows_only "$tmp/$3/$1/results/$2.out") |
		sed -e '1,2d' -e '/^@@/d' -e '/^\\ No newline/d'
}

complain() # SUITE TEST KIND WHY
{
	failed=$((failed + 1))
	echo "NOT OK   $3: $1/$2: $4"
	if [ -s "$tmp/difference" ]; then head -n "${CORE_LINES:-40}" "$tmp/difference" | sed 's/^/         /'; fi
}

# The lines in which a test must differ, a regular expression, or nothing.
allowed() # SUITE TEST KIND
{
	awk -F '\t+' -v test="$1/$2" -v kind="$3" '
		$1 == test && index("," $2 ",", "," kind ",") { print $3 }' test/core/differences
}

judge() # SUITE KIND
{
	local status test pattern as_plain=() differ=() before=$failed
	if [ "$(cut -d' ' -f2 "$tmp/$2/$1.status" | sort)" != "$(cut -d' ' -f2 "$tmp/plain/$1.status" | sort)" ]; then
		: >"$tmp/difference"
		complain "$1" '*' "$2" 'not the same tests as without the library'
	fi
	while read -r status test; do
		: >"$tmp/difference"
		if [ "$status" = FAILED ]; then difference "$1" "$test" "$2" >"$tmp/difference"; fi
		pattern=$(allowed "$1" "$test" "$2")
		if [ ! -s "$tmp/difference" ]; then
			if [ -n "$pattern" ]; then complain "$1" "$test" "$2" 'does not differ, although test/core/differences says so'; continue; fi
			if [ "$status" = FAILED ]; then as_plain+=("$test"); fi
		elif [ -z "$pattern" ]; then
			complain "$1" "$test" "$2" 'differs'
			continue
		elif grep -vE -- "$pattern" "$tmp/difference" >"$tmp/more"; then
			mv "$tmp/more" "$tmp/difference"
			complain "$1" "$test" "$2" 'differs in more lines than test/core/differences says'
			continue
		else
			differ+=("$test")
		fi
		passed=$((passed + 1))
	done <"$tmp/$2/$1.status"
	printf '%-8s %s: %s: %d tests, %d wrong' "$([ $before = $failed ] && echo ok || echo 'NOT OK')" "$2" "$1" "$(wc -l <"$tmp/$2/$1.status")" $((failed - before))
	if [ ${#as_plain[@]} != 0 ]; then printf '\n         not as expected, but as without the library: %s' "${as_plain[*]}"; fi
	if [ ${#differ[@]} != 0 ]; then printf '\n         differ as test/core/differences says: %s' "${differ[*]}"; fi
	echo
}

judge_state() # KIND
{
	local status what
	while read -r status what; do
		if [ "$status" = ok ]; then
			passed=$((passed + 1))
			echo "ok       $1: $what"
		else
			failed=$((failed + 1))
			echo "NOT OK   $1: $what"
		fi
	done <"$tmp/$1/state.status"
}

last_word()
{
	echo "took $((SECONDS - started)) s"
	echo "$passed passed, $failed failed"
	[ $failed = 0 ] && [ $passed -gt 0 ]
}

# ---- all of it -------------------------------------------------------------------

if [ "${1:-}" = again ]; then
	make_tmp
	cp -r .build/core/last/* "$tmp"
	for kind in beside inside maintained; do judge regress $kind; judge isolation $kind; judge_state $kind; done
	last_word
	exit
fi

script/deps.sh build server
make_tmp
(build) || { echo '0 passed, 1 failed'; exit 1; }
export CERTDATA_STAGE=$tmp/stage CERTDATA_CORE=$tmp
make -s install DESTDIR="$CERTDATA_STAGE" >"$tmp/out" 2>&1 || { cat "$tmp/out"; die 'make install failed'; }
from=$(script/core_source.sh)
mkdir "$tmp/source" "$tmp/modules"
(cd "$from" && tar -cf - src/test/regress src/test/isolation contrib/spi) | tar -xf - --no-same-owner -C "$tmp/source"
for file in src/test/regress/regress.c contrib/spi/autoinc.c contrib/spi/refint.c; do
	# shellcheck disable=SC2046 # a list of words
	"${CC:-gcc}" $("$PG_CONFIG" --cflags) -w -fPIC -shared -I"$("$PG_CONFIG" --includedir-server)" \
		-o "$tmp/modules/$(basename "$file" .c).so" "$tmp/source/$file"
done

keep_last()
{
	local last=$root/.build/core/last
	rm -rf "$last"
	mkdir -p "$last"
	cp -r "$tmp/plain" "$tmp/beside" "$tmp/inside" "$tmp/maintained" "$last"
}

for kind in plain beside inside maintained; do
	mkdir "$tmp/$kind"
	options=(-o max_prepared_transactions=10)
	if [ $kind != plain ]; then options+=(-o shared_preload_libraries=certdata); fi
	script/with_server.sh "${options[@]}" script/check_core.sh $kind || { echo "NOT OK   $kind"; failed=$((failed + 1)); continue; }
	if [ $kind != plain ]; then judge regress $kind; judge isolation $kind; fi
	judge_state $kind
done
keep_last
last_word
