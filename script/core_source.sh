#!/bin/bash
#
# script/core_source.sh
#
# Prints a directory with PostgreSQL's own tests (src/test/regress,
# src/test/isolation, contrib/spi) for the server at hand, and on stderr of
# which version they are: the server's, else the newest that can be had.
#
# They come out of Debian's source package, whose checksum apt verifies, by way
# of package lists of our own: neither root nor a change of the system is needed.
# They are kept in .build.  CORE_SOURCE=DIRECTORY or =FILE.tar.*, an unpacked or
# packed source of PostgreSQL, does without the net.

. "$(dirname "$0")/common.sh"

version=$("$PG_CONFIG" --version | sed 's/^[^0-9]*\([^ ]*\).*/\1/')
kept=$root/.build/core/$version

# The tests' own version: it stands in configure.
of_version() { sed -n "s/^PACKAGE_VERSION='\(.*\)'/\1/p" "$1/configure"; }

unpack() # TARBALL
{
	rm -rf "$kept" "$kept.part"
	mkdir -p "$kept.part"
	tar -xf "$1" -C "$kept.part" --strip-components=1 --no-same-owner --wildcards \
		'*/configure' '*/src/test/regress' '*/src/test/isolation' '*/contrib/spi' || die "cannot unpack $1"
	mv "$kept.part" "$kept"
}

# Into $tmp: the newest source package of this major version that the machine's
# sources have, the server's own first.  A list may name what is not there any more.
download()
{
	local package options file candidate output
	package=postgresql-$(pg_major)
	command -v apt-get >/dev/null || die 'no apt-get here: say CORE_SOURCE=DIRECTORY'
	mkdir -p "$tmp/sources" "$tmp/lists/partial" "$tmp/cache"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$file" ] || continue
		sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" >"$tmp/sources/$(basename "$file" .list).list"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -f "$file" ] || continue
		sed 's/^Types:.*/Types: deb-src/' "$file" >"$tmp/sources/${file##*/}"
	done
	options=(-q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$tmp/sources" -o Dir::State::lists="$tmp/lists"
		-o Dir::Cache="$tmp/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3 -o Debug::NoLocking=true)
	say "reading the lists of source packages (apt-get update, into a directory of its own)"
	apt-get "${options[@]}" update >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
	for candidate in $(apt-cache "${options[@]}" madison "$package" | awk '{ print $3 }' | sort -rV |
		awk -v v="$version" 'index($0, v "-") == 1 { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }'); do
		output=$(cd "$tmp" && apt-get "${options[@]}" source --download-only --tar-only "$package=$candidate" 2>&1) &&
			ls "$tmp/${package}"_*.orig.tar.* >/dev/null 2>&1 && return
		say "the source of $package $candidate cannot be downloaded: $(printf '%s\n' "$output" | grep -m 1 '^E: ' || true)"
	done
	die "no source of $package can be downloaded; say CORE_SOURCE=DIRECTORY or =FILE.tar.bz2"
}

if [ -n "${CORE_SOURCE:-}" ]; then
	if [ -d "$CORE_SOURCE" ]; then
		kept=$(cd "$CORE_SOURCE" && pwd -P)
	else
		unpack "$CORE_SOURCE"
	fi
elif [ ! -f "$kept/configure" ]; then
	make_tmp
	download
	unpack "$(ls "$tmp"/postgresql-*.orig.tar.*)"
fi
[ -f "$kept/src/test/regress/parallel_schedule" ] || die "no tests of PostgreSQL in $kept"
say "tests of PostgreSQL $(of_version "$kept"), server $version"
echo "$kept"
