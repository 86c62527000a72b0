#!/bin/bash
#
# script/lint.sh
#
# What a reviewer would otherwise look for by hand: warnings as errors, only
# our own symbols exported, floors kept apart, files of a readable length, no
# internal error for what a user typed, PostgreSQL's format.

. "$(dirname "$0")/common.sh"
cd "$root"
exec </dev/null
script/deps.sh build lint
make_tmp

bad=0
check() # LABEL COMMAND...: a command that prints nothing finds nothing
{
	local label=$1
	shift
	if "$@" >"$tmp/out" 2>&1 && [ ! -s "$tmp/out" ]; then
		echo "ok       $label"
	else
		echo "NOT OK   $label"
		cat "$tmp/out"
		bad=$((bad + 1))
	fi
}

mapfile -t sources < <(find src -name '*.c' | sort)
mapfile -t all_c < <(find src test/unit test/fuzz -name '*.[ch]' 2>/dev/null | sort)

# PostgreSQL's own headers are not ours to judge.
flags=$(make -s print-flags | sed 's/-I\(\/[^ ]*\)/-isystem \1/g')
extra='-Wextra -Wshadow=local -Wstrict-prototypes -Wold-style-definition -Wvla -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Werror -DCERTDATA_VERSION=__FILE__'
warnings()
{
	# shellcheck disable=SC2016,SC2086
	printf '%s\0' "${sources[@]}" |
		xargs -0 -P "$(nproc)" -I{} sh -c 'file=$1; shift
			exec "$@" -c -o "$tmp/$(echo "$file" | tr / _).o" "$file"' sh {} $flags $extra
}
# The lowest floor, the tools and what they share with the ledger compile where
# no PostgreSQL header can be found.
pure()
{
	# shellcheck disable=SC2086
	for file in src/rule/*.c src/tool/*.c src/ledger/digest.c; do
		[ -f "$file" ] || continue
		${CC:-gcc} -std=gnu99 -D_GNU_SOURCE -O2 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
			-Wno-missing-field-initializers -Wdeclaration-after-statement -Werror -Isrc \
			-c -o "$tmp/pure.o" "$file"
	done
	grep -nE '\b(malloc|calloc|realloc|free|palloc|time|localtime|fopen|getenv|setlocale)\(' src/rule/*.[ch] || true
}
floors()
{
	grep -nE '#include "(\.\./)?(type|check|guard|ledger|tool)/|#include "(postgres|certdata|compat)\.h"' src/rule/*.[ch]
	grep -nE '#include "(\.\./)?(check|guard|ledger|tool)/' src/type/*.[ch]
	grep -nE '#include "(\.\./)?(guard|ledger|tool)/' src/check/*.[ch]
	grep -nE '#include "(\.\./)?(type|check|guard|ledger)/|#include "postgres' src/tool/*.[ch] |
		grep -v '"ledger/digest\.h"'
	return 0
}
# OpenSSL is behind digest.h; certdata-check does without it altogether.
crypto()
{
	grep -nE '#include [<"]openssl/' src/*.[ch] src/*/*.[ch] | grep -v '^src/ledger/digest\.c:'
	grep -n '"ledger/' src/tool/certdata_check.c src/tool/check*.[ch]
	return 0
}
# What certdata refuses it says in Chinese, too.  Sentences of PostgreSQL's own
# are left, which the server translates.
languages()
{
	grep -nE "RAISE (EXCEPTION|WARNING|NOTICE|INFO) '" sql/install/*.sql |
		grep -v 'certdata needs a database with encoding UTF8'
	grep -nE '\berr(msg|detail|hint)\("[^"]*[a-z]' src/*.c src/*/*.c |
		grep -vE 'was not called by (event )?trigger manager|The server log has each of them|must be fired BEFORE the event|timestamp out of range|could not |default conversion function' |
		grep -vE 'errhint\("(ALTER|CREATE) |errdetail_log|err(msg|hint|detail)\("%s"' || true
	return 0
}
# Every function the library exports is one that SQL calls, or the server.
symbols()
{
	nm -D --defined-only certdata.so | awk '{ print $NF }' | sort >"$tmp/symbols"
	grep -vxE 'Pg_magic_func|_PG_init|sealer_main|attempt_launcher_main|attempt_writer_main|verify_worker_main|(pg_finfo_)?certdata_[a-z0-9_]+' "$tmp/symbols" || true
	grep '^certdata_' "$tmp/symbols" | while read -r name; do
		grep -qx "pg_finfo_$name" "$tmp/symbols" || echo "$name: exported, but not for SQL: make it static or name it otherwise"
	done
}
# Each C name in the install script exists, and each exported one is used.
sql_symbols()
{
	sed -n 's/^pg_finfo_//p' "$tmp/symbols" | sort >"$tmp/exported"
	grep -ohE "'(MODULE_PATHNAME|\\\$libdir/certdata)', *'[a-z0-9_]+'" sql/*.sql |
		sed "s/.*'\([a-z0-9_]*\)'$/\1/" | sort -u >"$tmp/used"
	comm -13 "$tmp/exported" "$tmp/used" | sed 's/$/: named in SQL, not in the library/'
	comm -23 "$tmp/exported" "$tmp/used" | sed 's/$/: in the library, no SQL calls it/'
}
lengths()
{
	wc -l "${all_c[@]}" script/*.sh test/t/* Makefile 2>/dev/null |
		awk '$2 != "total" && $1 >= 500 { print $2 ": " $1 " lines" }'
}
# What a user can cause has a SQLSTATE; elog is for what "cannot happen", and
# says so in a comment on its line or the one above.
internal_errors()
{
	awk '/elog\( *(ERROR|FATAL|PANIC)/ && !/cannot happen/ && last !~ /cannot happen/ { print FILENAME ":" FNR ":" $0 } { last = $0 }' "${sources[@]}"
}
versions() { grep -nE '^ *# *if.*PG_VERSION_NUM' "${sources[@]}" src/*.h src/*/*.h | grep -v '^src/compat.h:' || true; }
strings() { grep -rnE 'TODO|FIXME|\bXXX\b|HACK' src sql/install script Makefile 2>/dev/null | grep -v '^script/lint.sh:' || true; }
trailing() { grep -nE '[ 	]+$' "${all_c[@]}" sql/install/*.sql script/* Makefile 2>/dev/null || true; }
one_version()
{
	local version
	version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" certdata.control)
	grep -rnF "$version" Makefile src sql/install script .ci 2>/dev/null || true
}
format() { script/indent.sh; }
shell() { shellcheck -S warning -e SC1007,SC1091,SC2154,SC2164 script/*.sh .ci/run test/t/*.sh; }

export tmp
check 'warnings (-Wextra -Werror)' warnings
check 'src/rule, src/tool, digest.c: plain C' pure
check 'each floor knows only those below' floors
check 'OpenSSL in digest.c only' crypto
check 'build' make -s -j"$(nproc)" all
check 'exported symbols' symbols
check 'refusals in both languages' languages
check 'symbols that SQL names' sql_symbols
check 'files under 500 lines' lengths
check 'no elog(ERROR)' internal_errors
check 'PG_VERSION_NUM in compat.h only' versions
check 'no notes to self' strings
check 'no trailing white space' trailing
check 'the version stands in certdata.control only' one_version
check 'format (make indent mends it)' format
if command -v shellcheck >/dev/null; then check 'shell scripts' shell; fi
[ $bad = 0 ] || die "$bad checks failed"
