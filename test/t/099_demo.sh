#!/bin/bash
#
# What a newcomer runs first must work.  Looks for: a demo that stops in the
# middle, or whose last part, the ledger, does not name what was altered.

. "$(dirname "$0")/tap.sh"

scratch=$(mktemp -d)
"$repository/script/demo.sh" >"$scratch/out" 2>&1 </dev/null
is $? 0 'the demo runs to its end'
is "$(grep -c '^== [0-9]' "$scratch/out")" 9 'it has nine parts'
is "$(sed -n '/^ problems/{n;n;s/ //g;p}' "$scratch/out")" 0 'the untouched ledger has no problem'
is "$(grep -cE '^ (act|row)\.changed' "$scratch/out")" 3 'what was altered is named'
if grep -q '^psql:.*error:' "$scratch/out"; then verdict 1 'psql understands the script' "$(grep '^psql:.*error:' "$scratch/out")"; else verdict 0 'psql understands the script'; fi
done_testing
