# shellcheck shell=bash
# Sourced after tap.sh by tests of logical replication.  Such a test runs itself
# in two servers, publisher and subscriber, each with a database registry; PGHOST
# and the like name the subscriber:
#
#	two_servers -o max_prepared_transactions=4
#	at publisher 'CREATE PUBLICATION pub FOR TABLE zs'
#	at subscriber "CREATE SUBSCRIPTION sub CONNECTION '$connection' PUBLICATION pub"

# two_servers OPTION...: go on in two servers of our own
two_servers()
{
	set -- -o wal_level=logical -o wal_retrieve_retry_interval=100ms "$@"
	case "${CERTDATA_SIDE:-}" in
		'') CERTDATA_SIDE=publisher exec "$with_server" "$@" bash "$0" ;;
		publisher) publisher=$PGHOST CERTDATA_SIDE=subscriber exec "$with_server" "$@" bash "$0" ;;
	esac
	scratch=$(mktemp -d)
	# shellcheck disable=SC2034 # the test has it
	connection="host=$publisher port=$PGPORT user=$PGUSER dbname=registry"
	{ PGHOST=$publisher createdb registry && createdb registry; } || bail createdb
}

# at SERVER STATEMENT...
at()
{
	local server=$1
	shift
	(if [ "$server" = publisher ]; then PGHOST=$publisher; fi; sql registry "$@") 2>"$scratch/errors" || { cat "$scratch/errors" >&2; exit 1; }
}

# until_is STATEMENT ANSWER: of the subscriber, or a minute has passed
until_is()
{
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(at subscriber "$1")" = "$2" ] && return
		sleep 0.1
	done
	tail -n 20 "$CERTDATA_LOG"
	return 1
}

# applied SUBSCRIPTION LSN: has it applied what the publisher had written by then?
applied() { [ "$(at publisher "SELECT count(*) FROM pg_stat_replication WHERE application_name = '$1' AND replay_lsn >= '$2'")" = 1 ]; }
# wait_for_apply [SUBSCRIPTION]: until it, or sub, has applied what the publisher has written
# shellcheck disable=SC2120 # a test names another
wait_for_apply()
{
	local i lsn
	lsn=$(at publisher 'SELECT pg_current_wal_lsn()')
	for ((i = 0; i < 600; i++)); do
		applied "${1:-sub}" "$lsn" && return
		sleep 0.1
	done
	tail -n 20 "$CERTDATA_LOG"
	bail "the subscription ${1:-sub} does not follow"
}
# change STATEMENT...: on the publisher, with everything said, and applied
change() { at publisher BEGIN "SET LOCAL certdata.reason = 'r'" "SET LOCAL certdata.approval = 'a'" "$@" COMMIT >/dev/null; wait_for_apply; }

disable()
{
	at subscriber 'ALTER SUBSCRIPTION sub DISABLE'
	until_is 'SELECT count(*) FROM pg_stat_subscription WHERE pid IS NOT NULL' 0 || bail 'the worker does not stop'
}
# disable_and_skip: what the publisher has written so far never comes
disable_and_skip()
{
	local lsn
	disable
	lsn=$(at publisher 'SELECT pg_current_wal_lsn()')
	at subscriber "SELECT pg_replication_origin_advance('pg_' || oid, '$lsn') FROM pg_subscription" >/dev/null
}
# skip_all: go on after it
skip_all()
{
	disable_and_skip
	at subscriber 'ALTER SUBSCRIPTION sub ENABLE'
	wait_for_apply
}

# ---- certificates: INSERT INTO table $list VALUES $(values NUMBER NAME)
no() { printf 'S000013000001223%06d' "$1"; }
# shellcheck disable=SC2034 # the test has it
list='(name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer)'
values() { printf "('%s', '居民身份证', '130102199003071233', NULL, '电工', NULL, '三级', '%s', '2022-02-09', '甲校', '甲中心')" "$2" "$(no "$1")"; }
