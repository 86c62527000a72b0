# shellcheck shell=bash
# Sourced by the tests beside it, each of which is a program that prints TAP
# and starts its own servers: bash test/t/010_log.sh.  A test runs itself again
# inside a server:
#
#	. "$(dirname "$0")/tap.sh"
#	inside -o log_error_verbosity=verbose
#	... (here PGHOST and the like name the server)
#	done_testing

set -u
here=$(cd "$(dirname "$0")" && pwd -P)
repository=$(cd "$here/../.." && pwd -P)
with_server=$repository/script/with_server.sh
tests=0
failures=0
trap 'rm -rf "${scratch:-}"' EXIT

# inside OPTION...: go on in a server of our own
inside()
{
	if [ -z "${CERTDATA_INSIDE:-}" ]; then
		CERTDATA_INSIDE=1 exec "$with_server" "$@" bash "$0"
	fi
	scratch=$(mktemp -d)
	unset CERTDATA_INSIDE
}

# verdict STATUS NAME [WHY...]
verdict()
{
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
		return 0
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $2"
	shift 2
	if [ $# -gt 0 ]; then printf '%s\n' "$@" | sed 's/^/# /' | head -n 40; fi
	return 0
}

# is GOT EXPECTED NAME
is()
{
	if [ "$1" = "$2" ]; then verdict 0 "$3"; else verdict 1 "$3" "     got: $1" "expected: $2"; fi
}

# same FILE FILE NAME
same()
{
	local difference
	if difference=$(diff -a "$1" "$2" 2>&1); then verdict 0 "$3"; else verdict 1 "$3" "$difference"; fi
}

# sql DATABASE STATEMENT...: must succeed; unaligned tuples on stdout
sql()
{
	local database=$1 statement args=()
	shift
	for statement; do args+=(-c "$statement"); done
	psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "${args[@]}" || bail "psql: $*"
}

# until_true DATABASE STATEMENT: until it gives t; at most 30 s
until_true()
{
	local i
	for ((i = 0; i < 300; i++)); do
		[ "$(psql -XqAt -d "$1" -c "$2" 2>/dev/null)" = t ] && return
		sleep 0.1
	done
	return 1
}

# owner COMMAND...: as the user whose the server is, who may not be root
owner()
{
	local user
	user=$(stat -c %U "$CERTDATA_DATA")
	if [ "$user" = "$(id -un)" ]; then (cd / && exec env LC_ALL=C.UTF-8 "$@"); return; fi
	(cd / && exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@")
}

# start_server, stop_server MODE: the server that with_server.sh has made
start_server()
{
	owner pg_ctl -D "$CERTDATA_DATA" -l "$CERTDATA_LOG" -s -w -t 60 start >/dev/null 2>&1 ||
		{ tail -n 30 "$CERTDATA_LOG"; bail 'the server does not start'; }
}
stop_server() { owner pg_ctl -D "$CERTDATA_DATA" -m "$1" -s -w -t 60 stop; }

# problems DATABASE: what the ledger is not, as certdata.verify_ledger() has it,
# and a model that shares no code with the library (test/ledger)
problems()
{
	local dump=$scratch/dump table columns='*'
	sql "$1" 'SELECT p FROM certdata.verify_ledger() AS p'
	rm -rf "$dump" && mkdir "$dump"
	for table in ledger ledger_act ledger_entry ledger_order ledger_tile ledger_head; do
		case $table in
			ledger_act) columns='*, detail::text AS detail, extract(epoch FROM recorded_at) * 1000000 AS recorded_at' ;;
			ledger_entry) columns='act, n, shape, cert_no, life_seq, state, changed, previous, salts, commitments' ;;
			*) columns='*' ;;
		esac
		# of two keys of one name the last counts
		sql "$1" "SELECT row_to_json(t) FROM (SELECT $columns FROM certdata.$table) AS t" >"$dump/$table"
	done
	sed -i 's/\("recorded_at":[0-9]*\)\.0*/\1/' "$dump/ledger_act"
	sql "$1" 'COPY (SELECT certdata.export_ledger()) TO STDOUT' | sed 's/\\t/\t/' >"$dump/export"
	perl "$repository/test/ledger/ledger_model.pl" check "$dump" | grep -v '^# [0-9]* leaves, 0 problems$'
}

# A statement that counts the errors of a subscriber: [sync|apply].  Their
# columns have other names from 19 on.
count_errors()
{
	echo "SELECT sum(value::bigint) FROM pg_stat_subscription_stats AS s, jsonb_each_text(to_jsonb(s)) WHERE key LIKE '${1:-}%error_count'"
}

bail() { echo "Bail out! $1"; exit 1; }

done_testing()
{
	echo "1..$tests"
	[ $failures = 0 ]
	exit
}
