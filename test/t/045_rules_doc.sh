#!/bin/bash
#
# A rule that doc/rules.md does not show as it is, or that the server and
# certdata-check know differently.

. "$(dirname "$0")/tap.sh"
inside

createdb rules_test || bail createdb
sql rules_test 'CREATE EXTENSION certdata'
"$repository/certdata-check" --rules >"$scratch/program"
grep '^|' "$repository/doc/rules.md" >"$scratch/document"
same "$scratch/program" "$scratch/document" 'doc/rules.md is what certdata-check --rules prints'

tail -n +3 "$scratch/program" | awk -F ' [|] ' '{ sub(/^[|] /, "", $1); print $1 "," $3 "," $4 }' | sort >"$scratch/of_program"
psql -XqAt -d rules_test -c "SELECT concat_ws(',', rule, severity, CASE WHEN fixed THEN 'yes' ELSE 'no' END) FROM certdata.rule" |
	sort >"$scratch/of_server"
same "$scratch/of_program" "$scratch/of_server" 'the server has the same rules, severities and fixed marks'
done_testing
