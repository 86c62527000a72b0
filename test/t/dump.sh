# shellcheck shell=bash
# Sourced after tap.sh by tests that dump in one cluster and restore in another.
# Such a test runs itself in both, CERTDATA_DUMP_SIDE being source and then
# target; what is to get from one to the other is in $scratch:
#
#	two_clusters
#	case "$CERTDATA_DUMP_SIDE" in
#		source) ... check 'it is dumped' pg_dump -f "$scratch/dump" original ;;
#		target) ... check 'it is restored' psql -f "$scratch/dump" ;;
#	esac

# what a dump says, without what differs from one to the next
plain_dump() { pg_dump --no-sync "$1" | sed '/^\\restrict/d; /^\\unrestrict/d; /^-- Dumped/d'; }

# two_clusters [COMMAND...]: go on in a cluster of our own; the command comes before the first
two_clusters()
{
	local status label
	if [ -n "${CERTDATA_DUMP_SIDE:-}" ]; then
		trap - EXIT
		return
	fi
	scratch=$(mktemp -d)
	export scratch
	if [ $# -gt 0 ]; then "$@"; fi
	CERTDATA_DUMP_SIDE=source "$with_server" bash "$0" || bail 'the first cluster'
	CERTDATA_DUMP_SIDE=target "$with_server" bash "$0" || bail 'the second cluster'
	while read -r status label; do verdict "$status" "$label" "$(cat "$scratch/why.$label" 2>/dev/null)"; done <"$scratch/verdicts"
	done_testing
}

# note STATUS NAME: a verdict of one side; why, if it is not 0, is in $scratch/why.NAME
note() { echo "$1 $2" >>"$scratch/verdicts"; }
# check NAME COMMAND...: does it succeed?
check() { local label=$1; shift; if "$@" >"$scratch/why.$label" 2>&1; then note 0 "$label"; else note 1 "$label"; fi; }
# equal GOT EXPECTED NAME
equal() { check "$3" test "$1" = "$2"; printf 'got: %s\nexpected: %s\n' "$1" "$2" >>"$scratch/why.$3"; }
