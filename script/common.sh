# shellcheck shell=bash
# Sourced by the scripts beside it: where things are, how to speak, how to stop.

set -eu
umask 022
unset CDPATH
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${PG_CONFIG:=pg_config}"
export PG_CONFIG

say() { printf '%s\n' "certdata: $*" >&2; }
die() { say "$*"; exit 1; }

# Whether this PostgreSQL can be built against.
have_headers()
{
	local pgxs
	pgxs=$("$PG_CONFIG" --pgxs 2>/dev/null) && [ -f "$pgxs" ] &&
		[ -f "$("$PG_CONFIG" --includedir-server)/postgres.h" ]
}

# Whether its server is here, and not only its headers.
have_server() { have_headers && [ -x "$("$PG_CONFIG" --bindir)/initdb" ]; }

pg_major() { "$PG_CONFIG" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'; }

# The clang that goes with the server's bitcode, else the machine's own.
find_clang()
{
	local c=
	if have_headers; then
		c=$(sed -n 's/^CLANG *= *//p' "$(dirname "$("$PG_CONFIG" --pgxs)")/../Makefile.global")
	fi
	command -v "${c:-clang}" || command -v clang
}

# From 16 on it comes with the server's headers, before that as a package.
find_indent()
{
	command -v pg_bsd_indent || { have_headers && command -v "$("$PG_CONFIG" --bindir)/pg_bsd_indent"; }
}

find_faketime()
{
	local library
	for library in /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1 \
		/usr/local/lib/faketime/libfaketime.so.1; do
		if [ -f "$library" ]; then echo "$library"; return; fi
	done
	return 1
}

# Whether COMPILER can make a program with these FLAGS; with -lcrypto, one that
# needs OpenSSL 3.
can_link()
{
	local dir rc=0 library=
	dir=$(mktemp -d)
	case " $* " in
		*crypto*)
			library=-lcrypto	# after what needs it
			echo '#include <openssl/evp.h>'
			echo 'int main(void) { return EVP_MD_fetch(NULL, "SM3", NULL) == NULL; }' ;;
		*fuzzer*) echo 'int LLVMFuzzerTestOneInput(const char *p, long n) { return !p && n; }' ;;
		*) echo 'int main(void) { return 0; }' ;;
	esac >"$dir/t.c"
	"$@" -o "$dir/t" "$dir/t.c" $library >/dev/null 2>&1 || rc=1
	rm -rf "$dir"
	return $rc
}

# A private directory, gone when the script ends however it ends, with all that
# the programs it calls leave in theirs.  What must stop first goes into at_exit.
tmp=
at_exit() { :; }
clean_up()
{
	local rc=$?
	trap '' INT TERM HUP
	trap - EXIT
	at_exit || true
	if [ -n "$tmp" ]; then rm -rf "$tmp"; fi
	exit $rc
}
make_tmp()
{
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/certdata.XXXXXX")
	chmod 755 "$tmp"
	export TMPDIR=$tmp
	trap clean_up EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# Build quietly, and loudly when it fails.
build()
{
	local output
	say "building for $("$PG_CONFIG" --version) ($PG_CONFIG)"
	output=$(make -s -C "$root" -j"$(nproc 2>/dev/null || echo 2)" all 2>&1) ||
		{ printf '%s\n' "$output" >&2; die 'the build failed'; }
	if [ -n "$output" ]; then printf '%s\n' "$output" >&2; fi
}
