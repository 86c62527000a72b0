#!/bin/bash
#
# script/indent.sh [--write] [FILE...]
#
# PostgreSQL's C format, by pg_bsd_indent with pgindent's options and the names
# of types taken from our own objects.  Prints what would change (exit 1), or
# with --write changes it.  Without FILE: all of src, test/unit and test/fuzz.

. "$(dirname "$0")/common.sh"
cd "$root"
write=
if [ "${1:-}" = --write ]; then write=1; shift; fi

script/deps.sh build lint
indent=$(find_indent)
make_tmp
make -s -k all >/dev/null 2>&1 || say 'not everything compiles: some types may be unknown'

# pgindent reads the names from the debugging information, too.
find src -name '*.o' -exec objdump -Wi {} + 2>/dev/null |
	awk '/DW_TAG_/ { typedef = /DW_TAG_typedef/ } typedef && /DW_AT_name/ { print $NF; typedef = 0 }' |
	grep -E '^[A-Za-z_][A-Za-z0-9_]*$' | sort -u |
	grep -vxE 'ANY|FD_SET|U_CHAR|abs|age|bool|boolean|date|digit|ilist|interval|inquiry|iterator|other|pointer|printfunc|reference|string|timestamp|type|wrap' \
		>"$tmp/typedefs" || true
# And from the sources, for those that no object has yet.
{
	echo bool
	cat src/*.h src/*/*.[ch] test/unit/*.[ch] test/fuzz/*.[ch] 2>/dev/null |
		sed -n -e 's/^}[ \t]*\([A-Za-z_][A-Za-z0-9_]*\);.*/\1/p' \
			-e 's/^typedef [^(]*[ *]\([A-Za-z_][A-Za-z0-9_]*\);.*/\1/p'
} >>"$tmp/typedefs"

# The indenter knows ASCII only and mangles anything else: such characters
# travel beside the text.  The other steps before and after are pgindent's own:
# they work round what it does to dashed comment blocks and to "*" after a type.
# It does not know C99's compound literals either: they pass as function calls.
cat >"$tmp/before.pl" <<'END'
use open ':std', ':encoding(UTF-8)';
local $/;
$_ = <STDIN>;
open(my $beside, '>:encoding(UTF-8)', 'beside') or die;
s/([^\x00-\x7f])/print $beside $1; "\x05\x06"/ge;
s!^([ \t]*)//(.*)$!$1/*$2 */!gm;
s!/\* (---+)!/*$1X_X!g;
s!\((\w+)\) \{([^{};\n]*)\}!qX_$1($2)!g;
print;
# A plain word that is a type elsewhere and a variable here is no type here.
open(my $all, '<', 'typedefs') or die;
open(my $here, '>', 'here') or die;
for my $name (split /\n/, <$all>) {
	next if $name =~ /^[a-z0-9]+$/ && !/^\}\s*$name;/m &&
		/(?:->|\.)$name\b|\b$name(?:\(|\[|->|\.\w|\+\+| [-+|&]?= )/;
	print $here "$name\n";
}
END
cat >"$tmp/after.pl" <<'END'
use open ':std', ':encoding(UTF-8)';
local $/;
open(my $beside, '<:encoding(UTF-8)', 'beside') or die;
my @beside = split //, <$beside> // '';
$_ = <STDIN>;
s!/\*(---+)X_X!/* $1!g;
s!^([A-Za-z_]\S*)[ \t]+\*$!$1 *!gm;
s!(\*/)([^\s].*/\*)!$1\t$2!g;
s!qX_(\w+)(\((?:[^()]++|(?2))*\))!"($1) {" . substr($2, 1, -1) . "}"!ge;
s!,\.(?=\w+ = )!, .!g;
s/\x05\x06/shift @beside/ge;
print;
END

if [ $# -eq 0 ]; then
	mapfile -t files < <(find src test/unit test/fuzz -name '*.[ch]' 2>/dev/null | sort)
	set -- "${files[@]}"
fi

rc=0
for file; do
	if ! (cd "$tmp" && perl before.pl <"$root/$file" >in.c &&
		"$indent" -bad -bap -bbb -bc -bl -cli1 -cp33 -cdb -nce -d0 -di12 \
			-nfc1 -i4 -l79 -lp -lpl -nip -npro -sac -tpg -ts4 -Uhere <in.c >out.c 2>err &&
		perl after.pl <out.c >done.c); then
		say "$file: pg_bsd_indent cannot read this (a compound literal as an argument, perhaps):"
		grep -h -B1 -A1 'INDENT\*\*' "$tmp/out.c" >&2 || cat "$tmp/err" >&2
		rc=1
		continue
	fi
	if [ -s "$tmp/err" ]; then sed "s!^!$file: !" "$tmp/err" >&2; fi
	if ! cmp -s "$tmp/done.c" "$file"; then
		if [ -n "$write" ]; then
			cat "$tmp/done.c" >"$file"
			say "formatted $file"
		else
			diff -u --label "$file" --label "$file as PostgreSQL formats it" "$file" "$tmp/done.c" || true
			rc=1
		fi
	fi
done
exit $rc
