#!/bin/bash
#
# script/deps.sh [--optional] GROUP...
#
# Installs what a group needs and this machine lacks, with apt, through sudo
# when not root: build (compiler, headers of the server and of OpenSSL), server
# (PostgreSQL itself), pgtap, fuzz (libFuzzer), lint (pg_bsd_indent), faketime
# (libfaketime, for tests in which years pass).  What is there already, in
# whatever way it came, is left alone; then nothing is run at all.
# --optional: what cannot be installed is said and passed over (exit 3).

. "$(dirname "$0")/common.sh"

optional=
if [ "${1:-}" = --optional ]; then optional=1; shift; fi

has()
{
	case $1 in
		build) command -v "${CC:-gcc}" >/dev/null && have_headers && can_link "${CC:-gcc}" -lcrypto ;;
		server) have_server ;;
		pgtap) have_headers && [ -f "$("$PG_CONFIG" --sharedir)/extension/pgtap.control" ] ;;
		fuzz) local c; c=$(find_clang) && can_link "$c" -fsanitize=fuzzer,address ;;
		lint) find_indent >/dev/null ;;
		faketime) find_faketime >/dev/null ;;
		'') ;;
		*) die "no such group: $1" ;;
	esac
}

missing=
for group; do
	has "$group" || missing="$missing $group"
done
[ -n "$missing" ] || exit 0

give_up() { if [ -n "$optional" ]; then say "$*"; exit 3; fi; die "$*"; }

case "${PG_CONFIG##*/}" in
	"$PG_CONFIG") ;;
	*) case $missing in *build*) give_up "there is no usable $PG_CONFIG here" ;; esac ;;
esac
command -v apt-get >/dev/null ||
	give_up "missing:$missing; on this system install by hand what script/deps.sh names"

if [ "$(id -u)" = 0 ]; then
	as_root() { "$@"; }
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
	as_root() { sudo "$@"; }
else
	give_up "missing:$missing; installing needs root or sudo: have root run \"make deps\""
fi

apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

make_tmp
say "missing:$missing; reading the package lists (apt-get update)"
apt update >"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; say 'apt-get update failed; going on with the lists as they are'; }

# The major version: the one whose headers are here, else the one asked for
# with PGVERSION, else the newest the distribution has.
version=${PGVERSION:-}
if have_headers; then
	version=$(pg_major)
elif [ -z "$version" ]; then
	version=$(apt-cache search --names-only '^postgresql-server-dev-[0-9]+$' |
		sed 's/^postgresql-server-dev-\([0-9]*\).*/\1/' | sort -n | tail -1)
	[ -n "$version" ] || give_up 'apt knows no postgresql-server-dev package'
fi

packages=
for group in $missing; do
	case $group in
		build) packages="$packages gcc libc6-dev make libssl-dev postgresql-server-dev-$version" ;;
		server) packages="$packages postgresql-$version" ;;
		pgtap) packages="$packages postgresql-$version-pgtap" ;;
		lint) packages="$packages pg-bsd-indent" ;;
		faketime) packages="$packages faketime" ;;
		fuzz)
			# The clang that the server's headers bring, or will bring.
			clang=$({ find_clang || apt-cache depends "postgresql-server-dev-$version"; } |
				sed -n 's/.*clang-\([0-9]*\)$/\1/p' | sed -n 1p)
			packages="$packages clang${clang:+-$clang} libclang-rt-${clang:+$clang-}dev" ;;
	esac
done

# A server package would make and start a cluster "main".  None is wanted:
# say so for the time of the installation, and take the word back after it.
snippet_dir=/etc/postgresql-common/createcluster.d
snippet=$snippet_dir/certdata-build.conf
at_exit()
{
	if [ -e "$snippet" ]; then
		as_root rm -f "$snippet"
		as_root rmdir --ignore-fail-on-non-empty "$snippet_dir"
	fi
}
case " $missing " in
	*" server "* | *" pgtap "*)
		as_root mkdir -p "$snippet_dir"
		echo 'create_main_cluster = false' >"$tmp/snippet"
		as_root install -m 644 "$tmp/snippet" "$snippet" ;;
esac

say "installing$packages (apt-get install --no-install-recommends)"
# shellcheck disable=SC2086 # a list of words
if ! apt install -y --no-install-recommends $packages >"$tmp/log" 2>&1; then
	cat "$tmp/log" >&2
	give_up "apt-get install failed for$packages"
fi
say "installed$(sed -n 's/^0 upgraded, \(.*\) newly.*/ \1 packages/p' "$tmp/log")"

hash -r
for group in $missing; do
	has "$group" || give_up "installed, but \"$group\" still does not work"
done
