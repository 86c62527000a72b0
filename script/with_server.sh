#!/bin/bash
#
# script/with_server.sh [-o SETTING=VALUE]... [-k] COMMAND [ARGUMENT...]
# script/with_server.sh --stop DIRECTORY
#
# Runs COMMAND with PGHOST, PGPORT, PGUSER and PGDATABASE naming a PostgreSQL
# server of its own: a new cluster (UTF8, C.UTF-8) in a private directory,
# reached by a unix socket only, with certdata installed beside it and not in
# the system.  Root runs the server as user postgres.  The server is stopped
# and its directory removed when COMMAND ends or is interrupted; with -k it is
# left running, and --stop ends it later.
# -o sets a configuration parameter, e.g. -o shared_preload_libraries=certdata.
#
# In the environment of COMMAND: CERTDATA_LOG, the server's log;
# CERTDATA_DATA, its data directory; PATH begins with this server's programs.
# Taken from the environment: PG_CONFIG; CERTDATA_STAGE, a directory with
# certdata already installed into it (made when not given).

. "$(dirname "$0")/common.sh"

usage() { sed -n '/^# script/,/^$/s/^# \{0,1\}//p' "$0" | sed '/^$/q' >&2; exit 2; }

# PostgreSQL refuses to run as root.
if [ "$(id -u)" = 0 ]; then
	owner=postgres
	id "$owner" >/dev/null 2>&1 || owner=nobody
	as_owner()
	{
		(cd / && exec setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups \
			env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@")
	}
else
	owner=
	as_owner() { (cd / && exec env LC_ALL=C.UTF-8 "$@"); }
fi

stop() { as_owner "$bindir/pg_ctl" -D "$1/pg/data" -m fast -s -w -t 60 stop ||
	as_owner "$bindir/pg_ctl" -D "$1/pg/data" -m immediate -s -w -t 30 stop; }

bindir=$("$PG_CONFIG" --bindir)
if [ "${1:-}" = --stop ]; then
	[ -f "${2:-}/pg/data/PG_VERSION" ] || die "no server of ours in \"${2:-}\""
	if [ -f "$2/bindir" ]; then bindir=$(cat "$2/bindir"); fi
	if [ -f "$2/pg/data/postmaster.pid" ]; then stop "$2"; fi
	rm -rf "$2"
	exit 0
fi

settings=() keep=
while getopts o:k option; do
	case $option in
		o) settings+=("$OPTARG") ;;
		k) keep=1 ;;
		*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

have_server || die 'no PostgreSQL server on this machine; "make deps" installs one'
make_tmp
# The name of a unix socket has room for 107 bytes.
if [ ${#tmp} -gt 80 ]; then rm -rf "$tmp"; TMPDIR=/tmp; make_tmp; fi

stage=${CERTDATA_STAGE:-}
if [ -z "$stage" ]; then
	stage=$tmp/stage
	make -s -C "$root" install DESTDIR="$stage" >"$tmp/install.log" 2>&1 ||
		{ cat "$tmp/install.log" >&2; die 'make install failed'; }
fi

mkdir -m 700 "$tmp/pg" "$tmp/pg/sock"
if [ -n "$owner" ]; then chown -R "$owner:" "$tmp/pg"; fi
log=$tmp/pg/log
running=
child=
at_exit()
{
	if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null || true; fi
	if [ -n "$running" ]; then stop "$tmp" || cat "$log" >&2; fi
	if [ -n "$child" ]; then wait "$child" 2>/dev/null || true; fi
}

as_owner "$bindir/initdb" -D "$tmp/pg/data" -U postgres -A trust -E UTF8 \
	--locale=C.UTF-8 --no-sync >"$tmp/initdb.log" 2>&1 ||
	{ cat "$tmp/initdb.log" >&2; die 'initdb failed'; }

# Where the server finds certdata: Debian's patch up to 17, core's from 18 on.
share=$("$PG_CONFIG" --sharedir)
if grep -q extension_destdir "$share/postgresql.conf.sample"; then
	find_it="extension_destdir=$stage"
elif [ "$(pg_major)" -ge 18 ]; then
	find_it="extension_control_path=$stage$share:\$system"
elif [ -f "$share/extension/certdata.control" ]; then
	say 'this server takes extensions from its own directories only: using the installed certdata'
	find_it=
else
	die 'this server takes extensions from its own directories only: "make install" first'
fi
{
	for setting in "listen_addresses=" "unix_socket_directories=$tmp/pg/sock" port=5432 \
		fsync=off "dynamic_library_path=$stage$("$PG_CONFIG" --pkglibdir):\$libdir" \
		${find_it:+"$find_it"} ${settings[@]+"${settings[@]}"}; do
		printf "%s = '%s'\n" "${setting%%=*}" "$(printf %s "${setting#*=}" | sed "s/'/''/g")"
	done
} >"$tmp/settings"
as_owner sh -c 'cat >>"$1"' sh "$tmp/pg/data/postgresql.conf" <"$tmp/settings"

running=1
as_owner "$bindir/pg_ctl" -D "$tmp/pg/data" -l "$log" -s -w -t 60 start ||
	{ running=; cat "$log" >&2; die 'the server did not start'; }

export PGHOST="$tmp/pg/sock" PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
export CERTDATA_LOG="$log" CERTDATA_DATA="$tmp/pg/data" CERTDATA_STAGE="$stage"
export CERTDATA_DIR="$tmp" PATH="$bindir:$PATH"
unset PGHOSTADDR PGSERVICE PGPASSWORD PGOPTIONS PGSSLMODE PGCLIENTENCODING PGTZ PGDATESTYLE

# In the background, so that a signal ends the command and the server at once.
exec 3<&0
"$@" <&3 3<&- &
child=$!
rc=0
wait "$child" || rc=$?
child=
if [ -n "$keep" ] && [ $rc = 0 ]; then
	printf '%s\n' "$bindir" >"$tmp/bindir"
	trap - EXIT
fi
exit $rc
