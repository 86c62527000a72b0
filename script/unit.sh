#!/bin/bash
#
# script/unit.sh DIRECTORY
#
# Compiles test/unit/*.c against src/rule, certdata-verify without its main and
# src/ledger/digest.c into DIRECTORY/bin, one program for each file that has a
# main, with the address and undefined-behaviour checkers where the compiler has
# them.  No PostgreSQL header is on the search path.

. "$(dirname "$0")/common.sh"
cd "$root"
out=$1
cc=${CC:-gcc}
flags="-std=gnu99 -D_GNU_SOURCE -g -O1 -Wall -Werror -fno-omit-frame-pointer -Isrc -Isrc/rule -Itest/unit"
checkers='-fsanitize=address,undefined -fno-sanitize-recover=all'
# shellcheck disable=SC2086 # lists of flags
if can_link $cc $checkers; then flags="$flags $checkers"; else say "$cc has no sanitizers: testing without"; fi

mkdir -p "$out/obj" "$out/bin"
# shellcheck disable=SC2016,SC2086
printf '%s\0' src/rule/*.c src/ledger/digest.c src/tool/verify_*.c test/unit/*.c |
	xargs -0 -P "$(nproc 2>/dev/null || echo 2)" -I{} sh -c '
		out=$1; file=$2; shift 2
		exec "$@" -c -o "$out/obj/$(echo "${file%.c}" | tr / _).o" "$file"' sh "$out" {} $cc $flags

shared=("$out"/obj/src_*.o) mains=()
for file in test/unit/*.c; do
	object=$out/obj/test_unit_$(basename "$file" .c).o
	if nm "$object" | grep -q ' T main$'; then mains+=("$object"); else shared+=("$object"); fi
done
for object in "${mains[@]}"; do
	name=${object##*/test_unit_}
	# shellcheck disable=SC2086
	$cc $flags -o "$out/bin/${name%.o}" "$object" "${shared[@]}" -lcrypto
done
